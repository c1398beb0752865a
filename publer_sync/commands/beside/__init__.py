"""What lies beside a calendar: its checkout and what git knows of it, files as they are saved, and marks of a plan.

What git says of a calendar's files begins in `changed`.
"""

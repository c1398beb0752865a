"""What publer.yaml says: the settings, those that calendars share, groups of accounts, and what a team asks of posts.

A new key of the settings begins in `settings`.
"""

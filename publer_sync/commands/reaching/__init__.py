"""How a command reaches a calendar: Publer, the workspace and its accounts, the ledger, other calendars, and what posts name.

What a calendar that is reached has is in `access`, with its posts in `session`; where its state is kept in `stores`.
"""

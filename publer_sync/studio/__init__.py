"""The calendar with hands: what somebody does on its page becomes edits of its files."""

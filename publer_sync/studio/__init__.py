"""Edits a calendar from its page in a browser: what somebody does there becomes edits of its files."""

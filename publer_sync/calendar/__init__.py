"""Reads a calendar: YAML and Markdown with the place of every word, checked, spread over accounts, as desired posts."""

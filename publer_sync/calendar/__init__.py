"""Reads a calendar: YAML and Markdown with the place of every word, checked, spread over accounts, as desired posts.

A new key begins in the JSON Schema, and `parse` makes it part of a post. How a message about a wrong value is worded is
in `wording`, a value that can mean only one thing in `meant`, dates and times in `times` and `time_forms`.
"""

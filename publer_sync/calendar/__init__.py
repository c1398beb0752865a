"""Reads a calendar: YAML and Markdown with the place of every word, checked, spread over accounts, as desired posts.

A new key begins in the JSON Schema, and `parse` makes it part of a post. YAML itself is read in `yaml`, dates and times
in `when`, the settings in `publer_yaml`, pages of a website in `website`; what is wrong, in words, is in `shape`.
"""

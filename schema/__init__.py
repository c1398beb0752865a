"""The JSON Schemas of a calendar's files, for publer-sync and for editors."""

"""Brings what Publer has ahead into the files of a calendar. Decides and writes text in memory; saves and sends nothing.

Which posts come into the files is decided in `findings`; `additions` writes new ones, `rewrites` those that someone edited.
"""

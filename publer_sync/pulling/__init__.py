"""Brings what Publer has ahead into the files of a calendar. Decides and writes text in memory; saves and sends nothing."""

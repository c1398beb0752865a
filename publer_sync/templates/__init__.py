"""What `publer-sync init` writes; `$words` are filled in.

A new file begins as a template here; `commands.init` fills it in and writes it.
"""

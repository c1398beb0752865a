"""The values that every room uses, and how they are written, read back and printed. Nothing here reads a file or asks anyone.

A new key of a post begins as a row in `post_keys`; what Publer's documents say for every room is in `service`.
"""

"""What each network takes, how it counts, what its media may be, and what Publer is sent for a post.

A new network or another limit begins in `table`, a key that only some networks have in `own_fields`.
"""

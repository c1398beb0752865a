"""What publer-sync has sent and seen: the document, what a listing says of it, and where it is kept.

A new key of the state begins as a field in `copies` or `hold`. Which live post is whose is in `attribution`, what became
of a post that is not listed any more in `accounting`.
"""

"""What publer-sync has sent and seen: the document, what a listing says of it, and where it is kept."""

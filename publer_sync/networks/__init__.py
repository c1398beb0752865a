"""What each network takes, how it counts, what its media may be, and what Publer is sent for a post."""

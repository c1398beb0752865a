"""What `publer-sync init` writes; `$words` are filled in."""

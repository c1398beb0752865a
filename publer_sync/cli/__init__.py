"""The command line. click's home."""

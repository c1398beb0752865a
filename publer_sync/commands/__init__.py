"""What each command does once its options are read; `cli` imports one of these at a time.

Each `run` returns the exit code. It raises a PublerSyncError for what ends the whole command; `cli` prints it.
"""

"""What each command does once its options are read; `cli` imports one of these at a time."""

"""What each command does once its options are read; `cli` imports one of these at a time.

Each `run()` returns the exit code. It raises a PublerSyncError for what ends the whole command; `cli` prints it.
A change of one command begins in the module of its name. What happens around every command is in `running`, how it
reaches a calendar in `reaching`, what several modules of a hold share in `holding`.
"""

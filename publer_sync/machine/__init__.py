"""What publer-sync has of the machine: the clock, files that survive a crash, git, and its own version.

A new package that may be missing begins in `extras`, a new file that comes along in `packaged`.
"""

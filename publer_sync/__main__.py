"""Runs `python -m publer_sync`; the command line itself is in `cli`."""

from publer_sync.cli.main import main

if __name__ == "__main__":
    main()

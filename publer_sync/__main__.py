"""`python -m publer_sync`."""

from publer_sync.cli.main import main

if __name__ == "__main__":
    main()

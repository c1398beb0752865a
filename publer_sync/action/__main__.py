"""Runs `python -m publer_sync.action`; the step itself is in `action.main`."""

import os
import sys

from publer_sync.action.main import main

if __name__ == "__main__":
    sys.exit(main(os.environ))

"""`python -m publer_sync.action`."""

import os
import sys

from publer_sync.action.main import main

if __name__ == "__main__":
    sys.exit(main(os.environ))

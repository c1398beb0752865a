"""A sandbox full of posts in a process of its own, so that its time is not counted as that of the command.

It prints its address when it is ready; after that it answers each line with the number of requests since the last one.
"""

from __future__ import annotations

import sys

from bench.data import post, workspace
from publer_sync.sandbox import Faults, Sandbox

POLL_SECONDS = 0.05


def main(count: int, workspaces: int) -> None:
    faults = Faults(rate_limit=1_000_000, daily_limits=False)
    with Sandbox(workspace(), poll_seconds=POLL_SECONDS, faults=faults) as sandbox:
        for number in range(workspaces):
            seed = workspace(number)
            if number:
                sandbox.add_workspace(seed)
            for each in (post(seed, index) for index in range(count)):
                sandbox.add(account_id=each.account, at=each.at, text=each.text)
        say(sandbox.url)
        for _ in sys.stdin:
            say(str(len(sandbox.requests)))
            sandbox.reset_log()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))

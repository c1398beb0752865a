"""Commands that write files, killed at each call that makes one durable: every file is whole, and nothing stays for git to find."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox import Sandbox
from publer_sync.sandbox.exchange import Response
from tests.system.worlds import HOUR, T, World, git, png

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox.exchange import Request
    from tests.system.processes import Killer
    from tests.system.worlds import Sweep

SLIP = "posts:\n- at: {at}\n  acounts: x\n  text: |\n    Hello\n"


DONE = (0, 6)
"""6: the template has posts that no calendar can say."""


class WithPictures(Sandbox):
    """Serves pictures too, as the real service's store of files does."""

    def handle(self, request: Request) -> Response | None:
        if request.path.startswith("/files/"):
            return Response(200, png(int(request.path[-5])), type="image/png")
        return super().handle(request)


def pulling(world: World) -> list[str]:
    for number in range(3):
        url = f"{world.sandbox.url}/files/{number}.png"
        piece = {
            "id": f"5f000000000000000000000{number}",
            "path": url,
            "type": "photo",
            "name": f"{number}.png",
        }
        world.stranger("facebook", T + number * HOUR, f"picture {number}", type="photo", media=[piece])
    return ["pull", "--media"]


def fixing(world: World) -> list[str]:
    for name, hours in (("april", 1), ("march", 2)):
        (world.top / f"{name}.yaml").write_text(SLIP.format(at=f"{T + hours * HOUR:%Y-%m-%d %H:%M}"))
    return ["validate", "--fix"]


COMMANDS: dict[str, Callable[[World], list[str]]] = {"pull": pulling, "fix": fixing}


def found_by_git(world: World) -> set[str]:
    """What `git add -A` would add."""
    listed = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=world.top, check=True, capture_output=True, text=True
    )
    return {line[3:] for line in listed.stdout.splitlines()}


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_kill_leaves_whole_files_and_nothing_for_git(sweep: Sweep, killer: Killer, command: str) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        git(world.top, "init", "--quiet")
        words = COMMANDS[command](world)
        git(world.top, "add", "-A")
        ended = killer.run(world, *words, die_at=nth)
        if ended.code in DONE:
            return None
        amiss = [] if ended.code == -signal.SIGKILL else [f"exit {ended.code}"]
        amiss += [f"{name} was left" for name in found_by_git(world) if name.endswith((".tmp", ".lock"))]
        pictures = [path for path in world.top.glob("media/*") if path.read_bytes() != png(int(path.stem))]
        amiss += [f"{path.name} is not whole" for path in pictures]
        again = killer.run(world, *words)
        amiss += [] if again.code in DONE else [f"the next one ended with {again.code}"]
        if any((world.top / ".publer-sync" / "unfinished").glob("*")):
            amiss.append("the next one left what was unfinished")
        return amiss

    sweep(case, of=6, cases=3, sandbox=WithPictures)

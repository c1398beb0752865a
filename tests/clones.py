"""Where a whole test run is made, other than here: in a fresh clone somewhere else, as somebody else, by more workers."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

ROOT = Path(__file__).resolve().parent.parent


def _below(folder: Path, name: str) -> None:
    """Go to a new clone of what is committed. It stays, so that what happened there can be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    clone = Path(tempfile.mkdtemp(prefix="clone-", dir=folder)) / name
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    sys.stderr.write(f"These tests run in {clone}.\n")
    os.chdir(clone)


def _nobody() -> None:
    """Become a user without rights, whose clone this is. Whoever is not root stays who he is."""
    if os.geteuid() != 0:
        return
    if Path.cwd() == ROOT:
        _below(Path("/var/tmp"), "clone")
    home = Path.cwd().parent
    for path in (home, *home.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    python = shutil.which("python3") or sys.executable
    os.environ |= {"HOME": str(home), "USER": "nobody", "LOGNAME": "nobody"}
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    if not os.access(os.path.realpath(python), os.X_OK):
        sys.exit(
            f"{python} is in a folder that only root may read: put a Python first in PATH that everybody may run."
        )


def _four_workers_a_core() -> None:
    os.environ["PYTEST_XDIST_AUTO_NUM_WORKERS"] = str(4 * (os.cpu_count() or 1))


def _in_the_background() -> None:
    """As a shell starts what a script does not wait for: interrupts do not reach it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


NOBODY = 65534
CHANGES: dict[str, Callable[[], None]] = {
    "below-tmp": lambda: _below(Path("/tmp"), "clone"),
    "blank-and-umlaut": lambda: _below(ROOT / "build", "Grüße aus Köln"),
    "as-nobody": _nobody,
    "four-workers-a-core": _four_workers_a_core,
    "in-the-background": _in_the_background,
}
"""In the order in which they are made."""


def whole_run() -> str:
    """The command of the README that sets up and runs every test."""
    found = re.search(
        r"<!-- all tests -->\n```sh\n(.+)\n```", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert found is not None
    return found[1]


def begin(names: Collection[str], command: Sequence[str]) -> list[str]:
    """Make these changes to this process, and return the command to run in it: by default that of the README.

    What that installs is installed already then, as no server can be trusted under another clock.
    """
    for name, change in CHANGES.items():
        if name in names:
            change()
    if command:
        return [*command]
    whole = whole_run()
    subprocess.run(["bash", "-c", whole.rpartition(" && ")[0]], check=True)
    return ["bash", "-c", whole]

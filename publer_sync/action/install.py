"""Install what the action needs. Nothing is installed yet, so this uses only the standard library, and runs by file name.

    python -I install.py FOLDER COMMAND     create a virtual environment in FOLDER that runs this checkout

COMMAND is the action's input. Those that write pages and feeds get requirements.txt, the others requirements-base.txt, both
with hashes. The checkout itself is not built: a line in the environment points at it, so nothing is downloaded whose hash is
not known.

pip checks the hash of what it downloads, but not that of what its own cache says it has built: a file beside it names the hash. So
no cache is used, neither one that the workflow restores nor one that an earlier job left on a runner of the company's own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
EVERYTHING = HERE / "requirements.txt"
BASE = HERE / "requirements-base.txt"
WITH_PAGES = frozenset({"pages", "plan", "results"})
"""The commands that write pages: a plan has a preview."""

LEFT_OUT = frozenset(
    {"PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH"}
)
"""Settings of the workflow's own installations, which would send this one elsewhere."""


def requirements(command: str) -> Path:
    """The pins that a command of the action needs."""
    return EVERYTHING if command.strip() in WITH_PAGES else BASE


def stamp_of(requirements: Path) -> str:
    """What an environment says of itself."""
    return f"{HERE}\n{sys.version}\n{hashlib.sha256(requirements.read_bytes()).hexdigest()}\n"


def install(folder: Path, requirements: Path) -> None:
    """Create the environment, unless an earlier step of the same job created one that has as much."""
    stamp = folder / "publer-sync.txt"
    enough = {stamp_of(requirements), stamp_of(EVERYTHING)}
    if stamp.is_file() and stamp.read_text(encoding="utf-8") in enough:
        return
    venv.create(folder, clear=True)  # installing pip takes longer than everything it installs
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    clean = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    pip = [sys.executable, "-I", "-m", "pip", "--python", str(python), "install"]
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-cache-dir"]
    only = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(requirements)]
    subprocess.run([*pip, *options, *only], check=True, env=clean)  # noqa: S603 — every argument is from this file
    where = subprocess.run(  # noqa: S603 — every argument is from this file
        [str(python), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        env=clean,
        capture_output=True,
        text=True,
    )
    (Path(where.stdout.strip()) / "publer_sync_checkout.pth").write_text(f"{HERE}\n", encoding="utf-8")
    stamp.write_text(stamp_of(requirements), encoding="utf-8")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 — the workflow chooses the Python, which may be an older one
        sys.exit(
            "::error title=publer-sync::publer-sync needs Python 3.11 or newer: set the input python-version"
        )
    folder, command = sys.argv[1:]
    try:
        install(Path(folder), requirements(command))
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"::error title=publer-sync::publer-sync could not be installed (pip ended with {error.returncode})"
        )

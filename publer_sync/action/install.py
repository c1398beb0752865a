"""Installs what the action needs, before anything of it is there: the standard library alone, run by its file name.

    python -I install.py key        what a cache of downloads depends on, for the step that keeps one
    python -I install.py FOLDER     a virtual environment in FOLDER, with this very checkout in it

The versions and their hashes are those of constraints.txt. The checkout itself is not built: a line in the environment
points at it, so nothing is downloaded whose hash is not known.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
CONSTRAINTS = HERE / "constraints.txt"
NAMES = frozenset(
    {
        "attrs",
        "cachebox",
        "certifi",
        "charset-normalizer",
        "click",
        "colorama",
        "deepdiff",
        "idna",
        "jsonschema",
        "jsonschema-specifications",
        "markdown-it-py",
        "mdurl",
        "orderly-set",
        "python-dateutil",
        "pyyaml",
        "referencing",
        "regex",
        "requests",
        "rpds-py",
        "typing-extensions",
        "tzdata",
        "urllib3",
    }
)
"""What running takes, of all that constraints.txt pins: the rest is for the tests. A test holds this to what is installed."""

LEFT_OUT = frozenset(
    {"PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH"}
)
"""What a workflow may have set for an installation of its own, and what would lead this one elsewhere."""


def requirements() -> str:
    """The part of constraints.txt that is wanted: a pin begins in the first column, its hashes are indented."""
    pins = re.split(r"^(?=\S)", CONSTRAINTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "".join(pin for pin in pins if re.split("[^a-z0-9-]", pin, maxsplit=1)[0] in NAMES)


def key() -> str:
    return hashlib.sha256(requirements().encode()).hexdigest()[:16]


def install(folder: Path) -> None:
    """Make the environment; an earlier step of the same job may have done so already."""
    stamp = folder / "publer-sync.txt"
    wanted = f"{HERE}\n{sys.version}\n{key()}\n"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    venv.create(folder, clear=True)  # a pip of its own would take longer than all that it installs
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pinned = folder / "requirements.txt"
    pinned.write_text(requirements(), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    options = [
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",
        "--no-deps",
        "--only-binary",
        ":all:",
    ]
    command = [
        sys.executable,
        "-I",
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        *options,
        "--require-hashes",
        "-r",
        str(pinned),
    ]
    subprocess.run(command, check=True, env=clean)  # noqa: S603 — our own words alone
    where = subprocess.run(  # noqa: S603 — likewise
        [str(python), "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        env=clean,
        capture_output=True,
        text=True,
    )
    (Path(where.stdout.strip()) / "publer_sync_checkout.pth").write_text(f"{HERE}\n", encoding="utf-8")
    stamp.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 — the workflow names the Python
        sys.exit(
            "::error title=publer-sync::publer-sync needs Python 3.11 or newer: see the input python-version"
        )
    if sys.argv[1:] == ["key"]:
        print(key())  # noqa: T201
    else:
        try:
            install(Path(sys.argv[1]))
        except subprocess.CalledProcessError as error:
            sys.exit(
                f"::error title=publer-sync::publer-sync could not be installed (pip ended with {error.returncode})"
            )

"""Install what the action needs. Nothing is installed yet, so this uses only the standard library, and runs by file name.

    python -I install.py key        print the cache key for downloads
    python -I install.py FOLDER     create a virtual environment in FOLDER that runs this checkout

The versions and their hashes are those of requirements.txt. The checkout itself is not built: a line in the environment
points at it, so nothing is downloaded whose hash is not known.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
REQUIREMENTS = HERE / "requirements.txt"

LEFT_OUT = frozenset(
    {"PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH"}
)
"""Settings of the workflow's own installations, which would send this one elsewhere."""


def key() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]


def install(folder: Path) -> None:
    """Create the environment, unless an earlier step of the same job did."""
    stamp = folder / "publer-sync.txt"
    wanted = f"{HERE}\n{sys.version}\n{key()}\n"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    venv.create(folder, clear=True)  # installing pip takes longer than everything it installs
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    clean = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    pip = [sys.executable, "-I", "-m", "pip", "--python", str(python), "install"]
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    only = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(REQUIREMENTS)]
    subprocess.run([*pip, *options, *only], check=True, env=clean)  # noqa: S603 — no user input
    where = subprocess.run(  # noqa: S603 — no user input
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
            "::error title=publer-sync::publer-sync needs Python 3.11 or newer: set the input python-version"
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

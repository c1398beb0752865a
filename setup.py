"""What pyproject.toml cannot say: a wheel notes the commit that it is built from, and is the same whoever builds it."""

import os
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # nothing is installed yet
os.umask(0o022)

from publer_sync.machine.version import commit_of  # noqa: E402 - from its place


class BuildPy(build_py):
    def run(self) -> None:
        super().run()
        top = Path(self.build_lib) / "publer_sync"
        if self.editable_mode or not top.is_dir():
            return
        if commit := commit_of(HERE / "publer_sync"):
            (top / "commit.txt").write_text(f"{commit}\n", encoding="utf-8")
        level(top)


class BdistWheel(bdist_wheel):
    def egg2dist(self, egginfo_path: str, distinfo_path: str) -> None:
        super().egg2dist(egginfo_path, distinfo_path)
        level(Path(distinfo_path))


def level(folder: Path) -> None:
    """Give files the same modes, whatever those of the builder's tree are."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


setup(cmdclass={"build_py": BuildPy, "bdist_wheel": BdistWheel})

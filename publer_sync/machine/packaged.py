"""Files that come with publer-sync: JSON Schemas, workflows, what assistants read, templates, the parts of pages."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Literal, TypeAlias

_IN_A_CHECKOUT = {"assistant": "examples/assistant", "schema": "schema", "workflows": "examples/workflows"}

Folder: TypeAlias = Literal["assistant", "schema", "workflows", "templates", "previewing", "studio"]


def packaged(folder: Folder, name: str) -> str:
    """The text of a file."""
    return (_in_package(folder) / name).read_text(encoding="utf-8")


def names(folder: Folder, inner: str = "") -> list[str]:
    """The files of a folder, or of one in it, sorted."""
    return sorted(each.name for each in (_in_package(folder) / inner).iterdir())


def _in_package(folder: Folder) -> Path:
    """Found by the package's own path: importlib.resources would load archives and temporary files for what is on the disk."""
    try:
        paths = map(Path, import_module(f"publer_sync.{folder}").__path__)
    except ModuleNotFoundError:  # in a checkout that was not installed, the folder is beside the package
        return Path(__file__).parents[2] / _IN_A_CHECKOUT[folder]
    return next(path for path in paths if path.is_dir())

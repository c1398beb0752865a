"""Files that come with publer-sync: JSON Schemas, workflows, what assistants read, templates, the parts of pages."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeAlias

_IN_A_CHECKOUT = {"assistant": "examples/assistant", "schema": "schema", "workflows": "examples/workflows"}

Folder: TypeAlias = Literal["assistant", "schema", "workflows", "templates", "previewing", "studio"]


def packaged(folder: Folder, name: str) -> str:
    """The text of a file."""
    text: str = _in_package(folder).joinpath(name).read_text(encoding="utf-8")
    return text


def names(folder: Folder, inner: str = "") -> list[str]:
    """The files of a folder, or of one in it, sorted."""
    here = _in_package(folder)
    return sorted(each.name for each in (here.joinpath(inner) if inner else here).iterdir())


def _in_package(folder: Folder) -> Any:
    try:
        return resources.files(f"publer_sync.{folder}")
    except ModuleNotFoundError:  # in a checkout that was not installed, the folder is beside the package
        return Path(__file__).parents[1] / _IN_A_CHECKOUT[folder]

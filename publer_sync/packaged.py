"""Files that come with publer-sync: JSON Schemas, workflows, templates, the parts of pages."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any, Literal

_IN_A_CHECKOUT = {"schema": "schema", "workflows": "examples/workflows"}


def packaged(folder: Literal["schema", "workflows", "templates", "previewing"], name: str) -> str:
    """The text of a file."""
    try:
        found: Any = resources.files(f"publer_sync.{folder}")
    except (
        ModuleNotFoundError
    ):  # run from a checkout that was not installed: the folder is beside the package
        found = Path(__file__).parents[1] / _IN_A_CHECKOUT[folder]
    text: str = found.joinpath(name).read_text(encoding="utf-8")
    return text

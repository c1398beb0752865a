"""Modules that are loaded when something is first asked of them. Much only says what is wrong, and mostly nothing is."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _LateModule:
    """Stands for a module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


def late_module(name: str) -> Any:
    """The module of this full name, for one that most runs do without. Type checkers read a plain import beside it."""
    return _LateModule(name)

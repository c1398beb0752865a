"""The packages that only some commands need, and how to install them. A name here is an extra in pyproject.toml."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final, NamedTuple

from publer_sync.values.errors import SettingsError


class Extra(NamedTuple):
    """`needs` says what it is for; `packages` has the packages that are imported, by the names of their modules."""

    name: str
    needs: str
    packages: dict[str, str]


EXPORT: Final = Extra("export", "an ICS feed needs", {"icalendar": "icalendar"})
INIT: Final = Extra("init", "the machine's time zone needs", {"tzlocal": "tzlocal"})
MCP: Final = Extra("mcp", "publer-sync mcp needs", {"mcp": "mcp"})
PREVIEW: Final = Extra(
    "preview", "a web page needs", {"PIL": "Pillow", "jinja2": "Jinja2", "watchfiles": "watchfiles"}
)


def is_installed(extra: Extra) -> bool:
    return not _missing(extra)


def require(extra: Extra) -> None:
    """Raise SettingsError, with the command that installs it, if a package of the extra is missing."""
    if missing := _missing(extra):
        what = f"{extra.needs} the package {missing[0]}, which is not installed"
        raise SettingsError(what, code="extra.none", hint=how_to_install(extra))


def how_to_install(extra: Extra) -> str:
    return (
        f'Install it with publer-sync: pip install "publer-sync[{extra.name}]", '
        f'or in a clone: pip install ".[{extra.name}]"'
    )


def _missing(extra: Extra) -> list[str]:
    return [package for module, package in extra.packages.items() if not _is_there(module)]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:  # whatever looks for modules may refuse one
        return False

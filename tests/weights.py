"""How many lines of code the rooms have, and the loop of docs/core.md, for the tables in the docs.

A line of code is neither blank, nor a comment, nor part of a docstring.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.sources import MODULES
from tests.test_architecture import FRONT, MAY_IMPORT, WINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sources import Module

_NUMBER = re.compile(r"\d[\d,]*")
_STOP = re.compile(r"^## (\d+\. .+)\n((?:(?!^## ).*\n)*)", re.MULTILINE)
_LINK = re.compile(r"\[`(\w+(?:\.\w+)*)`\]\(\.\./publer_sync/([\w/]+)\.py\)")
_GUARDS = "**Guards**"
_FEW = 10
"""A room with fewer lines has no row."""


def nearly(table: str, shown: str) -> str:
    """What is shown, while each of its numbers is within a tenth, or 10, of the table's: not every line changes a page."""
    new, old = ([int(number.replace(",", "")) for number in _NUMBER.findall(each)] for each in (table, shown))
    alike = _NUMBER.sub("N", table) == _NUMBER.sub("N", shown)
    near = alike and all(abs(one - other) <= max(10, one / 10) for one, other in zip(new, old, strict=True))
    return shown if near else table


# --- the rooms ------------------------------------------------------------------------------------------------------


def rooms() -> Iterator[tuple[str, ...]]:
    """Each room with its modules and its lines, below the sum of its part of the house."""
    lines, modules = Counter[str](), Counter[str]()
    for module in MODULES.values():
        room = module.room if module.room in MAY_IMPORT else ""  # the package itself
        lines[room] += len(module.code)
        modules[room] += 1
    core = [room for room in MAY_IMPORT if room not in WINGS | FRONT]
    parts = {
        "the core": core,
        "where core and wings meet": [room for room in MAY_IMPORT if room in FRONT],
        "the wings": [room for room in MAY_IMPORT if room in WINGS],
    }
    for part, names in parts.items():
        yield (
            f"**{part}**",
            *(f"**{_about(sum(each[name] for name in names))}**" for each in (modules, lines)),
        )
        for name in (each for each in names if lines[each] >= _FEW):
            yield f"`{name}`", str(modules[name]), _about(lines[name])
    yield "**together**", f"**{_about(modules.total())}**", f"**{_about(lines.total())}**"


def _about(number: int) -> str:
    """With two digits that count."""
    return f"{int(float(f'{number:.2g}')):,}"


# --- the loop of one post -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A function that a page names, and the module in which it says that it is."""

    name: str
    module: Module

    @property
    def lines(self) -> frozenset[tuple[str, int]]:
        return frozenset((self.module.name, line) for line in self.module.lines_of(self.name))

    @property
    def first(self) -> tuple[str, int]:
        """Where it begins, as a frame tells it."""
        return str(self.module.path), self.module.definition(self.name)[0]


@dataclass(frozen=True)
class Stop:
    """A section of the page: what it gives to read, and the guards that it names below."""

    heading: str
    reads: tuple[Place, ...]
    guards: tuple[Place, ...]


def stops(page: str) -> list[Stop]:
    """The numbered sections of docs/core.md. Raises KeyError for a module or a function that is not there."""
    found = []
    for heading, text in _STOP.findall(page):
        reads, _, guards = text.partition(_GUARDS)
        found.append(Stop(heading, _places(reads), _places(guards)))
    return found


def _places(text: str) -> tuple[Place, ...]:
    return tuple(Place(name, MODULES[path.replace("/", ".")]) for name, path in _LINK.findall(text))


def loop(page: str) -> Iterator[tuple[str, ...]]:
    """Each stop with the lines that it gives to read, and those of its guards; each line counts once."""
    met: set[tuple[str, int]] = set()
    rows = []
    for kind in ("reads", "guards"):
        column = []
        for stop in stops(page):
            new = {line for place in getattr(stop, kind) for line in place.lines} - met
            met |= new
            column.append(len(new))
        rows.append(column)
    for stop, reads, guards in zip(stops(page), *rows, strict=True):
        anchor = re.sub(r"[^\w -]", "", stop.heading.lower()).replace(" ", "-")
        modules = dict.fromkeys(f"`{place.module.name}`" for place in stop.reads)
        yield f"[{stop.heading}](#{anchor})", ", ".join(modules), str(reads), str(guards)
    yield "**together**", "", *(f"**{sum(column):,}**" for column in rows)

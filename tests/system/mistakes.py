"""The mistakes in tests/mistakes, read from its files; README.md there explains their form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = ROOT / "tests" / "mistakes"
HEADS: Final = {
    "post": "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n",
    "posts": "",
    "markdown": "",
    "settings": "",
}
NAMES: Final = {"post": "a.yaml", "posts": "a.yaml", "markdown": "a.md", "settings": "publer.yaml"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A file as it was written and as it was meant, and what has to happen: `outcome` at `line`, from 1; 0 if nowhere."""

    name: str
    file: str
    written: str
    meant: str
    outcome: str
    line: int

    @property
    def code(self) -> str:
        return self.outcome.rpartition(" ")[2] if " " in self.outcome else ""


def all_mistakes() -> list[Mistake]:
    return [mistake for path in sorted(FOLDER.glob("*.txt")) for mistake in _mistakes(path)]


def _mistakes(path: Path) -> Iterator[Mistake]:
    head, *parts = path.read_text(encoding="utf-8").split("\n== ")
    form = head.split("\n")[0].removeprefix("form: ")
    for part in parts:
        name, outcome, *rest = part.rstrip("\n").split("\n")
        lines = [line or " " for line in rest]
        written = [line[1:] for line in lines if line[0] in " -!*"]
        meant = [line[1:] for line in lines if line[0] in " +*"]
        marks = [line[0] for line in lines if line[0] in " -!*"]
        place = next((number for number, mark in enumerate(marks, 1) if mark in "!*"), 0)
        before = HEADS[form].count("\n") if place else 0
        yield Mistake(
            f"{path.stem}: {name}",
            NAMES[form],
            HEADS[form] + "\n".join(written) + "\n",
            HEADS[form] + "\n".join(meant) + "\n",
            outcome,
            place + before,
        )

"""A page of a terminal: lines wrapped, indented and coloured. Knows no plan and no post."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from publer_sync.render.layout.measure import chunks, width
from publer_sync.render.layout.phrases import Span, for_all
from publer_sync.values.printable import one_line, printable, printable_inline, without_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.phrases import Phrase

Apply: TypeAlias = "Callable[[Sequence[str]], str]"
"""Says how people apply with options."""

INDENT = 19
LEAST = 20
"""Columns that a phrase gets, however long what stands before it is."""
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_SPANS = {
    "": "",
    "old": "red",
    "new": "green",
    "dim": "dim",
    "code": "",
    "strong": "bold",
    "alarm": "red bold",
}


class Screen(NamedTuple):
    """Where a page is shown."""

    color: bool = False
    width: int = 100

    def paint(self, text: str, styles: str) -> str:
        """`text` in one or more of the colours of the table above, separated by spaces."""
        if not (self.color and styles and text):
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles.split())}m{text}\x1b[0m"

    def text_lines(self, text: str, *, most: int | None) -> list[str]:
        """A post's text: its own lines end in ¶, and the last of `most` lines in …, where there is more."""
        narrower, lines = self._replace(width=self.width - 2), []
        paragraphs = printable(text).strip().split("\n")
        for number, paragraph in enumerate(paragraphs, 1):
            if paragraph.strip():
                lines += narrower.lay_out((Span(paragraph.strip()),), indent=INDENT)
                lines[-1] += " ¶" if number < len(paragraphs) else ""
            elif lines and not lines[-1].endswith("¶¶"):
                lines[-1] += "¶"
            if most is not None and len(lines) > most:
                return [*lines[: most - 1], lines[most - 1].rstrip(" ¶.,;:") + " …"]
        return lines

    def lay_out(self, phrase: Phrase, *, indent: int, dim: bool = False) -> list[str]:
        """A phrase in lines of the screen's width; without colour the marks [-gone-] and {+come+} say the same."""
        pieces: list[tuple[str, str]] = []
        for span in phrase:
            text = printable_inline(span.text)
            text = {"old": f"[-{text}-]", "new": f"{{+{text}+}}"}.get(span.kind, text)
            # What is to be copied stays in one piece, however long it is.
            parts = [text] if span.kind == "code" else re.findall(r"\S+\s*|\s+", text)
            pieces += [(part, "dim" if dim and not span.kind else _SPANS[span.kind]) for part in parts]
        lines = []
        for wrapped in _wrap(pieces, max(LEAST, self.width - indent)) if pieces else ():
            wrapped[-1] = (wrapped[-1][0].rstrip(), wrapped[-1][1])
            runs = groupby(wrapped, key=lambda piece: piece[1])
            texts = (self.paint("".join(text for text, _ in run), style) for style, run in runs)
            lines.append(" " * indent + "".join(texts))
        return lines


PLAIN = Screen()
"""A file or a pipe."""


class TerminalPage:
    """Lines as they come, in the zone and on the screen of one output.

    `command` goes before options of apply, unless `apply` says how people give them.
    """

    def __init__(self, dates: Dates, screen: Screen, command: str, apply: Apply | None = None) -> None:
        self.dates = dates
        self.screen = screen
        self.command = command or "publer-sync apply"
        self.apply = apply
        self.lines: list[str] = []

    def text(self) -> str:
        return without_commands("\n".join(self.lines).strip("\n")) + "\n"

    def paint(self, text: str, styles: str) -> str:
        return self.screen.paint(text, styles)

    def phrase(self, phrase: Phrase, indent: int = INDENT, *, dim: bool = False) -> None:
        phrase = tuple(self._with_options(span.options) if span.options else span for span in phrase)
        self.lines += self.screen.lay_out(phrase, indent=indent, dim=dim)

    def _with_options(self, options: Sequence[str]) -> Span:
        if self.apply is not None:
            return Span(self.apply(for_all(options)))
        return Span(" ".join([self.command, *options]), "code")

    def heading(self, workspace: str, calendar: str, *facts: str) -> None:
        """Whose page it is, and facts about it, none of which is broken across lines."""
        name = one_line(workspace)
        if calendar not in ("calendar", workspace):
            name += f" · {one_line(calendar)}"
        self.phrase((Span(f"{name}  ", "strong"), *(Span(f"{fact}   ", "code") for fact in facts)), 0)

    def say(self, text: str, indent: int = INDENT, *, dim: bool = False) -> None:
        self.phrase((Span(text),), indent, dim=dim)

    def beside(self, head: str, columns: int, phrase: Phrase) -> None:
        """`head`, which takes `columns`, and next to it a phrase, if there is one, that continues below itself."""
        first, *rest = self.screen.lay_out(phrase, indent=columns) or [""]
        self.lines += [(head + first[columns:]).rstrip(), *rest]


_STOPS = frozenset(".,;:")


def _wrap(pieces: Iterable[tuple[str, str]], room: int) -> list[list[tuple[str, str]]]:
    """Pieces in lines at most `room` wide; a word that fits no line is cut, an address or what is to be copied is not."""
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0
    for text, style in pieces:
        word = text.rstrip()
        whole = width(word) <= room or " " in word or "://" in word
        for part in [text] if whole else chunks(text, room):
            if used and used + width(part.rstrip()) > room:
                # A full stop never begins a line: it takes the word before it along.
                along = [lines[-1].pop()] if part.strip() in _STOPS and len(lines[-1]) > 1 else []
                lines.append(along)
                used = sum(width(piece) for piece, _ in along)
            lines[-1].append((part, style))
            used += width(part)
    return lines

"""Phrases that renderers lay out, each in its way; and two texts compared word by word."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from publer_sync.printable import marked_breaks, printable
from publer_sync.render.measure import cut, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.problems import Location

Kind: TypeAlias = Literal["", "old", "new", "dim", "code", "strong", "alarm"]


class Span(NamedTuple):
    """A piece of a phrase: said plainly, gone, come, whispered, or to be copied."""

    text: str
    kind: Kind = ""
    place: Location | None = None
    """The place in a file that the text names."""
    options: tuple[str, ...] = ()
    """Options of apply, in place of a text: where a page is read decides how they are given."""


Phrase: TypeAlias = "tuple[Span, ...]"

# Scripts that write no spaces are compared by character: otherwise one changed word marks a whole sentence.
_TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\s+|.",
    re.DOTALL,
)
_MOST_COMPARED = 1200
"""Words of the part that differs; beyond it the comparison, which is quadratic at worst, is not worth the wait."""
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*\s+|\s*\n\s*|[。！？]+")
_NEAR = 48
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""They hold emoji and some scripts together, and are named only where they are all that changed."""


def word_diff(before: str, after: str, *, whole: bool = False) -> Phrase:
    """What became of a text, word by word; unless `whole`, on one line, with only the sentences around the changes.

    What differs and cannot be seen, such as an empty line or a soft hyphen, is shown by its name in ⟨ ⟩.
    """
    spans = _diff(printable(before), printable(after))
    if before != after and not any(span.kind for span in spans):
        spans = _diff(
            before, after
        )  # they differ in what `printable` takes for the same, such as tabs and spaces
    if whole:
        return tuple(span for span in spans if span.text)
    spans = [_near(span, first=i == 0, last=i == len(spans) - 1) for i, span in enumerate(spans)]
    return tuple(span._replace(text=marked_breaks(printable(span.text))) for span in spans if span.text)


def _diff(before: str, after: str) -> list[Span]:
    spans = _merged(_compared(_TOKEN.findall(before), _TOKEN.findall(after)))
    return [span._replace(text=_spelled(span.text)) if span.kind else span for span in spans]


def _spelled(text: str) -> str:
    """What changed, with a name for each character that nobody sees."""
    if not text.strip() and text:
        return _spelled_space(text)
    text = re.sub(r"[^\S\n]*\n\s*", lambda found: f" {'¶' * found[0].count(chr(10))} ", text)
    seen = any(_is_seen(char) for char in text)
    return "".join(
        f"⟨{_name_of(char)}⟩" if not _is_seen(char) and not (seen and char in _JOINERS) else char
        for char in text
    )


def _spelled_space(text: str) -> str:
    lines, spaces = text.count("\n"), text.count(" ")
    if lines > 1:
        return "⟨empty line⟩" if lines == 2 else f"⟨{lines - 1} empty lines⟩"
    if lines:
        return "⟨line break⟩"
    if spaces == len(text):
        return "⟨space⟩" if spaces == 1 else f"⟨{spaces} spaces⟩"
    return "".join(f"⟨{_name_of(char)}⟩" for char in text)


def _is_seen(char: str) -> bool:
    return char == " " or not (
        char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")
    )


def _name_of(char: str) -> str:
    return {"\t": "tab", "\r": "carriage return"}.get(char) or unicodedata.name(
        char, f"U+{ord(char):04X}"
    ).lower()


def _compared(before: list[str], after: list[str]) -> list[tuple[str, str, str]]:
    """Rows of (equal, old, new), one of the three kinds at a time, old before new."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    rows = [("".join(before[:start]), "", "")]
    if max(len(old), len(new)) > _MOST_COMPARED:
        rows.append(("", "".join(old), "".join(new)))
    else:
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            rows.append(
                ("".join(old[a:b]), "", "") if tag == "equal" else ("", "".join(old[a:b]), "".join(new[c:d]))
            )
    rows.append(("".join(before[len(before) - end :]), "", ""))
    return rows


def _merged(rows: Sequence[tuple[str, str, str]]) -> list[Span]:
    """Changes with next to nothing between them become one: a reader takes in phrases, not letters."""
    runs: list[list[str]] = []  # [equal, old, new], in the order they are read
    for equal, old, new in rows:
        if equal:
            runs.append([equal, "", ""])
        elif old or new:
            if len(runs) > 1 and len(runs[-1][0].strip()) < 4 and not (runs[-1][1] or runs[-1][2]):
                between = runs.pop()[0]
                runs[-1][1] += between + old
                runs[-1][2] += between + new
            else:
                runs.append(["", old, new])
    spans: list[Span] = []
    for equal, old, new in runs:
        if equal:
            spans.append(Span(equal))
            continue
        # White space that both begin with belongs to neither.
        left = len(old) - len(old.lstrip()) if old.strip() and new.strip() else 0
        left = left if new.startswith(old[:left]) else 0
        parts = (Span(old[:left]), Span(old[left:], "old"), Span(new[left:], "new"))
        spans.extend(span for span in parts if span.text)
    return spans


def _near(span: Span, *, first: bool, last: bool) -> Span:
    """Of what stayed, the sentences next to a change; of what changed, no more than can be read at a glance."""
    if span.kind:
        return span._replace(text=cut(marked_breaks(span.text), 400)) if width(span.text) > 400 else span
    text = span.text
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    head = text if not ends else text[: ends[0]]
    begins = [end for end in ends if end < len(text)]
    tail = text if not begins else text[begins[-1] :]
    head = head if width(head) <= _NEAR else cut(head, _NEAR).removesuffix("…")
    if width(tail) > _NEAR:
        tail = tail[-_NEAR:].partition(" ")[2] or tail[-_NEAR:]
    tail = tail.lstrip("\u200d\ufe0f")
    if first:
        return span if tail == text else Span(f"… {tail.lstrip()}")
    if last:
        return span if head == text else Span(f"{head.rstrip()} …")
    return span if len(head) + len(tail) >= len(text) else Span(f"{head.rstrip()} … {tail.lstrip()}")

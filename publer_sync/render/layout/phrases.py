"""Phrases that renderers lay out, each in its way; and two texts compared word by word."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from publer_sync.render.layout.measure import cut, width
from publer_sync.starting.late_modules import late_module
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.printable import marked_breaks, printable

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.values.problems import Location
else:
    difflib = late_module("difflib")

SpanKind: TypeAlias = Literal["", "old", "new", "dim", "code", "strong", "alarm"]


class Span(NamedTuple):
    """A piece of a phrase: plain, removed, added, dimmed, or to be copied."""

    text: str
    kind: SpanKind = ""
    place: Location | None = None
    """The place in a file that the text names."""
    options: tuple[str, ...] = ()
    """Options of apply, some with the post's name, instead of a text: each page writes them in its own way."""


Phrase: TypeAlias = "tuple[Span, ...]"


def for_all(options: Iterable[str]) -> list[str]:
    """Options of apply without the names of posts, as a label has them: it lets every post through."""
    return [option.partition("=")[0] for option in options]


# Scripts that write no spaces are compared by character: otherwise one changed word marks a whole sentence.
_TOKEN = late_pattern(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\s+|.",
    re.DOTALL,
)
_MOST_COMPARED = 1200
"""Words of the part that differs; beyond it the comparison, which is quadratic at worst, is not worth the wait."""
_SENTENCE_END = late_pattern(r"[.!?…]+[\"'”’)]*\s+|\s*\n\s*|[。！？]+")
_NEAR = 48
_MOST_SHOWN = 400
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""They hold emoji and some scripts together, and are named only where they are all that changed."""


def word_diff(before: str, after: str, *, whole: bool = False) -> Phrase:
    """What became of a text, word by word; unless `whole`, on one line, with only the sentences around the changes.

    What differs and cannot be seen, such as an empty line or a soft hyphen, is shown by its name in ⟨ ⟩.
    """
    one, other = printable(before), printable(after)
    if one == other:  # they differ in what `printable` takes for the same, such as tabs and spaces
        one, other = before, after
    merged = list(_merged(_compared(one, other)))
    spans = [Span(_spelled(text), kind) if kind else Span(text) for text, kind in merged]
    old, new = ("".join(span.text for span in spans if span.kind == kind) for kind in ("old", "new"))
    # White space of the same name, such as a line break with a space before it and one without.
    if old == new:
        spans = [Span(_letter_by_letter(text), kind) if kind else Span(text) for text, kind in merged]
    if whole:
        return tuple(spans)
    last = len(spans) - 1
    near = (_near(span, first=place == 0, last=place == last) for place, span in enumerate(spans))
    return tuple(span._replace(text=marked_breaks(printable(span.text))) for span in near)


def _compared(before: str, after: str) -> Iterator[tuple[str, str, str]]:
    """Rows of (equal, old, new): what is equal, or what differs, old before new."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    yield "".join(old[:head]), "", ""
    if max(len(inner_old), len(inner_new)) > _MOST_COMPARED:
        yield "", "".join(inner_old), "".join(inner_new)
    else:
        matcher = difflib.SequenceMatcher(None, inner_old, inner_new, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            was, now = "".join(inner_old[a:b]), "".join(inner_new[c:d])
            yield (was, "", "") if tag == "equal" else ("", was, now)
    yield "".join(old[len(old) - tail :]), "", ""


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (was, now) in pairs if was != now), min(len(one), len(other)))


def _merged(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, SpanKind]]:
    """Changes with next to nothing between them become one: a reader takes in phrases, not letters."""
    runs: list[tuple[str, str, str]] = []
    for equal, old, new in rows:
        if not (equal or old or new):
            continue
        if not equal and len(runs) > 1 and len(runs[-1][0].strip()) < 4:
            between, (_, was, now) = runs.pop()[0], runs.pop()
            runs.append(("", was + between + old, now + between + new))
        else:
            runs.append((equal, old, new))
    for equal, old, new in runs:
        # White space that both begin with belongs to neither.
        space = old[: _alike(old, new)] if old.strip() and new.strip() else ""
        left = len(space) - len(space.lstrip())
        parts: tuple[tuple[str, SpanKind], ...] = (
            (equal or old[:left], ""),
            (old[left:], "old"),
            (new[left:], "new"),
        )
        yield from (part for part in parts if part[0])


def _spelled(text: str) -> str:
    """What changed, with a name for each character that cannot be seen."""
    if not text.strip():
        lines, spaces = text.count("\n"), text.count(" ")
        if lines > 1:
            return "⟨empty line⟩" if lines == 2 else f"⟨{lines - 1} empty lines⟩"
        if lines or spaces == len(text):
            return "⟨line break⟩" if lines else "⟨space⟩" if spaces == 1 else f"⟨{spaces} spaces⟩"
    else:
        text = re.sub(r"[^\S\n]*\n\s*", lambda found: f" {'¶' * found[0].count(chr(10))} ", text)
    seen = any(map(_is_seen, text))
    return "".join(
        char if _is_seen(char) or (seen and char in _JOINERS) else f"⟨{_name_of(char)}⟩" for char in text
    )


def _letter_by_letter(text: str) -> str:
    """What changed, with every character of white space named."""
    return "".join(f"⟨{_name_of(char)}⟩" if char == " " or not _is_seen(char) else char for char in text)


def _is_seen(char: str) -> bool:
    unseen = unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")
    return char == " " or not unseen


def _name_of(char: str) -> str:
    known = {"\t": "tab", "\r": "carriage return", "\n": "line break"}
    return known.get(char) or unicodedata.name(char, f"U+{ord(char):04X}").lower()


def _near(span: Span, *, first: bool, last: bool) -> Span:
    """Of what stayed, the sentences next to a change; of what changed, no more than can be read at a glance."""
    text = span.text
    if span.kind:
        return span._replace(text=cut(text, _MOST_SHOWN))
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    head = text[: ends[0]] if ends else text
    tail = text[next((end for end in reversed(ends) if end < len(text)), 0) :]
    head = head if width(head) <= _NEAR else cut(head, _NEAR).removesuffix("…")
    if width(tail) > _NEAR:
        tail = tail[-_NEAR:].partition(" ")[2] or tail[-_NEAR:]
    tail = tail.lstrip("\u200d\ufe0f")
    if first:
        return span if tail == text else Span(f"… {tail.lstrip()}")
    if last:
        return span if head == text else Span(f"{head.rstrip()} …")
    return span if len(head) + len(tail) >= len(text) else Span(f"{head.rstrip()} … {tail.lstrip()}")

"""What every renderer needs of text: made harmless, measured, cut, dated and compared. Knows no plan and no post.

Texts of posts, names and Publer's messages are untrusted: `plain` and `one_line` make them safe for a terminal and a
log, `markdown` for a comment that GitHub shows.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.problems import Location

WORD_JOINER = "\u2060"

# --- harmless -------------------------------------------------------------------------------------------------------

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # what drives a terminal, in its 7-bit and 8-bit form
    "\u202a-\u202e\u2066-\u2069"  # what turns the reading direction of the rest of the line
    "\ud800-\udfff]"  # halves of characters: they cannot be written as UTF-8
)
_LOG_COMMAND = re.compile(r"^([^\S\n]*)(?=::)", re.MULTILINE)


def plain(text: str) -> str:
    r"""`text` without anything that could drive a terminal or a workflow log; `\n` is the only control character left.

    What joins emoji and letters (U+200D, U+200C, variation selectors) stays.
    """
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    return _UNSEEN.sub(_stand_in, text).replace("##[", f"##{WORD_JOINER}[")


def inline(text: str) -> str:
    """`plain`, with line breaks as a mark."""
    return _breaks(plain(text))


def one_line(text: str) -> str:
    """`inline` without outer white space."""
    return inline(plain(text).strip())


def untangle(text: str) -> str:
    """Finished text in which no line can be read as a command by a workflow runner, which looks past indentation.

    GitHub docs, "Workflow commands for GitHub Actions".
    """
    return _LOG_COMMAND.sub(rf"\1{WORD_JOINER}", text)


def _stand_in(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def _breaks(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ¶ ", text)


_SPECIAL = re.compile(r"[\\`*_\[\]~|$]")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_PING = re.compile(r"[@#]|:(?=[\w+-]+:)|(?i:\bgh-)(?=\d)")
_AUTOLINK = re.compile(r"(?i:(?:\b|_)(?:https?|ftp|mailto|xmpp):|www(?=\.))")
_LINE_START = re.compile(r"^(?:([-+=]+)|(\d+)([.)]))", re.MULTILINE)
_INDENT = re.compile(r"^[ ]+", re.MULTILINE)


def markdown(text: str) -> str:
    """`text` as Markdown that shows it and nothing else: no format, link, ping, table cell or HTML of its own.

    A word joiner, which nobody sees, follows `@`, `#` and what would start a link; line breaks stay line breaks.
    """
    text = "\n".join(line.rstrip() for line in plain(text).split("\n"))
    text = _PING.sub(rf"\g<0>{WORD_JOINER}", text)
    text = _AUTOLINK.sub(rf"\g<0>{WORD_JOINER}", text)
    text = _INDENT.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), text)
    text = _SPECIAL.sub(r"\\\g<0>", text.translate(_HTML))
    return _LINE_START.sub(_escaped_start, text)


def markdown_line(text: str) -> str:
    """`markdown` on one line, for a table cell, a heading or a list item."""
    return markdown(one_line(text))


def markdown_inline(text: str) -> str:
    """`markdown_line` for a piece of a sentence: white space at its ends stays."""
    text = inline(text)
    inner = text.strip()
    left, _, right = text.partition(inner) if inner else (" " if text else "", "", "")
    return f"{left and ' '}{markdown(inner)}{right and ' '}"


def _escaped_start(found: re.Match[str]) -> str:
    if found[1]:
        return "".join(f"\\{sign}" for sign in found[1])
    return f"{found[2]}\\{found[3]}"


# --- measured -------------------------------------------------------------------------------------------------------


def width(text: str) -> int:
    """Columns of a terminal: wide characters and emoji take two, marks that sit on another character none."""
    return len(text) if text.isascii() else sum(_cells(text))


def _cells(text: str) -> list[int]:
    cells = []
    before = ""
    for char in text:
        cells.append(0 if before == "\N{ZERO WIDTH JOINER}" else _cell(char, before))
        before = char
    return cells


@cache
def _cell(char: str, before: str) -> int:
    if char == "\N{VARIATION SELECTOR-16}":
        return 1 if before and _wide(before) == 1 and not before.isspace() else 0
    if "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= char <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}":
        return 0 if before and _wide(before) == 2 else 2
    return _wide(char)


def _wide(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, columns: int) -> str:
    """At most `columns` wide, with `…` where something is left out, at the end of a word where one is near."""
    if width(text) <= columns:
        return text
    taken = _take(text, columns - 1)
    at_word = taken.rpartition(" ")[0]
    if text[len(taken)] != " " and width(taken) - width(at_word) <= min(14, columns // 3):
        taken = at_word
    return taken.rstrip(" ¶,;:") + "…"


def _take(text: str, columns: int) -> str:
    used = 0
    for index, cell in enumerate(_cells(text)):
        used += cell
        if used > columns:
            return text[:index]
    return text


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def chunks(text: str, columns: int) -> list[str]:
    """One word in pieces that fit a line."""
    pieces = []
    while width(text) > columns:
        piece = _take(text, columns) or text[0]
        pieces.append(piece)
        text = text[len(piece) :]
    return [*pieces, text]


def first_words(text: str, columns: int) -> str:
    return cut(one_line(text), columns)


def quoted(text: str, columns: int = 52) -> str:
    return f'"{first_words(text, columns)}"'


def sentence(text: str) -> str:
    """A message that starts small and has no full stop, as a sentence of its own."""
    text = plain(text).strip()
    first = text.partition(" ")[0]
    if (
        first.isalpha() and first.islower() and first != "x"
    ):  # a file, a network and an alias keep their small letter
        text = text[0].upper() + text[1:]
    return text if not text or text[-1] in ".!?…" else text + "."


def count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# --- dated ----------------------------------------------------------------------------------------------------------

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Dates:
    """Times as people of one zone write them. The year is named where it is not `year`."""

    def __init__(self, zone: str, year: int | None = None) -> None:
        self.name = plain(zone)
        self._zone = ZoneInfo(zone)
        self._year = year

    @classmethod
    def around(cls, zone: str, now: datetime) -> Dates:
        return cls(zone, now.astimezone(ZoneInfo(zone)).year)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)

    def day(self, moment: datetime) -> str:
        """`Tue 1 Dec`, or `Tue 1 Dec 2026`."""
        local = self.local(moment)
        year = "" if local.year == self._year else f" {local.year}"
        return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"

    def time(self, moment: datetime) -> str:
        local = self.local(moment)
        return f"{local.hour:02}:{local.minute:02}"

    def both(self, moment: datetime) -> str:
        return f"{self.day(moment)} {self.time(moment)}"

    def old(self, moment: datetime, new: datetime) -> str:
        """The time before a move: with its day only where that differs."""
        same_day = self.local(moment).date() == self.local(new).date()
        return self.time(moment) if same_day else self.both(moment)


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(value: float) -> str:
    """`41 s`, `5 min 52 s`, `1 h 20 min`."""
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


def duration(value: object) -> str:
    """`3d`, or Publer's own form of it, as `3 days`; anything else as it is written."""
    if isinstance(value, dict) and isinstance(number := value.get("duration"), int):
        return count(number, str(value.get("unit", "")).lower())
    found = re.fullmatch(r"(\d+)([mhdw])", str(value))
    return count(int(found[1]), _UNITS[found[2]]) if found else one_line(str(value))


# --- compared -------------------------------------------------------------------------------------------------------

Kind: TypeAlias = Literal["", "old", "new", "dim", "code"]


class Span(NamedTuple):
    """A piece of a phrase: said plainly, gone, come, whispered, or to be copied."""

    text: str
    kind: Kind = ""
    place: Location | None = None
    """The place in a file that the text names."""


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


def word_diff(before: str, after: str, *, whole: bool = False) -> Phrase:
    """What became of a text, word by word; unless `whole`, with only the sentences around the changes."""
    spans = _merged(_compared(_TOKEN.findall(plain(before)), _TOKEN.findall(plain(after))))
    if not whole:
        spans = [_near(span, first=i == 0, last=i == len(spans) - 1) for i, span in enumerate(spans)]
    return tuple(Span(_breaks(span.text), span.kind) for span in spans if span.text)


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
        return Span(cut(_breaks(span.text), 400) if width(span.text) > 400 else span.text, span.kind)
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

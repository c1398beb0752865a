"""The lines of a YAML file: what each one begins, which belong to a key, and how words are written in them.

Only this module takes lines apart; it parses no YAML. `traps`, `slips` and `stops` say what is wrong with a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.yaml.scalars import quoted
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_LINE: Final = re.compile(
    r"(?P<lead>\s*(?:- +)*)(?:(?P<key>[A-Za-z_][\w.-]*) *:(?=[ \t]|\Z))?[ \t]*(?P<value>.*?)[ \t]*"
)
_BLOCK: Final = late_pattern(r"[|>][-+0-9]{0,2}(?:[ \t]+#.*)?")
_QUOTED: Final = late_pattern(r""""(?:[^"\\]|\\")*"|'(?:[^']|'')*'""", re.DOTALL)
"""A whole text in quotes, without escape codes such as \\n."""
_FENCED: Final = late_pattern(
    r"(?P<fence>\"{3}|'{3}|`{3}|~{3})(?:(?<=[`~])[a-z]+)?[ \t]*\n?(?P<inner>.*?)(?:\n?[ \t]*(?P=fence))?",
    re.DOTALL,
)
START: Final = late_pattern(r"(?<!\S)#")
"""Where a comment may start; inside a text it is part of the text."""
_HASHTAGS: Final = late_pattern(r"(?:#(?![!-/:-@\[-`{-~]+(?:\s|\Z))[^\s#:,.;!?\"']+\s*)+")
"""Each with something behind its # that makes it no ruler."""
NOTES: Final = late_pattern(
    r"#(?:todo|to-do|fixme|tbd|tbc|wip|xxx|hack|nb|notes?|ask|check|draft|internal|intern|comment|hidden)\b",
    re.IGNORECASE,
)
"""Words that people put behind a # in a note to themselves."""
_BEFORE_NOTE: Final = late_pattern(r"(?:#[^\s#]\S*\s+)+(?=#\s)")
"""Hashtags before what has the form of a comment."""
_LONG: Final = 200
_MANY: Final = 12
_NO_WRAP: Final = 60
"""No editor wraps a line that ends before this column."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the keys of a file mean. Passed in, as this room knows nothing of posts."""

    keys: frozenset[str]
    items: frozenset[str]
    """Keys of an item of the main list."""
    heads: frozenset[str]
    """Keys beside the main list."""
    prose: frozenset[str]
    """Keys whose values are prose, which belongs under `|`."""
    texts: frozenset[str]
    """The same, and keys of lists of prose."""
    values: frozenset[str]
    """Keys whose values are not prose: a comment after them is one, and a line break means nothing."""
    tagless: frozenset[str]
    """Keys whose values are prose in which nobody means hashtags."""
    unpublished: frozenset[str]
    """Keys whose values are prose that nobody but colleagues reads."""
    containers: frozenset[str]
    """Keys whose value may be a list or a map."""
    item_words: Mapping[str, str]
    """Of lists whose items have keys: the key that a word alone stands for."""
    is_key: Callable[[str], bool]
    """Whether a line with a key, and the one below it, can be nothing but that key: its value is none of prose."""
    main: str = "posts"
    """The key of the list that a file is about."""
    item: str = "post"
    """What people call an item of that list."""

    @property
    def only_items(self) -> frozenset[str]:
        """Keys of an item that cannot be beside the list."""
        return self.items - self.heads

    @property
    def quotable(self) -> frozenset[str]:
        """Keys whose values are words that may be in quotes."""
        return self.keys - self.containers - self.values


class Line(NamedTuple):
    """A line taken apart: `lead` is white space and dashes, `value` what follows the key, or the dash, or all of it."""

    text: str
    lead: str
    key: str
    value: str
    start: int
    """Where the value starts, from 0."""

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())

    @property
    def depth(self) -> int:
        """How far the key, or what follows the dash, is indented."""
        return len(self.lead)

    @property
    def is_item(self) -> bool:
        return "-" in self.lead

    @property
    def opens_block(self) -> bool:
        """Whether a text under `|` or `>` begins below."""
        return _BLOCK.fullmatch(self.value) is not None


def take_apart(text: str) -> Line:
    match = _LINE.fullmatch(text)
    if match is None:  # it has a line break inside
        return Line(text, "", "", text, 0)
    return Line(text, match["lead"], match["key"] or "", match["value"], match.start("value"))


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one file, counted from 1; typos are corrected in place."""

    file: str
    texts: list[str]
    vocabulary: Vocabulary

    def __getitem__(self, number: int) -> Line:
        return take_apart(self.texts[number - 1]) if number <= len(self.texts) else Line("", "", "", "", 0)

    def __len__(self) -> int:
        return len(self.texts)

    def key_above(self, number: int) -> int | None:
        """The nearest line above that has a key."""
        return next((n for n in range(number - 1, max(0, number - 200), -1) if self[n].key), None)

    def owner(self, number: int) -> int | None:
        """The line whose key or item the line belongs to; itself where it begins one."""
        line = self[number]
        return number if line.key or (line.is_item and line.value) else self.key_above(number)

    def is_key(self, number: int) -> bool:
        """Whether the line can be nothing but a key: words have the form of one too, as in `Note: it rains`."""
        line = self[number]
        if line.key not in self.vocabulary.keys or (
            line.key in self.vocabulary.prose and not line.opens_block
        ):
            return False
        return line.opens_block or self.vocabulary.is_key("\n".join(self.texts[number - 1 : number + 1]))

    def end_of(self, owner: int) -> int:
        """The last line of the value of the key at `owner`, which is indented further; without empty lines at the end."""
        depth, end = self[owner].depth if self[owner].key else self[owner].indent, owner
        for number in range(owner + 1, len(self) + 1):
            text = self.texts[number - 1]
            if text.strip():
                if len(text) - len(text.lstrip()) <= depth:
                    break
                end = number
        return end

    def list_of(self, number: int) -> str:
        """The key whose list has the item at `number`; "" if there is none."""
        inside = self[number].indent
        for above in range(number - 1, max(0, number - 200), -1):
            line = self[above]
            if line.key and (line.indent < inside or line.depth <= inside):
                return line.key
        return ""

    # --- problems and fixes

    def problem(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        say: str,
        fix: Fix | None = None,
        *,
        length: int = 1,
        related: tuple[tuple[Location, str], ...] = (),
    ) -> Problem:
        """A problem `at` a line and a column, both from 1. What the fix writes is shown for pasting, if it is short."""
        help_ = Help(say, fix.text if fix is not None and _is_short(fix.text) else "")
        return Problem("error", code, message, Location(self.file, *at), help_, length, related, fix)

    def replaced(self, line: int, column: int, end: int, by: str) -> Fix:
        """A line with `by` in place of what is from `column` up to `end`, both from 1."""
        text = self.texts[line - 1]
        return Fix(line, line, text[: column - 1] + by + text[end - 1 :])

    def words_problem(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        span: tuple[int, int],
        *,
        length: int = 1,
        say: str = "",
    ) -> Problem:
        """A problem of words in the lines `span` that would be read as they are under `|` or in quotes."""
        key = self[span[0]].key
        way = "put the words in quotes"
        if key in self.vocabulary.prose:
            way = f"put the words on the next line, after `{key}: |`"
        whole, note = literal(self[span[0]].value, self.texts[span[0] : span[1]]), None
        if whole is not None:
            if (inner := unfenced(whole)) is not None:
                return self._fenced(code, message, at, span, inner, whole)
            note = note_in(whole)
            if note is not None and "\n" not in whole:
                help_ = self.readings(*span, whole[:note], whole[note:])
                return Problem("error", code, message, Location(self.file, *at), help_, length)
        say = f"{say}, or {way}" if say else way[0].upper() + way[1:]
        fix = self.as_words(*span) if note is None else None
        return self.problem(code, message, at, say, fix, length=length)

    def _fenced(
        self, code: str, message: str, at: tuple[int, int], span: tuple[int, int], inner: str, whole: str
    ) -> Problem:
        """Words between lines of three quotes or backticks, which other tools take away, and this one would publish."""
        readings = (("If the words between are the text", inner), ("If all of it is the text", whole))
        ways = [(name, fix.text) for name, words in readings if (fix := self.as_words(*span, words))]
        key = self[span[0]].key
        say = (
            f"Put the words on the next line, after `{key}: |`"
            if key in self.vocabulary.prose
            else "Write the words alone"
        )
        shown = tuple(ways) if all(_is_short(lines) for _, lines in ways) else ()
        return Problem("error", code, message, Location(self.file, *at), Help(say, ways=shown))

    def either(
        self,
        code: str,
        message: str,
        at: tuple[int, int],
        span: tuple[int, int],
        ways: Sequence[tuple[str, str]],
    ) -> Problem:
        """An error of words in the lines `span` that may be meant in several `ways`: of each, its name and the words.

        It can be silenced where it is.
        """
        shown = [(name, fix.text) for name, words in ways if (fix := self.under_bar(*span, words))]
        key = self[span[0]].key
        say = "Write it on one line"
        if key in self.vocabulary.prose:
            say = f"Write the words as they are meant, on the lines after `{key}: |`"
        if not all(_is_short(lines) for _, lines in shown):
            shown = []
        help_ = Help(say, ways=tuple(shown), silence=code)
        return Problem("error", code, message, Location(self.file, *at), help_)

    def readings(self, first: int, last: int, words: str, note: str) -> Help:
        """Both ways to write `words` with what may be a comment behind them: all of it is the text, or only the words."""
        line, words = self[first], words.rstrip()
        if (tags := _BEFORE_NOTE.match(note)) is not None:
            words, note = f"{words} {tags[0]}".strip(), note[tags.end() :]
        whole, alone = (self.as_words(first, last, each.strip()) for each in (f"{words} {note}", words))
        comment = " " * line.indent + re.sub(r"#+[ \t]*", "# ", note, count=1)
        rest = alone.text if alone is not None and words.strip() else ""
        apart = f"{comment}\n{rest}" if rest else comment
        ways = [("If all of it is the text", whole.text if whole is not None else "")]
        ways.append(("If it ends in a comment, put that on a line above", apart))
        say = "Put it in quotes, or the comment on a line above"
        if line.key in self.vocabulary.prose:
            say = f"Put the words on the next line, after `{line.key}: |`"
        return Help(say, ways=tuple(each for each in ways if each[1] and _is_short(each[1])))

    def as_words(self, first: int, last: int, words: str | None = None) -> Fix | None:
        """The lines of a key or an item with its words under `|` or in quotes; None if the words are unclear."""
        return self.under_bar(first, last, words) or self.in_quotes(first, last, words)

    def comment_follows(self, last: int, depth: int) -> bool:
        """Whether a comment is below the line `last` and indented so far that a text there would take it in."""
        return next(self._taken_in(last, depth), "").lstrip().startswith("#")

    def note_follows(self, last: int, depth: int) -> bool:
        """Whether a text that goes on below the line `last` would take in what may be a note, in any line."""
        return any(note_in(text) is not None for text in self._taken_in(last, depth))

    def _taken_in(self, last: int, depth: int) -> Iterator[str]:
        """The lines below `last`, up to one that is indented less than `depth`."""
        for number in range(last, len(self)):
            text = self.texts[number]
            bare = text.lstrip()
            if bare and len(text) - len(bare) < depth:
                return
            if bare:
                yield text

    def may_be_wrapped(self, number: int, below: str) -> bool:
        """Whether an editor may have broken the line there: it ends far to the right."""
        return len(self.texts[number - 1].rstrip()) + len(below.split(" ", maxsplit=1)[0]) >= _NO_WRAP

    def under_bar(self, first: int, last: int, words: str | None = None) -> Fix | None:
        """The lines of a prose key with its words under `|`; None for other keys, or if the words are unclear."""
        line = self[first]
        if words is None:
            words = literal(line.value, self.texts[first:last])
        if line.key not in self.vocabulary.prose or words is None or self.note_follows(last, line.depth + 1):
            return None
        inner = [text.rstrip() for text in words.strip().split("\n")]
        deeper = " " * (line.depth + 2)
        written = [f"{line.lead}{line.key}: |", *(deeper + text if text else "" for text in inner)]
        return Fix(first, last, "\n".join(written))

    def in_quotes(self, first: int, last: int, words: str | None = None) -> Fix | None:
        """The words of an item or a key in quotes, if they are on one line and not in brackets."""
        line = self[first]
        start, value = line.start, line.value
        is_words = line.key not in self.vocabulary.keys and self.list_of(first) in self.vocabulary.texts
        if line.is_item and is_words:
            start, value = line.depth, line.text[line.depth :].rstrip()  # a text holds no keys
        elif line.key not in self.vocabulary.quotable and (line.key or not line.is_item):
            return None
        if words is None:
            words = literal(value, [])
        if first != last or not words or words[0] in "[{":
            return None
        return Fix(first, first, line.text[:start] + quoted(words))


def _is_short(written: str) -> bool:
    lines = written.split("\n")
    return len(lines) <= _MANY and all(len(line) <= _LONG for line in lines)


def unfenced(words: str) -> str | None:
    """The words between three quotes, backticks or tildes, or behind them where nothing closes them; None without such."""
    found = _FENCED.fullmatch(words.strip())
    return found["inner"].strip("\n") if found is not None and found["inner"].strip() else None


def literal(value: str, more: Sequence[str]) -> str | None:
    """The words of a value as they were meant; `more` are its further lines.

    None if quotes leave it open which of them belong to the words, or after `>` or `|`, which may belong to them.
    """
    text = "\n".join([value, *(line.strip() for line in more)]).strip()
    sign = text[:1]
    if sign in ("'", '"'):
        if _QUOTED.fullmatch(text):
            return text[1:-1].replace("''" if sign == "'" else '\\"', sign)
        closing = text.find(sign, 1)
        open_ended = closing < 0 or closing == len(text) - 1
        if open_ended or text[closing - 1].isspace() or text[closing - 1] == "\\":
            return None
        return None if text[closing + 1].isalnum() else text  # in 'it's here' it closes nothing
    if sign == ">":
        return None
    bar = re.match(r"\|[-+0-9]*\s+", text)
    return text[bar.end() :] if bar else None if sign == "|" else text


def spaces(number: int) -> str:
    return "1 space" if number == 1 else f"{number} spaces"


def is_hashtags(note: str, *, notes: bool = False) -> bool:
    """Whether it is hashtags alone; with `notes`, also those that people write as notes to themselves."""
    return _HASHTAGS.fullmatch(note) is not None and (notes or NOTES.search(note) is None)


def note_in(words: str) -> int | None:
    """Where words have a # behind which there may be a note; None if there are only hashtags."""
    tails = ((match.start(), words[match.start() :].partition("\n")[0]) for match in START.finditer(words))
    return next((at for at, tail in tails if not is_hashtags(tail.strip())), None)

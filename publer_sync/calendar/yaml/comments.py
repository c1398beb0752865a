"""Comments that may be words: a hashtag beside or below a text is a comment to YAML, and would be lost in silence.

A comment starts with "# " and is clearly apart from the text above it. Any other is an error; it has a fix only where
nothing but hashtags would be lost, so that no fix publishes somebody's note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.yaml.lines import START, is_hashtags, spaces, take_apart
from publer_sync.calendar.yaml.scalars import quoted, snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.nodes import Mark

_SPACED: Final = late_pattern(r"#+(?:\s.*)?")
_NUMBER: Final = late_pattern(r"#[ \t]+[0-9].*")
_WORDS: Final = late_pattern(r"#[ \t]+\w.*")
_RULER: Final = late_pattern(r"#[!-/:-@\[-`{-~\s]*")
_KEY: Final = late_pattern(r"#+[ \t]*(?:-[ \t]*)*(?P<key>[A-Za-z_]\w*)[ \t]*:(?:\s.*)?")
_ITEM: Final = late_pattern(r"(?:(?<=[\[,])|(?<=[\[,] ))#[^\s#,\]\[{}\"'][^,\]\[{}\"']*")
_IN_ITEM: Final = late_pattern(
    r"""(?:(?<=[\[,])|(?<=[\[,] ))[^\s#,\]\[{}"'][^#,\]\[{}"']* #[^,\]\[{}"']*(?=[,\]])"""
)
_DEPTH: Final = late_pattern(r"(?:[&!]\S*[ \t]+)*[|>][-+]?([1-9])")
"""The sign of a text that says how far its lines are indented below the key."""
_EXTENSION: Final = late_pattern(r"\.[A-Za-z0-9]{2,5}\s*\Z")


class ReadValue(NamedTuple):
    """A value that was read, the key that it belongs to, and what YAML made of it."""

    mark: Mark
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class HashComment:
    """A comment at a line and a column, both from 1. `in_items`: among the posts of a file."""

    lines: Lines
    number: int
    column: int
    in_items: bool

    @property
    def note(self) -> str:
        """All of it, from its #."""
        return self._line[self.column - 1 :].rstrip()

    @property
    def _line(self) -> str:
        return self.lines.texts[self.number - 1]

    @property
    def _is_alone(self) -> bool:
        """Whether nothing else is in the line."""
        return not self._line[: self.column - 1].strip()

    @property
    def _is_spaced(self) -> bool:
        return _SPACED.fullmatch(self.note) is not None

    @property
    def _is_none(self) -> bool:
        """Whether it cannot be words: nothing, a ruler, or a line with a key that was taken out."""
        match = _KEY.fullmatch(self.note)
        is_key = match is not None and match["key"] in self.lines.vocabulary.keys
        return is_key or _RULER.fullmatch(self.note) is not None

    def problem(self, above: ReadValue | None, below: ReadValue | None) -> Problem | None:
        """What is wrong with it, if it may be words.

        `above` is the last value that ends before it, `below` one whose key is before it.
        """
        if self._is_none:
            return None
        if below is not None:
            return self._inside(below)
        if self._is_alone:
            return self._below(above)
        if above is not None and above.mark.end_line == self.number and above.mark.end_column > 1:
            return self._beside(above)
        return self._beside_key()

    def in_header(self, value: ReadValue) -> Problem | None:
        """What is wrong with it beside the `|` of a text."""
        if self._is_none or (self._is_spaced and value.text.strip()):
            return None
        if not is_hashtags(self.note):
            return self._lost(
                "", Help("Put it on a line below if it is part of the text, or above if it is not")
            )
        say, depth = "Put the words on the lines below", self._depth_of_text(value)
        if not value.text.strip() and self.lines.comment_follows(self.number, depth):
            return self._lost("", Help(f"{say}, and the comment that is there on a line above"))
        written = f"{self._line[: self.column - 1].rstrip()}\n{' ' * depth}{self.note}"
        return self._lost("", fix=Fix(self.number, self.number, written), say=say)

    @property
    def last(self) -> int:
        """The last of the lines for which it goes on."""
        return self._last() if self._is_alone else self.number

    # --- by where it is

    def _inside(self, below: ReadValue) -> Problem | None:
        """Between a key and its value."""
        lines, (mark, key, _) = self.lines, below
        if key in lines.vocabulary.values:
            return None
        may_stay = not self._is_alone or key not in lines.vocabulary.prose
        if (
            self._is_spaced
            and may_stay
            and not (key in lines.vocabulary.texts and _NUMBER.fullmatch(self.note))
        ):
            return None
        span = lines.texts[mark.key_line - 1 : mark.line - 1]
        notes = [text[match.start() :].strip() for text in span if (match := START.search(text))]
        if mark.style != "" or mark.line != mark.end_line:
            return self._lost("")
        whole = lines.under_bar(mark.key_line, mark.end_line)
        if all(map(is_hashtags, notes)) and self._ends_line(mark):
            return self._lost("", fix=whole)
        words = lines.under_bar(mark.key_line, mark.end_line, below.text)
        if whole is None or words is None:
            return self._lost("")
        above = "".join(f"{' ' * lines[mark.key_line].indent}{_as_comment(note)}\n" for note in notes)
        ways = (
            ("If all of it is the text", whole.text),
            ("If it is a comment, put that on a line above", above + words.text),
        )
        return self._lost("", Help(f"Put the words on the next line, after `{key}: |`", ways=ways))

    def _beside(self, above: ReadValue) -> Problem | None:
        """Behind a value."""
        lines, (mark, key, text) = self.lines, above
        vocabulary = lines.vocabulary
        if between := self._line[mark.end_column - 1 : self.column - 1].strip():  # brackets
            fine = self._is_spaced or (key in vocabulary.values and "}" not in between)
            return None if fine else self._lost(text)
        is_words = (
            (key not in vocabulary.values and not self._is_spaced)
            or (key in vocabulary.texts and _NUMBER.fullmatch(self.note))
            or (key in vocabulary.prose and not text and _WORDS.fullmatch(self.note))
        )
        if not is_words:
            return None
        span = mark.key_line, mark.end_line
        if mark.style == "" and span[0] == span[1] and is_hashtags(self.note):
            return self._lost(text, fix=lines.as_words(*span))
        return self._lost(text, lines.readings(*span, text, self.note))

    def _beside_key(self) -> Problem | None:
        """Behind a key whose value is a list or a map below, or behind a dash."""
        before, texts = take_apart(self._line[: self.column - 1]), self.lines.vocabulary.texts
        is_text = (before.key or self.lines.list_of(self.number)) in texts
        return self._lost("") if is_text and not self._is_spaced else None

    def _below(self, above: ReadValue | None) -> Problem | None:
        """On a line of its own."""
        lines, vocabulary = self.lines, self.lines.vocabulary
        if above is not None and above.key not in vocabulary.values and self._follows(above.mark):
            deeper = self.column - 1 > depth_of(lines, above.mark)
            is_text = above.key in vocabulary.texts or is_hashtags(self.note)
            if is_hashtags(self.note) and above.key in vocabulary.tagless:
                return self._of_no_text()  # rather of the post's text
            if (deeper and is_text) or (not self._is_spaced and (deeper or is_text)):
                is_there = self.column - 1 >= depth_of(lines, above.mark) or self._is_of_item(above.mark)
                if is_there and (above.key in vocabulary.prose or above.mark.style in ("|", ">")):
                    return self._below_text(above, deeper=deeper)
                return self._of_no_text()
        if not self.in_items or not is_hashtags(self.note, notes=True):
            return None
        return self._of_no_text()

    def _of_no_text(self) -> Problem:
        say = 'Move it to the end of the text; if it is a comment, write "# " with a space'
        return self._lost(None, Help(say))

    def _is_of_item(self, mark: Mark) -> bool:
        """Whether a value is that of a post itself, and not of something in it."""
        lines, depth, number = self.lines, depth_of(self.lines, mark), mark.key_line
        while number > 1 and not (lines[number].is_item and lines[number].depth <= depth):
            number -= 1
        return lines[number].depth == depth and lines.list_of(number) in ("", lines.vocabulary.main)

    def _follows(self, mark: Mark) -> bool:
        """Whether only empty lines and comments are between a value and this comment."""
        last = mark.end_line + (mark.end_column > 1)
        return all(
            not text or text[0] == "#"
            for text in map(str.strip, self.lines.texts[last - 1 : self.number - 1])
        )

    def _below_text(self, above: ReadValue, *, deeper: bool) -> Problem:
        lines, mark = self.lines, above.mark
        last = self._last()
        notes = [text.strip() for text in lines.texts[self.number - 1 : last]]
        tags = sum(note.count("#") for note in notes)
        # One hashtag that is not indented like the text could be the name of a section.
        certain = all(map(is_hashtags, notes)) and (deeper or tags > 1)
        why = ""
        if mark.style in ("|", ">"):
            why = ", because it is not indented like the text"
            depth = self._depth_of_text(above)
            certain = certain and not lines.comment_follows(last, depth)
            fix: Fix | None = Fix(self.number, last, "\n".join(" " * depth + note for note in notes))
            say = f"Indent it {spaces(depth)}, like the text"
        else:
            one_line = mark.style == "" and mark.line == mark.end_line == mark.key_line
            certain = certain and not lines.may_be_wrapped(mark.line, notes[0])
            fix = lines.under_bar(mark.key_line, last) if one_line and self._follows_close(mark) else None
            say = f"Put the words on the next line, after `{above.key}: |`"
        if certain and fix is not None:
            return self._lost(None, fix=fix, say=say, why=why)
        paste = " " * depth_of(lines, mark) + _as_comment(notes[0])
        ways = [
            ("If it is part of the text", fix.text if fix is not None else ""),
            ("If it is a comment", paste),
        ]
        help_ = Help(
            f'{say}; a comment is indented like the keys, with a space after its "#"',
            ways=tuple(each for each in ways if each[1]),
        )
        return self._lost(None, help_, why=why)

    def _depth_of_text(self, value: ReadValue) -> int:
        """How far a text under `|` or `>` is indented: as its sign says, or like its first line.

        Less would take in comments below it, which are no deeper than its key or between the two.
        """
        lines, mark = self.lines, value.mark
        key = depth_of(lines, mark)
        if (said := _DEPTH.match(lines.texts[mark.line - 1], mark.column - 1)) is not None:
            return key + int(said[1])
        below = (lines.texts[number] for number in range(mark.line, len(lines)))
        first = next((text for text in below if text.strip(" ")), "") if value.text.strip() else ""
        return len(first) - len(first.lstrip(" ")) or key + 2

    def _follows_close(self, mark: Mark) -> bool:
        """Whether no other comment is between a value and this one."""
        return self._ends_line(mark) and not any(
            map(str.strip, self.lines.texts[mark.end_line : self.number - 1])
        )

    def _ends_line(self, mark: Mark) -> bool:
        """Whether nothing is behind a value, or hashtags alone."""
        texts = self.lines.texts
        # of an empty value at the very end of a file, YAML says that it ends on the line after that
        behind = (
            texts[mark.end_line - 1][mark.end_column - 1 :].strip() if mark.end_line <= len(texts) else ""
        )
        return not behind or is_hashtags(behind)

    def _last(self) -> int:
        """The last of the lines that follow without a gap, and are such comments too."""
        last, texts = self.number, self.lines.texts
        while last < len(texts) and texts[last].lstrip().startswith("#"):
            after = HashComment(self.lines, last + 1, self.lines[last + 1].indent + 1, self.in_items)
            if after._is_none or (after._is_spaced and not self._is_spaced):
                break
            last += 1
        return last

    # --- what is said

    def _lost(
        self,
        text: str | None,
        help_: Help | None = None,
        *,
        fix: Fix | None = None,
        say: str = "",
        why: str = "",
    ) -> Problem:
        """`text` is what would be left of the text; None if all of it."""
        message = f"YAML reads this line as a comment{why}: {snippet(self.note)} would be lost"
        if text is not None:
            message = comment_message(text, self.note)
        way = "Put the words on the next line, after `|`"
        line = self.lines[self.number]
        if line.key in self.lines.vocabulary.prose:
            way = f"Put the words on the next line, after `{line.key}: |`"
        elif fix is not None and "\n" not in fix.text:
            way = "Put the words in quotes"
        elif fix is None:
            way = 'Put it in quotes, or write "# " with a space if it is a comment'
        told = help_ or Help(say or way, fix.text if fix else "")
        at = Location(self.lines.file, self.number, self.column)
        return Problem("error", "yaml.hash", message, at, told, len(self.note), fix=fix)


def _as_comment(note: str) -> str:
    return re.sub(r"#+[ \t]*", "# ", note, count=1)


def depth_of(lines: Lines, mark: Mark) -> int:
    """How far the key of a value is indented, or the dash of an item."""
    line = lines[mark.key_line]
    return line.depth if line.key else line.indent


def comment_message(text: str, rest: str) -> str:
    end = f"end at {snippet(text[-30:])}" if text else "be empty"
    return f'YAML reads everything after " #" as a comment: the text would {end} and lose {snippet(rest)}'


def hash_behind(texts: Sequence[str], mark: Mark, name: str) -> Problem | None:
    """A ` #` in a file name: what follows it ends as file names do, and what is left does not."""
    if mark.style or mark.end_line > len(texts):
        return None
    text = texts[mark.end_line - 1]
    rest = text[mark.end_column - 1 :]
    is_hash = re.fullmatch(r"[ \t]*#[^\s#]\S*.*", rest)
    if _EXTENSION.search(name) or not (is_hash and _EXTENSION.search(rest)):
        return None
    column = mark.end_column + len(rest) - len(rest.lstrip())
    fix = None
    if mark.line == mark.end_line:
        fix = Fix(mark.line, mark.line, text[: mark.column - 1] + quoted(text[mark.column - 1 :].rstrip()))
    help_ = Help("Put the name in quotes", fix.text.strip() if fix else "")
    at = Location(mark.file, mark.end_line, column)
    return Problem("error", "yaml.hash", comment_message(name, rest), at, help_, len(rest.strip()), fix=fix)


def hash_in_list(lines: Lines, first: int, last: int, *, ended: bool = True) -> Problem | None:
    """A ` #` among items in brackets: a hashtag that makes a comment of the rest of its line.

    Unless the list has `ended`, it may be inside an item, and the comment may include the closing bracket.
    """
    for number in range(first, min(last, len(lines)) + 1):
        text = lines.texts[number - 1]
        patterns = (_ITEM,) if ended else (_ITEM, _IN_ITEM)
        pattern = next((each for each in patterns if each.search(text)), None)
        match = pattern.search(text) if pattern else None
        if pattern is None or match is None:
            continue
        column = text.index("#", match.start())
        lost = text[column:].strip()
        written = pattern.sub(lambda item: quoted(item[0].rstrip()), text)
        if number < last and not written.rstrip().endswith((",", "]", "[")):
            written += ","
        message = f'YAML reads everything after "#" as a comment: the list would lose {snippet(lost)}'
        certain = all(
            is_hashtags(text[text.index("#", each.start()) : each.end()]) for each in pattern.finditer(text)
        )
        fix = Fix(number, number, written) if certain else None
        return lines.problem(
            "yaml.hash", message, (number, column + 1), "Put it in quotes", fix, length=len(lost)
        )
    return None

"""YAML text to data that knows its places, within bounds of size, depth and copies. Knows nothing of posts.

Scalars are read as YAML 1.2's core schema has them, so that `10:30`, `no` and `2027-03-02` stay text. Built from
libyaml's events: nothing is constructed that was not asked for. What YAML would silently change is found in
`yaml_traps`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.problems import Location, Problem

MAX_DEPTH = 50
MAX_NODES = 5_000_000
"""Values of all files of a calendar together."""
MAX_COPIES = 100_000
"""Values that the aliases and merge keys of one file may add."""

_INT = re.compile(r"[-+]?[0-9]{1,18}")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,15}|0o[0-7]{1,20}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STRING_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass(slots=True)
class Budget:
    """What is left to be read; shared by all files of a calendar."""

    nodes: int = MAX_NODES


class TooMuchError(Exception):
    """A bound was reached: reading of this file ends."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class UnreadableError(Exception):
    """YAML cannot go on `at` a line and column of the file, in something that began at `start`; both from 1."""

    def __init__(self, words: str, at: tuple[int, int], start: tuple[int, int]) -> None:
        super().__init__(words)
        self.words, self.at, self.start = words, at, start


def plain(text: str) -> Any:
    """The value of an unquoted scalar. Numbers too long for a float or an integer of 64 bits stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-.":
        if _INT.fullmatch(text):
            return int(text)
        if _HEX.fullmatch(text):
            return int(text, 0)
        if len(text) < 40 and _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
            return number
    return text


@dataclass(slots=True)
class Reader:
    """Reads pieces of one file. Anchors and bounds are those of the whole file, problems gather in `problems`."""

    file: str
    lines: list[str]
    budget: Budget
    problems: list[Problem] = field(default_factory=list)
    copies: int = MAX_COPIES
    anchors: dict[str, tuple[Any, Mark, int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    word_anchors: list[tuple[str, Problem]] = field(default_factory=list)
    lenient: bool = False
    """Set while the rest of a broken file is read: an alias may name an anchor that was lost."""

    def read(self, text: str, first_line: int = 1) -> Any:
        """The one document in `text`, which starts at `first_line` of the file; None where it is empty.

        Raises UnreadableError, TooMuchError.
        """
        import yaml

        parse = _Parse(self, text, first_line - 1)
        try:
            return parse.document()
        except yaml.MarkedYAMLError as error:
            end = (first_line + text.count("\n"), len(text) - text.rfind("\n"))
            at, start = error.problem_mark, error.context_mark or error.problem_mark
            ends = [
                min((mark.line + first_line, mark.column + 1), end) if mark else end for mark in (at, start)
            ]
            raise UnreadableError(error.problem or "unreadable", *ends) from error
        except yaml.YAMLError as error:
            raise UnreadableError("unreadable", (first_line, 1), (first_line, 1)) from error
        finally:
            parse.loader.dispose()

    def finish(self) -> None:
        """Judge the anchors that stand before words: unless an alias uses one, it was meant as part of the text."""
        self.problems += [problem for name, problem in self.word_anchors if name not in self.used]

    def error(self, code: str, message: str, location: Location, way: str, length: int = 1) -> None:
        self.problems.append(Problem("error", code, message, location, way, length))


class _Parse:
    """One run of libyaml over a piece of text."""

    def __init__(self, reader: Reader, text: str, shift: int) -> None:
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.reader, self.text, self.shift = reader, text, shift
        self.hashes = "#" in text
        self.loader = loader(text)
        self.get = self.loader.get_event
        self.yaml: Any = yaml
        self.Scalar, self.Alias = yaml.ScalarEvent, yaml.AliasEvent
        self.MapStart, self.MapEnd = yaml.MappingStartEvent, yaml.MappingEndEvent
        self.SeqEnd = yaml.SequenceEndEvent

    def document(self) -> Any:
        get = self.get
        get()
        event = get()
        if event.__class__ is self.yaml.StreamEndEvent:
            return None
        event = get()
        data = self.value(event, self.mark(event, event), 0, "")
        get()
        event = get()
        if event.__class__ is not self.yaml.StreamEndEvent:
            self.reader.error(
                "yaml.documents",
                "a second document starts here; a file is one",
                self.place(event),
                "take the line --- out, or move what follows into a file of its own",
            )
        return data

    def place(self, event: Any) -> Location:
        mark = event.start_mark
        return Location(self.reader.file, mark.line + self.shift + 1, mark.column + 1)

    def mark(self, event: Any, key: Any) -> Mark:
        start, end, at, shift = event.start_mark, event.end_mark, key.start_mark, self.shift + 1
        kind = event.__class__
        if kind is self.Scalar:
            style = event.style or ""
        elif kind is self.Alias:
            style = "*"
        elif kind is self.MapStart:
            style = "{" if event.flow_style else "m"
        else:
            style = "[" if event.flow_style else "s"
        return Mark(
            self.reader.file,
            start.line + shift,
            start.column + 1,
            end.line + shift,
            end.column + 1,
            at.line + shift,
            at.column + 1,
            style,
        )

    def value(self, event: Any, mark: Mark, depth: int, key: str) -> Any:
        reader = self.reader
        reader.budget.nodes -= 1
        if reader.budget.nodes < 0:
            self.too_much(event, "the calendar holds more than 5 million values")
        kind = event.__class__
        if kind is self.Scalar:
            return self.scalar(event, mark, key)
        if kind is self.Alias:
            return self.alias(event, mark)
        if event.tag:
            reader.problems.append(yaml_traps.tag(reader.lines, mark, str(event.tag)))
        if depth >= MAX_DEPTH:
            self.too_much(event, f"more than {MAX_DEPTH} levels stand inside each other here")
        left = reader.budget.nodes + reader.copies
        if event.anchor:
            reader.anchors.pop(event.anchor, None)
        data = self.mapping(mark, depth) if kind is self.MapStart else self.sequence(mark, depth, key)
        if event.anchor:
            size = left - reader.budget.nodes - reader.copies
            reader.anchors[event.anchor] = (data, mark, size + 1)
        return data

    def scalar(self, event: Any, mark: Mark, key: str) -> Any:
        reader = self.reader
        text: str = event.value
        if event.tag not in _STRING_TAGS:
            reader.problems.append(yaml_traps.tag(reader.lines, mark, str(event.tag)))
            return text
        if not event.implicit[0]:
            data: Any = text
            if mark.style in (">", '"', "'") and mark.end_line > mark.line:
                yaml_traps.check_folding(reader.problems, reader.lines, mark, key)
            if self.hashes and mark.style in ("|", ">"):
                yaml_traps.check_hashtags(reader.problems, reader.lines, mark)
        else:
            data = plain(text) if len(text) < 60 else text
            end = event.end_mark.index
            follows = self.text[end : end + 1]
            if follows in {" ", "#", "\t"}:
                yaml_traps.check_hash(reader.problems, reader.lines, mark, key, text)
            if mark.end_line > mark.line:
                yaml_traps.check_folding(reader.problems, reader.lines, mark, key)
        if event.anchor:
            reader.anchors[event.anchor] = (data, mark, 1)
            reader.word_anchors.append(
                (event.anchor, yaml_traps.anchor(reader.lines, mark, event.anchor, text))
            )
        return data

    def alias(self, event: Any, mark: Mark) -> Any:
        reader = self.reader
        name = event.anchor
        if name not in reader.anchors:
            if not reader.lenient:
                reader.problems.append(yaml_traps.alias(reader.lines, mark, name))
            return None
        reader.used.add(name)
        data, _, size = reader.anchors[name]
        reader.copies -= size
        if reader.copies < 0:
            self.too_much(event, f"aliases such as *{name} add more than {MAX_COPIES:,} values")
        return data

    def mapping(self, mark: Mark, depth: int) -> Map:
        out = Map(mark)
        marks, get, problems = out.marks, self.get, self.reader.problems
        merges: list[tuple[Any, Any]] = []
        lost: list[tuple[str, Mark]] = []
        while (event := get()).__class__ is not self.MapEnd:
            if event.__class__ is not self.Scalar:
                self.odd_key(event, depth)
                continue
            key, inner, before = event.value, get(), len(problems)
            place = self.mark(inner, event)
            data = self.value(inner, place, depth + 1, key)
            if len(problems) > before and any(each.severity == "error" for each in problems[before:]):
                out.broken |= {key}
            if key == "<<" and event.implicit[0]:
                merges.append((data, event))
            elif data is None and mark.style == "{" and self.is_lost(event, inner):
                lost.append((key, place))
                out.broken |= {next(reversed(out), key)}
                continue
            elif key in marks:
                problems.append(yaml_traps.twice(key, marks[key], place))
                out.broken |= {key}
            else:
                self.explain_lost(out, lost)
                out[key] = data
                marks[key] = place
        self.explain_lost(out, lost)
        for data, event in merges:
            self.merge(out, data, event)
        return out

    def explain_lost(self, out: Map, lost: list[tuple[str, Mark]]) -> None:
        if lost:
            last = next(reversed(out), None)
            before = (last, out.marks[last]) if last is not None else None
            self.reader.problems.append(yaml_traps.comma(self.reader.lines, before, lost))
            lost.clear()

    def is_lost(self, key: Any, value: Any) -> bool:
        """Whether a key inside braces has no colon: words after a comma that became a key."""
        start, end = key.end_mark.index, value.end_mark.index
        return value.__class__ is self.Scalar and ":" not in self.text[start : end + 1]

    def odd_key(self, event: Any, depth: int) -> None:
        self.reader.error(
            "yaml.key",
            "a key is a plain word",
            self.place(event),
            "put the text in quotes if it starts with a bracket",
        )
        self.value(event, self.mark(event, event), depth + 1, "")
        event = self.get()
        self.value(event, self.mark(event, event), depth + 1, "")

    def merge(self, out: Map, data: Any, event: Any) -> None:
        for part in data if isinstance(data, list) else [data]:
            if not isinstance(part, Map):
                message = "<< adds the keys of a mapping, and this is none"
                self.reader.error("yaml.merge", message, self.place(event), "take the line out", 2)
                continue
            for key, value in part.items():
                if key not in out:
                    out.put(key, value, part.marks[key])

    def sequence(self, mark: Mark, depth: int, key: str) -> Seq:
        out = Seq(mark)
        marks, get = out.marks, self.get
        while (event := get()).__class__ is not self.SeqEnd:
            place = self.mark(event, event)
            out.append(self.value(event, place, depth + 1, key))
            marks.append(place)
        if mark.style == "[":
            self.find_hash(mark, event)
        return out

    def find_hash(self, mark: Mark, event: Any) -> None:
        """In a list over several lines, which ends well, a hashtag takes away no more than the rest of its line."""
        end = event.end_mark.line + self.shift + 1
        if end > mark.line:
            lost = yaml_traps.hash_in_list(self.reader.lines, mark.file, mark.line, end)
            self.reader.problems += [lost] if lost is not None else []

    def too_much(self, event: Any, words: str) -> None:
        raise TooMuchError(
            Problem(
                "error", "yaml.size", words, self.place(event), "make it smaller; nothing after this was read"
            )
        )

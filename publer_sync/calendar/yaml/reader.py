"""YAML text to data that knows its places, within bounds of size, depth and copies. Knows nothing of posts.

Scalars are read as YAML 1.2's core schema has them, so that `10:30`, `no` and `2027-03-02` stay text. Built from
libyaml's events: nothing is constructed that was not asked for. What YAML would silently change is found in
`traps`.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.yaml.comments import ReadValue, hash_in_list
from publer_sync.calendar.yaml.hashes import Hashes
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.calendar.yaml.scalars import value_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module

if TYPE_CHECKING:
    from publer_sync.calendar.yaml import traps
    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.values.problems import Problem
else:
    traps = late_module("publer_sync.calendar.yaml.traps")

MAX_DEPTH = 50
MAX_NODES = 5_000_000
"""Values of all files of a calendar together."""
MAX_COPIES = 100_000
"""Values that the aliases and merge keys of one file may add."""

_STRING_TAGS = (None, "tag:yaml.org,2002:str")
_new_tuple = tuple.__new__
"""Makes a named tuple in half the time, which counts for the marks: there is one for each value."""


@dataclass(slots=True)
class Budget:
    """What is left to be read; shared by all files of a calendar."""

    nodes: int = MAX_NODES


class TooMuchError(Exception):
    """A bound was reached: reading of this file ends."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class UnreadableError(Exception):
    """YAML cannot go on `at` a line and column of the file, in something that began at `start`, if it says so; both from 1."""

    def __init__(self, words: str, at: tuple[int, int], start: tuple[int, int]) -> None:
        self.words, self.at, self.start = words, at, start


@dataclass(slots=True)
class Reader:
    """Reads pieces of one file. Anchors and bounds are those of the whole file, problems gather in `problems`."""

    lines: Lines
    budget: Budget
    problems: list[Problem] = field(default_factory=list)
    copies: int = MAX_COPIES
    anchors: dict[str, tuple[Any, Mark, int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    word_anchors: list[tuple[str, Problem]] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)
    """Lines whose value could not be read, and was left out of the text."""
    failures: int = 0
    """How many values are wrong or lost, by which a map knows that one of its keys is."""
    in_items: bool = False
    """Whether the main list has begun."""
    lenient: bool = False
    """Set while the rest of a broken file is read: an alias may name an anchor that was lost."""

    def read(self, text: str, first_line: int = 1) -> Any:
        """The one document in `text`, which starts at `first_line` of the file; None where it is empty.

        Raises UnreadableError, and forgets the problems of this reading; raises TooMuchError.
        """
        import yaml

        parse = _Parse(self, text, first_line - 1)
        before, anchors = len(self.problems), len(self.word_anchors)
        try:
            return parse.document()
        except yaml.YAMLError as error:
            del self.problems[before:]
            del self.word_anchors[anchors:]
            mark: Any
            problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
            end = (first_line + text.count("\n"), len(text) - text.rfind("\n"))
            at, start = [
                min((each.line + first_line, each.column + 1), end) if each else end
                for each in (mark, getattr(error, "context_mark", None))
            ]
            raise UnreadableError(problem or "unreadable", at, start) from error

    def finish(self) -> None:
        """Judge the anchors that stand before words: unless an alias uses one, it was meant as part of the text."""
        self.problems += [problem for name, problem in self.word_anchors if name not in self.used]

    def advise(self, problem: Problem | None) -> None:
        """Add an error that can be silenced: what was read counts."""
        if problem is not None:
            self.problems.append(problem)

    def report_hash(self, problem: Problem | None) -> None:
        """Report a hashtag in a list, in place of what was said of it as a comment."""
        if problem is None:
            return
        for number, other in enumerate(self.problems):
            if (other.code, other.location) == (problem.code, problem.location):
                self.problems[number] = problem
                return
        self.report(problem)

    def report(self, problem: Problem | None) -> None:
        if problem is not None:
            self.problems.append(problem)
            self.failures += problem.severity == "error"


class _Parse:
    """One run of libyaml over a piece of text."""

    def __init__(self, reader: Reader, text: str, shift: int) -> None:
        import yaml

        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.reader, self.text, self.shift = reader, text, shift
        self.file, self.lines = reader.lines.file, reader.lines
        self.hashes = Hashes(reader.lines, text, shift)
        self.hashes.in_items = reader.in_items
        self.loader = loader(text)
        self.get = self.loader.get_event
        self.yaml: Any = yaml
        self.Scalar, self.Alias = yaml.ScalarEvent, yaml.AliasEvent
        self.MapStart, self.MapEnd = yaml.MappingStartEvent, yaml.MappingEndEvent
        self.SeqEnd = yaml.SequenceEndEvent
        self.more: list[Map] = []
        """Items that follow the one just read, their dashes missing."""

    def document(self) -> Any:
        get = self.get
        get()
        event = get()
        if event.__class__ is self.yaml.StreamEndEvent:
            return None
        event = get()
        data = self.value(event, self.mark(event, event), 0, "")
        for problem in self.hashes.before(len(self.text)):
            self.reader.report(problem)
        get()
        event = get()
        if event.__class__ is not self.yaml.StreamEndEvent:
            say = "Remove the line ---, or move what follows into a file of its own"
            self.error(
                "yaml.documents",
                "the line --- or ... ends the posts of this file; what follows would be lost",
                event,
                say,
            )
        return data

    def error(self, code: str, message: str, event: Any, say: str, length: int = 1) -> None:
        self.reader.report(self.lines.problem(code, message, self.place(event), say, length=length))

    def too_much(self, event: Any, message: str) -> None:
        say = "Make it smaller; nothing after this was read"
        raise TooMuchError(self.lines.problem("yaml.size", message, self.place(event), say))

    def place(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return mark.line + self.shift + 1, mark.column + 1

    def mark(self, event: Any, key: Any) -> Mark:
        start, end, at, shift = event.start_mark, event.end_mark, key.start_mark, self.shift + 1
        kind = event.__class__
        if kind is self.Scalar:
            style = event.style or ""
        elif kind is self.Alias:
            style = "*"
        else:
            style = ("{m" if kind is self.MapStart else "[s")[not event.flow_style]
        first, last, key_line = start.line + shift, end.line + shift, at.line + shift
        return _new_tuple(
            Mark,
            (self.file, first, start.column + 1, last, end.column + 1, key_line, at.column + 1, style),
        )

    def pass_hashes(self, event: Any, mark: Mark, key: str, text: str) -> None:
        hashes, end = self.hashes, event.end_mark.index
        if hashes.are_near(end):
            for problem in hashes.passed(event.start_mark.index, end, ReadValue(mark, key, text)):
                self.reader.report(problem)
        hashes.last = mark, key, text

    def value(self, event: Any, mark: Mark, depth: int, key: str) -> Any:
        reader = self.reader
        reader.budget.nodes -= 1
        if reader.budget.nodes < 0:
            self.too_much(event, "the calendar holds more than 5 million values")
        if reader.lost and mark.key_line in reader.lost:
            reader.failures += 1
        kind = event.__class__
        if kind is self.Scalar:
            return self.scalar(event, mark, key)
        if kind is self.Alias:
            return self.alias(event, mark)
        if event.tag:
            reader.report(traps.tag(self.lines, mark, str(event.tag)))
        if depth >= MAX_DEPTH:
            self.too_much(event, f"more than {MAX_DEPTH} levels inside each other")
        left = reader.budget.nodes + reader.copies
        reader.anchors.pop(event.anchor, None)
        data = self.mapping(mark, depth) if kind is self.MapStart else self.sequence(mark, depth, key)
        if event.anchor:
            size = left - reader.budget.nodes - reader.copies
            reader.anchors[event.anchor] = (data, mark, size + 1)
        return data

    def scalar(self, event: Any, mark: Mark, key: str) -> Any:
        reader, lines = self.reader, self.lines
        text: str = event.value
        if self.hashes.left:
            self.pass_hashes(event, mark, key, text)
        if reader.lost and mark.key_line in reader.lost:
            return None
        if event.tag not in _STRING_TAGS:
            reader.report(traps.tag(lines, mark, str(event.tag)))
            return text
        if not event.implicit[0]:
            data: Any = text
            if mark.style == '"':
                written = self.text[event.start_mark.index : event.end_mark.index]
                reader.report(traps.code(lines, mark, key, written) if "\\" in written else None)
            if mark.style in (">", '"', "'") and mark.end_line > mark.line:
                reader.advise(traps.folding(lines, mark, key, text))
        else:
            data = value_of(text)
            if mark.end_line > mark.line:
                reader.advise(traps.folding(lines, mark, key, text))
        if event.anchor:
            reader.anchors[event.anchor] = (data, mark, 1)
            reader.word_anchors.append((event.anchor, traps.anchor(lines, mark, event.anchor, text)))
        return data

    def alias(self, event: Any, mark: Mark) -> Any:
        reader = self.reader
        name = event.anchor
        if self.hashes.left:
            self.pass_hashes(event, mark, "", f"*{name}")
        if name not in reader.anchors:
            if reader.lenient and any(f"&{name}" in text for text in self.lines.texts):
                reader.failures += 1
            else:
                reader.report(traps.alias(self.lines, mark, name))
            return None
        reader.used.add(name)
        data, _, size = reader.anchors[name]
        reader.copies -= size
        if reader.copies < 0:
            self.too_much(event, f"aliases such as *{name} add more than {MAX_COPIES:,} values")
        return data

    def mapping(self, mark: Mark, depth: int) -> Map:
        out = Map(mark)
        marks, get, reader = out.marks, self.get, self.reader
        merges: list[tuple[Any, Any]] = []
        lost: list[tuple[str, Mark]] = []
        repeated: list[tuple[str, Any, Mark]] = []
        while (event := get()).__class__ is not self.MapEnd:
            if event.__class__ is not self.Scalar:
                self.odd_key(event, depth)
                continue
            key, inner, before = event.value, get(), reader.failures
            if depth == 0 and key == self.lines.vocabulary.main:
                self.hashes.in_items = reader.in_items = True
            place = self.mark(inner, event)
            data = self.value(inner, place, depth + 1, key)
            if reader.failures != before:
                out.broken |= {key}
            if key == "<<" and event.implicit[0]:
                merges.append((data, event))
            elif data is None and mark.style == "{" and self.is_lost(event, inner):
                lost.append((key, place))
                out.broken |= {next(reversed(out), key)}
                continue
            elif key in marks or repeated:
                repeated.append((key, data, place))
            else:
                if lost:
                    self.explain_lost(out, lost)
                out[key] = data
                marks[key] = place
        self.explain_lost(out, lost)
        if repeated:
            self.repeat(out, repeated)
        for data, event in merges:
            self.merge(out, data, event)
        return out

    def repeat(self, out: Map, repeated: list[tuple[str, Any, Mark]]) -> None:
        """Keys from the first repeated one on: repeated by accident, or those of the items that follow."""
        start, line = next(iter(out)), self.lines[out.mark.line]
        both = {key for key, _, _ in repeated if key in out}
        items = repeated[0][0] == start and len(both) > 1 and line.is_item and out.mark.style == "m"
        above = out.marks[start]
        for key, data, mark in repeated:
            if items and key == start:
                self.reader.report(traps.next_dash_missing(self.lines, above, out.marks.values(), key, mark))
                out = Map(mark._replace(line=mark.key_line, column=mark.key_column, style="m"))
                self.more.append(out)
            if key in out:
                self.reader.report(traps.twice(self.lines, key, out.marks[key], mark))
                out.broken |= {key}
            else:
                out.put(key, data, mark)

    def explain_lost(self, out: Map, lost: list[tuple[str, Mark]]) -> None:
        if lost:
            last = next(reversed(out), None)
            before = (last, out.marks[last]) if last is not None else None
            self.reader.report(traps.comma(self.lines, before, lost))
            lost.clear()

    def is_lost(self, key: Any, value: Any) -> bool:
        """Whether a key inside braces has no colon: words after a comma that became a key."""
        start, end = key.end_mark.index, value.end_mark.index
        return ":" not in self.text[start : end + 1]

    def odd_key(self, event: Any, depth: int) -> None:
        say = "Put the text in quotes if it starts with a bracket"
        self.error("yaml.key", "a key must be a plain word", event, say)
        self.value(event, self.mark(event, event), depth + 1, "")
        event = self.get()
        self.value(event, self.mark(event, event), depth + 1, "")

    def merge(self, out: Map, data: Any, event: Any) -> None:
        for part in data if isinstance(data, list) else [data]:
            if part is None and "<<" in out.broken:
                out.broken |= {"?"}  # its anchor is where the file could not be read
            elif not isinstance(part, Map):
                message = '"<<" adds the keys of another place, and this has no keys'
                self.error("yaml.merge", message, event, "Remove the line", 2)
            else:
                for key, value in part.items():
                    if key not in out:
                        out.put(key, value, part.marks[key])

    def sequence(self, mark: Mark, depth: int, key: str) -> Seq:
        out = Seq(mark)
        marks, get = out.marks, self.get
        if depth == 0:
            self.hashes.in_items = self.reader.in_items = True
        while (event := get()).__class__ is not self.SeqEnd:
            place = self.mark(event, event)
            out.append(self.value(event, place, depth + 1, key))
            marks.append(place)
            while self.more:
                out.put(self.more[0], self.more.pop(0).mark)
        end = event.end_mark.line + self.shift + 1  # type: ignore[union-attr]  # the parser gives every event its marks
        if mark.style == "[" and end > mark.line:
            # The list ends well, so a hashtag takes away no more than the rest of its line.
            self.reader.report_hash(hash_in_list(self.lines, mark.line, end))
        return out

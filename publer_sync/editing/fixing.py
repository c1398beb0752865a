"""Applies the certain fixes that errors offer, in memory, and proves each by reading the calendar again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from publer_sync.calendar.load import read
from publer_sync.calendar.shape.certainty import CODES
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml.lines import note_in
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.source import Source
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.values.problems import Fix, Problem

    Judge = Callable[[Calendar], Sequence[Problem]]

_WORD: Final = re.compile(r"\w+")


class Offer(NamedTuple):
    """An error in a file of the calendar, and the fix that it offers."""

    file: str
    fix: Fix
    problem: Problem


@dataclass(frozen=True)
class Fixed:
    """A calendar as it reads with its fixes, and the `problems` that it has then.

    `fixes` are the problems that were fixed, each in the line where it was by then; `files` are the new bytes of the
    files that change, `before` those on disk.
    """

    calendar: Calendar
    problems: Sequence[Problem]
    fixes: tuple[Problem, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    before: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        return errors_in(self.problems)

    @property
    def shared(self) -> list[str]:
        """Files outside the calendar that have fixes and are left alone: other calendars extend them too."""
        places = (each.location for each in self.errors if each.fix is not None)
        return sorted({place.file for place in places if place is not None and place.is_outside})


def fix(calendar: Calendar, judge: Judge) -> Fixed:
    """Apply every fix that helps, in passes, since one can bring others to light. Nothing is written to disk.

    `judge` finds the problems of a calendar. Warnings are left to people: such posts are published as they are, which a fix would change.
    """
    best, before = Fixed(calendar, judge(calendar)), None
    while best is not before:
        before, offers = best, list(_offers(best))
        while offers and best is before:
            batch = _apart(offers)
            offers = [each for each in offers if each not in batch]
            best = _applied(best, batch, judge)
    return best


def _applied(fixed: Fixed, batch: Sequence[Offer], judge: Judge) -> Fixed:
    """With each of these that helps. Lower lines come first, so that those above keep their numbers."""
    new = _with(fixed, batch, judge)
    if _helps(fixed, new, {each.file for each in batch}):
        return new
    if len(batch) == 1:
        return fixed
    middle = len(batch) // 2
    return _applied(_applied(fixed, batch[middle:], judge), batch[:middle], judge)


def _offers(fixed: Fixed) -> Iterator[Offer]:
    """The fixes of lines whose bytes are what was read."""
    documents = {each.file: each for each in fixed.calendar.documents}
    sources: dict[str, Source | None] = {}
    for problem in fixed.errors:
        place, fix = problem.location, problem.fix
        if fix is None or place is None or place.is_outside or problem.code not in CODES:
            continue
        document = documents[place.file]
        if document.page is not None:
            continue
        if place.file not in sources:
            sources[place.file] = _source(document.raw)
        source, lines = sources[place.file], slice(fix.start_line - 1, fix.end_line)
        if source is not None and source.lines[lines] == document.written[lines]:
            yield Offer(place.file, fix, problem)


def _source(raw: bytes) -> Source | None:
    try:
        return Source.of(raw)
    except UnicodeDecodeError:
        return None


def _apart(offers: Iterable[Offer]) -> list[Offer]:
    """Those that share no line with one before them."""
    apart: list[Offer] = []
    for offer in sorted(offers, key=lambda each: (each.file, each.fix.start_line)):
        last = apart[-1] if apart else None
        if last is None or last.file != offer.file or last.fix.end_line < offer.fix.start_line:
            apart.append(offer)
    return apart


def _with(fixed: Fixed, offers: Sequence[Offer], judge: Judge) -> Fixed:
    old, changed = fixed.calendar, {each.file for each in offers}
    raw = {each.file: each.raw for each in old.documents if each.file in changed}
    files = dict(fixed.files)
    for file, bytes_ in raw.items():
        source = Source.of(bytes_)
        files[file] = source.spliced(source.fix(each.fix) for each in offers if each.file == file)
    new = read(old.top, workspace_env=old.workspace_env, instead=files)
    fixes = (*fixed.fixes, *(each.problem for each in offers))
    return Fixed(new, judge(new), fixes, files, {**raw, **fixed.before})


def _helps(old: Fixed, new: Fixed, files: Iterable[str]) -> bool:
    """Whether each of the files has fewer errors, or as many and fewer warnings, the calendar no more errors, and no word is changed.

    A post that could not be read before may have warnings that nobody could see.
    """
    errors, errors_before = _by_file(new.errors), _by_file(old.errors)
    problems, problems_before = _by_file(new.problems), _by_file(old.problems)
    return (
        (len(new.errors), len(new.problems)) < (len(old.errors), len(old.problems))
        and all(
            (errors[file], problems[file]) < (errors_before[file], problems_before[file]) for file in files
        )
        and _keeps_words(old.calendar, new.calendar)
    )


def _by_file(problems: Iterable[Problem]) -> Counter[str]:
    return Counter(each.location.file if each.location else "" for each in problems)


def _keeps_words(old: Calendar, new: Calendar) -> bool:
    """Whether every word of every text is still there, and none of a comment is in a text.

    Words of a text that could not be read before may be new.
    """
    then = {each.file: each for each in new.documents}
    for document in old.documents:
        before, after = _word_counts(document.data), _word_counts(then[document.file].data)
        unread = Counter(_WORD.findall("\n".join(map(_without_note, document.written)))) - before
        if before - after or (after - before) - unread:
            return False
    return True


def _without_note(line: str) -> str:
    """A line up to a # behind which there may be a note to the team."""
    return line[: note_in(line)] if "#" in line else line


def _word_counts(data: Any) -> Counter[str]:
    return Counter(word for text in _texts(data) for word in _WORD.findall(text))


def _texts(data: Any, key: str = "") -> Iterator[str]:
    match data:
        case Map():
            for inner, value in data.items():
                yield from _texts(value, inner)
        case Seq():
            for value in data:
                yield from _texts(value, key)
        case str() if key in vocabulary().texts:
            yield data

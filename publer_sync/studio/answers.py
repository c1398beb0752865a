"""What the studio answers: the status of HTTP, and what is told as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from publer_sync.machine.durable import is_full
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio.posts import editor_address, problem_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.studio.documents import RefusedAnswer, RefusedData, StudioProblemData
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.values.problems import Location, Problem

CONFLICT: Final = 409
REFUSED: Final = 422
BROKEN: Final = 500
FULL: Final = 507


@dataclass(frozen=True, slots=True)
class StudioAnswer:
    """The status of HTTP, and what is answered as JSON."""

    status: int
    body: Any


def unwritten(error: OSError) -> StudioAnswer:
    status = FULL if is_full(error) else BROKEN
    return StudioAnswer(status, {"refused": {"say": f"The file could not be written: {error.strerror}."}})


def problems_data(opened: OpenCalendar, problems: Iterable[Problem]) -> list[StudioProblemData]:
    return [problem_data(each, opened, opened.keys.key_at(each.location)) for each in problems]


def refused_answer(
    opened: OpenCalendar, say: str, place: Location | None, *, paste: str = ""
) -> StudioAnswer:
    body: RefusedData = {"say": say, "problems": [], "swap": None}
    if place is not None:
        body |= {
            "file": place.file,
            "line": place.line,
            "open": editor_address(opened.calendar.top, place.file, place.line),
            "paste": paste,
        }
    answer: RefusedAnswer = {"refused": body}
    return StudioAnswer(REFUSED, answer)

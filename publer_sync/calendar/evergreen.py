"""What `evergreen` of a stored post says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.places import problem_at, time_problem
from publer_sync.calendar.when import times
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.values.policies import Evergreen
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from datetime import date

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.when.wall_clock import WallClock
    from publer_sync.values.counted import Counted
    from publer_sync.values.problems import Problem


def evergreen_of(
    document: Document, data: Map, clock: WallClock, problems: list[Problem], bounds: list[Counted]
) -> Evergreen | None:
    """What `evergreen` of a post says; None if it could not be read. `bounds` gets the dates that its days count from."""
    written = data.get("evergreen")
    if "evergreen" in data.broken or not isinstance(written, Map):
        return None
    days = {key: _day(document, written, key, clock, problems, bounds) for key in ("from", "until")}
    first, last = days["from"], days["until"]
    if first is not None and last is not None and last < first:
        message = f"`until` ({last}) is before `from` ({first})"
        mark = written.marks["until"]
        problems.append(
            problem_at(mark, "evergreen.until", message, f"End it on {first} or later", key="until")
        )
    every = times.duration(written.get("every")) if "every" not in written.broken else None
    if every is None:
        return None
    return Evergreen(timedelta(minutes=every.minutes), written.get("times"), first, last)


def _day(
    document: Document,
    written: Map,
    key: str,
    clock: WallClock,
    problems: list[Problem],
    bounds: list[Counted],
) -> date | None:
    if key not in written or key in written.broken:
        return None
    try:
        day, counted = clock.read_day(str(written[key]), key)
    except TimeError as error:
        problems.append(time_problem(error, written.marks[key], document.lines))
        return None
    bounds += [counted] if counted is not None else []
    return day


def check_stored(data: Map, problems: list[Problem]) -> None:
    """Report what does not go together in a stored post, and keys that only a stored post has elsewhere."""
    if "evergreen" not in data and "evergreen" not in data.broken:
        if "variants" in data and "use" not in data:
            message = "`variants` take turns in a stored post, and this one is not stored"
            advice = Help("Store it, or write its words under `text`", example="evergreen:\n  every: 8w")
            problems.append(
                problem_at(data.marks["variants"], "evergreen.variants", message, advice, key="variants")
            )
        return
    if "evergreen" in data.broken:
        return
    if "use" in data:
        message = "a post is either in store (`evergreen`) or a use of a stored post (`use`)"
        problems.append(
            problem_at(data.marks["use"], "evergreen.use", message, "Remove one of the two", key="use")
        )
    mark = data.marks["evergreen"]
    if "id" not in data and "id" not in data.broken:
        message = "a stored post needs an `id`: its uses name it"
        advice = Help("Add an id", example="id: tip-1")
        problems.append(problem_at(mark, "evergreen.id", message, advice, key="evergreen"))
    for key in ("at", "repeat"):
        if key not in data:
            continue
        name = data.get("id") or "tip-1"
        message = f"a stored post (`evergreen`) is never sent itself, so it takes no `{key}`"
        line = f"at: {data['at']}" if key == "at" and isinstance(data["at"], str) else "at: 2027-03-02 09:00"
        advice = Help(
            f"Remove `{key}`, and add a use for each time, or run publer-sync fill --evergreen",
            example=f"- use: {name}\n  {line}",
        )
        problems.append(problem_at(data.marks[key], f"evergreen.{key}", message, advice, key=key))

"""The drift issue: opens, updates and closes one issue for what differs since the last apply, and for dead links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.action import pages
from publer_sync.action.telling import BODY, digest, told_in, told_line
from publer_sync.planning.plan import (
    Action,
    Block,
    Blocked,
    Held,
    Unchanged,
    intent,
    is_missed,
    waits_for_yes,
)
from publer_sync.render import markdown
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.measure import cut
from publer_sync.render.layout.wording import before_command, count, sentence
from publer_sync.render.post import tally
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from publer_sync.action.github import GitHub
    from publer_sync.action.pages import Place
    from publer_sync.action.runs import CalendarOutcome
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.problems import Problem

_TITLE = 250
"""GitHub takes 256 characters."""
_PART = 500
"""Characters that a calendar needs at least, to say something."""
_MORE = "… and more: see the run of the last check."
_MOST_NAMES = 3
_MOST = 50
"""Posts of a kind that are listed one by one."""

_BY_HAND = frozenset({Block.EDITED, Block.TWIN})


def _unlisted(change: Change) -> bool:
    """Whether an incomplete list lacks it, so that nobody knows what Publer has of it."""
    return Block.LISTING in change.blocks


def edited(change: Change) -> bool:
    """Changed or deleted in Publer by someone."""
    if _unlisted(change):
        return False
    return intent(change).action is Action.RECREATE or bool(change.blocks and change.blocks[0] in _BY_HAND)


def stuck(change: Change) -> bool:
    """Did not publish as the calendar says, or will not unless someone acts."""
    if _unlisted(change) and not isinstance(intent(change), Unchanged):
        # An incomplete list proves nothing. But what is to stay out of Publer would be published if it is there.
        return False
    if isinstance(change, Blocked) and waits_for_yes(change) and not change.near:
        return False  # whoever is asked has time
    return is_missed(change) or (change.action is Action.BLOCKED and not edited(change))


def unapplied(change: Change) -> bool:
    """What the next apply would do without asking."""
    if isinstance(change, Held):
        return change.live is not None
    return change.action in (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.ADOPT)


def unsure(results: Iterable[CalendarOutcome]) -> bool:
    """Whether an incomplete list leaves open what became of a post: that nothing is found proves nothing then."""
    return any(_unlisted(change) for done in results if done.plan is not None for change in done.plan.changes)


def reported(done: CalendarOutcome) -> CalendarOutcome:
    """The outcome with only those changes that the issue tells of one by one: a notice has no others."""
    if done.plan is None:
        return done
    told = tuple(change for change in done.plan.changes if edited(change) or stuck(change))
    return replace(done, plan=replace(done.plan, changes=told))


def found(done: CalendarOutcome) -> bool:
    """Whether there is a reason for an issue."""
    return differs(done) or bool(done.dead_links)


def differs(done: CalendarOutcome) -> bool:
    """Whether Publer differs from the calendar, or nobody can tell."""
    if done.plan is None:
        return done.code != 0
    changes = any(edited(change) or stuck(change) or unapplied(change) for change in done.plan.changes)
    return changes or bool(_gone(done.plan))


@dataclass(frozen=True, slots=True)
class DriftIssue:
    """`told` names what it reports; the notice has what a program would be told of it."""

    title: str
    told: frozenset[str]
    results: Sequence[tuple[CalendarOutcome, Place]]

    def text(self, room: int) -> str:
        """A part for each calendar with something to report, together in at most `room` characters."""
        return _fitting([_part(done, place) for done, place in self.results], room)

    def news(self, known: frozenset[str], room: int) -> str:
        """The parts of what was not `known`, for a comment; "" if there is none."""
        parts = [
            _part(done, place, known=known) for done, place in self.results if _names(done, place) - known
        ]
        return _fitting(parts, room)


def issue(results: Sequence[tuple[CalendarOutcome, Place]]) -> DriftIssue | None:
    """The issue; None if there is nothing to report."""
    reported = [(done, place) for done, place in results if found(done)]
    if not reported:
        return None
    differ = [done for done, _ in reported if differs(done)]
    names = [cut(one_line(done.name), 80) for done in differ or [done for done, _ in reported]]
    which = ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} calendars"
    which = "the social calendar" if which == "calendar" else which
    title = f"Publer and {which} differ" if differ else f"Dead links in {which}"
    told = frozenset[str]().union(*(_names(done, place) for done, place in reported))
    return DriftIssue(cut(title, _TITLE), told, reported)


def _fitting(parts: Sequence[str], room: int) -> str:
    """What short parts leave of the room is for the long ones."""
    most = max(1, (room - 100) // _PART)
    ended = ""
    if len(parts) > most:
        ended = f"\n\n… and {count(len(parts) - most, 'calendar')} more: see the run of the last check."
        parts, room = parts[:most], room - len(ended)
    rooms: dict[int, int] = {}
    room -= 2 * len(parts)
    for done, number in enumerate(sorted(range(len(parts)), key=lambda number: len(parts[number]))):
        rooms[number] = min(len(parts[number]), room // (len(parts) - done))
        room -= rooms[number]
    kept = [fitting(part, rooms[number], _MORE).rstrip() for number, part in enumerate(parts)]
    return "\n\n".join(kept) + ended


# --- what was told before -----------------------------------------------------------------------------------------------


def _names(done: CalendarOutcome, place: Place) -> frozenset[str]:
    """A name for each thing that the part of a calendar reports, the same in every check."""
    folder, plan = place.folder, done.plan
    if plan is None:
        return frozenset((digest(folder, "error", done.error.code if done.error else "calendar"),))
    found = {_name(change, folder) for change in plan.changes if edited(change) or stuck(change)}
    found |= {digest(folder, "gone", str(number)) for number, _ in enumerate(_gone(plan))}
    found |= {_name_of_link(problem, folder) for problem in done.dead_links}
    if any(map(unapplied, plan.changes)):
        found.add(digest(folder, "not applied"))
    return frozenset(found)


def _name(change: Change, folder: str) -> str:
    which = change.id or f"{change.at:%Y-%m-%dT%H:%M}"
    what = f"{intent(change).action} {' '.join(map(str, change.blocks[:1]))}"
    return digest(folder, change.account.id, which, what)


def _name_of_link(problem: Problem, folder: str) -> str:
    return digest(folder, problem.location.file if problem.location else "", problem.message)


# --- the text -----------------------------------------------------------------------------------------------------------


def _part(done: CalendarOutcome, place: Place, *, known: frozenset[str] = frozenset()) -> str:
    """What a calendar has to report, without what is `known`."""
    plan, folder = done.plan, place.folder

    def new(belongs: Callable[[Change], bool]) -> Callable[[Change], bool]:
        return lambda change: belongs(change) and _name(change, folder) not in known

    head = f"## <code>{escaped_line(place.folder or 'calendar')}</code>"
    if plan is None:
        error = done.error
        why = (
            f"The calendar has {count(done.errors, 'error')}."
            if done.errors
            else escaped_line(sentence(one_line(error.message if error else "there is no plan")))
        )
        return f"{head}\n\n**Nothing can be planned**: {why} See [the run]({place.event.run})."
    parts = [head, _last(plan)]
    parts += _section(plan, place, "Edited or deleted in Publer", new(edited))
    parts += _section(plan, place, "Not publishing as the calendar says", new(stuck))
    gone = [
        each for number, each in enumerate(_gone(plan)) if digest(folder, "gone", str(number)) not in known
    ]
    if gone:
        parts += ["### Calendars that left the repository", "\n".join(f"- {each}" for each in gone)]
    parts += _links([each for each in done.dead_links if _name_of_link(each, folder) not in known], place)
    waiting = len(tally.of_changes(filter(unapplied, plan.changes), plan))
    if waiting and digest(folder, "not applied") not in known:
        parts.append(
            f"### Not applied yet\n\n{count(waiting, 'change')} of the calendar {'is' if waiting == 1 else 'are'} not in "
            f"Publer. Did the last apply fail? [The plan]({place.event.run})"
        )
    return "\n\n".join(parts)


def _gone(plan: Plan) -> list[str]:
    """Whose posts are still published, and what to do about them."""
    return [
        escaped_line(before_command(warn.message)) for warn in plan.warnings if warn.code == "calendar_gone"
    ]


def _last(plan: Plan) -> str:
    if plan.last_apply is None:
        return "Nothing has been applied yet, or the state was lost."
    if plan.last_good_apply is None:
        return f"No apply has done everything yet; the last one ended {_when(plan, plan.last_apply)}."
    told = f"The last good apply ended {_when(plan, plan.last_good_apply)}."
    if plan.last_apply == plan.last_good_apply:
        return told
    partial = "it covered only some posts, or left something undone"
    return f"{told} The last apply ended {_when(plan, plan.last_apply)}: {partial}."


def _when(plan: Plan, at: datetime) -> str:
    days = (plan.created_at - at).days
    when = "today" if days <= 0 else f"{count(days, 'day')} ago"
    return f"{when} ({at:%Y-%m-%d %H:%M} UTC)"


def _section(plan: Plan, place: Place, title: str, belongs: Callable[[Change], bool]) -> list[str]:
    told = markdown.held(filter(belongs, plan.changes), plan, place.venue)
    if not told:
        return []
    lines = [f"- {why}" for why in told[:_MOST]]
    if len(told) > _MOST:
        lines.append(f"- … and {len(told) - _MOST:,} more.")
    return [f"### {title}", "\n".join(lines)]


def _links(dead: Sequence[Problem], place: Place) -> list[str]:
    if not dead:
        return []
    lines = []
    for problem in dead[:_MOST]:
        where, what = problem.location, escaped_line(problem.message)
        here = f"[{escaped_line(str(where))}]({place.line(where.file, where.line)}): " if where else ""
        lines.append(f"- {here}{what}")
    if len(dead) > _MOST:
        lines.append(f"- … and {len(dead) - _MOST:,} more.")
    return [
        "### Dead links in posts ahead",
        "\n".join(lines),
        "Some sites answer programs with 403, 429 or 999, and people with the page: open such a link in a browser.",
    ]


def keep_issue(
    github: GitHub,
    key: Iterable[str],
    issue: DriftIssue | None,
    run: str,
    beside: Collection[str] = (),
    *,
    unsure: bool = False,
) -> tuple[str, frozenset[str]]:
    """Open, edit or close the one issue, and return what was done, and what had been told before.

    `issue` is None if there is nothing to report. GitHub mails nobody an issue that is edited, so what is new since the last
    check is a comment too. `beside` are other names of what was told, to be kept with it. While it is `unsure`, nothing counts as
    resolved. Raises GitHubError.
    """
    mark = pages.mark("drift", "\n".join(key))
    there = next(iter(github.issues(mark)), None)
    if issue is None and unsure:
        incomplete = "Publer's list of posts is incomplete"
        if there is None:
            return f"{incomplete}: nobody knows whether Publer matches the calendar", frozenset()
        before = told_in(str(there.get("body") or ""), beside)
        return f"{incomplete}: the issue {there['number']} stays as it is", before or frozenset()
    if issue is None:
        if there is None:
            return "Publer matches the calendar", frozenset()
        said = f"All of this is resolved ([the check]({run}))."
        github.send("POST", f"/issues/{there['number']}/comments", {"body": said})
        github.close(there)
        return f"Closed the issue {there['number']}", frozenset()
    foot = f"<sub>[The last check]({run}); this issue closes by itself once all of this is resolved.</sub>"
    told = issue.told.union(beside)
    head, end = f"{mark}\n{told_line(told)}\n", f"\n\n{foot}\n"
    now = {"title": issue.title, "body": f"{head}{issue.text(BODY - len(head) - len(end))}{end}"}
    if there is None:
        return github.open(now), frozenset()
    known = told_in(str(there.get("body") or ""), told)
    # First, as a run that ends between the two tells it again. An issue of an older version does not say what it told.
    head = f"**New since the last check** ([this one]({run})):\n\n"
    if known is not None and (news := issue.news(known, BODY - len(head))):
        github.send("POST", f"/issues/{there['number']}/comments", {"body": f"{head}{news}"})
    if {key: there.get(key) for key in now} != now:
        github.send("PATCH", f"/issues/{there['number']}", now)
    return f"The issue {there['number']} is up to date", told if known is None else known

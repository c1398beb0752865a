"""Sentences about a plan as a whole, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from publer_sync.planning.account_changes import account_changes
from publer_sync.planning.effort import effort_of
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action, soonest
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.wording import count
from publer_sync.render.post import marks, tally
from publer_sync.render.post.entries import text_of
from publer_sync.render.post.names import whose
from publer_sync.render.post.subjects import figures
from publer_sync.values.model import Family
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan
    from publer_sync.render.layout.dates import Dates

_NEXT_TIMES = 3


def nothing_to_do(plan: Plan, dates: Dates) -> str:
    past = [change for change in plan.changes if change.action is Action.PAST]
    ahead = [
        change for change in plan.changes if change.action not in (Action.PAST, Action.HELD) and change.post
    ]
    pending = [change for change in plan.changes if change.action is Action.PENDING]
    if any(change.copy is None or not change.copy.removal_in_doubt for change in pending):
        return "Nothing to do yet: Publer does not list what an earlier apply sent."
    if pending:
        return "Nothing to do yet: it is not known whether Publer removed what an earlier apply asked it to."
    if not ahead and plan.count(Action.HELD):
        return "Nothing to do. Every post ahead is on hold."
    if not ahead and past:
        last = f"the last one was due {dates.both(past[-1].at)}"
        return f"Nothing to do. Every post of the calendar is in the past: {last}."
    if not ahead and plan.posts:  # they wait for a slot, or are on other accounts or days than those chosen
        return "Nothing to do. No post of the calendar is ahead here."
    if not ahead:
        return "Nothing to do. The calendar has no posts."
    first, last = dates.day(ahead[0].at), dates.day(ahead[-1].at)
    span = first if first == last else f"{first} to {last}"
    posts = figures(change.post for change in ahead if change.post)
    return f"Nothing to do. Publer matches the calendar: {posts}, {span}."


def totals_line(plan: Plan, allow: Allow = marks.NO_OPTIONS) -> str:
    """What there is to do, in a few words."""
    parts = tally.parts(tally.of_changes(marks.shown_changes(plan), plan, allow))
    held = tally.held_out(plan)
    return ", ".join([*parts, *([f"{held:,} on hold"] if held else [])]) or "nothing to do"


class ApplyBy(NamedTuple):
    """`lead`, the time, and `rest` are a sentence without its full stop."""

    lead: str
    when: datetime
    rest: str


def deadline(plan: Plan, verb: str) -> ApplyBy | None:
    """Until when to apply, and what happens to which post after that; `verb` is such as `Merge before`.

    For what would be removed it says both ways and hurries nobody.
    """
    by = plan.apply_by
    if by is None:
        return None
    doable = [change for change in plan.listed if change.action is not Action.BLOCKED]
    first = min((change for change in doable if soonest(change) >= by), key=soonest, default=None)
    if first is None:
        return ApplyBy(verb, by, ", or not all of it can be done")
    name = one_line(first.id or "") or quoted(text_of(first), 40)
    leaving = {id(left): left for left in account_changes(doable).values()}
    both = account_changes(doable).get(id(first)) or leaving.get(id(first))
    if both is not None:
        return ApplyBy(verb, by, f", or {name} is published on {whose(both.account)}")
    if first.action in (Action.DELETE, Action.HELD):
        return ApplyBy("Until", by, f" {name} can still be removed; after that it is published")
    new = first.action in {Action.CREATE, Action.RECREATE}
    return ApplyBy(verb, by, f", or {name} {'misses its time' if new else 'can no longer be changed'}")


def big_effort(plans: Iterable[Plan], allow: Allow = marks.NO_OPTIONS) -> str:
    """What applying takes, where it is much; otherwise ""."""
    effort = effort_of(plans, allow.passes)
    return f"Applying this takes {effort}." if effort.big else ""


def warnings_of(plan: Plan, dates: Dates) -> list[Warn]:
    """The plan's warnings as people read them: of an account that left the settings, one for all its posts."""
    told_elsewhere = {"no_state", "missed", "account_left"}
    warnings = [warn for warn in plan.warnings if warn.code not in told_elsewhere]
    left = [change for change in plan.changes if change.post is None and not change.account.provider]
    ahead = [change for change in left if change.live and change.live.family is Family.SCHEDULED]
    if not ahead:
        return warnings
    accounts = len({change.account.id for change in ahead})
    times = ", ".join(dates.both(change.at) for change in ahead[:_NEXT_TIMES])
    more = f" and {len(ahead) - _NEXT_TIMES:,} more" if len(ahead) > _NEXT_TIMES else ""
    posts = f"{count(len(ahead), 'post')} of {'an account' if accounts == 1 else f'{accounts} accounts'}"
    message = (
        f"{posts} no longer in the settings will still be published: {times}{more}; to stop "
        f"{'it' if len(ahead) == 1 else 'them'}, delete {'it' if len(ahead) == 1 else 'them'} in Publer, or put "
        "the account back into publer.yaml and remove its posts from the calendar"
    )
    return [Warn("account_left", message), *warnings]

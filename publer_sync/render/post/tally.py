"""How many posts there are. Every format counts what its list shows: a post counts once for all accounts on which it is alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action, Delete, Replace, Unchanged, Update, intent, is_waiting
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count, on_accounts
from publer_sync.render.past.outcomes import WORDS
from publer_sync.render.post import marks
from publer_sync.render.post.entries import plan_entries, report_entries
from publer_sync.render.post.subjects import say_the_same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from publer_sync.applying.report import ApplyReport
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.notes import Refusal
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.post.entries import PostEntry
    from publer_sync.render.post.marks import ChangeMark


def accounts_of(entries: Iterable[PostEntry]) -> int:
    return len({change.account.id for entry in entries for change in (*entry.changes, *entry.left)})


def parts(
    entries: Sequence[PostEntry], *, done: bool = False, paint: Callable[[ChangeMark, str], str] | None = None
) -> list[str]:
    """`2 new posts`, `1 to edit (on 4 accounts)`."""
    totals = marks.totals((entry.mark for entry in entries), done=done, unit=True)
    words = [paint(mark, words) if paint else words for mark, words in totals]
    return [*words[:-1], words[-1] + on_accounts(accounts_of(entries))] if words else []


def of_changes(changes: Iterable[Change], plan: Plan, allow: Allow = marks.NO_OPTIONS) -> list[PostEntry]:
    dates = Dates.around(plan.timezone, plan.created_at)
    return plan_entries(changes, plan, dates, allow=allow, whole=False)


def kept(plan: Plan) -> list[str]:
    """What stays as it is, as parts of a sentence: `50 unchanged`, `31 past`."""
    shown = set(map(id, marks.shown_changes(plan)))
    silent = _one_for_each((change for change in plan.changes if id(change) not in shown), plan)
    counts = Counter(
        "waiting for approval in Publer" if is_waiting(change) else marks.mark_of(change).word
        for change in silent
    )
    order = ("unchanged", "waiting for approval in Publer", marks.ON_HOLD.word, "pending", "past")
    words = {name: counts[name] for name in order}
    words["not managed here"] = plan.unmanaged - plan.count(Action.ADOPT)
    return [f"{number:,} {name}" for name, number in words.items() if number > 0]


def _one_for_each(changes: Iterable[Change], plan: Plan) -> Iterator[Change]:
    """The first change of each entry. Mostly they are many, so only what may be an entry with another is laid out."""
    near: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for change in changes:
        alike = near[change.at, change.id, change.post.location if change.post else None]
        if not (alike and _is_one_more(alike[0], change)):
            alike.append(change)
    for alike in near.values():
        yield from alike if len(alike) == 1 else (entry.changes[0] for entry in of_changes(alike, plan))


def _is_one_more(first: Change, change: Change) -> bool:
    """Whether it is surely the same on another account."""
    if (
        not isinstance(first, Unchanged)
        or not isinstance(change, Unchanged)
        or first.waiting
        or change.waiting
    ):
        return False
    one, other = first.post, change.post
    if one is None or other is None:
        return False
    return one.note == other.note and say_the_same(one, other)


def held_out(plan: Plan) -> int:
    """How many posts are on hold and out of Publer."""
    held = (change for change in plan.changes if marks.wanted_mark(change) is marks.ON_HOLD)
    return len(of_changes(held, plan))


def over_limit(refusal: Refusal, plan: Plan, allow: Allow = marks.NO_OPTIONS) -> str:
    """The sentence about a safety limit, which counts a post once on each account."""
    if refusal.message:
        return f"{refusal.message}."
    wanted = (Update, Replace) if refusal.code == "changes" else Delete
    over = [
        change
        for change in plan.listed
        if isinstance(intent(change), wanted) and (refusal.code == "empty" or allow.passes(change))
    ]
    number = len(of_changes(over, plan))
    posts = f"{count(number, 'post')} would be"
    each = f", {refusal.count:,} counting each account" if refusal.count > number else ""
    if refusal.code == "deletes":
        return f"{posts} removed{each}; the safety limit is {refusal.limit} (limits.delete)."
    if refusal.code == "changes":
        return f"{posts} edited or replaced{each}; the safety limit is {refusal.limit} (limits.change)."
    return (
        f"the calendar has no posts, so {posts} removed from Publer{each}; "
        f"publer-sync forget --all leaves {'it' if number == 1 else 'them'} there, and ends the state."
    )


def repair_of(refusal: Refusal, plan: Plan) -> str:
    """The command that puts right what apply stops at; "" where there is none, so that somebody has to allow it."""
    return next((warn.command for warn in plan.warnings if warn.code == refusal.code), "")


# --- after apply ----------------------------------------------------------------------------------------------------


def done(report: ApplyReport) -> tuple[list[str], str]:
    """What was done, and what the last listing confirms."""
    entries = report_entries(report, {Outcome.APPLIED})
    removed = all(entry.mark in (marks.REMOVE, marks.TAKE_OUT) for entry in entries)
    return parts(entries, done=True), "no longer in Publer" if removed else "verified in Publer"


def outcomes(report: ApplyReport) -> list[str]:
    """`1 post done`, `3 failed`; nothing where there is no result."""
    counts = Counter(entry.outcome for entry in report_entries(report, set(Outcome)))
    words = [(counts[outcome], word.lower()) for outcome, (word, _) in WORDS.items() if counts[outcome]]
    return [
        f"{number:,} {('post ' if number == 1 else 'posts ') if place == 0 else ''}{word}"
        for place, (number, word) in enumerate(words)
    ]

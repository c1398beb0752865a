"""From desired posts, live posts, the ledger and the time to a plan. Pure: nothing here reads, sends or waits.

The order of the questions in `_judge` is the order of the contract's action table: the first that holds decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publer_sync.ledger.state import Record, State, past_keys
from publer_sync.model import Account, Family, LivePost, Post, Settings, Workspace, normal_text
from publer_sync.planning.blocks import block, blocked, clear_slots, frozen
from publer_sync.planning.case import LIVE, Case, case_of, words
from publer_sync.planning.differences import Differences, compare, equals_foreign, fields_of, unseen
from publer_sync.planning.match import has_gone_out, match
from publer_sync.planning.plan import Action, Block, Change, FieldChange, Plan, Warn
from publer_sync.planning.rails import apply_by, refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

_TROUBLE = {
    "scheduled_declined": "declined by whoever approves posts",
    "scheduled_locked": "locked: its account or the subscription is",
    "scheduled_reauth": "waiting for its account to be reconnected",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which changes are in: all, or those of some accounts or days. Days are in `timezone`, both ends included."""

    accounts: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The instant after the last day."""

    def holds(self, change: Change) -> bool:
        if self.accounts is not None and change.account.id not in self.accounts:
            return False
        times = [change.at, *([change.live.at] if change.live and change.live.at else [])]
        return any(
            (self.since is None or at >= self.since) and (self.until is None or at < self.until)
            for at in times
        )


def make_plan(
    *,
    desired: Sequence[Post],
    live: Iterable[LivePost],
    state: State | None,
    accounts: Mapping[str, Account],
    settings: Settings,
    workspace: Workspace,
    now: datetime,
    posts: int = 0,
    scope: Scope | None = None,
) -> Plan:
    """Plan what brings Publer to what the calendar says.

    `live` is a listing of all states, at least from two days ago to as far ahead as Publer schedules; where a
    verified post of ours is not in it, also from the day it was last seen. `state` has been attributed to that same
    listing; None means that there never was one. `accounts` are the managed ones, by Publer's id.
    """
    desired = sorted(desired, key=_rank)
    case = case_of(desired, live, state, accounts, settings, now)
    records = state.records.values() if state else ()
    matches = match(desired, records, case.live, now=now)
    changes = [_judge(case, post, matches.pairs.get(index)) for index, post in enumerate(desired)]
    changes = _finish_replaces(case, changes, matches.rest)
    done = {change.record.key for change in changes if change.record}
    pending = _awaited(changes)
    changes += [
        change
        for record in matches.rest
        if record.key not in done and (change := _judge_unwanted(case, record, pending)) is not None
    ]
    replaced = _replaced(records)
    changes = [
        replace(c, leftover=True)
        if c.intent is Action.DELETE and c.record and c.record.key in replaced
        else c
        for c in changes
    ]
    changes = clear_slots(case, changes)
    scope = scope or Scope()
    kept = sorted((c for c in changes if scope.holds(c)), key=_order)
    return Plan(
        calendar=settings.name,
        workspace=workspace,
        created_at=now,
        timezone=settings.timezone,
        changes=tuple(kept),
        foreign=sum(scope.accounts is None or post.account_id in scope.accounts for post in case.foreign),
        posts=posts,
        last_apply=state.last_apply if state else None,
        apply_by=apply_by(kept, settings),
        refusals=refusals(kept, limit=settings.limits.delete, empty=not desired),
        warnings=tuple(_warnings(case, kept)),
        names=_names(accounts.values(), state),
    )


def _names(accounts: Iterable[Account], state: State | None) -> dict[str, str]:
    """Publer's answer to an upload has the file's name: the only trace of what a post showed before."""
    media = state.media.items() if state else ()
    files = {digest: name for digest, answer in media if isinstance(name := answer.get("name"), str)}
    return {**files, **{account.id: account.alias or account.name for account in accounts}}


def _rank(post: Post) -> tuple[datetime, str, str, str]:
    """An order that does not depend on files; only drafts can share a slot, so only they need telling apart."""
    return (post.at, post.account.id, post.content.digest if post.draft else "", post.id or "")


# --- a desired post -------------------------------------------------------------------------------------------------


def _judge(case: Case, post: Post, record: Record | None) -> Change:
    live = case.live.get(record.post_id) if record and record.post_id else None
    if record and record.under_way:
        return _change(post, Action.PENDING, "sent by an earlier apply, not seen in Publer yet", record, live)
    ahead = live is not None and live.family in LIVE and live.at is not None and live.at > case.now
    if post.at <= case.now and not ahead:
        return _past(case, post, record, live)
    if record is None or (live is None and record.removing_at):
        return _new(case, post, record)
    if has_gone_out(record, live, now=case.now):
        return _gone_out(case, post, record, live)
    if live is None:
        return _vanished(case, post, record)
    return _standing(case, post, record, live)


def _past(case: Case, post: Post, record: Record | None, live: LivePost | None) -> Change:
    placed = record is not None and record.verified_at is not None
    known = case.state is None or not case.state.excused.isdisjoint(
        past_keys(post.account.id, post.at, post.id)
    )
    missed = not placed and not known
    reason = "its time passed before it was ever scheduled" if missed else "its time has passed"
    return replace(_change(post, Action.PAST, reason, record, live), missed=missed)


def _new(case: Case, post: Post, record: Record | None) -> Change:
    for other in case.by_slot.get(post.slot, ()):
        if other.id not in case.adopted and equals_foreign(post, other):
            case.adopted.add(other.id)
            return _change(post, Action.ADOPT, "it is in Publer already", record, other)
    reason = "new in the calendar"
    if record is not None:
        reason = "taken out of Publer by an earlier apply to make room, and not back yet"
    return block(case, _change(post, Action.CREATE, reason, record, None, fields_of(post)), [])


def _gone_out(case: Case, post: Post, record: Record, live: LivePost | None) -> Change:
    if record.slot > case.now:
        return _blocked_state(case, post, record, live, "it went out early: somebody saw to that in Publer")
    if post.id is not None and post.id == record.id:
        reason = f'the post called "{post.id}" has gone out; a new post needs a new id'
        change = _change(post, Action.CREATE, reason, record, None, fields_of(post))
        return blocked(change, [Block.WENT_OUT], reason)
    return _new(case, post, None)


def _vanished(case: Case, post: Post, record: Record) -> Change:
    """Verified once, and no longer listed."""
    for other in case.by_text.get((post.account.id, normal_text(record.text)), ()):
        if other.family is Family.PUBLISHED and _since_last_seen(record, other):
            why = "it was published early, from Publer's own screens"
            return replace(_blocked_state(case, post, record, None, why), obstacle=other)
    reason = "somebody removed it in Publer"
    return block(case, _change(post, Action.RECREATE, reason, record, None, fields_of(post)), [])


def _since_last_seen(record: Record, other: LivePost) -> bool:
    """Whether the other post may have gone out after ours was last seen: on that day or later."""
    return record.verified_at is None or other.at is None or other.at.date() >= record.verified_at.date()


def _standing(case: Case, post: Post, record: Record, live: LivePost) -> Change:
    differs = compare(post, record, live)
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        reason = "its time has come, and Publer has not published it yet"
        if differs.diff:
            case.warn("not_out_yet", f"{reason}: what changed in the calendar comes too late", post)
        return _change(post, Action.UNCHANGED, reason, record, live)
    trouble = _trouble(post, record, live)
    if trouble is not None:
        return _blocked_state(case, post, record, live, trouble, differs)
    if not differs.diff:
        return _unchanged(case, post, record, live)
    blocks = [Block.TIME_PASSED] if post.at <= case.now else []
    if differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    action = Action.UPDATE if differs.in_place else Action.REPLACE
    reason = _reason(differs, action)
    return block(case, _change(post, action, reason, record, live, differs.diff), blocks)


def _reason(differs: Differences, action: Action) -> str:
    if differs.edited:
        return "edited in Publer since the last apply: the calendar says otherwise"
    names = ", ".join(dict.fromkeys(change.field.partition(".")[0] for change in differs.diff))
    what = names.replace("scheduled_at", "time")
    if action is Action.UPDATE:
        return f"{what} changed in the calendar; Publer changes it in place"
    return f"{what} changed in the calendar; Publer cannot change that in place, so it is made anew"


def _unchanged(case: Case, post: Post, record: Record, live: LivePost) -> Change:
    change = _change(post, Action.UNCHANGED, "Publer has what the calendar says", record, live)
    if live.state == "scheduled_pending":
        case.warn("waiting", "it waits in Publer for somebody's approval", post)
        return replace(change, waiting=True, reason="it waits in Publer for somebody's approval")
    if post.draft and live.family is Family.SCHEDULED:
        case.warn("scheduled_by_hand", "a draft here, and somebody has scheduled it in Publer", post)
        return replace(change, reason="a draft here, and somebody has scheduled it in Publer")
    return change


def _trouble(post: Post, record: Record, live: LivePost) -> str | None:
    """Why a listed post will not go out as it should, or cannot be changed."""
    if live.state in _TROUBLE:
        return f"in Publer it is {_TROUBLE[live.state]}"
    match live.family:
        case Family.DRAFT if not record.draft and not post.draft:
            return "somebody turned it into a draft in Publer"
        case Family.FAILED:
            said = f': "{live.error}"' if live.error else ""
            return f"Publer could not publish it{said}"
        case Family.RECYCLING | Family.RECURRING:
            return f"somebody made it {live.family} in Publer"
        case Family.OTHER:
            return f'it is in a state that publer-sync does not know: "{live.state}"'
        case _:
            return None


def _blocked_state(
    case: Case,
    post: Post,
    record: Record,
    live: LivePost | None,
    why: str,
    differs: Differences | None = None,
) -> Change:
    differs = differs or Differences()
    action = Action.UNCHANGED
    if differs.diff:
        action = Action.UPDATE if differs.in_place else Action.REPLACE
    change = _change(post, action, why, record, live, differs.diff)
    blocks = [Block.STATE]
    if differs.edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
    return blocked(change, blocks, why)


# --- an owned post that nothing wants -------------------------------------------------------------------------------


def _judge_unwanted(case: Case, record: Record, pending: frozenset[int]) -> Change | None:
    account = case.accounts.get(record.account) or Account(record.account, record.account, "")
    live = case.live.get(record.post_id) if record.post_id else None
    change = Change(
        Action.DELETE,
        account,
        live.at if live and live.at else record.slot,
        "no longer in the calendar",
        record=record,
        live=live,
    )
    if record.under_way or record.key in pending:
        return replace(
            change, action=Action.PENDING, reason="sent by an earlier apply, not seen in Publer yet"
        )
    if live is None or live.family not in LIVE:
        return None
    if record.account not in case.accounts:
        case.warn(
            "account_left", f'"{words(live)}" is left as it is: its account is no longer in the settings'
        )
        return replace(change, action=Action.UNCHANGED, reason="its account is no longer in the settings")
    if live.family is Family.SCHEDULED and live.at is not None and live.at <= case.now:
        return replace(
            change, action=Action.UNCHANGED, reason="its time has come, and Publer has not published it yet"
        )
    if case.settings.prune == "none":
        case.warn("left_calendar", f'"{words(live)}" left the calendar and stays in Publer (prune: none)')
        return replace(change, action=Action.UNCHANGED, reason="left the calendar, and stays (prune: none)")
    if live.family not in (Family.SCHEDULED, Family.DRAFT):
        case.warn(
            "left_calendar", f'"{words(live)}" left the calendar and stays: it is {live.family} in Publer'
        )
        return replace(
            change, action=Action.UNCHANGED, reason=f"left the calendar, and is {live.family} in Publer"
        )
    blocks, reason = [], change.reason
    if compare(None, record, live).edited and case.settings.edits == "ask":
        blocks.append(Block.EDITED)
        reason = "no longer in the calendar, and edited in Publer since the last apply"
    if case.frozen(live):
        blocks.append(Block.FREEZE)
    return (
        blocked(change, blocks, reason if blocks[:1] == [Block.EDITED] else frozen(case))
        if blocks
        else change
    )


def _overtaken(case: Case, change: Change, old: Record) -> bool:
    """Whether the old one went out while the run that was to replace it was interrupted.

    Told by the listing alone, and only where an id says that the two are one post.
    """
    if change.post is None or change.post.id is None or change.post.id != old.id:
        return False
    live = case.live.get(old.post_id or "")
    if live is not None:
        return live.family is Family.PUBLISHED
    alike = case.by_text.get((old.account, normal_text(old.text)), ()) if old.text.strip() else ()
    return any(other.family is Family.PUBLISHED and _since_last_seen(old, other) for other in alike)


def _taken_back(case: Case, change: Change, old: Record) -> Iterable[Change]:
    """The same post must not go out twice: the new one goes, and the post stays blocked until it gets a new id."""
    if change.post is None:
        return
    yield _gone_out(case, change.post, old, None)
    reason = "the one it was to replace went out before it could be removed"
    gone = replace(change, action=Action.DELETE, post=None, reason=reason)
    yield blocked(gone, [Block.FREEZE], frozen(case)) if case.frozen(change.live) else gone


def _awaited(changes: Iterable[Change]) -> frozenset[int]:
    """Keys of records whose successor is under way: their posts stay until it is known what became of it."""
    return frozenset(
        change.record.replaces
        for change in changes
        if change.action is Action.PENDING and change.record and change.record.replaces is not None
    )


def _replaced(records: Iterable[Record]) -> frozenset[int]:
    return frozenset(r.replaces for r in records if r.replaces is not None and r.post_id)


def _finish_replaces(case: Case, changes: list[Change], rest: Sequence[Record]) -> list[Change]:
    """A replace whose first half is done: the new post is there, the old one still has to go."""
    left = {record.key: record for record in rest}
    out: list[Change] = []
    for change in changes:
        old = left.get(change.record.replaces) if change.record and change.record.replaces else None
        live = case.live.get(old.post_id) if old and old.post_id else None
        if old is not None and change.action is Action.UNCHANGED and _overtaken(case, change, old):
            out += _taken_back(case, change, old)
            continue
        if change.action is not Action.UNCHANGED or old is None or live is None or live.family not in LIVE:
            out.append(change)
            continue
        half = replace(
            change,
            action=Action.REPLACE,
            reason="an earlier apply made the new one; the old one still has to go",
            record=old,
            live=live,
            successor=change.record,
        )
        out.append(blocked(half, [Block.FREEZE], frozen(case)) if case.frozen(live) else half)
    return out


# --- the plan as a whole --------------------------------------------------------------------------------------------


def _change(
    post: Post,
    action: Action,
    reason: str,
    record: Record | None,
    live: LivePost | None,
    diff: tuple[FieldChange, ...] = (),
) -> Change:
    return Change(action, post.account, post.at, reason, post=post, record=record, live=live, diff=diff)


def _order(change: Change) -> tuple[datetime, str, str, str, str]:
    """By time, then account; the rest keeps plans of the same world the same. Sorting keeps what `_rank` told apart."""
    account, live = change.account, change.live.id if change.live else ""
    return (change.at, account.alias or account.name, account.id, change.action, live)


def _warnings(case: Case, changes: Iterable[Change]) -> Iterable[Warn]:
    if case.state is None:
        yield Warn(
            "no_state",
            "no record of an earlier apply: posts that equal the calendar are adopted, missing ones made, none removed",
        )
    for change in changes:
        if change.missed and change.post:
            yield Warn("missed", "its time passed before it was ever scheduled", change.post.location)
        if (
            change.action is Action.ADOPT
            and change.post
            and change.live
            and (blind := unseen(change.post, change.live))
        ):
            yield Warn(
                "adopted_blind",
                f"Publer does not show {', '.join(blind)} of this post; taken as the calendar says",
                change.post.location,
            )
    yield from case.warnings

"""From desired posts, live posts, the ledger and the time to a plan. Pure: nothing here reads, sends or waits.

What becomes of one post is decided in `judge`, what speaks against it in `blocks`.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import Copy, LedgerEntry
from publer_sync.ledger.rewriting import links_rewritten
from publer_sync.planning.account_changes import account_changes
from publer_sync.planning.approval import approvals
from publer_sync.planning.blocks import clear_slots, slot_waits
from publer_sync.planning.case import Case, case_of, first_words
from publer_sync.planning.dates import changed_series, moved_dates
from publer_sync.planning.differences import changed_by_publer, compare, never_shown, unseen
from publer_sync.planning.holding import OnHold, beginning, holds_of, labels_unknown, made_meanwhile
from publer_sync.planning.inventory import Inventory
from publer_sync.planning.joining import all_well
from publer_sync.planning.judge import judge, replaced_instead
from publer_sync.planning.leftovers import judge_unwanted, left_unseen, leftovers, may_be_hidden, may_be_there
from publer_sync.planning.limits import apply_by, changed_by_one_line, refusals
from publer_sync.planning.match import Matches, match, match_waiting
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import (
    Adopt,
    Block,
    Blocked,
    Change,
    Create,
    Doable,
    Held,
    Past,
    Plan,
    Replace,
    Unchanged,
    blocked,
    intent,
)
from publer_sync.planning.saying import (
    block_too_late,
    hand_on,
    let_go,
    mixed_circles,
    published_before,
    side_by_side,
    swapping_edits,
)
from publer_sync.planning.signing import ask_for_yes, kept_rules, unsigned, weaker
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Family, LivePost, Post
from publer_sync.values.printable import printable_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move
    from publer_sync.planning.sides import CalendarSide, OtherCalendars, PublerSide
    from publer_sync.values.model import Account


MANY_MADE = 10
"""So many posts that someone made in the scope of a hold are named one by one."""
JOINED_SHOWN = 3
"""So many posts that an account joined too late for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which changes are in: all, or those of some accounts or days. Days are in `timezone`, both ends included."""

    accounts: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The instant after the last day."""
    released: OnHold | None = None
    """Only what these holds, which have ended, kept or took out of Publer."""

    def holds(self, change: Change) -> bool:
        if self.released is not None and not _was_held(change, self.released):
            return False
        times = [change.at, *([change.live.at] if change.live and change.live.at else [])]
        return any(self.has(change.account, at) for at in times)

    def has(self, account: Account, at: datetime | None) -> bool:
        """Whether a post is in; one without a date is, whatever the days are."""
        if self.accounts is not None and account.id not in self.accounts:
            return False
        return at is None or (
            (self.since is None or at >= self.since) and (self.until is None or at < self.until)
        )


def _was_held(change: Change, released: OnHold) -> bool:
    post, copy, live = change.post, change.copy, change.live
    if post is None or (copy is not None and copy.held):
        return post is not None
    if isinstance(change, Past):
        return released.missed(post, copy)
    scheduled = live is not None and live.family is Family.SCHEDULED
    return (scheduled or not post.draft) and released.covers(copy, live, post)


def make_plan(
    calendar: CalendarSide,
    publer: PublerSide,
    others: OtherCalendars,
    *,
    now: datetime,
    scope: Scope | None = None,
) -> Plan:
    """Plan how Publer comes to match the calendar."""
    settings, state, signed = calendar.settings, publer.state, calendar.signed
    accounts = publer.accounts.values()
    on_hold = OnHold.of(holds_of(state, settings, accounts, now), state.copies.values() if state else ())
    case = case_of(calendar, publer, others, now, on_hold)
    matches = match(case.desired, case.entries.values(), case.live, now=now, since=all_well(state))
    before = published_before(case, matches)
    case.unwanted = matches.rest
    waiting = match_waiting(case.unwanted, {"": calendar.waiting, **others.waiting})
    case.waiting = {key: name for key, (name, _) in waiting.items()}
    scope = scope or Scope()
    made, undone = calendar.older.judged(_changes(case, matches), now, settings.timezone)
    if signed is not None:
        made = ask_for_yes(case, signed, made)
    gone_by = let_go(case, before, made)
    changes = _in_order(case, block_too_late(case, before, made), scope)
    changes = [_with_way(change, others.coming) for change in changes]
    inventory = Inventory(len(case.live), publer.live.page, frozenset(state.media if state else ()))
    kept = sorted((changes[index] for index in sorted(_in_scope(changes, scope))), key=_order)
    empty = not (calendar.posts or calendar.waiting or calendar.gone)
    ways = (*others.giving, *others.coming)
    return Plan(
        calendar=settings.name,
        workspace=calendar.workspace,
        created_at=now,
        timezone=settings.timezone,
        changes=tuple(kept),
        unmanaged=sum(scope.accounts is None or post.account_id in scope.accounts for post in case.unmanaged),
        posts=calendar.in_files,
        last_apply=state.last_apply if state else None,
        last_good_apply=state.last_good_apply if state else None,
        apply_by=apply_by(kept, settings, now, inventory),
        refusals=(
            *calendar.older.refusals(settings.timezone),
            *refusals(kept, limits=settings.limits, empty=empty),
        ),
        holds=beginning(on_hold.holds, case.unmanaged, now),
        warnings=(
            *undone,
            *_warnings(case, kept, inventory),
            *_moves(others.giving, others.coming),
            *(unsigned(signed, kept, case) if signed is not None else ()),
            *weaker(state.signoff if state is not None else (), settings, publer.accounts),
        ),
        signoff=kept_rules(settings.signoff, accounts),
        people=settings.people,
        inventory=inventory,
        left=frozenset(
            entry.key
            for entry in matches.rest
            if _is_known_here(case, entry) and (entry not in before or entry.key in gone_by)
        ),
        let_go=frozenset(key for key in gone_by if _is_known_here(case, case.entries[key])),
        still_out=frozenset(entry.key for entry in before),
        beside=side_by_side(changes),
        moves=tuple(move for move in ways if not move.stuck),
        names=_names(accounts, state),
    )


def _is_known_here(case: Case, entry: LedgerEntry) -> bool:
    """Whether nothing keeps an entry that nobody wants: it waits for no time, and its account is in Publer."""
    return not case.waits(entry.newest) and entry.account not in case.lost_accounts.names


def _names(accounts: Iterable[Account], state: State | None) -> dict[str, str]:
    """Publer's answer to an upload has the file's name: the only trace of what a post showed before."""
    media = state.media.items() if state else ()
    files = {digest: name for digest, answer in media if isinstance(name := answer.get("name"), str)}
    return {**files, **{account.id: account.alias or account.name for account in accounts}}


def _in_scope(changes: Sequence[Change], scope: Scope) -> set[int]:
    """The indexes of what is in, and of both halves of a post that changes its account where one of them is: half of it would be a post too many, or none."""
    held = {index for index, change in enumerate(changes) if scope.holds(change)}
    if held and len(held) < len(changes):
        indexes = {id(change): index for index, change in enumerate(changes)}
        for create, left in account_changes(changes).items():
            both = {indexes[create], indexes[id(left)]}
            held |= both if held & both else set()
    return held


def _of_others(change: Change) -> object:
    return change.blocks, change.owners if isinstance(change, Blocked) else ()


def _in_order(case: Case, changes: list[Change], scope: Scope) -> list[Change]:
    """The changes with those blocked that want a minute or words that another post keeps, until nothing follows from that."""
    in_scope = _in_scope(changes, scope)
    while swapping := swapping_edits(changes, slot_waits(case, changes)):
        changes = [
            replaced_instead(case, change, swapping[index]) if index in swapping else change
            for index, change in enumerate(changes)
        ]
    mixed = mixed_circles(changes, slot_waits(case, changes))
    own: dict[int, str] = {}
    while True:
        changes = clear_slots(case, changes, in_scope, mixed)
        for index, change in enumerate(changes):
            if change.blocks and Block.HANDED_ON not in change.blocks:
                own.setdefault(index, change.reason)
        after = hand_on(changes, in_scope, own)
        if [*map(_of_others, after)] == [*map(_of_others, changes)]:
            return after
        changes = after


def _changes(case: Case, matches: Matches) -> Iterator[Change]:
    """What becomes of each desired post and its other copies, then of what left the calendar.

    Of a post that is as it should be while an old copy still has to go, the latter is the change.
    """
    for index, post in enumerate(case.desired):
        entry = matches.pairs.get(index)
        change = judge(case, post, entry)
        others = [*leftovers(case, post, entry, change)] if entry is not None else []
        if not any(isinstance(intent(other), Replace) for other in others):
            yield _kept(case, entry, change)
        if entry is not None:
            others += (*may_be_there(case, entry, change), *may_be_hidden(case, entry, change))
        yield from (_kept(case, entry, other) for other in others)
    for entry in matches.rest:
        yield from (_kept(case, entry, change) for change in judge_unwanted(case, entry))
    if case.on_hold.holds and (case.short or case.unread):
        judged = {entry.key for entry in (*matches.pairs.values(), *matches.rest)}
        for key, entry in case.entries.items():  # what left the calendar long ago may be in Publer unseen
            if key not in judged and entry.account in case.accounts and not entry.published:
                yield from left_unseen(case, entry)


# --- posts that move from calendar to calendar ----------------------------------------------------------------------


def _kept(case: Case, entry: LedgerEntry | None, change: Change) -> Change:
    """Nothing becomes of a post that another calendar's part of the ledger has as well, as a copied or restored state leaves it."""
    if entry is None or not isinstance(change, Doable | Blocked):
        return change
    ids = (copy.post_id for copy in entry.open if copy.post_id and copy.post_id not in case.coming)
    known = (name for post_id in ids if (name := case.elsewhere.owner_of(post_id)) is not None)
    if (name := next(known, None)) is None:
        return change
    way = (
        f"publer-sync forget {shlex.quote(entry.id)}"
        if entry.id
        else "publer-sync forget, by its account and time,"
    )
    reason = (
        f"the part of the ledger that the calendar {printable_line(name)} has says that it manages this post as well; "
        f"remove it from the files of the calendar that is not to manage it, and run {way} there"
    )
    return blocked(change, [Block.ELSEWHERE], reason)


def _with_way(change: Change, coming: Sequence[Move]) -> Change:
    """A change that a post of another calendar blocks, with what keeps that post from moving here."""
    move = next((move for move in coming if move.stuck and move.post is change.post), None)
    if move is None or not isinstance(change, Doable | Blocked):
        return change
    if isinstance(change, Blocked) and Block.ELSEWHERE in change.blocks:
        # that post has left its calendar
        return replace(change, reason=f"{change.reason}; {move.stuck}", calendar=None)
    if isinstance(intent(change), Create):
        entry, giver = move.entry, printable_line(move.giver)
        if entry.published:
            why = f"it was published from the calendar {giver}"
        elif entry.maybe_published:
            why = f"it may have been published from the calendar {giver}"
        elif entry.newest.held:
            why = f"the calendar {giver} has it on hold"
        else:
            why = f"the calendar {giver} has it in Publer"
        return blocked(change, [Block.ELSEWHERE], f"{why}; {move.stuck}")
    return change


def _moves(giving: Sequence[Move], coming: Sequence[Move]) -> Iterable[Warn]:
    """One line for each post, on however many accounts it is."""
    told = [
        Warn("moves", f"{move.label} moves to the calendar {printable_line(move.receiver)}")
        for move in giving
        if not move.stuck
    ]
    told += [
        Warn(
            "moves", f"{move.label} comes from the calendar {printable_line(move.giver)}", move.post.location
        )
        for move in coming
        if not move.stuck
    ]
    return dict.fromkeys(told)


# --- the plan as a whole --------------------------------------------------------------------------------------------


def _order(change: Change) -> tuple[datetime, str, str, str, str]:
    """By time, then account; the rest keeps plans of the same world the same. Sorting keeps what `_rank` told apart."""
    account, live = change.account, change.live.id if change.live else ""
    return (change.at, account.alias or account.name, account.id, change.action, live)


def _unread(case: Case) -> Iterator[Warn]:
    """The rows of the list that could not be read, alike ones together."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for post in case.unread_rows:
        by_reason[post.unread].append(post.id or "one without an id")
    for why, ids in by_reason.items():
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        what = f"{', '.join(ids[:3])}{more}"
        yield Warn("unread", f"Publer lists posts that publer-sync cannot read ({why}): {what}")


def _warnings(case: Case, changes: Sequence[Change], inventory: Inventory) -> Iterable[Warn]:
    if case.state is None:
        yield Warn(
            "no_state",
            "first run here: posts already in Publer that match the calendar are adopted, missing ones are created, nothing is removed",
        )
        yield from _past_already(changes)
    for first, last in case.gaps:
        days = f"from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        yield Warn(
            "listing_short",
            f"Publer does not list the posts {days}: asked twice, it does not answer in time; "
            "a post of these days is not taken for deleted",
        )
    if case.short > len(case.gaps):
        yield Warn(
            "listing_short",
            f"Publer's list of posts is {case.short - len(case.gaps)} short of its own total, even when asked again: "
            "a post that is missing from it is not taken for deleted",
        )
    yield from _unread(case)
    yield from _on_hold(case, changes)
    for name, error in case.elsewhere.unreadable.items():
        yield Warn(
            "state_unreadable",
            f"{error.message}; until it can be read, no post that is already in Publer is adopted: it may be managed by the "
            f"calendar {printable_line(name)}",
        )
    yield from moved_dates(changes, case.settings.timezone)
    yield from changed_series(changes, case.settings.timezone)
    yield from _joined(changes)
    for place, what in changed_by_one_line(changes, case.now, inventory):
        yield Warn("change.many", what, place)
    for change in changes:
        match change:
            case Past(missed=True):
                yield Warn("missed", change.reason, change.post.location)
            case Held(copy=Copy() as copy, live=LivePost() as shown) if (
                not shown.unread and compare(None, copy, shown).edited
            ):
                yield _leaves_edited(change, shown, case.settings.edits)
            case Adopt() if not_shown := unseen(change.post, change.live):
                yield Warn(
                    "adopted_blind",
                    f"Publer does not show {', '.join(not_shown)} of this post; assumed to match the calendar",
                    change.post.location,
                )
            case (
                Replace(post=post, copy=copy, live=live)
                | Blocked(would=Replace(post=post, copy=copy, live=live))
                | Create(post=post, copy=Copy(held=True) as copy, live=live)
            ) if copy.adopted:
                yield Warn(
                    "adopted.unseen",
                    f"Publer never showed whether this post has {never_shown(live)}; "
                    "the post that replaces it has only what the calendar says",
                    post.location,
                )
    yield from _turned_up(case, changes)
    yield from _rewritten(changes)
    yield from approvals(changes, case.settings.timezone)
    if rewritten := [change for change in changes if _has_rewritten_links(change)]:
        posts = "1 post" if len(rewritten) == 1 else f"{len(rewritten)} posts"
        yield Warn(
            "links_rewritten",
            f"Publer rewrote the links of {posts} (a link shortener or UTM rules of the workspace); nothing to do",
        )
    in_the_way = {change.obstacle.id for change in changes if change.obstacle}
    for copy in (copy for copies in case.lost.values() for copy in copies):
        other = case.instead_of(copy) if copy.slot > case.now else None
        if other is not None and other.id not in in_the_way:
            yield Warn(
                "may_be_managed",
                f'"{first_words(other)}" in Publer may be a post that an earlier apply sent and that left the calendar; '
                "delete it in Publer if so: publer-sync leaves it alone",
            )
    yield from case.warnings


def _leaves_edited(change: Held, live: LivePost, edits: str) -> Warn:
    """That a hold takes out what someone edited, and what becomes of the edit."""
    name = f'"{change.id}"' if change.id else "a post"
    then = (
        "release leaves it out until someone decides: pull, the calendar, or --overwrite-edits"
        if edits == "ask"
        else "release puts back the calendar's version; to keep the edit, run publer-sync pull before"
    )
    return Warn(
        "hold_edited",
        f'someone edited {name} in Publer, which says "{first_words(live)}" there; the hold takes it out, and {then}',
        change.post.location if change.post else None,
    )


def _on_hold(case: Case, changes: Sequence[Change]) -> Iterator[Warn]:
    """One warning for all holds, with the way to end them."""
    holds, settings = case.on_hold.holds, case.settings
    if not holds:
        return
    first = min(hold.since for hold in holds).astimezone(time_zone(settings.timezone))
    why = "; ".join(dict.fromkeys(hold.reason for hold in holds))
    held = {_row(change) for change in changes if isinstance(change, Held)}
    still_in = len({_row(change) for change in changes if isinstance(change, Held) and change.live})
    posts = f"{'1 post is' if len(held) == 1 else f'{len(held)} posts are'} kept out of Publer"
    if still_in:
        posts += f"{'' if still_in == len(held) else f', {still_in} of them'} from the next apply on"
    known = case.elsewhere
    made = made_meanwhile(
        beginning(holds, case.unmanaged, case.now),
        (post for post in case.unmanaged if known.calendar_of(post) is None),
        case.now,
    )
    by_command = any(not hold.settings for hold in holds)
    where = settings.hold.location if settings.hold else None
    message = f"on hold since {first:%a} {first.day} {first:%b %H:%M} ({why}): {posts}; to end it: "
    message += f"remove `hold` from {settings.hold.location.file}" if settings.hold else ""
    message += ", then run" if settings.hold and by_command else "run" if by_command else ""
    yield Warn("on_hold", message, where, "publer-sync release" if by_command else "")
    loose = [
        change.live
        for change in changes
        if not isinstance(change, Held) and change.copy is not None and change.live is not None
        if any(labels_unknown(hold, change.copy, change.live, change.post, case.now) for hold in holds)
    ]
    if loose:
        posts, them = ("1 adopted post", "it") if len(loose) == 1 else (f"{len(loose)} adopted posts", "them")
        told = "; ".join(_place_and_words(case, live) for live in loose[:MANY_MADE])
        told += f"; and {len(loose) - MANY_MADE} more" if len(loose) > MANY_MADE else ""
        yield Warn(
            "on_hold.unlabelled",
            f"neither the calendar nor Publer shows the labels of {posts}, so this hold leaves {them} in Publer: {told}; "
            f"to stop {them}, delete {them} in Publer",
        )
    if made:
        posts = "1 post that is" if len(made) == 1 else f"{len(made)} posts that are"
        they = "it" if len(made) == 1 else "them"
        told = "; ".join(_place_and_words(case, post) for post in made[:MANY_MADE])
        told += f"; and {len(made) - MANY_MADE} more" if len(made) > MANY_MADE else ""
        yield Warn(
            "on_hold.made",
            f"someone made {posts} in the scope of this hold and will be published: {told}; to stop {they}, delete {they} in Publer",
        )


_CAME = {
    "refused": "after all, although its job had refused it",
    "late": "unseen by the apply that sent it",
    "scheduled": "as a scheduled post, though it was sent as a draft",
}


def _turned_up(case: Case, changes: Sequence[Change]) -> Iterator[Warn]:
    """What Publer had refused, or did not list for long, and lists now."""
    for change in changes:
        copy, live = change.copy, change.live
        if copy is None or live is None or copy.turned_up not in _CAME:
            continue
        at = copy.slot.astimezone(time_zone(case.settings.timezone))
        what = f'"{first_words(live)}" of {at:%a} {at.day} {at:%b %H:%M}'
        message = f"Publer created {what} {_CAME[copy.turned_up]}; it is managed here"
        yield Warn("turned_up", message, change.post.location if change.post else None)


def _rewritten(changes: Sequence[Change]) -> Iterator[Warn]:
    """What Publer shows otherwise than it was sent of posts that nobody has edited."""
    found: dict[str, int] = {}
    for change in changes:
        if isinstance(change, Unchanged) and change.post is not None and change.live is not None:
            for name in changed_by_publer(change.copy, change.live):
                found[name] = found.get(name, 0) + 1
    if found:
        most = max(found.values())
        posts = "1 post" if most == 1 else f"up to {most} posts"
        yield Warn(
            "rewritten", f"Publer shows the {', '.join(found)} of {posts} otherwise than sent; nothing to do"
        )


def _joined(changes: Iterable[Change]) -> Iterator[Warn]:
    """For each account that is new in the calendar, which posts are too old for it."""
    old: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if isinstance(change, Past) and change.let_in == "account":
            name = change.post.id or f'"{first_words(change.post)}"'
            old[printable_line(change.account.alias or change.account.name)].append(name)
    for account, names in old.items():
        one = len(names) == 1
        times = "the time of 1 post has" if one else f"the times of {len(names):,} posts have"
        more = [f"{len(names) - JOINED_SHOWN:,} more"] if len(names) > JOINED_SHOWN else []
        which = " and ".join([", ".join(names[:JOINED_SHOWN]), *more])
        yield Warn(
            "account_joined",
            f"the account {account} is new in this calendar, and {times} passed ({which}): "
            f"{'it is' if one else 'they are'} not published there; "
            f"to publish {'it' if one else 'one'} there, give it a new time for {account}",
        )


def _row(change: Held) -> object:
    """What a post on several accounts has in common: with the same text, it is one row of every list."""
    if change.post is not None:
        return change.post.location, change.at, change.post.as_written.text
    return change.id, change.at, change.copy.text if change.copy else ""


def _place_and_words(case: Case, post: LivePost) -> str:
    account = case.accounts.get(post.account_id)
    left = case.state.accounts.get(post.account_id) if case.state is not None else None
    name = (account.alias or account.name) if account else left.name if left else post.account_id
    when = "repeated"
    if post.at is not None and post.family is Family.SCHEDULED:
        at = post.at.astimezone(time_zone(case.settings.timezone))
        when = f"{at:%a} {at.day} {at:%b %H:%M}"
    return f'{when} {name} "{first_words(post)}"'


def _past_already(changes: Iterable[Change]) -> Iterator[Warn]:
    """Only on a first run: a mistaken year looks like an old post that may stay in its file."""
    places = [change.post.location for change in changes if isinstance(change, Past)]
    if not places:
        return
    several = len(set(places)) > 1
    times = f"the times of {len(set(places))} posts have" if several else "the time of a post has"
    yield Warn(
        "past_already",
        f"{times} already passed, so {'they' if several else 'it'} will not be scheduled; "
        f"to publish {'one' if several else 'it'}, give it a new time",
        places[-1],
    )


def _has_rewritten_links(change: Change) -> bool:
    """Whether a post is as the calendar wants it, but for the links that Publer made of the calendar's."""
    match change:
        case Unchanged(post=Post() as post, live=LivePost() as live) | Adopt(post=post, live=live):
            return links_rewritten(post.text, live.text)
        case _:
            return False

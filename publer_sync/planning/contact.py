"""What a plan says of first contact: which write is the first of its kind, what Publer did not keep, and what that costs."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.contact import Kind
from publer_sync.ledger.elsewhere import LedgerPart
from publer_sync.ledger.rewriting import folded, same_words
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import (
    Adopt,
    Create,
    Delete,
    FieldChange,
    Recreate,
    Replace,
    Update,
)
from publer_sync.publer.payload import face
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Family
from publer_sync.values.service import ISSUE_FORM

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.content import Value
    from publer_sync.values.model import Account, LivePost

_WAITS: Final = {Kind.CREATE: 4, Kind.DRAFT: 4, Kind.UPDATE: 2, Kind.DELETE: 2}
"""First poll waits until such a write is listed, roughly."""
_REQUESTS: Final = {Kind.CREATE: 4, Kind.DRAFT: 4, Kind.UPDATE: 1, Kind.DELETE: 5}
_ANSWER: Final = 0.3
"""Seconds that an ordinary answer takes."""
LISTED: Final = "listed"
"""The field of what Publer does not list, or still does."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A write of this kind that Publer did not keep; `differs` has both sides. `calendar` is another one whose post it is."""

    kind: Kind
    copy: Copy
    network: str
    differs: tuple[FieldChange, ...]
    calendar: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """As they are allowed."""
        return tuple(f"{item.field}/{self.network}" for item in self.differs)


@dataclass(frozen=True, slots=True)
class KnownContact:
    """What the whole ledger knows of it."""

    verified: frozenset[Kind] = frozenset(Kind)
    allowed: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()
    wrote: bool = True
    """Whether it has written before, so that what Publer had then is no longer to be had."""

    @classmethod
    def of(
        cls,
        state: State | None,
        others: Mapping[str, LedgerPart],
        live: Mapping[str, LivePost],
        accounts: Mapping[str, Account],
    ) -> KnownContact:
        """Of a part that has been attributed to the listing `live`, by ids, and of those of other calendars."""
        parts = {**({"": LedgerPart(state)} if state is not None else {}), **others}
        noted = {name: part.state for name, part in parts.items() if part.state.contact.differs}
        contacts = [each.contact for each in noted.values()]
        allowed = frozenset(name for each in contacts for name in each.allowed)
        doubts = [
            doubt for name, each in noted.items() for doubt in doubts_of(each, name, live, accounts, allowed)
        ]
        return cls(
            frozenset[Kind]().union(*[part.seen for part in parts.values()]),
            allowed,
            frozenset(network for each in contacts for network in each.replaces),
            tuple(doubts),
            any(part.wrote for part in parts.values()),
        )


NOTHING_KNOWN = KnownContact(frozenset(), wrote=False)


def doubts_of(
    state: State,
    calendar: str,
    live: Mapping[str, LivePost],
    accounts: Mapping[str, Account],
    allowed: Collection[str],
) -> Iterator[Doubt]:
    """What of a part's doubts is not settled: the post is there, and not as it was sent."""
    for kind, key in state.contact.doubts.items():
        copy = state.copies.get(key)
        if copy is None or copy.end is not None:
            continue
        account = accounts.get(copy.account)
        known = state.accounts.get(copy.account)
        network = account.provider if account is not None else known.provider if known is not None else ""
        post = live.get(copy.post_id or "")
        differs: tuple[FieldChange, ...]
        if kind == Kind.DELETE:
            differs = (FieldChange(LISTED, "", ""),)
        elif post is not None and account is not None:
            differs = not_kept(account, copy, post)
        else:  # another calendar's, or not listed now
            differs = (FieldChange(LISTED, "", ""),)
            if calendar and copy.seen is not None and not same_words(copy.text, copy.seen.text):
                differs = (FieldChange("text", copy.text, copy.seen.text),)
        left = tuple(item for item in differs if f"{item.field}/{network}" not in allowed)
        if left:
            yield Doubt(Kind(kind), copy, network, left, calendar)


def not_kept(account: Account, copy: Copy, live: LivePost) -> tuple[FieldChange, ...]:
    """What a post does not have as it was sent, as far as Publer shows it, folded: other labels, links and media can be lived with."""
    sent = copy.sent
    wanted = Family.DRAFT if copy.draft else Family.SCHEDULED
    kept_out = live.family is wanted and live.state not in TROUBLE
    if live.family is Family.PUBLISHED and not copy.draft and live.at is not None:
        kept_out = live.at >= copy.slot
    titles = {folded(face(account, sent).title), folded(sent.title)} - {""}
    at = live.at.replace(second=0, microsecond=0) if live.at is not None else None
    time = at == copy.slot or (live.family is Family.PUBLISHED and at is not None and at >= copy.slot)
    found: list[tuple[str, bool, Value, Value]] = [
        ("account", live.account_id == copy.account, copy.account, live.account_id),
        ("time", time, _moment(copy.slot), _moment(live.at) if live.at else "no time"),
        ("state", kept_out, str(wanted), live.state),
        ("text", same_words(sent.text, live.text), sent.text, live.text),
        (
            "title",
            not titles or not live.title or folded(live.title) in titles,
            sent.title,
            live.title or "",
        ),
    ]
    return tuple(FieldChange(name, before, after) for name, same, before, after in found if not same)


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


TROUBLE: Final = {
    "scheduled_declined": "someone declined it in Publer",
    "scheduled_locked": "Publer has locked it: its account or the subscription is locked",
    "scheduled_reauth": "it waits in Publer for its account to be reconnected",
}
"""The states of Publer in which a scheduled post is not published, and what is so."""


# --- what the plan says ---------------------------------------------------------------------------------------------


def kinds_of(change: Change) -> frozenset[Kind]:
    """The kinds of write that an apply makes for it."""
    match change:
        case Create(post=post) | Recreate(post=post):
            return frozenset({Kind.DRAFT if post.draft else Kind.CREATE})
        case Replace(post=post, successor=made):
            return frozenset(
                {Kind.DELETE} | ({Kind.DRAFT if post.draft else Kind.CREATE} if not made else set())
            )
        case Update():
            return frozenset({Kind.UPDATE})
        case Delete():
            return frozenset({Kind.DELETE})
        case _:
            return frozenset()


def adopted_kinds(changes: Iterable[Change]) -> frozenset[Kind]:
    """The kinds of posts that the changes adopt: they count as created."""
    return frozenset(
        Kind.DRAFT if change.post.draft else Kind.CREATE for change in changes if isinstance(change, Adopt)
    )


def first_kinds(plan: Plan, known: KnownContact) -> list[Kind]:
    """The kinds of which an apply of the plan writes the first ones."""
    verified = known.verified | adopted_kinds(plan.changes)
    found = frozenset[Kind]().union(*map(kinds_of, plan.changes))
    return [kind for kind in Kind if kind in found - verified]


def warnings(plan: Plan, known: KnownContact, poll_seconds: float) -> Iterator[Warn]:
    """Whether an apply is the first of a kind, and what apply stops for."""
    by_key = {change.copy.key: change for change in plan.changes if change.copy is not None}
    for doubt in known.doubts:
        change = by_key.get(doubt.copy.key) if not doubt.calendar else None
        where = change.post.location if change is not None and change.post is not None else None
        if doubt.kind is Kind.DELETE:
            until = "removes nothing else until it is gone,"
        else:
            until = f"writes no other {doubt.kind.noun} until it does, until it is removed,"
        message = f"{what_differs(doubt)}; apply {until} or until you accept it with --allow-rewritten"
        yield Warn("first_contact", message, where)
    kinds = [kind for kind in first_kinds(plan, known) if kind not in {doubt.kind for doubt in known.doubts}]
    if kinds:
        nouns = [kind.noun for kind in kinds]
        what = " and ".join(filter(None, (", ".join(nouns[:-1]), nouns[-1])))
        one = "it is sent alone" if len(kinds) == 1 else "one of each is sent alone"
        aim = "removes that one alone" if kinds == [Kind.DELETE] else "keeps it as sent"
        yield Warn(
            "first_contact",
            f"this is the first {what} through this key: {one}, to see that Publer {aim}; "
            f"that takes about {cost(kinds, poll_seconds)} s more",
        )


def cost(kinds: Iterable[Kind], poll_seconds: float) -> int:
    """Seconds that the first ones of these kinds take beside the rest."""
    return max(1, ceil(sum(_WAITS[kind] * poll_seconds + _REQUESTS[kind] * _ANSWER for kind in kinds)))


def what_differs(doubt: Doubt) -> str:
    """In a line, what Publer did not keep."""
    of = f' (calendar "{doubt.calendar}")' if doubt.calendar else ""
    words = " ".join(doubt.copy.text.split())
    name = doubt.copy.id or (words if len(words) <= 40 else f"{words[:39]}…")
    if doubt.kind is Kind.DELETE:
        return f'Publer still lists the post "{name}"{of}, which was the first one removed through this key'
    fields = ", ".join(item.field for item in doubt.differs)
    if fields == LISTED:
        return f'Publer does not list the first {doubt.kind.noun} through this key, "{name}"{of}'
    return f'Publer does not have the {fields} of the first {doubt.kind.noun} through this key, "{name}"{of}, as sent'


def both_sides(doubt: Doubt) -> Iterator[str]:
    """Each field, as it was sent and as Publer has it."""
    for item in doubt.differs:
        if item.field != LISTED:
            yield f"{item.field}: sent {_quoted(item.before)}, Publer has {_quoted(item.after)}"


def _quoted(value: object) -> str:
    text = " ⏎ ".join(str(value).split("\n"))
    return f'"{text if len(text) <= 300 else text[:299] + "…"}"'


def remedy(doubts: Iterable[Doubt], command: str) -> str:
    """What to do about them; `command` is the apply that was run."""
    doubts = [*doubts]
    lines = [
        line
        for number, doubt in enumerate(doubts)
        for line in (*([what_differs(doubt)] if number else []), *both_sides(doubt))
    ]
    removal = any(doubt.kind is Kind.DELETE for doubt in doubts)
    own = "Delete it in Publer" if removal else "Correct it in Publer, or remove it from the calendar"
    others = sorted({doubt.calendar for doubt in doubts if doubt.calendar})
    where = f" The post is in the calendar {', '.join(others)}." if others else ""
    return "\n".join(
        (
            *lines,
            f"{own}, and run apply again.{where} If it is right as it is: {command} --allow-rewritten",
            f"To record what Publer answers: {command} --trace trace.jsonl",
            f"To report it: {ISSUE_FORM}",
        )
    )

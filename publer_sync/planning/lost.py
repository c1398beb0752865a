"""Accounts that have left Publer's list while the ledger has posts of theirs: mostly reconnected ones, which have a new id.

Until someone says which one it is now, nothing is created on an account that may be it: everything would be published twice.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import what_it_says
from publer_sync.ledger.state import KnownAccount
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import iso
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
    from datetime import datetime

    from publer_sync.ledger.copies import LedgerEntry
    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.state import State
    from publer_sync.values.content import Content
    from publer_sync.values.model import Account, Post


@dataclass(frozen=True, slots=True)
class LostAccounts:
    """`names` of those that left, by id. An heir is an account that may be one of them."""

    names: Mapping[str, str] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    """What to do about posts that an heir would get, by its id, while the one that left has posts ahead."""
    known: frozenset[tuple[str, object]] = frozenset()
    """The minutes and ids of what the ledger has of one that left, each with its heir."""
    same: Mapping[tuple[str, Hashable], str] = field(default_factory=dict)
    """What to do about a post that may repeat one of an account that left, by its heir and by its id or what it says."""

    @classmethod
    def of(
        cls,
        state: State | None,
        accounts: Mapping[str, Account],
        now: datetime,
        folder: str,
        elsewhere: Elsewhere,
    ) -> LostAccounts:
        """`accounts` are the managed ones, by id. `folder` is the calendar, as commands have to name it.

        `elsewhere` is what other calendars have: a post may have come from one of them while its account was away.
        """
        others = _posts_elsewhere(elsewhere, accounts)
        if state is None or not state.lost:
            return cls(same=others) if others else NONE_LOST
        used = {copy.account for copy in state.copies.values()}
        lost = {key: state.accounts.get(key, KnownAccount("", key)) for key in sorted(state.lost & used)}
        ahead = {copy.account for copy in state.copies.values() if copy.end is None and copy.minute > now}
        heirs: dict[str, list[str]] = defaultdict(list)
        for account in accounts.values():
            if account.id not in used:
                heirs[account.id] += [key for key, known in lost.items() if may_be(known, account)]
        ways = {
            heir: _way([each for each in old if each in ahead], lost, accounts[heir], folder)
            for heir, old in heirs.items()
            if not ahead.isdisjoint(old)
        }
        faces = {
            (heir, face)
            for heir, old in heirs.items()
            for copy in state.copies.values()
            if copy.account in old
            for face in (copy.slot, copy.id or copy.slot)
        }
        found = {heir: tuple(old) for heir, old in heirs.items() if old}
        names = {key: known.name for key, known in lost.items()}
        same = others | _same_posts(state, lost, accounts, found, folder)
        return cls(names, ways, frozenset(faces), same)

    def has(self, post: Post) -> bool:
        """Whether the post may be one of an account that left: nobody missed it."""
        account = post.account.id
        return (account, post.at) in self.known or (account, post.id) in self.known

    def waits(self, post: Post) -> str | None:
        """Why a post is not created on its account."""
        account = post.account.id
        found = (self.same.get((account, face)) for face in _faces(post.id, post.content, known=False))
        return self.ways.get(account) or next(filter(None, found), None)

    def reason(self, account: str) -> str:
        """Why a post of an account that left stays as it is."""
        name = printable_line(self.names[account])
        return f"its account, {name}, is no longer in Publer: reconnect it, or delete the post in Publer"


NONE_LOST = LostAccounts()


def may_be(known: KnownAccount, account: Account) -> bool:
    """Whether an account may be one that left, reconnected. Nothing is known of one that an earlier version recorded."""
    if not known.provider:
        return True
    same_type = not (known.type and account.type) or known.type == account.type
    return known.provider == account.provider and same_type


def is_same(known: KnownAccount, account: Account) -> bool:
    """Whether it certainly is: by what the network calls it, or by its name."""
    if known.social_id and account.social_id:
        return known.social_id == account.social_id
    return known.name.strip().casefold() == account.name.strip().casefold()


def _same_posts(
    state: State,
    lost: Mapping[str, KnownAccount],
    accounts: Mapping[str, Account],
    heirs: Mapping[str, Iterable[str]],
    folder: str,
) -> dict[tuple[str, Hashable], str]:
    """What to do before a post of an account that left is created again.

    An account that has posts of its own may still be the one that left, where it is called the same.
    """
    candidates = {
        heir: {*heirs.get(heir, ()), *(key for key, known in lost.items() if is_certain(known, account))}
        for heir, account in accounts.items()
    }
    return _of_entries(state, candidates, accounts, folder)


def _posts_elsewhere(
    elsewhere: Elsewhere, accounts: Mapping[str, Account]
) -> dict[tuple[str, Hashable], str]:
    """The same of other calendars, of accounts that are certainly theirs: a post may have moved from there to here."""
    found: dict[tuple[str, Hashable], str] = {}
    for name, state in elsewhere.states.items():
        lost = {key: state.accounts[key] for key in elsewhere.lost & state.accounts.keys()}
        candidates = {
            heir: {key for key, known in lost.items() if is_certain(known, account)}
            for heir, account in (accounts.items() if lost else ())
        }
        folder = state.home.folder if state.home is not None else name
        found |= _of_entries(state, candidates, accounts, folder)
    return found


def _of_entries(
    state: State, candidates: Mapping[str, Collection[str]], accounts: Mapping[str, Account], folder: str
) -> dict[tuple[str, Hashable], str]:
    """For each entry of an account that left that was published, may have been, is still open or is on hold: what to do before it is created again."""
    found: dict[tuple[str, Hashable], str] = {}
    for entry in state.entries().values() if any(candidates.values()) else ():
        if not (entry.went_out or entry.maybe_published or entry.open or entry.newest.held):
            continue
        for heir in (heir for heir, old in candidates.items() if entry.account in old):
            known = state.accounts.get(entry.account, KnownAccount("", entry.account))
            way = _same_way(entry, known, accounts[heir], folder)
            for copy in entry.copies:
                found |= {(heir, face): way for face in _faces(entry.id, copy.sent, known=True)}
    return found


def _faces(id: str | None, content: Content, *, known: bool) -> Iterator[Hashable]:
    """By what a post of the calendar and one that is `known` are the same: their ids, or what they say where one has none."""
    said = what_it_says(content)
    if id:
        yield "id", id
    if said is not None and known:
        yield "said", said, bool(id)
    elif said is not None:
        yield from (("said", said, has_id) for has_id in ((False,) if id else (False, True)))


def is_certain(known: KnownAccount, account: Account) -> bool:
    """Whether an account is known to be of the same kind and has the same name or id on its network."""
    return bool(known.provider) and may_be(known, account) and is_same(known, account)


def _same_way(entry: LedgerEntry, known: KnownAccount, account: Account, folder: str) -> str:
    where = f" --calendar {shlex.quote(folder)}" if folder else ""
    name = entry.id or f"{account.alias}@{iso(entry.newest.slot)}"
    return (
        f"{printable_line(known.name)} left Publer, and this account may be the same one, reconnected: then the post may have been "
        f"published already. If it is the same account, run publer-sync state mv --account {entry.account}={account.id}{where}; "
        f"if not, run publer-sync forget {shlex.quote(name)}{where}"
    )


def _way(old: Iterable[str], lost: Mapping[str, KnownAccount], account: Account, folder: str) -> str:
    old, where = [*old], f" --calendar {shlex.quote(folder)}" if folder else ""
    certain = [each for each in old if is_same(lost[each], account)] or old
    names = ", ".join(printable_line(lost[each].name) for each in old)
    commands = " or ".join(f"publer-sync state mv --account {each}={account.id}{where}" for each in certain)
    return (
        f"{names} left Publer with posts ahead, and this account may be the same one, reconnected: if it is, run {commands}; "
        "if not, run publer-sync forget for those posts"
    )

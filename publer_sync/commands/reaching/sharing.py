"""Accounts that two calendars manage: told, since each may remove what the other one has, unless the settings say that it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.networks.table import code_of
from publer_sync.planning.notes import Warn
from publer_sync.values.printable import printable_line
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publer_sync.commands.reaching.neighbours import Neighbour
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, AccountRef


def warnings(
    refs: Sequence[AccountRef],
    accounts: Mapping[str, Account],
    others: Mapping[str, State],
    gone: Iterable[str],
) -> Iterator[Warn]:
    """One for each account that another part of the ledger has as managed. `gone` are calendars that are not there any more."""
    left = {*gone}
    for ref in refs:
        account = accounts.get(ref.alias)
        if account is None or ref.shared:
            continue
        for name, state in others.items():
            known = state.accounts.get(account.id)
            if known is not None and known.managed and not known.shared and name not in left:
                yield Warn(
                    "account.shared",
                    f"{_sentence(ref, name)}; if that is meant: {_line(ref, account)}",
                    ref.location,
                )
                break


def errors(
    refs: Sequence[AccountRef], accounts: Mapping[str, Account], together: Iterable[Neighbour]
) -> Iterator[Problem]:
    """Of calendars that are applied together for the first time: nothing tells yet which of them an account belongs to."""
    mine = {accounts[ref.alias].id: ref for ref in refs if ref.alias in accounts and not ref.shared}
    for other in together:
        both = [account for account in mine if account in other.accounts - other.shared]
        part = other.reading.part() if both else None
        for account in both:
            if part is None or not any(copy.account == account for copy in part.state.copies.values()):
                ref = mine[account]
                line = _line(ref, accounts[ref.alias])
                yield Problem(
                    "error",
                    "account.shared",
                    _sentence(ref, other.name),
                    ref.location,
                    Help("Remove it from one of the two, or, if both are to have it, write", line),
                )


def _sentence(ref: AccountRef, name: str) -> str:
    return f"{ref.alias} is managed by the calendar {printable_line(name)} as well"


def _line(ref: AccountRef, account: Account) -> str:
    network = f", provider: {code_of(account.provider)}" if ref.alias != code_of(account.provider) else ""
    return f"{ref.alias}: {{name: {scalar(account.name)}{network}, shared: true}}"

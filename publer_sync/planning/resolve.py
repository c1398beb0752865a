"""From the names in the settings to Publer's workspace and accounts. Pure; every miss lists what there is."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from publer_sync.networks.table import code_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError, SettingsError
from publer_sync.values.problems import Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publer_sync.ledger.state import KnownAccount
    from publer_sync.values.model import Account, AccountRef, Settings, Workspace


def find_workspace(settings: Settings, env: str | None, workspaces: Sequence[Workspace]) -> Workspace:
    """The workspace that the settings or the environment name, or the only one there is.

    Raises CalendarError where they differ, or name one that is unknown or ambiguous; SettingsError where there is none.
    """
    where = settings.workspace_location or Location("publer.yaml", 1)
    said = settings.workspace if settings.workspace_location is not None else None
    if said is None:
        return _workspace(env, workspaces, None) if env is not None else _only(workspaces, where)
    named = _workspace(said, workspaces, where)
    given = _workspace(env, workspaces, None) if env is not None else named
    if named.id != given.id:
        raise _problem(
            "workspace.two",
            f'publer.yaml says "{named.name}", PUBLER_WORKSPACE_ID says "{given.name}"',
            where,
            Help("Unset PUBLER_WORKSPACE_ID, or remove the line from publer.yaml"),
        )
    return named


def _only(workspaces: Sequence[Workspace], where: Location) -> Workspace:
    if len(workspaces) == 1:
        return workspaces[0]
    if not workspaces:
        raise SettingsError(
            "the key sees no workspace",
            code="workspace.none",
            hint="Use a key of somebody who is in a workspace, or create one in Publer.",
        )
    raise _problem(
        "workspace.none",
        "no workspace is named, and the key reaches several",
        where,
        Help("Add one of these to publer.yaml", _workspaces(workspaces)),
    )


def _workspace(word: str, workspaces: Sequence[Workspace], where: Location | None) -> Workspace:
    by_id = [workspace for workspace in workspaces if workspace.id == word]
    hits = by_id or [w for w in workspaces if _folded(w.name) == _folded(word)]
    exact = [workspace for workspace in hits if workspace.name == word]
    hits = exact if len(exact) == 1 else hits
    if len(hits) == 1:
        return hits[0]
    said = f'Publer has no workspace "{word}"' if not hits else f'{len(hits)} workspaces are called "{word}"'
    help_ = Help("Use one of the workspaces that the key reaches", _workspaces(workspaces))
    if where is None:
        raise SettingsError(f"PUBLER_WORKSPACE_ID: {said}", code="workspace.unknown", hint=str(help_))
    raise _problem("workspace.unknown" if not hits else "workspace.ambiguous", said, where, help_)


def _workspaces(workspaces: Sequence[Workspace]) -> str:
    return "\n".join(f"  workspace: {w.id}    # {w.name}" for w in workspaces) or "  (none)"


@dataclass(frozen=True)
class AccountList:
    """All accounts of a workspace, as Publer lists them, for calendars that each look for their own."""

    accounts: tuple[Account, ...] = ()

    def __iter__(self) -> Iterator[Account]:
        return iter(self.accounts)

    @cached_property
    def by_id(self) -> Mapping[str, Account]:
        return {each.id: each for each in self.accounts}

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.by_id)

    def of(self, ids: Iterable[str]) -> list[Account]:
        """Those with these ids, in the order of the list."""
        return [self.by_id[each] for each in sorted(self.ids.intersection(ids), key=self._places.__getitem__)]

    def called(self, word: str) -> Iterator[Sequence[Account]]:
        """Those whose id is the word, then those whose name it is, then those of this name in other letters, small or capital."""
        yield self.of([word])
        yield self._by_name.get(word, ())
        yield self._by_folded_name.get(_folded(word), ())

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {each.id: place for place, each in enumerate(self.accounts)}

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Account]]:
        found: dict[str, list[Account]] = defaultdict(list)
        for each in self.accounts:
            found[each.name].append(each)
        return found

    @cached_property
    def _by_folded_name(self) -> Mapping[str, Sequence[Account]]:
        found: dict[str, list[Account]] = defaultdict(list)
        for each in self.accounts:
            found[_folded(each.name)].append(each)
        return found


def _folded(name: str) -> str:
    return name.strip().casefold()


def find_accounts(
    refs: Sequence[AccountRef],
    accounts: AccountList,
    *,
    lenient: bool = False,
    known: Callable[[], Mapping[str, KnownAccount]] = dict,
) -> dict[str, Account]:
    """The account of each alias, bearing the alias. Raises CalendarError with every miss, unless `lenient`.

    `known` tells what the ledger calls accounts, by their ids: an error names what such a one is called now.
    """
    found: dict[str, Account] = {}
    problems: list[Problem] = []
    for ref in refs:
        hits = _hits(ref, accounts)
        if len(hits) == 1:
            found[ref.alias] = replace(
                hits[0],
                alias=ref.alias,
                max_characters=ref.max_characters,
                network_key=ref.network_key or hits[0].network_key,
            )
        else:
            problems.append(_missed(ref, hits, accounts.accounts, known))
    problems += _twice(refs, found)
    if problems and not lenient:
        raise CalendarError(tuple(problems))
    return found


def _hits(ref: AccountRef, accounts: AccountList) -> list[Account]:
    for called in accounts.called(ref.name):
        if same := [each for each in called if ref.provider in (None, "", each.provider)]:
            return same
    return []


def _missed(
    ref: AccountRef,
    hits: Sequence[Account],
    accounts: Sequence[Account],
    known: Callable[[], Mapping[str, KnownAccount]],
) -> Problem:
    if hits:
        networks = ", ".join(account.provider for account in hits)
        lines = "\n".join(_line(ref.alias, account) for account in hits)
        return Problem(
            "error",
            "account.ambiguous",
            f'{len(hits)} accounts in Publer are called "{ref.name}": {networks}',
            ref.location,
            Help("Say which one", lines),
        )
    elsewhere = [a for a in accounts if ref.name in (a.id, a.name)]
    if elsewhere:
        said = f'"{ref.name}" is not on {ref.provider}, but on {elsewhere[0].provider}'
        return Problem(
            "error", "account.network", said, ref.location, Help("Write", _line(ref.alias, elsewhere[0]))
        )
    before = {key for key, each in known().items() if each.name == ref.name}
    if renamed := next((each for each in accounts if each.id in before), None):
        said = f'the account "{ref.name}" is called "{renamed.name}" in Publer now'
        return Problem("error", "account.gone", said, ref.location, Help("Write", _line(ref.alias, renamed)))
    near = difflib.get_close_matches(ref.name, [account.name for account in accounts], n=1)
    meant = f'Did you mean "{near[0]}"? ' if near else ""
    lines = "\n".join(_line(code_of(account.provider), account) for account in accounts) or "  (none)"
    return Problem(
        "error",
        "account.gone",
        f'Publer has no account "{ref.name}"' + (f" on {ref.provider}" if ref.provider else ""),
        ref.location,
        Help(f"{meant}Renamed accounts keep their id. The workspace has", lines),
    )


def _twice(refs: Sequence[AccountRef], found: Mapping[str, Account]) -> list[Problem]:
    first: dict[str, AccountRef] = {}
    problems = []
    for ref in refs:
        account = found.get(ref.alias)
        if account is None:
            continue
        other = first.setdefault(account.id, ref)
        if other is not ref:
            problems.append(
                Problem(
                    "error",
                    "account.twice",
                    f'"{ref.alias}" and "{other.alias}" are the same account in Publer: {account.name}',
                    ref.location,
                    Help("Keep one of the two"),
                    related=((other.location, "the other one"),),
                )
            )
    return problems


def _line(alias: str, account: Account) -> str:
    return f"  {alias}: {{id: {account.id}, provider: {account.provider}}}    # {account.name}"


def _problem(code: str, message: str, where: Location, help_: Help) -> CalendarError:
    return CalendarError((Problem("error", code, message, where, help_),))

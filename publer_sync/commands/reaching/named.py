"""Looks up the ids of the boards, albums, signatures and places that posts name, if one is needed."""

from __future__ import annotations

import difflib
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.networks.table import NETWORKS
from publer_sync.planning.allow import FLAGS, Allow
from publer_sync.planning.plan import Block, Blocked, Create, Recreate, Replace
from publer_sync.values.errors import CalendarError, ServiceError
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from publer_sync.networks.fields import Field
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.publer.reader import PublerReader
    from publer_sync.values.model import Account, Named, Post

_EVERYTHING = Allow(**dict.fromkeys(FLAGS.values(), True))


class NameLists:
    """What some accounts can name. Each list is asked for once, a place once for each network, also where that fails."""

    def __init__(self, publer: PublerReader, workspace_id: str, account_ids: Sequence[str]) -> None:
        self._publer, self._workspace_id, self._account_ids = publer, workspace_id, account_ids
        self._answers: dict[tuple[str, ...], Mapping[str, tuple[Named, ...]] | ServiceError] = {}

    def of(self, account: Account, field: Field, words: str) -> tuple[Named, ...]:
        """What the account has for this key; of places, what a search for these words finds.

        Raises ServiceError where Publer refuses this list or answers something else, each time it is needed.
        """
        here, accounts = self._workspace_id, self._account_ids
        match field.named:
            case "albums":
                listed = self._once(("albums",), lambda: self._publer.albums(here, accounts))
            case "signatures":
                listed = self._once(("signatures",), lambda: self._publer.signatures(here, accounts))
            case _ if not words:
                return ()
            case _:
                asked = account.provider, words
                found = self._once(asked, lambda: {account.id: self._publer.locations(*asked)})
                return next(iter(found.values()))
        return listed.get(account.id, ())

    def _once(
        self, key: tuple[str, ...], ask: Callable[[], Mapping[str, tuple[Named, ...]]]
    ) -> Mapping[str, tuple[Named, ...]]:
        if key not in self._answers:
            try:
                self._answers[key] = ask()
            except ServiceError as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, ServiceError):
            raise answer
        return answer


def named_fields(account: Account) -> tuple[Field, ...]:
    network = NETWORKS.get(account.provider)
    return tuple(field for field in network.fields if field.named) if network else ()


def lines(field: Field, listed: Sequence[Named]) -> list[str]:
    """A line of a post for each: its name, or its id if the name is not enough."""
    entries = []
    for one in listed:
        same = [other for other in listed if _same(other.name, one.name)]
        if len(same) == 1 and field.is_name(one.name) and one_line(one.name) == one.name:
            entries.append((f"{field.name}: {scalar(one.name)}", one.about))
        else:
            about = f"{one.name}, {one.about}" if one.about else one.name
            entries.append((f'{field.name}: "{one_line(one.id)}"', about))
    width = max((len(entry) for entry, _ in entries), default=0)
    return [f"{entry:<{width}}  # {one_line(about)}" if about else entry for entry, about in entries]


def with_ids(plan: Plan, publer: PublerReader) -> Plan:
    """The plan with Publer's ids for the names in what it sends. Raises CalendarError for a name without an id, or with several.

    What Publer has already keeps the id that it was sent with, so its names are not looked up. Where a list can't be had,
    the posts that need it are blocked, and no others.
    """
    sent = {index: post for index, change in enumerate(plan.changes) if (post := _sent(change)) is not None}
    wanted = [(index, post, field) for index, post in sent.items() for field in _names(post)]
    if not wanted:
        return plan
    lists = NameLists(publer, plan.workspace.id, sorted({post.account.id for _, post, _ in wanted}))
    changes, problems = list(plan.changes), list[Problem]()
    for index, post, field in wanted:
        name = str(post.content.network[field.name])
        try:
            listed = lists.of(post.account, field, name)
        except ServiceError as error:
            changes[index] = _without_id(changes[index], field, name, error)
            continue
        hits = _hits(name, listed)
        if len(hits) == 1:
            changes[index] = _with_id(changes[index], field.name, hits[0].id)
        else:
            problems.append(_missed(post, field, name, hits, listed))
    if problems:
        raise CalendarError(tuple(sorted(dict.fromkeys(problems), key=attrgetter("location"))))
    return replace(plan, changes=tuple(changes))


def _sent(change: Change) -> Post | None:
    """The post that apply may send for this change, if every option allowed it."""
    tried = _EVERYTHING.attempt(change)
    if isinstance(tried, Replace) and tried.successor is not None:
        return None
    return tried.post if isinstance(tried, Create | Recreate | Replace) else None


def _names(post: Post) -> Iterator[Field]:
    for field in named_fields(post.account):
        if field.is_name(post.content.network.get(field.name)):
            yield field


def _with_id(change: Change, key: str, id: str) -> Change:
    if isinstance(change, Blocked):
        return replace(change, would=_with_id(change.would, key, id))  # type: ignore[arg-type]  # it returns a change of the kind that it was given
    if isinstance(change, Create | Recreate | Replace):
        return replace(change, post=replace(change.post, ids={**change.post.ids, key: id}))
    return change


def _without_id(change: Change, field: Field, name: str, error: ServiceError) -> Change:
    reason = f'its {field.name} "{one_line(name)}" can\'t be looked up: {error.message}'
    if isinstance(change, Blocked):
        blocks = tuple(dict.fromkeys((Block.NAME, *change.blocks)))
        return replace(change, blocks=blocks, reason=reason)
    if isinstance(change, Create | Recreate | Replace):
        return Blocked(would=change, blocks=(Block.NAME,), reason=reason)
    return change


def _hits(name: str, listed: Sequence[Named]) -> list[Named]:
    """Those that are meant: by id, else by name, else by name in any case."""
    for hits in (
        [one for one in listed if one.id == name],
        [one for one in listed if one.name == name],
        [one for one in listed if _same(one.name, name)],
    ):
        if hits:
            return list({one.id: one for one in hits}.values())
    return []


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _missed(post: Post, field: Field, name: str, hits: Sequence[Named], listed: Sequence[Named]) -> Problem:
    key, shown = field.name, f'"{one_line(name)}"'
    owner = "Publer's search" if field.named == "locations" else f'"{one_line(post.account.name)}"'
    if hits:
        code, message = "name.ambiguous", f"{owner} has {len(hits)} {key}s called {shown}"
        help_ = Help("Say which one", "\n".join(f"  {line}" for line in lines(field, hits)))
    else:
        code, message = "name.unknown", f"{owner} has no {key} called {shown}"
        near = difflib.get_close_matches(name, [one.name for one in listed], n=1)
        meant = f'Did you mean "{one_line(near[0])}"? ' if near else ""
        there = "\n".join(f"  {line}" for line in lines(field, listed)) or "  (none)"
        help_ = Help(f"{meant}It has", there)
    return Problem("error", code, message, post.place(key), help_, len(key))

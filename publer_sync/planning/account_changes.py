"""A post that leaves one account and comes on another: two changes to Publer, and one to people."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.planning.plan import Create, Delete, intent
from publer_sync.values.alike import without_utm
from publer_sync.values.model import normal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from publer_sync.planning.plan import Change


def account_changes(changes: Iterable[Change]) -> Mapping[int, Change]:
    """What leaves another account, by the `id()` of what is created in its place; each half may be blocked.

    They have the same id, or the same words and media and no two ids; of several the same network first, then the
    nearest in time.
    """
    gone: list[Change] = []
    come: list[Change] = []
    for change in changes:
        wanted = intent(change)
        if isinstance(wanted, Delete) and not wanted.leftover and not wanted.twice:
            gone.append(change)
        elif isinstance(wanted, Create) and wanted.copy is None:
            come.append(change)
    found: dict[int, Change] = {}
    if gone and come:
        for key in (_id, _words_and_media):
            taken = set(map(id, found.values()))
            left = [each for each in gone if id(each) not in taken]
            found |= _paired(left, [each for each in come if id(each) not in found], key)
    return found


def _paired(
    gone: Sequence[Change], come: Sequence[Change], key: Callable[[Change], object]
) -> dict[int, Change]:
    alike: dict[object, list[Change]] = defaultdict(list)
    for create in come:
        alike[key(create)].append(create)
    pairs = sorted(
        (
            (left.account.provider != create.account.provider, abs(left.at - create.at), order, left, create)
            for order, left in enumerate(gone)
            for create in alike.get(key(left), ())
            if key(left) is not None and left.account.id != create.account.id and _may_be_one(left, create)
        ),
        key=lambda pair: pair[:3],
    )
    found: dict[int, Change] = {}
    taken: set[int] = set()
    for *_, left, create in pairs:
        if id(left) not in taken and id(create) not in found:
            found[id(create)] = left
            taken.add(id(left))
    return found


def _may_be_one(left: Change, create: Change) -> bool:
    """Two ids are two posts, unless they share a minute."""
    return left.id is None or create.id is None or left.id == create.id or left.at == create.at


def _id(change: Change) -> object:
    return change.id


def _words_and_media(change: Change) -> object:
    """Its words and media, without the UTM parameters of links, which may name the network; None for a post without either."""
    content = change.post.content if change.post is not None else change.copy.sent if change.copy else None
    if content is None or not (content.text.strip() or content.media):
        return None
    return without_utm(normal_text(content.text)), tuple(piece.reference for piece in content.media)

"""Proves a change before it counts: read again, the posts say what is meant, all others say what they said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.uses import versions_of
from publer_sync.studio.working import ByHand, said_of

if TYPE_CHECKING:
    from publer_sync.studio.keys import PostKeys
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.studio.working import Expected, Said, WorkingFiles

UNEQUAL: Final = "in the file, it would not read as intended"
VERSIONS: Final = (
    "its variants would get other numbers, and its uses would say something else: change it in the file"
)
OTHERS: Final = "its lines can't be changed without changing other posts too"


def prove(work: WorkingFiles, old: PostKeys, after: Snapshot, new: PostKeys) -> None:
    """Raises ByHand. `new` are the keys of the calendar as it would read."""
    come = new.entries.keys() - old.entries.keys()
    gone = old.entries.keys() - new.entries.keys()
    if gone != work.gone or len(come) != len(work.added):
        raise ByHand(OTHERS if gone - work.gone else UNEQUAL)
    for key, expected in work.expected.items():
        if not _says(after, new, key, expected):
            raise ByHand(UNEQUAL)
        was, now = old.entries[key], new.entries[key]
        if was.is_stored and len(versions_of(was)) != len(versions_of(now)):
            raise ByHand(VERSIONS)
    left = [*work.added]
    for key in come:
        found = next((each for each in left if _says(after, new, key, each)), None)
        if found is None:
            raise ByHand(UNEQUAL)
        left.remove(found)
    for key in old.of_files(work.files):
        stored = old.entries[key].stored
        if key in work.expected or key in gone or new.entries[key] is old.entries[key]:
            continue
        if stored is not None and old.by_place.get(stored.place) in work.expected:
            continue  # a use says what its stored post says
        if _all_said(work.snapshot, old, key) != _all_said(after, new, key):
            raise ByHand(OTHERS)


def _says(snapshot: Snapshot, keys: PostKeys, key: str, expected: Expected) -> bool:
    """Whether a post says what is expected, on the accounts of which that is known, and is on no other."""
    found = _all_said(snapshot, keys, key)
    aliases = expected.aliases if expected.aliases is not None else expected.said.keys()
    if found.keys() != aliases:
        return False
    if expected.whole:
        return all(found[alias] == said for alias, said in expected.said.items())
    return all(
        found[alias].get(key) == value for alias, said in expected.said.items() for key, value in said.items()
    )


def _all_said(snapshot: Snapshot, keys: PostKeys, key: str) -> dict[str, Said]:
    return {each.alias: said_of(each) for each in snapshot.placed.get(keys.entries[key].place, ())}

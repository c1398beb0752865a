"""Labels that stay on a post when its own lines lose them: where they are from, and which posts have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.layers import Outer, labelled, network_layer
from publer_sync.calendar.uses import versions_of
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.wording import listed, name_of
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.yaml.nodes import Map
    from publer_sync.studio.open_calendar import Snapshot

_REMOVE: Final = "remove it there, in the files"


class LabelStays(Exception):
    """A label that a post has from elsewhere; `all_that_stay` says so of all of a change."""

    def __init__(self, name: str, label: str, places: Sequence[str]) -> None:
        self.name, self.label, self.places = name, label, (*places,)


def label_stays(snapshot: Snapshot, entry: Entry, label: str) -> LabelStays:
    on_each = [_layers(snapshot, entry, placed) for placed in snapshot.placed.get(entry.place, ())]
    places = dict.fromkeys(
        place
        for on_all in zip(*on_each, strict=True)
        for place, layers in on_all
        if any(layer is not None and label in (labelled(layer).get("labels") or ()) for layer in layers)
    )
    return LabelStays(name_of(entry), label, [*places])


def all_that_stay(found: Iterable[LabelStays]) -> Unsafe:
    """As one refusal, which names all posts that have a label from the same place together."""
    names: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for each in found:
        names.setdefault((each.label, each.places), []).append(each.name)
    told = "; ".join(_told(posts, *which) for which, posts in names.items())
    return Unsafe(f"{told}: {_REMOVE}")


def _told(names: Sequence[str], label: str, places: Sequence[str]) -> str:
    return f"the label {one_line(label)} of {listed(names)} is from {listed(places) or 'other lines'}"


def _layers(snapshot: Snapshot, entry: Entry, placed: Placed) -> Iterator[tuple[str, Sequence[Map | None]]]:
    """What says something for a post on an account beside its own `labels`, the nearest first, by what it is called."""
    provider, stored = placed.account.provider, entry.stored
    yield "its `accounts`", placed.entries if stored is None else placed.of_use
    yield "its `networks`", [network_layer(entry.lines, provider)]
    if stored is not None:
        version = versions_of(stored)[entry.version - 1]
        yield f"the stored post {stored.id}", [version, network_layer(version, provider), *placed.entries]
    yield "the defaults", [Outer.of(snapshot.calendar.settings_layers, entry.home, provider).base]

"""What bears on a post at one account: settings, file and post, in each its own keys, then the network, then the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.calendar.parse import merge
from publer_sync.calendar.yaml.nodes import Map, Mark
from publer_sync.networks.table import network_of

if TYPE_CHECKING:
    from publer_sync.calendar.files import Document

Level = Literal["settings", "file", "post"]

TOP: Final = Mark("", 1, 1, 1, 1, 1, 1, "m")


def inner_map(data: Map | None, key: str) -> Map | None:
    """The mapping under a key; None where there is none."""
    value = data.get(key) if data is not None else None
    return value if isinstance(value, Map) else None


def network_layer(data: Map | None, provider: str) -> Map | None:
    """What `networks` says there for one network."""
    networks = inner_map(data, "networks")
    if networks is None or not provider:
        return None
    for word, layer in networks.items():
        if isinstance(layer, Map) and network_of(word) == provider:
            return layer
    return None


@dataclass(frozen=True, slots=True)
class Outer:
    """What the settings and one file say for one network, before any post."""

    defaults: Map | None
    defaults_there: Map | None
    file: Map | None
    file_there: Map | None
    ignores: tuple[Map | None, Map | None]
    base: Map
    """All of it laid over each other, without any account's entry."""

    @classmethod
    def of(cls, settings: Map | None, document: Document, provider: str) -> Outer:
        defaults = inner_map(settings, "defaults")
        top = document.data if document.kind == "posts" else None
        file = inner_map(top, "defaults")
        ignores = (_ignore(settings), _ignore(top))
        there, file_there = network_layer(defaults, provider), network_layer(file, provider)
        base = merge(Map(TOP), (ignores[0], defaults, there, ignores[1], file, file_there))
        return cls(defaults, there, file, file_there, ignores, base)

    def merged(self, post: Map, provider: str, entries: list[Map], level: Level) -> Map:
        """All that holds for the post there; `entries` are the account's, named at `level`."""
        there = network_layer(post, provider)
        if level == "post":
            return merge(self.base, (post, there, *entries))
        if not entries:
            return merge(self.base, (post, there))
        of_settings = entries if level == "settings" else []
        of_file = entries if level == "file" else []
        layers = (
            self.ignores[0],
            self.defaults,
            self.defaults_there,
            *of_settings,
            self.ignores[1],
            self.file,
            self.file_there,
            *of_file,
            post,
            there,
        )
        return merge(Map(TOP), layers)

    def timed(self, post: Map, provider: str, entries: list[Map], level: Level) -> list[Map]:
        """Every layer that has an `at`, or had one that could not be read."""
        layers = [
            self.defaults_there,
            *(entries if level == "settings" else ()),
            self.file_there,
            *(entries if level == "file" else ()),
            post,
            network_layer(post, provider),
            *(entries if level == "post" else ()),
        ]
        return [layer for layer in layers if layer is not None and ("at" in layer or "at" in layer.broken)]


def _ignore(data: Map | None) -> Map | None:
    """A layer of `ignore` alone."""
    if data is None or data.get("ignore") is None or "ignore" in data.broken:
        return None
    layer = Map(data.mark)
    layer.put("ignore", data["ignore"], data.marks["ignore"])
    return layer

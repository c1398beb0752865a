"""The layers of a post: settings, file, post; in each its own keys, then the network's, then the account's. Nearest wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.networks.table import network_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.post_keys import LABELS, POST_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.calendar.document import Document

Level = Literal["settings", "file", "post"]

TOP: Final = Mark("", 1, 1, 1, 1, 1, 1, "m")
_MERGED: Final = frozenset(key.name for key in POST_KEYS.values() if key.is_merged)
"""Keys whose maps are merged key by key; a text in place of the map replaces it."""
_ADDED_UP: Final = frozenset(key.name for key in POST_KEYS.values() if key.adds_up)
_ANYWHERE: Final = tuple(key.name for key in POST_KEYS.values() if key.anywhere)
"""Keys that settings and files take outside of `defaults`, too."""
_ELSEWHERE: Final = frozenset(key.name for key in POST_KEYS.values() if not key.layered)
"""Keys that are not part of the content."""
_OTHER_LABELS: Final = LABELS[1:]


def merge(base: Map, layers: Iterable[Map | None]) -> Map:
    """`base` with each layer merged over it, the nearest last. Labels add up, null removes, other lists replace."""
    out = Map(base.mark)
    out.update(base)
    marks = out.marks
    marks.update(base.marks)
    out.broken = base.broken
    for layer in layers:
        if layer is None:
            continue
        out.broken |= layer.broken
        for key, written in layer.items():
            if key in _ELSEWHERE or key in layer.broken:
                continue
            if written is None:
                out.pop(key, None)
                marks.pop(key, None)
                continue
            value: Any = written
            if key in _ADDED_UP:
                value = _added(out.get(key), written)
            elif key in _MERGED and isinstance(written, Map):
                value = _laid(out, key, written)
            out[key], marks[key] = value, layer.marks[key]
    return out


def laid_over(post: Map, nearer: Map) -> Map:
    """A post with the keys of `nearer` in place of its own: merged as layers are, and `networks` network by network.

    What null takes away stays null, since it may come from further out.
    """
    out = merge(Map(nearer.mark), [post, nearer])
    out.broken = post.broken | nearer.broken
    for layer in (post, nearer):
        for key, value in layer.items():
            if value is None and key not in layer.broken and (layer is nearer or key not in nearer):
                out.put(key, None, layer.marks[key])
            elif key in _ELSEWHERE and key not in layer.broken:
                out.put(key, value, layer.marks[key])
    networks = [each for each in (inner_map(post, "networks"), inner_map(nearer, "networks")) if each]
    if networks:
        whole = Map(networks[-1].mark)
        for each in networks:
            for word, layer in each.items():
                known = next((name for name in whole if network_of(name) == network_of(word)), word)
                if isinstance(layer, Map) and isinstance(whole.get(known), Map):
                    whole.put(known, laid_over(whole[known], layer), each.marks[word])
                else:
                    whole.put(known, layer, each.marks[word])
        out.put("networks", whole, (nearer if "networks" in nearer else post).marks["networks"])
    return out


def labelled(data: Map) -> Map:
    """With the labels that other keys give among `labels`, each at its own place, so that whoever reads labels finds them."""
    given = [key for key in _OTHER_LABELS if data.get(key) and key not in data.broken]
    if not given:
        return data
    out = merge(data, ())
    for key in given:
        more, mark = data[key], data.marks[key]
        if not isinstance(more, Seq):
            more = Seq(mark)
            more.put(str(data[key]), mark)
        out.put("labels", _added(out.get("labels"), more), out.marks.get("labels", mark))
    return out


def _added(labels: Any, more: Seq) -> Seq:
    if not labels:
        return more
    both = Seq(more.mark)
    both += [*labels, *more]
    both.marks += [*labels.marks, *more.marks]
    return both


def _laid(out: Map, key: str, value: Map) -> Map:
    below = out.get(key)
    whole = Map(value.mark)
    if isinstance(below, Map):
        whole.update(below)
        whole.marks.update(below.marks)
    elif isinstance(below, str):
        whole.put(POST_KEYS[key].inner, below, out.marks[key])
    for inner, item in value.items():
        if item is None and key != "append":  # there, it says that nothing is added to these accounts
            whole.pop(inner, None)
            whole.marks.pop(inner, None)
        else:
            whole.put(inner, item, value.marks[inner])
    return whole


def inner_map(data: Map | None, key: str) -> Map | None:
    """The map under a key; None if there is none."""
    value = data.get(key) if data is not None else None
    return value if isinstance(value, Map) else None


def network_layer(data: Map | None, provider: str) -> Map | None:
    """What `networks` says for one network."""
    networks = inner_map(data, "networks")
    if networks is None or not provider:
        return None
    for word, layer in networks.items():
        if isinstance(layer, Map) and network_of(word) == provider:
            return layer
    return None


@dataclass(frozen=True, slots=True)
class Outer:
    """The layers above the posts of one file, for one network: top keys, defaults and the network's defaults of each.

    `settings` has these three for each file of the settings.
    """

    settings: tuple[Map | None, ...]
    file: tuple[Map | None, ...]
    base: Map
    """All of them merged."""
    timed: tuple[Map, ...]
    """Those with an `at`."""

    @classmethod
    def of(cls, settings: Sequence[Map], document: Document | None, provider: str) -> Outer:
        outer = tuple(layer for data in settings for layer in _three(data, provider))
        inner = _three(document.data if document and document.kind == "posts" else None, provider)
        return cls(outer, inner, merge(Map(TOP), (*outer, *inner)), _timed((*outer[2::3], inner[-1])))

    def on(
        self, post: Map, provider: str, entries: Sequence[Map], level: Level, nearest: Sequence[Map] = ()
    ) -> tuple[Map, list[Map]]:
        """A post's merged layers, and those of them with an `at`, readable or not.

        `entries` are what `accounts` at `level` says for its account, `nearest` what those of a use say.
        """
        there = network_layer(post, provider)
        of_settings = entries if level == "settings" else ()
        of_file = entries if level == "file" else ()
        of_post = entries if level == "post" else ()
        if of_settings or of_file:
            outer = (*self.settings, *of_settings, *self.file, *of_file)
            merged = merge(Map(TOP), (*outer, post, there, *nearest))
            layers = (*self.settings[2::3], *of_settings, self.file[-1], *of_file, post, there, *nearest)
            return merged, [*_timed(layers)]
        inner = (post, there, *of_post, *nearest)
        return merge(self.base, inner), [*self.timed, *_timed(inner)]


def _timed(layers: Iterable[Map | None]) -> tuple[Map, ...]:
    """Those with an `at`, readable or not."""
    return tuple([each for each in layers if each is not None and ("at" in each or "at" in each.broken)])


def _three(data: Map | None, provider: str) -> tuple[Map | None, Map | None, Map | None]:
    defaults = inner_map(data, "defaults")
    return _top(data), defaults, network_layer(defaults, provider)


def _top(data: Map | None) -> Map | None:
    """A layer with what concerns posts and is not under `defaults`. In the settings `hashtags` are sets, which concern none."""
    if data is None:
        return None
    layer = Map(TOP)
    for key in _ANYWHERE:
        if key in data and key not in data.broken and not (key == "hashtags" and isinstance(data[key], Map)):
            layer.put(key, data[key], data.marks[key])
    return layer or None

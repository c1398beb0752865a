"""From what is written to what is sent: the merged layers of a post as Content, every key in one spelling.

Two calendars that mean the same give equal content, however they are spread over files, keys and lines.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from publer_sync.calendar.publer_yaml.groups import items_of, left_out_by
from publer_sync.calendar.when import times
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.networks.inference import type_of
from publer_sync.networks.table import NETWORKS, code_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import AT_ONCE, AutoDelete, Comment, Content, Link, Medium, Part, Poll, Share
from publer_sync.values.model import normal_text
from publer_sync.values.post_keys import CONTENT, POST_KEYS
from publer_sync.values.problems import Help, Location, Problem, errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publer_sync.calendar.media_files import MediaFiles
    from publer_sync.values.content import Json
    from publer_sync.values.model import MediaSource


class Parsed(NamedTuple):
    """The content with its media; not `fine` if a part of it is wrong or could not be read."""

    content: Content
    media: tuple[MediaSource, ...]
    problems: tuple[Problem, ...]
    fine: bool


@dataclass(slots=True)
class Parser:
    """Parses the merged layers of a post for one account; collects its problems and the media it needs."""

    merged: Map
    provider: str
    place: Location
    files: MediaFiles
    lines: Mapping[str, Sequence[str]]
    account_ids: Callable[[str, Mark], Sequence[str]]
    """The ids of the accounts that a word under `share.accounts` means."""
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, MediaSource] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    def parse(self) -> Parsed:
        own = _OWN.get(self.provider, frozenset())
        whole = self.merged.broken.isdisjoint(_READ.get(self.provider, _CONTENT))
        common: dict[str, Any] = {}
        network: dict[str, Json] = {}
        for key, value in self.merged.items():
            if (parse := _PARSERS.get(key)) is not None:
                self._check_required(key, value)
                if parsed := parse(self, value):
                    common[key] = parsed
            elif key in own:
                field_value = value.strip() if isinstance(value, str) else _own_value(value)
                if field_value not in ("", None, [], {}):
                    network[key] = field_value
        content = Content(**common, network=network)
        self._check_whole(content)
        fine = whole and not errors_in(self.problems)
        if not content.type:
            content = Content(**common, type=self._type(content), network=network)
        return Parsed(content, tuple(self.sources.values()), tuple(self.problems), fine)

    def _type(self, content: Content) -> str:
        network = NETWORKS.get(self.provider)
        if network is not None:
            return type_of(network, content, self.kinds)
        if content.poll:
            return "poll"
        if self.kinds:
            kind = "gif" if set(self.kinds) == {"gif"} else "photo"
            return next((kind for kind in ("document", "video") if kind in self.kinds), kind)
        return "link" if content.link else "status"

    def _check_whole(self, content: Content) -> None:
        """Report what no single key shows."""
        broken = self.merged.broken
        if "?" in broken or "media" in self.merged or broken & {"text", "media", "poll"}:
            return
        if not (content.text or content.poll):
            message = "this post has neither text nor media nor a poll"
            self._error("text.none", message, None, "Add a text", "text: |\n  Words")

    def _check_required(self, key: str, value: Any) -> None:
        """Report a map without its one needed key, which may come from any layer, so that no schema can tell."""
        if (needed := POST_KEYS[key].needs) is not None and isinstance(value, Map):
            inner, example = needed
            if not str(value.get(inner) or "").strip():
                mark = self.merged.marks[key]
                self._error("key.missing", f"`{key}` needs `{inner}`", mark, f"Add {inner}", example)

    def _error(self, code: str, message: str, mark: Mark | None, say: str, example: str) -> None:
        place = mark.key_location if mark else self.place
        self.problems.append(Problem("error", code, message, place, Help(say, example=example)))

    # --- one key each

    def text(self, value: str) -> str:
        return normal_text(value)

    def link(self, value: Any) -> Link:
        if isinstance(value, str):
            return Link(value.strip())
        parts = {
            key: self._reference(item, value.marks[key]) if key == "image" else str(item).strip()
            for key, item in value.items()
            if value.marks[key].style != "page" or self._shows_card()
        }
        return Link(**parts)

    def _shows_card(self) -> bool:
        """Whether the network shows what a link card is given; elsewhere the picture of a page is left out."""
        network = NETWORKS.get(self.provider)
        return network is not None and network.link == "card"

    def media(self, value: Any) -> tuple[Medium, ...]:
        media = self._media(value)
        self.kinds = [kind for _, kind in media]
        return tuple(medium for medium, _ in media)

    def _media(self, value: Any) -> list[tuple[Medium, str]]:
        """Each piece of media with its kind; those with a problem are left out."""
        pairs = zip(value, value.marks, strict=True) if value else ()
        return [made for item, mark in pairs if (made := self._medium(item, mark)) is not None]

    def _medium(self, item: Map, mark: Mark) -> tuple[Medium, str] | None:
        found = self._source(item, mark)
        thumbnail = ""
        if item.get("thumbnail") is not None:
            thumbnail = self._reference(item["thumbnail"], item.marks["thumbnail"])
        if found is None:
            return None
        source, key, kind = found
        words = {key: _text_at(item, key) for key in ("alt", "caption")}
        return Medium(**{key: source.reference}, **words, thumbnail=thumbnail), kind

    def _reference(self, value: Any, mark: Mark) -> str:
        found = self._source(value, mark)
        return found[0].reference if found is not None else ""

    def _source(self, value: Any, mark: Mark) -> tuple[MediaSource, str, str] | None:
        found = self.files.source(value, mark, mark.file, self.lines.get(mark.file, ()))
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        self.sources.setdefault(found[0].digest, found[0])
        return found

    def poll(self, value: Map) -> Poll:
        options = tuple(str(option).strip() for option in value.get("options", []))
        return Poll(options, times.duration(value.get("duration")), _text_at(value, "question"))

    def thread(self, value: Seq) -> tuple[Part, ...]:
        parts = []
        for item, mark in zip(value, value.marks, strict=True):
            parts.append(Part(*self._part(item, mark, "a part of a thread")))
        return tuple(parts)

    def comments(self, value: Seq) -> tuple[Comment, ...]:
        comments = []
        for item, mark in zip(value, value.marks, strict=True):
            after = times.duration(item.get("after")) or AT_ONCE
            text, media = self._part(item, mark, "a comment")
            comments.append(Comment(text, media, after, _text_at(item, "language"), *_figures(item)))
        return tuple(comments)

    def _part(self, item: Map, mark: Mark, what: str) -> tuple[str, tuple[Medium, ...]]:
        text, media = _text_at(item, "text"), tuple(medium for medium, _ in self._media(item.get("media")))
        if not (text or media):
            message = f"{what} has neither text nor media"
            self._error("text.none", message, mark, "Add a text", "text: |\n  Words")
        return text, media

    def share(self, value: Map) -> Share | None:
        if not value.get("accounts"):
            return None
        words = items_of(value["accounts"], value.marks["accounts"])
        ids: set[str] = set()
        left_out: set[str] = set()
        for word, mark in words:
            bare = left_out_by(word)
            (ids if bare is None else left_out).update(self.account_ids(bare or word, mark))
        after = times.duration(value.get("after"))
        return Share(tuple(sorted(ids - left_out)), after, _text_at(value, "text"), *_figures(value))

    def auto_delete(self, value: Map) -> AutoDelete | None:
        after = times.duration(value.get("after"))
        return AutoDelete(after, bool(value.get("hide")), *_figures(value)) if after else None

    def labels(self, value: Seq) -> tuple[str, ...]:
        return tuple(sorted({label.strip() for label in value if label.strip()}))

    def switch(self, value: Any) -> bool:
        return bool(value)


def ignored(merged: Map) -> dict[str, str]:
    """The silenced rules, with their reasons."""
    ignore = merged.get("ignore")
    if not isinstance(ignore, Map):
        return {}
    return {_code(code): str(reason) for code, reason in ignore.items() if reason and str(reason).strip()}


def note_of(post: Map) -> str:
    """What the post says to the team alone."""
    return "" if "note" in post.broken else _text_at(post, "note")


def page_of(merged: Map, content: Content) -> str | None:
    """The page that has to answer first, as written; "" if it is that of the link, and there is none."""
    value = None if "when_live" in merged.broken else merged.get("when_live")
    if value is True:
        return content.url
    return value.strip() if isinstance(value, str) else None


def _code(word: str) -> str:
    network, dot, rule = word.partition(".")
    return f"{code_of(network)}{dot}{rule}"


def _text_at(data: Map, key: str) -> str:
    value = data.get(key)
    return normal_text(value) if isinstance(value, str) else ""


def _figures(data: Map) -> tuple[str, str]:
    """The engagement and the reach to wait for."""
    return _text_at(data, "engagement"), _text_at(data, "reach")


def _own_value(value: Any) -> Json:
    """A network's own field as plain JSON; `3.0` becomes `3`."""
    match value:
        case dict():
            return {key: _own_value(item) for key, item in value.items()}
        case list():
            return [_own_value(item) for item in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            result: Json = value
            return result


_OWN: Final = {key: frozenset(f.name for f in network.fields) for key, network in NETWORKS.items()}
_BY_FORM: Final[Mapping[str, Any]] = {
    "labels": Parser.labels,
    "switch": Parser.switch,
    **dict.fromkeys(("prose", "type", "word"), Parser.text),
}
_PARSERS: Final[Mapping[str, Any]] = {
    key.name: getattr(Parser, key.name, None) or _BY_FORM[key.form] for key in CONTENT
}
"""A key without a method of its own is read by its form."""
_CONTENT: Final = {*_PARSERS, *(key.name for key in POST_KEYS.values() if key.joins), "ignore", "?"}
_READ: Final = {key: _CONTENT | own for key, own in _OWN.items()}
"""The keys that a post's content depends on, by network."""

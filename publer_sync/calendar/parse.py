"""From what is written to what is sent: the merged layers of a post as Content, every key in one spelling.

Two calendars that mean the same give equal content, however they are spread over files, keys and lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from publer_sync.calendar import times
from publer_sync.calendar.groups import words_of
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.content import AT_ONCE, AutoDelete, Comment, Content, Link, Medium, Part, Poll, Share
from publer_sync.model import normal_text
from publer_sync.networks.table import NETWORKS, code_of
from publer_sync.problems import Help, Location, Problem
from publer_sync.publer.payload import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publer_sync.calendar.media_files import MediaFiles
    from publer_sync.model import Json, MediaSource


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
        whole = not self.merged.broken & (CONTENT | own | {"?"})
        common: dict[str, Any] = {}
        network: dict[str, Json] = {}
        for key, value in self.merged.items():
            if (parse := _PARSERS.get(key)) is not None:
                if parsed := parse(self, value, self.merged.marks[key]):
                    common[key] = parsed
            elif key in own:
                field_value = value.strip() if isinstance(value, str) else _own_value(value)
                if field_value not in ("", None, [], {}):
                    network[key] = field_value
        content = Content(**common, network=network)
        self._check_whole(content)
        fine = whole and not any(problem.severity == "error" for problem in self.problems)
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
            self._error("text.none", message, None, "Give it a text", "text: |\n  Words")

    def _error(self, code: str, message: str, mark: Mark | None, say: str, example: str) -> None:
        place = mark.key_location if mark else self.place
        self.problems.append(Problem("error", code, message, place, Help(say, example=example)))

    def _missing(self, what: str, key: str, mark: Mark, example: str) -> None:
        self._error("key.missing", f"{what} needs `{key}`", mark, f"Add {key}", example)

    # --- one key each

    def text(self, value: str, _mark: Mark) -> str:
        return normal_text(value)

    def link(self, value: Any, mark: Mark) -> Link:
        if isinstance(value, str):
            return Link(value.strip())
        parts: dict[str, str] = {}
        for key, item in value.items():
            if key == "image" and item is not None:
                parts[key] = self._reference(item, value.marks[key])
            elif item is not None:
                parts[key] = str(item).strip()
        if not parts.get("url"):
            self._missing("a link", "url", mark, "link:\n  url: https://example.com/launch")
        return Link(**parts)

    def media(self, value: Any, mark: Mark) -> tuple[Medium, ...]:
        del mark
        media = []
        for item, place in zip(value, value.marks, strict=True):
            made, kind = self._medium(item, place)
            if made is not None:
                media.append(made)
                self.kinds.append(kind)
        return tuple(media)

    def _inner_media(self, value: Any) -> tuple[Medium, ...]:
        if not value:
            return ()
        made = (self._medium(item, place)[0] for item, place in zip(value, value.marks, strict=True))
        return tuple(medium for medium in made if medium is not None)

    def _medium(self, item: Map, mark: Mark) -> tuple[Medium | None, str]:
        found = self.files.source(item, mark, mark.file, self.lines.get(mark.file, ()))
        thumbnail = ""
        if item.get("thumbnail") is not None:
            thumbnail = self._reference(item["thumbnail"], item.marks["thumbnail"])
        if isinstance(found, Problem):
            self.problems.append(found)
            return None, "photo"
        source, key, kind = found
        self.sources.setdefault(source.digest, source)
        words = {key: _words(item, key) for key in ("alt", "caption")}
        return Medium(**{key: source.reference}, **words, thumbnail=thumbnail), kind

    def _reference(self, value: Any, mark: Mark) -> str:
        found = self.files.source(value, mark, mark.file, self.lines.get(mark.file, ()))
        if isinstance(found, Problem):
            self.problems.append(found)
            return ""
        source = found[0]
        self.sources.setdefault(source.digest, source)
        return source.reference

    def poll(self, value: Map, mark: Mark) -> Poll:
        if "options" not in value:
            self._missing("a poll", "options", mark, "poll:\n  options:\n  - Yes\n  - Not yet")
        options = tuple(str(option).strip() for option in value.get("options", []))
        return Poll(options, times.duration(value.get("duration")), _words(value, "question"))

    def thread(self, value: Seq, mark: Mark) -> tuple[Part, ...]:
        del mark
        parts = []
        for item, place in zip(value, value.marks, strict=True):
            parts.append(Part(_words(item, "text"), self._inner_media(item.get("media"))))
            self._not_empty(parts[-1], place, "a part of a thread")
        return tuple(parts)

    def comments(self, value: Seq, mark: Mark) -> tuple[Comment, ...]:
        del mark
        comments = []
        for item, place in zip(value, value.marks, strict=True):
            media = self._inner_media(item.get("media"))
            after = times.duration(item.get("after")) or AT_ONCE
            comments.append(Comment(_words(item, "text"), media, after, _words(item, "language")))
            self._not_empty(comments[-1], place, "a comment")
        return tuple(comments)

    def _not_empty(self, part: Part | Comment, mark: Mark, what: str) -> None:
        if not (part.text or part.media):
            message = f"{what} has neither text nor media"
            self._error("text.none", message, mark, "Give it a text", "text: |\n  Words")

    def share(self, value: Map, mark: Mark) -> Share | None:
        words = value.get("accounts")
        if not words:
            self._missing("a share", "accounts", mark, "share:\n  accounts: facebook\n  after: 1h")
            return None
        each = words_of(words, value.marks["accounts"])
        ids = {account for word, place in each for account in self.account_ids(word, place)}
        return Share(tuple(sorted(ids)), times.duration(value.get("after")), _words(value, "text"))

    def auto_delete(self, value: Map, mark: Mark) -> AutoDelete | None:
        after = times.duration(value.get("after"))
        if not value.get("after"):
            self._missing("auto_delete", "after", mark, "auto_delete:\n  after: 2w")
        return AutoDelete(after, bool(value.get("hide"))) if after else None

    def labels(self, value: Seq, mark: Mark) -> tuple[str, ...]:
        del mark
        return tuple(sorted({label.strip() for label in value if label.strip()}))

    def draft(self, value: Any, mark: Mark) -> bool:
        del mark
        return bool(value)


def ignored(merged: Map) -> dict[str, str]:
    """The silenced rules, with their reasons."""
    said = merged.get("ignore")
    if not isinstance(said, Map):
        return {}
    return {_code(code): str(reason) for code, reason in said.items() if reason and str(reason).strip()}


def _code(word: str) -> str:
    network, dot, rule = word.partition(".")
    return f"{code_of(network)}{dot}{rule}"


def _words(data: Map, key: str) -> str:
    value = data.get(key)
    return normal_text(value) if isinstance(value, str) else ""


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
_PARSERS: Final[Mapping[str, Any]] = {
    "text": Parser.text,
    "title": Parser.text,
    "type": Parser.text,
    "link": Parser.link,
    "media": Parser.media,
    "poll": Parser.poll,
    "thread": Parser.thread,
    "comments": Parser.comments,
    "share": Parser.share,
    "auto_delete": Parser.auto_delete,
    "labels": Parser.labels,
    "draft": Parser.draft,
}
CONTENT: Final = frozenset((*_PARSERS, "ignore"))

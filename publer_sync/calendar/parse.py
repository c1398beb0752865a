"""What a post says, in canonical form: settings, file and post laid over each other, then every key in one spelling.

Two calendars that mean the same give equal content, however they are spread over files, keys and lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar import times
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq
from publer_sync.networks.table import NETWORKS
from publer_sync.problems import Location, Problem
from publer_sync.publer.payload import type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.calendar.media_files import MediaFiles
    from publer_sync.model import Json, MediaSource

CONTENT: Final = frozenset(
    [
        "text",
        "title",
        "type",
        "link",
        "media",
        "poll",
        "thread",
        "comments",
        "share",
        "auto_delete",
        "labels",
        "draft",
        "ignore",
    ]
)
_MERGED: Final = frozenset(("link", "poll", "share", "auto_delete", "ignore"))
"""Maps whose keys are laid over each other one by one; a text in their place takes the whole."""
_ELSEWHERE: Final = frozenset(["id", "at", "accounts", "account", "networks", "repeat", "timezone", "time"])
_DEFAULT_AFTER: Final[Mapping[str, Json]] = {"duration": 1, "unit": "Minute"}


def merge(base: Map, layers: Iterable[Map | None]) -> Map:
    """`base` with each layer laid over it, the nearest last. Labels add up, null takes away, other lists replace."""
    out = Map(base.mark)
    out.update(base)
    out.marks.update(base.marks)
    out.broken = base.broken
    for layer in layers:
        if layer is None:
            continue
        if layer.broken:
            out.broken |= layer.broken
        for key, value in layer.items():
            if key in _ELSEWHERE or key in layer.broken:
                continue
            if value is None:
                out.pop(key, None)
                out.marks.pop(key, None)
            elif key == "labels":
                out.put(key, _added(out.get(key), value), layer.marks[key])
            elif key in _MERGED and isinstance(value, Map):
                out.put(key, _laid(out, key, value), layer.marks[key])
            else:
                out.put(key, value, layer.marks[key])
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
        whole.put("url", below, out.marks[key])
    for inner, item in value.items():
        if item is None:
            whole.pop(inner, None)
            whole.marks.pop(inner, None)
        else:
            whole.put(inner, item, value.marks[inner])
    return whole


class Places(Mapping[str, Location]):
    """Where each part of merged data stands, by path. Worked out when first asked: most posts never are."""

    __slots__ = ("_at", "_known", "_root")

    def __init__(self, root: Map, at: Mark | None = None) -> None:
        self._root, self._at = root, at
        self._known: dict[str, Location] | None = None

    def _all(self) -> dict[str, Location]:
        if self._known is None:
            self._known = dict(_places(self._root, ""))
            if self._at is not None:
                self._known["at"] = self._at.location
        return self._known

    def __getitem__(self, path: str) -> Location:
        return self._all()[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _places(node: Any, prefix: str) -> Iterator[tuple[str, Location]]:
    if isinstance(node, Map):
        for key, mark in node.marks.items():
            yield f"{prefix}{key}", mark.key_location
            yield from _places(node.get(key), f"{prefix}{key}/")
    elif isinstance(node, Seq):
        for number, mark in enumerate(node.marks):
            yield f"{prefix}{number}", mark.location
            yield from _places(node[number], f"{prefix}{number}/")


@dataclass(frozen=True, slots=True)
class Content:
    """The canonical `data` with its media; not `fine` where a part is wrong or could not be read."""

    data: dict[str, Json]
    media: tuple[MediaSource, ...]
    problems: tuple[Problem, ...]
    fine: bool


@dataclass(slots=True)
class Canonical:
    """Makes content of merged data for one account, and collects what is wrong and which media it needs."""

    merged: Map
    provider: str
    place: Location
    files: MediaFiles
    lines: Mapping[str, Sequence[str]]
    share_ids: Any
    """A function from a word of `share.accounts` and its Mark to account ids; None where it said what is wrong."""
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, MediaSource] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)

    def make(self) -> Content:
        data = self.merged
        known = CONTENT | _OWN.get(self.provider, frozenset())
        whole = not data.broken & (known | {"?"})
        out: dict[str, Json] = {}
        for key, value in data.items():
            if key in _MAKERS:
                made = _MAKERS[key](self, value, data.marks[key])
            elif key in known:
                made = value.strip() if isinstance(value, str) else plain(value)
            else:
                continue
            if made is not None and made not in ("", [], {}):
                out[key] = made
        self._judge(out)
        fine = whole and not any(problem.severity == "error" for problem in self.problems)
        out["type"] = self._type(out)
        return Content(out, tuple(self.sources.values()), tuple(self.problems), fine)

    def _type(self, out: dict[str, Json]) -> str:
        network = NETWORKS.get(self.provider)
        if network is not None:
            return type_of(network, out, self.kinds)
        if isinstance(out.get("type"), str):
            return str(out["type"])
        if "poll" in out:
            return "poll"
        if self.kinds:
            return next(
                (kind for kind in ("document", "video") if kind in self.kinds),
                "gif" if set(self.kinds) == {"gif"} else "photo",
            )
        return "link" if "link" in out else "status"

    def _judge(self, out: dict[str, Json]) -> None:
        """What only the whole shows."""
        broken = self.merged.broken
        if "?" in broken:
            return
        said = {"text", "media", "poll"}
        if not out.keys() & said and not broken & said and "media" not in self.merged:
            self._error(
                "text.none", "this post has neither text nor media nor a poll", None, "text: |\n  Words"
            )

    def _error(self, code: str, message: str, mark: Mark | None, way: str | None) -> None:
        at = mark.key_location if mark else self.place
        self.problems.append(Problem("error", code, message, at, way))

    # --- one key each

    def text(self, value: str, _mark: Mark) -> Json:
        return trimmed(value)

    def link(self, value: Any, mark: Mark) -> Json:
        if isinstance(value, str):
            return {"url": value.strip()}
        out: dict[str, Json] = {}
        for key, item in value.items():
            if key == "image" and item is not None:
                reference = self._reference(item, value.marks[key])
                if reference:
                    out[key] = reference
            elif item is not None and str(item).strip():
                out[key] = str(item).strip()
        if "url" not in out:
            self._error("key.missing", "a link needs `url`", mark, "link:\n  url: https://example.com/launch")
        return out

    def media(self, value: Any, mark: Mark) -> Json:
        del mark
        out: list[Json] = []
        for item, place in zip(value, value.marks, strict=True):
            made, kind = self._medium(item, place)
            if made is not None:
                out.append(made)
                self.kinds.append(kind)
        return out

    def _inner_media(self, value: Any) -> list[Json]:
        made = [self._medium(item, place)[0] for item, place in zip(value, value.marks, strict=True)]
        return [item for item in made if item is not None]

    def _medium(self, item: Map, mark: Mark) -> tuple[dict[str, Json] | None, str]:
        found = self.files.source(item, mark, mark.file, self.lines.get(mark.file, ()))
        out: dict[str, Json] | None = None
        kind = "photo"
        if isinstance(found, Problem):
            self.problems.append(found)
        else:
            source, key, kind = found
            self.sources.setdefault(source.digest, source)
            out = {key: source.digest if key == "file" else source.url or source.id}
            for words in ("alt", "caption"):
                if isinstance(item.get(words), str) and item[words].strip():
                    out[words] = trimmed(item[words])
        if item.get("thumbnail") is not None:
            reference = self._reference(item["thumbnail"], item.marks["thumbnail"])
            if out is not None and reference:
                out["thumbnail"] = reference
        return out, kind

    def _reference(self, value: Any, mark: Mark) -> str | None:
        found = self.files.source(value, mark, mark.file, self.lines.get(mark.file, ()))
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        source, key, _ = found
        self.sources.setdefault(source.digest, source)
        return source.digest if key == "file" else source.url or source.id

    def poll(self, value: Map, mark: Mark) -> Json:
        if "options" not in value:
            self._error(
                "key.missing", "a poll needs `options`", mark, "poll:\n  options:\n  - Yes\n  - Not yet"
            )
        out: dict[str, Json] = {"options": [str(option).strip() for option in value.get("options", [])]}
        if value.get("duration") is not None:
            out["duration"] = _duration(value["duration"])
        if isinstance(value.get("question"), str) and value["question"].strip():
            out["question"] = trimmed(value["question"])
        return out

    def parts(self, value: Seq, mark: Mark) -> Json:
        """A thread."""
        del mark
        return [
            self._part(part, place, "a part of a thread")
            for part, place in zip(value, value.marks, strict=True)
        ]

    def _part(self, part: Map, mark: Mark, what: str) -> dict[str, Json]:
        out: dict[str, Json] = {}
        if isinstance(part.get("text"), str) and part["text"].strip():
            out["text"] = trimmed(part["text"])
        if part.get("media"):
            out["media"] = self._inner_media(part["media"])
        if not out:
            self._error("text.none", f"{what} has neither text nor media", mark, "text: |\n  Words")
        return out

    def comments(self, value: Seq, mark: Mark) -> Json:
        del mark
        out: list[Json] = []
        for part, place in zip(value, value.marks, strict=True):
            made = self._part(part, place, "a comment")
            made["after"] = _duration(part["after"]) if part.get("after") else dict(_DEFAULT_AFTER)
            if part.get("language"):
                made["language"] = part["language"].strip()
            out.append(made)
        return out

    def share(self, value: Map, mark: Mark) -> Json:
        words = value.get("accounts")
        if not words:
            self._error(
                "key.missing", "a share needs `accounts`", mark, "share:\n  accounts: facebook\n  after: 1h"
            )
            return None
        several = isinstance(words, Seq)
        pairs = zip(words, words.marks, strict=True) if several else [(words, value.marks["accounts"])]
        ids: set[str] = set()
        for word, place in pairs:
            ids.update(self.share_ids(word, place) or ())
        out: dict[str, Json] = {"accounts": [*sorted(ids)]}
        if value.get("after"):
            out["after"] = _duration(value["after"])
        if isinstance(value.get("text"), str) and value["text"].strip():
            out["text"] = trimmed(value["text"])
        return out

    def auto_delete(self, value: Map, mark: Mark) -> Json:
        if not value.get("after"):
            self._error("key.missing", "auto_delete needs `after`", mark, "auto_delete:\n  after: 2w")
            return None
        out: dict[str, Json] = {"after": _duration(value["after"])}
        if value.get("hide"):
            out["hide"] = True
        return out

    def labels(self, value: Seq, mark: Mark) -> Json:
        del mark
        return sorted({label.strip() for label in value if label.strip()})

    def draft(self, value: Any, mark: Mark) -> Json:
        del mark
        return True if value else None

    def nothing(self, value: Any, mark: Mark) -> Json:
        del value, mark
        return None


def ignored(merged: Map) -> dict[str, str]:
    """The rules that are silenced, with their reasons; `twitter.` stands for `x.` here as it does elsewhere."""
    said = merged.get("ignore")
    if not isinstance(said, Map):
        return {}
    return {
        f"x.{code.removeprefix('twitter.')}" if code.startswith("twitter.") else code: str(reason)
        for code, reason in said.items()
        if reason and str(reason).strip()
    }


def trimmed(text: str) -> str:
    """The text without outer white space, its line ends all of one kind: escapes in quotes may hold others."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def plain(value: Any) -> Json:
    """Data without its places."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    result: Json = value
    return result


def _duration(text: str) -> Json:
    made = times.duration(text)
    return {**made} if made else None


_OWN: Final = {key: frozenset(f.name for f in network.fields) for key, network in NETWORKS.items()}
_MAKERS: Final[Mapping[str, Any]] = {
    "text": Canonical.text,
    "title": Canonical.text,
    "link": Canonical.link,
    "media": Canonical.media,
    "poll": Canonical.poll,
    "thread": Canonical.parts,
    "comments": Canonical.comments,
    "share": Canonical.share,
    "auto_delete": Canonical.auto_delete,
    "labels": Canonical.labels,
    "draft": Canonical.draft,
    "ignore": Canonical.nothing,
}

"""The posts of a calendar as the page edits them: what the file says of each, and what cannot be written back."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from publer_sync.calendar.expand import named_accounts
from publer_sync.calendar.layers import TOP, inner_map, labelled
from publer_sync.calendar.when.zones import zone
from publer_sync.calendar.yaml.nodes import Map, Seq, last_line
from publer_sync.editing.entry_times import when_of
from publer_sync.networks.kinds import kind_of
from publer_sync.networks.table import code_of
from publer_sync.render.layout.wording import fix_parts, sentence
from publer_sync.render.post.names import network_label
from publer_sync.studio.keys import revision_of
from publer_sync.studio.wording import spoken
from publer_sync.values.model import normal_text
from publer_sync.values.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.posts import Entry
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.previewing.page import CardMark
    from publer_sync.studio.documents import (
        CommentData,
        OpenCalendarData,
        PollData,
        SeriesData,
        StudioMediumData,
        StudioPostData,
        StudioProblemData,
        TimeData,
    )
    from publer_sync.studio.open_calendar import OpenCalendar, Snapshot
    from publer_sync.studio.shelf import MediaShelf
    from publer_sync.values.problems import Problem


_ALIAS: Final = re.compile(r"\*([^\s,\[\]{}]+)")
_ANCHOR: Final = re.compile(r"(?:^|[\s\[{,])&([^\s,\[\]{}]+)")
_KNOWN: Final[dict[str, tuple[Document, frozenset[str]]]] = {}
"""By file, the aliases of what was read last."""


def editor_address(top: Path, file: str, line: int) -> str:
    """Opens the line in the editor (VS Code, "Command Line Interface", "Opening VS Code with URLs")."""
    path = (top / file).resolve().as_posix()
    return f"vscode://file/{quote(path.lstrip('/'))}:{line}"


def calendar_data(opened: OpenCalendar) -> OpenCalendarData:
    calendar = opened.calendar
    settings = calendar.settings
    labels = {label for each in calendar.desired.posts for label in each.content.labels}
    return {
        "name": one_line(settings.name),
        "folder": calendar.top.as_posix(),
        "zone": settings.timezone,
        "files": [
            each.file
            for each in calendar.documents
            if each.kind == "posts" and each.page is None and each.data is not None
        ],
        "accounts": [
            {
                "alias": account.alias or "",
                "network": code_of(account.provider),
                "label": network_label(account),
                "name": one_line(account.name),
            }
            for account in named_accounts(settings).values()
        ],
        "groups": {name: list(members) for name, members in calendar.groups.groups.items()},
        "labels": sorted(labels),
        "dates": {name: str(each.written) for name, each in calendar.dates.known.items() if each is not None},
        "compared": opened.marking.source,
        "alarms": list(opened.marking.alarms),
        "beside": _digest([*opened.marking.gone, *opened.marking.outside]),
    }


def problem_data(problem: Problem, opened: OpenCalendar, key: str | None) -> StudioProblemData:
    where = problem.location
    file, line = (where.file, where.line) if where is not None else ("", 0)
    return {
        "calendar": one_line(opened.calendar.settings.name),
        "key": key,
        "severity": problem.severity,
        "code": problem.code,
        "message": sentence(problem.message),
        "fix": printable("\n".join(each for part in fix_parts(problem.help) for each in part if each)),
        "file": file,
        "line": line,
        "open": editor_address(opened.calendar.top, file, line) if file else "",
    }


def post_data(opened: OpenCalendar, key: str) -> StudioPostData:
    snapshot = opened.snapshot
    entry = opened.keys.entries[key]
    placed = snapshot.placed.get(entry.place, ())
    base, line = base_of(placed), entry.place.line
    merged = base.merged if base is not None else entry.data
    texts = {each.alias: _text(each.merged.get("text")) for each in placed}
    text = texts[base.alias] if base is not None else _text(entry.data.get("text"))
    times = {each.alias: time_data(snapshot, entry, each) for each in placed}
    at = times[base.alias] if base is not None else time_data(snapshot, entry, None)
    moments = [moment.at for each in placed for moment in each.moments if moment.at is not None]
    freeze = timedelta(minutes=snapshot.calendar.settings.limits.freeze_minutes)
    comments = merged.get("comments")
    return {
        "key": key,
        "revision": revision_of(entry),
        "calendar": one_line(snapshot.calendar.settings.name),
        "file": entry.document.file,
        "line": line,
        "open": editor_address(snapshot.calendar.top, entry.document.file, line),
        "id": entry.id,
        "accounts": [each.alias for each in placed],
        "at": at,
        "times": {
            alias: each
            for alias, each in times.items()
            if (each["day"], each["time"]) != (at["day"], at["time"])
        },
        "series": _series(snapshot, entry, base),
        "text": text,
        "texts": {alias: each for alias, each in texts.items() if each != text},
        "title": _text(merged.get("title")),
        "thread": [_text(item.get("text")) for item in _maps(merged.get("thread"))],
        "comment": _comment(next(iter(_maps(comments)), None)),
        "link": _link(merged.get("link")),
        "labels": _strings(labelled(merged).get("labels")),
        "own_labels": _strings(entry.lines.get("labels")),
        "draft": merged.get("draft") is True,
        "stored": entry.is_stored,
        "note": _text(entry.data.get("note")),
        "media": _media(opened.shelf, base, _maps(merged.get("media"))),
        "poll": _poll(merged.get("poll")),
        "why_not": why_not(entry),
        "past": bool(moments) and max(moments) <= snapshot.now,
        "fate": _fate(opened, placed, max(moments)) if moments else "",
        "frozen": any(snapshot.now < each <= snapshot.now + freeze for each in moments),
        "marks": marks_of(opened, key),
    }


def _fate(opened: OpenCalendar, placed: Sequence[Placed], last: datetime) -> str:
    """What became of a post whose time has passed, as far as is known; "" of one that is ahead."""
    snapshot, marking = opened.snapshot, opened.marking
    if last > snapshot.now:
        return ""
    places = {(each.alias, moment.at) for each in placed for moment in each.moments if moment.at is not None}
    when = spoken(last, snapshot)
    if places & marking.published:
        return f"Published: {when}."
    if any((mark := marking.marks.get(place)) is not None and mark.kind == "missed" for place in places):
        return f"Its time has passed, and it was not published: {when}."
    return f"Its time has passed: {when}."


def _marks(opened: OpenCalendar, placed: Placed) -> Iterator[CardMark]:
    """What plan would do with the post on one of its accounts."""
    for moment in placed.moments:
        if moment.at is not None and (mark := opened.marking.marks.get((placed.alias, moment.at))):
            yield mark


def marks_of(opened: OpenCalendar, key: str) -> str:
    """Another text whenever what plan would do with a post reads otherwise."""
    placed = opened.snapshot.placed.get(opened.keys.entries[key].place, ())
    return _digest([mark for each in placed for mark in _marks(opened, each)])


def _digest(shown: Sequence[object]) -> str:
    """Another text for other values; "" for none."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16] if shown else ""


def base_of(placed: Sequence[Placed]) -> Placed | None:
    """The account whose text and time stand for the post's: one without words or a time of its own, if there is one."""
    if not placed:
        return None
    own = Counter(
        {each.alias: sum(key in layer for key in ("text", "at") for layer in _own(each)) for each in placed}
    )
    return min(placed, key=lambda each: own[each.alias])


def _own(placed: Placed) -> list[Map]:
    """What the post says for this account or its network alone."""
    networks = inner_map(placed.entry.data, "networks")
    provider = code_of(placed.account.provider)
    layers = [
        layer
        for word, layer in (networks or {}).items()
        if isinstance(layer, Map) and code_of(word) == provider
    ]
    return [*layers, *(placed.entries if placed.level == "post" else [])]


def why_not(entry: Entry) -> dict[str, str]:
    """By field, why it cannot be written back."""
    if entry.document.page is not None:
        return {"all": "It is in a page of the website, which is not written to."}
    if b"*" not in entry.document.raw or b"&" not in entry.document.raw:
        return {}
    names = {"comments": "comment"}
    shared = "An anchor of YAML shares this value with another place: change it in the file."
    used = _aliases(entry.document)
    return {
        names.get(key, key): shared
        for key, value in entry.lines.items()
        if _is_shared(entry, key, value, used)
    }


def _is_shared(entry: Entry, key: str, value: Any, used: frozenset[str]) -> bool:
    """Whether another place says this value too, or a part of it."""
    if not used:
        return False
    mark = entry.lines.marks[key]
    if mark.style == "*" or any(each.style == "*" for each in _marks_in(value)):
        return True
    lines = entry.document.written[mark.key_line - 1 : last_line(value, mark)]
    return any(name in used for line in lines for name in _ANCHOR.findall(line))


def _marks_in(value: Any) -> Iterator[Mark]:
    if isinstance(value, Map):
        for key, inner in value.items():
            yield value.marks[key]
            yield from _marks_in(inner)
    elif isinstance(value, Seq):
        for mark, inner in zip(value.marks, value, strict=True):
            yield mark
            yield from _marks_in(inner)


def _aliases(document: Document) -> frozenset[str]:
    """The names of the anchors that something in a file uses."""
    known = _KNOWN.get(document.file)
    if known is not None and known[0] is document:
        return known[1]
    found: set[str] = set()
    for mark in _marks_in(document.data):
        if mark.style == "*" and 0 < mark.line <= len(document.written):
            rest = document.written[mark.line - 1][mark.column - 1 :]
            found |= {*_ALIAS.findall(rest)[:1]}
    _KNOWN[document.file] = document, frozenset(found)
    return _KNOWN[document.file][1]


def time_data(snapshot: Snapshot, entry: Entry, placed: Placed | None) -> TimeData:
    zone_name = snapshot.calendar.settings.timezone
    moments = placed.moments if placed is not None else ()
    first = next((each for each in moments if each.at is not None), None)
    written = entry.data.get("at")
    local = first.at.astimezone(zone(zone_name)) if first is not None and first.at is not None else None
    when = when_of(written, entry.clock)
    return {
        "day": f"{local:%Y-%m-%d}" if local else None,
        "time": f"{local:%H:%M}" if local else None,
        "zone": zone_name,
        "written": written if isinstance(written, str) else None,
        "counts_from": first.counted.name if first is not None and first.counted is not None else None,
        "next": when is not None and when.waits,
    }


def _series(snapshot: Snapshot, entry: Entry, base: Placed | None) -> SeriesData | None:
    if not entry.repeats:
        return None
    repeat = inner_map(entry.data, "repeat") or Map(TOP)
    days = ", ".join(str(day).title() for day in repeat.get("days") or ())
    parts = [
        (moment.part, moment.at.astimezone(snapshot.zone))
        for moment in (base.moments if base is not None else ())
        if moment.at is not None
    ]
    return {
        "every": f"{repeat.get('every', '')}{f' on {days}' if days else ''}",
        "numbered": entry.numbered,
        "parts": [{"part": part, "day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"} for part, at in parts],
    }


def _text(value: Any) -> str:
    return normal_text(value) if isinstance(value, str) else ""


def _strings(value: Any) -> list[str]:
    return [str(each) for each in value if isinstance(each, str)] if isinstance(value, Seq) else []


def _maps(value: Any) -> list[Map]:
    return [each for each in value if isinstance(each, Map)] if isinstance(value, Seq) else []


def _link(value: Any) -> str | None:
    url = value.get("url") if isinstance(value, Map) else value
    return url.strip() if isinstance(url, str) and url.strip() else None


def _comment(value: Map | None) -> CommentData | None:
    if value is None:
        return None
    after = value.get("after")
    return {"text": _text(value.get("text")), "after": after if isinstance(after, str) else None}


def _poll(value: Any) -> PollData | None:
    if not isinstance(value, Map):
        return None
    duration = value.get("duration")
    return {
        "options": _strings(value.get("options")),
        "duration": duration if isinstance(duration, str) else None,
        "question": _text(value.get("question")),
    }


def _media(shelf: MediaShelf, base: Placed | None, items: Sequence[Map]) -> list[StudioMediumData]:
    read = base.parsed.content.media if base is not None else ()
    paths = {source.reference: source.path for source in base.parsed.media} if base is not None else {}
    files = [paths.get(medium.reference) for medium in read]
    if len(files) != len(items):  # one of them is not there, and has its problem
        files = [None] * len(items)
    return [
        _medium(item, shelf.address(path) if path else None) for item, path in zip(items, files, strict=True)
    ]


def _medium(value: Map, thumb: str | None) -> StudioMediumData:
    path = path_of(value)
    return {"path": path, "kind": kind_of(path) or "photo", "alt": _text(value.get("alt")), "thumb": thumb}


def path_of(medium: Map) -> str:
    """What the file calls a picture, video or document."""
    return next((str(medium[key]) for key in ("file", "url", "id") if medium.get(key)), "")

"""New posts in the files: from the form, a copy of one, or one that leaves its series."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.folder import calendar_below, takes_posts
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.publer_yaml.extends import drafts_by_default
from publer_sync.calendar.when.zones import moment, zone
from publer_sync.drafting.draft import clock_of
from publer_sync.editing.editor import Unwritable, comparable, edited, reread
from publer_sync.editing.edits import Arrange, Drop, Put
from publer_sync.editing.entry_edits import EntryEdits, Unsafe, Wanted
from publer_sync.editing.entry_times import sum_like, time_like
from publer_sync.editing.new_posts import new_id, with_post, written_time
from publer_sync.editing.writing import plain_value
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio.fields import media_value
from publer_sync.studio.moving import read_clock, read_day
from publer_sync.studio.posts import base_of
from publer_sync.studio.working import Expected
from publer_sync.values.model import normal_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.posts import Entry
    from publer_sync.editing.edits import Edit
    from publer_sync.editing.writing import Writable
    from publer_sync.studio.orders import NewOrder
    from publer_sync.studio.working import WorkingFiles

_OWN_KEYS = frozenset({"posts", "accounts", "dates"})
"""What a file may say above its posts without changing a post that names its accounts."""


@dataclass(frozen=True, slots=True)
class AddedPost:
    id: str
    at: datetime
    """In UTC."""


def add_new(work: WorkingFiles, order: NewOrder) -> AddedPost:
    """Write a new post. Raises Unsafe and TimeError."""
    snapshot, fields = work.snapshot, order.fields
    calendar = snapshot.calendar
    clock = read_clock(order.time) if order.time else clock_of(calendar).time
    if clock is None:
        raise Unsafe("a post needs a time of day")
    at = moment(read_day(order.day), clock, snapshot.zone).astimezone(UTC)
    local = at.astimezone(snapshot.zone)
    file = _chosen(work, order.file) if order.file else _file_for(work, local)
    document = work.document(file)
    text = normal_text(fields.text or "")
    name = work.free_id(order.id or new_id(text, local, work.used_ids))
    accounts = [*(fields.accounts or ())]
    networks: list[Writable] = [
        {"account": alias, "text": normal_text(own)} if (own := fields.texts.get(alias)) else alias
        for alias in accounts
    ]
    where = _zone(work, document)
    value: dict[str, Writable] = {
        "id": name,
        "at": written_time(at, where, weekday=True),
        "accounts": networks[0] if len(networks) == 1 and isinstance(networks[0], str) else networks,
        "text": text,
        "title": normal_text(fields.title or ""),
        "link": (fields.link or "").strip(),
        "media": media_value(None, fields.media or (), file),
        "poll": _poll(order),
        "thread": [{"text": normal_text(part.text)} for part in fields.thread or ()],
        "comments": _comments(order),
        "labels": _labels(work, [*(fields.labels or ())]),
        "draft": bool(fields.draft),
        "note": normal_text(fields.note or ""),
    }
    keep = {"draft"} if drafts_by_default(calendar.settings_layers, document) else set()
    written = {key: each for key, each in value.items() if each or key in keep}
    put_post(work, file, written, at)
    said = {
        alias: {
            "text": comparable(normal_text(fields.texts.get(alias) or text)),
            "at": (at,),
            **{
                key: comparable(written[key] or None)
                for key in ("title", "thread", "comments", "draft")
                if key in written
            },
        }
        for alias in accounts
    }
    if not text:
        for each in said.values():
            del each["text"]
    work.added.append(Expected(said, frozenset(accounts), whole=False))
    return AddedPost(name, at)


def add_use(
    work: WorkingFiles, stored: Entry, at: datetime, version: int, aliases: frozenset[str]
) -> frozenset[tuple[str, datetime]]:
    """Write a use of a stored post into the month's file; the alias and minute of those whose time is known. Raises Unsafe."""
    local = at.astimezone(work.snapshot.zone)
    file = _file_for(work, local)
    document = work.document(file)
    post: dict[str, Writable] = {
        "use": stored.id,
        "at": written_time(at, _zone(work, document), weekday=True),
        **({"variant": version} if version > 1 else {}),
    }
    put_post(work, file, post, at)
    work.added.append(Expected({alias: {} for alias in aliases}, aliases, whole=False))
    return frozenset((alias, at) for alias in aliases)


def _chosen(work: WorkingFiles, file: str) -> str:
    """A file that the page names; never one outside of the calendar, whatever the page asks for. Raises Unsafe."""
    top = work.snapshot.calendar.top.resolve()
    if not takes_posts(file) or not (top / file).resolve().is_relative_to(top):
        raise Unsafe(f"{file} can't hold posts of this calendar")
    if (other := calendar_below(file, top)) is not None:
        raise Unsafe(f"{file} belongs to another calendar, {other}")
    return file


def put_post(work: WorkingFiles, file: str, post: Mapping[str, Writable], at: datetime) -> int:
    """Write a post into a file, before the first one that is later, where the file's posts are in order; its number there. Raises Unsafe."""
    document = work.document(file)
    try:
        raw = with_post(document, post, top=work.snapshot.calendar.top, file=file)
    except Unwritable as refused:
        raise Unsafe(f"{file} can't take another post: {refused}", refused.paste) from None
    if document is None:
        work.new_files[file] = raw
        return 0
    new = reread(document, raw)
    place = _place_by_time(work, document, at)
    posts = new.data.get("posts") if new.data is not None else None
    last = len(posts) - 1 if isinstance(posts, list) else 0
    if place is not None:
        order = (*range(place), last, *range(place, last))
        with suppress(Unwritable):  # then it stands at the end
            new = edited(new, [Arrange(("posts",), order)])
            last = place
    work.documents[file] = new
    return last


def copy_post(
    work: WorkingFiles,
    entry: Entry,
    wanted: Mapping[str, datetime],
    wanted_id: str | None,
    repeat: Mapping[str, Writable] | None = None,
) -> None:
    """Write a copy of a post, at the `wanted` time on each account, which repeats as `repeat` says. Raises Unsafe."""
    document = entry.document
    base = base_of(work.snapshot.placed[entry.place])
    at = wanted[base.alias] if base is not None else next(iter(wanted.values()))
    name = work.free_id(wanted_id) if wanted_id and not entry.is_use else None
    old = entry.data.get("at")
    clock = entry.clock
    where = clock.zone or UTC
    counted = sum_like(at, old, clock) if isinstance(old, str) and name else None
    written = counted or time_like(at, old, where, None, clock.time)
    if document.kind == "markdown":
        _copy_file(work, entry, wanted, {"id": name, "at": written, "repeat": repeat})
        return
    value: dict[str, Writable] = {}
    for key, each in entry.lines.items():
        if key not in ("id", "repeat"):
            value[key] = written if key == "at" else plain_value(each)
    if repeat is not None:
        value["repeat"] = repeat
    post = {**({"id": name} if name else {}), **({} if "at" in value else {"at": written}), **value}
    number = put_post(work, document.file, post, at)
    work.documents[document.file] = _timed(work, entry, work.documents[document.file], wanted, number)


def _timed(
    work: WorkingFiles, entry: Entry, copy: Document, wanted: Mapping[str, datetime], number: int | None
) -> Document:
    """The copy of a post once accounts with a day or time of their own have the one that is wanted. Raises Unsafe."""
    placed = {each.alias: each for each in work.snapshot.placed[entry.place]}
    edits = EntryEdits(work.snapshot.calendar, copy, placed, firm=False, number=number)
    edits.write("at", {alias: Wanted(at) for alias, at in wanted.items()})
    return edits.document


def _copy_file(
    work: WorkingFiles, entry: Entry, wanted: Mapping[str, datetime], keys: Mapping[str, Writable]
) -> None:
    """A Markdown file is one post, so that its copy is a file of its own."""
    document = entry.document
    edits: list[Edit] = [Put((key,), value) for key, value in keys.items() if value is not None]
    gone = [key for key, value in keys.items() if value is None]
    edits += [Drop((key,)) for key in gone if document.data is not None and key in document.data]
    try:
        new = edited(document, edits)
    except Unwritable as refused:
        raise Unsafe(f"its file can't be copied: {refused}", refused.paste) from None
    stem = document.file.removesuffix(".md")
    taken = {*work.snapshot.calendar.names, *work.new_files}
    file = next(name for n in range(2, 10_000) if (name := f"{stem}-{n}.md") not in taken)
    work.new_files[file] = _timed(work, entry, new, wanted, None).raw


def _zone(work: WorkingFiles, document: Document | None) -> Any:
    settings = work.snapshot.calendar.settings
    if document is None or document.data is None:
        return zone(settings.timezone)
    return zone_of(document.data, document, settings, []) or zone(settings.timezone)


def _file_for(work: WorkingFiles, local: datetime) -> str:
    """The file of the month; else one of its own name that holds posts of the month and changes none of them; else a new one."""
    month = f"{local:%Y-%m}"
    documents = [
        each for each in work.snapshot.calendar.documents if each.kind == "posts" and each.page is None
    ]
    if any(each.file == f"{month}.yaml" for each in documents):
        return f"{month}.yaml"
    fitting = [
        each.file
        for each in documents
        if month in each.file
        and each.data is not None
        and each.data.keys() <= _OWN_KEYS
        and "posts" in each.data
    ]
    return fitting[0] if len(fitting) == 1 else f"{month}.yaml"


def _place_by_time(work: WorkingFiles, document: Document, at: datetime) -> int | None:
    """Before which post of a file it stands, where they are in order by time; None for the end."""
    entries = [each for each in work.snapshot.calendar.entries if each.document.file == document.file]
    times = []
    for entry in entries:
        moments = [m.at for each in work.snapshot.placed.get(entry.place, ()) for m in each.moments if m.at]
        if not moments:
            return None
        times.append(min(moments))
    if times != sorted(times):
        return None
    return next((number for number, each in enumerate(times) if each > at), None)


def _labels(work: WorkingFiles, labels: list[str]) -> list[Writable]:
    """Without those that the settings add."""
    known = {*work.snapshot.calendar.labels_of_all()}
    return [label.strip() for label in dict.fromkeys(labels) if label.strip() and label not in known]


def _poll(order: NewOrder) -> Writable:
    poll = order.fields.poll
    if poll is None:
        return None
    value: dict[str, Writable] = {"options": [option.strip() for option in poll.options]}
    return value | {key: said.strip() for key in ("question", "duration") if (said := getattr(poll, key))}


def _comments(order: NewOrder) -> Writable:
    comment = order.fields.comment
    if comment is None:
        return None
    after: dict[str, Writable] = {"after": comment.after.strip()} if comment.after else {}
    return [{**after, "text": normal_text(comment.text)}]

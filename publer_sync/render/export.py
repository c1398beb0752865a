"""A calendar's posts for other programs: as events of an iCalendar feed (RFC 5545), and as data.

The same calendar gives the same bytes. Events are in UTC: a post is published at one instant, which every calendar
program shows in its reader's own zone, while Outlook reads a feed's own time zones differently from other programs.
"""

from __future__ import annotations

import json
import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypedDict

from publer_sync.machine.extras import EXPORT, require
from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import PostFacts, facts_data
from publer_sync.render.layout.measure import cut
from publer_sync.render.post.entries import added, alias_of
from publer_sync.render.post.fields import everything_said
from publer_sync.render.post.names import Names, post_title
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import UNASKED
from publer_sync.values.post_keys import CONTENT
from publer_sync.values.printable import one_line, printable
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from publer_sync.values.content import Json
    from publer_sync.values.documented import Also, Moment, Version
    from publer_sync.values.model import Post, Settings
    from publer_sync.values.post_keys import KeyForm
    from publer_sync.values.problems import Location

    Address = Callable[[Location], str | None]

NAMESPACE: Final = uuid.UUID("be0926a8-5088-5514-89dc-09d11e435d2d")
STAMP: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""DTSTAMP, which each event must have. That of now would change every byte of a feed with every run. There is no
LAST-MODIFIED and no SEQUENCE, since programs skip events where these have not grown; without them they compare."""
LENGTH: Final = timedelta(minutes=15)
"""A post has no length, but Exchange refuses events without an end, and one that ends at once is hard to see."""
REFRESH: Final = timedelta(hours=1)
_FEW = 3
_MOST = 8_000
"""Google Calendar takes about 8,192 characters."""


@dataclass(frozen=True, slots=True)
class PostEvent:
    """One post on all accounts on which it is published at one time, by alias."""

    uid: str
    posts: tuple[Post, ...]


def events(posts: Sequence[Post], chosen: Sequence[Post], calendar: str) -> list[PostEvent]:
    """The events of the chosen posts, by time. Leaving posts out changes no uid."""
    times: dict[tuple[Location, str | None], dict[datetime, list[Post]]] = {}
    for post in posts:
        times.setdefault((post.location, post.id), {}).setdefault(post.at, []).append(post)
    kept = set(map(id, chosen))
    made = []
    for (_, name), by_time in times.items():
        first = min(_alias(post) for together in by_time.values() for post in together)
        for at, together in by_time.items():
            alias = min(map(_alias, together))
            known_by = (alias, utc(at)) if name is None else (name,) if alias == first else (name, alias)
            if left := tuple(post for post in together if id(post) in kept):
                made.append(PostEvent(_uid(calendar, *known_by), left))
    return sorted(made, key=lambda event: (event.posts[0].at, event.uid))


def _alias(post: Post) -> str:
    return post.account.alias or ""


def _uid(*parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, json.dumps(parts)))


def ics(chosen: Sequence[Post], *, posts: Sequence[Post], settings: Settings, address: Address) -> str:
    """The feed of the chosen posts, which are some of the `posts` of a calendar."""
    require(EXPORT)
    from icalendar import Calendar, Event, vDuration
    from icalendar.enums import STATUS, TRANSP

    feed = Calendar.new(
        prodid="-//publer-sync//export//EN",
        method="PUBLISH",
        name=_name(settings),
        uid=_uid(settings.name),
    )
    feed.add("refresh-interval", vDuration(REFRESH, params={"value": "DURATION"}))
    feed.add("x-published-ttl", vDuration(REFRESH))  # the same for Outlook
    for event in events(posts, chosen, settings.name):
        first, drafts = event.posts[0], all(post.draft for post in event.posts)
        place = address(first.location)
        made = Event.new(
            uid=event.uid,
            stamp=STAMP,
            start=first.at,
            end=first.at + LENGTH,
            summary=f"{_accounts(event.posts)}{' (draft)' if drafts else ''}: {post_title(first)}",
            description=_description(event.posts, place),
            status=STATUS.TENTATIVE if drafts else STATUS.CONFIRMED,
            transparency=TRANSP.TRANSPARENT,  # nobody is busy while a post is published
            url=place,
        )
        if labels := sorted({one_line(label) for post in event.posts for label in post.content.labels}):
            made.categories = labels  # some programs show an empty one
        feed.add_component(made)
    return str(feed.to_ical(), "utf-8")


def _name(settings: Settings) -> str:
    """What calendar programs list the feed as."""
    workspace = settings.workspace if settings.workspace and not is_id(settings.workspace) else ""
    name = "" if workspace and settings.name == "calendar" else settings.name
    return one_line(": ".join(filter(None, (workspace, name))))


def _accounts(posts: Sequence[Post]) -> str:
    if len(posts) > _FEW:
        return f"{len(posts)} accounts"
    return ", ".join(alias_of(post.account) for post in posts)


def _description(posts: Sequence[Post], place: str | None) -> str:
    """The whole post, in each version where accounts differ; then its accounts and its line.

    What is added to URLs comes last: otherwise each account would have a version of its own.
    """
    versions: dict[str, list[str]] = {}
    for post in posts:
        said = "\n\n".join(filter(None, (post.without_utm.text, "\n".join(_details(post)))))
        versions.setdefault(said, []).append(alias_of(post.account))
    if len(versions) == 1:
        ((said, aliases),) = versions.items()
        parts = [said, f"Accounts: {', '.join(aliases)}"]
    else:
        parts = [f"{', '.join(aliases)}:\n{said}" for said, aliases in versions.items()]
    parts.append(added(posts, whole=True, keys=("utm",)))
    text = printable("\n\n".join(filter(None, parts)))
    return "\n\n".join(filter(None, (text if len(text) < _MOST / 2 else cut(text, _MOST), place)))


def _details(post: Post) -> list[str]:
    groups = everything_said(post.without_utm, Names(post)).values()
    return ["".join(span.text for span in phrase) for phrases in groups for phrase in phrases]


# --- as data --------------------------------------------------------------------------------------------------------

_REFERENCES = frozenset({"file", "thumbnail", "image", "accounts"})
"""Keys that hold a digest or an id where the files have a path or an alias."""


class ExportAccountData(TypedDict):
    """An account as the settings name it; Publer's id is unknown without a key."""

    alias: str | None
    name: str
    provider: Annotated[str | None, "null if the settings do not name the network"]


class LineData(TypedDict):
    """Where a post is in the files."""

    file: str
    line: int
    url: Annotated[
        str | None,
        "the line on GitHub or GitLab, on the default branch; null if the repository is elsewhere or unknown",
    ]


_BY_FORM: Final[Mapping[KeyForm, str]] = {
    **dict.fromkeys(("prose", "type", "word"), '{"type": "string"}'),
    **dict.fromkeys(("link", "map"), '{"type": "object"}'),
    **dict.fromkeys(("files", "parts"), '{"type": "array", "items": {"type": "object"}}'),
    "labels": '{"type": "array", "items": {"type": "string"}}',
    "switch": '{"const": true}',
}
"""What the schema of the document says of a key."""


def _keys_of_content() -> str:
    keys = ", ".join(f'"{key.name}": {_BY_FORM[key.form]}' for key in CONTENT)
    return f'{{"properties": {{{keys}}}}}'


class ExportPostData(PostFacts):
    """A post on one account."""

    id: str | None
    account: Annotated[ExportAccountData, "as the settings name it"]
    scheduled_at: Moment
    source: Annotated[LineData, "where it is"]
    post: Annotated[
        dict[str, Json],
        Also(_keys_of_content()),
        "what the post says on this account, by [the calendar's keys](calendar.md), with defaults, `networks` and `accounts` "
        "merged. Files are named from the calendar's top, accounts by alias, durations are Publer's: `duration` and `unit`",
    ]


class ExportDocument(TypedDict):
    """What publer-sync export --format json writes."""

    format_version: Version
    calendar: Annotated[str, "its name"]
    timezone: Annotated[str, "that of the settings"]
    posts: Annotated[list[ExportPostData], "one for each post and account, by time, then alias"]


def data(posts: Sequence[Post], *, top: Path, settings: Settings, address: Address) -> ExportDocument:
    return {
        "format_version": 1,
        "calendar": settings.name,
        "timezone": settings.timezone,
        "posts": [_post(post, top, address) for post in posts],
    }


def _post(post: Post, top: Path, address: Address) -> ExportPostData:
    account, place = post.account, post.location
    names = {
        source.digest: Path(os.path.relpath(source.path, top)).as_posix()
        for source in post.media
        if source.path
    }
    return {
        "id": post.id,
        "account": {"alias": account.alias, "name": account.name, "provider": account.provider or None},
        "scheduled_at": utc(post.at),
        **facts_data(post),
        "source": {"file": place.file, "line": place.line, "url": address(place)},
        "post": {key: _readable(key, value, names) for key, value in post.content.to_json().items()},
    }


def _readable(key: str, value: Json, names: Mapping[str, str]) -> Json:
    """A value with file names instead of digests, and aliases instead of ids."""
    match value:
        case dict():
            return {inner: _readable(inner, item, names) for inner, item in value.items()}
        case list():
            return [_readable(key, item, names) for item in value]
        case str() if key in _REFERENCES:
            return names.get(value, value.removeprefix(UNASKED))
        case _:
            return value

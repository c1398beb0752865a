"""A new post as lines of a file, in memory: judged, and read back before it counts."""

from __future__ import annotations

import shutil
from dataclasses import field, replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.load import read
from publer_sync.calendar.outside import relative
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.publer_yaml.extends import combined
from publer_sync.calendar.when import times
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.when.zones import TimeError, zone
from publer_sync.drafting.spoken import spoken_time
from publer_sync.editing.editor import Unwritable
from publer_sync.editing.edits import Append, paste_of
from publer_sync.editing.new_posts import AS_TYPED, AS_WORDS, new_id, of_words, with_post, written_time
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import InputError
from publer_sync.values.model import normal_text
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Location, Problem, added_problems, errors_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.load import Calendar
    from publer_sync.drafting.spoken import SpokenTime
    from publer_sync.editing.writing import Writable
    from publer_sync.values.model import Post

MEDIA: Final = "media"
"""The folder of the calendar into which pictures are copied."""


@dataclass(frozen=True, slots=True)
class NewMedium:
    """A picture, video or document: a file, or an address."""

    name: str
    alt: str = ""

    @property
    def is_address(self) -> bool:
        return self.name.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone wants to publish. Without `accounts`, those that the file or the settings name."""

    when: SpokenTime
    accounts: tuple[str, ...] = ()
    text: str = ""
    media: tuple[NewMedium, ...] = ()
    link: str = ""
    labels: tuple[str, ...] = ()
    id: str = ""
    draft: bool = False
    """Otherwise it is one where the file's or the settings' defaults say so."""
    note: str = ""
    """For the team; never sent."""
    to: str = ""
    as_typed: bool = False
    """Whether its words are meant even where a file would have them otherwise."""
    media_folder: str = MEDIA
    """Where pictures are copied to, from the calendar's top."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`file` with the new post, in memory. `problems` are those that come with it; `copies` its media, and their sources."""

    id: str
    file: str
    raw: bytes
    before: bytes | None
    place: Location
    lines: tuple[str, ...]
    posts: tuple[Post, ...]
    problems: tuple[Problem, ...]
    copies: Mapping[str, Path] = field(default_factory=dict)

    def has(self, place: Location) -> bool:
        """Whether a place is in the new post."""
        return place.file == self.file and 0 <= place.line - self.place.line < len(self.lines)


def make_draft(calendar: Calendar, wish: Wish, now: datetime) -> Draft:
    """Raises InputError if the file's layout leaves no safe place for the post."""
    draft = _drafted(calendar, wish, now, {})
    asking = {each.code for each in errors_in(draft.problems) if each.location and draft.has(each.location)}
    if wish.as_typed and (meant := asking & AS_WORDS):
        draft = _drafted(calendar, wish, now, dict.fromkeys(sorted(meant), AS_TYPED))
    return replace(draft, problems=tuple(map(of_words, draft.problems)))


def _drafted(calendar: Calendar, wish: Wish, now: datetime, ignore: Mapping[str, str]) -> Draft:
    top, clock = calendar.top, clock_of(calendar)
    local = wish.when.at.astimezone(clock.zone or UTC)
    file = wish.to or f"{local:%Y-%m}.yaml"
    document = next((each for each in calendar.documents if each.file == file), None)
    copies: dict[str, Path] = {}
    media = [_medium(piece, calendar, wish.media_folder, copies) for piece in wish.media]
    used = {entry.id for entry in calendar.entries if entry.id}
    name = wish.id or new_id(wish.text, local, used)
    value: dict[str, Writable] = {
        "id": name,
        "at": _at(wish.when, calendar, document, clock),
        "accounts": wish.accounts[0] if len(wish.accounts) == 1 else [*wish.accounts],
        "text": normal_text(wish.text),
        "link": wish.link,
        "media": media,
        "labels": [*wish.labels],
        "draft": wish.draft,
        "note": normal_text(wish.note),
        "ignore": ignore,
    }
    post = {key: each for key, each in value.items() if each}
    raw = _with_post(document, post, top, file)
    after = read(top, workspace_env=calendar.workspace_env, instead={file: raw})
    after = replace(after, fetched=copies)
    problems = tuple(
        added_problems(calendar.judge(calendar.desired, now=now), after.judge(after.desired, now=now))
    )
    entry = next((each for each in after.entries if each.id == name and each.document.file == file), None)
    place = entry.place if entry is not None else Location(file, 1)
    posts = tuple(each for each in after.desired.posts if each.location == place)
    if wish.when.at <= now:
        message = f"its time has passed: {local:%a} {local.day} {local:%b %Y %H:%M}"
        problems = (Problem("error", "time.past", message, replace(place)), *problems)
    if not errors_in(problems):
        text = str(entry.data["text"]) if entry is not None and "text" in entry.data else ""
        if normal_text(text) != normal_text(wish.text) or {each.at for each in posts} != {wish.when.at}:
            raise InputError(
                f"the post would not read back from {file} as intended; nothing was written",
                hint="publer-sync validate shows what is wrong with the file; --to names another.",
            )
    before = document.raw if document is not None else None
    lines = tuple(paste_of(Append(("posts",), [post])).split("\n"))
    return Draft(name, file, raw, before, place, lines, posts, problems, copies)


def clock_of(calendar: Calendar) -> WallClock:
    """How times are read that nobody has written into a file yet: as in the settings."""
    settings = combined(calendar.settings_layers)
    written = settings.get("time") if settings is not None else None
    try:
        default = times.read_time(written) if isinstance(written, str) else None
    except TimeError:
        default = None
    return WallClock(zone(calendar.settings.timezone), default, dates=calendar.dates)


def _at(when: SpokenTime, calendar: Calendar, document: Document | None, clock: WallClock) -> str:
    """The time as the file writes it: in its own zone, and as a sum only where that means the same there."""
    where: tzinfo | None = clock.zone
    if document is not None and document.data is not None:
        where = zone_of(document.data, document, calendar.settings, []) or where
        clock = replace(clock, zone=where, dates=clock.dates.over(document.data, where, document.lines, []))
    same = False
    if when.sum:
        try:
            same = spoken_time(when.sum, clock, when.at).at == when.at
        except TimeError:
            same = False
    return when.sum if same else written_time(when.at, where or UTC, weekday=True)


def _with_post(document: Document | None, post: Mapping[str, Writable], top: Path, file: str) -> bytes:
    try:
        return with_post(document, post, top=top, file=file)
    except Unwritable as refused:
        raise InputError(
            f"{file} can't take another post: {refused}",
            hint=f"Put it into another file with --to, or add these lines yourself:\n{refused.paste}",
        ) from None


def _medium(
    piece: NewMedium, calendar: Calendar, folder: str, copies: dict[str, Path]
) -> Mapping[str, Writable]:
    alt = {"alt": normal_text(piece.alt)} if piece.alt.strip() else {}
    if piece.is_address:
        return {"url": piece.name, **alt}
    source, top = Path(piece.name).expanduser(), calendar.top.resolve()
    if not source.is_file():
        raise InputError(
            f"there is no file {one_line(piece.name)}", hint="Give the path of a picture, video or document."
        )
    real = source.resolve()
    if real.is_relative_to(top):
        return {"file": f"/{relative(real, top)}", **alt}
    target = free_name(real, top, folder, copies)
    if not (top / target).exists():
        copies[target] = real
    return {"file": f"/{target}", **alt}


def free_name(source: Path, top: Path, folder: str, copies: Mapping[str, Path]) -> str:
    """Where a file is, or is copied to: under its own name, or one with a number where another file has that. Raises InputError."""
    name = "".join(
        letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "-" for letter in source.name
    )
    stem, dot, suffix = name.lstrip(".").rpartition(".")
    for number in range(1, 10_000):
        tried = f"{folder}/{stem}{f'-{number}' if number > 1 else ''}{dot}{suffix}"
        there = copies.get(tried) or (top / tried if (top / tried).exists() else None)
        if there is None or _same(there, source):
            return tried
    raise InputError(f"{folder}/ has too many files called {one_line(name)}")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def copy_media(copies: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Copies of the media in a folder, from which they can be moved into the calendar. Raises OSError."""
    made = {}
    for number, (target, source) in enumerate(copies.items()):
        made[target] = folder / f"{number}-{Path(target).name}"
        shutil.copyfile(source, made[target])
    return made

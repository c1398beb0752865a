"""What differs from the last commit, in the words of a plan, and the commands that publish it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import is_read
from publer_sync.render.file_diff import file_diff
from publer_sync.studio.changes import name_of
from publer_sync.studio.keys import PostKeys
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.working import said_of
from publer_sync.tracked import committed_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.documents import ChangedFileData, SinceAnswer
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.tracked import CommittedFiles

_READ = (".yaml", ".yml", ".md")
_NAMES = {"comments": "first comment", "at": "time", "media": "pictures"}


class LastCommit:
    """The files of an open calendar as the last commit has them, asked anew by `ask`."""

    def __init__(self, opened: OpenCalendar) -> None:
        self.opened = opened
        self.found: CommittedFiles | None = None

    def ask(self) -> None:
        self.found = committed_files(self.opened.top, _READ)

    def differing(self) -> dict[str, tuple[bytes | None, bytes | None]]:
        """Each file of the calendar that differs, before and now."""
        if self.found is None:
            return {}
        now = {
            each.file: each.raw
            for each in self.opened.calendar.documents
            if each.page is None and each.kind != "shared"
        }
        before = {file: raw for file, raw in self.found.files.items() if _is_of(file, self.found.files)}
        return {
            file: (before.get(file), now.get(file))
            for file in sorted(before.keys() | now.keys())
            if before.get(file) != now.get(file)
        }


def _is_of(file: str, files: Collection[str]) -> bool:
    """Whether a committed file would be read as a part of this calendar, and not of one below it."""
    hidden = any(part.startswith(".") for part in file.split("/"))
    inner = [each.removesuffix("publer.yaml") for each in files if each.endswith("/publer.yaml")]
    return not hidden and is_read(file) and not any(file.startswith(each) for each in inner)


def since_answer(commits: Sequence[LastCommit]) -> SinceAnswer:
    for commit in commits:
        commit.ask()
    known = [commit for commit in commits if commit.found is not None]
    if not known:
        return {"git": False, "branch": "", "files": [], "commands": []}
    files: list[ChangedFileData] = []
    paths: list[str] = []
    for commit in known:
        each, differing = commit.opened, commit.differing()
        told = _words_by_file(each, differing)
        for file, (before, now) in differing.items():
            status = "new" if before is None else "removed" if now is None else "changed"
            diff = file_diff(file, before, now or b"")
            paths.append((each.top / file).as_posix())
            files.append({"file": file, "status": status, "diff": diff, "words": told.get(file, [])})
    branch = known[0].found.branch if known[0].found is not None else ""
    commands = _commands([commit.opened for commit in known], paths) if files else []
    return {"git": True, "branch": branch, "files": files, "commands": commands}


def _commands(opened: Sequence[OpenCalendar], paths: Sequence[str]) -> list[str]:
    tops = [each.top.as_posix() for each in opened]
    media = [f"{top}/media" for top, each in zip(tops, opened, strict=True) if (each.top / "media").is_dir()]
    return [
        "git switch -c posts",
        shlex.join(["git", "add", "--all", "--", *paths, *media]),
        'git commit -m "Update the calendar"',
        shlex.join(["publer-sync", "plan", *tops]),
        "git push -u origin HEAD",
    ]


def _words_by_file(
    opened: OpenCalendar, differing: Mapping[str, tuple[bytes | None, bytes | None]]
) -> dict[str, list[str]]:
    """What became of the posts, by the file in which they are now, or were."""
    before = {file: old for file, (old, _) in differing.items()}
    if not before:
        return {}
    old = Snapshot(opened.read_with(before), opened.snapshot.now)
    keys = PostKeys("")
    keys.follow(old.calendar.entries)
    was = dict(keys.entries)
    keys.follow(opened.calendar.entries)
    ids = {entry.id: key for key, entry in was.items() if entry.id}
    told: dict[str, list[str]] = {}
    kept: set[str] = set()
    for key, entry in keys.entries.items():
        same = key in was and (entry.id == was[key].id or not entry.id or not was[key].id)
        first = key if same else ids.get(entry.id or "", "")  # it may have moved to another file
        kept.add(first)
        words = (
            _change(old, was[first], opened.snapshot, entry)
            if first in was
            else _come(opened.snapshot, entry)
        )
        if words:
            told.setdefault(entry.document.file, []).extend(words)
    for key, entry in was.items():
        if key not in kept and entry.document.file in before:
            told.setdefault(entry.document.file, []).append(f"removed {name_of(entry)}")
    return told


def _come(snapshot: Snapshot, entry: Entry) -> list[str]:
    if (at := _at(snapshot, entry)) is None:
        return [f"new {name_of(entry)}"]
    return [f"new {name_of(entry)}: {_day(at, snapshot)}, {_clock(at, snapshot)}"]


def _change(old: Snapshot, was: Entry, new: Snapshot, now: Entry) -> list[str]:
    return [*_moved(old, was, new, now), *_edited(old, was, new, now)]


def _moved(old: Snapshot, was: Entry, new: Snapshot, now: Entry) -> Iterator[str]:
    before, after = _at(old, was), _at(new, now)
    if before == after or after is None or before is None:
        return
    name, clock = name_of(now), _clock(after, new)
    if _day(before, new) == _day(after, new):
        yield f"moved {name}: {_day(after, new)}, {_clock(before, new)} → {clock}"
    else:
        same = _clock(before, new) == clock
        yield f"moved {name}: {_day(before, new)}{'' if same else f', {_clock(before, new)}'} → {_day(after, new)}, {clock}"


def _edited(old: Snapshot, was: Entry, new: Snapshot, now: Entry) -> Iterator[str]:
    before = {each.alias: said_of(each) for each in old.placed.get(was.place, ())}
    after = {each.alias: said_of(each) for each in new.placed.get(now.place, ())}
    keys: dict[str, None] = {}
    for alias in before.keys() & after.keys():
        one, other = before[alias], after[alias]
        keys |= dict.fromkeys(
            key for key in {**one, **other} if one.get(key) != other.get(key) and key != "at"
        )
    names = [_NAMES.get(key, key) for key in sorted(keys)]
    names += ["accounts"] if before.keys() != after.keys() else []
    moved_alone = any(before[alias]["at"] != after[alias]["at"] for alias in before.keys() & after.keys())
    if moved_alone and _at(old, was) == _at(new, now):
        names.append("time")
    if names:
        yield f"edited {name_of(now)}: {', '.join(names)}"


def _at(snapshot: Snapshot, entry: Entry) -> datetime | None:
    placed = snapshot.placed.get(entry.place, ())
    return next((moment.at for each in placed for moment in each.moments if moment.at is not None), None)


def _day(at: datetime, snapshot: Snapshot) -> str:
    local = at.astimezone(snapshot.zone)
    return f"{local:%a} {local.day} {local:%b}"


def _clock(at: datetime, snapshot: Snapshot) -> str:
    return f"{at.astimezone(snapshot.zone):%H:%M}"

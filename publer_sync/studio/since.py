"""What differs from the last commit, in the words of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.folder import is_settings
from publer_sync.render.layout.dates import city
from publer_sync.render.layout.file_diff import file_diff
from publer_sync.studio.matching import pairs_of
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.review import branch_data, review_of
from publer_sync.studio.wording import FIELDS, accounts_changed, listed, name_of, spoken, spoken_day
from publer_sync.studio.working import said_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.documents import BranchData, ChangedFileData, ChangedPostData, SinceAnswer
    from publer_sync.studio.last_commit import LastCommit
    from publer_sync.studio.open_calendar import OpenCalendar

NO_BRANCH: Final[BranchData] = {"name": "", "back": "", "pushed": False, "address": ""}
_SKIPPED: Final = 4
"""More days that a series leaves out are not named."""


def since_answer(commits: Sequence[LastCommit], day: str) -> SinceAnswer:
    """`day` is today, for the name of a branch."""
    for commit in commits:
        commit.ask()
    known = [commit for commit in commits if commit.found is not None]
    if not known:
        return {"git": False, "branch": NO_BRANCH, "files": [], "review": None}
    files: list[ChangedFileData] = []
    for commit in known:
        differing = commit.differing()
        told = words_by_file(commit.opened, differing)
        for file, (before, now) in differing.items():
            status = "new" if before is None else "removed" if now is None else "changed"
            diff = file_diff(file, before, now or b"")
            files.append(
                {
                    "calendar": commit.opened.number,
                    "file": file,
                    "status": status,
                    "diff": diff,
                    "words": told.get(file, []),
                }
            )
    review = review_of(known, day)
    words = [each["say"] for file in files for each in file["words"]]
    return {
        "git": True,
        "branch": branch_data(review.repository) if review is not None else NO_BRANCH,
        "files": files,
        "review": review.data(words) if review is not None else None,
    }


def words_by_file(
    opened: OpenCalendar, differing: Mapping[str, tuple[bytes | None, bytes | None]]
) -> dict[str, list[ChangedPostData]]:
    """What became of the posts, by the file in which they are now, or were."""
    before = {file: old for file, (old, _) in differing.items()}
    if not before:
        return {}
    old, new = Snapshot(opened.read_with(before), opened.snapshot.now), opened.snapshot
    all_of_them = any(is_settings(file) for file in before)
    was, now = (
        [entry for entry in snapshot.calendar.entries if all_of_them or entry.document.file in before]
        for snapshot in (old, new)
    )
    told: dict[str, list[ChangedPostData]] = {}
    for pair in pairs_of(old, was, new, now):
        if pair.was is not None and pair.now is not None:
            entry, words = pair.now, _changed(old, pair.was, new, pair.now, pair.at)
        elif pair.now is not None:
            entry, words = pair.now, [_come(new, pair.now)]
        elif pair.was is not None:
            entry, words = pair.was, [f"removed {name_of(pair.was)}"]
        key = opened.keys.by_place.get(entry.place) if pair.now is not None else None
        where = (pair.was or entry).place
        told.setdefault(entry.document.file, []).extend(
            {"say": say, "key": key, "was": [where.file, where.line] if pair.was is not None else None}
            for say in words
        )
    return told


def _come(snapshot: Snapshot, entry: Entry) -> str:
    at = _at(snapshot, entry)
    return f"new {name_of(entry)}{f': {spoken(at, snapshot)}' if at is not None else ''}"


def _changed(
    old: Snapshot, was: Entry, new: Snapshot, now: Entry, at: tuple[datetime, datetime] | None
) -> list[str]:
    """What is different of a post; `at` is when it was and is published."""
    if at is None or at[0] == at[1]:
        return [*_edited(old, was, new, now, moved=False)]
    return [_moved(now, at, new), *_edited(old, was, new, now, moved=True)]


def _moved(entry: Entry, at: tuple[datetime, datetime], new: Snapshot) -> str:
    """The day once, where only the hour changes, and the hour once, where only the day does."""
    (was, before), (day, clock) = (spoken(each, new).rsplit(", ", 1) for each in at)
    name = name_of(entry)
    if was == day:
        return f"moved {name}: {day}, {before} → {clock}"
    return f"moved {name}: {was}{'' if before == clock else f', {before}'} → {day}, {clock}"


def _edited(old: Snapshot, was: Entry, new: Snapshot, now: Entry, *, moved: bool) -> Iterator[str]:
    before = {each.alias: said_of(each) for each in old.placed.get(was.place, ())}
    after = {each.alias: said_of(each) for each in new.placed.get(now.place, ())}
    keys: dict[str, None] = {}
    for alias in before.keys() & after.keys():
        one, other = before[alias], after[alias]
        keys |= dict.fromkeys(
            key for key in {**one, **other} if one.get(key) != other.get(key) and key != "at"
        )
    told = [FIELDS.get(key, key) for key in sorted(keys) if key != "draft"]
    if "draft" in keys:
        told.append(
            "is a draft now" if any(said.get("draft") for said in after.values()) else "is no longer a draft"
        )
    if before.keys() != after.keys():
        told += accounts_changed(before, [*after])
    told += ["id"] if was.id != now.id and not told else []
    then, there = _zone(old, was), _zone(new, now)
    told += [f"time zone, {city(then)} → {city(there)}"] if then and there and then != there else []
    times = any(before[alias]["at"] != after[alias]["at"] for alias in before.keys() & after.keys())
    if times and not moved:
        told.append(_series_told(was, now, new) or "time")
    if told:
        yield f"edited {name_of(now)}: {', '.join(told)}"


def _series_told(was: Entry, now: Entry, new: Snapshot) -> str:
    """`skips Tue 9 Mar`, `ends on Mon 5 Apr` or `goes on until Mon 19 Apr`; "" of any other change of its days."""
    before, after = ([day for day, _ in entry.parts] for entry in (was, now))
    if before and after[: len(before)] == before and len(after) > len(before):
        return f"goes on until {spoken_day(max(after), new.today)}"
    left = [day for day in before if day not in after]
    if not left or not after or any(day not in before for day in after):
        return ""
    if min(left) > max(after):
        return f"ends on {spoken_day(max(after), new.today)}"
    if len(left) > _SKIPPED or max(left) > max(after):
        return ""
    return f"skips {listed([spoken_day(day, new.today) for day in left])}"


def _zone(snapshot: Snapshot, entry: Entry) -> str:
    """The clock that its times are read by."""
    return getattr(entry.clock.zone, "key", "") or getattr(snapshot.zone, "key", "")


def _at(snapshot: Snapshot, entry: Entry) -> datetime | None:
    placed = snapshot.placed.get(entry.place, ())
    return next((moment.at for each in placed for moment in each.moments if moment.at is not None), None)

"""Words that somebody wrote and did not save yet, and the pictures that came with them: kept beside the ledger.

They are there until they are saved or thrown away, whatever happens to the tab or the process. Nothing in the calendar
shows them, and no commit has them.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import shutil
from contextlib import suppress
from errno import EEXIST
from typing import TYPE_CHECKING, Any, Final

from publer_sync.drafting.draft import MEDIA, free_name
from publer_sync.machine.durable import make_folder, move_file, replace_file
from publer_sync.machine.own_folder import FOLDER, make_own_folder
from publer_sync.studio.answers import REFUSED, StudioAnswer, unwritten
from publer_sync.studio.keys import revision_of
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.studio.documents import KeptData
    from publer_sync.studio.open_calendar import OpenCalendar, Snapshot
    from publer_sync.studio.orders import KeptRequest, PictureRequest

MOST_KEPT: Final = 200
"""Forms with words that are not saved; of more, something else is wrong."""
_LOST: Final = {"id": None, "file": "", "revision": ""}
"""Of a post that left the files before anything was kept for it."""


class KeptWords:
    """What is kept of one calendar."""

    def __init__(self, opened: OpenCalendar) -> None:
        self._opened = opened
        self._folder = opened.top / FOLDER / "studio"
        self._pictures = self._folder / "pictures"
        self._removed = self._folder / "removed"
        self._found: dict[str, dict[str, Any]] = dict(self._read())
        self._keys: dict[str, str] = {}
        """By the name of the form, the key that its post has in this run."""
        self._pages: dict[str, str] = {}
        """By the name of the form, the page that wrote last in this run."""
        shutil.rmtree(self._removed, ignore_errors=True)
        self._forget_pictures()

    def _read(self) -> Iterator[tuple[str, dict[str, Any]]]:
        with suppress(OSError):
            for path in sorted(self._folder.glob("*.json")):
                with suppress(OSError, ValueError, TypeError, KeyError):
                    data = json.loads(path.read_bytes())
                    yield str(data["name"]), {**data, "values": {**data["values"]}}

    def _file(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.json"

    def keep(self, name: str, key: str | None, values: Mapping[str, Any], page: str = "") -> None:
        """Under this name, as a page wants; `key` is that of the post that they are for. Raises OSError."""
        if name not in self._found and len(self._found) >= MOST_KEPT:
            raise OSError(0, "too many words are kept already")
        if not self._opened.top.is_dir():
            raise OSError(0, "the calendar's folder is gone")
        entry = self._opened.keys.entries.get(key or "")
        post = self._reference(entry) if entry is not None else None
        if post is None and key is not None:  # it left the files meanwhile
            post = self._found[name]["post"] if name in self._found else _LOST
        data = {"name": name, "post": post, "values": {**values}}
        make_own_folder(self._folder.parent)
        make_folder(self._folder)
        replace_file(self._file(name), json.dumps(data, ensure_ascii=False).encode())
        self._found[name], self._pages[name] = data, page
        if key is not None:
            self._keys[name] = key

    def _reference(self, entry: Entry) -> dict[str, Any]:
        """By what a post is found again in another run."""
        return {
            "id": entry.id,
            "file": entry.document.file,
            "revision": revision_of(entry),
            "slots": self._slots(entry),
            "words": _first_words(entry),
        }

    def _slots(self, entry: Entry) -> list[str]:
        return [
            f"{placed.alias} {moment.at.isoformat()}"
            for placed in self._opened.snapshot.placed.get(entry.place, ())
            for moment in placed.moments
            if moment.at is not None
        ]

    def is_of_another(self, name: str, page: str) -> bool:
        """Whether another page wrote last."""
        return self._pages.get(name, page) != page

    def forget(self, name: str) -> None:
        """They are saved, or thrown away."""
        self._found.pop(name, None)
        self._pages.pop(name, None)
        self._keys.pop(name, None)
        with suppress(OSError):
            self._file(name).unlink(missing_ok=True)
        self._forget_pictures()

    def take_over(self, name: str, other: KeptWords) -> None:
        """Another calendar was chosen in the form of this name: the pictures that wait there come along. Raises OSError."""
        if name not in other._found:
            return
        for each in self._found[name]["values"].get("media") or ():
            target = str(each.get("path", "")) if isinstance(each, dict) else ""
            source, here = other.path_of(target), self.path_of(target)
            if source.parent != other._pictures or not source.is_file():
                continue
            if not here.exists():
                make_folder(self._pictures)
                move_file(source, self._picture(target))
            elif not filecmp.cmp(source, here, shallow=False):
                raise FileExistsError(EEXIST, "another picture has this name in the chosen calendar", target)
        other.forget(name)

    def data(self) -> list[KeptData]:
        """What is kept, with the key that its post has now; None of a new post, and of one that is `lost`: not found any more."""
        return [
            {
                "name": name,
                "calendar": one_line(self._opened.calendar.settings.name),
                "key": (key := self._key_of(name, data["post"])),
                "lost": key is None and data["post"] is not None,
                "values": self._with_thumbs(data["values"]),
            }
            for name, data in self._found.items()
        ]

    def _key_of(self, name: str, post: Mapping[str, Any] | None) -> str | None:
        if post is None:
            return None
        entries = self._opened.keys.entries
        if (known := self._keys.get(name)) in entries:
            return known
        if post["id"]:
            found = [key for key, entry in entries.items() if entry.id == post["id"]]
        else:
            found = self._without_id(post)
        if found:
            self._keys[name] = found[0]
        return found[0] if found else None

    def _without_id(self, post: Mapping[str, Any]) -> list[str]:
        """The post whose lines are the same; else the only one at its time, or with its first words: saving shows both versions."""
        entries = self._opened.keys.entries
        here = {key: entry for key, entry in entries.items() if entry.document.file == post["file"]}
        same = [key for key, entry in here.items() if revision_of(entry) == post["revision"]]
        slots, words = {*post.get("slots", ())}, post.get("words")
        for found in (
            same[:1],
            [key for key, entry in entries.items() if slots & {*self._slots(entry)}],
            [key for key, entry in here.items() if words and _first_words(entry) == words],
        ):
            if len(found) == 1:
                return found
        return []

    def _with_thumbs(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """With the addresses that pictures have in this run."""
        media = [
            {**each, "thumb": self._opened.shelf.address(self.path_of(str(each.get("path", ""))))}
            for each in values.get("media") or ()
            if isinstance(each, dict)
        ]
        return {**values, "media": media}

    # --- pictures

    def receive(self, file: Path) -> str:
        """Keep a picture until the post that shows it is saved; the path that it will have. Raises OSError and InputError."""
        target = free_name(file, self._opened.top, MEDIA, self._waiting())
        if not self.path_of(target).exists():
            make_own_folder(self._folder.parent)
            make_folder(self._pictures)
            move_file(file, self._picture(target))
        return target

    def _picture(self, target: str) -> Path:
        return self._pictures / target.rpartition("/")[2]

    def _waiting(self) -> dict[str, Path]:
        with suppress(OSError):
            return {f"{MEDIA}/{path.name}": path for path in self._pictures.iterdir()}
        return {}

    def path_of(self, target: str) -> Path:
        """Where a picture is: in the calendar, or here."""
        inner = target.lstrip("/")
        there = self._opened.top / inner
        return there if there.exists() or inner != f"{MEDIA}/{there.name}" else self._picture(inner)

    def put_in_place(self, targets: Iterable[str]) -> list[Path]:
        """Move those that wait here into the calendar; which ones. Raises OSError; then those that were moved wait here again."""
        moved: list[Path] = []
        try:
            for target in targets:
                self._put(target.lstrip("/"), moved)
        except OSError:
            self.take_back(moved)
            raise
        return moved

    def _put(self, inner: str, moved: list[Path]) -> None:
        top, source = self._opened.top.resolve(), self.path_of(inner)
        if source.parent != self._pictures or not source.is_file():
            return
        folder = (top / MEDIA).resolve()
        if not folder.is_relative_to(top) or ".git" in folder.parts:
            raise OSError(0, "the media folder leads out of the calendar")
        make_folder(folder)
        move_file(source, top / inner)
        moved.append(top / inner)

    def take_back(self, moved: Iterable[Path]) -> None:
        """They wait here again: what was to show them was not written."""
        with suppress(OSError):
            make_folder(self._pictures)
            for path in moved:
                move_file(path, self._pictures / path.name)

    # --- what nothing shows any more

    def unshown(self, was: Snapshot) -> list[str]:
        """The pictures of the media folder that posts showed then, and that none shows now."""
        now = _named(self._opened.calendar)
        return sorted(
            file
            for file in _named(was.calendar) - now
            if file.startswith(f"{MEDIA}/") and (self._opened.top / file).is_file()
        )

    def discard(self, file: str) -> bool:
        """Take a picture that no post shows out of the media folder. Raises OSError."""
        path = self._opened.top / file
        known = file == f"{MEDIA}/{path.name}" and path.is_file()
        if not known or path.is_symlink() or file in _named(self._opened.calendar):
            return False
        make_own_folder(self._folder.parent)
        make_folder(self._removed)
        move_file(path, self._removed / path.name)
        return True

    def put_back(self, file: str) -> bool:
        """Raises OSError."""
        source, target = self._removed / file.rpartition("/")[2], self._opened.top / file
        if file != f"{MEDIA}/{source.name}" or not source.is_file() or target.exists():
            return False
        move_file(source, target)
        return True

    def _forget_pictures(self) -> None:
        """Remove those that no words show."""
        shown = {
            str(each.get("path", "")).rpartition("/")[2]
            for data in self._found.values()
            for each in data["values"].get("media") or ()
            if isinstance(each, dict)
        }
        with suppress(OSError):
            for path in self._pictures.iterdir():
                if path.name not in shown:
                    path.unlink(missing_ok=True)


def keep_words(kept: Mapping[int, KeptWords], number: int, request: KeptRequest) -> StudioAnswer:
    """Keep words of the calendar with this number, or forget them: what another page wrote last, only when first asked."""
    if request.values is None:
        for each in kept.values():
            if not (request.again and each.is_of_another(request.name, request.page)):
                each.forget(request.name)
        return StudioAnswer(200, {})
    try:
        kept[number].keep(request.name, request.key, request.values, request.page)
        for other in kept.values():
            if other is not kept[number]:
                kept[number].take_over(request.name, other)
    except OSError as error:
        return unwritten(error)
    return StudioAnswer(200, {})


def discard_picture(kept: KeptWords, request: PictureRequest) -> StudioAnswer:
    try:
        done = kept.put_back(request.path) if request.back else kept.discard(request.path)
    except OSError as error:
        return unwritten(error)
    if not done:
        say = f"{request.path} stays: a post shows it, or it is not there."
        return StudioAnswer(REFUSED, {"refused": {"say": say}})
    return StudioAnswer(200, {})


def _first_words(entry: Entry) -> str:
    text = entry.data.get("text")
    return text.strip().partition("\n")[0] if isinstance(text, str) else ""


def _named(calendar: Calendar) -> frozenset[str]:
    """The media that posts name, from the calendar's top."""
    return frozenset[str]().union(*(spread.media for spread in calendar.spreads))

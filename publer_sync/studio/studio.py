"""What is open: calendars, their versions, and what is done to them. Everything that several windows share is here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.zones import TimeError
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.editing.saving import Saving, workshop
from publer_sync.errors import OutputError
from publer_sync.previewing.html import render, render_card
from publer_sync.previewing.page import PreviewPage
from publer_sync.previewing.previewed import preview_of
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.problems import errors_in
from publer_sync.render.file_diff import file_diff
from publer_sync.render.wording import sentence
from publer_sync.studio import changes
from publer_sync.studio.posts import calendar_data, editor_address, post_data, problem_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from publer_sync.problems import Problem
    from publer_sync.studio.changes import Edited
    from publer_sync.studio.documents import (
        CardsAnswer,
        ChangeAnswer,
        ConflictAnswer,
        PostsAnswer,
        RefusedAnswer,
        RefusedData,
        StudioProblemData,
    )
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.studio.orders import ChangeRequest

FULL: Final = 507
CONFLICT: Final = 409
REFUSED: Final = 422


@dataclass(frozen=True, slots=True)
class StudioAnswer:
    """The status of HTTP, and what is answered as JSON."""

    status: int
    body: Any


class Studio:
    """The calendars of one run. `tell` is called with every new version; every method may be called from any thread."""

    def __init__(
        self,
        opened: Sequence[OpenCalendar],
        now: Callable[[], datetime],
        *,
        read_only: bool,
    ) -> None:
        self.opened, self.now, self.read_only = list(opened), now, read_only
        self.lock = RLock()
        self.tell: Callable[[], None] = lambda: None
        self.version: Callable[[], int] = lambda: 0

    # --- what there is

    def page(self) -> str:
        with self.lock:
            return render(self._page())

    def _page(self) -> PreviewPage:
        thumbnails = Thumbnails()
        made = tuple(
            preview_of(
                each.calendar,
                each.calendar.desired.posts,
                each.snapshot.problems,
                thumbnails,
                now=self.now(),
                keys=each.keys.by_place,
            )
            for each in self.opened
        )
        return PreviewPage(made, max(1, self.version()), studio=True)

    def posts(self) -> PostsAnswer:
        with self.lock:
            first = self.opened[0]
            return {
                "version": self.version(),
                "read_only": self.read_only,
                "today": f"{self.now().astimezone(first.snapshot.zone):%Y-%m-%d}",
                "calendars": [calendar_data(each) for each in self.opened],
                "posts": [post_data(each, key) for each in self.opened for key in each.keys.entries],
                "problems": [
                    problem
                    for each in self.opened
                    for problem in self._problems(each, each.snapshot.problems)
                ],
                "undo": None,
                "redo": None,
                "changed": 0,
            }

    def _problems(self, opened: OpenCalendar, problems: Iterable[Problem]) -> list[StudioProblemData]:
        return [problem_data(each, opened, opened.key_at(each.location)) for each in problems]

    def cards(self, keys: Sequence[str]) -> CardsAnswer:
        with self.lock:
            return {"version": self.version(), "cards": self._cards(keys)}

    def _cards(self, keys: Sequence[str]) -> dict[str, list[str]]:
        page, wanted = self._page(), set(keys)
        found: dict[str, list[str]] = {key: [] for key in keys}
        for number, calendar in enumerate(page.calendars):
            for card in calendar.cards:
                if card.key in wanted:
                    found[card.key].append(render_card(card, page, number))
        return found

    # --- what is done

    def change(self, request: ChangeRequest, asked: Any) -> StudioAnswer:
        """`asked` is the order as it came, for an answer that shows it again."""
        with self.lock:
            opened = self._owner(request.key)
            if opened is not None and opened.again():
                self.tell()
            if opened is None or request.key not in opened.keys.entries:
                return self._conflict(request, asked, None)
            if post_data(opened, request.key)["revision"] != request.revision:
                return self._conflict(request, asked, opened)
            entry = opened.keys.entries[request.key]
            try:
                if request.do.move is None:
                    return _refused({"say": "Nothing was asked for."})
                edited = changes.move(opened.snapshot, entry, request.do.move)
            except Unsafe as unsafe:
                place = entry.place
                return _refused(
                    {
                        "say": f"{sentence(unsafe.reason)} Nothing was written.",
                        "file": place.file,
                        "line": place.line,
                        "open": editor_address(opened.calendar.top, place.file, place.line),
                        "paste": unsafe.paste,
                    }
                )
            except (TimeError, ValueError) as error:
                said = error.message if isinstance(error, TimeError) else str(error)
                return _refused({"say": sentence(said)})
            return self._written(opened, edited, [request.key])

    def _owner(self, key: str | None) -> OpenCalendar | None:
        return next((each for each in self.opened if key in each.keys.entries), None)

    def _conflict(self, request: ChangeRequest, asked: Any, opened: OpenCalendar | None) -> StudioAnswer:
        theirs = post_data(opened, request.key) if opened is not None and request.key else None
        body: ConflictAnswer = {
            "conflict": {
                "say": "The file was changed meanwhile. Nothing was written."
                if theirs
                else "The post is no longer in the file. Nothing was written.",
                "yours": asked,
                "theirs": theirs,
                "file": theirs["file"] if theirs else "",
                "line": theirs["line"] if theirs else 0,
                "open": theirs["open"] if theirs else "",
            }
        }
        return StudioAnswer(CONFLICT, body)

    def _written(self, opened: OpenCalendar, edited: Edited, keys: Sequence[str]) -> StudioAnswer:
        file, before = edited.document.file, opened.snapshot.document(edited.document.file)
        after = opened.read({file: edited.document.raw})
        old = {(each.code, each.message) for each in errors_in(opened.snapshot.problems)}
        judged = after.judge(after.desired, now=self.now())
        added = [each for each in errors_in(judged) if (each.code, each.message) not in old]
        if added:
            place = added[0].location
            body: RefusedData = {
                "say": f"{sentence(added[0].message)} Nothing was written.",
                "problems": self._problems(opened, added),
            }
            if place is not None:
                body |= {
                    "file": place.file,
                    "line": place.line,
                    "open": editor_address(opened.calendar.top, place.file, place.line),
                }
            return _refused(body)
        saving = Saving(
            opened.calendar.top, "edit", {file: edited.document.raw}, {file: before.raw} if before else {}
        )
        try:
            with workshop(opened.calendar.top) as folder:
                saving.save(folder)
        except OutputError as error:
            return StudioAnswer(FULL, {"refused": {"say": sentence(error.message)}})
        opened.take(replace(after))
        self.tell()
        answer: ChangeAnswer = {
            "version": self.version(),
            "say": edited.say,
            "posts": [post_data(opened, key) for key in keys if key in opened.keys.entries],
            "gone": [key for key in keys if key not in opened.keys.entries],
            "cards": self._cards([key for key in keys if key in opened.keys.entries]),
            "diff": file_diff(file, before.raw if before else None, edited.document.raw),
            "undo": None,
            "redo": None,
            "changed": 0,
            "problems": [],
        }
        return StudioAnswer(200, answer)

    def follow(self) -> None:
        """Read what was saved meanwhile."""
        with self.lock:
            differs = [each.again() for each in self.opened]
            if any(differs):
                self.tell()


def _refused(body: RefusedData) -> StudioAnswer:
    answer: RefusedAnswer = {"refused": body}
    return StudioAnswer(REFUSED, answer)

"""What is open: calendars, their versions, and what is done to them. Everything that several windows share is here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.when.zones import TimeError
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.editing.saving import Saving, workshop
from publer_sync.machine.durable import is_full
from publer_sync.networks.media import BadMedia
from publer_sync.previewing.html import policy_of, render
from publer_sync.render.layout.file_diff import file_diff
from publer_sync.render.layout.wording import sentence
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.studio.answers import (
    BROKEN,
    CONFLICT,
    FULL,
    REFUSED,
    StudioAnswer,
    problems_data,
    refused_answer,
    unwritten,
)
from publer_sync.studio.beginning import beginning_of
from publer_sync.studio.changes import Worked
from publer_sync.studio.days import days_of
from publer_sync.studio.git_side import GitSide
from publer_sync.studio.kept import KeptWords, discard_picture, keep_words
from publer_sync.studio.keys import revision_of
from publer_sync.studio.nearby import Vicinity
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.outlining import outline_answer
from publer_sync.studio.posts import calendar_data, post_data, problem_data
from publer_sync.studio.restoring import file_back, post_back
from publer_sync.studio.showing import Showing
from publer_sync.studio.trying import attempt
from publer_sync.studio.undoing import FileChange, Overwritten, StepHistory, WrittenStep, taken_back
from publer_sync.studio.uploads import CutShort, received
from publer_sync.studio.words import words_of
from publer_sync.studio.working import WorkingFiles
from publer_sync.values.errors import OutputError, PublerSyncError, SettingsError
from publer_sync.values.problems import added_problems, errors_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.previewing.marking import Marking
    from publer_sync.studio.documents import (
        CardsAnswer,
        ChangeAnswer,
        ConflictAnswer,
        OutlineAnswer,
        PostsAnswer,
        ReviewAnswer,
        SinceAnswer,
        StudioPostData,
        StudioProblemData,
        UploadAnswer,
    )
    from publer_sync.studio.keys import PostKeys
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.studio.orders import (
        ChangeRequest,
        DaysRequest,
        FreshRequest,
        KeptRequest,
        PictureRequest,
        RestoreRequest,
        ReviewRequest,
        WordsRequest,
    )
    from publer_sync.studio.uploads import Stream
    from publer_sync.values.problems import Location, Problem

MANY: Final = 1000
"""From so many posts on, what a change cannot affect is not judged again before its answer."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A change in memory: what it comes to, and what it would write."""

    worked: Worked
    files: Mapping[str, bytes | None]
    snapshot: Snapshot
    keys: PostKeys
    problems: Sequence[Problem]
    """Those that it adds."""
    near: Sequence[Problem]
    """All that is wrong with the posts that it is about."""


class Studio:
    """The calendars of one run. `tell` is called with every new version; every method may be called from any thread."""

    def __init__(
        self, opened: Sequence[OpenCalendar], now: Callable[[], datetime], *, read_only: bool
    ) -> None:
        self.opened, self.now, self.read_only = list(opened), now, read_only
        self.lock = RLock()
        self.history = StepHistory()
        self.showing = Showing(self.opened, now)
        self.git = GitSide(self.opened)
        self.kept = {each.number: KeptWords(each) for each in self.opened}
        self.used: dict[int, Sequence[str]] = {}
        """The accounts of the last new post, by the calendar's number."""
        self.lost = ""
        """Why a calendar cannot be read any more, such as a folder that is gone."""
        self.tell: Callable[[], None] = lambda: None
        self.version: Callable[[], int] = lambda: 0

    # --- what there is

    def begin(self) -> None:
        """Spread the posts over their accounts while the browser starts: the first page is made of that."""
        for each in self.opened:
            with self.lock:
                _ = each.calendar.desired

    def page(self, view: str = "", day: str = "") -> tuple[str, str]:
        """The page, and what it may run and load; of a large calendar what is seen on a day."""
        self.follow()
        with self.lock:
            page = self.showing.page(self.version(), view, day)
            return render(page), policy_of(page)

    def posts(self) -> PostsAnswer:
        """Of a large calendar without its posts and problems: the page asks for those that it shows, and for the outline."""
        self.follow()
        with self.lock:
            self.git.ask()
            large = self.showing.is_large
            return {
                "version": self.version(),
                "read_only": self.read_only,
                "lost": self.lost,
                "today": self.today,
                "calendars": [calendar_data(each) for each in self.opened],
                "large": large,
                "posts": []
                if large
                else [post_data(each, key) for each in self.opened for key in each.keys.entries],
                "problems": [] if large else self._standing(),
                **self.history.data(),
                "changed": self.git.changed,
                "branch": self.git.branch,
                "kept": [kept for each in self.kept.values() for kept in each.data()],
            }

    def outline(self) -> OutlineAnswer:
        self.follow()
        with self.lock:
            kept = {each["key"] for words in self.kept.values() for each in words.data()}
            return outline_answer(self.showing, self.version(), self._standing(), kept)

    def _standing(self) -> list[StudioProblemData]:
        return [problem for each in self.opened for problem in problems_data(each, each.snapshot.problems)]

    @property
    def today(self) -> str:
        return f"{self.now().astimezone(self.opened[0].snapshot.zone):%Y-%m-%d}"

    def since(self) -> SinceAnswer:
        self.follow()
        with self.lock:
            return self.git.since(self.today)

    def keep(self, request: KeptRequest) -> StudioAnswer:
        """Keep words that are not saved yet, or forget them."""
        with self.lock:
            found = self._by_name(request.key, None) or self._by_name(None, request.calendar)
            return keep_words(self.kept, (found or self.opened[0]).number, request)

    def discard(self, request: PictureRequest) -> StudioAnswer:
        """Take a picture that no post shows out of the calendar, or put it back."""
        with self.lock:
            self._refresh()
            opened = self._by_name(None, request.calendar) or self.opened[0]
            answer = discard_picture(self.kept[opened.number], request)
            self.follow()
            return answer

    def put_up(self, request: ReviewRequest) -> StudioAnswer:
        """Put what differs from the last commit up for review."""
        with self.lock:
            self._refresh()
            return self._reviewed(*self.git.put_up(self.today, request))

    def back_to_default(self) -> StudioAnswer:
        with self.lock:
            return self._reviewed(*self.git.back_to_default())

    def _reviewed(self, answer: ReviewAnswer | None, why: str) -> StudioAnswer:
        if answer is None:
            return StudioAnswer(CONFLICT, {"refused": {"say": why}})
        self.follow()
        self.tell()
        return StudioAnswer(200, answer)

    def days(self, request: DaysRequest) -> StudioAnswer:
        opened = self._by_name(request.key, None)
        if opened is None:
            return StudioAnswer(404, {"refused": {"say": "The post is no longer in the files."}})
        return self._asked(lambda: days_of(opened, request))

    def fresh(self, request: FreshRequest) -> StudioAnswer:
        opened = self._by_name(None, request.calendar) or self.opened[0]
        return self._asked(lambda: beginning_of(opened, request, self.used.get(opened.number, ())))

    def counts(self, request: WordsRequest) -> StudioAnswer:
        # Words of a post that left the files meanwhile count as those of the new one that saving them would add.
        opened = self._by_name(request.key, None) or self._by_name(None, request.calendar)
        if opened is None:
            return StudioAnswer(404, {"refused": {"say": "There is no such calendar."}})
        return self._asked(lambda: words_of(opened, request))

    def _asked(self, answer: Callable[[], Any]) -> StudioAnswer:
        with self.lock:
            self._tick()
            try:
                return StudioAnswer(200, answer())
            except Unsafe as unsafe:
                return StudioAnswer(REFUSED, {"refused": {"say": sentence(unsafe.reason)}})
            except TimeError as error:
                return StudioAnswer(REFUSED, {"refused": {"say": sentence(error.message)}})

    def _by_name(self, key: str | None, name: str | None) -> OpenCalendar | None:
        """The calendar of a post, or the one of this name; the only one needs none."""
        if key is not None:
            return next((each for each in self.opened if key in each.keys.entries), None)
        if not name and len(self.opened) == 1:
            return self.opened[0]
        return next((each for each in self.opened if each.calendar.settings.name == name), None)

    def picture(self, name: str) -> bytes | None:
        """A picture by the calendar's number and its own: `0-4`."""
        number, _, picture = name.partition("-")
        opened = next((each for each in self.opened if str(each.number) == number), None)
        return opened.shelf.picture(picture) if opened is not None else None

    def upload(self, stream: Stream, length: int, name: str, calendar: str | None) -> StudioAnswer:
        """Keep a file of `length` bytes until a post shows it. It is read without the lock: it may come slowly."""
        opened = self._by_name(None, calendar)
        if opened is None:
            return StudioAnswer(404, {"refused": {"say": "There is no such calendar."}})
        try:
            with workshop(opened.top) as folder:
                file = received(stream, length, name, folder)
                with self.lock:
                    target = self.kept[opened.number].receive(file)
                    shown = self.kept[opened.number].path_of(target)
        except CutShort:
            return StudioAnswer(
                400, {"refused": {"say": "The file did not arrive whole. Nothing was written."}}
            )
        except BadMedia as bad:
            said = f"{sentence(bad.message)} {sentence(bad.help.say)}"
            return StudioAnswer(415, {"refused": {"say": said}})
        except OSError as error:
            return unwritten(error)
        except PublerSyncError as error:
            return StudioAnswer(BROKEN, {"refused": {"say": sentence(error.message)}})
        answer: UploadAnswer = {"path": target, "thumb": opened.shelf.address(shown)}
        return StudioAnswer(200, answer)

    def cards(self, keys: Sequence[str]) -> CardsAnswer:
        """The cards of some posts, and what the page edits. Of a large calendar, the first may come before all is judged."""
        with self.lock:
            self._tick()
            found: dict[str, list[str]] = {key: [] for key in keys}
            posts: list[StudioPostData] = []
            for opened in self.opened:
                if (beside := f"beside-{opened.number}") in found:
                    found[beside] = self.showing.beside(opened)
                known = [key for key in keys if key in opened.keys.entries]
                judged = opened.snapshot.judged if self.showing.is_large else opened.snapshot.problems
                found |= self.showing.cards(opened, known, judged) if known else {}
                posts += [post_data(opened, key) for key in known]
            return {"version": self.version(), "cards": found, "posts": posts}

    def texts(self, keys: Sequence[str]) -> dict[str, list[list[str]]]:
        """The words on the cards of some posts, to search them: of each card its time, its accounts and its words."""
        with self.lock:
            return self.showing.texts(keys)

    def follow(self) -> None:
        """Read what was saved meanwhile. A calendar that cannot be read now stays as it was, until somebody asks for a change."""
        with suppress(PublerSyncError):
            self._refresh(outside=True)

    def _refresh(self, *, outside: bool = False) -> None:
        """Raises SettingsError where a calendar cannot be read."""
        with self.lock:
            self._tick()
            was, self.lost = self.lost, ""
            try:
                differs = [each.again(outside=outside) for each in self.opened]
            except SettingsError as error:
                self.lost = sentence(error.message)
                raise
            finally:
                if self.lost != was:
                    self.tell()
            if any(differs):
                self.tell()

    def _tick(self) -> None:
        for each in self.opened:
            each.tick()

    @property
    def state(self) -> Sequence[int]:
        """Another one whenever a calendar reads otherwise."""
        with self.lock:
            return [each.reads for each in self.opened]

    def mark(self, markings: Sequence[Marking]) -> None:
        """Show what plan would do, of each calendar."""
        with self.lock:
            for opened, marking in zip(self.opened, markings, strict=True):
                opened.marking = marking
            self.tell()

    # --- what is done

    def change(self, request: ChangeRequest, asked: Any) -> StudioAnswer:
        """`asked` is the order as it came, for an answer that shows it again."""
        with self.lock:
            opened = self._meant(request)
            if opened is None:
                self._refresh()
                return self._conflict(asked)
            kept = self.kept[opened.number]
            try:
                moved = kept.put_in_place(_media_of(request))
            except OSError as error:
                self.follow()
                return unwritten(error)
            answer = self._changed_by(request, asked)
            if answer.status != 200 and moved:
                kept.take_back(moved)
                self.follow()
            return answer

    def _changed_by(self, request: ChangeRequest, asked: Any) -> StudioAnswer:
        with self.lock:
            self._refresh()
            opened = self._meant(request)
            if opened is None:
                return self._conflict(asked)
            for post in request.known:
                known = opened.keys.entries.get(post.key)
                if known is None or revision_of(known) != post.revision:
                    return self._conflict(asked, opened, post.key)
            entry = opened.keys.entries[request.known[0].key] if request.known else None
            try:
                tried = self._tried(opened, request)
            except Unsafe as unsafe:
                place = entry.place if entry is not None else None
                return refused_answer(
                    opened, f"{sentence(unsafe.reason)} Nothing was written.", place, paste=unsafe.paste
                )
            except TimeError as error:
                return refused_answer(opened, f"{sentence(error.message)} {sentence(str(error.help))}", None)
            if errors := errors_in(tried.problems):
                return self._with_errors(opened, tried, errors)
            if request.do.new is not None:
                self.used[opened.number] = request.do.new.fields.accounts or ()
            return self._written(opened, tried)

    def _meant(self, request: ChangeRequest) -> OpenCalendar | None:
        first = next((post.key for post in request.known), None)
        return self._by_name(first, request.do.new.calendar if request.do.new is not None else None)

    def _conflict(self, asked: Any, opened: OpenCalendar | None = None, key: str = "") -> StudioAnswer:
        theirs = post_data(opened, key) if opened is not None and key in opened.keys.entries else None
        say = "The post is no longer in the files. Nothing was written."
        if theirs is not None:
            say = f"{theirs['file']} was changed meanwhile. Nothing was written."
        body: ConflictAnswer = {
            "conflict": {
                "say": say,
                "yours": asked,
                "theirs": theirs,
                "file": theirs["file"] if theirs else "",
                "line": theirs["line"] if theirs else 0,
                "open": theirs["open"] if theirs else "",
            }
        }
        return StudioAnswer(CONFLICT, body)

    def _tried(self, opened: OpenCalendar, request: ChangeRequest) -> Tried:
        """Raises Unsafe and TimeError."""
        tried = attempt(opened.snapshot, opened.keys, request, self.now())
        problems, near = self._judged(opened, tried.snapshot, tried.keys, tried.files)
        return Tried(*tried, problems, near)

    def _judged(
        self, opened: OpenCalendar, after: Snapshot, keys: PostKeys, files: Mapping[str, bytes | None]
    ) -> tuple[Sequence[Problem], Sequence[Problem]]:
        """What is wrong since a change that was not before, and all that is wrong near it."""
        before = opened.snapshot
        if len(before.calendar.entries) < MANY:
            return added_problems(before.problems, after.problems), after.problems
        old = opened.keys
        differing = keys.differing(old, files)
        sides = [
            (snapshot, {those.entries[key].place for key in differing if key in those.entries})
            for snapshot, those in ((before, old), (after, keys))
        ]
        moments = {at for snapshot, places in sides for at in snapshot.moments_at(places)}
        vicinity = Vicinity(files.keys(), moments)
        was, now = (vicinity.problems(snapshot, places) for snapshot, places in sides)
        return added_problems(was, now), now

    def _with_errors(self, opened: OpenCalendar, tried: Tried, errors: Sequence[Problem]) -> StudioAnswer:
        """Nothing is written: the change would add errors. Each is told where its post is in the files as they are."""
        first = errors[0]
        worked = tried.worked
        taken = opened.in_slots(worked.slots, worked.keys) if first.code == "slot.twice" else None
        keys = [tried.keys.key_at(each.location) for each in errors]
        places = [_place(opened, tried, key, each.location) for key, each in zip(keys, errors, strict=True)]
        body = refused_answer(opened, f"{sentence(first.message)} Nothing was written.", places[0]).body
        body["refused"] |= {
            "problems": [
                problem_data(replace(each, location=place), opened, key)
                for each, place, key in zip(errors, places, keys, strict=True)
            ],
            **({"swap": taken[0], "account": taken[1]} if taken is not None else {}),
        }
        return StudioAnswer(REFUSED, body)

    def _written(self, opened: OpenCalendar, tried: Tried) -> StudioAnswer:
        before = {file: opened.bytes_of(file) for file in tried.files}
        if (failed := self._save(opened, tried.files, before)) is not None:
            return failed
        old, was = opened.keys, opened.snapshot
        opened.accept(tried.snapshot, tried.keys)
        changes = {file: FileChange(before[file], raw) for file, raw in tried.files.items()}
        step = None
        if changes:
            differing = frozenset(opened.keys.differing(old, changes))
            step = self.history.add(WrittenStep(opened.number, tried.worked.label, changes, differing))
            self.tell()
        answer = self._done(opened, tried.worked.say, old, changes, tried.problems, tried.near, step)
        answer.body["unshown"] = self.kept[opened.number].unshown(was)
        return answer

    def _save(
        self, opened: OpenCalendar, files: Mapping[str, bytes | None], before: Mapping[str, bytes | None]
    ) -> StudioAnswer | None:
        """What went wrong; then all files are as they were, or say what was written."""
        known = {file: raw for file, raw in before.items() if raw is not None}
        try:
            with workshop(opened.calendar.top) as folder:
                Saving(opened.calendar.top, "edit", files, known).save(folder)
        except PublerSyncError as error:
            cause = error.__cause__
            self.follow()
            status = FULL if isinstance(cause, OSError) and is_full(cause) else BROKEN
            if isinstance(error, OutputError) and cause is None:
                status = CONFLICT
            said = "\n".join(filter(None, (sentence(error.message), error.hint)))
            return StudioAnswer(status, {"refused": {"say": said}})
        return None

    def _done(
        self,
        opened: OpenCalendar,
        say: str,
        old: PostKeys,
        changes: Mapping[str, FileChange],
        problems: Iterable[Problem],
        near: Iterable[Problem],
        step: int | None,
    ) -> StudioAnswer:
        now = opened.keys
        differing = now.differing(old, changes.keys())
        come = [key for key in differing if key not in old.entries]
        shown = [*come, *(key for key in differing if key in now.entries and key in old.entries)]
        history = self.history.data()
        answer: ChangeAnswer = {
            "undo": history["undo"],
            "undo_step": history["undo_step"],
            "redo": history["redo"],
            "redo_step": history["redo_step"],
            "version": self.version(),
            "say": say,
            "posts": [post_data(opened, key) for key in shown],
            "gone": [key for key in differing if key not in now.entries],
            "cards": self.showing.cards(opened, shown, near),
            "diff": "".join(
                file_diff(file, each.before, each.after or b"") for file, each in sorted(changes.items())
            ),
            "step": step,
            "changed": self.git.changed,
            "problems": problems_data(opened, problems),
        }
        if sum(len(each.calendar.entries) for each in self.opened) < MANY:
            answer["standing"] = self._standing()
        return StudioAnswer(200, answer)

    def restore(self, request: RestoreRequest) -> StudioAnswer:
        """Bring a file or a post back as it is in the last commit."""
        with self.lock:
            self._refresh()
            self.git.ask()
            commit = next((each for each in self.git.commits if each.opened.number == request.calendar), None)
            if commit is None:
                return StudioAnswer(404, {"refused": {"say": "There is no such calendar."}})
            opened, line = commit.opened, request.line
            try:
                files, label = (
                    file_back(commit, request.file) if line is None else post_back(commit, request.file, line)
                )
                keys = opened.keys.copy()
                after = Snapshot(opened.read_with(files), self.now())
            except Unsafe as unsafe:
                return refused_answer(opened, f"{sentence(unsafe.reason)} Nothing was written.", None)
            keys.follow(after.calendar.entries, files.keys())
            problems, near = self._judged(opened, after, keys, files)
            if line is not None and (errors := errors_in(problems)):
                return refused_answer(opened, f"{sentence(errors[0].message)} Nothing was written.", None)
            say = label.replace("bring back", "Brought back:", 1)
            worked = Worked(WorkingFiles(after), say, label)
            return self._written(opened, Tried(worked, files, after, keys, problems, near))

    # --- undo and redo

    def undo(self, number: int | None = None) -> StudioAnswer:
        """Take back the step of this number alone, or the latest."""
        return self._back(self.history.done, self.history.undone, number, "Undone")

    def redo(self, number: int | None = None) -> StudioAnswer:
        return self._back(self.history.undone, self.history.done, number, "Redone")

    def _back(
        self, steps: list[WrittenStep], others: list[WrittenStep], number: int | None, word: str
    ) -> StudioAnswer:
        with self.lock:
            self._refresh()
            step = next((each for each in reversed(steps) if number in (None, each.number)), None)
            if step is None:
                gone = (
                    "That was taken back already."
                    if number is not None
                    else "There is nothing to undo or redo."
                )
                return StudioAnswer(CONFLICT, {"refused": {"say": gone}})
            last = step is steps[-1]
            opened = next(each for each in self.opened if each.number == step.calendar)
            now = {file: opened.bytes_of(file) for file in step.files}
            old, keys = opened.keys, opened.keys.copy()
            files: dict[str, bytes | None] | None = None
            with suppress(Overwritten):
                files = {file: taken_back(change, now[file]) for file, change in step.files.items()}
            if files is not None:
                after = Snapshot(opened.read_with(files), self.now())
                keys.follow(after.calendar.entries, files.keys())
                both = keys.entries.keys() & old.entries.keys() & {*keys.differing(old, files)}
            if files is None or not (last or both <= step.keys):  # the same lines may stand elsewhere too
                if last:
                    steps.remove(step)  # or nothing before it could ever be undone
                say = f"Someone changed these lines of {', '.join(step.files)} since, so this stays as it is: {step.label}."
                return StudioAnswer(CONFLICT, {"refused": {"say": say}})
            problems, near = self._judged(opened, after, keys, files)
            if not last and (errors := errors_in(problems)):
                say = f"This cannot be taken back alone: {sentence(errors[0].message)}"
                return StudioAnswer(CONFLICT, {"refused": {"say": say}})
            if (failed := self._save(opened, files, now)) is not None:
                return failed
            steps.remove(step)
            opened.accept(after, keys)
            changes = {file: FileChange(now[file], raw) for file, raw in files.items()}
            others.append(WrittenStep(step.calendar, step.label, changes, step.keys, step.number))
            self.tell()
            return self._done(opened, f"{word}: {step.label}", old, changes, problems, near, step.number)


def _media_of(request: ChangeRequest) -> list[str]:
    """The pictures that a change would have its post show."""
    fields = request.do.edit or (request.do.new.fields if request.do.new is not None else None)
    return [each.path for each in (fields.media or ())] if fields is not None else []


def _place(opened: OpenCalendar, tried: Tried, key: str | None, place: Location | None) -> Location | None:
    """Where a place in files that were not written is in those that are there: of a post that is not, nowhere."""
    if place is None or place.file not in tried.files:
        return place
    entry = opened.keys.entries.get(key) if key is not None else None
    return entry.place if entry is not None else None

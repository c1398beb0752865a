"""One run of the action: run the command for each calendar, and report where people look."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.action import (
    comments,
    drift,
    merges,
    pages,
    results,
    review,
    runs,
    suggestions,
    telling,
    workflow,
)
from publer_sync.action.annotations import annotate_done, log_text
from publer_sync.action.asking import Asking, Lost
from publer_sync.action.choosing import calendars_of, with_changes
from publer_sync.action.git import log_in, newest, switch
from publer_sync.action.github import GitHub
from publer_sync.action.gone import tell_of_gone
from publer_sync.action.merges import Brought, Pulled
from publer_sync.action.pages import Place
from publer_sync.action.review import Review, Seal
from publer_sync.action.site import Planned, could_make, write_preview, write_review, write_site
from publer_sync.commands.beside.changed import git
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.running.several import worst
from publer_sync.commands.running.shared import loading
from publer_sync.planning.signing import by_person
from publer_sync.render import notice
from publer_sync.render.layout import documents
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from publer_sync.action.inputs import Event, Inputs
    from publer_sync.action.runs import CalendarOutcome
    from publer_sync.checking.links import LinkChecker
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.stores import LastStates
    from publer_sync.publer.gateway import Publer
    from publer_sync.publer.reader import PublerReader
    from publer_sync.render.notice import Notice

_TRIES = 5
"""For a summary: what a page has beside its posts may be longer than the room of a calendar."""
_LINKS_SECONDS = 300.0
"""For the links of all calendars: the job has a time limit of its own."""


class Step:
    def __init__(self, inputs: Inputs, event: Event) -> None:
        self.inputs = inputs
        self.event = event
        token, from_outside = inputs.token, event.pull is not None and event.pull.from_outside
        github = GitHub(event.api, event.repository, token, say=workflow.tell) if token else None
        self.github = Asking(github, from_outside=from_outside)
        self.keys = Environment.of(os.environ).state_keys.keys
        self.sha = git("rev-parse", "HEAD") or event.sha
        self.calendars = calendars_of(inputs)
        digest = hashlib.sha256("\n".join((event.key, *map(str, inputs.calendars))).encode()).hexdigest()[:8]
        self.artifact = f"publer-sync-{inputs.command}-{digest}"
        self.folder = event.temp / "publer-sync" / self.artifact
        self.site = event.temp / "publer-sync" / "pages"

    def run(self) -> int:
        log_in(self.event, self.inputs.token)
        calendars = self._with_changes(self._current())
        brought = self._brought() if calendars else Brought()
        if not calendars:
            tell_of_gone(self.inputs, self.event)
        told: list[tuple[CalendarOutcome, Place]] = []
        self._load = loading(calendars)
        with _signalled() as signalled:
            for top in calendars:
                place = self._place(top, brought)
                told.append((self._one(top, place, brought.lost), place))
                if signalled():
                    break
        left = len(calendars) - len(told)
        code = worst([*(done.code for done, _ in told), *([1] if left else [])])
        if left:
            workflow.annotate(
                "error", f"stopped on request: {count(left, 'calendar')} not started; running again is safe"
            )
        sited = self.inputs.command in ("pages", "results") and code in (0, 6)
        if sited:
            looked = [runs.looked_back(done, self.inputs, self._reading) for done, _ in told]
            calendars_told = {place.folder: done.calendar for done, place in told if done.calendar}
            write_site(self.site, calendars_told, [each for each in looked if each])
        if (preview := self._preview(told)) is not None:
            told = [(done, replace(place, previewed=True)) for done, place in told]
        # GitHub answers again: they get the report.
        if brought.lost and not isinstance(pulls := self._pulls(), Lost):
            told = [(done, replace(place, pulls=self._of(done.top, pulls))) for done, place in told]
        self._outputs([done for done, _ in told], code, preview, sited=sited)
        self._summaries(told)
        for done, place in told:
            annotate_done(done, place)
            if self.inputs.command not in ("drift", "results"):
                self._comment(done, place)
            done.told()
        if self.inputs.command == "drift" and not self._issue(told):
            code = worst([code, 6])
            workflow.set_outputs(self.event.output, {"exit-code": str(code)})
        if self.inputs.command == "apply":
            self._call(told)
        if self.inputs.command == "results":
            self._results(told)
            return 0 if code == 6 else code  # the page says what was not published
        return 0 if code == 2 else code

    # --- what is run

    def _current(self) -> tuple[Path, ...]:
        """The calendars, for apply as the branch has them now: an old commit would undo a newer one.

        What other pushes have brought meanwhile is applied along with this one, with the labels and for the report of
        their pull requests; their own runs then find nothing left to do. Left to them, they would not know about the
        pull requests of this push.
        """
        branch = self.event.branch if self.inputs.command == "apply" else None
        if branch is not None and git("rev-parse", "HEAD") is None:
            workflow.annotate(
                "warning",
                f"without a git checkout it is unknown whether this is the newest commit of {branch}",
            )
            branch = None
        tip = newest(branch) if branch is not None else self.sha
        if tip != self.sha:
            workflow.tell(
                f"publer-sync: {branch} has moved on from {self.sha[:7]} to {tip[:7]}, which is applied"
            )
            switch(tip)
            self.sha, self.calendars = tip, calendars_of(self.inputs)
        return self.calendars

    def _with_changes(self, calendars: Sequence[Path]) -> tuple[Path, ...]:
        """The calendars that have changed, whose plan the pull request shows, or that no apply has finished."""
        shown: frozenset[str] = frozenset()
        if self.inputs.changed_since and self.event.pull is not None:
            folders = list(map(self._folder, calendars))
            number = self.event.pull.number
            shown = self.github.try_to("read comments", comments.planned, number, folders) or shown

        def also(top: Path) -> bool:
            if self.inputs.command == "apply":
                return not runs.is_applied(top, self.inputs, self._states)
            return self._folder(top) in shown

        return with_changes(calendars, self.inputs, self.event, also=also)

    def _folder(self, top: Path) -> str:
        """The calendar's path in the repository; "" where it is all of it."""
        folder = Path(os.path.relpath(top.resolve(), self.event.workspace.resolve())).as_posix()
        return "" if folder == "." else folder

    def _brought(self) -> Brought:
        return merges.brought(self.github, self._pulls(), labelled=self.event.labelled)

    def _pulls(self) -> Mapping[int, Pulled] | Lost:
        """The pull request to plan, or those merged by the push to apply, latest first."""
        match self.inputs.command:
            case "plan" if self.event.pull is not None:
                return {self.event.pull.number: Pulled(self.event.pull.head)}
            case "apply" if self.github.possible or self.inputs.reviewed == "strict":
                return self.github.ask(
                    "look up the pull requests", merges.pulls, self.event, self.sha, self.calendars
                )
            case _:
                return {}

    def _of(self, top: Path, pulls: Mapping[int, Pulled]) -> dict[int, str]:
        """Those that concern a calendar, each with its newest commit."""
        merged = self.inputs.command == "apply"
        return {number: pull.head for number, pull in pulls.items() if not merged or top in pull.calendars}

    def _place(self, top: Path, brought: Brought) -> Place:
        folder = self._folder(top)
        here = self._of(top, brought.pulls)
        return Place(
            self.event,
            folder,
            self.sha,
            here,
            labels=tuple(label for number in here for label in brought.labels.get(number, ())),
            given=self.inputs.allowed,
            merged=self.inputs.command == "apply",
            unread=brought.unread,
        )

    @property
    def offline(self) -> bool:
        """A fork's files are planned only if GitHub itself gives them the key."""
        pull = self.event.pull
        without = self.inputs.api_key is None or self.event.name == "pull_request_target"
        return pull is not None and pull.from_outside and without

    def _one(self, top: Path, place: Place, lost: str) -> CalendarOutcome:
        if self.inputs.command in ("validate", "pages") or (self.inputs.command == "plan" and self.offline):
            return runs.validate(top, self._load)
        if self.inputs.command == "apply":
            return runs.apply(top, self.inputs, place.allowed, self._review(place, lost), self._writing)
        if self.inputs.command == "results":
            return runs.results(top, self.inputs, self._reading)
        done = runs.plan(top, self.inputs, self._file(top, "json"), self._reading, self._load)
        return runs.with_links(done, self._links) if self.inputs.command == "drift" else done

    @cached_property
    def _links(self) -> LinkChecker:
        """One for all calendars, so that each link is asked once."""
        from publer_sync.checking.links import LinkChecker

        return LinkChecker(seconds=_LINKS_SECONDS)

    @cached_property
    def _reading(self) -> Connections[PublerReader]:
        """One connection, and so one request limit, for all calendars."""
        from publer_sync.commands.reaching.connections import Connections
        from publer_sync.publer.reader import PublerReader

        return Connections(PublerReader)

    @cached_property
    def _writing(self) -> Connections[Publer]:
        from publer_sync.commands.running.progress import ProgressLine
        from publer_sync.commands.running.writing import connect

        return connect(ProgressLine(), runs.TIMEOUT)

    @cached_property
    def _states(self) -> LastStates[Publer]:
        from publer_sync.commands.reaching.stores import LastStates

        return LastStates(self._writing)

    def _review(self, place: Place, lost: str) -> Review | None:
        """What the plan is compared with; None in a run by hand, which needs no review."""
        strict = self.inputs.reviewed == "strict"
        if self.event.name == "workflow_dispatch" or not (place.pulls or strict or lost):
            return None
        known = []
        for number in place.pulls:
            seal = self._seal(number, place)
            found = self.github.ask("read the reviewed plan", comments.reviewed, seal)
            lost = found.why if isinstance(found, Lost) else lost
            known += [found] if isinstance(found, frozenset) else []
        hint = (
            "Nothing was done. Read the new plan in the pull request, then run this again."
            if place.pulls
            else "Nothing was done: this push brought no pull request that changes the calendar. Run the apply workflow by hand."
        )
        return Review(frozenset().union(*known) if known else None, strict, hint, lost, bool(self.keys))

    def _seal(self, number: int, place: Place) -> Seal:
        run = self.event.run.rpartition("/")[2]
        return Seal(self.event.repository, number, place.folder, place.pulls[number], run, self.keys)

    def _file(self, top: Path, ending: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        slug = "".join(char if char.isascii() and char.isalnum() else "-" for char in top.as_posix())
        number = self.calendars.index(top)
        return self.folder / f"{number + 1}-{slug.strip('-')[:60] or 'calendar'}.{ending}"

    # --- what is told

    def _preview(self, told: Sequence[tuple[CalendarOutcome, Place]]) -> Path | None:
        """What is planned, as a web page. A plan never fails because of it."""
        calendars = [
            Planned(
                done.calendar,
                self._file(done.top, "json"),
                place.alarms(done.plan) if done.plan is not None else (),
                place.addresses,
            )
            for done, place in told
            if done.calendar
        ]
        if self.inputs.command != "plan" or not calendars:
            return None
        file = self.folder.parent / f"{self.artifact.replace('plan', 'preview')}.html"
        people = dict.fromkeys(
            person for done, _ in told if done.plan is not None for person in by_person(done.plan.changes)
        )
        made = could_make("the preview", write_preview, file, calendars)
        for person in people:
            page = self.folder / f"review-{person}.html"
            could_make(page.name, write_review, page, calendars, person)
        return file if made else None

    def _outputs(
        self, results: Sequence[CalendarOutcome], code: int, preview: Path | None, *, sited: bool
    ) -> None:
        totals: dict[str, int] = {"mistakes": 0}
        for done in results:
            totals["mistakes"] += done.errors
            for name, number in done.counts().items():
                totals[name.replace("_", "-")] = totals.get(name.replace("_", "-"), 0) + number
        files = [self._file(done.top, "json") for done in results]
        by = [done.plan.apply_by for done in results if done.plan is not None and done.plan.apply_by]
        outputs = {
            **{name: str(number) for name, number in totals.items()},
            "changes": "true" if any(done.changes for done in results) else "false",
            "exit-code": str(code),
            "plan-file": "\n".join(str(file) for file in files if file.is_file()),
            "apply-by": f"{min(by):%Y-%m-%dT%H:%M:%SZ}" if by else "",
            "artifact": self.artifact if results else "",
            "artifact-path": str(self.folder) if results else "",
            "preview": str(preview or ""),
            "pages": str(self.site) if sited else "",
        }
        workflow.set_outputs(self.event.output, outputs)

    def _summaries(self, told: Sequence[tuple[CalendarOutcome, Place]]) -> None:
        """Each calendar, as far as GitHub shows it; the artifact's files have all of it."""
        room = workflow.SUMMARY_BYTES // max(1, len(told))
        for done, place in told:
            whole = pages.page(done, place, limit=10_000_000)
            self._file(done.top, "md").write_text(whole, encoding="utf-8")
            text, limit = whole, room
            for _ in range(_TRIES):
                if _bytes(text) <= room:
                    break
                text = pages.page(done, place, limit=limit)
                limit = limit * room // max(_bytes(text), room) * 9 // 10
            workflow.add_summary(self.event.summary, fitting(text, room, pages.MORE, size=_bytes))
            workflow.log(f"{self.inputs.command} {place.folder or '.'}", log_text(done, place))

    def _comment(self, done: CalendarOutcome, place: Place) -> None:
        """A token that may not comment does not fail the run.

        A label that was set after the merge starts a plan too; the comment keeps what was reviewed.
        """
        if self.inputs.comment == "never" or (self.event.pull is not None and self.event.pull.closed):
            return
        mark = pages.mark("applied" if place.merged else "plan", place.folder)
        if self._outdated and self._shows(mark):
            return
        idle = not done.changes and done.code in (0, 2)
        quiet = idle and self.inputs.comment == "changes"
        for number in place.pulls:
            if idle and place.merged:
                continue  # keep the report of the run that did it
            carried = (
                f"{review.line(done.plan, self._seal(number, place), refusable=place.merged)}\n"
                if done.plan is not None
                else ""
            )
            body = carried + pages.page(done, place, limit=pages.LIMIT - len(carried))
            happened = self.github.try_to("comment", comments.keep, number, mark, body, quiet=quiet)
            if happened:
                workflow.tell(f"publer-sync: {happened} (pull request {number})")
        pull, calendar = self.event.pull, done.calendar
        if pull is not None and calendar is not None and not pull.from_outside:
            prefix, lines = place.folder, calendar.excerpt
            self.github.try_to(
                "suggest", suggestions.suggest, pull, done.problems, prefix=prefix, lines=lines
            )

    def _shows(self, mark: str) -> bool:
        """Whether the pull request has this comment, so that it would be replaced, or as far as that is not known."""
        pull = self.event.pull
        if pull is None:
            return True
        written = self.github.try_to("look up the comments", comments.all_written, pull.number, mark)
        return written is None or bool(written)

    @cached_property
    def _outdated(self) -> bool:
        """Whether this is a run of before, run again, so that the pull request shows a newer plan, or the one that was merged."""
        pull = self.event.pull
        if pull is None or not pull.head:
            return False
        why = self.github.try_to("look up the pull request", comments.newer, pull)
        if why:
            workflow.annotate("notice", f"{why}: its comment and its suggestions stay as they are")
        return bool(why)

    def _issue(self, told: Sequence[tuple[CalendarOutcome, Place]]) -> bool:
        """Whether the issue says how things are, if there is something to say."""
        key = [place.folder for _, place in told]
        reported = [(drift.reported(done), place) for done, place in told]
        found = telling.found_in(reported, run=self.event.run)
        names = {telling.digest(each["key"]) for each in found.troubles}
        issue, unsure = drift.issue(told), drift.unsure(done for done, _ in told)
        kept = self.github.try_to(
            "keep the issue", drift.keep_issue, key, issue, self.event.run, names, unsure=unsure
        )
        if kept:
            workflow.annotate("notice", kept[0])
        elif issue is not None:
            workflow.annotate("error", f"{issue.title}, and no issue says so: see this run's summary")
        self._notify(found, kept[1] if kept else frozenset())
        return bool(kept) or issue is None

    def _call(self, told: Sequence[tuple[CalendarOutcome, Place]]) -> None:
        """Call the people who merged what failed. Whoever runs it by hand is there to see it."""
        found = telling.found_in(told, run=self.event.run)
        known: frozenset[str] | None = None
        ended = [place for done, place in told if done.ended]
        if ended and self.inputs.comment != "never":
            self.github.try_to("look up what was told", telling.end_what_is_over, found, ended)
        if found.troubles and self.inputs.comment != "never" and self.event.name != "workflow_dispatch":
            places = {place.folder: place for _, place in told}
            known = self.github.try_to("comment on what failed", telling.call, found, places)
        self._notify(found, known or frozenset())

    def _notify(self, found: Notice, known: frozenset[str]) -> None:
        """The output for chat and mail: what is new, or nothing."""
        news = telling.without(found, known)
        document = notice.limited(notice.document(news), telling.OUTPUT_BYTES)
        text = documents.dumps(document) if news.new else ""
        workflow.set_outputs(self.event.output, {"notify": text})

    def _results(self, told: Sequence[tuple[CalendarOutcome, Place]]) -> None:
        title, text, file = results.title(told), results.text(told), self.inputs.results_file
        if file is None:
            key = [place.folder for _, place in told]
            happened = self.github.try_to("keep the issue", results.keep_issue, key, title, text)
        else:
            branch = self.event.branch or ""
            happened = self.github.try_to(f"write {file}", results.keep_file, file, title, text, branch)
        if happened:
            workflow.annotate("notice", happened)


def _bytes(text: str) -> int:
    return len(text.encode())


@contextmanager
def _signalled() -> Iterator[Callable[[], bool]]:
    """Whether a signal came, whoever handled it: the remaining calendars are then not started."""
    here, there = socket.socketpair()
    here.settimeout(0)
    there.settimeout(0)
    before = signal.set_wakeup_fd(there.fileno())

    def came() -> bool:
        with suppress(BlockingIOError):
            return bool(here.recv(1))
        return False

    try:
        yield came
    finally:
        signal.set_wakeup_fd(before)
        here.close()
        there.close()

"""Turns a request by form into a branch and a pull request with one post, and follows the edits of its issue.

Nothing of an issue is run, and no file of its branch is read: the files that are checked are those of the default branch.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from publer_sync.action import comments, pages, workflow
from publer_sync.action.asking import Asking, Lost
from publer_sync.action.attachments import fetched
from publer_sync.action.choosing import calendars_of
from publer_sync.action.git import default_branch, log_in, newest, switch
from publer_sync.action.github import GitHub
from publer_sync.action.request_branch import branch_of, exists, fetch_branch
from publer_sync.action.request_page import (
    Record,
    RequestPage,
    Trouble,
    can_show,
    record_in,
    shown_in,
    shown_line,
    troubles,
)
from publer_sync.calendar.folder import SETTINGS
from publer_sync.commands.running.shared import load
from publer_sync.drafting.form import Form, FormError
from publer_sync.drafting.requested import RequestPlaces, requested, time_of
from publer_sync.drafting.spoken import SpokenTime
from publer_sync.machine import temporary
from publer_sync.machine.clock import Clock
from publer_sync.render.layout.wording import count, sentence
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import InputError, SettingsError, UsageError
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.action.inputs import Event, Inputs, Issue
    from publer_sync.action.request_branch import RequestBranch
    from publer_sync.calendar.load import Calendar
    from publer_sync.drafting.draft import Draft
    from publer_sync.drafting.form import FormAnswers
    from publer_sync.values.problems import Problem

_ACTIONS: Final = ("opened", "edited", "reopened", "closed")
_INVALID: Final = 3


def run(inputs: Inputs, event: Event) -> int:
    """Returns the exit code: 0 also for a request with problems, which its comment tells. Raises PublerSyncError."""
    issue, token = event.issue, inputs.token
    if issue is None:
        raise UsageError(
            "request runs for issues",
            hint="Run it on: issues, as examples/workflows/publer-request.yml does.",
        )
    if token is None:
        raise UsageError(
            "request needs the input github-token", hint="Leave it out: the workflow's own does."
        )
    log_in(event, token)
    branch = default_branch()
    base = newest(branch)
    switch(base)
    here = inputs.calendars[0]
    # A folder that is a calendar may have others in it.
    tops = inputs.calendars if (here / SETTINGS).is_file() else calendars_of(inputs)
    if len(tops) != 1:
        raise UsageError(
            f"request takes one calendar, not {len(tops)}",
            hint="Name one in the input calendar: init --form writes a workflow for each calendar.",
        )
    github = GitHub(event.api, event.repository, token, say=workflow.tell)
    return _Requesting(inputs, event, issue, github, tops[0], base, branch).run()


@dataclass(frozen=True)
class _Requesting:
    inputs: Inputs
    event: Event
    issue: Issue
    github: GitHub
    top: Path
    base: str
    """The newest commit of the default branch, which is checked out."""
    branch: str
    """The default branch."""

    def run(self) -> int:
        issue = self.issue
        if issue.action not in _ACTIONS or not (
            self.form.is_in(issue.body) or self.form.is_in(issue.before or "")
        ):
            workflow.tell(
                f"publer-sync: issue {issue.number} did not come from this form, or nothing in it changed"
            )
            return self._ended(0, changes=False)
        if not self._may_ask():
            return self._refused(outsider=True)
        if self.record.run > self.event.number:
            workflow.tell(f"publer-sync: a later run has taken over issue {issue.number}")
            return self._ended(0, changes=False)
        pulls = self._pulls()
        merged = next((pull for pull in pulls if pull.get("merged_at")), None)
        opened = next((int(pull["number"]) for pull in pulls if pull["state"] == "open"), None)
        if merged is not None or exists(self.base, self._inside(self.places.file)):
            number = int(merged["number"]) if merged is not None else None
            self._say(self.page.merged(number, self._inside(self.places.file)))
            return self._ended(0, changes=False)
        if not (issue.closed or self.accepted):
            return self._refused(outsider=False)
        branch = fetch_branch(issue.number, self.base)
        ours = branch.is_ours(
            self.github, [self._inside(place) for place in (self.places.file, self.places.media)]
        )
        if issue.closed:
            return self._withdraw(branch, opened, kept=not ours)
        if not ours:
            self._say(self.page.others(opened, branch.name))
            return self._ended(0, changes=False)
        return self._follow(branch, opened)

    # --- what is known

    @cached_property
    def folder(self) -> str:
        """The calendar's real place in the repository; "" for its top."""
        folder = Path(os.path.relpath(self.top.resolve(), self.event.workspace.resolve())).as_posix()
        return "" if folder == "." else folder

    @cached_property
    def form(self) -> Form:
        return Form(self.folder)

    @cached_property
    def places(self) -> RequestPlaces:
        return RequestPlaces(self.issue.number)

    @cached_property
    def calendar(self) -> Calendar:
        return load(self.top)

    @cached_property
    def page(self) -> RequestPage:
        server = f"{self.event.server}/{self.event.repository}"
        return RequestPage(self.form, server, self.issue.number, self.issue.sender, self.folder)

    @cached_property
    def record(self) -> Record:
        return record_in(comments.written(self.github, self.issue.number, self._mark("request")))

    @cached_property
    def accepted(self) -> bool:
        """Whether what the issue says came from someone who may ask, or was shown in a comment before such a person edited it.

        Whoever changes the title, or reopens the issue, has not read what others wrote into it since.
        """
        issue, read = self.issue, _body_digest(self.issue.body)
        if issue.action == "opened" or read == self.record.body:
            return True
        if issue.action != "edited" or issue.before is None:
            return False
        shown = shown_in(comments.written(self.github, issue.number, self._mark("refused")))
        return not issue.before or _body_digest(issue.before) in (self.record.body, shown)

    @cached_property
    def asking(self) -> Asking:
        return Asking(self.github, from_outside=False)

    @property
    def _record(self) -> Record:
        """The latest, as of this run."""
        body = _body_digest(self.issue.body) if self.accepted else self.record.body
        return replace(self.record, run=self.event.number, body=body)

    def _may_ask(self) -> bool:
        """Whether the sender of this event counts, whoever opened the issue. Raises GitHubError where that is unknown."""
        sender = self.issue.sender
        if not sender:
            return False
        try:
            listed = self.calendar.settings.requesters
        except SettingsError:
            listed = frozenset()
        return sender.lower() in listed or self.github.may_write(sender)

    def _pulls(self) -> list[Any]:
        """Those of the request's branch, the latest first. A fork may have a branch of the same name."""
        name, owner = branch_of(self.issue.number), self.event.repository.partition("/")[0]
        found = self.github.pages("/pulls", state="all", head=f"{owner}:{name}")
        ours = [
            pull
            for pull in found
            if pull["head"]["ref"] == name
            and (pull["head"].get("repo") or {}).get("full_name") == self.event.repository
        ]
        return sorted(ours, key=lambda pull: int(pull["number"]), reverse=True)

    def _inside(self, file: str) -> str:
        return f"{self.folder}/{file}" if self.folder else file

    # --- what is done

    def _refused(self, *, outsider: bool) -> int:
        """Nothing is taken over; what the issue says is shown, so that an edit of someone who may ask can take it over."""
        issue = self.issue
        new = issue.body if _body_digest(issue.body) != self.record.body else None
        shown = f"{shown_line(_body_digest(new))}\n" if new is not None and can_show(new) else ""
        self._tell("refused", shown + self.page.refused(issue.action, new, outsider=outsider))
        return self._ended(0, changes=False)

    def _withdraw(self, branch: RequestBranch, opened: int | None, *, kept: bool) -> int:
        if opened is not None:
            self.github.send("PATCH", f"/pulls/{opened}", {"state": "closed"})
        if branch.tip is not None and not kept:
            branch.remove()
        self._say(self.page.closed(opened, kept=kept))
        return self._ended(0, changes=opened is not None or (branch.tip is not None and not kept))

    def _follow(self, branch: RequestBranch, opened: int | None) -> int:
        """Write what the issue says to the branch, or tell what is wrong with it."""
        try:
            calendar = self.calendar
        except SettingsError as error:
            return self._broken(branch, opened, f"{self.page.broken(())}\n\n{error.message}")
        broken = [each for each in errors_in(calendar.problems) if each.code == "time.zone"]
        if broken or not calendar.settings.accounts:
            told = self.page.broken(broken or calendar.judged, "publer.yaml names no accounts")
            return self._broken(branch, opened, told)
        record, wished = replace(self._record, when="-", at=None), ""
        with temporary.folder() as folder:
            try:
                answers = self.form.read(self.issue.body)
                wished = answers.when
                when = self._when(calendar, answers)
                record = replace(record, when=_digest(answers.when), at=when.at)
                draft = self._draft(calendar, answers, when, folder)
            except FormError as error:
                found = [Trouble(error.field, error.message, error.fix)]
                return self._wrong(record, branch, opened, found)
            except InputError as error:
                found = [Trouble("", error.message, "Write the words in a simpler form.")]
                return self._wrong(record, branch, opened, found)
            if errors_in(draft.problems):
                return self._wrong(record, branch, opened, troubles(draft.problems, draft.file))
            files = {self._inside(draft.file): draft.raw}
            files |= {self._inside(name): path.read_bytes() for name, path in draft.copies.items()}
        if (path := branch.obstacle(files)) is not None:
            self._say(self.page.obstacle(path), record)
            return self._ended(_INVALID, changes=False)
        return self._written(record, branch, opened, draft, files, wished)

    def _when(self, calendar: Calendar, answers: FormAnswers) -> SpokenTime:
        """When it is meant. Words that stayed the same mean what they meant first: "tomorrow" moves with no edit."""
        now = self.issue.at
        meant = time_of(calendar, answers, now)
        if self.record.at is None or self.record.when != _digest(answers.when) or meant.sum:
            return meant
        return SpokenTime(self.record.at)

    def _draft(self, calendar: Calendar, answers: FormAnswers, when: SpokenTime, folder: Path) -> Draft:
        pictures = fetched(self.github, self.issue.number, answers.pictures, self.event.server, folder)
        return requested(calendar, answers, when, pictures, self.places, Clock().now())

    def _broken(self, branch: RequestBranch, opened: int | None, text: str) -> int:
        """The settings of the default branch cannot be read: nothing can be checked, so no check stays green."""
        self._say(text)
        if opened is not None and branch.tip is not None:
            self._check(branch.tip, "the calendar itself has an error", ok=False)
        return self._ended(_INVALID, changes=False)

    def _wrong(
        self, record: Record, branch: RequestBranch, opened: int | None, found: Sequence[Trouble]
    ) -> int:
        """Nothing is pushed: what is on the branch stays as it was, and says so."""
        self._say(self.page.wrong(found, opened), record)
        if opened is not None and branch.tip is not None:
            body = str(self.github.get(f"/pulls/{opened}").get("body") or "")
            if not body.startswith(self.page.stale()):
                self._try("edit the pull request", opened, {"body": self.page.stale() + body})
            title = f"issue {self.issue.number} was edited since, and has problems"
            self._check(branch.tip, title, ok=False)
        return self._ended(_INVALID, changes=False)

    def _written(
        self,
        record: Record,
        branch: RequestBranch,
        opened: int | None,
        draft: Draft,
        files: Mapping[str, bytes],
        wished: str,
    ) -> int:
        page = replace(self.page, calendar=self.calendar)
        commit = branch.commit(
            files, self._inside(self.places.media), f"Write the post of issue {self.issue.number}"
        )
        changes = commit != branch.tip
        if changes:
            branch.push(commit)
        body = page.pull_request(draft, wished, self.inputs.check)
        title = f"Post of issue {self.issue.number}"
        number, code = opened, 0
        if opened is not None:
            self._try("edit the pull request", opened, {"body": body})
        else:
            made = self.asking.ask("open the pull request", self._open, branch.name, title, body)
            number = None if isinstance(made, Lost) else made
            code = 1 if number is None else 0
        left = errors_in(self.calendar.judge(self.calendar.desired, now=Clock().now()))
        posts = f"{count(len(draft.posts), 'post')}, valid"
        self._check(commit, _broken(left) if left else posts, ok=not left)
        compare = f"{page.repository}/compare/{self.branch}...{branch.name}?expand=1"
        text = page.ready(draft, wished, number, compare)
        if left:
            text += f"\n\n⚠️ {sentence(_broken(left))} Until someone corrects that, nothing is published."
        self._say(text, record)
        return self._ended(code, changes=changes or opened is None, pull=number)

    def _open(self, github: GitHub, branch: str, title: str, body: str) -> int:
        """Looks first: the request before may have been carried out."""
        there = next((pull for pull in self._pulls() if pull["state"] == "open"), None)
        if there is None:
            there = github.send(
                "POST", "/pulls", {"title": title, "head": branch, "base": self.branch, "body": body}
            )
        return int(there["number"])

    def _try(self, what: str, number: int, body: Mapping[str, str]) -> None:
        def edit(github: GitHub) -> None:
            github.send("PATCH", f"/pulls/{number}", body)

        self.asking.try_to(what, edit)

    def _check(self, commit: str, title: str, *, ok: bool) -> None:
        """The check that the plan would set: GitHub starts no workflow for what a workflow pushed."""
        check = {
            "name": self.inputs.check,
            "head_sha": commit,
            "status": "completed",
            "conclusion": "success" if ok else "failure",
            "details_url": self.event.run,
            "output": {"title": title, "summary": f"Checked without the key, for issue {self.issue.number}."},
        }

        def make(github: GitHub) -> None:
            github.send("POST", "/check-runs", check)

        self.asking.try_to("set the check", make)

    # --- what is told

    def _mark(self, kind: str) -> str:
        return pages.mark(kind, self.folder)

    def _tell(self, kind: str, text: str) -> None:
        done = comments.keep(self.github, self.issue.number, self._mark(kind), text, quiet=False)
        workflow.add_summary(self.event.summary, text)
        workflow.tell(f"publer-sync: {done} (issue {self.issue.number})")

    def _say(self, text: str, record: Record | None = None) -> None:
        """The comment of the request; what was refused before is settled by this."""
        record = record or self._record
        self._tell("request", f"{record.line()}\n{text}")
        self.asking.try_to("remove a comment", comments.remove, self.issue.number, self._mark("refused"))

    def _ended(self, code: int, *, changes: bool, pull: int | None = None) -> int:
        outputs = {
            "exit-code": str(code),
            "changes": "true" if changes else "false",
            "pull-request": str(pull or ""),
        }
        workflow.set_outputs(self.event.output, outputs)
        return 0 if code == _INVALID else code


def _digest(words: str) -> str:
    return hashlib.sha256(" ".join(words.lower().split()).encode()).hexdigest()[:16]


def _body_digest(body: str) -> str:
    """Of each character, and too long for two bodies that somebody made with the same."""
    return hashlib.sha256(body.replace("\r\n", "\n").encode(errors="replace")).hexdigest()


def _broken(errors: Sequence[Problem]) -> str:
    where = f" ({errors[0].location})" if errors[0].location is not None else ""
    return f"the calendar has {count(len(errors), 'error')} of its own{where}"

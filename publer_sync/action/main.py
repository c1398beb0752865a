"""One step of a workflow: read the inputs, run the command for each calendar, and report where people look."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from publer_sync import bug_log
from publer_sync.action import drift, labels, pages, runs, suggestions, workflow
from publer_sync.action.annotations import annotate_done, annotate_error, log_text
from publer_sync.action.git import differ, git, git_login, newest, switch
from publer_sync.action.github import GitHub, GitHubError
from publer_sync.action.inputs import PREFIX, Event, Inputs
from publer_sync.action.pages import Place
from publer_sync.errors import Bug, PublerSyncError, UsageError
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping, Sequence

    from publer_sync.action.labels import Label
    from publer_sync.action.runs import Done
    from publer_sync.applying.run import Allow

    T = TypeVar("T")


def main(environ: MutableMapping[str, str]) -> int:
    """Run the step and return its exit code: 0 where the job may go on."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    _mask(environ)
    try:
        event = Event.of(environ)
        inputs = Inputs.of(environ)
        _refuse_nonsense(inputs, event)
    except PublerSyncError as error:
        annotate_error(error)
        return error.exit_code
    _hand_over(inputs, environ)
    try:
        return Step(inputs, event).run()
    except KeyboardInterrupt:
        workflow.annotate("error", "stopped on request; running again is safe")
        return 1
    except PublerSyncError as error:
        annotate_error(error)
        workflow.set_outputs(event.output, {"exit-code": str(error.exit_code), "changes": "false"})
        return error.exit_code
    except Exception as error:  # noqa: BLE001 — whatever it is, the job's log says what to report
        workflow.log("the log of a bug in publer-sync", bug_log.log(error, [inputs.command], environ))
        reported = f"{bug_log.summary(error)}; please report it with the log of this step"
        annotate_error(Bug(reported, hint=bug_log.SAFE))
        workflow.set_outputs(event.output, {"exit-code": str(Bug.exit_code), "changes": "false"})
        return Bug.exit_code


def _mask(environ: MutableMapping[str, str]) -> None:
    for name in (f"{PREFIX}API_KEY", f"{PREFIX}GITHUB_TOKEN", "PUBLER_API_KEY"):
        if value := environ.get(name, "").strip():
            workflow.mask(value)


def _refuse_nonsense(inputs: Inputs, event: Event) -> None:
    if inputs.command == "apply" and event.name.startswith("pull_request"):
        raise UsageError(
            "apply does not run for a pull request: it is not merged yet",
            hint="Run it when the main branch changes (on: push), as examples/workflows/publer-apply.yml does.",
        )


def _hand_over(inputs: Inputs, environ: MutableMapping[str, str]) -> None:
    """The environment that the command line reads, from the inputs that are set."""
    if inputs.api_key:
        environ["PUBLER_API_KEY"] = inputs.api_key
    if workspace := environ.get(f"{PREFIX}WORKSPACE_ID", "").strip():
        environ["PUBLER_WORKSPACE_ID"] = workspace
    for secret in ("API_KEY", "GITHUB_TOKEN"):
        environ.pop(PREFIX + secret, None)


class Step:
    """One run of the action."""

    def __init__(self, inputs: Inputs, event: Event) -> None:
        self.inputs = inputs
        self.event = event
        self.github = GitHub(event.api, event.repository, inputs.token) if inputs.token else None
        self.sha = git("rev-parse", "HEAD") or event.sha
        self.labels: tuple[Label, ...] = ()
        self.pull: int | None = event.pull.number if event.pull else None
        digest = hashlib.sha256("\n".join((event.key, *map(str, inputs.calendars))).encode()).hexdigest()[:8]
        self.artifact = f"publer-sync-{inputs.command}-{digest}"
        self.folder = event.temp / "publer-sync" / self.artifact

    def run(self) -> int:
        with git_login(self.event, self.inputs.token), _signalled() as signalled:
            calendars = self._current() if self.inputs.command == "apply" else self.inputs.calendars
            if self.inputs.command == "apply" and calendars:
                self.pull = self._merged_pull()
            if self.inputs.command in ("plan", "apply") and self.pull is not None:
                self.labels = self._asking("read labels", lambda hub: labels.read(hub, self.pull or 0)) or ()
            results = []
            for top in calendars:
                results.append(self._one(top))
                if signalled():
                    break
        told = [(done, self._place(done)) for done in results]
        left = len(calendars) - len(results)
        code = runs.worst([*(done.code for done in results), *([1] if left else [])])
        if left:
            workflow.annotate(
                "error", f"stopped on request: {count(left, 'calendar')} not started; running again is safe"
            )
        self._outputs(results, code)
        self._summaries(told)
        for done, place in told:
            annotate_done(done, place)
            if self.inputs.command != "drift":
                self._comment(done, place)
        if self.inputs.command == "drift":
            self._issue(told)
        return 0 if code == 2 else code

    # --- what is run

    @property
    def allowed(self) -> Allow:
        return self.inputs.allowed | labels.allowed(self.labels)

    @property
    def offline(self) -> bool:
        """A fork's files are planned only if GitHub itself gives them the key."""
        pull = self.event.pull
        without = self.inputs.api_key is None or self.event.name == "pull_request_target"
        return pull is not None and pull.foreign and without

    def _one(self, top: Path) -> Done:
        if self.inputs.command == "validate" or (self.inputs.command == "plan" and self.offline):
            return runs.validate(top)
        if self.inputs.command == "apply":
            return runs.apply(top, self.inputs, self.allowed)
        return runs.plan(top, self.inputs, self._file(top, "json"))

    def _file(self, top: Path, ending: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        slug = "".join(char if char.isascii() and char.isalnum() else "-" for char in top.as_posix())
        number = self.inputs.calendars.index(top)
        return self.folder / f"{number + 1}-{slug.strip('-')[:60] or 'calendar'}.{ending}"

    def _current(self) -> tuple[Path, ...]:
        """The calendars to apply, as the branch has them now: an old one would undo a newer one.

        One whose own files have changed meanwhile is left to the run of that push.
        """
        branch = self.event.branch
        tip = newest(branch) if branch is not None and git("rev-parse", "HEAD") else self.sha
        if tip == self.sha:
            return self.inputs.calendars
        current = []
        for top in self.inputs.calendars:
            if not differ(self.sha, tip, top.as_posix()):
                current.append(top)
                continue
            workflow.annotate(
                "notice",
                f"{top.as_posix()} was not applied: {branch} has moved on from {self.sha[:7]} to {tip[:7]}, which changes it, "
                "and the run of that push applies it",
            )
        if current:
            switch(tip)
            self.sha = tip
        return tuple(current)

    def _merged_pull(self) -> int | None:
        """The pull request that brought the commit here."""
        found = self._asking(
            "look up the pull request", lambda hub: list(hub.pages(f"/commits/{self.sha}/pulls"))
        )
        merged = (
            int(item["number"])
            for item in found or ()
            if item.get("merged_at")
            and item.get("merge_commit_sha") == self.sha
            and (item.get("base") or {}).get("ref") == self.event.branch
        )
        return next(merged, None)

    # --- what is told

    def _place(self, done: Done) -> Place:
        folder = Path(os.path.relpath(done.top.resolve(), self.event.workspace.resolve())).as_posix()
        return Place(
            self.event,
            "" if folder == "." else folder,
            self.sha,
            self.pull,
            merged=self.inputs.command == "apply",
        )

    def _outputs(self, results: Sequence[Done], code: int) -> None:
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
            "artifact": self.artifact,
            "artifact-path": str(self.folder),
        }
        workflow.set_outputs(self.event.output, outputs)

    def _summaries(self, told: Sequence[tuple[Done, Place]]) -> None:
        """Each calendar, up to what GitHub shows; the artifact's files have all of it."""
        room = workflow.SUMMARY_BYTES // len(self.inputs.calendars)
        for done, place in told:
            whole = pages.page(done, place, self.labels, self.allowed, limit=10_000_000)
            self._file(done.top, "md").write_text(whole, encoding="utf-8")
            text, limit = whole, room
            while len(text.encode()) > room:
                text = pages.page(done, place, self.labels, self.allowed, limit=limit)
                limit = limit * 3 // 4
            workflow.add_summary(self.event.summary, text)
            workflow.log(f"{self.inputs.command} {place.folder or '.'}", log_text(done))

    def _comment(self, done: Done, place: Place) -> None:
        """One comment per calendar, edited in place; a token that may not comment does not fail the run."""
        if self.pull is None or self.inputs.comment == "never":
            return
        number = self.pull
        kind = "applied" if self.inputs.command == "apply" else "plan"
        mark = pages.mark(kind, place.folder)
        body = f"{mark}\n{pages.page(done, place, self.labels, self.allowed)}"
        quiet = kind == "applied" or self.inputs.comment == "changes"
        quiet = quiet and not done.changes and done.code in (0, 2)

        def write(hub: GitHub) -> str:
            there = next(
                (
                    item
                    for item in hub.pages(f"/issues/{number}/comments")
                    if hub.mine(item) and str(item.get("body") or "").startswith(mark)
                ),
                None,
            )
            if there is None and quiet:
                return "no comment: nothing changes"
            if there is None:
                hub.send("POST", f"/issues/{number}/comments", {"body": body})
                return "commented"
            if there["body"] != body:
                hub.send("PATCH", f"/issues/comments/{there['id']}", {"body": body})
            return "the comment is up to date"

        if said := self._asking("comment", write):
            print(f"publer-sync: {said} (pull request {number})", flush=True)  # noqa: T201
        pull, calendar = self.event.pull, done.calendar
        if pull is not None and calendar is not None and not pull.foreign:
            self._asking(
                "suggest",
                lambda hub: suggestions.suggest(
                    hub, pull, done.problems, prefix=place.folder, lines=calendar.excerpt
                ),
            )

    def _issue(self, told: Sequence[tuple[Done, Place]]) -> None:
        text = drift.body(told) if any(drift.found(done) for done, _ in told) else None
        key = [place.folder for _, place in told]
        said = self._asking("keep the issue", lambda hub: drift.keep_issue(hub, key, text, self.event.run))
        if said:
            workflow.annotate("notice", said)

    def _asking(self, what: str, ask: Callable[[GitHub], T]) -> T | None:
        """Ask GitHub for something the run can do without; a refusal becomes a line of the log."""
        if self.github is None:
            return None
        try:
            return ask(self.github)
        except GitHubError as error:
            why = (
                "this token may not do that (a pull request from a fork gets a read-only one; otherwise check `permissions:`)"
                if error.forbidden
                else "the run goes on without it"
            )
            workflow.annotate(
                "notice" if self.event.pull and self.event.pull.foreign else "warning",
                f"could not {what}: {error.message}; {why}",
            )
            return None


@contextmanager
def _signalled() -> Iterator[Callable[[], bool]]:
    """Whether a signal has come, whoever handled it: the remaining calendars are then not started."""
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

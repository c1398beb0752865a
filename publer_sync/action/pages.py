"""The pages for comments and summaries: those of `render`, with links into the repository and how to allow what was refused."""

from __future__ import annotations

import hashlib
import re
from dataclasses import field, replace
from functools import cache
from typing import TYPE_CHECKING

from publer_sync.action import labels
from publer_sync.commands.beside.changed import blob, git
from publer_sync.planning.allow import Allow
from publer_sync.previewing.addresses import Addresses
from publer_sync.previewing.stills import note_of, of_bytes
from publer_sync.render import markdown
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.venue import Venue
from publer_sync.render.layout.wording import count
from publer_sync.render.past import results_markdown
from publer_sync.render.plan_pages import alarm_of
from publer_sync.render.post.subjects import figures
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StalePlanError
from publer_sync.values.printable import one_line
from publer_sync.values.problems import path_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.action.inputs import Event
    from publer_sync.action.labels import Label
    from publer_sync.action.runs import CalendarOutcome
    from publer_sync.planning.plan import Plan
    from publer_sync.values.problems import Location

LIMIT = 58_000
"""Characters of a page in a comment; GitHub takes 65,536 with all that is added."""
MORE = "… and more: the whole page is among the run's artifacts."
MARK = "<!-- publer-sync "
"""The beginning of every mark."""

_MEANINGS = {
    "recreate": "creates posts again that someone deleted in Publer",
    "frozen": "changes posts that publish within minutes",
    "twins": "creates posts even if Publer already has one with the same text",
    "edits": "restores the calendar's version of posts edited in Publer",
    "rewritten": "changes posts that Publer may have rewritten, and sends more of their kind",
    "older": "uses files that are older than those that were applied last",
}
_FORK = (
    "This pull request comes from a fork, or from Dependabot, and those do not get the API key. It is planned "
    "once someone with write access pushes these commits to a branch of this repository."
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a page is about: the run, the calendar's folder in the repository, and the commit that was read.

    `pulls` are the pull requests whose `labels` count, the latest first, each with its newest commit; `merged`: they are past their merge. `given`
    is what the workflow's inputs allow.
    """

    event: Event
    folder: str
    sha: str
    pulls: Mapping[int, str] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    given: Allow = field(default_factory=Allow)
    merged: bool = False
    unread: str = ""
    """Why nobody knows all labels; "" if they are known."""
    previewed: bool = False
    """Whether the run has the preview among its artifacts."""

    @property
    def allowed(self) -> Allow:
        return self.given | labels.allowed(self.labels)

    def left(self, plan: Plan) -> Plan:
        """The plan without the refusals that are allowed."""
        refusals = tuple(item for item in plan.refusals if not self.allowed.covers(item))
        return replace(plan, refusals=refusals)

    def alarms(self, plan: Plan) -> tuple[str, ...]:
        """What apply would refuse and nobody has allowed, as plain text."""
        return tuple(
            alarm_of(refusal, plan, self.apply_plainly([refusal.allow]))
            for refusal in self.left(plan).refusals
        )

    @property
    def venue(self) -> Venue:
        return Venue(
            line=self.line,
            picture=self.picture,
            file=self.file,
            old_picture=self.old_picture,
            old_file=self.old_file,
            figures=note_of,
            old_figures=self.old_figures,
            apply=self.apply,
            whole=f"[the summary of this run]({self.event.run})",
            preview=f"{self.event.run}#artifacts" if self.previewed else "",
            merged=self.merged,
            allow=self.allowed,
            marker=False,
        )

    @property
    def addresses(self) -> Addresses:
        """The same for the preview. They are of the commit that was read, which the default branch may not have yet."""
        return Addresses(
            line=lambda where: self.line(where.file, where.line),
            file=self.file,
            gone=lambda digest, name: self.old_file(digest, name, None),
            review=self.review,
        )

    def review(self, where: Location) -> str | None:
        """A line among the changes of the pull request; None in a file that it leaves alone."""
        pull, file = self.event.pull, path_in(self.folder, where.file)
        if pull is None:
            return None
        changed = _changed(pull.base, self.sha) if pull.base else None
        if changed is not None and file not in changed:
            return None
        return self.event.review(pull.number, file, where.line)

    def line(self, file: str, line: int) -> str:
        return self.event.line(self.sha, path_in(self.folder, file), line)

    def picture(self, path: Path) -> str | None:
        """The address of a picture in the repository. None for one that is elsewhere."""
        inner = self._inner(path)
        return self.event.picture(self.sha, inner) if inner else None

    def file(self, path: Path) -> str | None:
        """The page of a file in the repository."""
        inner = self._inner(path)
        return self.event.file(self.sha, inner) if inner else None

    def old_picture(self, digest: str, name: str, path: Path | None) -> str | None:
        """The address of a picture that was removed, or that `path` replaces."""
        found = self._old(digest, name, path)
        return self.event.picture(*found) if found else None

    def old_file(self, digest: str, name: str, path: Path | None) -> str | None:
        found = self._old(digest, name, path)
        return self.event.file(*found) if found else None

    def old_figures(self, digest: str, name: str, path: Path | None) -> str:
        """What there is to know of a video or document that was replaced or removed."""
        found = self._old(digest, name, path)
        data = blob(*found) if found else b""
        return of_bytes(data, name, note_of) if _digest(data) == digest else ""

    def _old(self, digest: str, name: str, path: Path | None) -> tuple[str, str] | None:
        """A commit, and the path there: a file beside `path`, or what was there before the pull request."""
        base = self.event.pull.base if self.event.pull else ""
        if path is None:
            return self._removed(digest, name, base)
        old = path.with_name(name or path.name)
        inner = self._inner(old)
        if inner and old.is_file() and _digest(old.read_bytes()) == digest:
            return self.sha, inner
        if not (base and inner):
            return None
        known = git("ls-tree", "--full-tree", "--name-only", base, "--", inner)
        return (base, inner) if known or old == path else None

    def _removed(self, digest: str, name: str, base: str) -> tuple[str, str] | None:
        """A file of this name and content, now or before the pull request."""
        for commit in filter(None, (self.sha, base) if name else ()):
            listed = git("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit) or ""
            for inner in listed.split("\0"):
                if inner.rpartition("/")[2] == name and _digest(blob(commit, inner)) == digest:
                    return commit, inner
        return None

    def _inner(self, path: Path) -> str | None:
        real, top = path.resolve(), self.event.workspace.resolve()
        return real.relative_to(top).as_posix() if real.is_relative_to(top) else None

    def apply(self, options: Sequence[str]) -> str:
        """How people without a command line give the options of apply: by labels, or as inputs of a run by hand."""
        return self._apply(options, "<code>{}</code>".format, "[{}]({})".format)

    def apply_plainly(self, options: Sequence[str]) -> str:
        """The same, not as Markdown."""
        return self._apply(options, "{}".format, "{} ({})".format)

    def _apply(
        self, options: Sequence[str], code: Callable[[str], str], link: Callable[[str, str], str]
    ) -> str:
        again = link("run this again", self.event.run)
        if not options:
            return again
        names = " and ".join(code(option.removeprefix("--").replace(" ", "-")) for option in options)
        if self.merged and self.unread:
            return f"GitHub could not be asked for labels. Make sure that {names} is set, and {again}."
        if not (self.pulls and self.event.labelled):
            inputs = " and ".join(code(option.removeprefix("--").replace(" ", ": ")) for option in options)
            return f"someone with write access runs the apply workflow by hand, with {inputs}."
        adds = f"someone with write access adds the {'label' if len(options) == 1 else 'labels'} {names} to"
        if not self.merged:
            return f"{adds} this pull request."
        address = f"{self.event.server}/{self.event.repository}/pull"
        words = "the pull request" if len(self.pulls) == 1 else "#{}"
        pulls = " or ".join(link(words.format(number), f"{address}/{number}") for number in self.pulls)
        return f"{adds} {pulls}, and {link('runs this again', self.event.run)}."


@cache
def _changed(base: str, sha: str) -> frozenset[str] | None:
    """The files that differ between two commits; None where git does not have both."""
    listed = git("diff", "--name-only", "-z", "--no-renames", base, sha)
    return None if listed is None else frozenset(listed.split("\0"))


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def mark(kind: str, name: str) -> str:
    """A hidden line by which a comment or an issue is found again. No two names give the same."""
    seen = re.sub(r"[^\w./ ]|-", "_", one_line(name))[:80]
    digest = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:12]
    return f"{MARK}{kind}: {seen} {digest} -->"


def page(done: CalendarOutcome, place: Place, *, limit: int = LIMIT) -> str:
    """What came of a command, for a comment or the job summary, in at most `limit` characters."""
    venue, since = replace(place.venue, calendar=done.name), [*_unread(place), *_since(done, place)]
    foot = _foot(place)
    limit -= len(foot)
    if done.report is not None:
        told = "".join(f"\n{part}\n" for part in since)
        text = markdown.report(done.report, limit=limit - len(told), venue=venue) + told
    elif done.plan is not None:
        venue = replace(venue, refused=done.error is not None, notes=(*map(_note, place.labels), *since))
        held = markdown.waiting_for_release(done.plan, limit=limit // 3, venue=venue)
        text = markdown.plan(place.left(done.plan), limit=limit - len(held), venue=venue)
        text += f"\n{held}" if held else ""
    elif done.results is not None:
        text = results_markdown.page(done.results, limit=limit)
    elif done.errors or (done.error is None and not done.planned):
        from_outside = place.event.pull is not None and place.event.pull.from_outside
        text = markdown.problems(
            done.problems,
            figures=figures(done.calendar.desired.posts) if done.calendar is not None else "",
            limit=limit,
            venue=venue,
            unplanned=_FORK if from_outside else "",
        )
    else:
        text = markdown.failure(done.error, calendar=done.name)
    return fitting(text, limit, MORE) + foot


def _foot(place: Place) -> str:
    folder = escaped_line(place.folder or "the top folder")
    foot = f"<code>{folder}</code> at <code>{place.sha[:7]}</code> · [whole page]({place.event.run})"
    if place.merged and place.pulls:
        foot += f" · merged: {', '.join(f'#{number}' for number in place.pulls)}"
    return f"\n<sub>{foot}</sub>\n"


def _unread(place: Place) -> list[str]:
    if not place.unread:
        return []
    return [f"⚠️ **Labels were not read**: {escaped_line(place.unread)}. What they allow does not count here."]


def _since(done: CalendarOutcome, place: Place) -> list[str]:
    """What has changed since the review and, if that was refused, how to go on."""
    if done.since is None or not (text := done.since.text(place.allowed)):
        return []
    if not isinstance(done.error, StalePlanError):
        return [text]
    rerun = f"If the plan below is right, [run this again]({place.event.run}): it then counts as reviewed."
    how = rerun if place.pulls else "If the plan below is right, run the apply workflow by hand."
    return [text, f"Nothing was done, because the workflow says <code>reviewed: strict</code>. {how}"]


def _note(label: Label) -> str:
    name, by = f"<code>{escaped_line(label.name)}</code>", escaped_line(label.by or "someone")
    if not label.counts:
        return f"🏷️ {name} does not count: {by}, who set it, has no write access."
    means = label.means
    if means.deletes is not None:
        what = f"may remove up to {count(means.deletes, 'post')}, counted on each account"
    elif means.changes is not None:
        what = f"may edit or replace up to {count(means.changes, 'post')}, counted on each account"
    else:
        what = next(words for field, words in _MEANINGS.items() if getattr(means, field))
    return f"🏷️ {name}, set by {by}: apply {what}."

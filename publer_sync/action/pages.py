"""What is written on GitHub: the pages of `render.markdown`, with labels in place of options and with what a page is about."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publer_sync.action import labels as labelling
from publer_sync.applying.report import Outcome
from publer_sync.applying.run import Allow
from publer_sync.planning.plan import Action
from publer_sync.printable import one_line
from publer_sync.render import markdown
from publer_sync.render.escaping import escaped_line
from publer_sync.render.measure import cut
from publer_sync.render.wording import count, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.action.inputs import Allowed, Event
    from publer_sync.action.labels import Label
    from publer_sync.action.runs import Done
    from publer_sync.applying.report import Report
    from publer_sync.planning.plan import Plan, Refusal

LIMIT = 58_000
"""Characters of a page in a comment; GitHub takes 65,536 with all that is added."""

COMMAND = "APPLY-WITH"
"""Stands where the renderer puts a command to copy. In a text of a post it cannot follow `<code>`: that is escaped there."""
_WAY = re.compile(rf"<code>{COMMAND}((?: --[a-z-]+(?: \d+)?)*)</code>")
_DELETES = re.compile("allow-deletes-")
_WHOLE = "<code>publer-sync plan</code>"

_MEANINGS = {
    "recreate": "makes again what somebody removed in Publer",
    "frozen": "changes posts that go out within minutes",
    "twins": "makes posts whose text a post made in Publer has already",
    "edits": "puts back what the calendar says where Publer was edited",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands and what it is about: the run, the folder from the repository's top, the commit that was read.

    `pull` is the pull request that labels count of, if any; `merged`, whether it is past its merge.
    """

    event: Event
    folder: str
    sha: str
    pull: int | None = None
    merged: bool = False

    def line(self, file: str, line: int) -> str:
        return self.event.line(self.sha, f"{self.folder}/{file}" if self.folder else file, line)


def mark(kind: str, name: str) -> str:
    """A line that nobody sees, by which a comment or an issue is found again. No two names give the same."""
    seen = re.sub(r"[^\w./ ]|-", "_", one_line(name))[:80]
    digest = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:12]
    return f"<!-- publer-sync {kind}: {seen} {digest} -->"


def page(done: Done, place: Place, labels: Sequence[Label], allowed: Allowed, *, limit: int = LIMIT) -> str:
    """What came of a command, for a comment or the job summary."""
    if done.report is not None:
        text = markdown.report(done.report, limit=limit, link=place.line, command=COMMAND)
        text += _left_out(done.report, allowed)
    elif done.plan is not None:
        text = _plan(done, place, labels, allowed, limit)
    elif done.mistakes or (done.error is None and not done.planned):
        text = _checked(done, place, limit)
    else:
        text = _stopped(done)
    return f"{finished(text, place)}\n{_foot(place)}\n"


def _plan(done: Done, place: Place, labels: Sequence[Label], allowed: Allowed, limit: int) -> str:
    assert done.plan is not None  # noqa: S101 — for the type checker: `page` has looked
    plan = replace(done.plan, refusals=tuple(refused(done.plan, allowed)))
    text = markdown.plan(plan, limit=limit, link=place.line, command=COMMAND)
    head, gap, rest = text.removeprefix(text.partition("\n\n")[0]).lstrip("\n").partition("\n\n")
    if done.error is not None:  # an apply that a rail refused
        head = re.sub(r": (?=[^:]*$).*", ": refused, and nothing was done", head)
    counts, _, rest = rest.partition("\n\n")
    if place.merged:
        counts = counts.replace("\nMerge **before", "\nApply **before")
        rest = rest.replace("**apply would refuse all", "**apply refused all", 1)
    return gap.join([head, counts, *map(_note, labels), rest])


def refused(plan: Plan, allowed: Allowed) -> Iterable[Refusal]:
    """What apply would still refuse."""
    return (item for item in plan.refusals if allowed.deletes is None or allowed.deletes < item.count)


def _note(label: Label) -> str:
    name, by = f"<code>{escaped_line(label.name)}</code>", escaped_line(label.by or "somebody")
    if not label.counts:
        return f"🏷️ {name} does not count: {by}, who set it, has no write access."
    means = label.means
    if means.deletes is not None:
        what = f"lets up to {count(means.deletes, 'post')} be removed"
    else:
        what = next(words for field, words in _MEANINGS.items() if getattr(means, field))
    return f"🏷️ {name}, set by {by}: apply {what}."


def _left_out(report: Report, allowed: Allowed) -> str:
    """The options with which a next apply would try what this one left out."""
    given = Allow(allowed.recreate, allowed.frozen, allowed.twins, allowed.edits)
    wanted: set[str] = set()
    for result in report.results:
        change = result.change
        options = [block.option for block in change.blocks]
        options += ["--allow-recreate"] if change.intent is Action.RECREATE else []
        if result.outcome is Outcome.NOT_TRIED and not given.passes(change) and None not in options:
            wanted.update(filter(None, options))
    return (
        f"\nTo do also what was left out: <code>{' '.join([COMMAND, *sorted(wanted)])}</code>\n"
        if wanted
        else ""
    )


def _checked(done: Done, place: Place, limit: int) -> str:
    posts = done.calendar.posts if done.calendar is not None else 0
    text = markdown.problems(done.problems, posts=posts, desired=done.desired, limit=limit, link=place.line)
    if done.mistakes or place.event.pull is None or place.event.pull.foreign is False:
        return text
    head, _, rest = text.partition("\n\n")
    why = (
        "This pull request comes from a fork, or from Dependabot, and the key is not shown to those. The plan is made "
        "when somebody with write access pushes these commits to a branch of this repository."
    )
    return f"{head.removesuffix('checked')}checked, not planned\n\n{why}\n\n{rest}"


def _stopped(done: Done) -> str:
    error = done.error
    message = sentence(cut(one_line(error.message), 1000)) if error is not None else "There is no plan."
    lines = [f"> **{escaped_line(message)}**"]
    if error is not None and error.hint:
        lines += [">", f"> {escaped_line(cut(one_line(error.hint), 1000))}"]
    return "\n".join(["### 📅 Social calendar: no result", "", "> [!CAUTION]", *lines, ""])


def finished(text: str, place: Place) -> str:
    """A page of the renderer with ways out for people who have no command line."""
    text = _WAY.sub(lambda found: _way(found[1], place), text)
    return text.replace(_WHOLE, f"[the summary of this run]({place.event.run})").rstrip("\n") + "\n"


def _way(options: str, place: Place) -> str:
    """How a person without a command line says what an option says."""
    wanted = labelling.names(options)
    if not wanted:
        return f"[run this again]({place.event.run})"
    names = " and ".join(f"<code>{name}</code>" for name in wanted)
    noun = "label" if len(wanted) == 1 else "labels"
    if place.pull is None:
        inputs = " and ".join(f"<code>{_DELETES.sub('allow-deletes: ', name)}</code>" for name in wanted)
        return f"somebody with write access runs the workflow that applies by hand, with {inputs}."
    where = f"[the pull request]({place.event.server}/{place.event.repository}/pull/{place.pull})"
    if place.merged:
        return f"somebody with write access adds the {noun} {names} to {where}, and [runs this again]({place.event.run})."
    return f"somebody with write access adds the {noun} {names} to this pull request."


def _foot(place: Place) -> str:
    folder = escaped_line(place.folder or "the top folder")
    return (
        f"<sub><code>{folder}</code> at <code>{place.sha[:7]}</code> · [whole page]({place.event.run})</sub>"
    )

"""The comments on a request, for someone who knows neither git nor YAML. Whatever came from an issue is escaped."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from publer_sync.drafting.form import ALTS, WHEN, Form
from publer_sync.drafting.requested import field_of
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.escaping import escaped, escaped_line
from publer_sync.render.layout.wording import count, sentence
from publer_sync.render.post.entries import alias_of, tightest
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.drafting.draft import Draft
    from publer_sync.values.problems import Problem

LONGEST: Final = 4_000
"""Characters of a text that a page shows."""
_MOST: Final = 20
"""Problems that are listed one by one."""
_FIXES: Final = {
    "media.no-alt": f"Write it under “{ALTS}”.",
    "slot.twice": f"Choose another time under “{WHEN}”.",
    "text.key": "Write this line in other words.",
    "text.newline": "Press Enter where a line ends.",
    "text.none": "Add a picture, or untick the account.",
    "time.past": f"Write a time ahead under “{WHEN}”.",
}
"""In place of an order that is meant for the file."""
_MESSAGES: Final = {"text.key": 'a line looks like one of the calendar\'s file, such as "id: x"'}
"""In place of what is meant for someone who sees the file."""
_OF_FILES: Final = re.compile(r",? or give [^.]* a text of (?:its|their) own")
_RECORD: Final = re.compile(
    r"<!-- publer-sync run: (\d+) when: ([0-9a-f]{16}|-) (\S+) body: ([0-9a-f]{64}|-) -->"
)
_SHOWN: Final = re.compile(r"<!-- publer-sync shown: ([0-9a-f]{64}) -->")
_ROOM: Final = 60_000
"""Characters of a comment for what an issue says."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong, and in which part of the form; `field` is "" where it is about all of it."""

    field: str
    message: str
    fix: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Record:
    """What the comment keeps of the latest run, hidden: which it was, and what the words for the time meant.

    `body` is a digest of what the issue said the last time that someone who may ask had written or read it.
    """

    run: int = 0
    when: str = "-"
    at: datetime | None = None
    body: str = "-"

    def line(self) -> str:
        at = f"{self.at:%Y-%m-%dT%H:%MZ}" if self.at is not None else "-"
        return f"<!-- publer-sync run: {self.run} when: {self.when} {at} body: {self.body} -->"


def record_in(comment: str) -> Record:
    found = _RECORD.search(comment)
    if found is None:
        return Record()
    at = None if found[3] == "-" else datetime.strptime(found[3], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    return Record(int(found[1]), found[2], at, found[4])


def shown_line(digest: str) -> str:
    """Hidden in the comment that shows what somebody else wrote into an issue."""
    return f"<!-- publer-sync shown: {digest} -->"


def shown_in(comment: str) -> str | None:
    found = _SHOWN.search(comment)
    return found[1] if found else None


def can_show(body: str) -> bool:
    """Whether a comment has room for all that an issue says."""
    return len(_quoted(body)) <= _ROOM


def troubles(problems: Iterable[Problem], file: str) -> list[Trouble]:
    """Those that the person can do something about: every error, and the warnings of the post itself."""
    found = []
    for each in problems:
        if each.severity != "error" and (each.location is None or each.location.file != file):
            continue
        say = each.help.say if each.help else ""
        say = _OF_FILES.sub("", say)
        order = "" if "`" in say or "publer.yaml" in say else sentence(say)
        code = each.code if each.code in _FIXES else each.code.partition(".")[2]
        message = _MESSAGES.get(code, each.message)
        found.append(Trouble(field_of(each), message, _FIXES.get(code, order), each.severity))
    return sorted(dict.fromkeys(found), key=lambda each: each.severity != "error")


@dataclass(frozen=True, slots=True)
class RequestPage:
    """`repository` is its address on the web, `folder` the calendar's."""

    form: Form
    repository: str
    number: int
    sender: str
    folder: str
    calendar: Calendar | None = field(default=None, repr=False)

    def ready(self, draft: Draft, wished: str, pull: int | None, compare: str) -> str:
        head = f"The post is in #{pull}" if pull else "The post is ready"
        if pull:
            way = f"It is published once someone with write access has merged #{pull}."
        else:
            way = (
                f"GitHub does not let this workflow open pull requests. Someone with write access [opens it]({compare}), or "
                "allows it for good (Settings, Actions, General, “Allow GitHub Actions to create and approve pull "
                "requests”) and closes and reopens this issue."
            )
        way += " To change the post, edit this issue. To withdraw it, close this issue."
        warnings = self._listed(each for each in troubles(draft.problems, draft.file))
        return _comment(head, self.described(draft, wished), warnings, way)

    def described(self, draft: Draft, wished: str = "") -> str:
        """When, where and what."""
        timezone = self.calendar.settings.timezone if self.calendar else "UTC"
        dates, posts = Dates(timezone), draft.posts
        when = dates.both(posts[0].at) if posts else ""
        said = f", from “{escaped_line(_cut(wished, 100))}”" if wished else ""
        names = [
            f"{escaped_line(alias_of(post.account))}{f' ({length})' if (length := tightest([post])) else ''}"
            for post in posts
        ]
        lines = [f"**{when}** ({escaped_line(timezone)}{said})", f"On {', '.join(names)}"]
        texts = dict.fromkeys(str(post.content.text) for post in posts if post.content.text)
        lines += ["\n".join(f"> {line}" for line in escaped(_cut(text)).split("\n")) for text in texts]
        if draft.copies:
            lines.append(f"With {count(len(draft.copies), 'picture')}.")
        return "\n\n".join(lines)

    def wrong(self, found: Sequence[Trouble], pull: int | None) -> str:
        before = f" #{pull} still has the post as it was before." if pull else ""
        way = f"Edit this issue: it is checked again each time.{before}"
        return _comment("The post needs a change", self._listed(found), way)

    def refused(self, action: str, new: str | None, *, outsider: bool) -> str:
        """`new` is what the issue says and nobody who may ask has written or read; None where that is known."""
        name = escaped_line(self.sender)
        if outsider:
            why = f"{name} {action} this issue, and has no write access to this repository."
        else:
            why = f"{name} {action} this issue. Someone else may have written what it says, so that is not taken over yet."
        if new is None:
            how = shown = ""
        elif can_show(new):
            how = (
                "This is what the issue says now. If it is right, someone with write access edits its text, even if only by an "
                "empty line at the end: that takes it over. A new title, or to reopen the issue, does not."
            )
            shown = _quoted(new)
        else:
            how, shown = "What the issue says is too long to be shown here: open another one.", ""
        return _comment("Nothing was changed", why, how, shown, *(self._list() if outsider else ()))

    def _list(self) -> tuple[str, str]:
        """How everything that the sender asks for counts."""
        settings = escaped_line(self._inside("publer.yaml"))
        return (
            f"To take every request of this person, add the name to the settings (<code>{settings}</code>):",
            f"```yaml\nrequests:\n  from: [{self._bare()}]\n```",
        )

    def merged(self, pull: int | None, file: str) -> str:
        which = f"#{pull} is merged" if pull else "The post is in the calendar already"
        return _comment(
            which,
            "This issue no longer changes it. Someone with write access can "
            f"[change the post in its file]({self.repository}/edit/HEAD/{file}). For another post, open another issue.",
        )

    def others(self, pull: int | None, branch: str) -> str:
        where = f"#{pull}" if pull else f"the branch <code>{branch}</code>"
        return _comment(
            "Someone has committed to the branch of this post",
            f"So this issue no longer changes it: make changes in {where}, where the workflow that plans sets the check "
            "for each push of a person. To start again from "
            f"this issue, someone with write access closes the pull request, deletes the branch <code>{branch}</code>, "
            "and edits this issue, or closes and reopens it.",
        )

    def closed(self, pull: int | None, *, kept: bool) -> str:
        gone = f"#{pull} is closed, and nothing will be published." if pull else "Nothing will be published."
        branch = " Its branch is still there, since someone else has changed it." if kept else ""
        return _comment("Withdrawn", f"{gone}{branch} Reopen this issue to ask for the post again.")

    def broken(self, found: Sequence[Problem], otherwise: str = "") -> str:
        """`otherwise` is the reason where no error is found."""
        first = next(iter(errors_in(found)), None)
        where = f" (<code>{escaped_line(self._inside(str(first.location)))}</code>)" if first else ""
        why = first.message if first else otherwise
        return _comment(
            "The calendar itself has an error",
            f"So the post cannot be checked{where}{f': {escaped_line(sentence(why))}' if why else '.'}",
            "Someone with write access corrects it, then edits this issue, or closes and reopens it.",
        )

    def obstacle(self, path: str) -> str:
        return _comment(
            "The post has no place",
            f"<code>{escaped_line(path)}</code> in this repository is a link, or a file where a folder should be.",
            "Someone with write access removes or renames it, then edits this issue, or closes and reopens it.",
        )

    def pull_request(self, draft: Draft, wished: str, check: str) -> str:
        foot = (
            f"It follows the issue until someone else commits to this branch. The check <code>{escaped_line(check)}</code> "
            "says whether the files are valid. GitHub starts no other workflows for a pull request that a workflow has "
            "opened: to see the whole plan here, close and reopen it."
        )
        return "\n\n".join(
            filter(
                None,
                [
                    f"Asked for in #{self.number}, by {escaped_line(self.sender)}.",
                    self.described(draft, wished),
                    self._listed(troubles(draft.problems, draft.file)),
                    f"Closes #{self.number}",
                    f"<sub>{foot}</sub>",
                ],
            )
        )

    def stale(self) -> str:
        return f"⚠️ **#{self.number} was edited since, and has problems**: this is still the post as it was before.\n\n"

    def _listed(self, found: Iterable[Trouble]) -> str:
        lines = [*_lines(found)]
        more = f"\n- … and {len(lines) - _MOST} more" if len(lines) > _MOST else ""
        return "\n".join(lines[:_MOST]) + more

    def _inside(self, file: str) -> str:
        return f"{self.folder}/{file}" if self.folder else file

    def _bare(self) -> str:
        return re.sub(r"[^A-Za-z0-9-]", "", self.sender)


def _comment(head: str, *parts: str) -> str:
    return "\n\n".join([f"### 📅 {head}", *filter(None, parts)])


def _lines(found: Iterable[Trouble]) -> Iterator[str]:
    for each in found:
        mark = "❌" if each.severity == "error" else "⚠️"
        part = f"**{escaped_line(each.field)}** " if each.field else ""
        yield f"- {mark} {part}{escaped_line(sentence(each.message))} {escaped_line(each.fix)}".rstrip()


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in escaped(text.replace("\r\n", "\n")).split("\n"))


def _cut(text: str, most: int = LONGEST) -> str:
    text = text if most >= LONGEST else one_line(text)
    return text if len(text) <= most else f"{text[:most]}…"

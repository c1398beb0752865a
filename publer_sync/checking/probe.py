"""A draft that is created, edited, listed and removed, to learn what Publer keeps of a text and how it answers.

No document of Publer's says so. The draft is known by a random word in its text; nothing else is touched.
"""

from __future__ import annotations

import secrets
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, TypedDict, cast

from publer_sync.checking import traits
from publer_sync.checking.shapes import shape
from publer_sync.clock import growing_waits
from publer_sync.content import Content
from publer_sync.errors import PlanRefused, Refused, SettingsError, Unreachable
from publer_sync.late_dataclasses import dataclass
from publer_sync.ledger.copies import SETTLING_POLLS
from publer_sync.ledger.rewriting import same_but_links
from publer_sync.model import Family, JobStatus, same_text
from publer_sync.publer.payload import item
from publer_sync.service import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from publer_sync.clock import Clock
    from publer_sync.content import Json
    from publer_sync.documented import Also, Version
    from publer_sync.model import Account, Job, LivePost
    from publer_sync.publer.gateway import Publer

AHEAD = timedelta(days=365)
PATIENCE = 300.0
"""Seconds to wait for the job and for the list."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as publer-sync assumes, in one sentence with its consequence."""

    code: str
    message: str


@dataclass(slots=True)
class Probe:
    """One probe. What is seen is kept as it comes in, so that a probe that fails halfway tells what it knows."""

    publer: Publer
    account: Account
    clock: Clock
    poll_seconds: float

    created: LivePost | None = None
    """As listed; so is `edited`."""
    echo: LivePost | None = None
    edited: LivePost | None = None
    job: Job | None = None
    removed: bool | None = None
    """None: there was nothing to remove."""
    shapes: dict[str, Json] = field(default_factory=dict)
    _word: str = field(default_factory=lambda: secrets.token_hex(8))
    _at: datetime | None = None

    @property
    def first(self) -> str:
        return traits.text(self._word, "first")

    @property
    def second(self) -> str:
        return traits.text(self._word, "second")

    def run(self) -> None:
        """Raises what stops it, after the draft is removed."""
        self._at = at = self._free_minute()
        draft = item(self.account, at, Content(text=self.first, draft=True), {})
        sent = True
        try:
            try:
                job_id = self.publer.schedule([draft], draft=True)
            except (Refused, PlanRefused, Unreachable):
                sent = False
                raise
            self.shapes["create"] = shape(self.publer.last_answer)
            if job_id is not None:
                self._follow(job_id)
            self.created = self._listed(lambda _: True)
            if self.created is not None:
                self.echo = self.publer.update(self.created.id, text=self.second, title=None)
                self.shapes["update"] = shape(self.publer.last_answer)
                before = self.created.text
                self.edited = self._listed(lambda post: post.text != before) or self._listed_once()
        finally:
            if sent:
                self._remove()

    def _free_minute(self) -> datetime:
        """A minute a year ahead without a post on the account."""
        day = (self.clock.now() + AHEAD).replace(second=0, microsecond=0)
        listed = self.publer.posts(since=day.date(), until=day.date(), account_ids=[self.account.id])
        taken = {post.at.replace(second=0, microsecond=0) for post in listed if post.at}
        return next(at for minute in range(1440) if (at := day + timedelta(minutes=minute)) not in taken)

    def _follow(self, job_id: str) -> None:
        deadline = self.publer.deadline(PATIENCE)
        silent = 0
        for wait in growing_waits(self.poll_seconds):
            self.job = self.publer.job(job_id, deadline=deadline)
            self.shapes["job"] = shape(self.publer.last_answer)
            silent += self.job.status in (JobStatus.SILENT, JobStatus.UNKNOWN)
            if self.job.failures:
                raise SettingsError(
                    f'Publer refused the draft: "{self.job.failures[0].message}"',
                    code="probe.refused",
                    hint="Try another account.",
                )
            if self.job.status in (JobStatus.COMPLETE, JobStatus.FAILED) or silent > 2 or deadline.left <= 0:
                return
            self.clock.sleep(min(wait, max(0.0, deadline.left)))

    def _listed(self, wanted: Callable[[LivePost], bool]) -> LivePost | None:
        """Our draft once it is listed and as `wanted`; None if time is up."""
        for _ in self._times():
            post = self._listed_once()
            if post is not None and wanted(post):
                return post
        return None

    def _times(self) -> Iterator[None]:
        """Once now, and again after each wait, for as long as a list may take to show what was done."""
        deadline = self.publer.deadline(SETTLING_POLLS * self.poll_seconds)
        for wait in growing_waits(self.poll_seconds):
            yield
            if deadline.left <= 0 or self.clock.woken:
                return
            self.clock.sleep(wait)

    def _listed_once(self) -> LivePost | None:
        if self._at is None:
            return None
        day = self._at.date()
        listed = self.publer.posts(since=day, until=day, account_ids=[self.account.id])
        return next((post for post in listed if self._word in post.text), None)

    def _remove(self) -> None:
        """Remove the draft, and check that it has left the list."""
        self.removed = False
        post = self._listed_once() or self.edited or self.created
        if post is None and self.job is not None and self.job.failures:
            self.removed = None
            return
        post = post or self._listed(lambda _: True)
        if post is None:
            return
        self.publer.delete([post.id])
        self.shapes["delete"] = shape(self.publer.last_answer)
        self.removed = any(self._listed_once() is None for _ in self._times())

    # --- what it means ----------------------------------------------------------------------------------------------

    def differences(self) -> Iterator[Difference]:
        made, edited, echo = self.created, self.edited, self.echo
        if self.removed is False:
            yield Difference(
                "left",
                f"The draft may still be in Publer, a year ahead: remove the one whose text contains {self._word}.",
            )
        if self.job is None or self.job.status in (JobStatus.SILENT, JobStatus.UNKNOWN):
            yield Difference(
                "job.silent",
                "Publer names no job, or no status of it: apply waits for the list instead, which takes longer.",
            )
        if made is None:
            yield Difference(
                "list.missing",
                "The list does not show the draft: apply would report such a post as unverified.",
            )
            return
        if not same_but_links(self.first, made.text):
            changed = ", ".join(
                f"{name}: {what}"
                for name, what in traits.kept(made.text).items()
                if name not in ("line_ends", "outer_spaces") and what not in ("kept", "rewritten", "nothing")
            )
            yield Difference(
                "text",
                f"Publer changes the text of a new post ({changed}): apply does not recognize such a post in the list, "
                "reports it as unverified, and does not manage it.",
            )
        if made.at is None or made.at.replace(microsecond=0) != self._at:
            yield Difference(
                "time",
                "The list shows another time than was sent: plan takes every new post as moved in Publer.",
            )
        if made.family is not Family.DRAFT:
            yield Difference("state", f'A draft is listed as "{made.state}": drafts could be published.')
        if made.media not in (None, 0):
            yield Difference(
                "media", "A post without media is listed with some: plan sees media that nobody added."
            )
        if made.link:
            yield Difference(
                "link",
                "An address in the text is listed as the post's link: a post made in Publer with such a text is not "
                "adopted, as its link differs.",
            )
        if not is_id(made.id) and not made.id.isdecimal():
            yield Difference(
                "id", "Ids of posts have a form that no document shows: a post may not be found again."
            )
        if echo is not None and edited is not None:
            if same_text(edited.text, made.text):
                yield Difference(
                    "edit.ignored",
                    "Publer accepts an edit and keeps the old text: apply reports an edit in place as unverified.",
                )
            elif not same_but_links(self.second, edited.text) and echo.text != edited.text:
                yield Difference(
                    "edit.text",
                    "After an edit, Publer lists another text than it answered: apply reports the edit as unverified.",
                )
            if echo.id != made.id or edited.id != made.id:
                yield Difference("edit.id", "An edit changes the post's id: the post may not be found again.")


class DraftTextData(TypedDict):
    """What became of each part of a text."""

    line_ends: str
    outer_spaces: str
    nfc: str
    nfd: str
    emoji: str
    entities: str
    spaces: str
    url: str
    added: str


class DraftData(TypedDict):
    """A draft, without what the user wrote."""

    same_text: Annotated[bool, "up to outer white space and line ends"]
    text: Annotated[
        DraftTextData,
        "what became of every part of it, such as `kept`, `trimmed`, `composed`, `unescaped`, `rewritten`, `lost`",
    ]
    state: str
    type: str | None
    id: Annotated[str, "its kind"]
    title: Annotated[str | None, "its kind; null if it is not shown"]
    link: Annotated[str | None, "its kind; null if it is not shown"]
    labels: Annotated[int | None, "how many"]
    media: Annotated[int | None, "how many"]


class DifferenceData(TypedDict):
    """What is not as publer-sync assumes."""

    code: Annotated[
        str,
        "`left` (the draft may still be in Publer), `job.silent`, `list.missing`, `text`, `time`, `state`, `media`, `link`, `id`, "
        "`edit.ignored`, `edit.text`, `edit.id`",
    ]
    message: Annotated[str, "with its consequence"]


class ProbeDocument(TypedDict):
    """What publer-sync doctor --probe prints, to share: without names, ids and texts of the user's."""

    format_version: Version
    publer_sync: Annotated[str, "its version"]
    provider: Annotated[str, "the account's network, as Publer calls it"]
    created: Annotated[DraftData | None, "the draft as it was listed after it was created"]
    edited: Annotated[DraftData | None, "the draft as it was listed after it was edited"]
    answered: Annotated[DraftData | None, "the draft as the edit answered it"]
    job: Annotated[JobStatus | None, "how Publer's job ended"]
    removed: Annotated[bool | None, "whether the draft has left the list"]
    shapes: Annotated[
        dict[str, Json],
        Also('{"propertyNames": {"enum": ["create", "job", "update", "delete"]}}'),
        "keys and kinds of values of Publer's answers, without the values",
    ]
    differences: Annotated[list[DifferenceData], "what is not as publer-sync assumes"]


def document(probe: Probe, version: str) -> ProbeDocument:
    """What was seen, without the user's names, ids or texts."""
    made, edited = probe.created, probe.edited
    return {
        "format_version": 1,
        "publer_sync": version,
        "provider": probe.account.provider,
        "created": None if made is None else _facts(made, probe.first),
        "edited": None if edited is None else _facts(edited, probe.second),
        "answered": None if probe.echo is None else _facts(probe.echo, probe.second),
        "job": None if probe.job is None else probe.job.status,
        "removed": probe.removed,
        "shapes": probe.shapes,
        "differences": [{"code": one.code, "message": one.message} for one in probe.differences()],
    }


def _kind_of(text: str | None) -> str | None:
    return None if text is None else str(shape(text))


def _facts(post: LivePost, sent: str) -> DraftData:
    return {
        "same_text": same_text(sent, post.text),
        "text": cast("DraftTextData", traits.kept(post.text)),
        "state": post.state,
        "type": post.type,
        "id": str(shape(post.id)),
        "title": _kind_of(post.title),
        "link": _kind_of(post.link),
        "labels": None if post.labels is None else len(post.labels),
        "media": post.media,
    }

"""What somebody's answers become: a line for each yes, and the reason for each that is not taken. Pure."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.signoff import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from publer_sync.values.model import Post
    from publer_sync.values.signoff import SignedPosts, SignoffNeed


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What somebody said of a post on an account, by the digest of what they saw."""

    post: str
    account: str
    content: str
    yes: bool
    remark: str = ""
    calendar: str = ""
    """The name of the calendar, where the page said it."""


@dataclass(frozen=True, slots=True)
class TakenAnswer:
    """An answer, and the post that it is about; None where the calendar has none of that name there."""

    answer: GivenAnswer
    post: Post | None
    reason: str = ""
    """Why a yes is not taken."""


@dataclass(slots=True)
class Approving:
    """What becomes of the answers of one person. `new` are the lines to write, each with one of its posts."""

    by: str
    new: list[tuple[Approval, Post]] = field(default_factory=list)
    known: list[Post] = field(default_factory=list)
    """Posts to which they said yes before."""
    gone: list[tuple[Approval, Post]] = field(default_factory=list)
    """Each yes that they take back."""
    refused: list[TakenAnswer] = field(default_factory=list)
    no: list[TakenAnswer] = field(default_factory=list)
    unasked: list[Post] = field(default_factory=list)
    """Posts to which they say yes, and need not: others are asked."""
    free: list[Post] = field(default_factory=list)
    """Those for which nobody is asked."""

    @property
    def clean(self) -> bool:
        return not (self.refused or self.no)


class HadBefore(NamedTuple):
    """What a post had when it was last sent: a plan asks for that too."""

    labels: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class Desk:
    """Takes the answers of one person, and makes lines of them that say when: `now`.

    `past` finds out what a post had before. It is asked where the files ask the person for nothing.
    """

    def __init__(
        self,
        signed: SignedPosts,
        posts: Sequence[Post],
        by: str,
        now: datetime,
        past: Callable[[Post], HadBefore] = lambda _: HadBefore(),
    ) -> None:
        self._signed, self._posts, self._now = signed, posts, now.replace(microsecond=0)
        self._past = past
        self.made = Approving(by)
        self._written: set[object] = set()

    def approve(self, posts: Iterable[Post]) -> Approving:
        """A yes to what each of these posts says now."""
        for post in posts:
            self._say_yes(post)
        return self.made

    def approve_all(self) -> Approving:
        """A yes to every post ahead that waits for the person's, drafts aside."""
        for post in self._posts:
            asked = self._asked(post) if not post.draft and post.at > self._now else None
            if asked is not None and self.made.by in asked.people:
                self._take(post, asked)
        return self.made

    def answer(self, answers: Iterable[GivenAnswer]) -> Approving:
        for each in answers:
            self._answer(each)
        return self.made

    def _answer(self, answer: GivenAnswer) -> None:
        found = [post for post in self._posts if _is(post, answer)]
        if not found:
            if answer.yes:
                self.made.refused.append(
                    TakenAnswer(answer, None, "the calendar no longer has it on this account")
                )
            else:
                self.made.no.append(TakenAnswer(answer, None))
            return
        same = [post for post in found if answer.content in _digests(self._signed.statement(post))]
        if not answer.yes:
            self.made.no.append(TakenAnswer(answer, (same or found)[0]))
            for post in same:
                self._take_back(post)
        elif not same:
            reason = "it has changed since: the yes was to something else than the calendar says now"
            self.made.refused.append(TakenAnswer(answer, found[0], reason))
        else:
            for post in same:
                self._say_yes(post)

    def _asked(self, post: Post) -> SignoffNeed | None:
        """Whose yes a plan asks for."""
        asked = self._signed.asked(post)
        if asked is not None and self.made.by in asked.everybody:
            return asked
        labels, accounts = self._past(post)
        return self._signed.asked(post, labels=labels, accounts=accounts)

    def _say_yes(self, post: Post) -> None:
        asked = self._asked(post)
        if asked is None:
            self.made.free.append(post)
        elif self.made.by not in asked.everybody:
            self.made.unasked.append(post)
        else:
            self._take(post, asked)

    def _take(self, post: Post, asked: SignoffNeed) -> None:
        if self.made.by not in asked.people and any(each.by == self.made.by for each in asked.given):
            self.made.known.append(post)
            return
        statement = asked.statement_for(self.made.by)
        yes = Approval(
            name_of(post),
            post.account.alias or post.account.name,
            self.made.by,
            self._now,
            statement.digest,
            statement,
            asked.labels,
        )
        key = (*yes.rank, yes.content)
        if key not in self._written:  # of a series, one line is enough
            self._written.add(key)
            self.made.new.append((yes, post))

    def _take_back(self, post: Post) -> None:
        for each in self._signed.yes_of(post, self.made.by):
            if all(each is not other for other, _ in self.made.gone):
                self.made.gone.append((each, post))


def _digests(statement: Statement) -> tuple[str, str]:
    """With the day, and without: a page does not know for which of both somebody is asked."""
    return statement.digest, Statement(statement.on, statement.says).digest


def _is(post: Post, answer: GivenAnswer) -> bool:
    return post.account.alias == answer.account and answer.post in (post.id, post.series, name_of(post))

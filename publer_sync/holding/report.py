"""What a hold did, as a value."""

from __future__ import annotations

import difflib
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from publer_sync.applying.report import NO_CAUSE, Cause, Outcome
from publer_sync.content import Content
from publer_sync.late_dataclasses import dataclass
from publer_sync.ledger.runs import RunLine, Version
from publer_sync.planning.holding import REPEATING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.errors import PublerSyncError
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.hold import Hold
    from publer_sync.model import LivePost, Workspace


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in scope. Outcomes are an apply's: it is APPLIED once Publer has it no more, NOT_TRIED where nothing was to be changed."""

    copy: Copy
    outcome: Outcome
    live: LivePost | None = None
    """As Publer showed it last."""
    why: Cause = NO_CAUSE

    @property
    def at(self) -> datetime:
        return self.live.at if self.live is not None and self.live.at else self.copy.slot

    @property
    def repeats(self) -> bool:
        """Whether Publer publishes it again and again."""
        return self.live is not None and self.live.family in REPEATING

    @property
    def text(self) -> str:
        return self.live.text if self.live is not None else self.copy.text


Kind: TypeAlias = Literal["account", "network", "label"]


@dataclass(frozen=True, slots=True)
class Word:
    """An account or a network that the command names. `known`: it narrows the hold; `left_publer`: publer.yaml alone has it."""

    kind: Kind
    word: str
    known: bool
    left_publer: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command names, and what there is here."""

    words: tuple[Word, ...] = ()
    labels: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    """Aliases and groups."""
    networks: tuple[str, ...] = ()
    has_labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word of the command that nothing has: it may be a slip of the pen, and the hold would look like a success."""

    kind: Kind
    word: str
    known: tuple[str, ...]
    """What there is of that kind."""
    left_publer: bool = False

    @property
    def message(self) -> str:
        if self.left_publer:
            return f"Publer has no account {self.word}, so none of its posts can be stopped here"
        near = difflib.get_close_matches(self.word, self.known, 1, 0.6)
        there_are = f"there are: {', '.join(self.known)}" if self.known else "there are none"
        meant = f' (did you mean "{near[0]}"?)' if near else ""
        what = {
            "account": f'there is no account "{self.word}"',
            "network": f'no account is on "{self.word}"',
            "label": f'no post has the label "{self.word}"',
        }
        return f"{what[self.kind]}{meant}; {there_are}"


def line_of(post: HeldPost) -> RunLine:
    """What the state keeps of it."""
    copy = post.copy
    before = Version(copy.slot, copy.sent.digest) if copy.sent != Content() else None
    return RunLine("held", copy.account, copy.slot, copy.id, str(post.outcome), copy.entry, before)


@dataclass(frozen=True, slots=True)
class HoldReport:
    """`posts` are in order of time, those that repeat first; `unmanaged` are not managed here, in scope, and published anyway."""

    hold: Hold
    posts: tuple[HeldPost, ...]
    unmanaged: tuple[LivePost, ...]
    requests: int
    written: bool = True
    nothing: bool = False
    """Nothing was put on hold: what the command names is not here."""
    unlabelled: tuple[HeldPost, ...] = ()
    """Made in Publer and adopted, on accounts of a hold by label: neither the calendar nor Publer shows their labels."""
    asked: Asked = field(default_factory=Asked)
    unknown: tuple[Unknown, ...] = ()
    error: PublerSyncError | None = None
    """What ended it before its end."""
    protects_edits: bool = True
    """Whether release asks about what someone edited in Publer, instead of putting back the calendar's version."""
    calendar: str = ""
    """What the state calls it."""
    name_here: str | None = None
    """What the files call it, where its state has another name."""
    place: str | None = None
    """Where the state is, where that is not the place that the command chose."""
    workspace: Workspace | None = None
    timezone: str = "UTC"
    accounts: Mapping[str, str] = field(default_factory=dict)
    """What people call them, by id."""
    theirs: Mapping[str, str] = field(default_factory=dict)
    """Which other calendar manages an unmanaged post, by the post's id, where it is known."""

    def of(self, outcome: Outcome) -> list[HeldPost]:
        return [post for post in self.posts if post.outcome is outcome]

    def followed_by(self, later: HoldReport) -> HoldReport:
        """The same hold with a later report of it, which knows what was not verified before."""
        known = {post.copy.key for post in later.posts}
        before = [
            post
            for post in self.posts
            if post.outcome is not Outcome.UNVERIFIED and post.copy.key not in known
        ]
        posts = sorted((*before, *later.posts), key=lambda post: (post.at, post.copy.key))
        return replace(later, hold=self.hold, posts=tuple(posts), requests=self.requests + later.requests)

    def with_places(self, others: Sequence[HoldReport]) -> HoldReport:
        """The same hold with what the calendar manages by states in other places."""
        if not others:
            return self
        reports = [each.beside((self, *others)) for each in (self, *others)]
        unmanaged = {post.id: post for each in reports for post in each.unmanaged}
        return replace(
            reports[0],
            posts=tuple(sorted((post for each in reports for post in each.posts), key=lambda post: post.at)),
            unmanaged=tuple(unmanaged.values()),
            requests=sum(each.requests for each in reports),
            written=all(each.written for each in reports),
            error=next((each.error for each in reports if each.error is not None), None),
        )

    def beside(self, others: Collection[HoldReport]) -> HoldReport:
        """The same without what the others of the command manage, which is on hold with them.

        What one of them has, exists: only words that none knows are `unknown`. `others` include this one.
        """
        theirs = {post.live.id for other in others for post in other.posts if post.live}
        return replace(
            self,
            unmanaged=tuple(post for post in self.unmanaged if post.id not in theirs),
            unknown=tuple(self._unknown([other.asked for other in others])),
        )

    def _unknown(self, everywhere: Iterable[Asked]) -> Iterable[Unknown]:
        asked = [*everywhere]
        there_are: dict[Kind, Iterable[str]] = {
            "account": (name for each in asked for name in each.accounts),
            "network": (name for each in asked for name in each.networks),
            "label": sorted({name for each in asked for name in each.has_labels}),
        }
        known = {kind: tuple(dict.fromkeys(names)) for kind, names in there_are.items()}
        here = {(word.kind, word.word) for each in asked for word in each.words if word.known}
        for word in self.asked.words:
            if (word.kind, word.word) not in here:
                yield Unknown(word.kind, word.word, known[word.kind], word.left_publer)
        for label in self.asked.labels:
            if label not in known["label"]:
                yield Unknown("label", label, known["label"])

    @property
    def exit_code(self) -> int:
        if self.error is not None:
            return self.error.exit_code
        left = self.of(Outcome.FAILED) or self.of(Outcome.UNVERIFIED) or self.unlabelled or self.unknown
        return 6 if left else 0

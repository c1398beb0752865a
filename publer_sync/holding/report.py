"""What a hold did, as a value."""

from __future__ import annotations

import difflib
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from publer_sync.applying.report import Outcome
from publer_sync.planning.holding import REPEATING
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import folded_labels
from publer_sync.values.errors import NoHoldError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.applying.report import ApplyReport, Result
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.plan import Plan
    from publer_sync.values.model import LivePost


WordKind: TypeAlias = Literal["account", "network", "label"]


@dataclass(frozen=True, slots=True)
class Word:
    """An account or a network that the command names. `known`: it narrows the hold; `left_publer`: publer.yaml alone has it."""

    kind: WordKind
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

    kind: WordKind
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


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """By time, what Publer publishes again and again first."""

    def key(result: Result) -> tuple[bool, datetime, int]:
        live = result.change.live
        return live is None or live.family not in REPEATING, result.change.at, _key(result)

    return tuple(sorted(results, key=key))


def _key(result: Result) -> int:
    return result.change.copy.key if result.change.copy else 0


@dataclass(frozen=True, slots=True)
class HoldReport:
    """What was `done` of the plan: NOT_TRIED where nothing was to be changed. `unmanaged` are not managed here, in scope, and published anyway.

    The results of both are in order of time, what repeats first.
    """

    plan: Plan
    """Without a hold where nothing was put on hold: what the command names is not here."""
    done: ApplyReport
    unmanaged: tuple[LivePost, ...] = ()
    written: bool = True
    unlabelled: tuple[Result, ...] = ()
    """Made in Publer and adopted, on accounts of a hold by label: neither the calendar nor Publer shows their labels."""
    asked: Asked = field(default_factory=Asked)
    unknown: tuple[Unknown, ...] = ()
    protects_edits: bool = True
    """Whether release asks about what someone edited in Publer, instead of putting back the calendar's version."""
    name_here: str | None = None
    """What the files call it, where its state has another name."""
    place: str | None = None
    """Where the state is, where that is not the place that the command chose."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Their aliases, by id."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call each account, by id: its alias, or its name where the settings do not have it."""
    theirs: Mapping[str, str] = field(default_factory=dict)
    """Which other calendar manages an unmanaged post, by the post's id, where it is known."""

    @property
    def hold(self) -> Hold | None:
        return next(iter(self.plan.holds), None)

    @property
    def in_force(self) -> bool:
        """Whether the hold is written where an apply sees it, or waits to be."""
        return not isinstance(self.done.error, NoHoldError)

    def followed_by(self, later: HoldReport) -> HoldReport:
        """The same hold with a later report of it, which knows what was not verified before."""
        known = {_key(result) for result in later.done.results}
        before = [
            result
            for result in self.done.results
            if result.outcome is not Outcome.UNVERIFIED and _key(result) not in known
        ]
        done = replace(
            later.done,
            results=in_order([*before, *later.done.results]),
            requests=self.done.requests + later.done.requests,
        )
        return replace(later, plan=self.plan, done=done)

    def with_places(self, others: Sequence[HoldReport]) -> HoldReport:
        """The same hold with what the calendar manages by states in other places."""
        if not others:
            return self
        reports = [each.beside((self, *others)) for each in (self, *others)]
        unmanaged = {post.id: post for each in reports for post in each.unmanaged}
        unlabelled = {result.post_id: result for each in reports for result in each.unlabelled}
        done = replace(
            self.done,
            results=in_order([result for each in reports for result in each.done.results]),
            requests=sum(each.done.requests for each in reports),
            error=next((each.done.error for each in reports if each.done.error is not None), None),
        )
        return replace(
            reports[0],
            done=done,
            unmanaged=tuple(unmanaged.values()),
            unlabelled=tuple(unlabelled.values()),
            written=all(each.written for each in reports),
        )

    def beside(self, others: Collection[HoldReport]) -> HoldReport:
        """The same without what the others of the command manage, which is on hold with them.

        What one of them has, exists: only words that none knows are `unknown`. `others` include this one.
        """
        theirs = {result.post_id for other in others for result in other.done.results if result.change.live}
        return replace(
            self,
            unmanaged=tuple(post for post in self.unmanaged if post.id not in theirs),
            unknown=tuple(self._unknown([other.asked for other in others])),
        )

    def _unknown(self, everywhere: Iterable[Asked]) -> Iterable[Unknown]:
        asked = [*everywhere]
        there_are: dict[WordKind, Iterable[str]] = {
            "account": (name for each in asked for name in each.accounts),
            "network": (name for each in asked for name in each.networks),
            "label": sorted({name for each in asked for name in each.has_labels}),
        }
        known = {kind: tuple(dict.fromkeys(names)) for kind, names in there_are.items()}
        here = {(word.kind, word.word) for each in asked for word in each.words if word.known}
        for word in self.asked.words:
            if (word.kind, word.word) not in here:
                yield Unknown(word.kind, word.word, known[word.kind], word.left_publer)
        labels = folded_labels(known["label"])
        for label in self.asked.labels:
            if not folded_labels([label]) <= labels:
                yield Unknown("label", label, known["label"])

    @property
    def exit_code(self) -> int:
        done = self.done
        if done.error is not None:
            return done.error.exit_code
        left = done.of(Outcome.FAILED) or done.of(Outcome.UNVERIFIED) or self.unlabelled or self.unknown
        return 6 if left else 0

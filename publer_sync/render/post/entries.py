"""What a page says about one post, as a value: one entry for all accounts on which the same happens."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.planning.account_changes import account_changes
from publer_sync.planning.plan import (
    Action,
    Adopt,
    Block,
    Create,
    awaited_page,
    intent,
    is_missed,
    is_waiting,
    moved_from,
)
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.measure import NO_TEXT, cut, first_words, quoted, width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.wording import count, sentence
from publer_sync.render.past.outcomes import is_held, result_lines
from publer_sync.render.post.account_changes import differences
from publer_sync.render.post.changed import changed_words
from publer_sync.render.post.fields import edits, everything_said, field_edits, without_utm
from publer_sync.render.post.fixes import Fixes, options_for
from publer_sync.render.post.marks import (
    ACCOUNT,
    BLOCKED,
    EDIT,
    HALFWAY,
    NO_OPTIONS,
    REPLACE,
    ChangeMark,
    mark_of,
    wanted_mark,
)
from publer_sync.render.post.names import Names
from publer_sync.render.post.pieces import old_order, pieces_of, with_old
from publer_sync.render.post.reasons import evidence, reasons, steps, swapping
from publer_sync.render.post.subjects import subject_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from publer_sync.applying.report import ApplyReport, Result
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.render.post.pieces import Piece
    from publer_sync.values.model import Account, Post
    from publer_sync.values.problems import Location

_FEW_WORDS = 60
_MOST = 12
_HOW_MOVED = (
    "An account can't be changed in Publer: the post is created on the new one, and removed from the old one."
)
_HALVES = {
    (
        True,
        True,
    ): "It changes account, and both halves are blocked: it stays on the old one, and is not created on the new one.",
    (
        True,
        False,
    ): "It changes account, and only half of that can be done: it is created on the new one, and stays on the old "
    "one, so both would publish it.",
    (
        False,
        True,
    ): "It changes account, and only half of that can be done: it is removed from the old one, and not created on "
    "the new one, so neither would publish it.",
}
"""By whether its old post stays, and whether the new one waits."""


@dataclass(frozen=True, slots=True)
class PostEntry:
    """Changes with equal entries are shown as one."""

    at: datetime
    mark: ChangeMark
    id: str | None
    text: str
    place: Location | None
    groups: tuple[tuple[str, tuple[Phrase, ...]], ...] = ()
    """What the post says besides its text, by the key of its content."""
    pieces: tuple[Piece, ...] = ()
    """What it shows; of a removed post, what it showed."""
    old_order: tuple[Piece, ...] = ()
    """The pictures as they stood, where only their order changes."""
    link: str = ""
    note: str = ""
    """A note for the team only."""
    page: str = ""
    """The page that has to answer before the post is created."""
    old: datetime | None = None
    """The time before a move."""
    reasons: tuple[Phrase, ...] = ()
    edits: tuple[tuple[str, tuple[Phrase, ...]], ...] = ()
    """What differs, by field."""
    how: str = ""
    changed: tuple[str, ...] = ()
    """What differs, in the public's words."""
    fixes: tuple[Phrase, ...] = ()
    zone: str = ""
    """That of its file."""
    outcome: Outcome | None = None
    lines: tuple[str, ...] = ()
    """What to say about a result that is not simply done."""
    changes: tuple[Change, ...] = field(default=(), compare=False)
    left: tuple[Change, ...] = field(default=(), compare=False)
    """What is removed from other accounts, for each of `changes` that changes account."""

    @property
    def posts(self) -> list[Post]:
        return [change.post for change in self.changes if change.post]

    @property
    def happening(self) -> str:
        """What happens to it: the mark's word, or what differs, in the public's words."""
        if self.mark in (REPLACE, EDIT, ACCOUNT, HALFWAY) and self.changed:
            named = (self.mark.word,) if self.mark in (ACCOUNT, HALFWAY) else ()
            return ", ".join(named + self.changed)
        return self.mark.word

    @property
    def needs_someone(self) -> bool:
        """Not all of it is done by apply."""
        return self.mark.stuck or self.mark is HALFWAY

    @property
    def details(self) -> list[Phrase]:
        return [phrase for _, phrases in self.groups for phrase in phrases]

    def added(self, *, whole: bool) -> str:
        """What is sent beyond what is written."""
        return added(self.posts, whole=whole)

    @property
    def accounts(self) -> str:
        """`linkedin, x`; of a change of account `ingrid → aurelo`."""
        now = ", ".join(alias_of(change.account) for change in self.changes)
        return f"{', '.join(alias_of(left.account) for left in self.left)} → {now}" if self.left else now

    def title(self, columns: int, *, words_first: bool = False) -> str:
        """What a person knows the post by: its id, else its first words, else what it shows."""
        if words_first and self.text.strip():
            return first_words(self.text, columns)
        if self.id:
            return cut(one_line(self.id), columns)
        if self.text.strip():
            return quoted(self.text, min(columns - 2, 52))
        return cut("".join(span.text for span in self.details[0]), columns) if self.details else NO_TEXT

    @property
    def glance(self) -> list[str]:
        """The details, a few words each."""
        words = ["".join(span.text for span in phrase) for phrase in self.details[:_MOST]]
        words = [text if "://" in text else cut(text, _FEW_WORDS) for text in words]
        more = len(self.details) - _MOST
        return [*words, *([f"and {more} more"] if more > 0 else []), *([self.length] if self.length else [])]

    @property
    def length(self) -> str:
        return tightest(self.posts)


def plan_entries(
    changes: Iterable[Change], plan: Plan, dates: Dates, *, allow: Allow = NO_OPTIONS, whole: bool
) -> list[PostEntry]:
    """`whole`: with all of a text, even where only a little differs."""
    swaps, fixes, changes = swapping(plan), Fixes(plan.changes), [*changes]
    moving = account_changes(changes)
    leaving = set(map(id, moving.values()))
    return _together(
        (
            _moving(change, moving[id(change)], plan, dates, allow, fixes, whole=whole)
            if id(change) in moving
            else _entry(change, plan, dates, allow, fixes, swaps=id(change) in swaps, whole=whole),
            change,
        )
        for change in changes
        if id(change) not in leaving
    )


def report_entries(report: ApplyReport, outcomes: Collection[Outcome]) -> list[PostEntry]:
    """Where the run ended early, what was not tried because of that is left out."""
    pairs, dates = [], Dates.of_report(report)
    fixes = Fixes(result.change for result in report.results)
    results = {id(result.change): result for result in report.results}
    moved = account_changes(result.change for result in report.results)
    comes = {id(left): create for create, left in moved.items()}
    for result in report.results:
        change, not_tried = result.change, result.outcome is Outcome.NOT_TRIED
        create, left = results.get(comes.get(id(change), 0)), results.get(id(moved.get(id(change))))
        if create is not None and _is_one(create, result):
            continue
        if result.outcome not in outcomes or (report.error and not_tried and not is_held(result)):
            continue
        entry = replace(
            _subject(change, wanted_mark(change), Names(change.post)),
            outcome=result.outcome,
            lines=tuple(result_lines(result)),
            reasons=tuple(evidence(change, dates)) if not_tried else (),
            fixes=tuple(fixes.of(change)) if not_tried else (),
        )
        if left is not None and _is_one(result, left):
            entry = replace(entry, mark=ACCOUNT, left=(left.change,))
            if result.outcome is not Outcome.APPLIED:
                entry = replace(entry, lines=(*entry.lines, *_kept_lines(left)))
        elif (other := create or left) is not None:
            entry = replace(entry, lines=(*entry.lines, *_half_lines(other)))
        pairs.append((entry, change))
    return _together(pairs)


def _is_one(create: Result, left: Result) -> bool:
    """Whether a change of account is told in one line: it was done, or what is there stayed as it was."""
    if create.outcome is Outcome.APPLIED:
        return left.outcome is Outcome.APPLIED
    return left.outcome is Outcome.NOT_TRIED


def _kept_lines(left: Result) -> list[str]:
    return [f"It stays on {alias_of(left.change.account)}, its old account."]


def _half_lines(other: Result) -> list[str]:
    """What of a change of account is done, where the other half is not."""
    if other.outcome is not Outcome.APPLIED:
        return []
    where = alias_of(other.change.account)
    if other.change.post is not None:
        return [f"It was created on {where}, its new account, so both have it."]
    return [f"It was removed from {where}, its old account, so neither has it."]


def _together(pairs: Iterable[tuple[PostEntry, Change]]) -> list[PostEntry]:
    groups: dict[PostEntry, list[Change]] = {}
    left: dict[PostEntry, list[Change]] = {}
    for entry, change in pairs:
        groups.setdefault(entry, []).append(change)
        left.setdefault(entry, []).extend(entry.left)
    return [
        replace(entry, changes=tuple(changes), left=tuple(left[entry])) for entry, changes in groups.items()
    ]


def _subject(change: Change, mark: ChangeMark, names: Names) -> PostEntry:
    post = change.post
    if post is None:
        sent = change.copy.sent if change.copy else Content()
        return PostEntry(
            change.at,
            mark,
            change.id,
            text_of(change),
            None,
            tuple(everything_said(sent, names).items()),
            pieces_of(sent, {}, names),
            link=sent.link.url if sent.link else "",
        )
    of = subject_of(post, names)
    written = post.as_written
    return PostEntry(
        change.at,
        mark,
        change.id,
        of.text,
        of.place,
        of.groups,
        with_old(of.pieces, change.diff),
        old_order(of.pieces, change.diff),
        written.link.url if written.link else "",
        of.note,
        awaited_page(change),
        zone=post.zone,
    )


def _entry(
    change: Change, plan: Plan, dates: Dates, allow: Allow, fixes: Fixes, *, swaps: bool, whole: bool
) -> PostEntry:
    mark, names = mark_of(change, allow), Names(change.post, plan.names, dates)
    entry = _subject(change, mark, names)
    wanted = intent(change)
    told: list[Phrase] = []
    edited = mark.stuck and Block.EDITED in change.blocks
    differs = wanted.action in (Action.UPDATE, Action.REPLACE) and not edited
    if change.action is Action.BLOCKED:
        told = reasons(change, dates, whole=whole)
        if not mark.stuck:
            told.append((Span(f"Allowed by {' '.join(options_for(change))}."),))
        elif differs or (wanted.action is Action.DELETE and not edited):
            told.append((Span(f"Wanted: {wanted_mark(change).word}."),))
    elif (
        change.action in (Action.DELETE, Action.RECREATE, Action.HELD)
        or is_missed(change)
        or is_waiting(change)
        or (isinstance(change, Create) and change.copy is not None)
    ):
        told = [(Span(sentence(change.reason)),)]
    how = ""
    if change.action is Action.ADOPT:
        how = "Already in Publer; managed here from now on. Nothing is sent."
        if isinstance(change, Adopt) and change.on_hold:
            how = sentence(change.reason)
    elif differs and wanted.action is Action.REPLACE:
        how = steps(wanted, swaps=swaps)
    return replace(
        entry,
        old=moved_from(wanted) if differs else None,
        reasons=tuple(told),
        edits=tuple(edits(wanted, names, whole=whole).items()) if differs else (),
        changed=changed_words(without_utm(wanted.diff, change.post), names) if differs else (),
        how=how,
        fixes=tuple(fixes.of(change)) if mark.stuck else (),
    )


def _moving(
    create: Change, left: Change, plan: Plan, dates: Dates, allow: Allow, fixes: Fixes, *, whole: bool
) -> PostEntry:
    """What changes account, with everything else that differs; with what is blocked of it, and what comes of that."""
    names = Names(create.post, plan.names, dates)
    stays, waits = (mark_of(half, allow).stuck for half in (left, create))
    mark = BLOCKED if stays and waits else HALFWAY if stays or waits else ACCOUNT
    entry = _subject(create, mark, names)
    diff = without_utm(differences(left, create), create.post)
    halves = [half for half in (left, create) if half.action is Action.BLOCKED]
    told: list[Phrase] = [(Span(_HALVES[stays, waits]),)] if stays or waits else []
    for half in halves:
        told += reasons(half, dates, whole=whole)
        if not mark_of(half, allow).stuck:
            told.append((Span(f"Allowed by {' '.join(options_for(half))}."),))
    return replace(
        entry,
        pieces=with_old(entry.pieces, diff),
        old_order=old_order(entry.pieces, diff),
        old=left.at if left.at != create.at else None,
        changed=(*(("time",) if left.at != create.at else ()), *changed_words(diff, names)),
        reasons=tuple(told),
        edits=tuple(field_edits(diff, names, moved=True, whole=whole).items()),
        how="" if stays or waits else _HOW_MOVED,
        fixes=tuple(phrase for half in halves if mark_of(half, allow).stuck for phrase in fixes.of(half)),
        left=(left,),
    )


def added(posts: Sequence[Post], *, whole: bool, keys: Collection[str] = ()) -> str:
    """What is sent beyond what is written, of all keys or of some, each part with the accounts it is for, if not for all."""
    parts: dict[str, dict[str, list[str]]] = {"append": {}, "hashtags": {}}
    for post in posts:
        for key, words in post.written.added if post.written else ():
            if not keys or key in keys:
                part = quoted(words, width(words) if whole else _FEW_WORDS) if key == "append" else words
                names = parts.setdefault(words.partition("=")[0] if key == "utm" else key, {})
                names.setdefault(part, []).append(alias_of(post.account))
    told = [
        part if len(names) == len(posts) else f"{part} ({', '.join(names)})"
        for of_one in parts.values()
        for part, names in of_one.items()
    ]
    return f"added: {', '.join(told)}" if told else ""


def alias_of(account: Account) -> str:
    return one_line(account.alias or account.name)


def text_of(change: Change) -> str:
    """The words of the post a change is about: the calendar's, else Publer's, else what was last sent."""
    if change.post is not None:
        return change.post.text
    if change.live is not None:
        return change.live.text
    return change.copy.text if change.copy else ""


def tightest(posts: Sequence[Post]) -> str:
    """How much of its limit the text takes where it takes most: `58 of 280 characters on x`, without `on` for one post.

    "" where there is no limit, or where it takes more, which validate has reported.
    """
    used = [(*found, alias_of(post.account)) for post in posts if (found := _length(post))]
    if not used:
        return ""
    taken, limit, unit, alias = max(used, key=lambda item: item[0] / max(item[1], 1))
    where = f" on {alias}" if len(posts) > 1 else ""
    return f"{taken:,} of {count(limit, unit, unit)}{where}"


def _length(post: Post) -> tuple[int, int, str] | None:
    from publer_sync.networks.counting import count as counted
    from publer_sync.networks.counting import limit_of
    from publer_sync.networks.table import NETWORKS

    if not post.text or post.account.provider not in NETWORKS:
        return None
    limit, spoiler = limit_of(post.account, post.content), post.content.network.get("spoiler_text")
    length = counted(post.text, post.account.provider, limit=limit, spoiler=str(spoiler or ""))
    return None if length.over else (length.used, length.limit, length.unit)

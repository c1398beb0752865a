"""The plan for a terminal: what matters comes last, and nothing is said by colour alone."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from publer_sync.planning.plan import Action, Block, intent, is_missed, is_waiting
from publer_sync.printable import one_line
from publer_sync.render import glimpses, marks
from publer_sync.render.dates import Dates, utc
from publer_sync.render.edits import edits, everything_said
from publer_sync.render.measure import cut, first_words, pad, quoted, width
from publer_sync.render.names import Names
from publer_sync.render.overview import header_figures, limit_exceeded, nothing_to_do, too_late, warnings_of
from publer_sync.render.phrases import Span
from publer_sync.render.reasons import fixes, reasons, steps, swapping
from publer_sync.render.terminal import INDENT, PLAIN, Screen, TerminalPage
from publer_sync.render.wording import count, listing, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.planning.plan import Change, Plan, Refusal, Warn

_MANY_ADOPTED = 5
_OF_A_KIND = 10
"""Warnings of one code that are listed without -v."""
_ACTION = 12
"""Columns of the sign and the word."""


def plan(
    plan: Plan, *, screen: Screen = PLAIN, verbose: bool = False, command: str = "publer-sync apply"
) -> str:
    """The plan for people. `verbose` cuts nothing and lists what stays too; without `command` no next step is named."""
    page = _TextPlan(plan, screen, verbose=verbose, command=command)
    shown = marks.shown_changes(plan)
    adopted = [change for change in shown if change.action is Action.ADOPT]
    folded = adopted if len(adopted) > _MANY_ADOPTED and not verbose else []
    if shown or verbose:
        page.header()
    for warn in plan.warnings:
        if warn.code == "no_state":
            page.say(sentence(warn.message), 0)
            page.lines.append("")
    if folded:
        page.folded(folded)
    rows = plan.changes if verbose else shown
    page.days([change for change in rows if not (folded and change.action is Action.ADOPT)])
    page.refusals(plan.refusals)
    page.warnings(warnings_of(plan, page.dates))
    page.closing(shown, next_step=bool(command))
    return page.text()


def account_column(changes: Iterable[Change]) -> int:
    return min(max([11, *(width(glimpses.alias_of(change.account)) + 2 for change in changes)]), 26)


def where_and_what(change: Change, column: int, room: int) -> str:
    """The columns of a row from the account on, in `room` or a little more."""
    alias = pad(cut(glimpses.alias_of(change.account), column - 2), column)
    return f"{alias}{_title(change, max(30, min(room - column, 60)))}".rstrip()


def _title(change: Change, room: int) -> str:
    if change.id:
        return cut(one_line(change.id), room)
    text = glimpses.text_of(change)
    return (
        quoted(text, min(room - 2, 52)) if text.strip() else next(iter(glimpses.details(change)), "(no text)")
    )


class _TextPlan(TerminalPage):
    def __init__(self, plan: Plan, screen: Screen, *, verbose: bool, command: str) -> None:
        super().__init__(Dates.around(plan.timezone, plan.created_at), screen, command)
        self.plan = plan
        self.verbose = verbose
        self.swapping = swapping(plan)

    def header(self) -> None:
        plan, dates = self.plan, self.dates
        name = one_line(plan.workspace.name)
        if plan.calendar not in ("calendar", plan.workspace.name):
            name += f" · {one_line(plan.calendar)}"
        now = dates.local(plan.created_at)
        clock = f"{dates.day(plan.created_at)} {now.year} {now:%H:%M}"
        figures = f"  {header_figures(plan)}   times: {dates.name}   now: {clock}"
        self.phrase((Span(name, "strong"), Span(figures)), 0)
        self.lines.append("")

    def folded(self, changes: Sequence[Change]) -> None:
        by_account = Counter(glimpses.alias_of(change.account) for change in changes)
        where = ", ".join(f"{number:,} on {alias}" for alias, number in sorted(by_account.items()))
        words = f"{count(len(changes), 'post')} already in Publer ({where}); nothing is sent. -v lists them."
        self.beside(self.paint(pad("= adopt", _ACTION), marks.ADOPT.color), _ACTION, (Span(words),))
        self.lines.append("")

    def days(self, changes: Sequence[Change]) -> None:
        column = account_column(changes)
        for day, group in groupby(changes, key=lambda change: self.dates.day(change.at)):
            self.lines.append(self.paint(day, "bold"))
            for change in group:
                mark = marks.mark_of(change)
                head = f"{mark.sign} {mark.word}".rstrip()
                gap = " " * (_ACTION - width(head))
                time = pad(self.dates.time(change.at), 7)
                self.lines.append(
                    f"{self.paint(head, mark.color)}{gap}{time}{where_and_what(change, column, self.screen.width - INDENT)}"
                )
                self.body(change)
            self.lines.append("")

    def body(self, change: Change) -> None:
        match change.action:
            case Action.CREATE:
                self.content(change)
            case Action.ADOPT:
                self.say("Already in Publer; managed here from now on. Nothing is sent.")
                if self.verbose:
                    self.content(change)
            case Action.UPDATE | Action.REPLACE:
                self.edits(change)
                if self.verbose:
                    self.content(change)
            case Action.BLOCKED:
                self.blocked(change)
            case Action.DELETE | Action.RECREATE:
                self.say(sentence(change.reason))
                if self.verbose:
                    self.content(change)
            case Action.PAST | Action.UNCHANGED | Action.PENDING:
                if is_missed(change) or is_waiting(change):
                    self.say(sentence(change.reason))
        for phrase in fixes(change):
            self.phrase(phrase)
        if self.verbose:
            self.particulars(change)

    def content(self, change: Change) -> None:
        """What a post says: in short, or every word that the public will read."""
        text = glimpses.text_of(change).strip()
        in_title = not change.id and first_words(text, 52) == text
        if text and (self.verbose or not in_title):
            self.lines += self.screen.text_lines(text, most=None if self.verbose else 2)
        names = Names(change.post, self.plan.names)
        if not self.verbose:
            self.say(" · ".join(glimpses.details(change, names)), dim=True)
        elif change.post is not None:
            for phrase in everything_said(change.post.content, names):
                self.phrase(phrase, dim=True)
            self.say(glimpses.length_of(change.post) or "", dim=True)

    def edits(self, change: Change) -> None:
        names = Names(change.post, self.plan.names)
        for phrase in edits(change, self.dates, names, whole=self.verbose):
            self.phrase(phrase)
        if change.action is Action.REPLACE:
            self.say(steps(change, swaps=id(change) in self.swapping))

    def blocked(self, change: Change) -> None:
        for phrase in reasons(change, self.dates, whole=self.verbose):
            self.phrase(phrase)
        if Block.EDITED not in change.blocks and intent(change).action in (Action.UPDATE, Action.REPLACE):
            self.say(f"Wanted: {marks.wanted_mark(change).word}.")
            self.edits(change)
        if self.verbose:
            self.content(change)

    def particulars(self, change: Change) -> None:
        parts = [utc(change.at)]
        parts += [str(change.post.location)] if change.post is not None else []
        parts += [f"Publer's id {change.live.id}"] if change.live is not None else []
        self.say(" · ".join(map(one_line, parts)), dim=True)

    def refusals(self, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            head = Span("apply would refuse this plan:", "alarm")
            self.phrase((head, Span(f" {limit_exceeded(refusal)}")), 0)
            self.phrase((Span("If you mean it: "), Span("", options=(refusal.allow,))), 2)
            self.lines.append("")

    def warnings(self, warnings: Sequence[Warn]) -> None:
        if not warnings:
            return
        self.lines.append(self.paint(count(len(warnings), "warning"), "yellow"))
        told, rest = (warnings, 0) if self.verbose else _of_each(warnings)
        places = [one_line(str(warn.location)) if warn.location else "" for warn in told]
        column = min(max(map(width, places)), 34)
        for warn, place in zip(told, places, strict=True):
            head = f"  {pad(place, column)}   " if column else "  "
            phrase = (Span(one_line(warn.message)), Span(f"  {one_line(warn.code)}", "dim"))
            self.beside(head, column + 5 if column else 2, phrase)
        if rest:
            self.lines.append(f"  … and {rest:,} more of the same kinds; -v lists them.")
        self.lines.append("")

    def closing(self, shown: Sequence[Change], *, next_step: bool) -> None:
        plan = self.plan
        if not shown:
            kept = [part for part in marks.kept_totals(plan) if not part.endswith("unchanged")]
            self.say(nothing_to_do(plan, self.dates), 0)
            self.say(listing(kept), 0)
            return
        totals = Span(listing([words for _, words in marks.totals(shown)]), "strong")
        self.phrase((totals, Span(f"  {listing(marks.kept_totals(plan))}")), 0)
        if plan.apply_by is not None:
            when = Span(self.dates.both(plan.apply_by), "strong")
            self.phrase((Span("Apply by "), when, Span(f", {too_late(plan)}.")), 0)
        if next_step:
            tried = any(change.action not in (Action.BLOCKED, Action.RECREATE) for change in plan.listed)
            step = f" To apply it: {self.command}" if tried and not plan.refusals else ""
            self.lines.append(f"Nothing has been changed.{step}")


def _of_each(warnings: Iterable[Warn]) -> tuple[list[Warn], int]:
    """Some of each code, and how many are left out."""
    seen: Counter[str] = Counter()
    told, rest = [], 0
    for warn in warnings:
        seen[warn.code] += 1
        if seen[warn.code] <= _OF_A_KIND:
            told.append(warn)
        else:
            rest += 1
    return told, rest

"""The plan for a terminal: what matters comes last, and nothing is said by colour alone."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from publer_sync.printable import one_line
from publer_sync.render import marks
from publer_sync.render.dates import Dates, utc
from publer_sync.render.entries import alias_of, plan_entries, posts_among
from publer_sync.render.measure import first_words, pad, width
from publer_sync.render.overview import (
    big_effort,
    header_figures,
    limit_exceeded,
    nothing_to_do,
    too_late,
    warnings_of,
)
from publer_sync.render.phrases import Span
from publer_sync.render.terminal import INDENT, PLAIN, Screen, TerminalPage
from publer_sync.render.wording import count, listing, post_count, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.applying.run import Allow
    from publer_sync.planning.plan import Change, Plan, Warn
    from publer_sync.render.entries import PostEntry

MANY_ADOPTED = 5
_TITLE = 25
"""Columns for a post's name; where there are fewer, it has a line of its own."""
_OF_A_KIND = 10
"""Warnings of one code that are listed without -v."""


def plan(
    plan: Plan,
    *,
    screen: Screen = PLAIN,
    verbose: bool = False,
    command: str = "publer-sync apply",
    allow: Allow = marks.NO_OPTIONS,
    part: Sequence[Change] | None = None,
) -> str:
    """The plan for people. `verbose` cuts nothing and lists what stays too; without `command` no next step is named.

    `allow` are the options that apply has already. `part`: list these changes alone; all else is about the whole plan.
    """
    page = _TextPlan(plan, screen, verbose=verbose, command=command)
    shown = marks.shown_changes(plan)
    entries = plan_entries(plan.changes if verbose else shown, plan, page.dates, allow=allow, whole=verbose)
    if shown or verbose:
        page.header()
    for warn in plan.warnings:
        if warn.code == "no_state":
            page.say(sentence(warn.message), 0)
            page.lines.append("")
    told = entries if part is None else plan_entries(part, plan, page.dates, allow=allow, whole=verbose)
    adopted = [entry for entry in entries if entry.mark is marks.ADOPT]
    if part is None and len(adopted) > MANY_ADOPTED and not verbose:
        page.folded(adopted)
        told = [entry for entry in entries if entry.mark is not marks.ADOPT]
    page.days(told)
    page.refusals()
    page.warnings(warnings_of(plan, page.dates))
    posts = posts_among(entry for entry in entries if entry.mark.emoji)
    page.closing([marks.mark_of(change, allow) for change in shown], posts, next_step=bool(command))
    return page.text()


class EntryPage(TerminalPage):
    """Entries in rows: the heads in `columns`, the account, and the post's name."""

    def rows(self, entries: Sequence[PostEntry], *, columns: int) -> Iterable[PostEntry]:
        """Write a day's heading and each entry's row; the caller adds what stands below."""
        account = min(max([11, *(width(entry.accounts) + 2 for entry in entries)]), 26)
        for day, group in groupby(entries, key=lambda entry: self.dates.day(entry.at)):
            self.lines.append(self.paint(day, "bold"))
            for entry in group:
                where = pad(entry.accounts, account - 2) + "  "
                room = self.screen.width - columns - width(where)
                title = entry.title(60 if room < _TITLE else min(room, 60))
                self.beside(self.head(entry), columns, (Span(where + (title if room >= _TITLE else "")),))
                self.say("" if room >= _TITLE else title)
                yield entry
            self.lines.append("")

    def head(self, entry: PostEntry) -> str:
        """The sign and the word, then the time."""
        sign = f"{entry.mark.sign} {entry.mark.word}".rstrip()
        return f"{self.paint(sign, entry.mark.color)}{' ' * (12 - width(sign))}{pad(self.dates.time(entry.at), 7)}"


class _TextPlan(EntryPage):
    def __init__(self, plan: Plan, screen: Screen, *, verbose: bool, command: str) -> None:
        super().__init__(Dates.around(plan.timezone, plan.created_at), screen, command)
        self.plan = plan
        self.verbose = verbose

    def header(self) -> None:
        plan, dates = self.plan, self.dates
        now = dates.local(plan.created_at)
        clock = f"{dates.day(plan.created_at)} {now.year} {now:%H:%M}"
        facts = (header_figures(plan), f"times: {dates.name}", f"now: {clock}")
        self.heading(plan.workspace.name, plan.calendar, *facts)
        self.lines.append("")

    def folded(self, entries: Sequence[PostEntry]) -> None:
        by_account = Counter(alias_of(change.account) for entry in entries for change in entry.changes)
        where = ", ".join(f"{number:,} on {alias}" for alias, number in sorted(by_account.items()))
        posts = count(by_account.total(), "post")
        words = f"{posts} already in Publer ({where}); nothing is sent. -v lists them."
        self.beside(self.paint(pad("= adopt", 12), marks.ADOPT.color), 12, (Span(words),))
        self.lines.append("")

    def days(self, entries: Sequence[PostEntry]) -> None:
        for entry in self.rows(entries, columns=INDENT):
            if entry.old is not None:
                self.say(f"{self.dates.both(entry.old)} → {self.dates.both(entry.at)}")
            for phrase in (*entry.reasons, *(phrase for _, phrases in entry.edits for phrase in phrases)):
                self.phrase(phrase)
            self.say(entry.how)
            if entry.mark in (marks.NEW, marks.AGAIN) or (self.verbose and entry.mark.emoji):
                self.content(entry)
            for phrase in entry.fixes:
                self.phrase(phrase)
            if entry.note:
                self.say(f"note: {one_line(entry.note)}", dim=True)
            if self.verbose:
                self.particulars(entry)

    def content(self, entry: PostEntry) -> None:
        """What a post says: in short, or every word that the public will read."""
        text = entry.text.strip()
        in_title = not entry.id and first_words(text, 52) == text
        if text and (self.verbose or not in_title):
            self.lines += self.screen.text_lines(text, most=None if self.verbose else 2)
        if self.verbose:
            for phrase in entry.details:
                self.phrase(phrase, dim=True)
            self.say(entry.added(whole=True), dim=True)
            self.say(entry.length, dim=True)
        else:
            self.say(" · ".join(entry.glance), dim=True)
            self.say(entry.added(whole=False), dim=True)

    def particulars(self, entry: PostEntry) -> None:
        parts = [utc(entry.at), *([str(entry.place)] if entry.place else [])]
        ids = [change.live.id for change in entry.changes if change.live is not None]
        parts += [f"Publer's id {', '.join(ids)}"] if ids else []
        self.say(" · ".join(map(one_line, parts)), dim=True)

    def refusals(self) -> None:
        for refusal in self.plan.refusals:
            head = Span("apply would refuse this plan:", "alarm")
            self.phrase((head, Span(f" {limit_exceeded(refusal)}")), 0)
            self.phrase((Span("If you mean it: "), Span("", options=(refusal.allow,))), 2)
            self.lines.append("")

    def warnings(self, warnings: Sequence[Warn]) -> None:
        if not warnings:
            return
        self.lines.append(self.paint(count(len(warnings), "warning"), "yellow"))
        seen: Counter[str] = Counter()
        told = []
        for warn in warnings:
            seen[warn.code] += 1
            if self.verbose or seen[warn.code] <= _OF_A_KIND:
                told.append((warn, one_line(str(warn.location)) if warn.location else ""))
        column = min(max(width(place) for _, place in told), 34)
        for warn, place in told:
            head = f"  {pad(place, column)}   " if column else "  "
            run = (Span(" "), Span(one_line(warn.command), "code")) if warn.command else ()
            phrase = (Span(one_line(warn.message)), *run, Span(f"  {one_line(warn.code)}", "dim"))
            self.beside(head, column + 5 if column else 2, phrase)
        if rest := len(warnings) - len(told):
            self.lines.append(f"  … and {rest:,} more of the same kinds; -v lists them.")
        self.lines.append("")

    def closing(self, shown: Sequence[marks.ChangeMark], posts: int, *, next_step: bool) -> None:
        plan = self.plan
        if not shown:
            kept = [part for part in marks.kept_totals(plan) if not part.endswith("unchanged")]
            self.say(nothing_to_do(plan, self.dates), 0)
            self.say(listing(kept), 0)
            return
        across = f"{post_count(posts, len(shown))}: " if posts < len(shown) else ""
        totals = Span(f"{across}{listing([words for _, words in marks.totals(shown)])}", "strong")
        self.phrase((totals, Span(f"  {listing(marks.kept_totals(plan))}")), 0)
        if plan.apply_by is not None:
            when = Span(self.dates.both(plan.apply_by), "strong")
            self.phrase((Span("Apply by "), when, Span(f", {too_late(plan)}.")), 0)
        if next_step:
            self.say(big_effort([plan]), 0)
            step = (Span(" To apply it: "), Span(self.command, "code"))
            doable = not plan.refusals and not all(mark.stuck for mark in shown)
            self.phrase((Span("Nothing has been changed."), *(step if doable else ())), 0)

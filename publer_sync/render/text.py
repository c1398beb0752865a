"""The plan for a terminal, what apply asks about it, and what it did. What matters comes last; colour alone says nothing."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.planning.effort import effort_of
from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.measure import first_words, pad, quoted, width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import INDENT, PLAIN, Screen, TerminalPage
from publer_sync.render.layout.wording import count, listing, post_count, sentence
from publer_sync.render.overview import (
    big_effort,
    deadline,
    nothing_to_do,
    warnings_of,
)
from publer_sync.render.past.outcomes import (
    AGAIN,
    WORDS,
    apply_again,
    cost,
    ending_lines,
    note_lines,
    remark_lines,
    warning_lines,
)
from publer_sync.render.post import marks, tally
from publer_sync.render.post.entries import plan_entries, report_entries
from publer_sync.render.post.subjects import figures
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.applying.report import ApplyReport
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.notes import Warn
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.layout.terminal import Apply
    from publer_sync.render.post.entries import PostEntry

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
    apply: Apply | None = None,
    allow: Allow = marks.NO_OPTIONS,
    part: Sequence[Change] | None = None,
    next_step: bool = True,
) -> str:
    """The plan for people. `verbose` cuts nothing and lists what stays too; without `command` or `next_step` none is named.

    `apply` says how people apply with options, if not by `command`. `allow` are the options that apply has already. `part`: list these changes alone; all else is about the whole plan.
    """
    page = _TextPlan(plan, screen, verbose=verbose, command=command, apply=apply)
    shown = marks.shown_changes(plan)
    entries = plan_entries(plan.changes if verbose else shown, plan, page.dates, allow=allow, whole=verbose)
    if shown or verbose:
        page.header()
    for warn in plan.warnings:
        if warn.code == "no_state" and plan.ended_by is None:
            page.say(sentence(warn.message), 0)
            page.lines.append("")
    told = entries if part is None else plan_entries(part, plan, page.dates, allow=allow, whole=verbose)
    adopted = [entry for entry in entries if entry.mark is marks.ADOPT]
    if part is None and len(adopted) > MANY_ADOPTED and not verbose:
        page.folded(adopted)
        told = [entry for entry in entries if entry.mark is not marks.ADOPT]
    page.days(told)
    page.ended()
    page.refusals()
    ended = plan.ended_by
    page.warnings([warn for warn in warnings_of(plan, page.dates) if warn is not ended])
    page.closing([entry for entry in entries if entry.mark.emoji], next_step=next_step and bool(command))
    return page.text()


class EntryPage(TerminalPage):
    """Entries in rows: the heads in `columns`, the account, and the post's name."""

    def rows(self, entries: Sequence[PostEntry], *, columns: int) -> Iterable[PostEntry]:
        """Write a day's heading and each entry's row; the caller adds what goes below."""
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
    def __init__(
        self, plan: Plan, screen: Screen, *, verbose: bool, command: str, apply: Apply | None
    ) -> None:
        super().__init__(Dates.around(plan.timezone, plan.created_at), screen, command, apply)
        self.plan = plan
        self.verbose = verbose

    def header(self) -> None:
        plan, dates = self.plan, self.dates
        now = dates.local(plan.created_at)
        clock = f"{dates.day(plan.created_at)} {now.year} {now:%H:%M}"
        posts = figures(change.post for change in plan.changes if change.post)
        facts = (posts, f"times: {dates.name}", f"now: {clock}")
        self.heading(plan.workspace.name, plan.calendar, *facts)
        self.lines.append("")

    def folded(self, entries: Sequence[PostEntry]) -> None:
        posts = post_count(len(entries), tally.accounts_of(entries))
        words = f"{posts} already in Publer; nothing is sent. -v lists them."
        self.beside(self.paint(pad("= adopt", 12), marks.ADOPT.color), 12, (Span(words),))
        self.lines.append("")

    def days(self, entries: Sequence[PostEntry]) -> None:
        for entry in self.rows(entries, columns=INDENT):
            if entry.old is not None:
                self.say(f"{self.dates.both(entry.old)} → {self.dates.both(entry.at)}")
            self.say(self.dates.beside_both(entry.old, entry.at, entry.zone))
            for phrase in (*entry.reasons, *(phrase for _, phrases in entry.edits for phrase in phrases)):
                self.phrase(phrase)
            self.say(entry.how)
            if entry.mark in (marks.NEW, marks.AGAIN) or (self.verbose and entry.mark.emoji):
                self.content(entry)
            for phrase in entry.fixes:
                self.phrase(phrase)
            if entry.page:
                self.say(f"created once {one_line(entry.page)} answers")
            if entry.note:
                self.say(f"note: {one_line(entry.note)}", dim=True)
            if self.verbose:
                self.particulars(entry)

    def content(self, entry: PostEntry) -> None:
        """What a post says: in short, or every word that the public will read."""
        text = entry.text.strip()
        in_title = not entry.id and first_words(text, 52) == text
        if self.verbose or not in_title:
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
        parts += dict.fromkeys(post.counted.written for post in entry.posts if post.counted)
        ids = [change.live.id for change in entry.changes if change.live is not None]
        parts += [f"Publer's id {', '.join(ids)}"] if ids else []
        self.say(" · ".join(map(one_line, parts)), dim=True)

    def ended(self) -> None:
        if (warn := self.plan.ended_by) is not None:
            run = (Span(" "), Span(one_line(warn.command), "code")) if warn.command else ()
            self.phrase(
                (Span("apply would end with an error:", "alarm"), Span(f" {one_line(warn.message)}"), *run), 0
            )
            self.lines.append("")

    def refusals(self) -> None:
        for refusal in self.plan.refusals:
            head = Span("apply would refuse this plan:", "alarm")
            self.phrase((head, Span(f" {tally.over_limit(refusal, self.plan)}")), 0)
            repair = tally.repair_of(refusal, self.plan)
            way = Span(repair, "code") if repair else Span("", options=(refusal.allow,))
            self.phrase((Span("Bring it back: " if repair else "If you mean it: "), way), 2)
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

    def closing(self, shown: Sequence[PostEntry], *, next_step: bool) -> None:
        plan = self.plan
        if not shown:
            kept = [part for part in tally.kept(plan) if not part.endswith("unchanged")]
            self.say(nothing_to_do(plan, self.dates), 0)
            self.say(listing(kept), 0)
            return
        totals = Span(listing(tally.parts(shown)), "strong")
        self.phrase((totals, Span(f"  {listing(tally.kept(plan))}")), 0)
        if (by := deadline(plan, "Apply by")) is not None:
            when = Span(self.dates.both(by.when), "strong")
            self.phrase((Span(f"{by.lead} "), when, Span(f"{by.rest}.")), 0)
        if next_step:
            self.say(big_effort([plan]), 0)
            step = (Span(" To apply it: "), Span(self.command, "code"))
            doable = (
                not plan.refusals and plan.ended_by is None and not all(entry.mark.stuck for entry in shown)
            )
            self.phrase((Span("Nothing has been changed."), *(step if doable else ())), 0)


# --- before and after apply -----------------------------------------------------------------------------------------


def question(plans: Sequence[Plan], *, screen: Screen = PLAIN, allow: Allow = marks.NO_OPTIONS) -> str:
    """What apply asks about. `allow` are the options that it has."""
    listed = [entry for plan in plans for entry in tally.of_changes(plan.listed, plan, allow)]
    adopted = [entry for entry in listed if entry.mark is marks.ADOPT]
    public = [entry for entry in listed if any(map(allow.passes, (entry.changes[0], *entry.left[:1])))]
    skipped = [entry for entry in listed if entry.mark.stuck]
    totals = tally.parts(
        public, paint=lambda mark, words: screen.paint(words, "red" * (mark is marks.REMOVE))
    )
    managed = (
        f"{post_count(len(adopted), tally.accounts_of(adopted))} already in Publer will be managed here."
    )
    parts = []
    if public:
        parts.append(f"This changes what is published: {', '.join(totals)}.")
    elif not adopted:
        parts.append("Nothing can be done now.")
    if adopted:
        parts.append(managed if public else f"Nothing is sent: {managed}")
    if skipped:
        parts.append(f"Skipped: {', '.join(tally.parts(skipped))}.")
    return f"{' '.join(parts)}\n{sentence(str(effort_of(plans, allow.passes)))}"


def report(
    report: ApplyReport,
    *,
    screen: Screen = PLAIN,
    command: str = "publer-sync apply",
    apply: Apply | None = None,
) -> str:
    page = _TextReport(Dates.of_report(report), screen, command, apply)
    entries = report_entries(report, set(Outcome) - {Outcome.APPLIED})
    for entry in page.rows(entries, columns=28):
        page.result(entry)
    for line in (*remark_lines(report), *warning_lines(report), *note_lines(report)):
        page.say(line, 0)
    if report.error is not None:
        page.stopped(report)
    elif not report.results:
        page.lines.append(
            f"Nothing to do.{' Everything is unchanged.' * (report.unchanged > 0)} {cost(report)}"
        )
    elif report.clean:
        page.clean(report)
    else:
        page.lines.append(page.paint(f"{', '.join(tally.outcomes(report))}.", "bold") + f" {cost(report)}")
        if report.count(Outcome.FAILED) + report.count(Outcome.UNVERIFIED):
            page.lines.append(AGAIN)
    return page.text()


class _TextReport(EntryPage):
    def head(self, entry: PostEntry) -> str:
        word, style = WORDS[entry.outcome or Outcome.APPLIED]
        what = pad(entry.mark.word, 8) + " "
        time = pad(self.dates.time(entry.at), 16 - width(what))
        return f"{self.paint(word, style)}{' ' * (12 - len(word))}{what}{time}"

    def result(self, entry: PostEntry) -> None:
        if entry.place is not None:
            self.phrase((Span(str(entry.place), "code"),))
        self.say(self.dates.beside(entry.at, entry.zone))
        for line in entry.lines:
            self.say(line)
        for phrase in (*entry.reasons, *entry.fixes):
            self.phrase(phrase)

    def clean(self, report: ApplyReport) -> None:
        totals, verified = tally.done(report)
        parts = [self.paint("Done.", "green")]
        parts += [f"{', '.join(totals)}; {verified}."] if totals else []
        waits = report_entries(report, {Outcome.WAITING})
        for_pages = report_entries(report.waiting_for_pages, {Outcome.WAITING})
        for_yes = report_entries(report.waiting_for_yes, {Outcome.WAITING})
        for_others = report_entries(report.waiting_for_calendars, {Outcome.WAITING})
        if waiting := len(waits) - len(for_pages) - len(for_yes) - len(for_others):
            parts.append(f"{count(waiting, 'post waits', 'posts wait')} in Publer for someone's approval.")
        if for_pages:
            one = "post waits for its page; run apply again once it answers"
            parts.append(
                f"{count(len(for_pages), one, 'posts wait for their pages; run apply again once they answer')}."
            )
        if for_yes:
            one = "post waits for a sign-off; run apply again once it has it"
            parts.append(
                f"{count(len(for_yes), one, 'posts wait for a sign-off; run apply again once they have it')}."
            )
        if for_others:
            one, more = (
                "post waits for the calendar that takes it over",
                "posts wait for the calendars that take them over",
            )
            parts.append(f"{count(len(for_others), one, more)}.")
        self.lines.append(" ".join([*parts, cost(report)]))
        if report.next_out is not None:
            when, alias, text = report.next_out
            self.lines.append(f"Next post: {self.dates.both(when)} {one_line(alias)} {quoted(text)}.")

    def stopped(self, report: ApplyReport) -> None:
        self.ending(report)
        for line in apply_again(report, self.dates):
            self.say(line, 0)

    def ending(self, report: ApplyReport) -> None:
        counts = ", ".join(tally.outcomes(report)) or "0 done"
        if report.stopped:
            self.lines.append(self.paint(f"Stopped: {counts}.", "bold") + " The next apply finishes it.")
            return
        why, *rest = ending_lines(report)
        self.lines.append(self.paint(why, "red"))
        for line in rest:
            self.say(line, 0)
        self.lines.append(self.paint(f"Ended early: {counts}. The rest was not tried.", "bold"))

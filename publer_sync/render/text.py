"""Plan and report for a terminal: what matters comes last, and nothing is said by colour alone."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action, Block
from publer_sync.printable import one_line, without_commands
from publer_sync.render import fields, marks
from publer_sync.render.dates import Dates, utc
from publer_sync.render.edits import edits
from publer_sync.render.layout import INDENT, WIDTH, lay_out, paint, text_lines
from publer_sync.render.measure import cut, first_words, pad, quoted, width
from publer_sync.render.phrases import Span
from publer_sync.render.wording import count, seconds, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.applying.report import Report, Result
    from publer_sync.planning.plan import Change, Plan, Refusal, Warn
    from publer_sync.render.phrases import Phrase

_MANY_ADOPTED = 5


# --- plan -----------------------------------------------------------------------------------------------------------


def plan(
    plan: Plan, *, color: bool = False, verbose: bool = False, command: str = "publer-sync apply"
) -> str:
    """The plan for people. `verbose` cuts nothing and lists what stays too; without `command` no next step is named."""
    page = _Page(Dates.around(plan.timezone, plan.created_at), color=color, verbose=verbose, names=plan.names)
    shown = marks.shown(plan)
    adopted = [change for change in shown if change.action is Action.ADOPT]
    folded = adopted if len(adopted) > _MANY_ADOPTED and not verbose else []
    rows = plan.changes if verbose else shown
    page.header(plan, rows=bool(shown))
    page.no_state(plan.warnings)
    if folded:
        page.folded(folded)
    page.days([change for change in rows if not (folded and change.action is Action.ADOPT)], command)
    page.refusals(plan.refusals, command)
    page.warnings([warn for warn in plan.warnings if warn.code not in ("no_state", "missed")])
    page.closing(plan, shown, command)
    return page.text()


class _Page:
    """Lines as they come, in the zone, the names and the colours of one output."""

    def __init__(
        self,
        dates: Dates,
        *,
        color: bool,
        verbose: bool = False,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.dates = dates
        self.names = names or {}
        self.color = color
        self.verbose = verbose
        self.lines: list[str] = []

    def text(self) -> str:
        return without_commands("\n".join(self.lines).strip("\n")) + "\n"

    def paint(self, text: str, styles: str) -> str:
        return paint(text, styles, color=self.color)

    def phrase(self, phrase: Phrase, indent: int = INDENT, *, dim: bool = False) -> None:
        self.lines += lay_out(phrase, indent=indent, color=self.color, dim=dim)

    def say(self, text: str, *, dim: bool = False) -> None:
        if text:
            self.phrase((Span(text),), dim=dim)

    def header(self, plan: Plan, *, rows: bool) -> None:
        if not (rows or self.verbose):
            return
        name = one_line(plan.workspace.name)
        if plan.calendar not in ("calendar", plan.workspace.name):
            name += f" · {one_line(plan.calendar)}"
        now = self.dates.local(plan.created_at)
        clock = f"{self.dates.day(plan.created_at)} {now.year} {now:%H:%M}"
        posts = _posts(plan)
        figures = f"{posts}   times: {self.dates.name}   now: {clock}"
        self.lines += [f"{self.paint(name, 'bold')}  {figures}", ""]

    def no_state(self, warnings: Iterable[Warn]) -> None:
        for warn in warnings:
            if warn.code == "no_state":
                self.phrase((Span(sentence(warn.message)),), 0)
                self.lines.append("")

    def folded(self, changes: Sequence[Change]) -> None:
        by_account = Counter(_alias(change) for change in changes)
        where = ", ".join(f"{number:,} on {alias}" for alias, number in sorted(by_account.items()))
        mark = self.paint(pad("= adopt", 12), marks.ADOPT.color)
        said = f"{count(len(changes), 'post')} already in Publer ({where}); nothing is sent. -v lists them."
        first, *rest = lay_out((Span(said),), indent=12, color=False)
        self.lines += [mark + first[12:], *rest, ""]

    def days(self, changes: Iterable[Change], command: str) -> None:
        changes = tuple(changes)
        column = _account_column(changes)
        for day, group in groupby(changes, key=lambda change: self.dates.day(change.at)):
            self.lines.append(self.paint(day, "bold"))
            for change in group:
                self.row(change, column)
                self.body(change, command)
            self.lines.append("")

    def row(self, change: Change, column: int) -> None:
        look = marks.look(change)
        mark = self.paint(f"{look.mark} {look.word}".rstrip(), look.color)
        gap = " " * (12 - width(f"{look.mark} {look.word}"))
        where = pad(cut(_alias(change), column - 2), column)
        self.lines.append(f"{mark}{gap}{pad(self.dates.time(change.at), 7)}{where}{_title(change)}".rstrip())

    def body(self, change: Change, command: str) -> None:
        match change.action:
            case Action.CREATE:
                self.words(change)
            case Action.ADOPT:
                self.say("In Publer already, and the calendar's from now on; nothing is sent.")
                if self.verbose:
                    self.words(change)
            case Action.UPDATE:
                self.edits(change)
            case Action.REPLACE:
                self.edits(change)
                self.say(fields.how(change) or "")
            case Action.BLOCKED:
                self.blocked(change, command)
            case Action.DELETE:
                self.say(sentence(change.reason))
                if self.verbose:
                    self.words(change)
            case Action.RECREATE:
                self.say(sentence(change.reason))
            case _ if change.missed or change.waiting:
                self.say(sentence(change.reason))
            case _:
                pass
        if change.missed or change.action is Action.RECREATE:
            for phrase in fields.ways_out(change, command):
                self.phrase(phrase)
        if self.verbose:
            self.particulars(change)

    def words(self, change: Change) -> None:
        text = fields.text_of(change).strip()
        in_title = not change.id and first_words(text, 52) == text
        if text and (self.verbose or not in_title):
            self.lines += text_lines(text, most=None if self.verbose else 2)
        if told := fields.details(change):
            self.say(" · ".join(told), dim=True)

    def edits(self, change: Change) -> None:
        for phrase in edits(change, self.dates, self.names, whole=self.verbose):
            self.phrase(phrase)

    def blocked(self, change: Change, command: str) -> None:
        for phrase in fields.why(change, self.dates, whole=self.verbose):
            self.phrase(phrase)
        if Block.EDITED not in change.blocks and change.would in (Action.UPDATE, Action.REPLACE):
            self.say(f"Wanted: {marks.wanted(change).word}.")
            self.edits(change)
        for phrase in fields.ways_out(change, command):
            self.phrase(phrase)

    def particulars(self, change: Change) -> None:
        parts = [utc(change.at)]
        if change.post is not None:
            parts.append(str(change.post.location))
        if change.live is not None:
            parts.append(f"Publer's id {change.live.id}")
        self.say(" · ".join(map(one_line, parts)), dim=True)

    def refusals(self, refusals: Iterable[Refusal], command: str) -> None:
        for refusal in refusals:
            head = self.paint("apply would refuse this plan:", "red bold")
            self.lines.append(f"{head} {refused(refusal)}")
            self.lines += [f"  If that is meant: {command or 'publer-sync apply'} {refusal.allow}", ""]

    def warnings(self, warnings: Sequence[Warn]) -> None:
        if not warnings:
            return
        self.lines.append(self.paint(count(len(warnings), "warning"), "yellow"))
        told, rest = (warnings, 0) if self.verbose else _of_each(warnings, 10)
        places = [one_line(str(warn.location)) if warn.location else "" for warn in told]
        column = min(max(map(width, places)), 34)
        for warn, place in zip(told, places, strict=True):
            head = f"  {pad(place, column)}   " if column else "  "
            said = (Span(one_line(warn.message)), Span(f"  {one_line(warn.code)}", "dim"))
            first, *more = lay_out(said, indent=column + 5 if column else 2, color=self.color)
            self.lines += [head + first.lstrip(" "), *more]
        if rest:
            self.lines.append(f"  … and {rest:,} more of the same kinds; -v lists them.")
        self.lines.append("")

    def closing(self, plan: Plan, shown: Sequence[Change], command: str) -> None:
        kept = ", ".join(marks.quiet(plan))
        if not shown:
            self.lines.append(nothing_to_do(plan, self.dates))
            rest = ", ".join(part for part in marks.quiet(plan) if not part.endswith("unchanged"))
            self.lines += [f"{rest}."] if rest else []
            return
        totals = ", ".join(marks.said(look, number) for look, number in marks.tally(shown))
        together = width(f"{totals}.  {kept}.") <= WIDTH
        self.lines.append(self.paint(f"{totals}.", "bold") + (f"  {kept}." if kept and together else ""))
        self.lines += [] if together else [f"{kept}."]
        if plan.apply_by is not None:
            when = self.paint(self.dates.both(plan.apply_by), "bold")
            self.lines.append(f"Apply by {when}, {too_late(plan)}.")
        if command and any(change.action is not Action.PAST for change in shown):
            way = "" if plan.refusals else f" To do it: {command}"
            self.lines.append(f"Nothing has been changed.{way}")


def _of_each(warnings: Iterable[Warn], most: int) -> tuple[list[Warn], int]:
    """At most so many of one code, and how many are left out."""
    seen: Counter[str] = Counter()
    told, rest = [], 0
    for warn in warnings:
        seen[warn.code] += 1
        if seen[warn.code] <= most:
            told.append(warn)
        else:
            rest += 1
    return told, rest


def _posts(plan: Plan) -> str:
    desired = sum(change.post is not None for change in plan.changes)
    together = f", {desired:,} with all accounts" if desired > plan.posts else ""
    return f"{count(plan.posts, 'post')}{together}"


def nothing_to_do(plan: Plan, dates: Dates) -> str:
    ahead = [c for c in plan.changes if c.action is not Action.PAST and c.post is not None]
    if any(change.action is Action.PENDING for change in plan.changes):
        return "Nothing to do but wait: what an earlier apply sent is not seen in Publer yet."
    if not ahead:
        return "Nothing to do. The calendar has no posts ahead."
    first, last = dates.day(ahead[0].at), dates.day(ahead[-1].at)
    span = first if first == last else f"{first} to {last}"
    accounts = count(len({change.account.id for change in ahead}), "account")
    return (
        f"Nothing to do. Publer has what the calendar says: {count(len(ahead), 'post')}, {span}, {accounts}."
    )


def refused(refusal: Refusal) -> str:
    posts = count(refusal.count, "post")
    if refusal.code == "deletes":
        return f"{posts} would be removed, the limit is {refusal.limit} (limits.delete)."
    return f"the calendar has no posts, so {posts} would be removed from Publer."


def too_late(plan: Plan) -> str:
    """What happens after `apply_by`, and to which post."""
    by = plan.apply_by
    first = min(
        (
            change
            for change in plan.listed
            if change.action is not Action.BLOCKED and by and _turn(change) >= by
        ),
        key=_turn,
        default=None,
    )
    if first is None:
        return "or not all of it can be done"
    name = one_line(first.id or "") or quoted(fields.text_of(first), 40)
    return f"or {name} {'misses its time' if first.action is Action.CREATE else 'can no longer be changed'}"


def _turn(change: Change) -> datetime:
    return min(change.at, change.live.at) if change.live and change.live.at else change.at


def _alias(change: Change) -> str:
    account = change.account
    return one_line(account.alias or account.name)


def _account_column(changes: Iterable[Change]) -> int:
    return min(max([11, *(width(_alias(change)) + 2 for change in changes)]), 26)


def _title(change: Change) -> str:
    if change.id:
        return cut(one_line(change.id), 60)
    text = fields.text_of(change)
    if text.strip():
        return quoted(text)
    return next(iter(fields.details(change)), "(no text)")


# --- before and after apply -----------------------------------------------------------------------------------------


def question(plan: Plan, *, color: bool = False) -> str:
    """What apply asks before it writes; the answer is `yes` in full."""
    tried = [change for change in plan.listed if change.action not in (Action.BLOCKED, Action.RECREATE)]
    public = [change for change in tried if change.action is not Action.ADOPT]
    held = [change for change in plan.listed if change.action in (Action.BLOCKED, Action.RECREATE)]
    totals = ", ".join(
        paint(marks.said(look, number), "red" if look is marks.REMOVED else "", color=color)
        for look, number in marks.tally(public)
    )
    lines = [f"This changes what goes out in public: {totals}."]
    if not tried:
        lines = ["Nothing can be done now."]
    elif not public:
        lines = [
            f"Nothing is sent: {count(len(tried), 'post')} already in Publer will be the calendar's own."
        ]
    elif len(tried) > len(public):
        lines[0] += (
            f" {count(len(tried) - len(public), 'post')} already in Publer will be the calendar's own."
        )
    if held:
        kinds = ", ".join(marks.said(look, number) for look, number in marks.tally(held))
        lines[0] += f" Skipped: {kinds}."
    requests = _requests(public)
    return "\n".join(
        [*lines, f"About {count(requests, 'request')}, {_how_long(public, requests)}.", "Type yes to go on: "]
    )


def _requests(changes: Sequence[Change]) -> int:
    """A guess: uploads, edits, jobs and looking after them, deletes, and listings before and after."""
    made = [change for change in changes if change.action in (Action.CREATE, Action.REPLACE)]
    media = {source.digest for change in made if change.post for source in change.post.media if not source.id}
    edits = sum(change.action is Action.UPDATE for change in changes)
    gone = sum(change.action in (Action.DELETE, Action.REPLACE) for change in changes)
    return 4 + 2 * len(media) + edits + 6 * ceil(len(made) / 500) + ceil(gone / 50)


def _how_long(changes: Sequence[Change], requests: int) -> str:
    """Publer lets 100 requests through in 2 minutes, and shows a new post after up to a minute."""
    made = any(change.action in (Action.CREATE, Action.REPLACE) for change in changes)
    minutes = (1 if made else 0) + 2 * (requests // 100) + (requests % 100) / 120
    return "under a minute" if minutes < 1 else f"about {count(ceil(minutes), 'minute')}"


_OUTCOMES = {
    Outcome.APPLIED: ("done", "green", "done"),
    Outcome.WAITING: ("waiting", "yellow", "waiting for approval"),
    Outcome.FAILED: ("FAILED", "red", "failed"),
    Outcome.UNVERIFIED: ("UNSURE", "yellow", "unsure"),
    Outcome.NOT_TRIED: ("skipped", "", "skipped"),
}


def report(report: Report, *, color: bool = False, command: str = "publer-sync apply") -> str:
    """What apply did: one row for everything that is not simply done, then the counts."""
    years = [result.change.at.year for result in report.results]
    page = _Page(Dates(report.timezone, min(years, default=None)), color=color)
    told = [result for result in report.results if result.outcome is not Outcome.APPLIED]
    if report.error is not None:
        told = [result for result in told if result.outcome is not Outcome.NOT_TRIED or _held_back(result)]
    column = _account_column([result.change for result in told])
    for day, group in groupby(told, key=lambda result: page.dates.day(result.change.at)):
        page.lines.append(page.paint(day, "bold"))
        for result in group:
            _result(page, result, column, command)
        page.lines.append("")
    page.lines += _ending(report, page)
    return page.text()


def _held_back(result: Result) -> bool:
    return result.change.missed or result.change.action in (Action.BLOCKED, Action.RECREATE)


def _result(page: _Page, result: Result, column: int, command: str) -> None:
    change = result.change
    word, style, _ = _OUTCOMES[result.outcome]
    what = marks.wanted(change).word
    gap = " " * (10 - len(word))
    where = pad(cut(_alias(change), column - 2), column)
    time = page.dates.time(change.at)
    page.lines.append(f"{page.paint(word, style)}{gap}{pad(what, 9)}{pad(time, 7)}{where}{_title(change)}")
    if change.post is not None:
        page.phrase((Span(str(change.post.location), "code"),))
    for sentence_ in said(result):
        page.say(sentence_)
    if result.outcome is Outcome.NOT_TRIED and _held_back(result):
        for phrase in fields.ways_out(change, command):
            page.phrase(phrase)


def checked(done: Sequence[Change]) -> str:
    """What the last listing showed of what was done."""
    if all(change.intent is Action.DELETE for change in done):
        return "gone from Publer"
    return "all seen in Publer"


def outcome_word(result: Result) -> str:
    return _OUTCOMES[result.outcome][0]


def said(result: Result) -> list[str]:
    """What is to be said of a result that is not simply done."""
    lines: list[str] = []
    match result.outcome:
        case Outcome.FAILED:
            lines.append(_blame(result.message))
        case Outcome.UNVERIFIED:
            message = result.message or "Publer took it, but does not list it yet"
            lines.append(sentence(message))
            if "the next apply" not in message:
                lines.append("The next apply looks before it sends.")
        case Outcome.WAITING:
            lines.append(sentence(result.message or "It waits in Publer for somebody's approval"))
        case Outcome.NOT_TRIED:
            lines.append(sentence(result.message or result.change.reason))
        case Outcome.APPLIED:
            pass
    if result.hint:
        lines.append(sentence(result.hint))
    if result.payload is not None:
        lines.append(f"What it said: {json.dumps(result.payload, ensure_ascii=False)}")
    return lines


def _blame(message: str | None) -> str:
    """publer-sync's own sentences start small or with Publer; others are Publer's, and are quoted."""
    if not message:
        return "Publer gave no reason."
    own = message[0].islower() or message.startswith("Publer ")
    return sentence(message) if own else f'Publer says: "{one_line(" ".join(message.split()))}"'


def ended(report: Report) -> list[str]:
    """Why the run ended before its end, and what to do."""
    error = report.error
    if error is None:
        return []
    again = sentence(error.hint) if error.hint else "The next apply looks first, and finishes it."
    return [sentence(error.message), again]


def _ending(report: Report, page: _Page) -> list[str]:
    cost = f"{count(report.requests, 'request')}, {seconds(report.seconds)}."
    counts = [(report.count(outcome), word) for outcome, (_, _, word) in _OUTCOMES.items()]
    if report.error is not None:
        return _stopped(report, page)
    if not report.results:
        return [f"Nothing to do. {count(report.unchanged, 'post')} unchanged. {cost}"]
    if not report.clean:
        totals = ", ".join(f"{number:,} {word}" for number, word in counts if number)
        again = "Apply again when it is mended: what is done is not done twice."
        mend = report.count(Outcome.FAILED) + report.count(Outcome.UNVERIFIED)
        return [page.paint(f"{totals}.", "bold") + f" {cost}", *([again] if mend else [])]
    done = [result.change for result in report.results if result.outcome is Outcome.APPLIED]
    totals = ", ".join(marks.said(look, number) for look, number in marks.tally(done))
    seen = f" {totals}; {checked(done)}." if done else ""
    waiting = report.count(Outcome.WAITING)
    wait = (
        f" {count(waiting, 'post waits', 'posts wait')} in Publer for somebody's approval." if waiting else ""
    )
    lines = [f"{page.paint('Done.', 'green')}{seen}{wait} {cost}"]
    if report.next_out is not None:
        when, alias, text = report.next_out
        lines.append(f"Next out: {page.dates.both(when)} {one_line(alias)} {quoted(text)}.")
    return lines


def _stopped(report: Report, page: _Page) -> list[str]:
    parts = [f"{report.count(Outcome.APPLIED) + report.count(Outcome.WAITING):,} done"]
    if failed := report.count(Outcome.FAILED):
        parts.append(f"{failed:,} failed")
    if under_way := report.count(Outcome.UNVERIFIED):
        parts.append(f"{under_way:,} under way")
    if skipped := report.count(Outcome.NOT_TRIED):
        parts.append(f"{skipped:,} not tried")
    head = f"{'Stopped' if report.stopped else 'Ended early'}: {', '.join(parts)}."
    if report.stopped:
        return [page.paint(head, "bold") + " The next apply finishes it."]
    head += " The rest was not tried."
    why = [line for text in ended(report) for line in lay_out((Span(text),), indent=0, color=False)]
    return [page.paint("\n".join(why[:1]), "red"), *why[1:], page.paint(head, "bold")]

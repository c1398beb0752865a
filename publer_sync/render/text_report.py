"""What apply did, for a terminal: one row for everything that is not simply done, then the counts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.printable import one_line
from publer_sync.render import marks
from publer_sync.render.dates import Dates
from publer_sync.render.measure import pad, quoted
from publer_sync.render.outcomes import AGAIN, WORDS, cost, ending_lines, is_held, result_lines, totals_done
from publer_sync.render.phrases import Span
from publer_sync.render.reasons import fixes
from publer_sync.render.terminal import PLAIN, Screen, TerminalPage
from publer_sync.render.text import account_column, where_and_what
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.applying.report import Report, Result


def report(report: Report, *, screen: Screen = PLAIN, command: str = "publer-sync apply") -> str:
    years = [result.change.at.year for result in report.results]
    page = TerminalPage(Dates(report.timezone, min(years, default=None)), screen, command)
    told = [result for result in report.results if result.outcome is not Outcome.APPLIED]
    if report.error is not None:
        told = [result for result in told if result.outcome is not Outcome.NOT_TRIED or is_held(result)]
    column = account_column(result.change for result in told)
    for day, group in groupby(told, key=lambda result: page.dates.day(result.change.at)):
        page.lines.append(page.paint(day, "bold"))
        for result in group:
            _result(page, result, column)
        page.lines.append("")
    if report.error is not None:
        _stopped(page, report)
    elif not report.results:
        page.lines.append(f"Nothing to do. {count(report.unchanged, 'post')} unchanged. {cost(report)}")
    elif report.clean:
        _clean(page, report)
    else:
        page.lines.append(page.paint(f"{_counts(report)}.", "bold") + f" {cost(report)}")
        if report.count(Outcome.FAILED) + report.count(Outcome.UNVERIFIED):
            page.lines.append(AGAIN)
    return page.text()


def _result(page: TerminalPage, result: Result, column: int) -> None:
    change = result.change
    word, style = WORDS[result.outcome]
    head = page.paint(word, style) + " " * (12 - len(word))
    what, time = pad(marks.wanted_mark(change).word, 9), pad(page.dates.time(change.at), 7)
    page.lines.append(f"{head}{what}{time}{where_and_what(change, column, page.screen.width - 28)}")
    if change.post is not None:
        page.phrase((Span(str(change.post.location), "code"),))
    for line in result_lines(result):
        page.say(line)
    if result.outcome is Outcome.NOT_TRIED and is_held(result):
        for phrase in fixes(change):
            page.phrase(phrase)


def _counts(report: Report) -> str:
    counts = [(report.count(outcome), word.lower()) for outcome, (word, _) in WORDS.items()]
    return ", ".join(f"{number:,} {word}" for number, word in counts if number)


def _clean(page: TerminalPage, report: Report) -> None:
    totals, verified = totals_done(report)
    parts = [page.paint("Done.", "green")]
    parts += [f"{', '.join(totals)}; {verified}."] if totals else []
    if waiting := report.count(Outcome.WAITING):
        parts.append(f"{count(waiting, 'post waits', 'posts wait')} in Publer for someone's approval.")
    page.lines.append(" ".join([*parts, cost(report)]))
    if report.next_out is not None:
        when, alias, text = report.next_out
        page.lines.append(f"Next post: {page.dates.both(when)} {one_line(alias)} {quoted(text)}.")


def _stopped(page: TerminalPage, report: Report) -> None:
    counts = _counts(report) or "0 done"
    if report.stopped:
        page.lines.append(page.paint(f"Stopped: {counts}.", "bold") + " The next apply finishes it.")
        return
    why, *rest = ending_lines(report)
    page.lines.append(page.paint(why, "red"))
    for line in rest:
        page.say(line, 0)
    page.lines.append(page.paint(f"Ended early: {counts}. The rest was not tried.", "bold"))

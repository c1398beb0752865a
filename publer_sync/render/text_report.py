"""What apply did, for a terminal: one row for everything that is not simply done, then the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.printable import one_line
from publer_sync.render.dates import Dates
from publer_sync.render.entries import report_entries
from publer_sync.render.measure import pad, quoted
from publer_sync.render.outcomes import (
    AGAIN,
    WORDS,
    cost,
    counts_done,
    ending_lines,
    remark_lines,
    totals_done,
)
from publer_sync.render.phrases import Span
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.text import EntryPage
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.applying.report import Report
    from publer_sync.render.entries import PostEntry


def report(report: Report, *, screen: Screen = PLAIN, command: str = "publer-sync apply") -> str:
    page = _TextReport(Dates.of_report(report), screen, command)
    entries = report_entries(report, set(Outcome) - {Outcome.APPLIED})
    for entry in page.rows(entries, columns=28):
        page.result(entry)
    for line in remark_lines(report):
        page.say(line, 0)
    if report.error is not None:
        page.stopped(report)
    elif not report.results:
        page.lines.append(f"Nothing to do. {count(report.unchanged, 'post')} unchanged. {cost(report)}")
    elif report.clean:
        page.clean(report)
    else:
        page.lines.append(page.paint(f"{counts_done(report)}.", "bold") + f" {cost(report)}")
        if report.count(Outcome.FAILED) + report.count(Outcome.UNVERIFIED):
            page.lines.append(AGAIN)
    return page.text()


class _TextReport(EntryPage):
    def head(self, entry: PostEntry) -> str:
        word, style = WORDS[entry.outcome or Outcome.APPLIED]
        time = pad(self.dates.time(entry.at), 7)
        return f"{self.paint(word, style)}{' ' * (12 - len(word))}{pad(entry.mark.word, 9)}{time}"

    def result(self, entry: PostEntry) -> None:
        if entry.place is not None:
            self.phrase((Span(str(entry.place), "code"),))
        for line in entry.lines:
            self.say(line)
        for phrase in entry.fixes:
            self.phrase(phrase)

    def clean(self, report: Report) -> None:
        totals, verified = totals_done(report)
        parts = [self.paint("Done.", "green")]
        parts += [f"{', '.join(totals)}; {verified}."] if totals else []
        if waiting := report.count(Outcome.WAITING):
            parts.append(f"{count(waiting, 'post waits', 'posts wait')} in Publer for someone's approval.")
        self.lines.append(" ".join([*parts, cost(report)]))
        if report.next_out is not None:
            when, alias, text = report.next_out
            self.lines.append(f"Next post: {self.dates.both(when)} {one_line(alias)} {quoted(text)}.")

    def stopped(self, report: Report) -> None:
        counts = counts_done(report) or "0 done"
        if report.stopped:
            self.lines.append(self.paint(f"Stopped: {counts}.", "bold") + " The next apply finishes it.")
            return
        why, *rest = ending_lines(report)
        self.lines.append(self.paint(why, "red"))
        for line in rest:
            self.say(line, 0)
        self.lines.append(self.paint(f"Ended early: {counts}. The rest was not tried.", "bold"))

"""What apply did, as Markdown: what did not get through, with the reason, then what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.printable import one_line
from publer_sync.render.cards import full_sentence
from publer_sync.render.dates import Dates
from publer_sync.render.entries import report_entries
from publer_sync.render.escaping import escaped_line
from publer_sync.render.markdown_page import LIMIT, NOTE, MarkdownPage, caution, fit, heading, joined
from publer_sync.render.measure import cut, first_words
from publer_sync.render.outcomes import (
    AGAIN,
    WORDS,
    cost,
    ending_lines,
    options_left,
    remark_lines,
    totals_done,
)
from publer_sync.render.venue import Venue
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.applying.report import Report
    from publer_sync.errors import PublerSyncError
    from publer_sync.render.entries import PostEntry


def report(report: Report, *, limit: int = LIMIT, venue: Venue | None = None) -> str:
    page = _MarkdownReport(Dates.of_report(report), venue or Venue())
    totals, verified = totals_done(report)
    done = f"**{' · '.join(totals)}**, {verified}." if totals else "Nothing was changed in Publer."
    parts = [heading(page.venue.calendar, _verdict(report)), f"{done} {cost(report)}"]
    if report.error is not None:
        parts.append(caution(full_sentence(line, 1000) for line in ending_lines(report)))
    parts += [escaped_line(cut(line, 1000)) for line in remark_lines(report)]
    if report.next_out is not None:
        when, alias, text = report.next_out
        words = escaped_line(first_words(text, 60))
        parts.append(f"Next post: **{page.dates.both(when)} · {escaped_line(alias)}** {words}")
    told = report_entries(report, set(Outcome) - {Outcome.APPLIED})
    rows = [page.row(entry) for entry in told]
    kept = fit(rows, limit - sum(map(len, parts)) - 2 * NOTE)
    if len(kept) < len(rows):
        first = f"the first {len(kept):,} of {count(len(rows), 'post')} that did not get through"
        parts.append(f"**Too long for a comment: {first}.** All of it: {page.venue.whole}")
    parts.append("\n".join(kept))
    if any(entry.outcome in (Outcome.FAILED, Outcome.UNVERIFIED) for entry in told):
        parts.append(AGAIN)
    if options := [
        option for option in options_left(report.results) if option not in page.venue.allow.options
    ]:
        parts.append(f"To apply what was skipped too: {page.venue.apply_with(options)}")
    room = limit - sum(len(part) + 2 for part in parts)
    note, days = page.days(report_entries(report, {Outcome.APPLIED}), room, line=page.done)
    return joined([*parts, note, *days])


def failure(error: PublerSyncError | None, *, calendar: str = "calendar") -> str:
    """A command that has no result."""
    lines = [f"**{full_sentence(error.message, 1000) if error else 'There is no plan.'}**"]
    if error is not None and error.hint:
        lines += ["", full_sentence(error.hint, 1000)]
    return joined([heading(calendar, "no result"), caution(lines)])


def _verdict(report: Report) -> str:
    if failed := report.count(Outcome.FAILED):
        return f"{count(failed, 'post')} failed"
    if unverified := report.count(Outcome.UNVERIFIED):
        return f"{count(unverified, 'post')} not verified yet"
    if skipped := report.count(Outcome.NOT_TRIED):
        return f"done, except for {count(skipped, 'post')}"
    return "ended early" if report.error else "done" if report.results else "nothing changed"


class _MarkdownReport(MarkdownPage):
    after = True

    def row(self, entry: PostEntry) -> str:
        outcome = entry.outcome or Outcome.APPLIED
        emoji = "⏳" if outcome in (Outcome.WAITING, Outcome.UNVERIFIED) else "⛔"
        told = " ".join(escaped_line(cut(one_line(line), 1000)) for line in entry.lines)
        what = f"{emoji} **{WORDS[outcome][0]}** ({entry.mark.word})"
        return f"{self.line(entry, day=True, what=what)}: {told}"

    def done(self, entry: PostEntry) -> str:
        live = f"[in Publer]({self.venue.publer})" if self.venue.publer and entry.place else ""
        return self.line(entry, what=f"{entry.mark.emoji} {entry.mark.done}", note=live)

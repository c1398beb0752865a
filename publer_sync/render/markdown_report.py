"""What apply did, as Markdown: a table of what did not get through, or one line where everything did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.printable import one_line
from publer_sync.render import glimpses, marks
from publer_sync.render.dates import Dates
from publer_sync.render.escaping import escaped_line
from publer_sync.render.markdown_page import (
    LIMIT,
    NOTE,
    MarkdownPage,
    caution,
    fit,
    full_sentence,
    heading,
    joined,
)
from publer_sync.render.measure import cut, first_words
from publer_sync.render.outcomes import (
    AGAIN,
    WORDS,
    cost,
    ending_lines,
    options_left,
    result_lines,
    totals_done,
)
from publer_sync.render.venue import Venue
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.applying.report import Report, Result
    from publer_sync.errors import PublerSyncError

_HEAD = "| When | Where | What | Post | What happened |\n| :-- | :-- | :-- | :-- | :-- |\n"


def report(report: Report, *, limit: int = LIMIT, venue: Venue | None = None) -> str:
    page = MarkdownPage(Dates.of_report(report), venue or Venue())
    told = [result for result in report.results if result.outcome is not Outcome.APPLIED]
    totals, verified = totals_done(report)
    done = f"**{' · '.join(totals)}**, {verified}." if totals else "Nothing was changed in Publer."
    parts = [heading(page.venue.calendar, _verdict(report)), f"{done} {cost(report)}"]
    if report.error is not None:
        parts.append(caution(full_sentence(line, 1000) for line in ending_lines(report)))
    rows = [_row(page, result) for result in told]
    kept = fit(rows, limit - sum(map(len, parts)) - len(_HEAD) - 2 * NOTE)
    if len(kept) < len(rows):
        parts.append(f"**Too long for a comment: the first {len(kept):,} of {count(len(rows), 'row')}.**")
    parts += [_HEAD + "\n".join(kept)] if kept else []
    if any(result.outcome in (Outcome.FAILED, Outcome.UNVERIFIED) for result in told):
        parts.append(AGAIN)
    if options := [option for option in options_left(told) if option not in page.venue.allow.options]:
        parts.append(f"To apply what was skipped too: {page.venue.apply_with(options)}")
    if report.next_out is not None:
        when, alias, text = report.next_out
        words = escaped_line(first_words(text, 60))
        time = f"{page.dates.day(when)}, {page.dates.time(when)}"
        parts.append(f"Next post: **{time} · {escaped_line(alias)}** {words}")
    return joined(parts)


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


def _row(page: MarkdownPage, result: Result) -> str:
    change = result.change
    post = escaped_line(glimpses.name_of(change, 60))
    post += f" ({page.place(change.post.location)})" if change.post else ""
    lines = (escaped_line(cut(one_line(line), 1000)) for line in result_lines(result))
    when = f"{page.dates.day(change.at)} {page.dates.time(change.at)}"
    happened = " ".join([f"**{WORDS[result.outcome][0]}**", *lines])
    return f"| {' | '.join([when, page.account(change), marks.wanted_mark(change).word, post, happened])} |"

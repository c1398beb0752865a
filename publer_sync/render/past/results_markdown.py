"""`results` as Markdown for an issue or a file: what was not published first, then a table of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.publication import NOT_OUT, Status, totals
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.markdown_page import LIMIT, NOTE, fit, heading, joined
from publer_sync.render.layout.measure import NO_TEXT, first_words
from publer_sync.render.layout.wording import sentence
from publer_sync.render.past.results import (
    FIXES,
    comparison,
    dates_of,
    figures_line,
    group_counts,
    link_of,
    origin,
    outcome,
    posts_of,
    published,
    section_title,
    shortfall,
    span_of,
    troubles,
    verdict,
)
from publer_sync.render.post.entries import alias_of
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.planning.publication import Publication, Results
    from publer_sync.render.layout.dates import Dates


def page(results: Results, *, limit: int = LIMIT) -> str:
    """At most `limit` characters, since an issue holds no more; what is cut is counted."""
    dates = dates_of(results)
    parts = [
        heading(results.calendar, f"results, {escaped_line(span_of(results))}"),
        f"**{escaped_line(verdict(results))}** Times: {escaped_line(dates.name)}.",
        "\\\n".join(map(escaped_line, comparison(results))),
        escaped_line(shortfall(results)),
    ]
    lines: list[str] = []
    for status, members in troubles(results):
        mark = "❌" if status in NOT_OUT else "⚠️"
        lines += ["", f"#### {mark} {section_title(status, members, dates)}", ""]
        lines += [sentence(FIXES[status]), ""] if status in FIXES else []
        lines += [f"- {_post(post, dates)}" for post in posts_of(members, dates)]
    for name, group, fine in published(results):
        if name is not None:
            lines += ["", f"#### {escaped_line(name)}: {escaped_line(group_counts(group, dates))}", ""]
            lines += [escaped_line(figures_line(totals(group).values())), ""]
        for status, rest in fine.items():
            if name is None:
                mark = "✅" if status is Status.PUBLISHED else "⏳"
                lines += ["", f"#### {mark} {section_title(status, rest, dates)}", ""]
            lines += ["", "| Time | Post | Where |", "| --- | --- | --- |"]
            lines += [_row(post, dates) for post in posts_of(rest, dates)]
    kept = fit(lines, limit - sum(map(len, parts)) - NOTE)
    if len(kept) < len(lines):
        parts.insert(2, "**Too long for one page: the end is left out.** All of it: `publer-sync results`")
    return joined([*parts, "\n".join(kept).strip("\n").replace("\n\n\n", "\n\n")])


def _post(post: Sequence[Publication], dates: Dates) -> str:
    first = post[0]
    where = " ".join(f"{_account(one)}: {escaped_line(outcome(one, dates))}" for one in post)
    return f"**{dates.both(first.at)}** {_title(first)}<br>{where}"


def _row(post: Sequence[Publication], dates: Dates) -> str:
    where = []
    for one in post:
        figures = figures_line(one.figures)
        told = escaped_line(f"{outcome(one, dates)}{' · ' if figures else ''}{figures}")
        where.append(f"{_account(one)} {told}")
    return f"| {dates.both(post[0].at)} | {_title(post[0])} | {'<br>'.join(where)} |"


def _account(one: Publication) -> str:
    """Its alias, as a link to the post."""
    alias, link = escaped_line(alias_of(one.account)), link_of(one)
    return f"[{alias}](<{link}>)" if link else alias


def _title(one: Publication) -> str:
    words = escaped_line(first_words(one.text, 80)) if one.text.strip() else NO_TEXT
    named = f"**{escaped_line(one_line(one.id))}** {words}" if one.id else words
    note = origin(one).strip()
    return f"{named} <sub>{note}</sub>" if note else named

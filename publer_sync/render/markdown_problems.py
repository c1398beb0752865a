"""What validate found, as Markdown: errors as a table, warnings as a list."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from publer_sync.printable import printable
from publer_sync.render.cards import full_sentence
from publer_sync.render.dates import Dates
from publer_sync.render.escaping import escaped, escaped_line
from publer_sync.render.markdown_page import LIMIT, NOTE, MarkdownPage, fit, heading, joined
from publer_sync.render.venue import Venue
from publer_sync.render.wording import count, fix_parts, post_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.problems import Help, Problem

_HEAD = "| Where | Problem | Fix |\n| :-- | :-- | :-- |\n"


def problems(
    problems: Sequence[Problem],
    *,
    posts: int,
    desired: int,
    limit: int = LIMIT,
    venue: Venue | None = None,
    unplanned: str = "",
) -> str:
    """`unplanned` says why the files were only checked, where a plan was wanted."""
    page = MarkdownPage(Dates("UTC"), venue or Venue())
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [(problem.message, problem.location) for problem in problems if problem.severity == "warning"]
    if errors:
        parts = [
            heading(page.venue.calendar, f"{count(len(errors), 'error')} to fix first"),
            f"Nothing can be planned until {'it is' if len(errors) == 1 else 'they are'} fixed. Nothing was sent.",
        ]
    else:
        checked = "checked, not planned" if unplanned else "checked"
        parts = [
            heading(page.venue.calendar, checked),
            unplanned,
            f"No errors: {post_count(posts, desired)}.",
        ]
    listed = page.warnings(warnings)
    rows = [_row(page, problem) for problem in errors]
    kept = fit(rows, limit - sum(map(len, (*parts, *listed))) - 2 * NOTE)
    if len(kept) < len(rows):
        parts.append(f"**Too long for a comment: the first {len(kept):,} of {count(len(rows), 'error')}.**")
    parts += [_HEAD + "\n".join(kept)] if kept else []
    return joined([*parts, *listed])


def _row(page: MarkdownPage, problem: Problem) -> str:
    where = page.place(problem.location) if problem.location else ""
    return f"| {where} | {full_sentence(problem.message)} | {_fix(problem.help)} |"


def _fix(help_: Help | None) -> str:
    say, paste, example = fix_parts(help_)
    parts = [escaped_line(say), *_pasted(paste)]
    parts += ["For example:", *_pasted(example)] if example else []
    return "<br>".join(part for part in parts if part)


def _pasted(lines: str) -> list[str]:
    text = dedent(printable(lines)).strip("\n")
    return [f"<code>{escaped(line)}</code>" for line in text.split("\n") if line.strip()]

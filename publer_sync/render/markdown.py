"""Plan, report and problems for a pull-request comment or a job summary: what matters comes first, texts are folded.

Every word that comes from a post, a name or Publer goes through `words.markdown`; the only HTML is this module's own.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING
from urllib.parse import quote

from publer_sync.applying.report import Outcome
from publer_sync.content import Content
from publer_sync.planning.plan import Action
from publer_sync.printable import one_line, printable, without_commands
from publer_sync.render import fields, marks
from publer_sync.render.dates import Dates
from publer_sync.render.edits import edits
from publer_sync.render.escaping import escaped, escaped_inline, escaped_line
from publer_sync.render.measure import cut, first_words
from publer_sync.render.text import checked, ended, nothing_to_do, outcome_word, refused, said, too_late
from publer_sync.render.wording import count, seconds, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from publer_sync.applying.report import Report, Result
    from publer_sync.planning.plan import Change, Plan, Warn
    from publer_sync.problems import Location, Problem
    from publer_sync.render.phrases import Phrase

    Link: TypeAlias = Callable[[str, int], str]
    """The address of a line of a file of the calendar."""

LIMIT = 60_000
"""GitHub takes 65,536 characters in a comment."""

_NOTE = 400
"""Room for what is said about the cut, and for the folds."""
_WORDS = 90
_IN_BOX = 10
_FIELDS = 3
_WARNINGS = 20
_MANY_ADOPTED = 5
_MOST_WEEKS = 8
_ICONS = {"poll": "📊", "thread": "🧵", "comments": "💬"}


# --- plan -----------------------------------------------------------------------------------------------------------


def plan(
    plan: Plan, *, limit: int = LIMIT, link: Link | None = None, command: str = "publer-sync apply"
) -> str:
    """The plan as a comment of at most `limit` characters; where it is cut, it says so above the table."""
    page = _Page(Dates.around(plan.timezone, plan.created_at), link, command, plan.names)
    shown = marks.shown(plan)
    marker = f"<!-- publer-sync plan: {_marker(plan.calendar)} -->"
    if not shown:
        body = [
            marker,
            _heading(plan.calendar, "nothing changes"),
            escaped_line(nothing_to_do(plan, page.dates)),
        ]
        return _joined([*body, *page.warnings(_warnings(plan)), page.footer(plan)])
    what = "this will be refused when it is merged" if plan.refusals else "what happens when this is merged"
    top = [marker, _heading(plan.calendar, what), page.counts(plan, shown), *page.box(plan, shown)]
    top += [sentence(escaped_line(warn.message)) for warn in plan.warnings if warn.code == "no_state"]
    rows = page.rows(shown)
    unfolded = [change for change in shown if change.action is not Action.ADOPT and not change.missed]
    bottom = page.warnings(_warnings(plan)), [*page.weeks(plan, shown), page.footer(plan)]
    return _fitted(top, rows, map(page.full, unfolded), bottom, limit=limit, changes=len(unfolded))


def _warnings(plan: Plan) -> list[Warn]:
    return [warn for warn in plan.warnings if warn.code not in ("no_state", "missed")]


def _fitted(
    top: list[str],
    rows: list[str],
    texts: Iterable[str],
    bottom: tuple[list[str], list[str]],
    *,
    limit: int,
    changes: int,
) -> str:
    """All of it, or without the latest texts, or also without the latest rows; `changes` is how many texts there are."""
    warnings, end = bottom
    head = "| When | Where | What happens | Post |\n| :-- | :-- | :-- | :-- |\n"
    room = limit - sum(len(part) + 2 for part in (*top, *warnings, *end)) - len(head) - _NOTE
    shown = _fit(rows, room)
    room -= sum(len(row) + 2 for row in shown)
    full = _fit(texts, room) if len(shown) == len(rows) else []
    note = ""
    if len(shown) < len(rows):
        said = f"the first {len(shown):,} of {count(len(rows), 'row')}, and no text in full"
        note = f"**Too long for a comment: {said}.** All of it: <code>publer-sync plan</code>"
    elif len(full) < changes:
        note = f"**Too long for a comment: only {len(full):,} of {count(changes, 'post')} can be read in full below.**"
    folded = _fold(f"Read every text in full ({len(full):,})", full) if full else []
    return _joined([*top, note, head + "\n".join(shown), *warnings, *folded, *end])


def _fit(parts: Iterable[str], room: int) -> list[str]:
    """The first parts that fit into `room` characters, each with two for what separates them."""
    kept: list[str] = []
    for part in parts:
        room -= len(part) + 2
        if room < 0:
            break
        kept.append(part)
    return kept


def _joined(parts: Iterable[str]) -> str:
    return without_commands("\n\n".join(part for part in parts if part)) + "\n"


def _fold(summary: str, parts: Sequence[str]) -> list[str]:
    return ["\n\n".join([f"<details>\n<summary>{summary}</summary>", *parts, "</details>"])]


def _marker(calendar: str) -> str:
    """A calendar's name that cannot end the comment it stands in."""
    return re.sub(r"[^\w./ -]|-(?=-)|-$", "_", one_line(calendar))


def _heading(calendar: str, what: str) -> str:
    name = "" if calendar == "calendar" else f" {escaped_line(cut(one_line(calendar), 80))}"
    return f"### 📅 Social calendar{name}: {what}"


class _Page:
    """The zone, the addresses, the command and the names of one comment."""

    def __init__(
        self,
        dates: Dates,
        link: Link | None,
        command: str = "publer-sync apply",
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.dates = dates
        self.names = names or {}
        self.link = link
        self.command = command

    def place(self, place: Location) -> str:
        name = f"{escaped_line(place.file)}, line {place.line}"
        if self.link is None:
            return name
        address = quote(printable(self.link(place.file, place.line)), safe=":/?#@!$&'*+,;=%~-._")
        return f"[{name}]({address})"

    def phrase(self, phrase: Phrase) -> str:
        out = ""
        for span in phrase:
            if span.place is not None:
                out += self.place(span.place)
                continue
            text = escaped_inline(span.text)
            tag = {"old": "del", "new": "b", "code": "code"}.get(span.kind)
            out += f"<{tag}>{text}</{tag}>" if tag and text else text
        return out

    def short(self, phrase: Phrase) -> str:
        """For a table: without what is said aside, and as a part of a sentence."""
        return self.phrase(tuple(span for span in phrase if span.kind != "dim")).removesuffix(".")

    def counts(self, plan: Plan, shown: Sequence[Change]) -> str:
        good = [(look, number) for look, number in marks.tally(shown) if look.sign != "⛔"]
        needs = sum(number for look, number in marks.tally(shown) if look.sign == "⛔")
        parts = [f"**{' · '.join(marks.said(look, number) for look, number in good)}**"] if good else []
        parts += [f"⛔ {needs:,} {'needs' if needs == 1 else 'need'} you"] if needs else []
        parts += [f"⚠️ {count(len(_warnings(plan)), 'warning')}"] if _warnings(plan) else []
        line = " · ".join(parts)
        if plan.apply_by is None:
            return line
        merge = f"Merge **before {self.dates.day(plan.apply_by)}, {self.dates.time(plan.apply_by)}** ({self._zone()})"
        return f"{line}\\\n{merge}, {escaped_line(too_late(plan))}."

    def _zone(self) -> str:
        return escaped_line(f"{self.dates.name.rpartition('/')[2].replace('_', ' ')} time")

    def box(self, plan: Plan, shown: Sequence[Change]) -> list[str]:
        """The one caution of a comment: what apply refuses, and what needs a person."""
        items = [
            f"**apply would refuse all of this:** {refused(refusal)} Did a file go missing? If it is meant: "
            f"<code>{escaped_line(f'{self.command} {refusal.allow}')}</code>"
            for refusal in plan.refusals
        ]
        held = [change for change in shown if marks.look(change).sign == "⛔"]
        if held:
            number = "One post" if len(held) == 1 else count(len(held), "post")
            rest = "" if plan.refusals else " Everything else goes ahead."
            items.append(f"**{number} will not be scheduled or changed.**{rest}")
        items += [f"- {self.held(change)}" for change in held[:_IN_BOX]]
        if len(held) > _IN_BOX:
            items.append(f"- … and {len(held) - _IN_BOX:,} more, marked ⛔ in the table.")
        return (
            ["\n".join(["> [!CAUTION]", *(f"> {line}".rstrip() for line in _spaced(items))])] if items else []
        )

    def held(self, change: Change) -> str:
        words = escaped_line(fields.name_of(change, 50))
        where = f"**{self.dates.day(change.at)}, {self.dates.time(change.at)}** · {self.where(change)} · “{words}”"
        told = [*fields.why(change, self.dates), *fields.ways_out(change, self.command)]
        return f"{where}: {' '.join(map(self.phrase, told))}"

    def where(self, change: Change) -> str:
        return escaped_line(cut(one_line(change.account.alias or change.account.name), 40))

    def rows(self, shown: Sequence[Change]) -> list[str]:
        adopted = [change for change in shown if change.action is Action.ADOPT]
        rows = []
        if len(adopted) > _MANY_ADOPTED:
            rows.append(
                f"| | | ⚪ adopted | {len(adopted):,} posts that are in Publer already; nothing is sent |"
            )
            shown = [change for change in shown if change.action is not Action.ADOPT]
        day = ""
        for change in shown:
            new_day = self.dates.day(change.at)
            rows.append(self.row(change, day="" if new_day == day else f"**{new_day}** "))
            day = new_day
        return rows

    def row(self, change: Change, *, day: str) -> str:
        look, time = marks.look(change), self.dates.time(change.at)
        old = change.moved_from
        if change.action is Action.REPLACE and old is not None:
            time = f"<del>{self.dates.old(old, change.at)}</del> **{time}**"
        cells = (
            f"{day}{time}",
            self.where(change),
            f"{look.sign} {marks.said_of(change)}",
            self.what(change),
        )
        return f"| {' | '.join(cells)} |"

    def what(self, change: Change) -> str:
        """The last cell: what changes where that is short to say, else the post's first words."""
        words = escaped_line(fields.name_of(change, _WORDS))
        if change.action is Action.UPDATE or marks.look(change) is marks.REMADE:
            told = [self.short(phrase) for phrase in edits(change, self.dates, self.names)]
            more = [f"and {len(told) - _FIELDS} more"] if len(told) > _FIELDS else []
            has_text = any(item.field == "text" for item in change.diff)
            return "; ".join([*([] if has_text else [words]), *told[:_FIELDS], *more])
        content = change.post.content if change.post else Content()
        values = content.values
        icons = [icon for key, icon in _ICONS.items() if key in values]
        number = len(content.media)
        icons += [f"🖼️ × {number}" if number > 1 else "🖼️"] if number else []
        icons += ["(draft)"] if content.draft else []
        return " ".join([words, *icons])

    def full(self, change: Change) -> str:
        """Everything of one post, for those who unfold it."""
        name = f" · <code>{escaped_line(change.id)}</code>" if change.id else ""
        time = f"{self.dates.day(change.at)}, {self.dates.time(change.at)}"
        parts = [f"#### {time} · {self.where(change)} · {marks.said_of(change)}{name}"]
        if change.action is Action.DELETE:
            parts.append("It is in Publer now, and no longer in the calendar:")
        text = printable(fields.text_of(change)).strip()
        if text:
            parts.append(_quote(text))
        changed = change.action in (Action.UPDATE, Action.REPLACE) or change.would in (
            Action.UPDATE,
            Action.REPLACE,
        )
        if changed and (told := edits(change, self.dates, self.names)):
            parts.append("\n".join(f"- {self.phrase(phrase)}" for phrase in told))
        notes = [escaped_line(detail) for detail in fields.details(change)]
        notes += [self.place(change.post.location)] if change.post else []
        if notes:
            parts.append(" · ".join(notes))
        return "\n\n".join(parts)

    def warnings(self, warnings: Sequence[Warn]) -> list[str]:
        if not warnings:
            return []
        lines = [f"- {self.warning(warn.message, warn.location)}" for warn in warnings[:_WARNINGS]]
        if len(warnings) > _WARNINGS:
            lines.append(f"- … and {len(warnings) - _WARNINGS:,} more: <code>publer-sync plan</code>")
        return ["\n".join(["⚠️ **Worth a look**", *lines])]

    def warning(self, message: str, place: Location | None) -> str:
        said = escaped_line(sentence(cut(one_line(message), 400))).removesuffix(".")
        return f"{said} ({self.place(place)})." if place else f"{said}."

    def weeks(self, plan: Plan, shown: Sequence[Change]) -> list[str]:
        """The weeks in which something changes, with the number of posts a day has afterwards."""
        weeks = sorted(
            {monday for change in shown if (monday := _monday(self.dates.local(change.at).date()))}
        )
        if not 1 < len(weeks) <= _MOST_WEEKS:
            return []
        posts: Counter[date] = Counter()
        signs: dict[date, str] = {}
        for change in plan.changes:
            day = self.dates.local(change.at).date()
            stays = change.post is not None and change.action not in (Action.BLOCKED, Action.RECREATE)
            posts[day] += stays and not change.missed
        for change in shown:
            day = self.dates.local(change.at).date()
            signs[day] = signs.get(day, "") + marks.look(change).sign
        lines = ["| | Mon | Tue | Wed | Thu | Fri | Sat | Sun |", "| :-- |" + " :-: |" * 7]
        for monday in weeks:
            cells = []
            for offset in range(7):
                day = monday + timedelta(days=offset)
                mark = signs.get(day, "") if len(signs.get(day, "")) <= 3 else f"{signs[day][:3]}…"
                cells.append(f"{posts[day] or ''} {mark}".strip())
            name = f"**{monday.day} {monday:%b}**"
            lines.append(f"| {name} | {' | '.join(cells)} |")
        return _fold(
            f"The {len(weeks)} weeks at a glance", ["\n".join(lines), "Numbers are posts after this change."]
        )

    def footer(self, plan: Plan) -> str:
        kept = ", ".join(marks.quiet(plan))
        kept = f"{kept}. " if kept else ""
        when = f"{self.dates.day(plan.created_at)}, {self.dates.time(plan.created_at)}"
        return f"<sub>{kept}Plan of {when}; all times are {self._zone()}.</sub>"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _spaced(lines: Sequence[str]) -> list[str]:
    """List items stay together, everything else is a paragraph of its own."""
    out: list[str] = []
    for line in lines:
        if out and not (line.startswith("- ") and out[-1].startswith("- ")):
            out.append("")
        out.append(line)
    return out


def _quote(text: str) -> str:
    """A text as a quotation with its own line breaks, whatever the page does with single ones."""
    lines = escaped(text).split("\n")
    last = len(lines) - 1
    breaks = (line and index < last and bool(lines[index + 1]) for index, line in enumerate(lines))
    return "\n".join(
        f"> {line}{chr(92) if more else ''}".rstrip(" ") for line, more in zip(lines, breaks, strict=True)
    )


def held(change: Change, *, zone: str, now: datetime, link: Link | None, command: str) -> str:
    """What stands against one post, with the way out: a list item's text."""
    return _Page(Dates.around(zone, now), link, command).held(change)


# --- report ---------------------------------------------------------------------------------------------------------


def report(
    report: Report, *, limit: int = LIMIT, link: Link | None = None, command: str = "publer-sync apply"
) -> str:
    """What apply did: a table of what did not get through, or one line where everything did."""
    years = [result.change.at.year for result in report.results]
    page = _Page(Dates(report.timezone, min(years, default=None)), link, command)
    cost = f"{count(report.requests, 'request')}, {seconds(report.seconds)}."
    done = [result.change for result in report.results if result.outcome is Outcome.APPLIED]
    told = [result for result in report.results if result.outcome is not Outcome.APPLIED]
    totals = " · ".join(marks.said(look, number) for look, number in marks.tally(done))
    parts = [_heading("calendar", _verdict(report))]
    parts.append(
        f"**{totals}**, {checked(done)}. {cost}" if done else f"Nothing was changed in Publer. {cost}"
    )
    if report.error is not None:
        parts += [
            "> [!CAUTION]\n" + "\n".join(f"> {escaped_line(cut(line, 1000))}" for line in ended(report))
        ]
    rows = [_result_row(page, result) for result in told]
    head = "| When | Where | What | Post | What happened |\n| :-- | :-- | :-- | :-- | :-- |\n"
    kept = _fit(rows, limit - sum(map(len, parts)) - len(head) - 2 * _NOTE)
    if len(kept) < len(rows):
        parts.append(f"**Too long for a comment: the first {len(kept):,} of {count(len(rows), 'row')}.**")
    if kept:
        parts.append(head + "\n".join(kept))
    if any(result.outcome in (Outcome.FAILED, Outcome.UNVERIFIED) for result in told):
        parts.append("Apply again when it is mended: what is done is not done twice.")
    if report.next_out is not None:
        when, alias, text = report.next_out
        words = escaped_line(first_words(text, 60))
        parts.append(
            f"Next out: **{page.dates.day(when)}, {page.dates.time(when)} · {escaped_line(alias)}** {words}"
        )
    return _joined(parts)


def _verdict(report: Report) -> str:
    failed, unsure = report.count(Outcome.FAILED), report.count(Outcome.UNVERIFIED)
    if failed:
        return f"{count(failed, 'post')} did not get through"
    if unsure:
        return f"{count(unsure, 'post')} not seen in Publer yet"
    if skipped := report.count(Outcome.NOT_TRIED):
        return f"done, but for {count(skipped, 'post')}"
    return "ended early" if report.error else "done" if report.results else "nothing changed"


def _result_row(page: _Page, result: Result) -> str:
    change = result.change
    words = escaped_line(fields.name_of(change, 60))
    place = f" ({page.place(change.post.location)})" if change.post else ""
    happened = [
        f"**{outcome_word(result)}**",
        *(escaped_line(cut(one_line(line), 1000)) for line in said(result)),
    ]
    when = f"{page.dates.day(change.at)} {page.dates.time(change.at)}"
    cells = (when, page.where(change), marks.wanted(change).said, f"{words}{place}", " ".join(happened))
    return f"| {' | '.join(cells)} |"


# --- problems -------------------------------------------------------------------------------------------------------


def problems(
    problems: Sequence[Problem], *, posts: int, desired: int, limit: int = LIMIT, link: Link | None = None
) -> str:
    """What validate found: mistakes as a table, warnings as a list."""
    page = _Page(Dates("UTC"), link)
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity == "warning"]
    together = f", {desired:,} with all accounts" if desired != posts else ""
    if errors:
        parts = [
            _heading("calendar", f"{count(len(errors), 'mistake')} to mend first"),
            f"Nothing can be planned until {'it is' if len(errors) == 1 else 'they are'} gone. Nothing was sent.",
        ]
    else:
        parts = [_heading("calendar", "checked"), f"The files are fine: {count(posts, 'post')}{together}."]
    listed = [f"- {page.warning(problem.message, problem.location)}" for problem in warnings[:_WARNINGS]]
    if len(warnings) > _WARNINGS:
        listed.append(f"- … and {len(warnings) - _WARNINGS:,} more.")
    rows = [_problem_row(page, problem) for problem in errors]
    kept = _fit(rows, limit - sum(map(len, (*parts, *listed))) - 2 * _NOTE)
    if len(kept) < len(rows):
        parts.append(f"**Too long for a comment: the first {len(kept):,} of {count(len(rows), 'mistake')}.**")
    if kept:
        parts.append("| Where | What | Mend |\n| :-- | :-- | :-- |\n" + "\n".join(kept))
    if listed:
        parts.append("\n".join(["⚠️ **Worth a look**", *listed]))
    return _joined(parts)


def _problem_row(page: _Page, problem: Problem) -> str:
    where = page.place(problem.location) if problem.location else ""
    first, *paste = printable(str(problem.help or "")).strip("\n").split("\n")
    cure = "<br>".join(
        [escaped_line(sentence(first) if not paste else first), *map(_pasted, _dedented(paste))]
    )
    return f"| {where} | {escaped_line(sentence(cut(one_line(problem.message), 400)))} | {cure} |"


def _dedented(lines: Sequence[str]) -> list[str]:
    return dedent("\n".join(lines)).split("\n") if lines else []


def _pasted(line: str) -> str:
    return f"<code>{escaped(line)}</code>" if line.strip() else ""

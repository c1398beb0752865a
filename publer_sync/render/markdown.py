"""The plan, what apply did, and what validate found, for a pull-request comment or a job summary: what matters first."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Create, Held, waits_for_yes
from publer_sync.planning.signing import by_person
from publer_sync.render.cards import folded, full_sentence
from publer_sync.render.layout.dates import Dates, city
from publer_sync.render.layout.escaping import escaped, escaped_inline, escaped_line
from publer_sync.render.layout.markdown_page import LIMIT, NOTE, MarkdownPage, caution, fit, heading, joined
from publer_sync.render.layout.measure import cut, first_words, quoted
from publer_sync.render.layout.venue import Venue
from publer_sync.render.layout.wording import before_command, count, fix_parts, listing
from publer_sync.render.overview import big_effort, deadline, nothing_to_do, warnings_of
from publer_sync.render.past.outcomes import (
    AGAIN,
    NOT_PUSHED,
    WORDS,
    apply_again,
    cost,
    ending_lines,
    note_lines,
    options_left,
    remark_lines,
    warning_lines,
)
from publer_sync.render.post import marks, tally
from publer_sync.render.post.entries import plan_entries, report_entries, text_of
from publer_sync.render.post.names import with_owners
from publer_sync.render.post.subjects import subject_of
from publer_sync.render.text import MANY_ADOPTED
from publer_sync.values.errors import RejectedStateError
from publer_sync.values.printable import one_line, printable
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.applying.report import ApplyReport
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.notes import Refusal
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.post.entries import PostEntry
    from publer_sync.values.errors import PublerSyncError
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Help, Problem

_IN_BOX = 10
_LINKED = 5
_AT_CARDS = 60
"""Warnings that stand at their posts."""
_FOOTNOTES = 800
"""Characters for the sentences that are told once."""
_ACROSS, _TABLES = 4, 2
"""Weeks of the glance that stand beside each other, and how many such tables are unfolded."""


def plan(plan: Plan, *, limit: int = LIMIT, venue: Venue | None = None) -> str:
    """The plan as a page of at most `limit` characters; where it is cut, it says so above the first post."""
    page = _MarkdownPlan(plan, venue or Venue())
    entries = page.entries(marks.shown_changes(plan))
    ended = page.ended()
    if not entries:
        nothing = escaped_line(nothing_to_do(plan, page.dates))
        parts = [page.marker(), heading(plan.calendar, "nothing changes"), page.preview(), nothing, *ended]
        return joined([*parts, *page.venue.notes, *page.warning_list(), page.footer()])
    held = [entry for entry in entries if entry.needs_someone and not _asks(entry)]
    page.place_warnings(entries)
    top = [
        page.marker(),
        page.heading(),
        page.deadline(),
        page.preview(),
        page.counts(entries),
        page.dangers(entries),
        page.sign_offs(),
        *page.venue.notes,
    ]
    top += page.box(held, entries)
    top += ended
    if not ended:
        top += [full_sentence(warn.message, 1000) for warn in plan.warnings if warn.code == "no_state"]
    top += page.glance(entries)
    end = [*page.warning_list(), page.footer()]
    many = [entry for entry in entries if entry.mark is marks.ADOPT]
    many = many if len(many) > MANY_ADOPTED else []
    room = limit - sum(len(part) + 2 for part in (*top, *end)) - _FOOTNOTES
    boxed = held[:_IN_BOX]
    note, days = page.days(
        [entry for entry in entries if not many or entry.mark is not marks.ADOPT],
        room,
        line=page.line,
        card=lambda entry: page.card(entry, fixes=entry not in boxed),
    )
    if many:
        lines = [page.line(entry, day=True) for entry in many]
        words = (
            f"⚪ {count(len(many), 'post')} already in Publer; managed here from now on, and nothing is sent"
        )
        kept = len(lines) if sum(map(len, lines)) < room - sum(map(len, days)) else 0
        days.append(folded(words, ["\n".join(lines)]) if kept else words)
    return joined([*top, note, *days, page.footnotes(days), *end])


def waiting_for_release(plan: Plan, *, limit: int, venue: Venue | None = None) -> str:
    """The posts on hold that no apply has sent as they are now, in at most `limit` characters; "" where there are none.

    Nothing happens to them when this is merged; the release schedules them, so whoever reviews has to see them here.
    """
    unsent = [
        Create(post=change.post, reason="It is on hold until the release.")
        for change in plan.changes
        if isinstance(change, Held) and change.post is not None and _is_unsent(change.post, change.copy)
    ]
    if not unsent:
        return ""
    page = _MarkdownPlan(plan, venue or Venue())
    entries = page.entries(unsent)
    what = f"**⏸️ On hold: {count(len(entries), 'post')}, new or changed since the hold.** Nothing happens to them when this is merged; the release of the hold schedules them."
    note, days = page.days(entries, limit - len(what) - NOTE, line=page.line, card=page.card)
    return joined([what, note, *days, page.footnotes(days)])


def _is_unsent(post: Post, copy: Copy | None) -> bool:
    return copy is None or copy.sent.digest != post.content.digest or copy.slot != post.at


def held(changes: Iterable[Change], plan: Plan, venue: Venue) -> list[str]:
    """Why each post of these changes is not applied, with the fix: the texts of list items."""
    page = _MarkdownPlan(plan, venue)
    return [page.held(entry) for entry in page.entries([*changes])]


def _asks(entry: PostEntry) -> bool:
    """Whether nothing but a sign-off is missing."""
    return bool(entry.changes) and all(map(waits_for_yes, entry.changes))


class _MarkdownPlan(MarkdownPage):
    def __init__(self, plan: Plan, venue: Venue) -> None:
        self.plan = with_owners(plan)
        super().__init__(Dates.around(plan.timezone, plan.created_at), venue, self.plan)
        ended = self.plan.ended_by
        self._all = [warn for warn in warnings_of(self.plan, self.dates) if warn is not ended]
        self._counted = False
        """Whether the top of the page leads to them."""
        self._elsewhere = self._all
        """The warnings that stand at no post."""

    def entries(self, changes: Sequence[Change]) -> list[PostEntry]:
        return plan_entries(changes, self.plan, self.dates, allow=self.venue.allow, whole=True)

    def marker(self) -> str:
        """The calendar's name, made unable to end the comment around it."""
        name = re.sub(r"[^\w./ -]|-(?=-)|-$", "_", one_line(self.plan.calendar))
        return f"<!-- publer-sync plan: {name} -->" if self.venue.marker else ""

    def heading(self) -> str:
        if self.venue.refused:
            what = "refused, and nothing was done"
        elif self.plan.refusals:
            what = "this will be refused when it is merged"
        else:
            what = "what happens when this is merged"
        return heading(self.plan.calendar, what)

    def deadline(self) -> str:
        by = deadline(self.plan, "Apply before" if self.venue.merged else "Merge before")
        if by is None:
            return ""
        return f"⏳ **{by.lead} {self.dates.both(by.when)} ({self._zone()}){escaped_inline(by.rest)}.**"

    def counts(self, entries: Sequence[PostEntry]) -> str:
        good = tally.parts([entry for entry in entries if not entry.mark.stuck])
        needs = sum(entry.needs_someone and not _asks(entry) for entry in entries)
        asks = sum(map(_asks, entries))
        parts = [f"**{' · '.join(good)}**"] if good else []
        parts += [f"✋ {count(needs, 'post needs', 'posts need')} you"] if needs else []
        parts += [f"✍️ {count(asks, 'post')} to sign off"] if asks else []
        parts += [self._warnings_counted(entries)] if self._all else []
        lines = [" · ".join(parts)]
        lines += filter(None, [big_effort([self.plan], self.venue.allow)])
        return "\\\n".join(lines)

    def sign_offs(self) -> str:
        """Whose yes is missing, until when, and to which posts."""
        lines = []
        for person, waiting in by_person(self.plan.changes).items():
            titles = dict.fromkeys(change.id or quoted(text_of(change), 30) for change, _ in waiting)
            names = escaped_line(", ".join([*titles][:_IN_BOX]))
            more = f" and {len(titles) - _IN_BOX} more" if len(titles) > _IN_BOX else ""
            who = escaped_line(self.plan.people.get(person) or person)
            by = f"{'' if len(titles) == 1 else 'the first '}before {self.dates.both(waiting[0][1])}"
            lines.append(f"- **{who}**: {count(len(titles), 'post')}, {by}: {names}{more}")
        if not lines:
            return ""
        pages = (
            f" A page for each is in [the plan's artifact]({self.venue.preview})."
            if self.venue.preview
            else ""
        )
        return "\n".join([f"✍️ **Not sent before it is signed off by:**{pages}", "", *lines])

    def _zone(self) -> str:
        return escaped_line(f"{city(self.dates.name)} time")

    def _warnings_counted(self, entries: Sequence[PostEntry]) -> str:
        """`⚠️ 3 warnings: price, launch, and 1 below`, each a link to where it stands."""
        at = [entry for entry in entries if id(entry) in self.warned]
        links = [
            f"[{escaped_line(entry.title(30))}](#user-content-{self.warned[id(entry)][0]})"
            for entry in at[:_LINKED]
        ]
        if len(at) > _LINKED:
            links.append(count(len(at) - _LINKED, "more post"))
        if self._elsewhere:
            links.append(f"[{len(self._elsewhere):,} at the end](#user-content-{self._anchor()})")
        return f"⚠️ {count(len(self._all), 'warning')}: {', '.join(links)}"

    def _anchor(self, number: int = 0) -> str:
        """A place on the page, with the calendar's name: a pull request may have comments on several."""
        name = re.sub(r"\W+", "-", self.plan.calendar.lower()).strip("-")
        return f"publer-sync-{name}-{number}" if number else f"publer-sync-{name}-warnings"

    def place_warnings(self, entries: Sequence[PostEntry]) -> None:
        """Put each warning to the post that it is about, where the page has that."""
        first: dict[tuple[str, int], PostEntry] = {}
        for entry in entries:
            if entry.place is not None:
                first.setdefault((entry.place.file, entry.place.line), entry)
        self._counted, self._elsewhere, placed = True, [], 0
        for warn in self._all:
            post = warn.post
            about = first.get((post.file, post.line)) if post is not None else None
            if about is None or placed == _AT_CARDS:
                self._elsewhere.append(warn)
                continue
            placed += 1
            name = self._anchor(len(self.warned) + 1)
            self.warned.setdefault(id(about), (name, []))[1].append(full_sentence(warn.whole))

    def dangers(self, entries: Sequence[PostEntry]) -> str:
        """What is removed, and what changes account, by name."""
        lines = []
        for mark, words in (
            (marks.REMOVE, "Removed"),
            (marks.ACCOUNT, "Other account"),
            (marks.HALFWAY, "Other account, only halfway"),
        ):
            found = Counter(
                f"“{self.name(entry, 40)}” ({self.accounts(entry)})"
                for entry in entries
                if entry.mark is mark
            )
            first = [*found.items()][:_IN_BOX]
            named = [f"{number:,} × {name}" if number > 1 else name for name, number in first]
            left = found.total() - sum(number for _, number in first)
            more = [f"and {left:,} more"] if left else []
            lines += [f"{mark.emoji} **{words}:** {', '.join([*named, *more])}"] if found else []
        return "\\\n".join(lines)

    def box(self, held: Sequence[PostEntry], entries: Sequence[PostEntry]) -> list[str]:
        """The one caution of a page: what apply refuses, and what needs a person."""
        verb = "refused" if self.venue.merged else "would refuse"
        paragraphs = [
            f"**apply {verb} all of this:** {tally.over_limit(refusal, self.plan)} {self._way(refusal)}"
            for refusal in self.plan.refusals
        ]
        if held:
            posts = "One post" if len(held) == 1 else count(len(held), "post")
            rest = " Everything else goes ahead." if len(held) < len(entries) and not paragraphs else ""
            paragraphs.append(f"**{posts} will not be scheduled or changed.**{rest}")
            items = [f"- {self.held(entry)}" for entry in held[:_IN_BOX]]
            if len(held) > _IN_BOX:
                items.append(f"- … and {len(held) - _IN_BOX:,} more, below.")
            paragraphs.append("\n".join(items))
        return [caution("\n\n".join(paragraphs).split("\n"))] if paragraphs else []

    def _way(self, refusal: Refusal) -> str:
        if repair := tally.repair_of(refusal, self.plan):
            return f"Bring it back: <code>{escaped_line(repair)}</code>"
        asks = "Did a file go missing? " if refusal.code in ("deletes", "empty") else ""
        return f"{asks}If you mean it: {self.venue.apply_with([refusal.allow])}"

    def held(self, entry: PostEntry) -> str:
        why = " ".join(map(self.phrase, (*entry.reasons, *entry.fixes)))
        when = f"**{self.dates.both(entry.at)}** {self.own_time(entry)}".rstrip()
        where = f"{when} · {self.accounts(entry)}"
        return f"{where} · “{self.name(entry, 50)}”: {why}"

    def ended(self) -> list[str]:
        warn = self.plan.ended_by
        told = "" if warn is None else before_command(f"apply would end with an error: {warn.whole}")
        return [caution([escaped_line(cut(told, 1000))])] if told else []

    def warning_list(self) -> list[str]:
        found = [(warn.whole, warn.location) for warn in self._elsewhere]
        anchor = f'<a name="{self._anchor()}"></a>' if self._counted else ""
        return self.warnings(found, more=self.venue.whole, anchor=anchor)

    def glance(self, entries: Sequence[PostEntry]) -> list[str]:
        """The weeks in which something changes, with the number of posts a day has afterwards."""
        days = {entry: self.dates.local(entry.at).date() for entry in entries}
        if len(set(days.values())) < 2:
            return []
        staying = {
            subject_of(change.post)
            for change in self.plan.changes
            if change.post and not marks.mark_of(change, self.venue.allow).stuck
        }
        posts = Counter(self.dates.local(post.at).date() for post in staying)
        signs: dict[date, str] = {}
        for entry, day in days.items():
            for emoji in (entry.mark.emoji, *(("⚠️",) if id(entry) in self.warned else ())):
                if emoji not in signs.get(day, ""):
                    signs[day] = signs.get(day, "") + emoji
        weeks = sorted({day - timedelta(days=day.weekday()) for day in days.values()})
        key = " · ".join(
            f"{mark.emoji} {mark.word}" for mark, _ in marks.totals(entry.mark for entry in entries)
        )
        tables = [
            self._weeks(weeks[first : first + _ACROSS], posts, signs)
            for first in range(0, len(weeks), _ACROSS)
        ]
        said = f"<sub>Posts on each day after this change. {key}</sub>"
        parts = [*tables[:_TABLES], said]
        if rest := weeks[_TABLES * _ACROSS :]:
            more = f"{count(len(rest), 'more week')}, to {self.dates.date(rest[-1])}"
            parts.append(folded(more, tables[_TABLES:]))
        return parts

    def _weeks(self, mondays: Sequence[date], posts: Counter[date], signs: dict[date, str]) -> str:
        """Weeks beside each other: so many fit a phone, where a table of seven columns does not."""
        lines = [
            f"| | {' | '.join(self.dates.date(monday) for monday in mondays)} |",
            "| :-- |" + " :-- |" * len(mondays),
        ]
        for number, name in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")):
            days = [monday + timedelta(days=number) for monday in mondays]
            cells = [f"{posts[day] or ''} {signs.get(day, '')}".strip() for day in days]
            lines.append(f"| **{name}** | {' | '.join(cells)} |")
        return "\n".join(lines)

    def footer(self) -> str:
        kept = f"{listing(tally.kept(self.plan))} ".lstrip()
        made = f"Plan of {self.dates.both(self.plan.created_at)}; all times are {self._zone()}."
        live = any(change.live is not None for change in self.plan.changes)
        return f"<sub>{kept}{made}{f' {self.in_publer()}' if live else ''}</sub>"


# --- after apply ----------------------------------------------------------------------------------------------------


def report(report: ApplyReport, *, limit: int = LIMIT, venue: Venue | None = None) -> str:
    page = _MarkdownReport(Dates.of_report(report), venue or Venue())
    totals, verified = tally.done(report)
    done = f"**{' · '.join(totals)}**, {verified}." if totals else "Nothing was changed in Publer."
    parts = [heading(page.venue.calendar, _verdict(report)), f"{done} {cost(report)}"]
    if report.error is not None:
        ending = [*ending_lines(report), *apply_again(report, page.dates)]
        parts.append(caution(full_sentence(line, 1000) for line in ending))
    lines = (*remark_lines(report), *warning_lines(report), *note_lines(report))
    parts += [escaped_line(cut(line, 1000)) for line in lines]
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
    applied = report_entries(report, {Outcome.APPLIED})
    note, days = page.days(applied, room, line=page.done)
    return joined([*parts, note, *days, f"<sub>{page.in_publer()}</sub>" if applied else ""])


def failure(error: PublerSyncError | None, *, calendar: str = "calendar") -> str:
    """A command that has no result."""
    lines = [f"**{full_sentence(error.message, 1000) if error else 'There is no plan.'}**"]
    if error is not None and error.hint:
        lines += ["", full_sentence(error.hint, 1000)]
    verdict = NOT_PUSHED if isinstance(error, RejectedStateError) else "no result"
    return joined([heading(calendar, verdict), caution(lines)])


def _verdict(report: ApplyReport) -> str:
    if isinstance(report.error, RejectedStateError):
        return NOT_PUSHED
    if failed := len(report_entries(report, {Outcome.FAILED})):
        return f"{count(failed, 'post')} failed"
    if unverified := len(report_entries(report, {Outcome.UNVERIFIED})):
        return f"{count(unverified, 'post')} not verified yet"
    if skipped := len(report_entries(report, {Outcome.NOT_TRIED})):
        return f"done, except for {count(skipped, 'post')}"
    if (waiting := len(report_entries(report.waiting_for_pages, {Outcome.WAITING}))) and not report.error:
        return count(waiting, "post waits for its page", "posts wait for their pages")
    if (waiting := len(report_entries(report.waiting_for_yes, {Outcome.WAITING}))) and not report.error:
        return count(waiting, "post waits for a sign-off", "posts wait for a sign-off")
    return "ended early" if report.error else "done" if report.results else "nothing changed"


_RESULTS = {Outcome.WAITING: "⏳", Outcome.UNVERIFIED: "⏳", Outcome.FAILED: "❌"}


class _MarkdownReport(MarkdownPage):
    after = True

    def row(self, entry: PostEntry) -> str:
        outcome = entry.outcome or Outcome.APPLIED
        emoji = _RESULTS.get(outcome, marks.BLOCKED.emoji)
        lines = (escaped_line(cut(one_line(line), 1000)) for line in entry.lines)
        told = " ".join((*lines, *map(self.phrase, entry.reasons)))
        what = f"{emoji} **{WORDS[outcome][0]}** ({entry.mark.word})"
        return f"{self.line(entry, day=True, what=what)}: {told}"

    def done(self, entry: PostEntry) -> str:
        return self.line(entry, what=f"{entry.mark.emoji} {entry.mark.done}")


# --- instead of a plan ----------------------------------------------------------------------------------------------

_TABLE_HEAD = "| Where | Problem | Fix |\n| :-- | :-- | :-- |\n"


def problems(
    problems: Sequence[Problem],
    *,
    figures: str,
    limit: int = LIMIT,
    venue: Venue | None = None,
    unplanned: str = "",
) -> str:
    """`figures` says how many posts there are, `unplanned` why the files were only checked, where a plan was wanted."""
    page = MarkdownPage(Dates("UTC"), venue or Venue())
    errors = errors_in(problems)
    warnings = [(problem.message, problem.location) for problem in problems if problem.severity == "warning"]
    if errors:
        parts = [
            heading(page.venue.calendar, f"{count(len(errors), 'error')} to fix first"),
            page.preview(),
            f"Nothing can be planned until {'it is' if len(errors) == 1 else 'they are'} fixed. Nothing was sent.",
        ]
    else:
        checked = "checked, not planned" if unplanned else "checked"
        parts = [
            heading(page.venue.calendar, checked),
            page.preview(),
            unplanned,
            f"No errors: {figures}.",
        ]
    listed = page.warnings(warnings)
    rows = [_row(page, problem) for problem in errors]
    kept = fit(rows, limit - sum(map(len, (*parts, *listed))) - 2 * NOTE)
    if len(kept) < len(rows):
        parts.append(f"**Too long for a comment: the first {len(kept):,} of {count(len(rows), 'error')}.**")
    parts += [_TABLE_HEAD + "\n".join(kept)] if kept else []
    return joined([*parts, *listed])


def _row(page: MarkdownPage, problem: Problem) -> str:
    where = page.place(problem.location) if problem.location else ""
    return f"| {where} | {full_sentence(problem.message)} | {_fix(problem.help)} |"


def _fix(help_: Help | None) -> str:
    parts = [part for words, lines in fix_parts(help_) for part in (escaped_line(words), *_pasted(lines))]
    return "<br>".join(part for part in parts if part)


def _pasted(lines: str) -> list[str]:
    text = dedent(printable(lines)).strip("\n")
    return [f"<code>{escaped(line)}</code>" for line in text.split("\n") if line.strip()]

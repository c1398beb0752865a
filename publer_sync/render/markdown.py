"""The plan for a pull-request comment or a job summary: what matters comes first, texts are folded."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from publer_sync.content import Content
from publer_sync.planning.plan import Action, intent, is_missed, moved_from
from publer_sync.printable import one_line, printable
from publer_sync.render import glimpses, marks
from publer_sync.render.dates import Dates
from publer_sync.render.edits import edits, everything_said
from publer_sync.render.escaping import escaped_line
from publer_sync.render.markdown_page import (
    LIMIT,
    NOTE,
    MarkdownPage,
    caution,
    fit,
    folded,
    full_sentence,
    heading,
    joined,
    quoted_text,
)
from publer_sync.render.names import Names
from publer_sync.render.overview import limit_exceeded, nothing_to_do, too_late, warnings_of
from publer_sync.render.reasons import steps, swapping
from publer_sync.render.venue import Venue
from publer_sync.render.wording import count, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.planning.plan import Change, Plan, Warn
    from publer_sync.render.phrases import Phrase

_WORDS = 90
_IN_BOX = 10
_FIELDS = 3
_MANY_ADOPTED = 5
_MOST_WEEKS = 8
_ICONS = {"poll": "📊", "thread": "🧵", "comments": "💬"}
_HEAD = "| When | Where | What happens | Post |\n| :-- | :-- | :-- | :-- |\n"


def plan(plan: Plan, *, limit: int = LIMIT, venue: Venue | None = None) -> str:
    """The plan as a page of at most `limit` characters; where it is cut, it says so above the table."""
    page = _MarkdownPlan(plan, venue or Venue())
    shown = marks.shown_changes(plan)
    if not shown:
        nothing = escaped_line(nothing_to_do(plan, page.dates))
        parts = [page.marker(), heading(plan.calendar, "nothing changes"), nothing]
        return joined([*parts, *page.venue.notes, *page.warning_list(), page.footer()])
    top = [page.marker(), page.heading(), page.counts(shown), *page.venue.notes, *page.box(shown)]
    top += [full_sentence(warn.message, 1000) for warn in plan.warnings if warn.code == "no_state"]
    return page.fitted(top, shown, limit)


def held(change: Change, plan: Plan, venue: Venue) -> str:
    """Why one post of a plan is not applied, with the fix: a list item's text."""
    return _MarkdownPlan(plan, venue).held(change)


class _MarkdownPlan(MarkdownPage):
    def __init__(self, plan: Plan, venue: Venue) -> None:
        super().__init__(Dates.around(plan.timezone, plan.created_at), venue)
        self.plan = plan
        self.swapping = swapping(plan)

    def mark(self, change: Change) -> marks.ChangeMark:
        return marks.mark_of(change, self.venue.allow)

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

    def fitted(self, top: list[str], shown: Sequence[Change], limit: int) -> str:
        """All of it, or without the latest texts, or also without the latest rows."""
        rows = self.rows(shown)
        readable = [change for change in shown if change.action is not Action.ADOPT and not is_missed(change)]
        warnings, end = self.warning_list(), [*self.weeks(shown), self.footer()]
        room = limit - sum(len(part) + 2 for part in (*top, *warnings, *end)) - len(_HEAD) - NOTE
        kept = fit(rows, room)
        room -= sum(len(row) + 2 for row in kept)
        texts = fit(map(self.full, readable), room) if len(kept) == len(rows) else []
        note = ""
        if len(kept) < len(rows):
            what = f"the first {len(kept):,} of {count(len(rows), 'row')}, and no text in full"
            note = f"**Too long for a comment: {what}.** All of it: {self.venue.whole}"
        elif len(texts) < len(readable):
            posts = count(len(readable), "post")
            note = f"**Too long for a comment: only {len(texts):,} of {posts} can be read in full below.**"
        fold = [folded(f"Read every text in full ({len(texts):,})", texts)] if texts else []
        return joined([*top, note, _HEAD + "\n".join(kept), *warnings, *fold, *end])

    # --- above the table

    def counts(self, shown: Sequence[Change]) -> str:
        totals = marks.totals(map(self.mark, shown))
        good = [words for mark, words in totals if mark.emoji != "⛔"]
        needs = sum(self.mark(change).stuck for change in shown)
        parts = [f"**{' · '.join(good)}**"] if good else []
        parts += [f"⛔ {needs:,} {'needs' if needs == 1 else 'need'} you"] if needs else []
        parts += [f"⚠️ {count(len(self._warnings()), 'warning')}"] if self._warnings() else []
        line = " · ".join(parts)
        if (by := self.plan.apply_by) is None:
            return line
        verb = "Apply" if self.venue.merged else "Merge"
        when = f"{verb} **before {self.dates.day(by)}, {self.dates.time(by)}** ({self._zone()})"
        return f"{line}\\\n{when}, {escaped_line(too_late(self.plan))}."

    def _zone(self) -> str:
        return escaped_line(f"{self.dates.name.rpartition('/')[2].replace('_', ' ')} time")

    def box(self, shown: Sequence[Change]) -> list[str]:
        """The one caution of a page: what apply refuses, and what needs a person."""
        verb = "refused" if self.venue.merged else "would refuse"
        paragraphs = [
            f"**apply {verb} all of this:** {limit_exceeded(refusal)} Did a file go missing? If you mean it: "
            f"{self.venue.apply_with([refusal.allow])}"
            for refusal in self.plan.refusals
        ]
        held = [change for change in shown if self.mark(change).stuck]
        if held:
            number = "One post" if len(held) == 1 else count(len(held), "post")
            others = len(held) < len(shown) and not self.plan.refusals
            rest = " Everything else goes ahead." if others else ""
            paragraphs.append(f"**{number} will not be scheduled or changed.**{rest}")
            items = [f"- {self.held(change)}" for change in held[:_IN_BOX]]
            if len(held) > _IN_BOX:
                items.append(f"- … and {len(held) - _IN_BOX:,} more, marked ⛔ in the table.")
            paragraphs.append("\n".join(items))
        return [caution("\n\n".join(paragraphs).split("\n"))] if paragraphs else []

    # --- the table

    def rows(self, shown: Sequence[Change]) -> list[str]:
        adopted = [change for change in shown if change.action is Action.ADOPT]
        rows = []
        if len(adopted) > _MANY_ADOPTED:
            words = f"{len(adopted):,} posts that are in Publer already; nothing is sent"
            rows.append(f"| | | {marks.ADOPT.emoji} {marks.ADOPT.word} | {words} |")
            shown = [change for change in shown if change.action is not Action.ADOPT]
        day = ""
        for change in shown:
            new_day = self.dates.day(change.at)
            rows.append(self.row(change, day="" if new_day == day else f"**{new_day}** "))
            day = new_day
        return rows

    def row(self, change: Change, *, day: str) -> str:
        mark, time = self.mark(change), self.dates.time(change.at)
        old = moved_from(change)
        if change.action is Action.REPLACE and old is not None:
            time = f"<del>{self.dates.old(old, change.at)}</del> **{time}**"
        cells = f"{day}{time}", self.account(change), f"{mark.emoji} {mark.word}", self.what(change)
        return f"| {' | '.join(cells)} |"

    def what(self, change: Change) -> str:
        """The last cell: what changes where that is short to say, else the post's first words."""
        words = escaped_line(glimpses.name_of(change, _WORDS))
        if self.mark(change) in (marks.EDIT, marks.REPLACE):
            told = [self._short(phrase) for phrase in self._edits(change)]
            more = [f"and {len(told) - _FIELDS} more"] if len(told) > _FIELDS else []
            has_text = any(item.field == "text" for item in change.diff)
            return "; ".join([*([] if has_text else [words]), *told[:_FIELDS], *more])
        content = change.post.content if change.post else Content()
        icons = [icon for key, icon in _ICONS.items() if key in content.values]
        number = len(content.media)
        icons += [f"🖼️ × {number}" if number > 1 else "🖼️"] if number else []
        icons += ["(draft)"] if content.draft else []
        return " ".join([words, *icons])

    def _edits(self, change: Change, *, whole: bool = False) -> list[Phrase]:
        return edits(change, Names(change.post, self.plan.names), whole=whole)

    def _short(self, phrase: Phrase) -> str:
        """For a table: without what is said aside, and as a part of a sentence."""
        return self.phrase(tuple(span for span in phrase if span.kind != "dim")).removesuffix(".")

    # --- below the table

    def full(self, change: Change) -> str:
        """Everything of one post, for those who unfold it."""
        name = f" · <code>{escaped_line(change.id)}</code>" if change.id else ""
        time = f"{self.dates.day(change.at)}, {self.dates.time(change.at)}"
        parts = [f"#### {time} · {self.account(change)} · {self.mark(change).word}{name}"]
        if change.action is Action.DELETE:
            parts.append("It is in Publer now, and no longer in the calendar:")
        if intent(change).action in (Action.UPDATE, Action.REPLACE):
            told = self._items(self._edits(change, whole=True))
            how = steps(change, swaps=id(change) in self.swapping) if change.action is Action.REPLACE else ""
            parts += [*filter(None, [told, escaped_line(how)]), "The whole post:"]
        if text := printable(glimpses.text_of(change)).strip():
            parts.append(quoted_text(text))
        if change.post is not None:
            said = self._items(everything_said(change.post.content, Names(change.post, self.plan.names)))
            parts += [said] if said else []
            notes = [*filter(None, [glimpses.length_of(change.post)]), self.place(change.post.location)]
            parts.append(" · ".join(notes))
        return "\n\n".join(parts)

    def _items(self, phrases: Sequence[Phrase]) -> str:
        return "\n".join(f"- {line}" for line in map(self.phrase, phrases) if line)

    def _warnings(self) -> list[Warn]:
        return warnings_of(self.plan, self.dates)

    def warning_list(self) -> list[str]:
        found = [(warn.message, warn.location) for warn in self._warnings()]
        return self.warnings(found, more=self.venue.whole)

    def weeks(self, shown: Sequence[Change]) -> list[str]:
        """The weeks in which something changes, with the number of posts a day has afterwards."""
        weeks = sorted({_monday(self.dates.local(change.at).date()) for change in shown})
        if not 1 < len(weeks) <= _MOST_WEEKS:
            return []
        posts: Counter[date] = Counter()
        signs: dict[date, str] = {}
        for change in self.plan.changes:
            stays = change.post is not None and change.action not in (Action.BLOCKED, Action.RECREATE)
            posts[self.dates.local(change.at).date()] += stays and not is_missed(change)
        for change in shown:
            day = self.dates.local(change.at).date()
            signs[day] = signs.get(day, "") + self.mark(change).emoji
        lines = ["| | Mon | Tue | Wed | Thu | Fri | Sat | Sun |", "| :-- |" + " :-: |" * 7]
        for monday in weeks:
            days = [monday + timedelta(days=offset) for offset in range(7)]
            cells = [f"{posts[day] or ''} {_short_signs(signs.get(day, ''))}".strip() for day in days]
            lines.append(f"| **{monday.day} {monday:%b}** | {' | '.join(cells)} |")
        parts = ["\n".join(lines), "Numbers are posts after this change."]
        return [folded(f"The {len(weeks)} weeks at a glance", parts)]

    def footer(self) -> str:
        kept = f"{listing(marks.kept_totals(self.plan))} ".lstrip()
        when = f"{self.dates.day(self.plan.created_at)}, {self.dates.time(self.plan.created_at)}"
        return f"<sub>{kept}Plan of {when}; all times are {self._zone()}.</sub>"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _short_signs(signs: str) -> str:
    return signs if len(signs) <= 3 else f"{signs[:3]}…"

"""What a hold did, as text, and what it asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome, Result
from publer_sync.planning.holding import REPEATING, condition
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.measure import pad, quoted, width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import PLAIN, Screen, TerminalPage
from publer_sync.render.layout.wording import count, post_count, sentence
from publer_sync.render.past.outcomes import cause_lines
from publer_sync.render.post.entries import text_of
from publer_sync.render.post.fields import edits_in_publer
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.holding.report import HoldReport
    from publer_sync.planning.plan import Held
    from publer_sync.values.model import LivePost

INDENT = 4


@dataclass(frozen=True, slots=True)
class Going:
    """What is in scope in one calendar, as its state has it; times are in its zone."""

    timezone: str
    posts: Sequence[Held]


def question(going: Sequence[Held], names: Mapping[str, str], now: datetime, timezone: str) -> str:
    """`going` is what the state knows; what Publer has is listed once the answer is yes. `names` of accounts, by id."""
    dates = Dates.around(timezone, now)
    parts = [f"This takes {_counted_going(going)} out of Publer now."]
    if going:
        name = names.get(going[0].account.id, going[0].account.id)
        parts.append(f"The first is scheduled for {dates.both(going[0].at)} on {name}.")
    adopted = _adopted(going)
    parts += _lost(adopted)
    parts += [
        f"  {dates.both(post.at)}  {names.get(post.account.id, post.account.id)}  {_name(post)}"
        for post in adopted
    ]
    return "\n".join(parts)


def question_of_several(calendars: int, going: Mapping[str, Going], now: datetime) -> str:
    """`going` by the calendars' names, of those whose states can be read."""
    posts = [post for each in going.values() for post in each.posts]
    parts = [f"This takes the scheduled posts of {count(calendars, 'calendar')} out of Publer now."]
    if posts:
        told = (f"{name} {_counted_going(each.posts)}" for name, each in going.items() if each.posts)
        parts.append(f"According to their states: {'; '.join(told)}.")
    parts += _lost(_adopted(posts))
    for name, each in going.items():
        dates = Dates.around(each.timezone, now)
        parts += [f"  {name}  {dates.both(post.at)}  {_name(post)}" for post in _adopted(each.posts)]
    return "\n".join(parts)


def _counted_going(going: Iterable[Held]) -> str:
    return _counted([Result(change, Outcome.NOT_TRIED) for change in going])


def _adopted(going: Iterable[Held]) -> list[Held]:
    return [change for change in going if change.copy is not None and change.copy.adopted]


def _lost(adopted: Sequence[Held]) -> list[str]:
    if not adopted:
        return []
    made = count(len(adopted), "of them was", "of them were")
    lost = "comments, labels and polls that Publer doesn't show and the calendar doesn't have will be lost:"
    return [f"{made} made in Publer: {lost}"]


def _name(post: Held) -> str:
    words = quoted(text_of(post), 50)
    return one_line(f"{post.id}  {words}" if post.id else words)


def line(report: HoldReport) -> str:
    words = {
        Outcome.NOT_TRIED: "to remove",
        Outcome.APPLIED: "out of Publer",
        Outcome.FAILED: "not stopped",
        Outcome.UNVERIFIED: "not verified",
    }
    parts = [one_line(each.message) for each in report.unknown]
    parts += [
        f"{len(_posts(found)):,} {word}"
        for outcome, word in words.items()
        if (found := report.done.of(outcome))
    ]
    if report.unlabelled:
        parts.append(f"labels of {count(len(_posts(report.unlabelled)), 'adopted post')} unknown")
    if report.done.error is not None:
        parts.append(one_line(report.done.error.message))
    if report.hold is None and not parts:
        return "no such account here"
    return ", ".join(parts) or "nothing was scheduled"


def text(report: HoldReport, *, screen: Screen = PLAIN, release: str, first: str = "") -> str:
    """`release` is the command that ends the hold, `first` what has to be done before, if anything."""
    page = _HoldPage(report, screen)
    page.unknown()
    if report.hold is None:
        page.nothing()
        return page.text()
    page.head()
    page.posts(Outcome.NOT_TRIED, "Scheduled")
    page.posts(Outcome.FAILED, "Not stopped", "red")
    page.posts(Outcome.UNVERIFIED, "Not verified", "yellow")
    page.edited()
    page.unlabelled()
    page.unmanaged()
    page.closing(release, first)
    return page.text()


def _posts(found: Iterable[Result]) -> list[list[Result]]:
    """The same post on several accounts together, where the same became of it."""
    groups: dict[object, list[Result]] = {}
    for result in found:
        change = result.change
        key = (change.at, change.id, text_of(change), result.outcome, tuple(cause_lines(result.why)))
        groups.setdefault(key, []).append(result)
    return [*groups.values()]


def _alike(found: Iterable[LivePost]) -> list[list[LivePost]]:
    """The same post in Publer on several accounts together."""
    groups: dict[object, list[LivePost]] = {}
    for post in found:
        groups.setdefault((post.at, post.text, _mark(post)), []).append(post)
    return [*groups.values()]


def _counted(found: Sequence[Result]) -> str:
    return post_count(len(_posts(found)), len({result.change.account.id for result in found}))


def _mark(post: LivePost) -> str:
    """That it repeats, and on what its publication depends."""
    repeats = str(post.family) if post.family in REPEATING else ""
    return ", ".join(filter(None, (repeats, condition(post))))


class _HoldPage(TerminalPage):
    def __init__(self, report: HoldReport, screen: Screen) -> None:
        super().__init__(Dates.around(report.plan.timezone, report.plan.created_at), screen, "")
        self.report = report
        listed = [result for result in report.done.results if result.outcome is not Outcome.APPLIED]
        groups = _posts((*listed, *report.unlabelled))
        rows = [[result.change.account.id for result in found] for found in groups]
        rows += [[result.change.account.id] for result in report.done.of(Outcome.APPLIED)]
        rows += [[post.account_id for post in found] for found in _alike(report.unmanaged)]
        widths = [width(self._where(accounts)) for accounts in rows]
        self.columns = max([0, *(each for each in widths if each <= screen.width // 3)])

    def _where(self, accounts: Iterable[str]) -> str:
        return ", ".join(sorted(map(self._alias, accounts)))

    def _alias(self, account: str) -> str:
        return self.report.names.get(account, account)

    def unknown(self) -> None:
        for each in self.report.unknown:
            self.phrase((Span(sentence(one_line(each.message)), "alarm"),), 0)
        if self.report.unknown:
            self.lines.append("")

    def nothing(self) -> None:
        self.say(
            "Nothing was put on hold, and nothing has been changed."
            if self.report.unknown
            else "Nothing was put on hold here: this calendar has none of these accounts.",
            0,
        )

    def head(self) -> None:
        report = self.report
        if not report.written:
            posts = _counted(report.done.of(Outcome.NOT_TRIED))
            self.phrase((Span(f"{posts} would be taken out of Publer.", "strong"),), 0)
            self.lines.append("")
            return
        since = self.dates.both(report.plan.created_at)
        what = Span(f"On hold since {since}: ", "strong")
        if not report.in_force:
            what = Span(f"Not on hold, {since}: ", "alarm")
        self.phrase((what, Span(report.plan.holds[0].reason)), 0)
        if removed := report.done.of(Outcome.APPLIED):
            first = removed[0].change
            verb = "is" if len(_posts(removed)) == 1 else "are"
            due = f" The first was due {self.dates.both(first.at)} on {self._alias(first.account.id)}."
            self.phrase((Span(f"{_counted(removed)} {verb} out of Publer.", "strong"), Span(due)), 0)
        elif not report.done.results:
            self.say("Nothing in its scope is scheduled in Publer.", 0)
        self.lines.append("")

    def posts(self, outcome: Outcome, title: str, color: str = "") -> None:
        found = self.report.done.of(outcome)
        if not found:
            return
        self.lines.append(self.paint(f"{title}: {_counted(found)}", f"bold {color}".strip()))
        for result, *others in _posts(found):
            post = result.change
            accounts = [each.change.account.id for each in (result, *others)]
            mark = _mark(post.live) if post.live and outcome is not Outcome.APPLIED else ""
            self._row(post.at, accounts, "  ".join(filter(None, (post.id, mark))), text_of(post))
            for told in cause_lines(result.why):
                self.say(told, INDENT)
        self.lines.append("")

    def edited(self) -> None:
        """What release would not bring back."""
        found = [
            (post, edits)
            for result in (*self.report.done.of(Outcome.APPLIED), *self.report.done.of(Outcome.NOT_TRIED))
            for post in [result.change]
            if (edits := edits_in_publer(post.copy, post.live, self.dates, whole=True, where="In Publer"))
        ]
        if not found:
            return
        title = f"Edited in Publer since the last apply: {count(len(found), 'post')}"
        self.lines.append(self.paint(title, "bold"))
        for post, edits in found:
            self._row(post.at, [post.account.id], post.id or "", text_of(post))
            for phrase in edits:
                self.phrase(phrase, INDENT)
        if self.report.protects_edits:
            told = (
                "Release leaves these out until someone decides: pull writes the edit into the calendar (also while the hold lasts), "
                "apply --overwrite-edits puts back the calendar's version."
            )
        else:
            told = "Release puts back the calendar's version (edits: overwrite). To keep an edit: run publer-sync pull before."
        self.say(told, INDENT)
        self.lines.append("")

    def unlabelled(self) -> None:
        if not (found := self.report.unlabelled):
            return
        title = f"Labels not known, not on hold: {_counted(found)}"
        self.lines.append(self.paint(title, "bold yellow"))
        for result, *others in _posts(found):
            post, accounts = result.change, [each.change.account.id for each in (result, *others)]
            self._row(post.at, accounts, post.id or "", text_of(post))
        self.say(
            "These were made in Publer, and neither Publer nor the calendar shows their labels. They will be published. To stop "
            "one that has the label: hold its account, or delete it in Publer.",
            INDENT,
        )
        self.lines.append("")

    def unmanaged(self) -> None:
        theirs = self.report.theirs
        by_hand = [post for post in self.report.unmanaged if post.id not in theirs]
        self._left_alone("Not managed here", by_hand, "delete them in Publer")
        for name in sorted(set(theirs.values())):
            posts = [post for post in self.report.unmanaged if theirs.get(post.id) == name]
            self._left_alone(f"Managed by the calendar {name}", posts, "run hold for that calendar")

    def _left_alone(self, title: str, found: Sequence[LivePost], fix: str) -> None:
        if not found:
            return
        groups = _alike(found)
        counted = post_count(len(groups), len({post.account_id for post in found}))
        self.lines.append(self.paint(f"{title}, left alone: {counted}", "bold"))
        for first, *others in groups:
            accounts = [post.account_id for post in (first, *others)]
            self._row(first.at, accounts, _mark(first), first.text)
        will = "They will be published" + (", as marked" if any(map(_mark, found)) else "")
        self.say(f"{will}. To stop them, {fix}.", INDENT)
        self.lines.append("")

    def _row(self, at: datetime | None, accounts: Sequence[str], name: str, words: str) -> None:
        head = f"  {self.dates.both(at) if at else pad('at no set time', width(self.dates.both(self.report.plan.created_at)))}  {pad(self._where(accounts), self.columns)}  "
        room = max(12, self.screen.width - width(head) - (width(name) + 2 if name else 0))
        self.beside(head, width(head), (Span("  ".join(filter(None, (name, quoted(words, room - 2))))),))

    def closing(self, release: str, first: str) -> None:
        report = self.report
        if report.done.error is not None:
            self.say(sentence(report.done.error.message), 0)
            self.say(sentence(report.done.error.hint or "Run hold again: that is safe"), 0)
        if not report.written:
            self.say("Nothing has been changed.", 0)
            return
        if not report.in_force:
            self.say(f"{count(report.done.requests, 'request')}.", 0)
            return
        out = report.done.of(Outcome.APPLIED) or report.done.of(Outcome.UNVERIFIED)
        told = "Apply schedules no posts in its scope. To end the hold"
        if out:
            told = "Apply does not put them back. To put them back"
        self.phrase((Span(f"{told}{', ' + first if first else ': '}"), Span(release, "code")), 0)
        self.say(f"{count(report.done.requests, 'request')}.", 0)

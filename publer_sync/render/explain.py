"""`explain`: where one post stands, for a terminal and as JSON."""

from __future__ import annotations

from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Final, NotRequired, TypedDict

from publer_sync.calendar.explanation import Origin
from publer_sync.planning.plan import Action
from publer_sync.render import data
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.measure import pad, quoted
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import PLAIN, Screen, TerminalPage
from publer_sync.render.layout.wording import count, sentence
from publer_sync.render.post import marks
from publer_sync.render.post.entries import alias_of, tightest
from publer_sync.render.post.fields import edits, everything_said
from publer_sync.render.post.fixes import Fixes
from publer_sync.render.post.names import Names
from publer_sync.render.post.reasons import evidence
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import to_json
from publer_sync.values.counted import date_words
from publer_sync.values.printable import one_line, printable_inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.explanation import Effective, Explanation, OnAccount
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.values.content import Json
    from publer_sync.values.documented import Also, Moment, Version
    from publer_sync.values.problems import Location

COLUMN = 14
_WHEN = 22
LINES = 24
"""Source lines that are shown."""


@dataclass(frozen=True, slots=True)
class ExplainedUse:
    """A use of a stored post. `state` says what became of it, or what plan would do, as far as that is known."""

    id: str
    at: datetime
    aliases: tuple[str, ...]
    version: int | None
    state: str
    place: Location | None = None
    """None where it has left the calendar."""


@dataclass(frozen=True, slots=True)
class Explained:
    """The posts that are meant, those of them that left the calendar, and the plan, None if Publer was not asked."""

    posts: Sequence[Explanation]
    left: Sequence[Change]
    plan: Plan | None
    uses: Mapping[str, Sequence[ExplainedUse]] = field(default_factory=dict)
    """Of each stored post, by its id, in order of time."""

    @property
    def changes(self) -> Mapping[int, Change]:
        """The plan's, by Python's id of their post."""
        return {id(change.post): change for change in self.plan.changes} if self.plan else {}


MANY: Final = 5
"""How many posts are explained at once; of more, only their places are shown."""


def text(found: Explained, *, timezone: str, screen: Screen = PLAIN, command: str) -> str:
    if len(found.posts) > MANY:
        return _places(found.posts, timezone)
    changes, plan = found.changes, found.plan
    fixes = Fixes(plan.changes if plan is not None else ())
    page = _ExplainPage(Dates(timezone), screen, command, fixes)
    for each in found.posts:
        page.explanation(each, changes, plan)
        if each.entry.is_stored:
            page.uses(found.uses.get(each.entry.id or "", ()))
    for change in found.left:
        page.line(page.paint(change.id or quoted(change.copy.text if change.copy else ""), "bold"))
        page.line("no longer in the calendar", indent=2)
        page.fate(change, plan)
        page.line("")
    return page.text()


def _places(found: Iterable[Explanation], timezone: str) -> str:
    """Each post in a line."""
    dates = Dates(timezone)
    rows = []
    for each in found:
        post = each.accounts[0].post if each.accounts else None
        when = dates.with_own(post.at, post.zone) if post else ""
        rows.append(f"{each.entry.place}  {when}  {each.entry.id or quoted(post.text if post else '', 40)}")
    return "\n".join(map(one_line, rows))


class _ExplainPage(TerminalPage):
    def __init__(self, dates: Dates, screen: Screen, command: str, fixes: Fixes) -> None:
        super().__init__(dates, screen, command)
        self.fixes = fixes

    def line(self, text: str, *, indent: int = 0) -> None:
        self.lines.append(" " * indent + text)

    def fact(self, name: str, value: str, place: str = "") -> None:
        """A row: what, its value, and where that is from."""
        spans = (Span(value), Span(f"   {place}", "dim")) if place else (Span(value),)
        self.beside(f"  {pad(name, COLUMN - 2)}", COLUMN, spans)

    def explanation(self, each: Explanation, changes: Mapping[int, Change], plan: Plan | None) -> None:
        entry = each.entry
        name = entry.id or quoted(each.accounts[0].post.text if each.accounts else "")
        self.line(f"{self.paint(one_line(name), 'bold')}  {entry.place}")
        self.line("")
        for number, line in each.lines[:LINES]:
            self.line(f"{number:>5} | {printable_inline(line)}".rstrip())
        if len(each.lines) > LINES:
            self.line(f"      … {count(len(each.lines) - LINES, 'more line')}")
        self.line("")
        if (kept := entry.evergreen) is not None:
            ends = [f"at most {count(kept.times, 'time')} on each account"] if kept.times else []
            ends += [f"from {kept.first}"] if kept.first else []
            ends += [f"until {kept.last}"] if kept.last else []
            self.fact("in store", ", ".join([f"its uses are {kept.pause} apart", *ends]))
        if len(each.days) > 1:
            self.fact("repeats", f"{count(len(each.days), 'time')}: {each.days[0]} to {each.days[-1]}")
        for problem in each.problems:
            self.fact(problem.severity, f"{sentence(problem.message)} {problem.code}", str(problem.location))
        for code, reason in each.silenced.items():
            self.fact("silenced", f"{code}: {one_line(reason)}")
        if each.problems or each.silenced or len(each.days) > 1 or kept is not None:
            self.line("")
        for on in each.accounts:
            self.account(on, changes.get(id(on.post)), plan)

    def uses(self, uses: Sequence[ExplainedUse]) -> None:
        """Every use of a stored post in a row."""
        self.line(f"{self.paint(count(len(uses), 'use'), 'bold')}")
        for use in uses:
            version = f", variant {use.version}" if use.version and use.version > 1 else ""
            place = str(use.place) if use.place is not None else "no longer in the calendar"
            spans = (
                Span(f"{', '.join(use.aliases)}{version}: {use.state}"),
                Span(f"   {one_line(place)}", "dim"),
            )
            when = self.dates.both(use.at)
            self.beside(f"  {pad(when, _WHEN)}", _WHEN + 2, spans)
        self.line("")

    def account(self, on: OnAccount, change: Change | None, plan: Plan | None) -> None:
        post = on.post
        self.line(f"{self.paint(alias_of(post.account), 'bold')}  {self.dates.with_own(post.at, post.zone)}")
        if post.counted is not None:
            date = date_words(post.counted.date, self.dates.zone)
            place = f"{post.counted.name} is {date}, {post.counted.place}"
            self.fact("counts from", one_line(post.counted.written), one_line(place))
        for yes in post.signed_off:
            place = str(yes.location) if yes.location is not None else ""
            self.fact("signed off", f"by {one_line(yes.by)} on {self.dates.both(yes.at)}", place)
        if post.when_live:
            self.fact("when live", one_line(post.when_live), f"{post.place('when_live')}")
        said = everything_said(post.content, Names(post, plan.names if plan else None))
        for value in on.values:
            places = value.origins or ((value.origin, value.place),)
            origins = [each if each == "inferred" else f"{each}, {place}" for each, place in places]
            first, *more = _in_words(value, said.get(value.key, ()))
            self.fact(value.key, first, "; ".join(origins))
            for words in more:
                self.fact("", words)
        if length := tightest([post]):
            self.fact("length", length)
        if change is not None:
            self.fate(change, plan)
        self.line("")

    def fate(self, change: Change, plan: Plan | None) -> None:
        """What was sent, what Publer has, and what plan would do."""
        if change.copy is not None:
            self.fact("sent", self._sent(change.copy))
        live = change.live
        shown = "not there"
        if change.action is Action.PAST and change.copy is not None:  # plan lists only what is ahead
            shown = "no longer ahead; publer-sync results shows whether it was published"
        if live is not None:
            when = f", {self.dates.both(live.at)}" if live.at else ""
            shown = f"{live.state}{when}; Publer's id {live.id}"
        self.fact("in Publer", shown)
        mark = marks.mark_of(change)
        self.fact("plan", f"{mark.word}: {change.reason}" if change.reason else mark.word)
        told = evidence(change, self.dates)
        names = Names(change.post, plan.names if plan else None)
        differs = [*chain.from_iterable(edits(change, names).values())] if change.live else []
        if told and differs:
            told.append((Span("What would change if it were not blocked:"),))
        for phrase in (*told, *differs, *self.fixes.of(change)):
            self.phrase(phrase, COLUMN)

    def _sent(self, copy: Copy) -> str:
        what = "adopted, for" if copy.adopted else "for"
        verified = f", verified {self.dates.both(copy.verified_at)}" if copy.verified_at else ", not verified"
        return f"{what} {self.dates.both(copy.slot)}{verified}"


def _in_words(value: Effective, said: Sequence[Phrase]) -> list[str]:
    """A value in words, a line for each part of it; `said` are those that a plan would use. The text and the title in a few."""
    if isinstance(value.value, str) and value.key in ("text", "title"):
        return [quoted(value.value, 60)]
    words = ["".join(span.text for span in phrase).removeprefix(f"{value.key}: ") for phrase in said]
    return [one_line(each) for each in words] or [one_line(str(to_json(value.value)))]


_OriginFrom = TypedDict("_OriginFrom", {"from": Origin})


class OriginData(_OriginFrom):
    """A place that adds to a value."""

    source: documents.SourceData | None


_ValueFrom = TypedDict("_ValueFrom", {"from": Annotated[Origin, "where the nearest part of it comes from"]})


class ValueData(_ValueFrom):
    """A key that applies to a post on one account."""

    key: Annotated[str, "a key of the calendar"]
    value: Json
    source: documents.SourceData | None
    origins: Annotated[
        list[OriginData],
        Also('{"minItems": 1}'),
        "every place that adds to it, such as labels, the nearest last",
    ]


class ExplainedChangeData(data.ChangeData):
    """What plan would do."""

    verified_at: Annotated[Moment | None, "when a listing last showed the post as it was sent"]


class OnAccountData(documents.PostFacts):
    """A post on one account."""

    account: documents.AccountData
    id: str | None
    scheduled_at: Moment
    values: Annotated[list[ValueData], "what applies there"]
    length: Annotated[str | None, "how much of the network's limit the text takes"]
    change: Annotated[ExplainedChangeData | None, "the change as the plan has it; null with `--offline`"]


class ExplainedUseData(TypedDict):
    """A use of a stored post."""

    id: Annotated[str, "the id of the stored post, and its day"]
    scheduled_at: Moment
    accounts: Annotated[list[str], "their aliases"]
    variant: Annotated[int | None, "which version; null where only the ledger knows the use"]
    state: Annotated[str, "what became of it, or what plan would do, in words"]
    source: Annotated[documents.SourceData | None, "null where it has left the calendar"]


class ExplanationData(TypedDict):
    """A post of a file."""

    id: Annotated[str | None, "the post's id in the calendar"]
    source: documents.SourceData | None
    lines: Annotated[list[str], "the post's lines in its file"]
    days: Annotated[list[str], "the ids of a post that repeats"]
    problems: Annotated[list[documents.ProblemData], "as validate has them"]
    silenced: Annotated[dict[str, str], "the reason for each rule that the post silences"]
    accounts: Annotated[list[OnAccountData], "the post on each of its accounts"]
    uses: NotRequired[Annotated[list[ExplainedUseData], "of a stored post: its uses, in order of time"]]


class ExplainDocument(TypedDict):
    """What publer-sync explain --format json prints."""

    format_version: Version
    posts: Annotated[list[ExplanationData], "the posts that fit"]
    left: Annotated[
        list[data.ChangeData], "managed posts that are no longer in the calendar, as the plan has them"
    ]


def document(found: Explained) -> ExplainDocument:
    changes = found.changes
    return {
        "format_version": documents.FORMAT_VERSION,
        "posts": [_explanation(each, changes, found.uses) for each in found.posts],
        "left": [data.change_data(change) for change in found.left],
    }


def _explanation(
    each: Explanation, changes: Mapping[int, Change], uses: Mapping[str, Sequence[ExplainedUse]]
) -> ExplanationData:
    data: ExplanationData = {
        "id": each.entry.id,
        "source": documents.place_data(each.entry.place),
        "lines": [line for _, line in each.lines],
        "days": list(each.days),
        "problems": [documents.problem_data(problem) for problem in each.problems],
        "silenced": dict(each.silenced),
        "accounts": [
            {
                "account": documents.account_data(on.post.account),
                "id": on.post.id,
                "scheduled_at": utc(on.post.at),
                **documents.facts_data(on.post),
                "values": [
                    {
                        "key": value.key,
                        "value": to_json(value.value),
                        "from": value.origin,
                        "source": documents.place_data(value.place),
                        "origins": [
                            {"from": origin, "source": documents.place_data(place)}
                            for origin, place in value.origins or ((value.origin, value.place),)
                        ],
                    }
                    for value in on.values
                ],
                "length": tightest([on.post]) or None,
                "change": _change(changes.get(id(on.post))),
            }
            for on in each.accounts
        ],
    }
    if each.entry.is_stored:
        data["uses"] = [
            {
                "id": use.id,
                "scheduled_at": utc(use.at),
                "accounts": [*use.aliases],
                "variant": use.version,
                "state": use.state,
                "source": documents.place_data(use.place),
            }
            for use in uses.get(each.entry.id or "", ())
        ]
    return data


def _change(change: Change | None) -> ExplainedChangeData | None:
    if change is None:
        return None
    verified = change.copy.verified_at if change.copy is not None else None
    return {"verified_at": documents.time_data(verified), **data.change_data(change)}

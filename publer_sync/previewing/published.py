"""What a page of results shows, as values: the cards of what was published with their figures, and plots of those."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.planning.publication import NOT_OUT, Status
from publer_sync.previewing import plots
from publer_sync.previewing.addresses import NO_ADDRESSES
from publer_sync.previewing.cards import CardMaker, chip_of
from publer_sync.previewing.page import Card, CardMark
from publer_sync.previewing.texts import whole_text
from publer_sync.previewing.tiles import tiles_in_publer
from publer_sync.render.layout.wording import count, listing, sentence
from publer_sync.render.past.results import (
    FIXES,
    WORDS,
    comparison,
    counts,
    dates_of,
    group_counts,
    group_name,
    link_of,
    origin,
    outcome,
    posts_of,
    sections,
    shortfall,
    span_of,
    totals_with_posts,
    verdict,
)
from publer_sync.render.post.entries import alias_of
from publer_sync.render.post.names import title_of, whose
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.planning.publication import By, Publication, Results
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.page import AccountChip
    from publer_sync.previewing.thumbnails import Thumbnails
    from publer_sync.render.layout.dates import Dates

_FINE: Final = (Status.PUBLISHED, Status.DUE)
_PUBLISHED: Final = CardMark("published", "published")
_BY: Final[tuple[By, ...]] = ("label", "account", "network", "use")


@dataclass(frozen=True, slots=True)
class PublishedOn:
    """What became of a post on one account; `figures` are names and values."""

    chip: AccountChip
    outcome: str
    link: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PublishedCard:
    """`day` is the day of the time it was planned for, or published at where nobody planned it here."""

    card: Card
    day: str
    origin: str
    on: tuple[PublishedOn, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Cards under one heading. `alarm`: a person has to do something; `fix` says what."""

    title: str
    note: str
    cards: tuple[PublishedCard, ...]
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class BestCard:
    """`told` says how much better it did, and on how many posts that rests."""

    card: Card
    chip: AccountChip
    value: str
    told: str
    link: str


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    figures: tuple[str, ...]
    rows: tuple[plots.Row, ...]


@dataclass(frozen=True, slots=True)
class CalendarResults:
    name: str
    title: str
    span: str
    zone: str
    made_at: datetime
    verdict: str
    before: str
    """What the period before had; "" where nobody asked."""
    totals: tuple[plots.Total, ...]
    notes: tuple[str, ...]
    troubles: tuple[Section, ...]
    published: tuple[Section, ...]
    bars: tuple[plots.BarPlot, ...]
    grid: plots.Grid | None
    best: tuple[BestCard, ...]
    no_best: str
    """Why nothing is said about what did best; "" where something is, or nobody asked for figures."""
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """`beside` is the address of the preview, from the page's; "" without one."""

    calendars: tuple[CalendarResults, ...]
    beside: str = ""


class _Maker:
    """Makes the page of one calendar."""

    def __init__(self, results: Results, thumbnails: Thumbnails, addresses: Addresses) -> None:
        self.results, self.dates = results, dates_of(results)
        self._cards = CardMaker(self.dates, thumbnails, results.days.since, addresses, {})
        self._made: dict[int, Card] = {}

    def section(
        self, title: str, members: Iterable[Publication], *, note: str = "", alarm: bool = False
    ) -> Section:
        return Section(title, note, tuple(map(self._card, posts_of(members, self.dates))), alarm)

    def _card(self, post: Sequence[Publication]) -> PublishedCard:
        return PublishedCard(
            replace(self.card_of(post[0]), accounts=tuple(chip_of(one.account) for one in post)),
            self.dates.day(post[0].at),
            origin(post[0]).strip(),
            tuple(
                PublishedOn(
                    chip_of(one.account),
                    _capital(outcome(one, self.dates)),
                    link_of(one),
                    tuple(
                        (one_line(figure.name), plots.number(figure.value))
                        for figure in one.figures
                        if figure.value is not None
                    ),
                )
                for one in post
            ),
        )

    def card_of(self, one: Publication) -> Card:
        """With its words as they were published, and its pictures as the calendar has them."""
        key = id(one)
        if key not in self._made:
            self._made[key] = self._of_calendar(one) if one.post else self._of_publer(one)
        return self._made[key]

    def _of_calendar(self, one: Publication) -> Card:
        posts = [one.post] if one.post else []
        card, _ = next(self._cards.cards(posts, {}, lambda _: _PUBLISHED))
        labels = tuple(map(one_line, one.labels))
        return replace(
            card, at=self.dates.local(one.at), text=whole_text(one.text), labels=labels, mark=None, note=""
        )

    def _of_publer(self, one: Publication) -> Card:
        names = (piece.name for piece in one.live.pieces) if one.live else ()
        return Card(
            at=self.dates.local(one.at),
            accounts=(chip_of(one.account),),
            title=title_of(one.text, one.id or "", *names),
            kinds=(),
            id=one_line(one.id or ""),
            text=whole_text(one.text),
            tiles=tiles_in_publer(one.live) if one.live else (),
            labels=tuple(map(one_line, one.labels)),
        )

    def best(self, published: Sequence[Publication]) -> tuple[BestCard, ...]:
        return tuple(
            BestCard(
                self.card_of(found.publication),
                chip_of(found.publication.account),
                f"{found.times} times",
                f"{found.figure} {found.value}, against this account's average of {count(found.posts, 'post')}",
                link_of(found.publication),
            )
            for found in plots.best(published)
        )

    def group_name(self, results: Results, name: str) -> str:
        """An account by its network and whose it is: readers of the page know no aliases."""
        if results.by != "account":
            return group_name(results, name)
        accounts = {alias_of(one.account): one.account for one in results.publications}
        return whose(accounts[name]) if name in accounts else one_line(name)

    def tables(self, published: Sequence[Publication]) -> tuple[Table, ...]:
        figures = plots.figures_of(published)
        names = tuple(one_line(figure.name) for figure in figures)
        groups = {
            by: {
                self.group_name(grouped, name): members
                for grouped in [replace(self.results, publications=tuple(published), by=by)]
                for name, members in grouped.groups
            }
            for by in _BY
        }
        weeks = plots.by_week(published, self.dates)
        titled = {f"By {by}": each for by, each in groups.items()} | {"By week": weeks}
        return tuple(
            Table(title, names, plots.rows(each, figures, self.dates))
            for title, each in titled.items()
            if published and set(each) not in ({"no label"}, {"not from the store"})
        )


def results_of(
    results: Results, thumbnails: Thumbnails, *, addresses: Addresses = NO_ADDRESSES
) -> CalendarResults:
    maker, dates = _Maker(results, thumbnails, addresses), dates_of(results)
    found = sections(results.publications)
    published = found.get(Status.PUBLISHED, [])
    best = maker.best(published)
    first = dates.local(results.days.since).date()
    last = dates.local(results.days.until - timedelta(microseconds=1)).date()
    return CalendarResults(
        name=one_line(results.calendar),
        title=_title(results),
        span=span_of(results),
        zone=dates.name,
        made_at=results.days.now,
        verdict=verdict(results),
        before=next(iter(comparison(results)), ""),
        totals=tuple(_totals(results, dates)),
        notes=tuple(filter(None, (shortfall(results),))),
        troubles=tuple(
            maker.section(
                WORDS[status].capitalize(),
                members,
                note=f"{listing(counts(members, dates))} {sentence(FIXES.get(status, ''))}".rstrip(),
                alarm=status in NOT_OUT,
            )
            for status, members in found.items()
            if status not in _FINE
        ),
        published=tuple(_published(results, maker, dates)),
        bars=plots.bar_plots(published, first, last, dates) if published else (),
        grid=plots.grid(published, dates),
        best=best,
        no_best="" if best or not results.insights else _NOT_ENOUGH,
        tables=maker.tables(published),
    )


_NOT_ENOUGH: Final = (
    f"No account has figures of {plots.ENOUGH} posts in these days, so this page does not say what did best. Choose more days "
    "with --from."
)


def _title(results: Results) -> str:
    workspace, calendar = one_line(results.workspace.name), one_line(results.calendar)
    return workspace if calendar in ("calendar", workspace) else f"{workspace} · {calendar}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _totals(results: Results, dates: Dates) -> Iterator[plots.Total]:
    earlier = totals_with_posts(results.before, dates) if results.before else {}
    for key, (figure, posts) in totals_with_posts(results, dates).items():
        then, those = earlier.get(key, (None, 0))
        yield plots.Total(
            one_line(figure.name),
            plots.number(figure.value or 0),
            posts,
            plots.number(then.value or 0) if then else "",
            those,
        )


def _published(results: Results, maker: _Maker, dates: Dates) -> Iterator[Section]:
    """By the requested groups; without them what was published, then what is due."""
    groups: Sequence[tuple[str | None, Sequence[Publication]]] = [(None, results.publications)]
    if results.by:
        groups = [(maker.group_name(results, name), members) for name, members in results.groups]
    for name, members in groups:
        fine = {status: those for status, those in sections(members).items() if status in _FINE}
        if name is not None:
            went_out = [one for those in fine.values() for one in those]
            yield maker.section(name, went_out, note=group_counts(members, dates))
            continue
        for status, those in fine.items():
            yield maker.section(WORDS[status].capitalize(), those, note=listing(counts(those, dates)))

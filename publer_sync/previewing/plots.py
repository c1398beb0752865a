"""What the figures of published posts look like: bars in time, a grid of weekday and hour, and what did best. Pure.

Each value says how many posts it rests on, and from few posts nothing is concluded. Posts of different accounts are
compared by how far each is from the average of its own account, since networks count differently.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.when.zones import DAYS
from publer_sync.planning.publication import totals
from publer_sync.render.layout.wording import count
from publer_sync.render.past.results import has, posts_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from publer_sync.planning.publication import Publication
    from publer_sync.render.layout.dates import Dates
    from publer_sync.values.model import Figure

ENOUGH: Final = 10
"""Posts of an account with a figure, without which its average says nothing."""
IN_CELL: Final = 3
"""The same for a weekday and hour."""
MOST_FIGURES: Final = 6
_BEST: Final = 5
_DAYS: Final = 14
_ROOMY: Final = 15
"""Up to this many days have a bar each; longer periods one for each week."""
_WIDTH, _HEIGHT, _ABOVE, _BELOW = 640, 180, 26, 26
_CELL, _LEFT, _TOP = 30, 44, 20
_STEPS: Final = (0.75, 0.95, 1.05, 1.25)
"""Times an account's average: the limits between the five shades of the grid."""


class Bar(NamedTuple):
    label: str
    value: float
    posts: int
    x: float
    y: float
    width: float
    height: float

    @property
    def told(self) -> str:
        return number(self.value)


@dataclass(frozen=True, slots=True)
class BarPlot:
    title: str
    bars: tuple[Bar, ...]
    counts: bool
    """The bars are numbers of posts themselves."""
    width: int = _WIDTH
    height: int = _HEIGHT
    floor: int = _HEIGHT - _BELOW

    @property
    def crowded(self) -> bool:
        """There is no room for every label and value."""
        return len(self.bars) > _ROOMY

    @property
    def summary(self) -> str:
        """For those who cannot see it."""
        told = (f"{bar.label} {bar.told}" for bar in self.bars if bar.posts)
        return f"{self.title}: {', '.join(told) or 'nothing'}"


class Cell(NamedTuple):
    x: int
    y: int
    posts: int
    shade: int
    """From 1 to 5; 0 where too few posts are in it."""
    told: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The posts of each weekday and hour; `figure` is what shades it, "" for the posts themselves."""

    cells: tuple[Cell, ...]
    days: tuple[tuple[int, str], ...]
    hours: tuple[tuple[int, str], ...]
    width: int
    height: int
    figure: str
    note: str
    side: int = _CELL


class Best(NamedTuple):
    """A post that did better than others of its account."""

    publication: Publication
    figure: str
    value: str
    times: str
    posts: int


class Total(NamedTuple):
    """A figure of all posts, and that of the period before; each with the number of posts that it rests on."""

    name: str
    value: str
    posts: int
    before: str = ""
    before_posts: int = 0


class Row(NamedTuple):
    """A row of a table: a group, its posts, and each figure with the number of posts that have it."""

    name: str
    posts: int
    figures: tuple[tuple[str, int], ...]


def number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:,.1f}"


def figures_of(published: Sequence[Publication]) -> list[Figure]:
    """Those that add up, in the order in which Publer has them: the ones that most posts have."""
    sums = list(totals(published).values())
    posts = {figure.key: sum(has(one, figure.key) for one in published) for figure in sums}
    kept = sorted(sums, key=lambda figure: -posts[figure.key])[:MOST_FIGURES]
    return [figure for figure in sums if figure in kept]


def value_of(one: Publication, key: str) -> float | None:
    return next((figure.value for figure in one.figures if figure.key == key), None)


# --- bars -----------------------------------------------------------------------------------------------------------


def bar_plots(published: Sequence[Publication], first: date, last: date, dates: Dates) -> tuple[BarPlot, ...]:
    """Of the posts, and of each figure: for each day of a short period, otherwise for each week."""
    daily = (last - first).days < _DAYS
    step = timedelta(days=1 if daily else 7)
    start = first if daily else first - timedelta(days=first.weekday())
    slots = [start + step * place for place in range((last - start) // step + 1)]
    members: dict[date, list[Publication]] = {slot: [] for slot in slots}
    for one in published:
        day = local_day(one, dates)
        slot = day if daily else day - timedelta(days=day.weekday())
        if slot in members:
            members[slot].append(one)
    when = "day" if daily else "week"
    labels = [f"{slot:%a} {slot.day}" if daily else f"{slot.day} {slot:%b}" for slot in slots]
    counts = [len(posts_of(members[slot], dates)) for slot in slots]
    plots = [_bars(f"Posts per {when}", labels, counts, counts, counted=True)]
    for figure in figures_of(published):
        having = [[one for one in members[slot] if has(one, figure.key)] for slot in slots]
        sums = [sum(value_of(one, figure.key) or 0 for one in those) for those in having]
        posts = [len(posts_of(those, dates)) for those in having]
        plots.append(_bars(f"{one_line(figure.name)} per {when}", labels, sums, posts))
    return tuple(plots)


def _bars(
    title: str, labels: Sequence[str], values: Sequence[float], posts: Sequence[int], *, counted: bool = False
) -> BarPlot:
    most, room = max([*values, 1]), _HEIGHT - _ABOVE - _BELOW
    pitch = _WIDTH / len(labels)
    width = min(44.0, pitch * 0.7)
    bars = []
    for place, (label, value, those) in enumerate(zip(labels, values, posts, strict=True)):
        height = max(0.0, round(room * value / most, 1))
        x = round(pitch * place + (pitch - width) / 2, 1)
        bars.append(Bar(label, value, those, x, round(_HEIGHT - _BELOW - height, 1), round(width, 1), height))
    return BarPlot(title, tuple(bars), counted)


# --- weekday and hour -------------------------------------------------------------------------------------------------


def grid(published: Sequence[Publication], dates: Dates) -> Grid | None:
    """None where nothing was published."""
    if not published:
        return None
    figure = next(iter(_ranked(published)), None)
    ratios = _ratios(published, figure.key) if figure else {}
    posts: dict[tuple[int, int], list[Publication]] = defaultdict(list)
    for one in published:
        moment = dates.local(one.published_at or one.at)
        posts[moment.weekday(), moment.hour].append(one)
    hours = sorted({hour for _, hour in posts})
    span = range(hours[0], hours[-1] + 1)
    numbers = Counter({place: len(posts_of(members, dates)) for place, members in posts.items()})
    most = max(numbers.values())
    name = one_line(figure.name) if figure and ratios else ""
    cells = []
    for (day, hour), members in sorted(posts.items()):
        told = f"{DAYS[day]} {hour}:00 to {hour}:59: {count(numbers[day, hour], 'post')}"
        known = [ratios[id(one)] for one in members if id(one) in ratios]
        shade = 0 if name else max(1, round(5 * numbers[day, hour] / most))
        if known and numbers[day, hour] >= IN_CELL:
            ratio = sum(known) / len(known)
            shade = 1 + sum(ratio >= step for step in _STEPS)
            told += f"; {name} {ratio:.1f} times the account's average"
        cells.append(
            Cell(_LEFT + (hour - span[0]) * _CELL, _TOP + day * _CELL, numbers[day, hour], shade, told)
        )
    return Grid(
        tuple(cells),
        tuple((_TOP + day * _CELL + _CELL // 2, name_) for day, name_ in enumerate(DAYS)),
        tuple((_LEFT + (hour - span[0]) * _CELL + _CELL // 2, str(hour)) for hour in span),
        _LEFT + len(span) * _CELL,
        _TOP + 7 * _CELL,
        name,
        _grid_note(name),
    )


def _grid_note(figure: str) -> str:
    if not figure:
        return "How many posts were published when: the more, the stronger the colour."
    return (
        f"The numbers are posts. The stronger the colour, the more {figure} than the average of the same account. Cells with fewer than "
        f"{IN_CELL} posts have no colour: they would say nothing."
    )


# --- what did best ----------------------------------------------------------------------------------------------------


def best(published: Sequence[Publication]) -> list[Best]:
    """The posts that are furthest above the average of their account, by the figure that most posts have.

    Only accounts with enough posts are compared.
    """
    figure = next(iter(_ranked(published)), None)
    if figure is None:
        return []
    ratios = _ratios(published, figure.key)
    posts = Counter(one.account.id for one in published if has(one, figure.key))
    above = [one for one in published if ratios.get(id(one), 0) > 1]
    above.sort(key=lambda one: -ratios[id(one)])
    return [
        Best(
            one,
            one_line(figure.name),
            number(value_of(one, figure.key) or 0),
            f"{ratios[id(one)]:.1f}",
            posts[one.account.id],
        )
        for one in above[:_BEST]
    ]


def _ranked(published: Sequence[Publication]) -> Iterator[Figure]:
    """The figures, those first that most posts have."""
    figures = figures_of(published)
    yield from sorted(figures, key=lambda figure: -sum(has(one, figure.key) for one in published))


def _ratios(published: Sequence[Publication], key: str) -> dict[int, float]:
    """How many times the average of its account each post has, by the identity of the publication."""
    by_account: dict[str, list[tuple[Publication, float]]] = defaultdict(list)
    for one in published:
        if (value := value_of(one, key)) is not None:
            by_account[one.account.id].append((one, value))
    ratios: dict[int, float] = {}
    for members in by_account.values():
        average = sum(value for _, value in members) / len(members)
        if len(members) >= ENOUGH and average > 0:
            ratios |= {id(one): value / average for one, value in members}
    return ratios


# --- tables -----------------------------------------------------------------------------------------------------------


def rows(
    groups: Mapping[str, Sequence[Publication]], figures: Sequence[Figure], dates: Dates
) -> tuple[Row, ...]:
    return tuple(
        Row(
            name,
            len(posts_of(members, dates)),
            tuple(_total(members, figure.key, dates) for figure in figures),
        )
        for name, members in groups.items()
    )


def _total(members: Sequence[Publication], key: str, dates: Dates) -> tuple[str, int]:
    having = [one for one in members if has(one, key)]
    if not having:
        return "", 0
    return number(sum(value_of(one, key) or 0 for one in having)), len(posts_of(having, dates))


def by_week(published: Sequence[Publication], dates: Dates) -> dict[str, list[Publication]]:
    weeks: dict[date, list[Publication]] = defaultdict(list)
    for one in published:
        day = local_day(one, dates)
        weeks[day - timedelta(days=day.weekday())].append(one)
    return {f"Week of {monday.day} {monday:%b %Y}": weeks[monday] for monday in sorted(weeks)}


def local_day(one: Publication, dates: Dates) -> date:
    return dates.local(one.published_at or one.at).date()

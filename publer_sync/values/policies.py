"""What the settings ask of posts beside what networks ask: cadence, words, budgets, sign-offs."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, time, timedelta

    from publer_sync.values.problems import Location


Period = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many posts an account should have in a week; `most` is None if there is no limit."""

    least: int
    most: int | None
    location: Location

    def __str__(self) -> str:
        match self.least, self.most:
            case least, None:
                return f"at least {least} a week"
            case 0, most:
                return f"at most {most} a week"
            case least, most:
                return f"{least} a week" if least == most else f"{least} to {most} a week"


@dataclass(frozen=True, slots=True)
class Evergreen:
    """How often a stored post may be used: `times` on each account, `every` apart, from `first` to `last`, both included."""

    every: timedelta
    times: int | None = None
    first: date | None = None
    last: date | None = None

    def allows(self, day: date) -> bool:
        """Whether it may be used on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def pause(self) -> str:
        """The least time between two uses, in words."""
        days = self.every.days
        number, unit = (days // 7, "week") if days % 7 == 0 else (days, "day")
        return f"{number} {unit}{'s' * (number > 1)}"


@dataclass(frozen=True, slots=True)
class LastingStore:
    """How long the stored posts of a file last: their uses ahead, those in the calendar and those that slots can still take.

    `until` is the day of the last one, None without any. `further`: it lasts as far as was looked.
    """

    name: str
    uses: int
    until: date | None
    further: bool = False

    def ends_by(self, day: date) -> bool:
        """Whether the last use is before a day."""
        return not self.further and (self.until is None or self.until < day)


@dataclass(frozen=True, slots=True)
class Hours:
    """The time of day in which an account publishes, both ends in it; over midnight where the last one is earlier."""

    first: time
    last: time
    location: Location

    def __contains__(self, clock: time) -> bool:
        if self.first <= self.last:
            return self.first <= clock <= self.last
        return clock >= self.first or clock <= self.last

    def __str__(self) -> str:
        return f"{self.first:%H:%M}-{self.last:%H:%M}"


@dataclass(frozen=True, slots=True)
class Cadence:
    """The pace of accounts by alias, the days of the week without posts, from 0 for Monday, and days that get no slot."""

    paces: Mapping[str, Pace] = field(default_factory=dict)
    quiet: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    hours: Mapping[str, Hours] = field(default_factory=dict)
    """By alias."""
    dates_used: frozenset[Location] = frozenset()
    """Where the dates are declared that holidays count from."""

    def __bool__(self) -> bool:
        return bool(self.paces or self.quiet or self.hours)


@dataclass(frozen=True, slots=True)
class WordEntry:
    """A word or an expression of a rule, as it is written, and where."""

    written: str
    location: Location

    @property
    def expression(self) -> str | None:
        """The regular expression between two slashes; None for words."""
        is_expression = len(self.written) > 2 and self.written[0] == self.written[-1] == "/"
        return self.written[1:-1] if is_expression else None


@dataclass(frozen=True, slots=True)
class WordRule:
    """What the team says of its words: `never` these, `say` others instead of these, one of those that it `must` have.

    `accounts` are aliases. Empty `accounts` or `labels` restrict nothing.
    """

    location: Location
    never: tuple[WordEntry, ...] = ()
    say: tuple[tuple[WordEntry, str], ...] = ()
    must: tuple[WordEntry, ...] = ()
    accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    severity: Literal["error", "warning"] = "warning"
    why: str = ""


@dataclass(frozen=True, slots=True)
class SignoffRule:
    """Who signs posts off before they are sent: one of `by`, or all of them.

    `accounts` are aliases. Empty `accounts` or `labels` restrict nothing. With `day`, a yes is for the post's day, too.
    """

    by: tuple[str, ...]
    location: Location = field(compare=False)
    accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    all: bool = False
    day: bool = True


@dataclass(frozen=True, slots=True)
class OwnHosts:
    """The hosts that posts may link to, with all below them."""

    names: tuple[str, ...]
    location: Location
    severity: Literal["error", "warning"] = "warning"


@dataclass(frozen=True, slots=True)
class ReplacedWords:
    """The calendar's own rules, at `location`, take the place of so many of shared settings."""

    location: Location
    number: int


@dataclass(frozen=True, slots=True)
class PostBudget:
    """At most so many posts, or posts with a link or an address in the text, in each day, week or month.

    `of` is the network or alias as it is written: `network` is set for the accounts of a network together, else
    `account` to the network and the name of one.
    """

    of: str
    network: str | None
    account: tuple[str, str] | None
    kind: Literal["posts", "links"]
    most: int
    per: Period
    location: Location

    def __str__(self) -> str:
        return f"{self.most:,} a {self.per}"


@dataclass(frozen=True, slots=True)
class BudgetLeft:
    """What is `used` of a budget in the time that begins on the `first` day."""

    budget: PostBudget
    first: date
    period: str
    used: int

    @property
    def left(self) -> int:
        """0 where it is over."""
        return max(0, self.budget.most - self.used)

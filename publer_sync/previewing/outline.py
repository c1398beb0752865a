"""What filters, counts and the order of days need of each card, without the card: a page of a large calendar begins with it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.calendar.when.moments import written_moment
from publer_sync.previewing.cards import chip_of, grouped, kinds_of, labels_of
from publer_sync.previewing.previewed import attributed, broken_posts, concerns, in_order, subject_names
from publer_sync.render.layout.dates import Dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.previewing.marking import Marking
    from publer_sync.previewing.page import AccountChip
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location, Problem


class CardOutline(NamedTuple):
    """`at` on the clock of the calendar, "" without a time; `mark` is a kind, `problem` the worst severity, "" without."""

    at: str
    accounts: tuple[AccountChip, ...] = ()
    kinds: tuple[str, ...] = ()
    mark: str = ""
    problem: str = ""
    subjects: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()


class Outline(NamedTuple):
    """The cards of each post, by the studio's key, and the problems that are in no post."""

    cards: Mapping[str, Sequence[CardOutline]]
    elsewhere: Sequence[Problem]


def outline_of(
    calendar: Calendar, problems: Iterable[Problem], *, keys: Mapping[Location, str], marking: Marking
) -> Outline:
    """Of all posts: what `preview_of` shows of each, as far as a page can count and filter by it."""
    posts, dates = calendar.desired.posts, Dates(calendar.settings.timezone)
    by_place, elsewhere = attributed(calendar.entries, problems)
    found: dict[str, list[CardOutline]] = defaultdict(list)
    placed: set[Location] = set()
    subjects = subject_names(posts)
    broken = broken_posts(calendar, {post.location for post in posts}, None)
    shown = in_order(calendar, [*posts, *broken])
    for group, mark in grouped(shown, marking.of):
        first = group[0]
        placed.add(first.location)
        chips = tuple(dict.fromkeys(chip_of(post.account) for post in group))
        found[keys[first.location]].append(
            CardOutline(
                f"{dates.local(first.at):%Y-%m-%dT%H:%M}",
                chips,
                kinds_of(group),
                mark.kind if mark is not None else "",
                _severity(by_place.get(first.location, ()), chips),
                tuple(dict.fromkeys(subjects[id(post)] for post in group if id(post) in subjects)),
                tuple(sorted(mark.entries)) if mark is not None else (),
                labels_of(group),
            )
        )
    for entry in calendar.entries:
        if entry.place not in placed:
            moment = written_moment(entry)
            at = f"{dates.local(moment):%Y-%m-%dT%H:%M}" if moment else ""
            wrong = _severity(by_place.get(entry.place, ()), ())
            found[keys[entry.place]].append(CardOutline(at, problem=wrong))
    return Outline(found, elsewhere)


def _severity(problems: Sequence[Problem], chips: Sequence[AccountChip]) -> str:
    networks = {chip.network for chip in chips}
    return min((each.severity for each in problems if concerns(each, networks)), default="")


def networks_with_several(posts: Iterable[Post]) -> tuple[str, ...]:
    """Of which more than one account has posts, so that their sign alone does not say which."""
    names: dict[str, set[str]] = defaultdict(set)
    for chip in {chip_of(account) for account in {post.account.id: post.account for post in posts}.values()}:
        names[chip.network].add(chip.name)
    return tuple(sorted(network for network, those in names.items() if len(those) > 1))

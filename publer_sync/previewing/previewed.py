"""Puts a calendar on a page: its cards, with their problems."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.expand import named_accounts
from publer_sync.calendar.explanation import span_of
from publer_sync.networks.table import NETWORKS
from publer_sync.previewing.addresses import NO_ADDRESSES
from publer_sync.previewing.cards import PICTURED, CardMaker, chip_of
from publer_sync.previewing.marking import Marking
from publer_sync.previewing.page import PreviewedCalendar
from publer_sync.previewing.thumbnails import MOST_BYTES
from publer_sync.render.budgets import budget_line
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count
from publer_sync.render.post.names import whose
from publer_sync.render.post.subjects import figures, subject_keys
from publer_sync.values.printable import one_line
from publer_sync.values.service import is_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.posts import Entry
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.page import AccountChip, Card
    from publer_sync.previewing.thumbnails import Thumbnails
    from publer_sync.previewing.tiles import OldPicture
    from publer_sync.values.model import Post
    from publer_sync.values.policies import BudgetLeft
    from publer_sync.values.problems import Location, Problem
    from publer_sync.values.signoff import SignedPosts

NO_MARKS: Final = Marking()
_NOTES: Final = 3
"""Notes of other posts on a card."""
_CODES: Final = frozenset(network.code for network in NETWORKS.values())


def preview_of(
    calendar: Calendar,
    posts: Sequence[Post],
    problems: Iterable[Problem],
    thumbnails: Thumbnails,
    *,
    now: datetime,
    filtered: bool = False,
    marking: Marking = NO_MARKS,
    addresses: Addresses = NO_ADDRESSES,
    old: OldPicture = lambda _digest, _name: None,
    budgets: Iterable[BudgetLeft] = (),
    keys: Mapping[Location, str] | None = None,
    only: Collection[Location] | None = None,
    signed: SignedPosts | None = None,
) -> PreviewedCalendar:
    """`posts` are those to show, of the calendar's; `filtered`: it has more. `old` finds pictures that left it.

    With `keys`, cards have what the studio calls their posts, and the filters know all accounts of the settings. With
    `only`, it has the cards of the posts at these places alone, and `posts` are those.
    """
    zone, accounts = calendar.settings.timezone, named_accounts(calendar.settings).values()
    owners = {account.id: whose(account) for account in (*accounts, *(post.account for post in posts))}
    known = {**marking.names, **owners}
    dates = Dates(zone)
    maker = CardMaker(
        dates, thumbnails, _first_pictured(posts, now), addresses, known, signed, calendar.settings.name
    )
    by_place, elsewhere = attributed(calendar.entries, problems)
    order = _account_order(calendar)
    others = [] if filtered else broken_posts(calendar, {post.location for post in posts}, only)
    shown = in_order(calendar, [*posts, *others])
    gone = [maker.gone(each, old) for each in marking.gone]
    entries = [each for each in calendar.entries if only is None or each.place in only]
    made = list(maker.cards(shown, _series(entries), marking.of))
    subjects = subject_names(posts)
    cards = [
        replace(
            _with(card, by_place[group[0].location], maker, _key(keys, group[0].location)),
            subjects=tuple(dict.fromkeys(subjects[id(post)] for post in group if id(post) in subjects)),
        )
        for card, group in made
    ]
    if not filtered:
        placed = {post.location for post in shown}
        cards += [
            _with(maker.unplaced(entry), by_place[entry.place], maker, _key(keys, entry.place))
            for entry in entries
            if entry.place not in placed
        ]
    if keys is None:  # the studio makes cards one at a time
        cards = list(_with_shared_notes(cards))
    own = {chip.alias: chip for chip in map(chip_of, accounts)} if keys is not None else {}
    cards += [
        replace(card, accounts=tuple(dict.fromkeys(_here(chip, own) for chip in card.accounts)))
        for card in (*gone, *marking.outside)
    ]
    return PreviewedCalendar(
        name=one_line(calendar.settings.name),
        title=one_line(_title(calendar, marking)),
        zone=zone,
        made_at=now,
        figures=figures(posts),
        accounts=tuple(
            sorted(
                {
                    *(chip for card in cards for chip in card.accounts),
                    *(map(chip_of, accounts) if keys is not None else ()),
                },
                key=lambda chip: order.get(chip.alias, len(order)),
            )
        ),
        cards=tuple(cards),
        problems=tuple(map(maker.problem, elsewhere)),
        notes=(
            *(f"Budget of {budget_line(each)}." for each in budgets),
            *marking.notes,
            *_left_out(cards, _first_pictured(posts, now) + PICTURED, dates),
        ),
        alarms=marking.alarms,
        compared=marking.source,
    )


def _here(chip: AccountChip, own: Mapping[str, AccountChip]) -> AccountChip:
    """An account of Publer's as the settings name it: under its id or another name, it would count as one more."""
    mine = own.get(chip.alias, chip)
    return mine if mine.network in ("", chip.network) else chip


def _account_order(calendar: Calendar) -> Mapping[str, int]:
    return {ref.alias: number for number, ref in enumerate(calendar.settings.accounts)}


def in_order(calendar: Calendar, posts: Iterable[Post]) -> list[Post]:
    """By time, then as the settings have the accounts."""
    order = _account_order(calendar)
    return sorted(posts, key=lambda post: (post.at, order.get(post.account.alias or "", len(order))))


def subject_names(posts: Sequence[Post]) -> dict[int, str]:
    """What the page calls the subject of each post, by the identity of the post."""
    return dict(zip(map(id, posts), map(_name, subject_keys(posts)), strict=True))


def _name(subject: object) -> str:
    return blake2b(repr(subject).encode(), digest_size=8).hexdigest()


def _title(calendar: Calendar, marking: Marking) -> str:
    """The name that the settings give, else the workspace's: a folder's name tells readers nothing."""
    settings = calendar.settings
    if any("name" in layer.keys() | layer.broken for layer in calendar.settings_layers):
        return settings.name
    named = settings.workspace if settings.workspace and not is_id(settings.workspace) else ""
    return marking.workspace or named or settings.name


def broken_posts(
    calendar: Calendar, placed: Collection[Location], only: Collection[Location] | None
) -> Iterator[Post]:
    """Posts that errors keep out of the plan, whose time can still be read."""
    for spread in calendar.spreads:
        place = spread.entry.place
        if place not in placed and (only is None or place in only):
            for each in spread.placed:
                yield from (each.post(moment) for moment in each.moments if moment.at is not None)


def _left_out(cards: Iterable[Card], until: datetime, dates: Dates) -> Iterator[str]:
    """How many pictures are not on the page, and why."""
    media = (tile for card in cards for tile in card.media)
    why = Counter(tile.left_out for tile in media)
    if far := why["far"]:
        yield (
            f"{count(far, 'picture')} of posts from {dates.day(until)} on {'is' if far == 1 else 'are'} named and not "
            "shown: unchanged posts have pictures for 12 weeks, so that the page stays small."
        )
    if full := why["full"]:
        yield (
            f"{count(full, 'picture')} {'is' if full == 1 else 'are'} named and not shown: with more than "
            f"{MOST_BYTES // 1_000_000} MB of pictures the page could not be mailed."
        )
    if unreadable := why["unreadable"]:
        yield f"{count(unreadable, 'picture')} could not be read, and {'is' if unreadable == 1 else 'are'} named only."


def unshown(name: str, reason: str, now: datetime) -> PreviewedCalendar:
    """A calendar that cannot be shown, with the reason."""
    name = one_line(name)
    return PreviewedCalendar(name, name, "UTC", now, "", (), (), notes=(reason,))


def _first_pictured(posts: Sequence[Post], now: datetime) -> datetime:
    """Pictures begin with the first post ahead; where all is past, they end with the last one."""
    today = now - timedelta(days=1)
    ahead = next((post.at for post in posts if post.at >= today), None)
    if ahead is not None:
        return ahead
    return posts[-1].at - PICTURED + timedelta(minutes=1) if posts else now


def _series(entries: Iterable[Entry]) -> dict[str, str]:
    """`2 of 12`, by the id of a post of a series."""
    return {
        name: f"{number} of {len(entry.names)}"
        for entry in entries
        for number, name in enumerate(entry.names, 1)
    }


def attributed(
    entries: Iterable[Entry], problems: Iterable[Problem]
) -> tuple[Mapping[Location, list[Problem]], list[Problem]]:
    """Problems by the place of the post that they are in, and those that are in none."""
    files: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        files[entry.document.file].append(entry)  # in the order of their lines
    found: dict[Location, list[Problem]] = defaultdict(list)
    elsewhere: list[Problem] = []
    for problem in problems:
        where = problem.location
        inside = files[where.file] if where else []
        before = bisect_right(inside, where.line, key=lambda entry: entry.place.line) if where else 0
        post = inside[before - 1] if before else None
        if post is None or where is None or where.line not in span_of(post):
            elsewhere.append(problem)
        else:
            found[post.place].append(problem)
    return found, elsewhere


def _with_shared_notes(cards: Sequence[Card]) -> Iterator[Card]:
    """What holds for one post of a campaign, such as an embargo, often holds for the others of its label."""
    noted: dict[str, dict[str, Card]] = defaultdict(dict)
    for card in cards:
        for label in card.labels if card.note else ():
            noted[label].setdefault(card.note, card)
    for card in cards:
        found: dict[str, str] = {}
        for label in card.labels:
            for words, other in noted[label].items():
                if words != card.note and words not in found.values():
                    found[f"{other.id or other.title} (label {label})"] = words
        yield replace(card, shared_notes=tuple(found.items())[:_NOTES])


def _key(keys: Mapping[Location, str] | None, place: Location) -> str:
    return keys.get(place, "") if keys is not None else ""


def _with(card: Card, problems: Iterable[Problem], maker: CardMaker, key: str) -> Card:
    """The card with the problems of its post, except those of networks that it does not show."""
    networks = {chip.network for chip in card.accounts}
    kept = tuple(maker.problem(problem) for problem in problems if concerns(problem, networks))
    return replace(card, problems=kept, key=key)


def concerns(problem: Problem, networks: Collection[str]) -> bool:
    """Whether a problem of a post is shown on a card with these networks."""
    network = problem.code.partition(".")[0]
    return network not in _CODES or not networks or network in networks

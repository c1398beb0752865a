"""Turns the posts of a calendar into cards: one for all accounts on which the public sees the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from publer_sync.networks.kinds import kind_of
from publer_sync.networks.table import NETWORKS, code_of
from publer_sync.previewing.page import AccountChip, Card, CardProblem, FollowUp, LinkCard, PollCard, Tile
from publer_sync.previewing.texts import text_of, whole_text
from publer_sync.printable import one_line, printable
from publer_sync.render.entries import added, alias_of, tightest
from publer_sync.render.fields import everything_said
from publer_sync.render.measure import cut
from publer_sync.render.names import Names
from publer_sync.render.wording import duration, fix_parts, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.posts import Entry
    from publer_sync.content import Content, Link, Medium
    from publer_sync.model import Account, Post
    from publer_sync.networks.table import Network
    from publer_sync.previewing.page import CardMark
    from publer_sync.previewing.thumbnails import Thumbnails
    from publer_sync.problems import Location, Problem
    from publer_sync.render.dates import Dates

    Address = Callable[[Location], str | None]
    """Where a line is on the web; None where that is not certain."""

PICTURED: Final = timedelta(weeks=12)
"""How far ahead cards have pictures."""
TITLE: Final = 90
_SHOWN_APART: Final = frozenset(
    ("text", "title", "type", "link", "media", "poll", "thread", "comments", "labels", "draft")
)


class CardMaker:
    """Makes the cards of one calendar. Posts from `pictured` on have pictures, for the time of `PICTURED`."""

    def __init__(self, dates: Dates, thumbnails: Thumbnails, pictured: datetime, address: Address) -> None:
        self._dates, self._thumbnails, self._pictured = dates, thumbnails, pictured
        self._address = address

    def cards(
        self, posts: Sequence[Post], series: Mapping[str, str], mark: Callable[[Post], CardMark | None]
    ) -> Iterator[tuple[Card, list[Post]]]:
        """Each with its posts, in order of time; `series` says by id which of a series a post is."""
        groups: dict[object, list[Post]] = defaultdict(list)
        for post in posts:
            groups[post.location, post.at, post.id, _public(post.without_utm), mark(post)].append(post)
        for group in groups.values():
            yield replace(self._card(group, series), mark=mark(group[0])), group

    def unplaced(self, entry: Entry) -> Card:
        """A post that its problems keep from having a time or an account, as far as it can be read."""
        text, at = (value if isinstance(value := entry.data.get(key), str) else "" for key in ("text", "at"))
        return Card(
            at=None,
            accounts=(),
            title=card_title(text, entry.id or ""),
            kinds=(),
            id=one_line(entry.id or ""),
            place=one_line(str(entry.place)),
            address=self._address(entry.place) or "",
            text=whole_text(text),
            facts=(f"at: {one_line(at)}",) if at else (),
        )

    def problem(self, problem: Problem) -> CardProblem:
        where = problem.location
        help_ = replace(problem.help, example="", silence="") if problem.help else None
        fix = "\n".join(each for part in fix_parts(help_) for each in part if each)
        return CardProblem(
            problem.severity,
            sentence(problem.message),
            printable(fix),
            one_line(str(where)) if where else "",
            one_line(problem.code),
        )

    def _card(self, posts: Sequence[Post], series: Mapping[str, str]) -> Card:
        first = posts[0]
        content, accounts = first.without_utm, [post.account for post in posts]
        pictured = self._pictured <= first.at < self._pictured + PICTURED
        media = _Media(first, self._thumbnails if pictured else None)
        tiles = media.tiles(content.media)
        kinds = dict.fromkeys(post.content.type for post in posts if post.content.type)
        return Card(
            at=self._dates.local(first.at),
            accounts=tuple(dict.fromkeys(map(chip_of, accounts))),
            title=card_title(content.text, content.title, first.id or "", *(tile.name for tile in tiles)),
            kinds=(*kinds, *(("draft",) if content.draft else ())),
            id=one_line(first.id or ""),
            place=one_line(str(first.location)),
            address=self._address(first.location) or "",
            series=series.get(first.id or "", ""),
            heading=one_line(content.title),
            text=text_of(content.text, accounts, length=tightest(posts)),
            tiles=tiles,
            link=_link(content.link, accounts, media) if content.link else None,
            poll=_poll(content),
            thread=tuple(
                FollowUp(f"Part {number}", whole_text(part.text), media.tiles(part.media))
                for number, part in enumerate(content.thread, 2)
            ),
            comments=tuple(
                FollowUp(
                    f"{'First comment' if number == 1 else f'Comment {number}'}, after {duration(comment.after)}",
                    whole_text(comment.text),
                    media.tiles(comment.media),
                )
                for number, comment in enumerate(content.comments, 1)
            ),
            facts=tuple(_facts(posts)),
            note=printable(first.note),
            labels=tuple(dict.fromkeys(one_line(label) for post in posts for label in post.content.labels)),
            draft=content.draft,
        )


class _Media:
    """The media of one post; without thumbnails by name alone."""

    def __init__(self, post: Post, thumbnails: Thumbnails | None) -> None:
        self._thumbnails = thumbnails
        self._names = Names(post)
        self._files = {source.digest: source.path for source in post.media if source.path}
        self._described = any(network.alt for network in _networks([post.account]))

    def tiles(self, media: Iterable[Medium]) -> tuple[Tile, ...]:
        return tuple(self._tile(piece) for piece in media)

    def _tile(self, piece: Medium) -> Tile:
        file = self._files.get(piece.file)
        name = self._names.medium(piece.reference) or "a file"
        kind = kind_of(file.name if file else piece.url) or "photo"
        still = kind in ("photo", "gif")
        return Tile(
            kind=kind,
            name=_file_name(name) if piece.url else name,
            alt=one_line(piece.alt),
            caption=one_line(piece.caption),
            note=_note(file, piece),
            picture=self.picture(piece.file if still else piece.thumbnail),
            lacks_alt=self._described and still and not piece.alt,
        )

    def picture(self, reference: str) -> str:
        file = self._files.get(reference)
        if self._thumbnails is None or file is None or kind_of(file.name) not in ("photo", "gif"):
            return ""
        return self._thumbnails.of(file)

    def named(self, reference: str) -> str:
        return _file_name(self._names.medium(reference) or "") if reference else ""


def chip_of(account: Account) -> AccountChip:
    network = NETWORKS.get(account.provider)
    label = network.label if network else ""
    return AccountChip(alias_of(account), one_line(account.name), code_of(account.provider), label)


def _networks(accounts: Iterable[Account]) -> list[Network]:
    return [NETWORKS[account.provider] for account in accounts if account.provider in NETWORKS]


def _public(content: Content) -> object:
    """What the public sees: posts that have it in common share a card."""
    return (
        content.text,
        content.title,
        content.link,
        content.media,
        content.poll,
        content.thread,
        content.comments,
        content.draft,
    )


def card_title(*choices: str) -> str:
    words = next(filter(str.strip, choices), "(no text)")
    return cut(" ".join(printable(words).split()), TITLE)


def _note(file: Path | None, piece: Medium) -> str:
    if file is None:
        return "not in the calendar folder" if piece.url else ""
    if kind_of(file.name) != "video":
        return ""
    from publer_sync.networks.media import BadMedia, inspect

    try:
        seconds = inspect(file).duration
    except (BadMedia, OSError):
        return ""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}" if seconds else ""


def _file_name(address: str) -> str:
    """The last part of an address, with its host."""
    host, last = _host(address), address.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return f"{last} ({host})" if host and last else address


def _link(link: Link, accounts: Sequence[Account], media: _Media) -> LinkCard:
    networks = _networks(accounts)
    return LinkCard(
        url=one_line(link.url),
        host=_host(link.url),
        title=one_line(link.title),
        description=one_line(link.description),
        button=one_line(link.call_to_action).replace("_", " ").capitalize(),
        picture=media.picture(link.image),
        picture_name=media.named(link.image),
        made_by_network=not link.title and any(network.link in ("card", "url") for network in networks),
    )


def _host(address: str) -> str:
    try:
        return one_line(urlsplit(address).netloc.rpartition("@")[2].removeprefix("www."))
    except ValueError:
        return ""


def _poll(content: Content) -> PollCard | None:
    poll = content.poll
    if poll is None:
        return None
    question = "" if poll.question == content.text else one_line(poll.question)
    return PollCard(question, tuple(map(one_line, poll.options)), duration(poll.duration))


def _facts(posts: Sequence[Post]) -> Iterator[str]:
    """Everything else that the posts say, with the accounts where it differs."""
    told: dict[str, list[Post]] = {}
    for post in posts:
        for key, phrases in everything_said(post.content, Names(post)).items():
            for phrase in phrases if key not in _SHOWN_APART else ():
                told.setdefault("".join(span.text for span in phrase), []).append(post)
    if parameters := added(posts, whole=True, keys=("utm",)):
        yield parameters
    for fact, on in told.items():
        where = "" if len(on) == len(posts) else f" ({', '.join(alias_of(post.account) for post in on)})"
        yield one_line(fact) + where

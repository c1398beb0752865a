"""Turns the posts of a calendar into cards: one for all accounts on which the public sees the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.uses import versions_of
from publer_sync.calendar.when.moments import written_moment
from publer_sync.networks.table import code_of
from publer_sync.planning.signing import names_of
from publer_sync.previewing.page import AccountChip, Answered, Card, CardProblem, FollowUp, LinkCard, PollCard
from publer_sync.previewing.texts import text_of, whole_text
from publer_sync.previewing.tiles import PostMedia, networks_of
from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.wording import duration, fix_parts, sentence
from publer_sync.render.post.entries import added, alias_of, tightest
from publer_sync.render.post.fields import EVIDENT, everything_said
from publer_sync.render.post.names import Names, host_of, network_label, own_name, post_title, title_of
from publer_sync.render.post.own_words import spoken
from publer_sync.values.counted import date_words
from publer_sync.values.model import Post
from publer_sync.values.post_keys import CONTENT
from publer_sync.values.printable import one_line, printable
from publer_sync.values.problems import Location
from publer_sync.values.signoff import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.calendar.posts import Entry
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.page import CardMark
    from publer_sync.previewing.thumbnails import Thumbnails
    from publer_sync.previewing.tiles import OldPicture
    from publer_sync.render.layout.dates import Dates
    from publer_sync.values.content import Comment, Content, Link
    from publer_sync.values.model import Account
    from publer_sync.values.problems import Problem
    from publer_sync.values.signoff import SignedPosts

PICTURED: Final = timedelta(weeks=12)
"""How far ahead cards have pictures."""
_NOWHERE: Final = Location("", 1)
_WITH_A_PLACE: Final = frozenset(key.name for key in CONTENT if key.own_place)
"""Keys that are not among the facts."""


class Gone(NamedTuple):
    """A post that left the calendar: its words in Publer, and what was sent of it as far as that is known."""

    accounts: tuple[Account, ...]
    at: datetime
    id: str | None
    text: str
    content: Content
    mark: CardMark


class CardMaker:
    """Makes the cards of one calendar. Posts from `pictured` on have pictures, for the time of `PICTURED`.

    Those with a mark have theirs at any time. `known` are names of what content knows by an id: accounts, say.
    """

    def __init__(
        self,
        dates: Dates,
        thumbnails: Thumbnails,
        pictured: datetime,
        addresses: Addresses,
        known: Mapping[str, str],
        signed: SignedPosts | None = None,
        calendar: str = "",
    ) -> None:
        """With `signed`, answers are to what is signed off, in the `calendar` of that name."""
        self._signed, self._calendar = signed, calendar
        self._dates, self._thumbnails, self._pictured = dates, thumbnails, pictured
        self._addresses, self._known = addresses, known

    def cards(
        self, posts: Sequence[Post], series: Mapping[str, str], mark: Callable[[Post], CardMark | None]
    ) -> Iterator[tuple[Card, list[Post]]]:
        """Each with its posts; `series` says by id which of a series a post is.

        Those with a mark come first: if the page has no room for all pictures, it has theirs.
        """
        groups = grouped(posts, mark)
        for group, joined in sorted(groups, key=lambda each: each[1] is None):
            yield self._card(group, series, joined), group

    def gone(self, gone: Gone, old: OldPicture) -> Card:
        """The card of a post that will be removed; `old` finds its pictures."""
        content = replace(gone.content, text=gone.text or gone.content.text)
        posts = [Post(account, gone.at, content, _NOWHERE, gone.id) for account in gone.accounts]
        media = PostMedia(
            posts[0], gone.accounts, self._thumbnails, self._addresses, known=self._known, old=old
        )
        return replace(self._of(posts, {}, gone.mark, media), place="", address="", review="")

    def unplaced(self, entry: Entry) -> Card:
        """A post that its problems keep from having a time or an account, as far as it can be read."""
        data = versions_of(entry)[0]
        text, at, accounts = (
            value if isinstance(value := data.get(key), str) else "" for key in ("text", "at", "accounts")
        )
        moment = written_moment(entry)
        facts = {"at": "" if moment else at, "accounts": accounts}
        if entry.evergreen is not None:
            facts = {"in store": f"its uses are {entry.evergreen.pause} apart", "accounts": accounts}
        return Card(
            at=self._dates.local(moment) if moment else None,
            accounts=(),
            title=title_of(text, entry.id or ""),
            kinds=(),
            id=one_line(entry.id or ""),
            place=one_line(str(entry.place)),
            address=self._addresses.line(entry.place) or "",
            review=self._addresses.review(entry.place) or "",
            text=whole_text(text),
            facts=tuple(f"{key}: {one_line(value)}" for key, value in facts.items() if value),
            stored=entry.is_stored,
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
            (self._addresses.line(where) or "") if where else "",
        )

    def _card(self, posts: Sequence[Post], series: Mapping[str, str], mark: CardMark | None) -> Card:
        first, accounts = posts[0], [post.account for post in posts]
        near = self._thumbnails.served or self._pictured <= first.at < self._pictured + PICTURED
        media = PostMedia(
            first,
            accounts,
            self._thumbnails,
            self._addresses,
            known=self._known,
            far=mark is None and not near,
            whole=mark is not None,
        )
        return self._of(posts, series, mark, media)

    def _of(
        self, posts: Sequence[Post], series: Mapping[str, str], mark: CardMark | None, media: PostMedia
    ) -> Card:
        first = posts[0]
        content, accounts = first.without_utm, [post.account for post in posts]
        tiles, name = media.tiles(content.media), first.id or ""
        return Card(
            at=self._dates.local(first.at),
            accounts=tuple(dict.fromkeys(map(chip_of, accounts))),
            title=post_title(first),
            kinds=kinds_of(posts),
            id=one_line(name),
            place=one_line(str(first.location)),
            address=self._addresses.line(first.location) or "",
            review=self._addresses.review(first.location) or "",
            series=series.get(name, ""),
            part=name.partition("@")[2],
            answered=tuple(map(self._answered, posts)) if mark is not None else (),
            own_time=self._dates.beside(first.at, first.zone),
            heading=one_line(content.title if any(Names(post).shows_title for post in posts) else ""),
            text=text_of(content.text, accounts, length=tightest(posts)),
            tiles=tiles,
            link=link_of(content.link, accounts, media) if content.link else None,
            poll=poll_of(content),
            thread=tuple(
                FollowUp(f"Part {number}", whole_text(part.text), media.tiles(part.media))
                for number, part in enumerate(content.thread, 2)
            ),
            comments=tuple(
                FollowUp(
                    f"{'First comment' if number == 1 else f'Comment {number}'}, {_conditions(comment)}",
                    whole_text(comment.text),
                    media.tiles(comment.media),
                )
                for number, comment in enumerate(content.comments, 1)
            ),
            facts=tuple(self._facts(posts)),
            note=printable(first.note),
            labels=labels_of(posts),
            draft=content.draft,
            mark=mark,
        )

    def _sign_offs(self, posts: Sequence[Post]) -> Iterator[str]:
        """Whose yes is there, and whose is missing."""
        told: dict[str, list[str]] = {}
        for post in posts:
            need = self._signed.asked(post) if self._signed is not None and not post.draft else None
            if self._signed is None or need is None:
                continue
            signoff, alias = self._signed.signoff, alias_of(post.account)
            if given := dict.fromkeys(each.by for each in need.given):
                told.setdefault(f"signed off by {' and '.join(map(signoff.name, given))}", []).append(alias)
            if need.missing:
                told.setdefault(f"to be signed off by {names_of(signoff, need.missing)}", []).append(alias)
        for fact, aliases in told.items():
            yield one_line(fact if len(aliases) == len(posts) else f"{fact} ({', '.join(aliases)})")

    def _answered(self, post: Post) -> Answered:
        account, at = alias_of(post.account), utc(post.at)
        if self._signed is None:
            return Answered(one_line(post.id or str(post.location)), account, at, post.content.digest)
        digest = self._signed.statement(post).digest
        return Answered(one_line(post.id or name_of(post)), account, at, digest, self._calendar)

    def _facts(self, posts: Sequence[Post]) -> Iterator[str]:
        """Everything else that the posts say, with the accounts where it differs."""
        told: dict[str, list[Post]] = {}
        for post in posts:
            for key, phrases in everything_said(post.content, Names(post, self._known, self._dates)).items():
                for phrase in phrases if key not in _WITH_A_PLACE else ():
                    told.setdefault("".join(span.text for span in phrase), []).append(post)
        yield from self._sign_offs(posts)
        if counted := posts[0].counted:
            date = date_words(counted.date, self._dates.zone)
            yield one_line(f"counted from {counted.name} ({date}): {counted.written}")
        for page in dict.fromkeys(post.when_live for post in posts if post.when_live):
            yield one_line(f"created once {page} answers")
        if parameters := added(posts, whole=True, keys=("utm",)):
            yield parameters
        for fact, on in told.items():
            where = "" if len(on) == len(posts) else f" ({', '.join(alias_of(post.account) for post in on)})"
            yield one_line(fact) + where


def grouped(
    posts: Iterable[Post], mark: Callable[[Post], CardMark | None]
) -> list[tuple[list[Post], CardMark | None]]:
    """The posts of each card, and its mark."""
    groups: dict[object, list[Post]] = defaultdict(list)
    for post in posts:
        groups[post.location, post.at, post.id, _public(post.without_utm), mark(post)].append(post)
    marks = ([found for post in group if (found := mark(post)) is not None] for group in groups.values())
    return [
        (group, joined_mark(those) if those else None)
        for group, those in zip(groups.values(), marks, strict=True)
    ]


def kinds_of(posts: Sequence[Post]) -> tuple[str, ...]:
    """What the filter calls posts, such as those of a card."""
    kinds = dict.fromkeys(post.content.type for post in posts if post.content.type)
    return (*kinds, *(("draft",) if any(post.content.draft for post in posts) else ()))


def labels_of(posts: Sequence[Post]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(label) for post in posts for label in post.content.labels))


def joined_mark(marks: Iterable[CardMark]) -> CardMark:
    """Equal marks as one."""
    first, *rest = marks
    return replace(
        first,
        left=tuple(dict.fromkeys(chip for each in (first, *rest) for chip in each.left)),
        entries=first.entries.union(*(each.entries for each in rest)),
    )


def chip_of(account: Account) -> AccountChip:
    return AccountChip(
        alias_of(account), own_name(account), code_of(account.provider), network_label(account)
    )


def _public(content: Content) -> object:
    """What the public sees: posts that have it in common share a card."""
    return (
        "" if content.type in EVIDENT else content.type,
        content.text,
        content.title,
        content.link,
        content.media,
        content.poll,
        content.thread,
        content.comments,
        content.draft,
    )


def _conditions(comment: Comment) -> str:
    """When it is added, and its language."""
    parts = [f"after {duration(comment.after)}"]
    parts += [f"engagement {comment.engagement}"] if comment.engagement else []
    parts += [f"reach {comment.reach}"] if comment.reach else []
    parts += [f"language {comment.language}"] if comment.language else []
    return one_line(", ".join(parts))


def link_of(link: Link, accounts: Sequence[Account], media: PostMedia | None = None) -> LinkCard:
    """Without `media`, no picture of it is known."""
    networks = networks_of(accounts)
    return LinkCard(
        url=one_line(link.url),
        host=host_of(link.url),
        title=one_line(link.title),
        description=one_line(link.description),
        button=one_line(spoken("link.call_to_action", link.call_to_action, None)),
        phone=one_line(link.phone_number),
        picture=media.picture(link.image) if media is not None else "",
        picture_name=media.named(link.image) if media is not None else "",
        made_by_network=not link.title and any(network.link in ("card", "url") for network in networks),
    )


def poll_of(content: Content) -> PollCard | None:
    poll = content.poll
    if poll is None:
        return None
    question = "" if poll.question == content.text else one_line(poll.question)
    return PollCard(
        question, tuple(map(one_line, poll.options)), duration(poll.duration) if poll.duration else ""
    )

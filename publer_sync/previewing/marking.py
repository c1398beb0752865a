"""What a plan says about the posts on a page: marks for those of the calendar, and cards for those that are not in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from publer_sync.ledger.copies import End
from publer_sync.networks.kinds import kind_of
from publer_sync.planning.plan import Past
from publer_sync.planning.signing import since_yes
from publer_sync.previewing.cards import Gone, chip_of, joined_mark
from publer_sync.previewing.page import Card, CardMark, EditedField, Tile
from publer_sync.previewing.stills import note_of, of_bytes
from publer_sync.previewing.texts import text_of
from publer_sync.previewing.thumbnails import NO_PICTURE
from publer_sync.previewing.tiles import STILL, tiles_in_publer
from publer_sync.render import data
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.wording import count, listing
from publer_sync.render.plan_pages import for_pages
from publer_sync.render.post.entries import alias_of
from publer_sync.render.post.fields import field_edits
from publer_sync.render.post.names import Names, title_of
from publer_sync.render.post.pieces import WITH_MEDIA, media_by_part
from publer_sync.render.post.reasons import since_words
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content, Medium, value_from_json
from publer_sync.values.model import Account, Family
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publer_sync.planning.plan import Plan
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.thumbnails import Small, Thumbnails
    from publer_sync.previewing.tiles import OldPicture
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.values.model import LivePost, Post
    from publer_sync.values.signoff import SignoffNeed

MarkedPlace: TypeAlias = "tuple[str, datetime]"
"""An account's alias and a minute: at most one post is there."""
_WORDS = {
    "remove": "removed",
    "replace": "replaced",
    "edit": "edited",
    "move": "moved",
    "adopt": "adopted",
    "account": "account changed",
    "held": "on hold",
    "waiting": "waiting for approval",
    "asked": "waits for a sign-off",
}
_KINDS = {"recreate": "missing", "on hold": "held", "halfway": "blocked"}
"""The kind of a mark, where a plan has another word for it."""


@dataclass(frozen=True, slots=True)
class Marking:
    """`gone` are posts that left the calendar, `outside` cards of posts that are not managed here.

    `source` says what the calendar was compared with; `alarms` and `notes` what the plan says as a whole.
    """

    marks: Mapping[MarkedPlace, CardMark] = field(default_factory=dict)
    gone: tuple[Gone, ...] = ()
    outside: tuple[Card, ...] = ()
    source: str = ""
    workspace: str = ""
    alarms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of what the content of `gone` knows by a digest or an id."""
    people: Mapping[MarkedPlace, tuple[str, ...]] = field(default_factory=dict)
    """Whose sign-off each post waits for."""
    published: frozenset[MarkedPlace] = frozenset()
    """Posts whose time has passed, and that are known to be published."""

    def of(self, post: Post) -> CardMark | None:
        return self.marks.get((alias_of(post.account), post.at))


class Marker:
    """Makes the marks of one calendar. `old` finds a picture that another has replaced."""

    def __init__(
        self,
        zone: str,
        now: datetime,
        thumbnails: Thumbnails,
        posts: Sequence[Post],
        old: OldPicture,
        addresses: Addresses,
    ) -> None:
        self._addresses = addresses
        self._dates, self._thumbnails, self._old = Dates.around(zone, now), thumbnails, old
        self._files = {source.digest: source.path for post in posts for source in post.media if source.path}
        self._posts = posts

    def of_plan(self, plan: Plan, unmanaged: Sequence[LivePost], accounts: Mapping[str, Account]) -> Marking:
        """By way of the plan's document, so that it says what a plan file says. `accounts` are the managed ones, by id."""
        marking = self.of_document({**data.plan(plan, version=""), "shown": for_pages(plan)})
        source = f"Compared with Publer on {self._dates.both(plan.created_at)}."
        published = {
            (alias_of(each.post.account), each.post.at)
            for each in plan.changes
            if isinstance(each, Past) and each.copy is not None and each.copy.end is End.PUBLISHED
        }
        outside = tuple(self._unmanaged(unmanaged, accounts))
        return replace(marking, outside=outside, source=source, published=frozenset(published))

    def of_document(self, plan: Mapping[str, Any]) -> Marking:
        """The marks of a plan file, which has only managed posts. Raises ValueError, KeyError or TypeError."""
        shown = plan["shown"]
        names = {str(each["id"]): str(each["name"]) for each in shown["names"]}
        marks: dict[MarkedPlace, CardMark] = {}
        people: dict[MarkedPlace, tuple[str, ...]] = {}
        groups: dict[object, list[Gone]] = defaultdict(list)
        for item in shown["posts"]:
            account, at = Account(**item["account"]), datetime.fromisoformat(item["scheduled_at"])
            mark = self._mark(item, names)
            if item["text"] is None:
                marks[alias_of(account), at] = mark
                if item.get("people"):
                    people[alias_of(account), at] = tuple(map(str, item["people"]))
            else:
                content = Content.from_json(item["sent"] or {})
                gone = Gone((account,), at, item["id"], str(item["text"]), content, mark)
                groups[at, gone.id, gone.text, content.digest, mark].append(gone)
        here = {(alias_of(post.account), post.at) for post in self._posts}
        source = f"Compared with the plan of {self._dates.both(datetime.fromisoformat(plan['created_at']))}."
        if lost := len(marks.keys() - here):
            source += f" The calendar has changed since: {count(lost, 'change')} of the plan cannot be shown. Make the plan again."
        return Marking(
            marks,
            tuple(
                group[0]._replace(
                    accounts=tuple(each.accounts[0] for each in group),
                    mark=joined_mark(each.mark for each in group),
                )
                for group in groups.values()
            ),
            source=source,
            workspace=one_line(str(plan["workspace"]["name"])),
            alarms=tuple(one_line(str(each)) for each in shown["alarms"]),
            notes=tuple(one_line(str(each)) for each in shown["notes"]),
            names=names,
            people=people,
        )

    def of_signoff(self, waiting: Sequence[tuple[Post, SignoffNeed]], who: str) -> Marking:
        """The marks of posts that wait for somebody, with what has changed since it was signed off."""
        marks = {
            (alias_of(post.account), post.at): self._asked(post, asked, number)
            for number, (post, asked) in enumerate(waiting)
        }
        posts = count(len(waiting), "post waits", "posts wait")
        return Marking(marks, source=f"{posts} for the sign-off of {one_line(who)}.")

    def _asked(self, post: Post, asked: SignoffNeed, number: int) -> CardMark:
        since = since_yes(asked)
        diff = [item for item in since if item.field not in ("account", "day")]
        names = Names(post, {}, self._dates)
        edits = [
            _edit(key, list(phrases))
            for key, phrases in field_edits(diff, names, moved=False, whole=True).items()
        ]
        media = [documents.field_data(item) for item in diff if item.field in WITH_MEDIA]
        told = (
            [(Span(f"Since the last sign-off: {listing([*since_words(since, self._dates, quotes=False)])}"),)]
            if since
            else []
        )
        return CardMark(
            "asked",
            "changed" if asked.before is not None else "new",
            reasons=tuple(told),
            edits=(*edits, *self._pictures(media, {})),
            changed=tuple(since_words(since, self._dates, quotes=False)),
            entries=frozenset({number}),
        )

    def _mark(self, item: Mapping[str, Any], names: Mapping[str, str]) -> CardMark:
        kind = _KINDS.get(item["mark"], str(item["mark"]))
        was = datetime.fromisoformat(item["was"]) if item["was"] else None
        edits = [_edit(each["field"], list(_phrases(each["told"]))) for each in item["edits"]]
        return CardMark(
            kind,
            _WORDS.get(kind, kind),
            self._dates.both(was) if was else "",
            self._shift(was, datetime.fromisoformat(item["scheduled_at"])) if was else "",
            tuple(_phrases(item["told"])),
            (*edits, *self._pictures(item["media"], names)),
            (chip_of(Account(**item["left"])),) if item.get("left") else (),
            tuple(map(one_line, map(str, item.get("changed", ())))),
            frozenset({int(item.get("entry", 0))}),
        )

    def _shift(self, was: datetime, now: datetime) -> str:
        old, new = (self._dates.local(moment).replace(tzinfo=None) for moment in (was, now))
        return str(new - old)

    def _unmanaged(self, posts: Iterable[LivePost], accounts: Mapping[str, Account]) -> Iterator[Card]:
        groups: dict[object, list[LivePost]] = defaultdict(list)
        for post in posts:
            if post.account_id in accounts:
                names = tuple(piece.name for piece in post.pieces)
                groups[post.at, post.text, post.link, post.family, names].append(post)
        for group in groups.values():
            first, on = group[0], [accounts[post.account_id] for post in group]
            if first.at is None:
                continue
            draft = first.family is Family.DRAFT
            yield Card(
                at=self._dates.local(first.at),
                accounts=tuple(dict.fromkeys(map(chip_of, on))),
                title=title_of(first.text),
                kinds=(*([first.type] if first.type else ()), *(("draft",) if draft else ())),
                text=text_of(first.text, on),
                draft=draft,
                tiles=tiles_in_publer(first),
                facts=(f"link: {one_line(first.link)}",) if first.link else (),
                labels=tuple(map(one_line, first.labels or ())),
                mark=CardMark("unmanaged", "not managed here"),
            )

    def _pictures(self, diff: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[EditedField]:
        """The old and the new media of each part: what was replaced, or all of it where only the order changes."""
        for item in diff:
            before, after = (
                dict(media_by_part(item["field"], value_from_json(item["field"], item[side])))
                for side in ("before", "after")
            )
            for part in before | after:
                olds, news = before.get(part, ()), after.get(part, ())
                was, now = ([piece.reference for piece in side] for side in (olds, news))
                if was != now and sorted(was) != sorted(now):
                    olds = tuple(piece for piece in olds if piece.reference not in now)
                    news = tuple(piece for piece in news if piece.reference not in was)
                elif was == now:
                    continue
                sides = (self._tiles(olds, news, names), self._tiles(news, news, names))
                if all(sides):
                    yield EditedField(pictures=sides, part=part)

    def _tiles(
        self, media: Sequence[Medium], news: Sequence[Medium], names: Mapping[str, str]
    ) -> tuple[Tile, ...]:
        """`news` lend their names to what they replace, where nobody knows the old one."""
        made = []
        own = Names(None, {**names, **{digest: path.name for digest, path in self._files.items()}})
        for number, piece in enumerate(media):
            name = own.file(piece.reference)
            if name is None and piece.file and news:
                name = own.file(news[min(number, len(news) - 1)].reference)
            kind = kind_of(name or "") or "photo"
            reference = piece.file if kind in STILL else piece.thumbnail
            small, note, film = self._picture(reference, name or ""), "", ""
            if kind not in STILL and piece.file:
                still, note, film = self._seen(piece.file, name or "", kind, of_old=media is not news)
                small = small if small.url else still
            tile = Tile(
                kind,
                one_line(name or "a file"),
                one_line(piece.alt),
                note=note,
                picture=small.url,
                width=small.width,
                height=small.height,
                address=self._address(piece, name or ""),
                film=film,
            )
            made.append(tile)
        return tuple(made)

    def _seen(self, digest: str, name: str, kind: str, *, of_old: bool) -> tuple[Small, str, str]:
        """A frame or first page, what else there is to know of the file, and the old video itself, if it is short."""
        if path := self._files.get(digest):
            film = self._thumbnails.film(path) if of_old and kind == "video" else ""
            return self._thumbnails.still(path), note_of(path), film
        found = self._old(digest, name)
        if found is None:
            return NO_PICTURE, "", ""
        film = self._thumbnails.film_of_bytes(found, name) if of_old and kind == "video" else ""
        return self._thumbnails.still_of_bytes(found, name), of_bytes(found, name, note_of), film

    def _address(self, piece: Medium, name: str) -> str:
        if path := self._files.get(piece.file):
            return self._addresses.file(path) or ""
        found = self._addresses.gone(piece.file, name) if piece.file else piece.url
        return found if found and found.startswith(("https://", "http://")) else ""

    def _picture(self, reference: str, name: str) -> Small:
        if path := self._files.get(reference):
            return self._thumbnails.of(path)
        found = self._old(reference, name) if reference else None
        return self._thumbnails.of_bytes(found) if found is not None else NO_PICTURE


def _phrases(told: Iterable[Iterable[Mapping[str, Any]]]) -> Iterator[Phrase]:
    for phrase in told:
        yield tuple(Span(str(span["text"]), span["kind"]) for span in phrase)


def _edit(key: str, phrases: Sequence[Phrase]) -> EditedField:
    """The words side by side; every other field as phrases."""
    if key != "text":
        return EditedField(tuple(phrases))
    first, *rest = phrases
    old, new = (tuple(span for span in first if span.kind != kind) for kind in ("new", "old"))
    return EditedField(tuple(rest), (old, new))

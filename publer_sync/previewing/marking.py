"""What a plan says about the posts on a page: marks for those of the calendar, and cards for those that are not in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from publer_sync.content import Medium, value_from_json
from publer_sync.model import Account, Family
from publer_sync.networks.kinds import kind_of
from publer_sync.planning.plan import FieldChange, is_waiting
from publer_sync.previewing.cards import chip_of
from publer_sync.previewing.page import Card, CardMark, EditedField, Tile
from publer_sync.previewing.texts import text_of
from publer_sync.printable import one_line
from publer_sync.render.dates import Dates
from publer_sync.render.entries import alias_of, plan_entries
from publer_sync.render.fields import field_edits, without_utm
from publer_sync.render.marks import shown_changes
from publer_sync.render.names import Names, title_of
from publer_sync.render.phrases import Span
from publer_sync.render.wording import count, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from publer_sync.model import LivePost, Post
    from publer_sync.planning.plan import Plan
    from publer_sync.previewing.thumbnails import Small, Thumbnails
    from publer_sync.render.phrases import Phrase

    OldPicture = Callable[[str, str], bytes | None]
    """The bytes of a picture by its digest; the name is where it may have been."""

Place: TypeAlias = "tuple[str, datetime]"
"""An account's alias and a minute: at most one post is there."""
_WORDS = {
    "remove": "removed",
    "replace": "replaced",
    "edit": "edited",
    "move": "moved",
    "adopt": "adopted",
    "held": "on hold",
    "waiting": "waiting for approval",
}
_KINDS = {
    "create": "new",
    "update": "edit",
    "delete": "remove",
    "recreate": "missing",
    "on hold": "held",
}
"""The kind of a mark, by what a plan calls it."""


@dataclass(frozen=True, slots=True)
class Marking:
    """`outside` are cards of posts that are not in the calendar; `source` says what the calendar was compared with."""

    marks: Mapping[Place, CardMark] = field(default_factory=dict)
    outside: tuple[Card, ...] = ()
    source: str = ""
    workspace: str = ""
    notes: tuple[str, ...] = ()
    """What else the plan says as a whole."""

    def of(self, post: Post) -> CardMark | None:
        return self.marks.get((alias_of(post.account), post.at))


class Marker:
    """Makes the marks of one calendar. `old` finds a picture that another has replaced."""

    def __init__(
        self, zone: str, now: datetime, thumbnails: Thumbnails, posts: Iterable[Post], old: OldPicture
    ) -> None:
        self._dates, self._thumbnails, self._old = Dates.around(zone, now), thumbnails, old
        self._files = {source.digest: source.path for post in posts for source in post.media if source.path}

    def of_plan(self, plan: Plan, unmanaged: Sequence[LivePost], accounts: Mapping[str, Account]) -> Marking:
        """`accounts` are the managed ones, by id."""
        marks: dict[Place, CardMark] = {}
        outside: list[Card] = []
        for entry in plan_entries(shown_changes(plan), plan, self._dates, whole=True):
            change = entry.changes[0]
            pictures = self._pictures(change.diff, plan.names) if entry.edits else None
            told = (*entry.reasons, *map(_spelled, entry.fixes))
            mark = self._mark(entry.mark.word, entry.old, told, entry.edits, pictures)
            for each in entry.changes:
                marks[alias_of(each.account), each.at] = mark
            if change.post is None:
                gone = [each.account for each in entry.changes]
                outside.append(self._outside(entry.at, gone, entry.text, mark, entry.id or ""))
        for change in plan.changes:
            if is_waiting(change):
                told = ((Span(sentence(change.reason)),),)
                marks[alias_of(change.account), change.at] = self._mark("waiting", None, told, (), None)
        outside += self._unmanaged(unmanaged, accounts)
        source = f"Compared with Publer on {self._dates.both(plan.created_at)}."
        return Marking(marks, tuple(outside), source)

    def of_document(self, plan: Mapping[str, Any], posts: Sequence[Post]) -> Marking:
        """The same for a plan file, which has only managed posts. Raises ValueError, KeyError or TypeError."""
        marks: dict[Place, CardMark] = {}
        groups: dict[object, list[tuple[Account, datetime, CardMark, Mapping[str, Any]]]] = defaultdict(list)
        here = {(alias_of(post.account), post.at): post for post in posts}
        for change in plan["changes"]:
            account, at = Account(**change["account"]), datetime.fromisoformat(change["scheduled_at"])
            mark = self._read(change, here.get((alias_of(account), at)))
            if change["source"] is None:
                groups[at, change["id"], change["text"], mark].append((account, at, mark, change))
            else:
                marks[alias_of(account), at] = mark
        outside = [
            self._outside(
                at, [account for account, *_ in group], str(change["text"]), mark, change["id"] or ""
            )
            for group in groups.values()
            for _, at, mark, change in group[:1]
        ]
        source = f"Compared with the plan of {self._dates.both(datetime.fromisoformat(plan['created_at']))}."
        if lost := len(marks.keys() - here.keys()):
            source += f" The calendar has changed since: {count(lost, 'change')} of the plan cannot be shown. Make the plan again."
        return Marking(marks, tuple(outside), source)

    def _read(self, change: Mapping[str, Any], post: Post | None) -> CardMark:
        """The mark of a plan file's change."""
        found = (
            FieldChange(
                item["field"],
                value_from_json(item["field"], item["before"]),
                value_from_json(item["field"], item["after"]),
                item.get("blind", False),
            )
            for item in change["diff"]
        )
        diff = without_utm(found, post)
        differs = "update" in (wanted := (change["action"], change["would"])) or "replace" in wanted
        old = next((item.before for item in diff if item.field == "scheduled_at"), None)
        moved = all(item.field == "scheduled_at" for item in diff)
        word = "move" if change["action"] == "replace" and moved and diff else str(change["action"])
        told: list[Phrase] = []
        if change["action"] in ("blocked", "delete", "recreate", "held"):
            told.append((Span(sentence(str(change["reason"]))),))
        names = Names(None, {digest: path.name for digest, path in self._files.items()})
        fields = field_edits(diff, names, moved=old is not None, whole=True) if differs else {}
        pictures = self._pictures(diff, {}) if differs else None
        was = datetime.fromisoformat(old) if differs and isinstance(old, str) else None
        return self._mark(word, was, told, fields.items(), pictures)

    def _mark(
        self,
        word: str,
        was: datetime | None,
        told: Iterable[Phrase],
        fields: Iterable[tuple[str, Sequence[Phrase]]],
        pictures: EditedField | None,
    ) -> CardMark:
        kind = _KINDS.get(word, word)
        edits = [_edit(key, phrases) for key, phrases in fields if phrases]
        return CardMark(
            kind,
            _WORDS.get(kind, kind),
            self._dates.both(was) if was else "",
            tuple(told),
            (*edits, *([pictures] if pictures else ())),
        )

    def _outside(
        self, at: datetime, accounts: Sequence[Account], text: str, mark: CardMark, id_: str
    ) -> Card:
        return Card(
            at=self._dates.local(at),
            accounts=tuple(dict.fromkeys(map(chip_of, accounts))),
            title=title_of(text, id_),
            kinds=(),
            id=one_line(id_),
            text=text_of(text, accounts),
            mark=mark,
        )

    def _unmanaged(self, posts: Iterable[LivePost], accounts: Mapping[str, Account]) -> Iterator[Card]:
        groups: dict[object, list[LivePost]] = defaultdict(list)
        for post in posts:
            if post.account_id in accounts:
                names = tuple(piece.name for piece in post.pieces)
                groups[post.at, post.text, post.link, post.family, names].append(post)
        for group in groups.values():
            first = group[0]
            if first.at is None:
                continue
            card = self._outside(
                first.at,
                [accounts[post.account_id] for post in group],
                first.text,
                CardMark("unmanaged", "not managed here"),
                "",
            )
            draft = first.family is Family.DRAFT
            yield replace(
                card,
                kinds=(*([first.type] if first.type else ()), *(("draft",) if draft else ())),
                draft=draft,
                tiles=tuple(
                    Tile(
                        kind=kind_of(piece.name) or "photo",
                        name=one_line(piece.name) or "a file",
                        alt=one_line(piece.alt),
                        note="in Publer",
                    )
                    for piece in first.pieces
                ),
                facts=(f"link: {one_line(first.link)}",) if first.link else (),
                labels=tuple(map(one_line, first.labels or ())),
            )

    def _pictures(self, diff: Iterable[FieldChange], names: Mapping[str, str]) -> EditedField | None:
        """The old and the new pictures, where at least one of each can be shown."""
        item = next((item for item in diff if item.field == "media"), None)
        if item is None:
            return None
        olds, news = (
            [piece for piece in side if isinstance(piece, Medium)] if isinstance(side, tuple) else []
            for side in (item.before, item.after)
        )
        kept = {piece.file for piece in olds} & {piece.file for piece in news}
        now = [
            self._files[piece.file] for piece in news if piece.file in self._files and piece.file not in kept
        ]
        after = tuple(_still(path.name, self._thumbnails.of(path)) for path in now)
        before = []
        for number, piece in enumerate(piece for piece in olds if piece.file and piece.file not in kept):
            name = names.get(piece.file) or (now[min(number, len(now) - 1)].name if now else "")
            data = self._old(piece.file, name)
            if data is not None:
                before.append(_still(name, self._thumbnails.of_bytes(data)))
        shown = any(tile.picture for tile in before) and any(tile.picture for tile in after)
        return EditedField(pictures=(tuple(before), after)) if shown else None


def _still(name: str, small: Small) -> Tile:
    return Tile("photo", one_line(name), picture=small.url, width=small.width, height=small.height)


def _edit(key: str, phrases: Sequence[Phrase]) -> EditedField:
    """The words side by side; every other field as phrases. What Publer shows of a field is of no interest here."""
    phrases = [tuple(span for span in phrase if span.kind != "dim") for phrase in phrases]
    if key != "text":
        return EditedField(tuple(phrases))
    first, *rest = phrases
    old, new = (tuple(span for span in first if span.kind != kind) for kind in ("new", "old"))
    return EditedField(tuple(rest), (old, new))


def _spelled(phrase: Phrase) -> Phrase:
    """With the command instead of options."""
    return tuple(
        Span(f"publer-sync apply {' '.join(span.options)}", "code") if span.options else span
        for span in phrase
    )

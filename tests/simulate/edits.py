"""What people change in the files of a calendar, as steps of a history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.simulate.wants import ACCOUNTS, Want, when

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulate.world import Book, World

MINUTE = timedelta(minutes=1)
ALIKE = ("copy_text", "id", "both")
"""Edits after which two posts may be alike, or a post without its id."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a calendar's files. `which` and `other` choose posts, `amount` is minutes or whatever the kind takes."""

    kind: str
    which: int = 0
    other: int = 0
    amount: int = 0
    book: int = 0

    def do(self, world: World) -> None:
        book = world.books[self.book % len(world.books)]
        if book.gone:
            return
        before = book.wants
        others = [(other, other.wants) for other in world.books if other is not book]
        wants = _edited(world, book, self)
        if wants is None or wants == before or not _valid(wants):
            return
        book.write(wants)
        where = f"{book.name}: " if len(world.books) > 1 else ""
        world.tell(f"{where}{changes_told(world, before, wants)}")
        for other, old in others:
            if other.wants != old:
                world.tell(f"{other.name}: {changes_told(world, old, other.wants)}")


def _valid(wants: Sequence[Want]) -> bool:
    """Whether `validate` lets it pass: no two posts of an account in a minute, each id once on an account."""
    slots = [want.slot for want in wants]
    ids = [(want.account, want.id) for want in wants if want.id]
    return len({*slots}) == len(slots) and len({*ids}) == len(ids)


def _edited(world: World, book: Book, edit: Edit) -> tuple[Want, ...] | None:
    wants = [*book.wants]
    plain = world.start.plain
    if edit.kind == "add":
        new = _new(world, book, edit)
        return (*wants, replace(new, text=f"words {new.line}", id=f"new-{new.line}") if plain else new)
    if plain and edit.kind in ALIKE:
        return None
    if edit.kind == "revert":
        back = book.versions[:-1][-1 - edit.amount % 2 :][:1] if len(book.versions) > 1 else []
        return back[0] if back else None
    if not wants:
        return None
    at = edit.which % len(wants)
    want, other = wants[at], wants[edit.other % len(wants)]
    match edit.kind:
        case "text":
            text = f"words {want.line} {edit.amount}" if plain else f"words {edit.amount}"
            wants[at] = replace(want, text=text if want.text or edit.amount % 2 else want.text)
        case "copy_text":
            wants[at] = replace(
                want, text=other.text, pictures=want.pictures if other.text else max(1, want.pictures)
            )
        case "move":
            wants[at] = replace(want, at=want.at + edit.amount * MINUTE)
        case "near":
            soon = world.now.replace(second=0, microsecond=0) + edit.amount * MINUTE
            wants[at] = replace(want, at=soon)
        case "day":
            wants = [
                replace(each, at=each.at + timedelta(days=1)) if each.at > world.now else each
                for each in wants
            ]
        case "label":
            wants[at] = replace(want, label=(None, "a", "b")[edit.amount % 3])
        case "comment":
            wants[at] = replace(want, comment=(None, "first", "second")[edit.amount % 3])
        case "pictures":
            wants[at] = replace(want, pictures=edit.amount % 3 if want.text else 1 + edit.amount % 2)
        case "draft":
            wants[at] = replace(want, draft=not want.draft)
        case "remove":
            del wants[at]
        case "swap":
            if want.account != other.account or want is other:
                return None
            wants[at], wants[edit.other % len(wants)] = replace(want, at=other.at), replace(other, at=want.at)
        case "words":
            if want.account != other.account or want is other:
                return None
            wants[at] = replace(want, text=other.text, pictures=other.pictures)
            wants[edit.other % len(wants)] = replace(other, text=want.text, pictures=want.pictures)
        case "id":
            wants[at] = replace(want, id=None if want.id and edit.amount % 3 == 0 else f"post-{edit.amount}")
        case "give":
            if len(world.books) < 2 or want.at < world.now + timedelta(hours=1):
                return None
            to = world.books[(world.books.index(book) + 1) % len(world.books)]
            if to.gone or not _valid((*to.wants, want)):
                return None
            to.write((*to.wants, want))
            del wants[at]
        case "account":  # on another account it is another post, whatever its id
            account = next(alias for alias in ACCOUNTS if alias != want.account)
            wants[at] = replace(want, line=world.new_line(), account=account)
        case "both":
            if len(world.books) < 2:
                return None
            to = world.books[(world.books.index(book) + 1) % len(world.books)]
            if to.gone or not _valid((*to.wants, want)):
                return None
            to.write((*to.wants, replace(want, line=world.new_line())))
            del wants[at]
    return tuple(wants)


def _new(world: World, book: Book, edit: Edit) -> Want:
    soon = world.now.replace(second=0, microsecond=0) + (20 + edit.amount) * MINUTE
    like = book.wants[edit.other % len(book.wants)] if book.wants else None
    line = world.new_line()
    kind = edit.which % 6
    text = like.text if like and kind == 0 else "" if kind == 1 else f"words {line}"
    account = like.account if like and edit.which % 2 else ("facebook", "linkedin")[edit.amount % 2]
    return Want(
        line,
        account,
        soon,
        text,
        id=None if kind in (0, 1, 2) else f"new-{line}",
        pictures=1 if not text else 0,
        label="a" if kind == 3 else None,
        draft=kind == 4,
    )


def changes_told(world: World, before: Sequence[Want], after: Sequence[Want]) -> str:
    """What an edit changed, in words."""
    old = {want.line: want for want in before}
    new = {want.line: want for want in after}
    parts = [f"adds {said(world, new[line])}" for line in new if line not in old]
    parts += [f"no longer has {old[line].name}" for line in old if line not in new]
    for line in old.keys() & new.keys():
        was, now = old[line], new[line]
        if was == now:
            continue
        changes = []
        if was.at != now.at:
            changes.append(f"to {when(now.at)}")
        if was.text != now.text:
            changes.append(f'with the words "{now.text}"')
        if was.id != now.id:
            changes.append(f"with the id `{now.id}`" if now.id else "without its id")
        if was.label != now.label:
            changes.append(f"with the label {now.label}" if now.label else "without its label")
        if was.comment != now.comment:
            changes.append(f'with the comment "{now.comment}"' if now.comment else "without its comment")
        if was.pictures != now.pictures:
            changes.append(f"with {now.pictures} pictures")
        if was.draft != now.draft:
            changes.append("as a draft" if now.draft else "no longer as a draft")
        parts.append(f"has {was.name} {', '.join(changes)}")
    return f"The calendar {'; '.join(parts)}."


def said(world: World, want: Want) -> str:
    more = [
        *([f"label {want.label}"] if want.label else []),
        *([f'comment "{want.comment}"'] if want.comment else []),
        *([f"{want.pictures} pictures"] if want.pictures and want.text else []),
        *(["a draft"] if want.draft else []),
    ]
    words = f' "{want.text}"' if want.id and want.text else ""
    extra = f" ({', '.join(more)})" if more else ""
    return f"{want.name}{words} on {want.account}, {when(want.at)}{extra}"

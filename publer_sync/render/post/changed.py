"""What changes about a post, in the public's words: `new picture`, `first comment`, `labels`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.post.fields import label_of
from publer_sync.values.content import Medium
from publer_sync.values.post_keys import CONTENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.planning.plan import FieldChange
    from publer_sync.render.post.names import Names

_WORDS = {
    **{key.name: key.changed for key in CONTENT if key.changed},
    "link.url": "link",
    "link.image": "link picture",
}


def changed_words(diff: Iterable[FieldChange], names: Names) -> tuple[str, ...]:
    """Each once, its words first; nothing about a move alone."""
    items = sorted(diff, key=lambda item: item.field != "text")
    moved = any(item.field == "scheduled_at" for item in items)
    words = tuple(dict.fromkeys(word for item in items for word in _field_words(item, names)))
    return (*(("time",) if moved and words else ()), *words)


def _field_words(item: FieldChange, names: Names) -> Iterator[str]:
    field, before, after = item.field, item.before, item.after
    top = field.partition(".")[0]
    if field == "scheduled_at":
        return
    if field == "media":
        yield from _media(_pieces(before), _pieces(after), names)
    elif field == "comments":
        yield _comments(before, after)
    elif field == "labels":
        one, other = ({*value} if isinstance(value, tuple) else set() for value in (before, after))
        yield "label" if len(one ^ other) == 1 else "labels"
    elif field == "draft":
        yield "a draft now" if after else "no longer a draft"
    else:
        yield _WORDS.get(field) or _WORDS.get(top) or label_of(top)


def _media(before: Sequence[Medium], after: Sequence[Medium], names: Names) -> Iterator[str]:
    olds, news = ([piece.reference for piece in side] for side in (before, after))
    come = [reference for reference in news if reference not in olds]
    gone = [reference for reference in olds if reference not in news]
    if come and gone:
        yield f"other {names.nouns(come)}"
    elif come:
        yield f"new {names.nouns(come)}"
    elif gone:
        yield f"{names.nouns(gone)} removed"
    elif olds != news:
        yield f"order of {names.nouns(news)}"
    old = {piece.reference: piece for piece in before}
    kept = [(old[piece.reference], piece) for piece in after if piece.reference in old]
    for key, word in (("alt", "alt text"), ("caption", "caption"), ("thumbnail", "cover")):
        if any(getattr(one, key) != getattr(other, key) for one, other in kept):
            yield word


def _pieces(value: object) -> list[Medium]:
    return [piece for piece in value if isinstance(piece, Medium)] if isinstance(value, tuple) else []


def _comments(before: object, after: object) -> str:
    one, other = (list(value) if isinstance(value, tuple) else [] for value in (before, after))
    return "comments" if one[1:] != other[1:] else "first comment"

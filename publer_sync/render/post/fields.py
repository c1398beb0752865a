"""What the fields of a post say, in names that people know, and what differs between two versions of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.render.layout.measure import cut, width
from publer_sync.render.layout.phrases import Span, word_diff
from publer_sync.render.layout.wording import duration
from publer_sync.render.post.own_words import spoken, statement
from publer_sync.starting.late_modules import late_module
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.content import (
    AT_ONCE,
    AutoDelete,
    Comment,
    Duration,
    Link,
    Medium,
    Part,
    Poll,
    Share,
    parts_of,
    to_json,
)
from publer_sync.values.model import same_text
from publer_sync.values.post_keys import CONTENT
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change, FieldChange
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.render.post.names import Names
    from publer_sync.values.content import Content, Json, Value
    from publer_sync.values.model import LivePost, Post

    Lines = Iterator[tuple[str, str]]
    Media = Sequence[Medium]
else:
    difflib = late_module("difflib")

_LABELS = {
    **{key.name: key.called for key in CONTENT if key.called},
    "link.url": "link",
    "link.image": "link picture",
    "link.call_to_action": "link button",
    "poll.duration": "poll open for",
    "share.accounts": "shared by",
    "share.after": "shared after",
    "share.text": "shared with the text",
    "share.engagement": "shared at an engagement of",
    "share.reach": "shared at a reach of",
    "auto_delete.after": "auto-delete after",
    "auto_delete.hide": "hidden instead of deleted",
    "auto_delete.engagement": "auto-delete at an engagement of",
    "auto_delete.reach": "auto-delete at a reach of",
}
_ELEMENTS = {**{key.name: key.one for key in CONTENT if key.one}, "sublinks": ("card", 1)}
"""What one is called, and the number of the first."""
EVIDENT = frozenset({"status", "photo", "video", "link", "poll"})
"""Types that the rest of a post shows."""
_INTERNAL = late_pattern(r"[0-9a-f]{24}|(?:sha256|path):[0-9a-f]{64}")
"""An id as Publer makes them, or what a file's content is known by."""
_LONG = 200
NOT_SHOWN = "shown by Publer; compared with what was last sent"
"""How the note of what Publer does not show ends."""


def everything_said(content: Content, names: Names) -> dict[str, tuple[Phrase, ...]]:
    """Everything in a post besides its text, uncut, by the key of its content.

    First that it is a draft; its type only where the rest does not show it.
    """
    elsewhere = {"text", "type"} if content.type in EVIDENT else {"text"}
    keys = sorted((key for key in content.values if key not in elsewhere), key=lambda key: key != "draft")
    return {key: tuple(_value_phrases(key, content.values[key], names)) for key in keys}


def _value_phrases(key: str, value: Value, names: Names) -> Iterator[Phrase]:
    if (words := statement(key, value)) is not None:
        yield (Span(words),)
        return
    for label, told in _lines(key, value, names):
        yield (Span(f"{label}: {told}"),)


def edits(change: Change, names: Names, *, whole: bool = False) -> dict[str, tuple[Phrase, ...]]:
    """What differs besides the time, by field, the text first: it is what people look for."""
    from publer_sync.planning.plan import moved_from  # validate loads no plans

    media = change.live.media if change.live else None
    diff = without_utm(change.diff, change.post)
    return field_edits(diff, names, moved=moved_from(change) is not None, media=media, whole=whole)


def field_edits(
    diff: Iterable[FieldChange], names: Names, *, moved: bool, media: int | None = None, whole: bool
) -> dict[str, tuple[Phrase, ...]]:
    """The same for a difference alone; `media` is how many Publer lists. Every difference has a phrase."""
    items = sorted(diff, key=lambda item: item.field != "text")
    fields = {item.field for item in items}
    told: dict[str, tuple[Phrase, ...]] = {}
    for item in items:
        if item.field == "scheduled_at":
            phrases: list[Phrase] = [] if moved else [(Span("It had no time."),)]
        elif item.field.endswith(".id") and f"{item.field.removesuffix('id')}name" in fields:
            continue  # the name says it
        else:
            phrases = list(_differences(item, media, names, whole=whole))
        if item.blind and phrases:
            which = f"these {len(phrases)} are not" if len(phrases) > 1 else "not"
            note = Span(f"  ({which} {NOT_SHOWN})", "dim")
            phrases[-1] = (*phrases[-1], note)
        told[item.field] = tuple(phrases)
    return told


def without_utm(diff: Iterable[FieldChange], post: Post | None) -> tuple[FieldChange, ...]:
    """The difference as people read it: without what is added to URLs for each account, unless that is what differs."""
    added = post.written.added if post and post.written else ()
    one = "|".join(re.escape(words) for key, words in added if key == "utm")
    ours = re.compile(rf"[?&](?:{one})(?:&(?:{one}))*(?![\w%&=+;-])")
    return tuple(_without(ours, item) if one else item for item in diff)


def _without(ours: re.Pattern[str], item: FieldChange) -> FieldChange:
    sides = (item.before, item.after)
    was, now = (value.url if isinstance(value, Link) else str(value or "") for value in sides)
    others = "://" in was and "://" in now and {*ours.findall(was)} != {*ours.findall(now)}
    if others or ours.sub("", was) == ours.sub("", now):
        return item
    before, after = (_bare(ours, value) for value in sides)
    return replace(item, before=before, after=after)


def _bare(ours: re.Pattern[str], value: Value) -> Value:
    if isinstance(value, Link):
        return replace(value, url=ours.sub("", value.url))
    return ours.sub("", value) if isinstance(value, str) else value


def edits_in_publer(
    copy: Copy | None,
    live: LivePost | None,
    dates: Dates,
    *,
    whole: bool = False,
    where: str = "In Publer now",
) -> list[Phrase]:
    """What someone changed in Publer since it was last seen there."""
    seen = copy.seen if copy else None
    if seen is None or live is None:
        return []
    phrases: list[Phrase] = []
    if not same_text(live.text, seen.text):
        phrases.append((Span(f"{where}: "), *word_diff(seen.text, live.text, whole=whole)))
    times = [dates.both(at) if at else "none" for at in (seen.at, live.at)]
    for name, before, after in (
        ("time", *times),
        ("title", seen.title, live.title),
        ("link", seen.link, live.link),
        ("number of media", seen.media, live.media),
    ):
        if before is not None and after is not None and before != after:
            phrases.append(_compared(f"{where}, {name}", str(before), str(after), whole=whole))
    return phrases


# --- one value ------------------------------------------------------------------------------------------------------


def _lines(path: str, value: Value, names: Names, of: str = "") -> Lines:
    """What a value says, each of its parts with its name; `of` names what it belongs to, such as `comment 1, `."""
    label = of + label_of(path)
    if path == "title" and not names.shows_title:
        label = "title (not published)"
    match value:
        case Link() | Poll() | Share():
            for key, part in parts_of(value).items():
                yield from _lines(f"{path}.{key}", part, names, of)
        case AutoDelete():
            figures = "".join(
                f", {key} {told}"
                for key, told in (("engagement", value.engagement), ("reach", value.reach))
                if told
            )
            yield label, f"{'hidden ' if value.hide else ''}after {duration(value.after)}{figures}"
        case Duration():
            yield label, duration(value)
        case tuple() if media := _pieces(value):
            yield f"{of}{names.nouns(piece.reference for piece in media)}", _list(media, names)
            yield from _descriptions(media, names, of)
        case [*elements] if path in _ELEMENTS:
            noun, first = _ELEMENTS[path]
            for number, element in enumerate(elements, first):
                yield from _element(f"{noun} {number}", element, names)
        case str() if path == "link.image":
            yield label, names.medium(value) or "a picture"
        case tuple() if path == "share.accounts":
            yield label, ", ".join(names.accounts(item for item in value if isinstance(item, str)))
        case None | "" | () | []:
            return
        case _:
            yield label, _in_words(to_json(value), path, names.dates) or "set"


def label_of(path: str) -> str:
    """What people call a key of content."""
    return _LABELS.get(path) or path.removesuffix(".id").removesuffix(".name").replace(".", " ").replace(
        "_", " "
    )


def _element(label: str, element: Value, names: Names, *, evident: bool = False) -> Lines:
    """One part of a thread, comment or card; `evident` also says that a comment comes at once."""
    keys = _keys(element)
    title = next((key for key in ("text", "title") if keys.get(key)), "")
    yield label, _in_words(to_json(keys[title])) if title else "no text"
    for key, part in keys.items():
        if key != title and (evident or part != AT_ONCE):
            yield from _lines(key, part, names, f"{label}, ")


def _keys(element: Value) -> Mapping[str, Value]:
    match element:
        case Part() | Comment():
            return parts_of(element)
        case dict():
            return element
        case _:
            return {}


def _descriptions(media: Media, names: Names, of: str = "") -> Lines:
    for number, piece in enumerate(media, 1):
        noun = names.noun(piece.reference)
        called = names.file(piece.reference) or (f"{noun} {number}" if len(media) > 1 else f"the {noun}")
        cover = piece.thumbnail and (names.medium(piece.thumbnail) or "a picture")
        for label, words in (
            ("alt text", piece.alt),
            ("caption", piece.caption),
            ("cover", cover),
        ):
            if words:
                yield (
                    f"{of}{label} of {called}{' (may not be published)' if label == 'caption' else ''}",
                    words,
                )


def _pieces(value: Value) -> list[Medium]:
    return [piece for piece in value if isinstance(piece, Medium)] if isinstance(value, tuple) else []


def _list(media: Media, names: Names) -> str:
    return ", ".join(names.medium(piece.reference) or f"a {names.noun(piece.reference)}" for piece in media)


def _in_words(value: Json, path: str = "", dates: Dates | None = None) -> str:
    """IDs are left out."""
    match value:
        case None:
            return ""
        case True | False:
            return "yes" if value else "no"
        case str():
            return "" if _INTERNAL.fullmatch(value) else spoken(path, value, dates)
        case list():
            together = all(isinstance(item, str) for item in value)
            return (", " if together else "; ").join(map(_in_words, value))
        case {"url": url, **rest} if not rest:
            return _in_words(url)
        case dict():
            name = value.get("name")
            words = {
                key: _in_words(item, f"{path}.{key}", dates)
                for key, item in value.items()
                if not name or key not in ("id", "name")
            }
            pairs = [f"{key.replace('_', ' ')} {text}" for key, text in words.items() if text]
            return ", ".join([_in_words(name), *pairs] if name else pairs)
        case _:
            return str(value)


# --- two values -----------------------------------------------------------------------------------------------------


def _differences(item: FieldChange, media: int | None, names: Names, *, whole: bool) -> Iterator[Phrase]:
    before, after = item.before, item.after
    if item.field == "text":
        yield word_diff(*(value if isinstance(value, str) else "" for value in (before, after)), whole=whole)
        return
    if item.field in _ELEMENTS:
        yield from _element_differences(item.field, _elements(before), _elements(after), names, whole=whole)
    elif item.field == "media":
        count = None if item.blind else media
        found = list(_media_phrases(_pieces(before), _pieces(after), count, names, whole=whole))
        yield from found or [(Span("media: another file of the same name"),)]
    else:
        was, now = (_lines(item.field, value, names) for value in (before, after))
        found = list(_line_differences(was, now, whole=whole))
        yield from found or [(Span(f"{label_of(item.field)}: a different one"),)]


def _elements(value: Value) -> list[Value]:
    return [*value] if isinstance(value, (list, tuple)) else []


def _element_differences(
    path: str, before: list[Value], after: list[Value], names: Names, *, whole: bool
) -> Iterator[Phrase]:
    """What stays is left out, wherever it is now. Numbers are those of the new list; for what was removed, of the old."""
    noun, first = _ELEMENTS[path]
    olds, news = ([str(to_json(element)) for element in side] for side in (before, after))
    for tag, a, b, c, d in difflib.SequenceMatcher(None, olds, news).get_opcodes():
        for place in range(max(b - a, d - c) if tag != "equal" else 0):
            old, new = before[a:b][place : place + 1], after[c:d][place : place + 1]
            label = f"{noun} {first + place + (c if new else a)}"
            both = bool(old and new)
            # That a comment comes at once is worth saying only where it is compared.
            was, now = (
                (line for one in side for line in _element(label, _without_media(one), names, evident=both))
                for side in (old, new)
            )
            gone, come = (
                [piece for one in side for piece in _pieces(_keys(one).get("media"))] for side in (old, new)
            )
            found = [
                *_line_differences(was, now, whole=whole),
                *_media_phrases(gone, come, None, names, f"{label}, ", whole=whole),
            ]
            what = "another file of the same name" if come else "a different one"
            yield from found or [(Span(f"{label}: {what}"),)]


def _without_media(element: Value) -> Value:
    return replace(element, media=()) if isinstance(element, (Part, Comment)) else element


def _line_differences(before: Lines, after: Lines, *, whole: bool) -> Iterator[Phrase]:
    was, now = dict(before), dict(after)
    for label in dict.fromkeys((*was, *now)):
        if was.get(label) != now.get(label):
            yield _compared(label, was.get(label, ""), now.get(label, ""), whole=whole)


def _media_phrases(
    before: Media, after: Media, count: int | None, names: Names, of: str = "", *, whole: bool
) -> Iterator[Phrase]:
    for first, *rest in _media_differences(before, after, count, names):
        yield (first._replace(text=of + first.text), *rest)
    was, now = (_descriptions(media, names, of) for media in (before, after))
    yield from _line_differences(was, now, whole=whole)


def _media_differences(before: Media, after: Media, count: int | None, names: Names) -> Iterator[Phrase]:
    """`count` is how many Publer lists; it lists nothing else of them."""
    olds, news = ([piece.reference for piece in side] for side in (before, after))
    noun = names.nouns(news or olds) if news or olds else ""
    kept, come = ([piece for piece in after if (piece.reference in olds) is known] for known in (True, False))
    gone = [piece for piece in before if piece.reference not in news]
    if count not in (None, len(after)) and len(before) == len(after):
        yield (Span("number of media: "), Span(str(count), "old"), Span(str(len(after)), "new"))
    if gone or come:
        old, new = _list(gone, names), _list(come, names)
        new = f"a new {new}" if old == new else new
        stays = f"{_list(kept, names)} " if kept else ""
        spans = (Span(f"{noun}: {stays}"), Span(old, "old"), Span(new, "new"))
        yield tuple(span for span in spans if span.text)
    elif olds != news:
        yield (
            Span(f"{noun} reordered: "),
            Span(_list(before, names), "old"),
            Span(_list(after, names), "new"),
        )


def _compared(label: str, before: str, after: str, *, whole: bool) -> Phrase:
    """Word by word where there is more than a word to compare; unless `whole`, no more of a long value than needed."""
    whole = whole or max(width(before), width(after)) <= _LONG
    alike = one_line(before) == one_line(after)  # they differ in what is not seen, which is then named
    if alike or (after and " " in before):
        return (Span(f"{label}: "), *word_diff(before, after, whole=whole))
    before, after = (text if whole else cut(one_line(text), _LONG) for text in (before, after))
    return (Span(f"{label}: "), *(span for span in (Span(before, "old"), Span(after, "new")) if span.text))

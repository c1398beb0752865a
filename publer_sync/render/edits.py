"""What differs between two versions of a post, or all that a new one says: as phrases, in names that people know."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING

from publer_sync.content import (
    AT_ONCE,
    AutoDelete,
    Comment,
    Duration,
    Link,
    Medium,
    Part,
    Poll,
    Share,
    digest_of,
    parts_of,
    to_json,
)
from publer_sync.planning.plan import moved_from
from publer_sync.printable import one_line
from publer_sync.render.measure import cut, quoted
from publer_sync.render.media import media_phrases, piece_swapped
from publer_sync.render.phrases import Span, word_diff
from publer_sync.render.values import compared, in_words, listed, swapped
from publer_sync.render.wording import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.content import Content, Value
    from publer_sync.model import LivePost
    from publer_sync.planning.plan import Change, FieldChange
    from publer_sync.render.dates import Dates
    from publer_sync.render.names import Names
    from publer_sync.render.phrases import Phrase

_NAMES = {
    "type": "type",
    "link.url": "link",
    "link.title": "link title",
    "link.description": "link description",
    "link.image": "link picture",
    "link.call_to_action": "link button",
    "poll.options": "poll options",
    "poll.duration": "poll open for",
    "poll.question": "poll question",
    "share": "sharing",
    "share.accounts": "shared by",
    "share.after": "shared after",
    "share.text": "shared with the text",
    "auto_delete": "auto-delete",
    "auto_delete.after": "auto-delete, after",
    "auto_delete.hide": "auto-delete",
}
_ELEMENTS = {"thread": ("part", 2), "comments": ("comment", 1), "sublinks": ("card", 1)}
"""What one is called, and the number of the first."""
_EVIDENT = frozenset({"status", "photo", "video", "link", "poll"})
"""Types that the rest of a post shows."""
_PICTURES = frozenset({"link.image"})


def edits(change: Change, names: Names, *, whole: bool = False) -> dict[str, tuple[Phrase, ...]]:
    """What differs beside the time, by field, the text first: it is what people look for.

    No difference goes without a phrase.
    """
    items = sorted(change.diff, key=lambda item: item.field != "text")
    teller = _Teller(names, whole=whole, also={item.field for item in items})
    told: dict[str, tuple[Phrase, ...]] = {}
    for item in items:
        if item.field == "scheduled_at":
            phrases: list[Phrase] = [] if moved_from(change) else [(Span("Had no time."),)]
        elif item.field == "media":
            phrases = _noted(_media(item, change.live, names))
        else:
            found = teller.phrases(item.field, item.before, item.after)
            phrases = _noted([(phrase, item.blind) for phrase in found])
        told[item.field] = tuple(phrases)
    return told


def everything_said(content: Content, names: Names) -> dict[str, tuple[Phrase, ...]]:
    """All that a post says and holds beside its text, uncut, by the key of its content.

    First that it is a draft; its type only where the rest does not show it.
    """
    elsewhere = {"text", "type"} if content.type in _EVIDENT else {"text"}
    keys = sorted((key for key in content.values if key not in elsewhere), key=lambda key: key != "draft")
    teller = _Teller(names, whole=True, new=True)
    return {
        key: tuple(
            tuple(span._replace(kind="") if span.kind == "new" else span for span in phrase)
            for phrase in teller.phrases(key, None, content.values[key])
        )
        for key in keys
    }


def edits_in_publer(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """What someone changed in Publer since it was last seen there."""
    seen, live = change.record.seen if change.record else None, change.live
    if seen is None or live is None:
        return []
    phrases: list[Phrase] = []
    if live.text != seen.text:
        phrases.append((Span("In Publer now: "), *word_diff(seen.text, live.text, whole=whole)))
    if live.at is not None and seen.at is not None and live.at != seen.at:
        times = dates.old(seen.at, live.at), dates.old(live.at, seen.at)
        phrases.append(compared("In Publer now, time", *times))
    for name, before, after in (
        ("title", seen.title, live.title),
        ("link", seen.link, live.link),
        ("number of media", seen.media, live.media),
    ):
        if before is not None and after is not None and before != after:
            phrases.append(compared(f"In Publer now, {name}", str(before), str(after)))
    return phrases


def _noted(told: Sequence[tuple[Phrase, bool]]) -> list[Phrase]:
    """The phrases; after those that Publer does not show (true), a note that says so once."""
    phrases: list[Phrase] = []
    run = 0
    for index, (phrase, blind) in enumerate(told):
        run = run + 1 if blind else 0
        note: Phrase = ()
        if run and (index + 1 == len(told) or not told[index + 1][1]):
            which = "" if run == 1 else f"these {run} are "
            note = (Span(f"  ({which}not shown by Publer; compared with what was last sent)", "dim"),)
        phrases.append((*phrase, *note))
    return phrases


def _media(item: FieldChange, live: LivePost | None, names: Names) -> list[tuple[Phrase, bool]]:
    """Of media a listing shows the number, and nothing else."""
    before, after = _pieces(item.before), _pieces(item.after)
    told = [(phrase, item.blind or not counts) for phrase, counts in media_phrases(before, after, names)]
    listed_ = live.media if live else None
    if not item.blind and len(before) == len(after) and listed_ not in (None, len(after)):
        told.insert(0, (swapped("number of media", str(listed_), str(len(after))), False))
    return told or [((Span("media: changed in Publer"),), False)]


class _Teller:
    """Tells the differences of one post. `also` are the other fields that differ; `new`: nothing was there before."""

    def __init__(
        self, names: Names, *, whole: bool, new: bool = False, also: frozenset[str] | set[str] = frozenset()
    ) -> None:
        self.names = names
        self.whole = whole
        self.new = new
        self.also = also

    def phrases(self, path: str, before: Value, after: Value, of: str = "") -> Iterator[Phrase]:
        """`of` names the part of the post that the value belongs to, such as `comment 1, `."""
        name = f"{of}{_name(path)}"
        if path.endswith(".id") and f"{path.removesuffix('id')}name" in self.also:
            return  # the name says it
        match before if after in (None, "", ()) else after:
            case bool() if path == "draft":
                yield (Span("as a draft" if self.new else "Now a draft." if after else "No longer a draft."),)
            case bool() if path == "auto_delete.hide":
                yield swapped(name, *("hidden" if value is True else "removed" for value in (before, after)))
            case str() if path == "text":
                words = word_diff(_text(before), _text(after), whole=self.whole)
                yield (Span(f"{of.removesuffix(', ')}: "), *words) if of else words
            case str() if path in _PICTURES:
                yield piece_swapped(name, _text(before), _text(after), self.names)
            case str():
                yield self.text(name, before, after)
            case Duration():
                yield swapped(name, *map(_duration, (before, after)))
            case AutoDelete():
                yield swapped(name, *map(_removal, (before, after)))
            case Link() | Poll() | Share():
                yield from self.parts(path, before, after, of)
            case list() | tuple() as items if items:
                yield from self.lists(path, before, after, items[0], of)
            case _:
                yield self.text(name, before, after)

    def lists(self, path: str, before: Value, after: Value, first: Value, of: str) -> Iterator[Phrase]:
        """`first` shows what the lists hold: media, parts, words or objects of a network's own."""
        name = f"{of}{_name(path)}"
        match first:
            case Medium():
                pieces = _pieces(before), _pieces(after)
                yield from (phrase for phrase, _ in media_phrases(*pieces, self.names, of, new=self.new))
            case Part() | Comment() | dict() if path in _ELEMENTS:
                yield from self.elements(path, _items(before), _items(after))
            case str() if path == "share.accounts":
                yield listed(name, *(self.names.accounts(_texts(side)) for side in (before, after)))
            case str():
                yield listed(
                    name, *([in_words(text) or "one" for text in _texts(side)] for side in (before, after))
                )
            case _:
                yield self.text(name, before, after)

    def text(self, name: str, before: Value, after: Value) -> Phrase:
        was, now = (in_words(to_json(value)) for value in (before, after))
        if was != now:
            return compared(name, was, now, whole=self.whole)
        if isinstance(before, str) and isinstance(after, str) and was:
            return compared(name, before, after, whole=self.whole)
        # They differ in nothing that people know them by.
        what = "set" if before is None else "no longer set" if after is None else "a different one"
        return (Span(f"{name}: {what}"),)

    def parts(self, path: str, before: Value, after: Value, of: str = "") -> Iterator[Phrase]:
        """An object key by key."""
        old, new = _keys(before), _keys(after)
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                yield from self.phrases(f"{path}.{key}" if path else key, old.get(key), new.get(key), of)

    # --- parts of a thread, comments, cards

    def elements(self, field: str, before: Sequence[Value], after: Sequence[Value]) -> Iterator[Phrase]:
        noun, first = _ELEMENTS[field]
        if before != after and sorted(map(_digest, before)) == sorted(map(_digest, after)):
            order = ", ".join(quoted(_words_of(element) or "…", 30) for element in after)
            yield (Span(f"{_name(field)} reordered: {order}"),)
            return
        for was, now in _aligned(before, after):
            old, new = None if was is None else before[was], None if now is None else after[now]
            name = f"{noun} {(now if now is not None else was or 0) + first}"
            if old is not None and new is not None:
                yield from self.parts("", old, new, f"{name}, ")
            elif new is not None:
                words = self.cut(_words_of(new))
                head = name if self.new else f"{name} added"
                yield swapped(head, "", words) if words else (Span(head),)
                for key, value in _keys(new).items():
                    if key != "text" and value != AT_ONCE:
                        yield from self.phrases(key, None, value, f"{name}, ")
            elif old is not None:
                words = self.cut(_words_of(old))
                yield swapped(f"{name} removed", words, "") if words else (Span(f"{name} removed"),)

    def cut(self, text: str) -> str:
        return one_line(text) if self.whole else cut(one_line(text), 200)


def _name(path: str) -> str:
    if path in _NAMES:
        return _NAMES[path]
    head, _, rest = path.partition(".")
    rest = "" if rest in ("id", "name") else rest
    return one_line(f"{head}, {rest}" if rest else head).replace("_", " ")


def _keys(value: Value) -> dict[str, Value]:
    match value:
        case Link() | Poll() | Share() | AutoDelete() | Part() | Comment():
            return parts_of(value)
        case dict():
            return {**value}
        case _:
            return {}


def _words_of(element: Value) -> str:
    keys = _keys(element)
    return _text(keys.get("text")) or _text(keys.get("title"))


def _aligned(before: Sequence[Value], after: Sequence[Value]) -> Iterator[tuple[int | None, int | None]]:
    """The places of parts that differ, in both lists: those with the same words are the same part."""
    rows = SequenceMatcher(None, [*map(_words_of, before)], [*map(_words_of, after)], autojunk=False)
    for tag, a, b, c, d in rows.get_opcodes():
        for old, new in zip_longest(range(a, b), range(c, d)):
            if tag != "equal" or before[old] != after[new]:
                yield old, new


def _digest(element: Value) -> str:
    return digest_of({key: to_json(value) for key, value in _keys(element).items()})


def _duration(value: Value) -> str:
    return duration(value) if isinstance(value, Duration) else ""


def _removal(value: Value) -> str:
    if not isinstance(value, AutoDelete):
        return ""
    return f"{'hidden ' if value.hide else ''}after {duration(value.after)}"


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, (list, tuple)) else ()


def _texts(value: Value) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]


def _pieces(value: Value) -> list[Medium]:
    return [item for item in _items(value) if isinstance(item, Medium)]

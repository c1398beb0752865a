"""What differs between two versions of a post, as phrases for people.

They know media by the name of the file and accounts by their alias: no digest and no id of Publer's is ever shown.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.content import AT_ONCE, digest_of, to_json, to_object
from publer_sync.networks.kinds import kind_of
from publer_sync.printable import one_line
from publer_sync.render.measure import cut, quoted, width
from publer_sync.render.phrases import Span, word_diff
from publer_sync.render.wording import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.model import Json, Post
    from publer_sync.planning.plan import Change
    from publer_sync.render.dates import Dates
    from publer_sync.render.phrases import Kind, Phrase

    Part = Mapping[str, Json]

LIBRARY = "one from Publer's library"
_NAMES = {"auto_delete": "automatic removal", "share": "sharing", "type": "kind of post"}
_LINK = {
    "url": "link",
    "title": "title of the link",
    "description": "description of the link",
    "call_to_action": "button of the link",
}
_MEDIUM = {"alt": "description", "caption": "caption"}
_NOUNS = {"photo": "picture", "gif": "GIF", "video": "video", "document": "document"}
_NOUNS_OF_TYPES = {**_NOUNS, "reel": "video", "short": "video"}
_PARTS = {
    "thread": ("part", "parts of the thread", 2),
    "comments": ("comment", "comments", 1),
    "sublinks": ("card", "cards", 1),
}
"""What one is called, what all are called, and the number of the first."""
_LONG = 200
_INTERNAL = re.compile(r"[0-9a-f]{24}|(?:sha256|path):[0-9a-f]{64}")
"""An id as Publer makes them, or what a file's content is known by."""


def edits(change: Change, dates: Dates, names: Mapping[str, str], *, whole: bool = False) -> list[Phrase]:
    """What differs, the text first: it is what people look for. `names` are the plan's."""
    teller = _Teller(change, names, whole=whole)
    phrases: list[Phrase] = []
    for item in sorted(change.diff, key=lambda item: item.field != "text"):
        if item.field == "scheduled_at":
            old = change.moved_from
            phrases.append((Span(f"Was {dates.old(old, change.at)}." if old else "Had no time."),))
        else:
            told = _Told(item.field, to_json(item.before), to_json(item.after), item.blind)
            phrases += _noted(teller.field(told))
    return phrases


def publers_edits(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """What somebody changed in Publer since it was last seen there."""
    seen, live = change.record.seen if change.record else None, change.live
    if seen is None or live is None:
        return []
    phrases: list[Phrase] = []
    if live.text != seen.text:
        phrases.append((Span("In Publer now: "), *word_diff(seen.text, live.text, whole=whole)))
    if live.at is not None and seen.at is not None and live.at != seen.at:
        phrases.append(
            _compared("In Publer now, time", dates.old(seen.at, live.at), dates.old(live.at, seen.at))
        )
    for name, before, after in (
        ("title", seen.title, live.title),
        ("link", seen.link, live.link),
        ("number of media", seen.media, live.media),
    ):
        if before is not None and after is not None and before != after:
            phrases.append(_compared(f"In Publer now, {name}", str(before), str(after)))
    return phrases


def _noted(told: Sequence[tuple[Phrase, bool]]) -> list[Phrase]:
    """The phrases; after those that Publer does not show (true), a note that says so once."""
    phrases: list[Phrase] = []
    run = 0
    for index, (phrase, blind) in enumerate(told):
        run = run + 1 if blind else 0
        note: Phrase = ()
        if run and (index + 1 == len(told) or not told[index + 1][1]):
            which = "this" if run == 1 else f"these {run}"
            note = (Span(f"  (Publer does not show {which}; compared with what was last sent)", "dim"),)
        phrases.append((*phrase, *note))
    return phrases


# --- values ---------------------------------------------------------------------------------------------------------


def medium_name(piece: str, *names: Mapping[str, str]) -> str | None:
    """What people call a piece of media, by its reference; None for a file of which no more is known than a digest."""
    for known in names:
        if piece in known:
            return one_line(known[piece])
    if piece.startswith(("https://", "http://")):
        return one_line(piece)
    return None if piece.startswith(("sha256:", "path:")) else LIBRARY


def reference(piece: Mapping[str, Json]) -> str:
    """What a piece of media is known by: the digest of its content, a URL or Publer's id."""
    return str(piece.get("file") or piece.get("url") or piece.get("id") or "")


def file_names(post: Post | None) -> dict[str, str]:
    """The names of a post's files, by reference."""
    return {source.digest: source.path.name for source in (post.media if post else ()) if source.path}


def poll(value: Json) -> str:
    """`3 days, "Which?": Yes / No`."""
    if not isinstance(value, dict):
        return ""
    length = duration(value["duration"]) if value.get("duration") else ""
    question = f'"{one_line(str(value["question"]))}"' if value.get("question") else ""
    head = ", ".join(part for part in (length, question) if part)
    return f"{head}: {options(value.get('options'))}" if head else options(value.get("options"))


def options(value: Json) -> str:
    return " / ".join(map(said, value)) if isinstance(value, list) else ""


def said(value: Json) -> str:
    """A value in words; "" where there is none, or nothing but an id of Publer's."""
    match value:
        case None:
            return ""
        case True | False:
            return "yes" if value else "no"
        case str():
            return "" if _INTERNAL.fullmatch(value) else one_line(value)
        case list():
            return (", " if all(isinstance(item, str) for item in value) else "; ").join(map(said, value))
        case {"url": url, **rest} if not rest:
            return said(url)
        case dict() if isinstance(name := value.get("name"), str):
            return ", ".join([one_line(name), *_pairs(value, "id", "name")])
        case dict():
            return ", ".join(_pairs(value))
        case _:
            return str(value)


def _pairs(value: Mapping[str, Json], *but: str) -> Iterator[str]:
    for key, item in value.items():
        if key not in but and (words := said(item)):
            yield f"{one_line(key).replace('_', ' ')} {words}"


def _swapped(name: str, before: str, after: str) -> Phrase:
    spans = (span for span in (Span(before, "old"), Span(after, "new")) if span.text)
    return (Span(f"{name}: "), *spans)


def _compared(name: str, before: str, after: str, *, whole: bool = True) -> Phrase:
    """Word by word where there is more than a word to compare; unless `whole`, no more of a long value than needed."""
    whole = whole or max(width(before), width(after)) <= _LONG
    if before and after and " " in before:
        return (Span(f"{name}: "), *word_diff(before, after, whole=whole))
    return _swapped(name, *(text if whole else cut(text, _LONG) for text in (before, after)))


def _listed(name: str, before: Sequence[str], after: Sequence[str]) -> Phrase:
    """What stays in a list, what goes and what comes."""
    kept = Span(", ".join(item for item in after if item in before))
    gone = Span(", ".join(item for item in before if item not in after), "old")
    come = Span(", ".join(item for item in after if item not in before), "new")
    if not (gone.text or come.text):
        return (Span(f"{name} in another order: {kept.text}"),)
    spans = [part for span in (kept, gone, come) if span.text for part in (Span(" "), span)]
    return (Span(f"{name}:"), *spans)


def _name(field: str) -> str:
    head, _, rest = field.partition(".")
    name = _NAMES.get(head, head.replace("_", " "))
    rest = "" if rest in ("id", "name") else rest.replace("_", " ")
    return one_line(f"{name}, {rest}" if rest else name)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _parts(value: Json) -> list[Part]:
    return [part for part in _list(value) if isinstance(part, dict)]


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


# --- fields ---------------------------------------------------------------------------------------------------------


class _Told(NamedTuple):
    field: str
    before: Json
    after: Json
    blind: bool


def _digest(part: Part) -> str:
    return digest_of({**part})


class _Teller:
    """Tells the differences of one change in the names that people know."""

    def __init__(self, change: Change, names: Mapping[str, str], *, whole: bool) -> None:
        self.change = change
        self.names = names
        self.files = file_names(change.post)
        self.whole = whole

    def field(self, item: _Told) -> list[tuple[Phrase, bool]]:
        """Phrases, and of each whether Publer does not show what it tells."""
        if item.field == "media" and _lists(item):
            return [(phrase, item.blind or not number) for phrase, number in self.own_media(item)]
        return [(phrase, item.blind) for phrase in self.phrases(item)]

    def phrases(self, item: _Told) -> list[Phrase]:
        before, after = item.before, item.after
        head, _, part = item.field.partition(".")
        match head:
            case "text":
                return [word_diff(_text(before), _text(after), whole=self.whole)]
            case "title":
                return [(Span("title: "), *word_diff(_text(before), _text(after), whole=self.whole))]
            case "draft":
                return [(Span("Now a draft." if after else "No longer a draft."),)]
            case "link":
                return [self.link(part, before, after)]
            case "poll":
                return [self.poll(part, before, after)]
            case "share":
                return [self.share(part, before, after)]
            case "auto_delete":
                return [self.removal(part, before, after)]
            case "thread" | "comments" | "sublinks" if _lists(item):
                return self.parts(head, _parts(before), _parts(after))
            case _ if _lists(item) and all(isinstance(v, str) for v in (*_list(before), *_list(after))):
                return [
                    _listed(
                        _name(head), *([said(v) or "one" for v in _list(side)] for side in (before, after))
                    )
                ]
            case _ if part == "id" and any(other.field == f"{head}.name" for other in self.change.diff):
                return []
            case _:
                return [self.valued(_name(item.field), before, after)]

    def valued(self, name: str, before: Json, after: Json) -> Phrase:
        was, now = said(before), said(after)
        if was != now:
            return _compared(name, was, now, whole=self.whole)
        # They differ in nothing that people know them by.
        what = "now set" if before is None else "no longer set" if after is None else "another one"
        return (Span(f"{name}: {what}"),)

    def link(self, part: str, before: Json, after: Json) -> Phrase:
        if part == "image":
            return self.swapped("picture of the link", _text(before), _text(after))
        if part:
            return self.valued(_LINK.get(part, _name(f"link.{part}")), before, after)
        return _swapped("link", self.link_said(before), self.link_said(after))

    def link_said(self, link: Json) -> str:
        if not isinstance(link, dict):
            return said(link)
        words = [said(link.get("url"))]
        words += [f'title "{said(link["title"])}"'] if link.get("title") else []
        words += [f'description "{said(link["description"])}"'] if link.get("description") else []
        if image := _text(link.get("image")):
            name = medium_name(image, self.files, self.names)
            words.append(f"picture {name}" if name else "a picture")
        words += [f"button {said(link['call_to_action'])}"] if link.get("call_to_action") else []
        words += [f"number {said(link['phone_number'])}"] if link.get("phone_number") else []
        return ", ".join(words)

    def poll(self, part: str, before: Json, after: Json) -> Phrase:
        match part:
            case "":
                return _swapped("poll", poll(before), poll(after))
            case "options":
                return _compared("poll options", options(before), options(after))
            case "duration":
                return _swapped("poll, open for", _age(before), _age(after))
            case _:
                return self.valued(f"poll {part}", before, after)

    def share(self, part: str, before: Json, after: Json) -> Phrase:
        match part:
            case "":
                return _swapped("sharing", self.share_said(before), self.share_said(after))
            case "accounts":
                return _listed("shared by", self.aliases(before), self.aliases(after))
            case "after":
                return _swapped("sharing, after", _age(before), _age(after))
            case _:
                return self.valued(f"sharing, {part}", before, after)

    def share_said(self, share: Json) -> str:
        if not isinstance(share, dict):
            return said(share)
        words = f"by {', '.join(self.aliases(share.get('accounts')))}"
        words += f" after {_age(share['after'])}" if share.get("after") else ""
        return f'{words}, with the text "{said(share["text"])}"' if share.get("text") else words

    def aliases(self, accounts: Json) -> list[str]:
        return [one_line(self.names.get(str(account), "another account")) for account in _list(accounts)]

    def removal(self, part: str, before: Json, after: Json) -> Phrase:
        match part:
            case "":
                return _swapped("automatic removal", _removal(before), _removal(after))
            case "after":
                return _swapped("automatic removal, after", _age(before), _age(after))
            case _:
                words = ["hidden" if value is True else "removed" for value in (before, after)]
                return _swapped("automatic removal", *words)

    # --- media

    def own_media(self, item: _Told) -> list[tuple[Phrase, bool]]:
        """What became of the post's media, and of each phrase whether it tells of their number."""
        before, after = _parts(item.before), _parts(item.after)
        told = self.media(before, after)
        shown = self.change.live.media if self.change.live else None
        if not item.blind and len(before) == len(after) and shown not in (None, len(after)):
            told.insert(0, (_swapped("number of media", str(shown), str(len(after))), True))
        return told or [((Span("media changed"),), True)]

    def media(self, before: Sequence[Part], after: Sequence[Part], of: str = "") -> list[tuple[Phrase, bool]]:
        """`of` stands before each phrase, for media that are not the post's own."""
        kept, swapped, gone, come = self.matched(before, after)
        told = [
            (self.swapped(self.noun(after[j]), reference(before[i]), reference(after[j]), of), False)
            for i, j in swapped
        ]
        told += [(phrase, True) for phrase in self.moved("added", [after[j] for j in come], "new", of)]
        told += [(phrase, True) for phrase in self.moved("removed", [before[i] for i in gone], "old", of)]
        if [j for _, j in kept] != sorted(j for _, j in kept):
            names = ", ".join(self.file(piece) or "" for piece in after)
            now = f": {names}" if all(map(self.file, after)) else ""
            told.append(((Span(f"{of}the {self.nouns(after)} in another order{now}"),), False))
        for i, j in sorted([*kept, *swapped], key=lambda pair: pair[1]):
            noun = self.noun(after[j])
            called = self.file(after[j]) or (f"{noun} {j + 1}" if len(after) > 1 else f"the {noun}")
            told += [(phrase, False) for phrase in self.described(called, before[i], after[j], of)]
        return told

    def matched(
        self, before: Sequence[Part], after: Sequence[Part]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[int], list[int]]:
        """Places in both: of what stayed, and of what took another's place; then what went, and what came."""
        gone, come = list(range(len(before))), list(range(len(after)))
        kept = _paired(gone, come, *([reference(piece) for piece in side] for side in (before, after)))
        swapped = _paired(gone, come, *([self.file(piece) for piece in side] for side in (before, after)))
        both = min(len(gone), len(come))
        swapped += zip(gone[:both], come[:both], strict=True)
        return kept, sorted(swapped, key=lambda pair: pair[1]), gone[both:], come[both:]

    def swapped(self, what: str, before: str, after: str, of: str = "") -> Phrase:
        """One piece of media in the place of another, by their references; "" where there is none."""
        was, now = (medium_name(piece, self.files, self.names) if piece else "" for piece in (before, after))
        if was == now and was and was != LIBRARY:
            return (Span(f"{of}{what}: {now} has other content than when it was sent"),)
        if before and after and (was is None or was == now):
            return (Span(f"{of}another {what}: "), Span(now or "", "new"))
        if not after and was is None:
            return (Span(f"{of}{what}: removed"),)
        return _swapped(f"{of}{what}", was or "", now or "")

    def moved(self, word: str, pieces: Sequence[Part], kind: Kind, of: str) -> Iterator[Phrase]:
        if known := [piece for piece in pieces if self.name(piece)]:
            names = ", ".join(self.name(piece) or "" for piece in known)
            yield (Span(f"{of}{self.nouns(known)} {word}: "), Span(names, kind))
        if unknown := [piece for piece in pieces if not self.name(piece)]:
            number = "one" if len(unknown) == 1 else str(len(unknown))
            yield (Span(f"{of}{number} {self.nouns(unknown)} {word}"),)

    def described(self, called: str, before: Part, after: Part, of: str) -> Iterator[Phrase]:
        """What changed in what is said of one piece of media."""
        for key in ("alt", "caption"):
            if before.get(key) != after.get(key):
                yield self.valued(f"{of}{_MEDIUM[key]} of {called}", before.get(key), after.get(key))
        was, now = _text(before.get("thumbnail")), _text(after.get("thumbnail"))
        if was != now:
            yield self.swapped(f"cover of {called}", was, now, of)

    def name(self, piece: Part) -> str | None:
        return medium_name(reference(piece), self.files, self.names)

    def file(self, piece: Part) -> str | None:
        """The name, where it is this piece's own."""
        name = self.name(piece)
        return None if name == LIBRARY else name

    def noun(self, piece: Part) -> str:
        name = self.file(piece)
        if name is not None:
            return _NOUNS[kind_of(name) or "photo"]
        post = self.change.post
        return _NOUNS_OF_TYPES.get(post.content.type if post else "", "picture")

    def nouns(self, pieces: Sequence[Part]) -> str:
        """What some media are called together."""
        nouns = {self.noun(piece) for piece in pieces}
        return "media" if len(nouns) > 1 else f"{nouns.pop()}{'s' if len(pieces) > 1 else ''}"

    # --- parts of a thread, comments, cards

    def parts(self, field: str, before: Sequence[Part], after: Sequence[Part]) -> list[Phrase]:
        noun, together, first = _PARTS[field]
        if before != after and sorted(map(_digest, before)) == sorted(map(_digest, after)):
            order = ", ".join(quoted(self.part_said(part), 30) for part in after)
            return [(Span(f"{together} in another order: {order}"),)]
        phrases: list[Phrase] = []
        for was, now in _aligned(before, after):
            if now is None:
                phrases.append(
                    self.whole_part(f"{noun} {(was or 0) + first} removed", before[was or 0], "old")
                )
            elif was is None:
                phrases.append(self.whole_part(f"{noun} {now + first} added", after[now], "new"))
            else:
                phrases += self.part(f"{noun} {now + first}", before[was], after[now])
        return phrases or [(Span(f"{together} changed"),)]

    def whole_part(self, name: str, part: Part, kind: Kind) -> Phrase:
        words = cut(self.part_said(part), _LONG) if not self.whole else self.part_said(part)
        more = [f"after {_age(part['after'])}"] if part.get("after") not in (None, to_object(AT_ONCE)) else []
        more += [f"language {said(part['language'])}"] if part.get("language") else []
        more += [f"with {shown}"] if part.get("text") and (shown := self.shown(part)) else []
        return (Span(f"{name}: "), Span(words, kind), *([Span(f" ({', '.join(more)})")] if more else []))

    def part_said(self, part: Part) -> str:
        """The words of a part, else what it shows."""
        return one_line(_key(part)) or self.shown(part)

    def shown(self, part: Part) -> str:
        media = _parts(part.get("media"))
        return ", ".join(self.file(piece) or f"a {self.noun(piece)}" for piece in media)

    def part(self, name: str, before: Part, after: Part) -> Iterator[Phrase]:
        was, now = _text(before.get("text")), _text(after.get("text"))
        if was != now:
            yield (Span(f"{name}: "), *word_diff(was, now, whole=self.whole))
        for key in sorted({*before, *after} - {"text"}):
            old, new = before.get(key), after.get(key)
            if old == new:
                continue
            if key == "media":
                yield from (phrase for phrase, _ in self.media(_parts(old), _parts(new), f"{name}, "))
            elif key == "after":
                yield _swapped(f"{name}, after", _age(old), _age(new))
            else:
                yield self.valued(f"{name}, {key.replace('_', ' ')}", old, new)


def _paired(
    gone: list[int], come: list[int], before: Sequence[str | None], after: Sequence[str | None]
) -> list[tuple[int, int]]:
    """Pairs of places that hold the same; both are taken out of `gone` and `come`."""
    pairs = []
    for old in list(gone):
        new = next((new for new in come if before[old] is not None and before[old] == after[new]), None)
        if new is not None:
            gone.remove(old)
            come.remove(new)
            pairs.append((old, new))
    return pairs


def _aligned(before: Sequence[Part], after: Sequence[Part]) -> Iterator[tuple[int | None, int | None]]:
    """The places of parts that differ, in both lists: those with the same words are the same part."""
    rows = SequenceMatcher(None, [*map(_key, before)], [*map(_key, after)], autojunk=False).get_opcodes()
    for tag, a, b, c, d in rows:
        for old, new in zip_longest(range(a, b), range(c, d)):
            if tag != "equal" or before[old] != after[new]:
                yield old, new


def _key(part: Part) -> str:
    return _text(part.get("text")) or _text(part.get("title"))


def _lists(item: _Told) -> bool:
    return all(isinstance(value, list | None) for value in (item.before, item.after))


def _age(value: Json) -> str:
    return duration(value) if value else ""


def _removal(value: Json) -> str:
    if not isinstance(value, dict):
        return said(value)
    return f"{'hidden ' if value.get('hide') is True else ''}after {_age(value.get('after'))}"

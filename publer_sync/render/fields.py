"""A post and what changes in it, as phrases for people; text and Markdown lay the same phrases out each in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.model import link_of
from publer_sync.planning.plan import Action, Block
from publer_sync.render.words import (
    Span,
    count,
    cut,
    duration,
    first_words,
    one_line,
    sentence,
    width,
    word_diff,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.model import Json, MediaSource, Post
    from publer_sync.planning.plan import Change, FieldChange
    from publer_sync.render.words import Dates, Phrase

_NAMES = {
    "auto_delete": "automatic removal",
    "share": "sharing",
    "comments": "comments",
    "type": "kind of post",
}
_KINDS = ("photo", "video", "gif", "document", "carousel", "reel", "story", "short")
_UNSEEN = "Publer does not show this; compared with what was last sent"
_FEW = 4


def text_of(change: Change) -> str:
    """The words of the post a change is about: the calendar's, else Publer's, else what was last sent."""
    if change.post is not None:
        return change.post.text
    if change.live is not None:
        return change.live.text
    return change.record.text if change.record else ""


def name_of(change: Change, columns: int) -> str:
    """What a person knows the post by: its first words, else its id, else what it shows."""
    words = first_words(text_of(change), columns)
    return words or one_line(change.id or "") or cut(next(iter(details(change)), "(no text)"), columns)


# --- what a post holds ----------------------------------------------------------------------------------------------


def details(change: Change) -> list[str]:
    """Everything but the text of a desired post, a few words each."""
    post = change.post
    if post is None:
        return []
    content = post.content
    parts = ["as a draft"] if post.draft else []
    if title := content.get("title"):
        parts.append(f'title "{one_line(str(title))}"')
    if post.media:
        parts.append(_media(post.media, str(content.get("type") or "")))
    if (url := link_of(content)) and url not in post.text:
        parts.append(f"link {one_line(url)}")
    for key, tell in (("poll", _poll), ("thread", _thread), ("comments", _comments), ("share", _share)):
        if (value := content.get(key)) is not None:
            parts.append(tell(value))
    if (value := content.get("auto_delete")) is not None:
        parts.append(_auto_delete(value))
    if labels := content.get("labels"):
        parts.append(f"labels {_value(labels)}")
    if post.text and (length := _length(post)):
        parts.append(length)
    return parts


def _length(post: Post) -> str | None:
    """How much of the limit the text takes; nothing where it takes more, which validate has said."""
    from publer_sync.networks.counting import count as counted
    from publer_sync.networks.counting import limit_of
    from publer_sync.networks.table import NETWORKS

    if post.account.provider not in NETWORKS:
        return None
    limit, spoiler = limit_of(post.account, post.content), post.content.get("spoiler_text")
    length = counted(post.text, post.account.provider, limit=limit, spoiler=str(spoiler or ""))
    return f"{length.used:,} of {count(length.limit, length.unit, length.unit)}" if not length.over else None


def _media(media: Sequence[MediaSource], kind: str) -> str:
    names = [media_name(source) for source in media]
    if len(names) == 1:
        return f"{kind if kind in _KINDS else 'media'} {names[0]}"
    noun = count(len(names), kind) if kind in ("photo", "video") else f"{len(names)} media"
    more = f", and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{noun}: {', '.join(names[:_FEW])}{more}"


def media_name(source: MediaSource) -> str:
    if source.path is not None:
        return one_line(source.path.name)
    return one_line(source.url or f"{source.id} of Publer's library")


def _poll(value: Json) -> str:
    if not isinstance(value, dict):
        return "poll"
    options = value.get("options")
    names = " / ".join(_value(option) for option in options) if isinstance(options, list) else ""
    length = f", {duration(value['duration'])}" if value.get("duration") else ""
    question = f', "{one_line(str(value["question"]))}"' if value.get("question") else ""
    return f"poll{length}{question}: {names}"


def _thread(value: Json) -> str:
    return f"thread, {count(_size(value), 'more part')}"


def _comments(value: Json) -> str:
    return count(_size(value), "comment")


def _share(value: Json) -> str:
    accounts = value.get("accounts") if isinstance(value, dict) else None
    by = f" by {count(len(accounts), 'account')}" if isinstance(accounts, list) else ""
    return f"shared{by}{_after(value)}"


def _auto_delete(value: Json) -> str:
    hide = isinstance(value, dict) and value.get("hide") is True
    return f"{'hidden' if hide else 'removed'} again{_after(value)}"


def _after(value: Json) -> str:
    after = value.get("after") if isinstance(value, dict) else None
    return f" after {duration(after)}" if after is not None else ""


def _size(value: Json) -> int:
    return len(value) if isinstance(value, list) else 1


# --- what differs ---------------------------------------------------------------------------------------------------


def edits(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """What differs, one phrase a field, the text first: it is what people look for."""
    diff = sorted(change.diff, key=lambda item: item.field != "text")
    phrases: list[Phrase] = []
    for item in diff:
        if item.field == "scheduled_at":
            old = change.moved_from
            phrases.append((Span(f"Was {dates.old(old, change.at)}." if old else "Had no time."),))
        else:
            phrases += _edit(item, change, whole=whole)
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
            _valued("In Publer now, time", dates.old(seen.at, live.at), dates.old(live.at, seen.at))
        )
    for name, before, after in (
        ("title", seen.title, live.title),
        ("link", seen.link, live.link),
        ("number of media", seen.media, live.media),
    ):
        if before is not None and after is not None and before != after:
            phrases.append(_valued(f"In Publer now, {name}", str(before), str(after)))
    return phrases


def _edit(item: FieldChange, change: Change, *, whole: bool) -> list[Phrase]:
    key, before, after = item.field, item.before, item.after
    if key in ("text", "title") and _textual(before, after):
        diff = word_diff(str(before or ""), str(after or ""), whole=whole)
        phrases = [diff if key == "text" else (Span("title: "), *diff)]
    elif key == "draft":
        phrases = [(Span("Now a draft." if after else "No longer a draft."),)]
    elif key == "media" and isinstance(before, list | None) and isinstance(after, list | None):
        phrases = _media_edits(before or [], after or [], change)
    elif key == "labels" and isinstance(before, list | None) and isinstance(after, list | None):
        phrases = [_label_edit([str(v) for v in before or []], [str(v) for v in after or []])]
    elif key in ("thread", "comments") and isinstance(before, list | None) and isinstance(after, list | None):
        phrases = _part_edits(key, before or [], after or [], whole=whole)
    else:
        phrases = [_valued(_name(key), _said(before, whole=whole), _said(after, whole=whole))]
    if item.blind and phrases:
        phrases[-1] = (*phrases[-1], Span(f"  ({_UNSEEN})", "dim"))
    return phrases


def _textual(*values: Json) -> bool:
    return all(value is None or isinstance(value, str) for value in values)


def _name(field: str) -> str:
    head, _, rest = field.partition(".")
    name = _NAMES.get(head, head.replace("_", " "))
    return one_line(f"{name}, {rest.replace('_', ' ')}" if rest else name)


def _valued(name: str, before: str, after: str) -> Phrase:
    changed = word_diff(before, after, whole=True) if before and after and " " in before else None
    if changed is None:
        changed = tuple(span for span in (Span(before, "old"), Span(after, "new")) if span.text)
    return (Span(f"{name}: "), *changed)


def _said(value: Json, *, whole: bool) -> str:
    text = _value(value)
    return text if whole or width(text) <= 200 else cut(text, 200)


def _value(value: Json) -> str:
    match value:
        case None:
            return ""
        case True | False:
            return "yes" if value else "no"
        case str():
            return one_line(value)
        case list():
            return (", " if all(isinstance(item, str) for item in value) else "; ").join(map(_value, value))
        case {"url": url, **rest} if not rest:
            return _value(url)
        case dict():
            return ", ".join(
                f"{one_line(key).replace('_', ' ')} {_value(item)}" for key, item in value.items()
            )
        case _:
            return str(value)


def _label_edit(before: Sequence[str], after: Sequence[str]) -> Phrase:
    kept = Span(", ".join(one_line(label) for label in after if label in before))
    gone = Span(", ".join(one_line(label) for label in before if label not in after), "old")
    come = Span(", ".join(one_line(label) for label in after if label not in before), "new")
    spans = [part for span in (kept, gone, come) if span.text for part in (Span(" "), span)]
    return (Span("labels:"), *spans)


def _media_edits(before: Sequence[Json], after: Sequence[Json], change: Change) -> list[Phrase]:
    names = {source.digest: media_name(source) for source in (change.post.media if change.post else ())}
    old, new = _by_digest(before), _by_digest(after)
    gone = [digest for digest in old if digest not in new]
    come = [names.get(digest, "one") for digest in new if digest not in old]
    spans = [Span(f"{len(gone)} taken out" if len(gone) > 1 else "one taken out", "old")] if gone else []
    if come:
        spans += [Span(" ")] if gone else []
        spans.append(Span(", ".join(come), "new"))
    phrases: list[Phrase] = [(Span("media: "), *spans)] if spans else []
    if not spans and list(old) != list(new):
        phrases.append(
            (Span(f"media: in another order, now {', '.join(names.get(digest, 'one') for digest in new)}"),)
        )
    for digest in (digest for digest in new if digest in old):
        for key in sorted({*old[digest], *new[digest]} - {"digest"}):
            was, now = old[digest].get(key), new[digest].get(key)
            if was != now:
                label = "description" if key == "alt" else key
                of = f"{label} of {names.get(digest, 'one of the media')}"
                phrases.append(_valued(of, _said(was, whole=False), _said(now, whole=False)))
    return phrases or [(Span("media changed"),)]


def _by_digest(media: Sequence[Json]) -> dict[str, Mapping[str, Json]]:
    return {
        str(item.get("digest", index)): item for index, item in enumerate(media) if isinstance(item, dict)
    }


def _part_edits(key: str, before: Sequence[Json], after: Sequence[Json], *, whole: bool) -> list[Phrase]:
    first = 2 if key == "thread" else 1
    noun = "part" if key == "thread" else "comment"
    phrases: list[Phrase] = []
    for index in range(max(len(before), len(after))):
        was = before[index] if index < len(before) else None
        now = after[index] if index < len(after) else None
        if was == now:
            continue
        name = f"{noun} {index + first}: "
        old, new = _part_text(was), _part_text(now)
        if old == new:
            phrases.append((Span(f"{name}changed in something other than its text"),))
        else:
            phrases.append((Span(name), *word_diff(old, new, whole=whole)))
    return phrases


def _part_text(part: Json) -> str:
    text = part.get("text") if isinstance(part, dict) else part
    return text if isinstance(text, str) else ""


# --- why not, and the way out ---------------------------------------------------------------------------------------


def why(change: Change, dates: Dates, *, whole: bool = False) -> list[Phrase]:
    """The reason, and what bears it out."""
    phrases: list[Phrase] = [(Span(sentence(cut(one_line(change.reason), 400))),)]
    if Block.EDITED in change.blocks:
        phrases += publers_edits(change, dates, whole=whole)
    if Block.TWIN in change.blocks and change.obstacle is not None and change.obstacle.at is not None:
        phrases.append((Span(f"That one is at {dates.both(change.obstacle.at)}."),))
    return phrases


def how(change: Change) -> str | None:
    """How Publer is brought to a change that it cannot make in place."""
    if change.action is not Action.REPLACE:
        return None
    if change.successor is not None:
        return "The new one is in Publer already; only the old one still has to go."
    if change.moved_from is None and not (change.post and change.post.draft):
        return "Made anew in the same minute: the old one goes first, and comes back if Publer refuses the new one."
    return "Made anew and checked before the old one goes."


def ways_out(change: Change, command: str) -> list[Phrase]:
    """What to do about a blocked, vanished or missed post; the last phrase is the option, where one goes past it."""
    location = change.post.location if change.post else None
    place = Span(str(location), "code", location) if location else None
    phrases: list[Phrase] = []
    if change.missed and place:
        return [(Span("Way out: give it a new time in "), place, Span(", or take it out."))]
    if change.action is Action.RECREATE and place:
        phrases.append((Span("To let it go: take it out of "), place, Span(".")))
    phrases += [phrase for block in change.blocks if (phrase := _way_out(block, change, place))]
    options = [block.option for block in change.blocks]
    if change.intent is Action.RECREATE:
        options.append("--allow-recreate")
    if options and None not in options:
        wanted = _WANTED.get(change.blocks[0], "If it is meant") if change.blocks else "To make it again"
        phrases.append((Span(f"{wanted}: "), Span(" ".join([command, *map(str, options)]), "code")))
    return phrases


_WANTED = {
    Block.EDITED: "Back to the calendar",
    Block.TWIN: "If both are meant",
    Block.FREEZE: "If it must change now",
}


def _way_out(block: Block, change: Change, place: Span | None) -> Phrase | None:
    if place is None:
        return (
            (Span("To keep the edit: put the post back into the calendar, as it is in Publer now."),)
            if block is Block.EDITED
            else None
        )
    match block:
        case Block.SLOT if change.obstacle is not None:
            return (Span("Way out: another time in "), place, Span(", or move that post in Publer."))
        case Block.SLOT:
            return (Span("Way out: apply again later, or another time in "), place, Span("."))
        case Block.LEAD | Block.TIME_PASSED:
            return (Span("Way out: a later time in "), place, Span("."))
        case Block.EDITED:
            return (Span("To keep the edit: write it into "), place, Span("."))
        case Block.TWIN:
            return (
                Span("If it is the same post: remove that one in Publer, or take ours out of "),
                place,
                Span("."),
            )
        case Block.WENT_OUT:
            return (
                Span("Way out: a new id in "),
                place,
                Span("; or take the post out, it has had its turn."),
            )
        case Block.STATE:
            return (Span("Way out: put it right in Publer, or take it out of "), place, Span("."))
        case Block.ACCOUNT:
            return (Span("Way out: put the account right in Publer, then apply again."),)
        case Block.FREEZE:
            return None

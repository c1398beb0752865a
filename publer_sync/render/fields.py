"""A post and why it is not as it should be, as phrases for people; text and Markdown lay them out each in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.plan import Action, Block
from publer_sync.printable import one_line
from publer_sync.render.edits import file_names, medium_name, poll, publers_edits, reference, said
from publer_sync.render.measure import cut, first_words
from publer_sync.render.phrases import Span
from publer_sync.render.wording import count, duration, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.model import Json, Post
    from publer_sync.planning.plan import Change
    from publer_sync.render.dates import Dates
    from publer_sync.render.phrases import Phrase

_KINDS = ("photo", "video", "gif", "document", "carousel", "reel", "story", "short")
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
    content = post.content.to_json()
    parts = ["as a draft"] if post.draft else []
    if title := content.get("title"):
        parts.append(f'title "{one_line(str(title))}"')
    if isinstance(media := content.get("media"), list) and media:
        parts.append(_media(media, post))
    if (url := post.content.url) and url not in post.text:
        parts.append(f"link {one_line(url)}")
    for key, tell in (("poll", _poll), ("thread", _thread), ("comments", _comments), ("share", _share)):
        if (value := content.get(key)) is not None:
            parts.append(tell(value))
    if (value := content.get("auto_delete")) is not None:
        parts.append(_auto_delete(value))
    if labels := content.get("labels"):
        parts.append(f"labels {said(labels)}")
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
    limit, spoiler = limit_of(post.account, post.content), post.content.network.get("spoiler_text")
    length = counted(post.text, post.account.provider, limit=limit, spoiler=str(spoiler or ""))
    return f"{length.used:,} of {count(length.limit, length.unit, length.unit)}" if not length.over else None


def _media(media: Sequence[Json], post: Post) -> str:
    kind, known = post.content.type, file_names(post)
    pieces = [reference(piece) if isinstance(piece, dict) else "" for piece in media]
    names = [medium_name(piece, known) or "one" for piece in pieces]
    if len(names) == 1:
        return f"{kind if kind in _KINDS else 'media'} {names[0].removeprefix('one ')}"
    noun = count(len(names), kind) if kind in ("photo", "video") else f"{len(names)} media"
    more = f", and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return f"{noun}: {', '.join(names[:_FEW])}{more}"


def _poll(value: Json) -> str:
    return f"poll, {told}" if (told := poll(value)) else "poll"


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

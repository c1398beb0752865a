"""A post at a glance: its words, its name, and what it holds beside its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.printable import one_line
from publer_sync.render.measure import cut, first_words
from publer_sync.render.names import Names
from publer_sync.render.wording import count, duration

if TYPE_CHECKING:
    from publer_sync.content import Duration, Poll
    from publer_sync.model import Account, Post
    from publer_sync.planning.plan import Change

_KINDS = ("photo", "video", "gif", "document", "carousel", "reel", "story", "short")
_FEW = 4


def alias_of(account: Account) -> str:
    return one_line(account.alias or account.name)


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


def details(change: Change) -> list[str]:
    """Everything but the text of a desired post, a few words each."""
    post = change.post
    if post is None:
        return []
    content = post.content
    parts = ["as a draft"] if post.draft else []
    parts += [f'title "{one_line(content.title)}"'] if content.title else []
    parts += [_media(post)] if content.media else []
    parts += [f"link {one_line(content.url)}"] if content.url and content.url not in post.text else []
    parts += [_poll(content.poll)] if content.poll else []
    parts += [f"thread, {count(len(content.thread), 'more part')}"] if content.thread else []
    parts += [count(len(content.comments), "comment")] if content.comments else []
    if content.share:
        by = f" by {count(len(content.share.accounts), 'account')}" if content.share.accounts else ""
        parts.append(f"shared{by}{_after(content.share.after)}")
    if content.auto_delete:
        verb = "hidden" if content.auto_delete.hide else "removed"
        parts.append(f"{verb} again{_after(content.auto_delete.after)}")
    parts += [f"labels {', '.join(map(one_line, content.labels))}"] if content.labels else []
    parts += [length] if (length := length_of(post)) else []
    return parts


def length_of(post: Post) -> str | None:
    """How much of the limit the text takes; nothing where it takes more, which validate has said."""
    from publer_sync.networks.counting import count as counted
    from publer_sync.networks.counting import limit_of
    from publer_sync.networks.table import NETWORKS

    if not post.text or post.account.provider not in NETWORKS:
        return None
    limit, spoiler = limit_of(post.account, post.content), post.content.network.get("spoiler_text")
    length = counted(post.text, post.account.provider, limit=limit, spoiler=str(spoiler or ""))
    return f"{length.used:,} of {count(length.limit, length.unit, length.unit)}" if not length.over else None


def _media(post: Post) -> str:
    kind, names = post.content.type, Names(post)
    pieces = [names.medium(piece.reference) or "one" for piece in post.content.media]
    if len(pieces) == 1:
        return f"{kind if kind in _KINDS else 'media'} {pieces[0].removeprefix('one ')}"
    noun = count(len(pieces), kind) if kind in ("photo", "video") else f"{len(pieces)} media"
    more = f", and {len(pieces) - _FEW} more" if len(pieces) > _FEW else ""
    return f"{noun}: {', '.join(pieces[:_FEW])}{more}"


def _poll(poll: Poll) -> str:
    """`poll, 3 days, "Which?": Yes / No`."""
    parts = ["poll"]
    parts += [duration(poll.duration)] if poll.duration else []
    parts += [f'"{one_line(poll.question)}"'] if poll.question else []
    options = " / ".join(map(one_line, poll.options))
    return f"{', '.join(parts)}: {options}" if options else ", ".join(parts)


def _after(after: Duration | None) -> str:
    return f" after {duration(after)}" if after else ""

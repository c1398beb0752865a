"""A post at a glance: its words, its name, and what it holds beside its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.printable import one_line
from publer_sync.render.edits import everything_said
from publer_sync.render.measure import cut, first_words
from publer_sync.render.names import Names
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.model import Account, Post
    from publer_sync.planning.plan import Change

_FEW_WORDS = 60
_MOST = 12


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


def details(change: Change, names: Names | None = None) -> list[str]:
    """What a desired post holds beside its text, a few words each."""
    post = change.post
    if post is None:
        return []
    phrases = everything_said(post.content, names or Names(post))
    words = [cut("".join(span.text for span in phrase), _FEW_WORDS) for phrase in phrases[:_MOST]]
    words += [f"and {len(phrases) - _MOST} more"] if len(phrases) > _MOST else []
    return [*words, *filter(None, [length_of(post)])]


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

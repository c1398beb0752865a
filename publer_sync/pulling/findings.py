"""What a plan and a listing say about each post that people made, edited or removed in Publer."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final

from publer_sync.editing.writing import key_lines
from publer_sync.ledger.rewriting import same_but_links, same_link
from publer_sync.networks.table import NETWORKS
from publer_sync.planning.differences import NOT_WRITTEN, compare, not_to_undo, told_apart
from publer_sync.planning.judge import MAY_BE_UNREAD, NOT_KNOWN, UNDER_OLD_ID
from publer_sync.planning.plan import Block, Blocked, Create, Recreate, intent
from publer_sync.pulling.additions import button_of, medium
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import Family, LivePost, normal_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.planning.planner import Scope
    from publer_sync.values.model import Account, Post

_AHEAD: Final = frozenset({"scheduled", "scheduled_approved"})
_NAMES: Final = {"scheduled_at": "time"}
_WRITTEN: Final = frozenset({"time", "text", "title", "link", "draft"})
_BY_HAND: Final = (
    ", which pull can't undo: copy the edit into the file, or undo the change there and pull again"
)
_DOUBTS: Final = {Block.LISTING: NOT_KNOWN, Block.UNREAD: MAY_BE_UNREAD}
_STAYED: Final = f"{UNDER_OLD_ID}; delete it in Publer, then run publer-sync apply --allow-recreate"
_WENT: Final = "Publer dropped it with the id that its account had before; to create it again, run publer-sync apply --allow-recreate"


@dataclass(frozen=True, slots=True)
class Pair:
    """A post of the calendar and its counterpart in Publer, which differ in `fields`.

    `conflict` says why it is not clear which of the two is right. `undone`: all that changed in the calendar can be written
    as Publer has it. `to` is the account that the post was moved to.
    """

    post: Post
    live: LivePost
    fields: frozenset[str]
    conflict: str = ""
    undone: bool = True
    to: Account | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A post that is not written, why, and the lines to paste."""

    account: Account
    at: datetime
    reason: str
    post: Post | None = None
    live: LivePost | None = None
    paste: str = ""


@dataclass(slots=True)
class Findings:
    """`new` are posts that are not managed here and equal none of the calendar; `counted` are not for a calendar."""

    new: list[LivePost] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    removed: list[Post] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    over: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Of those that were published or failed: how many on each account, by its alias."""


def find(
    plan: Plan,
    live: Iterable[LivePost],
    managed: Collection[str],
    accounts: Mapping[str, Account],
    scope: Scope,
    *,
    elsewhere: Collection[str] = (),
    lost: Collection[str] = (),
    now: datetime,
) -> Findings:
    """`plan` is that of the whole calendar, `accounts` are its own by Publer's id.

    `managed` are the ids in the ledger, `elsewhere` those that other calendars manage, `lost` those of accounts that left Publer.
    """
    found = Findings()
    known = set(managed)
    for change in plan.changes:
        if change.live is not None:
            known.add(change.live.id)
        if change.post is None:
            continue
        pair = _pair(change, change.post, change.copy, accounts)
        if pair is not None and pair.live.id in elsewhere:
            continue  # a post of another calendar is not another version of this one
        if pair is not None:
            known.add(pair.live.id)
        if not scope.holds(change):
            continue
        if pair is not None and change.live is not None and pair.live.account_id in lost:
            found.left.append(Left(change.account, change.at, _STAYED, change.post, pair.live))
        elif pair is not None:
            _sort(found, pair)
        elif isinstance(intent(change), Recreate):
            if (why := _doubt(change, lost)) is not None:
                found.left.append(Left(change.account, change.at, why, change.post))
            else:
                found.removed.append(change.post)
    for post in live:
        account = accounts.get(post.account_id)
        if post.id in known or account is None or not scope.has(account, post.at):
            continue
        if post.id in elsewhere:
            found.counted["elsewhere"] += 1
        elif (what := _not_for_a_calendar(post, now)) is not None:
            found.counted[what] += 1
            if post.family in (Family.PUBLISHED, Family.FAILED):
                found.over[what][account.alias or account.name] += 1
        elif (why := _unwritable(post, account)) and post.at is not None:
            found.left.append(Left(account, post.at, why, live=post))
        else:
            found.new.append(post)
    return found


def _doubt(change: Change, lost: Collection[str]) -> str | None:
    """Why it is not known that someone removed a post which Publer does not list.

    Out of the files, the next apply would remove it where it is not gone, and nothing would bring it back where it went with its account.
    """
    if change.copy is not None and change.copy.on in lost:
        return _WENT
    return next((why for block, why in _DOUBTS.items() if block in change.blocks), None)


def _sort(found: Findings, pair: Pair) -> None:
    post, reason, paste = pair.post, "", ""
    if "accounts" in pair.fields and pair.to is None:
        reason = (
            "someone moved it to an account that publer.yaml does not name: add that account, then pull again"
        )
    elif "media" in pair.fields:
        reason = "its media were changed in Publer"
        paste = "\n".join(_media_lines(post, pair.live))
    elif "title" in pair.fields and post.account.provider == "google" and post.content.link is not None:
        reason = "its button was changed in Publer"
        paste = "\n".join(_button_lines(post, pair.live))
    elif "accounts" not in pair.fields and post.content.type in NOT_WRITTEN:
        reason = _in_part(post.content.type)
    if reason:
        found.left.append(Left(post.account, post.at, reason, post, pair.live, paste))
    else:
        found.pairs.append(pair)


def _media_lines(post: Post, live: LivePost) -> list[str]:
    """The media that the post has in Publer, as its file would name them; empty if Publer doesn't show which they are."""
    if live.media and len([piece for piece in live.pieces if piece.id]) != live.media:
        return []
    return _of_the_account(post, key_lines("media", [medium(piece) for piece in live.pieces] or None))


def _button_lines(post: Post, live: LivePost) -> list[str]:
    """The link with the button that Publer shows as the post's title."""
    url = live.link if live.link and not same_link(post.content.url, live.link) else post.as_written.url
    button = {"call_to_action": live.title} if live.title else {}
    return _of_the_account(post, key_lines("link", {"url": url, **button}))


def _of_the_account(post: Post, lines: list[str]) -> list[str]:
    if len(post.aliases) < 2:
        return lines
    return [
        "accounts: # and the others",
        f"- account: {post.account.alias}",
        *(f"  {line}" for line in lines),
    ]


def _pair(change: Change, post: Post, copy: Copy | None, accounts: Mapping[str, Account]) -> Pair | None:
    live = change.live
    if live is not None and copy is not None and copy.post_id == live.id:
        return _edited(post, copy, live, accounts)
    if live is None and copy is not None and copy.kept is not None:
        return _edited(post, copy, copy.kept, accounts)
    other = change.obstacle
    if not isinstance(change, Blocked) or not isinstance(intent(change), Create) or other is None:
        return None
    if other.family not in (Family.SCHEDULED, Family.DRAFT):
        return None
    if other.slot == post.slot:
        difference = told_apart(post, other)
        why = "the calendar and Publer have different posts for this minute"
        if difference:
            why = f"Publer has a post with the same text for this minute; {difference}"
        return Pair(post, other, differing(post, other), why)
    if normal_text(other.text) == normal_text(post.text):
        why = "Publer has a post with the same text at another time, and it may be the same one"
        return Pair(post, other, differing(post, other), why)
    return None


def _edited(post: Post, copy: Copy, live: LivePost, accounts: Mapping[str, Account]) -> Pair | None:
    if live.state not in _AHEAD and live.family is not Family.DRAFT:
        return None
    differs = compare(post, copy, live)
    edits = {_NAMES.get(key, key) for key in differs.edits}
    if post.draft and copy.draft and live.family is Family.SCHEDULED:
        edits.add("draft")
    moved = live.account_id != post.account.id
    if moved:
        edits.add("accounts")
    if not edits:
        return None
    changed = {_NAMES.get(key, key) for key in differs.changed}
    why = (
        f"edited in Publer, and the calendar's {' and '.join(sorted(changed))} changed too" if changed else ""
    )
    undone = not not_to_undo(post, copy, differs.changed)
    why += "" if undone else _BY_HAND
    live = _as_sent(live, copy, changed - edits)
    to = accounts.get(live.account_id) if moved else None
    return Pair(post, live, frozenset(edits | (changed & _WRITTEN)), why, undone, to)


def _as_sent(live: LivePost, copy: Copy, fields: Collection[str]) -> LivePost:
    """The post with these fields as they were sent, where nobody edited them: Publer may show them shortened, or not at all."""
    sent = copy.sent
    return replace(
        live,
        text=sent.text if "text" in fields else live.text,
        title=sent.title if "title" in fields else live.title,
        link=sent.url if "link" in fields else live.link,
    )


def differing(post: Post, live: LivePost) -> frozenset[str]:
    """The fields in which a post of the calendar and one of Publer differ, as far as Publer shows them."""
    slot, link = live.slot, post.content.link
    button = link.call_to_action if link is not None and post.account.provider == "google" else ""
    found = {
        "time": slot is not None and slot.at != post.at,
        "text": not same_but_links(post.text, live.text),
        "title": bool(live.title) and live.title not in (post.content.title, button),
        "link": bool(live.link) and not same_link(post.content.url, live.link or ""),
        "draft": (live.family is Family.DRAFT) != post.draft,
        "media": live.media is not None and live.media != len(post.content.media),
    }
    return frozenset(key for key, differs in found.items() if differs)


def _not_for_a_calendar(post: LivePost, now: datetime) -> str | None:
    """The word under which to count it; None for a post that a calendar can have."""
    match post.family:
        case Family.SCHEDULED if post.state not in _AHEAD:
            return post.state.partition("_")[2]
        case Family.SCHEDULED | Family.DRAFT:
            if post.at is None:
                return "undated"
            return "past" if post.at <= now else None
        case _:
            return str(post.family)


def _in_part(kind: str) -> str:
    return f"Publer doesn't show everything that belongs to this {kind}"


def _unwritable(post: LivePost, account: Account) -> str:
    """Why a new post can't be written down from what Publer shows."""
    if account.provider not in NETWORKS:
        return f"publer-sync does not know its network, {account.provider}"
    if post.type in NOT_WRITTEN or post.detail in NOT_WRITTEN or account.provider == "wordpress":
        return _in_part("article" if account.provider == "wordpress" else post.detail or post.type or "")
    if "carousel" in (post.type, post.detail) and not post.media:
        return _in_part("carousel")
    if post.type == "link" and not post.link:
        return "Publer doesn't show its link"
    if (button := button_of(account, post)) and not post.link:
        return f"its button {button} has no link, which a button in a calendar needs"
    ids = [piece.id for piece in post.pieces if piece.id]
    if post.type != "link" and post.media and len(ids) != post.media:
        return "Publer doesn't show which media it has"
    if not post.text.strip() and not post.media:
        return "it has neither text nor media"
    return ""

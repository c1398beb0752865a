"""What differs between a desired post, what was last sent of it, and what Publer shows. deepdiff's home.

The calendar is compared with what was last sent, so that what Publer does not show is seen too; Publer's post is
compared with what was last seen of it, so that Publer's own rewriting does not count as a change and a colleague's edit
does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import Seen
from publer_sync.ledger.rewriting import (
    is_short_for,
    same_but_links,
    same_link,
    same_words,
    says_now,
    shortened,
)
from publer_sync.planning.plan import FieldChange
from publer_sync.publer.payload import face, put_reaches
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import AutoDelete, Link, Medium, Poll, Share, parts_of, to_json
from publer_sync.values.model import Family, LivePost, Post, iso, normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.content import Content, Value

IN_PLACE = frozenset({"text", "title"})
"""What a PUT changes; it silently ignores the rest (Publer, "Updating Posts")."""

NOT_WRITTEN = frozenset({"poll", "article", "event", "offer", "document"})
"""Types of which a listing leaves out too much to write a post down from it."""

_FIRST = ("scheduled_at", "text", "title", "type", "link", "media")


@dataclass(frozen=True, slots=True)
class Differences:
    """`diff` is what apply has to bring about; `in_place`: a PUT brings it about.

    `edits` are the fields that moved on Publer's side, and not to what the calendar says; `changed` those that moved in
    the calendar, and not to what Publer shows.
    """

    diff: tuple[FieldChange, ...] = ()
    edits: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    in_place: bool = False

    @property
    def edited(self) -> bool:
        return bool(self.edits)


def fields_of(post: Post) -> tuple[FieldChange, ...]:
    """Everything a new post brings."""
    values = post.content.values
    return tuple(FieldChange(key, None, values[key]) for key in _ordered(values))


def between(before: Content, after: Content) -> tuple[FieldChange, ...]:
    """What two contents say otherwise."""
    was, now = before.values, after.values
    keys = _ordered(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))
    return tuple(item for key in keys for item in _field(key, was.get(key), now.get(key), blind=False))


def equals_unmanaged(post: Post, live: LivePost) -> bool:
    """Whether a post not managed here is what the calendar says, as far as Publer shows it."""
    wanted = Family.DRAFT if post.draft else Family.SCHEDULED
    return live.family is wanted and same_but_links(post.text, live.text) and not _unlike(post, live)


def told_apart(post: Post, live: LivePost) -> str:
    """In words, what keeps a post in the same minute with the same text from being the one that is wanted; "" if unknown."""
    if not same_but_links(post.text, live.text):
        return ""
    if live.family in (Family.RECURRING, Family.RECYCLING):
        return f"it is {live.family} in Publer"
    parts = _unlike(post, live)
    return f"its {' and '.join(parts)} differ{'' if parts[1:] or 'media' in parts else 's'}" if parts else ""


def _unlike(post: Post, live: LivePost) -> list[str]:
    """What differs of all but the text, as far as Publer shows it."""
    wants = face(post.account, post.content)
    titles = {wants.title, post.content.title} - {""}
    same = {
        "title": not titles or not live.title or live.title in titles,
        "link": _hides_link(post, live) or same_link(wants.link, live.link or ""),
        "media": live.media in (None, wants.media),
    }
    return [part for part, alike in same.items() if not alike]


def unseen(post: Post, live: LivePost) -> tuple[str, ...]:
    """The fields of a post that Publer's listing does not show."""
    shown = {"text", "type", "draft"}
    shown |= {"title"} if live.title is not None else set()
    shown |= set() if _hides_link(post, live) else {"link"}
    shown |= {"labels"} if live.labels is not None and {*live.labels} == {*post.content.labels} else set()
    pieces = tuple(Medium(id=piece.id, alt=normal_text(piece.alt)) for piece in live.pieces)
    shown |= {"media"} if pieces == post.content.media else set()
    return tuple(key for key in _ordered(post.content.values) if key not in shown)


def changed_by_publer(copy: Copy, live: LivePost) -> tuple[str, ...]:
    """The parts of a post that Publer shows otherwise than they were sent, though nobody has edited it since."""
    sent, seen = copy.sent, copy.seen
    text = seen is not None and not same_but_links(sent.text, seen.text) and same_words(sent.text, seen.text)
    media = live.media not in (None, len(sent.media)) and live.type not in ("link", "article")
    found = {
        "text": text,
        "labels": live.labels is not None and {*live.labels} != {*sent.labels},
        "link": bool(sent.url and live.link) and not same_link(sent.url, live.link or ""),
        "media": media and bool(sent.media),
    }
    return tuple(name for name, differs in found.items() if differs)


def never_shown(live: LivePost | None) -> str:
    """In words, what else a post made in Publer may have that its listing does not show. None: it is listed no more."""
    names = ["comments", *(["labels"] if live is None or live.labels is None else [])]
    names += ["a poll"] if live is None or live.type in (None, "poll") else []
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def compare(post: Post | None, copy: Copy, live: LivePost) -> Differences:
    """Compare three ways. Without a post (it left the calendar) only `edits` are found."""
    # An old copy has forgotten its words, and still knows where the post was sent to.
    seen = copy.seen or replace(Seen.of(live), at=copy.slot)
    if copy.title and not seen.title and not live.title:
        live = replace(live, title=None)  # of some networks a listing never shows it
    edits = _edits(copy, seen, live)
    if post is None:
        return Differences(edits=frozenset(edits))
    if (
        not edits
        and not copy.by_hand
        and post.at == copy.slot
        and post.content.comparable == copy.sent.comparable
    ):
        return Differences()  # most posts are as they were sent; spelling out both takes far longer
    desired: dict[str, Value] = {**post.content.values, "scheduled_at": iso(post.at)}
    sent: dict[str, Value] = {**copy.sent.values, "scheduled_at": iso(copy.slot)}
    if copy.by_hand:
        sent["draft"] = True  # it was sent scheduled as someone had scheduled the draft
    open_fields = {key for key in {*desired, *sent} if desired.get(key) != sent.get(key)}
    if not open_fields and not edits:
        return Differences()
    agreed = {key for key in open_fields | edits if _agrees(key, post, copy, live, edits)}
    open_fields, drift = open_fields - agreed, edits - agreed
    if post.draft and live.family is Family.SCHEDULED and open_fields | drift <= IN_PLACE | {"draft"}:
        drift.discard("draft")  # a person scheduled our draft: their decision stands
    shown = _shown_values(post, live)
    diff: list[FieldChange] = []
    for key in _ordered(open_fields | drift):
        before = shown[key] if key in shown and key in _VERBATIM else sent.get(key)
        if key == "link" and key in drift:
            before = _link_as_it_is(copy.sent.link, live)
        after = desired.get(key)
        blind = key not in shown or (key == "media" and key not in drift and _as_many(post, copy))
        diff += _field(key, before, after, blind=blind)
    words_alone = {change.field for change in diff} <= IN_PLACE
    in_place = words_alone and put_reaches(post.account, _as_edited(copy.sent, live, drift), post.content)
    return Differences(tuple(diff), frozenset(drift), frozenset(open_fields), in_place)


def not_to_undo(post: Post, copy: Copy, changed: Collection[str]) -> frozenset[str]:
    """Those of the fields that changed in the calendar that a pull can't write as they were sent."""
    undone = {"scheduled_at", "text", "title", "draft"}
    was, now = copy.sent.link, post.content.link
    if "link" in changed and (was is None or replace(was, url="") == replace(now or Link(), url="")):
        undone |= {"link", "type"}
    return frozenset(changed) - undone


def _as_edited(sent: Content, live: LivePost, drift: Collection[str]) -> Content:
    """What was sent, with the words that somebody gave it since, which may be elsewhere in the post as well."""
    text = live.text if "text" in drift else sent.text
    return replace(sent, text=text, title=live.title or "" if "title" in drift else sent.title)


def _as_many(post: Post, copy: Copy) -> bool:
    """Whether the number of media stays: a listing has that, and nothing else of them."""
    one, other = (face(post.account, content) for content in (copy.sent, post.content))
    return one.media == other.media


def _link_as_it_is(sent: Link | None, live: LivePost) -> Link | None:
    """The link of a post that somebody gave another one: what was sent with the old one, as far as it can still be."""
    return replace(sent or Link(), url=live.link) if live.link else None


_VERBATIM = frozenset({"text", "title", "scheduled_at", "draft"})


def _edits(copy: Copy, seen: Seen, live: LivePost) -> set[str]:
    """The fields in which Publer's post differs from what was last seen of it."""
    edits = set()
    under_way = copy.revising
    # A link shortener works once the post is made: what it makes of the links that were sent is nobody's edit.
    as_sent = same_text(seen.text, copy.sent.text) and shortened(seen.text, live.text)
    if not (same_text(live.text, seen.text) or as_sent) and not (
        under_way is not None and same_text(live.text, under_way.text)
    ):
        edits.add("text")
    if (
        None not in (live.title, seen.title)
        and live.title != seen.title
        and not (under_way is not None and live.title == under_way.title)
    ):
        edits.add("title")
    was, link = ((each or "").rstrip("/") for each in (seen.link, live.link))
    as_sent = was == copy.sent.url.rstrip("/") and is_short_for(was, link)
    if None not in (live.link, seen.link) and was != link and not as_sent:
        edits.add("link")
    if None not in (live.media, seen.media) and live.media != seen.media:
        edits.add("media")
    if _second(live.at) != _second(seen.at):
        edits.add("scheduled_at")
    if (live.family is Family.DRAFT) != seen.draft and live.family in (Family.DRAFT, Family.SCHEDULED):
        edits.add("draft")
    return edits


def _agrees(key: str, post: Post, copy: Copy, live: LivePost, edits: set[str]) -> bool:
    """Whether Publer shows, for this field, what the calendar says."""
    match key:
        case "text":
            return same_text(live.text, post.text) or (
                key in edits
                and not same_text(
                    post.text, copy.sent.text
                )  # else it is an edit that the calendar does not have
                and says_now(post.text, live.text, copy.sent.text)
            )
        case "title":
            return live.title is not None and (
                live.title == post.content.title or _shows_button(post, copy, live)
            )
        case "scheduled_at":
            return live.at is not None and _second(live.at) == post.at
        case "draft":
            return (live.family is Family.DRAFT) == post.draft
        case "link":
            card, sent = (replace(link or Link(), url="") for link in (post.content.link, copy.sent.link))
            agrees = card in (Link(), sent)
            wanted, shown = post.content.url, live.link or ""
            same = wanted.rstrip("/") == shown.rstrip("/")
            same = same or (wanted == copy.sent.url and same_link(wanted, shown))
            button = "title" in edits and _shows_button(post, copy, live)
            return button or (agrees and "link" in edits and same)
        case "media":
            return "media" in edits and live.media == face(post.account, post.content).media
        case "type":
            return "media" in edits and live.type == post.content.type
        case _:
            return False


def _shows_button(post: Post, copy: Copy, live: LivePost) -> bool:
    """Whether the calendar has the button that somebody chose in Publer, which shows those of Google posts as titles."""
    wanted, sent = post.content.link, copy.sent.link
    changed = bool(wanted and sent and wanted != sent)
    alone = bool(wanted and sent and replace(wanted, call_to_action=sent.call_to_action) == sent)
    google = post.account.provider == "google"
    return google and changed and alone and live.title == face(post.account, post.content).title


def _shown_values(post: Post, live: LivePost) -> dict[str, Value]:
    shown: dict[str, Value] = {
        "text": live.text,
        "type": live.type,
        "scheduled_at": iso(live.at) if live.at else None,
        "draft": live.family is Family.DRAFT,
    }
    shown |= {"title": live.title} if live.title is not None else {}
    shown |= {} if _hides_link(post, live) else {"link": live.link}
    shown |= {"media": live.media} if live.media is not None else {}
    return shown


def _field(key: str, before: Value, after: Value, *, blind: bool) -> list[FieldChange]:
    """One entry a field; of objects on both sides one for each path to a difference, so that none hides in the whole."""
    return [
        # Of a link the listing shows the url at most.
        FieldChange(".".join((key, *path)), was, now, blind or (key == "link" and path != ("url",)))
        for path, was, now in _differing(before, after)
    ] or [FieldChange(key, before, after, blind)]


def _differing(before: Value, after: Value) -> list[tuple[tuple[str, ...], Value, Value]]:
    """Where two objects differ, however deep, with what is there; anything else is compared whole."""
    if _keys(before) is None or _keys(after) is None:
        return []
    from deepdiff import DeepDiff

    found = DeepDiff(to_json(before), to_json(after), view="tree", threshold_to_diff_deeper=0)
    inside: dict[tuple[str, ...], tuple[Value, Value]] = {}
    for level in (level for levels in found.values() for level in levels):
        path, was, now = _inside(before, after, level.path(output_format="list"))
        inside[path] = was, now
    return [(path, *inside[path]) for path in sorted(inside)]


def _inside(before: Value, after: Value, path: list[str]) -> tuple[tuple[str, ...], Value, Value]:
    """As far along a path as both sides are objects."""
    for depth, key in enumerate(path):
        was, now = _keys(before), _keys(after)
        if was is None or now is None:
            return tuple(path[:depth]), before, after
        before, after = was.get(key), now.get(key)
    return tuple(path), before, after


def _keys(value: Value) -> dict[str, Value] | None:
    match value:
        case Link() | Poll() | Share() | AutoDelete():
            return parts_of(value)
        case dict():
            return {**value}
        case _:
            return None


def _ordered(keys: Iterable[str]) -> list[str]:
    return sorted(keys, key=lambda key: (_FIRST.index(key) if key in _FIRST else len(_FIRST), key))


def _hides_link(post: Post, live: LivePost) -> bool:
    """A listing may leave the link of a link post empty, since its card has it; an article's is its own address."""
    card = not live.link and live.type == "link"
    return live.link is None or card or post.account.provider == "wordpress"


def _second(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at else None

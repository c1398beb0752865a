"""From the content of a post to one item of Publer's `POST /posts/schedule`.

Each item has one account, so that a failure can be told apart: Publer's failures name the account alone. `rules` have
checked the content before. Only names from Publer's documents are sent, since Publer silently ignores others.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from publer_sync.networks.inference import type_of
from publer_sync.networks.table import NETWORKS, Network
from publer_sync.publer.uploaded import (
    Unsendable,
    answer_for,
    check_fit,
    is_url,
    kind_of,
    medium_object,
    path_of,
    still_of,
)
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import AT_ONCE, Comment, Duration, to_json, to_object
from publer_sync.values.model import iso
from publer_sync.values.post_keys import CONTENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.networks.fields import Field
    from publer_sync.values.content import AutoDelete, Content, Json, JsonObject, Share
    from publer_sync.values.model import Account

_IN_DETAILS: Final = {
    "reel": "reel",
    "story": "story",
    "short": "short",
    "document": "document",
    "event": "event",
    "offer": "offer",
}
"""Types that Publer wants in `details.type`, next to a plain type (Publer docs, "Reels", "LinkedIn PDF Carousels")."""
_SENT: Final = tuple((key.name, key.sent.split(".")) for key in CONTENT if key.sent)
_NO_IDS: Final[Mapping[str, str]] = MappingProxyType({})


def item(
    account: Account,
    at: datetime,
    content: Content,
    media: Mapping[str, Mapping[str, Json]],
    ids: Mapping[str, str] = _NO_IDS,
) -> JsonObject:
    """One item of a bulk. `media` holds Publer's answer to each upload, by the reference the content uses.

    `ids` are those of the boards and the like that the content names, by key. Raises Unsendable where one is missing,
    or an upload is not what the post shows, KeyError where the account's network is unknown. Drafts
    differ in `bulk.state` alone.
    """
    network = NETWORKS[account.provider]
    entry: JsonObject = {"id": account.id, "scheduled_at": iso(at), **_callbacks(content, media)}
    params = _params(network, content, media)
    for target, path, value in _as_they_are(content):
        _put(entry if target == "account" else params, path, value)
    for field in network.fields:
        if field.name in content.network:
            value = content.network[field.name]
            if field.moment:
                value = _moment(field.name, value)
            if field.named and isinstance(value, str):
                value = _by_id(field, value, ids)
            _put(entry if field.wire[0] == "account" else params, field.wire[1:], value, field.sends)
    if params.get("details") == {}:
        del params["details"]
    return {"networks": {wire_key(account): params}, "accounts": [entry]}


def wire_key(account: Account) -> str:
    """The name of the account's network under `networks`: the provider, but WordPress has two (Publer docs, "Networks")."""
    if account.provider != "wordpress":
        return account.provider
    return account.network_key or (
        "wordpress_basic" if "basic" in (account.type or "") else "wordpress_oauth"
    )


def _by_id(field: Field, value: str, ids: Mapping[str, str]) -> Json:
    found = ids.get(field.name) if field.is_name(value) else value
    if found is None:
        raise Unsendable(f'the ID of the {field.name} "{value}" is no longer known')
    if field.named != "locations":
        return found
    return {"id": found} if found == value else {"id": found, "name": value}


def _moment(name: str, value: Json) -> str:
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Unsendable(f"`{name}` is not a time: {value}") from None


@dataclass(frozen=True, slots=True)
class Face:
    """What Publer's listing can show of a post: its own title, link and number of media, not those of the calendar."""

    title: str
    link: str
    media: int


def face(account: Account, content: Content) -> Face:
    """How a post with this content shows once it is there (Publer docs, "Posts")."""
    params = _outline(account, content)
    link, media = params.get("link"), params.get("media")
    url = link.get("url") if isinstance(link, dict) else params.get("url")
    return Face(str(params.get("title") or ""), str(url or ""), len(media) if isinstance(media, list) else 0)


def put_reaches(account: Account, sent: Content, wanted: Content) -> bool:
    """Whether a PUT brings one content to another that differs in text and title alone.

    It changes these two fields of Publer's (Publer docs, "Updating Posts"), and some networks carry the words elsewhere:
    an article in its blocks, a poll in its question, an event in its details, a document with its file. YouTube's
    description is its text there.
    """
    if wanted.type == "document" and sent.title != wanted.title:
        return False
    one, other = _outline(account, sent), _outline(account, wanted)
    differing = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return differing <= {"text", "title", "description"}


class _Anything(dict[str, "Mapping[str, Json]"]):
    """Answers to uploads that need not be known, for what is built without being sent."""

    def __missing__(self, reference: str) -> Mapping[str, Json]:
        return {"id": reference, "path": reference}


def _outline(account: Account, content: Content) -> JsonObject:
    """The network's part of what is sent, as far as the calendar alone tells it: media by their references."""
    network = NETWORKS.get(account.provider)
    return {} if network is None else _params(network, content, _Anything())


def _as_they_are(content: Content) -> Iterator[tuple[str, tuple[str, ...], Json]]:
    """The values of keys whose row in the table says where they go: the part of the item, the path there, and the value."""
    for key, (target, *path) in _SENT:
        if value := getattr(content, key):
            yield target, tuple(path), to_json(value)


# --- the network's part ---------------------------------------------------------------------------------------------


def _params(network: Network, content: Content, media: Mapping[str, Mapping[str, Json]]) -> JsonObject:
    pieces = content.media if content.type != "link" else ()
    answers = [answer_for(media, piece.reference) for piece in pieces]
    kind = type_of(network, content, [kind_of(answer) for answer in answers])
    check_fit(network, kind, answers)
    params: JsonObject = {"type": _plain_type(kind, answers), "details": {}}
    if content.text:
        params["text"] = content.text
    if kind in _IN_DETAILS:
        _put(params, ("details", "type"), _IN_DETAILS[kind])
    if kind == "reel":
        _put(params, ("details", "feed"), value=True)
    if pieces and network.key != "wordpress":
        params["media"] = [
            medium_object(piece, answer, media) for piece, answer in zip(pieces, answers, strict=True)
        ]
    if kind == "document" and answers and params["type"] == kind:
        params["document"] = {"id": answers[0]["id"], "title": content.title}
    _add_title(params, network, kind, content)
    _add_link(params, network, kind, content, media)
    _add_poll(params, network, content)
    if network.key == "youtube":
        _add_youtube(params, kind, content)
    if network.key == "wordpress":
        _add_article(params, content.text, answers)
    return params


def _plain_type(type: str, answers: Sequence[Mapping[str, Json]]) -> str:
    """What goes into `type` itself: a reel is a video with details (Publer docs, "Reels")."""
    if type in ("reel", "short"):
        return "video"
    if type == "story":
        return "video" if answers and kind_of(answers[0]) == "video" else "photo"
    if type == "document":
        return "document" if "document" in map(kind_of, answers) else "photo"
    if type in ("event", "offer"):
        return "photo" if answers else "status"
    return type


def _add_title(params: JsonObject, network: Network, type: str, content: Content) -> None:
    title = content.title
    if title and network.takes_title(type):
        _put(params, ("details", "title") if network.key == "google" else ("title",), title)


def _add_link(
    params: JsonObject,
    network: Network,
    kind: str,
    content: Content,
    media: Mapping[str, Mapping[str, Json]],
) -> None:
    """A link post has a link object; pins and Google posts carry the bare address (Publer docs, "Link Posts")."""
    link = content.link
    if link is None or network.link == "no":
        return
    if network.link == "picture":
        params["url"] = link.url
        if network.key == "google" and link.call_to_action:
            params["title"] = link.call_to_action
        return
    if kind != "link":
        return
    sent = to_object(replace(link, image=""))
    if link.image:
        sent["images"] = [link.image if is_url(link.image) else path_of(answer_for(media, link.image))]
        sent["default_image"] = 0
    params["link"] = sent


def _add_poll(params: JsonObject, network: Network, content: Content) -> None:
    """Publer takes a poll's duration in days (Publer docs, "Polls")."""
    if content.poll is None:
        return
    minutes = content.poll.duration.minutes if content.poll.duration else 0
    params["options"] = [*content.poll.options]
    params["duration"] = max(1, round(minutes / Duration(1, "Day").minutes))
    if network.poll and network.poll.question:
        params["question"] = content.poll.question or content.text


def _add_youtube(params: JsonObject, type: str, content: Content) -> None:
    """Publer's pages call the words below a video `text`, its API description `description`: both are sent."""
    if "text" in params:
        params["description"] = params["text"]
    if type == "short" and (privacy := content.network.get("privacy")):
        _put(params, ("details", "privacy"), privacy)


def _add_article(params: JsonObject, text: str, answers: Sequence[Mapping[str, Json]]) -> None:
    from publer_sync.publer import article

    params["content"] = article.blocks(text)
    if answers:
        params["featured_media"] = {"path": path_of(answers[0])}


# --- the account's part ---------------------------------------------------------------------------------------------


def _callbacks(content: Content, media: Mapping[str, Mapping[str, Json]]) -> JsonObject:
    """Follow-ups, sharing and removal, each with what sets it off (Publer docs, "Post Callbacks")."""
    entry: JsonObject = {}
    thread = (Comment(part.text, part.media) for part in content.thread)
    if follow_ups := [*thread, *content.comments]:
        entry["comments"] = [_comment(comment, media) for comment in follow_ups]
    if share := content.share:
        sent: JsonObject = {"account_ids": [*share.accounts], "conditions": _conditions(share)}
        if share.text:
            sent["text"] = share.text
        entry["share"] = sent
    if removal := content.auto_delete:
        entry["delete"] = {"hide": removal.hide, "conditions": _conditions(removal)}
    return entry


def _comment(part: Comment, media: Mapping[str, Mapping[str, Json]]) -> JsonObject:
    comment: JsonObject = {"conditions": _conditions(part)}
    if part.text:
        comment["text"] = part.text
    if part.language:
        comment["language"] = part.language
    if part.media:
        first = part.media[0]
        answer = answer_for(media, first.reference)
        sent: JsonObject = {"type": kind_of(answer), "path": path_of(answer)}
        if first.caption:
            sent["caption"] = first.caption
        if still := still_of(answer_for(media, first.thumbnail) if first.thumbnail else answer):
            sent["thumbnail"] = still
        comment["media"] = sent
    return comment


def _conditions(what: Comment | Share | AutoDelete) -> JsonObject:
    """The age, and the figures that are waited for as well."""
    clauses: JsonObject = {"age": to_object(what.after or AT_ONCE)}
    for key, told in (("engagements", what.engagement), ("reach", what.reach)):
        if told:
            word, _, number = told.partition(" ")
            clauses[key] = {"comparison": "gt" if word == "over" else "lt", "value": int(number)}
    return {"relation": "AND", "clauses": clauses}


# --- small helpers --------------------------------------------------------------------------------------------------


def _put(target: JsonObject, path: tuple[str, ...], value: Json, sends: str | None = None) -> None:
    """Set the value at `path`, making objects on the way. A switch that sends a word sends nothing when it is off."""
    if sends is not None:
        if value is not True:
            return
        value = sends
    for name in path[:-1]:
        target = cast("JsonObject", target.setdefault(name, {}))
    target[path[-1]] = value

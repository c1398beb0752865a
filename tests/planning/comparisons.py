"""How one post differs on its three sides: what the calendar says, what was sent and seen, and what Publer lists.

Each section is about what was sent. Each line has what the calendar says, what Publer lists, and the difference.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync.ledger.copies import Seen
from publer_sync.planning.differences import compare
from publer_sync.values.content import Link, Medium, Revision
from publer_sync.values.model import Family
from tests.builders import LATER, SECOND, SOON, X, copy_of, shown, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.differences import Differences
    from publer_sync.planning.plan import FieldChange
    from publer_sync.values.model import LivePost, Post

GOOGLE = replace(X, id="a-go", provider="google", alias="google")
BLOG = replace(X, id="a-wp", provider="wordpress", alias="blog")
LONG, SHORT = "https://a.example/a/long/way", "https://sho.rt/x7Kq"


class Sent(NamedTuple):
    post: Post
    copy: Copy
    live: LivePost
    fields: tuple[str, ...]
    """What changes on either side."""


def _sent(post: Post, fields: str, *, copy: dict[str, Any] | None = None, **listed: Any) -> Sent:
    listed = {"account": post.account, "state": "draft" if post.draft else "scheduled", **listed}
    live = shown(post.at, post.text, **listed)
    made = copy_of(post, **{"seen": Seen.of(live), **(copy or {})})
    return Sent(post, made, live, tuple(fields.split()))


_LINKED = wanted(SOON, f"Hello {LONG}", title="News", type="link", link={"url": LONG, "title": "Card"})
_PICTURES = wanted(SOON, "Hello", type="photo", media=[{"file": "a"}])
_BUTTON = wanted(SOON, "Hello", account=GOOGLE, link={"url": LONG, "call_to_action": "SHOP"}, type="photo")
_DRAFT = wanted(SOON, "Hello", draft=True)
_ALL: dict[str, Any] = {"title": "News", "link": LONG, "media": 0, "type": "link"}
SENT: dict[str, Sent] = {
    "a link": _sent(_LINKED, "words title link card time type draft label", **_ALL),
    "a link that no list shows": _sent(_LINKED, "title link", type="link"),
    "a link of a blog": _sent(replace(_LINKED, account=BLOG), "words link", **_ALL),
    "a picture": _sent(_PICTURES, "media picture type", title="", link="", media=1, type="photo"),
    "a button": _sent(_BUTTON, "title button", title="SHOP", link=LONG, media=0, type="photo"),
    "a draft": _sent(_DRAFT, "draft"),
    "a draft that someone scheduled": _sent(_DRAFT, "draft", state="scheduled"),
    "a draft that came back scheduled": _sent(
        _DRAFT, "draft words", copy={"by_hand": True}, state="scheduled"
    ),
    "an edit under way": _sent(
        wanted(SOON, "Hello", title="News"),
        "words title",
        copy={"revising": Revision("Edited", "Edited")},
        title="News",
    ),
}


def _calendar(post: Post, field: str, side: str) -> Post | None:
    """The post with another value of a field: `mine`, `theirs`, or none."""
    content, theirs = post.content, side == "theirs"
    new = "Edited" if theirs else "Changed"
    match field:
        case "words":
            words = post.text.replace("Hello", new)
            return replace(post, content=replace(content, text=words)) if side else None
        case "title":
            return replace(post, content=replace(content, title=new if side else ""))
        case "link":
            link = replace(content.link or Link(), url=f"https://{new.lower()}.example")
            return replace(post, content=replace(content, link=link if side else None))
        case "card" if content.link and side == "mine":
            return replace(post, content=replace(content, link=replace(content.link, title=new)))
        case "button" if content.link and side:
            link = replace(content.link, call_to_action="SIGN_UP" if theirs else "BOOK")
            return replace(post, content=replace(content, link=link))
        case "time" if side:
            return replace(post, at=LATER if theirs else LATER + (LATER - SOON))
        case "draft" if side == "theirs":
            return replace(post, content=replace(content, draft=not post.draft))
        case "media":
            media = (*content.media, Medium(file="b"), *([] if theirs else [Medium(file="c")]))
            return replace(post, content=replace(content, media=media if side else ()))
        case "picture" if side == "mine":
            return replace(post, content=replace(content, media=(Medium(file="z"),)))
        case "type" if side:
            return replace(post, content=replace(content, type="video" if theirs else "status"))
        case "label" if side == "mine":
            return replace(post, content=replace(content, labels=("sale",)))
        case _:
            return None


def _listed(live: LivePost, field: str) -> LivePost | None:
    match field:
        case "words":
            return replace(live, text=live.text.replace("Hello", "Edited"))
        case "title" | "button":
            return replace(live, title="SIGN_UP" if field == "button" else "Edited")
        case "link":
            return replace(live, link="https://edited.example/")
        case "time":
            return replace(live, at=LATER + SECOND / 2)
        case "draft":
            return replace(live, state="scheduled" if live.family is Family.DRAFT else "draft")
        case "media":
            return replace(live, media=2, type="video")
        case _:
            return None


def _more(live: LivePost) -> dict[str, LivePost]:
    """What else Publer may list, whatever the calendar says."""
    return {
        "its links shortened": replace(live, text=live.text.replace(LONG, SHORT), link=live.link and SHORT),
        "an invisible letter more": replace(live, text=f"{live.text}\u200b"),
        "nothing but words": replace(live, title=None, link=None, media=None),
        "a title and a link": replace(live, title="Shown", link="https://shown.example", media=3),
        "without a time": replace(live, at=None),
        "recurring": replace(live, state="recurring"),
    }


def section(known: str) -> Iterator[str]:
    post, copy, live, fields = SENT[known]
    for field in fields:
        said = {side: _calendar(post, field, side) for side in ("mine", "theirs", "")}
        listed: dict[str, LivePost | None] = {"as seen": live, f"its {field} edited": _listed(live, field)}
        if known == "a link" and field == "words" and (there := listed["its words edited"]) is not None:
            listed["its words edited, with an invisible letter"] = replace(there, text=f"{there.text}\u200b")
        if known == "a picture" and field == "type":
            listed["its media edited"] = _listed(live, "media")
            listed["shown as a video"] = replace(live, type="video")
        for side, desired in said.items():
            for name, there in listed.items():
                if desired is not None and there is not None:
                    yield f"{side or 'no'} {field} | {name} | {_told(compare(desired, copy, there))}"
        if (there := _listed(live, field)) is not None:
            yield f"as sent | its {field} edited | {_told(compare(post, copy, there))}"
    for name, there in _more(live).items() if known in ("a link", "a picture") else ():
        yield f"as sent | {name} | {_told(compare(post, copy, there))}"


def _told(found: Differences) -> str:
    told = [_field(item) for item in found.diff]
    told += [f"edits: {', '.join(sorted(found.edits))}"] if found.edits else []
    told += [f"changed: {', '.join(sorted(found.changed))}"] if found.changed else []
    told += ["in place"] if found.diff and found.in_place else []
    return "; ".join(told) or "equal"


def _field(item: FieldChange) -> str:
    return f"{item.field}{' unseen' if item.blind else ''}"

"""How long the words are on each account while somebody types them, how the network shows them, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.composing import Extras
from publer_sync.calendar.expand import named_accounts
from publer_sync.calendar.when import times
from publer_sync.editing.editor import comparable
from publer_sync.networks.counting import count, limit_of
from publer_sync.networks.inference import type_of
from publer_sync.networks.kinds import kind_of
from publer_sync.networks.table import NETWORKS
from publer_sync.previewing.cards import link_of, poll_of
from publer_sync.previewing.html import render_look
from publer_sync.previewing.texts import text_of
from publer_sync.render.layout.wording import sentence
from publer_sync.rules.judging import judge_one
from publer_sync.studio.moving import read_day
from publer_sync.studio.posts import base_of, path_of
from publer_sync.values.content import Comment, Content, Link, Medium, Part, Poll
from publer_sync.values.model import Post, normal_text
from publer_sync.values.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from publer_sync.calendar.expand import Placed
    from publer_sync.studio.documents import CountData, WordsAnswer, WordsProblemData
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.studio.orders import MediumFields, PartFields, PostFields, WordsRequest
    from publer_sync.values.model import Account

_NOWHERE = Location("", 1)
_KEYS = {"comment": "comments"}
"""What a file calls a field."""


def words_of(opened: OpenCalendar, request: WordsRequest) -> WordsAnswer:
    """Nothing is written."""
    fields, snapshot = request.fields, opened.snapshot
    entry = opened.keys.entries.get(request.key or "")
    placed = {each.alias: each for each in snapshot.placed.get(entry.place, ())} if entry else {}
    base = base_of([*placed.values()])
    accounts = named_accounts(snapshot.calendar.settings)
    answer: WordsAnswer = {"counts": {}, "thread": [], "shown": {}, "problems": []}
    answer["thread"] = [{} for _ in fields.thread or ()]
    for alias in fields.accounts or tuple(placed):
        if alias not in accounts:
            continue
        meant = _meant(fields, placed.get(alias), base)
        typed = _Typed(opened, meant, accounts[alias], placed.get(alias), request.day)
        answer["counts"][alias] = typed.count()
        for part, counts in zip(fields.thread or (), answer["thread"], strict=True):
            counts[alias] = _count(accounts[alias], typed.content, part.text, lambda text: text)
        post = typed.post
        answer["shown"][alias] = _html_of(post, accounts[alias])
        answer["problems"] += typed.problems()
    return answer


def _html_of(post: Post, account: Account) -> str:
    content, on = post.without_utm, [account]
    return render_look(
        text_of(content.text, on),
        poll_of(content),
        [text_of(part.text, on) for part in content.thread],
        link_of(content.link, on) if content.link is not None and not content.media else None,
    )


def _meant(fields: PostFields, placed: Placed | None, base: Placed | None) -> PostFields:
    """Without what the account says otherwise than the form was filled with: saving leaves that as it is."""
    if placed is None or base is None:
        return fields
    own = {
        key
        for key in fields.given - {"text"}
        if comparable(placed.merged.get(_KEYS.get(key, key)))
        != comparable(base.merged.get(_KEYS.get(key, key)))
    }
    return replace(fields, given=fields.given - own)


class _Typed:
    """The words as typed on one account; `placed` is the post there as its file has it."""

    def __init__(
        self,
        opened: OpenCalendar,
        fields: PostFields,
        account: Account,
        placed: Placed | None,
        day: str | None,
    ) -> None:
        self.opened, self.account, self.placed = opened, account, placed
        self.read, self.sources = (
            (placed.parsed.content, placed.parsed.media) if placed is not None else (Content(), ())
        )
        self.merged: Mapping[str, Any] = placed.merged if placed is not None else {}
        text = fields.text or "" if "text" in fields.given else self.read.text
        own = fields.texts.get(account.alias or "")
        self.typed = own if own is not None else text
        self.content = self._content(fields)
        self.at = _noon(day, opened) or _first(placed) or opened.snapshot.now + timedelta(days=1)
        self.extras = (
            (placed.extras_at(self.at) if placed.extras is not None else Extras())
            if placed is not None
            else opened.calendar.extras_in(None, account, "").on(
                self.at.astimezone(opened.snapshot.zone).date()
            )
        )

    def _content(self, fields: PostFields) -> Content:
        content = replace(self.read, text=normal_text(self.typed))
        if "title" in fields.given:
            content = replace(content, title=normal_text(fields.title or ""))
        if "link" in fields.given:
            url = (fields.link or "").strip()
            link = content.link or Link()
            content = replace(content, link=replace(link, url=url) if url else None)
        if "thread" in fields.given:
            content = replace(
                content, thread=tuple(_part(content.thread, each) for each in fields.thread or ())
            )
        if "comment" in fields.given:
            comment, old = fields.comment, next(iter(content.comments), Comment())
            first = (replace(old, text=normal_text(comment.text)),) if comment else ()
            content = replace(content, comments=(*first, *content.comments[1:]))
        if "poll" in fields.given:
            poll = fields.poll
            made = (
                Poll(poll.options, times.duration(poll.duration), normal_text(poll.question or ""))
                if poll
                else None
            )
            content = replace(content, poll=made)
        if "draft" in fields.given:
            content = replace(content, draft=bool(fields.draft))
        if "media" in fields.given:
            content = replace(content, media=self._media(fields.media or ()))
        network = NETWORKS.get(self.account.provider)
        if network is not None and "type" not in self.merged:
            kinds = [self._kind(each) for each in content.media]
            content = replace(content, type=type_of(network, replace(content, type=""), kinds))
        return content

    def _media(self, media: Sequence[MediumFields]) -> tuple[Medium, ...]:
        """Those of the post as they are read from its file; one that comes is known by its name alone."""
        items = self.merged.get("media") or ()
        whole = len(items) == len(self.read.media)  # else one of them is not there, and has its problem
        known = dict(zip(map(path_of, items), self.read.media, strict=True)) if whole else {}
        found = [(each, known.get(each.path) or Medium(id=each.path)) for each in media]
        return tuple(
            replace(read, alt=normal_text(each.alt)) if "alt" in each.given else read for each, read in found
        )

    def _kind(self, medium: Medium) -> str:
        file = next((each.path for each in self.sources if each.reference == medium.reference), None)
        return kind_of(file.name if file is not None else medium.reference) or "photo"

    @property
    def post(self) -> Post:
        content, written = self.extras.compose(self.content)
        placed = self.placed
        return Post(
            self.account,
            self.at,
            content,
            placed.entry.place if placed is not None else _NOWHERE,
            media=self.sources,
            ignore=_ignored(placed),
            written=written,
        )

    def count(self) -> CountData:
        return _count(self.account, self.content, self.typed, self.extras.text)

    def problems(self) -> Iterator[WordsProblemData]:
        settings = self.opened.calendar.settings
        lead = len(self.typed) - len(self.typed.lstrip())
        for code, found in judge_one(self.post, self.opened.snapshot.now, settings):
            start = found.offset if found.path == "text" else None
            inside = start is not None and start < len(normal_text(self.typed))
            at = lead + start if start is not None and inside else None
            yield {
                "code": code,
                "severity": found.severity,
                "message": sentence(found.message),
                "account": self.account.alias or "",
                "from": _utf16(self.typed[:at]) if at is not None else None,
                "to": _utf16(self.typed[: _word_end(self.typed, at)]) if at is not None else None,
            }


def _part(read: Sequence[Part], typed: PartFields) -> Part:
    """A part of a thread with the pictures that it has."""
    known = read[typed.was] if typed.was is not None and 0 <= typed.was < len(read) else Part()
    return replace(known, text=normal_text(typed.text))


def _count(account: Account, content: Content, typed: str, sent: Callable[[str], str]) -> CountData:
    """`sent` adds to a text what settings add."""
    if account.provider not in NETWORKS:
        return {"used": len(sent(normal_text(typed))), "limit": None, "over_from": None}
    limit = limit_of(account, content)
    spoiler = str(content.network.get("spoiler_text") or "")

    text = normal_text(typed)
    whole = count(sent(text), account.provider, limit=limit, spoiler=spoiler)
    over = None
    if whole.stops_at is not None:
        added = whole.used - count(text, account.provider, limit=limit, spoiler=spoiler).used
        left = max(1, whole.limit - added)  # for what is typed: what is added has to fit, too
        stop = count(text, account.provider, limit=left, spoiler=spoiler).stops_at
        over = _utf16(typed[: len(typed) - len(typed.lstrip()) + (stop or 0)])
    return {"used": whole.used, "limit": whole.limit, "over_from": over}


def _utf16(text: str) -> int:
    """The length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _word_end(text: str, at: int) -> int:
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return max(end, at + 1)


def _ignored(placed: Placed | None) -> Mapping[str, str]:
    return placed.post(placed.moments[0]).ignore if placed is not None and placed.moments else {}


def _first(placed: Placed | None) -> datetime | None:
    return (
        next((each.at for each in placed.moments if each.at is not None), None)
        if placed is not None
        else None
    )


def _noon(day: str | None, opened: OpenCalendar) -> datetime | None:
    if not day:
        return None
    return datetime.combine(
        read_day(day), datetime.min.time().replace(hour=12), opened.snapshot.zone
    ).astimezone(UTC)

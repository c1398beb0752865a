"""Turns a page into HTML: one file with its style and script in it, which may load nothing and run nothing else. Jinja's home."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from publer_sync.machine.packaged import packaged
from publer_sync.previewing.texts import linked
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from jinja2 import Environment, Template

    from publer_sync.previewing.page import (
        AccountChip,
        Card,
        LinkCard,
        PollCard,
        PostText,
        PreviewedCalendar,
        PreviewPage,
    )
    from publer_sync.previewing.published import ResultsPage

_Key = TypeVar("_Key")


class MarkSign(NamedTuple):
    """`sign` stands for one kind of mark alone, also where there is no room for its word."""

    word: str
    sign: str


MARKS: Final = {
    "new": MarkSign("new", "+"),
    "edit": MarkSign("edited", "~"),
    "move": MarkSign("moved", "→"),
    "replace": MarkSign("replaced", "⇄"),
    "account": MarkSign("account changed", "»"),
    "remove": MarkSign("removed", "−"),
    "missing": MarkSign("missing", "?"),
    "blocked": MarkSign("blocked", "!"),
    "missed": MarkSign("missed", "×"),
    "held": MarkSign("on hold", "‖"),
    "waiting": MarkSign("waiting for approval", "…"),
    "asked": MarkSign("to sign off", "✎"),
    "adopt": MarkSign("adopted", "="),
    "unmanaged": MarkSign("not managed here", "○"),
    "error": MarkSign("error", "◆"),
    "warning": MarkSign("warning", "▲"),
}
CHANGES: Final = frozenset(
    ("new", "edit", "move", "replace", "account", "remove", "missing", "blocked", "missed", "held", "asked")
)
"""The kinds of marks that the review goes through."""
"""What marks a card, by kind, in the order of the legend; the last two are its problems."""
MANY: Final = 400
"""With more cards, the browser lays out only what can be seen."""
_STARTER: Final = 'document.documentElement.classList.add("js", "starting");'
"""Keeps the browser from laying out a list that nobody will see."""
_POLICY, _STYLE = "\0policy\0", "\0style\0"
"""Stand in the templates for what is known once the page is made; no text of a post can be them."""
_PICTURE: Final = re.compile(r'src="(data:image/[^"]+)"')
_GLYPHS: Final = {
    "facebook": "f", "instagram": "Ig", "x": "X", "linkedin": "in", "pinterest": "P", "google": "G", "youtube": "▶",
    "tiktok": "Tk", "wordpress": "W", "telegram": "Tg", "mastodon": "M", "threads": "@", "bluesky": "B",
}  # fmt: skip


class PlacedCard(NamedTuple):
    """A card on a page; `accounts` are those of the page's filter, by number."""

    card: Card
    calendar: PreviewedCalendar
    number: int
    accounts: str


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    placed: tuple[PlacedCard, ...]


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    days: tuple[Day, ...]


def render(page: PreviewPage) -> str:
    """The file's text."""
    style, script = packaged("previewing", "page.css"), packaged("previewing", "page.js")
    chips = numbered_chips(page)
    placed = [
        _placed(card, each, number, chips)
        for number, each in enumerate(page.calendars)
        for card in each.cards
    ]
    timed = sorted((each for each in placed if each.card.at), key=_moment)
    kinds = Counter(kind for each in placed for kind in each.card.kinds)
    counted = {
        (each.card.mark.kind, each.number, name)
        for index, each in enumerate(placed)
        if each.card.mark
        for name in (each.card.mark.entries or {f"card {index}"})
    }
    marks = Counter(kind for kind, *_ in counted)
    labels = sorted({label for each in placed for label in each.card.labels})
    problems = sum(bool(each.card.problems) for each in placed)
    # The counts of a part would be wrong: its own modules tell them once all posts are known.
    if page.part is not None:
        kinds, marks, labels, problems = Counter(page.part.kinds), Counter(), [*page.part.labels], 0
    review = not page.studio and not CHANGES.isdisjoint(marks)
    severities = {each.card.severity for each in placed}
    zones = list(dict.fromkeys(each.zone for each in page.calendars))
    reviewer = packaged("previewing", "review.js")
    html = (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            title=_title(page),
            span=_span(timed),
            zones=zones,
            policy=_POLICY,
            starter=_STARTER,
            style=_STYLE,
            script=script,
            review=review,
            reviewer=reviewer,
            chips=list(chips.items()),
            labels=labels,
            kinds=sorted(kinds),
            marks=[
                (kind, marks[kind])
                for kind in MARKS
                if marks[kind] or (page.studio and kind not in ("error", "warning"))
            ],
            legend=[kind for kind in MARKS if marks[kind] or kind in severities],
            signs=MARKS,
            problems=problems,
            untimed=[each for each in placed if each.card.at is None],
            many=len(placed) > MANY,
            months=list(_months(timed)),
            made=Dates(zones[0]).both(page.made_at),
            glyphs=_GLYPHS,
            count=count,
        )
    )
    if page.studio:
        return _with_head(html, style, policy_of(page))
    html, pictures = _each_once(html)
    style += pictures
    return _with_head(
        html, style, _policy(style, _STARTER, script, reviewer, served=bool(page.version), studio=False)
    )


def _with_head(html: str, style: str, policy: str) -> str:
    return html.replace(_POLICY, policy, 1).replace(_STYLE, style, 1)


def _each_once(html: str) -> tuple[str, str]:
    """The page without the pictures that it has several times, and the style that has each of these once.

    A style works where a page's scripts do not run, and in pictures that a script copies.
    """
    used = Counter(_PICTURE.findall(html))
    names = {url: f"p{number}" for number, url in enumerate(url for url, times in used.items() if times > 1)}
    html = _PICTURE.sub(lambda found: f'class="{names[found[1]]}"' if found[1] in names else found[0], html)
    return html, "".join(f".{name}{{content:url({url})}}\n" for url, name in names.items())


def policy_of(page: PreviewPage) -> str:
    """What a page of the studio may run and load, which is what its server has too."""
    style, script = packaged("previewing", "page.css"), packaged("previewing", "page.js")
    reviewer = packaged("previewing", "review.js")
    return _policy(style, _STARTER, script, reviewer, served=bool(page.version), studio=page.studio)


def render_card(card: Card, page: PreviewPage, number: int) -> str:
    """One card as it stands on the page; `number` is that of its calendar."""
    chips = numbered_chips(page)
    placed = _placed(card, page.calendars[number], number, chips)
    template = '{% from "card.html.j2" import card with context %}{{ card(placed, "h4", several) }}'
    return (
        _compiled(template)
        .render(placed=placed, several=len(page.calendars) > 1, signs=MARKS, glyphs=_GLYPHS)
        .strip()
    )


def render_about(page: PreviewPage) -> str:
    """What there is to know of the calendars of the studio's page, apart from their posts."""
    template = '{% from "about.html.j2" import folded with context %}{{ folded(page, several) }}'
    return _compiled(template).render(page=page, several=len(page.calendars) > 1, count=count).strip()


def numbered_chips(page: PreviewPage) -> dict[tuple[int, AccountChip], int]:
    """The numbers of the accounts in the page's filter, by the number of their calendar."""
    return _numbered((number, chip) for number, each in enumerate(page.calendars) for chip in each.accounts)


def render_look(
    text: PostText, poll: PollCard | None, thread: Iterable[PostText], link: LinkCard | None
) -> str:
    """What a post says, with its poll, its parts and its link, as it stands on a card."""
    template = (
        '{% from "card.html.j2" import words, poll_card, link_card with context %}{{ words(text) }}'
        "{% if poll %}{{ poll_card(poll) }}{% endif %}{% if link %}{{ link_card(link) }}{% endif %}"
        '{% for part in thread %}<section class="follow part">{{ words(part) }}</section>{% endfor %}'
    )
    return (
        _compiled(template)
        .render(text=text, poll=poll, thread=[*thread], link=link, signs=MARKS, glyphs=_GLYPHS)
        .strip()
    )


def _placed(
    card: Card,
    calendar: PreviewedCalendar,
    number: int,
    chips: Mapping[tuple[int, AccountChip], int],
) -> PlacedCard:
    return PlacedCard(
        card,
        calendar,
        number,
        " ".join(str(chips[number, chip]) for chip in card.accounts if (number, chip) in chips),
    )


def _title(page: PreviewPage) -> str:
    if len(page.calendars) == 1:
        return page.calendars[0].title
    return " · ".join(each.name for each in page.calendars[:3])


def render_results(page: ResultsPage) -> str:
    """The file's text: a page that runs no script at all."""
    style = packaged("previewing", "page.css") + packaged("previewing", "results.css")
    made_at = max(each.made_at for each in page.calendars)
    html = (
        _environment()
        .get_template("results.html.j2")
        .render(
            page=page,
            title=" · ".join(each.title for each in page.calendars[:3]),
            policy=_POLICY,
            style=_STYLE,
            made_at=made_at,
            made=Dates(page.calendars[0].zone).both(made_at),
            glyphs=_GLYPHS,
            signs=MARKS,
            count=count,
        )
    )
    html, pictures = _each_once(html)
    style += pictures
    return _with_head(html, style, _policy(style, served=False))


@cache
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda name: packaged("previewing", name)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["linked"] = linked
    environment.filters["shade"] = lambda word: zlib.crc32(word.encode()) % 8  # the same wherever it is
    return environment


def _policy(style: str, *scripts: str, served: bool, studio: bool = False) -> str:
    """The page may run its own scripts and style, and load nothing (W3C, "Content Security Policy Level 3").

    That of the studio also loads what its own server has.
    """
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    own = " 'self'" if studio else ""
    parts = [
        "default-src 'none'",
        f"img-src data:{' blob:' if studio else ''}{own}",
        "media-src data:" + own,
        f"style-src 'sha256-{_digest(style)}'{own}",
        f"script-src {allowed}{own}",
        "base-uri 'none'",
        "form-action 'none'",
        *(["connect-src 'self'"] if served else []),
    ]
    return "; ".join(parts)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _numbered(keys: Iterable[_Key]) -> dict[_Key, int]:
    return {key: number for number, key in enumerate(dict.fromkeys(keys))}


def _moment(placed: PlacedCard) -> str:
    """The time on the clock of its calendar."""
    return f"{placed.card.at:%Y-%m-%dT%H:%M}" if placed.card.at else ""


def _months(timed: Sequence[PlacedCard]) -> Iterator[Month]:
    months: dict[str, dict[date, list[PlacedCard]]] = defaultdict(lambda: defaultdict(list))
    for each in timed:
        if each.card.at is not None:
            day = each.card.at.date()
            months[f"{day:%B %Y}"][day].append(each)
    for name, days in months.items():
        yield Month(name, tuple(Day(day, tuple(placed)) for day, placed in days.items()))


def _span(timed: Sequence[PlacedCard]) -> str:
    """The days from the first card to the last."""
    ends = [(each.card.at, each.calendar.zone) for each in (*timed[:1], *timed[-1:]) if each.card.at]
    return " to ".join(dict.fromkeys(Dates(zone).day(at) for at, zone in ends))

"""The cards of a preview, as text and as data: each post as its networks show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.assisting.answers import cut_string
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.wording import count
from publer_sync.values.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publer_sync.previewing.page import (
        Card,
        CardProblem,
        FeedCut,
        FollowUp,
        PostText,
        PreviewedCalendar,
        Tile,
    )
    from publer_sync.values.documented import Also, Version

MOST_WORDS = 2_000
"""Characters of one text that are shown."""


class CutData(TypedDict):
    """Where feeds cut a text."""

    networks: list[str]
    shown: Annotated[int, "about how many characters they show"]


class MediumData(TypedDict):
    """A picture, video or document."""

    kind: str
    name: str
    alt: str | None


class CardLinkData(TypedDict):
    """The card of a link."""

    url: str
    title: str
    description: str


class CardPollData(TypedDict):
    """A poll."""

    question: str
    options: list[str]
    duration: str


class FollowUpData(TypedDict):
    """A part of a thread, or a comment."""

    label: str
    text: str
    media: list[MediumData]


class CardProblemData(TypedDict):
    """What is wrong with a post."""

    severity: Annotated[str, Also('{"enum": ["error", "warning"]}')]
    code: str
    message: str
    help: str | None
    place: str | None


class CardData(TypedDict):
    """A post as networks show it."""

    id: str | None
    place: Annotated[str, "the file, from the calendar's top, and the line"]
    at: Annotated[str | None, "in the calendar's time zone; null where a problem hides it"]
    accounts: list[str]
    kinds: list[str]
    title: str | None
    text: Annotated[str, "as it is sent, without UTM parameters"]
    length: Annotated[str | None, "where it takes most of the limit"]
    cut: Annotated[list[CutData], "where feeds cut the text; none where they show all of it"]
    media: list[MediumData]
    link: CardLinkData | None
    poll: CardPollData | None
    follow_ups: Annotated[list[FollowUpData], "parts of a thread, then comments"]
    facts: Annotated[list[str], "what else the post says"]
    labels: list[str]
    draft: bool
    note: str | None
    problems: list[CardProblemData]


class PreviewDocument(TypedDict):
    """What the tool preview of publer-sync mcp answers."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    timezone: str
    file: Annotated[str, "the web page that was written"]
    figures: Annotated[str, "how many posts the page shows"]
    posts: Annotated[list[CardData], "in order of time; accounts on which the public sees the same share one"]
    problems: Annotated[list[CardProblemData], "those of no post"]


def document(previewed: PreviewedCalendar, file: Path) -> PreviewDocument:
    return {
        "format_version": FORMAT_VERSION,
        "calendar": previewed.name,
        "timezone": previewed.zone,
        "file": str(file),
        "figures": previewed.figures,
        "posts": [_card_data(card) for card in previewed.cards],
        "problems": [_problem_data(problem) for problem in previewed.problems],
    }


def _card_data(card: Card) -> CardData:
    return {
        "id": card.id or None,
        "place": card.place,
        "at": card.at.isoformat(timespec="minutes") if card.at else None,
        "accounts": [chip.alias for chip in card.accounts],
        "kinds": list(card.kinds),
        "title": card.heading or None,
        "text": _plain_text(card.text),
        "length": card.text.length or None,
        "cut": [
            {"networks": list(face.labels), "shown": face.shown}
            for face in card.text.faces
            if face.shown is not None
        ],
        "media": [_tile_data(tile) for tile in card.tiles],
        "link": {"url": card.link.url, "title": card.link.title, "description": card.link.description}
        if card.link
        else None,
        "poll": {
            "question": card.poll.question,
            "options": list(card.poll.options),
            "duration": card.poll.duration,
        }
        if card.poll
        else None,
        "follow_ups": [
            {
                "label": each.label,
                "text": _plain_text(each.text),
                "media": [_tile_data(tile) for tile in each.tiles],
            }
            for each in (*card.thread, *card.comments)
        ],
        "facts": list(card.facts),
        "labels": list(card.labels),
        "draft": card.draft,
        "note": card.note or None,
        "problems": [_problem_data(problem) for problem in card.problems],
    }


def _tile_data(tile: Tile) -> MediumData:
    return {"kind": tile.kind, "name": tile.name, "alt": tile.alt or None}


def _problem_data(problem: CardProblem) -> CardProblemData:
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "help": problem.fix or None,
        "place": problem.place or None,
    }


def text(previewed: PreviewedCalendar, file: Path, cards: Sequence[Card]) -> str:
    """The page's address, then these cards."""
    lines = [f"The page is {one_line(str(file))}. Open it in a browser.", ""]
    lines.append(f"{previewed.name}  {previewed.figures}   times: {previewed.zone}")
    for card in cards:
        lines += ["", *_card(card)]
    for problem in previewed.problems:
        lines += ["", _problem(problem)]
    return "\n".join([*lines, *previewed.notes]) + "\n"


def _card(card: Card) -> Iterator[str]:
    when = f"{card.at:%a} {card.at.day} {card.at:%b %Y %H:%M}" if card.at else "no time yet"
    where = ", ".join(chip.alias for chip in card.accounts) or "no account yet"
    name = "  ".join(filter(None, (card.id, card.series, card.place)))
    yield f"{when}  {where}  {', '.join(card.kinds)}  {name}".rstrip()
    if card.heading:
        yield f"  title: {card.heading}"
    yield from _indented(_plain_text(card.text))
    for face in card.text.faces:
        if face.shown is not None:
            yield f"  {_cut_line(_plain_text(card.text), face)}"
    yield from map(_tile, card.tiles)
    if card.link:
        words = ": ".join(filter(None, (card.link.title, card.link.description)))
        yield f"  link card: {card.link.url}  {words}".rstrip()
    if card.poll:
        yield f"  poll, {card.poll.duration}: {' | '.join(card.poll.options)}"
    for each in (*card.thread, *card.comments):
        yield from _follow_up(each)
    yield from (f"  {fact}" for fact in card.facts)
    if card.labels:
        yield f"  labels: {', '.join(card.labels)}"
    if card.text.length:
        yield f"  {card.text.length}"
    if card.note:
        yield f"  note: {one_line(card.note)}"
    yield from (f"  {_problem(problem)}" for problem in card.problems)


def _cut_line(words: str, face: FeedCut) -> str:
    shown = face.shown or 0
    names = " and ".join(face.labels) if len(face.labels) < 3 else ", ".join(face.labels)
    shows = "shows" if len(face.labels) == 1 else "show"
    return f'{names} {shows} about {count(shown, "character")}, up to "…{one_line(words[:shown][-30:])}", then "see more"'


def _follow_up(each: FollowUp) -> Iterator[str]:
    yield f"  {each.label}:"
    yield from (f"  {line}" for line in _indented(_plain_text(each.text)))
    yield from (f"  {_tile(tile)}" for tile in each.tiles)


def _tile(tile: Tile) -> str:
    alt = f": {tile.alt}" if tile.alt else ", without an alt text" if tile.lacks_alt else ""
    note = f" ({tile.note})" if tile.note else ""
    return f"  {tile.kind} {tile.name}{note}{alt}"


def _problem(problem: CardProblem) -> str:
    fix = f" {one_line(problem.fix)}" if problem.fix else ""
    return f"{problem.severity}: {problem.place + ': ' if problem.place else ''}{problem.message}{fix} [{problem.code}]"


def _indented(words: str) -> list[str]:
    return [f"    {line}".rstrip() for line in printable(cut_string(words, MOST_WORDS)).split("\n") if words]


def _plain_text(text: PostText) -> str:
    return "".join(piece.text for piece in text.pieces)

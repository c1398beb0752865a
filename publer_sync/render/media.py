"""What became of a post's media: swapped, added, removed, moved, or said of in other words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from publer_sync.content import Medium
from publer_sync.render.names import LIBRARY
from publer_sync.render.phrases import Span
from publer_sync.render.values import compared, swapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.render.names import Names
    from publer_sync.render.phrases import Kind, Phrase

    Media = Sequence[Medium]

_SAID_OF_ONE = {"alt": "alt text", "caption": "caption"}


class MediaPhrase(NamedTuple):
    phrase: Phrase
    counts: bool = False
    """Whether it tells of their number, which is all of media that Publer shows."""


def media_phrases(
    before: Media, after: Media, names: Names, of: str = "", *, new: bool = False
) -> Iterator[MediaPhrase]:
    """`of` stands before each phrase, for media that are not the post's own; `new`: nothing was there before."""
    kept, others, gone, come = _matched(before, after, names)
    for i, j in others:
        noun = names.noun(after[j].reference)
        yield MediaPhrase(piece_swapped(f"{of}{noun}", before[i].reference, after[j].reference, names, of))
    for phrase in _listed("" if new else " added", [after[j] for j in come], "new", names, of):
        yield MediaPhrase(phrase, counts=True)
    for phrase in _listed(" removed", [before[i] for i in gone], "old", names, of):
        yield MediaPhrase(phrase, counts=True)
    if [j for _, j in kept] != sorted(j for _, j in kept):
        yield MediaPhrase(_in_another_order(after, names, of))
    pairs = [*((before[i], j) for i, j in (*kept, *others)), *((Medium(), j) for j in come)]
    for was, j in sorted(pairs, key=lambda pair: pair[1]):
        yield from map(MediaPhrase, _described(was, after, j, names, of))


def piece_swapped(what: str, before: str, after: str, names: Names, of: str = "") -> Phrase:
    """One piece of media in the place of another, by their references; "" where there is none."""
    was, now = (names.medium(piece) if piece else "" for piece in (before, after))
    if was == now and was and was != LIBRARY:
        return (Span(f"{what}: {now} has changed since it was sent"),)
    if before and after and (was is None or was == now):
        return (Span(f"{of}new {what.removeprefix(of)}: "), Span(now or "a new file", "new"))
    return swapped(what, "a picture" if was is None else was, "a picture" if now is None else now)


def _matched(
    before: Media, after: Media, names: Names
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[int], list[int]]:
    """Places in both: of what stayed, and of what took another's place; then what went, and what came."""
    gone, come = list(range(len(before))), list(range(len(after)))
    kept = _paired(gone, come, *([piece.reference for piece in side] for side in (before, after)))
    others = _paired(
        gone, come, *([names.file(piece.reference) for piece in side] for side in (before, after))
    )
    both = min(len(gone), len(come))
    others += zip(gone[:both], come[:both], strict=True)
    return kept, sorted(others, key=lambda pair: pair[1]), gone[both:], come[both:]


def _paired(
    gone: list[int], come: list[int], before: Sequence[str | None], after: Sequence[str | None]
) -> list[tuple[int, int]]:
    """Pairs of places that hold the same; both are taken out of `gone` and `come`."""
    pairs = []
    for old in list(gone):
        new = next((new for new in come if before[old] is not None and before[old] == after[new]), None)
        if new is not None:
            gone.remove(old)
            come.remove(new)
            pairs.append((old, new))
    return pairs


def _listed(word: str, pieces: Media, kind: Kind, names: Names, of: str) -> Iterator[Phrase]:
    references = [piece.reference for piece in pieces]
    if known := [piece for piece in references if names.medium(piece)]:
        what = ", ".join(names.medium(piece) or "" for piece in known)
        yield (Span(f"{of}{names.nouns(known)}{word}: "), Span(what, kind))
    if unknown := [piece for piece in references if not names.medium(piece)]:
        number = "one" if len(unknown) == 1 else str(len(unknown))
        yield (Span(f"{of}{number} {names.nouns(unknown)}{word}"),)


def _in_another_order(after: Media, names: Names, of: str) -> Phrase:
    references = [piece.reference for piece in after]
    files = [names.file(piece) for piece in references]
    now = f": {', '.join(filter(None, files))}" if all(files) else ""
    return (Span(f"{of}{names.nouns(references)} reordered{now}"),)


def _described(was: Medium, after: Media, place: int, names: Names, of: str) -> Iterator[Phrase]:
    """What changed in what is said of one piece of media."""
    now = after[place]
    noun = names.noun(now.reference)
    called = names.file(now.reference) or (f"{noun} {place + 1}" if len(after) > 1 else f"the {noun}")
    for key, name in _SAID_OF_ONE.items():
        if getattr(was, key) != getattr(now, key):
            yield compared(f"{of}{name} of {called}", getattr(was, key), getattr(now, key))
    if was.thumbnail != now.thumbnail:
        yield piece_swapped(f"{of}cover of {called}", was.thumbnail, now.thumbnail, names, of)

"""A post's text as networks show it: where they cut it, and what they colour."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from publer_sync.networks.table import NETWORKS
from publer_sync.previewing.page import FeedCut, PostText, TextPiece
from publer_sync.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.values.model import Account

LONG: Final = 1_200
"""Characters after which a card cuts a text that no network cuts, such as an article."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'”’»]", re.IGNORECASE)
_COLOURED: Final = re.compile(
    rf"{_ADDRESS.pattern}|(?<![\w/&])#\w+|(?<![\w/@.])@[\w][\w.@-]*\w", re.IGNORECASE
)


def text_of(text: str, accounts: Sequence[Account], *, length: str = "") -> PostText:
    """The text with a face for each place where the networks of these accounts cut it."""
    text = printable(text).strip()
    cuts: dict[int | None, list[str]] = {}
    for account in accounts:
        network = NETWORKS.get(account.provider)
        names = cuts.setdefault(_cut(text, account), [])
        name = network.label if network else account.alias or account.name
        if name not in names:
            names.append(name)
    faces = tuple(FeedCut(tuple(names), cut) for cut, names in cuts.items())
    return PostText(tuple(_pieces(text, faces)), faces, length)


def whole_text(text: str) -> PostText:
    """A text that no network cuts."""
    return PostText(tuple(_pieces(printable(text).strip(), ())))


def linked(text: str) -> PostText:
    """A text of ours, or for the team alone: URLs are links, and nothing is coloured."""
    return PostText(tuple(_pieces(printable(text).strip(), (), _ADDRESS)))


def _cut(text: str, account: Account) -> int | None:
    """Where a feed on this network stops, at the end of a word; None where it shows all."""
    network = NETWORKS.get(account.provider)
    rule = network.text if network else None
    most = (rule.fold if rule else None) or LONG
    if rule and rule.fold_lines:
        lines = text.split("\n")[: rule.fold_lines]
        most = min(most, len("\n".join(lines)))
    if len(text) <= most + 12:  # nothing is hidden for the sake of a word
        return None
    space = max(text.rfind(" ", most // 2, most + 1), text.rfind("\n", most // 2, most + 1))
    return space if space > 0 else most


def _pieces(text: str, faces: Sequence[FeedCut], marked: re.Pattern[str] = _COLOURED) -> Iterable[TextPiece]:
    coloured = [(found.start(), found.end()) for found in marked.finditer(text)]
    ends = {0, len(text), *(place for pair in coloured for place in pair)}
    ends |= {face.shown for face in faces if face.shown is not None}
    for start, end in pairwise(sorted(ends)):
        hidden = tuple(
            number for number, face in enumerate(faces) if face.shown is not None and start >= face.shown
        )
        whole = next((text[first:last] for first, last in coloured if first <= start < last), "")
        yield TextPiece(
            text[start:end], bool(whole), hidden, whole if whole.lower().startswith("http") else ""
        )

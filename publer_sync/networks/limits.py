"""The kinds of limits a network may have; `table` has the figures. `source` names the page they come from."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

Unit = Literal["characters", "weighted", "graphemes", "mastodon", "threads"]
"""How a text is counted: code points; X's weights; user-perceived characters; links and handles shortened; emoji as bytes."""

MB: Final = 1_000_000
MINUTES: Final = 60
HOURS: Final = 3_600

UPLOAD_LIMIT: Final = 200 * MB
"""The largest file Publer takes directly (Publer docs, "Media Handling"); a larger one needs a public URL."""


@dataclass(frozen=True, slots=True)
class TextLimit:
    """`long_limit` is for long posts of paying accounts; `settable`: a server may set its own."""

    limit: int
    unit: Unit = "characters"
    soft_limit: int | None = None
    caption_limit: int | None = None
    """The limit for a text under media."""
    long_limit: int | None = None
    settable: bool = False
    max_bytes: int | None = None
    shortens: bool = False
    """Its own app shortens the links that a text shows; whether Publer does, nobody has published."""
    fold: int | None = None
    """About how many characters a feed shows before "see more". No network documents its own; these are what guides on
    social media agree on (2026), and screens differ."""
    fold_lines: int | None = None
    """The lines after which it stops anyway."""
    source: str = 'Publer docs, "Networks"'


@dataclass(frozen=True, slots=True)
class TitleLimit:
    """Only posts of `types` (none: all) are sent with a title; `length` is None if no limit is documented."""

    length: int | None
    required_for: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    source: str = 'Publer docs, "Networks"'


@dataclass(frozen=True, slots=True)
class ImageLimit:
    """Sizes in bytes, sides in pixels, ratios as width by height."""

    count: int
    soft_count: int | None = None
    max_bytes: int | None = None
    soft_bytes: int | None = None
    gif_bytes: int | None = None
    gif_frames: int | None = None
    gif_sides: tuple[int, int] | None = None
    min_side: int | None = None
    ratios: tuple[float, float] | None = None
    alt_length: int | None = None
    source: str = 'Publer docs, "Photo Posts"'


@dataclass(frozen=True, slots=True)
class VideoLimit:
    """Seconds and bytes; `ratios` are the tallest and the widest, as people write them."""

    min_seconds: float | None = None
    max_seconds: float | None = None
    soft_seconds: float | None = None
    max_bytes: int | None = None
    soft_bytes: int | None = None
    by_type: Mapping[str, tuple[float, float]] = dataclasses.field(default_factory=dict)
    """The shortest and longest seconds of a reel, story or short, where Publer and the network agree on others."""
    ratios: tuple[str, str] | None = None
    thumbnail_bytes: int | None = None
    source: str = 'Publer docs, "Video Posts"'


@dataclass(frozen=True, slots=True)
class PollLimit:
    """Publer counts a poll's duration in whole days; `days` are those the network offers."""

    option_length: int
    days: tuple[int, ...]
    question: bool = False
    """Whether the question has its own field; elsewhere it is the text."""
    question_length: int | None = None
    options: tuple[int, int] = (2, 4)
    source: str = 'Publer docs, "Polls"'


@dataclass(frozen=True, slots=True)
class Cap:
    """Posts of one account in any 24 hours, counted in UTC, on the Business plan; `types` empty: all others.

    `page_limit` is the figure for a page, if it differs from that for a profile; `anti_spam` the one of Publer's article
    on spam, if it differs from that of the API's page: nobody knows which of them counts.
    """

    limit: int
    what: str = "posts"
    types: tuple[str, ...] = ()
    page_limit: int | None = None
    anti_spam: int | None = None
    source: str = 'Publer docs, "Rate Limits", daily posting limits'

    @property
    def lowest(self) -> int:
        """The lower of the documented figures."""
        return min(self.limit, self.anti_spam or self.limit)

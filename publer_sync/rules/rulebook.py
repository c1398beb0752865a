"""Every rule about content that is checked offline, by its code.

docs/rules.md says what each is about, and where it comes from. `rules` reports nothing under a code that is not here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.networks.table import Network
    from publer_sync.values.problems import Location

Severity = Literal["error", "warning"]


SIGNATURE_ROOM: Final = 50
"""A text that leaves so many characters has room for a signature of a line; how long the account's is, only Publer knows."""
SOFT: Final = ".soft"
"""Ends the code of a warning where the same rule is an error further on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` holds `{network}` where every network has its own code.

    `softer`: it also warns, below the hard limit, with SOFT after its code, so that each can be silenced by itself.
    `firm` rules cannot be silenced by `ignore`: what breaks them cannot be sent to Publer.
    """

    code: str
    severity: Severity
    softer: bool = False
    firm: bool = False

    def code_for(self, network: Network | None) -> str:
        return self.code.replace("{network}", network.code if network else "")

    def codes(self, network: Network | None) -> tuple[str, ...]:
        """Every code that it reports."""
        code = self.code_for(network)
        return (code, code + SOFT) if self.softer else (code,)


@dataclass(frozen=True, slots=True)
class PostProblem:
    """A rule that a part of one post breaks; `path` is that part, as in Post.places. `soft`: only a warning; `hard`: an error.

    `offset` is where in the text at `path` it is broken, if in one place.
    It becomes a Problem once its lines and accounts are known.
    """

    rule: Rule
    path: str
    message: str
    help: Help
    soft: bool = False
    related: tuple[tuple[Location, str], ...] = ()
    offset: int | None = None
    hard: bool = False
    past: bool = False
    """Of a post that is never sent, which is a warning at most."""

    @property
    def severity(self) -> Severity:
        if self.past:
            return "warning"
        return "error" if self.hard else "warning" if self.soft else self.rule.severity

    def codes(self, network: Network | None) -> tuple[str, ...]:
        """Its own code, then any other that silences it."""
        return self.rule.codes(network)[::-1] if self.soft else (self.rule.code_for(network),)


def problem(
    code: str,
    path: str,
    message: str,
    say: str = "",
    *,
    example: str = "",
    soft: bool = False,
    related: tuple[tuple[Location, str], ...] = (),
    offset: int | None = None,
    ways: tuple[tuple[str, str], ...] = (),
    hard: bool = False,
) -> PostProblem:
    """`code` is as in the table, with `{network}`. Its Help never has lines to paste: their effect depends on the whole post."""
    help_ = Help(say, example=example, ways=ways)
    return PostProblem(RULES[code], path, message, help_, soft, related, offset, hard)


_TABLE: Final = (
    Rule("{network}.text.length", "error", softer=True),
    Rule("{network}.text.bytes", "error"),
    Rule("linkedin.text.reserved", "warning"),
    Rule("text.none", "error"),
    Rule("text.placeholder", "error", softer=True),
    Rule("text.invisible", "error", softer=True),
    Rule("text.mojibake", "warning"),
    Rule("text.internal", "warning"),
    Rule("text.comment", "error"),
    Rule("text.html", "warning"),
    Rule("yaml.folded", "error"),
    Rule("yaml.paragraph", "error"),
    Rule("text.newline", "error"),
    Rule("text.key", "error", softer=True),
    Rule("text.fence", "warning"),
    Rule("text.markdown", "warning"),
    Rule("text.again", "warning"),
    Rule("client.text", "warning"),
    Rule("client.label", "warning"),
    Rule("{network}.title.length", "error"),
    Rule("title.network", "warning"),
    Rule("{network}.title.none", "error"),
    Rule("{network}.brackets", "error"),
    Rule("{network}.hashtags", "error", softer=True),
    Rule("{network}.mentions", "warning"),
    Rule("x.cashtags", "warning"),
    Rule("{network}.links", "error"),
    Rule("instagram.text.link", "warning"),
    Rule("tiktok.text.link", "warning"),
    Rule("google.text.phone", "warning"),
    Rule("type.network", "error"),
    Rule("type.doubtful", "warning"),
    Rule("type.none", "error"),
    Rule("type.media", "error"),
    Rule("instagram.video", "error"),
    Rule("link.{network}", "error"),
    Rule("page.none", "error", firm=True),
    Rule("page.address", "error", firm=True),
    Rule("link.host", "warning"),
    Rule("link.invisible", "error"),
    Rule("link.twice", "error"),
    Rule("link.local", "warning"),
    Rule("link.dead", "warning"),
    Rule("link.unasked", "warning", firm=True),
    Rule("{network}.link.length", "warning"),
    Rule("link.media", "error"),
    Rule("link.details", "warning"),
    Rule("link.phone", "error"),
    Rule("link.button", "error"),
    Rule("google.button", "warning"),
    Rule("media.empty", "error", firm=True),
    Rule("media.cut", "error", firm=True),
    Rule("media.format", "error", firm=True),
    Rule("media.extension", "error", firm=True),
    Rule("media.large", "error", firm=True),
    Rule("media.office", "warning"),
    Rule("media.cover", "error"),
    Rule("media.mixed", "error"),
    Rule("media.caption", "warning"),
    Rule("media.expires", "warning"),
    Rule("media.page", "warning"),
    Rule("alt.words", "warning"),
    Rule("media.no-alt", "warning"),
    Rule("{network}.media.count", "error", softer=True),
    Rule("{network}.image.weight", "error", softer=True),
    Rule("{network}.image.shape", "warning"),
    Rule("{network}.image.small", "warning"),
    Rule("{network}.image.large", "warning"),
    Rule("{network}.image.frames", "warning"),
    Rule("{network}.alt.length", "warning"),
    Rule("{network}.video.length", "error", softer=True),
    Rule("{network}.video.weight", "error", softer=True),
    Rule("{network}.video.shape", "warning"),
    Rule("{network}.thumbnail.weight", "warning"),
    Rule("{network}.document.weight", "error"),
    Rule("poll.network", "error"),
    Rule("poll.type", "error"),
    Rule("poll.options", "error"),
    Rule("poll.option", "error"),
    Rule("poll.duration", "error"),
    Rule("poll.media", "error"),
    Rule("poll.question", "error"),
    Rule("poll.unasked", "warning"),
    Rule("thread.counted", "warning"),
    Rule("media.counted", "warning"),
    Rule("thread.alt", "warning"),
    Rule("comments.alt", "warning"),
    Rule("thread.network", "error"),
    Rule("thread.media", "error", firm=True),
    Rule("comments.network", "error", softer=True),
    Rule("comments.media", "error", firm=True),
    Rule("share.network", "error"),
    Rule("share.reminder", "error"),
    Rule("share.text", "error"),
    Rule("conditions.figures", "warning"),
    Rule("field.unproved", "warning"),
    Rule("signature.network", "warning"),
    Rule("signature.length", "warning"),
    Rule("field.time", "error", firm=True),
    Rule("field.type", "warning"),
    Rule("field.conflict", "error"),
    Rule("google.event", "error"),
    Rule("google.event.over", "warning"),
    Rule("pinterest.board", "warning"),
    Rule("wordpress.marks", "warning"),
    Rule("wordpress.picture", "error"),
    Rule("youtube.tags", "error"),
    Rule("day.cap", "warning"),
    Rule("cadence.many", "warning"),
    Rule("cadence.few", "warning"),
    Rule("cadence.hours", "warning"),
    Rule("text.day", "warning"),
    Rule("cadence.quiet", "warning"),
    Rule("use.soon", "warning"),
    Rule("use.often", "warning"),
    Rule("use.outside", "warning"),
    Rule("use.words", "warning"),
    Rule("budget", "warning"),
    Rule("words.never", "warning"),
    Rule("words.say", "warning"),
    Rule("words.must", "warning"),
    Rule("words.label", "warning", firm=True),
    Rule("words.slow", "error", firm=True),
    Rule("time.far", "warning"),
    Rule("time.soon", "warning"),
    Rule("repeat.short", "warning"),
    Rule("ignore.unknown", "warning", firm=True),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.code: rule for rule in _TABLE})
"""The table, by code."""

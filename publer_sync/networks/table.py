"""What each network accepts: types, limits, and its own keys (`own_fields`).

The schema, the rules, the payload and the docs all read this table, so they cannot disagree. Where Publer and a network
differ, the smaller figure counts; where their documents differ, the `soft_` figure warns and the plain one is an error.
`source` names the page that a figure comes from.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.networks import own_fields as own
from publer_sync.networks.limits import (
    HOURS,
    MB,
    MINUTES,
    Cap,
    ImageLimit,
    PollLimit,
    TextLimit,
    TitleLimit,
    VideoLimit,
)
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.networks.fields import Field

POST_TYPES: Final = (
    "status", "photo", "video", "link", "gif", "poll", "carousel", "document", "article", "reel", "story", "short",
    "event", "offer",
)  # fmt: skip
"""Every type of post that the calendar knows (Publer docs, "Content Types")."""

ITEMS_PER_JOB: Final = 500
"""Posts in one request (Publer docs, "Bulk Scheduling")."""


Support = Literal["yes", "no", "open"]
"""Whether the network has the feature in Publer; `open`: the documents do not say."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network. `key` is Publer's `provider`, `code` the prefix of its rules, `label` its name for people."""

    key: str
    label: str
    types: tuple[str, ...]
    text: TextLimit
    caps: tuple[Cap, ...]
    fields: tuple[Field, ...] = ()
    doubtful_types: tuple[str, ...] = ()
    """Types that one page of Publer's documents lists and another leaves out."""
    title: TitleLimit | None = None
    images: ImageLimit | None = None
    video: VideoLimit | None = None
    document_bytes: int | None = None
    poll: PollLimit | None = None
    text_alone: bool = True
    mixes: bool = False
    """Whether a post may have both pictures and a video."""
    link: Literal["card", "url", "picture", "no"] = "no"
    """`card`: title, description, picture and button can be set; `url`: only the address, and the network makes
    the card; `picture`: the address that the post's media link to."""
    buttons: tuple[str, ...] = ()
    """What a link's `call_to_action` may be."""
    alt: bool = True
    thread: bool = False
    comments: Support = "no"
    share: bool = False
    forbidden: str = ""
    """Characters that neither the text nor the title may contain."""
    hashtags: int | None = None
    soft_hashtags: int | None = None
    mentions: int | None = None
    links: int | None = None
    link_length: int | None = None
    signs: Literal["yes", "premium", "no"] = "yes"
    """Whether Publer adds a signature to posts; `premium`: only for accounts that pay the network (Publer docs, "Post with Signature")."""

    @property
    def code(self) -> str:
        return code_of(self.key)

    @property
    def all_types(self) -> tuple[str, ...]:
        return self.types + self.doubtful_types

    def takes_alt(self, type: str) -> bool:
        """Whether the pictures of such a post can have alt texts (Meta, "Content Publishing": "Reels and stories are not supported")."""
        return self.alt and type not in _WITHOUT_ALT

    def takes_title(self, type: str) -> bool:
        """Whether such a post is published with a title; as far as is known, where `type` is ""."""
        limit = self.title
        return limit is not None and (not (type and limit.types) or type in limit.types)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def cap_for(self, type: str) -> Cap:
        return next((cap for cap in self.caps if type in cap.types), self.caps[0])


def network_of(word: str) -> str | None:
    """The provider that a network's name means, in any case, and with Publer's variants; None for anything else."""
    name = provider_of(word)
    return name if name in NETWORKS else None


def provider_of(word: str) -> str:
    """The same for any word; one that names no known network is returned in lower case."""
    name = word.strip().lower()
    return _ALIASES.get(name, name)


def code_of(provider: str) -> str:
    """What the calendar calls a provider: `x` for `twitter`, the same word for every other."""
    return "x" if provider == "twitter" else provider


_WITHOUT_ALT: Final = frozenset(("story", "reel", "short"))
_ALIASES: Final = {
    "x": "twitter",
    "bsky": "bluesky",
    "blue_sky": "bluesky",
    "wordpress_oauth": "wordpress",
    "wordpress_basic": "wordpress",
}


# --- the table ------------------------------------------------------------------------------------------------------

_TABLE: Final = (
    Network(
        key="facebook",
        label="Facebook",
        types=("status", "photo", "video", "link", "carousel", "story", "reel", "gif"),
        text=TextLimit(63_206, soft_limit=10_000, fold=400),
        title=TitleLimit(255, types=("video", "reel")),
        images=ImageLimit(10, soft_bytes=8 * MB),
        video=VideoLimit(
            min_seconds=1,
            max_seconds=5 * HOURS,
            soft_seconds=4 * HOURS,
            by_type={"reel": (3, 90), "story": (1, 60)},
            ratios=("9:16", "16:9"),
        ),
        link="card",
        buttons=own.CALLS_TO_ACTION,
        comments="yes",
        share=True,
        caps=(Cap(36, "posts and reels"), Cap(36, "stories", ("story",))),
        fields=own.FACEBOOK,
    ),
    Network(
        key="instagram",
        label="Instagram",
        types=("photo", "carousel", "story", "reel"),
        text=TextLimit(2_200, fold=125),
        text_alone=False,
        mixes=True,
        images=ImageLimit(10, max_bytes=8 * MB, min_side=320, ratios=(4 / 5, 1.91), alt_length=1_000),
        video=VideoLimit(
            min_seconds=3, max_seconds=60 * MINUTES, soft_seconds=15 * MINUTES, by_type={"story": (3, 60)}
        ),
        comments="open",
        hashtags=30,
        soft_hashtags=5,
        mentions=20,
        caps=(Cap(25, "posts and reels"), Cap(25, "stories", ("story",))),
        fields=own.INSTAGRAM,
    ),
    Network(
        key="twitter",
        label="X",
        types=("status", "photo", "video", "link", "gif", "poll"),
        text=TextLimit(280, "weighted", long_limit=25_000, fold=280, source='X docs, "Counting characters"'),
        images=ImageLimit(
            4, max_bytes=5 * MB, gif_bytes=15 * MB, gif_frames=350, gif_sides=(1_280, 1_080), alt_length=1_000
        ),
        video=VideoLimit(min_seconds=0.5, max_seconds=10 * MINUTES, soft_seconds=140, ratios=("1:3", "3:1")),
        poll=PollLimit(25, tuple(range(1, 8))),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        caps=(Cap(100),),
        signs="premium",
        fields=own.TWITTER,
    ),
    Network(
        key="linkedin",
        label="LinkedIn",
        types=("status", "photo", "video", "link", "document", "poll", "gif"),
        text=TextLimit(3_000, fold=210, fold_lines=3),
        title=TitleLimit(None, ("document",), ("document",), 'Publer docs, "LinkedIn PDF Carousels"'),
        images=ImageLimit(20, soft_count=9, soft_bytes=5 * MB),
        video=VideoLimit(min_seconds=3, max_seconds=15 * MINUTES, ratios=("1:2.4", "2.4:1")),
        document_bytes=100 * MB,
        poll=PollLimit(30, (1, 3, 7, 14), question=True, question_length=140),
        link="card",
        buttons=own.CALLS_TO_ACTION,
        comments="yes",
        share=True,
        caps=(Cap(14, page_limit=24),),
        fields=(own.SIGNATURE, own.WATERMARK),
    ),
    Network(
        key="pinterest",
        label="Pinterest",
        types=("photo", "video", "carousel"),
        text=TextLimit(500),
        text_alone=False,
        title=TitleLimit(100),
        images=ImageLimit(5, max_bytes=20 * MB, alt_length=500),
        video=VideoLimit(min_seconds=4, max_seconds=15 * MINUTES),
        link="picture",
        link_length=2_048,
        share=True,
        caps=(Cap(36, anti_spam=100),),
        fields=own.PINTEREST,
    ),
    Network(
        key="google",
        label="Google Business",
        types=("status", "photo", "event", "offer"),
        doubtful_types=("video", "link"),
        text=TextLimit(1_500),
        title=TitleLimit(58, ("event", "offer"), ("event", "offer"), "Google Business Profile, event titles"),
        images=ImageLimit(1, soft_bytes=5 * MB),
        link="picture",
        buttons=own.GOOGLE_CALLS_TO_ACTION,
        alt=False,
        share=True,
        caps=(Cap(15),),
        fields=own.GOOGLE,
    ),
    Network(
        key="youtube",
        label="YouTube",
        types=("video", "short"),
        text=TextLimit(5_000, max_bytes=5_000, source='YouTube Data API, "Videos", snippet.description'),
        text_alone=False,
        title=TitleLimit(100, ("video", "short"), source='Publer docs, "Updating Posts"'),
        video=VideoLimit(max_seconds=12 * HOURS, by_type={"short": (0, 3 * MINUTES)}, thumbnail_bytes=2 * MB),
        alt=False,
        comments="open",
        forbidden="<>",
        caps=(Cap(15, "videos and shorts", anti_spam=30),),
        fields=own.YOUTUBE,
    ),
    Network(
        key="tiktok",
        label="TikTok",
        types=("video", "photo", "carousel"),
        text=TextLimit(2_200),
        text_alone=False,
        title=TitleLimit(90, ("photo", "carousel"), source="TikTok, photo posts"),
        images=ImageLimit(35, soft_bytes=20 * MB),
        video=VideoLimit(min_seconds=3, max_seconds=10 * MINUTES),
        alt=False,
        share=True,
        caps=(Cap(25),),
        fields=own.TIKTOK,
    ),
    Network(
        key="wordpress",
        label="WordPress",
        types=("article",),
        text=TextLimit(10_000_000, source="no limit is stated"),
        title=TitleLimit(None, ("article",), source='Publer docs, "WordPress"'),
        images=ImageLimit(1, source='Publer docs, "WordPress", the featured image'),
        alt=False,
        comments="no",
        caps=(Cap(24, "articles"),),
        fields=own.WORDPRESS,
    ),
    Network(
        key="telegram",
        label="Telegram",
        types=("status", "photo", "video", "link", "gif"),
        text=TextLimit(4_096, caption_limit=1_024),
        images=ImageLimit(10, max_bytes=10 * MB),
        video=VideoLimit(soft_bytes=50 * MB),
        link="url",
        comments="open",
        share=True,
        caps=(Cap(15, "messages"),),
        fields=own.TELEGRAM,
    ),
    Network(
        key="mastodon",
        label="Mastodon",
        types=("status", "photo", "video", "link", "gif", "poll"),
        text=TextLimit(500, "mastodon", settable=True, source="Mastodon docs, instance configuration"),
        images=ImageLimit(4, max_bytes=16 * MB, soft_bytes=8 * MB, alt_length=1_500),
        video=VideoLimit(max_bytes=99 * MB, soft_bytes=40 * MB),
        poll=PollLimit(50, tuple(range(1, 8))),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        caps=(Cap(100),),
        fields=own.MASTODON,
    ),
    Network(
        key="threads",
        label="Threads",
        types=("status", "photo", "video", "link"),
        text=TextLimit(500, "threads", source='Threads docs, "Posts"'),
        images=ImageLimit(20, soft_count=10, max_bytes=8 * MB),
        video=VideoLimit(min_seconds=3, max_seconds=5 * MINUTES),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        links=5,
        caps=(Cap(250, anti_spam=25),),
        fields=own.THREADS,
    ),
    Network(
        key="bluesky",
        label="Bluesky",
        types=("status", "photo", "video", "link"),
        text=TextLimit(
            300, "graphemes", max_bytes=3_000, shortens=True, source="Bluesky's lexicon app.bsky.feed.post"
        ),
        images=ImageLimit(4, max_bytes=2 * MB, source="Bluesky's lexicon app.bsky.embed.images"),
        video=VideoLimit(max_seconds=3 * MINUTES, max_bytes=50 * MB),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        caps=(Cap(100),),
        signs="no",
        fields=own.BLUESKY,
    ),
)

NETWORKS: Final[Mapping[str, Network]] = MappingProxyType({network.key: network for network in _TABLE})
"""The table, by provider."""

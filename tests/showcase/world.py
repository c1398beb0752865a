"""The calendar of this folder as it is now, as it was last applied, what Publer shows of it, and the plan that follows."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from publer_sync.calendar.load import read
from publer_sync.ledger.copies import Copy, End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.planning.publication import Days, Results, publications, with_figures
from publer_sync.render import data
from publer_sync.render.plan_pages import for_pages
from publer_sync.values.approval import Approval
from publer_sync.values.content import Content
from publer_sync.values.model import Account, Family, Figure, Insight, Listing, LiveMedium, LivePost
from publer_sync.values.signoff import SignedPosts, Signoff
from tests.builders import DAY, NOW, WORKSPACE, copy_of, ledger, planned
from tests.networks.test_media import VIDEO
from tests.previewing.test_stills import pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.publication import By
    from publer_sync.values.model import Post

LATER: Final = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
"""When the results are asked for."""
HERE: Final = Path(__file__).parent
ACCOUNTS: Final = {
    "x": Account("a-x", "Fjordlight", "twitter", "x", "profile"),
    "linkedin": Account("a-li", "Fjordlight AS", "linkedin", "linkedin", "page"),
    "instagram": Account("a-ig", "fjordlight", "instagram", "instagram", "business"),
    "facebook": Account("a-fb", "Fjordlight in Bergen", "facebook", "facebook", "page"),
    "mastodon": Account("a-ma", "Fjordlight at home", "mastodon", "mastodon", max_characters=600),
    "youtube": Account("a-yt", "Fjordlight films", "youtube", "youtube"),
    "pinterest": Account("a-pi", "Fjordlight pins", "pinterest", "pinterest"),
    "wordpress": Account("a-wp", "Fjordlight blog", "wordpress", "wordpress", network_key="wordpress_oauth"),
}
BEFORE: Final = (
    ("hiring a repair engineer in Bergen. Apply by Friday!", "hiring an engineer. Apply!"),
    ("2026-12-10 18:30", "2026-12-09 12:00"),
    (
        "  - {file: media/wide.png, alt: Wide}\n  - {file: media/lamp.png, alt: A lamp}\n",
        "  - {file: media/lamp.png, alt: A lamp}\n  - {file: media/wide.png, alt: Wide}\n",
    ),
    ("media/tall.png, alt: The mini in blue", "media/old.png, alt: The mini in blue"),
    (
        "  text: The cut\n  media: [{file: media/film.mp4, thumbnail: media/lamp.png}]",
        "  text: The cut\n  media: [{file: media/old.mp4}]",
    ),
    ("facebook\n  text: We moved to another page", "linkedin\n  text: We moved to another page"),
    (
        "The third part is other\n    media: [{file: media/wide.png}]",
        "The third part\n    media: [{file: media/lamp.png}]",
    ),
    ("A candle, My phone, My bed", "A candle, My phone, A torch"),
    ("engagement: over 50", "engagement: over 20"),
    ("title: Price list", "title: The price list"),
    ("- {file: media/broken.png}", "- {file: media/old.png}"),
    ("media/prices.pdf", "media/old.pdf"),
    ('bench.jpg", alt: A bench', 'stool.jpg", alt: A bench'),
    ("With a picture now\n  media: [{file: media/lamp.png, alt: A lamp}]", "With a picture now"),
    ("part\n    media: [{file: media/lamp.png, alt: A lamp}]", "part\n    media: [{file: media/wide.png}]"),
    ("same-1\n  at: 2026-12-17 11:00", "same-1\n  at: 2026-12-16 11:00"),
    ("same-2\n  at: 2026-12-20 11:00", "same-2\n  at: 2026-12-18 11:00"),
    ("same-3\n  at: 2026-12-22 11:00", "same-3\n  at: 2026-12-21 11:00"),
    ("alt: A picture of one post alone", "alt: Another alt text"),
)
"""What the files say now, and what they said when they were applied."""
LEFT: Final = """
- id: left
  at: 2026-12-19 09:00
  accounts: [x, facebook]
  text: Left the calendar
  link: https://fjordlight.example/left
  media: [{file: media/old.png, alt: A picture that left}]
- id: left-film
  at: 2026-12-19 12:00
  accounts: facebook
  text: Left with its film
  media: [{file: media/old.mp4}]
- id: left-link
  at: 2026-12-19 13:00
  accounts: facebook
  text: Left with a picture from the web
  media: [{url: "https://fjordlight.example/pictures/left.jpg", alt: A picture}]
- id: left-guide
  at: 2026-12-19 15:00
  accounts: linkedin
  title: A guide
  text: Left with its guide
  media: [{file: media/old.pdf}]
- id: left-video
  at: 2026-12-19 18:00
  accounts: facebook
  text: Left with another film
  media: [{file: media/old.mp4, thumbnail: media/old.png}]
"""
NEW: Final = frozenset(
    (
        None,
        "winter-set",
        "far",
        "draft",
        "ad",
        "health",
        "when-live",
        "adopted",
        "news",
        "merged-late",
        "partly",
        "ad-picture",
    )
)
"""Posts that were not in the files then, by their ids."""


@dataclass(frozen=True)
class Showcase:
    """`top` is a folder for its files."""

    top: Path

    @cached_property
    def calendar(self) -> Calendar:
        """As its files are now; those that left are not there any more."""
        shutil.copytree(HERE / "calendar", self.top, dirs_exist_ok=True)
        media = self.top / "media"
        media.mkdir()
        for name, size, colour in (
            ("lamp.png", (120, 90), "teal"),
            ("wide.png", (300, 100), "navy"),
            ("tall.png", (60, 100), "maroon"),
            ("once.png", (50, 40), "gold"),
        ):
            Image.new("RGB", size, colour).save(media / name)
        (media / "broken.png").write_bytes(b"no picture")
        (media / "film.mp4").write_bytes(VIDEO)
        (media / "prices.pdf").write_bytes(pdf(5))
        return read(self.top)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        return self.calendar.bind(ACCOUNTS).posts

    @cached_property
    def applied(self) -> tuple[Post, ...]:
        """The posts as they were sent: the files of then, with the media that they had."""
        posts = self.calendar.top / "2026-12.yaml"
        now = text = posts.read_text(encoding="utf-8")
        for later, earlier in BEFORE:
            assert later in text, later
            text = text.replace(later, earlier)
        with_old = self.top.with_name(f"{self.top.name}-before")
        shutil.copytree(self.top, with_old)
        (with_old / posts.name).write_text(text + LEFT.lstrip(), encoding="utf-8")
        Image.new("RGB", (80, 80), "olive").save(with_old / "media" / "old.png")
        (with_old / "media" / "old.mp4").write_bytes(VIDEO + bytes(8))
        assert now == posts.read_text(encoding="utf-8")
        (with_old / "media" / "old.pdf").write_bytes(pdf(2))
        found = read(with_old).bind(ACCOUNTS).posts
        return tuple(post for post in found if (post.series or post.id) not in NEW)

    @cached_property
    def old_files(self) -> Mapping[str, bytes]:
        """The files that left, by their digests."""
        sources = [source for post in self.applied for source in post.media if source.path]
        return {
            each.digest: each.path.read_bytes() for each in sources if each.path and "old" in each.path.name
        }

    @cached_property
    def state(self) -> State:
        copies = [self._copy(number, post) for number, post in enumerate(self.applied, 1)]
        hold = Hold("Storm in Bergen", NOW - DAY, labels=("storm",))
        return ledger(*copies, holds=(hold,))

    def _copy(self, number: int, post: Post) -> Copy:
        copy = copy_of(post, number, post_id=f"p-{number}", seen=Seen.of(live_of(number, post)))
        if post.id == "out":
            return replace(copy, end=End.PUBLISHED, ended_at=post.at, evidence=f"p-{number}")
        if post.id == "failed":
            return replace(copy, end=End.FAILED, ended_at=post.at, publer_said="The token has expired")
        if post.id == "left-film":
            return replace(copy, sent=Content())  # what was sent long ago is forgotten
        return copy

    @cached_property
    def live(self) -> tuple[LivePost, ...]:
        """What Publer lists: what was sent, but for what others did there."""
        listed = []
        for number, post in enumerate(self.applied, 1):
            shown = live_of(number, post)
            if post.id in ("missing", "out", "failed"):
                continue
            if post.id == "left" and post.account.alias == "facebook":
                shown = replace(shown, text="")
            if post.id == "blocked":
                shown = replace(shown, text="Edited in Publer, by Anna")
            if post.id == "kept" and post.account.alias == "mastodon":
                shown = replace(shown, state="scheduled_pending")
            listed.append(shown)
        adopted = next(post for post in self.posts if post.id == "adopted")
        return (*listed, replace(live_of(99, adopted), id="p-adopted"), *self.unmanaged)

    @property
    def unmanaged(self) -> tuple[LivePost, ...]:
        """Posts that colleagues made in Publer."""
        at = NOW + 20 * DAY
        pieces = (LiveMedium("m-1", "theirs.mp4", "https://cdn.example/1.png", "Theirs"), LiveMedium())
        return (
            LivePost("o-1", "a-x", "scheduled", at, "A colleague's post", link="https://fjordlight.example/o", type="link"),
            LivePost("o-2", "a-li", "scheduled", at, "A colleague's post", link="https://fjordlight.example/o", type="link"),
            LivePost("o-3", "a-fb", "draft_dated", at, "A colleague's draft", type="photo", media=2, pieces=pieces, labels=("theirs",)),
            LivePost("o-4", "a-unknown", "scheduled", at, "On an account that is not managed"),
            LivePost("o-6", "a-ma", "scheduled", at, "Of a type that Publer does not show"),
            LivePost("o-5", "a-fb", "draft_undated", None, "A colleague's draft without a time"),
        )  # fmt: skip

    @cached_property
    def approvals(self) -> tuple[Approval, ...]:
        """Kari's yes to one ad, and to another before its words changed."""
        bare = SignedPosts(Signoff.of(self.calendar.settings), self.posts)
        by_id = {post.id: post for post in self.posts}
        given = []
        old = next(
            source
            for post in self.applied
            for source in post.media
            if source.path and source.path.name == "old.png"
        )
        picture = replace(by_id["ad-picture"].content.media[0], file=old.digest)
        yeses: tuple[tuple[str, str, dict[str, Any]], ...] = (
            ("ad-signed", "kari", {}),
            ("health", "kari", {}),
            ("health", "legal", {"at": by_id["health"].at - DAY}),
            ("ad", "ben", {"text": "Buy now, ad: the maxi"}),
            ("ad-picture", "ben", {"media": (picture,)}),
        )
        for name, by, changed in yeses:
            post = by_id[name]
            content: dict[str, Any] = {key: value for key, value in changed.items() if key != "at"}
            was = replace(post, content=replace(post.content, **content), at=changed.get("at", post.at))
            said = bare.statement(was)
            given.append(
                Approval(
                    name, post.account.alias or "", by, NOW - DAY, said.digest, said, post.content.labels
                )
            )
        return tuple(given)

    @cached_property
    def signoff(self) -> Signoff:
        return Signoff.of(self.calendar.settings, self.approvals)

    @cached_property
    def signed(self) -> SignedPosts:
        return SignedPosts(self.signoff, self.posts)

    @property
    def document(self) -> Mapping[str, Any]:
        """The plan as its file has it."""
        return {**data.plan(self.plan, version=""), "shown": for_pages(self.plan)}

    @cached_property
    def plan(self) -> Plan:
        sources = [source for post in self.applied for source in post.media if source.path]
        names = {each.digest: each.path.name for each in sources if each.path and "old" in each.path.name}
        found = planned(
            self.posts,
            self.live,
            self.state,
            accounts=ACCOUNTS.values(),
            signoff=self.signoff,
            waiting=self.calendar.desired.waiting,
        )
        return replace(found, names=names)

    def results(
        self, by: By | None = None, *, insights: bool = True, since: datetime = NOW - 5 * DAY
    ) -> Results:
        """What became of the posts until the new year, as Publer lists it then."""
        days = Days(since, LATER, LATER)
        by_id = {account.id: account for account in ACCOUNTS.values()}
        listing = Listing(tuple(self._published()))
        found = publications(self.posts, self._later, listing, by_id, days)
        found = with_figures(found, self._insights()) if insights else found
        name, settings = "fjordlight", self.calendar.settings
        return Results(
            name,
            WORKSPACE,
            settings.timezone,
            days,
            found,
            unlisted=2,
            by=by,
            insights=insights,
            top=self.top,
        )

    @cached_property
    def _later(self) -> State:
        """The ledger of then: what left the calendar was removed, and one post was on hold."""
        copies = []
        for number, post in enumerate(self.posts, 1):
            if post.id in ("missing", "asked", "merged-late", "failed"):
                continue
            copy = (
                self._copy(number, post) if post.id != "out" else copy_of(post, number, post_id=f"p-{number}")
            )
            copies.append(copy)
        return ledger(*copies, holds=(Hold("Storm in Bergen", NOW - DAY, labels=("storm",)),))

    def _published(self) -> Iterator[LivePost]:
        """Each in its minute or one later, but for what went wrong."""
        for number, post in enumerate(self.posts, 1):
            if post.id in ("missing", "held", "asked", "gone-soon", "replaced", "merged-late", "failed"):
                continue
            shown = replace(
                live_of(number, post),
                state="published_posted",
                at=post.at + timedelta(minutes=number % 2),
                post_link=f"https://social.example/{post.account.alias}/{number}" if number % 5 else "",
            )
            match post.id:
                case "away":
                    shown = replace(shown, state="failed", error="The token has expired", post_link="")
                case "thread":
                    shown = replace(shown, state="failed", post_link="")
                case "moved":
                    shown = replace(shown, state="scheduled", at=LATER + DAY, post_link="")
                case "edited":
                    shown = replace(shown, state="draft_dated", at=post.at, post_link="")
                case "health":
                    shown = replace(shown, state="scheduled_reauth", at=post.at, post_link="")
                case "call":
                    shown = replace(shown, state="published_deleted")
                case "link":
                    shown = replace(shown, state="published_hidden")
                case "far":
                    continue
            yield shown
        at = NOW + 10 * DAY
        pieces = (LiveMedium("m-1", "theirs.mp4", "https://cdn.example/1.mp4", "Theirs"), LiveMedium())
        yield LivePost(
            "o-1", "a-x", "published_posted", at, "A colleague's post", post_link="https://social.example/o/1"
        )
        yield LivePost(
            "o-2", "a-fb", "published_posted", at, "", pieces=pieces, labels=("theirs",), imported=True
        )
        yield replace(
            live_of(0, self.posts[0]),
            id="due",
            state="scheduled",
            at=LATER - timedelta(minutes=10),
            text="Due now",
        )

    def _insights(self) -> Iterator[Insight]:
        for number, live in enumerate(self._published()):
            figures = [Figure("reach", "Reach", 1000.0 + 37 * number), Figure("likes", "Likes", number % 7)]
            figures += [
                Figure("rate", "Engagement rate", 2.5),
                Figure("clicks", "Clicks", None if number % 3 else 4.5),
            ]
            if live.family is Family.PUBLISHED:
                yield Insight(live, tuple(figures))


def live_of(number: int, post: Post) -> LivePost:
    """As Publer lists it once it was sent."""
    content = post.content
    return LivePost(
        f"p-{number}",
        post.account.id,
        "draft_dated" if post.draft else "scheduled",
        post.at,
        content.text,
        title=content.title,
        link=content.link.url if content.link else "",
        media=len(content.media),
        type=content.type,
        labels=content.labels,
    )


def read_broken(folder: Path) -> Calendar:
    """A calendar with errors."""
    shutil.copytree(HERE / "broken", folder, dirs_exist_ok=True)
    return read(folder)


def in_order(posts: Sequence[Post]) -> list[Post]:
    return sorted(posts, key=lambda post: (post.at, post.account.id))

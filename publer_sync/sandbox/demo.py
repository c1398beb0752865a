"""`--seed demo`: a workspace with some sixty posts that people made by hand, from three weeks ago to two months ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from publer_sync.sandbox.seed import Seed, SeedAccount

if TYPE_CHECKING:
    from publer_sync.sandbox.sandbox import Sandbox

ACCOUNTS: Final = {
    "facebook": SeedAccount("63f1a0c2d4e5f60718293a01", "facebook", "Fjordlight"),
    "instagram": SeedAccount("63f1a0c2d4e5f60718293a02", "instagram", "fjordlight.lamps"),
    "x": SeedAccount("63f1a0c2d4e5f60718293a03", "twitter", "Fjordlight"),
    "linkedin": SeedAccount("63f1a0c2d4e5f60718293a04", "linkedin", "Fjordlight AS"),
    "bluesky": SeedAccount("63f1a0c2d4e5f60718293a05", "bluesky", "fjordlight.example"),
}
DEMO: Final = Seed("63f1a0c2d4e5f60718293aff", "Fjordlight", tuple(ACCOUNTS.values()))


class _Demo(NamedTuple):
    """A post `days` from today at `hour`, on accounts by their first letters; None: a draft without a date."""

    days: int | None
    hour: int
    accounts: str
    text: str
    state: str = "scheduled"
    picture: str = ""
    link: str = ""
    error: str = ""


_SHOP: Final = "https://example.com/fjordlight"
_POSTS: Final = (
    # published, and what failed
    _Demo(-21, 9, "fxl", "Our workshop is open again. Come and see how a lamp is made.", "published"),
    _Demo(
        -18, 12, "fi", "New on the bench: a shade spun from one sheet of aluminium.", "published", "shade.jpg"
    ),
    _Demo(-15, 9, "xb", "412 lamps repaired this year. The oldest was bought in 1974.", "published"),
    _Demo(-13, 17, "fil", "Meet the Mini: 90 grams, twelve hours of light.", "published", "mini.jpg"),
    _Demo(
        -10,
        9,
        "xlb",
        "We are looking for a second painter. Bergen, full time.",
        "published",
        link=f"{_SHOP}/jobs",
    ),
    _Demo(-7, 12, "f", "The press pictures of the Mini are online.", "published", link=f"{_SHOP}/press"),
    _Demo(-6, 15, "x", "Sample sale today until six!", "published_deleted"),
    _Demo(-5, 9, "xb", "Tip: dry your lamp before you charge it.", "published"),
    _Demo(
        -4, 17, "i", "Friday light.", "failed", "friday.jpg", error="The session of this account has expired"
    ),
    _Demo(-3, 9, "fxl", "Three colours, one lamp. Which one is yours?", "published", "colours.jpg"),
    _Demo(
        -2,
        12,
        "l",
        "How we halved our packaging in a year.",
        "failed",
        error="LinkedIn refused the link preview",
    ),
    _Demo(-1, 9, "fxb", "Thank you for 10,000 repairs.", "published"),
    # ahead
    _Demo(1, 9, "fxlb", "Good morning! From today the Mini comes in blue. 💙", picture="blue.jpg"),
    _Demo(2, 12, "fi", "Behind the scenes: the paint shop.", picture="paint.jpg"),
    _Demo(3, 9, "xb", "Repair beats replace: 430 lamps went home again."),
    _Demo(4, 17, "fl", "Winter opening hours:\n\nMon to Fri  9 to 17\nSat  10 to 14", link=f"{_SHOP}/hours"),
    _Demo(6, 9, "fx", '"It is the only lamp I take into the tent." Thank you, that is why we make it.'),
    _Demo(8, 9, "xlb", "#FjordlightFacts: every lamp has 23 parts, and you can buy each one."),
    _Demo(9, 12, "i", "A lamp, a table, a storm outside.", picture="storm.jpg"),
    _Demo(10, 9, "fl", "- one screwdriver\n- ten minutes\n- ten more years of light", link=f"{_SHOP}/repair"),
    _Demo(12, 9, "fxlb", "Save the date: open day in the workshop. 100% light: yes, no cake: no."),
    _Demo(
        15, 17, "fi", "What would you take into the dark first: the lamp, or the thermos?", picture="dark.jpg"
    ),
    _Demo(17, 9, "x", "Key: value. That's how our new part numbers work."),
    _Demo(20, 9, "fxb", "Our care guide, for those who threw theirs away.", link=f"{_SHOP}/care"),
    _Demo(
        24,
        12,
        "l",
        "Made in Bergen: our metal spinner is at number 4, our painter at number 9.",
        "scheduled_pending",
    ),
    _Demo(27, 9, "f", "Half price on last year's colours!!!", "scheduled_declined"),
    _Demo(30, 9, "xb", "One month of blue. Here is what you said.", picture="month.jpg"),
    _Demo(45, 12, "fil", "The long evenings are over: thank you for this season.", picture="spring.jpg"),
    _Demo(7, 12, "f", "DRAFT: an interview with our painter", "draft"),
    _Demo(14, 12, "l", "Draft of the annual figures, to be checked", "draft"),
    _Demo(None, 0, "fx", "Ideas: lamp of the month? reader pictures?", "draft"),
)


def fill(sandbox: Sandbox, now: datetime) -> None:
    """Add the posts, unless some are there already."""
    if sandbox.posts():
        return
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for post in _POSTS:
        picture = sandbox.add_media(post.picture) if post.picture else ""
        for letter in post.accounts:
            _add(sandbox, post, next(name for name in ACCOUNTS if name.startswith(letter)), today, picture)


def _add(sandbox: Sandbox, post: _Demo, name: str, today: datetime, picture: str) -> None:
    at = None if post.days is None else today + timedelta(days=post.days, hours=post.hour)
    fields: dict[str, Any] = {}
    if picture:
        path = f"https://cdn.publer.example/{post.picture}"
        fields |= {
            "media": [{"id": picture, "path": path, "type": "photo", "name": post.picture}],
            "type": "photo",
        }
    if post.link:
        fields |= {"url": post.link, "type": "link"}
    if post.error:
        fields["error"] = post.error
    if post.state.startswith("published"):
        fields["post_link"] = f"https://{name}.example/fjordlight/{(at or today):%Y%m%d}"
    sandbox.add(account_id=ACCOUNTS[name].id, at=at, text=post.text, state=post.state, **fields)

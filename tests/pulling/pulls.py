"""What a pull writes: each way in which a post is written, with each edit that somebody may make of it in Publer.

Each section is about the lines of a post. Each line has what somebody did in Publer, the lines that are taken out and put in, and
what is left with a reason.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.ledger.copies import Seen
from publer_sync.planning.planner import Scope
from publer_sync.publer.payload import face
from publer_sync.pulling.downloads import Downloads
from publer_sync.pulling.findings import find
from publer_sync.pulling.puller import Options, Reading, pull
from publer_sync.values.model import Account, LiveMedium
from tests.builders import HOUR, LINKEDIN, NOW, X, copy_of, ledger, planned, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.pulling.puller import PullResult
    from publer_sync.values.model import LivePost, Post

GOOGLE = Account("a-go", "Fjordlight Bergen", "google", "google", "location")
PAGE = Account("a-fb", "Fjordlight page", "facebook", "page", "page")
ACCOUNTS = {"x": X, "linkedin": LINKEDIN, "google": GOOGLE, "page": PAGE}
SETTINGS = """\
timezone: Europe/Oslo
accounts: {x: Fjordlight, linkedin: Fjordlight AS, google: Fjordlight Bergen, page: Fjordlight page}
dates: {fair: 2026-12-10}
"""
FORMS = {
    "on one account": "- {id: one, at: 2026-12-01 09:00, accounts: [x], text: Hello}\n",
    "on two accounts": "- id: one\n  at: 2026-12-01 09:00\n  accounts: [x, linkedin]\n  text: |\n    Hello\n    there\n",
    "with words for one account": (
        "- id: one\n  at: 2026-12-01 09:00\n  accounts:\n  - account: x\n    text: Hello X\n  - account: linkedin\n    at: 2026-12-01 10:00\n"
        "  text: Hello\n"
    ),
    "with words for a network": (
        "- id: one\n  at: 2026-12-01 09:00\n  accounts: [x, linkedin]\n  text: Hello\n  networks:\n    linkedin: {text: Hello there, title: News}\n"
    ),
    "that somebody leaves a day out of": (
        "- id: tips\n  at: 2026-12-01 09:00\n  accounts: [x, page]\n  text: A tip\n  repeat: {every: day, times: 3, except: [2026-12-02]}\n"
    ),
    "on a page, with a title": "- {id: one, at: 2026-12-01 09:00, accounts: [page], type: link, link: {url: https://a.example}, text: Hello}\n",
    "of a series": "- id: tips\n  at: 2026-12-01 09:00\n  accounts: [x]\n  text: A tip\n  repeat: {every: week, times: 2}\n",
    "that counts from a date": "- id: one\n  at: fair - 2d 09:00\n  accounts: [x, linkedin]\n  text: Hello\n",
    "with a link": "- id: one\n  at: 2026-12-01 09:00\n  accounts: [linkedin]\n  text: Hello\n  link: {url: https://a.example, title: Card}\n",
    "with a button": (
        "- id: one\n  at: 2026-12-01 09:00\n  accounts: [google]\n  text: Hello\n  link: {url: https://a.example, call_to_action: BOOK}\n"
    ),
    "with words that are added": '- id: one\n  at: 2026-12-01 09:00\n  accounts: [x]\n  text: Hello\n  append: "#sale"\n',
    "with its day in its link": (
        "- id: one\n  at: 2026-12-01 09:00\n  accounts: [linkedin]\n  text: Hello\n  link: https://a.example\n"
        '  utm: {content: "{date}"}\n'
    ),
    "that is a draft": "- id: one\n  at: 2026-12-01 09:00\n  accounts: [x]\n  text: Hello\n  draft: true\n",
    "without an id": "- at: 2026-12-01 09:00\n  accounts: [x]\n  text: Hello\n",
}

Edit = "Callable[[LivePost], LivePost | None]"
EDITS: dict[str, Any] = {
    "other words": lambda post: replace(post, text="Edited: yes"),
    "a hashtag more": lambda post: replace(post, text=f"{post.text} #more"),
    "another time": lambda post: replace(post, at=post.at + HOUR),
    "another day": lambda post: replace(post, at=post.at + timedelta(days=3)),
    "a draft, or scheduled": lambda post: replace(
        post, state="scheduled" if post.state == "draft" else "draft"
    ),
    "another link": lambda post: replace(post, link="https://b.example"),
    "another button": lambda post: replace(post, title="SHOP_NOW"),
    "a picture more": lambda post: replace(post, media=1, pieces=(LiveMedium("m-1"),)),
    "two pictures, one of them without an id": lambda post: replace(
        post, media=2, pieces=(LiveMedium("m-1", alt="A"), LiveMedium(""))
    ),
    "on another account": lambda post: replace(post, account_id=PAGE.id),
    "on another account, in other words": lambda post: replace(post, account_id=PAGE.id, text="Edited"),
    "without a time": lambda post: replace(post, at=None, state="draft"),
    "deleted": lambda _: None,
}
OPTIONS = {
    "": Options(removed=True),
    "prefer publer": Options(prefer="publer"),
    "prefer calendar": Options(prefer="calendar"),
}
NEW: dict[str, LivePost] = {
    "words": shown(NOW + 9 * HOUR, "New", id="n-1"),
    "a link": shown(NOW + 9 * HOUR, "New", id="n-1", account=LINKEDIN, link="https://a.example", type="link"),
    "a title": shown(NOW + 9 * HOUR, "New", id="n-1", account=PAGE, title="News", type="video", media=1),
    "a button": shown(
        NOW + 9 * HOUR, "New", id="n-1", account=GOOGLE, title="SHOP_NOW", link="https://a.example"
    ),
    "a photo": shown(
        NOW + 9 * HOUR, "New", id="n-1", media=1, type="photo", pieces=(LiveMedium("m-1", alt="A"),)
    ),
    "a carousel without pictures": shown(NOW + 9 * HOUR, "New", id="n-1", account=PAGE, type="carousel"),
    "a poll": shown(NOW + 9 * HOUR, "New", id="n-1", type="poll"),
    "labels": shown(NOW + 9 * HOUR, "New", id="n-1", labels=("sale",)),
    "a draft": shown(NOW + 9 * HOUR, "New", id="n-1", state="draft"),
    "a draft without a time": shown(None, "New", id="n-1", state="draft"),
    "a post that repeats": shown(NOW + 9 * HOUR, "New", id="n-1", state="recurring"),
    "a post that was published": shown(NOW - HOUR, "New", id="n-1", state="published"),
    "a post that failed": shown(NOW - HOUR, "New", id="n-1", state="failed"),
    "a post whose time has come": shown(NOW, "New", id="n-1"),
    "a declined post": shown(NOW + 9 * HOUR, "New", id="n-1", state="scheduled_declined"),
    "an unknown state": shown(NOW + 9 * HOUR, "New", id="n-1", state="dreaming"),
}


def _listed(post: Post, number: int) -> LivePost:
    shows = face(post.account, post.content)
    return shown(
        post.at,
        post.text,
        account=post.account,
        id=f"p-{number}",
        state="draft" if post.draft else "scheduled",
        title=shows.title,
        link=shows.link,
        media=shows.media,
    )


def _pull(
    top: Path,
    live: list[LivePost],
    was: list[LivePost],
    options: Options,
    sent: str = "",
    *,
    known: bool = True,
) -> PullResult:
    calendar = read(top)
    wanted = calendar.bind(ACCOUNTS).posts
    before = [replace(post, content=replace(post.content, text=sent)) if sent else post for post in wanted]
    copies = [copy_of(post, n + 1, post_id=f"p-{n}", seen=Seen.of(was[n])) for n, post in enumerate(before)]
    state = ledger(*copies if known else ())
    by_id = {account.id: account for account in ACCOUNTS.values()}

    def plan_of(posts: tuple[Post, ...]) -> Any:
        return planned(posts, live, state, accounts=by_id.values())

    def reading(files: Mapping[str, bytes]) -> Reading:
        after = read(top, instead=files)
        posts = after.bind(ACCOUNTS).posts
        return Reading(
            after, tuple(each for each in after.problems if each.severity == "error"), posts, plan_of(posts)
        )

    managed = {copy.post_id for copy in copies if copy.post_id and known}
    found = find(plan_of(wanted), live, managed, by_id, Scope(), now=NOW)
    return pull(calendar, found, by_id, (), options, reading, Downloads())


def _told(result: PullResult, before: Mapping[str, str]) -> str:
    told = []
    for file, data in sorted(result.files.items()):
        old, new = before.get(file, "").splitlines(), data.decode().splitlines()
        lines = [line for line in difflib.ndiff(old, new) if line[:2] in ("- ", "+ ")]
        told.append(f"{file}: {' / '.join(lines)}" if old else f"{file}: {' / '.join(new)}")
    told += [
        f"left {each.account.alias}: {each.reason}{f' > {each.paste}' if each.paste else ''}"
        for each in result.left
    ]
    told += [f"conflict {each.post.account.alias}: {each.conflict}" for each in result.conflicts]
    told += [f"kept {post.account.alias}" for post in result.kept]
    told += [f"{number} {what}" for what, number in result.counted.items()]
    told += [f"{what} on {dict(numbers)}" for what, numbers in result.over.items()]
    return "; ".join(told).replace("\n", " / ") or "nothing"


def section(form: str, top: Path) -> Iterator[str]:
    files = {"publer.yaml": SETTINGS, "posts.yaml": f"posts:\n{FORMS[form]}"}
    for name, text in files.items():
        (top / name).write_text(text)
    wanted = read(top).bind(ACCOUNTS).posts
    was = [_listed(post, number) for number, post in enumerate(wanted)]
    found: dict[str, list[str]] = defaultdict(list)
    for name, edit in EDITS.items():
        for which, edited in (("first", was[:1]), ("all", was)) if len(was) > 1 else (("it", was),):
            live = [each for post in was if (each := edit(post) if post in edited else post) is not None]
            found[_told(_pull(top, live, was, OPTIONS[""]), files)].append(f"{name}, {which}")
    for option in ("prefer publer", "prefer calendar"):
        live = [replace(post, text="Edited") for post in was]
        found[_told(_pull(top, live, was, OPTIONS[option], sent="Before"), files)].append(
            f"both changed, {option}"
        )
    for told, names in found.items():
        yield f"{'; '.join(names)} | {told}"


def new_posts(top: Path) -> Iterator[str]:
    files = {"publer.yaml": SETTINGS, "posts.yaml": f"posts:\n{FORMS['on one account']}"}
    for name, text in files.items():
        (top / name).write_text(text)
    was = [_listed(post, number) for number, post in enumerate(read(top).bind(ACCOUNTS).posts)]
    for name, post in NEW.items():
        yield f"{name} | {_told(_pull(top, [*was, post], was, Options()), files)}"


def in_its_minute(top: Path) -> Iterator[str]:
    """What somebody made in Publer in the minute of a post of the calendar that was never sent."""
    for form in ("on one account", "with a link", "with a button", "that is a draft"):
        files = {"publer.yaml": SETTINGS, "posts.yaml": f"posts:\n{FORMS[form]}"}
        for name, text in files.items():
            (top / name).write_text(text)
        was = [_listed(post, number) for number, post in enumerate(read(top).bind(ACCOUNTS).posts)]
        for name in (
            "other words",
            "another link",
            "another button",
            "a picture more",
            "a draft, or scheduled",
            "another time",
        ):
            live = [post for post in map(EDITS[name], was) if post is not None]
            for option in ("", "prefer publer"):
                told = _told(_pull(top, live, was, OPTIONS[option], known=False), files)
                yield f"{form}, {name}{f', {option}' if option else ''} | {told}"

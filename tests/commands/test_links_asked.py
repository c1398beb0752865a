"""`validate --links` from the command line: which links are asked, and what is told of them where."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.validate import dead_links
from tests.commands.reached import stand_in
from tests.schemas import conforms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Cli
    from tests.internet import Internet

SETTINGS = "workspace: W\ntimezone: UTC\naccounts: {x: X, facebook: Page}\n"
SOON = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d} 09:00"
LATER = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d} 09:00"
POSTS = f"""\
accounts: x
posts:
- at: {SOON}
  text: |
    Old: http://a.example/old and http://a.example/new
- at: {LATER}
  text: Again http://a.example/old
- at: 2026-01-02 09:00
  text: Past http://a.example/past
"""

Write: TypeAlias = "Callable[..., None]"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(posts: str = POSTS, settings: str = SETTINGS, folder: str = "calendar") -> None:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "publer.yaml").write_text(settings)
        (tmp_path / folder / "posts.yaml").write_text(posts)

    return write


def concise(cli: Cli, *more: str) -> list[str]:
    return cli("validate", "--links", "--format", "concise", *more).stdout.splitlines()


def test_dead_links_of_posts_ahead_are_warnings_at_each_post(
    cli: Cli, internet: Internet, write: Write
) -> None:
    internet.page("http://a.example/new")
    write()
    told = (
        "warning: http://a.example/old answers 404 (Not Found); correct the address, or remove it [link.dead]"
    )
    assert concise(cli) == [f"calendar/posts.yaml:{place}: {told}" for place in ("5:10", "7:3")]
    assert internet.requests == [f"{method} a.example/old" for method in ("HEAD", "GET")] + [
        "HEAD a.example/new"
    ]
    assert cli("validate", "--links").code == 0
    assert cli("validate", "--links", "--strict").code == 3


def test_without_the_option_nothing_is_looked_up(cli: Cli, internet: Internet, write: Write) -> None:
    write()
    assert "No problems." in cli("validate").stdout
    assert not internet.looked_up


def test_json_and_github_name_the_place(cli: Cli, internet: Internet, write: Write) -> None:
    internet.page("http://a.example/new")
    write()
    found: dict[str, Any] = json.loads(cli("validate", "--links", "--format", "json").stdout)
    conforms(found, "validate")
    assert [(each["code"], each["file"], each["line"]) for each in found["problems"]] == [
        ("link.dead", "posts.yaml", 5),
        ("link.dead", "posts.yaml", 7),
    ]
    lines = cli("validate", "--links", "--format", "github").stdout
    assert "::warning file=calendar/posts.yaml,line=7,col=3,title=link.dead::http://a.example/old" in lines


def test_every_part_of_a_post_is_asked_as_it_is_sent(cli: Cli, internet: Internet, write: Write) -> None:
    write(
        f"""\
posts:
- at: {SOON}
  accounts: facebook
  text: One
  link: http://a.example/link
  comments: [text: http://a.example/comment]
- at: {SOON}
  accounts: x
  text: Two (http://example.com/text)
  thread: [text: http://b.example/thread]
- at: {LATER}
  accounts: [facebook, x]
  text: Three
  media: [{{url: http://a.example/lamp.png, alt: A lamp}}]
""",
        SETTINGS + "append: {all: 'See http://a.example/us'}\n"
        "utm: {source: '{network}'}\nutm_hosts: [example.com]\n",
    )
    internet.page("http://a.example/")
    internet.page("http://example.com/")
    lines = concise(cli)
    places = {line.split(" ")[2]: line.split(": ")[0].rpartition("/")[2] for line in lines}
    assert places == {
        "http://a.example/link": "posts.yaml:5:3",
        "http://a.example/comment": "posts.yaml:6:14",
        "http://example.com/text": "posts.yaml:9:3",
        "http://b.example/thread": "posts.yaml:10:12",
        "http://a.example/lamp.png": "posts.yaml:14:12",
        "http://a.example/us": "publer.yaml:4:1",
    }
    assert len(lines) == len(places)
    heads = [each for each in internet.requests if each.startswith("HEAD")]
    assert "HEAD example.com/text?utm_source=x" in heads
    assert "HEAD a.example/link?utm_source=facebook" in heads
    assert "HEAD a.example/lamp.png" in heads
    assert len(heads) == 5  # b.example does not exist


def test_links_of_posts_ahead_are_asked_the_soonest_first(tmp_path: Path, write: Write) -> None:
    now = datetime.fromisoformat(f"{SOON}+00:00")
    days = {name: now + timedelta(days=number) for number, name in enumerate(("now", "next", "last"))}
    post = "- {{at: {:%Y-%m-%d %H:%M}, accounts: x, text: 'http://a.example/{}'}}\n"
    write("posts:\n" + "".join(post.format(days[name], name) for name in ("last", "now", "next")))
    asked: list[str] = []

    def check(urls: list[str], _: object) -> dict[str, None]:
        asked.extend(urls)
        return {}

    dead_links(read(tmp_path / "calendar"), stand_in(check=check), now=now)
    assert asked == ["http://a.example/next", "http://a.example/last"]


def test_what_is_silenced_is_not_asked(cli: Cli, internet: Internet, write: Write) -> None:
    write(settings=SETTINGS + "ignore: {link.dead: the site opens in May}\n")
    assert concise(cli) == []
    assert not internet.looked_up


def test_a_private_link_is_not_asked_and_is_told_once(cli: Cli, internet: Internet, write: Write) -> None:
    internet.names["intern.example"] = ["10.0.0.7"]
    write(f"posts:\n- at: {SOON}\n  accounts: x\n  text: http://localhost:8000/x or http://intern.example/\n")
    lines = concise(cli)
    assert [line.rpartition(" ")[2] for line in lines] == ["[link.local]", "[link.dead]"]
    assert "intern.example/ leads to a private address, and was not asked" in lines[1]
    assert not internet.connected


def test_several_calendars_ask_for_an_address_once(cli: Cli, internet: Internet, write: Write) -> None:
    internet.page("http://a.example/new")
    for folder in ("clients/acme", "clients/globex"):
        write(folder=folder)
    assert len(concise(cli, "clients")) == 4
    assert len(internet.requests) == 3


def test_what_could_not_be_asked_is_told(cli: Cli, internet: Internet, write: Write) -> None:
    write()
    assert concise(cli) == [
        (
            "warning: 2 of 2 links could not be asked, such as http://a.example/old; "
            "run it again later, or check the network [link.unasked]"
        )
    ]
    assert not internet.connected

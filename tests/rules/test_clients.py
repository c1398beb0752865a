"""What was meant for one client and stands at another: told where it is certain, and only there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from publer_sync.rules.clients import Clients, check_labels_of_groups
from publer_sync.values.model import MINUTE
from publer_sync.values.problems import Location, Problem
from tests.builders import SETTINGS
from tests.rules.builders import AT, hours, post
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.values.model import Post
    from tests.conftest import Cli

DAY = datetime.now(UTC).date() + timedelta(days=20)
WORDS = "We open our new hall on Friday at nine, and you are welcome"


def write(
    top: Path, posts: list[str], *, workspace: str = "", labels: str = "", more: str = "accounts: {x: Me}\n"
) -> None:
    top.mkdir(parents=True)
    settings = f"timezone: UTC\nname: {top.name.title()}\n{more}"
    settings += f"workspace: {workspace}\n" if workspace else ""
    settings += f"defaults: {{labels: [{labels}]}}\n" if labels else ""
    (top / "publer.yaml").write_text(settings, "utf-8")
    items = [f"- at: {DAY + timedelta(days=number)} 09:00\n  {post}\n" for number, post in enumerate(posts)]
    (top / "posts.yaml").write_text("posts:\n" + "".join(items), "utf-8")


def said(cli: Cli, top: Path, code: str) -> list[str]:
    ran = cli("validate", top, "--format", "concise")
    assert ran.code == 0, ran
    return [line for line in ran.stdout.splitlines() if code in line]


def text(words: str, accounts: str = "x", more: str = "") -> str:
    return f"accounts: {accounts}\n  text: {words}{more}"


def own(name: str) -> list[str]:
    """Posts that say something of their own."""
    return [text(f"Word {each} of a calendar that is called {name}") for each in range(5)]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[], Path]:
    """A new one each time: the rows of a table share the test's."""
    numbers = count()
    return lambda: tmp_path / str(next(numbers))


@each_of(
    ("one", "other", "workspaces", "more", "told"),
    [
        ([text(WORDS)], [text(WORDS)], ("Acme", "Brew"), "", True),
        ([text(WORDS)], [text(WORDS.upper())], ("Acme", "Brew"), "", True),
        ([text(WORDS)], [text(WORDS)], ("", ""), "hosts: [{}.example]\n", True),
        ([text("Buns and rye at half price")], [text("Buns and rye at half price")], ("Acme", "Brew"), "", True),
        # One company, or nobody knows.
        ([text(WORDS)], [text(WORDS)], ("Acme", ""), "", False),
        ([text(WORDS)], [text(WORDS)], ("", "Acme"), "", False),
        ([text(WORDS)], [text(WORDS)], ("Acme", "Acme"), "", False),
        ([text(WORDS)], [text(WORDS)], ("Acme", "0123456789abcdef01234567"), "", False),
        ([text(WORDS)], [text(WORDS)], ("", ""), "", False),
        ([text(WORDS)], [text(WORDS)], ("", ""), "hosts: [acme.example]\n", False),
        # A greeting, a draft, three of them, and somebody who means it.
        ([text("Happy new year to you")], [text("Happy new year to you")], ("Acme", "Brew"), "", False),
        ([text(WORDS)], [text(WORDS, more="\n  draft: true")], ("Acme", "Brew"), "", False),
        ([text("Buns, rye at half price")], [text("Buns, rye at half price")], ("Acme", "Brew"), "", False),
        ([text(f"{WORDS} {n}") for n in range(3)], [text(f"{WORDS} {n}") for n in range(3)], ("Acme", "Brew"), "", False),
        ([text(WORDS)], [text(WORDS, more="\n  ignore: {client.text: both know}")], ("Acme", "Brew"), "", False),
        ([text(WORDS, more="\n  ignore: {client.text: both know}")], [text(WORDS)], ("Acme", "Brew"), "", False),
    ],
)  # fmt: skip
def test_the_same_words_for_two_clients(
    cli: Cli,
    folder: Callable[[], Path],
    one: list[str],
    other: list[str],
    workspaces: tuple[str, str],
    more: str,
    told: bool,
) -> None:
    top = folder()
    for name, posts, workspace in (("acme", one, workspaces[0]), ("brew", other, workspaces[1])):
        settings = "accounts: {x: Me}\n" + more.format(name)
        write(top / name, [*own(name), *posts], workspace=workspace, more=settings)
    lines = said(cli, top, "client.text")
    assert len(lines) == told
    if told:
        day = DAY + timedelta(days=5)
        assert f"Acme has the same words, on {day:%a} {day.day} {day:%b %Y} (posts.yaml:" in lines[0]
        assert lines[0].startswith(f"{top}/brew/posts.yaml:")
    assert not said(cli, top / "brew", "client.text"), "one calendar has no other client"


@each_of(
    ("labels", "on", "told"),
    [
        (("acme", "brew"), ([], ["acme"]), "brew/posts.yaml"),  # at the post
        (("acme", "brew"), (["Brew"], []), "the label `Brew`, which all posts here have, is on a post of Acme"),
        (("acme", "brew"), ([], ["spring"]), ""),
        (("acme", ""), ([], ["acme"]), ""),
        (("", "brew"), (["brew"], []), ""),
        (("spring", "spring"), ([], ["spring"]), ""),
        (("acme", "brew, acme"), ([], []), ""),
        (("acme", "brew"), ([], ["acme", "acme"]), "brew/posts.yaml"),
        (("acme", "brew"), ([], ["acme", "acme", "acme"]), ""),
    ],
)  # fmt: skip
def test_the_label_of_another_client(
    cli: Cli, folder: Callable[[], Path], labels: tuple[str, str], on: tuple[list[str], list[str]], told: str
) -> None:
    top = folder()
    for name, default, extra in (("acme", labels[0], on[0]), ("brew", labels[1], on[1])):
        posts = [
            text(f"{each} words of {name}, number {number}", more=f"\n  labels: [{each}]")
            for number, each in enumerate(extra)
        ]
        write(top / name, [*own(name), *posts], labels=default)
    lines = said(cli, top, "client.label")
    assert len(lines) == (max(map(len, on)) if told else 0)
    assert all(told in line for line in lines)


def judged(clients: Clients, name: str, posts: list[Post], *labels: str) -> list[str]:
    """What is told of a calendar with the posts, each with the name of the other one."""
    settings = replace(SETTINGS, name=name, workspace=name)
    return [
        each.message if isinstance(each, Problem) else each[1].message.partition(" has ")[0]
        for each in clients.check(name, posts, settings, labels, AT)
    ]


def test_a_calendar_that_is_judged_again_counts_by_what_it_says_now() -> None:
    """What four have in common is meant for all of them; the fourth said it a moment ago."""
    words = [post("twitter", hours(24), text=WORDS)]
    clients = Clients(["was", "acme", "brew", "cafe", "last"])
    for name in ("was", "acme", "brew", "cafe"):
        judged(clients, name, words)
    judged(clients, "was", [])
    assert judged(clients, "last", words) == ["acme", "brew", "cafe"]
    judged(clients, "was", words)
    assert judged(clients, "last", words) == []


def test_the_later_of_two_calendars_is_told_and_of_posts_ahead_alone() -> None:
    said = [post("twitter", hours(24 * n), line=n, text=f"{WORDS} {n}") for n in (1, 2)]
    clients = Clients(["acme", "brew"])
    judged(clients, "brew", said)
    assert judged(clients, "acme", said) == []
    assert judged(clients, "brew", said) == ["acme", "acme"]
    assert judged(clients, "brew", [replace(said[0], at=AT + MINUTE)]) == ["acme"]
    assert judged(clients, "brew", [replace(said[0], at=AT)]) == [], "it is out"


def test_a_label_that_a_post_elsewhere_says_is_meant_there_is_not_told() -> None:
    clients = Clients(["acme", "brew"])
    theirs = post("twitter", hours(24), text="Buns", labels=["brew"])
    judged(clients, "acme", [theirs], "acme")
    (message,) = judged(clients, "brew", [], "brew")
    assert (
        message
        == "the label `brew`, which all posts here have, is on a post of acme, on Wed 3 Mar 2027 (may.yaml:6)"
    )
    judged(clients, "acme", [replace(theirs, ignore={"client.label": "one street"})], "acme")
    assert judged(clients, "brew", [], "brew") == []


GROUPS = """accounts: {acme_x: x/A, acme_li: linkedin/A, brew_x: x/B, brew_fb: facebook/B}
groups: {acme: [acme_x, acme_li], brew: [brew_x, brew_fb]}
"""


@each_of(
    ("stray", "told"),
    [
        (("Acme", "brew_x"), True),
        (("acme", "acme_x"), False),
        (("acme", "[acme_x, brew_x]"), False),  # both together
        (("acme, brew", "brew_x"), False),
        (("spring", "brew_x"), False),
    ],
)
def test_a_label_that_is_named_like_other_accounts(
    cli: Cli, folder: Callable[[], Path], stray: tuple[str, str], told: bool
) -> None:
    top = folder()
    posts = [
        text(f"{name} number {number}", account, f"\n  labels: [{name}]")
        for name, account in (("acme", "acme_x"), ("brew", "brew_fb"))
        for number in range(3)
    ]
    write(top / "all", [*posts, text("A stray one", stray[1], f"\n  labels: [{stray[0]}]")], more=GROUPS)
    lines = said(cli, top / "all", "client.label")
    assert len(lines) == told
    if told:
        assert "the label `Acme` is that of other accounts: this post is on those of `brew`" in lines[0]


def on(accounts: str, labels: str, *more: float) -> list[Post]:
    """A post on the accounts at each of the hours, or three of them."""
    return [
        replace(
            post("twitter", hours(at), line=int(at * 60), text=f"{at} {labels}", labels=labels.split()),
            location=Location(f"{accounts} {labels}.yaml", int(at * 60)),
            aliases=tuple(accounts.split()),
        )
        for at in more or (1, 2, 3)
    ]


SURE = [*on("a1 a2", "acme"), *on("b1", "brew")]
"""Both labels stand for the accounts of their groups."""


@each_of(
    ("posts", "told"),
    [
        ([*SURE, *on("b1", "acme", 4)], ["acme", "brew"]),
        ([*SURE, *on("b1 b2", "Acme", 4)], ["Acme", "brew"]),
        ([*SURE, *on("b1", "acme", 4, 5)], ["acme", "brew"] * 2),
        ([*SURE, *on("b1", "acme", 1 / 60)], ["acme", "brew"]),
        ([*SURE, *on("b1", "acme", 0)], []),  # it is out
        ([*SURE, *on("b1", "acme", 4, 5, 6)], []),  # no slip
        ([*SURE, *on("a1 b1", "acme", 4), *on("b1", "acme", 5)], []),  # it is a topic of both
        ([*SURE, *on("other", "acme", 4)], []),
        ([*SURE, *on("b1 other", "acme", 4)], []),
        ([*SURE, *on("b1", "acme brew", 4)], []),
        ([*SURE, *on("b1", "spring", 4)], []),
        ([*on("a1", "acme", 1, 2), *on("b1", "brew"), *on("b1", "acme", 4)], []),  # two show nothing
        ([*on("a1", "acme"), *on("b1", "brew", 1, 2), *on("b1", "acme", 4)], []),
    ],
)  # fmt: skip
def test_a_label_is_of_a_group_where_other_posts_show_it(posts: list[Post], told: list[str]) -> None:
    groups = {"ACME": ["a1", "a2"], "brew": ["b1", "b2"], "nobody": []}
    found = [problem.message.split("`") for _, problem in check_labels_of_groups(posts, groups, AT)]
    assert [name for words in found for name in words[1::2]] == told


def test_groups_that_share_an_account_are_of_one_client() -> None:
    posts = [*SURE, *on("b2", "acme", 4)]
    groups = {"acme": ["a1", "a2"], "brew": ["b1", "b2"]}
    assert len([*check_labels_of_groups(posts, groups, AT)]) == 1
    assert [*check_labels_of_groups(posts, groups | {"brew": ["a1", "b1", "b2"]}, AT)] == []


@pytest.mark.parametrize("command", ["plan", "preview"])
def test_plan_and_page_tell_it_whichever_of_the_two_changes(cli: Cli, tmp_path: Path, command: str) -> None:
    settings = "accounts: {{x: My X Account}}\nhosts: [{}.example]\n"
    top = tmp_path / "clients"
    write(top / "acme", own("acme"), labels="acme", more=settings.format("acme"))
    write(
        top / "brew",
        [*own("brew"), text(WORDS)],
        labels="brew",
        more=settings.format("brew").replace("x: My X", "facebook: My Facebook").replace("Account", "Page"),
    )
    file = top / "brew" / "posts.yaml"
    file.write_text(file.read_text("utf-8").replace("accounts: x", "accounts: facebook"), "utf-8")
    assert cli("apply", top, "--sandbox", "--yes").code == 0
    shutil.rmtree(top / "acme")
    write(
        top / "acme",
        [*own("acme"), text(WORDS, more="\n  labels: [brew]")],
        labels="acme",
        more=settings.format("acme"),
    )
    more = ("--sandbox",) if command == "plan" else ("--out", tmp_path / "page.html")
    ran = cli(command, top, *more)
    shown = ran.stdout if command == "plan" else (tmp_path / "page.html").read_text("utf-8")
    assert "Acme has the same words" in " ".join(shown.split())
    if command == "plan":
        assert "`brew`, which all posts here have, is on a post of Acme" in " ".join(shown.split())

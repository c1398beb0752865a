"""What was meant for one client and stands at another: told where it is certain, and only there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from publer_sync.rules.clients import Clients
from publer_sync.values.problems import Problem
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
        # One company, or nobody knows.
        ([text(WORDS)], [text(WORDS)], ("Acme", "Acme"), "", False),
        ([text(WORDS)], [text(WORDS)], ("Acme", "0123456789abcdef01234567"), "", False),
        ([text(WORDS)], [text(WORDS)], ("", ""), "", False),
        ([text(WORDS)], [text(WORDS)], ("", ""), "hosts: [acme.example]\n", False),
        # A greeting, a draft, three of them, and somebody who means it.
        ([text("Happy new year to you")], [text("Happy new year to you")], ("Acme", "Brew"), "", False),
        ([text(WORDS)], [text(WORDS, more="\n  draft: true")], ("Acme", "Brew"), "", False),
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


def test_a_calendar_that_is_judged_again_counts_by_what_it_says_now() -> None:
    """What four have in common is meant for all of them; the fourth said it a moment ago."""
    words = [post("twitter", hours(24), text=WORDS)]
    clients = Clients(["was", "acme", "brew", "cafe", "last"])

    def judged(name: str, posts: list[Post]) -> list[str]:
        settings = replace(SETTINGS, name=name, workspace=name)
        found = clients.check(name, posts, settings, (), AT)
        return [each[1].message.partition(" has ")[0] for each in found if not isinstance(each, Problem)]

    for name in ("was", "acme", "brew", "cafe"):
        judged(name, words)
    judged("was", [])
    assert judged("last", words) == ["acme", "brew", "cafe"]
    judged("was", words)
    assert judged("last", words) == []


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


def test_a_label_that_two_posts_have_says_nothing_of_a_group(cli: Cli, tmp_path: Path) -> None:
    """Launch is a group's name and a topic, too."""
    posts = [text(f"Words {number}", "brew_x", "\n  labels: [acme]") for number in range(2)]
    write(tmp_path / "all", posts, more=GROUPS)
    assert said(cli, tmp_path / "all", "client.label") == []


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

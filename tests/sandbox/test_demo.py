"""`sandbox --seed demo`: a workspace full of posts, to try pull and status with."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox.demo import DEMO, fill
from tests.conftest import ROOT, MakeSandbox

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli, MakeSandbox

NOW = datetime.now(UTC)


@pytest.fixture
def demo(make_sandbox: MakeSandbox) -> Sandbox:
    sandbox = make_sandbox(DEMO)
    fill(sandbox, NOW)
    return sandbox


def test_it_has_some_of_everything(demo: Sandbox) -> None:
    posts = demo.posts()
    states = Counter(post["state"] for post in posts)
    assert len(posts) == 64
    assert {"published", "failed", "scheduled", "scheduled_pending", "scheduled_declined", "draft"} <= set(
        states
    )
    assert all(post["post_link"] for post in posts if post["state"] == "published")
    assert all(post["error"] for post in posts if post["state"] == "failed")
    assert any(post["state"] == "draft" and post["at"] is None for post in posts)
    assert {post["state"] for post in posts if post["at"] and post["at"] > NOW} <= {
        "scheduled", "scheduled_pending", "scheduled_declined", "draft",
    }  # fmt: skip


def test_each_post_has_what_its_kind_has_and_no_more(demo: Sandbox) -> None:
    posts = demo.posts()
    assert {post["type"] for post in posts} == {"status", "photo", "link"}
    for post in posts:
        assert (post["type"] == "link") is bool(post["url"])
        assert (post["type"] == "photo") is bool(post["media"])
        assert (post["state"] == "failed") is ("error" in post)
        assert post["state"].startswith("published") is bool(post["post_link"])
        if post["post_link"]:
            assert post["post_link"].endswith(f"/{post['at']:%Y%m%d}")


def test_it_is_filled_once(demo: Sandbox) -> None:
    before = demo.posts()
    fill(demo, NOW)
    assert demo.posts() == before


def test_status_shows_it(demo: Sandbox, cli: Cli) -> None:
    env = {"PUBLER_BASE_URL": demo.url}
    assert "To bring them into the calendar" in cli("init", "--yes", "--timezone", "UTC", env=env).stdout
    ran = cli("status", env=env)
    assert ran.code == 6, ran
    assert "Publer said: " in ran.stdout
    ahead = [post for post in demo.posts() if post["state"].startswith("scheduled") and post["at"] > NOW]
    mine = [post for post in ahead if post["network"] == "facebook"]
    assert re.search(rf"^facebook +({len(mine)}|{len(mine) - 1}) ahead", ran.stdout, re.MULTILINE), mine


@pytest.mark.story
def test_the_rehearsal_of_the_page_ends_with_nothing_to_do(demo: Sandbox, cli: Cli) -> None:
    page = (ROOT / "docs" / "pull.md").read_text(encoding="utf-8")
    block = page.partition("publer-sync sandbox --seed demo")[2].partition("```sh\n")[2].partition("```")[0]
    commands = [line.split()[1:] for line in block.splitlines() if line.startswith("publer-sync ")]
    assert [words[0] for words in commands] == ["init", "pull", "plan", "apply", "plan"]
    *_, first, applied, second = (cli(*words, env={"PUBLER_BASE_URL": demo.url}) for words in commands)
    assert "16 posts to adopt (on 5 accounts)." in first.stdout
    assert "warning" not in first.stdout
    assert (applied.code, "Done. 16 posts adopted" in applied.stdout) == (0, True), applied
    assert second.stdout.startswith("Nothing to do. Publer matches the calendar: 16 posts (on 5 accounts)")
    assert {request.method for request in demo.requests} == {"GET"}

"""Buttons and carousels that come back with pull, or are left since Publer shows them in part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from publer_sync.ledger.folder_store import parts_in
from tests.system.content import SEED, ContentDesk
from tests.system.worlds import DAY, T

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("every_kind_seen")]
BUTTON = "offer on google\ntext: Old\nlink:\n  url: https://example.com\n  call_to_action: LEARN_MORE"


def test_the_button_of_a_google_post_comes_back_with_pull(desk: ContentDesk) -> None:
    """Publer shows it as the post's title, where the next replacement would have lost it."""
    desk.write(BUTTON)
    assert desk.apply().code == 0
    for file in (desk.top / "posts.yaml", *(part for _, part in parts_in(desk.top / ".publer-sync"))):
        file.unlink()
    assert desk.run("pull", ".", "--yes")[0] == 0
    [pulled] = desk.top.glob("pulled-*.yaml")
    link = "  link:\n    url: https://example.com\n    call_to_action: LEARN_MORE\n"
    assert pulled.read_text("utf-8").endswith(f"  text: |\n    Old\n{link}")
    assert [action for action, _ in desk.plan()] == ["adopt"]


def left_by_pull(desk: ContentDesk) -> Any:
    """The one post that a pull leaves in Publer, and says why."""
    code, told = desk.run("pull", ".", "--yes", "--format", "json")
    [left] = json.loads(told)["posts"]
    assert (code, left["action"]) == (6, "left")
    return left


def made_on(desk: ContentDesk, network: str, **post: str) -> None:
    """Make a post in Publer, on this network."""
    account = next(account.id for account in SEED.accounts if account.provider == network)
    desk.sandbox.add(account_id=account, at=T + DAY, **post)


def test_the_cards_of_a_carousel_are_not_shown_and_the_post_is_left(desk: ContentDesk) -> None:
    made_on(desk, "facebook", text="Two lamps", type="carousel")
    left = left_by_pull(desk)
    assert left["reason"] == "Publer doesn't show everything that belongs to this carousel"
    assert not left["paste"]


def test_a_button_without_a_link_is_left(desk: ContentDesk) -> None:
    made_on(desk, "google", text="Call us", title="CALL")
    left = left_by_pull(desk)
    assert left["reason"] == "its button CALL has no link, which a button in a calendar needs"


def test_a_button_that_somebody_chose_in_publer_is_left_with_the_lines_to_paste(desk: ContentDesk) -> None:
    desk.write(BUTTON)
    assert desk.apply().code == 0
    [shown] = desk.sandbox.posts()
    desk.sandbox.edit(shown["id"], title="SIGN_UP")
    left = left_by_pull(desk)
    assert left["reason"] == "its button was changed in Publer"
    assert left["paste"] == "link:\n  url: https://example.com\n  call_to_action: SIGN_UP"
    assert desk.plan() == [("blocked", "offer")]
    desk.write(BUTTON.replace("LEARN_MORE", "SIGN_UP"))
    for _ in range(2):
        assert desk.plan() == []
        assert desk.apply().code == 0
    assert [post["title"] for post in desk.sandbox.posts()] == ["SIGN_UP"]

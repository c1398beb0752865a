"""What `hold` shows and asks before it takes anything out, and what it says of the posts that it leaves."""

from __future__ import annotations

import re
from unittest import mock

import pytest

from publer_sync.commands import hold as hold_command
from tests.commands.holds import POSTS, hold, in_place
from tests.system.worlds import ACCOUNTS, DAY, HOUR, T, Want, World


@pytest.fixture
def world(empty_world: World) -> World:
    return in_place(empty_world)


def test_diff_changes_nothing(world: World) -> None:
    before = world.ledger.read_bytes()
    world.sandbox.reset_log()
    ran = world.run("hold", world.top, "--reason", "Accident in town", "--diff")
    assert ran.code == 0
    assert "3 posts (on 2 accounts) would be taken out of Publer." in ran.stdout
    assert world.ledger.read_bytes() == before
    assert world.writes() == []
    document = hold(world, "--diff").document
    assert document["written"] is False
    assert document["summary"]["scheduled"] == 3


@pytest.mark.story
def test_a_post_on_two_accounts_is_one_row(empty_world: World) -> None:
    empty_world.write(Want("both", "[facebook, x]", T, "On both"), Want("one", "x", T + HOUR, "On one"))
    assert empty_world.apply().code == 0
    ran = empty_world.run("hold", empty_world.top, "--reason", "Accident in town", "--diff")
    assert "Scheduled: 2 posts (on 2 accounts)\n" in ran.stdout
    rows = ran.stdout.partition("Scheduled")[2].splitlines()[1:3]
    assert [row.partition(":00  ")[2].split() for row in rows] == [  # a date of another year says which
        ["facebook,", "x", "both", '"On', 'both"'], ["x", "one", '"On', 'one"'],
    ]  # fmt: skip
    held = hold(empty_world)
    assert held.document["summary"]["removed"] == 3


def test_an_account_that_left_the_settings_has_its_name(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    asked: list[str] = []
    with (
        mock.patch.object(hold_command, "need_answer"),
        mock.patch.object(hold_command, "confirm", asked.append),
    ):
        ran = world.run("hold", world.top, "--reason", "Why", "--diff")
        assert "My X Account  soon" in ran.stdout
        assert "facebook      one" in ran.stdout
        told = world.run("hold", world.top, "--reason", "Why").stdout
    assert "on My X Account." in " ".join(told.split())
    assert "on My X Account." in asked[0]
    assert ACCOUNTS["x"] not in ran.stdout + told + asked[0]


@pytest.mark.parametrize("words", [("--diff",), ("--yes",)])
def test_an_edit_made_in_publer_is_shown_before_it_is_lost(world: World, words: tuple[str, ...]) -> None:
    post = world.find("two")["id"]
    world.sandbox.edit(post, text="two, by hand", at=T + DAY + HOUR)
    ran = world.run("hold", world.top, "--reason", "Why", *words)
    told = re.sub(r"  +", " ", ran.stdout)
    assert "Edited in Publer since the last apply: 1 post\n" in told
    assert "In Publer: two{+, by hand+}\n" in told
    assert "In Publer, time: " in told
    assert (
        "Release leaves these out until someone decides: pull writes the edit into the calendar"
        in " ".join(told.split())
    )
    assert '"one"' not in told.partition("Edited in Publer")[2]


def test_it_asks_and_anything_but_yes_changes_nothing(world: World) -> None:
    ran = world.run("hold", world.top, "--reason", "Accident in town")
    assert ran.code == 64
    assert world.plan()["holds"] == []


def test_a_hold_needs_a_reason(world: World) -> None:
    assert world.run("hold", world.top, "--yes").code == 64
    assert world.run("hold", world.top, "--yes", "--reason", " ").code == 64


def test_the_question_names_what_was_made_in_publer_and_would_lose_something(world: World) -> None:
    by_hand = Want("by-hand", "linkedin", T, "made in Publer")
    world.alike(by_hand)
    world.write(*POSTS, by_hand)
    assert world.apply().code == 0
    asked: list[str] = []
    with (
        mock.patch.object(hold_command, "need_answer"),
        mock.patch.object(hold_command, "confirm", asked.append),
    ):
        assert world.run("hold", world.top, "--reason", "Why").code == 0
    (question,) = asked
    assert "This takes 4 posts (on 3 accounts) out of Publer now." in question
    assert "1 of them was made in Publer" in question
    assert 'linkedin  by-hand  "made in Publer"' in question
    assert '"one"' not in question


def test_rows_line_up_where_a_post_is_on_several_accounts(world: World) -> None:
    for account in ("facebook", "linkedin"):
        world.stranger(account, T + 4 * HOUR, "a colleague's post")
    told = world.run("hold", world.top, "--reason", "Accident in town", "--yes").stdout
    both, one = (line for line in told.splitlines() if '"a colleague\'s post"' in line)
    assert {"facebook, linkedin", "facebook"} == {line.split("  ")[2].strip() for line in (both, one)}
    assert both.index('"') == one.index('"')


def test_the_list_of_what_will_be_published_is_true(world: World) -> None:
    """What repeats is first, also without a time; what nobody approved depends; declined and failed posts are not on it."""
    for state, at in (
        ("recurring", T - 40 * DAY),
        ("recycling_active", None),
        ("recycling_paused", T),
        ("scheduled_pending", T + 5 * HOUR),
        ("scheduled_declined", T + 6 * HOUR),
        ("scheduled_reauth", T + 7 * HOUR),
        ("failed", T + 8 * HOUR),
    ):
        world.stranger("facebook", at, f"it is {state}", state=state)
    held = hold(world)
    assert [(each["text"], each["condition"]) for each in held.document["unmanaged"]] == [
        ("it is recurring", None),
        ("it is recycling_active", None),
        ("a colleague's post", None),
        ("it is scheduled_pending", "if approved"),
        ("it is scheduled_reauth", "if its account is reconnected"),
    ]  # fmt: skip
    told = world.run("hold", world.top, "--reason", "Why", "--yes").stdout
    shown = told.partition("Not managed here, left alone")[2]
    assert "recurring" in shown.splitlines()[1]
    assert "at no set time" in shown.splitlines()[2]
    assert 'if approved  "it is scheduled_pending"' in shown
    assert "They will be published, as marked. To stop them, delete them in Publer." in shown
    assert "declined" not in told

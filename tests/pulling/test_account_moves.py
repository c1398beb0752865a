"""A post that someone moved to another account in Publer: its file follows, and so does the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.commands.pulls import pull, settled, summary
from tests.system.worlds import ACCOUNTS, DAY, HOUR, T, Want, World, clocks, killed, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = f"""\
posts:
- id: alone
  at: {T:%Y-%m-%d} 09:00
  accounts: x      # for now
  text: Alone
- id: both   # on two
  at: {T:%Y-%m-%d} 10:00
  accounts: [facebook, x]
  labels: [lamp]
  networks:
    facebook:
      text: For Facebook
  text: For both
- id: own
  at: {T:%Y-%m-%d} 11:00
  accounts:
  - account: x
    text: Its own words
  - linkedin
  text: Words
- at: {T:%Y-%m-%d} 12:00
  accounts: pair
  text: A group
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "home") as made:
        made.settings(groups={"pair": ["x", "facebook"]})
        (made.top / "posts.yaml").write_text(POSTS)
        assert made.apply().code == 0
        made.sandbox.settle()
        yield made


def move(world: World, words: str, to: str, account: str = "x", **more: Any) -> None:
    (post,) = (
        post
        for post in world.sandbox.posts()
        if (post["text"], post["account_id"]) == (words, ACCOUNTS[account])
    )
    world.sandbox.edit(post["id"], account_id=ACCOUNTS[to], **more)


def test_accounts_follow_and_one_of_several_becomes_a_post_of_its_own(world: World) -> None:
    move(world, "Alone", "mastodon")
    move(world, "For both", "mastodon")
    move(world, "Its own words", "bluesky", text="Edited, too")
    move(world, "A group", "bluesky")

    assert summary(pull(world)) == {"edited": 4}

    text = (world.top / "posts.yaml").read_text()
    changed = POSTS.replace("accounts: x      # for now", "accounts: mastodon      # for now")
    changed = changed.replace("[facebook, x]", "[facebook]").replace("accounts: pair", "accounts: facebook")
    changed = changed.replace("  - account: x\n    text: Its own words\n", "")
    split = f"""\
- id: both-mastodon
  at: {T:%Y-%m-%d} 10:00
  accounts: mastodon
  labels: [lamp]
  text: |
    For both
- id: own-bluesky
  at: {T:%Y-%m-%d} 11:00
  accounts:
  - account: bluesky
    text: |
      Edited, too
  text: |
    Words
- at: {T:%Y-%m-%d} 12:00
  accounts: bluesky
  text: |
    A group
"""
    assert text == changed + split
    settled(world)


def test_one_of_several_that_was_edited_too_keeps_the_edit_on_another_network(world: World) -> None:
    """The edit is written for the network that it was on, before it leaves the post of the others."""
    move(world, "A group", "mastodon", text="Edited, too", at=T + 9 * HOUR)

    assert summary(pull(world)) == {"edited": 1}

    split = f"""\
- at: {T:%Y-%m-%d} 12:00
  accounts: mastodon
  text: |
    A group
  networks:
    mastodon:
      at: {T + 9 * HOUR:%Y-%m-%d %H:%M}
      text: |
        Edited, too
"""
    text = (world.top / "posts.yaml").read_text()
    assert text == POSTS.replace("accounts: pair", "accounts: facebook") + split
    settled(world)


def test_one_of_several_whose_words_changed_in_the_calendar_gets_publers_version(world: World) -> None:
    move(world, "A group", "mastodon")
    (world.top / "posts.yaml").write_text(POSTS.replace("A group", "Ours"))

    assert summary(pull(world, "--prefer", "publer")) == {"edited": 1}

    assert [change["account"]["alias"] for change in world.plan()["changes"]] == ["facebook"]


def test_a_post_that_moved_is_managed_on_its_new_account(world: World) -> None:
    """Its time changes, it leaves the calendar: each once, wherever it was sent first."""
    one = Want("alone", "mastodon", T, "Alone")
    world.write(Want("alone", "x", T, "Alone"))
    assert world.apply("--allow-deletes", "9").code == 0
    move(world, "Alone", "mastodon")
    world.write(Want("alone", "mastodon", T + HOUR, "Alone"))
    assert world.changes() == [("replace", None, "alone")]
    assert world.settled_amiss() == []
    move(world, "Alone", "bluesky", "mastodon")
    world.write(Want("alone", "bluesky", T + HOUR, "Alone"))
    assert world.changes() == []
    assert world.settled_amiss() == []
    world.write(Want("alone", "bluesky", T + DAY, "Alone"))
    assert world.settled_amiss() == []
    world.write()
    assert world.settled_amiss("--allow-deletes", "1") == []
    assert world.live() == [], one


@pytest.mark.parametrize("ids", ["kept", "later"])
@pytest.mark.parametrize("name", ["alone", None])
def test_what_was_published_on_the_new_account_is_not_published_again(
    world: World, ids: Literal["kept", "later"], name: str | None
) -> None:
    """Nobody applied since it was moved: the files follow, it is published, and then the files give it a new time."""
    world.sandbox.faults.published_ids = ids
    with clocks(world) as to:
        world.write(Want(name, "x", T + DAY, "Alone"))
        assert world.apply("--allow-deletes", "9").code == 0
        move(world, "Alone", "mastodon")
        assert world.apply().code == 6
        world.write(Want(name, "mastodon", T + DAY, "Alone"))
        for hours in (2, 40):
            to(T + DAY + hours * HOUR)
            plan = world.plan()
            assert (plan["changes"], plan["summary"]["missed"]) == ([], 0)
        world.write(Want(name, "mastodon", T + 9 * DAY, "Alone"))
        assert world.changes() == [("blocked", "went_out" if name else "twin", name)]
        assert world.apply().code == 6
        assert world.live() == []


def test_the_new_half_of_a_replace_stands_for_the_post_on_another_account_too(world: World) -> None:
    """Else the old half stays beside it, and both are published."""
    with clocks(world) as to:
        world.write(Want("alone", "x", T, "Alone"))
        assert world.apply("--allow-deletes", "9").code == 0
        world.write(Want("alone", "x", T + DAY, "Alone"))
        assert killed(world, "delete").code == 137
        to(T - 9 * DAY)
        (new,) = (post["id"] for post in world.sandbox.posts() if post["at"] == T + DAY)
        world.sandbox.edit(new, account_id=ACCOUNTS["mastodon"])
        world.write(Want("alone", "mastodon", T + DAY, "Alone"))
        assert world.apply().code == 0
        assert world.settled_amiss() == []
        world.write(Want("alone", "mastodon", T + DAY, "Edited"))
        assert world.settled_amiss() == []


def test_posts_that_were_exchanged_between_two_accounts_are_as_wanted_once_the_files_follow(
    world: World,
) -> None:
    world.write(Want(None, "x", T, "One"), Want(None, "mastodon", T, "Two"))
    assert world.apply("--allow-deletes", "9").code == 0
    move(world, "One", "mastodon")
    move(world, "Two", "x", "mastodon")
    world.write(Want(None, "mastodon", T, "One"), Want(None, "x", T, "Two"))
    assert world.changes() == []
    assert world.settled_amiss() == []
    world.write(Want(None, "mastodon", T, "One, edited"), Want(None, "x", T, "Two"))
    assert world.changes() == [("update", None, None)]


def test_a_post_that_was_moved_before_a_hold_is_put_back_where_it_was(world: World) -> None:
    """On its old account it would be published where a colleague had taken it away."""
    world.write(Want("alone", "x", T, "Alone"))
    assert world.apply("--allow-deletes", "9").code == 0
    move(world, "Alone", "mastodon")
    assert world.run("hold", world.top, "--reason", "Storm", "--yes").code == 0
    assert world.live() == []
    assert world.run("release", world.top, "--yes").code == 6
    assert world.changes() == [("blocked", "edited", "alone")]
    assert summary(pull(world)) == {"edited": 1}
    world.wants = (Want("alone", "mastodon", T, "Alone"),)
    assert world.settled_amiss() == []


def test_what_cannot_follow_is_left_with_a_reason(world: World) -> None:
    other = f"- id: other\n  at: {T:%Y-%m-%d} 16:00\n  accounts: mastodon\n  text: Other\n"
    (world.top / "other.yaml").write_text(f"posts:\n{other}")
    (world.top / "page.md").write_text(f"---\nat: {T:%Y-%m-%d} 14:00\naccounts: [x, facebook]\n---\nA page\n")
    series = f"- id: tips\n  at: {T:%Y-%m-%d} 15:00\n  accounts: x\n  text: Tip\n  repeat: {{every: day, times: 2}}\n"
    (world.top / "more.yaml").write_text(f"posts:\n{series}")
    assert world.apply().code == 0
    world.sandbox.settle()
    (world.top / "other.yaml").unlink()
    names = ("x", "facebook", "linkedin", "bluesky")
    world.settings(groups={"pair": ["x", "facebook"]}, accounts={name: ACCOUNTS[name] for name in names})
    move(world, "Alone", "mastodon")
    move(world, "A page", "bluesky")
    tips = [post["id"] for post in world.sandbox.posts() if post["text"] == "Tip"]
    world.sandbox.edit(tips[0], account_id=ACCOUNTS["bluesky"])

    found = pull(world, code=6)

    left = {post["id"] or "page": (post["reason"], post["paste"]) for post in found["posts"]}
    assert "an account that publer.yaml does not name" in left["alone"][0]
    assert left["page"] == (
        "its file is one post, and it needs one of its own",
        f"- at: {T:%Y-%m-%d} 14:00\n  accounts: bluesky\n  text: |\n    A page",
    )
    assert "it is one of a series" in left[f"tips@{T:%Y-%m-%d}"][0]
    assert not found["written"]


def test_media_that_changed_are_left_with_their_ids(world: World) -> None:
    ids = [world.sandbox.add_media(name) for name in ("one.png", "two.png")]
    media = [
        {"id": each, "type": "photo", "name": name}
        for each, name in zip(ids, ("one.png", "two.png"), strict=True)
    ]
    world.apply_first(
        Want("alone", "x", T, "Alone", picture="a.png"),
        Want("both", "[x, facebook]", T + HOUR, "Both", picture="a.png"),
        Want("none", "x", T + DAY, "None", picture="a.png"),
    )
    for text, shown in (("Alone", media), ("Both", media)):
        move(world, text, "x", media=shown)
    move(world, "None", "x", media=[], type="status")

    found = pull(world, code=6)

    pasted = {post["id"]: post["paste"] for post in found["posts"]}
    lines = f"media:\n- id: {ids[0]}  # one.png\n- id: {ids[1]}  # two.png"
    inner = "\n".join(f"  {line}" for line in lines.splitlines())
    assert pasted == {
        "alone": lines,
        "both": f"accounts: # and the others\n- account: x\n{inner}",
        "none": "media: null",
    }
    text = (world.top / "posts.yaml").read_text()
    alone = "  media:\n  - file: a.png\n    alt: A picture\n"
    written = text.replace(alone, f"{inner}\n", 1)
    both = f"- account: x\n{inner}\n- facebook"
    both = "\n".join(f"  {line}" for line in both.splitlines())
    written = written.replace("accounts: [x, facebook]", f"accounts:\n{both}")
    head, _, tail = written.rpartition(alone)
    (world.top / "posts.yaml").write_text(head + tail)
    assert world.changes() == []

"""`pull` of what someone removed in Publer: it leaves the files on request alone, and only where a full list lacks it."""

from __future__ import annotations

import pytest

from tests.commands.pulls import apply_all, changed, files, pull, settled, shared, summary
from tests.system.worlds import ACCOUNTS, T, Want, World


def test_a_removal_is_listed_and_taken_out_on_request(world: World) -> None:
    ids = shared(world)
    before = files(world)
    world.sandbox.remove(ids[f"{ACCOUNTS['x']} Short"])
    world.sandbox.remove(ids[f"{ACCOUNTS['linkedin']} in braces"])
    assert summary(pull(world, code=6)) == {"to_remove": 2}
    assert files(world) == before
    assert summary(pull(world, "--removed")) == {"removed": 2}
    assert changed(before["posts.yaml"], files(world)["posts.yaml"]) == [
        f'-- {{id: flow, at: {T:%Y-%m-%d} 10:00, accounts: [linkedin], text: "in braces"}}\r\n',
        "-  - account: x   # shorter\r\n",
        "-    text: 'Short'\r\n",
    ]
    settled(world)


def test_a_removal_on_an_account_that_a_group_names_as_well_is_left(world: World) -> None:
    """Told as removed, it would still be in the calendar, and come back with the next apply --allow-recreate."""
    world.settings(groups={"team": ["x", "facebook"]})
    world.apply_first(Want("one", "[team, x]", T, "one"))
    (there,) = (post for post in world.sandbox.posts() if post["account_id"] == ACCOUNTS["x"])
    world.sandbox.remove(there["id"])
    before = files(world)
    found = pull(world, "--removed", code=6)
    assert (summary(found), files(world)) == ({"left": 1}, before)
    (left,) = found["posts"]
    assert left["reason"] == "a group or the whole file names its account"
    assert left["paste"] == "accounts: [team, -x]"


@pytest.mark.parametrize("accounts", ["[team, x]", "[team, x, linkedin]"])
def test_a_post_that_was_moved_off_an_account_that_a_group_names_as_well_leaves_it(
    world: World, accounts: str
) -> None:
    """Else it would be created there again."""
    world.settings(groups={"team": ["x"]})
    world.apply_first(Want("one", accounts, T, "one"))
    (there,) = (post for post in world.sandbox.posts() if post["account_id"] == ACCOUNTS["x"])
    world.sandbox.edit(there["id"], account_id=ACCOUNTS["facebook"])
    assert summary(pull(world)) == {"edited": 1}
    assert world.changes() == []


@pytest.mark.parametrize("hidden", ["left out", "unread"])
def test_what_an_incomplete_list_lacks_or_cannot_show_stays_in_the_files(world: World, hidden: str) -> None:
    """Taken out of the files, the next apply would remove it in Publer, where it may still be."""
    world.apply_first(Want("one", "x", T, "one"), Want("two", "facebook", T, "two"))
    before, faults = files(world), world.sandbox.faults
    if hidden == "left out":
        faults.trip("rows_left_out", "GET", "/posts$", times=10**6)
    else:  # an edit gave it another id
        for want in world.wants:
            world.sandbox.remove(world.find(want.text)["id"])
            faults.unreadable |= {world.alike(want)}
    found = pull(world, "--removed", code=6)
    assert {post["action"] for post in found["posts"]} == {"left"}, found
    assert all("Publer's list of posts" in post["reason"] for post in found["posts"])
    assert files(world) == before
    faults.trips.clear()
    faults.unreadable = frozenset()
    assert pull(world, "--removed")["posts"] == []
    settled(world)


def test_the_command_for_a_removed_markdown_file_names_it_from_where_one_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"---\nat: {T:%Y-%m-%d %H:%M}\naccounts: x\n---\nWords\n"
    (world.top / "one post.md").write_text(text, encoding="utf-8")
    apply_all(world)
    world.sandbox.remove(world.find("Words")["id"])
    monkeypatch.chdir(world.top.parent)
    ran = world.run("pull", world.top.name, "--removed", "--diff")
    assert f"\n      git rm '{world.top.name}/one post.md'\n" in ran.stdout

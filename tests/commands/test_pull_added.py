"""`pull` of posts to whose texts the settings add something: it comes back without that."""

from __future__ import annotations

import pytest

from tests.commands.pulls import NASTY, apply_all, pull, settled, summary
from tests.system.worlds import ACCOUNTS, DAY, MINUTE, T, World

ADDING = {
    "append": {"facebook": "Footer"},
    "hashtags": {"core": ["lamp"]},
    "defaults": {"hashtags": ["core"]},
    "utm": {"source": "{network}"},
    "utm_hosts": ["example.com"],
}
LINK = "https://example.com/lamp"


def added_to(world: World) -> str:
    """A post on two accounts, applied with what the settings add to it; returns the file."""
    world.settings(**ADDING)
    text = f"posts:\n- id: lamp\n  at: {T:%Y-%m-%d} 09:00\n  accounts: [facebook, x]\n  text: |\n    Words {LINK}\n"
    (world.top / "posts.yaml").write_text(text, "utf-8")
    apply_all(world)
    return text


def test_an_edit_comes_back_without_what_is_added(world: World) -> None:
    text = added_to(world)
    for account, ending in (("facebook", "\n\nFooter\n\n#lamp"), ("twitter", "\n\n#lamp")):
        sent = f"{LINK}?utm_source={'x' if account == 'twitter' else account}{ending}"
        world.sandbox.edit(world.find(f"Words {sent}")["id"], text=f"Better words {sent}")
    assert summary(pull(world)) == {"edited": 2}
    assert (world.top / "posts.yaml").read_text("utf-8") == text.replace("Words", "Better words")
    assert world.changes() == []
    settled(world)


def test_an_edit_that_lacks_what_is_added_is_left_and_its_lines_do(world: World) -> None:
    text = added_to(world)
    post = world.find(f"Words {LINK}?utm_source=facebook\n\nFooter\n\n#lamp")
    world.sandbox.edit(post["id"], text=f"Words {LINK}")
    (left,) = pull(world, code=6)["posts"]
    assert left["reason"] == "what `append`, `hashtags`, `utm` would add to it is not there"
    head, *lines = left["paste"].split("\n")
    assert head == "accounts: # and the others", "not for x"
    assert "\n".join(lines) == (
        f"- account: facebook\n  text: |\n    Words {LINK}\n  append: null\n  hashtags: null\n  utm: null"
    )
    assert (world.top / "posts.yaml").read_text("utf-8") == text
    pasted = "\n".join(f"  {line}" for line in (head, *lines, "- x"))
    own = text.replace("  accounts: [facebook, x]", pasted)
    (world.top / "posts.yaml").write_text(own, "utf-8")
    assert world.changes() == []


DATED = {**ADDING, "utm": {"campaign": "{date}"}}


@pytest.mark.parametrize(
    ("where", "line"),
    [("text", f"text: Words {LINK}"), ("link", f"text: Words\n  link: {LINK}")],
    ids=["text", "link"],
)
def test_a_post_that_was_moved_comes_back_though_its_parameters_name_the_day(
    world: World, where: str, line: str
) -> None:
    """They follow the day with the next apply."""
    world.settings(**DATED)
    text = f"posts:\n- id: lamp\n  at: {T:%Y-%m-%d} 09:00\n  accounts: [facebook, linkedin]\n  {line}\n"
    (world.top / "posts.yaml").write_text(text, "utf-8")
    apply_all(world)
    for post in world.sandbox.posts():
        world.sandbox.edit(post["id"], at=T + DAY)
    assert summary(pull(world)) == {"edited": 2}
    assert (world.top / "posts.yaml").read_text("utf-8") == text.replace(
        f"{T:%Y-%m-%d}", f"{T + DAY:%Y-%m-%d}"
    )
    assert {action for action, _, _ in world.changes()} == ({"update"} if where == "text" else {"replace"})
    assert world.apply().code == 0
    assert world.changes() == []


@pytest.mark.parametrize(
    "line", [f"text: Words {LINK}", f"text: Words\n  link: {LINK}"], ids=["text", "link"]
)
def test_a_post_that_was_moved_to_another_account_comes_back_though_its_parameters_name_the_network(
    world: World, line: str
) -> None:
    world.settings(**ADDING)
    text = f"posts:\n- id: lamp\n  at: {T:%Y-%m-%d} 09:00\n  accounts: facebook\n  {line}\n"
    (world.top / "posts.yaml").write_text(text, "utf-8")
    assert world.apply().code == 0
    world.sandbox.settle()
    for post in world.sandbox.posts():
        world.sandbox.edit(post["id"], account_id=ACCOUNTS["linkedin"])
    assert summary(pull(world)) == {"edited": 1}
    assert (world.top / "posts.yaml").read_text("utf-8") == text.replace("facebook", "linkedin")
    assert world.apply().code == 0
    assert world.changes() == []
    assert len(world.live()) == 1


def test_an_edit_of_a_post_that_was_moved_stays_where_its_parameters_would_differ(world: World) -> None:
    """Plan would call it edited in Publer and changed here, for good."""
    world.settings(**DATED)
    text = f"posts:\n- id: lamp\n  at: {T:%Y-%m-%d} 09:00\n  accounts: x\n  text: |\n    Words {LINK}\n"
    (world.top / "posts.yaml").write_text(text, "utf-8")
    apply_all(world)
    (post,) = world.sandbox.posts()
    world.sandbox.edit(post["id"], at=T + DAY, text=f"Better {LINK}?utm_campaign={T:%Y-%m-%d}\n\n#lamp")
    assert world.run("pull", world.top, "--yes").code == 6
    assert (world.top / "posts.yaml").read_text("utf-8") == text


def test_nothing_is_added_to_new_posts_from_publer(world: World) -> None:
    world.settings(**ADDING)
    for number, text in enumerate((*NASTY, f"Tagged already: {LINK}?utm_source=facebook\n\nFooter\n\n#LAMP")):
        world.stranger("facebook", T + number * MINUTE, text)  # all of a month, and so in one file
    world.stranger("x", T, f"See {LINK}.")
    pull(world)
    written = (world.top / f"pulled-{T:%Y-%m}.yaml").read_text("utf-8")
    assert f"See {LINK}.\n  hashtags: null\n  utm: null\n" in written
    assert "#LAMP\n- id" in f"{written}- id"
    settled(world)

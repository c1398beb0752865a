"""`pull` of what someone edited in Publer: it changes its lines alone, or prints the lines to paste."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.editing.editor import edited
from publer_sync.editing.edits import Put
from publer_sync.pulling import puller
from publer_sync.pulling.rewrites import Rewriter
from tests.commands.pulls import apply_all, changed, files, pull, settled, shared, summary
from tests.ledger.git_world import git
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want, World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.pulling.findings import Pair

EDITS: dict[str, tuple[str, str, dict[str, Any], list[str]]] = {
    "a text of both, on one": (
        "x",
        "Words for both\n\n#tag",
        {"text": "Words for X\n\n#tag"},
        [
            "+  networks:\r\n",
            "+    x:\r\n",
            "+      text: |\r\n",
            "+        Words for X\r\n",
            "+\r\n",
            "+        #tag\r\n",
        ],
    ),
    "a time of both, on one": (
        "facebook",
        "Words for both\n\n#tag",
        {"at": T + 30 * MINUTE},
        ["+  networks:\r\n", "+    facebook:\r\n", f"+      at: {T:%Y-%m-%d} 09:30\r\n"],
    ),
    "a text in braces": (
        "linkedin",
        "in braces",
        {"text": "in {braces}, still"},
        [
            f'-- {{id: flow, at: {T:%Y-%m-%d} 10:00, accounts: [linkedin], text: "in braces"}}\r\n',
            f'+- {{id: flow, at: {T:%Y-%m-%d} 10:00, accounts: [linkedin], text: "in {{braces}}, still"}}\r\n',
        ],
    ),
    "a text of an account's own": (
        "x",
        "Short",
        {"text": "Shorter: 'yes'"},
        ["-    text: 'Short'\r\n", "+    text: 'Shorter: ''yes'''\r\n"],
    ),
    "scheduled as a draft": (
        "linkedin",
        "Longer",
        {"state": "draft"},
        ["+    linkedin:\r\n", "+      draft: true\r\n"],
    ),
}


@pytest.mark.parametrize(("account", "text", "edit", "lines"), EDITS.values(), ids=EDITS)
def test_an_edit_changes_its_lines_alone(
    world: World, account: str, text: str, edit: dict[str, Any], lines: list[str]
) -> None:
    ids = shared(world)
    before = files(world)["posts.yaml"]
    world.sandbox.edit(ids[f"{ACCOUNTS[account]} {text}"], **edit)
    assert summary(pull(world)) == {"edited": 1}
    after = files(world)["posts.yaml"]
    assert changed(before, after) == lines
    assert world.changes() == []
    settled(world)


def test_an_edit_of_all_accounts_stays_where_the_words_are(world: World) -> None:
    ids = shared(world)
    before = files(world)["posts.yaml"]
    for account in ("facebook", "x"):
        world.sandbox.edit(ids[f"{ACCOUNTS[account]} Words for both\n\n#tag"], text="Other words\n\n#tag\n")
    assert summary(pull(world)) == {"edited": 2}
    assert changed(before, files(world)["posts.yaml"]) == ["-    Words for both\r\n", "+    Other words\r\n"]
    settled(world)


def test_an_edit_of_a_markdown_file(world: World) -> None:
    front = f"---\nid: page\nat: {T:%Y-%m-%d} 09:00   # when\naccounts: x\n---\n\n"
    (world.top / "page.md").write_text(f"{front}Words.\n\nMore\n", "utf-8")
    apply_all(world)
    post = world.find("Words.\n\nMore")
    world.sandbox.edit(post["id"], text="Words.\n\nOther", at=T + DAY)
    pull(world)
    later = front.replace(f"{T:%Y-%m-%d}", f"{T + DAY:%Y-%m-%d}")
    assert (world.top / "page.md").read_text("utf-8") == f"{later}Words.\n\nOther\n"
    settled(world)


def test_two_edits_that_swap_their_minutes_are_written_together(world: World) -> None:
    world.apply_first(Want("one", "x", T, "one"), Want("two", "x", T + HOUR, "two"))
    world.sandbox.edit(world.find("one")["id"], at=T + HOUR)
    world.sandbox.edit(world.find("two")["id"], at=T)
    assert summary(pull(world)) == {"edited": 2}
    settled(world)


def test_accounts_that_the_file_names_get_words_of_their_own_by_network(world: World) -> None:
    (world.top / "posts.yaml").write_text(SHARED_NETWORK.format(day=f"{T:%Y-%m-%d}"), "utf-8")
    apply_all(world)
    post = next(post for post in world.sandbox.posts() if post["account_id"] == ACCOUNTS["x"])
    world.sandbox.edit(post["id"], text="on X")
    before = files(world)["posts.yaml"]
    pull(world)
    assert changed(before, files(world)["posts.yaml"]) == [
        "+  networks:\n",
        "+    x:\n",
        "+      text: |\n",
        "+        on X\n",
    ]
    settled(world)


def test_an_edit_that_would_change_another_post_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.apply_first(Want("one", "x", T, "one"), Want("two", "x", T + HOUR, "two"))
    world.sandbox.edit(world.find("one")["id"], text="edited")
    rewrite = Rewriter.rewrite

    def careless(self: Rewriter, pairs: Sequence[Pair]) -> None:
        rewrite(self, pairs)
        self.documents = {
            file: edited(document, [Put(("posts", 1, "text"), "oops")])
            for file, document in self.documents.items()
        }

    monkeypatch.setattr(Rewriter, "rewrite", careless)
    before = files(world)
    (left,) = pull(world, code=6)["posts"]
    assert (left["action"], left["reason"]) == ("left", puller.OTHERS)
    assert files(world) == before


def test_while_a_branch_pulls_the_main_calendar_deletes_and_undoes_nothing(world: World) -> None:
    world.settings(name="shared")
    git(world.home, "init", "-q", "--template=")
    world.apply_first(Want("one", "x", T, "one"), Want("two", "x", T + HOUR, "two"))
    git(world.home, "add", "calendar")
    git(world.home, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one")
    git(world.home, "worktree", "add", "-q", str(world.home.parent / "branch"))
    branch = world.home.parent / "branch" / "calendar"
    world.sandbox.edit(world.find("one")["id"], text="edited")
    world.stranger("x", T + 2 * HOUR, "new")
    assert world.run("pull", branch, "--yes").code == 0
    before = world.by_id()
    assert world.apply().code == 6  # the edit blocks its post, and nothing else happens
    assert world.by_id() == before
    for file in branch.glob("*.yaml"):
        shutil.copy(file, world.top)
    assert world.changes() == [("adopt", None, "new")]


# --- one of a series ------------------------------------------------------------------------------------------------


def test_one_of_a_series_is_left(world: World) -> None:
    more = f"repeat:\n  every: day\n  until: {T + 2 * DAY:%Y-%m-%d}"
    world.apply_first(Want("tip", "x", T, "a tip", more=more))
    post = next(post for post in world.sandbox.posts() if post["at"] == T + DAY)
    world.sandbox.edit(post["id"], text="another tip")
    before = files(world)
    (left,) = pull(world, code=6)["posts"]
    assert (left["action"], left["paste"]) == ("left", f"except: [{T + DAY:%Y-%m-%d}]")
    assert files(world) == before


def test_the_lines_for_one_of_a_series_leave_out_its_own_day(world: World) -> None:
    more = f"repeat:\n  every: day\n  until: {T + 3 * DAY:%Y-%m-%d}\n  except: [{T + 2 * DAY:%Y-%m-%d}]"
    world.apply_first(Want("tip", "[x, facebook]", T, "a tip", more=more))
    moved, edited = (post for post in world.sandbox.posts() if post["at"] == T + DAY)
    world.sandbox.edit(moved["id"], at=T + 3 * DAY + HOUR)
    world.sandbox.edit(edited["id"], text="another tip")
    posts = pull(world, code=6)["posts"]
    assert len(posts) == 2
    for left in posts:
        assert left["paste"] == f"except: [{T + 2 * DAY:%Y-%m-%d}, {T + DAY:%Y-%m-%d}]"
        assert left["reason"].endswith("leave out its day, and add a post for that day on all its accounts")


def test_the_lines_for_a_removed_one_of_a_series_leave_out_its_day(world: World) -> None:
    more = f"repeat:\n  every: day\n  until: {T + DAY:%Y-%m-%d}"
    world.apply_first(Want("tip", "[x, facebook]", T, "a tip", more=more))
    first, second, third, _ = sorted(world.sandbox.posts(), key=lambda post: post["at"])
    world.sandbox.remove(third["id"])
    (left,) = pull(world, "--removed", code=6)["posts"]
    assert left["paste"] == f"except: [{T + DAY:%Y-%m-%d}]"
    assert left["reason"].endswith("leave out its day, and add a post for that day on its other accounts")
    world.sandbox.remove(first["id"])
    world.sandbox.remove(second["id"])
    posts = pull(world, "--removed", code=6)["posts"]
    assert {left["paste"] for left in posts} == {f"except: [{T:%Y-%m-%d}, {T + DAY:%Y-%m-%d}]"}


# --- what several posts share ---------------------------------------------------------------------------------------


ANCHOR = """\
posts:
- id: one
  at: {day} 09:00
  accounts: x
  text: &words Shared words
- id: two
  at: {day} 10:00
  accounts: facebook
  text: *words
"""
DEFAULT = """\
accounts: [x]
defaults: {{text: From the file}}
posts:
- id: one
  at: {day} 09:00
"""
SHARED_NETWORK = """\
accounts: [x, facebook]
posts:
- id: one
  at: {day} 09:00
  text: Words
"""


@pytest.mark.parametrize(
    ("text", "account", "reason", "paste"),
    [
        (ANCHOR, "x", "anchor", "text: |\n  edited"),
        (ANCHOR, "facebook", "anchor", "text: |\n  edited"),
        (DEFAULT, "x", "default", "text: |\n  edited"),
    ],
    ids=["an anchor", "an alias", "a default"],
)
def test_what_other_places_share_is_left_with_the_lines_to_paste(
    world: World, text: str, account: str, reason: str, paste: str
) -> None:
    (world.top / "posts.yaml").write_text(text.format(day=f"{T:%Y-%m-%d}"), "utf-8")
    apply_all(world)
    post = next(post for post in world.sandbox.posts() if post["account_id"] == ACCOUNTS[account])
    world.sandbox.edit(post["id"], text="edited")
    before = files(world)
    (left,) = pull(world, code=6)["posts"]
    assert (reason in left["reason"], left["paste"]) == (True, paste)
    assert files(world) == before


def test_lines_for_one_account_of_several_say_so(world: World) -> None:
    """Pasted where they say, they are for it alone; where all accounts want the same, they are the post's."""
    text = "defaults: {{text: From all of us}}\nposts:\n- at: {day} 09:00\n  accounts: [x, facebook]\n"
    (world.top / "posts.yaml").write_text(text.format(day=f"{T:%Y-%m-%d}"), "utf-8")
    apply_all(world)
    x, facebook = (
        next(post for post in world.sandbox.posts() if post["account_id"] == ACCOUNTS[each])
        for each in ("x", "facebook")
    )
    world.sandbox.edit(x["id"], text="edited")
    (left,) = pull(world, code=6)["posts"]
    assert left["paste"] == "accounts: # and the others\n- account: x\n  text: |\n    edited"
    world.sandbox.edit(facebook["id"], text="otherwise")
    one, other = pull(world, code=6)["posts"]
    assert one["paste"] == other["paste"]
    assert one["paste"].startswith("accounts:\n- account: ")
    assert {"    edited", "    otherwise"} < {*one["paste"].split("\n")}
    pasted = "\n".join(f"  {line}" for line in one["paste"].split("\n"))
    before = (world.top / "posts.yaml").read_text("utf-8")
    (world.top / "posts.yaml").write_text(before.replace("  accounts: [x, facebook]", pasted), "utf-8")
    assert world.changes() == []
    (world.top / "posts.yaml").write_text(before, "utf-8")
    world.sandbox.edit(facebook["id"], text="edited")
    assert {each["paste"] for each in pull(world, code=6)["posts"]} == {"text: |\n  edited"}


def test_what_calendars_share_is_never_written(world: World) -> None:
    shared = world.top.parent / "shared.yaml"
    shared.write_text("time: 09:00\ndefaults: {text: From all of us}\n", "utf-8")
    world.settings(extends="../shared.yaml")
    (world.top / "posts.yaml").write_text(f"posts:\n- at: {T:%Y-%m-%d}\n  accounts: x\n", "utf-8")
    apply_all(world)
    world.sandbox.edit(world.find("From all of us")["id"], text="edited")
    before = files(world), shared.read_bytes()
    (left,) = pull(world, code=6)["posts"]
    assert (left["reason"], left["paste"]) == ("its `text` comes from a default", "text: |\n  edited")
    assert (files(world), shared.read_bytes()) == before

"""pull against the local Publer: what comes into the files, and that plan then sends nothing and apply adopts."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.editing.editor import edited
from publer_sync.editing.edits import Put
from publer_sync.machine.packaged import packaged
from publer_sync.publer.reader import PublerReader
from publer_sync.pulling import puller
from publer_sync.pulling.additions import value_of
from publer_sync.pulling.rewrites import Rewriter
from tests.ledger.git_world import git
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want, World, as_told, png, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publer_sync.pulling.additions import Addition
    from publer_sync.pulling.findings import Pair
    from tests.conftest import Ran

NASTY = (
    "#hashtag first",
    "no",
    "10:30",
    "null",
    "- a dash",
    "key: value # and more",
    "'single' and \"double\" quotes",
    "{braces} and [brackets]",
    "*alias &anchor !tag @at `code` %percent",
    "🚀 👩‍👩‍👧 emoji",
    "trailing spaces   \nof each line  ",
    "\u00a0outer\u00a0and\u00a0inner no-break spaces\u00a0",
    "CRLF\r\nline\r\n\r\nends",
    "one\n\n\n\nfar below",
    "  indented\n    more\n  less",
    "a line\n---\nanother\n...\nlast",
    "a\ttab and\n\ta line of it",
    "line\u2028separator and \u200bzero width",
    "<<<<<<< ours\n=======\n>>>>>>> theirs",
    "posts:\n- at: 2027-03-02 09:00",
    "a very long line " * 60,
    "back\\slash \\n",
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "home") as made:
        made.write()
        yield made


def files(world: World) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(world.top.glob("*.*")) if path.is_file()}


def pull(world: World, *flags: str, code: int = 0) -> Any:
    """One that writes; it sends only GET and leaves the state alone."""
    ledger = world.ledger.read_bytes() if world.ledger.exists() else None
    world.sandbox.reset_log()
    ran = world.run("pull", world.top, "--yes", "--format", "json", *flags)
    assert ran.code == code, ran
    assert world.writes() == []
    assert (world.ledger.read_bytes() if world.ledger.exists() else None) == ledger
    document = json.loads(ran.stdout)
    conforms(document, "pull")
    return document


def apply_all(world: World) -> None:
    """Have in Publer what the calendar says."""
    assert world.apply().code == 0
    world.sandbox.settle()


def settled(world: World, *flags: str, code: int = 0) -> None:
    """The promise of a pull: plan sends nothing, apply adopts, and a second pull changes no byte."""
    assert {action for action, _, _ in world.changes()} <= {"adopt"}
    world.sandbox.reset_log()
    assert world.apply().code == 0
    assert world.writes() == []
    assert world.changes() == []
    before = files(world)
    pull(world, *flags, code=code)
    assert files(world) == before


def summary(document: Any) -> dict[str, int]:
    return {key: number for key, number in document["summary"].items() if number}


# --- new posts ------------------------------------------------------------------------------------------------------


def test_every_text_comes_in_as_it_is(world: World) -> None:
    for number, text in enumerate(NASTY):
        world.stranger("facebook", T + number * MINUTE, text)  # all of a month, and so in one file
    assert summary(pull(world)) == {"new": len(NASTY)}
    settled(world)
    kept = json.loads(world.run("plan", world.top, "--format", "json").stdout)["summary"]
    assert kept["unchanged"] == len(NASTY)
    written = (world.top / f"pulled-{T:%Y-%m}.yaml").read_text("utf-8")
    assert written.count('"as it is in Publer"') + written.count(": as it is in Publer") == 2


def test_the_same_words_on_several_accounts_are_one_post(world: World) -> None:
    for account in ("facebook", "x", "linkedin"):
        world.stranger(account, T, "We launched! 🚀\n")
    world.stranger("x", T + HOUR, "We launched! 🚀")
    world.stranger("facebook", T + HOUR, "We launched! 🚀", state="draft")
    pull(world)
    text = (world.top / f"pulled-{T:%Y-%m}.yaml").read_text("utf-8")
    assert text == (
        "posts:\n"
        f"- id: we-launched\n  at: {T:%a %Y-%m-%d} 09:00\n  accounts: [facebook, x, linkedin]\n"
        "  text: |\n    We launched! 🚀\n"
        f"- id: we-launched-2\n  at: {T:%a %Y-%m-%d} 10:00\n  accounts: facebook\n"
        "  text: |\n    We launched! 🚀\n  draft: true\n"
        f"- id: we-launched-3\n  at: {T:%a %Y-%m-%d} 10:00\n  accounts: x\n"
        "  text: |\n    We launched! 🚀\n"
    )
    settled(world)


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("month", {f"pulled-{T:%Y-%m}.yaml", f"pulled-{T + 40 * DAY:%Y-%m}.yaml"}),
        ("week", {f"pulled-{T:%G-W%V}.yaml", f"pulled-{T + 40 * DAY:%G-W%V}.yaml"}),
        ("account", {"pulled-facebook.yaml", "pulled-x.yaml"}),
    ],
)
def test_new_posts_are_spread_over_files(world: World, by: str, names: set[str]) -> None:
    world.stranger("facebook", T, "one")
    world.stranger("x", T + 40 * DAY, "two")
    pull(world, "--by", by)
    assert set(files(world)) - {"publer.yaml", "posts.yaml"} == names
    settled(world, "--by", by)


def test_a_later_pull_adds_to_the_same_file(world: World) -> None:
    world.stranger("x", T, "one")
    pull(world)
    name = f"pulled-{T:%Y-%m}.yaml"
    before = (world.top / name).read_bytes() + b"\r\n# a note of ours\r\n"
    (world.top / name).write_bytes(before)
    world.stranger("x", T + HOUR, "one")
    pull(world)
    after = (world.top / name).read_bytes()
    assert after.startswith(before.removesuffix(b"\n\r\n# a note of ours\r\n"))
    assert after.endswith(b"# a note of ours\r\n")
    assert b"id: one-2" in after
    settled(world)


def test_a_new_file_names_the_schema_that_the_calendar_has(world: World) -> None:
    """As init does in its files; a file that is there already gets no such line."""
    line = f"{packaged('templates', 'first.yaml').partition(chr(10))[0].replace('$$', '$')}\n"
    world.stranger("x", T, "one")
    pull(world)
    (world.top / ".schema").mkdir()
    (world.top / ".schema" / "calendar.schema.json").write_text(packaged("schema", "calendar.schema.json"))
    world.stranger("x", T + HOUR, "two")
    world.stranger("x", T + 40 * DAY, "three")
    pull(world)
    old, new = (world.top / f"pulled-{at:%Y-%m}.yaml" for at in (T, T + 40 * DAY))
    assert old.read_text("utf-8").startswith("posts:\n- id: one\n")
    assert new.read_text("utf-8").startswith(f"{line}posts:\n- id: three\n")
    settled(world)


def test_what_is_not_for_a_calendar_is_counted(world: World) -> None:
    world.stranger("x", None, "undated", state="draft_undated")
    for number, state in enumerate(
        ("recycling", "recurring", "published", "scheduled_pending", "scheduled_declined")
    ):
        world.stranger("x", T + number * HOUR, state, state=state)
    found = pull(world)
    assert found["counted"] == dict.fromkeys(
        ("declined", "pending", "published", "recurring", "recycling", "undated"), 1
    )
    assert (found["written"], found["posts"]) == (False, [])


def test_a_draft_that_lost_its_time_in_publer_is_left_and_plan_shows_what_was_edited(world: World) -> None:
    world.apply_first(Want("one", "x", T, "One", draft=True))
    world.sandbox.edit(world.find("One")["id"], at=None, state="draft_undated")
    plan = " ".join(world.run("plan", world.top).stdout.split())
    assert f"In Publer now, time: [-{as_told(T)}-]{{+none+}}" in plan
    before = files(world)
    (left,) = pull(world, code=6)["posts"]
    assert (left["action"], left["reason"].startswith("it has no time in Publer any more")) == ("left", True)
    assert files(world) == before


@pytest.mark.parametrize("kind", ["poll", "event", "offer", "document"])
def test_what_publer_shows_only_in_part_is_left(world: World, kind: str) -> None:
    world.stranger("linkedin", T, "Which one?", type=kind)
    before = files(world)
    (left,) = pull(world, code=6)["posts"]
    assert (left["action"], kind in left["reason"]) == ("left", True)
    assert files(world) == before


def test_a_post_that_validate_refuses_is_left_and_the_others_are_written(world: World) -> None:
    world.stranger("x", T, "a" * 300)
    world.stranger("x", T + HOUR, "fine")
    found = pull(world, code=6)
    assert summary(found) == {"new": 1, "left": 1}
    (left,) = (post for post in found["posts"] if post["action"] == "left")
    assert "characters" in left["reason"]
    assert left["paste"].startswith("- id: ")
    world.changes()


def test_filters_choose_among_the_new_posts(world: World) -> None:
    world.stranger("x", T, "this one")
    world.stranger("facebook", T, "another account")
    world.stranger("x", T + 3 * DAY, "another day")
    pull(world, "--account", "x", "--to", f"{T:%Y-%m-%d}")
    assert [want["id"] for want in pull(world)["posts"]] == ["another-account", "another-day"]


def test_media_keep_their_ids_and_alt_texts(world: World) -> None:
    pieces = [
        {
            "id": "5f00000000000000000000a1",
            "path": "https://cdn/a.png",
            "type": "photo",
            "name": "a.png",
            "alt_text": "A: #1",
        },
        {"id": "5f00000000000000000000a2", "path": "https://cdn/b.png", "type": "photo"},
    ]
    world.stranger("facebook", T, "pictures", type="photo", media=pieces)
    world.stranger("x", T, "a film", type="video", media=[{**pieces[1], "type": "video"}])
    pull(world)
    text = (world.top / f"pulled-{T:%Y-%m}.yaml").read_text("utf-8")
    assert (
        '  - id: 5f00000000000000000000a1  # a.png\n    alt: "A: #1"\n  - id: 5f00000000000000000000a2\n'
        in text
    )
    assert "type: video\n" in text
    settled(world)


def test_media_are_downloaded_next_to_the_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    served = {
        "https://cdn/a.png": png(1),
        "https://cdn/other/a.png": png(2),
        "https://cdn/c.png": b"no picture",
    }
    monkeypatch.setattr(PublerReader, "file", lambda _, url: served.get(url))
    pieces = [
        {"id": f"5f0000000000000000000{number:03}", "path": url, "type": "photo"}
        for number, url in enumerate((*served, "https://cdn/refused.png"))
    ]
    for number, piece in enumerate(pieces):
        world.stranger("facebook", T + number * HOUR, f"picture {number}", type="photo", media=[piece])
    shown = world.run("pull", world.top, "--media", "--diff")
    assert "calendar/media/a-2.png" in shown.stdout
    assert not (world.top / "media").exists()
    found = pull(world, "--media")
    assert (summary(found), found["media"]) == ({"new": 4}, ["media/a-2.png", "media/a.png"])
    assert {path.name: path.read_bytes() for path in (world.top / "media").iterdir()} == {
        "a.png": png(1),
        "a-2.png": png(2),
    }
    text = (world.top / f"pulled-{T:%Y-%m}.yaml").read_text("utf-8")
    assert re.findall("- ((?:file|id): [/5].*)", text) == [
        "file: /media/a.png",
        "file: /media/a-2.png",
        f"id: {pieces[2]['id']}",
        f"id: {pieces[3]['id']}",
    ]
    settled(world, "--media")


# --- edits ----------------------------------------------------------------------------------------------------------

SHARED = """\
# The week\r
posts:\r
- id: both   # on two\r
  at: {day} 09:00\r
  accounts: [facebook, x]\r
  text: |\r
    Words for both\r
\r
    #tag\r
# between\r
- {{id: flow, at: {day} 10:00, accounts: [linkedin], text: "in braces"}}\r
- id: own\r
  at: {day} 11:00\r
  accounts:\r
  - linkedin\r
  - account: x   # shorter\r
    text: 'Short'\r
  text: Longer\r
  networks:\r
    facebook:\r
      at: 12:00\r
"""


def shared(world: World) -> dict[str, str]:
    """A calendar of several layouts, applied. The ids in Publer by text."""
    raw = "\ufeff" + SHARED.format(day=f"{T:%Y-%m-%d}")
    (world.top / "posts.yaml").write_bytes(raw.encode())
    apply_all(world)
    return {f"{post['account_id']} {post['text']}": str(post["id"]) for post in world.sandbox.posts()}


def changed(before: bytes, after: bytes) -> list[str]:
    """The lines that differ, with what is left of them."""
    import difflib

    old, new = before.decode().splitlines(keepends=True), after.decode().splitlines(keepends=True)
    return [
        line
        for line in difflib.unified_diff(old, new, n=0)
        if line[:3] not in ("---", "+++") and line[0] != "@"
    ]


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


def test_a_conflict_is_shown_and_written_on_request_alone(world: World) -> None:
    world.apply_first(Want("both", "x", T, "first"))
    world.sandbox.edit(world.find("first")["id"], text="theirs")
    world.write(Want("both", "x", T, "ours"))
    before = files(world)
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["text"])
    assert files(world) == before
    pull(world, "--prefer", "calendar")
    assert files(world) == before
    pull(world, "--prefer", "publer")
    assert b'"theirs"' in files(world)["posts.yaml"]
    settled(world)


def test_a_post_with_the_same_words_at_another_time_is_a_conflict(world: World) -> None:
    """Written down beside the calendar's, the same words would be published twice."""
    world.write(Want("planned", "x", T, "the same words"))
    world.stranger("x", T + HOUR, "the same words")
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["time"])
    pull(world, "--prefer", "publer")
    settled(world)
    assert len(world.live()) == 0  # all of them are a colleague's


def test_two_edits_that_swap_their_minutes_are_written_together(world: World) -> None:
    world.apply_first(Want("one", "x", T, "one"), Want("two", "x", T + HOUR, "two"))
    world.sandbox.edit(world.find("one")["id"], at=T + HOUR)
    world.sandbox.edit(world.find("two")["id"], at=T)
    assert summary(pull(world)) == {"edited": 2}
    settled(world)


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


def test_a_minute_that_another_post_wants_is_a_conflict(world: World) -> None:
    world.apply_first(Want("one", "x", T, "one"), Want("two", "x", T + HOUR, "two"))
    world.sandbox.edit(world.find("one")["id"], at=T + HOUR)
    before = files(world)
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["time"])
    assert files(world) == before


@pytest.mark.parametrize(
    ("more", "difference"),
    [
        ({"url": "https://example.com/other", "type": "link"}, "its link differs"),
        ({"media": [{"id": "1"}], "type": "photo"}, "its media differ"),
        ({"state": "recurring"}, "it is recurring in Publer"),
    ],
)
def test_a_post_with_the_same_words_in_a_minute_of_the_calendar_is_told_apart(
    world: World, more: dict[str, Any], difference: str
) -> None:
    world.write(Want("one", "x", T, "The same words"))
    world.stranger("x", T, "The same words", **more)
    (blocked,) = world.plan()["changes"]
    assert blocked["reason"] == (
        f'another post is already scheduled for this minute: "The same words"; {difference}'
    )
    if "url" in more:
        (conflict,) = pull(world, code=6)["posts"]
        assert conflict["reason"] == (f"Publer has a post with the same text for this minute; {difference}")


def test_another_post_in_a_minute_of_the_calendar_is_a_conflict(world: World) -> None:
    world.write(Want("ours", "x", T, "ours"))
    world.stranger("x", T, "theirs")
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["text"])
    pull(world, "--prefer", "publer")
    assert world.changes() == [("adopt", None, "ours")]
    settled(world)


def test_new_posts_are_scheduled_where_the_calendar_makes_drafts(world: World) -> None:
    world.settings(defaults={"draft": True})
    world.stranger("x", T, "scheduled")
    world.stranger("x", T + HOUR, "a draft", state="draft")
    assert summary(pull(world)) == {"new": 2}
    settled(world)


def test_two_clocks_at_one_time_are_told_apart(world: World) -> None:
    world.settings(timezone="Europe/Oslo")
    year = T.year + 1
    last = max(day for day in range(25, 32) if datetime(year, 10, day, tzinfo=UTC).weekday() == 6)
    for hour in (0, 1):
        world.stranger("x", datetime(year, 10, last, hour, 30, tzinfo=UTC), f"at {hour}")
    assert summary(pull(world)) == {"new": 2}
    text = (world.top / f"pulled-{year}-10.yaml").read_text("utf-8")
    assert f"at: Sun {year}-10-{last} 02:30+02:00\n" in text
    assert f"at: Sun {year}-10-{last} 02:30+01:00\n" in text
    settled(world)


# --- proof ----------------------------------------------------------------------------------------------------------


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


def test_a_new_post_that_would_not_equal_publers_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.stranger("x", T, "first")
    world.stranger("x", T + HOUR, "second")
    right = value_of

    def careless(addition: Addition, *args: Any, **options: Any) -> Any:
        value = right(addition, *args, **options)
        return {**value, "text": "oops"} if addition.id == "first" else value

    monkeypatch.setattr(puller, "value_of", careless)
    found = pull(world, code=6)
    assert [(post["action"], post["reason"]) for post in found["posts"]] == [
        ("new", ""),
        ("left", puller.UNEQUAL),
    ]
    assert world.changes() == [("adopt", None, "second")]


# --- what is added to texts ----------------------------------------------------------------------------------------

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


# --- removals -------------------------------------------------------------------------------------------------------


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


# --- asking and writing ---------------------------------------------------------------------------------------------


def test_nobody_to_ask_is_64_and_diff_writes_nothing(world: World) -> None:
    world.stranger("x", T, "new")
    before = files(world)
    assert world.run("pull", world.top).code == 64
    shown: Ran = world.run("pull", world.top, "--diff")
    assert shown.code == 0
    assert "+    new" in shown.stdout
    assert files(world) == before


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.stranger("x", T, "new")
    name = world.top / f"pulled-{T:%Y-%m}.yaml"
    monkeypatch.setattr(
        "publer_sync.commands.running.course.out", lambda _: name.write_text("# mine\n", "utf-8")
    )
    ran = world.run("pull", world.top, "--yes")
    assert (ran.code, "was changed while pull was running" in ran.stderr) == (1, True)
    assert name.read_text("utf-8") == "# mine\n"


def test_a_calendar_with_errors_is_3(world: World) -> None:
    (world.top / "posts.yaml").write_text("posts:\n- at: nonsense\n", "utf-8")
    assert world.run("pull", world.top, "--yes").code == 3

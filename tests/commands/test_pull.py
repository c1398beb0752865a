"""`pull` against the local Publer: new posts come into the files, and then plan sends nothing and apply adopts."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.machine.packaged import packaged
from publer_sync.publer.reader import PublerReader
from publer_sync.pulling import puller
from publer_sync.pulling.additions import value_of
from tests.commands.pulls import NASTY, files, pull, settled, summary
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, World, as_told, png

if TYPE_CHECKING:
    from publer_sync.pulling.additions import Addition
    from tests.conftest import Ran


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


@pytest.mark.parametrize("words", [(), ("--media",)])
def test_pictures_are_brought_only_where_that_is_asked(
    empty_world: World, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(PublerReader, "file", lambda _, url: png(1))
    piece = {"id": "5f0000000000000000000001", "path": "https://cdn/1.png", "type": "photo", "name": "a.png"}
    empty_world.stranger("facebook", T, "With a picture", type="photo", media=[piece])
    assert empty_world.run("pull", empty_world.top, "--yes", *words).code == 0
    assert [path.name for path in empty_world.top.rglob("*.png")] == ["a.png"][: len(words)]

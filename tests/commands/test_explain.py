"""`explain`: what the calendar says of a post and where, and what has become of it."""

from __future__ import annotations

import json
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.render.layout.measure import width
from tests.commands.side_by_side import ONE, SideBySide
from tests.schemas import conforms
from tests.system.worlds import T, Want, World, clocks
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.conftest import Ran

DAY = f"{T:%Y-%m-%d}"
POSTS = f"""\
accounts: x
defaults:
  labels: [march]
posts:
- id: launch
  at: {DAY} 09:00
  text: |
    We launched
      and it is good

  networks:
    x:
      link: https://example.com/launch
  accounts:
  - x
  - account: facebook
    text: |
      We launched, and there is much to tell
# between
- at: {DAY} 11:00
  text: |
    Nothing but words
  ignore:
    media.no-alt: there is no picture
- id: tip
  at: {DAY} 17:00
  text: Repeats
  repeat: {{every: day, times: 3}}
"""


def test_each_addition_and_where_it_comes_from(calendar: World) -> None:
    calendar.settings(append={"x": "Read on"}, hashtags={"core": ["a", "b"]}, utm={"source": "{network}"})
    own = "  hashtags: [core]\n  networks:\n    x:\n      utm: {medium: social}\n      link"
    (calendar.top / "posts.yaml").write_text(POSTS.replace("  networks:\n    x:\n      link", own), "utf-8")
    (post,) = document(calendar, "launch", "--offline")["posts"]
    on_x = next(each["values"] for each in post["accounts"] if each["account"]["alias"] == "x")
    found = {value["key"]: (value["value"], value["from"]) for value in on_x}
    assert found["append"] == ("Read on", "settings")
    assert found["hashtags"] == ("#a #b", "post")
    assert found["utm"] == ("utm_source=x, utm_medium=social", "network")
    assert found["link"][0] == {"url": "https://example.com/launch?utm_source=x&utm_medium=social"}


def test_every_part_of_a_value_has_a_line_and_accounts_their_alias_without_a_key(calendar: World) -> None:
    more = "  share: {accounts: facebook, after: 1h, text: Some words that go on for more than a line would hold}\n  networks"
    (calendar.top / "posts.yaml").write_text(POSTS.replace("  networks", more, 1), "utf-8")
    page = explain(calendar, "launch", "--offline").stdout
    on_x = page[page.index("\nx  ") :].splitlines()
    start = next(number for number, line in enumerate(on_x) if line.startswith("  share "))
    lines = [line.split("   post,")[0].strip() for line in on_x[start : start + 4]]
    assert lines[:2] == ["share       shared by: facebook", "shared after: 1 hour"]
    words = "shared with the text: Some words that go on for more than a line would hold"
    assert " ".join(lines[2:]).startswith(words)


@pytest.fixture
def calendar(empty_world: World) -> World:
    """For one command without Publer."""
    (empty_world.top / "posts.yaml").write_text(POSTS, encoding="utf-8")
    empty_world.settings(defaults={"labels": ["always"]})
    return empty_world


@pytest.fixture
def world(calendar: World) -> World:
    return calendar


def explain(world: World, what: str, *words: str) -> Ran:
    return world.run("explain", what, "--calendar", world.top, *words)


def document(world: World, what: str, *words: str) -> Any:
    ran = explain(world, what, "--format", "json", *words)
    assert ran.code == 0, ran
    found = json.loads(ran.stdout)
    conforms(found, "explain")
    return found


@each_of(
    ("what", "line"),
    [
        ("launch", 5),
        ("posts.yaml:5", 5),
        ("posts.yaml:18", 5),
        ("much to TELL", 5),
        ("launched and it is", 5),
        (f"x@{DAY}T09:00", 5),
        (f"twitter@{DAY}T09:00", 5),
        ("posts.yaml:20", 20),
        ("Nothing but", 20),
        (f"x@{DAY} 11:00", 20),
        ("tip", 25),
        (f"tip@{DAY}", 25),
    ],
)
def test_a_post_is_found_by_id_time_line_or_words(calendar: World, what: str, line: int) -> None:
    [post] = document(calendar, what, "--offline")["posts"]
    assert post["source"] == {"file": "posts.yaml", "line": line}


def test_a_file_can_be_named_from_where_one_stands_or_from_the_calendar(calendar: World) -> None:
    (calendar.top / "media").mkdir()
    for folder, file in ((calendar.home, "calendar/posts.yaml"), (calendar.top / "media", "posts.yaml")):
        with chdir(folder):
            [post] = document(calendar, f"{file}:7", "--offline")["posts"]
        assert post["id"] == "launch"


@each_of("what", ["nobody", "posts.yaml:19", "posts.yaml:4", "other.yaml:1", "y@2027-03-02", "x", "x@", " "])
def test_what_is_no_post_is_64(calendar: World, what: str) -> None:
    ran = explain(calendar, what, "--offline")
    assert ran.code == 64
    assert f'there is no post "{what}" here' in ran.stderr


def test_each_value_says_where_it_comes_from(calendar: World) -> None:
    [post] = document(calendar, "launch", "--offline")["posts"]
    by_alias = {on["account"]["alias"]: on for on in post["accounts"]}
    told = {
        alias: {
            value["key"]: (value["from"], value["source"]["file"], value["source"]["line"])
            for value in on["values"]
        }
        for alias, on in by_alias.items()
    }
    assert told["x"] == {
        "text": ("post", "posts.yaml", 7),
        "type": ("inferred", "posts.yaml", 5),
        "link": ("network", "posts.yaml", 13),
        "labels": ("file", "posts.yaml", 3),
    }
    assert told["facebook"] == {
        "text": ("account", "posts.yaml", 17),
        "type": ("inferred", "posts.yaml", 5),
        "labels": ("file", "posts.yaml", 3),
    }
    calendar.settings(defaults={"link": "https://example.com"})
    [plain] = document(calendar, "Nothing but", "--offline")["posts"]
    assert {(v["key"], v["from"]) for v in plain["accounts"][0]["values"]} >= {("link", "settings")}
    assert plain["silenced"] == {"media.no-alt": "there is no picture"}


def test_each_value_of_a_post_in_one_line_says_where_it_comes_from(calendar: World) -> None:
    line = f"- {{id: one, at: {DAY} 09:00, accounts: [x, {{account: facebook, text: Two}}], text: One, networks: {{x: {{labels: [a]}}}}, title: T}}"
    (calendar.top / "posts.yaml").write_text(f"posts:\n{line}\n", "utf-8")
    (post,) = document(calendar, "one", "--offline")["posts"]
    found = {
        each["account"]["alias"]: {value["key"]: value["from"] for value in each["values"]}
        for each in post["accounts"]
    }
    assert {key: found["x"][key] for key in ("text", "labels", "title")} == {
        "text": "post",
        "labels": "network",
        "title": "post",
    }
    assert {key: found["facebook"][key] for key in ("text", "title")} == {"text": "account", "title": "post"}


def test_a_value_that_adds_up_names_every_place_it_comes_from(calendar: World) -> None:
    calendar.settings(defaults={"labels": ["always"], "utm": {"source": "{network}"}}, utm_hosts=[])
    text = POSTS.replace("  text: |\n    We", "  labels:\n  - launch\n  - spring\n  text: |\n    We", 1)
    text = text.replace(
        "- account: facebook\n",
        "- account: facebook\n    labels: [page]\n    utm: {medium: social}\n    link: https://example.com\n",
        1,
    )
    (calendar.top / "posts.yaml").write_text(text, encoding="utf-8")
    [post] = document(calendar, "launch", "--offline")["posts"]
    lines = text.splitlines()
    told = {
        on["account"]["alias"]: {
            value["key"]: [
                (each["from"], each["source"]["file"], each["source"]["line"]) for each in value["origins"]
            ]
            for value in on["values"]
        }
        for on in post["accounts"]
    }
    own = lines.index("  labels:") + 1
    assert told["x"]["labels"][1:] == [("file", "posts.yaml", 3), ("post", "posts.yaml", own)]
    assert [place[0] for place in told["x"]["labels"]] == ["settings", "file", "post"]
    assert [place[0] for place in told["facebook"]["labels"]] == ["settings", "file", "post", "account"]
    assert [place[0] for place in told["facebook"]["utm"]] == ["settings", "account"]
    assert told["x"]["text"] == [("post", "posts.yaml", lines.index("  text: |") + 1)]
    shown = explain(calendar, "launch", "--offline").stdout
    assert f"; file, posts.yaml:3; post, posts.yaml:{own}" in " ".join(shown.split())


def test_the_lines_of_a_post_are_its_own(calendar: World) -> None:
    [post] = document(calendar, "launch", "--offline")["posts"]
    assert post["lines"] == POSTS.splitlines()[4:18]
    assert "    9 |       and it is good" in explain(calendar, "launch", "--offline").stdout


def test_a_series_is_explained_on_one_day(calendar: World) -> None:
    [post] = document(calendar, "tip", "--offline")["posts"]
    assert len(post["days"]) == 3
    assert [on["id"] for on in post["accounts"]] == [f"tip@{DAY}"]
    [other] = document(calendar, post["days"][2], "--offline")["posts"]
    assert [on["id"] for on in other["accounts"]] == [post["days"][2]]


def test_offline_needs_no_key_and_asks_nothing(calendar: World) -> None:
    assert explain(calendar, "launch", "--offline").code == 0
    assert not calendar.sandbox.requests


def test_what_was_sent_what_publer_has_and_what_plan_would_do(world: World) -> None:
    before = document(world, "launch")["posts"][0]["accounts"]
    assert [on["change"]["action"] for on in before] == ["create", "create"]
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.edit(world.find("We launched\n  and it is good")["id"], text="A colleague's words")
    world.sandbox.requests.clear()
    on = {on["account"]["alias"]: on["change"] for on in document(world, "launch")["posts"][0]["accounts"]}
    assert {request.method for request in world.sandbox.requests} == {"GET"}
    assert (on["facebook"]["action"], on["x"]["action"], on["x"]["code"]) == (
        "unchanged",
        "blocked",
        "edited",
    )
    assert on["facebook"]["verified_at"]
    text = explain(world, "launch").stdout
    assert "A colleague's words" in text
    edit, change = text.index("In Publer now: "), text.index("What would change if it were not blocked:\n")
    assert edit < change < text.index("To keep the edit: ")
    assert "--overwrite-edits" in text
    assert "Publer's id" in text


def test_a_published_post_is_not_said_to_be_missing_from_publer(world: World) -> None:
    assert world.apply().code == 0
    world.sandbox.settle()
    with clocks(world) as to:
        to(T + timedelta(days=2))
        text = " ".join(explain(world, "launch").stdout.split())
    assert "in Publer published, " in text
    assert "not there" not in text


def test_a_managed_post_that_left_the_calendar_is_found_too(world: World) -> None:
    assert world.apply().code == 0
    world.sandbox.settle()
    (world.top / "posts.yaml").write_text("posts: []\n", encoding="utf-8")
    found = document(world, "launch")
    assert found["posts"] == []
    assert {(change["action"], change["id"]) for change in found["left"]} == {("delete", "launch")}
    assert [change["id"] for change in document(world, f"facebook@{DAY}T09:00")["left"]] == ["launch"]
    assert "no longer in the calendar" in explain(world, "launch").stdout


def test_of_several_posts_that_left_the_calendar_the_one_that_is_named_is_found(empty_world: World) -> None:
    pair = SideBySide(empty_world)
    pair.settings("acme")
    other = Want("other", "x", T + timedelta(days=1), "Other")
    pair.applied("acme", ONE, other)
    for wants, what, found in [
        ([], "one", ([], ["one"])),
        ([], f"x@{other.at:%Y-%m-%d}T09:00", ([], ["other"])),
        ([ONE], "other", ([], ["other"])),
        ([ONE], "one", (["one"], [])),
    ]:
        pair.write(acme=wants)
        [told] = pair.json("explain", what, "--calendar", "acme")
        assert tuple([each["id"] for each in told[key]] for key in ("posts", "left")) == found


def test_a_use_that_only_the_ledger_knows_is_told_with_its_account(empty_world: World) -> None:
    pair, yesterday = SideBySide(empty_world), datetime.now(UTC) - timedelta(days=1)
    pair.settings("acme")
    stored = "posts:\n- {id: tip, accounts: x, evergreen: {every: 2w}, text: Tip}\n"
    (pair.top("acme") / "posts.yaml").write_text(stored, encoding="utf-8")
    use = f"tip@{yesterday:%Y-%m-%d}"
    pair.applied("acme", Want(use, "x", T, "Tip"))
    store = pair.store("acme")
    state = store.read()
    state.put(replace(state.copies[1], slot=yesterday).ending(End.PUBLISHED, yesterday))
    with store.lock(1):
        store.write(state)
    [told] = pair.json("explain", "tip", "--calendar", "acme")
    uses = [(each["id"], each["accounts"], each["state"]) for each in told["posts"][0]["uses"]]
    assert uses == [(use, ["x"], "published")]


def test_a_file_that_is_not_in_the_calendar_has_no_post_of_it(calendar: World) -> None:
    (calendar.home / "posts.yaml").write_text(POSTS, encoding="utf-8")
    ran = explain(calendar, f"{calendar.home / 'posts.yaml'}:7", "--offline")
    assert (ran.code, "there is no post" in ran.stderr) == (64, True), ran


def test_a_rehearsal_tells_what_is_wrong_at_its_own_time(calendar: World) -> None:
    for words, is_far in ((("--now", "2020-06-01"), True), ((), False)):
        assert ("time.far" in explain(calendar, "launch", "--sandbox", *words).stdout) is is_far


def test_too_many_fits_are_listed_with_their_places(calendar: World) -> None:
    posts = "".join(f"- at: {DAY} 1{n}:00\n  accounts: facebook\n  text: The same {n}\n" for n in range(6))
    (calendar.top / "more.yaml").write_text("posts:\n" + posts, encoding="utf-8")
    ran = explain(calendar, "the same", "--offline")
    assert ran.code == 64
    assert "6 posts match" in ran.stderr
    assert "more.yaml:5" in ran.stdout
    assert len(document(calendar, "the same", "--offline")["posts"]) == 6
    (calendar.top / "more.yaml").write_text("posts:\n" + posts.rpartition("- at:")[0], encoding="utf-8")
    assert explain(calendar, "the same", "--offline").code == 0


def test_its_problems_are_told(calendar: World) -> None:
    (calendar.top / "posts.yaml").write_text(
        POSTS.replace("Nothing but words", "Nothing TBD"), encoding="utf-8"
    )
    [post] = document(calendar, "Nothing TBD", "--offline")["posts"]
    assert [problem["severity"] for problem in post["problems"]] == ["warning"]
    [other] = document(calendar, "launch", "--offline")["posts"]
    assert other["problems"] == []


def test_it_fits_80_columns(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = explain(world, "launch").stdout.splitlines()
    assert [line for line in lines if width(line) > 80] == []


def test_in_a_calendar_with_errors_they_are_shown(calendar: World) -> None:
    (calendar.top / "wrong.yaml").write_text(
        f"posts:\n- at: {DAY} 13:00\n  accounts: nowhere\n  text: Hello\n"
    )
    ran = explain(calendar, "launch")
    assert ran.code == 3
    assert 'there is no account "nowhere"' in ran.stderr
    assert explain(calendar, "launch", "--offline").code == 0


def test_values_from_settings_that_calendars_share_name_that_file(calendar: World) -> None:
    shared = "defaults: {title: Ours}\nappend:\n  x: Read on\n  facebook: More\n"
    (calendar.top.parent / "shared.yaml").write_text(shared, "utf-8")
    calendar.settings(extends="../shared.yaml", append={"facebook": "Our own"})
    (post,) = document(calendar, "launch", "--offline")["posts"]
    found = {
        (each["account"]["alias"], value["key"]): (value["value"], value["from"], value["source"])
        for each in post["accounts"]
        for value in each["values"]
    }
    agency = [{"file": "../shared.yaml", "line": line} for line in (1, 3)]
    assert found["x", "title"] == ("Ours", "settings", agency[0])
    assert found["x", "append"] == ("Read on", "settings", agency[1])
    assert found["facebook", "append"][0] == "Our own"
    assert found["facebook", "append"][2]["file"] == "publer.yaml"

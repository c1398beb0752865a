"""A post that moves between calendars of which each has a command of its own, has errors, or is on hold; and what both logs say."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest

from tests.commands.two import ACME, GLOBEX, LAUNCH, ON_BOTH, Two
from tests.conftest import run_here
from tests.system.worlds import DAY, HOUR, T, Want

pytestmark = pytest.mark.usefixtures("every_kind_seen")


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
@ON_BOTH
def test_in_commands_of_their_own_either_comes_first_and_neither_runs_twice(
    two: Two, order: tuple[str, str]
) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    for name in order:
        code, _ = two.apply(name)
        assert (code, two.ids(), two.writes()) == (0, before, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], before)
    for name in order:
        assert (two.plan(name)[0]["changes"], two.plan(name)[0]["warnings"]) == ([], [])
    logs = {name: json.loads(two.run("log", name, "--format", "json").stdout) for name in order}
    moved = {
        name: [
            (run["commit"], line["id"])
            for run in log["runs"]
            for line in run["changes"]
            if line["action"] == "hand_over"
        ]
        for name, log in logs.items()
    }
    assert moved[ACME] == moved[GLOBEX] != []


@ON_BOTH
def test_the_log_of_both_is_one_timeline_with_a_line_for_each_command(two: Two) -> None:
    two.cut_and_paste(LAUNCH)
    assert two.apply("clients")[0] == 0
    two.sandbox.reset_log()
    lines = two.run("log", "clients").stdout.splitlines()
    runs = json.loads(two.run("log", "clients", "--format", "json").stdout)["runs"]

    assert [run["calendars"] for run in runs] == [[ACME, GLOBEX], [ACME]]
    (moved,) = {
        (line["from_calendar"], line["to_calendar"])
        for line in runs[0]["changes"]
        if line["action"] == "hand_over"
    }
    assert moved == (ACME, GLOBEX)
    assert {line["calendar"] for line in runs[0]["changes"] if line["action"] == "hand_over"} == {
        ACME,
        GLOBEX,
    }
    assert f"  {ACME}, {GLOBEX}  1 moved from {ACME} to {GLOBEX}" in lines[0]
    assert f"  {ACME}  1 created" in lines[1]
    posts = two.run("log", "clients", "--post", "launch").stdout
    assert posts.count("  launch") == 2
    assert "moved from" not in two.run("log", "clients", "--to", "2020-01-01").stdout
    assert two.sandbox.requests == [], "Publer is asked for nothing"


@ON_BOTH
def test_the_log_needs_no_key_and_shows_a_calendar_that_has_no_folder(two: Two) -> None:
    shutil.rmtree(GLOBEX)
    two.write(ACME)
    assert two.apply(ACME)[0] == 0
    shutil.move(ACME, "clients/bank")  # a folder of another name, which has not been applied
    assert two.run("log", "clients/bank").stdout == "No recorded run changed a post.\n"
    told = two.run("log", "clients/bank", "--state-name", ACME).stdout.splitlines()
    assert [("1 removed" in line, "1 created" in line) for line in told] == [(True, False), (False, True)]
    unknown = two.run("log", "clients/bank", "--state-name", "clients/nobody")
    assert (unknown.code, unknown.stdout) == (64, "")
    assert f"It has: {ACME}, {GLOBEX}." in unknown.stderr
    with mock.patch.dict(os.environ):
        os.environ.pop("PUBLER_API_KEY", None)
        ran = run_here(
            ("log", "clients/bank", "--state-name", ACME), {**os.environ, "PUBLER_BASE_URL": two.url}
        )
    assert (ran.code, ran.stdout.splitlines()) == (0, told)


def test_the_log_tells_what_ended_and_where_a_state_went(two: Two) -> None:
    two.write(GLOBEX, replace(LAUNCH, id="more", text="And more", at=T + DAY))
    assert two.apply(GLOBEX)[0] == 0
    moved = two.run("state", "mv", "clients/globe", "--calendar", GLOBEX, "--yes")
    assert moved.code == 0, moved
    Path(GLOBEX, "publer.yaml").write_text(f"name: clients/globe\n{Path(GLOBEX, 'publer.yaml').read_text()}")
    left = two.run("forget", "--all", "--calendar", ACME, "--yes")
    assert left.code == 0, left
    lines = [line.partition("  ")[2] for line in two.run("log", "clients").stdout.splitlines()]
    assert "forget --all" in lines[0]
    assert lines[0].endswith("1 forgotten")
    assert "state mv" in lines[1]
    assert lines[1].endswith("(from the name clients/globex to clients/globe)")
    again = two.run("forget", "--all", "--calendar", ACME, "--yes")
    assert (again.code, "there is no state of clients/acme" in again.stderr) == (64, True)


def test_what_a_calendar_took_along_to_another_place_stays_its_own_until_both_are_in_one(two: Two) -> None:
    """Where its part was, a marker says that it went."""
    before = two.ids()
    settings = Path(ACME, "publer.yaml")
    there = settings.read_text()
    assert two.run("state", "mv", "--to", "ledgers", "--calendar", ACME, "--yes").code == 0
    two.cut_and_paste(LAUNCH)
    code, [told] = two.apply(GLOBEX)
    assert (code, two.ids(), two.writes()) == (6, before, []), "before its settings name the place, too"
    assert f"managed by the calendar {ACME}, whose state cannot be read" in told["results"][0]["message"]
    settings.write_text(f"{there}state: ../../ledgers\n")
    code, [told] = two.apply(GLOBEX)
    assert (code, two.ids(), two.writes()) == (6, before, [])
    [result] = told["results"]
    _, way = result["message"].split("move it first with publer-sync ")
    assert two.run(*way.split(), "--yes").code == 0
    settings.write_text(there)
    code, _ = two.apply(GLOBEX)
    assert (code, two.ids(), two.writes(), two.kept(GLOBEX)) == (0, before, [], before)


def test_the_log_of_several_names_the_one_that_cannot_be_read_and_shows_the_others(two: Two) -> None:
    two.put(GLOBEX, two.document(GLOBEX).replace("globex", "glabex"))
    ran = two.run("log", "clients")
    assert (ran.code, ran.stdout.count("created")) == (1, 1)
    assert f"{GLOBEX}: " in ran.stderr
    assert "damaged" in ran.stderr
    (failed,) = json.loads(two.run("log", "clients", "--format", "json").stdout)["failed"]
    assert (failed["calendar"], failed["result"]["error"]["code"]) == (GLOBEX, "state.damaged")


def test_the_giver_says_who_takes_it_over_and_needs_someone_from_a_day_before_its_minute_on(two: Two) -> None:
    soon = replace(LAUNCH, at=datetime.now(UTC).replace(second=0, microsecond=0) + 23 * HOUR)
    two.write(ACME, LAUNCH, soon)
    two.write(ACME, replace(LAUNCH, id="far"), soon)
    assert two.apply(ACME)[0] == 0
    before = two.ids()
    two.sandbox.reset_log()
    two.cut_and_paste(replace(LAUNCH, id="far"), soon)
    code, [result] = two.apply(ACME)
    assert code == 6
    assert {each["id"]: each["outcome"] for each in result["results"]} == {
        "far": "waiting",
        "launch": "not_tried",
    }
    assert all(f"the calendar {GLOBEX} wants it" in each["message"] for each in result["results"])
    assert (two.ids(), two.writes()) == (before, [])
    far = two.run("apply", ACME, "--from", f"{T:%Y-%m-%d}", "--yes")
    assert (far.code, "Done. 1 post waits for the calendar that takes it over." in far.stdout) == (0, True)
    assert two.apply(GLOBEX)[0] == 0
    assert two.apply(ACME)[0] == 0
    assert (two.ids(), two.writes(), two.kept(GLOBEX)) == (before, [], before)


def test_what_nobody_wants_is_removed_by_its_own_calendar(two: Two) -> None:
    two.write(ACME)
    assert two.apply(ACME)[0] == 0
    assert two.ids() == []


def test_other_calendars_are_not_read_where_nothing_leaves(two: Two) -> None:
    Path(GLOBEX, "posts.yaml").write_text("posts: [")
    with mock.patch("publer_sync.commands.reaching.checkouts._calendars_in", side_effect=AssertionError):
        assert two.apply(ACME)[0] == 0
        two.write(ACME, LAUNCH, Want("more", "x", T + DAY, "More"))
        assert two.apply(ACME)[0] == 0


def test_a_calendar_with_errors_that_wants_it_gets_it_once_they_are_fixed(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    Path(GLOBEX, "more.yaml").write_text("posts:\n- at: never\n  text: x\n")
    for words in ((ACME,), ("clients",)):
        code, results = two.apply(*words)
        [told] = results[0]["results"]
        assert (told["outcome"], code) == ("not_tried", 6 if words == (ACME,) else 3)
        assert "has errors: fix them, then run publer-sync apply" in told["message"]
        assert two.ids() == before
    Path(GLOBEX, "more.yaml").unlink()
    assert two.apply("clients")[0] == 0
    assert (two.kept(GLOBEX), two.ids()) == (before, before)


@ON_BOTH
def test_where_the_state_of_the_receiver_cannot_be_read_it_stays(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    good = two.document(GLOBEX)
    two.put(GLOBEX, "{")
    code, results = two.apply("clients")
    assert code == 1
    [told] = results[0]["results"]
    assert "the state of the calendar clients/globex cannot be read" in told["message"]
    assert two.ids() == before
    two.put(GLOBEX, good)
    assert two.apply("clients")[0] == 0
    assert (two.kept(GLOBEX), two.ids()) == (before, before)


def test_while_its_calendar_is_on_hold_a_post_does_not_move(two: Two) -> None:
    two.write(ACME, LAUNCH)
    two.settings(ACME, more="hold: {reason: Accident in town, labels: [other]}\n")
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    code, _ = two.apply("clients")
    assert (code, two.ids(), two.kept(ACME)) == (6, before, before)
    two.settings(ACME)
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.kept(GLOBEX)) == (before, before)


LATER_ON = replace(LAUNCH, at=T + HOUR)


@pytest.mark.parametrize(
    "pasted",
    [
        LAUNCH,
        LATER_ON,
        *(
            pytest.param(want, marks=pytest.mark.slow)
            for want in (replace(LATER_ON, text="More"), replace(LATER_ON, id=None))
        ),
    ],
    ids=["its minute", "another time", "other words", "no id"],
)
@pytest.mark.parametrize("let_go", [True, False])
@pytest.mark.parametrize("words", [(GLOBEX,), pytest.param((ACME, GLOBEX), marks=pytest.mark.slow)])
def test_what_is_on_hold_is_not_scheduled_from_another_calendar_before_its_release(
    two: Two, pasted: Want, let_go: bool, words: tuple[str, ...]
) -> None:
    assert two.run("hold", ACME, "--reason", "Accident in town", "--yes").code == 0
    two.cut_and_paste(pasted)
    if let_go:
        assert two.apply(ACME)[0] == 0
    code, results = two.apply(*words)
    assert (code, two.ids()) == (6, [])
    [told] = results[-1]["results"]
    assert f"posts of the calendar {ACME} are on hold: release them first" in told["message"]
    assert two.run("release", ACME, "--yes").code == 0
    assert two.ids() == []
    assert two.apply(*words)[0] == 0
    assert [(post["at"], post["text"]) for post in two.posts()] == [(pasted.at, pasted.text)]


def test_a_minute_that_a_post_on_hold_has_is_free_once_its_calendar_let_go_of_it(two: Two) -> None:
    assert two.run("hold", ACME, "--reason", "Accident in town", "--yes").code == 0
    other = Want("open", "x", T, "We are open")
    two.write(GLOBEX, other)
    ran = two.run("apply", GLOBEX, "--yes")
    assert (ran.code, two.ids()) == (6, [])
    assert f"or remove that post from the calendar {ACME} and apply it first." in " ".join(ran.stdout.split())
    two.write(ACME)
    assert two.apply(ACME)[0] == 0
    assert two.apply(GLOBEX)[0] == 0
    assert [post["text"] for post in two.posts()] == [other.text]
    assert two.run("release", ACME, "--yes").code == 0
    assert [post["text"] for post in two.posts()] == [other.text]

"""`doctor --survey`: what a workspace shows of the questions that no document answers, with nothing but GET."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.checking.survey import MOST_REQUESTS
from publer_sync.sandbox.likeness import likeness
from publer_sync.sandbox.tempers import set_tempers
from tests.system.worlds import DAY, HOUR, T, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        for number in range(8):
            made.stranger("facebook", T + number * DAY, f"Secret {number}")
        made.stranger("linkedin", T + 30 * HOUR, "Falcon", state="draft")
        made.stranger("linkedin", None, "An idea", state="draft")
        made.stranger("mastodon", T + 500 * DAY, "Far")
        yield made


def survey(world: World, *words: str | Path) -> dict[str, bool | None]:
    world.sandbox.reset_log()
    ran = world.run("doctor", world.top, "--survey", "--format", "json", *words)
    assert ran.code == 0, ran
    assert {request.method for request in world.sandbox.requests} == {"GET"}
    assert len(world.sandbox.requests) <= MOST_REQUESTS
    (world.home / "survey.json").write_text(ran.stdout, encoding="utf-8")
    for secret in ("Secret", "Falcon", "idea", "Facebook Page"):
        assert secret not in ran.stdout
    return {one["code"]: one["expected"] for one in json.loads(ran.stdout)["answers"]}


def test_a_good_day_is_as_expected(world: World) -> None:
    answers = survey(world)
    assert [code for code, expected in answers.items() if expected is False] == []
    assert {code for code, expected in answers.items() if expected} >= {
        "states",
        "pages",
        "total",
        "year",
        "five_years",
    }


@pytest.mark.parametrize(
    ("temper", "codes"),
    [
        ("span-refused", {"five_years"}),
        ("span-timeout", {"five_years"}),
        ("span-silent", {"five_years"}),
        ("total-of-page", {"total"}),
        ("pages-from-1", {"pages"}),
        ("null-rows", {"rows"}),
        ("unknown-states", {"state_words"}),
    ],
)
def test_what_is_otherwise_is_told(world: World, temper: str, codes: set[str]) -> None:
    set_tempers(world.sandbox.faults, [temper])
    if temper == "span-refused":
        world.sandbox.faults.longest_span = 500
    answers = survey(world)
    assert {code for code, expected in answers.items() if expected is False} == codes


def test_lists_of_states_that_are_not_the_whole(world: World) -> None:
    world.sandbox.faults.trip("rows_left_out", "GET", "/posts$", nth=1, times=3)
    assert survey(world)["states"] is False


def test_a_year_that_is_not_the_sum_of_its_halves(world: World) -> None:
    world.stranger("mastodon", T + 210 * DAY, "In the second half")
    world.sandbox.faults.longest_span, world.sandbox.faults.beyond_span = 200, "cut"
    assert survey(world)["year"] is False


def test_the_sandbox_answers_as_a_survey_shows(world: World) -> None:
    set_tempers(world.sandbox.faults, ["span-timeout", "null-rows"])
    world.sandbox.faults.health = "status"
    survey(world)
    faults = likeness(world.home / "survey.json").faults
    assert (faults.beyond_span, faults.null_rows, faults.health) == ("timeout", True, "status")


def test_it_says_how_publer_sync_protects_itself(world: World) -> None:
    ran = world.run("doctor", world.top, "--survey")
    assert ran.code == 0
    assert "Is a year the sum of its halves?" in ran.stdout
    assert ran.stdout.count("Either way: ") == len(survey(world))


def test_it_needs_no_calendar(world: World, tmp_path: Path) -> None:
    assert world.run("doctor", tmp_path, "--survey").code == 0


def test_a_key_that_is_refused_ends_it(world: World) -> None:
    world.sandbox.faults.key_refused = True
    ran = world.run("doctor", world.top, "--survey", "--format", "json")
    found: Any = json.loads(ran.stdout)
    assert (ran.code, found["error"]["code"]) == (1, "key.refused")


def test_a_survey_shows_what_was_asked_of_the_workspace_that_the_settings_name(
    empty_world: World, tmp_path: Path
) -> None:
    """Without a calendar it is the only one."""

    def surveyed(*words: str | Path) -> tuple[int, list[str]]:
        ran = empty_world.run("doctor", "--survey", "--format", "json", *words)
        lines = json.loads(ran.stdout).get("requests", ())
        return ran.code, [each["path"] for each in lines if "path" in each]

    for folder in (empty_world.top, tmp_path / "nowhere"):
        code, asked = surveyed(folder)
        assert (code, asked[:2]) == (0, ["/workspaces", "/accounts"])
        assert len(asked) > 3
        assert len(empty_world.sandbox.requests) == len(asked)
        empty_world.sandbox.reset_log()
    (tmp_path / "empty").mkdir()
    assert surveyed(tmp_path / "empty", "--sandbox")[0] == 0
    assert empty_world.sandbox.requests == [], "the local one answers"
    empty_world.settings(workspace="Elsewhere")
    assert surveyed(empty_world.top)[0] == 3

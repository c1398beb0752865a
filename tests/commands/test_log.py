"""Who did what: the runs that the state keeps, the log that shows them, and the people on the branch of the state."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.team import MORE, NEW, OLD
from tests.ledger.git_world import git
from tests.system.worlds import DAY, HOUR, T, Want, as_told, clocks

if TYPE_CHECKING:
    from tests.commands.team import Team
    from tests.system.worlds import World


def log_of(team: Team, who: str, *words: str) -> Any:
    return json.loads(team.run(who, "log", "--format", "json", *words).stdout)["runs"]


def test_each_run_tells_who_did_what_to_which_post(
    branch_team: Team,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    team = branch_team
    moved = Want("launch", "x", T + 3 * HOUR, "We launched")
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    assert team.run("ann", "hold", "--reason", "Storm", "--yes").code == 0
    assert team.run("ann", "release", "--yes").code == 0
    team.commit("ann", moved)
    for name, value in {
        "CI": "true",
        "GITHUB_ACTOR": "octo",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_RUN_ID": "7",
    }.items():
        monkeypatch.setenv(name, value)
    assert team.apply("ann", "--allow-deletes", "3")[0] == 0
    runs = log_of(team, "ann")
    assert [(run["command"], run["who"], run["reason"]) for run in runs] == [
        ("apply", "octo", None),
        ("release", "Ann", "Storm"),
        ("hold", "Ann", "Storm"),
        ("apply", "Ann", None),
        ("apply", "Ann", None),
    ]
    assert (runs[0]["run_url"], runs[0]["options"]) == (
        "https://github.example/o/r/actions/runs/7",
        ["--allow-deletes 3"],
    )
    assert runs[2]["commit"] == runs[3]["commit"] != runs[0]["commit"]
    done = [
        [(change["action"], change["id"], change["outcome"]) for change in run["changes"]] for run in runs
    ]
    assert done == [
        [("delete", "more", "applied"), ("replace", "launch", "applied")],
        [("create", "launch", "applied"), ("create", "more", "applied")],
        [("held", "launch", "applied"), ("held", "more", "applied")],
        [("update", "launch", "applied"), ("create", "more", "applied")],
        [("create", "launch", "applied")],
    ]
    lines = team.run("ann", "log").stdout.splitlines()
    commits = [run["commit"][:7] for run in runs]
    assert [line.split("  ", 1)[1] for line in lines] == [
        f"apply  octo  {commits[0]}  1 removed, 1 moved  with --allow-deletes 3  https://github.example/o/r/actions/runs/7",
        f"release  Ann  {commits[1]}  2 put back  (Storm)",
        f"hold  Ann  {commits[2]}  2 taken out  (Storm)",
        f"apply  Ann  {commits[3]}  1 edited, 1 created",
        f"apply  Ann  {commits[4]}  1 created",
    ]
    posts = team.run("ann", "log", "-v").stdout
    assert f"  moved      {as_told(OLD.at)} → {as_told(moved.at)}  x  launch" in posts
    page = team.run("ann", "log", "--format", "markdown").stdout
    assert "<https://github.example/o/r/actions/runs/7>" in page
    assert page.count("\n- **") == len(runs) - 1
    more = log_of(team, "ann", "--post", "more")
    assert [change["action"] for run in more for change in run["changes"]] == [
        "delete",
        "create",
        "held",
        "create",
    ]
    at = f"x@{MORE.at:%Y-%m-%dT%H:%M}"
    assert log_of(team, "ann", "--post", at) == more
    assert team.run("ann", "log", "--post", "nobody").code == 64
    assert log_of(team, "ann", "--to", "2020-01-01") == []
    authors = git(team.world.home / "remote.git", "log", "--format=%an <%ae>|%cn", "publer-sync-state").split(
        "\n"
    )
    assert set(authors) == {
        "Ann <noreply@publer-sync.invalid>|publer-sync",
        "octo <noreply@publer-sync.invalid>|publer-sync",
    }


def test_names_are_left_out_where_the_settings_say_so(branch_team: Team) -> None:
    team = branch_team
    team.world.settings(state="git:publer-sync-state", log={"who": False})
    team.commit("ann", NEW)
    team.git("ann", "config", "user.name", "ann@b.example")
    assert team.apply("ann")[0] == 0
    assert log_of(team, "ann")[0]["who"] is None
    [last, *_] = git(team.world.home / "remote.git", "log", "--format=%an", "publer-sync-state").split("\n")
    assert last == "publer-sync"


def test_a_name_is_never_an_address(team: Team) -> None:
    team.git("bob", "config", "user.name", "bob@b.example")
    team.commit("bob", NEW)
    assert team.apply("bob")[0] == 0
    assert log_of(team, "bob")[0]["who"] == "bob"


def test_results_know_the_reason_of_a_hold_that_has_ended(empty_world: World) -> None:
    world = empty_world
    with clocks(world) as to:
        world.apply_first(OLD, Want("later", "x", T + 9 * DAY, "Later"))
        assert world.run("hold", world.top, "--reason", "Storm", "--yes").code == 0
        to(T + timedelta(hours=3))
        assert world.run("release", world.top, "--yes").code == 6
        ran = world.run("results", world.top, "--format", "json")
        [post] = [each for each in json.loads(ran.stdout)["posts"] if each["id"] == "launch"]
        assert "Storm" in post["reason"]


def test_what_is_forgotten_is_told(empty_world: World) -> None:
    world = empty_world
    world.apply_first(OLD)
    world.write()
    assert world.run("forget", "launch", "--yes", "--calendar", world.top).code == 0
    runs = json.loads(world.run("log", world.top, "--format", "json").stdout)["runs"]
    assert (runs[0]["command"], [change["action"] for change in runs[0]["changes"]]) == ("forget", ["forget"])


@pytest.mark.slow
def test_only_so_many_runs_and_lines_are_kept() -> None:
    from publer_sync.ledger.runs import MOST_LINES, MOST_RUNS, RunLine, RunRecord, with_run
    from tests.builders import NOW

    runs: tuple[RunRecord, ...] = ()
    for number in range(MOST_RUNS + 5):
        line = RunLine("create", "a", NOW, f"{number}", "applied")
        runs = with_run(runs, RunRecord(NOW + timedelta(minutes=number), "apply", lines=(line,)))
    assert len(runs) == MOST_RUNS
    assert runs[-1].lines[0].id == f"{MOST_RUNS + 4}"
    many = tuple(RunLine("create", "a", NOW, str(number), "applied") for number in range(MOST_LINES))
    runs = with_run(runs, RunRecord(NOW + timedelta(days=9), "apply", lines=many))
    assert len(runs) == 1
    for _ in range(3):
        runs = with_run(runs, RunRecord(NOW + timedelta(days=10), "apply"))
        runs = with_run(runs, RunRecord(NOW + timedelta(days=11), "apply"))
    assert len(runs) == 2, "of runs that did nothing the last is enough"


@pytest.mark.story
def test_the_log_of_one_post_has_its_runs_and_a_name_that_it_lacks_is_said(empty_world: World) -> None:
    empty_world.apply_first(Want("one", "x", T, "One"), Want("two", "x", T + DAY, "Two"))
    known, unknown = (
        empty_world.run("log", empty_world.top, "--post", name, "--format", "json")
        for name in ("one", "three")
    )
    runs = json.loads(known.stdout)["runs"]
    assert [[each["id"] for each in run["changes"]] for run in runs] == [["one"]]
    assert (known.code, unknown.code, "three" in unknown.stdout) == (0, 64, True), unknown

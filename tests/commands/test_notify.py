"""`notify`: each problem once, out of what another command printed."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import notify
from publer_sync.values.errors import InputError
from tests.schemas import conforms
from tests.system.worlds import DAY, T, Want

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Ran
    from tests.system.worlds import World


@pytest.fixture
def tell(cli: Cli, tmp_path: Path) -> Any:
    """Tell of a document, with what was told before."""

    def run(document: object, *words: str) -> Ran:
        report = tmp_path / "report.json"
        report.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return cli("notify", report, "--told", tmp_path / "told.json", *words)

    return run


@pytest.mark.slow
def test_what_apply_and_status_print_is_told_once_until_it_is_over(empty_world: World, tell: Any) -> None:
    world = empty_world
    world.apply_first(Want("first", "x", T, "The first"))
    late = Want("late", "facebook", T + DAY, "Refused")
    world.sandbox.faults.job_fails = "Media is too large <!channel> @here"
    world.write(Want("first", "x", T, "The first"), late)
    report = world.run("apply", world.top, "--yes", "--format", "json").stdout
    found = json.loads(tell(report, "--format", "json").stdout)
    conforms(found, "notify")
    [trouble] = found["new"]
    assert (trouble["id"], trouble["code"], trouble["source"]["line"] > 0) == ("late", "failed", True)
    assert found["title"] == "publer-sync: 1 new problem"
    assert f"- late on facebook ({T + DAY:%Y-%m-%d} {T + DAY:%H:%M} UTC, " in found["text"]
    assert 'Publer said: "Media is too large <\u2060!channel> @\u2060here".' in found["text"], (
        "nobody is called"
    )
    again = tell(report)
    assert (again.code, again.stdout) == (0, "")
    still = json.loads(tell(report, "--format", "json").stdout)
    assert ([each["id"] for each in still["still"]], still["new"]) == (["late"], [])

    assert tell(world.run("status", world.top, "--format", "json").stdout).stdout == "", "it knows no more"
    world.sandbox.edit(world.find("The first")["id"], state="scheduled_declined")
    stands = world.run("status", world.top, "--format", "json").stdout
    told = tell(stands)
    assert (told.code, "calendar: first on x" in told.stdout) == (6, True)
    assert tell(stands).code == 0

    world.sandbox.faults.job_fails = None
    over = tell(world.run("apply", world.top, "--yes", "--format", "json").stdout)
    assert "No longer reported:\n- late on facebook" in over.stdout
    assert over.code == 6, "the declined one is new to apply"


def error(message: str, *problems: str) -> dict[str, Any]:
    listed = [
        {
            "severity": "error",
            "code": "x",
            "message": each,
            "help": "Fix it",
            "file": "a.yaml",
            "line": 2,
            "column": 1,
        }
        for each in problems
    ]
    return {"format_version": 1, "error": {"code": "c", "message": message}, "problems": listed}


GOOD = {"format_version": 1, "summary": {}, "results": [], "requests": 3}


def test_a_command_that_ended_early_is_told_and_ends_nothing_of_what_is_known(tell: Any) -> None:
    account = {"id": "a", "alias": "x", "name": "Me", "provider": "twitter"}
    result = {"id": None, "account": account, "scheduled_at": "2027-03-02T08:00:00Z", "outcome": "not_tried"}
    result |= {"message": "blocked", "code": "slot", "hint": "Move it", "publer_said": None, "source": None}
    assert tell({**GOOD, "results": [result]}).stdout == (
        "publer-sync: 1 new problem\n- a post on x (2027-03-02 08:00 UTC): Not done: blocked. Move it.\n"
    )
    ended = tell(error("Publer cannot be reached"))
    assert (ended.code, "- Publer cannot be reached." in ended.stdout) == (6, True)
    same = tell(error("Publer cannot be reached, at 09:01"))
    assert (same.code, same.stdout) == (0, ""), "the same code"
    assert json.loads(tell(error("Publer cannot be reached"), "--format", "json").stdout)["new"] == []
    assert tell({**GOOD, "results": [result]}).stdout == (
        "publer-sync: no new problem\nNo longer reported:\n- Publer cannot be reached.\n"
    )
    assert (
        "- The calendar has 2 errors: a.yaml:2: one. Fix it." in tell(error("invalid", "one", "two")).stdout
    )
    assert tell(error("invalid", "one", "three")).code == 6, "another error is news"


def test_a_plan_tells_of_each_post_that_was_missed(tell: Any) -> None:
    """Also of two that stand in one line, as the posts of a series do."""

    def planned(*days: int) -> dict[str, Any]:
        missed = [
            {
                "action": "past",
                "id": f"tips@2027-05-0{day}",
                "account": {"alias": "linkedin", "id": "a1", "provider": "linkedin", "name": "Acme"},
                "scheduled_at": f"2027-05-0{day}T07:00:00Z",
                "code": None,
                "reason": "Publer does not list it",
                "source": {"file": "may.yaml", "line": 3},
            }
            for day in days
        ]
        return {
            "format_version": 1,
            "calendar": "calendar",
            "changes": [],
            "missed": missed,
            "warnings": [{"code": "missed", "message": "Publer does not list it", "source": None}],
        }

    found = json.loads(tell(planned(3), "--format", "json").stdout)
    conforms(found, "notify")
    [trouble] = found["new"]
    assert (trouble["code"], trouble["source"]) == ("missed", {"file": "may.yaml", "line": 3})
    told = tell(planned(3, 4))
    assert told.stdout.startswith("publer-sync: 1 new problem in calendar\n- ")
    assert "tips@2027-05-04" in told.stdout
    assert "missed: Publer does not list it." in told.stdout
    assert tell(planned(3, 4)).code == 0


def test_several_calendars_are_told_apart(tell: Any) -> None:
    def both(first: object, second: object) -> dict[str, Any]:
        parts = zip(("acme", "north"), (first, second), strict=True)
        return {
            "format_version": 1,
            "calendars": [{"calendar": name, "exit_code": 1, "result": each} for name, each in parts],
        }

    told = tell(both(error("no key"), error("no key")))
    assert told.stdout.splitlines() == [
        "publer-sync: 2 new problems in 2 calendars", "- acme: No key.", "- north: No key.",
    ]  # fmt: skip
    assert tell(both(GOOD, error("no key"))).stdout.splitlines()[1:] == [
        "No longer reported:",
        "- acme: No key.",
    ]


def test_what_it_does_not_know_is_an_error_and_nothing_is_overwritten(
    cli: Cli, tell: Any, tmp_path: Path
) -> None:
    for document in ("", "[]", "{}", "nothing", {"format_version": 1, "results": [{}], "requests": 1}):
        ran = tell(document)
        report = tmp_path / "report.json"
        assert (ran.code, f"{report} is not what apply, plan or status print" in ran.stderr) == (1, True)
    for kept in ("a letter", '{"format_version": 2, "told": {}}'):
        (tmp_path / "told.json").write_text(kept, encoding="utf-8")
        ran = tell(error("down"))
        assert (ran.code, "is not a file that notify keeps" in ran.stderr) == (1, True)
        assert (tmp_path / "told.json").read_text(encoding="utf-8") == kept
    assert cli("notify", report).code == 6, "where nothing is kept, all is new"
    (tmp_path / "told.json").unlink()
    assert tell(GOOD).code == 0, "the step that it names"
    missing = cli("notify", tmp_path / "missing.json")
    assert (missing.code, "cannot be read" in missing.stderr) == (1, True)


def test_without_a_file_what_comes_through_a_pipe_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def piped(data: bytes) -> int:
        with mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(data))):
            return notify.run(None, told=None, style="text")

    assert piped(json.dumps(GOOD).encode()) == 0
    assert piped(json.dumps(error("Publer cannot be reached")).encode()) == 6
    assert capsys.readouterr().out == "publer-sync: 1 new problem\n- Publer cannot be reached.\n"
    with pytest.raises(InputError, match=r"^the input is not what apply, plan or status print"):
        piped(b"Nothing to do.")

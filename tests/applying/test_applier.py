"""The story of apply through the front door: the command line on one side, a service over real HTTP on the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import apply
from publer_sync.commands.running import several
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import OutputError
from tests.applying.wants import ONE, THIRD, TWO
from tests.conftest import ROOT, Ran, run_here
from tests.system.worlds import ACCOUNTS, DAY, HOUR, KEY, MINUTE, T, Want, World, world_in

if TYPE_CHECKING:
    from pathlib import Path


# --- the plain story ------------------------------------------------------------------------------------------------


def test_a_first_apply_makes_every_post_and_a_second_sends_no_write(world: World) -> None:
    world.stranger("facebook", T + 5 * HOUR, "a colleague's")
    world.write(ONE, TWO, THIRD)
    first = world.apply()
    assert first.code == 0
    assert first.outcomes == [("create", name, "applied") for name in ("one", "three", "two")]
    assert not world.amiss()
    world.sandbox.reset_log()
    second = world.apply()
    assert (second.code, second.document["summary"]["unchanged"]) == (0, 3)
    assert not world.writes()
    plan = world.plan()
    assert plan["last_apply"]
    assert not plan["changes"]


def test_progress_counts_a_post_once_and_says_how_many_it_is_across_accounts(world: World) -> None:
    world.sandbox.faults.job_null_polls = 1
    both = [Want(None, account, T, "On two accounts") for account in ("x", "facebook")]
    world.write(*both, Want("one", "x", T + DAY, "On one"))
    assert "2 posts (3 across all accounts) sent;" in world.apply().ran.stderr
    world.write(*both, Want("one", "x", T + DAY, "On one"), Want("two", "x", T + 2 * DAY, "On one, too"))
    assert "1 post sent;" in world.apply().ran.stderr


def test_a_new_text_is_changed_in_place(world: World) -> None:
    world.apply_first(ONE, TWO)
    before = world.find(ONE.text)["id"]
    world.write(replace(ONE, text="Better words"), TWO)
    assert world.apply().outcomes == [("update", "one", "applied")]
    assert world.writes() == ["PUT"]
    assert world.find("Better words")["id"] == before
    assert not world.settled_amiss()


def test_a_move_makes_the_new_post_before_the_old_one_goes(world: World) -> None:
    world.apply_first(ONE)
    world.write(replace(ONE, at=T + HOUR))
    assert world.apply().outcomes == [("replace", "one", "applied")]
    assert world.writes() == ["POST", "DELETE"]
    assert not world.settled_amiss()


def test_labels_change_in_the_same_slot_so_the_old_post_goes_first(world: World) -> None:
    world.apply_first(ONE)
    world.write(replace(ONE, labels=("new",)))
    assert world.apply().outcomes == [("replace", "one", "applied")]
    assert world.writes() == ["DELETE", "POST"]
    assert not world.settled_amiss()


def test_a_draft_is_scheduled_and_made_a_draft_again(world: World) -> None:
    world.apply_first(THIRD)
    for draft in (False, True):
        world.write(replace(THIRD, draft=draft))
        assert world.apply().outcomes == [("replace", "three", "applied")]
        assert not world.settled_amiss()


def test_what_left_the_calendar_is_deleted_and_nothing_else(world: World) -> None:
    world.apply_first(ONE, TWO)
    world.stranger("x", T + 5 * HOUR, "a colleague's")
    world.write(ONE)
    assert world.apply().outcomes == [("delete", "two", "applied")]
    assert world.writes() == ["DELETE"]
    assert not world.settled_amiss()


def test_a_post_that_a_colleague_made_is_adopted_without_a_write(world: World) -> None:
    world.alike(ONE)
    world.write(ONE)
    assert world.apply().outcomes == [("adopt", "one", "applied")]
    assert not world.writes()
    assert not world.settled_amiss()


@pytest.mark.parametrize(
    ("state", "outcome", "said"),
    [
        ("scheduled_declined", "failed", "someone declined it in Publer"),
        ("scheduled_locked", "failed", "Publer has locked it: its account or the subscription is locked"),
        ("scheduled_pending", "waiting", "it waits in Publer for someone's approval"),
    ],
)
def test_one_that_publer_will_not_publish_is_adopted_and_told(
    world: World, state: str, outcome: str, said: str
) -> None:
    """At once, and not only by the next apply."""
    world.sandbox.edit(world.alike(ONE), state=state)
    world.write(ONE)
    done = world.apply()
    assert done.outcomes == [("adopt", "one", outcome)]
    assert done.result("one")["message"] == said
    assert done.code == (0 if outcome == "waiting" else 6)
    assert not world.writes()
    assert world.apply().code == done.code


@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize("named", [True, False])
def test_a_series_that_moves_onto_its_own_minutes_takes_three_creates(
    world: World, days: int, named: bool
) -> None:
    """Each takes the minute of the next; names or none, in the end each is there once."""
    series = [
        Want(f"w{week}" if named else None, "facebook", T + week * days * DAY, f"Week {week}")
        for week in range(7)
    ]
    world.apply_first(*series)
    world.write(*(replace(want, at=want.at + days * DAY) for want in series))
    done = world.apply("--allow-deletes", "10")
    assert done.code == 0, done
    assert world.writes().count("POST") <= 3
    assert not world.settled_amiss()


def test_five_hundred_posts_on_five_accounts_go_in_one_job(world: World, record_property: Any) -> None:
    world.write(
        *(Want(f"p{n}", sorted(ACCOUNTS)[n % 5], T + n // 5 * 3 * HOUR, f"Post {n}") for n in range(500))
    )
    started = time.monotonic()
    done = world.apply()
    record_property("seconds for 500 posts", round(time.monotonic() - started, 2))
    assert done.code == 0, done.ran.stderr
    assert world.writes() == ["POST"]
    assert done.document["summary"]["applied"] == 500
    assert done.document["requests"] < 40
    assert not world.amiss()


# --- the question ---------------------------------------------------------------------------------------------------


def asked(world: World, answer: str, *flags: str) -> tuple[int, str, str]:
    """apply on a terminal, where a person types this: the code, stdout, and what the terminal showed."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "publer_sync", "apply", world.top, *flags],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **world.environment},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        encoding="utf-8",
    ) as process:
        os.close(theirs)
        seen = b""
        while not seen.endswith(b"Type yes to continue: "):
            seen += os.read(ours, 4096)
        os.write(ours, answer.encode())
        stdout = process.stdout.read() if process.stdout else ""
        with suppress(OSError):  # nobody holds the other end any more
            while more := os.read(ours, 4096):
                seen += more
    os.close(ours)
    return process.returncode, stdout, seen.decode().replace("\r\n", "\n")


def test_anything_but_yes_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write(ONE)
    code, stdout, terminal = asked(world, "y\n")
    monkeypatch.setattr(apply, "need_answer", lambda **_: None)
    others = [
        run_here(["apply", world.top], world.environment, stdin=answer)
        for answer in ("no\n", "\n", "y\n", "yes please\n", "")
    ]
    for ran in [Ran(code, stdout, terminal), *others]:
        assert ran.code == 1, ran
        assert "+ new" in ran.stdout
        assert "nothing was changed: the answer was not yes" in ran.stderr
    assert not world.writes()
    assert not world.ledger.exists()


def test_yes_does_what_was_shown(world: World) -> None:
    many = [replace(ONE, id=f"p{n}", at=T + n * HOUR, text=f"Post {n}") for n in range(3)]
    world.settings(limits={"delete": 2})
    world.apply_first(ONE, *(replace(want, account="x") for want in many))
    world.write(ONE)
    code, stdout, terminal = asked(world, "yes\n", "--allow-deletes", "3")
    assert code == 0, terminal
    assert "This changes what is published: " in terminal
    assert "3 posts to remove" in terminal
    assert "would refuse" not in stdout
    assert "Done. 3 posts removed" in stdout
    assert not world.amiss()


# --- rails ----------------------------------------------------------------------------------------------------------


def test_too_many_deletes_stop_everything_until_allowed(world: World) -> None:
    many = [replace(ONE, id=f"p{n}", at=T + n * HOUR, text=f"Post {n}") for n in range(4)]
    world.settings(limits={"delete": 2})
    world.apply_first(ONE, *(replace(want, account="x") for want in many))
    world.write(ONE)
    for flags in ((), ("--allow-deletes", "3")):
        done = world.apply(*flags)
        assert (done.code, done.document["error"]["code"]) == (4, "refused_by_rail")
        assert "--allow-deletes 4" in done.ran.stderr
    assert not world.writes()
    told = world.run("apply", world.top, "--yes").stdout
    assert told.count("--allow-deletes 4") == 1
    assert "To do it" not in told
    assert not world.settled_amiss("--allow-deletes", "4")


def test_an_empty_calendar_deletes_nothing_until_allowed(world: World) -> None:
    world.apply_first(ONE)
    world.write()
    assert world.apply().code == 4
    assert not world.writes()
    assert not world.settled_amiss("--allow-deletes", "1")


def test_a_delete_that_takes_a_post_nobody_named_ends_the_run(world: World) -> None:
    """The trap of the service: nothing more is sent, and the ledger still knows what was under way."""
    world.apply_first(ONE, TWO, replace(THIRD, draft=False))
    world.stranger("facebook", T + 5 * HOUR, "a colleague's")
    world.sandbox.faults.trip("foreign_id", "DELETE")
    world.write(replace(ONE, labels=("new",)), replace(THIRD, draft=False))
    done = world.apply()
    assert done.code == 1
    assert done.document["error"]["code"] == "foreign_delete"
    assert [request.method for request in world.sandbox.requests].index("DELETE") == len(
        world.sandbox.requests
    ) - 1


def test_what_goes_out_soon_is_left_alone(world: World) -> None:
    soon = replace(ONE, at=datetime.now(UTC).replace(second=0, microsecond=0) + 9 * MINUTE)
    world.apply_first(soon, TWO)
    world.write(replace(soon, text="Better words"), replace(TWO, text="More words"))
    done = world.apply()
    assert done.code == 6
    assert done.outcomes == [("blocked", "one", "not_tried"), ("update", "two", "applied")]
    assert done.result("one")["code"] == "freeze"
    assert not world.settled_amiss("--allow-frozen")


def test_what_comes_near_while_an_apply_works_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The freeze is judged again before each write: here ten minutes pass while the first one is under way."""
    soon = replace(ONE, at=datetime.now(UTC).replace(second=0, microsecond=0) + 21 * MINUTE)
    world.apply_first(soon, TWO)
    real, passed = world.sandbox.handle, [0 * MINUTE]

    def handle(request: Any) -> Any:
        passed[0] = 10 * MINUTE if request.method == "PUT" else passed[0]
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # time passes in the middle
    monkeypatch.setattr(Clock, "now", lambda _: datetime.now(UTC) + passed[0])
    world.write(replace(soon, labels=("new",)), replace(TWO, text="More words"))
    done = world.apply()
    assert done.outcomes == [("replace", "one", "not_tried"), ("update", "two", "applied")]
    assert world.writes() == ["PUT"]


def test_a_post_that_was_missed_is_told_once(world: World) -> None:
    world.apply_first(ONE)
    past = replace(TWO, at=datetime.now(UTC).replace(second=0, microsecond=0) - HOUR)
    world.write(ONE, past)
    assert world.plan()["summary"]["missed"] == 1
    done = world.apply()
    assert (done.code, done.result("two")["outcome"]) == (6, "not_tried")
    assert world.apply().code == 0
    assert not world.writes()


@pytest.mark.parametrize(
    "lost", [SystemExit(137), OutputError("no space left")], ids=["killed", "not written"]
)
def test_a_post_that_was_missed_is_told_again_where_nobody_saw_the_report(
    world: World, lost: BaseException
) -> None:
    world.apply_first(ONE)
    world.write(ONE, replace(TWO, at=datetime.now(UTC).replace(second=0, microsecond=0) - HOUR))
    with mock.patch.object(several, "out", side_effect=lost):
        assert world.run("apply", world.top, "--yes").code in (137, 6)
    done = world.apply()
    assert (done.code, done.result("two")["outcome"]) == (6, "not_tried"), "better twice than never"
    assert world.apply().code == 0


def test_a_post_that_was_past_at_the_first_apply_is_not_missed(world: World) -> None:
    world.write(ONE, replace(TWO, at=datetime.now(UTC).replace(second=0, microsecond=0) - HOUR))
    assert world.apply().code == 0
    assert world.apply().code == 0


# --- plan files, filters, places ------------------------------------------------------------------------------------


def test_a_plan_file_is_applied_where_it_still_holds(world: World) -> None:
    world.write(ONE, TWO)
    file = world.home / "plan.json"
    assert world.run("plan", world.top, "--out", file).code == 0
    world.stranger("linkedin", T + 5 * HOUR, "no matter")
    assert world.run("apply", file, "--yes").code == 0
    assert not world.amiss()
    world.sandbox.reset_log()
    stale = world.run("apply", file, "--yes", "--format", "json")
    assert (stale.code, json.loads(stale.stdout)["error"]["code"]) == (5, "plan_old")
    assert not world.writes()


@pytest.mark.parametrize(
    ("flags", "made"),
    [
        (("--account", "x"), ["two"]),
        (("--account", "x", "--account", "facebook"), ["one", "two"]),
        (("--from", f"{T + DAY:%Y-%m-%d}"), ["later"]),
        (("--to", f"{T:%Y-%m-%d}"), ["one", "two"]),
    ],
)
def test_filters_choose_what_is_done(world: World, flags: tuple[str, ...], made: list[str]) -> None:
    world.write(ONE, TWO, Want("later", "linkedin", T + DAY, "Later words"))
    done = world.apply(*flags)
    assert done.code == 0
    assert sorted(result["id"] for result in done.document["results"]) == made
    assert not world.settled_amiss()


def test_a_calendar_with_a_mistake_sends_nothing(world: World) -> None:
    world.write(ONE, replace(TWO, more="no_such_key: 1"))
    done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (3, "calendar")
    assert not world.sandbox.requests


# --- what people and programs see -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "faults", [{}, {"key_refused": True}, {"plan_locked": True}, {"cloudflare": "libraries"}], ids=str
)
@pytest.mark.parametrize("style", ["text", "json", "markdown"])
def test_the_key_is_nowhere(tmp_path: Path, style: str, faults: dict[str, Any]) -> None:
    with world_in(tmp_path / "w", **faults) as world:
        world.write(ONE, TWO)
        ran = world.run("apply", world.top, "--yes", "--format", style, "--timeout", "0.2")
        plan = world.run("plan", world.top, "--format", style, "--out", world.home / "plan.json")
        assert KEY not in f"{ran.stdout}{ran.stderr}{plan.stdout}{plan.stderr}"
        assert any(KEY in str(value) for value in world.environment.values())
        for file in (path for path in world.home.rglob("*") if path.is_file()):
            assert KEY.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("flags", "code"),
    [((), 64), (("--yes",), 0), (("--yes", "--account", "nobody"), 64), (("--yes", "--no-such-flag"), 64)],
)
def test_json_is_one_document_whatever_happens(world: World, flags: tuple[str, ...], code: int) -> None:
    world.write(ONE)
    ran = world.run("apply", world.top, "--format", "json", *flags)
    assert ran.code == code
    document = json.loads(ran.stdout)
    assert document["format_version"] == 1
    assert ("error" in document) == (code != 0)


@pytest.mark.slow
def test_the_real_process_ends_with_the_same_codes(world: World) -> None:
    def code(*flags: str | Path) -> int:
        words = [sys.executable, "-m", "publer_sync", "apply", world.top, *flags]
        env = {**os.environ, **world.environment}
        return subprocess.run(
            words, env=env, input="", capture_output=True, text=True, check=False
        ).returncode

    world.write(ONE)
    assert (code("--yes"), world.amiss()) == (0, [])
    world.write()
    assert [code("--yes"), code()] == [4, 64]


def test_an_option_that_lets_blocked_removals_through_does_not_pass_the_rail(world: World) -> None:
    """Posts that were edited in Publer are removals too, once --overwrite-edits says that they may go."""
    wants = [replace(ONE, id=f"p{n}", at=T + n * HOUR, text=f"Post {n}") for n in range(12)]
    world.apply_first(TWO, *wants)
    for want in wants:
        world.sandbox.edit(str(world.find(want.text)["id"]), text=f"{want.text}, mended by a colleague")
    world.write(TWO)
    refused = world.apply("--overwrite-edits")
    assert (refused.code, refused.document["error"]["code"]) == (4, "refused_by_rail")
    assert world.writes() == []
    assert not world.settled_amiss("--overwrite-edits", "--allow-deletes", "12")


def test_a_post_whose_time_has_come_keeps_what_was_sent_of_it_in_the_ledger(world: World) -> None:
    """Its time was moved too late; once it is out, its id has gone out, and nothing else is said of it."""
    due = replace(ONE, at=datetime.now(UTC).replace(second=0, microsecond=0) + 3 * MINUTE)
    world.apply_first(due, TWO)
    before = world.ledger.read_text(encoding="utf-8")
    number = str(world.find(due.text)["id"])
    world.sandbox.edit(number, at=datetime.now(UTC) - MINUTE / 2)
    world.write(replace(due, at=T + DAY), TWO)
    world.apply()
    slot = f'"slot": "{due.at:%Y-%m-%dT%H:%M:%SZ}"'
    assert slot in before
    assert slot in world.ledger.read_text(encoding="utf-8")

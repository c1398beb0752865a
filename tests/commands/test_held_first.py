"""What an apply under a hold takes out before anything else, judged, noted and confirmed as by the command."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands import apply
from publer_sync.holding.holder import Holder
from publer_sync.ledger import state as ledgers
from publer_sync.ledger.file_store import FileStore
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import Refused, StateError
from tests.commands.holds import texts
from tests.commands.test_overtaken import meanwhile
from tests.system.worlds import DAY, HOUR, MINUTE, NEVER, Applied, T, Want, World, clocks, end_jobs_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.ledger.state import State

ONE, TWO = Want("one", "facebook", T, "one"), Want("two", "x", T + DAY, "two")
LATE = Want("late", "linkedin", T + HOUR, "sent and not listed")
HOLD = {"reason": "Accident in town"}


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.apply_first(ONE, TWO)
    empty_world.settings(hold=HOLD)
    return empty_world


def refusing() -> Any:
    return mock.patch.object(Publer, "delete", side_effect=Refused("Publer refused it", status=403))


def applied_after(world: World, what: Callable[[], object], *words: str) -> Applied:
    """An apply whose question is answered with yes once something has happened."""
    with (
        mock.patch.object(apply, "need_answer"),
        mock.patch.object(apply, "confirm", side_effect=lambda _: what()),
    ):
        return Applied.of(world.run("apply", world.top, "--format", "json", *words))


def test_what_someone_edited_while_the_question_was_open_is_kept(world: World) -> None:
    with clocks(world) as to:

        def wait() -> None:
            world.sandbox.edit(world.find("one")["id"], text="one, by hand")
            to(T - DAY + 2 * MINUTE)

        to(T - DAY)
        assert applied_after(world, wait).code == 0
        assert texts(world) == set()
        world.settings()
        done = world.apply()
        assert (done.code, done.result("one")["code"]) == (6, "edited"), done


def test_what_was_published_while_the_question_was_open_was_not_stopped(world: World) -> None:
    with clocks(world) as to:
        to(T - HOUR)
        done = applied_after(world, lambda: to(T + 5 * MINUTE))
    assert (done.code, done.outcomes) == (6, [("held", "one", "failed"), ("held", "two", "applied")])
    assert done.result("one")["message"] == "Publer published it before it could be removed"


def test_what_a_colleague_deleted_while_the_question_was_open_is_out(world: World) -> None:
    with clocks(world) as to:

        def wait() -> None:
            world.sandbox.remove(world.find("one")["id"])
            to(T - DAY + 2 * MINUTE)

        to(T - DAY)
        done = applied_after(world, wait)
    assert (done.code, done.outcomes) == (0, [("held", "one", "applied"), ("held", "two", "applied")])


def test_the_ledger_and_its_log_have_what_goes_before_the_first_delete(world: World) -> None:
    seen: list[State] = []
    real = Publer.delete

    def delete(publer: Publer, ids: list[str]) -> frozenset[str]:
        seen.append(ledgers.loads(world.ledger.read_bytes(), "x"))
        return real(publer, ids)

    with mock.patch.object(Publer, "delete", delete):
        assert world.apply().code == 0
    assert all(copy.held and copy.removing_at for copy in seen[0].copies.values())
    assert [(line.action, line.id) for line in seen[0].runs[-1].lines] == [("held", "one"), ("held", "two")]
    ran = world.run("log", world.top, "--format", "json")
    (run, *_) = json.loads(ran.stdout)["runs"]
    assert [(line["action"], line["id"], line["outcome"]) for line in run["changes"]] == [
        ("held", "one", "applied"),
        ("held", "two", "applied"),
    ]


def test_with_filters_only_what_they_choose_goes(world: World) -> None:
    done = world.apply("--account", "x")
    assert (done.code, done.outcomes) == (0, [("held", "two", "applied")])
    assert texts(world) == {"one"}


def test_where_the_ledger_cannot_say_it_nothing_goes(world: World) -> None:
    with mock.patch.object(FileStore, "write", side_effect=StateError("the disk is full", code="state.disk")):
        done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "state.disk")
    assert done.outcomes == [("held", "one", "not_tried"), ("held", "two", "not_tried")]
    assert texts(world) == {"one", "two"}


def test_what_publer_keeps_is_told_and_the_files_do_not_count_as_applied(world: World) -> None:
    before = world.plan()["last_good_apply"]
    with refusing():
        done = world.apply()
    assert (done.code, [outcome for *_, outcome in done.outcomes]) == (6, ["failed", "failed"])
    assert {each["message"] for each in done.document["results"]} == {"Publer refused it"}
    assert world.plan()["last_good_apply"] == before
    done = world.apply()
    assert (done.code, texts(world)) == (0, set())


def test_what_shows_up_once_the_rest_is_settled_goes_too(world: World) -> None:
    """No hold waited for it: its time was up. But the apply goes on, and has it in its last list."""
    world.settings()
    world.sandbox.faults.job_delay = NEVER
    world.write(ONE, TWO, LATE)
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.run("apply", world.top, "--yes").code == 137
    world.settings(hold=HOLD)
    end_jobs_at(world.sandbox, "DELETE")
    with mock.patch.object(Holder, "stop_under_way"):
        done = world.apply()
    assert (done.code, texts(world)) == (0, set()), done
    assert sorted(done.outcomes) == [("held", name, "applied") for name in ("late", "one", "two")]


def test_where_somebody_asked_to_stop_before_nothing_goes(world: World) -> None:
    done = applied_after(world, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert (done.code, done.document["error"]["code"]) == (1, "interrupted"), done
    assert done.outcomes == [("held", "one", "not_tried"), ("held", "two", "not_tried")]
    assert texts(world) == {"one", "two"}


@pytest.fixture
def on_branch(empty_world: World) -> World:
    """Two posts that are on hold and still in Publer, with the state on a branch."""
    empty_world.repository()
    empty_world.settings(state="git:publer-sync-state")
    empty_world.apply_first(ONE, TWO)
    empty_world.settings(state="git:publer-sync-state", hold=HOLD)
    with refusing():
        assert empty_world.apply().code == 6
    empty_world.sandbox.reset_log()
    return empty_world


@pytest.mark.slow
def test_another_run_that_saved_its_state_before_anything_was_sent_is_planned_with(on_branch: World) -> None:
    with meanwhile(1, on_branch.apply):
        done = on_branch.apply()
    assert (done.code, done.outcomes) == (0, []), done
    assert on_branch.writes().count("DELETE") == 1


@pytest.mark.slow
def test_another_run_that_saved_its_state_after_that_ends_it(on_branch: World) -> None:
    with meanwhile(2, on_branch.apply):
        done = on_branch.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "state.raced"), done
    assert done.outcomes == [("held", "one", "applied"), ("held", "two", "applied")]
    assert on_branch.writes().count("DELETE") == 1


@pytest.mark.parametrize("differs", [True, False])
def test_what_is_left_is_asked_about_again_where_it_is_something_else_by_then(
    empty_world: World, differs: bool
) -> None:
    """A colleague deletes a post while the question is open, which the list of what is on hold shows."""
    world = empty_world
    world.apply_first(ONE, TWO)
    world.settings(hold={**HOLD, "accounts": ["facebook"]})
    world.write(ONE, TWO, LATE)
    asked: list[object] = []

    def confirm(question: object) -> None:
        if differs and not asked:
            world.sandbox.remove(world.find("two")["id"])
        asked.append(question)

    with mock.patch.object(apply, "need_answer"), mock.patch.object(apply, "confirm", confirm):
        ran = Applied.of(world.run("apply", world.top, "--format", "json"))
    assert len(asked) == (2 if differs else 1), ran
    assert texts(world) == ({"sent and not listed"} if differs else {"sent and not listed", "two"})

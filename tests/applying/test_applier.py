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

import pytest

from publer_sync.clock import Clock
from tests.conftest import ROOT, THREE
from tests.system.worlds import ACCOUNTS, DAY, HOUR, KEY, MINUTE, T, Want, World, world_in

if TYPE_CHECKING:
    from pathlib import Path

FB, X, LI = (account.id for account in THREE.accounts)
ONE = Want("one", "facebook", T, "First words")
TWO = Want("two", "x", T + HOUR, "Other words")
THIRD = Want("three", "linkedin", T + 2 * HOUR, "A draft", draft=True)


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


# --- what goes wrong in Publer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["docs", "list", "lists", "objects", "errors", "strings", "error"])
def test_a_refused_post_fails_alone_with_publers_words_and_its_place(world: World, shape: Any) -> None:
    world.sandbox.faults.failures = shape
    world.sandbox.faults.refuse = {X: "The moon is in the wrong phase"}
    world.write(ONE, TWO, THIRD)
    done = world.apply()
    assert done.code == 6
    assert done.outcomes == [
        ("create", "one", "applied"),
        ("create", "three", "applied"),
        ("create", "two", "failed"),
    ]
    refused = done.result("two")
    assert refused["publer_said"] == "The moon is in the wrong phase"
    assert refused["message"] == "Publer refused the post"
    assert refused["source"] == {"file": "posts.yaml", "line": 6}
    world.sandbox.faults.refuse = {}
    assert not world.settled_amiss()


def test_among_several_posts_of_an_account_the_refused_one_is_told_by_exclusion(world: World) -> None:
    """A failure names the account alone; the post whose minute was taken behind our back is the one."""
    wants = [replace(ONE, id=f"p{hour}", at=T + hour * HOUR, text=f"At {hour}") for hour in range(4)]
    world.write(*wants)
    world.sandbox.faults.hidden = frozenset(
        {world.stranger("facebook", T + 2 * HOUR, "hidden from the list")}
    )
    done = world.apply()
    assert done.code == 6
    assert [outcome for *_, outcome in done.outcomes] == ["applied", "applied", "failed", "applied"]
    assert "one minute gap" in done.result("p2")["publer_said"].lower()


def test_a_replacement_that_is_refused_puts_the_old_post_back(world: World) -> None:
    world.apply_first(ONE, TWO)
    world.write(replace(ONE, labels=("new",)), TWO)
    refused = world.sandbox.faults.refuse = {FB: "Not today"}
    world.sandbox.faults.lose = frozenset()
    back = _accept_from(world, posts=2, refused=refused)
    done = world.apply()
    assert back == [True]
    assert done.code == 6
    assert done.result("one")["outcome"] == "failed"
    assert done.result("one")["publer_said"] == "Not today"
    assert done.result("one")["message"] == "Publer refused the post; the old post was put back"
    assert world.find(ONE.text)["sent"]["account"].get("labels") in (None, [])
    assert not world.settled_amiss()


def _accept_from(world: World, *, posts: int, refused: dict[str, str]) -> list[bool]:
    """Refuse until the request of this number; returns a list that gets an entry then."""
    heard: list[bool] = []
    real, count = world.sandbox.handle, [0]

    def handle(request: Any) -> Any:
        count[0] += request.method == "POST"
        if count[0] == posts and not heard:
            heard.append(True)
            world.sandbox.faults.refuse = {}
        return real(request)

    assert refused
    world.sandbox.handle = handle  # type: ignore[method-assign]  # the service changes its mind in the middle
    return heard


def test_a_post_lost_without_a_word_is_unverified_and_made_once_by_the_next_apply(world: World) -> None:
    world.sandbox.faults.lose = frozenset({1})
    world.write(ONE, TWO)
    done = world.apply()
    assert done.code == 6
    assert sorted(outcome for *_, outcome in done.outcomes) == ["applied", "unverified"]
    assert world.writes() == ["POST"]
    assert not world.settled_amiss()


def test_a_job_that_outlives_the_timeout_is_waited_for_by_the_next_apply(world: World) -> None:
    world.sandbox.faults.job_delay = 200.0
    world.write(ONE)
    done = world.apply("--timeout", "0.1")
    assert (done.code, done.result("one")["outcome"]) == (6, "unverified")
    assert world.plan()["summary"]["pending"] == 1
    world.sandbox.reset_log()
    assert not world.settled_amiss()
    assert not world.writes()


@pytest.mark.parametrize(
    "faults",
    [
        {"job_lost": True},
        {"job_lost": True, "job_unknown": "404"},
        {"finished": None},
        {"finished": "success"},
        {"finished": "completed", "envelope": "data"},
        {"job_null_polls": 3},
        {"paging": "slice"},
        {"paging": "ignored"},
        {"integer_ids": True},
        {"per_page": 2, "total": False},
        {"omit": frozenset({"labels", "link", "media", "has_media", "title", "url", "type"})},
    ],
    ids="+".join,
)
def test_a_service_that_answers_in_another_way(tmp_path: Path, faults: dict[str, Any]) -> None:
    with world_in(tmp_path / "w", **faults) as world:
        world.write(ONE, TWO, THIRD)
        done = world.apply("--timeout", "0.5")
        assert done.code == 0, done
        assert not world.settled_amiss()


def test_a_post_that_needs_approval_is_waiting_and_no_failure(world: World) -> None:
    world.sandbox.faults.approval = frozenset(ACCOUNTS.values())
    world.write(ONE)
    (warning,) = (one for one in world.plan()["warnings"] if one["code"] == "approval")
    assert (
        warning["message"] == f"new posts on {ONE.account} wait in Publer until someone approves them there"
    )
    done = world.apply()
    assert (done.code, done.result("one")["outcome"]) == (0, "waiting")
    assert not world.settled_amiss()
    assert world.plan()["summary"]["waiting"] == 1


def test_an_update_that_publer_passes_over_has_failed(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.faults.put_ignored = True
    world.write(replace(ONE, text="Better words"))
    done = world.apply()
    assert (done.code, done.result("one")["outcome"]) == (6, "failed")
    world.sandbox.faults.put_ignored = False
    assert not world.settled_amiss()


def test_words_that_publer_rewrites_are_applied_and_no_edit_afterwards(world: World) -> None:
    world.apply_first(TWO)
    world.sandbox.faults.rewrite = lambda text: text.replace("words", "w*rds") + " #auto"
    world.write(replace(TWO, text="Even better words"))
    assert world.apply().outcomes == [("update", "two", "applied")]
    assert not world.plan()["changes"]


def test_a_post_whose_words_publer_rewrites_as_it_makes_it_is_not_made_twice(world: World) -> None:
    """It cannot be told from a colleague's, so it stays, stands in the way, and people are told."""
    world.sandbox.faults.rewrite = lambda text: text + " #auto"
    world.write(ONE)
    assert world.apply().result("one")["outcome"] == "unverified"
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried")])
    assert world.writes() == ["POST"]


def test_posts_refused_for_the_plan_are_not_under_way(world: World) -> None:
    world.sandbox.faults.trip("upgrade", "POST")
    world.write(ONE, TWO)
    done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "publer.plan")
    assert {outcome for *_, outcome in done.outcomes} == {"not_tried"}
    assert not world.settled_amiss()


def test_what_one_line_adds_to_many_posts_is_told_in_one_sentence(world: World) -> None:
    """Turned on by its own line, or by a set of hashtags that grows; an edit of the words is something else."""
    wants = [Want(f"post-{n}", "all", T + n * HOUR, f"Post {n}", more="hashtags: [core]") for n in range(24)]
    world.settings(hashtags={"core": ["a"]})
    world.apply_first(*wants)

    def many(*flags: str) -> list[str]:
        return [one["message"] for one in world.plan(*flags)["warnings"] if one["code"] == "change.many"]

    world.settings(hashtags={"core": ["a"]}, append={"all": "Footer", "x": None}, limits={"change": 40})
    across = 24 * (len(ACCOUNTS) - 1)
    (told,) = many()
    assert told.startswith(
        f"this line changes 24 posts ({across} across all accounts): append; it takes about "
    )
    assert told.endswith(f" minutes: {across + 6} requests at Publer's limit")
    assert [one["code"] for one in world.plan()["refusals"]] == ["changes"]
    world.settings(hashtags={"core": ["a", "b"]})
    (told,) = many()
    assert told.startswith(
        f"this line changes 24 posts ({24 * len(ACCOUNTS)} across all accounts): hashtags; "
    )
    world.write(*(replace(want, text="Edited") for want in wants[:10]), *wants[10:])
    assert many() == []


def test_one_line_that_changes_many_posts_is_told_and_its_limit_holds(world: World) -> None:
    wants = [Want(f"post-{n}", "x", T + n * HOUR, f"Post {n}") for n in range(20)]
    world.apply_first(*wants)
    world.settings(limits={"change": 19}, defaults={"labels": ["new"]})
    plan = world.plan()
    assert plan["refusals"] == [{"code": "changes", "count": 20, "limit": 19, "allow": "--allow-changes 20"}]
    (warning,) = (one for one in plan["warnings"] if one["code"] == "change.many")
    assert (
        warning["message"] == "this line changes 20 posts: labels; it takes about 10 requests, under a minute"
    )
    assert warning["source"]["file"] == "publer.yaml"
    world.sandbox.reset_log()
    for flags in ((), ("--allow-changes", "19"), ("--allow-deletes", "20")):
        done = world.apply(*flags)
        assert (done.code, world.writes()) == (4, [])
        assert (
            "20 posts would be edited or replaced; the safety limit is 19 (limits.change)" in done.ran.stderr
        )
    assert world.apply("--allow-changes", "20").code == 0
    world.write(*wants[:10], *(replace(want, text="Edited") for want in wants[10:]))
    assert not [one for one in world.plan()["warnings"] if one["code"] == "change.many"]


def test_too_many_requests_are_waited_out(world: World) -> None:
    for method in ("POST", "GET"):
        world.sandbox.faults.trip("limited", method, nth=2 if method == "GET" else 1)
    world.write(ONE)
    assert world.apply().code == 0
    assert world.writes() == ["POST", "POST"]
    assert not world.settled_amiss()


def test_what_a_refused_post_was_to_follow_is_kept(world: World) -> None:
    """Handed over to another account that does not take it: better in the old place than nowhere."""
    world.apply_first(ONE)
    world.sandbox.faults.refuse = {X: "Not here"}
    world.write(replace(ONE, account="x"))
    done = world.apply()
    assert done.code == 6
    assert done.outcomes == [("create", "one", "failed"), ("delete", "one", "not_tried")]
    assert world.live() == [ONE.row]
    world.sandbox.faults.refuse = {}
    assert not world.settled_amiss()


def test_an_old_post_that_does_not_go_keeps_the_new_one_from_being_sent(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.faults.trip("delete_nothing", "DELETE")
    world.write(replace(ONE, labels=("new",)))
    done = world.apply()
    assert (done.code, done.result("one")["outcome"]) == (6, "failed")
    assert world.writes() == ["DELETE"]
    assert world.live() == [ONE.row]
    assert not world.settled_amiss()


@pytest.mark.parametrize(
    ("text", "state"),
    [("a colleague was quicker", "scheduled"), (ONE.text, "draft"), (ONE.text, "recurring")],
)
def test_a_colleagues_post_in_the_slot_of_a_lost_one_is_not_taken_for_ours(
    world: World, text: str, state: str
) -> None:
    world.sandbox.faults.lose = frozenset({1})
    world.write(ONE)
    assert world.apply().code == 6
    world.stranger("facebook", ONE.at, text, state=state)
    world.write()
    assert world.apply("--allow-deletes", "9").code == 0
    assert not world.amiss()


def test_a_swap_whose_first_delete_fails_sends_nothing_into_the_minute_that_is_not_free(world: World) -> None:
    world.apply_first(ONE, replace(ONE, id="next", at=T + HOUR, text="Next words"))
    world.sandbox.faults.trip("delete_nothing", "DELETE")
    world.write(replace(ONE, at=T + HOUR), Want("next", "facebook", T, "Next words"))
    assert world.apply().code == 6
    assert world.writes() == ["DELETE"]
    assert not world.settled_amiss()


def test_a_delete_that_publer_only_says_it_did_has_failed(world: World) -> None:
    world.apply_first(ONE, TWO)
    real, kept = world.sandbox.handle, world.sandbox._database.posts()

    def handle(request: Any) -> Any:
        answer = real(request)
        if request.method == "DELETE":
            world.sandbox._database.save_posts(kept)
        return answer

    world.sandbox.handle = handle  # type: ignore[method-assign]  # what it deletes comes back
    world.write(TWO)
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("delete", "one", "failed")])
    world.sandbox.handle = real  # type: ignore[method-assign]
    assert not world.settled_amiss()


def test_a_job_that_runs_after_everybody_gave_it_up_leaves_no_orphan(world: World) -> None:
    world.sandbox.faults.job_lost, world.sandbox.faults.job_delay = True, 120.0
    world.write(ONE)
    assert world.apply().result("one")["outcome"] == "unverified"
    world.sandbox.settle()
    world.write()
    assert not world.settled_amiss("--allow-deletes", "1")


def test_a_delete_whose_answer_is_lost_is_looked_up(world: World) -> None:
    world.apply_first(ONE, TWO)
    world.sandbox.faults.trip("drop_after", "DELETE")
    world.write(TWO)
    assert world.apply().outcomes == [("delete", "one", "applied")]
    assert world.writes() == ["DELETE"]


# --- cut off in the middle, and then the calendar is another one ----------------------------------------------------


def test_what_was_being_removed_is_no_removal_by_hand(world: World) -> None:
    world.apply_first(ONE, TWO)
    _down_after(world, "DELETE")
    world.write(TWO)
    assert world.apply().code == 1
    _up(world)
    world.write(ONE, TWO)
    assert world.changes() == [("create", None, "one")]
    assert not world.settled_amiss()


def test_a_move_that_was_cut_off_can_be_taken_back(world: World) -> None:
    world.apply_first(ONE)
    _down_after(world, "DELETE")
    world.write(replace(ONE, at=T + HOUR))
    assert world.apply().code == 1
    _up(world)
    world.write(ONE)
    assert not world.settled_amiss()


def test_words_of_an_update_that_was_cut_off_are_ours(world: World) -> None:
    world.apply_first(ONE)
    _down_after(world, "PUT")
    world.write(replace(ONE, text="Second words"))
    assert world.apply().code == 1
    _up(world)
    world.write(replace(ONE, text="Third words"))
    assert world.changes() == [("update", None, "one")]
    assert not world.settled_amiss()


def _down_after(world: World, method: str) -> None:
    """Carry out the first request of this method, and answer neither it nor anything after it."""
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method == method and not world.sandbox.faults.trips:
            world.sandbox.faults.trip("drop_after", times=10**6)
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # what cannot be said by a number beforehand


def _up(world: World) -> None:
    world.sandbox.faults.trips = []
    del world.sandbox.handle


# --- a colleague in Publer's own screens ----------------------------------------------------------------------------


def test_an_edit_by_hand_is_kept_until_it_may_be_overwritten(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.edit(world.find(ONE.text)["id"], text="A colleague's words")
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried")])
    assert not world.writes()
    assert not world.settled_amiss("--overwrite-edits")


def test_a_move_by_hand_is_kept_until_it_may_be_overwritten(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.edit(world.find(ONE.text)["id"], at=T + 30 * MINUTE)
    assert world.changes() == [("blocked", "edited", "one")]
    assert world.apply().code == 6
    assert not world.writes()
    assert not world.settled_amiss("--overwrite-edits")


def test_what_was_removed_by_hand_stays_away_until_it_may_be_made_again(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.remove(world.find(ONE.text)["id"])
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("recreate", "one", "not_tried")])
    assert not world.writes()
    assert not world.settled_amiss("--allow-recreate")


def test_a_foreign_post_in_the_slot_stays_and_the_rest_is_done(world: World) -> None:
    world.stranger("facebook", T, "a colleague was first")
    world.write(ONE, TWO)
    done = world.apply()
    assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried"), ("create", "two", "applied")])
    assert done.result("one")["code"] == "slot"
    assert world.amiss() == [f"missing: {ONE.row}"]


def test_a_twin_is_made_only_where_it_is_meant(world: World) -> None:
    world.stranger("facebook", T + 7 * HOUR, ONE.text)
    world.write(ONE)
    assert world.apply().result("one")["code"] == "twin"
    assert not world.writes()
    assert world.apply("--allow-twins").code == 0
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


@pytest.mark.parametrize("answer", ["no\n", "\n", "y\n", "YES\n", "yes please\n", "\x04"])
def test_anything_but_yes_changes_nothing(world: World, answer: str) -> None:
    world.write(ONE)
    code, stdout, terminal = asked(world, answer)
    assert code == 1
    assert "+ new" in stdout
    assert "nothing was changed: the answer was not yes" in terminal
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
    assert "3 to remove" in terminal
    assert "would refuse" not in stdout
    assert "Done. 3 removed" in stdout
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

"""What goes wrong in Publer during an apply, through the front door."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from tests.applying.wants import FB, ONE, THIRD, TWO, X
from tests.system.worlds import ACCOUNTS, HOUR, NEVER, T, Want, World, end_jobs, world_in

if TYPE_CHECKING:
    from pathlib import Path


def hourly(number: int) -> list[Want]:
    """So many posts, an hour apart."""
    return [replace(ONE, id=f"p{hour}", at=T + hour * HOUR, text=f"At {hour}") for hour in range(number)]


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
    wants = hourly(4)
    world.write(*wants)
    world.sandbox.faults.hidden = frozenset(
        {world.stranger("facebook", T + 2 * HOUR, "hidden from the list")}
    )
    done = world.apply()
    assert done.code == 6
    assert [outcome for *_, outcome in done.outcomes] == ["applied", "applied", "failed", "applied"]
    assert "one minute gap" in done.result("p2")["publer_said"].lower()


@pytest.mark.parametrize("status", [400, 413, 414, 422])
def test_where_publer_refuses_a_request_as_a_whole_the_others_are_scheduled(
    world: World, status: int
) -> None:
    """Each part is a request of its own with a job of its own."""
    wants = hourly(4)
    world.write(*wants)
    world.sandbox.faults.refuse_whole = {"At 2": status}
    done = world.apply()
    assert done.code == 6
    assert [outcome for *_, outcome in done.outcomes] == ["applied", "applied", "failed", "applied"]
    told = done.result("p2")
    assert f"Publer refused to schedule posts ({status})" in told["message"]
    assert "A post of this request is not allowed" in told["publer_said"]
    assert "200 MB" not in json.dumps(told), "it has no file"
    assert world.writes() == ["POST"] * 5
    world.sandbox.faults.refuse_whole = {}
    assert not world.settled_amiss()


@pytest.mark.parametrize("said", ["", "You don't have permission to delete this post"])
def test_a_post_that_the_keys_user_may_not_delete_keeps_no_other_in_publer(world: World, said: str) -> None:
    wants = hourly(5)
    world.apply_first(*wants)
    world.sandbox.faults.undeletable = frozenset({world.find("At 2")["id"]})
    if said:
        with mock.patch("publer_sync.sandbox.posts.not_modelled", return_value=said):
            _remove_all_but_one(world, wants)
    else:
        _remove_all_but_one(world, wants)
    assert world.writes() == ["DELETE"] * 5
    world.sandbox.faults.undeletable = frozenset()
    assert not world.settled_amiss()


def _remove_all_but_one(world: World, wants: list[Want]) -> None:
    world.write(wants[0])
    done = world.apply("--allow-deletes", "4")
    assert done.code == 6
    assert [outcome for *_, outcome in done.outcomes] == ["applied", "failed", "applied", "applied"]
    told = done.result("p2")
    assert told["message"] == "Publer refused to delete posts (403)"
    assert told["hint"].startswith("The API key's user may not delete it")


def test_a_post_that_somebody_deletes_meanwhile_keeps_no_other_in_publer(world: World) -> None:
    wants = hourly(5)
    world.apply_first(*wants)
    world.sandbox.faults.delete_gone = "404-any"
    theirs, real = world.find("At 3")["id"], world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method == "DELETE" and theirs in world.by_id():
            world.sandbox.remove(theirs)
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # a colleague is as quick
    world.write(wants[0])
    done = world.apply("--allow-deletes", "4")
    assert (done.code, {outcome for *_, outcome in done.outcomes}) == (0, {"applied"})
    assert not world.amiss()


@pytest.mark.parametrize("words", ["Invalid API key or not active", "Missing scope: posts"])
def test_a_removal_that_is_refused_for_the_key_is_asked_for_once(world: World, words: str) -> None:
    wants = hourly(5)
    world.apply_first(*wants)
    world.sandbox.faults.undeletable = frozenset({world.find("At 2")["id"]})
    world.write(wants[0])
    with mock.patch("publer_sync.sandbox.posts.not_modelled", return_value=words):
        done = world.apply("--allow-deletes", "4")
    assert {outcome for *_, outcome in done.outcomes} == {"failed"}
    assert "Likely causes" in done.result("p2")["hint"]
    assert world.writes() == ["DELETE"]


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


@pytest.mark.parametrize("wants", ["another picture", "another label"])
def test_an_adopted_post_is_put_back_with_what_publer_has(world: World, wants: str) -> None:
    """This calendar has uploaded no picture for it, and looked up no album."""
    other = Want("other", "facebook", T + HOUR, "Other", picture="hands.png")
    world.apply_first(other)
    pictures = world.find("Other")["media"]
    world.sandbox.add(account_id=FB, at=T, text="A lamp", media=pictures)
    lamp = Want("lamp", "facebook", T, "A lamp", picture="lamp.png")
    if wants == "another label":
        lamp = replace(lamp, more="networks: {facebook: {album: Events}}")
    world.write(lamp, other)
    assert world.apply().outcomes == [("adopt", "lamp", "applied")]
    refused = world.sandbox.faults.refuse = {FB: "Not today"}
    _accept_from(world, posts=3, refused=refused)  # the upload, the new post, and the old one
    changed = replace(lamp, picture="box.png") if wants == "another picture" else replace(lamp, labels=("a",))
    world.write(changed, other)
    done = world.apply()
    assert done.result("lamp")["message"] == "Publer refused the post; the old post was put back"
    back = world.find("A lamp")
    if wants == "another picture":
        assert [each["id"] for each in back["media"]] == [each["id"] for each in pictures]
    assert ("album_id" in back["sent"]["account"]) == (wants == "another label")


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
    world.sandbox.faults.job_delay = NEVER
    world.write(ONE)
    done = world.apply("--timeout", "0.1")
    assert (done.code, done.result("one")["outcome"]) == (6, "unverified")
    assert world.plan()["summary"]["pending"] == 1
    world.sandbox.reset_log()
    end_jobs(world.sandbox)
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
        warning["message"]
        == f"the new post on {ONE.account} waits in Publer until someone approves it there, "
        f"by {ONE.at:%a} {ONE.at.day} {ONE.at:%b %Y %H:%M}"
    )
    done = world.apply()
    assert (done.code, done.result("one")["outcome"]) == (0, "waiting")
    assert not world.settled_amiss()
    assert world.plan()["summary"]["waiting"] == 1


@pytest.mark.parametrize("needed", [True, False], ids=["of the key's user", "a client's"])
def test_an_edit_of_an_approved_post_needs_someone_again_and_says_until_when(
    world: World, needed: bool
) -> None:
    """Publer's help centre: it goes back to Pending Approval, also where only a client approves."""
    world.apply_first(ONE)
    world.sandbox.edit(str(world.find(ONE.text)["id"]), state="scheduled_approved")
    assert world.changes() == []
    world.sandbox.faults.approval = frozenset({ACCOUNTS[ONE.account]}) if needed else frozenset()
    world.write(replace(ONE, text="Other words"))
    (warning,) = (one for one in world.plan()["warnings"] if one["code"] == "approval")
    assert warning["message"] == (
        f"the edit sends the post on {ONE.account} back to approval in Publer; it is not published unless someone "
        f"approves it there, by {ONE.at:%a} {ONE.at.day} {ONE.at:%b %Y %H:%M}"
    )
    assert warning["source"]["file"] == "posts.yaml"
    assert "back to approval in Publer" in world.run("plan", world.top, "--format", "markdown").stdout
    done = world.apply()
    assert (done.code, done.result("one")["outcome"]) == (0, "waiting")
    assert world.find("Other words")["state"] == "scheduled_pending"
    assert world.plan()["summary"]["waiting"] == 1
    world.sandbox.edit(str(world.find("Other words")["id"]), state="scheduled_approved")
    assert world.changes() == []
    assert not world.plan()["warnings"]


def test_an_edit_of_a_draft_or_of_what_nobody_approves_warns_of_nothing(world: World) -> None:
    draft = replace(ONE, draft=True)
    world.apply_first(draft, TWO)
    world.sandbox.faults.approval = frozenset({ACCOUNTS[ONE.account]})
    world.write(replace(draft, text="Other words"), replace(TWO, text="Other words too"))
    assert [one for one in world.plan()["warnings"] if one["code"] == "approval"] == []
    assert world.apply().code == 0
    assert {post["state"] for post in world.sandbox.posts()} == {"draft", "scheduled"}


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
        f"this line changes 24 posts (on {len(ACCOUNTS) - 1} accounts): append; it takes about "
    )
    assert told.endswith(f" minutes: {across + 6} requests at Publer's limit")
    assert [one["code"] for one in world.plan()["refusals"]] == ["changes"]
    world.settings(hashtags={"core": ["a", "b"]})
    (told,) = many()
    assert told.startswith(f"this line changes 24 posts (on {len(ACCOUNTS)} accounts): hashtags; ")
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

    world.write(TWO)
    with mock.patch.object(world.sandbox, "handle", handle):  # what it deletes comes back
        done = world.apply()
    assert (done.code, done.outcomes) == (6, [("delete", "one", "failed")])
    assert not world.settled_amiss()


def test_a_job_that_runs_after_everybody_gave_it_up_leaves_no_orphan(world: World) -> None:
    world.sandbox.faults.job_lost, world.sandbox.faults.job_delay = True, NEVER
    world.write(ONE)
    assert world.apply().result("one")["outcome"] == "unverified"
    end_jobs(world.sandbox)
    world.sandbox.settle()
    world.write()
    assert not world.settled_amiss("--allow-deletes", "1")


def test_a_delete_whose_answer_is_lost_is_looked_up(world: World) -> None:
    world.apply_first(ONE, TWO)
    world.sandbox.faults.trip("drop_after", "DELETE")
    world.write(TWO)
    assert world.apply().outcomes == [("delete", "one", "applied")]
    assert world.writes() == ["DELETE"]

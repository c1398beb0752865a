"""The first write of each kind goes alone, is compared with what was sent, and ends what Publer does not keep."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger import state as ledgers
from publer_sync.sandbox.exchange import Response
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, NEVER, Applied, T, Want, World, killed, world_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publer_sync.ledger.contact import Contact

FOUR = tuple(Want(f"p{n}", "facebook", T + n * HOUR, f"Post number {n}") for n in range(4))
DRAFTS = tuple(Want(f"d{n}", "linkedin", T + n * HOUR, f"Draft number {n}", draft=True) for n in range(3))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        yield made


def mangled(text: str) -> str:
    """What no fold makes good: other words within the line."""
    return text.replace("number", "no.")


def jobs(world: World) -> list[list[str]]:
    """The texts of each bulk request, in order."""
    bodies = [one.body for one in world.sandbox.requests if one.method == "POST" and "schedule" in one.path]
    return [re.findall(r'"text": "([^"]+)"', json.dumps(body)) for body in bodies]


def asked_to_remove(world: World) -> list[int]:
    """How many ids each DELETE had."""
    return [len(one.query["post_ids[]"]) for one in world.sandbox.requests if one.method == "DELETE"]


def contact(world: World) -> Contact:
    state = world.store().read()
    assert state is not None
    found: Contact = state.contact
    return found


def warned(document: Any) -> list[str]:
    return [each["message"] for each in document["warnings"] if each["code"] == "first_contact"]


# --- creates --------------------------------------------------------------------------------------------------------


def test_of_a_first_apply_the_post_furthest_ahead_goes_alone(world: World) -> None:
    world.write(*FOUR)
    assert world.settled_amiss() == []
    first, rest = jobs(world)
    assert first == ["Post number 3"]
    assert sorted(rest) == ["Post number 0", "Post number 1", "Post number 2"]
    assert contact(world).verified == ("create",)


def test_drafts_are_a_kind_of_their_own(world: World) -> None:
    world.write(*FOUR, *DRAFTS)
    assert world.settled_amiss() == []
    assert [len(job) for job in jobs(world)] == [1, 1, 3, 2]
    assert contact(world).verified == ("create", "draft")


def test_the_next_apply_sends_what_it_would_have_sent_before(world: World) -> None:
    """One job, and not one request more than where every kind was seen long ago."""
    world.sandbox.faults.job_delay = world.sandbox.faults.list_delay = 0
    more = [
        replace(FOUR[0], at=T + (20 + n) * DAY, id=f"m{n}", text=f"More {n}") for n in range(9)
    ]  # a page is known to be as long
    world.write(*more, *FOUR[:1])
    assert world.settled_amiss() == []
    world.write(*more, *FOUR)
    world.sandbox.reset_log()
    then = world.apply().document["requests"]
    assert [len(job) for job in jobs(world)] == [3]
    world.sandbox.settle()
    world.know_every_kind()
    later = [
        replace(want, at=want.at + 5 * DAY, id=f"q{want.id}", text=f"Later {want.text}") for want in FOUR
    ]
    world.write(*more, *FOUR, later[0])
    assert world.apply().code == 0
    world.sandbox.settle()
    world.write(*more, *FOUR, *later)
    assert world.apply().document["requests"] == then


def test_adopted_posts_count_as_created(world: World) -> None:
    world.sandbox.add(account_id=ACCOUNTS["facebook"], at=T, text=FOUR[0].text)
    world.write(*FOUR)
    assert world.settled_amiss() == []
    assert [len(job) for job in jobs(world)] == [3]


def test_a_text_that_publer_rewrites_ends_the_run_with_one_post(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    done = world.apply()
    assert done.code == 1
    assert done.document["error"]["code"] == "first_contact"
    assert (done.summary["failed"], done.summary["not_tried"]) == (1, 3)
    assert 'sent "Post number 3", Publer has "Post no. 3"' in done.result("p3")["message"]
    assert [row.text for row in world.live()] == ["Post no. 3"]
    assert "--allow-rewritten" in done.ran.stderr
    assert 'text: sent "Post number 3", Publer has "Post no. 3"' in done.document["error"]["hint"]
    assert "--trace" in done.ran.stderr


def test_every_later_run_ends_before_it_writes_another(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    world.apply()
    world.sandbox.reset_log()
    assert any("p3" in message for message in warned(world.plan()))
    done = world.apply()
    assert (done.code, world.writes()) == (1, [])
    assert done.document["error"]["code"] == "first_contact"


def test_an_apply_with_nothing_else_to_do_still_says_that_the_post_is_not_as_sent(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(FOUR[0])
    assert world.apply().code == 1
    done = world.apply()
    assert (done.code, done.result("p0")["outcome"]) == (6, "not_tried")
    assert "--allow-rewritten" in done.result("p0")["hint"]


def test_allow_rewritten_lets_go_on_and_is_kept(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    world.apply()
    done = world.apply("--allow-rewritten")
    assert done.code == 0, done
    assert "rewritten" in [each["code"] for each in done.document["warnings"]]
    assert sorted(row.text for row in world.live()) == [f"Post no. {n}" for n in range(4)]
    assert contact(world).allowed == ("text/facebook",)
    world.write(*FOUR, Want("more", "facebook", T + DAY, "number five"))
    assert world.apply().code == 0
    assert world.plan()["changes"] == []
    assert len(world.live()) == 5


def test_what_is_allowed_on_one_network_is_not_on_another(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(FOUR[0])
    assert world.apply("--allow-rewritten").code == 0
    world.write(FOUR[0], Want("x", "x", T, "number six"))
    assert world.apply().code == 6
    world.sandbox.settle()
    assert len(world.live()) == 2


def test_the_post_that_does_not_stand_can_be_removed_and_the_rest_goes_on(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    world.apply()
    world.sandbox.faults.rewrite = None
    world.write(*FOUR[:3])
    assert world.settled_amiss() == []
    assert contact(world).doubts == {}


def test_a_post_that_someone_corrects_in_publer_lets_the_rest_go_on(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    world.apply()
    world.sandbox.faults.rewrite = None
    world.sandbox.settle()
    world.sandbox.edit(world.find("Post no. 3")["id"], text=FOUR[3].text)
    assert world.settled_amiss() == []
    assert [len(job) for job in jobs(world)] == [1, 1, 2]
    assert contact(world).doubts == {}


def test_a_post_that_someone_deletes_in_publer_lets_the_rest_go_on(world: World) -> None:
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    world.apply()
    world.sandbox.faults.rewrite = None
    world.sandbox.settle()
    world.sandbox.remove(world.find("Post no. 3")["id"])
    assert world.settled_amiss("--allow-recreate") == []
    assert contact(world).doubts == {}


def test_a_post_at_another_time_is_found_by_its_words_and_held(world: World) -> None:
    _shift(world, HOUR / 2)
    world.write(*FOUR)
    done = world.apply()
    assert done.code == 1
    assert "time: sent" in done.result("p3")["message"]
    assert [row.at for row in world.live()] == [FOUR[3].at + HOUR / 2]
    world.sandbox.settle()
    assert world.run("hold", world.top, "--reason", "wrong", "--yes").code == 0
    assert world.live() == []


def test_a_post_in_another_state_ends_the_run(world: World) -> None:
    world.sandbox.faults.new_state = "draft"
    world.write(*FOUR)
    done = world.apply()
    assert (done.code, len(world.live())) == (1, 1)
    assert "state: sent" in done.result("p3")["message"]


def test_after_a_refusal_the_next_one_is_taken(world: World) -> None:
    world.sandbox.faults.refuse = {ACCOUNTS["facebook"]: "No."}
    far = Want("far", "facebook", T + 9 * DAY, "Far")
    world.write(far, *(replace(want, account="linkedin") for want in FOUR))
    done = world.apply()
    assert (done.code, done.result("far")["publer_said"]) == (6, "No.")
    assert [len(job) for job in jobs(world)] == [1, 1, 3]
    assert len(world.live()) == 4


def test_after_three_refusals_no_more_is_tried(world: World) -> None:
    world.sandbox.faults.refuse = {ACCOUNTS["facebook"]: "No."}
    world.write(*FOUR)
    done = world.apply()
    assert done.code == 6
    assert (done.summary["failed"], done.summary["not_tried"]) == (3, 1)
    assert "refused the first 3 posts" in done.result("p0")["message"]
    world.sandbox.faults.refuse = {}
    world.sandbox.reset_log()
    assert world.settled_amiss() == []
    assert jobs(world)[0] == ["Post number 0"]  # what was not refused before goes first


def test_one_that_is_not_listed_ends_its_kind_until_it_shows(world: World) -> None:
    world.sandbox.faults.list_delay = 200
    world.write(*FOUR, *DRAFTS[:1])
    done = world.apply("--timeout", "0.3")
    assert (done.code, done.result("p3")["outcome"], done.result("p0")["outcome"]) == (
        6,
        "unverified",
        "not_tried",
    )
    assert done.result("d0")["outcome"] == "unverified"
    assert [len(job) for job in jobs(world)] == [1, 1]
    world.sandbox.settle()
    world.sandbox.faults.list_delay = 0
    world.sandbox.reset_log()
    assert world.settled_amiss() == []
    assert [len(job) for job in jobs(world)] == [3]  # it stands, so nothing else goes alone


def test_where_the_first_one_is_lost_the_next_apply_takes_another(world: World) -> None:
    world.sandbox.faults.lose = frozenset({1})
    world.write(*FOUR)
    assert world.apply().code == 6
    assert world.settled_amiss() == []
    assert jobs(world)[:2] == [["Post number 3"], ["Post number 2"]]


def test_hidden_drafts_do_not_pile_up_and_can_be_let_through(world: World) -> None:
    world.sandbox.faults.drafts = "hidden"
    world.write(*DRAFTS)
    for _ in range(3):
        assert world.apply().code == 6
        world.sandbox.settle()
    assert len(world.live()) == 1
    done = world.apply()
    assert "--allow-rewritten" in next(
        each["hint"] for each in done.document["results"] if each["id"] == "d0"
    )
    world.apply("--allow-rewritten")
    assert len(world.live()) == 3
    world.apply("--allow-rewritten")
    assert len(world.live()) == 3


def test_a_draft_that_publer_schedules_is_removed_and_no_other_is_sent(world: World) -> None:
    world.sandbox.faults.drafts = "scheduled"
    world.write(*DRAFTS)
    done = world.apply()
    assert (done.code, world.live()) == (1, [])
    assert [len(job) for job in jobs(world)] == [1]
    assert done.result("d2")["outcome"] == "failed"


def test_a_colleagues_draft_in_the_minute_of_the_first_is_never_taken_for_it(world: World) -> None:
    """No gap keeps drafts apart, and ours is not listed: there is one draft in its minute, and it was there before."""
    world.stranger("linkedin", DRAFTS[2].at, "A colleague's draft", state="draft")
    world.sandbox.faults.lose = frozenset({1, 2, 3})
    world.write(*DRAFTS)
    for _ in range(2):
        assert world.apply().code == 6
        world.sandbox.settle()
    world.write()
    world.apply("--allow-deletes", "9")
    assert not [line for line in world.amiss() if "not managed" in line]


def test_nor_by_the_apply_after_one_that_was_killed(world: World) -> None:
    """Then nobody knows what was in the minute before."""
    world.stranger("linkedin", DRAFTS[2].at, "A colleague's draft", state="draft")
    world.sandbox.faults.lose = frozenset({1, 2, 3})
    world.write(*DRAFTS)
    killed(world, "job")
    world.sandbox.settle()
    world.apply()
    world.write()
    world.apply("--allow-deletes", "9")
    assert not [line for line in world.amiss() if "not managed" in line]


@pytest.mark.parametrize("when", ["job", "schedule"])
def test_a_kill_between_the_first_and_the_rest_is_made_good(world: World, when: str) -> None:
    world.write(*FOUR)
    assert killed(world, when).code == 137
    world.sandbox.settle()
    assert world.settled_amiss() == []


def test_a_first_post_that_a_killed_run_left_is_judged_by_the_next(world: World) -> None:
    """Its text is not what was sent, so that only its minute tells whose it is."""
    world.sandbox.faults.rewrite = mangled
    world.write(*FOUR)
    killed(world, "job")
    world.sandbox.settle()
    world.sandbox.reset_log()
    done = world.apply()
    assert (done.code, world.writes()) == (1, [])
    assert done.document["error"]["code"] == "first_contact"
    assert contact(world).doubts.keys() == {"create"}


def test_what_a_colleague_makes_in_the_minute_of_a_killed_run_before_publer_has_made_ours_stays(
    world: World,
) -> None:
    """The minute was free when that run sent its post; the next one sees only what is there now."""
    world.sandbox.faults.job_delay = NEVER
    world.write(FOUR[0])
    killed(world, "schedule")
    theirs = world.stranger("facebook", FOUR[0].at, "A colleague's")
    world.write()
    for _ in range(2):
        world.apply("--allow-deletes", "9")
        world.sandbox.settle()
    assert theirs in world.by_id()
    assert [line for line in world.amiss() if "not managed" in line] == []


def test_a_colleagues_post_in_the_minute_is_never_taken_for_ours(world: World) -> None:
    """It was there before: the slot of the calendar's post is taken, so nothing is sent there."""
    world.stranger("facebook", FOUR[3].at, "A colleague's")
    world.write(*FOUR)
    assert world.apply().code == 6
    world.sandbox.settle()
    assert not [line for line in world.amiss() if "not managed" in line]


# --- edits ----------------------------------------------------------------------------------------------------------


def test_the_first_edit_goes_alone(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.reset_log()
    world.write(*(replace(want, text=f"{want.text} again") for want in FOUR))
    assert world.settled_amiss() == []
    methods = [one.method for one in world.sandbox.requests]
    assert methods.count("PUT") == 4
    first = methods.index("PUT")
    assert methods[first + 1] == "GET"
    assert "update" in contact(world).verified


def test_an_edit_that_does_not_stand_is_made_good_by_a_new_post(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.faults.put_ignored = True
    world.sandbox.reset_log()
    world.write(*(replace(want, text=f"{want.text} again") for want in FOUR))
    assert world.settled_amiss() == []
    assert world.writes().count("PUT") == 1
    assert contact(world).replaces == ("facebook",)
    world.write(*(replace(want, text=f"{want.text} once more") for want in FOUR))
    assert {change["action"] for change in world.plan()["changes"]} == {"replace"}
    assert world.settled_amiss() == []
    assert world.writes().count("PUT") == 1


def test_an_edit_that_gives_the_post_another_id_stands(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.faults.put_renumbers = True
    world.write(*(replace(want, text=f"{want.text} again") for want in FOUR))
    assert world.settled_amiss() == []
    assert world.run("hold", world.top, "--reason", "x", "--yes").code == 0
    assert world.live() == []


def test_what_a_colleague_does_during_the_first_edit_is_left_alone(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    edited = world.find(FOUR[0].text)["id"]
    _with_each(world, "PUT", lambda: world.sandbox.edit(edited, text="A colleague's words"))
    world.write(replace(FOUR[0], text="The calendar's words"), *FOUR[1:])
    assert world.apply().code == 6
    assert world.by_id()[edited]["text"] == "A colleague's words"
    assert contact(world).replaces == ()


# --- removals -------------------------------------------------------------------------------------------------------


def test_the_first_removal_goes_alone(world: World) -> None:
    world.stranger("x", T, "A colleague's")
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.write()
    assert world.settled_amiss("--allow-deletes", "4") == []
    assert asked_to_remove(world) == [1, 3]
    assert "delete" in contact(world).verified


def test_a_removal_that_publer_does_not_do_ends_the_run(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    real = world.sandbox.handle
    kept: list[Any] = []

    def handle(request: Any) -> Any:
        """Answers that the post is removed, and keeps it."""
        if request.method != "DELETE":
            return real(request)
        database = world.sandbox._database
        with database.transaction():
            before = {post.id: post for post in database.posts()}
        answer = real(request)
        with database.transaction():
            gone = [post for key, post in before.items() if database.post(key) is None]
            database.save_posts(gone)
        kept.extend(post.id for post in gone)
        return answer

    world.sandbox.handle = handle  # type: ignore[method-assign]  # a removal without effect
    world.write(FOUR[0])
    done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "first_contact")
    assert len(kept) == 1
    assert len(world.live()) == 4
    assert world.apply().code == 1
    assert len(kept) == 1
    world.sandbox.handle = real  # type: ignore[method-assign]  # as it was
    world.sandbox.remove(kept[0])
    assert world.settled_amiss() == []


def test_a_removal_that_takes_others_along_ends_the_run(world: World) -> None:
    """It was not named in the answer, and is on an account that the calendar does not manage."""
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    other = world.sandbox.add(account_id=ACCOUNTS["mastodon"], at=T, text="A colleague's")
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method == "DELETE":
            world.sandbox.remove(other)
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # it takes more than it was asked for
    world.write(FOUR[0])
    done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "first_contact")
    assert "A colleague's" in done.document["error"]["message"]
    assert asked_to_remove(world) == [1]
    world.sandbox.handle = real  # type: ignore[method-assign]  # as it was
    assert world.settled_amiss() == []  # it was a colleague after all


def test_what_another_run_removes_at_that_moment_is_no_alarm(world: World) -> None:
    """Its journal tells: another calendar of the ledger was about to remove it."""
    other = _second_calendar(world)
    assert world.run("apply", world.top, other, "--yes").code == 0
    world.sandbox.settle()
    theirs = world.find("Another number 0")["id"]
    _with_each(world, "DELETE", lambda: _removed_by(world, theirs))
    world.write(*FOUR[1:])
    done = world.apply()
    assert done.code == 0, done


def test_where_publer_does_not_list_the_workspace_each_removal_goes_alone(world: World) -> None:
    """What a short list lacks is neither gone nor an alarm."""
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    world.sandbox.add(account_id=ACCOUNTS["mastodon"], at=T, text="A colleague's")
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        """Refuses a list of all accounts."""
        if (request.method, request.path) == ("GET", "/posts") and "account_ids" not in request.query:
            return Response(422, b'{"error": "No."}')
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # what no switch does
    world.write(FOUR[0])
    assert world.apply().code == 0
    assert asked_to_remove(world) == [1, 1, 1]
    assert "delete" not in contact(world).verified


def test_what_publer_publishes_at_that_moment_is_no_alarm(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + MINUTE
    due = world.sandbox.add(account_id=ACCOUNTS["mastodon"], at=soon, text="Due")
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    _with_each(world, "DELETE", lambda: world.sandbox.edit(due, state="published"))
    world.write(*FOUR[1:])
    assert world.apply().code == 0


def test_of_moves_the_first_is_finished_before_the_next_begins(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.reset_log()
    world.write(*(replace(want, at=want.at + 10 * MINUTE) for want in FOUR))
    assert world.settled_amiss() == []
    assert world.writes() == ["POST", "DELETE", "POST", "DELETE"]
    assert asked_to_remove(world) == [1, 3]


def test_a_hold_is_not_slowed(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.reset_log()
    assert world.run("hold", world.top, "--reason", "crisis", "--yes").code == 0
    assert asked_to_remove(world) == [4]
    world.sandbox.settle()
    assert world.run("release", world.top, "--yes").code == 0
    world.sandbox.settle()
    assert world.amiss() == []


def test_a_hold_of_the_settings_is_not_slowed(world: World) -> None:
    world.write(*FOUR)
    assert world.apply().code == 0
    world.sandbox.settle()
    world.settings(hold={"reason": "crisis"})
    assert world.apply().code == 0
    assert asked_to_remove(world) == [4]


# --- before the first write -----------------------------------------------------------------------------------------


def backup(done: Applied) -> tuple[Path, Any]:
    file = Path(done.document["backup"])
    return file, json.loads(file.read_text(encoding="utf-8"))


def test_what_publer_had_is_kept_beside_the_ledger(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    world.sandbox.add(account_id=ACCOUNTS["mastodon"], at=T, text="Elsewhere")
    world.sandbox.add(account_id=ACCOUNTS["facebook"], at=T + DAY, text="Here")
    world.sandbox.add(account_id=ACCOUNTS["x"], at=None, text="An idea", state="draft_undated")
    world.write(*FOUR)
    done = world.apply()
    file, document = backup(done)
    assert file.parent == world.ledger.parent
    assert file.name == "before-first-apply.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [post["text"] for post in document["posts"]] == ["Elsewhere", "Here", "An idea"]
    before = file.read_bytes()
    world.write(*FOUR[:3])
    assert "backup" not in world.apply().document
    assert file.read_bytes() == before
    assert "Nothing to do" in world.run("apply", world.top, "--yes").stdout


def test_a_backup_that_is_there_is_never_overwritten(world: World) -> None:
    world.ledger.parent.mkdir(parents=True)
    old = world.ledger.parent / "before-first-apply.json"
    old.write_text("{}", encoding="utf-8")
    world.write(*FOUR)
    file, _ = backup(world.apply())
    assert file.name == "before-first-apply-2.json"
    assert old.read_text(encoding="utf-8") == "{}"


def test_an_apply_that_sends_nothing_keeps_no_backup(world: World) -> None:
    world.sandbox.add(account_id=ACCOUNTS["facebook"], at=T, text=FOUR[0].text)
    world.write(FOUR[0])
    assert "backup" not in world.apply().document


def test_plan_says_what_is_the_first_of_its_kind_and_what_it_costs(world: World) -> None:
    world.write(*FOUR, *DRAFTS)
    [told] = warned(world.plan())
    assert re.search(
        r"first post and draft through this key: one of each is sent alone.* about \d+ s more", told
    )
    assert world.apply().code == 0
    assert warned(world.plan()) == []
    world.write(*FOUR[:2])
    [told] = warned(world.plan())
    assert (
        "first removal through this key: it is sent alone, to see that Publer removes that one alone" in told
    )


def test_the_progress_says_why_one_is_sent_alone(world: World) -> None:
    world.write(*FOUR)
    told = world.run("apply", world.top, "--yes").stderr
    assert "first post through this key: sending one to see that Publer keeps it as sent" in told


def test_the_report_says_where_the_backup_is(world: World) -> None:
    world.write(*FOUR)
    told = world.run("apply", world.top, "--yes").stdout
    assert "What Publer had before the first write is listed in" in told


def test_a_plan_file_is_applied_with_its_first_one_alone(world: World, tmp_path: Path) -> None:
    world.write(*FOUR)
    file = tmp_path / "plan.json"
    assert world.run("plan", world.top, "--out", file).code == 0
    assert world.run("apply", file, "--yes").code == 0
    assert [len(job) for job in jobs(world)] == [1, 3]
    world.sandbox.settle()
    assert world.amiss() == []


def test_what_one_calendar_has_seen_counts_for_the_others_of_its_ledger(world: World) -> None:
    other = _second_calendar(world)
    assert world.run("apply", world.top, other, "--yes").code == 0
    assert [len(job) for job in jobs(world)] == [1, 3, 4]


def test_what_publer_did_not_keep_of_one_calendar_stops_the_others_of_its_ledger(world: World) -> None:
    other = _second_calendar(world)
    world.sandbox.faults.rewrite = mangled
    assert world.apply().code == 1
    ran = world.run("apply", other, "--yes")
    assert ran.code == 1
    assert 'calendar "calendar"' in ran.stderr + ran.stdout
    assert len(world.live()) == 1
    world.sandbox.faults.rewrite = None
    assert world.run("apply", other, "--yes", "--allow-rewritten").code == 0
    assert len(world.live()) == 5


def _second_calendar(world: World) -> Path:
    """Another one beside it, with its part of the same ledger; the first has `FOUR`."""
    other = world.home / "other"
    other.mkdir()
    world.settings(state=str(world.home / "ledger"), accounts={"facebook": ACCOUNTS["facebook"]})
    world.write(*FOUR)
    for name in ("publer.yaml", "posts.yaml"):
        text = (world.top / name).read_text(encoding="utf-8")
        text = text.replace(ACCOUNTS["facebook"], ACCOUNTS["x"]).replace("facebook", "x")
        (other / name).write_text(text.replace("Post", "Another"), encoding="utf-8")
    return other


def _with_each(world: World, method: str, also: Callable[[], object]) -> None:
    """Let something happen just after each of these requests."""
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        answer = real(request)
        if request.method == method:
            also()
        return answer

    world.sandbox.handle = handle  # type: ignore[method-assign]  # what comes in between


def _removed_by(world: World, post_id: str) -> None:
    """The other calendar's run notes in the ledger that it removes a post, and does."""
    [part] = (world.home / "ledger").rglob("other.json")
    state = ledgers.loads(part.read_bytes(), "the ledger")
    [copy] = [each for each in state.copies.values() if each.post_id == post_id]
    state.put(replace(copy, removing_at=datetime.now(UTC)))
    part.write_text(ledgers.dumps(state), encoding="utf-8")
    world.sandbox.remove(post_id)


def _shift(world: World, by: Any) -> None:
    """Publer takes each new post for another time than was sent."""
    real, seen = world.sandbox.handle, set(world.by_id())

    def handle(request: Any) -> Any:
        for key, post in world.by_id().items():
            if key not in seen:
                seen.add(key)
                world.sandbox.edit(post["id"], at=post["at"] + by)
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # what no switch does

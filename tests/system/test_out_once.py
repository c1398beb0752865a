"""A post goes out once: series that are shifted, words that go from post to post, and refusals that are untrue."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox.faults import Trip
from publer_sync.sandbox.tempers import set_tempers
from tests.system.worlds import (
    ACCOUNTS,
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    T,
    Want,
    World,
    alive,
    clocks,
    killed,
    world_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publer_sync.sandbox.exchange import Request, Response


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world


def published(world: World) -> list[str]:
    return sorted(
        str(post["text"] or "") for post in world.sandbox.posts() if post["state"].startswith("published")
    )


# --- series without ids -----------------------------------------------------------------------------------------------


def series(*, pictures: bool) -> list[Want]:
    if pictures:
        return [Want(None, "facebook", T + n * DAY, "", picture=f"{n}.png") for n in range(3)]
    return [Want(None, "facebook", T + n * DAY, text) for n, text in enumerate(("One", "Two", "Three"))]


@pytest.mark.parametrize("pictures", [False, True], ids=["words", "pictures alone"])
def test_a_series_that_is_shifted_after_its_first_post_was_published_publishes_none_again(
    world: World, *, pictures: bool
) -> None:
    posts = series(pictures=pictures)
    world.apply_first(*posts)
    with clocks(world) as to:
        to(T + 3 * HOUR)
        world.write(*[replace(post, at=post.at + DAY) for post in posts])
        assert [change[:2] for change in world.changes()] == [
            ("blocked", "twin"),
            ("replace", None),
            ("replace", None),
        ]

        for _ in range(2):  # in this run and in every later one
            done = world.apply()
            assert (done.code, done.summary["not_tried"]) == (6, 1)
        to(T + 5 * DAY)
        done = world.apply()
    assert len(published(world)) == 3
    assert published(world) == (["", "", ""] if pictures else ["One", "Three", "Two"])


def test_an_id_after_an_apply_said_so_publishes_it_again(world: World) -> None:
    posts = series(pictures=False)
    world.apply_first(*posts)
    with clocks(world) as to:
        to(T + 3 * HOUR)
        late = replace(posts[0], at=T + 5 * DAY)
        world.write(late, *posts[1:])
        told = world.apply()
        assert told.code == 6
        world.write(replace(late, id="again"), *posts[1:])
        assert world.changes() == [("create", None, "again")]
        assert world.apply().code == 0


def test_a_minute_that_an_old_copy_had_is_free_for_another_post(world: World) -> None:
    first = Want("first", "facebook", T + DAY, "First")
    world.apply_first(first)
    moved = replace(first, at=T)
    world.apply_first(moved)
    with clocks(world) as to:
        to(T + HOUR)
        world.write(moved, Want("second", "facebook", T + DAY, "Second"))
        assert world.changes() == [("create", None, "second")]
        assert world.apply().code == 0


def dated(world: World) -> Want:
    """A post whose link says on which day it is published."""
    world.settings(utm={"source": "{network}", "campaign": "{date}"}, utm_hosts=["shop.example"])
    text = "New lamps: https://shop.example/lamps"
    return Want(None, "facebook", T, text, more="link: https://shop.example/lamps")


def test_a_post_whose_link_names_its_day_is_still_that_post_on_another_day(world: World) -> None:
    post = dated(world)
    world.apply_first(post)
    world.write(replace(post, at=T + DAY))
    assert world.changes() == [("replace", None, None)]
    with clocks(world) as to:
        to(T - 10 * MINUTE)
        assert world.changes() == [("blocked", "freeze", None)]


def test_nor_is_it_published_again_once_it_was_moved_too_late(world: World) -> None:
    post = dated(world)
    world.apply_first(post)
    with clocks(world) as to:
        to(T + 3 * HOUR)
        world.write(replace(post, at=T + DAY))
        assert world.changes() == [("blocked", "twin", None)]
        assert world.apply().code == 6
        to(T + 2 * DAY)
        assert len(published(world)) == 1


def test_it_stays_in_publer_while_it_waits_for_a_slot(world: World) -> None:
    post = dated(world)
    world.apply_first(post)
    posts = world.top / "posts.yaml"
    posts.write_text(posts.read_text().replace(f"at: {T:%Y-%m-%d %H:%M}", "at: next"))
    assert world.changes() == []
    assert "waits" in [warning["code"] for warning in world.plan()["warnings"]]


# --- words that go from post to post ------------------------------------------------------------------------------------

A, B = Want("a", "facebook", T, "One"), Want("b", "facebook", T + HOUR, "Two")


def test_posts_that_swap_their_words_each_say_theirs_once(world: World) -> None:
    world.apply_first(A, B)
    world.write(replace(A, text="Two"), replace(B, text="One"))

    done = world.apply()

    assert done.code == 0, done
    assert world.settled_amiss() == []


C = Want("c", "facebook", T + DAY, "Three")


def watched(world: World, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is ahead after each request from now on, where two posts say the same."""
    handle, twice = world.sandbox.handle, list[list[str]]()

    def handled(request: Request) -> Response | None:
        answer = handle(request)
        ahead = [str(post["text"]) for post in world.sandbox.posts() if alive(post)]
        if len({*ahead}) < len(ahead):
            twice.append(ahead)
        return answer

    monkeypatch.setattr(world.sandbox, "handle", handled)
    return twice


def test_a_minute_is_waited_for_though_its_post_waits_for_an_edit(world: World) -> None:
    """The new words of that edit have to leave their own post first, so that it is done after other posts were made."""
    first = Want("first", "x", T, "wants a minute")
    second = Want("second", "x", T + HOUR, "has that minute")
    edited = Want("edited", "x", T + 2 * HOUR, "has those words")
    last = Want("last", "x", T + 3 * HOUR, "are handed on")
    world.apply_first(first, second, edited, last)
    world.write(
        replace(first, at=second.at),
        replace(second, at=T + 5 * HOUR, text=edited.text),
        replace(edited, text=last.text),
        replace(last, at=T + 6 * HOUR, text="says something new"),
    )
    applied = world.apply()
    assert applied.code == 0, applied.outcomes
    world.sandbox.settle()
    assert world.amiss() == []


@pytest.mark.parametrize("wants", [(A, B), (A, B, C)], ids=["two", "three"])
@pytest.mark.parametrize("by", [1, -1], ids=["forth", "back"])
@pytest.mark.parametrize("kept", [("frozen",), ("edited",), ("frozen", "edited")], ids="-".join)
def test_posts_that_swap_words_wait_together_and_the_options_let_all_of_them_through(
    world: World, monkeypatch: pytest.MonkeyPatch, wants: tuple[Want, ...], by: int, kept: tuple[str, ...]
) -> None:
    world.apply_first(*wants)
    twice = watched(world, monkeypatch)
    texts = [want.text for want in wants]
    with clocks(world) as to:
        if "frozen" in kept:
            to(T - 10 * MINUTE)
        if "edited" in kept:
            world.sandbox.edit(str(world.find("Two")["id"]), at=T + 3 * HOUR)
        new = texts[by:] + texts[:by]
        world.write(*(replace(want, text=text) for want, text in zip(wants, new, strict=True)))
        options = [{"frozen": "--allow-frozen", "edited": "--overwrite-edits"}[each] for each in kept]
        for some in ([], *([option] for option in options if len(options) > 1)):
            assert (world.apply(*some).code, world.writes()) == (6, [])
        assert {change["would"] for change in world.plan()["changes"]} == {"replace"}

        assert world.apply(*options).code == 0
        world.sandbox.settle()
        assert world.amiss() == []
        world.sandbox.reset_log()
        assert (world.apply().code, world.writes()) == (0, [])
        to(T + 2 * DAY)
    assert published(world) == sorted(texts)
    assert twice == []


def test_posts_of_which_some_swap_words_and_some_times_go_through_with_the_option_of_the_one_that_is_frozen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.apply_first(A, B, C)
    twice = watched(world, monkeypatch)
    with clocks(world) as to:
        to(T - 10 * MINUTE)
        world.write(replace(A, text="Two"), replace(B, text="One", at=C.at), replace(C, at=B.at))
        for none in ([], ["--allow-frozen=b,c"]):
            assert (world.apply(*none).code, world.writes()) == (6, [])
        assert "--allow-frozen=a\n" in world.run("plan", world.top).stdout
        assert world.apply("--allow-frozen=a").code == 0
        assert world.settled_amiss() == []
        to(T + 2 * DAY)
    assert published(world) == ["One", "Three", "Two"]
    assert twice == []


@pytest.mark.parametrize(
    ("edited", "theirs"), [(A, {"at": T + 3 * HOUR}), (B, {"text": "theirs"})], ids=["time", "words"]
)
def test_of_a_minute_and_words_that_two_posts_give_each_other_an_option_lets_both_through(
    world: World, edited: Want, theirs: dict[str, Any]
) -> None:
    world.apply_first(A, B)
    world.sandbox.edit(world.find(edited.text)["id"], **theirs)
    world.write(replace(A, at=B.at, text="New"), replace(B, at=T + 5 * HOUR, text=A.text))
    option = f"--overwrite-edits={edited.id}"
    assert f"{option}\n" in world.run("plan", world.top).stdout
    assert world.settled_amiss(option) == []


def test_of_minutes_and_words_that_three_posts_give_each_other_an_option_lets_all_through(
    world: World,
) -> None:
    world.apply_first(A, B, C)
    world.sandbox.edit(world.find(C.text)["id"], text="theirs")
    world.write(
        replace(A, at=B.at, text="New"), replace(B, at=C.at), replace(C, at=T + 5 * HOUR, text=A.text)
    )
    assert (world.apply().code, world.writes()) == (6, [])
    assert f"--overwrite-edits={C.id}\n" in world.run("plan", world.top).stdout
    assert world.settled_amiss(f"--overwrite-edits={C.id}") == []


def test_an_option_for_one_of_the_posts_that_swap_words_overwrites_no_edit_of_another(world: World) -> None:
    """It was printed before a colleague edited that one, too."""
    world.apply_first(A, B)
    one, two = (str(world.find(text)["id"]) for text in ("One", "Two"))
    world.sandbox.edit(one, at=T + 3 * HOUR)
    world.write(replace(A, text="Two"), replace(B, text="One"))
    option = f"--overwrite-edits={A.id}"
    assert f"{option}\n" in world.run("plan", world.top).stdout
    world.sandbox.edit(two, at=T + 4 * HOUR)

    assert (world.apply(option).code, world.writes()) == (6, [])
    assert world.find("Two")["id"] == two
    assert f"--overwrite-edits={A.id},{B.id}\n" in world.run("plan", world.top).stdout
    assert world.apply(f"--overwrite-edits={A.id},{B.id}").code == 0
    assert world.settled_amiss() == []


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_where_a_post_keeps_its_words_nothing_else_gets_them(world: World, method: str) -> None:
    world.apply_first(A, B)
    other = replace(A, text="Other") if method == "PUT" else replace(A, text="Other", labels=("new",))
    world.write(other, replace(B, text="One"))
    world.sandbox.faults.trips = [Trip("error_before", method=method, path="/posts", status=500, times=9)]

    done = world.apply()

    assert done.code == 6
    assert done.result("b")["outcome"] == "not_tried"
    assert 'the post "a" still says this in Publer' in done.result("b")["message"]
    world.sandbox.faults.trips = []
    assert world.settled_amiss() == []


def test_a_frozen_post_keeps_its_words_from_all_others(world: World) -> None:
    world.apply_first(A, B)
    with clocks(world) as to:
        to(T - 10 * MINUTE)
        world.write(replace(A, text="Other"), replace(B, text="One"))
        assert world.changes() == [("blocked", "freeze", "a"), ("blocked", "handed_on", "b")]
        assert world.apply().code == 6
        done = world.apply("--allow-frozen")
        assert done.code == 0, done
        to(T + 2 * HOUR)
    assert published(world) == ["One", "Other"]


def test_a_draft_that_a_colleague_scheduled_is_not_published_with_the_words_that_another_post_keeps(
    world: World,
) -> None:
    draft = replace(B, draft=True)
    world.apply_first(A, draft)
    with clocks(world) as to:
        world.sandbox.edit(str(world.find("Two")["id"]), state="scheduled")
        to(T - 10 * MINUTE)
        world.write(replace(A, text="Other"), replace(draft, text="One"))
        assert world.changes() == [("blocked", "freeze", "a"), ("blocked", "handed_on", "b")]
        assert world.apply().code == 6
        to(T + 2 * HOUR)
    assert published(world) == ["One", "Two"]


def test_nor_does_a_swap_of_words_make_it_a_draft_again(world: World) -> None:
    draft = replace(A, draft=True)
    world.apply_first(draft, B)
    world.sandbox.edit(str(world.find("One")["id"]), state="scheduled")
    world.write(replace(draft, text="Two"), replace(B, text="One"))

    assert (world.apply().code, world.writes()) == (6, [])
    assert world.apply("--overwrite-edits").code == 0
    assert world.settled_amiss() == []


# --- refusals that are untrue ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temper", ["refused-but-made", "job-twice"])
def test_a_move_that_publer_refused_and_made_ends_with_one_post(world: World, temper: str) -> None:
    world.apply_first(A)
    set_tempers(world.sandbox.faults, [temper])
    world.write(replace(A, at=T + 10 * MINUTE))
    refused = world.apply()
    if refused.code == 6:
        assert refused.result("a")["outcome"] == "failed"
        assert "one minute gap" in refused.result("a")["publer_said"]
    world.sandbox.faults.untrue_refusal, world.sandbox.faults.job_runs = None, 1

    world.write(replace(A, at=T + 20 * MINUTE))
    assert world.apply().code in (0, 6)
    assert world.settled_amiss() == []


def test_a_refusal_that_was_untrue_is_told_and_nothing_is_sent_again(world: World) -> None:
    world.sandbox.faults.list_delay = 400  # longer than a busy machine takes to the end of an apply
    set_tempers(world.sandbox.faults, ["refused-but-made"])
    world.write(A)
    assert world.apply().code == 6
    world.sandbox.faults.untrue_refusal = None
    world.sandbox.settle()
    world.sandbox.reset_log()

    assert [warning["code"] for warning in world.plan()["warnings"]] == ["turned_up"]
    assert world.apply().code == 0
    assert world.writes() == []
    assert world.plan()["warnings"] == []
    assert world.settled_amiss() == []


def test_a_post_that_publer_refused_is_not_sent_again_before_its_refusal_has_settled(world: World) -> None:
    """The next apply waits for what lists may still show; it comes, and is not there twice."""
    world.sandbox.faults.list_delay = NEVER
    set_tempers(world.sandbox.faults, ["refused-but-made"])
    world.write(replace(A, draft=True))
    assert world.apply().code == 6
    world.sandbox.faults.untrue_refusal = None
    [made] = world.sandbox.posts()
    world.sandbox.edit(made["id"], visible=time.time() + 4 * world.sandbox.poll_seconds)

    assert world.apply().code == 0
    assert world.settled_amiss() == []


@pytest.mark.parametrize("temper", ["refused-but-made", "job-twice"])
def test_twenty_moves_by_jobs_that_ran_twice_end_with_twenty_posts(world: World, temper: str) -> None:
    posts = [Want(f"p-{n}", "facebook", T + n * HOUR, f"Words {n}") for n in range(20)]
    world.apply_first(*posts)
    set_tempers(world.sandbox.faults, [temper])
    world.write(*[replace(post, at=post.at + 10 * MINUTE) for post in posts])

    codes = [world.apply().code for _ in range(3)]

    assert codes[-1] == 0, codes
    world.sandbox.settle()
    assert world.amiss() == []


# --- drafts -------------------------------------------------------------------------------------------------------------

DRAFT = Want("draft", "linkedin", T, "A draft", draft=True)


@pytest.mark.parametrize("temper", ["drafts-hidden", "drafts-undated"])
def test_a_draft_that_is_not_listed_is_sent_once_and_once_more_if_somebody_says_so(
    world: World, temper: str
) -> None:
    set_tempers(world.sandbox.faults, [temper])
    world.write(DRAFT)

    for code in ("unverified", "not_tried", "not_tried"):
        done = world.apply()
        assert (done.code, done.result("draft")["outcome"]) == (6, code)
        world.sandbox.settle()
    assert world.changes() == [("blocked", "unseen", "draft")]
    assert world.writes().count("POST") == 1
    world.apply("--allow-twins")
    assert world.apply().code == 6
    assert world.writes().count("POST") == 2


def test_a_draft_that_publer_schedules_is_removed_at_once_and_not_sent_again(world: World) -> None:
    set_tempers(world.sandbox.faults, ["drafts-scheduled"])
    world.write(DRAFT)

    done = world.apply()
    assert (done.code, done.result("draft")["outcome"]) == (1, "failed")  # the first draft, so the run ends
    assert world.sandbox.posts() == []
    for _ in range(2):
        assert (world.apply().code, world.changes()) == (6, [("blocked", "unseen", "draft")])
    assert world.writes() == ["POST", "DELETE"]
    world.sandbox.faults.drafts = "dated"
    world.write(replace(DRAFT, text="Another draft"))
    assert world.apply().code == 0


def test_a_draft_that_publer_scheduled_while_nobody_looked_is_removed_by_the_next_apply(world: World) -> None:
    set_tempers(world.sandbox.faults, ["drafts-scheduled"])
    world.write(DRAFT)
    killed(world, "job")
    world.sandbox.settle()

    assert world.changes() == [("blocked", "unseen", "draft"), ("delete", None, "draft")]
    assert world.apply().code == 6
    assert world.sandbox.posts() == []


# --- a minute that is taken, of which Publer says nothing ---------------------------------------------------------------


@pytest.mark.parametrize("moved", [False, True], ids=["created", "moved"])
def test_a_post_that_publer_drops_without_a_word_is_sent_twice_and_then_told(
    world: World, *, moved: bool
) -> None:
    want = Want("one", "facebook", T, "One")
    world.apply_first(*([replace(want, at=T + DAY)] if moved else [Want("two", "facebook", T + DAY, "Two")]))
    set_tempers(world.sandbox.faults, ["taken-silent"])
    hidden = world.sandbox.add(account_id=ACCOUNTS["facebook"], at=T, text="Theirs")
    world.sandbox.edit(hidden, visible=math.inf)
    world.write(want)
    before = world.writes().count("POST")

    for outcome in ("unverified", "unverified", "not_tried", "not_tried"):
        done = world.apply()
        assert (done.code, done.result("one")["outcome"]) == (6, outcome)
        time.sleep(31 * world.sandbox.poll_seconds)
    assert world.writes().count("POST") == before + 2
    assert ("blocked", "unseen", "one") in world.changes()
    world.sandbox.remove(hidden)
    assert world.apply("--allow-twins").code == 0
    assert [post["at"] for post in world.sandbox.posts() if post["text"] == "One"] == [T]
    assert world.changes() == []


# --- what people are told -----------------------------------------------------------------------------------------------


def test_an_apply_names_in_json_the_option_that_lets_a_post_through(world: World) -> None:
    world.apply_first(A)
    world.sandbox.edit(world.sandbox.posts()[0]["id"], text="Edited")
    world.write(replace(A, text="Other"))

    hint = f"To restore the calendar's version: publer-sync apply {world.top} --overwrite-edits=a"
    assert world.apply().result("a")["hint"] == hint
    (blocked,) = world.plan()["changes"]
    assert blocked["hint"] == hint
    assert world.run(*hint.split()[-3:], "--yes").code == 0, "and it does"
    assert world.plan()["changes"] == []


def test_a_draft_whose_date_somebody_took_off_is_replaced_where_that_is_allowed(world: World) -> None:
    world.apply_first(DRAFT)
    world.sandbox.edit(world.sandbox.posts()[0]["id"], at=None, state="draft_undated")
    assert world.changes() == [("blocked", "edited", "draft")]

    assert world.apply("--overwrite-edits").code == 0
    assert world.settled_amiss() == []
    assert len(world.sandbox.posts()) == 1


def test_a_post_that_is_as_it_should_be_waits_for_no_minute_that_passed(world: World) -> None:
    """A create never arrived; the post was then moved, and that was done."""
    world.apply_first(B)
    soon = replace(A, at=T)
    with clocks(world) as to:
        to(T - HOUR)
        killed(world)
        world.write(soon, B)
        killed(world)
        to(T - 30 * MINUTE)
        world.write(replace(soon, at=T + 2 * HOUR), B)
        assert world.apply().code == 0
        to(T + 5 * MINUTE)
        done = world.apply()
        assert (done.code, done.summary["not_tried"]) == (0, 0), done

"""Which post in Publer is the calendar's: what Publer rewrote, what arrived late, what a colleague exchanged."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal
from unittest import mock

import pytest

from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want, World, alive, world_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publer_sync.sandbox.exchange import Request, Response
    from publer_sync.sandbox.records import Record
    from tests.system.worlds import Applied

pytestmark = pytest.mark.usefixtures("every_kind_seen")

LINKED = Want("launch", "facebook", T, "We launched: https://example.com/launch. Come and see!")

OTHER = Want("other", "linkedin", T, "Something else")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world


def applied(world: World, *wants: Want) -> None:
    """Put these in place."""
    world.write(*wants)
    done = world.apply()
    assert done.code == 0, done
    world.sandbox.settle()
    world.sandbox.reset_log()


def ahead(world: World) -> list[Record]:
    return [post for post in world.sandbox.posts() if alive(post)]


def warned(world: World) -> list[str]:
    return [warning["code"] for warning in world.plan()["warnings"]]


# --- links that Publer rewrites -------------------------------------------------------------------------------------


@pytest.mark.parametrize("links", ["shortened", "tagged"])
@pytest.mark.parametrize("more", ["", "link: https://example.com/launch"])
def test_a_post_whose_links_publer_rewrote_is_followed_through_its_life(
    world: World, links: Literal["shortened", "tagged"], more: str
) -> None:
    world.sandbox.faults.links = links
    post = replace(LINKED, more=more)
    applied(world, post)
    assert ahead(world)[0]["text"] != post.text
    assert (world.plan()["changes"], warned(world)) == ([], ["links_rewritten"])

    changes: tuple[dict[str, Any], ...] = (
        {"text": "We launched: https://example.com/launch. Come along!"},
        {"text": "We launched: https://example.com/start. Come along!"},
        {"at": T + DAY},
        {"labels": ("launch",)},
    )
    for change in changes:
        post = replace(post, **change)
        applied(world, post)
        (live,) = ahead(world)
        assert (live["at"], live["text"].partition(" ")[2][:9]) == (post.at, "launched:")
        assert world.plan()["changes"] == []
    applied(world, OTHER)
    assert [live["text"] for live in ahead(world)] == [OTHER.text]


def test_a_post_that_is_put_back_is_sent_with_its_own_links(world: World) -> None:
    world.sandbox.faults.links = "shortened"
    applied(world, LINKED)
    world.write(replace(LINKED, labels=("launch",)))
    world.sandbox.faults.refuse = {ACCOUNTS["facebook"]: "Not today"}
    handle, asked = world.sandbox.handle, []

    def relent(request: Request) -> Response | None:
        asked.append(request.path)
        if asked.count("/posts/schedule") == 2:
            world.sandbox.faults.refuse = {}
        return handle(request)

    with mock.patch.object(world.sandbox, "handle", relent):
        assert world.apply().result("launch")["outcome"] == "failed"
    (live,) = ahead(world)
    assert live["sent"]["network"]["text"] == LINKED.text
    time.sleep(31 * world.sandbox.poll_seconds)  # a refusal is no proof: the new one may come until then
    assert [item["field"] for change in world.plan()["changes"] for item in change["diff"]] == ["labels"]
    assert (world.apply().code, world.plan()["changes"], len(ahead(world))) == (0, [], 1)


def test_without_state_a_post_whose_links_publer_rewrote_is_adopted(world: World) -> None:
    world.sandbox.faults.links = "shortened"
    applied(world, LINKED)
    world.ledger.unlink()
    assert world.changes() == [("adopt", None, "launch")]
    assert "links_rewritten" in warned(world)
    assert world.apply().code == 0
    assert (world.plan()["changes"], len(ahead(world))) == ([], 1)


def test_without_state_and_moved_a_post_whose_links_publer_rewrote_may_be_the_same(world: World) -> None:
    world.sandbox.faults.links = "shortened"
    applied(world, LINKED)
    world.ledger.unlink()
    world.write(replace(LINKED, at=T + DAY))
    assert world.changes() == [("blocked", "twin", "launch")]


def test_another_link_is_not_a_rewritten_one(world: World) -> None:
    world.stranger("facebook", T, LINKED.text.replace("/launch", "/other"))
    world.write(LINKED)
    assert world.changes() == [("blocked", "slot", "launch")]


# --- words that Publer rewrites -------------------------------------------------------------------------------------


def test_a_replacement_that_publer_rewrote_is_not_made_a_second_time_when_its_post_moves_on(
    world: World,
) -> None:
    post = Want("launch", "facebook", T, "We launched")
    applied(world, post)
    world.sandbox.faults.rewrite = lambda text: f"{text} #auto"
    world.write(replace(post, at=T + HOUR))
    assert world.apply().result("launch")["outcome"] == "unverified"
    world.sandbox.settle()

    world.write(replace(post, at=T + DAY))
    assert world.changes() == [("blocked", "twin", "launch")]
    assert world.apply().code == 6
    assert {live["at"] for live in ahead(world)} == {T, T + HOUR}


def test_a_post_that_publer_rewrote_is_named_where_it_may_be_the_one_that_was_sent(world: World) -> None:
    post = Want("launch", "facebook", T, "We launched")
    world.sandbox.faults.rewrite = lambda text: f"{text} #auto"
    world.write(post, OTHER)
    assert world.apply().code == 6
    world.sandbox.settle()

    (change,) = (change for change in world.plan()["changes"] if change["id"] == "launch")
    assert (change["code"], change["reason"].partition(";")[0]) == (
        "slot",
        "an earlier apply sent it and never found it",
    )
    assert "If it is the same post: copy its words into" in world.run("plan", world.top).stdout
    assert "may_be_managed" not in warned(world)

    world.write(OTHER)
    assert "may_be_managed" in warned(world)
    world.write(replace(post, text="We launched #auto"), OTHER)
    assert world.changes()[0] == ("adopt", None, "launch")
    assert "may_be_managed" not in warned(world)


# --- jobs that run late ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("omit", "account"),
    [
        pytest.param((), "facebook", id="told by its media"),
        pytest.param(("media",), "linkedin", id="told by what the job refused"),
    ],
)
def test_a_very_late_job_is_not_taken_for_the_one_that_was_refused_for_its_minute(
    world: World, omit: tuple[str, ...], account: str
) -> None:
    post, other = Want("launch", "facebook", T, "We launched"), replace(OTHER, account=account, at=T + HOUR)
    world.sandbox.faults.omit |= frozenset(omit)
    world.sandbox.faults.lose = frozenset({1})
    world.write(post)
    assert world.apply().result("launch")["outcome"] == "unverified"

    with mock.patch.object(world.sandbox, "handle", _late(world, post)):
        world.write(replace(post, picture="launch.png"), replace(other, picture="other.png"))
        done = world.apply()
    assert (_told(done), done.code) == ([("failed", ""), ("not_tried", "it came up in Publer only now")], 6)
    assert "gap" in str(done.document["results"])
    _decided(world, late=world.find(post.text)["id"])


def test_a_very_late_job_takes_the_minute_that_a_replacement_has_just_freed(world: World) -> None:
    post = Want("launch", "facebook", T, "We launched")
    world.sandbox.faults.lose = frozenset({1})
    world.write(post)
    assert world.apply().code == 6
    applied(world, post)

    world.write(replace(post, labels=("new",)))
    with mock.patch.object(world.sandbox, "handle", _late(world, post)):
        done = world.apply()
    assert (_told(done), done.code) == ([("failed", ""), ("not_tried", "it came up in Publer only now")], 6)
    _decided(world, late=world.find(post.text)["id"])


def _told(done: Applied) -> list[tuple[str, str]]:
    """What became of the post, and of the one that came late."""
    found = [each for each in done.document["results"] if each["id"] == "launch"]
    return [
        (each["outcome"], each["message"].partition(",")[0] if each["outcome"] == "not_tried" else "")
        for each in found
    ]


def _decided(world: World, *, late: str) -> None:
    """It may be somebody's own by now: it stays, whatever is applied, until someone lets it be replaced."""
    for _ in range(2):
        done = world.apply()
        result = done.result("launch")
        assert (result["outcome"], result["code"], result["would"]) == ("not_tried", "twin", "replace")
        assert done.code == 6
        assert late in [post["id"] for post in ahead(world)]
    assert "turned_up" in warned(world)
    shown = world.run("plan", world.top).stdout
    assert "To replace it anyway:" in shown
    assert "To create it" not in shown
    assert not world.settled_amiss("--allow-twins")
    assert late not in [post["id"] for post in ahead(world)]


def _late(world: World, post: Want) -> Callable[[Request], Response | None]:
    """The service, with a late job that makes this post just before the next is asked for."""
    handle, waiting = world.sandbox.handle, [post]

    def late(request: Request) -> Response | None:
        if request.path.endswith("/posts/schedule") and waiting:
            world.alike(waiting.pop())
        return handle(request)

    return late


# --- what an older state does not know ------------------------------------------------------------------------------


def test_an_older_state_adopts_the_post_where_it_was_moved_since(world: World) -> None:
    applied(world, OTHER)
    older = world.ledger.read_bytes()
    applied(world, replace(OTHER, at=T + DAY))
    world.ledger.write_bytes(older)

    assert world.changes() == [("adopt", None, "other")]
    assert not world.settled_amiss()


# --- a series of the same words -------------------------------------------------------------------------------------

MINUTES_AGO = datetime.now(UTC).replace(second=0, microsecond=0) - 5 * MINUTE
SERIES = (Want("tip-1", "x", MINUTES_AGO, "Tip of the day"), Want("tip-2", "x", T, "Tip of the day"))


@pytest.mark.parametrize("state", [True, False], ids=["with state", "without"])
def test_what_was_published_when_another_post_was_due_is_that_one(world: World, state: bool) -> None:
    world.write(*SERIES)
    if state:
        assert world.apply().code == 0
        world.sandbox.settle()
        world.sandbox.remove(str(world.find("Tip of the day")["id"]))
    world.stranger("x", MINUTES_AGO + 2 * MINUTE, "Tip of the day", state="published")

    assert world.changes() == [("recreate" if state else "create", None, "tip-2")]


def test_what_was_published_when_nothing_was_due_may_be_a_post_that_went_early(world: World) -> None:
    applied(world, SERIES[1])
    world.sandbox.remove(str(world.find("Tip of the day")["id"]))
    just_now = datetime.now(UTC).replace(second=0, microsecond=0)
    world.stranger("x", just_now, "Tip of the day", state="published")

    assert world.changes() == []
    assert world.plan()["summary"]["past"] == 1
    world.write(replace(SERIES[1], at=T + DAY))
    assert world.changes() == [("blocked", "went_out", "tip-2")]


# --- what left the calendar -----------------------------------------------------------------------------------------


def test_an_edit_made_while_a_post_was_out_of_the_calendar_is_asked_about_when_it_returns(
    world: World,
) -> None:
    post = Want("launch", "facebook", T, "We launched")
    world.settings(prune="none")
    applied(world, post, OTHER)
    applied(world, OTHER)
    world.sandbox.edit(str(world.find("We launched")["id"]), text="By hand")
    applied(world, OTHER)

    world.write(post, OTHER)
    assert world.changes() == [("blocked", "edited", "launch")]


# --- swaps ----------------------------------------------------------------------------------------------------------

SWAP = (Want("one", "x", T, "One"), Want("two", "x", T + DAY, "Two"))
NAMELESS = tuple(replace(want, id=None) for want in SWAP)


def exchanged(*wants: Want) -> tuple[Want, ...]:
    """The same with the times of the first two exchanged."""
    one, two, *rest = wants
    return (replace(one, at=two.at), replace(two, at=one.at), *rest)


def exchange(world: World, *wants: Want, key: str = "at") -> None:
    """A colleague exchanges the times, or the words, of the first two in Publer."""
    one, two = (world.find(want.text) for want in wants[:2])
    world.sandbox.edit(str(one["id"]), **{key: two[key]})
    world.sandbox.edit(str(two["id"]), **{key: one[key]})


@pytest.mark.parametrize("wants", [SWAP, NAMELESS], ids=["with ids", "without"])
def test_posts_that_a_colleague_exchanged_are_edited_and_go_back_where_that_is_allowed(
    world: World, wants: tuple[Want, ...]
) -> None:
    applied(world, *wants)
    exchange(world, *wants)

    assert [change[:2] for change in world.changes()] == [("blocked", "edited")] * 2
    assert world.apply().code == 6
    assert not world.writes()
    assert not world.settled_amiss("--overwrite-edits")


@pytest.mark.parametrize("wants", [SWAP, NAMELESS], ids=["with ids", "without"])
@pytest.mark.parametrize("key", ["at", "text"])
def test_posts_that_a_colleague_exchanged_are_as_wanted_once_the_calendar_says_so(
    world: World, wants: tuple[Want, ...], key: str
) -> None:
    applied(world, *wants)
    exchange(world, *wants, key=key)
    world.write(*exchanged(*wants))

    assert world.plan()["changes"] == []
    assert not world.settled_amiss()


def test_an_edit_of_one_of_two_posts_that_swap_keeps_both_and_one_option_lets_both_through(
    world: World,
) -> None:
    applied(world, *SWAP)
    world.sandbox.edit(str(world.find("One")["id"]), text="One by hand")
    world.write(*exchanged(*SWAP))

    changes = {change["id"]: change for change in world.plan()["changes"]}
    assert {change["code"] for change in changes.values()} == {"edited"}
    assert changes["two"]["reason"].startswith('it swaps times with "One by hand": edited in Publer')
    assert not world.settled_amiss("--overwrite-edits")


def test_a_swap_within_the_freeze_keeps_both_and_one_option_lets_both_through(world: World) -> None:
    soon = replace(SWAP[0], at=datetime.now(UTC).replace(second=0, microsecond=0) + 10 * MINUTE)
    world.settings(limits={"freeze_minutes": 0})
    applied(world, soon, SWAP[1])
    world.settings()
    world.write(*exchanged(soon, SWAP[1]))

    assert [change[:2] for change in world.changes()] == [("blocked", "freeze")] * 2
    assert not world.settled_amiss("--allow-frozen")


@pytest.mark.parametrize("back", [False, True], ids=["state", "state and calendar"])
def test_posts_that_an_older_state_does_not_know_are_adopted_where_they_equal_the_calendar(
    world: World, back: bool
) -> None:
    """Words in a slot don't make a post ours: what a listing does not show of it may be another version's."""
    applied(world, *SWAP)
    older = world.ledger.read_bytes()
    applied(world, *exchanged(*SWAP))
    world.ledger.write_bytes(older)
    if back:
        world.write(*SWAP)

    expected = ("blocked", "slot") if back else ("adopt", None)
    assert [change[:2] for change in world.changes()] == [expected] * 2
    if back:  # the fix: put the posts back in Publer
        for words, at in (("One", SWAP[0].at), ("Two", SWAP[1].at)):
            world.sandbox.edit(str(world.find(words)["id"]), at=at)
    assert not world.settled_amiss()

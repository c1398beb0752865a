"""`hold`: posts out of Publer at once, whatever the calendar, the limits or a running apply say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands import hold as hold_command
from publer_sync.commands.holding import hold_one
from publer_sync.commands.running.plan_file import differ
from publer_sync.ledger import state as ledgers
from publer_sync.publer.gateway import Publer, UrgentPubler
from publer_sync.sandbox import Trip
from tests.builders import LATER, ledger, planned
from tests.planning.posts import HOLD, LISTED, LIVE, POST
from tests.schemas import conforms
from tests.system.worlds import (
    ACCOUNTS,
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    T,
    Want,
    World,
    clocks,
    end_jobs,
    held_accounts,
    hold_amiss,
    killed,
)

if TYPE_CHECKING:
    from tests.conftest import Ran

SOON = (datetime.now(UTC) + 3 * HOUR).replace(minute=0, second=0, microsecond=0)
POSTS = (
    Want("one", "facebook", T, "one", labels=("sale",)),
    Want("two", "facebook", T + DAY, "two"),
    Want("soon", "x", SOON, "soon"),
    Want("draft", "x", T + HOUR, "a draft", draft=True),
)


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.stranger("facebook", T + 2 * HOUR, "a colleague's post")
    empty_world.stranger("facebook", T + 3 * HOUR, "a colleague's draft", state="draft")
    empty_world.apply_first(*POSTS)
    return empty_world


@dataclass(frozen=True)
class Held:
    ran: Ran
    document: Any

    @property
    def outcomes(self) -> dict[str, str]:
        return {post["id"]: post["outcome"] for post in self.document["posts"]}


def hold(world: World, *words: str, code: int = 0) -> Held:
    ran = world.run("hold", world.top, "--reason", "Accident in town", "--yes", "--format", "json", *words)
    assert ran.code == code, ran
    document = json.loads(ran.stdout)
    conforms(document, "hold")
    return Held(ran, document)


def texts(world: World) -> set[str]:
    return {row.text for row in world.live()}


def untouched(world: World) -> bool:
    return not [line for line in world.amiss() if "not managed here" in line]


def test_every_scheduled_post_goes_and_drafts_and_colleagues_posts_stay(world: World) -> None:
    held = hold(world)
    assert held.outcomes == {"soon": "removed", "one": "removed", "two": "removed"}
    assert next(iter(held.outcomes)) == "soon"
    assert texts(world) == {"a draft"}
    assert untouched(world)
    assert [post["text"] for post in held.document["unmanaged"]] == ["a colleague's post"]


def test_the_first_delete_is_at_most_the_fifth_request_and_has_the_soonest(world: World) -> None:
    soonest = world.find("soon")["id"]
    world.sandbox.reset_log()
    hold(world)
    first = next(n for n, request in enumerate(world.sandbox.requests, 1) if request.method == "DELETE")
    assert first <= 5
    assert world.sandbox.requests[first - 1].query["post_ids[]"] == [soonest]


@pytest.mark.story
@pytest.mark.parametrize("days", [pytest.param(0, marks=pytest.mark.slow), 20])
def test_500_posts_are_out_within_30_requests(empty_world: World, days: int) -> None:
    world = empty_world
    many = [  # Publer takes 24 posts a day on some of them
        Want(
            f"p{number}-{account}",
            account,
            SOON + (days + number % 5) * DAY + number * MINUTE,
            f"post {number}",
        )
        for number in range(100)
        for account in ACCOUNTS
    ]
    world.apply_first(*many)
    held = hold(world)
    assert held.document["summary"]["removed"] == 500
    assert texts(world) == set()
    assert len(world.sandbox.requests) <= 30
    first = next(n for n, request in enumerate(world.sandbox.requests, 1) if request.method == "DELETE")
    assert first <= 5


def test_the_state_has_the_hold_before_the_first_delete(world: World) -> None:
    assert killed_hold(world).code == 137
    state = ledgers.loads(world.ledger.read_bytes(), "x")
    assert [held.reason for held in state.holds] == ["Accident in town"]
    assert json.loads(world.ledger.read_bytes())["format_version"] == 5
    assert texts(world) == {"one", "two", "soon", "a draft"}
    assert world.apply().code == 0
    assert texts(world) == {"a draft"}


def killed_hold(world: World) -> Ran:
    with mock.patch.object(Publer, "delete", side_effect=SystemExit(137)):
        return world.run("hold", world.top, "--reason", "Accident in town", "--yes")


def test_what_only_a_listing_finds_is_noted_before_it_goes(empty_world: World) -> None:
    """An apply was killed once Publer had its posts: the state has no ids of them yet."""
    world = empty_world
    world.write(*POSTS)
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.apply().code == 137
    world.sandbox.settle()
    noted: list[str] = []

    def killed_at(_self: Any, ids: Any) -> Any:
        copies = ledgers.loads(world.ledger.read_bytes(), "x").copies.values()
        noted.extend(copy.post_id for copy in copies if copy.post_id and copy.removing_at)
        assert {*ids} <= {*noted}
        raise SystemExit(137)

    with mock.patch.object(UrgentPubler, "delete", killed_at):
        assert world.run("hold", world.top, "--reason", "x", "--yes").code == 137
    assert noted
    assert hold(world).outcomes


def test_a_calendar_with_errors_is_no_obstacle(world: World) -> None:
    (world.top / "posts.yaml").write_text("posts:\n- at: [", encoding="utf-8")
    world.settings(groups={"all": ["nobody"]})
    hold(world)
    assert texts(world) == {"a draft"}


def test_where_the_zone_cannot_be_read_a_day_is_that_day_anywhere(empty_world: World) -> None:
    """Shared settings that are gone, say: by UTC's day, what is published on its first morning in the team's zone would be."""
    world, day = empty_world, T.replace(hour=0)
    world.apply_first(
        Want("before", "x", day - 15 * HOUR, "before"),
        Want("morning", "x", day - 13 * HOUR, "in the morning on Kiritimati"),
        Want("evening", "x", day + DAY + 11 * HOUR, "in the evening on Baker Island"),
        Want("after", "x", day + DAY + 13 * HOUR, "after"),
    )
    settings = world.top / "publer.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace('timezone: "UTC"', "extends: ../gone.yaml"), "utf-8"
    )
    days = ("--from", f"{day:%Y-%m-%d}", "--to", f"{day:%Y-%m-%d}")
    ran = world.run("hold", world.top, "--reason", "Storm", "--yes", *days)
    assert ran.code == 0, ran
    assert "times are in UTC, and --from and --to mean those days anywhere" in ran.stderr
    assert {row.text for row in world.live()} == {"before", "after"}


def test_an_account_that_left_publer_keeps_no_other_post_in(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"], "x": "nobody", "linkedin": "gone"})
    hold(world)
    assert texts(world) == {"a draft"}


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("--account", "facebook"), {"soon"}),
        (("--label", "sale"), {"two", "soon"}),
        (("--account", "x", "--label", "sale"), {"one", "two", "soon"}),
        (("--from", f"{T + DAY:%Y-%m-%d}"), {"one", "soon"}),
        (("--to", f"{T:%Y-%m-%d}"), {"two"}),
        (("--account", "facebook", "--account", "x"), set()),
    ],
)
def test_a_scope_takes_out_no_more(world: World, words: tuple[str, ...], left: set[str]) -> None:
    hold(world, *words)
    assert texts(world) == left | {"a draft"}
    assert world.plan()["summary"]["held"] == 3 - len(left)


def test_a_label_is_the_same_in_capitals(world: World) -> None:
    """A post whose label was written otherwise was published in spite of the hold, which ended with 0."""
    world.write(replace(POSTS[0], labels=("Sale",)), replace(POSTS[1], labels=("sale",)), *POSTS[2:])
    assert world.apply().code == 0
    assert hold(world, "--label", "SALE").outcomes == {"one": "removed", "two": "removed"}
    assert not {"one", "two"} & texts(world)


def test_a_second_hold_adds_its_scope(world: World) -> None:
    hold(world, "--label", "sale")
    hold(world, "--account", "x")
    assert texts(world) == {"two", "a draft"}
    assert len(world.plan()["holds"]) == 2


def test_the_same_hold_again_is_one_hold(world: World) -> None:
    hold(world)
    hold(world)
    assert len(world.plan()["holds"]) == 1


def test_no_calendar_waits_for_what_is_under_way_in_another(world: World) -> None:
    """The other one's posts are out before this one's are followed; then its report knows what came of all."""
    other = world.top / "other"
    other.mkdir()
    (other / "publer.yaml").write_text((world.top / "publer.yaml").read_text("utf-8"), encoding="utf-8")
    late = Want("late", "linkedin", T, "sent and not listed")
    (other / "posts.yaml").write_text("posts:\n" + late.yaml(), encoding="utf-8")
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.run("apply", other, "--yes").code == 137
    ran = world.run("hold", other, world.top, "--reason", "Why", "--yes", "--format", "json")
    assert ran.code == 0, ran
    results = json.loads(ran.stdout)["calendars"]
    assert [each["result"]["summary"]["removed"] for each in results] == [1, 3]
    assert texts(world) == {"a draft"}


def test_a_group_of_accounts_can_be_held(world: World) -> None:
    world.settings(groups={"loud": ["x", "facebook"]})
    hold(world, "--account", "loud")
    assert texts(world) == {"a draft"}


def test_both_posts_of_a_replace_go(world: World) -> None:
    world.write(Want("one", "facebook", T + 3 * DAY, "one", labels=("sale",)), *POSTS[1:])
    assert killed(world, "delete").code == 137
    assert [row.text for row in world.live()].count("one") == 2
    hold(world, "--to", f"{T:%Y-%m-%d}", "--account", "facebook")
    assert texts(world) == {"two", "soon", "a draft"}


def test_what_is_under_way_is_removed_when_it_shows(world: World) -> None:
    world.write(*POSTS, Want("late", "linkedin", T, "sent and not listed"))
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.apply().code == 137
    held = hold(world)
    assert held.outcomes["late"] == "removed"
    assert texts(world) == {"a draft"}


def test_what_does_not_show_in_time_is_unverified(world: World) -> None:
    world.write(*POSTS, Want("late", "linkedin", T, "sent and not listed"))
    world.sandbox.faults.job_delay = NEVER
    world.apply("--timeout", "0")
    held = hold(world, "--timeout", "0", code=6)
    assert held.outcomes["late"] == "unverified"
    assert "Run hold again" in held.ran.stdout


def test_what_publer_does_not_let_go_is_named(world: World) -> None:
    world.sandbox.faults.trips = [Trip("delete_nothing", method="DELETE", times=10**6)]
    held = hold(world, code=6)
    assert set(held.outcomes.values()) == {"not_stopped"}
    text = world.run("hold", world.top, "--reason", "Accident in town", "--yes")
    assert "Not stopped: 3 posts" in text.stdout
    assert "still lists it as scheduled" in text.stdout


def test_rows_line_up_where_a_post_is_on_several_accounts(world: World) -> None:
    for account in ("facebook", "linkedin"):
        world.stranger(account, T + 4 * HOUR, "a colleague's post")
    told = world.run("hold", world.top, "--reason", "Accident in town", "--yes").stdout
    both, one = (line for line in told.splitlines() if '"a colleague\'s post"' in line)
    assert {"facebook, linkedin", "facebook"} == {line.split("  ")[2].strip() for line in (both, one)}
    assert both.index('"') == one.index('"')


def test_one_post_that_publer_refuses_to_remove_keeps_no_other_in(world: World) -> None:
    world.sandbox.faults.trips = [Trip("error_before", method="DELETE", status=422, nth=1, times=2)]
    hold(world)
    assert texts(world) == {"a draft"}


def test_a_post_that_the_keys_user_may_not_delete_keeps_no_other_in(world: World) -> None:
    world.sandbox.faults.undeletable = frozenset({world.find("one")["id"]})
    held = hold(world, code=6)
    assert held.outcomes == {"soon": "removed", "one": "not_stopped", "two": "removed"}
    assert texts(world) == {"one", "a draft"}


def test_a_post_that_somebody_deletes_meanwhile_keeps_no_other_in(world: World) -> None:
    world.sandbox.faults.delete_gone = "404-any"
    theirs, real = world.find("one")["id"], world.sandbox.handle

    def handle(request: Any) -> Any:
        if request.method == "DELETE" and theirs in request.query and theirs in world.by_id():
            world.sandbox.remove(theirs)
        return real(request)

    with mock.patch.object(world.sandbox, "handle", handle):
        hold(world)
    assert texts(world) == {"a draft"}
    assert [
        len(request.query["post_ids[]"]) for request in world.sandbox.requests if request.method == "DELETE"
    ] == [1, 2, 1, 1]


def test_a_post_that_a_person_deleted_before_does_not_count_as_removed(world: World) -> None:
    world.sandbox.remove(world.find("one")["id"])
    assert "one" not in hold(world).outcomes
    release = world.run("release", world.top, "--yes")
    assert release.code == 6
    assert texts(world) == {"two", "soon", "a draft"}


def test_posts_published_meanwhile_are_named(world: World) -> None:
    with clocks(world) as to:
        hold(world)
        world.run("release", world.top, "--yes")
        world.sandbox.settle()
        to(SOON + MINUTE / 2)
        held = hold(world, code=6)
        assert held.outcomes == {"soon": "not_stopped", "one": "removed", "two": "removed"}


def test_a_post_that_was_taken_out_in_its_last_minutes_is_told_until_it_is_known_what_became_of_it(
    world: World,
) -> None:
    with clocks(world) as to:
        to(SOON - 3 * MINUTE)
        hold(world)
        to(SOON + 2 * MINUTE)
        ended = world.run("release", world.top, "--yes")
        assert ended.code == 6
        told = " ".join(ended.stdout.split())
        shows = f"whether it was published anyway shows by {SOON + HOUR:%H:%M}."
        assert f"It was taken out of Publer in the last minutes before its time; {shows}" in told
        assert "new time" not in told, "that could publish it twice"
        world.sandbox.settle()
        assert world.apply().code == 0, "it was told"
        to(SOON + HOUR + 2 * MINUTE)
        later = world.run("apply", world.top, "--yes")
        assert later.code == 6
        assert "its time passed while it was on hold" in later.stdout.lower()
        assert world.apply().code == 0


def test_an_apply_that_does_not_end_keeps_nothing_in_and_the_hold_counts(world: World) -> None:
    """It sits at its question, in another terminal."""
    with mock.patch.object(hold_one, "LOCK_SECONDS", 0.0), world.store().lock(1.0):
        ran = world.run("hold", world.top, "--reason", "Storm", "--timeout", "0", "--yes")
    assert ran.code == 1
    told = " ".join(ran.stdout.split())
    assert "it ends before its next write to Publer, as the hold is written beside its state" in told
    assert "Once it has ended, run hold again" in told
    assert "Nothing was changed" not in told
    assert hold_amiss(world, ACCOUNTS) == []
    assert held_accounts(world) == {*ACCOUNTS}


def test_a_damaged_journal_of_the_ledger_stops_no_hold(world: World) -> None:
    world.settings(state="ledger")
    assert (
        world.run("state", "mv", "--from", str(world.ledger), "--calendar", str(world.top), "--yes").code == 0
    )
    [part] = (world.top / "ledger").rglob("calendar.json")
    journal = part.parent / ".write"
    for _ in range(2):
        journal.write_bytes(b"{")
        assert world.apply().code == 1
        ran = world.run("hold", world.top, "--reason", "Accident in town", "--yes")
        assert ran.code == 0, ran
        assert "the ledger's journal was damaged, and is in" in " ".join(ran.stderr.split())
        assert texts(world) == {"a draft"}
    assert len([*part.parent.glob(".write.damaged*")]) == 2
    assert world.run("release", world.top, "--yes").code == 0
    assert texts(world) >= {"one", "two", "soon"}


def test_diff_changes_nothing(world: World) -> None:
    before = world.ledger.read_bytes()
    world.sandbox.reset_log()
    ran = world.run("hold", world.top, "--reason", "Accident in town", "--diff")
    assert ran.code == 0
    assert "3 posts (on 2 accounts) would be taken out of Publer." in ran.stdout
    assert world.ledger.read_bytes() == before
    assert world.writes() == []
    document = hold(world, "--diff").document
    assert document["written"] is False
    assert document["summary"]["scheduled"] == 3


def test_a_post_on_two_accounts_is_one_row(empty_world: World) -> None:
    empty_world.write(Want("both", "[facebook, x]", T, "On both"), Want("one", "x", T + HOUR, "On one"))
    assert empty_world.apply().code == 0
    ran = empty_world.run("hold", empty_world.top, "--reason", "Accident in town", "--diff")
    assert "Scheduled: 2 posts (on 2 accounts)\n" in ran.stdout
    rows = ran.stdout.partition("Scheduled")[2].splitlines()[1:3]
    assert [row.partition(":00  ")[2].split() for row in rows] == [  # a date of another year says which
        ["facebook,", "x", "both", '"On', 'both"'], ["x", "one", '"On', 'one"'],
    ]  # fmt: skip
    held = hold(empty_world)
    assert held.document["summary"]["removed"] == 3


def test_an_account_that_left_the_settings_has_its_name(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    asked: list[str] = []
    with (
        mock.patch.object(hold_command, "need_answer"),
        mock.patch.object(hold_command, "confirm", asked.append),
    ):
        ran = world.run("hold", world.top, "--reason", "Why", "--diff")
        assert "My X Account  soon" in ran.stdout
        assert "facebook      one" in ran.stdout
        told = world.run("hold", world.top, "--reason", "Why").stdout
    assert "on My X Account." in " ".join(told.split())
    assert "on My X Account." in asked[0]
    assert ACCOUNTS["x"] not in ran.stdout + told + asked[0]


@pytest.mark.parametrize("words", [("--diff",), ("--yes",)])
def test_an_edit_made_in_publer_is_shown_before_it_is_lost(world: World, words: tuple[str, ...]) -> None:
    post = world.find("two")["id"]
    world.sandbox.edit(post, text="two, by hand", at=T + DAY + HOUR)
    ran = world.run("hold", world.top, "--reason", "Why", *words)
    told = re.sub(r"  +", " ", ran.stdout)
    assert "Edited in Publer since the last apply: 1 post\n" in told
    assert "In Publer: two{+, by hand+}\n" in told
    assert "In Publer, time: " in told
    assert (
        "Release leaves these out until someone decides: pull writes the edit into the calendar"
        in " ".join(told.split())
    )
    assert '"one"' not in told.partition("Edited in Publer")[2]


def test_it_asks_and_anything_but_yes_changes_nothing(world: World) -> None:
    ran = world.run("hold", world.top, "--reason", "Accident in town")
    assert ran.code == 64
    assert world.plan()["holds"] == []


def test_a_hold_needs_a_reason(world: World) -> None:
    assert world.run("hold", world.top, "--yes").code == 64
    assert world.run("hold", world.top, "--yes", "--reason", " ").code == 64


@pytest.mark.parametrize(
    ("option", "slip", "meant", "left", "told"),
    [
        (
            "--label",
            "slae",
            "sale",
            {"two", "soon"},
            'No post has the label "slae" (did you mean "sale"?); there are: sale',
        ),
        ("--account", "facebok", "facebook", {"soon"}, 'There is no account "facebok" (did you mean'),
        (
            "--network",
            "facebok",
            "Facebook",
            {"soon"},
            'No account is on "facebok" (did you mean "facebook"?); there are',
        ),
        ("--network", "tiktok", "x", {"one", "two"}, 'No account is on "tiktok"; there are: facebook, x,'),
    ],
)
def test_a_word_that_nothing_has_is_told_with_what_there_is(
    world: World, option: str, slip: str, meant: str, left: set[str], told: str
) -> None:
    """It may be a slip of the pen, and the hold would look like a success."""
    before = texts(world)
    held = hold(world, option, slip, code=6)
    assert (held.outcomes, texts(world)) == ({}, before)
    (unknown,) = held.document["unknown"]
    assert (unknown["kind"], unknown["word"]) == (option.removeprefix("--"), slip)
    assert told in unknown["message"][0].upper() + unknown["message"][1:]
    text = world.run("hold", world.top, "--reason", "Why", "--yes", option, slip)
    assert told in " ".join(text.stdout.split())
    both = hold(world, option, slip, option, meant, code=6)
    assert [each["word"] for each in both.document["unknown"]] == [slip]
    assert texts(world) == left | {"a draft"}


def test_a_slip_in_the_only_account_holds_nothing_at_all(world: World) -> None:
    """A hold without its account would be one of everything."""
    held = hold(world, "--account", "facebok", code=6)
    assert (held.document["hold"], held.document["written"]) == (None, False)
    assert world.plan()["holds"] == []
    assert hold(world, "--account", "facebook", "--network", "x", code=0).document["hold"] is None


def test_a_label_that_only_the_file_has_yet_is_one(world: World) -> None:
    """Whoever writes it into the file and holds it need not apply first."""
    world.write(POSTS[0], replace(POSTS[1], labels=("calm",)), *POSTS[2:])
    assert hold(world, "--label", "calm").outcomes == {"two": "removed"}


def test_an_account_that_left_publer_keeps_no_other_of_those_that_are_named(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"], "x": "nobody"})
    held = hold(world, "--account", "x", "--account", "facebook", code=6)
    assert [each["message"] for each in held.document["unknown"]] == [
        "Publer has no account x, so none of its posts can be stopped here"
    ]
    assert texts(world) == {"soon", "a draft"}


def test_an_adopted_post_whose_labels_nobody_knows_is_named_and_stays(world: World) -> None:
    """Publer's lists have no labels here, and the calendar gives this one none."""
    by_hand = Want("by-hand", "linkedin", T, "made in Publer", labels=())
    world.alike(by_hand)
    world.write(*POSTS, by_hand)
    assert world.apply().code == 0
    held = hold(world, "--label", "sale", code=6)
    assert held.outcomes == {"one": "removed"}
    assert [post["id"] for post in held.document["unlabelled"]] == ["by-hand"]
    assert held.document["summary"]["unlabelled"] == 1
    assert "made in Publer" in texts(world)
    told = world.run("hold", world.top, "--reason", "Why", "--yes", "--label", "sale").stdout
    assert "Labels not known, not on hold: 1 post" in told
    assert hold(world).document["unlabelled"] == []


def test_the_list_of_what_will_be_published_is_true(world: World) -> None:
    """What repeats is first, also without a time; what nobody approved depends; declined and failed posts are not on it."""
    for state, at in (
        ("recurring", T - 40 * DAY),
        ("recycling_active", None),
        ("recycling_paused", T),
        ("scheduled_pending", T + 5 * HOUR),
        ("scheduled_declined", T + 6 * HOUR),
        ("scheduled_reauth", T + 7 * HOUR),
        ("failed", T + 8 * HOUR),
    ):
        world.stranger("facebook", at, f"it is {state}", state=state)
    held = hold(world)
    assert [(each["text"], each["condition"]) for each in held.document["unmanaged"]] == [
        ("it is recurring", None),
        ("it is recycling_active", None),
        ("a colleague's post", None),
        ("it is scheduled_pending", "if approved"),
        ("it is scheduled_reauth", "if its account is reconnected"),
    ]  # fmt: skip
    told = world.run("hold", world.top, "--reason", "Why", "--yes").stdout
    shown = told.partition("Not managed here, left alone")[2]
    assert "recurring" in shown.splitlines()[1]
    assert "at no set time" in shown.splitlines()[2]
    assert 'if approved  "it is scheduled_pending"' in shown
    assert "They will be published, as marked. To stop them, delete them in Publer." in shown
    assert "declined" not in told


def test_a_post_of_ours_that_someone_declined_stays_declined(world: World) -> None:
    """It is not published; release would schedule what somebody said no to."""
    world.sandbox.edit(world.find("two")["id"], state="scheduled_declined")
    world.sandbox.edit(world.find("one")["id"], state="recurring")
    held = hold(world, code=6)
    assert held.outcomes == {"one": "not_stopped", "soon": "removed"}
    assert [(each["action"], each["code"]) for each in world.plan()["changes"] if each["id"] == "two"] == [
        ("blocked", "state")
    ]
    world.run("release", world.top, "--yes")
    world.sandbox.settle()
    assert [row.text for row in world.live()].count("two") == 1


def test_the_question_names_what_was_made_in_publer_and_would_lose_something(world: World) -> None:
    by_hand = Want("by-hand", "linkedin", T, "made in Publer")
    world.alike(by_hand)
    world.write(*POSTS, by_hand)
    assert world.apply().code == 0
    asked: list[str] = []
    with (
        mock.patch.object(hold_command, "need_answer"),
        mock.patch.object(hold_command, "confirm", asked.append),
    ):
        assert world.run("hold", world.top, "--reason", "Why").code == 0
    (question,) = asked
    assert "This takes 4 posts (on 3 accounts) out of Publer now." in question
    assert "1 of them was made in Publer" in question
    assert 'linkedin  by-hand  "made in Publer"' in question
    assert '"one"' not in question


def test_days_in_the_wrong_order_are_refused(world: World) -> None:
    ran = world.run(
        "hold", world.top, "--yes", "--reason", "Why", "--from", "2031-05-02", "--to", "2031-05-01"
    )
    assert ran.code == 64
    assert world.plan()["holds"] == []


def test_stopped_halfway_it_tells_what_is_out_and_what_to_do(world: World) -> None:
    real, left = UrgentPubler.delete, [1]

    def interrupted(publer: UrgentPubler, ids: list[str]) -> frozenset[str]:
        gone = real(publer, ids)
        if left and left.pop():
            raise KeyboardInterrupt
        return gone

    with mock.patch.object(UrgentPubler, "delete", interrupted):
        ran = world.run("hold", world.top, "--yes", "--reason", "Why")
    assert ran.code == 1
    assert "Not verified: 1 post" in ran.stdout
    assert "Stopped, as asked: some posts may still be scheduled." in ran.stdout
    assert "Run hold again" in ran.stdout
    hold(world)
    assert texts(world) == {"a draft"}


def test_without_a_state_nothing_is_managed(empty_world: World) -> None:
    empty_world.write(*POSTS)
    ran = empty_world.run("hold", empty_world.top, "--yes", "--reason", "Why")
    assert ran.code == 1
    assert "nothing is managed here" in ran.stderr


def test_a_delete_that_takes_another_post_ends_it_on_the_spot(world: World) -> None:
    world.sandbox.faults.trips = [Trip("foreign_id", method="DELETE")]
    ran = world.run("hold", world.top, "--reason", "Why", "--yes", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.stdout)["error"]["code"] == "foreign_delete"
    assert world.writes() == ["DELETE"]


def test_apply_takes_out_what_shows_up_in_scope_and_everything_else_goes_on(world: World) -> None:
    hold(world, "--account", "x")
    world.write(*POSTS, Want("new", "facebook", T + 2 * DAY, "new"), Want("off", "x", T + 2 * DAY, "off"))
    assert world.apply().code == 0
    assert texts(world) == {"one", "two", "new", "a draft"}


# --- what someone makes in Publer while it lasts ---------------------------------------------------------------------


def warnings(world: World) -> dict[str, str]:
    return {warn["code"]: warn["message"] for warn in world.plan()["warnings"]}


@pytest.mark.parametrize("how", ["command", "settings"])
def test_what_someone_makes_in_scope_while_it_lasts_is_named_by_plan_and_status(
    world: World, how: str
) -> None:
    """What was there before, the hold itself has named."""
    world.stranger("facebook", T - 40 * DAY, "an old repetition", state="recurring")
    if how == "command":
        hold(world, "--account", "facebook")
    else:
        world.settings(hold={"reason": "Why", "accounts": ["facebook"]})
        assert "on_hold.made" not in warnings(world)
        assert world.apply().code == 0
    assert "on_hold.made" not in warnings(world)
    world.stranger("facebook", T + 9 * HOUR, "made in a hurry")
    world.stranger("x", T + 9 * HOUR, "made elsewhere")
    world.stranger("facebook", T + 10 * HOUR, "only a draft", state="draft")
    message = warnings(world)["on_hold.made"]
    assert message.startswith("someone made 1 post that is in the scope of this hold and will be published: ")
    assert 'facebook "made in a hurry"; to stop it, delete it in Publer' in message
    status = world.run("status", world.top)
    assert status.code == 6
    assert "made in a hurry" in status.stdout
    document = json.loads(world.run("status", world.top, "--format", "json").stdout)
    assert [post["text"] for post in document["made_on_hold"]] == ["made in a hurry"]
    assert untouched(world)


def test_one_that_equals_a_held_post_is_adopted_and_outside_this_hold(world: World) -> None:
    hold(world)
    world.alike(POSTS[1])
    plan = world.plan()
    assert [(each["action"], each["id"]) for each in plan["changes"]] == [("adopt", "two")]
    assert "will be published" in plan["changes"][0]["reason"]
    done = world.apply()
    assert done.code == 6
    assert done.result("two")["outcome"] == "not_tried"
    assert "Run hold again" in done.result("two")["hint"]
    for _ in range(2):
        assert texts(world) == {"two", "a draft"}
        assert (world.apply().code, world.plan()["changes"]) == (0, [])
    world.write(POSTS[0], replace(POSTS[1], at=POSTS[1].at + HOUR), *POSTS[2:])
    for _ in range(2):  # its new post is outside, too
        assert world.apply().code == 0
        assert texts(world) == {"two", "a draft"}
    assert hold(world).outcomes == {"two": "removed"}
    assert texts(world) == {"a draft"}
    assert world.run("release", world.top, "--yes").code == 0
    assert texts(world) == {"one", "two", "soon", "a draft"}


def test_what_an_apply_had_sent_is_ours_and_goes_though_it_turns_up_like_a_post_by_hand(world: World) -> None:
    world.write(*POSTS, Want("late", "linkedin", T, "sent and not listed"))
    world.sandbox.faults.job_delay = NEVER
    world.apply("--timeout", "0")
    assert hold(world, "--timeout", "0", code=6).outcomes["late"] == "unverified"
    end_jobs(world.sandbox)
    world.sandbox.settle()
    assert "on_hold.made" not in warnings(world)
    done = world.apply()
    assert done.outcomes == [("held", "late", "applied")]
    assert texts(world) == {"a draft"}


def test_each_apply_tells_of_what_is_on_hold_and_may_be_a_row_that_nobody_can_read(world: World) -> None:
    """It has another id, as Publer may give one to a post that is edited there; who deletes it in Publer has peace."""
    world.sandbox.remove(world.find("one")["id"])
    row = world.alike(POSTS[0])
    world.sandbox.faults.unreadable = frozenset({row})
    assert hold(world, code=6).outcomes["one"] == "unverified"
    for _ in range(2):
        done = world.apply()
        assert (done.code, done.outcomes) == (6, [("blocked", "one", "not_tried")])
        assert "it is on hold, and Publer lists a post" in done.result("one")["message"]
    world.sandbox.remove(row)
    assert (world.apply().code, world.plan()["changes"]) == (0, [])
    assert world.run("release", world.top, "--yes").code == 6
    assert world.apply("--allow-recreate").code == 0
    assert texts(world) == {"one", "two", "soon", "a draft"}


@pytest.mark.parametrize("how", ["command", "settings"])
def test_each_apply_tells_of_what_is_on_hold_and_may_be_left_out_of_an_incomplete_list(
    world: World, how: str
) -> None:
    world.sandbox.faults.trip("rows_left_out", "GET", "/posts$", times=10**6)
    if how == "settings":
        world.settings(hold={"reason": "Why"})
    else:
        assert hold(world, code=6).outcomes["soon"] == "unverified"
    for _ in range(2):
        done = world.apply()
        assert (done.code, done.result("soon")["code"]) == (6, "listing")
        assert "may still have it" in done.result("soon")["message"]
        assert texts(world) == {"soon", "a draft"}
    world.sandbox.faults.trips.clear()
    done = world.apply()
    assert (done.code, done.outcomes) == (0, [("held", "soon", "applied")])
    assert texts(world) == {"a draft"}


def test_what_is_on_hold_and_cannot_be_seen_is_nothing_else_to_do() -> None:
    """Else an apply of a plan file would end once it has taken out the rest, and a person be asked twice."""
    state = ledger(LISTED, holds=(HOLD,))
    held = planned([POST], [LIVE], state)
    unseen = planned([POST], [], state, short=1)
    assert [change.action for change in (*held.changes, *unseen.changes)] == ["held", "blocked"]
    assert not differ(unseen, held)
    assert differ(planned([replace(POST, at=LATER)], [LIVE], ledger(LISTED)), held)

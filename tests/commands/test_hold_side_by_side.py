"""`hold` and `release` as people give them: of two calendars with one question, of one, and where Publer calls things otherwise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.commands.holding import hold_one
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.state import KnownAccount
from publer_sync.ledger.store import open_store
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import RejectedStateError
from tests.commands.side_by_side import ONE, SideBySide
from tests.system.worlds import ACCOUNTS, DAY, FIVE, HOUR, T, Want, as_told
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.sandbox.exchange import Request, Response
    from tests.conftest import Ran
    from tests.system.worlds import World

STORM = ("--reason", "Storm")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def told(ran: Ran) -> str:
    return " ".join((ran.stdout + ran.stderr).split())


def test_one_question_is_asked_of_two_calendars_and_what_is_due_first_goes_first(pair: SideBySide) -> None:
    pair.world.sandbox.requests.clear()
    ran = pair.run("hold", "bank", "acme", *STORM, answer="no")
    assert (ran.code, pair.world.sandbox.requests) == (1, []), ran
    assert [plan["holds"] for plan in pair.json("plan", "bank", "acme")] == [[], []]
    assert ran.stderr.count("Type yes to continue") == 1
    assert (
        "posts of 2 calendars out of Publer now. According to their states: bank 1 post; acme 1 post."
        in told(ran)
    )
    soonest = pair.world.find(ONE.text)["id"]
    ran = pair.run("hold", "bank", "acme", *STORM, answer="yes")
    assert (ran.code, pair.texts()) == (0, []), ran
    assert ran.stdout.startswith("2 calendars\n\nbank  1 out of Publer\nacme  1 out of Publer\n")
    assert ran.stdout.count("To put them back: publer-sync release ") == 2
    first = next(each for each in pair.world.sandbox.requests if each.method == "DELETE")
    assert first.query["post_ids[]"] == [soonest]
    ran = pair.run("release", "bank", "acme", answer="yes")
    assert (ran.code, pair.texts()) == (0, ["One", "Two"]), ran
    assert ran.stdout.count("1 post would be put back\n") == 2
    assert ran.stdout.count("The hold has ended (Storm).") == 2
    assert ran.stderr.count("This ends the hold (Storm). This changes what is published: 2 new posts") == 1


def test_one_calendar_is_asked_about_with_its_posts(pair: SideBySide) -> None:
    ran = pair.run("hold", "acme", *STORM, answer="no")
    assert (ran.code, pair.texts()) == (1, ["One", "Two"]), ran
    assert f"This takes 1 post out of Publer now. The first is scheduled for {as_told(T)} on x." in told(ran)
    ran = pair.run("hold", "acme", *STORM, "--account", "linkedin", answer="no")
    assert "linkedin" in told(ran)
    assert "Type yes" not in ran.stderr, "its turn says that there is no such account"
    pair.world.sandbox.edit(pair.world.find("One")["id"], text="One, by hand")
    ran = pair.run("hold", "acme", *STORM, answer="yes")
    assert "Managed by the calendar bankers, left alone: 1 post" in ran.stdout
    assert "Release leaves these out until someone decides" in told(ran)
    ran = pair.run("release", "acme", answer="no")
    assert (ran.code, pair.texts()) == (1, ["Two"]), ran
    assert "This ends the hold (Storm). " in ran.stderr
    [found] = pair.json("release", "acme", "--yes")
    assert ([hold["reason"] for hold in found["holds"]], pair.texts()) == (["Storm"], ["Two"])
    assert [each["code"] for each in found["report"]["results"]] == ["edited"]


def test_where_the_time_zone_cannot_be_read_a_hold_says_what_its_days_are(pair: SideBySide) -> None:
    pair.applied("acme", ONE, Want("later", "x", T + 3 * DAY, "Later"))
    pair.settings("acme", timezone="Nowhere")
    days = ", and --from and --to mean those days anywhere"
    for words, more, going in (
        ((), "", (True, True)),
        (("--from", f"{T + 2 * DAY:%Y-%m-%d}"), days, (False, True)),
        (("--to", f"{T:%Y-%m-%d}"), days, (True, False)),
    ):
        ran = pair.run("hold", "acme", *STORM, "--diff", *words)
        warned = f"warning: the time zone cannot be read from the settings: times are in UTC{more}\n"
        assert (ran.code, warned in ran.stderr) == (0, True), ran
        assert ('"One"' in ran.stdout, '"Later"' in ran.stdout) == going, ran


def test_what_left_the_calendar_without_an_id_has_the_labels_of_no_other_post(pair: SideBySide) -> None:
    pair.applied("acme", Want(None, "x", T + 5 * HOUR, "Left"), Want(None, "x", T + 9 * HOUR, "For sale"))
    pair.write(acme=[Want(None, "x", T + 9 * HOUR, "For sale", labels=("sale",))])
    ran = pair.run("hold", "acme", *STORM, "--label", "sale", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Left", "One", "Two"]), ran
    assert "time zone" not in ran.stderr


def test_a_hold_without_a_reason_is_none(pair: SideBySide) -> None:
    ran = pair.run("hold", "acme", "--reason", " ", "--yes")
    assert (ran.code, "--reason: a hold needs a reason" in ran.stderr) == (64, True), ran
    ran = pair.run("hold", "acme", *STORM)
    assert (ran.code, "nobody can answer here" in ran.stderr) == (64, True), ran


def test_a_hold_finds_by_the_ledger_what_has_another_name_in_publer(empty_world: World) -> None:
    """The settings have the names of before, and the ledger has the ids that went with them."""
    known = {ACCOUNTS["x"]: KnownAccount("twitter", "Old account")}
    pair = SideBySide.in_place(empty_world, accounts=known, workspace_name="Old workspace")
    pair.settings("acme", workspace="Old workspace", accounts={"x": "Old account"})
    ran = pair.run("hold", "acme", *STORM, "--account", "x", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Two"]), ran
    pair.settings("bank", workspace="Never heard of")
    ran = pair.run("hold", "bank", *STORM, "--yes")
    assert (ran.code, "Never heard of" in told(ran)) == (3, True), ran


def test_what_keeps_a_hold_from_publer_says_that_it_is_written(pair: SideBySide) -> None:
    pair.world.sandbox.faults.key_refused = True
    for words, written in (
        (("acme", "--yes"), "The hold is written; "),
        (("acme", "bank", "--yes"), "The hold is written for 2 calendars; "),
        (("acme", "--diff"), ""),
    ):
        ran = pair.run("hold", *words, *STORM)
        assert (ran.code, "Likely causes, the likeliest first: " in told(ran)) == (1, True), ran
        rest = f"{written}nothing is out yet here: run hold again, or release."
        assert (rest in told(ran), "The hold is written" in told(ran)) == (bool(written), bool(written)), ran


def test_a_hold_goes_past_a_run_that_has_the_lock_and_that_run_is_told(pair: SideBySide) -> None:
    with mock.patch.object(hold_one, "LOCK_SECONDS", 0.01), pair.store("acme").lock(1):
        ran = pair.run("hold", "acme", *STORM, "--yes", "--timeout", "0")
    assert (ran.code, pair.texts()) == (1, ["Two"]), ran
    assert "it ends before its next write to Publer, as the hold is written beside its state" in told(ran)
    assert [hold["reason"] for hold in pair.json("plan", "acme")[0]["holds"]] == ["Storm"]
    assert (pair.run("apply", "acme", "--yes").code, pair.texts()) == (0, ["Two"])


@pytest.mark.story
def test_a_hold_that_cannot_be_pushed_says_first_what_keeps_posts_scheduled_unless_it_is_no_hold_at_all(
    pair: SideBySide,
) -> None:
    """On a machine that is gone after its job, nothing would be on hold."""
    refused = RejectedStateError("the branch takes no push", code="state.rejected")
    faults, blocked = pair.world.sandbox.faults, "blocked the request"
    found = []
    with (
        mock.patch.object(FileStore, "announce", side_effect=refused),
        mock.patch.object(FileStore, "hold_beside"),
    ):
        for ci in ("", "true"):
            for times in (50, 0):
                faults.trip("blocked", "GET", "/posts$", times=times)
                ran = pair.run("hold", "acme", *STORM, "--yes", "--timeout", "0", "--format", "json", CI=ci)
                faults.trips.clear()
                error = json.loads(ran.stdout)["error"]
                found.append(
                    (error["code"], "takes no push" in error["message"], blocked in error["message"])
                )
    assert found == [
        ("publer.shut", False, True),
        ("hold.waits", True, False),
        ("hold.none", True, True),
        ("hold.none", True, False),
    ]


def test_what_only_publer_knows_is_asked_for_before_anything_goes(pair: SideBySide) -> None:
    """The settings of bank have an account by its name, those of acme by its id. One was never applied, and one has no such account."""
    x = {"x": {"name": "My X Account", "shared": True}}
    pair.settings("bank", accounts=x)
    pair.settings("cafe", accounts=x)
    pair.settings("deli", accounts={"linkedin": "Company LinkedIn Page"})
    pair.write(cafe=[], deli=[])
    pair.applied("deli")
    held: list[str] = []
    handle = pair.world.sandbox.handle

    def handled(request: Request) -> Response | None:
        if request.method == "DELETE" and not held:
            held.extend(hold.reason for name in ("acme", "bank") for hold in pair.store(name).read().holds)
        return handle(request)

    words = ("hold", "bank", "acme", "cafe", "deli", *STORM, "--network", "x")
    assert "Type yes to continue" in told(pair.run(*words, answer="no"))
    with mock.patch.object(pair.world.sandbox, "handle", handled):
        ran = pair.run(*words, "--yes")
    assert (ran.code, pair.texts(), held) == (1, [], ["Storm", "Storm"]), ran
    assert "nothing is managed here" in told(ran)
    told_of = [pair.json("log", name)[0]["runs"][0]["reason"] for name in ("acme", "bank")]
    assert told_of == ["Storm", "Storm"]


def test_what_is_due_first_goes_first_though_only_publer_knows_its_account(pair: SideBySide) -> None:
    pair.settings("acme", accounts={"x": {"name": "My X Account", "shared": True}})
    soonest = pair.world.find(ONE.text)["id"]
    ran = pair.run("hold", "bank", "acme", *STORM, "--network", "x", "--yes")
    assert (ran.code, pair.texts()) == (0, []), ran
    first = next(each for each in pair.world.sandbox.requests if each.method == "DELETE")
    assert first.query["post_ids[]"] == [soonest]


@pytest.mark.story
@each_of("calendars", [("acme",), ("acme", "bank")])
def test_what_a_calendar_beside_those_on_hold_manages_is_told_as_its_own(
    pair: SideBySide, calendars: tuple[str, ...]
) -> None:
    """Whoever deletes it in Publer has that calendar create it again."""
    if not pair.top("cafe").exists():
        three = Want("three", "x", T + 2 * HOUR, "Three")
        pair.settings("cafe")
        pair.write(cafe=[three])
        pair.applied("cafe", three)
    ran = pair.run("hold", *calendars, *STORM, "--diff")
    assert "Managed by the calendar cafe, left alone: 1 post" in told(ran)
    assert ("Managed by the calendar bankers, left alone: 1 post" in told(ran)) is (len(calendars) == 1)
    assert "Not managed here" not in told(ran), ran


def test_a_question_counts_what_the_files_label_and_not_what_they_alone_have_on_those_days(
    pair: SideBySide,
) -> None:
    pair.write(acme=[replace(ONE, at=T + 3 * DAY, labels=("sale",))])
    ran = pair.run("hold", "acme", *STORM, "--label", "sale", answer="no")
    assert "This takes 1 post out of Publer now" in told(ran)
    ran = pair.run("hold", "acme", "bank", *STORM, "--label", "sale", answer="no")
    assert "acme 1 post." in told(ran), ran
    ran = pair.run("hold", "acme", *STORM, "--from", f"{T + 2 * DAY:%Y-%m-%d}", answer="yes")
    assert "This takes 0 posts out of Publer now" in told(ran)
    assert (ran.code, pair.texts()) == (0, ["One", "Two"]), ran


def test_the_way_back_names_the_place_of_a_state_that_is_not_where_it_is_looked_for(
    pair: SideBySide,
) -> None:
    pair.settings("bank", state="../elsewhere")
    default = open_store(
        None,
        top=pair.top("bank"),
        service=pair.world.sandbox.url,
        workspace_id=FIVE.workspace_id,
        calendar="bankers",
        clock=Clock(),
    )
    state = pair.store("bank").read()
    pair.store("bank").path.unlink()
    with default.lock(1):
        default.write(state)
    ran = pair.run("hold", "bank", *STORM, "--yes")
    assert "To put them back: publer-sync release bank --state bank/.publer-sync" in told(ran), ran
    assert pair.texts() == ["One"]

"""A post that is cut from one calendar's file and pasted into another's moves: nobody's post is removed, none is doubled."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.commands.two import ACME, GLOBEX, LAUNCH, ON_A_BRANCH, ON_BOTH, ONE, Two
from tests.system.worlds import DAY, HOUR, T, Want

pytestmark = pytest.mark.usefixtures("every_kind_seen")


@ON_BOTH
@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_an_equal_post_moves_and_nothing_is_sent(two: Two, order: tuple[str, str]) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    plans = dict(zip(order, two.plan(*order), strict=True))
    assert [plan["changes"] for plan in plans.values()] == [[], []]
    told = {
        name: [w["message"] for w in plan["warnings"] if w["code"] == "moves"] for name, plan in plans.items()
    }
    assert told == {
        ACME: [f"launch moves to the calendar {GLOBEX}"],
        GLOBEX: [f"launch comes from the calendar {ACME}"],
    }
    assert two.kept(ACME) == before, "plan writes nothing"
    code, results = two.apply(*order)
    assert (code, [each["results"] for each in results]) == (0, [[], []])
    assert (two.ids(), two.writes()) == (before, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], before)
    for plan in two.plan(*order):
        assert (plan["changes"], plan["warnings"]) == ([], [])


@ON_BOTH
def test_a_post_that_moves_while_its_account_is_reconnected_is_not_created_beside_the_old_one(
    two: Two,
) -> None:
    """The named command takes it along in the calendar that it comes from, and then it moves."""
    [account], new = ONE.accounts, "acc0000000000000000ffffff"
    two.sandbox.reconnect(account.id, new)
    for name in (ACME, GLOBEX):
        two.settings(name)
        settings = Path(name, "publer.yaml")
        settings.write_text(settings.read_text().replace(f"id: {account.id}", f"name: {account.name}"))
    two.cut_and_paste(LAUNCH)
    code, [there] = two.apply(GLOBEX)
    assert (code, two.writes()) == (6, [])
    [left] = there["results"]
    assert (left["action"], left["code"]) == ("blocked", "account")
    two.sandbox.reconnect(new, account.id)
    assert [each["action"] for each in two.plan(GLOBEX)[0]["changes"]] == [], (
        "it has come back under its own id"
    )
    two.sandbox.reconnect(account.id, new)
    [plan] = two.plan(GLOBEX)
    reason = plan["changes"][0]["reason"]
    words = shlex.split(reason.partition("run publer-sync ")[2].partition(";")[0])
    assert words == ["state", "mv", "--account", f"{account.id}={new}", "--calendar", ACME]
    assert two.run(*words, "--yes").code == 0
    for post in two.posts():  # what Publer still lists under the old id
        two.sandbox.edit(post["id"], account_id=new)
    assert two.apply(ACME, GLOBEX)[0] == 0
    assert len(two.posts()) == 1


def test_a_post_that_also_differs_moves_and_is_changed_there(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(replace(LAUNCH, text="We launched!"))
    _, plan = two.plan(ACME, GLOBEX)
    assert [change["action"] for change in plan["changes"]] == ["update"]
    assert two.apply(ACME, GLOBEX)[0] == 0
    assert [(post["id"], post["text"]) for post in two.posts()] == [(before[0], "We launched!")]
    two.cut_and_paste(replace(LAUNCH, text="We launched!", labels=("b",)), giver=GLOBEX, receiver=ACME)
    assert two.plan(GLOBEX, ACME)[0]["changes"] == []
    code, _ = two.apply(GLOBEX, ACME)
    assert code == 0
    [post] = two.posts()
    assert (post["text"], post["sent"]["account"]["labels"]) == ("We launched!", ["b"])
    assert (two.kept(ACME), two.kept(GLOBEX)) == (two.ids(), [])


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_posts_move_both_ways_between_calendars_with_posts_of_their_own_and_are_changed_there(
    two: Two, order: tuple[str, str]
) -> None:
    back, mine, theirs = (
        Want(name, "x", T + HOUR * number, f"{name} stays")
        for number, name in enumerate(("back", "mine", "theirs"), 1)
    )
    two.write(ACME, LAUNCH, mine)
    two.write(GLOBEX, back, theirs)
    assert two.apply("clients")[0] == 0
    before = two.ids()
    two.write(ACME, replace(back, text="It is back"), mine)
    two.write(GLOBEX, replace(LAUNCH, text="We launched!"), theirs)
    for plan in two.plan(*order):
        assert [change["action"] for change in plan["changes"]] == ["update"]
    assert two.apply(*order)[0] == 0
    assert two.ids() == before
    assert {"It is back", "We launched!"} <= {post["text"] for post in two.posts()}


def test_a_draft_and_a_post_without_an_id_move(two: Two) -> None:
    bare = Want(None, "x", T + HOUR, "No id here")
    draft = Want("draft", "x", T + 2 * HOUR, "A draft", draft=True)
    two.write(ACME, LAUNCH, bare, draft)
    assert two.apply("clients")[0] == 0
    before = two.ids()
    two.sandbox.reset_log()
    two.cut_and_paste(LAUNCH, bare, draft)
    messages = [w["message"] for w in two.plan("clients")[0]["warnings"] if w["code"] == "moves"]
    assert messages == [
        f"launch moves to the calendar {GLOBEX}",
        f'"No id here" moves to the calendar {GLOBEX}',
        f"draft moves to the calendar {GLOBEX}",
    ]
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes(), two.kept(GLOBEX)) == (before, [], before)


@ON_A_BRANCH
def test_what_a_calendar_sent_and_never_saw_is_not_what_another_one_created_meanwhile(two: Two) -> None:
    lost = Want("lost", "x", T + HOUR, "Lost once")
    two.sandbox.faults.lose = frozenset({two.sandbox.passed + 1})
    two.write(ACME, LAUNCH, lost)
    assert two.apply(ACME)[0] == 6
    two.write(ACME, LAUNCH)
    two.write(GLOBEX, lost)
    assert two.apply(GLOBEX)[0] == 0
    (theirs,) = two.kept(GLOBEX)
    two.write(ACME, LAUNCH, Want("later", "x", T + 2 * HOUR, "Sent and followed"))
    assert two.apply(ACME)[0] == 0
    assert theirs not in two.kept(ACME)
    assert (len(two.ids()), sorted(two.kept(ACME) + two.kept(GLOBEX))) == (3, two.ids())


@pytest.mark.parametrize("id", ["launch", None])
def test_a_post_that_waits_for_a_slot_in_another_calendar_stays_as_it_is_until_it_has_one(
    two: Two, id: str | None
) -> None:
    """Nothing would be in Publer otherwise: its old calendar lets go of it, and the new one does not send it yet."""
    want = replace(LAUNCH, id=id)
    two.write(ACME, want)
    assert two.apply(ACME)[0] == 0
    before = two.ids()
    two.sandbox.reset_log()
    two.cut_and_paste(want)
    file = Path(GLOBEX, "posts.yaml")
    file.write_text(re.sub("at: .*", "at: next", file.read_text()))
    told = f"in the calendar {GLOBEX} it waits for a slot (at: next); it moves there once it has a time"
    for words in ("clients", ACME):
        plan = two.plan(words)[0]
        assert (plan["changes"], plan["summary"]["unchanged"]) == ([], 1)
        [waits] = [each["message"] for each in plan["warnings"] if each["code"] == "waits"]
        assert told in waits
        assert two.apply(words)[0] == 0
        assert (two.ids(), two.writes()) == (before, [])
    two.settings(GLOBEX, f"slots: {{x: [{T:%a} 11:00]}}\n".lower())
    assert two.run("fill", GLOBEX, "--yes", "--offline").code == 0
    assert two.apply("clients")[0] == 0
    [post] = two.posts()
    assert f"{post['at']:%a %H:%M}" == f"{T:%a} 11:00"
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], two.ids())
    file.write_text("posts: []\n")
    assert two.apply("clients")[0] == 0
    assert two.posts() == []


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
@pytest.mark.parametrize("id", ["launch", None])
def test_a_post_that_also_gets_another_time_moves_and_is_moved_there(
    two: Two, order: tuple[str, str], id: str | None
) -> None:
    if id is None:
        two.write(ACME, replace(LAUNCH, id=None))
        assert two.apply(ACME)[0] == 0
    two.cut_and_paste(replace(LAUNCH, id=id, at=T + DAY))
    plans = dict(zip(order, two.plan(*order), strict=True))
    assert [(change["action"]) for change in plans[GLOBEX]["changes"]] == ["replace"]
    assert plans[ACME]["changes"] == []
    assert [warn["code"] for plan in plans.values() for warn in plan["warnings"]] == ["moves", "moves"]
    assert two.apply(*order)[0] == 0
    assert [post["at"] for post in two.posts()] == [T + DAY]
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], two.ids())


def test_an_equal_post_that_someone_made_at_its_new_time_is_not_adopted_while_its_old_calendar_has_it(
    two: Two,
) -> None:
    """Both would go out: nobody applies the calendar that it has left."""
    later = replace(LAUNCH, at=T + DAY)
    made = two.sandbox.add(account_id=ONE.accounts[0].id, at=later.at, text=later.text)
    two.cut_and_paste(later)
    code, [result] = two.apply(GLOBEX)
    [told] = result["results"]
    assert (code, told["outcome"], len(two.posts())) == (6, "not_tried", 2)
    [change] = two.plan(GLOBEX)[0]["changes"]
    assert change["code"] == "slot"
    two.sandbox.remove(made)
    assert two.apply(GLOBEX)[0] == 0
    assert [post["scheduled_at"][:16] for post in two.posts()] == [f"{later.at:%Y-%m-%dT%H:%M}"]


def test_into_a_minute_that_another_post_leaves_it_is_made_anew(two: Two) -> None:
    """As the same post it would wait for ever: each calendar would hold the minute that the other one wants."""
    later = Want("later", "x", T + HOUR, "It still works")
    two.write(ACME, LAUNCH, later)
    assert two.apply(ACME)[0] == 0
    two.cut_and_paste(replace(LAUNCH, at=later.at))
    two.write(ACME, replace(later, at=LAUNCH.at))
    assert [plan["warnings"] for plan in two.plan(ACME, GLOBEX)] == [[], []]
    codes = [two.apply("clients")[0] for _ in range(2)]
    assert codes[-1] == 0, codes
    assert sorted((post["at"], post["text"]) for post in two.posts()) == [
        (LAUNCH.at, later.text),
        (later.at, LAUNCH.text),
    ]


def test_it_swaps_times_with_a_post_of_its_new_calendar(two: Two) -> None:
    later = Want("later", "x", T + HOUR, "It still works")
    two.write(GLOBEX, later)
    assert two.apply(GLOBEX)[0] == 0
    two.cut_and_paste(replace(LAUNCH, at=later.at), replace(later, at=LAUNCH.at))
    assert two.apply("clients")[0] == 0
    assert sorted((post["at"], post["text"]) for post in two.posts()) == [
        (LAUNCH.at, later.text),
        (later.at, LAUNCH.text),
    ]
    assert two.kept(ACME) == []


def test_whoever_wants_the_minute_of_a_post_that_moves_is_told_whose_it_is_before_and_after(two: Two) -> None:
    later = Want("later", "x", T + HOUR, "It still works")
    two.write(ACME, LAUNCH, later)
    assert two.apply(ACME)[0] == 0
    two.cut_and_paste(LAUNCH)
    two.write(ACME, replace(later, at=LAUNCH.at))
    (blocked,) = two.plan(ACME, GLOBEX)[0]["changes"]
    assert blocked["reason"].endswith(f'"We launched"; the calendar {GLOBEX} manages it')
    code, results = two.apply(ACME, GLOBEX)
    assert code == 6
    assert blocked["reason"] in results[0]["results"][0]["message"]
    two.write(ACME, replace(later, at=LAUNCH.at + DAY))
    assert two.apply(ACME, GLOBEX)[0] == 0
    assert sorted(post["at"] for post in two.posts()) == [LAUNCH.at, LAUNCH.at + DAY]


def test_at_another_time_it_is_known_by_its_words_though_its_link_names_the_day(two: Two) -> None:
    for name in (ACME, GLOBEX):
        two.settings(name, 'utm: {campaign: "{date}"}\n')
    launch = replace(LAUNCH, id=None, more="link: https://example.com/launch")
    two.write(ACME, launch)
    assert two.apply(ACME)[0] == 0
    two.cut_and_paste(replace(launch, at=T + DAY))
    code, [there] = two.apply(GLOBEX)
    assert code == 0
    assert [each["action"] for each in there["results"]] == ["replace"]
    assert len(two.posts()) == 1


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_at_another_time_with_other_words_it_is_known_by_its_id(two: Two, order: tuple[str, str]) -> None:
    two.cut_and_paste(replace(LAUNCH, at=T + DAY, text="Other words"))
    plans = dict(zip(order, two.plan(*order), strict=True))
    assert [change["action"] for change in plans[GLOBEX]["changes"]] == ["replace"]
    assert plans[ACME]["changes"] == []
    for name in (*order, *order):
        assert two.apply(name)[0] == 0
    assert [(post["at"], post["text"]) for post in two.posts()] == [(T + DAY, "Other words")]
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], two.ids())


def test_a_post_moves_back(two: Two) -> None:
    before = two.ids()
    for giver, receiver in ((ACME, GLOBEX), (GLOBEX, ACME), (ACME, GLOBEX)):
        two.cut_and_paste(LAUNCH, giver=giver, receiver=receiver)
        assert two.apply("clients")[0] == 0
        assert (two.kept(giver), two.kept(receiver)) == ([], before)
    assert two.writes() == []


def test_the_first_apply_of_the_receiver_tells_of_no_post_that_was_past(two: Two) -> None:
    new = "clients/new"
    two.settings(new)
    two.write(ACME)
    two.write(new, LAUNCH, Want("old", "x", T - 60 * DAY, "Long ago"))
    before = two.ids()
    *_, plan = two.plan("clients")
    assert [warn["code"] for warn in plan["warnings"]] == ["moves"]
    assert two.apply("clients")[0] == 0
    assert (two.kept(new), two.ids()) == (before, before)


@ON_BOTH
def test_posts_move_both_ways_at_once(two: Two) -> None:
    other = Want("other", "x", T + DAY, "The other one")
    two.write(GLOBEX, other)
    assert two.apply("clients")[0] == 0
    two.sandbox.reset_log()
    before = {post["text"]: post["id"] for post in two.posts()}
    two.write(ACME, other)
    two.write(GLOBEX, LAUNCH)
    code, results = two.apply("clients")
    assert code == 0, results
    assert two.kept(ACME) == [before[other.text]]
    assert two.kept(GLOBEX) == [before[LAUNCH.text]]
    assert two.writes() == []


def test_a_post_that_someone_published_early_is_not_published_again(two: Two) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="published", at=datetime.now(UTC))
    two.cut_and_paste(LAUNCH)
    for _ in range(2):
        code, results = two.apply(ACME, GLOBEX)
        assert (code, [each["results"] for each in results]) == (0, [[], []])
    assert two.posts() == []
    assert two.plan(GLOBEX)[0]["summary"]["past"] == 1


def test_turned_into_a_draft_and_kept_by_a_hold_it_is_not_made_a_second_time(two: Two) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="draft")
    assert two.run("hold", ACME, "--reason", "Accident", "--yes").code == 0
    two.cut_and_paste(LAUNCH)
    code, [_, result] = two.apply("clients")
    [told] = result["results"]
    assert (code, told["outcome"], len(two.sandbox.posts())) == (6, "not_tried", 1)
    assert told["message"].startswith("the calendar clients/acme has it in Publer; ")


def test_published_early_and_kept_by_a_hold_it_is_not_published_again_and_moves_once_released(
    two: Two,
) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="published", at=datetime.now(UTC))
    assert two.run("hold", ACME, "--reason", "Accident", "--yes").code == 0
    two.cut_and_paste(LAUNCH)
    code, [_, result] = two.apply("clients")
    [told] = result["results"]
    assert (code, told["outcome"]) == (6, "not_tried")
    assert told["message"].startswith(
        "it was published from the calendar clients/acme; posts of the calendar"
    )
    assert "are on hold: release them first" in told["message"]
    assert two.run("release", ACME, "--yes").code == 0
    assert two.apply("clients")[0] == 0
    assert (two.writes(), two.kept(ACME)) == ([], [])


def test_published_early_it_is_not_published_again_by_a_command_for_its_new_calendar_alone(two: Two) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="published", at=datetime.now(UTC))
    two.cut_and_paste(LAUNCH)
    assert two.apply(ACME)[0] == 0
    assert two.apply(GLOBEX)[0] == 0
    assert (two.writes(), two.kept(ACME)) == ([], [])
    assert two.plan(GLOBEX)[0]["summary"]["past"] == 1


def test_what_a_filter_leaves_out_does_not_move(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    days = ("--from", f"{T + 2 * DAY:%Y-%m-%d}")
    assert two.apply("clients", *days)[0] == 0
    assert (two.kept(ACME), two.ids(), two.writes()) == (before, before, [])
    assert two.apply("clients", "--to", f"{T:%Y-%m-%d}")[0] == 0
    assert (two.kept(GLOBEX), two.ids(), two.writes()) == (before, before, [])

"""Posts that wait until their page is live."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.checking.links import LinkChecker
from publer_sync.commands.running.pages import UNASKED, Pages
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.ledger.file_store import FileStore
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Plan
from publer_sync.values.errors import Interrupted
from tests.builders import LAST, LATER, NOW, SOON, WORKSPACE, change, plan, wanted
from tests.commands.reached import stand_in
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, World, clocks, git

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.internet import Internet

PAGE = "http://blog.example/launch/"
WAITS = Want("launch", "linkedin", T, "We launched", more=f"link: {PAGE}\nwhen_live: true")
OTHER = Want("other", "linkedin", T + HOUR, "Waits for nothing")


@pytest.fixture
def world(empty_world: World, internet: Internet) -> World:
    internet.names["blog.example"] = ["93.184.216.34"]
    empty_world.write(WAITS, OTHER)
    return empty_world


def outcome(world: World, *flags: str, code: int = 0) -> tuple[str, str | None, str]:
    done = world.apply(*flags)
    assert done.code == code, done
    result = done.result("launch")
    return result["outcome"], result["code"], result["message"] or ""


WAITING = ("waiting", "page", f"its page does not answer yet: {PAGE} answers 404 (Not Found)")


def test_apply_creates_a_post_once_its_page_answers_and_plan_never_asks(
    world: World, internet: Internet
) -> None:
    """Each page is asked once in a run, for every post and account that waits for it."""
    again = Want("again", "x", T + DAY, "Launched", more=f"when_live: {PAGE}")
    world.write(WAITS, OTHER, again)
    planned = {change["id"]: change for change in world.plan()["changes"]}
    assert {planned[name]["action"] for name in ("launch", "other", "again")} == {"create"}
    assert [planned[name].get("when_live") for name in ("launch", "again", "other")] == [PAGE, PAGE, None]
    for style in ("text", "markdown"):
        shown = world.run("plan", world.top, "--format", style).stdout
        assert shown.count("created once") == 2
        assert f"{PAGE}" in shown
    told = world.run("explain", "launch", "--calendar", world.top, "--offline").stdout
    assert f"when live   {PAGE}" in told
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--out", page).code == 0
    assert page.read_text(encoding="utf-8").count("created once") == 2
    assert internet.asked == []

    assert outcome(world) == WAITING
    assert internet.requests == ["HEAD blog.example/launch/", "GET blog.example/launch/"]
    assert [row.text for row in world.live()] == ["Waits for nothing"]
    shown = world.run("apply", world.top, "--yes").stdout
    assert "2 posts wait for their pages; run apply again once they answer." in shown
    assert "approval" not in shown
    shown = world.run("apply", world.top, "--yes", "--format", "markdown").stdout
    assert "2 posts wait for their pages" in shown.splitlines()[0]
    ran = world.run("log", world.top, "-v")
    assert "launch" not in ran.stdout
    assert "other" in ran.stdout

    internet.page(PAGE)
    assert outcome(world)[0] == "applied"
    assert world.amiss() == []
    assert world.settled_amiss() == []


def test_a_page_that_does_not_answer_two_hours_before_the_time_is_told_and_then_the_post_is_missed(
    world: World, internet: Internet
) -> None:
    with clocks(world) as to:
        to(T - 2 * HOUR - MINUTE)
        assert outcome(world) == WAITING
        to(T - 2 * HOUR)
        assert outcome(world, code=6) == ("not_tried", *WAITING[1:])
        shown = world.run("apply", world.top, "--yes")
        assert shown.code == 6
        assert "remove `when_live` to publish without it" in " ".join(shown.stdout.split())
        internet.names.clear()
        assert outcome(world, code=6)[2] == f"its page does not answer yet: {PAGE} could not be asked now"
        to(T + MINUTE)
        done = world.apply()
        assert (done.code, done.result("launch")["outcome"]) == (6, "not_tried")
        assert done.result("launch")["code"] is None
        assert world.plan()["summary"]["past"] == 1
        assert world.apply().code == 0


def test_the_way_out_is_to_remove_the_key(world: World) -> None:
    with clocks(world) as to:
        to(T - HOUR)
        assert outcome(world, code=6)[:2] == ("not_tried", "page")
        world.write(Want("launch", "linkedin", T, "We launched", more=f"link: {PAGE}"), OTHER)
        assert outcome(world)[0] == "applied"


def test_drafts_wait_replaces_do_not_and_what_is_in_publer_stays(world: World, internet: Internet) -> None:
    internet.page(PAGE)
    world.apply_first(WAITS)
    internet.pages.clear()
    draft = Want("draft", "x", T, "A draft", draft=True, more=f"when_live: {PAGE}")
    moved = Want("launch", "linkedin", T + DAY, "We launched", more=WAITS.more)
    world.write(moved, draft)
    done = world.apply()
    assert done.code == 0, done
    assert done.outcomes == [("create", "draft", "waiting"), ("replace", "launch", "applied")]
    assert [row.at for row in world.live()] == [T + DAY]
    assert world.apply().outcomes == [("create", "draft", "waiting")]


def test_what_is_not_tried_is_not_asked_and_what_is_missing_in_publer_waits_too(
    world: World, internet: Internet
) -> None:
    internet.page(PAGE)
    world.apply_first(WAITS)
    world.sandbox.remove(world.find("We launched")["id"])
    internet.pages.clear()
    internet.asked.clear()
    assert outcome(world, code=6)[:2] == ("not_tried", None)
    assert internet.asked == []
    assert outcome(world, "--allow-recreate") == WAITING


def test_a_hold_ends_an_apply_that_asks_pages_before_it_sends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_: LinkChecker, urls: list[str], tell: Callable[[int, int], None]) -> None:
        assert urls == [PAGE]
        monkeypatch.setattr(FileStore, "halted", lambda _: True)
        tell(0, 1)

    monkeypatch.setattr(LinkChecker, "check", check)
    world.sandbox.reset_log()
    done = world.apply()
    assert done.code == 1
    assert "someone put posts on hold" in done.document["error"]["message"]
    assert world.writes() == []


def test_a_post_of_the_same_id_stays_until_the_new_one_is_created(world: World, internet: Internet) -> None:
    """The post moves to another account: with its page gone, neither would be there."""
    internet.page(PAGE)
    world.apply_first(WAITS)
    internet.pages.clear()
    moved = Want("launch", "x", T, "We launched", more=WAITS.more)
    world.write(moved)
    done = world.apply("--allow-deletes", "9")
    assert done.code == 0, done
    assert done.outcomes == [("create", "launch", "waiting"), ("delete", "launch", "waiting")]
    assert [row.account for row in world.live()] == ["linkedin"]
    internet.page(PAGE)
    assert world.apply("--allow-deletes", "9").code == 0
    assert world.settled_amiss() == []


def test_a_calendar_that_waits_is_unfinished_for_changed_since(world: World, internet: Internet) -> None:
    git(world.home, "init", "-q", "-b", "main")
    (world.home / ".gitignore").write_text("publer.db*\n.publer-sync/\n", encoding="utf-8")
    git(world.home, "add", ".")
    git(world.home, "commit", "-q", "-m", "calendar")
    since = ("--changed-since", "HEAD")

    def results() -> list[str]:
        ran = world.apply(*since)
        assert ran.code == 0, ran
        calendars: list[Any] = ran.document["calendars"]
        return [each["outcome"] for one in calendars for each in one["result"]["results"]]

    with pytest.MonkeyPatch.context() as here:
        here.chdir(world.home)
        assert sorted(results()) == ["applied", "waiting"]
        assert results() == ["waiting"]
        internet.page(PAGE)
        assert results() == ["applied"]
        assert results() == []


def test_release_waits_for_the_page_as_well(world: World, internet: Internet) -> None:
    internet.page(PAGE)
    world.apply_first(WAITS)
    assert world.run("hold", world.top, "--reason", "storm", "--yes").code == 0
    internet.pages.clear()
    done = world.run("release", world.top, "--yes", "--format", "json")
    assert done.code == 0, done
    assert [each["outcome"] for each in json.loads(done.stdout)["report"]["results"]] == ["waiting"]
    internet.page(PAGE)
    assert outcome(world)[0] == "applied"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("http://localhost:8080/", "leads to a private address"),
        ("http://127.1/", "leads to a private address"),
        ("https://10.0.0.8/x", "leads to a private address"),
        ("http://[::1]/", "leads to a private address"),
        ("https://wiki/launch", "leads to a private address"),
        ("https://wiki.internal/launch", "leads to a private address"),
        ("https://me@example.com/", "contains a user name"),
        ("https://example.com:22/", "uses port 22"),
        ("example.com/launch", "is not a web address"),
        ('"yes"', "is not a web address"),
    ],
)
def test_an_address_that_is_never_asked_is_an_error_at_its_line(world: World, value: str, why: str) -> None:
    world.write(Want("launch", "linkedin", T, "Hello", more=f"when_live: {value}"))
    ran = world.run("validate", world.top, "--format", "json")
    assert ran.code == 3
    (found,) = json.loads(ran.stdout)["problems"]
    assert (found["code"], found["line"]) == ("page.address", 6)
    assert why in found["message"]
    assert world.apply().code == 3


def test_true_needs_a_link_and_a_nearer_false_takes_it_away(world: World) -> None:
    world.settings(defaults={"when_live": True})
    (world.top / "posts.yaml").write_text(
        f"accounts: [linkedin, x]\nposts:\n"
        f"- {{id: with, at: {T:%Y-%m-%d} 09:00, text: A, link: '{PAGE}', networks: {{x: {{when_live: null}}}}}}\n"
        f"- {{id: never, at: {T:%Y-%m-%d} 10:00, text: B, when_live: false}}\n",
        encoding="utf-8",
    )
    waits = {
        (each["id"], each["account"]["alias"]) for each in world.plan()["changes"] if "when_live" in each
    }
    assert waits == {("with", "linkedin")}
    world.write(Want(None, "linkedin", T, "No link"))
    ran = world.run("validate", world.top, "--format", "concise")
    assert ran.code == 3
    assert "has no link" in ran.stdout
    assert "[page.none]" in ran.stdout


def test_validate_links_warns_of_a_page_that_does_not_answer(world: World, internet: Internet) -> None:
    """Also of one that is no link of the post; the fix is another than for a dead link."""
    page = "http://blog.example/other/"
    world.write(WAITS, Want("more", "linkedin", T + HOUR, "Words", more=f"when_live: {page}"))
    ran = world.run("validate", world.top, "--links", "--format", "json")
    assert ran.code == 0
    found = json.loads(ran.stdout)["problems"]
    assert [(each["code"], each["line"]) for each in found] == [("link.dead", 6), ("link.dead", 12)]
    assert all("apply creates the post once it answers" in each["help"] for each in found)
    internet.page(PAGE)
    internet.page(page)
    assert (
        json.loads(world.run("validate", world.top, "--links", "--format", "json").stdout)["problems"] == []
    )


def test_a_plan_file_is_stale_once_the_page_differs(world: World) -> None:
    file = world.home / "plan.json"
    assert world.run("plan", world.top, "--out", file).code == 0
    world.write(Want("launch", "linkedin", T, "We launched", more=f"link: {PAGE}"), OTHER)
    assert world.run("apply", file, "--yes").code == 5


def test_utm_parameters_are_not_asked_for(world: World, internet: Internet) -> None:
    world.settings(utm={"source": "{network}", "medium": "social"})
    internet.page(PAGE)
    assert outcome(world)[0] == "applied"
    assert internet.requests == ["HEAD blog.example/launch/"]


def test_pages_are_asked_once_in_a_run_the_soonest_first_and_only_for_what_is_tried(
    internet: Internet,
) -> None:
    def waits(at: datetime, page: str, action: Action = Action.CREATE) -> Any:
        return change(action, replace(wanted(at), when_live=f"http://blog.example/{page}"))

    def plan(*changes: Any) -> Plan:
        return Plan("calendar", WORKSPACE, NOW, "UTC", changes)

    internet.page("http://blog.example/live")
    first = plan(
        waits(LAST, "late"),
        waits(SOON, "soon"),
        waits(LATER, "live"),
        waits(LATER, "late"),
        waits(SOON, "blocked", Action.BLOCKED),
        change(Action.CREATE, wanted(SOON)),
    )
    pages = Pages()
    with ProgressLine() as progress:
        assert (
            pages.unanswered(plan(change(Action.CREATE, wanted(SOON))), Allow(), progress, lambda: True) == {}
        )
        check = LinkChecker.check
        with mock.patch.object(LinkChecker, "check", autospec=True, side_effect=check) as checks:
            assert pages.unanswered(first, Allow(), progress, lambda: False) == {
                f"http://blog.example/{page}": "answers 404 (Not Found)" for page in ("soon", "late")
            }
        in_order = [f"http://blog.example/{page}" for page in ("soon", "live", "late")]
        assert checks.call_args.args[1] == in_order, (
            "several are asked at once: which arrives first is by chance"
        )
        asked = [each.split("/")[1] for each in internet.requests if each.startswith("HEAD")]
        assert sorted(asked) == ["late", "live", "soon"]
        assert pages.unanswered(plan(waits(SOON, "live")), Allow(), progress, lambda: False) == {}
        assert len(internet.asked) == 5, "what was asked in this run is known"
        internet.names.clear()
        unknown = Pages().unanswered(plan(waits(SOON, "new")), Allow(), progress, lambda: False)
        assert unknown == {"http://blog.example/new": UNASKED}
        asked = [*internet.requests]
        with pytest.raises(Interrupted, match="before anything was sent"):
            Pages().unanswered(first, Allow(), progress, lambda: True)
        assert internet.requests == asked, "nor is anything asked"
        stops = iter([False, True])
        with (
            mock.patch.object(LinkChecker, "_ask_all", lambda _, by_host, tell: tell(0, len(by_host))),
            pytest.raises(Interrupted, match="before anything was sent"),
        ):
            Pages().unanswered(first, Allow(), progress, lambda: next(stops))


def test_no_line_of_progress_is_left_once_the_pages_were_asked() -> None:
    pages, progress = Pages(), mock.MagicMock()
    pages._checker = stand_in(check=lambda urls, _: dict.fromkeys(urls))
    made = plan([change(Action.CREATE, replace(wanted(SOON), when_live=PAGE))])
    assert pages.unanswered(made, Allow(), progress, lambda: False) == {PAGE: UNASKED}
    assert progress.close.call_count == 1

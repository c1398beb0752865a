"""Short sentences that several pages share: whether they are about one or many, and what they leave out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from publer_sync.applying.report import Outcome
from publer_sync.holding.report import HoldReport
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.planning.log import CalendarLog, Log
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Block, Held, soonest
from publer_sync.planning.publication import Days, Results
from publer_sync.planning.standing import AccountStanding, Standing
from publer_sync.render import explain, hold, hold_data, notice, overview, status, text
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.markdown_page import fit
from publer_sync.render.layout.measure import width
from publer_sync.render.layout.terminal import INDENT, PLAIN, Screen
from publer_sync.render.past import log, log_approvals, release
from publer_sync.render.past.results import span_of
from publer_sync.render.post import tally
from publer_sync.render.post.entries import report_entries
from publer_sync.render.post.fixes import Fixes
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.content import Content
from publer_sync.values.errors import NoHoldError, WaitingHoldError
from publer_sync.values.model import Account
from tests.builders import (
    DAY,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    WORKSPACE,
    X,
    change,
    copy_of,
    plan,
    report,
    result,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.errors import StateError
    from publer_sync.values.model import LivePost

POST = wanted(SOON, "Hello", id="launch")


def held(*, live: bool = True, at: datetime = SOON) -> Held:
    of = wanted(at, "Hello")
    return Held(account=X, post=of, reason="Storm", copy=copy_of(of), live=shown(at) if live else None)


@each_of(
    "new, told, title",
    [
        (["acme"], [], "publer-sync: 1 new problem in acme"),
        (["acme", "acme"], [], "publer-sync: 2 new problems in acme"),
        (["acme", "bank"], [], "publer-sync: 2 new problems in 2 calendars"),
        ([""], [], "publer-sync: 1 new problem"),
        ([], ["acme"], "publer-sync: no new problem"),
        ([], [], "publer-sync: no problem"),
    ],
)
def test_a_notice_names_the_calendar_and_counts_what_is_new(
    new: list[str], told: list[str], title: str
) -> None:
    troubles = tuple(
        cast("Any", {"key": f"{number}", "calendar": name}) for number, name in enumerate([*new, *told])
    )
    before = {each["key"]: "" for each in troubles[len(new) :]}
    assert notice.title(notice.Notice(troubles, told=before)) == title


def test_a_question_names_the_calendars_that_have_posts_to_take_out() -> None:
    going = {"acme": hold.Going("UTC", [held()]), "bank": hold.Going("UTC", [])}
    asked = hold.question_of_several(2, going, NOW)
    assert asked.startswith("This takes the scheduled posts of 2 calendars out of Publer now.\n")
    assert "According to their states: acme 1 post" in asked
    assert "According" not in hold.question_of_several(1, {"bank": hold.Going("UTC", [])}, NOW)


@each_of("number, told", [(1, "1 post is out of Publer."), (2, "2 posts are out of Publer.")])
def test_a_hold_says_how_many_posts_are_out(number: int, told: str) -> None:
    gone = [held(at=SOON + day * DAY) for day in range(number)]
    done = report([result(each, Outcome.APPLIED) for each in gone])
    page = hold.text(HoldReport(plan(gone, holds=(Hold("Storm", NOW),)), done), release="publer-sync release")
    assert told in page


@each_of(
    "changes, told",
    [
        ([held()], "1 post on hold but still scheduled in Publer"),
        ([held(live=False)], "1 on hold"),
    ],
)
def test_a_status_in_a_line_tells_what_is_on_hold_and_what_should_be(changes: list[Held], told: str) -> None:
    standing = Standing(plan(changes, holds=(Hold("Storm", NOW),)), (), (), (), (), (), 100)
    parts = status.line(standing)
    assert told in parts
    assert ("still scheduled" in parts) is ("still" in told)


def standing(of: Any = None, **more: Any) -> Standing:
    nothing: dict[str, Any] = dict.fromkeys(("accounts", "urgent", "failed", "week", "unmanaged"), ())
    return Standing(of or plan(), **{**nothing, "requests_left": 100, **more})


def status_of(**more: Any) -> str:
    return status.text(
        standing(**more), verbose=True, command="publer-sync apply", results="publer-sync results"
    )


@each_of(
    "failed, told",
    [
        ([shown(SOON, "One")], "1 post needs attention"),
        ([shown(SOON, "One"), shown(SOON, "Two")], "2 posts need attention"),
        ([shown(None, "One")], "Failed without a time x One"),
    ],
)
def test_a_status_counts_what_failed(failed: list[LivePost], told: str) -> None:
    assert told in " ".join(status_of(failed=tuple(failed), accounts=(AccountStanding(X, (), ()),)).split())


@each_of("number, told", [(0, ""), (1, "1 post made in Publer during the hold")])
def test_a_status_in_a_line_tells_what_was_made_during_a_hold(number: int, told: str) -> None:
    line = status.line(standing(made_on_hold=(shown(SOON),) * number))
    assert told in line
    assert ("made in Publer" in line) is bool(told)


def test_where_every_post_ahead_is_on_hold_there_is_nothing_to_do() -> None:
    told = overview.nothing_to_do(plan([held(live=False)], holds=(Hold("Storm", NOW),)), Dates("UTC"))
    assert told == "Nothing to do. Every post ahead is on hold."
    assert overview.nothing_to_do(plan(), Dates("UTC")) == "Nothing to do. The calendar has no posts."


def test_the_totals_count_what_is_on_hold_apart() -> None:
    out, new = held(live=False), change(Action.CREATE, POST)
    assert overview.totals_line(plan([out, new])) == "1 new post, 1 on hold"
    assert overview.totals_line(plan([new])) == "1 new post"
    assert overview.totals_line(plan()) == "nothing to do"


def test_a_plan_that_is_refused_says_what_puts_it_right_or_what_lets_it_through() -> None:
    lost = Refusal("account_lost", 1, 0, "--allow-twins", "An account is gone")
    repair = Warn("account_lost", "gone", command="publer-sync state mv --account a=b")
    for warnings, told in (
        ((repair,), "Bring it back: publer-sync state mv --account a=b"),
        ((), "If you mean it: publer-sync apply --allow-twins"),
        ((replace(repair, code="other"),), "If you mean it: publer-sync apply --allow-twins"),
    ):
        shown_as = text.plan(plan([change(Action.CREATE, POST)], refusals=(lost,), warnings=warnings))
        assert told in shown_as


def test_a_name_stands_beside_its_account_as_long_as_there_is_room() -> None:
    one = plan([change(Action.CREATE, wanted(SOON, "Hello", id="launch"))])
    least = text._TITLE + 19 + 11
    for width_of, beside in ((least, True), (least - 1, False)):
        [row] = [
            line
            for line in text.plan(one, screen=Screen(width=width_of)).splitlines()
            if line.startswith("+ new")
        ]
        assert ("launch" in row) is beside


def test_a_status_after_a_lost_state_does_not_say_that_nothing_was_applied() -> None:
    assert "last apply: not known" in status_of(of=plan(warnings=(Warn("lost", "The state was lost"),)))
    assert "never applied" in status_of()


def test_what_waits_for_a_slot_is_told_after_a_release_and_nothing_else() -> None:
    waits = Warn("waits", "1 post waits for a slot")
    assert release.waiting(plan(warnings=(waits, Warn("missed", "other"))), PLAIN).startswith("1 post waits")
    assert release.waiting(plan(warnings=(Warn("missed", "other"),)), PLAIN) == ""


def test_a_plan_whose_apply_would_end_with_an_error_has_no_next_step() -> None:
    for warnings, steps in (((), 1), ((Warn("state_first", "There is a state elsewhere"),), 0)):
        shown_as = text.plan(plan([change(Action.CREATE, POST)], warnings=warnings))
        assert shown_as.count("To apply it") == steps


@each_of("other, told", [("Hello", "1 unchanged"), ("Other", "2 unchanged")])
def test_what_stays_is_counted_once_for_all_accounts_that_say_the_same(other: str, told: str) -> None:
    stays = [
        change(Action.UNCHANGED, wanted(SOON, words, account=account, id="launch"))
        for account, words in ((X, "Hello"), (LINKEDIN, other))
    ]
    assert tally.kept(plan(stays)) == [told]


def test_a_deadline_names_the_post_that_has_to_be_applied_by_then() -> None:
    one = change(Action.CREATE, POST)
    for by, rest in (
        (soonest(one), ", or launch misses its time"),
        (LATER, ", or not all of it can be done"),
    ):
        told = overview.deadline(plan([one], apply_by=by), "Apply by")
        assert told is not None
        assert told.rest == rest


@each_of("number, told", [(1, "to stop it, delete it in Publer"), (2, "to stop them, delete them in Publer")])
def test_posts_of_an_account_that_left_the_settings_are_told_of(number: int, told: str) -> None:
    left = Account("gone", "gone", "", "gone")
    changes = [
        change(
            Action.BLOCKED,
            None,
            would=Action.DELETE,
            account=left,
            live=shown(SOON + day * DAY, account=left),
        )
        for day in range(number)
    ]
    [warning] = overview.warnings_of(plan(changes), Dates("UTC"))
    assert told in warning.message


@each_of("at, told", [(SOON, "scheduled, "), (None, "scheduled; Publer's id p-1")])
def test_an_explanation_has_the_time_that_publer_shows(at: datetime | None, told: str) -> None:
    page = explain._ExplainPage(Dates("UTC"), PLAIN, "", Fixes(()))
    page.fate(change(Action.UPDATE, POST, live=shown(at)), None)
    assert told in page.text()


@each_of("known, told", [(True, "no longer ahead; publer-sync results"), (False, "not there")])
def test_an_explanation_of_a_post_that_is_past_sends_to_results(known: bool, told: str) -> None:
    page = explain._ExplainPage(Dates("UTC"), PLAIN, "", Fixes(()))
    page.fate(change(Action.PAST, POST, copy=copy_of(POST) if known else None), None)
    shown_as = re.sub(" +", " ", page.text())
    assert f"in Publer {told}" in shown_as
    assert ("sent for " in shown_as) is known
    assert "plan past\n" in shown_as


def test_what_an_option_let_through_needs_no_evidence_any_more() -> None:
    """The other post is named where something is left to decide."""
    twin = change(Action.BLOCKED, POST, blocks=(Block.TWIN,), obstacle=shown(LATER, "Hello"))
    for outcome, told in ((Outcome.APPLIED, 0), (Outcome.NOT_TRIED, 1)):
        [entry] = report_entries(report([result(twin, outcome)]), {outcome})
        assert len(entry.reasons) == told


@each_of("live", [True, False])
def test_a_hold_tells_a_program_of_each_post_whether_or_not_it_is_listed(live: bool) -> None:
    done = report([result(held(live=live), Outcome.APPLIED)])
    document = hold_data.document(HoldReport(plan([held(live=live)], holds=(Hold("Storm", NOW),)), done))
    [post] = document["posts"]
    assert (post["edited"], post["state"]) == ([], "scheduled" if live else None)


def test_a_text_without_words_has_no_lines() -> None:
    assert [PLAIN.text_lines(words, most=3) for words in ("", " \n ", "A\n\n\nB")] == [
        [],
        [],
        [f"{' ' * INDENT}A ¶¶", f"{' ' * INDENT}B"],
    ]


@each_of("verbose", [True, False])
def test_a_log_lists_the_posts_of_a_run_only_where_that_is_asked(verbose: bool) -> None:
    line = RunLine("create", X.id, SOON, "launch", "applied")
    runs = tuple(RunRecord(NOW - day * DAY, "apply", "Ann", lines=(line,)) for day in range(2))
    told = log.text(Log.of([CalendarLog("c", "UTC", runs, {X.id: X})], NOW, several=False), verbose=verbose)
    assert ("launch" in told, "\n\n" in told) == (verbose, verbose)


@each_of("page", [log_approvals.text, log_approvals.markdown])
def test_where_nobody_signed_off_that_is_said(page: Any) -> None:
    assert page([], NOW) == "Nothing was signed off."
    yes = Approval("launch", "x", "kari", NOW, "digest", Statement("x", {"text": "Hello"}))
    told = page([log_approvals.ApprovalLog("c", "UTC", (yes,), {"kari": "Kari"})], NOW)
    assert ("Kari" in told, "Nothing" in told) == (True, False)


@each_of("number, told", [(1, ["1 post done"]), (2, ["2 posts done"])])
def test_what_was_done_is_one_post_or_several(number: int, told: list[str]) -> None:
    done = [
        result(change(Action.CREATE, wanted(SOON + day * DAY, "Hello", id=f"{day}")), Outcome.APPLIED)
        for day in range(number)
    ]
    assert tally.outcomes(report(done)) == told


@each_of("live, told", [(shown(SOON), True), (None, False), (shown(SOON, state="draft"), False)])
def test_a_draft_that_nobody_saw_is_removed_where_publer_may_publish_it(live: Any, told: bool) -> None:
    draft = replace(POST, content=Content.from_json({"text": "Hello", "draft": True}))
    one = change(Action.BLOCKED, draft, would=Action.RECREATE, blocks=(Block.UNSEEN,))
    one = replace(one, would=change(Action.UNCHANGED, draft, live=live)) if live else one
    assert ("once Publer's drafts have it" not in " ".join(text.plan(plan([one])).split())) is told


@each_of(
    "live, told",
    [
        (shown(SOON, account=LINKEDIN), "move it back"),
        (shown(SOON, state="draft"), "schedule it in Publer"),
        (shown(SOON, state="failed"), "correct"),
    ],
)
def test_what_to_do_about_a_post_that_is_otherwise_in_publer_depends_on_how(live: Any, told: str) -> None:
    one = change(Action.BLOCKED, POST, would=Action.UPDATE, blocks=(Block.STATE,), live=live)
    assert told in " ".join(text.plan(plan([one])).split())


@each_of(
    "number, error, told",
    [
        (1, None, "Apply does not put them back. To put them back: publer-sync release"),
        (0, None, "Apply schedules no posts in its scope. To end the hold: publer-sync release"),
        (1, NoHoldError("no hold is in force"), "No hold is in force."),
        (1, WaitingHoldError("it waits"), "To put them back: publer-sync release"),
    ],
)
def test_a_hold_says_how_it_ends_where_it_is_in_force(
    number: int, error: StateError | None, told: str
) -> None:
    done = report([result(held(), Outcome.APPLIED)] * number, error=error)
    page = hold.text(
        HoldReport(plan([held()], holds=(Hold("Storm", NOW),)), done), release="publer-sync release"
    )
    assert told in page
    assert ("publer-sync release" in page) is not isinstance(error, NoHoldError)
    assert "14 requests." in page


@each_of(
    "posts, told",
    [([], "0 on hold"), ([held()], "1 post on hold but still"), ([held(live=False)], "1 on hold")],
)
def test_a_status_counts_what_is_on_hold_once(posts: list[Held], told: str) -> None:
    line = status.line(Standing(plan(posts, holds=(Hold("Storm", NOW),)), (), (), (), (), (), 100))
    assert told in line
    assert line.count("on hold") == 1


@each_of("ahead, first", [((shown(SOON, "Next"),), "Next"), ((), None)])
def test_a_status_has_the_next_post_of_an_account_where_there_is_one(
    ahead: tuple[LivePost, ...], first: str | None
) -> None:
    standing = Standing(plan(), (AccountStanding(X, ahead, ()),), (), (), (), (), 100)
    [account] = status.document(standing)["accounts"]
    assert account["ahead"] == len(ahead)
    assert (account["next"] is not None and account["next"]["text"]) == (first or False)


@each_of("url", ["https://ci.example/7", ""])
def test_a_notice_has_the_address_of_its_run_or_none(url: str) -> None:
    document = notice.document(notice.Notice((), run_url=url))
    assert document["run_url"] == (url or None)
    assert ("https" in document["text"]) is bool(url)


@each_of("days, told", [(1, "Mon 23 Nov"), (2, "Sun 22 Nov to Mon 23 Nov")])
def test_a_period_is_a_day_or_from_one_to_another(days: int, told: str) -> None:
    end = datetime(2026, 11, 24, tzinfo=UTC)
    one = Results("c", WORKSPACE, "UTC", Days(end - days * DAY, end, end), ())
    assert span_of(one) == told


@each_of(
    "old, zone, told",
    [
        (None, "Europe/Oslo", "17:20 Oslo"),
        (SOON - DAY, "Europe/Oslo", "Mon 23 Nov 17:20 → Tue 24 Nov 17:20 Oslo"),
        (SOON - DAY, "UTC", ""),
        (None, "UTC", ""),
        (None, "Africa/Abidjan", ""),
    ],
)
def test_a_time_stands_beside_that_of_another_zone_where_the_clocks_differ(
    old: datetime | None, zone: str, told: str
) -> None:
    dates = Dates.around("UTC", NOW)
    assert dates.beside_both(old, SOON, zone) == told
    here = "Tue 24 Nov 16:20"
    assert dates.with_own(SOON, zone) == (f"{here} (17:20 Oslo)" if told else here)


def test_the_first_parts_that_fit_are_kept_up_to_the_last_character() -> None:
    assert [fit(["ab", "cd"], room) for room in (3, 4, 7, 8)] == [[], ["ab"], ["ab"], ["ab", "cd"]]


@each_of(
    "text, cells",
    [("a", 1), ("字", 2), ("❤\ufe0f", 2), (" \ufe0f", 1), ("\ufe0f", 0), ("👍🏽", 2), ("🏽", 2)],
)
def test_a_character_takes_as_many_cells_as_a_terminal_gives_it(text: str, cells: int) -> None:
    assert width(text) == cells


def test_the_uses_of_a_stored_post_are_counted() -> None:
    page = explain._ExplainPage(Dates("UTC"), PLAIN, "", Fixes(()))
    page.uses([explain.ExplainedUse("tip@2027-03-09", SOON, ("x",), 2, "scheduled")])
    assert page.text().startswith("1 use\n")
    assert "variant 2" in page.text()


def test_a_post_that_somebody_removed_for_good_is_made_again_only_where_that_is_allowed() -> None:
    one = change(Action.BLOCKED, POST, would=Action.UPDATE, blocks=(Block.STATE,))
    told = " ".join(text.plan(plan([replace(one, left=True)])).split())
    assert "then run publer-sync apply --allow-recreate=launch" in told
    assert "--allow-recreate" not in text.plan(plan([one]))

"""The pages that people read on GitHub, whole: those of `stored/` are what they look like now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.action import drift
from publer_sync.action.annotations import annotate_done, log_text
from publer_sync.action.inputs import Event, Pull
from publer_sync.action.labels import Label
from publer_sync.action.pages import Place, page
from publer_sync.action.review import Review
from publer_sync.action.runs import CalendarOutcome
from publer_sync.applying.report import Outcome
from publer_sync.planning.allow import FLAGS, Allow
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Block, Held
from publer_sync.values.errors import CalendarError, PublerSyncError, SafetyLimitError, StalePlanError
from publer_sync.values.problems import Help, Location, Problem
from tests.builders import DAY, NOW, SOON, X, change, everything, plan, report, result, vary, wanted
from tests.render.test_results import published, results
from tests.stored import agrees

if TYPE_CHECKING:
    import pytest

    from publer_sync.action.github import GitHub
    from publer_sync.planning.plan import Plan
    from tests.github.hub import Hub

HERE = Path(__file__).parent / "stored"
ENVIRONMENT = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "o/r",
    "GITHUB_RUN_ID": "42",
    "GITHUB_EVENT_NAME": "push",
}
EVENT = Event.of(ENVIRONMENT)

PULLED = Event.of({**ENVIRONMENT, "GITHUB_EVENT_NAME": "pull_request"})
BROKEN = Problem("error", "x", "the time is wrong", Location("may.yaml", 3), Help("Write it as 09:00"))
WEAK = Problem("warning", "y", "there is no alt text", Location("may.yaml", 4))
STUCK = change(
    Action.BLOCKED, wanted(SOON, "Stuck", id="stuck"), blocks=(Block.STATE,), reason="It is a draft in Publer"
)
DELETED = change(Action.RECREATE, wanted(SOON + DAY, "Deleted", id="deleted"), reason="Someone deleted it")
NAMELESS = replace(X, alias=None)
NEW = change(Action.CREATE, wanted(SOON, "New"))


def place(folder: str = "calendar", *, event: Event = EVENT, **more: Any) -> Place:
    return Place(event, folder, "abcdef0123456789", **more)


def outcome(
    of: Plan | None = None, *, code: int = 0, folder: str = "calendar", **more: Any
) -> CalendarOutcome:
    return CalendarOutcome(Path(folder), code, plan=of, **more)


def test_the_drift_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "_MOST", 3)
    many = [
        change(Action.BLOCKED, wanted(SOON + day * DAY, f"Post {day}"), blocks=(Block.STATE,), reason="Why")
        for day in range(5)
    ]
    links = [
        Problem(
            "warning", "link.dead", f"https://{number}.example answers 404", Location("may.yaml", number + 2)
        )
        for number in range(5)
    ]
    nowhere = replace(links[0], location=None)
    gone = Warn("calendar_gone", "The calendar bank left the repository, and 2 posts stay: run apply")
    applied: dict[str, Any] = {"last_apply": NOW - 3 * DAY, "last_good_apply": NOW - 3 * DAY}
    scenes = {
        "every kind of change": [(outcome(replace(everything(), **applied)), place())],
        "several calendars": [
            (outcome(plan([STUCK]), folder="acme/spring"), place("acme/spring")),
            (outcome(plan([DELETED], **applied), folder="."), place("")),
            (outcome(plan(), problems=tuple(links[:1]), folder="dead"), place("dead")),
            (outcome(plan(), folder="nothing"), place("nothing")),
        ],
        "three": [(outcome(code=1, folder=name), place(name)) for name in "abc"],
        "four": [(outcome(code=1, folder=name), place(name)) for name in "abcd"],
        "as many posts as are listed": [
            (outcome(plan(many[:3], last_apply=NOW, last_good_apply=NOW)), place())
        ],
        "more posts than are listed": [(outcome(plan(many)), place())],
        "as many dead links": [(outcome(plan(), problems=tuple(links[:3])), place("acme"))],
        "more dead links, and a warning": [
            (outcome(plan(), problems=(WEAK, nowhere, *links[1:])), place("acme"))
        ],
        "no good apply yet": [(outcome(plan([DELETED], last_apply=NOW - DAY)), place())],
        "a later apply left something": [
            (outcome(plan([DELETED], last_apply=NOW - DAY, last_good_apply=NOW - 2 * DAY)), place())
        ],
        "one change not applied": [(outcome(plan([NEW])), place())],
        "a calendar that left": [(outcome(plan(warnings=(gone, Warn("missed", "another")))), place())],
        "errors in the files": [(outcome(code=3, problems=(BROKEN, BROKEN, WEAK)), place())],
        "an error": [(outcome(code=1, error=PublerSyncError("Publer is\ndown <now>")), place())],
    }
    found = {}
    for name, told in scenes.items():
        issue = drift.issue(told)
        assert issue is not None, name
        found[name] = f"{issue.title}\n\n{issue.text(60_000)}"
    agrees(HERE / "drift.md", found)


def test_what_github_is_asked_as_the_drift_goes_on(github: GitHub, hub: Hub) -> None:
    """An issue that is opened, commented on as something is new, left alone while nobody knows, and closed."""
    dead = Problem("warning", "link.dead", "https://a.example answers 404", Location("may.yaml", 3))
    gone = Warn("calendar_gone", "The calendar bank left the repository")
    asked = vary(STUCK, blocks=(Block.APPROVAL,), wanted=wanted(SOON, "Asked", id="asked"))
    checks: dict[str, tuple[CalendarOutcome, bool]] = {
        "nothing, and the list is incomplete": (outcome(plan()), True),
        "nothing": (outcome(plan()), False),
        "stuck": (outcome(plan([STUCK])), False),
        "stuck still": (outcome(plan([STUCK])), False),
        "two edits more": (
            outcome(plan([STUCK, DELETED, vary(DELETED, post=wanted(SOON, "Too", id="other"))])),
            False,
        ),
        "something not applied, a dead link and a calendar that left": (
            outcome(plan([STUCK, NEW], warnings=(gone,)), problems=(dead,)),
            False,
        ),
        "the same, and one post is not signed off yet": (
            outcome(plan([STUCK, NEW, asked], warnings=(gone,)), problems=(dead,)),
            False,
        ),
        "the same, and it publishes soon": (
            outcome(plan([STUCK, NEW, replace(asked, near=True)], warnings=(gone,)), problems=(dead,)),
            False,
        ),
        "nobody knows": (outcome(plan()), True),
        "an error": (outcome(code=1, error=PublerSyncError("down", code="network")), False),
        "errors in the files": (outcome(code=3), False),
        "all is well": (outcome(plan()), False),
    }
    found = {}
    for name, (done, unsure) in checks.items():
        hub.log.clear()
        comments = len(hub.comments)
        told, known = drift.keep_issue(
            github, ["calendar"], drift.issue([(done, place())]), "RUN", unsure=unsure
        )
        parts = [f"{told}; {len(known)} told before", *hub.writes()]
        parts += [str(each["body"]) for each in hub.comments[comments:]]
        found[name] = "\n\n".join(parts)
    agrees(HERE / "drift_goes_on.md", found)
    [issue] = hub.issues
    assert issue["state"] == "closed"


def test_what_came_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The page of a comment or a summary, the annotations, and the log."""
    failed = result(NEW, Outcome.FAILED, "Because", publer_said="No", hint="Try again")
    other = [result(STUCK, Outcome.NOT_TRIED), result(NEW, Outcome.WAITING), result(DELETED, Outcome.APPLIED)]
    refused = plan([NEW], refusals=(Refusal("deletes", 18, 10, "--allow-deletes 18"),))
    lost = plan(
        [NEW],
        refusals=(Refusal("account_lost", 1, 0, "--allow-twins", "An account is gone"),),
        warnings=(Warn("account_lost", "gone", command="publer-sync state mv --account a=b"),),
    )
    allowing = [
        Label("allow-deletes-1", Allow(deletes=1), "anna", counts=True),
        Label("allow-changes-20", Allow(changes=20), "anna", counts=True),
        Label("allow-deletes-20", Allow(deletes=20), None, counts=True),
        Label("allow-twins", Allow(twins=True), "ben", counts=False),
        *(
            Label(option.removeprefix("--"), Allow(**{field: True}), "anna", counts=True)
            for option, field in FLAGS.items()
        ),
    ]
    limit = SafetyLimitError("18 posts would be removed", code="refused_by_rail", hint="Run apply with --x")
    stale = StalePlanError("this is not the plan that was reviewed", code="reviewed", hint="Read it")
    nothing = Review(None, strict=False, hint="")
    seen: dict[str, Any] = {"pulls": {7: "a1"}, "merged": True}
    late = plan([vary(NEW, post=wanted(SOON + day * DAY, f"Post {day}")) for day in range(22)])
    waiting = Held(account=X, post=wanted(SOON, "Written in the hold"), reason="Storm")
    fork = replace(PULLED, pull=Pull(7, "a1", from_outside=True))
    scenes = {
        "a plan": (outcome(plan([NEW, STUCK, DELETED])), place()),
        "a plan with a preview": (outcome(plan([NEW])), place(previewed=True)),
        "a plan of a pull request": (outcome(refused), place(event=PULLED, pulls={7: "a1"})),
        "a plan that labels allow": (outcome(refused), place(event=PULLED, labels=tuple(allowing))),
        "a plan that the inputs allow": (
            outcome(plan([STUCK, DELETED])),
            place("", given=Allow(recreate=True, deletes=3)),
        ),
        "a plan in a hold": (outcome(plan([NEW, waiting])), place()),
        "a lost account": (outcome(lost), place()),
        "a plan that the limit refuses": (outcome(refused, code=4, error=limit), place(**seen)),
        "a limit whose fix is a command": (outcome(lost, code=4, error=limit), place(**seen)),
        "another error with its plan": (
            outcome(refused, code=1, error=PublerSyncError("down")),
            place(**seen),
        ),
        "a plan that nobody reviewed": (
            outcome(plan([NEW]), code=4, error=stale, since=nothing.compare(plan([NEW]))),
            place(**seen),
        ),
        "the same by a push without a pull request": (
            outcome(plan([NEW]), code=4, error=stale, since=nothing.compare(plan([NEW]))),
            place(merged=True),
        ),
        "a report": (outcome(report=report([failed, *other])), place(**seen)),
        "a report of two pull requests": (
            outcome(report=report([other[2]]), since=nothing.compare(plan([NEW]))),
            place(pulls={7: "a", 8: "b"}, merged=True, unread="GitHub says 502"),
        ),
        "a report that ended early": (
            outcome(code=1, report=report([failed], error=PublerSyncError("no answer", hint="Wait"))),
            place(),
        ),
        "a report, and GitHub did not tell the review": (
            outcome(
                report=report([failed]), since=replace(nothing, lost="GitHub says 502").compare(plan([NEW]))
            ),
            place(**seen),
        ),
        "a report, and no signed review": (
            outcome(report=report([failed]), since=replace(nothing, signed=True).compare(plan([NEW]))),
            place(**seen),
        ),
        "a report of more than was reviewed": (
            outcome(report=report([failed]), since=Review(frozenset({b"x" * 12}), False, "").compare(late)),
            place(**seen),
        ),
        "a report of less than was reviewed": (
            outcome(
                report=report([failed]),
                since=Review(frozenset({b"x" * 12, b"y" * 12}), False, "").compare(plan()),
            ),
            place(**seen),
        ),
        "a report of what was reviewed": (
            outcome(report=report([failed]), since=nothing.compare(plan())),
            place(**seen),
        ),
        "a removal that failed, of an account that the calendar does not name": (
            outcome(
                report=report(
                    [result(change(Action.DELETE, None, account=NAMELESS), Outcome.FAILED, "Because")]
                )
            ),
            place(),
        ),
        "nothing came of it": (outcome(code=1), place()),
        "results": (outcome(code=6, results=results(published("Out"))), place()),
        "errors": (outcome(code=3, problems=(BROKEN, WEAK)), place("a/b")),
        "errors that Publer found": (
            outcome(code=3, problems=(BROKEN,), error=CalendarError((BROKEN,), "1 error")),
            place(),
        ),
        "a fork's": (outcome(planned=False, problems=(WEAK,)), place(event=fork)),
        "errors in a pull request": (
            outcome(code=3, problems=(BROKEN,)),
            place(event=replace(fork, pull=Pull(7, "a1", from_outside=False))),
        ),
        "an error where the files were only checked": (
            outcome(code=1, planned=False, error=PublerSyncError("down")),
            place(),
        ),
        "checked in a pull request": (
            outcome(planned=False, problems=(WEAK,)),
            place(event=replace(fork, pull=Pull(7, "a1", from_outside=False))),
        ),
        "checked": (outcome(planned=False, problems=()), place(event=replace(fork, pull=None))),
        "an error": (outcome(code=1, error=PublerSyncError("down", hint="Wait")), place()),
        "an error without a hint": (outcome(code=1, error=PublerSyncError("down")), place()),
    }
    found = {}
    for name, (done, where) in scenes.items():
        annotate_done(done, where)
        annotations = capsys.readouterr().out
        found[name] = "\n".join(
            [page(done, where), "--- annotations", annotations, "--- log", log_text(done, where)]
        )
    agrees(HERE / "pages.md", found)

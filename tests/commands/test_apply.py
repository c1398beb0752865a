"""What apply asks, and what it says of a plan that it may not carry out."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.commands import apply
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.choice import Choice, Consent
from publer_sync.commands.running.shared import load
from publer_sync.ledger.runs import RunRecord
from publer_sync.machine.clock import Clock
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import SafetyLimitError
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.ledger.git_world import git
from tests.system.worlds import HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.report import ApplyReport
    from tests.system.worlds import World

NEW = Want("new", "x", T + 3 * HOUR, "New")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def test_somebody_is_asked_where_there_is_something_to_do_and_only_then(pair: SideBySide) -> None:
    ran = pair.run("apply", "acme", answer="no")
    assert (ran.code, ran.stdout.startswith("Nothing to do."), ran.stderr) == (0, True, "")
    pair.write(acme=[ONE, NEW])
    ran = pair.run("apply", "acme", answer="no")
    assert (ran.code, ran.stderr.startswith("This changes what is published: 1 new post.\n")) == (1, True), (
        ran
    )
    assert "publer-sync" not in ran.stdout, "the question comes next"
    ran = pair.run("apply", "acme", "bank", answer="no")
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (1, 1), ran


@each_of(
    ("words", "told"),
    [
        (["acme", "--allow-twins=neww"], 'no calendar here has the post "neww"\n  Did you mean new?\n'),
        (
            ["acme", "--allow-twins=x@2027-03-02"],
            'the post "x@2027-03-02"\n  Name a post by its id, or as ALIAS',
        ),
        (["plan.json"], 'error: "plan.json" is not a plan file\n'),
        (["plan.json", "--changed-since", "HEAD"], "error: --changed-since needs git"),
        (["plan.json", "--gone", "bank"], "error: --gone takes calendars, not a plan file\n"),
    ],
)
def test_what_apply_does_not_know_is_told_before_anything_is_sent(
    pair: SideBySide, words: list[str], told: str
) -> None:
    pair.write(acme=[ONE, NEW])
    (pair.world.home / "plan.json").write_text("{}", "utf-8")
    ran = pair.run("apply", *words, "--yes")
    assert (ran.code, told in ran.stderr, pair.world.writes()) == (64, True, []), ran


def test_an_apply_that_another_program_asks_for_raises_why_it_is_refused(
    pair: SideBySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the Action does."""
    for name, value in pair.world.environment.items():
        monkeypatch.setenv(name, value)
    top, plans = pair.top("acme"), []

    def make() -> ApplyReport:
        choice, consent, connections = (
            Choice(calendar=top),
            Consent.of(yes=True, trust=False),
            Connections(Publer),
        )
        report, _ = apply.make(
            load(top), choice, consent, timeout=9, review=plans.append, connections=connections
        )
        return report

    pair.write(acme=[NEW])
    assert [result.outcome for result in make().results] == [Outcome.APPLIED, Outcome.APPLIED]
    pair.write(acme=[])
    with pytest.raises(SafetyLimitError):
        make()
    assert (len(plans), pair.texts()) == (2, ["New", "Two"])


def test_a_plan_that_is_refused_is_shown_with_what_would_allow_it(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, in_git=True)
    for words in (("remote", "add", "origin", "nowhere"), ("add", "acme"), ("commit", "-qm", "one")):
        git(pair.world.home, *words)
    by_ann = RunRecord(Clock().now() - HOUR, "apply", "Ann", "a" * 40, {"acme": "b" * 40})
    pair.world.sandbox.remove(pair.world.find("One")["id"])
    pair.applied("acme", ONE, runs=(by_ann,))
    pair.write(acme=[ONE, NEW])
    allowing = "publer-sync apply acme --allow-older\n"
    ran = pair.run("apply", "acme", answer="no")
    assert (ran.code, f"  If you mean it: {allowing}" in ran.stdout, allowing in ran.stderr) == (
        1,
        True,
        True,
    )
    ran = pair.run("apply", "acme", "--allow-older", answer="no")
    assert ran.stdout.endswith("misses its time.\n"), ran
    assert (ran.code, "would refuse" in ran.stdout, "publer-sync" in ran.stdout) == (1, False, False), ran


def test_what_is_another_plan_once_posts_have_moved_is_shown_and_asked_about_again(
    empty_world: World,
) -> None:
    """A colleague removes a post between the plan and its first write."""
    pair = SideBySide.in_place(empty_world, in_git=True)
    sandbox, left = pair.world.sandbox, [pair.world.find("Two")["id"]]
    pair.write(acme=[], bank=[TWO, ONE, NEW])
    git(pair.world.home, "add", "acme", "bank")
    git(pair.world.home, "commit", "-qm", "one moves")
    ran = pair.run("apply", "bank", answer="yes", meanwhile=lambda: left and sandbox.remove(left.pop()))
    assert (ran.code, pair.texts()) == (6, ["New", "One"]), ran
    questions = [line for line in ran.stderr.splitlines() if "This changes" in line]
    assert [each.partition(": ")[2] for each in questions] == [
        "1 new post.",
        "1 new post. Skipped: 1 missing post.",
    ]
    assert [line for line in ran.stdout.splitlines() if line.startswith("1 new post")] == [
        "1 new post.  2 unchanged.",
        "1 new post, 1 missing.  1 unchanged.",
    ]


def test_a_calendar_without_changes_is_planned_again_only_where_its_ledger_changed(pair: SideBySide) -> None:
    asked = pair.world.sandbox.requests
    asked.clear()
    assert pair.run("apply", "acme", "bank", "--yes").code == 0
    assert [request.path for request in asked].count("/posts") == 3, "one more, to learn what a page holds"

    def meanwhile() -> None:
        pair.write(acme=[ONE, NEW])
        assert pair.run("apply", "acme", "--yes").code == 0

    pair.write(bank=[TWO, Want("more", "x", T + 5 * HOUR, "More")])
    ran = pair.run("apply", "acme", "bank", answer="yes", meanwhile=meanwhile)
    assert (ran.code, "acme  the plan is out of date" in ran.stdout) == (5, True), ran
    [plan] = pair.json("plan", "acme")
    assert plan["summary"]["unchanged"] == 2


def test_each_of_several_waits_for_the_lock_in_its_turn(pair: SideBySide) -> None:
    pair.write(acme=[ONE, NEW])
    with ExitStack() as stack:
        lock = pair.store("acme").lock(1)
        words = ("apply", "acme", "bank", "--timeout", "0")
        ran = pair.run(*words, answer="yes", meanwhile=lambda: stack.enter_context(lock))
    assert (ran.code, pair.texts()) == (1, ["One", "Two"]), ran
    assert "acme  another apply is running: " in ran.stdout

"""What apply asks, and what comes between its plan and its turn."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import apply
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.session import NOT_YET, PlannedCalendar, Session
from publer_sync.commands.running import carrying_out
from publer_sync.commands.running.choice import Choice, Consent
from publer_sync.commands.running.shared import load
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.repositories import Repositories
from publer_sync.planning.plan import Action
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import HoldBegan, SafetyLimitError
from tests.builders import NOW, SOON, change, ledger, plan, wanted
from tests.commands.reached import stand_in
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.ledger.git_world import git
from tests.system.worlds import HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.system.worlds import World

NEW = Want("new", "x", T + 3 * HOUR, "New")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


@each_of(
    ("words", "told"),
    [
        (["acme", "--allow-twins=neww"], 'no calendar here has the post "neww"\n  Did you mean new?\n'),
        (
            ["acme", "--allow-twins=zzz"],
            'the post "zzz"\n  Name a post by its id, or as ALIAS',
        ),
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


def test_nobody_is_asked_about_nothing_and_a_program_is_told_why_its_apply_is_refused(
    pair: SideBySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the Action does."""
    for name, value in pair.world.environment.items():
        monkeypatch.setenv(name, value)
    ran = pair.run("apply", "acme", answer="no")
    assert (ran.code, ran.stdout.startswith("Nothing to do."), ran.stderr) == (0, True, ""), "nobody is asked"
    pair.write(acme=[])
    plans: list[Any] = []
    calendar, choice = load(pair.top("acme")), Choice(calendar=pair.top("acme"))
    consent, connections = Consent.of(yes=True, trust=False), Connections(Publer)
    with pytest.raises(SafetyLimitError):
        apply.make(calendar, choice, consent, timeout=9, review=plans.append, connections=connections)
    assert (len(plans), pair.texts()) == (1, ["One", "Two"])


def test_what_is_another_plan_once_posts_have_moved_is_shown_and_asked_about_again(
    empty_world: World,
) -> None:
    """A colleague removes a post between the plan and its first write."""
    pair = SideBySide.in_place(empty_world, in_git=True)
    sandbox, left = pair.world.sandbox, [pair.world.find("Two")["id"]]
    pair.write(acme=[], bank=[TWO, ONE, NEW])
    git(pair.world.home, "add", "acme", "bank")
    git(pair.world.home, "commit", "-qm", "one moves")

    def meanwhile() -> None:
        if left:
            sandbox.remove(left.pop())

    ran = pair.run("apply", "bank", answer="yes", meanwhile=meanwhile)
    assert (ran.code, pair.texts()) == (6, ["New", "One"]), ran
    questions = [line for line in ran.stderr.splitlines() if "This changes" in line]
    assert [each.partition(": ")[2] for each in questions] == [
        "1 new post.",
        "1 new post. Skipped: 1 missing post.",
    ]
    assert ran.stdout.count(" To create it again: publer-sync apply bank --allow-recreate=two\n") == 2
    assert "To apply it" not in ran.stdout
    assert [line for line in ran.stdout.splitlines() if line.startswith("1 new post")] == [
        "1 new post.  2 unchanged.",
        "1 new post, 1 missing.  1 unchanged.",
    ]


def test_in_its_turn_each_of_several_has_the_ledger_of_that_moment_and_its_lock(pair: SideBySide) -> None:
    pair.write(bank=[TWO, Want("more", "x", T + 5 * HOUR, "More")])
    with ExitStack() as stack:

        def meanwhile() -> None:
            pair.write(acme=[ONE, NEW])
            assert pair.run("apply", "acme", "--yes").code == 0
            stack.enter_context(pair.store("bank").lock(1))

        ran = pair.run("apply", "acme", "bank", "--timeout", "0", answer="yes", meanwhile=meanwhile)
    assert (ran.code, pair.texts(), ran.stderr.count("Type yes")) == (1, ["New", "One", "Two"], 1), ran
    assert "\nacme  the plan is out of date: " in ran.stdout, "without the new post, which its ledger has"
    assert "\nbank  another apply is running: " in ran.stdout


def test_what_an_earlier_apply_left_is_applied_with_what_changed_but_in_no_rehearsal(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world, in_git=True)
    pair.write(acme=[ONE, NEW])
    git(pair.world.home, "add", "acme", "bank")
    git(pair.world.home, "commit", "-qm", "new")
    words = ("apply", "acme", "bank", "--changed-since", "HEAD", "--yes")
    ran = pair.run(*words, "--sandbox")
    assert (ran.code, ran.stdout) == (0, "No calendar has changed.\n"), ran
    assert (pair.run(*words).code, pair.texts()) == (0, ["New", "One", "Two"])


def test_of_several_calendars_the_ledger_is_fetched_anew_before_the_question(pair: SideBySide) -> None:
    """Others may have pushed while all of them were planned."""
    pair.write(acme=[ONE, NEW])
    with mock.patch.object(Repositories, "expire") as fetches:
        ran = pair.run("apply", "acme", "bank", answer="no")
    assert (ran.code, fetches.call_count) == (1, 1), ran


REST = plan([change(Action.CREATE, wanted(SOON, "Hello", id="hello"))])


@each_of(
    ("style", "yes", "shown"), [("text", False, 1), ("text", True, 0), ("json", False, 0), ("json", True, 0)]
)
def test_what_is_left_is_reviewed_held_against_the_limits_and_shown_to_whoever_is_asked(
    monkeypatch: pytest.MonkeyPatch, style: str, yes: bool, shown: int
) -> None:
    """And nothing goes on past a hold that began meanwhile."""
    carried, held = mock.Mock(), replace(ledger(), holds=(Hold("Storm", NOW),))
    access = stand_in(state=lambda **_: held, calendar=stand_in(gone=None))
    session: Any = stand_in(access=access, choice=Choice(), stay="")
    out, review, limits, confirm, said = (mock.Mock() for _ in range(5))
    for name, stub in (("out", out), ("check_limits", limits), ("confirm", confirm), ("say", said)):
        monkeypatch.setattr(apply, name, stub)
    monkeypatch.setattr(apply, "big_effort", lambda *_: "It takes 9 minutes.")
    monkeypatch.setattr(carrying_out, "carry_out", carried)
    monkeypatch.setattr(apply.Applying, "proposal", lambda *_: stand_in(text="the plan"))
    work = apply.Applying(
        Consent.of(yes=yes, trust=False), Connections(Publer), mock.Mock(), style, review=review
    )
    seen: Any = None
    work.carry_out(PlannedCalendar(session, ledger(), seen, plan()))
    *_, judge, again = carried.call_args.args
    with pytest.raises(HoldBegan, match="Storm"):
        again()
    judge(REST, "1 post is out.")
    assert ([each.args for each in review.call_args_list], limits.call_args.args[1]) == ([(REST,)], REST)
    assert out.call_count == shown
    assert (confirm.called, said.call_args_list) == (not yes, [mock.call("It takes 9 minutes.")] * yes)


@each_of(
    ("gone", "told"),
    [
        ([None], ""),
        (["bank"], ""),
        ([None, None], ""),
        (["bank", "news"], ""),
        ([None, "bank"], "This also applies calendar. "),
    ],
)
def test_what_is_applied_beside_calendars_that_left_is_named(gone: list[str | None], told: str) -> None:
    planned: list[Any] = [
        stand_in(plan=plan(), session=stand_in(access=stand_in(calendar=stand_in(gone=each))))
        for each in gone
    ]
    assert apply._beside_gone(planned) == told


@each_of(
    ("stay", "moved", "exchanged", "reviewed"),
    [("", plan(), True, 0), ("", REST, True, 1), (NOT_YET, REST, False, 0)],
)
def test_posts_move_once_and_only_another_plan_is_agreed_to_again(
    monkeypatch: pytest.MonkeyPatch, stay: str, moved: Any, exchanged: bool, reviewed: int
) -> None:
    access = stand_in(state=lambda **_: ledger(), calendar=stand_in(gone=None))
    seen: Any = None
    session = Session[Any](access, Choice(), (), None, stay=stay)
    exchange, review = mock.Mock(return_value=()), mock.Mock()
    monkeypatch.setattr(apply, "exchange", exchange)
    monkeypatch.setattr(apply, "check_limits", mock.Mock())
    monkeypatch.setattr(carrying_out, "carry_out", mock.Mock())
    monkeypatch.setattr(carrying_out, "prepare", lambda here, *_: PlannedCalendar(here, None, seen, moved))
    work = apply.Applying(
        Consent.of(yes=True, trust=False), Connections(Publer), mock.Mock(), "json", review=review
    )
    moves: Any = ("one",)
    work.carry_out(PlannedCalendar(session, ledger(), seen, replace(plan(), moves=moves)))
    assert (exchange.called, review.call_count) == (exchanged, reviewed)

"""Mutants are the same for the same seed, each can be read by Python, and tests notice one that takes a guard away."""

from __future__ import annotations

import ast
import gc

import pytest

from publer_sync.machine.durable import shortened
from tests.conftest import EVERY, ROOT
from tests.forked import _functions, _late, killers, tree
from tests.mutants import UNNOTICED, Copy, Fate, Mutant, drawn, main, modules_of, mutants_of, unnoticed

SOURCE = b"""from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

LATE = timedelta(minutes=1)


def may(post, now):
    note(post)
    if not post.live and post.at <= now:
        return True
    return [each for each in post.copies if each.end is None]
"""


def test_each_kind_of_change_is_drawn_from_and_what_only_types_need_is_not() -> None:
    found = {(mutant.before, mutant.after) for mutant in mutants_of("a.py", SOURCE)}
    assert found == {
        ("timedelta(minutes=1)", "timedelta(minutes=60 * (1))"),
        ("note(post)", "pass"),
        ("not post.live and post.at <= now", "False"),
        ("not post.live and post.at <= now", "True"),
        ("not post.live and post.at <= now", "(not post.live)"),
        ("not post.live and post.at <= now", "((post.at <= now))"),
        ("not post.live", "bool(post.live)"),
        ("post.at <= now", "post.at < now"),
        ("each.end is None", "True"),
        ("each.end is None", "each.end is not None"),
    }


@pytest.mark.slow
def test_every_mutant_of_a_room_can_be_read_and_is_another_program() -> None:
    for path in modules_of(["holding"]):
        source = (ROOT / path).read_bytes()
        before = ast.dump(ast.parse(source))
        for mutant in mutants_of(path, source):
            assert ast.dump(ast.parse(mutant.applied(source))) != before, mutant


def test_the_same_seed_draws_the_same_and_another_one_does_not() -> None:
    once, again, other = (drawn(["holding"], seed=seed, count=5) for seed in (1, 1, 2))
    assert once == again != other
    assert len(once) == 5


@pytest.mark.slow
def test_what_nobody_can_notice_is_listed_with_a_reason_and_is_still_there() -> None:
    known = unnoticed(UNNOTICED.read_text(encoding="utf-8").splitlines())
    assert all(known.values())
    paths = {key.partition(":")[0] for key in known}
    there = {mutant.key for path in paths for mutant in mutants_of(path, (ROOT / path).read_bytes())}
    assert known.keys() <= there


@pytest.mark.slow
@pytest.mark.skipif(
    not EVERY, reason="runs all quick tests of a room twice: every night (PUBLER_SYNC_EVERY=1)"
)
def test_the_quick_tests_of_a_room_notice_a_guard_that_is_gone_and_nothing_else_is_changed() -> None:
    [guard] = [
        mutant
        for mutant in mutants_of(
            "publer_sync/holding/scope.py", (ROOT / "publer_sync/holding/scope.py").read_bytes()
        )
        if mutant.before.startswith("copy.account in account_ids") and mutant.after == "True"
    ]
    with tree() as top:
        copy = Copy(top)
        before = (top / guard.path).read_bytes()
        assert copy.judge(guard) is Fate.KILLED
        same = Mutant(guard.path, guard.line, guard.start, guard.end, guard.before, guard.before)
        assert copy.judge(same) is Fate.SURVIVED
        assert (top / guard.path).read_bytes() == before
    assert not top.exists()


@pytest.mark.slow
def test_a_copy_of_the_tree_is_no_repository() -> None:
    with tree() as top:
        assert (top / "README.md").read_bytes() == (ROOT / "README.md").read_bytes()
        assert not (top / ".git").exists()


@pytest.mark.slow
def test_forks_name_the_test_that_fails_without_a_guard() -> None:
    path = "publer_sync/holding/report.py"
    source = (ROOT / path).read_bytes()
    [guard] = [
        mutant
        for mutant in mutants_of(path, source)
        if (mutant.before, mutant.after) == ("self.left_publer", "True")
    ]
    same = Mutant(guard.path, guard.line, guard.start, guard.end, guard.before, guard.before)
    wild = Mutant(guard.path, guard.line, guard.start, guard.end, guard.before, "open('lost', 'w')")
    file = "tests/holding/test_report.py"
    gone, whole, written = killers("holding", [each.asked() for each in (guard, same, wild)], [file])
    assert (gone or "").startswith(f"{file}::test_")
    assert whole is None
    assert written
    assert not (ROOT / "lost").exists(), "what a changed program writes is in a copy"


@pytest.mark.slow
def test_a_module_that_only_a_test_loads_is_changed_like_any_other() -> None:
    names = {each.__qualname__ for each in _late("publer_sync/calendar/shape/wording.py")}
    assert "folding" in names or any(name.endswith("_unknown_keys") for name in names)


@pytest.mark.slow
def test_functions_that_no_collection_of_garbage_goes_through_are_changed_like_any_other() -> None:
    gc.freeze()  # as tests/conftest.py does once all tests are read
    assert shortened in _functions()


def test_a_room_that_is_not_there_has_no_mutants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere"]) == 0
    assert "100 of 100 noticed" in capsys.readouterr().out

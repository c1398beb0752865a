"""What each option of apply lets through, and nothing else."""

from __future__ import annotations

from typing import Any

from publer_sync.planning.allow import FLAGS, Allow
from publer_sync.planning.notes import Refusal
from publer_sync.planning.plan import Action, Block, Held
from tests.builders import SOON, X, change, copy_of, shown, wanted
from tests.tables import each_of

POST = wanted(SOON)
OPTIONS = {
    Block.FREEZE: "frozen",
    Block.TWIN: "twins",
    Block.UNSEEN: "twins",
    Block.EDITED: "edits",
    Block.OLDER: "older",
}


@each_of("block", Block)
@each_of("flag", FLAGS.values())
def test_a_block_is_lifted_by_its_own_option_alone(block: Block, flag: str) -> None:
    blocked = change(Action.BLOCKED, POST, blocks=(block,), would=Action.UPDATE)
    allow = Allow(**{flag: True})
    assert allow.passes(blocked) is (OPTIONS.get(block) == flag)
    both = change(Action.BLOCKED, POST, blocks=(block, Block.LEAD), would=Action.UPDATE)
    assert not allow.passes(both)


@each_of(
    ("action", "passes"),
    [
        (Action.CREATE, True),
        (Action.UPDATE, True),
        (Action.REPLACE, True),
        (Action.DELETE, True),
        (Action.RECREATE, False),
        (Action.ADOPT, False),
        (Action.UNCHANGED, False),
        (Action.PAST, False),
        (Action.PENDING, False),
    ],
)
def test_only_what_takes_requests_is_tried_and_what_someone_deleted_by_its_option(
    action: Action, passes: bool
) -> None:
    one = change(action, POST)
    assert Allow().attempt(one) == (one if passes else None)
    tried = passes or action is Action.RECREATE
    assert Allow(recreate=True).attempt(one) == (one if tried else None)
    if tried:
        blocked = change(Action.BLOCKED, POST, blocks=(Block.TWIN,), would=action)
        assert Allow(twins=True, recreate=True).attempt(blocked) == blocked.would


def test_what_a_hold_keeps_out_is_tried_where_publer_has_it() -> None:
    listed = Held(account=X, copy=copy_of(POST), live=shown(SOON), reason="a storm")
    assert Allow().attempt(listed) == listed
    assert Allow().attempt(Held(account=X, copy=copy_of(POST), reason="a storm")) is None


@each_of(
    ("code", "allow", "covered"),
    [
        ("deletes", {}, False),
        ("deletes", {"deletes": 11}, False),
        ("deletes", {"deletes": 12}, True),
        ("deletes", {"changes": 12, "older": True}, False),
        ("changes", {"changes": 12}, True),
        ("changes", {"changes": 11}, False),
        ("changes", {"deletes": 12}, False),
        ("older_files", {"older": True}, True),
        ("older_unknown", {"older": True}, True),
        ("older_files", {"deletes": 12, "changes": 12}, False),
    ],
)
def test_a_safety_limit_is_lifted_as_far_as_its_number_goes(
    code: str, allow: dict[str, Any], covered: bool
) -> None:
    assert Allow(**allow).covers(Refusal(code, 12, 10, "")) is covered


def test_options_add_up() -> None:
    both = Allow(deletes=5, twins=True) | Allow(deletes=3, changes=7, older=True)
    assert both == Allow(deletes=5, changes=7, twins=True, older=True)
    assert both.given == ("--allow-deletes 5", "--allow-changes 7", "--allow-older", "--allow-twins")

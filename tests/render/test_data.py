"""Plans and reports as the documented JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import cycle
from typing import Any

from publer_sync.applying.report import Outcome, Remark
from publer_sync.ledger.hold import Hold
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Block, FieldChange, Held
from publer_sync.render import data
from publer_sync.values.errors import StateError
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    NOW,
    X,
    at,
    blocked,
    change,
    copy_of,
    everything,
    live,
    plan,
    post,
    report,
    result,
    vary,
)
from tests.schemas import conforms

ACCOUNT = {"id": "a-x", "alias": "x", "name": "Fjordlight", "provider": "twitter"}


OPTIONS: data.OptionsData = {
    "calendar": "calendar",
    "state": None,
    "accounts": ["x"],
    "from": None,
    "to": None,
    "sandbox": False,
    "sandbox_file": None,
    "now": None,
    "first": False,
}


def test_a_plan_has_the_documented_keys_in_their_order() -> None:
    made = plan(
        [
            change(
                Action.CREATE,
                post("12-01 09:00", "Hi", id="hi"),
                reason="new in the calendar",
                diff=(
                    FieldChange("text", None, "Hi"),
                    FieldChange("share", None, {"after": "1d"}, blind=True),
                ),
            ),
            change(Action.UNCHANGED, post("12-02 09:00", "b")),
        ],
        unmanaged=2,
        last_apply=NOW.replace(microsecond=5),
        apply_by=at("12-01 08:58"),
        refusals=[Refusal("deletes", 18, 10, "--allow-deletes 18")],
        warnings=[Warn("w", "look", Location("a.yaml", 1)), Warn("no_state", "none")],
    )
    expected = {
        "format_version": 1,
        "tool_version": "1.2",
        "created_at": "2026-11-24T13:20:00Z",
        "last_apply": "2026-11-24T13:20:00Z",
        "last_good_apply": None,
        "calendar": "calendar",
        "workspace": {"id": "w-1", "name": "Fjordlight"},
        "apply_by": "2026-12-01T07:58:00Z",
        "requests": 8,
        "seconds": 43,
        "summary": {
            "create": 1,
            "update": 0,
            "replace": 0,
            "delete": 0,
            "recreate": 0,
            "adopt": 0,
            "unchanged": 1,
            "past": 0,
            "missed": 0,
            "pending": 0,
            "waiting": 0,
            "blocked": 0,
            "held": 0,
            "foreign": 2,
        },
        "changes": [
            {
                "action": "create",
                "code": None,
                "would": None,
                "id": "hi",
                "account": ACCOUNT,
                "scheduled_at": "2026-12-01T08:00:00Z",
                "post_id": None,
                "reason": "new in the calendar",
                "source": {"file": "2026-12.yaml", "line": 3},
                "content": "35c00c7e9fa51219dfde3b1c0fc5e04b",
                "text": None,
                "diff": [
                    {"field": "text", "before": None, "after": "Hi"},
                    {"field": "share", "before": None, "after": {"after": "1d"}, "blind": True},
                ],
            }
        ],
        "missed": [],
        "refusals": [{"code": "deletes", "count": 18, "limit": 10, "allow": "--allow-deletes 18"}],
        "holds": [],
        "warnings": [
            {"code": "w", "message": "look", "source": {"file": "a.yaml", "line": 1}},
            {"code": "no_state", "message": "none", "source": None},
        ],
        "options": OPTIONS,
    }
    shown = data.plan(made, version="1.2", options=OPTIONS)
    for_people = shown.pop("shown")
    assert list(for_people) == ["alarms", "notes", "posts", "accounts", "names"]
    assert json.dumps(shown) == json.dumps(expected)
    assert list(data.plan(made, version="1.2")) == list(expected)[:-1]


def test_a_plan_lists_every_change_but_the_silent_ones() -> None:
    shown = data.plan(everything(), version="1")
    assert [item["action"] for item in shown["changes"]] == [str(c.action) for c in everything().listed]
    assert shown["apply_by"] == "2026-12-01T07:58:00Z"
    assert shown["last_apply"] is None
    json.dumps(shown)


def test_whatever_a_plan_and_a_report_can_hold_is_in_their_schemas() -> None:
    hold = Hold("Accident in town", NOW, ("a-x",), ("sale",), NOW, NOW + DAY, settings=True)
    refusals = [Refusal(code, 18, 10, "--allow-it") for code in ("deletes", "changes", "empty")]
    refusals.append(Refusal("older_files", 1, 0, "--allow-older", "It is not in this checkout"))
    kept = post("12-16 09:00")
    held = Held(account=X, post=kept, live=live("12-16 09:00"), reason="on hold")
    others = [
        vary(blocked()[0], blocks=(block,))
        for block in (
            Block.LISTING,
            Block.NAME,
            Block.ELSEWHERE,
            Block.OLDER,
            Block.UNREAD,
            Block.HANDED_ON,
            Block.UNSEEN,
            Block.APPROVAL,
        )
    ]
    made = replace(
        everything(),
        changes=(*everything().changes, held, *others),
        last_apply=NOW,
        refusals=(*refusals,),
        holds=(hold, Hold("", NOW)),
    )
    shown: Any = data.plan(made, version="1")
    conforms(shown, "plan")
    assert {item["action"] for item in shown["changes"]} >= {"held", "recreate", "adopt", "delete"}
    assert {item["code"] for item in shown["changes"]} == {*map(str, Block), None}
    assert [each.get("message") for each in shown["refusals"]][2:] == [None, "It is not in this checkout"]
    results = [
        result(each, outcome, "why", hint="do", payload={"text": "a"}, publer_said="No.")
        for each, outcome in zip(made.listed, cycle(Outcome), strict=False)
    ]
    remarks = (Remark("About nobody"), Remark("About one", X))
    told: Any = data.report(report(results, remarks=remarks, error=StateError("the branch moved")))
    conforms(told, "apply")
    assert {each["outcome"] for each in told["results"]} == {*map(str, Outcome)}


def test_a_blocked_change_has_its_first_reason_and_what_it_would_be() -> None:
    one = vary(blocked()[6], blocks=(Block.EDITED, Block.FREEZE))
    (shown,) = data.changes(plan([one]))
    assert isinstance(shown, dict)
    assert (shown["action"], shown["code"], shown["would"], shown["post_id"]) == (
        "blocked",
        "edited",
        "update",
        "p-8",
    )


def test_a_post_that_left_the_calendar_has_no_source() -> None:
    gone = change(Action.DELETE, None, live=live("12-01 09:00"))
    ledger = change(Action.DELETE, None, live=live("12-01 09:00", id="p-3"))
    shown = data.changes(plan([gone, ledger]))
    assert [(item["source"], item["post_id"]) for item in shown if isinstance(item, dict)] == [
        (None, "p-1"),
        (None, "p-3"),
    ]


def test_a_report_has_the_documented_keys_in_their_order() -> None:
    wanted = change(Action.CREATE, post("12-01 09:00", "Hi"))
    held = blocked()[4]
    shown = data.report(
        report(
            [
                result(wanted, Outcome.FAILED, "No\nway", hint="mend it", payload={"text": "Hi"}),
                result(wanted, Outcome.APPLIED, post_id="p-1"),
                result(held, Outcome.NOT_TRIED),
            ]
        )
    )
    first = {
        "action": "create",
        "id": None,
        "account": ACCOUNT,
        "scheduled_at": "2026-12-01T08:00:00Z",
        "outcome": "failed",
        "message": "No\nway",
        "post_id": None,
        "source": {"file": "2026-12.yaml", "line": 3},
        "code": None,
        "would": None,
        "hint": "mend it",
        "publer_said": None,
        "payload": {"text": "Hi"},
    }
    done = {**first, "outcome": "applied", "message": None, "post_id": "p-1", "hint": None}
    done.pop("payload")
    skipped = {
        **done,
        "action": "blocked",
        "outcome": "not_tried",
        "post_id": None,
        "code": "slot",
        "would": "create",
        "scheduled_at": "2026-12-24T09:00:00Z",
        "source": {"file": "2026-12-advent.yaml", "line": 24},
    }
    waiting = result(wanted, Outcome.WAITING)
    waits = data.report(report([replace(waiting, page=True), replace(waiting, asks=True), waiting]))
    assert [each["code"] for each in waits["results"]] == ["page", "approval", None]
    expected = {
        "format_version": 1,
        "summary": {
            "applied": 1,
            "waiting": 0,
            "failed": 1,
            "unverified": 0,
            "not_tried": 1,
            "unchanged": 50,
        },
        "results": [first, done, skipped],
        "warnings": [],
        "requests": 14,
    }
    assert json.dumps(shown) == json.dumps(expected)


def test_a_report_of_a_run_that_ended_early_says_why() -> None:
    shown = data.report(report([], error=StateError("the branch moved", code="state.other")))
    assert shown["error"] == {"code": "state.other", "message": "the branch moved"}


def test_the_account_is_the_one_of_the_change() -> None:
    (shown,) = data.changes(
        plan([change(Action.DELETE, None, account=replace(X, alias=None), live=live("12-01 09:00"))])
    )
    assert isinstance(shown, dict)
    assert shown["account"] == {**ACCOUNT, "alias": None}


def test_what_left_the_calendar_is_told_in_the_words_that_publer_has_or_was_sent() -> None:
    copy = copy_of(post("12-01 09:00", "As sent"))
    for shown, words in ((live("12-01 09:00", "As shown"), "As shown"), (None, "As sent")):
        told = data.change_data(change(Action.UNCHANGED, None, live=shown, copy=copy))
        assert told["text"] == words


def test_publers_sentence_has_a_key_of_its_own() -> None:
    one = change(Action.CREATE, post("12-01 09:00", "Hi"))
    told: Any = data.report(
        report(
            [result(one, Outcome.FAILED, "put back", publer_said="Not today."), result(one, Outcome.APPLIED)]
        )
    )["results"]
    assert [(each["message"], each["publer_said"]) for each in told] == [
        ("put back", "Not today."),
        (None, None),
    ]

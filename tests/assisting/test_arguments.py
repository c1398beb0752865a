"""Arguments as assistants really write them."""

from __future__ import annotations

from typing import Any

import pytest

from publer_sync.assisting.arguments import checked
from publer_sync.assisting.tools import TOOLS
from publer_sync.values.errors import UsageError
from tests.tables import each_of

PLAN = next(tool for tool in TOOLS if tool.name == "plan")
COUNT = next(tool for tool in TOOLS if tool.name == "count")


@each_of(
    ("given", "meant"),
    [
        ({"account": "x"}, {"account": ["x"]}),
        ({"account": '["x", "linkedin"]'}, {"account": ["x", "linkedin"]}),
        ({"limit": "20"}, {"limit": 20}),
        ({"from": None, "account": []}, {"account": []}),
    ],
)
def test_what_is_clearly_meant_is_taken(given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert checked(given, PLAN.properties, PLAN.required) == meant


@each_of(
    "given, said",
    [
        ({"offset": -1}, '"offset" is at least 0, not -1'),
        ({"limit": 0}, '"limit" is between 1 and 200, not 0'),
        ({"limit": 201}, '"limit" is between 1 and 200, not 201'),
        ({"limit": "many"}, '"limit" is a whole number'),
    ],
)
def test_what_is_refused_says_what_can_be_given(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked(given, PLAN.properties, PLAN.required)
    assert refused.value.message.startswith(said)


@each_of("text", ["20", "true", "null", '["x"]', ""])
def test_a_string_stays_a_string(text: str) -> None:
    assert checked({"text": text}, COUNT.properties, COUNT.required) == {"text": text}


@each_of(
    "given",
    [
        {"account": {"x": True}},
        {"account": "[1]"},
        {"limit": True},
        {"limit": 1.5},
        {"limit": "many"},
        {"limit": 0},
        {"limit": 10**6},
        {"calendar": ["calendar"]},
        {"calendar": 3},
    ],
)
def test_anything_else_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        checked(given, PLAN.properties, PLAN.required)

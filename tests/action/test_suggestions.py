"""Which fixes become suggestions, and on which lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.action import suggestions
from publer_sync.action.inputs import Pull
from publer_sync.values.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub
    from tests.github.hub import Hub

PATCH = "@@ -1,2 +1,3 @@\n posts:\n-- at: x\n+- at: y\n+  text: a"
PULL = Pull(7, "abc", from_outside=False)


def problem(text: str = "- at: z", line: int = 2) -> Problem:
    return Problem("error", "c", "a <b> @all", Location("may.yaml", line), fix=Fix(line, line, text))


def test_the_lines_that_a_diff_shows() -> None:
    assert suggestions.right_side({"patch": PATCH}) == {1: "posts:", 2: "- at: y", 3: "  text: a"}
    assert suggestions.right_side({}) == {}


@pytest.mark.parametrize(
    ("line", "lines", "posted"),
    [
        (2, ["posts:", "- at: y", "  text: a"], 1),
        (2, ["posts:", "- at: other", "  text: a"], 0),
        (9, ["x"] * 9, 0),
    ],
)
def test_only_what_the_diff_shows_as_it_was_judged(
    hub: Hub, github: GitHub, line: int, lines: list[str], posted: int
) -> None:
    hub.files = [{"filename": "calendar/may.yaml", "patch": PATCH}]
    new = suggestions.suggest(github, PULL, [problem(line=line)], prefix="calendar", lines=lambda _: lines)
    assert (new, len(hub.review)) == (posted, posted)


def test_settings_that_calendars_share_get_no_suggestion_from_each(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    outside = replace(problem(), location=Location("../may.yaml", 2))
    lines = ["posts:", "- at: y", "  text: a"]
    assert suggestions.suggest(github, PULL, [outside], prefix="acme", lines=lambda _: lines) == 0


def test_only_a_fix_with_a_place_is_suggested_and_ten_at_a_time(hub: Hub, github: GitHub) -> None:
    lines = [f"- at: {number}" for number in range(12)]
    hub.files = [
        {"filename": "may.yaml", "patch": "@@ -0,0 +1,12 @@\n" + "\n".join(f"+{line}" for line in lines)}
    ]
    bare = [replace(problem(), location=None), replace(problem(), fix=None)]
    bare += [replace(problem(), fix=Fix(2, 1, "of no line"))]
    assert suggestions.suggest(github, PULL, bare, prefix="", lines=lambda _: lines) == 0
    every = [problem(text=f"- at: x{line}", line=line) for line in range(1, 13)]
    assert suggestions.suggest(github, PULL, every, prefix="", lines=lambda _: lines) == 10
    assert suggestions.suggest(github, PULL, every, prefix="", lines=lambda _: lines) == 2
    assert {each["line"] for each in hub.review} == {*range(1, 13)}


def test_a_fix_names_its_first_line_beside_its_last_only_where_it_has_several(
    hub: Hub, github: GitHub
) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    several = Problem("error", "c", "m", Location("may.yaml", 2), fix=Fix(2, 3, "- at: z\n  text: a"))
    suggestions.suggest(github, PULL, [several], prefix="", lines=lambda _: lines)
    [made] = hub.review
    assert (made["start_line"], made["start_side"], made["line"], made["side"]) == (2, "RIGHT", 3, "RIGHT")
    assert (made["path"], made["commit_id"]) == ("may.yaml", "abc")
    suggestions.suggest(github, PULL, [problem()], prefix="", lines=lambda _: lines)
    [one] = [each for each in hub.review if each is not made]
    assert (one["line"], "start_line" in one, "start_side" in one) == (2, False, False)


def test_suggestions_of_other_calendars_and_of_other_people_stay(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "a/may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    suggestions.suggest(github, PULL, [problem()], prefix="a", lines=lambda _: lines)
    [own] = hub.review
    hub.review.append({**own, "id": 900, "path": "b/may.yaml"})
    hub.review.append({**own, "id": 901, "user": {"login": "mallory"}})
    hub.review.append({**own, "id": 902, "body": "no mark"})
    hub.review.append({**own, "id": 903, "body": None})
    suggestions.suggest(github, PULL, [], prefix="a", lines=lambda _: lines)
    assert [each["id"] for each in hub.review] == [900, 901, 902, 903]


def test_a_suggestion_cannot_end_its_own_block(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    suggestions.suggest(github, PULL, [problem("- ```\n# @all")], prefix="", lines=lambda _: lines)
    body = hub.review[0]["body"]
    assert "````suggestion\n- ```\n# @all\n````" in body
    assert "A &lt;b&gt; @\u2060all." in body


def test_a_suggestion_that_was_answered_stays(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    suggestions.suggest(github, PULL, [problem()], prefix="", lines=lambda _: lines)
    hub.review.append(
        {"id": 9, "in_reply_to_id": hub.review[0]["id"], "body": "no", "user": {"type": "User"}}
    )
    suggestions.suggest(github, PULL, [], prefix="", lines=lambda _: lines)
    assert len(hub.review) == 2


def test_a_suggestion_that_nothing_asks_for_any_more_is_gone(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    for problems, left in (([problem()], 1), ([problem()], 1), ([], 0)):
        suggestions.suggest(github, PULL, problems, prefix="", lines=lambda _: lines)
        assert len(hub.review) == left

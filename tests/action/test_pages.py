"""What tells pages apart, and where their links lead."""

from __future__ import annotations

import pytest

from publer_sync.action import pages
from publer_sync.action.inputs import Event
from publer_sync.commands.several import worst
from tests.action.conftest import SETTINGS, Repo, Run, posts


def test_two_calendars_have_two_marks() -> None:
    """Also where all that can be seen of their names is the same."""
    assert pages.mark("plan", "a-b") != pages.mark("plan", "a_b")
    assert "-->" not in pages.mark("plan", "x --> y")[:-3]


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("may.yaml", "https://github.com/o/r/blob/abc/cal/may.yaml#L3"),
        ("a b)#?.yaml", "https://github.com/o/r/blob/abc/cal/a%20b%29%23%3F.yaml#L3"),
        ("long.md", "https://github.com/o/r/blob/abc/cal/long.md?plain=1#L3"),
    ],
)
def test_the_address_of_a_line(file: str, address: str) -> None:
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    assert pages.Place(event, "cal", "abc").line(file, 3) == address
    assert pages.Place(event, "cal/acme", "abc").line(f"../{file}", 3) == address


@pytest.mark.parametrize(
    ("codes", "code"), [([0, 2], 2), ([2, 6, 4], 4), ([4, 5, 3], 3), ([3, 1], 1), ([], 0)]
)
def test_the_worst_code_of_several_calendars(codes: list[int], code: int) -> None:
    assert worst(codes) == code


@pytest.mark.parametrize(
    ("command", "files", "inputs", "what"),
    [
        ("plan", {}, {}, "nothing changes"),
        ("plan", {"clients/acme/may.yaml": posts("x", account="nobody")}, {}, "1 error to fix first"),
        ("validate", {}, {}, "checked"),
        ("plan", {}, {"api_key": ""}, "no result"),
        ("apply", {"clients/acme/may.yaml": posts("x")}, {}, "done"),
    ],
)
def test_every_heading_names_the_calendar(
    step: Run, repo: Repo, command: str, files: dict[str, str], inputs: dict[str, str], what: str
) -> None:
    repo.commit({"clients/acme/publer.yaml": SETTINGS, **files})
    done = step(command, calendar="clients/acme", **inputs)
    assert f"### 📅 Social calendar clients/acme: {what}\n" in done.summary

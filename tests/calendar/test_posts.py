"""What is likely a mistake in posts that can be read: keys without a value, and words for another network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.calendar.calendars import POST, both, codes, concise, write

if TYPE_CHECKING:
    from pathlib import Path

UNUSED = "the post is on x [account.unused]\n    Add an account on {} to its accounts, or remove this\n"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("text: a\n  media:", "5:3 media"),
        ("text: a\n  thread:  # to come", "5:3 thread"),
        ("text: a\n  link:", "5:3 link"),
        ("text: a\n  networks:\n    x:", "6:5 x"),
        ("text: a\n  networks:\n    x:\n      labels:", "7:7 labels"),
        ("poll: {options: [a, b], duration: 1d}\n  text:", "5:3 text"),
    ],
)
def test_a_key_without_a_value_is_a_warning(top: Path, lines: str, found: str) -> None:
    write(top, a=f"{POST}  {lines}\n")
    place, key = found.split()
    assert concise(both(top)[2]).splitlines()[0] == f"{place}: warning: `{key}` has no value [key.empty]"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("text: a\n  link: null", []),
        ("text: a\n  link: ~", []),
        ("text:", ["text.none"]),
        ("text: a\n  draft: tru\n  media:", ["key.type"]),
    ],
)
def test_a_null_is_meant_and_an_error_comes_alone(top: Path, lines: str, found: list[str]) -> None:
    write(top, a=f"{POST}  {lines}\n")
    assert codes(top) == found


@pytest.mark.parametrize(
    ("accounts", "network", "label"),
    [
        ("x", "facebook", "Facebook"),
        ("x", "bluesky", "Bluesky"),
        ("[x]", "twitter", None),
        ("all", "linkedin", None),
        ("[x, unknown]", "x", None),
    ],
)
def test_words_for_a_network_on_which_a_post_has_no_account_are_a_warning(
    top: Path, accounts: str, network: str, label: str | None
) -> None:
    post = POST.replace("accounts: x", f"accounts: {accounts}")
    write(top, a=f"{post}  text: Words\n  networks:\n    {network}:\n      text: Others\n")
    found = concise([each for each in both(top)[2] if each.severity == "warning"])
    assert found == (f"6:5: warning: `{network}` has no effect here: {UNUSED.format(label)}" if label else "")


def test_an_account_whose_network_is_unknown_may_be_on_any(top: Path) -> None:
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {us: Page}\n", encoding="utf-8")
    write(top, a=POST.replace(": x", ": us") + "  text: a\n  networks: {x: {text: b}}\n")
    assert both(top)[2] == []

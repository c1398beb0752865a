"""A calendar's name is a path in the ledger, and leads nowhere else."""

from __future__ import annotations

import pytest

from publer_sync.ledger.names import part_of
from publer_sync.values.errors import StateError


@pytest.mark.parametrize(
    "name", ["calendar", "clients/acme", "a b/ö “q”", "-x", "a.json", "v1.lock.d", ".gitx"]
)
def test_any_other_name_is_a_file_in_the_folder_of_the_workspace(name: str) -> None:
    assert part_of(name, "ws1") == f"{name}.json"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a//b",
        "a/ ",
        "..",
        "a/../b",
        ".",
        "a/.git",
        "a\\b",
        "c:x",
        "x.lock",
        "x.LOCK/b",
        "a.json/b",
        "a\nb",
        "x" * 201,
        "clients/before-first-apply",
        "Before-First-Apply-2",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name in the ledger") as raised:
        part_of(name, "ws1")
    assert raised.value.code == "state.name"
    assert len(part_of("x" * 200)) == 205, "what a disk and a remote take"

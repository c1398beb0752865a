"""A calendar's name is a path on the branch of the state, and leads nowhere else."""

from __future__ import annotations

import pytest

from publer_sync.errors import StateError
from publer_sync.ledger.git_store import _file_of


@pytest.mark.parametrize(
    "name", ["calendar", "clients/acme", "a b/ö “q”", "-x", "a.json", "v1.lock.d", ".gitx"]
)
def test_any_other_name_is_a_file_in_the_folder_of_the_workspace(name: str) -> None:
    assert _file_of("ws1", name) == f"ws1/{name}.json"


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
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name on a branch") as raised:
        _file_of("ws1", name)
    assert raised.value.code == "state.name"
    assert len(_file_of("ws1", "x" * 200)) == 209, "what a disk and a remote take"

"""A calendar's name is a path in the ledger, and leads nowhere else."""

from __future__ import annotations

import pytest

from publer_sync.ledger.names import as_kept, calendar_of, folder_of, part_of
from publer_sync.values.errors import StateError
from tests.ledger.builders import SERVICE
from tests.tables import each_of


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
        "hold-0123abcd.acme",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(StateError, match="cannot be a file name in the ledger") as raised:
        part_of(name, "ws1")
    assert raised.value.code == "state.name"
    assert len(part_of("x" * 200)) == 205, "what a disk and a remote take"


@each_of(
    ("part", "name"),
    [
        ("acme.json", "acme"),
        ("clients/acme.json", "clients/acme"),
        ("acme.txt", None),
        ("acme", None),
        ("hold-0123abcd.acme.json", None),
        ("clients/hold-0123abcd.acme.json", None),
        ("before-first-apply.json", None),
        (".hidden.json", None),
        (".clients/acme.json", ".clients/acme"),
    ],
)
def test_a_file_of_the_ledger_is_the_part_of_a_calendar_or_something_beside_one(
    part: str, name: str | None
) -> None:
    assert calendar_of(part) == name


@each_of(
    ("service", "folder"),
    [
        (SERVICE, "ws1"),
        ("https://app.publer.com", "ws1"),
        ("http://127.0.0.1:8123/api/v1", "127.0.0.1_8123/ws1"),
        ("https://key@Publer.Example/api/v1", "publer.example/ws1"),
        ("publer", "ws1"),
    ],
)
def test_a_workspace_has_a_folder_below_the_host_of_a_service_that_is_not_publers(
    service: str, folder: str
) -> None:
    assert folder_of(service, "ws1") == folder
    for workspace in ("a/b", "..", ""):
        with pytest.raises(StateError, match="cannot be a file name in the ledger"):
            folder_of(service, workspace)


@each_of(
    ("parts", "kept"),
    [
        ((), "acme"),
        (("Acme",), "Acme"),
        (("ACME", "Acme"), "ACME"),
        (("Acme", "acme"), "acme"),
        (("b",), "acme"),
    ],
)
def test_a_calendar_is_kept_under_its_name_or_one_that_differs_in_case_alone(
    parts: tuple[str, ...], kept: str
) -> None:
    assert as_kept("acme", parts) == kept

"""The list of what Publer had before the first write: its name, what it has, and whose it is where two runs write one."""

from __future__ import annotations

import json

from publer_sync.ledger.backup import NAME, Backup, free_name, is_backup, without_those_of_others
from tests.builders import LATER, NOW, SOON, shown
from tests.tables import each_of


@each_of(
    ("name", "known"),
    [
        (NAME, True),
        ("before-first-apply-2.json", True),
        ("before-first-apply-.json", False),
        ("before-first-apply.json.tmp", False),
        ("calendar.json", False),
    ],
)
def test_a_backup_is_known_by_its_name(name: str, known: bool) -> None:
    assert is_backup(name) is known


def test_a_backup_takes_the_first_name_that_is_free() -> None:
    assert free_name(lambda _: False) == NAME
    assert free_name({NAME}.__contains__) == "before-first-apply-2.json"
    assert free_name({NAME, "before-first-apply-2.json"}.__contains__) == "before-first-apply-3.json"


def test_a_backup_has_the_posts_in_order_of_time_and_on_a_branch_no_words() -> None:
    posts = [
        shown(None, "Draft", id="d"),
        shown(LATER, "Two", id="1"),
        shown(SOON, "One", id="2", labels=("sale",)),
    ]
    backup = Backup(posts, "w-1", NOW)
    whole, public = (json.loads(backup.document(whole=which)) for which in (True, False))
    assert [row["id"] for row in whole["posts"]] == ["2", "1", "d"]
    assert (whole["workspace"], whole["format_version"]) == ("w-1", 1)
    assert [row["scheduled_at"] is None for row in whole["posts"]] == [False, False, True]
    assert (whole["posts"][0]["text"], whole["posts"][0]["labels"], whole["posts"][1]["labels"]) == (
        "One",
        ["sale"],
        None,
    )
    assert set(public["posts"][0]) == {"id", "account", "scheduled_at", "digest"}
    other = json.loads(Backup([shown(SOON, "Other", id="1")], "w-1", NOW).document(whole=False))
    assert other["posts"][0]["digest"] != public["posts"][0]["digest"]


def test_a_backup_that_another_run_has_pushed_meanwhile_is_not_written_over() -> None:
    files: dict[str, bytes | None] = {f"state/{NAME}": b"mine", "state/calendar.json": b"state"}
    before: dict[str, bytes | None] = {f"state/{NAME}": None, "state/calendar.json": b"old"}
    for there, kept in ((None, True), (b"mine", True), (b"theirs", False)):
        found = without_those_of_others(files, before, lambda names, there=there: dict.fromkeys(names, there))  # type: ignore[misc]  # bound now
        assert [f"state/{NAME}" in each for each in found] == [kept, kept]
        assert all("state/calendar.json" in each for each in found)
    alone: dict[str, bytes | None] = {"state/calendar.json": b"state"}
    assert without_those_of_others(alone, {}, lambda _: {}) == (alone, {})

"""What the commands that change nothing show of Publer beside the files: the page, one post, and what was published."""

from __future__ import annotations

import re
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.copies import Copy, Seen
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.ledger.state import KnownAccount
from publer_sync.machine.clock import Clock
from tests.commands.side_by_side import ONE, SideBySide, text
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want

if TYPE_CHECKING:
    from datetime import datetime

    from tests.system.worlds import World

BOTH = {"x": {"id": ACCOUNTS["x"], "shared": True}, "facebook": ACCOUNTS["facebook"]}


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    made = SideBySide.in_place(empty_world)
    made.settings("acme", accounts=BOTH)
    return made


def copy(key: int, at: datetime, words: str, post_id: str) -> Copy:
    """What was listed at its minute, some days ago."""
    return Copy(
        key,
        ACCOUNTS["x"],
        at,
        text(words),
        id=words.lower(),
        post_id=post_id,
        seen=Seen(at, words),
        verified_at=at - DAY,
    )


def test_the_page_marks_what_is_new_and_shows_what_is_not_managed_on_the_accounts_and_days_chosen(
    pair: SideBySide,
) -> None:
    for name, at, words in (
        ("x", T + 6 * HOUR, "By hand"),
        ("x", T + 8 * HOUR, "Adopt me"),
        ("x", T + 2 * DAY, "On another day"),
        ("facebook", T + 6 * HOUR, "On another account"),
        ("linkedin", T + 6 * HOUR, "Not of this calendar"),
    ):
        pair.world.sandbox.add(account_id=ACCOUNTS[name], at=at, text=words)
    pair.world.sandbox.add(account_id=ACCOUNTS["x"], at=None, text="No day yet", state="draft")
    lamp = Want("lamp", "x", T + 9 * HOUR, "A lamp", address="https://example.com/lamp.png")
    pair.write(acme=[ONE, Want("adopt", "x", T + 8 * HOUR, "Adopt me"), lamp])
    ran = pair.run("preview", "acme", "--live", "--account", "x", "--to", f"{T:%Y-%m-%d}")
    assert (ran.code, ran.stdout) == (0, "preview.html: 3 posts. Open it in a browser.\n"), ran
    page = (pair.world.home / "preview.html").read_text("utf-8")
    cards = re.findall(r'<article class="card[^>]* data-mark="([^"]*)"[^>]* data-title="([^"]*)"', page)
    assert cards == [
        ("", "One"),
        ("unmanaged", "Two"),
        ("unmanaged", "By hand"),
        ("adopt", "Adopt me"),
        ("new", "A lamp"),
    ]
    assert pair.run("preview", "acme", "--live").code == 0
    page = (pair.world.home / "preview.html").read_text("utf-8")
    titles = re.findall(r'<article class="card m-unmanaged"[^>]* data-title="([^"]*)"', page)
    assert titles == ["Two", "By hand", "On another account", "On another day"]


def test_a_post_is_explained_without_what_left_the_calendar_beside_it(pair: SideBySide) -> None:
    pair.write(acme=[Want("lamp", "x", T + 9 * HOUR, "A lamp")])
    [found] = pair.json("explain", "lamp", "--calendar", "acme")
    assert ([each["id"] for each in found["posts"]], found["left"]) == (["lamp"], [])


def test_results_look_again_for_what_left_no_trace_on_the_accounts_chosen(pair: SideBySide) -> None:
    at = Clock().now().replace(second=0, microsecond=0) - 2 * DAY
    add = pair.world.sandbox.add
    add(account_id=ACCOUNTS["facebook"], at=at + DAY, text="Theirs", state="published")
    out = add(account_id=ACCOUNTS["x"], at=at, text="Out", state="published")
    moved = add(account_id=ACCOUNTS["x"], at=at + 20 * DAY, text="Moved")
    known = {"Out": out, "Lost": "f" * 24, "Moved": moved}
    copies = {key: copy(key, at + key * MINUTE, *each) for key, each in enumerate(known.items())}
    pair.write(acme=[])
    pair.applied("acme", copies=copies, next_key=3)
    statuses: dict[str | None, str] = {"out": "published", "lost": "not_found", "moved": "unpublished"}
    [found] = pair.json("results", "acme", "--account", "x")
    assert {each["id"]: each["status"] for each in found["posts"]} == statuses
    assert found["before"] is None
    [found] = pair.json("results", "acme", "--insights", "--compare")
    assert {each["id"]: each["status"] for each in found["posts"]} == {**statuses, None: "published"}
    assert (found["before"]["summary"]["published"], found["summary"]["published"]) == (0, 2)
    ran = pair.run("results", "acme", "--format", "html")
    assert (ran.code, ran.stdout.startswith("<!doctype html>"), "Theirs" in ran.stdout) == (6, True, True)


def test_results_of_days_ahead_are_none(pair: SideBySide) -> None:
    ran = pair.run("results", "acme", "--from", "2199-01-01")
    assert (ran.code, "--from 2199-01-01 is in the future" in ran.stderr) == (64, True), ran


def test_errors_are_a_table_in_markdown_and_lines_of_the_file_in_text(pair: SideBySide) -> None:
    (pair.top("acme") / "posts.yaml").write_text("posts:\n- {at: never, accounts: x, text: One}\n", "utf-8")
    ran = pair.run("plan", "acme", "--format", "markdown")
    assert (ran.code, '| posts.yaml, line 2 | "never" is not a time' in ran.stdout) == (3, True), ran
    ran = pair.run("plan", "acme")
    assert (ran.code, "acme/posts.yaml:2:8" in ran.stderr, ran.stdout) == (3, True, ""), ran


def test_a_post_of_an_account_that_nobody_named_is_found_by_no_other_name(pair: SideBySide) -> None:
    lines = [
        RunLine("create", account, T, "one", "applied") for account in (ACCOUNTS["linkedin"], ACCOUNTS["x"])
    ]
    runs = [RunRecord(T - (40 + n) * DAY, "apply", lines=(line,)) for n, line in enumerate(lines)]
    known = {ACCOUNTS["x"]: KnownAccount("twitter", "My X Account")}
    pair.applied("acme", ONE, runs=tuple(runs), accounts=known)
    at = f"{T:%Y-%m-%dT%H:%M}"
    ran = pair.run("log", "acme", "--post", f"nobody@{at}")
    assert (ran.code, f'no known run changed "nobody@{at}"' in ran.stderr) == (64, True), ran
    [log] = pair.json("log", "acme", "--post", f"x@{at}")
    assert [run["changes"][0]["account"]["alias"] for run in log["runs"]] == ["x"]


def test_a_calendar_that_was_never_applied_has_no_log(pair: SideBySide) -> None:
    pair.settings("cafe")
    pair.write(cafe=[])
    [log] = pair.json("log", "cafe")
    assert log["runs"] == []


def test_the_command_for_an_account_that_was_reconnected_has_the_folder_that_was_given(
    pair: SideBySide,
) -> None:
    pair.applied("acme", ONE, accounts={ACCOUNTS["x"]: KnownAccount("twitter", "My X Account")})
    pair.settings("acme", accounts={"x": {"name": "My X Account", "shared": True}})
    new = "acc0000000000000000ffffff"
    pair.world.sandbox.reconnect(ACCOUNTS["x"], new)
    command = f"publer-sync state mv --account {ACCOUNTS['x']}={new}"
    assert f"{command} --calendar acme; if not" in " ".join(pair.run("plan", "acme").stdout.split())
    with chdir(pair.top("acme")):
        assert f"{command}; if not" in " ".join(pair.world.run("plan").stdout.split())


def test_a_trace_has_each_request_of_a_plan_and_no_word_of_a_post(pair: SideBySide) -> None:
    assert pair.run("plan", "acme", "--trace", "trace.txt").code == 0
    trace = (pair.world.home / "trace.txt").read_text("utf-8")
    assert (trace.count("GET"), "One" in trace) == (len(pair.world.sandbox.requests), False)


def test_an_account_that_has_another_name_in_publer_is_told_by_both(pair: SideBySide) -> None:
    told = 'the account "Fjordlight on X" is called "My X Account" in Publer now'
    accounts = {"x": "Fjordlight on X"}
    pair.applied("acme", ONE, accounts={ACCOUNTS["x"]: KnownAccount("twitter", "Fjordlight on X")})
    pair.settings("acme", accounts=accounts)
    pair.settings("cafe", accounts=accounts)
    pair.write(cafe=[])
    for name in ("acme", "cafe"):
        ran = pair.run("plan", name)
        assert (ran.code, told in ran.stderr) == (3, name == "acme"), ran

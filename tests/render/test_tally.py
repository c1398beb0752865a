"""Counts are of what the list below them shows, and the accounts stand behind them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.planning.notes import Refusal
from publer_sync.planning.plan import Action
from publer_sync.render import markdown, text
from publer_sync.render.post import tally
from publer_sync.render.post.marks import SHOWN
from tests import screenshots
from tests.builders import (
    INSTAGRAM,
    LINKEDIN,
    NOW,
    SOON,
    X,
    change,
    everything,
    plan,
    post,
    report,
    result,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

THREE = (X, LINKEDIN, INSTAGRAM)


def on_three(action: Action, name: str, words: str = "Alike") -> list:  # type: ignore[type-arg]  # changes of several kinds
    return [change(action, post("12-01 09:00", words, account=account, id=name)) for account in THREE]


def numbers(line: str) -> int:
    return sum(int(number.replace(",", "")) for number in re.findall(r"(?<!\(on )\b(\d[\d,]*) ", line))


def test_the_sum_of_the_totals_is_the_number_of_rows() -> None:
    shown = text.plan(everything())
    heads = {f"{mark.sign} {mark.word}".strip() for mark in SHOWN}
    rows = [
        line for line in shown.splitlines() if any(re.match(rf"{re.escape(head)} ", line) for head in heads)
    ]
    closing = re.search(r"\n(\d+ new posts.*?) \(on 3 accounts\)", shown.replace("\nmissed", " missed"))
    assert closing
    assert numbers(closing[1] + " ") == len(rows)


def test_the_sum_of_a_comments_counts_is_the_number_of_its_cards() -> None:
    shown = markdown.plan(everything())
    [top] = [line for line in shown.splitlines() if line.startswith("**2 new posts")]
    counted = top.partition(" · ⚠️")[0]
    days = re.findall(r"<summary><b>[^<]+</b>(.*)</summary>", shown)
    assert numbers(counted.replace("**", "").replace(" (on 3 accounts)", "") + " ") == sum(map(numbers, days))


@each_of(
    ("changes", "words"),
    [
        (on_three(Action.CREATE, "a"), "1 new post (on 3 accounts)"),
        ([*on_three(Action.CREATE, "a"), *on_three(Action.CREATE, "b")], "2 new posts (on 3 accounts)"),
        (on_three(Action.CREATE, "a")[:1], "1 new post"),
        ([*on_three(Action.CREATE, "a"), *on_three(Action.DELETE, "b", "Other")[:1]], "1 new post, 1 to remove (on 3 accounts)"),
        (on_three(Action.DELETE, "a"), "1 post to remove (on 3 accounts)"),
    ],
)  # fmt: skip
def test_posts_then_accounts(changes: list, words: str) -> None:  # type: ignore[type-arg]  # changes of several kinds
    one = plan(changes)
    assert ", ".join(tally.parts(tally.of_changes(changes, one))) == words
    assert f"\n{words}.\n" in text.plan(one)


def test_a_safety_limit_counts_accounts_and_says_so() -> None:
    one = plan([*on_three(Action.DELETE, "a"), *on_three(Action.DELETE, "b", "Other")])
    refusal = Refusal("deletes", 6, 5, "--allow-deletes 6")
    assert tally.over_limit(refusal, one) == (
        "2 posts would be removed, 6 counting each account; the safety limit is 5 (limits.delete)."
    )
    single = plan(on_three(Action.DELETE, "a")[:1])
    assert "counting" not in tally.over_limit(Refusal("deletes", 1, 0, "--allow-deletes 1"), single)


@each_of(
    "changes, code, told",
    [
        (on_three(Action.DELETE, "a"), "empty", "publer-sync forget --all leaves it there"),
        (
            [*on_three(Action.DELETE, "a"), *on_three(Action.DELETE, "b", "Other")],
            "empty",
            "publer-sync forget --all leaves them there",
        ),
        (
            on_three(Action.UPDATE, "a"),
            "changes",
            "1 post would be edited or replaced, 3 counting each account;",
        ),
        (on_three(Action.UPDATE, "a"), "deletes", "0 posts would be removed"),
        (
            [change(Action.BLOCKED, None, would=Action.DELETE, live=shown(NOW))],
            "empty",
            "so 1 post would be removed",
        ),
    ],
)
def test_each_safety_limit_counts_the_posts_that_it_is_about(
    changes: list[Any], code: str, told: str
) -> None:
    refusal = Refusal(code, len(changes) if told[0] != "0" else 0, 2, "--allow-changes 3")
    assert told in tally.over_limit(refusal, plan(changes))


def test_what_was_done_is_counted_as_it_is_listed() -> None:
    results = [result(one, Outcome.APPLIED) for one in on_three(Action.CREATE, "a")]
    results += [result(one, Outcome.FAILED) for one in on_three(Action.CREATE, "b")]
    assert tally.outcomes(report(results)) == ["1 post done", "1 failed"]
    assert tally.done(report(results)) == (["1 post created (on 3 accounts)"], "verified in Publer")
    gone = [result(one, Outcome.APPLIED) for one in on_three(Action.DELETE, "a")[:1]]
    assert tally.done(report(gone)) == (["1 post removed"], "no longer in Publer")


@pytest.mark.slow
def test_the_header_the_totals_the_comment_and_the_preview_say_the_same(tmp_path: Path) -> None:
    screenshots.scene(tmp_path)
    shown = screenshots.run(tmp_path, "plan", "calendar", *screenshots.NOW)
    header = re.search(r"(\d+) posts \(on 4 accounts\)", shown)
    closing = re.search(
        r"(1 new post, 1 to edit, 1 to move), 1 to remove \(on 4 accounts\)\..*?(\d+) unchanged", shown
    )
    assert header
    assert closing
    assert int(header[1]) == numbers(closing[1] + " ") + int(closing[2])
    screenshots.run(tmp_path, "preview", "calendar", "--live", *screenshots.NOW, "--out", "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"{header[1]} posts (on 4 accounts)" in page
    for chip in ("1 new", "1 edited", "1 moved", "1 removed"):
        assert f"</i>{chip}</label>" in page
    assert page.count('<article class="card') == int(header[1]) + 1, "and the removed one"
    checked = screenshots.run(tmp_path, "validate", "calendar")
    assert f"{header[1]} posts (on 4 accounts)" in checked


POST = wanted(SOON, "Hello", id="launch")
STAYS = change(Action.UNCHANGED, POST)
BESIDE = change(Action.UNCHANGED, replace(POST, account=LINKEDIN))
ON_ITS_WAY = change(Action.PENDING, replace(POST, account=LINKEDIN))
LEFT = change(Action.UNCHANGED, None, live=shown(SOON))


@each_of(
    "first, other, told",
    [
        (STAYS, BESIDE, ["1 unchanged"]),
        (STAYS, replace(BESIDE, post=wanted(SOON, account=LINKEDIN, id="launch", line=9)), ["2 unchanged"]),
        (STAYS, replace(BESIDE, post=replace(BESIDE.post, note="For us")), ["2 unchanged"]),
        (STAYS, replace(BESIDE, waiting=True), ["1 unchanged", "1 waiting for approval in Publer"]),
        (replace(STAYS, waiting=True), BESIDE, ["1 unchanged", "1 waiting for approval in Publer"]),
        (STAYS, ON_ITS_WAY, ["1 unchanged", "1 pending"]),
        (ON_ITS_WAY, STAYS, ["1 unchanged", "1 pending"]),
        (LEFT, replace(LEFT, account=LINKEDIN), ["1 unchanged"]),
    ],
)
def test_what_stays_otherwise_on_another_account_is_counted_apart(
    first: Any, other: Any, told: list[str]
) -> None:
    """Whichever of the two comes first."""
    assert tally.kept(replace(plan(), changes=(first, other))) == told

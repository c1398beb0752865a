"""May a post be changed or removed now? By what the plan saw, and what the latest page shows of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.permission import EDITED, HIDDEN, MOVED_AWAY, OUT, may_change
from publer_sync.applying.report import Cause, Outcome
from publer_sync.applying.run import standing
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block
from tests.applying.runs import FREEZE, run_at
from tests.builders import LATER, LINKEDIN, NOW, SECOND, SOON, change, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.run import Run
    from publer_sync.values.model import LivePost

POST = shown(SOON, title="A title", link="https://example.com/a", media=1)


def run(*live: LivePost, before: tuple[LivePost, ...] = (), short: bool = False, **order: Any) -> Run:
    return run_at(live, before=before, short=short, **order)


def why_not(running: Run, *, frozen: bool = True) -> Cause | None:
    kept = may_change(running, POST, frozen=frozen)
    return kept.why if kept else None


def test_a_post_that_is_listed_as_the_plan_saw_it_may_be_changed() -> None:
    assert why_not(run(POST)) is None


@each_of(
    "now",
    [
        {"at": LATER},
        {"account_id": LINKEDIN.id},
        {"state": "draft"},
        {"text": "Other words"},
        {"title": "Another title"},
        {"link": "https://example.com/b"},
        {"media": 2},
    ],
    ids=str,
)
def test_what_someone_edited_meanwhile_is_left_unless_edits_are_not_protected(now: dict[str, Any]) -> None:
    edited = replace(POST, **now)
    assert why_not(run(edited)) is EDITED
    assert why_not(run(edited, protects_edits=False)) is None


@each_of("now", [{"title": None}, {"link": None}, {"media": None}], ids=str)
def test_what_a_page_does_not_show_is_no_edit(now: dict[str, Any]) -> None:
    assert why_not(run(replace(POST, **now))) is None
    assert may_change(run(POST), replace(POST, **now)) is None


def test_a_post_that_was_published_is_not_touched() -> None:
    kept = may_change(run(replace(POST, state="published"), protects_edits=False), POST)
    assert kept is not None
    assert (kept.why, kept.out) == (OUT, True)


def test_what_is_not_listed_was_removed_where_the_list_is_whole() -> None:
    kept = may_change(run(), POST)
    assert kept is not None
    assert (kept.why, kept.out, kept.outcome) == (MOVED_AWAY, False, Outcome.NOT_TRIED)
    hidden = may_change(run(short=True), POST)
    assert hidden is not None
    assert (hidden.why, hidden.outcome) == (HIDDEN, Outcome.UNVERIFIED)


@each_of(
    ("anew", "listed_before", "out"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"account": LINKEDIN}, False, False),
        ({"text": "Other words"}, False, False),
        ({"state": "scheduled"}, False, False),
    ],
)
def test_words_that_appear_as_published_under_a_new_id_are_the_post(
    anew: dict[str, Any], listed_before: bool, out: bool
) -> None:
    post = shown(SOON, **{"id": "new", "state": "published", **anew})
    kept = may_change(run(post, before=(POST, post) if listed_before else (POST,)), POST)
    assert kept is not None
    assert (kept.out, kept.why) == (out, OUT if out else MOVED_AWAY)


@each_of(("ahead", "frozen"), [(FREEZE + SECOND, False), (FREEZE, True), (SECOND, True)])
def test_a_post_that_is_published_within_the_freeze_stays_unless_that_is_allowed(
    ahead: Any, frozen: bool
) -> None:
    planned = replace(POST, at=NOW + ahead)
    assert (may_change(run(planned), planned) is not None) is frozen
    assert may_change(run(planned, allow=Allow(frozen=True)), planned) is None
    assert may_change(run(planned), planned, frozen=False) is None


def test_of_what_is_frozen_a_named_post_may_be_changed_and_no_other() -> None:
    soon = [replace(POST, id=name, at=NOW + SECOND) for name in ("p1", "p2")]
    changes = [
        change(Action.BLOCKED, wanted(SOON, id=name), live=live, blocks=(Block.FREEZE,), would=Action.UPDATE)
        for name, live in zip(("launch", "tip"), soon, strict=True)
    ]
    found = run(*soon, changes=changes, allow=Allow(frozen=frozenset({"tip"})))
    assert [may_change(found, live) is None for live in soon] == [False, True]


def test_a_post_whose_time_has_come_stays_whatever_is_allowed() -> None:
    come = replace(POST, at=NOW)
    kept = may_change(run(come, allow=Allow(frozen=True)), come)
    assert kept is not None
    assert kept.why == Cause("the time of the post in Publer has come")
    draft = replace(come, state="draft")
    assert may_change(run(draft), draft) is None


@each_of(
    ("state", "draft", "outcome"),
    [
        ("scheduled", False, Outcome.APPLIED),
        ("published", False, Outcome.APPLIED),
        ("draft", True, Outcome.APPLIED),
        ("draft", False, Outcome.FAILED),
        ("scheduled", True, Outcome.FAILED),
        ("published", True, Outcome.FAILED),
        ("scheduled_pending", False, Outcome.WAITING),
        ("scheduled_declined", False, Outcome.FAILED),
        ("scheduled_reauth", False, Outcome.FAILED),
        ("scheduled_locked", False, Outcome.FAILED),
        ("failed", False, Outcome.FAILED),
    ],
)
def test_a_new_post_is_done_once_it_is_listed_as_it_was_meant(
    state: str, draft: bool, outcome: Outcome
) -> None:
    assert standing(shown(SOON, state=state), draft=draft)[0] is outcome

"""What will wait for someone's approval in Publer: on which account, and until when that helps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.planning.approval import approvals
from publer_sync.planning.plan import Action
from tests.builders import LATER, LINKEDIN, SOON, TOMORROW, X, change, shown, wanted

if TYPE_CHECKING:
    from publer_sync.values.model import Post

OURS = replace(X, needs_approval=True)


def told(action: Action, *posts: Post, state: str = "scheduled") -> list[str]:
    changes = [
        change(action, post, live=shown(post.at, account=post.account, state=state))
        if action is Action.UPDATE
        else change(action, post)
        for post in posts
    ]
    return [warning.message for warning in approvals(changes, "Europe/Oslo")]


@pytest.mark.parametrize("action", [Action.CREATE, Action.UPDATE])
def test_the_first_post_says_by_when_someone_has_to_approve_them(action: Action) -> None:
    (words,) = told(action, *(wanted(at, account=OURS) for at in (TOMORROW, SOON, LATER)))
    assert words.endswith("the first by Tue 24 Nov 2026 17:20")
    assert " x " in words, "the account, as the settings call it"


@pytest.mark.parametrize(("action", "what"), [(Action.CREATE, "the new post"), (Action.UPDATE, "the edit")])
def test_a_single_post_says_by_when_someone_has_to_approve_it(action: Action, what: str) -> None:
    (words,) = told(action, wanted(SOON, account=OURS))
    assert words.startswith(what)
    assert words.endswith(" it there, by Tue 24 Nov 2026 17:20")


def test_each_account_has_its_own_first_post() -> None:
    other = replace(LINKEDIN, needs_approval=True)
    words = told(Action.CREATE, wanted(LATER, account=OURS), wanted(SOON, account=other))
    assert [line.rpartition(", by ")[2] for line in words] == [
        "Tue 24 Nov 2026 19:20",
        "Tue 24 Nov 2026 17:20",
    ]


def test_neither_drafts_nor_posts_on_accounts_that_need_none_wait() -> None:
    assert not told(Action.CREATE, wanted(SOON, account=OURS, draft=True), wanted(SOON))


def test_an_edit_of_an_approved_post_needs_approval_again_on_any_account() -> None:
    assert told(Action.UPDATE, wanted(SOON), state="scheduled_approved")
    assert not told(Action.UPDATE, wanted(SOON))

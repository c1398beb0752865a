"""What leaves one account and comes on another as one post, and what is two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.planning.account_changes import account_changes
from publer_sync.planning.plan import Action
from tests.builders import INSTAGRAM, LINKEDIN, X, change, copy_of, live, picture, post, vary
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import Account


LAMP = (picture("lamp.jpg"),)
TAGGED = "See https://example.com/lamp?utm_source={}&utm_medium=social"
"""What `utm: {source: "{network}"}` makes of a text."""


def leaves(
    when: str, words: str, *, id: str | None = "launch", account: Account = LINKEDIN, **more: Any
) -> Any:
    old = post(when, words, account=account, id=id, **more)
    return change(
        Action.DELETE, None, account=account, live=live(when, words, account=account), copy=copy_of(old)
    )


def comes(when: str, words: str, *, id: str | None = "launch", account: Account = X, **more: Any) -> Any:
    return change(Action.CREATE, post(when, words, account=account, id=id, **more))


@each_of(
    ("gone", "come", "pairs"),
    [
        ([leaves("12-01 09:00", "One")], [comes("12-01 09:00", "One")], 1),
        ([leaves("12-01 09:00", "One", id=None)], [comes("12-05 09:00", "One", id=None)], 1),
        ([leaves("12-01 09:00", TAGGED.format("linkedin"), id=None)], [comes("12-05 09:00", TAGGED.format("x"), id=None)], 1),
        ([leaves("12-01 09:00", "One", id=None)], [comes("12-01 09:00", "Two", id=None)], 0),
        ([leaves("12-01 09:00", "One", id="a")], [comes("12-05 09:00", "One", id="b")], 0),
        ([leaves("12-01 09:00", "One", id="a")], [comes("12-01 09:00", "One", id="b")], 1),
        ([leaves("12-01 09:00", "One", account=X)], [comes("12-05 09:00", "One", account=X)], 0),
        ([leaves("12-01 09:00", "One", id="a")], [comes("12-05 09:00", "One", id=None)], 1),
        ([leaves("12-01 09:00", "One", id=None)], [comes("12-05 09:00", "One", id="b")], 1),
        ([leaves("12-01 09:00", "", id=None)], [comes("12-01 09:00", "", id=None)], 0),
        ([leaves("12-01 09:00", "", id=None, media=LAMP)], [comes("12-05 09:00", "", id=None, media=LAMP)], 1),
        ([vary(leaves("12-01 09:00", "One"), leftover=True)], [comes("12-01 09:00", "One")], 0),
        ([vary(leaves("12-01 09:00", "One"), twice=True)], [comes("12-01 09:00", "One")], 0),
        ([leaves("12-01 09:00", "One")], [comes("12-01 09:00", "One"), comes("12-01 09:00", "One", account=INSTAGRAM)], 1),
    ],
)  # fmt: skip
def test_only_what_is_one_post_is_a_change_of_account(gone: list[Any], come: list[Any], pairs: int) -> None:
    assert len(account_changes([*gone, *come])) == pairs


def test_the_same_network_is_taken_first() -> None:
    other = vary(leaves("12-01 09:00", "One", account=X))
    come = comes("12-01 09:00", "One", account=X.__class__("a-x2", "Aurelo", "twitter", "x2"))
    assert account_changes([leaves("12-01 09:00", "One"), other, come]) == {id(come): other}


def test_what_is_one_post_by_its_id_is_not_another_one_by_its_words() -> None:
    one, alike = leaves("12-01 09:00", "One"), leaves("12-01 09:00", "One", id=None)
    come = comes("12-01 09:00", "One")
    assert account_changes([alike, one, come]) == {id(come): one}
    again = comes("12-01 09:00", "One", id=None, account=INSTAGRAM)
    assert account_changes([one, come, again]) == {id(come): one}


def test_what_is_adopted_or_made_again_comes_from_no_other_account() -> None:
    left = leaves("12-01 09:00", "One")
    adopted = change(Action.ADOPT, post("12-01 09:00", "One", account=X, id="launch"))
    known = change(
        Action.CREATE,
        post("12-01 09:00", "One", account=X, id="launch"),
        copy=copy_of(post("12-01 09:00", "One", account=X, id="launch")),
    )
    assert account_changes([left, adopted, known]) == {}

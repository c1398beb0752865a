"""A post that changes account is one change everywhere, with what else differs; what is blocked is two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action, Block
from publer_sync.render import data, markdown, marks, text
from publer_sync.render.account_changes import account_changes
from publer_sync.render.plan_pages import for_pages
from tests.builders import (
    INSTAGRAM,
    LINKEDIN,
    X,
    change,
    copy_of,
    live,
    plan,
    post,
    report,
    result,
    vary,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.model import Account


def leaves(when: str, words: str, *, id: str | None = "launch", account: Account = LINKEDIN) -> Any:
    old = post(when, words, account=account, id=id)
    return change(
        Action.DELETE, None, account=account, live=live(when, words, account=account), copy=copy_of(old)
    )


def comes(when: str, words: str, *, id: str | None = "launch", account: Account = X) -> Any:
    return change(Action.CREATE, post(when, words, account=account, id=id))


def test_it_is_one_change_in_every_format_but_json() -> None:
    one = plan([leaves("12-01 09:00", "We open"), comes("12-01 09:00", "We open")])
    shown = text.plan(one)
    assert "@ account   09:00  linkedin → x  launch\n" in shown
    assert "\n1 post to change account (on 2 accounts).\n" in shown
    comment = markdown.plan(one)
    assert (
        "🟠 **account**<sup>1</sup> · LinkedIn · Fjordlight AS → **X · Fjordlight** · <sub><code>launch</code></sub>\n"
        in comment
    )
    assert not {"🟢", "🔴", "Removed"} & set(comment)
    (told,) = for_pages(one)["posts"]
    assert (told["mark"], told["account"]["alias"], told["left"] and told["left"]["alias"]) == (
        "account",
        "x",
        "linkedin",
    )
    assert [each["action"] for each in data.changes(one)] == ["delete", "create"]


def test_what_else_differs_stands_beside_it() -> None:
    one = plan([leaves("12-01 09:00", "It costs 149"), comes("12-02 10:00", "It costs 14")])
    comment = markdown.plan(one)
    assert "**Tue 1 Dec 09:00 → Wed 2 Dec 10:00**" in comment
    assert "It costs <del>149</del> <b>14</b>" in comment


@each_of(
    ("gone", "come", "pairs"),
    [
        ([leaves("12-01 09:00", "One")], [comes("12-01 09:00", "One")], 1),
        ([leaves("12-01 09:00", "One", id=None)], [comes("12-05 09:00", "One", id=None)], 1),
        ([leaves("12-01 09:00", "One", id=None)], [comes("12-01 09:00", "Two", id=None)], 0),
        ([leaves("12-01 09:00", "One", id="a")], [comes("12-05 09:00", "One", id="b")], 0),
        ([leaves("12-01 09:00", "One", id="a")], [comes("12-01 09:00", "One", id="b")], 1),
        ([leaves("12-01 09:00", "One", account=X)], [comes("12-05 09:00", "One", account=X)], 0),
        ([leaves("12-01 09:00", "", id=None)], [comes("12-01 09:00", "", id=None)], 0),
        ([leaves("12-01 09:00", "One")], [comes("12-01 09:00", "One"), comes("12-01 09:00", "One", account=INSTAGRAM)], 1),
    ],
)  # fmt: skip
def test_only_what_is_one_post_is_a_change_of_account(gone: list[Any], come: list[Any], pairs: int) -> None:
    assert len(account_changes([*gone, *come])) == pairs


def test_the_same_network_is_taken_first() -> None:
    other = vary(leaves("12-01 09:00", "One", account=X))
    come = comes("12-01 09:00", "One", account=X.__class__("a-x2", "Aurelo", "twitter", "x2"))
    assert account_changes([leaves("12-01 09:00", "One"), other, come]) == {id(come): other}


def test_what_is_blocked_stays_two_changes() -> None:
    """The post may then be published on both accounts, or on none."""
    would = leaves("12-01 09:00", "We open")
    stuck = change(
        Action.BLOCKED,
        None,
        would=Action.DELETE,
        blocks=(Block.FREEZE,),
        account=LINKEDIN,
        live=would.live,
        copy=would.copy,
    )
    one = plan([stuck, comes("12-01 09:00", "We open")])
    assert marks.ACCOUNT.emoji not in markdown.plan(one)


def test_apply_reports_it_as_one_only_where_both_halves_are_done() -> None:
    gone, come = leaves("12-01 09:00", "We open"), comes("12-01 09:00", "We open")
    assert "Done. 1 post moved to another account (on 2 accounts)" in text.report(
        report([result(gone, Outcome.APPLIED), result(come, Outcome.APPLIED)])
    )
    half = text.report(report([result(gone, Outcome.APPLIED), result(come, Outcome.FAILED)]))
    assert "FAILED      new" in half
    assert "another account" not in half

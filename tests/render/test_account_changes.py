"""A post that changes account is one change everywhere, with what else differs, and what is blocked of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.applying.report import Outcome
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block
from publer_sync.render import data, markdown, text
from publer_sync.render.plan_pages import for_pages
from publer_sync.render.post.account_changes import differences
from publer_sync.render.post.entries import report_entries
from tests.builders import (
    change,
    plan,
    report,
    result,
)
from tests.planning.test_account_changes import comes, leaves
from tests.tables import each_of


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
    assert "**account, time, words**" in comment


def test_what_means_another_thing_on_another_network_is_no_difference() -> None:
    """Only where both accounts are on one network is another type of post one."""
    left, come = leaves("12-01 09:00", "We open"), comes("12-01 09:00", "We open")
    come = replace(come, post=replace(come.post, content=replace(come.post.content, type="photo")))
    assert differences(left, come) == ()
    beside = replace(left, account=replace(come.account, id="a-other"))
    assert [each.field for each in differences(beside, come)] == ["type"]


def stuck(would: Any, block: Block) -> Any:
    wanted = would.post
    return change(
        Action.BLOCKED,
        wanted,
        would=would.action,
        blocks=(block,),
        account=would.account,
        reason="it is published within 15 minutes" if block is Block.FREEZE else "another post has its slot",
        **({} if wanted else {"live": would.live, "copy": would.copy}),
    )


GONE, COME = leaves("12-01 09:00", "We open"), comes("12-01 09:00", "We open")
STAYS, WAITS = stuck(GONE, Block.FREEZE), stuck(COME, Block.SLOT)


@each_of(
    ("changes", "row", "total", "comment", "count"),
    [
        ([STAYS, COME], "% halfway", "1 post to change account only halfway", "stays on the old one, so both would publish it", "create"),
        ([GONE, WAITS], "% halfway", "1 post to change account only halfway", "not created on the new one, so neither would publish it", "delete"),
        ([STAYS, WAITS], "! blocked", "1 blocked post", "both halves are blocked", ""),
    ],
)  # fmt: skip
def test_a_change_of_which_a_half_is_blocked_is_one_that_needs_someone(
    changes: list[Any], row: str, total: str, comment: str, count: str
) -> None:
    """The post may then be published on both accounts, or on none: the page says which, and what ends it."""
    one = plan(changes)
    shown = text.plan(one)
    assert f"{row}   09:00  linkedin → x  launch\n" in shown
    assert shown.count("  launch\n") == 1
    assert f"\n{total} (on 2 accounts).\n" in shown
    page = markdown.plan(one)
    assert comment in page
    assert "✋ 1 post needs you" in page
    assert "LinkedIn · Fjordlight AS → **X · Fjordlight**" in page
    assert "An account can't be changed in Publer" not in shown
    if STAYS in changes:
        assert "apply --allow-frozen=launch\n" in shown
    if WAITS in changes:
        assert "choose another time" in shown
    asked = text.question([one])
    assert ("This changes what is published: 1 post to change account only halfway" in asked) is bool(count)
    (told,) = for_pages(one)["posts"]
    assert (told["account"]["alias"], told["left"] and told["left"]["alias"]) == ("x", "linkedin")
    assert {each["action"] for each in data.changes(one)} == {"blocked", *filter(None, (count,))}


def test_an_option_that_lets_the_blocked_half_through_makes_it_whole() -> None:
    one = plan([STAYS, COME])
    asked = text.question([one], allow=Allow(frozen=True))
    assert "1 post to change account (on 2 accounts)" in asked
    assert "halfway" not in asked
    shown = text.plan(one, allow=Allow(frozen=True))
    assert "Allowed by --allow-frozen.\n" in shown
    assert "To remove it anyway" not in shown
    assert "Allowed by" not in text.plan(one)


def test_apply_reports_it_as_one_only_where_both_halves_are_done() -> None:
    gone, come = leaves("12-01 09:00", "We open"), comes("12-01 09:00", "We open")
    assert "Done. 1 post moved to another account (on 2 accounts)" in text.report(
        report([result(gone, Outcome.APPLIED), result(come, Outcome.APPLIED)])
    )
    kept = text.report(report([result(gone, Outcome.NOT_TRIED), result(come, Outcome.FAILED)]))
    assert "FAILED      account" in kept
    assert "linkedin → x" in kept
    assert "It stays on linkedin, its old account." in kept
    assert kept.count("launch") == 1
    assert "\n1 post failed." in kept


def test_what_was_done_needs_no_words_and_a_half_that_failed_was_not_done() -> None:
    done = report([result(GONE, Outcome.APPLIED), result(COME, Outcome.APPLIED)])
    [entry] = report_entries(done, {Outcome.APPLIED})
    assert entry.lines == ()
    failed = text.report(report([result(GONE, Outcome.FAILED), result(COME, Outcome.FAILED)]))
    assert "It was" not in failed


def test_a_report_says_which_half_of_it_was_done() -> None:
    both = text.report(report([result(STAYS, Outcome.NOT_TRIED), result(COME, Outcome.APPLIED)]))
    assert "It was created on x, its new account, so both have it." in both
    none = text.report(report([result(GONE, Outcome.APPLIED), result(WAITS, Outcome.NOT_TRIED)]))
    assert "It was removed from linkedin, its old account, so neither has it." in none

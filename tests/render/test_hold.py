"""What a hold asks and tells of posts that were never sent, on accounts with long names, and what its release tells."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.applying.report import Outcome
from publer_sync.holding.report import HoldReport
from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.planning.plan import Action
from publer_sync.render import hold, hold_data
from publer_sync.render.layout.measure import width
from publer_sync.render.layout.terminal import PLAIN
from publer_sync.render.past import release
from tests.builders import LINKEDIN, NOW, SOON, X, change, copy_of, plan, report, result, wanted
from tests.render.test_sentences import POST, held
from tests.tables import each_of


def test_a_question_asks_about_a_post_that_was_never_sent_too() -> None:
    assert hold.question([replace(held(live=False), copy=None)], {}, NOW, "UTC").startswith(
        "This takes 1 post"
    )
    document = hold_data.document(
        HoldReport(plan(), report([result(replace(held(live=False), copy=None), Outcome.NOT_TRIED)]))
    )
    assert document["posts"][0]["adopted"] is False


@each_of(("longest", "columns"), [(33, 33), (34, 2)])
def test_a_hold_has_a_column_for_names_that_take_no_more_than_a_third_of_the_screen(
    longest: int, columns: int
) -> None:
    gone = [
        replace(held(live=False), account=account, post=wanted(SOON, "w" * 200, account=account))
        for account in (X, LINKEDIN)
    ]
    names = {X.id: "a" * longest, LINKEDIN.id: "li"}
    done = report([result(each, Outcome.UNVERIFIED, each.account.id) for each in gone])
    page = hold.text(
        HoldReport(plan(gone, holds=(Hold("Storm", NOW),)), done, names=names), release="publer-sync release"
    )
    [_, row] = [line for line in page.splitlines() if "www" in line]
    assert row.startswith(f'  Tue 24 Nov 17:20  {"li".ljust(columns)}  "www')
    assert width(row) == 100
    assert "Apply does not put them back." in page


def test_a_release_tells_only_of_posts_whose_time_has_passed() -> None:
    ended = replace(copy_of(POST), end=End.PUBLISHED)
    again = change(Action.CREATE, POST, copy=ended)
    assert release.despite(plan([again]), PLAIN) == ""
    assert "Hello" in release.despite(plan([change(Action.PAST, POST, copy=ended)]), PLAIN)

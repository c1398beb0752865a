"""What Publer refused and created all the same goes once its post stands at another time, and not before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.removing import CAME_UP, TURNED_UP, settle_what_turned_up
from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Creation, Old
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.values.model import Account
from tests.applying.runs import FakePubler, run_at
from tests.builders import LATER, NOW, SOON, TOMORROW, X, change, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost


REFUSED, REFUSED_LIVE = copy_of(wanted(SOON), 1, turned_up="refused", entry=1), shown(SOON)


MADE, MADE_LIVE = copy_of(wanted(LATER), 2, post_id="p-2", entry=1), shown(LATER, id="p-2")
CAME_BACK = replace(MADE, turned_up="refused")
"""What this run sent and Publer refused, and a list shows all the same."""


def turned_up(
    copy: Copy = REFUSED,
    live: LivePost | None = REFUSED_LIVE,
    *,
    made: Copy | None = MADE,
    listed: bool = True,
    old: Old | None = None,
    in_plan: bool = False,
    filtered: bool = False,
) -> tuple[Run, FakePubler]:
    """A run that sent the post again for another time, and then saw the one that had been refused."""
    new = change(Action.CREATE, wanted(LATER))
    changes = [new, *([change(Action.DELETE, None, live=REFUSED_LIVE, copy=copy)] if in_plan else [])]
    live_posts = [post for post in (live, MADE_LIVE if listed else None) if post is not None]
    publer = FakePubler(*live_posts)
    run = run_at(live_posts, ledger(copy, *([made] if made else [])), changes=changes, publer=publer)
    run.creations.append(Creation(0, new, made=made, old=old))
    run.end(run.creations[0], Outcome.APPLIED)
    run.order = replace(run.order, filtered=filtered)
    settle_what_turned_up(run)
    return run, publer


def test_what_was_refused_and_is_there_goes_once_the_post_stands_at_its_new_time() -> None:
    run, publer = turned_up()
    assert publer.asked == ["p-1"]
    assert run.results[1].change.reason == TURNED_UP


@each_of(
    ("scene", "told"),
    [
        ({"copy": replace(REFUSED, turned_up="")}, False),
        ({"copy": replace(REFUSED, turned_up="late")}, True),
        ({"copy": REFUSED.ending(End.REMOVED, NOW)}, False),
        ({"copy": replace(REFUSED, entry=2)}, True),
        ({"live": None}, False),
        ({"live": replace(REFUSED_LIVE, state="published")}, False),
        ({"live": replace(REFUSED_LIVE, state="failed")}, False),
        ({"made": None}, True),
        ({"listed": False}, True),
        ({"old": Old(3, shown(TOMORROW, id="p-3"))}, True),
        ({"in_plan": True}, False),
        ({"copy": CAME_BACK, "live": None, "made": CAME_BACK}, False),
        ({"copy": replace(REFUSED, turned_up="late"), "filtered": True}, False),
    ],
)
def test_it_stays_where_anything_of_that_is_otherwise_and_what_may_still_be_published_is_told(
    scene: dict[str, Any], told: bool
) -> None:
    run, publer = turned_up(**scene)
    assert (publer.asked, [*run.results]) == ([], [0, 1] if told else [0])
    if told:
        assert (run.results[1].outcome, run.results[1].post_id) == (Outcome.NOT_TRIED, "p-1")
        assert run.results[1].why == CAME_UP[run.state.copies[1].turned_up]


@each_of("account", [X, Account("a-gone", "a-gone", "")])
def test_what_came_up_is_told_of_its_account_also_where_the_plan_has_no_post_on_it(account: Account) -> None:
    run, _ = turned_up(replace(REFUSED, account=account.id), made=None)
    assert run.results[1].change.account == account


@each_of("filtered", [False, True])
def test_a_post_refused_at_its_old_time_goes_though_the_plan_of_the_new_one_names_it(filtered: bool) -> None:
    """The change that creates it at another time has the copy that was refused."""
    new = change(Action.CREATE, wanted(LATER), copy=REFUSED)
    publer = FakePubler(REFUSED_LIVE, MADE_LIVE)
    run = run_at((REFUSED_LIVE, MADE_LIVE), ledger(REFUSED, MADE), changes=[new], publer=publer)
    run.creations.append(Creation(0, new, made=MADE))
    run.order = replace(run.order, filtered=filtered)
    settle_what_turned_up(run)
    assert publer.asked == ["p-1"]

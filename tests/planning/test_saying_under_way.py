"""Words stay with the post that Publer has them of until what is under way has come, or is known not to come."""

from __future__ import annotations

from dataclasses import replace

from tests.builders import LATER, NOW, copy_of, ledger, planned, said, sent, shown, wanted
from tests.planning.posts import LIVE, OURS, POST


def test_no_post_gets_the_words_of_one_whose_replacement_or_removal_is_under_way() -> None:
    """Publer has it as it was until then, and would publish both."""
    two = wanted(LATER, "Two", id="two")
    ours, live = copy_of(two, 2, post_id="p-2"), shown(LATER, "Two", id="p-2")
    new = replace(two, content=replace(two.content, text="Three"))
    coming = replace(sent(new, 3, job_id="j-3"), entry=2)
    taker = replace(POST, content=two.content)
    going = replace(ours, removing_at=NOW)
    for desired, copies, why in (
        ([taker, new], (ours, coming), "an earlier apply sent it, and Publer does not list it yet"),
        ([taker], (going,), "an earlier apply asked Publer to remove it, and it is not known yet whether"),
        ([taker, new], (going, coming), "an earlier apply sent it, and Publer does not list it yet"),
    ):
        plan = planned(desired, [LIVE, live], ledger(OURS, *copies))
        [told] = [each for each in plan.changes if each.id == "hello"]
        assert said(told) == ("blocked", "handed_on", "would update")
        assert why in told.reason
    stays = replace(two, content=replace(two.content, labels=("sale",)))
    other = replace(POST, content=replace(POST.content, text="Other"))
    coming = replace(sent(stays, 3, job_id="j-3"), entry=2)
    plan = planned([other, stays], [LIVE, live], ledger(OURS, ours, coming))
    assert [said(each)[0] for each in plan.changes if each.id == "hello"] == ["update"]

"""What a run keeps and hears of the whole workspace."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.applying.permission import EDITED, may_change
from publer_sync.applying.tasks import Creation
from publer_sync.applying.workspace import back_up, listed
from publer_sync.planning.plan import Action
from tests.applying.runs import FakePubler, run_at
from tests.builders import LATER, SOON, TOMORROW, change, ledger, shown, wanted


def test_what_the_list_of_the_workspace_shows_of_a_post_counts_for_its_removal() -> None:
    """A colleague moved it after the plan, and no other list has shown that."""
    planned, moved = shown(SOON), replace(shown(SOON), at=LATER)
    publer = FakePubler(moved, shown(TOMORROW, id="p-9"))
    run = run_at((planned,), publer=publer, protects_edits=True)
    listed(run)
    assert run.page.posts == {"p-1": moved}, "what is not the run's own stays out of its page"
    no = may_change(run, planned)
    assert no is not None
    assert no.why == EDITED


def test_nothing_is_kept_before_a_run_that_writes_nothing() -> None:
    kept: list[object] = []

    def keep(live: object) -> str:
        kept.append(live)
        return "before.json"

    new = change(Action.CREATE, wanted(SOON))
    for tasks in (0, 1):
        run = run_at((), ledger(), changes=[new], publer=FakePubler())
        run.means = replace(run.means, back_up=keep)
        run.contact.known = replace(run.contact.known, wrote=False)
        run.creations += [Creation(0, new)] * tasks
        back_up(run)
        assert len(kept) == tasks

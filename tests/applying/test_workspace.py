"""What a run keeps and hears of the whole workspace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.permission import EDITED, may_change
from publer_sync.applying.report import Cause, Kept, Outcome
from publer_sync.applying.tasks import Creation, Old
from publer_sync.applying.workspace import back_up, judge_removal, listed
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import LedgerPart
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action
from publer_sync.values.model import MINUTE, Listing
from tests.applying.runs import OURS, FakePubler, run_at
from tests.applying.whole import Ticking
from tests.builders import LATER, NOW, SECOND, SOON, TOMORROW, change, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost


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


@each_of(("span", "days"), [(None, None), ((45, NOW), 45)])
def test_the_workspace_is_listed_in_spans_that_publer_is_known_to_list_at_once(
    span: tuple[int, datetime] | None, days: int | None
) -> None:
    asked: list[object] = []

    class Spans(FakePubler):
        def posts(self, **which: Any) -> Listing:
            asked.append(which["longest"])
            return super().posts(**which)

    listed(run_at(state=ledger(span=span), publer=Spans()))
    assert asked == [days]


@each_of(
    ("scene", "kept"),
    [
        ({}, True),
        ({"tasks": ()}, False),
        ({"tasks": ("edits",)}, True),
        ({"tasks": ("removals",)}, True),
        ({"wrote": True}, False),
        ({"backup": "before.json"}, False),
        ({"keeps": False}, False),
    ],
)
def test_what_publer_has_is_kept_once_before_the_first_write_of_a_ledger(
    scene: dict[str, Any], kept: bool
) -> None:
    lists: list[object] = []

    def keep(live: object) -> str:
        lists.append(live)
        return "now.json"

    run = run_at((), ledger(), publer=FakePubler())
    run.means = replace(run.means, back_up=keep if scene.get("keeps", True) else None)
    run.contact.known = replace(run.contact.known, wrote=scene.get("wrote", False))
    run.state.contact = replace(run.state.contact, backup=scene.get("backup", ""))
    for name in scene.get("tasks", ("creations",)):
        getattr(run, name).append(Creation(0, change(Action.CREATE, wanted(SOON))))
    back_up(run)
    assert (len(lists), run.contact.backup) == ((1, "now.json") if kept else (0, ""))
    assert run.state.contact.backup == ("now.json" if kept else scene.get("backup", ""))


# --- what went with the first removal -----------------------------------------------------------------------------------

HERS, IDEA = shown(LATER, "Hers", id="m-1"), shown(None, "An idea", id="m-2", state="draft")
OF_HERS = copy_of(wanted(LATER), 2, post_id="m-1")
WITH = "left Publer together with the first one removed through this key: "
LOST = f'1 other post {WITH}"Hers" of 2026-11-24 18:20 UTC'


class Judged:
    """What the first removal came to: `others` were there before it, and `after` it are these."""

    def __init__(
        self,
        others: Sequence[LivePost] = (),
        after: Sequence[LivePost] = (),
        *,
        copies: Sequence[Copy] = (),
        theirs: Sequence[Copy] = (),
        kept: Sequence[Kept | None] = (None,),
        stops: bool = False,
        in_plan: bool = True,
        short: int = 0,
        backup: str = "",
        allow: Allow | None = None,
    ) -> None:
        gone = change(Action.DELETE, None, live=shown(SOON), copy=OURS)
        self.run: Run = run_at(
            (),
            ledger(OURS, *copies),
            changes=[gone] if in_plan else (),
            publer=FakePubler(*after),
            allow=allow or Allow(),
        )
        self.run.state.contact = replace(self.run.state.contact, backup=backup)
        self.run.contact.verified, self.run.removed = set(), {1: shown(SOON)}
        self.clock = Ticking()
        self.run.means = replace(
            self.run.means,
            clock=self.clock,
            poll_seconds=2.0,
            parts=lambda: {"theirs": LedgerPart(ledger(*theirs))},
            stop=lambda: stops,
        )
        for each in kept:
            self.kept: dict[str, Kept] = {"p-1": each} if each else {}
            judge_removal(self.run, Old(1, shown(SOON)), self.kept, Listing((shown(SOON), *others), short))

    @property
    def error(self) -> str | None:
        return self.run.contact.error.message if self.run.contact.error else None


@each_of(
    ("others", "after", "more", "lost"),
    [
        ([], [], {}, None),
        ([HERS, IDEA], [HERS, IDEA], {}, None),
        ([HERS], [replace(HERS, at=TOMORROW)], {}, None),
        ([HERS], [replace(HERS, id="m-9")], {}, None),
        ([HERS], [], {}, LOST),
        ([HERS], [], {"copies": [OF_HERS]}, LOST),
        ([HERS], [], {"copies": [replace(OF_HERS, removing_at=NOW)]}, None),
        ([HERS], [], {"copies": [replace(OF_HERS, end=End.REMOVED)]}, None),
        ([HERS], [], {"theirs": [OF_HERS]}, LOST),
        ([HERS], [], {"theirs": [replace(OF_HERS, removing_at=NOW)]}, None),
        ([HERS], [], {"theirs": [replace(OF_HERS, end=End.REMOVED)]}, None),
        ([HERS], [], {"short": 1}, None),
        ([IDEA], [], {}, f'1 other post {WITH}"An idea"'),
        ([IDEA], [replace(IDEA, id="m-9")], {}, f'1 other post {WITH}"An idea"'),
        ([IDEA, HERS], [], {}, f'2 other posts {WITH}"An idea"; "Hers" of 2026-11-24 18:20 UTC'),
        ([IDEA] * 5, [], {}, f"5 other posts {WITH}" + "; ".join(['"An idea"'] * 5)),
        ([IDEA] * 7, [], {}, f"7 other posts {WITH}" + "; ".join(['"An idea"'] * 5) + "; and 2 more"),
        ([replace(HERS, at=NOW + 2 * MINUTE)], [], {}, None),
        (
            [replace(HERS, at=NOW + 2 * MINUTE + SECOND)],
            [],
            {},
            LOST.replace("18:20", "13:22"),
        ),
    ],
)
def test_what_nobody_asked_to_remove_and_was_not_due_was_lost_with_the_first_removal(
    others: Sequence[LivePost], after: Sequence[LivePost], more: dict[str, Any], lost: str | None
) -> None:
    done = Judged(others, after, **more)
    assert done.error == lost
    assert done.run.contact.verified == (set() if lost else {Kind.DELETE})


@each_of(
    ("others", "backup", "hint"),
    [
        ([HERS], "", "If a colleague removed it at that moment, run apply again."),
        ([HERS, IDEA], "", "If a colleague removed them at that moment, run apply again."),
        ([HERS], "before.json", "If a colleague removed it at that moment, run apply again."),
    ],
)
def test_who_lost_posts_hears_what_to_do_and_where_they_are_kept(
    others: Sequence[LivePost], backup: str, hint: str
) -> None:
    error = Judged(others, backup=backup).run.contact.error
    assert error is not None
    assert error.hint is not None
    assert error.hint.startswith(hint)
    where = "What Publer had before the first write is in before.json."
    assert error.hint.endswith(f" {where}" if backup else "(publer-sync apply --trace trace.jsonl).")


@each_of(
    ("in_plan", "allow", "network"), [(True, False, "twitter"), (True, True, "twitter"), (False, True, "")]
)
def test_a_first_removal_that_is_still_listed_is_looked_for_three_times_and_stops_the_others(
    in_plan: bool, allow: bool, network: str
) -> None:
    """Unless someone has decided to go on: then that is accepted on its network."""
    done = Judged([HERS], [HERS, shown(SOON)], in_plan=in_plan, allow=Allow(rewritten=allow))
    assert done.clock.slept == 2 + 3
    assert done.run.contact.verified == ({Kind.DELETE} if allow else set())
    assert done.run.state.contact.doubts == ({} if allow else {Kind.DELETE: 1})
    assert done.run.state.contact.allowed == ((f"listed/{network}",) if allow else ())
    if allow:
        assert (done.kept, done.error) == ({}, None)
    else:
        assert [(kept.outcome, kept.why.message) for kept in done.kept.values()] == [
            (Outcome.FAILED, "Publer answered that it removed the post, but still lists it")
        ]
        assert done.error is not None
        assert (done.run.removed, [*done.run.page.posts]) == ({}, ["p-1"])
        assert [doubt.network for doubt in done.run.contact.doubts[Kind.DELETE]] == [network]


def test_who_asks_to_stop_waits_for_no_second_look_at_the_first_removal() -> None:
    done = Judged([HERS], [shown(SOON)], stops=True)
    assert (done.clock.slept, done.error, done.run.contact.verified) == (0, None, set())
    assert Judged([HERS], stops=True).error is None, "one look tells too little"


@each_of(
    ("kept", "told"),
    [
        ([Outcome.UNVERIFIED], "it is not known what became of the first removal through this key"),
        ([Outcome.FAILED] * 2, None),
        ([Outcome.FAILED] * 3, "Publer refused the first 3 removals through this key"),
        ([Outcome.NOT_TRIED] * 3, None),
    ],
)
def test_three_first_removals_that_publer_refuses_or_one_in_doubt_keep_the_others_from_being_tried(
    kept: Sequence[Outcome], told: str | None
) -> None:
    done = Judged(kept=[Kept(Cause("no"), each) for each in kept])
    assert done.run.contact.verified == set()
    why = done.run.contact.ended.get(Kind.DELETE)
    assert (why.message.partition(", so")[0] if why else None) == told

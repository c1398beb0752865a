"""Posts that another calendar's state on the same branch manages: never adopted, and in nobody's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.state import dumps
from publer_sync.planning.plan import Action, Block
from tests.builders import LATER, SOON, copy_of, ledger, only, planned, sent, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State

POST, DRAFT = wanted(SOON, "Hello"), wanted(SOON, "Hello", draft=True)
LIVE, LIVE_DRAFT = shown(SOON, "Hello"), shown(SOON, "Hello", state="draft")


def theirs(*copies: Copy) -> Elsewhere:
    return Elsewhere.read({"clients/acme": dumps(ledger(*copies)).encode()}, "git:state")


THEIRS = theirs(copy_of(POST))


@each_of("elsewhere", [THEIRS, theirs(sent(POST)), theirs(sent(POST, lapsed=True))])
@each_of("state", [None, ledger()])
def test_a_post_of_another_calendar_is_not_adopted_and_holds_its_slot(
    elsewhere: Elsewhere, state: State | None
) -> None:
    assert only(planned([POST], [LIVE], state)).action is Action.ADOPT
    plan = planned([POST], [LIVE], state, elsewhere=elsewhere)
    change = only(plan)
    assert (change.blocks, change.would.action) == ((Block.ELSEWHERE,), Action.CREATE)
    assert change.reason.endswith('minute: "Hello"; the calendar clients/acme manages it')
    assert plan.unmanaged == 1


def test_a_post_near_one_of_another_calendar_names_it_too() -> None:
    change = only(planned([wanted(SOON, "Other")], [LIVE], ledger(), elsewhere=THEIRS))
    assert (change.blocks, change.would.action) == ((Block.ELSEWHERE,), Action.CREATE)
    assert change.reason.endswith("; the calendar clients/acme manages it")


def test_a_draft_of_another_calendar_is_not_adopted_and_not_created_twice() -> None:
    assert only(planned([DRAFT], [LIVE_DRAFT], ledger())).action is Action.ADOPT
    for elsewhere in (theirs(copy_of(DRAFT)), theirs(sent(DRAFT))):
        change = only(planned([DRAFT], [LIVE_DRAFT], ledger(), elsewhere=elsewhere))
        assert (change.blocks, change.would.action) == ((Block.ELSEWHERE,), Action.CREATE)
        assert change.reason == "Publer already has the same draft: the calendar clients/acme manages it"


def test_a_claim_is_on_a_post_with_its_words_alone() -> None:
    change = only(planned([POST], [LIVE], ledger(), elsewhere=theirs(sent(wanted(SOON, "Other")))))
    assert change.action is Action.ADOPT


def test_a_possible_duplicate_of_another_calendar_is_named_as_such() -> None:
    live = shown(LATER, "Hello")
    change = only(planned([POST], [live], ledger(), elsewhere=theirs(copy_of(wanted(LATER, "Hello")))))
    assert (change.blocks, change.calendar) == ((Block.TWIN,), "clients/acme")
    assert change.reason.startswith("a post of the calendar clients/acme has the same text and is scheduled")


def test_what_this_calendar_manages_stays_its_own() -> None:
    plan = planned([POST], [LIVE], ledger(copy_of(POST)), elsewhere=THEIRS)
    assert plan.listed == ()


def test_a_state_that_cannot_be_read_keeps_posts_from_being_adopted_and_nothing_else() -> None:
    unreadable = Elsewhere.read({"clients/acme": b"{"}, "git:state")
    for post, live in ((POST, LIVE), (DRAFT, LIVE_DRAFT)):
        plan = planned([post], [live], ledger(), elsewhere=unreadable)
        change = only(plan)
        assert (change.blocks, change.would.action) == ((Block.SLOT,), Action.CREATE)
        assert change.reason.endswith("managed by the calendar clients/acme, whose state cannot be read")
        [warning] = [warn for warn in plan.warnings if warn.code == "state_unreadable"]
        assert "the state in git:state (calendar clients/acme) is damaged" in warning.message
    other = only(planned([wanted(LATER, "New")], [LIVE], ledger(), elsewhere=unreadable))
    assert other.action is Action.CREATE
    stays = only(planned([wanted(SOON, "Other")], [LIVE], ledger(), elsewhere=unreadable))
    assert "cannot be read" not in stays.reason


def test_a_post_of_another_calendar_is_not_taken_for_one_that_was_never_found() -> None:
    """A post not managed anywhere may be it, in the words that Publer gave it."""
    lost, other = sent(POST, lapsed=True), shown(SOON, "Other words", id="p-9")
    state, managed = ledger(lost), theirs(copy_of(wanted(SOON, "Other words"), post_id="p-9"))
    assert Block.TWIN in only(planned([POST], [other], state)).blocks
    assert only(planned([POST], [other], state, elsewhere=managed)).blocks == (Block.ELSEWHERE,)

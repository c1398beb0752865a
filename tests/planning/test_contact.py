"""What the first post of its kind does not have as it was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.contact import Contact, Kind
from publer_sync.planning.contact import LISTED, doubts_of, not_kept, remedy
from tests.applying.runs import doubt
from tests.builders import LINKEDIN, NOW, SECOND, SOON, X, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost

TITLED = copy_of(wanted(SOON, title="News"))
DRAFT = copy_of(wanted(SOON, draft=True))
OUT = shown(SOON, state="published")


@each_of(
    ("copy", "live", "fields"),
    [
        (TITLED, shown(SOON, title="News"), []),
        (TITLED, shown(SOON + SECOND), []),
        (TITLED, shown(SOON, labels=("other",), link="https://a.example", media=3), []),
        (TITLED, replace(OUT, at=SOON + 600 * SECOND), []),
        (copy_of(wanted(SOON)), shown(SOON, title="One of its own"), []),
        (DRAFT, shown(SOON, state="draft"), []),
        (TITLED, shown(SOON, account=LINKEDIN), ["account"]),
        (TITLED, shown(NOW), ["time"]),
        (TITLED, shown(None), ["time"]),
        (TITLED, shown(SOON + 60 * SECOND), ["time"]),
        (TITLED, replace(OUT, at=SOON - 60 * SECOND), ["time", "state"]),
        (TITLED, shown(SOON, state="draft"), ["state"]),
        (TITLED, shown(SOON, state="scheduled_declined"), ["state"]),
        (DRAFT, shown(SOON), ["state"]),
        (DRAFT, OUT, ["state"]),
        (TITLED, shown(SOON, "Hullo"), ["text"]),
        (TITLED, shown(SOON, title="Olds"), ["title"]),
    ],
)
def test_what_publer_did_not_keep_is_named_field_by_field(
    copy: Copy, live: LivePost, fields: list[str]
) -> None:
    assert [item.field for item in not_kept(X, copy, live)] == fields


def test_the_way_out_of_a_doubt_names_the_calendar_of_another_one_alone() -> None:
    told = remedy([doubt()], "publer-sync apply calendar")
    assert "is in the calendar" not in told
    assert "publer-sync apply calendar --allow-rewritten" in told
    assert " The post is in the calendar clients/acme." in remedy([doubt(calendar="clients/acme")], "apply")


@each_of(
    ("live", "fields"),
    [(None, [LISTED]), (shown(SOON, "Hullo"), ["text"]), (shown(SOON), [])],
)
def test_a_first_post_that_is_not_listed_any_more_is_in_doubt_as_one_that_says_something_else_is(
    live: LivePost | None, fields: list[str]
) -> None:
    state = ledger(copy_of(wanted(SOON)), contact=Contact(doubts={Kind.CREATE: 1}))
    listed = {live.id: live} if live is not None else {}
    doubts = [*doubts_of(state, "", listed, {X.id: X}, ())]
    assert [item.field for doubt in doubts for item in doubt.differs] == fields

"""Posts that people made in Publer: which are new, which a calendar cannot have, and which are left with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.planning.planner import Scope
from publer_sync.pulling.findings import find
from publer_sync.values.model import LiveMedium
from tests.builders import EARLIER, LINKEDIN, NOW, SOON, X, planned, shown
from tests.pulling.test_findings import found
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost


def test_a_picture_without_words_is_a_new_post() -> None:
    picture = shown(SOON, "", type="photo", media=1, pieces=(LiveMedium("5f1"),))
    assert found([], [picture]).new == [picture]


@each_of(
    ("live", "counted"),
    [
        (shown(None, state="draft"), {"undated": 1}),
        (shown(EARLIER), {"past": 1}),
        (shown(SOON, state="scheduled_pending"), {"pending": 1}),
        (shown(SOON, state="published_posted"), {"published": 1}),
        (shown(SOON, account=replace(X, id="a-else")), {}),
        (shown(SOON, id="p-else"), {"elsewhere": 1}),
    ],
)
def test_what_is_not_for_this_calendar_is_not_written(live: LivePost, counted: dict[str, int]) -> None:
    findings = found([], [live], elsewhere={"p-else"})
    assert (findings.new, findings.left, findings.counted) == ([], [], counted)


@each_of(
    ("live", "why"),
    [
        (shown(SOON, type="link", link=""), "its link"),
        (shown(SOON, media=2), "which media"),
        (shown(SOON, ""), "neither text nor media"),
        (shown(SOON, type="poll"), "this poll"),
        (shown(SOON, type="status", detail="event"), "this event"),
        (shown(SOON, media=1, pieces=(LiveMedium(""),)), "which media"),
    ],
)
def test_what_publer_shows_too_little_of_is_left(live: LivePost, why: str) -> None:
    (left,) = found([], [live]).left
    assert why in left.reason


def test_what_is_over_is_counted_by_account_and_what_waits_is_not() -> None:
    live = [
        shown(SOON, state="published", id="p-1"),
        shown(SOON, state="failed", id="p-2", account=LINKEDIN),
        shown(SOON, state="scheduled_pending", id="p-3"),
    ]
    findings = found([], live)
    assert findings.counted == {"published": 1, "failed": 1, "pending": 1}
    assert findings.over == {"published": {"x": 1}, "failed": {"linkedin": 1}}


def test_the_picture_of_a_link_card_is_none_of_its_media() -> None:
    card = shown(SOON, "Read", id="f-1", type="link", link="https://a.example", media=1)
    assert found([], [card]).new == [card]


@each_of(
    ("account", "shows", "why"),
    [
        ("google", {"title": "SHOP_NOW"}, "its button SHOP_NOW has no link"),
        ("wordpress", {}, "this article"),
        ("murmur", {}, "publer-sync does not know its network, murmur"),
        ("linkedin", {"type": "carousel", "media": 1, "pieces": (LiveMedium("5f1"),)}, None),
    ],
)
def test_what_a_network_shows_too_little_of_is_left(
    account: str, shows: dict[str, Any], why: str | None
) -> None:
    there = replace(X, id="a-1", provider=account, alias=account)
    live = [shown(SOON, account=there, **shows)]
    findings = find(planned([], live, accounts=[there]), live, (), {there.id: there}, Scope(), now=NOW)
    assert [why in left.reason for left in findings.left if why] == ([True] if why else [])
    assert findings.new == ([] if why else live)

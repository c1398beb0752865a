"""What the page gets of each post, and of its words as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.desk import desk_of
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk

SETTINGS = "timezone: UTC\naccounts: {x: Me, linkedin: Us, bluesky: Sky}\nlimits: {freeze_minutes: 15}\n"
POSTS = """\
posts:
- id: soon
  at: 2027-03-02 09:00
  accounts: [x, linkedin]
  text: &words Soon
- id: again
  at: 2027-03-03 09:00
  accounts: x
  text: *words
- id: alone
  at: 2027-03-04 09:00
  accounts: [x, linkedin]
  text: &nobody Alone
- id: own
  at: 2027-03-05 09:00
  accounts: [{account: x, text: For X}, {account: linkedin, text: For us}]
- id: tip
  evergreen: {every: 8w}
  accounts: nobody
  text: Tip
- {evergreen: {every: 8w}, accounts: x, text: Nameless}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "posts.yaml").write_text(POSTS, encoding="utf-8")
    with desk_of(top) as desk:
        yield desk


def test_a_post_is_frozen_within_the_minutes_before_it_is_published(desk: Desk) -> None:
    for hour, minute, frozen in ((8, 44, False), (8, 45, True), (8, 59, True), (9, 0, False)):
        desk.clock.at = datetime(2027, 3, 2, hour, minute, tzinfo=UTC)
        assert desk.post("soon")["frozen"] is frozen, minute


def test_what_an_anchor_shares_is_not_edited_and_one_that_nothing_uses_is(desk: Desk) -> None:
    assert {each["id"]: bool(each["why_not"]) for each in desk.posts if not each["stored"]} == {
        "soon": True,
        "again": True,
        "alone": False,
        "own": False,
    }


def test_a_stored_post_on_no_account_is_not_used(desk: Desk) -> None:
    for name in ("tip", "Nameless"):
        told = desk.do(name, move={"day": "2027-03-05", "time": "09:00"})
        assert (told.status, told.say.partition(".")[0]) == (
            422,
            "It cannot be used before its errors are fixed",
        )


def test_the_text_of_a_post_whose_accounts_have_their_own_is_that_of_the_first(desk: Desk) -> None:
    assert desk.post("own")["text"] == "For X"
    assert desk.do("own", edit={"text": "New"}).status == 200
    assert "[{account: x, text: New}, {account: linkedin, text: For us}]" in desk.read("posts.yaml")


@each_of(
    ("fields", "placed"),
    [({"text": "TODO: words"}, [True]), ({"text": "Words", "thread": [{"text": "TODO: more"}]}, [False])],
)
def test_only_what_is_wrong_with_the_text_has_a_place_in_it(
    desk: Desk, fields: dict[str, Any], placed: list[bool]
) -> None:
    told = desk.send("/studio/words", {"key": desk.post("alone")["key"], **fields}).body
    found = [each for each in told["problems"] if each["code"].startswith("text.placeholder")]
    assert [each["from"] is not None for each in found[:1]] == placed, told["problems"]


def test_the_cards_of_what_is_in_no_file_are_asked_for_by_the_calendar(desk: Desk) -> None:
    assert desk.get("/studio/cards?keys=beside-0")["cards"] == {"beside-0": []}

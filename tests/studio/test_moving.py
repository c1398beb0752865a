"""Posts that are moved in a calendar that names no time zone: each time has its own offset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.studio.desk import desk_of
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

POSTS = """\
posts:
- id: one
  at: 2027-03-02 09:00+05:00
  accounts: [x, facebook]
  text: One
- id: week
  at: 2027-03-03 02:00+05:00
  accounts: x
  text: Week
  repeat: {every: week, times: 3}
"""


@each_of(
    "name, order, lines",
    [
        (
            "one",
            {"move": {"day": "2027-03-05"}},
            ["- at: 2027-03-02 09:00+05:00", "+ at: 2027-03-05 09:00+05:00"],
        ),
        (
            "one",
            {"move": {"day": "2027-03-05", "time": "10:00"}},
            ["- at: 2027-03-02 09:00+05:00", "+ at: 2027-03-05 15:00+05:00"],
        ),
        (
            "one",
            {"duplicate": {"day": "2027-03-05"}},
            [
                "+ - id: one-2",
                "+ at: 2027-03-05 09:00+05:00",
                "+ accounts: [x, facebook]",
                "+ text: |",
                "+ One",
            ],
        ),
        (
            "week",
            {"move": {"day": "2027-03-04", "series": "all"}},
            ["- at: 2027-03-03 02:00+05:00", "+ at: 2027-03-05 02:00+05:00"],
        ),
    ],
)
def test_the_offset_stays_and_the_page_counts_in_greenwich(
    tmp_path: Path, name: str, order: Any, lines: list[str]
) -> None:
    (tmp_path / "publer.yaml").write_text("accounts: {x: Me, facebook: Us}\n", "utf-8")
    (tmp_path / "posts.yaml").write_text(POSTS, "utf-8")
    with desk_of(tmp_path) as desk:
        told = desk.do(name, **order)
        assert (told.status, told.lines) == (200, lines)

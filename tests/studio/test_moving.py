"""Posts that are moved in a calendar that names no time zone: each time has its own offset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.studio.desk import desk_of

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


def test_the_offset_stays_and_the_page_counts_in_greenwich(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("accounts: {x: Me, facebook: Us}\n", "utf-8")
    (tmp_path / "posts.yaml").write_text(POSTS, "utf-8")
    with desk_of(tmp_path) as desk:
        told = desk.do("one", move={"day": "2027-03-05", "time": "10:00"})
        assert told.lines == ["- at: 2027-03-02 09:00+05:00", "+ at: 2027-03-05 15:00+05:00"]
        told = desk.do("one", duplicate={"day": "2027-03-06"})
        assert told.lines[:2] == ["+ - id: one-2", "+ at: 2027-03-06 15:00+05:00"]
        told = desk.do("week", move={"day": "2027-03-04", "series": "all"})
        assert told.lines == ["- at: 2027-03-03 02:00+05:00", "+ at: 2027-03-05 02:00+05:00"]

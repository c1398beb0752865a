"""What a move costs in a long file: the post that moves is read, spread and proved, and no other one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.expand import Expander
from publer_sync.calendar.load import read
from publer_sync.calendar.yaml.reader import Reader
from publer_sync.commands.edit import studio_of
from publer_sync.studio.orders import change_request
from tests.studio.desk import NOW

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from publer_sync.studio.studio import Studio

SETTINGS = "workspace: W1\ntimezone: UTC\naccounts: {x: x/Acme, facebook: facebook/Acme}\n"


def studio_of_many(top: Path, posts: int) -> Studio:
    (top / "publer.yaml").write_text(SETTINGS)
    days = (date(2027, 3, 1) + timedelta(days=number) for number in range(posts))
    lines = (f"- id: p{n}\n  at: {day} 09:00\n  text: |\n    Words {n}\n" for n, day in enumerate(days))
    (top / "posts.yaml").write_text("accounts: [x, facebook]\nposts:\n" + "".join(lines))
    studio = studio_of([top], read_only=False, now=lambda: NOW)
    studio.begin()
    return studio


def order(studio: Studio, name: str, do: dict[str, Any]) -> dict[str, Any]:
    """What is done to the post with this id; the answer."""
    keys = studio.opened[0].keys
    key = next(key for key, entry in keys.entries.items() if entry.id == name)
    answer = studio.change(change_request({"do": do, "key": key, "revision": keys.revision(key)}), do)
    assert answer.status == 200, answer.body
    return dict(answer.body)


def test_a_move_reads_and_spreads_one_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = studio_of_many(tmp_path, 200)
    read_lines: list[int] = []
    spread: list[str | None] = []
    reads, spreads = Reader.read, Expander._spread

    def counted(reader: Reader, text: str, first_line: int = 1) -> Any:
        read_lines.append(text.count("\n"))
        return reads(reader, text, first_line)

    def noted(expander: Expander, entry: Any) -> Any:
        spread.append(entry.id)
        return spreads(expander, entry)

    monkeypatch.setattr(Reader, "read", counted)
    monkeypatch.setattr(Expander, "_spread", noted)
    moved = order(studio, "p100", {"move": {"day": "2028-01-01"}})
    assert [post["id"] for post in moved["posts"]] == ["p100"]
    assert [line for line in moved["diff"].splitlines() if re.match(r"[-+]\s|@@", line)] == [
        "@@ -401,7 +401,7 @@",
        "-  at: 2027-06-09 09:00",
        "+  at: 2028-01-01 09:00",
    ]
    assert spread == ["p100"]
    assert sum(read_lines) < 20
    spread.clear()
    order(studio, "p150", {"move": {"day": "2028-01-02"}})
    assert sorted(map(str, spread)) == ["p100", "p150"]  # the first with the file as it is now
    read_lines.clear()
    assert studio.undo().status == 200
    assert sum(read_lines) < 20
    monkeypatch.undo()
    fresh = read(tmp_path)
    assert studio.opened[0].calendar.desired.posts == fresh.desired.posts


def test_a_post_after_one_that_moved_is_edited_in_the_file_as_it_is_now(tmp_path: Path) -> None:
    studio = studio_of_many(tmp_path, 5)
    order(studio, "p1", {"move": {"day": "2028-01-01"}})
    order(studio, "p3", {"move": {"day": "2028-01-02"}})
    order(studio, "p3", {"edit": {"text": "Other words\non two lines"}})
    order(studio, "p2", {"remove": {}})
    order(studio, "p4", {"move": {"day": "2028-01-03"}})
    text = (tmp_path / "posts.yaml").read_text()
    assert re.findall(r"at: (\S+)", text) == ["2027-03-01", "2028-01-01", "2028-01-02", "2028-01-03"]
    assert "    Other words\n    on two lines\n" in text

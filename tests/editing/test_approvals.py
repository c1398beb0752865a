"""How a yes is written as a line; that it reads back is in tests/calendar/test_approvals.py."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.editing.approvals import line_of
from tests.planning.posts import POST
from tests.tables import each_of
from tests.values.test_signoff import yes_to


@each_of(
    ("sign", "written"),
    [
        ("\u200b", r"\u200b"),
        ("\U000e0067", r"\U000e0067"),
        ("é", "é"),
        ("🏴", "🏴"),
    ],
)
def test_what_no_editor_shows_is_written_as_its_number(sign: str, written: str) -> None:
    line = line_of(yes_to(replace(POST, content=replace(POST.content, text=f"a{sign}b"))))
    assert f'"a{written}b"' in line

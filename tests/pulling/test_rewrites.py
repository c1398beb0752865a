"""Why a post of a series is left, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.pulling.rewrites import Rewriter
from tests.builders import LINKEDIN, X

if TYPE_CHECKING:
    from pathlib import Path

SERIES = """\
posts:
- id: tips
  at: 2027-03-01 09:00
  accounts: [x, linkedin]
  text: A tip
  repeat: {every: day, times: 3, except: [2027-03-02]}
"""


@pytest.mark.parametrize(
    ("aliases", "also"),
    [({"x", "linkedin"}, ""), ({"x"}, ", and add a post for that day on its other accounts")],
)
def test_a_day_of_a_series_that_somebody_removed_is_left_out_by_hand(
    tmp_path: Path, aliases: set[str], also: str
) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, linkedin: Us}\n")
    (tmp_path / "posts.yaml").write_text(SERIES)
    calendar = read(tmp_path)
    posts = [
        post
        for post in calendar.bind({"x": X, "linkedin": LINKEDIN}).posts
        if post.id == "tips@2027-03-01" and post.account.alias in aliases
    ]
    assert len(posts) == len(aliases)
    writer = Rewriter(calendar)
    with pytest.raises(Unsafe) as raised:
        writer.remove(posts)
    assert raised.value.reason == f"it is one of a series (repeat): leave out its day{also}"
    assert raised.value.paste == "except: [2027-03-02, 2027-03-01]"
    assert not writer.documents

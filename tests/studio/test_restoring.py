"""Where a post of the last commit comes back: in its old place, on lines of its own, and nothing else changes."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.restoring import OTHERS, post_back
from tests.tables import each_of

if TYPE_CHECKING:
    import pytest

SETTINGS = "workspace: W\ntimezone: UTC\naccounts: {x: X, linkedin: L}\n"
HEAD = "accounts: x\nposts:\n"


def post(id: str, text: str = "", gap: str = "") -> str:
    day = ord(id) - ord("a") + 1
    return f"{gap}- id: {id}\n  at: 2027-03-0{day} 09:00\n  text: {text or f'Post {id}'}\n"


A, B, C, D = map(post, "abcd")
SPACED = HEAD + A + post("b", gap="\n# about b\n") + post("c", gap="\n")
NO_END = (HEAD + A + B).removesuffix("\n")


@each_of(
    ("before", "now", "line", "after"),
    [
        # one that left, between the others
        (HEAD + A + B + C, HEAD + A + C, 6, HEAD + A + B + C),
        (HEAD + A + B + C, HEAD + B + C, 3, HEAD + A + B + C),
        (HEAD + A + B + C, HEAD + A + B, 9, HEAD + A + B + C),
        # several left, and one comes back
        (HEAD + A + B + C, HEAD + C, 3, HEAD + A + C),
        (HEAD + A + B + C, HEAD + C, 6, HEAD + B + C),
        (HEAD + A + B + C, HEAD + A, 9, HEAD + A + C),
        (HEAD + A + B + C + D, HEAD + A + D, 9, HEAD + A + C + D),
        (HEAD + A + B + C + D, HEAD + D, 6, HEAD + B + D),
        # one that was edited, and one that was edited beside it
        (HEAD + A + B + C, HEAD + A + post("b", "Other") + C, 6, HEAD + A + B + C),
        (HEAD + A + B + C, HEAD + post("a", "Other") + C, 6, HEAD + post("a", "Other") + B + C),
        # with what stood above it
        (SPACED, HEAD + A + post("c", gap="\n"), 8, SPACED),
        (SPACED, HEAD + A + post("b", "Other", gap="\n# about b\n") + post("c", gap="\n"), 8, SPACED),
        # where the file has no end of its last line
        (NO_END, HEAD + A, 6, NO_END),
        (HEAD + A + B, (HEAD + A).removesuffix("\n"), 6, HEAD + A + B),
        (HEAD + A + B + C, (HEAD + A + C).removesuffix("\n"), 6, (HEAD + A + B + C).removesuffix("\n")),
        # where it cannot
        (HEAD + A, HEAD.removesuffix("posts:\n") + "posts: []\n", 3, OTHERS),
        (HEAD + A + B, HEAD + A, 4, "a.yaml has another post on line 4 by now"),
        (HEAD + A, HEAD + A, 3, "a.yaml does not differ from the last commit any more"),
        # of a file that is new, or gone, all of it
        (None, HEAD + A, 3, None),
        (HEAD + A, None, 3, HEAD + A),
    ],
)
def test_a_post_comes_back_where_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    before: str | None,
    now: str | None,
    line: int,
    after: str | None,
) -> None:
    top = tmp_path_factory.mktemp("restoring")
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    if now is not None:
        (top / "a.yaml").write_bytes(now.encode())
    calendar = read(top)
    opened = SimpleNamespace(
        read_with=calendar.with_files, snapshot=Snapshot(calendar, datetime(2027, 2, 20, 12, tzinfo=UTC))
    )
    sides = tuple(each.encode() if each is not None else None for each in (before, now))
    differing = {"a.yaml": sides} if sides[0] != sides[1] else {}
    commit: Any = SimpleNamespace(opened=opened, differing=lambda: differing)
    try:
        raw = post_back(commit, "a.yaml", line)[0]["a.yaml"]
        found = raw.decode() if raw is not None else None
    except Unsafe as refused:
        found = str(refused)
    assert found == after

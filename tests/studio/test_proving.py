"""What is proved of a change before it counts: the posts say what is meant, and all others what they said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.keys import PostKeys
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.proving import OTHERS, UNEQUAL, VERSIONS, prove
from publer_sync.studio.working import ByHand, Expected, WorkingFiles
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = "workspace: W\ntimezone: UTC\naccounts: {x: X, linkedin: L}\n"
TIP = "- {id: tip, evergreen: {every: 8w}, accounts: x, text: Tip}\n"
TWO_TIPS = "- {id: tip, evergreen: {every: 8w}, accounts: x, text: Tip, variants: [{text: Another}]}\n"
OTHER_TIP = TIP.replace("tip", "other").replace("Tip", "Other")
USE, OTHER_USE = "- {use: tip, at: 2027-03-09 09:00}\n", "- {use: other, at: 2027-03-10 09:00}\n"


def post(id: str, text: str, on: str = "x", more: str = "") -> str:
    return (
        f"- {{id: {id}, at: 2027-03-0{ord(id) - ord('a') + 1} 09:00, accounts: {on}, text: {text}{more}}}\n"
    )


A, B = post("a", "One"), post("b", "Two")
BETTER, ON_BOTH = post("a", "Better"), post("a", "Better", "[x, linkedin]")


class Meant(NamedTuple):
    """What each post by its id is meant to say otherwise, which leave, and what the new ones say."""

    edits: Mapping[str, dict[str, Any]] = {}
    gone: str = ""
    come: tuple[str, ...] = ()
    whole: bool = True
    on: frozenset[str] | None = None


def snapshot_of(top: Path, posts: str) -> Snapshot:
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "posts.yaml").write_text(f"posts:\n{posts}", encoding="utf-8")
    return Snapshot(read(top), datetime(2027, 2, 20, 12, tzinfo=UTC))


@each_of(
    ("before", "after", "meant", "told"),
    [
        (A + B, BETTER + B, Meant({"a": {"text": "Better"}}), ""),
        (A + B, A + B, Meant({"a": {"text": "Better"}}), UNEQUAL),
        (A + B, BETTER + B, Meant({"a": {"text": "Other"}}), UNEQUAL),
        (A + B, BETTER + post("b", "Changed"), Meant({"a": {"text": "Better"}}), OTHERS),
        (A + B, A + post("b", "Changed"), Meant(), OTHERS),
        (A + B, A + post("b", "Two", "[x, linkedin]"), Meant(), OTHERS),
        # on other accounts, or with more than is meant
        (A, ON_BOTH, Meant({"a": {"text": "Better"}}), UNEQUAL),
        (A, post("a", "Better", more=", title: T"), Meant({"a": {"text": "Better"}}), UNEQUAL),
        (A, post("a", "Better", more=", title: T"), Meant({"a": {"text": "Better"}}, whole=False), ""),
        (A, post("a", "Other", more=", title: T"), Meant({"a": {"text": "Better"}}, whole=False), UNEQUAL),
        (A, ON_BOTH, Meant({"a": {"text": "Better"}}, whole=False, on=frozenset({"x", "linkedin"})), ""),
        (A, BETTER, Meant({"a": {"text": "Better"}}, whole=False, on=frozenset({"x", "linkedin"})), UNEQUAL),
        # what leaves and what comes
        (A + B, A, Meant(gone="b"), ""),
        (A + B, post("a", "Changed"), Meant(gone="b"), OTHERS),
        (A, A + B, Meant(come=("Two",)), ""),
        (A, A + B, Meant(come=("Three",)), UNEQUAL),
        (A, A + B + post("c", "Three"), Meant(come=("Three", "Two")), ""),
        (A, A + B + post("c", "Two"), Meant(come=("Two", "Three")), UNEQUAL),
        # stored posts and their uses
        (TIP + USE, TIP.replace("Tip", "New") + USE, Meant({"tip": {"text": "New"}}), ""),
        (TIP + OTHER_TIP + OTHER_USE, TIP.replace("Tip", "New") + OTHER_TIP.replace("Other", "New") + OTHER_USE, Meant({"tip": {"text": "New"}}), OTHERS),
        (TIP + OTHER_TIP + OTHER_USE, TIP.replace("Tip", "New") + OTHER_TIP + OTHER_USE.replace("}", ", text: Own}"), Meant({"tip": {"text": "New"}}), OTHERS),
        (TIP, TWO_TIPS.replace("Tip", "New"), Meant({"tip": {"text": "New"}}), VERSIONS),
        (TWO_TIPS, TWO_TIPS.replace("Tip", "New"), Meant({"tip": {"text": "New"}}), ""),
    ],
)  # fmt: skip
def test_a_change_counts_only_where_it_reads_as_it_is_meant_and_changes_no_other_post(
    tmp_path_factory: pytest.TempPathFactory, before: str, after: str, meant: Meant, told: str
) -> None:
    top = tmp_path_factory.mktemp("proof")
    was, now = snapshot_of(top / "was", before), snapshot_of(top / "now", after)
    old = PostKeys("p")
    old.follow(was.calendar.entries)
    new = old.copy()
    new.follow(now.calendar.entries)
    keys = {entry.id: key for key, entry in old.entries.items()}
    work = WorkingFiles(was, documents={each.file: each for each in now.calendar.documents})
    for name, edits in meant.edits.items():
        expected = work.expected[keys[name]] = work.expected_of(old.entries[keys[name]])
        expected.whole, expected.aliases = meant.whole, meant.on
        for key, value in edits.items():
            expected.set("x", key, value)
            if not meant.whole:
                expected.said["x"] = {key: value}
    work.gone |= {keys[name] for name in meant.gone}
    work.added += [Expected({"x": {"text": text}}, whole=False) for text in meant.come]
    try:
        prove(work, old, now, new)
        found = ""
    except ByHand as refused:
        found = str(refused)
    assert found == told


def test_what_is_on_no_account_is_not_edited_and_no_two_posts_get_one_id(tmp_path: Path) -> None:
    work = WorkingFiles(snapshot_of(tmp_path / "files", A + post("b", "Two", "nobody")))
    one, other = work.snapshot.calendar.entries
    work.edits_of(one)
    with pytest.raises(Unsafe, match="it is on no account of this calendar"):
        work.edits_of(other)
    assert [work.free_id(wanted) for wanted in ("a", "c", "c", "a")] == ["a-2", "c", "c-2", "a-3"]

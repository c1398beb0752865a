"""What is judged again after a change: its files, and the posts around its minutes, as the whole calendar would be judged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.studio.nearby import Vicinity
from tests.studio.snapshots import opened
from tests.tables import each_of

if TYPE_CHECKING:
    import pytest

FILES: dict[str, str | bytes] = {
    "publer.yaml": """timezone: UTC
accounts: {x: X, linkedin: L}
cadence: {hours: 07:00-11:00, x: 9/week}
odd: 1
""",
    "a.yaml": f"""odd: 2
posts:
- {{id: long, at: 2027-03-09 09:00, accounts: x, text: {"long " * 60}}}
- {{id: waits, accounts: linkedin, text: Waits}}
- {{id: nobody, at: 2027-03-09 09:00, accounts: y, text: Nobody}}
""",
    "b.yaml": """odd: 3
posts:
- {id: soon, at: 2027-03-09 12:00, accounts: x, text: Soon}
- {id: waits, at: 2027-06-01 09:00, accounts: x, media: [{file: media/none.png, alt: None}]}
- {id: summer, at: 2027-06-01 09:00, accounts: x, text: Summer}
""",
}
ALWAYS = ("b.yaml:4 id.twice", "a.yaml:5 account.unknown")
"""Whatever the change is about: ids are of the whole calendar, and who is on no account is near to no post."""
MARCH = ("a.yaml:3 x.text.length", "b.yaml:3 cadence.hours")
JUNE = ("b.yaml:4 media.missing", "b.yaml:5 slot.twice")


@each_of(
    ("files", "days", "touched", "told"),
    [
        ((), (), (), ()),
        (("publer.yaml",), (), (), ("publer.yaml:4 key.unknown",)),
        (("a.yaml",), (), (), ("a.yaml:1 key.unknown", "a.yaml:4 time.none")),
        (("b.yaml",), (), (), ("b.yaml:1 key.unknown", "b.yaml:4 media.missing")),
        ((), ("2027-03-09",), (), MARCH),
        ((), ("2027-03-25",), (), MARCH),
        ((), ("2027-03-26",), (), ()),
        ((), ("2027-02-21",), (), MARCH[:1]),
        ((), ("2027-02-20",), (), ()),
        ((), ("2027-06-01",), (), JUNE),
        ((), ("2027-06-10", "2027-03-10", "2027-03-25"), (), (*MARCH, *JUNE)),
        ((), (), ("long",), ("a.yaml:3 x.text.length",)),
        ((), (), ("soon", "long"), MARCH),
        ((), (), ("waits",), ("a.yaml:4 time.none", "b.yaml:4 media.missing")),
        (("a.yaml",), ("2027-03-09",), ("waits",), ("a.yaml:1 key.unknown", "a.yaml:4 time.none", *MARCH, "b.yaml:4 media.missing")),
    ],
)  # fmt: skip
def test_a_change_is_judged_with_its_files_and_what_is_near_it(
    tmp_path_factory: pytest.TempPathFactory,
    files: tuple[str, ...],
    days: tuple[str, ...],
    touched: tuple[str, ...],
    told: tuple[str, ...],
) -> None:
    snapshot = opened(tmp_path_factory.getbasetemp() / "nearby", FILES).snapshot
    moments = [datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=UTC) for day in days]
    places = [entry.place for entry in snapshot.calendar.entries if entry.id in touched]
    problems = Vicinity(files, moments).problems(snapshot, places)
    found = [f"{each.location.file}:{each.location.line} {each.code}" for each in problems if each.location]
    assert sorted(found) == sorted((*ALWAYS, *told))
    assert {*problems} <= {*snapshot.problems}

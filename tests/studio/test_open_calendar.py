"""How a calendar that is open notices what is saved beside it, and what it knows of its posts by place and minute."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.studio import open_calendar
from tests.studio.snapshots import opened, write
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from publer_sync.calendar.load import Calendar

SETTINGS = "timezone: Europe/Oslo\naccounts: {x: X, linkedin: L}\n"


def post(id: str, at: str = "2027-03-09 09:00", text: str = "Post") -> str:
    return f"posts:\n- {{id: {id}, at: {at}, accounts: x, text: {text}}}\n"


FILES: dict[str, str | bytes] = {
    "publer.yaml": f"{SETTINGS}media: [../shared]\nextends: ../company.yaml\n",
    "a.yaml": post("a"),
    "b.yaml": post("b"),
    "sub/c.yaml": post("c"),
    "media/one.png": png(1),
    "../company.yaml": "hashtags: [lamp]\n",
    "../shared/logo.png": png(2),
}


@each_of(
    ("saved", "outside", "differs", "whole"),
    [
        ({}, False, False, False),
        ({"a.yaml": post("a")}, False, False, False),
        ({"a.yaml": post("a", text="Other")}, False, True, False),
        ({"a.yaml": post("a", text="Other"), "sub/c.yaml": post("c", text="More")}, True, True, False),
        ({"new.yaml": post("new")}, False, True, False),
        ({"a.yaml": None}, False, True, False),
        # what all posts can take from
        ({"publer.yaml": SETTINGS}, False, True, True),
        ({"publer.yaml": None}, False, True, True),
        ({"media/one.png": png(3)}, False, True, True),
        ({"media/two.png": png(3)}, False, True, True),
        ({"README.md": "# Posts\n"}, False, True, True),
        ({"linked.yaml": Path("../company.yaml")}, False, True, True),
        # no more than is read of a file
        ({"a.yaml": post("a", text="L" * (400 - len(post("a", text=""))))}, False, True, False),
        ({"a.yaml": post("a", text="L" * (401 - len(post("a", text=""))))}, False, True, True),
        # outside, once it is asked for
        ({"../company.yaml": "hashtags: [lamps]\n"}, False, False, False),
        ({"../company.yaml": "hashtags: [lamps]\n"}, True, True, True),
        ({"../company.yaml": "hashtags: [lamps]\n", "a.yaml": post("a", text="Other")}, True, True, True),
        ({"../shared/logo.png": png(3)}, True, True, True),
        ({"../shared/more/other.png": png(3)}, True, True, True),
        ({"../shared/.hidden": "Nothing"}, True, False, False),
        ({"../shared/.hidden/other.png": png(3)}, True, False, False),
    ],
)  # fmt: skip
def test_what_is_saved_is_read_alone_unless_it_concerns_all_posts(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    saved: Mapping[str, str | bytes | Path | None],
    outside: bool,
    differs: bool,
    whole: bool,
) -> None:
    monkeypatch.setattr(open_calendar, "MAX_BYTES", 400)
    top = tmp_path_factory.mktemp("saved") / "calendar"
    calendar = opened(top, FILES)
    read, reads = calendar.read, []

    def reading(instead: Mapping[str, bytes | None]) -> Calendar:
        reads.append(instead)
        return read(instead)

    calendar.read = reading
    for name, content in saved.items():
        if content is None:
            (top / name).unlink()
        elif isinstance(content, Path):
            (top / name).symlink_to(content)
        else:
            write(top, {name: content})
    assert calendar.again(outside=outside) is differs
    assert bool(reads) is whole
    assert calendar.again() is False
    assert calendar.calendar.file_bytes == read({}).file_bytes or not (outside or differs)
    assert {each.id for each in calendar.keys.entries.values()} == {
        each.id for each in calendar.calendar.entries
    }


def test_only_what_can_be_sent_at_a_minute_has_it(tmp_path: Path) -> None:
    """A post without a time has none, and one that cannot be read is not compared with any."""
    posts = """posts:
- {id: late, at: 2027-03-09 12:00, accounts: [x, linkedin], text: Late}
- {id: early, at: 2027-03-09 09:00, accounts: x, text: Early}
- {id: odd, at: 2027-03-09 10:00, accounts: x, title: [3], text: Odd}
- {id: waits, accounts: x, text: Waits}
- {id: lost, at: 2027-03-09 11:00, accounts: y, text: On no account}
- {id: tip, evergreen: {every: 1w}, accounts: x, text: Tip, variants: [{text: Other}]}
"""
    calendar = opened(tmp_path, {"publer.yaml": SETTINGS, "posts.yaml": posts})
    snapshot, keys = calendar.snapshot, calendar.keys
    places = {entry.id: entry.place for entry in keys.entries.values()}

    def at(alias: str, hour: int) -> tuple[str, datetime]:
        return alias, datetime(2027, 3, 9, hour - 1, tzinfo=UTC)

    assert {slot: [post.id for post in found] for slot, found in snapshot.slots.items()} == {
        at("x", 9): ["early"],
        at("x", 12): ["late"],
        at("linkedin", 12): ["late"],
    }
    assert [post.id for post in snapshot.posts_at(places.values())] == ["early", "late", "late"]
    assert snapshot.moments_at([places[each] for each in ("early", "odd", "waits", "tip")]) == [
        at("x", 9)[1],
        at("x", 10)[1],
    ]
    assert {each: [len(snapshot.placed[places[each]])] for each in ("late", "waits", "tip")} == {
        "late": [2],
        "waits": [1],
        "tip": [1],
    }
    early, late = (keys.by_place[places[each]] for each in ("early", "late"))
    asked = [at("x", 10), at("x", 9), at("linkedin", 12)]
    assert calendar.in_slots(asked, ()) == (early, "x")
    assert calendar.in_slots(asked, (early,)) == (late, "linkedin")
    assert calendar.in_slots(asked, (early, late)) is None


def test_what_is_signed_off_is_known_only_where_somebody_is_asked(tmp_path: Path) -> None:
    assert opened(tmp_path / "a", {"publer.yaml": SETTINGS, "a.yaml": post("a")}).snapshot.signed is None
    asks = f"{SETTINGS}people: {{kari: Kari}}\nsignoff: [{{by: kari}}]\n"
    signed = opened(tmp_path / "b", {"publer.yaml": asks, "a.yaml": post("a")}).snapshot.signed
    assert signed is not None
    assert [each.id for each in signed.posts] == ["a"]

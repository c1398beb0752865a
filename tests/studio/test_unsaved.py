"""Words and pictures that are not saved yet: what git has of them, and which post they are for once the files changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.machine.own_folder import FOLDER
from publer_sync.studio.kept import KeptWords
from tests.studio.snapshots import opened, write
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SETTINGS = "timezone: UTC\naccounts: {x: X, linkedin: L}\n"
HEAD = "posts:\n"
NAMED = "- {id: a, at: 2027-03-09 09:00, accounts: x, text: One}\n"
ONE = NAMED.replace("id: a, ", "")
OTHER = "- {id: o, at: 2027-03-20 09:00, accounts: x, text: Other}\n"
BARE = "- {at: 2027-03-09 09:00, accounts: x, media: [{file: media/one.png, alt: One}]}\n"
LATER, ON_ANOTHER, REWORDED = (
    ONE.replace("-09 09", "-10 09"),
    ONE.replace("accounts: x", "accounts: linkedin"),
    ONE.replace("One", "Two"),
)


@each_of(
    ("post", "now", "found"),
    [
        (NAMED, {"a.yaml": NAMED}, "a.yaml:2"),
        (ONE, {"a.yaml": ONE}, "a.yaml:2"),
        (ONE, {"a.yaml": OTHER + ONE}, "a.yaml:3"),
        # by its id, whatever it says by now, and by nothing else
        (NAMED, {"b.yaml": NAMED.replace("-09 09", "-10 09").replace("One", "Two")}, "b.yaml:2"),
        (NAMED, {"a.yaml": NAMED.replace("id: a", "id: b")}, None),
        (NAMED, {"a.yaml": ONE + OTHER.replace("id: o", "id: a")}, "a.yaml:3"),
        # without one: by its lines, its minutes, or its first words, where only one has these
        (ONE, {"a.yaml": REWORDED}, "a.yaml:2"),
        (ONE, {"b.yaml": REWORDED}, "b.yaml:2"),
        (ONE, {"a.yaml": OTHER, "b.yaml": ONE}, "b.yaml:2"),
        (ONE, {"a.yaml": REWORDED + REWORDED}, None),
        (ONE, {"a.yaml": LATER}, "a.yaml:2"),
        (ONE, {"a.yaml": ON_ANOTHER + OTHER}, "a.yaml:2"),
        (ONE, {"a.yaml": LATER + LATER}, None),
        (ONE, {"a.yaml": ONE + ONE}, "a.yaml:2"),
        (ONE, {"a.yaml": OTHER, "b.yaml": LATER}, None),
        (ONE, {"a.yaml": OTHER}, None),
        (BARE, {"a.yaml": BARE.replace("-09 09", "-10 09").replace("one.png", "two.png")}, None),
    ],
)
def test_words_find_their_post_in_another_run(
    tmp_path_factory: pytest.TempPathFactory, post: str, now: dict[str, str], found: str | None
) -> None:
    top = tmp_path_factory.mktemp("words")
    calendar = opened(top, {"publer.yaml": SETTINGS, "a.yaml": HEAD + post})
    (key,) = calendar.keys.entries
    KeptWords(calendar).keep("form", key, {"text": "Mine"})
    (top / "a.yaml").unlink()
    after = opened(top, {name: HEAD + posts for name, posts in now.items()})
    (words,) = KeptWords(after).data()
    place = after.keys.entries[words["key"]].place if words["key"] is not None else None
    assert (f"{place.file}:{place.line}" if place is not None else None) == found
    assert (words["lost"], words["values"]["text"]) == (found is None, "Mine")


def test_words_stay_with_a_post_that_was_rewritten_in_this_run(tmp_path: Path) -> None:
    """No other run would find it: it has other lines, another minute and other words."""
    calendar = opened(tmp_path, {"publer.yaml": SETTINGS, "a.yaml": HEAD + ONE})
    words = KeptWords(calendar)
    (key,) = calendar.keys.entries
    words.keep("form", key, {"text": "Mine"})
    words.keep("new", None, {"text": "New"})
    for posts in (REWORDED, REWORDED.replace("-09 09", "-10 09")):
        write(tmp_path, {"a.yaml": HEAD + posts})
        calendar.again()
    assert [(each["key"], each["lost"]) for each in words.data()] == [(key, False), (None, False)]
    assert [(each["key"], each["lost"]) for each in KeptWords(calendar).data()] == [
        (None, True),
        (None, False),
    ]
    words.forget("form")
    assert [each["name"] for each in KeptWords(calendar).data()] == ["new"]


@each_of("kept", ["words", "a picture that came", "a picture that left"])
def test_git_has_nothing_of_what_is_kept(tmp_path_factory: pytest.TempPathFactory, kept: str) -> None:
    top = tmp_path_factory.mktemp("kept")
    words = KeptWords(opened(top, {"publer.yaml": SETTINGS, "media/old.png": png(1), "new.png": png(2)}))
    if kept == "words":
        words.keep("form", None, {"text": "Mine"})
    elif kept == "a picture that came":
        assert words.receive(top / "new.png") == "media/new.png"
    else:
        assert words.discard("media/old.png")
    assert (top / FOLDER / ".gitignore").read_text() == "*\n"


def test_a_picture_that_the_calendar_has_does_not_wait_beside_it(tmp_path: Path) -> None:
    calendar = opened(tmp_path, {"publer.yaml": SETTINGS, "media/one.png": png(1)})
    words = KeptWords(calendar)
    write(tmp_path, {"one.png": png(1), "two/one.png": png(2)})
    assert words.receive(tmp_path / "one.png") == "media/one.png"
    assert not (tmp_path / FOLDER).exists()
    assert words.receive(tmp_path / "two" / "one.png") == "media/one-2.png"
    assert words.path_of("media/one.png") == tmp_path / "media" / "one.png"
    assert words.path_of("media/one-2.png").read_bytes() == png(2)


def test_a_picture_waits_again_where_its_post_was_not_written(tmp_path: Path) -> None:
    words = KeptWords(opened(tmp_path, {"publer.yaml": SETTINGS, "one.png": png(1)}))
    target = words.receive(tmp_path / "one.png")
    waiting = words.path_of(target)
    moved = words.put_in_place([target, "media/none.png"])
    assert (moved, words.path_of(target)) == ([tmp_path / target], tmp_path / target)
    waiting.parent.rmdir()
    words.take_back(moved)
    assert (words.path_of(target), waiting.read_bytes()) == (waiting, png(1))


def test_a_form_takes_no_picture_along_that_another_form_of_its_name_shows(tmp_path: Path) -> None:
    """In two calendars, pictures of one name wait: neither form ever was in the calendar of the other."""
    one, two = (
        KeptWords(opened(tmp_path / name, {"publer.yaml": SETTINGS, "../new.png": png(number)}))
        for number, name in enumerate(("one", "two"))
    )
    for number, (words, name) in enumerate(((one, "first"), (two, "second"))):
        target = words.receive(write(tmp_path, {"new.png": png(number)}) / "new.png")
        words.keep(name, None, {"media": [{"path": target}]})
    two.take_over("second", one)
    assert [words.path_of("media/new.png").read_bytes() for words in (one, two)] == [png(0), png(1)]
    assert [[each["name"] for each in words.data()] for words in (one, two)] == [["first"], ["second"]]

"""What a change comes to before anything is written: the lines that it changes, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.studio.labels import LabelStays, all_that_stay
from tests.studio.snapshots import GAP, PAGES, post, tried
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pytest

NAMELESS = """\
posts:
- {at: 2027-03-02 09:00, accounts: x, text: One, repeat: {every: day, times: 3}}
- {at: 2027-03-04 12:00, accounts: x, text: Two}
"""
USED = """\
posts:
- {id: tip, evergreen: {every: 1w}, accounts: [{account: x, labels: [team]}], text: Tip}
- {use: tip, at: 2027-03-08 09:00, labels: [own]}
"""
HALF = "- {id: one, accounts: [{account: x, at: 2027-03-02 09:00}, linkedin], text: One}\n"
"""It has a time on one of its accounts."""
HALF_SERIES = "- {id: one, at: 2027-03-02, accounts: [{account: x, at: 09:00}, linkedin], text: One, repeat: {every: day, times: 3}}\n"


@each_of(
    ("text", "edit", "told"),
    [
        # what does not differ stays as it is written
        (post("title: T", "facebook"), {"title": "T"}, []),
        (post("draft: true"), {"draft": True}, []),
        (post("link: ''"), {"link": None}, []),
        (post("note: >\n  A note\n  of two"), {"note": "A note of two"}, []),
        (post(), {"note": ""}, []),
        (post("title:", "facebook"), {"title": ""}, []),
        (post("media:"), {"media": []}, []),
        # what is not the post's own
        (post("draft: false"), {"draft": True}, ["one is a draft now", "- draft: false"]),
        (
            post("networks: {x: {draft: false}}"),
            {"draft": True},
            ["one is a draft now", "- networks: {x: {draft: false}}", "+ networks: {x: {draft: true}}"],
        ),
        (
            post("labels: [one]", "[{account: x, labels: [team]}]"),
            {"labels": ["one", "team", "two"]},
            ["one: labels edited", "- labels: [one]", "+ labels: [one, two]"],
        ),
        (
            post("labels:\n- one # first\n- two # second"),
            {"labels": ["one", "three", "two"]},
            ["one: labels edited", "+ - three"],
        ),
        # texts
        (post("title: T", text=""), {"text": "New"}, ["one: words edited", "+ text: |", "+ New"]),
        (
            post(on="[linkedin, x]"),
            {"texts": {"x": "Mine"}},
            ["one: words edited", "+ networks:", "+ x:", "+ text: |", "+ Mine"],
        ),
        (
            post(on="[linkedin, {account: x, text: Own}]"),
            {"text": "New", "texts": {"x": "New"}},
            [
                "one: words edited",
                "- accounts: [linkedin, {account: x, text: Own}]",
                "- text: One",
                "+ accounts: [linkedin, {account: x, text: New}]",
                "+ text: New",
            ],
        ),
        (
            post("networks: {x: {text: Own}}", "[linkedin, x]"),
            {"text": "", "texts": {"x": "Mine"}},
            [
                "one: words edited",
                "- text: One",
                "- networks: {x: {text: Own}}",
                "+ networks: {x: {text: Mine}}",
            ],
        ),
    ],
)
def test_an_edit_changes_the_fewest_lines(
    tmp_path_factory: pytest.TempPathFactory, text: str, edit: Mapping[str, Any], told: Sequence[str]
) -> None:
    found = tried(
        tmp_path_factory.mktemp("edit"), text, "one", {"edit": edit}, "defaults: {draft: true, title: T}\n"
    )
    assert found == (told or ["one edited"])


def test_what_is_the_same_as_in_the_settings_is_taken_from_there(tmp_path: Path) -> None:
    edit = {"edit": {"draft": False}}
    assert tried(tmp_path, post("draft: true"), "one", edit, "defaults: {draft: false}\n") == [
        "one is no longer a draft",
        "- draft: true",
    ]


@each_of(
    ("text", "names", "do", "told"),
    [
        (
            post(on="[{account: x, at: 11:00}, {account: linkedin, at: 10:00}, facebook]"),
            "one",
            {"move": {"day": "2027-03-04", "accounts": ["x", "linkedin"]}},
            "one on x, linkedin moved to Thu 4 Mar, 11:00",
        ),
        (post(at="2027-03-05 09:00") + post(id="two"), "one two", {"move": {"by": 1}}, "2 posts moved: 1 day later"),
        (post(at="2027-03-05 09:00") + post(id="two", at="2027-03-06 09:00"), "one two", {"move": {"by": -2}}, "2 posts moved: 2 days earlier"),
        # a part of what is no series any more
        (post() + post(id="two"), "one:2027-03-02", {"remove": {}}, "one removed"),
        (post(), "one:2027-03-02", {"move": {"by": 1}}, "its series has no post 2027-03-02"),
        # to the minute of another one
        (
            post(at="2027-03-01 12:00", on="[x, {account: linkedin, at: 11:01}]") + post(id="two", at="2027-03-01 10:00"),
            "one",
            {"swap": {"with": "two", "move": {"day": "2027-03-01", "time": "10:00", "of": "x"}}},
            "one and two swapped",
        ),
        (
            post(at="2027-03-01 12:00", on="[x, {account: linkedin, at: 11:00}]") + post(id="two", at="2027-03-01 10:00"),
            "one",
            {"swap": {"with": "two", "move": {"day": "2027-03-01", "time": "10:00", "of": "x"}}},
            "one would be at Mon 1 Mar, 09:00, which has passed",
        ),
        # where some of its accounts have no time
        (HALF, "one", {"move": {"day": "2027-03-04"}}, "one moved to Thu 4 Mar, 09:00"),
        (HALF, "one", {"move": {"day": "2027-03-04", "of": "x"}}, "one on x moved to Thu 4 Mar, 09:00"),
        (HALF, "one", {"move": {"day": "2027-03-04", "of": "x", "accounts": ["linkedin"]}}, "it has no time on linkedin: give it one there first"),
        (HALF, "one", {"duplicate": {"day": "2027-03-04", "of": "x"}}, "it has no time on linkedin: give it one there first"),
        (HALF, "one", {"duplicate": {"day": "2027-03-04"}}, "one duplicated on Thu 4 Mar, 09:00"),
        # series
        (post("repeat: {every: day, times: 3}"), "one", {"move": {"day": "2027-03-04", "accounts": ["x"], "series": "all"}}, "one moved to Thu 4 Mar, 09:00"),
        (post("repeat: {every: day, times: 3}", "[x, linkedin]"), "one", {"move": {"day": "2027-03-04", "accounts": ["x"], "series": "all"}}, "a post of a series moves on all its accounts together"),
        (HALF_SERIES, "one:2027-03-03", {"move": {"day": "2027-03-08", "of": "x"}}, "it has no time on linkedin: give it one there first"),
        (HALF_SERIES, "one", {"move": {"day": "2027-03-08", "of": "x", "series": "all"}}, "it has no time on linkedin: give it one there first"),
        (GAP, "one", {"move": {"day": "2027-03-25", "series": "all"}}, "a post of its series has no time: fix that first"),
        (GAP, "one:2027-03-27", {"move": {"day": "2027-03-31"}}, "one moved to Wed 31 Mar, 00:30 (02:30 Berlin)"),
        (GAP, "one", {"remove": {"series": "all", "part": "2027-03-28"}}, "one ends before Sun 28 Mar"),
        (NAMELESS, "One", {"remove": {"series": "all"}}, '"One" removed'),
        # labels
        (post(on="nobody"), "one", {"label": {"add": ["new"]}}, "it is on no account of this calendar"),
        (USED, "tip@2027-03-08", {"label": {"remove": ["team"]}}, "the label team of tip@2027-03-08 is from the stored post tip: remove it there, in the files"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_change(
    tmp_path_factory: pytest.TempPathFactory, text: str, names: str, do: Mapping[str, Any], told: str
) -> None:
    assert tried(tmp_path_factory.mktemp("change"), text, names, do)[0] == told


@each_of(
    ("text", "name", "do", "lines"),
    [
        # without an id, what leaves a series has none either
        (
            NAMELESS,
            "One:2027-03-03",
            {"move": {"day": "2027-03-08"}},
            [
                "- - {at: 2027-03-02 09:00, accounts: x, text: One, repeat: {every: day, times: 3}}",
                "+ - {at: 2027-03-02 09:00, accounts: x, text: One, repeat: {every: day, times: 3, except: [2027-03-03]}}",
                "+ - at: 2027-03-08 09:00",
                "+ accounts: x",
                "+ text: |",
                "+ One",
            ],
        ),
        # a use has labels beside those that its stored post says for an account
        (
            USED,
            "tip@2027-03-08",
            {"label": {"add": ["new"], "remove": ["own"]}},
            [
                "- - {use: tip, at: 2027-03-08 09:00, labels: [own]}",
                "+ - {use: tip, at: 2027-03-08 09:00, labels: [new]}",
            ],
        ),
        (
            USED.replace(", labels: [own]", ""),
            "tip@2027-03-08",
            {"label": {"add": ["new"]}},
            ["- - {use: tip, at: 2027-03-08 09:00}", "+ - {use: tip, at: 2027-03-08 09:00, labels: [new]}"],
        ),
    ],
)
def test_the_lines_of_a_change(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str, do: Mapping[str, Any], lines: list[str]
) -> None:
    assert tried(tmp_path_factory.mktemp("lines"), text, name, do)[1:] == lines


def test_a_label_that_nothing_known_gives_is_told_too() -> None:
    stays = [LabelStays(name, "team", ()) for name in ("one", "two")]
    assert all_that_stay(stays).reason == (
        "the label team of one and two is from other lines: remove it there, in the files"
    )


def test_a_post_of_a_page_is_never_removed(tmp_path_factory: pytest.TempPathFactory) -> None:
    for on in ("x", "nobody"):
        page = f"---\nsocial:\n- {{at: 2027-03-05 09:00, accounts: {on}, text: Page}}\n---\n\nWords\n"
        found = tried(tmp_path_factory.mktemp("page"), page, "a", {"remove": {}}, PAGES, "blog/a.md")
        assert found == ["it is in a page of the website, which is not written to"]

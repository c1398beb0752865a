"""What a form writes where the file says the post in an uncommon place: outside of it, on a network, or on each account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.desk import desk_of
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk

FILES = {
    "publer.yaml": """\
timezone: UTC
accounts:
  x: {name: Me, provider: twitter}
  other: {name: You, provider: twitter}
  facebook: {name: Us, provider: facebook}
  linkedin: {name: We, provider: linkedin}
  ax: {name: Axe, provider: mastodon}
groups: {two: [x, facebook]}
""",
    "a.yaml": """\
defaults: {title: Of all, labels: [team], networks: {linkedin: {text: For LinkedIn}}}
posts:
- id: own
  at: 2027-03-02 09:00
  accounts: [{account: x, text: A}, {account: facebook, text: B}]
  text: Nobody's
- id: full
  at: 2027-03-02 10:00
  accounts: [x, facebook]
  text: Words
  title: T
  link: https://example.com/a
  note: N
  labels: [team, one]
  media: [{id: abc, alt: One}]
- id: net
  at: 2027-03-02 11:00
  accounts: x
  text: W
  networks: {x: {title: Theirs, text: X}}
- id: same
  at: 2027-03-02 12:00
  accounts: [x, facebook]
  text: Same
  networks: {x: {text: For X}, facebook: {title: F}}
- id: mapped
  at: 2027-03-02 13:00
  accounts: [{account: two, text: Two}, -x]
  text: M
- {id: layered, at: 2027-03-02 14:00, accounts: [x, linkedin], text: L}
- id: long
  at: 2027-03-02 15:00
  accounts: x
  text: "1"
  thread: [{text: "2"}, {text: "3"}]
  comments: [{text: c}]
- {id: minus, at: 2027-03-02 16:00, accounts: [two, ax, -x], text: Minus}
- {id: wrong, at: 2027-03-02 17:00, accounts: [other, linkedin, nobody], text: Wrong}
""",
    "more/b.yaml": """\
accounts: [{account: x, text: X}, linkedin]
posts:
- {id: whole, at: 2027-03-03 09:00, text: Whole}
- {id: deep, at: 2027-03-03 10:00, accounts: facebook, text: Deep}
- {id: tip, evergreen: {every: 1w}, accounts: [{account: x, text: Tip}, facebook], text: Tips}
- {use: tip, at: 2027-03-04 10:00}
""",
}
OWN = "accounts: [{account: x, text: A}, {account: facebook, text: B}]"
FULL = "media: [{id: abc, alt: One}]"
NET = "networks: {x: {title: Theirs, text: X}}"
SAME = "networks: {x: {text: For X}, facebook: {title: F}}"
LAYERED = "- - {id: layered, at: 2027-03-02 14:00, accounts: [x, linkedin], text: L"
MINUS = "- - {id: minus, at: 2027-03-02 16:00, accounts: [two"
DEEP = "- - {id: deep, at: 2027-03-03 10:00, accounts: facebook, text: Deep"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "one.png").write_bytes(png(1))
    with desk_of(tmp_path) as desk:
        yield desk


@pytest.fixture
def posts(desk: Desk) -> dict[str, Any]:
    return {each["id"] or each["text"]: each for each in desk.posts}


@each_of(
    "name, edit, lines",
    [
        ("own", {"text": "New"}, [f"- {OWN}", f"+ {OWN.replace('text: A', 'text: New')}"]),
        (
            "own",
            {"texts": {"x": None, "facebook": None}},
            [f"- {OWN}", "- text: Nobody's", "+ accounts: [x, facebook]", "+ text: A"],
        ),
        (
            "full",
            {
                **dict.fromkeys(("text", "title", "link", "note", "draft")),
                "labels": ["team", "new"],
                "media": [{"path": "abc", "alt": "Two"}, {"path": "media/one.png"}],
            },
            [
                "- text: Words",
                "- title: T",
                "- link: https://example.com/a",
                "- note: N",
                "- labels: [team, one]",
                f"- {FULL}",
                "+ title: null",
                "+ labels: [new]",
                f"+ {FULL.replace('One', 'Two').replace(']', ', {file: media/one.png}]')}",
            ],
        ),
        ("net", {"title": ""}, [f"- {NET}", f"+ {NET.replace('Theirs', 'null')}"]),
        ("net", {"text": "New"}, [f"- {NET}", f"+ {NET.replace('text: X', 'text: New')}"]),
        ("same", {"text": "New"}, ["- text: Same", "+ text: New"]),
        (
            "same",
            {"accounts": ["other", "facebook"]},
            ["- accounts: [x, facebook]", "+ accounts: [facebook, other]"],
        ),
        (
            "same",
            {"accounts": ["x", "linkedin"]},
            [
                "- accounts: [x, facebook]",
                "+ accounts: [x, linkedin]",
                f"- {SAME}",
                "+ networks: {x: {text: For X}}",
            ],
        ),
        (
            "mapped",
            {"accounts": ["x", "facebook"]},
            [
                "- accounts: [{account: two, text: Two}, -x]",
                "+ accounts: [{account: two, text: Two}]",
            ],
        ),
        (
            "mapped",
            {"accounts": ["other"]},
            [
                "- accounts: [{account: two, text: Two}, -x]",
                "+ accounts: [{account: two, text: Two}, -x, other, -facebook]",
            ],
        ),
        (
            "minus",
            {"accounts": ["x", "facebook", "ax"]},
            [f"{MINUS}, ax, -x], text: Minus}}", f"+{MINUS[1:]}, ax], text: Minus}}"],
        ),
        (
            "wrong",
            {"accounts": ["linkedin"]},
            [
                "- - {id: wrong, at: 2027-03-02 17:00, accounts: [other, linkedin, nobody], text: Wrong}",
                "+ - {id: wrong, at: 2027-03-02 17:00, accounts: [linkedin, nobody], text: Wrong}",
            ],
        ),
        (
            "same",
            {"accounts": None},
            "A post needs an account: remove the post instead. Nothing was written.",
        ),
        (
            "tip@2027-03-04",
            {"accounts": ["x"]},
            ["- - {use: tip, at: 2027-03-04 10:00}", "+ - {use: tip, at: 2027-03-04 10:00, accounts: x}"],
        ),
        ("layered", {"note": "None"}, [f"{LAYERED}}}", f"+{LAYERED[1:]}, note: None}}"]),
        ("long", {"thread": [{"text": "2", "was": -1}, {"text": "3", "was": 2}]}, []),
        (
            "long",
            {"comment": {"text": "d", "after": " "}},
            ["- comments: [{text: c}]", "+ comments: [{text: d}]"],
        ),
        (
            "whole",
            {"accounts": ["x"]},
            "Its accounts are named for the whole file, with words of their own. Nothing was written.",
        ),
        (
            "deep",
            {"media": [{"path": "media/one.png"}]},
            [f"{DEEP}}}", f"+{DEEP[1:]}, media: [{{file: /media/one.png}}]}}"],
        ),
    ],
)
def test_it_writes_the_lines_that_say_it(
    desk: Desk, posts: dict[str, Any], name: str, edit: Any, lines: list[str] | str
) -> None:
    told = desk.tried(posts[name], edit=edit)
    assert (told.say if isinstance(lines, str) else told.lines) == lines

"""Typos of one sign: a space, a dash, a colon, a tab. What is written in their place, and what the posts say all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.calendar.calendars import judged, offers
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


@each_of(
    ("file", "texts", "found"),
    [
        ("posts:\n-at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:1": "- at: 2027-03-01 09:00"}),
        ("posts:\n\u2013 at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:1": "- at: 2027-03-01 09:00"}),
        ("posts:\n* at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:1": "- at: 2027-03-01 09:00"}),
        ("posts:\n\u2022at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:1": "- at: 2027-03-01 09:00"}),
        ("posts:\n--at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", [], {"2:1": [], "3:11": []}),
        ("posts:\n- at:2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:5": "- at: 2027-03-01 09:00"}),
        ("posts:\n- at : 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:x\n  text: hi\n", ["hi"], {"3:11": "  accounts: x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts\uff1a x\n  text: hi\n", ["hi"], {"3:11": "  accounts: x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text:hi\n", ["hi"], {"4:7": "  text: hi"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text::hi\n", [], {"4:3": []}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  texts:hi\n", [], {"4:3": []}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text:\n", [], {}),
        ("posts:\n-\tat: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:2": "- at: 2027-03-01 09:00"}),
        ("posts:\n- \t at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:3": "- at: 2027-03-01 09:00"}),
        ("posts:\n- at: 2027-03-01 09:00\n\taccounts: x\n\ttext: hi\n", ["hi"], {"3:1": "  accounts: x", "4:1": "  text: hi"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n\tone\n\ttwo\n", ["one\ntwo"], {"5:1": "    one", "6:1": "    two"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n\ttwo\n", ["one\ntwo"], {"6:1": "    two"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n  \ttwo\n", ["one\ntwo"], {"6:3": "    two"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: 'a\n\tb'\n", ["a b"], {"4:9": ["  text: |\n    a\n    b", "  text: |\n    a b"]}),
        ("posts:\n- at: 2027-03-01 09:00\n\u00a0 accounts: x\n  text: hi\n", ["hi"], {"3:1": "  accounts: x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:\u00a0x\n  text: hi\n", ["hi"], {"3:12": "  accounts: x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts\u00a0: x\n  text: hi\n", ["hi"], {"3:11": "  accounts : x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\u00a0!\n", ["hi\u00a0!"], {}),
        ("posts:\n-\u00a0at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:2": "- at: 2027-03-01 09:00"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\u2003\n  text: hi\n", ["hi"], {"3:14": "  accounts: x "}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    Prix\u00a0: 5\n  \u00a0 more\n", ["Prix\u00a0: 5\nmore"], {"6:3": "    more"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n\u00a0\u00a0\u00a0\u00a0two\n", ["one\ntwo"], {"6:1": "    two"}),
        ('posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: "a\n    \u00a0b"\n', ["a \u00a0b"], {"4:9": ["  text: |\n    a\n    b", "  text: |\n    a \u00a0b"]}),
        ("posts:\n- at: 2027-03-01\u00a009:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:17": "- at: 2027-03-01 09:00"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\u00a0\n    hi\n", ["hi"], {"4:9": "  text: |\n    hi"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts x\n  text: hi\n", ["hi"], {"3:11": "  accounts: x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text hi\n", ["hi"], {"4:7": "  text: hi"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text hi there\n", [], {"4:3": []}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts [x, linkedin]\n  text: hi\n", ["hi", "hi"], {"3:11": "  accounts: [x, linkedin]"}),
        ("posts:\n- at 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:5": "- at: 2027-03-01 09:00"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  draft true\n  text: hi\n", ["hi"], {"4:8": "  draft: true"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: 'a\n  labels b'\n", ["a labels b"], {"4:9": ["  text: |\n    a\n    labels b", "  text: |\n    a labels b"]}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi.\n  draft yes!\n", [], {"5:3": []}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  note Tue 2027-03-01\n  text: hi\n", ["hi"], {"4:7": "  note: Tue 2027-03-01"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:\n  -x\n  -linkedin\n  text: hi\n", ["hi", "hi"], {"4:3": "  - x", "5:3": "  - linkedin"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:\n  - x\n  -linkedin\n  text: hi\n", ["hi", "hi"], {"5:3": "  - linkedin"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    -x\n    -y\n", ["-x\n-y"], {}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  labels:\n  -a\n\n  -b\n  text: hi\n", ["hi"], {"5:3": "  - a", "7:3": "  - b"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n  -x\n", ["hi -x"], {"4:9": ["  text: |\n    hi\n    -x", "  text: |\n    hi -x"], "5:3": "    -x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  media:\n  -file: pixel.png\n  text: hi\n", [], {"5:3": "  - file: pixel.png"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  media:\n  - file:pixel.png\n  text: hi\n", [], {"5:9": "  - file: pixel.png"}),
        ("posts\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"1:5": "posts:"}),
        ("posts :\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {}),
        ("\tposts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"1:1": "  posts:", "1:3": "posts:"}),
        ("accounts x\nposts:\n- at: 2027-03-01 09:00\n  text: hi\n", [], {"2:6": []}),
        ("accounts:x\nposts:\n- at: 2027-03-01 09:00\n  text: hi\n", ["hi"], {"1:9": "accounts: x"}),
        ("\u00a0posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"1:1": " posts:", "1:2": "posts:"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\n  text: hi\n", ["hi"], {"3:14": "  accounts: x               "}),
        ("    posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: 'a\n\tb'\n", ["a b"], {"1:5": "posts:", "4:9": ["  text: |\n    a\n    b", "  text: |\n    a b"], "5:1": "  b'"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\u00a0\n  text: a\n    labels:b\n", ["a labels:b"], {"3:14": "  accounts: x ", "4:9": ["  text: |\n    a\n    labels:b", "  text: |\n    a labels:b"]}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:x\n  text: |\n    one\n    \ttwo\n", ["one\n\ttwo"], {"3:11": "  accounts: x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n   \tone\n", ["one"], {"5:4": "    one"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n      two\n\tthree\n", ["one\n  two\nthree"], {"7:1": "    three"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n\tone\n      two\n\tthree\n", ["one\n  two\nthree"], {"5:1": "    one", "7:1": "    three"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n\u00a0\u00a0\u00a0\u00a0\u00a0two\n\u00a0three\n", ["one\n two\nthree"], {"6:1": "     two", "7:1": "    three"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n\u00a0two\n", ["hi two"], {"4:9": ["  text: |\n    hi\n    two", "  text: |\n    hi two"], "5:1": " two", "5:2": "    two"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    hi\n  labels:\n  -a\n", ["hi"], {"7:3": "  - a"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:x\n  text:\n  -a\n  -b\n", ["-a\n-b"], {"3:11": "  accounts: x", "5:3": "  text: |\n    -a", "6:3": "  text: |\n    -a\n    -b"}),
        ("posts:\n- text: |\n    hi\n  at:2027-03-01 09:00\n  accounts: x\n", ["hi"], {"4:5": "  at: 2027-03-01 09:00"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:x\n  networks:\n    x:\n      text:hi\n", ["hi"], {"3:11": "  accounts: x", "6:11": "      text: hi"}),
        ("posts:\n- at: 2027-03-01 09:00\n  text:\n|\n    Hi\n  accounts:x\n", [], {"4:1": [], "6:11": "  accounts: x"}),
        ("|\nposts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n", ["hi"], {"2:1": []}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n\tid: b\n", ["one"], {"6:1": "  id: b"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    hi\n  id:\u00a0r3\n", ["hi"], {"6:6": "  id: r3"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    hi\n\u00a0two\n", ["hi\ntwo"], {"6:1": "    two"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    hi\n\u00a0\u00a0two\n", ["hi\ntwo"], {"6:1": "    two"}),
        ("posts\nat: 2027-03-01 09:00\naccounts: x\ntext: hi\n", [], {"2:3": []}),
        ("posts:\n- at:2027-03-01 09:00\n  accounts: x\n  text: 'a\n  - x\n  labels b'\n", ["a - x labels b"], {"2:5": "- at: 2027-03-01 09:00", "4:9": ["  text: |\n    a\n    - x\n    labels b", "  text: |\n    a - x labels b"]}),
        ("posts:\n- at:2027-03-01 09:00\n  accounts: x\n  text: hi\n    draft true\n", ["hi draft true"], {"2:5": "- at: 2027-03-01 09:00", "4:9": ["  text: |\n    hi\n    draft true", "  text: |\n    hi draft true"]}),
        ("posts:\n- note 5\n  more words\n  accounts: x\n", [], {"2:3": [], "4:11": []}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  titel:\u00a0A\n  text: hi\n", [], {"4:9": "  titel: A"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: Menu\n    Prix\u00a0: 5\n", ["Menu\nPrix\u00a0: 5"], {"5:10": "  text: |\n    Menu\n    Prix\u00a0: 5"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts:\n  - x\u00a0\n  text: hi\n", ["hi"], {"4:6": "  - x"}),
        ("posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    one\n\tMood: fine\n", ["one\nMood: fine"], {"6:1": "    Mood: fine"}),
    ],
)  # fmt: skip
def test_a_wrong_sign_is_corrected_where_it_is_and_never_in_a_text(
    top: Path, file: str, texts: list[str], found: dict[str, str | list[str]]
) -> None:
    calendar = read(top, instead={"a.yaml": file.encode()})
    assert [post.text for post in calendar.desired.posts] == texts
    assert offers(judged(calendar), "yaml.") == found

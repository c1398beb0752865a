"""A line at which YAML stops, or that is outside of its text: where it is told, and what can be written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.calendar.calendars import POST, judged, offers
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


@each_of(
    ("lines", "found"),
    [
        ("media:\n  - /pixel.png\n\n    alt: A", {"5:5": "  - file: /pixel.png"}),
        ("media:\n  - /pixel.png\n    - alt: A", {"6:5": []}),
        ("media:\n  - file: /pixel.png\n      alt: A", {"6:7": "    alt: A"}),
        ("labels: [a]\n  more\n    title: A", {"5:3": []}),
        ("media:\n  - /pixel.png\n alt: A", {"6:2": []}),
        ("comments:\n  - https://e.com/a\n    after: 2h", {"5:5": "  - text: |\n      https://e.com/a"}),
        ("text: |\n    Hi\n\n   more", {"7:4": []}),
        ("labels: [a, #b", {"4:15": []}),
        ("labels: [a b #c, d", {"4:16": []}),
        ("labels: [a]\n   title: A", {"5:4": "  title: A"}),
        ("id:\n    @abc", {"5:5": []}),
        ("text: Hi #bun\n    more words", {"4:12": "  text: |\n    Hi #bun\n    more words"}),
        ("labels: - a\n\n  - b", {"4:11": []}),
        ("labels: - a\n      b", {"4:11": []}),
        ("text: Hi\n\n   title: A", {"6:4": ["  text: |\n    Hi\n\n    title: A", "  title: A"]}),
        ("labels:\n  - a\n Note: x", {"6:2": []}),
        ("text: |\n      Hi\n\n    there", {"4:9": "  text: |2"}),
        ("labels: a b\n   title: Rain", {"5:4": ["    title: Rain", "  title: Rain"]}),
        ("labels: [a b]\n   title: Rain", {"5:4": "  title: Rain"}),
        ("text: Hi\n   - title: Rain", {"5:4": "- title: Rain"}),
        ("text: Hi\n title: Rain", {"5:2": "  title: Rain"}),
        ("text: Hi\n Note: Rain", {"5:2": ["  text: |\n    Hi\n    Note: Rain", "  Note: Rain"]}),
        ("text: Hi\n - at: 2027-03-02 09:00\n   accounts: x\n\n   text: Two", {"5:2": "- at: 2027-03-02 09:00\n  accounts: x\n\n  text: Two"}),
        ("text: Hi\n - at: 2027-03-02 09:00\n   accounts: x\n   text: |\n     Two\n- at: 2027-03-03 09:00\n  accounts: x\n  text: Three", {"5:2": "- at: 2027-03-02 09:00\n  accounts: x\n  text: |\n    Two"}),
        ("text: Hi\n - words", {"5:2": []}),
        ("text: Hi\n - text: Two", {"5:2": "- text: Two"}),
        ("text: |\n       Hi\n    there", {"4:9": "  text: |2"}),
        ("text: |\n       Hi\n\n    there", {"4:9": "  text: |2"}),
        ("text: >-\n       Hi\n    there", {"4:9": "  text: >2-"}),
        ("text: |\n       Hi\n   title: A", {"6:4": ["    title: A", "  title: A"]}),
        ("poll:\n    duration: 1d\n    options:\n    - a\n    - |\n         Yes\n      no", {"10:7": []}),
        ("poll:\n    duration: 1d\n    options:\n    - a\n    - |\n         Yes\n      no # note", {"10:7": []}),
        ("text: |\n                    Hi\n              there", {"6:15": []}),
        ("text: |\n  Hi\n\n  there", {"5:3": "    Hi\n\n    there"}),
        ("text: |\n  Hi\n\n    there", {"5:3": ["    Hi\n\n    there", "    Hi\n\n      there"]}),
        ("text: |\nHi\n  there\n    more", {"5:1": ["    Hi\n      there\n    more", "    Hi\n      there\n        more"]}),
        ("text: |\n  Hi\n\n  title: A\n  more", {"5:3": ["  text: |\n    Hi\n\n    title: A\n    more", "  text: |\n    Hi"]}),
        ("text: |\n  Hi\n title: A", {"5:3": "    Hi", "6:2": "  title: A"}),
        ("networks:\n    x:\n      text: |\n    Hi", {"7:5": "        Hi"}),
        ("text: |\n  Hi\n- at: 2027-03-02 09:00\n  accounts: x\n  text: Two", {"5:3": "    Hi"}),
        ("text: |\n\n  Hi", {"6:3": "    Hi"}),
        ("text: |\n  #bun\n    #rye", {"5:3": "    #bun\n    #rye"}),
        ("text: |\n  #bun\n    rye", {"5:3": "    #bun\n    rye"}),
        ("text: |\n  Hi # note", {"5:3": []}),
        ("text: |\n  lemon: fresh", {"5:3": []}),
        ("text: |\n Hi", {"5:2": "    Hi"}),
        ("text: |\n  Hi\n  labels: [a]", {"5:3": "    Hi"}),
        ("text: >\n  Hi\n\n  title: A", {"5:3": ["  text: >\n    Hi\n\n    title: A", "  text: >\n    Hi"]}),
        ("text:\n  Hi\n\n  title: A", {"5:3": ["  text: |\n    Hi\n\n    title: A", "  text: |\n    Hi"]}),
        ("thread:\n  - text: |\n    Hi\n  - text: |\n      Two", {"6:5": "      Hi"}),
        ("text: |\n  Hi\n    labels: [a]\n  more", {"5:3": ["    Hi\n    labels: [a]\n    more", "    Hi\n      labels: [a]\n    more"]}),
        ("text: |\n  Hi\n\n  - one", {"5:3": "    Hi\n\n    - one"}),
        ("link:\n    url: https://a.example\n    title: A\n    url: https://b.example\n    title: B", {"7:5": [], "8:5": []}),
        ("comments:\n  - text: A\n    after: 1h\n    text: B\n    after: 2h", {"7:5": "  - text: B"}),
        ("title:\n Mood: fine", {"5:2": []}),
        ("text: |\n Menu\n  media: ours\n  - one", {"5:2": ["  text: |\n    Menu\n     media: ours", "  text: |\n    Menu"]}),
        ("text: |\n        Hi\n    there\n        a: b", {"4:9": "  text: |2"}),
        ("text: |\n  Hi\n  title: Rain\n  Mood: |\n    More", {"5:3": ["  text: |\n    Hi\n    title: Rain\n    Mood: |\n      More", "  text: |\n    Hi"]}),
        ("text: |\n  Hi\n  note: ask\n  question: |\n    T", {"5:3": ["  text: |\n    Hi\n    note: ask", "  text: |\n    Hi"]}),
        ("not_before: [", {"4:3": []}),
        ("text: |\n        Hi\n Note: A", {"6:2": ["    Note: A", "  Note: A"]}),
        ("text: Hi\n - Note: words", {"5:2": []}),
        ("text: |\n    Fresh rye\n  - spring", {"6:3": []}),
        ("text: |\n    more\n  there\nHi", {"6:3": []}),
        ("text: @anna\n    more # note", {"4:9": []}),
        ("poll:\n    duration: 1d\n    options:\n    - a\n   - b #bun", {"8:4": []}),
        ("poll:\n    duration: 1d\n    options:\n    - @a\n      b\n    - c", {"7:7": []}),
        ("text: |\n  Hi\n  Mood: |\n    More", {"5:3": ["    Hi\n    Mood: |\n    More", "    Hi\n    Mood: |\n      More"]}),
        ("text: |\n  Hi\n  lables: [a]\n  title: |\n    T", {"5:3": []}),
        ("text: |\n  Hi\n  append: |\n    T", {"5:3": "    Hi"}),
        ("text: |\n Menu\n  Mood: fine\n  - one", {"5:2": "    Menu\n     Mood: fine\n     - one"}),
        ("text:\nHello\n  two words: rain", {"5:1": "  text: |\n    Hello"}),
        ("text: |\n  Hi\n   \n     there", {"5:3": ["     Hi\n\n     there", "    Hi\n\n       there"]}),
        ("labels:\n    - a\n  text: |\n  Hi\n  - more", {"7:3": "    Hi\n    - more"}),
        ("text: |\n  Hi\n- {at: 2027-03-02 09:00, accounts: x, text: Two}", {"5:3": "    Hi"}),
    ],
)  # fmt: skip
def test_a_fix_is_offered_where_only_one_is_possible_and_otherwise_each_way_to_read_the_line(
    top: Path, lines: str, found: dict[str, str | list[str]]
) -> None:
    calendar = read(top, instead={"a.yaml": f"{POST}  {lines}\n".encode()})
    assert offers(judged(calendar), "yaml.") == found


def test_a_key_without_words_beside_a_bracket_that_stays_open_is_told_where_it_is(top: Path) -> None:
    posts = "posts:\n-   at: 2027-03-06 09:00\n    accounts: [x,\n  text: |\n"
    calendar = read(top, instead={"a.yaml": posts.encode()})
    assert {each.code: str(each.location) for each in judged(calendar)}["yaml.form"] == "a.yaml:4"

"""Where a card cuts a text, as the feeds of its networks do, and who is named for it."""

from __future__ import annotations

from publer_sync.previewing.texts import text_of, whole_text
from publer_sync.values.model import Account
from tests.builders import LINKEDIN, X
from tests.tables import each_of

FACEBOOK = Account("a-fb", "Fjordlight", "facebook", "facebook")
NEWER = Account("a-new", "Fjordlight", "newer", "new")
UNNAMED = Account("a-new", "Fjordlight", "newer")


@each_of(
    "account, text, shown",
    [
        (FACEBOOK, "a" * 412, None),  # nothing is hidden for the sake of a word
        (FACEBOOK, "a" * 413, 400),
        (FACEBOOK, "word " * 82 + "words", 399),  # at the end of a word
        (FACEBOOK, "a" * 190 + " " + "b" * 300, 400),  # the only space is too far ahead
        (LINKEDIN, "one\ntwo\nthree\nfour, and some more words", 13),  # after three lines
        (LINKEDIN, "one\ntwo\nthree\nfour", None),
        (NEWER, "words " * 200, None),
        (NEWER, "words " * 240, 1199),
    ],
)
def test_a_text_is_cut_where_its_network_cuts(account: Account, text: str, shown: int | None) -> None:
    made = text_of(text, [account])
    assert [face.shown for face in made.faces] == [shown]
    assert made.cut is (shown is not None)
    visible = "".join(piece.text for piece in made.pieces if not piece.hidden)
    assert visible == text.strip()[:shown]


@each_of(
    "accounts, labels",
    [
        ((FACEBOOK, FACEBOOK), [("Facebook",)]),
        ((FACEBOOK, X), [("Facebook", "X")]),
        ((NEWER,), [("new",)]),
        ((UNNAMED,), [("Fjordlight",)]),
    ],
)
def test_networks_that_cut_alike_are_named_together_and_once(
    accounts: tuple[Account, ...], labels: list[tuple[str, ...]]
) -> None:
    assert [face.labels for face in text_of("Short", accounts).faces] == labels


@each_of(
    "text, coloured",
    [
        ("See HTTPS://E.example/A, now", [("HTTPS://E.example/A", "HTTPS://E.example/A")]),
        ("(http://e.example/a).", [("http://e.example/a", "http://e.example/a")]),
        ("#tag and @us.example", [("#tag", ""), ("@us.example", "")]),
        ("a@b.example #1 a#b //", [("#1", "")]),
        ("words", []),
    ],
)
def test_an_address_is_a_link_and_a_tag_is_none(text: str, coloured: list[tuple[str, str]]) -> None:
    pieces = whole_text(text).pieces
    assert [(piece.text, piece.address) for piece in pieces if piece.marked] == coloured
    assert "".join(piece.text for piece in pieces) == text
    assert not any(piece.address for piece in pieces if not piece.marked)

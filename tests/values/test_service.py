from __future__ import annotations

from typing import Any

from publer_sync.values.service import fits_address, is_id
from tests.tables import each_of


@each_of(
    ("word", "own", "fits"),
    [
        ("63c675b54e299e9cf2b667ea", True, True),
        ("987654321", False, True),
        ("63C675B54E299E9CF2B667EA", False, True),
        ("acc-1_x", False, True),
        *((bad, False, False) for bad in ("", "..", "a/b", "a?b", "a b", "a,b", "a&b", "a\n", "é", "%20")),
    ],
)
def test_an_id_is_24_hex_digits_and_nothing_that_could_steer_an_address(
    word: str, own: bool, fits: bool
) -> None:
    assert (is_id(word), fits_address(word)) == (own, fits)


def test_what_is_no_text_cannot_be_part_of_an_address() -> None:
    """A file that someone wrote may have anything in its place."""
    words: list[Any] = [7, None, ["a"]]
    assert not any(map(fits_address, words))

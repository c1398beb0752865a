"""Addresses that posts name and that somebody may ask: none leads into a private network."""

from __future__ import annotations

from publer_sync.values.addresses import never_asked
from tests.tables import each_of


@each_of(
    ("url", "why"),
    [
        ("https://example.com/launch", ""),
        ("https://example.com:8443/", ""),
        ("http://example.com:22/", "uses port 22"),
        ("ftp://example.com/", "is not a web address"),
        ("https://", "is not a web address"),
        ("https://example.com:x/", "is not a web address"),
        ("https://me:secret@example.com/", "contains a user name"),
        ("http://localhost/", "leads to a private address"),
        ("http://10.0.0.1/", "leads to a private address"),
        ("http://printer/", "leads to a private address"),
    ],
)
def test_an_address_that_is_never_asked_says_why(url: str, why: str) -> None:
    assert never_asked(url) == why

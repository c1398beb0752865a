"""Addresses that posts name and that somebody may ask: none leads into a private network."""

from __future__ import annotations

from publer_sync.values.addresses import host_of, is_below, is_private, never_asked
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


@each_of(
    ("host", "private"),
    [
        ("example.com", False),
        ("example.com.", False),
        ("printer", True),
        ("printer.", True),
        ("nas.local", True),
        ("NAS.LOCAL.", True),
        ("db.internal", True),
        ("app.localhost", True),
        ("127.0.0.1", True),
        ("127.1", True),
        ("0x7f000001", True),
        ("224.0.0.1", True),
        ("8.8.8.8", False),
        ("2606:4700::1111", False),
        ("fe80::1%eth0", True),
        ("::ffff:10.0.0.1", True),
        ("2002:0a00:0001::", True),
        ("2001:0:4136:e378::", True),
        ("64:ff9b::8.8.8.8", True),
    ],
)
def test_a_host_is_private_by_its_name_or_number_in_any_spelling(host: str, private: bool) -> None:
    assert is_private(host) is private


@each_of(
    ("url", "host"),
    [
        ("https://Example.com/a?b#c", "example.com"),
        ("Example.com:80", "example.com"),
        ("me:secret@example.com.", "example.com"),
        ("https://a.example:80@example.com:443/", "example.com"),
        ("mailto@example.com", "example.com"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://bücher..example/", "bücher..example"),
    ],
)
def test_the_host_of_an_address_has_one_spelling(url: str, host: str) -> None:
    assert host_of(url) == host


def test_a_host_is_below_itself_and_the_domains_above_it() -> None:
    assert is_below("example.com", ["example.com"])
    assert is_below("www.example.com", ["a.org", "example.com"])
    assert not is_below("badexample.com", ["example.com"])

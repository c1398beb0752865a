"""What may be sent where, and what a failure of the network means; requests over sockets are in test_publer."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests
import urllib3

from publer_sync.errors import SettingsError
from publer_sync.publer.transport import _fault, checked_url, header_value, is_loopback


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://app.publer.com/api/v1", "https://app.publer.com/api/v1"),
        ("https://app.publer.com/api/v1/", "https://app.publer.com/api/v1"),
        ("http://localhost:8080/api/v1", "http://localhost:8080/api/v1"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ],
)
def test_addresses_that_keep_the_key_safe(given: str, used: str) -> None:
    assert checked_url(given) == used


@pytest.mark.parametrize(
    "given",
    [
        "http://app.publer.com/api/v1",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
    ],
)
def test_the_key_is_never_sent_in_the_clear(given: str) -> None:
    with pytest.raises(SettingsError, match="in the clear") as error:
        checked_url(given)
    assert error.value.code == "url"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "app.publer.com",
        "ftp://app.publer.com",
        "https://",
        "https://user:secret@app.publer.com",
        "https://app.publer.com?x=1",
        "https://app.publer.com#x",
        "https://app.publer.com:port",
        "https://[::1",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_cannot_be_used_is_not_repeated(given: str) -> None:
    with pytest.raises(SettingsError, match="PUBLER_BASE_URL") as error:
        checked_url(given)
    assert "secret" not in str(error.value)


def test_loopback_is_this_machine_alone() -> None:
    assert all(map(is_loopback, ("localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1")))
    assert not any(map(is_loopback, ("localhost.example", "128.0.0.1", "::2", "", "127.0.0.1.example")))


@pytest.mark.parametrize("value", ["", " ", "a\r\nX-Evil: 1", "a\x00", "ä"])
def test_what_cannot_stand_in_a_header_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="PUBLER_WORKSPACE_ID"):
        header_value(value, "PUBLER_WORKSPACE_ID")


POOL = urllib3.HTTPSConnectionPool("publer.invalid")


def exhausted(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/secret", reason))


@pytest.mark.parametrize(
    ("error", "words", "arrived"),
    [
        (exhausted(urllib3.exceptions.NewConnectionError(POOL, "refused")), "refused", False),  # type: ignore[arg-type]  # any pool will do
        (exhausted(urllib3.exceptions.NameResolutionError("h", POOL, socket.gaierror())), "looked up", False),  # type: ignore[arg-type]  # any pool will do
        (requests.ConnectTimeout("slow"), "in time", False),
        (exhausted(urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("no"))), "certificate", False),
        (requests.exceptions.InvalidSchema("socks"), "proxy", False),
        (requests.ReadTimeout("slow"), "did not answer in time", True),
        (
            requests.ConnectionError(urllib3.exceptions.ProtocolError("x", ConnectionResetError())),
            "broke",
            True,
        ),
        (requests.exceptions.SSLError(urllib3.exceptions.SSLError(ssl.SSLEOFError("eof"))), "broke", True),
        (requests.exceptions.ChunkedEncodingError("x"), "broke", True),
        (OSError("x"), "broke", True),
    ],
)
def test_only_what_never_left_counts_as_not_arrived(error: Exception, words: str, arrived: bool) -> None:
    fault = _fault(error)
    assert words in fault.reason
    assert fault.arrived is arrived
    assert "secret" not in fault.reason

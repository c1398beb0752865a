"""Which web addresses may be requested, and their hosts as people name them. What a name resolves to is checked when it is requested."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

PORTS: Final = frozenset((80, 443, 8080, 8443))
_PUBLIC_V6: Final = ipaddress.ip_network("2000::/3")
_TUNNELS: Final = tuple(map(ipaddress.ip_network, ("2001::/32", "2002::/16")))
"""IPv6 addresses that contain one of IPv4: Teredo and 6to4. Mapped ones and those of NAT64 are not in 2000::/3."""
_OWN_NETWORK: Final = (".localhost", ".local", ".internal")
"""RFC 6761, RFC 6762, and what ICANN keeps for private use."""


def is_public(number: str) -> bool:
    """Whether an IP address is on the public internet. One of IPv6 that contains one of IPv4 is not."""
    address = ipaddress.ip_address(number)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    return address in _PUBLIC_V6 and not any(address in tunnel for tunnel in _TUNNELS)


def never_asked(url: str) -> str:
    """Why an address would never be asked, as what follows it in a sentence; "" if it may be. Resolves no name."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is not a web address"
    if not host or parts.scheme not in ("http", "https"):
        return "is not a web address"
    if parts.username is not None:
        return "contains a user name"
    if port is not None and port not in PORTS:
        return f"uses port {port}"
    return "leads to a private address" if is_private(host) else ""


def is_private(host: str) -> bool:
    """Whether a host is in a private network by what it is called; a name may lead to one all the same."""
    number = _number_of(host)
    return not is_public(number) if number else "." not in host.rstrip(".") or _is_local(host)


def _is_local(host: str) -> bool:
    return host.rstrip(".").lower().endswith(_OWN_NETWORK)


def _number_of(host: str) -> str:
    """The IP address that a host is, in whatever spelling; "" for a name."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    import socket

    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return ""


# --- hosts as people name them --------------------------------------------------------------------------------------


def host_of(url: str) -> str:
    """The host of an address, with its scheme or without, in one spelling."""
    rest = url.partition("://")[2] if "://" in url else url
    return one_spelling(re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0])


def one_spelling(host: str) -> str:
    host = host.strip().casefold().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def is_below(host: str, hosts: Iterable[str]) -> bool:
    """Whether a host, or a domain above it, is one of these."""
    return any(host == each or host.endswith(f".{each}") for each in hosts)

"""Asks whether web addresses answer: each host gently, within limits, and nothing inside a private network.

Every name is resolved and judged here, also after a redirect, and the connection goes to the address that was judged: a
name that is resolved a second time cannot lead elsewhere. No proxy, cookie or password of this machine is used.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections import defaultdict
from contextlib import contextmanager, suppress
from functools import cache
from http import HTTPStatus
from queue import Empty, SimpleQueue
from socket import create_connection
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from publer_sync import __version__
from publer_sync.machine.alarms import Alarm
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.addresses import PORTS, is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ALL_SECONDS: Final = 600.0
"""For all addresses of a run; the rest is not asked."""
REQUEST_SECONDS: Final = 15.0
CONNECT_SECONDS: Final = 5.0
PAUSE_SECONDS: Final = 0.5
"""Between two requests to one host."""
MOST_HOSTS: Final = 8
"""Hosts that are asked at a time, each one request after the other."""
MOST_REDIRECTS: Final = 5
MOST_NUMBERS: Final = 4
"""IP addresses of a host that are tried."""
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_HEADERS: Final = {
    "User-Agent": f"publer-sync/{__version__} (checks the links of scheduled posts)",
    "Accept": "*/*",
    "Connection": "close",
}


class LinkAnswer(NamedTuple):
    """`problem` follows the address in a sentence, with its `fix`; "" if the address answers as it should."""

    problem: str = ""
    fix: str = ""


class LinkChecker:
    """Asks each address once in a run; `seconds` are for all of them."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = ALL_SECONDS if seconds is None else seconds
        self._ends: float | None = None
        self._known: dict[str, LinkAnswer] = {}
        self._hostless: set[str] = set()
        self._online = False
        self._gates: defaultdict[str, _Gate] = defaultdict(_Gate)

    def check(
        self, urls: Sequence[str], tell: Callable[[int, int], None] = lambda _done, _of: None
    ) -> dict[str, LinkAnswer | None]:
        """What each address answers, in their order; None where it could not be asked now.

        `tell` gets how many of the new ones are done, and of how many.
        """
        if self._ends is None:
            self._ends = time.monotonic() + self._seconds
        by_host: dict[str, dict[str, str]] = {}
        for url in urls:
            if (key := _identity(url)) not in self._known:
                by_host.setdefault(_host_of(url), {}).setdefault(key, url)
        self._ask_all(by_host, tell)
        known = dict(self._known)  # a thread that is late may still add to it
        if not self._online:  # then this machine may be the reason why it finds no host
            known = {key: answer for key, answer in known.items() if key not in self._hostless}
        return {url: known.get(_identity(url)) for url in urls}

    def _ask_all(self, by_host: dict[str, dict[str, str]], tell: Callable[[int, int], None]) -> None:
        hosts: SimpleQueue[dict[str, str]] = SimpleQueue()
        for group in by_host.values():
            hosts.put(group)
        every, before, end = sum(map(len, by_host.values())), len(self._known), self._ends or 0.0
        threads = [
            threading.Thread(target=self._work, args=(hosts,), name="links", daemon=True)
            for _ in range(min(MOST_HOSTS, len(by_host)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive() and time.monotonic() < end:
                tell(len(self._known) - before, every)
                thread.join(min(0.2, max(0.0, end - time.monotonic())))

    def _work(self, hosts: SimpleQueue[dict[str, str]]) -> None:
        with suppress(Empty):
            while True:
                for key, url in hosts.get_nowait().items():
                    answer = self._ask(key, url)
                    if answer is not None:
                        self._known[key] = answer
                    if answer == _answer_of(HTTPStatus.TOO_MANY_REQUESTS):
                        break  # that is enough for this host

    def _ask(self, key: str, url: str) -> LinkAnswer | None:
        try:
            status = self._status("HEAD", url)
            if not 200 <= status < 300:
                status = self._status("GET", url)
        except _NoHostError as error:
            self._hostless.add(key)
            return error.answer
        except _NoAnswerError as error:
            return error.answer
        self._online |= status > 0
        return _answer_of(status)

    def _status(self, method: str, url: str) -> int:
        """The status that an address ends at; 0 if the connection was lost. Raises _NoAnswerError."""
        base, url = "", url if "://" in url else f"https://{url}"
        for _ in range(MOST_REDIRECTS + 1):
            if time.monotonic() >= (self._ends or 0.0):
                raise _NoAnswerError
            hop = _Hop.of(base, url)
            with self._gates[hop.host].passed():
                status, location = hop.request(method)
            if status not in _REDIRECTS or not location:
                return status
            base, url = hop.url, location
        raise _NoAnswerError(
            f"redirects more than {MOST_REDIRECTS} times", "Use the address it should lead to"
        )


class _NoAnswerError(Exception):
    """An address that gave no status; without `problem`, it may another time."""

    def __init__(self, problem: str = "", fix: str = "Correct the address, or remove it") -> None:
        super().__init__(problem)
        self.answer = LinkAnswer(problem, fix) if problem else None


class _NoHostError(_NoAnswerError):
    """A name that the internet does not know."""


class _Gate:
    """Lets one request at a time through to a host, with a pause after each."""

    def __init__(self) -> None:
        self._lock, self._free_at = threading.Lock(), 0.0

    @contextmanager
    def passed(self) -> Iterator[None]:
        with self._lock:
            time.sleep(max(0.0, self._free_at - time.monotonic()))
            try:
                yield
            finally:
                self._free_at = time.monotonic() + PAUSE_SECONDS


def _answer_of(status: int) -> LinkAnswer:
    if 200 <= status < 300:
        return LinkAnswer()
    if not status:
        return LinkAnswer("does not answer", "Open it in a browser, and correct or remove it")
    phrase = f" ({HTTPStatus(status).phrase})" if status in HTTPStatus.__members__.values() else ""
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return LinkAnswer(f"answers {status}{phrase}", "Correct the address, or remove it")
    say = "Open it in a browser: some sites answer programs so. If it works there, silence link.dead here"
    return LinkAnswer(f"answers {status}{phrase}", say)


def _identity(url: str) -> str:
    """What is one address to a site: without the fragment, and whatever the values of its UTM parameters are."""
    address, sign, query = url.partition("#")[0].partition("?")
    parts = (part.partition("=")[0] if part.startswith("utm_") else part for part in query.split("&"))
    return address + sign + "&".join(parts)


def _host_of(url: str) -> str:
    """A hint by which the addresses of one host are asked one after the other."""
    return url.rpartition("://")[2].partition("/")[0].lower()


# --- one request ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Hop:
    """An address in the form in which it is asked, the only one that is judged and used."""

    url: str
    host: str
    port: int
    secure: bool

    @classmethod
    def of(cls, base: str, url: str) -> _Hop:
        """`url` as seen from `base`. Raises _NoAnswerError for anything but a web address that may be asked."""
        try:
            url = requests.Request("HEAD", urljoin(base, url)).prepare().url or ""
            parts = urlsplit(url)
            host, port, scheme = parts.hostname or "", parts.port, parts.scheme
        except (requests.RequestException, ValueError):
            host, port, scheme = "", None, ""
        if not host or scheme not in ("http", "https"):
            raise _NoAnswerError("does not lead to a web address")
        if parts.username is not None:
            raise _NoAnswerError("contains a user name, and was not asked", "Remove what is before the @")
        port = port or (443 if scheme == "https" else 80)
        if port not in PORTS:
            raise _NoAnswerError(f"uses port {port}, and was not asked", "Open it in a browser")
        return cls(url, host, port, scheme == "https")

    def request(self, method: str) -> tuple[int, str]:
        """The status, 0 if the connection was lost, and where it redirects to. The body is not read."""
        connection = _PinnedConnection(self, public_numbers(self.host, self.port))
        parts = urlsplit(self.url)
        try:
            with Alarm(REQUEST_SECONDS, connection.hang_up):
                connection.request(
                    method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=_HEADERS
                )
                answer = connection.getresponse()
        except ssl.SSLCertVerificationError:
            raise _NoAnswerError(
                "has a certificate that is not valid for it", "Correct the address"
            ) from None
        except (OSError, http.client.HTTPException, ValueError):
            return 0, ""
        else:
            if connection.is_late:  # what came before may look like an answer
                return 0, ""
            location = answer.headers.get("Location", "")
            return answer.status, location.encode("latin-1", "replace").decode("utf-8", "replace")
        finally:
            connection.close()


class _PinnedConnection(http.client.HTTPConnection):
    """Connects to the given IP addresses and to no other; `Host` and the certificate are those of the name."""

    def __init__(self, hop: _Hop, numbers: Sequence[str]) -> None:
        super().__init__(hop.host, hop.port)
        self.default_port = 443 if hop.secure else 80
        self._secure, self._numbers, self.is_late = hop.secure, numbers, False

    def connect(self) -> None:
        """Raises _NoAnswerError if nothing listens there."""
        for number in self._numbers[:MOST_NUMBERS]:
            with suppress(OSError):
                self.sock = create_connection((number, self.port), timeout=CONNECT_SECONDS)
                break
        else:
            directly = " (asked directly: no proxy is used)" if getproxies() else ""
            raise _NoAnswerError(
                f"does not answer{directly}", "Open it in a browser, and correct or remove it"
            )
        self.sock.settimeout(REQUEST_SECONDS)
        if self._secure:
            self.sock = _tls().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def hang_up(self) -> None:
        """End it: a server that sends byte after byte never meets the time limit of a socket."""
        self.is_late = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    """Trusts what this machine trusts, and what requests does."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


# --- which addresses may be asked ---------------------------------------------------------------------------------------------


def public_numbers(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises _NoAnswerError unless all of them are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY):
            raise _NoAnswerError from None
        raise _NoHostError(f"leads nowhere: the host {host} does not exist") from None
    except (OSError, ValueError):
        raise _NoAnswerError("does not lead to a web address") from None
    numbers = [str(address[0]) for *_, address in found]
    if not all(map(is_public, numbers)):
        raise _NoAnswerError("leads to a private address, and was not asked", "Use a public address")
    return list(dict.fromkeys(numbers))

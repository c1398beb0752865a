"""Who comes in: by an address that works once, then with a cookie and a header, neither of which is enough alone.

Cookies know no ports, so that any server on this machine gets them; the header's value is kept where only pages of this
port can read it, and goes along with everything that reads or writes posts.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import field
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import Final

from publer_sync.starting.late_dataclasses import dataclass

HEADER: Final = "X-Publer-Sync-Studio"
_COOKIE: Final = "publer-sync-studio"
_TICKET_SECONDS: Final = 60.0


def _value() -> str:
    return secrets.token_urlsafe(32)


@dataclass
class Guard:
    """What is secret of one run."""

    token: str = field(default_factory=_value)
    """Of the address that has not been used yet."""
    secret: str = field(default_factory=_value)
    """What the header says."""
    _session: str = field(default_factory=_value)
    _tickets: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _told: bool = True

    def enter(self, token: str) -> bool:
        """Whether an address may come in; it is used then, and the next one has another token."""
        with self._lock:
            if not hmac.compare_digest(token.encode(), self.token.encode()):
                return False
            self.token, self._told = _value(), False
            return True

    def tell_token(self) -> bool:
        """Whether somebody has to be told the address that is not used yet: each one once, however many ask."""
        with self._lock:
            told, self._told = self._told, True
            return not told

    def cookie(self, port: int) -> str:
        return f"{_COOKIE}-{port}={self._session}; HttpOnly; SameSite=Strict; Path=/"

    def has_cookie(self, header: str, port: int) -> bool:
        """Cookies know no ports, so the name has this server's."""
        try:
            found = SimpleCookie(header).get(f"{_COOKIE}-{port}")
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self._session.encode())

    def has_secret(self, header: str) -> bool:
        return hmac.compare_digest(header.encode(), self.secret.encode())

    def ticket(self) -> str:
        """For one look at the page, which a browser asks for without a header."""
        with self._lock:
            now = time.monotonic()
            self._tickets = {each: until for each, until in self._tickets.items() if until > now}
            made = _value()
            self._tickets[made] = now + _TICKET_SECONDS
            return made

    def use(self, ticket: str) -> bool:
        with self._lock:
            return self._tickets.pop(ticket, 0.0) > time.monotonic()

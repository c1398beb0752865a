"""One HTTP request, sent over requests: what came back, or that nothing did and whether it may have arrived.

The home of requests, imported late. It knows no endpoint, retries nothing and waits for nothing: that is `sending`'s.
No exception of the library leaves it, since those carry the request and with it the key.
"""

from __future__ import annotations

import copy
import ipaddress
import socket
import ssl
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from publer_sync.machine.alarms import Alarm
from publer_sync.publer import tracing
from publer_sync.publer.answers import Answer, Fault
from publer_sync.publer.read_only import writes_forbidden
from publer_sync.values.addresses import is_private, is_public
from publer_sync.values.errors import SettingsError
from publer_sync.values.service import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.publer.multipart import FileForm
    from publer_sync.publer.sending import Send

MAX_ANSWER = 64 << 20
"""Bytes; a year of posts of a busy workspace is a few MB."""
CONNECT_SECONDS = 10.0
MAX_REDIRECTS = 3
ANSWER_FACTOR = 4
"""A whole answer may take so many times as long as the longest silence within it."""
IDLE_SECONDS = 4.0
"""A write opens a new connection where the last one has been idle for longer: a server that closes an idle connection
in that very moment would leave it unclear whether the write was done."""


class GetConnection:
    """A connection to one service that can send GET and nothing else."""

    _methods: tuple[str, ...] = ("GET",)
    _workspace: str | None = None
    _used_at = 0.0

    def __init__(self, *, base_url: str, key: str, user_agent: str, read_seconds: float) -> None:
        self.base_url = checked_url(base_url)
        self._auth = _BearerApi(checked_key(key))
        self._read_seconds = read_seconds
        self._session = requests.Session()
        # Proxies of the environment would be asked for this machine itself, and ~/.netrc for a key.
        self._session.trust_env = not is_loopback(urlsplit(self.base_url).hostname or "")
        self._session.auth = self._auth
        self._session.headers.update(
            {"User-Agent": header_value(user_agent, "PUBLER_SYNC_USER_AGENT"), "Accept": "application/json"}
        )
        self._adapter = _OnlyThese(self._methods)
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    def in_workspace(self, workspace_id: str) -> Self:
        """The same connection for requests of one workspace."""
        inside = copy.copy(self)
        inside._workspace = header_value(workspace_id, "PUBLER_WORKSPACE_ID")  # noqa: SLF001 - a copy of this object
        return inside

    def get(self, path: str) -> Send:
        """A request that leaves each time it is called, here and in every other method."""
        return partial(self._exchange, requests.Request("GET", self.base_url + path))

    def files(self) -> FileConnection:
        """A connection for files that Publer shows, which never carries the key."""
        return FileConnection(self.host, str(self._session.headers["User-Agent"]), self._read_seconds)

    def _exchange(
        self, request: requests.Request, seconds: float, *, form: FileForm | None = None
    ) -> Answer | Fault:
        """Send it once. `seconds` is how long the whole answer may take; a form's counts from the file's last byte."""
        if form is not None:
            form.seek(0)
        prepared = self._prepared(request)
        idle = min(seconds, (1 if form is None else 10) * self._read_seconds)
        timeout = (min(CONNECT_SECONDS, idle), idle)
        watch = _Watch(min(seconds, ANSWER_FACTOR * idle), self._adapter, form)
        began = time.monotonic()
        came: Answer | Fault
        try:
            if prepared.method != "GET" and time.monotonic() - self._used_at > IDLE_SECONDS:
                self._session.close()
            route = self._session.merge_environment_settings(
                prepared.url or "", proxies={}, stream=True, verify=None, cert=None
            )
            with (
                watch,
                self._session.send(prepared, timeout=timeout, allow_redirects=False, **route) as response,
            ):
                came = self._answer(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            came = _fault(error)
        self._used_at = time.monotonic()
        came = _LATE if watch.over else came
        if (trace := tracing.current()) is not None:
            body, took = request.data or None, self._used_at - began
            trace.add(str(request.method), str(request.url), body, came, seconds=took, below=self.base_url)
        return came

    def _prepared(self, request: requests.Request) -> requests.PreparedRequest:
        if self._workspace is not None:
            request.headers = {**request.headers, "Publer-Workspace-Id": self._workspace}
        return self._session.prepare_request(request)

    def _answer(self, response: requests.Response) -> Answer | Fault:
        if (body := _read(response)) is None:
            return Fault("the answer was too long", arrived=True)
        headers = {name.lower(): value for name, value in response.headers.items()}
        if not 200 <= response.status_code < 300:
            body = self._auth.hide(body)
        return Answer(response.status_code, headers, body)


class Connection(GetConnection):
    """A connection that can also send the three methods that change something."""

    _methods = ("GET", "POST", "PUT", "DELETE")

    def _prepared(self, request: requests.Request) -> requests.PreparedRequest:
        """Raises RuntimeError, and nothing is sent, for a DELETE that would not leave exactly as it was meant.

        Checked on what leaves: the gateway tells what a DELETE does whose ids are lost on the way.
        """
        prepared = super()._prepared(request)
        as_meant = prepared.method == "DELETE" and prepared.url == request.url and prepared.body is None
        if request.method == "DELETE" and not as_meant:
            raise RuntimeError("a DELETE would not leave as it was meant; nothing was sent")
        return prepared

    def post(self, path: str, body: bytes) -> Send:
        return partial(self._exchange, self._json("POST", path, body))

    def put(self, path: str, body: bytes) -> Send:
        return partial(self._exchange, self._json("PUT", path, body))

    def upload(self, path: str, form: FileForm) -> Send:
        headers = {"Content-Type": form.content_type}
        request = requests.Request("POST", self.base_url + path, data=form, headers=headers)
        return partial(self._exchange, request, form=form)

    def delete(self, path: str) -> Send:
        """`path` holds the ids; nothing else goes with it."""
        return partial(self._exchange, requests.Request("DELETE", self.base_url + path))

    def _json(self, method: str, path: str, body: bytes) -> requests.Request:
        headers = {"Content-Type": "application/json"}
        return requests.Request(method, self.base_url + path, data=body, headers=headers)


class FileConnection:
    """Fetches files without the key, from https and from the service's own host alone, and from no private network but that host's."""

    def __init__(self, host: str, user_agent: str, read_seconds: float) -> None:
        self._host, self._read_seconds = host, read_seconds
        self._session, self._adapter = requests.Session(), _PublicOrOwn(urlsplit(f"//{host}").hostname or "")
        self._session.auth = lambda request: request  # otherwise ~/.netrc would be asked for a password
        self._session.headers["User-Agent"] = user_agent
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)

    def get(self, url: str) -> bytes | None:
        """The file; None where it is refused, too large, or at an address that is not for it, also after a redirect."""
        try:
            for _ in range(MAX_REDIRECTS + 1):
                parts = urlsplit(url)
                own = parts.netloc == self._host
                if not own and (parts.scheme != "https" or is_private(parts.hostname or "")):
                    return None
                with _Watch(ANSWER_FACTOR * self._read_seconds, self._adapter):
                    timeout = (CONNECT_SECONDS, self._read_seconds)
                    response = self._session.get(url, timeout=timeout, allow_redirects=False, stream=True)
                    with response:
                        if response.status_code == requests.codes.ok:
                            return _read(response) or None
                        if not response.is_redirect:
                            return None
                        url = urljoin(url, response.headers["Location"])
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
            pass
        return None


class _BearerApi(AuthBase):
    """Publer's own scheme (Publer docs, "Authentication"). An object, as ~/.netrc overrides a header set by hand."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer-API {self._key}"
        return request

    def __repr__(self) -> str:
        return "_BearerApi(…)"

    def hide(self, body: bytes) -> bytes:
        """An error answer that repeats the key would carry it into messages and logs."""
        return body.replace(self._key.encode(), b"(the key)") if len(self._key) >= 8 else body


class _OnlyThese(HTTPAdapter):
    """The last thing before the network: lets the given methods through and no other.

    `socket` is that of the connection in use; one request is under way at a time.
    """

    def __init__(self, methods: tuple[str, ...]) -> None:
        super().__init__(max_retries=0)
        self._methods = methods
        self.socket: socket.socket | None = None

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
        """The pool of connections to the host, each of which says what its socket is."""
        pool = super().get_connection_with_tls_context(*args, **options)
        if "ConnectionCls" in vars(pool):
            return pool
        usual = self._connection_class(pool.ConnectionCls)

        def connect(connection: Any) -> None:
            usual.connect(connection)
            self.socket = connection.sock

        pool.ConnectionCls = type("Connection", (usual,), {"connect": connect})
        return pool

    def _connection_class(self, usual: type[Any]) -> type[Any]:
        return usual

    def send(self, request: requests.PreparedRequest, *args: object, **options: object) -> requests.Response:
        """Raises RuntimeError, and sends nothing, for a method that is not allowed now."""
        methods = ("GET",) if writes_forbidden() else self._methods
        if request.method not in methods:
            raise RuntimeError(f"this connection sends {', '.join(methods)} only; nothing was sent")
        return super().send(request, *args, **options)  # type: ignore[arg-type]  # the options of requests, which types each of them, are passed on unchanged


class _PublicOrOwn(_OnlyThese):
    """Sends GET to public addresses and to one host, wherever that is.

    What a name leads to is judged on the connection itself: a name that is resolved twice can lead to two places. A proxy
    resolves names for itself, and it is for whoever runs it to say where it leads.
    """

    def __init__(self, own: str) -> None:
        super().__init__(("GET",))
        self._own = own

    def _connection_class(self, usual: type[Any]) -> type[Any]:
        own = self._own

        def new_conn(connection: Any) -> socket.socket:
            made: socket.socket = usual._new_conn(connection)  # noqa: SLF001 - the only step between the connection and TLS
            if connection.proxy is None and connection.host != own and not is_public(made.getpeername()[0]):
                made.close()
                raise OSError("it leads to a private address")
            return made

        return type("PublicConnection", (usual,), {"_new_conn": new_conn})


class _Watch(Alarm):
    """Hangs up where a request takes longer than `seconds`, wherever it is held up.

    A library's timeout starts anew with each byte, so that an answer that drips would never end. `over` tells whether
    it came to that. Time does not count while a form is being sent.
    """

    def __init__(self, seconds: float, adapter: _OnlyThese, form: FileForm | None = None) -> None:
        super().__init__(seconds, self._hang_up)
        self._adapter, self._form = adapter, form
        self.over = False

    def _hang_up(self) -> bool:
        if self._form is not None and self._form.tell() < len(self._form):
            return True
        self.over = True
        if self._adapter.socket is not None:
            with suppress(OSError):  # the other side may have hung up in this very moment
                # Not SSLSocket's own, which takes away the state that the reading thread works with.
                socket.socket.shutdown(self._adapter.socket, socket.SHUT_RDWR)
        return False


# --- what the settings say ----------------------------------------------------------------------------------------------


def checked_url(base_url: str) -> str:
    """The address without a final slash. Raises SettingsError for one that would send the key unencrypted, or is not an address."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if (
        not host
        or parts.scheme not in {"http", "https"}
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise SettingsError(
            "PUBLER_BASE_URL is not a usable address",
            code="url",
            hint=f"Leave it unset, or write it like {BASE_URL}: no user, no question mark.",
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError(
            f"PUBLER_BASE_URL would send the API key to {host} unencrypted",
            code="url",
            hint="Use https://. Plain http is for this machine alone (localhost, 127.0.0.1, ::1).",
        )
    return base_url.rstrip("/")


def is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_key(key: str) -> str:
    """The key without the line end that secrets are often stored with. Raises SettingsError where it can't be one."""
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(
            "PUBLER_API_KEY is not set" if not key else "PUBLER_API_KEY has characters that no API key has",
            code="key.none" if not key else "key.form",
            hint="Create a key in Publer under Settings, Access & Login, API Keys. Copy all of it, and nothing around it.",
        )
    return key


def header_value(value: str, name: str) -> str:
    """`value`, stripped. Raises SettingsError where it can't stand in a request's header; `name` is where people set it."""
    if not value.strip() or not value.isascii() or not value.isprintable():
        raise SettingsError(
            f"{name} is empty or has characters that can't be sent",
            code="settings",
            hint="Write it in plain ASCII, on one line.",
        )
    return value.strip()


# --- what came back ------------------------------------------------------------------------------------------------------


CA_FIX: Final = (
    "If a proxy of your company opens encrypted connections, set REQUESTS_CA_BUNDLE to a file with its certificate (PEM). "
    "Otherwise someone else may be answering, and nothing was sent to them."
)
_LATE = Fault("it did not answer in time", arrived=True)


def _read(response: requests.Response) -> bytes | None:
    """The body, piece by piece as it comes in; None where it is too much to hold."""
    body = bytearray()
    while piece := response.raw.read1(256 * 1024, decode_content=True):
        body += piece
        if len(body) > MAX_ANSWER:
            return None
    return bytes(body)


def _fault(error: BaseException) -> Fault:
    """Words of our own: those of the libraries show addresses and objects."""
    chain = tuple(_causes(error))
    kinds = tuple(type(cause) for cause in chain)
    if _any(kinds, urllib3.exceptions.NameResolutionError, socket.gaierror):
        return Fault("the host name can't be resolved", arrived=False)
    if _any(kinds, ssl.SSLCertVerificationError):
        return Fault("its certificate is not trusted", arrived=False, fix=CA_FIX)
    # As requests says it, before it connects.
    if type(error) is OSError and "CA certificate bundle" in str(error):
        why = "the variable REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names a file that does not exist"
        return Fault(why, arrived=False, fix="Correct the path, or unset the variable.")
    if _any(kinds, urllib3.exceptions.NewConnectionError):
        return Fault("connection refused, or no route", arrived=False)
    if _any(kinds, urllib3.exceptions.ConnectTimeoutError, requests.ConnectTimeout):
        return Fault("connecting took too long", arrived=False)
    if _any(kinds, requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL):
        return Fault("the proxy set in the environment can't be used", arrived=False)
    if _any(kinds, urllib3.exceptions.ReadTimeoutError, requests.Timeout, TimeoutError):
        return _LATE
    return Fault("the connection was lost", arrived=True)


def _any(kinds: tuple[type[BaseException], ...], *wanted: type[BaseException]) -> bool:
    return any(issubclass(kind, wanted) for kind in kinds)


def _causes(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """The error and those it wraps, wherever the libraries keep them."""
    yield error
    wrapped = [error.__cause__, error.__context__, getattr(error, "reason", None), *error.args]
    for cause in wrapped:
        if isinstance(cause, BaseException) and depth:
            yield from _causes(cause, depth - 1)

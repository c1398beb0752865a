"""What is sent where, with which key, and what a failure of the network means."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
import traceback
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
import requests
import urllib3

from publer_sync.machine.clock import Clock
from publer_sync.publer.answers import Answer
from publer_sync.publer.gateway import Publer
from publer_sync.publer.reader import PublerReader
from publer_sync.publer.transport import (
    FileConnection,
    _fault,
    _Watch,
    checked_url,
    header_value,
    is_loopback,
)
from publer_sync.values.errors import PublerSyncError, ServiceError, SettingsError, Unclear, Unreachable
from tests.conftest import PATIENCE
from tests.publer.conftest import ACCOUNT, GIF, KEY, WRITES
from tests.stand_in import Asked, Reply, certificate, serving
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.publer.conftest import Service, StillClock


@each_of(
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


@each_of(
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
    with pytest.raises(SettingsError, match="unencrypted") as error:
        checked_url(given)
    assert error.value.code == "url"


@each_of(
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


@each_of("value", ["", " ", "a\r\nX-Evil: 1", "a\x00", "ä"])
def test_what_cannot_stand_in_a_header_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="PUBLER_WORKSPACE_ID"):
        header_value(value, "PUBLER_WORKSPACE_ID")


POOL = urllib3.HTTPSConnectionPool("publer.invalid")


def exhausted(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(POOL, "/secret", reason))


def after(error: Exception, *, cause: Exception | None = None, context: Exception | None = None) -> Exception:
    error.__cause__, error.__context__ = cause, context
    return error


def nested(error: Exception, depth: int) -> Exception:
    return OSError("x", nested(error, depth - 1)) if depth else error


@each_of(
    ("error", "words", "arrived"),
    [
        (exhausted(urllib3.exceptions.NewConnectionError(POOL, "refused")), "refused", False),  # type: ignore[arg-type]  # any pool will do
        (exhausted(urllib3.exceptions.NameResolutionError("h", POOL, socket.gaierror())), "resolved", False),  # type: ignore[arg-type]  # any pool will do
        (requests.ConnectTimeout("slow"), "took too long", False),
        (exhausted(urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("no"))), "certificate", False),
        (requests.exceptions.InvalidSchema("socks"), "proxy", False),
        (requests.ReadTimeout("slow"), "did not answer in time", True),
        (
            requests.ConnectionError(urllib3.exceptions.ProtocolError("x", ConnectionResetError())),
            "lost",
            True,
        ),
        (requests.exceptions.SSLError(urllib3.exceptions.SSLError(ssl.SSLEOFError("eof"))), "lost", True),
        (requests.exceptions.ChunkedEncodingError("x"), "lost", True),
        (OSError("x"), "lost", True),
        (socket.gaierror(socket.EAI_NONAME, "x"), "resolved", False),
        (requests.exceptions.InvalidProxyURL("x"), "proxy", False),
        (exhausted(urllib3.exceptions.ConnectTimeoutError("x")), "took too long", False),
        (exhausted(urllib3.exceptions.ReadTimeoutError(POOL, "/", "x")), "did not answer in time", True),
        (TimeoutError("x"), "did not answer in time", True),
        (exhausted(urllib3.exceptions.ProtocolError("x", TimeoutError())), "did not answer in time", True),
        (OSError("Could not find a suitable TLS CA certificate bundle: x"), "REQUESTS_CA_BUNDLE", False),
        (requests.ConnectionError("no CA certificate bundle"), "lost", True),
        (after(requests.ConnectionError("x"), cause=socket.gaierror()), "resolved", False),
        (after(requests.ConnectionError("x"), context=ssl.SSLCertVerificationError()), "certificate", False),
        (nested(requests.ReadTimeout("x"), 8), "did not answer in time", True),
        (nested(requests.ReadTimeout("x"), 9), "lost", True),
    ],
)
def test_only_what_never_left_counts_as_not_arrived(error: Exception, words: str, arrived: bool) -> None:
    fault = _fault(error)
    assert words in fault.reason
    assert fault.arrived is arrived
    assert "secret" not in fault.reason


# --- what every request carries ---------------------------------------------------------------------------------------


def test_every_request_carries_key_workspace_and_name_of_the_program(
    publer: Publer, service: Service
) -> None:
    service.replies = [Reply([{"id": ACCOUNT, "name": "P", "provider": "facebook"}])]
    publer.accounts()
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("GET", "/api/v1/accounts")
    assert seen.headers["authorization"] == f"Bearer-API {KEY}"
    assert seen.headers["publer-workspace-id"] == "w1"
    assert seen.headers["user-agent"].startswith("publer-sync/")
    assert seen.headers["accept"] == "application/json"


def test_the_name_of_the_program_can_be_set(service: Service, clock: StillClock) -> None:
    service.replies = [Reply([])]
    service.reader(clock, user_agent="Mozilla/5.0 (mine)").workspaces()
    assert service.seen[0].headers["user-agent"] == "Mozilla/5.0 (mine)"
    assert "publer-workspace-id" not in service.seen[0].headers


def test_a_netrc_file_does_not_replace_the_key(
    publer: Publer, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    publer._connection._session.trust_env = True
    service.replies = [Reply([])]
    publer.workspaces()
    assert service.seen[0].headers["authorization"] == f"Bearer-API {KEY}"


def test_a_proxy_is_not_asked_for_this_machine(
    service: Service, monkeypatch: pytest.MonkeyPatch, clock: StillClock
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    service.replies = [Reply([])]
    assert service.reader(clock).workspaces() == ()


@each_of(("left_out", "asked"), [("", 1), ("publer.example", 0)])
def test_a_proxy_of_the_environment_is_asked_for_publer(left_out: str, asked: int) -> None:
    with serving(lambda _: Reply(raw=b"no", status=403)) as proxy, pytest.MonkeyPatch.context() as patched:
        patched.setenv("HTTPS_PROXY", proxy.url)
        patched.setenv("NO_PROXY", left_out)
        patched.setattr(socket, "getaddrinfo", only_loopback(socket.getaddrinfo))
        reader = PublerReader(key=KEY, base_url="https://publer.example", clock=Clock(), patience=0)
        with pytest.raises(Unreachable):
            reader.workspaces()
        assert proxy.connections == asked


def only_loopback(look_up: Callable[..., Any]) -> Callable[..., Any]:
    """No other name is known."""

    def found(host: str, *more: object) -> Any:
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *more)

    return found


def test_one_connection_serves_many_requests(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"status": "working"})]
    for _ in range(5):
        publer.job("j")
    assert service.stand_in.connections == 1
    assert publer.requests == 5
    watches = [thread for thread in threading.enumerate() if thread.name == "watch"]
    for watch in watches:
        watch.join(PATIENCE)
    assert not any(watch.is_alive() for watch in watches), "none hangs up on a later request"
    line = publer._connection
    asked = line._session.prepare_request(requests.Request("GET", service.url))
    kinds = {line._adapter.get_connection_with_tls_context(asked, verify=True).ConnectionCls for _ in "ab"}
    assert len(kinds) == 1, "no request makes the next one's way longer"


def test_a_write_opens_a_new_connection_after_a_pause(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idle connection may be closed by the other side in the moment it is used again. What only reads is asked again."""
    service.replies = [Reply({"job_id": "j"})]
    publer.schedule([{}], draft=False)
    publer.schedule([{}], draft=False)
    assert service.stand_in.connections == 1
    publer._connection._used_at = time.monotonic() - 60
    publer.schedule([{}], draft=False)
    assert service.stand_in.connections == 2
    publer._connection._used_at = time.monotonic() - 60
    publer.job("j")
    assert service.stand_in.connections == 2


def test_a_file_may_take_longer_to_be_answered_than_anything_else(
    service: Service, clock: StillClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publer looks at it before it answers."""
    (tmp_path / "a.gif").write_bytes(GIF)
    publer = service.publer(clock, read_seconds=3)
    waits: list[tuple[float, float]] = []

    def send(*_: object, timeout: tuple[float, float], **__: object) -> None:
        waits.append(timeout)
        raise requests.ReadTimeout

    monkeypatch.setattr(publer._connection._session, "send", send)
    with pytest.raises(Unclear):
        publer.upload(tmp_path / "a.gif")
    for write in WRITES.values():
        with pytest.raises(Unclear):
            write(publer)
    with pytest.raises(Unreachable):
        publer.workspaces()
    assert waits == [(10, 30), *[(3, 3)] * (len(waits) - 1)]


def test_time_counts_from_the_last_byte_of_a_file() -> None:
    form = mock.MagicMock()
    form.__len__.return_value = 10
    form.tell.side_effect = [0, 9, 10]
    watch = _Watch(0.001, mock.Mock(socket=None), form)
    with watch:
        ended = time.monotonic() + PATIENCE
        while not watch.over and time.monotonic() < ended:
            time.sleep(0.001)
    assert (watch.over, form.tell.call_count) == (True, 3)


# --- the key ----------------------------------------------------------------------------------------------------------

TROUBLES = [
    Reply({"errors": [f"Invalid API key {KEY}"]}, 401),
    Reply(raw=f"key {KEY}".encode(), status=403),
    Reply({"errors": [KEY]}, 500),
    Reply({}, 302, {"Location": f"https://x.example/{KEY}"}),
    Reply(fault="drop"),
    Reply(fault="cut"),
    Reply(raw=b"<html>"),
]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_key_is_in_no_message_and_no_traceback(publer: Publer, service: Service, trouble: Reply) -> None:
    service.replies = [trouble]
    for attempt in (Publer.workspaces, WRITES["schedule"], WRITES["delete"]):
        with pytest.raises(ServiceError) as error:
            attempt(publer)
        shown = (
            "".join(traceback.format_exception(error.value)) + repr(error.value) + (error.value.hint or "")
        )
        assert KEY not in shown
        assert error.value.__cause__ is None
        assert not error.value.__context__ or isinstance(error.value.__context__, PublerSyncError)


@each_of(
    ("key", "status", "shown"),
    [
        ("1234567", 401, "is 1234567 so"),
        ("12345678", 401, "is (the key) so"),
        (KEY, 300, "is (the key) so"),
        (KEY, 200, f"is {KEY} so"),
        (KEY, 299, f"is {KEY} so"),
    ],
)
def test_what_is_read_of_an_answer_that_repeats_the_key(
    service: Service, clock: StillClock, key: str, status: int, shown: str
) -> None:
    """An error is told; what was asked for is as Publer has it, and a few digits may be anything."""
    service.replies = [Reply({"errors": [f"is {key} so"]}, status)]
    answer = service.publer(clock, key=key)._connection.get("/me")(5)
    assert isinstance(answer, Answer)
    assert json.loads(answer.body) == {"errors": [shown]}


def test_the_key_is_in_no_repr(publer: Publer) -> None:
    line = publer._connection
    assert KEY not in f"{publer!r} {line!r} {vars(publer)!r} {vars(line)!r} {vars(line._session)!r}"


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "ключ", "a\x00b"])
def test_a_key_that_is_none_is_not_sent_and_not_shown(key: str, clock: StillClock) -> None:
    with pytest.raises(SettingsError, match="PUBLER_API_KEY") as error:
        PublerReader(key=key, base_url="https://publer.invalid/api", clock=clock)
    assert not key.strip() or key not in str(error.value)
    assert error.value.code == ("key.form" if key.strip() else "key.none")
    assert ("not set" in str(error.value)) == (not key.strip())


def test_a_line_end_after_the_key_is_no_part_of_it(service: Service, clock: StillClock) -> None:
    service.replies = [Reply([])]
    service.reader(clock, key=f"{KEY}\n").workspaces()
    assert service.seen[0].headers["authorization"] == f"Bearer-API {KEY}"


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_without_the_key() -> None:
    asked: list[Asked] = []

    def answer(request: Asked) -> Reply:
        asked.append(request)
        if request.path == "/moved":
            return Reply(status=302, headers={"Location": "/picture.png"})
        if request.path.startswith("/hops-"):
            hops = int(request.path.removeprefix("/hops-"))
            return Reply(status=302, headers={"Location": f"hops-{hops - 1}" if hops else "/picture.png"})
        odd = {
            "/empty.png": Reply(raw=b""),
            "/nowhere": Reply(status=302),
            "/slow.png": Reply(raw=b"PNG", fault="drip"),
            "/picture.png": Reply(raw=b"PNG"),
            "/part.png": Reply(raw=b"PNG", status=206),
        }
        return odd.get(request.path, Reply(status=403, raw=b"no"))

    with serving(answer) as service:
        files = FileConnection(service.url.removeprefix("http://"), "publer-sync/test", 5.0)
        assert files.get(f"{service.url}/picture.png") == b"PNG"
        assert files.get(f"{service.url}/moved") == b"PNG"
        for name in ("refused.png", "empty.png", "nowhere", "part.png"):
            assert files.get(f"{service.url}/{name}") is None, name
        hops = [files.get(f"{service.url}/hops-{number}") for number in range(4)]
        assert hops == [b"PNG", b"PNG", b"PNG", None], "three redirects are followed"
        impatient = FileConnection(service.url.removeprefix("http://"), "publer-sync/test", 0.05)
        assert impatient.get(f"{service.url}/slow.png") is None, "one that never ends is not waited for"
    assert {request.method for request in asked} == {"GET"}
    assert not any("Authorization" in request.headers for request in asked)


@each_of(
    "address",
    [
        *("http://{other}/a.png", "file:///etc/hosts", "ftp://x/a.png", "a.png", "http://[", ""),
        *("https:///a.png", "//{other}/a.png"),
    ],
)
def test_a_file_comes_from_https_and_from_the_service_alone(address: str) -> None:
    with serving(lambda _: Reply(raw=b"PNG")) as other:
        host = other.url.removeprefix("http://")
        files = FileConnection("127.0.0.1:1", "publer-sync/test", 5.0)
        assert files.get(address.format(other=host)) is None
        assert other.connections == 0


def test_a_redirect_leads_nowhere_else() -> None:
    with serving(lambda _: Reply(raw=b"PNG")) as other:
        target = f"{other.url}/a.png"
        with serving(lambda _: Reply(status=302, headers={"Location": target})) as service:
            files = FileConnection(service.url.removeprefix("http://"), "publer-sync/test", 5.0)
            assert files.get(f"{service.url}/a.png") is None
        assert other.connections == 0


@pytest.mark.parametrize("leads", ["a name", "an address", "another spelling"])
def test_a_redirect_leads_into_no_private_network(
    leads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of the company that any machine inside may ask: what it says would become a picture of the calendar."""
    cert, tls = certificate(tmp_path, "files.example", "127.0.0.1", "2130706433")
    asked: list[Asked] = []

    def inside(request: Asked) -> Reply:
        asked.append(request)
        return Reply(raw=b"PNG")

    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more: look_up("127.0.0.1" if host == "files.example" else host, *more),
    )
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
    with serving(inside, tls=tls) as private:
        port = urlsplit(private.url).port
        host = {"a name": "files.example", "an address": "127.0.0.1", "another spelling": "2130706433"}[leads]
        target = f"https://{host}:{port}/a.png"
        with serving(lambda _: Reply(status=302, headers={"Location": target})) as service:
            files = FileConnection(service.url.removeprefix("http://"), "publer-sync/test", 5.0)
            assert files.get(f"{service.url}/a.png") is None
            assert asked == []
            if leads == "a name":
                with monkeypatch.context() as public:
                    public.setattr(
                        "publer_sync.publer.transport.is_public", lambda number: number == "127.0.0.1"
                    )
                    assert files.get(f"{service.url}/a.png") == b"PNG"
        own = FileConnection(f"127.0.0.1:{port}", "publer-sync/test", 5.0)
        assert own.get(f"{private.url}/a.png") == b"PNG", (
            "what Publer's own address shows is read, wherever that is"
        )


def test_a_proxy_is_not_asked_for_an_address_of_a_private_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would resolve a name, and that is its owner's to judge; an address says it all."""
    with serving(lambda _: Reply(raw=b"PNG")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        files = FileConnection("127.0.0.1:1", "publer-sync/test", 5.0)
        for host in ("10.0.0.7", "169.254.169.254", "wiki", "ci.internal"):
            assert files.get(f"https://{host}/a.png") is None
        assert files.get("http://cdn.example.com/a.png") is None, "it would not be encrypted"
        assert proxy.connections == 0
        files.get("https://cdn.example.com/a.png")
        assert proxy.connections == 1


def test_a_proxy_may_be_in_a_private_network_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        files = FileConnection("127.0.0.1:1", "publer-sync/test", 5.0)
        asking = threading.Thread(target=files.get, args=("https://cdn.example.com/a.png",))
        asking.start()
        proxy.settimeout(PATIENCE)
        connection, _ = proxy.accept()
        with connection:
            assert connection.recv(1000).startswith(b"CONNECT cdn.example.com:443 ")
        asking.join(PATIENCE)


@pytest.mark.parametrize("how", ["untrusted", "trusted", "no such bundle"])
def test_a_proxy_that_opens_encrypted_connections_is_one_try_and_names_the_variable(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: StillClock
) -> None:
    """Its certificate is the company's own; asking six times for half a minute trusts it no more."""
    cert, tls = certificate(tmp_path, "publer.example")
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more: look_up("127.0.0.1" if host == "publer.example" else host, *more),
    )
    bundle = {"untrusted": "", "trusted": str(cert), "no such bundle": str(tmp_path / "gone.pem")}[how]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    with serving(lambda _: Reply([]), tls=tls) as service:
        url = f"https://publer.example:{urlsplit(service.url).port}"
        publer = Publer(key=KEY, base_url=url, clock=clock)
        if how == "trusted":
            assert publer.workspaces() == ()
            return
        with pytest.raises(Unreachable) as caught:
            publer.workspaces()
        assert service.connections <= 1
        with pytest.raises(Unreachable, match="nothing was sent") as unsent:
            publer.schedule([{}], draft=False)
        assert service.connections <= 2
    assert "times" not in caught.value.message
    assert unsent.value.hint == caught.value.hint
    assert ("REQUESTS_CA_BUNDLE" in f"{caught.value.message} {caught.value.hint}") is True
    assert ("its certificate is not trusted" in caught.value.message) is (how == "untrusted")

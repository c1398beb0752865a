"""Which addresses are asked, how, and what is never reached."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from publer_sync.checking import links
from publer_sync.checking.links import LinkAnswer, LinkChecker
from publer_sync.values.addresses import is_public
from tests.conftest import PATIENCE
from tests.internet import PUBLIC
from tests.stand_in import Reply, certificate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.internet import Internet
    from tests.stand_in import Asked

PRIVATE = "leads to a private address, and was not asked"


def problem(url: str) -> str | None:
    answer = LinkChecker(seconds=10).check([url])[url]
    return answer and answer.problem


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, ""),
        (204, ""),
        (304, "answers 304 (Not Modified)"),
        (403, "answers 403 (Forbidden)"),
        (404, "answers 404 (Not Found)"),
        (410, "answers 410 (Gone)"),
        (999, "answers 999"),
    ],
)
def test_what_is_not_2xx_is_a_problem_once_get_says_so_too(
    internet: Internet, status: int, expected: str
) -> None:
    url = internet.page("http://a.example/x", status)
    answer = LinkChecker(seconds=10).check([url])[url]
    assert answer is not None
    assert answer.problem == expected
    wrong, odd = "Correct the address, or remove it", "Open it in a browser: some sites answer programs so. "
    assert answer.fix.startswith((wrong if status in (404, 410) else odd) if expected else "")
    assert internet.requests == ["HEAD a.example/x", "GET a.example/x"][: 1 + bool(expected)]


@pytest.mark.parametrize("refusal", [Reply({}, 405), Reply({}, 404), Reply({}, fault="drop")])
def test_get_is_asked_where_head_is_refused_or_dropped(internet: Internet, refusal: Reply) -> None:
    internet.own = lambda asked: refusal if asked.method == "HEAD" else None
    assert problem(internet.page("http://a.example/")) == ""
    assert internet.requests == ["HEAD a.example/", "GET a.example/"]


def test_redirects_are_followed_five_times(internet: Internet) -> None:
    for number in range(7):
        internet.redirect(f"http://r{number}.example/", f"http://r{number + 1}.example/")
    internet.page("http://r7.example/")
    assert problem("http://r2.example/") == ""
    assert problem("http://r1.example/") == "redirects more than 5 times"


def test_an_answer_that_is_no_redirect_leads_nowhere_else(internet: Internet) -> None:
    gone = Reply({}, 404, {"Location": "http://b.example/"})
    internet.own = lambda asked: gone if asked.method in ("HEAD", "GET") else None
    assert problem(internet.page("http://a.example/")) == "answers 404 (Not Found)"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (socket.EAI_AGAIN, None),
        (socket.EAI_FAIL, None),
        (socket.EAI_NONAME, "leads nowhere: the host a.example does not exist"),
    ],
)
def test_a_name_server_that_does_not_answer_makes_no_dead_link(
    monkeypatch: pytest.MonkeyPatch, error: int, told: str | None
) -> None:
    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(error, "no answer")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(links._NoAnswerError) as raised:
        links.public_numbers("a.example", 443)
    assert (raised.value.answer and raised.value.answer.problem) == told


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1"),
    ],
)
def test_what_is_not_on_the_internet_is_not_public(internet: Internet, number: str) -> None:
    assert not is_public(number)
    internet.names["trick.example"] = [PUBLIC, number]
    assert problem("http://trick.example/") == PRIVATE
    assert not internet.connected


def test_what_is_on_the_internet_is_public() -> None:
    assert all(map(is_public, ("8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450::1")))


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f000001/"),
        *("http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://0/"),
        *("http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[fe80::1]/"),
        *("http://169.254.169.254/latest/meta-data", "https://10.0.0.8:8443/", "http://192.168.0.1:8080/"),
    ],
)
def test_no_spelling_of_a_private_address_is_asked_nor_after_a_redirect(internet: Internet, url: str) -> None:
    assert problem(url) == PRIVATE
    assert not internet.connected
    assert problem(internet.redirect("http://a.example/", url)) == PRIVATE
    assert internet.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.example@127.0.0.1/", "contains a user name, and was not asked"),
        ("http://127.0.0.1@a.example/", "contains a user name, and was not asked"),
        ("http://a.example:22/", "uses port 22, and was not asked"),
        ("ftp://a.example/", "does not lead to a web address"),
        ("file:///etc/passwd", "does not lead to a web address"),
        ("http://[", "does not lead to a web address"),
        ("http://①②⑦.⓪.⓪.①/", "does not lead to a web address"),
        ("http://a.example:x/", "does not lead to a web address"),
        ("http://" + "a" * 70 + ".example/", "does not lead to a web address"),
    ],
)
def test_what_is_never_asked(internet: Internet, url: str, expected: str) -> None:
    internet.page("http://a.example/")
    assert problem(url) == expected
    assert not internet.connected
    if url.isascii():
        assert problem(internet.redirect("http://b.example/", url)) == expected
        assert internet.connected == [(PUBLIC, 80)]


def test_an_address_without_a_scheme_is_asked_securely(internet: Internet) -> None:
    internet.page("http://a.example/")
    assert problem("a.example/") == "does not answer", "its stand-in has no certificate"
    assert {*internet.connected} == {(PUBLIC, 443)}


def test_a_backslash_leads_to_the_host_that_was_judged(internet: Internet) -> None:
    internet.page("http://a.example/")
    problem("http://a.example\\@127.0.0.1/")
    problem("http://127.0.0.1\\@a.example/")
    assert {number for number, _ in internet.connected} <= {PUBLIC}


def test_a_name_is_looked_up_once_for_a_request_and_never_by_the_connection(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is judged and private a moment later."""
    real = internet.look_up

    def rebind(*args: object, **options: object) -> object:
        found = real(*args, **options)
        internet.names["a.example"] = ["127.0.0.1"]
        return found

    internet.page("http://a.example/")
    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    assert problem("http://a.example/") == ""
    assert internet.looked_up == ["a.example"]
    assert internet.connected == [(PUBLIC, 80)]


def test_the_certificate_is_that_of_the_name(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cert, inside = certificate(tmp_path, "good.example")
    names: list[str | None] = []
    inside.sni_callback = lambda _, name, __: names.append(name)
    server = socket.create_server(("127.0.0.1", 0))
    internet.port = server.getsockname()[1]
    internet.names |= {"good.example": [PUBLIC], "bad.example": [PUBLIC]}

    def serve() -> None:
        for _ in range(2):
            taken, _ = server.accept()
            try:
                with inside.wrap_socket(taken, server_side=True) as tls:
                    tls.recv(10_000)
                    tls.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    trusting = ssl.create_default_context(cafile=str(cert))
    monkeypatch.setattr(links, "_tls", lambda: trusting)
    assert problem("https://good.example/") == ""
    assert problem("https://bad.example/") == "has a certificate that is not valid for it"
    thread.join(PATIENCE)
    server.close()
    assert names == ["good.example", "bad.example"]
    assert internet.connected == [(PUBLIC, 443)] * 2


def test_a_request_says_who_asks_and_brings_nothing_of_this_machine(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine a.example login anna password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    url = internet.page("http://a.example/x", headers={"Set-Cookie": "a=b"})
    internet.redirect("http://a.example/", url)
    assert problem("http://a.example/?a=1#part") == ""
    assert internet.requests == ["HEAD a.example/?a=1", "HEAD a.example/x"]
    for asked in internet.asked:
        assert set(asked.headers) == {"Host", "Accept-Encoding", "User-Agent", "Accept", "Connection"}
        assert asked.headers["User-Agent"].startswith("publer-sync/")


def check(checker: LinkChecker, urls: Sequence[str]) -> list[bool | None]:
    return [answer and not answer.problem for answer in checker.check(urls).values()]


def test_an_address_is_asked_once_in_a_run_whatever_its_fragment_and_utm_values(internet: Internet) -> None:
    url, checker = internet.page("http://a.example/x"), LinkChecker()
    assert (
        check(checker, [f"{url}?utm_source=x#top", f"{url}?utm_source=facebook", f"{url}?a=1"]) == [True] * 3
    )
    assert check(checker, [f"{url}?utm_source=x", f"{url}?a=1", f"{url}?a=2"]) == [True] * 3
    assert internet.requests == [f"HEAD a.example/x?{each}" for each in ("utm_source=x", "a=1", "a=2")]


def test_a_host_is_asked_one_request_at_a_time_with_a_pause(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "PAUSE_SECONDS", 0.03)
    times: list[float] = []
    under_way: list[int] = []

    def answer(asked: Asked) -> Reply | None:
        if asked.headers["Host"] != "a.example":
            return None
        under_way.append(1)
        times.append(time.monotonic())
        time.sleep(0.01)
        alone = len(under_way) == 1
        under_way.pop()
        return Reply({}, 200 if alone else 500)

    internet.own = answer
    internet.names["a.example"] = [PUBLIC]
    urls = [
        internet.redirect(f"http://s{number}.example/", f"http://a.example/s{number}") for number in range(3)
    ]
    urls += [f"http://a.example/{number}" for number in range(3)]
    assert check(LinkChecker(), urls) == [True] * 6
    assert len(times) == 6
    assert all(later - before >= 0.03 for before, later in pairwise(times))


def test_a_host_that_asks_for_a_pause_is_left_alone(internet: Internet) -> None:
    urls = [internet.page(f"http://a.example/{number}", 429) for number in range(3)]
    answers = LinkChecker().check(urls)
    assert [answer and answer.problem for answer in answers.values()] == [
        "answers 429 (Too Many Requests)",
        None,
        None,
    ]
    assert len(internet.asked) == 2


@pytest.mark.parametrize("fault", ["stall", "drip head"])
def test_a_host_that_does_not_come_to_an_end_is_given_up(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(links, "REQUEST_SECONDS", 0.1)
    assert problem(internet.page("http://a.example/", fault=fault)) == "does not answer"


def test_a_host_that_takes_no_connection_is_told_with_the_proxy_that_was_not_asked(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    url = internet.page("http://a.example/")
    monkeypatch.setattr(links, "create_connection", refused)
    monkeypatch.setattr(links, "getproxies", dict)
    assert problem(url) == "does not answer"
    monkeypatch.setattr(links, "getproxies", lambda: {"http": "http://127.0.0.1:9"})
    assert problem(url) == "does not answer (asked directly: no proxy is used)"


def test_a_machine_without_certificates_of_its_own_trusts_what_requests_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert links._tls.__wrapped__().cert_store_stats()["x509_ca"] > 0


def test_what_is_left_when_time_is_up_is_not_judged(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "REQUEST_SECONDS", 0.5)
    slow = internet.page("http://slow.example/", fault="stall")
    urls = [internet.page("http://a.example/")]
    start = time.monotonic()
    checker = LinkChecker(seconds=0.2)
    assert check(checker, [slow]) == [None]
    assert check(checker, urls) == [None]
    assert time.monotonic() - start < 5
    assert "HEAD a.example/" not in internet.requests


def test_a_host_that_does_not_exist_is_told_apart_from_a_machine_without_internet(internet: Internet) -> None:
    assert problem("http://nowhere.example/") is None
    lost = internet.page("http://lost.example/", fault="drop")
    assert check(LinkChecker(), ["http://nowhere.example/", lost]) == [None, False]
    url = internet.page("http://a.example/")
    answers = LinkChecker().check(["http://nowhere.example/", url])
    assert list(answers.values()) == [
        LinkAnswer(
            "leads nowhere: the host nowhere.example does not exist", "Correct the address, or remove it"
        ),
        LinkAnswer(),
    ]


def test_what_could_not_be_asked_is_asked_again(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_answer(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    url, checker = internet.page("http://a.example/"), LinkChecker()
    with monkeypatch.context() as without:
        without.setattr(socket, "getaddrinfo", no_answer)
        assert check(checker, [url]) == [None]
    assert check(checker, [url]) == [True]


def test_who_waits_is_told_how_many_are_done_and_not_without_end(internet: Internet) -> None:
    told: list[tuple[int, int]] = []
    begun = threading.Event()

    def tell(done: int, of: int) -> None:
        told.append((done, of))
        begun.set()

    def answer(_: Asked) -> None:
        begun.wait(PATIENCE)

    internet.own = answer
    assert LinkChecker(PATIENCE).check([internet.page("http://a.example/")], tell)
    assert told[0] == (0, 1)
    assert len(told) < 100

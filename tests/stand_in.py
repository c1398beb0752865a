"""A web server on loopback that answers as a test tells it: what each stand-in for a service is built on."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message
    from pathlib import Path


class Asked(NamedTuple):
    """A request as it came in; `path` has the query, `headers` take names in any case."""

    method: str
    path: str
    headers: Message[str, str]
    body: bytes

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.path).query)

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


STALL = 20
"""Seconds for which an answer that never comes is held back: a client that waits without end fails, and does not hang."""


@dataclass
class Reply:
    """An answer: `data` as JSON, or `raw` bytes.

    Or a `fault`: drop and reset end the connection without an answer, cut ends it within the body, stall sends nothing
    at all, drip sends the body's end byte by byte, drip head the headers.
    """

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    fault: Literal["", "drop", "reset", "cut", "stall", "drip", "drip head"] = ""

    @property
    def body(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.data).encode()


class StandIn:
    """`url` has no path; `connections` counts those that were opened."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer = answer
        self.connections = 0
        self.over = threading.Event()
        self.url = ""


@contextmanager
def serving(answer: Callable[[Asked], Reply], *, tls: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """Answer every request, of any method, while the block lasts."""
    stand_in = StandIn(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            stand_in.connections += 1
            super().setup()

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.play(stand_in.answer(Asked(self.command, self.path, self.headers, body)))

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815 - the names that http.server calls

        def play(self, reply: Reply) -> None:
            self.close_connection = bool(reply.fault)
            match reply.fault:
                case "drop":
                    return
                case "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                    return
                case "stall":
                    stand_in.over.wait(STALL)
                    return
                case "drip head":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    ends = time.monotonic() + STALL
                    while time.monotonic() < ends and not stand_in.over.wait(0.02):
                        self.wfile.write(b".")
                    return
            (self.send_response_only if "Date" in reply.headers else self.send_response)(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (100 if reply.fault else 0)))
            self.end_headers()
            self.wfile.write(reply.body if self.command != "HEAD" else b"")
            while reply.fault == "drip" and not stand_in.over.wait(0.02):
                self.wfile.write(b" ")

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """A client that went away is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        stand_in.url = f"{'https' if tls is not None else 'http'}://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield stand_in
        finally:
            stand_in.over.set()
            server.shutdown()
            thread.join()


def certificate(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for these hosts, to be trusted, and the context of a server that has it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    cert, key = folder / f"{names[0]}.pem", folder / f"{names[0]}.key"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(cert),
    ]
    hosts = ",".join(f"{'IP' if name.count('.') == 3 else 'DNS'}:{name}" for name in names)
    command += ["-subj", f"/CN={names[0]}", "-addext", f"subjectAltName={hosts}"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context

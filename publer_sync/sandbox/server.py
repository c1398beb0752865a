"""HTTP on loopback: sockets in, a `Request` to whoever handles it, its `Response` out."""

from __future__ import annotations

import ipaddress
import re
import socket
import socketserver
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publer_sync.sandbox.exchange import Request, Response, respond
from publer_sync.sandbox.tables import LARGEST_UPLOAD, NOT_FOUND_TEXT, not_modelled

if TYPE_CHECKING:
    import threading

PREFIX = "/api/v1"
FORM_BYTES = 1024 * 1024
"""What the form around an upload may add to the file."""

Handle = Callable[[Request], Response | None]
"""None: the connection ends without a response."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle = handle
        self._closed = False
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Without HTTPServer's look-up of this machine's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is not worth a message."""

    def serve(self) -> None:
        """Wait for connections without waking up in between; `close` makes the last one."""
        while not self._closed:
            self.handle_request()

    def close(self, serving: threading.Thread | None) -> None:
        """Stop serving and hang up on everyone; `serving` is the thread that is inside `serve`."""
        self._closed = True
        if serving is not None:
            socket.create_connection(("127.0.0.1", self.server_port)).close()
            serving.join()
        self.server_close()
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _is_loopback(host: str) -> bool:
    """Whether a Host header names this machine. A request without one, as HTTP/1.0 allows, comes from no browser."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "publer-sync-sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: Server

    def _serve(self) -> None:
        if not all(map(_is_loopback, self.headers.get_all("Host", []))):
            # A page elsewhere, under a name that resolves to this machine, must not reach it.
            self.close_connection = True
            self._send(
                respond(
                    {"errors": [not_modelled("This sandbox answers for 127.0.0.1 and localhost alone")]}, 403
                )
            )
            return
        body = self._body()
        if body is None:
            return
        path, _, query = self.path.partition("?")
        if path != PREFIX and not path.startswith(PREFIX + "/"):
            self._send(respond({"errors": [NOT_FOUND_TEXT]}, 404))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path.removeprefix(PREFIX), query, headers, body)
        response = self.server.handle(request)
        if response is None:
            self.close_connection = True
            return
        self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names http.server looks for

    def _body(self) -> bytes | None:
        """The whole body. None where it is not taken, after a response that says why, or cut short."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch(r"\d{1,15}", length):
            self.close_connection = True
            self._send(respond({"errors": [not_modelled("Content-Length is required")]}, 411))
            return None
        if int(length) > LARGEST_UPLOAD + FORM_BYTES:
            self.close_connection = True
            self._send(respond({"errors": [not_modelled("File is larger than 200 MB")]}, 413))
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return body

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", response.type)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - http.server passes it
        """JSON instead of a page: 405 for a method that the service does not have."""
        self.close_connection = True
        self.request_version = self.protocol_version  # a line that is not understood is taken for HTTP/0.9
        if code == 501:
            response = respond(
                {"errors": [not_modelled("Method not allowed")]}, 405, {"Allow": "GET, POST, PUT, DELETE"}
            )
        else:
            response = respond({"errors": [not_modelled(message or "Bad request")]}, code)
        self._send(response)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

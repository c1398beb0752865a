"""A page in another tab, of another origin on the same machine: it can neither read the studio nor write through it."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

from tests.studio.desk import Desk
from tests.studio.hands import calendar, hands_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages

READS = """async ([studio]) => {
  const got = [];
  for (const mode of ["cors", "no-cors"]) {
    for (const path of ["", "studio/posts", "studio/changes", "studio/events?since=0"]) {
      const text = await fetch(studio + path, { mode, credentials: "include", signal: AbortSignal.timeout(3000) })
        .then((answer) => answer.text(), () => "");
      if (text) got.push(path);
    }
  }
  for (const tag of ["script", "img", "iframe"]) {
    const element = document.createElement(tag);
    const ended = new Promise((end) => ["load", "error"].forEach((name) => element.addEventListener(name, end)));
    element.src = studio + (tag === "script" ? "studio/posts" : "");
    document.body.append(element);
    await ended;
  }
  let inside = "";
  try {
    inside = frames[0].document.body.innerText;
  } catch { /* as it should be */ }
  return [got, inside, typeof window.calendarPage];
}"""
WRITES = """async ([studio, order]) => {
  const statuses = [];
  for (const type of ["application/json", "text/plain", "application/octet-stream"]) {
    for (const mode of ["cors", "no-cors"]) {
      for (const path of ["studio/change", "studio/undo", "studio/media?name=a.png"]) {
        await fetch(studio + path, { method: "POST", mode, credentials: "include", headers: { "Content-Type": type }, body: order })
          .then((answer) => statuses.push(answer.status), () => statuses.push(0));
      }
    }
  }
  return statuses;
}"""


heard: list[str] = []
"""The cookies that a stranger gets."""


@contextmanager
def stranger() -> Iterator[str]:
    """Somebody else's page on this machine: the same host, so that cookies go along, and another port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("Cookie", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>A stranger</title><body></body>")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_it_neither_reads_nor_writes(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages) as hands, stranger() as elsewhere:
        studio, post = hands.desk.server.address, hands.desk.post("launch")
        tab = hands.page.context.new_page()
        tab.goto(elsewhere)
        assert tab.evaluate(READS, [studio]) == [[], "", "undefined"]
        # Nor is it shown in a frame, to be clicked on unseen.
        assert tab.frames[1].content().count("Meet the Mini") == 0
        order = f'{{"key": "{post["key"]}", "revision": "{post["revision"]}", "do": {{"move": {{"day": "2027-03-09"}}}}}}'
        assert set(tab.evaluate(WRITES, [studio, order])) <= {0, 403}
        tab.set_content(
            f'<form method="post" enctype="text/plain" action="{studio}studio/change"><input name="a" value="b"></form>'
        )
        with tab.expect_navigation():
            tab.evaluate("document.forms[0].submit()")
        assert "Only" in tab.content()
        assert hands.diff() == []
        # The same order from the page itself is carried out: what stopped it was who asked.
        inside = "order => fetch('/studio/change', {method: 'POST', headers: {'Content-Type': 'application/json', 'X-Publer-Sync-Studio': localStorage.getItem('publer-sync-studio')}, body: order}).then(a => a.status)"
        assert hands.page.evaluate(inside, order) == 200


def test_without_the_key_of_the_terminal_there_is_no_page(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        other = pages.open(hands.desk.server.address)
        assert "publer-sync edit" in other.page.inner_text("body")
        assert "Meet the Mini" not in other.page.content()
        assert "token" not in hands.page.url


def test_a_server_of_another_port_gets_the_cookie_and_can_do_nothing_with_it(
    tmp_path: Path, pages: Pages
) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands, stranger() as elsewhere:
        heard.clear()
        hands.page.context.new_page().goto(elsewhere)
        stolen = heard[0]
        assert stolen.startswith("publer-sync-studio-")
        thief = Desk(hands.desk.server, hands.desk.top, cookie=stolen)
        for path in ("/", "/studio/posts", "/studio/changes"):
            assert b"Meet the Mini" not in thief.ask("GET", path).raw
        assert thief.send("/studio/undo", {}).status == 403
        assert hands.page.url.partition("#")[0] == hands.desk.server.address

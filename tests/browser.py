"""A browser to test pages in: headless Chromium, where one is installed."""

from __future__ import annotations

import functools
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first takes half of the processor: the others draw a window that nobody sees."""
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
EVERY = [
    *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa"),
    *("best-practice", "experimental"),
]
"""The tags of axe-core's rules."""
FOUND = """async options => (await axe.run(document, options)).violations
  .flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""
WIDE, NARROW = (1280, 900), (380, 800)


@dataclass
class Opened:
    """A page, with everything it asked for and everything it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hearing: dict[Any, Callable[[Any], None]] = {
            "request": lambda request: self.requests.append(request.url),
            "pageerror": lambda error: self.complaints.append(str(error)),
            "console": lambda message: self.complaints.append(message.text),
        }
        for event, hear in self._hearing.items():
            self.page.on(event, hear)
        self._session = self.page.context.new_cdp_session(self.page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._taken()

    def leave(self) -> None:
        """The next who gets the page hears for himself."""
        for event, hear in self._hearing.items():
            self.page.remove_listener(event, hear)
        if not self.page.is_closed():
            self._session.detach()

    def violations(self, *, every: bool = False) -> list[str]:
        """What axe-core finds, a line each; with `every`, by all its rules, those beyond WCAG 2.2 AA too."""
        # Of what is well it would make long lists, which take longer than its rules do.
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if every:
            options["runOnly"] = {"type": "tag", "values": EVERY}
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        found: list[str] = self.page.evaluate(FOUND, options)
        return found

    def processor_seconds(self) -> float:
        """What the page has taken of the processor since it was opened."""
        return self._taken() - self._before

    def _taken(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "ProcessTime"))

    def texts(self, selector: str) -> list[str]:
        """What can be read of every visible element."""
        return [each.inner_text() for each in self.page.locator(selector).all() if each.is_visible()]


@functools.cache
def _axe() -> str:
    import axe_playwright_python  # type: ignore[import-untyped]  # it comes without types

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


class Windows:
    """Windows with one page each. A new one takes as long as all that a test does, so the next test gets one of the last, emptied."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[Page]] = {}
        self._taken: list[tuple[str, Page]] = []

    def take(self, **options: Any) -> Page:
        """A page that shows nothing, in a window with these options."""
        key = repr(sorted(options.items()))
        free = self._free.setdefault(key, [])
        page = free.pop() if free else self._browser.new_context(**options).new_page()
        page.set_default_timeout(1000 * PATIENCE)
        self._taken.append((key, page))
        return page

    def give_back(self) -> None:
        taken, self._taken = self._taken, []
        for key, page in taken:
            for other in page.context.pages:
                if other != page:
                    other.close()
            if not page.is_closed():
                _empty(page)
                self._free[key].append(page)


def _empty(page: Page) -> None:
    from playwright.sync_api import Error

    page.unroute_all()
    with suppress(Error):  # where a page may keep nothing
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.mouse.up()
    page.mouse.move(-1, -1)


class Pages:
    """Opens pages, each as in a browser of its own."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._opened: list[Opened] = []

    def open(
        self,
        where: Path | str,
        hash: str = "",
        size: tuple[int, int] = WIDE,
        color_scheme: Any = "light",
        reduced_motion: Any = "no-preference",
        **options: Any,
    ) -> Opened:
        page = self._windows.take(**options)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)
        opened = Opened(page)
        self._opened.append(opened)
        address = where if isinstance(where, str) else where.as_uri()
        page.goto(f"{address}#{hash}" if hash else address)
        return opened

    def close(self) -> None:
        for opened in self._opened:
            opened.leave()
        self._windows.give_back()


@pytest.fixture(scope="session")
def _windows() -> Iterator[Windows]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield Windows(browser)
        browser.close()


@pytest.fixture
def pages(_windows: Windows) -> Iterator[Pages]:
    pages = Pages(_windows)
    yield pages
    pages.close()

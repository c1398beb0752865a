"""A browser to test pages in: headless Chromium, where one is installed."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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
WIDE, NARROW = (1280, 900), (380, 800)


@dataclass
class Opened:
    """A page, with everything it asked for and everything it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def violations(self, *, every: bool = False) -> list[str]:
        """What axe-core finds, a line each; with `every`, by all its rules, those beyond WCAG 2.2 AA too."""
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it comes without types

        options = {"runOnly": {"type": "tag", "values": EVERY}} if every else None
        found: Any = Axe().run(self.page, options=options).response["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def start_counting(self) -> None:
        self._session = self.page.context.new_cdp_session(self.page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._taken()

    def processor_seconds(self) -> float:
        """What the page has taken of the processor since it was opened."""
        return self._taken() - self._before

    def _taken(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "ProcessTime"))

    def texts(self, selector: str) -> list[str]:
        """What can be read of every visible element."""
        return [each.inner_text() for each in self.page.locator(selector).all() if each.is_visible()]


class Profiles:
    """What keeps what pages keep. A new one takes as long as all that a test does, so the next test gets those of the last, emptied."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}
        self._taken: list[tuple[str, BrowserContext]] = []

    def take(self, **options: Any) -> BrowserContext:
        key = repr(sorted(options.items()))
        free = self._free.setdefault(key, [])
        context = free.pop() if free else self._browser.new_context(**options)
        if not context.pages:
            context.new_page()  # stays, and with it the process
        self._taken.append((key, context))
        return context

    def give_back(self) -> None:
        from playwright.sync_api import Error

        for key, context in self._taken:
            _, *pages = context.pages
            for page in pages:
                with suppress(Error):  # where a page may keep nothing
                    page.evaluate("localStorage.clear()")
                page.close()
            context.clear_cookies()
            self._free[key].append(context)
        self._taken.clear()


class Pages:
    """Opens pages, each as in a browser of its own."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles

    def open(self, where: Path | str, hash: str = "", size: tuple[int, int] = WIDE, **options: Any) -> Opened:
        context = self._profiles.take(viewport={"width": size[0], "height": size[1]}, **options)
        opened = Opened(context.new_page())
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("console", lambda message: opened.complaints.append(message.text))
        address = where if isinstance(where, str) else where.as_uri()
        opened.start_counting()
        opened.page.goto(f"{address}#{hash}" if hash else address)
        return opened


@pytest.fixture(scope="session")
def _profiles() -> Iterator[Profiles]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield Profiles(browser)
        browser.close()


@pytest.fixture
def pages(_profiles: Profiles) -> Iterator[Pages]:
    yield Pages(_profiles)
    _profiles.give_back()

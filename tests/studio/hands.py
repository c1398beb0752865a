"""The studio in a browser: what a person does on the page, and what git says of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.browser import WIDE
from tests.studio.desk import desk_of
from tests.studio.repositories import committed, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import APIResponse, Locator, Page, Route

    from tests.browser import Opened, Pages
    from tests.studio.desk import Desk

SETTINGS = """name: Fjordlight
timezone: Europe/Berlin
time: 09:00
accounts:
  facebook: My Facebook Page
  x: My X Account
  linkedin: Company LinkedIn Page
dates: {fair: 2027-03-23}
cadence: {quiet: [sat, sun]}
"""
MARCH = """# The month of the launch.
posts:
- id: launch
  at: Tue 2027-03-02 09:00          # as on the posters
  accounts: [facebook, x, linkedin]
  text: |
    Meet the Mini: ninety grams of light, and a battery that you can change yourself.
- id: hiring
  at: Fri 2027-03-05 09:00
  accounts: [x, linkedin]
  text: |
    We are hiring: a repair engineer in Bergen.
- id: tips
  at: Mon 2027-03-08 17:00
  accounts: x
  repeat: {every: week, days: [mon], until: Mon 2027-04-12}
  text: |
    Monday tip: dry your lamp before you charge it.
- id: thanks
  at: Fri 2027-03-12 12:00
  accounts: facebook
  draft: true                       # until we know the number
  text: |
    Thank you! Forty lamps went home again.
- id: teaser
  at: fair - 6d 10:00
  accounts: linkedin
  text: |
    Six days to the fair.
"""


class Gate:
    """Holds what the page asks for, until it is opened; `answered`: what the server said then."""

    def __init__(self, what: str, *, answered: bool = False) -> None:
        self.routes: list[Route] = []
        self._answers: list[APIResponse] = []
        self.open = False
        self.what = what
        self._answered = answered

    def on(self, page: Any) -> Gate:
        page.route(f"**{self.what}*", self._take)
        return self

    def _take(self, route: Route) -> None:
        if self.open:
            route.continue_()
            return
        if self._answered:
            self._answers.append(route.fetch())
        self.routes.append(route)

    def wait(self, page: Page) -> None:
        """Until it holds something."""
        for _ in range(500):
            if self.routes:
                return
            page.wait_for_timeout(20)
        raise AssertionError(f"the page does not ask for {self.what}")

    def let(self) -> None:
        self.open = True
        for number, route in enumerate(self.routes):
            if self._answered:
                route.fulfill(response=self._answers[number])
            else:
                route.continue_()


@dataclass
class Hands:
    desk: Desk
    opened: Opened

    @property
    def page(self) -> Page:
        return self.opened.page

    # --- what git says

    def diff(self) -> list[str]:
        """The lines that differ from HEAD, without their places."""
        git(self.desk.top, "add", "--intent-to-add", "--all")
        lines = git(self.desk.top, "diff", "--unified=0").splitlines()
        return [each for each in lines if each[:1] in "+-" and not each.startswith(("+++", "---"))]

    # --- what is on the page

    def entry(self, words: str) -> Locator:
        return self.page.locator("#grid .entry", has_text=words)

    def day(self, day: str) -> Locator:
        return self.page.locator(f'#grid [data-cell="{day}"]')

    def said(self, words: str) -> None:
        """Wait until the page tells this."""
        self.page.locator(".told-one", has_text=words).last.wait_for()

    @property
    def form(self) -> Locator:
        return self.page.locator("dialog.editor")

    # --- what a person does

    def write(self, words: str) -> Locator:
        """Open the form of a post."""
        self.entry(words).first.click()
        self.form.wait_for()
        return self.form

    def save(self) -> None:
        self.form.locator("button.main").click()
        self.form.wait_for(state="detached")

    def take(self, entry: Locator, day: str) -> None:
        """Drag with the mouse to a day, and hold it there."""
        here = box(entry)
        self.page.mouse.move(here["x"] + 20, here["y"] + 8)
        self.page.mouse.down()
        self.page.mouse.move(here["x"] + 30, here["y"] + 20, steps=2)
        # Away from the edges of the window, where a drag scrolls.
        self.day(day).evaluate("cell => cell.scrollIntoView({ block: 'center' })")
        there = box(self.day(day))
        self.page.mouse.move(there["x"] + there["width"] / 2, there["y"] + there["height"] - 12, steps=3)
        self.page.locator(".ghost-where", has_text=str(int(day[8:]))).wait_for()

    def drag(self, entry: Locator, day: str) -> None:
        self.take(entry, day)
        self.page.mouse.up()


def box(found: Locator) -> Any:
    found.scroll_into_view_if_needed()
    return found.bounding_box()


def calendar(top: Path, march: str = MARCH) -> Path:
    """The calendar of these tests, committed."""
    top.mkdir(parents=True)
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "2027-03.yaml").write_text(march, encoding="utf-8")
    return committed(top, "Plan the launch")


@contextmanager
def hands_on(
    top: Path,
    pages: Pages,
    where: str = "view=month&date=2027-03-01",
    size: tuple[int, int] = WIDE,
    **options: Any,
) -> Iterator[Hands]:
    """The studio over a calendar, open in a browser of its own."""
    with desk_of(top) as desk:
        yield enter(desk, pages, where, size, **options)


def enter(
    desk: Desk,
    pages: Pages,
    where: str = "view=month&date=2027-03-01",
    size: tuple[int, int] = WIDE,
    **options: Any,
) -> Hands:
    opened = pages.open(desk.server.entrance, where, size=size, reduced_motion="reduce", **options)
    opened.page.locator("html[data-ready=studio]").wait_for()
    return Hands(desk, opened)

"""The pictures of docs/howto/studio.md: the example calendar in the studio, each a moment of somebody's work."""

from __future__ import annotations

import shutil
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.screenshots import ROOT, keep
from tests.studio.desk import desk_of
from tests.studio.hands import Hands, enter
from tests.studio.repositories import git

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.studio.desk import Desk

from tests.browser import Pages, Windows

MARCH = "view=month&date=2027-03-01"
LAPTOP, PHONE = (1040, 760), (380, 700)
QUALITY = 52  # so that all pictures of the pages are a few hundred kilobytes
LONGER = (
    "Day and night are equally long today. From tomorrow on you need us a little less, and in September a little more again. "
    "Until then: switch it off now and then, look at the sky while it is still light at nine, and bring the lamp that is broken "
    "to the workshop, where somebody has time for it. #fjordlight"
)


def calendar(folder: Path) -> None:
    """The example calendar, committed, with quiet days."""
    top = folder / "calendar"
    shutil.copytree(ROOT / "examples" / "calendar", top, ignore=shutil.ignore_patterns(".publer-sync"))
    with (top / "publer.yaml").open("a", encoding="utf-8") as settings:
        settings.write("name: Fjordlight\ncadence: {quiet: [sat, sun]}\n")
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "remote", "add", "origin", "https://github.com/example/calendar.git")
    git(top, "config", "user.name", "Somebody")
    git(top, "config", "user.email", "somebody@example.com")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=Plan March")


@contextmanager
def opened(
    browser: Browser, desk: Desk, size: tuple[int, int], *, dark: bool = False, **options: bool
) -> Iterator[Hands]:
    pages = Pages(Windows(browser))
    scheme = "dark" if dark else "light"
    yield enter(desk, pages, MARCH, size, device_scale_factor=1.25, color_scheme=scheme, **options)
    pages.close()


def take_all(browser: Browser, folder: Path) -> None:
    calendar(folder)
    # As somebody would start it, so that commands have short paths.
    with (
        chdir(folder),
        desk_of(Path("calendar")) as desk,
    ):
        for dark in (False, True):
            with opened(browser, desk, LAPTOP, dark=dark) as hands:
                hands.take(hands.entry("First pictures"), "2027-03-03")
                hands.page.locator(".why").first.wait_for()
                keep(hands.page.screenshot(), f"studio-drag{'-dark' if dark else ''}", QUALITY)
                hands.page.keyboard.press("Escape")
        with opened(browser, desk, (1000, 640)) as hands:
            words = hands.write("Day and night").get_by_label("Words", exact=True)
            words.fill(LONGER)
            hands.form.locator(".pill.over").first.wait_for()
            keep(hands.page.screenshot(), "studio-form", QUALITY)
        with opened(browser, desk, (720, 620)) as hands:
            hands.write("Day and night").get_by_label("Words", exact=True).fill(
                "Day and night are equally long today."
            )
            file = desk.top / "2027-03.yaml"
            file.write_text(
                file.read_text(encoding="utf-8").replace("a little less", "a bit less"), encoding="utf-8"
            )
            desk.studio.follow()
            hands.form.locator("button.main").click()
            hands.page.locator("dialog.ask .version").first.wait_for()
            keep(hands.page.screenshot(), "studio-conflict", QUALITY)
        git(desk.top, "restore", ".")
        desk.studio.follow()
        with opened(browser, desk, (720, 820)) as hands:
            hands.drag(hands.entry("First pictures"), "2027-03-10")
            hands.said("Wed 10 Mar")
            hands.page.locator("#studio-changes").click()
            hands.page.locator(".changed summary").click()
            keep(hands.page.screenshot(), "studio-changes", QUALITY)
        phone(browser, desk)


def phone(browser: Browser, desk: Desk) -> None:
    with opened(browser, desk, PHONE, has_touch=True) as hands:
        hands.page.locator("[data-view=week]").tap()
        finger = hands.page.context.new_cdp_session(hands.page)
        hands.page.evaluate("scrollTo(0, 200)")
        here = hands.entry("Something small").bounding_box()
        assert here
        for kind, y in (("Start", 20.0), ("Move", 30.0), ("Move", 170.0)):
            points = [{"x": here["x"] + 60, "y": here["y"] + y}]
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
            hands.page.locator(".ghost").wait_for()
        hands.page.locator(".ghost-where", has_text="Mar").wait_for()
        keep(hands.page.screenshot(), "studio-phone", QUALITY)

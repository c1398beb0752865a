"""The page for everyone: axe-core finds nothing in any state, everything can be pressed by a key, and nothing is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import NARROW, WIDE
from tests.studio.hands import calendar, hands_on

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Pages
    from tests.studio.hands import Hands

SMALL = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
  .filter((each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((each) => !each.closest(".visually-hidden, .skip") && !each.matches(".visually-hidden, .chip input"))
  .filter((each) => getComputedStyle(each).display !== "inline") // links in a sentence
  .map((each) => [each, each.closest("label.choice, label.version, label.switch-line") || each])
  .filter(([, target]) => { const box = target.getBoundingClientRect(); return box.width && (box.width < 24 || box.height < 24); })
  .map(([each]) => each.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("scheme", "size", "judged"),
    [
        ("light", WIDE, {"month", "week", "list", "form"}),
        ("dark", NARROW, {"list", "move", "form", "changes"}),
    ],
)
def test_every_state_is_accessible_and_fits(
    tmp_path: Path, pages: Pages, scheme: str, size: tuple[int, int], judged: set[str]
) -> None:
    """axe takes a second for a state: each is judged once at least, and those with most in them in both schemes."""
    with hands_on(calendar(tmp_path / "calendar"), pages, size=size, color_scheme=scheme) as hands:
        page = hands.page

        def check(state: str) -> None:
            if state in judged:
                assert (state, hands.opened.violations(every=True)) == (state, [])
            assert (state, page.evaluate(SMALL)) == (state, [])
            assert (state, page.evaluate("document.documentElement.scrollWidth")) == (state, size[0])

        for view in ("month", "week", "list"):
            page.click(f"[data-view={view}]")
            check(view)
        page.locator("#list [data-move]").first.click()
        check("move")
        page.keyboard.press("Escape")
        page.locator("#list [data-edit]").first.click()
        for more in hands.form.locator("summary").all():
            more.click()
        check("form")
        page.keyboard.press("Escape")
        assert hands.desk.do("launch", move={"day": "2027-03-04"}).status == 200
        hands.page.locator("#studio-changes .number-of").wait_for()
        hands.page.locator("#studio-changes").click()
        page.locator("dialog.panel summary").click()
        check("changes")
        page.keyboard.press("Escape")


def tab_to(hands: Hands, name: str) -> None:
    """Press Tab until what has the focus is called this."""
    for _ in range(80):
        hands.page.keyboard.press("Tab")
        found = hands.page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText")
        if name in found:
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_the_form_is_written_by_keys_alone_and_gives_the_focus_back(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        press = hands.page.keyboard.press
        tab_to(hands, "Meet the Mini")
        press("Enter")
        hands.form.wait_for()
        press("Control+End")
        hands.page.keyboard.type(" Today.")
        press("Control+Enter")
        hands.form.wait_for(state="detached")
        assert "Meet the Mini" in hands.page.evaluate("document.activeElement.innerText")
        press("Control+z")
        for _ in range(200):  # the message of the step before says the same
            if not hands.diff():
                break
            hands.page.wait_for_timeout(50)
        assert hands.diff() == []
        tab_to(hands, "New post on")
        press("Enter")
        hands.form.wait_for()
        press("Escape")
        hands.form.wait_for(state="detached")
        assert hands.page.evaluate("document.activeElement.ariaLabel").startswith("New post on")


def test_a_day_that_is_drawn_anew_keeps_the_focus_and_gets_it_back(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        named = "New post on Tuesday 2 March 2027"
        button = hands.day("2027-03-02").get_by_role("button", name=named)
        button.focus()
        assert hands.desk.do("launch", move={"day": "2027-03-04"}).status == 200
        hands.day("2027-03-04").get_by_text("Meet the Mini").wait_for()
        assert hands.page.evaluate("document.activeElement.ariaLabel") == named
        hands.page.keyboard.press("Enter")
        hands.form.wait_for()
        assert hands.desk.do("launch", move={"day": "2027-03-02"}).status == 200
        hands.day("2027-03-02").get_by_text("Meet the Mini").wait_for()
        hands.page.keyboard.press("Escape")
        hands.form.wait_for(state="detached")
        assert hands.page.evaluate("document.activeElement.ariaLabel") == named

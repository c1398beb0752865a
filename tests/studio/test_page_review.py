"""What I changed, in a browser: put up for review, on to the next, and back to the default branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import NARROW, WIDE
from tests.studio.hands import enter
from tests.studio.test_review import PROTECTED, git, merge, own_git, team

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Pages

pytestmark = pytest.mark.slow
__all__ = ["own_git"]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_week_is_put_up_for_review_with_one_line(
    tmp_path: Path, pages: Pages, size: tuple[int, int]
) -> None:
    with team(tmp_path) as (desk, remote):
        hands = enter(desk, pages, size=size, permissions=["clipboard-read", "clipboard-write"])
        desk.do("launch", move={"day": "2027-03-04"})
        hands.page.locator("#studio-changes .number-of", has_text="1").wait_for()
        hands.page.locator("#studio-changes").click()
        panel = hands.page.locator("dialog.panel")
        line = panel.get_by_label("What changes, in a line")
        assert line.input_value() == "Moved launch: Tue 2 Mar → Thu 4 Mar, 09:00"
        line.fill("Launch on Thursday, it's decided")
        panel.locator("summary", has_text="The commands").click()
        commands = panel.locator(".commands code").all_inner_texts()
        assert commands[2].startswith("git --literal-pathspecs commit --message ")
        panel.get_by_role("button", name="Copy the commands").click()
        panel.get_by_role("button", name="Copied").wait_for()
        copied = hands.page.evaluate("navigator.clipboard.readText()")
        assert copied.replace("\r", "") == " && \\\n".join([f"cd {desk.top.parent}", *commands])
        assert hands.opened.violations() == []
        panel.get_by_role("button", name="Put up for review").click()
        panel.locator(".done", has_text="up for review").wait_for()
        panel.locator(".standing", has_text="Up for review on posts-2027-02-01").wait_for()
        assert (
            git(remote, "log", "-1", "--format=%s", "posts-2027-02-01") == "Launch on Thursday, it's decided"
        )
        assert hands.page.locator("#studio-branch").inner_text().endswith("up for review on posts-2027-02-01")
        assert hands.opened.violations() == []
        merge(tmp_path, remote, "posts-2027-02-01", squash=True)
        panel.get_by_role("button", name="Back to main").click()
        panel.locator(".done", has_text="You are on main.").wait_for()
        panel.get_by_role("button", name="Close", exact=True).click()
        hands.page.locator("#studio-branch").wait_for(state="hidden")
        assert hands.day("2027-03-04").locator(".entry").count() == 1


def test_a_command_that_fails_is_told_with_what_is_left(tmp_path: Path, pages: Pages) -> None:
    with team(tmp_path) as (desk, remote):
        hands = enter(desk, pages)
        (remote / "hooks" / "pre-receive").write_text(PROTECTED.replace("main", "posts-*"))
        desk.do("launch", move={"day": "2027-03-04"})
        hands.page.locator("#studio-changes .number-of", has_text="1").wait_for()
        hands.page.locator("#studio-changes").click()
        panel = hands.page.locator("dialog.panel")
        panel.get_by_role("button", name="Put up for review").click()
        panel.locator(".alert", has_text="git push --set-upstream failed").wait_for()
        assert "protected branch" in panel.locator(".alert pre").inner_text()
        assert hands.opened.violations() == []
        (remote / "hooks" / "pre-receive").unlink()
        panel.get_by_role("button", name="Push it").click()
        panel.locator(".done", has_text="Pushed").wait_for()

"""What plan would do, on a page that is open: marks come, change and go without another look at Publer by the browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from unittest import mock

from publer_sync.commands.beside.live_marks import LiveMarks
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.frame import Frame
from publer_sync.machine.clock import Clock
from tests.studio.desk import NOW
from tests.studio.hands import calendar, hands_on

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from publer_sync.sandbox import Sandbox
    from tests.browser import Pages
    from tests.conftest import Cli


def test_marks_follow_what_is_done_on_the_open_page(
    tmp_path: Path, pages: Pages, cli: Cli, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = calendar(tmp_path / "calendar")
    object.__setattr__(sandbox._context, "now", lambda: NOW)
    monkeypatch.setattr(Clock, "now", lambda _: NOW)
    assert cli("apply", top, "--yes").code == 0
    environ = {"PUBLER_BASE_URL": sandbox.url, "PUBLER_API_KEY": sandbox.key, "PATH": os.environ["PATH"]}
    with hands_on(top, pages) as hands:
        marks = LiveMarks(hands.desk.studio, Frame.of([top], Choice(), style="text", offline=True))

        def compare() -> None:
            with mock.patch.dict(os.environ, environ, clear=True):
                marks.ask()

        compare()
        hands.page.locator("#studio-compared", has_text="Compared with Publer on").wait_for()
        assert hands.page.locator(".entry .badge[class*=b-move]").count() == 0
        hands.page.wait_for_timeout(300)  # an event that ends is no server that is away
        assert hands.page.locator("#studio-away").inner_text() == ""
        hands.drag(hands.entry("Meet the Mini"), "2027-03-04")
        hands.said("Thu 4 Mar")
        compare()
        hands.day("2027-03-04").locator(".entry.m-move", has_text="Meet the Mini").wait_for()
        assert hands.page.locator(".legend li:not([hidden])", has_text="moved").count() == 1
        hands.page.locator(".filters .chip", has_text="1 moved").wait_for()

        hands.write("We are hiring").get_by_label("Words", exact=True).fill("We hire.")
        hands.save()
        form = hands.write("Thank you!")
        form.get_by_role("button", name="Remove").click()
        hands.form.wait_for(state="detached")
        assert hands.entry("Thank you!").count() == 0
        compare()
        hands.page.locator("#grid .entry.m-edit", has_text="We hire.").wait_for()
        gone = hands.day("2027-03-12").locator(".entry.m-remove", has_text="Thank you!")
        gone.wait_for()

        for _ in range(2):
            with hands.page.expect_response("**/studio/undo"):
                hands.page.keyboard.press("Control+z")
        compare()
        gone.wait_for(state="detached")
        hands.entry("Thank you!").wait_for()
        assert hands.page.locator("#grid .entry.m-edit").count() == 0
        assert hands.page.locator("#grid .entry.m-move").count() == 1
        assert hands.opened.complaints == []

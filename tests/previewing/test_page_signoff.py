"""The page for one person in a browser, from the first post to the file of answers that `approve` reads."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import NARROW, WIDE
from tests.conftest import ROOT

if TYPE_CHECKING:
    from tests.browser import Pages
    from tests.conftest import Cli


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_what_somebody_answers_on_their_page_is_what_approve_records(
    cli: Cli, pages: Pages, tmp_path: Path, size: tuple[int, int]
) -> None:
    top, file = tmp_path / "calendar", tmp_path / "for-kari.html"
    shutil.copytree(ROOT / "examples" / "signoff" / "calendar", top)
    month = top / "april.yaml"  # the page is that of today, whenever that is
    year = f"{datetime.now(UTC).year + 1}-"
    month.write_text(re.sub(r"[A-Z][a-z]{2} 2027-", year, month.read_text("utf-8")), "utf-8")
    assert cli("preview", top, "--review", "kari", "--out", file).code == 0
    opened = pages.open(file, size=size)
    assert opened.texts("#review h2") == ["1 of 4"], "a series is looked at once"
    assert opened.texts("#review .sums") == ["4 changes: 4 to sign off."]
    assert opened.violations(every=True) == []
    for key in ("y", "x"):
        opened.page.keyboard.press(key)
    opened.page.keyboard.type("Not every part")
    opened.page.keyboard.press("Escape")
    for key in ("n", "y", "y"):
        opened.page.keyboard.press(key)
    assert opened.texts("#review h2") == ["Every change is answered"]
    assert not opened.page.is_visible("[name=reviewer]"), "the page knows whose it is"
    with opened.page.expect_download() as got:
        opened.page.click("[data-save]")
    assert got.value.suggested_filename == "answers-kari.json"
    assert opened.violations(every=True) == []
    assert (opened.complaints, opened.requests[1:]) == ([], [])
    told = cli("approve", "--from", Path(got.value.path()), "--calendar", top, "--yes")
    assert told.code == 6
    assert "Kari, Acme AS signs off 3 posts" in told.stdout
    assert '"Not every part"' in told.stdout
    assert "Nothing waits for Kari" not in told.stdout
    assert cli("preview", top, "--review", "kari", "--out", file).stdout.startswith(f"{file}: 1 post.")

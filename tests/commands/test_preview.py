"""`preview`: a calendar as one web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

EXAMPLE = ROOT / "examples" / "calendar"
OFFLINE = {"PUBLER_API_KEY": None, "PUBLER_BASE_URL": None}


def test_it_writes_one_file_without_a_key_and_without_a_request(
    cli: Cli, sandbox: object, tmp_path: Path
) -> None:
    ran = cli("preview", EXAMPLE, env=OFFLINE)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == "preview.html: 23 posts (39 across all accounts). Open it in a browser.\n"
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count('<article class="card') == 25  # two posts say something else on one of their accounts
    assert "times in Europe/Berlin" in page
    assert str(ROOT) not in page


def test_account_and_days_choose_the_posts(cli: Cli, tmp_path: Path) -> None:
    days = ("--from", "2027-03-02", "--to", "2027-03-02")
    assert cli("preview", EXAMPLE, "--account", "linkedin", *days, "--out", "one.html").code == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page.count('<article class="card') == 1
    assert "Today we launch the Fjordlight Mini" in page
    ran = cli("preview", EXAMPLE, "--account", "linkdin")
    assert ran.code == 64
    assert "publer.yaml has: facebook, x, linkedin, bluesky" in ran.stderr


def test_a_calendar_with_errors_is_shown_with_them(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
    (top / "march.yaml").write_text(
        "accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: |\n    This one is fine\n"
        f"- at: 2027-03-03 09:00\n  text: |\n    {'too long ' * 40}\n- at: tomorrow\n  text: |\n    No such time\n"
    )
    ran = cli("preview", top)
    assert ran.code == 3
    assert ran.stderr == "2 errors in the calendar; the page shows them, and so does validate.\n"
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert page.count('<article class="card') == 3
    assert page.count('<li class="error">') == 2
    fine, long, timeless = (
        page.index(words) for words in ("This one is fine", "too long too long", "No such time")
    )
    assert timeless < fine < long  # what has no time stands first


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_a_calendar_is_an_error_and_writes_nothing(
    cli: Cli, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    ran = cli("preview", tmp_path / name)
    assert ran.code == (1 if name == "nowhere" else 3)
    assert not (tmp_path / "preview.html").exists()


def test_a_page_that_cannot_be_written_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    ran = cli("preview", EXAMPLE, "--out", tmp_path / "no" / "such" / "folder.html")
    assert ran.code == 1
    assert "the page cannot be written to" in ran.stderr


def test_a_note_is_shown_and_never_sent_and_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: My X, facebook: My page}\n")
    post = "posts:\n- at: 2027-03-02 09:00\n  accounts: all\n  text: Words\n"
    (top / "march.yaml").write_text(f"{post}  note: |\n    Ask Anna <b> #first\n    and Bo\n")
    now = ("--sandbox", "--now", "2027-03-01")
    shown = "note: Ask Anna <b> #first ¶ and Bo"
    assert shown in cli("plan", top, *now).stdout
    assert "📝 Ask Anna &lt;b&gt; #⁠first\\\nand Bo" in cli("plan", top, *now, "--format", "markdown").stdout
    assert cli("preview", top).code == 0
    assert "Ask Anna &lt;b&gt; #first" in (tmp_path / "preview.html").read_text(encoding="utf-8")
    plan = tmp_path / "plan.json"
    assert cli("plan", top, *now, "--out", plan).code == 0
    (top / "march.yaml").write_text(f"{post}  note: Done\n")
    assert cli("apply", plan, "--yes").code == 0, "another note makes no plan stale"
    kept = [path.read_bytes() for path in (top / ".publer-sync").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"Anna" in each or b"Done" in each for each in kept)
    (top / "march.yaml").write_text(post)
    assert "Nothing to do." in cli("plan", top, *now).stdout

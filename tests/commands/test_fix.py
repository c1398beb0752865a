"""validate --fix: what it shows, asks and writes, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import fix
from publer_sync.commands.running.shared import confirm
from tests.calendar.calendars import INVALID, case_top
from tests.conftest import Ran, run_here
from tests.schemas import conforms
from tests.write_docs import png

if TYPE_CHECKING:
    from collections.abc import Callable

SLIPS = """\
posts:
- at: 2027-03-02 09:00
  acounts: x
  text: We are open tonight #fjordlight
"""
FIXED = """\
posts:
- at: 2027-03-02 09:00
  accounts: x
  text: |
    We are open tonight #fjordlight
"""
ANOTHER = "- at: 2027-03-03 09:00\n  accounts: x\n  text: Hello\n  draft: perhaps\n"
"""An error that only a person can fix."""


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return calendar(Path("calendar"))


def calendar(folder: Path, march: str = SLIPS) -> Path:
    folder.mkdir(parents=True)
    (folder / "publer.yaml").write_text("timezone: Europe/Oslo\naccounts: {x: twitter/Me}\n")
    (folder / "march.yaml").write_text(march)
    return folder


def run(*words: str | Path) -> Ran:
    return run_here(["validate", *words], {})


def json_of(*words: str | Path) -> tuple[Any, int]:
    ran = run(*words, "--format", "json")
    found = json.loads(ran.stdout)
    conforms(found, "validate")
    return found, ran.code


def answer(answer: str, *words: str | Path, meanwhile: Callable[[], object] = object) -> Ran:
    """Run it for someone who does something else before they answer."""

    def asked(question: str) -> None:
        meanwhile()
        confirm(question)

    with mock.patch.object(fix, "need_answer"), mock.patch.object(fix, "confirm", asked):
        return run_here(["validate", *words, "--fix"], {}, stdin=f"{answer}\n")


def test_the_diff_is_shown_and_written_after_a_yes(top: Path) -> None:
    ran = answer("yes", top)
    assert (top / "march.yaml").read_text() == FIXED
    assert ran.code == 0
    assert "--- a/calendar/march.yaml\n+++ b/calendar/march.yaml\n" in ran.stdout
    assert "-  acounts: x\n" in ran.stdout
    assert "2 fixes in 1 file.\n\n1 post, Tue 2 Mar 2027. No problems.\n" in ran.stdout
    assert ran.stderr == ("This writes 1 file; Publer is not changed.\nType yes to continue: Wrote 1 file.\n")
    again = run(top, "--fix", "--yes")
    assert (again.stderr, again.stdout) == ("", run(top).stdout)


def test_any_other_answer_changes_nothing(top: Path) -> None:
    ran = answer("y", top)
    assert (ran.code, (top / "march.yaml").read_text()) == (1, SLIPS)


def test_where_nobody_can_be_asked_it_is_64_and_a_diff_writes_nothing(top: Path) -> None:
    assert run(top, "--fix").code == 64
    ran = run(top, "--fix", "--diff", "--yes")
    assert (ran.code, (top / "march.yaml").read_text()) == (0, SLIPS)
    assert "2 fixes in 1 file. With them:\n\n1 post, Tue 2 Mar 2027. No problems.\n" in ran.stdout
    found, code = json_of(top, "--fix", "--diff")
    assert (code, found["written"], (top / "march.yaml").read_text()) == (0, False, SLIPS)


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("media: [lamp.png]", "media:\n  - file: lamp.png"),
        (
            'media: [{file: a.png, alt: "A, b"}, b.png]',
            'media:\n  - file: a.png\n    alt: "A, b"\n  - file: b.png',
        ),
        ("media: [lamp.png] # the new one", None),  # the comment would be lost
        ("media: [lamp.png,\n    b.png]", None),
    ],
)
def test_files_in_brackets_become_a_list(top: Path, written: str, fixed: str | None) -> None:
    post = "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  {}\n"
    (top / "march.yaml").write_text(post.format(written))
    for name in ("a.png", "b.png", "lamp.png"):
        (top / name).write_bytes(png())
    assert run(top, "--fix", "--yes").code == (0 if fixed else 3)
    assert (top / "march.yaml").read_text() == post.format(fixed or written)


@pytest.mark.parametrize("option", ["--yes", "--diff"])
def test_its_options_need_it(top: Path, option: str) -> None:
    ran = run(top, option)
    assert (ran.code, f"{option} requires --fix" in ran.stderr) == (64, True)


def test_what_is_left_is_shown_and_decides_the_exit_code(top: Path) -> None:
    (top / "march.yaml").write_text(SLIPS + ANOTHER)
    found, code = json_of(top, "--fix", "--yes")
    assert (code, found["written"]) == (3, True)
    assert [each["code"] for each in found["fixes"]] == ["key.unknown", "yaml.hash"]
    assert [(each["code"], each["line"]) for each in found["problems"]] == [("key.type", 9)]
    assert [each["file"] for each in found["files"]] == ["march.yaml"]
    assert found["files"][0]["diff"].startswith("--- a/march.yaml\n")
    assert (top / "march.yaml").read_text() == FIXED + ANOTHER
    again = run(top, "--fix", "--yes")
    assert again.code == 3
    assert "--fix changes nothing: no fix here leaves fewer errors.\n" in again.stderr
    assert json_of(top, "--fix", "--yes")[0]["written"] is False


def test_what_a_killed_run_left_goes_also_where_nothing_is_left_to_fix(top: Path) -> None:
    left = top / ".publer-sync" / "unfinished" / "0123"
    for march, option, stays in ((SLIPS, "--diff", True), (FIXED, "--yes", False)):
        (top / "march.yaml").write_text(march)
        left.mkdir(parents=True, exist_ok=True)
        (left.parent / "0123.lock").touch()
        assert (run(top, "--fix", option).code, left.exists()) == (0, stays)


@pytest.mark.slow
@pytest.mark.parametrize("case", INVALID, ids=lambda path: path.stem)
def test_a_case_is_valid_then_or_has_fewer_errors(tmp_path: Path, case: Path) -> None:
    top = case_top(tmp_path, case)
    before, _ = json_of(top)
    found, code = json_of(top, "--fix", "--yes")
    after, code_after = json_of(top)
    assert code == code_after == (3 if any(each["severity"] == "error" for each in after["problems"]) else 0)
    assert found["problems"] == after["problems"]
    if found["fixes"]:
        left, errors = (
            sum(each["severity"] == "error" for each in found["problems"]) for found in (after, before)
        )
        assert left < errors


def test_lines_for_programs_stay_alone_on_stdout(top: Path) -> None:
    (top / "march.yaml").write_text(SLIPS + ANOTHER)
    ran = run(top, "--fix", "--yes", "--format", "concise")
    assert ran.stdout == (
        "calendar/march.yaml:9:10: error: `draft` must be true or false; write true or false [key.type]\n"
    )
    assert "+  accounts: x\n" in ran.stderr
    assert ran.stderr.endswith("\n\n2 fixes in 1 file.\nWrote 1 file.\n")


def test_a_file_that_changes_before_the_answer_is_not_overwritten(top: Path) -> None:
    def edit() -> None:
        (top / "march.yaml").write_text("# mine\n")

    (top / "april.yaml").write_text(SLIPS.replace("-03-", "-04-"))
    ran = answer("yes", top, meanwhile=edit)
    assert (ran.code, "march.yaml was changed while validate --fix was running" in ran.stderr) == (1, True)
    assert (top / "march.yaml").read_text() == "# mine\n"
    assert (top / "april.yaml").read_text() == SLIPS.replace("-03-", "-04-")


def test_several_calendars_are_asked_for_once_and_one_that_fails_stops_no_other(top: Path) -> None:
    shutil.rmtree(top)
    for name in ("acme", "globex", "initech"):
        calendar(Path("clients", name))
    ran = answer("yes", "clients", meanwhile=lambda: Path("clients/globex/march.yaml").write_text("# mine\n"))
    texts = {path.parent.name: path.read_text() for path in Path("clients").glob("*/march.yaml")}
    assert texts == {"acme": FIXED, "globex": "# mine\n", "initech": FIXED}
    assert ran.stderr.count("Type yes to continue") == 1
    assert (
        next(line for line in ran.stdout.splitlines() if " fixes in " in line),
        ran.stderr.partition(";")[0],
        ran.stderr.splitlines()[-1],
    ) == ("6 fixes in 3 files.", "This writes 3 files", "Wrote 2 files.")
    assert ran.code == 1
    assert "\nclients/initech  2 fixes, then 1 post, no problems\n" in ran.stdout


def test_shared_settings_are_left_alone_and_named(top: Path) -> None:
    Path(".git").mkdir()
    Path("agency.yaml").write_text("limts: {delete: 3}\n")
    (top / "publer.yaml").write_text(
        "extends: ../agency.yaml\ntimezone: Europe/Oslo\naccounts: {x: twitter/Me}\n"
    )
    ran = run(top, "--fix", "--yes")
    assert ran.code == 3
    assert "../agency.yaml was left alone: other calendars may extend it. Fix it by hand.\n" in ran.stderr
    assert Path("agency.yaml").read_text() == "limts: {delete: 3}\n"
    assert (top / "march.yaml").read_text() == FIXED


def test_where_nothing_is_to_be_fixed_it_validates_and_leaves_nothing(top: Path) -> None:
    (top / "march.yaml").write_text(FIXED)
    calendar(Path("other"))
    ran = run("calendar", "other", "--fix", "--yes")
    assert ran.stdout.endswith(
        "calendar  1 post, no problems\nother     2 fixes, then 1 post, no problems\n"
    ), ran
    assert not (top / ".publer-sync").exists()
    ran = run("nowhere", "--fix", "--yes")
    assert (ran.code, ran.stderr.partition("\n")[0]) == (1, 'error: the calendar "nowhere" does not exist')

"""A bug gives one sentence, exit code 70 and a log that says where it is, and nothing of the user's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from publer_sync.machine import bug_log
from publer_sync.machine.durable import make_folder
from tests.conftest import ROOT, Ran

KEY = "k3y-that-nobody-may-ever-see"
TEXT = "words-of-an-unpublished-post"
PLANT = """
import os, sys
from publer_sync.cli.main import main
from publer_sync.planning import planner
def broken(*sides, **facts):
    text = os.environ["TEXT"]
    try:
        raise KeyError(text + os.environ["PUBLER_API_KEY"])
    except KeyError as error:
        raise ValueError(text) from error
planner.make_plan = broken
main(sys.argv[1:])
"""
SENTENCE = r"publer-sync has a bug \(ValueError in publer_sync/\S+, line \d+\); please report it and attach (\S+\.log)"


def broken(*words: str | Path, folder: Path) -> Ran:
    """The real command line with a fault planted in it."""
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PUBLER_API_KEY": KEY,
        "TEXT": TEXT,
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-c", PLANT, *map(str, words)]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Fjordlight}\n", encoding="utf-8")
    post = f"posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: {TEXT}\n"
    (tmp_path / "posts.yaml").write_text(post, encoding="utf-8")
    return tmp_path


@pytest.mark.story
def test_a_bug_is_one_sentence_and_a_log_without_the_key_or_texts(calendar: Path) -> None:
    ran = broken("plan", calendar, "--sandbox", "--now", "2027-02-20", folder=calendar)
    assert (ran.code, ran.stdout) == (70, "")
    sentence, safe = ran.stderr.splitlines()
    found = re.fullmatch(f"error: {SENTENCE}", sentence)
    assert found
    assert safe.strip() == bug_log.SAFE
    file = Path(found[1])
    log = file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    for private in (KEY, TEXT, str(calendar), "2027-02-20"):
        assert private not in log
        assert private not in ran.stderr.replace(found[1], "")
    assert "command: plan --sandbox --now\n" in log
    assert re.search(
        r"KeyError, raised.*ValueError, raised.*publer_sync/commands/plan.py, line \d+, in run",
        log,
        re.DOTALL,
    )


@pytest.mark.story
def test_a_bug_is_one_document_where_json_was_asked_for(calendar: Path) -> None:
    ran = broken("apply", calendar, "--sandbox", "--yes", "--format", "json", folder=calendar)
    document = json.loads(ran.stdout)
    assert (ran.code, document["error"]["code"]) == (70, "bug")
    assert re.fullmatch(SENTENCE, document["error"]["message"])


def test_where_no_file_can_be_written_the_log_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    found = bug_log.bug(_raised(), ["plan"], {})
    assert "command: plan\n" in (found.hint or "")


def test_the_log_is_in_the_file_that_the_sentence_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = bug_log.bug(_raised(), ["plan"], {})
    [file] = tmp_path.iterdir()
    assert str(found).endswith(f"please report it and attach {file}")
    assert "command: plan\n" in file.read_text(encoding="utf-8")


def test_the_key_is_masked_wherever_it_would_turn_up() -> None:
    """In a line of source code, say; the surrounding of a key that is an ordinary word stays."""
    log = bug_log.log(_raised(), ["plan", "--state=/home/me/state.json"], {"PUBLER_API_KEY": "raise"})
    assert "***" in log
    assert "command: plan --state\n" in log
    assert not re.search(r"\braise\b", log)
    others = {"PUBLER_BASE_URL": "raise", "GITHUB_TOKEN": "raise", "HOME": "raise"}
    assert re.search(r"\braise\b", bug_log.log(_raised(), ["plan"], others))
    of_the_state = bug_log.log(_raised(), ["plan"], {"PUBLER_SYNC_STATE_KEY": "new, raise"})
    assert not re.search(r"\braise\b", of_the_state)


def test_what_was_typed_beside_options_is_in_no_log() -> None:
    log = bug_log.log(_raised(), ["new", "calendars/acme", "--text=Our secret", "--at", "tomorrow 9"], {})
    assert "command: new --text --at\n" in log
    assert not any(word in log for word in ("acme", "secret", "tomorrow"))


def test_a_bug_that_a_library_noticed_is_in_the_line_of_ours_that_called_it(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(FileExistsError) as caught:
        make_folder(tmp_path / "x")
    assert re.fullmatch(
        r"publer-sync has a bug \(FileExistsError in publer_sync/machine/durable\.py, line \d+\)",
        bug_log.summary(caught.value),
    )
    log = bug_log.log(caught.value, ["plan"], {})
    assert re.search(r"^  [^/\n]+/[^/\n]+\.py, line \d+, in mkdir$", log, re.MULTILINE), log
    assert str(Path(os.__file__).parent) not in log


def test_errors_that_name_each_other_are_told_once_each() -> None:
    first, second = KeyError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert re.findall(r"^(\w+), raised", bug_log.log(first, ["plan"], {}), re.MULTILINE) == [
        "ValueError",
        "KeyError",
    ]


def test_what_was_raised_while_another_error_was_dealt_with_is_told_with_that() -> None:
    first, second = KeyError(), ValueError()
    second.__context__ = first
    assert re.findall(r"^(\w+), raised", bug_log.log(second, ["plan"], {}), re.MULTILINE) == [
        "KeyError",
        "ValueError",
    ]


def _raised() -> Exception:
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError(TEXT)
    return caught.value

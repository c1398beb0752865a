"""The one place where errors become text: what people can type that no file system and no service takes."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from publer_sync.cli.main import main
from tests.conftest import ROOT, run_here
from tests.system.worlds import T

if TYPE_CHECKING:
    from pathlib import Path

LONG = "a" * 300
UNREADABLE = os.fsdecode(b"\xff\xfe")
"""An argument in another encoding, as Python hands it on."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "calendar", tmp_path / "calendar")
    (tmp_path / "rows.csv").write_text(f"text,date\nHello,{T:%Y-%m-%d} 10:00\n")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        *(
            f"{command} {LONG}"
            for command in (
                "validate",
                "plan --sandbox",
                "apply --yes --sandbox",
                "accounts --sandbox",
                "doctor --sandbox",
                "status --sandbox",
                "results --sandbox",
                "preview",
                "export",
                "mcp",
                "sandbox --port 0",
                "hold --yes --sandbox --reason x",
                "release --yes --sandbox",
                "init --yes --sandbox --timezone UTC",
                "pull --yes --sandbox",
                "import rows.csv --yes",
            )
        ),
        f"validate calendar {LONG}",
        f"explain {LONG}:3 --offline",
        f"explain x --calendar {LONG}",
        f"plan calendar --sandbox --sandbox-file {LONG}",
        f"preview calendar --out {LONG}",
        f"plan {'b/' * 3000}",
    ],
    ids=lambda words: words.replace(LONG, "LONG")[:60],
)
def test_a_name_that_no_disk_takes_is_said_as_that(home: Path, words: str) -> None:
    ran = run_here(words.split(), {"HOME": str(home)}, cwd=home)
    assert ran.code in (1, 64), ran
    assert "too long" in ran.stderr


def test_a_csv_file_with_a_long_name_becomes_a_file_with_a_shorter_one(home: Path) -> None:
    name = "a" * 250
    (home / "rows.csv").rename(home / f"{name}.csv")
    words = ["import", f"{name}.csv", "--account", "x", "--columns", "text=text,at=date", "--yes"]
    assert run_here(words, {"HOME": str(home)}, cwd=home).code == 0
    assert (home / "calendar" / f"imported-{'a' * 120}.yaml").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has only UTF-16")
@pytest.mark.parametrize(
    "words",
    [
        f"hold calendar --sandbox --yes --reason {UNREADABLE}",
        f"hold calendar --sandbox --yes --reason={UNREADABLE}",
        f"accounts --sandbox --details --location {UNREADABLE}",
        f"explain {UNREADABLE} --offline",
        f"plan calendar --sandbox --state {UNREADABLE}",
    ],
)
def test_a_word_that_is_not_utf8_is_refused(home: Path, words: str) -> None:
    ran = run_here(words.split(), {"HOME": str(home)}, cwd=home)
    assert (ran.code, ran.stderr) == (
        64,
        'error: "\ufffd\ufffd" is not UTF-8\n  Type it in a terminal that uses UTF-8.\n',
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has only UTF-16")
def test_a_folder_whose_name_is_not_utf8_is_a_calendar_all_the_same(home: Path) -> None:
    (home / "calendar").rename(home / UNREADABLE)
    assert run_here(["validate", UNREADABLE], {"HOME": str(home)}, cwd=home).code == 0


def test_an_error_is_a_page_on_stdout_where_markdown_was_asked_for_and_is_told_on_stderr_too(
    home: Path,
) -> None:
    """So that whatever keeps the page, such as a note of a merge request, has the reason."""
    nowhere = run_here(["plan", "nowhere", "--format", "markdown"], {"HOME": str(home)}, cwd=home)
    assert "Social calendar: no result" in nowhere.stdout
    assert 'The calendar "nowhere" does not exist' in nowhere.stdout
    assert nowhere.stderr.startswith('error: the calendar "nowhere" does not exist')
    (home / "calendar/wrong.yaml").write_text("posts:\n- {at: soon, accounts: x, text: hi}\n")
    wrong = run_here(["plan", "--format=markdown", "--sandbox"], {"HOME": str(home)}, cwd=home)
    assert (wrong.code, "1 error to fix first" in wrong.stdout) == (3, True)
    assert "| wrong.yaml, line 2 |" in wrong.stdout
    assert "wrong.yaml" in wrong.stderr


def test_the_words_of_the_program_itself_are_its_command_line_and_a_stream_may_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As under pythonw and some schedulers, which have no streams."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for words in (["publer-sync", "--version"], ["publer-sync", "nonsense"]):
        monkeypatch.setattr(sys, "argv", words)
        monkeypatch.setattr(sys, "stdout", None)
        monkeypatch.setattr(sys, "stderr", None)
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == (64 if "nonsense" in words else 0)
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, (
            "what runs in this process is ended as before"
        )


def test_letters_that_a_terminal_lacks_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(screen, encoding="ascii", write_through=True))
    with pytest.raises(SystemExit):
        main(["schema", "Frühling"])
    assert screen.getvalue().startswith(b'error: there is no schema "Fr\\xfchling"\n')


def test_a_program_around_it_keeps_its_own_way_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where nothing else was said, and in a thread that may say so, does SIGTERM end a command as Ctrl-C does."""
    handler, during = signal.getsignal(signal.SIGTERM), list[object]()

    def noted(_: list[str]) -> int:
        during.append(signal.getsignal(signal.SIGTERM))
        return 0

    monkeypatch.setattr("publer_sync.cli.main._run", noted)

    def own(*_: object) -> None:
        pass

    def ended() -> object:
        with pytest.raises(SystemExit) as end:
            main(["--version"])
        return end.value.code

    try:
        for before, meanwhile in ((signal.SIG_DFL, signal.default_int_handler), (own, own)):
            signal.signal(signal.SIGTERM, before)
            assert ended() == 0
            assert (during.pop(), signal.getsignal(signal.SIGTERM)) == (meanwhile, before)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(ended).result() == 0
        assert (during.pop(), signal.getsignal(signal.SIGTERM)) == (signal.SIG_DFL, signal.SIG_DFL)
    finally:
        signal.signal(signal.SIGTERM, handler)

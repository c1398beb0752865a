"""What completion offers, without a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from publer_sync.cli.completing import VARIABLE
from publer_sync.cli.group import main_group
from publer_sync.cli.main import THEMES
from tests.system.worlds import T
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

SETTINGS = "timezone: UTC\naccounts: {x: X, linkedin: L}\n"
POSTS = (
    f"posts:\n- id: launch\n  at: {T:%Y-%m-%d} 09:00\n  accounts: x\n  text: Hi\n  labels: [spring sale]\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, alias in (("calendar", "x"), ("acme", "bluesky")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "publer.yaml").write_text(SETTINGS.replace("x:", f"{alias}:"))
    (tmp_path / "calendar" / "posts.yaml").write_text(POSTS)
    (tmp_path / "acme" / "posts.yaml").write_text(POSTS.replace("launch", "later"))
    (tmp_path / "clients" / "bank").mkdir(parents=True)
    (tmp_path / "clients" / "bank" / "publer.yaml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(words: str) -> list[str]:
    assert THEMES, "their commands have joined the group"
    *before, incomplete = words.split(" ")
    complete = ShellComplete(main_group, {}, "publer-sync", VARIABLE)
    return [each.value for each in complete.get_completions(before, incomplete)]


@pytest.mark.usefixtures("home")
@each_of(
    "words, found",
    [
        ("plan --account ", ["all", "linkedin", "x"]),
        ("plan acme --account ", ["all", "bluesky", "linkedin"]),
        ("plan --account l", ["linkedin"]),
        ("plan acme --account=b", ["bluesky"]),
        ("export acme --account b", ["bluesky"]),
        ("explain --calendar acme la", ["later"]),
        ("--version explain la", ["launch"]),
        ("explain la", ["launch"]),
    ],
)
def test_the_accounts_and_posts_of_the_calendar_that_is_named_are_offered(
    capsys: pytest.CaptureFixture[str], words: str, found: list[str]
) -> None:
    assert (offered(words), capsys.readouterr().out) == (found, "")


@pytest.mark.usefixtures("home")
@each_of(
    "words, found",
    [
        ("plan ac", ["acme"]),
        ("plan cl", ["clients", "clients/bank"]),
        ("export cl", ["clients/bank"]),
        ("export other", ["other"]),
        ("schema cal", ["calendar", "calendars"]),
        ("plann acme", []),
    ],
)
def test_calendars_are_offered_and_folders_of_them_where_several_may_be_named_otherwise_any_file(
    words: str, found: list[str]
) -> None:
    assert offered(words) == found


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("shell", "label"), [("bash", "spring\\ sale"), ("zsh", "spring sale")])
def test_only_bash_needs_a_blank_quoted(monkeypatch: pytest.MonkeyPatch, shell: str, label: str) -> None:
    monkeypatch.setenv(VARIABLE, f"{shell}_complete")
    assert [each.replace("\\\\", "\\") for each in offered("hold --label s")] == [label]


@pytest.mark.parametrize("shell", ["fish", "zsh"])
def test_a_script_asks_for_the_words_of_its_shell(cli: Cli, shell: str) -> None:
    assert f"{VARIABLE}={shell}_complete " in cli("completion", shell).stdout

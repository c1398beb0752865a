"""`log` from the parts of the ledger alone: which runs, which post, which calendar, without a key or a request."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.parts import KnownParts
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.names import folder_of
from publer_sync.ledger.runs import RunLine, RunRecord
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.ledger.store import open_store
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import StateError
from tests.builders import NOW, copy_of, wanted
from tests.commands.reached import stand_in
from tests.conftest import Ran, run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

URL, WORKSPACE, OTHER = "http://publer.example", "5f000000000000000000beef", "5f000000000000000000cafe"
ACCOUNT = "acc000000000000000002701"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SETTINGS = "timezone: Europe/Oslo\naccounts: {{x: {{id: {account}, provider: x}}}}\nstate: ../ledger\n{more}"


def run(days: int, command: str, *lines: RunLine) -> RunRecord:
    return RunRecord(NOW - days * DAY, command, "Kari", lines=lines)


def line(id: str | None, entry: int, hour: int = 0) -> RunLine:
    return RunLine("create", ACCOUNT, NOW + hour * HOUR, id, "applied", entry)


RUNS = (
    run(3, "apply", line("one", 1), line(None, 2, 1)),
    run(2, "apply", line("renamed", 1, 2)),
    run(1, "hold", line("two", 0, 3)),
)
ACME = State(
    URL,
    WORKSPACE,
    "acme",
    "Agency",
    copies={1: replace(copy_of(wanted(NOW)), account=ACCOUNT)},
    runs=RUNS,
    accounts={ACCOUNT: KnownAccount("twitter", "Acme on X")},
)
BANK = replace(
    ACME,
    calendar="bank",
    copies={1: copy_of(wanted(NOW), post_id="p-9")},
    runs=(run(1, "apply", line("three", 1)),),
)


def put(folder: Path, state: State, place: str | None = "ledger") -> None:
    store = open_store(
        place,
        top=folder / state.calendar,
        service=state.service,
        workspace_id=state.workspace_id,
        calendar=state.calendar,
        clock=Clock(),
        base=folder,
    )
    with store.lock(1):
        store.write(state)


def settings(folder: Path, name: str, more: str = f"workspace: {WORKSPACE}\n") -> None:
    (folder / name).mkdir(exist_ok=True)
    text = SETTINGS.format(account=ACCOUNT, more=more)
    (folder / name / "publer.yaml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two calendars in one ledger, which has one of another workspace and one that left as well."""
    folder = tmp_path_factory.mktemp("agency")
    for name in ("acme", "bank"):
        settings(folder, name)
    for number, state in enumerate(
        (ACME, BANK, replace(ACME, calendar="cafe"), replace(ACME, workspace_id=OTHER))
    ):
        put(folder, replace(state, copies={1: replace(state.copies[1], post_id=f"p-{number}")}))
    return folder


@pytest.fixture
def log(home: Path) -> Callable[..., Ran]:
    def ask(*words: str) -> Ran:
        return run_here(["log", *words], {"HOME": str(home), "PUBLER_BASE_URL": URL}, cwd=home)

    return ask


@each_of(
    ("words", "found"),
    [
        (("acme",), [("hold", 1), ("apply", 1), ("apply", 2)]),
        (("acme", "bank"), [("hold", 1), ("apply", 1), ("apply", 1), ("apply", 2)]),
        (("acme", "--from", "2026-11-22"), [("hold", 1), ("apply", 1)]),
        (("acme", "--to", "2026-11-22"), [("apply", 1), ("apply", 2)]),
        (("acme", "--post", "one"), [("apply", 1), ("apply", 1)]),  # also under the id that it has since
        (("acme", "--post", "renamed"), [("apply", 1), ("apply", 1)]),
        (("acme", "--post", "two"), [("hold", 1)]),
        (("acme", "--post", "x@2026-11-24T15:20"), [("apply", 1)]),
        (("acme", "--post", "x@2026-11-24T17:20"), [("hold", 1)]),
        (("acme", "bank", "--post", "three"), [("apply", 1)]),
        (("acme", "--state-name", "CAFE"), [("hold", 1), ("apply", 1), ("apply", 2)]),
        (("acme", "bank", "--state-name", "cafe"), [("hold", 1), ("apply", 1), ("apply", 2)]),
    ],
)
def test_the_runs_that_are_meant_are_told_the_last_one_first(
    log: Callable[..., Ran], words: tuple[str, ...], found: list[tuple[str, int]]
) -> None:
    ran = log(*words, "--format", "json")
    assert ran.code == 0, ran
    runs: list[Any] = json.loads(ran.stdout)["runs"]
    told = [(each["command"], len(each["changes"])) for each in runs]
    assert sorted(told) == sorted(found)
    assert (told == found) or len(words) > 1


@each_of(
    ("words", "told"),
    [
        (("acme", "--post", "nobody"), '--post: no known run changed "nobody"'),
        (("acme", "--post", "x@2026-11-24T09:00"), "--post: no known run changed"),
        (("acme", "--post", "y@2026-11-24T15:20"), "--post: no known run changed"),
        (("acme", "--post", "x"), "--post: no known run changed"),
        (
            ("acme", "--state-name", "nothing"),
            "--state-name: there is no state of nothing where these calendars have theirs",
        ),
    ],
)
def test_what_nothing_has_is_an_error(log: Callable[..., Ran], words: tuple[str, ...], told: str) -> None:
    ran = log(*words)
    assert (ran.code, told in ran.stderr) == (64, True), ran
    assert ("It has: acme, bank, cafe." in ran.stderr) is (words[1] == "--state-name")


def test_lines_are_told_where_one_post_is_asked_for_or_all_of_them(log: Callable[..., Ran]) -> None:
    bare, whole = log("acme").stdout, log("acme", "--verbose").stdout
    assert "renamed" not in bare
    assert "renamed" in whole
    assert "renamed" in log("acme", "--post", "one").stdout


def test_the_calendar_is_named_where_there_are_several(log: Callable[..., Ran]) -> None:
    assert "acme" not in log("acme").stdout
    assert "acme" in log("acme", "bank").stdout


def test_one_file_is_not_the_ledger_of_several_calendars(log: Callable[..., Ran]) -> None:
    ran = log("acme", "bank", "--state", "one.json")
    assert (ran.code, "--state names one file, and there are 2 calendars" in ran.stderr) == (64, True), ran


def asked(folder: Path, *words: str) -> Ran:
    return run_here(["log", *words], {"HOME": str(folder), "PUBLER_BASE_URL": URL}, cwd=folder)


@pytest.mark.parametrize("more", ["", f"workspace: {WORKSPACE}\n"])
def test_without_a_state_nothing_is_told_and_of_one_that_ended_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    settings(tmp_path, "acme", more)
    ran = asked(tmp_path, "acme", "--format", "json")
    assert (ran.code, json.loads(ran.stdout)["runs"]) == (0, []), ran
    ran = asked(tmp_path, "acme", "--state-name", "bank")
    assert (ran.code, "there is no state of bank" in ran.stderr, "It has" in ran.stderr) == (64, True, False)
    settings(tmp_path, "acme")
    (tmp_path / "ledger" / folder_of(URL, WORKSPACE)).mkdir(parents=True)
    monkeypatch.setattr(FolderStore, "lost", lambda _: StateError("the branch lacks it", code="state.lost"))
    ran = asked(tmp_path, "acme")
    assert (ran.code, "the branch lacks it" in ran.stderr) == (1, True), ran
    put(tmp_path, ACME.after_its_end(NOW))
    ran = asked(tmp_path, "acme", "--format", "json")
    assert (ran.code, len(json.loads(ran.stdout)["runs"])) == (0, len(RUNS)), ran


def test_what_cannot_be_read_is_said_first(tmp_path: Path) -> None:
    """The post that is asked for may be in it."""
    for name in ("acme", "bank"):
        settings(tmp_path, name)
    put(tmp_path, ACME)
    (tmp_path / "ledger" / folder_of(URL, WORKSPACE) / "bank.json").write_text("{", encoding="utf-8")
    ran = asked(tmp_path, "acme", "bank", "--post", "nobody")
    assert (ran.code, "no known run" in ran.stderr) == (1, False), ran


def test_a_use_of_a_stored_post_that_is_called_as_an_account_is_named_by_its_id(tmp_path: Path) -> None:
    settings(tmp_path, "acme")
    lines = (line("x@2026-11-24", 0), line("other", 0, 1))
    put(tmp_path, replace(ACME, runs=(run(1, "apply", *lines),)))
    ran = asked(tmp_path, "acme", "--post", "x@2026-11-24", "--format", "json")
    [told] = json.loads(ran.stdout)["runs"]
    assert [change["id"] for change in told["changes"]] == ["x@2026-11-24"]


def test_an_account_that_the_ledger_does_not_know_has_its_id(tmp_path: Path) -> None:
    settings(tmp_path, "acme")
    far = replace(RUNS[0].lines[0], account="acc-far")
    put(tmp_path, replace(ACME, runs=(replace(RUNS[0], lines=(far,)),)))
    assert "acc-far" in asked(tmp_path, "acme", "--verbose").stdout


# --- which workspace --------------------------------------------------------------------------------------------------


def parts(
    folder: Path, more: str = "", *, choice: Choice | None = None, workspace: str | None = None
) -> tuple[KnownParts, Calendar]:
    from publer_sync.calendar.load import read
    from publer_sync.ledger.repositories import Repositories

    settings(folder, "acme", more)
    environment = Environment(base_url=URL, workspace=workspace)
    return KnownParts(choice or Choice(), environment, Repositories()), read(folder / "acme", posts=False)


@each_of(
    ("more", "variable", "states", "found"),
    [
        (f"workspace: {OTHER}\n", None, (ACME,), OTHER),
        ("", OTHER, (ACME,), OTHER),
        ("", None, (ACME,), WORKSPACE),
        ("workspace: agency\n", None, (ACME,), WORKSPACE),
        ("workspace: Other\n", None, (ACME,), None),
        ("", "Other", (ACME,), None),
        ("", None, (ACME, replace(ACME, workspace_id=OTHER)), None),
        ("", None, (BANK,), None),
        ("", None, (replace(ACME, calendar="Acme"),), WORKSPACE),
        ("", None, (replace(ACME, service="http://elsewhere.example"),), None),
        ("", None, (), None),
    ],
)
def test_the_workspace_is_the_one_that_has_a_part_of_the_name(
    tmp_path: Path, more: str, variable: str | None, states: tuple[State, ...], found: str | None
) -> None:
    import shutil

    shutil.rmtree(tmp_path / "ledger", ignore_errors=True)
    for number, state in enumerate(states):
        put(tmp_path, replace(state, copies={1: replace(state.copies[1], post_id=f"p-{number}")}))
    known, calendar = parts(tmp_path, more, workspace=variable)
    assert known.workspace(calendar) == found


def test_the_parts_are_those_of_the_workspace_that_the_calendar_is_in(tmp_path: Path) -> None:
    """Also where another workspace has the same name."""
    for state in (ACME, replace(BANK, workspace_id=OTHER)):
        put(tmp_path, replace(state, workspace_name="Agency"))
    known, calendar = parts(tmp_path, "workspace: Agency\n")
    assert [state.calendar for state in known.of_others(calendar)] == ["acme"]


def test_what_cannot_be_read_has_the_workspace_of_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "ledger" / folder_of(URL, WORKSPACE) / "acme.json"
    file.parent.mkdir(parents=True)
    file.write_text("{", encoding="utf-8")
    known, calendar = parts(tmp_path)
    assert (known.workspace(calendar) or "").endswith(WORKSPACE)
    assert [*known.of_others(calendar)] == []
    file.rename(file.with_name("bank.json"))
    known, calendar = parts(tmp_path)
    assert known.workspace(calendar) is None, "it is another calendar's"


def test_a_state_of_an_earlier_version_is_asked_where_no_place_is_named(tmp_path: Path) -> None:
    put(tmp_path, ACME, "acme/.publer-sync/state.json")
    known, calendar = parts(tmp_path)
    assert known.workspace(calendar) is None
    put(tmp_path, replace(ACME, workspace_id=OTHER))
    known, calendar = parts(tmp_path)
    assert known.workspace(calendar) == OTHER
    file = tmp_path / "acme" / "publer.yaml"
    file.write_text(file.read_text("utf-8").replace("state: ../ledger\n", ""), encoding="utf-8")
    moved = replace(calendar, settings=replace(calendar.settings, state=None))
    assert known.workspace(moved) == WORKSPACE
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    assert known.workspace(moved) == WORKSPACE, "in git, the ledger is not in the folder any more"
    (tmp_path / "acme/.publer-sync/state.json").unlink()
    assert known.workspace(moved) is None


def test_the_parts_on_a_branch_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def branch(top: Path, name: str) -> Any:
        asked.append(name)
        return stand_in(files=lambda: ["w/acme.json", f"{folder_of(URL, WORKSPACE)}/bank.json"])

    monkeypatch.setattr("publer_sync.commands.reaching.parts.states_on", lambda _: {"w/acme.json": ACME})
    _, calendar = parts(tmp_path)
    calendar = replace(calendar, settings=replace(calendar.settings, state="git:states.json"))
    repositories: Any = stand_in(branch=branch)
    known = KnownParts(Choice(), Environment(base_url=URL), repositories)
    assert [state.calendar for state in known.of_others(calendar)] == ["acme"]
    bank = replace(calendar, settings=replace(calendar.settings, name="bank"))
    assert (known.workspace(calendar), known.workspace(bank)) == (WORKSPACE, WORKSPACE)
    assert asked == ["states.json"]


def test_one_file_tells_its_workspace_itself(tmp_path: Path) -> None:
    put(tmp_path, ACME, "one.json")
    known, calendar = parts(tmp_path, choice=Choice(state=str(tmp_path / "one.json")))
    assert known.workspace(calendar) == ""
    assert [state.calendar for state in known.of_others(calendar)] == ["acme"]
    put(tmp_path, ACME.after_its_end(NOW), "ended.json")
    known, calendar = parts(tmp_path, choice=Choice(state=str(tmp_path / "ended.json")))
    assert [len(state.runs) for state in known.of_others(calendar)] == [len(RUNS)]
    known, calendar = parts(tmp_path, choice=Choice(state=str(tmp_path / "none.json")))
    assert [*known.of_others(calendar)] == []
    ran = asked(tmp_path, "acme", "--state", "one.json", "--format", "json")
    assert (ran.code, len(json.loads(ran.stdout)["runs"])) == (0, len(RUNS)), ran
    settings(tmp_path, "acme", f"workspace: {OTHER}\n")
    ran = asked(tmp_path, "acme", "--state", "one.json")
    assert (ran.code, "belongs to the workspace" in ran.stderr) == (1, True), ran


@each_of(
    ("more", "names"),
    [
        (f"workspace: {WORKSPACE}\n", ["acme", "bank", "cafe"]),
        (f"workspace: {OTHER}\n", ["acme"]),
        ("workspace: Agency\n", ["acme", "acme", "bank", "cafe"]),
        ("workspace: Other\n", []),
    ],
)
def test_the_parts_of_a_workspace_are_found_once(home: Path, more: str, names: list[str]) -> None:
    known, calendar = parts(home, more)
    try:
        assert sorted(state.calendar for state in known.of_others(calendar)) == names
    finally:
        settings(home, "acme")

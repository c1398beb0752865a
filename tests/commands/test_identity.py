"""Which folder a part of the ledger belongs to: a copy of a folder, of a repository or of a state is never the calendar itself."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.reaching import identity
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.reaching.identity import copied, error_of, folder_of, home_of
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore, OlderState
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.state import CalendarHome, State
from publer_sync.machine.clock import Clock
from tests.builders import SOON, copy_of, ledger, wanted
from tests.commands.reached import stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

STATE = ledger(copy_of(wanted(SOON, "Hello")))


class OnBranch(GitStore):
    """One without a repository."""

    def __init__(self) -> None:
        self.place = "git:states"


def in_folder(
    folder: Path, *, older: OlderState | None = None, others: dict[str, State] | None = None
) -> Any:
    store: Any = FolderStore(folder / "w", "calendar", root=folder, clock=Clock())
    store.taken_over = older
    store.managed_elsewhere = store.beside = lambda *_: Elsewhere.of(others or {})
    return store


def calendar(folder: Path, settings: str = "timezone: UTC\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "publer.yaml").write_text(settings, encoding="utf-8")
    return folder


def repository(folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    (folder / ".git" / "HEAD").touch()
    return folder


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Two calendars of one repository, one of another, and one outside of git."""
    calendar(repository(tmp_path / "team") / "acme")
    calendar(tmp_path / "team" / "bank", "name: acme\n")
    calendar(repository(tmp_path / "other") / "acme")
    calendar(tmp_path / "acme")
    return tmp_path


def test_a_part_knows_the_folder_that_it_belongs_to(folders: Path) -> None:
    inside, outside = folders / "team" / "acme", folders / "acme"
    assert home_of(inside, OnBranch()) == CalendarHome("acme")
    assert home_of(outside, OnBranch()) is None
    assert home_of(inside, in_folder(folders)) == CalendarHome(
        "acme", str((folders / "team" / ".git").resolve())
    )
    assert home_of(outside, in_folder(folders)) == CalendarHome(str(outside.resolve()))
    one_file = FileStore(folders / "x.json", clock=Clock())
    assert home_of(inside, one_file) is None
    assert error_of(replace(STATE, home=CalendarHome("bank")), one_file, inside, "acme") is None
    (folders / "broken" / ".git").mkdir(parents=True)
    assert home_of(folders / "broken", in_folder(folders)) == CalendarHome(
        str((folders / "broken").resolve())
    )


def test_on_a_branch_a_folder_counts_from_the_top_of_the_repository(folders: Path) -> None:
    error = error_of(replace(STATE, home=CalendarHome("bank")), OnBranch(), folders / "team" / "acme", "acme")
    assert error is not None
    assert error.message.startswith(f"the calendar acme is in {(folders / 'team' / 'bank').resolve()}, and ")


@each_of(
    ("top", "home", "name", "other"),
    [
        ("team/acme", ("acme", "team"), "acme", None),
        ("team/acme", None, "acme", None),
        ("team/acme", ("bank", "team"), "acme", "team/bank"),
        ("team/acme", ("bank", "team"), "ACME", "team/bank"),
        ("team/acme", ("bank", "team"), "cafe", None),
        ("team/acme", ("gone", "team"), "acme", None),
        ("team/acme", ("acme", "other"), "acme", "other/acme"),
        ("team/acme", ("gone", "other"), "acme", None),
        ("team/acme", ("{}/acme", ""), "acme", "acme"),
        ("team/acme", ("{}/gone", ""), "acme", None),
        ("acme", ("{}/team/bank", ""), "acme", "team/bank"),
        ("acme", ("{}/acme", ""), "acme", None),
        ("acme", ("acme", "other"), "acme", "other/acme"),
        ("link", ("{}/acme", ""), "acme", None),
        ("acme", ("{}/link", ""), "acme", None),
    ],
)
def test_another_folder_that_still_has_the_calendar_keeps_its_part(
    folders: Path, top: str, home: tuple[str, str] | None, name: str, other: str | None
) -> None:
    link = folders / "link"
    if not link.is_symlink():
        link.symlink_to(folders / "acme")
    known = None
    if home is not None:
        folder, repo = home
        known = CalendarHome(
            folder.replace("{}", str(folders.resolve())),
            str((folders / repo / ".git").resolve()) if repo else "",
        )
    with chdir(folders):
        error = error_of(replace(STATE, home=known), in_folder(folders / "ledger"), folders / top, name)
    if other is None:
        assert error is None
        return
    assert error is not None
    assert error.code == "name.taken"
    assert error.message == f"the calendar {name} is in {other}, and {top} has the same name"
    free = f"{name}-2" if top.rpartition("/")[2] == name.casefold() else top.rpartition("/")[2]
    assert f"for example: name: {free}\n" in (error.hint or "")


@each_of(
    ("name", "folder", "free"),
    [("acme", "acme", "acme-2"), ("clients/Acme", "acme", "clients/Acme-2"), ("acme", "bank", "bank")],
)
def test_a_name_that_is_free_is_that_of_the_folder(tmp_path: Path, name: str, folder: str, free: str) -> None:
    assert identity._free_name(name, tmp_path / folder) == free


@each_of(
    ("settings", "has"),
    [
        (None, False),
        ("timezone: UTC\n", True),
        ("name: Acme\n", True),
        ("name: bank\n", False),
        ("accounts: [", True),  # it has the name that it had
    ],
)
def test_a_folder_has_the_name_of_its_settings_or_its_own(
    tmp_path: Path, settings: str | None, has: bool
) -> None:
    folder = tmp_path / "acme"
    for file in folder.glob("*"):
        file.unlink()
    if settings is not None:
        calendar(folder, settings)
    assert identity._has(folder, "acme") is has


def test_at_the_top_of_a_repository_a_calendar_has_no_name_of_a_folder(tmp_path: Path) -> None:
    calendar(repository(tmp_path / "acme"))
    assert identity._has(tmp_path / "acme", "calendar")
    assert not identity._has(tmp_path / "acme", "acme")


@each_of(
    ("older", "named", "beside", "others", "owner"),
    [
        ("bank", "acme", ("bank",), {}, "bank"),
        ("bank", "acme", (), {}, None),
        ("bank", "bank", ("bank",), {}, None),
        ("bank", "acme", (), {"cafe": STATE}, "cafe"),
        ("bank", "acme", (), {"cafe": ledger(copy_of(wanted(SOON), post_id="p-9"))}, None),
    ],
)
def test_a_state_that_came_along_with_a_copy_of_the_folder_is_not_taken_over(
    tmp_path: Path, older: str, named: str, beside: Sequence[str], others: dict[str, State], owner: str | None
) -> None:
    for settings in tmp_path.glob("*/publer.yaml"):
        settings.unlink()
    for each in ("acme", *beside):
        calendar(tmp_path / each)
    file = tmp_path / "acme" / ".publer-sync" / "state.json"
    store = in_folder(tmp_path / "ledger", older=stand_in(calendar=older, path=file), others=others)
    with chdir(tmp_path):
        error = error_of(STATE, store, tmp_path / "acme", named)
    if owner is None:
        assert error is None
        return
    assert error is not None
    assert (error.code, error.message) == (
        "copied",
        f"acme/.publer-sync/state.json is a copy: the posts in it are managed by the calendar {owner}",
    )
    assert (error.hint or "").startswith("Delete it: rm acme/.publer-sync/state.json\n")


def moved(top: Path, name: str = "acme") -> Any:
    return stand_in(top=top, settings=stand_in(name=name))


@each_of(
    ("top", "root", "home", "is_copy"),
    [
        ("acme", "acme/.publer-sync", ("{}/team/bank", ""), True),
        ("acme", "acme/.publer-sync", ("{}/gone", ""), False),
        ("acme", "acme/.publer-sync", None, False),
        ("acme", "ledger", ("{}/team/bank", ""), False),  # where it lies, the other folder finds it as well
        ("team/acme", "team/.git/publer-sync", ("acme", "other"), True),
        ("team/acme", "team/.git/publer-sync", ("bank", "team"), False),
        ("team/acme", "team/.git/publer-sync", None, False),
        ("team/acme", "team/ledger", ("acme", "other"), True),
    ],
)
def test_a_state_that_came_along_with_a_copy_is_not_moved(
    folders: Path, top: str, root: str, home: tuple[str, str] | None, is_copy: bool
) -> None:
    known = None
    if home is not None:
        known = CalendarHome(
            home[0].replace("{}", str(folders.resolve())),
            str((folders / home[1] / ".git").resolve()) if home[1] else "",
        )
    state = replace(STATE, calendar="acme", home=known)
    error = copied(state, in_folder(folders / root), moved(folders / top))
    assert (error is not None) is is_copy
    if error is not None:
        assert error.code == "copied"
        assert error.message.startswith("the state of acme in ")
        assert "Otherwise delete the copy: rm " in (error.hint or "")


def test_a_state_in_a_file_or_on_a_branch_is_no_copy(folders: Path) -> None:
    assert copied(STATE, OnBranch(), moved(folders / "acme")) is None
    calendar(folders / "bank")
    older: Any = stand_in(calendar="bank", path=folders / "acme" / "state.json")
    error = copied(STATE, in_folder(folders / "ledger", older=older), moved(folders / "acme"))
    assert error is not None
    assert "is a copy: the posts in it are managed by the calendar bank" in error.message


def test_a_part_of_the_ledger_has_a_folder_where_one_has_its_name(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = folders / "team" / "acme"
    monkeypatch.setattr(Checkouts, "calendars", lambda *_: (top, folders / "team" / "bank"))
    home = CalendarHome("acme", str((folders / "other" / ".git").resolve()))
    others = {"acme": replace(STATE, home=home), "news": STATE}
    store = in_folder(folders / "ledger", others=others)
    assert folder_of("ACME", in_folder(folders / "ledger"), top) == folders / "team" / "bank"
    assert folder_of("acme", store, top) == folders / "other" / "acme"
    assert folder_of("news", store, top) is None
    assert identity._owner("acme", top) == "acme"
    assert identity._owner("news", top) is None
    (folders / "team" / "bank" / "publer.yaml").unlink()
    assert folder_of("acme", in_folder(folders / "ledger"), top) is None
    assert identity._owner("acme", top) is None


def test_a_folder_is_shown_from_here_where_that_is_short(folders: Path) -> None:
    with chdir(folders / "team"):
        assert identity._display(Path("acme")) == "acme"
        assert identity._display(Path("../team/acme")) == "acme"
        assert identity._display(folders / "other") == (folders / "other").resolve().as_posix()
        Path("link").symlink_to(folders / "acme")
        assert identity._display(Path("link")) == "link"

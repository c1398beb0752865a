"""Which place is meant for a ledger, and whose ledger it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.state import dumps
from publer_sync.ledger.store import check, is_of, open_store, renaming
from publer_sync.values.errors import StateError
from tests.ledger.builders import SERVICE, QuickClock, a_state

if TYPE_CHECKING:
    from publer_sync.ledger.place import Store


def opened(place: str | None, top: Path, base: Path | None = None) -> Store:
    return open_store(
        place,
        top=top,
        service=SERVICE,
        workspace_id="ws1",
        calendar="calendar",
        clock=QuickClock(),
        base=base,
    )


@pytest.mark.parametrize(
    ("place", "file"),
    [
        (None, "calendar/.publer-sync/ws1/calendar.json"),
        ("kept", "here/kept/ws1/calendar.json"),
        ("ledger.json", "here/ledger.json"),
        ("../ledger.json", "ledger.json"),
        ("{tmp}/x.json", "x.json"),
        ("~/x.json", "home/x.json"),
        ("~x/x.json", "here/~x/x.json"),
    ],
)
def test_a_place_is_the_default_or_a_path_from_where_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str | None, file: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    place = place and place.replace("{tmp}", str(tmp_path))
    opened(place, tmp_path / "calendar", tmp_path / "here").write(a_state())
    assert (tmp_path / file).exists()


def test_a_path_in_the_settings_starts_from_the_calendar(tmp_path: Path) -> None:
    (tmp_path / "calendar").mkdir()
    opened("../ledger.json", tmp_path / "calendar").write(a_state())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calendar", "ledger.json"]


@pytest.mark.parametrize(
    "where", ["calendar/.publer-sync/ws1/as-it-was.json", "calendar/.publer-sync/state.json"]
)
def test_what_was_kept_in_the_calendars_folder_outside_of_git_is_taken_over_inside(
    tmp_path: Path, where: str
) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True)
    file.write_text(dumps(a_state("before", "as-it-was")))
    outside = opened(None, tmp_path / "calendar").read()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    found = opened(None, tmp_path / "calendar").read()
    assert found == a_state("before")
    assert outside == (found if file.name == "state.json" else None), "there, each calendar has its own"


@pytest.mark.parametrize("place", ["", "  ", "s3://bucket/state.json", "a\0b", "a\nb", "\x1b[31m"])
def test_what_cannot_be_a_place_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(StateError, match="is not a place for the state") as caught:
        opened(place, tmp_path)
    assert caught.value.code == "state.place"
    assert caught.value.message.isprintable()


def test_messages_name_the_place_as_people_would(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert opened(None, tmp_path / "calendar").place == "calendar/.publer-sync"
    assert opened("/srv/state.json", tmp_path).place == "/srv/state.json"


# --- whose it is --------------------------------------------------------------------------------------------------------


def checked(
    tmp_path: Path,
    *,
    service: str = SERVICE,
    workspace_id: str = "ws1",
    calendar: str = "calendar",
    place: str | None = None,
) -> None:
    """`place` is a branch, or a path below `tmp_path`."""
    check(
        a_state(),
        service=service,
        workspace_id=workspace_id,
        calendar=calendar,
        top=tmp_path / "calendar",
        place=place if place is None or place.startswith("git:") else str(tmp_path / place),
    )


def test_the_calendars_own_state_is_taken(tmp_path: Path) -> None:
    checked(tmp_path)
    checked(tmp_path, service=SERVICE + "/")


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("service", "http://127.0.0.1:1/api", "the service https://app.publer.com/api/v1, and this is http"),
        ("workspace_id", "ws2", r"the workspace Fjordlight \(ws1\), and this is ws2"),
        ("calendar", "b", "the calendar calendar, and this is b"),
    ],
)
@pytest.mark.parametrize("place", [None, "elsewhere.json", "calendar-2/state.json", "git:publer-sync-state"])
def test_another_calendars_state_is_refused(
    tmp_path: Path, key: str, value: str, message: str, place: str | None
) -> None:
    with pytest.raises(StateError, match=message) as caught:
        checked(tmp_path, **{key: value}, place=place)
    assert (caught.value.code, caught.value.exit_code) == ("state.foreign", 1)
    assert "--state" in (caught.value.hint or "")
    shown = place if place is None or place.startswith("git:") else str(tmp_path / place)
    start = f"the state in {shown} belongs to the" if shown else "the state belongs to the"
    assert caught.value.message.startswith(start)


@pytest.mark.parametrize(
    ("name", "where"), [("calendar", "git:state"), ("acme", "the name acme in git:state")]
)
@pytest.mark.parametrize(("place", "shown"), [(None, ""), ("git:old", " in git:old")])
def test_a_state_that_was_moved_says_where_it_is(
    tmp_path: Path, name: str, where: str, place: str | None, shown: str
) -> None:
    marker = marker_of(a_state(), name, "git:state")
    with pytest.raises(StateError) as caught:
        check(marker, service=SERVICE, workspace_id="ws1", calendar="calendar", top=tmp_path, place=place)
    assert caught.value.code == "state.moved"
    assert caught.value.message == f"the state of the calendar calendar{shown} was moved to {where}"


def test_a_state_inside_the_calendar_may_be_renamed_with_it(tmp_path: Path) -> None:
    inside = "calendar/.publer-sync/state.json"
    checked(tmp_path, calendar="new-name", place=inside)
    for changed in ({"service": "https://example.com"}, {"workspace_id": "ws2"}):
        with pytest.raises(StateError):
            checked(tmp_path, **changed, place=inside)


def test_a_link_out_of_the_calendar_is_outside(tmp_path: Path) -> None:
    """Several calendars may share what it leads to."""
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "state.json").symlink_to(tmp_path / "shared.json")
    with pytest.raises(StateError, match="belongs to the calendar"):
        checked(tmp_path, calendar="new-name", place="calendar/state.json")


@pytest.mark.parametrize(
    ("service", "workspace", "calendar", "place", "same"),
    [
        (SERVICE, "ws1", "calendar", "git:state", True),
        (f"{SERVICE}/", "ws1", "calendar", "git:state", True),
        ("https://elsewhere.example.com", "ws1", "calendar", "git:state", False),
        (SERVICE, "ws2", "calendar", "git:state", False),
        (SERVICE, "ws1", "renamed", "git:state", False),
        (SERVICE, "ws1", "renamed", "{top}/state.json", True),
        (SERVICE, "ws1", "renamed", "{top}/../state.json", False),
        (SERVICE, "ws2", "renamed", "{top}/state.json", False),
        (SERVICE, "ws1", "Calendar", "git:state", True),
    ],
)
def test_whose_a_state_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    workspace: str,
    calendar: str,
    place: str,
    same: bool,
) -> None:
    """One inside the folder of a calendar moves with it, whatever its name."""
    (tmp_path / "calendar").mkdir()
    monkeypatch.chdir(tmp_path / "calendar")  # git:state is no file there
    place = place.replace("{top}", str(tmp_path / "calendar"))
    assert is_of(a_state(), service, workspace, calendar, tmp_path / "calendar", place) is same


@pytest.mark.parametrize(
    ("top", "where"), [("calendar", ""), (".", ""), ("clients/acme", " --calendar clients/acme")]
)
def test_a_calendar_that_was_renamed_is_given_its_state_by_a_command_to_paste(top: str, where: str) -> None:
    assert renaming("old name", "new", Path(top)) == f"publer-sync state mv new --from 'old name'{where}"

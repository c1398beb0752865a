"""What doctor says of this machine, the calendar and its state, without Publer."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync import __version__
from publer_sync.calendar.load import read
from publer_sync.checking.check import Check, Finding, counted, failure, run
from publer_sync.checking.local import calendar, disk, state, versions
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.signing import Keys
from publer_sync.values.errors import CalendarError, OutputError, SettingsError, StateError
from publer_sync.values.problems import Help, Location, Problem
from tests.builders import LINKEDIN, SOON, copy_of, ledger, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def examined(top: Path, text: str) -> Finding:
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (top / "posts.yaml").write_text(f"posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: {text}\n")
    return calendar(lambda: read(top), lambda: NOW, lambda posts: f"{len(posts)} posts").examine()


def test_a_calendar_without_problems_says_so_and_else_how_many_there_are(tmp_path: Path) -> None:
    assert examined(tmp_path, "Hello") == Finding("1 posts, no problems")
    told = examined(tmp_path, "'TODO: find words'")
    assert (told.message, told.status) == ("1 posts, 1 error", "failure")
    assert str(told.fix).startswith("See them: publer-sync validate ")
    told = examined(tmp_path, "Hello http://localhost:8000/ there")
    assert (told.message, told.status) == ("1 posts, 1 warning", "warning")


def test_schemas_of_another_version_are_to_be_written_again(tmp_path: Path) -> None:
    (tmp_path / ".schema" / "folder.schema.json").mkdir(parents=True)
    assert examined(tmp_path, "Hello").status == "ok"
    schema = tmp_path / ".schema" / "calendar.schema.json"
    for version, status in (("0.0.1", "warning"), (__version__, "ok")):
        schema.write_text(f'{{"$id": "https://example.com/v{version}/schema/calendar.schema.json"}}')
        told = examined(tmp_path, "Hello")
        assert told.status == status
    schema.write_text('{"$id": "https://example.com/v0.0.1/schema/calendar.schema.json"}')
    told = examined(tmp_path, "Hello")
    assert told.message == "1 posts, no problems; the schemas for editors are from another version"
    assert f"publer-sync schema calendar > {schema}" in str(told.fix)


def test_room_is_asked_for_with_bytes_that_reach_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk(tmp_path).examine().message.endswith(f"and in {tmp_path}")
    here = disk(tmp_path).examine().message.removesuffix(f" and in {tmp_path}")
    assert disk(tmp_path / "none").examine().message == here

    class Full:
        """Takes what is written, and has no room for it."""

        size = 0

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, data: bytes) -> None:
            self.size += len(data)

        def flush(self) -> None:
            if self.size >= 64 * 1024:
                raise OSError(28, "No space left on device")

    real = tempfile.TemporaryFile
    monkeypatch.setattr(
        tempfile,
        "TemporaryFile",
        lambda *args, **more: Full() if more.get("dir") == tmp_path else real(*args, **more),
    )
    with pytest.raises(OutputError, match="there is no room on the disk"):
        disk(tmp_path).examine()


class Place:
    """A store with what a scene says."""

    place = "git:state"

    def __init__(self, **said: Any) -> None:
        self.said = said

    def lost(self) -> StateError | None:
        return StateError("its folder is gone") if "lost" in self.said else None

    def check_writable(self) -> None:
        if "read only" in self.said:
            raise StateError("it can't be written")

    def waiting(self) -> tuple[Hold, ...]:
        return cast("tuple[Hold, ...]", self.said.get("waiting", ()))

    def advice(self) -> tuple[str, str] | None:
        return cast("tuple[str, str] | None", self.said.get("advice"))

    def others(self) -> list[str]:
        return cast("list[str]", self.said.get("others", []))

    def check(self) -> None:
        if "elsewhere" in self.said:
            raise StateError("it is elsewhere")

    def check_lasts(self) -> None:
        if "gone" in self.said:
            raise StateError("it is gone after the job")


ONE, BOTH = (
    ledger(copy_of(wanted(SOON))),
    ledger(copy_of(wanted(SOON)), copy_of(wanted(SOON, account=LINKEDIN), 2, post_id="p-2")),
)


@each_of(
    ("said", "known", "message", "status"),
    [
        ({}, None, "git:state: none yet, and can be written", "ok"),
        ({"key": "k" * 32}, None, "git:state: none yet, will be signed, and can be written", "ok"),
        ({"key": "k" * 32}, ONE, "git:state: 1 managed post; signed; can be written", "ok"),
        ({"key": "k" * 31}, ONE, "; PUBLER_SYNC_STATE_KEY is shorter than 32 characters", "warning"),
        ({}, BOTH, "git:state: 1 managed post (on 2 accounts); not signed; can be written", "ok"),
        ({}, ONE, "git:state: 1 managed post; not signed; can be written", "ok"),
        ({"advice": ("the copy does not move", "Let it")}, ONE, "; the copy does not move", "warning"),
        ({"others": ["state.json"]}, ONE, "; the calendar has a state in state.json too", "warning"),
        ({"waiting": (Hold("a storm", SOON),)}, ONE, "; a hold waits on this machine: a storm", "warning"),
    ],
)
def test_a_state_is_told_with_what_is_odd_about_it(said: Any, known: Any, message: str, status: str) -> None:
    place: Any = Place(**said)
    told = state(lambda: (place, known, place), Keys.of(said.get("key", "")), needs=()).examine()
    assert (told.message.endswith(message), told.status) == (True, status), told


@each_of(
    ("said", "known", "why"),
    [
        ("gone", ONE, "gone after the job"),
        ("lost", ONE, "its folder is gone"),
        ("read only", ONE, "it can't be written"),
        ("elsewhere", None, "it is elsewhere"),
    ],
)
def test_a_state_that_cannot_be_used_is_a_failure(said: str, known: Any, why: str) -> None:
    place: Any = Place(**{said: True})
    with pytest.raises(StateError, match=why):
        state(lambda: (place, known, place), Keys(()), needs=()).examine()


def test_a_machine_without_git_can_do_without_unless_the_state_is_on_a_branch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = versions(None).examine()
    assert (found.status, f"publer-sync {__version__}" in found.message) == ("ok", True)
    assert re.search(r", git \d", found.message)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [versions(place).examine().status for place in (None, "state.json", "git:state")] == [
        "warning",
        "warning",
        "failure",
    ]


def test_a_calendar_that_can_only_be_read_has_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tempfile.TemporaryFile

    def refused(*args: Any, **more: Any) -> Any:
        if more.get("dir") == tmp_path:
            raise PermissionError(13, "Permission denied")
        return real(*args, **more)

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    found = disk(tmp_path).examine()
    assert found.status == "ok"
    assert found.message.endswith("; the calendar can't be written to, only read")


def test_a_folder_without_settings_is_a_failure_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / "posts.yaml").write_text("posts: []\n")
    found = calendar(lambda: read(tmp_path), lambda: NOW, lambda posts: f"{len(posts)} posts").examine()
    assert found.status == "failure"
    assert "publer.yaml" in found.message
    assert found.fix


def test_numbers_are_told_as_people_write_them() -> None:
    assert [counted(number, "post") for number in (0, 1, 1200)] == ["0 posts", "1 post", "1,200 posts"]


def test_a_check_is_skipped_where_one_that_it_needs_failed() -> None:
    def fails() -> Finding:
        place = Location("a.yaml", 3)
        problems = tuple(Problem("error", "c", word, place, help=Help("Write it")) for word in ("one", "two"))
        raise CalendarError(problems, "no")

    def raises() -> Finding:
        raise SettingsError("no key", hint="Set one")

    found = run(
        [
            Check("calendar", fails),
            Check("key", raises),
            Check("state", lambda: Finding("fine"), ("calendar",)),
            Check("accounts", lambda: Finding("fine"), ("state",)),
            Check("disk", lambda: Finding("fine")),
        ]
    )
    assert found["calendar"].message == "a.yaml:3: one (and 1 more)"
    assert found["calendar"].fix == "Write it"
    for problems, told in (
        ((), Finding("no", "failure")),
        ((Problem("error", "c", "one", Location("a.yaml", 3)),), Finding("a.yaml:3: one", "failure")),
        ((Problem("error", "c", "one", None),), Finding("one", "failure")),
    ):
        assert failure(CalendarError(problems, "no")) == told
    assert found["key"] == Finding("no key", "failure", "Set one")
    assert found["state"] == Finding("needs calendar", "skipped")
    assert found["accounts"] == Finding("needs state", "skipped")
    assert found["disk"].status == "ok"

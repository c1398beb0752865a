"""Where a state may be that is not where it is looked for: what is said of it, and what keeps a calendar from beginning anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.reaching.places import OtherPlaces
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import Moved, State
from publer_sync.values.errors import StateError
from tests.builders import NOW, copy_of, wanted
from tests.commands.reached import stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

USED = State("s", "w", "calendar", copies={1: copy_of(wanted(NOW, "Hello"))})
HELD = replace(USED, holds=(Hold("Storm", NOW),))
ENDED = replace(USED, copies={})
TO_TWO = replace(USED, moved=Moved("calendar", "two"))
TO_NEWS = replace(USED, moved=Moved("news", "one"))
UNREADABLE = StateError("it is damaged", hint="Restore it.")
ELSEWHERE = stand_in(place="elsewhere", read=lambda **_: None)
NEVER_ONE = StateError("no place", code="state.place")


class AtBranch(GitStore):
    """A state on a branch, with what other remotes have of it, and the head that is checked out."""

    def __init__(
        self,
        place: str,
        state: State | None = None,
        *,
        at_remotes: Mapping[str, State | None] | None = None,
        head: str = "refs/heads/words",
        beside: Mapping[str, State] | None = None,
    ) -> None:
        self.place, self.own, self.parts = place, state, beside or {}
        theirs = stand_in(head=head)
        repository = stand_in(remote="fork", scratch=stand_in(theirs=theirs))
        self._branch: Any = stand_in(
            name=place.removeprefix("git:"),
            repository=repository,
            at_other_remotes=lambda _: at_remotes or {},
        )
        self._file = "calendar.json"

    def read(self, *, trusting: bool = False) -> State | None:
        assert trusting, "a signature does not matter here"
        return self.own

    def names_beside(self) -> list[str]:
        return [*self.parts]

    def beside(self, names: Iterable[str]) -> Any:
        return stand_in(states={name: self.parts[name] for name in names})


def places(
    tmp_path: Path,
    states: Mapping[str, State | StateError | None],
    *,
    settings: str | None = "three",
    history: Sequence[str] | None = (),
    first: bool = False,
    chosen: Any = None,
    on_disk: bool = False,
    name: str = "calendar",
    shared: Sequence[str] | None = None,
) -> OtherPlaces:
    """Of a calendar whose chosen place is that of the settings. `states` are those at other places; `history` has the settings of each commit."""
    top = tmp_path / "calendar"
    top.mkdir(exist_ok=True)
    extends = "extends: ../agency.yaml\nmedia: [../pictures]\n" if shared is not None else ""
    (top / "publer.yaml").write_text(f"{extends}timezone: UTC\n")

    def opened(place: str | None, base: Path, named: str) -> Any:
        word = (place or "default").removeprefix("./")
        key = word if named == name else f"{word}/{named}"
        found = states.get(key)
        if isinstance(found, StateError) and found.code == "state.place" and found is NEVER_ONE:
            raise found

        def read(*, trusting: bool) -> State | None:
            assert trusting, "a signature does not matter here"
            if isinstance(found, StateError):
                raise found
            return found

        return chosen if chosen is not None and word == chosen.place else stand_in(place=word, read=read)

    def versions(file: str) -> Sequence[str]:
        assert file.endswith(".yaml"), "a folder has no settings"
        return (shared or ()) if file.endswith("agency.yaml") else (history or ())

    tree = stand_in(history=stand_in(versions=versions), root=tmp_path.resolve())
    repositories: Any = stand_in(of=lambda _: tree if history is not None else None)
    calendar: Any = stand_in(top=top, settings=stand_in(state=settings, state_on_disk=on_disk))
    return OtherPlaces(
        calendar,
        chosen or opened(settings, top, name),
        name,
        opened,
        lambda state, _store, named: state.calendar == named,
        repositories,
        first,
    )


def error_of(found: OtherPlaces) -> tuple[str, str]:
    """What keeps the calendar from being applied as if it never was, and what to do."""
    with pytest.raises(StateError) as error:
        found.check()
    return error.value.message, (error.value.hint or "").replace(f" --calendar {found.calendar.top}", "")


MOVE = "Move it: publer-sync state mv --from"
LEAVE = "\nTo leave that state behind and start over, add --first, once.\nNothing was changed."


@each_of(
    ("states", "more", "message", "hint"),
    [
        ({"default": USED}, {}, "default (1 post), and three has none", f"{MOVE} default{LEAVE}"),
        (
            {"default": HELD},
            {},
            "default (1 post, and a hold), and three has none",
            f"{MOVE} default\nNothing was changed.",
        ),
        (
            {"default": replace(HELD, copies={})},
            {},
            "default (nothing managed any more, and a hold)",
            f"{MOVE} default\n",
        ),
        ({"default": HELD}, {"first": True}, "default (1 post, and a hold)", f"{MOVE} default\nNothing"),
        ({"one": USED}, {"history": ["state: one", "state: three"]}, "one (1 post)", f"{MOVE} one{LEAVE}"),
        ({"one": USED}, {"history": ['state: "one"  # a note']}, "one (1 post)", f"{MOVE} one"),
        ({"one": USED}, {"history": ["x: 1\nstate: 'one'\n"]}, "one (1 post)", f"{MOVE} one"),
        ({"../one": USED}, {"shared": ["state: one"]}, "../one (1 post)", f"{MOVE} ../one"),
        ({"default": TO_TWO, "two": USED}, {}, "two (1 post), and three has none", f"{MOVE} two"),
        (
            {"default": TO_NEWS, "one/news": replace(USED, calendar="news")},
            {},
            "one (1 post), and three has none",
            f"{MOVE} one",
        ),
        (
            {"three": replace(USED, moved=Moved("news", "three")), "three/news": replace(USED, calendar="news")},
            {},
            "three under the name news (1 post)",
            f"Move it: publer-sync state mv calendar --from news{LEAVE}",
        ),
        ({"one": USED}, {"settings": None, "history": ["state: one"]}, "one (1 post), and default has none", f"{MOVE} one --to default"),
        ({"three": USED}, {"chosen": ELSEWHERE}, "three (1 post), and elsewhere has none", f"{MOVE} three --to elsewhere"),
        ({"default": USED}, {"settings": None, "chosen": ELSEWHERE}, "default (1 post), and elsewhere has none", f"{MOVE} default --to elsewhere"),
    ],
)  # fmt: skip
def test_a_state_in_another_place_keeps_a_calendar_from_beginning_anew(
    tmp_path: Path, states: dict[str, Any], more: dict[str, Any], message: str, hint: str
) -> None:
    told, way = error_of(places(tmp_path, states, **more))
    assert told.startswith(f"the state of this calendar is in {message}"), told
    assert way.startswith(hint), way


def test_the_command_names_the_folder_of_the_calendar_unless_it_is_found_without(tmp_path: Path) -> None:
    found = places(tmp_path, {"default": USED})
    calendar: Any = found.calendar
    for top, option in (
        (calendar.top, f" --calendar {calendar.top}"),
        (Path("calendar"), ""),
        (Path(), ""),
    ):
        calendar.top = top
        with pytest.raises(StateError) as error:
            found.check()
        assert (error.value.hint or "").startswith(f"{MOVE} default{option}\n")


@each_of(
    ("states", "more"),
    [
        ({}, {}),
        ({}, {"history": None}),
        ({}, {"history": None, "shared": []}),
        ({"default": USED}, {"first": True}),
        ({"default": ENDED}, {}),
        ({"default": replace(USED, calendar="other")}, {}),
        ({"default": NEVER_ONE}, {}),
        ({"default": StateError("no", code="state.name")}, {}),
        ({"default": StateError("no", code="state.remote")}, {}),
        ({"default": replace(TO_TWO, moved=Moved("calendar", "three"))}, {}),
        ({"default": replace(TO_TWO, moved=Moved("calendar", "default"))}, {}),  # it leads to itself
        ({"one": USED, "default": ENDED}, {"history": ["states: one", "#state: one"]}),
        ({}, {"history": ["state: three", "state: three"]}),
        ({}, {"history": ["state: git:one", "state: three"]}),
        ({}, {"history": ["state: ./three"]}),
        ({"one": ENDED}, {"history": ["state: one"]}),
        ({}, {"history": ["state: one"], "first": True}),
        ({}, {"history": ["state: one"], "settings": "one", "chosen": ELSEWHERE}),
    ],
)
def test_nothing_else_does(tmp_path: Path, states: dict[str, Any], more: dict[str, Any]) -> None:
    found = places(tmp_path, states, **more)
    found.check()
    assert [*found.warnings(None)] == []


def test_what_is_not_readable_is_raised_and_nothing_is_near(tmp_path: Path) -> None:
    found = places(tmp_path, {"default": UNREADABLE})
    with pytest.raises(StateError, match="it is damaged"):
        found.check()
    assert (found.near(), found.others()) == ((), ())
    assert [warn.message for warn in found.warnings(None)] == ["it is damaged; restore it"]


def test_what_the_settings_say_now_and_the_default_are_near_and_the_past_is_not(tmp_path: Path) -> None:
    states = {"default": USED, "one": USED}
    found = places(tmp_path, states, history=["state: one"])
    assert found.others() == ("default",)
    assert [each.place for each in found.left()] == ["one", "default"]
    assert places(tmp_path, {"three": USED}).left() == ()


@each_of(
    ("history", "settings", "unseen"),
    [
        (["timezone: UTC"], "three", ("default",)),  # it began in the default place
        (["state: one", "state: two", "state: one"], "three", ("one", "two")),
        (["state: one"], "one", ()),
        (["state: one", "timezone: UTC"], "three", ("one",)),  # the second commit leaves that line as it is
        (["state: three"], "three", ()),
    ],
)
def test_a_place_of_before_that_nobody_sees_from_here_may_have_it(
    tmp_path: Path, history: list[str], settings: str, unseen: tuple[str, ...]
) -> None:
    found = places(tmp_path, {}, history=history, settings=settings)
    assert found.unseen() == unseen
    if unseen:
        message, hint = error_of(found)
        assert message == (
            f"three has no state of this calendar, and publer.yaml named another place before: {unseen[0]}"
        )
        assert hint.startswith(
            "If another machine has its state there, run this on it first: "
            f"publer-sync state mv --from {unseen[0]} --to three"
        )
    assert places(tmp_path, dict.fromkeys(unseen, ENDED), history=history, settings=settings).unseen() == ()


@each_of(
    ("states", "more", "state", "told"),
    [
        (
            {"default": USED},
            {},
            None,
            (
                "default (1 post), and three has none; --first starts over, once; move it:",
                "publer-sync state mv --from default",
            ),
        ),
        (
            {"default": HELD},
            {},
            None,
            (
                "default (1 post, and a hold), and three has none; move it:",
                "publer-sync state mv --from default",
            ),
        ),
        ({"default": USED}, {}, USED, None),
    ],
)
def test_plan_warns_of_what_apply_refuses(
    tmp_path: Path, states: dict[str, Any], more: dict[str, Any], state: State | None, told: Any
) -> None:
    found = places(tmp_path, states, **more)
    warned = [
        (warn.message.removeprefix("the state of this calendar is in "), warn.command)
        for warn in found.warnings(state)
    ]
    cut = [(message, command.partition(" --calendar")[0]) for message, command in warned]
    assert cut == ([told] if told else [])


@each_of(
    ("ci", "more", "lost"),
    [
        ("true", {}, True),
        ("", {}, False),
        ("true", {"on_disk": True}, False),
        ("true", {"chosen": AtBranch("git:three")}, False),
    ],
)
def test_a_file_on_the_disk_of_a_job_is_no_place(
    tmp_path: Path, ci: str, more: dict[str, Any], lost: bool
) -> None:
    found = places(tmp_path, {}, **more)
    with mock.patch.dict("os.environ", {"CI": ci}):
        warned = [(warn.code, warn.command) for warn in found.warnings(USED)]
        assert warned == ([("state_ci", "")] if lost else [])
        if not lost:
            found.check_lasts()
            return
        with pytest.raises(StateError, match="whose disk is discarded") as error:
            found.check_lasts()
    assert error.value.code == "state.ci"


# --- other remotes ----------------------------------------------------------------------------------------------------


def git_places(tmp_path: Path, remotes: Mapping[str, State | None], **more: Any) -> OtherPlaces:
    head = more.pop("head", "refs/heads/words")
    beside = more.pop("beside", {})
    chosen = AtBranch("git:states", at_remotes=remotes, head=head, beside=beside)
    return places(tmp_path, {}, settings="git:states", chosen=chosen, **more)


ORIGIN = "Let the branch that is checked out track origin: git config branch.words.remote origin\nIf the repository moved to fork, "
ASKED = (
    "Let the branch that is checked out track the one that the last apply pushed to: git config branch.words.remote NAME\n"
    "To see when NAME was written last: git fetch NAME states && git log -1 FETCH_HEAD\n"
)


@each_of(
    ("remotes", "head", "where", "hint"),
    [
        ({"origin": USED}, "refs/heads/words", "the remote origin", ORIGIN),
        ({"origin": None}, "refs/heads/words", "the remote origin", ORIGIN),  # nobody can read it
        ({"bob": USED, "origin": USED}, "refs/heads/words", "the remotes origin and bob", ORIGIN),
        ({"bob": USED, "alice": USED}, "refs/heads/words", "the remotes alice and bob", ASKED),
        (
            {"b": USED, "a": USED, "c": USED, "o": ENDED, "p": replace(USED, calendar="other")},
            "refs/heads/words",
            "the remotes a, b and c",
            ASKED,
        ),
        ({"bob": USED}, "", "the remote bob", "Check out a branch that tracks bob.\n"),
        (
            {"bob": USED, "alice": USED},
            "",
            "the remotes alice and bob",
            "Check out a branch that tracks the one that the last apply pushed to.\nTo see when NAME",
        ),
    ],
)
def test_a_state_at_another_remote_is_named_with_the_way_there(
    tmp_path: Path, remotes: dict[str, Any], head: str, where: str, hint: str
) -> None:
    found = git_places(tmp_path, remotes, head=head)
    message, told = error_of(found)
    assert message == (
        f"the state of this calendar is in git:states at {where}, and the remote fork has none"
    )
    assert told.startswith(hint), told
    assert told.endswith(
        'If the repository moved to fork, bring the state there ("The repository moves" in docs/state.md).\n'
        "To leave that state behind and start over, add --first, once. Nothing was changed."
    )
    git_places(tmp_path, remotes, head=head, first=True).check()


@each_of(
    ("marker", "there", "found"),
    [
        (Moved("news", "git:states"), {"origin": replace(USED, calendar="news")}, True),
        (Moved("news", "git:states"), {"bob": replace(USED, calendar="news")}, False),
        (Moved("news", "git:states"), {}, False),
        (Moved("calendar", "git:states"), {"origin": TO_TWO}, False),  # it leads to itself
        (Moved("calendar", "a file"), {}, False),
    ],
)
def test_a_marker_at_another_remote_counts_where_it_leads_to_a_state_there(
    tmp_path: Path, marker: Moved, there: dict[str, Any], found: bool
) -> None:
    moved = replace(USED, moved=marker)
    made = git_places(tmp_path, {"origin": moved})
    opened = AtBranch("git:states", at_remotes=there)

    def open_at(place: str | None, _base: Path, _name: str) -> Any:
        return opened if place == "git:states" else stand_in(place=place, read=lambda **_: None)

    made.open = open_at
    assert (made.at_remote() is not None) is found


def test_where_the_remotes_cannot_be_asked_whoever_reads_the_state_is_told_so(tmp_path: Path) -> None:
    found = git_places(tmp_path, {})
    with mock.patch.object(OtherPlaces, "_remotes_with", side_effect=StateError("no network")):
        assert found.at_remote() is None
    assert places(tmp_path, {}).at_remote() is None


@each_of(
    ("beside", "missing", "commands"),
    [
        ({"news": USED}, ["news"], ["news"]),
        (
            {"d": USED, "b": USED, "a": USED, "c": USED, "0-moved": TO_TWO, "0-ended": ENDED},
            ["d", "b", "a", "c", "0-moved", "0-ended"],
            ["a", "b", "c"],
        ),
        ({"news": USED}, [], []),
    ],
)
def test_a_calendar_that_may_have_been_renamed_is_told_how_to_bring_its_state(
    tmp_path: Path, beside: dict[str, State], missing: list[str], commands: list[str]
) -> None:
    found = git_places(tmp_path, {}, beside=beside, history=["state: one", "state: git:states"])
    with mock.patch.object(Checkouts, "missing", return_value=missing):
        _, hint = error_of(found)
    lines = [line for line in hint.splitlines() if line.startswith("If this calendar was renamed")]
    assert lines == [
        f"If this calendar was renamed, move its state: publer-sync state mv calendar --from {name}"
        for name in commands
    ]

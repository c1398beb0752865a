"""What `forget` and `forget --all` let go of, what has to be finished first, and what stays of it for the log."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands import forget as forget_command
from publer_sync.commands import forget_all
from publer_sync.commands.forget import (
    ForgetRequest,
    Forgetting,
    PlannedForget,
    forgettable,
    forgotten_posts,
)
from publer_sync.commands.forget_all import LeaveRequest, Leaving, PlannedLeave
from publer_sync.commands.reaching import identity
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.copies import Copy, End
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount, Moved, State
from publer_sync.ledger.store import open_store
from publer_sync.publer.reader import PublerReader
from publer_sync.render.forget import LeftCalendar
from publer_sync.values.content import Revision
from publer_sync.values.errors import StateError, UsageError
from tests.builders import EARLIER, LAST, LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, sent, wanted
from tests.commands.reached import SERVICE, reached, stand_in
from tests.commands.side_by_side import SideBySide, text
from tests.system.worlds import ACCOUNTS, DAY, T
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.commands.reaching.access import Access
    from publer_sync.values.model import Post
    from tests.system.worlds import World

HELLO = copy_of(wanted(SOON, "Hello", id="hello"))
ALSO = copy_of(wanted(SOON, "Hello", account=LINKEDIN, id="hello"), 2, post_id="p-2")
UNNAMED = copy_of(wanted(LATER, "Unnamed"), 3, post_id="p-3")
GONE = replace(copy_of(wanted(LATER, "Gone", id="gone"), 4, post_id="p-4"), account="a-left")
ALL = ledger(
    HELLO,
    ALSO,
    UNNAMED,
    GONE,
    accounts={"a-left": KnownAccount("twitter", X.name), "a-far": KnownAccount("linkedin", "Far")},
)
NEWS = replace(ledger(copy_of(wanted(LAST, "News"), 9, post_id="p-9")), calendar="news")
X_SOON, X_LATER, X_LAST = "x@2026-11-24T16:20", "x@2026-11-24T18:20", "x@2026-11-24T20:20"


def session(folder: Path, state: State | None, *desired: Post, **more: Any) -> Any:
    return SimpleNamespace(access=reached(folder, state, **more), desired=desired)


@each_of(
    ("names", "found"),
    [
        (("hello",), [2, 1]),
        (("hello", X_SOON), [2, 1]),
        ((X_SOON,), [1]),
        ((X_LATER, "hello"), [2, 1, 3]),
        (("linkedin@2026-11-24T16:20",), [2]),
        (("gone",), [4]),
    ],
)
def test_a_name_means_a_post_on_every_account_and_a_minute_the_one_there(
    tmp_path: Path, names: tuple[str, ...], found: list[int]
) -> None:
    _, entries = forgettable(session(tmp_path, ALL), names)
    assert [entry.newest.key for entry in entries] == found


def test_a_use_of_a_stored_post_is_named_by_its_id(tmp_path: Path) -> None:
    use = replace(HELLO, id="tip@2026-11-24")
    _, entries = forgettable(session(tmp_path, ledger(use, UNNAMED)), ["tip@2026-11-24"])
    assert [entry.newest.key for entry in entries] == [1]


def test_a_minute_of_an_account_that_was_connected_again_means_the_post_there(tmp_path: Path) -> None:
    others = (replace(GONE, key=key, entry=key, account=name) for key, name in ((2, "a-far"), (3, "a-new")))
    state = ledger(GONE, *others, accounts=dict(ALL.accounts))
    _, entries = forgettable(session(tmp_path, state), [X_LATER])
    assert [entry.newest.account for entry in entries] == ["a-left"]


@each_of(
    ("state", "name", "told"),
    [
        (None, "hello", "nothing is managed here: there is no state yet"),
        (ALL, "other", '"other" is not managed here'),
        (ALL, X_LAST, f'"{X_LAST}" is not managed here'),
        (ALL, "nobody@2026-11-24T16:20", 'there is no post and no account "nobody" here'),
        (ledger(replace(HELLO, post_id=None, lapsed=True)), "hello", '"hello" is not managed here'),
        (ledger(sent(wanted(SOON, id="hello"))), "hello", 'an apply has not finished with "hello" on x'),
        (ledger(sent(wanted(SOON))), X_SOON, "an apply has not finished with x@2026-11-24T16:20:00Z"),
        (
            ledger(HELLO, replace(HELLO, key=2, slot=LATER, post_id="p-2", entry=1)),
            "hello",
            'an apply has not finished with "hello" on x',
        ),
        (
            ledger(replace(HELLO, revising=Revision("Other"))),
            "hello",
            'an apply has not finished with "hello" on x',
        ),
        (
            ledger(replace(GONE, post_id=None, requested_at=NOW, seen=None, verified_at=None)),
            "gone",
            'an apply has not finished with "gone" on ',
        ),
    ],
)
def test_what_nobody_manages_or_an_apply_has_to_finish_stays(
    tmp_path: Path, state: State | None, name: str, told: str
) -> None:
    with pytest.raises(UsageError) as error:
        forgettable(session(tmp_path, state), [name])
    assert told in error.value.message


@each_of(
    "of_account_that_left",
    [
        replace(GONE, revising=Revision("Other")),
        replace(GONE, removing_at=NOW - DAY),
    ],
)
def test_what_no_apply_can_finish_any_more_can_be_forgotten(
    tmp_path: Path, of_account_that_left: Copy
) -> None:
    state = ledger(of_account_that_left, accounts=dict(ALL.accounts))
    assert len(forgettable(session(tmp_path, state), ["gone"])[1]) == 1


def test_nothing_is_forgotten_while_a_hold_waits_here(tmp_path: Path) -> None:
    asked = session(tmp_path, ALL)
    asked.access.store.waiting = lambda: (Hold("Storm", NOW),)
    for forgets in (
        partial(forgettable, asked, ["hello"]),
        partial(forget_all._state, asked.access, named=False),
        partial(forget_all._state, replace(asked.access, name="news"), named=True),
    ):
        with pytest.raises(StateError, match="a hold waits on this machine"):
            forgets()


@each_of("name", ["calendar", "news"])
def test_no_state_ends_whose_branch_lacks_what_was_written_to_it(tmp_path: Path, name: str) -> None:
    access: Any = replace(reached(tmp_path, ALL), name=name)
    access.store.lost = lambda: StateError("something was lost")
    with pytest.raises(StateError, match="something was lost"):
        forget_all._state(access, named=False)


def test_where_nobody_can_be_asked_no_calendar_is_read() -> None:
    for run in (
        partial(forget_command.run, request=ForgetRequest(("hello",))),
        partial(forget_all.run, request=LeaveRequest()),
    ):
        with pytest.raises(UsageError, match="nobody can answer here"):
            run(Choice(), style="text")


@each_of(
    ("post", "stays"),
    [
        (wanted(LATER, "Other words", id="hello"), True),
        (wanted(SOON, "Other words", id="other"), True),
        (wanted(LATER, "Hello", id="other"), True),
        (wanted(LATER, "Other words", id="other"), False),
        (wanted(SOON, "Hello", account=LINKEDIN, id="hello"), False),
    ],
)
def test_what_the_next_apply_would_adopt_again_is_not_forgotten(
    tmp_path: Path, post: Post, stays: bool
) -> None:
    asked = session(tmp_path, ledger(HELLO), post)
    if not stays:
        assert len(forgettable(asked, ["hello"])[1]) == 1
        return
    with pytest.raises(UsageError, match='"hello" on x is still in the calendar'):
        forgettable(asked, ["hello"])


def test_posts_without_ids_are_not_the_same_for_having_none(tmp_path: Path) -> None:
    asked = session(tmp_path, ledger(UNNAMED), wanted(SOON, "Other"))
    assert len(forgettable(asked, [X_LATER])[1]) == 1


def test_what_is_forgotten_is_in_the_log_and_nothing_else_of_it_is_left(tmp_path: Path) -> None:
    asked = session(tmp_path, ALL)
    state, entries = forgettable(asked, ["hello"])
    work = Forgetting(ForgetRequest(("hello",)), Connections(PublerReader), "text")
    work.carry_out(PlannedForget(asked, state, tuple(entries), forgotten_posts((), asked.access)))
    after = asked.access.store.read()
    assert [copy.key for copy in after.copies.values()] == [3, 4]
    [run] = after.runs
    assert [
        (line.action, line.account, line.at, line.id, line.outcome, line.entry) for line in run.lines
    ] == [
        ("forget", LINKEDIN.id, SOON, "hello", "applied", 2),
        ("forget", X.id, SOON, "hello", "applied", 1),
    ]


@each_of(
    ("copies", "note"),
    [
        ((UNNAMED,), "1 post forgotten. Publer keeps it; nothing was sent."),
        ((HELLO, ALSO), "1 post (on 2 accounts) forgotten. Publer keeps it; nothing was sent."),
        ((HELLO, UNNAMED), "2 posts forgotten. Publer keeps them; nothing was sent."),
        ((HELLO.ending(End.REMOVED, NOW),), "1 post forgotten. Nothing was sent."),
    ],
)
def test_how_many_posts_publer_keeps_is_said(tmp_path: Path, copies: tuple[Any, ...], note: str) -> None:
    asked = session(tmp_path, ALL)
    posts = forgotten_posts(copies, asked.access)
    work = Forgetting(ForgetRequest(("hello",)), Connections(PublerReader), "text")
    planned = PlannedForget(asked, ALL, (), posts)
    assert work.end(planned, None).note == note
    shown = work.proposal(planned)
    assert (shown.note, bool(shown.text), shown.document) == ("Nothing was changed.", True, None)
    work.style = "json"
    told: Any = json.loads(json.dumps(work.proposal(planned).document))
    assert (len(told["forgotten"]), told["written"]) == (len(copies), False)


# --- all of a calendar ------------------------------------------------------------------------------------------------

HELD = replace(HELLO, held=True).ending(End.REMOVED, NOW)
ON_HOLD = ledger(HELD, UNNAMED, holds=(Hold("Storm", NOW),))
HOLDS = "hold: {reason: Strike}\n"


@each_of(
    ("state", "settings", "more", "told", "hint"),
    [
        (
            ON_HOLD,
            "",
            {},
            "calendar is on hold: 1 post would stay out",
            "Release first: publer-sync release. ",
        ),
        (
            ledger(HELLO),
            HOLDS,
            {},
            "calendar is on hold: 0 posts",
            "Remove `hold` from publer.yaml and apply",
        ),
        (ON_HOLD, "", {"gone": True}, "calendar is on hold: 1 post", "If they are to stay out: --drop-holds"),
        (
            ledger(sent(wanted(SOON)), sent(wanted(LATER), 2)),
            "",
            {},
            "an apply has not finished with 2 posts",
            "Run this first, it finds out what became of them: publer-sync apply",
        ),
    ],
)
def test_what_is_on_hold_or_under_way_is_not_left_behind(
    tmp_path: Path, state: State, settings: str, more: dict[str, Any], told: str, hint: str
) -> None:
    access = reached(tmp_path, state, settings=settings)
    with pytest.raises(UsageError) as error:
        forget_all._check(state, access, Choice(accounts=("x",)), LeaveRequest(), **{"gone": False, **more})
    assert told in error.value.message
    assert (error.value.hint or "").startswith(hint)
    assert "--account" not in (error.value.hint or "")


@each_of(
    ("state", "settings", "request_", "gone"),
    [
        (ON_HOLD, "", LeaveRequest(drop_holds=True), False),
        (ledger(HELLO), HOLDS, LeaveRequest(drop_holds=True), False),
        (ledger(HELLO), HOLDS, LeaveRequest(), True),  # the settings are another calendar's
        (ledger(sent(wanted(SOON))), "", LeaveRequest(), True),
        (replace(ON_HOLD, moved=Moved("news", "there")), "", LeaveRequest(), False),
        (ledger(HELLO), "", LeaveRequest(), False),
    ],
)
def test_everything_else_may_end(
    tmp_path: Path, state: State, settings: str, request_: LeaveRequest, gone: bool
) -> None:
    forget_all._check(state, reached(tmp_path, None, settings=settings), Choice(), request_, gone=gone)


def test_only_what_would_be_published_later_is_on_hold(tmp_path: Path) -> None:
    out = (replace(HELD, slot=slot, key=key, entry=key) for key, slot in ((2, EARLIER), (7, NOW)))
    published = (replace(HELD, key=5, entry=5), copy_of(wanted(SOON), 6, entry=5).ending(End.PUBLISHED, NOW))
    state = ledger(HELD, *out, UNNAMED, *published)
    assert [copy.key for copy in forget_all._held(state, reached(tmp_path))] == [1]


@each_of(
    ("copies", "ahead"),
    [
        ((UNNAMED, ALSO, HELLO), [2, 1, 3]),
        ((HELLO, replace(HELLO, key=2, post_id="p-2", slot=LATER, entry=1)), [2]),
        ((HELD,), []),
        ((replace(HELLO, held=True),), []),
        ((replace(HELLO, post_id=None),), []),
        ((copy_of(wanted(EARLIER)),), []),
        ((copy_of(wanted(NOW)),), []),
        ((copy_of(wanted(EARLIER, draft=True)),), [1]),
    ],
)
def test_of_each_post_on_an_account_the_newest_that_publer_has_is_ahead(
    tmp_path: Path, copies: tuple[Any, ...], ahead: list[int]
) -> None:
    access = reached(tmp_path)
    assert [copy.key for copy in forget_all._ahead(ledger(*copies), access)] == ahead


def left(access: Access[Any], state: State) -> PlannedLeave:
    posts = forgotten_posts(forget_all._ahead(state, access), access)
    return PlannedLeave(access, state, LeftCalendar("calendar", "here", posts))


def test_what_stays_for_the_log_names_the_posts_and_has_none(tmp_path: Path) -> None:
    access = reached(tmp_path, ALL)
    rest = left(access, ALL).rest
    assert rest is not None
    assert (rest.copies, rest.ended) == ({}, NOW)
    assert [(line.action, line.id) for line in rest.runs[-1].lines] == [
        ("forget", "hello"),
        ("forget", "hello"),
        ("forget", "gone"),
        ("forget", None),
    ]
    assert left(access, replace(ALL, moved=Moved("news", "there"))).rest is None
    assert left(replace(access, lineage=None), ALL).rest is None


@each_of(
    ("name", "told"),
    [(None, "Now stop what applies"), ("calendar", "The old state is in ")],
)
def test_the_state_is_kept_aside_and_what_applies_the_calendar_has_to_stop(
    tmp_path: Path, name: str | None, told: str
) -> None:
    access = reached(tmp_path, ALL)
    planned = left(access, ALL)
    work = Leaving(LeaveRequest(name), Connections(PublerReader), "text")
    with access.store.lock(1):
        backup = work.carry_out(planned)
    assert backup.name == "forgotten-20261124T132000Z.json"
    assert (backup.is_file(), access.store.read()) == (True, None)
    note = work.end(planned, backup).note
    assert note.startswith(
        f"Forgotten: 3 posts (on 3 accounts) ahead. Nothing was sent. The old state is in {backup}"
    )
    assert told in note
    assert ("Now stop" in note) is (name is None)
    shown = work.proposal(planned)
    assert (shown.note, bool(shown.text)) == ("Nothing was changed.", True)
    work.style = "json"
    for ending, file in ((work.proposal(planned), None), (work.end(planned, backup), backup.as_posix())):
        assert json.loads(json.dumps(ending.document))["backup"] == file


@each_of("named, found", [(True, True), (False, False)])
def test_the_marker_of_a_state_that_moved_ends_by_its_name(tmp_path: Path, named: bool, found: bool) -> None:
    access = reached(tmp_path, replace(ALL, moved=Moved("news", "there")))
    if found:
        assert forget_all._state(access, named=named).moved is not None
        return
    with pytest.raises(StateError):
        forget_all._state(access, named=named)


def test_where_there_is_no_state_those_that_are_there_and_have_no_folder_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = reached(tmp_path)
    with pytest.raises(UsageError) as error:
        forget_all._state(access, named=False)
    assert error.value.message.startswith("there is no state of calendar in ")
    assert error.value.hint == "Name one that is there, or another place with --state."
    with monkeypatch.context() as patched:
        patched.setattr(forget_all, "_names", lambda _: ["acme", "bank", "news"])
        patched.setattr(forget_all, "folder_of", lambda name, *_: tmp_path if name == "bank" else None)
        hint = forget_all._unknown("nobody", reached(tmp_path)).hint
    assert hint == "Name one that is there, or another place with --state. It has: acme, news."


def test_a_folder_has_a_part_for_each_calendar_and_a_file_one(tmp_path: Path) -> None:
    access: Any = reached(tmp_path, ALL)
    news = open_store(
        None,
        top=access.calendar.top,
        service=SERVICE,
        workspace_id=access.workspace.id,
        calendar="news",
        clock=access.clock,
    )
    with news.lock(1):
        news.write(NEWS)
    assert forget_all._names(access) == ["news"]
    for path, names in ((tmp_path / "calendar.json", ["news"]), (tmp_path / "none.json", [])):
        store = FileStore(path, clock=access.clock)
        if names:
            with store.lock(1):
                store.write(NEWS)
        assert forget_all._names(replace(access, store=store)) == names
    beside = stand_in(states={"news": NEWS}, unreadable=["acme"])
    on_branch: Any = stand_in(managed_elsewhere=lambda: beside)
    assert forget_all._names(replace(access, store=on_branch)) == ["acme", "news"]


def test_what_ends_is_the_state_of_the_calendar_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access: Any = reached(tmp_path, ALL)
    assert forget_all._state(access, named=False).copies == ALL.copies
    store = FileStore(tmp_path / "outside.json", clock=access.clock)
    with store.lock(1):
        store.write(ALL)
    with pytest.raises(StateError, match="belongs to the calendar calendar"):
        forget_all._state(replace(access, name="other", store=store), named=True)
    monkeypatch.setattr(identity, "error_of", lambda *_: StateError("the folder is a copy"))
    with pytest.raises(StateError, match="the folder is a copy"):
        forget_all._state(access, named=False)
    with store.lock(1):
        store.write(NEWS)
    of_other = forget_all._state(replace(access, name="news", store=store), named=True)
    assert of_other.copies == NEWS.copies, "it has no folder, so this is none of its copies"


def test_what_was_published_early_does_not_count_as_kept_out_by_a_hold(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)
    held = Copy(1, ACCOUNTS["x"], T, text("One"), id="one", held=True, removed=True, post_id="a" * 24)
    out = replace(
        held, key=2, entry=2, id="early", post_id="b" * 24, end=End.PUBLISHED, ended_at=T - 40 * DAY
    )
    pair.applied("acme", copies={1: held, 2: out}, next_key=3, holds=(Hold("Storm", T - 40 * DAY),))
    ran = pair.run("forget", "--all", "--calendar", "acme", "--yes")
    assert (ran.code, "acme is on hold: 1 post would stay out of Publer" in ran.stderr) == (64, True), ran

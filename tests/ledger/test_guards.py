"""Guards of the ledger with the scene that goes red without each: what claims a post, proves that it was published, or is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.ledger.accounting import account
from publer_sync.ledger.announcing import announced
from publer_sync.ledger.attribution import attribute, tidy
from publer_sync.ledger.contact import Contact, Kind, seen_of
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.elsewhere import Elsewhere, clash, owner_of_new
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.handing_over import _together
from publer_sync.ledger.hold import Hold, joined_holds
from publer_sync.ledger.idle import SAME_FOR, ran_again_alone
from publer_sync.ledger.journal import Journal
from publer_sync.ledger.last_read import LastRead
from publer_sync.ledger.part_list import PartList
from publer_sync.ledger.relocating import relocate
from publer_sync.ledger.rewriting import same_link, same_words, signed
from publer_sync.ledger.runs import (
    MOST_LINES,
    MOST_RUNS,
    RunLine,
    RunRecord,
    only_ran_again,
    signed_in,
    with_run,
)
from publer_sync.ledger.signing import UNSIGNED, Keys
from publer_sync.ledger.state import Moved, State, dumps
from publer_sync.ledger.store import check, is_single
from publer_sync.values.content import Content
from publer_sync.values.errors import StateError
from publer_sync.values.model import MINUTE
from tests.builders import DAY, HOUR, LATER, NOW, SECOND, SOON, X, copy_of, ledger, sent, shown, wanted
from tests.ledger.builders import SERVICE, QuickClock, a_state
from tests.ledger.test_store import opened
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.place import Store
    from publer_sync.values.model import LivePost

POST = wanted(SOON)
OURS, LIVE = copy_of(POST), shown(SOON)


# --- what was published -----------------------------------------------------------------------------------------------


def accounted(
    *copies: Copy, live: tuple[LivePost, ...] = (), others: tuple[Copy, ...] = ()
) -> dict[int, End | None]:
    theirs = [copy.post_id for copy in others if copy.post_id]
    state = ledger(*copies)
    after = account(state, live, account_ids=[X.id], now=NOW, poll_seconds=2, others=others, theirs=theirs)
    return {key: copy.end for key, copy in after.copies.items()}


def test_a_listed_copy_takes_no_published_post_from_one_that_is_gone() -> None:
    late = copy_of(wanted(NOW - 10 * MINUTE), 1, post_id="p-1", verified_at=NOW - DAY)
    gone = copy_of(wanted(NOW - 30 * MINUTE), 2, post_id="p-2", verified_at=NOW - DAY)
    live = (shown(NOW - 10 * MINUTE, id="p-1"), shown(NOW - 12 * MINUTE, id="f-9", state="published"))
    assert accounted(late, gone, live=live) == {1: None, 2: End.PUBLISHED}


def test_what_is_proved_already_takes_no_hint_from_another() -> None:
    at = NOW - 2 * HOUR
    proved = copy_of(wanted(at, "Hello"), 1, verified_at=NOW - DAY)
    unproved = copy_of(wanted(at - 5 * MINUTE, "Other"), 2, post_id="p-2", verified_at=NOW - DAY)
    live = (
        shown(at, "Hello", id="f-1", state="published"),
        shown(at + MINUTE, "Whatever", id="f-2", state="published"),
    )
    assert accounted(proved, unproved, live=live) == {1: End.PUBLISHED, 2: End.MAYBE_PUBLISHED}


@each_of(
    ("row", "end"),
    [
        ({}, End.MAYBE_PUBLISHED),
        ({"account_id": ""}, End.MAYBE_PUBLISHED),
        ({"account_id": "a-else"}, End.GONE),
        ({"unread": ""}, End.GONE),
        ({"id": "p-2"}, End.GONE),
    ],
)
def test_what_vanished_may_be_a_row_that_cannot_be_read_unless_a_copy_has_it(
    row: dict[str, Any], end: End
) -> None:
    gone = copy_of(wanted(NOW - 2 * HOUR), 1, verified_at=NOW - DAY)
    known = copy_of(wanted(SOON, "Known"), 2, post_id="p-2")
    there = (
        replace(LIVE, **{"at": None, "text": "", "id": "p-7", "unread": "its time is none", **row})
        if "unread" not in row
        else replace(LIVE, at=SOON, text="Else", id="p-7")
    )
    live = (there,) if row.get("id") else (there, shown(SOON, "Known", id="p-2"))
    assert accounted(gone, known, live=live)[1] is end


def test_what_cannot_be_read_changes_nothing_of_what_is_known() -> None:
    row = replace(LIVE, at=None, text="", unread="its time is none")
    after = attribute(ledger(OURS), [row], now=NOW, poll_seconds=2)
    assert after.copies[1] == OURS


@pytest.mark.parametrize(
    ("other", "back"),
    [
        pytest.param({"lapsed": True}, {}, id="the one between never came"),
        pytest.param({"refused": "bad state"}, {"refused": "minute taken"}, id="Publer says that none came"),
        pytest.param({"lapsed": True}, {"lapsed": True}, id="both have settled"),
    ],
)
def test_a_post_that_was_sent_again_as_it_was_takes_what_turns_up_from_the_one_between(
    other: dict[str, Any], back: dict[str, Any]
) -> None:
    """First as it was, then otherwise, and then put back: what shows is the one that was put back."""
    first = sent(wanted(SOON, "Hello"), 1, job_id="j-1").ending(End.REMOVED, NOW)
    between = replace(sent(wanted(SOON, "Hello", labels=["x"]), 2, job_id="j-2", entry=1), **other)
    again = replace(sent(wanted(SOON, "Hello"), 3, job_id="j-3", entry=1), **back)
    state = ledger(first, between, again)
    after = attribute(state, [shown(SOON, "Hello", id="p-9")], now=NOW, poll_seconds=2)
    assert [copy.key for copy in after.copies.values() if copy.post_id == "p-9"] == [3]


def test_what_has_not_ended_is_not_forgotten_beside_what_has() -> None:
    old = copy_of(wanted(NOW - 100 * DAY)).ending(End.PUBLISHED, NOW - 99 * DAY)
    state = ledger(old)
    tidy(state, now=NOW)
    assert state.copies[1].sent == Content()
    state = ledger(old, copy_of(wanted(NOW - 100 * DAY), 2, post_id="p-2", entry=1))
    tidy(state, now=NOW)
    assert state.copies[2].sent != Content()


# --- what it has seen of Publer ------------------------------------------------------------------------------------------


def test_one_doubt_that_is_settled_leaves_the_other() -> None:
    contact = Contact(doubts={"create": 1, "draft": 2})
    assert contact.without_doubt("create").doubts == {"draft": 2}


@each_of(
    ("more", "seen"),
    [
        ({}, {Kind.CREATE}),
        ({"sent": wanted(SOON, draft=True).content}, {Kind.DRAFT}),
        ({"post_id": None}, set()),
        ({"verified_at": None}, set()),
        ({"alone": True}, set()),
        ({"sent": Content()}, set()),
    ],
)
def test_a_kind_is_seen_by_a_copy_that_a_list_showed(more: dict[str, Any], seen: set[Kind]) -> None:
    assert seen_of(Contact(), [replace(OURS, **more)]) == seen


def test_only_what_may_have_been_published_is_that() -> None:
    [entry] = ledger(OURS.ending(End.GONE, NOW)).entries().values()
    assert entry.maybe_published is None
    [entry] = (
        ledger(OURS.ending(End.GONE, NOW), replace(OURS, key=2, entry=1).ending(End.MAYBE_PUBLISHED, NOW))
        .entries()
        .values()
    )
    assert entry.maybe_published is not None
    assert entry.maybe_published.key == 2


# --- other calendars ---------------------------------------------------------------------------------------------------------


def test_what_was_never_found_is_nobodys_by_its_id() -> None:
    theirs = Elsewhere.of({"acme": ledger(replace(sent(POST), lapsed=True))})
    assert theirs.ids == frozenset()


@each_of(
    ("theirs", "before", "clashes"),
    [
        ((copy_of(POST),), (), True),
        ((copy_of(POST),), (copy_of(POST),), False),
        ((sent(POST),), (), True),
        ((sent(POST),), (sent(POST),), False),
        ((sent(POST).ending(End.NEVER_CAME, NOW),), (), False),
        ((sent(wanted(SOON, "Other")),), (), False),
        ((sent(wanted(LATER)),), (), False),
        ((sent(wanted(SOON, draft=True)),), (), False),
        ((copy_of(POST, post_id="p-9"),), (), False),
    ],
)
def test_two_parts_clash_where_one_has_come_to_know_what_the_other_has_or_waits_for(
    theirs: tuple[Copy, ...], before: tuple[Copy, ...], clashes: bool
) -> None:
    known = ledger(*before) if before else None
    assert clash(ledger(OURS), known, ledger(*theirs)) is clashes


def test_other_parts_are_read_only_for_what_is_new() -> None:
    def nobody() -> Elsewhere:
        raise AssertionError

    lapsed = replace(sent(POST, 2), lapsed=True)
    assert owner_of_new(ledger(OURS, lapsed), ledger(OURS, lapsed), nobody) is None
    assert (
        owner_of_new(ledger(OURS), None, lambda: Elsewhere.of({"acme": ledger(copy_of(POST, 5))})) == "acme"
    )
    assert (
        owner_of_new(ledger(OURS), ledger(lapsed), lambda: Elsewhere.of({"acme": ledger(copy_of(POST, 5))}))
        == "acme"
    )
    assert (
        owner_of_new(ledger(sent(POST)), None, lambda: Elsewhere.of({"acme": ledger(sent(POST, 5))}))
        == "acme"
    )
    ended = ledger(sent(POST, 5).ending(End.NEVER_CAME, NOW))
    assert owner_of_new(ledger(sent(POST)), None, lambda: Elsewhere.of({"acme": ended})) is None
    assert owner_of_new(ledger(sent(POST).ending(End.NEVER_CAME, NOW)), None, nobody) is None


# --- runs ------------------------------------------------------------------------------------------------------------------------

LINE = RunLine("create", X.id, SOON, "one", "applied", entry=1)


def run(number: int, *lines: RunLine, **more: Any) -> RunRecord:
    return RunRecord(NOW + number * SECOND, more.pop("command", "apply"), lines=lines, **more)


def test_a_run_takes_the_place_of_what_was_noted_of_it_and_of_one_that_did_nothing() -> None:
    begun, other = run(1, LINE), run(2, LINE)
    assert with_run((begun, other), run(1)) == (other, run(1))
    assert with_run((run(1),), run(2)) == (run(2),)
    assert with_run((run(1, reason="a storm"),), run(2)) == (run(1, reason="a storm"), run(2))
    assert with_run((run(1, command="hold"),), run(2)) == (run(1, command="hold"), run(2))


def test_the_oldest_runs_go_once_there_are_too_many_or_too_many_lines() -> None:
    many = tuple(run(n, LINE) for n in range(MOST_RUNS))
    kept = with_run(many, run(MOST_RUNS, LINE))
    assert (len(kept), kept[0]) == (MOST_RUNS, many[1])
    long = run(0, *[LINE] * MOST_LINES)
    assert with_run((long,), run(1, LINE)) == (run(1, LINE),)
    assert with_run((), run(0, *[LINE] * (MOST_LINES + 1))) != ()


@each_of(
    ("before", "after", "same"),
    [
        ((run(1),), (run(2),), True),
        ((), (run(2),), False),
        ((run(1),), (), False),
        ((run(1),), (run(2, LINE),), False),
        ((run(0), run(1)), (run(2),), False),
        ((run(1),), (run(2, command="release"),), False),
    ],
)
def test_a_run_that_did_nothing_on_the_same_files_ran_only_again(before: Any, after: Any, same: bool) -> None:
    assert only_ran_again(before, after) is same


def test_only_a_line_with_a_yes_says_who_signed() -> None:
    yes = replace(LINE, signed=("kari",))
    assert signed_in([run(1, yes), run(2, LINE)]) == {1: ("kari",)}


def test_runs_of_both_sides_are_kept_but_one_that_was_written_anew() -> None:
    first, ours, theirs = run(1), run(2), run(3)
    assert _together((first, ours), (first,), (first, theirs)) == (first, ours, theirs)
    changed = run(1, LINE)
    assert _together((changed,), (first,), (first, theirs)) == (changed, theirs)


def ended(at: Any, *, good: bool = True, copy: Copy = OURS, lines: tuple[RunLine, ...] = ()) -> State:
    return ledger(
        copy,
        last_apply=at,
        last_good_apply=at if good else None,
        runs=(RunRecord(at or NOW, "apply", lines=lines),),
    )


@each_of(
    ("before", "after", "alone"),
    [
        (ended(NOW), ended(NOW + HOUR), True),
        (ended(NOW), ended(NOW + HOUR, copy=replace(OURS, verified_at=NOW)), True),
        (None, ended(NOW), False),
        (ended(NOW), ended(None), False),
        (ended(None), ended(NOW), False),
        (ended(NOW), ended(NOW + SAME_FOR), False),
        (ended(NOW), ended(NOW - SECOND), False),
        (ended(NOW, good=False), ended(NOW + HOUR), False),
        (ended(NOW), ended(NOW + HOUR, good=False), False),
        (ended(NOW), ended(NOW + HOUR, lines=(LINE,)), False),
        (ended(NOW), ended(NOW + HOUR, copy=replace(OURS, removed=True)), False),
    ],
)
def test_a_run_that_found_everything_as_it_was_needs_no_note_for_six_hours(
    before: State | None, after: State, alone: bool
) -> None:
    kept = dumps(before).encode() if before is not None else None
    assert ran_again_alone(kept, after, "the place", UNSIGNED) is alone


# --- links and signatures --------------------------------------------------------------------------------------------------------


def test_a_text_equals_itself_and_words_are_needed_for_anything_else() -> None:
    assert same_words("🚀", "🚀\n")
    assert same_words("https://a.example/b", "https://a.example/b")
    assert same_link("https://a.example/b?c=1", "https://a.example/b?c=1/")
    assert not signed("https://a.example/b", "https://a.example/b\nmore words")


def test_the_same_hold_again_keeps_the_time_of_the_first_and_what_both_left_alone() -> None:
    first, again = (
        Hold("a storm", NOW, left_alone=frozenset({"f-1"})),
        Hold("a storm", NOW + HOUR, left_alone=frozenset({"f-2"})),
    )
    [hold] = joined_holds([first], [again])
    assert (hold.since, hold.left_alone) == (NOW, frozenset({"f-1", "f-2"}))
    other = Hold("a flood", NOW)
    assert joined_holds([first], [other]) == (first, other)
    assert joined_holds([other, first], [again])[0].left_alone == frozenset()


# --- places --------------------------------------------------------------------------------------------------------------------------


def test_only_what_somebody_edited_is_shown_in_an_announcement() -> None:
    told = json.loads(announced(Hold("a storm", NOW), {"p-1": None, "p-2": Seen(SOON, "By hand")}))
    assert told["removing"] == ["p-1", "p-2"]
    assert told["shown"].keys() == {"p-2"}


def test_a_folder_in_place_of_the_file_is_named_and_one_above_that_is_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "state.json").mkdir()
    with pytest.raises(StateError, match="it is not a file"):
        FileStore(tmp_path / "state.json", clock=QuickClock()).read()
    (tmp_path / "a").write_text("a file")
    with pytest.raises(StateError, match="is a file, not a folder"):
        FileStore(tmp_path / "a" / "state.json", clock=QuickClock()).check_writable()


def test_without_git_nothing_is_kept_of_a_branch(tmp_path: Path) -> None:
    last = LastRead(tmp_path, "state", "ws1/acme.json")
    last.keep(b"x")
    assert last.read() is None
    assert last.waiting() == {}
    with pytest.raises(FileNotFoundError):
        last.wait(b"x")


def test_only_holds_wait_for_a_branch(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    last = LastRead(tmp_path, "state", "ws1/acme.json")
    last.keep(b"x")
    assert last.read() is None or last.waiting() == {}
    name = last.wait(b"hold")
    assert last.waiting() == {name: b"hold"}
    last.drop()
    assert last.waiting() == {}


def test_a_list_of_parts_that_is_not_one_is_refused() -> None:
    for document in (b"{}", b'{"parts": [1]}', b"\xff"):
        with pytest.raises(StateError, match="is damaged"):
            PartList(document, frozenset(), "the place").listed(UNSIGNED)


def test_an_id_that_is_the_same_changes_no_copy() -> None:
    state = ledger(replace(OURS, id="one"), replace(OURS, key=2, entry=1, id="other"))
    state.identify(state.copies[1], "one")
    assert state.copies[2].id == "other"
    state.identify(state.copies[1], "two")
    assert {copy.id for copy in state.copies.values()} == {"two"}


@each_of(
    ("place", "kind"),
    [
        ("state.json", "FileStore"),
        ("ledger", "FolderStore"),
        ("git:state", "GitStore"),
        ("", ""),
        ("https://x", ""),
    ],
)
def test_a_place_says_by_its_name_what_it_is(place: str, kind: str, tmp_path: Path) -> None:
    if kind:
        assert type(opened(place, tmp_path)).__name__ == kind
    else:
        with pytest.raises(StateError, match="is not a place for the state"):
            opened(place, tmp_path)


def test_a_state_that_was_moved_is_refused_with_where_it_went(tmp_path: Path) -> None:
    state = State(SERVICE, "ws1", "acme")
    check(state, service=SERVICE, workspace_id="ws1", calendar="acme", top=tmp_path)
    with pytest.raises(StateError, match="was moved to the name client in git:state"):
        check(
            replace(state, moved=Moved("client", "git:state")),
            service=SERVICE,
            workspace_id="ws1",
            calendar="acme",
            top=tmp_path,
        )
    assert HOUR


def part(root: Path, calendar: str = "acme", **more: Any) -> FolderStore:
    return FolderStore(root / "ws1", calendar, root=root, clock=QuickClock(), **more)


def put(root: Path, calendar: str, mark: str = "") -> None:
    store = part(root, calendar)
    store.read()
    with store.lock(0):
        store.write(a_state(mark, calendar))


def test_a_part_that_is_not_there_is_nobodys(tmp_path: Path) -> None:
    put(tmp_path, "acme")
    store = part(tmp_path)
    assert (store.beside(["ghost"]).states, store.beside(["ghost"]).unreadable) == ({}, {})
    assert store.instead_of("ghost") is None


def test_a_part_that_changed_since_it_was_read_is_not_taken_over(tmp_path: Path) -> None:
    put(tmp_path, "old", "one")
    store = part(tmp_path, "new")
    store.read()
    state = store.instead_of("old")
    assert state is not None
    put(tmp_path, "old", "two")
    with store.lock(0), pytest.raises(StateError, match="took over the state of old meanwhile"):
        store.write(state)
    again = part(tmp_path, "new")
    again.read()
    state = again.instead_of("old")
    assert state is not None
    with again.lock(0):
        again.write(state)
    assert part(tmp_path, "new").names_beside() == []


def test_the_state_of_an_earlier_version_ends_where_it_is(tmp_path: Path) -> None:
    older = tmp_path / "older.json"
    before = FileStore(older, clock=QuickClock())
    with before.lock(0):
        before.write(a_state("one", "acme"))
    store = part(tmp_path, older=(older,))
    assert store.read() is not None
    with store.lock(0):
        store.end(tmp_path / "backup.json", None)
    assert not older.exists()
    assert (tmp_path / "backup.json").exists()


def test_a_place_may_be_in_folders_that_are_yet_to_be_made(tmp_path: Path) -> None:
    FileStore(tmp_path / "new" / "deep" / "state.json", clock=QuickClock()).check_writable()


def test_the_list_of_parts_has_what_was_written_and_loses_what_was_removed(tmp_path: Path) -> None:
    keys = Keys(("a key of a calendar, thirty-two bytes",))
    for calendar in ("acme", "globex"):
        store = part(tmp_path, calendar, keys=keys)
        store.read()
        with store.lock(0):
            store.write(a_state("", calendar))
    assert json.loads((tmp_path / "ws1" / ".parts").read_text())["parts"] == ["acme", "globex"]
    store = part(tmp_path, "globex", keys=keys)
    store.read()
    with store.lock(0):
        store.end(tmp_path / "backup.json", None)
    assert json.loads((tmp_path / "ws1" / ".parts").read_text())["parts"] == ["acme"]


# --- more of places, and of what a copy is ---------------------------------------------------------------------------------------------


def test_a_file_that_another_key_signed_is_read_only_by_who_trusts_it(tmp_path: Path) -> None:
    ours, theirs = (Keys((f"a key of calendar {name}, of thirty-two bytes",)) for name in ("one", "two"))
    store = FileStore(tmp_path / "state.json", clock=QuickClock(), keys=theirs)
    with store.lock(0):
        store.write(a_state("one"))
    other = FileStore(tmp_path / "state.json", clock=QuickClock(), keys=ours)
    with pytest.raises(StateError):
        other.read()
    assert other.read(trusting=True) == a_state("one")


def test_a_damaged_journal_is_moved_aside_under_its_own_name_and_a_second_one_beside_it(
    tmp_path: Path,
) -> None:
    for number in range(2):
        (tmp_path / ".write").write_text("damaged")
        aside = Journal(tmp_path).set_aside()
        assert aside.endswith(".write.damaged") is (number == 0)
    assert Journal(tmp_path).set_aside() == ""
    assert len([*tmp_path.glob(".write.damaged*")]) == 2


class Written:
    """A place that notes what it is given."""

    def __init__(self, *, together: bool = False) -> None:
        self.got: list[State] = []
        self.together = together

    def write(self, state: State) -> None:
        self.got.append(state)

    def write_with(self, state: State, other: Any, theirs: State) -> bool:
        if self.together:
            self.got.append(state)
            other.got.append(theirs)
        return self.together


@pytest.mark.parametrize("together", [False, True])
def test_a_state_that_moves_is_written_at_both_ends(together: bool) -> None:
    source, target, moved, marker = Written(together=together), Written(), a_state("moved"), a_state("marker")
    relocate(cast("Store", source), cast("Store", target), moved, marker)
    assert (source.got, target.got) == ([marker], [moved])
    alone = Written()
    relocate(cast("Store", alone), cast("Store", alone), moved, marker)
    assert alone.got == [moved]


@each_of(
    ("more", "waits"),
    [
        ({"refused": "no"}, True),
        ({}, False),
        ({"refused": "no", "lapsed": True}, False),
        ({"refused": "no", "slot": LATER}, False),
    ],
)
def test_what_publer_refused_waits_to_say_the_same_in_its_minute(more: dict[str, Any], waits: bool) -> None:
    assert replace(sent(POST), **more).waits_to_say(POST.content, SOON) is waits


@each_of(
    ("more", "unseen"),
    [
        ({}, True),
        ({"post_id": "p-1"}, False),
        ({"lapsed": False}, False),
        ({"end": End.NEVER_CAME}, False),
        ({"refused": "no"}, False),
        ({"job_id": None}, False),
        ({"job_id": None, "job_ended_at": NOW}, True),
    ],
)
def test_what_publer_accepted_and_no_list_showed_in_time_is_unseen(
    more: dict[str, Any], unseen: bool
) -> None:
    assert replace(sent(POST, job_id="j-1"), **{"lapsed": True, **more}).unseen is unseen


def test_a_document_says_nothing_of_what_there_is_not() -> None:
    written = json.loads(dumps(ledger(last_apply=None)))
    named = {"holds", "moved", "ended", "home", "files", "span", "signoff", "contact", "runs"}
    assert not named & written.keys()


@each_of(("refused", "end"), [(None, End.NEVER_CAME), ("Too long", End.REFUSED)])
def test_what_no_list_showed_until_its_minute_was_long_past_never_came_or_was_refused(
    refused: str | None, end: End
) -> None:
    lapsed = replace(sent(wanted(NOW - 2 * HOUR), 1, refused=refused), lapsed=True)
    assert accounted(lapsed) == {1: end}


def test_a_link_that_a_list_leaves_empty_is_no_other_link() -> None:
    linked = sent(wanted(SOON, link={"url": "https://a.example"}), 1, job_id="j-1")
    for link, claimed in (("", "p-9"), ("https://a.example", "p-9"), ("https://b.example/other/page", "p-9")):
        live = [shown(SOON, id="p-9", link=link)]
        assert attribute(ledger(linked), live, now=NOW, poll_seconds=2).copies[1].post_id == claimed
    settled = ledger(replace(linked, lapsed=True))
    for link, found in (("", "p-9"), ("https://b.example/other/page", None)):
        live = [shown(SOON, id="p-9", link=link)]
        assert attribute(settled, live, now=NOW, poll_seconds=2).copies[1].post_id == found


def test_a_post_whose_minute_is_now_was_not_seen_ahead() -> None:
    due = copy_of(wanted(NOW), verified_at=NOW - DAY)
    after = attribute(ledger(due), [shown(NOW)], now=NOW, poll_seconds=2)
    assert after.copies[1].verified_at == NOW - DAY


def test_what_ended_at_a_moment_that_nobody_noted_is_forgotten_by_its_minute() -> None:
    state = ledger(replace(copy_of(wanted(NOW - 100 * DAY)), end=End.PUBLISHED, ended_at=None))
    tidy(state, now=NOW)
    assert state.copies[1].sent == Content()


def test_a_file_of_any_name_is_the_ledger_of_one_calendar(
    tmp_path: Path,
) -> None:
    (tmp_path / "ledger").write_text("{}")
    assert is_single(tmp_path / "ledger")
    assert not is_single(tmp_path)
    assert not is_single(tmp_path / "new")


def test_a_run_that_did_nothing_is_noted_after_six_hours() -> None:
    assert timedelta(hours=6) == SAME_FOR

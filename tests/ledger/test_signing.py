"""The state's signature, in both places for it: what it covers, and which states are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.part_list import PARTS
from publer_sync.ledger.relocating import marker_of, relocate
from publer_sync.ledger.signing import UNSIGNED, Keys
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.ledger.store import open_store
from publer_sync.values.errors import StateError, UntrustedStateError
from tests.builders import SOON, copy_of, ledger, wanted
from tests.ledger.builders import SERVICE, QuickClock
from tests.ledger.git_world import BRANCH, World
from tests.ledger.memory import Remote
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.git_store import GitStore
    from publer_sync.ledger.place import Store

KEY, OTHER = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
STATE = ledger(copy_of(wanted(SOON), post_id="p-1"))
SIGNED = dumps(STATE, Keys.of(KEY))


def sealed(body: str) -> str:
    """With the checksum that anyone can make."""
    from publer_sync.ledger.state import _end

    return body + _end(body)


def body_of(document: str) -> str:
    return document.rpartition(',\n"checksum": ')[0]


def refused(document: str, keys: Keys) -> str:
    with pytest.raises(UntrustedStateError) as caught:
        loads(document, "here", keys)
    assert caught.value.exit_code == 1
    text = caught.value.message + str(caught.value.hint)
    assert "--trust-state" in text
    assert not any(key in text for key in (KEY, OTHER))
    return caught.value.code


def test_a_signed_state_reads_back_and_is_json() -> None:
    assert loads(SIGNED, "here", Keys.of(KEY)) == STATE
    assert loads(SIGNED.replace("\n", "\r\n"), "here", Keys.of(KEY)) == STATE
    assert SIGNED.count('"signature": "hmac-sha256:') == 1


@each_of("keys", [f"{KEY},{OTHER}", f" {OTHER} , {KEY}, ", KEY])
def test_any_of_several_keys_verifies_and_the_first_signs(keys: str) -> None:
    assert loads(SIGNED, "here", Keys.of(keys)) == STATE
    assert loads(dumps(STATE, Keys.of(keys)), "here", Keys.of(keys.split(",", maxsplit=1)[0])) == STATE


@each_of(
    ("document", "key", "code"),
    [
        (dumps(STATE), KEY, "state.unsigned"),
        (SIGNED, "", "state.key"),
        (SIGNED, OTHER, "state.signature"),
        (sealed(body_of(SIGNED).replace("p-1", "p-2")), KEY, "state.signature"),
        (sealed(body_of(SIGNED).replace('"calendar": "calendar"', '"calendar": "other"')), KEY, "state.signature"),
        (sealed(body_of(SIGNED) + ',\n"posts": []'), KEY, "state.signature"),
        (sealed(body_of(SIGNED) + body_of(SIGNED)[body_of(SIGNED).index(',\n"signature"') :]), KEY, "state.signature"),
        (sealed(body_of(SIGNED).replace('"signature"', '"Signature"')), KEY, "state.unsigned"),
    ],
)  # fmt: skip
def test_what_was_changed_without_the_key_is_refused(document: str, key: str, code: str) -> None:
    assert refused(document, Keys.of(key)) == code


def test_without_keys_nothing_is_signed() -> None:
    assert dumps(STATE, UNSIGNED) == dumps(STATE)
    assert loads(dumps(STATE), "here", UNSIGNED) == STATE
    assert Keys.of(" , ") == UNSIGNED


def test_a_damaged_state_is_called_damaged_whatever_its_signature() -> None:
    with pytest.raises(StateError) as caught:
        loads(SIGNED.replace("p-1", "p-2"), "here", Keys.of(KEY))
    assert caught.value.code == "state.damaged"


def test_a_key_is_in_no_representation() -> None:
    assert KEY not in repr(Keys.of(KEY))


@pytest.mark.slow
@pytest.mark.parametrize("place", [None, f"git:{BRANCH}"])
def test_both_places_sign_verify_and_accept_once(world: World, place: str | None) -> None:
    top = world.clone / "calendar"

    def store(key: str) -> Store:
        return open_store(
            place,
            top=top,
            service=SERVICE,
            workspace_id="ws1",
            calendar="calendar",
            clock=QuickClock(),
            keys=Keys.of(key),
        )

    store("").write(STATE) if place is None else _first(store(""))
    with pytest.raises(UntrustedStateError):
        store(KEY).read()
    accepting = store(KEY)
    assert accepting.read(trusting=True) == STATE
    accepting.write(STATE)
    text = accepting.path.read_text() if isinstance(accepting, FolderStore) else world.state_text()
    assert "hmac-sha256" in text
    assert store(KEY).read() == STATE
    moving = store(KEY)
    moving.read()
    moved, marker = replace(STATE, calendar="moved"), marker_of(STATE, "moved", place or "")
    there = _place(place, top, KEY)
    there.read()
    relocate(moving, there, moved, marker)
    for wrong in ("", OTHER):
        with pytest.raises(UntrustedStateError):
            _read_moved(place, top, wrong)
    assert _read_moved(place, top, KEY) == replace(STATE, calendar="moved")


def test_a_hold_beside_the_state_needs_no_key_and_lasts_until_someone_with_the_key_writes(
    tmp_path: Path,
) -> None:
    def store(key: str) -> Store:
        keys = Keys.of(key)
        return open_store(
            None, top=tmp_path, service=SERVICE, workspace_id="w", calendar="c", clock=QuickClock(), keys=keys
        )

    hold = Hold("a storm", SOON)
    store(KEY).write(STATE)
    store(KEY).announce(hold)
    assert store(KEY).read() == replace(STATE, holds=(hold,))
    store("").announce(Hold("another storm", SOON))
    last = store(KEY)
    found = last.read()
    assert found is not None
    assert {hold.reason for hold in found.holds} == {"a storm", "another storm"}
    with pytest.raises(UntrustedStateError):
        store("").read()
    last.write(replace(found, holds=()))
    assert store(KEY).read() == replace(STATE, holds=())


# --- which parts there are ------------------------------------------------------------------------------------------------


def parts(root: Path, name: str, key: str = KEY) -> Store:
    """The part of a calendar in a folder, or beside a clone on a branch."""
    return open_store(
        "ledger" if not (root / ".git").exists() else f"git:{BRANCH}",
        top=root,
        service=SERVICE,
        workspace_id="ws1",
        calendar=name,
        clock=QuickClock(),
        keys=Keys.of(key),
    )


def state_of(calendar: str) -> State:
    return replace(ledger(copy_of(wanted(SOON), post_id=f"p-{calendar}")), calendar=calendar)


def starts(root: Path, *names: str) -> None:
    for name in names:
        store = parts(root, name)
        store.read()
        store.write(state_of(name))


def take(root: Path, file: str, text: str | None = None) -> None:
    """Somebody without the key removes or changes a file of the ledger."""
    (path := root / "ledger" / "ws1" / file).unlink()
    if text is not None:
        path.write_text(text)


def test_a_part_that_someone_takes_away_is_missed_and_accepted_once(tmp_path: Path) -> None:
    starts(tmp_path, "acme", "bank")
    take(tmp_path, "acme.json")
    with pytest.raises(UntrustedStateError, match="acme is gone") as caught:
        parts(tmp_path, "acme").read()
    assert (caught.value.code, caught.value.exit_code) == ("state.absent", 1)
    bank = parts(tmp_path, "bank")
    assert bank.read() == state_of("bank")
    assert [*bank.managed_elsewhere().unreadable] == ["acme"], "nothing is adopted that may be acme's"
    acme = parts(tmp_path, "acme")
    assert acme.read(trusting=True) is None
    acme.write(state_of("acme"))
    assert parts(tmp_path, "acme").read() is not None
    assert not parts(tmp_path, "bank").managed_elsewhere().unreadable


@pytest.mark.parametrize("text", ['{"parts": ["bank"]\n}\n', "no list", None])
def test_a_list_that_someone_changed_is_refused_and_one_that_is_gone_is_begun_again(
    tmp_path: Path, text: str | None
) -> None:
    starts(tmp_path, "acme", "bank")
    take(tmp_path, PARTS, text)
    if text is not None:
        with pytest.raises(UntrustedStateError):
            parts(tmp_path, "bank").read()
    bank = parts(tmp_path, "bank")
    state = bank.read(trusting=text is not None)
    assert state is not None
    bank.write(replace(state, excused={"x"}))
    take(tmp_path, "acme.json")
    with pytest.raises(UntrustedStateError):
        parts(tmp_path, "acme").read()


def test_a_signed_list_without_a_key_is_refused_too(tmp_path: Path) -> None:
    starts(tmp_path, "acme")
    take(tmp_path, "acme.json")
    with pytest.raises(UntrustedStateError) as caught:
        parts(tmp_path, "acme", "").read()
    assert caught.value.code == "state.key"


def test_a_calendar_that_ends_leaves_the_list(tmp_path: Path) -> None:
    starts(tmp_path, "acme", "bank")
    acme = parts(tmp_path, "acme")
    acme.read()
    acme.end(tmp_path / "backup" / "acme.json", None)
    assert parts(tmp_path, "acme").read() is None
    assert not parts(tmp_path, "bank").managed_elsewhere().unreadable


def test_what_is_left_of_a_calendar_for_the_log_is_signed_and_stays_on_the_list(tmp_path: Path) -> None:
    starts(tmp_path, "acme", "bank")
    acme = parts(tmp_path, "acme")
    state = acme.read()
    assert state is not None
    acme.end(tmp_path / "backup" / "acme.json", state.after_its_end(SOON))
    again = parts(tmp_path, "acme")
    assert (again.read(), again.rest is not None) == (None, True)
    elsewhere = parts(tmp_path, "bank").managed_elsewhere()
    assert ([*elsewhere.states], [*elsewhere.unreadable]) == ([], [])


def test_without_a_key_there_is_no_list(tmp_path: Path) -> None:
    store = parts(tmp_path, "acme", "")
    store.read()
    store.write(state_of("acme"))
    assert not (tmp_path / "ledger" / "ws1" / PARTS).exists()
    (tmp_path / "ledger" / "ws1" / PARTS).write_text('{"parts": ["acme"]\n}\n')
    assert parts(tmp_path, "acme", "").read() == state_of("acme"), "one that somebody wrote by hand"


def test_a_calendar_that_was_renamed_has_its_new_name_on_the_list(tmp_path: Path) -> None:
    starts(tmp_path, "acme", "bank")
    new = parts(tmp_path, "new")
    new.read()
    state = new.instead_of("acme")
    assert state is not None
    new.write(state)
    assert parts(tmp_path, "acme").read() is None
    assert not parts(tmp_path, "bank").managed_elsewhere().unreadable


@pytest.mark.parametrize("trusting", [False, True])
def test_what_is_gone_stays_on_the_list_until_somebody_accepts_that(tmp_path: Path, trusting: bool) -> None:
    starts(tmp_path, "acme", "bank")
    take(tmp_path, "acme.json")
    bank = parts(tmp_path, "bank")
    state = bank.read(trusting=trusting)
    assert state is not None
    bank.write(replace(state, excused={"x"}))
    assert bool(parts(tmp_path, "bank").managed_elsewhere().unreadable) is not trusting


def test_a_key_is_too_short_below_32_characters() -> None:
    assert [Keys.of("x" * count).short for count in (31, 32)] == [True, False]
    assert Keys.of(f"{KEY},short").short


def on_branch(remote: Remote, name: str, key: str = KEY) -> GitStore:
    return remote.store(name, keys=Keys.of(key))


def starts_on_branch(remote: Remote, *names: str) -> None:
    for name in names:
        store = on_branch(remote, name)
        store.read()
        store.write(state_of(name))


def test_on_a_branch_too(tmp_path: Path) -> None:
    remote = Remote(tmp_path)
    starts_on_branch(remote, "acme", "bank")
    assert remote.commits[remote.tip or ""].keys() == {"ws1/.parts", "ws1/acme.json", "ws1/bank.json"}
    bank = on_branch(remote, "bank")
    bank.read()
    bank.end(tmp_path / "backup.json", None)
    starts_on_branch(remote, "bank")
    remote.commit(ws1__acme=None)
    with pytest.raises(UntrustedStateError, match="acme is gone"):
        on_branch(remote, "acme").read()
    assert [*on_branch(remote, "bank").managed_elsewhere().unreadable] == ["acme"]
    acme = on_branch(remote, "acme")
    assert acme.read(trusting=True) is None
    acme.write(state_of("acme"))
    assert on_branch(remote, "acme").read() is not None
    assert not on_branch(remote, "bank").managed_elsewhere().unreadable


def test_a_hold_on_a_branch_needs_no_key_and_ends_a_running_apply_before_its_next_write(
    tmp_path: Path,
) -> None:
    remote = Remote(tmp_path)
    starts_on_branch(remote, "acme")
    running = on_branch(remote, "acme")
    state = running.read()
    assert state is not None
    other = on_branch(remote, "acme", "")
    hold = Hold("a storm", SOON)
    assert other.read(trusting=True) is not None
    other.hold_beside(hold)
    other.hold_beside(hold, {"p-acme": None})
    assert "ws1/.parts" in remote.commits[remote.tip or ""]
    with pytest.raises(StateError, match="another apply or a hold took over"):
        running.write(replace(state, excused={"x"}))
    found = running.read()
    assert found is not None
    assert found.holds == (hold,)
    assert [copy.held for copy in found.copies.values() if copy.post_id == "p-acme"] == [True]
    with pytest.raises(UntrustedStateError):
        on_branch(remote, "acme", "").read()
    running.write(replace(found, holds=()))
    last = on_branch(remote, "acme").read()
    assert last is not None
    assert last.holds == ()


def _first(store: Store) -> None:
    store.read()
    store.write(STATE)


def _place(place: str | None, top: Path, key: str) -> Store:
    keys, name = Keys.of(key), "moved"
    return open_store(
        place, top=top, service=SERVICE, workspace_id="ws1", calendar=name, clock=QuickClock(), keys=keys
    )


def _read_moved(place: str | None, top: Path, key: str) -> State | None:
    return _place(place, top, key).read()

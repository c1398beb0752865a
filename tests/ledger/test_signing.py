"""The state's signature, in both places for it: what it covers, and which states are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.errors import StateError, UntrustedStateError
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import marker_of, relocate
from publer_sync.ledger.signing import UNSIGNED, Keys
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.ledger.store import open_store
from tests.builders import SOON, copy_of, ledger, wanted
from tests.ledger.builders import SERVICE, QuickClock
from tests.ledger.git_world import BRANCH, World
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

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


def test_a_hold_beside_the_state_is_signed_too(tmp_path: Path) -> None:
    def store(key: str) -> Store:
        keys = Keys.of(key)
        return open_store(
            None, top=tmp_path, service=SERVICE, workspace_id="w", calendar="c", clock=QuickClock(), keys=keys
        )

    hold = Hold("a storm", SOON)
    store(KEY).write(STATE)
    store(KEY).announce(hold)
    assert store(KEY).read() == replace(STATE, holds=(hold,))
    store("").announce(Hold("a prank", SOON))
    with pytest.raises(UntrustedStateError, match=r"hold-.* is not signed"):
        store(KEY).read()
    accepted = store(KEY).read(trusting=True)
    assert accepted is not None
    assert len(accepted.holds) == 2


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

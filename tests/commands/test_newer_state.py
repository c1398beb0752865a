"""A colleague who did not update meets a state that a newer version wrote: docs/updating.md says what works."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.state import FORMAT_VERSION
from tests.system.worlds import T, Want

if TYPE_CHECKING:
    from tests.system.worlds import World


@pytest.mark.slow
def test_what_reads_no_state_works_and_the_rest_changes_nothing_and_says_why(empty_world: World) -> None:
    world = empty_world
    world.apply_first(Want("first", "x", T, "The first"))
    [state] = [
        path
        for path in world.home.rglob("*.json")
        if b'"format_version"' in (raw := path.read_bytes())[:40] and b'"next_key"' in raw
    ]
    text = state.read_text(encoding="utf-8")
    newer = text.replace(f'"format_version": {FORMAT_VERSION}', f'"format_version": {FORMAT_VERSION + 1}', 1)
    assert newer != text
    state.write_text(newer, encoding="utf-8")
    assert world.run("validate", world.top).code == 0
    assert world.run("preview", world.top, "--out", world.home / "page.html").code == 0
    posts = world.sandbox.posts()
    for words in (
        ("plan",), ("status",), ("apply", "--yes"), ("release", "--yes"), ("pull", "--yes"),
        ("hold", "--reason", "x", "--yes"),
    ):  # fmt: skip
        ran = world.run(words[0], world.top, *words[1:])
        assert (ran.code, "newer publer-sync" in ran.stderr + ran.stdout) == (1, True), (words, ran)
        assert "pdate publer-sync" in ran.stderr + ran.stdout
    assert world.sandbox.posts() == posts
    assert state.read_text(encoding="utf-8") == newer
    found = json.loads(world.run("plan", world.top, "--format", "json").stdout)
    assert found["error"]["code"] == "state.newer"

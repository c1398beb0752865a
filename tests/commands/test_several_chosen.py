"""Which calendars a command is given, and which accounts each of them has."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from publer_sync.commands.running import several
from publer_sync.values.errors import PublerSyncError, UsageError
from publer_sync.values.problems import Problem
from tests.tables import each_of


@each_of(
    ("given", "chosen"),
    [
        ([], (("acme", "clients/bank", "clients/cafe"), True)),
        (["acme"], (("acme",), False)),
        (["nowhere"], (("nowhere",), False)),  # its turn says so
        (["plan.json"], (("plan.json",), False)),
        (["clients"], (("clients/bank", "clients/cafe"), True)),
        (["acme", "clients"], (("acme", "clients/bank", "clients/cafe"), True)),
        (["acme", "plan.json"], '"plan.json" is a file, and several calendars must be folders'),
        (["acme", "nowhere"], 'the calendar "nowhere" does not exist'),
        (["empty", "void"], "these folders have no calendar"),
    ],
)
def test_the_calendars_of_a_command_are_those_in_its_folders(
    tmp_path: Path, given: list[str], chosen: tuple[tuple[str | None, ...], bool] | str
) -> None:
    for name in ("acme", "clients/bank", "clients/cafe", "empty", "void"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        if name not in ("empty", "void"):
            (tmp_path / name / "publer.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    with chdir(tmp_path):
        if isinstance(chosen, str):
            with pytest.raises(UsageError, match=re.escape(chosen)):
                several.choose([*map(Path, given)])
            return
        found = several.choose([*map(Path, given)])
    tops, more = chosen
    assert (found.tops, found.several) == (tuple(top and Path(top) for top in tops), more)
    assert several.together(found) == (found.tops if len(tops) > 1 else ())
    with chdir(tmp_path / "acme"):
        here = several.choose([])
    assert (here.tops, here.several, several.together(here)) == ((None,), False, ())


@each_of(
    ("words", "strict", "found", "told"),
    [
        ((), True, dict.fromkeys(("acme", "bank", "none", "broken", "gone"), ()), ""),
        (("x",), True, {"acme": ("x",), "broken": ("x",), "gone": ("x",)}, "bank has no such account"),
        (("x", "no"), True, {"acme": ("x",), "broken": ("x", "no"), "gone": ("x", "no")}, "bank has no such"),
        (("y",), True, {"bank": ("y",), "broken": ("y",), "gone": ("y",)}, "acme has no such account"),
    ],
)
def test_each_calendar_gets_the_accounts_that_it_has_and_all_where_nobody_can_tell(
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    strict: bool,
    found: dict[str, tuple[str, ...]],
    told: str,
) -> None:
    wrong = (Problem("error", "x", "it is wrong", None),)
    calendars = {"acme": (("x",), wrong), "bank": (("y",), ()), "none": ((), ()), "broken": ((), wrong)}

    def read(top: Path | None) -> Any:
        if (known := calendars.get(str(top))) is None:
            raise PublerSyncError("it cannot be read")
        accounts, problems = known
        return SimpleNamespace(
            settings=SimpleNamespace(accounts=accounts),
            problems=problems,
            groups=SimpleNamespace(members=lambda word: word in accounts),
        )

    tops = [*map(Path, (*calendars, "gone"))]
    assert several.accounts_of(tops, read, words, strict=strict) == {
        Path(name): each for name, each in found.items()
    }
    said = capsys.readouterr().err
    assert (told in said, said.count("it is left out")) == (True, len(tops) - len(found))
    assert several.accounts_of(tops[:1], read, ("no",)) == {Path("acme"): ("no",)}


def test_an_account_that_no_calendar_has_is_refused_or_told_by_each() -> None:
    def read(_: Path | None) -> Any:
        return SimpleNamespace(
            settings=SimpleNamespace(accounts=("x",)),
            problems=(),
            groups=SimpleNamespace(members=lambda word: word == "x"),
        )

    tops = [Path("acme"), Path("bank")]
    with pytest.raises(UsageError, match='none of these calendars has an account "no"'):
        several.accounts_of(tops, read, ("x", "no"))
    for words in (("x", "no"), ("no",)):
        assert several.accounts_of(tops, read, words, strict=False) == dict.fromkeys(tops, words)

"""Which calendars a command is given, and which accounts each of them has."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.running import several
from publer_sync.commands.running.choice import Choice
from publer_sync.render.several import Ending
from publer_sync.values.errors import (
    PublerSyncError,
    SettingsError,
    TwiceNamedError,
    UsageError,
)
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


def test_a_calendar_that_ends_with_nothing_to_say_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [several.show(Ending(2, "done", text)) for text in ("", "Done.")]
    assert (codes, capsys.readouterr().out) == ([2, 2], "Done.\n")


@each_of(
    ("style", "texts", "printed"),
    [
        ("text", ("One.", "Two."), "2 calendars"),
        ("markdown", ("One.", "Two."), "c0"),
        ("ics", ("One.\n", "", "Two."), "One.\nTwo.\n"),
        ("ics", ("", ""), ""),
    ],
)
def test_how_several_ended_is_told_in_each_format(
    capsys: pytest.CaptureFixture[str], style: str, texts: tuple[str, ...], printed: str
) -> None:
    ended = [(f"c{number}", Ending(2, "1 new", text)) for number, text in enumerate(texts)]
    assert several.conclude(ended, style=style) == 2
    found = capsys.readouterr().out
    assert (printed in found, bool(found)) == (True, bool(printed))
    assert style != "ics" or found == printed


def test_what_is_shown_of_all_together_has_those_that_failed_beside_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given: list[Any] = []
    view: Any = SimpleNamespace(show=lambda found, **more: given.append((found, more)))
    ended = [("acme", Ending(0, "done", found="ours")), ("bank", Ending(1, "it cannot be read"))]
    assert several.show_together(ended, view, ["ours"], days=2) == 1
    assert given == [(["ours"], {"failed": {"bank": ended[1][1]}, "days": 2})]
    assert capsys.readouterr().err == "bank: it cannot be read\n"


@each_of(
    ("tops", "place", "plan_file", "wrong"),
    [
        (("acme", "bank"), None, None, None),
        (("acme", "bank"), "state.json", None, "--state names one file, and there are 2 calendars"),
        (("acme", "bank"), "git:states", None, None),
        (("acme", "bank"), "git:states.json", None, None),
        (("acme", "bank"), "ledger", None, None),
        (("acme", "bank"), None, "plan.json", "--out names one file, and there are 2 calendars"),
        (("acme",), "state.json", "plan.json", None),
        ((), "state.json", "plan.json", None),
    ],
)
def test_no_file_serves_several_calendars(
    monkeypatch: pytest.MonkeyPatch,
    tops: tuple[str, ...],
    place: str | None,
    plan_file: str | None,
    wrong: str | None,
) -> None:
    monkeypatch.setenv("PUBLER_API_KEY", "k")
    monkeypatch.delenv("PUBLER_SYNC_STATE", raising=False)
    chosen = several.Chosen(tuple(map(Path, tops)), several=True)

    def check() -> None:
        several.check(chosen, Choice(state=place), Path(plan_file) if plan_file else None)

    if wrong is None:
        check()
        if len(tops) < 2:
            several.check_places(chosen, Choice(state=place), Environment())
        return
    with pytest.raises(UsageError, match=wrong):
        check()


def test_what_would_stop_every_calendar_is_told_before_any_has_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLER_API_KEY", raising=False)
    tops = [tmp_path / name for name in ("acme", "bank", "none")]
    for top, name in zip(tops[:2], ("News", "news"), strict=True):
        top.mkdir()
        (top / "publer.yaml").write_text(f"timezone: UTC\nname: {name}\n", encoding="utf-8")
    chosen = several.Chosen(tuple(tops), several=True)
    with pytest.raises(SettingsError, match="PUBLER_API_KEY is not set"):
        several.check(chosen, Choice())
    several.check(chosen, Choice(sandbox=True))
    monkeypatch.setenv("PUBLER_API_KEY", "k")
    with pytest.raises(TwiceNamedError, match="have one name, news") as twice:
        several.check(chosen, Choice())
    assert (twice.value.hint or "").endswith("bank/publer.yaml: name: news-2")
    several.check(chosen, Choice(), names=False)
    (tops[1] / "publer.yaml").write_text("timezone: UTC\nname: news\nworkspace: Other\n", encoding="utf-8")
    several.check(chosen, Choice())

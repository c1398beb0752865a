"""The course that every command takes which writes: what is shown, asked and done in which order, and how it ends."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import mock

import pytest

from publer_sync.commands.reaching import gone
from publer_sync.commands.running import course, shared
from publer_sync.commands.running import frame as frames
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.course import Work
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.halting import Control
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.several import Chosen
from publer_sync.commands.running.views import View
from publer_sync.planning.gone import GoneCalendar
from publer_sync.render.several import Ending
from publer_sync.values.errors import Interrupted, SettingsError, UsageError
from tests.builders import LATER, NOW, copy_of, ledger, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.values.errors import PublerSyncError


def unread() -> int:
    """A pipe whose reader is gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


ASKED, YES, DIFF = (SimpleNamespace(yes=each == "yes", diff=each == "diff") for each in ("", "yes", "diff"))


@dataclass
class Steps(Work[str, str]):
    """A command that does nothing, and notes what it is asked for. What is planned of a calendar is its name."""

    request: Any = field(default_factory=lambda: ASKED)
    refuses: str = ""
    fails: PublerSyncError | None = None
    code: int = 0
    twice: bool = False
    done: list[str] = field(default_factory=list)
    doing: ClassVar[str] = "do"

    def plan(self, calendar: Any, here: Choice, stack: Any) -> str:
        self.done.append(f"plan {here.calendar}")
        stack.callback(self.done.append, f"close {here.calendar}")
        return str(here.calendar)

    def refusal(self, planned: str) -> PublerSyncError | None:
        return (
            UsageError(f"{planned} is refused", hint="Because") if planned in self.refuses.split() else None
        )

    def proposal(self, planned: str) -> Ending:
        return Ending(0, f"would do {planned}", f"Would do {planned}.\n", note="Nothing was changed.")

    def begin(self, planned: Sequence[str]) -> None:
        self.done.append(" ".join(["begin", *planned]))

    def again(self, planned: str, stack: Any) -> str:
        self.done.append(f"again {planned}")
        stack.callback(self.done.append, f"close {planned}")
        return f"{planned} anew"

    def rounds(self, planned: Sequence[str]) -> Sequence[Callable[[str], str]]:
        return (self.first, self.carry_out) if self.twice else (self.carry_out,)

    def first(self, planned: str) -> str:
        self.done.append(f"first {planned}")
        return planned

    def carry_out(self, planned: str) -> str:
        self.done.append(f"do {planned}")
        return planned

    def end(self, planned: str, result: str) -> Ending:
        del planned
        return Ending(
            self.code, f"did {result}", f"Did {result}.\n", note=f"{result} is written.", error=self.fails
        )

    def told(self, planned: str, result: str) -> None:
        self.done.append(f"told {planned}")


class Reopening(Steps):
    reopens = True


class Idle(Steps):
    """What it ends with is what it proposed."""

    def end(self, planned: str, result: str) -> Ending:
        return replace(self.proposal(planned), exit_code=self.code)


@pytest.fixture
def frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Frame]:
    monkeypatch.chdir(tmp_path)
    for name in ("acme", "bank"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "publer.yaml").write_text("timezone: UTC\n", "utf-8")

    def of(*names: str, style: str = "text") -> Frame:

        return Frame.of([Path(name) for name in names], Choice(), style=style, offline=True)

    return of


PLANNED, DONE = ["plan acme", "plan bank"], ["told acme", "told bank"]
SHUT = ["do acme", "close acme", "do bank", "close bank"]
ANEW = ["again {0}", "do {0} anew", "close {0}"]


@each_of(
    ("work", "names", "done"),
    [
        (Steps(), "acme", ["plan acme", "begin acme", "do acme", "close acme", "told acme"]),
        (Steps(), "acme bank", [*PLANNED, "begin acme bank", *SHUT, *DONE]),
        (Steps(refuses="bank"), "acme bank", [*PLANNED, "close bank", "begin acme", *SHUT[:2], "told acme"]),
        (
            Steps(twice=True),
            "acme bank",
            [
                *(*PLANNED, "begin acme bank", "first acme", "close acme", "first bank", "close bank"),
                *("do acme", "do bank", *DONE),
            ],
        ),
        (Steps(refuses="acme bank"), "acme bank", ["plan acme", "close acme", "plan bank", "close bank"]),
        (Steps(request=DIFF), "acme bank", [*PLANNED, "close bank", "close acme"]),
        (Reopening(), "acme", ["plan acme", "begin acme", "do acme", "close acme", "told acme"]),
        (
            Reopening(),
            "acme bank",
            [
                *("plan acme", "close acme", "plan bank", "close bank", "begin acme bank"),
                *(each.format("acme") for each in ANEW),
                *(each.format("bank") for each in ANEW),
                *("told acme anew", "told bank anew"),
            ],
        ),
    ],
)
def test_each_calendar_is_planned_before_one_question_and_stays_open_until_its_turn_is_over(
    frame: Callable[..., Frame], work: Steps, names: str, done: list[str]
) -> None:
    course.run(frame(*names.split()), work)
    assert work.done == done


def test_the_plan_is_shown_to_whoever_is_asked_and_what_came_of_it_to_all(
    frame: Callable[..., Frame], capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*names: str, style: str = "text", **more: Any) -> tuple[int, str, str]:
        code = course.run(frame(*names, style=style), Steps(**more))
        out, err = capsys.readouterr()
        return code, out, err

    short = UsageError("cut short", hint="Why")
    assert told("acme") == (0, "Would do acme.\nDid acme.\n", "acme is written.\n")
    assert told("acme", request=YES) == (0, "Did acme.\n", "acme is written.\n")
    assert told("acme", style="json") == (0, "Did acme.\n", "acme is written.\n")
    assert told("acme", request=DIFF) == (0, "Would do acme.\n", "Nothing was changed.\n")
    code, out, err = told("acme", fails=short, code=6, request=YES)
    assert (code, out, err) == (6, "Did acme.\n", "acme is written.\nerror: cut short\n  Why\n")
    code, out, err = told("acme", "bank", fails=short, code=6)
    assert (code, out.count("2 calendars\n"), out.count("\nWould do "), "error" in err) == (6, 2, 2, False)
    assert out.endswith("\nDid bank.\n\nerror: cut short\n  Why\n"), out
    assert err.endswith("\nacme is written.\nbank is written.\n"), err
    code, out, err = told("acme", "bank", refuses="acme", request=YES)
    assert (code, out.count("2 calendars\n"), "acme  acme is refused\nbank  did bank\n" in out) == (
        64,
        1,
        True,
    )
    assert (err.endswith("(1 of 1)\nbank is written.\n"), "\n\n" in err) == (True, False), err
    assert "error" not in told("acme", "bank", style="markdown", fails=short)[1]
    assert "\nWould do acme.\n\nerror: acme is refused\n  Because\n" in out
    for style, shown in (("text", "Would do acme.\n"), ("json", "")):
        with pytest.raises(UsageError, match="acme is refused"):
            told("acme", refuses="acme", style=style)
        assert capsys.readouterr().out == shown, "first what is refused, then why"


def test_what_several_were_shown_before_the_question_is_not_shown_word_for_word_again(
    frame: Callable[..., Frame], capsys: pytest.CaptureFixture[str]
) -> None:
    for names, style, request, shown in (
        ("acme bank", "text", ASKED, 1),
        ("acme bank", "text", YES, 1),
        ("acme bank", "json", ASKED, 1),
        ("acme", "text", ASKED, 2),  # of one alone, a command ends with words of its own
    ):
        work = Idle(request=request, code=6)
        assert course.run(frame(*names.split(), style=style), work) == 6
        out, err = capsys.readouterr()
        assert out.count("Would do acme." if style == "text" else '"calendar": "acme"') == shown, out
        assert err.count("Nothing was changed.") == len(names.split())
        assert work.done[-1] == f"told {names.split()[-1]}"


@each_of(
    ("stops", "names", "shows", "done"),
    [
        (3, "acme", False, ["plan acme", "begin acme", "first acme", "close acme", "told acme"]),
        (4, "acme", False, ["plan acme", "begin acme", "first acme", "close acme", "told acme"]),
        (1, "acme bank", True, []),
        (2, "acme bank", True, ["plan acme", "close acme"]),
        (3, "acme bank", True, [*PLANNED, "close bank", "close acme"]),
        (3, "acme bank", False, [*PLANNED, "begin acme bank", "close bank", "close acme"]),
        (
            5,
            "acme bank",
            True,
            [*PLANNED, "begin acme bank", "first acme", "close acme", "close bank", "told acme"],
        ),
        (
            6,
            "acme bank",
            True,
            [*PLANNED, "begin acme bank", "first acme", "close acme", "first bank", "close bank", *DONE],
        ),
    ],
)
def test_once_it_is_stopped_nothing_else_is_begun(
    frame: Callable[..., Frame], stops: int, names: str, shows: bool, done: list[str]
) -> None:
    """At which question whether somebody asked to stop the answer is yes."""
    asked = count(1)
    control = Control(ProgressLine(), 0.0, lambda: next(asked) >= stops)
    work = Steps(twice=True, request=ASKED if shows else YES)
    course.run(frame(*names.split()), work, control=control)
    assert work.done == done
    again = count(1)
    control = Control(ProgressLine(), 0.0, lambda: next(again) > 1)
    with pytest.raises(Interrupted, match="stopped, as asked"):
        course.run(frame("acme"), Steps(), control=control)


def test_at_a_terminal_nothing_is_printed_behind_a_progress_line(
    frame: Callable[..., Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    course.run(frame("acme", "bank"), Steps())
    assert terminal.getvalue().count("\r\x1b[K2 calendars\n") == 2, terminal.getvalue()


@each_of(
    ("nobody_reads", "code", "found", "told"),
    [
        (True, 6, 6, ""),
        (False, 6, 6, "error: the output could not be written: No space left on device\n"),
        (False, 0, 1, "error: the output could not be written: No space left on device\n"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_of_nobody_and_the_code_is_that_of_what_was_done(
    frame: Callable[..., Frame],
    capsys: pytest.CaptureFixture[str],
    nobody_reads: bool,
    code: int,
    found: int,
    told: str,
) -> None:
    work = Steps(code=code, request=YES)
    where = unread() if nobody_reads else os.open("/dev/full", os.O_WRONLY)
    with os.fdopen(where, "w") as sink, mock.patch.object(sys, "stdout", sink):
        assert course.run(frame("acme"), work) == found
    assert work.done == ["plan acme", "begin acme", "do acme", "close acme"], "so it is told once more"
    assert capsys.readouterr().err == f"{told}acme is written.\n"


def test_calendars_that_are_gone_have_a_turn_beside_those_that_are_there(frame: Callable[..., Frame]) -> None:
    both, there, left = frame("acme", "bank"), (Path("acme"), Path("bank")), Path("left")
    found = both.load(there[0]), Choice(gone=("left",))
    assert both.and_gone({}) is both
    more = both.and_gone({left: found})
    assert (more.tops, more.chosen.several) == ((*there, left), True)
    assert [more.here(top).together for top in more.tops] == [there] * 3
    with more.calendar(left) as given:
        assert given == found
    assert frame("acme").and_gone({left: found}).chosen.several


@each_of(("style", "told"), [("text", "The calendar news left the repository, and "), ("json", '"gone": [')])
def test_calendars_that_left_are_told_of_where_no_other_is_there_to_tell_of_them(
    frame: Callable[..., Frame],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    style: str,
    told: str,
) -> None:
    news = replace(ledger(copy_of(wanted(LATER))), calendar="news")
    left = GoneCalendar.of("news", news, "git:states", NOW, leaving=False)
    monkeypatch.setattr(
        gone, "below", lambda folders, _: (left,) if [*map(str, folders)] == ["acme", "bank"] else ()
    )
    made = frame("acme", "bank", style=style)
    assert made.end([("acme", Ending(0, "done", document={})), ("bank", Ending(2, "done", document={}))]) == 2
    assert told not in capsys.readouterr().out
    assert replace(made, chosen=Chosen((), several=True)).end([]) == 0
    assert told in capsys.readouterr().out


def test_posts_of_other_calendars_are_read_once_where_budgets_count_them(
    frame: Callable[..., Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = "budget: {x: {posts: 2/month}}\n"
    for name, more in {"acme": budget, "bank": budget, "cafe": ""}.items():
        Path(name).mkdir(exist_ok=True)
        Path(name, "publer.yaml").write_text(f"timezone: UTC\naccounts: {{x: X}}\n{more}", "utf-8")
        post = f"posts:\n- {{at: 2031-01-01 09:00, accounts: x, text: Of {name}}}\n"
        Path(name, "posts.yaml").write_text(post, "utf-8")
    read, real = list[str](), shared.load

    def load(top: Path | None) -> Calendar:
        read.append(str(top))
        if str(top) == "deli":
            raise UsageError("it cannot be read")
        return real(top)

    monkeypatch.setattr(frames, "load", load)
    made = replace(frame("acme", "bank", "cafe"), views={})
    made = replace(made, chosen=Chosen((*made.tops, Path("deli")), several=True))
    found = {name: [post.text for post in made.load(Path(name)).beside] for name in ("acme", "bank", "cafe")}
    assert found == {"acme": ["Of bank", "Of cafe"], "bank": ["Of acme", "Of cafe"], "cafe": []}
    assert sorted(read) == ["acme", "bank", "cafe", "deli"]


def test_a_command_shows_what_it_found_in_the_format_that_is_asked_for(frame: Callable[..., Frame]) -> None:
    text, data = View("text"), View("data")
    for style, view in (("text", text), ("json", data)):
        made = Frame.of(
            [Path("acme")], Choice(), style=style, views={"text": text, "json": data}, offline=True
        )
        assert (made.view, made.folders) == (view, (Path("acme"),))
        assert Frame.alone(Choice(), style=style, views={"text": text, "json": data}).view == view
    assert (frame("acme").views, Frame.alone(Choice(), style="text").views) == ({}, {})


def test_what_is_shown_together_is_what_was_found_in_all_calendars(
    frame: Callable[..., Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(View, "show", lambda _, found, **more: given.append((found, [*more["failed"]])))
    made = replace(frame("acme", "bank"), views={"text": View("log", together=True)})
    assert made.end([("acme", Ending(0, "", found="ours")), ("bank", Ending(1, "it cannot be read"))]) == 1
    assert given == [(["ours"], ["bank"])]
    alone = replace(frame("acme"), views={"text": View("plan")})
    assert (alone.end([("acme", Ending(2, "1 new", "1 post to create."))]), len(given)) == (2, 1)


def test_what_would_stop_every_calendar_is_asked_unless_nothing_is_asked_of_publer(
    frame: Callable[..., Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUBLER_API_KEY", raising=False)
    both = frame("acme", "bank").folders
    with pytest.raises(SettingsError, match="PUBLER_API_KEY is not set"):
        Frame.of(both, Choice(), style="text")


@each_of(("found", "printed"), [("Two posts.", "Two posts.\n"), ({"posts": 2}, '{\n  "posts": 2\n}\n')])
def test_a_view_prints_text_as_it_is_and_a_document_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], found: Any, printed: str
) -> None:
    monkeypatch.setattr(View, "rendered", lambda _, found: found)
    View("anything").show(found)
    assert capsys.readouterr().out == printed
    ending = View("anything").ending(2, "2 posts", found)
    words = isinstance(found, str)
    assert (ending.exit_code, ending.text, ending.document) == (
        2,
        found if words else "",
        None if words else found,
    )
    assert View("anything", together=True).ending(2, "2 posts", found).found == found

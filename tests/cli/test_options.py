"""Options that make no sense together are refused before anything is read or asked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from publer_sync.calendar.when import zones
from publer_sync.commands.forget import ForgetRequest
from publer_sync.commands.forget_all import LeaveRequest
from publer_sync.commands.import_csv import ImportRequest
from publer_sync.commands.preview import ComparedWith
from publer_sync.commands.running.choice import Choice, Consent
from publer_sync.commands.running.options import first_instant, last_instant
from publer_sync.planning.allow import Allow
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.conftest import Cli


@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.parametrize(
    ("days", "message"),
    [
        (("2027-03-02", "2027-03-01"), "error: --from 2027-03-02 is after --to 2027-03-01\n"),
        (("2027-03-02", "soon"), 'error: --to: "soon" is not a day publer-sync can read\n'),
    ],
)
def test_days_that_no_post_can_be_on_are_a_usage_error(
    cli: Cli, command: str, days: tuple[str, str], message: str
) -> None:
    ran = cli(command, "no-such-calendar", "--from", days[0], "--to", days[1])
    assert (ran.code, ran.stdout) == (64, "")
    assert ran.stderr.startswith(message)


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--from", "soon", "Write the day as year-month-day\n  For example: --from 2027-03-02\n"),
        ("--to", "31.12.2027", "Write the day as year-month-day: --to 2027-12-31\n"),
        ("--to", "2027-12-31 09:00", "Leave out the time: --to 2027-12-31\n"),
        ("--to", "9999-12-31", "--to: 9999-12-31 is too far ahead\n  Give 9999-09-30 or an earlier day.\n"),
        ("--from", "0001-01-01", "--from: 0001-01-01 is too long ago\n  Give 0002-01-01 or a later day.\n"),
        ("--now", "9999-12-31 09:00", "--now: 9999-12-31 is too far ahead\n  Give 9999-09-30 or an earlier day.\n"),
        ("--now", "noon", "add an offset for another time zone\n  For example: --now '2027-03-02 09:00'\n"),
        ("--now", "2027/03/02 9am", "Write the day as year-month-day and the time on a 24-hour clock: --now '2027-03-02 09:00'\n"),
    ],
)  # fmt: skip
def test_the_fix_of_a_day_or_a_time_is_the_option(
    cli: Cli, tmp_path: Path, option: str, value: str, hint: str
) -> None:
    (tmp_path / "publer.yaml").write_text(
        "timezone: Europe/Oslo\naccounts: {x: Fjordlight}\n", encoding="utf-8"
    )
    ran = cli("plan", tmp_path, "--sandbox", option, value)
    assert ran.code == 64
    assert ran.stderr.endswith(hint), ran


@pytest.mark.parametrize("timezone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("day", [zones.FIRST_DAY, date(9998, 12, 31), zones.LAST_DAY])
def test_a_day_that_a_post_can_have_can_be_the_first_and_the_last_one(timezone: str, day: date) -> None:
    first = first_instant(str(day), timezone, option="--from")
    assert last_instant(str(day), timezone, option="--to") - first == timedelta(days=1)


def test_from_and_to_may_be_the_same_day(cli: Cli) -> None:
    ran = cli("plan", "no-such-calendar", "--from", "2027-03-02", "--to", "2027-03-02")
    assert (ran.code, ran.stderr.splitlines()[0]) == (
        1,
        'error: the calendar "no-such-calendar" does not exist',
    )


def test_a_day_alone_starts_the_clock_at_its_first_instant(cli: Cli, tmp_path: Path) -> None:
    """On that day there is no midnight."""
    (tmp_path / "publer.yaml").write_text(
        "timezone: America/Santiago\naccounts: {x: Fjordlight}\n", encoding="utf-8"
    )
    ran = cli("plan", tmp_path, "--sandbox", "--now", "2027-09-05", "--format", "json")
    assert (ran.code, '"created_at": "2027-09-05T04:0' in ran.stdout) == (0, True), ran


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        ("inf", "inf is too long; at most 1,000,000,000 seconds."),
        ("1e300", "1e300 is too long; at most 1,000,000,000 seconds."),
        ("nan", "nan is not a number of seconds."),
        ("-1", "-1.0 is not in the range x>=0."),
    ],
)
def test_a_run_waits_for_seconds_that_can_be_counted(cli: Cli, seconds: str, why: str) -> None:
    """With others it ended in its middle, or never."""
    ran = cli("apply", "no-such-calendar", "--yes", "--timeout", seconds)
    assert (ran.code, ran.stdout) == (64, "")
    assert f"Invalid value for '--timeout': {why}" in ran.stderr


@each_of(
    "words, message",
    [
        ("validate --diff", "--diff requires --fix"),
        ("validate --yes", "--yes requires --fix"),
        ("forget", "name the posts to forget, or give --all"),
        ("forget --all launch", "--all takes no posts"),
        ("forget launch --drop-holds", "--drop-holds requires --all"),
        ("forget launch --state-name acme", "--state-name requires --all"),
        ("log --format csv", "--format csv requires --approvals"),
        ("log --approvals --state-name acme", "--approvals and --state-name cannot be combined"),
        ("preview --plan earlier.json --live", "--plan and --live cannot be combined"),
        ("preview --sandbox", "--sandbox and --state require --live"),
        ("preview --state here", "--sandbox and --state require --live"),
        ("preview --serve --out page.html", "--serve writes no file"),
        ("preview --port 8000", "--port requires --serve"),
        ("apply --allow-twins=", "--allow-twins= names no post"),
        ("new --edit --text Hello", "--edit and --text cannot be combined"),
    ],
)
def test_an_option_that_needs_another_or_excludes_it_is_refused(
    cli: Cli, tmp_path: Path, words: str, message: str
) -> None:
    (tmp_path / "earlier.json").touch()
    ran = cli(*words.split())
    assert (ran.code, ran.stdout) == (64, "")
    assert ran.stderr.startswith(f"error: {message}")


@pytest.fixture
def meant(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[str, list[object]]]:
    """What a command line asks for: the function that carries it out, and what that gets."""
    (tmp_path / "earlier.json").touch()
    (tmp_path / "rows.csv").touch()
    told: list[tuple[str, list[object]]] = []
    for name in (
        "apply.run",
        "forget.run",
        "forget_all.run",
        "log.run",
        "log_approvals.run",
        "import_csv.run",
        "sandbox.run",
        "notify.run",
        "preview.run",
        "preview.serve",
        "doctor.run",
        "doctor.run_survey",
        "edit.run",
        "new.run",
    ):

        def noted(*args: object, _name: str = name, **options: object) -> int:
            told.append((_name, [*args, *options.values()]))
            return 0

        monkeypatch.setattr(f"publer_sync.commands.{name}", noted)

    def run(words: str) -> tuple[str, list[object]]:
        ran = cli(*words.split())
        assert ran.code == 0, ran
        return told.pop()

    return run


Meant = TypeVar("Meant")


def one(kind: type[Meant], values: Iterable[object]) -> Meant:
    [found] = [each for each in values if isinstance(each, kind)]
    return found


@pytest.mark.parametrize(
    ("options", "allowed"),
    [
        ("", Allow()),
        ("--allow-deletes 5 --allow-changes 0", Allow(deletes=5, changes=0)),
        ("--allow-frozen", Allow(frozen=True)),
        ("--allow-twins --allow-twins=launch", Allow(twins=True)),
        ("--allow-twins=launch,tip", Allow(twins=frozenset({"launch", "tip"}))),
        (
            "--allow-older=a --allow-older=b --overwrite-edits",
            Allow(older=frozenset({"a", "b"}), edits=True),
        ),
    ],
)
def test_a_limit_is_lifted_as_far_as_the_command_line_says(
    meant: Callable[[str], tuple[str, list[object]]], options: str, allowed: Allow
) -> None:
    name, given = meant(f"apply --yes {options}")
    assert (name, one(Consent, given).allow) == ("apply.run", allowed)


def test_doctor_surveys_and_edit_opens_a_browser_as_asked(
    meant: Callable[[str], tuple[str, list[object]]],
) -> None:
    assert [meant(words)[0] for words in ("doctor", "doctor --survey")] == ["doctor.run", "doctor.run_survey"]
    for words, opens, read_only in (("edit", True, False), ("edit --no-open --read-only", False, True)):
        name, given = meant(words)
        assert (name, given[-2:]) == ("edit.run", [opens, read_only])


def test_a_new_post_is_written_in_an_editor_as_asked(
    meant: Callable[[str], tuple[str, list[object]]], tmp_path: Path
) -> None:
    (tmp_path / "publer.yaml").write_text("accounts: {x: Me}\n", encoding="utf-8")
    for words, is_asked in (("", False), ("--edit", True)):
        name, given = meant(f"new {tmp_path} {words}")
        assert (name, given[-1] is not None) == ("new.run", is_asked)


def test_words_after_two_hyphens_are_calendars(meant: Callable[[str], tuple[str, list[object]]]) -> None:
    _, given = meant("apply --yes -- --allow-twins=launch")
    assert given[0] == (Path("--allow-twins=launch"),)
    assert one(Consent, given).allow == Allow()


@each_of("skipped", ["", "undated", "past"])
def test_only_rows_that_somebody_named_are_skipped(
    meant: Callable[[str], tuple[str, list[object]]], skipped: str
) -> None:
    name, given = meant(f"import rows.csv {f'--{skipped} skip' if skipped else ''}")
    asked = one(ImportRequest, given).options
    assert (name, asked.undated, asked.past) == ("import_csv.run", skipped == "undated", skipped == "past")


def test_what_is_told_comes_from_a_file_or_from_what_another_command_printed(
    meant: Callable[[str], tuple[str, list[object]]],
) -> None:
    assert [meant(words)[1][0] for words in ("notify", "notify -", "notify earlier.json")] == [
        None,
        None,
        Path("earlier.json"),
    ]


def test_requests_are_recorded_only_where_that_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    assert cli("accounts").code == cli("accounts", "--trace", "trace.jsonl").code == 0
    assert len((tmp_path / "trace.jsonl").read_text().splitlines()) >= 2


def test_the_sandbox_is_full_of_posts_only_where_that_is_said(
    meant: Callable[[str], tuple[str, list[object]]],
) -> None:
    assert [meant(words)[1][1] for words in ("sandbox", "sandbox --seed demo")] == [False, True]


def test_other_options_may_have_their_value_after_a_sign(
    meant: Callable[[str], tuple[str, list[object]]],
) -> None:
    _, given = meant("apply --yes --account=linkedin --timeout=30")
    assert one(Choice, given).accounts == ("linkedin",)
    assert 30.0 in given
    assert 1_000_000_000.0 in meant("apply --yes --timeout 1e9")[1], "the most that can be counted"


def test_forget_ends_a_calendar_only_where_that_is_said(
    meant: Callable[[str], tuple[str, list[object]]],
) -> None:
    name, given = meant("forget launch --yes")
    assert (name, one(ForgetRequest, given).names) == ("forget.run", ("launch",))
    name, given = meant("forget --all --state-name acme --drop-holds --yes")
    asked = one(LeaveRequest, given)
    assert (name, asked.name, asked.drop_holds) == ("forget_all.run", "acme", True)


def test_a_log_and_a_preview_are_made_as_asked(meant: Callable[[str], tuple[str, list[object]]]) -> None:
    name, given = meant("log --format markdown --post launch")
    assert (name, {"markdown", "launch"} <= {each for each in given if isinstance(each, str)}) == (
        "log.run",
        True,
    )
    assert meant("log --approvals --format csv")[0] == "log_approvals.run"
    for words, meant_by, compared in (
        ("preview", "preview.run", ComparedWith()),
        ("preview --review kari", "preview.run", ComparedWith(review="kari")),
        ("preview --plan earlier.json", "preview.run", ComparedWith(plan=Path("earlier.json"))),
        ("preview --live --sandbox", "preview.run", ComparedWith(live=True)),
        ("preview --serve", "preview.serve", ComparedWith()),
    ):
        name, given = meant(words)
        assert (name, one(ComparedWith, given)) == (meant_by, compared), words
    assert 8643 in given
    for words, file in (("preview", "preview.html"), ("preview --out march.html", "march.html")):
        assert Path(file) in meant(words)[1]
    assert 8000 in meant("preview --serve --port 8000")[1]

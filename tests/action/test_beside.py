"""Small parts of a run: what is looked back on, the site, the install, the notes of GitLab, and the issue of results."""

from __future__ import annotations

import base64
import os
import runpy
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.action import comments, gitlab, install, results, review, runs, site, telling
from publer_sync.action.github import GitHubError
from publer_sync.action.inputs import Event, Inputs, Pull
from publer_sync.action.pages import Place, mark
from publer_sync.action.review import Review, Seal
from publer_sync.action.runs import CalendarOutcome
from publer_sync.calendar.load import Calendar, read
from publer_sync.commands.running.shared import load
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action
from publer_sync.planning.publication import Status
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.problems import Problem
from tests.builders import SOON, change, plan, report, wanted
from tests.github.hub import BOT, Trouble
from tests.render.test_results import published
from tests.render.test_results import results as week
from tests.stand_in import Asked, Reply, serving
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.action.github import GitHub
    from publer_sync.planning.publication import Results
    from tests.github.hub import Hub

EVENT = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
DEAD = Problem("warning", "link.dead", "https://a.example answers 404")


def test_dead_links_are_looked_for_only_in_what_was_planned(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.commands.validate.dead_links", lambda *_, **__: [DEAD])
    calendar = read(folder / "calendar")
    checker = cast("Any", None)
    for done, dead in (
        (CalendarOutcome(Path("a"), 0, calendar, plan()), [DEAD]),
        (CalendarOutcome(Path("a"), 0, calendar), []),
        (CalendarOutcome(Path("a"), 0, plan=plan()), []),
    ):
        assert runs.with_links(done, checker).dead_links == dead


def test_a_calendar_with_an_error_ends_with_3_and_any_other_with_0(folder: Path) -> None:
    top, loaded = folder / "calendar", list[Calendar]()

    def load(_: Path | None) -> Calendar:
        loaded.append(read(top))
        return loaded[-1]

    for line, code in (("", 0), ("  acounts: x\n", 3)):
        with (top / "may.yaml").open("a", encoding="utf-8") as file:
            file.write(line)
        done = runs.validate(top, load)
        assert (done.code, bool(done.errors), done.planned) == (code, bool(code), False)
        assert done.calendar is loaded[-1], "its files are read once"


def test_a_calendar_that_cannot_be_read_has_no_results(folder: Path) -> None:
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "pages", "PUBLER_SYNC_ACTION_API_KEY": "key"})
    assert runs.looked_back(CalendarOutcome(Path("a"), 1), inputs, cast("Any", None)) is None
    done = CalendarOutcome(Path("a"), 0, read(folder / "calendar"))
    without = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "pages"})
    assert runs.looked_back(done, without, cast("Any", None)) is None


def test_a_calendar_that_is_not_there_ends_each_command_with_that(folder: Path) -> None:
    top, nothing = folder / "nowhere", cast("Any", None)
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "apply", "PUBLER_SYNC_ACTION_API_KEY": "key"})
    for done in (
        runs.validate(top, load),
        runs.plan(top, inputs, folder / "plan.json", nothing, load),
        runs.apply(top, inputs, Allow(), None, nothing),
        runs.results(top, inputs, nothing),
    ):
        assert (done.calendar, done.plan, done.report, done.results) == (None,) * 4
        assert (done.code, done.error and done.error.code) == (1, "calendar.none")
        assert (done.name, done.ended, done.changes, done.counts()) == (top.as_posix(), False, False, {})
    assert not runs.is_applied(top, inputs, nothing)


def test_without_a_key_each_command_names_the_input_that_is_empty(folder: Path) -> None:
    top, nothing = folder / "calendar", cast("Any", None)
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "apply"})
    for done in (
        runs.plan(top, inputs, folder / "plan.json", nothing, load),
        runs.apply(top, inputs, Allow(), None, nothing),
        runs.results(top, inputs, nothing),
    ):
        said = done.error and (done.error.code, done.error.message)
        assert (done.code, said) == (1, ("key.none", "no API key: the input api-key is empty"))
        assert done.calendar is not None


@pytest.mark.story
@each_of("place, address", [("", "posts.ics"), ("a b", "a%20b/posts.ics")])
def test_the_feed_of_a_calendar_is_in_its_folder(
    tmp_path_factory: pytest.TempPathFactory, place: str, address: str
) -> None:
    top = tmp_path_factory.mktemp("site")
    (top / "calendar").mkdir()
    (top / "calendar" / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n", encoding="utf-8")
    made = top / "pages"
    (made / "old").mkdir(parents=True)
    site.write_site(made, {place: read(top / "calendar")})
    assert (made / place / "posts.ics").is_file()
    assert f'"{address}"' in (made / "index.html").read_text(encoding="utf-8")
    assert not (made / "old").exists()
    assert not (made / "results.html").exists()
    assert "results.html" not in (made / "index.html").read_text(encoding="utf-8")


@each_of(
    "error, why",
    [(PublerSyncError("no room"), "no room"), (ValueError("x"), "publer-sync has a bug (ValueError")],
)
def test_a_page_that_cannot_be_made_is_a_warning(
    capsys: pytest.CaptureFixture[str], error: Exception, why: str
) -> None:
    def fails() -> None:
        raise error

    assert not site.could_make("the page", fails)
    assert f"::warning title=publer-sync::could not make the page: {why}" in capsys.readouterr().out
    assert site.could_make("the page", lambda: None)


def test_an_outcome_has_the_name_of_its_calendar_and_has_ended_where_it_is_known_what_became_of_it(
    folder: Path,
) -> None:
    calendar = read(folder / "calendar")
    top = Path("clients/a")
    assert (CalendarOutcome(top, 0, calendar).name, CalendarOutcome(top, 0).name) == ("calendar", "clients/a")
    down = PublerSyncError("down")
    ends = [
        CalendarOutcome(top, 0, report=report([])),
        CalendarOutcome(top, 0),
        CalendarOutcome(top, 1, error=down, report=report([])),
        CalendarOutcome(top, 1, report=report([], error=down)),
    ]
    assert [each.ended for each in ends] == [True, False, False, False]


def test_a_file_of_results_is_written_over(github: GitHub, hub: Hub) -> None:
    for text in ("One", "Two"):
        assert results.keep_file(github, "a b/r.md", "Title", text, "main") == "Wrote a b/r.md to main"
    [file] = hub.contents.values()
    assert (base64.b64decode(file["content"]), file["message"], file["branch"]) == (b"Two", "Title", "main")
    hub.troubles = [Trouble("GET .*/contents", Reply({"message": "no"}, 403))]
    with pytest.raises(GitHubError):
        results.keep_file(github, "r.md", "Title", "Three", "main")


# --- the installation


@each_of(
    "command, everything",
    [("plan", True), (" pages ", True), ("results", True), ("apply", False), ("", False)],
)
def test_only_commands_that_write_pages_get_all_packages(command: str, everything: bool) -> None:
    assert install.requirements(command) == (install.EVERYTHING if everything else install.BASE)


@each_of(
    "there, wanted, installs",
    [
        ("", "base", True),
        ("base", "base", False),
        ("all", "base", False),
        ("base", "all", True),
        ("x", "base", True),
    ],
)
def test_an_environment_is_made_once_in_a_job(
    tmp_path_factory: pytest.TempPathFactory, there: str, wanted: str, installs: bool
) -> None:
    """One that has all packages is enough for every command."""
    folder, pins = tmp_path_factory.mktemp("environment"), {"base": install.BASE, "all": install.EVERYTHING}
    stamp = folder / "publer-sync.txt"
    if there:
        stamp.write_text(install.stamp_of(pins[there]) if there in pins else "x", encoding="utf-8")
    asked: list[list[str]] = []

    def run(words: list[str], **options: Any) -> Any:
        asked.append(words)
        assert options["check"]
        assert not install.LEFT_OUT & options["env"].keys()
        return SimpleNamespace(stdout=f"{folder}\n")

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", "/somewhere")
        patched.setattr(subprocess, "run", run)
        patched.setattr("venv.create", lambda folder, clear: asked.append(["venv"]))
        install.install(folder, pins[wanted])
    assert bool(asked) is installs
    if installs:
        assert asked[0] == ["venv"]
        assert str(folder / ("Scripts" if os.name == "nt" else "bin") / "python") in asked[1]
        assert {"--require-hashes", "--no-deps", "--no-cache-dir", str(pins[wanted])} <= {*asked[1]}
        assert (folder / "publer_sync_checkout.pth").read_text() == f"{install.HERE}\n"
        assert stamp.read_text() == install.stamp_of(pins[wanted])


@pytest.mark.parametrize(
    ("version", "pip", "said"),
    [
        ((3, 10), 0, "publer-sync needs Python 3.11 or newer: set the input python-version"),
        ((3, 11), 3, "publer-sync could not be installed (pip ended with 3)"),
        ((3, 11), 0, ""),
    ],
)
def test_an_installation_that_fails_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], pip: int, said: str
) -> None:
    def run(words: list[str], **_: Any) -> Any:
        if pip:
            raise subprocess.CalledProcessError(pip, words)
        return SimpleNamespace(stdout=f"{tmp_path}\n")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("venv.create", lambda *_, **__: None)
    monkeypatch.setattr("sys.argv", ["install.py", str(tmp_path), "apply"])
    with monkeypatch.context() as older:
        older.setattr("sys.version_info", version)
        told = ""
        try:
            runpy.run_path(install.__file__, run_name="__main__")
        except SystemExit as end:
            told = str(end.code)
    assert told == (f"::error title=publer-sync::{said}" if said else "")
    assert (tmp_path / "publer-sync.txt").is_file() is not bool(said)


# --- GitLab


@each_of("missing", ["CI_MERGE_REQUEST_IID", gitlab.TOKEN])
def test_without_a_merge_request_or_a_token_nothing_is_asked_of_gitlab(
    missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {gitlab.TOKEN: "t", "CI_MERGE_REQUEST_IID": "3", "CI_API_V4_URL": "http://127.0.0.1:9"}
    environ.pop(missing)
    assert gitlab.main(environ, Path("plan.md")) == 0
    assert capsys.readouterr() == ("", "")


def gitlab_with(answer: Callable[[Asked], Reply], **more: str) -> list[str]:
    asked: list[str] = []

    def note(given: Asked) -> Reply:
        asked.append(f"{given.method} {given.path}")
        return answer(given)

    with serving(note) as server:
        environ = {
            gitlab.TOKEN: "t",
            "CI_MERGE_REQUEST_IID": "3",
            "CI_API_V4_URL": server.url,
            "CI_PROJECT_ID": "5",
        }
        assert gitlab.main({**environ, **more}, Path("plan.md")) == 0
    return asked


def test_a_note_is_written_where_gitlab_does_not_say_the_newest_commit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = gitlab_with(
        lambda given: Reply([] if "notes" in given.path and given.method == "GET" else {"id": 7}),
        CI_COMMIT_SHA="a" * 40,
    )
    assert asked[-1] == "POST /projects/5/merge_requests/3/notes"
    assert "wrote the plan as a note" in capsys.readouterr().out


def test_a_gitlab_that_does_not_answer_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    environ = {gitlab.TOKEN: "t", "CI_MERGE_REQUEST_IID": "3", "CI_API_V4_URL": "http://127.0.0.1:9"}
    assert gitlab.main(environ, Path("plan.md")) == 0
    assert "could not write the note: GitLab cannot be reached: ConnectionError" in capsys.readouterr().err


def test_a_plan_that_is_too_long_is_cut(tmp_path: Path) -> None:
    plan = tmp_path / "plan.md"
    for length, cut in ((gitlab.LIMIT, False), (gitlab.LIMIT + 1, True)):
        plan.write_text("a" * length, encoding="utf-8")
        text = gitlab._text({"CALENDAR": "a"}, plan)
        assert ("The rest is in the job's report." in text) is cut
        assert len(text) < gitlab.LIMIT + 500


# --- results, comments and calls


def test_the_title_of_results_says_which_days_and_the_bad_news_alone() -> None:
    def title(*looked: Results | None) -> str:
        outcomes = [CalendarOutcome(Path("calendar"), 0, results=each) for each in looked]
        return results.title([(done, Place(EVENT, "calendar", "abc")) for done in outcomes])

    well = week(published("Out"))
    failed = week(published("Out"), replace(published("Stuck"), status=Status.FAILED))
    days = "Social calendar: results, Tue 17 Nov to Tue 24 Nov"
    assert title(well) == days
    assert title(failed) == f"{days} (1 post not published)"
    assert title(None, well, None) == f"{days} (2 calendars without results)"
    assert title(failed, None) == f"{days} (1 post not published, 1 calendar without results)"
    assert title(None) == "Social calendar: results (1 calendar without results)"


def test_a_comment_is_kept_at_its_mark_and_a_quiet_one_only_edited(github: GitHub, hub: Hub) -> None:
    hub.comments.append({"id": 1, "pull": 7, "user": BOT, "body": f"{mark('plan', 'b')}\nof another"})
    for body, quiet, said, writes in (
        ("One", True, "no comment: nothing changes", 0),
        ("One", False, "commented", 1),
        ("One", False, "the comment is up to date", 1),
        ("Two", True, "the comment is up to date", 2),
    ):
        assert comments.keep(github, 7, mark("plan", "a"), body, quiet=quiet) == said
        assert len(hub.writes()) == writes, said
    assert [each["body"].partition("\n")[2] for each in hub.comments] == ["of another", "Two"]


@each_of(
    "there, run, found",
    [
        ("", "42", None),
        ("plan", "42", "plan"),
        ("plan applied", "42", "applied"),
        ("plan applied", "43", "plan"),
        ("applied", "43", None),
        ("other plan", "42", "plan"),
        ("other", "42", None),
    ],
)
def test_the_reviewed_plan_is_that_of_the_comment_or_the_one_that_the_same_run_refused(
    github: GitHub, hub: Hub, there: str, run: str, found: str | None
) -> None:
    changes = {kind: change(Action.CREATE, wanted(SOON, kind)) for kind in ("plan", "applied", "other")}
    written = Seal("o/r", 7, "calendar", "a1b2", "42")
    hub.comments.clear()
    for number, kind in enumerate(there.split()):
        first = mark("plan", "another") if kind == "other" else mark(kind, "calendar")
        line = review.line(plan([changes[kind]]), written, refusable=kind == "applied")
        body = f"{first}\n{line}\nwords"
        hub.comments.append({"id": number, "pull": 7, "user": BOT, "body": body})
    read = comments.reviewed(github, replace(written, run=run))
    known = {
        kind
        for kind, each in changes.items()
        if read and not Review(read, True, "").compare(plan([each])).changed
    }
    assert known == ({found} if found else set())
    assert (read is None) is (found is None)


def test_the_issue_of_a_new_week_closes_the_one_before(github: GitHub, hub: Hub) -> None:
    assert results.keep_issue(github, ["a"], "Week 1", "One") == "Opened the issue 101"
    assert results.keep_issue(github, ["a"], "Week 1", "One again") == "The issue 101 is up to date"
    assert results.keep_issue(github, ["b"], "Week 1", "Of another") == "Opened the issue 102"
    assert results.keep_issue(github, ["a"], "Week 2", "Two") == "Opened the issue 103"
    assert [(each["state"], each["title"], each["body"].partition("\n")[2]) for each in hub.issues] == [
        ("closed", "Week 1", "One again"),
        ("open", "Week 1", "Of another"),
        ("open", "Week 2", "Two"),
    ]


@each_of(
    "there, why",
    [
        ({"head": {"sha": "a1"}, "state": "open"}, ""),
        (
            {"head": {"sha": "b234567890"}, "state": "open"},
            "the newest commit of pull request 7 is b234567, and this run is for a1",
        ),
        ({"head": {"sha": "a1"}, "state": "closed"}, "pull request 7 is closed"),
        ({"head": {}, "state": "open"}, ""),
        ({"head": None}, ""),
    ],
)
def test_why_a_run_is_outdated(there: dict[str, Any], why: str) -> None:
    fake = cast("Any", SimpleNamespace(get=lambda _: there))
    assert comments.newer(fake, Pull(7, "a1", from_outside=False)) == why


def test_only_the_plans_that_a_pull_request_shows_are_known(github: GitHub, hub: Hub) -> None:
    def comment(kind: str, name: str, **more: Any) -> None:
        body = f"{mark(kind, name)}\nwords"
        hub.comments.append({"id": len(hub.comments), "pull": 7, "user": BOT, "body": body, **more})

    comment("plan", "a")
    comment("applied", "b")
    comment("plan", "c", user={"login": "mallory"})
    comment("plan", "d", body=None)
    assert comments.planned(github, 7, ["a", "b", "c", "d"]) == {"a"}
    assert comments.written(github, 7, mark("plan", "a")) == hub.comments[0]["body"]
    assert comments.written(github, 7, mark("plan", "b")) == ""
    assert comments.all_written(github, 7, mark("plan", "a")) == [hub.comments[0]["body"]]
    comments.remove(github, 7, mark("applied", "b"))
    assert hub.writes() == ["DELETE /repos/o/r/issues/comments/1"]


def test_names_that_a_hidden_line_has_no_room_for_count_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_MOST_TOLD", 2)
    names = [f"{number:016x}" for number in range(4)]
    assert telling.told_in("nothing") is None
    assert telling.told_in(telling.told_line(names[:2]), names) == frozenset(names[:2])
    assert telling.told_in(telling.told_line(names), names) == frozenset(names), (
        "those that follow its last one"
    )
    assert telling.told_in(telling.told_line(names[1:]), names) == frozenset(names[1:])
    assert telling.told_line(names[:2]).count("+") == 0
    assert telling.told_line(names[:3]).endswith(" + -->")
    assert telling.told_in(telling.told_line([]), names) == frozenset()


def test_a_problem_is_told_to_who_brought_the_file_it_is_in(
    github: GitHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not to who merged last; where the file's pull request is not known, to that one."""
    brought = {"calendar/may.yaml": 7, "calendar/june.yaml": None}
    asked: list[str] = []

    def by(_: object, file: str, sha: str) -> int | None:
        asked.append(file)
        return brought.get(file)

    monkeypatch.setattr(telling, "_brought_by", by)
    hub.pulls += [
        {"number": number, "id": number, "user": {"login": "anna", "type": "User"}} for number in (7, 8)
    ]
    place = Place(EVENT, "calendar", "a" * 40, {8: "a"})

    def trouble(key: str, file: str | None) -> dict[str, Any]:
        source = {"file": file, "line": 3} if file else None
        return {
            "key": key, "calendar": "calendar", "code": "failed", "id": None, "account": None, "scheduled_at": None,
            "message": key, "publer_said": None, "hint": None, "source": source,
        }  # fmt: skip

    troubles = [
        trouble("one", "may.yaml"),
        trouble("two", "june.yaml"),
        trouble("three", None),
        trouble("four", "may.yaml"),
    ]
    found = cast("Any", SimpleNamespace(troubles=troubles))
    assert telling.call(github, found, {"calendar": place}) == frozenset()
    assert asked == ["calendar/may.yaml", "calendar/june.yaml"]
    [seven], [eight] = hub.calls(7), hub.calls(8)
    told = {
        pull: [line for line in call.split("\n") if line.startswith("- ")]
        for pull, call in ((7, seven), (8, eight))
    }
    assert told == {7: ["- One.", "- Four."], 8: ["- Two.", "- Three."]}
    asked.clear()
    many = [trouble(f"of {number}", f"{number}.yaml") for number in range(7)]
    telling.call(github, cast("Any", SimpleNamespace(troubles=many)), {"calendar": place})
    assert asked == [f"calendar/{number}.yaml" for number in range(5)], "not of all files of a big calendar"


def a_trouble(number: int) -> Any:
    return {
        "key": f"k{number}", "calendar": "calendar", "code": "failed", "id": None, "account": None, "scheduled_at": None,
        "message": f"problem {number}", "publer_said": None, "hint": None, "source": None,
    }  # fmt: skip


@each_of("number, more", [(1, ""), (20, ""), (21, "\n- … and 1 more")])
def test_a_call_lists_twenty_problems_and_counts_the_others(number: int, more: str) -> None:
    told = telling.call_text(
        "", [a_trouble(each) for each in range(number)], folder="", sha="a" * 40, run="RUN"
    )
    assert told.startswith(f"⚠️ **{number} problem{'s' if number > 1 else ''} after the merge**")
    assert told.count("\n- Problem ") == min(number, 20)
    assert f"- Problem {min(number, 20) - 1}.{more}\n\nEach problem is told once" in told
    assert "<code>the top folder</code> at <code>aaaaaaa</code>" in told


@each_of(
    "done, code, results",
    [
        (CalendarOutcome(Path("a"), 1, error=PublerSyncError("down", code="network")), "network", None),
        (
            CalendarOutcome(Path("a"), 3, problems=(Problem("error", "x", "wrong"), DEAD)),
            "calendar.invalid",
            None,
        ),
        (CalendarOutcome(Path("a"), 0, problems=(DEAD,)), None, []),
        (
            CalendarOutcome(Path("a"), 1, plan=plan(), error=PublerSyncError("down", code="network")),
            "network",
            None,
        ),
    ],
)
def test_the_document_of_what_came_of_a_calendar(
    done: CalendarOutcome, code: str | None, results: Any
) -> None:
    document = cast("Any", telling._document(done))
    assert (document.get("error", {}).get("code"), document.get("results")) == (code, results)
    if code == "calendar.invalid":
        assert [each["code"] for each in document["problems"]] == ["x"]


@each_of(
    "commits, pulls, found",
    [
        ([{"sha": "c"}], [{"number": 5, "merged_at": None}, {"number": 6, "merged_at": "x"}], 6),
        ([{"sha": "c"}], [{"number": 5, "merged_at": None}], None),
        ([], [], None),
    ],
)
def test_who_brought_a_file_is_the_pull_request_that_merged_its_last_commit(
    commits: Any, pulls: Any, found: int | None
) -> None:
    replies = {"/commits": commits, "/commits/c/pulls": pulls}
    fake = cast("Any", SimpleNamespace(get=lambda where, **_: replies[where]))
    assert telling._brought_by(fake, "a.yaml", "a" * 40) == found


def test_what_is_of_no_file_and_no_pull_request_is_told_where_a_file_was_brought(
    github: GitHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the night, when nothing was merged."""
    monkeypatch.setattr(
        telling, "_brought_by", lambda _, file, sha: 7 if file == "calendar/may.yaml" else None
    )
    hub.pulls.append({"number": 7, "id": 7, "user": {"login": "anna", "type": "User"}})
    of_file = {**a_trouble(1), "source": {"file": "may.yaml", "line": 3}}
    found = cast("Any", SimpleNamespace(troubles=[of_file, a_trouble(2)]))
    telling.call(github, found, {"calendar": Place(EVENT, "calendar", "a" * 40)})
    [call] = hub.calls(7)
    assert "2 problems" in call
    monkeypatch.setattr(telling, "_brought_by", lambda _, file, sha: 7 if file == "calendar" else None)
    found.troubles = [a_trouble(3)]
    telling.call(github, found, {"calendar": Place(EVENT, "calendar", "a" * 40)})
    assert "- Problem 3.\n" in hub.calls(7)[-1], "to who changed the calendar last"
    found.troubles = [{**a_trouble(4), "calendar": None}]
    hub.comments.append(
        {"id": 1, "pull": 7, "user": BOT, "body": f"{mark('failed', '')}\nof an older version"}
    )
    assert telling.call(github, found, {"": Place(EVENT, "", "a" * 40, {7: "a"})}) == frozenset()
    assert "- Problem 4.\n" in hub.calls(7)[-1]

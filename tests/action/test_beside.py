"""Small parts of a run: what is looked back on, the site, the install, the notes of GitLab, and the issue of results."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.action import comments, drift, gitlab, install, merges, results, runs, site, telling
from publer_sync.action.asking import Asking, Lost
from publer_sync.action.github import GitHubError
from publer_sync.action.inputs import Event, Inputs, Pull
from publer_sync.action.main import main
from publer_sync.action.pages import Place, mark
from publer_sync.action.runs import CalendarOutcome
from publer_sync.calendar.load import read
from publer_sync.planning.plan import Action, Block
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.problems import Problem
from tests.action.conftest import read_outputs
from tests.builders import SOON, change, plan, report, wanted
from tests.github.hub import BOT, Trouble
from tests.stand_in import Asked, Reply, serving
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.action.github import GitHub
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


def test_a_calendar_that_cannot_be_read_has_no_results(folder: Path) -> None:
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "pages", "PUBLER_SYNC_ACTION_API_KEY": "key"})
    assert runs.looked_back(CalendarOutcome(Path("a"), 1), inputs, cast("Any", None)) is None
    done = CalendarOutcome(Path("a"), 0, read(folder / "calendar"))
    without = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "pages"})
    assert runs.looked_back(done, without, cast("Any", None)) is None


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
        assert {"--require-hashes", "--no-deps", "--no-cache-dir", str(pins[wanted])} <= {*asked[1]}
        assert (folder / "publer_sync_checkout.pth").read_text() == f"{install.HERE}\n"
        assert stamp.read_text() == install.stamp_of(pins[wanted])


# --- GitLab


@each_of("missing", ["CI_MERGE_REQUEST_IID", gitlab.TOKEN])
def test_without_a_merge_request_or_a_token_nothing_is_asked_of_gitlab(missing: str) -> None:
    environ = {gitlab.TOKEN: "t", "CI_MERGE_REQUEST_IID": "3", "CI_API_V4_URL": "http://127.0.0.1:9"}
    environ.pop(missing)
    assert gitlab.main(environ, Path("plan.md")) == 0


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


# --- what a push has brought


def github_with(told: dict[str, Any]) -> tuple[Any, list[str]]:
    """A GitHub that gives these answers, by the beginnings of the paths; what is not there is refused."""
    asked: list[str] = []

    def get(path: str, **_: object) -> Any:
        asked.append(path)
        found = next((reply for name, reply in told.items() if path.startswith(name)), None)
        if isinstance(found, Exception):
            raise found
        return found

    return cast("Any", SimpleNamespace(get=get, pages=lambda path, **_: iter(get(path)))), asked


def merged(number: int, commit: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "merged_at": "x",
        "merge_commit_sha": commit,
        "head": {"sha": f"head-{number}"},
        **more,
    }


@each_of(
    "before, compared, found",
    [
        ("b0", [{"sha": "c1"}, {"sha": "c2"}], [8, 7]),
        ("b0", GitHubError("gone", status=404), [8]),
        (None, [], [8]),
    ],
)
def test_the_pull_requests_of_a_push_are_those_merged_since(
    tmp_path_factory: pytest.TempPathFactory, before: str | None, compared: Any, found: list[int]
) -> None:
    """The latest first; one that was closed, or merged before, is none of them."""
    top = tmp_path_factory.mktemp("top") / "a"
    top.mkdir()
    recent = [
        merged(7, "c1"),
        merged(8, "c2", head=None),
        merged(9, "c1", merged_at=None),
        merged(6, "c0"),
    ]
    files = [{"filename": "README.md", "previous_filename": "a/old.yaml"}]
    github, _ = github_with({"/compare/b0...c2": compared, "/pulls/": files, "/pulls": recent})
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/heads/main"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(merges, "touched", lambda tops, names: [*tops] if "a/old.yaml" in [*names] else [])
        pulls = merges.pulls(github, replace(event, before=before), "c2", [top])
    assert [*pulls] == found
    assert {number: pull.head for number, pull in pulls.items()} == {
        number: "" if number == 8 else f"head-{number}" for number in found
    }
    assert all(pull.calendars == [top] for pull in pulls.values())


def test_a_comparison_that_github_refuses_is_an_error() -> None:
    github, _ = github_with({"/compare": GitHubError("down", status=502)})
    with pytest.raises(GitHubError, match="down"):
        merges.pulls(github, replace(EVENT, before="b0"), "c2", [])


def test_labels_are_read_of_each_pull_request_where_they_count(capsys: pytest.CaptureFixture[str]) -> None:
    refused = GitHubError("no", status=403)
    told = {"/issues/7/labels": [], "/issues/8/labels": refused}
    github, asked = github_with(told)
    asking = Asking(github, from_outside=False)
    pulls = {7: merges.Pulled("a"), 8: merges.Pulled("b")}
    found = merges.brought(asking, pulls, labelled=True)
    assert (found.pulls, found.labels, found.lost, found.unread) == (pulls, {7: ()}, "", "no")
    assert "could not read labels: no" in capsys.readouterr().out
    asked.clear()
    bare = merges.brought(asking, pulls, labelled=False)
    assert (bare.pulls, bare.labels, bare.lost, bare.unread, asked) == (pulls, {}, "", "", [])
    lost = merges.brought(asking, Lost("down"), labelled=True)
    assert (lost.pulls, lost.lost, lost.unread) == ({}, "down", "down")
    assert merges.brought(asking, Lost("down"), labelled=False) == merges.Brought(lost="down")


# --- what ends a run


@each_of(
    "error, code, told",
    [
        (KeyboardInterrupt(), 1, "::error title=publer-sync::stopped on request; running again is safe\n"),
        (PublerSyncError("down", code="network", hint="Wait"), 1, "::error title=network::down%0AWait\n"),
        (ValueError("words of a post"), 70, "::error title=bug::publer-sync has a bug (ValueError in "),
    ],
)
def test_whatever_ends_a_run_is_told_and_is_an_output(
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    error: BaseException,
    code: int,
    told: str,
) -> None:
    output = tmp_path_factory.mktemp("out") / "output"
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_OUTPUT": str(output),
        "GITHUB_WORKSPACE": ".",
        "PUBLER_SYNC_ACTION_COMMAND": "plan",
        "PUBLER_SYNC_ACTION_WORKSPACE_ID": "w",
        "PUBLER_SYNC_ACTION_STATE_KEY": "k",
        "PUBLER_SYNC_ACTION_API_KEY": "a",
    }

    def fails(_: object) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("publer_sync.action.step.Step.run", fails)
        assert main(environ) == code
    out = capsys.readouterr().out
    assert told in out
    assert "words of a post" not in out
    assert ("::group::the log of a bug in publer-sync" in out) is (code == 70)
    assert output.exists() is (not isinstance(error, KeyboardInterrupt))
    if output.exists():
        assert read_outputs(output.read_text()) == {"exit-code": str(code), "changes": "false"}
    kept = {name: value for name, value in environ.items() if name.startswith("PUBLER_")}
    assert kept == {
        "PUBLER_SYNC_ACTION_COMMAND": "plan",
        "PUBLER_SYNC_ACTION_WORKSPACE_ID": "w",
        "PUBLER_WORKSPACE_ID": "w",
        "PUBLER_SYNC_STATE_KEY": "k",
        "PUBLER_API_KEY": "a",
    }


# --- the drift issue


def test_only_what_an_incomplete_list_lacks_leaves_a_check_unsure() -> None:
    lacks = change(Action.BLOCKED, wanted(SOON), blocks=(Block.LISTING,))
    known = change(Action.BLOCKED, wanted(SOON), blocks=(Block.STATE,))
    without = CalendarOutcome(Path("a"), 1)
    assert drift.unsure([without, CalendarOutcome(Path("a"), 2, plan=plan([known, lacks]))])
    assert not drift.unsure([without, CalendarOutcome(Path("a"), 2, plan=plan([known]))])
    new = change(Action.CREATE, wanted(SOON))
    kept = drift.reported(CalendarOutcome(Path("a"), 2, plan=plan([known, new]))).plan
    assert kept is not None
    assert kept.changes == (known,)
    assert drift.reported(without) is without


def test_an_issue_without_room_for_all_calendars_counts_the_others() -> None:
    told = [
        (CalendarOutcome(Path(f"c{number}"), 1), Place(EVENT, f"c{number}", "abc")) for number in range(6)
    ]
    issue = drift.issue(told)
    assert issue is not None
    assert issue.text(100 + 6 * 500).count("## <code>c") == 6
    few = issue.text(100 + 4 * 500)
    assert few.count("## <code>c") == 4
    assert few.endswith("… and 2 calendars more: see the run of the last check.")


def test_an_issue_of_an_older_version_gets_no_comment(github: GitHub, hub: Hub) -> None:
    """It does not say what it told."""
    one = (CalendarOutcome(Path("a"), 1), Place(EVENT, "a", "abc"))
    drift.keep_issue(github, ["a"], drift.issue([one]), "run")
    [issue] = hub.issues
    issue["body"] = "\n".join(line for line in issue["body"].split("\n") if "told:" not in line)
    other = (CalendarOutcome(Path("b"), 1), Place(EVENT, "b", "abc"))
    both = drift.issue([one, other])
    assert both is not None
    assert drift.keep_issue(github, ["a"], both, "run") == ("The issue 101 is up to date", both.told)
    assert (hub.comments, "told:" in issue["body"]) == ([], True)

"""Several calendars in one command: each for itself, over one connection, and one that fails stops no other."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands import apply, pull
from publer_sync.commands.reaching.access import Access
from publer_sync.commands.running import carrying_out, file_course
from publer_sync.commands.running.halting import hold_began
from publer_sync.commands.running.shared import confirm
from publer_sync.holding.holder import Holder
from publer_sync.ledger.git_command import Git, GitResult
from publer_sync.ledger.git_remote import Repository
from publer_sync.machine.clock import Clock
from publer_sync.sandbox import Faults, Sandbox, Seed, SeedAccount
from tests.conftest import QUICK, Cli, Ran, run_here
from tests.schemas import conforms
from tests.system.worlds import DAY, NEVER, T, end_jobs_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publer_sync.ledger.state import State
    from publer_sync.planning.survey import Survey

NAMES = ("acme", "globex", "initech")
SETTINGS = "workspace: {name}\ntimezone: UTC\naccounts: {{x: {account}}}\n"
POST = "posts:\n- id: hello\n  at: {at:%Y-%m-%d} 09:00\n  accounts: [x]\n  text: {text}\n"


def seed(number: int, name: str) -> Seed:
    account = SeedAccount(f"acc{number:021x}", "twitter", f"{name} on X")
    return Seed(f"5f{number:022x}", name, (account,))


def client(folder: Path, one: Seed, text: str = "Hello") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(name=one.workspace_name, account=one.accounts[0].id)
    (folder / "publer.yaml").write_text(settings)
    (folder / "posts.yaml").write_text(POST.format(at=T, text=text))


class Agency:
    """A folder of calendars, each with a workspace of its own, in one Publer."""

    def __init__(self, sandbox: Sandbox, names: Sequence[str] = NAMES) -> None:
        self.sandbox = sandbox
        for number, name in enumerate(names, 1):
            one = seed(number, name)
            sandbox.add_workspace(one)
            client(Path("clients", name), one, text=f"Hello from {name}")

    def run(self, *words: str, stdin: str = "") -> Ran:
        environ = {
            "PATH": os.environ["PATH"],
            "PUBLER_API_KEY": "k",
            "PUBLER_BASE_URL": self.sandbox.url,
            "PUBLER_SYNC_POLL_SECONDS": str(QUICK),
        }
        return run_here(words, environ, stdin=stdin)

    def answer(
        self, *words: str, answer: str, meanwhile: Callable[[], object] = object, command: Any = apply
    ) -> Ran:
        """Run it for someone who does something else before they answer its question."""

        def asked(question: str) -> None:
            meanwhile()
            confirm(question)

        with (
            mock.patch.object(command, "need_answer"),
            mock.patch.object(file_course if command is pull else command, "confirm", asked),
        ):
            return self.run(*words, stdin=f"{answer}\n")

    def json(self, *words: str) -> Any:
        ran = self.run(*words, "--format", "json")
        found = json.loads(ran.stdout)
        conforms(found, "several")
        return found["calendars"], ran.code

    def texts(self) -> list[str]:
        self.sandbox.settle()
        return sorted(str(post["text"]) for post in self.sandbox.posts())


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    monkeypatch.chdir(tmp_path)
    with Sandbox(seed(99, "other"), poll_seconds=QUICK) as sandbox:
        yield Agency(sandbox)


def test_a_folder_of_calendars_is_planned_and_applied(agency: Agency) -> None:
    planned, code = agency.json("plan", "clients", "--detailed-exitcode")
    assert [each["calendar"] for each in planned] == [f"clients/{name}" for name in NAMES]
    assert [each["exit_code"] for each in planned] == [2, 2, 2]
    assert code == 2
    applied, code = agency.json("apply", "clients", "--yes")
    assert code == 0
    assert [each["result"]["summary"]["applied"] for each in applied] == [1, 1, 1]
    assert agency.texts() == [f"Hello from {name}" for name in NAMES]
    assert agency.run("plan", "clients", "--detailed-exitcode").code == 0


def test_unchanged_calendars_take_two_requests_each(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    for command in (("plan", "clients"), ("apply", "clients", "--yes")):
        agency.sandbox.requests.clear()
        assert agency.run(*command).code == 0
        asked = Counter(request.path for request in agency.sandbox.requests)
        assert asked == {"/workspaces": 1, "/accounts": len(NAMES), "/posts": len(NAMES) + 1}, command


@pytest.mark.story
def test_how_far_it_is_and_how_long_the_limit_makes_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Otherwise a slow machine waits for a limit that it has not met.
    talkative = Faults(rate_headers="always")
    with Sandbox(seed(99, "other"), poll_seconds=QUICK, faults=talkative) as sandbox:
        agency = Agency(sandbox, [f"c{number}" for number in range(60)])
        told = agency.run("plan", "clients").stderr
    assert re.match(r"\d\d:\d\d:\d\d plan     clients/c0 \(1 of 60, about 3 minutes left\)\n", told), told


def test_one_that_fails_stops_no_other(agency: Agency) -> None:
    Path("clients/globex/posts.yaml").write_text(
        "posts:\n- at: 2027-03-01 09:00\n  accounts: [y]\n  text: Hello\n"
    )
    Path("clients/initech/publer.yaml").write_text(SETTINGS.format(name="nowhere", account="twitter"))
    applied, code = agency.json("apply", "clients", "--yes")
    assert (code, [each["exit_code"] for each in applied]) == (3, [0, 3, 3])
    assert applied[1]["result"]["problems"][0]["file"] == "posts.yaml"
    assert agency.texts() == ["Hello from acme"]
    ran = agency.run("plan", "clients")
    assert ran.code == 3
    assert "clients/acme     nothing to do\n" in ran.stdout
    assert "clients/globex   1 error in the calendar\n" in ran.stdout
    assert "── clients/globex ─" in ran.stdout
    assert "── clients/acme" not in ran.stdout


def test_a_safety_limit_of_one_is_its_own(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    Path("clients/acme/posts.yaml").write_text("posts: []\n")
    client(Path("clients/globex"), seed(2, "globex"), text="Hello again")
    applied, code = agency.json("apply", "clients", "--yes")
    assert (code, [each["exit_code"] for each in applied]) == (4, [4, 0, 0])
    assert applied[0]["result"]["error"]["code"] == "refused_by_rail"
    assert agency.texts() == ["Hello again", "Hello from acme", "Hello from initech"]
    assert agency.run("apply", "clients", "--yes", "--allow-deletes", "1").code == 0
    assert agency.texts() == ["Hello again", "Hello from initech"]


def test_apply_asks_once_for_all(agency: Agency) -> None:
    agency.sandbox.requests.clear()
    ran = agency.answer("apply", "clients", answer="no")
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (1, 1)
    assert "This changes what is published: 3 new posts (on 3 accounts)." in ran.stderr
    assert {request.method for request in agency.sandbox.requests} == {"GET"}
    ran = agency.answer("apply", "clients", answer="yes")
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (0, 1)
    assert len(agency.texts()) == len(NAMES)


def test_pull_asks_once_for_all_and_writes_each(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    agency.sandbox.settle()
    for post in agency.sandbox.posts():
        if post["text"] != f"Hello from {NAMES[0]}":
            agency.sandbox.edit(str(post["id"]), text=f"{post['text']}, edited")
    assert agency.answer("pull", "clients", answer="no", command=pull).code == 1
    assert "edited" not in Path("clients", NAMES[1], "posts.yaml").read_text()
    ran = agency.answer("pull", "clients", answer="yes", command=pull)
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (0, 1)
    assert f"clients/{NAMES[0]}     nothing to write\n" in ran.stdout
    for name in NAMES[1:]:
        assert f"Hello from {name}, edited" in Path("clients", name, "posts.yaml").read_text()
        assert f"Wrote 1 file. Next: publer-sync plan clients/{name}\n" in ran.stderr
    Path("clients", NAMES[1], "posts.yaml").write_text("posts: nonsense")
    pulled, code = agency.json("pull", "clients", "--diff")
    assert (code, [each["exit_code"] for each in pulled]) == (3, [0, 3, 0])


def test_what_changes_between_plan_and_its_apply_is_not_done(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    client(Path("clients/acme"), seed(1, "acme"), text="Hello again")
    client(Path("clients/globex"), seed(2, "globex"), text="Hello again")
    (globex,) = (post for post in agency.sandbox.posts() if post["text"] == "Hello from globex")

    def edit() -> None:
        agency.sandbox.edit(globex["id"], text="A colleague's words")

    ran = agency.answer("apply", "clients", "--format", "json", answer="yes", meanwhile=edit)
    ended = json.loads(ran.stdout)["calendars"]
    assert (ran.code, [each["exit_code"] for each in ended]) == (5, [0, 5, 0])
    assert (
        ended[1]["result"]["error"]["hint"] == "Run apply again, and read the new plan. Nothing was changed."
    )
    assert agency.texts() == ["A colleague's words", "Hello again", "Hello from initech"]


def test_stopped_while_it_plans_it_begins_no_other_and_applies_none(agency: Agency) -> None:
    real = Access.survey

    def interrupted(access: Access[Any], state: State | None) -> Survey:
        os.kill(os.getpid(), signal.SIGINT)
        return real(access, state)

    with mock.patch.object(Access, "survey", interrupted):
        ran = agency.run("apply", "clients", "--yes")
    assert ran.code == 1
    assert len(ran.stdout.splitlines()) == 2 + len(NAMES), "the lines say it all"
    assert ran.stdout.count("stopped before its turn") == len(NAMES)
    assert agency.texts() == []
    assert [request.path for request in agency.sandbox.requests].count("/posts") == 2, (
        "one more, to learn what a page holds"
    )


def test_stopped_while_it_waits_for_the_first_it_waits_no_longer(agency: Agency) -> None:
    """Publer takes no request for a while: nothing of any calendar is known yet."""
    agency.sandbox.faults.trip("limited", path="/workspaces")
    real = Clock.sleep

    def interrupted(clock: Clock, seconds: float) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(clock, seconds)

    with mock.patch.object(Clock, "sleep", interrupted):
        ran = agency.run("apply", "clients", "--yes")
    assert (ran.code, ran.stdout.count("stopped before its turn")) == (1, len(NAMES) - 1)


def test_a_hold_that_ends_the_apply_of_one_stops_no_other(agency: Agency) -> None:
    real, planned = carrying_out.prepare, iter((hold_began(),))

    def prepare(*words: Any, **options: Any) -> Any:
        if error := next(planned, None):
            raise error
        return real(*words, **options)

    with mock.patch.object(carrying_out, "prepare", prepare):
        applied, code = agency.json("apply", "clients", "--yes")
    assert (code, [each["exit_code"] for each in applied]) == (1, [1, 0, 0])
    assert agency.texts() == [f"Hello from {name}" for name in NAMES[1:]]


def test_posts_of_a_hold_in_the_settings_go_before_what_is_under_way_is_waited_for(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    posts, settings = Path("clients/acme/posts.yaml"), Path("clients/acme/publer.yaml")
    late = POST.format(at=T + DAY, text="Sent and not listed").replace("hello", "late")
    posts.write_text(posts.read_text() + late.removeprefix("posts:\n"))
    agency.sandbox.faults.job_delay = NEVER
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert agency.run("apply", "clients/acme", "--yes").code == 137
    settings.write_text(f"{settings.read_text()}hold: {{reason: Accident in town}}\n")
    agency.sandbox.reset_log()
    end_jobs_at(agency.sandbox, "DELETE")
    applied, code = agency.json("apply", "clients", "--yes")
    assert code == 0, applied
    assert [each["result"]["summary"]["applied"] for each in applied] == [2, 0, 0]
    paths = [(request.method, request.path) for request in agency.sandbox.requests]
    before = paths[: next(number for number, (method, _) in enumerate(paths) if method == "DELETE")]
    assert sum("job_status" in path for _, path in before) == 2, "once to plan, once more to apply the plan"
    assert agency.texts() == ["Hello from globex", "Hello from initech"]


def test_a_hold_that_is_stopped_goes_on_with_no_other(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    hold = ("hold", "clients", "--reason", "Accident in town", "--yes")
    with mock.patch.object(Holder, "stop_soonest", side_effect=KeyboardInterrupt):
        held, code = agency.json(*hold)
    assert (code, [each["exit_code"] for each in held]) == (1, [1, 1, 1])
    assert "Run hold again" in held[0]["result"]["error"]["hint"]
    assert len(agency.texts()) == len(NAMES)
    assert agency.run(*hold).code == 0
    assert agency.texts() == []


@pytest.mark.parametrize("option", ["--state", "--out"])
def test_one_file_for_several_is_refused(agency: Agency, option: str) -> None:
    ran = agency.run("plan", "clients", option, "one.json")
    assert ran.code == 64
    assert ran.stderr.startswith(f"error: {option} names one file, and there are 3 calendars\n")


def test_one_folder_has_the_ledger_of_several(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--state", "ledger", "--yes").code == 0
    assert agency.run("plan", "clients", "--state", "ledger", "--detailed-exitcode").code == 0
    ran = agency.run("log", "clients", "--state", "ledger")
    assert (ran.code, ran.stdout.count("\n"), ran.stdout.count("3 created")) == (0, 1, 1)
    refused = agency.run("log", "clients", "--state", "one.json")
    assert (refused.code, "--state names one file" in refused.stderr) == (64, True)


def test_calendars_are_found_once_and_end_where_another_begins(agency: Agency) -> None:
    client(Path("clients/acme/spin-off"), seed(1, "acme"))
    Path("clients/.hidden").mkdir()
    Path("clients/.hidden/publer.yaml").write_text("")
    found, _ = agency.json("validate", "clients/acme", "clients", "clients/globex")
    names = ["acme", "acme/spin-off", "globex", "initech"]
    assert [each["calendar"] for each in found] == [f"clients/{name}" for name in names]
    assert [each["result"]["posts"] for each in found] == [1, 1, 1, 1]


def git(*words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", *words], check=True, capture_output=True
    )


class TestChangedSince:
    @pytest.fixture(autouse=True)
    def _repository(self, agency: Agency) -> None:
        git("init", "-qb", "main")
        git("add", "-A")
        git("commit", "-qm", "start")

    def changed(self, agency: Agency, ref: str = "main") -> list[str]:
        found, code = agency.json("validate", "clients", "--changed-since", ref)
        assert code == 0
        return [each["calendar"] for each in found]

    def test_nothing_changed(self, agency: Agency) -> None:
        assert self.changed(agency) == []
        assert agency.run("plan", "clients", "--changed-since", "main").stdout == "No calendar has changed.\n"

    def test_committed_edited_and_new_files_count(self, agency: Agency) -> None:
        git("checkout", "-qb", "topic")
        client(Path("clients/acme"), seed(1, "acme"), text="Edited")
        git("commit", "-qam", "edit")
        Path("clients/globex/posts.yaml").unlink()
        assert self.changed(agency) == ["clients/acme", "clients/globex"]
        Path("clients/initech/ü b.yaml").write_text("posts: []\n")
        assert self.changed(agency) == [f"clients/{name}" for name in NAMES]

    def test_another_commit_of_a_submodule_counts_for_what_is_read_from_inside_it(
        self, agency: Agency
    ) -> None:
        Path("brand/pictures").mkdir(parents=True)
        Path("brand/shared.yaml").write_text("limits: {delete: 3}\n")
        Path("brand/pictures/a.txt").write_text("A\n")
        git("init", "-q", "brand")
        git("-C", "brand", "add", "-A")
        git("-C", "brand", "commit", "-qm", "x")
        for name, line in (
            ("acme", "extends: ../../brand/shared.yaml"),
            ("globex", "media: [../../brand/pictures]"),
        ):
            with Path(f"clients/{name}/publer.yaml").open("a") as settings:
                settings.write(f"{line}\n")
        git("add", "-A")
        git("commit", "-qm", "with a submodule")
        git("-C", "brand", "commit", "-q", "--allow-empty", "-m", "y")
        git("checkout", "-qb", "topic")
        git("commit", "-qam", "another commit of it")
        assert self.changed(agency) == ["clients/acme", "clients/globex"]

    def test_what_no_calendar_reads_does_not_count(self, agency: Agency) -> None:
        Path("clients/acme/README.md").write_text("Words\n")
        Path("clients/acme/.notes").write_text("Words\n")
        Path("elsewhere.yaml").write_text("posts: []\n")
        assert self.changed(agency) == []

    def test_a_change_of_main_alone_does_not_count(self, agency: Agency) -> None:
        git("checkout", "-qb", "topic")
        git("checkout", "-q", "main")
        client(Path("clients/acme"), seed(1, "acme"), text="Edited")
        git("commit", "-qam", "edit")
        git("checkout", "-q", "topic")
        assert self.changed(agency) == []

    def test_an_unknown_commit_is_refused(self, agency: Agency) -> None:
        for ref in ("nowhere", "--output=x", ""):
            ran = agency.run("validate", "clients", f"--changed-since={ref}")
            assert (ran.code, ran.stderr.splitlines()[0]) == (
                64,
                f'error: --changed-since: git knows no commit "{ref}" here',
            )


def test_changed_since_needs_a_repository(agency: Agency) -> None:
    assert agency.run("validate", "clients", "--changed-since", "main").code == 64


def test_accounts_that_not_every_calendar_has(agency: Agency) -> None:
    settings = Path("clients/globex/publer.yaml")
    settings.write_text(settings.read_text().replace("accounts: {x:", "accounts: {chirp: "))
    posts = Path("clients/globex/posts.yaml")
    posts.write_text(posts.read_text().replace("[x]", "[chirp]"))
    for command in ("plan", "results", "preview"):
        ran = agency.run(command, "clients", "--account", "chirp", "--account", "x")
        assert ran.code == 0, ran
        ran = agency.run(command, "clients", "--account", "chirp")
        assert (ran.code, "clients/acme has no such account: it is left out." in ran.stderr) == (0, True), ran
    assert agency.run("apply", "clients", "--account", "chrip", "--yes").code == 64
    assert agency.run("apply", "clients", "--account", "chirp", "--yes").code == 0
    assert agency.texts() == ["Hello from globex"]


@pytest.mark.story
def test_a_rehearsal_of_several(cli: Cli, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES, 1):
        client(tmp_path / "clients" / name, seed(number, name))
    ran = cli("apply", "clients", "--sandbox", "--yes")
    assert (ran.code, ran.stdout.count("1 post done")) == (0, 3)
    assert cli("plan", "clients", "--sandbox", "--detailed-exitcode").code == 0


def test_results_of_several_are_one_table(agency: Agency) -> None:
    assert agency.run("apply", "clients", "--yes").code == 0
    Path("clients/globex/publer.yaml").write_text("accounts: [\n")
    ran = agency.run("results", "clients", "--format", "csv")
    assert ran.code == 3
    assert [line for line in ran.stderr.splitlines() if "globex" in line][-1].startswith("clients/globex: ")
    assert ran.stdout.count("\n") == 1  # the heads of the columns: nothing was published yet
    found, code = agency.json("results", "clients/acme", "clients/initech")
    assert code == 0
    for each in found:
        conforms(each["result"], "results")


def test_the_log_of_a_post_is_that_of_the_calendars_that_know_it(agency: Agency) -> None:
    """A post is in one calendar, or was in another before: that a third never had it is no mistake of the question."""
    more = "posts:\n- id: only-here\n  at: 2031-03-02 09:00\n  accounts: x\n  text: More\n"
    Path("clients", NAMES[1], "more.yaml").write_text(more, encoding="utf-8")
    assert agency.run("apply", "clients", "--yes").code == 0
    ran = agency.run("log", "clients", "--post", "only-here", "--format", "json")
    [found] = json.loads(ran.stdout)["runs"]
    assert (ran.code, found["calendars"]) == (0, [NAMES[1]])
    nobody = agency.run("log", "clients", "--post", "nobody")
    assert (nobody.code, nobody.stdout) == (64, "")
    assert nobody.stderr.count('--post: no known run changed "nobody"') == 1


class TestApplyChangedSince:
    @pytest.fixture(autouse=True)
    def _applied(self, agency: Agency) -> None:
        Path(".gitignore").write_text(".publer-sync/\n")
        git("init", "-qb", "main")
        self.commit("start")
        assert agency.run("apply", "clients", "--yes").code == 0

    def commit(self, message: str) -> None:
        git("add", "-A")
        git("commit", "-qm", message)

    def applied(self, agency: Agency, ref: str = "HEAD~1") -> list[str]:
        found, _ = agency.json("apply", "clients", "--yes", "--changed-since", ref)
        return [each["calendar"].removeprefix("clients/") for each in found]

    def test_what_was_applied_is_left_out(self, agency: Agency) -> None:
        client(Path("clients/acme"), seed(1, "acme"), text="Edited")
        self.commit("edit")
        assert self.applied(agency) == ["acme"]
        assert self.applied(agency, "HEAD") == []

    def test_what_no_apply_has_finished_comes_along(self, agency: Agency) -> None:
        """Its push was never applied, whatever kept the run from it; the next push finds it."""
        client(Path("clients/globex"), seed(2, "globex"), text="Edited")
        self.commit("an apply that never ran")
        client(Path("clients/acme"), seed(1, "acme"), text="Edited")
        self.commit("the next push")
        assert self.applied(agency) == ["acme", "globex"]
        assert agency.texts() == ["Edited", "Edited", "Hello from initech"]

    def test_what_failed_comes_along(self, agency: Agency) -> None:
        posts = Path("clients/globex/posts.yaml")
        new = POST.format(at=T + DAY, text="One more").replace("hello", "more")
        posts.write_text(posts.read_text() + new.removeprefix("posts:\n"))
        self.commit("a new post")
        agency.sandbox.faults.refuse = {seed(2, "globex").accounts[0].id: "Something went wrong"}
        assert self.applied(agency) == ["globex"]
        agency.sandbox.faults.refuse = {}
        assert self.applied(agency, "HEAD") == ["globex"]
        assert self.applied(agency, "HEAD") == []

    def test_shared_settings_count(self, agency: Agency) -> None:
        Path("agency.yaml").write_text("limits: {delete: 5}\n")
        settings = Path("clients/acme/publer.yaml")
        settings.write_text(f"extends: ../../agency.yaml\n{settings.read_text()}")
        self.commit("share")
        assert self.applied(agency) == ["acme"]
        Path("agency.yaml").write_text("limits: {delete: 6}\n")
        self.commit("change")
        assert self.applied(agency) == ["acme"]
        assert self.applied(agency, "HEAD") == []


def test_an_error_in_settings_that_calendars_share_is_told_once(agency: Agency) -> None:
    Path("agency.yaml").write_text("limits: {delet: 5}\n")
    for name in "abcde":
        client(folder := Path("clients", name), seed(1, name))
        settings = folder / "publer.yaml"
        settings.write_text(f"extends: ../../agency.yaml\n{settings.read_text()}")
    Path("clients/b/more.yaml").write_text("posts: []\n")
    ran = agency.run("validate", "clients")
    assert ran.code == 3
    assert ran.stdout.count("the limits have no key `delet`") == 1
    assert "── clients/a, clients/b, clients/c, 2 more ─" in ran.stdout
    assert "1 error in 1 file. Nothing was sent.\n" in ran.stdout


def test_the_calendars_are_listed_for_a_matrix(agency: Agency) -> None:
    Path("clients/acme/publer.yaml").write_text(
        "name: a\nstate: git:publer-sync-state\naccounts: {x: twitter/a}\n"
    )
    found = json.loads(agency.run("calendars", "--format", "json").stdout)
    conforms(found, "calendars")
    acme, globex, _ = found["include"]
    assert acme == {
        "calendar": "clients/acme",
        "name": "a",
        "workspace": None,
        "state": "git:publer-sync-state",
    }
    assert globex == {"calendar": "clients/globex", "name": "globex", "workspace": "globex", "state": None}
    assert agency.run("calendars").stdout.splitlines()[1] == "clients/globex   globex"
    assert agency.run("calendars", "nowhere").code == 64


@pytest.mark.slow
def test_the_states_of_many_are_fetched_once(agency: Agency) -> None:
    git("init", "-q", "--bare", "remote.git")
    Path(".gitignore").write_text("remote.git/\n")
    git("init", "-qb", "main")
    git("remote", "add", "origin", str(Path("remote.git").resolve()))
    git("add", "-A")
    git("commit", "-qm", "start")
    state = ("--state", "git:state")
    assert agency.run("apply", "clients", "--yes", *state).code == 0
    with mock.patch.object(Repository, "fetch", autospec=True, side_effect=Repository.fetch) as fetch:
        ran = agency.run("apply", "clients", "--yes", "--changed-since", "main", *state)
    assert (ran.code, ran.stdout) == (0, "No calendar has changed.\n")
    assert fetch.call_count == 2, "once for all of them, once to see which calendars have left"


@pytest.mark.slow
def test_many_calendars_on_one_branch_take_one_fetch_and_few_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are: their parts, their files and their history are asked for together."""
    monkeypatch.chdir(tmp_path)
    names = [f"client-{number}" for number in range(9)]
    accounts = [SeedAccount(f"acc{number:021x}", "twitter", name) for number, name in enumerate(names)]
    settings = "workspace: Agency\ntimezone: UTC\nstate: git:state\naccounts: {{x: {account}}}\n"
    with Sandbox(Seed("5f0000000000000000000001", "Agency", tuple(accounts)), poll_seconds=QUICK) as sandbox:
        agency = Agency(sandbox, ())
        git("init", "-q", "--bare", "--template=", "remote.git")
        git("init", "-q", "--template=", "-b", "main")
        git("remote", "add", "origin", str(Path("remote.git").resolve()))
        Path(".gitignore").write_text("remote.git/\n")
        for name, account in zip(names, accounts, strict=True):
            folder = Path("clients", name)
            folder.mkdir(parents=True)
            (folder / "publer.yaml").write_text(settings.format(account=account.id))
            (folder / "posts.yaml").write_text(POST.format(at=T, text=name))
        git("add", "-A")
        git("commit", "-qm", "start")
        calls: list[str] = []
        run = Git.run

        def counted(self: Git, *words: str, **more: Any) -> GitResult:
            calls.append(words[0])
            return run(self, *words, **more)

        monkeypatch.setattr(Git, "run", counted)
        assert agency.run("apply", "clients", "--yes").code == 0
        assert Counter(calls)["fetch"] <= 2
        sandbox.settle()
        assert agency.run("apply", "clients", "--yes").code == 0  # it notes that there was nothing to do
        for command in (("plan", "clients"), ("apply", "clients", "--yes")):
            calls.clear()
            assert agency.run(*command).code == 0
            assert len(calls) <= 30, (command, calls)
            assert (Counter(calls)["fetch"], Counter(calls)["push"]) == (1, 0), (command, calls)


def test_what_keeps_all_from_their_turn_is_said_once(agency: Agency) -> None:
    environ = {"PATH": os.environ["PATH"]}
    ran = run_here(["plan", "clients"], environ)
    assert (ran.code, ran.stdout, ran.stderr.count("PUBLER_API_KEY is not set")) == (1, "", 1)


def test_git_gets_no_key_and_leaves_the_index_alone(agency: Agency, tmp_path: Path) -> None:
    """A repository can make git start programs of its own (core.fsmonitor, filters)."""
    git("init", "-qb", "main")
    git("add", "-A")
    git("commit", "-qm", "start")
    spy, told = tmp_path / "spy" / "git", tmp_path / "told"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/sh\nenv >> {told}\nexec {shutil.which("git")} "$@"\n')
    spy.chmod(0o755)
    index = Path(".git/index").stat().st_mtime_ns
    os.utime("clients/acme/posts.yaml", (1, 1))  # git would note that it looked at the file again
    environ = {
        "PATH": f"{spy.parent}:{os.environ['PATH']}",
        "PUBLER_API_KEY": "k3y-of-publer",
        "PUBLER_SYNC_STATE_KEY": "k3y-of-the-state",
        "PUBLER_BASE_URL": agency.sandbox.url,
        "PUBLER_SYNC_POLL_SECONDS": str(QUICK),
    }
    assert run_here(("apply", "clients", "--yes"), environ).code == 0
    assert Path(".git/index").stat().st_mtime_ns == index
    assert run_here(("apply", "clients", "--yes", "--changed-since", "main"), environ).code == 0
    assert "PATH=" in told.read_text()
    assert "k3y" not in told.read_text()

"""A client leaves: the folder is gone, its posts go on, and every command names them with the two ways out."""

from __future__ import annotations

import json
import shlex
import shutil
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.reaching import gone
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import CalendarHome, State, dumps, loads
from publer_sync.ledger.store import default_place
from publer_sync.planning.gone import GoneCalendar
from publer_sync.sandbox import Sandbox, Seed, SeedAccount
from publer_sync.values.errors import UsageError
from publer_sync.values.model import Account, Workspace
from tests.builders import LINKEDIN, NOW, X, copy_of, wanted
from tests.commands.test_several import POST, Agency, git
from tests.conftest import QUICK
from tests.schemas import conforms
from tests.system.worlds import DAY, T
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Ran

NAMES = ("acme", "bank")
ONE = Seed(
    "5f0000000000000000000001",
    "Agency",
    tuple(
        SeedAccount(f"acc{number:021x}", "twitter", f"{name} on X") for number, name in enumerate(NAMES, 1)
    ),
)
SETTINGS = "workspace: Agency\ntimezone: UTC\nstate: git:publer-sync-state\naccounts: {{x: {account}}}\n"
MORE = POST.replace("posts:\n", "").replace("hello", "hello-{number}")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Sandbox]]:
    """Two clients in one workspace and repository; the bank has 12 posts ahead. The states name this sandbox's address."""
    home = tmp_path_factory.mktemp("agency")
    with Sandbox(ONE, poll_seconds=QUICK, file=home / "publer.db") as sandbox:
        with chdir(home):
            git("init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
            git("init", "-q", "--template=", "-b", "main")
            git("remote", "add", "origin", "remote.git")
            Path(".gitignore").write_text("remote.git\npubler.db*\n")
            for number, name in enumerate(NAMES):
                folder = Path("clients", name)
                folder.mkdir(parents=True)
                (folder / "publer.yaml").write_text(SETTINGS.format(account=ONE.accounts[number].id))
                posts = POST.format(at=T, text=f"Hello from {name}")
                if name == "bank":
                    more = (
                        MORE.format(at=T + day * DAY, text=f"Bank {day}", number=day) for day in range(1, 12)
                    )
                    posts += "".join(more)
                (folder / "posts.yaml").write_text(posts)
            commit("two clients")
            assert Agency(sandbox, ()).run("apply", "clients", "--yes").code == 0
            sandbox.settle()
        yield home, sandbox


@pytest.fixture
def agency(made: tuple[Path, Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    home, front = made
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    with Sandbox(ONE, poll_seconds=QUICK, file=tmp_path / "publer.db") as sandbox:
        monkeypatch.setattr(front._server, "handle", sandbox.handle)
        sandbox.url = front.url
        yield Agency(sandbox, ())


def commit(what: str) -> None:
    git("add", "-A")
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", what)
    git("push", "-q", "origin", "main")


def leave(*, pushed: bool = True) -> None:
    git("rm", "-rq", "clients/bank")
    if pushed:
        commit("the bank leaves")


def words(ran: Ran) -> str:
    return " ".join(ran.stdout.split())


def warned(agency: Agency, *more: str) -> list[str]:
    ran = agency.run("plan", "clients/acme", "--format", "json", *more)
    assert ran.code == 0, ran
    return [warn["message"] for warn in json.loads(ran.stdout)["warnings"] if warn["code"] == "calendar_gone"]


def ways(message: str) -> list[list[str]]:
    """The two commands, as they can be pasted."""
    _, remove, keep = message.split(": publer-sync ")
    return [shlex.split(remove.partition(";")[0]), shlex.split(keep)]


@pytest.mark.slow
def test_plan_and_status_name_the_posts_of_a_client_who_left_with_the_two_ways_out(agency: Agency) -> None:
    assert warned(agency) == []
    leave()
    (message,) = warned(agency)
    assert message.startswith(
        "the calendar clients/bank left the repository, and 12 of its posts are still scheduled in Publer; "
    )
    assert ways(message) == [
        ["apply", "clients/acme", "--gone", "clients/bank", "--yes"],
        ["forget", "--all", "--state-name", "clients/bank", "--calendar", "clients/acme"],
    ]
    status = agency.run("status", "clients/acme")
    assert status.code == 6
    assert "12 of its posts are still scheduled in Publer" in words(status)
    document = json.loads(agency.run("status", "clients/acme", "--format", "json").stdout)
    assert document["gone"] == [
        {
            "calendar": "clients/bank",
            "state": "git:publer-sync-state",
            "ahead": 12,
            "on_hold": 0,
            "leaving": False,
        }
    ]
    several = agency.run("plan", "clients", "--format", "json")
    assert several.stdout.count("calendar_gone") == 1


@pytest.mark.slow
def test_the_first_way_out_removes_them_within_the_default_limit(agency: Agency) -> None:
    leave()
    remove, _ = ways(warned(agency)[0])
    refused = agency.run(*remove)
    assert (refused.code, len(agency.texts())) == (4, 13)
    assert "--gone clients/bank --allow-deletes 12" in words(refused)
    asked = agency.answer(*remove[:-1], "--allow-deletes", "12", answer="no")
    assert (asked.code, len(agency.texts())) == (1, 13)
    assert "This also applies clients/acme. This changes what is published: " in asked.stderr
    done = agency.run(*remove, "--allow-deletes", "12")
    assert done.code == 0, done
    assert agency.texts() == ["Hello from acme"]
    assert "clients/bank" in done.stdout
    assert warned(agency) == []
    again = agency.run(*remove)
    assert again.code == 64
    assert "no calendar of this name left the repository with posts ahead" in again.stderr


@pytest.mark.slow
def test_an_edit_and_the_freeze_protect_them_too(agency: Agency) -> None:
    """Nobody sees these posts in a file any more: what someone edited in Publer is left to people."""
    edited = next(post for post in agency.sandbox.posts() if post["text"] == "Bank 3")
    agency.sandbox.edit(edited["id"], text="Bank 3, by hand")
    leave()
    remove, _ = ways(warned(agency)[0])
    done = agency.run(*remove, "--allow-deletes", "12")
    assert done.code == 6, done
    assert agency.texts() == ["Bank 3, by hand", "Hello from acme"]
    assert "1 of its posts is still scheduled in Publer" in warned(agency)[0]


@pytest.mark.slow
@pytest.mark.parametrize("alone", [False, True])
def test_a_post_that_another_calendar_wants_moves_there(agency: Agency, alone: bool) -> None:
    """Two clients become one: the files are merged, and the folder of one of them goes."""
    git("mv", "clients/bank/posts.yaml", "clients/acme/more.yaml")
    file = Path("clients/acme/more.yaml")
    file.write_text(file.read_text().replace("[x]", "[bank]").replace("hello\n", "hello-0\n"))
    settings = Path("clients/acme/publer.yaml")
    settings.write_text(
        settings.read_text().replace("}", f", bank: {{id: {ONE.accounts[1].id}, provider: x}}}}")
    )
    leave()
    remove, _ = ways(warned(agency)[0])
    done = agency.run("apply", "clients/acme", "--yes") if alone else agency.run(*remove)
    assert done.code == 0, done
    assert (len(agency.texts()), warned(agency)) == (13, [])


@pytest.mark.slow
def test_the_second_way_out_keeps_them(agency: Agency) -> None:
    leave()
    _, keep = ways(warned(agency)[0])
    done = agency.run(*keep, "--yes")
    assert done.code == 0, done
    assert '  X · bank on X  hello-3  "Bank 3"' in done.stdout, (
        "the accounts left the settings with the folder"
    )
    assert len(agency.texts()) == 13
    assert warned(agency) == []


@pytest.mark.slow
def test_posts_on_hold_are_named_and_their_way_out_drops_the_hold(agency: Agency) -> None:
    assert agency.run("hold", "clients/bank", "--reason", "Gone", "--yes").code == 0
    leave()
    (message,) = warned(agency)
    assert message.startswith(
        "the calendar clients/bank left the repository, and 12 of its posts are on hold; to leave them out"
    )
    keep = shlex.split(message.partition(": publer-sync ")[2])
    assert keep[-1] == "--drop-holds"
    assert agency.run(*keep, "--yes").code == 0
    assert (warned(agency), agency.texts()) == ([], ["Hello from acme"])


@pytest.mark.slow
def test_changed_since_names_them_where_it_keeps_no_calendar(agency: Agency) -> None:
    leave(pushed=False)
    for command in ("plan", "status"):
        ran = agency.run(command, "clients", "--changed-since", "HEAD")
        assert ran.code == 0, ran
        assert "No calendar has changed." in ran.stdout
        assert "The calendar clients/bank is missing here, and 12 of its posts are still scheduled" in words(
            ran
        )
        assert (
            "once it has left the default branch, to remove them (this applies clients/acme too): publer-sync apply"
            in words(ran)
        )
    results, code = agency.json("plan", "clients", "--changed-since", "HEAD")
    assert (results, code) == ([], 0)
    assert agency.run("apply", "clients", "--gone", "clients/bank", "--yes").code == 64
    commit("the bank leaves")
    ran = agency.run("plan", "clients", "--changed-since", "HEAD", "--format", "json")
    conforms(json.loads(ran.stdout), "several")
    (gone,) = json.loads(ran.stdout)["gone"]
    assert (gone["calendar"], gone["ahead"], gone["leaving"]) == ("clients/bank", 12, False)
    removed = agency.run(
        "apply",
        "clients",
        "--changed-since",
        "HEAD",
        "--gone",
        "clients/bank",
        "--allow-deletes",
        "12",
        "--yes",
    )
    assert (removed.code, agency.texts()) == (0, ["Hello from acme"])


@pytest.mark.slow
@pytest.mark.parametrize("why", ["renamed", "unreadable", "elsewhere", "from a shallow clone"])
def test_only_what_left_the_default_branch_is_gone(agency: Agency, why: str) -> None:
    """Renamed is no farewell; a file that can't be read may be the one; a branch that nobody merged has its own calendars."""
    if why == "renamed":
        git("mv", "clients/bank", "clients/savings")
        commit("a new name")
        assert warned(agency) == []
    elif why == "unreadable":
        leave()
        Path("clients/new").mkdir()
        Path("clients/new/publer.yaml").write_text("accounts: [")
        commit("in a hurry")
        assert warned(agency) == []
    elif why == "elsewhere":
        git("checkout", "-qb", "feature")
        posts = Path("clients/bank/posts.yaml")
        posts.write_text(posts.read_text().replace("Bank 1", "Bank 1, again"))
        git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", "a branch")
        git("push", "-q", "origin", "feature")
        assert agency.run("apply", "clients/bank", "--yes").code == 0
        git("checkout", "-q", "main")
        leave()
        assert warned(agency) == []
    else:
        leave()
        git(
            "clone",
            "-q",
            "--depth",
            "1",
            "--branch",
            "main",
            f"file://{Path('remote.git').resolve()}",
            "clone",
        )
        ran = agency.run("plan", "clone/clients/acme", "--format", "json")
        assert "12 of its posts are still scheduled" in ran.stdout


@pytest.mark.slow
def test_a_calendar_of_the_same_name_in_another_workspace_is_another_one(agency: Agency) -> None:
    """As after a rehearsal there, whose part of the ledger is still on the branch."""
    git("clone", "-q", "-b", "publer-sync-state", "remote.git", "ledger")
    [part] = Path("ledger").rglob("bank.json")
    state = loads(part.read_bytes(), "")
    rehearsed = replace(state, workspace_id="f" * 24, workspace_name="Rehearsal")
    rehearsed.copies = {}
    other = part.parents[1].with_name("f" * 24) / "clients/bank.json"
    other.parent.mkdir(parents=True)
    other.write_text(dumps(rehearsed))
    git("-C", "ledger", "add", "-A")
    git("-C", "ledger", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "rehearsed")
    git("-C", "ledger", "push", "-q", "origin", "publer-sync-state")
    shutil.rmtree("ledger")
    leave()
    (message,) = warned(agency)
    remove, _ = ways(message)
    ran = agency.run(*remove, "--allow-deletes", "12")
    assert ran.code == 0, ran
    assert agency.texts() == ["Hello from acme"]


# --- without git ----------------------------------------------------------------------------------------------------


def home_of(folder: Path, *, there: bool) -> CalendarHome:
    """Of a calendar of another repository."""
    (folder / ".git").mkdir(parents=True)
    if there:
        (folder / "acme").mkdir()
        (folder / "acme" / "publer.yaml").touch()
    return CalendarHome("acme", str(folder / ".git"))


def test_a_calendar_of_another_repository_left_once_its_own_folder_is_gone(tmp_path: Path) -> None:
    ahead = {copy.key: copy for copy in (copy_of(wanted(T + DAY, "Hello")),)}
    states = {
        "gone": State("s", "w", "gone", copies=ahead, home=home_of(tmp_path / "one", there=False)),
        "there": State("s", "w", "there", copies=ahead, home=home_of(tmp_path / "two", there=True)),
        "away": State("s", "w", "away", copies=ahead, home=CalendarHome("acme", "/not/mounted/.git")),
    }
    found = gone._gone_on_disk(tmp_path, states, tmp_path)
    assert [each.name for each in found] == ["gone"]
    assert not gone.home_is_gone(CalendarHome("/not/mounted/acme"))


def test_only_what_managed_posts_and_is_gone_for_good_counts_as_a_calendar_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = {copy.key: copy for copy in (copy_of(wanted(T + DAY, "Hello")),)}
    states = {
        "used": State("s", "w", "used", copies=copies),
        "never used": State("s", "w", "never used"),
        "leaving": State("s", "w", "leaving", copies=copies),
    }

    def gone_of(_: Path, asked: dict[str, State], *__: object, **___: bool) -> list[GoneCalendar]:
        return [
            GoneCalendar(name, state, "ledger", name == "leaving", 1, 0, "ledger")
            for name, state in asked.items()
        ]

    monkeypatch.setattr(gone, "gone_of", gone_of)
    checkouts: Any = SimpleNamespace(missing=lambda _, names: names)
    store: Any = SimpleNamespace(
        names_beside=lambda: [*states], beside=lambda _: SimpleNamespace(states=states)
    )
    assert [*gone.states_beside(tmp_path, store, checkouts)] == ["used"]


@each_of(
    ("setting", "workspace"), [("workspace: w\n", ""), ("state: ../shared\nworkspace: W\n", "v"), ("", "w")]
)
def test_calendars_that_left_are_looked_for_where_the_one_that_stays_keeps_its_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, workspace: str
) -> None:
    """Once in each place, and in the workspace of the one that stays."""
    monkeypatch.setenv("PUBLER_WORKSPACE_ID", workspace)
    top = tmp_path / "calendar"
    shared = "state" in setting
    for each in (top, *([tmp_path / "other"] if shared else [])):
        each.mkdir(exist_ok=True)
        (each / "publer.yaml").write_text(f"timezone: UTC\n{setting}accounts: {{x: X}}\n")
    copies = {copy.key: copy for copy in (copy_of(wanted(T + DAY, "Hello")),)}
    left = State("s", "w", "acme", "W", copies=copies, home=CalendarHome("acme"))
    asked: list[Path] = []

    def states_in(root: Path) -> dict[str, State]:
        asked.append(root.resolve())
        return {"w/acme": left, "v/acme": replace(left, workspace_id="v", workspace_name="V", copies={})}

    with (
        chdir(tmp_path),
        mock.patch.object(gone, "states_in", states_in),
        mock.patch.object(Checkouts, "missing", lambda _, __, names: [*names]),
    ):
        found = gone.below([top, tmp_path / "other"] if shared else [], Choice())
    assert [(each.name, each.state) for each in found] == [("acme", left)]
    assert asked == [(tmp_path / "shared" if shared else default_place(top)).resolve()]


REMOVE, KEEP = "publer-sync apply --gone 'a b' --yes", "publer-sync forget --all --state-name 'a b'"


@each_of(
    "ahead, on_hold, holds, leaving, beside, told",
    [
        (
            1,
            0,
            False,
            False,
            None,
            f"left the repository, and 1 of its posts is still scheduled in Publer; to remove them: {REMOVE}; to keep them as they are: {KEEP}",
        ),
        (
            2,
            1,
            True,
            True,
            None,
            (
                "is missing here, and 2 of its posts are still scheduled in Publer and 1 of its posts is on hold; if it was renamed, "
                "move its state first (publer-sync state mv); otherwise, once it has left the default branch, "
                f"to remove them: {REMOVE}; to keep them as they are: {KEEP} --drop-holds"
            ),
        ),
        (
            0,
            2,
            True,
            False,
            None,
            f"left the repository, and 2 of its posts are on hold; to leave them out of Publer for good: {KEEP} --drop-holds",
        ),
        (
            1,
            0,
            False,
            False,
            "clients/bank",
            (
                "left the repository, and 1 of its posts is still scheduled in Publer; to remove them (this applies clients/bank too): "
                "publer-sync apply clients/bank --gone 'a b' --yes; to keep them as they are: "
                f"{KEEP} --calendar clients/bank"
            ),
        ),
    ],
)
def test_what_a_calendar_that_left_has_ahead_is_said_with_the_ways_out(
    ahead: int, on_hold: int, holds: bool, leaving: bool, beside: str | None, told: str
) -> None:
    state = State("s", "w", "a b", holds=(Hold("Storm", NOW),) if holds else ())
    left = GoneCalendar("a b", state, "ledger", leaving, ahead, on_hold, "ledger")
    choice = Choice(accounts=("x",), since="2027-01-01", until="2027-01-02")
    there = Path(beside) if beside is not None else None
    for each, chosen in ((replace(left, beside=there), choice), (left, replace(choice, calendar=there))):
        assert gone.sentence_of(each, chosen) == f"the calendar a b {told}"


def test_a_name_that_has_not_left_is_answered_with_those_that_have() -> None:
    state = State("s", "w", "x")
    found = {
        name: GoneCalendar(name, state, "ledger", leaving, 1, 0, "ledger")
        for name, leaving in (("acme", False), ("bank", True))
    }
    assert gone._not_gone("other", found).hint == "Calendars that left: acme."
    for place, way in (("ledger", "commit its removal first"), ("git:states", "push its removal first")):
        leaving = replace(found["bank"], place=place)
        assert gone._not_gone("bank", {"bank": leaving}).message.endswith(way)


@each_of(
    ("part", "told"),
    [
        ({"accounts": ("x",)}, "not those of some accounts or days"),
        ({"since": "2027-01-01"}, "not those of some accounts or days"),
        ({"until": "2027-01-01"}, "not those of some accounts or days"),
        ({"sandbox": True}, "a sandbox has no calendars beside this one"),
    ],
)
def test_all_posts_of_a_calendar_that_left_go_or_none(part: dict[str, Any], told: str) -> None:
    nothing: Any = SimpleNamespace(repositories=None)
    with pytest.raises(UsageError, match=told):
        gone.wanted([], Choice(gone=("acme",), **part), nothing)


def test_a_calendar_that_left_has_the_accounts_of_its_posts_and_the_time_zone_of_the_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "publer.yaml").write_text("timezone: Europe/Oslo\nstate: ledger\naccounts: {x: X}\n")
    twin = Account("a-twin", X.name, "facebook")
    copies = {
        key: copy_of(wanted(T + DAY, "Hello", account=each), key)
        for key, each in enumerate((X, twin, LINKEDIN), 1)
    }
    state = State("s", "w-2", "acme", "Two", copies=copies)
    left = GoneCalendar("acme", state, "ledger", False, 1, 0, str((tmp_path / "ledger").resolve()))
    monkeypatch.setattr(gone, "below", lambda *_: (left,))
    listed = (X, twin, LINKEDIN, Account("a-stranger", "Stranger", "facebook"))
    there = SimpleNamespace(workspaces=[Workspace("w-1", "One")], enter=lambda each: (each.id, listed))
    connections: Any = SimpleNamespace(repositories=None, wake=None, to=lambda *_: there)
    choice = Choice(gone=("acme",))
    with pytest.raises(UsageError, match="--gone acme: the key does not reach its workspace, Two"):
        gone.wanted([tmp_path], choice, connections)
    there.workspaces.append(Workspace("w-2", "Two"))
    assert gone.wanted([tmp_path], Choice(), connections) == {}
    [(calendar, chosen)] = gone.wanted([tmp_path], choice, connections).values()
    assert (calendar.gone, calendar.settings.workspace, calendar.settings.timezone) == (
        True,
        "w-2",
        "Europe/Oslo",
    )
    assert [(ref.alias, ref.name) for ref in calendar.settings.accounts] == [
        ("Fjordlight (x)", X.id),
        ("Fjordlight (facebook)", twin.id),
        ("Fjordlight AS", LINKEDIN.id),
    ]
    assert (chosen.calendar, chosen.gone) == (tmp_path, ("acme",))


def test_the_calendar_beside_one_that_left_is_one_that_keeps_its_state_in_the_same_place(
    tmp_path: Path,
) -> None:
    for name, state in (("a", "../ledger-a"), ("b", "../ledger-b"), ("c", "git:states")):
        (tmp_path / "all" / name).mkdir(parents=True)
        settings = f"timezone: UTC\nstate: {state}\naccounts: {{x: X}}\n"
        (tmp_path / "all" / name / "publer.yaml").write_text(settings)
    left = GoneCalendar("acme", State("s", "w", "acme"), "there", False, 1, 0)
    tops = [tmp_path / "all" / name for name in "abc"]
    ledger = replace(left, setting=str((tmp_path / "all" / "ledger-b").resolve()))
    with pytest.raises(UsageError, match="no calendar here keeps its state in there"):
        gone._beside(ledger, tops, Choice())
    (tmp_path / ".git").mkdir()
    with chdir(tmp_path / "all"):
        found = [gone._beside(ledger, each, Choice())[0].name for each in (tops, [])]
    assert found == ["b", "b"]
    top, _, _ = gone._beside(replace(left, setting="git:states"), tops, Choice())
    assert top.name == "c"

"""One place of state: a calendar is never applied as if it had none, and its state moves with its holds."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from contextlib import chdir, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore
from tests.ledger.git_world import BY, git
from tests.system.worlds import HOUR, MINUTE, T, Want, World, clocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.state import State
    from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("every_kind_seen")

POST = Want("launch", "x", T, "We launched")
OTHER = Want("other", "x", T + HOUR, "Another")
BRANCH = "git:publer-sync-state"


@pytest.fixture
def world(empty_world: World) -> Iterator[World]:
    """In a repository with a remote, from whose top everything is run; nothing is committed yet."""
    world = empty_world
    git(world.home, "init", "-q", "-b", "main")
    add_remote(world, "origin", "remote.git")
    (world.home / ".gitignore").write_text("remote.git\npubler.db*\n.publer-sync\n")
    with chdir(world.home):
        yield world


def add_remote(world: World, name: str, folder: str) -> None:
    """An empty repository in a folder beside the calendar, as a remote of this name."""
    git(world.home, "init", "-q", "--bare", "-b", "main", folder)
    git(world.home / folder, "config", "uploadpack.allowFilter", "true")
    git(world.home, "remote", "add", name, f"file://{world.home / folder}")


def commit(world: World) -> None:
    git(world.home, "add", "-A")
    git(world.home, *BY, "commit", "-qm", "x")
    git(world.home, "push", "-q", "origin", "HEAD")


def error(ran: Ran) -> Any:
    return json.loads(ran.stdout)["error"]


def refused(world: World, *words: str) -> Any:
    """The error of a command that ends with 1, and sends nothing."""
    world.sandbox.reset_log()
    name, *more = words
    ran = world.run(name, "calendar", *more, "--format", "json")
    assert ran.code == 1, ran
    assert world.writes() == []
    return error(ran)


def told(text: str) -> list[str]:
    """The command that moves the state, as a message names it."""
    found = re.search(r"publer-sync (state mv .*)", text)
    assert found is not None, text
    return shlex.split(found[1])


def take(world: World, text: str) -> Ran:
    ran = world.run(*told(text), "--yes")
    assert ran.code == 0, ran
    return ran


def held(world: World) -> int:
    return int(world.plan()["summary"]["held"])


@pytest.mark.slow
def test_readme_step_6_refuses_to_begin_anew_and_the_named_command_keeps_the_hold(world: World) -> None:
    world.apply_first(POST)
    world.settings(state=BRANCH)
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
    assert (ran.code, world.live()) == (0, []), "in whatever place the state is"
    assert "has a state in .git/publer-sync: its posts are put on hold" in ran.stderr
    release = re.search(r"publer-sync (release .*)", ran.stdout)
    assert release is not None
    assert world.run(*shlex.split(release[1]), "--yes").code == 0, "the release that it names puts them back"
    assert len(world.live()) == 1
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    [warning] = [warn for warn in world.plan()["warnings"] if warn["code"] == "state_left"]
    assert "(1 post, and a hold)" in warning["message"]
    assert ": publer-sync state mv --from .git/publer-sync" in warning["message"]
    for words in (
        ("apply", "--yes"),
        ("apply", "--yes", "--first"),
        ("release", "--yes"),
        ("pull", "--yes"),
    ):
        assert refused(world, *words)["code"] == "state.left", words
    ran = world.run("forget", "launch", "--yes", "--format", "json")
    assert (ran.code, error(ran)["code"]) == (1, "state.left")
    ran = world.run("apply", "calendar", "--yes")
    assert "--first" not in ran.stderr, "it never passes a hold"
    take(world, ran.stderr)
    assert held(world) == 1
    assert (world.apply().code, world.live()) == (0, [])
    assert refused(world, "apply", "--yes", "--state", ".git/publer-sync")["code"] == "state.moved"
    assert world.run("release", "calendar", "--yes").code == 0
    assert not world.settled_amiss()


def test_first_begins_anew_once(world: World) -> None:
    world.apply_first(POST)
    world.settings(state=BRANCH)
    assert "--first" in world.run("apply", "calendar", "--yes").stderr
    assert not [w for w in world.plan("--first")["warnings"] if w["code"] == "state_left"]
    assert world.apply("--first").summary["applied"] == 1, "what is there is adopted"
    assert world.writes() == []
    assert world.apply().code == 0


def test_a_state_left_behind_of_which_all_posts_were_removed_says_so(world: World) -> None:
    world.apply_first(POST)
    world.write()
    assert world.apply("--allow-deletes", "1").code == 0
    world.settings(state=BRANCH)
    told = world.run("apply", "calendar", "--yes").stderr
    assert f"(nothing managed any more), and {BRANCH} has none" in " ".join(told.split())


def test_a_plan_file_keeps_the_decision(world: World) -> None:
    world.apply_first(POST)
    world.settings(state=BRANCH)
    assert world.run("plan", "calendar", "--first", "--out", "p.json").code == 0
    assert world.run("apply", "p.json", "--yes").code == 0


@pytest.mark.slow
def test_a_place_that_the_settings_named_in_an_earlier_commit_is_looked_at(world: World) -> None:
    world.settings(state="git:one")
    world.apply_first(POST)
    commit(world)
    world.settings(state="git:two")
    commit(world)
    world.settings(state="git:three")
    ran = world.run("apply", "calendar", "--yes")
    assert ran.code == 1
    assert "in git:one (1 post), and git:three has none" in ran.stderr
    assert told(ran.stderr) == ["state", "mv", "--from", "git:one"]
    take(world, ran.stderr)
    assert world.plan()["summary"]["unchanged"] == 1


def clone(world: World, *words: str) -> Path:
    """Somebody else's checkout, of one commit."""
    folder = world.home / "clone"
    git(world.home, "clone", "-q", *words, f"file://{world.home / 'remote.git'}", str(folder))
    return folder / "calendar"


@pytest.mark.slow
def test_a_laptops_disk_cannot_be_seen_from_ci(world: World) -> None:
    world.apply_first(POST)
    commit(world)
    world.settings(state=BRANCH)
    commit(world)
    top, remote = clone(world, "--depth=1"), world.home / "clone" / ".git"
    shallow = (remote / "shallow").read_bytes()
    ran = world.run("apply", top, "--yes", "--format", "json")
    assert (ran.code, error(ran)["code"]) == (1, "state.unseen")
    assert world.writes() == []
    text = world.run("apply", top, "--yes").stderr
    assert "publer.yaml named another place before" in text
    assert (remote / "shallow").read_bytes() == shallow
    assert world.run("apply", top, "--yes", "--first").code == 0
    assert world.run("apply", top, "--yes").code == 0


def applied_on_a_branch(world: World) -> None:
    """Have POST in Publer; the calendar is committed and its ledger on a branch."""
    world.settings(state=BRANCH)
    world.write(POST)
    commit(world)
    world.apply_first(POST)


def fork(world: World) -> None:
    """A branch that tracks a fork, which does not have the ledger."""
    add_remote(world, "fork", "fork.git")
    (world.home / ".gitignore").write_text("*.git\npubler.db*\n.publer-sync\n")
    git(world.home, "checkout", "-q", "-b", "words")
    git(world.home, "push", "-qu", "fork", "words")


@pytest.mark.slow
def test_the_ledger_of_another_remote_is_not_begun_anew_where_a_branch_tracks_a_fork(world: World) -> None:
    """The first run there made a post again that was moved and edited, and a hold found nothing to hold."""
    applied_on_a_branch(world)
    fork(world)
    world.write(replace(POST, at=T + 2 * HOUR, text="We launched!"))
    [warning] = [warn for warn in world.plan()["warnings"] if warn["code"] == "state_left"]
    there = f"the state of this calendar is in {BRANCH} at the remote origin, and the remote fork has none"
    assert warning["message"].startswith(there)
    for words in (
        ("apply", "--yes"),
        ("release", "--yes"),
        ("pull", "--yes"),
        ("hold", "--reason", "Storm", "--yes"),
    ):
        told = refused(world, *words)
        assert (told["code"], told["message"]) == ("state.left", there), words
        assert ("--first" in told["hint"]) == (words[0] != "hold")
    assert "If the repository moved to fork, bring the state there" in told["hint"]
    command = re.search(r"track origin: (git .*)", told["hint"])
    assert command is not None
    git(world.home, *shlex.split(command[1])[1:])
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    assert world.live() == []
    assert world.run("release", "calendar", "--yes").code == 0
    assert world.live() == world.wanted()
    git(world.home, "config", "branch.words.remote", "fork")
    assert world.apply("--first").summary["applied"] == 1, "what is there is adopted"
    assert world.apply().code == 0


def copied_to(world: World, *remotes: str) -> None:
    """What the ledger's branch is at `origin` now, pushed to these remotes too."""
    git(world.home, "fetch", "-q", "origin", "publer-sync-state")
    for remote in remotes:
        add_remote(world, remote, f"{remote}.git")
        git(world.home, "push", "-q", remote, "FETCH_HEAD:refs/heads/publer-sync-state")


@pytest.mark.slow
def test_of_several_remotes_with_the_state_origin_is_meant_and_else_a_person_chooses(world: World) -> None:
    """The first one by its name is a colleague's fork, with the state of some months ago."""
    applied_on_a_branch(world)
    copied_to(world, "bob", "alice")
    fork(world)
    told = refused(world, "apply", "--yes")
    assert told["message"] == (
        f"the state of this calendar is in {BRANCH} at the remotes origin, alice and bob, and the remote fork has none"
    )
    assert "track origin: git config branch.words.remote origin\n" in told["hint"]
    git(world.home, "remote", "remove", "origin")
    told = refused(world, "apply", "--yes")
    assert " at the remotes alice and bob, and " in told["message"]
    assert told["hint"].startswith(
        "Let the branch that is checked out track the one that the last apply pushed to: git config branch.words.remote NAME\n"
        "To see when NAME was written last: git fetch NAME publer-sync-state && git log -1 FETCH_HEAD\n"
    )
    git(world.home, "config", "branch.words.remote", "bob")
    assert world.apply().code == 0
    assert len(world.live()) == 1


@pytest.mark.slow
def test_what_moved_or_ended_at_another_remote_is_not_the_state_of_the_calendar(world: World) -> None:
    applied_on_a_branch(world)
    assert world.run("forget", "--all", "--yes").code == 0
    copied_to(world, "bob")
    world.apply_first(POST)
    assert world.run("state", "mv", "--to", "git:elsewhere", "--yes").code == 0
    git(world.home, "push", "-q", "origin", ":elsewhere")
    fork(world)
    world.settings(state=BRANCH)
    assert world.apply().code == 0


@pytest.mark.slow
def test_a_marker_at_another_remote_is_followed_there(world: World) -> None:
    applied_on_a_branch(world)
    assert world.run("state", "mv", "news", "--yes").code == 0
    fork(world)
    told = refused(world, "apply", "--yes")
    assert (told["code"], " at the remote origin, and " in told["message"]) == ("state.left", True)
    git(world.home, "config", "branch.words.remote", "origin")
    assert refused(world, "apply", "--yes")["code"] == "state.moved"


@pytest.mark.slow
def test_what_another_remote_has_of_other_calendars_is_nobodys_business(world: World) -> None:
    world.settings(state=BRANCH, name="other")
    world.apply_first(POST)
    world.settings(state=BRANCH)
    world.write(OTHER)
    commit(world)
    fork(world)
    git(world.home, "remote", "add", "gone", f"file://{world.home / 'gone.git'}")
    assert world.apply().code == 0


def test_a_calendar_that_had_its_branch_from_the_start_is_not_asked(world: World) -> None:
    world.settings(state=BRANCH)
    world.write(POST)
    commit(world)
    world.settings(state=BRANCH, time="09:00")
    commit(world)
    assert world.run("apply", clone(world, "--depth=1"), "--yes").code == 0


def test_a_file_on_a_runners_disk_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write(POST)
    monkeypatch.setenv("CI", "true")
    assert [warn["code"] for warn in world.plan()["warnings"]][-1] == "state_ci"
    assert refused(world, "apply", "--yes")["code"] == "state.ci"
    assert world.run("apply", "calendar", "--sandbox", "--yes").code == 0
    world.settings(state_on_disk=True)
    assert world.apply().code == 0
    monkeypatch.setenv("CI", "false")
    world.settings()
    assert world.apply().code == 0


# --- renaming -------------------------------------------------------------------------------------------------------


@pytest.fixture
def agency(world: World) -> World:
    """A calendar named after its folder, with its state on the branch."""
    world.settings(state=BRANCH)
    world.apply_first(POST, OTHER)
    return world


def renamed(world: World) -> World:
    """The world with its calendar's name changed."""
    world.settings(state=BRANCH, name="acme")
    return world


@pytest.mark.slow
def test_a_calendar_renamed_while_on_hold_stays_on_hold(agency: World) -> None:
    world = agency
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    renamed(world)
    plan = world.plan()
    assert (plan["changes"], plan["summary"]["held"]) == ([], 2)
    assert "renamed" in {warn["code"] for warn in plan["warnings"]}
    assert (world.apply().code, world.live()) == (0, [])
    assert held(world) == 2
    assert world.run("release", "calendar", "--yes").code == 0
    assert not world.settled_amiss()


@pytest.mark.slow
def test_a_renamed_calendar_takes_its_whole_part_over(agency: World) -> None:
    world = agency
    renamed(world)
    [told] = [warn["message"] for warn in world.plan()["warnings"] if warn["code"] == "renamed"]
    assert told == "the ledger has this calendar as calendar: its posts, holds and log come with it"
    assert world.apply().code == 0
    assert world.writes() == []
    assert [warn["code"] for warn in world.plan()["warnings"]] == []
    assert json.loads(world.run("log", "calendar", "--format", "json").stdout)["runs"] != []
    git(world.home, "fetch", "-q", "origin", "publer-sync-state")
    listed = git(world.home, "ls-tree", "-r", "--name-only", "FETCH_HEAD")
    assert listed.count(".json") == 1, "the old part went with the same commit"
    assert not world.settled_amiss()


@pytest.mark.slow
@pytest.mark.parametrize("place", [BRANCH, None])
def test_what_also_changes_in_a_renamed_calendar_is_done_in_the_same_apply(
    world: World, place: str | None
) -> None:
    more = {} if place is None else {"state": place}
    world.settings(**more)
    world.apply_first(POST, OTHER)
    world.settings(**more, name="acme")
    world.write(replace(POST, text="Other words"))
    plan = world.plan()
    assert sorted(change["action"] for change in plan["changes"]) == ["delete", "update"]
    assert {warn["code"] for warn in plan["warnings"]} - {"unpushed"} == {"renamed"}
    assert not world.settled_amiss()


@pytest.mark.slow
def test_what_had_a_part_of_its_own_takes_over_post_by_post(agency: World) -> None:
    world = agency
    other = Want("other-one", "facebook", T + timedelta(days=3), "Of its own")
    renamed(world)
    world.write(other)
    assert world.apply().code == 0
    world.settings(state=BRANCH)
    world.write(POST, OTHER)
    assert world.apply().code == 0
    renamed(world)
    world.write(POST, OTHER, other)
    plan = world.plan()
    assert {change["action"] for change in plan["changes"]} <= {"blocked"}
    assert world.apply().code in (0, 6)
    assert len(world.live()) == 3


@pytest.mark.slow
def test_a_state_that_moved_first_is_not_used_under_the_old_name(agency: World) -> None:
    world = agency
    assert world.run("state", "mv", "acme", "--yes").code == 0
    failed = refused(world, "apply", "--yes")
    assert failed["code"] == "state.moved"
    ended = ("forget", "--all", "--state-name", "calendar", "--yes", "--diff")
    assert "The marker of calendar in git:publer-sync-state is removed" in world.run(*ended).stdout
    assert "was moved to the name acme in git:publer-sync-state" in failed["message"]
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
    assert (ran.code, world.live()) == (0, []), "a hold follows the marker"
    way = "To put them back, run git pull, or write `name: acme` into publer.yaml, since its state has that name. Then:"
    assert f"{way} publer-sync release calendar" in " ".join(ran.stdout.split())
    renamed(world)
    assert held(world) == 2
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 2
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    world.settings(state=BRANCH)
    assert world.run("state", "mv", "calendar", "--from", "acme", "--yes").code == 0, (
        "and back, over the marker"
    )
    assert held(world) == 2
    assert world.run("release", "calendar", "--yes").code == 0
    assert not world.settled_amiss()


# --- what state mv refuses and keeps ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_state_with_posts_is_overwritten(agency: World) -> None:
    world = agency
    world.settings(state="git:fresh")
    world.write(Want("fresh", "facebook", T, "Fresh"))
    assert world.apply("--first").code == 0
    ran = world.run("state", "mv", "--state", "git:fresh", "--to", BRANCH, "--yes", "--format", "json")
    assert (ran.code, error(ran)["code"]) == (1, "state.taken")


@pytest.mark.slow
@pytest.mark.parametrize("applied_since", [("old",), ("new",), ("old", "new")])
def test_after_a_move_that_was_cut_off_the_place_that_was_applied_since_is_kept(
    world: World, applied_since: tuple[str, ...]
) -> None:
    """The commands are about that calendar, also beside one in the folder that is found without a name."""
    world.settings(state=BRANCH)
    world.apply_first(POST)
    acme = world.home / "acme"
    shutil.copytree(world.top, acme)
    settings = (acme / "publer.yaml").read_text(encoding="utf-8").replace(f'state: "{BRANCH}"\n', "")
    (acme / "publer.yaml").write_text(settings, encoding="utf-8")
    posts = replace(OTHER, id="acme")
    (acme / "posts.yaml").write_text(f"posts:\n{posts.yaml()}", encoding="utf-8")
    assert world.run("apply", "acme", "--yes").code == 0
    real = FolderStore.write

    def write(store: FolderStore, state: State, **more: Any) -> None:
        if state.moved is not None:
            raise SystemExit(137)
        real(store, state, **more)

    move = ("state", "mv", "--calendar", "acme", "--to", BRANCH, "--yes")
    with mock.patch.object(FolderStore, "write", write):
        assert world.run(*move).code == 137
    for number, which in enumerate(applied_since):
        world.sandbox.settle()
        posts = replace(posts, at=posts.at + HOUR, text=f"Edition {number}")
        (acme / "posts.yaml").write_text(f"posts:\n{posts.yaml()}", encoding="utf-8")
        place = BRANCH if which == "new" else ".git/publer-sync"
        assert world.run("apply", "acme", "--state", place, "--yes").code == (6 if number else 0)
    ran = world.run(*move)
    assert ran.code == 1
    ways = re.findall(r"publer-sync (forget .*)", ran.stderr)
    to_new = "forget --all --calendar acme --state git:publer-sync-state"
    to_old = "forget --all --calendar acme --state .git/publer-sync"
    assert ways == [
        *([to_new] if "old" in applied_since else []),
        *([to_old] if "new" in applied_since else []),
    ]
    logs = re.findall(r"publer-sync (log \S+ --state \S+)", ran.stderr)
    assert len(logs) == (2 if len(applied_since) > 1 else 0)
    for command in logs:
        assert "apply" in world.run(*shlex.split(command)).stdout
    assert world.run(*shlex.split(ways[0]), "--yes").code == 0
    if "old" in applied_since:
        assert world.run(*move).code == 0
    (acme / "publer.yaml").write_text(f'{settings}state: "{BRANCH}"\n', encoding="utf-8")
    skipped = ["replace"] if len(applied_since) > 1 else []
    for top, actions in (("calendar", []), ("acme", skipped)):
        changes = json.loads(world.run("plan", top, "--format", "json").stdout)["changes"]
        assert [each["action"] for each in changes] == actions, top


def test_a_branch_that_people_work_on_is_no_place(world: World) -> None:
    world.apply_first(POST)
    commit(world)
    ran = world.run("state", "mv", "--to", "git:main", "--yes", "--format", "json")
    assert (ran.code, error(ran)["code"]) == (1, "state.place")


def test_a_move_that_was_cut_off_is_finished_by_the_same_command(world: World) -> None:
    world.apply_first(POST)
    words = ("state", "mv", "--to", "elsewhere.json", "--yes")
    write = FileStore.write
    done: list[FileStore] = []

    def once(store: FileStore, *more: Any, **options: Any) -> None:
        if done:
            raise SystemExit(137)
        done.append(store)
        write(store, *more, **options)

    with mock.patch.object(FileStore, "write", once):
        assert world.run(*words).code == 137
    assert world.run(*words).code == 0
    assert refused(world, "apply", "--yes")["code"] == "state.moved"
    world.settings(state="../elsewhere.json")
    assert not world.settled_amiss()


def test_doctor_and_status_name_the_places(world: World) -> None:
    world.apply_first(POST)
    document = world.ledger.read_bytes()
    (world.home / "copy").mkdir()
    (world.home / "copy" / "state.json").write_bytes(document)
    status = json.loads(world.run("status", "calendar", "--format", "json").stdout)
    assert (status["state"], status["other_states"]) == (".git/publer-sync", [])
    assert "State: .git/publer-sync.\n" in world.run("status", "calendar").stdout
    world.settings(state="../copy/state.json")
    assert world.apply().code == 0
    shown = world.run("status", "calendar").stdout.replace("\n", " ")
    assert "copy/state.json. The calendar has one in .git/publer-sync too. " in shown
    found = world.run("doctor", "calendar").stdout
    assert "has a state in .git/publer-sync too" in " ".join(found.split())
    world.settings(state=BRANCH)
    ran = world.run("doctor", "calendar")
    assert (ran.code, "state mv --from" in " ".join(ran.stdout.split())) == (1, True), ran
    status_then = world.run("status", "calendar")
    assert status_then.code == 6, "no apply does anything until someone moves it"


def test_init_names_the_line_and_the_command_for_a_calendar_that_is_there(world: World) -> None:
    world.apply_first(POST)
    ran = world.run("init", "calendar", "--github", "--yes")
    assert "Write this into calendar/publer.yaml:\n\n  state: git:publer-sync-state\n" in ran.stdout
    take(world, ran.stdout)
    world.settings(state=BRANCH)
    assert world.plan()["summary"]["unchanged"] == 1


@pytest.mark.slow
def test_the_place_that_a_shared_file_named_before_is_looked_at(world: World) -> None:
    shared, settings = world.home / "agency.yaml", world.top / "publer.yaml"
    shared.write_text("state: git:one\n")
    settings.write_text(f"extends: ../agency.yaml\n{settings.read_text()}")
    world.apply_first(POST)
    assert git(world.home / "remote.git", "rev-parse", "one")
    commit(world)
    shared.write_text("state: git:two\n")
    ran = world.run("apply", "calendar", "--yes")
    assert "in git:one (1 post), and git:two has none" in ran.stderr, ran


# --- a repository that comes without its ledger --------------------------------------------------------------------------


@contextmanager
def went_to_another_remote(world: World, *, settings_at: datetime) -> Iterator[None]:
    """One post was published a moment ago, another is on hold, and the repository has a new remote, without the ledger."""
    world.settings(state=BRANCH)
    world.write(POST, OTHER)
    git(world.home, "add", "-A")
    git(world.home, *BY, "commit", "-qm", "x", GIT_COMMITTER_DATE=f"{settings_at:%Y-%m-%dT%H:%M:%SZ}")
    git(world.home, "push", "-q", "origin", "HEAD")
    world.apply_first(POST, OTHER)
    with clocks(world) as to:
        to(POST.at + 10 * MINUTE)
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
        git(world.home, "init", "-q", "--bare", "-b", "main", "new.git")
        git(world.home, "remote", "rename", "origin", "old")
        git(world.home, "remote", "add", "origin", f"file://{world.home / 'new.git'}")
        git(world.home, "config", "branch.main.remote", "origin")
        git(world.home, "push", "-q", "origin", "HEAD")
        git(world.home, "remote", "remove", "old")
        shutil.rmtree(world.home / ".git" / "publer-sync", ignore_errors=True)
        yield


@pytest.mark.slow
def test_a_repository_that_comes_without_its_ledger_is_asked_about_it(world: World) -> None:
    with went_to_another_remote(world, settings_at=T - timedelta(days=2)):
        [warned] = [warn for warn in world.plan()["warnings"] if warn["code"] == "state_first"]
        assert "Publer published 1 post of this calendar since yesterday" in warned["message"]
        for words in (("apply", "--yes"), ("release", "--yes"), ("pull", "--yes")):
            assert refused(world, *words)["code"] == "state.first", words
        assert world.live() == [], "what is on hold stays out"
        git(
            world.home,
            "fetch",
            "-q",
            f"file://{world.home / 'remote.git'}",
            "publer-sync-state:publer-sync-state",
            "refs/publer-sync/*:refs/publer-sync/*",
        )
        git(world.home, "push", "-q", "origin", "publer-sync-state", "refs/publer-sync/*:refs/publer-sync/*")
        assert (world.apply().code, held(world), world.live()) == (0, 1, [])
        assert world.run("release", "calendar", "--yes").code == 0
        assert [row.text for row in world.live()] == ["Another"]


@pytest.mark.slow
def test_first_begins_a_ledger_where_there_was_none(world: World) -> None:
    with went_to_another_remote(world, settings_at=T - timedelta(days=2)):
        assert world.apply("--first").code == 0
        assert "state_first" not in {warn["code"] for warn in world.plan()["warnings"]}
        assert world.apply().code == 0, "needed once"


@pytest.mark.slow
def test_settings_of_today_are_those_of_a_new_calendar(world: World) -> None:
    """What Publer published, somebody scheduled by hand."""
    with went_to_another_remote(world, settings_at=T - HOUR):
        assert "state_first" not in {warn["code"] for warn in world.plan()["warnings"]}

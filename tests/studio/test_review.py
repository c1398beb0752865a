"""What puts changes up for review: real git, a bare remote, and a default branch on which nothing may land."""

from __future__ import annotations

import re
import shlex
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.studio import repository, review
from tests.studio.desk import desk_of
from tests.studio.hands import MARCH, SETTINGS
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk, Told

pytestmark = pytest.mark.slow
"""Each runs git a hundred times."""
PROTECTED = """#!/bin/sh
while read old new ref; do
  case "$ref" in refs/heads/main|refs/heads/trunk) echo "protected branch" >&2; exit 1;; esac
done
"""


def git(top: Path, *words: str, check: bool = True) -> str:
    done = subprocess.run(["git", *words], cwd=top, check=False, capture_output=True, text=True)
    assert not check or not done.returncode, (words, done.stderr)
    return done.stdout.strip()


@pytest.fixture(autouse=True)
def own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this machine, and a name for commits."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n  name = Kari\n  email = kari@example.com\n[init]\n  defaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def team(tmp_path: Path, default: str = "main") -> Iterator[tuple[Desk, Path]]:
    """A studio on a clone whose remote lets nobody push to its default branch."""
    remote, clone = tmp_path / "remote.git", tmp_path / "clone"
    git(tmp_path, "init", "--quiet", "--bare", f"--initial-branch={default}", str(remote))
    first = tmp_path / "first"
    git(tmp_path, "clone", "--quiet", str(remote), str(first))
    git(first, "switch", "--quiet", "-c", default, check=False)
    top = first / "social"
    (top / "media").mkdir(parents=True)
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "2027-03.yaml").write_text(MARCH)
    (top / "media" / "old.png").write_bytes(png(9))
    git(first, "add", "--all")
    git(first, "commit", "--quiet", "-m", "Plan the launch")
    git(first, "push", "--quiet", "origin", default)
    git(tmp_path, "clone", "--quiet", str(remote), str(clone))
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(PROTECTED)
    hook.chmod(0o755)
    with desk_of(clone / "social") as desk:
        yield desk, remote


def seen(desk: Desk) -> Any:
    return desk.get("/studio/changes")["review"]


def put_up(desk: Desk, line: str = "") -> Told:
    return desk.send("/studio/review", {"mark": seen(desk)["mark"], "line": line})


def merge(tmp_path: Path, remote: Path, branch: str, *, squash: bool) -> None:
    """What a reviewer does on the service's page: the branch becomes part of main, and is deleted."""
    work = tmp_path / f"merge-{branch}"
    git(tmp_path, "clone", "--quiet", str(remote), str(work))
    git(work, "merge", "--quiet", "--squash" if squash else "--no-ff", f"origin/{branch}")
    if squash:
        git(work, "commit", "--quiet", "-m", f"{branch} (#1)")
    hook = remote / "hooks" / "pre-receive"
    hook.chmod(0o644)
    git(work, "push", "--quiet", "origin", "main", f":{branch}")
    hook.chmod(0o755)


def files_of(top: Path, commit: str) -> list[str]:
    return git(top, "show", "--name-status", "--format=", "--no-renames", commit).split("\n")


@pytest.mark.parametrize("squash", [True, False])
def test_three_weeks_each_end_in_a_pull_request_and_main_is_never_touched(
    tmp_path: Path, squash: bool
) -> None:
    with team(tmp_path) as (desk, remote):
        clone = desk.top.parent
        for week, (name, line) in enumerate(
            (("launch", "Launch later"), ("hiring", ""), ("thanks", "Don't wait; $(touch x) `y` 'z'")), 1
        ):
            main = git(remote, "rev-parse", "main")
            (desk.top / "half-done.txt").write_text(f"{week}")
            day = f"2027-03-{20 + week}"
            assert desk.do(name, move={"day": day}).status == 200
            suggested = seen(desk)["line"]
            assert re.match(f"Moved {name}: .* → .* Mar, [0-9:]+$", suggested)
            told = put_up(desk, line)
            assert (told.status, told.body["failed"]) == (200, []), told.body
            branch = git(clone, "branch", "--show-current")
            assert branch == ("posts-2027-02-01" if week == 1 else f"posts-2027-02-01-{week}")
            assert told.body["say"] == f"{line or review.LINE}: up for review."
            assert git(remote, "rev-parse", branch) == git(clone, "rev-parse", "HEAD")
            assert git(remote, "rev-parse", "main") == main
            assert git(clone, "rev-parse", "main") == main
            assert git(remote, "rev-list", "--count", f"main..{branch}") == "1"
            assert files_of(clone, "HEAD") == ["M\tsocial/2027-03.yaml"]
            said = git(clone, "log", "-1", "--format=%s")
            assert said == (line or review.LINE)
            assert not (clone / "x").exists()
            state = desk.get("/studio/posts")
            assert (state["changed"], state["branch"]) == (
                0,
                {"name": branch, "back": "main", "pushed": True, "address": ""},
            )
            # What somebody changes now goes there too.
            assert desk.do(name, edit={"note": f"Week {week}"}).status == 200
            assert put_up(desk, "And a note").body["failed"] == []
            assert git(remote, "rev-list", "--count", f"main..{branch}") == "2"
            merge(tmp_path, remote, branch, squash=squash)
            back = desk.send("/studio/back", {})
            assert (back.status, back.body["failed"], back.body["say"]) == (200, [], "You are on main.")
            assert git(clone, "rev-parse", "main") == git(remote, "rev-parse", "main")
            assert desk.post(name)["at"]["day"] == day
            assert desk.post(name)["note"] == f"Week {week}"
            assert seen(desk)["commands"] == []


def test_the_default_branch_is_what_the_remote_says_it_is(tmp_path: Path) -> None:
    with team(tmp_path, "trunk") as (desk, remote):
        desk.do("launch", move={"day": "2027-03-03"})
        assert put_up(desk).body["failed"] == []
        assert git(desk.top, "branch", "--show-current") == "posts-2027-02-01"
        assert git(remote, "rev-list", "--count", "trunk") == "1"
        assert desk.send("/studio/back", {}).body["failed"] == []
        assert git(desk.top, "branch", "--show-current") == "trunk"


def test_no_branch_is_committed_on_where_nothing_tells_the_default_branch(tmp_path: Path) -> None:
    with team(tmp_path, "trunk") as (desk, _):
        git(desk.top, "remote", "set-head", "origin", "--delete")
        desk.do("launch", move={"day": "2027-03-03"})
        assert put_up(desk).body["failed"] == []
        assert git(desk.top, "branch", "--show-current") == "posts-2027-02-01"
        assert git(desk.top, "rev-list", "--count", "trunk") == "1"


def test_a_branch_that_is_merged_into_main_by_push_default_is_pushed_to_its_own_name(tmp_path: Path) -> None:
    """With `push.default=upstream` and an inherited upstream, `git push origin NAME` would push to main."""
    with team(tmp_path) as (desk, remote):
        git(desk.top, "config", "push.default", "upstream")
        git(desk.top, "config", "branch.autoSetupMerge", "inherit")
        (remote / "hooks" / "pre-receive").chmod(0o644)
        main = git(remote, "rev-parse", "main")
        desk.do("launch", move={"day": "2027-03-03"})
        assert put_up(desk).body["failed"] == []
        desk.do("launch", move={"day": "2027-03-04"})
        assert put_up(desk).body["failed"] == []
        assert git(remote, "rev-parse", "main") == main
        assert git(remote, "rev-list", "--count", "main..posts-2027-02-01") == "2"


def test_a_branch_of_ones_own_is_used_and_nothing_else_that_is_staged(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, remote):
        clone = desk.top.parent
        git(clone, "switch", "--quiet", "-c", "spring", "origin/main")
        (clone / "notes.txt").write_text("mine\n")
        git(clone, "add", "notes.txt")
        desk.do("launch", move={"day": "2027-03-03"})
        assert put_up(desk).body["failed"] == []
        assert git(clone, "branch", "--show-current") == "spring"
        assert git(remote, "rev-list", "--count", "main..spring") == "1"
        assert files_of(clone, "HEAD") == ["M\tsocial/2027-03.yaml"]
        assert git(clone, "diff", "--cached", "--name-only") == "notes.txt"


def test_what_is_committed_is_what_posts_show_by_name(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        clone, media = desk.top.parent, desk.top / "media"
        odd = "a [b] *.png"
        for number, name in enumerate((odd, "not-shown.png", "secret.png")):
            (media / name).write_bytes(png(number))
        (clone / ".gitignore").write_text("secret.png\n")
        (media / "old.png").unlink()
        desk.studio.follow()
        desk.do("launch", edit={"media": [{"path": f"media/{odd}", "alt": "A"}]})
        desk.do("hiring", edit={"media": [{"path": "media/secret.png", "alt": "B"}]})
        desk.do("teaser", remove={})
        (desk.top / "2027-04.md").write_text(
            "---\nid: story\nat: 2027-04-02 09:00\naccounts: linkedin\n---\n\nA story.\n"
        )
        told = seen(desk)
        assert any("secret.png is ignored by git" in each for each in told["notes"])
        assert put_up(desk).body["failed"] == []
        assert {*files_of(clone, "HEAD")} == {
            "M\tsocial/2027-03.yaml",
            "A\tsocial/2027-04.md",
            f"A\tsocial/media/{odd}",
            "D\tsocial/media/old.png",
        }
        assert git(clone, "status", "--porcelain").split("\n") == [
            "?? .gitignore",
            "?? social/media/not-shown.png",
        ]


def test_a_file_that_left_is_committed_as_removed(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        (desk.top / "2027-03.yaml").rename(desk.top / "march.yaml")
        assert put_up(desk).body["failed"] == []
        assert files_of(desk.top, "HEAD") == ["D\tsocial/2027-03.yaml", "A\tsocial/march.yaml"]


def test_the_copied_commands_stop_at_the_first_that_fails(tmp_path: Path) -> None:
    """Week two, line by line, after the branch of that name has come to be meanwhile: nothing lands on main."""
    with team(tmp_path) as (desk, remote):
        clone = desk.top.parent
        desk.do("launch", move={"day": "2027-03-03"})
        commands = seen(desk)["commands"]
        git(clone, "branch", commands[0][-1])
        main = git(clone, "rev-parse", "main")
        script = " && \\\n".join(shlex.join(each) for each in [["cd", str(clone)], *commands])
        done = subprocess.run(["sh", "-c", script], check=False, capture_output=True)
        assert done.returncode
        assert git(clone, "rev-parse", "main") == git(remote, "rev-parse", "main") == main
        # And pasted once one has gone back to main, what was meant for a branch goes to that branch.
        assert put_up(desk).body["failed"] == []
        desk.do("launch", move={"day": "2027-03-04"})
        commands = seen(desk)["commands"]
        git(clone, "stash")
        git(clone, "switch", "--quiet", "main")
        script = " && \\\n".join(shlex.join(each) for each in [["cd", str(clone)], *commands])
        subprocess.run(["sh", "-c", script], check=False, capture_output=True)
        assert git(clone, "rev-parse", "main") == git(remote, "rev-parse", "main") == main


def test_a_push_that_fails_is_told_and_tried_again(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, remote):
        away = remote.rename(tmp_path / "away.git")
        desk.do("launch", move={"day": "2027-03-03"})
        told = put_up(desk, "Launch later").body
        assert told["failed"][:2] == ["git", "push"]
        assert "remote.git" in told["said"]
        assert told["left"] == [told["failed"]]
        assert "git push" in told["say"]
        away.rename(remote)
        again = seen(desk)
        assert [each[1] for each in again["commands"]] == ["switch", "push"]
        assert put_up(desk).body["failed"] == []
        assert git(remote, "rev-list", "--count", "main..posts-2027-02-01") == "1"


def test_a_hook_that_refuses_the_commit_stops_the_push(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, remote):
        hook = desk.top.parent / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\necho 'no commits on a Friday' >&2\nexit 1\n")
        hook.chmod(0o755)
        desk.do("launch", move={"day": "2027-03-03"})
        told = put_up(desk).body
        assert ("commit" in told["failed"], told["said"]) == (True, "no commits on a Friday")
        assert [each[1] for each in told["left"]] == ["--literal-pathspecs", "push"]
        assert "posts" not in git(remote, "branch", "--list")
        hook.unlink()
        assert put_up(desk).body["failed"] == []


def test_what_was_shown_is_what_is_committed(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        clone = desk.top.parent
        desk.do("launch", move={"day": "2027-03-03"})
        mark = seen(desk)["mark"]
        path = desk.top / "2027-03.yaml"
        path.write_text(path.read_text().replace("We are hiring", "We were hiring"))
        told = desk.send("/studio/review", {"mark": mark})
        assert (told.status, "changed since you looked" in told.say) == (409, True)
        mark = seen(desk)["mark"]
        git(clone, "switch", "--quiet", "-c", "other")
        assert desk.send("/studio/review", {"mark": mark}).status == 409
        assert git(clone, "rev-list", "--count", "--all") == "1"


def conflict(desk: Desk) -> None:
    clone = desk.top.parent
    path = desk.top / "2027-03.yaml"
    git(clone, "switch", "--quiet", "-c", "theirs")
    path.write_text(path.read_text().replace("Fri 2027-03-05 09:00", "Fri 2027-03-05 10:00"))
    git(clone, "commit", "--quiet", "-am", "Theirs")
    git(clone, "switch", "--quiet", "main")
    path.write_text(path.read_text().replace("Fri 2027-03-05 09:00", "Fri 2027-03-05 11:00"))
    git(clone, "commit", "--quiet", "-am", "Ours")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("merge", ["merge", "theirs"]),
        ("rebase", ["rebase", "theirs"]),
        ("cherry-pick", ["cherry-pick", "theirs"]),
    ],
)
def test_while_git_is_in_the_middle_of_something_nothing_is_put_up(
    tmp_path: Path, what: str, words: list[str]
) -> None:
    with team(tmp_path) as (desk, remote):
        clone = desk.top.parent
        conflict(desk)
        git(clone, *words, check=False)
        assert b"<<<<<<<" in (desk.top / "2027-03.yaml").read_bytes()
        told = seen(desk)
        assert (told["commands"], told["paste"].split("\n")[1]) == ([], f"git {what} --abort")
        assert f"A {what} is under way" in told["instead"]
        before = git(clone, "rev-list", "--all")
        assert put_up(desk).status == 409
        assert git(clone, "rev-list", "--all") == before
        git(clone, *told["paste"].split("\n")[1].split()[1:])
        assert seen(desk)["instead"] == ""
        assert git(remote, "branch", "--list").split() == ["*", "main"]


def test_the_marks_of_a_conflict_are_never_committed(tmp_path: Path) -> None:
    """In a Markdown file, they read as words."""
    with team(tmp_path) as (desk, _):
        story = desk.top / "story.md"
        text = "---\nid: story\nat: 2027-04-02 09:00\naccounts: linkedin\n---\n\n<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> theirs\n"
        story.write_text(text)
        told = seen(desk)
        assert (
            told["commands"],
            "story.md has the marks of a conflict, the first in line 7" in told["instead"],
        ) == ([], True)
        assert put_up(desk).status == 409
        story.write_text(text.replace("<<<<<<< HEAD\nA\n=======\n", "").replace(">>>>>>> theirs\n", ""))
        assert put_up(desk).body["failed"] == []


def test_files_that_git_could_not_merge_are_decided_first(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        clone, path = desk.top.parent, desk.top / "2027-03.yaml"
        path.write_text(path.read_text().replace("Fri 2027-03-05 09:00", "Fri 2027-03-05 11:00"))
        git(clone, "stash")
        path.write_text(path.read_text().replace("Fri 2027-03-05 09:00", "Fri 2027-03-05 10:00"))
        git(clone, "commit", "--quiet", "-am", "Theirs")
        git(clone, "stash", "pop", check=False)
        told = seen(desk)
        assert "git could not merge social/2027-03.yaml" in told["instead"]
        path.write_text(MARCH.replace("Fri 2027-03-05 09:00", "Fri 2027-03-05 11:00"))
        subprocess.run(told["paste"], shell=True, cwd=clone, check=True)
        assert put_up(desk).body["failed"] == []


def test_what_is_missing_is_said_with_a_step_that_arrives(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        clone = desk.top.parent
        desk.do("launch", move={"day": "2027-03-03"})
        config = tmp_path / "gitconfig"
        kept = config.read_text()
        config.write_text("")
        told = seen(desk)
        assert ("git does not know your name" in told["instead"], told["commands"]) == (True, [])
        for line in told["paste"].split("\n"):
            subprocess.run(line, shell=True, cwd=clone, check=True)
        assert seen(desk)["instead"] == ""
        config.write_text(kept)
        url = git(clone, "remote", "get-url", "origin")
        git(clone, "remote", "remove", "origin")
        told = seen(desk)
        assert "has no remote" in told["instead"]
        assert told["paste"].startswith("git remote add origin ")
        git(clone, "remote", "add", "origin", url)
        path = desk.top / "2027-03.yaml"
        path.write_text(path.read_text().replace("accounts: x\n", "accounts: nobody\n"))
        told = seen(desk)
        assert "1 error. Fix it first" in told["instead"]
        path.write_text(path.read_text().replace("accounts: nobody\n", "accounts: x\n"))
        assert put_up(desk).body["failed"] == []


def test_a_repository_without_a_commit_says_so(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "2027-03.yaml").write_text(MARCH)
    git(top, "init", "--quiet")
    with desk_of(top) as desk:
        assert "Nothing is committed" in seen(desk)["instead"]


def test_where_no_branch_is_checked_out_one_is_made(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, remote):
        git(desk.top, "switch", "--quiet", "--detach")
        desk.do("launch", move={"day": "2027-03-03"})
        assert put_up(desk).body["failed"] == []
        assert git(remote, "rev-list", "--count", "main..posts-2027-02-01") == "1"


def test_going_back_takes_nothing_away(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        desk.do("launch", move={"day": "2027-03-03"})
        put_up(desk)
        desk.do("launch", move={"day": "2027-03-04"})
        before = desk.read("2027-03.yaml")
        told = desk.send("/studio/back", {}).body
        assert told["failed"] == ["git", "switch", "main"]
        assert told["say"] == "You are still on posts-2027-02-01."
        assert "would be overwritten" in told["said"]
        assert desk.read("2027-03.yaml") == before


def test_links_count_as_unchanged_where_they_are(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        clone, top = desk.top.parent, desk.top
        (top / ".kept").mkdir()
        post = "posts:\n- {id: tip9, at: 2027-03-20 09:00, accounts: x, text: Tip}\n"
        (top / ".kept" / "tips.yaml").write_text(post)
        (top / "tips.yaml").symlink_to(".kept/tips.yaml")
        git(clone, "add", "--all")
        git(clone, "commit", "--quiet", "-m", "Links")
        assert desk.get("/studio/changes")["files"] == []
        assert desk.get("/studio/posts")["changed"] == 0
        assert desk.do("tip9", edit={"text": "Another tip"}).status == 200
        assert (top / "tips.yaml").is_symlink()
        assert [each["file"] for each in desk.get("/studio/changes")["files"]] == ["tips.yaml"]
        assert put_up(desk).body["failed"] == []
        assert files_of(clone, "HEAD") == ["M\tsocial/.kept/tips.yaml"]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("git@github.com:team/calendar.git", "https://github.com/team/calendar/compare/spring/x?expand=1"),
        (
            "https://me:pass@gitlab.com/team/sub/calendar",
            "https://gitlab.com/team/sub/calendar/-/merge_requests/new?merge_request%5Bsource_branch%5D=spring%2Fx",
        ),
        (
            "ssh://git@codeberg.org/team/calendar.git",
            "https://codeberg.org/team/calendar/compare/main...spring/x",
        ),
        ("https://git.example.com/team/calendar.git", ""),
    ],
)
def test_the_address_of_the_pull_request(tmp_path: Path, url: str, address: str) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=spring/x")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "First")
    git(tmp_path, "branch", "main")
    git(tmp_path, "remote", "add", "origin", url)
    here = repository.CalendarRepository.of(tmp_path)
    assert here is not None
    assert here.address() == address
    host = "git.example.com" if not address else address.split("/")[2]
    said = f"remote: \nremote: Create one:\nremote:   https://{host}/team/calendar/new/spring        \nremote: \n"
    assert here.address(said) == f"https://{host}/team/calendar/new/spring"
    assert here.address("remote:  https://elsewhere.example/steal\n") == address


def test_no_login_of_an_address_is_shown(tmp_path: Path) -> None:
    with team(tmp_path) as (desk, _):
        git(
            desk.top, "remote", "set-url", "--push", "origin", "https://kari:hunter2@127.0.0.1:1/calendar.git"
        )
        desk.do("launch", move={"day": "2027-03-03"})
        told = put_up(desk)
        assert told.body["failed"]
        assert b"hunter2" not in told.raw

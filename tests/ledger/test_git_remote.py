"""How git reaches the branch, with real repositories: that nothing else is touched, and which way is taken."""

from __future__ import annotations

import os
import subprocess
import time
from base64 import b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.state import dumps
from publer_sync.values.errors import StateError
from tests.ledger.builders import a_state
from tests.ledger.git_world import COPY, REF, World, contents, git
from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


# --- what is left alone -----------------------------------------------------------------------------------------------


def full(world: World) -> Path:
    return world.clone


def shallow(world: World) -> Path:
    git(world.root, "clone", "--quiet", "--depth=1", "--single-branch", world.url, "other")
    assert git(world.root / "other", "rev-parse", "--is-shallow-repository") == "true"
    return world.root / "other"


def staged(world: World) -> Path:
    git(world.clone, "rm", "--quiet", "--cached", "README.md")
    return world.clone


def detached(world: World) -> Path:
    git(world.clone, "checkout", "--quiet", "--detach")
    return world.clone


def partial(world: World) -> Path:
    git(world.root, "clone", "--quiet", "--filter=blob:none", "--no-checkout", world.url, "other")
    return world.root / "other"


def worktree(world: World) -> Path:
    git(world.clone, "worktree", "add", "--quiet", "-b", "side", "../side")
    return world.root / "side"


def submodule(world: World) -> Path:
    git(world.root, "init", "--quiet", "outer")
    adding = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add")
    git(world.root / "outer", *adding, world.url, "inner")
    return world.root / "outer" / "inner"


def hooked(world: World) -> Path:
    hooks = world.clone / ".husky"
    hooks.mkdir()
    names = "pre-commit pre-push post-commit reference-transaction commit-msg post-checkout"
    for name in names.split():
        for folder in (hooks, world.clone / ".git" / "hooks"):
            (folder / name).write_text(f"#!/bin/sh\ntouch {world.root}/hook-ran\nexit 1\n")
            (folder / name).chmod(0o755)
    with (world.clone / ".git" / "config").open("a") as file:
        file.write("[core]\nhooksPath = .husky\n")
    return world.clone


def signing(world: World) -> Path:
    settings = "[commit]\ngpgSign = true\n[push]\ngpgSign = true\n[gpg]\nprogram = /bin/false\n[user]\nsigningKey = X\n"
    with (world.clone / ".git" / "config").open("a") as file:
        file.write(settings)
    (world.root / "home" / ".gitconfig").write_text(settings)
    return world.clone


def peculiar(world: World) -> Path:
    """Settings that would make fetch and push do more, or something else, than asked."""
    with (world.clone / ".git" / "config").open("a") as file:
        file.write(
            "[fetch]\nprune = true\nwriteCommitGraph = true\n[push]\ndefault = matching\nfollowTags = true\n"
            "pushOption = ci.skip\n[core]\nautocrlf = true\nlogAllRefUpdates = always\n[gc]\nauto = 1\n"
            '[remote "origin"]\nmirror = true\npush = refs/heads/main:refs/heads/elsewhere\ntagOpt = --tags\n'
            "[user]\nuseConfigOnly = true\n[color]\nui = always\n[core]\nquotePath = false\nprecomposeUnicode = true\n"
        )
    return world.clone


SHAPES = [full, staged, shallow, detached, partial, worktree, submodule, hooked, signing, peculiar]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_users_repository_stays_as_it_was(world: World, shape: Callable[[World], Path]) -> None:
    """Not a byte differs: work tree, index, HEAD, refs, objects, configuration."""
    here = shape(world)
    heads = git(world.remote, "for-each-ref")
    files = contents(world.root / "clone"), contents(here), contents(world.root / "home")
    store = world.store(top=here)
    assert store.read() is None
    store.write(a_state("one"))
    store.write(a_state("two"))
    assert world.store(top=here).read() == a_state("two")
    assert (contents(world.root / "clone"), contents(here), contents(world.root / "home")) == files
    assert not (world.root / "hook-ran").exists()
    there = git(world.remote, "for-each-ref").splitlines()
    assert [line for line in there if REF not in line and COPY not in line] == heads.splitlines()


def test_a_repository_with_long_hashes_works(world: World) -> None:
    git(world.root, "init", "--quiet", "--bare", "--object-format=sha256", "long.git")
    git(world.root, "init", "--quiet", "--object-format=sha256", "long")
    git(world.root / "long", "remote", "add", "origin", "../long.git")
    store = world.store(top=world.root / "long")
    store.read()
    store.write(a_state())
    assert world.store(top=world.root / "long").read() == a_state()


def test_inside_a_hook_of_another_repository_it_is_the_calendars_that_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(world.root, "init", "--quiet", "hooking")
    for name, value in {
        "GIT_DIR": world.root / "hooking" / ".git",
        "GIT_WORK_TREE": world.root / "hooking",
        "GIT_INDEX_FILE": world.root / "hooking" / ".git" / "index",
        "GIT_OBJECT_DIRECTORY": world.root / "hooking" / ".git" / "objects",
        "GIT_COMMON_DIR": world.root / "hooking" / ".git",
        "GIT_QUARANTINE_PATH": world.root / "hooking",
        "GIT_PREFIX": "x/",
        "GIT_NAMESPACE": "other",
        "GIT_CONFIG": world.root / "none",
        "GIT_SHALLOW_FILE": world.root / "none",
    }.items():
        monkeypatch.setenv(name, str(value))
    hooking = contents(world.root / "hooking")
    world.store().write(a_state())
    assert world.store().read() == a_state()
    assert contents(world.root / "hooking") == hooking
    for name in list(os.environ):
        if name.startswith("GIT_") and name != "GIT_CONFIG_NOSYSTEM":
            monkeypatch.delenv(name)
    assert world.state_text() + "\n" == dumps(a_state())


def test_the_temporary_folder_goes_with_the_store(world: World) -> None:
    store = world.store()
    store.write(a_state())
    assert list((world.root / "tmp").glob("*/objects"))
    del store
    [queue] = (world.root / "tmp").glob("*/*")
    assert queue.read_bytes() == b""


# --- where it is kept ---------------------------------------------------------------------------------------------------


def another_remote(world: World, name: str) -> Path:
    git(world.root, "init", "--quiet", "--bare", f"{name}.git")
    git(world.clone, "remote", "add", name, f"file://{world.root}/{name}.git")
    return world.root / f"{name}.git"


def has_state(remote: Path) -> bool:
    return bool(git(remote, "for-each-ref", REF))


def test_the_upstreams_remote_comes_before_origin(world: World) -> None:
    fork = another_remote(world, "a.fork")
    git(world.clone, "config", "branch.main.remote", "a.fork")
    world.store().write(a_state())
    assert has_state(fork)
    assert not has_state(world.remote)


@pytest.mark.parametrize("upstream", [None, ".", "https://example.com/fork.git"])
def test_origin_is_next(world: World, upstream: str | None) -> None:
    another_remote(world, "fork")
    git(world.clone, "config", "--unset", "branch.main.remote")
    if upstream:
        git(world.clone, "config", "branch.main.remote", upstream)
    world.store().write(a_state())
    assert has_state(world.remote)


def test_the_only_one_is_next(world: World) -> None:
    git(world.clone, "remote", "rename", "origin", "company")
    git(world.clone, "checkout", "--quiet", "--detach")
    world.store().write(a_state())
    assert has_state(world.remote)


def test_of_several_none_is_guessed(world: World) -> None:
    git(world.clone, "remote", "rename", "origin", "company")
    another_remote(world, "fork")
    git(world.clone, "checkout", "--quiet", "--detach")
    with pytest.raises(
        StateError, match="the state could be on any of several remotes: company, fork"
    ) as caught:
        world.store().read()
    assert caught.value.code == "state.remote"


def test_without_a_remote_it_says_how_to_get_one(world: World) -> None:
    git(world.clone, "remote", "remove", "origin")
    with pytest.raises(StateError, match="has no remote") as caught:
        world.store().read()
    assert "git remote add origin" in (caught.value.hint or "")


def test_without_a_repository_it_says_so(world: World) -> None:
    with pytest.raises(StateError, match="not a git repository") as caught:
        world.store(top=world.root / "home").read()
    assert caught.value.code == "state.git"
    assert "name a file" in (caught.value.hint or "")


def test_without_git_it_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(world.root / "home"))
    with pytest.raises(StateError, match="git could not be started"):
        world.store().read()


@pytest.mark.parametrize("version", ["2.31.9", "1.99", "unknown"])
def test_a_git_that_is_too_old_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """It would read the user's global file a second time."""
    fake = world.root / "home" / "git"
    fake.write_text(f"#!/bin/sh\necho git version {version}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with pytest.raises(StateError, match=rf"needs git 2\.32 or newer; this is git version {version}"):
        world.store().read()


# --- the remote says so, or it is an error ------------------------------------------------------------------------------


def test_an_empty_remote_has_no_state_yet(world: World) -> None:
    git(world.root, "init", "--quiet", "--bare", "empty.git")
    git(world.clone, "remote", "set-url", "origin", f"file://{world.root}/empty.git")
    store = world.store()
    assert store.read() is None
    store.write(a_state())
    assert world.store().read() == a_state()


def test_a_branch_of_a_longer_name_is_another_branch(world: World) -> None:
    git(world.remote, "update-ref", f"refs/heads/x/{REF}", "main")
    assert world.store().read() is None


def test_a_branch_that_people_work_on_keeps_no_state(world: World) -> None:
    """The one that is checked out, and the remote's default branch, of which a checkout in CI knows nothing."""
    tip = git(world.remote, "rev-parse", "main")
    with pytest.raises(StateError, match="cannot be kept on main, the branch that is checked out") as caught:
        world.store(branch="main").write(a_state())
    assert caught.value.code == "state.place"
    assert caught.value.hint is not None
    assert caught.value.hint.endswith("git:publer-sync-state")
    git(world.clone, "checkout", "--quiet", "--detach")
    with pytest.raises(StateError, match="cannot be kept on main, the remote's default branch"):
        world.store(branch="main").write(a_state())
    assert git(world.remote, "rev-parse", "main") == tip
    world.store(branch="another").write(a_state())
    assert world.store(branch="another").read() == a_state()


def test_a_host_that_made_the_branch_of_the_state_its_default_one_is_not_asked_to_change(
    world: World,
) -> None:
    """As hosts do with the first branch that is pushed."""
    git(world.remote, "symbolic-ref", "HEAD", REF)
    world.store().write(a_state())
    assert world.store().read() == a_state()


def test_a_missing_remote_is_not_a_missing_state(world: World) -> None:
    world.store().write(a_state())
    world.remote.rename(world.root / "elsewhere")
    with pytest.raises(StateError, match="git could not fetch the state: fatal") as caught:
        world.store().read()
    assert caught.value.code == "state.git"


def test_a_branch_that_cannot_be_fetched_is_not_a_missing_state(world: World) -> None:
    world.store().write(a_state())
    for path in (world.remote / "objects").rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(StateError, match="git could not fetch the state"):
        world.store().read()


def test_what_git_is_told_to_trace_is_not_taken_for_its_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("GIT_TRACE_CURL", "1")
    git(world.clone, "remote", "set-url", "origin", "http://127.0.0.1:9/x.git")
    with pytest.raises(StateError, match="git could not fetch the state: fatal"):
        world.store().read()


def test_a_password_in_a_url_is_not_shown(world: World) -> None:
    git(world.clone, "remote", "set-url", "origin", "http://bot:hunter2@127.0.0.1:9/x.git")
    with pytest.raises(StateError, match=r"127\.0\.0\.1") as caught:
        world.store().read()
    assert "hunter2" not in caught.value.message
    assert "bot" not in caught.value.message


def test_nor_is_one_in_what_the_remote_says(world: World) -> None:
    world.hook("pre-receive", "echo moved to https://bot:hunt@er2@example.com/x.git >&2; exit 1")
    with pytest.raises(StateError, match=r"moved to https://…@example\.com/x\.git") as caught:
        world.store().write(a_state())
    assert "hunt" not in caught.value.message


# --- how it is reached --------------------------------------------------------------------------------------------------


def fake_ssh(world: World, body: str) -> Path:
    script = world.root / "fake ssh"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)
    git(world.clone, "config", "core.sshCommand", f"'{script}' -i relative-key")
    git(world.clone, "config", "ssh.variant", "simple")
    git(world.clone, "remote", "set-url", "origin", f"git@host.example:{world.remote}")
    return script


def ended(pid: int) -> bool:
    for _ in range(500):
        done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
        if done.stdout.strip()[:1] in (b"", b"Z"):
            return True
        time.sleep(0.01)
    return False


def test_the_users_ssh_command_is_used_and_sees_no_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLER_SYNC_STATE_KEY", "the-signing-key")
    fake_ssh(
        world,
        f'pwd > {world.root}/log; echo "$@" >> {world.root}/log; env >> {world.root}/log\nwhile [ "$#" -gt 1 ]; do shift; done\nexec sh -c "$1"',
    )
    world.store().write(a_state())
    assert world.store().read() == a_state()
    log = (world.root / "log").read_text()
    assert log.splitlines()[0] == str(world.clone)
    assert "-i relative-key git@host.example" in log
    assert "the-secret-key" not in log
    assert "the-signing-key" not in log


def test_a_remote_that_never_answers_is_given_up_and_ended(world: World) -> None:
    fake_ssh(world, f"sleep 60 & echo $! > {world.root}/pid; wait")
    with pytest.raises(StateError, match=r"git fetch did not finish within 0\.5 seconds") as caught:
        world.store(patience=0.5).read()
    assert caught.value.code == "state.git"
    assert ended(int((world.root / "pid").read_text()))


def test_nobody_is_asked_for_a_password(world: World) -> None:
    """Neither by git nor, as there is no terminal to open, by ssh."""
    fake_ssh(world, f"(: < /dev/tty) 2> {world.root}/tty && echo open > {world.root}/tty\nexit 1")
    with pytest.raises(StateError, match="could not fetch"):
        world.store().read()
    assert (world.root / "tty").read_text() != "open\n"


@pytest.mark.parametrize(
    "change",
    [("origin", "company:remote.git"), ("origin", "../remote.git"), ("--add", "origin", "../second.git")],
)
def test_urls_mean_what_they_mean_to_git(world: World, change: tuple[str, ...]) -> None:
    """A short name from the user's global file, a path from the user's repository, and the first of several."""
    (world.root / "home" / ".gitconfig").write_text(f'[url "file://{world.root}/"]\ninsteadOf = "company:"\n')
    git(world.root, "init", "--quiet", "--bare", "second.git")
    git(world.clone, "remote", "set-url", *change)
    world.store().write(a_state())
    assert has_state(world.remote)
    assert not has_state(world.root / "second.git")


def test_a_remote_that_is_pushed_to_elsewhere_is_pushed_to_there(world: World) -> None:
    git(world.root, "init", "--quiet", "--bare", "push.git")
    git(world.clone, "remote", "set-url", "--push", "origin", "../push.git")
    store = world.store()
    store.write(a_state("one"))
    store.write(a_state("two"))
    assert has_state(world.root / "push.git")
    again = world.store()
    assert again.read() is None
    with pytest.raises(StateError):
        again.write(a_state("three"))


TOKEN = b64encode(b"x-access-token:ghs_secret").decode()


@contextmanager
def served(root: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The repositories below `root` over http, for whoever sends TOKEN once; and the Authorization headers that came."""
    seen: list[list[str]] = []

    def answer(asked: Asked) -> Reply:
        given = asked.headers.get_all("Authorization") or []
        seen.append(given)
        if [value.lower() for value in given] != [f"basic {TOKEN}".lower()]:
            status = 400 if len(given) > 1 else 401
            return Reply(raw=b"", status=status, headers={"WWW-Authenticate": 'Basic realm="x"'})
        path, _, query = asked.path.partition("?")
        env = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "x",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": asked.method,
            "CONTENT_LENGTH": str(len(asked.body)),
            "CONTENT_TYPE": asked.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": asked.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": asked.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=asked.body, env=env, stdout=subprocess.PIPE, check=True
        )
        head, _, raw = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return Reply(raw=raw, status=int(headers.pop("Status", "200").split()[0]), headers=headers)

    with serving(answer) as stand_in:
        yield stand_in.url, seen


def header_in_config(world: World, url: str) -> None:
    """As actions/checkout leaves it up to version 5."""
    git(world.clone, "config", "--local", f"http.{url}/.extraheader", f"AUTHORIZATION: basic {TOKEN}")


def header_by_include(world: World, url: str) -> None:
    """As actions/checkout leaves it from version 6 on: in a file of its own, for this repository alone."""
    secret = world.root / "credentials.config"
    git(world.root, "config", "-f", str(secret), f"http.{url}/.extraheader", f"AUTHORIZATION: basic {TOKEN}")
    git(world.clone, "config", "--local", f"includeIf.gitdir:{world.clone}/.git.path", str(secret))


def header_in_global_file(world: World, url: str) -> None:
    git(world.root, "config", "--global", f"http.{url}/.extraheader", f"AUTHORIZATION: basic {TOKEN}")


def helper_in_config(world: World, url: str) -> None:
    """A helper that is a piece of shell; the empty one before it takes the global one out."""
    git(world.root, "config", "--global", "credential.helper", "!echo username=wrong; echo password=wrong #")
    git(world.clone, "config", "credential.helper", "")
    script = "!f() { echo username=x-access-token; echo password=ghs_secret; }; f"
    git(world.clone, "config", "--add", f"credential.{url}.helper", script)


def in_the_environment(world: World, url: str) -> None:
    os.environ.update(
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"http.{url}/.extraheader",
        GIT_CONFIG_VALUE_0=f"AUTHORIZATION: basic {TOKEN}",
    )


def on_the_command_line(world: World, url: str) -> None:
    """What `git -c` hands to the hooks and aliases it runs."""
    os.environ["GIT_CONFIG_PARAMETERS"] = f"'http.{url}/.extraheader'='AUTHORIZATION: basic {TOKEN}'"


def in_the_url(world: World, url: str) -> None:
    login = url.replace("://", "://x-access-token:ghs_secret@")
    git(world.clone, "remote", "set-url", "origin", f"{login}/remote.git")


WAYS = [
    header_in_config,
    header_by_include,
    header_in_global_file,
    helper_in_config,
    in_the_environment,
    on_the_command_line,
    in_the_url,
]


@pytest.mark.parametrize("way", WAYS)
def test_the_login_of_the_users_repository_is_used(
    world: World, monkeypatch: pytest.MonkeyPatch, way: Callable[[World, str], None]
) -> None:
    """And each header once: GitHub answers 400 to two."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    with served(world.root) as (url, seen):
        git(world.clone, "remote", "set-url", "origin", f"{url}/remote.git")
        way(world, url)
        store = world.store()
        assert store.read() is None
        store.write(a_state())
        assert world.store().read() == a_state()
    assert all(len(given) <= 1 for given in seen)
    assert "ghs_secret" not in str(contents(world.root / "tmp"))
    assert TOKEN not in str(contents(world.root / "tmp"))


def test_a_login_that_is_not_enough_is_reported(world: World) -> None:
    with served(world.root) as (url, _):
        git(world.clone, "remote", "set-url", "origin", f"{url}/remote.git")
        with pytest.raises(StateError, match=r"could not read Username.*terminal prompts disabled"):
            world.store().read()


def test_folders_that_the_user_trusts_stay_trusted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remote in a folder of someone else, on the same machine."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(StateError, match="dubious ownership"):
        world.store().read()
    (world.root / "home" / ".gitconfig").write_text('[safe]\ndirectory = "*"\n')
    world.store().write(a_state())
    assert world.store().read() == a_state()

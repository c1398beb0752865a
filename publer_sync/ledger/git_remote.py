"""A branch of the calendar's repository, at its remote, as git reaches it.

The repository of the user is asked what it is configured to do and is never written to. The work is done in a bare
repository of our own in a temporary folder, which fetches the tip of that one branch and pushes one commit on top of
it. The other way, working in the user's repository with other places for objects, leaks: `fetch --depth` writes its
`shallow` file, `fetch` and `push` move its remote-tracking branches, and its hooks run.

What makes fetch and push work there, credentials above all, is handed over as git itself read it in the user's
repository, so that what `includeIf` brings in for that folder counts as well. Nothing else is: no hooks, no signing,
no habits of push. The user's global and system files are then left out: read twice, a header would be sent twice,
and GitHub refuses that.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.errors import StateError
from publer_sync.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.clock import Clock

NETWORK_SECONDS = 120.0
LOCAL_SECONDS = 30.0
OLDEST_GIT = (2, 32)
"""The first that can be told not to read the user's global file (git, release notes 2.32, GIT_CONFIG_GLOBAL)."""

_TIP = "refs/publer-sync/tip"
_AUTHOR = "publer-sync <publer-sync@localhost>"

_LOCAL_VARIABLES = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""What a surrounding git hook sets to point at its own repository."""

_TRANSPORT_SECTIONS = frozenset({"credential", "http", "protocol", "ssh", "url"})
_TRANSPORT_KEYS = frozenset({"core.sshcommand", "core.askpass", "core.gitproxy"})
_REMOTE_KEYS = frozenset({"proxy", "proxyauthmethod", "receivepack", "serveroption", "uploadpack", "vcs"})

Setting = tuple[str, str]
"""A key of git's configuration as `git config --list` writes it, and its value."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a git command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def verdict(self) -> str:
        """What `push --porcelain` says of the branch where it was not pushed, such as `[rejected] (fetch first)`."""
        lines = self.out.decode(errors="replace").splitlines()
        return next((line.split("\t")[-1] for line in lines if line.startswith("!\t")), "")

    @property
    def judged(self) -> bool:
        """Whether the remote looked at the push and said no, rather than not being reached."""
        return self.verdict.startswith("[remote rejected]")


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Repository:
    """A bare repository of our own, and how the user's repository reaches the remote. `cwd` is the user's."""

    cwd: Path
    env: Mapping[str, str]
    remote: str
    ref: str
    patience: float

    def fetch(self) -> str | None:
        """The tip of the branch; None only where the remote says that there is no such branch."""
        spec = f"+{self.ref}:{_TIP}"
        options = ("--quiet", "--depth=1", "--no-auto-maintenance")
        told = got = self._network("fetch", *options, "--", self.remote, spec)
        if not got.ok:
            told = self._network("ls-remote", "--", self.remote, self.ref)
            names = [line.partition(b"\t")[2] for line in told.out.splitlines()]
            if told.ok and self.ref.encode() not in names:
                return None
            if told.ok:  # another run may have made it since
                told = got = self._network("fetch", *options, "--", self.remote, spec)
        if got.ok:
            return self._local("rev-parse", "--verify", _TIP).decode().strip()
        raise failure(
            "fetch the state",
            told,
            "Look at the network, and whether this login may read the repository. Nothing was changed.",
        )

    def content(self, commit: str, file: str) -> bytes | None:
        entry = self._local("ls-tree", "-z", "--full-tree", commit, "--", file)
        if not entry:
            return None
        kind, digest = entry.partition(b"\t")[0].decode().split()[1:]
        if kind != "blob":
            raise StateError(
                f"the branch has a folder where the state should be: {file}",
                code="state.damaged",
                hint="Give the calendar another `name:` in publer.yaml. Nothing was changed.",
            )
        return self._local("cat-file", "blob", digest)

    def commit(self, parent: str | None, file: str, data: bytes, message: str, clock: Clock) -> str:
        """A commit on top of `parent` in which `file` holds `data` and all other files are as they were.

        `git fast-import` makes it in one process, without work tree, index, identity, signature or hook.
        """
        name = file.replace("\\", "\\\\").replace('"', '\\"')
        said = message.encode()
        stream = b"".join(
            (
                f"commit refs/publer-sync/next-{os.urandom(8).hex()}\nmark :1\n".encode(),
                f"committer {_AUTHOR} {int(clock.now().timestamp())} +0000\n".encode(),
                b"data %d\n%s\n" % (len(said), said),
                f"from {parent}\n".encode() if parent else b"",
                f'M 100644 inline "{name}"\n'.encode(),
                b"data %d\n%s\n" % (len(data), data),
                b"get-mark :1\ndone\n",
            )
        )
        return self._local("fast-import", "--quiet", "--done", given=stream).decode().strip()

    def push(self, commit: str) -> Done:
        """Only as a step forward: where the branch has moved, git or the remote refuses."""
        return self._network("push", "--porcelain", "--", self.remote, f"{commit}:{self.ref}")

    def _network(self, *words: str) -> Done:
        return _git(words, cwd=self.cwd, env=self.env, seconds=self.patience)

    def _local(self, *words: str, given: bytes = b"") -> bytes:
        return _must(words, cwd=self.cwd, env=self.env, given=given)


def open_repository(top: Path, branch: str, patience: float) -> Repository:
    """Our own repository, connected to the remote as the one that `top` lies in is."""
    env = _surroundings()
    _check_version(top, env)
    ref = f"refs/heads/{branch}"
    if not branch.isprintable() or not _git(("check-ref-format", ref), cwd=top, env=env).ok:
        raise StateError(
            f'git does not take "{printable_line(branch)}" as the name of a branch',
            code="state.place",
            hint="A name such as git:publer-sync-state works.",
        )
    found = _git(("rev-parse", "--show-toplevel", "--show-object-format"), cwd=top, env=env)
    if not found.ok:
        raise failure(
            f"find the calendar's repository for git:{printable_line(branch)}",
            found,
            "A state on a branch needs a calendar in a git repository with a remote. Elsewhere, name a file: "
            "--state, or `state:` in publer.yaml.",
        )
    where, format_ = os.fsdecode(found.out).removesuffix("\n").rsplit("\n", 1)
    cwd = Path(where)
    settings = _settings(_must(("config", "--list", "-z", "--includes"), cwd=cwd, env=env))
    head = os.fsdecode(_git(("symbolic-ref", "-q", "HEAD"), cwd=cwd, env=env).out).strip()
    remote = _remote_of(settings, head.removeprefix("refs/heads/"))
    folder = Path(tempfile.mkdtemp(prefix="publer-sync-"))
    own = {**env, **_handed_over(settings, remote, folder), "GIT_DIR": str(folder)}
    own.pop("GIT_CONFIG_PARAMETERS", None)  # is among the settings, too
    repository = Repository(cwd, own, remote, ref, patience)
    weakref.finalize(repository, shutil.rmtree, folder, ignore_errors=True)
    _write_protected(settings, folder)
    words = (
        "init",
        "--bare",
        "--quiet",
        "--template=",
        "--initial-branch=none",
        f"--object-format={format_}",
    )
    _must(words, cwd=cwd, env=own)
    return repository


def _surroundings() -> dict[str, str]:
    """The environment for git: the user's, without what binds it to a repository, what makes it chatty, and the key."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _LOCAL_VARIABLES and not name.startswith("GIT_TRACE") and name != "PUBLER_API_KEY"
    }
    return kept | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}  # its words end up beside ours


def _check_version(cwd: Path, env: Mapping[str, str]) -> None:
    words = _must(("version",), cwd=cwd, env=env).decode(errors="replace")
    found = re.search(r"(\d+)\.(\d+)", words)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_GIT:
        raise StateError(
            f"a state on a branch needs git {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer, and this is {printable_line(words)}",
            code="state.git",
            hint="Update git, or name a file: --state, or `state:` in publer.yaml.",
        )


def _settings(listed: bytes) -> tuple[Setting, ...]:
    """Key and value, in the order in which git read them. A key without a value means true."""
    pairs = (os.fsdecode(item).partition("\n") for item in listed.split(b"\0") if item)
    return tuple((key, value if mark else "true") for key, mark, value in pairs)


def _remote_of(settings: Sequence[Setting], head: str) -> str:
    """The upstream's remote of the branch `head`, else `origin`, else the only one."""
    remotes = {key[len("remote.") : -len(".url")] for key, _ in settings if _is_url(key)}
    upstream = dict(settings).get(f"branch.{head}.remote")
    if upstream in remotes:
        return upstream
    if "origin" in remotes:
        return "origin"
    if len(remotes) == 1:
        return remotes.pop()
    names = ", ".join(sorted(remotes))
    raise StateError(
        f"no telling which remote keeps the state: {printable_line(names)}"
        if remotes
        else "the calendar's repository has no remote",
        code="state.remote",
        hint="Call one of them origin, or let the current branch track one (git branch --set-upstream-to)."
        if remotes
        else "Add one (git remote add origin URL), or name a file: --state, or `state:` in publer.yaml.",
    )


def _is_url(key: str) -> bool:
    return key.startswith("remote.") and key.endswith(".url") and len(key) > len("remote..url")


def _handed_over(settings: Sequence[Setting], remote: str, folder: Path) -> dict[str, str]:
    """The variables that give our repository the user's way to `remote`; of several URLs the first."""
    pairs = [(key, value) for key, value in settings if _is_transport(key, remote)]
    for key in (f"remote.{remote}.url", f"remote.{remote}.pushurl"):
        pairs += [setting for setting in settings if setting[0] == key][:1]
    variables = {
        "GIT_CONFIG_COUNT": str(len(pairs)),
        "GIT_CONFIG_GLOBAL": str(folder / "protected"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    for number, (key, value) in enumerate(pairs):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _is_transport(key: str, remote: str) -> bool:
    if key.startswith(f"remote.{remote}."):
        return key[len(f"remote.{remote}.") :] in _REMOTE_KEYS
    return key in _TRANSPORT_KEYS or key.partition(".")[0] in _TRANSPORT_SECTIONS


def _write_protected(settings: Sequence[Setting], folder: Path) -> None:
    """The folders that the user trusts, in a file: a remote in another folder of this machine looks nowhere else."""
    trusted = [
        value.replace("\\", "\\\\").replace('"', '\\"') for key, value in settings if key == "safe.directory"
    ]
    lines = ["[safe]", *(f'directory = "{value}"' for value in trusted)]
    (folder / "protected").write_bytes(os.fsencode("\n".join(lines) + "\n"))


def _must(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], given: bytes = b"") -> bytes:
    done = _git(words, cwd=cwd, env=env, given=given)
    if not done.ok:
        raise failure(
            f"do its part (git {words[0]})",
            done,
            "Mend what it says, then run again: it looks before it sends.",
        )
    return done.out


def _git(
    words: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    given: bytes = b"",
    seconds: float = LOCAL_SECONDS,
) -> Done:
    """Run git without a shell and without a terminal; StateError where it is missing or takes too long.

    Files stand in for pipes: a helper that stays in the background would keep a pipe open.
    A session of its own keeps an interrupt of ours from ending a push halfway, and ssh from asking at the terminal.
    """
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 — git, with words of ours behind it
                ["git", *words],  # noqa: S607 — the git that the user would run
                cwd=cwd,
                env=env,
                stdin=stdin,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            raise StateError(
                "a state on a branch needs git, and git could not be started",
                code="state.git",
                hint="Install git, or name a file: --state, or `state:` in publer.yaml.",
            ) from error
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise StateError(
                f"git {words[0]} did not end within {seconds:g} seconds",
                code="state.git",
                hint="Look at the network, and whether git waits for a password. Then run again: it looks before it sends.",
            ) from error
        finally:
            _end(process)
        out.seek(0)
        err.seek(0)
        return Done(code, out.read(), err.read().decode(errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Where git still runs, end it and what it started, such as ssh."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def failure(what: str, done: Done, hint: str) -> StateError:
    """What git said, made harmless and short, without its own advice."""
    lines = [done.verdict, *done.err.splitlines()]
    told = "; ".join(line.strip() for line in lines if line.strip() and not line.startswith("hint:"))
    words = (
        printable_line(re.sub(r"(?<=://)[^/\s'\"]*@", "…@", told))
        or f"no reason given, exit code {done.code}"
    )
    return StateError(f"git could not {what}: {words}", code="state.git", hint=hint)

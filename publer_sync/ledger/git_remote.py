"""One branch of the calendar's repository at its remote: fetch its tip, and push one commit on top of it.

The user's repository is only asked for its configuration, and never written to. The work is done in a bare repository
of our own in a temporary folder. Working in the user's repository with other places for objects leaks: `fetch --depth`
writes its `shallow` file, `fetch` and `push` move its remote-tracking branches, and its hooks run.

What makes fetch and push work there, credentials above all, is handed over as git itself read it in the user's
repository, so that what `includeIf` brings in for that folder counts as well. Nothing else is: no hooks, no signing,
no push settings. The user's global and system files are then left out: read twice, a header would be sent twice,
and GitHub refuses that.
"""

from __future__ import annotations

import os
import re
import shutil
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.ledger.git_command import Git
from publer_sync.ledger.lock import queue_file
from publer_sync.machine.commits import commit_stream
from publer_sync.machine.temporary import new_folder
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.ledger.git_command import GitResult
    from publer_sync.ledger.user_git import ConfigEntry, UserGit
    from publer_sync.machine.clock import Clock

_TIP = "refs/tip"
_SEEN = "refs/seen/"
_COPIES = "refs/publer-sync/"
OWN_BRANCH = "publer-sync-state"
_OWN = f"refs/heads/{OWN_BRANCH}"
"""The branch that the docs name. It may be the default one where a host gave that to the first branch that was pushed."""
_OTHER_SECONDS = 20.0
"""How long another remote may take to say whether it has the branch."""
_AUTHOR = "publer-sync <publer-sync@localhost>"
_NO_REPLY = "noreply@publer-sync.invalid"
"""Of the person who started a run: nobody's address is in the state."""

_TRANSPORT_SECTIONS = frozenset({"credential", "http", "protocol", "ssh", "url"})
_TRANSPORT_KEYS = frozenset({"core.sshcommand", "core.askpass", "core.gitproxy"})
_REMOTE_KEYS = frozenset({"proxy", "proxyauthmethod", "receivepack", "serveroption", "uploadpack", "vcs"})

Files = Mapping[str, bytes | None]
"""The content of files by path, None for one that does not exist."""
_PLAIN_NAME = re.compile(r"[\w-]+(?:/[\w-]+)*", re.ASCII)
"""Names of branches that git takes, without asking it (git-check-ref-format)."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Scratch:
    """A bare repository of our own, until it is collected, that reaches `remote` as the user's does."""

    git: Git
    theirs: UserGit
    remote: str
    url: str


class Fetched(NamedTuple):
    """A branch at the remote, and the ref that moves with it."""

    tip: str | None
    copy: str | None


@dataclass(frozen=True, slots=True)
class Repository:
    """A branch at the remote. A fetch or push may take `patience` seconds."""

    scratch: Scratch
    ref: str
    patience: float
    queue: Path
    """The lock for those who push to this branch from this machine."""

    @property
    def git(self) -> Git:
        return self.scratch.git

    @property
    def remote(self) -> str:
        return self.scratch.remote

    @property
    def copy(self) -> str:
        """A ref that moves with the branch, and that nobody tidies up."""
        return f"{_COPIES}{self.ref.removeprefix('refs/heads/')}"

    def fetch(self) -> Fetched:
        """The tip of the branch and that of its copy; None only where the remote says that there is none.

        Raises StateError where it cannot be asked.
        """
        result, found = self._fetch_tips(self.ref), [self.ref]
        if not result.ok:
            listing = self._over_network("ls-remote", "--", self.remote, self.ref, self.copy)
            names = [os.fsdecode(line.partition(b"\t")[2]) for line in listing.out.splitlines()]
            found = [ref for ref in (self.ref, self.copy) if ref in names]
            if listing.ok and not found:
                return Fetched(None, None)
            # Where the remote lists the branch, another run has made it since.
            result = self._fetch_tips(*found) if listing.ok else listing
        if not result.ok:
            raise result.error(
                "fetch the state",
                "Check the network, and whether this login may read the repository. Nothing was changed.",
            )
        told = self.git.output("for-each-ref", "--format=%(refname) %(objectname)", _TIP, _SEEN).decode()
        tips = dict(line.rsplit(" ", 1) for line in told.splitlines())
        return Fetched(tips[_TIP] if self.ref in found else None, tips.get(f"{_SEEN}{self.copy}"))

    def fetched_here(self, file: str) -> tuple[bytes, datetime] | None:
        """A file of the branch as somebody's own git last fetched it, and when that was written; None where it never did."""
        theirs, ref = (
            self.scratch.theirs.git,
            self.ref.replace("refs/heads", f"refs/remotes/{self.remote}", 1),
        )
        written = theirs.run("log", "-1", "--format=%ct", ref, "--")
        found = theirs.run("cat-file", "blob", f"{ref}:{file}") if written.ok and written.out else written
        if not (written.ok and written.out and found.ok):
            return None
        return found.out, datetime.fromtimestamp(int(written.out), UTC)

    def leads_to(self, commit: str, later: str) -> bool:
        """Whether one commit of the branch or of its copy is in the history of another. Raises StateError.

        The history is fetched into a repository of its own: this one has none.
        """
        there = open_scratch(self.scratch.theirs, "the history of the state")
        refs = (f"+{ref}:{_SEEN}{ref}" for ref in (self.ref, self.copy))
        options = ("--quiet", "--no-tags", "--no-auto-maintenance", "--filter=tree:0")
        fetched = there.git.run("fetch", *options, "--", there.remote, *refs, seconds=self.patience)
        if not fetched.ok:
            raise fetched.error("fetch the history of the state", "Check the network. Nothing was changed.")
        told = there.git.run("merge-base", "--is-ancestor", commit, later)
        if told.code not in (0, 1):
            raise told.error("read the history of the state", "Run the command again. Nothing was changed.")
        return told.ok

    def other_remotes(self) -> dict[str, OtherRemote]:
        """The branch of this name at each other remote of the user's repository that has one; one that cannot be asked has none."""
        theirs, found = self.scratch.theirs, {}
        for remote in sorted(theirs.remotes - {self.remote}):
            with suppress(StateError):
                scratch = open_scratch(theirs, f"the remote {printable_line(remote)}", remote)
                there = replace(self, scratch=scratch, patience=min(self.patience, _OTHER_SECONDS))
                if (tip := there.fetch().tip) is not None:
                    found[remote] = OtherRemote(there, there.tree(tip))
        return found

    def default_ref(self) -> str | None:
        """The remote's default branch; None where it does not say, or cannot be asked: a fetch will tell that."""
        listing = self._over_network("ls-remote", "--symref", "--", self.remote, "HEAD")
        kind, _, ref = listing.out.decode(errors="replace").partition("\t")[0].partition(": ")
        return ref if listing.ok and kind == "ref" else None

    def tree(self, commit: str) -> dict[str, str]:
        """What git calls the content of each file, by its path."""
        listed = self.git.output("ls-tree", "-r", "-z", "--full-tree", commit)
        rows = (row.partition(b"\t") for row in listed.split(b"\0") if row)
        found = ((about.split(), path) for about, _, path in rows)
        return {os.fsdecode(path): about[2].decode() for about, path in found if about[1] == b"blob"}

    def blobs(self, ids: Sequence[str]) -> list[bytes]:
        """The contents that git calls so."""
        told = self.git.output("cat-file", "--batch", given="".join(f"{each}\n" for each in ids).encode())
        found, start = [], 0
        for _ in ids:
            end = told.index(b"\n", start)
            size = int(told[start:end].split()[-1])
            found.append(told[end + 1 : end + 1 + size])
            start = end + size + 2
        return found

    def commit(
        self,
        parent: str | None,
        files: Files,
        message: str,
        clock: Clock,
        author: str = "",
        *,
        beside: str | None = None,
    ) -> str:
        """A commit on top of `parent` with these `files`, in which all others are as they were.

        The commit `beside` leads to it too.
        """
        name = "".join(letter for letter in author if letter.isprintable() and letter not in "<>").strip()
        by, now = f"{name} <{_NO_REPLY}>" if name else _AUTHOR, int(clock.now().timestamp())
        stream = commit_stream(parent, files, message, author=by, committer=_AUTHOR, at=now, beside=beside)
        return self.git.output("fast-import", "--quiet", "--done", given=stream).decode().strip()

    def push(self, commit: str, *options: str, copy: str | None = None) -> GitResult:
        """Only as a step forward: where the branch has moved, git or the remote rejects the push.

        With `copy`, its tip, "" for none, that moves to the same commit or neither does.
        """
        refs = [f"{commit}:{self.ref}"]
        if copy is not None:
            options = (*options, "--atomic", f"--force-with-lease={self.copy}:{copy}")
            refs.append(f"{commit}:{self.copy}")
        return self._over_network("push", "--porcelain", *options, "--", self.remote, *refs)

    def _fetch_tips(self, *refs: str) -> GitResult:
        options = ("--quiet", "--depth=1", "--no-auto-maintenance", "--prune")
        wanted = [
            f"+{self.copy}*:{_SEEN}{self.copy}*",
            *([f"+{self.ref}:{_TIP}"] if self.ref in refs else []),
        ]
        return self._over_network("fetch", *options, "--", self.remote, *wanted)

    def _over_network(self, *words: str) -> GitResult:
        return self.git.run(*words, seconds=self.patience)


@dataclass(frozen=True, slots=True)
class OtherRemote:
    """The branch at a remote that is not the one that is meant."""

    repository: Repository
    ids: Mapping[str, str]
    """What git calls the content of each file, by its path."""

    def content(self, file: str) -> bytes | None:
        """Raises StateError."""
        return self.repository.blobs([self.ids[file]])[0] if file in self.ids else None


def open_repository(theirs: UserGit, branch: str, patience: float) -> Repository:
    """A branch of the user's repository, at its remote.

    A fetch or push may take `patience` seconds. Raises StateError where there is no repository, or the branch may not
    keep a state.
    """
    ref = f"refs/heads/{branch}"
    if not _is_name(branch, ref, theirs):
        raise StateError(
            f'git does not accept "{printable_line(branch)}" as the name of a branch',
            code="state.place",
            hint="For example: git:publer-sync-state",
        )
    scratch = open_scratch(theirs, f"git:{printable_line(branch)}")
    repository = Repository(scratch, ref, patience, queue_file(f"{scratch.url} {ref}"))
    _refuse_peoples_branch(repository, theirs.head)
    return repository


def _is_name(branch: str, ref: str, theirs: UserGit) -> bool:
    """Whether people can mean it, and git takes it: a remote's branch HEAD would be everyone's origin/HEAD, and refs/heads/x is the branch x."""
    if not branch.isprintable() or branch.upper() == "HEAD" or branch.startswith("refs/"):
        return False
    return _PLAIN_NAME.fullmatch(branch) is not None or theirs.takes(ref)


def open_scratch(theirs: UserGit, what: str, remote: str = "") -> Scratch:
    """Our own repository, connected to a remote as the user's is. `what` it is for, in errors.

    `remote` is the one that is meant, where that is not the user's own choice.

    Raises StateError where there is no repository with a remote.
    """
    theirs.expect(what)
    remote = remote or theirs.remote
    folder, git, config = new_folder(), theirs.git, theirs.config
    env = {**git.env, **_transport_variables(config, remote, folder), "GIT_DIR": str(folder)}
    env.pop("GIT_CONFIG_PARAMETERS", None)  # is in `config` too
    scratch = Scratch(Git(theirs.top, env), theirs, remote, theirs.value(f"remote.{remote}.url"))
    weakref.finalize(scratch, shutil.rmtree, folder, ignore_errors=True)
    _write_protected(config, folder)
    options = (
        "--bare",
        "--quiet",
        "--template=",
        "--initial-branch=none",
        f"--object-format={theirs.object_format}",
    )
    scratch.git.output("init", *options)
    return scratch


def _refuse_peoples_branch(repository: Repository, head: str) -> None:
    """Every apply pushes to the state's branch: people's work there would not be reviewed, or ours not let in."""
    if repository.ref == head:
        which = "the branch that is checked out"
    elif repository.ref != _OWN and repository.ref == repository.default_ref():
        which = "the remote's default branch"
    else:
        return
    name = printable_line(repository.ref.removeprefix("refs/heads/"))
    raise StateError(
        f"the state cannot be kept on {name}, {which}",
        code="state.place",
        hint=f"Every apply pushes to the branch of the state. Name one that nobody works on: git:{OWN_BRANCH}",
    )


def _transport_variables(config: Sequence[ConfigEntry], remote: str, folder: Path) -> dict[str, str]:
    """The variables with which our repository reaches `remote` as the user's does; of several URLs the first."""
    pairs = [(key, value) for key, value in config if _is_transport(key, remote)]
    for key in (f"remote.{remote}.url", f"remote.{remote}.pushurl"):
        pairs += [entry for entry in config if entry[0] == key][:1]
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


def _write_protected(config: Sequence[ConfigEntry], folder: Path) -> None:
    """The folders that the user trusts, in a file: for a remote in another folder of this machine git reads only files."""
    trusted = [
        value.replace("\\", "\\\\").replace('"', '\\"') for key, value in config if key == "safe.directory"
    ]
    lines = ["[safe]", *(f'directory = "{value}"' for value in trusted)]
    (folder / "protected").write_bytes(os.fsencode("\n".join(lines) + "\n"))

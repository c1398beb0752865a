"""Runs git, without a shell, a terminal or a key, and says in one line what went wrong."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from publer_sync.machine.temporary import nameless_file
from publer_sync.machine.tracked import git_environment
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCAL_SECONDS = 30.0
OLDEST_GIT = (2, 32)
"""The first that can be told not to read the user's global file (git, release notes 2.32, GIT_CONFIG_GLOBAL)."""
NAME_A_FILE = "name a file: --state, or `state:` in publer.yaml."


_FULL = ("No space left on device", "Disk quota exceeded")


@dataclass(frozen=True, slots=True)
class GitResult:
    """How a git command ended."""

    code: int
    out: bytes
    err: str

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def rejection(self) -> str:
        """What `push --porcelain` says of a branch that it did not push, such as `[rejected] (fetch first)`."""
        lines = self.out.decode(errors="replace").splitlines()
        return next((line.split("\t")[-1] for line in lines if line.startswith("!\t")), "")

    @property
    def rejected_by_remote(self) -> bool:
        """Whether the remote looked at the push and said no, rather than not being reached."""
        return self.rejection.startswith("[remote rejected]")

    def refused_another(self, ref: str) -> bool:
        """Whether `ref` was left out of a push, if it was, only for what was pushed with it, or for being pushed with it."""
        lines = [line for line in self.out.decode(errors="replace").splitlines() if line.startswith("!\t")]
        own = [line for line in lines if line.split("\t")[1].endswith(f":{ref}")]
        alone = all("atomic" in line for line in own)
        return (bool(lines) and alone) or "support --atomic" in self.err

    def error(self, what: str, hint: str) -> StateError:
        """`git could not <what>`, with what git said made printable and short, without its advice and without logins."""
        lines = [self.rejection, *self.err.splitlines()]
        if full := next((line for line in lines if any(each in line for each in _FULL)), None):
            hint = f"Make room on the disk {'of the remote' if full.startswith('remote:') else 'of this machine'}. {hint}"
        reasons = "; ".join(line.strip() for line in lines if line.strip() and not line.startswith("hint:"))
        reason = printable_line(re.sub(r"(?<=://)[^/\s'\"]*@", "…@", reasons))
        return StateError(
            f"git could not {what}: {reason or f'no reason given, exit code {self.code}'}",
            code="state.git",
            hint=hint,
        )


@dataclass(frozen=True, slots=True)
class Git:
    """The user's git, run in the folder `cwd` with the environment `env`."""

    cwd: Path
    env: Mapping[str, str]

    @classmethod
    def of(cls, cwd: Path) -> Git:
        """With `git_environment`. Raises StateError where git is missing or too old."""
        git = cls(cwd, git_environment())
        version = _version(git)
        numbers = re.search(r"(\d+)\.(\d+)", version)
        if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_GIT:
            raise StateError(
                f"a state on a branch needs git {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer; this is {printable_line(version)}",
                code="state.git",
                hint=f"Update git, or {NAME_A_FILE}",
            )
        return git

    def output(self, *words: str, given: bytes = b"") -> bytes:
        """What a command that works on local files prints; StateError where it fails."""
        result = self.run(*words, given=given)
        if not result.ok:
            raise result.error(
                f"run {words[0]}",
                "Fix what git reports and run the command again: it checks before it sends anything.",
            )
        return result.out

    def run(self, *words: str, given: bytes = b"", seconds: float = LOCAL_SECONDS) -> GitResult:
        """Raises StateError where git is missing or takes longer than `seconds`.

        Files stand in for pipes: a helper that stays in the background would keep a pipe open.
        A session of its own keeps an interrupt of ours from ending a push halfway, and ssh from asking at the terminal.
        """
        with nameless_file() as stdin, nameless_file() as out, nameless_file() as err:
            stdin.write(given)
            stdin.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 — a list of arguments, which no shell reads
                    ["git", *words],  # noqa: S607 — the git that the user would run
                    cwd=self.cwd,
                    env=self.env,
                    stdin=stdin,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,
                )
            except OSError as error:
                raise StateError(
                    "a state on a branch needs git, and git could not be started",
                    code="state.git",
                    hint=f"Install git, or {NAME_A_FILE}",
                ) from error
            try:
                code = _code_of(process, seconds)
            except subprocess.TimeoutExpired as error:
                raise StateError(
                    f"git {words[0]} did not finish within {seconds:g} seconds",
                    code="state.git",
                    hint="Check the network, and whether git waits for a password. Then run the command again: it checks "
                    "before it sends anything.",
                ) from error
            finally:
                _kill(process)
            out.seek(0)
            err.seek(0)
            return GitResult(code, out.read(), err.read().decode(errors="replace"))


_VERSIONS: Final[dict[str | None, str]] = {}
"""By the folders that git is looked for in: it stays the same while a command runs."""


def _version(git: Git) -> str:
    path = git.env.get("PATH")
    if path not in _VERSIONS:
        _VERSIONS[path] = git.output("version").decode(errors="replace")
    return _VERSIONS[path]


def _code_of(process: subprocess.Popen[bytes], seconds: float) -> int:
    """Its exit code. With a limit, Python looks for the end ever more rarely; Linux tells of it. Raises TimeoutExpired."""
    with suppress(AttributeError, OSError):  # no Linux, or one before 5.3
        descriptor = os.pidfd_open(process.pid)
        try:
            end = select.poll()
            end.register(descriptor, select.POLLIN)
            end.poll(1000 * seconds)
        finally:
            os.close(descriptor)
        seconds = 0
    return process.wait(seconds)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End git where it still runs, and what it started, such as ssh."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

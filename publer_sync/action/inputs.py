"""Reads the workflow's inputs, and the event that started the run, once from the environment."""

from __future__ import annotations

import hashlib
import json
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args
from urllib.parse import quote

from publer_sync.commands.beside.repository import line_address
from publer_sync.commands.running.shared import folder
from publer_sync.planning.allow import Allow
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "PUBLER_SYNC_ACTION_"
"""Of the variables that `action.yml` sets: inputs reach the program by no other way."""
BRANCH = "git:publer-sync-state"
"""The default place of the state: a runner's disk is gone after the job."""

Command: TypeAlias = Literal[
    "validate", "plan", "apply", "drift", "results", "pages", "hold", "release", "request"
]
_LABELLED = frozenset({"pull_request", "pull_request_target", "merge_group", "push", "workflow_dispatch"})

Comment: TypeAlias = Literal["always", "changes", "never"]
Reviewed: TypeAlias = Literal["warn", "strict"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """`calendars` are folders, at least one: calendars, or folders that contain some."""

    command: Command
    calendars: tuple[Path, ...]
    changed_since: str | None
    """A commit, or `auto`: the base of the pull request, or what the branch had before the push."""
    state: str | None
    comment: Comment
    reviewed: Reviewed
    allowed: Allow
    first: bool
    """Whether apply begins with an empty state, whatever other places have."""
    results_file: str | None
    """Of the repository; None for an issue."""
    branch: str | None
    """What release reads; None for the default branch."""
    reason: str
    accounts: tuple[str, ...]
    labels: tuple[str, ...]
    """Of a hold, as `accounts` and `networks` are."""
    networks: tuple[str, ...]
    check: str
    """The check that the pull request of a request gets."""
    token: str | None = field(repr=False)
    api_key: str | None = field(repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Inputs:
        """Raises UsageError if an input makes no sense."""

        def given(name: str) -> str:
            return environ.get(PREFIX + name, "").strip()

        calendars = [Path(line.strip()) for line in given("CALENDAR").splitlines() if line.strip()]
        return cls(
            command=cast("Command", _one_of("command", given("COMMAND"), get_args(Command))),
            calendars=tuple(dict.fromkeys(calendars)) or (folder(None),),
            changed_since=given("CHANGED_SINCE") or None,
            state=given("STATE") or None,
            comment=cast("Comment", _one_of("comment", given("COMMENT") or "always", get_args(Comment))),
            reviewed=cast("Reviewed", _one_of("reviewed", given("REVIEWED") or "warn", get_args(Reviewed))),
            allowed=Allow(
                deletes=_number("allow-deletes", given("ALLOW_DELETES")),
                changes=_number("allow-changes", given("ALLOW_CHANGES")),
                recreate=_flag("allow-recreate", given("ALLOW_RECREATE")),
                frozen=_flag("allow-frozen", given("ALLOW_FROZEN")),
                twins=_flag("allow-twins", given("ALLOW_TWINS")),
                edits=_flag("overwrite-edits", given("OVERWRITE_EDITS")),
                older=_flag("allow-older", given("ALLOW_OLDER")),
                rewritten=_flag("allow-rewritten", given("ALLOW_REWRITTEN")),
            ),
            first=_flag("first", given("FIRST")),
            results_file=given("RESULTS_FILE") or None,
            branch=given("BRANCH").removeprefix("refs/heads/") or None,
            reason=given("REASON"),
            accounts=tuple(given("ACCOUNTS").replace(",", " ").split()),
            labels=tuple(filter(None, (label.strip() for label in given("LABELS").split(",")))),
            networks=tuple(given("NETWORKS").replace(",", " ").split()),
            check=given("CHECK") or "plan",
            token=given("GITHUB_TOKEN") or None,
            api_key=given("API_KEY") or environ.get("PUBLER_API_KEY", "").strip() or None,
        )


def _one_of(name: str, word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise UsageError(f'the input {name} is "{word}"', hint=f"It is one of: {', '.join(words)}.")
    return word


def _flag(name: str, word: str) -> bool:
    return _one_of(name, word.lower() or "false", ("true", "false")) == "true"


def _number(name: str, word: str) -> int | None:
    if word and not (word.isascii() and word.isdigit() and len(word) < 9):
        raise UsageError(f'the input {name} is "{word}"', hint="It is a number of posts, such as 18.")
    return int(word) if word else None


# --- the run --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pull:
    """The pull request of the event. `from_outside`: from a fork or by Dependabot, so that GitHub gives the run no secrets."""

    number: int
    head: str
    from_outside: bool
    closed: bool = False
    base: str = ""
    """The commit that it would be merged into."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The issue of the event, as it was then. `sender` is who did what the event tells of, not who opened the issue."""

    number: int
    action: str
    sender: str
    body: str
    before: str | None
    """The body before an edit; None if that did not change it."""
    closed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What started the run, and where it is shown (GitHub docs, "Variables reference", "Default environment variables")."""

    name: str
    repository: str
    server: str
    api: str
    run: str
    ref: str
    sha: str
    workspace: Path
    temp: Path
    summary: Path | None
    output: Path | None
    key: str
    """Distinguishes the jobs of one run in the names of artifacts."""
    before: str | None = None
    """The branch's commit before the push, or before what a merge queue would add to it."""
    pull: Pull | None = None
    issue: Issue | None = None
    number: int = 0
    """Of the run: later ones have greater numbers, and a run that is run again keeps its own."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Event:
        """Raises UsageError outside a workflow."""
        if environ.get("GITHUB_ACTIONS") != "true" or not environ.get("GITHUB_REPOSITORY"):
            raise UsageError(
                "this part of publer-sync runs in a GitHub workflow",
                hint="On your own computer, run: publer-sync plan",
            )
        server = environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
        repository = environ["GITHUB_REPOSITORY"]
        name, payload = environ.get("GITHUB_EVENT_NAME", ""), _payload(environ)
        return cls(
            name=name,
            repository=repository,
            server=server,
            api=environ.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
            run=f"{server}/{repository}/actions/runs/{environ.get('GITHUB_RUN_ID', '')}",
            ref=environ.get("GITHUB_REF", ""),
            sha=environ.get("GITHUB_SHA", ""),
            workspace=Path(environ.get("GITHUB_WORKSPACE") or "."),
            temp=Path(environ.get("RUNNER_TEMP") or "."),
            summary=_path(environ.get("GITHUB_STEP_SUMMARY")),
            output=_path(environ.get("GITHUB_OUTPUT")),
            key=f"{environ.get('GITHUB_JOB', '')}-{environ.get('GITHUB_ACTION', '')}",
            before=_before(payload, name),
            pull=_pull(payload, name, environ.get("GITHUB_ACTOR", "")),
            issue=_issue(payload) if name == "issues" else None,
            number=int(environ.get("GITHUB_RUN_ID") or 0),
        )

    @property
    def branch(self) -> str | None:
        """The branch that the run is about; None for a tag or a pull request."""
        return self.ref.removeprefix("refs/heads/") if self.ref.startswith("refs/heads/") else None

    @property
    def labelled(self) -> bool:
        """Whether labels count: the run belongs to a pull request, to the push that merged it, or to somebody who runs it by hand.

        A later run, such as a scheduled one, finds the same newest commit, and what was allowed at its merge would be allowed for ever.
        """
        return self.name in _LABELLED

    def line(self, sha: str, file: str, line: int) -> str:
        return line_address(f"{self.server}/{self.repository}/blob/{sha}", file, line)

    def review(self, number: int, file: str, line: int) -> str:
        """A line among the changed files of a pull request, which GitHub names by the digest of the file's path."""
        digest = hashlib.sha256(file.encode()).hexdigest()
        return f"{self.server}/{self.repository}/pull/{number}/files#diff-{digest}R{line}"

    def file(self, sha: str, file: str) -> str:
        return f"{self.server}/{self.repository}/blob/{sha}/{quote(file)}"

    def picture(self, sha: str, file: str) -> str:
        """In this form, people with access to a private repository see it too (GitHub docs, "Basic writing and formatting syntax")."""
        return f"{self.file(sha, file)}?raw=true"


def _path(word: str | None) -> Path | None:
    return Path(word) if word else None


def _before(payload: Mapping[str, Any], event: str) -> str | None:
    """None if there is none: GitHub writes zeros for a new branch."""
    group = payload.get("merge_group")
    name = payload.get("before") if event == "push" else None
    if event == "merge_group" and isinstance(group, dict):
        name = group.get("base_sha")
    return name if isinstance(name, str) and name.strip("0") else None


def _payload(environ: Mapping[str, str]) -> dict[str, Any]:
    path = environ.get("GITHUB_EVENT_PATH")
    try:
        payload = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _pull(payload: Mapping[str, Any], event: str, actor: str) -> Pull | None:
    pull = payload.get("pull_request")
    if not event.startswith("pull_request") or not isinstance(pull, dict):
        return None
    head, base = pull.get("head") or {}, pull.get("base") or {}
    # The head's repository is null if the fork was deleted.
    there, here = (head.get("repo") or {}).get("full_name"), (base.get("repo") or {}).get("full_name")
    # Runs started by Dependabot get no secrets either (GitHub docs, "Dependabot on GitHub Actions").
    from_outside = there != here or actor == "dependabot[bot]"
    closed, sha = pull.get("state") == "closed", str(base.get("sha", ""))
    return Pull(int(pull["number"]), str(head.get("sha", "")), from_outside, closed, sha)


def _issue(payload: Mapping[str, Any]) -> Issue | None:
    issue, sender = payload.get("issue"), payload.get("sender") or {}
    if not isinstance(issue, dict):
        return None
    changed = (payload.get("changes") or {}).get("body")
    return Issue(
        int(issue["number"]),
        str(payload.get("action")),
        str(sender.get("login") or ""),
        str(issue.get("body") or ""),
        str(changed.get("from") or "") if isinstance(changed, dict) else None,
        issue.get("state") == "closed",
        datetime.fromisoformat(str(issue["updated_at"])),
    )

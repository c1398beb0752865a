"""Who started a run, and where: a name, never an address, the link to a CI job, and the branch that a proposal is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.ledger.repositories import WorkTree

_ACTORS = ("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "CIRCLE_USERNAME", "BUILD_USER_ID")
"""The variables in which services of CI name who started a job: GitHub, GitLab, CircleCI, Jenkins."""
_JOBS = ("CI_JOB_URL", "CIRCLE_BUILD_URL", "BUILD_URL")
_LONGEST = 80


def who_of(tree: WorkTree | None, environ: Mapping[str, str]) -> str:
    """In CI the actor, elsewhere git's user name; "" where neither is known."""
    actor = next((name for each in _ACTORS if (name := environ.get(each, "").strip())), None)
    if actor is None:
        actor = tree.user_name if tree is not None else ""
    return one_line(actor).partition("@")[0].strip()[:_LONGEST]


def url_of(environ: Mapping[str, str]) -> str:
    """The address of the job; "" outside of CI."""
    server, repository, run = (
        environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    if server and repository and run:
        return f"{server.rstrip('/')}/{repository}/actions/runs/{run}"
    return next((url for each in _JOBS if (url := environ.get(each, "").strip()).startswith("https://")), "")


def proposed_to(environ: Mapping[str, str]) -> str | None:
    """The branch that the files of this job of CI are proposed to, by a pull request or a merge request; None elsewhere.

    GitHub ("Default environment variables") and GitLab ("Predefined CI/CD variables") name it.
    """
    if environ.get("GITHUB_EVENT_NAME", "").startswith("pull_request"):
        return environ.get("GITHUB_BASE_REF", "").strip() or None
    return environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "").strip() or None


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether this is a job of a service whose disk is gone afterwards, as all of them say."""
    return environ.get("CI", "").strip().lower() not in ("", "0", "false")

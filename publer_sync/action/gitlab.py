"""Keeps the plan as a note of a GitLab merge request: `python -I -m publer_sync.action.gitlab plan.md`, in a job of its pipeline.

The job's own token may not write notes, so a token of the project does it, from the variable PUBLER_SYNC_GITLAB_TOKEN. Without
one nothing is done: the plan is the job's report.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import requests

from publer_sync import __version__
from publer_sync.action import pages
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN: Final = "PUBLER_SYNC_GITLAB_TOKEN"  # noqa: S105 - the name of a variable
SECONDS: Final = 30.0
LIMIT: Final = 900_000
"""Characters; GitLab takes a million."""


class GitLabError(PublerSyncError):
    """GitLab refused, or did not answer."""

    default_code = "gitlab"


def main(environ: Mapping[str, str], file: Path) -> int:
    """Write the note, or edit it. Nothing of this fails the job: the plan is what counts."""
    token = environ.get(TOKEN, "").strip()
    if not token or not environ.get("CI_MERGE_REQUEST_IID"):
        return 0
    try:
        print(f"publer-sync: {_keep(environ, token, _text(environ, file))}")  # noqa: T201 - the log of a job
    except GitLabError as error:
        print(f"publer-sync: could not write the note: {error.message}", file=sys.stderr)  # noqa: T201 - the same
    return 0


def _text(environ: Mapping[str, str], file: Path) -> str:
    """The plan, or that there is none: an old one would be read as this commit's."""
    calendar, job = environ.get("CALENDAR", ""), environ.get("CI_JOB_URL", "")
    try:
        plan = file.read_text(encoding="utf-8").strip()
    except OSError:
        plan = ""
    if len(plan) > LIMIT:
        plan = f"{plan[:LIMIT]}\n\n… The rest is in the job's report."
    if not plan:
        plan = f"### 📅 Nothing can be planned\n\nThe log of [the job]({job}) says why."
    commit = environ.get("CI_COMMIT_SHA", "")[:7]
    foot = f"<sub><code>{escaped_line(calendar)}</code> at <code>{commit}</code> · [the job]({job})</sub>"
    return f"{pages.mark('plan', calendar)}\n{plan}\n\n{foot}\n"


def _keep(environ: Mapping[str, str], token: str, body: str) -> str:
    api, project = environ.get("CI_API_V4_URL", ""), environ.get("CI_PROJECT_ID", "")
    merge_request = f"{api}/projects/{project}/merge_requests/{environ['CI_MERGE_REQUEST_IID']}"
    if head := _newer(environ, merge_request, token):
        return f"the merge request is at {head[:7]} now, which this job is not for: its note stays as it is"
    notes = f"{merge_request}/notes"
    me = _json(_ask("GET", f"{api}/user", token)).get("id")
    mark = body.partition("\n")[0]
    page = "1"
    while page:
        answer = _ask("GET", notes, token, params={"per_page": "100", "page": page})
        for note in _json(answer):
            # A mark can be copied, its author can't.
            if (note.get("author") or {}).get("id") == me and str(note.get("body")).startswith(mark):
                _ask("PUT", f"{notes}/{note['id']}", token, body={"body": body})
                return "the note is up to date"
        page = answer.headers.get("X-Next-Page", "")
    _ask("POST", notes, token, body={"body": body})
    return "wrote the plan as a note"


def _newer(environ: Mapping[str, str], merge_request: str, token: str) -> str:
    """The newest commit of the merge request, where the job, which may be run again, is for another one; otherwise "".

    The commit of a pipeline for merged results is of no branch; GitLab then names that of the source branch.
    """
    here = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA", "")
    try:
        head = str(_json(_ask("GET", merge_request, token)).get("sha") or "")
    except GitLabError:
        return ""
    return head if here and head != here else ""


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise GitLabError(
            "GitLab's answer cannot be read: something between it and this job may have answered"
        ) from error


def _ask(
    method: str, url: str, token: str, *, params: Mapping[str, str] | None = None, body: Any = None
) -> requests.Response:
    def with_token(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["PRIVATE-TOKEN"] = token  # an object, since a .netrc would overrule a header
        return request

    headers = {"User-Agent": f"publer-sync/{__version__}"}
    try:
        answer = requests.request(
            method,
            url,
            params=params,
            json=body,
            headers=headers,
            auth=with_token,
            timeout=SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise GitLabError(f"GitLab cannot be reached: {type(error).__name__}") from error
    if answer.status_code not in (200, 201):
        raise GitLabError(f"GitLab says {answer.status_code} to {method}")
    return answer


if __name__ == "__main__":
    sys.exit(main(os.environ, Path(sys.argv[1])))

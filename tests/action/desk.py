"""Requests by form as GitHub tells of them, and what came of each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.github.repository import Repo, day

if TYPE_CHECKING:
    from tests.action.conftest import Run, Step
    from tests.github.hub import Hub

BRANCH = "requests/issue-5"
FILE = "calendar/requests/issue-5.yaml"


def filled(
    words: str = "The lamp is here.",
    when: str = "",
    accounts: str = "facebook",
    *,
    pictures: str = "_No response_",
    alts: str = "_No response_",
    note: str = "_No response_",
    draft: bool = False,
) -> str:
    """What GitHub makes of the form."""
    boxes = [
        f"- [{'X' if alias in accounts.split() else ' '}] {alias}: My Page"
        for alias in ("facebook", "x", "linkedin")
    ]
    parts = [
        ("What should it say?", f"```text\n{words}\n```"),
        ("When should it be published?", when or f"{day(10)} 09:00"),
        ("Where should it be published?", "\n".join(boxes)),
        ("Pictures", pictures),
        ("What the pictures show", alts),
        ("A note for the team", note),
        ("Draft", f"- [{'x' if draft else ' '}] Put it into Publer as a draft"),
    ]
    return "\n\n".join(f"### {label}\n\n{answer}" for label, answer in parts).replace("\n", "\r\n")


def issue_event(
    action: str, body: str, *, sender: str = "anna", before: str | None = None, at: datetime | None = None
) -> dict[str, Any]:
    """`before` is what the body was before an edit of it; None for one of the title."""
    changes = {"changes": {"body": {"from": before}}} if before is not None else {}
    return {
        "action": action,
        "issue": {
            "number": 5,
            "title": "Post: x",
            "body": body,
            "state": "closed" if action == "closed" else "open",
            "updated_at": f"{at or datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "user": {"login": "mallory"},
        },
        "sender": {"login": sender, "type": "User"},
        "repository": {"full_name": "o/r", "default_branch": "main"},
        **changes,
    }


class Desk:
    """Where requests come in. `run` counts the runs of the workflow."""

    def __init__(self, step: Run, hub: Hub, repo: Repo) -> None:
        self.step, self.hub, self.repo, self.run = step, hub, repo, 0
        self.body = ""

    def tell(
        self,
        action: str,
        body: str | None = None,
        *,
        run: int | None = None,
        calendar: str = "calendar",
        **more: Any,
    ) -> Step:
        before: dict[str, Any] = {"before": self.body} if action == "edited" and "before" not in more else {}
        self.body = self.body if body is None else body
        self.run = self.run + 1 if run is None else self.run
        event = issue_event(action, self.body, **before, **more)
        numbered = {"GITHUB_SERVER_URL": self.hub.url, "GITHUB_RUN_ID": str(run or self.run)}
        return self.step(
            "request", event=event, name="issues", variables=numbered, api_key="", calendar=calendar
        )

    def comment(self) -> str:
        """The one on the issue."""
        [comment] = self.hub.comments
        assert comment["pull"] == 5
        return str(comment["body"])

    def pull(self) -> Any:
        [pull] = [each for each in self.hub.pulls if each["state"] == "open"]
        return pull

    def tip(self) -> str:
        return self.git("rev-parse", "--verify", "-q", BRANCH)

    def git(self, *words: str) -> str:
        return self.repo.git("-C", str(self.repo.remote), *words)

    def exists(self) -> bool:
        return bool(self.git("for-each-ref", f"refs/heads/{BRANCH}"))

    def files(self) -> list[str]:
        """What the branch changes."""
        return self.git("diff", "--name-only", f"main...{BRANCH}").splitlines()

    def text(self) -> str:
        return self.git("show", f"{BRANCH}:{FILE}")

    def push(self, files: dict[str, str], *, of: str = BRANCH) -> str:
        """A commit of a person on a branch."""
        self.repo.git("fetch", "-q", "origin", of)
        self.repo.git("checkout", "-q", "-B", of, "FETCH_HEAD")
        return self.repo.commit(files, branch=of)

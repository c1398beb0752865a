"""Requests to GitHub's API: comments, labels, suggestions and issues. What they say is decided elsewhere."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

import requests

from publer_sync import __version__
from publer_sync.render.layout.wording import seconds
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SECONDS = 30.0
WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the tries of a read that GitHub does not answer."""
PATIENCE = 600.0
"""Seconds that a run waits at most, in total, because GitHub's rate limit asks for it."""
LIMIT_SECONDS = 60.0
"""To wait where GitHub refuses for its limit and names no time (GitHub docs, "Rate limits for the REST API")."""
_LEAPS = 5
"""Addresses that an attachment may lead through."""
LABEL = "publer-sync"
"""Of the issues that the action opens."""


class GitHubError(PublerSyncError):
    """GitHub refused, or did not answer: then `status` is None.

    `wait` are the seconds after which it may be asked again, where nothing but its rate limit stands against it.
    """

    default_code = "github"

    def __init__(
        self, message: str, *, status: int | None = None, hint: str | None = None, wait: float | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.wait = wait
        self.unclear = False
        """Whether something may have been written anyway."""

    @property
    def forbidden(self) -> bool:
        """Whether the token may not do this; 404 is GitHub's answer for what the token may not see."""
        return self.status in (401, 403, 404) and self.wait is None

    @property
    def unanswered(self) -> bool:
        return self.status is None or self.status >= 500


class GitHub:
    """One repository. Every method raises GitHubError.

    Reads that are not answered are asked again, writes never, since they may have been carried out. What the rate limit
    refuses was not carried out, so it is waited for, and `say` tells that.
    """

    def __init__(self, api: str, repository: str, token: str, *, say: Callable[[str], None]) -> None:
        self._api = api
        self._say = say
        self._patience = PATIENCE
        self._root = f"{api}/repos/{repository}"
        self._session = _session(token)

    def get(self, path: str, /, **params: str | int) -> Any:
        return _json(self._read(f"{self._root}{path}", params))

    def pages(self, path: str, *, key: str | None = None, **params: str | int) -> Iterator[Any]:
        """Every item of a list, page by page; `key` is the one that holds the list if the answer is a map."""
        url: str | None = f"{self._root}{path}"
        given: Mapping[str, str | int] = {"per_page": 100, **params}
        while url is not None:
            answer = self._read(url, given)
            yield from _json(answer)[key] if key else _json(answer)
            url, given = answer.links.get("next", {}).get("url"), {}
            if url is not None and not url.startswith(f"{self._api}/"):
                raise GitHubError("GitHub's answer leads to another server")

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            answer = self._within_limits(method, f"{self._root}{path}", {}, body)
        except GitHubError as error:
            error.unclear = error.unanswered
            raise
        return _json(answer) if answer.content else None

    def wait_for_an_answer(self, attempt: int) -> None:
        """Give GitHub the time that a read gets after so many tries."""
        time.sleep(WAITS[min(attempt, len(WAITS) - 1)])

    def issues(self, mark: str) -> list[Any]:
        """The open issues with our label that this token's user opened and marked."""
        found = self.pages("/issues", state="open", labels=LABEL)
        return [item for item in found if self.mine(item) and mark in str(item.get("body"))]

    def open(self, issue: Mapping[str, str]) -> str:
        """Open an issue with our label, and return what was done."""
        opened = self.send("POST", "/issues", {**issue, "labels": [LABEL]})
        return f"Opened the issue {opened['number']}"

    def close(self, issue: Any) -> None:
        self.send("PATCH", f"/issues/{issue['number']}", {"state": "closed", "state_reason": "completed"})

    def may_write(self, login: str) -> bool:
        """GitHub counts "maintain" as write here, and "triage", which may set labels, as read (GitHub docs, "Collaborators")."""
        try:
            answer = self.get(f"/collaborators/{quote(login, safe='')}/permission")
        except GitHubError as error:
            if error.status == 404:  # an app, or someone who has left
                return False
            raise
        return answer.get("permission") in ("admin", "write")

    def rendered(self, number: int) -> str:
        """An issue's body as HTML: in it, attachments have addresses that need no login, for some minutes."""
        url, accept = f"{self._root}/issues/{number}", {"Accept": "application/vnd.github.full+json"}
        return str(_json(self._read(url, {}, headers=accept)).get("body_html") or "")

    def attachment(self, url: str, server: str, most: int) -> bytes:
        """What somebody uploaded. The token is for the attachment's own address, not for where that leads.

        Raises TooLargeError for more than `most` bytes.
        """
        for _ in range(_LEAPS):
            ours = url.startswith(f"{server}/user-attachments/")
            if not url.startswith(("https://", f"{server}/")):
                raise GitHubError("GitHub leads to an address that is not encrypted")
            answer = self._stream(url, self._session if ours else self._without_token)
            with answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                return _within(answer, most)
        raise GitHubError("GitHub leads from one address to the next")

    @cached_property
    def _without_token(self) -> requests.Session:
        session = requests.Session()
        session.auth = lambda request: request  # a .netrc of the runner is not for others
        session.headers["User-Agent"] = f"publer-sync/{__version__}"
        return session

    def _stream(self, url: str, session: requests.Session) -> requests.Response:
        try:
            answer = session.get(url, timeout=SECONDS, stream=True, allow_redirects=False)
        except requests.RequestException as error:
            raise GitHubError(f"GitHub cannot be reached: {type(error).__name__}") from error
        if not answer.ok:
            raise GitHubError(f"GitHub says {answer.status_code}", status=answer.status_code)
        return answer

    def mine(self, item: Mapping[str, Any]) -> bool:
        """Whether a comment or an issue was written by this token's user: its mark can be copied, its author can't."""
        return (item.get("user") or {}).get("login") == self._login

    @cached_property
    def _login(self) -> str:
        # The workflow's own token may not use REST's /user; GraphQL tells every kind of token whose it is.
        url = f"{self._api.removesuffix('/v3')}/graphql"
        answer = _json(self._read(url, {}, "POST", {"query": "{ viewer { login } }"}))
        try:
            return str(answer["data"]["viewer"]["login"])
        except (KeyError, TypeError) as error:
            raise GitHubError("GitHub does not say whose token this is") from error

    def _read(
        self,
        url: str,
        params: Mapping[str, str | int],
        method: str = "GET",
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        for wait in WAITS:
            try:
                return self._within_limits(method, url, params, body, headers)
            except GitHubError as error:
                if not error.unanswered:
                    raise
                time.sleep(wait)
        return self._within_limits(method, url, params, body, headers)

    def _within_limits(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | int],
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        while True:
            try:
                return self._once(method, url, params, body, headers)
            except GitHubError as error:
                if error.wait is None or error.wait > self._patience:
                    raise
                self._patience -= error.wait
                self._say(
                    f"publer-sync: GitHub's rate limit: waiting {seconds(error.wait)} ({error.message})"
                )
                time.sleep(error.wait)

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | int],
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
    ) -> requests.Response:
        try:
            answer = self._session.request(
                method, url, params=dict(params), json=body, headers=headers, timeout=SECONDS
            )
        except requests.RequestException as error:
            raise GitHubError(f"GitHub cannot be reached: {type(error).__name__}") from error
        if not answer.ok:
            said, wait = f"GitHub says {answer.status_code}: {_message(answer)}", _wait(answer)
            if wait is not None and wait > PATIENCE:
                said += f" (its rate limit; again in {seconds(wait)})"
            raise GitHubError(said, status=answer.status_code, wait=wait)
        return answer


class TooLargeError(Exception):
    """What somebody uploaded is larger than it may be."""


def _within(answer: requests.Response, most: int) -> bytes:
    found = bytearray()
    try:
        for piece in answer.iter_content(1 << 16):
            found += piece
            if len(found) > most:
                raise TooLargeError
    except requests.RequestException as error:
        raise GitHubError(f"GitHub cannot be reached: {type(error).__name__}") from error
    return bytes(found)


def _session(token: str) -> requests.Session:
    def bearer(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    session = requests.Session()
    session.auth = bearer  # as a header, a .netrc of the runner would take its place
    session.headers.update(
        {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": f"publer-sync/{__version__}",
        }
    )
    return session


def _wait(answer: requests.Response) -> float | None:
    """Seconds to wait for GitHub's primary or secondary limit; None if it refused for another reason.

    It tells both with a 403 too (GitHub docs, "Rate limits for the REST API", "Exceeding the rate limit").
    """
    if answer.status_code not in (403, 429):
        return None
    after, left = answer.headers.get("Retry-After", ""), answer.headers.get("X-RateLimit-Remaining")
    if after.isascii() and after.isdigit():
        return max(1.0, float(after))
    reset = answer.headers.get("X-RateLimit-Reset", "")
    if left == "0" and reset.isascii() and reset.isdigit():
        return max(1.0, float(reset) - time.time() + 1)
    if answer.status_code == 429 or left == "0" or "rate limit" in _message(answer).lower():
        return LIMIT_SECONDS
    return None


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise GitHubError(
            "GitHub's answer cannot be read: something between it and this job may have answered"
        ) from error


def _message(answer: requests.Response) -> str:
    try:
        message = answer.json()["message"]
    except (ValueError, KeyError, TypeError):
        message = answer.reason
    return str(message)[:200].removesuffix(".")

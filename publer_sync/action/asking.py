"""Asks GitHub for what a run can do without, and warns what is missing, and why, if GitHub does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from publer_sync.action import workflow
from publer_sync.action.github import GitHubError
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.action.github import GitHub

    P = ParamSpec("P")
    T = TypeVar("T")

TRIES = 3


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came; `why` is part of a sentence."""

    why: str


NO_TOKEN = Lost("the input github-token is empty")


class Asking:
    """`from_outside`: the run is of a fork's pull request, where a refusal is expected."""

    def __init__(self, github: GitHub | None, *, from_outside: bool) -> None:
        self._github = github
        self._from_outside = from_outside

    @property
    def possible(self) -> bool:
        return self._github is not None

    def ask(
        self, what: str, ask: Callable[Concatenate[GitHub, P], T], *args: P.args, **options: P.kwargs
    ) -> T | Lost:
        """What `ask` gives; it looks before it writes, so it is asked again where nobody knows whether it has written."""
        if self._github is None:
            return NO_TOKEN
        attempt = 0
        while True:
            attempt += 1
            try:
                return ask(self._github, *args, **options)
            except GitHubError as error:
                if error.unclear and attempt < TRIES:
                    self._github.wait_for_an_answer(attempt)
                    continue
                workflow.annotate(
                    "notice" if self._from_outside else "warning",
                    f"could not {what}: {error.message}; {_consequence(error)}",
                )
                return Lost(error.message)

    def try_to(
        self, what: str, ask: Callable[Concatenate[GitHub, P], T], *args: P.args, **options: P.kwargs
    ) -> T | None:
        """The same, or None where the answer does not matter."""
        answer = self.ask(what, ask, *args, **options)
        return None if isinstance(answer, Lost) else answer


def _consequence(error: GitHubError) -> str:
    if error.forbidden:
        return "this token may not do that (a pull request from a fork gets a read-only one; otherwise check `permissions:`)"
    return "the run goes on without it"

"""Whether the repository's workflows use this version of the action with the permissions that it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from publer_sync import __version__
from publer_sync.calendar.outside import repository_of
from publer_sync.calendar.schema import vocabulary
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError, UnreadableError
from publer_sync.checking.check import Check, Finding
from publer_sync.ledger.store import GIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTION = re.compile(r"^[\w.-]+/publer-sync@(?P<ref>\S+)$|^\./(?:\S+/)?publer-sync/?$")
"""As GitHub finds it, or a copy in the repository, which has no version of its own to compare."""
COMMIT = re.compile(r"[0-9a-f]{40}")
_NEEDED = {
    "validate": {"contents": "read"},
    "plan": {"contents": "read", "pull-requests": "write"},
    "apply": {"contents": "write", "pull-requests": "write"},
    "drift": {"contents": "read", "issues": "write"},
    "pages": {"contents": "read"},
    "hold": {"contents": "write"},
    "release": {"contents": "write"},
}
"""What each command of the action needs: docs/github-action.md."""
_RANK = {"none": 0, "read": 1, "write": 2}


def workflows(folder: Path, state_place: str | None) -> Check:
    """Those of the repository around `folder`; each problem is one sentence."""

    def examine() -> Finding:
        top = repository_of(folder)
        files = sorted((top / ".github" / "workflows").glob("*.y*ml")) if top else []
        steps = [step for file in files for step in _steps(file)]
        if not steps:
            return Finding("none uses publer-sync")
        problems = [sentence for step in steps for sentence in step.problems(state_place)]
        if problems:
            return Finding(
                "; ".join(problems),
                "warning",
                "Compare them with those that publer-sync init --github writes in an empty folder.",
            )
        number = len({step.file for step in steps})
        version = "" if any(step.unversioned for step in steps) else f" {__version__}"
        return Finding(f"{number} {'uses' if number == 1 else 'use'} publer-sync{version}")

    return Check("workflows", examine)


class _Step:
    """A step that uses the action, and what its job may do."""

    def __init__(self, file: str, ref: str, note: str, command: str, permissions: Any) -> None:
        self.file, self.ref, self.note, self.command = file, ref, note, command
        self.permissions = permissions

    @property
    def unversioned(self) -> bool:
        """A copy, or the tag that moves with each release."""
        return self.ref in ("", "v" + __version__.partition(".")[0])

    def problems(self, state_place: str | None) -> Iterator[str]:
        here = f"{self.file}, {self.command}"
        ours = f"v{__version__}"
        if self.unversioned:
            pass
        elif COMMIT.fullmatch(self.ref):
            if self.note and self.note != ours:
                yield f"{here}: pinned to {self.note}, and this is {ours}"
        elif not re.match(r"v\d", self.ref):
            yield f"{here}: not pinned to a version (@{self.ref})"
        elif self.ref != ours:
            yield f"{here}: pinned to {self.ref}, and this is {ours}"
        yield from (f"{here}: lacks the permission {one}" for one in self._lacking(state_place))

    def _lacking(self, state_place: str | None) -> Iterator[str]:
        needed = dict(_NEEDED.get(self.command, {}))
        if (
            self.command in ("apply", "hold", "release")
            and state_place is not None
            and not state_place.startswith(GIT)
        ):
            needed["contents"] = "read"  # a state in a file is not pushed
        for name, level in needed.items():
            match self.permissions:
                case "write-all":
                    has = "write"
                case "read-all":
                    has = "read"
                case Mapping() as granted:
                    has = str(granted.get(name, "none"))
                case _:
                    return  # the repository's settings decide, which cannot be read here
            if _RANK.get(has, 0) < _RANK[level]:
                yield f"{name}: {level}"


def _steps(file: Path) -> Iterator[_Step]:
    """Every step of a workflow that uses the action; none of a file that can't be read."""
    try:
        text = file.read_text(encoding="utf-8")
        data = Reader(Lines(file.name, text.split("\n"), vocabulary()), Budget()).read(text)
    except (OSError, ValueError, TooMuchError, UnreadableError):
        return
    whole = _map(data)
    for job in _map(whole.get("jobs")).values():
        steps = _map(job).get("steps")
        for step in steps if isinstance(steps, list) else ():
            uses = str(_map(step).get("uses", ""))
            if found := ACTION.match(uses):
                command = str(_map(_map(step).get("with")).get("command", "plan"))
                note = re.search(rf"{re.escape(uses)}\s+#\s*(v\S+)", text)
                permissions = _map(job).get("permissions", whole.get("permissions"))
                yield _Step(file.name, found["ref"] or "", note[1] if note else "", command, permissions)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

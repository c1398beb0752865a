"""The plan file of `plan --out`: how apply reads it, and what makes two plans the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from publer_sync.commands.running.choice import Choice
from publer_sync.planning.plan import Action
from publer_sync.render import data
from publer_sync.values.errors import StalePlanError, UsageError

if TYPE_CHECKING:
    from publer_sync.planning.plan import Plan


def read_plan(file: Path, given: Choice) -> tuple[Choice, list[Any]]:
    """The options and the changes of a plan file. Raises UsageError for options beside it."""
    if given != Choice(calendar=file):
        raise UsageError(
            "a plan file has its own options", hint="Give only --yes and the allow options with it."
        )
    try:
        plan = json.loads(file.read_text(encoding="utf-8"))
        options = plan["options"]
        changes = list(plan["changes"])
        return Choice(
            calendar=Path(options["calendar"]),
            accounts=tuple(options["accounts"]),
            since=options["from"],
            until=options["to"],
            state=options["state"],
            sandbox=options["sandbox"],
            sandbox_file=Path(options["sandbox_file"]) if options["sandbox_file"] else None,
            now=options["now"],
            first=options.get("first", False),
        ), changes
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f'"{file}" is not a plan file',
            hint="Make one: publer-sync plan --out FILE. A calendar is a folder.",
        ) from error


def check_same(
    plan: Plan, expected: list[Any], fix: str = "Make a new one: publer-sync plan --out FILE."
) -> None:
    """Raise StalePlanError if the changes are not those `expected`."""
    if essence(data.changes(plan)) != essence(expected):
        raise StalePlanError(
            "the plan is out of date: what would change now is not what it says",
            hint=f"{fix} Nothing was changed.",
        )


def check_unchanged(plan: Plan, before: Plan | None, fix: str) -> None:
    """Raise StalePlanError if the changes are not those of the plan `before`; None has none."""
    check_same(plan, [] if before is None else list(data.changes(before)), fix)


def stale(_plan: Plan, done: str) -> None:
    """Raise StalePlanError: taking out what is on hold has changed the plan, and nobody can be asked about it."""
    raise StalePlanError(
        "the plan is out of date: what an earlier apply had under way changes it",
        hint=f"Run apply again, and read the new plan. {done}",
    )


def differ(plan: Plan, before: Plan) -> bool:
    """Whether a plan has something else to do, beside what is on hold."""
    return _to_do(plan) != _to_do(before)


def _to_do(plan: Plan) -> list[Any]:
    """Without what is on hold, listed or not: of what no list shows, nothing is asked of Publer."""
    return [
        change
        for change in essence(data.changes(plan))
        if change["action"] != Action.HELD and change["would"] != Action.UNCHANGED
    ]


_PLACES: Final = ("source", "reason", "counted_from", "hint")


def essence(changes: list[Any]) -> list[Any]:
    """What makes two plans the same: everything but the place in the files and the wording."""
    return [{key: value for key, value in change.items() if key not in _PLACES} for change in changes]

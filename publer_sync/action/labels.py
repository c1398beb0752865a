"""The labels of a pull request that work like apply's options, if someone with write access set them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from publer_sync.planning.allow import FLAGS, Allow
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.action.github import GitHub

_NUMBERED = re.compile(r"allow-(deletes|changes)-(\d{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Label:
    """A label that allows something. It `counts` if the person who set it last, `by`, has write access."""

    name: str
    means: Allow
    by: str | None
    counts: bool


def meaning(label: str) -> Allow | None:
    """What a label allows; None for a label like any other."""
    if found := _NUMBERED.fullmatch(label):
        most = int(found[2])
        return Allow(deletes=most) if found[1] == "deletes" else Allow(changes=most)
    field = FLAGS.get(f"--{label}")
    return Allow(**{field: True}) if field else None


def read(github: GitHub, number: int) -> tuple[Label, ...]:
    """The labels that allow something, as they are now. Raises GitHubError if they cannot be read."""
    present = [str(item["name"]) for item in github.pages(f"/issues/{number}/labels")]
    telling = {name: means for name in present if (means := meaning(name)) is not None}
    if not telling:
        return ()
    who = _who_set(telling, github.pages(f"/issues/{number}/events"))
    may = {login: github.may_write(login) for login in sorted({by for by in who.values() if by})}
    return tuple(
        Label(name, means, who.get(name), may.get(who.get(name) or "", False))
        for name, means in telling.items()
    )


def allowed(labels: Iterable[Label]) -> Allow:
    """What the labels that count allow together."""
    total = Allow()
    for label in labels:
        if label.counts:
            total |= label.means
    return total


def _who_set(names: Iterable[str], events: Iterable[Any]) -> dict[str, str | None]:
    """Who set each label last: one that was removed and added again is the later person's."""
    wanted = set(names)
    who: dict[str, str | None] = {}
    for event in events:
        name = (event.get("label") or {}).get("name")
        if event.get("event") == "labeled" and name in wanted:
            who[name] = (event.get("actor") or {}).get("login")
    return who

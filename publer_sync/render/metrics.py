"""`status` as metrics in Prometheus' text format, such as the node exporter's textfile collector reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.planning.plan import Action, is_missed, is_waiting
from publer_sync.render.post.entries import alias_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.planning.standing import Standing


class _Sample(NamedTuple):
    name: str
    labels: Mapping[str, str]
    value: int


_HELP: Final = {
    "up": "Whether the calendar's status could be read: 1 or 0.",
    "checked_timestamp_seconds": "When status was read.",
    "last_apply_timestamp_seconds": "When an apply last ended, whatever became of its posts.",
    "last_good_apply_timestamp_seconds": "When an apply of the whole calendar last ended with exit code 0.",
    "posts_ahead": "Posts that Publer will publish on the account, managed here or not.",
    "next_post_timestamp_seconds": "When the first of them is published.",
    "posts_blocked": "Posts of the calendar that are blocked.",
    "posts_deleted": "Posts of the calendar that someone deleted in Publer.",
    "posts_failed": "Posts that failed in Publer in the last 7 days.",
    "posts_missed": "Posts whose time passed before they were scheduled, and that no apply has reported yet.",
    "posts_on_hold": "Posts of the calendar on hold.",
    "posts_waiting": "Posts that wait for approval in Publer.",
    "requests_left": "Requests that Publer's limit leaves now.",
}
"""Each metric behind `publer_sync_`, in the order in which they are written."""


def metrics(found: Sequence[Standing], failed: Iterable[str] = ()) -> str:
    """All series of a metric stand together; `failed` are the names of calendars whose status could not be read."""
    samples = [sample for standing in found for sample in _samples(standing)]
    samples += [_Sample("up", {"calendar": name}, 0) for name in failed]
    lines = []
    for name, text in _HELP.items():
        of_it = [each for each in samples if each.name == name]
        if of_it:
            lines += [f"# HELP publer_sync_{name} {text}", f"# TYPE publer_sync_{name} gauge"]
            lines += [f"publer_sync_{name}{{{_written(each.labels)}}} {each.value}" for each in of_it]
    return "\n".join(lines)


def _samples(standing: Standing) -> Iterator[_Sample]:
    plan = standing.plan
    own = {"calendar": plan.calendar, "workspace": plan.workspace.name}
    blocked = [change for change in standing.urgent if change.action is Action.BLOCKED]
    yield _Sample("up", {"calendar": plan.calendar}, 1)
    for name, at in (
        ("checked_timestamp_seconds", plan.created_at),
        ("last_apply_timestamp_seconds", plan.last_apply),
        ("last_good_apply_timestamp_seconds", plan.last_good_apply),
    ):
        yield _Sample(name, own, _seconds(at))
    for each in standing.accounts:
        labels = {**own, "account": alias_of(each.account), "network": each.account.provider}
        yield _Sample("posts_ahead", labels, len(each.ahead))
        if each.ahead:
            yield _Sample("next_post_timestamp_seconds", labels, _seconds(each.ahead[0].at))
    yield _Sample("posts_blocked", own, len(blocked))
    yield _Sample("posts_deleted", own, sum(change.action is Action.RECREATE for change in standing.urgent))
    yield _Sample("posts_failed", own, len(standing.failed))
    yield _Sample("posts_missed", own, sum(map(is_missed, standing.urgent)))
    yield _Sample("posts_on_hold", own, plan.count(Action.HELD))
    yield _Sample("posts_waiting", own, sum(map(is_waiting, standing.urgent)))
    yield _Sample("requests_left", own, standing.requests_left)


def _seconds(at: datetime | None) -> int:
    """0 for never, so that whatever asks how long ago it was gets an answer."""
    return int(at.timestamp()) if at is not None else 0


def _written(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

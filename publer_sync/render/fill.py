"""What `fill` gives to posts that wait for a slot, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.printable import one_line
from publer_sync.render.dates import utc
from publer_sync.render.documents import FORMAT_VERSION, place_data
from publer_sync.render.file_diff import diffs, diffs_data
from publer_sync.render.measure import quoted
from publer_sync.render.terminal import PLAIN
from publer_sync.render.wording import count, listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.documented import Moment, Version
    from publer_sync.drafting.filling import Filled, FillResult, WaitingPost
    from publer_sync.render.dates import Dates
    from publer_sync.render.documents import DiffData, SourceData
    from publer_sync.render.terminal import Screen


def text(
    found: FillResult, dates: Dates, *, before: Mapping[str, bytes], prefix: str, screen: Screen = PLAIN
) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    lines = diffs(found.files, before, prefix=prefix, screen=screen)
    for each in found.filled:
        lines.append(
            one_line(
                f"{dates.both(each.at)}  {_accounts(each, dates)}  {_name(each.post)}  {each.post.place}"
            )
        )
    lines += [
        one_line(f"still waits: {_name(each.post)}, {each.post.place}: {each.reason}") for each in found.left
    ]
    if not (found.filled or found.left):
        lines.append("No post waits for a slot.")
    else:
        parts = [f"{count(len(found.filled), 'post')} filled"] if found.filled else []
        parts += [f"{count(len(found.left), 'post')} still waiting"] if found.left else []
        lines += ["", listing(parts)]
    return "\n".join(lines) + "\n"


def _accounts(filled: Filled, dates: Dates) -> str:
    """The accounts, each with its minute where that is another one."""
    there = filled.minutes
    return ", ".join(
        alias if there.get(alias, filled.at) == filled.at else f"{alias} at {dates.local(there[alias]):%H:%M}"
        for alias in filled.post.aliases
    )


def _name(post: WaitingPost) -> str:
    return post.id or quoted(post.text, 40)


class FilledData(TypedDict):
    """A post that got a slot."""

    id: Annotated[str | None, "the post's id in the calendar; null if it has none"]
    accounts: Annotated[list[str], "their aliases; the slots of the first count"]
    scheduled_at: Moment
    times: Annotated[dict[str, Moment], "the minute of each account, by its alias"]
    source: SourceData | None


class UnfilledData(TypedDict):
    """A post that still waits."""

    id: Annotated[str | None, "the post's id in the calendar; null if it has none"]
    accounts: Annotated[list[str], "their aliases"]
    source: SourceData | None
    reason: Annotated[str, "why, in words"]


class FillDocument(TypedDict):
    """What publer-sync fill --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    written: Annotated[bool, "whether files were written; false with `--diff`, and where nothing changes"]
    filled: Annotated[list[FilledData], "in the order of files"]
    waiting: Annotated[list[UnfilledData], "those that got no slot"]
    files: Annotated[list[DiffData], "the files that change"]


def document(found: FillResult, *, calendar: str, before: Mapping[str, bytes], written: bool) -> FillDocument:
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "written": written,
        "filled": [
            {
                "id": each.post.id,
                "accounts": [*each.post.aliases],
                "scheduled_at": utc(each.at),
                "times": {alias: utc(minute) for alias, minute in each.minutes.items()},
                "source": place_data(each.post.place),
            }
            for each in found.filled
        ],
        "waiting": [
            {
                "id": each.post.id,
                "accounts": [*each.post.aliases],
                "source": place_data(each.post.place),
                "reason": each.reason,
            }
            for each in found.left
        ],
        "files": diffs_data(found.files, before),
    }

"""What `fill` gives to posts that wait for a slot, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import FORMAT_VERSION, place_data
from publer_sync.render.layout.file_diff import diffs, diffs_data
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.terminal import PLAIN
from publer_sync.render.layout.wording import count, listing
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.drafting.filling import Filled, FillResult, WaitingPost
    from publer_sync.drafting.stored import Uses
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.documents import DiffData, SourceData
    from publer_sync.render.layout.terminal import Screen
    from publer_sync.values.documented import Moment, Version


def text(
    found: FillResult,
    uses: Uses | None,
    files: Mapping[str, bytes],
    dates: Dates,
    *,
    before: Mapping[str, bytes],
    prefix: str,
    screen: Screen = PLAIN,
) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    lines = diffs(files, before, prefix=prefix, screen=screen)
    for each in found.filled:
        lines.append(
            one_line(
                f"{dates.both(each.at)}  {_accounts(each, dates)}  {_name(each.post)}  {each.post.place}"
            )
        )
    lines += [
        one_line(f"still waits: {_name(each.post)}, {each.post.place}: {each.reason}") for each in found.left
    ]
    lines += [one_line(each) for each in _of_store(uses, dates)] if uses is not None else []
    if uses is not None and not (found.filled or found.left):
        lines += ["", f"{count(len(uses.filled), 'use')} of stored posts"]
    elif not (found.filled or found.left):
        lines.append("No post waits for a slot.")
    else:
        parts = [f"{count(len(found.filled), 'post')} filled"] if found.filled else []
        parts += [f"{count(len(found.left), 'post')} still waiting"] if found.left else []
        parts += [f"{count(len(uses.filled), 'use')} of stored posts"] if uses is not None else []
        lines += ["", listing(parts)]
    return "\n".join(lines) + "\n"


def _of_store(uses: Uses, dates: Dates) -> Iterator[str]:
    """A line for each use, for each stored post that nothing can take, and for the slots of each account that stay free."""
    for use in uses.filled:
        version = f", variant {use.version}" if use.version > 1 else ""
        without = f", without {', '.join(use.left_out)}: it can't take it any more" if use.left_out else ""
        accounts = _with_minutes(use.aliases, use.minutes, use.at, dates)
        yield f"{dates.both(use.at)}  {accounts}  {use.stored.id}{version}{without}"
    for spent in uses.spent:
        yield f"not used: {spent.stored.id}, {spent.stored.post.place}: {spent.reason}"
    for alias, slots in uses.free.items():
        stay = "slot stays" if len(slots) == 1 else "slots stay"
        first = f", the first on {dates.day(slots[0])}" if len(slots) > 1 else f", {dates.both(slots[0])}"
        yield f"{len(slots):,} {stay} free on {alias}{first}: nothing in store may be used then"


def _accounts(filled: Filled, dates: Dates) -> str:
    return _with_minutes(filled.post.aliases, filled.minutes, filled.at, dates)


def _with_minutes(aliases: Sequence[str], there: Mapping[str, datetime], at: datetime, dates: Dates) -> str:
    """The accounts, each with its minute where that is another one."""
    return ", ".join(
        alias if there.get(alias, at) == at else f"{alias} at {dates.local(there[alias]):%H:%M}"
        for alias in aliases
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
    scheduled_at: Annotated[
        Moment | None, "the slot to write where `fill` does not write: into a page of the website"
    ]


class UseData(TypedDict):
    """A stored post that got a slot."""

    use: Annotated[str, "the id of the stored post"]
    variant: Annotated[int, "which of its versions: 1 is the first"]
    accounts: Annotated[list[str], "their aliases; the slot is that of the first"]
    left_out: Annotated[list[str], "accounts of the stored post that can't take it any more"]
    scheduled_at: Moment
    times: Annotated[dict[str, Moment], "the minute of each account, by its alias"]
    source: Annotated[SourceData | None, "where the stored post is"]


class SpentData(TypedDict):
    """A stored post that nothing can take."""

    use: Annotated[str, "the id of the stored post"]
    reason: Annotated[str, "why, in words"]
    source: SourceData | None


class FillDocument(TypedDict):
    """What publer-sync fill --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    written: Annotated[bool, "whether files were written; false with `--diff`, and where nothing changes"]
    filled: Annotated[list[FilledData], "in the order of files"]
    waiting: Annotated[list[UnfilledData], "those that got no slot"]
    uses: NotRequired[
        Annotated[list[UseData], "with `--evergreen`: the stored posts that got slots, by time"]
    ]
    spent: NotRequired[Annotated[list[SpentData], "with `--evergreen`: stored posts that nothing can take"]]
    free: NotRequired[
        Annotated[
            dict[str, list[Moment]],
            "with `--evergreen`: the slots of each account, by its alias, that nothing in store may take",
        ]
    ]
    files: Annotated[list[DiffData], "the files that change"]


def document(
    found: FillResult,
    uses: Uses | None,
    files: Mapping[str, bytes],
    *,
    calendar: str,
    before: Mapping[str, bytes],
    written: bool,
) -> FillDocument:
    data: FillDocument = {
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
                "scheduled_at": utc(each.at) if each.at is not None else None,
            }
            for each in found.left
        ],
        "files": diffs_data(files, before),
    }
    if uses is not None:
        data["uses"] = [
            {
                "use": use.stored.id,
                "variant": use.version,
                "accounts": [*use.aliases],
                "left_out": [*use.left_out],
                "scheduled_at": utc(use.at),
                "times": {alias: utc(minute) for alias, minute in use.minutes.items()},
                "source": place_data(use.stored.post.place),
            }
            for use in uses.filled
        ]
        data["spent"] = [
            {
                "use": each.stored.id,
                "reason": each.reason,
                "source": place_data(each.stored.post.place),
            }
            for each in uses.spent
        ]
        data["free"] = {alias: [utc(at) for at in slots] for alias, slots in uses.free.items()}
    return data

"""What `new` shows: how long the words are, what is wrong with the post, and the lines that it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import FORMAT_VERSION, problem_data
from publer_sync.render.layout.file_diff import diffs
from publer_sync.render.layout.terminal import PLAIN
from publer_sync.render.layout.wording import sentence
from publer_sync.render.post.entries import alias_of, tightest
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.drafting.draft import Draft
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.documents import ProblemData
    from publer_sync.render.layout.terminal import Screen
    from publer_sync.values.documented import Moment, Version
    from publer_sync.values.problems import Problem


def length_lines(draft: Draft) -> Iterator[str]:
    """How long the text is on each account, and each problem of the words."""
    for post in draft.posts:
        if length := tightest([post]):
            yield f"  {alias_of(post.account)}: {length}"
    yield from problem_lines(
        draft,
        (
            each
            for each in draft.problems
            if ("text." in each.code and each.code != "text.none") or "words." in each.code
        ),
    )


def problem_lines(draft: Draft, problems: Iterable[Problem] | None = None) -> Iterator[str]:
    """What comes with the new post, each in a line, or only some of it. What is told of another post says of which."""
    for each in draft.problems if problems is None else problems:
        where = f"{one_line(str(each.location))}: " if each.location and not draft.has(each.location) else ""
        fix = f" {sentence(one_line(each.help.say))}" if each.help and each.help.say else ""
        yield f"  {each.severity}: {where}{sentence(one_line(each.message))}{fix}"


def text(draft: Draft, dates: Dates, *, prefix: str, screen: Screen = PLAIN) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    before = {draft.file: draft.before} if draft.before is not None else {}
    lines = diffs({draft.file: draft.raw}, before, prefix=prefix, screen=screen)
    for post in draft.posts:
        length = f", {tightest([post])}" if tightest([post]) else ""
        lines.append(f"{dates.with_own(post.at, post.zone)}  {alias_of(post.account)}{length}")
    lines += [f"media: {one_line(str(source))} → {target}" for target, source in draft.copies.items()]
    lines += problem_lines(draft)
    return "\n".join(lines) + "\n"


class NewPostData(TypedDict):
    """The new post on one account."""

    account: Annotated[str | None, "its alias"]
    scheduled_at: Moment
    length: Annotated[str | None, "how much of its limit the text takes, in words"]


class NewDocument(TypedDict):
    """What publer-sync new --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    written: Annotated[bool, "false if the post has errors: then nothing was written"]
    id: Annotated[str, "the post's id in the calendar"]
    file: Annotated[str, "from the calendar's top"]
    line: Annotated[int, "where the post begins"]
    lines: Annotated[list[str], "the post as it is in the file"]
    media: Annotated[list[str], "files that were copied into the calendar"]
    posts: Annotated[list[NewPostData], "one for each account"]
    problems: Annotated[list[ProblemData], "those that come with the post"]


def document(draft: Draft, *, calendar: str, written: bool) -> NewDocument:
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "written": written,
        "id": draft.id,
        "file": draft.file,
        "line": draft.place.line,
        "lines": [*draft.lines],
        "media": [*draft.copies],
        "posts": [
            {
                "account": post.account.alias,
                "scheduled_at": utc(post.at),
                "length": tightest([post]) or None,
            }
            for post in draft.posts
        ],
        "problems": [problem_data(each) for each in draft.problems],
    }

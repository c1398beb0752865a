"""What `approve` records, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypedDict

from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.file_diff import diffs, diffs_data
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.terminal import PLAIN
from publer_sync.render.layout.wording import count, sentence
from publer_sync.render.post.entries import alias_of
from publer_sync.values.printable import one_line
from publer_sync.values.signoff import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publer_sync.drafting.approving import Approving, TakenAnswer
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.documents import DiffData
    from publer_sync.render.layout.terminal import Screen
    from publer_sync.values.approval import Approval
    from publer_sync.values.documented import Moment, Version
    from publer_sync.values.model import Post


STAYS: Final = (
    "A post that is in Publer already stays there after a no, and is published. To stop it, remove the post from the calendar, "
    "then run publer-sync apply."
)


def text(
    found: Approving,
    who: str,
    files: Mapping[str, bytes],
    dates: Dates,
    *,
    before: Mapping[str, bytes],
    prefix: str,
    screen: Screen = PLAIN,
) -> str:
    """Everything but the question. `who` is the name of the person, `prefix` the calendar's folder before the names of its files."""
    lines = diffs(files, before, prefix=prefix, screen=screen)
    if found.new:
        lines += [f"{who} signs off {_counted(found.new)}:", ""]
        lines += [f"  {_post(post, dates)}" for _, post in found.new]
        lines.append("")
    if found.gone:
        lines += [f"{who} takes back the sign-off of {_counted(found.gone)}:", ""]
        lines += [f"  {_post(post, dates)}" for _, post in found.gone]
        lines.append("")
    for each in found.no:
        remark = (
            f": {quoted(each.answer.remark, 300)}" if each.answer.remark.strip() else ", without a remark"
        )
        lines.append(f"No from {who}: {_answered(each, dates)}{remark}")
    if any(each.post is not None for each in found.no):
        lines.append(STAYS)
    lines += [f"Not taken: {_answered(each, dates)}: {sentence(each.reason)}" for each in found.refused]
    if found.known:
        lines.append(f"Signed off already: {_names(found.known)}.")
    if found.unasked:
        lines.append(f"Not asked of {who}: {_names(found.unasked)}.")
    if found.free:
        lines.append(f"Nobody is asked to sign off {_names(found.free)}: nothing to record.")
    told = (found.new, found.gone, found.no, found.refused, found.known, found.unasked, found.free)
    if not any(told):
        lines.append(f"Nothing waits for {who}.")
    return "\n".join(lines).rstrip("\n") + "\n"


def line(found: Approving) -> str:
    parts = [f"{_counted(found.new)} signed off"]
    parts += [f"{len(found.no)} refused with a no"] if found.no else []
    parts += [f"{count(len(found.refused), 'answer')} not taken"] if found.refused else []
    return ", ".join(parts)


def _counted(approvals: Sequence[tuple[Approval, Post]]) -> str:
    """`2 posts (5 across all accounts)`; a series is one."""
    posts = count(len({each.post for each, _ in approvals}), "post")
    return (
        posts
        if posts.startswith(f"{len(approvals):,} ")
        else f"{posts} ({len(approvals):,} across all accounts)"
    )


def _post(post: Post, dates: Dates) -> str:
    name = f"all of {post.series}" if post.series else dates.both(post.at)
    parts = (name, alias_of(post.account), "" if post.series else post.id or "", quoted(post.text, 50))
    return one_line("  ".join(filter(None, parts)))


def _answered(each: TakenAnswer, dates: Dates) -> str:
    if each.post is not None:
        return _post(each.post, dates)
    return one_line(f"{each.answer.post} on {each.answer.account}")


def _names(posts: Iterable[Post]) -> str:
    return one_line(", ".join(dict.fromkeys(map(name_of, posts))))


class ApprovedData(TypedDict):
    """A yes."""

    post: Annotated[str, "the post's id, of a series without its days; ALIAS@TIME for one without an id"]
    account: Annotated[str, "its alias"]
    content: Annotated[str, "the digest of what the yes is to"]
    day: Annotated[str | None, "the post's day; null where the yes is for any day"]
    at: Annotated[Moment, "when it was recorded"]


class NotTakenData(TypedDict):
    """An answer that is no yes to what the calendar says now."""

    post: Annotated[str, "as the answer names it"]
    account: Annotated[str, "its alias"]
    remark: Annotated[str | None, "what the person wrote beside it"]
    reason: Annotated[str | None, "why a yes was not taken; null for a no"]


class ApproveDocument(TypedDict):
    """What publer-sync approve --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    by: Annotated[str, "who signs off, as `people` in publer.yaml calls them"]
    written: Annotated[
        bool, "whether approvals.yaml was written; false with `--diff`, and where nothing changes"
    ]
    approved: Annotated[list[ApprovedData], "each new yes"]
    taken_back: Annotated[list[ApprovedData], "each yes that a no takes back"]
    no: Annotated[list[NotTakenData], "each no"]
    not_taken: Annotated[list[NotTakenData], "each yes to something else than the calendar says now"]
    files: Annotated[list[DiffData], "the files that change"]


def document(
    found: Approving,
    files: Mapping[str, bytes],
    *,
    calendar: str,
    before: Mapping[str, bytes],
    written: bool,
) -> ApproveDocument:
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "by": found.by,
        "written": written,
        "approved": [_approved(each) for each, _ in found.new],
        "taken_back": [_approved(each) for each, _ in found.gone],
        "no": [*_refused(found.no)],
        "not_taken": [*_refused(found.refused)],
        "files": diffs_data(files, before),
    }


def _approved(approval: Approval) -> ApprovedData:
    return {
        "post": approval.post,
        "account": approval.account,
        "content": approval.content,
        "day": approval.statement.day or None,
        "at": utc(approval.at),
    }


def _refused(answers: Iterable[TakenAnswer]) -> Iterator[NotTakenData]:
    for each in answers:
        yield {
            "post": each.answer.post,
            "account": each.answer.account,
            "remark": each.answer.remark or None,
            "reason": each.reason or None,
        }

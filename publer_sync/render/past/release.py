"""What a hold could not stop, as its release tells it: posts that were published or failed anyway, by account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Past
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import Screen, TerminalPage
from publer_sync.render.layout.wording import post_count, sentence
from publer_sync.render.post.entries import alias_of
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.planning.notes import Warn
    from publer_sync.planning.plan import Plan
    from publer_sync.values.documented import Moment

_TITLES = {
    End.PUBLISHED: "Published before the hold took effect",
    End.FAILED: "Failed in Publer before the hold took effect",
}


def despite(plan: Plan, screen: Screen) -> str:
    """`plan` is that of the posts that were on hold. "" where all were stopped."""
    page = TerminalPage(Dates.around(plan.timezone, plan.created_at), screen, "")
    for end, title in _TITLES.items():
        if not (found := _ended(plan, end)):
            continue
        posts: dict[object, list[Past]] = {}
        for change in found:
            posts.setdefault((change.at, change.id, change.post.text), []).append(change)
        counted = post_count(len(posts), len({change.account.id for change in found}))
        page.lines.append(page.paint(f"{title}: {counted}", "bold"))
        for first, *others in posts.values():
            accounts = ", ".join(alias_of(change.account) for change in (first, *others))
            words = "  ".join(filter(None, (first.id, quoted(first.post.text, 60))))
            page.phrase((Span(f"{page.dates.both(first.at)}  {accounts}  {words}"),), 2)
        page.lines.append("")
    return page.text() if page.lines else ""


def waits(plan: Plan) -> list[Warn]:
    """What is said of posts that are not put back, because they wait for a slot."""
    return [warn for warn in plan.warnings if warn.code == "waits"]


def waiting(plan: Plan, screen: Screen) -> str:
    """The same as text; "" where none waits."""
    page = TerminalPage(Dates.around(plan.timezone, plan.created_at), screen, "")
    for warn in waits(plan):
        page.phrase((Span(one_line(sentence(warn.message))),), 0)
    return f"{page.text()}\n" if page.lines else ""


class DespiteData(TypedDict):
    """A post that a hold could not stop."""

    id: Annotated[str | None, "the post's id in the calendar"]
    account: documents.AccountData
    scheduled_at: Moment
    post_id: Annotated[str | None, "Publer's id"]
    publer_said: Annotated[str | None, "why it failed, in Publer's words"]


class NotStopped(TypedDict, total=False):
    """What a hold could not stop."""

    published: Annotated[
        list[DespiteData],
        "posts that were on hold and were published before the hold took effect, by account",
    ]
    failed: Annotated[list[DespiteData], "the same of those that Publer could not publish"]


def document(plan: Plan) -> NotStopped:
    return {"published": _data(plan, End.PUBLISHED), "failed": _data(plan, End.FAILED)}


def _data(plan: Plan, end: End) -> list[DespiteData]:
    return [
        {
            "id": change.id,
            "account": documents.account_data(change.account),
            "scheduled_at": utc(change.at),
            "post_id": change.copy.post_id if change.copy else None,
            "publer_said": (change.copy.publer_said or None) if change.copy else None,
        }
        for change in _ended(plan, end)
    ]


def _ended(plan: Plan, end: End) -> Sequence[Past]:
    return [
        change
        for change in plan.changes
        if isinstance(change, Past) and change.copy is not None and change.copy.end is end
    ]

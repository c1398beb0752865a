"""What pages show of a plan, as data: a plan file carries it, so that a page made from it later says what one made now says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.plan import is_waiting
from publer_sync.render import marks, tally
from publer_sync.render.dates import Dates, utc
from publer_sync.render.documents import account_data, field_data, time_data
from publer_sync.render.entries import plan_entries
from publer_sync.render.names import with_owners
from publer_sync.render.overview import too_late
from publer_sync.render.pieces import WITH_MEDIA
from publer_sync.render.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.content import Json
    from publer_sync.planning.plan import Change, Plan, Refusal
    from publer_sync.render.entries import PostEntry
    from publer_sync.render.phrases import Phrase


def for_pages(plan: Plan) -> dict[str, Json]:
    plan, dates = with_owners(plan), Dates.around(plan.timezone, plan.created_at)
    waiting = [change for change in plan.changes if is_waiting(change)]
    entries = plan_entries([*marks.shown_changes(plan), *waiting], plan, dates, whole=True)
    posts: list[Json] = [_post(entry, change) for entry in entries for change in entry.changes]
    return {
        "alarms": [
            alarm_of(refusal, plan, f"publer-sync apply {refusal.allow}") for refusal in plan.refusals
        ],
        "notes": list(_notes(plan, dates)),
        "posts": posts,
        "accounts": [
            account_data(account)
            for account in dict.fromkeys(change.account for change in plan.changes)
            if account.alias
        ],
        "names": [
            {"id": key, "name": plan.names[key]} for key in sorted(set(_texts(posts)) & plan.names.keys())
        ],
    }


def alarm_of(refusal: Refusal, plan: Plan, way: str) -> str:
    """What apply would refuse; `way` is how it is allowed."""
    return f"apply will refuse all of this: {sentence(tally.over_limit(refusal, plan))} If you mean it: {way}"


def _notes(plan: Plan, dates: Dates) -> Iterator[Json]:
    if plan.apply_by is not None:
        yield f"Merge or apply before {dates.both(plan.apply_by)}, {too_late(plan)}."


def _post(entry: PostEntry, change: Change) -> dict[str, Json]:
    """`sent` is what a post that left the calendar said, as far as the state knows."""
    sent = change.copy.sent if change.post is None and change.copy else None
    return {
        "account": account_data(change.account),
        "id": change.id,
        "scheduled_at": utc(change.at),
        "mark": "waiting" if is_waiting(change) else entry.mark.word,
        "was": time_data(entry.old),
        "told": _phrases((*entry.reasons, *entry.fixes)),
        "edits": [{"field": field, "told": _phrases(phrases)} for field, phrases in entry.edits],
        "media": [field_data(item) for item in change.diff if item.field in WITH_MEDIA]
        if entry.edits
        else [],
        "text": entry.text if change.post is None else None,
        "sent": sent.to_json() if sent else None,
    }


def _phrases(phrases: Iterable[Phrase]) -> list[Json]:
    """Each as pieces of text with their kinds; what names options of apply becomes the command."""
    return [
        [
            {"text": f"publer-sync apply {' '.join(span.options)}", "kind": "code"}
            if span.options
            else {"text": span.text, "kind": span.kind}
            for span in phrase
            if span.kind != "dim"
        ]
        for phrase in phrases
    ]


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)

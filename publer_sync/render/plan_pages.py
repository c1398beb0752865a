"""What pages show of a plan, as data: a plan file carries it, so that a page made from it later says what one made now says."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypedDict

from publer_sync.planning.plan import asked_of, is_waiting, waits_for_yes
from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.documents import AccountData, FieldData, account_data, field_data, time_data
from publer_sync.render.layout.wording import sentence
from publer_sync.render.overview import deadline
from publer_sync.render.post import marks, tally
from publer_sync.render.post.account_changes import differences
from publer_sync.render.post.entries import plan_entries
from publer_sync.render.post.names import with_owners
from publer_sync.render.post.pieces import WITH_MEDIA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.planning.notes import Refusal
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.render.post.entries import PostEntry
    from publer_sync.values.content import Json
    from publer_sync.values.documented import Count, Moment


class SpanData(TypedDict):
    """A piece of a sentence."""

    text: str
    kind: Annotated[
        Literal["", "old", "new", "code", "strong", "alarm"],
        "what was there before (`old`), what is there now (`new`), or what can be copied (`code`)",
    ]


Phrases: TypeAlias = list[list[SpanData]]


class EditData(TypedDict):
    """What differs in one field."""

    field: str
    told: Annotated[Phrases, "sentences, each in pieces"]


class ShownData(TypedDict):
    """What pages say of one change."""

    account: AccountData
    id: str | None
    scheduled_at: Moment
    mark: Annotated[str, "the word for what happens to it"]
    changed: Annotated[list[str], "what differs, in the public's words: `new picture`, `labels`"]
    people: Annotated[list[str], "whose sign-off would help, as `people` in publer.yaml calls them"]
    left: Annotated[
        AccountData | None,
        "of a post that changes account: the old one, where it is removed; null for every other",
    ]
    entry: Annotated[Count, "a number that is the same for all posts which the plan counts as one"]
    was: Annotated[Moment | None, "the time before a move"]
    told: Annotated[Phrases, "why, and the fix: sentences, each in pieces"]
    edits: Annotated[list[EditData], "what differs"]
    media: Annotated[list[FieldData], "the differences of `diff` that concern media"]
    text: Annotated[str | None, "the words of a post that left the calendar; null for every other"]
    sent: Annotated[
        dict[str, Json] | None,
        "what a post that left the calendar said when it was last sent, as far as the state knows",
    ]


class NamedData(TypedDict):
    """What something is called."""

    id: str
    name: str


class PagesData(TypedDict):
    """What pages show of a plan."""

    alarms: Annotated[list[str], "what would stop apply"]
    notes: Annotated[list[str], "until when to apply"]
    posts: Annotated[list[ShownData], "the changes, the missed posts, and those that wait for approval"]
    accounts: Annotated[list[AccountData], "those with posts, as Publer calls them"]
    names: Annotated[
        list[NamedData], "what files and accounts are called that the posts know by a digest or an id"
    ]


def for_pages(plan: Plan) -> PagesData:
    plan, dates = with_owners(plan), Dates.around(plan.timezone, plan.created_at)
    waiting = [change for change in plan.changes if is_waiting(change)]
    entries = plan_entries([*marks.shown_changes(plan), *waiting], plan, dates, whole=True)
    posts = [
        _post(entry, number, change, left)
        for number, entry in enumerate(entries)
        for change, left in zip_longest(entry.changes, entry.left)
    ]
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
    """What apply would refuse; `way` is how it is allowed, where it is not something to put right."""
    repair = tally.repair_of(refusal, plan)
    what = f"Bring it back: {repair}" if repair else f"If you mean it: {way}"
    return f"apply will refuse all of this: {sentence(tally.over_limit(refusal, plan))} {what}"


def _notes(plan: Plan, dates: Dates) -> Iterator[str]:
    if (by := deadline(plan, "Merge or apply before")) is not None:
        yield f"{by.lead} {dates.both(by.when)}{by.rest}."


def _post(entry: PostEntry, number: int, change: Change, left: Change | None) -> ShownData:
    """`sent` is what a post that left the calendar said, as far as the state knows."""
    diff = differences(left, change) if left is not None else change.diff
    sent = change.copy.sent if change.post is None and change.copy else None
    return {
        "account": account_data(change.account),
        "id": change.id,
        "scheduled_at": utc(change.at),
        "mark": "waiting" if is_waiting(change) else "asked" if waits_for_yes(change) else entry.mark.word,
        "changed": list(entry.changed),
        "people": [*asked.people] if (asked := asked_of(change)) is not None else [],
        "left": account_data(left.account) if left is not None else None,
        "entry": number,
        "was": time_data(entry.old),
        "told": _phrases((*entry.reasons, *entry.fixes)),
        "edits": [{"field": field, "told": _phrases(phrases)} for field, phrases in entry.edits],
        "media": [field_data(item) for item in diff if item.field in WITH_MEDIA] if entry.edits else [],
        "text": entry.text if change.post is None else None,
        "sent": sent.to_json() if sent else None,
    }


def _phrases(phrases: Iterable[Phrase]) -> Phrases:
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


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)

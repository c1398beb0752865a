"""Small makers of posts, copies, plans and reports: a test says only what it is about. Times count from NOW."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.applying.report import ApplyReport, Cause, Outcome, Result
from publer_sync.ledger.attribution import attribute
from publer_sync.ledger.copies import Copy, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.state import State
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import (
    Action,
    Adopt,
    Block,
    Blocked,
    Change,
    Create,
    Delete,
    FieldChange,
    Past,
    Pending,
    Plan,
    Recreate,
    Replace,
    Unchanged,
    Update,
)
from publer_sync.planning.planner import Scope, make_plan
from publer_sync.planning.sides import CalendarSide, OtherCalendars, PublerSide
from publer_sync.planning.survey import Survey, concluded
from publer_sync.values.content import Content, Duration, Json
from publer_sync.values.model import (
    Account,
    Limits,
    Listing,
    LivePost,
    MediaSource,
    Post,
    Settings,
    Workspace,
)
from publer_sync.values.problems import Location
from publer_sync.values.signoff import SignedPosts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.values.signoff import Signoff


NOW = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
X = Account("a-x", "Fjordlight", "twitter", "x")
LINKEDIN = Account("a-li", "Fjordlight AS", "linkedin", "linkedin")
INSTAGRAM = Account("a-ig", "fjordlight", "instagram", "instagram")
WORKSPACE = Workspace("w-1", "Fjordlight")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SOON, LATER, LAST = NOW + 3 * HOUR, NOW + 5 * HOUR, NOW + 7 * HOUR
TOMORROW, EARLIER = NOW + DAY, NOW - 3 * HOUR
SETTINGS = Settings("calendar", timezone="Europe/Oslo")


def at(text: str) -> datetime:
    """`12-01 09:00` in Oslo's winter, one hour ahead of UTC, of 2026."""
    local = datetime.fromisoformat(text if len(text) > 11 else f"2026-{text}")
    return local.replace(tzinfo=UTC) - timedelta(hours=1)


def picture(name: str) -> MediaSource:
    return MediaSource(digest=f"sha256:{name}", path=Path("calendar/media") / name)


def post(
    when: str,
    text: str = "",
    *,
    account: Account = X,
    id: str | None = None,
    place: tuple[str, int] = ("2026-12.yaml", 3),
    media: tuple[MediaSource, ...] = (),
    **content: Json,
) -> Post:
    if text:
        content["text"] = text
    if media:
        content.setdefault(
            "media", [{"url" if source.url else "file": source.url or source.digest} for source in media]
        )
    return Post(account, at(when), Content.from_json(content), Location(*place), id, media)


def live(when: str, text: str = "", *, account: Account = X, id: str = "p-1", **more: Any) -> LivePost:
    return LivePost(id, account.id, more.pop("state", "scheduled"), at(when), text, **more)


def wanted(
    at: datetime,
    text: str = "Hello",
    *,
    account: Account = X,
    id: str | None = None,
    line: int = 3,
    **content: Json,
) -> Post:
    """A desired post; an empty text is none."""
    if text:
        content["text"] = text
    return Post(account, at, Content.from_json(content), Location("2026-12.yaml", line), id)


def shown(
    at: datetime | None,
    text: str = "Hello",
    *,
    account: Account = X,
    id: str = "p-1",
    state: str = "scheduled",
    **more: Any,
) -> LivePost:
    return LivePost(id, account.id, state, at, text, **more)


def copy_of(of: Post, key: int = 1, *, post_id: str | None = "p-1", **more: Any) -> Copy:
    """The ledger's entry of a post that was sent, and listed yesterday as it was sent."""
    return Copy(
        key,
        of.account.id,
        of.at,
        of.content,
        id=of.id,
        post_id=post_id,
        **{"seen": Seen(of.at, of.text, draft=of.draft), "verified_at": NOW - DAY, **more},
    )


def sent(post: Post, key: int = 1, **more: Any) -> Copy:
    """The ledger's entry of a post that was sent a minute ago, and not listed since."""
    more = {"seen": None, "verified_at": None, "requested_at": NOW - timedelta(minutes=1), **more}
    return copy_of(post, key, post_id=None, **more)


def ledger(*copies: Copy, **more: Any) -> State:
    keys = [entry.key for entry in copies]
    more = {"last_apply": NOW - DAY, "next_key": max(keys, default=0) + 1, **more}
    return State("publer", WORKSPACE.id, "calendar", copies={entry.key: entry for entry in copies}, **more)


def change(action: Action, wanted: Post | None, *, reason: str = "", **more: Any) -> Any:
    """A change of a desired post, or of one that left the calendar; the copy and the live post it needs are made up."""
    if action is Action.BLOCKED:
        own = {key: more.pop(key) for key in ("blocks", "obstacle") if key in more}
        would = change(more.pop("would", Action.CREATE), wanted, reason=reason, **more)
        return Blocked(would=would, reason=reason, **{"blocks": (Block.STATE,), **own})
    kind = next(kind for kind in _KINDS if kind.action is action)
    names = {field.name for field in fields(kind)}
    if kind is Pending:
        more.setdefault("until", NOW)
    account = more.pop("account", wanted.account if wanted else X)
    needs: dict[str, Any] = {"account": account, "post": wanted}
    if kind is Update:
        more.setdefault("diff", ())
    if kind in (Update, Replace, Delete, Adopt) and more.get("live") is None:
        more["live"] = shown(wanted.at if wanted else NOW, account=account)
    if "copy" in names and more.get("copy") is None and kind not in (Create, Adopt, Past):
        old: Any = more.get("live")
        more["copy"] = copy_of(
            wanted or Post(account, old.at, Content(old.text), Location("a.yaml", 1)), seen=None
        )
    return kind(reason=reason, **{key: value for key, value in {**needs, **more}.items() if key in names})


_KINDS: tuple[Any, ...] = (Create, Recreate, Update, Replace, Delete, Adopt, Unchanged, Past, Pending)


def vary(one: Any, **more: Any) -> Any:
    """The same change with other parts, also of what a blocked one would be."""
    if not isinstance(one, Blocked):
        return replace(one, **more)
    own = {key: more.pop(key) for key in ("blocks", "obstacle", "reason") if key in more}
    if "at" in more:
        more["wanted"] = replace(one.post, at=more.pop("at")) if one.post else None
    parts = {key: getattr(one.would, key) for key in ("live", "copy") if getattr(one.would, key) is not None}
    action = more.pop("would", one.would.action)
    if action not in (Action.CREATE, Action.RECREATE):
        parts |= {"diff": one.would.diff} if one.would.diff else {}
    else:
        parts.pop("live", None)
    would = change(action, more.pop("wanted", one.post), reason=one.reason, **{**parts, **more})
    return replace(one, would=would, **own)


def differs(key: str, before: Json, after: Json, *, blind: bool = False) -> FieldChange:
    """One key of a post, its values given as in JSON."""
    was, now = (
        Content.from_json({} if value is None else {key: value}).values.get(key) for value in (before, after)
    )
    return FieldChange(key, was, now, blind)


def plan(changes: Iterable[Change] = (), **more: Any) -> Plan:
    ordered = sorted(changes, key=lambda item: (item.at, item.account.alias or ""))
    more.setdefault("posts", len({item.post.location for item in ordered if item.post}))
    return Plan("calendar", WORKSPACE, NOW, "Europe/Oslo", tuple(ordered), **more)


def report(results: Iterable[Result], **more: Any) -> ApplyReport:
    figures: Mapping[str, Any] = {"unchanged": 50, "requests": 14, "seconds": 41.0, "timezone": "Europe/Oslo"}
    return ApplyReport(tuple(results), **{**figures, **more})


def result(
    of: Change,
    outcome: Outcome,
    message: str = "",
    *,
    publer_said: str = "",
    hint: str | None = None,
    **more: Any,
) -> Result:
    return Result(of, outcome, Cause(message, publer_said, hint), **more)


def planned(
    desired: Iterable[Post] = (),
    live: Iterable[LivePost] = (),
    state: State | None = None,
    *,
    now: datetime = NOW,
    accounts: Iterable[Account] = (X, LINKEDIN),
    scope: Scope | None = None,
    limits: Limits | None = None,
    short: int = 0,
    elsewhere: Elsewhere | None = None,
    waiting: Iterable[Post] = (),
    unread: Iterable[LivePost] = (),
    signoff: Signoff | None = None,
    **settings: Any,
) -> Plan:
    """The plan after a survey that lists `live`. `waiting` are posts without a time, `signoff` what is asked and was said."""
    if limits is not None:
        settings["limits"] = limits
    settings.setdefault("signoff", signoff.rules if signoff is not None else ())
    listing = Listing(tuple(live), short, unread=tuple(unread))
    elsewhere, desired = elsewhere or Elsewhere(), tuple(desired)
    by_id = {account.id: account for account in accounts}
    rules = replace(SETTINGS, **settings)
    signed = SignedPosts(signoff, desired) if signoff is not None else None
    state = state and surveyed(state, listing, now=now, accounts=by_id, elsewhere=elsewhere)
    return make_plan(
        CalendarSide(desired, rules, WORKSPACE, 0, tuple(waiting), signed=signed),
        PublerSide(listing, state, by_id),
        OtherCalendars(elsewhere),
        now=now,
        scope=scope,
    )


def surveyed(
    state: State,
    listing: Listing,
    *,
    now: datetime = NOW,
    accounts: Iterable[str] = (X.id, LINKEDIN.id),
    elsewhere: Elsewhere | None = None,
) -> State:
    """The state after a listing, as a survey leaves it where no job is asked."""
    others = elsewhere or Elsewhere()
    state = attribute(state, listing, now=now, poll_seconds=2, theirs=others.ids)
    return (
        concluded(Survey(listing, state, others), account_ids=[*accounts], now=now, poll_seconds=2).state
        or state
    )


def only(plan: Plan) -> Any:
    """The one change of a plan."""
    (change,) = plan.changes
    return change


def said(change: Change) -> tuple[str, ...]:
    """The action, and for what is blocked the reasons and what it would be."""
    return (
        str(change.action),
        *map(str, change.blocks),
        *([f"would {change.would.action}"] if isinstance(change, Blocked) else []),
    )


def codes(plan: Plan) -> list[str]:
    """The codes of the warnings, in order."""
    return [warning.code for warning in plan.warnings]


def everything() -> Plan:
    """A plan with every action, every block and every kind of field."""
    tips, bench = (
        "Thursday tip 2: a glove over the lamp in the rucksack. Warm battery.\n\n#ThursdayTip",
        "From sheet to lamp.",
    )
    hiring = post(
        "12-14 08:30",
        "We like solder and patience: repair engineer in Bergen. Apply!",
        account=LINKEDIN,
        id="hiring",
    )
    moved = post("12-08 18:00", bench, account=INSTAGRAM, place=("2026-12.yaml", 60))
    same = post(
        "12-15 09:00",
        "Kept words",
        place=("2026-12.yaml", 71),
        id="kept",
        media=(picture("b.jpg"), picture("c.jpg")),
    )
    changes = [
        change(Action.PAST, post("11-20 09:00", "Out already", place=("2026-11.yaml", 1))),
        change(
            Action.PAST,
            post("11-23 09:00", "Merged too late", place=("2026-11.yaml", 9)),
            reason="its time passed before it was ever scheduled",
            missed=True,
        ),
        change(Action.PENDING, post("11-24 16:00", "On its way", place=("2026-11.yaml", 15))),
        change(
            Action.CREATE,
            post(
                "12-01 09:00",
                "It gets dark at three now. Meet the winter set: three lamps, one charger.\n\n#fjordlight #hygge",
                id="winter-set",
                media=(picture("winter-set.jpg"),),
                type="photo",
            ),
            diff=(FieldChange("text", None, "It gets dark at three now."),),
        ),
        change(
            Action.CREATE,
            post(
                "12-07 09:00",
                "What do you reach for when the power fails?",
                account=LINKEDIN,
                place=("2026-12.yaml", 52),
                draft=True,
                poll={"options": ["Candle", "Phone torch"], "duration": {"duration": 3, "unit": "Day"}},
                thread=[{"text": "More"}],
                comments=[{"text": "First", "after": {"duration": 10, "unit": "Minute"}}, {"text": "Second"}],
                share={"accounts": ["a-x"], "after": {"duration": 2, "unit": "Hour"}},
                auto_delete={"after": {"duration": 1, "unit": "Day"}},
                labels=["launch", "poll"],
                link={"url": "https://example.com/power"},
                title="Power",
            ),
        ),
        change(
            Action.UPDATE,
            hiring,
            live=live("12-14 08:30", account=LINKEDIN),
            diff=(
                FieldChange(
                    "text", "We like solder and patience: repair engineer, Bergen. Apply!", hiring.text
                ),
                FieldChange("title", "Hiring", "Now hiring"),
            ),
        ),
        change(
            Action.REPLACE,
            moved,
            live=live("12-07 12:00", bench, account=INSTAGRAM),
            diff=(FieldChange("scheduled_at", "2026-12-07T11:00:00Z", "2026-12-08T17:00:00Z"),),
        ),
        change(
            Action.REPLACE,
            same,
            live=live("12-15 09:00", "Kept words", id="p-9"),
            diff=(
                FieldChange("link.url", "https://example.com/a", "https://example.com/b"),
                differs(
                    "media",
                    [{"file": "sha256:a.jpg"}, {"file": "sha256:c.jpg"}],
                    [{"file": "sha256:b.jpg"}, {"file": "sha256:c.jpg", "alt": "A lamp"}],
                    blind=True,
                ),
                differs("labels", ["old", "tips"], ["new", "tips"]),
                FieldChange("poll.duration", Duration(3, "Day"), Duration(1, "Week")),
                differs("thread", [{"text": "Part two"}], [{"text": "Part 2"}, {"text": "Part three"}]),
                differs(
                    "comments",
                    [{"text": "a", "after": {"duration": 1, "unit": "Minute"}}],
                    [{"text": "a", "after": {"duration": 2, "unit": "Minute"}}],
                    blind=True,
                ),
                FieldChange("draft", True, False),
                FieldChange("album", None, "Lamps"),
                FieldChange("location", {"id": "1"}, None),
            ),
        ),
        change(
            Action.DELETE,
            None,
            reason="no longer in the calendar",
            live=live("12-10 17:00", tips),
        ),
        change(
            Action.RECREATE,
            post("12-11 10:00", "Came and went", place=("2026-12.yaml", 80)),
            reason="somebody removed it in Publer",
        ),
        change(Action.ADOPT, post("12-12 10:00", "There already", place=("2026-12.yaml", 85))),
        change(Action.UNCHANGED, post("12-13 10:00", "As it is", place=("2026-12.yaml", 90)), waiting=True),
        *blocked(),
    ]
    return plan(
        changes,
        unmanaged=2,
        posts=22,
        apply_by=at("12-01 08:58"),
        refusals=(Refusal("deletes", 18, 10, "--allow-deletes 18"),),
        warnings=(
            Warn(
                "media.no-alt",
                "winter-set.jpg has no description (alt text)",
                Location("2026-12.yaml", 10),
                post=Location("2026-12.yaml", 3),
            ),
            Warn("left_calendar", '"Old words" left the calendar and stays in Publer (prune: none)'),
            Warn("missed", "its time passed before it was ever scheduled", Location("2026-11.yaml", 9)),
        ),
    )


def blocked() -> list[Change]:
    """One change for every block but that of an incomplete list, from 20 December on."""
    text = "First Saturday of Advent."
    reasons = {
        Block.ACCOUNT: "its account cannot be used now: it has to be reconnected",
        Block.STATE: "somebody turned it into a draft in Publer",
        Block.WENT_OUT: 'the post called "advent" has gone out; a new post needs a new id',
        Block.TIME_PASSED: "its new time has passed, and the old one is still ahead",
        Block.SLOT: 'a post that stays in Publer has this minute: "Flash sale"',
        Block.LEAD: "its time is less than 2 minutes ahead, too soon to schedule it reliably",
        Block.EDITED: "edited in Publer since the last apply: the calendar says otherwise",
        Block.TWIN: "a post that was made in Publer has the same text and stands at another time",
        Block.FREEZE: "the post in Publer goes out within 15 minutes (limits.freeze_minutes)",
    }
    changes = []
    for day, block in enumerate(reasons, 20):
        when = f"12-{day} 10:00"
        one = change(
            Action.BLOCKED,
            post(when, text, place=("2026-12-advent.yaml", day)),
            reason=reasons[block],
            blocks=(block,),
            would=Action.CREATE,
        )
        if block in (Block.SLOT, Block.TWIN):
            one = vary(one, obstacle=live("12-05 10:00", "Flash sale", id="p-7"))
        if block is Block.STATE:
            one = vary(one, would=Action.UNCHANGED)
        if block in (Block.EDITED, Block.FREEZE):
            edited = live(when, "First Saturday of the Advent.", id="p-8")
            diff = (FieldChange("text", edited.text, text),)
            known = copy_of(post(when, text)) if block is Block.EDITED else None
            one = vary(one, would=Action.UPDATE, live=edited, diff=diff, copy=known)
        changes.append(one)
    return changes

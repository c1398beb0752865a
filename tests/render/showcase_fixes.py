"""What is said to do about every reason that keeps a post back, for every kind of post and of change."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.plan import Action, Block, FieldChange
from publer_sync.render.layout.dates import Dates
from publer_sync.render.post.fixes import Fixes
from publer_sync.render.post.reasons import reasons
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.model import Use
from publer_sync.values.problems import Location
from publer_sync.values.signoff import SignoffNeed
from tests.builders import DAY, HOUR, LINKEDIN, NOW, SOON, change, copy_of, shown, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.planning.plan import Change
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.values.model import LivePost, Post

DATES: Final = Dates.around("Europe/Oslo", NOW)
WOULD: Final = (
    Action.CREATE,
    Action.UPDATE,
    Action.REPLACE,
    Action.DELETE,
    Action.UNCHANGED,
    Action.RECREATE,
)


def texts() -> Mapping[str, str]:
    return {"fixes.txt": "\n".join((*_table(), "", *_pairs(), "", *_odd()))}


def _posts() -> Mapping[str, Post]:
    one = wanted(SOON, "Hello there", id="launch")
    two = replace(one, aliases=("x", "linkedin"))
    return {
        "post": replace(one, aliases=("x",)),
        "post without an id": replace(one, id=None),
        "post that is stuck on one of two accounts": two,
        "day of a series": replace(one, id="tip@2026-11-24", series="tip", zone="Europe/Oslo"),
        "number of a series": replace(one, id="tip@2", series="tip"),
        "use": replace(one, id="tip@2026-11-24", use=Use("tip", 1, Location("tips.yaml", 2))),
        "draft": wanted(SOON, "Hello there", id="launch", draft=True),
        "post of a type that is not pulled": wanted(SOON, "Hello there", id="launch", type="event"),
    }


def _lives() -> Mapping[str, LivePost]:
    live = shown(SOON, "Hello", id="p-1")
    return {
        "scheduled": live,
        "draft": replace(live, state="draft_dated"),
        "published": replace(live, state="published_posted", at=None),
        "on another account": replace(live, account_id=LINKEDIN.id),
    }


def _told(one: Change, among: tuple[Change, ...] = ()) -> str:
    phrases = [*reasons(one, DATES), *Fixes((one, *among)).of(one)]
    return " ".join(map(_words, phrases))


def _words(phrase: Phrase) -> str:
    return "".join(
        f"publer-sync apply {' '.join(span.options)}" if span.options else span.text for span in phrase
    )


def _blocked(post: Post, live: LivePost, action: Action, *blocks: Block, **more: Any) -> Any:
    parts: dict[str, Any] = {"live": live, "copy": copy_of(post)} if action is not Action.CREATE else {}
    of = None if action is Action.DELETE else post
    if action is Action.RECREATE:
        parts.pop("live")
    if of is None:
        parts["account"] = post.account
    return change(Action.BLOCKED, of, reason="a reason", blocks=blocks, would=action, **parts, **more)


def _table() -> Iterator[str]:
    """Each sentence with all for which it is said."""
    for block in Block:
        said: dict[str, list[str]] = {}
        for action, (name, post), (state, live) in product(WOULD, _posts().items(), _lives().items()):
            made = _blocked(post, live, action, block)
            said.setdefault(_told(made), []).append(f"{action} a {name} that is {state}")
        yield f"=== {block}"
        for words, names in said.items():
            yield words
            yield f"    {len(names)} of {sum(map(len, said.values()))}: {names[0]}; {names[-1]}"


def _pairs() -> Iterator[str]:
    """Two reasons at once, and what options then lead past them."""
    post, live = _posts()["post"], _lives()["scheduled"]
    yield "=== two reasons"
    for first, second in product(Block, repeat=2):
        if first is not second:
            yield f"{first} and {second}: {_told(_blocked(post, live, Action.REPLACE, first, second))}"


def _odd() -> Iterator[str]:
    """What needs more than a reason to be told."""
    posts, lives = _posts(), _lives()
    post, live = posts["post"], lives["scheduled"]
    other, published = (
        shown(SOON + HOUR, "Hello there", id="p-2"),
        shown(SOON - HOUR, "Hello there", id="p-3", state="published"),
    )
    said = Statement("twitter/X", {"text": "Hi"}, "2026-11-24")
    yes = Approval("launch", "x", "kari", NOW - DAY, said.digest, said)
    need = SignoffNeed("launch", said, (("kari",),), before=yes)
    several = replace(need, post="a post", missing=(("kari", "ben"), ("legal",)))
    since = (
        FieldChange("text", "Hi", "Hello there"),
        FieldChange("day", "2026-11-23", "2026-11-24"),
        FieldChange("account", "X", "Y"),
    )
    media = (FieldChange("title", "One", "Two"), FieldChange("labels", ("a",), ("b",)))
    edited = replace(live, text="Edited", title="Title", link="https://other.example", media=3)
    copy = copy_of(post)
    second = replace(post, account=LINKEDIN)
    rows: Mapping[str, Any] = {
        "missing": change(Action.RECREATE, post, reason="it is gone"),
        "missing, of a series": change(Action.RECREATE, posts["day of a series"], reason="it is gone"),
        "missed": change(Action.PAST, post, missed=True, reason="it passed"),
        "missed, in doubt": change(Action.PAST, post, missed=True, doubted=True, reason="it passed"),
        "missed, in Publer": change(Action.PAST, post, missed=True, live=live, reason="it passed"),
        "missed, in Publer without an id": change(Action.PAST, posts["post without an id"], missed=True, live=live, reason="it passed"),
        "missed, in Publer on one account": change(Action.PAST, posts["post that is stuck on one of two accounts"], missed=True, live=live, reason="it passed"),
        "missed, unsigned": change(Action.PAST, post, missed=True, live=live, unsigned=True, reason="it passed"),
        "in a slot": _blocked(post, live, Action.CREATE, Block.SLOT, obstacle=other),
        "in a slot of a duplicate": _blocked(post, live, Action.CREATE, Block.SLOT, Block.TWIN, obstacle=other),
        "a duplicate": _blocked(post, live, Action.CREATE, Block.TWIN, obstacle=other),
        "a duplicate that was published": _blocked(post, live, Action.CREATE, Block.TWIN, obstacle=published),
        "a duplicate without a time": _blocked(post, live, Action.CREATE, Block.TWIN, obstacle=replace(other, at=None)),
        "a duplicate in another calendar": replace(_blocked(post, live, Action.CREATE, Block.TWIN), calendar="other"),
        "a duplicate in doubt": replace(_blocked(posts["post without an id"], live, Action.CREATE, Block.TWIN), doubted=True),
        "a duplicate in doubt with an id": replace(_blocked(post, live, Action.CREATE, Block.TWIN), doubted=True),
        "removed just at its time": _blocked(post, live, Action.CREATE, Block.TWIN, copy=replace(copy, removing_at=SOON).ending(End.MAYBE_PUBLISHED, NOW)),
        "its own duplicate": _blocked(post, live, Action.REPLACE, Block.TWIN, obstacle=live),
        "its own duplicate, edited": _blocked(post, live, Action.UPDATE, Block.TWIN, obstacle=live),
        "its own duplicate, removed": _blocked(post, live, Action.DELETE, Block.TWIN, obstacle=live),
        "its own leftover": _leftover(_blocked(post, live, Action.DELETE, Block.TWIN, obstacle=live)),
        "an edited leftover": _leftover(_blocked(post, edited, Action.DELETE, Block.EDITED)),
        "an edited old version": _successor(_blocked(post, edited, Action.REPLACE, Block.EDITED)),
        "edited": _blocked(post, edited, Action.UPDATE, Block.EDITED),
        "edited and a draft": _blocked(post, replace(edited, state="draft_dated"), Action.UPDATE, Block.STATE, Block.EDITED),
        "edited while the calendar changed": _blocked(replace(post, content=replace(post.content, text="Changed")), edited, Action.UPDATE, Block.EDITED),
        "edited, with a poll": _blocked(wanted(SOON, "Hi", id="launch", poll={"options": ["a", "b"]}), edited, Action.UPDATE, Block.EDITED),
        "in another calendar": replace(_blocked(post, live, Action.CREATE, Block.ELSEWHERE), calendar="other"),
        "late": replace(_blocked(post, live, Action.UPDATE, Block.STATE), late=True),
        "late on one account": replace(_blocked(posts["post that is stuck on one of two accounts"], live, Action.UPDATE, Block.STATE), late=True),
        "under an old account": replace(_blocked(post, live, Action.UPDATE, Block.STATE), left=True),
        "for a yes": replace(_blocked(post, live, Action.CREATE, Block.APPROVAL), asked=need, since=since),
        "for a yes of several": replace(_blocked(post, live, Action.CREATE, Block.APPROVAL), asked=several, since=media),
        "for a yes to words that look alike": replace(_blocked(post, live, Action.CREATE, Block.APPROVAL), asked=need, since=(FieldChange("text", "Hi ", "Hi"),)),
        "for a post that waits for a yes": _blocked(post, live, Action.UPDATE, Block.HANDED_ON, Block.APPROVAL),
        "swaps": replace(_blocked(post, live, Action.REPLACE, Block.HANDED_ON, Block.EDITED), swaps=True),
        "swaps, lent": replace(_blocked(post, live, Action.REPLACE, Block.HANDED_ON, Block.EDITED), swaps=True, lent=frozenset((Block.EDITED,)), owners=frozenset(((Block.EDITED, ("second", "x@2026-11-24T16:20")),))),
        "swaps, lent a freeze": replace(_blocked(post, live, Action.REPLACE, Block.HANDED_ON, Block.FREEZE), swaps=True, lent=frozenset((Block.FREEZE,)), owners=frozenset(((Block.FREEZE, ("second",)),))),
        "swaps with what nothing helps": replace(_blocked(post, live, Action.REPLACE, Block.HANDED_ON, Block.STATE), swaps=True, lent=frozenset((Block.STATE,))),
        "lent": replace(_blocked(post, live, Action.REPLACE, Block.HANDED_ON, Block.EDITED), lent=frozenset((Block.EDITED,))),
        "with a command in its reason": replace(_blocked(post, live, Action.CREATE, Block.ACCOUNT), reason="its account is gone: publer-sync state mv --account a=b"),
        "with an id to quote": _blocked(replace(post, id="it's, so"), live, Action.CREATE, Block.TWIN),
    }  # fmt: skip
    yield "=== in other ways"
    for name, one in rows.items():
        yield f"{name}: {_told(one)}"
    twice = _blocked(replace(post, aliases=("x", "linkedin")), live, Action.CREATE, Block.LEAD)
    beside = _blocked(replace(second, aliases=("x", "linkedin")), live, Action.CREATE, Block.LEAD)
    three = _blocked(
        replace(post, aliases=("x", "linkedin", "facebook")), live, Action.CREATE, Block.WENT_OUT
    )
    more = _blocked(
        replace(second, aliases=("x", "linkedin", "facebook")), live, Action.CREATE, Block.WENT_OUT
    )
    yield f"on both accounts: {_told(twice, (beside,))}"
    yield f"on two of three accounts: {_told(three, (more,))}"
    gone = change(
        Action.BLOCKED,
        post,
        reason="edited and gone",
        blocks=(Block.EDITED,),
        would=Action.CREATE,
        copy=replace(copy, shown=Seen(SOON, "Edited"), held=True, end=End.REMOVED),
    )
    yield f"edited before it was taken out: {_told(gone)}"
    there = _blocked(post, edited, Action.UPDATE, Block.EDITED)
    there = replace(there, would=replace(there.would, copy=gone.copy))
    yield f"edited, and in Publer again: {_told(there)}"


def _leftover(one: Any) -> Any:
    return replace(one, would=replace(one.would, leftover=True))


def _successor(one: Any) -> Any:
    return replace(one, would=replace(one.would, successor=copy_of(one.would.post, 2)))

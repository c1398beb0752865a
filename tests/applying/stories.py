"""What an apply sends, reports and records: each way of a post, with whatever may go wrong on the way.

Each section is about what is to be done. Each line has what goes wrong, what is sent, each with what the ledger on the disk
says at that moment, what is reported, what Publer has in the end, and what the ledger has. Where not all was done, an apply
follows some minutes later, and one that accepts what Publer shows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from publer_sync.applying.report import DONE, Outcome, Result
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import KnownAccount, past_keys
from publer_sync.planning.allow import Allow
from publer_sync.planning.judge import told as name_of_telling
from publer_sync.planning.plan import Held
from publer_sync.planning.planner import Scope
from publer_sync.planning.survey import survey
from publer_sync.values.content import Revision
from publer_sync.values.errors import Interrupted, Refused, StateError, TooLate, Unclear, Unreachable
from publer_sync.values.model import MINUTE, Account, Failure, MediaSource
from tests.applying.whole import POLL_SECONDS, SEEN, Whole, applied
from tests.applying.whole_posts import ALL_BUT_REMOVALS, DRAFT, HALF, ONE, SWAP, TWO
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.values.test_signoff import signoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost, Post
    from tests.applying.whole import Applied


class Scene(NamedTuple):
    desired: Sequence[Post]
    live: Sequence[LivePost]
    state: Callable[[], State]
    more: Sequence[tuple[str, Any]] = ()


_C1, _L1 = copy_of(ONE), shown(SOON, "One")
_C2, _L2 = copy_of(TWO, 2, post_id="p-2"), shown(LATER, "Two", id="p-2")
_CD = copy_of(DRAFT, 3, post_id="p-3")
_LD = shown(LAST, "Draft", id="p-3", state="draft")
_BETTER = replace(ONE, content=replace(ONE.content, text="Better"))
_LABELLED = replace(ONE, content=replace(ONE.content, labels=("new",)))

_THIRD = wanted(LAST, "Third", id="third")
_BETTER_THIRD = replace(_THIRD.content, text="Better third")

SCENES: dict[str, Scene] = {
    "new posts": Scene([ONE, TWO], [], ledger),
    "new posts of two accounts, and a draft": Scene([ONE, replace(TWO, account=LINKEDIN), DRAFT], [], ledger),
    "an edit": Scene([_BETTER], [_L1], lambda: ledger(_C1)),
    "three edits": Scene(
        [
            _BETTER,
            replace(TWO, content=replace(TWO.content, text="Better two")),
            replace(_THIRD, content=_BETTER_THIRD),
        ],
        [_L1, _L2, shown(LAST, "Third", id="p-4")],
        lambda: ledger(_C1, _C2, copy_of(_THIRD, 4, post_id="p-4")),
    ),
    "a move": Scene([replace(ONE, at=TOMORROW)], [_L1], lambda: ledger(_C1)),
    "a replacement in its minute": Scene([_LABELLED], [_L1], lambda: ledger(_C1)),
    "a draft that is replaced": Scene([replace(DRAFT, at=TOMORROW)], [_LD], lambda: ledger(_CD)),
    "a swap of minutes": Scene(*SWAP, lambda: ledger(_C1, _C2)),
    "a swap of words": Scene(
        [replace(ONE, content=TWO.content), replace(TWO, content=ONE.content)],
        [_L1, _L2],
        lambda: ledger(_C1, _C2),
    ),
    "words handed on": Scene(
        [replace(ONE, content=TWO.content), replace(TWO, content=replace(TWO.content, text="Three"))],
        [_L1, _L2],
        lambda: ledger(_C1, _C2),
    ),
    "words handed on by one that left": Scene(
        [replace(ONE, content=TWO.content)], [_L1, _L2], lambda: ledger(_C1, _C2)
    ),
    "words handed on to a new post": Scene(
        [wanted(LAST, "Two", id="new"), replace(TWO, content=replace(TWO.content, text="Three"))],
        [_L2],
        lambda: ledger(_C2),
    ),
    "words handed on by one that is moved": Scene(
        [
            replace(ONE, content=TWO.content),
            replace(TWO, at=TOMORROW, content=replace(TWO.content, text="Three")),
        ],
        [_L1, _L2],
        lambda: ledger(_C1, _C2),
    ),
    "a removal, and a new post": Scene([TWO], [_L1], lambda: ledger(_C1)),
    "two removals": Scene([], [_L1, _L2], lambda: ledger(_C1, _C2), (("allow", Allow(deletes=2)),)),
    "a removal beside posts of others": Scene(
        [], [_L1, shown(LAST, "Made", id="m-1"), shown(TOMORROW, "Made too", id="m-2")], lambda: ledger(_C1)
    ),
    "a removal beside a post of others": Scene([], [_L1, shown(LAST, "Made", id="m-1")], lambda: ledger(_C1)),
    "the second half of a move": Scene(
        [HALF[0]], HALF[1], lambda: ledger(_C1, copy_of(HALF[0], 2, post_id="p-2", entry=1))
    ),
    "one that somebody deleted": Scene([ONE], [], lambda: ledger(_C1), (("allow", Allow(recreate=True)),)),
    "one that is adopted": Scene([ONE], [shown(SOON, "One", id="m-1")], ledger),
    "one that an apply took out": Scene(
        [ONE], [], lambda: ledger(replace(_C1, removing_at=NOW - HOUR).ending(End.REMOVED, NOW - HOUR))
    ),
    "one that publishes within the freeze": Scene(
        [replace(_BETTER, at=NOW + 10 * MINUTE)],
        [shown(NOW + 10 * MINUTE, "One")],
        lambda: ledger(copy_of(replace(ONE, at=NOW + 10 * MINUTE))),
        (("allow", Allow(frozen=True)),),
    ),
}

_PASSED = replace(ONE, at=NOW - HOUR)
_TAKEN_OUT = replace(copy_of(_PASSED), removing_at=NOW - 2 * HOUR).ending(End.REMOVED, NOW - 2 * HOUR)
_OUT = replace(copy_of(_PASSED)).ending(End.PUBLISHED, NOW - HOUR)
_PAGE = "https://a.example/lamp"
_HOLD = Hold("a storm", NOW - HOUR)
_NOT_SEEN = sent(ONE, 1, job_id="j-9")
_ON_LINKEDIN = replace(ONE, account=LINKEDIN)
_ALIASES = {X.id: "x", LINKEDIN.id: "linkedin", "a-yt": "youtube"}
_COMES = ("scheduled", "scheduled_pending")
YOUTUBE = Account("a-yt", "Fjordlight", "youtube", "youtube")
_VIDEO = wanted(SOON, "One", account=YOUTUBE, id="one", title="News", type="video")
_PICTURE = replace(
    wanted(SOON, "One", id="one", media=[{"file": "sha256:a"}], type="photo"),
    media=(MediaSource("sha256:a", path=Path("a.jpg"), size=9),),
)
_MOVED_BY_HAND = replace(copy_of(replace(ONE, at=LATER)), seen=Seen(SOON, "One"))
_UPLOADED = {"id": "m-1", "type": "photo", "path": "p", "thumbnail": "t"}


def _nth(number: int) -> Post:
    return wanted(SOON + number * HOUR, f"Post {number}", id=f"post-{number}")


NO = Failure("Your text is too long")
_LINKEDIN_ALONE = (
    ("scope", Scope(frozenset({LINKEDIN.id}))),
    ("order", {"whole": False, "filtered": True}),
)
_UNSEEN_DRAFT = replace(sent(DRAFT, 1, job_id="j-9"), alone=True, lapsed=True, job_ended_at=NOW - HOUR)
_OTHER = replace(_L1, text="Other")
_NOT_AS_SENT = copy_of(ONE, alone=True, seen=Seen(SOON, "Other"))
_CREATE_IN_DOUBT = (("contact", Contact(verified=("draft", "update"), doubts={Kind.CREATE: 1})),)
_HOLD_OF_ONE = Hold("a storm", NOW - HOUR, last=SOON + MINUTE)
_GIVEN_UP = wanted(SOON, "Given up", id="given-up", draft=True)
_HELD = replace(_C1, held=True, removing_at=NOW)
_TAKEN_OUT_BY_HOLD = Result(
    Held(account=X, copy=_HELD, post=ONE, live=_L1, reason="a storm"), Outcome.APPLIED, post_id="p-1"
)


def _turned_up(publer: Whole) -> None:
    publer.clock.slept += 120
    publer.live["n-9"] = shown(SOON, "One", id="n-9")


def _theirs() -> State:
    """The ledger of another calendar, whose first post Publer lists otherwise than it was sent."""
    return ledger(
        copy_of(wanted(LAST, "Other"), 1, post_id="p-9", alone=True),
        contact=Contact(doubts={Kind.CREATE: 1}),
    )


QUIET: dict[str, Scene] = {
    "nothing to do": Scene([ONE], [_L1], lambda: ledger(_C1)),
    "one that got an id": Scene([ONE], [_L1], lambda: ledger(replace(_C1, id=None))),
    "a new post while a removal is in doubt": Scene(
        [ONE, TWO], [_L1], lambda: ledger(_C1), (("contact", replace(SEEN, doubts={Kind.DELETE: 1})),)
    ),
    "a first post that was listed otherwise, and is as it was sent now": Scene(
        [ONE, TWO],
        [_L1],
        lambda: ledger(replace(_C1, alone=True)),
        (("contact", Contact(doubts={Kind.CREATE: 1})),),
    ),
    "a first post that an earlier apply sent, and that is listed now": Scene(
        [ONE, TWO], [_L1], lambda: ledger(replace(_C1, alone=True)), (("contact", Contact()),)
    ),
    "a first post that an earlier apply sent, and that is listed otherwise": Scene(
        [ONE, TWO],
        [replace(_L1, text="Other")],
        lambda: ledger(replace(_C1, alone=True)),
        (("contact", Contact()),),
    ),
    "a first post that an earlier apply sent, and that is not listed": Scene(
        [ONE, TWO], [], lambda: ledger(replace(_NOT_SEEN, alone=True)), (("contact", Contact()),)
    ),
    "a first draft that an earlier apply sent, and that is not listed": Scene(
        [DRAFT, replace(DRAFT, id="other", at=TOMORROW)],
        [],
        lambda: ledger(
            replace(sent(DRAFT, 1, job_id="j-9"), alone=True, lapsed=True, job_ended_at=NOW - HOUR)
        ),
        (("contact", Contact()),),
    ),
    "one adopted whose labels nothing shows, in a hold that begins": Scene(
        [ONE],
        [_L1],
        lambda: ledger(replace(_C1, adopted=True)),
        (("begun", (Hold("a storm", NOW, labels=("sale",), settings=True),)),),
    ),
    "an edit of a title that its network shows": Scene(
        [replace(_VIDEO, content=replace(_VIDEO.content, title="Olds"))],
        [shown(SOON, "One", account=YOUTUBE, title="News")],
        lambda: ledger(copy_of(_VIDEO)),
        (("accounts", (X, LINKEDIN, YOUTUBE)),),
    ),
    "an edit of the title": Scene(
        [replace(ONE, content=replace(ONE.content, title="News"))],
        [replace(_L1, title="")],
        lambda: ledger(_C1),
    ),
    "an edit of the words that Publer gave a title": Scene(
        [_BETTER], [replace(_L1, title="One")], lambda: ledger(_C1)
    ),
    "an edit that somebody else undid": Scene(
        [ONE], [replace(_L1, text="Edited")], lambda: ledger(_C1), (("allow", Allow(edits=True)),)
    ),
    "an edit of somebody else that stays": Scene([ONE], [replace(_L1, text="Edited")], lambda: ledger(_C1)),
    "one whose time passed before it was sent": Scene([_PASSED], [], ledger),
    "one whose time passed while it was out to make room": Scene([_PASSED], [], lambda: ledger(_TAKEN_OUT)),
    "one that Publer could not publish": Scene(
        [_PASSED],
        [],
        lambda: ledger(replace(copy_of(_PASSED)).ending(End.FAILED, NOW - HOUR, publer_said="Too long")),
    ),
    "one that was published, and has a new time": Scene([ONE], [], lambda: ledger(_OUT)),
    "one that was published, and has a new time, let through": Scene(
        [ONE], [], lambda: ledger(_OUT), (("allow", Allow(twins=True)),)
    ),
    "one that was published, and has a new time, which people were told": Scene(
        [ONE], [], lambda: ledger(_OUT, facts={1: EntryFacts(told=(name_of_telling(ONE),))})
    ),
    "a first post that is not listed, of a kind that is known": Scene(
        [ONE, TWO], [], lambda: ledger(replace(_NOT_SEEN, alone=True))
    ),
    "a possible duplicate": Scene([ONE], [shown(LATER, "One", id="m-1")], ledger),
    "a possible duplicate, let through": Scene(
        [ONE], [shown(LATER, "One", id="m-1")], ledger, (("allow", Allow(twins=True)),)
    ),
    "one that waits for its page": Scene(
        [replace(ONE, when_live=_PAGE)], [], ledger, (("unanswered", {_PAGE: "(404)"}),)
    ),
    "one that waits for its page until later": Scene(
        [replace(ONE, at=NOW + 3 * DAY, when_live=_PAGE)], [], ledger, (("unanswered", {_PAGE: "(404)"}),)
    ),
    "one whose page answers": Scene([replace(ONE, when_live=_PAGE)], [], ledger),
    "one that waits for a yes": Scene([ONE], [], ledger, (("signoff", signoff()),)),
    "one that waits for a yes until later": Scene(
        [replace(ONE, at=NOW + 3 * DAY)], [], ledger, (("signoff", signoff()),)
    ),
    "one on hold": Scene([ONE], [], lambda: ledger(holds=(_HOLD,))),
    "one on hold that is in Publer": Scene([ONE], [_L1], lambda: ledger(_C1, holds=(_HOLD,))),
    "one on hold that somebody made again": Scene(
        [ONE], [shown(SOON, "One", id="m-1")], lambda: ledger(holds=(_HOLD,))
    ),
    "one that was sent, and is listed now": Scene(
        [ONE], [shown(SOON, "One", id="n-9")], lambda: ledger(_NOT_SEEN)
    ),
    "one that was sent, and is not listed yet": Scene([ONE], [], lambda: ledger(_NOT_SEEN)),
    "one that was sent, and settled unseen": Scene(
        [ONE], [], lambda: ledger(replace(_NOT_SEEN, lapsed=True))
    ),
    "one that was sent, is not listed, and left": Scene([], [], lambda: ledger(_NOT_SEEN)),
    "one that is being removed": Scene([], [_L1], lambda: ledger(replace(_C1, removing_at=NOW - 5 * SECOND))),
    "one whose edit was not seen": Scene(
        [_BETTER],
        [_L1],
        lambda: ledger(replace(_C1, revising=Revision("Better", ""), requested_at=NOW - 5 * SECOND)),
    ),
    "one that came up late": Scene([_BETTER], [_L1], lambda: ledger(replace(_C1, turned_up="late"))),
    "one that came up late, and left": Scene([], [_L1], lambda: ledger(replace(_C1, turned_up="late"))),
    "one that somebody moved to the account that it is on now": Scene(
        [_ON_LINKEDIN],
        [replace(_L1, account_id=LINKEDIN.id)],
        lambda: ledger(replace(_C1, moved_to=LINKEDIN.id)),
    ),
    "one that somebody moved to another account": Scene(
        [ONE], [replace(_L1, account_id=LINKEDIN.id)], lambda: ledger(_C1)
    ),
    "one that changes its account": Scene([_ON_LINKEDIN], [_L1], lambda: ledger(_C1)),
    "one that somebody scheduled": Scene([DRAFT], [replace(_LD, state="scheduled")], lambda: ledger(_CD)),
    "one within the freeze that left": Scene(
        [], [shown(NOW + 10 * MINUTE, "One")], lambda: ledger(copy_of(replace(ONE, at=NOW + 10 * MINUTE)))
    ),
    "one with a picture": Scene([_PICTURE], [], ledger),
    "one with a picture that was uploaded before": Scene(
        [_PICTURE],
        [],
        lambda: ledger(media={"sha256:a": _UPLOADED}),
    ),
    # What is made, moved, replaced and removed
    "one with a picture that is in Publer's library": Scene(
        [_PICTURE],
        [],
        lambda: ledger(media={"sha256:a": _UPLOADED}),
        (("media", {"m-1": _UPLOADED}),),
    ),
    "one with a picture, soon": Scene([replace(_PICTURE, at=NOW + 2 * MINUTE)], [], ledger),
    "the second half of a move, stopped": Scene(
        [HALF[0]],
        HALF[1],
        lambda: ledger(_C1, copy_of(HALF[0], 2, post_id="p-2", entry=1)),
        (("stop", 1),),
    ),
    "a new post in the minute to which somebody moved one that left": Scene(
        [wanted(SOON, "New", id="new")],
        [_L1, shown(TOMORROW, "Made", id="m-1")],
        lambda: ledger(_MOVED_BY_HAND),
    ),
    "a new post in the minute of one that left, and that takes others along": Scene(
        [wanted(SOON, "New", id="new")],
        [_L1, shown(TOMORROW, "Made", id="m-1")],
        lambda: ledger(_MOVED_BY_HAND),
        (("contact", ALL_BUT_REMOVALS), ("takes_all", True)),
    ),
    "a long chain of moves": Scene(
        [replace(_nth(n), at=SOON + (n + 1) * HOUR) for n in range(5)],
        [shown(SOON + n * HOUR, f"Post {n}", id=f"p-{n + 1}") for n in range(5)],
        lambda: ledger(*(copy_of(_nth(n), n + 1, post_id=f"p-{n + 1}") for n in range(5))),
    ),
    "one that is being removed, beside one on its way": Scene(
        [TWO],
        [_L1],
        lambda: ledger(replace(_C1, removing_at=NOW - 5 * SECOND), sent(TWO, 2, job_id="j-9")),
    ),
    "one whose old post is being removed for a new one on its way": Scene(
        [_LABELLED],
        [_L1],
        lambda: ledger(
            replace(_C1, removing_at=NOW - 5 * SECOND),
            replace(sent(_LABELLED, 2, job_id="j-9"), entry=1, requested_at=NOW - 5 * SECOND),
        ),
    ),
    "a replacement in its minute of one that somebody edited, refused": Scene(
        [_LABELLED],
        [replace(_L1, text="Edited")],
        lambda: ledger(_C1),
        (
            ("allow", Allow(edits=True)),
            ("makes", lambda post: NO if post.text == "One" else post),
        ),
    ),
    # What an apply settles, in the order it does
    "an edit of files of which all was done before": Scene(
        [_BETTER], [_L1], lambda: ledger(_C1, files="f-0")
    ),
    "a part of the calendar": Scene(
        [ONE, TWO],
        [_L1],
        lambda: ledger(_C1, files="f-0"),
        (("order", {"whole": False, "filtered": True, "excuse": (_PASSED,)}),),
    ),
    "a part of the calendar, without the account of a first post": Scene(
        [ONE, replace(TWO, account=LINKEDIN)],
        [_L1],
        lambda: ledger(replace(_C1, alone=True)),
        (*_LINKEDIN_ALONE, ("contact", Contact())),
    ),
    "a part of the calendar, without the account of a first draft that is not listed": Scene(
        [DRAFT, wanted(LAST, "Another", id="other", account=LINKEDIN, draft=True)],
        [],
        lambda: ledger(_UNSEEN_DRAFT, accounts={X.id: KnownAccount(X.provider, X.name)}),
        (*_LINKEDIN_ALONE, ("contact", Contact()), ("allow", Allow(rewritten=True))),
    ),
    "late posts that are excused, and posts that have a new time": Scene(
        [_PASSED, replace(ONE, id="now", at=NOW), TWO],
        [],
        lambda: ledger(
            excused={
                *past_keys(X.id, _PASSED.at, "one"),
                *past_keys(X.id, NOW, "now"),
                *past_keys(X.id, TWO.at, "two"),
            }
        ),
    ),
    "a post beside one that left long ago": Scene(
        [ONE, TWO],
        [_L1],
        lambda: ledger(
            _C1,
            copy_of(wanted(NOW - 500 * DAY), 9, post_id="p-9").ending(End.PUBLISHED, NOW - 500 * DAY),
            facts={9: EntryFacts(left=True)},
        ),
    ),
    "a new post beside one that a hold has just taken out": Scene(
        [ONE, TWO],
        [],
        lambda: ledger(replace(_HELD, removed=True), holds=(_HOLD_OF_ONE,)),
        (("order", {"taken_out": (_TAKEN_OUT_BY_HOLD,)}),),
    ),
    "one that Publer refused, and made after all": Scene(
        [ONE, TWO],
        [],
        lambda: ledger(replace(_NOT_SEEN, refused="Too long", lapsed=True, requested_at=NOW - DAY)),
        (("meanwhile", _turned_up),),
    ),
    "an edit that nothing shows when the apply is stopped": Scene(
        [_BETTER], [_L1], lambda: ledger(_C1), (("puts", lambda old, _: old), ("stop", 2))
    ),
    "half a move whose old post publishes now": Scene(
        [HALF[0]],
        [shown(NOW, "One"), HALF[1][1]],
        lambda: ledger(copy_of(replace(ONE, at=NOW)), copy_of(HALF[0], 2, post_id="p-2", entry=1)),
    ),
    "words handed on by a post without an id": Scene(
        [
            replace(ONE, content=TWO.content),
            replace(TWO, id=None, content=replace(TWO.content, text="Three")),
        ],
        [_L1, _L2],
        lambda: ledger(_C1, replace(_C2, id=None)),
    ),
    "one that an apply took out, and that changes its account": Scene(
        [_ON_LINKEDIN],
        [],
        lambda: ledger(replace(_C1, removing_at=NOW - HOUR).ending(End.REMOVED, NOW - HOUR)),
    ),
    "one that somebody moved to the account that it is on now, and then deleted": Scene(
        [_ON_LINKEDIN],
        [],
        lambda: ledger(replace(_C1, moved_to=LINKEDIN.id)),
        (("allow", Allow(recreate=True)),),
    ),
    "one that may be the same as one that was published": Scene(
        [wanted(LATER, "One", id="another")], [], lambda: ledger(replace(_OUT, id=None))
    ),
    "one that somebody deleted and made again": Scene(
        [ONE], [shown(SOON, "One", id="m-1")], lambda: ledger(_C1.ending(End.GONE, NOW - HOUR))
    ),
    "one that is adopted, and whose account has to be reconnected": Scene(
        [ONE, TWO],
        [shown(SOON, "One", id="m-1", state="scheduled_reauth"), replace(_L2, state="scheduled_pending")],
        ledger,
    ),
    "one that waits for its page until two hours before its time": Scene(
        [replace(ONE, at=NOW + 2 * HOUR, when_live=_PAGE)], [], ledger, (("unanswered", {_PAGE: "(404)"}),)
    ),
    "new posts, of which some are let into the freeze": Scene(
        [ONE, TWO], [_L1], lambda: ledger(_C1), (("allow", Allow(frozen=frozenset({"one", "two"}))),)
    ),
    "a first post that was listed otherwise, and left": Scene(
        [TWO], [_OTHER], lambda: ledger(_NOT_AS_SENT), _CREATE_IN_DOUBT
    ),
    "a first post that was listed otherwise, and left, and others go with it": Scene(
        [TWO, replace(_THIRD, content=_BETTER_THIRD)],
        [_OTHER, shown(LAST, "Third", id="p-4"), shown(TOMORROW, "Made", id="m-1")],
        lambda: ledger(_NOT_AS_SENT, copy_of(_THIRD, 4, post_id="p-4", verified_at=None)),
        (*_CREATE_IN_DOUBT, ("takes_all", True)),
    ),
    "a first post that was listed otherwise, and left, while another calendar's is in doubt": Scene(
        [TWO],
        [_OTHER, shown(LAST, "Third", id="p-9")],
        lambda: ledger(_NOT_AS_SENT),
        (*_CREATE_IN_DOUBT, ("known", {"acme": _theirs()})),
    ),
    "a first post that is not listed, while another calendar's is in doubt and let through": Scene(
        [ONE, TWO],
        [shown(LAST, "Third", id="p-9")],
        lambda: ledger(replace(_NOT_SEEN, alone=True)),
        (("contact", Contact()), ("known", {"acme": _theirs()}), ("allow", Allow(rewritten=True))),
    ),
    "a first post in other words, which is let through": Scene(
        [ONE, TWO],
        [],
        ledger,
        (
            ("contact", Contact()),
            ("allow", Allow(rewritten=True)),
            ("makes", lambda post: replace(post, text=f"{post.text}!")),
        ),
    ),
    "a first post with other labels": Scene(
        [_LABELLED],
        [],
        ledger,
        (("contact", Contact()), ("makes", lambda post: replace(post, labels=("other",)))),
    ),
    "a first post that an earlier apply sent, and that an incomplete list lacks": Scene(
        [ONE, TWO],
        [],
        lambda: ledger(replace(_C1, alone=True)),
        (("contact", Contact()), ("short", 1)),
    ),
    "a first draft that an earlier apply sent, and that is sent once more": Scene(
        [DRAFT, wanted(TOMORROW, "Another", id="other", draft=True)],
        [],
        lambda: ledger(_UNSEEN_DRAFT),
        (("contact", Contact()), ("allow", Allow(twins=True))),
    ),
    "a new post while a draft is in doubt": Scene(
        [ONE, DRAFT],
        [replace(_LD, text="Other")],
        lambda: ledger(replace(_CD, alone=True)),
        (("contact", replace(SEEN, verified=("create", "delete", "update"), doubts={Kind.DRAFT: 3})),),
    ),
    "a draft that is scheduled while a first post is not listed": Scene(
        [ONE, wanted(TOMORROW, "Draft", id="draft")],
        [_LD],
        lambda: ledger(replace(_NOT_SEEN, alone=True), _CD),
        (("contact", replace(SEEN, verified=("delete", "draft", "update"))),),
    ),
    "a swap of minutes beside a first draft of another account": Scene(
        [*SWAP[0], replace(DRAFT, account=LINKEDIN)],
        SWAP[1],
        lambda: ledger(_C1, _C2),
        (("contact", replace(SEEN, verified=("create", "delete", "update"))),),
    ),
    "first drafts, of which some were sent before": Scene(
        [_GIVEN_UP, wanted(LATER, "New", id="new", draft=True), DRAFT],
        [],
        lambda: ledger(
            sent(_GIVEN_UP, 1, lapsed=True),
            replace(_CD, verified_at=None).ending(End.REMOVED, NOW - HOUR),
        ),
        (("contact", Contact()),),
    ),
}
QUIET_FAULTS = (
    "nothing",
    "accepted, and not made",
    "the request is refused",
    "no answer, though done",
    "nothing can be removed",
    "deleted meanwhile",
    "the ledger cannot be saved",
)


def _edited(publer: Whole) -> None:
    _since(publer, text="Edited since")


def _moved(publer: Whole) -> None:
    _since(publer, at=LAST + HOUR)


def _declined(publer: Whole) -> None:
    _since(publer, state="scheduled_declined")


def _out(publer: Whole) -> None:
    _since(publer, state="published", at=NOW)


def _since(publer: Whole, **changes: Any) -> None:
    publer.clock.slept += 120  # the page of the plan is old
    publer.live |= {key: replace(post, **changes) for key, post in publer.live.items()}


def _deleted(publer: Whole) -> None:
    publer.clock.slept += 120
    publer.live = {}


def _taken(publer: Whole) -> None:
    publer.clock.slept += 120
    publer.live["m-9"] = shown(SOON, "A colleague's", id="m-9")
    publer.live["m-8"] = shown(TOMORROW, "Another colleague's", id="m-8")


BUSY = Failure("There's another post at this time. A one minute gap is required between posts")
LOST = Unclear("Publer did not answer")
REFUSED = Refused("Publer refused it", publer_said="Nope")
GONE = Unreachable("Publer cannot be reached")

FAULTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "refused by its job": {"makes": lambda post: replace(NO, account_id=post.account_id)},
    "its minute is taken": {"makes": lambda post: replace(BUSY, account_id=post.account_id)},
    "accepted, and not made": {"makes": lambda _: None},
    "made in other words": {"makes": lambda post: replace(post, text=f"{post.text}!")},
    "made a draft, or scheduled": {
        "makes": lambda post: replace(post, state="scheduled" if post.state == "draft" else "draft")
    },
    "the edit is not kept": {"puts": lambda old, _: old},
    "the edit takes the post away": {"puts": lambda *_: None},
    "the request is refused": {"errors": REFUSED},
    "the second request is refused": {"errors": (None, REFUSED)},
    "no answer, and not done": {"errors": LOST},
    "no answer, though done": {"after": LOST},
    "Publer cannot be reached": {"errors": GONE},
    "Publer cannot be reached after the first": {"errors": (None, GONE)},
    "too late to be sent": {"errors": TooLate("the time for it is over")},
    "interrupted": {"errors": Interrupted("stopped")},
    "interrupted after the first": {"errors": (None, Interrupted("stopped"))},
    "nothing can be removed": {"stays": ("p-1", "p-2", "p-3")},
    "a short list": {"short": 1},
    "the ledger cannot be saved": {"unsaved": 0},
    "the ledger cannot be saved later": {"unsaved": 2},
    "edited meanwhile": {"meanwhile": _edited},
    "moved meanwhile": {"meanwhile": _moved},
    "declined meanwhile": {"meanwhile": _declined},
    "published meanwhile": {"meanwhile": _out},
    "deleted meanwhile": {"meanwhile": _deleted},
    "its minute is taken meanwhile": {"meanwhile": _taken},
    "refused, by a short list": {"errors": REFUSED, "short": 1},
    "no answer, though done, by a short list": {"after": LOST, "short": 1},
    "deleted meanwhile, by a short list": {"meanwhile": _deleted, "short": 1},
    "interrupted, and the ledger cannot be saved": {"errors": Interrupted("stopped"), "unsaved": 2},
    "stopped at once": {"stop": 0},
    "stopped after some steps": {"stop": 3},
    "removed, and still listed": {"lingers": True},
    "the edit moves the post": {"puts": lambda old, _: replace(old, at=LAST + HOUR)},
    "through a new key": {"contact": Contact()},
    "through a new key, made a draft, or scheduled": {
        "contact": Contact(),
        "makes": lambda post: replace(post, state="scheduled" if post.state == "draft" else "draft"),
    },
    "through a new key, the edit is not kept": {"contact": Contact(), "puts": lambda old, _: old},
    "through a new key, the edit moves the post": {
        "contact": Contact(),
        "puts": lambda old, _: replace(old, at=LAST + HOUR),
    },
    "through a new key, the first edit is refused, the second not kept": {
        "contact": Contact(),
        "errors": (REFUSED, None, None, None, None, None),
        "puts": lambda old, _: old,
    },
    "through a new key, the request is refused": {"contact": Contact(), "errors": REFUSED},
    "through a new key, no answer, and not done": {"contact": Contact(), "errors": LOST},
    "through a new key, removed, and still listed": {"contact": Contact(), "lingers": True},
    "through a new key, removed, and others with it": {"contact": Contact(), "takes_all": True},
    "through a new key, in other words": {
        "contact": Contact(),
        "makes": lambda post: replace(post, text=f"{post.text}!"),
        "puts": lambda _, new: replace(new, text=f"{new.text}!"),
    },
    "through a new key, and nothing can be removed": {"contact": Contact(), "stays": ("p-1", "p-2", "p-3")},
    "through a new key, accepted, and not made": {"contact": Contact(), "makes": lambda _: None},
}
_METHODS = ("new", "draft", "edit", "remove")


class Told(Whole):
    """Notes with each write what the ledger on the disk says of it at that moment."""

    saved: State | None = None
    keeps = 1000
    lingers = takes_all = False
    """Whether what is said to be removed is still listed, or everything else goes with it."""
    steps = 1000
    """How often it is asked whether to stop before somebody does."""

    def stop(self) -> bool:
        self.steps -= 1
        return self.steps < 0

    def upload(self, path: Path, **more: Any) -> dict[str, Json]:
        self.wrote.append(f"upload {path.name}")
        return super().upload(path, **more)

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        before = dict(self.live)
        gone = super().delete(ids)
        if self.lingers:
            self.live = before
        if self.takes_all:
            self.live = {}
        return gone

    def save(self, state: State, within: float = 0) -> None:
        if self.keeps <= 0:
            raise StateError("the disk is full")
        self.keeps -= 1
        self.saved = state.clone()

    def _begin(self, name: str, what: str) -> None:
        super()._begin(name, f"{what} ({_ledger(self.saved)})")


def _ledger(state: State | None) -> str:
    return (
        ", ".join(f"{key} {_copy(copy)}" for key, copy in sorted(state.copies.items()))
        if state
        else "nothing"
    )


def _copy(copy: Copy) -> str:
    more = {
        "alone": copy.alone,
        "held": copy.held,
        "spared": copy.spared is not None,
        f"on {copy.account}": copy.account != X.id,
        f"moved to {copy.moved_to}": bool(copy.moved_to),
        f"of {copy.entry}": copy.entry != copy.key,
    }
    if copy.end is not None:
        return " ".join([copy.end, *(name for name, holds in more.items() if holds)])
    flags = {
        "sent": copy.under_way,
        "lapsed": copy.lapsed,
        "refused": copy.refused is not None,
        "listed": copy.post_id is not None,
        f"being edited to {copy.revising.text!r} {copy.revising.title!r}"
        if copy.revising
        else "": copy.revising is not None,
        "being removed": copy.removing_at is not None and not copy.removed,
        "removed": copy.removed,
        f"came {copy.turned_up}": bool(copy.turned_up),
        "adopted": copy.adopted,
        "without an id": copy.id is None,
        **more,
    }
    return " ".join(name for name, holds in flags.items() if holds)


def runs_of(scene: str, fault: str) -> Iterator[Applied]:
    """The apply, and where it did not come to a good end, two more: some minutes later, and with what Publer shows accepted."""
    desired, live, state, more = SCENES.get(scene) or QUIET[scene]
    what = {**dict(more), **FAULTS[fault]}
    raised = {name: what.pop(name) for name in ("errors", "after") if name in what}
    each: dict[str, Any] = {
        name: {method: [*(errors if isinstance(errors, tuple) else (errors,))] for method in _METHODS}
        for name, errors in raised.items()
    }
    fakes = {name: what.pop(name) for name in ("makes", "puts", "stays", "short", "media") if name in what}
    publer = Told(*live, **each, **fakes)
    publer.keeps, publer.steps = what.pop("unsaved", publer.keeps), what.pop("stop", publer.steps)
    publer.lingers, publer.takes_all = what.pop("lingers", False), what.pop("takes_all", False)
    options = {"contact": SEEN, **what}
    done = _apply(desired, publer, state(), **options)
    yield done
    for allow in (None, Allow(rewritten=True, twins=True)):
        if done.report.error is None and all(each.outcome in DONE for each in done.report.results):
            return
        publer.errors, publer.after, publer.keeps, publer.steps, publer.wrote = {}, {}, 1000, 1000, []
        publer.clock.slept += 600
        options |= {"contact": done.run.state.contact, "meanwhile": lambda _: None}
        options |= {"allow": allow} if allow else {}
        options |= {"order": {**options.get("order", {}), "taken_out": ()}}
        done = _apply(desired, publer, done.run.state, **options)
        yield done


def _apply(desired: Sequence[Post], publer: Told, state: State, **more: Any) -> Applied:
    now = publer.clock.now()
    short, publer.short = publer.short, 0  # the list of the plan is whole
    known = survey(
        cast("Publer", publer),
        state,
        account_ids=(X.id, LINKEDIN.id, YOUTUBE.id),
        clock=publer.clock,
        poll_seconds=POLL_SECONDS,
    ).state
    assert known is not None
    publer.short = short
    return applied(
        desired,
        publer,
        known,
        files=FILES,
        save=publer.save,
        stop=publer.stop,
        record=RunRecord(now, "apply"),
        now=now,
        **more,
    )


def line_of(done: Applied) -> str:
    lines = []
    for result in done.report.results:
        said = f' Publer: "{result.why.publer_said}"' if result.why.publer_said else ""
        words = (
            result.change.post.text
            if result.change.post
            else f"-{result.change.live.text if result.change.live else ''}"
        )
        marks = [name for name in ("page", "asks", "leaves", "payload") if getattr(result, name)]
        marks += ["doubted"] if getattr(result.change, "doubted", False) else []
        hint = f" > {result.why.hint}" if result.why.hint else ""
        line = f"{words} {result.outcome}: {result.why.message}{said}{hint}".rstrip(": ")
        lines.append(" ".join([line, *(f"<{mark}>" for mark in marks)]))
    if done.report.error is not None:
        lines.append(f"{type(done.report.error).__name__}: {done.report.error}".replace("\n", " / "))
    if done.report.twice is not None:
        lines.append(f"{done.report.twice[0]} twice")
    lines += [note.message for note in done.report.notes]
    lines += [
        f'Publer: "{said.publer_said}" of {said.account.id if said.account else "some post"}'
        for said in done.report.remarks
    ]
    if (ahead := done.report.next_out) != _next_of(done):
        lines.append(f"next: {ahead[2]} on {ahead[1]}" if ahead else "next: nothing")
    if (ended := _has_ended(done)) is (done.report.error is not None):
        lines.append("ended" if ended else "not ended")
    wrote = "; ".join(done.publer.wrote) or "nothing"
    there = ", ".join(f"{text} {state}" for text, state in done.there) or "nothing"
    waited = f", {done.publer.clock.slept:.0f} s" if done.publer.clock.slept else ""
    return (
        f"{wrote} | {'; '.join(lines)} | {there} | {_ledger(done.run.state)}{_facts(done.run.state)}{waited}"
    )


def _next_of(done: Applied) -> tuple[datetime, str, str] | None:
    """What of the calendar's posts in Publer is published next: a report that names another one is told."""
    ours, now = done.run.state.post_ids, done.publer.clock.now()
    return min(
        (
            (post.at, _ALIASES[post.account_id], post.text)
            for post in done.publer.live.values()
            if post.id in ours and post.state in _COMES and post.at and post.at > now
        ),
        default=None,
    )


def _has_ended(done: Applied) -> bool:
    """Whether the ledger has it that the apply came to its end."""
    record, last = done.run.order.record, done.run.state.last_apply
    return record is not None and last is not None and last >= record.at


def _facts(state: State) -> str:
    """What else the ledger knows: of entries, of first contact, what was told, and what the last run did."""
    contact = state.contact
    told = [
        f"{key} {' '.join(name for name in _FACTS if getattr(facts, name))}"
        for key, facts in state.facts.items()
    ]
    told += [f"in doubt: {kind} {key}" for kind, key in contact.doubts.items()]
    told += [f"accepted: {name}" for name in contact.allowed]
    told += [f"replaces on {name}" for name in contact.replaces]
    told += [f"excused: {len(state.excused)}"] if state.excused else []
    told += [
        f"{line.action} {line.outcome or '?'} of {line.entry}"
        for line in (state.runs[-1].lines if state.runs else ())
    ]
    told += ["all done" if state.files == FILES else "done before"] if state.files else []
    told += (
        ["good"] if state.last_good_apply is not None and state.last_good_apply == state.last_apply else []
    )
    told += [f"seen: {', '.join(contact.verified) or 'nothing'}"] if contact.verified != SEEN.verified else []
    return f" ({'; '.join(told)})" if told else ""


FILES = "f-1"
_FACTS = ("twins", "left", "let_go", "beside", "doubted", "told")


def section(scene: str) -> Iterator[str]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for fault in FAULTS if scene in SCENES else QUIET_FAULTS:
        found[tuple(map(line_of, runs_of(scene, fault)))].append(fault)
    for (first, *later), faults in found.items():
        yield f"{'; '.join(faults)} | {first}"
        yield from (f"    then | {line}" for line in later)

"""What an apply is to do in the stories: the calendar, what Publer has, and what the ledger says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync.applying.report import Outcome, Result
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount, past_keys
from publer_sync.planning.allow import Allow
from publer_sync.planning.judge import told as name_of_telling
from publer_sync.planning.plan import Held
from publer_sync.planning.planner import Scope
from publer_sync.values.content import Revision
from publer_sync.values.model import MINUTE, Account, Failure, MediaSource
from tests.applying.whole import SEEN, Whole
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
    from collections.abc import Callable, Sequence

    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post


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

"""Takes what is in the scope of a hold out of Publer: what is due first, then the rest, then what is under way.

The state says what goes before the first request leaves. Only ids that the state has, or that a listing shows where an
intent of this calendar claims the minute, and that Publer lists as scheduled, are ever named in a request.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.applying.deleting import SILENT, Answers, ask_to_remove
from publer_sync.applying.following import Follower
from publer_sync.applying.report import DONE, ApplyReport, Cause, Outcome, Result
from publer_sync.applying.run import FRESH
from publer_sync.holding.anywhere import LooksAnywhere
from publer_sync.holding.report import HoldReport, in_order
from publer_sync.holding.scope import held, with_hold
from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import LEAVING_POLLS, End, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.machine.clock import growing_waits
from publer_sync.planning.effort import HELD_DELETES
from publer_sync.planning.holding import REPEATING, OnHold, condition, labels_unknown, may_be_unseen, reaches
from publer_sync.planning.plan import Held
from publer_sync.planning.survey import HORIZON, listing, survey
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import ServiceError, UnrequestedDelete
from publer_sync.values.model import Family, Listing, LivePost, joined_listings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from publer_sync.applying.run import Means
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Plan
    from publer_sync.values.errors import PublerSyncError
    from publer_sync.values.model import Account, Post

PASSES = 4
"""How often what is still listed is asked for."""
SOON = timedelta(days=1)
PUBLISHED = Cause("Publer published it before it could be removed", hint="Delete it on the network itself.")
STILL_LISTED = Cause("Publer still lists it as scheduled, after it was asked to remove it")
REPEATS = Cause("it repeats in Publer, and only its scheduled posts are removed", hint="Stop it in Publer.")
LEFT_SETTINGS = Cause("its account is no longer in publer.yaml", hint="Delete it in Publer.")
UNLISTED = Cause("an apply sent it, and Publer does not list it yet", hint="Run hold again to look for it.")
UNCHECKED = Cause("it is not known whether Publer removed it", hint="Run hold again to look for it.")
UNREAD = Cause(
    "Publer lists a post that publer-sync cannot read, and it may be this one", hint="Look for it in Publer."
)
HIDDEN = Cause("Publer's list of posts is incomplete and lacks it", hint="Run hold again to look for it.")


@dataclass(slots=True)
class Holder:
    """`state` has the hold; afterwards it has what was found out as well."""

    means: Means
    plan: Plan
    """Its holds, and what a plan knows of the posts in their scope."""
    state: State
    account_ids: Sequence[str]
    wanted: Mapping[int, Post] = field(default_factory=dict)
    """The posts of the calendar, by the key of their copy, where it is known: what they say now counts too."""
    noting: Callable[[Mapping[str, Seen | None]], None] = lambda _: None
    """Called before Publer is asked to remove posts: with their ids, and with what Publer shows of those that someone edited.

    It is not called again for what the state already has (`noted`).
    """
    shared: bool = False
    """Whether an apply on another machine may still send what it has noted: no lock keeps it out."""
    elsewhere: Callable[[], Elsewhere] = Elsewhere
    """What other calendars manage."""
    only: Collection[int] | None = None
    """The keys of the copies that it is about, where a command is about some posts only."""
    account: Callable[[str], Account | None] = lambda _: None
    """Finds an account by its id."""
    live: Listing = field(default_factory=Listing)
    noted: dict[str, Seen | None] = field(default_factory=dict)
    asked: dict[str, Held] = field(default_factory=dict)
    """What Publer was asked to remove, by its id."""
    removed: set[str] = field(default_factory=set)
    """What Publer said that it removed."""
    why: dict[str, Cause] = field(default_factory=dict)
    unchecked: set[str] = field(default_factory=set)
    """What was asked for after the last listing."""
    planned: dict[int, Held] = field(init=False)
    """What the plan has of posts on hold, by the key of their copy."""

    @property
    def hold(self) -> Hold:
        return self.plan.holds[0]

    def __post_init__(self) -> None:
        held = (change for change in self.plan.changes if isinstance(change, Held))
        self.planned = {change.copy.key: change for change in held if change.copy}

    def survey(self) -> HoldReport:
        """What would go, and stays: nothing is sent but GET."""
        self._list()
        self._list_repeating()
        self.asked = {live.id: self._held(copy, live) for copy, live in self._going()}
        going = (Result(change, Outcome.NOT_TRIED, post_id=post_id) for post_id, change in self.asked.items())
        return replace(self._report([*going, *self._never_asked()]), written=False)

    def stop_soonest(self) -> None:
        """Take out what is due today and tomorrow, then the rest, page by page as Publer lists it.

        By the ids of the state alone: a list of some posts proves nothing of others. What this misses, `stop_all` finds.
        """
        on_hold = self._on_hold  # what is asked for changes nothing in its scope
        managed = {copy.post_id: copy for copy in self.state.copies.values() if copy.post_id}
        try:
            for ahead in (SOON, HORIZON):
                while going := self._first_listed(ahead, managed, on_hold):
                    self._remove(going)
        except UnrequestedDelete:
            raise
        except ServiceError as error:
            self.means.progress("on hold", f"{error.message}; trying again")

    def _first_listed(
        self, ahead: timedelta, managed: Mapping[str, Copy], on_hold: OnHold
    ) -> list[tuple[Copy, LivePost]]:
        """What of the first page has to go, and was not asked for before."""
        now = self.means.clock.now()
        page = self.means.publer.first_page(
            since=(now - LATE).date(),
            until=(now + ahead).date(),
            account_ids=self.account_ids,
            states=("scheduled",),
        )
        return [
            (copy, live)
            for live in page
            if (copy := managed.get(live.id)) is not None and live.id not in self.asked
            if on_hold.stoppable(copy, live, now, self.wanted.get(copy.key))
        ]

    def stop_listed(self) -> None:
        """Take out what the last listing shows. Whether it is out, the next listing tells."""
        if going := list(self._going()):
            self._remove(going)

    def stop_all(self) -> None:
        """List everything and take it out, until a listing shows nothing more, or nothing more helps."""
        waits = growing_waits(self.means.poll_seconds)
        for number in range(PASSES + 1):
            if number:
                self.means.clock.sleep(next(waits))
            try:
                self._list()
            except ServiceError as error:
                if number == PASSES:
                    self._remove_unseen(error)
                    raise
                continue
            going = [*self._going(), *(self._unseen() if self.live.gaps else ())]
            if not going or number == PASSES:
                return
            self._remove(going)

    def _remove_unseen(self, error: ServiceError) -> None:
        """Without a list, take out what the ledger has as scheduled and ahead, and say in the error what that leaves."""
        if going := list(self._unseen()):
            self._remove(going)
            out = sum(live.id in self.removed for _, live in going)
            posts = "1 post" if out == 1 else f"{out} posts"
            told = f"Publer removed {posts} by id; what someone edited in Publer since the last apply was not kept."
            error.hint = " ".join(filter(None, (told, error.hint)))

    def _unseen(self) -> Iterator[tuple[Copy, LivePost]]:
        """What the ledger has as scheduled, ahead and in scope, that the last list lacks, as it was seen last."""
        listed, on_hold, now = self._by_id, self._on_hold, self.means.clock.now()
        for copy in self.state.copies.values():
            if copy.post_id is None or copy.post_id in self.asked or copy.post_id in listed or copy.end:
                continue
            last = copy.shown or copy.seen
            if copy.account not in self.account_ids or not copy.publishes_itself or copy.minute <= now:
                continue
            text, title = (last.text, last.title) if last else (copy.text, None)
            link, media = (last.link, last.media) if last else (None, None)
            live = LivePost(
                copy.post_id, copy.on, "scheduled", copy.minute, text, title=title, link=link, media=media
            )
            if on_hold.stoppable(copy, live, now, self.wanted.get(copy.key)):
                yield copy, live

    def stop_under_way(self, timeout: float) -> None:
        """Follow what an apply had sent for `timeout` seconds, and take out each post as soon as it shows."""
        if not self.under_way:
            return
        deadline, looks = self.means.publer.deadline(timeout), growing_waits(3 * self.means.poll_seconds)
        follower = Follower(
            ask=lambda job_id, until: self.means.publer.job(job_id, deadline=until),
            list_posts=lambda: listing(
                self._anywhere, self.state, account_ids=self.account_ids, now=self.means.clock.now()
            ),
            clock=self.means.clock,
            poll_seconds=self._settling,
            stop=self.means.stop,
            waiting=lambda seconds: self.means.progress(
                "on hold", f"an apply's job is still running, {seconds} s"
            ),
            showing=lambda shown, of: self.means.progress(
                "on hold", f"{shown} of {of} posts under way are settled"
            ),
            theirs=self.elsewhere().ids,
        )
        while (keys := self.under_way) and deadline.left > 0 and not self.means.stop():
            followed = follower.follow(self.state, keys, deadline.within(next(looks)))
            self._listed(followed.live, followed.state)
            if any(self._going()):
                self.stop_all()

    def note_left_alone(self) -> None:
        """Note in the hold what is not managed here and was there before: what comes later, plan names."""
        left_alone = frozenset(post.id for post in self._unmanaged())
        self.plan = replace(self.plan, holds=(replace(self.hold, left_alone=left_alone),))
        self.state = with_hold(self.state, self.hold)

    def report(self, error: PublerSyncError | None = None) -> HoldReport:
        """What became of it all; `error` ended it."""
        if error is None:
            self._list_repeating()
        return self._report([*self.results, *self._never_asked()], error)

    def _report(self, results: Sequence[Result], error: PublerSyncError | None = None) -> HoldReport:
        requests, timezone = self.means.publer.requests, self.plan.timezone
        return HoldReport(
            self.plan,
            ApplyReport(in_order(results), 0, requests, 0.0, timezone, error=error),
            tuple(self._unmanaged()),
            unlabelled=tuple(self._unlabelled()),
        )

    def conclude(self, state: State) -> State:
        """A state that another run may have written meanwhile, with the hold and with what it took out."""
        state = with_hold(state, self.hold)
        for key, post_id in self._keys.items():
            ours, theirs = self.state.copies.get(key), state.copies.get(key)
            # Of None, a listing has found it since.
            same = theirs is not None and theirs.post_id in (post_id, None)
            if ours is not None and ours.removing_at and theirs is not None and same:
                state.put(
                    replace(
                        theirs,
                        post_id=post_id,
                        removing_at=ours.removing_at,
                        removed=ours.removed,
                        held=True,
                        shown=ours.shown,
                        moved_to=ours.moved_to,
                        end=ours.end,
                        ended_at=ours.ended_at,
                    )
                )
        return state

    # --- what there is ----------------------------------------------------------------------------------------------

    @property
    def _settling(self) -> float:
        """The first poll wait by which requests settle: an apply elsewhere may have another one than this command, and a longer time to send."""
        return (
            max(self.means.poll_seconds, FRESH.total_seconds() / LEAVING_POLLS)
            if self.shared
            else self.means.poll_seconds
        )

    @property
    def _on_hold(self) -> OnHold:
        return OnHold.of(self.plan.holds, self.state.copies.values(), self.only)

    @property
    def _anywhere(self) -> LooksAnywhere:
        """Reads Publer's lists for a survey: what has to go is looked for on all accounts where it is not on its own."""
        listed, on_hold = self.removed, self._on_hold
        meant = {
            copy.post_id
            for copy in self.state.copies.values()
            if copy.post_id and copy.end is None and copy.post_id not in listed
            if copy.account in self.account_ids and on_hold.covers(copy, post=self.wanted.get(copy.key))
        }
        return LooksAnywhere(self.means.publer, frozenset(meant))

    def _list(self) -> None:
        seen = survey(
            self._anywhere,
            self.state,
            account_ids=self.account_ids,
            clock=self.means.clock,
            poll_seconds=self._settling,
            elsewhere=self.elsewhere,
        )
        self._listed(seen.live, seen.state)

    def _list_repeating(self) -> None:
        """See what repeats as well. The rest is told without it."""
        with suppress(ServiceError):
            more = self.means.publer.repeating(account_ids=self.account_ids)
            self.live = replace(joined_listings(self.live, more), short=self.live.short)

    def _listed(self, live: Listing | None, state: State | None) -> None:
        if live is not None:
            self.live = live
            self.unchecked.clear()
        self.state = state or self.state

    @property
    def _by_id(self) -> dict[str, LivePost]:
        return {post.id: post for post in self.live}

    def _going(self) -> Iterator[tuple[Copy, LivePost]]:
        """What is listed as scheduled, managed, and in scope."""
        listed, on_hold, now = self._by_id, self._on_hold, self.means.clock.now()
        for copy in self.state.copies.values():
            live = listed.get(copy.post_id or "")
            wanted = self.wanted.get(copy.key)
            if live is None or copy.account not in self.account_ids:
                continue
            if on_hold.stoppable(copy, live, now, wanted):
                yield copy, live

    @property
    def under_way(self) -> list[int]:
        """The keys of what an apply sent, is in scope, and is not settled."""
        on_hold = self._on_hold
        return [
            copy.key
            for copy in self.state.copies.values()
            if copy.under_way and not copy.draft
            if copy.account in self.account_ids and on_hold.covers(copy, post=self.wanted.get(copy.key))
        ]

    def _unmanaged(self) -> list[LivePost]:
        """What will be published anyway, what repeats first."""
        managed, now = {copy.post_id for copy in self.state.copies.values()}, self.means.clock.now()
        return sorted(
            (
                post
                for post in self.live
                if post.id not in managed and post.account_id in self.account_ids
                if reaches(self.hold, post, now)
            ),
            key=lambda post: (post.family not in REPEATING, post.at or now, post.id),
        )

    def _unlabelled(self) -> Iterator[Result]:
        """What was made in Publer and adopted, and may have a label of the hold: nothing shows its labels."""
        listed, now = self._by_id, self.means.clock.now()
        for copy in self.state.copies.values():
            live, post = listed.get(copy.post_id or ""), self.wanted.get(copy.key)
            if live is None or live.account_id not in self.account_ids or live.id in self.asked:
                continue
            if labels_unknown(self.hold, copy, live, post, now):
                yield Result(self._held(copy, live), Outcome.NOT_TRIED, post_id=live.id)

    # --- taking out -------------------------------------------------------------------------------------------------

    def _remove(self, going: Sequence[tuple[Copy, LivePost]]) -> None:
        """Soonest first. Whether they are gone, the next listing tells. Raises UnrequestedDelete."""
        going = sorted(going, key=lambda each: (each[1].at or each[0].slot, each[0].key))
        now = self.means.clock.now()
        for copy, live in going:
            self.unchecked.add(live.id)
            self.asked[live.id] = self._held(copy, live)
            before = self.state.copies[copy.key]
            if not live.unread:  # else nothing shows what someone made of it
                shown = Seen.of(live, before.seen)
                shown_now = None if shown == before.seen else shown
                before = replace(before.seen_on(live.account_id), shown=shown_now)
            self.state.put(replace(before, removing_at=now, held=True))
        copies = self.state.copies
        if not {live.id: copies[copy.key].shown for copy, live in going}.items() <= self.noted.items():
            removing = {post_id: copies[key].shown for key, post_id in self._keys.items()}
            self.noting(removing)
            self.noted |= removing
        answers = Answers()
        for start in range(0, len(going), HELD_DELETES):
            ids = [live.id for _, live in going[start : start + HELD_DELETES]]
            ask_to_remove(self.means.publer.delete, ids, answers)
            self.removed |= answers.removed
            self.means.progress("on hold", f"{len(self.removed)} of {len(self.asked)} out")
        told = {key: why for key, why in answers.refused.items() if why is not SILENT} | answers.unclear
        self.why = {key: why for key, why in self.why.items() if key not in answers.asked} | told
        for copy, live in going:
            if live.id in answers.removed:
                self.state.put(replace(self.state.copies[copy.key], removed=True))

    # --- what became of it ------------------------------------------------------------------------------------------

    def _held(self, copy: Copy, live: LivePost | None) -> Held:
        """As the plan has it, or what it did not know of."""
        if (planned := self.planned.get(copy.key)) is not None:
            return replace(planned, copy=copy, live=live)
        return held(copy, self.hold.reason, live, self.account(copy.account))

    @property
    def _keys(self) -> dict[int, str]:
        """Publer's ids of what it was asked to remove, by the keys of the copies."""
        return {change.copy.key: post_id for post_id, change in self.asked.items() if change.copy}

    @property
    def results(self) -> tuple[Result, ...]:
        """The outcomes so far, of what a plan had and of what Publer was asked to remove."""
        planned, listed = {each.live.id: each for each in self.planned.values() if each.live}, self._by_id
        known = (planned | self.asked).items()
        found = (self._result(post_id, change, listed.get(post_id)) for post_id, change in known)
        return tuple(filter(None, found))

    @property
    def is_done(self) -> bool:
        """Whether all in scope is out, as far as the last listing tells."""
        return all(result.outcome in DONE for result in (*self.results, *self._never_asked()))

    def _result(self, post_id: str, change: Held, live: LivePost | None) -> Result | None:
        out = Result(change, Outcome.APPLIED, post_id=post_id)
        published = change.copy is not None and self.state.copies[change.copy.key].end is End.PUBLISHED
        if post_id in self.unchecked and post_id in self.removed:
            return out
        if post_id in self.unchecked:
            return replace(out, outcome=Outcome.UNVERIFIED, why=self.why.get(post_id, UNCHECKED))
        if live is None and published:
            return replace(out, outcome=Outcome.FAILED, why=PUBLISHED)
        if live is None and post_id not in self.removed and self.live.short:
            return replace(out, outcome=Outcome.UNVERIFIED, why=HIDDEN)
        if live is None:
            return out
        if post_id not in self.asked and live.family is not Family.PUBLISHED:
            return None  # someone moved it out of the scope, or made it a draft
        scheduled = live.family in (Family.SCHEDULED, Family.OTHER)
        why = self.why.get(post_id, STILL_LISTED) if scheduled else PUBLISHED
        return Result(replace(change, live=live), Outcome.FAILED, why, post_id)

    def _never_asked(self) -> Iterator[Result]:
        """What Publer was not asked to remove, of what is in scope and may still be published."""
        listed, on_hold, managed = self._by_id, self._on_hold, self.state.post_ids
        unread = {post.account_id for post in self.live.unread if post.id not in managed}
        now = self.means.clock.now()
        for copy in self.state.copies.values():
            live = listed.get(copy.post_id or "")
            if (copy.post_id or "") in self.asked or not on_hold.covers(
                copy, live, self.wanted.get(copy.key)
            ):
                continue
            if live is not None and condition(live) is None:
                continue  # it is not published: declined, failed, or over
            unverified = Result(self._held(copy, None), Outcome.UNVERIFIED, post_id=copy.post_id)
            if copy.under_way and not copy.draft:
                yield replace(unverified, why=UNLISTED)
            elif live is not None and live.family in REPEATING:
                yield Result(self._held(copy, live), Outcome.FAILED, REPEATS, live.id)
            elif live is not None and live.family is Family.SCHEDULED:
                why = STILL_LISTED if copy.account in self.account_ids else LEFT_SETTINGS
                yield Result(self._held(copy, live), Outcome.FAILED, why, live.id)
            elif live is not None or not copy.publishes_itself or not may_be_unseen(copy, now):
                continue
            elif self.live.short and copy.account in self.account_ids:
                yield replace(unverified, why=HIDDEN)
            elif not unread.isdisjoint(("", copy.account, copy.on)):
                yield replace(unverified, why=UNREAD)

"""What must hold in every world: what docs/reliability.md promises, as questions to ask after each step. `findings` has their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import dumps
from publer_sync.planning.plan import Adopt
from publer_sync.values.errors import PublerSyncError, UnrequestedDelete
from tests.simulate import tolerance
from tests.simulate.entries import note
from tests.simulate.findings import Finding, differs, ids_in_state, minutes, name_of
from tests.simulate.service import COLLEAGUES, US
from tests.simulate.wants import ALIASES, IDS, Want, face_of, when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publer_sync.ledger.state import State
    from tests.simulate.entries import Entry
    from tests.simulate.running import Running
    from tests.simulate.service import Trace
    from tests.simulate.world import Book, World

FREEZE = timedelta(minutes=15)
CUT_OFF = 600.0
"""Seconds for which what a killed run sent may still come."""
LONGEST_JOB = 3600.0
"""Seconds: what Publer runs later, when nobody asks any more, no rule can wait for."""
SLACK = timedelta(minutes=2)
"""Between the moment at which a rule is judged and the one at which its request arrives."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An apply ended well with this post ahead: it is going to be published, or somebody is told."""

    want: Want
    made: float


class Watch:
    def __init__(self, world: World) -> None:
        self.world = world
        self.findings: list[Finding] = []
        self.promises: dict[int, Promise] = {}
        self._published: dict[int, list[Trace]] = {}
        self._known: set[int] = set()
        self._holds: list[tuple[Book, float, Hold, set[int], set[int]]] = []
        """Each with the entries of other calendars, and the posts that were nobody's when it ended."""
        self._ever_told: set[int] = set()
        self.in_two_parts = False
        """Somebody copied a part of the ledger: what is in it is in two copies."""
        self.careless = False
        """An older state was restored, so that what it does not know may happen again."""
        self.unsure: set[tuple[str, datetime]] = set()
        """The slots of what that state had sent or edited and not seen: whatever fits there is taken for it."""

    def find(self, code: str, sentence: str) -> None:
        self.findings.append(Finding(code, sentence))

    # --- before each write ----------------------------------------------------------------------------------------------

    def write(self, running: Running, method: str, trace: Trace) -> None:
        """A PUT or DELETE of a post leaves."""
        self.look()
        verb = "edited" if method == "PUT" else "removed"
        world, name = self.world, name_of(trace)
        if not trace.alive:
            return
        self._claimed(running, trace)
        ours = trace.entry is not None and any(each.number == trace.entry for each in running.book.entries)
        if not ours and trace.at is not None and trace.at <= world.now:
            return  # a draft whose time has passed, which moves nowhere
        if not ours and trace.entry is not None and self.world.entry(trace.entry).out:
            return  # one of its copies was published: another one would publish it again
        if not ours and trace.entry is not None and not self._wanted_there(running, trace):
            return  # pasted with another time, it is another post: what was cut goes, and the new one is made
        if not ours and self._asked_by(running.book, trace):
            return  # two calendars sent the same: it is either's
        state = running.book.state
        if not ours and self.careless and self.in_two_parts and state and trace.stored.id in state.post_ids:
            return  # of two parts that had it, only this one has it since the other was restored
        if not ours:
            whose = "a colleague's" if trace.entry is None else "the other calendar's"
            self.find("foreign", f"{whose} post {name} was {verb}")
            return
        entry = world.entry(trace.entry or 0)
        wants = [want for want in running.wants if running.by_line.get(want.line) is entry]
        on_hold = running.command == "hold" or self._in_holds(running.book, entry, trace, *wants)
        overwrite = "--overwrite-edits" in running.options or running.book.settings.edits == "overwrite"
        texts = {entry.want.text, trace.by_us, *(want.text for want in wants)}
        slots = entry.slots | {want.slot for want in wants}
        words = trace.text != trace.by_hand or trace.text in texts
        said = any((want.slot, want.text) == (trace.slot, trace.text) for want in running.wants)
        agreed = said or (words and trace.slot in slots)  # edited back, or the calendar says it too
        if self.careless:  # an older state may have just these words as what was sent last
            agreed |= any(want.text == trace.text for wants in running.book.versions for want in wants)
            # the first post of its kind may be rewritten by Publer: what is in its minute is told as that (6)
            agreed |= trace.slot in self.unsure
        if trace.edited and trace.shown > trace.edited and not (overwrite or on_hold or agreed):
            self.find("edited", f"{name}, which a colleague had edited, was {verb}")
        soon = trace.ahead and trace.at is not None and trace.at - world.now < FREEZE - SLACK
        own = trace.made >= running.started
        meant = on_hold or own or entry.out or tolerance.is_scheduled_draft(world, entry)
        # what a colleague published in its place counts as it: this one would say the same twice
        meant |= soon and self._by_hand(entry, entry.want)
        if soon and trace.shown > trace.touched and not (meant or "--allow-frozen" in running.options):
            self.find(
                "freeze", f"{name} was {verb} {minutes((trace.at or world.now) - world.now)} before its time"
            )
        if method == "PUT":
            trace.edited = 0

    def _asked_by(self, book: Book, trace: Trace) -> bool:
        """Whether a command of a calendar asked for just this post."""
        asked = trace.account, trace.at, trace.text
        return any(asked in run.asked for run in self.world.runs if run.book is book)

    def _wanted_there(self, running: Running, trace: Trace) -> bool:
        """Whether another calendar wants a post in its slot."""
        others = (book for book in self.world.books if book is not running.book)
        return any(want.slot == trace.slot for book in others for want in book.wants)

    def _claimed(self, running: Running, trace: Trace) -> None:
        """A post that fits what was sent and may have come to nothing: nobody can tell it from ours."""
        if trace.entry is None and trace.at is not None:
            trace.entry = running.intended(trace.account, trace.at, trace.text)
        if trace.entry is None and (state := running.book.state) is not None:
            as_claimed = (
                running.intended(trace.account, copy.slot, copy.text)  # as it was when a run took it
                for copy in state.copies.values()
                if copy.post_id == trace.stored.id
            )
            trace.entry = (
                next(as_claimed, None)
                or self._first_of_its_kind(running, state, trace)
                or self._found_elsewhere(state, trace)
            )

    @staticmethod
    def _found_elsewhere(state: State, trace: Trace) -> int | None:
        """The entry whose copy has taken a post that a colleague moved before any list showed it: by its words, within a day."""
        return trace.was if trace.stored.id in state.post_ids else None

    # --- after each command ---------------------------------------------------------------------------------------------

    def after(self, running: Running) -> None:
        if isinstance(running.error, UnrequestedDelete) or (
            isinstance(running.error, Exception) and not isinstance(running.error, PublerSyncError)
        ):
            self.find("crash", f"{running.command} raised {running.error!r}")
            return
        if self.world.is_copy(running.book) and running.done:
            self.find(
                "copied", f"{running.command} of a copy with the name of the first calendar changed something"
            )
        self._agreed(running)
        self._older(running)
        self._held_by_settings(running)
        self._states(running)
        self._adoptions(running)
        self._refused(running)
        self._given_up(running)
        self._ever_told |= running.told
        for number in running.let_through:
            self.world.entry(number).let_through = True
        if running.command == "apply" and running.ok and not self.careless:
            self._kept(running)
            self._well(running)
        elif running.command == "apply" and running.ok:
            self._as_said(running)
        for number in running.told:
            self.promises.pop(number, None)
        if running.command == "hold":
            for entry in running.book.entries:
                if any(
                    self._in_holds(running.book, entry, copy) for copy in (*self.world.copies(entry), None)
                ):
                    self.promises.pop(entry.number, None)
        self.look()

    def _older(self, running: Running) -> None:
        """In git, files that lack what was applied last are refused."""
        book, world = running.book, self.world
        if not world.start.commits or running.command != "apply" or running.together:
            return
        version = max(0, len(book.versions) - 1 - running.older)
        last = book.applied
        lacks = last is not None and version < last and book.versions[version] != book.versions[last]
        if lacks and (running.done or running.ok) and not self.careless:
            self.find("older", "an apply from files that lack what was applied last was carried out")
        if running.done or running.ok:
            book.applied = version

    def _held_by_settings(self, running: Running) -> None:
        """What the settings hold is out of Publer after an apply that ends with 0."""
        hold = running.book.settings.hold
        if hold is None or running.command != "apply" or running.code != 0 or running.older:
            return
        accounts = tuple(self.world.accounts[alias].id for alias in hold.accounts)
        self.held(running.book, Hold(hold.reason, self.world.now, accounts, hold.labels, settings=True))

    def _agreed(self, running: Running) -> None:
        """An edit that a list showed to an apply whose calendar says just that is no edit any more."""
        if running.command != "apply":
            return
        wanted = {(want.slot, want.text) for want in running.wants}
        as_shown = self.world.faults.shown_text or str
        for trace in self.world.service.traces:
            seen = trace.edited and trace.shown > trace.edited
            if seen and not wanted.isdisjoint(
                (trace.slot, text) for text in (trace.text, as_shown(trace.text))
            ):
                trace.edited = 0

    def _states(self, running: Running) -> None:
        """Every state reads back byte for byte, and no post is in two copies, but for what an older state gave away since."""
        seen: dict[str, str] = {}
        for book in self.world.books:
            if book.deleted or self.world.is_copy(book):
                continue
            document = book.part.document
            if document is None:
                continue
            try:
                state = book.state
                assert state is not None
            except PublerSyncError as error:
                self.find("bytes", f"the state of {book.name} cannot be read: {error.message}")
                return
            if book is running.book and dumps(state).encode() != document:
                self.find("bytes", f"the state of {book.name} does not read back as it was written")
            for post_id in ids_in_state(state):
                two = self.careless or self.in_two_parts
                if post_id in seen and not (two and seen[post_id] != book.name):
                    self.find(
                        "copies", f"the post {post_id} is in two copies, of {seen[post_id]} and {book.name}"
                    )
                seen[post_id] = book.name

    def _adoptions(self, running: Running) -> None:
        """What the state has of colleagues' posts, it adopted: the calendar wants it just so."""
        book = running.book
        if (state := book.state) is None:
            return
        self._published_for(running)
        self._gone_while_adopted(running, state)
        by_id = {trace.stored.id: trace for trace in self.world.service.traces if not trace.gone}
        for post_id in ids_in_state(state):
            trace = by_id.get(post_id)
            if trace is None or trace.entry is not None or trace.at is None or trace.published is not None:
                continue  # what was published with the words about the time is taken for the post
            here = (want for want in running.wants if want.slot == trace.slot)
            wanted = next((want for want in here if self._says_the_same(want, trace)), None)
            intended = running.intended(trace.account, trace.at, trace.text)
            adopted = self._adopted(running, trace)
            if (first := self._first_of_its_kind(running, state, trace)) is not None:
                trace.entry, self.world.entry(first).let_through = first, True  # and told
            elif adopted is not None:
                trace.entry, trace.edited = adopted, trace.touched  # somebody touched it just then
                entry = self.world.entry(adopted)
                note(entry, entry.want)
            elif wanted is not None and wanted.line in running.by_line:
                entry = running.by_line[wanted.line]
                entry.let_through = entry.let_through or entry.out  # a colleague publishes it again
                trace.entry = running.by_line[wanted.line].number
                trace.edited = 0
                running.by_line[wanted.line].slots.add(wanted.slot)
            elif intended is not None:
                trace.entry = intended
            elif trace.maker == COLLEAGUES and trace.touched_at < running.started:
                self.find(
                    "claimed",
                    f"the state of {book.name} has a colleague's post that it does not want: {name_of(trace)}",
                )

    def _says_the_same(self, want: Want, trace: Trace) -> bool:
        return want.text == trace.text or tolerance.is_as_shown(self.world, trace, want)

    @staticmethod
    def _first_of_its_kind(running: Running, state: State, trace: Trace) -> int | None:
        """The entry whose copy was the first of its kind: what comes up in its minute, or with its words, is taken for it."""
        allowed = "--allow-rewritten" in running.options  # then it is taken as it is, and alone no more
        # one that failed meanwhile is judged already
        copies = (copy for copy in state.copies.values() if copy.alone or copy.end is End.FAILED or allowed)
        found = (copy for copy in copies if copy.post_id == trace.stored.id)
        for copy in found:
            slot = trace.account, copy.slot
            wanted = [running.by_line[want.line] for want in running.wants if want.slot == slot]
            for entry in (*running.book.entries, *wanted):  # the intent may be all that there is of it
                if slot in entry.slots or entry.want.slot == slot or entry in wanted:
                    return entry.number
        return None

    def _gone_while_adopted(self, running: Running, state: State) -> None:
        """What a colleague deleted or published while an apply took it was that post's all the same."""
        places = {
            change.live.id: change.post.slot
            for change in (running.plan.changes if running.plan else ())
            if isinstance(change, Adopt)
        }
        places |= {copy.post_id: copy.place for copy in state.copies.values() if copy.post_id}
        for trace in self.world.service.traces:
            if trace.entry is not None or (trace.published is None and not trace.gone):
                continue
            if trace.stored.id in places and (trace.gone or trace.touched_at >= running.started):
                slot = places[trace.stored.id]
                for want in running.wants:
                    if want.slot == (ALIASES[slot.account], slot.at):
                        entry = running.by_line[want.line]
                        note(entry, want)
                        trace.entry, entry.out = entry.number, entry.out or trace.published is not None

    def _published_for(self, running: Running) -> None:
        """What a colleague made and published just as it was sent, nobody can tell from what was sent."""
        for trace in self.world.service.traces:
            if trace.entry is not None or trace.published is None or trace.planned is None:
                continue
            if (trace.account, trace.planned, trace.text) in running.unseen:
                trace.entry = running.intended(trace.account, trace.planned, trace.text)
                if trace.entry is not None:
                    self.world.entry(trace.entry).out = True

    @staticmethod
    def _adopted(running: Running, trace: Trace) -> int | None:
        """The entry for which this apply took it, as it was wanted or sent when its lists showed it, if it is otherwise since."""
        for change in running.plan.changes if running.plan else ():
            live = change.live
            if live is None or live.at is None or live.id != trace.stored.id:
                continue
            if (live.at, live.text) == (trace.at, trace.text):
                continue
            if isinstance(change, Adopt) and (live.at, live.text) == (change.post.at, change.post.text):
                return running.by_line[change.post.location.line].number
            if (intended := running.intended(trace.account, live.at, live.text)) is not None:
                return intended
        return None

    def _refused(self, running: Running) -> None:
        """What Publer is said to have refused, it does not have, unless it says so of what it made."""
        if tolerance.refuses_untruly(self.world):
            return
        for trace in self.world.service.traces:
            known = trace.maker == US and not trace.hands and trace.sent >= running.started
            if trace.entry and tolerance.is_scheduled_draft(self.world, self.world.entry(trace.entry)):
                continue
            if tolerance.is_never_listed(self.world, trace):
                continue
            others = (book for book in self.world.books if book is not running.book)
            if any(self._asked_by(book, trace) for book in others):
                continue  # that of a run which was cut off came just then
            asked = trace.account, trace.at, trace.text
            others_of_it = (run for run in self.world.runs if run is not running and asked in run.asked)
            if any(
                running.started - run.started < (CUT_OFF if run.code is None else 0.0) for run in others_of_it
            ):
                continue  # Publer took it from one that was killed just before, or that took over
            if known and trace.alive and (trace.entry, trace.at) in running.refused:
                self.find("refused", f"apply said that Publer refused {name_of(trace)}, and Publer has it")

    def _given_up(self, running: Running) -> None:
        """A post that Publer does not delete keeps no other one."""
        for ids in running.given_up:
            traces = [trace for trace in self.world.service.traces if trace.stored.id in ids]
            # by its entry: once it is published, it has another id
            entries = {trace.entry for trace in traces}
            refused = (trace for trace in self.world.service.traces if trace.undeletable)
            if traces and not any(trace in traces or trace.entry in entries for trace in refused):
                self.find(
                    "given up", f"{name_of(traces[0])} was not removed, since Publer refused another post"
                )

    def _well(self, running: Running) -> None:
        """An apply that told of nothing: Publer has what the calendar says."""
        world, now = self.world, self.world.now
        wanted = {running.by_line[want.line].number: want for want in running.wants}
        for entry in running.book.entries:
            want = wanted.get(entry.number)
            copies = world.copies(entry)
            unseen = any(
                copy.touched > copy.shown or copy.touched_at >= running.started
                for copy in copies
                if not running.had_to_see(entry.number, copy)
            )
            stuck = any(copy.undeletable and not copy.gone for copy in copies)
            if entry.number in running.told or unseen or stuck or entry.let_through:
                self.promises.pop(entry.number, None)
                continue
            if any(self._in_holds(running.book, entry, copy) for copy in (*copies, None)):
                self.promises.pop(entry.number, None)
                continue
            alive = [copy for copy in copies if copy.alive and copy.shown and copy.at and copy.at > now]
            if want is None:
                self.promises.pop(entry.number, None)
                stays = running.book.settings.prune == "none"
                stays |= tolerance.is_another_draft(self.world, entry, entry.want)
                stays |= self.world.is_on_its_way(entry)
                stays |= bool(alive) and self._is_anothers(running.book, alive[0])
                stays |= bool(alive) and self._wanted_so(running, alive[0]) is not None
                stays |= bool(alive) and tolerance.lost_its_id(self.world, alive[0])
                stays |= bool(alive) and tolerance.came_unseen(self.world, running, alive[0])
                if alive and not stays and entry.number not in running.told:
                    self.find(
                        "orphan",
                        f"{name_of(alive[0])} left the calendar and is still in Publer, and apply ended with {running.code}",
                    )
                continue
            if want.draft:
                self.promises.pop(entry.number, None)
            if want.at <= now:
                continue
            self._as_wanted(running, entry, want, alive)

    def _is_anothers(self, book: Book, trace: Trace) -> bool:
        """Whether it is another calendar's by now, in the ledger and as that one wants it."""
        others = [other for other in self.world.books if other is not book and other.state is not None]
        return any(
            trace.stored.id in ids_in_state(other.state)
            and any(want.slot == trace.slot for want in other.wants)
            for other in others
            if other.state is not None
        )

    def _kept(self, running: Running) -> None:
        """What is blocked stays as it is: no wanted post loses its last copy for nothing."""
        for want in running.wants:
            entry = running.by_line[want.line]
            copies = self.world.copies(entry)
            lost = [copy for copy in copies if copy.number in running.removed]
            if not lost or entry.number in running.sent or entry.out or entry.number in running.told:
                continue  # whoever is told that it is unverified waits for the next apply
            if want.draft and want.at <= self.world.now:
                continue
            if any(copy.alive or copy.published is not None or copy.hands for copy in copies):
                continue  # a colleague who acts in the very minute may have the last word
            if self._by_hand(entry, want):
                continue  # nothing tells what a colleague published then from ours
            new = {trace.slot for trace in self.world.service.traces if trace.made >= running.started}
            if lost[0].slot in new:
                continue  # put back, or another one with the same words
            if not any(self._in_holds(running.book, entry, copy) for copy in (*lost, None)):
                self.find(
                    "lost", f"{name_of(lost[0])}, the only copy of {want.name}, was removed for nothing"
                )

    def _as_wanted(self, running: Running, entry: Entry, want: Want, alive: list[Trace]) -> None:
        how = f"and apply ended with {running.code} and told nothing of it"
        if want.draft and any("schedule" in copy.hands for copy in self.world.copies(entry)):
            return  # it stays scheduled, and comes back so after a hold
        if tolerance.is_another_draft(self.world, entry, want):
            return
        there = [copy for copy in alive if copy.ahead or want.draft]
        alive = there or alive  # a draft may be beside it that a colleague made with its words
        if len(there) > 1:
            if any(tolerance.came_unseen(self.world, running, copy) for copy in there):
                return  # the next apply tells of it
            others = [book for book in self.world.books if book is not running.book]
            if want.draft and any(self._asked_by(book, copy) for book in others for copy in alive):
                return  # a copied calendar wants the same draft: each has one, and nothing tells which
            wanting = {self._wanted_so(running, copy) for copy in there}
            if None not in wanting and len(wanting) == len(there):
                return  # of posts that swapped their words, each is there once
            if want.id is None and running.book.settings.prune == "none":
                return  # what was moved and reworded without an id left the calendar, and stays there
            times = " and ".join(when(copy.at) for copy in alive if copy.at)
            self.find("two", f"{want.name} is in Publer twice, at {times}, {how}")
        elif (
            not alive
            and not (entry.out and entry.number in self._ever_told)
            and not self._has_come(entry, want)
            and not self._equal_is_there(want)
            and not self._by_hand(entry, want)
            and not self._touched_meanwhile(running, want)
        ):
            self.find("missing", f"{want.name} is not in Publer, {how}")
        elif alive and (alive[0].slot != want.slot or differs(alive[0], want)):
            if self._exchanged(running, alive[0], want) or tolerance.is_as_shown(self.world, alive[0], want):
                return
            if entry.number in self._ever_told and not differs(alive[0], want, blind=True):
                return  # of two requests with these words, of which one had no visible end, nothing tells which one it was
            self.find("different", f"{want.name} is in Publer as {name_of(alive[0])}, {how}")
        elif alive:
            if not want.draft:
                self.promises[entry.number] = Promise(want, running.ended)
            alive[0].edited = 0

    def _exchanged(self, running: Running, trace: Trace, want: Want) -> bool:
        """Whether another entry's post is as wanted here, and its own as wanted there or with words that somebody gave it by hand: then they are exchanged."""
        others = (copy for copy in self.world.service.traces if copy.alive and copy.entry != trace.entry)
        as_wanted = next(
            (copy for copy in others if copy.slot == want.slot and not differs(copy, want)), None
        )
        if as_wanted is None or not (as_wanted.hands or self._wanted_so(running, trace) == as_wanted.entry):
            return False
        trace.entry, as_wanted.entry = as_wanted.entry, trace.entry
        return True

    @staticmethod
    def _wanted_so(running: Running, trace: Trace) -> int | None:
        """The entry of which the calendar wants just this post."""
        wants = (want for want in running.wants if want.slot == trace.slot and not differs(trace, want))
        return next((running.by_line[want.line].number for want in wants), None)

    def _equal_is_there(self, want: Want) -> bool:
        """Whether a post is there that nothing tells from the wanted one: of two that swap, one may be put back for both."""
        return any(
            copy.alive and copy.slot == want.slot and not differs(copy, want)
            for copy in self.world.service.traces
        )

    def _touched_meanwhile(self, running: Running, want: Want) -> bool:
        """Whether a colleague touched it during this run, which went by an older list. After half of a swap, the ledger tells whose it is."""
        state = running.book.state
        copies = state.copies.values() if state is not None else ()
        known = {
            copy.post_id
            for copy in copies
            if copy.end is None and copy.id == want.id and copy.text == want.text
        }
        traces = self.world.service.traces
        return any(
            each.stored.id in known and each.alive and each.touched_at >= running.started for each in traces
        )

    def _has_come(self, entry: Entry, want: Want) -> bool:
        """Whether a copy of this slot was published, or is due just now."""
        return (
            any(
                (
                    copy.published is not None
                    and (copy.planned == want.at or (copy.hands and want.slot in entry.slots))
                )
                or (copy.ahead and copy.at and copy.at <= self.world.now)
                for copy in self.world.copies(entry)
            )
            or self._was_taken_for_it(entry, want)
            or self._came_for_both(want)
        )

    def _came_for_both(self, want: Want) -> bool:
        """Whether it was published once for two calendars whose parts both have it."""
        return self.in_two_parts and any(
            trace.published is not None
            and (trace.account, trace.planned) == want.slot
            and trace.text == want.text
            for trace in self.world.service.traces
        )

    def _was_taken_for_it(self, entry: Entry, want: Want) -> bool:
        """Whether a copy was published that a colleague had moved before any state had it."""
        return any(
            trace.was == entry.number and trace.published is not None and trace.text == want.text
            for trace in self.world.service.traces
        )

    def _as_said(self, running: Running) -> None:
        """Where an older state was restored, only what an apply calls right has to be right."""
        for want in running.wants:
            entry = running.by_line[want.line]
            alive = [
                copy
                for copy in self.world.service.traces
                if copy.alive and copy.shown and copy.slot == want.slot
            ]
            if entry.number in running.told or len(alive) != 1 or want.at <= self.world.now or alive[0].hands:
                continue
            if self._in_holds(running.book, entry, alive[0]) or want.slot in self.unsure:
                continue
            if entry.number in self._ever_told:
                continue
            if tolerance.is_as_shown(self.world, alive[0], want):
                continue
            if entry.out and alive[0].entry != entry.number:
                continue  # it went out early, and its minute is free for a colleague's post
            if alive[0].touched <= alive[0].shown and differs(alive[0], want, blind=True):
                self.find(
                    "different",
                    f"{want.name} is in Publer as {name_of(alive[0])}, and apply told nothing of it",
                )

    # --- after every step -----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """What became of posts since the last look."""
        for trace in self.world.service.traces:
            if trace.published is not None and trace.number not in self._known:
                self._known.add(trace.number)
                if trace.entry is not None:
                    self._out(trace)
            if trace.removed_by == US and trace.entry is None and trace.maker == COLLEAGUES:
                self.find("foreign", f"a colleague's post {name_of(trace)} was removed")
        for book, since, hold, elsewhere, free in () if self.careless else self._holds:
            for trace in self.world.service.traces:
                ours = trace.maker == US and trace.entry not in {None, *elsewhere}
                if ours and not trace.hands and trace.number not in free:
                    self._still_comes(book, since, hold, trace)

    def _still_comes(self, book: Book, since: float, hold: Hold, trace: Trace) -> None:
        if any(copy.maker == COLLEAGUES for copy in self.world.service.traces if copy.entry == trace.entry):
            return  # someone made it by hand while the hold lasted: it is outside
        entry = self.world.entry(trace.entry or 0)
        if tolerance.is_scheduled_draft(self.world, entry):
            return
        if entry.out and trace.at is not None and self._seconds_of(trace.at) <= since:
            return  # of a copy whose minute has come, no list tells what becomes of it
        if any(self._sent_by(other, trace) for other in self.world.books if other is not book):
            return  # it is another calendar's until it moves, whose own hold knows it
        if trace.made > since and trace.made - trace.sent > LONGEST_JOB:
            return  # nobody can know of a job that Publer did not run for hours
        late = trace.published is not None and trace.published > since + SLACK.total_seconds()
        if (
            (trace.ahead or late)
            and self._covers(hold, trace)
            and self.world.book_of(trace.entry or 0) is book
        ):
            what = "was published" if late else "is scheduled"
            self.find("held", f"hold ended with 0, and {name_of(trace)} {what}")

    @staticmethod
    def _sent_by(book: Book, trace: Trace) -> bool:
        """Whether a calendar's part of the ledger has it, or waits for what may be it."""
        copies = book.state.copies.values() if book.state is not None else ()
        return any(
            copy.end is None
            and (
                copy.post_id == trace.stored.id
                or (copy.post_id is None and (copy.slot, copy.text) == (trace.at, trace.text))
            )
            for copy in copies
        )

    def _out(self, trace: Trace) -> None:
        """A post of ours was published."""
        entry = self.world.entry(trace.entry or 0)
        entry.out = True
        before = self._published.setdefault(entry.number, [])
        before.append(trace)
        first = before[0]
        if first is trace or entry.let_through or self.careless:
            return
        if tolerance.is_scheduled_draft(self.world, entry) or tolerance.is_hidden_and_refused(
            self.world, first
        ):
            return
        if trace.maker == COLLEAGUES and entry.number in self._ever_told:
            return  # it fits what was sent and never seen, and nothing is removed that somebody else may have made
        name = entry.want.name
        if self._published_meanwhile(first, trace):
            return
        if trace.sent > self._went_out(first) and not self._past_knowing(first):
            self.find(
                "twice", f"{name} was published twice: the second one was sent after the first had gone out"
            )
        elif any(self._good(run, entry, first, trace) for run in self.world.runs):
            self.find(
                "twice",
                f"{name} was published twice: both were in Publer, and an apply in between ended well",
            )

    def _published_meanwhile(self, first: Trace, second: Trace) -> bool:
        """A colleague published it by hand in the course of the very run that sent the second one, which lists no post before each write."""
        begun = max((run.started for run in self.world.runs if run.started < second.sent), default=0.0)
        return "publish" in first.hands and begun <= (first.published or 0.0) <= second.sent

    def _past_knowing(self, first: Trace) -> bool:
        """A colleague changed it, no list showed that, and its id is another one now."""
        return first.touched > first.shown or "edit" in first.hands

    def _went_out(self, trace: Trace) -> float:
        """When its time came, in seconds of the clock."""
        if trace.planned is None or "publish" in trace.hands:
            return trace.published or 0.0
        return min(trace.published or 0.0, self._seconds_of(trace.planned))

    def _seconds_of(self, at: datetime) -> float:
        return (at - self.world.start.at).total_seconds()

    def _good(self, run: Running, entry: Entry, first: Trace, second: Trace) -> bool:
        """Whether this apply could have kept the second one from being published, and said nothing."""
        if run.command != "apply" or not run.ok or entry.number not in run.had:
            return False
        if any(entry.number in each.told for each in (run, *run.of_command)):
            return False
        if run.started < max(first.made, second.made) or first.hands or second.hands:
            return False
        if any(tolerance.came_unseen(self.world, run, each) for each in (first, second)):
            return False
        out, second_out = self._went_out(first), self._went_out(second)
        before = run.ended <= out - FREEZE.total_seconds() - SLACK.total_seconds()
        lag = self.world.start.lag.total_seconds()
        between = run.started >= out + lag + 120 and run.ended <= second_out - 120
        return before or between

    # --- holds ----------------------------------------------------------------------------------------------------------

    def held(self, book: Book, hold: Hold) -> None:
        """A hold ended with 0."""
        others = {entry.number for other in self.world.books if other is not book for entry in other.entries}
        free = {trace.number for trace in self.world.service.traces if trace.entry is None}
        self._holds.append((book, self.world.seconds, hold, others, free))
        self.look()

    def freed(self, book: Book) -> None:
        """The settings hold something else, or nothing any more."""
        self._holds = [each for each in self._holds if each[0] is not book or not each[2].settings]

    def goes_on_as(self, first: Book, copy: Book) -> None:
        """A copy is the calendar from now on."""
        self._holds = [(copy if each[0] is first else each[0], *each[1:]) for each in self._holds]

    def released(self, book: Book) -> None:
        self._holds = [each for each in self._holds if each[0] is not book]

    def _in_holds(self, book: Book, entry: Entry, trace: Trace | None, *wants: Want) -> bool:
        """Also by what was sent for it and never found, whatever the calendar says since: it may be in Publer, and in the scope.

        And by what a hold took out of its slot: a post that came there in its place is the same one, with other words.
        """
        state = book.state
        copies = state.copies.values() if state is not None else ()
        sent = [copy for copy in copies if copy.given_up or (copy.held and copy.removing_at)]
        sent = [copy for copy in sent if (ALIASES[copy.account], copy.slot) in entry.slots]
        return state is not None and any(
            any(_covers(hold, ALIASES[copy.account], copy.slot, copy.sent.labels) for copy in sent)
            or any(self._covers_want(hold, want) for want in (entry.want, *wants))
            or (trace is not None and self._covers(hold, trace))
            for hold in state.holds
        )

    @staticmethod
    def _covers(hold: Hold, trace: Trace) -> bool:
        return trace.at is not None and _covers(hold, trace.account, trace.at, face_of(trace.stored).labels)

    @staticmethod
    def _covers_want(hold: Hold, want: Want) -> bool:
        return _covers(hold, want.account, want.at, want.face.labels)

    # --- the end --------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """All times have passed, and applies have told what there was to tell."""
        self.look()
        for number, promise in self.promises.items():
            entry = self.world.entry(number)
            copies = self.world.copies(entry)
            if entry.out or entry.let_through or any(copy.hands for copy in copies):
                continue
            if self._by_hand(entry, promise.want) or self._was_taken_for_it(entry, promise.want):
                continue
            names = {number, *entry.known_as}
            told = any(run.told & names for run in self.world.runs if run.ended > promise.made)
            if not told and not self.careless:
                self.find(
                    "silent",
                    f"{promise.want.name} was to be published on {when(promise.want.at)}, was not, and nobody was told",
                )

    def _by_hand(self, entry: Entry, want: Want) -> bool:
        """Whether a colleague published the same words since: nothing tells them from ours."""
        since = max((copy.made for copy in self.world.copies(entry)), default=0.0) - SLACK.total_seconds()
        return any(
            trace.entry is None
            and trace.published is not None
            and trace.published >= since
            and (trace.account, trace.text) == (want.account, want.text)
            for trace in self.world.service.traces
        )


def _covers(hold: Hold, account: str, at: datetime, labels: Sequence[str]) -> bool:
    """Whichever id the account had when the hold began."""
    return any(hold.covers(each, [at], labels) for each in IDS[account])

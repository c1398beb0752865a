"""A world in one process: calendars, their states, Publer, one clock; and the real commands, run in it one after the other."""

from __future__ import annotations

import random
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest import mock

from publer_sync.calendar.load import Calendar
from publer_sync.calendar.publer_yaml.groups import Groups
from publer_sync.commands.reaching import identity, lineage, renaming
from publer_sync.commands.reaching.access import Access
from publer_sync.commands.reaching.neighbours import Neighbour, managed_by
from publer_sync.commands.reaching.session import Session
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.halting import Control
from publer_sync.ledger import git_store
from publer_sync.ledger.state import CalendarHome, State, loads
from publer_sync.planning.resolve import AccountList, find_workspace
from publer_sync.publer.sending import Sender
from publer_sync.sandbox.faults import Faults
from publer_sync.sandbox.records import parse_time
from publer_sync.sandbox.tempers import set_tempers
from publer_sync.values.errors import CalendarError, PublerSyncError
from publer_sync.values.model import AccountRef, Limits, Settings, Workspace
from publer_sync.values.problems import Location
from tests.simulate.clock import JumpingClock
from tests.simulate.entries import Entry, assign, note
from tests.simulate.findings import ids_in_state
from tests.simulate.invariants import Watch
from tests.simulate.machines import MachineClock, SimulatedLineage, version_of
from tests.simulate.places import TOP, Branch, File, Folder, Place, Remote
from tests.simulate.running import POLL_SECONDS, Intent, Quiet, UrgentlyWired, Wired
from tests.simulate.service import WORKSPACE, SimulatedService, Trace
from tests.simulate.wants import ACCOUNTS, ALIASES, Want, face_of
from tests.simulate.wire import Killed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.sandbox.records import Stored
    from publer_sync.values.model import Post
    from tests.simulate.history import Start
    from tests.simulate.running import Running
    from tests.simulate.steps import Meanwhile

TIMEOUT = 300.0
SERVICE = "simulated"


@dataclass(slots=True)
class Book:
    """A calendar: what its files said, version after version, and where its state is."""

    name: str
    place: Place
    """Where its settings say that its ledger is."""
    settings: Settings
    versions: list[tuple[Want, ...]]
    entries: list[Entry] = field(default_factory=list)
    seen: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """The slots of the posts that the last apply had in hand, by their lines."""
    documents: list[bytes] = field(default_factory=list)
    """The states that an older one can be restored from."""
    number: int = 0
    folder: str = ""
    was: str = ""
    """The name that it had before."""
    moved_to: Place | None = None
    """Where its ledger is by now, though its settings do not say so yet."""
    gone: bool = False
    """Whether it left the repository."""
    deleted: bool = False
    """Whether its folder is not there any more, and nothing of it is in the ledger."""
    applied: int | None = None
    """The version of the files that were applied last."""
    _read: tuple[bytes, State] | None = None

    @property
    def wants(self) -> tuple[Want, ...]:
        return self.versions[-1]

    def write(self, wants: tuple[Want, ...]) -> None:
        self.versions.append(tuple(sorted(wants, key=lambda want: (want.at, want.line))))

    @property
    def part(self) -> Place:
        """Where its part of the ledger is."""
        return self.moved_to or self.place

    @property
    def state(self) -> State | None:
        """As it was written last. Raises what the product raises where it cannot be read."""
        document = self.part.document
        if document is None and self.was:  # renamed, and not applied since
            document = replace(self.place, calendar=self.was).document
        if document is None:
            return None
        if self._read is None or self._read[0] is not document:
            self._read = document, loads(document, self.name)
        return self._read[1]


@dataclass(frozen=True)
class Others:
    """The other calendars: of the same command, or of the same checkout."""

    world: World
    running: Running

    def elsewhere(self, known: Elsewhere) -> Elsewhere:
        others = (each for each in self.of_command(()) if not each.beside)
        return managed_by(((each.name, each.part) for each in others), known)

    def of_command(self, accounts: Iterable[str], names: Iterable[str] = ()) -> Iterator[Neighbour]:
        del accounts, names
        return self._neighbours() if self.running.together else iter(())

    def of_checkout(self) -> Iterator[Neighbour]:
        return iter(()) if self.running.together else self._neighbours()

    def of_the_past(self) -> Iterator[Neighbour]:
        return iter(())

    def _neighbours(self) -> Iterator[Neighbour]:
        for book in self.world.books:
            if book is self.running.book or book.gone:
                continue
            posts = self.world.posts(book.wants)
            yield Neighbour(
                TOP / book.folder,
                book.name,
                partial(book.place.store, self.running.saving, self.running.clock),
                book.place.store(self.running.saving, self.running.clock),
                self.running.book.place.store(self.running.saving, self.running.clock),
                partial(_readable, posts),
                partial(calendar_of, book, book.wants),
                frozenset(account.id for account in self.world.accounts.values()),
                together=self.running.together,
                on_hold=book.settings.hold is not None,
                command=lambda: "publer-sync apply both",
                wrong=partial(self._wrong, book),
            )

    def _wrong(self, book: Book, state: State) -> str:
        """Why its folder may not use that part of the ledger."""
        store = book.place.store(self.running.saving, self.running.clock)
        return str(identity.error_of(state, store, TOP / book.folder, book.name) or "")


def calendar_of(book: Book, wants: Sequence[Want]) -> Calendar:
    groups = Groups(tuple(ACCOUNTS), {})
    return Calendar(TOP / book.folder, book.settings, (), len(wants), groups, gone=book.gone)


def _readable(posts: Sequence[Post]) -> tuple[Sequence[Post], bool]:
    """What can be read of files without errors."""
    return posts, True


class World:
    """`sentences` is the story so far; `watch` finds what must not be."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.clock = JumpingClock(start.at)
        self.faults = Faults(
            publish_lag=start.lag,
            published_ids=start.published_ids,
            published_times=start.published_times,
            rate_limit=100,
        )
        set_tempers(self.faults, start.tempers)
        self.accounts = dict(ACCOUNTS)
        """As they are connected now, by alias."""
        self.intents: dict[tuple[str, datetime, str], Intent] = {}
        self.service = SimulatedService(self.clock, self.faults, POLL_SECONDS, self._origin)
        remote, folder = Remote(), Folder()
        away: Folder | Remote = Remote() if start.second_place == "branch" else Folder(place="another folder")
        self.workspace = "My Primary Workspace"
        """Its name in Publer."""
        self._ledgers = (remote if start.branch else folder, away)
        self.books: list[Book] = []
        for number, wants in enumerate(start.calendars):
            name = ("calendar", "second", "third")[number]
            place = self._place(self._ledgers[0], name)
            settings = Settings(
                name=name,
                workspace=self.workspace,
                workspace_location=Location("publer.yaml", 1) if start.renames_workspace else None,
                accounts=tuple(
                    AccountRef(
                        alias, each.name, each.provider, Location("publer.yaml", 1), shared=start.shared
                    )
                    for alias, each in ACCOUNTS.items()
                ),
                prune=start.prune,
                edits=start.edits,
                limits=Limits(delete=99),
            )
            self.books.append(Book(name, place, settings, [wants], number=number, folder=name))
        self.clocks = [*start.clocks]
        """How many seconds the clock of each machine is ahead; there are none where all go right."""
        self.machine = 0
        self.sentences: list[str] = []
        self.runs: list[Running] = []
        self.lines = max((want.line for wants in start.calendars for want in wants), default=0)
        self.watch = Watch(self)
        self._handed: list[tuple[Entry, Book, Book, Entry]] = []
        """What a command moves: the entry, from where, to where, and what was there for it before."""
        self._moment = 0
        self._entries = 0
        self._depth = 0
        self._began: int | None = None
        """The moment at which an apply began that is running: it notes all that it sees of its calendar."""
        self._applied: Book | None = None

    def _place(self, ledger: Folder | Remote, name: str) -> Place:
        return (
            File(ledger, name) if isinstance(ledger, Folder) else Branch(ledger, name, WORKSPACE, self.clock)
        )

    def place_beside(self, place: Place, name: str) -> Place:
        """The part of another name in the same place."""
        return self._place(self._ledgers[0] if place.ledger is self._ledgers[0] else self._ledgers[1], name)

    def other_place(self, book: Book) -> Place:
        """The place where its ledger is not."""
        here = book.part.ledger
        return self._place(self._ledgers[1 if here is self._ledgers[0] else 0], book.name)

    # --- time and names -------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def seconds(self) -> float:
        return self.clock.monotonic()

    @property
    def ahead(self) -> float:
        """How many seconds the clock of the machine is ahead where somebody sits."""
        return self.clocks[self.machine] if self.clocks else 0.0

    def moment(self) -> int:
        """The next moment: every touch and every look has its own."""
        self._moment += 1
        return self._moment

    def looking(self, trace: Trace) -> bool:
        """Whether an apply of its calendar is running that has seen the post."""
        began = self._began if self._depth else None
        own = trace.entry is not None and self.book_of(trace.entry) is self._applied
        return began is not None and own and trace.shown > began

    def tell(self, sentence: str) -> None:
        self.sentences.append(f"{'   ' * self._depth}{sentence}")

    def new_line(self) -> int:
        self.lines += 1
        return self.lines

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.service.tick()

    # --- who is who -----------------------------------------------------------------------------------------------------

    def named(self, ids: list[str]) -> list[Trace]:
        return [trace for trace in self.service.traces if trace.stored.id in ids and not trace.gone]

    def copies(self, entry: Entry) -> list[Trace]:
        return [trace for trace in self.service.traces if trace.entry == entry.number]

    def book_of(self, entry: int) -> Book | None:
        return next((book for book in self.books for each in book.entries if each.number == entry), None)

    def entry(self, number: int) -> Entry:
        """Also by the number of one in whose place it came: what was sent for that one may turn up later."""
        entries = [each for book in self.books for each in book.entries]
        return next(each for each in entries if number == each.number or number in each.known_as)

    def _origin(self, post: Stored) -> tuple[int | None, float]:
        """By what was asked for, whatever the service made of it. Of two drafts that one job made, the first."""
        account = ALIASES.get(post.account_id or "", "?")
        text = str(post.body.get("text") or "")
        asked = parse_time(post.body["sent"]["account"].get("scheduled_at"), UTC)
        intent = self.intents.get((account, asked, text)) if asked else None
        if intent and self.faults.job_runs > 1 and self._made_already(intent, post):
            intent = None
        return (self.entry(intent.entry).number, intent.sent) if intent else (None, self.seconds)

    def _made_already(self, intent: Intent, post: Stored) -> bool:
        made = (trace for trace in self.service.traces if trace.made == self.seconds)
        return any(trace.entry == intent.entry and trace.at == post.at for trace in made)

    def assign(self, book: Book, wants: tuple[Want, ...], *, moves: bool) -> dict[int, Entry]:
        """The entries of these wanted posts, new ones where there is none, or those that other calendars no longer want."""
        found, new = assign(wants, book.entries, self._alive, self._went, self.now, book.seen)
        for want in new:
            self._entries += 1
            book.entries.append(found.setdefault(want.line, Entry(self._entries, want)))
        for want in wants if moves else ():
            mine = found[want.line]
            if self.copies(mine) or (other := self._moved(book, want)) is None:
                continue
            giver = self.book_of(other.number)
            assert giver is not None
            giver.entries.remove(other)
            book.entries[book.entries.index(mine)] = found[want.line] = other
            self._handed.append((other, giver, book, mine))
            other.known_as.add(mine.number)
        return found

    def _alive(self, entry: Entry) -> set[tuple[str, datetime]]:
        """The slots of its copies that are in Publer."""
        alive = (trace for trace in self.copies(entry) if trace.alive)
        return {(trace.account, trace.at) for trace in alive if trace.at}

    def _went(self, entry: Entry) -> dict[tuple[str, datetime], tuple[str, int]]:
        """The slots from which its copies were published, and what those said."""
        out = (trace for trace in self.copies(entry) if trace.published is not None)
        return {
            (trace.account, trace.planned): (trace.text, face_of(trace.stored).pictures)
            for trace in out
            if trace.planned
        }

    def stay(self) -> None:
        """A command has ended: what it did not move after all stays its calendar's."""
        for entry, giver, receiver, instead in reversed(self._handed):
            ids = {trace.stored.id for trace in self.copies(entry)}
            has = [
                book.state is not None and not ids.isdisjoint(ids_in_state(book.state))
                for book in (giver, receiver)
            ]
            if has == [True, False] and entry in receiver.entries:
                receiver.entries[receiver.entries.index(entry)] = instead
                entry.known_as.discard(instead.number)
                giver.entries.append(entry)
        self._handed.clear()

    def is_on_its_way(self, entry: Entry) -> bool:
        """Whether a command that goes on is about to move it: until then it is that of the calendar that gives it."""
        return any(handed is entry for handed, *_ in self._handed)

    def _moved(self, book: Book, want: Want) -> Entry | None:
        """The entry of another calendar that does not want it any more: the same but for its time, or in the same slot.

        What was published moves by its id, or in a slot that it had.
        """
        in_slot: Entry | None = None
        says_it: Entry | None = None
        for other in self.books:
            if other is book or other.gone or self.is_copy(other) or self.is_copy(book):
                continue
            if any(map(_on_hold, (book, other))):
                continue  # nothing moves to or from a calendar on hold
            if other.place.ledger is not book.place.ledger or other.moved_to or book.moved_to:
                continue  # nor between two places
            wanted, _ = assign(other.wants, other.entries, self._alive, self._went, self.now, other.seen)
            numbers = {entry.number for entry in wanted.values()}
            for entry in other.entries:
                if entry.number in numbers:
                    continue
                was = entry.want
                like = want.text == was.text or (want.id and want.id == entry.id)
                same = (want.account, want.id, want.face) == (was.account, entry.id, was.face)
                alike = want.account == was.account and (
                    want.id == entry.id if want.id else want.face == was.face
                )
                if (want.slot in entry.slots and like) or ((same or alike) and (not entry.out or want.id)):
                    return entry
                if want.account == was.account and want.face == was.face and not entry.out:
                    says_it = says_it or entry
                if want.slot in self._alive(entry):
                    in_slot = in_slot or entry
        return says_it or in_slot

    # --- commands -------------------------------------------------------------------------------------------------------

    def posts(self, wants: Sequence[Want]) -> tuple[Post, ...]:
        """As the calendar has them, on the accounts as they are connected now."""
        return tuple(want.post(self.accounts[want.account]) for want in wants)

    def calendar(self, running: Running) -> Calendar:
        return calendar_of(running.book, running.wants)

    def session(self, running: Running, *, urgent: bool = False) -> Session[Any]:
        book = running.book
        calendar, clock = self.calendar(running), running.clock
        gateway = (UrgentlyWired if urgent else Wired)(running, clock)
        if self.clocks:
            gateway.workspaces()  # the first answer, by which the clock goes
        workspace = Workspace(WORKSPACE, self.workspace)
        if self.start.renames_workspace:
            workspace = self._workspace(running, gateway, urgent=urgent)
        lineage = SimulatedLineage(self, book, version_of(running), calendar) if self.start.commits else None
        access = Access(
            calendar,
            book.name,
            gateway,
            workspace,
            self.accounts,
            book.place.store(running.saving, clock),
            SERVICE,
            clock,
            POLL_SECONDS,
            neighbours=Others(self, running),
            lineage=lineage,
            listed=AccountList(tuple(self.accounts.values())),
        )
        return Session(access, Choice(), self.posts(running.wants), None)

    def _workspace(self, running: Running, gateway: Wired, *, urgent: bool) -> Workspace:
        """That which the settings name; a hold knows it by the id that the ledger has."""
        there, book = gateway.workspaces(), running.book
        try:
            return find_workspace(book.settings, None, there)
        except CalendarError:
            if not urgent or book.state is None:
                raise
            return find_workspace(replace(book.settings, workspace=book.state.workspace_id), None, there)

    # --- folders --------------------------------------------------------------------------------------------------------

    @contextmanager
    def folders(self) -> Iterator[None]:
        """Where calendars are, as identity asks for it: no disk has them."""
        with (
            mock.patch.object(identity, "home_of", lambda top, _store: CalendarHome(top.name)),
            mock.patch.object(identity, "_elsewhere", self._elsewhere),
        ):
            yield

    def _elsewhere(self, state: State, _store: Any, top: Path, name: str) -> Path | None:
        """Another folder that still has the calendar of this name to which the part belongs."""
        home = state.home.folder if state.home is not None else top.name
        others = (book for book in self.books if book.folder == home != top.name)
        return next((TOP / each.folder for each in others if not each.gone and each.name == name), None)

    def twin_of(self, book: Book) -> Book | None:
        """Another folder with the same name."""
        others = (each for each in self.books if each is not book and each.name == book.name)
        return next((each for each in others if not each.gone and not book.gone), None)

    def is_copy(self, book: Book) -> bool:
        """Whether the part of that name is that of another folder, which still has the name."""
        twin, state = self.twin_of(book), book.state
        return twin is not None and state is not None and state.home == CalendarHome(twin.folder)

    @property
    def control(self) -> Control:
        return Control(Quiet(), TIMEOUT, lambda: False)

    @contextmanager
    def running(self, running: Running) -> Iterator[Running]:
        """A command, however it ends."""
        outer = self._began, self._applied, self._handed
        running.started = self.seconds
        running.clock = MachineClock(self) if self.clocks else self.clock
        self._began = self.moment() if running.command == "apply" else None
        self._applied, self._handed = running.book, [] if self._depth else self._handed
        state = running.book.state
        for copy in state.copies.values() if state else ():
            if not copy.post_id:
                running.unseen.add((ALIASES[copy.account], copy.slot, copy.text))
        running.by_line = self.assign(
            running.book, running.wants, moves=running.together or running.command == "apply"
        )
        self._depth += 1
        try:
            yield running
        except Killed as killed:
            running.error, running.code = killed, None
        except PublerSyncError as error:
            running.error, running.code = error, error.exit_code
        except Exception as crash:  # noqa: BLE001 — that is what is looked for
            running.error, running.code = crash, 70
        finally:
            self._depth -= 1
        running.ended = self.seconds
        running.had = frozenset(entry.number for entry in running.book.entries)
        if running.ok and running.command in ("apply", "release"):
            for want in running.wants:
                entry = running.by_line[want.line]
                if entry.out and want.slot not in entry.slots and want.at > self.now:
                    entry.moved.add(want.line)
                elif entry.number not in running.told:
                    note(entry, want)
                else:
                    entry.id = want.id  # whatever became of it, an apply notes by which name it is known
            running.book.seen = {want.line: want.slot for want in running.wants}
        self.runs.append(running)
        if not running.together:
            self.stay()
        if self._depth:
            self._began, self._applied, self._handed = outer
        self.watch.after(running)

    def meanwhile(self, running: Running, step: Meanwhile) -> None:
        """Somebody does something while a command runs."""
        if self._depth > 1:
            return
        place = len(self.sentences)
        if not step.meanwhile(self, running):
            running.afterwards.append(step)
        running.struck_with += [sentence.strip() for sentence in self.sentences[place:]]
        del self.sentences[place:]


def _on_hold(book: Book) -> bool:
    return book.settings.hold is not None or bool(book.state and book.state.holds)


def _old_name(
    _calendar: Any, _accounts: Any, _store: Any, others: Others, _checkouts: Any, _own: str
) -> str | None:
    """By which name a calendar without a part is known, as the files would tell."""
    book = others.running.book
    there = replace(book.place, calendar=book.was).document if book.was else None
    return book.was if there is not None and loads(there, book.was).is_used else None


@contextmanager
def simulated(seed: int) -> Iterator[None]:
    """What reaches outside of the process stands still: git, queues between processes, timers that only talk."""
    with ExitStack() as stack:
        for target, name, value in (
            (git_store, "turn", lambda _queue, _seconds: nullcontext(True)),
            (git_store, "random", random.Random(seed)),
            (Sender, "_announced", lambda _sender, _seconds, _request: nullcontext()),
            (renaming, "old_name", _old_name),
            (lineage, "url_of", lambda _environment: ""),
        ):
            stack.enter_context(mock.patch.object(target, name, value))
        yield

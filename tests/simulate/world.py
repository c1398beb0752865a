"""A world in one process: calendars, their states, Publer, one clock; and the real commands, run in it one after the other."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from publer_sync.calendar.groups import Groups
from publer_sync.calendar.load import Calendar
from publer_sync.commands import apply as apply_command
from publer_sync.commands.access import Access
from publer_sync.commands.halting import Control
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.session import Session
from publer_sync.errors import PublerSyncError
from publer_sync.ledger import git_store
from publer_sync.ledger.state import State, loads
from publer_sync.model import Limits, Settings, Slot, Workspace
from publer_sync.publer.answers import Answer
from publer_sync.publer.gateway import Publer, UrgentPubler
from publer_sync.publer.sending import Sender
from publer_sync.sandbox.faults import Faults
from publer_sync.sandbox.tables import GAP_TEXT
from tests.simulate.clock import JumpingClock
from tests.simulate.entries import Entry, assign, note
from tests.simulate.invariants import Watch
from tests.simulate.places import Branch, File, Place, Remote
from tests.simulate.service import US, WORKSPACE, SimulatedService, Trace
from tests.simulate.wants import ACCOUNTS, ALIASES, Want, face_of
from tests.simulate.wire import (
    EVERYWHERE,
    KINDS,
    TOLD,
    WORDS,
    WRITES,
    Killed,
    Strike,
    Wire,
    answer_of,
    failed_save,
    ids_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from publer_sync.planning.plan import Plan
    from publer_sync.sandbox.exchange import Request
    from publer_sync.sandbox.records import Stored
    from tests.simulate.history import Start
    from tests.simulate.steps import Meanwhile

POLL_SECONDS = 2.0
TIMEOUT = 300.0
SERVICE = "simulated"


@dataclass(slots=True)
class Book:
    """A calendar: what its files said, version after version, and where its state is."""

    name: str
    place: Place
    settings: Settings
    versions: list[tuple[Want, ...]]
    entries: list[Entry] = field(default_factory=list)
    applied: tuple[Want, ...] = ()
    """What the last command that ended by itself had in hand."""
    documents: list[bytes] = field(default_factory=list)
    """The states that an older one can be restored from."""
    _read: tuple[bytes, State] | None = None

    @property
    def wants(self) -> tuple[Want, ...]:
        return self.versions[-1]

    def write(self, wants: tuple[Want, ...]) -> None:
        self.versions.append(tuple(sorted(wants, key=lambda want: (want.at, want.line))))

    @property
    def state(self) -> State | None:
        """As it was written last. Raises what the product raises where it cannot be read."""
        document = self.place.document
        if document is None:
            return None
        if self._read is None or self._read[0] is not document:
            self._read = document, loads(document, self.name)
        return self._read[1]


@dataclass(slots=True)
class Intent:
    """A post that a request asked for. `clear`: an answer said that the request was taken, and its job was heard of."""

    entry: int
    book: str
    sent: float
    text: str


class Quiet(ProgressLine):
    """Says nothing."""

    def __init__(self) -> None:
        super().__init__()

    def __call__(self, word: str, text: str) -> None:
        pass

    def close(self) -> None:
        pass


class Wired(Publer):
    """The real gateway on the simulated wire."""

    def __init__(self, running: Running, clock: JumpingClock) -> None:
        self._running = running
        super().__init__(key="key", base_url="http://127.0.0.1", clock=clock, poll_seconds=POLL_SECONDS)

    def _connection_type(self) -> Any:  # type: ignore[override]
        return lambda **options: Wire(self._running, **options)


class UrgentlyWired(Wired, UrgentPubler):
    def __init__(self, running: Running, clock: JumpingClock) -> None:
        super().__init__(running, clock)
        self._sender.hurry()


@dataclass
class Running:
    """One command while it runs, and afterwards how it ended.

    `told` are the entries that a result, a warning or an error told somebody of. `code` is None where it was killed.
    """

    world: World
    book: Book
    command: str
    wants: tuple[Want, ...]
    options: frozenset[str] = frozenset()
    strikes: tuple[Strike, ...] = ()
    together: bool = False
    """In one command with the other calendar."""
    afterwards: list[Meanwhile] = field(default_factory=list)
    """What waits until it has ended."""
    started: float = 0.0
    ended: float = 0.0
    code: int | None = None
    error: BaseException | None = None
    told: set[int] = field(default_factory=set)
    let_through: set[int] = field(default_factory=set)
    plan: Plan | None = None
    done: bool = False
    """Whether it did something to Publer, or might have."""
    by_line: dict[int, Entry] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    """The entries that it asked Publer to make a post for."""
    removed: set[int] = field(default_factory=set)
    """The numbers of the posts that it removed."""
    struck_with: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    saves: int = 0
    _misreported: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it ended by itself, with nothing that cut it short."""
        return self.code is not None and self.error is None

    # --- faults ---------------------------------------------------------------------------------------------------------

    def struck(self, point: str) -> Strike | None:
        """What goes wrong at this point, if anything: a method, or SAVE."""
        counted = (point, "any", *(["write"] if point in WRITES else []))
        self.counts.update(counted)
        for strike in self.strikes:
            fits = strike.point in counted and strike.kind in KINDS[point]
            if fits and strike.nth == self.counts[strike.point]:
                what = WORDS.get(point, point)
                self.struck_with.append(TOLD[strike.kind].format(what=what, amount=strike.amount))
                return strike
        return None

    def disturb(self, strike: Strike, point: str) -> None:
        """What happens before a point. On a branch no command gets in between a request and the check before it."""
        match strike.kind:
            case "kill_before":
                raise Killed
            case "slow":
                self.world.clock.advance(strike.amount)
            case "meanwhile":
                urgent = isinstance(self.book.place, Branch) and point not in ("SAVE", "GET")
                if strike.meanwhile is not None and not (urgent and strike.meanwhile.commands):
                    self.world.meanwhile(self, strike.meanwhile)

    def saving(self, save: Callable[[], None]) -> None:
        """A write of the state."""
        strike = self.struck("SAVE")
        if strike is not None and strike.kind in EVERYWHERE:
            self.disturb(strike, "SAVE")
        if strike is not None and strike.kind == "unsaved":
            raise failed_save()
        before = self.book.place.document
        save()
        self.saves += 1
        if before is not None:
            self.book.documents.append(before)
        if strike is not None and strike.kind == "kill_after":
            raise Killed

    def poison(self, request: Request) -> None:
        """From now on Publer refuses each DELETE that names one of these posts."""
        for trace in self.world.named(ids_in(request))[-1:]:
            trace.undeletable = True

    def misreport(self, answer: Answer, *, gap: bool) -> None:
        """The job reports one failure more than there are; `gap`: in the words of a real one."""
        with suppress(ValueError, KeyError, TypeError):
            self._misreported[json.loads(answer.body)["job_id"]] = GAP_TEXT if gap else "Something went wrong"

    # --- requests -------------------------------------------------------------------------------------------------------

    def leaving(self, request: Request) -> None:
        """A request leaves: intents are noted, and what must not leave is found out."""
        if request.method == "GET":
            return
        self.done = True
        world = self.world
        if request.method == "POST":
            for account, at, text in _asked_for(request):
                if (entry := self._entry_of(account, at, text)) is not None:
                    self.sent.add(entry.number)
                    world.intents[account, at, text] = Intent(
                        entry.number, self.book.name, world.seconds, text
                    )
            return
        for trace in world.named(ids_in(request)):
            world.watch.write(self, request.method, trace)

    def _entry_of(self, account: str, at: datetime, text: str) -> Entry | None:
        """The entry that a post is sent for: one that the calendar wants there, or wanted there before."""
        for want in self.wants:
            if want.slot == (account, at) and want.text == text:
                note(self.by_line[want.line], want)
                return self.by_line[want.line]
        fits = [entry for entry in self.book.entries if (account, at) in entry.slots]
        same = [entry for entry in fits if entry.want.text == text]
        return next(reversed(same or fits), None)

    def carried_out(self, request: Request) -> Answer:
        world, ids = self.world, ids_in(request) if request.method == "DELETE" else []
        named = world.named(ids)
        if any(trace.undeletable for trace in named):
            return Answer(422, {}, b'{"errors": ["One of the posts can not be deleted"]}')
        answer = answer_of(world.service.answer(request))
        for trace in named:
            if trace.gone:
                trace.removed_by = US
                self.removed.add(trace.number)
        if said := self._misreported.get(request.path.removeprefix("/job_status/")):
            answer = _with_a_failure_more(answer, said)
        if world.service.bugs:
            raise world.service.bugs[0]
        return answer

    def answered(self, request: Request, answer: Answer) -> None:
        """The answer is heard."""
        if request.method == "GET" and request.path == "/posts" and answer.status == 200:
            moment = self.world.moment()
            for number in self.world.service.posts.found:
                self.world.service.posts.traces[number].shown = moment


def _asked_for(request: Request) -> Iterator[tuple[str, datetime, str]]:
    """Account, time and text of each post that a request asks for."""
    from publer_sync.sandbox.records import parse_time

    try:
        posts = json.loads(request.body)["bulk"]["posts"]
    except (ValueError, KeyError, TypeError):
        return
    from datetime import UTC

    for item in posts:
        text = next(iter(item["networks"].values())).get("text") or ""
        for account in item["accounts"]:
            at = parse_time(account.get("scheduled_at"), UTC)
            if at is not None:
                yield ALIASES[account["id"]], at, text


def _with_a_failure_more(answer: Answer, said: str) -> Answer:
    data = json.loads(answer.body)
    if data.get("status") != "complete":
        return answer
    failures = data.setdefault("payload", {}).setdefault("failures", {})
    account = next(iter(failures), ACCOUNTS["facebook"].id)
    told = {"account_id": account, "account_name": None, "provider": None, "message": said}
    failures.setdefault(account, []).append(told)
    return Answer(answer.status, answer.headers, json.dumps(data).encode())


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
        self.intents: dict[tuple[str, datetime, str], Intent] = {}
        self.service = SimulatedService(self.clock, self.faults, POLL_SECONDS, self._origin)
        remote = Remote()
        self.books: list[Book] = []
        for number, wants in enumerate(start.calendars):
            name = ("calendar", "second")[number]
            place: Place = Branch(remote, name, WORKSPACE, self.clock) if start.branch else File()
            settings = Settings(name=name, prune=start.prune, edits=start.edits, limits=Limits(delete=99))
            self.books.append(Book(name, place, settings, [wants]))
        self.sentences: list[str] = []
        self.runs: list[Running] = []
        self.lines = max((want.line for wants in start.calendars for want in wants), default=0)
        self.watch = Watch(self)
        self._moment = 0
        self._entries = 0
        self._depth = 0

    # --- time and names -------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def seconds(self) -> float:
        return self.clock.monotonic()

    def moment(self) -> int:
        """The next moment: every touch and every look has its own."""
        self._moment += 1
        return self._moment

    def tell(self, sentence: str) -> None:
        self.sentences.append(f"{'   ' * self._depth}{sentence}")

    def when(self, at: datetime) -> str:
        return f"{at:%a %d %H:%M}"

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
        return next(each for book in self.books for each in book.entries if each.number == number)

    def _origin(self, post: Stored) -> tuple[int | None, float]:
        account = ALIASES.get(post.account_id or "", "?")
        text = str(post.body.get("text") or "")
        intent = self.intents.get((account, post.at, text)) if post.at else None
        return (intent.entry, intent.sent) if intent else (None, self.seconds)

    def assign(self, book: Book, wants: tuple[Want, ...], *, together: bool) -> dict[int, Entry]:
        """The entries of these wanted posts, new ones where there is none. In one command with others, posts can move."""

        def alive(entry: Entry) -> set[tuple[str, datetime]]:
            return {trace.slot for trace in self.copies(entry) if trace.alive and trace.at}  # type: ignore[misc]

        found, new = assign(wants, book.entries, alive, self.now)
        for want in new:
            other = self._moved(book, want) if together else None
            if other is None:
                self._entries += 1
                other = Entry(self._entries, want)
            book.entries.append(other)
            found[want.line] = other
        return found

    def _moved(self, book: Book, want: Want) -> Entry | None:
        """The entry of another calendar that does not want it any more, in the same slot."""
        for other in self.books:
            if other is book:
                continue
            wanted = {each.slot for each in other.wants}
            for entry in other.entries:
                if want.slot in entry.slots and want.slot not in wanted and entry.want.text == want.text:
                    other.entries.remove(entry)
                    return entry
        return None

    # --- commands -------------------------------------------------------------------------------------------------------

    def session(self, running: Running, *, urgent: bool = False) -> Session[Any]:
        book = running.book
        calendar = Calendar(
            Path(book.name), book.settings, (), len(running.wants), Groups(tuple(ACCOUNTS), {})
        )
        gateway = (UrgentlyWired if urgent else Wired)(running, self.clock)
        access = Access(
            calendar,
            book.name,
            gateway,
            Workspace(WORKSPACE, "My Primary Workspace"),
            ACCOUNTS,
            book.place.store(running.saving),
            SERVICE,
            self.clock,
            POLL_SECONDS,
        )
        return Session(access, tuple(want.post for want in running.wants), None, (), "publer-sync release")

    @property
    def control(self) -> Control:
        return Control(Quiet(), TIMEOUT, lambda: False)

    @contextmanager
    def running(self, running: Running) -> Iterator[Running]:
        """A command, however it ends."""
        running.started = self.seconds
        running.by_line = self.assign(running.book, running.wants, together=running.together)
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
        if running.ok and running.command in ("apply", "release"):
            for want in running.wants:
                entry = running.by_line[want.line]
                if entry.number not in running.told:
                    note(entry, want)
            running.book.applied = running.wants
        self.runs.append(running)
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


@contextmanager
def simulated(seed: int) -> Iterator[None]:
    """What reaches outside of the process stands still: git, queues between processes, timers that only talk."""
    with ExitStack() as stack:
        for target, name, value in (
            (apply_command, "files_of", lambda _top: None),
            (git_store, "turn", lambda _queue, _seconds: nullcontext(True)),
            (git_store, "random", random.Random(seed)),
            (Sender, "_announced", lambda _sender, _seconds, _request: nullcontext()),
        ):
            stack.enter_context(mock.patch.object(target, name, value))
        yield


def slot_of(want: Want) -> Slot:
    return Slot(ACCOUNTS[want.account].id, want.at)


__all__ = ["Book", "Running", "World", "face_of", "replace", "simulated", "slot_of"]

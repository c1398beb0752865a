"""A command while it runs: what goes wrong in it, what its requests ask for, and afterwards how it ended and whom it told of what."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

from publer_sync.commands.running.progress import ProgressLine
from publer_sync.publer.answers import Answer
from publer_sync.publer.gateway import Publer, UrgentPubler
from publer_sync.sandbox.records import parse_time
from publer_sync.sandbox.tables import GAP_TEXT
from publer_sync.values.service import BASE_URL
from tests.simulate.entries import Entry, note
from tests.simulate.places import Branch
from tests.simulate.service import US
from tests.simulate.wants import ALIASES, Want
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

    from publer_sync.machine.clock import Clock
    from publer_sync.planning.plan import Plan
    from publer_sync.sandbox.exchange import Request
    from tests.simulate.service import Trace
    from tests.simulate.steps import Meanwhile
    from tests.simulate.world import Book, World

POLL_SECONDS = 2.0


UNDELETABLE = "One of the posts can not be deleted"
"""What Publer answers to a DELETE as a whole."""
LIST_LASTS = 60.0
"""Seconds after which an apply lists again before it writes."""
TARDY = 5.0
"""Seconds by which lists show one post of a job later than the others."""


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
    """The real gateway on the simulated wire. Where machines have clocks of their own, it is no service on loopback."""

    def __init__(self, running: Running, clock: Clock) -> None:
        self._running = running
        base_url = BASE_URL if running.world.clocks else "http://127.0.0.1"
        super().__init__(key="key", base_url=base_url, clock=clock, poll_seconds=POLL_SECONDS)

    def _connection_type(self) -> Any:  # type: ignore[override]  # a stand-in for a connection
        return lambda **options: Wire(self._running, **options)


class UrgentlyWired(Wired, UrgentPubler):
    def __init__(self, running: Running, clock: Clock) -> None:
        super().__init__(running, clock)
        self._sender.hurry()


@dataclass(eq=False)
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
    older: int = 0
    """How many versions older than the newest its files are."""
    of_command: tuple[Running, ...] = ()
    """The runs of all its calendars, where it has several: any of them may tell what concerns another."""
    afterwards: list[Meanwhile] = field(default_factory=list)
    """What waits until it has ended."""
    clock: Clock = field(init=False)
    started: float = 0.0
    ended: float = 0.0
    code: int | None = None
    error: BaseException | None = None
    told: set[int] = field(default_factory=set)
    let_through: set[int] = field(default_factory=set)
    yes_at: float | None = None
    """When its question was answered, if it had waited for longer than a list is good for."""
    asked: set[tuple[str, datetime, str]] = field(default_factory=set)
    """The account, time and text of each post that it asked for."""
    refused: set[tuple[int, datetime]] = field(default_factory=set)
    """The entries of which an apply said that Publer refused a post for that time."""
    given_up: list[set[str]] = field(default_factory=list)
    """The ids of each post of which an apply said that Publer does not delete it, with all its copies."""
    plan: Plan | None = None
    done: bool = False
    """Whether it did something to Publer, or might have."""
    by_line: dict[int, Entry] = field(default_factory=dict)
    sent: set[int] = field(default_factory=set)
    """The entries that it asked Publer to make a post for."""
    unseen: set[tuple[str, datetime, str]] = field(default_factory=set)
    """What the state, as it was before, had noted as sent and not seen: account, time and text."""
    removed: set[int] = field(default_factory=set)
    """The numbers of the posts that it removed."""
    had: frozenset[int] = frozenset()
    """The entries of its calendar when it ended."""
    listed: set[int] = field(default_factory=set)
    """The numbers of the posts that a list showed it."""
    lasting: str = ""
    """What goes wrong from some point on."""
    struck_with: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    saves: int = 0
    _misreported: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def killed(self) -> bool:
        return isinstance(self.error, Killed)

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

    def wait_for_yes(self) -> None:
        """Its question waits for a yes, in some histories for longer than a list is good for."""
        for strike in self.strikes:
            if strike.point == "YES" and strike.meanwhile is not None:
                self.struck_with.append(TOLD[strike.kind].format(amount=strike.amount))
                self.world.meanwhile(self, strike.meanwhile)
                self.world.clock.advance(strike.amount)
                if strike.amount > LIST_LASTS:
                    self.yes_at = self.world.seconds

    def had_to_see(self, entry: int, trace: Trace) -> bool:
        """Whether it wrote something for an entry after it had to list again what somebody did before the yes."""
        return self.yes_at is not None and entry in self.sent and trace.touched_at <= self.yes_at

    def disturb(self, strike: Strike, point: str) -> None:
        """What happens before a point. On a branch no command gets in between a request and the check before it."""
        match strike.kind:
            case "kill_before":
                raise Killed
            case "slow":
                self.world.clock.advance(strike.amount)
            case "jump" if self.world.clocks:
                self.world.clocks[self.world.machine] = strike.amount
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
        if strike is not None and strike.kind == "unheard":
            raise failed_save()

    def poison(self, request: Request) -> None:
        """From now on Publer refuses each DELETE that names one of these posts."""
        for trace in self.world.named(ids_in(request))[-1:]:
            trace.undeletable = True

    def misreport(self, request: Request, answer: Answer, *, gap: bool) -> None:
        """The job reports one failure more than there are, of an account with several posts, one of which lists show late.

        `gap`: in the words of a real one.
        """
        counts = Counter(account for account, _, _ in _asked_for(request))
        account = next((account for account, posts in counts.items() if posts > 1), None)
        with suppress(ValueError, KeyError, TypeError):
            if account is not None:
                said = GAP_TEXT if gap else "Something went wrong"
                self._misreported[json.loads(answer.body)["job_id"]] = self.world.accounts[account].id, said
                self.world.service.posts.tardy[self.world.accounts[account].id] = TARDY

    def intended(self, account: str, at: datetime, text: str) -> int | None:
        """The entry for which this post was sent, or may have been, by this calendar: what fits there is taken for it."""
        intent = self.world.intents.get((account, at, text))
        if intent is not None and intent.book == self.book.name:
            return intent.entry
        if (account, at, text) in self.unseen:
            alike = [entry for entry in self.book.entries if entry.want.account == account]
            entry = self._entry_of(account, at, text) or next(iter(alike), None)
            return entry.number if entry else None
        return None

    # --- requests -------------------------------------------------------------------------------------------------------

    def leaving(self, request: Request) -> None:
        """A request leaves: intents are noted, and what must not leave is found out."""
        if request.method == "GET":
            return
        self.done = True
        world = self.world
        if request.method == "POST":
            for account, at, text in _asked_for(request):
                entry = self._put_back(account, at, text) or self._entry_of(account, at, text)
                if entry is not None:
                    self.sent.add(entry.number)
                    world.intents[account, at, text] = Intent(
                        entry.number, self.book.name, world.seconds, text
                    )
            return
        for trace in world.named(ids_in(request)):
            world.watch.write(self, request.method, trace)
            if request.method == "PUT":
                for want in self.wants:
                    if self.by_line[want.line].number == trace.entry and want.slot == trace.slot:
                        note(self.by_line[want.line], want)

    def _put_back(self, account: str, at: datetime, text: str) -> Entry | None:
        """The entry of a post that this run removed, where it asks for the same post in that slot for the second time."""
        if (account, at, text) not in self.asked:
            self.asked.add((account, at, text))
            return None
        old = (trace for trace in self.world.service.traces if trace.number in self.removed)
        return next(
            (
                self.world.entry(trace.entry)
                for trace in old
                if trace.entry and trace.slot == (account, at) and trace.text == text
            ),
            None,
        )

    def _entry_of(self, account: str, at: datetime, text: str) -> Entry | None:
        """The entry that a post is sent for: one that the calendar wants there, or wanted there before."""
        for want in self.wants:
            if want.slot == (account, at) and want.text == text:
                note(self.by_line[want.line], want)
                return self.by_line[want.line]
        fits = [
            entry
            for entry in self.book.entries
            if (account, at) in entry.slots or entry.want.slot == (account, at)
        ]
        same = [entry for entry in fits if entry.want.text == text]
        return next(reversed(same or fits), None)

    def carried_out(self, request: Request) -> Answer:
        world, ids = self.world, ids_in(request) if request.method == "DELETE" else []
        named = world.named(ids)
        if any(trace.undeletable for trace in named):
            return Answer(422, {}, json.dumps({"errors": [UNDELETABLE]}).encode())
        answer = answer_of(world.service.answer(request))
        for trace in world.named(ids_in(request)) if request.method == "PUT" else ():
            trace.by_us = trace.text
        for trace in named:
            if trace.gone:
                trace.removed_by = US
                self.removed.add(trace.number)
        if said := self._misreported.get(request.path.removeprefix("/job_status/")):
            answer = _with_a_failure_more(answer, *said)
        if world.service.bugs:
            raise world.service.bugs[0]
        return answer

    def answered(self, request: Request, answer: Answer) -> None:
        """The answer is heard."""
        if request.method == "GET" and request.path == "/posts" and answer.status == 200:
            moment = self.world.moment()
            self.listed.update(self.world.service.posts.found)
            for number in self.world.service.posts.found:
                self.world.service.posts.traces[number].shown = moment


def _asked_for(request: Request) -> Iterator[tuple[str, datetime, str]]:
    """Account, time and text of each post that a request asks for."""
    try:
        posts = json.loads(request.body)["bulk"]["posts"]
    except (ValueError, KeyError, TypeError):
        return
    for item in posts:
        text = next(iter(item["networks"].values())).get("text") or ""
        for account in item["accounts"]:
            at = parse_time(account.get("scheduled_at"), UTC)
            if at is not None:
                yield ALIASES[account["id"]], at, text


def _with_a_failure_more(answer: Answer, account: str, said: str) -> Answer:
    data = json.loads(answer.body)
    if data.get("status") != "complete":
        return answer
    failures = data.setdefault("payload", {}).setdefault("failures", {})
    told = {"account_id": account, "account_name": None, "provider": None, "message": said}
    failures.setdefault(account, []).append(told)
    return Answer(answer.status, answer.headers, json.dumps(data).encode())

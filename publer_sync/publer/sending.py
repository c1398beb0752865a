"""Sending requests to Publer: what may be tried again, the waits in between, and the request limit.

A read is asked again until it is answered. A write is sent once; again only where nothing can have been done: after a
429, or where no connection came about.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from publer_sync.machine.alarms import Alarm
from publer_sync.machine.clock import Deadline, growing_waits
from publer_sync.publer.answers import Answer, Fault, asked_pause, date_of, quota, refusal
from publer_sync.publer.bodies import Declined, Nonsense, complaint_in, glimpse, parse
from publer_sync.publer.pacing import RequestBudget
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Interrupted, Refused, TooLate, Unclear, Unexpected, Unreachable
from publer_sync.values.printable import printable_line
from publer_sync.values.service import REQUESTS, WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.machine.clock import Clock
    from publer_sync.values.content import Json

T = TypeVar("T")
Send = Callable[[float], Answer | Fault]
"""Sends a request once; the number is the seconds that its whole answer may take."""

_SHOWN = 200
"""Characters of an answer that is not understood."""
CLOUDFLARE = "as Cloudflare, in front of Publer, lets no more requests through now"
"""Its 429 is a web page, and says nothing of Publer's own limit."""
TRIES = 6
LIMIT_TRIES = 8
"""How often one request is sent again after a 429, each time after the wait that was asked for."""
LONGEST_PAUSE = 30.0
"""Seconds between two tries, whatever the service asks for."""
HURRIED_PAUSE, HURRIED_ANSWER = 1.0, 15.0
"""Seconds between two tries, and for one answer, where every moment counts."""
PATIENCE = 300.0
"""Seconds that one question may take, with all its tries, where nobody says otherwise."""
LEAST_READ = 1.0
"""Seconds that a read may take, however near its deadline is."""
LEAST_WRITE = 5.0
"""The same for a write: one that is cut short may have been done."""
QUIET = 2.0
"""Seconds of waiting for an answer that go without a word."""

LATE_STATUSES = frozenset({408, 504, 522, 524})
"""What a server, or one in front of it, answers where an answer did not come in time."""
WAIT_AND_RUN = "Check the connection and Publer's status page, then run again; that is safe."
AGAIN = "Run again; that is safe. Nothing is sent a second time before a listing has shown what Publer has."


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why there is no usable answer, for people; `said` is Publer's own sentence. `late`: it did not come in time.

    `valid`: it is JSON, in another form than is known; the next one would be so too.
    """

    reason: str
    said: str = ""
    status: int | None = None
    late: bool = False
    valid: bool = False
    fix: str | None = None
    """What a person has to do first."""


@dataclass(frozen=True, slots=True)
class _Read(Generic[T]):
    value: T


def _leave() -> None:
    """Let it leave."""


@dataclass(frozen=True, slots=True)
class _Request:
    """`least` are the seconds that it may take if the deadline leaves less; `announced`: whether to say that it is waited for."""

    send: Send
    doing: str
    deadline: Deadline
    least: float
    before: Callable[[], None] = _leave
    announced: bool = True
    tries: int = TRIES


class Sender:
    """Sends what it is given. `requests` counts what was sent, `waited` the seconds spent on the request limit.

    `doing` completes "Publer refused …": "to list the posts".
    """

    def __init__(
        self,
        *,
        host: str,
        clock: Clock,
        poll_seconds: float,
        say: Callable[[str], None],
        patience: float = PATIENCE,
        follows: bool = False,
    ) -> None:
        """`follows`: the clock goes by the service's."""
        self.follows = follows
        self._host, self._clock, self._poll_seconds, self._say = host, clock, poll_seconds, say
        self._patience = patience
        self._budget = RequestBudget()
        self._longest_pause, self._longest_answer = LONGEST_PAUSE, math.inf
        self.requests = 0
        self.waited = 0.0
        self.service_ahead: float | None = None

    def hurry(self) -> None:
        """From now on spend the whole limit at once, and neither pause long nor wait long for any one answer."""
        self._budget.free_share = 1.0
        self._longest_pause, self._longest_answer = HURRIED_PAUSE, HURRIED_ANSWER

    @property
    def requests_left(self) -> int:
        """How many more the limit's window allows now."""
        return self._budget.left(self._clock.monotonic())

    def deadline(self, seconds: float) -> Deadline:
        """So many seconds from now; the waits for the request limit do not count."""
        return Deadline.after(seconds, self._clock, excused=lambda: self.waited)

    def read(
        self,
        send: Send,
        take: Callable[[Json], T],
        *,
        doing: str,
        deadline: Deadline | None = None,
        needed: bool = True,
        most_late: int = TRIES,
        most: int = TRIES,
    ) -> T:
        """Ask, and ask again where no usable answer came: that changes nothing there.

        What is JSON and not understood is not asked for again: raises Unexpected. Nor is what is not `needed` where a whole
        answer came that is not understood, whatever it is.
        Nor is what did not come in time for `most_late` times: raises TooLate. `most` is how often it is asked at all.
        """
        tries = late = 0
        request = _Request(send, doing, deadline or self.deadline(self._patience), LEAST_READ, tries=most)
        for answer in self._tries(request):
            tries += 1
            outcome = self._judged(answer, take, doing=doing)
            if isinstance(outcome, _Read):
                return outcome.value
            trouble, late = outcome, late + outcome.late
            if late == most_late:
                raise TooLate(
                    f"Asked Publer {tries} times {doing}: {trouble.reason}",
                    publer_said=trouble.said,
                    hint=WAIT_AND_RUN,
                )
            whole = isinstance(answer, Answer) and answer.accepted
            if isinstance(answer, Answer) and (trouble.valid or (whole and not needed)):
                shown = printable_line(answer.body.decode("utf-8", "replace"), _SHOWN)
                raise Unexpected(
                    f"Asked Publer {doing}, and {trouble.reason}: {shown or 'nothing'}", status=answer.status
                )
        times = f"{tries} times " if tries > 1 else ""
        raise Unreachable(
            f"Asked Publer {times}{doing}: {trouble.reason}",
            publer_said=trouble.said,
            hint=trouble.fix or WAIT_AND_RUN,
        )

    def write(
        self,
        send: Send,
        take: Callable[[Json], T],
        *,
        doing: str,
        before: Callable[[], None],
        announced: bool = True,
    ) -> T:
        """Send once. Raises, beside what `read` raises, Unclear where the write may have been done.

        `before` is called each time it is about to leave, whatever it waited for until then; what it raises keeps it from
        leaving. `announced` is false where the sending tells of itself as it goes.
        """
        request = _Request(send, doing, self.deadline(self._patience), LEAST_WRITE, before, announced)
        for answer in self._tries(request):
            outcome = self._judged(answer, take, doing=doing)
            if isinstance(outcome, _Read):
                return outcome.value
            trouble = outcome
            if isinstance(answer, Answer) or answer.arrived:
                raise Unclear(
                    f"Asked Publer {doing}, and it may have done so: {trouble.reason}",
                    publer_said=trouble.said,
                    status=trouble.status,
                    hint=AGAIN,
                )
        raise Unreachable(
            f"Could not ask Publer {doing}, and nothing was sent: {trouble.reason}",
            hint=trouble.fix or "Check the connection, then run again; that is safe.",
        )

    def _tries(self, request: _Request) -> Iterator[Answer | Fault]:
        """What each try brings, with a longer pause before each next, or as long as Publer asks for.

        There is always a first try.
        """
        pauses = growing_waits(self._poll_seconds / 2, growth=2, most=math.inf)
        for tries_left in reversed(range(request.tries)):
            answer = self._within_limit(request)
            yield answer
            told = asked_pause(answer.headers, now=self._clock.now()) if isinstance(answer, Answer) else None
            pause = min(self._longest_pause, max(next(pauses), told or 0.0))
            in_vain = isinstance(answer, Fault) and answer.fix is not None
            if in_vain or not tries_left or pause >= request.deadline.left:
                return
            if pause >= 1:
                why = answer.reason if isinstance(answer, Fault) else f"answer {answer.status}"
                self._say(
                    f"{_seconds(pause)} to ask Publer again {request.doing} ({why}), until {self._clock.time_in(pause)}"
                )
            self._sleep(pause, doing=request.doing)

    def _judged(
        self, answer: Answer | Fault, take: Callable[[Json], T], *, doing: str
    ) -> _Read[T] | _Trouble:
        """What was read, or why there is nothing to read. Raises Refused for a definite no."""
        if isinstance(answer, Fault):
            return _Trouble(
                f"no answer from {self._host} ({answer.reason})", late=answer.arrived, fix=answer.fix
            )
        if answer.status >= 500 or answer.status == 408:
            status = ", ".join(filter(None, (str(answer.status), glimpse(answer.body))))
            late = answer.status in LATE_STATUSES
            return _Trouble(f"server error ({status})", complaint_in(answer.body), answer.status, late)
        if not answer.accepted:
            raise refusal(answer, doing=doing)
        valid = False
        try:
            data, valid = parse(answer.body), True
            return _Read(take(data))
        except Declined as no:
            raise Refused(
                f"Publer refused {doing} ({answer.status})",
                publer_said=no.publer_said,
                status=answer.status,
            ) from None
        except Nonsense as nonsense:
            why = f"the answer is not understood ({nonsense})"
            return _Trouble(why, nonsense.publer_said, answer.status, valid=valid)

    # --- the request limit --------------------------------------------------------------------------------------------

    def _within_limit(self, request: _Request) -> Answer | Fault:
        """Send once there is room, and again after each 429: what was refused for the limit was not done."""
        shortest = growing_waits(self._poll_seconds / 4, growth=2, most=math.inf)
        refused = 0
        while True:
            self._wait_for_limit(self._budget.delay(self._clock.monotonic()), doing=request.doing)
            seconds = min(self._longest_answer, max(request.least, request.deadline.left))
            request.before()
            with self._announced(seconds, request):
                answer = request.send(seconds)
            now = self._clock.monotonic()
            if isinstance(answer, Fault):
                if answer.arrived:
                    self.requests += 1
                    self._budget.record(now, None)
                return answer
            self.requests += 1
            self._hear(answer)
            self._budget.record(now, quota(answer.headers, now=self._clock.now()))
            if answer.status != 429 or refused == LIMIT_TRIES:
                return answer
            refused += 1
            told = asked_pause(answer.headers, now=self._clock.now())
            if glimpse(answer.body):
                self._wait(min(self._longest_pause, told or next(shortest)), CLOUDFLARE, doing=request.doing)
                continue
            if told is None:
                told = quota(answer.headers, now=self._clock.now()).reset_in
            # Where a 429 does not say how long: the whole window of the limit.
            self._budget.refuse(now, max(next(shortest), WINDOW if told is None else told))

    def _hear(self, answer: Answer) -> None:
        """Go by the service's clock from its first answer on: what is between us and it, has a clock of its own and no JSON."""
        if (date := date_of(answer.headers)) is None:
            return
        self.service_ahead = (date - self._clock.machine()).total_seconds()
        if self.follows and "json" in answer.headers.get("content-type", ""):
            self._clock.heard(date)

    def _wait_for_limit(self, seconds: float, *, doing: str) -> None:
        if seconds <= 0:
            return
        limit = self._budget.limit
        window = f" in {WINDOW / 60:.0f} minutes" if limit == REQUESTS else ""
        self._wait(seconds, f"for Publer's limit of {limit} requests{window}", doing=doing)

    def _wait(self, seconds: float, why: str, *, doing: str) -> None:
        if seconds >= 1:
            self._say(f"{_seconds(seconds)} {why}, until {self._clock.time_in(seconds)}")
        self.waited += seconds
        self._sleep(seconds, doing=doing)

    @contextmanager
    def _announced(self, seconds: float, request: _Request) -> Iterator[None]:
        """Say that an answer is waited for, where it does not come soon."""
        if seconds <= QUIET or not request.announced:
            yield
            return
        until = self._clock.time_in(seconds)
        line = f"for Publer's answer: asked {request.doing}; until {until} at the latest"
        with Alarm(QUIET, lambda: self._say(line)):
            yield

    def _sleep(self, seconds: float, *, doing: str) -> None:
        self._clock.sleep(seconds)
        if self._clock.woken:
            raise Interrupted(f"stopped while waiting to ask Publer {doing}; the request was not sent")


def _seconds(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole} {'second' if whole == 1 else 'seconds'}"

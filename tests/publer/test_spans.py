"""A list over many days, in parts where it is too long for the service."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from publer_sync.machine.clock import Deadline
from publer_sync.publer.spans import DAY, LEAST_DAYS, read_in_parts
from publer_sync.values.errors import PublerSyncError, Refused, TooLate, Unreachable
from tests.publer.conftest import StillClock
from tests.tables import each_of

START = date(2027, 1, 1)
FIVE_YEARS = START + timedelta(days=5 * 366)


class Service:
    """Lists at most so many days; `deaf` are days that no list with them is answered for."""

    def __init__(
        self, most: int, *, refuses: PublerSyncError | None = None, deaf: frozenset[date] = frozenset()
    ) -> None:
        self.most, self.deaf = most, deaf
        self.refuses = refuses or Refused("no", status=400)
        self.asked: list[int] = []
        self.days: set[date] = set()

    def __call__(self, first: date, last: date) -> int:
        days = [first + n * DAY for n in range((last - first).days + 1)]
        self.asked.append(len(days))
        if self.deaf & {*days}:
            raise TooLate("late")
        if len(days) > self.most:
            raise self.refuses
        self.days |= {*days}
        return len(days)


def deadline(seconds: float = 300) -> Deadline:
    return Deadline.after(seconds, StillClock(), excused=lambda: 0.0)


def read(service: Service, *, longest: int | None = None, seconds: float = 300) -> object:
    return read_in_parts(START, FIVE_YEARS, service, longest=longest, deadline=deadline(seconds))


def all_days() -> set[date]:
    return {START + n * DAY for n in range((FIVE_YEARS - START).days + 1)}


def test_a_span_that_is_answered_is_one_request() -> None:
    service = Service(9999)
    parts = read_in_parts(START, FIVE_YEARS, service, longest=None, deadline=deadline())
    assert (len(service.asked), parts.longest, parts.unread) == (1, None, ())


@pytest.mark.parametrize("error", [Refused("no", status=400), Refused("no", status=422), TooLate("late")])
@pytest.mark.parametrize("most", [8, 60, 400, 1000])
def test_halves_until_they_are_answered_then_all_days_are_listed(most: int, error: PublerSyncError) -> None:
    service = Service(most, refuses=error)
    parts = read_in_parts(START, FIVE_YEARS, service, longest=None, deadline=deadline())
    assert service.days == all_days()
    assert parts.unread == ()
    assert parts.longest is not None
    assert most / 2 <= parts.longest <= most
    refused = [days for days in service.asked if days > most]
    assert len(refused) <= 8, "once a length is answered, no longer one is asked again"


def test_what_was_answered_is_asked_first_next_time() -> None:
    service = Service(400)
    first = read_in_parts(START, FIVE_YEARS, service, longest=None, deadline=deadline())
    service.asked.clear()
    again = read_in_parts(START, FIVE_YEARS, service, longest=first.longest, deadline=deadline())
    assert max(service.asked) <= 400
    assert again.longest == first.longest


def test_a_short_list_leaves_what_is_known_of_long_ones() -> None:
    """Else the next list of five years would be asked for day by day."""
    service = Service(400)
    parts = read_in_parts(START, START, service, longest=200, deadline=deadline())
    assert parts.longest == 200


@each_of(("days", "parts"), [(1, None), (7, None), (8, [8, 4, 4]), (15, [15, 8, 4, 4, 4, 3])])
def test_a_week_is_not_divided(days: int, parts: list[int] | None) -> None:
    service = Service(4 if days > 7 else 0)
    last = START + (days - 1) * DAY
    if parts is None:
        with pytest.raises(Refused):
            read_in_parts(START, last, service, longest=None, deadline=deadline())
    else:
        found = read_in_parts(START, last, service, longest=None, deadline=deadline())
        assert (sum(found.found), found.longest) == (days, 4)
    assert service.asked == (parts or [days])


def test_a_span_that_is_refused_is_divided_also_where_others_were_answered() -> None:
    """As where it has more posts than the service lists at once."""
    busy, listed = START + timedelta(days=90), set[date]()

    def ask(first: date, last: date) -> int:
        days = [first + n * DAY for n in range((last - first).days + 1)]
        if busy in days and len(days) > 10:
            raise Refused("no", status=400)
        listed.update(days)
        return len(days)

    last = START + timedelta(days=99)
    parts = read_in_parts(START, last, ask, longest=50, deadline=deadline())
    assert (len(listed), sum(parts.found), parts.longest, parts.unread) == (100, 100, 50, ())


@each_of("status", [400, 404, 413, 422, 499])
def test_a_refusal_that_may_be_for_the_length_divides_it(status: int) -> None:
    service = Service(400, refuses=Refused("no", status=status))
    read(service)
    assert service.days == all_days()


@each_of("status", [302, 399, 401, 403, 429, 500, None])
def test_a_refusal_that_is_not_for_the_length_ends_it(status: int | None) -> None:
    service = Service(400, refuses=Refused("no", status=status))
    with pytest.raises(Refused):
        read(service)
    assert len(service.asked) == 1


def test_a_service_that_refuses_whatever_is_asked_is_told_as_it_said_first() -> None:
    class Wordy(Service):
        def __call__(self, first: date, last: date) -> int:
            self.refuses = Refused(f"no {len(self.asked) + 1}", status=400)
            return super().__call__(first, last)

    service = Wordy(0)
    with pytest.raises(Refused, match=r"no 1$"):
        read(service)
    assert min(service.asked) <= LEAST_DAYS
    assert len(service.asked) <= 10


def test_no_connection_is_no_reason_to_ask_for_less() -> None:
    service = Service(400, refuses=Unreachable("down"))
    with pytest.raises(Unreachable):
        read(service)
    assert len(service.asked) == 1


def test_a_span_of_a_length_that_is_answered_elsewhere_stays_unread() -> None:
    bad = START + timedelta(days=900)
    service = Service(400, deaf=frozenset({bad}))
    parts = read_in_parts(START, FIVE_YEARS, service, longest=None, deadline=deadline())
    ((first, last),) = parts.unread
    assert first <= bad <= last
    assert service.days == {day for day in all_days() if not first <= day <= last}


def test_when_time_is_up_the_rest_stays_unread() -> None:
    deaf = frozenset({START + timedelta(days=500), START + timedelta(days=900)})
    service = Service(200, deaf=deaf)
    parts = read_in_parts(START, FIVE_YEARS, service, longest=200, deadline=deadline(0))
    assert len(service.asked) == 3
    assert (parts.unread[0][0], parts.unread[-1][1]) == (START + timedelta(days=400), FIVE_YEARS)


def test_when_time_is_up_and_nothing_was_answered_it_is_told() -> None:
    service = Service(10, refuses=TooLate("late"))
    with pytest.raises(TooLate):
        read(service, seconds=0)
    assert len(service.asked) == 1

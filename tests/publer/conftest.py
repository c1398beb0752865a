"""A stand-in for Publer that plays a script, a clock that stands still, and a gateway between the two."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.machine.clock import Clock
from publer_sync.publer.gateway import Publer
from publer_sync.publer.reader import PublerReader
from tests.conftest import PATIENCE
from tests.stand_in import Asked, Reply, StandIn, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publer_sync.values.content import Json

KEY = "0123456789abcdef-secret"
ACCOUNT = "63c675b54e299e9cf2b667ea"
POST = "681b6e3c4e299e3d1c9f7a11"
DAY = date(2027, 3, 2)
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
"""A file that begins with it is a GIF, whatever follows."""

WRITES: dict[str, Callable[[Publer], object]] = {
    "schedule": lambda p: p.schedule([{"networks": {}}], draft=False),
    "update": lambda p: p.update(POST, text="new", title=None),
    "delete": lambda p: p.delete([POST]),
    "import": lambda p: p.import_url("https://a.example/b.png", name="b.png"),
}


class Service:
    """Publer by script: `replies` in order, the last one again and again; `seen` is every request."""

    stand_in: StandIn

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.seen: list[Asked] = []

    def __call__(self, asked: Asked) -> Reply:
        self.seen.append(asked)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    @property
    def url(self) -> str:
        return f"{self.stand_in.url}/api/v1"

    def reader(self, clock: Clock, **options: Any) -> PublerReader:
        return PublerReader(**{"key": KEY, "base_url": self.url, "clock": clock, **options})

    def publer(self, clock: Clock, **options: Any) -> Publer:
        return Publer(**{"key": KEY, "base_url": self.url, "clock": clock, **options})


class StillClock(Clock):
    """Stands still but for its sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []
        self.at = datetime(2027, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return 1000.0 + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    with serving(service) as service.stand_in:
        yield service


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def publer(service: Service, clock: StillClock, told: list[str]) -> Publer:
    return service.publer(clock, say=told.append, read_seconds=PATIENCE).in_workspace("w1")


@pytest.fixture
def impatient(service: Service, clock: StillClock, told: list[str]) -> Publer:
    """The same, for a Publer that does not answer: on a busy machine, one that does needs longer than a quiet one."""
    return service.publer(clock, say=told.append, read_seconds=1).in_workspace("w1")


def post(number: int, account: str = ACCOUNT) -> dict[str, Json]:
    return {"id": str(number), "account_id": account, "state": "scheduled", "text": "t", "scheduled_at": None}


def posts(*numbers: int, total: int | None = None) -> Reply:
    data: dict[str, Json] = {"posts": [post(n) for n in numbers]}
    return Reply({**data, "total": total} if total is not None else data)


def limited(**headers: str) -> Reply:
    """A 429; headers with _ for -."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply({"error": "Rate limit exceeded. Retry later."}, 429, told)

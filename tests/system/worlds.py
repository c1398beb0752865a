"""A calendar, a local Publer and the command line in this process: what the tests of apply share.

`Want` is a post as the calendar should say it, `World` holds both sides, and `settled_amiss` is the promise of the
whole tool as one question: after a clean apply, is every desired post there exactly once, and nothing else touched?
"""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from unittest import mock

from publer_sync.ledger.contact import Kind
from publer_sync.ledger.store import open_store
from publer_sync.machine.clock import Clock
from publer_sync.planning import survey
from publer_sync.publer.gateway import Publer
from publer_sync.sandbox import Faults, Sandbox, SeedAccount
from tests.conftest import THREE, Ran, run_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from publer_sync.sandbox import Trip
    from publer_sync.sandbox.exchange import Request, Response
    from publer_sync.sandbox.records import Record

POLL = 0.005
KEY = "k3y-that-nobody-may-ever-see"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
T = (datetime.now(UTC) + 30 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
"""A morning a month ahead, so that nothing comes near a freeze and no test ages."""


def as_told(moment: datetime) -> str:
    """A time in UTC as reports say it: with its year, where that is not this one."""
    year = "" if moment.year == datetime.now(UTC).year else f" {moment.year}"
    return f"{moment:%a} {moment.day} {moment:%b}{year} {moment:%H:%M}"


FIVE = replace(
    THREE,
    accounts=(
        *THREE.accounts,
        SeedAccount("acc0000000000000000a5701", "mastodon", "My Mastodon"),
        SeedAccount("acc0000000000000000b5701", "bluesky", "My Bluesky"),
    ),
)
ACCOUNTS = dict(
    zip(("facebook", "x", "linkedin", "mastodon", "bluesky"), (one.id for one in FIVE.accounts), strict=True)
)
ALIASES = {number: alias for alias, number in ACCOUNTS.items()}
SETTINGS = {"workspace": THREE.workspace_name, "timezone": "UTC", "accounts": ACCOUNTS}


@dataclass(frozen=True, slots=True)
class Want:
    """A post of the calendar on one account. `picture` is a file, `address` one to be fetched, `more` any line of YAML."""

    id: str | None
    account: str
    at: datetime
    text: str
    draft: bool = False
    labels: tuple[str, ...] = ()
    picture: str | None = None
    address: str | None = None
    more: str = ""

    def yaml(self) -> str:
        lines = [
            *([f"id: {self.id}"] if self.id else []),
            f"at: {self.at:%Y-%m-%d %H:%M}",
            f"accounts: {self.account}",
            f"text: {json.dumps(self.text, ensure_ascii=False)}",
            *(["draft: true"] if self.draft else []),
            *([f"labels: {json.dumps(list(self.labels))}"] if self.labels else []),
            *(["media:", f"- file: {self.picture}", "  alt: A picture"] if self.picture else []),
            *(["media:", f"- url: {self.address}", "  alt: A picture"] if self.address else []),
            *self.more.splitlines(),
        ]
        return "- " + "\n  ".join(lines) + "\n"

    @property
    def row(self) -> Row:
        return Row(
            self.account,
            self.at,
            self.text,
            self.draft,
            tuple(sorted(self.labels)),
            bool(self.picture or self.address),
        )


class Row(NamedTuple):
    """What matters of a live post, to compare it with what was wanted."""

    account: str | None
    at: datetime | None
    text: str
    draft: bool
    labels: tuple[str, ...]
    picture: bool


def row_of(post: Record) -> Row:
    sent = post["sent"] or {"account": {}}
    return Row(
        ALIASES.get(post["account_id"], post["account_id"]),
        post["at"],
        post["text"],
        post["state"].startswith("draft"),
        tuple(sorted(sent["account"].get("labels") or ())),
        bool(post["media"]),
    )


@dataclass(slots=True)
class World:
    """One calendar and one service, in a folder. `unmanaged` is everything that publer-sync must never touch."""

    home: Path
    sandbox: Sandbox
    wants: tuple[Want, ...] = ()
    unmanaged: dict[str, Record] = field(default_factory=dict)

    @property
    def top(self) -> Path:
        return self.home / "calendar"

    @property
    def ledger(self) -> Path:
        """The file with the calendar's part of it, where the settings name no place and no calendar."""
        return Path(self.store().path)

    def store(self, place: str | None = None) -> Any:
        """As a command opens it."""
        return open_store(
            place,
            top=self.top,
            service=self.sandbox.url,
            workspace_id=FIVE.workspace_id,
            calendar=self.top.name,
            clock=Clock(),
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PUBLER_BASE_URL": self.sandbox.url,
            "PUBLER_API_KEY": KEY,
            "PUBLER_SYNC_POLL_SECONDS": str(self.sandbox.poll_seconds),
        }

    def settings(self, **more: Any) -> None:
        self.top.mkdir(exist_ok=True)
        lines = {**SETTINGS, **more}
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        (self.top / "publer.yaml").write_text(text, encoding="utf-8")

    def repository(self) -> None:
        """Its folder is a git repository, whose remote is beside it."""
        git(self.home, "init", "-q", "--template=", "-b", "main")
        git(self.home, "init", "-q", "--bare", "--template=", "remote.git")
        git(self.home, "remote", "add", "origin", "remote.git")

    def write(self, *wants: Want) -> None:
        """Make these, and nothing else, what the calendar says."""
        self.wants = wants
        self.top.mkdir(exist_ok=True)
        for name in {want.picture for want in wants if want.picture}:
            (self.top / name).write_bytes(png(sum(name.encode())))
        body = "posts:\n" + "".join(want.yaml() for want in wants) if wants else "posts: []\n"
        (self.top / "posts.yaml").write_text(body, encoding="utf-8")

    def apply_first(self, *wants: Want) -> None:
        """Put these in place, and forget what it took: the ledger has seen every kind of write."""
        self.write(*wants)
        done = self.apply()
        assert done.code == 0, done
        self.sandbox.settle()
        self.know_every_kind()
        self.sandbox.reset_log()

    def know_every_kind(self, place: str | None = None) -> None:
        """Let the ledger have seen every kind of write, so that none goes alone any more."""
        settings = (self.top / "publer.yaml").read_text(encoding="utf-8")
        named = re.search(r'^state: (".*")$', settings, re.MULTILINE)
        store = self.store(place or (json.loads(named[1]) if named else None))
        if (state := store.read()) is not None:
            state.contact = state.contact.verifying(*Kind)
            with store.lock(1):
                store.write(state)

    def stranger(self, account: str, at: datetime | None, text: str, **more: Any) -> str:
        """A post that a colleague made in Publer."""
        made = self.sandbox.add(account_id=ACCOUNTS.get(account, account), at=at, text=text, **more)
        self.unmanaged[made] = self.by_id()[made]
        return made

    def alike(self, want: Want) -> str:
        """A colleague's post that equals a desired one, and that an apply adopts."""
        return self.sandbox.add(account_id=ACCOUNTS[want.account], at=want.at, text=want.text)

    # the command line

    def run(self, *args: str | Path) -> Ran:
        """publer-sync with these words, in this process."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PUBLER")}
        return run_here(args, {**kept, **self.environment})

    def apply(self, *flags: str) -> Applied:
        return Applied.of(self.run("apply", self.top, "--yes", "--format", "json", *flags))

    def plan(self, *flags: str) -> Any:
        ran = self.run("plan", self.top, "--format", "json", *flags)
        assert ran.code == 0, ran
        return json.loads(ran.stdout)

    def changes(self, *flags: str) -> list[tuple[str, str | None, str | None]]:
        """Action, code and id of what the plan says, sorted."""
        return sorted((c["action"], c["code"], c["id"]) for c in self.plan(*flags)["changes"])

    # the other side

    def by_id(self) -> dict[str, Record]:
        return {str(post["id"]): post for post in self.sandbox.posts()}

    def live(self) -> list[Row]:
        """What is scheduled or a draft in the accounts and managed here, sorted."""
        posts = [post for key, post in self.by_id().items() if key not in self.unmanaged and alive(post)]
        return sorted((row_of(post) for post in posts), key=repr)

    def wanted(self) -> list[Row]:
        return sorted((want.row for want in self.wants), key=repr)

    def find(self, text: str) -> Record:
        """The one live post with this text."""
        found = [post for post in self.sandbox.posts() if post["text"] == text and alive(post)]
        assert len(found) == 1, f"{len(found)} posts say {text!r}"
        return found[0]

    def writes(self) -> list[str]:
        """What was sent that changes something, since the log was last reset."""
        return [request.method for request in self.sandbox.requests if request.method != "GET"]

    # the promise

    def amiss(self) -> list[str]:
        """What is not as it should be: posts too many, posts missing, unmanaged posts touched."""
        have, want = Counter(self.live()), Counter(self.wanted())
        out = [f"too many: {row}" for row in have - want] + [f"missing: {row}" for row in want - have]
        now = self.by_id()
        for key, before in self.unmanaged.items():
            if key not in now:
                out.append(f"a post not managed here is gone: {before['text']}")
            elif untold(now[key]) != untold(before):
                out.append(f"a post not managed here was touched: {before['text']}")
        return out

    def settled_amiss(self, *flags: str) -> list[str]:
        """What a clean apply leaves to be wished for."""
        applied = self.apply(*flags)
        out = [] if applied.code == 0 else [f"the clean apply ends with {applied.code}: {applied}"]
        self.sandbox.settle()
        out += self.amiss()
        left = self.plan()["changes"]
        return out + [f"left in the plan: {change['action']} {change['reason']}" for change in left]


def alive(post: Record) -> bool:
    return post["account_id"] in ALIASES and str(post["state"]).startswith(("scheduled", "draft"))


def untold(post: Record) -> Record:
    """Everything of a post but whether lists show it yet."""
    return {key: value for key, value in post.items() if key != "visible"}


@dataclass(frozen=True, slots=True)
class Applied:
    """How an apply ended. `document` is its one JSON document, None where what it printed is none."""

    code: int
    document: Any
    ran: Ran

    @classmethod
    def of(cls, ran: Ran) -> Applied:
        try:
            return cls(ran.code, json.loads(ran.stdout), ran)
        except ValueError:
            return cls(ran.code, None, ran)

    @property
    def report(self) -> Any:
        """What was done; a release has it beside the holds that it ended, and none where there were none."""
        return self.document["report"] or {} if "report" in self.document else self.document

    @property
    def summary(self) -> dict[str, int]:
        found: dict[str, int] = self.report.get("summary", {})
        return found

    @property
    def outcomes(self) -> list[tuple[str, str | None, str]]:
        return sorted((r["action"], r["id"], r["outcome"]) for r in self.document["results"])

    def result(self, id: str) -> Any:
        found = [result for result in self.document["results"] if result["id"] == id]
        assert len(found) == 1, (id, self)
        return found[0]

    def amiss(self, *, codes: Sequence[int] = (0, 1, 6)) -> list[str]:
        """What no disturbance excuses: another exit code, anything but one document, a traceback, the key."""
        text = self.ran.stdout + self.ran.stderr
        out = [] if self.code in codes else [f"exit {self.code}: {text}"]
        if self.document is None:
            out.append(f"stdout is no JSON: {text}")
        elif self.code == 1 and "error" not in {**self.document, **self.report}:
            out.append(f"exit 1 without an error in the document: {text}")
        elif self.code == 0:
            bad = ("failed", "unverified", "not_tried", "not_stopped")
            out += [f"exit 0 with {name}" for name in bad if self.summary.get(name)]
        return out + [f"{word} is in the output" for word in (KEY, "Traceback") if word in text]


# --- making worlds --------------------------------------------------------------------------------------------------


@contextmanager
def world_in(
    home: Path, *, sandbox: type[Sandbox] = Sandbox, poll_seconds: float = POLL, **faults: Any
) -> Iterator[World]:
    """A world whose service lasts as long as the block; its posts outlive it, in the folder."""
    home.mkdir(parents=True, exist_ok=True)
    faults = {"rate_limit": 1000, **faults}
    # A poll takes 5 ms here, and a busy machine seconds to plan: no job is silent for so long that it counts as lost.
    patient = mock.patch.object(survey, "SILENT_POLLS", 100_000)
    served = sandbox(FIVE, file=home / "publer.db", poll_seconds=poll_seconds, faults=Faults(**faults))
    with patient, served:
        world = World(home, served)
        world.settings()
        yield world
        if served.bugs:
            raise served.bugs[0]


NEVER = 10**6
"""Of `job_delay`: a job lasts until a test ends it, however slow the machine is."""


def end_jobs(sandbox: Sandbox) -> None:
    """Let a long time pass for whatever is under way. Jobs that begin later are quick again."""
    long = NEVER * sandbox.poll_seconds
    wall = sandbox._context.wall
    object.__setattr__(sandbox._context, "wall", lambda: wall() + long)
    sandbox.faults.job_delay = 1


def end_jobs_at(sandbox: Sandbox, method: str, *, nth: int = 1) -> None:
    """Once it answered the nth request of this method from now on."""
    handle, left = sandbox.handle, count(nth, -1)

    def handled(request: Request) -> Response | None:
        answer = handle(request)
        if request.method == method and next(left) == 1:
            end_jobs(sandbox)
        return answer

    sandbox.handle = handled  # type: ignore[method-assign]  # this sandbox alone answers in this way


@contextmanager
def clocks(world: World) -> Iterator[Callable[[datetime], None]]:
    """Set every clock, the service's too, which publishes what is due by then."""
    passed = timedelta(0)

    def now(*_: object) -> datetime:
        return datetime.now(UTC) + passed

    def to(moment: datetime) -> None:
        nonlocal passed
        passed += moment - now()
        world.sandbox.posts()

    object.__setattr__(world.sandbox._context, "now", now)
    with mock.patch.object(Clock, "now", now):
        yield to


def killed(world: World, at: str = "schedule", command: str = "apply", *words: str) -> Ran:
    """An apply, or another command, that ends at its first request of this kind, as if by a power cut; 137 where it came so far."""
    with mock.patch.object(Publer, at, side_effect=SystemExit(137)):
        return world.run(command, world.top, "--yes", "--format", "json", *words)


def held_accounts(world: World) -> set[str]:
    """The aliases of the accounts on hold, as the state has them."""
    holds = world.plan()["holds"]
    return {alias for hold in holds for alias in map(ALIASES.get, hold["accounts"] or ALIASES) if alias}


def hold_amiss(world: World, accounts: Iterable[str]) -> list[str]:
    """What a hold of these accounts that ended with 0 does not allow: one of our posts that is scheduled, another's that was touched."""
    world.sandbox.settle()
    left = [row for row in world.live() if row.account in set(accounts) and not row.draft]
    return [f"on hold and scheduled: {row}" for row in left] + [
        line for line in world.amiss() if "not managed here" in line
    ]


def a_month(world: World) -> None:
    """What an apply finds before `next_month`: everything put in place by an apply, and a colleague's own posts."""
    world.stranger("facebook", T + 5 * HOUR, "a colleague's post")
    world.stranger("x", T + 5 * HOUR, "a colleague's other post")
    world.stranger("linkedin", T + 6 * HOUR, "a colleague's draft", state="draft")
    world.write(
        Want("edited", "facebook", T, "edit me"),
        Want("moved", "facebook", T + HOUR, "move me"),
        Want("stays", "facebook", T + 2 * HOUR, "stays", labels=("calm",)),
        Want("goes", "facebook", T + 3 * HOUR, "goes"),
        Want("takes-over", "facebook", T + 4 * HOUR, "takes the minute of what goes"),
        Want("swap-1", "x", T, "swap one"),
        Want("leaves", "x", T + 2 * DAY + HOUR, "leaves too"),
        Want("swap-2", "x", T + DAY, "swap two"),
        Want("labels", "linkedin", T, "labels", labels=("one",)),
        Want("undraft", "linkedin", T + HOUR, "a draft no more", draft=True),
        Want("draft", "linkedin", T + 2 * HOUR, "a draft from now on"),
    )
    applied = world.apply()
    assert applied.code == 0, applied
    world.sandbox.settle()
    assert not world.amiss(), world.amiss()


def next_month(world: World) -> None:
    """Every kind of change at once, for one apply."""
    adopted = Want("adopted", "linkedin", T + 8 * HOUR, "made by hand already")
    world.alike(adopted)
    world.write(
        adopted,
        Want("edited", "facebook", T, "edited"),
        Want("moved", "facebook", T + 90 * MINUTE, "move me"),
        Want("stays", "facebook", T + 2 * HOUR, "stays", labels=("calm",)),
        Want("takes-over", "facebook", T + 3 * HOUR, "takes the minute of what goes"),
        Want("swap-1", "x", T + DAY, "swap one"),
        Want("swap-2", "x", T, "swap two"),
        Want("labels", "linkedin", T, "labels", labels=("two",)),
        Want("undraft", "linkedin", T + HOUR, "a draft no more"),
        Want("draft", "linkedin", T + 2 * HOUR, "a draft from now on", draft=True),
        Want("new-1", "facebook", T + 2 * DAY, "new", picture="one.png"),
        Want("new-2", "x", T + 2 * DAY, "new", address="https://example.com/lamp.png"),
        Want("new-draft", "linkedin", T + 3 * DAY, "a new draft", draft=True),
    )


class Template:
    """A world that was made once, to be had again in no time. `branch` keeps its state, where there is one."""

    def __init__(self, home: Path, branch: str | None = None) -> None:
        self._state = branch and f"git:{branch}"
        self._settings = {"state": self._state} if branch else {}
        with world_in(home) as world:
            if branch:
                world.repository()
            world.settings(**self._settings)
            a_month(world)
            next_month(world)
        self._made = world

    @contextmanager
    def world(self, home: Path, *, sandbox: type[Sandbox] = Sandbox, **options: Any) -> Iterator[World]:
        made = self._made
        shutil.copytree(made.home, home)
        with world_in(home, sandbox=sandbox, **options) as world:
            world.settings(**self._settings)
            world.wants, world.unmanaged = made.wants, dict(made.unmanaged)
            self._is_of(world)
            yield world

    def _is_of(self, world: World) -> None:
        """Have the state say that it is of the service at this port, and of this folder."""
        state = self._made.store(self._state).read()
        assert state is not None
        store = world.store(self._state)
        store.read()
        with store.lock(1):
            store.write(replace(state, service=world.sandbox.url, home=None))


def git(home: Path, *words: str) -> None:
    who = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com")
    subprocess.run(["git", *who, *words], cwd=home, check=True, capture_output=True)


class Sweep(Protocol):
    """Disturb something at so many places, evenly spread over what a command does, each in a world of its own.

    From the `first` on, a command does about `of` things, such as requests. `cases` of them are disturbed; sweeps that
    differ in one parameter begin at other places, so that together they meet each. `case` gives what is amiss, and None
    where a command does not do so much: then it is disturbed earlier. PUBLER_SYNC_EVERY=1 meets each in each sweep.
    """

    def __call__(
        self,
        case: Callable[[World, int], list[str] | None],
        *,
        of: int,
        cases: int = ...,
        first: int = ...,
        last: int = ...,
        sandbox: type[Sandbox] = ...,
    ) -> None: ...


MOST = 240
"""More requests, or writes of a state, than any of these commands needs; past them a sweep would not end."""


def tripped(world: World, trips: Iterable[Trip], command: str = "apply", *words: str) -> Applied:
    """An apply, or another command, during which these go wrong, and never after.

    It waits for no job that nobody answers for.
    """
    world.sandbox.faults.trips = list(trips)
    with mock.patch.object(Clock, "sleep", _briefly):
        ran = world.run(command, world.top, "--yes", "--format", "json", "--timeout", "0.2", *words)
    world.sandbox.faults.trips = []
    return Applied.of(ran)


_sleep = Clock.sleep


def _briefly(clock: Clock, seconds: float) -> None:
    """The limit's window ends with a whole second, which every case would wait for."""
    _sleep(clock, min(seconds, 0.03))


def png(shade: int) -> bytes:
    """A picture of 64 by 64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((shade % 256, 90, 160)) * 64 for _ in range(64))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")

"""Opens what a command works with: the calendar, Publer or the sandbox, the workspace and accounts, the ledger's place.

Then plans, which is the same for `plan` and `apply`: there is no dry run, `plan` merely stops earlier.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.applying.following import Follower
from publer_sync.clock import Clock
from publer_sync.commands.options import first_instant, instant, last_instant
from publer_sync.errors import CalendarError, SettingsError, UsageError
from publer_sync.ledger import store as stores
from publer_sync.ledger.file_store import FOLDER, make_own_folder
from publer_sync.ledger.state import State
from publer_sync.planning.plan import Plan, Warn
from publer_sync.planning.planner import Scope, make_plan
from publer_sync.planning.resolve import find_accounts, find_workspace
from publer_sync.planning.survey import Survey, listing, survey
from publer_sync.publer.gateway import Publer
from publer_sync.publer.reader import PublerReader
from publer_sync.service import is_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.environment import Environment
    from publer_sync.ledger.store import Store
    from publer_sync.model import Account, Post, Workspace
    from publer_sync.problems import Problem
    from publer_sync.sandbox import Seed


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line chose; `calendar`, `state` and `sandbox_file` are as written."""

    calendar: Path | None = None
    accounts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    state: str | None = None
    sandbox: bool = False
    sandbox_file: Path | None = None
    now: str | None = None


@dataclass(slots=True)
class Session:
    """An open connection and everything read so far. Close it by leaving the stack it was opened on."""

    calendar: Calendar
    publer: PublerReader
    workspace: Workspace
    accounts: Mapping[str, Account]
    desired: tuple[Post, ...]
    store: Store
    service: str
    clock: Clock
    poll_seconds: float
    scope: Scope | None
    remarks: tuple[Problem, ...] = ()
    """What validate warns of."""

    @property
    def account_ids(self) -> tuple[str, ...]:
        return tuple(account.id for account in self.accounts.values())

    def state(self) -> State | None:
        """The ledger, once it is known to belong here."""
        state = self.store.read()
        if state is not None:
            stores.check(
                state,
                service=self.service,
                workspace_id=self.workspace.id,
                calendar=self.calendar.settings.name,
                top=self.calendar.top,
                place=self.store.place,
            )
        return state

    def new_state(self) -> State:
        return State(self.service, self.workspace.id, self.calendar.settings.name, self.workspace.name)

    def survey(self, state: State | None) -> Survey:
        return survey(
            self.publer, state, account_ids=self.account_ids, clock=self.clock, poll_seconds=self.poll_seconds
        )

    def plan(self, seen: Survey) -> Plan:
        plan = make_plan(
            desired=self.desired,
            live=seen.live,
            state=seen.state,
            accounts={account.id: account for account in self.accounts.values()},
            settings=self.calendar.settings,
            workspace=self.workspace,
            now=self.clock.now(),
            posts=self.calendar.posts,
            scope=self.scope,
        )
        return replace(plan, warnings=(*plan.warnings, *_bearing_on(plan, self.desired, self.remarks)))

    def settle(
        self, seen: Survey, *, timeout: float, stop: Callable[[], bool], progress: Callable[[str, str], None]
    ) -> Survey:
        """Wait until what an earlier apply sent is settled, or time is up; the last thing done is a listing."""
        state = seen.state
        waiting = [record.key for record in state.records.values() if record.under_way] if state else []
        if state is None or not waiting:
            return seen
        start, waited = self.clock.monotonic(), self.publer.waited
        follower = Follower(
            ask=self.publer.job,
            list_posts=lambda: listing(
                self.publer, state, account_ids=self.account_ids, now=self.clock.now()
            ),
            clock=self.clock,
            poll_seconds=self.poll_seconds,
            stop=stop,
            waiting=lambda seconds: progress(
                "check", f"an earlier apply's job is still running, {seconds} s"
            ),
            showing=lambda shown, of: progress(
                "check", f"{shown} of {of} posts of an earlier apply are settled"
            ),
        )
        done = follower.follow(state, waiting, lambda: start + timeout + self.publer.waited - waited)
        return Survey(done.live or seen.live, done.state, done.refusals)


def check(calendar: Calendar) -> None:
    """Raise CalendarError where the files have mistakes, before anything is asked of Publer."""
    if any(problem.severity == "error" for problem in calendar.judged):
        raise CalendarError(calendar.judged)


def open_session(
    calendar: Calendar,
    environment: Environment,
    choice: Choice,
    stack: ExitStack,
    *,
    writes: bool,
    say: Callable[[str], None],
    base: Path,
) -> Session:
    """Connect, resolve names, and bind the posts to the accounts. `base` is where relative paths count from.

    With `writes` false the session's gateway can send nothing but GET.
    """
    settings = calendar.settings
    clock = Clock()
    place, place_base = choice.state or environment.state, base
    if place is None and settings.state is not None:
        place, place_base = settings.state, calendar.top
    if choice.sandbox:
        clock, environment = enter_sandbox(calendar, environment, choice, stack)
        place, place_base = f"{FOLDER}/sandbox-state.json", calendar.top
    gateway = Publer if writes else PublerReader
    publer = gateway(
        key=environment.need_key(),
        base_url=environment.base_url,
        clock=clock,
        poll_seconds=environment.poll_seconds,
        user_agent=environment.user_agent,
        say=say,
    )
    workspace = find_workspace(
        settings, None if choice.sandbox else environment.workspace, publer.workspaces()
    )
    publer.use_workspace(workspace.id)
    accounts = find_accounts(settings.accounts, publer.accounts())
    desired = calendar.bind(accounts)
    problems = calendar.judge(desired, now=clock.now())
    if any(problem.severity == "error" for problem in problems):
        raise CalendarError(problems)
    store = stores.open_store(
        place,
        top=calendar.top,
        workspace_id=workspace.id,
        calendar=settings.name,
        clock=clock,
        base=place_base,
        tell=say,
    )
    return Session(
        calendar,
        publer,
        workspace,
        accounts,
        desired.posts,
        store,
        environment.base_url.rstrip("/") if not choice.sandbox else "sandbox",
        clock,
        environment.poll_seconds,
        _scope(choice, settings.timezone, accounts),
        problems,
    )


def _bearing_on(plan: Plan, desired: Sequence[Post], remarks: Iterable[Problem]) -> Iterator[Warn]:
    """The warnings about posts that something happens to; those about all the others are validate's affair."""
    starts: dict[str, list[int]] = defaultdict(list)
    for file, line in sorted({(post.location.file, post.location.line) for post in desired}):
        starts[file].append(line)
    concerned = {change.post.location for change in plan.listed if change.post}
    lines = {(location.file, location.line) for location in concerned}
    for remark in remarks:
        where = remark.location
        if where is None:
            continue
        posts = starts[where.file]
        index = bisect_right(posts, where.line)
        if index and (where.file, posts[index - 1]) in lines:
            yield Warn(remark.code, remark.message, where)


def _scope(choice: Choice, timezone: str, accounts: Mapping[str, Account]) -> Scope | None:
    if not (choice.accounts or choice.since or choice.until):
        return None
    for alias in choice.accounts:
        if alias not in accounts:
            raise UsageError(
                f'--account: there is no account "{alias}" here',
                hint=f"publer.yaml has: {', '.join(accounts)}",
            )
    return Scope(
        frozenset(accounts[alias].id for alias in choice.accounts) if choice.accounts else None,
        first_instant(choice.since, timezone, option="--from") if choice.since else None,
        last_instant(choice.until, timezone, option="--to") if choice.until else None,
    )


# --- the sandbox ----------------------------------------------------------------------------------------------------


def enter_sandbox(
    calendar: Calendar, environment: Environment, choice: Choice, stack: ExitStack
) -> tuple[Clock, Environment]:
    """Serve a local Publer for as long as the stack is open."""
    from publer_sync.sandbox import Sandbox, SandboxFileError

    clock = Clock(_offset(choice.now, calendar))
    file = choice.sandbox_file or calendar.top / FOLDER / "sandbox.db"
    try:
        make_own_folder(calendar.top / FOLDER)
    except OSError as error:
        raise SettingsError(
            f"{calendar.top / FOLDER} cannot be used as a folder: {error.strerror}", code="sandbox.file"
        ) from error
    try:
        served = stack.enter_context(
            Sandbox(
                seed_of(calendar), file=file, poll_seconds=environment.poll_seconds, now=clock.now, log=False
            )
        )
    except SandboxFileError as error:
        raise SettingsError(str(error), code="sandbox.file", hint=error.fix) from error
    return clock, replace(environment, key=served.key, base_url=served.url, workspace=None)


def _offset(now: str | None, calendar: Calendar) -> timedelta:
    if now is None:
        return timedelta(0)
    return instant(now, calendar.settings.timezone, option="--now") - Clock().now()


def seed_of(calendar: Calendar | None) -> Seed:
    """The workspace and the accounts that the settings name, ids as given; without settings one of each network."""
    from publer_sync.sandbox import Seed, SeedAccount

    if calendar is None or not calendar.settings.accounts:
        return Seed()
    settings = calendar.settings
    name = settings.workspace or "My Primary Workspace"
    accounts = tuple(
        SeedAccount(
            ref.name if is_id(ref.name) else _made_id(f"{ref.provider}/{ref.name}"),
            ref.provider or "facebook",
            ref.alias if is_id(ref.name) else ref.name,
        )
        for ref in settings.accounts
    )
    return Seed(
        name if is_id(name) else _made_id(name), "My Primary Workspace" if is_id(name) else name, accounts
    )


def _made_id(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:24]

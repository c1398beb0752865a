"""Checks that ask Publer, with nothing but GET. Each request is sent once, and later checks use the answers."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.checking.check import Check, Finding
from publer_sync.planning.resolve import AccountList, find_accounts, find_workspace
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import CalendarError, PlanRefused, Refused, SettingsError
from publer_sync.values.model import Settings
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from publer_sync.publer.reader import PublerReader
    from publer_sync.values.errors import PublerSyncError
    from publer_sync.values.model import Account, Workspace

NO_MEDIUM = "0" * 24
"""The id of no medium: asking for it tells whether the key may ask for media."""
SLOW_CLOCK, WRONG_CLOCK = 60.0, 300.0
"""Seconds of difference that deserve a warning, and that make frozen and missed posts be misjudged."""
FEW = 20
"""Requests: fewer are not enough to plan a busy calendar."""
NEW_KEY = (
    "Create a new key in Publer under Settings, Access & Login, API Keys, with the scopes workspaces, accounts, posts "
    "and media: scopes can't be added to a key later."
)


@dataclass(slots=True)
class RemoteChecks:
    """The checks, and the answers that later ones use."""

    connect: Callable[[], PublerReader]
    now: Callable[[], datetime]
    settings: Settings | None
    workspace_env: str | None
    sandbox: bool

    publer: PublerReader = field(init=False)
    workspace: Workspace | None = None
    accounts: Mapping[str, Account] = field(default_factory=dict)
    """The managed ones, by alias."""
    _workspaces: tuple[Workspace, ...] = ()
    _listed: tuple[Account, ...] = ()
    _refused: PlanRefused | Refused | None = None
    """Why Publer refused the key everywhere."""
    _lost: PublerSyncError | None = None
    """Why there is no workspace."""

    def checks(self) -> tuple[Check, ...]:
        return (
            Check("key", self._key),
            Check("service", self._service, ("key",)),
            Check("plan", self._plan, ("service",)),
            Check("workspace", self._workspace, ("plan",)),
            Check("accounts", self._accounts, ("workspace",)),
            Check("clock", self._clock, ("service",)),
            Check("requests", self._requests, ("service",)),
        )

    def _key(self) -> Finding:
        self.publer = self.connect()
        return Finding("the sandbox needs none" if self.sandbox else "PUBLER_API_KEY is set")

    def _service(self) -> Finding:
        """Whether Publer itself answers, even if it refuses the key."""
        try:
            self._workspaces = self.publer.workspaces()
        except PlanRefused as refused:
            self._refused = refused
        except Refused as refused:
            if refused.code != "key.refused":
                raise
            self._refused = refused
        return Finding(f"{self.publer.host} answers")

    def _plan(self) -> Finding:
        if self._refused is not None:
            raise self._refused
        try:
            self.workspace = find_workspace(
                self.settings or Settings(""), self.workspace_env, self._workspaces
            )
        except (CalendarError, SettingsError) as error:
            self._lost = error
        some = self.workspace or next(iter(self._workspaces), None)
        if some is None:
            return Finding("Publer accepts the key, which sees no workspace")
        self.publer = self.publer.in_workspace(some.id)
        lacking: dict[str, Refused] = {}
        for scope, ask in self._questions().items():
            try:
                ask()
            except Refused as refused:
                if refused.code != "key.refused":
                    raise
                lacking[scope] = refused
        if not lacking:
            return Finding("Publer accepts the key, with the scopes workspaces, accounts, posts and media")
        names, no = " and ".join(lacking), next(iter(lacking.values()))
        said = f': "{no.publer_said}"' if no.publer_said else ""
        if [*lacking] == ["media"]:
            return Finding(
                f"the key may not use media, so that posts with files can't be sent{said}", "warning", NEW_KEY
            )
        return Finding(f"the key may not use {names}{said}", "failure", f"{no.hint}\n{NEW_KEY}")

    def _questions(self) -> dict[str, Callable[[], object]]:
        today = self.now().date()
        return {
            "accounts": self._list_accounts,
            "posts": lambda: self.publer.posts(since=today, until=today),
            "media": lambda: self.publer.media((NO_MEDIUM,)),
        }

    def _list_accounts(self) -> None:
        try:
            self._listed = self.publer.accounts()
        except Refused as refused:
            if refused.code != "accounts.none":
                raise

    def _workspace(self) -> Finding:
        if self.workspace is None:
            raise self._lost or SettingsError("the key sees no workspace")
        role = f", role: {one_line(self.workspace.role)}" if self.workspace.role else ""
        return Finding(f"{one_line(self.workspace.name)} ({self.workspace.id}){role}")

    def _accounts(self) -> Finding:
        if not self._listed:
            return Finding(
                "Publer lists no accounts in this workspace",
                "failure",
                "Connect an account in Publer, or let the key's user see those there are.",
            )
        number = len(self._listed)
        if self.settings is None:
            return Finding(f"the workspace has {number}; no calendar names any yet")
        refs = self.settings.accounts
        if not refs:
            return Finding(
                f"publer.yaml names no accounts; the workspace has {number}",
                "warning",
                "List them as lines for publer.yaml: publer-sync accounts",
            )
        self.accounts = find_accounts(refs, AccountList(tuple(self._listed)))
        troubles = [
            f"{alias}: {one_line(one.trouble)}" for alias, one in self.accounts.items() if one.trouble
        ]
        if troubles:
            return Finding(
                "; ".join(troubles), "failure", "Posts on such an account are blocked until it works again."
            )
        waiting = [alias for alias, one in self.accounts.items() if one.needs_approval]
        if waiting:
            return Finding(
                f"posts on {', '.join(waiting)} wait for someone's approval in Publer",
                "warning",
                "Use the key of a user whose posts need no approval, or have them approved in time.",
            )
        return Finding(", ".join(self.accounts))

    def _clock(self) -> Finding:
        ahead = self.publer.service_ahead
        if self.sandbox:
            return Finding("the sandbox goes by this machine's clock")
        if ahead is None:
            return Finding("Publer's answers have no date to compare with", "warning")
        off = round(abs(ahead))
        where = "behind" if ahead > 0 else "ahead of"
        if off < SLOW_CLOCK:
            return Finding("agrees with Publer's")
        return Finding(
            f"this machine's clock is {off} seconds {where} Publer's",
            "failure" if off >= WRONG_CLOCK else "warning",
            "Set the clock (NTP). By it, publer-sync decides which posts are past and which publish too soon to change.",
        )

    def _requests(self) -> Finding:
        left = self.publer.requests_left
        if left >= FEW:
            return Finding(f"{left} more are allowed now")
        return Finding(
            f"{left} more are allowed now",
            "warning",
            "Publer counts the requests of all keys of a user. Find out what else uses them, or wait 2 minutes.",
        )

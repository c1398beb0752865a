"""The connections of a command to Publer: one request limit for all its calendars, and nothing asked twice."""

from __future__ import annotations

import os
import threading
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from publer_sync.commands.reaching.checkouts import Checkouts, reader
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.running.shared import say_wait
from publer_sync.ledger.repositories import Repositories
from publer_sync.planning.resolve import AccountList
from publer_sync.publer.reader import PublerReader
from publer_sync.publer.sending import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.commands.reaching.neighbours import Looks
    from publer_sync.machine.clock import Clock
    from publer_sync.values.model import Workspace

Gateway = TypeVar("Gateway", bound=PublerReader)


class PublerService(Generic[Gateway]):
    """Publer at one address, asked once for its workspaces and once for the accounts of each."""

    def __init__(self, publer: Gateway) -> None:
        self.publer = publer
        self._accounts: dict[str, AccountList] = {}
        self.looks: dict[tuple[str, tuple[Path, ...]], Looks] = {}
        """What is known of calendars as neighbours of others, by the workspace and the calendars of the command."""

    @cached_property
    def workspaces(self) -> tuple[Workspace, ...]:
        return self.publer.workspaces()

    def enter(self, workspace: Workspace) -> tuple[Gateway, AccountList]:
        """Publer in this workspace, and its accounts."""
        inside = self.publer.in_workspace(workspace.id)
        if workspace.id not in self._accounts:
            self._accounts[workspace.id] = AccountList(tuple(inside.accounts()))
        return inside, self._accounts[workspace.id]


class Connections(Generic[Gateway]):
    """The connections of one command: its calendars share one request limit.

    The type of the gateway decides what can be sent: a PublerReader sends nothing but GET. No question waits longer than
    `patience` seconds, save for the request limit. Setting `wake` ends every wait.
    """

    def __init__(
        self, gateway: type[Gateway], *, say: Callable[[str], None] = say_wait, patience: float = PATIENCE
    ) -> None:
        self.say = say
        self.wake = threading.Event()
        self._gateway, self._patience = gateway, patience
        self._services: dict[str, PublerService[Gateway]] = {}
        self.asked_for_gone: set[tuple[str, Path | None]] = set()
        """The branches, with their repositories, whose states of gone calendars were told of."""
        self.repositories = Repositories()
        """What its calendars ask of git, asked once."""
        self.resolved = cache(Path.resolve)
        """Follows the links of a path, each once."""
        self.read = reader(Environment.of(os.environ).workspace, self.resolved)
        """Reads the neighbours of calendars, each once."""
        self.checkouts = Checkouts(self.read)

    @property
    def reads(self) -> bool:
        """Whether nothing can be sent."""
        return self._gateway is PublerReader

    def to(self, environment: Environment, clock: Clock) -> PublerService[Gateway]:
        """The connection to what the environment names. Raises SettingsError without a key."""
        service = self._services.get(environment.base_url)
        if service is None:
            publer = self._gateway(
                key=environment.need_key(),
                base_url=environment.base_url,
                clock=clock,
                poll_seconds=environment.poll_seconds,
                user_agent=environment.user_agent,
                say=self.say,
                patience=self._patience,
            )
            service = self._services[environment.base_url] = PublerService(publer)
        return service

    @property
    def requests(self) -> int:
        """How many were sent."""
        return sum(service.publer.requests for service in self._services.values())

    def drop(self, environment: Environment) -> None:
        """Forget a service that ends here; another may come to have its address."""
        self._services.pop(environment.base_url, None)

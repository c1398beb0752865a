"""Two calendars side by side, whose parts of the ledger are in one folder: what takes two, in few commands."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack, chdir
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

from publer_sync.commands.running import shared
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import Copy, Seen
from publer_sync.ledger.state import CalendarHome, State
from publer_sync.ledger.store import open_store
from publer_sync.machine.clock import Clock
from publer_sync.values.content import Content
from tests.conftest import Ran, run_here
from tests.ledger.git_world import git
from tests.system.worlds import ACCOUNTS, DAY, FIVE, HOUR, SETTINGS, T, Want, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from publer_sync.sandbox.exchange import Request, Response

NAMES = {"bank": "bankers"}
ONE, TWO = Want("one", "x", T, "One"), Want("two", "x", T + HOUR, "Two")


def text(words: str) -> Content:
    """As a post that says this is sent."""
    return Content.from_json({"text": words, "type": "status"})


def at_get(sandbox: Sandbox, nth: int, what: Callable[[], object]) -> None:
    """Something happens just before the nth GET from now on is answered."""
    handle, asked = sandbox.handle, [0]

    def handled(request: Request) -> Response | None:
        asked[0] += request.method == "GET"
        if asked[0] == nth and request.method == "GET":
            what()
        return handle(request)

    sandbox.handle = handled  # type: ignore[method-assign]  # this sandbox alone answers in this way


@dataclass
class SideBySide:
    """The calendars acme and, in the folder bank, bankers, which share the account x."""

    world: World
    in_git: bool = False
    """Whether they are in a git repository; each command asks git then."""

    @classmethod
    def in_place(cls, world: World, *, in_git: bool = False, **more: Any) -> SideBySide:
        """As after an apply of both: ONE of acme and TWO of bank are in Publer. `more` is what their states say besides."""
        pair = cls(world, in_git)
        if in_git:
            git(world.home, "init", "-q", "--template=", "-b", "main")
        for name, want in (("acme", ONE), ("bank", TWO)):
            pair.settings(name)
            pair.write(**{name: [want]})
            pair.applied(name, want, **more)
        return pair

    def applied(self, name: str, *wants: Want, **more: Any) -> None:
        """These posts are in Publer, and in the calendar's part of the ledger."""
        sandbox, now = self.world.sandbox, Clock().now()
        copies: dict[int, Copy] = {}
        for key, want in enumerate(wants, 1):
            account = ACCOUNTS[want.account]
            post_id = sandbox.add(account_id=account, at=want.at, text=want.text)
            copies[key] = Copy(
                key,
                account,
                want.at,
                text(want.text),
                id=want.id,
                post_id=post_id,
                seen=Seen(want.at, want.text),
                verified_at=now - DAY,
            )
        store = self.store(name)
        known = {
            "workspace_name": FIVE.workspace_name,
            "next_key": len(wants) + 1,
            "last_apply": now - DAY,
            "last_good_apply": now - DAY,
            "contact": Contact().verifying(*Kind),
            "home": CalendarHome(name, str(self.world.home / ".git"))
            if self.in_git
            else CalendarHome(str(self.top(name).resolve())),
            "copies": copies,
            **more,
        }
        state = State(sandbox.url, FIVE.workspace_id, NAMES.get(name, name), **known)
        with store.lock(1):
            store.write(state)

    def top(self, name: str) -> Path:
        return self.world.home / name

    def store(self, name: str) -> Any:
        return open_store(
            None if self.in_git else str(self.world.home / "ledger"),
            top=self.top(name),
            service=self.world.sandbox.url,
            workspace_id=FIVE.workspace_id,
            calendar=NAMES.get(name, name),
            clock=Clock(),
        )

    def settings(self, name: str, /, **more: Any) -> None:
        self.top(name).mkdir(exist_ok=True)
        shared = {"x": {"id": ACCOUNTS["x"], "shared": True}}
        place = {} if self.in_git else {"state": "../ledger"}
        lines = {**SETTINGS, "name": NAMES.get(name, name), "accounts": shared, **place, **more}
        body = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        (self.top(name) / "publer.yaml").write_text(body, encoding="utf-8")

    def write(self, **posts: list[Want]) -> None:
        """What each of these calendars says from now on."""
        for name, wants in posts.items():
            body = "".join(want.yaml() for want in wants)
            (self.top(name) / "posts.yaml").write_text(f"posts:\n{body}" if body else "posts: []\n", "utf-8")

    def run(
        self,
        *words: str,
        answer: str | None = None,
        meanwhile: Callable[[], object] | None = None,
        **environ: str,
    ) -> Ran:
        """With an `answer`, somebody is there, who gives it; `meanwhile` happens before they do."""

        def answers() -> str:
            if meanwhile is not None:
                stdin = sys.stdin
                meanwhile()
                sys.stdin = stdin
            return f"{answer}\n"

        def sits_there() -> bool:
            sys.stdin = mock.Mock(readline=answers)
            return True

        with ExitStack() as stack:
            if answer is not None:
                stack.enter_context(mock.patch.object(shared, "can_ask", sits_there))
            stack.enter_context(chdir(self.world.home))
            return run_here(words, {**self.world.environment, **environ})

    def json(self, *words: str) -> list[Any]:
        """The result of each calendar."""
        found = json.loads(self.run(*words, "--format", "json").stdout)
        return [each["result"] for each in found["calendars"]] if "calendars" in found else [found]

    def texts(self) -> list[str]:
        """What Publer has ahead."""
        self.world.sandbox.settle()
        return sorted(row.text for row in self.world.live())

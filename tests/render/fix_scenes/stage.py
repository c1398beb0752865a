"""What a scene is: a calendar beside a local Publer in which something keeps a post from being as it should be, and each way out."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.system.worlds import ACCOUNTS, DAY, SETTINGS, T, Want, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from publer_sync.planning.plan import Block
    from publer_sync.render.post.fixes import FixStep

Steps: TypeAlias = "dict[FixStep | str, Callable[[], object]]"
POST = Want("launch", "x", T, "We launched")
NAMELESS = replace(POST, id=None)
BOTH = replace(POST, account="[x, facebook]")
ONE_LEFT = replace(POST, account="facebook")
OTHER = Want("other", "linkedin", T + 3 * DAY, "Something else")
AT = "posts.yaml:2"


@dataclass(frozen=True)
class Stage:
    """A world whose clock can be set, and a second calendar beside its own."""

    world: World
    to: Callable[[datetime], None]

    @property
    def beside(self) -> Path:
        return self.world.home / "other"

    def applied(self, *wants: Want) -> str:
        """Put these in place; Publer's id of the first."""
        self.world.apply_first(*wants)
        return self.live(wants[0])

    def live(self, want: Want) -> str:
        account = ACCOUNTS[want.account.strip("[").partition(",")[0]]
        ids = [str(post["id"]) for post in self.world.sandbox.posts() if post["account_id"] == account]
        return ids[0]

    def edit(self, post: str, **fields: Any) -> Callable[[], object]:
        return lambda: self.world.sandbox.edit(post, **fields)

    def write(self, *wants: Want) -> Callable[[], object]:
        return lambda: self.world.write(*wants)

    def remove(self, post: str) -> Callable[[], object]:
        return lambda: self.world.sandbox.remove(post)

    def pull(self, *flags: str) -> Callable[[], object]:
        def run() -> None:
            ran = self.world.run("pull", self.world.top, "--yes", *flags)
            assert ran.code == 0, ran

        return run

    def write_beside(self, *wants: Want) -> None:
        self.beside.mkdir(exist_ok=True)
        shared = {alias: {"name": name, "shared": True} for alias, name in ACCOUNTS.items()}
        self.world.settings(accounts=shared)
        lines = {**SETTINGS, "accounts": shared}
        settings = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        (self.beside / "publer.yaml").write_text(settings, encoding="utf-8")
        body = "posts:\n" + "".join(want.yaml() for want in wants) if wants else "posts: []\n"
        (self.beside / "posts.yaml").write_text(body, encoding="utf-8")

    def apply_beside(self, *wants: Want) -> None:
        self.write_beside(*wants)
        done = self.world.run("apply", self.beside, "--yes", "--allow-deletes", "9")
        assert done.code == 0, done
        self.world.sandbox.settle()


@dataclass(frozen=True)
class Scene:
    """`code` blocks the post, or is the mark that plan shows; `says` are its fixes. `tops`: more calendars of the command."""

    code: Block | str
    says: str
    play: Callable[[Stage], Steps]
    together: bool = False


def scene(
    code: Block | str, says: str, *, together: bool = False
) -> Callable[[Callable[[Stage], Steps]], Scene]:
    """Make a scene of what plays it."""
    return lambda play: Scene(code, says, play, together)


def both(*steps: Callable[[], object]) -> Callable[[], object]:
    return lambda: [step() for step in steps]


def write_use(stage: Stage, *lines: str) -> None:
    store = "posts:\n- {id: tip, accounts: x, evergreen: {every: 1d}, text: A tip}\n"
    (stage.world.top / "tips.yaml").write_text(store, encoding="utf-8")
    use = "".join(f"  {line}\n" for line in lines)
    (stage.world.top / "posts.yaml").write_text(f"posts:\n- use: tip\n{use}", encoding="utf-8")


def put_use(stage: Stage, *lines: str) -> str:
    """Put a use in place; Publer's id of it."""
    write_use(stage, *lines)
    assert stage.world.apply().code == 0
    stage.world.sandbox.settle()
    return stage.live(POST)

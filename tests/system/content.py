"""A calendar with an account on each network, for what posts can hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync.networks.table import NETWORKS
from publer_sync.sandbox import Seed, SeedAccount
from tests.conftest import ROOT
from tests.system.worlds import DAY, T

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli

ALIASES = {"x" if key == "twitter" else key: key for key in NETWORKS}
SETTINGS = "timezone: Europe/Oslo\naccounts:\n" + "".join(
    f"  {alias}: {{name: Fjordlight, provider: {key}}}\n" for alias, key in ALIASES.items()
)
SEED = Seed(
    accounts=tuple(SeedAccount(f"acc{number:021x}", key, "Fjordlight") for number, key in enumerate(NETWORKS))
)
ADDRESS = "https://example.com/lamp.png"
MOVIE = "https://example.com/lamp.mp4"
EVENT = """\
event on google
type: event
title: An event
text: Come
networks:
  google:
    start: {day}T09:00:00+01:00
    end: {day}T17:00:00+01:00""".replace("{day}", f"{T:%Y-%m-%d}")


class Applied(NamedTuple):
    code: int
    results: list[dict[str, Any]]

    @property
    def outcomes(self) -> dict[str, str]:
        return {each["id"]: each["outcome"] for each in self.results}

    def message(self, name: str) -> str:
        return next(f"{each['message']}" for each in self.results if each["id"] == name)


class ContentDesk:
    """One calendar with an account on each network, and the service it is applied to."""

    def __init__(self, top: Path, sandbox: Sandbox, cli: Cli) -> None:
        self.top, self.sandbox, self._cli = top, sandbox, cli
        top.mkdir()
        (top / "media").mkdir()
        for name in ("workshop.png", "table.png", "repair.mp4", "care-guide.pdf"):
            (top / "media" / name).write_bytes((ROOT / "examples" / "calendar" / "media" / name).read_bytes())
        self.settings(SETTINGS)

    def settings(self, text: str) -> None:
        (self.top / "publer.yaml").write_text(text, encoding="utf-8")

    def write(self, *posts: str) -> None:
        """Posts as their own keys, the first line what makes each: `id on alias`. A day each."""
        lines = ["posts:"]
        for day, post in enumerate(posts, 1):
            head, *keys = post.strip("\n").splitlines()
            name, _, alias = head.strip().partition(" on ")
            lines += [f"- id: {name}", f"  at: {T + day * DAY:%Y-%m-%d %H:%M}", f"  accounts: {alias}"]
            lines += [f"  {key}" for key in keys]
        (self.top / "posts.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *args: str) -> tuple[int, str]:
        env = {"PUBLER_BASE_URL": self.sandbox.url, "PUBLER_API_KEY": self.sandbox.key}
        ran = self._cli(*args, cwd=self.top, env=env)
        assert "Traceback" not in ran.stderr, ran.stderr
        return ran.code, ran.stdout

    def problems(self) -> list[str]:
        _, stdout = self.run("validate", ".", "--format", "json")
        return [
            f"{each['line']}: {each['code']}: {each['message']}" for each in json.loads(stdout)["problems"]
        ]

    def apply(self, *flags: str) -> Applied:
        code, stdout = self.run("apply", ".", "--yes", "--format", "json", *flags)
        document = json.loads(stdout)
        assert "results" in document, document
        return Applied(code, document["results"])

    def plan(self) -> list[tuple[str, str]]:
        code, stdout = self.run("plan", ".", "--format", "json")
        assert code == 0, stdout
        return [(change["action"], change["id"]) for change in json.loads(stdout)["changes"]]

    def sent(self, name: str) -> dict[str, Any]:
        """The network's part of the post that stands in the service under these words."""
        found = [post for post in self.sandbox.posts() if post["text"] == name]
        assert len(found) == 1, found
        network: dict[str, Any] = found[0]["sent"]["network"]
        return network

    def asked(self, method: str, path: str) -> list[Any]:
        """The bodies of these requests."""
        return [
            request.body
            for request in self.sandbox.requests
            if request.method == method and re.fullmatch(path, request.path)
        ]

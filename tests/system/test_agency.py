"""An agency's months: three clients, two people with clones, and CI. Every command that a message names is run as it stands there."""

from __future__ import annotations

import json
import re
import shlex
from contextlib import chdir
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.sandbox import Faults, Sandbox, Seed, SeedAccount
from tests.conftest import QUICK, run_here
from tests.ledger.git_world import git
from tests.system.worlds import DAY, HOUR, KEY, T

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tests.conftest import Ran

BRANDS = ("acme", "bank", "cafe")
SEED = Seed(
    "5f0000000000000000000001",
    "Agency",
    tuple(SeedAccount(f"acc{number:021x}", "twitter", name) for number, name in enumerate(BRANDS, 1)),
)
SETTINGS = "workspace: Agency\nextends: ../../agency.yaml\naccounts: {{x: {account}}}\n"
BRANCH = "state: git:publer-sync-state\n"
POST = "- id: {id}\n  at: {at:%Y-%m-%d %H:%M}\n  text: {text}\n"

pytestmark = pytest.mark.slow  # each month starts some hundred git processes


@dataclass
class Agency:
    home: Path
    sandbox: Sandbox

    def git(self, who: str, *words: str) -> str:
        return git(self.home / who, *words)

    def run(self, who: str, *words: str, **environment: str) -> Ran:
        env = {
            "PUBLER_BASE_URL": self.sandbox.url,
            "PUBLER_API_KEY": KEY,
            "PUBLER_SYNC_POLL_SECONDS": str(QUICK),
            "HOME": str(self.home),
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            **environment,
        }
        with chdir(self.home / who):
            ran = run_here(words, env)
        self.sandbox.settle()
        return ran

    def take(self, who: str, text: str, start: str, *more: str) -> Ran:
        """Run the command with this beginning as a message has it, to the end of its line or clause."""
        found = re.search(rf"publer-sync ({start}[^;\n]*)", text)
        assert found is not None, (start, text)
        ran = self.run(who, *shlex.split(found[1]), *more)
        assert ran.code == 0, (found[1], ran)
        return ran

    def plan(self, who: str, calendar: str) -> Any:
        ran = self.run(who, "plan", f"clients/{calendar}", "--format", "json")
        assert ran.code == 0, ran
        return json.loads(ran.stdout)

    def warned(self, who: str, calendar: str, code: str) -> str:
        [message] = [each["message"] for each in self.plan(who, calendar)["warnings"] if each["code"] == code]
        return str(message)

    def file(self, who: str, brand: str, name: str = "posts.yaml") -> Path:
        return self.home / who / "clients" / brand / name

    def write(self, who: str, brand: str, **texts: str) -> None:
        posts = (
            POST.format(id=name, at=T + DAY * number, text=text)
            for number, (name, text) in enumerate(texts.items())
        )
        self.file(who, brand).write_text("accounts: x\nposts:\n" + "".join(posts))

    def commit(self, who: str, what: str) -> None:
        self.git(who, "add", "-A")
        self.git(who, "commit", "-qm", what)
        self.git(who, "push", "-q", "origin", "HEAD:main")

    def pull(self, who: str) -> None:
        self.git(who, "pull", "-q", "--rebase", "origin", "main")

    def live(self, *brands: str) -> list[str]:
        accounts = {one.id: one.name for one in SEED.accounts}
        return sorted(
            post["text"]
            for post in self.sandbox.posts()
            if post["state"] == "scheduled" and accounts[post["account_id"]] in (brands or BRANDS)
        )


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    """Ann set everything up, with the states on her disk, and applied it."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    with Sandbox(SEED, poll_seconds=QUICK, faults=Faults(rate_limit=1000)) as sandbox:
        agency = Agency(tmp_path, sandbox)
        join(agency, "ann")
        agency.git("ann", "checkout", "-q", "-b", "main")
        (tmp_path / "ann" / "agency.yaml").write_text("timezone: UTC\nlimits: {delete: 1}\n")
        (tmp_path / "ann" / ".gitignore").write_text(".publer-sync/\n")
        for one in SEED.accounts:
            agency.file("ann", one.name).parent.mkdir(parents=True)
            agency.file("ann", one.name, "publer.yaml").write_text(SETTINGS.format(account=one.id))
            agency.write("ann", one.name, first=f"{one.name} first", second=f"{one.name} second")
        agency.commit("ann", "three clients")
        assert agency.run("ann", "apply", "clients", "--yes").code == 0
        yield agency
        assert not sandbox.bugs


@pytest.fixture
def shared(agency: Agency) -> Agency:
    """The states are on a branch, and Bob has a clone."""
    for brand in BRANDS:
        with agency.file("ann", brand, "publer.yaml").open("a") as settings:
            settings.write(BRANCH)
        move = ("state", "mv", "--from", ".git/publer-sync")
        assert agency.run("ann", *move, "--calendar", f"clients/{brand}", "--yes").code == 0
    agency.commit("ann", "states on a branch")
    join(agency, "bob")
    return agency


def join(agency: Agency, who: str) -> None:
    git(agency.home, "clone", "-q", f"file://{agency.home / 'remote.git'}", who)
    agency.git(who, "config", "user.name", who.title())
    agency.git(who, "config", "user.email", f"{who}@a.example")


def test_a_month_with_a_crisis(agency: Agency) -> None:
    the_states_go_to_a_branch_in_the_middle_of_a_hold(agency)
    whoever_has_not_pulled_undoes_nobodys_work(agency)
    a_crisis(agency)


def test_a_month_in_which_clients_leave(shared: Agency) -> None:
    a_hold_in_the_middle_of_an_apply_of_all(shared)
    a_calendar_is_renamed_during_a_hold(shared)
    a_client_leaves(shared, "bank", "forget")
    a_client_leaves(shared, "cafe", "apply", folder="bistro")


def the_states_go_to_a_branch_in_the_middle_of_a_hold(agency: Agency) -> None:
    hold = ("hold", "clients/bank", "--reason", "The bank asked", "--yes")
    assert agency.run("ann", *hold).code == 0
    for brand in BRANDS:
        with agency.file("ann", brand, "publer.yaml").open("a") as settings:
            settings.write(BRANCH)
    before = agency.live()
    plan = agency.run("ann", "plan", "clients/bank")
    assert "apply would end with an error: the state of this calendar is in" in " ".join(plan.stdout.split())
    assert "To apply it" not in plan.stdout
    assert "First run" not in plan.stdout
    page = agency.run("ann", "plan", "clients/bank", "--format", "markdown").stdout
    assert "> Apply would end with an error: the state of this calendar is in" in page
    assert "First run" not in page
    agency.take("ann", agency.run("ann", "status", "clients/bank").stdout, "state mv", "--diff")
    refused = agency.run("ann", "apply", "clients", "--yes")
    assert refused.code == 1
    assert agency.live() == before
    for part in refused.stdout.split("── clients/")[1:]:
        agency.take("ann", part, "state mv", "--yes")
    assert agency.run("ann", "apply", "clients", "--yes").code == 0
    assert agency.live() == before, "the hold has come along"
    agency.commit("ann", "states on a branch")
    join(agency, "bob")
    assert agency.run("bob", "apply", "clients", "--yes", CI="true").code == 0
    assert agency.live() == before
    agency.take("bob", agency.warned("bob", "bank", "on_hold"), "release", "--yes")
    assert "bank first" in agency.live()


def whoever_has_not_pulled_undoes_nobodys_work(agency: Agency) -> None:
    agency.write("ann", "acme", first="acme right", second="acme second", third="acme third")
    agency.commit("ann", "the right words")
    assert agency.run("ann", "apply", "clients/acme", "--yes").code == 0
    right = agency.live()
    for environment in ({}, {"CI": "true"}):
        ran = agency.run("bob", "apply", "clients", "--yes", **environment)
        assert ran.code == 5
        assert "applied by Ann" in ran.stdout
        assert "Run git pull first" in ran.stdout.replace("\n", " ")
        assert agency.live() == right
    agency.pull("bob")
    assert agency.run("bob", "apply", "clients", "--yes").code == 0
    agency.write("bob", "cafe", first="cafe of Bob", second="cafe second")
    assert agency.run("bob", "apply", "clients/cafe", "--yes").code == 0
    [change] = [each for each in agency.plan("ann", "cafe")["changes"] if each["action"] == "blocked"]
    assert "and files that were not committed by Bob" in change["reason"]
    assert agency.run("ann", "apply", "clients/cafe", "--yes").code == 6
    assert "cafe of Bob" in agency.live()
    told = agency.run("ann", "plan", "clients/cafe").stdout
    agency.take("ann", told, "apply", "--yes")
    assert "cafe first" in agency.live()
    log = agency.run("bob", "log", "clients/cafe", "--post", "first").stdout
    assert [word for word in log.split() if word in ("Ann", "Bob")] == ["Ann", "Bob", "Ann"]
    agency.git("bob", "checkout", "-q", ".")


def a_crisis(agency: Agency) -> None:
    before = agency.live()
    [edited] = [post for post in agency.sandbox.posts() if post["text"] == "bank first"]
    agency.sandbox.edit(edited["id"], text="bank by hand")
    typo = agency.run("bob", "hold", "clients", "--label", "promotion", "--reason", "Typo", "--yes")
    assert (typo.code, len(agency.live())) == (6, len(before))
    assert typo.stdout.count('no post has the label "promotion"') == len(BRANDS)
    assert agency.run("bob", "hold", "clients", "--reason", "Storm", "--yes").code == 0
    assert agency.live() == []
    account = SEED.accounts[0].id
    agency.sandbox.add(account_id=account, at=T + HOUR, text="by a colleague")
    assert "by a colleague" in agency.run("ann", "status", "clients/acme").stdout
    assert agency.run("ann", "apply", "clients", "--yes").code == 0
    assert agency.live() == ["by a colleague"]
    blocked = agency.run("ann", "release", "clients/bank", "--yes")
    assert (blocked.code, agency.live("bank")) == (6, ["bank second"])
    assert agency.run("ann", "pull", "clients/bank", "--yes").code == 0
    assert "bank by hand" in agency.file("ann", "bank").read_text()
    agency.commit("ann", "as it was edited")
    assert agency.run("ann", "apply", "clients/bank", "--yes").code == 0
    agency.pull("bob")
    assert agency.run("bob", "release", "clients", "--yes").code == 0
    assert agency.live("bank") == ["bank by hand", "bank second"]
    assert len(agency.live()) == len(before) + 1
    assert "Storm" in agency.run("bob", "log", "clients/cafe").stdout


def a_hold_in_the_middle_of_an_apply_of_all(agency: Agency) -> None:
    for brand in BRANDS:
        agency.write("ann", brand, first=f"{brand} first", second=f"{brand} second", promo=f"{brand} promo")
    agency.commit("ann", "promo")
    followed = Follower.follow
    held: list[Ran] = []

    def meanwhile(follower: Any, *args: Any, **more: Any) -> Any:
        if not held:
            held.append(agency.run("bob", "hold", "clients", "--reason", "Storm", "--yes"))
        return followed(follower, *args, **more)

    with mock.patch.object(Follower, "follow", meanwhile):
        assert agency.run("ann", "apply", "clients", "--yes").code == 1
    assert held[0].code in (0, 6), held
    again = agency.run("ann", "apply", "clients", "--yes")
    assert again.code == 0, again
    assert agency.live() == []
    agency.pull("bob")
    assert agency.run("bob", "release", "clients", "--yes").code == 0
    assert agency.run("bob", "apply", "clients", "--yes").code == 0
    assert agency.live() == sorted(
        f"{brand} {word}" for brand in BRANDS for word in ("first", "second", "promo")
    )


def a_calendar_is_renamed_during_a_hold(agency: Agency) -> None:
    assert agency.run("bob", "hold", "clients/cafe", "--reason", "Storm", "--yes").code == 0
    agency.git("bob", "mv", "clients/cafe", "clients/bistro")
    agency.git("bob", "commit", "-qm", "renamed")
    agency.git("bob", "push", "-q", "origin", "HEAD:main")
    assert "renamed" in {each["code"] for each in agency.plan("bob", "bistro")["warnings"]}
    assert agency.run("bob", "apply", "clients/bistro", "--yes").code == 0
    assert agency.live("cafe") == [], "still on hold"
    assert agency.run("ann", "apply", "clients/cafe", "--yes").code != 0, "she has not pulled"
    assert agency.live("cafe") == []
    agency.pull("ann")
    agency.take("ann", agency.warned("ann", "bistro", "on_hold"), "release", "--yes")
    assert agency.live("cafe") == ["cafe first", "cafe promo", "cafe second"]


def a_client_leaves(agency: Agency, brand: str, command: str, folder: str = "") -> None:
    others = [each for each in BRANDS if each != brand]
    untouched = agency.live(*others)
    agency.git("ann", "rm", "-rqf", f"clients/{folder or brand}")
    agency.commit("ann", f"{brand} leaves")
    ran = agency.run("ann", "plan", "clients", "--changed-since", "HEAD~1")
    assert (ran.code, "3 of its posts are still scheduled" in ran.stdout) == (0, True)
    if command == "forget":
        agency.take("ann", ran.stdout, "forget", "--yes")
        assert len(agency.live(brand)) == 3
    else:
        agency.take("ann", ran.stdout, "apply")
        assert agency.live(brand) == []
    assert {each["code"] for each in agency.plan("ann", "acme")["warnings"]} == set()
    assert agency.live(*others) == untouched

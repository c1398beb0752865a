"""A year of an agency with six brands: what goes wrong in a year, month by month, and each post is published once."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.machine.clock import Clock
from publer_sync.sandbox import Faults, Sandbox, Seed, SeedAccount
from tests.conftest import QUICK
from tests.ledger.git_world import git
from tests.system import test_agency
from tests.system.test_agency import join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Ran

BRANDS = ("acme", "bank", "cafe", "dune", "echo", "fern")
SEED = Seed(
    "5f0000000000000000000001",
    "Agency",
    tuple(
        SeedAccount(f"acc{number:021x}", "twitter", f"{name} on X") for number, name in enumerate(BRANDS, 1)
    ),
)
SETTINGS = "workspace: {workspace}\nextends: ../../agency.yaml\nstate: git:publer-sync-state\naccounts:\n  x: {account}\n"
START = (datetime.now(UTC) + timedelta(days=40)).replace(day=1, hour=9, minute=0, second=0, microsecond=0)

pytestmark = pytest.mark.slow


def month(number: int) -> datetime:
    """The ninth of a month at nine, twelve months from the start on."""
    years, months = divmod(START.month - 1 + number, 12)
    return START.replace(year=START.year + years, month=months + 1, day=9)


@dataclass
class Year(test_agency.Agency):
    passed: timedelta = timedelta(0)

    def now(self, *_: object) -> datetime:
        return datetime.now(UTC) + self.passed

    def to(self, moment: datetime) -> None:
        self.passed += moment - self.now()
        self.sandbox.posts()

    def settings(
        self, who: str, name: str, account: str, *, workspace: str = "Agency", more: str = ""
    ) -> None:
        file = self.file(who, name, "publer.yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(more + SETTINGS.format(workspace=workspace, account=account))

    def posts(self, who: str, name: str, brand: str, *months: int) -> None:
        """A post for each of these months, with the words of a brand."""
        text = "".join(
            f"- id: {brand}-{number}\n  at: {month(number):%Y-%m-%d %H:%M}\n  text: {brand}, month {number}\n"
            for number in months
        )
        self.file(who, name).write_text(f"accounts: x\nposts:{'' if months else ' []'}\n{text}")

    def robot(self, *words: str) -> Ran:
        """A job of CI applies what was merged."""
        shutil.rmtree(self.home / "job", ignore_errors=True)
        git(self.home, "clone", "-q", f"file://{self.home / 'remote.git'}", "job")
        return self.run("job", *(words or ("apply", "clients", "--yes")), CI="true")

    def works(self) -> None:
        ran = self.robot()
        assert ran.code == 0, ran

    def said(self, who: str, *words: str, code: int = 1) -> str:
        ran = self.run(who, *words)
        assert ran.code == code, ran
        return ran.stdout + ran.stderr

    def ahead(self) -> list[str]:
        return sorted(post["text"] for post in self.sandbox.posts() if post["state"] == "scheduled")

    def published(self) -> Counter[str]:
        return Counter(post["text"] for post in self.sandbox.posts() if post["state"] == "published")


@pytest.fixture
def year(tmp_path: Path) -> Iterator[Year]:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    with Sandbox(
        SEED, poll_seconds=QUICK, file=tmp_path / "publer.db", faults=Faults(rate_limit=1000)
    ) as sandbox:
        made = Year(tmp_path, sandbox)
        object.__setattr__(sandbox._context, "now", made.now)
        with mock.patch.object(Clock, "now", made.now):
            made.to(START)
            join(made, "ann")
            made.git("ann", "checkout", "-q", "-b", "main")
            (tmp_path / "ann" / "agency.yaml").write_text("timezone: UTC\n")
            for one, brand in zip(SEED.accounts, BRANDS, strict=True):
                if brand not in ("dune", "echo"):
                    made.settings("ann", brand, one.name if brand == "bank" else one.id)
                    made.posts("ann", brand, brand, *range(1, 13))
            made.commit("ann", "four clients")
            join(made, "bob")
            yield made
        assert not sandbox.bugs


def test_each_post_of_a_year_is_published_once(year: Year) -> None:
    year.works()
    for number, chapter in enumerate(
        (
            a_new_client_begins_as_a_copied_folder,
            a_new_client_begins_with_a_copied_name,
            an_account_is_connected_again,
            the_branch_of_the_ledger_is_tidied_up,
            the_workspace_is_renamed,
            a_colleague_moves_a_post_before_a_hold,
            a_client_is_split,
            two_clients_become_one,
        ),
        1,
    ):
        year.to(month(number) - timedelta(days=5))
        year.pull("ann")
        chapter(year)
        year.works()
        year.to(month(number) + timedelta(days=2))
        year.works()
    year.to(month(13))
    year.works()
    words = {f"{brand}, month {number}": 1 for brand in BRANDS for number in range(1, 13)}
    words = {
        text: 1 for text in words if not (text.startswith(("dune", "echo")) and int(text.split()[-1]) < 3)
    }
    assert dict(year.published()) == words
    assert year.ahead() == []


def a_new_client_begins_as_a_copied_folder(year: Year) -> None:
    before = year.ahead()
    shutil.copytree(year.file("ann", "acme").parent, year.file("ann", "dune").parent)
    told = year.said("ann", "apply", "clients/dune", "--yes", code=6)
    assert "manage" in told
    assert year.ahead() == before, "nothing of the first one's changes hands"
    year.settings("ann", "dune", SEED.accounts[3].id)
    year.posts("ann", "dune", "dune", *range(3, 13))
    year.commit("ann", "dune")


def a_new_client_begins_with_a_copied_name(year: Year) -> None:
    before = year.ahead()
    year.settings("ann", "echo", SEED.accounts[4].id, more="name: clients/bank\n")
    year.posts("ann", "echo", "echo", *range(3, 13))
    assert "clients/bank" in year.said("ann", "apply", "clients", "--yes", code=3)
    assert "clients/bank" in year.said("ann", "apply", "clients/echo", "--yes")
    assert year.ahead() == before
    year.settings("ann", "echo", SEED.accounts[4].id)
    year.commit("ann", "echo")


def an_account_is_connected_again(year: Year) -> None:
    old, new = SEED.accounts[1].id, "acc0000000000000000ffffff"
    for post in year.sandbox.posts():
        if post["account_id"] == old and post["state"] == "scheduled":
            year.sandbox.remove(post["id"])
    year.sandbox.reconnect(old, new)
    before = year.ahead()
    assert year.robot().code == 6
    assert year.ahead() == before
    plan = year.plan("ann", "bank")
    reason = next(change["reason"] for change in plan["changes"] if change["account"]["id"] == new)
    command = shlex.split(reason.partition("run publer-sync ")[2].partition(";")[0])
    assert year.run("ann", *command, "--yes").code == 0
    ran = year.run("ann", "apply", "clients/bank", "--yes", "--allow-recreate")
    assert ran.code == 0, ran


def the_branch_of_the_ledger_is_tidied_up(year: Year) -> None:
    before = year.ahead()
    git(year.home / "remote.git", "update-ref", "-d", "refs/heads/publer-sync-state")
    assert year.robot().code == 1
    assert year.ahead() == before
    told = year.said("bob", "apply", "clients/acme", "--yes")
    command = next(line for line in told.splitlines() if "git fetch" in line).partition(": ")[2]
    subprocess.run(command, shell=True, check=True, capture_output=True, cwd=year.home / "bob")


def the_workspace_is_renamed(year: Year) -> None:
    before = year.ahead()
    accounts = (
        SEED.accounts[0],
        replace(SEED.accounts[1], id="acc0000000000000000ffffff"),
        *SEED.accounts[2:],
    )
    year.sandbox.add_workspace(Seed(SEED.workspace_id, "Agency Ltd", accounts))
    assert "Agency Ltd" in year.said("ann", "apply", "clients", "--yes", code=3)
    assert year.ahead() == before
    for file in (year.home / "ann" / "clients").glob("*/publer.yaml"):
        file.write_text(file.read_text().replace("workspace: Agency\n", "workspace: Agency Ltd\n"))
    year.commit("ann", "the workspace has another name")


def a_colleague_moves_a_post_before_a_hold(year: Year) -> None:
    [post] = [each for each in year.sandbox.posts() if each["text"] == "cafe, month 6"]
    year.sandbox.edit(post["id"], account_id=SEED.accounts[0].id)
    year.pull("bob")
    assert year.run("bob", "hold", "clients/cafe", "--reason", "A recall", "--yes").code == 0
    assert not [text for text in year.ahead() if text.startswith("cafe")]
    assert len(year.ahead()) > 20
    year.works()
    assert not [text for text in year.ahead() if text.startswith("cafe")]
    ran = year.run("bob", "release", "clients/cafe", "--yes")
    assert ran.code == 6, ran
    assert "Someone moved it to the account acme on X in Publer before the hold" in " ".join(
        ran.stdout.split()
    )
    ran = year.run("bob", "apply", "clients/cafe", "--yes", "--overwrite-edits")
    assert ran.code == 0, ran


def a_client_is_split(year: Year) -> None:
    before = year.ahead()
    for name in ("fern-shop", "fern-club"):
        year.settings("ann", name, SEED.accounts[5].id, workspace="Agency Ltd")
        file = year.file("ann", name, "publer.yaml")
        file.write_text(
            file.read_text().replace(
                f"x: {SEED.accounts[5].id}", f"x: {{id: {SEED.accounts[5].id}, shared: true}}"
            )
        )
    year.posts("ann", "fern-shop", "fern", *range(1, 13, 2))
    year.posts("ann", "fern-club", "fern", *range(2, 13, 2))
    year.git("ann", "rm", "-rq", "clients/fern")
    year.commit("ann", "fern is two")
    year.works()
    assert year.ahead() == before


def two_clients_become_one(year: Year) -> None:
    before = year.ahead()
    year.posts("ann", "fern-shop", "fern", *range(1, 13))
    year.git("ann", "rm", "-rq", "clients/fern-club")
    year.commit("ann", "fern is one again")
    year.works()
    assert year.ahead() == before
    assert "fern-club" not in json.dumps(year.plan("ann", "acme")["warnings"])

"""`hold` and `release` over several calendars: all posts go before anything is waited for, and one question is asked."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands import hold, release
from publer_sync.commands.access import open_access
from publer_sync.commands.shared import confirm
from publer_sync.ledger.git_store import GitStore
from publer_sync.publer.gateway import Publer
from publer_sync.sandbox import Sandbox
from tests.commands.test_several import NAMES, POST, Agency, client, git, seed
from tests.conftest import QUICK
from tests.system.worlds import DAY, T

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Ran

HOLD = ("hold", "clients", "--reason", "Accident in town", "--yes")


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    monkeypatch.chdir(tmp_path)
    with Sandbox(seed(99, "other"), poll_seconds=QUICK) as sandbox:
        agency = Agency(sandbox)
        assert agency.run("apply", "clients", "--yes").code == 0
        yield agency


def answered(agency: Agency, answer: str, meanwhile: Callable[[], object] = object) -> Ran:
    def asked(question: str) -> None:
        meanwhile()
        confirm(question)

    with mock.patch.object(release, "need_answer"), mock.patch.object(release, "confirm", asked):
        return agency.run("release", "clients", stdin=f"{answer}\n")


def test_plan_tells_of_each_what_is_on_hold_and_how_to_end_it(agency: Agency) -> None:
    assert agency.run("hold", "clients/acme", "--reason", "Recall", "--yes").code == 0
    ran = agency.run("plan", "clients")
    assert "clients/acme     1 on hold\n" in ran.stdout
    assert "publer-sync release clients/acme" in ran.stdout
    assert "clients/globex   nothing to do\n" in ran.stdout
    assert "publer-sync release clients/acme" in agency.run("status", "clients/acme").stdout
    assert (
        "to end it: run publer-sync release clients/acme"
        in agency.run("plan", "clients", "--format", "json").stdout
    )


def test_release_asks_once_for_all(agency: Agency) -> None:
    assert agency.run(*HOLD).code == 0
    agency.sandbox.reset_log()
    ran = answered(agency, "no")
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (1, 1)
    assert (
        "This ends the hold (Accident in town). This changes what is published: 3 new posts (on 3 accounts)."
        in ran.stderr
    )
    assert ran.stdout.count("1 post would be put back") == len(NAMES)
    assert {request.method for request in agency.sandbox.requests} == {"GET"}
    ran = answered(agency, "yes")
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (0, 1)
    assert ran.stdout.count("1 post done\n") == len(NAMES)
    assert agency.texts() == [f"Hello from {name}" for name in NAMES]


def test_release_of_nothing_asks_nothing(agency: Agency) -> None:
    ran = answered(agency, "")
    assert (ran.code, ran.stderr.count("Type yes to continue")) == (0, 0)
    assert ran.stdout.count("nothing is on hold\n") == 2 * len(NAMES)


def test_what_changes_between_the_question_and_its_answer_is_not_put_back(agency: Agency) -> None:
    assert agency.run(*HOLD).code == 0
    ran = answered(agency, "yes", lambda: client(Path("clients/globex"), seed(2, "globex"), text="Reworded"))
    assert ran.code == 5
    assert agency.texts() == ["Hello from acme", "Hello from initech"]
    assert answered(agency, "yes").code == 0
    assert agency.texts() == ["Hello from acme", "Hello from initech", "Reworded"]


def test_a_calendar_that_cannot_be_released_stops_no_other(agency: Agency) -> None:
    assert agency.run(*HOLD).code == 0
    settings = Path("clients/globex/publer.yaml")
    settings.write_text(f"{settings.read_text()}hold: {{reason: Recall}}\n")
    ran = answered(agency, "yes")
    assert ran.code == 1
    assert "Remove `hold` from publer.yaml" in ran.stdout
    assert agency.texts() == ["Hello from acme", "Hello from initech"]


def test_a_release_that_is_stopped_goes_on_with_no_other(agency: Agency) -> None:
    assert agency.run(*HOLD).code == 0
    real = Publer.schedule

    def interrupted(*words: object, **options: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return real(*words, **options)  # type: ignore[arg-type]

    with mock.patch.object(Publer, "schedule", interrupted):
        ran = agency.run("release", "clients", "--yes")
    assert ran.code == 1
    assert ran.stdout.count("stopped before its turn") == 2
    assert agency.texts() == ["Hello from acme"]
    assert agency.run("apply", "clients/acme", "--yes").code == 0
    assert agency.run("release", "clients", "--yes").code == 0
    assert agency.texts() == [f"Hello from {name}" for name in NAMES]


def test_a_hold_that_is_stopped_before_its_first_post_goes_on_with_no_calendar(agency: Agency) -> None:
    first = iter((KeyboardInterrupt,))

    def interrupted(*words: object, **options: object) -> object:
        if error := next(first, None):
            raise error
        return open_access(*words, **options)  # type: ignore[arg-type]

    with mock.patch.object(hold, "open_access", interrupted):
        ran = agency.run(*HOLD)
    assert (ran.code, ran.stdout.count("stopped before its turn")) == (1, len(NAMES) - 1)
    assert agency.texts() == [f"Hello from {name}" for name in NAMES]


def test_accounts_that_not_every_calendar_has(agency: Agency) -> None:
    """A slip of the pen is told before anything is done; a calendar without such an account has nothing to hold."""
    settings = Path("clients/globex/publer.yaml")
    settings.write_text(settings.read_text().replace("accounts: {x:", "accounts: {chirp:"))
    ran = agency.run(*HOLD, "--account", "chrip")
    assert (ran.code, len(agency.texts())) == (64, 3)
    assert 'none of these calendars has an account "chrip"' in ran.stderr
    ran = agency.run(*HOLD, "--account", "chirp")
    assert ran.code == 0, ran
    assert "clients/acme has no such account: it is left out." in ran.stderr
    assert agency.texts() == ["Hello from acme", "Hello from initech"]


def test_a_calendar_that_was_never_applied_is_told_and_keeps_no_other(agency: Agency) -> None:
    client(Path("clients/hooli"), seed(1, "acme"), text="Never applied")
    ran = agency.run(*HOLD)
    assert ran.code == 1
    assert "nothing was put on hold" in " ".join(ran.stdout.split())
    assert "put `hold` into publer.yaml" in " ".join(ran.stdout.split())
    assert agency.texts() == []


def on_a_branch(agency: Agency) -> None:
    """Everything applied again, with the states on a branch."""
    git("init", "-q", "--bare", "remote.git")
    git("init", "-qb", "main")
    git("remote", "add", "origin", str(Path("remote.git").resolve()))
    for name in NAMES:
        settings = Path("clients", name, "publer.yaml")
        settings.write_text(f"{settings.read_text()}state: git:publer-sync-state\n")
    assert agency.run("apply", "clients", "--yes").code == 0


@pytest.mark.parametrize("branch", [False, True], ids=["files", "branch"])
def test_the_calendar_with_the_next_post_comes_first(agency: Agency, *, branch: bool) -> None:
    """In whatever order their paths are, also beside a calendar that can't be read."""
    for number, name in enumerate(NAMES, 1):
        client(Path("clients", name), seed(number, name), text=f"Due {name}")
        posts = Path("clients", name, "posts.yaml")
        posts.write_text(posts.read_text().replace(f"{T:%Y-%m-%d}", f"{T - number * DAY:%Y-%m-%d}"))
    on_a_branch(agency) if branch else agency.run("apply", "clients", "--yes")
    Path("clients/broken").mkdir()
    Path("clients/broken/publer.yaml").write_text("accounts: [")
    due = {post["id"]: post["text"] for post in agency.sandbox.posts()}
    agency.sandbox.reset_log()
    ran = agency.run(*HOLD)
    gone = [
        request.query["post_ids[]"][0] for request in agency.sandbox.requests if request.method == "DELETE"
    ]
    assert [due[each] for each in gone] == ["Due initech", "Due globex", "Due acme"]
    assert [request.method for request in agency.sandbox.requests][:5].count("DELETE") == 1
    assert [line.split()[0] for line in ran.stdout.splitlines() if line.startswith("clients/")][:3] == (
        [f"clients/{name}" for name in ("acme", "broken", "globex")]
    )


def test_an_apply_that_pushes_first_does_not_make_posts_wait(agency: Agency) -> None:
    """The push of the hold is made again at once, in the first round, in which nothing is waited for."""
    on_a_branch(agency)
    (acme,) = (post["id"] for post in agency.sandbox.posts() if post["text"] == "Hello from acme")
    late = POST.format(at=T + DAY, text="Sent and not listed").replace("hello", "late")
    posts = Path("clients/acme/posts.yaml")
    posts.write_text(posts.read_text() + late.removeprefix("posts:\n"))
    write, left = GitStore.write, [1]

    def raced(store: GitStore, *words: object, **options: object) -> None:
        if left and left.pop():
            with (
                mock.patch.object(GitStore, "write", write),
                mock.patch.object(Follower, "follow", side_effect=SystemExit(137)),
            ):
                assert agency.run("apply", "clients/acme", "--yes").code == 137
            agency.sandbox.reset_log()
        write(store, *words, **options)  # type: ignore[arg-type]

    with mock.patch.object(GitStore, "write", raced):
        ran = agency.run(*HOLD)
    assert ran.code == 0, ran
    first = next(request for request in agency.sandbox.requests if request.method == "DELETE")
    assert first.query["post_ids[]"] == [acme]
    assert agency.texts() == []

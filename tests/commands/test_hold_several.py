"""`hold` and `release` over several calendars: all posts go before anything is waited for, and one question is asked."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands import hold, release
from publer_sync.commands.holding import hold_one
from publer_sync.commands.holding.hold_access import open_for_hold
from publer_sync.commands.running.shared import confirm
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.git_store import GitStore
from publer_sync.publer.gateway import Publer
from publer_sync.sandbox import Sandbox
from publer_sync.values.errors import StateError
from tests.commands.test_several import NAMES, POST, Agency, client, git, seed
from tests.conftest import QUICK
from tests.system.worlds import DAY, T

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

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


def test_a_hold_while_an_apply_of_several_waits_for_its_answer_is_named_with_the_step_after_it(
    agency: Agency,
) -> None:
    later = POST.format(at=T + DAY, text="Later").replace("hello", "later").removeprefix("posts:\n")
    for name in NAMES:
        posts = Path("clients", name, "posts.yaml")
        posts.write_text(posts.read_text() + later)
    hold = ("hold", "clients/globex", "--reason", "Accident in town", "--yes")
    ran = agency.answer("apply", "clients", answer="yes", meanwhile=lambda: agency.run(*hold))
    assert ran.code == 1
    assert "someone put posts on hold after this was planned (Accident in town)" in " ".join(
        ran.stdout.split()
    )
    assert "Run apply again for the posts that are not on hold" in " ".join(ran.stdout.split())
    assert "out of date" not in ran.stdout
    assert agency.texts() == ["Hello from acme", "Hello from initech", "Later", "Later"]
    assert agency.run("apply", "clients", "--yes").code == 0


def test_a_release_of_several_ends_no_hold_that_began_while_it_waited_for_its_answer(agency: Agency) -> None:
    assert agency.run(*HOLD).code == 0
    again = ("hold", "clients/globex", "--reason", "Recall", "--yes")
    ran = answered(agency, "yes", lambda: agency.run(*again))
    assert ran.code == 1
    assert "after this was planned (Recall)" in " ".join(ran.stdout.split())
    assert agency.texts() == ["Hello from acme", "Hello from initech"]
    assert answered(agency, "yes").code == 0
    assert agency.texts() == [f"Hello from {name}" for name in NAMES]


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
        return real(*words, **options)  # type: ignore[arg-type]  # handed on as they came

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
        return open_for_hold(*words, **options)  # type: ignore[arg-type]  # handed on as they came

    with mock.patch.object(hold, "open_for_hold", interrupted):
        ran = agency.run(*HOLD)
    assert (ran.code, ran.stdout.count("stopped before its turn")) == (1, len(NAMES) - 1)
    assert agency.texts() == [f"Hello from {name}" for name in NAMES]


def test_accounts_that_not_every_calendar_has(agency: Agency) -> None:
    """A slip of the pen is told before anything is done; a calendar without such an account has nothing to hold."""
    settings = Path("clients/globex/publer.yaml")
    settings.write_text(settings.read_text().replace("accounts: {x:", "accounts: {chirp:"))
    ran = agency.run(*HOLD, "--account", "chrip")
    assert (ran.code, len(agency.texts())) == (6, 3)
    assert 'There is no account "chrip" (did you mean "chirp"?); there are: x, chirp' in " ".join(
        ran.stdout.split()
    )
    assert "Accident" not in agency.run("plan", "clients").stdout
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
    """Everything applied again, with the states on a branch from the start."""
    git("init", "-q", "--bare", "--template=", "remote.git")
    git("init", "-q", "--template=", "-b", "main")
    git("remote", "add", "origin", str(Path("remote.git").resolve()))
    for name in NAMES:
        settings = Path("clients", name, "publer.yaml")
        settings.write_text(f"{settings.read_text()}state: git:publer-sync-state\n")
        shutil.rmtree(settings.parent / ".publer-sync")
    assert agency.run("apply", "clients", "--yes").code == 0


@pytest.mark.parametrize(
    "branch", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["files", "branch"]
)
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


@pytest.mark.slow
def test_an_apply_that_pushes_first_does_not_make_posts_wait(agency: Agency) -> None:
    """The push of the hold is made again at once, in the first round, in which nothing is waited for."""
    on_a_branch(agency)
    (acme,) = (post["id"] for post in agency.sandbox.posts() if post["text"] == "Hello from acme")
    late = POST.format(at=T + DAY, text="Sent and not listed").replace("hello", "late")
    posts = Path("clients/acme/posts.yaml")
    posts.write_text(posts.read_text() + late.removeprefix("posts:\n"))
    push, left = GitStore._push, [1]

    def raced(store: GitStore, *words: object, **options: object) -> None:
        if left and left.pop():
            with (
                mock.patch.object(GitStore, "_push", push),
                mock.patch.object(Follower, "follow", side_effect=SystemExit(137)),
            ):
                assert agency.run("apply", "clients/acme", "--yes").code == 137
            agency.sandbox.reset_log()
        push(store, *words, **options)  # type: ignore[arg-type]  # handed on as they came

    with mock.patch.object(GitStore, "_push", raced):
        ran = agency.run(*HOLD)
    assert ran.code == 0, ran
    first = next(request for request in agency.sandbox.requests if request.method == "DELETE")
    assert first.query["post_ids[]"] == [acme]
    assert agency.texts() == []


@pytest.mark.parametrize(
    "branch", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["files", "branch"]
)
def test_every_hold_is_written_before_anything_is_asked_of_publer(agency: Agency, *, branch: bool) -> None:
    """An apply of the last calendar ends as soon as one of the first."""
    if branch:
        on_a_branch(agency)
    agency.sandbox.reset_log()
    written: list[tuple[str, int]] = []
    change, announce = GitStore.change_together, FileStore.announce

    def changed(store: GitStore, changes: dict[GitStore, object], *more: object) -> None:
        change(store, changes, *more)  # type: ignore[arg-type]  # handed on as they came
        written.extend((each.file, len(agency.sandbox.requests)) for each in changes)

    def announced(store: FileStore, *words: object) -> None:
        announce(store, *words)  # type: ignore[arg-type]  # handed on as they came
        written.append((store.place, len(agency.sandbox.requests)))

    with (
        mock.patch.object(GitStore, "change_together", changed),
        mock.patch.object(FileStore, "announce", announced),
        mock.patch.object(Publer, "delete", side_effect=SystemExit(137)),
    ):
        assert agency.run(*HOLD).code == 137
    assert [requests for _, requests in written[: len(NAMES)]] == [0] * len(NAMES)
    assert len({place for place, _ in written}) == len(NAMES)
    plans, _ = agency.json("plan", "clients")
    assert [each["result"]["holds"][0]["reason"] for each in plans] == ["Accident in town"] * len(NAMES)
    assert agency.run("release", "clients", "--yes").code == 0


def test_accounts_that_only_publer_knows_are_asked_for_once_and_the_holds_written_then(
    agency: Agency,
) -> None:
    for number, name in enumerate(NAMES, 1):
        settings = Path("clients", name, "publer.yaml")
        settings.write_text(settings.read_text().replace(seed(number, name).accounts[0].id, f"{name} on X"))
    agency.sandbox.reset_log()
    written: list[list[str]] = []
    announce = FileStore.announce

    def announced(store: FileStore, *words: object) -> None:
        announce(store, *words)  # type: ignore[arg-type]  # handed on as they came
        written.append([request.path for request in agency.sandbox.requests])

    with mock.patch.object(FileStore, "announce", announced):
        assert agency.run(*HOLD, "--account", "x").code == 0
    assert {*written[len(NAMES) - 1]} == {"/workspaces", "/accounts"}
    assert agency.texts() == []


def test_a_label_or_network_counts_as_known_if_one_calendar_has_it(agency: Agency) -> None:
    posts = Path("clients/globex/posts.yaml")
    posts.write_text(f"{posts.read_text()}  labels: [sale]\n")
    assert agency.run("apply", "clients", "--yes").code == 0
    ran = agency.run(*HOLD, "--label", "slae")
    assert (ran.code, len(agency.texts())) == (6, 3)
    assert (
        'clients/acme     no post has the label "slae" (did you mean "sale"?); there are: sale' in ran.stdout
    )
    results, code = agency.json(*HOLD, "--label", "sale", "--label", "slae", "--network", "x")
    assert (code, agency.texts()) == (6, ["Hello from acme", "Hello from initech"])
    assert [[each["word"] for each in one["result"]["unknown"]] for one in results] == [["slae"]] * len(NAMES)
    assert agency.run(*HOLD, "--label", "sale").code == 0
    assert agency.run(*HOLD, "--network", "facebook").code == 6
    assert agency.run("plan", "clients/acme", "--format", "json").stdout.count('"reason"') == 3


def test_one_question_names_what_every_calendar_would_lose(agency: Agency) -> None:
    hello = "  text: Hello from globex\n"
    posts = Path("clients/globex/posts.yaml")
    posts.write_text(
        posts.read_text()
        + POST.format(at=T + DAY, text="By hand").removeprefix("posts:\n").replace("hello", "by-hand")
    )
    assert hello in posts.read_text()
    agency.sandbox.add(account_id=seed(2, "globex").accounts[0].id, at=T + DAY, text="By hand")
    assert agency.run("apply", "clients/globex", "--yes").code == 0
    asked: list[str] = []
    with mock.patch.object(hold, "need_answer"), mock.patch.object(hold, "confirm", asked.append):
        assert agency.run(*HOLD[:-1]).code == 0
    (question,) = asked
    assert "This takes the scheduled posts of 3 calendars out of Publer now." in question
    assert "clients/acme 1 post; clients/globex 2 posts; clients/initech 1 post" in question
    assert "1 of them was made in Publer" in question
    assert 'by-hand  "By hand"' in question.partition("clients/globex  ")[2]
    assert agency.texts() == []


def test_shared_settings_hold_every_calendar_that_has_the_account(agency: Agency) -> None:
    shared = Path("agency.yaml")
    shared.write_text("hold: {reason: Recall, accounts: [chirp]}\n")
    git("init", "-qb", "main")
    for name in NAMES:
        settings = Path("clients", name, "publer.yaml")
        more = settings.read_text().replace(
            "accounts: {x:", "accounts: {chirp:" if name == "globex" else "accounts: {x:"
        )
        settings.write_text(f"{more}name: {name}\nextends: ../../agency.yaml\n")
        posts = Path("clients", name, "posts.yaml")
        posts.write_text(
            posts.read_text().replace("[x]", "[chirp]") if name == "globex" else posts.read_text()
        )
    assert agency.run("apply", "clients", "--yes").code == 0
    assert agency.texts() == ["Hello from acme", "Hello from initech"]
    told = " ".join(agency.run("plan", "clients/globex").stdout.split())
    assert "to end it: remove `hold` from ../../agency.yaml" in told
    ran = agency.run("release", "clients/globex", "--yes")
    assert (ran.code, "Remove `hold` from ../../agency.yaml" in " ".join(ran.stderr.split())) == (1, True)
    shared.write_text("hold: {reason: Recall}\n")
    assert agency.run("apply", "clients", "--yes").code == 0
    assert agency.texts() == []
    shared.write_text("{}\n")
    assert agency.run("apply", "clients", "--yes").code == 0
    assert len(agency.texts()) == 3


def test_a_state_that_was_left_in_another_place_is_on_hold_before_the_first_post_goes(agency: Agency) -> None:
    git("init", "-q", "--bare", "remote.git")
    git("init", "-qb", "main")
    git("remote", "add", "origin", str(Path("remote.git").resolve()))
    settings = Path("clients/globex/publer.yaml")
    named = settings.read_text().replace("workspace: globex", f"workspace: {seed(2, 'globex').workspace_id}")
    settings.write_text(f"{named}state: git:publer-sync-state\n")
    with mock.patch.object(Publer, "delete", side_effect=SystemExit(137)):
        assert agency.run(*HOLD).code == 137
    assert [*Path("clients/globex/.publer-sync").rglob("hold-*")] != []
    assert agency.run(*HOLD).code == 0
    assert agency.texts() == []


def test_what_was_taken_out_before_a_state_was_busy_is_in_the_report(agency: Agency) -> None:
    """Whoever keeps the lock of one calendar for a moment ends its first round, after its posts are out."""
    lock = FileStore.lock

    def busy(store: FileStore, timeout: float) -> AbstractContextManager[None]:
        if timeout <= hold_one.LOCK_SECONDS and "acme" in str(store.path):
            raise StateError("another apply is running", code="state.other")
        return lock(store, timeout)

    with mock.patch.object(FileStore, "lock", busy):
        ran = agency.run(*HOLD, "--format", "json")
    assert (ran.code, agency.texts()) == (0, []), ran
    documents = {each["calendar"]: each["result"] for each in json.loads(ran.stdout)["calendars"]}
    acme = next(result for name, result in documents.items() if "acme" in name)
    assert (acme["summary"]["removed"], [post["outcome"] for post in acme["posts"]]) == (1, ["removed"])

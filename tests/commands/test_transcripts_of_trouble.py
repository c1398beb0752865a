"""Days on which something goes wrong, and what each command says of it: old files, taken minutes, a Publer that refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.terminal import HERE, NOW, SETTINGS, Terminal
from tests.ledger.git_world import git
from tests.stored import agrees
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox

FACEBOOK, X, LINKEDIN = "acc00000000000000000fb01", "acc000000000000000002701", "acc00000000000000001ed01"
ONE = "id: one, at: 2027-03-02 09:00, accounts: [facebook, x], text: One"
TWO = "id: two, at: 2027-03-03 09:00, accounts: x, text: Two, labels: [news]"
THREE = "id: three, at: 2027-03-04 09:00, accounts: linkedin, text: Three"


pytestmark = pytest.mark.slow


@pytest.fixture
def terminal(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    (tmp_path / "home").mkdir()
    return Terminal(sandbox, tmp_path / "home", monkeypatch)


def posts(*lines: str) -> str:
    return "posts:\n" + "".join(f"- {{{line}}}\n" for line in lines)


def by_text(sandbox: Sandbox, text: str) -> str:
    return next(str(post["id"]) for post in sandbox.posts() if post["text"].strip() == text)


def test_files_that_are_older_than_what_was_applied(terminal: Terminal) -> None:
    run, top = terminal.run, terminal.folder
    git(top, "init", "-q", "--template=", "-b", "main")

    def committed(*lines: str) -> None:
        terminal.write("calendar/publer.yaml", SETTINGS)
        terminal.write("calendar/march.yaml", posts(*lines))
        git(top, "add", "-A", "calendar")
        git(top, "commit", "-q", "-m", "x")

    committed(ONE)
    run("apply --yes")
    committed(ONE, TWO)
    terminal.all(
        "calendars --changed-since HEAD~1",
        "validate --changed-since HEAD",
        "plan --changed-since nowhere",
        "apply --yes",
    )
    git(top, "checkout", "-q", "HEAD~1")
    terminal.all("plan", "apply --yes", "apply --yes --allow-older", "status")
    git(top, "checkout", "-q", "main")
    terminal.all("plan", "hold --reason x --yes")
    git(top, "checkout", "-q", "HEAD~1")
    terminal.all("release --yes", "release --yes --allow-older", "log --verbose")
    said = {
        name: text.replace(git(top, "rev-parse", "main")[:7], "MAIN").replace(
            git(top, "rev-parse", "main~1")[:7], "BEFORE"
        )
        for name, text in terminal.said.items()
    }
    agrees(HERE / "older.md", said)


def test_holds_and_releases_that_publer_refuses(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write("calendar/march.yaml", posts(ONE, TWO, THREE))
    run("apply --yes")
    sandbox.faults.trip("delete_nothing", "DELETE", times=2)
    terminal.all("hold --reason Storm --yes", "status", "plan", "hold --reason Storm --yes --format json")
    sandbox.edit(by_text(sandbox, "One"), text="Edited") if sandbox.posts() else None
    terminal.all("hold --reason Storm --yes", "status --format json")
    sandbox.faults.job_fails = "Media is too large"
    run("release --yes")
    terminal.wait(minutes=10)
    terminal.all("plan", "status")
    sandbox.faults.job_fails = None
    terminal.write(
        "calendar/march.yaml", posts(ONE, THREE.replace("03-04", "03-01").replace("09:00", "08:00"))
    )
    terminal.all("release --diff", "release --yes", "plan", "apply --yes", "log --verbose")
    run("hold --reason Again --yes")
    terminal.all(
        "forget one --yes",
        "forget --all --yes",
        "forget --all --drop-holds --diff",
        "forget --all --drop-holds --yes",
        "plan",
    )
    agrees(HERE / "refused_holds.md", terminal.said)


def test_minutes_that_are_taken_and_words_that_come_again(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write("calendar/march.yaml", posts(ONE, TWO, THREE))
    sandbox.add(account_id=X, at=NOW.replace(day=2), text="In the way")
    sandbox.add(account_id=LINKEDIN, at=NOW.replace(day=9), text="Three")
    terminal.all(
        "plan",
        "explain one",
        "explain x@2027-03-02T09:00",
        "explain x@2027-03-02T09:00 --format json",
        "explain three",
        "apply --yes",
        "status",
    )
    run("explain", "One")
    run("explain", "e")
    run("explain x@2027-03-05T09:00")
    run("explain calendar/march.yaml:1")
    run("explain nowhere.yaml:1")
    terminal.all(
        "approve --yes", "approve one --yes", "log --post nothing", "log --post nobody@2027-03-02T09:00"
    )
    terminal.write("calendar/slots.yaml", posts("at: next, accounts: linkedin, text: Waits"))
    terminal.write("calendar/publer.yaml", SETTINGS + "slots: {linkedin: [tue 09:00, wed 09:00]}\n")
    terminal.all("fill --diff", "fill --diff --offline", "fill --diff --lead 2w")
    terminal.write("calendar/slots.yaml", None)
    run("apply --yes --allow-twins=three")
    sandbox.remove(by_text(sandbox, "In the way"))
    sandbox.edit(by_text(sandbox, "Two"), scheduled_at="2027-03-02T08:30:00Z")
    terminal.all(
        "plan", "pull --diff", "apply --yes --overwrite-edits=two", "apply --yes", "explain two", "pull --yes"
    )
    sandbox.edit(by_text(sandbox, "Two"), state="draft")
    terminal.all("plan", "pull --diff", "explain two", "status")
    terminal.wait(hours=23, minutes=50)
    terminal.write("calendar/march.yaml", posts(ONE.replace("One", "Uno"), TWO))
    terminal.all("plan", "status", "apply --yes", "apply --yes --allow-frozen=one")
    terminal.wait(days=2)
    terminal.all(
        "plan",
        "results",
        "results --insights",
        "explain one",
        "log --post one",
        "log --post x@2027-03-02T09:00 --verbose",
    )
    agrees(HERE / "taken.md", terminal.said)


def test_posts_with_pictures_and_series_that_are_moved(terminal: Terminal, sandbox: Sandbox) -> None:
    run = terminal.run
    terminal.write("calendar/publer.yaml", SETTINGS)
    terminal.write(
        "calendar/march.yaml",
        posts(
            ONE, "id: daily, at: 2027-04-01 09:00, repeat: {every: day, times: 3}, accounts: x, text: Daily"
        ),
    )
    (terminal.folder / "lamp.png").write_bytes(png(600, 400))
    (terminal.folder / "calendar" / "media").mkdir()
    (terminal.folder / "calendar" / "media" / "own.png").write_bytes(png(300, 300))
    run(
        "new --at",
        "2027-03-09 09:00",
        "--account",
        "facebook",
        "--media",
        "lamp.png",
        "--alt",
        "A lamp",
        "--yes",
    )
    run(
        "new --at",
        "2027-03-10 09:00",
        "--account",
        "facebook",
        "--media",
        "lamp.png",
        "--text",
        "Again",
        "--yes",
        "--format",
        "json",
    )
    run("new --at", "2027-03-10 09:00", "--account", "facebook", "--media", "none.png", "--yes")
    run(
        "new --at",
        "2027-03-10 10:00",
        "--account",
        "facebook",
        "--media",
        "lamp.png",
        "--alt",
        "a",
        "--alt",
        "b",
        "--yes",
    )
    run(
        "new",
        asks="whenever\ntomorrow 12\n9\nfacebook\nWith a picture\n.\nnone.png\nlamp.png\nA lamp\n\n\nyes\n",
    )
    run("new --text Words", asks="next\ntomorrow 18\n2, facebook\n\nno\n")
    run("new --at", "2027-03-10 10:00", "--account", "x", asks="TODO\n.\nReal words\n.\n\nyes\n")
    run("move daily", "2027-04-05 12:00", asks="this\nyes\n")
    run("move daily@2027-04-02", "+1h", asks="all\nyes\n")
    run("move daily@2027-04-02", "2027-04-02 13:00", asks="nothing\nthis\nno\n")
    run("move one", "2027-03-09 09:00", "--yes")
    run("move one", "2027-03-09 09:00", "--account", "facebook", "--yes")
    run("move one", "2020-01-01 09:00", "--yes")
    run("copy daily@2027-04-02", "2027-05-01 09:00", "--yes")
    run("copy one", "next", "--yes")
    terminal.all("plan", "apply --yes")
    terminal.write(
        "calendar/2027-03.yaml",
        (terminal.folder / "calendar/2027-03.yaml").read_text().replace("A lamp", "The lamp"),
    )
    terminal.all(
        "plan",
        "plan --format markdown",
        "plan --format json",
        "explain again --offline",
        "preview",
        "preview --live",
    )
    (terminal.folder / "lamp.png").write_bytes(png(100, 100))
    (terminal.folder / "calendar" / "media" / "lamp.png").write_bytes(png(100, 100))
    terminal.all("plan", "plan --format markdown")
    terminal.read("calendar/2027-03.yaml")
    terminal.read("calendar/march.yaml")
    agrees(HERE / "pictures.md", terminal.said)

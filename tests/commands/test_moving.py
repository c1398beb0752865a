"""A post that is cut from one calendar's file and pasted into another's moves: nobody's post is removed, none is doubled."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from contextlib import ExitStack, chdir
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import pytest

from publer_sync.commands import apply
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.git_remote import Repository
from publer_sync.ledger.names import folder_of
from publer_sync.sandbox import Sandbox
from tests.commands.test_several import seed
from tests.conftest import EVERY, QUICK, Ran, run_here
from tests.system.worlds import DAY, HOUR, T, Want

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("every_kind_seen")

ONE = seed(1, "fjordlight")
SETTINGS = "workspace: fjordlight\ntimezone: UTC\naccounts: {{x: {{id: {account}, shared: true}}}}\n{more}"
LAUNCH = Want("launch", "x", T, "We launched")
ACME, GLOBEX = "clients/acme", "clients/globex"


@dataclass
class Two:
    """Two calendars for one account, in one repository, which stand in the current folder."""

    sandbox: Sandbox
    branch: bool
    url: str
    """A state belongs to one address of Publer."""

    def settings(self, name: str, more: str = "") -> None:
        Path(name).mkdir(parents=True, exist_ok=True)
        more += "state: git:publer-sync-state\n" if self.branch else ""
        text = SETTINGS.format(account=ONE.accounts[0].id, more=more)
        Path(name, "publer.yaml").write_text(text)

    def write(self, name: str, *wants: Want) -> None:
        body = "posts:\n" + "".join(want.yaml() for want in wants) if wants else "posts: []\n"
        Path(name, "posts.yaml").write_text(body)

    def cut_and_paste(self, *wants: Want, giver: str = ACME, receiver: str = GLOBEX) -> None:
        self.write(giver)
        self.write(receiver, *wants)

    def run(self, *words: str) -> Ran:
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PUBLER")},
            "PUBLER_API_KEY": "k",
            "PUBLER_BASE_URL": self.url,
            "PUBLER_SYNC_POLL_SECONDS": str(QUICK),
        }
        return run_here(words, environ)

    def apply(self, *words: str) -> tuple[int, list[Any]]:
        """One document for each calendar."""
        ran = self.run("apply", *words, "--yes", "--allow-deletes", "9", "--format", "json")
        document = json.loads(ran.stdout)
        found = [each["result"] for each in document["calendars"]] if "calendars" in document else [document]
        return ran.code, found

    def plan(self, *words: str) -> list[Any]:
        document = json.loads(self.run("plan", *words, "--format", "json").stdout)
        return [each["result"] for each in document["calendars"]] if "calendars" in document else [document]

    def part(self, name: str) -> str:
        """Where a calendar's part is in the ledger."""
        return f"{folder_of(self.url, ONE.workspace_id)}/{name}.json"

    def document(self, name: str) -> str:
        """The state of a calendar."""
        if self.branch:
            return git("show", f"publer-sync-state:{self.part(name)}", where="remote.git")
        return Path(".git/publer-sync", self.part(name)).read_text()

    def put(self, name: str, document: str) -> None:
        """Somebody else writes the state of a calendar."""
        if not self.branch:
            Path(".git/publer-sync", self.part(name)).write_text(document)
            return
        git("clone", "-q", "-b", "publer-sync-state", "remote.git", "by-hand")
        Path("by-hand", self.part(name)).write_text(document)
        git("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qam", "by hand", where="by-hand")
        git("push", "-q", "origin", "HEAD", where="by-hand")
        shutil.rmtree("by-hand")

    def state(self, name: str) -> Any:
        return json.loads(self.document(name))

    def posts(self) -> list[Any]:
        self.sandbox.settle()
        return [post for post in self.sandbox.posts() if post["state"].startswith(("scheduled", "draft"))]

    def ids(self) -> list[str]:
        return sorted(str(post["id"]) for post in self.posts())

    def writes(self) -> list[str]:
        return [request.method for request in self.sandbox.requests if request.method != "GET"]

    def kept(self, name: str) -> list[str]:
        """The ids of the posts that a state has as not accounted for."""
        copies = (copy for entry in self.state(name)["posts"] for copy in entry["copies"])
        return sorted(copy["post_id"] for copy in copies if "end" not in copy and "post_id" in copy)


def git(*words: str, where: str = ".") -> str:
    done = subprocess.run(["git", *words], cwd=where, check=True, capture_output=True, text=True)
    return done.stdout


class InPlace(NamedTuple):
    folder: Path
    front: Sandbox
    """Has the address that is in the states."""


@pytest.fixture(scope="module")
def in_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], InPlace]]:
    """What every test begins with, by the kind of state: made once, since it takes longer than what most tests do."""
    made: dict[str, InPlace] = {}
    with ExitStack() as stack:

        def of(kind: str) -> InPlace:
            if kind not in made:
                made[kind] = make(kind)
            return made[kind]

        def make(kind: str) -> InPlace:
            folder = tmp_path_factory.mktemp(kind)
            with chdir(folder):
                file = folder / "publer.db"
                sandbox = stack.enter_context(Sandbox(ONE, poll_seconds=QUICK, file=file))
                if kind == "branch":
                    git("init", "-q", "--bare", "--template=", "remote.git")
                git("init", "-q", "--template=")
                git("remote", "add", "origin", "remote.git")
                two = Two(sandbox, kind == "branch", sandbox.url)
                for name in (ACME, GLOBEX):
                    two.settings(name)
                two.write(ACME, LAUNCH)
                two.write(GLOBEX)
                assert two.apply("clients")[0] == 0
                sandbox.settle()
                # A copy of a calendar that is still there would not be the calendar.
                for name in (ACME, GLOBEX):
                    Path(name, "publer.yaml").unlink()
            return InPlace(folder, sandbox)

        yield of


ON_BOTH = pytest.mark.parametrize(
    "two", ["files", pytest.param("branch", marks=pytest.mark.slow)], indirect=True
)
"""What depends on how the states are written. On a branch, each command starts git some forty times."""
ON_A_BRANCH = pytest.mark.parametrize("two", ["branch"], indirect=True)


@pytest.fixture
def two(
    request: pytest.FixtureRequest,
    in_place: Callable[[str], InPlace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Two]:
    """The first calendar has `LAUNCH` in place, the other one an empty state."""
    kind = getattr(request, "param", "files")
    made = in_place(kind)
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    with Sandbox(ONE, poll_seconds=QUICK, file=tmp_path / "publer.db") as sandbox:
        monkeypatch.setattr(made.front._server, "handle", sandbox.handle)
        two = Two(sandbox, kind == "branch", made.front.url)
        for name in (ACME, GLOBEX):
            two.settings(name)
        yield two


@ON_BOTH
@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_an_equal_post_moves_and_nothing_is_sent(two: Two, order: tuple[str, str]) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    plans = dict(zip(order, two.plan(*order), strict=True))
    assert [plan["changes"] for plan in plans.values()] == [[], []]
    told = {
        name: [w["message"] for w in plan["warnings"] if w["code"] == "moves"] for name, plan in plans.items()
    }
    assert told == {
        ACME: [f"launch moves to the calendar {GLOBEX}"],
        GLOBEX: [f"launch comes from the calendar {ACME}"],
    }
    assert two.kept(ACME) == before, "plan writes nothing"
    code, results = two.apply(*order)
    assert (code, [each["results"] for each in results]) == (0, [[], []])
    assert (two.ids(), two.writes()) == (before, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], before)
    for plan in two.plan(*order):
        assert (plan["changes"], plan["warnings"]) == ([], [])


@ON_BOTH
def test_a_post_that_moves_while_its_account_is_reconnected_is_not_created_beside_the_old_one(
    two: Two,
) -> None:
    """The named command takes it along in the calendar that it comes from, and then it moves."""
    [account], new = ONE.accounts, "acc0000000000000000ffffff"
    two.sandbox.reconnect(account.id, new)
    for name in (ACME, GLOBEX):
        two.settings(name)
        settings = Path(name, "publer.yaml")
        settings.write_text(settings.read_text().replace(f"id: {account.id}", f"name: {account.name}"))
    two.cut_and_paste(LAUNCH)
    code, [there] = two.apply(GLOBEX)
    assert (code, two.writes()) == (6, [])
    [left] = there["results"]
    assert (left["action"], left["code"]) == ("blocked", "account")
    two.sandbox.reconnect(new, account.id)
    assert [each["action"] for each in two.plan(GLOBEX)[0]["changes"]] == [], (
        "it has come back under its own id"
    )
    two.sandbox.reconnect(account.id, new)
    [plan] = two.plan(GLOBEX)
    reason = plan["changes"][0]["reason"]
    words = shlex.split(reason.partition("run publer-sync ")[2].partition(";")[0])
    assert words == ["state", "mv", "--account", f"{account.id}={new}", "--calendar", ACME]
    assert two.run(*words, "--yes").code == 0
    for post in two.posts():  # what Publer still lists under the old id
        two.sandbox.edit(post["id"], account_id=new)
    assert two.apply(ACME, GLOBEX)[0] == 0
    assert len(two.posts()) == 1


def test_a_post_that_also_differs_moves_and_is_changed_there(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(replace(LAUNCH, text="We launched!"))
    _, plan = two.plan(ACME, GLOBEX)
    assert [change["action"] for change in plan["changes"]] == ["update"]
    assert two.apply(ACME, GLOBEX)[0] == 0
    assert [(post["id"], post["text"]) for post in two.posts()] == [(before[0], "We launched!")]
    two.cut_and_paste(replace(LAUNCH, text="We launched!", labels=("b",)), giver=GLOBEX, receiver=ACME)
    assert two.plan(GLOBEX, ACME)[0]["changes"] == []
    code, _ = two.apply(GLOBEX, ACME)
    assert code == 0
    [post] = two.posts()
    assert (post["text"], post["sent"]["account"]["labels"]) == ("We launched!", ["b"])
    assert (two.kept(ACME), two.kept(GLOBEX)) == (two.ids(), [])


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_posts_move_both_ways_between_calendars_with_posts_of_their_own_and_are_changed_there(
    two: Two, order: tuple[str, str]
) -> None:
    back, mine, theirs = (
        Want(name, "x", T + HOUR * number, f"{name} stays")
        for number, name in enumerate(("back", "mine", "theirs"), 1)
    )
    two.write(ACME, LAUNCH, mine)
    two.write(GLOBEX, back, theirs)
    assert two.apply("clients")[0] == 0
    before = two.ids()
    two.write(ACME, replace(back, text="It is back"), mine)
    two.write(GLOBEX, replace(LAUNCH, text="We launched!"), theirs)
    for plan in two.plan(*order):
        assert [change["action"] for change in plan["changes"]] == ["update"]
    assert two.apply(*order)[0] == 0
    assert two.ids() == before
    assert {"It is back", "We launched!"} <= {post["text"] for post in two.posts()}


def test_a_draft_and_a_post_without_an_id_move(two: Two) -> None:
    bare = Want(None, "x", T + HOUR, "No id here")
    draft = Want("draft", "x", T + 2 * HOUR, "A draft", draft=True)
    two.write(ACME, LAUNCH, bare, draft)
    assert two.apply("clients")[0] == 0
    before = two.ids()
    two.sandbox.reset_log()
    two.cut_and_paste(LAUNCH, bare, draft)
    messages = [w["message"] for w in two.plan("clients")[0]["warnings"] if w["code"] == "moves"]
    assert messages == [
        f"launch moves to the calendar {GLOBEX}",
        f'"No id here" moves to the calendar {GLOBEX}',
        f"draft moves to the calendar {GLOBEX}",
    ]
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes(), two.kept(GLOBEX)) == (before, [], before)


@ON_A_BRANCH
def test_what_a_calendar_sent_and_never_saw_is_not_what_another_one_created_meanwhile(two: Two) -> None:
    lost = Want("lost", "x", T + HOUR, "Lost once")
    two.sandbox.faults.lose = frozenset({two.sandbox.passed + 1})
    two.write(ACME, LAUNCH, lost)
    assert two.apply(ACME)[0] == 6
    two.write(ACME, LAUNCH)
    two.write(GLOBEX, lost)
    assert two.apply(GLOBEX)[0] == 0
    (theirs,) = two.kept(GLOBEX)
    two.write(ACME, LAUNCH, Want("later", "x", T + 2 * HOUR, "Sent and followed"))
    assert two.apply(ACME)[0] == 0
    assert theirs not in two.kept(ACME)
    assert (len(two.ids()), sorted(two.kept(ACME) + two.kept(GLOBEX))) == (3, two.ids())


@pytest.mark.parametrize("id", ["launch", None])
def test_a_post_that_waits_for_a_slot_in_another_calendar_stays_as_it_is_until_it_has_one(
    two: Two, id: str | None
) -> None:
    """Nothing would be in Publer otherwise: its old calendar lets go of it, and the new one does not send it yet."""
    want = replace(LAUNCH, id=id)
    two.write(ACME, want)
    assert two.apply(ACME)[0] == 0
    before = two.ids()
    two.sandbox.reset_log()
    two.cut_and_paste(want)
    file = Path(GLOBEX, "posts.yaml")
    file.write_text(re.sub("at: .*", "at: next", file.read_text()))
    told = f"in the calendar {GLOBEX} it waits for a slot (at: next); it moves there once it has a time"
    for words in ("clients", ACME):
        plan = two.plan(words)[0]
        assert (plan["changes"], plan["summary"]["unchanged"]) == ([], 1)
        [waits] = [each["message"] for each in plan["warnings"] if each["code"] == "waits"]
        assert told in waits
        assert two.apply(words)[0] == 0
        assert (two.ids(), two.writes()) == (before, [])
    two.settings(GLOBEX, f"slots: {{x: [{T:%a} 11:00]}}\n".lower())
    assert two.run("fill", GLOBEX, "--yes", "--offline").code == 0
    assert two.apply("clients")[0] == 0
    [post] = two.posts()
    assert f"{post['at']:%a %H:%M}" == f"{T:%a} 11:00"
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], two.ids())
    file.write_text("posts: []\n")
    assert two.apply("clients")[0] == 0
    assert two.posts() == []


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
@pytest.mark.parametrize("id", ["launch", None])
def test_a_post_that_also_gets_another_time_moves_and_is_moved_there(
    two: Two, order: tuple[str, str], id: str | None
) -> None:
    if id is None:
        two.write(ACME, replace(LAUNCH, id=None))
        assert two.apply(ACME)[0] == 0
    two.cut_and_paste(replace(LAUNCH, id=id, at=T + DAY))
    plans = dict(zip(order, two.plan(*order), strict=True))
    assert [(change["action"]) for change in plans[GLOBEX]["changes"]] == ["replace"]
    assert plans[ACME]["changes"] == []
    assert [warn["code"] for plan in plans.values() for warn in plan["warnings"]] == ["moves", "moves"]
    assert two.apply(*order)[0] == 0
    assert [post["at"] for post in two.posts()] == [T + DAY]
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], two.ids())


def test_an_equal_post_that_someone_made_at_its_new_time_is_not_adopted_while_its_old_calendar_has_it(
    two: Two,
) -> None:
    """Both would go out: nobody applies the calendar that it has left."""
    later = replace(LAUNCH, at=T + DAY)
    made = two.sandbox.add(account_id=ONE.accounts[0].id, at=later.at, text=later.text)
    two.cut_and_paste(later)
    code, [result] = two.apply(GLOBEX)
    [told] = result["results"]
    assert (code, told["outcome"], len(two.posts())) == (6, "not_tried", 2)
    [change] = two.plan(GLOBEX)[0]["changes"]
    assert change["code"] == "slot"
    two.sandbox.remove(made)
    assert two.apply(GLOBEX)[0] == 0
    assert [post["scheduled_at"][:16] for post in two.posts()] == [f"{later.at:%Y-%m-%dT%H:%M}"]


def test_into_a_minute_that_another_post_leaves_it_is_made_anew(two: Two) -> None:
    """As the same post it would wait for ever: each calendar would hold the minute that the other one wants."""
    later = Want("later", "x", T + HOUR, "It still works")
    two.write(ACME, LAUNCH, later)
    assert two.apply(ACME)[0] == 0
    two.cut_and_paste(replace(LAUNCH, at=later.at))
    two.write(ACME, replace(later, at=LAUNCH.at))
    assert [plan["warnings"] for plan in two.plan(ACME, GLOBEX)] == [[], []]
    codes = [two.apply("clients")[0] for _ in range(2)]
    assert codes[-1] == 0, codes
    assert sorted((post["at"], post["text"]) for post in two.posts()) == [
        (LAUNCH.at, later.text),
        (later.at, LAUNCH.text),
    ]


def test_it_swaps_times_with_a_post_of_its_new_calendar(two: Two) -> None:
    later = Want("later", "x", T + HOUR, "It still works")
    two.write(GLOBEX, later)
    assert two.apply(GLOBEX)[0] == 0
    two.cut_and_paste(replace(LAUNCH, at=later.at), replace(later, at=LAUNCH.at))
    assert two.apply("clients")[0] == 0
    assert sorted((post["at"], post["text"]) for post in two.posts()) == [
        (LAUNCH.at, later.text),
        (later.at, LAUNCH.text),
    ]
    assert two.kept(ACME) == []


def test_whoever_wants_the_minute_of_a_post_that_moves_is_told_whose_it_is_before_and_after(two: Two) -> None:
    later = Want("later", "x", T + HOUR, "It still works")
    two.write(ACME, LAUNCH, later)
    assert two.apply(ACME)[0] == 0
    two.cut_and_paste(LAUNCH)
    two.write(ACME, replace(later, at=LAUNCH.at))
    (blocked,) = two.plan(ACME, GLOBEX)[0]["changes"]
    assert blocked["reason"].endswith(f'"We launched"; the calendar {GLOBEX} manages it')
    code, results = two.apply(ACME, GLOBEX)
    assert code == 6
    assert blocked["reason"] in results[0]["results"][0]["message"]
    two.write(ACME, replace(later, at=LAUNCH.at + DAY))
    assert two.apply(ACME, GLOBEX)[0] == 0
    assert sorted(post["at"] for post in two.posts()) == [LAUNCH.at, LAUNCH.at + DAY]


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_at_another_time_with_other_words_it_is_known_by_its_id(two: Two, order: tuple[str, str]) -> None:
    two.cut_and_paste(replace(LAUNCH, at=T + DAY, text="Other words"))
    plans = dict(zip(order, two.plan(*order), strict=True))
    assert [change["action"] for change in plans[GLOBEX]["changes"]] == ["replace"]
    assert plans[ACME]["changes"] == []
    for name in (*order, *order):
        assert two.apply(name)[0] == 0
    assert [(post["at"], post["text"]) for post in two.posts()] == [(T + DAY, "Other words")]
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], two.ids())


def test_a_post_moves_back(two: Two) -> None:
    before = two.ids()
    for giver, receiver in ((ACME, GLOBEX), (GLOBEX, ACME), (ACME, GLOBEX)):
        two.cut_and_paste(LAUNCH, giver=giver, receiver=receiver)
        assert two.apply("clients")[0] == 0
        assert (two.kept(giver), two.kept(receiver)) == ([], before)
    assert two.writes() == []


def test_the_first_apply_of_the_receiver_tells_of_no_post_that_was_past(two: Two) -> None:
    new = "clients/new"
    two.settings(new)
    two.write(ACME)
    two.write(new, LAUNCH, Want("old", "x", T - 60 * DAY, "Long ago"))
    before = two.ids()
    *_, plan = two.plan("clients")
    assert [warn["code"] for warn in plan["warnings"]] == ["moves"]
    assert two.apply("clients")[0] == 0
    assert (two.kept(new), two.ids()) == (before, before)


@ON_BOTH
def test_posts_move_both_ways_at_once(two: Two) -> None:
    other = Want("other", "x", T + DAY, "The other one")
    two.write(GLOBEX, other)
    assert two.apply("clients")[0] == 0
    two.sandbox.reset_log()
    before = {post["text"]: post["id"] for post in two.posts()}
    two.write(ACME, other)
    two.write(GLOBEX, LAUNCH)
    code, results = two.apply("clients")
    assert code == 0, results
    assert two.kept(ACME) == [before[other.text]]
    assert two.kept(GLOBEX) == [before[LAUNCH.text]]
    assert two.writes() == []


def test_a_post_that_someone_published_early_is_not_published_again(two: Two) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="published", at=datetime.now(UTC))
    two.cut_and_paste(LAUNCH)
    for _ in range(2):
        code, results = two.apply(ACME, GLOBEX)
        assert (code, [each["results"] for each in results]) == (0, [[], []])
    assert two.posts() == []
    assert two.plan(GLOBEX)[0]["summary"]["past"] == 1


def test_turned_into_a_draft_and_kept_by_a_hold_it_is_not_made_a_second_time(two: Two) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="draft")
    assert two.run("hold", ACME, "--reason", "Accident", "--yes").code == 0
    two.cut_and_paste(LAUNCH)
    code, [_, result] = two.apply("clients")
    [told] = result["results"]
    assert (code, told["outcome"], len(two.sandbox.posts())) == (6, "not_tried", 1)
    assert told["message"].startswith("the calendar clients/acme has it in Publer; ")


def test_published_early_and_kept_by_a_hold_it_is_not_published_again_and_moves_once_released(
    two: Two,
) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="published", at=datetime.now(UTC))
    assert two.run("hold", ACME, "--reason", "Accident", "--yes").code == 0
    two.cut_and_paste(LAUNCH)
    code, [_, result] = two.apply("clients")
    [told] = result["results"]
    assert (code, told["outcome"]) == (6, "not_tried")
    assert told["message"].startswith(
        "it was published from the calendar clients/acme; posts of the calendar"
    )
    assert "are on hold: release them first" in told["message"]
    assert two.run("release", ACME, "--yes").code == 0
    assert two.apply("clients")[0] == 0
    assert (two.writes(), two.kept(ACME)) == ([], [])


def test_published_early_it_is_not_published_again_by_a_command_for_its_new_calendar_alone(two: Two) -> None:
    [launch] = two.posts()
    two.sandbox.edit(launch["id"], state="published", at=datetime.now(UTC))
    two.cut_and_paste(LAUNCH)
    assert two.apply(ACME)[0] == 0
    assert two.apply(GLOBEX)[0] == 0
    assert (two.writes(), two.kept(ACME)) == ([], [])
    assert two.plan(GLOBEX)[0]["summary"]["past"] == 1


def test_what_a_filter_leaves_out_does_not_move(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    days = ("--from", f"{T + 2 * DAY:%Y-%m-%d}")
    assert two.apply("clients", *days)[0] == 0
    assert (two.kept(ACME), two.ids(), two.writes()) == (before, before, [])
    assert two.apply("clients", "--to", f"{T:%Y-%m-%d}")[0] == 0
    assert (two.kept(GLOBEX), two.ids(), two.writes()) == (before, before, [])


# --- one at a time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
@ON_BOTH
def test_in_commands_of_their_own_either_comes_first_and_neither_runs_twice(
    two: Two, order: tuple[str, str]
) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    for name in order:
        code, _ = two.apply(name)
        assert (code, two.ids(), two.writes()) == (0, before, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], before)
    for name in order:
        assert (two.plan(name)[0]["changes"], two.plan(name)[0]["warnings"]) == ([], [])
    logs = {name: json.loads(two.run("log", name, "--format", "json").stdout) for name in order}
    moved = {
        name: [
            (run["commit"], line["id"])
            for run in log["runs"]
            for line in run["changes"]
            if line["action"] == "hand_over"
        ]
        for name, log in logs.items()
    }
    assert moved[ACME] == moved[GLOBEX] != []


@ON_BOTH
def test_the_log_of_both_is_one_timeline_with_a_line_for_each_command(two: Two) -> None:
    two.cut_and_paste(LAUNCH)
    assert two.apply("clients")[0] == 0
    two.sandbox.reset_log()
    lines = two.run("log", "clients").stdout.splitlines()
    runs = json.loads(two.run("log", "clients", "--format", "json").stdout)["runs"]

    assert [run["calendars"] for run in runs] == [[ACME, GLOBEX], [ACME]]
    (moved,) = {
        (line["from_calendar"], line["to_calendar"])
        for line in runs[0]["changes"]
        if line["action"] == "hand_over"
    }
    assert moved == (ACME, GLOBEX)
    assert {line["calendar"] for line in runs[0]["changes"] if line["action"] == "hand_over"} == {
        ACME,
        GLOBEX,
    }
    assert f"  {ACME}, {GLOBEX}  1 moved from {ACME} to {GLOBEX}" in lines[0]
    assert f"  {ACME}  1 created" in lines[1]
    posts = two.run("log", "clients", "--post", "launch").stdout
    assert posts.count("  launch") == 2
    assert "moved from" not in two.run("log", "clients", "--to", "2020-01-01").stdout
    assert two.sandbox.requests == [], "Publer is asked for nothing"


@ON_BOTH
def test_the_log_needs_no_key_and_shows_a_calendar_that_has_no_folder(two: Two) -> None:
    shutil.rmtree(GLOBEX)
    two.write(ACME)
    assert two.apply(ACME)[0] == 0
    shutil.move(ACME, "clients/bank")  # a folder of another name, which has not been applied
    assert two.run("log", "clients/bank").stdout == "No recorded run changed a post.\n"
    told = two.run("log", "clients/bank", "--state-name", ACME).stdout.splitlines()
    assert [("1 removed" in line, "1 created" in line) for line in told] == [(True, False), (False, True)]
    unknown = two.run("log", "clients/bank", "--state-name", "clients/nobody")
    assert (unknown.code, unknown.stdout) == (64, "")
    assert f"It has: {ACME}, {GLOBEX}." in unknown.stderr
    with mock.patch.dict(os.environ):
        os.environ.pop("PUBLER_API_KEY", None)
        ran = run_here(
            ("log", "clients/bank", "--state-name", ACME), {**os.environ, "PUBLER_BASE_URL": two.url}
        )
    assert (ran.code, ran.stdout.splitlines()) == (0, told)


def test_the_log_tells_what_ended_and_where_a_state_went(two: Two) -> None:
    two.write(GLOBEX, replace(LAUNCH, id="more", text="And more", at=T + DAY))
    assert two.apply(GLOBEX)[0] == 0
    moved = two.run("state", "mv", "clients/globe", "--calendar", GLOBEX, "--yes")
    assert moved.code == 0, moved
    Path(GLOBEX, "publer.yaml").write_text(f"name: clients/globe\n{Path(GLOBEX, 'publer.yaml').read_text()}")
    left = two.run("forget", "--all", "--calendar", ACME, "--yes")
    assert left.code == 0, left
    lines = [line.partition("  ")[2] for line in two.run("log", "clients").stdout.splitlines()]
    assert "forget --all" in lines[0]
    assert lines[0].endswith("1 forgotten")
    assert "state mv" in lines[1]
    assert lines[1].endswith("(from the name clients/globex to clients/globe)")
    again = two.run("forget", "--all", "--calendar", ACME, "--yes")
    assert (again.code, "there is no state of clients/acme" in again.stderr) == (64, True)


def test_the_log_of_several_names_the_one_that_cannot_be_read_and_shows_the_others(two: Two) -> None:
    two.put(GLOBEX, two.document(GLOBEX).replace("globex", "glabex"))
    ran = two.run("log", "clients")
    assert (ran.code, ran.stdout.count("created")) == (1, 1)
    assert f"{GLOBEX}: " in ran.stderr
    assert "damaged" in ran.stderr
    (failed,) = json.loads(two.run("log", "clients", "--format", "json").stdout)["failed"]
    assert (failed["calendar"], failed["result"]["error"]["code"]) == (GLOBEX, "state.damaged")


def test_the_giver_says_who_takes_it_over_and_needs_someone_from_a_day_before_its_minute_on(two: Two) -> None:
    soon = replace(LAUNCH, at=datetime.now(UTC).replace(second=0, microsecond=0) + 23 * HOUR)
    two.write(ACME, LAUNCH, soon)
    two.write(ACME, replace(LAUNCH, id="far"), soon)
    assert two.apply(ACME)[0] == 0
    before = two.ids()
    two.sandbox.reset_log()
    two.cut_and_paste(replace(LAUNCH, id="far"), soon)
    code, [result] = two.apply(ACME)
    assert code == 6
    assert {each["id"]: each["outcome"] for each in result["results"]} == {
        "far": "waiting",
        "launch": "not_tried",
    }
    assert all(f"the calendar {GLOBEX} wants it" in each["message"] for each in result["results"])
    assert (two.ids(), two.writes()) == (before, [])
    far = two.run("apply", ACME, "--from", f"{T:%Y-%m-%d}", "--yes")
    assert (far.code, "Done. 1 post waits for the calendar that takes it over." in far.stdout) == (0, True)
    assert two.apply(GLOBEX)[0] == 0
    assert two.apply(ACME)[0] == 0
    assert (two.ids(), two.writes(), two.kept(GLOBEX)) == (before, [], before)


def test_what_nobody_wants_is_removed_by_its_own_calendar(two: Two) -> None:
    two.write(ACME)
    assert two.apply(ACME)[0] == 0
    assert two.ids() == []


def test_other_calendars_are_not_read_where_nothing_leaves(two: Two) -> None:
    Path(GLOBEX, "posts.yaml").write_text("posts: [")
    with mock.patch(
        "publer_sync.commands.reaching.neighbours.calendars_of_checkout", side_effect=AssertionError
    ):
        assert two.apply(ACME)[0] == 0
        two.write(ACME, LAUNCH, Want("more", "x", T + DAY, "More"))
        assert two.apply(ACME)[0] == 0


def test_a_calendar_with_errors_that_wants_it_gets_it_once_they_are_fixed(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    Path(GLOBEX, "more.yaml").write_text("posts:\n- at: never\n  text: x\n")
    for words in ((ACME,), ("clients",)):
        code, results = two.apply(*words)
        [told] = results[0]["results"]
        assert (told["outcome"], code) == ("not_tried", 6 if words == (ACME,) else 3)
        assert "has errors: fix them, then run publer-sync apply" in told["message"]
        assert two.ids() == before
    Path(GLOBEX, "more.yaml").unlink()
    assert two.apply("clients")[0] == 0
    assert (two.kept(GLOBEX), two.ids()) == (before, before)


@ON_BOTH
def test_where_the_state_of_the_receiver_cannot_be_read_it_stays(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    good = two.document(GLOBEX)
    two.put(GLOBEX, "{")
    code, results = two.apply("clients")
    assert code == 1
    [told] = results[0]["results"]
    assert "the state of the calendar clients/globex cannot be read" in told["message"]
    assert two.ids() == before
    two.put(GLOBEX, good)
    assert two.apply("clients")[0] == 0
    assert (two.kept(GLOBEX), two.ids()) == (before, before)


def test_while_its_calendar_is_on_hold_a_post_does_not_move(two: Two) -> None:
    two.write(ACME, LAUNCH)
    two.settings(ACME, more="hold: {reason: Accident in town, labels: [other]}\n")
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    code, _ = two.apply("clients")
    assert (code, two.ids(), two.kept(ACME)) == (6, before, before)
    two.settings(ACME)
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.kept(GLOBEX)) == (before, before)


LATER_ON = replace(LAUNCH, at=T + HOUR)


@pytest.mark.parametrize(
    "pasted",
    [
        LAUNCH,
        LATER_ON,
        *(
            pytest.param(want, marks=pytest.mark.slow)
            for want in (replace(LATER_ON, text="More"), replace(LATER_ON, id=None))
        ),
    ],
    ids=["its minute", "another time", "other words", "no id"],
)
@pytest.mark.parametrize("let_go", [True, False])
@pytest.mark.parametrize("words", [(GLOBEX,), pytest.param((ACME, GLOBEX), marks=pytest.mark.slow)])
def test_what_is_on_hold_is_not_scheduled_from_another_calendar_before_its_release(
    two: Two, pasted: Want, let_go: bool, words: tuple[str, ...]
) -> None:
    assert two.run("hold", ACME, "--reason", "Accident in town", "--yes").code == 0
    two.cut_and_paste(pasted)
    if let_go:
        assert two.apply(ACME)[0] == 0
    code, results = two.apply(*words)
    assert (code, two.ids()) == (6, [])
    [told] = results[-1]["results"]
    assert f"posts of the calendar {ACME} are on hold: release them first" in told["message"]
    assert two.run("release", ACME, "--yes").code == 0
    assert two.ids() == []
    assert two.apply(*words)[0] == 0
    assert [(post["at"], post["text"]) for post in two.posts()] == [(pasted.at, pasted.text)]


def test_a_minute_that_a_post_on_hold_has_is_free_once_its_calendar_let_go_of_it(two: Two) -> None:
    assert two.run("hold", ACME, "--reason", "Accident in town", "--yes").code == 0
    other = Want("open", "x", T, "We are open")
    two.write(GLOBEX, other)
    ran = two.run("apply", GLOBEX, "--yes")
    assert (ran.code, two.ids()) == (6, [])
    assert f"or remove that post from the calendar {ACME} and apply it first." in " ".join(ran.stdout.split())
    two.write(ACME)
    assert two.apply(ACME)[0] == 0
    assert two.apply(GLOBEX)[0] == 0
    assert [post["text"] for post in two.posts()] == [other.text]
    assert two.run("release", ACME, "--yes").code == 0
    assert [post["text"] for post in two.posts()] == [other.text]


# --- cut off --------------------------------------------------------------------------------------------------------


def slow(kind: str, *numbers: int) -> list[Any]:
    return [pytest.param(kind, number, marks=pytest.mark.slow) for number in numbers]


AT_ANY_WRITE = pytest.mark.parametrize(
    ("two", "number"),
    [("files", 2), *slow("files", 1, 3), *slow("branch", 1, *((2, 3) if EVERY else ()))],
    indirect=["two"],
)
"""Of an apply of both. On a branch, the first push moves the post: those after it only say how each run ended."""


def killed_at(two: Two, number: int, *, before: bool, words: tuple[str, ...]) -> bool:
    """An apply that ends just before or after its `number`th write of a state; whether it came so far."""
    written = 0
    where: Any = Repository if two.branch else FileStore
    method = "push" if two.branch else "_save"
    real = getattr(where, method)

    def write(*args: Any, **options: Any) -> Any:
        nonlocal written
        written += 1
        if written == number and before:
            raise SystemExit(137)
        done = real(*args, **options)
        if written == number:
            raise SystemExit(137)
        return done

    with mock.patch.object(where, method, write):
        two.run("apply", *words, "--yes")
    return written >= number


@AT_ANY_WRITE
@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
@pytest.mark.parametrize("before", [True, False])
def test_killed_at_any_write_of_a_state_the_next_apply_of_both_converges(
    two: Two, number: int, before: bool, order: tuple[str, str]
) -> None:
    posts = two.ids()
    two.cut_and_paste(LAUNCH)
    reached = killed_at(two, number, before=before, words=order)
    assert reached or number > 2
    assert two.ids() == posts
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes()) == (posts, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], posts)


@AT_ANY_WRITE
def test_killed_and_then_applied_each_for_itself_nothing_is_removed(two: Two, number: int) -> None:
    posts = two.ids()
    two.cut_and_paste(LAUNCH)
    killed_at(two, number, before=False, words=("clients",))
    for name in (ACME, GLOBEX, ACME):
        two.apply(name)
        assert (two.ids(), two.writes()) == (posts, [])
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes()) == (posts, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], posts)


@AT_ANY_WRITE
def test_killed_and_then_put_back_it_stays_or_comes_back(two: Two, number: int) -> None:
    posts = two.ids()
    two.cut_and_paste(LAUNCH)
    killed_at(two, number, before=False, words=("clients",))
    two.cut_and_paste(LAUNCH, giver=GLOBEX, receiver=ACME)
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.writes()) == (posts, [])
    assert (two.kept(ACME), two.kept(GLOBEX)) == (posts, [])


@AT_ANY_WRITE
@pytest.mark.parametrize("words", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_killed_and_then_wanted_by_nobody_it_is_removed(
    two: Two, number: int, words: tuple[str, str]
) -> None:
    two.cut_and_paste(LAUNCH)
    killed_at(two, number, before=False, words=("clients",))
    two.cut_and_paste()
    assert two.apply(*words)[0] == 0
    assert two.ids() == []
    assert (two.kept(ACME), two.kept(GLOBEX)) == ([], [])


def test_where_the_receiver_is_refused_by_a_safety_limit_nothing_is_lost(two: Two) -> None:
    others = [Want(f"p{number}", "x", T + number * DAY, f"Post {number}") for number in range(1, 4)]
    two.write(GLOBEX, *others)
    assert two.apply("clients")[0] == 0
    before = two.ids()
    two.settings(GLOBEX, more="limits: {delete: 1}\n")
    two.cut_and_paste(LAUNCH)
    for words in ((ACME, GLOBEX), (GLOBEX, ACME)):
        ran = two.run("apply", *words, "--yes")
        assert (ran.code, two.ids()) == (4, before)
    assert sorted(two.kept(ACME) + two.kept(GLOBEX)) == before
    assert two.apply("clients")[0] == 0
    assert [post["text"] for post in two.posts()] == ["We launched"]
    assert two.kept(GLOBEX) == two.ids()


@ON_BOTH
def test_what_could_not_move_after_all_is_left_alone_by_both(two: Two) -> None:
    before = two.ids()
    two.cut_and_paste(LAUNCH)
    with mock.patch.object(apply, "exchange", return_value=()):
        code, results = two.apply("clients")
    assert (code, results[1]["error"]["code"]) == (5, "plan_old")
    assert (two.ids(), two.writes(), two.kept(ACME)) == (before, [], before)
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.kept(GLOBEX)) == (before, before)


@pytest.mark.parametrize("order", [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_a_post_that_both_want_stays_with_the_one_that_manages_it(two: Two, order: tuple[str, str]) -> None:
    before = two.ids()
    two.write(GLOBEX, LAUNCH)
    for _ in range(2):
        code, results = two.apply(*order)
        [told] = results[order.index(GLOBEX)]["results"]
        assert (code, told["outcome"]) == (6, "not_tried")
        assert told["message"].endswith(f"the calendar {ACME} manages it")
        assert (two.ids(), two.writes(), two.kept(GLOBEX)) == (before, [], [])


@ON_A_BRANCH
def test_on_a_branch_both_states_go_in_one_commit(two: Two) -> None:
    two.cut_and_paste(LAUNCH)
    assert two.apply("clients")[0] == 0
    log = git("log", "--format=%x00", "--name-only", "publer-sync-state", where="remote.git")
    changed = [{*commit.split()} for commit in log.split("\0")]
    assert {*map(two.part, (ACME, GLOBEX))} in changed


@pytest.mark.parametrize("words", [("clients",), (GLOBEX,)])
def test_a_release_moves_nothing_and_the_apply_after_it_does(two: Two, words: tuple[str, ...]) -> None:
    before = two.ids()
    hold = two.run("hold", GLOBEX, "--reason", "Accident in town", "--yes")
    assert hold.code == 0, hold
    two.cut_and_paste(LAUNCH)
    released = two.run("release", *words, "--yes")
    assert (two.ids(), two.kept(ACME)) == (before, before), released
    assert two.apply("clients")[0] == 0
    assert (two.ids(), two.kept(GLOBEX)) == (before, before)

"""`approve` without a key: which posts and whose yes are meant, and files of answers that are none."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import approve as approve_command
from publer_sync.commands import log
from publer_sync.commands.approve import _Ledger, _person, read_answers
from publer_sync.commands.running.choice import Choice
from publer_sync.drafting.approving import GivenAnswer, HadBefore
from publer_sync.values.errors import UsageError
from tests.builders import LAST, LATER, LINKEDIN, SOON, X, copy_of, ledger, wanted
from tests.commands.reached import stand_in
from tests.conftest import Ran, run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

SETTINGS = """\
workspace: Agency
timezone: Europe/Oslo
accounts: {x: X, linkedin: LinkedIn}
people: {kari: "Kari, Acme", legal: Legal}
"""
BOTH = SETTINGS + "signoff: [{accounts: [linkedin], by: kari}, {labels: [news], by: [kari, legal]}]\n"
ONE = SETTINGS + "signoff: [{accounts: [linkedin], by: kari}]\n"
APART = SETTINGS + "signoff: [{accounts: [linkedin], by: kari}, {accounts: [x], by: legal}]\n"
POSTS = """\
posts:
- {id: one, at: 2099-03-02 09:00, accounts: [x, linkedin], text: One}
- {id: two, at: 2099-03-03 09:00, accounts: x, text: Two, labels: [news]}
- {id: daily, at: 2099-04-01 09:00, repeat: {every: day, times: 2}, accounts: linkedin, text: Daily}
- {at: 2099-03-05 09:00, accounts: linkedin, text: Unnamed}
- {id: tip, evergreen: {every: 2w}, accounts: linkedin, text: Tip}
- {use: tip, at: 2099-05-01 09:00}
- {use: tip, at: 2099-06-01 09:00}
"""


@pytest.fixture
def approve(tmp_path: Path) -> Callable[..., Ran]:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "posts.yaml").write_text(POSTS, encoding="utf-8")

    def run(
        *words: str, settings: str = BOTH, given: Any = None, command: str = "approve", **environ: str
    ) -> Ran:
        (top / "publer.yaml").write_text(settings, encoding="utf-8")
        if given is not None:
            (tmp_path / "answers.json").write_text(json.dumps(given), encoding="utf-8")
        return run_here([command, *words], {"HOME": str(tmp_path), **environ}, cwd=tmp_path)

    return run


def answers(by: str = "kari", *given: Any) -> dict[str, Any]:
    return {"format_version": 1, "by": by, "answers": [*given]}


ABOUT_OTHERS = {"post": "one", "account": "linkedin", "content": "1-0", "answer": "yes", "calendar": "other"}
FILE = ("--from", "answers.json")


@each_of(
    ("words", "more", "told"),
    [
        ((), {}, "the command names no post"),
        (("one", "--all"), {}, "the command says in two ways which posts are meant"),
        (("--all", *FILE), {}, "the command says in two ways"),
        (("one",), {"settings": SETTINGS}, "this calendar asks nobody for a sign-off"),
        (("one",), {}, "several people are asked for sign-offs"),
        (("one", "--by", "ann"), {}, "nobody who is asked for a sign-off is called ann"),
        (("one", "--by", "legal"), {"settings": ONE}, "nobody who is asked for a sign-off is called legal"),
        (("nothing", "--by", "kari"), {}, 'there is no post "nothing" here'),
        (("x@2099-03-02T10:00", "--by", "kari"), {}, 'there is no post "x@2099-03-02T10:00" here'),
        (("y@2099-03-02T09:00", "--by", "kari"), {}, 'there is no post "y@2099-03-02T09:00" here'),
        (("x", "--by", "kari"), {}, 'there is no post "x" here'),
        (("x@whenever", "--by", "kari"), {}, "x@"),
        (("tip@whenever", "--by", "kari"), {}, 'there is no post "tip@whenever" here'),
        (FILE, {"given": answers("Ola")}, "the answers are by Ola, and nobody who is asked is called that"),
        ((*FILE, "--by", "legal"), {"given": answers()}, "the answers are by kari, not by legal"),
        (FILE, {"given": answers("kari", ABOUT_OTHERS)}, "the answers are about other"),
        (FILE, {"given": answers("")}, 'it does not say who answers ("by")'),
    ],
)
def test_a_command_line_that_makes_no_sense_is_answered_with_what_would(
    approve: Callable[..., Ran], words: tuple[str, ...], more: dict[str, Any], told: str
) -> None:
    ran = approve(*words, "--yes", **more)
    assert (ran.code, told in ran.stderr) == (64, True), ran


@each_of(
    ("words", "more", "new"),
    [
        (("one",), {"settings": ONE}, [("one", "linkedin")]),
        (("one", "--by", "legal"), {}, []),
        (("one", "--by", "kari"), {"settings": APART}, [("one", "linkedin")]),
        (("one", "--by", "legal"), {"settings": APART}, [("one", "x")]),
        (("one", "--by", "Kari, ACME"), {}, [("one", "linkedin")]),
        (("two", "--by", "legal"), {}, [("two", "x")]),
        (("two", "--by", "kari"), {}, [("two", "x")]),
        (("x@2099-03-03T09:00", "--by", "kari"), {}, [("two", "x")]),
        (("linkedin@2099-03-05T09:00", "--by", "kari"), {}, [("linkedin@2099-03-05T09:00", "linkedin")]),
        (("daily", "--by", "kari"), {}, [("daily", "linkedin")]),
        (("daily@2099-04-02", "--by", "kari"), {}, [("daily", "linkedin")]),
        (("tip", "--by", "kari"), {}, [("tip@2099-05-01", "linkedin"), ("tip@2099-06-01", "linkedin")]),
        (("tip@2099-06-01", "--by", "kari"), {}, [("tip@2099-06-01", "linkedin")]),
        (FILE, {"given": answers()}, []),
        ((*FILE, "--by", "kari"), {"given": answers("kari, acme")}, []),
        ((*FILE, "--by", "kari"), {"given": answers("somebody")}, []),
    ],
)
def test_a_yes_is_written_for_the_posts_that_are_meant_on_accounts_for_which_the_person_is_asked(
    approve: Callable[..., Ran], words: tuple[str, ...], more: dict[str, Any], new: list[tuple[str, str]]
) -> None:
    ran = approve(*words, "--diff", "--format", "json", **more)
    assert ran.code == 0, ran
    assert [(each["post"], each["account"]) for each in json.loads(ran.stdout)["approved"]] == new
    told = "Not asked of" in approve(*words, "--diff", **more).stdout
    assert told is (not new and "--from" not in words), "of no post that is also asked of the person"


YES = {"post": "one", "account": "linkedin", "content": "1-0", "answer": "yes"}


@each_of(
    ("text", "why"),
    [
        (None, "it cannot be read: No such file or directory"),
        (b"\xff\xfe\xff", "it is not UTF-8"),
        (b"{", "line 1, column 2: "),
        (b"[]", "it has no format_version 1"),
        (b'{"format_version": 2, "by": "kari", "answers": []}', "it has no format_version 1"),
        (b'{"format_version": 1, "by": "kari"}', 'it has no list "answers"'),
        (b'{"format_version": 1, "by": " ", "answers": []}', 'it does not say who answers ("by")'),
        (b'{"format_version": 1, "by": 5, "answers": []}', 'it does not say who answers ("by")'),
        (answers("kari", YES, "yes"), 'answer 2 has no "post"'),
        (answers("kari", {**YES, "account": ""}), 'answer 1 has no "account"'),
        (answers("kari", {**YES, "content": 5}), 'answer 1 has no "content"'),
        (answers("kari", {**YES, "answer": "maybe"}), 'answer 1 is neither "yes" nor "no"'),
    ],
)
def test_what_is_no_file_of_answers_says_why(tmp_path: Path, text: Any, why: str) -> None:
    file = tmp_path / "answers.json"
    file.unlink(missing_ok=True)
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else json.dumps(text).encode())
    with pytest.raises(UsageError) as error:
        read_answers(file)
    assert f"is not a file of answers: {why}" in str(error.value)


def test_answers_are_read_as_the_page_hands_them_out(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    no = {**YES, "answer": "no", "remark": "Not so", "calendar": "acme"}
    given = answers("Kari", YES, no, {**YES, "remark": 5, "calendar": 5})
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(given).encode())
    yes = GivenAnswer("one", "linkedin", "1-0", yes=True)
    assert read_answers(file) == (
        "Kari",
        [yes, GivenAnswer("one", "linkedin", "1-0", yes=False, remark="Not so", calendar="acme"), yes],
    )


def test_a_yes_is_written_once_and_a_no_takes_it_back(approve: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "calendar" / "approvals.yaml"
    wrote = "Wrote approvals.yaml. Commit it: the next apply sends what is signed off.\n"
    ran = approve("one", "two", "--by", "kari", "--yes")
    assert (ran.code, ran.stderr) == (0, wrote), ran
    found = re.findall(r"^- .*?post: (\w+).*content: ([-\w]+)", file.read_text("utf-8"), re.MULTILINE)
    assert [post for post, _ in found] == ["one", "two"]
    ran = approve("one", "--by", "kari", "--yes")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "Signed off already: one.\n", "")
    no = {"post": "one", "account": "linkedin", "content": dict(found)["one"], "answer": "no"}
    told = json.loads(approve(*FILE, "--yes", "--format", "json", given=answers("kari", no)).stdout)
    assert (told["written"], [each["post"] for each in told["taken_back"]]) == (True, ["one"])
    assert "post: one," not in file.read_text("utf-8")
    ran = approve(*FILE, "--yes", "--format", "json", given=answers("kari", no))
    told = json.loads(ran.stdout)
    assert (ran.code, told["written"], told["taken_back"], ran.stderr) == (6, False, [], "")


def test_all_that_the_files_ask_for_is_signed_off_where_the_ledger_cannot_be_read(
    approve: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")
    words = ("--all", "--by", "kari", "--diff", "--format", "json")
    ran = approve(*words, PUBLER_SYNC_STATE=str(tmp_path / "broken.json"))
    assert {path.name for path in (tmp_path / "calendar").iterdir()} == {"publer.yaml", "posts.yaml"}
    approved = [(each["post"], each["account"]) for each in json.loads(ran.stdout)["approved"]]
    assert approved == [
        ("one", "linkedin"),
        ("two", "x"),
        ("linkedin@2099-03-05T09:00", "linkedin"),
        ("daily", "linkedin"),
        ("tip@2099-05-01", "linkedin"),
        ("tip@2099-06-01", "linkedin"),
    ]
    assert (ran.code, ran.stderr.startswith("The ledger cannot be read (the state in ")) == (0, True), ran


def test_the_page_of_a_person_has_the_posts_that_wait_for_them(
    approve: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = approve("--review", "kari, acme", "--out", "page.html", command="preview", settings=APART)
    assert (ran.code, ran.stdout) == (0, "page.html: 6 posts. Open it in a browser.\n"), ran
    found = re.findall(r'data-content="([^"]*)"', (tmp_path / "page.html").read_text("utf-8"))
    asked = [each["post"] for content in found for each in json.loads(html.unescape(content))]
    series, uses = ["daily@2099-04-01", "daily@2099-04-02"], ["tip@2099-05-01", "tip@2099-06-01"]
    assert asked == ["one", "linkedin@2099-03-05T09:00", *series, *uses]


@each_of(
    ("option", "file", "person"),
    [(None, "Legal", "legal"), ("legal", None, "legal"), ("LEGAL", "legal", "legal")],
)
def test_the_yes_is_of_whom_the_option_or_the_file_names(
    option: str | None, file: str | None, person: str
) -> None:
    signoff: Any = stand_in(asked_people=("kari", "legal"), called=lambda word: word.casefold())
    assert _person(signoff, option, file) == person


NAMED, UNNAMED = wanted(SOON, "Hello", id="one"), wanted(SOON, "Hello")
SENT = copy_of(wanted(LATER, "Hello", labels=["news"]))


@each_of(
    ("post", "sent", "there", "labels", "left"),
    [
        (NAMED, {"one": [("x", SENT)]}, {("x", "one")}, ("news",), ()),
        (NAMED, {"one": [("linkedin", SENT)]}, {("x", "one")}, ("news",), ("linkedin",)),
        (NAMED, {"one": [("x", SENT), ("linkedin", SENT)]}, {("x", "one")}, ("news",), ()),
        (NAMED, {"one": [("linkedin", SENT)]}, {("x", "one"), ("linkedin", "one")}, (), ()),
        (NAMED, {SOON: [("x", SENT)]}, {("x", "one")}, (), ()),
        (UNNAMED, {SOON: [("x", SENT)]}, {("x", None)}, ("news",), ()),
        (UNNAMED, {SOON: [("linkedin", SENT)]}, {("x", None)}, (), ()),
    ],
)
def test_a_post_had_before_what_was_sent_of_it_last_there_or_on_accounts_that_it_left(
    post: Post, sent: Any, there: Any, labels: tuple[str, ...], left: tuple[str, ...]
) -> None:
    known: Any = stand_in(_sent=sent, _there=there)
    assert _Ledger.past(known, post) == HadBefore(labels, left)


@each_of(
    ("workspace", "state", "found"),
    [
        (
            "w-1",
            ledger(
                copy_of(NAMED),
                copy_of(wanted(LATER, "More"), 2, post_id="p-2"),
                copy_of(wanted(LAST, "There", account=LINKEDIN), 3, post_id="p-3"),
            ),
            {SOON: [("x", 1)], "one": [("x", 1)], LATER: [("x", 2)]},
        ),
        ("w-1", None, {}),
        (None, None, {}),
    ],
)
def test_the_ledger_knows_posts_on_accounts_of_the_calendar_by_name_and_by_time(
    workspace: str | None, state: State | None, found: Any
) -> None:
    def opened(_: object, where: str | None) -> Any:
        assert where == "w-1"
        return stand_in(read=lambda: state)

    parts = stand_in(workspace=lambda _: workspace, open=opened)
    calendar: Any = stand_in(settings=None)
    with (
        mock.patch.object(approve_command, "KnownParts", return_value=parts),
        mock.patch.object(log, "accounts_in", return_value={X.id: X}),
    ):
        sent = _Ledger(calendar, Choice(), ())._sent
    assert {key: [(alias, copy.key) for alias, copy in those] for key, those in sent.items()} == found

"""Sign-off through the front door: a client's round, and whatever may go wrong with a yes."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.worlds import DAY, HOUR, T, Want, World, clocks, git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ran

PEOPLE = {"kari": "Kari, Acme AS", "legal": "Legal"}
ROUND = [Want(f"post-{n}", "linkedin", T + n * DAY, f"Words {n}") for n in range(10)]


def asks(world: World, *rules: Any, **more: Any) -> None:
    world.settings(people=PEOPLE, signoff=[*rules] or [{"accounts": ["linkedin"], "by": "kari"}], **more)


@pytest.fixture
def world(empty_world: World) -> World:
    asks(empty_world)
    empty_world.write(ROUND[0])
    return empty_world


def approve(world: World, *words: str | Path, code: int = 0) -> Ran:
    ran = world.run("approve", *words, "--calendar", world.top, "--yes")
    assert ran.code == code, ran
    return ran


def approved(world: World, *words: str | Path, code: int = 0) -> Any:
    return json.loads(approve(world, *words, "--format", "json", code=code).stdout)


def page_for(world: World, *words: str) -> list[Any]:
    """What the page of a person asks about, as its script hands it out."""
    file = world.home / "page.html"
    ran = world.run("preview", world.top, "--review", "kari", "--out", file, *words)
    assert ran.code == 0, ran
    found = re.findall(r'data-content="([^"]*)"', file.read_text(encoding="utf-8"))
    return [each for content in found for each in json.loads(html.unescape(content))]


def answers(world: World, given: list[Any], by: str = "kari") -> Path:
    file = world.home / "answers.json"
    file.write_text(json.dumps({"format_version": 1, "by": by, "answers": given}), encoding="utf-8")
    return file


def codes(world: World) -> list[tuple[str | None, str | None]]:
    return [(change["code"], change["id"]) for change in world.plan()["changes"]]


def lines(world: World) -> list[str]:
    file = world.top / "approvals.yaml"
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("- ")]


def test_a_clients_round(world: World) -> None:
    """Ten posts, eight yes, one no with a remark, one changed after its yes: exactly eight go out."""
    world.write(*ROUND)
    assert codes(world) == [("approval", each.id) for each in ROUND]
    asked = page_for(world)
    assert [each["post"] for each in asked] == [each.id for each in ROUND]
    given = [{**each, "answer": "yes", "remark": ""} for each in asked]
    given[3] |= {"answer": "no", "remark": "Not this picture"}
    told = approve(world, "--from", answers(world, given), code=6).stdout
    assert "Kari, Acme AS signs off 9 posts" in told
    assert re.search(r'No from Kari, Acme AS: .*post-3  "Words 3": "Not this picture"', told)
    changed = [replace(ROUND[7], text="Words 7, changed") if each is ROUND[7] else each for each in ROUND]
    world.write(*changed)
    done = world.apply()
    assert (done.code, done.summary["applied"], done.summary["waiting"]) == (0, 8, 2)
    assert sorted(row.text for row in world.live()) == [
        each.text for n, each in enumerate(ROUND) if n not in (3, 7)
    ]
    log = json.loads(world.run("log", world.top, "--format", "json").stdout)
    made = {each["id"]: each["signed_off"] for each in log["runs"][0]["changes"]}
    assert len(made) == 8
    assert {yes["by"] for signed in made.values() for yes in signed} == {"kari"}
    ran = world.run("log", world.top, "--approvals", "--format", "csv")
    rows = {row["post"]: row for row in csv.DictReader(io.StringIO(ran.stdout))}
    assert len(rows) == 9
    for name, signed in made.items():
        assert rows[name]["digest"] == signed[0]["content"]
        assert rows[name]["text"] == f"Words {name[-1]}"
        assert rows[name]["name"] == "Kari, Acme AS"
    assert [each["id"] for each in world.plan()["changes"]] == ["post-3", "post-7"]
    assert [each["post"] for each in page_for(world)] == ["post-3", "post-7"]
    approve(world, "post-3", "post-7", "--by", "kari")
    assert world.apply().summary["applied"] == 2
    assert world.live() == world.wanted()


def test_an_answer_to_other_words_is_not_taken_and_the_others_are(world: World) -> None:
    world.write(*ROUND[:3])
    given = [{**each, "answer": "yes"} for each in page_for(world)]
    world.write(ROUND[0], replace(ROUND[1], text="Other"))
    document = approved(world, "--from", answers(world, given), code=6)
    assert [each["post"] for each in document["approved"]] == ["post-0"]
    assert [(each["post"], each["reason"]) for each in document["not_taken"]] == [
        ("post-1", "it has changed since: the yes was to something else than the calendar says now"),
        ("post-2", "the calendar no longer has it on this account"),
    ]


def test_a_no_takes_back_ones_own_yes_and_nobody_elses(world: World) -> None:
    asks(world, {"by": ["kari", "legal"], "all": True})
    for person in PEOPLE:
        approve(world, "--all", "--by", person)
    assert codes(world) == [(None, "post-0")]
    (seen,) = [
        each
        for each in json.loads(world.run("log", world.top, "--approvals", "--format", "json").stdout)[
            "approvals"
        ]
        if each["by"] == "kari"
    ]
    no = {
        "post": "post-0",
        "account": "linkedin",
        "content": seen["content"],
        "answer": "no",
        "remark": "After all",
    }
    told = world.run("approve", "--calendar", world.top, "--from", answers(world, [no]), "--diff").stdout
    assert "To stop it, remove the post from the calendar" in " ".join(told.split())
    document = approved(world, "--from", answers(world, [no]), code=6)
    assert [each["post"] for each in document["taken_back"]] == ["post-0"]
    assert [line.partition("by: ")[2][:5] for line in lines(world)] == ["legal"]
    assert codes(world) == [("approval", "post-0")]


@pytest.mark.story
@pytest.mark.parametrize(
    ("new", "told"),
    [
        (lambda one, other: replace(one, at=other.at), 'it swaps times with "Words 1": '),
        (
            lambda one, other: replace(one, text=other.text),
            'the post "post-1" still says this in Publer ("Words 1") and has to change before: ',
        ),
    ],
    ids=["days", "words"],
)
def test_of_posts_that_swap_the_one_that_lacks_a_yes_says_so_and_the_other_waits_for_it(
    world: World, new: Any, told: str
) -> None:
    """Each only named the other: its minute was taken, or its words were still in Publer."""
    one, other = ROUND[:2]
    world.write(one, other)
    approve(world, "--all")
    assert world.apply().code == 0
    world.know_every_kind()
    world.write(new(one, other), new(other, one))
    approve(world, "post-0")
    reasons = {each["id"]: each["reason"] for each in world.plan()["changes"]}
    waits = "it waits for the sign-off of Kari, Acme AS; it has changed since "
    assert reasons["post-1"].startswith(waits)
    assert reasons["post-0"].startswith(f"{told}{waits}")
    page = " ".join(world.run("plan", world.top).stdout.split())
    assert page.count("publer-sync approve post-1 --by kari") == 1
    assert "publer-sync approve." not in page
    assert "choose another time" not in page
    done = world.apply()
    assert (done.code, done.summary["waiting"]) == (0, 2)
    approve(world, "post-1")
    assert world.apply().summary["applied"] == 2
    assert world.live() == world.wanted()


def test_a_yes_that_was_given_is_not_written_twice(world: World) -> None:
    approve(world, "post-0")
    before = lines(world)
    assert "Signed off already: post-0." in approve(world, "post-0").stdout
    assert lines(world) == before


def test_what_would_change_is_shown_and_nothing_written(world: World) -> None:
    ran = world.run("approve", "--all", "--calendar", world.top, "--diff")
    assert ran.code == 0
    assert "+- {post: post-0, account: linkedin, by: kari, " in ran.stdout
    assert not (world.top / "approvals.yaml").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "the command names no post"),
        (["post-0", "--all"], "the command says in two ways which posts are meant"),
        (["post-0", "--by", "ann"], "nobody who is asked for a sign-off is called ann"),
        (["nothing", "--by", "kari"], 'there is no post "nothing" here'),
    ],
)
def test_a_command_line_that_makes_no_sense(world: World, words: list[str], told: str) -> None:
    assert told in approve(world, *words, code=64).stderr


def test_whose_yes_it_is_has_to_be_said_where_several_are_asked(world: World) -> None:
    asks(world, {"by": ["kari", "legal"]})
    assert "several people are asked for sign-offs" in approve(world, "post-0", code=64).stderr
    approve(world, "post-0", "--by", "kari, acme as")
    assert codes(world) == [(None, "post-0")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1, column 2"),
        ("[]", "it has no format_version 1"),
        ('{"format_version": 1, "by": "kari", "answers": [{"post": "post-0"}]}', 'answer 1 has no "account"'),
        ('{"format_version": 1, "answers": []}', "it does not say who answers"),
        ('{"format_version": 1, "by": "nobody", "answers": []}', "nobody who is asked is called that"),
    ],
)
def test_a_file_that_is_no_file_of_answers(world: World, text: str, told: str) -> None:
    file = world.home / "answers.json"
    file.write_text(text, encoding="utf-8")
    assert told in approve(world, "--from", file, code=64).stderr
    assert not (world.top / "approvals.yaml").exists()


def test_answers_of_somebody_else_are_not_recorded_in_anothers_name(world: World) -> None:
    asks(world, {"by": ["kari", "legal"]})
    given = [{**each, "answer": "yes"} for each in page_for(world)]
    told = approve(world, "--from", answers(world, given), "--by", "legal", code=64).stderr
    assert "the answers are by kari, not by legal" in told


def test_a_post_for_which_nobody_is_asked_is_not_signed_off(world: World) -> None:
    asks(world, {"labels": ["health"], "by": ["legal", "kari"]})
    for _ in range(2):
        told = approve(world, "post-0", "--by", "kari").stdout
        assert "Nobody is asked to sign off post-0: nothing to record." in told
        assert "signs off" not in told
    assert not (world.top / "approvals.yaml").exists()


@pytest.mark.story
def test_one_that_had_the_label_when_it_was_sent_is_signed_off_as_plan_says(empty_world: World) -> None:
    """The files alone ask nobody: the rule is younger than the post, and its label is gone."""
    world = empty_world
    world.settings()
    world.apply_first(replace(ROUND[0], labels=("health",)))
    asks(world, {"labels": ["health"], "by": ["kari"]})
    world.write(replace(ROUND[0], text="Other"))
    assert codes(world) == [("approval", "post-0")]
    assert "Kari, Acme AS signs off 1 post" in approve(world, "post-0", "--by", "kari").stdout
    assert "Signed off already: post-0." in approve(world, "post-0", "--by", "kari").stdout
    assert world.settled_amiss() == []


@pytest.mark.story
def test_a_no_takes_back_the_yes_to_a_post_that_had_the_label_when_it_was_sent(empty_world: World) -> None:
    """The author took the label away and changed the words. Whoever was asked for it says yes, and then no."""
    world = empty_world
    asks(world, {"labels": ["health"], "by": ["kari"]})
    world.write(replace(ROUND[0], labels=("health",)))
    approve(world, "post-0")
    assert world.apply().code == 0
    world.write(replace(ROUND[0], text="Other"))
    approve(world, "post-0")
    [*_, written] = lines(world)
    content = re.findall(r"content: ([^,}]+)", written)[0].strip("\"' ")
    no = {"post": "post-0", "account": "linkedin", "content": content, "answer": "no"}
    document = approved(world, "--from", answers(world, [no]), code=6)
    assert [each["post"] for each in document["taken_back"]] == ["post-0"]
    assert codes(world) == [("approval", "post-0")]


def test_all_and_the_page_ask_for_what_plan_asks_for_because_of_what_was_sent(empty_world: World) -> None:
    """A label that is gone, an account that a post left; of a post on two accounts only the one that is asked for."""
    world = empty_world
    world.settings()
    both = Want("both", "[linkedin, x]", T + 3 * DAY, "Both")
    world.write(replace(ROUND[0], account="x", labels=("health",)), ROUND[1], both)
    assert world.apply().code == 0
    asks(world, {"labels": ["health"], "by": ["kari"]}, {"accounts": ["linkedin"], "by": ["kari"]})
    moved = replace(ROUND[1], account="x")
    world.write(replace(ROUND[0], account="x", text="Other"), moved, replace(both, text="Both now"))
    waiting = [each["id"] for each in world.plan()["changes"] if each["code"] == "approval"]
    assert waiting == ["post-0", "post-1", "both"]
    file = world.home / "plan.json"
    world.run("plan", world.top, "--out", file)
    assert [each["post"] for each in page_for(world, "--plan", str(file))] == waiting
    asked = page_for(world, "--live")
    assert [(each["post"], each["account"]) for each in asked] == [
        ("post-0", "x"), ("post-1", "x"), ("both", "linkedin"),
    ]  # fmt: skip
    [ledger] = world.top.glob(".publer-sync/*/*/calendar.json")
    whole = ledger.read_bytes()
    ledger.write_text("nothing of the kind", encoding="utf-8")
    ran = world.run("approve", "--all", "--calendar", world.top, "--diff")
    assert (ran.code, ran.stdout.count("+- {post: ")) == (0, 1)
    assert "The ledger cannot be read (" in ran.stderr
    ledger.write_bytes(whole)
    approve(world, "--all")
    assert len(lines(world)) == 3
    assert page_for(world, "--plan", str(file)) == []
    assert [each["id"] for each in world.plan()["changes"] if each["code"] == "approval"] == []
    assert "Nothing waits for Kari" in approve(world, "--all").stdout


def test_where_nobody_is_asked_nothing_is_signed_off(empty_world: World) -> None:
    empty_world.settings()
    empty_world.write(ROUND[0])
    assert "this calendar asks nobody for a sign-off" in approve(empty_world, "--all", code=64).stderr
    ran = empty_world.run(
        "preview", empty_world.top, "--review", "kari", "--out", empty_world.home / "p.html"
    )
    assert (ran.code, "nobody who is asked" in ran.stderr) == (64, True)


# --- what it does to what is in Publer ------------------------------------------------------------------------------


@pytest.mark.story
def test_switched_on_it_removes_nothing_and_lets_nothing_change_unseen(empty_world: World) -> None:
    world = empty_world
    world.settings()
    world.apply_first(*ROUND[:2])
    asks(world)
    plan = world.plan()
    assert plan["changes"] == []
    (told,) = [each["message"] for each in plan["warnings"] if each["code"] == "signoff.unsigned"]
    assert "post-0, post-1" in told
    world.write(replace(ROUND[0], text="Edited"), replace(ROUND[1], at=T + 2 * DAY))
    assert world.apply().outcomes == [("replace", "post-1", "waiting"), ("update", "post-0", "waiting")]
    assert sorted(row.text for row in world.live()) == ["Words 0", "Words 1"]
    approve(world, "--all")
    assert world.settled_amiss() == []


def test_a_day_before_its_minute_somebody_is_told(empty_world: World) -> None:
    world = empty_world
    asks(world)
    near = T.now(T.tzinfo).replace(second=0, microsecond=0) + 20 * HOUR
    world.write(Want("near", "linkedin", near, "Near"), Want("far", "linkedin", near + 2 * DAY, "Far"))
    done = world.apply()
    assert done.code == 6
    assert done.outcomes == [("blocked", "near", "not_tried"), ("create", "far", "waiting")]
    assert {each["code"] for each in done.document["results"]} == {"approval"}
    assert world.live() == []


def test_hold_and_release_keep_a_yes_and_need_none(world: World) -> None:
    approve(world, "post-0")
    assert world.apply().code == 0
    (world.top / "approvals.yaml").unlink()
    assert world.run("hold", world.top, "--reason", "Accident", "--yes").code == 0
    assert world.live() == []
    assert world.run("release", world.top, "--yes").code == 0
    assert world.live() == world.wanted()


def test_what_was_edited_on_hold_waits_for_a_yes(world: World) -> None:
    approve(world, "post-0")
    assert world.apply().code == 0
    assert world.run("hold", world.top, "--reason", "Accident", "--yes").code == 0
    world.write(replace(ROUND[0], text="Other"))
    world.run("release", world.top, "--yes")
    assert world.live() == []
    assert codes(world) == [("approval", "post-0")]


def test_pull_of_an_edit_takes_a_yes_away_and_says_so(world: World) -> None:
    approve(world, "post-0")
    assert world.apply().code == 0
    world.sandbox.settle()
    post = world.find("Words 0")
    world.sandbox.edit(str(post["id"]), text="Edited in Publer")
    ran = world.run("pull", world.top, "--yes")
    assert ran.code == 0, ran
    assert "Signed off before this edit, and no longer: post-0. It needs a new yes" in ran.stderr
    plan = world.plan()
    assert plan["changes"] == []
    assert [each["code"] for each in plan["warnings"]] == ["signoff.unsigned"]
    assert [each["post"] for each in page_for(world)] == ["post-0"]


def test_a_picture_counts_by_its_bytes(world: World) -> None:
    pictured = replace(ROUND[0], picture="a.png")
    world.write(pictured)
    approve(world, "--all")
    assert codes(world) == [(None, "post-0")]
    (world.top / "a.png").rename(world.top / "b.png")
    world.wants = ()
    text = (world.top / "posts.yaml").read_text(encoding="utf-8").replace("a.png", "b.png")
    (world.top / "posts.yaml").write_text(text, encoding="utf-8")
    assert codes(world) == [(None, "post-0")], "another name is no change"
    raw = (world.top / "b.png").read_bytes()
    (world.top / "b.png").write_bytes(raw + b"\0")
    assert codes(world) == [("approval", "post-0")]


def test_status_says_by_person_what_waits_and_until_when(world: World) -> None:
    asks(world, {"by": ["kari", "legal"], "all": True})
    approve(world, "--all", "--by", "legal")
    ran = world.run("status", world.top)
    assert ran.code == 6
    assert "1 post to be signed off by Kari, Acme AS, before " in ran.stdout
    assert "Legal" not in ran.stdout
    document = json.loads(world.run("status", world.top, "--format", "json").stdout)
    ((person,),) = [document["sign_offs"]]
    assert (person["person"], person["name"], [each["id"] for each in person["posts"]]) == (
        "kari",
        "Kari, Acme AS",
        ["post-0"],
    )


def test_status_names_what_is_published_without_a_yes(world: World) -> None:
    approve(world, "post-0")
    assert world.apply().code == 0
    (world.top / "approvals.yaml").unlink()
    ran = world.run("status", world.top)
    assert "1 post that is scheduled in Publer has no sign-off for what it says now: post-0" in " ".join(
        ran.stdout.split()
    )
    world.write(Want("kept", "x", T + 5 * DAY, "Kept"))  # as `approve` says after a no
    assert world.apply().code == 0
    assert [row.text for row in world.live()] == ["Kept"]


def test_results_say_who_signed_off_what_was_published(world: World) -> None:
    with clocks(world) as to:
        approve(world, "post-0")
        assert world.apply().code == 0
        to(T + 2 * HOUR)
        ran = world.run("results", world.top, "--format", "json")
        (post,) = json.loads(ran.stdout)["posts"]
        assert (post["status"], [each["by"] for each in post["signed_off"]]) == ("published", ["kari"])
        table = world.run("results", world.top, "--format", "csv").stdout
        (row,) = csv.DictReader(io.StringIO(table))
        assert row["signed off by"] == "kari"


def test_a_rule_that_asks_less_than_at_the_last_apply_is_named(world: World) -> None:
    approve(world, "post-0")
    assert world.apply().code == 0
    world.settings()
    (told,) = [each for each in world.plan()["warnings"] if each["code"] == "signoff.weaker"]
    assert told["message"].endswith("that of kari, for posts on linkedin")
    assert world.apply().code == 0
    assert "signoff.weaker" not in {each["code"] for each in world.plan()["warnings"]}, (
        "told once it was applied"
    )


def test_a_post_that_changed_account_without_a_yes_stays_where_it_is(world: World) -> None:
    asks(world, {"accounts": ["linkedin", "x"], "by": "kari"})
    approve(world, "--all")
    world.apply_first(ROUND[0])
    world.write(replace(ROUND[0], account="x"))
    assert world.apply().outcomes == [("create", "post-0", "waiting"), ("delete", "post-0", "waiting")]
    assert [row.account for row in world.live()] == ["linkedin"]
    approve(world, "--all")
    assert world.settled_amiss() == []


def test_two_people_on_two_branches_meet_in_no_line(world: World) -> None:
    """A post each: git merges by itself. The same post: both lines stay, by hand or with merge=union."""
    asks(world, {"by": ["kari", "legal"], "all": True})
    world.write(*ROUND[:4])
    for person in PEOPLE:
        approve(world, "post-0", "post-3", "--by", person)

    def do(*words: str, code: int = 0) -> str:
        who = ("-c", "user.name=Someone", "-c", "user.email=someone@example.com")
        ran = subprocess.run(
            ["git", "-C", world.home, *who, *words], capture_output=True, text=True, check=False
        )
        assert ran.returncode == code, ran
        return ran.stdout

    (world.home / ".gitignore").write_text("publer.db*\n", encoding="utf-8")
    git(world.home, "init", "-q", "-b", "main")
    do("add", "-A")
    do("commit", "-qm", "Begin")
    for person, post in (("kari", "post-1"), ("legal", "post-2")):
        do("checkout", "-q", "-b", person, "main")
        approve(world, post, "--by", person)
        do("commit", "-qam", person)
    do("checkout", "-q", "main")
    do("merge", "-q", "kari")
    approve(world, "post-2", "--by", "kari")
    do("commit", "-qam", "kari again")
    do("merge", "-q", "legal", code=1)
    ran = world.run("plan", world.top)
    assert ran.code == 3
    assert "Keep the lines of both sides" in ran.stdout + ran.stderr
    do("merge", "--abort")
    (world.home / ".gitattributes").write_text("calendar/approvals.yaml merge=union\n", encoding="utf-8")
    do("merge", "-q", "legal")
    assert codes(world) == [(None, "post-0"), ("approval", "post-1"), (None, "post-2"), (None, "post-3")]
    assert len(lines(world)) == 7


def test_explain_says_who_signed_a_post_off_and_where_that_is(world: World) -> None:
    approve(world, "post-0")
    told = world.run("explain", "post-0", "--calendar", world.top).stdout
    assert re.search(r"signed off +by kari on .* approvals.yaml:3", told)


def test_answers_of_somebody_who_is_not_asked_are_refused_by_that_name(empty_world: World) -> None:
    asks(empty_world)
    empty_world.write(ROUND[0])
    ran = approve(empty_world, "--from", answers(empty_world, [], by="Ola"), code=64)
    assert "the answers are by Ola, and nobody who is asked is called that" in ran.stderr


def test_nothing_is_signed_off_without_an_answer_or_in_a_calendar_with_errors(empty_world: World) -> None:
    asks(empty_world)
    empty_world.write(ROUND[0])
    words = ("approve", "--all", "--calendar", empty_world.top)
    ran = empty_world.run(*words)
    assert (ran.code, "nobody can answer here" in ran.stderr) == (64, True), ran
    (empty_world.top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    ran = empty_world.run(*words, "--yes")
    assert (ran.code, "more.yaml:2" in ran.stderr) == (3, True), ran
    assert not (empty_world.top / "approvals.yaml").exists()

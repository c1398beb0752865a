"""A request by form: an issue becomes a branch and a pull request, and follows the issue."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from publer_sync.action.github import GitHubError
from publer_sync.action.request_branch import _ADDRESS as BOT_ADDRESS
from publer_sync.action.request_branch import RequestBranch
from publer_sync.calendar.load import read
from tests.action.desk import BRANCH, FILE, Desk, filled
from tests.github.hub import TOKEN, Hub
from tests.github.repository import SETTINGS, Repo
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run

HOSTILE = """\
@acme/everyone #1 $(touch pwned) `touch pwned`; <img src=x onerror=alert(1)>
? injected
: &anchor *x !!python/object "unclosed
---
%YAML 1.1
::set-output name=x::y
![a](https://evil.example/x.png) [b](javascript:alert(1))"""
SECRET = "${{ secrets.PUBLER_API_KEY }}"


def unescaped(page: str) -> str:
    return page.replace("\\", "").replace("\u2060", "")


@pytest.fixture
def desk(step: Run, hub: Hub, repo: Repo) -> Desk:
    hub.permissions = {"anna": "write", "mallory": "read"}
    repo.commit({"calendar/publer.yaml": SETTINGS, ".gitignore": "x\n"})
    return Desk(step, hub, repo)


def test_an_issue_becomes_a_pull_request_and_each_edit_a_commit(
    desk: Desk, hub: Hub, sandbox: Sandbox
) -> None:
    ended = desk.tell("opened", filled("The lamp is here.\n\n#fjordlight", note="Ask Ben", draft=True))
    assert ended.code == 0, ended.log
    pull = desk.pull()
    assert (pull["head"]["ref"], pull["base"]) == (BRANCH, "main")
    assert ended.outputs["pull-request"] == str(pull["number"])
    assert desk.files() == [FILE]
    assert desk.text() == (
        f"posts:\n- id: issue-5\n  at: {datetime.now(UTC) + timedelta(days=10):%a %Y-%m-%d} 09:00\n"
        "  accounts: facebook\n  text: |\n    The lamp is here.\n\n    #fjordlight\n  draft: true\n  note: Ask Ben"
    )
    assert f"The post is in #{pull['number']}" in desk.comment()
    assert "> The lamp is here.\n> \n> #\u2060fjordlight" in desk.comment()
    assert "30 of 63,206 characters" in desk.comment()
    assert "Closes #5" in pull["body"]
    [check] = hub.checks
    assert (check["name"], check["conclusion"], check["head_sha"]) == ("plan", "success", desk.tip())
    assert sandbox.requests == [], "checked without the key"

    first = desk.tip()
    assert desk.tell("edited", filled("The lamp is there.", accounts="facebook x")).code == 0
    assert "    The lamp is there." in desk.text()
    assert "accounts: [facebook, x]" in desk.text()
    assert "draft" not in desk.text()
    assert desk.git("rev-parse", f"{BRANCH}^") == first, "a step forward"
    assert desk.pull()["number"] == pull["number"]
    assert "there" in desk.pull()["body"]
    second = desk.tip()
    assert desk.tell("edited", desk.body + "\n").code == 0
    assert desk.tip() == second, "nothing has changed"
    assert {each.removeprefix("Bearer ").removeprefix("token ") for each in hub.tokens} == {TOKEN}


def test_someone_without_rights_changes_nothing_and_someone_with_them_takes_it_over(
    desk: Desk, hub: Hub
) -> None:
    ended = desk.tell("opened", filled(), sender="mallory")
    assert (ended.code, desk.exists(), hub.pulls) == (0, False, [])
    assert "mallory opened this issue, and has no write access" in desk.comment()
    desk.tell("edited", desk.body + "\n")
    assert desk.exists()
    assert "The post is in #" in desk.comment(), "what was refused is settled"
    for action, body in (("edited", filled("Buy my coins")), ("closed", None), ("reopened", None)):
        before = desk.tip()
        desk.tell(action, body, sender="mallory")
        assert desk.tip() == before
        assert desk.pull()["state"] == "open"
        assert [f"mallory {action} this issue" in each for each in hub.bodies(5)] == [False, True]
    desk.tell("edited", filled("Buy my coins"), sender="someone-who-left")
    assert "Buy" not in desk.text()


@pytest.mark.slow
def test_words_of_somebody_without_rights_are_shown_before_an_edit_of_the_body_takes_them_over(
    desk: Desk, hub: Hub
) -> None:
    """A title edit or a reopened issue reads nothing; nor does an edit on top of words that no comment has shown."""
    desk.tell("opened", filled("Buy my coins"), sender="mallory")
    for action in ("edited", "reopened"):
        desk.tell(action, before=None)
        assert (desk.exists(), hub.pulls) == (False, [])
        assert f"anna {action} this issue." in desk.comment()
        assert "\n> Buy my coins\n" in desk.comment()
    desk.tell("edited", desk.body + "\n")
    assert "Buy my coins" in desk.text()

    accepted = desk.tip()
    desk.tell("edited", filled("BUY MY COINS"), sender="mallory")
    assert "\n> BUY MY COINS\n" in hub.bodies(5)[1], "the same words in other letters are other words"
    desk.tell("closed")
    assert not desk.exists()
    desk.tell("reopened")
    assert not desk.exists(), "what mallory wrote meanwhile is not taken over"
    seen = desk.body
    desk.tell("edited", filled("Sell"), before=filled("What mallory wrote a second ago"))
    assert not desk.exists(), "nobody was shown that"
    assert "\n> Sell\n" in hub.bodies(5)[1]
    desk.tell("edited", filled("Sell all"), before=filled("Sell"))
    assert "Sell all" in desk.text()
    assert (desk.tip() != accepted, seen != desk.body) == (True, True)


def test_words_that_no_comment_can_show_are_never_taken_over(desk: Desk) -> None:
    desk.tell("opened", filled("*" * 40_000), sender="mallory")
    assert "too long to be shown here: open another one" in desk.comment()
    desk.tell("edited", desk.body + "\n")
    assert not desk.exists()


def test_someone_on_the_list_of_the_settings_may_ask(desk: Desk, repo: Repo) -> None:
    desk.tell("opened", filled(), sender="mallory")
    told = desk.comment().partition("```yaml\n")[2].partition("```")[0]
    assert told == "requests:\n  from: [mallory]\n"
    repo.git("checkout", "-q", "main")
    repo.commit({"calendar/publer.yaml": SETTINGS + told})
    desk.tell("edited", desk.body, sender="Mallory")
    assert desk.exists()


def test_a_typed_line_break_is_told_as_to_someone_who_sees_no_file(desk: Desk) -> None:
    desk.tell("opened", filled("One\\nTwo"))
    seen = desk.comment()
    assert "Press Enter where a line ends." in seen
    assert not any(word in seen for word in ("--as-typed", "under |"))


def test_hostile_text_is_text(desk: Desk, hub: Hub, repo: Repo) -> None:
    desk.tell("opened", filled(f"{SECRET}\n- id: x\n{HOSTILE}"))
    seen = desk.comment()
    assert "looks like one of the calendar's file" in seen, "and is not written"
    assert not desk.exists()
    ended = desk.tell("edited", filled(HOSTILE, note=f"{SECRET}\n{HOSTILE}"))
    assert desk.exists(), desk.comment()
    assert desk.files() == [FILE]
    repo.git("checkout", "-q", BRANCH)
    [post] = read(repo.work / "calendar").desired.posts
    assert post.content.text == HOSTILE
    assert post.id == "issue-5"
    assert not [*repo.work.rglob("pwned*")]
    for shown in (seen, desk.comment(), desk.pull()["body"], ended.summary):
        assert "@acme" not in shown
        assert "https://evil" not in shown
        assert not re.search(r"(?<!\\)\]\((?!http://127)", shown)
        assert "<img" not in shown
        assert "#1 " not in shown
    assert "::set-output" not in ended.log
    assert desk.pull()["title"] == "Post of issue 5"
    assert "acme" not in desk.git("log", "-1", "--format=%B", BRANCH)


def test_pictures_come_from_github_alone_and_are_judged_by_what_is_in_them(desk: Desk, hub: Hub) -> None:
    first, second = hub.upload(png(600, 400)), hub.upload(png(300, 300))
    pictures = f'<img width="9" alt="../../x.png" src="{first}" />\n![file.exe]({second})'
    ended = desk.tell("opened", filled(pictures=pictures, alts="1. A lamp\n2. Its box"))
    assert ended.code == 0, ended.log
    media = [f"calendar/media/issue-5/picture-{number}.png" for number in (1, 2)]
    assert desk.files() == [*media, FILE]
    assert "file: /media/issue-5/picture-1.png\n    alt: A lamp" in desk.text()
    assert "With 2 pictures." in desk.comment()
    desk.tell("edited", filled(pictures=second, alts="Its box"))
    assert desk.files() == [media[0], FILE], "what it shows no more is gone"
    assert desk.git("cat-file", "-s", f"{BRANCH}:{media[0]}") == str(len(png(300, 300)))


def test_a_picture_of_a_private_repository_is_read_where_github_shows_it(
    desk: Desk, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.private = True
    monkeypatch.setattr("publer_sync.action.attachments.SIGNED", f"{hub.url}/private/")
    address = hub.upload(png(600, 400))
    name = address.rpartition("/")[2]
    hub.html = f'<img src="{hub.url}/o/r/raw/main/{name}.png"><a href="{hub.url}/private/{name}.bin">'
    desk.tell("opened", filled(pictures=address))
    assert "With 1 picture." in desk.comment()
    monkeypatch.undo()
    desk.tell("edited", filled(pictures=hub.upload(png(60, 40))))
    assert "Picture 1 cannot be read: GitHub says 404" in desk.comment()


@pytest.mark.slow
def test_what_is_no_picture_is_refused_and_another_is_taken(desk: Desk, hub: Hub) -> None:
    asset = f"{hub.url}/user-attachments/assets"
    many = " ".join(f"{asset}/{number:08x}-0000-0000-0000-000000000000" for number in range(21))
    for pictures, told in (
        ("![x](https://evil.example/a.png)", "evil.example/a.png is on another website"),
        (f"{asset}/../../../x", "is on another website"),
        (f"{hub.url}.evil.example/user-attachments/assets/x", "is on another website"),
        (f"{asset}/0000beef-0000-0000-0000-000000000000", "picture 1 cannot be read"),
        ("![Uploading lamp.png…]()", "an upload was not finished"),
        (hub.upload(b"<svg onload='alert(1)'/>"), "picture-1 is a web page or a drawing, not a picture"),
        (hub.upload(png(60, 40)[:60]), "picture-1.png ends too early"),
        (many, "this request has 21 pictures; the most is 20"),
    ):
        ended = desk.tell("edited", filled(pictures=pictures))
        seen = desk.comment()
        assert (ended.code, ended.outputs["exit-code"], desk.exists()) == (0, "3", False), seen
        assert told.lower() in unescaped(seen).lower()
        assert "❌ **Pictures**" in seen
    desk.tell("edited", filled(pictures=hub.upload(png(600, 400))))
    assert "The post is in #" in desk.comment()


def test_a_picture_that_is_too_large_is_not_read_to_its_end(
    desk: Desk, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.action.attachments.LARGEST", 1_000_000)
    desk.tell("opened", filled(pictures=hub.upload(png(60, 40) + b"x" * 2_000_000)))
    assert "Picture 1 is larger than 0 MB" in desk.comment()
    assert not desk.exists()


@pytest.mark.slow
def test_what_is_wrong_is_told_in_words_and_the_next_edit_puts_it_right(desk: Desk) -> None:
    desk.tell("opened", "")
    wrong: tuple[tuple[dict[str, Any], str, str], ...] = (
        ({"when": "soon"}, "When", "soon"),
        ({"when": "2020-01-01 09:00"}, "When", "its time has passed: Wed 1 Jan 2020"),
        ({"when": "tomorrow"}, "When", 'Add one: "tomorrow 9:00"'),
        ({"when": "next"}, "When", "facebook has no free slot"),
        ({"accounts": ""}, "Where", "No account is ticked"),
        ({"words": "_No response_"}, "What should it say?", "The post has neither words nor pictures"),
        ({"words": "x" * 281, "accounts": "x"}, "What should it say?", "1 character too long for X"),
        ({"alts": "A lamp"}, "What the pictures show", "1 line for 0 pictures"),
    )
    for answers, part, told in wrong:
        ended = desk.tell("edited", filled(**answers))
        seen = unescaped(desk.comment())
        assert (ended.code, ended.outputs["exit-code"], desk.exists()) == (0, "3", False), seen
        assert f"❌ **{part}" in seen
        assert told.lower() in seen.lower()
        assert "`" not in seen
    desk.tell("edited", filled())
    assert "The post is in #" in desk.comment()
    assert desk.exists()


def test_an_edit_with_problems_leaves_the_pull_request_as_it_was_and_says_so_there(
    desk: Desk, hub: Hub
) -> None:
    desk.tell("opened", filled())
    before = desk.tip()
    desk.tell("edited", filled(when="whenever"))
    desk.tell("edited", filled(when="whenever you like"))
    assert desk.tip() == before
    number = desk.pull()["number"]
    assert f"#{number} still has the post as it was before" in desk.comment()
    assert desk.pull()["body"].count("**#5 was edited since, and has problems**") == 1
    assert (hub.checks[-1]["conclusion"], hub.checks[-1]["head_sha"]) == ("failure", before)
    desk.tell("edited", filled("Right again"))
    assert "was edited since" not in desk.pull()["body"]
    assert hub.checks[-1]["conclusion"] == "success"


@pytest.mark.slow
def test_a_form_that_lost_its_lines_is_not_guessed_at(desk: Desk) -> None:
    desk.tell("opened", filled())
    before, whole = desk.tip(), filled("Other words")
    for body, told in (
        (whole.replace("### When should it be published?", ""), 'the line "### When should'),
        (whole.replace("### Where should", "### Wo should"), 'the line "### Where should'),
        (whole.replace("Other words", "### Pictures\r\nOther"), '"### Pictures" is there 2 times'),
        (whole.replace("### Pictures", "### A").replace("### Draft", "### Pictures"), "in another order"),
        (whole + "x" * 70_000, "this issue is too long"),
    ):
        desk.tell("edited", body)
        assert desk.tip() == before
        assert told.lower() in unescaped(desk.comment()).lower()
    desk.tell("edited", whole)
    desk.tell("edited", "")
    assert "of the form is gone" in desk.comment()
    desk.tell("edited", whole.replace("Other", "Whole"))
    assert "Whole words" in desk.text()


def test_other_issues_are_left_alone(desk: Desk, hub: Hub) -> None:
    for body in ("A bug", filled().replace("published?\r\n\r\n- [", "published? (clients/b)\r\n\r\n- [")):
        assert desk.tell("opened", body).code == 0
    assert (hub.writes(), desk.exists()) == ([], False)


def test_words_for_a_time_mean_what_they_meant_first(desk: Desk) -> None:
    """An edit two days later moves "tomorrow" by no day; other words are read anew."""
    now = datetime.now(UTC)
    desk.tell("opened", filled("One", "in 5 days 9:00"), at=now)
    first = desk.text()
    desk.tell("edited", filled("Two", "in 5 days  9:00"), at=now + timedelta(days=2))
    assert desk.text() == first.replace("One", "Two")
    desk.tell("edited", filled("Two", "in 5 days 10:00"), at=now + timedelta(days=2))
    in_berlin = (now + timedelta(days=2)).astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{in_berlin + timedelta(days=5):%Y-%m-%d} 10:00" in desk.text()


def test_the_next_free_slot_is_that_of_new(desk: Desk, repo: Repo) -> None:
    repo.commit({"calendar/publer.yaml": SETTINGS + "slots: {facebook: [tue 09:00]}\n"})
    desk.tell("opened", filled(when="next"))
    assert ": Tue " in desk.text()
    assert " 09:00" in desk.text()


PLANTED = {"calendar/x.yaml": "posts:\n- at: 2030-01-01 09:00\n  accounts: x\n  text: Nobody planned this\n"}


@pytest.mark.slow
def test_a_commit_of_somebody_else_ends_following_and_gets_no_check(desk: Desk, hub: Hub) -> None:
    """Whatever it changes: with a check, what nobody planned could be merged."""
    desk.tell("opened", filled())
    for files in ({FILE: desk.text().replace("lamp", "Lamp") + "\n"}, PLANTED):
        checks, theirs = len(hub.checks), desk.push(files)
        ended = desk.tell("edited", filled("Edited in the issue"))
        assert (ended.code, desk.tip(), len(hub.checks)) == (0, theirs, checks)
        assert f"make changes in #{desk.pull()['number']}, where" in desk.comment()
    desk.tell("closed")
    assert desk.tip() == theirs, "a branch with work of others stays"
    assert "Its branch is still there" in desk.comment()
    desk.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    desk.tell("reopened")
    assert "Edited in the issue" in desk.text()
    assert desk.files() == [FILE]


@pytest.mark.slow
def test_a_commit_in_the_name_of_this_program_gets_no_check_for_files_that_are_not_the_requests_own(
    desk: Desk, hub: Hub, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The author of a commit is what somebody wrote."""
    desk.tell("opened", filled())
    monkeypatch.setitem(repo._env, "GIT_COMMITTER_EMAIL", BOT_ADDRESS)
    repo.git("fetch", "-q", "origin", BRANCH)
    repo.git("checkout", "-q", "-B", BRANCH, "FETCH_HEAD")
    (repo.work / "calendar/x.yaml").write_text(PLANTED["calendar/x.yaml"], encoding="utf-8")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "Write the post\n\nPubler-Sync-Issue: 5")
    repo.git("push", "-q", "origin", BRANCH)
    checks, theirs = len(hub.checks), desk.tip()
    desk.tell("edited", filled("Edited in the issue"))
    assert (desk.tip(), len(hub.checks)) == (theirs, checks)


def test_what_somebody_pushes_meanwhile_is_neither_removed_nor_pushed_over(
    desk: Desk, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.tell("opened", filled())
    old = desk.tip()
    theirs = desk.push({"notes.txt": "Just now\n"})
    monkeypatch.chdir(repo.work)
    branch = RequestBranch(5, old, old)
    with pytest.raises(GitHubError, match="could not remove"):
        branch.remove()
    with pytest.raises(GitHubError, match="could not push"):
        branch.push(branch.commit({FILE: b"posts: []\n"}, "calendar/media/issue-5", "Late"))
    assert desk.tip() == theirs


def test_a_branch_of_that_name_that_somebody_made_is_theirs(desk: Desk, repo: Repo) -> None:
    theirs = repo.commit({"x.txt": "Mine\n"}, branch=BRANCH)
    desk.tell("opened", filled())
    assert desk.tip() == theirs
    assert f"make changes in the branch <code>{BRANCH}</code>" in desk.comment()


def test_after_the_merge_an_issue_changes_nothing(desk: Desk, hub: Hub, repo: Repo) -> None:
    desk.tell("opened", filled())
    number = desk.pull()["number"]
    repo.git("fetch", "-q", "origin", BRANCH)
    repo.git("branch", "-f", BRANCH, "FETCH_HEAD")
    repo.merge(BRANCH)
    desk.pull().update(state="closed", merged_at="2027-01-01T00:00:00Z")
    before = desk.tip()
    for action, body in (("closed", None), ("reopened", None), ("edited", filled("Too late"))):
        assert desk.tell(action, body).code == 0
        assert desk.tip() == before
        assert f"#{number} is merged" in desk.comment()
    assert f"({hub.url}/o/r/edit/HEAD/{FILE})" in desk.comment()
    hub.pulls.clear()
    desk.tell("edited", filled("Too late"))
    assert "The post is in the calendar already" in desk.comment()


def test_a_closed_issue_is_withdrawn_and_an_opened_one_asked_for_again(desk: Desk, hub: Hub) -> None:
    desk.tell("opened", filled())
    first = desk.pull()["number"]
    desk.tell("closed")
    assert (desk.exists(), [pull["state"] for pull in hub.pulls]) == (False, ["closed"])
    assert f"#{first} is closed, and nothing will be published" in desk.comment()
    desk.tell("reopened")
    assert (desk.exists(), desk.pull()["number"] != first) == (True, True)


def test_a_run_that_is_run_again_brings_back_no_old_words(desk: Desk) -> None:
    desk.tell("opened", filled("Old words"))
    old = desk.body
    desk.tell("edited", filled("New words"))
    desk.tell("edited", old, run=1)
    assert "New words" in desk.text()
    desk.tell("edited", filled("New words"), run=2)
    assert "New words" in desk.text()


def test_no_link_is_followed(desk: Desk, hub: Hub, repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    for link in ("calendar/requests", "calendar/media"):
        (repo.work / link).symlink_to(tmp_path / "outside")
        repo.commit({})
        desk.tell("opened", filled(pictures=hub.upload(png(600, 400))))
        assert (desk.exists(), [*(tmp_path / "outside").iterdir()]) == (False, [])
        assert f"<code>{link}</code> in this repository is a link" in desk.comment()
        repo.git("checkout", "-q", "main")
        (repo.work / link).unlink()
    repo.commit({})
    desk.tell("reopened")
    assert desk.exists()


@pytest.mark.slow
def test_a_calendar_with_errors_of_its_own_is_named(desk: Desk, hub: Hub, repo: Repo) -> None:
    """An error of another post leaves the request as it is, but nothing would be published; settings are needed."""
    repo.commit({"calendar/a.yaml": "posts:\n- at: whenever\n  accounts: x\n  text: x\n"})
    desk.tell("opened", filled())
    assert "The calendar has 1 error of its own (a.yaml:2). Until someone corrects that" in desk.comment()
    assert hub.checks[-1]["conclusion"] == "failure"
    repo.git("checkout", "-q", "main")
    repo.commit({"calendar/publer.yaml": SETTINGS.replace("Europe/Berlin", "Berlin")})
    before = desk.tip()
    desk.tell("edited", filled("x"))
    assert desk.tip() == before
    assert "The calendar itself has an error" in desk.comment()
    hub.checks.clear()
    for broken in (
        SETTINGS.replace("Europe/Berlin", "Berlin"),
        "accounts: [",
        SETTINGS + "limits: {delete: x}\n",
    ):
        repo.git("checkout", "-q", "main")
        repo.commit({"calendar/publer.yaml": broken})
        desk.tell("edited", desk.body)
        assert (hub.checks.pop()["conclusion"], hub.checks) == ("failure", []), "no check stays green"
    repo.commit({"calendar/publer.yaml": SETTINGS, "calendar/a.yaml": "posts: []\n"})
    desk.tell("reopened")
    assert hub.checks[-1]["conclusion"] == "success"


def test_where_workflows_may_not_open_pull_requests_the_comment_says_how_it_is_opened(
    desk: Desk, hub: Hub
) -> None:
    hub.opens_pulls = False
    ended = desk.tell("opened", filled())
    assert ended.code == 1, "somebody has to see it"
    assert desk.exists()
    assert f"[opens it]({hub.url}/o/r/compare/main...{BRANCH}?expand=1)" in desk.comment()
    assert "Allow GitHub Actions to create and approve pull requests" in desk.comment()
    hub.opens_pulls = True
    assert desk.tell("reopened").code == 0
    assert desk.pull()


def test_a_push_that_is_refused_is_an_error_and_the_next_run_goes_on(desk: Desk, repo: Repo) -> None:
    hook = repo.remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    ended = desk.tell("opened", filled())
    assert ended.code == 1
    assert "git could not push the branch requests/issue-5" in ended.log
    hook.unlink()
    assert desk.tell("opened", run=1).code == 0
    assert desk.exists()


def test_a_token_without_the_right_to_set_checks_is_told_in_the_log(desk: Desk, hub: Hub) -> None:
    from tests.github.hub import Trouble
    from tests.stand_in import Reply

    hub.troubles = [Trouble("POST .*/check-runs", Reply({"message": "Resource not accessible"}, 403))]
    ended = desk.tell("opened", filled())
    assert ended.code == 0
    assert "could not set the check: GitHub says 403" in ended.log
    assert desk.pull()


@pytest.mark.parametrize("unknown", ["GET .*/permission$", "GET .*/comments$", "GET .*/pulls$"])
def test_where_github_does_not_answer_nothing_is_done(
    desk: Desk, hub: Hub, unknown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.github.hub import BAD_GATEWAY, Trouble

    monkeypatch.setattr("publer_sync.action.github.WAITS", (0.0,))
    hub.troubles = [Trouble(unknown, BAD_GATEWAY, times=9)]
    ended = desk.tell("opened", filled())
    assert (ended.code, desk.exists(), hub.writes()) == (1, False, [])
    hub.troubles = []
    assert desk.tell("opened", run=1).code == 0


def test_it_takes_one_calendar_and_issues_alone(desk: Desk, repo: Repo) -> None:
    repo.commit({"clients/a/publer.yaml": SETTINGS, "clients/b/publer.yaml": SETTINGS})
    several = desk.tell("opened", filled(), calendar="clients")
    assert (several.code, "request takes one calendar, not 2" in several.log) == (64, True)
    repo.commit({"clients/publer.yaml": SETTINGS})
    assert desk.tell("opened", "A bug", calendar="clients").code == 0, "a calendar with others in its folder"
    own = filled().replace("published?\r\n\r\n- [", "published? (clients/b)\r\n\r\n- [")
    assert desk.tell("opened", own, calendar="clients/b").code == 0
    assert desk.files() == ["clients/b/requests/issue-5.yaml"]
    pushed = desk.step("request")
    assert (pushed.code, "request runs for issues" in pushed.log) == (64, True)

"""Newer files were applied: whoever has not pulled undoes nobody's work."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.team import MORE, NEW, OLD
from tests.ledger.git_world import contents
from tests.system.worlds import HOUR, T, Want, clocks, git, png, world_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.team import Team


def files(top: Path) -> dict[str, bytes]:
    """Of a clone, but for what hold goes on from where the branch of the ledger cannot be reached."""
    found = contents(top).items()
    return {name: data for name, data in found if not name.startswith(".git/publer-sync/")}


def test_whoever_has_not_pulled_is_refused_and_told_who_applied_what(branch_team: Team) -> None:
    team = branch_team
    team.commit("ann", NEW, MORE)
    assert team.apply("ann")[0] == 0
    today = datetime.now(UTC)
    commit = team.git("ann", "rev-parse", "--short=7", "HEAD")
    message = f"{commit}, applied by Ann on {today:%a} {today.day} {today:%b}, is not in this checkout. Run git pull first"
    before = files(team.top("bob"))
    [refusal] = [each for each in team.plan("bob")["refusals"] if each["code"] == "older_files"]
    assert (refusal["message"], refusal["allow"]) == (message, "--allow-older")
    assert message in " ".join(team.run("bob", "plan").stdout.split())
    code, document = team.apply("bob")
    assert (code, document["error"]["code"], document["error"]["message"]) == (5, "older_files", message)
    assert team.texts() == ["More of it", "We launched"]
    assert files(team.top("bob")) == before, "git was only asked"
    team.git("bob", "pull", "-q", "origin", "main")
    assert team.apply("bob")[0] == 0
    assert team.texts() == ["More of it", "We launched"]


def test_the_first_apply_of_files_that_nobody_else_has_warns_of_it(tmp_path: Path) -> None:
    with world_in(tmp_path) as world:
        world.repository()
        world.write(Want("first", "x", T, "First"))
        git(world.home, "add", "calendar")
        git(world.home, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "First")
        told = "is not pushed: nobody else has these files until it is"
        assert told in {warn["code"]: warn["message"] for warn in world.plan()["warnings"]}["unpushed"]
        assert told in " ".join(world.run("apply", world.top, "--yes").stderr.split())
        git(world.home, "push", "-q", "origin", "main")
        assert world.plan()["warnings"] == []


def test_allow_older_goes_back_all_the_same(team: Team) -> None:
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    ended = team.apply("bob", "--allow-older")
    assert ended[0] == 0, ended
    assert team.texts() == ["We lunched"]
    assert team.apply("ann")[0] == 0, "what Bob applied is in Ann's history"


def test_a_clone_without_its_history_of_files_is_asked_in_the_same_way(team: Team) -> None:
    team.join("part", "--filter=tree:0", "--no-checkout")
    team.git("part", "checkout", "-q", "main")
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    assert team.apply("part")[0] == 5
    team.git("part", "pull", "-q", "origin", "main")
    assert team.apply("part")[0] == 0


def test_settings_that_are_shared_count_as_well(team: Team) -> None:
    def shared(who: str, label: str) -> None:
        (team.top(who) / "agency.yaml").write_text(f"defaults: {{labels: [{label}]}}\n")

    team.world.settings(state="../../state.json", extends="../agency.yaml")
    shared("ann", "old")
    team.commit("ann", NEW)
    assert team.apply("ann")[0] == 0
    team.git("bob", "pull", "-q", "origin", "main")
    assert team.apply("bob")[0] == 0
    shared("ann", "new")
    team.commit("ann", NEW)
    assert team.apply("ann")[0] == 0
    assert team.apply("bob")[0] == 5, "the folder of the calendar is the same"


@pytest.mark.slow
def test_a_submodule_with_pictures_counts_by_its_commit(team: Team) -> None:
    """An older picture went back in the place of a newer one, which another branch had applied."""
    home, allowed = team.world.home, ("-c", "protocol.file.allow=always")
    git(home, "init", "-q", "-b", "main", "assets")

    def picture(number: int) -> None:
        (home / "assets" / "p.png").write_bytes(png(number))
        git(home / "assets", "add", "-A")
        git(home / "assets", "commit", "-qm", "x")

    picture(1)
    team.world.settings(state="../../state.json", media=["../assets"])
    team.git("ann", *allowed, "submodule", "--quiet", "add", f"file://{home / 'assets'}", "assets")
    post = replace(OLD, more="media: [{file: p.png, alt: A picture}]")
    team.commit("ann", post)
    assert team.apply("ann")[0] == 0
    team.git("bob", "pull", "-q", "origin", "main")
    team.git("bob", *allowed, "submodule", "--quiet", "update", "--init")
    picture(2)
    team.git("ann", "checkout", "-q", "-b", "new")
    git(team.top("ann") / "assets", *allowed, "pull", "-q", "origin", "main")
    team.git("ann", "commit", "-qam", "x")
    team.git("ann", "push", "-q", "origin", "new")
    assert team.apply("ann")[0] == 0
    assert [each["code"] for each in team.plan("bob")["changes"]] == ["older"]
    assert team.apply("bob")[0] == 6


def test_a_branch_that_changed_nothing_of_the_calendar_is_in_nobodys_way(team: Team) -> None:
    """Its files are those of the merge base, so whoever changed them since has what it applied."""
    team.git("ann", "checkout", "-q", "-b", "topic")
    (team.top("ann") / "README.md").write_text("Something else\n")
    team.commit("ann", OLD, push=False)
    team.git("ann", "push", "-q", "origin", "topic")
    assert team.apply("ann")[0] == 0
    team.commit("bob", NEW, MORE, push=False)  # the newest of main would count in any case
    assert team.apply("bob")[0] == 0
    assert team.texts() == ["More of it", "We launched"]
    assert {"older", "older_undone"}.isdisjoint(team.codes("bob"))


def test_an_old_job_that_is_run_again_is_refused_in_a_checkout_of_one_commit(team: Team) -> None:
    old = team.git("ann", "rev-parse", "HEAD")
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    team.join("job", "--depth=1")
    shallow = team.top("job") / ".git" / "shallow"
    before = shallow.read_bytes()
    assert team.apply("job")[0] == 0, "the newest commit"
    team.git("job", "fetch", "-q", "--depth=1", "origin", old)
    team.git("job", "checkout", "-q", "FETCH_HEAD")
    kept = shallow.read_bytes()
    assert team.apply("job")[0] == 5
    assert shallow.read_bytes() == kept != before
    assert team.texts() == ["More of it", "We launched"]


def test_release_asks_too_and_hold_never(team: Team) -> None:
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    assert team.run("bob", "hold", "--reason", "Storm", "--yes").code == 0
    ran = team.run("bob", "release", "--yes", "--format", "json")
    assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (5, "older_files")
    assert "publer-sync release calendar --allow-older" in team.run("bob", "release", "--yes").stderr
    assert team.texts() == []
    assert team.run("bob", "release", "--yes", "--allow-older").code == 0


@pytest.mark.slow
def test_another_branch_with_the_same_files_descends(team: Team) -> None:
    """A squash merge: the commit that was applied is nowhere in the history, and its files are."""
    team.git("ann", "checkout", "-q", "-b", "topic")
    team.write("ann", NEW, MORE)
    team.git("ann", "add", "-A")
    team.git("ann", "commit", "-qm", "topic")
    team.git("ann", "push", "-q", "origin", "topic")
    team.apply("ann")
    assert team.apply("bob")[0] == 6, "the tip of main: what was made just now stays"
    side = ("push", "-q", "origin", "HEAD:refs/heads/side")  # the newest of main would count in any case
    team.commit("bob", NEW, MORE, push=False)
    third = Want("third", "x", T + 2 * HOUR, "Third")
    team.commit("bob", NEW, MORE, third, push=False)
    team.git("bob", *side)
    team.join("job", "--depth=1", "--branch=side")
    assert team.plan("job")["refusals"] == []
    assert team.apply("bob")[0] == 0
    team.commit("bob", NEW, third, push=False)
    team.git("bob", *side)
    team.git("job", "fetch", "-q", "--depth=1", "origin", "side")
    team.git("job", "checkout", "-q", "FETCH_HEAD")
    assert team.apply("job")[0] == 0
    assert team.texts() == ["Third", "We launched"]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["uncommitted", "never pushed", "gone from the remote"])
def test_what_goes_back_is_blocked_where_nobody_knows_which_is_newer(team: Team, how: str) -> None:
    if how == "uncommitted":
        team.write("ann", NEW, MORE)
    else:
        team.commit("ann", NEW, MORE, push=False)
    if how == "gone from the remote":
        team.git("ann", "push", "-q", "origin", "HEAD:refs/heads/topic")
    assert team.apply("ann")[0] == 0
    if how == "gone from the remote":
        team.git("ann", "push", "-q", "origin", ":topic")
    third = Want("third", "x", T + 2 * HOUR, "Third")
    team.commit("bob", OLD, third, push=False)
    plan = team.plan("bob")
    assert {(change["id"], change["code"]) for change in plan["changes"]} == {
        ("launch", "older"),
        ("more", "older"),
        ("third", None),
    }
    assert {"older", "unpushed"} <= set(team.codes("bob"))
    assert team.apply("bob")[0] == 6
    assert team.texts() == ["More of it", "Third", "We launched"]
    ended = team.run("bob", "apply", "--yes", "--allow-older")
    assert ended.code == 0, ended
    assert "is not pushed: nobody else has these files until it is" in " ".join(ended.stderr.split())
    assert team.texts() == ["Third", "We lunched"]


def test_what_goes_back_by_an_option_is_sent_to_its_album(team: Team) -> None:
    """The name is looked up for it, as for any other post."""
    album = Want(
        "album", "facebook", T, "A lamp", picture="lamp.png", more="networks: {facebook: {album: Events}}"
    )
    team.commit("ann", album)
    assert team.apply("ann")[0] == 0
    team.write("ann", replace(album, at=T + HOUR))
    assert team.apply("ann")[0] == 0
    team.git("bob", "pull", "-q", "origin", "main")
    assert [(change["id"], change["code"]) for change in team.plan("bob")["changes"]] == [("album", "older")]
    code, ended = team.apply("bob", "--allow-older")
    assert (code, [each["outcome"] for each in ended["results"]]) == (0, ["applied"]), ended
    assert team.world.find("A lamp")["sent"]["account"]["album_id"]


@pytest.mark.slow
def test_the_tip_of_the_branch_that_is_applied_is_right_after_a_day(team: Team) -> None:
    team.commit("ann", NEW, MORE, push=False)
    with clocks(team.world) as to:
        team.apply("ann")
        plan = team.plan("bob")
        assert {change["code"] for change in plan["changes"]} == {"older"}
        assert plan["refusals"] == []
        [warning] = [warn for warn in plan["warnings"] if warn["code"] == "older_undone"]
        assert "launch" in warning["message"]
        assert "by Ann" in warning["message"]
        assert team.apply("bob")[0] == 6
        to(datetime.now(UTC) + timedelta(days=1, minutes=5))
        for style in ("text", "markdown"):
            told = " ".join(team.run("bob", "plan", "--format", style).stdout.split())
            assert "hese files put posts back to what they were before" in told
        ran = team.run("bob", "apply", "--yes", "--format", "json")
        assert ran.code == 0
        assert warning["message"] in [
            warn["message"] for warn in json.loads(ran.stdout)["warnings"] if warn["code"] == "older_undone"
        ]
        assert team.texts() == ["We lunched"]


@pytest.mark.slow
@pytest.mark.parametrize("style", ["text", "markdown"])
def test_the_report_says_whose_work_was_undone(team: Team, style: str) -> None:
    team.commit("ann", NEW, MORE, push=False)
    with clocks(team.world) as to:
        team.apply("ann")
        to(datetime.now(UTC) + timedelta(days=1, minutes=5))
        ran = team.run("bob", "apply", "--yes", "--format", style)
        told = " ".join(ran.stdout.split())
        assert ran.code == 0
        assert "hese files put posts back to what they were before" in told
        assert re.search(r"launch \([0-9a-f]{7} by Ann on ", told)


def test_what_was_applied_from_this_work_tree_is_its_own_to_undo(team: Team) -> None:
    """Files that were not committed, taken back; also where the remote cannot be asked."""
    team.write("ann", NEW, MORE)
    assert team.apply("ann")[0] == 0
    team.write("ann", OLD)
    team.git("ann", "remote", "set-url", "origin", "file:///nowhere")
    plan = team.plan("ann")
    assert (plan["refusals"], {change["code"] for change in plan["changes"]}) == ([], {None})
    assert team.apply("ann")[0] == 0
    assert team.texts() == ["We lunched"]


def rename(team: Team, who: str) -> None:
    """The calendar's folder gets another name, and its post other words at another time."""
    team.git(who, "mv", "calendar", "social")
    for file in (team.top(who) / "social").glob("*.yaml"):
        text = file.read_text().replace("We lunched", "We launched")
        file.write_text(text.replace(f"{T:%H:%M}", f"{T + HOUR:%H:%M}"))
    team.git(who, "commit", "-qam", "renamed")


def in_social(team: Team, who: str, *words: str) -> Any:
    with chdir(team.top(who)):
        ran = team.world.run(words[0], "social", *words[1:])
    team.world.sandbox.settle()
    return ran


@pytest.mark.slow
def test_whoever_has_not_pulled_a_rename_has_older_files_of_the_same_calendar(branch_team: Team) -> None:
    team = branch_team
    rename(team, "ann")
    team.git("ann", "push", "-q", "origin", "HEAD:main")
    assert in_social(team, "ann", "apply", "--yes").code == 0
    plan = team.plan("bob")
    assert [each["code"] for each in plan["refusals"]] == ["older_files"]
    assert "renamed" in team.codes("bob")
    assert team.apply("bob")[0] == 5
    team.commit("bob", OLD, MORE, push=False)
    assert team.apply("bob")[0] == 5, "nor is what is new to him"
    assert team.texts() == ["We launched"]
    assert team.run("bob", "hold", "--reason", "Accident", "--yes").code == 0
    assert team.texts() == []
    team.git("bob", "reset", "-q", "--hard", "HEAD~1")
    team.git("bob", "pull", "-q", "origin", "main")
    assert in_social(team, "bob", "release", "--yes").code == 0
    assert (in_social(team, "bob", "apply", "--yes").code, team.texts()) == (0, ["We launched"])


@pytest.mark.slow
def test_between_branches_of_a_work_tree_a_rename_goes_back_and_forth(branch_team: Team) -> None:
    team = branch_team
    team.git("ann", "checkout", "-q", "-b", "try")
    rename(team, "ann")
    assert (in_social(team, "ann", "apply", "--yes").code, team.texts()) == (0, ["We launched"])
    team.git("ann", "checkout", "-q", "main")
    assert team.apply("ann")[0] == 0
    assert team.texts() == ["We lunched"]
    team.git("ann", "checkout", "-q", "try")
    assert (in_social(team, "ann", "apply", "--yes").code, team.texts()) == (0, ["We launched"])


@pytest.mark.slow
def test_a_copy_of_a_work_tree_is_another_one(team: Team) -> None:
    team.write("ann", NEW, MORE)
    assert team.apply("ann")[0] == 0
    shutil.copytree(team.top("ann"), team.top("copy"))
    team.write("copy", OLD, Want("third", "x", T + 2 * HOUR, "Third"))
    assert {change["code"] for change in team.plan("copy")["changes"] if change["id"] != "third"} == {"older"}


@pytest.mark.slow
def test_the_work_tree_of_a_job_is_nobodys_own(branch_team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner keeps it for the next job: an old job that is run again there undoes nothing."""
    monkeypatch.setenv("CI", "true")
    team = branch_team
    old = team.git("ann", "rev-parse", "HEAD")
    team.commit("ann", NEW, MORE)
    assert team.apply("ann")[0] == 0
    team.git("ann", "checkout", "-q", old)
    assert team.apply("ann")[0] == 5
    monkeypatch.delenv("CI")
    assert team.apply("ann")[0] == 5, "nor does a person there who has not been known before"
    assert team.apply("ann", "--allow-older")[0] == 0
    team.git("ann", "checkout", "-q", "main")
    assert team.apply("ann")[0] == 0
    team.git("ann", "checkout", "-q", old)
    monkeypatch.setenv("CI", "true")
    assert team.apply("ann")[0] == 5, "what a person applied there is not the job's"


@pytest.mark.slow
@pytest.mark.parametrize(
    "job",
    [
        {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"},
        {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"},
    ],
    ids=["github", "gitlab"],
)
def test_the_plan_of_a_proposal_shows_what_its_merge_would_undo(
    team: Team, monkeypatch: pytest.MonkeyPatch, job: dict[str, str]
) -> None:
    team.git("ann", "checkout", "-q", "-b", "topic")
    team.commit("ann", NEW, MORE, push=False)
    team.git("ann", "push", "-q", "origin", "topic")
    team.apply("ann")
    team.commit("bob", OLD, Want("third", "x", T + 2 * HOUR, "Third"), push=False)
    [refusal] = team.plan("bob")["refusals"]
    assert "Run git fetch && git merge origin/topic first" in refusal["message"]
    for name, value in job.items():
        monkeypatch.setenv(name, value)
    plan = team.plan("bob")
    assert plan["refusals"] == []
    assert {change["id"]: change["action"] for change in plan["changes"]} == {
        "launch": "update",
        "more": "delete",
        "third": "create",
    }
    assert "older_undone" in [warn["code"] for warn in plan["warnings"]]
    assert team.apply("bob")[0] == 5, "an apply of files that are not merged is as anywhere"
    for name, value in job.items():
        monkeypatch.setenv(name, value.replace("main", "other"))
    assert team.plan("bob")["refusals"] != [], "proposed to a branch that is not the one that is applied"


def test_the_plan_of_a_proposal_that_lacks_what_main_has_says_so(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.git("bob", "checkout", "-q", "-b", "words")
    team.commit("bob", OLD, Want("third", "x", T + 2 * HOUR, "Third"), push=False)
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
    [refusal] = team.plan("bob")["refusals"]
    assert "Run git fetch && git merge origin/main first" in refusal["message"]
    team.git("bob", "fetch", "-q")
    team.git("bob", "merge", "-q", "-m", "Merge", "-X", "ours", "origin/main")
    assert team.plan("bob")["refusals"] == []


def test_a_branch_that_was_applied_before_its_merge_is_undone_from_the_tip(team: Team) -> None:
    team.git("ann", "checkout", "-q", "-b", "topic")
    team.commit("ann", NEW, MORE, push=False)
    team.git("ann", "push", "-q", "origin", "topic")
    team.apply("ann")
    plan = team.plan("bob")
    assert plan["refusals"] == []
    assert {change["code"] for change in plan["changes"]} == {"older"}
    team.write("bob", OLD, Want("third", "x", T + 2 * HOUR, "Third"))
    assert team.apply("bob")[0] == 5, "nothing may differ from the tip"


def test_where_the_remote_cannot_be_asked_apply_ends_and_says_how_to_go_on(team: Team) -> None:
    team.commit("ann", NEW, MORE)
    team.apply("ann")
    team.git("bob", "remote", "set-url", "origin", "file:///nowhere")
    code, document = team.apply("bob")
    assert (code, document["error"]["code"]) == (1, "state.history")
    ended = team.apply("bob", "--allow-older")
    assert ended[0] == 0, ended


def test_a_killed_apply_counts_as_what_it_was_about_to_do(team: Team) -> None:
    from tests.system.worlds import killed

    team.commit("ann", NEW, MORE)
    with chdir(team.top("ann")):
        world = team.world
        world_top = world.home
        world.home = team.top("ann")
        assert killed(world).code == 137
        world.home = world_top
    assert team.apply("bob")[0] == 5


def test_the_run_is_in_the_state_with_who_and_what(team: Team) -> None:
    text = (team.world.home / "state.json").read_text(encoding="utf-8")
    [run] = json.loads(text)["runs"]
    assert (run["command"], run["who"], run["commit"]) == (
        "apply",
        "Ann",
        team.git("ann", "rev-parse", "HEAD"),
    )
    assert [(line["action"], line["id"], line["outcome"]) for line in run["changes"]] == [
        ("create", "launch", "applied")
    ]
    assert "b.example" not in text

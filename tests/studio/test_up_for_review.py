"""Put up for review: what is offered, what is done instead, and what is said once it is done or failed. `test_review` has whole weeks of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from publer_sync.studio.review import LINE, ReviewWork
from tests.studio.desk import desk_of
from tests.studio.repositories import clone, git
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.studio.desk import Desk

SETTINGS = (
    "timezone: Europe/Berlin\ntime: 09:00\naccounts: {x: Me, facebook: {name: Us, provider: facebook}}\n"
)
MARCH = """posts:
- {id: launch, at: 2027-03-02 09:00, accounts: x, text: Meet the Mini}
- {id: thanks, at: 2027-03-03 09:00, accounts: x, text: Thank you}
"""
STORY = "---\nid: story\nat: 2027-03-04 09:00\naccounts: x\n---\n\nA story.\n"
FILES: Final[dict[str, str | bytes]] = {
    "social/publer.yaml": SETTINGS,
    "social/2027-03.yaml": MARCH,
    "social/story.md": STORY,
    "social/media/old.png": png(9),
    "social/media/one.png": png(1),
    "notes.txt": "mine\n",
    ".gitignore": "secret.png\n/social/media/hidden/\n/social/draft.yaml\n/social/drafts/\n",
}
TIPS = "posts:\n- {id: tip, at: 2027-03-20 09:00, accounts: x, text: A tip}\n"


@pytest.fixture(autouse=True)
def own_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(clone(tmp_path, FILES) / "social") as desk:
        yield desk


def review(desk: Desk) -> Any:
    return desk.get("/studio/changes")["review"]


def put_up(desk: Desk, told: Any, line: str = "") -> Any:
    """What was told of a review, once somebody says so."""
    done = desk.send("/studio/review", {"mark": told["mark"], "line": line})
    assert done.status == 200, done
    return done.body


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def changed_files(top: Path) -> list[str]:
    return sorted(git(top, "show", "--name-status", "--format=", "--no-renames", "HEAD").split("\n")[:-1])


def test_a_branch_of_its_own_gets_the_files_of_the_calendar_and_what_they_show(desk: Desk) -> None:
    top, media = desk.top.parent, desk.top / "media"
    nothing = review(desk)
    assert (nothing["line"], nothing["branch"], nothing["commands"]) == (
        "Update the calendar",
        "posts-2027-02-01",
        [],
    )
    assert desk.send("/studio/review", {"mark": nothing["mark"]}).status == 409
    assert desk.send("/studio/back", {}).say == "There is no default branch to go back to."

    (media / "hidden").mkdir()
    for number, name in enumerate(("new.png", "not shown.png", "secret.png", "hidden/two.png")):
        (media / name).write_bytes(png(number + 3))
    (media / "old.png").unlink()
    (top / "notes.txt").unlink()
    (desk.top / "half-done.txt").write_text("not of the calendar")
    (desk.top / "drafts").mkdir()
    for day, name in enumerate(("draft", "drafts/inner"), 10):
        tip = f"posts:\n- {{id: {day}th, at: 2027-03-{day} 09:00, accounts: x, text: Day {day}}}\n"
        (desk.top / f"{name}.yaml").write_text(tip)
    pictures = [{"path": f"media/{name}"} for name in ("new.png", "one.png", "secret.png", "hidden/two.png")]
    assert desk.do("launch", edit={"media": pictures}).status == 200
    (desk.top / "story.md").unlink()
    told = review(desk)
    assert (told["line"], told["instead"], told["folder"]) == ("Update the calendar", "", top.as_posix())
    assert told["notes"] == [
        f"social/{name} is ignored by git, so nobody else will have it: take it out of .gitignore."
        for name in ("draft.yaml", "drafts/inner.yaml", "media/hidden/two.png", "media/secret.png")
    ]
    literal, files = (
        ["git", "--literal-pathspecs"],
        ["social/2027-03.yaml", "social/story.md", "social/media/new.png", "social/media/old.png"],
    )
    push = ["git", "push", "--set-upstream", "origin", "posts-2027-02-01:posts-2027-02-01"]
    commands = [
        ["git", "switch", "--create", "posts-2027-02-01"],
        [*literal, "add", "--all", "--", *files],
        [*literal, "commit", "--message", "Update the calendar", "--", *files],
        push,
    ]
    assert told["commands"] == commands
    (media / "new.png").write_bytes(png(7))
    assert desk.send("/studio/review", {"mark": told["mark"]}).status == 409
    told = review(desk)
    assert told["commands"] == commands
    assert desk.send("/studio/review", {"mark": "another"}).status == 409
    before = git(top, "rev-parse", "HEAD")
    commands[2][4] = "Launch; with a picture"
    assert put_up(desk, told, " Launch; with a picture ") == {
        "say": "Launch; with a picture: up for review.",
        "done": commands,
        "failed": [],
        "said": "",
        "left": [],
        "folder": top.as_posix(),
        "address": "",
    }
    assert changed_files(top) == sorted(
        ["M\tsocial/2027-03.yaml", "D\tsocial/story.md", "A\tsocial/media/new.png", "D\tsocial/media/old.png"]
    )
    remote = top.parent / "remote.git"
    assert git(remote, "rev-parse", "main", "posts-2027-02-01") == before + git(top, "rev-parse", "HEAD")
    branch = {"name": "posts-2027-02-01", "back": "main", "pushed": True, "address": ""}
    state = desk.get("/studio/posts")
    assert (state["changed"], state["branch"]) == (2, branch)  # those that git ignores


def test_what_could_not_be_pushed_waits_and_is_pushed_again(desk: Desk) -> None:
    top = desk.top.parent
    git(top, "switch", "--quiet", "-c", "spring")
    (top.parent / "remote.git").rename(top.parent / "away.git")
    git(top, "remote", "set-url", "--push", "origin", "https://kari:hunter2@127.0.0.1:1/remote.git")
    rewrite(desk.top / "2027-03.yaml", "text: Thank you", "text: Thanks")
    told, push = review(desk), ["git", "push", "--set-upstream", "origin", "spring:spring"]
    assert (told["line"], told["commands"][0]) == ("Edited thanks: words", ["git", "switch", "spring"])
    done = put_up(desk, told)
    assert (done["say"], done["failed"], done["left"]) == (
        "git push --set-upstream failed. Nothing after it was done.",
        push,
        [push],
    )
    assert (len(done["done"]), done["address"], "hunter2" in str(done)) == (3, "", False)
    assert "//127.0.0.1:1/remote.git" in done["said"].replace("…@", "")
    assert git(top, "log", "-1", "--format=%s") == "Update the calendar\n"
    told = review(desk)
    assert told["commands"] == [["git", "switch", "spring"], push]
    (top.parent / "away.git").rename(top.parent / "remote.git")
    git(top, "remote", "set-url", "--push", "origin", "../remote.git")
    done = put_up(desk, told)
    assert (done["say"], done["done"]) == ("Pushed.", told["commands"])
    assert review(desk)["commands"] == []


def test_back_on_main_as_the_remote_has_it(desk: Desk) -> None:
    top = desk.top.parent
    back = [["git", "switch", "main"], ["git", "pull", "--ff-only", "origin", "main"]]
    git(top, "switch", "--quiet", "-c", "spring")
    assert desk.get("/studio/posts")["branch"] == {
        "name": "spring",
        "back": "main",
        "pushed": False,
        "address": "",
    }
    config = top / ".git" / "config"
    settings = config.read_text()
    config.write_text("")
    assert desk.send("/studio/back", {}).say == "There is no default branch to go back to."
    config.write_text(settings)
    (top.parent / "remote.git").rename(top.parent / "away.git")
    told = desk.send("/studio/back", {}).body
    assert told["say"] == "You are on main, and it could not be brought up to date."
    assert (told["done"], told["failed"], told["left"]) == (back[:1], back[1], back[1:])
    (top.parent / "away.git").rename(top.parent / "remote.git")
    git(top, "switch", "--quiet", "spring")
    rewrite(desk.top / "2027-03.yaml", "Thank you", "Thanks")
    git(top, "commit", "--quiet", "-am", "Thanks")
    rewrite(desk.top / "2027-03.yaml", "Thanks", "Many thanks")
    told = desk.send("/studio/back", {}).body
    assert (told["say"], told["done"], told["left"]) == ("You are still on spring.", [], back)
    assert "would be overwritten" in told["said"]
    git(top, "checkout", "--quiet", "--", ".")
    told = desk.send("/studio/back", {}).body
    assert (told["say"], told["done"], told["failed"], told["said"]) == ("You are on main.", back, [], "")
    assert desk.post("thanks")["text"] == "Thank you"


@pytest.mark.story
def test_what_was_shown_is_put_up_also_by_a_studio_that_began_again_and_nothing_else_is(
    tmp_path: Path,
) -> None:
    top = clone(tmp_path, FILES) / "social"
    rewrite(top / "2027-03.yaml", "Thank you", "Thanks")
    with desk_of(top) as desk:
        told = review(desk)
        rewrite(top / "2027-03.yaml", "Thanks", "Seen by nobody")
        refused = desk.send("/studio/review", {"mark": told["mark"]})
        assert (refused.status, "changed since you looked" in refused.say) == (409, True)
        rewrite(top / "2027-03.yaml", "Seen by nobody", "Thanks")
        (top / "tips.yaml").write_text(TIPS)
        assert desk.send("/studio/review", {"mark": told["mark"]}).status == 409
        (top / "tips.yaml").unlink()
    with desk_of(top) as desk:
        assert put_up(desk, told)["failed"] == []
    assert changed_files(top.parent) == ["M\tsocial/2027-03.yaml"]


def test_two_calendars_of_one_repository_go_together(tmp_path: Path) -> None:
    """With what links among them lead to, and the pictures of both."""
    top = clone(tmp_path, FILES)
    store, other = top / "social" / ".kept", top / "other"
    for folder in (store, other):
        folder.mkdir()
    (store / "tips.yaml").write_text(TIPS)
    (top / "social" / "tips.yaml").symlink_to(".kept/tips.yaml")
    (other / "publer.yaml").write_text(f"{SETTINGS}media: [../social/media]\n")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=More")
    with desk_of(top / "social", other) as desk:
        told = desk.get("/studio/changes")
        assert (told["files"], told["review"]["commands"]) == ([], [])
        for folder, shown in (
            (other, "inside.png secret.png"),
            (top / "social", "media/old.png media/secret.png"),
        ):
            files = ", ".join(f"{{file: {name}}}" for name in shown.split())
            (folder / "2027-03.yaml").write_text(
                MARCH.replace(", text: Meet", f", media: [{files}], text: Meet")
            )
        for number, name in enumerate(("inside.png", "secret.png"), 7):
            (top / "social" / "media" / name).write_bytes(png(number))
        (store / "tips.yaml").write_text(TIPS.replace("A tip", "Another tip"))
        told = review(desk)
        assert told["instead"] == ""
        assert [each[-3:] for each in told["commands"][1:2]] == [
            ["social/.kept/tips.yaml", "other/2027-03.yaml", "social/media/inside.png"]
        ]
        assert told["notes"] == [
            "social/media/secret.png is ignored by git, so nobody else will have it: take it out of .gitignore."
        ]


def test_calendars_of_two_repositories_are_put_up_one_at_a_time(tmp_path: Path) -> None:
    top, alone, bare = clone(tmp_path / "a", FILES), tmp_path / "alone", tmp_path / "bare"
    for folder in (alone, bare):
        folder.mkdir()
        (folder / "publer.yaml").write_text(SETTINGS)
    git(alone, "init", "--quiet", "--initial-branch=main")
    with desk_of(top / "social", bare, alone) as desk:
        rewrite(top / "social" / "2027-03.yaml", "Thank you", "Thanks")
        told = review(desk)
        assert told["instead"].startswith("These calendars are in several repositories. Open one of them")
        assert told["commands"] == []
    with desk_of(alone) as desk:
        assert review(desk)["instead"].startswith("Nothing is committed in this repository yet")
    rewrite(top / "social" / "2027-03.yaml", "accounts: x, text: Meet", "accounts: nobody, text: Meet")
    for folder in (top, alone):
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message=All of it")
    with desk_of(top / "social", alone) as desk:
        (alone / "tips.yaml").write_text(TIPS)
        told = review(desk)
        assert (told["folder"], told["instead"][:27]) == (alone.as_posix(), "git does not know your name")
    with desk_of(bare) as desk:
        told = desk.get("/studio/changes")
        assert (told["git"], told["review"], told["branch"]["name"]) == (False, None, "")


CONFLICT = "<<<<<<< HEAD\nA\n=======\nB\n>>>>>>> theirs\n"
INSTEAD = [
    ("MERGE_HEAD", "A merge is under way", "git merge --continue\ngit merge --abort"),
    ("rebase-apply", "A rebase is under way", "git rebase --continue\ngit rebase --abort"),
]


def test_what_has_to_be_done_before_is_said_and_nothing_is_put_up(desk: Desk) -> None:
    """In turn: each is told before those below it."""
    top, march, story = desk.top.parent, desk.top / "2027-03.yaml", desk.top / "story.md"
    config = top / ".git" / "config"

    def instead() -> tuple[str, str]:
        told = review(desk)
        assert told["commands"] == []
        return told["instead"], told["paste"]

    settings = config.read_text()
    config.write_text("")
    assert instead()[0].startswith("git does not know your name, which every commit has.")
    config.write_text("[user]\nname = Kari\nemail = kari@example.com\n")
    say, paste = instead()
    assert say.startswith("This repository has no remote, so there is no place for a review.")
    assert paste.startswith("git remote add origin ")
    config.write_text(settings)
    rewrite(march, "accounts: x, text: Meet", "accounts: nobody, text: Meet")
    (desk.top / "media" / "one.png").unlink()
    assert instead() == (
        "The calendar has 1 error. Fix it first: the plan of the pull request would fail.",
        "",
    )
    assert desk.send("/studio/review", {"mark": review(desk)["mark"]}).status == 409
    rewrite(march, "accounts: x, text: Thank", "accounts: nobody, text: Thank")
    assert instead()[0].startswith("The calendar has 2 errors. Fix them first: ")
    story.write_text(f"{STORY}{CONFLICT}")
    assert instead()[0].startswith("social/story.md has the marks of a conflict, the first in line 8. ")
    blob = git(top, "rev-parse", "HEAD:social/story.md").strip()
    git(top, "rm", "--quiet", "--cached", "social/story.md")
    index = top.parent / "index"
    index.write_text("".join(f"100644 {blob} {stage}\tsocial/story.md\n" for stage in (1, 2, 3)))
    git(top, "update-index", "--index-info", given=index.read_text())
    assert instead() == (
        "git could not merge social/story.md. Decide in that file which lines count, then mark it as done.",
        "git add -- social/story.md",
    )
    for name, say, paste in INSTEAD:
        (top / ".git" / name).mkdir()
        told = review(desk)
        assert (told["instead"].partition(" in this")[0], told["paste"], told["commands"]) == (say, paste, [])
        (top / ".git" / name).rmdir()


@each_of(
    ("words", "line"),
    [
        ([], LINE),
        (["moved launch"], "Moved launch"),
        (["moved launch", "moved thanks"], LINE),
        (["a" * 72], "A" + "a" * 71),
        (["a" * 73], LINE),
    ],
)
def test_one_change_that_fits_names_its_commit(words: list[str], line: str) -> None:
    here: Any = SimpleNamespace(root=Path("clone"), remote="origin", on_default=True)
    told = ReviewWork(here, ("a.yaml",), "posts").data(words)
    assert (told["line"], told["commands"][2][4]) == (line, line)

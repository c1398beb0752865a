"""Files that change while they are open: editors, a second window, another branch, a full disk, a kill at any write."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.edit import studio_of
from publer_sync.machine import durable
from publer_sync.studio.orders import change_request
from tests.ledger.git_world import git
from tests.studio.desk import NOW, Desk, desk_of
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = """# what we say in March
posts:
- id: one
  at: Wed 2027-03-03 09:00
  accounts: x
  text: |
    One
- at: 2027-03-04 09:00              # no id
  accounts: x
  text: |
    Two
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (top / "march.yaml").write_text(POSTS)
    return top


@pytest.fixture
def desk(top: Path) -> Iterator[Desk]:
    with desk_of(top) as made:
        yield made


def order(desk: Desk, name: str, **do: Any) -> dict[str, Any]:
    """What a page would send that knows the post as it is now."""
    post = desk.post(name)
    return {"key": post["key"], "revision": post["revision"], "do": do}


def test_both_versions_are_shown_where_an_editor_saved_the_same_post(desk: Desk) -> None:
    form = order(desk, "one", edit={"text": "Typed on the page"})
    saved = POSTS.replace("    One\n", "    Typed in the editor\n")
    (desk.top / "march.yaml").write_text(saved)
    told = desk.send("/studio/change", form)
    assert told.status == 409
    conflict = told.body["conflict"]
    assert conflict["yours"] == {"edit": {"text": "Typed on the page"}}
    assert conflict["theirs"]["text"] == "Typed in the editor"
    assert (conflict["file"], conflict["line"]) == ("march.yaml", 3)
    assert desk.read("march.yaml") == saved
    form["revision"] = conflict["theirs"]["revision"]  # which a person decides who saw both
    assert desk.send("/studio/change", form).status == 200
    assert desk.read("march.yaml") == POSTS.replace("    One\n", "    Typed on the page\n")


def test_a_change_goes_into_the_file_as_the_editor_left_it(desk: Desk) -> None:
    form = order(desk, "Two", move={"day": "2027-03-05"})
    above = "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: |\n    Above\n"
    (desk.top / "march.yaml").write_text(POSTS.replace("posts:\n", above))
    told = desk.send("/studio/change", form)
    assert told.status == 200, told
    assert desk.read("march.yaml") == POSTS.replace("posts:\n", above).replace("2027-03-04", "2027-03-05")
    (desk.top / "march.yaml").write_text(desk.read("march.yaml").replace("    One\n", "    Uno\n"))
    told = desk.send("/studio/undo", {})  # no byte but those that were written here
    assert told.status == 200, told
    assert desk.read("march.yaml") == POSTS.replace("posts:\n", above).replace("    One\n", "    Uno\n")


def test_the_page_is_told_when_a_file_is_saved(desk: Desk) -> None:
    version = desk.get("/studio/posts")["version"]
    (desk.top / "march.yaml").write_text(POSTS.replace("    One\n", "    Uno\n"))
    desk.studio.follow()
    told = desk.ask("GET", f"/studio/events?since={version}")
    assert told.headers["Content-Type"] == "text/event-stream"
    assert told.raw == f'data: {{"version": {version + 1}}}\n\n'.encode()
    desk.studio.follow()
    assert desk.get("/studio/posts")["version"] == version + 1


@pytest.mark.story
def test_what_a_calendar_takes_from_outside_is_followed(tmp_path: Path) -> None:
    top, blog, media = (tmp_path / name for name in ("calendar", "blog", "media"))
    for folder in (top, blog, media):
        folder.mkdir()
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    shared, page, picture = tmp_path / "shared.yaml", blog / "post.md", media / "table.png"
    shared.write_text("time: 09:00\n")
    text = "---\nsocial:\n- {at: 2027-03-05, accounts: x, text: From a page}\n---\n\nWords\n"
    page.write_text(text)
    git(tmp_path, "add", "--all")
    (top / "publer.yaml").write_text(
        "extends: ../shared.yaml\ntimezone: UTC\naccounts: {x: Me}\nmedia: [../media]\n"
        "pages: [{files: ../blog/*.md, url: 'https://example.com/{slug}/'}]\n"
    )
    (top / "posts.yaml").write_text(
        "posts:\n- {id: one, at: 2027-03-03, accounts: x, text: One, media: [{file: table.png, alt: A}]}\n"
    )
    with desk_of(top) as desk:
        version = desk.get("/studio/posts")["version"]
        assert desk.post("one")["at"]["time"] == "09:00"
        assert desk.get("/studio/posts")["problems"][0]["code"] == "media.missing"
        assert desk.get("/studio/posts")["calendars"][0]["files"] == ["posts.yaml"]
        picture.write_bytes(png(1))
        told = desk.get("/studio/posts")
        assert (told["problems"], told["version"] > version) == ([], True)
        version = told["version"]
        shared.write_text("time: 10:30\n")
        page.write_text(text.replace("From a page", "From a page again"))
        told = desk.get("/studio/posts")
        assert told["version"] > version
        assert desk.post("one")["at"]["time"] == "10:30"
        assert desk.post("From a page")["text"] == "From a page again"
        assert desk.do("one", edit={"text": "Other words"}).status == 200
        reads = desk.studio.opened[0].reads
        assert desk.get("/studio/posts")["version"] == desk.get("/studio/posts")["version"]
        assert desk.studio.opened[0].reads == reads, "what did not change is not read again"


def test_a_file_that_becomes_a_link_out_of_the_calendar_is_not_read(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(POSTS.replace("    One\n", "    Secret\n"))
    (desk.top / "march.yaml").unlink()
    (desk.top / "march.yaml").symlink_to(tmp_path / "secret.yaml")
    assert (desk.posts, desk.get("/studio/posts")["problems"][0]["code"]) == ([], "file.outside")


def test_of_two_windows_the_second_is_told(desk: Desk) -> None:
    first, second = (
        order(desk, "one", move={"day": "2027-03-08"}),
        order(desk, "one", edit={"text": "Second"}),
    )
    assert desk.send("/studio/change", first).status == 200
    told = desk.send("/studio/change", second)
    assert (told.status, told.body["conflict"]["theirs"]["at"]["day"]) == (409, "2027-03-08")
    assert "Second" not in desk.read("march.yaml")


def test_undo_leaves_alone_what_somebody_wrote_over_it(desk: Desk) -> None:
    assert desk.do("one", edit={"text": "Mine"}).status == 200
    theirs = desk.read("march.yaml").replace("    Mine\n", "    Theirs\n")
    (desk.top / "march.yaml").write_text(theirs)
    told = desk.send("/studio/undo", {})
    assert (told.status, "Someone changed these lines of march.yaml" in told.say) == (409, True)
    assert desk.read("march.yaml") == theirs
    assert desk.send("/studio/undo", {}).status == 409  # nothing is left to undo


def test_a_branch_that_is_switched_underneath(desk: Desk) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    git(desk.top, "init", "-q", "-b", "main")
    git(desk.top, "add", "-A")
    git(desk.top, *who, "commit", "-qm", "First")
    git(desk.top, "switch", "-qc", "other")
    (desk.top / "march.yaml").write_text(
        "posts:\n- id: other\n  at: 2027-03-09 09:00\n  accounts: x\n  text: Else\n"
    )
    git(desk.top, *who, "commit", "-qam", "Other")
    git(desk.top, "switch", "-q", "main")
    assert desk.do("one", move={"day": "2027-03-08"}).status == 200
    git(desk.top, *who, "commit", "-qam", "Moved")
    form = order(desk, "one", edit={"text": "Typed"})
    git(desk.top, "switch", "-q", "other")
    told = desk.send("/studio/change", form)
    assert (told.status, told.body["conflict"]["theirs"]) == (409, None)
    assert "no longer in the files" in told.say
    assert desk.send("/studio/undo", {}).status == 409
    assert git(desk.top, "status", "--porcelain", "--untracked-files=no") == ""
    assert desk.do("other", move={"day": "2027-03-10"}).status == 200


def test_a_file_and_a_folder_that_are_gone(desk: Desk) -> None:
    form = order(desk, "one", move={"day": "2027-03-08"})
    (desk.top / "march.yaml").unlink()
    assert desk.send("/studio/change", form).status == 409
    assert not (desk.top / "march.yaml").exists()
    shutil.rmtree(desk.top)
    told = desk.send("/studio/change", form)
    assert (told.status, "does not exist" in told.say) == (500, True)
    desk.studio.follow()  # the watcher goes on
    desk.top.mkdir()
    (desk.top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (desk.top / "march.yaml").write_text(POSTS)
    assert desk.do("one", move={"day": "2027-03-08"}).status == 200


def test_a_full_disk_leaves_every_file_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = [OSError(errno.ENOSPC, "No space left on device")]

    def full(*_: Any) -> None:
        raise errors[-1]

    with monkeypatch.context() as patch:
        patch.setattr(durable, "_write_new", full)
        told = desk.do("one", edit={"text": "Typed"})
        errors.append(OSError(errno.EACCES, "Permission denied"))
        refused = desk.do("one", edit={"text": "Typed"})
    assert (told.status, "Make room" in told.say) == (507, True)
    assert (refused.status, "Permission denied" in refused.say) == (500, True)
    assert desk.read("march.yaml") == POSTS
    assert desk.get("/studio/posts")["undo"] is None
    assert desk.do("one", edit={"text": "Typed"}).status == 200  # once there is room
    left = [
        each
        for each in (desk.top / ".publer-sync").rglob("*")
        if each.is_file() and each.name != ".gitignore"
    ]
    assert left == []


def test_what_is_saved_in_the_last_moment_is_not_overwritten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, real = order(desk, "one", edit={"text": "Typed"}), durable.move_file
    version = desk.studio.version()
    theirs = POSTS.replace("    Two\n", "    Dos\n")

    def move(whole: Path, target: Path, **more: Any) -> None:
        (desk.top / "march.yaml").write_text(theirs)
        real(whole, target, **more)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "move_file", move)
        told = desk.send("/studio/change", form)
    assert (told.status, "was changed while" in told.say) == (409, True)
    assert desk.studio.version() > version, "the page is told at once"
    assert desk.read("march.yaml") == theirs
    assert desk.do("one", edit={"text": "Typed"}).status == 200


WRITES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod")


@pytest.mark.slow
def test_a_kill_at_any_write_leaves_whole_files(top: Path) -> None:
    """The process ends before each of its writes in turn; whoever opens the calendar next finds the old file or the new one."""
    studio = studio_of([top], read_only=False, now=lambda: NOW)
    post = studio.posts()["posts"][0]
    request = {"key": post["key"], "revision": post["revision"], "do": {"edit": {"text": "Typed"}}}
    new = POSTS.replace("    One\n", "    Typed\n")
    seen: set[str] = set()
    for number in range(1, 60):
        (top / "march.yaml").write_text(POSTS)
        studio.follow()
        child = os.fork()
        if child == 0:
            left = number

            def count(event: str, args: tuple[Any, ...]) -> None:
                nonlocal left
                if event in WRITES and not (event == "open" and str(args[1]).startswith("r")):
                    left -= 1
                    if left == 0:
                        os._exit(137)

            sys.addaudithook(count)
            answer = studio.change(change_request(request), request["do"])
            os._exit(0 if answer.status == 200 else 1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found = (top / "march.yaml").read_text()
        assert found in (POSTS, new)
        seen.add(found)
        assert len(read(top).entries) == 2
        if code == 0:
            break
        assert code == 137
    assert (seen, found, number > 5) == ({POSTS, new}, new, True)
    with desk_of(top) as desk:
        assert desk.do("one", edit={"text": "Again"}).status == 200
        assert {each.name for each in (top / ".publer-sync" / "unfinished").iterdir()} == set()

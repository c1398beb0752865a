"""What the page asks while somebody works: days, counts, pictures, what changed since the last commit."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.ledger.git_world import git
from tests.studio.desk import Desk, desk_of
from tests.studio.hands import calendar
from tests.studio.test_changes import desk
from tests.system.worlds import png

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["desk"]


def days(desk: Desk, name: str, first: str, last: str, **more: object) -> dict[str, tuple[object, ...]]:
    key = desk.post(name)["key"]
    told = desk.send("/studio/days", {"key": key, "from": first, "to": last, **more})
    assert told.status == 200, told
    return {day[8:]: (each["ok"], each.get("why")) for day, each in told.body["days"].items()}


def test_days_are_honest(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(
        "timezone: Europe/Berlin\naccounts: {x: Me, facebook: Us}\ncadence: {quiet: [sun], holidays: [2027-02-05]}\n"
    )
    (top / "posts.yaml").write_text(
        "posts:\n"
        "- {id: one, at: 2027-02-03 09:00, accounts: [x, facebook], text: One, not_before: 2027-02-03 08:00}\n"
        "- {id: two, at: 2027-02-04 09:00, accounts: facebook, text: Two}\n"
        "- {id: near, at: 2027-02-01 13:10, accounts: x, text: Near}\n"
        "- {id: gap, at: 2027-03-27 02:30, accounts: x, text: Gap}\n"
        "- {id: tip, at: 2027-02-10 09:00, accounts: x, text: Tip, repeat: {every: day, times: 3}}\n"
    )
    with desk_of(top) as desk:
        assert days(desk, "one", "2027-01-31", "2027-02-08") == {
            "31": (False, "past"),
            "01": (False, "past"),
            "02": (False, "not_before"),
            "03": (True, None),
            "04": (False, "taken"),
            "05": (True, "quiet"),
            "06": (True, None),
            "07": (True, "quiet"),
            "08": (True, None),
        }
        assert days(desk, "one", "2027-02-04", "2027-02-04", accounts=["x"]) == {"04": (True, None)}
        assert days(desk, "near", "2027-02-05", "2027-02-05") == {"05": (False, "frozen")}
        assert days(desk, "gap", "2027-03-28", "2027-03-28") == {"28": (False, "clock")}
        assert days(desk, "tip", "2027-02-11", "2027-02-13", part="2027-02-10", series="this") == {
            "11": (False, "taken"),
            "12": (False, "taken"),
            "13": (True, None),
        }
        told = desk.send(
            "/studio/days", {"key": desk.post("one")["key"], "from": "2027-02-04", "to": "2027-02-04"}
        )
        taken = told.body["days"]["2027-02-04"]
        assert (taken["say"], taken["swap"]) == (
            "facebook has a post at 09:00: two.",
            desk.post("two")["key"],
        )


def test_days_are_judged_from_the_card_that_moves(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, linkedin: Us}\n")
    (tmp_path / "posts.yaml").write_text(
        "posts:\n- id: one\n  at: 2027-02-03 10:00\n  accounts: [x, linkedin]\n  text: One\n"
        "  networks: {linkedin: {at: 2027-02-05 12:00}}\n"
        "- {id: two, at: 2027-02-08 12:00, accounts: linkedin, text: Two}\n"
    )
    with desk_of(tmp_path) as desk:
        span = ("2027-02-06", "2027-02-08")
        free, taken = (True, None), (False, "taken")
        assert days(desk, "one", *span) == {"06": taken, "07": free, "08": free}
        assert days(desk, "one", *span, of="linkedin") == {"06": free, "07": free, "08": taken}


APART = """posts:
- id: one
  at: 2027-02-03 10:00
  accounts: [x, linkedin]
  text: One
  networks: {linkedin: {at: 2027-02-05 12:00}}
- id: two
  at: 2027-02-08 12:00
  accounts: [linkedin, bluesky]
  text: Two
  networks: {bluesky: {at: 2027-02-06 12:00}}
"""


def apart(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, linkedin: Us, bluesky: We}\n")
    (tmp_path / "posts.yaml").write_text(APART)
    return tmp_path


def times(desk: Desk, name: str) -> dict[str, tuple[str, str]]:
    post = desk.post(name)
    found = {alias: post["times"].get(alias, post["at"]) for alias in post["accounts"]}
    return {alias: (each["day"][5:], each["time"]) for alias, each in found.items()}


@pytest.mark.story
def test_two_posts_swap_the_minutes_that_they_have_on_the_account_where_they_meet(tmp_path: Path) -> None:
    """The one whose card was dropped goes where it was dropped; what its accounts have of their own stays."""
    with desk_of(apart(tmp_path)) as desk:
        other, move = desk.post("two")["key"], {"day": "2027-02-08", "of": "linkedin"}
        refused = desk.do("one", move=move).body["refused"]
        assert (refused["swap"], refused["account"]) == (other, "linkedin")
        day = {"key": desk.post("one")["key"], "from": "2027-02-08", "to": "2027-02-08", "of": "linkedin"}
        landing = desk.send("/studio/days", day).body["days"]["2027-02-08"]
        assert (landing["swap"], landing["account"]) == (other, "linkedin")
        assert desk.do("one", swap={"with": other, "move": move}).status == 200
        assert times(desk, "one") == {"x": ("02-06", "10:00"), "linkedin": ("02-08", "12:00")}
        assert times(desk, "two") == {"linkedin": ("02-05", "12:00"), "bluesky": ("02-03", "12:00")}
        desk.send("/studio/undo", {})
        alone = {**move, "time": "12:00", "accounts": ["linkedin"]}
        assert desk.do("one", swap={"with": other, "move": alone}).status == 200
        assert times(desk, "one") == {"x": ("02-03", "10:00"), "linkedin": ("02-08", "12:00")}
        assert times(desk, "two")["linkedin"] == ("02-05", "12:00")


def test_a_swap_moves_nothing_into_the_past_and_nothing_that_was_published(tmp_path: Path) -> None:
    move = {"day": "2027-02-08", "of": "linkedin"}
    with desk_of(apart(tmp_path), now=datetime(2027, 2, 3, 11, tzinfo=UTC)) as desk:
        swap = {"with": desk.post("two")["key"], "move": move}
        assert desk.do("one", swap=swap).status == 200
        assert times(desk, "one") == {"x": ("02-03", "10:00"), "linkedin": ("02-08", "12:00")}
        desk.send("/studio/undo", {})
        desk.clock.at = datetime(2027, 2, 3, 13, tzinfo=UTC)
        told = desk.do("one", swap=swap)
        assert (told.status, told.say) == (
            422,
            "Two would be at Wed 3 Feb, 12:00, which has passed. Nothing was written.",
        )
        assert desk.read("posts.yaml") == APART


def test_a_swap_with_a_post_that_has_moved_meanwhile_is_refused(tmp_path: Path) -> None:
    with desk_of(apart(tmp_path)) as desk:
        other = desk.post("two")["key"]
        assert desk.do("two", move={"day": "2027-02-09"}).status == 200
        told = desk.do("one", swap={"with": other, "move": {"day": "2027-02-08", "of": "linkedin"}})
        assert (told.status, told.say) == (
            422,
            "Two is no longer at that time: move one again. Nothing was written.",
        )


def test_words_are_counted_as_the_networks_count(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(
        "timezone: UTC\naccounts: {x: Me, linkedin: Us}\nappend: {x: Read on}\n"
        "words:\n- {never: [delve], why: nobody says it}\n"
    )
    (top / "posts.yaml").write_text(
        "posts:\n- {id: one, at: 2027-03-03 09:00, accounts: [x, linkedin], text: One}\n"
    )
    with desk_of(top) as desk:
        key = desk.post("one")["key"]
        text = f"  🔦 {'a' * 250} https://example.com/{'b' * 60} delve into it"
        told = desk.send("/studio/words", {"key": key, "accounts": ["x", "linkedin"], "text": text}).body
        assert told["counts"]["linkedin"] == {"used": len(text) - 2, "limit": 3000, "over_from": None}
        # an emoji counts 2, an address 23, and the words of the settings come after an empty line
        assert told["counts"]["x"]["used"] == 2 + 1 + 250 + 1 + 23 + 1 + len("delve into it") + 2 + len(
            "Read on"
        )
        fits = text.encode("utf-16-le")[: 2 * told["counts"]["x"]["over_from"]].decode("utf-16-le")
        again = desk.send("/studio/words", {"key": key, "accounts": ["x"], "text": fits}).body["counts"]["x"]
        assert fits.endswith("a ")  # an address is never cut
        assert (again["over_from"], again["used"]) == (None, 262)
        never = next(each for each in told["problems"] if each["code"] == "words.never")
        units = text.encode("utf-16-le")
        assert units[2 * never["from"] : 2 * never["to"]].decode("utf-16-le") == "delve"
        assert {each["account"] for each in told["problems"] if each["severity"] == "error"} == {"x"}
        assert "Read on" in told["shown"]["x"]
        assert 'href="https://example.com/' in told["shown"]["linkedin"]
        new = desk.send(
            "/studio/words", {"key": None, "accounts": ["x"], "text": "", "thread": [{"text": "a" * 281}]}
        ).body
        assert new["thread"] == [{"x": {"used": 281, "limit": 280, "over_from": 280}}]
        assert desk.read("posts.yaml").count("\n") == 2


def test_words_of_a_post_that_left_the_files_count_as_those_of_the_new_one_that_saving_adds(
    tmp_path: Path,
) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        key = desk.post("thanks")["key"]
        assert desk.do("thanks", remove={}).status == 200
        question = {"key": key, "calendar": "Fjordlight", "accounts": ["x"], "text": "Still here"}
        assert desk.send("/studio/words", question).body["counts"]["x"]["used"] == len("Still here")
        lost = desk.send("/studio/words", {**question, "calendar": "another"})
        assert (lost.status, lost.say) == (404, "There is no such calendar.")


def upload(desk: Desk, name: str, body: bytes) -> tuple[int, object]:
    told = desk.ask(
        "POST", f"/studio/media?name={quote(name)}", body, {"Content-Type": "application/octet-stream"}
    )
    return told.status, told.body.get("path")


def test_uploads_are_judged_by_content_and_named_safely(desk: Desk) -> None:
    one, other = png(1), png(2)
    assert upload(desk, "../../new photo.jpg", one) == (200, "media/new photo.png")
    assert upload(desk, "new photo.png", one) == (200, "media/new photo.png")
    assert upload(desk, "new photo.png", other) == (200, "media/new photo-2.png")
    assert upload(desk, "/etc/.hidden.png", one)[1] == "media/hidden.png"
    assert upload(desk, "x" * 400 + ".png", one)[0] == 200
    assert upload(desk, "drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")[0] == 415
    assert upload(desk, "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")[0] == 415
    assert upload(desk, "page.png", b"<!doctype html><script>1</script>")[0] == 415
    assert upload(desk, "cut.png", one[:40])[0] == 415
    assert upload(desk, "empty.png", b"")[0] == 415
    assert not [each for each in (desk.top / "media").glob("*") if "new" in each.name]
    told = desk.do("First pictures", edit={"media": [{"path": "media/new photo.png", "alt": "New"}]})
    thumb = told.body["posts"][0]["media"][0]["thumb"]
    picture = desk.ask("GET", thumb)
    assert picture.headers["Content-Type"] == "image/webp"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert desk.ask("GET", "/studio/media/0-99").status == 404
    assert desk.ask("GET", "/studio/media/../publer.yaml").status == 404


def test_no_upload_leaves_the_calendar_by_a_link(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    shutil.rmtree(desk.top / "media")
    (desk.top / "media").symlink_to(tmp_path / "outside")
    assert upload(desk, "photo.png", png(1))[0] == 200
    told = desk.do("First pictures", edit={"media": [{"path": "media/photo.png"}]})
    assert (told.status, "leads out of the calendar" in told.say) == (500, True)
    assert not any((tmp_path / "outside").iterdir())


@pytest.mark.story
def test_what_differs_from_the_last_commit_is_told_in_the_words_of_a_plan(desk: Desk) -> None:
    assert desk.get("/studio/changes")["git"] is False
    git(desk.top, "init", "-q", "-b", "main")
    git(desk.top, "add", "-A")
    git(desk.top, "config", "user.name", "A")
    git(desk.top, "config", "user.email", "a@example.com")
    git(desk.top, "commit", "-qm", "First")
    assert desk.get("/studio/changes")["files"] == []
    desk.do("launch", move={"day": "2027-03-03"})
    desk.do("equinox", edit={"text": "Other words", "draft": True})
    desk.do("summer-time", remove={})
    desk.do("announcement", duplicate={"day": "2027-03-24"})
    told = desk.get("/studio/changes")
    assert (told["git"], told["branch"]["name"]) == (True, "main")
    assert {each["file"]: [word["say"] for word in each["words"]] for each in told["files"]} == {
        "2027-03-launch.yaml": [
            "moved launch: Tue 2 Mar → Wed 3 Mar, 09:00",
            "new announcement-2: Wed 24 Mar, 09:00",
        ],
        "2027-03.yaml": ["edited equinox: words, is a draft now", "removed summer-time"],
    }
    assert "has no remote" in told["review"]["instead"]
    assert desk.get("/studio/posts")["changed"] == 2
    for _ in range(4):
        left = desk.send("/studio/undo", {}).body["changed"]
    assert left == 0


@pytest.mark.parametrize(
    "path", ["/studio/change", "/studio/undo", "/studio/redo", "/studio/media?name=a.png"]
)
def test_read_only_writes_nothing(tmp_path: Path, path: str) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (top / "posts.yaml").write_text("posts:\n- {id: one, at: 2027-03-03 09:00, accounts: x, text: One}\n")
    with desk_of(top, read_only=True) as desk:
        told = desk.send(path, {})
        assert (told.status, "--read-only" in told.say) == (403, True)
        assert desk.get("/studio/posts")["read_only"] is True
        assert days(desk, "one", "2027-03-04", "2027-03-04") == {"04": (True, None)}

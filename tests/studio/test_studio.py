"""The studio without its server and its page: what it reads anew, what it tells, and what it does to files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import ENOSPC
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.edit import studio_of
from publer_sync.editing import saving
from publer_sync.machine.durable import move_file
from publer_sync.previewing.marking import Marking
from publer_sync.previewing.page import Card
from publer_sync.studio import kept, showing
from publer_sync.studio import studio as studios
from publer_sync.studio.orders import PictureRequest, change_request
from tests.studio.desk import StudioClock
from tests.studio.snapshots import NOW, SETTINGS, post, whole, write
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from publer_sync.studio.answers import StudioAnswer
    from publer_sync.studio.studio import Studio

LATER = post("note: Later", at="2027-03-02 11:11")
SHOWN = post("media: [{file: media/one.png, alt: One}]")


@dataclass
class Asked:
    """A studio that is asked without its page, which is told so many times of something new."""

    top: Path
    studio: Studio
    clock: StudioClock
    told: int = 0

    def save(self, text: str, file: str = "posts.yaml") -> None:
        """As somebody would in an editor."""
        write(self.top, {file: whole(text)})

    def key(self, name: str) -> str:
        return next(
            key for each in self.studio.opened for key, entry in each.keys.entries.items() if name == entry.id
        )

    def known(self, name: str) -> dict[str, str]:
        """A post as a page knows it that was drawn now."""
        key = self.key(name)
        opened = next(each for each in self.studio.opened if key in each.keys.entries)
        return {"key": key, "revision": opened.keys.revision(key)}

    def change(self, request: Mapping[str, Any]) -> StudioAnswer:
        return self.studio.change(change_request(request), request["do"])

    def do(self, name: str, **do: Any) -> StudioAnswer:
        return self.change({**self.known(name), "do": do})

    def new(self, **fields: Any) -> StudioAnswer:
        day = {"calendar": "", "day": "2027-03-09", "time": "09:00", "accounts": ["x"], "text": "New"}
        return self.change({"do": {"new": {**day, **fields}}})

    def upload(self, name: str, raw: bytes, calendar: str | None = None) -> StudioAnswer:
        return self.studio.upload(BytesIO(raw), len(raw), name, calendar)

    def read(self, file: str = "posts.yaml") -> str:
        return (self.top / file).read_text(encoding="utf-8")

    @property
    def errors(self) -> list[str]:
        """The codes of what the studio has found wrong so far."""
        return [
            each.code
            for opened in self.studio.opened
            for each in opened.snapshot.problems
            if each.severity == "error"
        ]


def said(answer: StudioAnswer) -> str:
    body = answer.body
    return str(body.get("say") or body.get("refused", body.get("conflict"))["say"])


def asked(top: Path, files: Mapping[str, str | bytes], *others: Path) -> Asked:
    """The studio over a calendar with these files, and over others."""
    for each in (top, *others):
        write(each, {"publer.yaml": f"name: {each.name}\n{SETTINGS}"})
    write(top, {file: whole(each) if isinstance(each, str) else each for file, each in files.items()})
    clock = StudioClock(NOW)
    made = Asked(top, studio_of([top, *others], read_only=False, now=lambda: clock.at), clock)

    def tell() -> None:
        made.told += 1

    made.studio.tell, made.studio.version = tell, lambda: made.told
    return made


@pytest.fixture
def one(tmp_path: Path) -> Asked:
    """A calendar with one post."""
    return asked(tmp_path, {"posts.yaml": post()})


# --- what is read anew


@each_of(
    "ask",
    [
        lambda studio: studio.page()[0],
        lambda studio: str(studio.posts()),
        lambda studio: str(studio.outline()),
    ],
)
def test_a_page_shows_what_was_saved_before_it_asked(
    tmp_path_factory: pytest.TempPathFactory, ask: Callable[[Studio], str]
) -> None:
    one = asked(tmp_path_factory.mktemp("calendar"), {"posts.yaml": post()})
    one.save(LATER)
    assert "11:11" in ask(one.studio)
    assert one.told == 1


def test_a_page_is_told_once_that_a_calendar_cannot_be_read_and_once_that_it_can(one: Asked) -> None:
    shutil.rmtree(one.top)
    for _ in range(2):
        one.studio.follow()
        assert (one.told, "does not exist" in one.studio.lost) == (1, True)
    write(one.top, {"publer.yaml": SETTINGS})
    one.studio.follow()
    assert (one.told > 1, one.studio.lost) == (True, "")
    before = one.told
    one.studio.follow()
    assert one.told == before


def test_a_page_is_told_of_each_change_once(one: Asked) -> None:
    acts: tuple[Callable[[], StudioAnswer], ...] = (
        lambda: one.do("one", edit={"note": "A"}),
        one.studio.undo,
        one.studio.redo,
        lambda: one.studio.undo(1),
    )
    for act in acts:
        before = one.told
        answer = act()
        assert (answer.status, one.told) == (200, before + 1), answer
        assert answer.body["version"] == one.told
    assert (one.studio.redo(7).status, one.do("one", edit={"note": ""}).status, one.told) == (409, 200, 4)


def test_what_git_did_is_read_and_told(one: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where it left all files as they were: the branch is another one."""
    texts: list[str] = [LATER, LATER]

    def done() -> tuple[Any, str]:
        one.save(texts.pop())
        return {"say": "You are on main."}, ""

    monkeypatch.setattr(one.studio.git, "back_to_default", done)
    for told in (2, 3):
        assert said(one.studio.back_to_default()) == "You are on main."
        assert ("11:11" in str(one.studio.cards(["0-1"])), one.told) == (True, told)


# --- pictures


def test_a_picture_that_a_post_was_given_meanwhile_stays(one: Asked) -> None:
    write(one.top, {"media/one.png": png(1), "media/two.png": png(2)})
    one.studio.follow()
    one.save(SHOWN)
    assert one.studio.discard(PictureRequest("media/one.png")).status == 422
    before = one.told
    assert one.studio.discard(PictureRequest("media/two.png")).status == 200
    assert one.told == before + 1, "the page is told at once"
    assert one.studio.discard(PictureRequest("media/two.png", back=True)).status == 200
    assert one.told == before + 2


def test_a_picture_comes_into_a_calendar_that_there_is(tmp_path: Path) -> None:
    both = asked(tmp_path / "one", {"posts.yaml": post()}, tmp_path / "two")
    for name, told in (("two", 200), ("three", 404), (None, 404)):
        assert both.upload("new.png", png(1), name).status == told, name
    assert not (tmp_path / "one" / ".publer-sync").exists()


@each_of("new", [False, True])
def test_a_picture_waits_until_its_post_is_written(
    tmp_path_factory: pytest.TempPathFactory, new: bool
) -> None:
    one = asked(tmp_path_factory.mktemp("calendar"), {"posts.yaml": post()})
    media = [{"path": "media/new.png", "alt": "New"}]
    there = one.top / "media" / "new.png"
    assert one.upload("new.png", png(1)).status == 200
    before = one.told
    refused = (
        one.new(media=media, text="word " * 80)
        if new
        else one.do("one", edit={"media": media, "text": "word " * 80})
    )
    assert (refused.status, there.exists()) == (422, False)
    assert one.told == before + 2, "it came, and went"
    done = one.new(media=media) if new else one.do("one", edit={"media": media})
    assert (done.status, there.read_bytes()) == (200, png(1)), done
    assert one.errors == []


def test_what_is_refused_leaves_nothing_beside_the_calendar(one: Asked) -> None:
    assert one.do("one", edit={"text": "word " * 80}).status == 422
    assert sorted(each.name for each in one.top.iterdir()) == ["posts.yaml", "publer.yaml"]


@each_of(("failing", "there", "told"), [({2}, [], 0), ({2, 3}, ["1.png"], 1)])
def test_pictures_of_a_post_come_together_or_wait_together(
    tmp_path_factory: pytest.TempPathFactory, failing: set[int], there: list[str], told: int
) -> None:
    """Where the disk is full in between. The page is told of one that could not even be taken back."""
    one = asked(tmp_path_factory.mktemp("calendar"), {"posts.yaml": post()})
    for number in (1, 2):
        one.upload(f"{number}.png", png(number))
    moves: list[Path] = []

    def move(source: Path, target: Path) -> None:
        moves.append(target)
        if len(moves) in failing:
            raise OSError(ENOSPC, "No space left on device")
        move_file(source, target)

    media = [{"path": f"media/{number}.png"} for number in (1, 2)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kept, "move_file", move)
        assert one.do("one", edit={"media": media}).status == 507
    assert ([each.name for each in (one.top / "media").iterdir()], one.told) == (there, told)
    assert one.do("one", edit={"media": media}).status == 200, "once there is room"
    assert sorted(each.name for each in (one.top / "media").iterdir()) == ["1.png", "2.png"]


# --- what a change answers


def test_of_several_posts_the_one_that_left_the_files_is_the_conflict(tmp_path: Path) -> None:
    both = asked(tmp_path, {"posts.yaml": post() + post(id="two", at="2027-03-03 09:00")})
    request = {"posts": [both.known("one"), both.known("two")], "do": {"move": {"by": 1}}}
    both.save(post())
    answer = both.change(request)
    assert (answer.status, said(answer)) == (409, "The post is no longer in the files. Nothing was written.")
    assert answer.body["conflict"] | {"say": "", "yours": ""} == {
        "say": "", "yours": "", "theirs": None, "file": "", "line": 0, "open": "",
    }  # fmt: skip
    assert both.read() == whole(post())


def test_a_conflict_leads_to_the_post_as_it_is_now(one: Asked) -> None:
    request = {**one.known("one"), "do": {"edit": {"note": "Mine"}}}
    one.save(post("note: Theirs"))
    conflict = one.change(request).body["conflict"]
    assert (conflict["theirs"]["note"], conflict["file"], conflict["line"]) == ("Theirs", "posts.yaml", 2)
    assert conflict["open"] == conflict["theirs"]["open"] != ""


@each_of(
    ("other", "file", "text", "told", "line", "swap"),
    [
        # where the post stands whose minute was wanted, in a file that was not written
        ("z.yaml", "z.yaml", "Short", "slot.twice", 3, True),
        # where the post stands that was to move
        ("a.yaml", "posts.yaml", "Short", "slot.twice", 2, True),
        # a swap would not help
        ("z.yaml", "posts.yaml", "word " * 80, "x.text.length", 2, False),
    ],
)
def test_an_error_is_told_where_its_post_is_in_the_files_as_they_are(
    tmp_path_factory: pytest.TempPathFactory,
    other: str,
    file: str,
    text: str,
    told: str,
    line: int,
    swap: bool,
) -> None:
    two = post(id="two", at="2027-03-03 09:00")
    one = asked(tmp_path_factory.mktemp("calendar"), {"posts.yaml": post(), other: two})
    answer = one.do("one", edit={"text": text}, move={"day": "2027-03-03"})
    refused = answer.body["refused"]
    first = refused["problems"][0]
    assert (first["code"], first["file"], first["line"]) == (told, file, line)
    assert (answer.status, refused["file"], refused["line"]) == (422, file, line)
    assert (refused["swap"], refused.get("account")) == ((one.key("two"), "x") if swap else (None, None))


@each_of(("many", "told"), [(3, ["cadence.many"]), (2, [])])
def test_of_many_posts_only_what_is_near_a_change_is_judged_for_its_answer(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, many: int, told: list[str]
) -> None:
    """What is said of whole weeks, and of the posts that it does not concern, the page asks for after it."""
    monkeypatch.setattr(studios, "MANY", many)
    one = asked(
        tmp_path_factory.mktemp("calendar"),
        {
            "publer.yaml": f"{SETTINGS}cadence: {{x: 1/week}}\n",
            "posts.yaml": post() + post(id="two", at="2027-03-09 09:00", text="text: Two"),
        },
    )
    answer = one.do("two", move={"day": "2027-03-03"})
    assert (answer.status, [each["code"] for each in answer.body["problems"]]) == (200, told)
    assert [each["code"] for each in answer.body.get("standing", ())] == told
    assert ("standing" in answer.body) is bool(told)


@each_of("large", [False, True])
def test_the_cards_of_posts_are_those_of_now(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    """Those of a large calendar come before all of it is judged, and say what is wrong once it is."""
    monkeypatch.setattr(showing, "LARGE", 1 if large else 2)
    top = tmp_path_factory.mktemp("calendars")
    both = asked(top / "one", {"posts.yaml": post("media: [{file: none.png}]")}, top / "two")
    both.studio.mark([Marking(), Marking(outside=(Card(NOW, (), "Not managed here", ()),))])
    told = both.studio.cards(["0-1", "0-2", "beside-0", "beside-1"])
    cards = {key: "".join(each) for key, each in told["cards"].items()}
    assert list(cards) == ["0-1", "0-2", "beside-0", "beside-1"]
    assert ("No file none.png" in cards["0-1"]) is not large
    assert ("One" in cards["0-1"], cards["0-2"], cards["beside-0"]) == (True, "", "")
    assert "Not managed here" in cards["beside-1"]
    assert [(each["id"], each["past"]) for each in told["posts"]] == [("one", False)]
    assert both.errors == ["media.missing"]
    both.clock.at = datetime(2027, 3, 2, 9, tzinfo=UTC)
    told = both.studio.cards(["0-1"])
    assert ("No file none.png" in str(told["cards"]), told["posts"][0]["past"]) == (True, True)
    assert [*told["cards"]] == ["0-1"]


# --- undo and redo

MINE = "text: |\n  My\n  own\n  new\n  words\n  of\n  March\n"


def test_what_cannot_be_undone_is_said(one: Asked) -> None:
    assert said(one.studio.undo()) == said(one.studio.redo()) == "There is nothing to undo or redo."
    assert said(one.studio.undo(1)) == "That was taken back already."
    assert one.do("one", edit={"note": "Mine"}).status == 200
    one.save(one.read().replace("Mine", "Theirs"))
    for told in ("Someone changed these lines of posts.yaml since", "There is nothing to undo or redo."):
        answer = one.studio.undo()
        assert (answer.status, said(answer).startswith(told)) == (409, True), said(answer)
    assert "Theirs" in one.read()


def test_a_step_is_not_undone_in_a_post_that_says_the_same_meanwhile(tmp_path: Path) -> None:
    two = post(id="two", at="2027-03-03 09:00", text="text: Two")
    one = asked(tmp_path, {"posts.yaml": post() + two})
    assert one.do("one", edit={"text": "My\nown\nnew\nwords\nof\nMarch"}).status == 200
    assert one.do("one", remove={}).status == 200
    assert one.do("two", edit={"text": "My\nown\nnew\nwords\nof\nMarch"}).status == 200
    before = one.read()
    answer = one.studio.undo(1)
    assert (answer.status, said(answer).partition(",")[0]) == (
        409,
        "Someone changed these lines of posts.yaml since",
    )
    assert (one.read(), len(one.studio.history.done)) == (before, 3)


def test_the_last_step_is_undone_after_its_post_was_away(one: Asked) -> None:
    """As on another branch: the page calls it by another key when it is back."""
    assert one.do("one", edit={"note": "Mine"}).status == 200
    written, key = one.read(), one.key("one")
    for text in ("posts: []\n", written):
        one.save(text)
        one.studio.follow()
    assert one.key("one") != key
    assert one.studio.undo().status == 200
    assert one.read() == whole(post())


def test_a_write_that_somebody_stops_is_no_conflict(one: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(saving, "save_file", stop)
    answer = one.do("one", edit={"note": "Mine"})
    assert (answer.status, said(answer)) == (500, "Stopped, as asked.\nNothing was written.")

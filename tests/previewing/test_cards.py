"""What the page knows of each post before a browser shows it: its card, its pictures, and what is wrong with it."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from publer_sync.commands.preview import make
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.shared import load
from publer_sync.networks.media import MediaInfo
from publer_sync.networks.table import NETWORKS
from publer_sync.planning.publication import Days, Publication, Results
from publer_sync.previewing import html, previewed, published, stills, texts
from publer_sync.previewing.cards import poll_of
from publer_sync.previewing.page import AccountChip, Card, CardMark, PollCard, PreviewPage, Tile
from publer_sync.previewing.thumbnails import Small, Thumbnails
from publer_sync.previewing.tiles import crops, networks_of
from publer_sync.render.layout.dates import Dates
from publer_sync.render.post.names import whose
from publer_sync.values.content import Content
from publer_sync.values.model import Account
from tests.builders import EARLIER, NOW, WORKSPACE, X, copy_of, wanted
from tests.system.worlds import HOUR, T, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publer_sync.values.content import Json
    from tests.system.worlds import World

SETTINGS = """\
timezone: UTC
accounts: {x: Me, linkedin: Us, instagram: Ig}
people: {kari: Kari}
signoff: [{labels: [ad], by: kari}]
"""
SOON = datetime.now(UTC) + timedelta(days=3)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text(SETTINGS)
    Image.new("RGB", (200, 150), "teal").save(tmp_path / "lamp.jpg")
    (tmp_path / "film.mp4").write_bytes(b"no real film")
    return tmp_path


def cards(top: Path, *posts: str, days: tuple[int, ...] = (0, 1, 2)) -> list[Card]:
    """Of posts on so many days from the first."""
    dates = (f"{SOON + timedelta(days=day):%Y-%m-%d} 09:00" for day in days)
    written = (f"- at: {date}\n  {post}\n" for date, post in zip(dates, posts, strict=False))
    (top / "posts.yaml").write_text(f"posts:\n{''.join(written)}", encoding="utf-8")
    return [*make(load(top), Choice(), Thumbnails()).cards]


def test_pictures_and_frames_are_on_the_page_for_some_weeks(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def still(_: Thumbnails, path: Path) -> Small:
        asked.append(path.name)
        return Small("data:a frame", 9, 9)

    monkeypatch.setattr(Thumbnails, "still", still)
    media = "accounts: linkedin\n  text: Hi\n  media: [{{file: {}, alt: A}}]"
    posts = [media.format("lamp.jpg"), media.format("film.mp4")]
    pictures = [card.tiles[0].picture[:10] for card in cards(top, *posts, *posts, days=(0, 1, 200, 201))]
    assert pictures == ["data:image", "data:a fra", "", ""]
    assert asked == ["film.mp4"]


def test_a_card_says_who_signs_off_and_nothing_twice(top: Path) -> None:
    made = cards(
        top,
        "accounts: x\n  text: Buy\n  labels: [ad]",
        "accounts: x\n  text: Buy later\n  labels: [ad]\n  draft: true",
        "accounts: linkedin\n  text: Words\n  comments: [{text: First}]",
    )
    assert [card.facts for card in made] == [("to be signed off by Kari",), (), ()]


@each_of(
    "poll, shown",
    [
        ({"options": ["A", "B"], "question": "Which?"}, PollCard("", ("A", "B"), "")),
        ({"options": ["A", "B"], "question": "Or this?"}, PollCard("Or this?", ("A", "B"), "")),
        ({"options": ["A", "B\x1b"]}, PollCard("", ("A", "B␛"), "")),
        (
            {"options": ["A"], "duration": {"duration": 2, "unit": "Day"}},
            PollCard("", ("A",), "2 days"),
        ),
        (None, None),
    ],
)
def test_a_poll_does_not_repeat_the_words_of_its_post(poll: Json, shown: PollCard | None) -> None:
    content = Content.from_json({"text": "Which?", **({"poll": poll} if poll else {})})
    assert poll_of(content) == shown


def test_the_picture_of_a_link_is_on_its_card_and_has_its_name(top: Path) -> None:
    link = "accounts: facebook\n  text: Read\n  link: {url: 'https://e.com', title: T, image: lamp.jpg}"
    (top / "publer.yaml").write_text(SETTINGS.replace("{x: Me", "{facebook: Fb, x: Me"))
    [card] = cards(top, link)
    assert card.link is not None
    assert (card.link.picture[:10], card.link.picture_name) == ("data:image", "lamp.jpg")


def test_a_problem_has_its_fix_where_there_is_one(top: Path) -> None:
    [card] = cards(top, "accounts: x\n  text: Hi\n  title: Spring")
    [problem] = card.problems
    assert (problem.message, problem.fix) == (
        'X shows no title on posts: "Spring" would be lost.',
        "Put the words in the text.",
    )


@each_of(
    "kind, changed, told",
    [
        ("edit", ("the text",), "the text"),
        ("edit", (), "edit"),
        ("new", ("the text",), "new"),
        ("account", ("the text",), "moves to X, the text"),
    ],
)
def test_a_mark_says_what_differs_where_something_stays(
    kind: str, changed: tuple[str, ...], told: str
) -> None:
    word = {"account": "moves to X"}.get(kind, kind)
    assert CardMark(kind, word, changed=changed).happening == told


@each_of(
    "other, alike",
    [
        ({"at": NOW + timedelta(days=1), "id": "b", "place": "b.yaml:1", "part": "2"}, True),
        ({"at": NOW + timedelta(minutes=1)}, False),
        ({"at": None}, False),
        ({"labels": ("new",)}, False),
        ({"mark": CardMark("move", "moved", was="Monday", shift="1 day, 0:00:00")}, True),
        ({"mark": CardMark("move", "moved", was="Tuesday", shift="2 days, 0:00:00")}, False),
        ({"mark": CardMark("move", "moved", shift="1 day, 0:00:00", entries=frozenset({7}))}, True),
    ],
)
def test_changes_are_alike_that_differ_in_their_day_alone(other: dict[str, Any], alike: bool) -> None:
    mark = CardMark("move", "moved", was="Sunday", shift="1 day, 0:00:00")
    one = Card(NOW, (), "Hi", (), id="a", mark=mark)
    assert (replace(one, **other).alike == one.alike) is alike
    assert one.alike
    assert replace(one, mark=None).alike == ""


@each_of("name, letter", [("fjordlight", "F"), ("@ørsted", "Ø"), ("(4 you)", "4"), ("–", "?"), ("", "?")])
def test_an_account_has_the_letter_with_which_its_name_begins(name: str, letter: str) -> None:
    assert AccountChip("x", name, "x", "X").letter == letter


@each_of(
    "why, number, told",
    [
        ("far", 1, "1 picture of posts from Tue 24 Nov 2026 on is named and not shown: "),
        ("far", 2, "2 pictures of posts from Tue 24 Nov 2026 on are named and not shown: "),
        ("full", 1, "1 picture is named and not shown: with more than 12 MB of pictures "),
        ("full", 2, "2 pictures are named and not shown: with more than 12 MB of pictures "),
        ("unreadable", 1, "1 picture could not be read, and is named only."),
        ("unreadable", 2, "2 pictures could not be read, and are named only."),
    ],
)
def test_pictures_that_are_left_out_are_counted(why: str, number: int, told: str) -> None:
    tiles = (Tile("photo", "lamp.png"), *[Tile("photo", "lamp.png", left_out=why)] * number)
    [line] = previewed._left_out([Card(NOW, (), "", (), tiles=tiles)], NOW, Dates("UTC"))
    assert line.startswith(told)


@each_of(
    "width, height, cut",
    [
        *((1080, 1080, 0), (3000, 1000, 1), (600, 1000, 1), (None, None, 0)),
        *((1080, 1350, 0), (1080, 1351, 1), (1910, 1000, 0), (1911, 1000, 1)),
    ],
)
def test_what_instagram_cuts_off_is_known_where_the_sides_are(
    width: int | None, height: int | None, cut: int
) -> None:
    info = MediaInfo("image/jpeg", "photo", 9, width, height)
    assert len([*crops(info, [NETWORKS["instagram"]])]) == cut
    assert [*crops(None, [NETWORKS["instagram"]])] == []
    assert len([*crops(info, NETWORKS.values())]) == cut, "no other network says what it cuts off"
    assert networks_of([Account("a", "Us", "newer"), Account("b", "Us", "x")]) == []
    for cropped in crops(info, [NETWORKS["instagram"]]):
        assert cropped.shape == ("4:5" if (width or 0) < (height or 0) else "1.91:1")


@each_of("provider, cut", [("linkedin", True), ("wordpress", False), ("unknown", False)])
def test_a_feed_cuts_where_its_network_does(provider: str, cut: bool) -> None:
    account = Account("a", "Us", provider)
    assert (texts._cut("some words " * 30, account) is not None) is cut


@each_of("name, found", [("a.pdf", "pdftoppm"), ("a.docx", None), ("a.mp4", "ffmpeg"), ("a.jpg", None)])
def test_a_picture_of_a_file_is_made_by_the_program_for_it(name: str, found: str | None) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shutil, "which", lambda program: program)
        assert stills.program_for(name) == found


@each_of("served", [True, False])
def test_only_a_page_that_is_served_may_ask_its_server(served: bool) -> None:
    assert ("connect-src 'self'" in html._policy("style", served=served)) is served


def test_a_page_of_changes_has_a_review_unless_posts_are_edited_on_it(top: Path) -> None:
    calendar = make(load(top), Choice(), Thumbnails())
    changed = tuple(
        replace(card, mark=CardMark("new", "new")) for card in cards(top, "accounts: x\n  text: Hi")
    )
    for studio in (False, True):
        page = html.render(PreviewPage((replace(calendar, cards=changed),), studio=studio))
        assert ('id="review"' in page) is not studio


@each_of(
    "settings, title",
    [
        ("workspace: Acme", "Acme"),
        ("workspace: 63c675e94e299e9cf2b667ec", "{folder}"),
        ("name: spring\nworkspace: Acme", "spring"),
        ("time: 09:00", "{folder}"),
    ],
)
def test_a_page_is_called_what_readers_know(top: Path, settings: str, title: str) -> None:
    (top / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{x: Me}}\n{settings}\n")
    (top / "posts.yaml").write_text("posts: []\n")
    assert make(load(top), Choice(), Thumbnails()).title == title.format(folder=top.name)


def test_a_page_of_nothing_but_posts_has_no_review(top: Path) -> None:
    (top / "posts.yaml").write_text("posts: []\n")
    page = html.render(PreviewPage((make(load(top), Choice(), Thumbnails()),)))
    assert 'id="review"' not in page


def test_a_picture_for_which_a_page_has_no_room_is_named(top: Path) -> None:
    cards(top, "accounts: linkedin\n  text: Hi\n  media: [{file: lamp.jpg, alt: A}]")
    page = html.render(PreviewPage((make(load(top), Choice(), Thumbnails(10)),)))
    assert "Not shown: the page has no room for more pictures" in page
    assert "1 picture is named and not shown: with more than 12 MB" in page


def test_a_card_on_an_account_that_the_filters_lack_stands_for_none_of_them(top: Path) -> None:
    calendar = make(load(top), Choice(), Thumbnails())
    [card] = cards(top, "accounts: x\n  text: Hi")
    page = PreviewPage((replace(calendar, accounts=()),))
    assert 'data-accounts=""' in html.render_card(card, page, 0)


def test_a_page_of_many_cards_is_laid_out_as_it_is_seen(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MANY", 2)
    posts = ["accounts: x\n  text: One", "accounts: x\n  text: Two", "accounts: x\n  text: Three"]
    for number in (2, 3):
        cards(top, *posts[:number])
        page = html.render(PreviewPage((make(load(top), Choice(), Thumbnails()),)))
        assert ('<div id="list" class="many">' in page) is (number == 3)


@pytest.fixture
def empty_world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "home") as world:
        world.settings()
        world.write()
        yield world


def test_posts_that_are_not_managed_here_are_cards_of_their_own(empty_world: World) -> None:
    world = empty_world
    piece = {"id": "5f0000000000000000000001", "path": "https://cdn/1.png", "type": "photo", "name": "a.png"}
    world.stranger("x", T, "Theirs", url="https://example.com/theirs")
    world.stranger("x", T + HOUR, "Their draft", state="draft")
    world.stranger("facebook", T, "Their picture", type="photo", media=[piece])
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--live", "--out", page).code == 0
    text = page.read_text(encoding="utf-8")
    kinds = dict(re.findall(r'data-kinds="([^"]*)"[^>]*data-title="([^"]*)"', text))
    assert kinds == {"status": "Theirs", "status draft": "Their draft", "photo": "Their picture"}
    assert "https://example.com/theirs" in text
    assert "link: None" not in text
    assert "a.png" in text


def test_accounts_of_a_table_are_named_for_readers_and_other_groups_by_their_name() -> None:
    results = Results("c", WORKSPACE, "UTC", Days(NOW, NOW, NOW), (), by="label")
    page: Any = SimpleNamespace()
    assert published._Maker.group_name(page, results, "spring") == "spring"
    of_x = replace(results, by="account", publications=(Publication(X),))
    for name, told in (("x", whose(X)), ("gone\n", "gone")):
        assert published._Maker.group_name(page, of_x, name) == told


@each_of(
    "content, titled, words",
    [
        ({"text": "It was sent"}, "It was sent", "It was sent"),
        ({"media": [{"file": "sha256:aa"}]}, "left", ""),
    ],
)
def test_of_a_post_that_is_neither_in_the_files_nor_in_publer_the_state_tells(
    content: dict[str, Any], titled: str, words: str
) -> None:
    sent = copy_of(wanted(EARLIER, **{"text": "", "id": "left", **content}))
    gone = Publication(X, planned=EARLIER, copy=sent)
    days = Days(EARLIER - timedelta(days=1), NOW, NOW)
    made = published.results_of(Results("c", WORKSPACE, "UTC", days, (gone,)), Thumbnails())
    [card] = (each.card for section in made.troubles for each in section.cards)
    assert (card.id, card.title, card.tiles) == ("left", titled, ())
    assert "".join(piece.text for piece in card.text.pieces) == words

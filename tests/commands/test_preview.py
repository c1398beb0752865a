"""`preview`: a calendar as one web page."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.request import urlopen

import pytest
from PIL import Image

from publer_sync.commands import preview
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.shared import load
from publer_sync.previewing.addresses import Addresses
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.values.errors import CalendarError, TwiceNamedError, UsageError
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.conftest import ROOT
from tests.system.worlds import DAY, HOUR, T, Want, World, png

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.previewing.page import PreviewPage
    from tests.conftest import Cli

EXAMPLE = ROOT / "examples" / "calendar"
OFFLINE = {"PUBLER_API_KEY": None, "PUBLER_BASE_URL": None}


@pytest.mark.story
def test_it_writes_one_file_without_a_key_and_without_a_request(
    cli: Cli, sandbox: object, tmp_path: Path
) -> None:
    ran = cli("preview", EXAMPLE, env=OFFLINE)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout == "preview.html: 25 posts (on 4 accounts). Open it in a browser.\n"
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count('<article class="card') == 25  # two posts say something else on one of their accounts
    assert "times in Europe/Berlin" in page
    assert str(ROOT) not in page
    assert "Not compared with Publer" not in page


def test_account_and_days_choose_the_posts(cli: Cli, tmp_path: Path) -> None:
    days = ("--from", "2027-03-02", "--to", "2027-03-02")
    assert cli("preview", EXAMPLE, "--account", "linkedin", *days, "--out", "one.html").code == 0
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert page.count('<article class="card') == 1
    assert "Today we launch the Fjordlight Mini" in page
    ran = cli("preview", EXAMPLE, "--account", "linkdin")
    assert ran.code == 64
    assert "publer.yaml has: facebook, x, linkedin, bluesky" in ran.stderr


@pytest.mark.usefixtures("before_march")
def test_a_calendar_with_errors_is_shown_with_them(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
    (top / "march.yaml").write_text(
        "accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: |\n    This one is fine\n"
        f"- at: 2027-03-03 09:00\n  text: |\n    {'too long ' * 40}\n- at: tomorrow\n  text: |\n    No such time\n"
    )
    ran = cli("preview", top)
    assert ran.code == 3
    assert ran.stderr == "2 errors in calendar; the page shows them, and so does validate.\n"
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert page.count('<article class="card') == 3
    assert "2 errors: nothing can be planned until they are fixed." in page
    assert page.count('<li class="error">') == 4, "each on its card and in the list above"
    fine, long, timeless = (
        page.index(f'data-title="{words}')
        for words in ("This one is fine", "too long too long", "No such time")
    )
    assert timeless < fine < long  # what has no time stands first


def test_a_post_with_an_error_keeps_its_day(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
    (top / "march.yaml").write_text(
        "accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: No picture\n  media:\n  - file: media/none.png\n"
        "- at: 2027-03-03 09:00\n  text: No account\n  accounts: linkdin\n- at: 2027-03-04 09:00\n  txt: No key\n"
    )
    assert cli("preview", top).code == 3
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    cards = page.split('<article class="card')[1:]
    assert [re.search(r'data-at="([^"]*)"', card)[1] for card in cards] == [  # type: ignore[index]  # every card has a time
        "2027-03-02T09:00",
        "2027-03-03T09:00",
        "2027-03-04T09:00",
    ]
    assert all('data-problem="error"' in card for card in cards)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_folder_without_a_calendar_is_an_error_and_writes_nothing(
    cli: Cli, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    ran = cli("preview", tmp_path / name)
    assert ran.code == (1 if name == "nowhere" else 3)
    assert not (tmp_path / "preview.html").exists()


def test_a_page_that_cannot_be_written_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    ran = cli("preview", EXAMPLE, "--out", tmp_path / "no" / "such" / "folder.html")
    assert ran.code == 1
    assert "the page cannot be written to" in ran.stderr


@pytest.mark.story
def test_a_note_is_shown_and_never_sent_and_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: My X, facebook: My page}\n")
    post = "posts:\n- at: 2027-03-02 09:00\n  accounts: all\n  text: Words\n"
    (top / "march.yaml").write_text(f"{post}  note: |\n    Ask Anna <b> #first\n    and Bo\n")
    now = ("--sandbox", "--now", "2027-03-01")
    shown = "note: Ask Anna <b> #first ¶ and Bo"
    assert shown in cli("plan", top, *now).stdout
    assert "📝 Ask Anna &lt;b&gt; #⁠first\\\nand Bo" in cli("plan", top, *now, "--format", "markdown").stdout
    assert cli("preview", top).code == 0
    assert "Ask Anna &lt;b&gt; #first" in (tmp_path / "preview.html").read_text(encoding="utf-8")
    plan = tmp_path / "plan.json"
    assert cli("plan", top, *now, "--out", plan).code == 0
    (top / "march.yaml").write_text(f"{post}  note: Done\n")
    assert cli("apply", plan, "--yes").code == 0, "another note makes no plan stale"
    kept = [path.read_bytes() for path in (top / ".publer-sync").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"Anna" in each or b"Done" in each for each in kept)
    (top / "march.yaml").write_text(post)
    assert "Nothing to do." in cli("plan", top, *now).stdout


def test_accounts_that_differ_in_utm_parameters_share_a_card(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    utm = 'utm: {source: "{network}"}\nutm_hosts: [example.com]\nhashtags: {core: [lamp]}\n'
    (top / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{x: My X, facebook: My page}}\n{utm}")
    post = "posts:\n- at: 2027-03-02 09:00\n  accounts: all\n  text: See https://example.com/a\n  hashtags: [core]\n"
    (top / "march.yaml").write_text(post)
    assert cli("preview", top).code == 0
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert page.count('<article class="card') == 1
    assert "added: utm_source=x (x), utm_source=facebook (facebook)" in page
    assert "example.com/a?utm" not in page


def test_a_card_links_to_its_line(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: My X}\n")
    (top / "march.yaml").write_text("accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: Words\n")
    assert cli("preview", top).code == 0
    assert "march.yaml:3</span>" in (tmp_path / "preview.html").read_text(encoding="utf-8")
    for words in (("init", "-q"), ("remote", "add", "origin", "git@github.com:o/r.git")):
        subprocess.run(["git", "-C", tmp_path, *words], check=True)
    assert cli("preview", top).code == 0
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert '<a href="https://github.com/o/r/blob/HEAD/calendar/march.yaml#L3"' in page


def test_a_change_on_accounts_that_differ_in_utm_parameters_is_one_entry(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    settings = "timezone: UTC\naccounts: {x: My X, facebook: My page}\nutm_hosts: [example.com]\n"
    (top / "publer.yaml").write_text(settings + 'utm: {source: "{network}"}\n')
    post = "posts:\n- at: 2027-03-02 09:00\n  accounts: all\n  text: Two words at https://example.com/a\n"
    (top / "march.yaml").write_text(post)
    now = ("--sandbox", "--now", "2027-03-01")
    assert cli("apply", top, *now, "--yes").code == 0
    (top / "march.yaml").write_text(post.replace("Two", "Three"))
    plan = tmp_path / "plan.json"
    assert cli("plan", top, *now, "--out", plan).code == 0
    comment = cli("plan", top, *now, "--format", "markdown").stdout
    assert comment.count("<del>Two</del> <b>Three</b> words") == 1
    for compared in (("--plan", plan), ("--live", *now)):
        assert cli("preview", top, *compared).code == 0
        page = (tmp_path / "preview.html").read_text(encoding="utf-8")
        assert page.count('<article class="card') == page.count("<del>Two</del>") == 1
    (top / "publer.yaml").write_text(settings + "utm: {source: social}\n")
    comment = cli("plan", top, *now, "--format", "markdown").stdout
    assert "source=" in comment.partition("<b>Three</b>")[2].partition("<details>")[0], "both differ"


# --- compared with Publer ---------------------------------------------------------------------------------------------

POSTS = (
    Want("same", "x", T, "This one stays as it is"),
    Want("words", "x", T + HOUR, "These words are old"),
    Want("time", "facebook", T + 2 * HOUR, "This one moves"),
    Want("gone", "linkedin", T + 3 * HOUR, "This one leaves"),
    Want("shown", "facebook", T + 4 * HOUR, "A picture of it", picture="media/lamp.png"),
)


@pytest.fixture
def world(empty_world: World) -> World:
    """A calendar that was applied, with one post of each kind of change since."""
    (empty_world.top / "media").mkdir()
    Image.new("RGB", (40, 30), "red").save(empty_world.top / "media" / "lamp.png")
    empty_world.apply_first(*POSTS)
    same, words, time, _, shown = POSTS
    Image.new("RGB", (40, 30), "blue").save(empty_world.top / "media" / "new.png")
    empty_world.write(
        same,
        replace(words, text="These words are new"),
        replace(time, at=time.at + DAY),
        replace(shown, picture="media/new.png"),
        replace(shown, id="kept", at=shown.at + DAY, picture="media/lamp.png"),
    )
    empty_world.stranger("linkedin", T + 5 * HOUR, "Made by a colleague")
    return empty_world


def marks(page: str) -> dict[str, str]:
    """The badge of every card, by its title."""
    cards = page.split('<article class="card')[1:]
    found = {}
    for card in cards:
        title = re.search(r'data-title="([^"]*)"', card)
        mark = re.search(r'data-mark="([^"]*)"', card)
        assert title
        assert mark
        found[title[1]] = mark[1]
    return found


EXPECTED = {
    "This one stays as it is": "",
    "These words are new": "edit",
    "This one moves": "move",
    "This one leaves": "remove",
}


def test_live_marks_what_apply_would_do_and_shows_what_is_not_managed(world: World) -> None:
    world.sandbox.requests.clear()
    assert world.run("preview", world.top, "--live", "--out", world.home / "page.html").code == 0
    assert {request.method for request in world.sandbox.requests} == {"GET"}
    page = (world.home / "page.html").read_text(encoding="utf-8")
    assert EXPECTED.items() <= marks(page).items()
    assert marks(page)["Made by a colleague"] == "unmanaged"
    assert "<del>old</del>" in page
    assert "<ins>new</ins>" in page
    assert "Compared with Publer on" in page
    assert page.count('<p class="kicker">Before</p>') == 2  # the words, and the picture that another replaced


def test_a_plan_file_marks_the_same_without_a_key(world: World, cli: Cli, tmp_path: Path) -> None:
    file = world.home / "plan.json"
    assert world.run("plan", world.top, "--out", file).code == 0
    ran = cli("preview", world.top, "--plan", file, "--out", tmp_path / "page.html", env=OFFLINE)
    assert (ran.code, ran.stderr) == (0, "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert EXPECTED.items() <= marks(page).items()
    assert "<del>old</del>" in page
    assert page.count('<p class="kicker">Before</p>') == 2
    assert "Compared with the plan of" in page
    assert "Merge or apply before" in page
    assert "cannot be shown" not in page
    world.write(POSTS[0])
    cli("preview", world.top, "--plan", file, "--out", tmp_path / "page.html", env=OFFLINE)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "4 changes of the plan cannot be shown. Make the plan again." in page


def test_a_plan_file_says_what_publer_says_now(world: World) -> None:
    """Blocked with reason and fix, waiting for approval, missed, the right pictures, what apply would refuse."""
    same, words, time, _, shown = POSTS
    taken = Want("taken", "linkedin", T + 5 * HOUR, "Its minute is taken")
    pictured = replace(shown, picture="media/new.png")
    missed = Want("missed", "x", datetime.now(UTC) - DAY, "Merged too late")
    world.write(
        same,
        replace(words, text="These words are new"),
        replace(time, at=time.at + DAY),
        pictured,
        taken,
        missed,
    )
    world.settings(limits={"delete": 0})
    for was, edit in (
        ("This one stays as it is", {"state": "scheduled_pending"}),
        ("This one moves", {"text": "Someone edited this one"}),
    ):
        world.sandbox.edit(str(world.find(was)["id"]), **edit)
    file, page = world.home / "plan.json", world.home / "page.html"
    assert world.run("plan", world.top, "--out", file).code == 0
    pages = []
    for compared in (("--plan", file), ("--live",)):
        assert world.run("preview", world.top, *compared, "--out", page).code == 0
        articles = page.read_text(encoding="utf-8").split('<article class="card')
        about = articles[0].partition('<aside class="about"')[2].partition("</aside>")[0]
        pages.append(
            (
                re.sub("<p>Compared with .*?</p>", "", about),
                [
                    each.partition("</article>")[0]
                    for each in articles[1:]
                    if 'data-mark="unmanaged"' not in each
                ],
            )
        )
    assert pages[0] == pages[1]
    about, cards = pages[0]
    assert "apply will refuse all of this: 1 post would be removed; the safety limit is 0" in about
    assert "--allow-deletes 1" in about
    assert "Merge or apply before" in about
    whole = "".join(cards)
    for told in (
        "Another post is already scheduled for this minute: &#34;Made by a colleague&#34;.",
        "Fix: choose another time in",
        "waiting for approval",
        "Its time passed before it was scheduled.",
        "<del>",
        "publer-sync apply --overwrite-edits",
    ):
        assert told in whole, told
    assert whole.count('<p class="kicker">Before</p>') == 2


def test_marked_posts_have_their_pictures_at_any_time_and_what_is_left_out_is_said(world: World) -> None:
    near, far = (
        Want(name, "facebook", at, name, picture="media/lamp.png")
        for name, at in (("near", T), ("far", T + 100 * DAY))
    )
    world.write(near, far)
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--out", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/webp") == 1
    assert "1 picture of posts from" in text
    assert "unchanged posts have pictures for 12 weeks" in text
    assert "Not shown: more than 12 weeks ahead and unchanged" in text
    assert world.run("preview", world.top, "--live", "--out", page).code == 0
    text = page.read_text(encoding="utf-8")
    cards = [each for each in text.split("<article")[1:] if 'data-mark="new"' in each]
    assert [each.count("<img ") for each in cards] == [1, 1]
    assert "are named and not shown" not in text


def test_a_full_page_keeps_the_pictures_of_marked_posts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, colour in enumerate(("red", "green", "white")):
        Image.new("RGB", (40, 30), colour).save(world.top / "media" / f"lamp-{n}.png")
    shown = [
        replace(POSTS[4], id=f"p{n}", at=T + n * DAY, text=f"Number {n}", picture=f"media/lamp-{n}.png")
        for n in range(3)
    ]
    world.apply_first(*shown)
    world.write(*shown[:2], replace(shown[2], text="Number three"))
    monkeypatch.setattr("publer_sync.previewing.thumbnails.Thumbnails.__init__", _one_picture)
    page = world.home / "page.html"
    assert world.run("preview", world.top, "--live", "--out", page).code == 0
    text = page.read_text(encoding="utf-8")
    pictured = [each for each in text.split("<article")[1:] if "data:image/webp" in each]
    assert ['data-mark="edit"' in each for each in pictured] == [True]
    assert (
        "2 pictures are named and not shown: with more than 12 MB of pictures the page could not be mailed."
        in text
    )


def _one_picture(self: Thumbnails) -> None:
    self._most = self._left = 200
    self._had, self._files = set(), {}
    self.full = False


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ("workspace: Fjordlight AS\n", "Fjordlight AS"),
        ("workspace: Fjordlight AS\nname: Lamps\n", "Lamps"),
        ("workspace: 5f1b2c3d4e5f60718293a4b5\n", "calendar"),
        ("", "calendar"),
    ],
)
def test_the_title_is_the_name_or_else_the_workspaces(
    cli: Cli, tmp_path: Path, settings: str, title: str
) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(f"{settings}timezone: UTC\naccounts: {{x: My X}}\n")
    (top / "march.yaml").write_text("accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: Words\n")
    assert cli("preview", top).code == 0
    assert f"<h1>{title}</h1>" in (tmp_path / "preview.html").read_text(encoding="utf-8")


def test_a_removed_post_shows_its_type_and_its_pictures_from_the_history(
    empty_world: World, tmp_path: Path
) -> None:
    media = empty_world.top / "media"
    media.mkdir()
    Image.new("RGB", (90, 160), "red").save(media / "gone.png")
    kept = Want("kept", "x", T, "This one stays")
    story = "type: story\nmedia:\n- {file: media/gone.png, alt: A red wall}"
    gone = Want("gone", "facebook", T + HOUR, "", more=story)
    git = ("git", "-C", empty_world.top, "-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run([*git[:3], "init", "-q"], check=True)
    empty_world.apply_first(kept, gone)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "One"], check=True)
    (media / "gone.png").unlink()
    empty_world.write(kept)
    page = tmp_path / "page.html"
    assert empty_world.run("preview", empty_world.top, "--live", "--out", page).code == 0
    [card] = [
        each
        for each in page.read_text(encoding="utf-8").split("<article")[1:]
        if 'data-mark="remove"' in each
    ]
    assert '<span class="badge">story</span>' in card
    assert 'alt="A red wall"' in card
    assert "data:image/webp" in card


@pytest.mark.parametrize("text", ["", "[]", '{"changes": [{}]}', '{"changes": [{"account": 1}]}'])
def test_what_is_no_plan_file_is_an_error(cli: Cli, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    ran = cli("preview", EXAMPLE, "--plan", tmp_path / "plan.json")
    assert ran.code == 64
    assert "is not a plan file" in ran.stderr


def test_live_shows_a_calendar_with_errors_without_asking_publer(world: World) -> None:
    world.write(POSTS[0], Want("long", "x", T, "too long " * 50))
    world.sandbox.requests.clear()
    assert world.run("preview", world.top, "--live", "--out", world.home / "page.html").code == 3
    assert not world.sandbox.requests
    assert "Not compared with Publer: the calendar has errors." in (world.home / "page.html").read_text()


def test_options_that_make_no_sense_are_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    for words in (("--sandbox",), ("--state", "x"), ("--live", "--plan", "plan.json")):
        assert cli("preview", EXAMPLE, *words).code == 64


# --- what a page is made of -------------------------------------------------------------------------------------------


@pytest.fixture
def pair(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> SideBySide:
    """Its folder and its key are those of this process."""
    monkeypatch.chdir(empty_world.home)
    for name, value in empty_world.environment.items():
        monkeypatch.setenv(name, value)
    return SideBySide.in_place(empty_world)


def maker(*names: str, **compared: Any) -> preview.PageMaker:
    return preview._maker([Path(name) for name in names], Choice(), preview.ComparedWith(**compared))


def titles(page: PreviewPage) -> list[list[str]]:
    return [[card.title for card in each.cards] for each in page.calendars]


def test_publer_is_asked_for_a_page_that_is_compared_with_it_where_nothing_is_wrong(pair: SideBySide) -> None:
    page, code = maker("acme").make()
    assert (titles(page), code, page.calendars[0].compared) == ([["One"]], 0, "")
    page, code = maker("acme", live=True).make()
    assert (titles(page), code) == ([["One", "Two"]], 0), "with what is not managed there"
    (pair.top("acme") / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    pair.world.sandbox.requests.clear()
    page, code = maker("acme", live=True).make()
    assert (page.calendars[0].compared, code) == ("Not compared with Publer: the calendar has errors.", 3)
    assert not pair.world.sandbox.requests
    pair.settings("bank", name="acme")
    assert len(maker("acme", "bank").make()[0].calendars) == 2
    with pytest.raises(TwiceNamedError):
        maker("acme", "bank", live=True)


def test_a_page_to_review_has_what_waits_for_that_person(pair: SideBySide) -> None:
    pair.settings("acme", people={"kari": "Kari Berg"}, signoff=[{"by": "kari"}])
    broken = Want("long", "x", T + 3 * HOUR, "too long " * 40)
    pair.write(acme=[ONE, broken])
    page, _ = maker("acme", "bank", review="Kari Berg").make()
    assert (page.reviewer, titles(page)[1]) == ("kari", [])
    assert [title[:8] for title in titles(page)[0]] == ["One", "too long"]
    assert maker("acme").make()[0].reviewer == ""
    with pytest.raises(UsageError, match="nobody who is asked for a sign-off is called Ola"):
        maker("acme", "bank", review="Ola").make()


def test_what_cannot_be_shown_is_said_on_a_page_that_is_served_and_files_are_read_anew(
    pair: SideBySide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(CalendarError):
        maker().make()
    page, code = maker().make(1)
    assert (page.calendars[0].name, titles(page), code) == (".", [[]], 3)
    monkeypatch.chdir(pair.world.home)
    (pair.top("acme") / "posts.yaml").write_text("posts: []\n", encoding="utf-8")
    made = maker("acme", "bank")
    assert titles(made.make()[0]) == [[], ["Two"]], "a calendar without posts can be shown"
    assert len(made.frame.posts_of(Path("bank"))) == 1
    pair.write(bank=[TWO, ONE])
    made.make(1)
    assert len(made.frame.posts_of(Path("bank"))) == 2


def test_a_card_has_the_address_that_whoever_publishes_the_page_knows(pair: SideBySide) -> None:
    known = Addresses(line=lambda place: f"https://example.com/{place.file}#L{place.line}")
    found = preview.make(load(pair.top("acme")), Choice(), Thumbnails(), addresses=known)
    assert "https://example.com/posts.yaml#L2" in repr(found.cards)


def test_a_post_that_left_the_calendar_is_shown_with_its_picture(pair: SideBySide) -> None:
    """Which lies beside that of another post."""
    lamp, more = (
        Want(name, "x", T + hours * HOUR, name, picture=f"{name}.png")
        for name, hours in (("lamp", 2), ("more", 3))
    )
    for name, shade in (("lamp", 7), ("more", 8)):
        (pair.top("acme") / f"{name}.png").write_bytes(png(shade))
    pair.write(acme=[ONE, lamp])
    assert pair.run("apply", "acme", "--yes").code == 0
    pair.write(acme=[ONE, more])
    page, _ = maker("acme", live=True).make()
    pictures = {card.title: [bool(tile.picture) for tile in card.tiles] for card in page.calendars[0].cards}
    assert pictures == {"One": [], "lamp": [True], "more": [True], "Two": []}


# --- several calendars ------------------------------------------------------------------------------------------------


def test_several_calendars_share_a_page_and_one_that_fails_hides_none(cli: Cli, tmp_path: Path) -> None:
    for name in ("acme", "brew", "empty"):
        (tmp_path / "all" / name).mkdir(parents=True)
        (tmp_path / "all" / name / "publer.yaml").write_text(
            f"name: {name}\ntimezone: UTC\naccounts: {{x: My X}}\n"
        )
        if name != "empty":
            (tmp_path / "all" / name / "march.yaml").write_text(
                f"accounts: x\nposts:\n- at: 2027-03-02 09:00\n  text: Words of {name}\n"
            )
    (tmp_path / "all" / "empty" / "publer.yaml").write_text("accounts: [\n")
    ran = cli("preview", "all")
    assert ran.code == 3
    assert ran.stdout == "preview.html: 3 calendars. Open it in a browser.\n"
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    assert "Words of acme" in page
    assert "Words of brew" in page
    assert '<select name="calendar">' in page
    assert ran.stderr.startswith("all/empty: ")
    plan = tmp_path / "plan.json"
    plan.write_text("{}")
    ran = cli("preview", "all", "--plan", plan)
    assert (ran.code, "a plan file is for one calendar, and there are 3" in ran.stderr) == (64, True), ran


@pytest.mark.parametrize("words", [("--port", "1"), ("--serve", "--out", "x.html")])
def test_serving_and_writing_exclude_each_other(cli: Cli, words: tuple[str, ...]) -> None:
    assert cli("preview", EXAMPLE, *words).code == 64


def test_a_served_page_follows_the_files(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  x: My X\n")
    posts = "accounts: x\nposts:\n- {at: 2027-03-02 09:00, text: Hello}\n"
    (top / "march.yaml").write_text(posts)
    pages: list[str] = []

    def read() -> None:
        told: Any = sys.stderr
        address = told.getvalue().split()[0]
        with urlopen(address) as answer:
            pages.append(answer.read().decode())

    def saved(_: object) -> Iterator[None]:
        """Once, and then Ctrl-C."""
        read()
        (top / "march.yaml").write_text(posts.replace("Hello", "Goodbye"))
        yield
        read()
        raise KeyboardInterrupt

    with mock.patch.object(preview, "saves", saved):
        assert cli("preview", top, "--serve", "--port", "0").code == 0
    assert [("Hello" in page, "Goodbye" in page) for page in pages] == [(True, False), (False, True)]


@pytest.mark.story
def test_a_picture_that_can_have_no_alt_text_is_not_said_to_lack_one(cli: Cli, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts:\n  facebook: My Page\n")
    Image.new("RGB", (1080, 1920), "teal").save(top / "one.jpg")
    posts = (
        "accounts: facebook\nposts:\n- {at: 2027-03-02 09:00, text: Hello, TYPE, media: [{file: one.jpg}]}\n"
    )
    for given, lacks in (("type: photo", 1), ("type: story", 0)):
        (top / "march.yaml").write_text(posts.replace("TYPE", given))
        assert cli("preview", top).code == 0
        assert (tmp_path / "preview.html").read_text(encoding="utf-8").count("No alt text") == lacks
        assert ("media.no-alt" in cli("validate", top).stdout) is bool(lacks)


AWAY = """timezone: America/New_York
posts:
- id: dawn
  at: {at}
  accounts: x
  text: Good morning New York
"""


def test_a_file_of_another_zone_shows_its_own_clock(world: World) -> None:
    """In the terminal, in the comment and on the page."""
    file, page = world.home / "plan.json", world.home / "page.html"
    day = (T + 2 * DAY).date()
    (world.top / "away.yaml").write_text(AWAY.format(at=f"{day} 06:00"), encoding="utf-8")
    shown = world.run("plan", world.top, "--out", file).stdout
    own = re.search(r"06:00 New York", shown)
    assert own, shown
    assert "** (06:00 New York) · 🟢" in world.run("plan", world.top, "--format", "markdown").stdout.replace(
        "\u2060", ""
    )
    world.run("preview", world.top, "--plan", file, "--out", page)
    assert '<small class="own-time">06:00 New York</small>' in page.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").count('class="own-time"') == 1


def test_one_calendar_has_one_count(world: World) -> None:
    """A post with something added on one account has two cards, a removed one is in no file: neither counts on top."""
    world.settings(append={"linkedin": "Link in bio"})
    world.write(*POSTS[:3], Want("both", "[linkedin, x]", T + 6 * HOUR, "On two accounts"))
    file, page = world.home / "plan.json", world.home / "page.html"
    shown = world.run("plan", world.top, "--out", file).stdout
    made = world.run("preview", world.top, "--plan", file, "--out", page).stdout
    assert "4 posts (on 3 accounts)" in shown
    assert "page.html: 4 posts (on 3 accounts)." in made
    html = page.read_text(encoding="utf-8")
    assert html.count("On two accounts") > html.count("Link in bio") > 0
    subjects = re.findall(r'data-subjects="([^"]+)"', html)
    assert (len(subjects), len({*subjects})) == (5, 4)
    [closing] = re.findall(r"(?m)^(\d+) new post", shown)
    assert f"+</i>{closing} new" in html


def test_a_change_of_account_is_one_card(world: World) -> None:
    same, *rest = POSTS
    world.write(replace(same, account="mastodon"), *rest)
    file, page = world.home / "plan.json", world.home / "page.html"
    assert "@ account" in world.run("plan", world.top, "--out", file).stdout
    world.run("preview", world.top, "--plan", file, "--out", page)
    html = page.read_text(encoding="utf-8")
    assert marks(html)["This one stays as it is"] == "account"
    card = next(each for each in html.split("<article")[1:] if 'data-mark="account"' in each)
    assert card.index('aria-label="From"') < card.index('aria-label="To"') < card.index("My Mastodon")
    assert html.count("This one stays as it is</p>") == 1
    assert "1 account changed" in html

"""The page in a browser: what a person sees, finds and presses, and what the page never does."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.browser import NARROW, WIDE, Pages
from tests.conftest import run_here

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

TODAY = datetime.now(UTC).date()
HOSTILE = (
    '</script><script>window.hit=1</script><img src=x onerror="window.hit=1">"\'><b>bold</b> &amp; {{ 7*7 }}'
)
SETTINGS = """
name: Fjordlight
workspace: My Primary Workspace
timezone: UTC
accounts:
  facebook: My Facebook Page
  x: My X Account
  linkedin: Company LinkedIn Page
"""
LONG = "A first sentence that says what this is about, and then many more words about it. " * 6


def post(days: int, text: str, more: str = "", at: str = "12:00") -> str:
    when = f"{TODAY + timedelta(days=days)} {at}"
    lines = "".join(f"  {line}\n" for line in more.splitlines())
    return f"- at: {when}\n  text: {json.dumps(text, ensure_ascii=False)}\n{lines}"


def write(top: Path, *posts: str) -> Path:
    top.mkdir(exist_ok=True)
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "posts.yaml").write_text("posts:\n" + "".join(posts), encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    top = folder / "calendar"
    (top / "media").mkdir(parents=True)
    Image.new("RGB", (2000, 1500), "teal").save(top / "media" / "lamp.jpg")
    write(
        top,
        post(
            1,
            "Good morning from the workshop. #lamps",
            "id: morning\naccounts: [facebook, x]\nlabels: [launch]",
        ),
        post(1, LONG, "accounts: [facebook, linkedin]", at="15:00"),
        post(
            2, "Look at this", "accounts: facebook\nmedia:\n- file: media/lamp.jpg\n  alt: A lamp", at="08:00"
        ),
        post(
            2,
            HOSTILE,
            "accounts: x\nlabels: ['\"><svg onload=window.hit=1>']\nignore: {text.html: a test, text.placeholder: a test}",
        ),
        post(3, "Which one?", "accounts: x\npoll:\n  options: [This, That]\n  duration: 3d"),
        post(3, "مرحبا بالعالم. 今日は。 👩‍👩‍👧‍👦🔦", "accounts: linkedin\ndraft: true", at="18:00"),
        post(4, "One", "accounts: x\nthread:\n- text: Two\ncomments:\n- text: A word more\n  after: 1h"),
    )
    out = folder / "page.html"
    ran = run_here(
        ("preview", top, "--out", out), {"PATH": os.environ["PATH"], "HOME": str(folder)}, cwd=folder
    )
    assert (ran.code, ran.stderr) == (0, "")
    return out


def test_it_asks_for_nothing_and_hostile_texts_are_text(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=list")
    assert "</script><script>window.hit=1" in opened.page.locator("#list").inner_text()
    assert '"><svg onload=window.hit=1>' in opened.page.locator("#list").inner_text()
    assert "{{ 7*7 }}" in opened.page.locator("#list").inner_text()
    for view in ("month", "week"):
        opened.page.click(f"[data-view={view}]")
    opened.page.locator("#grid .entry").first.click()
    assert opened.page.evaluate("window.hit") is None
    assert [url for url in opened.requests if not url.startswith("data:")] == [opened.page.url.split("#")[0]]
    assert opened.complaints == []
    # What got in all the same could neither run nor call home.
    with opened.page.expect_console_message(lambda told: "inline event handler" in told.text):
        opened.page.evaluate("""document.body.insertAdjacentHTML('beforeend',
            '<img src="https://evil.example/x.png" onerror="window.hit=1"><link rel=stylesheet href="https://evil.example/x.css">')""")
    assert opened.page.evaluate("window.hit") is None
    assert {name for name in ("x.png", "x.css") for line in opened.complaints if name in line} == {
        "x.png",
        "x.css",
    }


@pytest.mark.parametrize(
    ("scheme", "size", "judged"),
    [("light", WIDE, {"month", "list"}), ("dark", NARROW, {"week", "list"})],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Path, pages: Pages, scheme: str, size: tuple[int, int], judged: set[str]
) -> None:
    """axe takes a second for a view: each is judged once, and the one with most in it in both schemes."""
    opened = pages.open(page, size=size, color_scheme=scheme)
    for view in ("month", "week", "list"):
        opened.page.click(f"[data-view={view}]")
        assert view not in judged or opened.violations(every=True) == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") == size[0]
    opened.page.click("[data-view=month]")
    opened.page.locator("#grid .number:enabled").first.click()
    assert opened.violations(every=True) == []


def test_on_paper_every_post_is_unfolded_and_days_follow_each_other(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=list", size=(720, 1000))
    opened.page.emulate_media(media="print")
    assert opened.texts("#grid, .filters, .views, .act, .more") == []
    assert opened.page.locator("#list .card:visible").count() == 7
    long = opened.page.locator("#list .card", has_text="A first sentence")
    assert len(long.locator(".words p").inner_text().strip()) == len(LONG.strip())
    breaks = opened.page.locator("#list .day").evaluate_all(
        "days => days.map(day => getComputedStyle(day).breakBefore)"
    )
    assert breaks == ["auto"] * 4
    kept = opened.page.locator("#list .card").evaluate_all(
        "cards => cards.map(card => getComputedStyle(card).breakInside)"
    )
    assert {*kept} == {"avoid"}
    assert (
        opened.page.locator("#list .cards").first.evaluate("cards => getComputedStyle(cards).columnCount")
        == "auto"
    )
    assert opened.page.locator("#list .shot img").evaluate("image => image.offsetHeight") < 200
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 720


def test_on_a_phone_a_day_has_a_dot_for_problems(cli: Cli, pages: Pages, tmp_path: Path) -> None:
    top = write(
        tmp_path / "calendar", post(1, "Write me: TBD", "accounts: x"), post(2, "Fine", "accounts: x")
    )
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", f"view=month&date={TODAY + timedelta(days=1)}", size=NARROW)
    [day] = opened.page.locator("#grid .number:has(.dots)").all()
    assert day.locator(".dot").is_visible()
    assert day.inner_text().endswith(f"{(TODAY + timedelta(days=1)).year}: 1 post (1 warning)")


def test_a_click_opens_the_day_with_every_post(page: Path, pages: Pages) -> None:
    opened = pages.open(page, f"view=week&date={TODAY + timedelta(days=1)}")
    opened.page.locator("#grid .entry", has_text="Good morning").click()
    sheet = opened.page.locator("#sheet")
    assert sheet.locator(".card").count() == 2
    assert f"{TODAY + timedelta(days=1):%A} {(TODAY + timedelta(days=1)).day}" in sheet.inner_text()
    assert "morning · posts.yaml:2" in sheet.inner_text()
    opened.page.keyboard.press("j")
    assert sheet.locator("img").get_attribute("alt") == "A lamp"
    assert sheet.locator("img").evaluate("image => image.naturalWidth") == 960, "twice what a card shows"
    opened.page.keyboard.press("Escape")
    assert not sheet.is_visible()


def test_filters_choose_by_account_label_kind_and_words(page: Path, pages: Pages) -> None:
    from playwright.sync_api import expect

    opened = pages.open(page, "view=list")
    cards, form = opened.page.locator("#list .card:visible"), opened.page.locator(".filters")
    assert cards.count() == 7
    form.locator(".chip", has_text="linkedin").click()
    expect(cards).to_have_count(2)  # the page filters a moment after each change
    opened.page.keyboard.press("c")
    form.locator("[name=label]").select_option("launch")
    expect(cards).to_have_count(1)
    assert cards.inner_text().startswith("12:00")
    form.locator("[type=reset]").click()
    expect(cards).to_have_count(7)
    form.locator("[name=kind]").select_option("poll")
    expect(cards).to_have_count(1)
    assert "This" in cards.inner_text()
    form.locator("[type=reset]").click()
    opened.page.keyboard.press("/")
    opened.page.keyboard.type("WORKSHOP morning")
    form.locator("output", has_text="1 of 7 posts").wait_for()
    assert cards.count() == 1
    shared = opened.page.url
    assert (
        pages.open(shared.split("#")[0], shared.split("#")[1]).page.locator("#list .card:visible").count()
        == 1
    )


def test_a_long_text_is_cut_where_each_network_cuts(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=list")
    card = opened.page.locator("#list .card", has_text="A first sentence")
    assert len(card.locator(".words p").inner_text()) in range(380, 420)
    card.locator(".faces button", has_text="LinkedIn").click()
    assert len(card.locator(".words p").inner_text()) in range(190, 230)
    card.locator(".more:visible").click()
    assert len(card.locator(".words p").inner_text().strip()) == len(LONG.strip())


def test_keys_change_the_view_until_they_are_turned_off(page: Path, pages: Pages) -> None:
    began = datetime.now(UTC)  # a month may end meanwhile
    opened = pages.open(page)
    body = opened.page.locator("body")
    for key, view in (("w", "week"), ("l", "list"), ("m", "month")):
        opened.page.keyboard.press(key)
        assert body.get_attribute("data-shown") == view
    before = opened.texts(".period")
    opened.page.keyboard.press("j")
    assert opened.texts(".period") != before
    opened.page.keyboard.press("t")
    assert opened.texts(".period")[0] in {f"{each:%B %Y}" for each in (began, datetime.now(UTC))}
    opened.page.keyboard.press("?")
    opened.page.locator("[name=keys]").uncheck()
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("w")
    assert body.get_attribute("data-shown") == "month"


def test_every_picture_is_shown_whole_and_enlarges(cli: Cli, pages: Pages, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    (top / "media").mkdir(parents=True)
    sides = {"story.jpg": (1080, 1920), "portrait.jpg": (1080, 1350), "wide.jpg": (1600, 400)}
    for name, size in sides.items():
        Image.new("RGB", size, "teal").save(top / "media" / name)
    write(
        top,
        post(1, "A story", "accounts: facebook\ntype: story\nmedia:\n- {file: media/story.jpg, alt: One}"),
        post(
            2,
            "Two",
            "accounts: facebook\nmedia:\n- {file: media/portrait.jpg, alt: First}\n- {file: media/wide.jpg, alt: Second}",
        ),
    )
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", "view=list")
    drawn = "image => [image.naturalWidth / image.naturalHeight, image.width / image.height, getComputedStyle(image).objectFit]"
    for view, inside in (("list", "#list"), ("month", "#grid"), ("week", "#grid")):
        opened.page.click(f"[data-view={view}]")
        for image in opened.page.locator(f"{inside} img").all():
            natural, shown, fit = image.evaluate(drawn)
            assert fit == "contain" or abs(natural - shown) < 0.02
    opened.page.click("[data-view=list]")
    width, height = opened.page.locator("#list .tall .shot").evaluate(
        "box => [box.offsetWidth, box.offsetHeight]"
    )
    assert width / height == pytest.approx(9 / 16, abs=0.01)
    zoom, shots = opened.page.locator("#zoom"), opened.page.locator("#list .t2 .shot")
    shots.first.focus()
    opened.page.keyboard.press("Enter")
    assert zoom.locator("h3").inner_text() == "1 of 2: portrait.jpg"
    assert zoom.locator("img").evaluate("image => image.offsetHeight") > shots.first.evaluate(
        "shot => shot.offsetHeight"
    )
    assert opened.violations(every=True) == []
    opened.page.keyboard.press("ArrowRight")
    assert zoom.locator("h3").inner_text() == "2 of 2: wide.jpg"
    assert "Second" in zoom.inner_text()
    opened.page.keyboard.press("Escape")
    assert not zoom.is_visible()
    shots.nth(1).click()
    zoom.locator("[data-zoom-step='-1']").click()
    assert zoom.locator("h3").inner_text() == "1 of 2: portrait.jpg"


def test_what_instagram_cuts_off_is_an_overlay_that_says_so(cli: Cli, pages: Pages, tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    (top / "media").mkdir(parents=True)
    Image.new("RGB", (1000, 2000), "teal").save(top / "media" / "tall.jpg")
    media = "media:\n- {file: media/tall.jpg, alt: One}"
    write(
        top, post(1, "Cut", f"accounts: instagram\n{media}"), post(1, "Whole", f"accounts: facebook\n{media}")
    )
    with (top / "publer.yaml").open("a", encoding="utf-8") as settings:
        settings.write("  instagram: My Instagram\n")
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", "view=list")
    cut, whole = (opened.page.locator("#list .card", has_text=words) for words in ("Cut", "Whole"))
    assert "Instagram shows only the part in the frame (4:5)" in cut.inner_text()
    frame = "[...document.querySelectorAll('.crop rect')].map(each => each.getBBox()).map(box => [box.y, box.height])"
    assert opened.page.evaluate(frame) == [pytest.approx([18.75, 62.5])]
    assert whole.locator(".crop").count() == 0


def test_types_that_differ_are_two_cards_and_each_says_whose_account_it_is(
    cli: Cli, pages: Pages, tmp_path: Path
) -> None:
    top = tmp_path / "calendar"
    (top / "media").mkdir(parents=True)
    Image.new("RGB", (1080, 1920), "teal").save(top / "media" / "tall.jpg")
    write(
        top,
        post(
            1,
            "Hello",
            "accounts: [facebook, {account: linkedin, type: photo}]\ntype: story\nmedia:\n- {file: media/tall.jpg, alt: One}",
        ),
    )
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", "view=list")
    story, photo = opened.page.locator("#list .card").all()
    assert "My Facebook Page Facebook" in story.locator(".chips").inner_text()
    assert story.locator(".badge").all_inner_texts() == ["story"]
    assert "Company LinkedIn Page LinkedIn" in photo.locator(".chips").inner_text()
    assert photo.locator(".badge").count() == 0


def marked(cli: Cli, tmp_path: Path, *days: int) -> Path:
    """A page of posts every hour of a day ahead, some of them edited since an apply."""
    before = [post(40, f"Number {n}", f"id: n{n}\naccounts: x", at=f"{8 + n:02}:00") for n in range(12)]
    top, now = write(tmp_path / "calendar", *before), ("--sandbox", "--now", str(TODAY))
    assert cli("apply", top, *now, "--yes").code == 0
    write(
        top,
        *(each.replace("Number", "Edited number") if n in days else each for n, each in enumerate(before)),
    )
    assert cli("preview", top, "--live", *now, "--out", tmp_path / "page.html").code == 0
    return tmp_path / "page.html"


def test_it_opens_on_the_first_change_and_a_full_day_shows_changes_first(
    cli: Cli, pages: Pages, tmp_path: Path
) -> None:
    opened = pages.open(marked(cli, tmp_path, 2, 7, 9, 11), "view=month")
    assert opened.texts(".period") == [f"{TODAY + timedelta(days=40):%B %Y}"]
    entries = opened.texts("#grid .entry")
    assert [entry.split()[0] for entry in entries] == ["10:00", "15:00", "17:00"]
    [rest] = opened.texts("#grid .rest")
    assert rest.splitlines()[0] == "9 more, 1 of them a change"
    narrow = pages.open(tmp_path / "page.html", "view=month", size=NARROW)
    assert narrow.texts(".legend li") == ["~\nedited"]
    wide = [each.strip() for each in opened.texts(".filters .chip") if "edited" in each]
    assert wide == ["~\n4 edited"]


SUNDAY = 13 - TODAY.weekday()
"""So many days ahead is the last day of a week."""


@pytest.mark.parametrize(
    ("days", "shown"),
    [((-2, 1, 3), [1, 3]), ((-2, 12), [12]), ((-2, 0, 1), [-2, 0]), ((-9, -2), [-2]), ((-9,), [-9])],
    ids=["from tomorrow on", "much later", "today", "never more, this week", "never more, before"],
)
def test_on_the_last_day_of_a_week_the_week_shown_is_one_with_posts_ahead(
    cli: Cli, pages: Pages, tmp_path: Path, days: tuple[int, ...], shown: list[int]
) -> None:
    out = tmp_path / "page.html"
    top = write(
        tmp_path / "calendar", *(post(SUNDAY + each, f"In {each} days", "accounts: x") for each in days)
    )
    assert cli("preview", top, "--out", out).code == 0
    # The page takes its clock from the later of the browser and of when it was made.
    made = f'data-made="{TODAY + timedelta(days=SUNDAY)}T21:00Z"'
    out.write_text(re.sub('data-made="[^"]*"', made, out.read_text(encoding="utf-8")), encoding="utf-8")
    for where, pressed in (("view=week", ""), ("", "w"), ("view=list", "w")):
        opened = pages.open(out, where)
        opened.page.keyboard.press(pressed or "Escape")
        assert opened.texts("#grid .entry .title") == [f"In {each} days" for each in shown]
        opened.page.keyboard.press("t")
        assert opened.page.locator(".column.today").count() == 1


def test_who_looks_at_a_month_without_posts_stays_there(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=month&date=2001-03-01")
    opened.page.keyboard.press("w")
    assert opened.texts(".period") == ["26 Feb to 4 Mar 2001"]
    opened.page.keyboard.press("m")
    assert opened.texts(".period") == ["March 2001"]


def test_a_filter_that_leaves_the_month_empty_goes_to_the_first_match(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=month&date=2001-01-01")
    assert opened.texts("#grid .entry") == []
    opened.page.fill("[name=words]", "Which one?")
    opened.page.locator("#grid .entry").wait_for()
    assert "Which one?" in opened.texts("#grid .entry")[0]


def test_an_address_in_a_text_is_a_link_without_the_sentence_around_it(
    cli: Cli, pages: Pages, tmp_path: Path
) -> None:
    text = "See https://example.com/a?b=c (or #this)."
    top = write(tmp_path / "calendar", post(1, text, f"accounts: x\nnote: {json.dumps(text)}"))
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", "view=list")
    assert opened.page.locator("#list .note a").get_attribute("href") == "https://example.com/a?b=c"
    [link] = opened.page.locator("#list .words a").all()
    assert link.get_attribute("href") == link.inner_text() == "https://example.com/a?b=c"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_remark_names_the_post_and_quotes_its_words(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=list", permissions=["clipboard-read", "clipboard-write"])
    card = opened.page.locator("#list .card", has_text="Good morning")
    copied = "navigator.clipboard.readText()"
    card.locator("[data-remark]").click()
    card.get_by_text("Copied").wait_for()
    when = f"{TODAY + timedelta(days=1)} 12:00"
    head = f"morning | {when} | Facebook · My Facebook Page; X · My X Account | posts.yaml:2"
    assert opened.page.evaluate(copied).splitlines() == [head, "> Good morning from the workshop. #lamps"]
    opened.page.evaluate("""getSelection().setBaseAndExtent(
        ...[[...document.querySelectorAll('.words p')].find(each => each.textContent.startsWith('Good'))].flatMap(
            p => [p.firstChild, 0, p.firstChild, 12]))""")
    card.locator("[data-remark]").click()
    opened.page.wait_for_function(f"{copied}.then(text => text.includes('> Good morning\\n'))")


def test_today_is_marked(page: Path, pages: Pages) -> None:
    before = datetime.now(UTC).date()  # midnight may pass meanwhile
    opened = pages.open(page).page
    opened.keyboard.press("t")  # on a Sunday that ends a month, the next one is shown, with the posts
    today = opened.locator(".cell.today .number").get_attribute("data-day")
    assert today in {str(before), str(datetime.now(UTC).date())}


def test_without_a_script_it_is_a_list(page: Path, pages: Pages) -> None:
    opened = pages.open(page, java_script_enabled=False)
    assert opened.page.locator("#list .card:visible").count() == 7
    assert opened.texts(".filters, .views, dialog") == []


@pytest.mark.slow
def test_five_thousand_posts_are_no_burden(cli: Cli, pages: Pages, tmp_path: Path) -> None:
    texts = (
        post(1 + n // 14, f"Post {n}: {LONG[:200]}", "accounts: [x]", f"{7 + n % 14:02}:00")
        for n in range(5000)
    )
    top = write(tmp_path / "calendar", *texts)
    cli("preview", top, "--account", "x", "--out", "page.html")
    opened = pages.open(tmp_path / "page.html", "view=week")
    assert opened.page.locator("#grid .entry").count() > 0
    # What it takes of the processor until it can be used: by the clock, it would depend on what else the machine does.
    assert opened.processor_seconds() < 1.5
    for view in ("month", "list"):
        opened.page.click(f"[data-view={view}]")
    opened.page.locator("#list .card").first.wait_for()
    opened.page.fill("[name=words]", "4321:")
    opened.page.locator("output", has_text="1 of 5,000 posts").wait_for()


def test_a_full_day_keeps_the_order_of_time_and_names_accounts_where_a_network_has_several(
    cli: Cli, pages: Pages, tmp_path: Path
) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(
        "timezone: UTC\naccounts: {ingrid: linkedin/Ingrid Berg, aurelo: linkedin/Aurelo AS, x: My X}\n",
        encoding="utf-8",
    )
    hours = "".join(
        post(3, f"Number {hour}", f"accounts: {account}", at=f"{hour:02}:00")
        for hour, account in ((8, "ingrid"), (9, "x"), (10, "aurelo"))
    )
    (top / "posts.yaml").write_text(f"posts:\n{hours}", encoding="utf-8")
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", f"view=month&date={TODAY + timedelta(days=3)}")
    entries = [each.split("\n") for each in opened.texts("#grid .entry")]
    assert [entry[0].split()[0] for entry in entries] == ["08:00", "09:00", "10:00"]
    assert ["Ingrid Berg" in entry for entry in entries] == [True, False, False]
    assert ["Aurelo AS" in entry for entry in entries] == [False, False, True]
    assert opened.texts("#grid .on") == ["Ingrid Berg", "Aurelo AS"]


def test_a_note_is_seen_at_the_posts_that_share_its_label(cli: Cli, pages: Pages, tmp_path: Path) -> None:
    top = write(
        tmp_path / "calendar",
        post(1, "The award", "id: award\naccounts: x\nlabels: [award]\nnote: Embargo until Friday 14:00"),
        post(2, "We won", "id: won\naccounts: x\nlabels: [award, press]"),
        post(3, "Else", "id: else\naccounts: x\nlabels: [press]"),
    )
    cli("preview", top, "--out", tmp_path / "page.html")
    opened = pages.open(tmp_path / "page.html", "view=list")
    notes = [
        opened.page.locator("#list .card", has_text=words).locator(".note").all_inner_texts()
        for words in ("The award", "We won", "Else")
    ]
    assert notes == [
        ["Note Embargo until Friday 14:00"], ["Note of award (label award) Embargo until Friday 14:00"], [],
    ]  # fmt: skip

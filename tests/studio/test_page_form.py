"""The form keeps what somebody wrote: through a closed form, a page that loads again, and files that change underneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.studio.desk import desk_of
from tests.studio.hands import MARCH, calendar, enter, hands_on
from tests.studio.repositories import git
from tests.system.worlds import png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Pages

WORDS = "Words that nobody has saved."
GIVE = """(form, { kind, name, bytes }) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const how = { bubbles: true, cancelable: true };
  form.dispatchEvent(kind === "drop" ? new DragEvent("drop", { ...how, dataTransfer: files })
    : new ClipboardEvent("paste", { ...how, clipboardData: files }));
}"""


def test_words_survive_a_closed_form_and_a_page_that_loads_again(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        words = hands.write("Meet the Mini").get_by_label("Words", exact=True)
        words.fill(WORDS)
        hands.page.keyboard.press("Escape")
        hands.said("are kept, not saved")
        hands.page.get_by_role("button", name="Keep writing").click()
        assert words.input_value() == WORDS
        hands.page.reload()
        hands.form.locator(".meanwhile", has_text="did not save").wait_for()
        assert words.input_value() == WORDS
        assert hands.diff() == []
        hands.form.get_by_role("button", name="Discard it").click()
        assert words.input_value().startswith("Meet the Mini")
        hands.page.keyboard.press("Escape")
        assert hands.page.locator(".told-one").count() == 0


def test_a_form_without_words_of_its_own_follows_the_file(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages) as hands:
        words = hands.write("Meet the Mini").get_by_label("Words", exact=True)
        (top / "2027-03.yaml").write_text(MARCH.replace("Meet the", "Here is the"), encoding="utf-8")
        hands.desk.studio.follow()
        hands.form.locator(".meanwhile", has_text="The file changed").wait_for()
        assert words.input_value().startswith("Here is the Mini")


def test_words_on_a_post_that_left_the_file_can_be_added_again(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages) as hands:
        hands.write("We are hiring").get_by_label("Words", exact=True).fill(WORDS)
        before, _, rest = MARCH.partition("- id: hiring")
        (top / "2027-03.yaml").write_text(
            before + "- id: tips" + rest.partition("- id: tips")[2], encoding="utf-8"
        )
        hands.desk.studio.follow()
        hands.form.locator(".meanwhile", has_text="no longer in the files").wait_for()
        hands.form.locator("button.main").click()
        hands.page.get_by_role("button", name="Add it again, as a new post").click()
        hands.form.wait_for(state="detached")
        assert hands.day("2027-03-05").locator(".entry", has_text=WORDS[:20]).count() == 1
        assert f"+    {WORDS}" in hands.diff()


def test_the_focus_stays_on_a_post_that_changes(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages) as hands:
        hands.entry("Meet the Mini").focus()
        (top / "2027-03.yaml").write_text(MARCH.replace("Meet the", "Here is the"), encoding="utf-8")
        hands.desk.studio.follow()
        hands.entry("Here is the Mini").wait_for()
        assert "Here is the Mini" in hands.page.evaluate("document.activeElement.innerText")


def test_read_only_shows_and_writes_nothing(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar"), read_only=True) as desk:
        hands = enter(desk, pages, "view=month&date=2027-03-01")
        hands.entry("Meet the Mini").click()
        assert hands.page.locator("#sheet .card").count() == 1
        assert hands.opened.texts("[data-edit], [data-move], .add, [data-new], #studio-undo") == []
        hands.page.keyboard.press("Escape")
        here = hands.entry("Meet the Mini").bounding_box()
        assert here
        hands.page.mouse.move(here["x"] + 9, here["y"] + 9)
        hands.page.mouse.down()
        hands.page.mouse.move(here["x"] + 90, here["y"] + 90, steps=3)
        assert hands.page.locator(".ghost").count() == 0


def test_every_field_is_written_where_a_person_would_write_it(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages, permissions=["clipboard-read", "clipboard-write"]) as hands:
        form = hands.write("We are hiring")
        form.get_by_label("Company LinkedIn Page").uncheck()
        form.get_by_label("Link", exact=True).fill("https://example.com/jobs")
        form.get_by_label("Labels").fill("jobs, bergen")
        form.get_by_label("Time").fill("11:30")
        for more in ("thread", "comment", "note"):
            form.locator(f"[data-more={more}] summary").click()
        form.get_by_role("button", name="Add a part").click()
        form.get_by_label("Part 2", exact=True).fill("Bring a screwdriver.")
        form.get_by_label("First comment").fill("Ask us anything.")
        form.get_by_label("Note").fill("Until the end of March.")
        form.locator(".look .looked", has_text="We are hiring").wait_for()
        hands.save()
        hands.said("hiring")
        assert hands.diff() == [
            "-  at: Fri 2027-03-05 09:00",
            "-  accounts: [x, linkedin]",
            "+  at: Fri 2027-03-05 11:30",
            "+  accounts: [x]",
            "+  link: https://example.com/jobs",
            "+  labels: [jobs, bergen]",
            "+  thread:",
            "+  - text: |",
            "+      Bring a screwdriver.",
            "+  comments:",
            "+  - text: |",
            "+      Ask us anything.",
            "+  note: Until the end of March.",
        ]
        labels = hands.page.locator("[name=label]")
        labels.locator("option", has_text="bergen").wait_for(state="attached")
        labels.select_option("bergen")
        assert hands.page.locator("#grid .entry").count() == 1
        labels.select_option("")
        hands.page.keyboard.press("Control+z")  # all of it was one step
        hands.entry("We are hiring").locator("b", has_text="09:00").wait_for()
        assert hands.diff() == []


def test_duplicate_remove_and_what_i_changed(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    git(top, "config", "user.name", "Someone")
    git(top, "config", "user.email", "someone@example.com")
    with hands_on(top, pages, permissions=["clipboard-read", "clipboard-write"]) as hands:
        hands.write("We are hiring").get_by_role("button", name="Duplicate").click()
        hands.page.locator("dialog.ask").get_by_label("Day of the copy").fill("2027-03-11")
        hands.page.get_by_role("button", name="Duplicate", exact=True).click()
        hands.form.wait_for(state="detached")
        hands.day("2027-03-11").locator(".entry", has_text="We are hiring").wait_for()
        hands.page.locator("#figures", has_text="11 posts (on 3 accounts)").wait_for()
        hands.write("Thank you!").get_by_role("button", name="Remove").click()
        hands.form.wait_for(state="detached")
        assert hands.entry("Thank you!").count() == 0
        hands.page.locator("#studio-changes .number-of", has_text="1").wait_for()
        hands.page.locator("#studio-changes").click()
        panel = hands.page.locator("dialog.panel")
        panel.locator("summary").click()
        words = panel.locator(".changed li").all_inner_texts()
        assert any("new" in each and "Thu 11 Mar" in each for each in words), words
        assert any("removed" in each and "thanks" in each for each in words), words
        assert "-- id: thanks" in panel.locator(".diff").inner_text().splitlines()
        assert "This repository has no remote" in panel.locator(".alert").inner_text()


def test_pictures_come_by_drop_and_by_paste_and_change_their_order(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages) as hands:
        form = hands.write("We are hiring")
        for number, (kind, name) in enumerate((("drop", "bench.png"), ("paste", "lamp.png"))):
            form.evaluate(GIVE, {"kind": kind, "name": name, "bytes": list(png(number))})
            form.get_by_label(f"Alt text of {name}").fill(f"What {name} shows")
        form.get_by_role("button", name="lamp.png earlier").click()
        assert "lamp.png" in form.locator(".pictures li").first.inner_text()
        hands.save()
        hands.said("hiring")
        assert hands.diff() == [
            "+  media:",
            "+  - file: media/lamp.png",
            "+    alt: What lamp.png shows",
            "+  - file: media/bench.png",
            "+    alt: What bench.png shows",
        ]
        assert [(top / "media" / name).read_bytes() for name in ("bench.png", "lamp.png")] == [png(0), png(1)]


def test_each_calendar_of_a_page_has_its_own_changes(tmp_path: Path, pages: Pages) -> None:
    one = calendar(tmp_path / "one")
    two = calendar(tmp_path / "two", MARCH.replace("Meet the Mini", "Meet the Maxi"))
    settings = two / "publer.yaml"
    settings.write_text(settings.read_text().replace("Fjordlight", "Fjordlight Norway"))
    git(two, "commit", "--quiet", "--all", "--message=Name it")
    with desk_of(one, two) as desk:
        hands = enter(desk, pages, "view=month&date=2027-03-01")
        hands.drag(hands.entry("Meet the Maxi"), "2027-03-04")
        hands.said("Thu 4 Mar")
        assert (two / "2027-03.yaml").read_text() == MARCH.replace("Meet the Mini", "Meet the Maxi").replace(
            "Tue 2027-03-02", "Thu 2027-03-04"
        )
        hands.page.keyboard.press("n")
        hands.form.get_by_label("Calendar").select_option("Fjordlight Norway")
        hands.form.get_by_label("Day", exact=True).fill("2027-03-16")
        hands.form.get_by_label("My X Account").check()
        hands.form.get_by_label("Words", exact=True).fill("Only in Norway.")
        hands.save()
        hands.day("2027-03-16").locator(".entry", has_text="Only in Norway.").wait_for()
        assert "Only in Norway." in (two / "2027-03.yaml").read_text()
        assert hands.diff() == []  # of the first
        hands.page.keyboard.press("n")
        hands.form.get_by_label("Calendar").select_option("Fjordlight Norway")
        hands.form.get_by_label("Words", exact=True).fill("Norway again.")
        hands.page.keyboard.press("Escape")
        hands.said("are kept, not saved")
        hands.page.reload()
        hands.page.locator("#studio-unsaved").click()
        hands.page.get_by_role("button", name="Keep writing").click()
        assert hands.form.get_by_label("Calendar").input_value() == "Fjordlight Norway"


def test_a_form_that_opens_again_knows_which_of_a_series_it_is(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        hands.day("2027-03-22").locator(".entry", has_text="Monday tip").click()
        hands.form.get_by_label("Words", exact=True).fill("Dry your lamp.")
        hands.page.reload()
        hands.form.locator(".meanwhile", has_text="did not save").wait_for()
        hands.page.keyboard.press("Escape")
        hands.page.get_by_role("button", name="Keep writing").click()
        hands.form.get_by_role("button", name="Remove").click()
        hands.page.get_by_role("button", name="This one", exact=True).click()
        hands.said("tips skips Mon 22 Mar")
        assert next(each for each in hands.diff() if "except" in each).endswith("except: [2027-03-22]}")
        hands.page.evaluate("sessionStorage.setItem('publer-sync-open', 'post:0-3')")  # by no card of a day
        hands.page.reload()
        hands.form.get_by_text("open the card of its day").wait_for()
        hands.form.get_by_role("button", name="Remove").click()
        hands.page.get_by_text("Remove all posts of tips?").wait_for()
        assert hands.page.get_by_role("button", name="This one", exact=True).count() == 0

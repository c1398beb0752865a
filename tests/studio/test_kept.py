"""Words and pictures that are not saved: they outlive the tab and the process, and the calendar has nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.studio import kept, showing
from tests.studio.desk import Desk, desk_of
from tests.studio.hands import Gate, calendar, enter
from tests.studio.repositories import git
from tests.studio.rich import rich
from tests.studio.test_page_asks import upload
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tests.browser import Pages


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar")) as desk:
        yield desk


def names(desk: Desk) -> set[str]:
    return {each.name for each in (desk.top / "media").iterdir()}


def test_a_picture_comes_into_the_calendar_when_its_post_is_saved(desk: Desk) -> None:
    before = names(desk)
    assert upload(desk, "new.png", png(7)) == (200, "media/new.png")
    assert upload(desk, "new.png", png(8)) == (200, "media/new-2.png")
    assert upload(desk, "one.png", png(0)) == (200, "media/one.png")  # which is there already
    assert names(desk) == before
    assert git(desk.top, "status", "--porcelain") == ""
    told = desk.do(
        "asked", edit={"media": [{"path": "media/nothing.png"}, {"path": "media/new.png", "alt": "New"}]}
    )
    assert (told.status, names(desk)) == (422, before)
    told = desk.do("told", edit={"media": [{"path": "elsewhere/new.png", "alt": "New"}]})
    assert (told.status, names(desk)) == (422, before)
    told = desk.do("asked", edit={"media": [{"path": "media/one.png"}, {"path": "media/new.png"}]})
    assert told.status == 422, "a poll has no pictures"
    assert names(desk) == before
    told = desk.do(
        "told", edit={"media": [{"path": "media/one.png"}, {"path": "media/new.png", "alt": "New"}]}
    )
    assert (told.status, names(desk)) == (200, before | {"new.png"})
    assert (desk.top / "media" / "new.png").read_bytes() == png(7)


def test_what_nothing_shows_any_more_is_offered_for_removal(desk: Desk) -> None:
    told = desk.do("told", edit={"media": [{"path": "media/one.png", "alt": "One"}]})
    assert told.body["unshown"] == ["media/two.png"]
    april = desk.top / "2027-04.yaml"
    april.write_text(f"{april.read_text()}  media: [{{file: logo.png}}, {{file: media/gone.png}}]\n")
    (desk.top / "logo.png").write_bytes(png(5))
    assert desk.do("April", edit={"media": []}).body["unshown"] == []
    assert desk.send("/studio/undo", {}).status == 200
    april.write_text(april.read_text().partition("  media")[0])
    (desk.top / "logo.png").unlink()
    for path in ("media/one.png", "media/../publer.yaml", "publer.yaml", "media/none.png", "../x"):
        assert desk.send("/studio/discard", {"path": path}).status == 422
    (desk.top / "media" / "linked.png").symlink_to("spare.png")
    assert desk.send("/studio/discard", {"path": "media/linked.png"}).status == 422
    (desk.top / "media" / "linked.png").unlink()
    assert desk.send("/studio/discard", {"path": "media/two.png"}).status == 200
    assert "two.png" not in names(desk)
    assert git(desk.top, "status", "--porcelain") == " M 2027-03.yaml\n D media/two.png\n"
    for path in ("media/none.png", "elsewhere/two.png"):
        assert desk.send("/studio/discard", {"path": path, "back": True}).status == 422
    assert desk.send("/studio/discard", {"path": "media/two.png", "back": True}).status == 200
    assert (desk.top / "media" / "two.png").read_bytes() == png(1)
    assert desk.send("/studio/discard", {"path": "media/two.png"}).status == 200
    (desk.top / "media" / "two.png").write_bytes(png(8))
    assert desk.send("/studio/discard", {"path": "media/two.png", "back": True}).status == 422
    assert (desk.top / "media" / "two.png").read_bytes() == png(8)
    with desk_of(desk.top):
        assert not (desk.top / ".publer-sync" / "studio" / "removed").exists()


@pytest.mark.parametrize("place", ["", "outside", "calendar/.git/media"])
def test_a_picture_stays_in_the_calendar(tmp_path: Path, place: str) -> None:
    top = calendar(tmp_path / "calendar")
    if place:
        (tmp_path / place).mkdir()
        (top / "media").symlink_to(tmp_path / place)
    with desk_of(top) as desk:
        assert upload(desk, "new.png", png(7)) == (200, "media/new.png")
        told = desk.do("launch", edit={"media": [{"path": "media/new.png", "alt": "New"}]})
        if place:
            assert (told.status, "leads out of the calendar" in told.say) == (500, True)
            assert not [*(tmp_path / place).iterdir()]
        else:
            assert (told.status, names(desk)) == (200, {"new.png"})


def test_words_of_a_post_that_left_find_it_when_it_comes_back(desk: Desk) -> None:
    def kept(name: str, key: str | None) -> tuple[str | None, bool]:
        assert desk.send("/studio/kept", {"name": name, "key": key, "values": {"text": "Mine"}}).status == 200
        (found,) = (each for each in desk.get("/studio/posts")["kept"] if each["name"] == name)
        return found["key"], found["lost"]

    key = desk.post("asked")["key"]
    assert kept("a", key) == (key, False)
    desk.do("asked", remove={})
    assert kept("a", key) == (None, True)
    desk.send("/studio/undo", {})
    (found,) = desk.get("/studio/posts")["kept"]
    assert (found["key"], found["lost"]) == (desk.post("asked")["key"], False)
    assert desk.send("/studio/kept", {"name": "a"}).status == 200
    assert kept("a", "0-99") == (None, True)
    march = desk.top / "2027-03.yaml"
    march.write_text(march.read_text().replace("Fri 2027-03-05 09:00", "next"))
    waits = desk.post("No id")["key"]
    assert kept("b", waits) == (waits, False)


def test_words_outlive_the_process_and_are_found_by_their_post(tmp_path: Path) -> None:
    top = rich(tmp_path / "calendar")
    with desk_of(top) as desk:
        upload(desk, "new.png", png(7))
        upload(desk, "thrown.png", png(8))
        key = desk.post("told")["key"]
        values = {
            "text": "Half a sen",
            "media": [{"path": "media/new.png", "alt": "", "thumb": "/studio/media/0-99"}],
        }
        assert desk.send("/studio/kept", {"name": "a", "key": key, "values": values}).status == 200
        other = desk.post("Nor this")["key"]
        assert (
            desk.send("/studio/kept", {"name": "b", "key": other, "values": {"text": "No id"}}).status == 200
        )
        assert (
            desk.send("/studio/kept", {"name": "c", "values": {"text": "New", "day": "2027-03-08"}}).status
            == 200
        )
        assert git(top, "status", "--porcelain") == ""
    text = (top / "2027-03.yaml").read_text()
    (top / "2027-03.yaml").write_text(
        text.replace("- id: asked", "- at: 2027-03-01 09:00\n  accounts: x\n  text: First\n- id: asked")
    )
    with desk_of(top) as desk:
        kept = {each["name"]: each for each in desk.get("/studio/posts")["kept"]}
        assert kept["a"]["key"] == desk.post("told")["key"]
        assert kept["b"]["key"] == desk.post("Nor this")["key"]
        assert kept["c"]["key"] is None
        thumb = kept["a"]["values"]["media"][0]["thumb"]
        assert desk.ask("GET", thumb).headers["Content-Type"] == "image/webp"
        pictures = {each.name for each in (top / ".publer-sync" / "studio" / "pictures").iterdir()}
        assert pictures == {"new.png"}
        for name in "abc":
            assert desk.send("/studio/kept", {"name": name}).status == 200
        assert desk.get("/studio/posts")["kept"] == []
        assert not any((top / ".publer-sync" / "studio" / "pictures").iterdir())


def test_words_of_a_new_post_stay_in_the_calendar_that_was_chosen(tmp_path: Path) -> None:
    """Its name and its pictures go along where another calendar is chosen in the form, and nothing is left behind."""
    one, two = rich(tmp_path / "one"), calendar(tmp_path / "two")
    (two / "publer.yaml").write_text((two / "publer.yaml").read_text().replace("Fjordlight", "Bakery"))
    with desk_of(one, two) as desk:
        sent = {"name": "form", "key": None, "calendar": "Fjordlight"}
        values = {
            "text": "Bread",
            "media": [{"path": f"media/{name}.png"} for name in ("new", "one", "none")] + ["odd"],
        }
        told = desk.ask(
            "POST",
            "/studio/media?name=new.png&calendar=Fjordlight",
            png(7),
            {"Content-Type": "application/octet-stream"},
        )
        assert told.body["path"] == "media/new.png"
        for name in ("Fjordlight", "Bakery", "Fjordlight", "Bakery"):
            assert desk.send("/studio/kept", {**sent, "calendar": name, "values": values}).status == 200
            (kept,) = desk.get("/studio/posts")["kept"]
            assert (kept["calendar"], kept["values"]["text"]) == (name, "Bread")
            thumbs = [each["thumb"] for each in kept["values"]["media"]]
            there = [desk.ask("GET", each).status for each in thumbs]
            assert there == [200, 200 if name == "Fjordlight" else 404, 404]
    assert (one / "media" / "one.png").exists()
    with desk_of(one, two) as desk:
        assert [each["calendar"] for each in desk.get("/studio/posts")["kept"]] == ["Bakery"]
        assert not [*(one / ".publer-sync" / "studio").rglob("*.*")]


def test_a_picture_stays_where_the_chosen_calendar_has_another_of_its_name(tmp_path: Path) -> None:
    one, two = rich(tmp_path / "one"), calendar(tmp_path / "two")
    (two / "publer.yaml").write_text((two / "publer.yaml").read_text().replace("Fjordlight", "Bakery"))
    with desk_of(one, two) as desk:
        kind = {"Content-Type": "application/octet-stream"}
        desk.ask("POST", "/studio/media?name=new.png&calendar=Fjordlight", png(7), kind)
        values = {"text": "Bread", "media": [{"path": "media/new.png", "alt": ""}]}
        sent = {"name": "form", "key": None, "values": values}
        assert desk.send("/studio/kept", {**sent, "calendar": "Fjordlight"}).status == 200
        waiting = one / ".publer-sync" / "studio" / "pictures" / "new.png"
        (two / "media").mkdir(exist_ok=True)
        (two / "media" / "new.png").write_bytes(png(8))
        told = desk.send("/studio/kept", {**sent, "calendar": "Bakery"})
        assert (told.status, "another picture has this name" in told.say) == (500, True)
        assert waiting.read_bytes() == png(7)
        (two / "media" / "new.png").write_bytes(png(7))
        assert desk.send("/studio/kept", {**sent, "calendar": "Bakery"}).status == 200
        assert [each["calendar"] for each in desk.get("/studio/posts")["kept"]] == ["Bakery"]


@pytest.mark.story
def test_words_of_a_post_without_an_id_find_it_once_its_lines_changed(tmp_path: Path) -> None:
    top = rich(tmp_path / "calendar")
    file, text = top / "2027-03.yaml", (top / "2027-03.yaml").read_text()

    def edited(*pairs: tuple[str, str]) -> None:
        now = text
        for old, new in pairs:
            now = now.replace(old, new)
        file.write_text(now)

    def kept(desk: Desk) -> dict[str, tuple[str | None, bool]]:
        return {each["name"]: (each["key"], each["lost"]) for each in desk.get("/studio/posts")["kept"]}

    with desk_of(top) as desk:
        keys = [desk.post(name)["key"] for name in ("Nor this", "No id")]
        for name, key in zip("ab", keys, strict=True):
            desk.send("/studio/kept", {"name": name, "key": key, "values": {"text": "Mine"}})
        desk.send("/studio/kept", {"name": "new", "key": None, "values": {"text": "New"}})
        edited(
            ("text: Nor this one", "text: Words of somebody"),
            ("Fri 2027-03-05 09:00", "Fri 2027-03-05 11:00"),
        )
        assert kept(desk) == {"a": (keys[0], False), "b": (keys[1], False), "new": (None, False)}
    with desk_of(top) as desk:  # by its time, and by its words
        found = [desk.post(name)["key"] for name in ("Words of", "No id")]
        assert kept(desk) == {"a": (found[0], False), "b": (found[1], False), "new": (None, False)}
        edited(
            ("text: Nor this one", "text: Other words"),
            ("Sat 2027-03-06 09:00", "Sat 2027-03-06 10:00"),
            ("text: No id at all", "text: Nothing of it"),
        )
        assert kept(desk)["a"] == (found[0], False)
    edited(
        (
            "2027-03-06 09:00\n  accounts: words\n  text: Nor",
            "2027-03-07 09:00\n  accounts: words\n  text: Some",
        )
    )
    with desk_of(top) as desk:
        assert kept(desk)["a"] == (None, True)
        desk.send("/studio/kept", {"name": "late", "key": "0-99", "values": {"text": "Mine"}})
        assert kept(desk)["late"] == (None, True)


def test_words_of_a_post_that_says_nothing_are_not_those_of_another_that_does_not(tmp_path: Path) -> None:
    top = tmp_path / "calendar"
    (top / "media").mkdir(parents=True)
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    post = "posts:\n- {at: 2027-03-0%d 09:00, accounts: x, media: [{file: media/%d.png, alt: A}]}\n"
    for number in (1, 2):
        (top / "media" / f"{number}.png").write_bytes(png(number))
    (top / "posts.yaml").write_text(post % (1, 1))
    with desk_of(top) as desk:
        (one,) = desk.posts
        desk.send("/studio/kept", {"name": "a", "key": one["key"], "values": {"text": "Mine"}})
    (top / "posts.yaml").write_text(post % (2, 2))
    with desk_of(top) as desk:
        assert [(each["key"], each["lost"]) for each in desk.get("/studio/posts")["kept"]] == [(None, True)]


def test_more_words_than_anybody_writes_are_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 1)
    for name, status in (("a", 200), ("b", 500), ("a", 200)):
        told = desk.send("/studio/kept", {"name": name, "values": {"text": name}})
        assert told.status == status
    (desk.top / "media" / "alone.png").write_bytes(png(9))
    (desk.top / ".publer-sync" / "studio" / "removed").write_text("not a folder")
    told = desk.send("/studio/discard", {"path": "media/alone.png"})
    assert (told.status, told.say[:31]) == (500, "The file could not be written: ")
    assert "alone.png" in names(desk)


def test_words_outlive_a_tab_that_is_closed(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with desk_of(top) as desk:
        hands = enter(desk, pages)
        form = hands.write("We are hiring")
        form.get_by_label("Words", exact=True).fill("We are hiring, and this is half of")
        hands.page.wait_for_timeout(50)  # less than the words wait to be sent
        hands.page.goto("about:blank")
        again = hands.page
        again.goto(desk.server.address)
        again.locator("html[data-ready=studio]").wait_for()
        hands.form.wait_for()
        assert (
            hands.form.get_by_label("Words", exact=True).input_value() == "We are hiring, and this is half of"
        )
        hands.form.get_by_role("button", name="Close", exact=True).click()
        again.locator("#studio-unsaved").click()
        again.get_by_role("button", name="Throw away").click()
        again.locator("#studio-unsaved").wait_for(state="hidden")
        assert hands.diff() == []
    assert not [*(top / ".publer-sync" / "studio").glob("*.json")]


def test_a_picture_pasted_by_mistake_leaves_nothing_after_cancel(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with desk_of(top) as desk:
        hands = enter(desk, pages)
        form = hands.write("We are hiring")
        files = [{"name": "oops.png", "mimeType": "image/png", "buffer": png(1)}]
        form.locator("input[type=file]").first.set_input_files(files)  # type: ignore[arg-type]  # Playwright's own type, as a dict
        form.get_by_label("Alt text of oops.png").wait_for()
        hands.page.wait_for_timeout(400)
        form.get_by_role("button", name="Cancel").click()
        hands.form.wait_for(state="detached")
        hands.page.wait_for_timeout(200)
        assert git(top, "status", "--porcelain") == ""
        assert not (top / "media").exists()
        assert not any((top / ".publer-sync" / "studio" / "pictures").iterdir())


@pytest.mark.story
def test_a_draft_may_be_too_long_until_it_is_none(desk: Desk) -> None:
    long = "All of it, again. " * 20
    told = desk.do("asked", edit={"text": long})
    assert (told.status, "280" in told.say or "characters" in told.say) == (422, True)
    told = desk.do("asked", edit={"text": long, "draft": True})
    assert told.status == 200
    assert [each["severity"] for each in told.body["problems"] if "length" in each["code"]] == ["warning"]
    assert told.body["say"] == "asked: words edited, is a draft now"
    told = desk.do("asked", edit={"draft": False})
    assert told.status == 422
    told = desk.do("asked", edit={"text": "Short", "draft": False})
    assert told.body["say"] == "asked: words edited, is no longer a draft"


def test_what_somebody_else_removed_is_asked_about(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        form = hands.write("We are hiring")
        form.get_by_label("Words", exact=True).fill("We are hiring two")
        assert desk.do("hiring", remove={}).status == 200
        form.locator(".meanwhile", has_text="no longer in the files").wait_for()
        form.locator("button.main").click()
        hands.page.locator("dialog.ask").get_by_role("button", name="Cancel").click()
        assert "hiring" not in desk.read("2027-03.yaml")
        form.locator("button.main").click()
        hands.page.get_by_role("button", name="Add it again, as a new post").click()
        hands.form.wait_for(state="detached")
        assert "We are hiring two" in desk.read("2027-03.yaml")
        hands.write("Thank you!").get_by_label("Words", exact=True).fill("Thank you all!")
        hands.page.keyboard.press("Escape")
        assert desk.do("thanks", remove={}).status == 200
        hands.entry("Thank you!").wait_for(state="detached")
        for answer in ("Cancel", "Make a new post of them"):
            hands.page.locator("#studio-unsaved").click()
            hands.page.get_by_text('"Thank you all!": its post is not found').wait_for()
            hands.page.get_by_role("button", name="Keep writing").first.click()
            hands.page.get_by_role("heading", name="The post of these words is not found").wait_for()
            assert hands.form.count() == 0
            hands.page.locator("dialog.ask").get_by_role("button", name=answer).click()
        hands.form.get_by_role("heading", name="New post").wait_for()
        assert hands.form.get_by_label("Words", exact=True).input_value() == "Thank you all!"


@pytest.mark.parametrize("large", [False, True])
def test_an_answer_from_before_a_save_does_not_take_it_off_the_page(
    large: bool, tmp_path: Path, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "LARGE", 0 if large else showing.LARGE)
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        late = Gate("/studio/posts", answered=True).on(hands.page)
        with hands.page.expect_response("**/studio/kept"):
            hands.write("We are hiring").get_by_label("Words", exact=True).fill("We are hiring two")
        assert desk.do("thanks", edit={"text": "Thank you all!"}).status == 200
        late.wait(hands.page)
        with hands.page.expect_response("**/studio/kept"):
            hands.save()
        late.let()
        hands.entry("Thank you all!").wait_for()
        hands.entry("We are hiring two").wait_for()
        assert not hands.page.locator("#studio-unsaved").is_visible()
        hands.page.locator("#studio-undo").click()
        hands.entry("We are hiring two").wait_for(state="detached")
        hands.entry("Thank you all!").wait_for()


def test_words_that_were_saved_do_not_come_back_as_not_saved(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        with hands.page.expect_response("**/studio/kept"):
            hands.write("We are hiring").get_by_label("Words", exact=True).fill("We are hiring two")
        first = Gate("/studio/kept").on(hands.page)
        late = Gate("/studio/posts", answered=True).on(hands.page)
        hands.save()
        first.wait(hands.page)
        assert desk.do("thanks", edit={"text": "Thank you all!"}).status == 200
        late.wait(hands.page)
        with hands.page.expect_response("**/studio/kept"):
            first.let()
        late.let()
        hands.entry("Thank you all!").wait_for()
        assert not hands.page.locator("#studio-unsaved").is_visible()


def test_what_could_not_be_thrown_away_stays_where_another_window_went_on_with_it(
    tmp_path: Path, pages: Pages
) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        one = enter(desk, pages)
        with one.page.expect_response("**/studio/kept"):
            one.write("We are hiring").get_by_label("Words", exact=True).fill("We are hiring two")
        one.page.route("**/studio/kept", lambda route: route.abort())
        with one.page.expect_event("requestfailed"):
            one.form.get_by_role("button", name="Cancel").click()
        two = one.page.context.new_page()
        two.goto(one.page.url)
        two.locator("html[data-ready=studio]").wait_for()
        two.locator("#studio-unsaved").click()
        two.get_by_role("button", name="Keep writing").click()
        with two.expect_response("**/studio/kept"):
            two.locator("dialog.editor").get_by_label("Words", exact=True).fill("We are hiring three")
        with one.page.expect_response("**/studio/kept"):
            one.page.unroute("**/studio/kept")
        kept = desk.get("/studio/posts")["kept"]
        assert [each["values"]["text"].strip() for each in kept] == ["We are hiring three"]


def test_only_what_another_page_wrote_last_is_not_forgotten_when_asked_again(desk: Desk) -> None:
    def kept(**more: Any) -> int:
        assert desk.send("/studio/kept", {"name": "form", "key": None, **more}).status == 200
        return len(desk.get("/studio/posts")["kept"])

    words = {"values": {"text": "Half a sen"}}
    assert kept(**words, page="one") == 1
    assert kept(page="two", again=True) == 1
    assert kept(page="one", again=True) == 0
    assert kept(**words, page="one") == 1
    assert kept(page="two") == 0
    assert kept(page="two", again=True) == 0


HIDDEN = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.parametrize("saved", [False, True])
def test_what_is_under_way_when_the_page_is_hidden_does_not_replace_what_is_newer(
    saved: bool, tmp_path: Path, pages: Pages
) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        first = Gate("/studio/kept").on(hands.page)
        words = hands.write("We are hiring").get_by_label("Words", exact=True)
        words.fill("We are hiring two")
        first.wait(hands.page)
        first.open = True  # the first one alone is held
        if saved:
            hands.save()
        else:
            words.fill("We are hiring three")
        with hands.page.expect_response("**/studio/kept"):
            hands.page.evaluate(HIDDEN)
        with hands.page.expect_response("**/studio/kept"):
            first.let()
        wanted = [] if saved else ["We are hiring three"]
        for _ in range(100):
            kept = [each["values"]["text"].strip() for each in desk.get("/studio/posts")["kept"]]
            if kept == wanted:
                break
            hands.page.wait_for_timeout(20)
        assert kept == wanted


def test_what_could_not_be_kept_is_said_and_stays_on_the_page(tmp_path: Path, pages: Pages) -> None:
    full = {"refused": {"say": "The file could not be written: No space left on device."}}
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        hands.page.route("**/studio/kept", lambda route: route.fulfill(status=507, json=full))
        hands.write("We are hiring").get_by_label("Words", exact=True).fill("We are hiring two")
        hands.page.keyboard.press("Escape")
        hands.said("Your words for hiring could not be kept: The file could not be written: No space left")
        assert desk.do("launch", move={"day": "2027-03-04"}).status == 200
        hands.day("2027-03-04").locator(".entry", has_text="Meet the Mini").wait_for()  # all was read again
        hands.page.unroute("**/studio/kept")
        hands.page.locator("#studio-unsaved").click()
        hands.page.locator("dialog.ask").get_by_role("button", name="Keep writing").click()
        assert hands.form.get_by_label("Words", exact=True).input_value() == "We are hiring two"
        hands.page.keyboard.press("Escape")
        hands.said("Your words for hiring are kept, not saved.")
        (kept,) = desk.get("/studio/posts")["kept"]
        assert (kept["key"], kept["values"]["text"]) == (desk.post("hiring")["key"], "We are hiring two")


def test_words_bring_no_folder_back_that_is_gone(tmp_path: Path) -> None:
    top = rich(tmp_path / "calendar")
    with desk_of(top) as desk:
        top.rename(tmp_path / "elsewhere")
        told = desk.send("/studio/kept", {"name": "a", "values": {"text": "Words"}})
        assert (told.status, "folder is gone" in told.say) == (500, True)
        assert not top.exists()

"""What posts show: files that are uploaded once, media of Publer's library, and what cannot be sent."""

from __future__ import annotations

import re

import pytest

from tests.system.content import ADDRESS, MOVIE, ContentDesk

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("every_kind_seen")]


def test_an_address_is_fetched_once_and_shown_by_its_id(desk: ContentDesk) -> None:
    picture = f"text: {{}}\nmedia:\n- url: {ADDRESS}\n  alt: A lamp"
    desk.write(
        *(f"{name} on {name}\n{picture.format(name)}" for name in ("facebook", "bluesky")),
        f"film on x\ntext: film\nmedia:\n- url: {MOVIE}",
    )
    assert desk.apply().outcomes == dict.fromkeys(("facebook", "bluesky", "film"), "applied")
    assert [body["media"][0]["url"] for body in desk.asked("POST", "/media/from-url")] == [ADDRESS, MOVIE]
    [shown] = desk.sent("facebook")["media"]
    assert re.fullmatch(r"[0-9a-f]{24}", shown["id"])
    assert (shown["type"], shown["alt_text"]) == ("photo", "A lamp")
    assert desk.sent("bluesky")["media"] == [shown]
    assert desk.sent("film")["media"][0]["type"] == "video"
    assert desk.plan() == []


def test_media_stand_wherever_a_post_can_show_them(desk: ContentDesk) -> None:
    desk.write(
        f"cover on youtube\ntitle: T\ntext: cover\nmedia:\n- file: media/repair.mp4\n  thumbnail: {ADDRESS}",
        f"comment on facebook\ntext: comment\ncomments:\n- text: more\n  media:\n  - url: {ADDRESS}",
        "thread on x\ntext: thread\nthread:\n- text: more\n  media:\n  - file: media/table.png\n    alt: A table",
        f"article on wordpress\ntitle: T\ntext: article\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        "card on linkedin\ntext: card\nlink:\n  url: https://example.com\n  image: media/table.png",
    )
    done = desk.apply()
    assert set(done.outcomes.values()) == {"applied"}, done.results
    assert len(desk.asked("POST", "/media/from-url")) == 1
    cover = desk.sent("cover")["media"][0]
    assert cover["thumbnails"][cover["default_thumbnail"]]["real"] == ADDRESS
    assert desk.sent("article")["featured_media"] == {"path": ADDRESS}
    [image] = desk.sent("card")["link"]["images"]
    assert image.startswith("https://")
    accounts = {post["text"]: post["sent"]["account"] for post in desk.sandbox.posts()}
    assert accounts["comment"]["comments"][0]["media"]["path"] == ADDRESS
    assert accounts["thread"]["comments"][0]["media"]["path"] == image
    assert desk.plan() == []


def test_a_file_that_is_needed_by_its_path_later_is_sent_again_for_it(desk: ContentDesk) -> None:
    picture = "file: media/table.png"
    first = f"first on facebook\ntext: first\nmedia:\n- {picture}\n  alt: A table"
    later = f"later on facebook\ntext: later\ncomments:\n- text: more\n  media:\n  - {picture}"
    desk.write(first)
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 1
    desk.write(first, later)
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 2
    desk.write(first, later, later.replace("later", "last"))
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 2


def test_a_picture_that_was_deleted_from_the_library_is_uploaded_again(desk: ContentDesk) -> None:
    picture, clip = "file: media/table.png", f"url: {ADDRESS}"
    first = f"first on facebook\ntext: first\nmedia:\n- {picture}\n  alt: A table\n- {clip}\n  alt: A lamp"
    desk.write(first)
    assert desk.apply().code == 0
    gone = desk.sent("first")["media"][0]["id"]
    desk.sandbox.remove_media(gone)
    desk.write(first, first.replace("first", "second"), first.replace("first", "third"))
    assert desk.apply().code == 0
    assert [len(desk.asked("POST", path)) for path in ("/media", "/media/from-url")] == [2, 1]
    assert len(desk.asked("GET", "/media")) == 2, "asked until a page brings nothing new"
    assert gone not in {media["id"] for name in ("second", "third") for media in desk.sent(name)["media"]}


def test_without_the_scope_for_media_what_was_uploaded_before_is_taken_to_be_there(desk: ContentDesk) -> None:
    first = "first on facebook\ntext: first\nmedia:\n- file: media/table.png\n  alt: A table"
    desk.write(first)
    assert desk.apply().code == 0
    desk.sandbox.faults.scopes -= {"media"}
    desk.write(first, first.replace("first", "second"))
    assert desk.apply().code == 0
    assert len(desk.asked("POST", "/media")) == 1


def test_an_id_that_the_key_could_not_look_up_is_looked_up_the_next_time(desk: ContentDesk) -> None:
    known = desk.sandbox.add_media("shelf.png")
    desk.sandbox.faults.scopes -= {"media"}
    desk.write(
        f"comment on facebook\ntext: comment\ncomments:\n- text: more\n  media:\n  - id: {known}",
        f"post on x\ntext: post\nmedia:\n- id: {known}\n  alt: A shelf",
    )
    assert desk.apply().outcomes == {"comment": "failed", "post": "applied"}
    desk.sandbox.faults.scopes |= {"media"}
    assert desk.apply().outcomes == {"comment": "applied"}


def test_what_the_library_has_is_named_by_its_id_and_its_path_looked_up(desk: ContentDesk) -> None:
    known = desk.sandbox.add_media("shelf.png")
    leaflet = desk.sandbox.add_media("leaflet.pdf")
    desk.write(
        f"leaflet on linkedin\ntype: document\ntitle: T\ntext: leaflet\nmedia:\n- id: {leaflet}",
        f"post on facebook\ntext: post\nmedia:\n- id: {known}\n  alt: A shelf",
        f"comment on facebook\ntext: comment\ncomments:\n- text: more\n  media:\n  - id: {known}",
        f"article on wordpress\ntitle: T\ntext: article\nmedia:\n- id: {known}\n  alt: A shelf",
    )
    assert desk.problems() == []
    assert set(desk.apply().outcomes.values()) == {"applied"}
    assert desk.sent("post")["media"][0] == {"id": known, "type": "photo", "alt_text": "A shelf"}
    assert desk.sent("article")["featured_media"]["path"].endswith("/shelf.png")
    assert len(desk.asked("GET", "/media")) == 2, "each once"


def test_the_cover_of_a_video_in_a_comment_is_sent(desk: ContentDesk) -> None:
    desk.write(
        "post on facebook\ntext: post\ncomments:\n- text: more\n  media:\n  - file: media/repair.mp4\n"
        "    thumbnail: media/table.png"
    )
    assert desk.apply().code == 0
    [post] = desk.sandbox.posts()
    assert "table.png" in post["sent"]["account"]["comments"][0]["media"]["thumbnail"]


# --- what cannot be sent --------------------------------------------------------------------------------------------


def test_a_word_document_is_warned_of_before_publer_refuses_it(desk: ContentDesk) -> None:
    (desk.top / "media" / "prices.docx").write_bytes(b"PK\x03\x04" + bytes(60))
    desk.write("prices on linkedin\ntitle: T\ntext: prices\nmedia:\n- file: media/prices.docx")
    [problem] = desk.problems()
    assert problem.startswith("8: media.office: prices.docx is not a PDF")
    assert desk.apply().outcomes == {"prices": "failed"}


def test_an_old_post_stays_where_the_new_one_cannot_be_sent(desk: ContentDesk) -> None:
    """Both need one minute, so the old one would have to go first."""
    desk.write("article on wordpress\ntitle: T\ntext: Words")
    assert desk.apply().code == 0
    desk.write("article on wordpress\ntitle: T\ntext: Words\nmedia:\n- id: 63c675e94e299e9cf2b667ec")
    done = desk.apply()
    assert done.outcomes == {"article": "failed"}
    assert not desk.asked("DELETE", "/posts.*")
    assert len(desk.sandbox.posts()) == 1


def test_an_id_whose_path_publer_does_not_tell_fails_its_post_alone(desk: ContentDesk) -> None:
    desk.write(
        "article on wordpress\ntitle: T\ntext: article\nmedia:\n- id: 63c675e94e299e9cf2b667ec\n  alt: A shelf",
        "other on x\ntext: other",
    )
    done = desk.apply()
    assert (done.code, done.outcomes) == (6, {"article": "failed", "other": "applied"})
    assert "did not give the path of media 63c675e94e299e9cf2b667ec" in done.message("article")
    assert desk.plan() == [("create", "article")]


def test_a_post_that_is_lost_with_an_id_nobody_knows_has_a_likely_reason(desk: ContentDesk) -> None:
    desk.write("post on x\ntext: post\nmedia:\n- id: 63c675e94e299e9cf2b667ec\n  alt: A shelf")
    done = desk.apply()
    assert done.outcomes == {"post": "unverified"}
    assert "does not list 63c675e94e299e9cf2b667ec" in done.results[0]["hint"]


def test_a_file_that_publer_refuses_is_sent_once_and_fails_its_posts_alone(desk: ContentDesk) -> None:
    desk.sandbox.faults.trip("error_before", "POST", "/media$", status=413)
    picture = "text: {}\nmedia:\n- file: media/table.png\n  alt: A table"
    desk.write(
        *(f"{name} on {name}\n{picture.format(name)}" for name in ("facebook", "bluesky")),
        "other on x\ntext: other\nmedia:\n- file: media/workshop.png\n  alt: A lathe",
    )
    done = desk.apply()
    assert done.outcomes == {"facebook": "failed", "bluesky": "failed", "other": "applied"}
    assert len(desk.asked("POST", "/media")) == 2
    assert set(desk.apply().outcomes.values()) == {"applied"}


def test_a_video_that_looked_like_a_picture_is_not_sent_as_one(desk: ContentDesk) -> None:
    known = desk.sandbox.add_media("clip.mp4")
    desk.write(
        f"post on facebook\ntext: post\nmedia:\n- id: {known}\n  alt: A clip", "other on x\ntext: other"
    )
    done = desk.apply()
    assert done.outcomes == {"post": "failed", "other": "applied"}
    assert "write type: video" in done.message("post")
    desk.write(f"post on facebook\ntype: video\ntext: post\nmedia:\n- id: {known}", "other on x\ntext: other")
    assert desk.apply().outcomes == {"post": "applied"}


@pytest.mark.parametrize("bad_first", [True, False])
def test_a_post_that_cannot_be_sent_fails_no_other_that_shows_the_same(
    desk: ContentDesk, *, bad_first: bool
) -> None:
    known = desk.sandbox.add_media("clip.mp4")
    good = f"good on facebook\ntype: video\ntext: good\nmedia:\n- id: {known}"
    bad = f"bad on x\ntype: photo\ntext: bad\nmedia:\n- id: {known}\n  alt: A clip"
    desk.write(*((bad, good) if bad_first else (good, bad)))
    assert desk.apply().outcomes == {"good": "applied", "bad": "failed"}
    assert len(desk.asked("GET", "/media")) == 1
    assert desk.apply().outcomes == {"bad": "failed"}
    assert len(desk.asked("GET", "/media")) == 2  # what did not help before is asked for anew, once

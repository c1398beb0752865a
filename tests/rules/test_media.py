"""Rules about pictures, videos and documents, in a post and in what follows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.networks.media import BadMedia, MediaInfo
from publer_sync.networks.table import NETWORKS
from publer_sync.rules.judging import judge
from publer_sync.rules.media import check_media
from publer_sync.rules.target import Target, inspect_medium
from publer_sync.values.model import MediaSource
from publer_sync.values.problems import Help
from tests.rules.builders import (
    GIF,
    MB,
    PDF,
    PHOTO,
    PLACE,
    VIDEO,
    advice,
    found,
    media,
    post,
    says,
    told,
    write,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.rules.target import Inspector
    from publer_sync.values.content import Json
    from publer_sync.values.model import Post

BARE: Json = [{"url": "https://example.com/a/winter-set.jpg?x=1"}]


def image(size: int, width: int = 900, height: int = 900) -> MediaInfo:
    return MediaInfo("image/png", "photo", size, width, height, 1)


def gif(size: int = MB, width: int = 900, height: int = 900, frames: int = 9) -> MediaInfo:
    return MediaInfo("image/gif", "gif", size, width, height, frames)


def film(seconds: float = 30.0, size: int = MB, width: int = 1080, height: int = 1920) -> MediaInfo:
    return MediaInfo("video/mp4", "video", size, width, height, None, seconds)


@each_of(
    ("provider", "number", "severity"),
    [
        ("twitter", 5, "error"), ("bluesky", 5, "error"), ("mastodon", 5, "error"), ("facebook", 11, "error"),
        ("instagram", 11, "error"), ("telegram", 11, "error"), ("google", 2, "error"), ("pinterest", 6, "error"),
        ("linkedin", 10, "warning"), ("linkedin", 21, "error"), ("threads", 11, "warning"), ("threads", 21, "error"),
        ("tiktok", 36, "error"), ("twitter", 4, None), ("linkedin", 9, None),
    ],
)  # fmt: skip
def test_each_network_limits_the_number_of_pictures(provider: str, number: int, severity: str | None) -> None:
    problems = found(post(provider, title="T", board="b", media=media(number)), infos=(PHOTO,) * number)
    problem = problems.get(f"{NETWORKS[provider].code}.media.count{'.soft' * (severity == 'warning')}")
    assert (problem and problem.severity) == severity


@each_of(
    ("provider", "info", "rule", "message"),
    [
        ("bluesky", image(2_300_000), "error bluesky.image.weight", "the media is 2.3 MB; Bluesky allows 2.0 MB"),
        ("bluesky", image(2_000_001), "error bluesky.image.weight", "the media is 2.01 MB; Bluesky allows 2.0 MB"),
        ("twitter", image(6 * MB), "error x.image.weight", None),
        ("twitter", gif(16 * MB), "error x.image.weight", None),
        ("twitter", gif(4 * MB, frames=351), "warning x.image.frames", None),
        ("linkedin", image(6 * MB), "warning linkedin.image.weight.soft", None),
        ("mastodon", image(9 * MB), "warning mastodon.image.weight.soft", None),
        ("mastodon", image(17 * MB), "error mastodon.image.weight", None),
        ("instagram", image(MB, 1080, 1920), "warning instagram.image.shape",
         "the media is taller than 4:5 (1080 x 1920); Instagram will crop it"),
        ("instagram", image(MB, 2000, 1000), "warning instagram.image.shape",
         "the media is wider than 1.91:1 (2000 x 1000); Instagram will crop it"),
        ("instagram", image(MB, 300, 300), "warning instagram.image.small", None),
        ("twitter", film(141.0), "warning x.video.length.soft", "the media lasts 2 min 21 s; X may allow only 2 min 20 s"),
        ("twitter", film(601.0), "error x.video.length", "the media lasts 10 min 1 s; X allows 10 min"),
        ("instagram", film(2.5), "error instagram.video.length", "the media lasts 2.5 s; Instagram requires at least 3 s"),
        ("bluesky", film(size=51 * MB), "error bluesky.video.weight", None),
        ("telegram", film(size=51 * MB), "warning telegram.video.weight.soft", None),
        ("facebook", film(size=201 * MB), "error media.large", "the media is 201.0 MB; Publer allows 200.0 MB"),
        ("linkedin", film(width=1230, height=500), "warning linkedin.video.shape",
         "the media is 1230 x 500; LinkedIn requires a shape between 1:2.4 and 2.4:1"),
    ],
)  # fmt: skip
def test_a_picture_or_video_has_to_fit(
    provider: str, info: MediaInfo, rule: str, message: str | None
) -> None:
    severity, code = rule.split()
    problem = found(post(provider, media=[{"file": "", "alt": "A"}]), infos=(info,))[code]
    assert (problem.severity, problem.message) == (severity, message or problem.message)


def test_half_a_second_more_is_a_matter_of_rounding() -> None:
    for seconds, codes in (
        (140.5, []),
        (140.6, ["x.video.length.soft"]),
        (600.5, ["x.video.length.soft"]),
        (600.6, ["x.video.length"]),
    ):
        problems = found(post("twitter", media=[{"file": "", "alt": "A"}]), infos=(film(seconds),))
        assert [code for code in problems if "length" in code] == codes


@each_of(
    ("provider", "info", "code"),
    [
        ("twitter", gif(width=1280, height=1080), None),
        ("twitter", gif(width=1281, height=1080), "x.image.large"),
        ("twitter", gif(width=1280, height=1081), "x.image.large"),
        ("mastodon", gif(width=1281, height=1080), None),
        ("twitter", film(width=300, height=900), None),
        ("twitter", film(width=290, height=900), "x.video.shape"),
        ("twitter", film(width=900, height=300), None),
        ("twitter", film(width=930, height=300), "x.video.shape"),
        ("linkedin", film(width=500, height=1200), None),
        ("facebook", film(width=1920, height=1080), None),
        ("facebook", film(width=1088, height=1920), None),
        ("facebook", film(width=1000, height=1920), "facebook.video.shape"),
        ("bluesky", film(width=100, height=1920), None),
        ("twitter", MediaInfo("video/mp4", "video", MB), None),
        ("twitter", MediaInfo("image/gif", "gif", MB), None),
        ("twitter", MediaInfo("image/gif", "gif", MB, 1281), None),
        ("twitter", MediaInfo("image/gif", "gif", MB, None, 1081), None),
        ("twitter", replace(PHOTO, frames=400), None),
        ("instagram", MediaInfo("image/jpeg", "photo", MB), None),
        ("instagram", image(MB, 320, 320), None),
        ("instagram", image(MB, 319, 319), "instagram.image.small"),
    ],
)
def test_a_shape_or_size_that_may_be_refused_is_a_warning(
    provider: str, info: MediaInfo, code: str | None
) -> None:
    assert told(post(provider, media=media()), infos=(info,)) == ([f"warning {code}"] if code else [])


@pytest.mark.parametrize(
    ("size", "rules"), [(100 * MB, []), (100 * MB + 1, ["error linkedin.document.weight"])]
)
def test_a_document_has_a_size_limit(size: int, rules: list[str]) -> None:
    assert told(post("linkedin", title="T", media=media()), infos=(replace(PDF, size=size),)) == rules


def test_a_gif_stays_alone() -> None:
    for provider in ("twitter", "threads"):
        assert told(post(provider, media=media()), infos=(GIF,)) == []
    for provider, rules in (
        ("twitter", ["error x.media.count"]),
        ("mastodon", ["error mastodon.media.count"]),
        ("linkedin", []),
    ):
        assert told(post(provider, media=media(2)), infos=(GIF, PHOTO)) == rules
    says(
        "error media.mixed",
        "Threads allows pictures or a GIF, not both",
        post("threads", media=media(2)),
        infos=(GIF, PHOTO),
    )


@each_of(
    ("provider", "kind", "seconds", "message"),
    [
        ("facebook", "reel", 2.9, "the media lasts 2.9 s; Facebook requires at least 3 s for a reel"),
        ("facebook", "reel", 3.0, None),
        ("facebook", "reel", 90.0, None),
        ("facebook", "reel", 91.0, "the media lasts 1 min 31 s; Facebook allows 1 min 30 s for a reel"),
        ("facebook", "story", 60.0, None),
        ("facebook", "story", 61.0, "the media lasts 1 min 1 s; Facebook allows 1 min for a story"),
        ("facebook", "video", 61.0, None),
        ("facebook", "video", 0.999, "the media lasts 0.99 s; Facebook requires at least 1 s"),
        ("instagram", "story", 60.0, None),
        ("instagram", "story", 61.0, "the media lasts 1 min 1 s; Instagram allows 1 min for a story"),
        ("youtube", "short", 180.0, None),
        ("youtube", "short", 181.0, "the media lasts 3 min 1 s; YouTube allows 3 min for a short"),
        ("youtube", "video", 185.0, None),
    ],
)
def test_a_reel_a_story_and_a_short_have_a_length_of_their_own(
    provider: str, kind: str, seconds: float, message: str | None
) -> None:
    one = post(
        provider, type=kind, title="T" if provider == "youtube" else "", media=[{"file": "", "alt": "A"}]
    )
    problems = found(one, infos=(film(seconds),))
    assert {code: (problem.message, problem.severity) for code, problem in problems.items()} == (
        {f"{provider}.video.length": (message, "error")} if message else {}
    )


def test_a_story_may_be_tall() -> None:
    assert told(post("instagram", type="story", media=media()), infos=(image(MB, 1080, 1920),)) == []


def test_a_video_of_the_wrong_type_is_not_checked_for_its_length() -> None:
    assert told(post("google", type="photo", media=media()), infos=(VIDEO,)) == ["error type.media"]
    assert told(post("youtube", type="video", title="T", media=media()), infos=(PHOTO,)) == [
        "error type.media"
    ]


@each_of(
    ("end", "rules"),
    [("mp4", []), ("mov", []), ("jpg", ["error type.media"]), ("pdf", ["error type.media"]), ("", [])],
)
def test_a_url_shows_its_kind_by_its_extension(end: str, rules: list[str]) -> None:
    assert told(post("facebook", type="reel", media=[{"url": f"https://e.com/a.{end}", "alt": "A"}])) == rules


@each_of(
    ("provider", "kind", "infos", "message"),
    [
        ("facebook", "video", (VIDEO,), None),
        ("facebook", "video", (VIDEO, VIDEO), "a video is one video and nothing else"),
        ("facebook", "reel", (PHOTO,), "a reel is one video and nothing else"),
        ("youtube", "short", (PDF,), "a short is one video and nothing else"),
        ("facebook", "photo", (PHOTO, PHOTO), None),
        ("facebook", "photo", (VIDEO,), "a photo post can only have pictures"),
        ("facebook", "photo", (PDF,), "a photo post can only have pictures"),
        ("twitter", "gif", (GIF,), None),
        ("twitter", "gif", (PHOTO,), "a gif post can only have a GIF"),
        ("twitter", "gif", (PDF,), "a gif post can only have pictures"),
        ("facebook", "story", (PHOTO,), None),
        ("facebook", "story", (VIDEO,), None),
        ("facebook", "story", (PHOTO, PHOTO), "a story is one picture or one video"),
        ("facebook", "story", (PDF,), "a story is one picture or one video"),
        ("threads", "carousel", (PHOTO, PHOTO), None),
        ("facebook", "carousel", (PHOTO,), "a carousel needs at least two pictures"),
        ("facebook", "carousel", (PHOTO, PDF), "Facebook does not allow documents in carousel posts"),
        ("linkedin", "document", (PDF,), None),
        ("linkedin", "document", (PHOTO, PHOTO), None),
        ("linkedin", "document", (VIDEO,), "a document is one PDF, or several pictures"),
        ("linkedin", "document", (PDF, PHOTO), "a document is one PDF, or several pictures"),
        ("facebook", "status", (PHOTO,), "a status cannot have media"),
        ("wordpress", "article", (PHOTO,), None),
        ("wordpress", "article", (VIDEO,), "an article can only have a picture"),
        ("wordpress", "article", (PDF,), "WordPress does not allow documents in article posts"),
    ],
)
def test_each_type_has_media_of_its_own(
    provider: str, kind: str, infos: tuple[MediaInfo, ...], message: str | None
) -> None:
    one = post(provider, type=kind, text="See", title="T", media=media(len(infos)))
    problem = found(one, infos=infos).get("type.media")
    assert (problem and problem.message) == message


def test_what_a_type_needs_is_no_matter_of_its_media() -> None:
    links = post("facebook", type="carousel", text="See", media=media(), sublinks=[{"url": "https://e.com"}])
    assert "type.media" not in found(links, infos=(PHOTO,))
    nothing = Target(post("facebook", text="See", type="status"), NETWORKS["facebook"], "status")
    assert [*check_media(nothing)] == []


# --- alt texts


FILE_NAMES = (
    "lamp-on-table.PNG", "IMG_2041", "IMG 2041 (3)", "img_e2041", "IMG-20270301-WA0003", "DSC00012", "DSCF0042", "PXL_20270301_102233123.MP",
    "Screenshot 2027-03-01 at 10.22.33 AM", "Screenshot from 2027-03-01 10-22-33", "Screenshot (23)", "Screenshot_20270301-102233_Instagram",
    "Screenshot_2027-03-01-10-22-33_com.app.x", "Bildschirmfoto 2027-03-01 um 10.22.33", "Skjermbilde 2027-03-01 kl. 10.22.33",
    "IMG_2041 copy", "IMG_2041 2",
)  # fmt: skip
LIKE_FILE_NAMES = (
    "Screenshot of version 2.1 with the new menu", "Screenshot of our shop: 3 lamps", "Screenshot 2 of the settings", "Capture of 12 fish in 2027",
    "Img is what the sign says", "Screenshot",
)  # fmt: skip


@each_of(
    ("alt", "why"),
    [
        ("Alt text.", "describes nothing"),
        ("…IMAGE…", "describes nothing"),
        ("- . -", "has no words"),
        *((name, "is the name of a file") for name in FILE_NAMES),
        ("A lamp on a table", None),
        ("An image", None),
        ("lamp.", None),
        ("灯", None),
        ("🍞", None),
        ("\u2100", None),
        *((words, None) for words in LIKE_FILE_NAMES),
    ],
)
def test_an_alt_text_that_describes_nothing_is_a_warning(alt: str, why: str | None) -> None:
    problem = found(post("twitter", media=media(alt=alt)), infos=(PHOTO,)).get("alt.words")
    assert (problem and (problem.severity, problem.message)) == (
        why and ("warning", f"the alt text {alt} of sha256:0 {why}")
    )


def test_a_picture_without_alt_text_is_reported_once_per_line() -> None:
    everywhere = [post(provider, media=BARE) for provider in ("twitter", "bluesky", "mastodon")]
    problem = says(
        "warning media.no-alt",
        "winter-set.jpg has no alt text (x, bluesky, mastodon)",
        *everywhere,
        infos=(PHOTO,),
    )
    assert advice(problem).example.startswith("alt: ")
    assert "media.no-alt" in found(post("twitter", type="gif", media=BARE), infos=(GIF,))
    assert "media.no-alt" not in found(post("tiktok", title="T", media=BARE), infos=(PHOTO,))
    for network in ("instagram", "facebook"):
        assert "media.no-alt" in found(post(network, media=BARE), infos=(PHOTO,))
        assert "media.no-alt" not in found(post(network, type="story", media=BARE), infos=(PHOTO,))


def test_media_are_called_as_their_files_are(tmp_path: Path) -> None:
    source = MediaSource("sha256:0", path=tmp_path / "lamp.png")
    one = replace(post("twitter", media=media(alt="")), media=(source,))
    says("warning media.no-alt", "lamp.png has no alt text", one, infos=(PHOTO,))


def test_words_are_needed_of_media_of_an_unknown_kind_only_where_there_are_any() -> None:
    for alt, rules in (("image", ["warning alt.words"]), ("", [])):
        assert told(post("twitter", media=[{"url": "https://e.com/1a2b", "alt": alt}])) == rules


def test_a_link_without_a_picture_has_none() -> None:
    assert not found(post("facebook", text="a", link={"url": "https://e.com"}), later=VIDEO)


def test_media_known_only_by_its_id_is_not_checked() -> None:
    assert not found(post("twitter", media=[{"id": "m1"}, {"id": "m2"}]))


def test_long_alt_text_is_a_warning() -> None:
    one = post("twitter", media=[{"file": "a", "alt": "a" * 1001}])
    assert told(one, infos=(PHOTO,)) == ["warning x.alt.length"]


# --- files that cannot be read


@each_of("code", ["media.empty", "media.cut", "media.format", "media.extension"])
def test_a_bad_file_is_the_only_problem_of_its_picture(code: str) -> None:
    def infos(*_: object) -> MediaInfo | None:
        raise BadMedia(code, "a.png is bad", Help("Copy it again"))

    inspector: Inspector = infos
    assert [problem.code for problem in judge([post("twitter", media=BARE)], inspector=inspector)] == [code]


def with_file(one: Post, path: Path, place: str) -> Post:
    return replace(
        one,
        media=(MediaSource("sha256:0", path=path),),
        places={place: PLACE},
        ignore={"media.format": "because"},
    )


def test_a_bad_file_is_reported_once_and_cannot_be_silenced(tmp_path: Path) -> None:
    (tmp_path / "launch.png").write_bytes(b"<html>not found")
    posts = [
        with_file(post(name, media=media()), tmp_path / "launch.png", "media/0")
        for name in ("facebook", "bluesky")
    ]
    [problem] = (each for each in judge(posts) if each.code != "ignore.unknown")
    assert (problem.code, problem.severity, problem.location) == ("media.format", "error", PLACE)
    assert problem.message == "launch.png is a web page or a drawing, not a picture (facebook, bluesky)"


@pytest.mark.parametrize("key", ["thread", "comments"])
def test_a_bad_file_of_what_follows_is_found_before_the_upload(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    one = write("twitter", {"text": "1", key: [{"text": "2", "media": media(alt="")}]})
    problems = judge([with_file(one, tmp_path / "a.png", f"{key}/0/media/0")])
    [problem] = [problem for problem in problems if problem.code != "ignore.unknown"]
    assert (problem.code, problem.location) == ("media.format", PLACE)
    assert "git-lfs" in problem.message


def test_a_file_is_found_by_its_digest_and_inspected(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    url = "https://e.com/a.png"
    one = replace(
        write("linkedin", {"media": [{"file": "sha256:b"}, {"url": url}, {"id": "m1"}]}),
        media=(MediaSource("sha256:c", url=url), MediaSource("sha256:b", path=tmp_path / "a.pdf")),
    )
    kinds = [info and info.kind for info in (inspect_medium(one, medium) for medium in one.content.media)]
    assert kinds == ["document", None, None]
    (tmp_path / "a.pdf").unlink()
    assert inspect_medium(one, one.content.media[0]) is None


def test_the_cover_of_a_video_and_the_picture_of_a_link_are_files_too(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(b"")
    source = MediaSource("sha256:c", path=tmp_path / "cover.png")
    cover: Json = {"url": "https://e.com/a.mp4", "thumbnail": "sha256:c"}
    contents: list[dict[str, Json]] = [
        {"media": [cover]},
        {"text": "a", "comments": [{"media": [cover]}]},
        {"text": "a", "link": {"url": "https://e.com", "image": "sha256:c"}},
    ]
    for content in contents:
        problems = judge([replace(write("facebook", content), media=(source,))])
        assert [problem.code for problem in problems] == ["media.empty"]


# --- what follows


@each_of(
    ("info", "rules"),
    [
        (image(5 * MB), []),
        (image(5 * MB + 1), ["error x.image.weight"]),
        (film(600.0), ["warning x.video.length.soft"]),
        (film(601.0), ["error x.video.length"]),
        (film(60.0, 201 * MB), ["error media.large"]),
        (PDF, ["error thread.media"]),
    ],
)
def test_what_a_part_of_a_thread_shows_has_to_fit_like_a_post(info: MediaInfo, rules: list[str]) -> None:
    assert (
        told(post("twitter", text="1", thread=[{"text": "2", "media": media(alt="")}]), later=info) == rules
    )


def test_a_large_file_in_a_thread_is_not_offered_media_under_networks() -> None:
    in_thread = post("twitter", text="1", thread=[{"text": "2", "media": media(alt="")}])
    assert found(in_thread, later=image(6 * MB))["x.image.weight"].help == Help(
        "Make it smaller", silence="x.image.weight"
    )
    way = found(post("twitter", media=media()), infos=(image(6 * MB),))["x.image.weight"].help
    say = "Make it smaller, or give X its own `media` under `networks`"
    assert way == Help(say, silence="x.image.weight")


def test_a_picture_in_a_comment_may_be_larger_than_in_a_post() -> None:
    one = post("linkedin", text="a", comments=[{"text": "b", "media": media(alt="")}])
    assert not found(one, later=image(9 * MB))


def test_a_document_in_a_comment_is_named() -> None:
    says("error comments.media", "a comment allows one picture or video; price-list.pdf is neither",
         write("linkedin", {"text": "a", "comments": [{"media": [{"url": "https://e.com/price-list.pdf"}]}]}))  # fmt: skip


@pytest.mark.parametrize("name", ["prices.docx", "talk.PPTX", "old.doc", "old.ppt", "free.odt"])
def test_an_office_document_at_an_address_is_a_warning(name: str) -> None:
    problem = says(
        "warning media.office",
        f"{name} is not a PDF: Publer's newest documents allow no other documents, older ones Word and PowerPoint too",
        post("linkedin", text="a", title="T", media=[{"url": f"https://e.com/{name}"}]),
    )
    assert advice(problem).say == "Save it as a PDF"


def test_a_pdf_is_left_alone() -> None:
    for one in (media(), [{"url": "https://e.com/prices.PDF"}], [{"url": "https://e.com/prices.pdf?v=2"}]):
        assert not found(post("linkedin", text="a", title="T", media=one), infos=(PDF,))


def test_an_office_document_in_a_file_is_a_warning() -> None:
    slides = MediaInfo("application/vnd.ms-powerpoint", "document", MB)
    assert told(post("linkedin", text="a", title="T", media=media()), infos=(slides,)) == [
        "warning media.office"
    ]


COVER: Json = [{"file": "sha256:1", "thumbnail": "sha256:9"}]


@each_of(
    ("content", "what"),
    [
        ({"type": "video", "media": COVER}, "the thumbnail of a video"),
        ({"link": {"url": "https://e.com", "image": "sha256:9"}}, "the picture of a link"),
    ],
)
def test_what_is_shown_before_a_video_or_for_a_link_is_a_picture(content: dict[str, Json], what: str) -> None:
    one = write("facebook", {"text": "Hi", **content})
    assert not found(one, infos=(VIDEO,), later=PHOTO)
    for other in (VIDEO, PDF):
        problem = found(one, infos=(VIDEO,), later=other)["media.cover"]
        assert (problem.severity, problem.message) == (
            "error",
            f"{what} must be a picture; sha256:9 is not",
        )


def test_the_thumbnail_of_a_youtube_video_may_have_2_mb() -> None:
    one = post("youtube", title="T", media=COVER)
    assert not found(one, infos=(VIDEO,), later=image(2 * MB))
    assert told(one, infos=(VIDEO,), later=image(2 * MB + 1)) == ["warning youtube.thumbnail.weight"]
    assert not found(one, infos=(VIDEO,)), "where it is, nobody knows how large it is"
    for provider in ("", "facebook"):
        assert not found(post(provider, text="a", media=COVER), infos=(VIDEO,), later=image(2 * MB + 1))


@pytest.mark.parametrize("path", ["uploads/tmp/1a2b/lamp.png", "uploads/tmp/lamp.png?X-Amz-Expires=900"])
def test_an_address_that_publer_keeps_only_for_a_while_is_a_warning(path: str) -> None:
    says(
        "warning media.expires",
        "lamp.png is at an address that Publer keeps only for a while; it may be gone before the post is published",
        post("facebook", media=[{"url": f"https://cdn.publer.com/{path}", "alt": "A lamp"}]),
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://drive.google.com/file/d/1a2B/view?usp=sharing", "view"),
        ("https://drive.google.com/open?id=1a2B", "open"),
        ("https://www.dropbox.com/s/1a2b/lamp.png?dl=0", "lamp.png"),
        ("https://www.dropbox.com/scl/fi/1a2b/lamp.png?rlkey=3c&st=4d", "lamp.png"),
        ("https://photos.app.goo.gl/1a2B", "1a2B"),
        ("https://1drv.ms/i/s!1a2B", "s!1a2B"),
        ("https://www.canva.com/design/1a2B/view", "view"),
    ],
)
def test_an_address_of_a_page_that_shows_a_picture_is_a_warning(url: str, name: str) -> None:
    """As people copy it to share a file, and spreadsheets have it."""
    says(
        "warning media.page",
        f"{name} is at the address of a page that shows it; Publer fetches only the file itself",
        post("facebook", media=[{"url": url, "alt": "A lamp"}]),
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://e.com/lamp.png",
        "https://e.com/lamp.png?from=/uploads/tmp/",
        "https://drive.google.com/uc?export=download&id=1a2B",
        "https://www.dropbox.com/s/1a2b/lamp.png?dl=1",
        "https://www.dropbox.com/scl/fi/1a2b/lamp.png?rlkey=3c&raw=1",
        "https://dl.dropboxusercontent.com/s/1a2b/lamp.png",
    ],
)
def test_any_other_address_is_none(url: str) -> None:
    assert not found(post("facebook", media=[{"url": url, "alt": "A lamp"}]))


def test_a_file_may_be_as_large_as_publer_takes_it_and_no_larger() -> None:
    codes = [
        "media.large" in found(post("youtube", title="T", media=media()), infos=(film(size=200 * MB + more),))
        for more in (0, 1)
    ]
    assert codes == [False, True]


def test_a_document_is_one_file() -> None:
    one, two = (
        post("linkedin", text="Read", type="document", title="T", media=media(number)) for number in (1, 2)
    )
    say = "a document is one PDF, or several pictures"
    assert say not in [each.message for each in found(one, infos=(PDF,)).values()]
    assert say in [each.message for each in found(two, infos=(PDF, PDF)).values()]

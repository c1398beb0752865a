from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.content import Content, Medium
from publer_sync.model import Account, MediaSource, Post
from publer_sync.networks.media import BadMedia, MediaInfo
from publer_sync.networks.own_fields import CALLS_TO_ACTION
from publer_sync.networks.table import NETWORKS
from publer_sync.problems import Help, Location, Problem
from publer_sync.rules.judging import judge
from publer_sync.rules.rulebook import RULES
from publer_sync.rules.target import inspect_medium
from tests import write_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.content import Json

AT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
MB = 1_000_000

PHOTO = MediaInfo("image/jpeg", "photo", 400_000, 1080, 1080, 1)
VIDEO = MediaInfo("video/mp4", "video", 9 * MB, 1080, 1920, None, 30.0)
GIF = MediaInfo("image/gif", "gif", 400_000, 480, 480, 20)
PDF = MediaInfo("application/pdf", "document", 400_000)


POLL_OF_TWO: dict[str, Json] = {"options": ["Lamp", "Torch"], "duration": {"duration": 3, "unit": "Day"}}


def post(
    provider: str,
    at: datetime = AT,
    *,
    alias: str | None = None,
    line: int = 6,
    kind: str | None = None,
    **content: Any,
) -> Post:
    return write(provider, content, at=at, alias=alias, line=line, kind=kind)


def write(
    provider: str,
    content: Mapping[str, Json],
    *,
    at: datetime = AT,
    alias: str | None = None,
    line: int = 6,
    kind: str | None = None,
    ignore: Mapping[str, str] | None = None,
) -> Post:
    name = alias or ("x" if provider == "twitter" else provider or "somewhere")
    account = Account(f"id-{name}", name, provider, alias=name, type=kind)
    return Post(account, at, Content.from_json(content), Location("may.yaml", line), ignore=ignore or {})


def media(number: int = 1, **more: Json) -> list[Json]:
    return [{"file": f"sha256:{index}", "alt": "A lamp on a table", **more} for index in range(number)]


def found(
    *posts: Post, infos: tuple[MediaInfo, ...] = (), later: MediaInfo | None = None
) -> dict[str, Problem]:
    """The problems by code; `infos` are the files of the post's own media, `later` that of each other medium."""
    files = {medium: info for one in posts for medium, info in zip(one.content.media, infos, strict=False)}
    problems = judge(posts, inspector=lambda _, medium: files.get(medium, later))
    return {problem.code: problem for problem in problems}


def advice(problem: Problem) -> Help:
    assert isinstance(problem.help, Help)
    return problem.help


def says(
    code: str, message: str, *posts: Post, infos: tuple[MediaInfo, ...] = (), severity: str = "error"
) -> Problem:
    problem = found(*posts, infos=infos)[code]
    assert (problem.message, problem.severity) == (message, severity)
    assert problem.help
    return problem


@pytest.mark.parametrize(
    ("provider", "content", "infos"),
    [
        ("facebook", {"text": "Hello", "link": {"url": "https://example.com", "title": "T"}}, ()),
        ("instagram", {"text": "Hello", "media": media()}, (PHOTO,)),
        ("instagram", {"text": "Hello", "media": media(3)}, (PHOTO, VIDEO, PHOTO)),
        ("instagram", {"type": "story", "media": media()}, (VIDEO,)),
        ("twitter", {"text": "Hello https://example.com", "thread": [{"text": "More"}]}, ()),
        ("twitter", {"text": "Well?", "poll": {"options": ["Yes", "No"], "duration": {"duration": 1, "unit": "Week"}}}, ()),
        ("linkedin", {"text": "Read", "title": "Leaflet", "media": media()}, (PDF,)),
        ("linkedin", {"type": "document", "title": "Pages", "media": media(3)}, (PHOTO, PHOTO, PHOTO)),
        ("pinterest", {"title": "Pin", "board": "5", "link": {"url": "https://example.com"}, "media": media()}, (PHOTO,)),
        ("google", {"text": "Come in", "link": {"url": "https://example.com", "call_to_action": "BOOK"}}, ()),
        ("google", {"text": "Come in", "link": {"url": "https://example.com"}, "media": media()}, (PHOTO,)),
        ("google", {"type": "event", "title": "Fair", "start": "2027-03-02T09:00:00Z", "end": "2027-03-02T10:00:00Z"}, ()),
        ("youtube", {"type": "short", "title": "T", "media": media()}, (VIDEO,)),
        ("tiktok", {"text": "Look", "media": media()}, (VIDEO,)),
        ("wordpress", {"title": "T", "text": "Words", "media": media()}, (PHOTO,)),
        ("telegram", {"text": "Hello"}, ()),
        ("mastodon", {"text": "Hello", "visibility": "unlisted"}, ()),
        ("threads", {"text": "Hello", "comments": [{"text": "And"}]}, ()),
        ("bluesky", {"text": "Hello", "link": {"url": "https://example.com"}}, ()),
    ],
)  # fmt: skip
def test_a_good_post_is_left_alone(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...]
) -> None:
    assert found(write(provider, content), infos=infos) == {}


# --- words


def test_a_text_over_the_limit_says_by_how_much_and_where_it_stops() -> None:
    text = "word " * 55 + "how old your battery really is. #ThursdayTip"
    problem = says("x.text.length", "39 characters too long for X: 319 of 280", post("twitter", text=text))
    assert problem.help is not None
    assert 'X stops after "…ord word word word word word word how o"' in str(problem.help)
    assert advice(problem).example == "networks:\n  x:\n    text: A shorter text"
    assert problem.location == Location("may.yaml", 6)


def test_what_counts_more_than_it_looks_is_explained() -> None:
    problem = found(post("twitter", text="a" * 270 + " https://example.com/ 😀"))["x.text.length"]
    assert problem.help is not None
    assert "An emoji counts 2. A link counts 23." in str(problem.help)


@pytest.mark.parametrize(
    ("provider", "length", "code"),
    [
        ("twitter", 281, "x.text.length"),
        ("bluesky", 301, "bluesky.text.length"),
        ("mastodon", 501, "mastodon.text.length"),
        ("threads", 501, "threads.text.length"),
        ("linkedin", 3001, "linkedin.text.length"),
        ("telegram", 4097, "telegram.text.length"),
        ("google", 1501, "google.text.length"),
        ("facebook", 63_207, "facebook.text.length"),
    ],
)
def test_every_network_has_its_limit(provider: str, length: int, code: str) -> None:
    assert found(post(provider, text="a" * length))[code].severity == "error"
    assert code not in found(post(provider, text="a" * (length - 1))) or provider == "facebook"


def test_a_very_long_text_on_facebook_is_a_warning_first() -> None:
    says("facebook.text.length.soft", "1 character too long for Facebook: 10001 of 10000", post("facebook", text="a" * 10_001),
         severity="warning")  # fmt: skip


def test_x_premium_allows_long_posts() -> None:
    assert not found(post("twitter", text="a" * 20_000, long_post=True))
    assert "x.text.length" in found(post("twitter", text="a" * 25_001, long_post=True))


def test_a_telegram_text_under_a_picture_is_a_caption() -> None:
    assert not found(post("telegram", text="a" * 1025))
    assert "telegram.text.length" in found(post("telegram", text="a" * 1025, media=media()), infos=(PHOTO,))


def test_bluesky_counts_bytes_too() -> None:
    says(
        "bluesky.text.bytes",
        "600 bytes too long for Bluesky: 3600 of 3000",
        post("bluesky", text="👨‍👩‍👧" * 200),
    )


def test_a_text_too_long_for_mastodon_mentions_servers_that_allow_more() -> None:
    long = post("mastodon", text="a" * 1001)
    assert "`max_characters`" in str(found(long)["mastodon.text.length"].help)
    known = replace(long, account=replace(long.account, max_characters=1000))
    says("mastodon.text.length", "1 character too long for Mastodon: 1001 of 1000", known)
    assert "`max_characters`" not in str(found(known)["mastodon.text.length"].help)
    assert found(replace(known, content=Content("a" * 1000))) == {}


def test_a_content_warning_shares_the_limit_on_mastodon() -> None:
    assert "mastodon.text.length" in found(post("mastodon", text="a" * 495, spoiler_text="b" * 10))


@pytest.mark.parametrize("content", [{"media": media()}, {"text": "Words"}])
def test_a_content_warning_over_the_limit_is_reported_at_its_line(content: dict[str, Json]) -> None:
    used = 501 + len(str(content.get("text", "")))
    place = Location("a.yaml", 9)
    one = replace(write("mastodon", {**content, "spoiler_text": "b" * 501}), places={"spoiler_text": place})
    problem = says("mastodon.text.length", f"{used - 500} character{'s' * (used > 501)} too long for Mastodon: {used} of 500",
                   one, infos=(PHOTO,))  # fmt: skip
    assert problem.location == place
    assert str(problem.help).startswith(f'Mastodon stops after "…{"b" * 39}". ')
    assert str(problem.help).endswith("Shorten the content warning")


def test_a_content_warning_of_500_fits_where_there_is_no_text() -> None:
    one = post("mastodon", media=media(), spoiler_text="b" * 500)
    assert set(found(one, infos=(PHOTO,))) == {"field.unproved"}


def test_every_part_of_a_thread_is_counted() -> None:
    thread: Json = [{"text": "fine"}, {"text": "a" * 281}]
    long = Post(
        Account("i", "x", "twitter", alias="x"), AT, Content.from_json({"text": "1", "thread": thread}), Location("a.yaml", 1),
        places={"thread/1/text": Location("a.yaml", 9)},
    )  # fmt: skip
    assert found(long)["x.text.length"].location == Location("a.yaml", 9)


def test_linkedin_may_count_some_marks_twice() -> None:
    problem = found(post("linkedin", text="a" * 2900 + "#" * 60))["linkedin.text.reserved"]
    assert (problem.message, problem.severity) == (
        "LinkedIn may count 3020 of 3000 characters in this text",
        "warning",
    )


@pytest.mark.parametrize(("number", "severity"), [(5, None), (6, "warning"), (30, "warning"), (31, "error")])
def test_instagram_allows_30_hashtags_and_may_allow_only_5(number: int, severity: str | None) -> None:
    text = " ".join(f"#tag{index}" for index in range(number))
    problems = found(post("instagram", text=text, media=media()), infos=(PHOTO,))
    assert {code: problem.severity for code, problem in problems.items()} == (
        {} if severity is None else {f"instagram.hashtags{'.soft' * (severity == 'warning')}": severity}
    )


def test_threads_allows_five_different_links() -> None:
    links = [f"https://example.com/{index}" for index in range(6)]
    assert not found(post("threads", text=" ".join([*links[:5], links[0]])))
    says("threads.links", "6 different links; Threads allows 5", post("threads", text=" ".join(links)))


def test_the_link_a_threads_post_shows_as_a_card_is_one_of_the_five() -> None:
    links = [f"https://example.com/{index}" for index in range(5)]
    text = " ".join(links)
    assert not found(post("threads", text=" ".join(links[:4]), link={"url": "https://example.com/"}))
    assert not found(post("threads", text=text, link={"url": f"{links[0]}/"}))
    assert not found(post("threads", text=text.replace("https://", ""), link={"url": links[0]}))
    says(
        "threads.links",
        "6 different links; Threads allows 5",
        post("threads", text=text, link={"url": "https://example.com"}),
    )


@pytest.mark.parametrize("key", ["thread", "comments"])
def test_what_follows_a_threads_post_has_its_own_five_links(key: str) -> None:
    links = [f"https://example.com/{index}" for index in range(6)]
    assert not found(write("threads", {"text": " ".join(links[:5]), key: [{"text": " ".join(links[1:])}]}))
    place = Location("a.yaml", 9)
    many = replace(
        write("threads", {"text": "a", key: [{"text": " ".join(links)}]}), places={f"{key}/0/text": place}
    )
    assert says("threads.links", "6 different links; Threads allows 5", many).location == place


def test_x_allows_one_cashtag() -> None:
    assert not found(post("twitter", text="$ABC and $ABC for $5 and $6"))
    assert found(post("twitter", text="$ABC and $DEF"))["x.cashtags"].severity == "warning"


def test_a_link_in_a_tiktok_caption_is_risky() -> None:
    assert "tiktok.text.link" in found(post("tiktok", text="See example.com", media=media()), infos=(VIDEO,))


@pytest.mark.parametrize(
    "text",
    ["TODO: words", "Read [URL]", "Hello {{name}}", "lorem ipsum dolor", "by [insert date]", "[YOUR NAME] says", "${price}",
     "TBD: the date", "See [Link]", "on [Date]", "[url]", "[Insert link here]", "[Your text]", "by [INSERT DATE]", "only XXX €",
     "Price: XXX", "XXXX guests"],
)  # fmt: skip
def test_a_placeholder_is_an_error(text: str) -> None:
    assert found(post("twitter", text=text))["text.placeholder"].severity == "error"


@pytest.mark.parametrize(
    "text",
    [
        "¡TODO LISTO!",
        "TODO a mitad de precio",
        "[Your turn]",
        "[Insert coin]",
        "[NEW LINK] in bio",
        "\u2066shalom\u2069, friends",
        "LO QUIERO TODO YA",
        "todo list",
        "[1] first",
        "a {b} c",
        "METODO",
        "Super Bowl XXX",
        "see you XXX",
        "[SAVE THE DATE] Come in",
        "[Linked]",
        "[sic]",
        "$100",
        "Mastodon",
    ],
)
def test_words_that_only_look_like_a_placeholder_are_allowed(text: str) -> None:
    assert found(post("twitter", text=text)) == {}


def test_a_placeholder_is_quoted() -> None:
    says("text.placeholder", 'placeholder "TODO" in the text', post("bluesky", text="TODO: words"))


@pytest.mark.parametrize(
    ("path", "content", "where"),
    [
        ("title", {"title": "TODO: a title"}, "the title"),
        ("link/url", {"link": {"url": "https://e.com/TODO"}}, "the URL"),
        ("link/description", {"link": {"url": "https://e.com", "description": "TODO"}}, "the description"),
        ("media/1/alt", {"media": [*media(), {"file": "a", "alt": "TODO"}]}, "the alt text"),
        ("poll/options/0", {"poll": {"options": ["TODO", "No"]}}, "an answer"),
        ("thread/0/text", {"thread": [{"text": "TODO"}]}, "the text"),
        ("comments/1/text", {"comments": [{"text": "a"}, {"text": "TODO"}]}, "the text"),
        ("share/text", {"share": {"accounts": ["b"], "text": "TODO"}}, "the text"),
        ("excerpt", {"excerpt": "TODO"}, "`excerpt`"),
    ],
)
def test_a_placeholder_is_found_in_every_published_text(
    path: str, content: dict[str, Json], where: str
) -> None:
    place = Location("a.yaml", 9)
    one = replace(write("", {"text": "Come in.", **content}), places={path: place})
    assert says("text.placeholder", f'placeholder "TODO" in {where}', one).location == place


def test_labels_and_markdown_links_are_not_placeholders() -> None:
    assert not found(post("twitter", text="a", labels=["TODO"]))
    assert set(found(post("twitter", text="See [Link](https://example.com)"))) == {"text.markdown"}


@pytest.mark.parametrize("key", ["thread", "comments"])
def test_markdown_is_found_in_what_follows_too(key: str) -> None:
    assert "text.markdown" in found(write("twitter", {"text": "a", key: [{"text": "a **bold** move"}]}))
    assert not found(write("wordpress", {"text": "a", "title": "a **bold** move"}))


@pytest.mark.parametrize(
    "text",
    ["a **bold** move", "see [this](https://example.com/a)", "# Heading", "so __strong__", "```\ncode"],
)
def test_markdown_is_a_warning(text: str) -> None:
    assert found(post("threads", text=text))["text.markdown"].severity == "warning"


@pytest.mark.parametrize(
    "text", ["#hashtag first", "2 * 3 * 4", "snake__case__name", "a ** b", "[a] (b)", "No #1"]
)
def test_stars_and_brackets_alone_are_not_markdown(text: str) -> None:
    assert found(post("threads", text=text)) == {}


def test_markdown_is_quoted_as_readers_would_see_it() -> None:
    says("text.markdown", "`**bold**` is published as it is written; of the networks, only WordPress reads Markdown",
         post("threads", text="a **bold** move"), severity="warning")  # fmt: skip


def test_markdown_is_meant_where_telegram_is_told_to_read_it() -> None:
    assert "text.markdown" in found(post("telegram", text="a **bold** move", parse_mode="HTML"))
    assert "text.markdown" not in found(post("telegram", text="a **bold** move", parse_mode="Markdown"))


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("\0", "U+0000 (control character)"),
        ("\a", "U+0007 (control character)"),
        ("\x0b", "U+000B (control character)"),
        ("\x85", "U+0085 (control character)"),
        ("\ufeff", "U+FEFF (zero width no-break space)"),
        ("\ufffe", "U+FFFE (not a character)"),
        ("\ud83d", "U+D83D (not a character)"),
    ],
)
def test_an_invisible_character_is_named_with_its_place(letter: str, said: str) -> None:
    says("text.invisible", f'invisible character {said} in the text, after "Come in"; networks may refuse it',
         post("facebook", text=f"Come in{letter} to us"))  # fmt: skip
    says("text.invisible", f"invisible character {said} in the title, at the start; networks may refuse it",
         post("wordpress", title=f"{letter}Come in", text="a"))  # fmt: skip


@pytest.mark.parametrize("letter", ["\u202a", "\u202e"])
def test_a_character_that_reverses_the_text_is_a_warning(letter: str) -> None:
    problem = found(post("facebook", text=f"Come in{letter} to us"))["text.invisible.soft"]
    assert problem.severity == "warning"
    assert problem.message.startswith(f"invisible character U+{ord(letter):04X} (")
    assert problem.message.endswith('in the text, after "Come in"; it reverses the text after it')


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧",
        "می\u200cخواهم",
        "❤\ufe0f",
        "\u200fשלום\u200e",
        "a\tb",
        "a\u00a0b",
        "a\u2028b",
        "กา\u200bกา",
        "soft\u00adly",
    ],
)
def test_invisible_characters_that_languages_and_emoji_need_are_allowed(text: str) -> None:
    assert not found(post("facebook", text=text))


def test_a_quoted_emoji_of_a_family_stays_whole() -> None:
    family = "{{👨\u200d👩\u200d👧}}"
    says("text.placeholder", f'placeholder "{family}" in the text', post("twitter", text=family))


def test_a_quoted_text_cannot_drive_a_terminal() -> None:
    problem = found(post("twitter", text="{{\x1b[31mred\x07}}"))["text.placeholder"]
    assert "\x1b" not in problem.message
    assert "\x07" not in problem.message
    problem = found(post("twitter", media=[{"url": "https://e.com/a\x1b[2J.jpg"}]))["media.no-alt"]
    assert problem.message.startswith("a\ufffd[2J.jpg has no")
    problem = found(post("twitter", text="a" * 260 + "\x1b[2J\u202e" + "b" * 40))["x.text.length"]
    assert problem.help is not None
    assert not {"\x1b", "\u202e"} & set(str(problem.help))


@pytest.mark.parametrize(
    ("provider", "limit"),
    [
        ("facebook", 10_000),
        ("linkedin", 3_000),
        ("instagram", 2_200),
        ("telegram", 4_096),
        ("youtube", 5_000),
    ],
)
def test_a_comment_longer_than_a_post_is_a_warning(provider: str, limit: int) -> None:
    code = f"{provider}.text.length.soft"
    base: dict[str, Json] = {"text": "a", "title": "T", "media": media()}
    assert code not in found(write(provider, {**base, "comments": [{"text": "a" * limit}]}), infos=(VIDEO,))
    long = write(provider, {**base, "comments": [{"text": "a" * (limit + 1)}]})
    problem = found(long, infos=(VIDEO,))[code]
    assert problem.severity == "warning"
    assert problem.message.startswith(f"a comment of {limit + 1} characters; ")


def test_many_mentions_on_instagram_are_a_warning() -> None:
    names = " ".join(f"@name.{index}" for index in range(20))
    assert not found(post("instagram", text=f"{names} me@example.com", media=media()), infos=(PHOTO,))
    says("instagram.mentions", "21 mentions; Instagram may allow only 20",
         post("instagram", text=f"{names} @more", media=media()), infos=(PHOTO,), severity="warning")  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Call +47 22 33 44 55", "Tel. (030) 1234567", "020 7946 0958", "01 23 45 67 89", "(555) 123-4567", "555-123-4567",
     "+4722334455", "0049 30 123456"],
)  # fmt: skip
def test_a_phone_number_on_google_is_a_warning(text: str) -> None:
    assert found(post("google", text=text))["google.text.phone"].severity == "warning"
    assert not found(post("facebook", text=text))


@pytest.mark.parametrize(
    "text",
    ["On 2027-03-02 at 10:00-18:00", "02.03.2027 to 04.03.2027", "01-02-2027", "01/02/2027", "only 1 234 567 €", "2026 2027",
     "ISBN 978-3-16-148410-0", "1,000,000 lamps", "https://example.com/020-7946-0958", "Order 12345678", "€100-200 or 300"],
)  # fmt: skip
def test_dates_and_prices_are_not_phone_numbers(text: str) -> None:
    assert not found(post("google", text=text))


def test_a_very_long_url_of_a_pin_is_a_warning() -> None:
    url = "https://example.com/?"
    for length, codes in ((2_048, set()), (2_049, {"pinterest.link.length"})):
        pin = post("pinterest", title="T", board="b", media=media(), link={"url": url.ljust(length, "a")})
        assert set(found(pin, infos=(PHOTO,))) == codes


@pytest.mark.parametrize("path", ["title", "text"])
@pytest.mark.parametrize("sign", "<>")
def test_youtube_does_not_allow_angle_brackets(path: str, sign: str) -> None:
    content: dict[str, Json] = {"title": "T", "text": "Words", "media": media()}
    words = f"Before {sign} after"
    says("youtube.brackets", f'YouTube does not allow "<" or ">" in the {path}: "Before {sign}"',
         write("youtube", {**content, path: words}), infos=(VIDEO,))  # fmt: skip
    assert not found(write("youtube", {**content, path: "Before ‹ after ›"}), infos=(VIDEO,))
    assert not found(write("bluesky", {"text": words}))


# --- titles, types, links


@pytest.mark.parametrize(
    ("provider", "content", "infos", "code"),
    [
        ("youtube", {"media": media()}, (VIDEO,), "youtube.title.none"),
        ("tiktok", {"media": media()}, (PHOTO,), "tiktok.title.none"),
        ("linkedin", {"media": media()}, (PDF,), "linkedin.title.none"),
        ("wordpress", {"text": "Words"}, (), "wordpress.title.none"),
        ("google", {"type": "offer", "start": "2027-03-02T09:00:00Z", "end": "2027-03-03T09:00:00Z"}, (), "google.title.none"),
        ("youtube", {"title": "a" * 101, "media": media()}, (VIDEO,), "youtube.title.length"),
        ("tiktok", {"title": "a" * 91, "media": media()}, (PHOTO,), "tiktok.title.length"),
        ("pinterest", {"title": "a" * 101, "board": "b", "media": media()}, (PHOTO,), "pinterest.title.length"),
        ("facebook", {"title": "a" * 256, "media": media()}, (VIDEO,), "facebook.title.length"),
        ("instagram", {"text": "Hello"}, (), "text.none"),
        ("youtube", {"title": "T", "text": "Hello"}, (), "text.none"),
        ("twitter", {"type": "reel", "media": media()}, (VIDEO,), "type.network"),
        ("bluesky", {"type": "gif", "media": media()}, (GIF,), "type.network"),
        ("instagram", {"type": "photo", "text": "a", "media": media(), "link": {"url": "https://e.com"}}, (PHOTO,), "link.instagram"),
        ("youtube", {"title": "T", "media": media(), "link": {"url": "https://e.com"}}, (VIDEO,), "link.youtube"),
        ("facebook", {"type": "photo", "media": media(), "link": {"url": "https://e.com"}}, (PHOTO,), "link.media"),
        ("facebook", {"media": media(), "link": {"url": "https://e.com"}}, (PHOTO,), "link.media"),
        ("facebook", {"text": "a", "link": {"url": "https://e.com", "call_to_action": "CALL_NOW"}}, (), "link.phone"),
        ("wordpress", {"title": "T", "text": "a\n\n![b](media/b.png)"}, (), "wordpress.picture"),
        ("facebook", {"type": "status", "text": "a", "link": {"url": "https://e.com"}}, (), "link.media"),
        ("facebook", {"type": "status", "text": "a", "media": media()}, (PHOTO,), "type.media"),
        ("instagram", {"type": "video", "media": media()}, (VIDEO,), "instagram.video"),
        ("instagram", {"type": "reel", "media": media()}, (PHOTO,), "type.media"),
        ("instagram", {"type": "reel", "media": media(2)}, (VIDEO, VIDEO), "type.media"),
        ("instagram", {"type": "carousel", "media": media()}, (PHOTO,), "type.media"),
        ("facebook", {"type": "story", "media": media(2)}, (PHOTO, PHOTO), "type.media"),
        ("linkedin", {"type": "document", "title": "T", "media": media()}, (VIDEO,), "type.media"),
        ("facebook", {"type": "photo", "media": media()}, (VIDEO,), "type.media"),
        ("twitter", {"type": "photo", "media": media()}, (PDF,), "type.media"),
        ("threads", {"type": "carousel", "media": media(2)}, (PHOTO, PDF), "type.media"),
        ("facebook", {"type": "link", "text": ""}, (), "type.none"),
        ("twitter", {"type": "gif", "media": media()}, (PHOTO,), "type.media"),
        ("facebook", {"link": {"url": "https://e.com", "call_to_action": "BOOK"}}, (), "link.button"),
        ("linkedin", {"link": {"url": "https://e.com", "call_to_action": "CALL"}}, (), "link.button"),
        ("threads", {"media": media(2)}, (PHOTO, VIDEO), "media.mixed"),
        ("bluesky", {"type": "photo", "media": media(2)}, (VIDEO, VIDEO), "media.mixed"),
        ("google", {"type": "event", "title": "T", "start": "tomorrow", "end": "2027-03-03T09:00:00Z"}, (), "google.event"),
        ("twitter", {"media": media(2)}, (VIDEO, PHOTO), "media.mixed"),
        ("google", {"type": "event", "title": "T", "start": "2027-03-02T09:00:00Z"}, (), "google.event"),
        ("google", {"type": "event", "title": "T", "start": "2027-03-02 09:00", "end": "2027-03-03"}, (), "google.event"),
        ("google", {"type": "event", "title": "T", "start": "2027-03-03T09:00:00Z", "end": "2027-03-02T09:00:00Z"}, (), "google.event"),
        ("google", {"type": "event", "title": "T", "start": "2027-03-02T09:00:00Z", "end": "2027-03-03T09:00:00Z",
                    "gallery": True}, (), "field.conflict"),
        ("youtube", {"title": "T", "tags": ["a" * 100] * 6, "media": media()}, (VIDEO,), "youtube.tags"),
    ],
)  # fmt: skip
def test_what_a_network_does_not_allow_is_an_error(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...], code: str
) -> None:
    assert found(write(provider, content), infos=infos)[code].severity == "error"


@pytest.mark.parametrize(
    ("provider", "content", "infos", "code"),
    [
        ("google", {"type": "link", "text": "a", "link": {"url": "https://e.com"}}, (), "type.doubtful"),
        (
            "google",
            {"text": "a", "link": {"url": "https://e.com", "call_to_action": "SHOP_NOW"}},
            (),
            "google.button",
        ),
        ("twitter", {"text": "a", "link": {"url": "https://e.com", "title": "T"}}, (), "link.details"),
        ("twitter", {"text": "a", "reply_settings": "following"}, (), "field.unproved"),
        ("telegram", {"text": "a", "parse_mode": "HTML"}, (), "field.unproved"),
        ("facebook", {"text": "a", "feed": True}, (), "field.type"),
        ("pinterest", {"title": "T", "media": media()}, (PHOTO,), "pinterest.board"),
        ("telegram", {"text": "a", "comments": [{"text": "b"}]}, (), "comments.network.soft"),
    ],
)
def test_what_may_go_wrong_is_a_warning(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...], code: str
) -> None:
    assert found(write(provider, content), infos=infos)[code].severity == "warning"


def test_a_text_alone_on_instagram_reports_the_missing_media_and_nothing_else() -> None:
    says(
        "text.none", "Instagram requires a picture or a video", post("instagram", text="Hello", type="status")
    )
    assert set(found(post("instagram", text="Hello", type="status"))) == {"text.none"}


def test_an_event_that_ends_before_the_post_is_published_is_a_warning() -> None:
    event: dict[str, Json] = {"type": "event", "title": "Fair", "start": "2027-03-01T09:00:00+01:00"}
    assert not found(write("google", {**event, "end": "2027-03-02T09:01:00+01:00"}))
    late = write("google", {**event, "end": "2027-03-02T09:00:00+01:00"})
    says("google.event.over", "the event ends before the post is published (Tue 2027-03-02 08:00 UTC)", late,
         severity="warning")  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "kind", "message"),
    [
        ("facebook", "video", "the type is video, but the post has no video"),
        ("facebook", "reel", "the type is reel, but the post has no video"),
        ("facebook", "story", "the type is story, but the post has no picture or video"),
        ("facebook", "carousel", "the type is carousel, but the post has no pictures"),
        ("facebook", "link", "the type is link, but the post has no link"),
        ("twitter", "photo", "the type is photo, but the post has no picture"),
        ("twitter", "poll", "the type is poll, but the post has no poll"),
        ("linkedin", "document", "the type is document, but the post has no PDF or pictures"),
    ],
)
def test_a_written_type_needs_what_it_requires(provider: str, kind: str, message: str) -> None:
    problem = says("type.none", message, post(provider, type=kind, text="Come in.", title="T"))
    assert str(problem.help).startswith(f"Remove `type: {kind}`, or add what it needs\nFor example:\n")


@pytest.mark.parametrize(
    ("provider", "content"),
    [
        ("facebook", {"type": "link", "text": "See https://example.com"}),
        ("facebook", {"type": "carousel", "text": "See", "sublinks": [{"url": "https://example.com"}]}),
        ("google", {"type": "event", "title": "Fair", "start": "2027-03-02T09:00:00Z", "end": "2027-03-02T10:00:00Z"}),
    ],
)  # fmt: skip
def test_a_type_may_find_what_it_requires_elsewhere(provider: str, content: dict[str, Json]) -> None:
    assert found(write(provider, content)) == {}


@pytest.mark.parametrize(
    ("provider", "content", "code", "example"),
    [
        ("instagram", {"media": media(), "link": {"url": "https://e.com"}}, "link.instagram", "instagram:\n    link: null"),
        ("facebook", {"text": "?", "poll": POLL_OF_TWO}, "poll.network", "facebook:\n    poll: null"),
        ("tiktok", {"media": media(), "comments": [{"text": "b"}]}, "comments.network", "tiktok:\n    comments: null"),
        ("instagram", {"media": media(), "share": {"accounts": ["b"]}}, "share.network", "instagram:\n    share: null"),
    ],
)  # fmt: skip
def test_what_a_network_does_not_support_can_be_removed_there_alone(
    provider: str, content: dict[str, Json], code: str, example: str
) -> None:
    problem = found(write(provider, content), infos=(PHOTO,))[code]
    assert advice(problem).example == f"networks:\n  {example}"
    assert not advice(problem).paste


def test_google_offers_the_buttons_that_its_documents_and_the_schema_name() -> None:
    buttons = ("BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL")
    for button in buttons:
        assert not found(post("google", text="a", link={"url": "https://e.com", "call_to_action": button}))
    link = {"url": "https://e.com", "call_to_action": "BUY_NOW"}
    problem = says("google.button", "Google Business does not offer the button BUY_NOW", post("google", text="a", link=link),
                   severity="warning")  # fmt: skip
    assert str(problem.help) == f"Google Business offers: {', '.join(buttons)}"
    known = json.loads(write_schema.CALENDAR.read_text(encoding="utf-8"))["$defs"]["link"]["properties"][
        "call_to_action"
    ]["enum"]
    assert {*buttons, *CALLS_TO_ACTION, None} == {*known}


def test_type_link_leaves_the_pictures_to_other_networks() -> None:
    assert not found(
        post("facebook", type="link", link={"url": "https://e.com"}, media=media(12)), infos=(PHOTO,) * 12
    )


# --- media


@pytest.mark.parametrize(
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


def test_a_gif_must_be_the_only_media_on_x() -> None:
    assert "x.media.count" in found(post("twitter", media=media(2)), infos=(GIF, PHOTO))
    assert not found(post("twitter", media=media(1)), infos=(GIF,))


@pytest.mark.parametrize(
    ("provider", "info", "code", "severity", "message"),
    [
        ("bluesky", MediaInfo("image/png", "photo", 2_300_000, 900, 900, 1), "bluesky.image.weight", "error",
         "the media is 2.3 MB; Bluesky allows 2.0 MB"),
        ("bluesky", MediaInfo("image/png", "photo", 2_000_001, 900, 900, 1), "bluesky.image.weight", "error",
         "the media is 2.01 MB; Bluesky allows 2.0 MB"),
        ("twitter", MediaInfo("image/png", "photo", 6 * MB, 900, 900, 1), "x.image.weight", "error", None),
        ("twitter", MediaInfo("image/gif", "gif", 16 * MB, 900, 900, 9), "x.image.weight", "error", None),
        ("twitter", MediaInfo("image/gif", "gif", 4 * MB, 900, 900, 351), "x.image.frames", "warning", None),
        ("linkedin", MediaInfo("image/png", "photo", 6 * MB, 900, 900, 1), "linkedin.image.weight.soft", "warning", None),
        ("mastodon", MediaInfo("image/png", "photo", 9 * MB, 900, 900, 1), "mastodon.image.weight.soft", "warning", None),
        ("mastodon", MediaInfo("image/png", "photo", 17 * MB, 900, 900, 1), "mastodon.image.weight", "error", None),
        ("instagram", MediaInfo("image/jpeg", "photo", MB, 1080, 1920, 1), "instagram.image.shape", "warning",
         "the media is taller than 4:5 (1080 x 1920); Instagram will crop it"),
        ("instagram", MediaInfo("image/jpeg", "photo", MB, 2000, 1000, 1), "instagram.image.shape", "warning",
         "the media is wider than 1.91:1 (2000 x 1000); Instagram will crop it"),
        ("instagram", MediaInfo("image/jpeg", "photo", MB, 300, 300, 1), "instagram.image.small", "warning", None),
        ("twitter", MediaInfo("video/mp4", "video", MB, 9, 9, None, 141.0), "x.video.length.soft", "warning",
         "the media lasts 2 min 21 s; X may allow only 2 min 20 s"),
        ("twitter", MediaInfo("video/mp4", "video", MB, 9, 9, None, 601.0), "x.video.length", "error",
         "the media lasts 10 min 1 s; X allows 10 min"),
        ("instagram", MediaInfo("video/mp4", "video", MB, 9, 9, None, 2.5), "instagram.video.length", "error",
         "the media lasts 2.5 s; Instagram requires at least 3 s"),
        ("bluesky", MediaInfo("video/mp4", "video", 51 * MB, 9, 9, None, 30.0), "bluesky.video.weight", "error", None),
        ("telegram", MediaInfo("video/mp4", "video", 51 * MB, 9, 9, None, 30.0), "telegram.video.weight.soft", "warning", None),
        ("facebook", MediaInfo("video/mp4", "video", 201 * MB, 9, 9, None, 30.0), "media.large", "error",
         "the media is 201.0 MB; Publer allows 200.0 MB"),
    ],
)  # fmt: skip
def test_a_picture_or_video_has_to_fit(
    provider: str, info: MediaInfo, code: str, severity: str, message: str | None
) -> None:
    problem = found(post(provider, media=[{"file": "", "url": "", "id": "", "alt": "A"}]), infos=(info,))[
        code
    ]
    assert problem.severity == severity
    assert message is None or problem.message == message


def sides(kind: str, width: int, height: int) -> MediaInfo:
    return replace(GIF if kind == "gif" else VIDEO, width=width, height=height)


@pytest.mark.parametrize(
    ("provider", "info", "code"),
    [
        ("twitter", sides("gif", 1280, 1080), None),
        ("twitter", sides("gif", 1281, 1080), "x.image.large"),
        ("twitter", sides("gif", 1280, 1081), "x.image.large"),
        ("mastodon", sides("gif", 1281, 1080), None),
        ("twitter", sides("video", 300, 900), None),
        ("twitter", sides("video", 290, 900), "x.video.shape"),
        ("twitter", sides("video", 900, 300), None),
        ("twitter", sides("video", 930, 300), "x.video.shape"),
        ("linkedin", sides("video", 500, 1200), None),
        ("linkedin", sides("video", 1230, 500), "linkedin.video.shape"),
        ("facebook", sides("video", 1920, 1080), None),
        ("facebook", sides("video", 1088, 1920), None),
        ("facebook", sides("video", 1000, 1920), "facebook.video.shape"),
        ("bluesky", sides("video", 100, 1920), None),
    ],
)
def test_a_shape_or_size_that_may_be_refused_is_a_warning(
    provider: str, info: MediaInfo, code: str | None
) -> None:
    problems = found(post(provider, media=media()), infos=(info,))
    assert {code: problem.severity for code, problem in problems.items()} == (
        {code: "warning"} if code else {}
    )


def test_a_shape_is_reported_with_the_range_the_network_requires() -> None:
    says("linkedin.video.shape", "sha256:0 is 1230 x 500; LinkedIn requires a shape between 1:2.4 and 2.4:1",
         post("linkedin", media=media()), infos=(sides("video", 1230, 500),), severity="warning")  # fmt: skip


@pytest.mark.parametrize(("size", "codes"), [(100 * MB, set()), (100 * MB + 1, {"linkedin.document.weight"})])
def test_a_document_has_a_size_limit(size: int, codes: set[str]) -> None:
    one = post("linkedin", title="T", media=media())
    assert set(found(one, infos=(replace(PDF, size=size),))) == codes


def test_a_gif_does_not_mix_with_pictures_on_threads() -> None:
    assert not found(post("threads", media=media()), infos=(GIF,))
    says(
        "media.mixed",
        "Threads allows pictures or a GIF, not both",
        post("threads", media=media(2)),
        infos=(GIF, PHOTO),
    )


@pytest.mark.parametrize(
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
    info = MediaInfo("video/mp4", "video", MB, 9, 9, None, seconds)
    one = post(provider, type=kind, title="T", media=[{"file": "", "alt": "A"}])
    problems = found(one, infos=(info,))
    assert {code: (problem.message, problem.severity) for code, problem in problems.items()} == (
        {f"{provider}.video.length": (message, "error")} if message else {}
    )


def test_an_unknown_length_is_not_a_problem() -> None:
    unknown = MediaInfo("video/mp4", "video", MB)
    assert not found(post("twitter", media=media()), infos=(unknown,))


def test_a_story_may_be_tall() -> None:
    tall = MediaInfo("image/jpeg", "photo", MB, 1080, 1920, 1)
    assert not found(post("instagram", type="story", media=media()), infos=(tall,))


def test_a_picture_without_alt_text_is_reported_once_per_line() -> None:
    bare: Json = [{"url": "https://example.com/a/winter-set.jpg?x=1"}]
    everywhere = [post(provider, media=bare) for provider in ("twitter", "bluesky", "mastodon")]
    problem = says("media.no-alt", "winter-set.jpg has no alt text (x, bluesky, mastodon)", *everywhere,
                   infos=(PHOTO,), severity="warning")  # fmt: skip
    assert problem.help is not None
    assert advice(problem).example.startswith("alt: ")
    assert "media.no-alt" not in found(post("tiktok", title="T", media=bare), infos=(PHOTO,))


def test_a_bad_picture_is_not_asked_for_alt_text() -> None:
    def infos(_: Post, __: Medium) -> MediaInfo | None:
        raise BadMedia("media.cut", "a.png ends too early", Help("Copy it again"))

    bare: Json = [{"url": "https://example.com/a.png"}]
    assert [problem.code for problem in judge([post("twitter", media=bare)], inspector=infos)] == [
        "media.cut"
    ]


def test_media_known_only_by_its_id_is_not_checked() -> None:
    assert not found(post("twitter", media=[{"id": "m1"}, {"id": "m2"}]))


def test_a_video_of_the_wrong_type_is_not_checked_for_its_length() -> None:
    assert set(found(post("google", type="photo", media=media()), infos=(VIDEO,))) == {"type.media"}
    assert set(found(post("youtube", type="video", title="T", media=media()), infos=(PHOTO,))) == {
        "type.media"
    }


def test_long_alt_text_is_a_warning() -> None:
    assert "x.alt.length" in found(post("twitter", media=[{"file": "a", "alt": "a" * 1001}]), infos=(PHOTO,))


def test_a_bad_file_is_reported_once_and_cannot_be_silenced(tmp_path: Path) -> None:
    (tmp_path / "launch.png").write_bytes(b"<html>not found")
    source = MediaSource("sha256:0", path=tmp_path / "launch.png")
    posts = [
        Post(
            Account(name, name, name, alias=name), AT, Content.from_json({"media": media()}), Location("a.yaml", 3), media=(source,),
            ignore={"media.format": "because"}, places={"media/0": Location("a.yaml", 7)},
        )
        for name in ("facebook", "bluesky")
    ]  # fmt: skip
    [problem] = (each for each in judge(posts) if each.code != "ignore.unknown")
    assert (problem.code, problem.severity, problem.location) == (
        "media.format",
        "error",
        Location("a.yaml", 7),
    )
    assert problem.message == "launch.png is a web page or a drawing, not a picture (facebook, bluesky)"


def test_a_file_is_found_by_its_digest_and_inspected(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 %%EOF")
    one = Post(
        Account("i", "n", "linkedin"), AT,
        Content.from_json({"media": [{"file": "sha256:b"}, {"url": "https://e.com/a.png"}, {"id": "m1"}]}),
        Location("a.yaml", 1),
        media=(MediaSource("sha256:c", url="https://e.com/a.png"), MediaSource("sha256:b", path=tmp_path / "a.pdf")),
    )  # fmt: skip
    info = inspect_medium(one, one.content.media[0])
    assert info is not None
    assert info.kind == "document"
    assert inspect_medium(one, one.content.media[1]) is None
    assert inspect_medium(one, one.content.media[2]) is None
    (tmp_path / "a.pdf").unlink()
    assert inspect_medium(one, one.content.media[0]) is None


# --- media of what follows


@pytest.mark.parametrize("key", ["thread", "comments"])
def test_a_bad_file_of_what_follows_is_found_before_the_upload(tmp_path: Path, key: str) -> None:
    (tmp_path / "a.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    source = MediaSource("sha256:0", path=tmp_path / "a.png")
    one = Post(
        Account("i", "x", "twitter", alias="x"), AT,
        Content.from_json({"text": "1", key: [{"text": "2", "media": media(alt="")}]}),
        Location("a.yaml", 3), media=(source,), places={f"{key}/0/media/0": Location("a.yaml", 9)},
        ignore={"media.format": "because"},
    )  # fmt: skip
    [problem] = [problem for problem in judge([one]) if problem.code != "ignore.unknown"]
    assert (problem.code, problem.location) == ("media.format", Location("a.yaml", 9))
    assert "git-lfs" in problem.message


def test_the_cover_of_a_video_and_the_picture_of_a_link_are_files_too(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_bytes(b"")
    source = MediaSource("sha256:c", path=tmp_path / "cover.png")
    film: Json = {"url": "https://e.com/a.mp4", "thumbnail": "sha256:c"}
    contents: list[dict[str, Json]] = [
        {"media": [film]},
        {"text": "a", "comments": [{"media": [film]}]},
        {"text": "a", "link": {"url": "https://e.com", "image": "sha256:c"}},
    ]
    for content in contents:
        one = replace(write("facebook", content), media=(source,))
        assert [problem.code for problem in judge([one])] == ["media.empty"]


@pytest.mark.parametrize(
    ("info", "code", "severity"),
    [
        (MediaInfo("image/png", "photo", 5 * MB, 900, 900, 1), None, ""),
        (MediaInfo("image/png", "photo", 5 * MB + 1, 900, 900, 1), "x.image.weight", "error"),
        (MediaInfo("video/mp4", "video", MB, 900, 900, None, 600.0), "x.video.length.soft", "warning"),
        (MediaInfo("video/mp4", "video", MB, 900, 900, None, 601.0), "x.video.length", "error"),
        (MediaInfo("video/mp4", "video", 201 * MB, 900, 900, None, 60.0), "media.large", "error"),
        (PDF, "thread.media", "error"),
    ],
)
def test_what_a_part_of_a_thread_shows_has_to_fit_like_a_post(
    info: MediaInfo, code: str | None, severity: str
) -> None:
    long = post("twitter", text="1", thread=[{"text": "2", "media": media(alt="")}])
    problems = found(long, later=info)
    assert [(problem.code, problem.severity) for problem in problems.values()] == (
        [(code, severity)] if code else []
    )


def test_a_large_file_in_a_thread_is_not_offered_media_under_networks() -> None:
    heavy = MediaInfo("image/png", "photo", 6 * MB, 900, 900, 1)
    in_thread = post("twitter", text="1", thread=[{"text": "2", "media": media(alt="")}])
    assert found(in_thread, later=heavy)["x.image.weight"].help == Help("Make it smaller")
    way = found(post("twitter", media=media()), infos=(heavy,))["x.image.weight"].help
    assert way == Help("Make it smaller, or give X its own `media` under `networks`")


def test_a_document_in_a_comment_is_named() -> None:
    content: dict[str, Json] = {
        "text": "a",
        "comments": [{"media": [{"url": "https://e.com/price-list.pdf"}]}],
    }
    says(
        "comments.media",
        "a comment allows one picture or video; price-list.pdf is neither",
        write("linkedin", content),
    )


def test_a_picture_in_a_comment_may_be_larger_than_in_a_post() -> None:
    heavy = MediaInfo("image/png", "photo", 9 * MB, 900, 900, 1)
    one = post("linkedin", text="a", comments=[{"text": "b", "media": media(alt="")}])
    assert not found(one, later=heavy)


@pytest.mark.parametrize(
    ("end", "code"), [("mp4", None), ("mov", None), ("jpg", "type.media"), ("pdf", "type.media"), ("", None)]
)
def test_a_url_shows_its_kind_by_its_extension(end: str, code: str | None) -> None:
    problems = found(post("facebook", type="reel", media=[{"url": f"https://e.com/a.{end}", "alt": "A"}]))
    assert set(problems) == ({code} if code else set())


# --- polls, threads, comments, sharing


def poll(*options: str, days: int = 3, **more: Json) -> dict[str, Json]:
    return {"options": list(options), "duration": {"duration": days, "unit": "Day"}, **more}


@pytest.mark.parametrize(
    ("provider", "content", "code"),
    [
        ("facebook", {"text": "?", "poll": poll("Yes", "No")}, "poll.network"),
        ("twitter", {"text": "?", "poll": poll("Yes")}, "poll.options"),
        ("twitter", {"text": "?", "poll": poll("a", "b", "c", "d", "e")}, "poll.options"),
        ("twitter", {"text": "?", "poll": poll("Yes", "yes")}, "poll.options"),
        ("twitter", {"text": "?", "poll": poll("Yes", "Rechargeable lamp with a hook")}, "poll.option"),
        ("linkedin", {"text": "?", "poll": poll("Yes", "a" * 31)}, "poll.option"),
        ("mastodon", {"text": "?", "poll": poll("Yes", "a" * 51)}, "poll.option"),
        ("twitter", {"text": "?", "poll": poll("Yes", "No", days=8)}, "poll.duration"),
        ("linkedin", {"text": "?", "poll": poll("Yes", "No", days=2)}, "poll.duration"),
        ("twitter", {"text": "?", "poll": {"options": ["a", "b"], "duration": {"duration": 36, "unit": "Hour"}}}, "poll.duration"),
        ("twitter", {"text": "?", "poll": {"options": ["a", "b"]}}, "poll.duration"),
        ("twitter", {"poll": poll("Yes", "No")}, "poll.question"),
        ("linkedin", {"text": "a" * 141, "poll": poll("Yes", "No")}, "poll.question"),
        ("twitter", {"text": "?", "poll": poll("Yes", "No"), "media": media()}, "poll.media"),
        ("linkedin", {"text": "a", "thread": [{"text": "b"}]}, "thread.network"),
        ("twitter", {"text": "a", "thread": [{"text": "b", "media": media(2)}]}, "thread.media"),
        ("tiktok", {"media": media(), "comments": [{"text": "b"}]}, "comments.network"),
        ("facebook", {"text": "a", "comments": [{"text": "b", "media": media(2)}]}, "comments.media"),
        ("instagram", {"media": media(), "share": {"accounts": ["b"]}}, "share.network"),
        ("facebook", {"text": "a", "reminder": True, "share": {"accounts": ["b"]}}, "share.reminder"),
        ("google", {"media": media(), "share": {"accounts": ["b"]}}, "share.text"),
        ("threads", {"text": "a", "thread": [{"media": media(2)}]}, "thread.media"),
    ],
)  # fmt: skip
def test_what_cannot_follow_or_be_asked_is_an_error(
    provider: str, content: dict[str, Json], code: str
) -> None:
    infos = (VIDEO,) if provider == "tiktok" else (PHOTO,)
    assert found(write(provider, content), infos=infos)[code].severity == "error"


def test_an_answer_that_is_too_long_is_shown() -> None:
    says("poll.option", '"Rechargeable lamp with a hook" has 29 characters; X allows 25',
         post("twitter", text="?", poll=poll("Yes", "Rechargeable lamp with a hook")))  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        {"text": "a", "share": {"accounts": ["b"]}},
        {"media": media(), "share": {"accounts": ["b"], "text": "s"}},
    ],
)
def test_a_google_post_with_text_may_be_shared(content: dict[str, Json]) -> None:
    assert not found(write("google", content), infos=(PHOTO,))


@pytest.mark.parametrize(
    ("tags", "size"),
    [
        (["a" * 500], None),
        (["a" * 501], 501),
        (["a" * 100] * 4 + ["a" * 96], None),
        (["a" * 100] * 4 + ["a" * 97], 501),
        (["a " * 49] * 4 + ["a" * 96], None),
        (["a " * 49] * 4 + ["a" * 97], 501),
    ],
)
def test_the_tags_of_a_video_count_with_their_commas_and_quotes(tags: list[str], size: int | None) -> None:
    problems = found(post("youtube", title="T", tags=tags, media=media()), infos=(VIDEO,))
    assert {code: problem.message for code, problem in problems.items()} == (
        {"youtube.tags": f"the tags have {size} characters together; YouTube allows 500"} if size else {}
    )


def test_the_tags_of_a_video_may_be_many_as_long_as_they_are_short() -> None:
    assert not found(post("youtube", title="T", tags=["lamp", "winter"], media=media()), infos=(VIDEO,))


def test_a_long_post_on_linkedin_asks_with_a_question_of_its_own() -> None:
    assert not found(post("linkedin", text="a" * 2000, poll=poll("Yes", "No", question="Or?")))


# --- across posts


def hours(number: float) -> datetime:
    return AT + timedelta(hours=number)


def test_the_cap_of_tiktok_includes_pictures() -> None:
    posts = [post("tiktok", hours(index / 2), title="T", media=media(), line=index) for index in range(26)]
    problem = found(*posts, infos=(PHOTO,))["day.cap"]
    assert problem.message == "26 posts on tiktok in 24 hours; Publer allows 25"


def test_the_fifteenth_post_of_a_day_on_linkedin_is_too_much() -> None:
    posts = [post("linkedin", hours(index), line=index + 1, text=f"{index}") for index in range(15)]
    problem = says("day.cap", "15 posts on linkedin in 24 hours; Publer allows 14 (24 on a page)", *posts,
                   severity="warning")  # fmt: skip
    assert problem.location == Location("may.yaml", 15)
    assert str(problem.help) == "Move these to another day: Tue 02 Mar 22:00 UTC (may.yaml:15)"
    assert not found(*posts[:14])


def test_a_linkedin_page_may_post_more() -> None:
    posts = [post("linkedin", hours(index / 2), kind="in_page", text=f"{index}") for index in range(25)]
    assert not found(*posts[:24])
    assert found(*posts)["day.cap"].message == "25 posts on linkedin in 24 hours; Publer allows 24"


def test_a_cap_counts_any_24_hours() -> None:
    posts = [post("linkedin", hours(index * 2), text=f"{index}") for index in range(60)]
    assert not found(*posts)
    late = [post("linkedin", hours(12 + index / 10), text=f"{index}") for index in range(14)]
    early = [post("linkedin", hours(-10.5), text="early")]
    assert not found(*early, *late[:10])
    assert "day.cap" in found(*early, *late)
    assert not found(post("linkedin", hours(-12), text="a day before"), *late)


def test_drafts_stories_and_other_accounts_do_not_count() -> None:
    posts = [post("instagram", hours(index / 2), media=media()) for index in range(25)]
    more = [
        post("instagram", hours(13), draft=True, media=media()),
        post("instagram", hours(13), type="story", media=media()),
        post("instagram", hours(13), alias="other", media=media()),
    ]
    assert not found(*posts, *more, infos=(PHOTO,))
    assert "day.cap" in found(*posts, post("instagram", hours(13), media=media()), infos=(PHOTO,))


def test_each_day_that_is_too_full_is_named() -> None:
    posts = [
        post("google", hours(24 * day + index / 2), line=100 * day + index, text="a")
        for day in (1, 5)
        for index in range(17)
    ]
    problems = [problem for problem in judge(posts) if problem.code == "day.cap"]
    assert [problem.location for problem in problems] == [
        Location("may.yaml", 115),
        Location("may.yaml", 515),
    ]
    assert problems[0].related == ((Location("may.yaml", 116), "also over the limit"),)


def test_the_same_words_on_x_again_are_a_warning() -> None:
    first, again = (
        post("twitter", hours(0), line=3, text="Hello  there"),
        post("twitter", hours(47), line=9, text="hello there"),
    )
    problem = says("text.again", "the same text is published on x 1 day before (may.yaml:3); X may refuse it", first, again,
                   severity="warning")  # fmt: skip
    assert problem.location == Location("may.yaml", 9)
    assert not found(post("twitter", hours(0), text="a"), post("twitter", hours(48), text="a"))
    assert not found(post("bluesky", hours(0), text="a"), post("bluesky", hours(1), text="a"))
    assert not found(post("twitter", hours(0), text="a"), post("twitter", hours(1), text="a", draft=True))


def test_the_same_words_on_two_accounts_of_x_are_a_warning_too() -> None:
    problem = found(post("twitter", hours(0), text="a"), post("twitter", hours(1), alias="x_de", text="a"))[
        "text.again"
    ]
    assert (
        problem.message
        == "the same text is published on x less than a day before (may.yaml:6); X may refuse it"
    )


# --- garbled text, markup, local links


def warned(text: str, **content: Any) -> dict[str, str]:
    """The messages of the warnings about a text, by code."""
    problems = found(post("bluesky", text=text, **content))
    assert {problem.severity for problem in problems.values()} <= {"warning"}
    return {code: problem.message for code, problem in problems.items()}


@pytest.mark.parametrize(
    "text",
    ["Grüße", "Über uns", "Österreich", "voilà: déjà vu", "Sæson på øen", "niño", "5 °C", "£5", "it’s", "“quoted”", "a – b", "naïve",
     "Привет, мир", "party 🎉", "Łódź", "© 2027", "Straße"],
)  # fmt: skip
def test_text_read_in_the_wrong_encoding_is_a_warning_and_nothing_else(text: str) -> None:
    garbled = "".join(
        byte.decode("cp1252", "replace").replace("\ufffd", chr(byte[0])) if byte[0] > 127 else chr(byte[0])
        for byte in (bytes([each]) for each in text.encode())
    )
    assert "text.mojibake" in found(post("bluesky", text=garbled)) or text == "Łódź"
    assert found(post("bluesky", text=text)) == {}


@pytest.mark.parametrize(
    "text",
    ["MANHÃ", "«MANHÃ»", "A MANHÃ… E A TARDE", "NÃO", "MÃE", "IRMÃ – IRMÃO", "PÂQUES", "«Â»", "ÐÓRR", "ESPAÑA", "Ñandú", "SÃO", "LÃ: 5 €",
     "Tiếng Việt: ÂM NHẠC", "Â", "faðir", "Êtes-vous prêts ?", "हिन्दी", "日本語", "עברית", "العربية"],
)  # fmt: skip
def test_languages_are_not_garbled(text: str) -> None:
    assert found(post("bluesky", text=text)) == {}


def test_garbled_text_comes_with_what_was_meant() -> None:
    problem = says("text.mojibake", '"GrÃ¼ÃŸe" in the text looks garbled', post("bluesky", text="Viele GrÃ¼ÃŸe an alle"),
                   severity="warning")  # fmt: skip
    assert advice(problem) == Help('Write "Grüße", and check the rest of the text')


@pytest.mark.parametrize("text", ["Tom &amp; Jerry", "a&nbsp;b", "it&#39;s", "caf&eacute;", "one<br>two", "<b>new</b>",
                                  "https://e.com/?a=1&amp;b=2"])  # fmt: skip
def test_html_is_a_warning_where_nobody_reads_it(text: str) -> None:
    assert set(warned(text)) == {"text.html"}
    assert not found(post("wordpress", title="T", text=text))
    assert "text.html" not in found(post("telegram", text=text, parse_mode="HTML"))


@pytest.mark.parametrize(
    "text",
    ["R&D; more", "a < b and c > d", "<3", "AT&T", "Use the <b> key", "https://e.com/?a=1&copy=2", "->"],
)
def test_signs_that_are_not_html_are_left_alone(text: str) -> None:
    assert warned(text) == {}


@pytest.mark.parametrize(
    "url",
    ["http://localhost", "http://localhost:8000/a", "https://127.0.0.1/", "http://10.0.0.5", "http://192.168.1.20:3000", "http://172.16.0.1",
     "http://printer.local/a", "https://wiki.internal", "http://[::1]:80", "http://0.0.0.0:5000"],
)  # fmt: skip
def test_a_link_that_only_works_on_your_network_is_a_warning(url: str) -> None:
    assert set(warned(f"See {url}")) == {"link.local"}
    assert set(warned("See", link={"url": url})) == {"link.local"}


@pytest.mark.parametrize(
    "url",
    ["https://example.com/localhost", "https://localhost.example.com", "https://10.example.com", "https://172.32.0.1", "https://11.0.0.1",
     "https://shop.local.example.com", "https://internal.example.com", "https://example.com/a.local"],
)  # fmt: skip
def test_a_public_link_is_left_alone(url: str) -> None:
    assert warned(f"See {url}") == {}


@pytest.mark.parametrize(
    "text", ["Venue: TBD", "the price is tbd", "todo: a nice picture", "See <link>", "Hello <your name>"]
)
def test_what_may_be_a_placeholder_is_a_warning(text: str) -> None:
    assert set(warned(text)) == {"text.placeholder.soft"}
    silent = write("bluesky", {"text": text}, ignore={"text.placeholder.soft": "the venue is open"})
    assert found(silent) == {}


@pytest.mark.parametrize("text", ["in\u200bvisible", "https://e.com/\u2060a"])
def test_a_zero_width_character_inside_a_word_is_named(text: str) -> None:
    (message,) = warned(text).values()
    assert message.startswith("invisible character U+20")
    assert "(zero width space)" in message or "(word joiner)" in message
    assert "may split a word" in message


@pytest.mark.parametrize("text", ["one\n\u200b\ntwo", "日本\u200b語", "words\u200b"])
def test_a_zero_width_space_between_words_and_lines_is_left_alone(text: str) -> None:
    assert warned(text) == {}


# --- links on X


@pytest.mark.parametrize(
    ("length", "codes"), [(256, set()), (257, {"x.text.length.soft"}), (280, {"x.text.length.soft"})]
)
def test_a_link_that_publer_may_add_to_the_text_on_x_counts(length: int, codes: set[str]) -> None:
    url = "https://example.com/a"
    assert set(found(post("twitter", text="a" * length, link={"url": url}))) == codes
    assert found(post("twitter", text="a" * length)) == {}
    assert found(post("bluesky", text="a" * length, link={"url": url})) == {}
    assert found(post("twitter", text=f"{'a' * 256} {url}", link={"url": url})) == {}
    assert found(post("twitter", text="a" * length, long_post=True, link={"url": url})) == {}


def test_a_link_on_x_says_what_it_counts() -> None:
    says("x.text.length.soft", "X may count 281 of 280 characters: Publer may add the link to the text",
         post("twitter", text="a" * 257, link={"url": "https://example.com/a"}), severity="warning")  # fmt: skip
    long = post("twitter", text="a" * 281, link={"url": "https://example.com/a"})
    assert set(found(long)) == {"x.text.length"}


# --- what is checked, and how it is reported


def test_a_post_on_an_unknown_network_is_checked_by_the_general_rules() -> None:
    assert set(found(post("", text="TODO: " + "a" * 70_000, poll=poll("a")))) == {"text.placeholder"}


def test_a_problem_names_every_account_once() -> None:
    text = "a" * 281
    posts = [post("twitter", text=text, alias=alias) for alias in ("x", "x_de")] + [
        post("twitter", hours(24 * 9), text=text)
    ]
    assert found(*posts)["x.text.length"].message == "1 character too long for X: 281 of 280 (x, x_de)"


def test_a_reason_silences_a_rule_for_its_post_alone() -> None:
    text = "a" * 281
    silent = write("twitter", {"text": text}, ignore={"x.text.length": "the account has Premium"})
    assert found(silent) == {}
    assert "x.text.length" in found(silent, post("twitter", hours(24 * 9), line=40, text=text))
    assert found(write("twitter", {"text": "TODO"}, ignore={"x.text.length": "other"}))


@pytest.mark.parametrize(
    ("number", "silenced", "left"),
    [
        (6, "instagram.hashtags.soft", None),
        (6, "instagram.hashtags", None),
        (31, "instagram.hashtags.soft", "instagram.hashtags"),
        (31, "instagram.hashtags", None),
        (6, "instagram.text.length", "instagram.hashtags.soft"),
    ],
)
def test_a_warning_is_silenced_without_the_error_it_may_become(
    number: int, silenced: str, left: str | None
) -> None:
    text = " ".join(f"#tag{index}" for index in range(number))
    one = write("instagram", {"text": text, "media": media()}, ignore={silenced: "agreed"})
    assert set(found(one, infos=(PHOTO,))) == ({left} if left else set())


def test_a_silenced_post_does_not_count_towards_a_day() -> None:
    posts = [
        write("google", {"text": "a"}, at=hours(index / 2), ignore={"day.cap": "agreed"})
        for index in range(20)
    ]
    assert not found(*posts)


@pytest.mark.parametrize("code", ["thread.media", "comments.media", "media.large"])
def test_what_cannot_be_sent_cannot_be_silenced(code: str) -> None:
    contents: dict[str, dict[str, Json]] = {
        "thread.media": {"text": "a", "thread": [{"text": "b", "media": media(2)}]},
        "comments.media": {"text": "a", "comments": [{"text": "b", "media": media(2)}]},
        "media.large": {"media": media()},
    }
    large = MediaInfo("video/mp4", "video", 201 * MB)
    assert code in found(write("twitter", contents[code], ignore={code: "please"}), infos=(large,))


@pytest.mark.parametrize(
    ("code", "message", "help"),
    [
        (
            "media.no-alts",
            "media.no-alts silences nothing; did you mean media.no-alt?",
            "Write media.no-alt instead",
        ),
        ("text.agian", "text.agian silences nothing; did you mean text.again?", "Write text.again instead"),
        (
            "media.empty",
            "media.empty cannot be silenced",
            "Remove this line, and fix the problem",
        ),
        (
            "yaml.hash",
            "yaml.hash silences nothing",
            "Remove this line; docs/rules.md lists what can be silenced",
        ),
    ],
)
def test_a_code_that_silences_nothing_is_a_warning(code: str, message: str, help: str) -> None:
    posts = [write("twitter", {"text": "a"}, ignore={code: "agreed"}) for _ in range(3)]
    posts.append(write("bluesky", {"text": "a"}, ignore={code: "agreed"}))
    (problem,) = (each for each in judge(posts) if each.code != "text.again")
    assert (problem.severity, problem.code) == ("warning", "ignore.unknown")
    assert (problem.message, problem.help) == (message, Help(help))


def test_every_code_that_can_be_silenced_may_be_written() -> None:
    codes = {code for rule in RULES.values() if not rule.firm for code in rule.codes(NETWORKS["instagram"])}
    assert {"instagram.hashtags", "instagram.hashtags.soft"} <= codes
    assert not found(write("telegram", {"text": "a"}, ignore=dict.fromkeys(codes, "agreed")))


def test_a_post_far_ahead_is_a_warning_where_the_day_is_known() -> None:
    far = post("twitter", AT + timedelta(days=5 * 365 + 1), text="a")
    assert [problem.code for problem in judge([far], now=AT)] == ["time.far"]
    assert judge([far]) == []


def test_problems_come_in_the_order_of_their_lines() -> None:
    posts = [
        post("twitter", hours(index), line=line, text=f"TODO: {index}")
        for index, line in enumerate((30, 4, 17))
    ]
    assert [problem.location and problem.location.line for problem in judge(posts)] == [4, 17, 30]


def test_every_rule_has_a_description_and_a_source() -> None:
    for code, rule in RULES.items():
        assert rule.says
        assert rule.source, code
        assert rule.says[0].islower() or rule.says.startswith(("Publer", "Markdown", "HTML", "Google")), code
        assert not rule.says.endswith("."), code
    assert RULES["{network}.text.length"].code_for(NETWORKS["twitter"]) == "x.text.length"
    assert RULES["link.{network}"].code_for(NETWORKS["instagram"]) == "link.instagram"


def test_every_bad_file_has_a_rule() -> None:
    for code in ("media.empty", "media.cut", "media.format", "media.extension"):
        bad = BadMedia(code, "a.png is bad", Help("Fix it"))

        def infos(_: Post, __: Medium, bad: BadMedia = bad) -> MediaInfo | None:
            raise bad

        assert [problem.code for problem in judge([post("twitter", media=media())], inspector=infos)] == [
            code
        ]


def test_ten_thousand_posts_are_judged_in_no_time() -> None:
    posts = [
        post(
            ("twitter", "bluesky", "linkedin", "mastodon", "threads")[index % 5],
            AT + timedelta(minutes=97 * index),
            line=index,
            labels=["a"],
            text=f"Post number {index}: a sentence — or two, with some words and a 🎉. " * 3
            + "https://example.com/a",
        )
        for index in range(10_000)
    ]
    start = time.process_time()
    judge(posts)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(("ahead", "codes"), [(4, ["time.soon"]), (5, []), (0, []), (-60, [])])
def test_a_post_due_within_5_minutes_is_a_warning_and_a_past_one_is_not(ahead: int, codes: list[str]) -> None:
    near = post("twitter", AT, text="a")

    assert [problem.code for problem in judge([near], now=AT - timedelta(minutes=ahead))] == codes


# --- what would be lost ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "content", "infos", "code"),
    [
        ("twitter", {"text": "We wonder.", "poll": {**POLL_OF_TWO, "question": "Which one?"}}, (), "poll.unasked"),
        ("twitter", {"text": "a", "thread": [{"text": "b", "media": media()}]}, (), "thread.alt"),
        ("facebook", {"text": "a", "comments": [{"text": "b", "media": media()}]}, (), "comments.alt"),
        ("pinterest", {"board": "b", "media": media(), "link": {"url": "https://e.com", "title": "T"}}, (PHOTO,), "link.details"),
        ("google", {"text": "a", "link": {"url": "https://e.com", "image": "https://e.com/a.png"}}, (), "link.details"),
        ("facebook", {"type": "carousel", "media": media(2)}, (PHOTO, PHOTO), "type.doubtful"),
        ("wordpress", {"title": "T", "text": "a **bold** word"}, (), "wordpress.marks"),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_a_warning(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...], code: str
) -> None:
    problems = found(write(provider, content), infos=infos)
    assert problems[code].severity == "warning", problems


@pytest.mark.parametrize(
    ("provider", "content"),
    [
        ("twitter", {"text": "We wonder: which  one?", "poll": {**POLL_OF_TWO, "question": "Which one?"}}),
        ("twitter", {"text": "Which one?", "poll": POLL_OF_TWO}),
        ("linkedin", {"text": "We wonder.", "poll": {**POLL_OF_TWO, "question": "Which one?"}}),
        ("google", {"text": "a", "link": {"url": "https://e.com", "call_to_action": "BOOK"}}),
        ("facebook", {"text": "a", "link": {"url": "https://e.com", "call_to_action": "CALL_NOW", "phone_number": "1"}}),
        ("wordpress", {"title": "T", "text": "# Heading\n\n- one\n\n![b](https://e.com/b.png)"}),
    ],
)  # fmt: skip
def test_what_is_published_is_not_a_warning(provider: str, content: dict[str, Json]) -> None:
    assert found(write(provider, content)) == {}


# --- keys that became text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["media:\n- file: a.png", "draft: true", "link: https://e.com", "labels: [a]", "- at: 2027-03-02 09:00\n  text: |",
     "poll:\n  options:\n  - a", "comments:\n- text: b"],
)  # fmt: skip
def test_a_key_indented_too_far_is_found_in_the_text(line: str) -> None:
    problem = found(post("twitter", text=f"Words.\n{line}"))["text.key"]
    assert problem.severity == "warning"
    assert line.partition("\n")[0] in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "Media: a week of news",
        "link: in bio",
        "draft: true love",
        "Poll: cats or dogs?",
        "share: yes",
        "at: noon",
    ],
)
def test_words_before_a_colon_are_not_keys(text: str) -> None:
    assert "text.key" not in found(post("twitter", text=f"Words.\n{text}"))


@pytest.mark.parametrize("text", ["# of lamps sold", "2**3 and 4**5", "s**t and f**k"])
def test_signs_that_are_not_markdown_are_left_alone(text: str) -> None:
    assert found(post("twitter", text=text)) == {}


@pytest.mark.parametrize("text", ["+100 000 000 views", "100 200 3000", "VAT 123 456 7890"])
def test_figures_are_not_phone_numbers(text: str) -> None:
    assert found(post("google", text=text)) == {}


def test_a_character_that_was_lost_is_an_error() -> None:
    assert "was lost" in found(post("twitter", text="Gr\ufffde"))["text.invisible"].message

"""Rules about the text of a post, what it links to, and its title."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.rules.text import excerpt
from publer_sync.values.content import Content
from publer_sync.values.model import Written
from publer_sync.values.problems import Location
from tests.calendar.calendars import judged
from tests.rules.builders import PDF, PHOTO, PLACE, URL, VIDEO, advice, found, media, post, says, told, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.networks.media import MediaInfo
    from publer_sync.values.content import Json

LINKS = [f"https://example.com/{index}" for index in range(6)]


@each_of(
    ("provider", "content", "infos"),
    [
        ("facebook", {"text": "Hello", "link": {"url": URL, "title": "T"}}, ()),
        ("instagram", {"text": "Hello", "media": media()}, (PHOTO,)),
        ("instagram", {"text": "Hello", "media": media(3)}, (PHOTO, VIDEO, PHOTO)),
        ("instagram", {"type": "story", "media": media()}, (VIDEO,)),
        ("twitter", {"text": "Hello https://example.com", "thread": [{"text": "More"}]}, ()),
        ("twitter", {"text": "Well?", "poll": {"options": ["Yes", "No"], "duration": {"duration": 1, "unit": "Week"}}}, ()),
        ("linkedin", {"text": "Read", "title": "Leaflet", "media": media()}, (PDF,)),
        ("linkedin", {"type": "document", "title": "Pages", "media": media(3)}, (PHOTO, PHOTO, PHOTO)),
        ("pinterest", {"title": "Pin", "board": "5", "link": {"url": URL}, "media": media()}, (PHOTO,)),
        ("google", {"text": "Come in", "link": {"url": URL, "call_to_action": "BOOK"}}, ()),
        ("google", {"text": "Come in", "link": {"url": URL}, "media": media()}, (PHOTO,)),
        ("google", {"type": "event", "title": "Fair", "start": "2027-03-02T09:00:00Z", "end": "2027-03-02T10:00:00Z"}, ()),
        ("youtube", {"type": "short", "title": "T", "media": media()}, (VIDEO,)),
        ("tiktok", {"text": "Look", "media": media()}, (VIDEO,)),
        ("wordpress", {"title": "T", "text": "Words", "media": media()}, (PHOTO,)),
        ("telegram", {"text": "Hello"}, ()),
        ("mastodon", {"text": "Hello", "visibility": "unlisted"}, ()),
        ("threads", {"text": "Hello", "comments": [{"text": "And"}]}, ()),
        ("bluesky", {"text": "Hello", "link": {"url": URL}}, ()),
    ],
)  # fmt: skip
def test_a_good_post_is_left_alone(
    provider: str, content: dict[str, Json], infos: tuple[MediaInfo, ...]
) -> None:
    assert found(write(provider, content), infos=infos) == {}


# --- length


def test_what_is_added_counts_and_is_told(tmp_path: Path) -> None:
    """The place is where the words are, also of a problem in what was added."""
    settings = (
        "timezone: UTC\naccounts: {x: Me, instagram: Us, mastodon: M}\nhashtags: {many: [a, b, c, d, e, f]}\n"
    )
    utm = "utm: {source: x}\nutm_hosts: [example.com]\nappend: {x: One more line, mastodon: One more line}\n"
    (tmp_path / "publer.yaml").write_text(settings + utm, "utf-8")
    (tmp_path / "a.md").write_text(
        f"---\nat: 2027-03-02 09:00\naccounts: x\n---\nWords\n\n{'word ' * 48}https://example.com/a\n",
        "utf-8",
    )
    media = "media: [{id: abc, alt: a lamp}]"
    (tmp_path / "b.yaml").write_text(
        f"posts:\n- at: 2027-03-02 09:00\n  accounts: instagram\n  text: hi\n  {media}\n  hashtags: [many]\n",
        "utf-8",
    )
    long, tags = judged(read(tmp_path))
    assert (long.code, str(long.location)) == ("x.text.length", "a.md:7")
    assert "That counts what is added: One more line. Shorten it" in str(long.help)
    assert (tags.code, str(tags.location)) == ("instagram.hashtags.soft", "b.yaml:4")
    assert str(tags.help) == "That counts what is added: #a #b #c #d #e #f. Remove some of them"


def test_a_text_over_the_limit_says_by_how_much_and_where_it_stops() -> None:
    text = "word " * 55 + "how old your battery really is. #ThursdayTip"
    problem = says(
        "error x.text.length", "39 characters too long for X: 319 of 280", post("twitter", text=text)
    )
    assert 'X stops after "…ord word word word word word word how o"' in str(problem.help)
    assert advice(problem).example == "networks:\n  x:\n    text: A shorter text"
    assert problem.location == Location("may.yaml", 6)


def test_what_counts_more_than_it_looks_is_explained() -> None:
    problem = found(post("twitter", text="a" * 270 + " https://example.com/ 😀"))["x.text.length"]
    assert "An emoji counts 2. A link counts 23." in str(problem.help)


@each_of(
    ("provider", "limit", "more", "rule"),
    [
        ("twitter", 280, {}, "error x.text.length"),
        ("twitter", 25_000, {"long_post": True}, "error x.text.length"),
        ("bluesky", 300, {}, "error bluesky.text.length"),
        ("mastodon", 500, {}, "error mastodon.text.length"),
        ("mastodon", 490, {"spoiler_text": "b" * 10}, "error mastodon.text.length"),
        ("threads", 500, {}, "error threads.text.length"),
        ("linkedin", 3000, {}, "error linkedin.text.length"),
        ("telegram", 4096, {}, "error telegram.text.length"),
        ("telegram", 1024, {"media": media()}, "error telegram.text.length"),
        ("google", 1500, {}, "error google.text.length"),
        ("facebook", 10_000, {}, "warning facebook.text.length.soft"),
        ("facebook", 63_206, {}, "error facebook.text.length"),
    ],
)
def test_every_network_has_its_limit(provider: str, limit: int, more: dict[str, Json], rule: str) -> None:
    assert rule not in told(write(provider, {"text": "a" * limit, **more}), infos=(PHOTO,))
    assert rule in told(write(provider, {"text": "a" * (limit + 1), **more}), infos=(PHOTO,))


PAGE = "https://www.example.com/a-rather-long-path/of-some-page?utm_source=bluesky"
"""74 characters; Bluesky's own app shows www.example.com/a-rather-lon... of it, which has 31."""


@each_of(
    ("words", "rules"),
    [
        (225, []),
        (226, ["warning bluesky.text.length.soft"]),
        (268, ["warning bluesky.text.length.soft"]),
        (269, ["error bluesky.text.length"]),
    ],
)
def test_a_text_that_fits_bluesky_once_its_links_are_shortened_is_a_warning(
    words: int, rules: list[str]
) -> None:
    assert told(post("bluesky", text=f"{'a' * words} {PAGE}")) == rules
    thread = [{"text": f"{'a' * words} {PAGE}"}]
    assert told(post("bluesky", text="First", thread=thread)) == rules


def test_a_text_that_fits_bluesky_once_its_links_are_shortened_says_so() -> None:
    long = post("bluesky", text=f"{'a' * 240} {PAGE}")
    message = "315 of 300 characters on Bluesky, or 272 if Publer shortens the links"
    problem = says("warning bluesky.text.length.soft", message, long)
    assert "Bluesky's own app shortens the links that it shows. Publer may not" in str(problem.help)
    assert advice(problem).example == "networks:\n  bluesky:\n    text: A shorter text"


@each_of(
    ("provider", "text", "counted"),
    [
        ("linkedin", "a" * 3001, "One line, utm_source=x. Shorten it"),
        ("telegram", "a" * 4097, "One line, utm_source=x. Shorten it"),
        ("twitter", "a" * 281, "One line. Shorten it"),
        ("bluesky", f"{'a' * 240} {PAGE}", "One line, utm_source=x. Shorten it"),
        ("instagram", " ".join(f"#t{n}" for n in range(6)), "One line. Remove some of them"),
    ],
)
def test_what_is_added_counts_where_it_makes_a_text_longer(provider: str, text: str, counted: str) -> None:
    """A link with more parameters is no longer where every link counts the same, and has no hashtags."""
    added = (("append", "One line"), ("utm", "utm_source=x"))
    one = replace(post(provider, text=text, media=media()), written=Written("Words", "", added, {}))
    [problem] = (each for each in found(one, infos=(PHOTO,)).values() if each.code != "media.no-alt")
    assert f"That counts what is added: {counted}" in str(problem.help)
    if provider in ("twitter", "bluesky"):
        rest = replace(one, content=Content.from_json({"text": "Hi", "thread": [{"text": text}]}))
        [problem] = found(rest).values()
        assert "counts what is added" not in str(problem.help), "nothing is added to what follows"


def test_bluesky_counts_bytes_too() -> None:
    says(
        "error bluesky.text.bytes",
        "600 bytes too long for Bluesky: 3,600 of 3,000",
        post("bluesky", text="👨‍👩‍👧" * 200),
    )


def test_a_text_too_long_for_mastodon_mentions_servers_that_allow_more() -> None:
    long = post("mastodon", text="a" * 1001)
    assert "`max_characters`" in str(found(long)["mastodon.text.length"].help)
    known = replace(long, account=replace(long.account, max_characters=1000))
    problem = says("error mastodon.text.length", "1 character too long for Mastodon: 1,001 of 1,000", known)
    assert "`max_characters`" not in str(problem.help)
    assert found(replace(known, content=Content("a" * 1000))) == {}


@each_of(
    ("content", "letter", "warned", "used"),
    [
        ({"media": media()}, "b", 501, 501),
        ({"text": "Words"}, "b", 501, 506),
        ({"text": "Words"}, "b", 500, 505),
        ({"text": "https://example.com is open"}, "b", 499, 530),
        ({"text": "Words"}, "👍🏽", 500, 505),
    ],
)
def test_a_content_warning_that_leaves_no_room_is_reported_at_its_line(
    content: dict[str, Json], letter: str, warned: int, used: int
) -> None:
    one = write("mastodon", {**content, "spoiler_text": letter * warned})
    one = replace(one, places={"spoiler_text": PLACE, "text": Location("a.yaml", 3)})
    message = f"{used - 500} character{'s' * (used > 501)} too long for Mastodon: {used} of 500"
    problem = says("error mastodon.text.length", message, one, infos=(PHOTO,))
    assert problem.location == PLACE
    assert str(problem.help).startswith('Mastodon stops after "…')
    assert f'{letter * (39 // len(letter))}". ' in str(problem.help)
    assert problem.help
    assert problem.help.say.endswith("Shorten the content warning")


def test_a_content_warning_is_counted_as_people_see_it() -> None:
    one = post("mastodon", text="a" * 201, spoiler_text="👍🏽" * 300)
    assert "Shorten it, or give Mastodon a text of its own" in str(found(one)["mastodon.text.length"].help)
    link = post("bluesky", text=f"https://example.com/{'a' * 400}")
    assert "content warning" not in str(found(link)), "of a text that begins with what has no room"


@each_of(("length", "told"), [(476, False), (477, True), (500, True)])
def test_a_link_beside_a_content_warning_without_a_text_is_counted(length: int, told: bool) -> None:
    content: dict[str, Json] = {"spoiler_text": "b" * length, "link": {"url": "https://example.com/a"}}
    for words, path, what in (
        ({}, "spoiler_text", "the content warning"),
        ({"text": "W"}, "text", "the text and its content warning"),
    ):
        one = write("mastodon", {**content, **words, "spoiler_text": "b" * (length - len(words))})
        one = replace(
            one, places={name: Location("a.yaml", 3) for name in one.content.network} | {path: PLACE}
        )
        problem = found(one).get("mastodon.text.length.soft")
        assert (problem is not None) is told
        if problem is not None:
            assert problem.location == PLACE
            assert f"Shorten {what} to 476 characters." in str(problem.help)


def test_a_text_over_the_limit_beside_a_content_warning_is_told_at_the_text() -> None:
    one = post("mastodon", text="a" * 491, spoiler_text="b" * 10)
    places = {"text": PLACE, "spoiler_text": Location("a.yaml", 3)}
    assert found(replace(one, places=places))["mastodon.text.length"].location == PLACE


def test_a_content_warning_is_that_of_the_first_part_alone() -> None:
    one = post("mastodon", text="a", spoiler_text="b" * 400, thread=[{"text": "c" * 470 + " https://e.com"}])
    assert "mastodon.text.length" not in found(one)


def test_a_content_warning_of_500_fits_where_there_is_no_text() -> None:
    one = post("mastodon", media=media(), spoiler_text="b" * 500)
    assert told(one, infos=(PHOTO,)) == ["warning field.unproved"]


def test_every_part_of_a_thread_is_counted() -> None:
    thread: Json = [{"text": "fine"}, {"text": "a" * 281}]
    long = replace(write("twitter", {"text": "1", "thread": thread}), places={"thread/1/text": PLACE})
    assert found(long)["x.text.length"].location == PLACE


def test_linkedin_may_count_some_marks_twice() -> None:
    says("warning linkedin.text.reserved", "LinkedIn may count 3,020 of 3,000 characters in this text",
         post("linkedin", text="a" * 2900 + "#" * 60))  # fmt: skip


@each_of(("provider", "limit"), [("facebook", 10_000), ("linkedin", 3_000), ("instagram", 2_200),
                                                 ("telegram", 4_096), ("youtube", 5_000)])  # fmt: skip
def test_a_comment_longer_than_a_post_is_a_warning(provider: str, limit: int) -> None:
    code = f"{provider}.text.length.soft"
    base: dict[str, Json] = {"text": "a", "title": "T", "media": media()}
    assert code not in found(write(provider, {**base, "comments": [{"text": "a" * limit}]}), infos=(VIDEO,))
    long = write(provider, {**base, "comments": [{"text": "a" * (limit + 1)}]})
    problem = found(long, infos=(VIDEO,))[code]
    assert (problem.severity, problem.message.partition(";")[0]) == (
        "warning",
        f"a comment of {limit + 1} characters",
    )


# --- hashtags, mentions, links, numbers


@each_of(("number", "rules"), [(5, []), (6, ["warning instagram.hashtags.soft"]),
                         (30, ["warning instagram.hashtags.soft"]), (31, ["error instagram.hashtags"])])  # fmt: skip
def test_instagram_allows_30_hashtags_and_may_allow_only_5(number: int, rules: list[str]) -> None:
    text = " ".join(f"#tag{index}" for index in range(number))
    assert told(post("instagram", text=text, media=media()), infos=(PHOTO,)) == rules


def test_many_mentions_on_instagram_are_a_warning() -> None:
    names = " ".join(f"@name.{index}" for index in range(20))
    assert not found(post("instagram", text=f"{names} me@example.com", media=media()), infos=(PHOTO,))
    says("warning instagram.mentions", "21 mentions; Instagram may allow only 20",
         post("instagram", text=f"{names} @more", media=media()), infos=(PHOTO,))  # fmt: skip


@each_of(
    ("text", "link", "fits"),
    [
        ([*LINKS[:5], LINKS[0]], None, True),
        (LINKS, None, False),
        (LINKS[:4], "https://example.com/", True),
        (LINKS[:5], f"{LINKS[0]}/", True),
        ([link.removeprefix("https://") for link in LINKS[:5]], LINKS[0], True),
        (LINKS[:5], "https://example.com", False),
    ],
)
def test_threads_allows_five_different_links_and_the_card_is_one_of_them(
    text: list[str], link: str | None, fits: bool
) -> None:
    one = write("threads", {"text": " ".join(text), **({"link": {"url": link}} if link else {})})
    assert told(one) == ([] if fits else ["error threads.links"])


@pytest.mark.parametrize("key", ["thread", "comments"])
def test_what_follows_a_threads_post_has_its_own_five_links(key: str) -> None:
    assert not found(write("threads", {"text": " ".join(LINKS[:5]), key: [{"text": " ".join(LINKS[1:])}]}))
    content: dict[str, Json] = {"text": "a", key: [{"text": " ".join(LINKS)}]}
    many = replace(write("threads", content), places={f"{key}/0/text": PLACE})
    problem = says("error threads.links", "6 different links; Threads allows 5", many)
    assert problem.location == PLACE
    assert advice(problem).say == "Move some of them to another one"
    assert advice(found(post("threads", text=" ".join(LINKS)))["threads.links"]).say == (
        "Move some of them to a comment"
    )


def test_a_link_that_is_not_shown_counts_as_none() -> None:
    one = post("threads", text=" ".join(LINKS[:5]), media=media(), link={"url": "https://example.com"})
    assert told(one, infos=(PHOTO,)) == ["error link.media"]


def test_x_allows_one_cashtag() -> None:
    assert not found(post("twitter", text="$ABC and $ABC for $5 and $6"))
    assert told(post("twitter", text="$ABC and $DEF")) == ["warning x.cashtags"]


def test_a_link_in_a_tiktok_caption_is_risky() -> None:
    one = post("tiktok", text="See example.com", media=media())
    assert told(one, infos=(VIDEO,)) == ["warning tiktok.text.link"]
    assert told(post("tiktok", text="Fresh rye. And buns.", media=media()), infos=(VIDEO,)) == []


@each_of("text", ["See https://example.com/a", "HTTPS://example.com", "More: www.example.com"])
def test_a_url_in_a_caption_on_instagram_gets_a_hint(text: str) -> None:
    one = post("instagram", text=text, media=media())
    assert told(one, infos=(PHOTO,)) == ["warning instagram.text.link"]
    assert not found(post("facebook", text=text))


@each_of("text", ["Link in bio", "We are fjordlight.com", "Awww. So nice", "at 9.30"])
def test_words_and_names_of_sites_in_a_caption_do_not(text: str) -> None:
    assert not found(post("instagram", text=text, media=media()), infos=(PHOTO,))


@each_of(
    "text",
    ["Call +47 22 33 44 55", "Tel. (030) 1234567", "020 7946 0958", "01 23 45 67 89", "(555) 123-4567", "555-123-4567",
     "+4722334455", "0049 30 123456"],
)  # fmt: skip
def test_a_phone_number_on_google_is_a_warning(text: str) -> None:
    assert told(post("google", text=text)) == ["warning google.text.phone"]
    assert not found(post("facebook", text=text))


@each_of(
    "text",
    ["On 2027-03-02 at 10:00-18:00", "02.03.2027 to 04.03.2027", "01-02-2027", "01/02/2027", "only 1 234 567 €", "2026 2027",
     "ISBN 978-3-16-148410-0", "1,000,000 lamps", "https://example.com/020-7946-0958", "Order 12345678", "€100-200 or 300",
     "+100 000 000 views", "100 200 3000", "VAT 123 456 7890"],
)  # fmt: skip
def test_dates_prices_and_figures_are_not_phone_numbers(text: str) -> None:
    assert not found(post("google", text=text))


@each_of(("length", "rules"), [(256, []), (257, ["warning x.text.length.soft"]), (280, ["warning x.text.length.soft"]),
                                               (281, ["error x.text.length"])])  # fmt: skip
def test_a_link_that_publer_may_add_to_the_text_on_x_counts(length: int, rules: list[str]) -> None:
    link, text = {"url": "https://example.com/a"}, "a" * length
    assert told(post("twitter", text=text, link=link)) == rules
    assert found(post("bluesky", text=text, link=link)) == {}
    assert found(post("twitter", text=text, long_post=True, link=link)) == {}


def test_a_link_on_x_says_what_it_counts_unless_the_text_has_it() -> None:
    link = {"url": "https://example.com/a"}
    says("warning x.text.length.soft", "X may count 281 of 280 characters: Publer may add the link to the text",
         post("twitter", text="a" * 257, link=link))  # fmt: skip
    assert found(post("twitter", text=f"{'a' * 256} {link['url']}", link=link)) == {}


@each_of(("length", "rules"), [(476, []), (477, ["warning mastodon.text.length.soft"]), (501, ["error mastodon.text.length"])])  # fmt: skip
def test_so_does_one_on_mastodon_which_makes_its_card_from_the_text(length: int, rules: list[str]) -> None:
    link = {"url": "https://example.com/a"}
    assert told(post("mastodon", text="a" * length, link=link)) == rules
    assert told(post("mastodon", text="a" * (length - 7), spoiler_text="Warning", link=link))[1:] == rules
    assert found(post("mastodon", text=f"{'a' * 476} {link['url']}", link=link)) == {}
    says("warning mastodon.text.length.soft", "Mastodon may count 501 of 500 characters: Publer may add the link to the text",
         post("mastodon", text="a" * 477, link=link))  # fmt: skip


# --- titles


@each_of("path", ["title", "text"])
@each_of("sign", "<>")
def test_youtube_does_not_allow_angle_brackets(path: str, sign: str) -> None:
    content: dict[str, Json] = {"title": "T", "text": "Words", "media": media()}
    words = f"Before {sign} after"
    says("error youtube.brackets", f'YouTube does not allow "<" or ">" in the {path}: "Before {sign}"',
         write("youtube", {**content, path: words}), infos=(VIDEO,))  # fmt: skip
    assert not found(write("youtube", {**content, path: "Before ‹ after ›"}), infos=(VIDEO,))
    assert not found(write("bluesky", {"text": words}))


@each_of(
    ("provider", "content", "info", "rule"),
    [
        ("youtube", {}, VIDEO, "error youtube.title.none"),
        ("tiktok", {}, PHOTO, "error tiktok.title.none"),
        ("linkedin", {}, PDF, "error linkedin.title.none"),
        ("wordpress", {"text": "Words"}, PHOTO, "error wordpress.title.none"),
        ("google", {"type": "offer", "start": "2027-03-02T09:00:00Z", "end": "2027-03-03T09:00:00Z"}, PHOTO, "error google.title.none"),
        ("youtube", {"title": "a" * 101}, VIDEO, "error youtube.title.length"),
        ("tiktok", {"title": "a" * 91}, PHOTO, "error tiktok.title.length"),
        ("pinterest", {"title": "a" * 101, "board": "b"}, PHOTO, "error pinterest.title.length"),
        ("facebook", {"title": "a" * 256}, VIDEO, "error facebook.title.length"),
    ],
)  # fmt: skip
def test_a_title_is_required_or_limited(
    provider: str, content: dict[str, Json], info: MediaInfo, rule: str
) -> None:
    assert rule in told(write(provider, {"media": media(), **content}), infos=(info,))
    shorter = {**content, "title": str(content.get("title", ""))[:-1]}
    if content.get("title"):
        assert not any(
            "title" in code for code in told(write(provider, {"media": media(), **shorter}), infos=(info,))
        )


def test_a_title_says_how_much_is_too_much() -> None:
    for over, characters in ((1, "1 character"), (1001, "1,001 characters")):
        one = post("youtube", title="a" * (100 + over), media=media())
        message = f"{characters} too long for YouTube: {100 + over:,} of 100"
        says("error youtube.title.length", message, one, infos=(VIDEO,))


@each_of(
    ("length", "start", "end"),
    [(40, "a" * 39 + "b", "a" * 39 + "b"), (41, "a" * 39 + "…", "…" + "a" * 38 + "b")],
)
def test_a_long_text_is_quoted_by_its_start_or_its_end(length: int, start: str, end: str) -> None:
    text = "a" * (length - 1) + "b"
    assert (excerpt(text), excerpt(text, tail=True)) == (start, end)
    assert excerpt(f"a\n{text[2:]}").startswith("a a")


@each_of("sign", ["👋🏽", "👨‍👩‍👧", "🇳🇴", "e\u0301"])
def test_what_is_quoted_of_a_long_text_begins_and_ends_with_a_whole_sign(sign: str) -> None:
    for more in range(34, 40):
        start, end = excerpt("a" * more + sign + "b" * 40), excerpt("b" * 40 + sign + "a" * more, tail=True)
        fits = more + len(sign) <= 39
        assert start.strip("ab…") == end.strip("ab…") == (sign if fits else "")
        assert len(start) == len(end) == (40 if fits else more + 1)


def test_only_linkedin_may_count_reserved_characters_twice() -> None:
    """The warning says so of a text that fits otherwise."""
    text = "*#[]" * 5
    assert "linkedin.text.reserved" in found(post("linkedin", text=text + "a" * 2_975))
    assert "linkedin.text.reserved" not in found(post("bluesky", text=text + "a" * 275))


def test_a_draft_may_be_too_long_for_now_and_nothing_else() -> None:
    assert [line[:7] for line in told(post("twitter", text="a" * 281, draft=True))] == ["warning"]
    assert told(post("twitter", text="TODO: words", draft=True)) == ["error text.placeholder"]

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.networks import counting
from publer_sync.networks.counting import count, fits_surely, limit_of, with_short_links
from publer_sync.networks.links import MASTODON, find_addresses, find_links
from publer_sync.networks.table import NETWORKS
from publer_sync.values.content import Content
from publer_sync.values.model import Account
from tests.tables import each_of

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
THUMB = "\U0001f44d\U0001f3fd"
HANDSHAKE = "\U0001faf1\U0001f3fb\u200d\U0001faf2\U0001f3ff"


@each_of(
    ("text", "used"),
    [
        ("", 0), ("Hello", 5), ("a" * 280, 280), ("é", 1), ("e\u0301", 1), ("“x” — …", 8), ("日本語", 6),
        ("한국", 4), ("\u1100\u1161", 2), ("नमस्ते", 6), ("ж Α ß", 5), ("©", 1), ("™", 2), ("☺", 2),
        ("❤\ufe0f", 2), ("1\ufe0f\u20e3", 2), ("1\u20e3", 2), ("😀", 2), (THUMB, 2), (FLAG, 2), (FAMILY, 2),
        (RAINBOW, 2), (HANDSHAKE, 2), (f"{FAMILY}{FLAG}😀", 6),
        ("https://example.com/a/very/long/path?with=query&more=1#fragment", 23), ("a.co", 23),
        ("see example.com.", 28), ("(example.com)", 25), ("two: example.com, https://example.org/", 53),
        ("日本語http://example.com日本語", 35), ("me@example.com", 14), ("this.Great thing", 16),
        ("v1.2.3 and 3.5 kg", 17), ("foo.notatopleveldomain", 22), ("shop.com?next=/sale now", 38),
        ("read shop.com?url=https://blog.com/a/long/way/home", 65), ("https://" + "b" * 64 + ".com/x", 78),
        ("https://" + "b" * 63 + ".com/x", 23), ("b" * 64 + ".net", 68), ("https://" + "語" * 56 + ".jp", 23),
        ("https://" + "語" * 57 + ".jp", 8 + 114 + 3), ("https://shop.com/" + "b" * 4_080, 4_097),
        ("https://shop.com/" + "b" * 4_071, 23), ("kaufen.みんな", 23), ("https://bazaar.भारत", 23),
        ("http://trailing-.shop.com", 25), ("https://t.co/Qx7's", 25), ("https://t.co/" + "q" * 40, 23), ("https://t.co/" + "q" * 41, 54),
        ("https://shop.com/" + "b" * 4_072, 4_089),
        ("élan.fr", 24), ("see élan.fr", 27), ("/münchen.de", 11), ("\U0001f600" + "\u0301" * 300, 302),
        ("\u200d".join(["\U0001f600"] * 200), 599), ("\u200d".join(["\U0001f469"] * 4), 2),
        ("\u200d".join(["\U0001f469"] * 5), 14), (f"{FAMILY}\u200d", 3), ("\u23f0\ufe0e", 4),
        ("\U0001f44b\ufe0f", 4), ("\u260e\ufe0f", 2), ("\U0001f3f4\u200d\u2620", 5), (SCOTLAND, 2),
    ],
)  # fmt: skip
def test_x_weighs_characters_links_and_emoji(text: str, used: int) -> None:
    assert count(text, "twitter").used == used


@each_of(
    ("text", "links"),
    [
        ("no link here", []), ("https://example.com/a_(b)", ["https://example.com/a_(b)"]),
        ("(https://en.wikipedia.org/wiki/Foo_(bar))", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
        ("https://example.com/?q=1&b=2,", ["https://example.com/?q=1&b=2"]),
        ("https://example.com/a#b.", ["https://example.com/a#b"]),
        ("HTTPS://Example.com", ["HTTPS://Example.com"]),
        ("www.foo.co.uk/ and a.photography", ["www.foo.co.uk/", "a.photography"]),
        ("https://münchen.de/ münchen.de", ["https://münchen.de/", "münchen.de"]),
        ("https://xn--fsq.jp/a", ["https://xn--fsq.jp/a"]), ("https://日本.みんな", ["https://日本.みんな"]),
        ("https://shop.xn--p1ai/a", ["https://shop.xn--p1ai/a"]),
        ("http://localhost:8000/a", []), ("ftp://example.com/x", []), ("#tag.com @me.com $cash.com", []),
        ("a@example.com", []), ("-example.com _example.com", []), ("example.com+ example.com-foo", []),
        ("https://exa_mple.com/x", []), ("https://sub_d.example.com", ["https://sub_d.example.com"]),
        ("example.com:8080/path", ["example.com:8080/path"]),
        ("https://example.com:80", ["https://example.com:80"]), ("example.com?x=1.", ["example.com"]),
        ("https://example.com?x=1.", ["https://example.com?x=1"]), ("foo.com.bar.baz", ["foo.com.bar"]),
        ("e.g. this, i.e. that... a..com", []), ("https://example.com/привет", ["https://example.com/привет"]),
        ("http://✪shop.com/a", ["http://✪shop.com/a"]), ("“shop.com”", ["shop.com"]),
        ("shop.comですblog.みんなです", ["shop.com", "blog.みんな"]), ("https://xn--でも.com", []),
        ("http://under_.shop.com", []),
        ("https://t.co/Qx7- and https://t.co/Qx7?a=1", ["https://t.co/Qx7", "https://t.co/Qx7?a=1"]),
        ("shop.com?a=b.https://blog.com", ["shop.com"]), ("https://shop.com/()a", ["https://shop.com/"]),
        ("https://vi.shop.com/Việt_Nam", ["https://vi.shop.com/Việt_Nam"]),
        ("so.https://shop.com", ["https://shop.com"]), ("shop.com_x", ["shop.com"]), ("Sale.Off", ["Sale.Off"]),
        ("shop.comですblog.みんな/a", ["shop.com", "blog.みんな/a"]), ("a_b shop.com", ["shop.com"]),
        (".org or shop.com", ["shop.com"]), ("shop.日本.com", []), ("https://shop.com/?a=é.fr", ["https://shop.com/?a="]),
    ],
)  # fmt: skip
def test_links_are_found_as_x_finds_them(text: str, links: list[str]) -> None:
    assert [link.url for link in find_links(text)] == links
    assert all(text[link.start : link.end] == link.url for link in find_links(text))


@each_of(
    ("text", "addresses"),
    [
        ("http://localhost:8000/a and shop.com", ["http://localhost:8000/a", "shop.com"]),
        ("shop.com, https://exa_mple.com/x", ["shop.com", "https://exa_mple.com/x"]),
        ("https://shop.com/a", ["https://shop.com/a"]),
        ("https://shop.com http://10.0.0.1/x https://shop.com/b", ["https://shop.com", "http://10.0.0.1/x", "https://shop.com/b"]),
        ("http://10.0.0.1/?a=élan.fr", ["http://10.0.0.1/?a=", "élan.fr"]), ("words alone", []),
    ],
)  # fmt: skip
def test_an_address_that_x_makes_no_link_of_is_one_all_the_same_and_each_is_found_once(
    text: str, addresses: list[str]
) -> None:
    assert [link.url for link in find_addresses(text)] == addresses


@each_of(
    ("text", "links"),
    [
        ("a.com https://b.com", ["https://b.com"]), ("a.com/https://b.com", []),
        ("https://ja.b.com/日本語の題名 です", ["https://ja.b.com/日本語の題名"]),
        ("https://b.com/Ωμέγα!", ["https://b.com/Ωμέγα"]), ("https://b.com/🐪/#c", ["https://b.com/🐪/#c"]),
        ("https://b.com/?q=日本^語", ["https://b.com/?q=日本^語"]),
        ("https://b.com/a_(b)_(c)", ["https://b.com/a_(b)_(c)"]), ("<https://b.com/a>", ["https://b.com/a"]),
        ("https://बाज़ार.भारत/क", ["https://बाज़ार.भारत/क"]), ("ipfs://b.com/a", ["ipfs://b.com/a"]),
        ("https://b.com/" + "a" * 4_090, []),
    ],
)  # fmt: skip
def test_mastodon_requires_a_scheme_and_allows_any_letter_in_a_path(text: str, links: list[str]) -> None:
    assert [link.url for link in find_links(text, MASTODON)] == links


@each_of(
    ("text", "used"),
    [
        ("Hello", 5), ("e\u0301", 1), (FAMILY, 1), (f"{FLAG}{THUMB}", 2), ("क्षि", 1), ("日本", 2),
        ("https://example.com/aaaaaaaaaaaaaaaaaaaa", 40), ("a\r\nb", 3), ("\u06007", 1),
        (f"{FLAG * 3}\U0001f1e9", 4), (f"{FLAG}\u0301{FLAG}", 2),
    ],
)  # fmt: skip
def test_bluesky_counts_what_a_person_sees(text: str, used: int) -> None:
    assert count(text, "bluesky").used == used


def test_youtube_counts_bytes_too() -> None:
    assert not count("a" * 5_000, "youtube").over
    assert count("é" * 2_500, "youtube").stops_at is None
    found = count("é" * 2_501, "youtube")
    assert (found.used, found.limit, found.unit, found.stops_at) == (5_002, 5_000, "bytes", 2_500)
    plain = count("a" * 5_001, "youtube")
    assert (plain.used, plain.unit, plain.stops_at) == (5_001, "characters", 5_000)
    assert not fits_surely("é" * 2_501, "youtube", 5_000)
    assert fits_surely("é" * 1_250, "youtube", 5_000)


def test_characters_or_bytes_are_reported_whichever_stop_the_text_first() -> None:
    assert count("é" * 6_000, "youtube").unit == "bytes"
    assert count("é" * 1_600, "bluesky").unit == "characters"


@each_of(
    ("text", "shown"),
    [
        ("No link", "No link"),
        ("See https://example.com/ now", "See example.com now"),
        ("https://example.com/12345678901234", "example.com/12345678901234"),
        ("https://example.com/123456789012345", "example.com/123456789012..."),
        ("http://example.com?a=1#b, HTTPS://b.example/x", "example.com?a=1#b, b.example/x"),
        ("example.com/a-rather-long-path and example.com", "example.com/a-rather-lon... and example.com"),
        ("http://localhost/a-rather-long-path-indeed", "localhost/a-rather-lon..."),
    ],
)
def test_links_as_blueskys_own_app_shortens_them(text: str, shown: str) -> None:
    assert with_short_links(text) == shown


def test_that_bluesky_counts_links_in_full_is_told_where_that_is_too_long() -> None:
    link = f"https://example.com/{'a' * 60}"
    assert count(f"{'a' * 290} {link}", "bluesky").drivers == ("a link counts in full",)
    assert count("a" * 301, "bluesky").drivers == ()


def test_bluesky_counts_bytes_too() -> None:
    found = count(FAMILY * 200, "bluesky")
    assert (found.used, found.limit, found.unit) == (3600, 3000, "bytes")
    assert found.stops_at == len((FAMILY * 200).encode()[:3000].decode(errors="ignore"))
    assert not count(FAMILY * 100, "bluesky").over


@each_of(
    ("text", "used"),
    [
        ("Hello", 5), (f"see https://example.com/{'a' * 100}", 27), ("example.com", 11),
        ("@ana@example.social hi", 7), ("@ana hi", 7), ("mail ana@example.social", 23),
        ("https://example.social/@ana@other.social", 23), (FAMILY, 1), ("https://ja.example.com/日本語の長い題名", 23),
        ("@名前@example.com", 15), ("@josé@example.com", 17), ("@ana.b-c@example.com", 8),
        ("@ana@बाज़ार.भारत, hi", 8), ("@ana@" + "b" * 250 + ".com", 259),
        ("@ana@example.com@x @ana@https://b.com", 18 + 1 + 18), ("https://a.social/.@ana@b.social", 23),
        ("@ana@" + "b" * 249 + ".com", 4),
    ],
)  # fmt: skip
def test_mastodon_shortens_links_and_handles(text: str, used: int) -> None:
    assert count(text, "mastodon").used == used


def test_a_content_warning_shares_the_limit() -> None:
    assert not count("a" * 490, "mastodon").over
    found = count("a" * 490, "mastodon", spoiler="b" * 20)
    assert (found.used, found.over, found.stops_at) == (510, 10, 480)
    assert "the content warning counts too" in found.drivers
    assert count("a", "bluesky", spoiler="b" * 20).used == 1, "only Mastodon has them"


@each_of("warning", ["https://a.co", "https://example.com/" + "b" * 100, "@ana@example.com"])
def test_a_content_warning_counts_as_it_is_written(warning: str) -> None:
    assert count("a", "mastodon", spoiler=warning).used == 1 + len(warning)


def test_a_content_warning_may_be_too_long_by_itself() -> None:
    for text in ("", "a"):
        found = count(text, "mastodon", spoiler="b" * 501)
        assert (found.used, found.stops_at) == (501 + len(text), 0)


@each_of(
    ("account", "content", "limit"),
    [
        (Account("i", "m", "mastodon"), {}, 500),
        (Account("i", "m", "mastodon", max_characters=5_000), {}, 5_000),
        (Account("i", "b", "bluesky", max_characters=5_000), {}, 300),
        (Account("i", "x", "twitter"), {"long_post": True}, 25_000),
        (Account("i", "x", "twitter"), {"long_post": False}, 280),
        (Account("i", "b", "bluesky"), {"long_post": True}, 300),
        (Account("i", "b", "bluesky"), {"media": [{}]}, 300),
        (Account("i", "t", "telegram"), {}, 4_096),
        (Account("i", "t", "telegram"), {"media": [{}]}, 1_024),
        (Account("i", "t", "telegram"), {"media": [{}], "type": "link"}, 4_096),
    ],
)
def test_a_server_a_long_post_and_a_caption_have_limits_of_their_own(
    account: Account, content: dict[str, Any], limit: int
) -> None:
    assert limit_of(account, Content.from_json(content)) == limit


@each_of(
    ("text", "used"), [("Hello", 5), ("😀", 4), (FLAG, 8), (FAMILY, 18), ("日本", 2), ("☺ a", 5), ("❤", 3), ("🕳", 4), ("©", 2), ("™", 3),
     ("1\u20e3", 4), ("#1 *a*", 6)],
)  # fmt: skip
def test_threads_counts_the_bytes_of_an_emoji(text: str, used: int) -> None:
    assert count(text, "threads").used == used


@each_of(
    ("provider", "limit"),
    [("instagram", 2200), ("linkedin", 3000), ("pinterest", 500), ("google", 1500), ("telegram", 4096), ("facebook", 63206)],
)  # fmt: skip
def test_elsewhere_a_code_point_is_a_character(provider: str, limit: int) -> None:
    fits, over = count("é" * limit, provider), count("é" * (limit + 1), provider)
    assert (fits.over, fits.stops_at) == (0, None)
    assert (over.over, over.stops_at) == (1, limit)


def test_a_telegram_caption_is_shorter_than_a_message() -> None:
    assert not count("a" * 1025, "telegram").over
    assert count("a" * 1025, "telegram", limit=1024).over == 1


def test_the_place_where_x_cuts_a_text_is_reported() -> None:
    text = "a" * 270 + " https://example.com/"
    found = count(text, "twitter")
    assert (found.used, found.over, found.stops_at) == (294, 14, 271)
    assert found.drivers == ("a link counts 23",)


def test_a_text_is_never_cut_within_an_emoji() -> None:
    found = count("a" * 279 + FAMILY, "twitter")
    assert (found.used, found.stops_at) == (281, 279)
    assert found.drivers == ("an emoji counts 2",)


def test_what_counts_most_often_is_named_first() -> None:
    drivers = count("日" * 150 + "😀" + " a.co", "twitter").drivers
    assert drivers == (
        "some characters, such as Chinese and Japanese ones, count 2", "an emoji counts 2", "a link counts 23",
    )  # fmt: skip
    assert count("😀" * 200, "threads").drivers == ("an emoji counts its bytes, usually 4 or more",)
    assert count("é" * 600, "threads").drivers == count("é" * 600, "twitter").drivers == ()
    assert count("a" * 600 + " @ana@example.social", "mastodon").drivers == (
        "only the name in a handle counts",
    )


SCRAPS = st.lists(
    st.sampled_from([*"aé日—😀.@/ \n\u0301\u200d\ufe0f", FAMILY, FLAG, "\u0600", "\r\n", "⌚", "\U0001d160", "_", "a.co ", "https://b.org/x ", "@a@b.social "]), max_size=400
).map("".join)  # fmt: skip


@given(SCRAPS | st.text(max_size=400), st.sampled_from(sorted(NETWORKS)))
def test_a_text_that_is_cut_where_it_stops_fits(text: str, provider: str) -> None:
    found = count(text, provider)
    if found.stops_at is None:
        assert found.used <= found.limit
    else:
        assert found.used > found.limit
        assert 0 <= found.stops_at < len(text)


@given(SCRAPS | st.text(max_size=200), st.sampled_from(["twitter", "bluesky", "mastodon", "threads"]))
def test_the_quick_count_equals_the_slow_one(text: str, provider: str) -> None:
    """Cutting at every cluster adds up to the same as counting runs of plain letters at once."""
    unit = NETWORKS[provider].text.unit
    spans = counting._SPANS[unit](text)
    slow = sum(piece.cost for piece in counting._pieces(text, unit, spans))
    assert count(text, provider, limit=10_000).used in (slow, len(text.encode()))


@given(SCRAPS | st.text(max_size=300), st.sampled_from(sorted(NETWORKS)), st.integers(1, 500))
def test_the_quick_check_never_passes_a_text_that_is_too_long(text: str, provider: str, limit: int) -> None:
    if fits_surely(text, provider, limit):
        assert not count(text, provider, limit=limit).over


def test_the_quick_check_passes_most_short_texts() -> None:
    assert fits_surely("A plain sentence, with a link: https://example.com", "twitter", 280)
    assert not fits_surely("a" * 281, "twitter", 280)
    assert not fits_surely("語" * 141, "twitter", 280), "each may count 2"
    assert not fits_surely("🙂" * 200, "threads", 500), "it counts an emoji by its bytes"
    assert fits_surely("a" * 500, "threads", 500)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["a." * 5000, "a.com(" * 2000, "https://a.com/" + "(a(b" * 3000, "a" * 9000 + "." + "b-" * 9000, "@a@b." * 4000,
     "e" + "\u0301" * 9000, "@" + "a." * 8000, "https://" * 3000, "a-" * 9000 + ".com", "https://a.com/" + "(" * 9000,
     "\U0001f1e9" * 20_000, "\U0001f600\u200d" * 9000, "日本" * 9000 + "!.a", "a.com?" * 3000, "日." * 9000, "_." * 9000],
)  # fmt: skip
def test_no_text_takes_long_to_count(text: str) -> None:
    start = time.process_time()
    for provider in NETWORKS:
        count(text, provider)
    find_links(text)
    assert time.process_time() - start < 2


def test_counting_loads_its_library_only_when_it_is_needed() -> None:
    code = (
        "import sys; from publer_sync.networks.counting import count; count('plain', 'twitter'); print('regex' in sys.modules);"
        "count('\U0001f600', 'twitter'); print('regex' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.split() == ["False", "True"]

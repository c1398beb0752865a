"""Rules about the words of a post on every network: placeholders, markup, garbled and invisible characters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.rules.patterns import oddities
from tests.rules.builders import PLACE, advice, found, media, poll, post, says, told, write
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json

# Each table: what is found in a text, and what only resembles it.

PLACEHOLDERS = (
    "TODO: words", "Read [URL]", "Hello {{name}}", "lorem ipsum dolor", "by [insert date]", "[YOUR NAME] says", "${price}",
    "TBD: the date", "See [Link]", "on [Date]", "[url]", "[Insert link here]", "[Your text]", "by [INSERT DATE]", "only XXX €",
    "Price: XXX", "XXXX guests", "Se [lenke]", "Am [Datum]", "[sett inn navn]",
    "【ここにリンク】", "[Preis einfügen]",
)  # fmt: skip
PERHAPS = ("Venue: TBD", "the price is tbd", "todo: a nice picture", "See <link>", "Hello <your name>")
NO_PLACEHOLDERS = (
    "¡TODO LISTO!", "TODO a mitad de precio", "[Your turn]", "[Insert coin]", "[NEW LINK] in bio", "\u2066shalom\u2069, friends",
    "LO QUIERO TODO YA", "todo list", "[1] first", "a {b} c", "METODO", "Super Bowl XXX", "see you XXX", "[SAVE THE DATE] Come in",
    "[Linked]", "[sic]", "$100", "Mastodon",
)  # fmt: skip
MARKDOWN = ("a **bold** move", "see [this](https://example.com/a)", "# Heading", "so __strong__", "```\ncode",
            "See [Link](https://example.com)")  # fmt: skip
NO_MARKDOWN = ("#hashtag first", "2 * 3 * 4", "snake__case__name", "a ** b", "[a] (b)", "No #1", "# of lamps sold",
               "2**3 and 4**5", "s**t and f**k")  # fmt: skip
HTML = (
    "Tom &amp; Jerry", "a&nbsp;b", "it&#39;s", "caf&eacute;", "one<br>two", "<b>new</b>",
    "https://e.com/?a=1&amp;b=2",
)  # fmt: skip
NO_HTML = ("R&D; more", "a < b and c > d", "<3", "AT&T", "Use the <b> key", "https://e.com/?a=1&copy=2", "->")
LOCAL = tuple(
    f"See {url}"
    for url in ("http://localhost", "http://localhost:8000/a", "https://127.0.0.1/", "http://10.0.0.5", "http://192.168.1.20:3000",
                "http://172.16.0.1", "http://printer.local/a", "https://wiki.internal", "http://[::1]:80", "http://0.0.0.0:5000")
)  # fmt: skip
PUBLIC = tuple(
    f"See https://{url}"
    for url in ("example.com/localhost", "localhost.example.com", "10.example.com", "172.32.0.1", "11.0.0.1", "shop.local.example.com",
                "internal.example.com", "example.com/a.local")
)  # fmt: skip
KEYS = tuple(
    f"Words.\n{line}"
    for line in (
        "media:\n- file: a.png", "media: [{file: a.png}]", "draft: true", "link: https://e.com", "link:\n  url: https://e.com",
        "labels: [a]", "- at: 2027-03-02 09:00\n  text: |", "poll:\n  options:\n  - a", "comments:\n- text: b", "at: 10:30",
        "note: do not publish before legal says ok", "not_before: Tue 2 March 2027", "accounts: x", "accounts: [x, linkedin]",
        "type: photo", "title: The lamp", "alt: A lamp in the hall", "hashtags: [core]", "hashtags:\n  - core", "id: launch",
        "repeat:\n  every: week", "share: {accounts: x}", "utm:\n  campaign: spring", "append: Link in bio", "text: Hello",
        "  ignore: {media.no-alt: plain}", "- account: x", "networks:\n  x:\n    text: Hi", "- url: https://e.com/a.png",
    )
)  # fmt: skip
PERHAPS_KEYS = tuple(
    f"Words.\n{line}"
    for line in ("link: in bio", "draft: true love", "share: yes", "at: noon", "media:", "at:\n\nnine", "id: see the door", "poll: cats or dogs?")
)  # fmt: skip
NO_KEYS = tuple(
    f"Words.\n{line}"
    for line in ("Media: a week of news", "Poll: cats or dogs?", "url: https://e.com", "Note: bring a friend", "a note: this", "at:10")
)  # fmt: skip
NAMES = (
    "Read {title}",
    "{network} only",
    "{date}: we open",
    "See https://e.com/?a=%7Bslug%7D",
    "By {alias} {id}",
)
NO_NAMES = ("a {b} c", "{ title }", "{Title}", "{titles}", "%7Bname%7D")
HIDDEN = tuple(f"See {url} now" for url in ("https://e.com/a\u200b", "https://e.com\u200f", "https://e.com/\u2060a", "www.e.com\u200e",
                                           "https://e.com/a\u00ad-b", "https://e.com/a\u200d", "HTTPS://e.com/\u202a"))  # fmt: skip
NOT_HIDDEN = (
    "https://fa.example/می\u200cخواهم",
    "https://e.com 👨\u200d👩\u200d👧",
    "https://e.com/ \u200fשלום",
    "https://e.com/日本\u200b語",
)
TWICE = tuple(
    f"See {url}"
    for url in (
        "https://https://e.com/a",
        "http://https://e.com",
        "https://http//e.com",
        "https://https",
        "https:// https://e.com",
    )
)
NOT_TWICE = tuple(f"See {url}" for url in ("https://https.example/", "https://http-status.example", "https://e.com/?u=https://e.com",
                                           "https://web.example/https://e.com"))  # fmt: skip
IN_KEYS = tuple(f"Words.\n{line}" for line in ("after: 10m", "after: 2 days", "language: en", "every: week", "until: 2027-04-01", "hide: true",
                                             "duration: 3d", "options: [a, b]", "thumbnail: a.png", "call_to_action: LEARN_MORE"))  # fmt: skip
NOT_IN_KEYS = tuple(f"Words.\n{line}" for line in ("after: the rain", "language: a love story", "until: then", "every: body dance",
                                                 "times: they are changing", "duration: one evening", "After: 10m of waiting"))  # fmt: skip
COMMENTS = ("Fresh rye <!-- not yet -->", "<!-- ask legal\nfirst -->\nWords", "Words <!-- never closed")
INVISIBLE = ("a\ufffcb", "Gr\ufffde", "a\0b", "a\x0bb", "a\ufeffb", "a\ud83db")
SPLITTING = ("Come in\u202a to us", "Come in\u202e to us", "in\u200bvisible", "in\u2060visible")
NEEDED = (
    "👨\u200d👩\u200d👧", "می\u200cخواهم", "❤\ufe0f", "\u200fשלום\u200e", "a\tb", "a\u00a0b", "a\u2028b", "กา\u200bกา", "soft\u00adly",
    "one\n\u200b\ntwo", "日本\u200b語", "words\u200b",
)  # fmt: skip
LANGUAGES = (
    "MANHÃ", "«MANHÃ»", "A MANHÃ… E A TARDE", "NÃO", "MÃE", "IRMÃ – IRMÃO", "PÂQUES", "«Â»", "ÐÓRR", "ESPAÑA", "Ñandú", "SÃO", "LÃ: 5 €",
    "Tiếng Việt: ÂM NHẠC", "Â", "faðir", "Êtes-vous prêts ?", "हिन्दी", "日本語", "עברית", "العربية",
)  # fmt: skip


TYPED = (
    r"Fresh rye!\nCome by",
    r"One\n\nTwo",
    r"One\r\nTwo",
    r"\n",
    "One\n" + r"Two \n Three",
    r"#rye\n#bun",
    r"Drive C: \nope",
)
NO_TYPED = (r"C:\news\may", r"D:\notes", r"See \\server\new", r"and/or", r"\o/", "\\\\n", r"A \ n")


@each_of(
    ("text", "rule"),
    [
        *((text, "error text.placeholder") for text in PLACEHOLDERS),
        *((text, "warning text.placeholder.soft") for text in PERHAPS),
        *((text, "warning text.markdown") for text in MARKDOWN),
        *((text, "warning text.html") for text in HTML),
        *((text, "warning link.local") for text in LOCAL),
        *((text, "error text.comment") for text in COMMENTS),
        *((text, "error text.key") for text in KEYS),
        *((text, "warning text.key.soft") for text in PERHAPS_KEYS),
        *((text, "error text.key") for text in IN_KEYS),
        *((text, "warning text.placeholder.soft") for text in NAMES),
        *((text, "error link.invisible") for text in HIDDEN),
        *((text, "error link.twice") for text in TWICE),
        *((text, "error text.newline") for text in TYPED),
        *((text, "error text.invisible") for text in INVISIBLE),
        *((text, "warning text.invisible.soft") for text in SPLITTING),
    ],
)
def test_what_nobody_wants_published_is_told(text: str, rule: str) -> None:
    assert told(post("threads", text=text)) == [rule]


@each_of(
    "text",
    [
        *NO_PLACEHOLDERS,
        *NO_MARKDOWN,
        *NO_HTML,
        *PUBLIC,
        *NO_KEYS,
        *NO_TYPED,
        *NEEDED,
        *LANGUAGES,
        *NO_NAMES,
        *NOT_HIDDEN,
        *NOT_TWICE,
        *NOT_IN_KEYS,
    ],
)
def test_what_only_resembles_it_is_left_alone(text: str) -> None:
    assert told(post("threads", text=text)) == []


# --- placeholders


def test_a_placeholder_is_quoted_and_an_emoji_in_it_stays_whole() -> None:
    for text in ("TODO", "{{👨\u200d👩\u200d👧}}"):
        says(
            "error text.placeholder",
            f'placeholder "{text}" in the text',
            post("bluesky", text=f"{text}: words"),
        )


@each_of(
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
    one = replace(write("", {"text": "Come in.", **content}), places={path: PLACE})
    assert says("error text.placeholder", f'placeholder "TODO" in {where}', one).location == PLACE


@each_of(
    ("path", "content", "code"),
    [
        ("comments/0/text", {"comments": [{"text": "Nice\nafter: 10m"}]}, "text.key"),
        ("media/1/alt", {"media": [*media(), {"file": "a", "alt": "A lamp\nfile: a.png"}]}, "text.key"),
        ("media/1/caption", {"media": [*media(), {"file": "a", "alt": "A", "caption": "A\nalt: A lamp"}]}, "text.key"),
        ("thread/0/text", {"thread": [{"text": "More\nmedia: [a.png]"}]}, "text.key"),
        ("link/url", {"link": {"url": "https://e.com/a\u200b"}}, "link.invisible"),
        ("link/url", {"link": {"url": "https://https://e.com/"}}, "link.twice"),
        ("comments/0/text", {"comments": [{"text": "https://http://e.com"}]}, "link.twice"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_text_is_told_of_every_other(
    path: str, content: dict[str, Json], code: str
) -> None:
    one = replace(write("", {"text": "Come in.", **content}), places={path: PLACE})
    assert found(one)[code].location == PLACE


def test_a_label_is_not_published() -> None:
    assert not found(post("twitter", text="a", labels=["TODO"]))


# --- markup


@pytest.mark.parametrize("key", ["thread", "comments"])
def test_markdown_is_found_in_what_follows_too(key: str) -> None:
    assert told(write("twitter", {"text": "a", key: [{"text": "a **bold** move"}]})) == [
        "warning text.markdown"
    ]
    assert not found(write("wordpress", {"text": "a", "title": "a **bold** move"}))
    assert "text.markdown" not in found(post("pinterest", title="a **bold** move", media=media()))


def test_markdown_is_quoted_as_readers_would_see_it() -> None:
    says("warning text.markdown", "`**bold**` is published as it is written; of the networks, only WordPress reads Markdown",
         post("threads", text="a **bold** move"))  # fmt: skip


def test_markup_is_meant_where_telegram_or_wordpress_reads_it() -> None:
    for text, mode, code in (
        ("a **bold** move", "Markdown", "text.markdown"),
        ("Tom &amp; Jerry", "HTML", "text.html"),
    ):
        assert code not in found(post("telegram", text=text, parse_mode=mode))
        other = "HTML" if mode == "Markdown" else "Markdown"
        assert code in found(post("telegram", text=text, parse_mode=other))
        assert code not in found(post("wordpress", title="T", text=text))


def test_a_local_link_is_found_on_a_card_too() -> None:
    assert told(post("bluesky", text="See", link={"url": "http://localhost"})) == ["warning link.local"]


def test_a_key_in_the_text_is_quoted() -> None:
    for text in KEYS:
        assert text.split("\n")[1].strip()[:38] in found(post("twitter", text=text))["text.key"].message


# --- invisible characters


@each_of(
    ("letter", "name"),
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
def test_an_invisible_character_is_named_with_its_place(letter: str, name: str) -> None:
    for place, one in (
        ('text, after "Come in"', post("facebook", text=f"Come in{letter} to us")),
        ("title, at the start", post("wordpress", title=f"{letter}Come in", text="a")),
    ):
        says(
            "error text.invisible", f"invisible character {name} in the {place}; networks may refuse it", one
        )


@each_of(
    ("text", "message"),
    [
        ("Come in\u202e to us", 'U+202E (right-to-left override) in the text, after "Come in"; it reverses the text after it'),
        ("in\u200bvisible", 'U+200B (zero width space) in the text, after "in"; it may split a word, a link or a hashtag'),
        (
            "A\n\u200b\nB, in\u200bvisible",
            'U+200B (zero width space) in the text, after "A   B, in"; it may split a word, a link or a hashtag',
        ),
    ],
)  # fmt: skip
def test_an_invisible_character_that_may_be_meant_says_what_it_does(text: str, message: str) -> None:
    says("warning text.invisible.soft", f"invisible character {message}", post("facebook", text=text))


def test_a_character_that_was_lost_is_called_so() -> None:
    assert "was lost" in found(post("twitter", text="Gr\ufffde"))["text.invisible"].message
    assert "was not copied" in found(post("twitter", text="Gr\ufffce"))["text.invisible"].message


def test_a_note_of_one_line_that_is_a_key_is_meant_as_it_is() -> None:
    """More than one, and a key may have slipped in."""
    noted = replace(post("twitter", text="Hello"), note="Ask Kari\ndraft: true")
    assert told(noted) == ["error text.key"]
    assert told(replace(noted, note="draft: true")) == []
    assert told(replace(noted, note="Ask Kari\nlink: in bio")) == [], "a note may say so"


def test_words_like_a_key_are_told_where_people_write_lines_alone() -> None:
    assert told(post("wordpress", title="T", text="a", excerpt="draft: true")) == ["error text.key"]
    assert told(post("twitter", text="Which?", poll=poll("draft: true", "draft: false"))) == []


def test_two_slips_in_one_place_are_two() -> None:
    assert found(post("linkedin", text="Hi <!-- not yet\ufffc")).keys() == {"text.comment", "text.invisible"}


def test_lines_that_were_typed_are_shown_as_they_are_published() -> None:
    message = '"\\n" in the text is published as it is written, and starts no new line'
    problem = says("error text.newline", message, post("threads", text="Hi\n\\none\\n two\nmore"))
    assert advice(problem).ways == (
        ("To start a new line there", "\none\n two"),
        ("It is published as", "\\none\\n two"),
    )
    for text, line in (("Hi\\nyou", "Hi\\nyou"), ("\\nyou\n", "\\nyou"), ("Hi\n\\n", "\\n")):
        assert advice(found(post("threads", text=text))["text.newline"]).ways[1][1] == line
    for length, ways in ((200, 2), (201, 0)):
        text = "\\n".ljust(length, "a")
        assert len(advice(found(post("linkedin", text=text))["text.newline"]).ways) == ways


def test_what_a_comment_for_web_pages_and_a_sign_of_one_font_do_is_said() -> None:
    says(
        "error text.comment",
        '"<!-- why -->" in the text is published as it is written: only web pages hide such comments',
        post("threads", text="Hi <!-- why -->"),
    )
    says(
        "warning text.invisible.soft",
        'the character U+F0B7 in the text, after "Rye, ", is a sign of one font alone; others see a box',
        post("threads", text="Rye, \uf0b7 bun"),
    )


def test_a_quoted_text_cannot_drive_a_terminal() -> None:
    problem = found(post("twitter", text="{{\x1b[31mred\x07}}"))["text.placeholder"]
    assert not {"\x1b", "\x07"} & set(problem.message)
    problem = found(post("twitter", media=[{"url": "https://e.com/a\x1b[2J.jpg"}]))["media.no-alt"]
    assert problem.message.startswith("a\ufffd[2J.jpg has no")
    problem = found(post("twitter", text="a" * 260 + "\x1b[2J\u202e" + "b" * 40))["x.text.length"]
    assert not {"\x1b", "\u202e"} & set(str(problem.help))


# --- garbled text


@each_of(
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


def test_garbled_text_comes_with_what_was_meant() -> None:
    problem = says(
        "warning text.mojibake",
        '"GrÃ¼ÃŸe" in the text looks garbled',
        post("bluesky", text="Viele GrÃ¼ÃŸe an alle"),
    )
    assert str(advice(problem)) == 'Write "Grüße", and check the rest of the text'
    for text in ("Ein MenÃ¼ heute", "Ein MenÃ¼"):
        assert '"MenÃ¼" in the text' in found(post("bluesky", text=text))["text.mojibake"].message


@each_of("sign", ["\ue000", "\u202e"])
def test_a_sign_that_nobody_sees_or_that_turns_the_text_is_found(sign: str) -> None:
    assert "text.invisible" in {each.code for each in oddities(f"A lamp{sign} on a table")}


def test_a_fence_is_a_block_of_code_on_a_website_alone() -> None:
    fenced = "```\nmake\n```"
    assert "text.fence" in found(post("mastodon", text=fenced))
    assert "text.fence" not in found(post("wordpress", text=fenced, title="T"))
    assert "text.fence" in found(post("wordpress", text=fenced.replace("```", "~~~"), title="T"))


def test_a_comment_is_hidden_by_web_pages_alone() -> None:
    text = "Hello <!-- remember the lamp --> there"
    assert "text.comment" in found(post("linkedin", text=text))
    assert "text.comment" not in found(post("wordpress", title="News", text=text))

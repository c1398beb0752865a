"""`import`: the files of each tool, in every encoding of spreadsheets."""

from __future__ import annotations

import codecs
from datetime import datetime

import pytest

from publer_sync.calendar.load import read
from tests.commands.imports import METRICOOL, PUBLER, SETTINGS, YEAR, ImportDesk, reasons

PUBLER_EXPLAINED = (
    "Date - Intl. format or prompt,Text,Link(s) - Separated by comma for FB carousels,Media URL(s) - Separated by comma,"
    '"Title - For the video, pin, PDF ..",Label(s) - Separated by comma,Alt text(s) - Separated by ||,'
    'Comment(s) - Separated by ||,"Pin board, FB album, or Google category","Post subtype - I.e. story, reel, PDF ..",'
    'CTA - For Facebook links or Google,"Reminder - For stories, reels, shorts, and TikToks"'
)
"""The first row of the file that Publer offers for download."""


def test_publers_bulk_template_as_it_is_downloaded(desk: ImportDesk) -> None:
    document = desk.importing(
        f"{PUBLER_EXPLAINED}\r\n"
        "YEAR/03/02 09:00,One,https://example.com/a,,,one,,First||Second,,,LEARN_MORE,\r\n"
        "YEAR/03/03 09:00,Two,,https://example.com/a.jpg,,,A lamp,,Lamps,,,\r\n"
    )
    assert document["dialect"] == "publer"
    assert document["unused"] == []
    days = [f"{datetime(YEAR, 3, day):%a} YEAR-03-0{day} 09:00" for day in (2, 3)]  # noqa: DTZ001 — the day alone counts
    assert desk.file() == (
        f"posts:\n- id: one\n  at: {days[0]}\n  accounts: facebook\n  text: |\n    One\n"
        "  link: https://example.com/a\n  labels: [one]\n"
        "  comments:\n  - text: |\n      First\n  - text: |\n      Second\n"
        "  networks:\n    facebook:\n      link:\n        url: https://example.com/a\n        call_to_action: LEARN_MORE\n"
        f"- id: two\n  at: {days[1]}\n  accounts: facebook\n  text: |\n    Two\n"
        "  media:\n  - url: https://example.com/a.jpg\n    alt: A lamp\n"
        "  networks:\n    facebook:\n      album: Lamps\n"
    )


def test_boards_albums_buttons_and_reminders_go_to_the_networks_that_have_them(desk: ImportDesk) -> None:
    more = "accounts:\n  pins: pinterest/Fjordlight\n  tok: tiktok/Fjordlight\n"
    (desk.top / "publer.yaml").write_text(SETTINGS.replace("accounts:\n", more))
    header = f"{PUBLER},Channel"
    picture = "https://example.com/a.jpg"
    rows = (
        f'YEAR-03-02 09:00,One,,{picture},,,,,Lamps,,,,"pins, facebook, google"\n'
        f"YEAR-03-03 09:00,Two,https://example.com/b,{picture},,,,,,,Learn more,,google\n"
        "YEAR-03-04 09:00,Three,,https://example.com/c.mp4,,,,,,,,TRUE,tok\n"
    )

    document = desk.importing(f"{header}\n{rows}", "--columns", "accounts=Channel")

    networks = [row.partition("  networks:\n")[2] for row in (desk.file() or "").split("\n- ")[1:]]
    assert [entry.partition("\n  note:")[0].split() for entry in networks] == [
        ["pinterest:", "board:", "Lamps", "facebook:", "album:", "Lamps", "google:", "gallery:", "true"],
        ["google:", "link:", "url:", "https://example.com/b", "call_to_action:", "LEARN_MORE"],
        ["tiktok:", "reminder:", "true"],
    ]
    assert '  note: "Google category: Lamps"\n' in (desk.file() or "")
    (first, *_) = document["rows"]
    assert [each["message"] for each in first["warnings"] if "Google" in each["message"]] == [
        'the picture goes into the photo gallery on Google, without its category "Lamps"'
    ]


def test_a_reminder_is_refused_where_the_network_of_an_account_is_not_named(desk: ImportDesk) -> None:
    """Without it, what somebody means to publish by hand would be published, on one of two accounts as well."""
    (desk.top / "publer.yaml").write_text(SETTINGS.replace("accounts:\n", "accounts:\n  page: My Page\n"))
    rows = f"{PUBLER}\nYEAR-03-02 09:00,Hi,,,,,,,,,,TRUE\n"
    for accounts in (["page"], ["facebook", "page"]):
        options = [word for alias in accounts for word in ("--account", alias)]
        [row] = desk.importing(rows, *options, code=3)["rows"]
        [reason] = [each["message"] for each in row["reasons"]]
        assert reason.startswith("whether page takes a reminder is not known")


@pytest.mark.parametrize(
    ("cells", "account", "message"),
    [
        ("Hi,,,,,,,Lamps,,,", "x", '"Lamps" is for an account on Pinterest, Facebook or Google Business'),
        ("Hi,,,,,,,Exterior,,,", "google", "a Google category is for a picture, and it has none"),
        (
            "Hi,https://example.com,,,,,,,,LEARN_MORE,",
            "x",
            "a button is for an account on Facebook or Google Business",
        ),
        ("Hi,,,,,,,,,LEARN_MORE,", "facebook", "a button needs a link"),
        ("Hi,https://example.com,,,,,,,,Dance,", "google", 'Google Business has no button "Dance"'),
        (
            "Hi,,https://example.com/a.jpg,,,,,,story,,TRUE",
            "insta_de",
            "a reminder on Instagram can't be scheduled over Publer's API",
        ),
        ("Hi,,,,,,,,,,maybe", "facebook", '"maybe" is neither TRUE nor FALSE'),
    ],
)
def test_what_publers_template_asks_for_and_cannot_be_is_refused(
    desk: ImportDesk, cells: str, account: str, message: str
) -> None:
    document = desk.importing(f"{PUBLER}\nYEAR-03-02 09:00,{cells}\n", "--account", account, code=3)
    assert reasons(document) == [(2, message)]


def test_publers_bulk_template(desk: ImportDesk) -> None:
    document = desk.importing(
        f"{PUBLER}\r\n"
        'YEAR-03-02 09:00,"We launched! 🚀\r\n\r\nSecond line: with #hash, and ""quotes""",https://example.com/a,,,'
        '"launch, spring",,First||Second,,,LEARN_MORE,\r\n'
        'YEAR/03/03 9:30,Two pictures,,"https://example.com/w_1,h_2/a.jpg,https://example.com/b.png",,,A lamp||A box,,,,,\r\n'
        ",,,,,,,,,,,\r\n"
    )
    assert document["dialect"] == "publer"
    assert document["unused"] == []
    assert [(row["row"], row["action"], row["id"]) for row in document["rows"]] == [
        (2, "new", "we-launched-second-line-with"),
        (3, "new", "two-pictures"),
    ]
    weekday, next_day = datetime(YEAR, 3, 2), datetime(YEAR, 3, 3)  # noqa: DTZ001 — the day alone counts
    assert desk.file() == (
        "posts:\n"
        f"- id: we-launched-second-line-with\n  at: {weekday:%a} YEAR-03-02 09:00\n  accounts: facebook\n"
        '  text: |\n    We launched! 🚀\n\n    Second line: with #hash, and "quotes"\n'
        "  link: https://example.com/a\n  labels: [launch, spring]\n"
        "  comments:\n  - text: |\n      First\n  - text: |\n      Second\n"
        "  networks:\n    facebook:\n      link:\n        url: https://example.com/a\n        call_to_action: LEARN_MORE\n"
        f"- id: two-pictures\n  at: {next_day:%a} YEAR-03-03 09:30\n  accounts: facebook\n"
        "  text: |\n    Two pictures\n"
        "  media:\n  - url: https://example.com/w_1,h_2/a.jpg\n    alt: A lamp\n"
        "  - url: https://example.com/b.png\n    alt: A box\n"
    )
    assert desk.run("validate", "calendar").code == 0


def test_publers_older_template_with_captions(desk: ImportDesk) -> None:
    document = desk.importing(
        "Date;Message;Link;Media URL(s);Title;Labels\n"
        "YEAR/03/02 09:00;The album||The lamp||The box;;https://example.com/a.jpg,https://example.com/b.jpg;;spring\n"
    )
    assert document["dialect"] == "publer"
    text = desk.file() or ""
    assert "text: |\n    The album\n" in text
    assert "a.jpg\n    caption: The lamp\n" in text
    assert "b.jpg\n    caption: The box\n" in text


def test_buffer(desk: ImportDesk) -> None:
    document = desk.importing(
        "Text,Image URL,Tags,Posting Time\n"
        f'"Hello, world",https://example.com/a.png,"spring,launch",3/14/{YEAR % 100} 17:30\n'
        "Second,,,YEAR-03-15 08:00\n",
        *("--account", "x", "--dates", "mdy"),
    )
    assert document["dialect"] == "buffer"
    assert [row["scheduled_at"] for row in document["rows"]] == [
        f"{YEAR}-03-14T16:30:00Z",
        f"{YEAR}-03-15T07:00:00Z",
    ]
    assert "labels: [spring, launch]" in (desk.file() or "")


def test_metricool(desk: ImportDesk) -> None:
    document = desk.importing(
        f"{METRICOOL}\n"
        "Hello,YEAR-03-02,09:00:00,FALSE,TRUE,FALSE,TRUE,FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,"
        "https://example.com/a.jpg,https://example.com/b.jpg,,The box,FALSE,,,,First!,Fjordlight\n"
        "Story,YEAR-03-03,09:00:00,WAHR,FALSE,FALSE,FALSE,FALSE,TRUE,FALSE,FALSE,FALSE,FALSE,FALSE,"
        "https://example.com/a.jpg,,The lamp,,FALSE,STORY,,,,\n"
        "Film,YEAR-03-04,10:00 AM,FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,TRUE,FALSE,FALSE,"
        "https://example.com/a.mp4,,,,TRUE,POST,The film,SHORT,,\n",
        *("--account", "insta_de"),
    )
    assert document["dialect"] == "metricool"
    assert [row["accounts"] for row in document["rows"]] == [
        ["facebook", "linkedin"],
        ["insta_de"],
        ["youtube"],
    ]
    assert document["unused"] == [{"column": "Shortener", "rows": 1}, {"column": "Brand name", "rows": 1}]
    text = desk.file() or ""
    assert "- url: https://example.com/b.jpg\n    alt: The box\n" in text
    assert "comments:\n  - text: |\n      First!\n" in text
    assert "draft: true\n  networks:\n    instagram:\n      type: story\n" in text
    assert "networks:\n    youtube:\n      type: short\n      title: The film\n" in text


def test_boxes_without_a_tick_below_the_last_post_are_no_rows(desk: ImportDesk) -> None:
    document = desk.importing(
        "Text,Date,Time,Draft,Facebook\nHello,YEAR-03-02,09:00,FALSE,TRUE\n" + ",,,FALSE,FALSE\n" * 5
    )
    assert document["summary"] == {"rows": 1, "new": 1, "refused": 0, "skipped": 0}


def test_a_post_that_is_no_draft_stays_none_where_drafts_are_the_default(desk: ImportDesk) -> None:
    (desk.top / "publer.yaml").write_text(f"{SETTINGS}defaults: {{draft: true}}\n", encoding="utf-8")
    desk.importing("Text,Date,Time,Draft,Facebook\nHello,YEAR-03-02,09:00,FALSE,TRUE\n")
    [post] = read(desk.top).desired.posts
    assert post.content.draft is False


@pytest.mark.parametrize("header", ["", "Date,Message,Link\n"])
def test_hootsuite_with_and_without_a_header_row(desk: ImportDesk, header: str) -> None:
    document = desk.importing(
        f"{header}03/14/YEAR 09:00,Hello,https://example.com/a\n03/15/YEAR 09:00,No link,\n"
    )
    assert document["dialect"] == "hootsuite"
    first = 2 if header else 1
    assert [row["row"] for row in document["rows"]] == [first, first + 1]
    assert "link: https://example.com/a" in (desk.file() or "")


def test_a_semicolon_in_the_words_of_a_file_without_a_header_is_one(desk: ImportDesk) -> None:
    document = desk.importing("31/03/YEAR 09:00,One; two; three\n")
    assert document["dialect"] == "hootsuite"
    assert [post.text for post in read(desk.top).desired.posts] == ["One; two; three"]
    desk.importing("31/03/YEAR, 10:00;One, two, three;\n", "--account", "x", "--to", "semicolons.yaml")
    assert [post.text for post in read(desk.top).desired.posts][1:] == ["One, two, three"]


def test_any_other_tool_with_named_columns(desk: ImportDesk) -> None:
    document = desk.importing(
        "Channel\tWhen\tMessage\tImage\tNote\n"
        "words\t02.03.YEAR 09:00\tTo a group\t\tdone\n"
        "Twitter; Fjordlight AS\t03.03.YEAR 09:00\tTo a network and a name\thttps://example.com/a.jpg\t\n",
        *("--columns", "text=message,at=When,accounts=Channel", "--columns", "media=Image"),
    )
    assert document["dialect"] is None
    assert [row["accounts"] for row in document["rows"]] == [["facebook", "linkedin"], ["x", "linkedin"]]
    assert document["unused"] == [{"column": "Note", "rows": 1}]


def test_media_may_be_in_several_columns_and_a_column_may_have_a_comma_in_its_name(desk: ImportDesk) -> None:
    """As the files of SocialBee and HighLevel have them; the pictures of the first were left out."""
    columns = "text=Post, final,at=When,media=imageUrls,media=videoUrls"
    document = desk.importing(
        '"Post, final",imageUrls,videoUrls,When\n'
        "One,https://example.com/a.jpg,,YEAR-03-02 09:00\n"
        "Two,,https://example.com/b.mp4,YEAR-03-03 09:00\n",
        *("--columns", columns, "--account", "facebook"),
    )
    assert document["unused"] == []
    one, two = read(desk.top).desired.posts
    assert [one.text, two.text] == ["One", "Two"]
    assert [each.url for post in (one, two) for each in post.content.media] == [
        "https://example.com/a.jpg",
        "https://example.com/b.mp4",
    ]


def test_named_columns_complete_those_of_a_tool(desk: ImportDesk) -> None:
    content = "Text,Image URL,Tags,Posting Time,Channel\nHello,,,YEAR-03-02 09:00,x\n"
    document = desk.importing(content, "--columns", "accounts=Channel")
    assert (document["dialect"], document["rows"][0]["accounts"]) == ("buffer", ["x"])


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + "Date;Text;Link(s)\r\nYEAR-03-02 09:00;Größe 🚀, ja;\r\n".encode(),
        "sep=;\r\nDate;Text;Link(s)\r\nYEAR-03-02 09:00;Größe 🚀, ja;\r\n".encode(),
        codecs.BOM_UTF16_LE
        + "Date\tText\tLink(s)\r\nYEAR-03-02 09:00\tGröße 🚀, ja\t\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + 'Date,Text,Link(s)\rYEAR-03-02 09:00,"Größe 🚀, ja",\r'.encode("utf-16-be"),
    ],
    ids=["excel", "excel with sep", "excel unicode text", "old mac"],
)
def test_every_encoding_and_delimiter_of_spreadsheets(desk: ImportDesk, raw: bytes) -> None:
    encoding = "utf-16-le" if raw[:2] == codecs.BOM_UTF16_LE else "utf-8"
    encoding = "utf-16-be" if raw[:2] == codecs.BOM_UTF16_BE else encoding
    document = desk.importing(raw.replace("YEAR".encode(encoding), str(YEAR).encode(encoding)))
    assert [row["row"] for row in document["rows"]] == [2]
    assert "text: |\n    Größe 🚀, ja\n" in (desk.file() or "")


def test_yes_and_no_are_understood_in_other_languages(desk: ImportDesk) -> None:
    rows = "Text,Date,Time,Draft,Facebook\n" + "".join(
        f"Words {number},YEAR-03-0{number} ,09:00,{draft},{on}\n"
        for number, (draft, on) in enumerate(
            (("nei", "Ja"), ("nej", "sim"), ("いいえ", "はい"), ("não", "是")), 1
        )
    )
    found = desk.importing(rows)
    assert [(row["action"], row["accounts"]) for row in found["rows"]] == [("new", ["facebook"])] * 4
    assert "draft" not in (desk.file() or "")

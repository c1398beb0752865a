"""import through the command line: the files of each tool, and what is refused before anything is written."""

from __future__ import annotations

import codecs
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from tests.conftest import run_here
from tests.schemas import conforms
from tests.system.worlds import DAY, T, world_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ran

YEAR = datetime.now(UTC).year + 1
SETTINGS = """\
workspace: Fjordlight
timezone: Europe/Berlin
accounts:
  facebook: Fjordlight
  x: Fjordlight
  linkedin: Fjordlight AS
  google: Fjordlight Store
  insta_de: instagram/Fjordlight Deutschland
  insta_no: instagram/Fjordlight Norge
  youtube: Fjordlight
groups: {words: [facebook, linkedin]}
"""
PUBLER = "Date,Text,Link(s),Media URL(s),Title,Label(s),Alt text(s),Comment(s),Board/Album,Post subtype,CTA,Reminder"
PUBLER_EXPLAINED = (
    "Date - Intl. format or prompt,Text,Link(s) - Separated by comma for FB carousels,Media URL(s) - Separated by comma,"
    '"Title - For the video, pin, PDF ..",Label(s) - Separated by comma,Alt text(s) - Separated by ||,'
    'Comment(s) - Separated by ||,"Pin board, FB album, or Google category","Post subtype - I.e. story, reel, PDF ..",'
    'CTA - For Facebook links or Google,"Reminder - For stories, reels, shorts, and TikToks"'
)
"""The first row of the file that Publer offers for download."""
METRICOOL = (
    "Text,Date,Time,Draft,Facebook,Twitter/X,LinkedIn,GBP,Instagram,Pinterest,TikTok,Youtube,Threads,Bluesky,"
    "Picture Url 1,Picture Url 2,Alt text picture 1,Alt text picture 2,Shortener,Instagram Post Type,"
    "Youtube Video Title,Youtube Video Type,First Comment Text,Brand name"
)


class Desk:
    """A folder with a calendar in it, where somebody imports."""

    def __init__(self, home: Path) -> None:
        self.home, self.top = home, home / "calendar"
        self.top.mkdir()
        (self.top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")

    def run(self, *args: str) -> Ran:
        return run_here(args, {"HOME": str(self.home)}, cwd=self.home)

    def importing(self, content: str | bytes, *flags: str, code: int = 0, name: str = "march.csv") -> Any:
        """An import that writes if it may; the document it prints."""
        raw = content if isinstance(content, bytes) else content.replace("YEAR", str(YEAR)).encode()
        (self.home / name).write_bytes(raw)
        ran = self.run("import", name, "--format", "json", *(flags or ("--account", "facebook")), "--yes")
        assert ran.code == code, ran
        document = json.loads(ran.stdout)
        if "error" not in document:
            conforms(document, "import")
        return document

    def file(self, name: str = "imported-march.yaml") -> str | None:
        path = self.top / name
        return path.read_text("utf-8").replace(str(YEAR), "YEAR") if path.exists() else None


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def reasons(document: Any) -> list[tuple[int, str]]:
    return [(row["row"], each["message"]) for row in document["rows"] for each in row["reasons"]]


# --- the tools ------------------------------------------------------------------------------------------------------


def test_publers_bulk_template_as_it_is_downloaded(desk: Desk) -> None:
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


def test_boards_albums_buttons_and_reminders_go_to_the_networks_that_have_them(desk: Desk) -> None:
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


def test_a_reminder_is_refused_where_the_network_of_an_account_is_not_named(desk: Desk) -> None:
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
    desk: Desk, cells: str, account: str, message: str
) -> None:
    document = desk.importing(f"{PUBLER}\nYEAR-03-02 09:00,{cells}\n", "--account", account, code=3)
    assert reasons(document) == [(2, message)]


def test_publers_bulk_template(desk: Desk) -> None:
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


def test_publers_older_template_with_captions(desk: Desk) -> None:
    document = desk.importing(
        "Date;Message;Link;Media URL(s);Title;Labels\n"
        "YEAR/03/02 09:00;The album||The lamp||The box;;https://example.com/a.jpg,https://example.com/b.jpg;;spring\n"
    )
    assert document["dialect"] == "publer"
    text = desk.file() or ""
    assert "text: |\n    The album\n" in text
    assert "a.jpg\n    caption: The lamp\n" in text
    assert "b.jpg\n    caption: The box\n" in text


def test_buffer(desk: Desk) -> None:
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


def test_metricool(desk: Desk) -> None:
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


def test_boxes_without_a_tick_below_the_last_post_are_no_rows(desk: Desk) -> None:
    document = desk.importing(
        "Text,Date,Time,Draft,Facebook\nHello,YEAR-03-02,09:00,FALSE,TRUE\n" + ",,,FALSE,FALSE\n" * 5
    )
    assert document["summary"] == {"rows": 1, "new": 1, "refused": 0, "skipped": 0}


def test_a_post_that_is_no_draft_stays_none_where_drafts_are_the_default(desk: Desk) -> None:
    (desk.top / "publer.yaml").write_text(f"{SETTINGS}defaults: {{draft: true}}\n", encoding="utf-8")
    desk.importing("Text,Date,Time,Draft,Facebook\nHello,YEAR-03-02,09:00,FALSE,TRUE\n")
    [post] = read(desk.top).desired.posts
    assert post.content.draft is False


@pytest.mark.parametrize("header", ["", "Date,Message,Link\n"])
def test_hootsuite_with_and_without_a_header_row(desk: Desk, header: str) -> None:
    document = desk.importing(
        f"{header}03/14/YEAR 09:00,Hello,https://example.com/a\n03/15/YEAR 09:00,No link,\n"
    )
    assert document["dialect"] == "hootsuite"
    first = 2 if header else 1
    assert [row["row"] for row in document["rows"]] == [first, first + 1]
    assert "link: https://example.com/a" in (desk.file() or "")


def test_a_semicolon_in_the_words_of_a_file_without_a_header_is_one(desk: Desk) -> None:
    document = desk.importing("31/03/YEAR 09:00,One; two; three\n")
    assert document["dialect"] == "hootsuite"
    assert [post.text for post in read(desk.top).desired.posts] == ["One; two; three"]
    desk.importing("31/03/YEAR, 10:00;One, two, three;\n", "--account", "x", "--to", "semicolons.yaml")
    assert [post.text for post in read(desk.top).desired.posts][1:] == ["One, two, three"]


def test_any_other_tool_with_named_columns(desk: Desk) -> None:
    document = desk.importing(
        "Channel\tWhen\tMessage\tImage\tNote\n"
        "words\t02.03.YEAR 09:00\tTo a group\t\tdone\n"
        "Twitter; Fjordlight AS\t03.03.YEAR 09:00\tTo a network and a name\thttps://example.com/a.jpg\t\n",
        *("--columns", "text=message,at=When,accounts=Channel", "--columns", "media=Image"),
    )
    assert document["dialect"] is None
    assert [row["accounts"] for row in document["rows"]] == [["facebook", "linkedin"], ["x", "linkedin"]]
    assert document["unused"] == [{"column": "Note", "rows": 1}]


def test_media_may_be_in_several_columns_and_a_column_may_have_a_comma_in_its_name(desk: Desk) -> None:
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


def test_named_columns_complete_those_of_a_tool(desk: Desk) -> None:
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
def test_every_encoding_and_delimiter_of_spreadsheets(desk: Desk, raw: bytes) -> None:
    encoding = "utf-16-le" if raw[:2] == codecs.BOM_UTF16_LE else "utf-8"
    encoding = "utf-16-be" if raw[:2] == codecs.BOM_UTF16_BE else encoding
    document = desk.importing(raw.replace("YEAR".encode(encoding), str(YEAR).encode(encoding)))
    assert [row["row"] for row in document["rows"]] == [2]
    assert "text: |\n    Größe 🚀, ja\n" in (desk.file() or "")


# --- rows -----------------------------------------------------------------------------------------------------------


def test_the_next_command_can_be_pasted_whatever_the_folder_is_called(desk: Desk) -> None:
    desk.top.rename(desk.home / "our calendar")
    (desk.home / "march.csv").write_text(f"{YEAR}-03-02 09:00,Hello,\n", encoding="utf-8")
    ran = desk.run("import", "march.csv", "our calendar", "--account", "facebook", "--yes")
    assert ran.stderr.endswith("Next: publer-sync plan 'our calendar'\n"), ran


def test_every_row_is_judged_and_nothing_is_written_while_one_is_refused(desk: Desk) -> None:
    (desk.top / "old.yaml").write_text(
        f"posts:\n- at: {YEAR}-03-09 09:00\n  accounts: facebook\n  text: |\n    Old\n", encoding="utf-8"
    )
    content = (
        f"{PUBLER}\n"
        "YEAR-03-02 09:00,Good,,,,,,,,,,\n"
        '"next Friday at 2 PM","Of two\nlines",,,,,,,,,,\n'
        "\n"
        ",No date,,,,,,,,,,\n"
        "03/04/YEAR 09:00,Two ways,,,,,,,,,,\n"
        "2020-03-02 09:00,Passed,,,,,,,,,,\n"
        "YEAR-03-05 09:00,Same,,,,,,,,,,\n"
        "YEAR-03-05 09:00,Minute,,,,,,,,,,\n"
        "YEAR-03-09 09:00,Taken,,,,,,,,,,\n"
        "YEAR-03-06 09:00,,,,,,,,,,,\n"
        "YEAR-03-07 09:00,Odd,,,,,,,,newsletter,,\n"
        "YEAR-03-08 09:00,Comma, outside of quotes,,,,,,,,,,\n"
    )
    document = desk.importing(content, code=3)
    assert document["summary"] == {"rows": 11, "new": 1, "refused": 10, "skipped": 0}
    assert reasons(document) == [
        (3, '"next Friday at 2 PM" is a time in words; only Publer\'s own import knows what it means'),
        (5, "it has no date"),
        (6, f'"03/04/{YEAR} 09:00" can be 3 April {YEAR} or 4 March {YEAR}'),
        (7, "its time has passed: 2020-03-02 09:00"),
        (8, "another post has this minute on the same account: row 9"),
        (9, "another post has this minute on the same account: row 8"),
        (10, "another post has this minute on the same account: old.yaml:2"),
        (11, "it has neither text nor media"),
        (12, '"newsletter" is not a type of post'),
        (13, "it has 13 cells, but the file has 12 columns"),
    ]
    assert (document["written"], document["diff"], desk.file()) == (False, "", None)
    document = desk.importing(content, "--account", "facebook", "--partial", code=3)
    assert document["written"]
    assert (desk.file() or "").count("- id:") == 1


def test_a_row_that_validate_would_refuse_is_refused(desk: Desk) -> None:
    long = "word " * 80
    document = desk.importing(
        f"{PUBLER}\nYEAR-03-02 09:00,{long},,,,,,,,,,\nYEAR-03-03 09:00,Good,,,,,,,,,,\n",
        *("--account", "x"),
        code=3,
    )
    [(row, message)] = reasons(document)
    assert row == 2
    assert "280" in message
    assert desk.file() is None


def test_rows_without_a_date_and_past_ones_can_be_skipped(desk: Desk) -> None:
    document = desk.importing(
        f"{PUBLER}\n,No date,,,,,,,,,,\n2020-03-02 09:00,Passed,,,,,,,,,,\nYEAR-03-02 09:00,Good,,,,,,,,,,\n",
        *("--account", "facebook", "--undated", "skip", "--past", "skip"),
    )
    assert reasons(document) == [(2, "undated"), (3, "past")]
    assert (desk.file() or "").count("- id:") == 1


def test_a_time_without_its_day_is_no_date(desk: Desk) -> None:
    content = "Text,Date,Time,Facebook\nHello,,09:00:00,TRUE\nSecond,YEAR-03-02,09:00:00,TRUE\n"
    assert reasons(desk.importing(content, code=3)) == [(2, "it has no date")]
    document = desk.importing(content, "--undated", "skip")
    assert [row["action"] for row in document["rows"]] == ["skipped", "new"]


def test_times_are_in_the_calendars_zone_and_a_doubtful_hour_is_refused(desk: Desk) -> None:
    spring = max(datetime(YEAR, 3, day, tzinfo=UTC) for day in range(25, 32) if _is_sunday(YEAR, 3, day))
    document = desk.importing(
        f"{PUBLER}\n{spring:%Y-%m-%d} 02:30,Gap,,,,,,,,,,\nYEAR-07-01 09:00,Summer,,,,,,,,,,\n"
        "YEAR-07-02T09:00:00Z,Offset,,,,,,,,,,\nYEAR-07-03,Day alone,,,,,,,,,,\n",
        code=3,
    )
    assert [row["scheduled_at"] for row in document["rows"]][1:3] == [
        f"{YEAR}-07-01T07:00:00Z",
        f"{YEAR}-07-02T09:00:00Z",
    ]
    assert "does not exist" in reasons(document)[0][1]
    assert reasons(document)[1] == (5, f'"{YEAR}-07-03" has no time of day')


def _is_sunday(year: int, month: int, day: int) -> bool:
    return datetime(year, month, day, tzinfo=UTC).weekday() == 6


def test_a_day_alone_takes_the_time_of_the_settings(desk: Desk) -> None:
    (desk.top / "publer.yaml").write_text(f"{SETTINGS}time: 08:15\n", encoding="utf-8")
    document = desk.importing(f"{PUBLER}\nYEAR-07-03,Day alone,,,,,,,,,,\n")
    assert document["rows"][0]["scheduled_at"] == f"{YEAR}-07-03T06:15:00Z"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ((), "it names no account"),
        (("--account", "x"), "the calendar has 2 accounts on Instagram"),
    ],
)
def test_a_row_needs_one_clear_account(desk: Desk, flags: tuple[str, ...], message: str) -> None:
    on = "TRUE" if flags else "FALSE"
    content = (
        f"Text,Date,Time,Instagram,Picture Url 1\nHello,YEAR-03-02,09:00,{on},https://example.com/a.jpg\n"
    )
    assert reasons(desk.importing(content, *(flags or ("--partial",)), code=3)) == [(2, message)]


def test_an_account_that_the_row_says_no_to_is_not_filled_in(desk: Desk) -> None:
    head = f"{METRICOOL}\nHello,YEAR-03-02,09:00:00,FALSE,"
    none = head + "FALSE," * 8 + "FALSE,,,,,,,,,,\n"
    document = desk.importing(none, "--account", "x", code=3)
    assert reasons(document) == [(2, "it is on no network of this calendar")]
    assert document["rows"][0]["reasons"][0]["help"] == "Write TRUE for one of them, or remove the row"
    blank = head + "FALSE,,FALSE," + "FALSE," * 5 + "FALSE,,,,,,,,,,\n"
    assert desk.importing(blank, *("--account", "x", "--account", "facebook"))["rows"][0]["accounts"] == ["x"]


def test_an_account_that_the_calendar_lacks_is_refused(desk: Desk) -> None:
    content = "Text,Date,Time,TikTok,Channel\nHello,YEAR-03-02,09:00,TRUE,somewhere\n"
    document = desk.importing(content, "--columns", "accounts=Channel", code=3)
    assert reasons(document) == [
        (2, "no account of the calendar is on TikTok"),
        (2, 'there is no account "somewhere"'),
    ]
    near = desk.importing(content.replace("somewhere", "linkedinn"), "--columns", "accounts=Channel", code=3)
    assert near["rows"][0]["reasons"][1]["help"].startswith('Did you mean "linkedin"? publer.yaml has: ')
    ran = desk.run("import", "march.csv", "--account", "linkedinn", "--yes")
    assert 'Did you mean "linkedin"? publer.yaml has: ' in ran.stderr


IDS = """\
workspace: 5f000000000000000000beef    # Fjordlight
timezone: Europe/Berlin
accounts:
  facebook: {id: 63c675e94e299e9cf2b667ec, provider: facebook}    # Fjordlight, page
  x: {id: 63c675e94e299e9cf2b667ed, provider: twitter}            # Lamps, Inc.
  linkedin:   # Fjordlight AS
    id: 63c675e94e299e9cf2b667ee
    provider: linkedin
"""
"""As `init` and `accounts` write them."""


@pytest.mark.parametrize(
    ("cell", "accounts"),
    [
        ("Fjordlight", "facebook"),
        ("fjordlight, page", "facebook"),
        ("facebook/Fjordlight", "facebook"),
        ('"Lamps, Inc."', "x"),
        ("Fjordlight AS;Fjordlight", "[linkedin, facebook]"),
    ],
)
def test_accounts_are_known_by_the_names_beside_their_ids(desk: Desk, cell: str, accounts: str) -> None:
    (desk.top / "publer.yaml").write_text(IDS, encoding="utf-8")
    cell = cell if cell.startswith('"') else f'"{cell}"'
    desk.importing(
        f"Text,When,Channel\nHello,YEAR-03-02 09:00,{cell}\n",
        "--columns",
        "text=Text,at=When,accounts=Channel",
    )
    assert f"  accounts: {accounts}\n" in (desk.file() or "")


def test_a_name_of_several_accounts_names_none(desk: Desk) -> None:
    (desk.top / "publer.yaml").write_text(IDS.replace("Fjordlight AS", "Fjordlight"), encoding="utf-8")
    content = "Text,When,Channel\nHello,YEAR-03-02 09:00,Fjordlight\n"
    document = desk.importing(content, "--columns", "text=Text,at=When,accounts=Channel", code=3)
    (row,) = document["rows"]
    assert row["reasons"] == [
        {
            "message": '2 accounts are called "Fjordlight"',
            "help": "Write one of facebook, linkedin, or the network",
        }
    ]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("Hi,https://a.example https://b.example,,", "it has several links"),
        ("Hi,,https://a.example/a.jpg,One||Two", "it has more alt texts than media"),
    ],
)
def test_what_would_be_lost_from_a_cell_is_refused(desk: Desk, cells: str, message: str) -> None:
    text, link, media, alt = cells.split(",")
    document = desk.importing(f"{PUBLER}\nYEAR-03-02 09:00,{text},{link},{media},,,{alt},,,,,\n", code=3)
    [(row, found)] = reasons(document)
    assert (row, found.startswith(message)) == (2, True)


def test_quotation_marks_after_a_blank_are_those_of_the_cell(desk: Desk) -> None:
    """As people write them by hand, and assistants: they would be published."""
    desk.importing(
        "Date, Message, Link\n"
        'YEAR-03-02 09:00, "Hello world", https://example.com/a\n'
        'YEAR-03-03 09:00, "Hello, ""world""", https://example.com/b\n'
        'YEAR-03-04 09:00,"Hello, ""world"",\n ""and"", "" all""",https://example.com/c\n'
    )
    assert [post.text for post in read(desk.top).desired.posts] == [
        "Hello world",
        'Hello, "world"',
        'Hello, "world",\n "and", " all"',
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ['"Hello there', "Bye", 'a 24"'],
        ['"Hello" she said', "Bye", '"a"'],
        ['"Hello" ', '"Bye', '"'],
    ],
)
def test_quotation_marks_after_a_blank_that_do_not_hold_the_cell_are_words(
    desk: Desk, texts: list[str]
) -> None:
    """A cell of several lines, or a sentence that begins with a quotation: as one, they would take other rows with them."""
    rows = "".join(f"YEAR-03-0{day} 09:00, {text}\n" for day, text in enumerate(texts, 2))
    desk.importing(f"Date,Message\n{rows}")
    assert [post.text for post in read(desk.top).desired.posts] == [text.strip() for text in texts]


NASTY = ("#hash", "no", "10:30", "- dash", "key: value # more", "'a' \"b\"", "{x} [y]", "a\n---\nb", "*a &b", "= good", "tab\there", "  in\n    out")  # fmt: skip


def test_every_text_reads_back_as_it_was(desk: Desk) -> None:
    cells = ['"' + text.replace('"', '""') + '"' for text in NASTY]
    desk.importing(
        f"{PUBLER}\n"
        + "".join(f"YEAR-03-{day:02} 09:00,{cell},,,,,,,,,,\n" for day, cell in enumerate(cells, 1))
    )
    shown = json.loads(desk.run("validate", "calendar", "--format", "json").stdout)
    assert shown["problems"] == [each for each in shown["problems"] if each["severity"] == "warning"]
    posts = read(desk.top).desired.posts
    assert [post.text.strip() for post in posts] == [text.strip() for text in NASTY]


# --- the command ----------------------------------------------------------------------------------------------------

GOOD = f"{PUBLER}\nYEAR-03-02 09:00,Hello,,,,,,,,,,\n"


def test_diff_shows_and_writes_nothing(desk: Desk) -> None:
    (desk.home / "march.csv").write_text(GOOD.replace("YEAR", str(YEAR)), encoding="utf-8")
    ran = desk.run("import", "march.csv", "--account", "facebook", "--diff")
    assert ran.code == 0
    assert "+++ b/calendar/imported-march.yaml" in ran.stdout
    assert "1 new post." in ran.stdout
    assert desk.file() is None


def test_where_nobody_can_be_asked_it_needs_yes(desk: Desk) -> None:
    (desk.home / "march.csv").write_text(GOOD.replace("YEAR", str(YEAR)), encoding="utf-8")
    ran = desk.run("import", "march.csv", "--account", "facebook")
    assert (ran.code, desk.file()) == (64, None)
    assert "Add --yes, or --diff to see what would change." in ran.stderr


@pytest.mark.parametrize(("answer", "code"), [("no", 1), ("yes", 0)])
def test_on_a_terminal_it_asks(desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    monkeypatch.setattr("publer_sync.commands.import_csv.need_answer", lambda **_: None)
    (desk.home / "march.csv").write_text(GOOD.replace("YEAR", str(YEAR)), encoding="utf-8")
    args = ("import", "march.csv", "--account", "facebook")
    ran = run_here(args, {"HOME": str(desk.home)}, cwd=desk.home, stdin=f"{answer}\n")
    assert (ran.code, desk.file() is not None) == (code, answer == "yes")
    assert "This writes 1 post to imported-march.yaml; Publer is not changed." in ran.stderr


def test_what_was_imported_is_created_once(tmp_path: Path) -> None:
    """From the file of another tool to Publer: apply creates the posts, and nothing is left to do."""
    with world_in(tmp_path / "home") as world:
        world.write()
        csv = tmp_path / "march.csv"
        csv.write_text(
            f"Date,Text,Link(s)\n{T:%Y-%m-%d %H:%M},Hello,\n{T + DAY:%Y-%m-%d %H:%M},Second,\n",
            encoding="utf-8",
        )
        flags = ("--account", "facebook", "--account", "x", "--yes")
        assert world.run("import", csv, world.top, *flags).code == 0
        assert world.apply().code == 0
        assert sorted((row.account, row.text) for row in world.live()) == [
            ("facebook", "Hello"),
            ("facebook", "Second"),
            ("x", "Hello"),
            ("x", "Second"),
        ]
        assert world.changes() == []


def test_an_existing_file_is_never_changed(desk: Desk) -> None:
    desk.importing(GOOD)
    before = desk.file()
    assert desk.importing(GOOD, code=64)["error"]["message"] == "imported-march.yaml already exists"
    document = desk.importing(GOOD, "--account", "facebook", "--to", "again.yaml", code=3)
    assert "another post has this minute" in reasons(document)[0][1]
    assert (desk.file(), desk.file("again.yaml")) == (before, None)


@pytest.mark.parametrize("to", ["plans/spring.yaml", "calendar/plans/spring.yaml"])
def test_to_counts_from_here_or_from_the_top(desk: Desk, to: str) -> None:
    desk.importing(GOOD, "--account", "facebook", "--to", to)
    assert desk.file("plans/spring.yaml")


@pytest.mark.parametrize(("to", "path"), [("spring.yaml", ""), ("plans/2027/spring.yaml", "../../")])
def test_the_new_file_names_the_schema_that_the_calendar_has(desk: Desk, to: str, path: str) -> None:
    (desk.top / ".schema").mkdir()
    (desk.top / ".schema" / "calendar.schema.json").write_text("{}")
    desk.importing(GOOD, "--account", "facebook", "--to", to)
    line = f"# yaml-language-server: $schema={path}.schema/calendar.schema.json\n"
    assert str(desk.file(to)).startswith(f"{line}posts:\n- id: ")
    assert desk.run("validate", "calendar").code == 0


@pytest.mark.parametrize("to", ["../out.yaml", "publer.yaml", ".hidden.yaml", "post.md", "post.txt"])
def test_to_names_a_post_file_in_the_calendar(desk: Desk, to: str) -> None:
    assert desk.importing(GOOD, "--account", "facebook", "--to", to, code=64)["error"]["code"] == "usage"
    assert not (desk.home / "out.yaml").exists()


def test_to_names_no_file_of_another_calendar(desk: Desk) -> None:
    (desk.top / "brand").mkdir()
    (desk.top / "brand" / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Other}\n")
    document = desk.importing(GOOD, "--account", "facebook", "--to", "brand/march.yaml", code=64)
    assert document["error"]["message"] == "--to: brand/march.yaml belongs to another calendar, brand"
    assert desk.file("brand/march.yaml") is None


@pytest.mark.parametrize(
    ("content", "flags", "code", "message"),
    [
        ("Name,Price\nLamp,3\n", (), 64, "march.csv is not a CSV of a tool that publer-sync knows"),
        ("Name,Text\nLamp,Hi\n", ("--columns", "text=Text"), 64, "no column of march.csv has the time"),
        ("Name,Text\nLamp,Hi\n", ("--columns", "at=When"), 64, '--columns: there is no column "When"'),
        ("Name,Text\nLamp,Hi\n", ("--columns", "words=Text"), 64, '--columns: "words=Text" is not a key'),
        ("Name,Text\nLamp,Hi\n", ("--columns", "text=Text,text=Name"), 64, "--columns names two columns for text"),
        ("Name,Text\nLamp,Hi\n", ("--columns", "at=Name,text=Name"), 64, '--columns: two keys name the column "Name"'),
        (GOOD, ("--account", "nobody"), 64, '--account: there is no account "nobody" here'),
        ("Date,Text,Text,Link(s)\n,,,\n", (), 64, 'march.csv has two columns "text"'),
        ("Date,Text - one,Text - two,Link(s)\n,,,\n", (), 64, 'march.csv has two columns "text"'),
        (b"PK\x03\x04rest", (), 1, "march.csv is a workbook, not a CSV file"),
        ("Date,Text,Link(s)\n,Größe,\n".encode("latin-1"), (), 1, "march.csv is not in UTF-8"),
        ('Date,Text,Link(s)\n,"never closed,\n', (), 1, "row 2 of march.csv can't be read"),
        ("\n\n", (), 1, "march.csv has no rows"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_is_refused(
    desk: Desk, content: str | bytes, flags: tuple[str, ...], code: int, message: str
) -> None:
    assert desk.importing(content, *flags, code=code)["error"]["message"].startswith(message)
    assert desk.file() is None


def test_columns_of_no_known_tool_are_shown_with_an_example_of_the_option(desk: Desk) -> None:
    (desk.home / "march.csv").write_text("Name,Price\nLamp,3\n", encoding="utf-8")
    ran = desk.run("import", "march.csv", "--yes")
    hint = (
        "  Its first row is: Name, Price\n  Name the columns. For example: --columns text=Message,at=Date\n"
    )
    assert ran.stderr.endswith(hint)


def test_the_text_names_rows_with_the_same_reason_together(desk: Desk) -> None:
    soon = datetime.now(UTC) + 40 * DAY
    rows = "".join(f",Words {number},,,,,,,,x,,\n" for number in range(4))
    (desk.home / "march.csv").write_text(
        f"{PUBLER.replace('CTA', 'Budget')}\n{soon:%Y-%m-%d} 09:00,Good,,,,,,,,,BUY,\n{rows}",
        encoding="utf-8",
    )
    ran = desk.run("import", "march.csv", "--account", "facebook", "--diff")
    assert ran.code == 3
    assert ran.stdout == (
        "Refused\n"
        "  rows 3-6: it has no date\n"
        "    Add one, or add --undated skip.\n"
        '  rows 3-6: "x" is not a type of post\n'
        "    The types are status, photo, video, link, gif, poll, carousel, document, article, reel, story, short, event, offer.\n"
        "\n"
        "Columns that are not imported\n"
        "  Budget (1 row)\n"
        "\n"
        "1 new post, 4 rows refused.\n"
        f"{ran.stdout.splitlines()[-2]}\n"
        "Nothing is written while rows are refused; --partial writes the others.\n"
    )


ODD = (
    "#NAVN?", "#NAME?", "#REF!", "#BEZUG!", "#¡VALOR!", "#N/A", "#I/T", "#ЗНАЧ!", "####", "########", "=SUM(A1)", '=TEXT(A2;"dd")', "=A1",
    "=B2&C2", "+CONCAT(A1:A3)", "=Sheet1!A1", "Fresh_x000D_", "_x000a_rye", "Err:508",
)  # fmt: skip
NOT_ODD = (
    "#rye",
    "#1",
    "## Rye",
    "=)",
    "= good",
    "+47 22 33 44 55",
    "+1",
    "#NewName",
    "Look at #N/A today",
    "@fjordlight (the lamp)",
    "max_x000_y",
    "#A",
)


def test_what_a_spreadsheet_shows_in_place_of_words_is_no_post(desk: Desk) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    head = "Text,When,Link\n"
    columns = ("--columns", "text=Text,at=When,link=Link", "--account", "facebook")
    rows = "".join(f"{quoted(text)},YEAR-03-{number:02} 09:00,\n" for number, text in enumerate(ODD, 1))
    document = desk.importing(head + rows, *columns, code=3)
    found = reasons(document)
    assert [row for row, _ in found] == [*range(2, 2 + len(ODD))]
    assert all(message.startswith('the column "Text" ') for _, message in found)
    assert desk.file() is None
    document = desk.importing(f"{head}Rye,####,\nRye,YEAR-03-02 09:00,#REF!\n", *columns, code=3)
    assert [message.partition(" shows")[0] for _, message in reasons(document)] == [
        'the column "When"',
        'the column "Link"',
    ]
    rows = "".join(f"{quoted(text)},YEAR-03-{number:02} 09:00,\n" for number, text in enumerate(NOT_ODD, 1))
    assert desk.importing(head + rows, *columns)["file"]


def test_a_file_without_an_end_is_not_read_to_its_end(desk: Desk, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, message in (
        ("/dev/zero", "is not a regular file"),
        (str(tmp_path / "pipe.csv"), "is not a regular file"),
    ):
        ran = desk.run("import", name, "--account", "x", "--yes", "--format", "json")
        assert ran.code == 1
        assert message in json.loads(ran.stdout)["error"]["message"]
    large = b"Text,Date\n" + b"a" * (9 << 20)
    assert desk.importing(large, code=1)["error"]["message"].endswith("is larger than 8 MB")


def test_a_calendar_with_errors_is_named_first(desk: Desk) -> None:
    (desk.top / "old.yaml").write_text("posts:\n- text: no time\n", encoding="utf-8")
    error = desk.importing(GOOD, code=3)["error"]
    assert (error["code"], error["message"]) == ("calendar", "the calendar has errors")
    assert desk.file() is None


def test_a_cell_that_is_longer_than_any_post_is_named(desk: Desk) -> None:
    """Mostly a quotation mark that nobody closed."""
    rows = f"text,date\nfine,YEAR-03-02 10:00\n{'a' * 140_000},YEAR-03-03 10:00\n"
    found = desk.importing(rows, "--columns", "text=text,at=date", "--account", "x", code=1)
    assert found["error"]["message"] == "row 3 of march.csv has a cell of more than 131,072 characters"
    assert desk.file() is None


def test_cells_are_words_and_no_yaml(desk: Desk) -> None:
    """What they look like in a file is told as words, and there is a way to publish them as they are."""
    rows = 'Date,Text\nYEAR-03-02 09:00,"Hours:\ndraft: true"\nYEAR-03-03 09:00,"One\\nTwo"\nYEAR-03-04 09:00,Three\n'
    flags = ("--account", "facebook", "--columns", "text=Text,at=Date")
    told = desk.importing(rows, *flags, code=3)
    key, newline = (row["reasons"] for row in told["rows"] if row["action"] == "refused")
    assert [each["message"] for each in key] == ['"draft: true" looks like a key of the calendar\'s files']
    assert [each["help"] for each in newline] == [
        "Start a new line where one is meant, or add --as-typed to publish it as it is"
    ]
    assert "indent" not in json.dumps(told)
    assert desk.file() is None
    desk.importing(rows, *flags, "--as-typed")
    assert (desk.file() or "").count("  ignore:") == 2
    assert [post.text for post in read(desk.top).desired.posts] == [
        "Hours:\ndraft: true",
        "One\\nTwo",
        "Three",
    ]
    assert desk.run("validate", "calendar").code == 0


def test_yes_and_no_are_understood_in_other_languages(desk: Desk) -> None:
    rows = "Text,Date,Time,Draft,Facebook\n" + "".join(
        f"Words {number},YEAR-03-0{number} ,09:00,{draft},{on}\n"
        for number, (draft, on) in enumerate(
            (("nei", "Ja"), ("nej", "sim"), ("いいえ", "はい"), ("não", "是")), 1
        )
    )
    found = desk.importing(rows)
    assert [(row["action"], row["accounts"]) for row in found["rows"]] == [("new", ["facebook"])] * 4
    assert "draft" not in (desk.file() or "")

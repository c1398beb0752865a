"""What a row of a CSV file becomes: a post as the file means it, or every reason why it is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.importing.account_names import account_names
from publer_sync.importing.dialects import layout_of
from publer_sync.importing.rows import JudgedRow, NewPost, RefusedRow, RowRules, SkippedRow, judge_row
from publer_sync.values.errors import InputError, UsageError
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
timezone: UTC
accounts:
  x: Fjordlight
  page: {name: Page, provider: facebook}
  page_de: {name: Seite, provider: facebook}
  pinterest: 63c675b54e299e9cf2b667ea # Pins, Fjordlight; business
  shop: {name: Shop, provider: google}
  team: {name: Fjordlight, provider: linkedin}
  main: Main
groups: {both: [x, page]}
"""
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
PUBLER = "Date,Text,Link(s),Media URL(s),Post subtype,CTA"
REMINDED = "Date,Text,Link(s),Media URL(s),Alt text(s),Reminder"
METRICOOL = "Text,Date,Time,Facebook,Twitter/X,Pinterest,Picture Url 1,Alt text picture 1,Picture Url 2"


def judged(top: Path, csv: str, chosen: Any = None, **more: Any) -> list[JudgedRow]:
    """Each row, by the accounts of the settings; `chosen` are the columns that --columns names."""
    (top / "publer.yaml").write_text(SETTINGS)
    calendar = read(top)
    layout = layout_of(csv.encode(), "a.csv", chosen or {})
    rules = RowRules(
        calendar.groups, calendar.settings.accounts, "UTC", None, NOW, names=account_names(calendar)
    )
    return [judge_row(row, layout, replace(rules, **more)) for row in layout.rows]


def values(top: Path, csv: str, chosen: Any = None, **more: Any) -> dict[str, Any]:
    """What the file will say of the only row."""
    [row] = judged(top, csv, chosen, **more)
    assert isinstance(row, NewPost), row
    return {**row.value}


def reasons(top: Path, csv: str, chosen: Any = None, **more: Any) -> list[str]:
    [row] = judged(top, csv, chosen, **more)
    assert isinstance(row, RefusedRow), row
    return [each.message for each in row.reasons]


def row(text: str = "Hello", at: str = "2027-03-02 09:00", more: str = ",,,") -> str:
    return f"{PUBLER}\n{at},{text},{more}\n"


# --- when -----------------------------------------------------------------------------------------------------------


@each_of(
    ("at", "late"), [("2027-03-01 08:59", True), ("2027-03-01 09:00", True), ("2027-03-01 09:01", False)]
)
def test_what_is_not_ahead_is_refused_or_skipped(tmp_path: Path, at: str, late: bool) -> None:
    [found] = judged(tmp_path, row(at=at), accounts=("x",))
    assert isinstance(found, RefusedRow if late else NewPost)
    [found] = judged(tmp_path, row(at=at), accounts=("x",), skip_past=True)
    assert found == SkippedRow(2, "past") if late else isinstance(found, NewPost)


def test_an_offset_and_the_letter_of_utc_are_read(tmp_path: Path) -> None:
    for at, hour in (("2027-03-02T09:00Z", 9), ("2027-03-02T09:00+02:00", 7), ("2027-03-02 09:00 GMT", 9)):
        [found] = judged(tmp_path, row(at=at), accounts=("x",))
        assert isinstance(found, NewPost)
        assert found.at.astimezone(UTC) == datetime(2027, 3, 2, hour, tzinfo=UTC)


# --- where ----------------------------------------------------------------------------------------------------------


@each_of(
    ("word", "accounts"),
    [
        ("x", "x"),
        ("page", "page"),
        ("both", ["x", "page"]),
        ("Seite", "page_de"),
        ("X/Fjordlight", "x"),
        ("Pins", "pinterest"),
        ("Pins, Fjordlight; business", "pinterest"),
        ("x; page", ["x", "page"]),
    ],
)
def test_an_account_is_named_by_its_alias_its_name_or_its_group(
    tmp_path: Path, word: str, accounts: str | list[str]
) -> None:
    csv = f'Message,When,Where\nHello,2027-03-02 09:00,"{word}"\n'
    chosen = {"text": ("Message",), "at": ("When",), "accounts": ("Where",)}
    assert values(tmp_path, csv, chosen)["accounts"] == accounts


@each_of(
    ("word", "given", "why"),
    [
        ("", (), "it names no account"),
        ("facebook", (), "the calendar has 2 accounts on Facebook"),
        ("youtube", (), "no account of the calendar is on YouTube"),
        ("somewhere", (), 'there is no account "somewhere"'),
        ("Fjordlight", (), '2 accounts are called "Fjordlight"'),
    ],
)
def test_an_account_that_is_not_meant_for_sure_is_not_guessed(
    tmp_path: Path, word: str, given: tuple[str, ...], why: str
) -> None:
    csv = f"Message,When,Where\nHello,2027-03-02 09:00,{word}\n"
    chosen = {"text": ("Message",), "at": ("When",), "accounts": ("Where",)}
    assert reasons(tmp_path, csv, chosen, accounts=given) == [why]


def test_of_two_accounts_on_a_network_the_option_chooses(tmp_path: Path) -> None:
    csv = "Message,When,Where\nHello,2027-03-02 09:00,facebook\n"
    chosen = {"text": ("Message",), "at": ("When",), "accounts": ("Where",)}
    assert values(tmp_path, csv, chosen, accounts=("page_de", "x"))["accounts"] == "page_de"
    both = values(tmp_path, csv, chosen, accounts=("page", "page_de"))
    assert both["accounts"] == ["page", "page_de"]


def test_a_row_that_says_no_to_every_network_that_is_chosen_is_on_none(tmp_path: Path) -> None:
    start = f"{METRICOOL}\nHello,2027-03-02,09:00"
    assert values(tmp_path, f"{start},FALSE,TRUE,FALSE,,,\n")["accounts"] == "x"
    assert reasons(tmp_path, f"{start},FALSE,FALSE,FALSE,,,\n", accounts=("x",)) == [
        "it is on no network of this calendar"
    ]


@each_of(
    ("account", "cells", "on"),
    [("x", "FALSE,,", "x"), ("x", ",FALSE,", None), ("main", ",,", "main"), ("main", "FALSE,,", None)],
)
def test_a_row_that_says_no_to_a_network_may_be_on_others_and_on_no_account_of_an_unknown_one(
    tmp_path: Path, account: str, cells: str, on: str | None
) -> None:
    csv = f"{METRICOOL}\nHello,2027-03-02,09:00,{cells},,,\n"
    if on is None:
        assert reasons(tmp_path, csv, accounts=(account,)) == ["it is on no network of this calendar"]
    else:
        assert values(tmp_path, csv, accounts=(account,))["accounts"] == on


def test_a_link_of_an_account_of_an_unknown_network_is_that_of_the_post(tmp_path: Path) -> None:
    found = values(tmp_path, row(more="https://a.example,,,"), accounts=("main",))
    assert found == {"accounts": "main", "text": "Hello", "link": "https://a.example"}


# --- what -----------------------------------------------------------------------------------------------------------


@each_of(
    ("more", "why"),
    [
        (",,gallery,", '"gallery" is not a type of post'),
        ("https://a.example https://b.example,,,", "it has several links, a carousel of links on Facebook, which is not imported"),
        (",,,Learn more", "a button needs a link"),
    ],
)  # fmt: skip
def test_what_a_post_cannot_have_is_refused_with_a_reason(tmp_path: Path, more: str, why: str) -> None:
    assert reasons(tmp_path, row(more=more), accounts=("page",)) == [why]


def test_a_button_has_the_link_of_its_row(tmp_path: Path) -> None:
    found = values(tmp_path, row(more="https://a.example,,,Learn more"), accounts=("page",))
    assert found["networks"] == {
        "facebook": {"link": {"url": "https://a.example", "call_to_action": "LEARN_MORE"}}
    }


def test_a_button_on_other_networks_is_refused(tmp_path: Path) -> None:
    found = reasons(tmp_path, row(more="https://a.example,,,Learn more"), accounts=("x",))
    assert found == ["a button is for an account on Facebook or Google Business"]


def test_each_picture_has_the_text_beside_it(tmp_path: Path) -> None:
    pictures = "https://a.example/1.png,A lamp,https://a.example/2.png"
    found = values(tmp_path, f"{METRICOOL}\nHello,2027-03-02,09:00,FALSE,TRUE,FALSE,{pictures}\n")
    assert found["media"] == [
        {"url": "https://a.example/1.png", "alt": "A lamp"},
        {"url": "https://a.example/2.png"},
    ]


def test_a_picture_of_a_column_of_its_own_may_have_a_comma_in_its_name(tmp_path: Path) -> None:
    found = values(
        tmp_path, f'{METRICOOL}\nHello,2027-03-02,09:00,FALSE,TRUE,FALSE,"lamp, red.png",A lamp,\n'
    )
    assert found["media"] == [{"file": "lamp, red.png", "alt": "A lamp"}]


def test_several_pictures_of_one_cell_are_several(tmp_path: Path) -> None:
    found = values(
        tmp_path, row(more=',"https://a.example/1.png,https://a.example/2.png",,'), accounts=("page",)
    )
    assert [each["url"] for each in found["media"]] == ["https://a.example/1.png", "https://a.example/2.png"]


def test_a_cell_that_was_put_in_quotation_marks_after_a_blank_is_one(tmp_path: Path) -> None:
    found = values(tmp_path, row(text=' "Hello, you"'), accounts=("page",))
    assert found["text"] == "Hello, you"
    assert values(tmp_path, row(text='"Hello, you"'), accounts=("page",))["text"] == "Hello, you"
    assert values(tmp_path, row(text='She said "yes"'), accounts=("page",))["text"] == 'She said "yes"'


def test_a_cell_that_a_spreadsheet_could_not_show_is_refused_by_its_column(tmp_path: Path) -> None:
    [why] = reasons(tmp_path, row(text="#NAME?"), accounts=("x",))
    assert why.startswith('the column "Text"')
    for cell, what in (
        ("Err:508", "shows an error of the spreadsheet"),
        ("####", "shows signs in place of a value"),
        ("Hello_x000D_", "has a character as a spreadsheet keeps it in its own file"),
    ):
        assert reasons(tmp_path, row(text=cell), accounts=("x",)) == [f'the column "Text" {what}: "{cell}"']
    nameless = "2027-03-02 09:00,#NAME?,\n"
    [why] = reasons(tmp_path, nameless, accounts=("x",))
    assert why.startswith("column 2 ")


# --- which columns --------------------------------------------------------------------------------------------------


def test_publers_explained_columns_are_known_beside_one_of_the_same_name(tmp_path: Path) -> None:
    """`Title - for videos` explains `Title`, unless there is a column of that name itself."""
    csv = "Date - when,Text - what,Link(s) - where,Title\n2027-03-02 09:00,Hello,https://a.example,T\n"
    found = values(tmp_path, csv, accounts=("page",))
    assert (found["text"], found["link"], found["title"]) == ("Hello", "https://a.example", "T")
    both = "Date,Text,Link(s),Title - of videos,Title\n2027-03-02 09:00,Hello,,No,T\n"
    assert values(tmp_path, both, accounts=("page",))["title"] == "T"


def test_a_chosen_column_takes_the_place_of_the_one_with_its_meaning(tmp_path: Path) -> None:
    csv = f"{PUBLER},Other\n2027-03-02 09:00,Hello,https://a.example,,,,Words\n"
    found = values(tmp_path, csv, {"text": ("Other",)}, accounts=("page",))
    assert (found["text"], found["link"]) == ("Words", "https://a.example")
    older = "Date,Message,Link,Media,Title,Labels,Other\n2027-03-02 09:00,Hello||A,,,,,Words\n"
    assert values(tmp_path, older, {"text": ("Other",)}, accounts=("page",))["text"] == "Words"
    labelled = values(tmp_path, older.replace("||A", ""), {"labels": ("Other",)}, accounts=("page",))
    assert (labelled["text"], labelled["labels"]) == ("Hello", ["Words"])


@each_of(
    ("csv", "chosen", "why"),
    [
        ("Message,When\nHello,2027-03-02 09:00\n", {"text": ("Message",)}, "no column of a.csv has the time of the posts"),
        ("Message,When\nHello,2027-03-02 09:00\n", {"at": ("When",)}, "no column of a.csv has the text of the posts"),
        ("Message,When\nHello,2027-03-02 09:00\n", {}, "a.csv is not a CSV of a tool that publer-sync knows"),
        ("Date,Text,Text,Link(s)\n2027-03-02 09:00,A,B,\n", {}, 'a.csv has two columns "text"'),
        ("Date,Text,Link(s),Title - a,Title - b\n2027-03-02 09:00,A,,B,C\n", {}, 'a.csv has two columns "title"'),
        ("A,B\nHello,2027-03-02 09:00\n", {"text": ("A",), "at": ("A",)}, '--columns: two keys name the column "A"'),
    ],
)  # fmt: skip
def test_columns_that_do_not_tell_what_they_are_are_refused(
    tmp_path: Path, csv: str, chosen: Any, why: str
) -> None:
    with pytest.raises(UsageError) as refused:
        judged(tmp_path, csv, chosen)
    assert refused.value.message == why


def test_of_two_delimiters_the_one_counts_with_which_the_chosen_columns_are_there(tmp_path: Path) -> None:
    csv = "Message;When, exactly\nHello, you;2027-03-02 09:00\n"
    chosen = {"text": ("Message",), "at": ("When, exactly",)}
    assert values(tmp_path, csv, chosen, accounts=("x",))["text"] == "Hello, you"


def test_hootsuites_file_may_have_a_column_without_a_name_and_dates_in_words(tmp_path: Path) -> None:
    for csv in ("Date,Message,Link,\n2027-03-02 09:00,Hello,,\n", "2 March 2027 09:00,Hello\n"):
        assert values(tmp_path, csv, accounts=("x",)) == {"accounts": "x", "text": "Hello"}


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='there is no column "Words"'):
        judged(tmp_path, row(), {"text": ("Words",)})


# --- what else a row may say ----------------------------------------------------------------------------------------


def test_a_row_that_is_shorter_than_the_header_lacks_what_is_behind_it(tmp_path: Path) -> None:
    assert values(tmp_path, f"{PUBLER}\n2027-03-02 09:00,Hello\n", accounts=("page",)) == {
        "accounts": "page",
        "text": "Hello",
    }


def test_a_row_without_text_and_media_is_no_post(tmp_path: Path) -> None:
    assert reasons(tmp_path, row(text=""), accounts=("page",)) == ["it has neither text nor media"]
    assert "text" not in values(tmp_path, row(text="", more=",https://a.example/1.png,,"), accounts=("page",))


def test_a_formula_is_not_what_was_meant(tmp_path: Path) -> None:
    [why] = reasons(tmp_path, row(text="=A1&B1"), accounts=("page",))
    assert why.startswith('the column "Text" shows a formula')


def test_several_texts_beside_pictures_go_to_them_in_turn(tmp_path: Path) -> None:
    pictures = '"https://a.example/1.png,https://a.example/2.png"'
    found = values(
        tmp_path, f"{REMINDED}\n2027-03-02 09:00,Hello,,{pictures},A lamp||A cat,\n", accounts=("page",)
    )
    assert [each["alt"] for each in found["media"]] == ["A lamp", "A cat"]
    second = values(
        tmp_path, f"{REMINDED}\n2027-03-02 09:00,Hello,,{pictures},||A cat,\n", accounts=("page",)
    )
    assert [each.get("alt") for each in second["media"]] == [None, "A cat"]
    older = f"Date,Message,Link,Media,Title,Labels\n2027-03-02 09:00,Hello||First||Second,,{pictures},,\n"
    found = values(tmp_path, older, accounts=("page",))
    assert (found["text"], [each["caption"] for each in found["media"]]) == ("Hello", ["First", "Second"])
    assert reasons(
        tmp_path, f"{REMINDED}\n2027-03-02 09:00,Hello,,{pictures},a||b||c,\n", accounts=("page",)
    ) == ["it has more alt texts than media"]


def test_a_picture_of_a_folder_is_a_file(tmp_path: Path) -> None:
    found = values(tmp_path, row(more=',"lamp.png, cat.png",,'), accounts=("page",))
    assert found["media"] == [{"file": "lamp.png"}, {"file": "cat.png"}]


def test_a_reminder_is_for_networks_that_take_one(tmp_path: Path) -> None:
    start = f"{REMINDED}\n2027-03-02 09:00,Hello,,,,"
    assert reasons(tmp_path, f"{start}TRUE\n", accounts=("x",)) == [
        "a reminder on X can't be scheduled over Publer's API"
    ]
    assert reasons(tmp_path, f"{start}TRUE\n", accounts=("main",)) == [
        "whether main takes a reminder is not known: publer.yaml does not name its network"
    ]
    assert "networks" not in values(tmp_path, f"{start}FALSE\n", accounts=("x",))
    assert reasons(tmp_path, f"{start}perhaps\n", accounts=("x",)) == ['"perhaps" is neither TRUE nor FALSE']


@each_of(
    ("cell", "drafts", "draft"),
    [
        ("TRUE", False, True),
        ("FALSE", False, None),
        ("", False, None),
        ("FALSE", True, False),
        ("", True, None),
    ],
)
def test_a_draft_is_one_where_the_row_says_so(
    tmp_path: Path, cell: str, drafts: bool, draft: bool | None
) -> None:
    csv = f"Text,Date,Time,Draft,Twitter/X\nHello,2027-03-02,09:00,{cell},TRUE\n"
    assert values(tmp_path, csv, drafts=drafts).get("draft") is draft


def test_a_button_that_a_network_does_not_have_is_refused_with_those_that_it_has(tmp_path: Path) -> None:
    [why] = reasons(tmp_path, row(more="https://a.example,,,Hug us"), accounts=("page",))
    assert why == 'Facebook has no button "Hug us"'


def test_hootsuites_columns_are_known_by_their_header_where_there_are_no_others(tmp_path: Path) -> None:
    csv = "Date,Message,Link\n2027-03-02 09:00,Hello,https://a.example\n"
    found = values(tmp_path, csv, accounts=("page",))
    assert (found["text"], found["link"]) == ("Hello", "https://a.example")


def test_a_cell_that_never_ends_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has a cell of more than 131,072 characters"):
        judged(tmp_path, row(text=f'"{"a" * 140_000}"'))
    with pytest.raises(InputError, match="a quotation mark is not closed"):
        judged(tmp_path, row(text='"a'))


def test_a_category_of_google_is_a_note_and_a_board_of_pinterest_a_board(tmp_path: Path) -> None:
    csv = (
        "Date,Text,Link(s),Media URL(s),Board/Album\n2027-03-02 09:00,Hello,,https://a.example/1.png,Lamps\n"
    )
    on_google = values(tmp_path, csv, accounts=("shop",))
    assert (on_google["note"], on_google["networks"]) == (
        "Google category: Lamps",
        {"google": {"gallery": True}},
    )
    on_pinterest = values(tmp_path, csv, accounts=("pinterest",))
    assert on_pinterest["networks"] == {"pinterest": {"board": "Lamps"}}
    assert "note" not in on_pinterest
    assert reasons(tmp_path, csv, accounts=("x",)) == [
        '"Lamps" is for an account on Pinterest, Facebook or Google Business'
    ]
    without = csv.replace("https://a.example/1.png", "")
    assert reasons(tmp_path, without, accounts=("shop",)) == [
        "a Google category is for a picture, and it has none"
    ]

"""What a row of a CSV file becomes: a post as the file means it, or every reason why it is none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.importing.rows import NewPost, RefusedRow, SkippedRow
from publer_sync.values.errors import InputError
from tests.importing.judged import METRICOOL, PUBLER, REMINDED, SETTINGS, judged, reasons, row, values
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


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


def test_an_alias_that_is_the_name_of_its_network_is_that_account(tmp_path: Path) -> None:
    settings = SETTINGS.replace("  main: Main\n", "  second: {name: Zwei, provider: twitter}\n")
    csv = "Message,When,Where\nHello,2027-03-02 09:00,x\n"
    chosen = {"text": ("Message",), "at": ("When",), "accounts": ("Where",)}
    assert values(tmp_path, csv, chosen, settings=settings)["accounts"] == "x"


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


def test_a_name_is_known_from_the_comment_beside_an_id_alone(tmp_path: Path) -> None:
    chosen = {"text": ("Message",), "at": ("When",), "accounts": ("Where",)}
    settings = (
        "timezone: UTC\naccounts:\n  main: Main # the old one\n  pinterest: 63c675b54e299e9cf2b667ea # Pins"
    )
    for word, why in (
        ("Pins", ""),
        ("Pinterest/Pins", ""),
        ("the old one", 'there is no account "the old one"'),
        ("Pinterest/", 'there is no account "Pinterest/"'),
    ):
        [found] = judged(
            tmp_path, f"Message,When,Where\nHello,2027-03-02 09:00,{word}\n", chosen, settings=settings
        )
        assert why == (found.reasons[0].message if isinstance(found, RefusedRow) else "")


def test_what_is_wrong_with_the_time_says_nothing_of_accounts(tmp_path: Path) -> None:
    late = row(at="soon", more="https://a.example,,,Learn more")
    [why] = reasons(tmp_path, late, accounts=("page",))
    assert why.startswith('"soon" is a time in words')
    assert reasons(tmp_path, row(at="2027-02-01 09:00")) == [
        "its time has passed: 2027-02-01 09:00",
        "it names no account",
    ]


# --- what -----------------------------------------------------------------------------------------------------------


@each_of(
    ("more", "why"),
    [
        (",,gallery,", '"gallery" is not a type of post'),
        ("https://a.example https://b.example,,,", "it has several links, a carousel of links on Facebook, which is not imported"),
        (",,,Learn more", "a button needs a link"),
        (",,,Hug us", 'a button needs a link / Facebook has no button "Hug us"'),
    ],
)  # fmt: skip
def test_what_a_post_cannot_have_is_refused_with_every_reason(tmp_path: Path, more: str, why: str) -> None:
    assert " / ".join(reasons(tmp_path, row(more=more), accounts=("page",))) == why


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


def test_a_text_beside_no_picture_is_refused(tmp_path: Path) -> None:
    assert reasons(tmp_path, f"{METRICOOL}\nHello,2027-03-02,09:00,FALSE,TRUE,FALSE,,A lamp,\n") == [
        "it has more alt texts than media"
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
    comma = values(
        tmp_path, row(more=',"https://a.example/1,2.png, https://a.example/3.png,",,'), accounts=("page",)
    )
    assert [each["url"] for each in comma["media"]] == [
        "https://a.example/1,2.png",
        "https://a.example/3.png",
    ]


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


def test_a_comment_has_words(tmp_path: Path) -> None:
    csv = "Date,Text,Link(s),Comment(s)\n2027-03-02 09:00,Hello,,First|| ||Second||\n"
    assert values(tmp_path, csv, accounts=("page",))["comments"] == [{"text": "First"}, {"text": "Second"}]


def test_a_picture_of_a_folder_is_a_file(tmp_path: Path) -> None:
    found = values(tmp_path, row(more=',"lamp.png, cat.png,",,'), accounts=("page",))
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

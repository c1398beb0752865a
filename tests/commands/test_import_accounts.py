"""`import`: on which accounts a row is, by the names that its file and the options have for them."""

from __future__ import annotations

import pytest

from tests.commands.imports import METRICOOL, ImportDesk, reasons


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ((), "it names no account"),
        (("--account", "x"), "the calendar has 2 accounts on Instagram"),
    ],
)
def test_a_row_needs_one_clear_account(desk: ImportDesk, flags: tuple[str, ...], message: str) -> None:
    on = "TRUE" if flags else "FALSE"
    content = (
        f"Text,Date,Time,Instagram,Picture Url 1\nHello,YEAR-03-02,09:00,{on},https://example.com/a.jpg\n"
    )
    assert reasons(desk.importing(content, *(flags or ("--partial",)), code=3)) == [(2, message)]


def test_an_account_that_the_row_says_no_to_is_not_filled_in(desk: ImportDesk) -> None:
    head = f"{METRICOOL}\nHello,YEAR-03-02,09:00:00,FALSE,"
    none = head + "FALSE," * 8 + "FALSE,,,,,,,,,,\n"
    document = desk.importing(none, "--account", "x", code=3)
    assert reasons(document) == [(2, "it is on no network of this calendar")]
    assert document["rows"][0]["reasons"][0]["help"] == "Write TRUE for one of them, or remove the row"
    blank = head + "FALSE,,FALSE," + "FALSE," * 5 + "FALSE,,,,,,,,,,\n"
    assert desk.importing(blank, *("--account", "x", "--account", "facebook"))["rows"][0]["accounts"] == ["x"]


def test_an_account_that_the_calendar_lacks_is_refused(desk: ImportDesk) -> None:
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
def test_accounts_are_known_by_the_names_beside_their_ids(desk: ImportDesk, cell: str, accounts: str) -> None:
    (desk.top / "publer.yaml").write_text(IDS, encoding="utf-8")
    cell = cell if cell.startswith('"') else f'"{cell}"'
    desk.importing(
        f"Text,When,Channel\nHello,YEAR-03-02 09:00,{cell}\n",
        "--columns",
        "text=Text,at=When,accounts=Channel",
    )
    assert f"  accounts: {accounts}\n" in (desk.file() or "")


def test_a_name_of_several_accounts_names_none(desk: ImportDesk) -> None:
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

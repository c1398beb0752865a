"""Which columns a CSV file has: of the tools that are known, or as somebody names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.importing.dialects import FOR_USERS
from publer_sync.values.errors import UsageError
from tests.importing.judged import PUBLER, judged, reasons, values
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


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
    empty = older.replace("Words", "")
    assert reasons(tmp_path, empty, {"text": ("Other",)}, accounts=("page",)) == [
        "it has neither text nor media"
    ], "not the column that was left for the chosen one"
    labelled = values(tmp_path, older.replace("||A", ""), {"labels": ("Other",)}, accounts=("page",))
    assert (labelled["text"], labelled["labels"]) == ("Hello", ["Words"])


def test_people_name_no_column_that_only_a_tool_has() -> None:
    assert {"text", "alt"} <= {*FOR_USERS}
    assert {"captions", "on"}.isdisjoint(FOR_USERS)


@each_of(
    ("csv", "chosen", "why"),
    [
        ("Message,When\nHello,2027-03-02 09:00\n", {"text": ("Message",)}, "no column of a.csv has the time of the posts"),
        ("Message,When\nHello,2027-03-02 09:00\n", {"at": ("When",)}, "no column of a.csv has the text of the posts"),
        ("Message,When\nHello,2027-03-02 09:00\n", {}, "a.csv is not a CSV of a tool that publer-sync knows"),
        ("2027-03-02 09:00,Hello,https://a.example,more\n", {}, "a.csv is not a CSV of a tool that publer-sync knows"),
        ("2027-03-02 09:00\n", {}, "a.csv is not a CSV of a tool that publer-sync knows"),
        ("Date,Message,Mood\n2027-03-02 09:00,Hello,good\n", {}, "a.csv is not a CSV of a tool that publer-sync knows"),
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


def test_of_two_columns_one_is_to_go_or_to_have_another_name_where_columns_are_named(tmp_path: Path) -> None:
    csv = "Date,Text,Text,Link(s)\n2027-03-02 09:00,A,B,\n"
    for chosen, fix in (({}, "Remove one."), ({"link": ("Link(s)",)}, "Rename one of them")):
        with pytest.raises(UsageError) as refused:
            judged(tmp_path, csv, chosen)
        assert refused.value.hint == fix


def test_of_two_delimiters_the_one_counts_with_which_the_chosen_columns_are_there(tmp_path: Path) -> None:
    csv = "Message;When, exactly\nHello, you;2027-03-02 09:00\n"
    chosen = {"text": ("Message",), "at": ("When, exactly",)}
    assert values(tmp_path, csv, chosen, accounts=("x",))["text"] == "Hello, you"


def test_hootsuites_file_may_have_a_column_without_a_name_and_dates_in_words(tmp_path: Path) -> None:
    for csv in ("Date,Message,Link,\n2027-03-02 09:00,Hello,,\n", "2 March 2027 09:00,Hello\n"):
        assert values(tmp_path, csv, accounts=("x",)) == {"accounts": "x", "text": "Hello"}


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='there is no column "Words"') as refused:
        judged(tmp_path, "Date,,Text,Link(s)\n2027-03-02 09:00,,Hello,\n", {"text": ("Words",)})
    assert refused.value.hint == "The file has: Date, Text, Link(s)"

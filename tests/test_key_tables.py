"""docs/keys.md has every key of the schemas, and examples that can be pasted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.reader import Budget, Reader
from publer_sync.commands import schema
from tests import key_tables
from tests.docs_site import DOCS
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.key_tables import Schema

PAGE = (DOCS / "keys.md").read_text(encoding="utf-8")
SETTINGS, CALENDAR, SHARED = (
    json.loads(schema.whole(f"{name}")) for name in ("settings", "calendar", "shared-settings")
)
POST = CALENDAR["$defs"]["post"]


def tops(rows: list[tuple[str, str, str]]) -> dict[str, str]:
    """The example of each key that is in nothing else."""
    return {
        key[1:-1]: example[1:-1].replace("\\|", "|")
        for key, _, example in rows
        if not re.search(r"[.\[]", key)
    }


def test_every_key_has_its_row() -> None:
    for rows, part in (
        (key_tables.settings(), SETTINGS),
        (key_tables.files(), CALENDAR),
        (key_tables.posts(), POST),
    ):
        assert list(tops(rows)) == list(part["properties"])


@each_of("key", ["`media[].thumbnail.url`", "`accounts.ALIAS.max_characters`", "`utm.campaign`"])
def test_what_is_inside_has_a_row_too(key: str) -> None:
    assert f"| {key} |" in PAGE


def test_every_example_can_be_pasted() -> None:
    post = {"$defs": CALENDAR["$defs"], **POST}
    for rows, part in ((key_tables.settings(), SETTINGS), (key_tables.posts(), post)):
        judge = Draft202012Validator(part)
        for key, example in tops(rows).items():
            document: Any = Reader(Lines("x", [example], vocabulary()), Budget()).read(example)
            assert list(document) == [key]
            judge.validate(document)


def names(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def test_the_exceptions_on_the_page_are_those_of_the_schemas() -> None:
    def missing(part: Schema, other: Schema) -> set[str]:
        return set(part["properties"]) - set(other["properties"])

    [shared] = re.findall(r"all of these except (.+)\.$", PAGE, re.MULTILINE)
    assert names(shared) == missing(SETTINGS, SHARED)
    [whole] = re.findall(r"^(.+) belong to the whole post\.$", PAGE, re.MULTILINE)
    assert names(whole) == missing(POST, CALENDAR["$defs"]["variant"])

"""The types of JSON documents, their schemas and docs/json.md say the same.

Where this fails: `python -m tests.write_schema`, and `python -m tests.write_docs`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from publer_sync.commands import schema
from tests import documents
from tests.docs_site import DOCS
from tests.tables import each_of
from tests.write_schema import SCHEMAS, with_id, written

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.slow
@each_of("name", documents.DOCUMENTS)
def test_each_schema_is_that_of_its_type(name: str) -> None:
    file = SCHEMAS / f"{name}.schema.json"
    made = documents.schema_of(name)
    Draft202012Validator.check_schema(made)
    assert file.read_text(encoding="utf-8") == with_id(file, written(made))


def keys_of(part: Any) -> Iterator[str]:
    """Every key of ours: those of a post are on the calendar's page."""
    if isinstance(part, dict):
        yield from part.get("properties", {}) if part.get("additionalProperties") is False else ()
        for inner in part.values():
            yield from keys_of(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from keys_of(inner)


@each_of("name", documents.DOCUMENTS)
def test_the_page_knows_every_key(name: str) -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    assert f"\n<!-- generated: json {name} -->\n" in page, (
        "its section; tests.write_docs writes what is below"
    )
    known = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`|\"[a-z_]+\":", page))))
    assert set(keys_of(json.loads(schema.whole(name)))) - known == set()

"""`schema`: every schema is there, with an address that names the version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jsonschema import Draft202012Validator

from publer_sync import __version__
from tests.write_schema import SCHEMAS, with_id

if TYPE_CHECKING:
    from tests.conftest import Cli


def test_every_schema_is_printed(cli: Cli) -> None:
    names = cli("schema").stdout.split()
    assert sorted(f"{name}.schema.json" for name in names) == sorted(
        file.name for file in SCHEMAS.glob("*.json")
    )
    assert {"calendar", "settings", "status"} <= set(names)
    for name in names:
        printed = cli("schema", name).stdout
        assert json.loads(printed)["$id"].endswith(f"/v{__version__}/schema/{name}.schema.json")
        file = SCHEMAS / f"{name}.schema.json"
        assert with_id(file, file.read_text(encoding="utf-8")) == file.read_text(encoding="utf-8")


def test_a_printed_schema_needs_no_file_beside_it(cli: Cli) -> None:
    schema = json.loads(cli("schema", "settings").stdout)
    validator = Draft202012Validator(schema)
    assert not [*validator.iter_errors({"timezone": "Europe/Oslo", "defaults": {"text": "Words"}})]
    assert [*validator.iter_errors({"timezone": 3})]


def test_a_name_that_is_none(cli: Cli) -> None:
    ran = cli("schema", "calender")
    assert (ran.code, ran.stdout) == (64, "")
    assert ran.stderr.startswith('error: there is no schema "calender"\n  There are: calendar, calendars, ')

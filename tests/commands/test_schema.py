"""`schema`: every schema is there, with an address that names the version."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from publer_sync import __version__
from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action, Block
from tests.conftest import ROOT
from tests.schemas import check_printed
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


@pytest.mark.parametrize("name", [file.name.partition(".")[0] for file in SCHEMAS.glob("*.json")])
def test_a_printed_schema_needs_no_file_beside_it(cli: Cli, name: str) -> None:
    schema = json.loads(cli("schema", name).stdout)
    Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert references <= {f"#/$defs/{key}" for key in schema.get("$defs", {})}


def test_the_printed_settings_know_the_accounts_of_settings_and_the_defaults_of_posts(cli: Cli) -> None:
    validator = Draft202012Validator(json.loads(cli("schema", "settings").stdout))
    settings = yaml.safe_load((ROOT / "examples" / "calendar" / "publer.yaml").read_text("utf-8"))
    accounts = {"shop": {"name": "Fjordlight", "provider": "google"}}
    assert not [*validator.iter_errors(settings)]
    assert not [*validator.iter_errors({"accounts": accounts, "defaults": {"text": "Words"}})]
    assert [*validator.iter_errors({"timezone": 3})]
    assert [*validator.iter_errors({"accounts": {"shop": {"text": "Words"}}})]
    assert [*validator.iter_errors({"defaults": {"text": 3}})]


def test_the_schemas_know_every_action_block_and_outcome(cli: Cli) -> None:
    plan, report = (json.loads(cli("schema", name).stdout) for name in ("plan", "apply"))
    assert set(plan["$defs"]["action"]["enum"]) == {*map(str, Action)}
    assert set(plan["$defs"]["block"]["enum"]) == {*map(str, Block), None}
    result = report["properties"]["results"]["items"]
    assert set(result["properties"]["outcome"]["enum"]) == {*map(str, Outcome)}


def test_whatever_a_test_prints_as_json_is_held_against_its_schema() -> None:
    """`run_here` does: here are a document with a key too many, one with a key too few, and one of two calendars."""
    small = {"format_version": 1, "problems": [], "posts": 0, "desired": 0}
    words = ["validate", "--format", "json"]
    several: dict[str, Any] = {"format_version": 1, "calendars": []}
    for document in (small, several):
        check_printed(words, json.dumps(document))
    several["calendars"] = [{"calendar": "a", "exit_code": 0, "result": {**small, "more": 1}}]
    for document in ({**small, "more": 1}, {"format_version": 1}, several):
        with pytest.raises(ValidationError):
            check_printed(words, json.dumps(document))


def test_a_name_that_is_none(cli: Cli) -> None:
    ran = cli("schema", "calender")
    assert (ran.code, ran.stdout) == (64, "")
    assert ran.stderr.startswith(
        'error: there is no schema "calender"\n  There are: accounts, apply, calendar, '
    )

"""`schema`: every schema is there, with an address that names the version."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from publer_sync import __version__
from publer_sync.commands import schema
from tests.conftest import ROOT
from tests.schemas import check_printed
from tests.tables import each_of
from tests.write_schema import SCHEMAS, with_id

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


def test_every_schema_is_printed(cli: Cli) -> None:
    lines = [line.split(maxsplit=1) for line in cli("schema").stdout.splitlines()]
    assert ["plan", "What publer-sync plan --format json prints, and what plan --out writes"] in lines
    assert ["calendar", "Posts that Publer should have scheduled"] in lines
    names = [name for name, _ in lines]
    assert sorted(f"{name}.schema.json" for name in names) == sorted(
        file.name for file in SCHEMAS.glob("*.json")
    )
    assert {"calendar", "settings", "status"} <= set(names)
    for name in names:
        printed = cli("schema", name).stdout
        assert printed.count('"$id"') == 1, "what it takes from others has no address of its own"
        parts = {f"#/$defs/{key}" for key in json.loads(printed).get("$defs", {})}
        assert parts >= {*re.findall(r'"\$ref": "([^"]*)"', printed)}, "it needs no file beside it"
        assert json.loads(printed)["$id"].endswith(f"/v{__version__}/schema/{name}.schema.json")
        file = SCHEMAS / f"{name}.schema.json"
        text = file.read_text(encoding="utf-8")
        assert with_id(file, text) == text
        assert (".schema.json#" in text) or (printed.strip() == text.strip()), "as it is, where it is whole"


def test_the_pages_link_every_schema() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    for file in SCHEMAS.glob("*.schema.json"):
        assert f"schema/{file.name}" in pages


def test_a_part_of_another_schema_comes_with_all_that_it_refers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a list, and to itself; a part of the same name stays apart."""
    head = {"$schema": "draft", "$id": "https://example.org/calendar.schema.json"}
    tree = {"anyOf": [{"$ref": "#/$defs/leaf"}, {"type": "array", "items": {"$ref": "#/$defs/tree"}}]}
    files = {
        "calendar": {**head, "$defs": {"tree": tree, "leaf": {"type": "string"}, "other": {}}},
        "own": {
            "$schema": "draft",
            "$ref": "calendar.schema.json#/$defs/tree",
            "$defs": {"leaf": {"type": "number"}, "chain": {"items": {"$ref": "#/$defs/chain"}}},
        },
    }
    monkeypatch.setattr(schema, "packaged", lambda _, name: json.dumps(files[name.partition(".")[0]]))
    assert json.loads(schema.whole("own")) == {
        "$schema": "draft",
        "$id": "https://example.org/own.schema.json",
        "$ref": "#/$defs/calendar_tree",
        "$defs": {
            "leaf": {"type": "number"},
            "chain": {"items": {"$ref": "#/$defs/chain"}},
            "calendar_tree": {
                "anyOf": [
                    {"$ref": "#/$defs/calendar_leaf"},
                    {"type": "array", "items": {"$ref": "#/$defs/calendar_tree"}},
                ]
            },
            "calendar_leaf": {"type": "string"},
        },
    }


@pytest.mark.slow
@each_of("name", [file.name.partition(".")[0] for file in SCHEMAS.glob("*.json")])
def test_a_printed_schema_needs_no_file_beside_it(cli: Cli, name: str) -> None:
    schema = json.loads(cli("schema", name).stdout)
    Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert references <= {f"#/$defs/{key}" for key in schema.get("$defs", {})}


def test_the_printed_settings_know_the_accounts_of_settings_and_the_defaults_of_posts(cli: Cli) -> None:
    schema = json.loads(cli("schema", "settings").stdout)
    assert {"account", "calendar_account"} <= {*schema["$defs"]}, "each has its own word of that name"
    found = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(schema)))
    assert found == {f"#/$defs/{key}" for key in schema["$defs"]}
    validator = Draft202012Validator(schema)
    settings = yaml.safe_load((ROOT / "examples" / "calendar" / "publer.yaml").read_text("utf-8"))
    accounts = {"shop": {"name": "Fjordlight", "provider": "google"}}
    assert not [*validator.iter_errors(settings)]
    assert not [*validator.iter_errors({"accounts": accounts, "defaults": {"text": "Words"}})]
    assert [*validator.iter_errors({"timezone": 3})]
    assert [*validator.iter_errors({"accounts": {"shop": {"text": "Words"}}})]
    assert [*validator.iter_errors({"defaults": {"text": 3}})]


def test_whatever_a_test_prints_as_json_is_held_against_its_schema() -> None:
    """`run_here` does: here are a document with a key too many, one with a key too few, and one of two calendars."""
    small = {"format_version": 1, "problems": [], "posts": 0, "stored": 0, "desired": 0}
    words = ["validate", "--format", "json"]
    several: dict[str, Any] = {"format_version": 1, "calendars": []}
    for document in (small, several):
        check_printed(words, json.dumps(document))
    several["calendars"] = [{"calendar": "a", "exit_code": 0, "result": {**small, "more": 1}}]
    for document in ({**small, "more": 1}, {"format_version": 1}, several):
        with pytest.raises(ValidationError):
            check_printed(words, json.dumps(document))


def entries() -> list[dict[str, Any]]:
    page = (SCHEMAS / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    found: list[dict[str, Any]] = json.loads(block)
    return found


def test_the_entries_for_schemastore_keep_its_rules() -> None:
    """From its CONTRIBUTING.md and cli.js: names in order, "schema" goes without saying, and patterns are simple."""
    names, patterns = [], []
    for entry in entries():
        assert set(entry) == {"name", "description", "fileMatch", "url"}
        for words in (entry["name"], entry["description"]):
            assert "schema" not in words.lower()
            assert not re.search(r"[,. \t-]\Z|\n", words)
        names.append(entry["name"])
        patterns += entry["fileMatch"]
        major = __version__.partition(".")[0]
        base = f"https://raw.githubusercontent.com/publer-sync/publer-sync/v{major}/schema/"
        assert (SCHEMAS / entry["url"].removeprefix(base)).is_file()
    assert names == sorted(set(names))
    assert sorted(patterns) == sorted(set(patterns))
    assert all(re.fullmatch(r"(\*\.)?publer[a-z-]*\.ya?ml", pattern) for pattern in patterns)


def test_files_named_for_schemastore_are_what_publer_sync_takes_them_for(cli: Cli, tmp_path: Path) -> None:
    names = {each["url"].rpartition("/")[2].partition(".")[0]: each["fileMatch"] for each in entries()}
    (settings,), (shared,) = names["settings"], names["shared-settings"]
    top = tmp_path / "calendar"
    top.mkdir()
    (tmp_path / shared).write_text("timezone: Europe/Oslo\n")
    (top / settings).write_text(f"extends: ../{shared}\naccounts: {{x: Me}}\n")
    for day, pattern in enumerate(names["calendar"], 1):
        post = f"posts:\n- at: 2027-03-0{day} 09:00\n  accounts: x\n  text: Words {day}\n"
        (top / pattern.replace("*", "march")).write_text(post)
        assert not fnmatch(settings, pattern)
    ran = cli("validate", "--format", "json")
    found = json.loads(ran.stdout)
    assert (ran.code, found["problems"], found["posts"]) == (0, [], len(names["calendar"]))


def test_a_name_that_is_none(cli: Cli) -> None:
    ran = cli("schema", "calender")
    assert (ran.code, ran.stdout) == (64, "")
    assert ran.stderr.startswith(
        'error: there is no schema "calender"\n  There are: accounts, apply, approvals, approve, calendar, '
    )

"""The JSON Schemas of the documents that commands print."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from tests.conftest import ROOT


def conforms(document: Any, command: str) -> None:
    """Fail where the document is not what `schema/COMMAND.schema.json` promises, keys beyond it included."""
    schema = json.loads((ROOT / "schema" / f"{command}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)

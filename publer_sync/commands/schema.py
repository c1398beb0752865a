"""`publer-sync schema`: the JSON Schemas of files and of printed documents, for editors and programs."""

from __future__ import annotations

import json

from publer_sync.commands.shared import out
from publer_sync.errors import UsageError
from publer_sync.packaged import names, packaged

ENDING = ".schema.json"


def run(name: str | None) -> int:
    there = [each.removesuffix(ENDING) for each in names("schema") if each.endswith(ENDING)]
    if name is None:
        out("\n".join(there))
        return 0
    if name not in there:
        raise UsageError(f'there is no schema "{name}"', hint=f"There are: {', '.join(there)}")
    out(_whole(name))
    return 0


def _whole(name: str) -> str:
    """The schema in one file: where two lie side by side, one refers to the other, so that editors need no network."""
    text, other = packaged("schema", f"{name}{ENDING}"), f"calendar{ENDING}#"
    if other not in text:
        return text
    schema = json.loads(text.replace(other, "#"))
    calendar = json.loads(packaged("schema", f"calendar{ENDING}"))
    address = calendar["$id"].replace(f"calendar{ENDING}", f"{name}{ENDING}")
    schema = {"$schema": schema.pop("$schema"), "$id": address, **schema, "$defs": calendar["$defs"]}
    return json.dumps(schema, indent=2, ensure_ascii=False)

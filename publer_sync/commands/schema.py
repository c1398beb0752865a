"""`publer-sync schema`: the JSON Schemas of files and of printed documents, for editors and programs."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from publer_sync.commands.running.shared import out
from publer_sync.machine.packaged import names, packaged
from publer_sync.values.errors import UsageError

ENDING = ".schema.json"
_REFERENCE: Final = re.compile(r'"\$ref": "[^#"]')
"""To another schema in the folder."""


def available() -> list[str]:
    return [each.removesuffix(ENDING) for each in names("schema") if each.endswith(ENDING)]


def run(name: str | None) -> int:
    there = available()
    if name is None:
        width = max(map(len, there)) + 2
        out("\n".join(f"{each:<{width}}{_about(each)}" for each in there))
        return 0
    if name not in there:
        raise UsageError(f'there is no schema "{name}"', hint=f"There are: {', '.join(there)}")
    out(whole(name))
    return 0


def _about(name: str) -> str:
    """What it is of, in words."""
    schema = json.loads(packaged("schema", f"{name}{ENDING}"))
    title = str(schema["title"])
    return title if title[0].isupper() else str(schema["description"])


def whole(name: str) -> str:
    """The schema in one file. In the folder a schema may refer to one beside it, so that editors need no network."""
    text = packaged("schema", f"{name}{ENDING}")
    if not _REFERENCE.search(text):
        return text
    return json.dumps(_Bundle(name).schema, indent=2, ensure_ascii=False)


class _Bundle:
    """A schema with the parts of others that it refers to, as `$defs` of its own named after theirs."""

    def __init__(self, name: str) -> None:
        self._name, self._loaded, self._defs = name, dict[str, Any](), dict[str, Any]()
        own = self._load(name)
        self._defs |= {key: self._inlined(part, name) for key, part in own.pop("$defs", {}).items()}
        head = {"$schema": own.pop("$schema"), "$id": self._address()}
        self.schema = {**head, **self._inlined(own, name), "$defs": self._defs}

    def _load(self, name: str) -> dict[str, Any]:
        if name not in self._loaded:
            self._loaded[name] = json.loads(packaged("schema", f"{name}{ENDING}"))
        return dict(self._loaded[name])

    def _address(self) -> str:
        other = "calendar"
        return str(self._load(other)["$id"]).replace(f"{other}{ENDING}", f"{self._name}{ENDING}")

    def _inlined(self, part: Any, home: str) -> Any:
        if isinstance(part, list):
            return [self._inlined(each, home) for each in part]
        if not isinstance(part, dict):
            return part
        return {
            key: self._reference(inner, home) if key == "$ref" else self._inlined(inner, home)
            for key, inner in part.items()
        }

    def _reference(self, reference: str, home: str) -> str:
        file, _, name = reference.partition("#/$defs/")
        home = file.removesuffix(ENDING) or home
        key = name if home == self._name else f"{home}_{name}"
        if key not in self._defs and home != self._name:
            self._defs[key] = {}  # until it is there: it may refer to itself
            self._defs[key] = self._inlined(self._load(home)["$defs"][name], home)
        return f"#/$defs/{key}"

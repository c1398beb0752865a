"""The JSON documents that commands print, out of their types: their schemas, and the tables of docs/json.md.

A document is a TypedDict in `publer_sync`: each key is `Annotated` with the sentence that says what it is, and, where its
type does not say enough, with what a JSON Schema says beside it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from publer_sync.assisting import lengths, previews
from publer_sync.checking import survey
from publer_sync.commands import release
from publer_sync.commands.running import documents as commands
from publer_sync.drafting import approve_page, fill_page, new_page
from publer_sync.importing import import_page
from publer_sync.render import (
    checks,
    data,
    explain,
    export,
    forget,
    hold_data,
    move,
    notice,
    plan_pages,
    pull,
    status,
)
from publer_sync.render.layout import documents
from publer_sync.render.past import log, log_approvals, results_data
from publer_sync.render.past import release as release_page
from publer_sync.values.documented import Also

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = dict[str, Any]

DOCUMENTS: Final[Mapping[str, type]] = {
    "accounts": commands.AccountsDocument,
    "approve": approve_page.ApproveDocument,
    "calendars": commands.CalendarsDocument,
    "count": lengths.CountDocument,
    "doctor-survey": survey.SurveyDocument,
    "error": documents.ErrorDocument,
    "forget": forget.ForgetDocument,
    "init": commands.InitDocument,
    "log": log.LogDocument,
    "log-approvals": log_approvals.ApprovalLogDocument,
    "preview": previews.PreviewDocument,
    "several": commands.SeveralDocument,
    "state-mv": commands.MovedDocument,
    "validate": documents.ProblemsDocument,
    "plan": data.PlanDocument,
    "apply": data.ReportDocument,
    "doctor": checks.ChecksDocument,
    "export": export.ExportDocument,
    "import": import_page.ImportDocument,
    "fill": fill_page.FillDocument,
    "move": move.MoveDocument,
    "new": new_page.NewDocument,
    "notify": notice.NoticeDocument,
    "pull": pull.PullDocument,
    "release": release.ReleaseDocument,
    "explain": explain.ExplainDocument,
    "hold": hold_data.HoldDocument,
    "results": results_data.ResultsDocument,
    "status": status.StatusDocument,
}
"""By the name that `publer-sync schema` has for them."""


# --- schemas ----------------------------------------------------------------------------------------------------------


def schema_of(name: str) -> Schema:
    """The schema of a document; the parts that are objects are under `$defs`, by the names of their types."""
    kind, parts = DOCUMENTS[name], dict[str, Schema]()
    own = _object(kind, parts)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": sentence_of(kind)}
    return {
        **head,
        **own,
        **BESIDE.get(name, {}),
        **({"$defs": dict(sorted(parts.items()))} if parts else {}),
    }


BESIDE: Final[Mapping[str, Schema]] = {
    "validate": {
        "dependentRequired": {
            "written": ["fixes", "files"],
            "fixes": ["written", "files"],
            "files": ["written", "fixes"],
        }
    }
}
"""What is true of several keys of a document together."""


def _object(kind: type, parts: dict[str, Schema]) -> Schema:
    properties = {key: _part(hint, parts) for key, hint in hints_of(kind).items()}
    required = [key for key, hint in hints_of(kind).items() if _is_required(kind, key, hint)]
    return {
        "type": "object",
        **({"required": required} if required else {}),
        "additionalProperties": False,
        "properties": properties,
    }


def _described(sentence: str) -> str:
    """As editors show it: without links, and with a capital."""
    bare = LINK.sub(r"\1", sentence)
    return bare[:1].upper() + bare[1:]


LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def _is_required(kind: type, key: str, hint: Any) -> bool:
    """Where annotations are postponed, `NotRequired` counts only once they are read."""
    return typing.get_origin(hint) is not typing.NotRequired and key in kind.__required_keys__  # type: ignore[attr-defined]  # every TypedDict has them


def _part(hint: Any, parts: dict[str, Schema]) -> Schema:
    hint, notes = annotated(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    more: Schema = {}
    for note in notes:
        more |= json.loads(note) if isinstance(note, Also) else {"description": _described(note)}
    if origin in (typing.Union, types.UnionType):
        return {**_union([_part(arg, parts) for arg in args]), **more}
    if origin is Literal:
        return {**({"const": args[0]} if len(args) == 1 else {"enum": [*args]}), **more}
    if origin is list:
        return {"type": "array", "items": _part(args[0], parts), **more}
    if origin in (dict, Mapping):
        values = _part(args[1], parts)
        return {"type": "object", **({"additionalProperties": values} if values else {}), **more}
    if typing.is_typeddict(hint):
        name = name_of(hint)
        if name not in parts:
            parts[name] = {}  # until it is there: it may hold itself
            parts[name] = _object(hint, parts)
        return {"$ref": f"#/$defs/{name}", **more}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [str(each) for each in hint], **more}
    return {**_PLAIN[hint], **more}


_PLAIN: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    None: {"type": "null"},
    Any: {},
}


def _union(parts: list[Schema]) -> Schema:
    """One of several; null beside one other is written into it."""
    others = [part for part in parts if part != {"type": "null"}]
    if len(others) == 1 and len(parts) == 2:
        [other] = others
        if "enum" in other:
            return {**other, "enum": [*other["enum"], None]}
        if isinstance(other.get("type"), str):
            return {**other, "type": [other["type"], "null"]}
    return {"anyOf": parts}


# --- the types --------------------------------------------------------------------------------------------------------


def hints_of(kind: type) -> dict[str, Any]:
    """The type of each key, those of the types it extends first."""
    names = {**_names(), **_for_types(kind.__module__), "Json": Any}
    return typing.get_type_hints(kind, localns=names, include_extras=True)


@cache
def _names() -> dict[str, Any]:
    """What modules with documents import for the type checker alone."""
    kinds = [*DOCUMENTS.values(), plan_pages.PagesData, release_page.NotStopped]
    return {key: value for kind in kinds for key, value in _for_types(kind.__module__).items()}


@cache
def _for_types(module: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for line in node.body:
                if (
                    isinstance(line, ast.ImportFrom)
                    and line.module
                    and line.module.startswith("publer_sync.")
                ):
                    home = importlib.import_module(line.module)
                    found |= {
                        each.name: getattr(home, each.name) for each in line.names if each.name != "Json"
                    }
    return found


def annotated(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type without what it is annotated with, and that: a sentence, or parts of a schema."""
    notes: tuple[Any, ...] = ()
    while True:
        origin = typing.get_origin(hint)
        if origin is typing.Annotated:
            hint, *found = typing.get_args(hint)
            notes = (*found, *notes)
        elif origin in (typing.NotRequired, typing.Required):
            [hint] = typing.get_args(hint)
        else:
            return hint, notes


def name_of(kind: type) -> str:
    """`change` for ChangeData."""
    words = kind.__name__.removesuffix("Data").removesuffix("Document")
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in words).lstrip("_")


def sentence_of(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0].removesuffix(".")


# --- the page ---------------------------------------------------------------------------------------------------------


HOMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("account", "workspace", "source", "field", "change", "hold"), "plan"),
    "problem": "validate",
    "report": "apply",
}
"""The document under which the page says what a part is, where several have it."""


def rows(name: str) -> Iterator[tuple[str, str]]:
    """A row for each key of a document that its name does not explain, and below it those of what it holds."""
    opened = {part for part, home in HOMES.items() if home != name}
    yield from _rows(DOCUMENTS[name], "", opened)


def _rows(kind: type, before: str, opened: set[str]) -> Iterator[tuple[str, str]]:
    for key, hint in hints_of(kind).items():
        path, held = f"{before}{key}", [*_held(hint, f"{before}{key}")]
        new = [(part, step) for part, step in held if name_of(part) not in opened]
        evident = [f"`{name}`" for part, _ in new for name, of in hints_of(part).items() if not _said(of)]
        parts = [*_said(hint), *([f"has {', '.join(evident)}"] if evident else [])]
        if parts:
            yield f"`{path}`", "; ".join(parts).replace("|", "\\|")
        for part, step in new:
            opened.add(name_of(part))
            yield from _rows(part, f"{step}.", opened)


def _said(hint: Any) -> list[str]:
    """The nearest sentence beside a type."""
    return [note for note in annotated(hint)[1] if not isinstance(note, Also)][-1:]


def _held(hint: Any, path: str) -> Iterator[tuple[type, str]]:
    """The objects under a key, and their paths."""
    hint, _ = annotated(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if typing.is_typeddict(hint):
        yield hint, path
    elif origin in (typing.Union, types.UnionType):
        for arg in args:
            yield from _held(arg, path)
    elif origin is list:
        yield from _held(args[0], f"{path}[]")
    elif origin is dict:
        yield from _held(args[1], f"{path}.NAME")

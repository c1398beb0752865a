"""Writes what follows from others into the schemas of `schema/`: `python -m tests.write_schema`.

All get their addresses. Into `calendar.schema.json` goes what the table of networks says, and of the keys of a post which
are taken at each level. The schema of a document that a command prints is that of its type (`tests.documents`). `shared-settings.schema.json` is the settings' schema without the keys that belong to one calendar.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync import __version__
from publer_sync.calendar.shape.keys import OF_ONE_CALENDAR
from publer_sync.calendar.shape.schema import FOR_EDITORS
from publer_sync.calendar.when import sums, times
from publer_sync.networks.hashtags import PATTERN
from publer_sync.networks.table import NETWORKS, POST_TYPES, Network, network_of
from publer_sync.values.post_keys import POST_KEYS
from tests import documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.networks.fields import Field

SCHEMAS = Path(__file__).parent.parent / "schema"
CALENDAR, SETTINGS, SHARED = (
    SCHEMAS / f"{name}.schema.json" for name in ("calendar", "settings", "shared-settings")
)

REFERENCE = re.compile(r'"\$ref": "[a-z-]+\.schema\.json')
"""To another schema in the folder."""
OF_FILES = tuple(key.name for key in POST_KEYS.values() if key.level == "file")
"""What a file of posts says for all of them, and so a file that is one post."""
_NO_TIME = "write the day as year-month-day and the time on a 24-hour clock, as in 2027-03-02 09:00"


def _in_editors(pattern: str) -> str:
    """A pattern of the reader as JavaScript knows it."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


_WEEKDAYS = "|".join(
    "".join(f"[{letter.upper()}{letter}]" for letter in day[:3])
    + "".join(f"(?:[{letter.upper()}{letter}]" for letter in day[3:])
    + ")?" * len(day[3:])
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
_DAY = rf"(?:(?:{_WEEKDAYS})\.?,?[ \t]+)?[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}"
_CLOCK = _in_editors(times.CLOCK)
_SUM = _in_editors(sums.SUM.pattern)
WHEN = rf"^[ \t]*(?:{_DAY}(?:(?:[ \t]*[Tt]|[ \t]+)[ \t]*{_CLOCK})?|[Tt]?[ \t]*{_CLOCK}|[Nn][Ee][Xx][Tt]|{_SUM})[ \t]*$(?!\n)"
"""What an editor takes for a time; it knows neither calendars nor the names of dates."""
DAY = rf"^[ \t]*(?:{_DAY}|{_SUM})[ \t]*$(?!\n)"
OWN, WRITTEN = "own_", "network_"
"""How the parts begin of the keys that only some networks have, and of the networks, which are written here."""


def with_networks(calendar: Mapping[str, Any]) -> dict[str, Any]:
    """The calendar's schema with what each network takes written in."""
    whole = copy.deepcopy(dict(calendar))
    before = whole["$defs"]
    defs = {key: part for key, part in before.items() if not key.startswith((OWN, WRITTEN))}
    whole["$defs"] = defs
    _write_levels(defs)
    for part, pattern in (
        (defs["when"], WHEN),
        (defs["not_before"], WHEN),
        (defs["repeat"]["properties"]["until"], DAY),
        (defs["evergreen"]["properties"]["from"], DAY),
        (defs["evergreen"]["properties"]["until"], DAY),
    ):
        part |= {"$comment": FOR_EDITORS, "pattern": pattern, "errorMessage": _NO_TIME}
    variant = defs["variant"]
    defs["type"]["enum"] = [*POST_TYPES, None]
    defs["link"]["properties"]["call_to_action"]["enum"] = [*_buttons(), None]
    mixed: dict[str, dict[str, Any]] = {}
    for network in NETWORKS.values():
        own = {}
        for field in network.fields:
            name = _own(before, network, field)
            defs[name] = mixed.setdefault(field.name, {})[name] = before[name]
            own[field.name] = {"$ref": f"#/$defs/{name}"}
        defs[f"network_{network.key}"] = {
            "title": f"a post on {network.label}",
            "description": f"What differs on {network.label}, and the keys that only {network.label} has",
            "type": ["object", "null"],
            "properties": {**variant["properties"], "type": _type(defs["type"], network), **own},
            "additionalProperties": False,
            "defaultSnippets": defs["post"]["defaultSnippets"],
            "examples": [{"text": f"Words for {network.label}"}],
        }
    names = ["x", *NETWORKS]
    defs["networks"] = {
        "title": "the networks",
        "description": "What differs on one network: any key of a post, and keys that only the network has",
        "type": ["object", "null"],
        "properties": {name: {"$ref": f"#/$defs/network_{network_of(name)}"} for name in names},
        "additionalProperties": False,
        "examples": [{"x": {"text": "Words for X"}}],
    }
    both = {
        key: _one_of([*known.values()]) if len(known) > 1 else {"$ref": f"#/$defs/{name}"}
        for key, known in mixed.items()
        for name in [*known][:1]
    }
    defs["account"] = {
        "title": "an account entry",
        "description": "An alias, a group or all; -alias leaves one out; or `account` with the keys that differ there",
        "type": ["string", "object"],
        "minLength": 1,
        "properties": {
            "account": {
                "type": "string",
                "minLength": 1,
                "description": "The alias of the account, or a group",
                "examples": ["x", "words"],
            },
            **variant["properties"],
            **both,
        },
        "required": ["account"],
        "additionalProperties": False,
        "examples": ["facebook", {"account": "x", "labels": ["short"]}],
    }
    return whole


def _own(defs: Mapping[str, Any], network: Network, field: Field) -> str:
    """The part of a key that only some networks have: of this network, or of all that have it."""
    name = f"{OWN}{network.key}_{field.name}"
    name = name if name in defs else f"{OWN}{field.name}"
    if name not in defs:
        raise SystemExit(f"schema/{CALENDAR.name} has no {name}: what {field.name} of {network.label} takes")
    return name


def taken(network: Network, field: Field) -> dict[str, Any]:
    """What a key of a network takes, but for null, which takes away what stands further out."""
    defs = json.loads(CALENDAR.read_text(encoding="utf-8"))["$defs"]
    part = defs[_own(defs, network, field)]
    types = [each for each in part["type"] if each != "null"]
    choices = {"enum": [each for each in part["enum"] if each is not None]} if "enum" in part else {}
    return {**part, "type": types[0] if len(types) == 1 else types, **choices}


def _write_levels(defs: dict[str, Any]) -> None:
    """The keys at each level, out of those of a post: what differs on an account, front matter, and defaults."""
    post = defs["post"]["properties"]
    if rowless := [key for key in post if key not in POST_KEYS]:
        raise SystemExit(f"publer_sync/values/post_keys.py has no row for {', '.join(rowless)}")
    variant = {key: part for key, part in post.items() if POST_KEYS[key].level == "any"}
    own = {key: part for key, part in variant.items() if POST_KEYS[key].form != "time"}
    defaults = {**own, "not_before": post["not_before"], "networks": post["networks"]}
    defs["variant"]["properties"] = variant
    own_variant = {key: part for key, part in variant.items() if key != "at"}
    defs["stored_variant"]["properties"] = {**own_variant, "networks": post["networks"]}
    defs["markdown"]["properties"] = {**post, **{key: {"$ref": f"#/$defs/{key}"} for key in OF_FILES}}
    defs["defaults"]["properties"] = defaults
    defs["settings_defaults"]["properties"] = {"accounts": post["accounts"], **defaults}


def shared(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a file that settings extend."""
    properties = {key: part for key, part in settings["properties"].items() if key not in OF_ONE_CALENDAR}
    return {
        "$schema": settings["$schema"],
        "title": "the shared settings",
        "description": "What the publer.yaml of several calendars extends: settings that they share",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {
            key: part
            for key, part in settings["$defs"].items()
            if f'#/$defs/{key}"' in json.dumps(properties)
        },
    }


def _one_of(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Where networks differ, what each of them says; the examples of all stand together."""
    said = dict.fromkeys(part["description"] for part in parts)
    choices = [{key: value for key, value in part.items() if key != "examples"} for part in parts]
    shown: list[Any] = []
    for example in (each for part in parts for each in part.get("examples", ())):
        shown += [] if example in shown else [example]
    examples = {"examples": shown} if shown else {}
    return {"description": "; or: ".join(said), "anyOf": choices, **examples}


def _buttons() -> dict[str, None]:
    """Every button that some network has: which network a link goes to, its schema cannot see."""
    return dict.fromkeys(button for network in NETWORKS.values() for button in network.buttons)


def _type(all_types: Mapping[str, Any], network: Network) -> dict[str, Any]:
    """What may stand as `type` there: editors offer these alone."""
    return {**all_types, "enum": [*(kind for kind in POST_TYPES if kind in network.all_types), None]}


def with_hashtags(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings' schema with what a hashtag may be."""
    whole = copy.deepcopy(dict(settings))
    whole["properties"]["hashtags"]["additionalProperties"]["items"]["pattern"] = PATTERN
    return whole


def written(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def with_id(file: Path, text: str) -> str:
    """The schema with its address, which names the version, below the first key.

    One that refers to a file beside it goes without: what it refers to would be looked for on the network.
    """
    address = f"https://raw.githubusercontent.com/publer-sync/publer-sync/v{__version__}/schema/{file.name}"
    line = "" if REFERENCE.search(text) else f'  "$id": "{address}",\n'
    return re.sub(
        r'\A(\{\n  "\$schema": "[^"]*",\n)(?:  "\$id": "[^"]*",\n)?', lambda found: found[1] + line, text
    )


if __name__ == "__main__":
    now = json.loads(CALENDAR.read_text(encoding="utf-8"))
    CALENDAR.write_text(written(with_networks(now)), encoding="utf-8")
    settings = with_hashtags(json.loads(SETTINGS.read_text(encoding="utf-8")))
    SETTINGS.write_text(written(settings), encoding="utf-8")
    SHARED.write_text(written(shared(settings)), encoding="utf-8")
    for name in documents.DOCUMENTS:
        (SCHEMAS / f"{name}.schema.json").write_text(written(documents.schema_of(name)), encoding="utf-8")
    for file in SCHEMAS.glob("*.schema.json"):
        file.write_text(with_id(file, file.read_text(encoding="utf-8")), encoding="utf-8")

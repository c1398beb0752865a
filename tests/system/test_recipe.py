"""Keys that are added to a copy of the tree by the recipe of docs/architecture.md, and by nothing else, go all the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.conftest import ROOT
from tests.mutants import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMA: Final = "schema/calendar.schema.json"
KEYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "campaign": {
        "title": "campaign",
        "description": "The campaign that the post is part of; Publer shows it as a label",
        "type": ["string", "null"],
        "examples": ["spring", "autumn"],
    },
    "subtitle": {
        "title": "subtitle",
        "description": "The line below the title",
        "type": ["string", "null"],
        "examples": ["Seen from below", "Seen from above"],
    },
}
LINES: Final = {
    "values/post_keys.py": (
        '    PostKey("draft", ',
        '    PostKey("campaign", "word", joins="labels"),\n    PostKey("subtitle", "prose", sent="network.subtitle"),\n',
    ),
    "values/content.py": ("    draft: bool = False\n", '    subtitle: str = ""\n'),
}
"""The modules that are edited by hand: a line of each, and what is written above it."""


@pytest.fixture
def copy() -> Iterator[Copy]:
    made = Copy()
    (made.top / "publer_sync" / "schema").symlink_to(made.top / "schema")  # as where it is installed
    try:
        yield made
    finally:
        made.close()


def run(copy: Copy, *words: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=copy.top,
        env={**os.environ, "PYTHONPATH": str(copy.top)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-12_000:] + ran.stderr[-3_000:]


@pytest.mark.slow
def test_keys_that_are_added_by_the_recipe_alone_go_all_the_way(copy: Copy) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [recipe] = re.findall(r"^- \*\*A key of a post\*\*: (.+(?:\n  .+)*)", page, re.MULTILINE)
    assert {SCHEMA, *LINES} <= {*re.findall(r"`([\w./]+)`", recipe)}
    file = copy.top / SCHEMA
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["$defs"] |= KEYS
    schema["$defs"]["post"]["properties"] |= {name: {"$ref": f"#/$defs/{name}"} for name in KEYS}
    file.write_text(json.dumps(schema), encoding="utf-8")
    for name, (line, above) in LINES.items():
        module = copy.top / "publer_sync" / name
        text = module.read_text(encoding="utf-8")
        assert text.count(line) == 1
        module.write_text(text.replace(line, above + line), encoding="utf-8")
    run(copy, "tests.write_schema")
    sweeps = ("test_everywhere", "test_key_tables", "test_schemas", "rules/test_swallowed")
    asked = [f"tests/{each}.py" for each in ("system/added_key", *sweeps)]
    run(copy, "pytest", "-q", "-n0", "-p", "no:cacheprovider", *asked)

"""Keys, networks and formats that are added to a copy of the tree by the recipes of docs/architecture.md, and by nothing else, go all the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from publer_sync.commands.running.views import PLAN, STATUS
from tests.conftest import EVERY, ROOT
from tests.forked import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

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
def copy() -> Iterator[Path]:
    with tree() as top:
        (top / "publer_sync" / "schema").symlink_to(top / "schema")  # as where it is installed
        yield top


def ran(
    copy: Path, *words: str | Path, ends: int = 0, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(copy), **(environ or {})}
    ended = subprocess.run(
        [sys.executable, "-m", *words], cwd=copy, env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == ends, ended.stdout[-12_000:] + ended.stderr[-3_000:]
    return ended


def recipe(name: str) -> set[str]:
    """What the recipe for adding this has between backticks."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [words] = re.findall(rf"^- \*\*{name}\*\*: (.+(?:\n  .+)*)", page, re.MULTILINE)
    return {*re.findall(r"`([^`]+)`", words)}


def write_above(copy: Path, name: str, line: str, above: str) -> None:
    """Write something above the one place in a module that says this."""
    module = copy / "publer_sync" / name
    text = module.read_text(encoding="utf-8")
    assert text.count(line) == 1
    module.write_text(text.replace(line, above + line), encoding="utf-8")


def add_parts(copy: Path, of_post: Mapping[str, Any] | None = None, /, **parts: Mapping[str, Any]) -> None:
    """Write parts into the calendar's schema, and properties of a post."""
    file = copy / SCHEMA
    schema = json.loads(file.read_text(encoding="utf-8"))
    schema["$defs"] |= parts
    schema["$defs"]["post"]["properties"] |= of_post or {}
    file.write_text(json.dumps(schema), encoding="utf-8")


@pytest.mark.slow
def test_keys_that_are_added_by_the_recipe_alone_go_all_the_way(copy: Path) -> None:
    assert {SCHEMA, *LINES} <= recipe("A key of a post")
    add_parts(copy, {name: {"$ref": f"#/$defs/{name}"} for name in KEYS}, **KEYS)
    for name, (line, above) in LINES.items():
        write_above(copy, name, line, above)
    ran(copy, "tests.write_schema")
    sweeps = ("test_everywhere", "test_key_tables", "test_schemas", "rules/test_swallowed")
    asked = [f"tests/{each}.py" for each in ("system/added_key", *sweeps)]
    ran(copy, "pytest", "-q", "-n0", "-p", "no:cacheprovider", *asked)


MATURE: Final = {"type": ["boolean", "null"], "description": "Mark the post as for adults"}
NETWORK: Final = (
    (
        "networks/own_fields.py",
        "MASTODON: Final = (\n",
        """\
TUMBLR: Final = (
    SIGNATURE,
    detail("mature", API, says=("for adults", "for everyone")),
)

""",
    ),
    (
        "networks/table.py",
        ")\n\nNETWORKS: ",
        """\
    Network(
        key="tumblr",
        label="Tumblr",
        types=("status", "photo"),
        text=TextLimit(4_096, source="Tumblr's documents"),
        images=ImageLimit(30, max_bytes=20 * MB),
        caps=(Cap(50),),
        fields=own.TUMBLR,
    ),
""",
    ),
    ("previewing/html.py", '    "facebook": "f", ', '    "tumblr": "t",\n'),
    ("previewing/page.css", ".n-facebook {", ".n-tumblr { background: #2b4a5e; }\n"),
    ("sandbox/seed.py", "}\n\n\n@dataclass", '    "tumblr": "My Tumblr",\n'),
    ("sandbox/tables.py", '        "facebook": "status ', '        "tumblr": "status photo",\n'),
    ("sandbox/tables.py", '    "facebook": 36,', '    "tumblr": 50,\n'),
)
"""The modules that are edited by hand: a place in each, and what is written above it."""


@pytest.mark.slow
@pytest.mark.skipif(
    not EVERY,
    reason="quick tests ask for all that a network takes; the whole way is gone every night (PUBLER_SYNC_EVERY=1)",
)
def test_a_network_that_is_added_by_the_recipe_alone_is_known_everywhere(copy: Path) -> None:
    said = recipe("A network") | recipe("A key of one network")
    assert {SCHEMA, *(name for name, *_ in NETWORK)} <= said
    add_parts(copy, own_mature=MATURE)
    for name, line, above in NETWORK:
        write_above(copy, name, line, above)
    ran(copy, "tests.write_schema")
    ran(copy, "tests.write_docs", copy / "docs" / "networks.md")
    asked = (
        "test_everywhere.py",
        "networks/test_table.py",
        "calendar/test_schema.py::test_the_schema_says_of_each_network_what_the_table_says",
        "sandbox/test_posts.py::test_without_accounts_there_is_one_of_each_network",
        "test_docs.py::test_a_networks_examples_are_of_the_types_they_say",
        "test_docs.py::test_publer_takes_every_networks_examples",
    )
    ran(copy, "pytest", "-q", "-n0", "-p", "no:cacheprovider", *(f"tests/{each}" for each in asked))


VIEWS: Final = "commands/running/views.py"
FORMATS: Final = {
    "render/status_sheet.py": """\
from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.layout.spreadsheet import csv_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.planning.standing import Standing


def table(found: Sequence[Standing]) -> str:
    rows = [(each.plan.calendar, len(each.plan.listed)) for each in found]
    return csv_table([("calendar", "changes"), *rows])
""",
    "render/plan_ids.py": """\
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publer_sync.planning.plan import Plan


def ids(plan: Plan, *, command: str) -> str:
    return "".join(f"{each.id} {command}\\n" for each in plan.listed)
""",
}
"""Views: one of all calendars together, and one of each that wants something which its command offers."""
ENTRIES: Final = {
    '    "prometheus": ': '    "sheet": together("publer_sync.render.status_sheet:table"),\n',
    '    "markdown": View("publer_sync.render.markdown:plan"': '    "ids": View("publer_sync.render.plan_ids:ids"),\n',
}


@pytest.mark.slow
def test_a_format_that_is_added_by_the_recipe_alone_is_offered_and_shows_several_calendars(
    copy: Path, tmp_path: Path
) -> None:
    assert {"render/", VIEWS, "together", "csv_table"} <= recipe("A format of a command")
    for name, text in FORMATS.items():
        (copy / "publer_sync" / name).write_text(text, encoding="utf-8")
    for line, entry in ENTRIES.items():
        write_above(copy, VIEWS, line, entry)

    for folder, name in (("acme", "acme"), ("bank", "=1+1"), ("cafe", "")):
        (tmp_path / folder).mkdir()
        settings = f"name: '{name}'\ntimezone: UTC\naccounts: {{x: Fjordlight}}\n" if name else "accounts: ["
        (tmp_path / folder / "publer.yaml").write_text(settings, encoding="utf-8")
        post = f"posts:\n- id: of-{folder}\n  at: 2027-03-02 09:00\n  accounts: x\n  text: Hello\n"
        (tmp_path / folder / "posts.yaml").write_text(post, encoding="utf-8")
    shown = ("--sandbox", "--now", "2027-03-01", "--format")
    status = ran(copy, "publer_sync", "status", tmp_path, *shown, "sheet", ends=3)
    assert status.stdout == "calendar,changes\nacme,1\n'=1+1,1\n"
    assert f"{tmp_path}/cafe: " in status.stderr
    alone = ran(copy, "publer_sync", "status", tmp_path / "acme", *shown, "sheet")
    assert alone.stdout == "calendar,changes\nacme,1\n"
    plan = ran(copy, "publer_sync", "plan", tmp_path / "acme", tmp_path / "bank", *shown, "ids")
    assert [line.partition(" ")[0] for line in plan.stdout.splitlines()] == ["of-acme", "of-bank"]
    assert plan.stdout.count(" publer-sync apply ") == 2

    for command, table, added, next_one in (
        ("status", STATUS, "sheet", "prometheus"),
        ("plan", PLAN, "ids", "markdown"),
    ):
        choices = "|".join(table).replace(next_one, f"{added}|{next_one}")
        assert f"[{choices}]" in ran(copy, "publer_sync", command, "--help").stdout
    asked = {"COMP_WORDS": "publer-sync status --format ", "COMP_CWORD": "3"}
    offered = ran(copy, "publer_sync", environ={"_PUBLER_SYNC_COMPLETE": "bash_complete", **asked})
    assert "plain,sheet" in offered.stdout.splitlines()
    ran(copy, "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-k", "views", "tests/test_everywhere.py")

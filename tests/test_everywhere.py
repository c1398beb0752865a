"""What is added in one place and has to be known in others: networks, commands, and the codes of warnings and refusals."""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import fields
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import click
import pytest

from publer_sync.calendar.shape import schema as files
from publer_sync.calendar.shape.certainty import CODES
from publer_sync.cli.group import main_group
from publer_sync.commands import schema
from publer_sync.commands.running import views
from publer_sync.commands.running.views import APPLY, PLAN, View
from publer_sync.machine.packaged import packaged
from publer_sync.networks.table import NETWORKS
from publer_sync.previewing import html
from publer_sync.rules.rulebook import RULES
from publer_sync.sandbox import Seed
from publer_sync.sandbox.tables import DAILY, TYPES
from publer_sync.values.content import Content
from publer_sync.values.post_keys import CONTENT, POST_KEYS
from tests.docs_site import DOCS
from tests.documents import DOCUMENTS
from tests.sources import MODULES
from tests.tables import each_of
from tests.write_docs import PAGES, commands

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS = dict(commands())
VIEWS: dict[str, dict[str, View]] = {
    name.lower().replace("_", "-"): table
    for name, table in vars(views).items()
    if isinstance(table, dict) and name.isupper()
}
"""By the command, or by what its document is called."""
WITHOUT_A_SCHEMA = {"schema", "completion", "sandbox", "mcp", "preview", "edit"}
"""Commands that print no document: `preview` and `edit` are pages, the others serve programs in their own way."""
SCHEMAS = {"state mv": "state-mv", "copy": "move"}
"""What the schema of a command is called, where that is not its name."""


@each_of("network", list(NETWORKS.values()), ids=lambda network: network.code)
def test_a_network_has_its_letters_its_colour_its_page_and_an_account_to_try(network: Any) -> None:
    page = (DOCS / "networks.md").read_text(encoding="utf-8")
    colour = rf"\.n-{network.code} {{ background: #[0-9a-f]{{6}};"
    has = {
        "its letters in _GLYPHS of previewing/html.py": network.code in html._GLYPHS,
        "its colour in previewing/page.css": re.search(colour, packaged("previewing", "page.css")),
        "its name on docs/networks.md (tests.write_docs)": f"\n## {network.label}\n" in page,
        "its alias there": f"Under `networks` and as an alias: `{network.code}`." in page,
        "an account in sandbox/seed.py": network.key in {account.provider for account in Seed().accounts},
        "its types in TYPES of sandbox/tables.py": network.key in TYPES,
        "its posts in a day in DAILY of sandbox/tables.py": network.key in DAILY,
    }
    assert all(has.values()), lacking(has)


def lacking(has: Mapping[str, object]) -> str:
    return f"it lacks {'; '.join(what for what, found in has.items() if not found)}"


def test_a_key_of_a_post_is_part_of_its_content_or_has_a_reason_not_to_be() -> None:
    """The slow sweep of tests/system/test_travel.py then follows each to Publer and to every page."""
    here = [key.name for key in POST_KEYS.values() if key.level in ("any", "post")]
    assert {*here} == files.schema(files.CALENDAR)["$defs"]["post"]["properties"].keys()
    assert [each.name for each in fields(Content)] == [*(key.name for key in CONTENT), "network"]


@each_of("name", COMMANDS)
def test_a_command_has_its_help_its_page_its_words_and_its_schema(name: str) -> None:
    command = COMMANDS[name]
    others = [page for page in PAGES if page.name not in ("commands.md", "CONTRIBUTING.md")]
    prints = any("json" in getattr(option.type, "choices", ()) for option in command.params)
    has = {
        "a line or a help in its module of cli/": command.short_help or command.help,
        "an example in its help": f"publer-sync {name}" in (command.help or ""),
        "its help on docs/commands.md (tests.write_docs)": f"\n## {name}\n"
        in (DOCS / "commands.md").read_text(encoding="utf-8"),
        f"a page that says what `publer-sync {name}` is for": any(
            f"publer-sync {name}" in page.read_text(encoding="utf-8") for page in others
        ),
        "a format json, or its name in WITHOUT_A_SCHEMA": prints is (name not in WITHOUT_A_SCHEMA),
        "its type in tests/documents.py, and its schema (tests.write_schema)": not prints
        or SCHEMAS.get(name, name) in schema.available(),
    }
    assert all(has.values()), lacking(has)


@each_of("name", COMMANDS)
def test_a_command_has_the_formats_of_its_views(name: str) -> None:
    """One that writes has text and JSON alone: what it is about to do is shown before its question."""
    own = [table for each, table in VIEWS.items() if each.partition("-")[0] == name]
    here = [[*dict.fromkeys(chain.from_iterable(own))]] if own else [[], ["text", "json"]]
    assert formats_of(COMMANDS[name]) in here


def formats_of(command: click.Command) -> list[str]:
    types = [each.type for each in command.params if each.name == "style"]
    return [*types[0].choices] if types and isinstance(types[0], click.Choice) else []


@each_of("name", VIEWS)
def test_the_views_of_a_command_show_the_same_and_its_document_has_its_schema(name: str) -> None:
    views = VIEWS[name].values()
    shown = [next(iter(function_of(view).__annotations__.values())) for view in views]
    if len({view.together for view in views}) > 1:
        pairs = zip(views, shown, strict=True)
        shown = [each if view.together else f"Sequence[{each}]" for view, each in pairs]
    assert len({each.replace("Iterable[", "Sequence[") for each in shown}) == 1, shown
    told = {each: function_of(view).__annotations__["return"] for each, view in VIEWS[name].items()}
    assert name in DOCUMENTS, "its type goes into DOCUMENTS of tests/documents.py"
    assert told == {**dict.fromkeys(told, "str"), "json": DOCUMENTS[name].__name__}


def function_of(view: View) -> Any:
    module, _, name = view.function.partition(":")
    return getattr(importlib.import_module(module), name)


def test_an_apply_shows_each_calendar_once_it_has_ended() -> None:
    together = {name for name, view in [*PLAN.items(), *APPLY.items()] if view.together}
    assert together.isdisjoint(APPLY.keys() & PLAN.keys())
    assert APPLY.keys() <= PLAN.keys()


def test_a_shell_offers_every_command() -> None:
    context = click.Context(main_group)
    offered = {item.value for item in main_group.shell_complete(context, "")}
    assert offered >= {name.partition(" ")[0] for name in COMMANDS}


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Every call in the code: its room, what is called, and the call."""
    found = []
    for module in MODULES.values():
        for node in module.nodes:
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                found.append((module.room, name, node))
    return found


def given_to(*names: str, room: str = "") -> set[str]:
    """The codes with which something of these names is made, among the first two arguments."""
    return {
        part.value
        for home, name, node in calls()
        if name in names and room in ("", home)
        for part in node.args[:2]
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        if re.fullmatch(r"[a-z_]+(\.[a-z_-]+)*", part.value)
    }


@pytest.mark.slow
def test_every_warning_and_every_refusal_of_a_plan_has_its_line() -> None:
    page = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    _, section = page.split("\n## What a plan warns of\n")
    lines = set(re.findall(r"^\| `([a-z_.]+)` \|", section.partition("\n## ")[0], re.MULTILINE))
    assert lines == given_to("Warn", "warn", "Refusal")


@pytest.mark.slow
def test_every_problem_of_a_file_has_its_line_or_that_of_its_family() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    lines = {
        code
        for cells in re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)
        for code in re.findall(r"`([^`]+)`", cells)
    }
    codes = {
        code
        for code in given_to("problem_at", "Problem", "TimeError", "report", room="calendar")
        if "." in code
    }
    assert len(codes) > 30
    assert {
        code for code in codes if code not in lines and f"{code.partition('.')[0]}.…" not in lines
    } == set()


def cells_below(*header: str) -> list[list[str]]:
    """The rows of a table of docs/rules.md, below its header."""
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    _, table = page.split(f"\n| {' | '.join(header)} |\n")
    rows = table.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def test_every_rule_has_its_line_with_what_it_is_about_and_where_that_comes_from() -> None:
    rows = cells_below("code", "severity", "problem", "source")
    told = [
        (
            f"`{rule.code}`",
            ("error; with `.soft` a warning" if rule.softer else rule.severity) + ", always" * rule.firm,
        )
        for rule in RULES.values()
    ]
    assert [(code, severity) for code, severity, _, _ in rows] == told
    for code, _, problem, source in rows:
        assert problem[0].islower() or problem.startswith(("Publer", "Markdown", "HTML", "Google")), code
        assert not problem.endswith("."), code
        assert source, code


def test_every_fix_has_its_line_with_the_reason_why_it_cannot_be_wrong() -> None:
    rows = cells_below("code", "what is done", "why it cannot be wrong")
    assert sorted(code for code, _, _ in rows) == sorted(f"`{code}`" for code in CODES)
    assert all(done and why for _, done, why in rows)

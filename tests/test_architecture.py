"""Who may import whom, one home for each library, one meaning for each name, and modules that fit on a few screens.

docs/architecture.md explains the rooms.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.sources import MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from tests.conftest import Cli

GROUND: dict[str, set[str]] = {
    "starting": set(),
    "values": {"starting"},
    "machine": {"starting", "values"},
}
"""What every room stands on, and may import."""
MAY_IMPORT: dict[str, set[str]] = {
    **GROUND,
    "networks": set(),
    "publer": {"networks"},
    "ledger": {"networks"},
    "rules": {"networks"},
    "calendar": {"networks", "rules"},
    "editing": {"calendar", "networks"},
    "planning": {"ledger", "networks", "publer"},
    "applying": {"ledger", "networks", "planning", "publer"},
    "holding": {"applying", "ledger", "planning", "publer"},
    "pulling": {"calendar", "editing", "ledger", "networks", "planning"},
    "importing": {"calendar", "editing", "networks", "render"},
    "drafting": {"calendar", "editing", "render"},
    "checking": {"calendar", "ledger", "networks", "planning", "publer"},
    "render": {
        *("applying", "calendar", "checking", "holding", "ledger", "networks", "planning", "pulling"),
    },
    "previewing": {"calendar", "ledger", "networks", "planning", "render"},
    "studio": {
        *("calendar", "drafting", "editing", "ledger", "networks", "planning"),
        *("previewing", "render", "rules"),
    },
    "sandbox": set(),
    "templates": set(),
    "commands": {
        *(
            "applying",
            "calendar",
            "checking",
            "drafting",
            "editing",
            "holding",
            "importing",
            "ledger",
            "networks",
        ),
        *("planning", "previewing", "publer", "pulling", "render", "rules", "sandbox", "studio"),
    },
    "assisting": {"calendar", "commands", "networks", "previewing", "publer", "render"},
    "cli": {"assisting", "commands"},
    "__main__": {"cli"},
    "action": {
        *("applying", "calendar", "checking", "commands", "drafting", "networks"),
        *("planning", "previewing", "publer", "render"),
    },
}
"""What each room may import beside itself and, where it is above it, the ground. It holds for types too."""
WINGS = frozenset({"importing", "drafting", "previewing", "studio", "assisting", "action"})
"""What could be a package of its own: a guest of the core, which works without it."""
FRONT = frozenset({"commands", "cli", "__main__"})
"""Where the core and the wings meet. Every other room is of the core."""

HOMES = {
    "anyio": {"assisting.server"},
    "click": {"cli"},
    "csv": {"importing.table", "render.layout.spreadsheet"},  # one reads, one writes
    "PIL": {"previewing.thumbnails"},
    "deepdiff": {"planning.differences"},
    "icalendar": {"render.export"},
    "jinja2": {"previewing.html"},
    "jsonschema": {"calendar.shape.schema"},
    "mcp": {"assisting.server"},
    "tzlocal": {"commands.running.questions"},
    "watchfiles": {"commands.beside.watching"},
    "requests": {
        "publer.transport",
        "action.github",
        "action.gitlab",
        "checking.links",
    },  # one for each kind of service
    "yaml": {"calendar.yaml.reader"},
}
BANNED = {"cure", "look", "mend", "plain", "said", "shown", "what", "words"}
MOST_LINES = 600
"""A module ends where its idea ends, mostly before 400 lines. One with more than this holds two."""


MOST_MODULES = 40
"""In one folder: more is no list that one reads."""


def may_import(room: str) -> set[str]:
    return MAY_IMPORT.get(room, set()) | (set() if room in GROUND else GROUND.keys())


def test_no_folder_lists_more_than_one_reads() -> None:
    folders = Counter(path.parent for path in (ROOT / "publer_sync").rglob("*.py"))
    assert {folder.name for folder, number in folders.items() if number > MOST_MODULES} == set()


def test_nothing_lies_loose_at_the_top_of_the_package() -> None:
    assert {path.name for path in (ROOT / "publer_sync").glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.slow
def test_imports_go_one_way() -> None:
    crossed = {
        f"{module.name} imports {name}"
        for module in MODULES.values()
        for name in module.neighbours(types=True)
        if (room := MODULES[name].room) != module.room and room in MAY_IMPORT
        if room not in may_import(module.room)
    }
    assert not crossed, "see MAY_IMPORT above"


def test_the_core_never_imports_a_wing() -> None:
    crossed = {
        f"{module.name} imports {name}"
        for module in MODULES.values()
        if module.room not in WINGS | FRONT
        for name in module.neighbours(types=True)
        if MODULES[name].room in WINGS | FRONT
    }
    assert not crossed, "move what both need into the core, or what only the wing needs into the wing"


def test_a_wing_says_that_it_is_a_guest_and_what_it_stands_on() -> None:
    stands_on = {
        wing: set(re.findall(r"`(\w+)`", said[1]))
        for wing in WINGS
        if (said := re.search(r"^A guest of the core: it stands on ([^.]+)\.", doc(wing), re.MULTILINE))
    }
    assert stands_on == {wing: MAY_IMPORT[wing] for wing in WINGS}


WITHOUT_WINGS = f"""
import sys

class NoWings:
    def find_spec(self, name, path=None, target=None):
        if name.partition("publer_sync.")[2].partition(".")[0] in {set(WINGS)}:
            raise ImportError(name)

sys.meta_path.insert(0, NoWings())
from publer_sync.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.slow
def test_the_core_works_without_its_wings(tmp_path: Path) -> None:
    """They could be packages of their own: a calendar is checked, planned and applied where none is installed."""
    (tmp_path / "publer.yaml").write_text("timezone: Europe/Berlin\naccounts: {x: My X}\n")
    (tmp_path / "posts.yaml").write_text("posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: One\n")
    sandbox = ("--sandbox", "--now", "2027-01-01")
    for command, last in (
        (("validate", "."), "No problems."),
        (("plan", ".", *sandbox), "To apply it:"),
        (("apply", ".", "--yes", *sandbox), "1 post created; verified in Publer."),
        (("plan", ".", *sandbox), "Nothing to do."),
    ):
        words = [sys.executable, "-c", WITHOUT_WINGS, *command]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "PUBLER_SYNC_POLL_SECONDS": "0.05"}
        ran = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
        assert (ran.returncode, last in ran.stdout) == (0, True), ran


def doc(name: str) -> str:
    return ast.get_docstring(MODULES[name].tree) or ""


def test_the_top_of_the_repository_has_what_its_readers_look_for() -> None:
    """What a command left there, a download or a page, is no part of it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    names = {name for name in listed.split("\0") if name and "/" not in name and not name.startswith(".")}
    assert names == {
        *(
            "AGENTS.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "LICENSE",
            "README.md",
            "RELEASING.md",
            "SECURITY.md",
        ),
        *("Dockerfile", "action.yml", "pyproject.toml", "setup.py", "zensical.toml"),
        *(f"requirements{kind}.txt" for kind in ("", "-audit", "-base", "-dev")),
    }


def test_every_room_is_in_the_installed_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = ROOT / "publer_sync"
    folders = {path.parent.relative_to(ROOT) for path in package.rglob("*.py")}
    rooms = {".".join(folder.parts) for folder in folders}
    assert set(project["tool"]["setuptools"]["packages"]) == {
        *rooms,
        "publer_sync.assistant",
        "publer_sync.schema",
        "publer_sync.workflows",
    }


def test_a_test_lies_in_the_room_of_the_module_that_it_is_named_for() -> None:
    """Any other name is of what several modules of the room promise together; tests/system crosses rooms, tests/github has the stand-ins for it."""
    rooms: dict[str, set[str]] = {}
    for module in MODULES.values():
        if module.path.name != "__init__.py":
            rooms.setdefault(module.name.rpartition(".")[2], set()).add(module.room)
    tests = list((ROOT / "tests").glob("*/test_*.py"))
    assert {path.parent.name for path in tests} <= {*MAY_IMPORT, "github", "simulate", "system"}
    misplaced = {
        f"{path.parent.name}/{path.name} belongs to {sorted(homes)}"
        for path in tests
        if (homes := rooms.get(path.stem.removeprefix("test_"), set())) and path.parent.name not in homes
        if path.parent.name not in ("github", "simulate", "system")
    }
    assert not misplaced


def test_no_imports_form_a_circle() -> None:
    """Nor what only types need: whoever reads a module knows which to read before it."""
    graph = {module.name: module.neighbours(types=True) - {module.name} for module in MODULES.values()}
    TopologicalSorter(graph).prepare()  # CycleError names the circle


@pytest.mark.slow
def test_no_module_is_imported_under_a_name_that_says_nothing() -> None:
    aliases = (
        f"{module.name} imports {alias.name} as {alias.asname}"
        for module in MODULES.values()
        for node in module.nodes
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if alias.asname in ("command", "render")
    )
    assert not list(aliases)


def test_rooms_form_no_circle_and_the_table_knows_each() -> None:
    TopologicalSorter(MAY_IMPORT).prepare()
    folders = {path.parent.name for path in (ROOT / "publer_sync").glob("*/__init__.py")}
    assert folders <= set(MAY_IMPORT) <= {module.room for module in MODULES.values()}


@pytest.mark.slow
def test_each_library_has_one_home() -> None:
    found = {
        f"{module.name} imports {library}"
        for module in MODULES.values()
        for name in module.imports(types=False)
        if (library := name.partition(".")[0]) in HOMES
        and HOMES[library].isdisjoint({module.name, module.room})
    }
    assert not found


def test_data_classes_are_late() -> None:
    """Those of the standard library take a third of the time of a small `validate`."""
    at_once = {
        module.name
        for module in MODULES.values()
        if "dataclasses.dataclass" in module.imports(types=False) or "@dataclasses." in module.text
    }
    assert at_once == set()


def test_no_two_classes_have_one_name() -> None:
    names = Counter(
        node.name for module in MODULES.values() for node in module.nodes if isinstance(node, ast.ClassDef)
    )
    assert {name for name, number in names.items() if number > 1} == set()


def test_no_two_types_that_are_made_of_others_have_one_name() -> None:
    """A type variable has one letter."""
    targets = (
        target
        for module in MODULES.values()
        for node in module.nodes
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )
    names = Counter(target.id for target in targets if re.match(r"[A-Z][a-z]", target.id))
    assert {name for name, number in names.items() if number > 1} == set()


def test_functions_are_named_for_what_they_return() -> None:
    found = {
        f"{module.name}.{node.name}"
        for module in MODULES.values()
        for scope in module.nodes
        if isinstance(scope, (ast.Module, ast.ClassDef))
        for node in scope.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.lstrip("_") in BANNED
    }
    assert not found


def test_the_glossary_names_values_that_are_where_it_says() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", page, re.MULTILINE)
    lost = {
        f"{module}.{name}"
        for name, module in rows
        if not re.search(rf"^(class )?{name}\b", MODULES[module].text, re.MULTILINE)
    }
    assert len(rows) > 30
    assert not lost


def test_every_command_stands_in_the_frame_but_those_that_the_page_gives_a_reason_for() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    outside = page.partition("These stay outside, each for its reason:")[2].partition("\n\n- A single")[0]
    without = {
        module.name.rpartition(".")[2]
        for module in MODULES.values()
        if module.room == "commands" and "commands.running.frame" not in module.neighbours(types=True)
        if any(isinstance(each, ast.FunctionDef) and each.name == "run" for each in module.tree.body)
    }
    assert without == set(re.findall(r"`([a-z]+)`", outside)) - {"edit"}, "it takes no course"


@pytest.mark.slow
def test_no_room_calls_back_out_while_one_post_is_planned(cli: Cli, tmp_path: Path) -> None:
    """Functions that are handed inwards count too: nobody who follows a post has to climb."""
    (tmp_path / "publer.yaml").write_text("timezone: Europe/Berlin\naccounts: {x: My X}\n")
    (tmp_path / "posts.yaml").write_text("posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: One\n")
    package = f"{ROOT / 'publer_sync'}{os.sep}"
    climbs: set[str] = set()
    entered: set[str] = set()

    def room(frame: FrameType | None) -> str:
        """The one that the code is in, or that called it."""
        while frame is not None:
            folder, _, inside = frame.f_code.co_filename.removeprefix(package).partition(os.sep)
            if inside and folder in MAY_IMPORT:
                return folder
            frame = frame.f_back
        return ""

    def follow(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(package):
            outer, inner = room(frame.f_back), room(frame)
            entered.add(inner)
            if outer not in {"", inner, *GROUND} and inner not in may_import(outer):
                climbs.add(f"{outer} calls {inner}: {frame.f_code.co_filename}, {frame.f_code.co_name}")

    sys.setprofile(follow)
    try:
        ran = cli("plan", ".", "--sandbox", "--now", "2027-01-01")
    finally:
        sys.setprofile(None)
    assert (ran.code, "1 new post" in ran.stdout) == (0, True), ran
    assert entered >= {"cli", "commands", "calendar", "rules", "ledger", "publer", "planning", "render"}
    assert not climbs


def test_modules_are_short() -> None:
    found = {name for name, module in MODULES.items() if module.text.count("\n") > MOST_LINES}
    assert not found


def raised(node: ast.AST) -> Iterator[str]:
    """The names of what a function raises by itself."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call):
            yield ast.unparse(child.exc.func).rpartition(".")[2]
        yield from raised(child)


def test_every_module_begins_with_a_sentence_that_says_what_is_in_it() -> None:
    first = {
        module.name: (ast.get_docstring(module.tree) or "").partition("\n")[0] for module in MODULES.values()
    }
    assert {name for name, line in first.items() if not re.fullmatch(r".{20,160}[.!?]", line)} == set()
    assert {line for line, number in Counter(first.values()).items() if number > 1} == set(), (
        "one idea, one home"
    )


def test_packages_name_the_modules_in_which_a_change_begins() -> None:
    """In backticks: its own modules, or those of other packages."""
    lost, silent = set(), set()
    for name, module in MODULES.items():
        inside = "" if name == "__init__" else f"{name}."
        if inside and not any(other.startswith(inside) for other in MODULES):
            continue
        named = re.findall(r"`([a-z_]+(?:\.[a-z_]+)*)`", ast.get_docstring(module.tree) or "")
        lost |= {f"{name}: {each}" for each in named if MODULES.keys().isdisjoint({f"{inside}{each}", each})}
        if not any(f"{inside}{each}" in MODULES for each in named) and name != "templates":
            silent.add(name)
    assert lost == set()
    assert silent == set()


@pytest.mark.slow
def test_public_functions_say_which_of_our_errors_they_raise() -> None:
    """Those of the command line end as text and an exit code, as `run` of a command does."""
    errors = {each.name for each in MODULES["values.errors"].tree.body if isinstance(each, ast.ClassDef)}
    silent = set()
    for module in MODULES.values():
        homes: list[ast.Module | ast.ClassDef] = [module.tree]
        homes += [each for each in module.tree.body if isinstance(each, ast.ClassDef) and each.name[0] != "_"]
        for home in homes if module.room != "cli" and module.name != "values.errors" else ():
            for each in home.body:
                if not isinstance(each, ast.FunctionDef) or each.name.startswith("_") or each.name == "run":
                    continue
                told = (
                    f"{ast.get_docstring(each)} {ast.get_docstring(home) if home is not module.tree else ''}"
                )
                names = errors.intersection(raised(each))
                if names and not re.search("[Rr]aise", told) and not all(name in told for name in names):
                    silent.add(f"{module.name}.{each.name}: {', '.join(names)}")
    assert silent == set()


def test_a_silenced_check_has_a_reason_beside_it() -> None:
    without = re.compile(r"# noqa(?:: [A-Z0-9, ]+)?$|# type: ignore(?:\[[\w, -]+\])?$", re.MULTILINE)
    rooms = ("bench", "publer_sync", "tests")
    files = (file for room in rooms for file in (ROOT / room).rglob("*.py"))
    assert [file for file in files if without.search(file.read_text(encoding="utf-8"))] == []

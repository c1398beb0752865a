"""The modules of the package as text and syntax trees, for the tests that read the code; each is parsed once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Module:
    """A module of the package, by its name inside it."""

    name: str
    text: str
    path: Path

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def code(self) -> frozenset[int]:
        """The numbers of the lines with code: neither blank, nor a comment, nor part of a docstring."""
        told = {
            line
            for node in self.nodes
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if isinstance(node.value.value, str)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        written = (
            number
            for number, line in enumerate(self.text.splitlines(), 1)
            if line.strip() and not line.lstrip().startswith("#")
        )
        return frozenset(written) - told

    def definition(self, name: str) -> tuple[int, int]:
        """The first and last line of a function, a class or a method (`State.put`). Raises KeyError if it has none."""
        node: ast.AST = self.tree
        for part in name.split("."):
            inside = (each for each in ast.iter_child_nodes(node) if getattr(each, "name", "") == part)
            if (found := next(inside, None)) is None:
                raise KeyError(f"{self.name} has no {name}")
            node = found
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        return min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.end_lineno or 0

    def lines_of(self, name: str) -> frozenset[int]:
        """The lines with code of what has this name."""
        first, last = self.definition(name)
        return frozenset(line for line in self.code if first <= line <= last)

    @cache  # noqa: B019 - each module is kept for the whole run anyway
    def imports(self, *, types: bool) -> list[str]:
        """The full name of everything imported, at the top or later; with `types` also what only types need."""
        found: list[str] = []
        left: list[ast.AST] = [self.tree]
        while left:
            node = left.pop()
            if isinstance(node, ast.Import):
                found += (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found += (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case | ast.Module) and (
                types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
            ):
                left += ast.iter_child_nodes(node)
        return found

    def neighbours(self, *, types: bool) -> set[str]:
        """The modules of the package among the imports."""
        found = set()
        for name in self.imports(types=types):
            top, _, inside = name.partition(".")
            if top == "publer_sync":
                found.add(inside if inside in MODULES else inside.rpartition(".")[0] or "__init__")
        return found & set(MODULES)


def modules() -> Iterator[Module]:
    package = ROOT / "publer_sync"
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and parts[:-1] else parts)
        yield Module(name, path.read_text(encoding="utf-8"), path)


MODULES = {module.name: module for module in modules()}

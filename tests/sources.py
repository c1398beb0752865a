"""The modules of the package as text and syntax trees, for the tests that read the code; each is parsed once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Module:
    """A module of the package, by its name inside it."""

    name: str
    text: str

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

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
        yield Module(name, path.read_text(encoding="utf-8"))


MODULES = {module.name: module for module in modules()}

"""The documentation as a site: `python -m tests.docs_site` builds it, `python -m tests.docs_site serve` shows it as you write.

docs/index.md is the table of contents: its sections and links become the navigation of the site and llms.txt.
The pages are copied first, because on the site a link out of docs/ leads to the file in the repository.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from watchfiles import watch

from tests.release import REPOSITORY, ROOT

DOCS = ROOT / "docs"
PLACE = ROOT / "build" / "docs"
ZENSICAL = (sys.executable, "-m", "zensical")
CHANGES = "changelog.md"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_ENTRY = re.compile(r"^- \[(.+?)\]\((\S+\.md)\): (.+)$", re.MULTILINE)
_BRACKETS = re.compile(r"\(<(\S+)>\)")  # right in Markdown, but not every reader of llms.txt knows them
_LINK = re.compile(r"(?<=\]\()[^)#\s]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as the table of contents names it."""

    title: str
    path: str
    says: str


def contents() -> dict[str, list[Entry]]:
    """The pages of each section, in order."""
    _, *parts = _SECTION.split((DOCS / "index.md").read_text(encoding="utf-8"))
    return {
        title: [Entry(*found) for found in _ENTRY.findall(text)]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


def pages() -> list[Path]:
    return sorted(DOCS.rglob("*.md"))


def build(folder: Path) -> Path:
    """The site, built strictly: a link to a page or heading that does not exist is an error."""
    stage(folder)
    subprocess.run([*ZENSICAL, "build", "--strict"], cwd=folder, check=True)
    site = folder / "site"
    index = site / "llms.txt"
    index.write_text(_BRACKETS.sub(r"(\1)", index.read_text(encoding="utf-8")), encoding="utf-8")
    return site


def stage(folder: Path) -> None:
    """What the site is made of: the settings, and the pages with their pictures."""
    shutil.copytree(DOCS, folder / "docs", dirs_exist_ok=True)
    sources = {page.relative_to(DOCS).as_posix(): page for page in pages()} | {CHANGES: ROOT / "CHANGELOG.md"}
    says = {entry.path: entry.says for entries in contents().values() for entry in entries}
    for path, source in sources.items():
        head = f"---\ndescription: {json.dumps(says[path])}\n---\n\n" if path in says else ""
        (folder / "docs" / path).write_text(head + _page(source, path), encoding="utf-8")
    (folder / "zensical.toml").write_text(_settings(), encoding="utf-8")


def _page(source: Path, path: str) -> str:
    """The text, with links that lead to the same files from where the page is on the site."""

    def lead(found: re.Match[str]) -> str:
        there = Path(os.path.normpath(source.parent / found[0]))
        if there.is_relative_to(DOCS):
            return Path(os.path.relpath(there, (DOCS / path).parent)).as_posix()
        if "://" in found[0] or not there.exists():
            return found[0]
        return (
            f"{REPOSITORY}/{'tree' if there.is_dir() else 'blob'}/main/{there.relative_to(ROOT).as_posix()}"
        )

    return _LINK.sub(lead, source.read_text(encoding="utf-8"))


def _settings() -> str:
    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    sections = contents()
    project["nav"] = [
        {"Home": "index.md"},
        *({section: [{entry.title: entry.path} for entry in sections[section]]} for section in sections),
        {"Changelog": CHANGES},
        {"GitHub": REPOSITORY},
    ]
    project["plugins"]["llmstxt"]["sections"] = {
        section: [{entry.path: entry.says} for entry in sections[section]] for section in sections
    }
    return f"project = {_toml(project)}\n"


def _toml(value: object) -> str:
    match value:
        case dict():
            return f"{{ {', '.join(f'{json.dumps(key)} = {_toml(each)}' for key, each in value.items())} }}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def serve(folder: Path) -> None:
    """The site on this machine, built again whenever a page changes."""
    stage(folder)
    with subprocess.Popen([*ZENSICAL, "serve"], cwd=folder) as server:
        try:
            for _ in watch(DOCS, ROOT / "CHANGELOG.md"):
                stage(folder)
        finally:
            server.terminate()


if __name__ == "__main__":
    shutil.rmtree(PLACE, ignore_errors=True)
    if sys.argv[1:] == ["serve"]:
        serve(PLACE)
    else:
        print(build(PLACE).relative_to(ROOT))  # noqa: T201 — the script's whole output

"""Where a website keeps the files that its addresses begin with, such as /images/lamp.png: by what is beside its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.outside import place, relative, repository_of

if TYPE_CHECKING:
    from pathlib import Path

_SITES: Final = (
    ("hugo.{}", ("toml", "yaml", "yml", "json"), "static"),
    ("config/_default/hugo.{}", ("toml", "yaml", "yml", "json"), "static"),
    ("docusaurus.config.{}", ("js", "ts", "mjs", "mts", "cjs"), "static"),
    ("astro.config.{}", ("mjs", "js", "ts", "mts", "cjs"), "public"),
    ("_config.{}", ("yml", "yaml", "toml"), "."),
)
"""The settings of Hugo, Docusaurus, Astro and Jekyll at the top of a site, and the folder there that has such files."""
_OLD_HUGO: Final = ("config.toml", "config.yaml", "config.json")


def site_file(address: str, page: Path, top: Path) -> str | None:
    """The file, from the calendar's top, that an address means on the site of a page; None where it is not certain or not there.

    The site is the nearest folder above the page with a generator's settings. Two generators in one folder tell nothing.
    """
    repository = repository_of(top)
    for folder in page.parents:
        if len(roots := _roots(folder)) == 1:
            inner = relative(folder / roots.pop() / address.lstrip("/"), top)
            found = place(inner, top)
            return inner if found is not None and found.is_file() else None
        if roots or folder == repository:
            return None
    return None


def _roots(folder: Path) -> set[str]:
    found = {
        root
        for name, endings, root in _SITES
        if any((folder / name.format(ending)).is_file() for ending in endings)
    }
    is_old = any((folder / name).is_file() for name in _OLD_HUGO) and (folder / "content").is_dir()
    return found | {"static"} if is_old and (folder / "static").is_dir() else found

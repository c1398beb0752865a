"""The file that an address such as /images/lamp.png means on the site of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.website.site_files import site_file
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

_LAMP = "images/lamp.png"


@each_of(
    "files, meant",
    [
        ([f"static/{_LAMP}"], None),
        (["hugo.toml", f"static/{_LAMP}"], f"../static/{_LAMP}"),
        (["hugo.json", f"public/{_LAMP}"], None),
        (["config/_default/hugo.yaml", f"static/{_LAMP}"], f"../static/{_LAMP}"),
        (["docusaurus.config.ts", f"static/{_LAMP}"], f"../static/{_LAMP}"),
        (["astro.config.mjs", f"public/{_LAMP}"], f"../public/{_LAMP}"),
        (["_config.yml", _LAMP], f"../{_LAMP}"),
        (["config.toml", "content/a.md", f"static/{_LAMP}"], f"../static/{_LAMP}"),
        (["config.toml", f"static/{_LAMP}"], None),  # many programs have such a file
        (["config.toml", "content/a.md", "_config.yml", _LAMP], f"../{_LAMP}"),
        (["hugo.toml", "astro.config.mjs", f"static/{_LAMP}", f"public/{_LAMP}"], None),
        (["hugo.toml", f"site/static/{_LAMP}", "site/astro.config.js"], None),
        (["hugo.toml", f"static/{_LAMP}", "site/hugo.toml", "site/astro.config.js"], None),
        (["content/a.md", f"static/{_LAMP}"], None),
        (["site/hugo.toml", f"site/static/{_LAMP}"], f"../site/static/{_LAMP}"),
        (["hugo.toml", f"static/{_LAMP}/folder"], None),
    ],
)
def test_the_settings_of_a_generator_say_where_the_files_of_a_site_are(
    tmp_path: Path, files: list[str], meant: str | None
) -> None:
    repository = tmp_path / str(hash(tuple(files)))
    for name in (".git/config", "calendar/publer.yaml", "site/blog/a.md", *files):
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_bytes(b"")
    found = site_file(f"/{_LAMP}", repository / "site/blog/a.md", repository / "calendar")
    assert found == meant


def test_an_address_never_leads_out_of_the_repository(tmp_path: Path) -> None:
    for name in ("x.png", "inner/hugo.toml", "inner/.git/config", "inner/static/a.png", "inner/a.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    page, top = tmp_path / "inner/a.md", tmp_path / "inner"
    assert [site_file(each, page, top) for each in ("/a.png", "/../../x.png", "/../.git/config")] == [
        "static/a.png",
        None,
        None,
    ]


def test_a_generator_above_the_repository_is_another_site(tmp_path: Path) -> None:
    for name in ("hugo.toml", f"static/{_LAMP}", "inner/.git/config", "inner/blog/a.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert site_file(f"/{_LAMP}", tmp_path / "inner/blog/a.md", tmp_path / "inner") is None

"""The site made of docs/: built strictly, complete, the same as on GitHub, and without a request to another host."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import threading
import tomllib
from collections import Counter
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from markdown_it import MarkdownIt

from tests import docs_site, screenshots
from tests.browser import NARROW, WIDE
from tests.conftest import EVERY
from tests.release import REPOSITORY, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages

PAGES = [page.relative_to(docs_site.DOCS).as_posix() for page in docs_site.pages()]
SHOWN = (
    "h1",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "pre",
    "table",
    "tr",
    "td",
    "code",
    "strong",
    "em",
    "blockquote",
    "img",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return docs_site.build(tmp_path_factory.mktemp("docs"))


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Html(HTMLParser):
    """What a page shows, what it links to, and what it loads."""

    def __init__(self, text: str, *, inside: str | None = None) -> None:
        super().__init__()
        self.shown: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.title = ""
        self._inside = inside
        self._on = inside is None
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        self._on = self._on or tag == self._inside
        self._in_title = tag == "title"
        if self._on and tag in SHOWN:
            self.shown[tag] += 1
        if "id" in named:
            self.ids.add(named["id"])
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        elif tag == "link" and named.get("rel") not in {"canonical", "prev", "next"}:
            self.loads.append(named["href"])
        if "src" in named:
            self.loads.append(named["src"])
        self.loads += [each.split()[0] for each in named.get("srcset", "").split(",") if each.strip()]

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._on = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()
            self._in_title = False


@functools.cache
def read(site: Path, page: str) -> Html:
    return Html((site / page).with_suffix(".html").read_text(encoding="utf-8"), inside="article")


# --- what is built --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_link_to_nothing_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "pages"
    wrong.mkdir()
    monkeypatch.setattr(docs_site, "DOCS", wrong)
    for link in ("nowhere.md", "index.md#nowhere"):
        (wrong / "index.md").write_text(f"# Home\n\n[A link]({link})\n", encoding="utf-8")
        with pytest.raises(subprocess.CalledProcessError):
            docs_site.build(tmp_path / link.replace("#", ""))


def test_every_page_has_a_title_of_its_own(site: Path) -> None:
    titles = [read(site, page).title for page in PAGES]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_it_shows_on_github(page: str, site: Path) -> None:
    """The two read Markdown differently: lists, tables and code that only one of them sees are found here."""
    markdown = (docs_site.DOCS / page).read_text(encoding="utf-8")
    github = Html(
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    )
    assert read(site, page).shown == github.shown, "lists want four spaces and an empty line before code"


@pytest.mark.parametrize("page", [*PAGES, docs_site.CHANGES, "404.html"])
def test_every_link_of_the_site_leads_somewhere(page: str, site: Path) -> None:
    there = read(site, page)
    assert [link for link in there.loads if urlsplit(link).netloc] == [], "nothing comes from another host"
    for link in [*there.links, *there.loads]:
        parts = urlsplit(link.removeprefix("/publer-sync/") if page == "404.html" else link)
        if parts.scheme or parts.netloc:
            continue
        target = (
            (site / page).parent / unquote(parts.path) if parts.path else (site / page).with_suffix(".html")
        )
        target = target / "index.html" if target.is_dir() else target
        assert target.is_file(), link
        if parts.fragment and target.suffix == ".html":
            assert unquote(parts.fragment) in read(site, target.relative_to(site).as_posix()).ids | {
                "__top"
            }, link


def test_links_out_of_the_pages_lead_to_files_in_the_repository(site: Path) -> None:
    found = set()
    for page in PAGES:
        for link in read(site, page).links:
            if link.startswith(f"{REPOSITORY}/"):
                kind, branch, path = link.removeprefix(f"{REPOSITORY}/").split("/", 2)
                file = ROOT / urlsplit(path).path
                assert (kind, branch) == ("tree" if file.is_dir() else "blob", "main")
                assert file.exists(), link
                found.add(kind)
    assert found == {"blob", "tree"}


def test_no_marker_of_a_generated_part_can_be_read(site: Path) -> None:
    for page in PAGES:
        text = re.sub(
            r"<!--.*?-->", "", (site / page).with_suffix(".html").read_text(encoding="utf-8"), flags=re.DOTALL
        )
        assert "generated: " not in text
        assert "&lt;!--" not in text


def test_the_workflow_publishes_the_site_and_only_its_last_job_may(site: Path) -> None:
    workflow = yaml.load((ROOT / ".github/workflows/docs.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    *_, build, upload = workflow["jobs"]["build"]["steps"]
    assert build["run"].splitlines()[-1] == "python -m tests.docs_site"
    assert ROOT / upload["with"]["path"] == docs_site.PLACE / site.name


def test_the_package_names_the_site(site: Path) -> None:
    project, settings = (
        tomllib.loads((ROOT / name).read_text(encoding="utf-8"))["project"]
        for name in ("pyproject.toml", "zensical.toml")
    )
    urls = project["urls"]
    assert (urls["Documentation"], urls["Source"]) == (settings["site_url"], REPOSITORY)
    assert settings["site_description"] == project["description"]
    assert (site / urls["Changelog"].removeprefix(settings["site_url"])).is_file()


# --- for programs ---------------------------------------------------------------------------------------------------


def test_llms_txt_names_every_page_with_what_it_is_for(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# publer-sync\n\n> ")
    listed = re.findall(r"^- \[([^\]]+)\]\((https://[^)\s]+)\): (.+)$", text, re.MULTILINE)
    entries = [entry for entries in docs_site.contents().values() for entry in entries]
    base = "https://publer-sync.github.io/publer-sync/"
    assert listed == [(entry.title, base + entry.path, entry.says) for entry in entries]
    for entry in entries:
        assert (site / entry.path).read_text(encoding="utf-8").startswith("# ")


def test_one_file_has_every_page(site: Path) -> None:
    text = (site / "llms-full.txt").read_text(encoding="utf-8")
    for section in docs_site.contents():
        assert f"# {section}\n" in text
    assert "## Exit codes" in text


# --- in a browser ---------------------------------------------------------------------------------------------------


LOOKS: dict[str, tuple[tuple[tuple[int, int], Any], ...]] = {
    "index": ((WIDE, "light"), (NARROW, "dark")),
    "rules": ((NARROW, "light"),),
    "howto/series": ((WIDE, "dark"),),
}
"""How pages are looked at. axe-core takes a second each time: by night alone those that show no more than the first two."""
SETTLED = """([scheme]) => document.body.dataset.mdColorScheme === scheme
  && [...document.querySelectorAll("article pre code, .md-typeset__scrollwrap")]
    .every(each => each.scrollWidth <= each.clientWidth || each.tabIndex === 0)
  && !document.getAnimations().some(each => each instanceof CSSTransition)"""
"""Once its colors are these, and what is too wide can be scrolled by keys too."""
COLORS = {"light": "default", "dark": "slate"}


@pytest.mark.parametrize("page", LOOKS if EVERY else ("index", "rules"))
def test_a_page_fits_the_screen_and_asks_no_other_host(page: str, address: str, pages: Pages) -> None:
    size, scheme = LOOKS[page][0]
    opened = pages.open(f"{address}/{page}.html", size=size, color_scheme=scheme)
    opened.page.wait_for_load_state("networkidle")
    for size, scheme in LOOKS[page]:
        opened.page.set_viewport_size({"width": size[0], "height": size[1]})
        opened.page.emulate_media(color_scheme=scheme)
        opened.page.wait_for_function(SETTLED, arg=[COLORS[scheme]])
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert opened.violations() == []
    assert [url for url in opened.requests if not url.startswith((address, "data:"))] == []
    assert opened.complaints == []


def test_the_search_finds_a_rule_by_its_code(address: str, pages: Pages) -> None:
    opened = pages.open(f"{address}/index.html")
    opened.page.wait_for_load_state("networkidle")
    opened.page.keyboard.press("/")
    opened.page.get_by_role("combobox", name="Search").wait_for()
    opened.page.keyboard.type("media.no-alt")
    opened.page.get_by_text("Rules about content").first.wait_for()
    assert [url for url in opened.requests if not url.startswith((address, "data:", "blob:"))] == []


# --- pictures -------------------------------------------------------------------------------------------------------


class Pictures(HTMLParser):
    """Each picture that a page shows, with the words for those who do not see it."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: dict[Path, str] = {}
        self._folder = page.parent
        self.feed(MarkdownIt("commonmark", {"html": True}).render(page.read_text(encoding="utf-8")))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        if tag in {"img", "source"}:
            file = (self._folder / (named.get("src") or named["srcset"])).resolve()
            self.found[file] = named.get("alt", "")


@pytest.mark.slow
def test_every_picture_is_shown_and_has_words_unless_it_is_the_dark_one_of_another() -> None:
    shown: dict[Path, str] = {}
    for page in [ROOT / "README.md", *docs_site.pages()]:
        shown |= Pictures(page).found
    made = set(screenshots.IMAGES.iterdir())
    assert set(shown) == made == {screenshots.IMAGES / f"{name}.webp" for name in screenshots.NAMES}
    assert sum(file.stat().st_size for file in made) < 650_000
    for file, words in shown.items():
        assert file.read_bytes()[8:12] == b"WEBP"
        assert len(words) > 60 or file.stem.endswith("-dark")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_the_pictures_can_be_made_again_and_their_words_say_what_they_show(tmp_path: Path) -> None:
    screenshots.scene(tmp_path)
    counts = "1 new post, 1 to edit, 1 to move, 1 to remove"
    comment = screenshots.run(tmp_path, "plan", "calendar", *screenshots.NOW, "--format", "markdown")
    assert counts.replace(", ", " · ") in comment
    for page in ("index", "github-action"):
        pictures = Pictures(docs_site.DOCS / f"{page}.md")
        assert counts in pictures.found[screenshots.IMAGES / "comment.webp"]
    assert counts in Pictures(ROOT / "README.md").found[screenshots.IMAGES / "comment.webp"]
    screenshots.applied(tmp_path / "march")
    results = screenshots.run(tmp_path / "march", "results", "calendar", *screenshots.RESULTS)
    assert "24 posts published (on 4 accounts)." in results
    words = Pictures(docs_site.DOCS / "results.md").found[screenshots.IMAGES / "results.webp"]
    assert "24 posts published (on 4 accounts)" in words

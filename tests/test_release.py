"""What is refused before a release, what its page says, and what its files contain."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from publer_sync import __version__
from tests import release
from tests.action.test_copied_files import tool
from tests.conftest import ROOT
from tests.tables import each_of

TODAY = date(2027, 3, 1)
GOOD = """\
# Changelog

## 1.2.0 - 2027-03-01

### Added

- `hold`, see [the page](docs/hold.md) and [Publer](https://publer.com).

### Fixed

- Two lines
  of one entry.

## 1.1.0 - 2027-01-01

- Older. TODO
"""


def test_a_written_section_is_the_text_of_the_release() -> None:
    assert release.problems("v1.2.0", "1.2.0", GOOD, TODAY) == []
    part = release.section(GOOD, "1.2.0")
    assert part is not None
    text = release.notes(part.text, "v1.2.0")
    assert text.startswith(
        "### Added\n\n- `hold`, see [the page](https://github.com/publer-sync/publer-sync/blob/v1.2.0/docs/hold.md)"
    )
    assert "[Publer](https://publer.com)" in text
    assert text.endswith("- Two lines\n  of one entry.\n")


@each_of(
    ("old", "new", "problem"),
    [
        ("## 1.2.0 - 2027-03-01", "## 1.2.0 (not released)", "has no heading"),
        ("## 1.2.0 - 2027-03-01", "## 1.2.0", "has no date for 1.2.0"),
        ("## 1.2.0 - 2027-03-01", "## 1.2.0 - 2027-02-30", "has no date for 1.2.0"),
        ("2027-03-01", "2027-03-02", "in the future: 2027-03-02"),
        ("## 1.2.0", "## Unreleased\n\n- More.\n\n## 1.2.0", 'begins with "## Unreleased"'),
        ("- Two lines\n  of one entry.\n", "", 'nothing under "Fixed"'),
        (GOOD[GOOD.index("### Added") : GOOD.index("## 1.1.0")], "Soon.\n\n", "says nothing about 1.2.0"),
        ("of one entry", "FIXME", 'a leftover: "  FIXME."'),
        ("- Two lines\n", "<<<<<<< HEAD\n- Two lines\n", 'a leftover: "<<<<<<< HEAD"'),
        ("- Two lines\n  of one entry.", "- Twice.\n- Twice.", 'says twice: "- Twice."'),
    ],
)
def test_what_is_not_written_is_refused(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    found = release.problems("v1.2.0", "1.2.0", GOOD.replace(old, new, 1), TODAY)
    assert [each for each in found if problem in each], found


@each_of("tag", ["v1.2.1", "1.2.0", "v1.2.0-rc1", "v1"])
def test_a_tag_that_is_not_the_version_is_refused(tag: str) -> None:
    [problem] = release.problems(tag, "1.2.0", GOOD, TODAY)
    assert f"The tag {tag} does not fit the version 1.2.0" in problem


def test_a_tree_with_changes_or_a_page_from_before_the_first_release_is_refused(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True)

    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("It has not\nbeen released yet.", encoding="utf-8")
    (tmp_path / "README.md").write_text("x", encoding="utf-8")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    assert release.tree_problems(tmp_path) == ['docs/a.md still says "not been released yet"']
    (tmp_path / "docs/a.md").write_text("It is there.", encoding="utf-8")
    (tmp_path / "new").touch()
    assert release.tree_problems(tmp_path) == ["Not committed: docs/a.md", "Not committed: new"]


def test_the_changelog_is_ready_but_for_its_date() -> None:
    """What would be refused on the day of a release is refused today."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = re.sub(r"^(## \S+) \(not released\)$", r"\1 - 2027-03-01", changelog, flags=re.MULTILINE)
    first = release.HEADING.search(dated)
    assert first is not None
    assert release.problems(f"v{first['version']}", first["version"], dated, date.max) == []


def test_nothing_is_printed_for_a_release_that_is_refused() -> None:
    command = [sys.executable, "-m", "tests.release", "notes", "v0.0.1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "The tag v0.0.1 does not fit" in done.stderr


def test_on_pypi_the_readmes_links_lead_to_the_files_of_the_version() -> None:
    text = "![The plan](docs/images/plan.webp) [a page](docs/pull.md#start) [a part](#try-it) [Publer](https://publer.com)"
    assert release.for_pypi(text) == (
        f"![The plan](https://raw.githubusercontent.com/publer-sync/publer-sync/v{__version__}/docs/images/plan.webp) "
        f"[a page](https://github.com/publer-sync/publer-sync/blob/v{__version__}/docs/pull.md#start) "
        "[a part](#try-it) [Publer](https://publer.com)"
    )


EPOCH = 1_800_000_000


@pytest.mark.slow
def test_source_and_wheel_have_everything_and_the_wheel_runs(tmp_path: Path) -> None:
    """Built from a copy of what git has: the tree's own leftovers would hide a file that is missing."""
    tree = tmp_path / "tree"
    tree.mkdir()
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    files = [name for name in names.split("\0") if name and (ROOT / name).is_file()]
    for name in files:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes((ROOT / name).read_bytes())
    release.build(tree, tmp_path / "dist", epoch=EPOCH)
    again = tmp_path / "elsewhere/again"
    shutil.copytree(tree, again)
    for path in again.rglob("*"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
        path.chmod(0o700)
    release.build(again, tmp_path / "dist2", epoch=EPOCH)
    for built in (tmp_path / "dist").iterdir():
        assert built.read_bytes() == (tmp_path / "dist2" / built.name).read_bytes(), "the same for everybody"
    [wheel] = (tmp_path / "dist").glob("*.whl")
    assert wheel.name == f"publer_sync-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        [metadata] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        assert re.findall(r"\]\((?!https://|#)[^)]*", archive.read(metadata).decode()) == []
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        archive.extractall(tmp_path / "site")
    homes = {
        "schema/": "publer_sync/schema/",
        "examples/assistant/": "publer_sync/assistant/",
        "examples/workflows/": "publer_sync/workflows/",
    }
    expected = {name for name in files if name.startswith("publer_sync/")}
    expected |= {
        name.replace(ours, theirs, 1)
        for name in files
        for ours, theirs in homes.items()
        if name.startswith(ours) and not name.endswith("/README.md")
    }
    assert packed == expected
    calendar = ROOT / "examples/calendar"
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); from publer_sync.cli.main import main; main()"
    command = [sys.executable, "-c", code, "validate", str(calendar)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_sbom_has_every_package_that_runs_with_its_hashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tool("cyclonedx-py", "-r requirements-audit.txt")
    monkeypatch.setenv("PATH", f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}")
    release.sbom(ROOT, tmp_path / "sbom.json")
    found = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    ours = found["metadata"]["component"]
    assert (ours["name"], ours["version"]) == ("publer-sync", __version__)
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert {each["name"]: each["version"] for each in found["components"]} == pinned
    hashes = [hash_ for each in found["components"] for hash_ in each["externalReferences"][0]["hashes"]]
    assert len(hashes) == (ROOT / "requirements.txt").read_text().count("--hash=sha256:")

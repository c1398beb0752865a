"""Checks a release and prints its part of the changelog, or builds its files. It needs nothing but setuptools.

python -m tests.release notes TAG       refuses what is not ready, otherwise prints the text of the GitHub release
python -m tests.release build FOLDER    the source distribution, and the wheel made from it: the same bytes for the same commit,
                                        with the time of SOURCE_DATE_EPOCH (seconds), otherwise of the commit
python -m tests.release sbom FILE       what requirements.txt installs, as CycloneDX, by cyclonedx-py (requirements-audit.txt)
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from publer_sync import __version__
from publer_sync.machine.version import commit_of

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/publer-sync/publer-sync"
UNRELEASED = "not been released yet"
"""What README.md, docs/ and `init` say until the first release."""
LEFTOVER = re.compile(r"\b(?:TODO|FIXME|XXX|not released|unreleased)\b|^(?:<{7}|={7}|>{7})", re.IGNORECASE)
HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+)(?: - (?P<date>\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)


class Section(NamedTuple):
    """What the changelog says of one version."""

    date: str | None
    text: str


def section(changelog: str, version: str) -> Section | None:
    """The part of one version, without its heading."""
    for found in HEADING.finditer(changelog):
        if found["version"] == version:
            text, _, _ = changelog[found.end() :].partition("\n## ")
            return Section(found["date"], text.strip() + "\n")
    return None


def problems(tag: str, version: str, changelog: str, today: date) -> list[str]:
    """Why this version cannot be released under this tag; no problem means that it can."""
    found = []
    if tag != f"v{version}":
        found.append(f"The tag {tag} does not fit the version {version}: publer_sync/__init__.py")
    first = re.search(r"^## .*", changelog, re.MULTILINE)
    if first and not first[0].startswith(f"## {version} "):
        found.append(f'CHANGELOG.md begins with "{first[0]}": put everything under {version}')
    part = section(changelog, version)
    if part is None:
        return [*found, f'CHANGELOG.md has no heading "## {version} - YYYY-MM-DD"']
    try:
        late = date.fromisoformat(part.date or "") > today
    except ValueError:
        found.append(f"CHANGELOG.md has no date for {version}")
    else:
        found += [f"CHANGELOG.md dates {version} in the future: {part.date}"] * late
    lines = part.text.splitlines()
    if not any(line.startswith("- ") for line in lines):
        found.append(f"CHANGELOG.md says nothing about {version}")
    found += [
        f'CHANGELOG.md has nothing under "{group.splitlines()[0]}" of {version}'
        for group in re.split(r"^### ", part.text, flags=re.MULTILINE)[1:]
        if "\n- " not in group
    ]
    found += [f'CHANGELOG.md has a leftover: "{line}"' for line in lines if LEFTOVER.search(line)]
    entries = [line for line in lines if line.startswith("- ")]
    twice = {line for line in entries if entries.count(line) > 1}
    return [*found, *(f'CHANGELOG.md says twice: "{line}"' for line in sorted(twice))]


def notes(text: str, tag: str) -> str:
    """The section with links that lead somewhere outside the repository too."""
    return re.sub(r"\]\((?!https://|#)", f"]({REPOSITORY}/blob/{tag}/", text)


def tree_problems(root: Path) -> list[str]:
    """What differs from the commit, and what still says that there is no release."""
    git = ["git", "-C", str(root), "status", "--porcelain"]
    status = subprocess.run(git, check=True, capture_output=True, encoding="utf-8").stdout
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    pages += sorted((root / "publer_sync").rglob("*.py"))
    return [
        *(f"Not committed: {line[3:]}" for line in status.splitlines()),
        *(
            f'{page.relative_to(root).as_posix()} still says "{UNRELEASED}"'
            for page in pages
            if UNRELEASED in " ".join(page.read_text(encoding="utf-8").split())
        ),
    ]


def for_pypi(readme: str) -> str:
    """The README with links that lead somewhere on PyPI too: to the files of this version."""
    files = f"{REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/v{__version__}/"
    readme = re.sub(r"(!\[[^\]]*\]\()(?![a-z]+:|#)", rf"\g<1>{files}", readme)
    return re.sub(r"(\]\()(?![a-z]+:|#)", rf"\g<1>{REPOSITORY}/blob/v{__version__}/", readme)


def build(root: Path, folder: Path, *, epoch: int) -> None:
    """Build the source distribution from a tree, and the wheel from that, so that neither lacks a file.

    The same tree gives the same bytes, wherever and whenever it is built; `epoch` is the time of every file in them.
    """
    with tempfile.TemporaryDirectory() as copied:
        tree = Path(copied) / "tree"
        shutil.copytree(root, tree, ignore=shutil.ignore_patterns(".*", "build", "dist"))
        if commit := commit_of(root / "publer_sync"):
            (tree / "publer_sync/commit.txt").write_text(f"{commit}\n", encoding="utf-8")
        readme = tree / "README.md"
        readme.write_text(for_pypi(readme.read_text(encoding="utf-8")), encoding="utf-8")
        _backend(tree, "sdist", folder, epoch)
    [source] = folder.glob("*.tar.gz")
    _level(source, epoch)
    with tempfile.TemporaryDirectory() as unpacked:
        with tarfile.open(source) as archive:
            archive.extractall(unpacked, filter="data")
        [top] = Path(unpacked).iterdir()
        _backend(top, "wheel", folder, epoch)


def _level(source: Path, epoch: int) -> None:
    """Pack it again without what differs from build to build: times, owners, modes, and the order of the files."""
    with tarfile.open(source) as archive:
        found = [(each, archive.extractfile(each)) for each in archive.getmembers()]
        files = sorted((each.name, stream.read()) for each, stream in found if stream is not None)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), epoch, 0o644
            archive.addfile(entry, io.BytesIO(data))
    with source.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=epoch) as stream:
        stream.write(packed.getvalue())


def sbom(root: Path, file: Path) -> None:
    """Write which packages, in which versions and with which hashes, run with publer-sync."""
    command = [
        "cyclonedx-py",
        "requirements",
        "--pyproject",
        "pyproject.toml",
        "--output-reproducible",
        "requirements.txt",
    ]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, encoding="utf-8")
    document = json.loads(done.stdout)
    # The version is not in pyproject.toml.
    document["metadata"]["component"] |= {
        "version": __version__,
        "purl": f"pkg:pypi/publer-sync@{__version__}",
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def commit_time(root: Path) -> int:
    git = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    return int(subprocess.run(git, check=True, capture_output=True, encoding="utf-8").stdout)


def _backend(top: Path, kind: str, folder: Path, epoch: int) -> None:
    """In a process of its own, because setuptools builds the folder that it runs in."""
    folder.mkdir(parents=True, exist_ok=True)
    code = f"import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    for path in top.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    subprocess.run([sys.executable, "-c", code, str(folder.resolve())], cwd=top, env=environ, check=True)


def main(command: str, argument: str) -> None:
    if command == "build":
        build(ROOT, Path(argument), epoch=int(os.environ.get("SOURCE_DATE_EPOCH") or commit_time(ROOT)))
        return
    if command == "sbom":
        sbom(ROOT, Path(argument))
        return
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = [*problems(argument, __version__, changelog, datetime.now(UTC).date()), *tree_problems(ROOT)]
    part = section(changelog, __version__)
    if found or part is None:
        raise SystemExit("\n".join(found))
    sys.stdout.write(notes(part.text, argument))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Which calendars have changed since a commit, as the names of files tell, and a name for what was committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.beside import changed
from publer_sync.values.errors import UsageError
from tests.commands.reached import stand_in
from tests.ledger.git_world import git
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def calendar(folder: Path, text: str = "timezone: UTC\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "publer.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[tuple[str, ...]]]:
    """Let git answer by its first word; what it was asked."""

    def answer(**answers: str | None) -> list[tuple[str, ...]]:
        given: list[tuple[str, ...]] = []

        def git(*words: str, **_: Any) -> str | None:
            given.append(words)
            name = words[0].replace("-", "_")
            if name == "rev_parse" and "--verify" in words:
                name = "verify"
            return answers.get(name)

        monkeypatch.setattr(changed, "git", git)
        return given

    return answer


@each_of(
    ("files", "found"),
    [
        ((), []),
        (("one/posts.yaml",), ["one"]),
        (("one/media/lamp.png", "two/posts.yaml"), ["one", "two"]),
        (("one/inner/posts.yaml",), ["one/inner"]),
        (("one/README.md",), []),
        (("one/.draft/posts.yaml",), []),
        (("one/.hidden",), []),
        (("elsewhere/posts.yaml",), []),
        (("shared.yaml",), ["two"]),
        (("pictures/lamp.png",), ["two"]),
        (("pictures",), ["two"]),  # a submodule
        (("pictures-of-others/lamp.png",), []),
        (("libs",), ["two"]),
        (("blog/lamp.md",), ["two"]),
    ],
)
def test_a_file_belongs_to_the_nearest_calendar_and_to_those_that_read_it(
    tmp_path: Path, asked: Callable[..., Any], files: tuple[str, ...], found: list[str]
) -> None:
    asked(rev_parse=str(tmp_path))
    (tmp_path / "pictures").mkdir(exist_ok=True)
    (tmp_path / "shared.yaml").write_text("time: 09:00\n", encoding="utf-8")
    calendar(tmp_path / "one" / "inner")
    tops = [
        calendar(tmp_path / "one"),
        tmp_path / "one" / "inner",
        calendar(
            tmp_path / "two",
            "extends: ../shared.yaml\nmedia: [../pictures, ../libs/photos]\npages: [{files: '../blog/*.md', url: 'https://example.com/'}]\ntimezone: UTC\n",
        ),
    ]
    assert [top.relative_to(tmp_path).as_posix() for top in changed.touched(tops, files)] == found


def test_what_differs_is_what_git_lists_and_what_it_does_not_track_yet(
    tmp_path: Path, asked: Callable[..., Any]
) -> None:
    given = asked(
        rev_parse=str(tmp_path),
        verify="c" * 40,
        merge_base="base",
        diff="one/a.yaml\0",
        ls_files="two/b.yaml\0",
    )
    tops = [calendar(tmp_path / name, "media: [../pictures]\n") for name in ("one", "two", "three")]
    assert changed.changed(tops, "main") == tops[:2]
    assert [words[-4:] for words in given if words[0] == "diff"] == [
        ("--no-renames", "base", "--", str(tmp_path))
    ]
    asked(rev_parse=None, diff=None, ls_files=None)
    assert changed.differing(tops, "base") == []


@each_of(
    ("answers", "told"),
    [
        ({}, "--changed-since needs git, and this folder is in no repository"),
        ({"rev_parse": "/top"}, '--changed-since: git knows no commit "main" here'),
        (
            {"rev_parse": "/top", "verify": "c"},
            '--changed-since: "main" and the commit that is checked out have no commit in common here',
        ),
    ],
)
def test_what_git_does_not_know_is_said(
    asked: Callable[..., Any], answers: dict[str, str], told: str
) -> None:
    asked(**answers)
    with pytest.raises(UsageError) as error:
        changed.changed([], "main")
    assert error.value.message == told


def test_git_that_fails_or_is_missing_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (changed.git("no-such-command"), changed.blob("HEAD", "a file")) == (None, b"")
    git(tmp_path, "init", "-q", "--template=")
    (tmp_path / "a file").write_text("Hello\n", encoding="utf-8")
    git(tmp_path, "add", "-A")
    assert (changed.git("ls-files"), changed.blob("", "a file")) == ("a file", b"Hello\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert changed.git("version") is None


@each_of(
    ("differs", "committed", "named"),
    [
        (False, {"calendar": "a", "shared.yaml": "b"}, True),
        (True, {"calendar": "a"}, False),
        (False, {"calendar": "a", "shared.yaml": ""}, False),
    ],
)
def test_files_have_a_name_where_all_of_them_are_committed(
    tmp_path: Path, differs: bool, committed: dict[str, str], named: bool
) -> None:
    checkout: Any = stand_in(differs=differs, committed=committed)
    asked: list[Any] = []

    def paths(given: Any) -> Any:
        asked.append(given)
        return checkout

    there: Any = stand_in(of=lambda _: stand_in(checkout=paths))
    nowhere: Any = stand_in(of=lambda _: None)
    top = calendar(tmp_path / "calendar")
    name = changed.files_of(top, there)
    assert (name is not None, asked) == (named, [(top,)])
    assert (changed.files_of(top, nowhere), changed.name_of(None)) == (None, None)
    if named:
        assert name != changed.name_of(stand_in(differs=False, committed={"calendar": "c"}))

"""completion, in the shells themselves: their script, their words, and how long it takes."""

from __future__ import annotations

import gc
import io
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.cli.completing import VARIABLE
from publer_sync.cli.main import main
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

POSTS = """\
# id: no-post
defaults:
  media:
  - id: 5f0000000000000000000001
posts:
- id: launch
  at: 2027-03-02 09:00
  accounts: x
  text: |
    id: in-the-text
  labels: [launch, "spring sale"]
- at: 2027-03-03 09:00
  id: "letter"
  text: Hello
  media:
  - id: 5f0000000000000000000002
  labels:
  - spring
  - it's new
"""
PAGE = "---\nid: story\nat: 2027-03-04 09:00\nlabels: [page]\n---\n\nHello\n"
BASH = """\
eval "$(publer-sync completion bash)"
compopt() { echo "compopt $2"; }
COMPREPLY=() COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_publer_sync_completion publer-sync
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """\
compdef() { }
eval "$(publer-sync completion zsh)"
compadd() { print -l -- "${(@P)@[-1]}" }
_describe() { print -l -- "${(@)completions_with_descriptions%%:*}" }
_path_files() { print -- "$*" }
words=("$@") CURRENT=$#
_publer_sync_completion
"""
FISH = 'publer-sync completion fish | source; complete -C "$argv"'
SHELLS: dict[str, Callable[[tuple[str, ...]], list[str]]] = {
    "bash": lambda words: ["bash", "--norc", "-c", BASH, "bash", *words],
    "zsh": lambda words: ["zsh", "-f", "-c", ZSH, "zsh", *words],
    "fish": lambda words: ["fish", "--no-config", "-c", FISH, " ".join(words)],
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder of calendars, of which one has posts, and accounts and groups of its own and from settings it extends."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "agency.yaml").write_text("groups: {everyone: [x, insta_de]}\n")
    for name in ("acme", "globex"):
        top = tmp_path / "clients" / name
        top.mkdir(parents=True)
        (top / "publer.yaml").write_text(f"accounts: {{x: {name}}}\n")
    (tmp_path / "clients" / "acme" / "publer.yaml").write_text(
        "extends: ../../agency.yaml\naccounts: {x: Acme, insta_de: instagram/Acme}\ngroups: {words: x}\n"
    )
    (tmp_path / "clients" / "acme" / "march.yaml").write_text(POSTS)
    (tmp_path / "clients" / "acme" / "story.md").write_text(PAGE)
    return tmp_path


def completed(shell: str, here: Path, *words: str) -> list[str]:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(here),
    }
    ran = subprocess.run(
        SHELLS[shell](("publer-sync", *words)),
        cwd=here, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stderr == ""
    return [line.partition("\t")[0] for line in ran.stdout.splitlines() if line]


def offered(here: Path, *words: str) -> list[str]:
    """What fits, in this process, as a shell is told it. The last word is the one that is begun."""
    *before, begun = words
    line = shlex.join(["publer-sync", *before])
    asked = {VARIABLE: "fish_complete", "COMP_WORDS": line, "COMP_CWORD": begun}
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with (
        chdir(here),
        mock.patch.dict(os.environ, asked),
        redirect_stdout(out),
        pytest.raises(SystemExit, match=r"^0$"),
    ):
        main([])
    gc.enable()
    out.seek(0)
    found = [each.partition("\t")[0] for each in out.read().splitlines()]
    return [each.removeprefix("plain,").replace("file,", "a file, ", 1) for each in found if each]


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_what_the_calendar_has(here: Path, shell: str) -> None:
    acme = "clients/acme"
    assert completed(shell, here, "relea") == ["release"]
    assert completed(shell, here, "plan", acme, "--account", "") == [
        "all",
        "everyone",
        "insta_de",
        "words",
        "x",
    ]
    assert completed(shell, here, "explain", "--calendar", acme, "") == ["launch", "letter", "story"]
    assert completed(shell, here, "forget", "--calendar", acme, "launch", "st") == ["story"]
    assert completed(shell, here, "schema", "se") == ["settings", "several"]
    assert completed(shell, here, "validate", "clients/") == ["clients/acme", "clients/globex"]


@pytest.mark.story
def test_labels_and_folders_with_spaces_are_quoted_for_bash(here: Path) -> None:
    words = ("hold", "clients/acme", "--label")
    assert completed("bash", here, *words, "") == [
        "it\\'s\\ new",
        "launch",
        "page",
        "spring",
        "spring\\ sale",
    ]
    assert completed("bash", here, *words, "spring\\ s") == ["spring\\ sale"]
    (here / "clients" / "globex").rename(here / "clients" / "big & old")
    assert completed("bash", here, "plan", "clients/b") == ["clients/big\\ \\&\\ old"]


def test_nothing_but_labels_is_offered_as_a_label(here: Path) -> None:
    """Not the next post, nor words of a text, nor a remark."""
    (here / "clients" / "acme" / "march.yaml").write_text(
        "# labels: [old]\n"
        "defaults:\n  labels: [calendar,\n    'two words']\n"
        "posts:\n"
        "- at: 2027-03-02 09:00\n  text: |\n    labels: [in, words]\n    - a dash\n\n    labels:\n    - below\n"
        "  labels:\n  - spring # for now\n\n  - early, late\n"
        "- at: 2027-03-03 09:00\n  labels:\n    - deeper\n  accounts:\n  - x\n  - account: y\n    labels: []\n"
        "- {at: 2027-03-04 09:00, labels: [flow, more], text: 'a: [b]'}\n"
        "- text: Come labels: [no]\n  labels: # none yet\n  media:\n  - file: a.png\n"
        "- labels: nothing\n  text: Hi\n"
        "- labels: &these\n  - named\n  text: Hi\n"
        "- labels:\n  - \"\"\n  - 'it''s new'\n  - \"last\"\n  text: Hi\n"
        "- labels: [never, closed\n"
    )
    (here / "clients" / "acme" / "story.md").write_text(f"{PAGE}\nlabels: [of, words]\n")
    assert offered(here, "hold", "clients/acme", "--label", "") == [
        "calendar", "closed", "deeper", "early, late", "flow", "it's new", "last", "more", "named",
        "never", "page", "spring", "two words",
    ]  # fmt: skip


def test_each_place_of_a_command_line_offers_what_fits_there(here: Path) -> None:
    acme, globex = "clients/acme", "clients/globex"
    (here / "empty").mkdir()
    (here / "broken").mkdir()
    (here / "broken" / "publer.yaml").write_text("accounts: [[\n- {")
    for words, fitting in (
        (("plan", acme, "--account", ""), ["all", "everyone", "insta_de", "words", "x"]),
        (("explain", "--calendar", acme, ""), ["launch", "letter", "story"]),
        (("forget", "--calendar", acme, "launch", "st"), ["story"]),
        (("hold", acme, "--label", "spring"), ["spring", "spring sale"]),
        (("hold", "--label", ""), ["it's new", "launch", "page", "spring", "spring sale"]),
        (("schema", "se"), ["settings", "several"]),
        (("validate", "clients/"), [acme, globex]),
        (("plan", ""), ["broken", "clients", acme, globex]),
        (("import", "a.csv", ""), ["broken", acme, globex]),
        (("plan", "--account", "in"), ["insta_de"]),  # of all calendars below
        (("plan", globex, "--account", ""), ["all", "x"]),
        (("plan", "empty", "broken", globex, "--account", ""), ["all", "x"]),
        (("import", "a.csv", globex, "--account", ""), ["all", "x"]),
        (("apply", "pl"), ["a file, pl"]),  # such as a plan
        (("plam", "pla"), ["plan"]),
    ):
        assert offered(here, *words) == fitting, words


def test_calendars_are_offered_a_few_levels_deep_and_none_that_is_hidden(here: Path) -> None:
    for top in ("a/b/c/d", "a/b/c/d/e", ".hidden/of", "clients/acme/inside"):
        (here / top).mkdir(parents=True)
        (here / top / "publer.yaml").write_text("groups: {both: x}\n")
    inside = here / "clients" / "acme"
    acme = ["clients/acme", "clients/acme/inside"]
    assert offered(here, "import", "a.csv", "") == ["a/b/c/d", *acme, "clients/globex"]
    assert offered(here, "import", "a.csv", "a/b/c/d", "--account", "") == ["all", "both"]
    assert offered(inside, "import", "a.csv", "") == ["inside"]
    assert offered(inside / "inside", "import", "a.csv", "") == ["a file, "]
    assert offered(inside, "explain", "la") == ["launch"]


@each_of(
    "words",
    [
        ("plan", "nowhere", "--account", ""),
        ("plan", "clients/acme/march.yaml", "--account", ""),
        ("explain", "--calendar", "agency.yaml", ""),
        ("hold", "clients/broken", "--label", ""),
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_completes_nothing_without_a_word(here: Path, words: tuple[str, ...]) -> None:
    (here / "clients" / "broken").mkdir(exist_ok=True)
    (here / "clients" / "broken" / "publer.yaml").write_bytes(b"\xff\xfe\x00accounts: [[\n- {")
    assert offered(here, *words) == []


def test_a_broken_calendar_completes_what_can_be_read(here: Path) -> None:
    (here / "clients" / "acme" / "april.yaml").write_text("posts:\n- id: next\n  text: [never closed\n")
    assert offered(here, "explain", "--calendar", "clients/acme", "n") == ["next"]


@pytest.mark.slow
def test_a_thousand_posts_are_completed_in_a_third_of_a_second(here: Path) -> None:
    text = "".join(f"    Line {number} of a text that is not short at all.\n" for number in range(8))
    for month in range(1, 11):
        posts = "".join(
            f"- id: post-{month}-{number}\n  at: 2027-{month:02}-03 09:00\n  accounts: x\n  text: |\n{text}"
            for number in range(100)
        )
        (here / "clients" / "acme" / f"m{month}.yaml").write_text(f"posts:\n{posts}")
    environ = {**os.environ, "_PUBLER_SYNC_COMPLETE": "bash_complete", "COMP_CWORD": "4"}
    for words, most in (
        ("explain --calendar clients/acme post-", 1_000),
        ("plan clients/acme --account ", 5),
    ):
        before = os.times()
        ran = subprocess.run(
            [sys.executable, "-m", "publer_sync"],
            cwd=here, env={**environ, "COMP_WORDS": f"publer-sync {words}"},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        after = os.times()
        assert len(ran.stdout.splitlines()) == most
        took = after.children_user + after.children_system - before.children_user - before.children_system
        assert took < 0.3 * 2  # of processor time; twice that on a machine that is busy

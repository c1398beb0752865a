"""What an editor makes of the schemas: the YAML language server of VS Code and Zed, over the example calendar."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands import validate
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.conftest import Cli

SERVER = shutil.which("yaml-language-server")
pytestmark = pytest.mark.skipif(
    SERVER is None, reason="no yaml-language-server here: npm install --global yaml-language-server"
)


class Editor:
    """Opens files in the language server, as an editor does."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._number = process, 0
        self._settings: dict[str, Any] = {}

    def start(self, root: Path | None = None, schemas: Mapping[str, str | list[str]] | None = None) -> None:
        """`schemas` are `yaml.schemas` of the settings, for files below `root`."""
        uri = root.as_uri() if root else None
        folders = [{"uri": uri, "name": "root"}] if uri else None
        yaml = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self._settings = {"yaml": {**yaml, "schemas": schemas or {}}}
        self.ask("initialize", processId=None, rootUri=uri, workspaceFolders=folders, capabilities={})
        self._send(method="initialized", params={})
        self._send(method="workspace/didChangeConfiguration", params={"settings": self._settings})

    def _send(self, **message: Any) -> None:
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _messages(self) -> Iterator[Any]:
        """What the server sends. It asks for the settings; its other questions get an empty answer."""
        assert self._process.stdout
        while line := self._process.stdout.readline():
            size = int(line.removeprefix(b"Content-Length:"))
            while self._process.stdout.readline().strip():
                pass
            message = json.loads(self._process.stdout.read(size))
            if "method" in message and "id" in message:
                items = message["params"].get("items", []) if isinstance(message.get("params"), dict) else []
                answers = [self._settings.get(item.get("section")) for item in items]
                self._send(id=message["id"], result=answers or None)
            yield message

    def ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._send(id=self._number, method=method, params=params)
        return next(m for m in self._messages() if m.get("id") == self._number and "method" not in m)[
            "result"
        ]

    def problem_lines(self, file: Path) -> set[int]:
        """Open the file, and wait for what is wrong with it: lines, counted from 1."""
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": file.read_text("utf-8")}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        found = next(
            message["params"]["diagnostics"]
            for message in self._messages()
            if message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == file.as_uri()
        )
        return {one["range"]["start"]["line"] + 1 for one in found}

    def completions(self, file: Path, line: int, column: int) -> set[str]:
        return {item["label"] for item in self.items(file, line, column)}

    def items(self, file: Path, line: int, column: int) -> list[dict[str, str]]:
        """What is offered there: a label, and the text that it inserts."""
        return list(self.ask("textDocument/completion", **_at(file, line, column))["items"])

    def hover(self, file: Path, line: int, column: int) -> str:
        return str(self.ask("textDocument/hover", **_at(file, line, column)))


def _at(file: Path, line: int, column: int) -> dict[str, Any]:
    return {
        "textDocument": {"uri": file.as_uri()},
        "position": {"line": line - 1, "character": column - 1},
    }


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """One for all that need no settings: each test opens files of its own."""
    with _served(300) as served:
        served.start()
        yield served


@pytest.fixture
def unconfigured() -> Iterator[Editor]:
    with _served(60) as served:
        yield served


@contextmanager
def _served(seconds: int) -> Iterator[Editor]:
    """An editor whose server is killed after so many seconds."""
    assert SERVER
    with subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        end = Timer(seconds, process.kill)
        end.start()
        try:
            yield Editor(process)
        finally:
            end.cancel()
            process.kill()


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """A copy of the example calendar, with the schemas beside it."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    return shutil.copytree(ROOT / "examples" / "calendar", tmp_path / "examples" / "calendar")


def test_the_example_calendar_has_no_problem_in_an_editor(editor: Editor, calendar: Path) -> None:
    files = sorted(calendar.glob("*.yaml"))
    assert len(files) > 3
    assert {file.name: lines for file in files if (lines := editor.problem_lines(file))} == {}


@pytest.mark.parametrize(
    "typo",
    [
        "  txet: A typo in a key\n",
        "  text: [not, a text]\n",
        "  networks: {facbook: {text: A network}}\n",
        "  networks: {x: {reply_settings: nobody}}\n",
        "  type: reels\n",
    ],
)
def test_an_editor_marks_the_lines_that_validate_does(
    editor: Editor, calendar: Path, capsys: pytest.CaptureFixture[str], typo: str
) -> None:
    head = "# yaml-language-server: $schema=../../schema/calendar.schema.json\n"
    text = f"{head}posts:\n- at: 2027-03-09 09:00\n  accounts: x\n  note: A post\n{typo}"
    if not typo.startswith("  text:"):
        text += "  text: Words\n"
    (calendar / "typo.yaml").write_text(text, encoding="utf-8")
    assert validate.run([calendar], changed_since=None, style="json", strict=False) == 3
    problems = json.loads(capsys.readouterr().out)["problems"]
    told = {
        one["line"] for one in problems if one["file"].endswith("typo.yaml") and one["severity"] == "error"
    }
    assert told == {6}
    assert editor.problem_lines(calendar / "typo.yaml") == told


def test_an_editor_completes_keys_and_explains_them(editor: Editor, calendar: Path) -> None:
    file = calendar / "new.yaml"
    head = "# yaml-language-server: $schema=../../schema/calendar.schema.json\n"
    file.write_text(
        head
        + "posts:\n- at: 2027-03-09 09:00\n  text: Words\n  networks:\n    pinterest:\n      b\n    f\n  l\n"
        "- poll: {}\n  networks: {x: {community: {}, reply_settings: following}}\n",
        encoding="utf-8",
    )
    editor.problem_lines(file)
    assert "board" in editor.completions(file, 7, 8)
    assert {"facebook", "linkedin", "x"} <= editor.completions(file, 8, 6)
    assert {"link", "labels", "accounts"} <= editor.completions(file, 9, 4)
    assert {"A picture of it"} <= editor.completions(file, 4, 9)
    assert "The text of the post" in editor.hover(file, 4, 4)
    assert "duration: 3d" in editor.hover(file, 10, 4)
    assert "name: Lamps" in editor.hover(file, 11, 19)
    assert "mentionedUsers" in editor.hover(file, 11, 36)


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        ("  t", 4),
        ("  thread:\n  - t", 6),
        ("  comments:\n  - t", 6),
        ("  networks:\n    x:\n      t", 8),
    ],
)
def test_an_editor_offers_words_below_a_bar_first(
    editor: Editor, calendar: Path, lines: str, column: int
) -> None:
    file = calendar / "new.yaml"
    head = "# yaml-language-server: $schema=../../schema/calendar.schema.json\n"
    file.write_text(f"{head}posts:\n- at: 2027-03-09 09:00\n{lines}\n", encoding="utf-8")
    editor.problem_lines(file)
    items = editor.items(file, 4 + lines.count("\n"), column)
    first = min(items, key=lambda item: item.get("sortText", item["label"]))
    assert (first["label"], first["insertText"]) == ("text: |", "text: |\n  ")


def test_where_there_is_a_text_it_offers_only_the_bar(editor: Editor, calendar: Path) -> None:
    file = calendar / "new.yaml"
    head = "# yaml-language-server: $schema=../../schema/calendar.schema.json\n"
    file.write_text(f"{head}posts:\n- at: 2027-03-09 09:00\n  text: \n  t\n", encoding="utf-8")
    editor.problem_lines(file)
    assert "text: |" not in editor.completions(file, 5, 4)
    first = min(editor.items(file, 4, 9), key=lambda item: item.get("sortText", item["label"]))
    assert (first["label"], first["insertText"]) == ("|", "|\n  ")


SETTINGS = """\
# yaml-language-server: $schema=../../schema/settings.schema.json
workspace: Fjordlight
timezone: Europe/Oslo
accounts:
  shop:
    p
  x: Fjordlight
limits:
  f
prune: none
defaults:
  networks:
    facebook:
      a
    youtube:
      privacy: public
cadence: {quiet: [sat]}
e
"""


def test_an_editor_completes_the_settings_and_explains_them(editor: Editor, calendar: Path) -> None:
    file = calendar / "publer.yaml"
    file.write_text(SETTINGS, encoding="utf-8")
    editor.problem_lines(file)
    assert {"name", "id", "provider", "max_characters"} <= editor.completions(file, 6, 6)
    assert {"delete", "change", "freeze_minutes"} <= editor.completions(file, 9, 4)
    assert {"owned", "none"} <= editor.completions(file, 10, 8)
    assert {"background", "sublinks"} <= editor.completions(file, 14, 8)
    assert {"mon", "sun"} <= editor.completions(file, 17, 19)
    assert {"edits", "extends", "groups"} <= editor.completions(file, 18, 2)
    assert "facebook: My Facebook Page" in editor.hover(file, 4, 3)
    assert "instagram/Fjordlight" in editor.hover(file, 7, 3)
    assert "freeze_minutes: 15" in editor.hover(file, 8, 3)
    assert "Who can see the video" in editor.hover(file, 16, 8)


def test_an_editor_writes_no_example_into_a_file_by_itself(editor: Editor, calendar: Path) -> None:
    """A post would go out with it, where a writer takes a key from the list and does not look again."""
    file = calendar / "new.yaml"
    head = "# yaml-language-server: $schema=../../schema/calendar.schema.json\n"
    file.write_text(f"{head}posts:\n- at: 2027-03-09 09:00\n  t\n", encoding="utf-8")
    editor.problem_lines(file)
    items = {item["label"]: item["insertText"] for item in editor.items(file, 4, 4)}
    assert {key: items[key] for key in ("text", "title", "note")} == {
        "text": "text: ",
        "title": "title: ",
        "note": "note: ",
    }


@pytest.mark.parametrize(
    ("key", "typo"),
    [
        ("prune", "prune: all"),
        ("limits", "limits: {deletes: 5}"),
        ("edits", "edit: ask"),
        ("cadence", "cadence: {x: often}"),
    ],
)
def test_an_editor_marks_the_lines_of_the_settings_that_validate_does(
    editor: Editor, calendar: Path, capsys: pytest.CaptureFixture[str], key: str, typo: str
) -> None:
    file = calendar / "publer.yaml"
    kept = [line for line in file.read_text("utf-8").splitlines() if not line.startswith(key)]
    file.write_text("\n".join([*kept, typo, ""]), encoding="utf-8")
    validate.run([calendar], changed_since=None, style="json", strict=False)
    problems = json.loads(capsys.readouterr().out)["problems"]
    told = {one["line"] for one in problems if one["file"].endswith("publer.yaml")}
    assert told == {len(kept) + 1}
    assert editor.problem_lines(file) == told


def test_the_files_of_init_and_import_know_their_schema(editor: Editor, cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "--timezone", "Europe/Oslo", "--yes").code == 0
    (tmp_path / "a.csv").write_text("Message,When\nWords,2099-03-02 09:00\n", encoding="utf-8")
    told = ("--columns", "text=Message,at=When", "--account", "x", "--to", "plans/spring.yaml", "--yes")
    assert cli("import", "a.csv", "calendar", *told).code == 0
    for name in ("publer.yaml", "first.yaml", "plans/spring.yaml"):
        file = tmp_path / "calendar" / name
        assert editor.problem_lines(file) == set(), name
        lines = file.read_text("utf-8").splitlines()
        slip = file.with_name(f"slip-{file.name}")
        slip.write_text("\n".join([lines[0], "odd: 1", *lines[1:], ""]), encoding="utf-8")
        assert editor.problem_lines(slip) == {2}, name


# --- without a first line ---------------------------------------------------------------------------------------------


def configured() -> list[Any]:
    """The settings that docs/editors.md gives for VS Code and Zed: which schema is for which files."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    found = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    return [
        each.get("yaml.schemas") or each["lsp"]["yaml-language-server"]["settings"]["yaml"]["schemas"]
        for each in found
    ]


@pytest.mark.parametrize("schemas", configured(), ids=str)
def test_the_settings_on_the_page_give_each_file_its_schema(
    unconfigured: Editor, tmp_path: Path, schemas: dict[str, Any]
) -> None:
    top = tmp_path / "calendar"
    (top / "plans").mkdir(parents=True)
    shutil.copytree(ROOT / "schema", top / ".schema")
    here = {
        (top / ".schema" / name.rpartition("/")[2]).as_uri() if name.startswith("https:") else name: files
        for name, files in schemas.items()
    }
    unconfigured.start(tmp_path, here)
    files = {
        "publer.yaml": "tymezone: a\n",
        "march.publer.yaml": "posts:\n- txet: a\n",
        "plans/april.publer.yaml": "posts:\n- txet: a\n",
    }
    if not any(name.startswith("https:") for name in schemas):
        files["pulled-2027-03.yaml"] = "posts:\n- txet: a\n"
    for name, text in files.items():
        (top / name).write_text(text, encoding="utf-8")
        assert unconfigured.problem_lines(top / name) == {len(text.splitlines())}, name
    keys = unconfigured.completions(top / "publer.yaml", 1, 2)
    assert "workspace" in keys
    assert "posts" not in keys
    assert {"text", "labels"} <= unconfigured.completions(top / "march.publer.yaml", 2, 4)

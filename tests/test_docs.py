"""README.md and docs/ say what is: commands, output, help, examples, tables and links are tried here.

`python -m tests.write_docs` brings the generated parts up to date.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.cli.group import main_group
from publer_sync.cli.main import main
from publer_sync.networks.table import NETWORKS
from publer_sync.planning.plan import Block
from publer_sync.publer import answers
from tests import docs_site, write_docs
from tests.conftest import ROOT, Cli
from tests.networks.test_media import PDF, VIDEO
from tests.sources import MODULES
from tests.system.worlds import git
from tests.tables import each_of
from tests.write_docs import BLOCK, PAGES, Story, commands, png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = "\n".join(
    [
        "workspace: Fjordlight",
        "timezone: Europe/Oslo",
        "time: 09:00",
        "dates: {launch: 2027-04-06, conf: 2027-05-20 09:30}",
        "accounts:",
        *(f"  {'x' if key == 'twitter' else key}: Fjordlight" for key in NETWORKS),
        "  insta_de: instagram/Fjordlight Deutschland",
        "utm_hosts: [example.com]",
        "hashtags:",
        "  core: [fjordlight]",
        "  local: [bergen]",
        "groups:",
        "  words: [x, linkedin]",
        "",
    ]
)
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
MEDIA = {"lamp.png": png(), "box.png": png(1080, 1000), "lamp.mp4": VIDEO, "lamp.gif": GIF, "lamp.pdf": PDF}
OTHER_PROGRAMS = {
    "updating.md": {"--mirror", "--no-deps"},
    "CONTRIBUTING.md": {"--cov", "--check", "--upgrade", "--seeds", "--write"},
    "benchmark.md": {"--quick", "--no-peers", "--against", "--doit", "--sizes"},
    "reliability.md": {"--plain", "--seeds", "--kind"},
}
"""Options on a page that are not ours."""
ALL_PAGES = [*PAGES, ROOT / "docs" / "github-action.md"]
BLOCKS = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
TOLERATED = {
    "type.doubtful",
    "field.unproved",
    "media.no-alt",
    "signature.network",
    "date.unused",
    "slot.next",
}


def blocks(kind: str) -> list[Any]:
    """Every block of this kind in the pages, as pytest's parameters; what is wrong on purpose says so in its name.

    Parts of workflows are test_action's.
    """
    return [
        pytest.param(found[2], id=f"{page.stem}-{number}")
        for page in PAGES
        for number, found in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8")), 1)
        if found[1] == kind and not found[2].startswith(("# calendar/wrong", "# publer-"))
    ]


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """A calendar with an account on every network, and the files that examples name."""
    git(tmp_path, "init", "-q")
    top = tmp_path / "calendar"
    (top / "media").mkdir(parents=True)
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "shared-media").mkdir()
    (tmp_path / "agency.yaml").write_text("prune: owned\n", encoding="utf-8")
    for name, content in MEDIA.items():
        (top / "media" / name).write_bytes(content)
    return top


def validate(top: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    with pytest.raises(SystemExit):
        main(["validate", str(top), "--format", "json"])
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


# --- the pages ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_generated_is_current(page: Path) -> None:
    """Tables, help, and the output of every command; if not: `python -m tests.write_docs`."""
    text = page.read_text(encoding="utf-8")
    assert write_docs.update(text) == text


@each_of(
    "page",
    [*PAGES, ROOT / "AGENTS.md", ROOT / "CONTRIBUTING.md", ROOT / "RELEASING.md", ROOT / "SECURITY.md"],
    ids=lambda page: page.stem,
)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), target
    for file, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", text):
        there = (page.parent / file).read_text(encoding="utf-8") if file else text
        assert anchor in {
            re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.+)$", there, re.MULTILINE)
        }


def test_the_table_of_contents_names_every_page_once() -> None:
    """The navigation of the site and llms.txt are made of docs/index.md: a page that it does not name can't be found."""
    named = [entry.path for entries in docs_site.contents().values() for entry in entries]
    there = [page.relative_to(docs_site.DOCS).as_posix() for page in docs_site.pages()]
    assert sorted(["index.md", *named]) == there, "give each page its line in docs/index.md"


@each_of("name", ["calendar.md", "branches.md", "../README.md"])
def test_the_contents_of_a_page_are_its_headings_in_their_order(name: str) -> None:
    text = BLOCKS.sub("", (ROOT / "docs" / name).read_text(encoding="utf-8"))
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert re.findall(r"^- \[(.+)\]\(#[\w-]+\)$", text, re.MULTILINE) == headings


@each_of("page", ALL_PAGES, ids=lambda page: page.stem)
def test_every_row_of_a_table_has_the_cells_of_its_head(page: Path) -> None:
    lines = BLOCKS.sub("", page.read_text(encoding="utf-8")).splitlines()
    head = 0
    for line in lines:
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        head = (head or cells) if cells else 0
        assert cells == head, line


def test_the_page_of_many_calendars_names_every_command_that_takes_several() -> None:
    page = (ROOT / "docs" / "many-calendars.md").read_text(encoding="utf-8")
    [sentence] = re.findall(r"^(.+) take any number of calendars", page, re.MULTILINE)
    several = {
        name for name, command in commands() if any(each.name == "calendars" for each in command.params)
    }
    assert {*re.findall(r"`(\w+)`", sentence)} == several


def examples_in_help() -> list[str]:
    helps = [main_group.help, *(command.help for _, command in commands())]
    return [line for text in helps for line in re.findall(r"publer-sync [^)\n]*", text or "")]


@each_of("example", examples_in_help())
def test_the_examples_in_the_help_are_commands_with_options_that_exist(
    example: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(example)[1:], "--help"])
    assert ended.value.code == 0, capsys.readouterr().err


def commands_on(page: Path) -> list[str]:
    """The commands in sentences and in blocks that are not run; what is in console blocks was run."""
    text = page.read_text(encoding="utf-8")
    scripts = "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    return [
        *re.findall(r"`publer-sync ([a-z][^`]*)`", BLOCKS.sub("", text)),
        *re.findall(r"^publer-sync ([a-z].*?)(?: *[#>|&].*)?$", scripts, re.MULTILINE),
    ]


@pytest.mark.slow
@each_of("page", ALL_PAGES, ids=lambda page: page.stem)
def test_every_command_that_a_page_names_exists_with_its_options(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in commands_on(page):
        with pytest.raises(SystemExit) as ended:
            main([*shlex.split(words), "--help"])
        assert ended.value.code == 0, capsys.readouterr().err


@each_of("page", ALL_PAGES, ids=lambda page: page.stem)
def test_every_option_that_a_page_names_exists(page: Path) -> None:
    known = {name for _, command in commands() for option in command.params for name in option.opts}
    text = BLOCKS.sub("", page.read_text(encoding="utf-8"))
    named = {
        option
        for span in re.findall(r"`([^`\n]+)`", text)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span)
    }
    assert named <= known | {"--help", "--version"} | OTHER_PROGRAMS.get(page.name, set())


@pytest.mark.slow
def test_every_command_has_an_example_in_its_help_and_the_first_steps_work() -> None:
    for name, command in commands():
        assert f"publer-sync {name}" in (command.help or "")
    with Story() as story:
        for line in re.findall(r"publer-sync .*", main_group.help or ""):
            story.tell("console", f"$ {line}\n")
            assert story.tell("console", "$ echo $?\n") == "$ echo $?\n0\n", line


def test_every_exit_code_is_in_the_readme_and_is_what_errors_give() -> None:
    from publer_sync.values import errors

    table = {int(code) for code in re.findall(r"^\| `(\d+)` \|", README, re.MULTILINE)}
    raised = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.PublerSyncError)
    }
    assert table == {0, 2, 6, *raised}


# --- troubleshooting ------------------------------------------------------------------------------------------------

TROUBLE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")


def codes_of_errors() -> set[str]:
    """Every code that an error can have: what its class says, or what is given where it is raised."""
    found: set[str] = set()
    for node in chain.from_iterable(module.nodes for module in MODULES.values()):
        if isinstance(node, ast.keyword) and node.arg == "code":
            found |= {
                part.value
                for part in ast.walk(node.value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            }
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(one, ast.Name) and one.id == "default_code" for one in targets):
                found.add(str(node.value.value))
    return {code for code in found if "…" not in code}


def sentences_of_the_code() -> str:
    """Every text in the code, with … for what is filled in."""
    texts = []
    for node in chain.from_iterable(module.nodes for module in MODULES.values()):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
            texts.append("".join(map(str, parts)))
    return "\n".join(texts)


def test_every_code_of_an_error_has_its_entry() -> None:
    unnamed = {"error", "service", "state.", "settings"}  # whatever has none of its own, or only a beginning
    entries = set(re.findall(r"`([a-z_.]+)`", TROUBLE))
    assert codes_of_errors() - unnamed - entries == set()


def test_every_reason_that_blocks_a_post_and_every_exit_code_has_its_entry() -> None:
    blocked = set(re.findall(r"^\| blocked, `(\w+)` \|", TROUBLE, re.MULTILINE))
    assert blocked == {str(block) for block in Block}
    codes = re.findall(r"^\| `(\d+)` \|", TROUBLE, re.MULTILINE)
    assert codes == re.findall(r"^\| `(\d+)` \|", README, re.MULTILINE)


def test_the_messages_that_are_quoted_are_those_of_the_code() -> None:
    page = write_docs.GENERATED.sub("", TROUBLE)
    cells = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| *")]
    quoted = [text for cell in cells for text in re.findall(r"\*([^*]+)\*", cell) if len(text.split()) > 2]
    assert len(quoted) > 30
    said = sentences_of_the_code()
    for message in quoted:
        for part in filter(None, (part.strip() for part in message.split("…"))):
            assert part in said, message


def test_the_known_answers_bring_out_every_advice_that_there_is() -> None:
    """Each hint and each code in the module that reads refusals."""
    table = write_docs.generate("refused requests")
    for hint in answers._HINTS.values():
        assert hint in table
    source = (ROOT / "publer_sync" / "publer" / "answers.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'"((?:publer|media|key)\.\w+)"', source)) | {"publer.plan"}
    assert {f"`{code}`" for code in codes} <= set(re.findall(r"`[a-z.]+`", table))


# --- the two commands -----------------------------------------------------------------------------------------------


def command_after(heading: str) -> str:
    found = re.search(rf"<!-- {heading} -->\n```sh\n(.+)\n```", README)
    assert found is not None
    return found[1]


def test_ci_runs_the_command_of_the_readme() -> None:
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == command_after("all tests")


def test_both_commands_set_up_in_the_same_way_the_first_without_what_tests_take() -> None:
    set_up, _, _ = command_after("all tests").rpartition(" && ")
    assert command_after("try it") == f"{set_up.replace('-dev', '')} && sh examples/try.sh"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "docs/tutorial.md"])
def test_the_first_pages_that_people_follow_never_age(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of their commands sets the sandbox's clock."""
    monkeypatch.setattr(write_docs, "WRITTEN", "2031-06-01T12:00:00+00:00")
    text = (ROOT / name).read_text(encoding="utf-8")
    assert write_docs.update(text) == text


def test_progress_is_compared_but_for_its_clock_and_how_far_it_has_come() -> None:
    shown = "07:58:28 new      1 post sent; Publer is working, 0 of at most 300 s\n07:58:29 check    0 of 1 listed\nDone.\n"
    for same in (
        shown.replace("07:58", "23:59").replace("0 of", "1 of"),
        shown.replace("07:58:28 new", "07:58:28 new      2 posts sent\n07:58:28 new"),
        "Done.\n",
    ):
        assert write_docs.current(same, shown) == shown
    for other in (shown.replace("1 post sent", "2 posts sent"), shown.replace("of 1 listed", "of 2 listed")):
        assert write_docs.current(other, shown) == other


@pytest.mark.slow
def test_trying_it_twice_shows_the_same_and_leaves_nothing_behind(tmp_path: Path) -> None:
    line = "$ sh examples/try.sh\n"
    with Story() as story:
        first, again = (story.tell("console", line) for _ in range(2))
        assert write_docs.steady(again) == write_docs.steady(first)
        assert "Nothing to do." in first.splitlines()[-1]
        assert story.tell("console", "$ ls -A examples/calendar\n").count(".publer-sync") == 0


def pins(name: str) -> dict[str, str]:
    """The version and hashes of each package; its extras and which systems take it are left out."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pin = r"([a-z0-9-]+)(?:\[[a-z,-]+\])?==(\S+)(?: ; .+)?(( \\\n    --hash=sha256:[0-9a-f]{64})+)\n"
    assert re.fullmatch(f"({pin})+", text), "pins and hashes, and no address"
    return {found[1]: found[2] + found[3] for found in re.finditer(pin, text)}


def named(requirements: list[Any]) -> set[str]:
    return {re.split(r"[^\w.-]", line)[0].lower() for line in requirements if isinstance(line, str)}


def test_every_package_is_pinned_with_hashes_and_what_runs_needs_nothing_of_the_tests() -> None:
    runs, base, tests, audit = (pins(f"requirements{of}.txt") for of in ("", "-base", "-dev", "-audit"))
    assert tests.items() >= runs.items() > base.items(), "pin again, as CONTRIBUTING.md says"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    assert groups["build"] == project["build-system"]["requires"]
    extras = {name: named(needs) for name, needs in project["project"]["optional-dependencies"].items()}
    assert named(project["project"]["dependencies"]) <= set(base)
    assert named(groups["build"]) | extras["export"] | extras["init"] | extras["preview"] <= set(runs) - set(
        base
    )
    assert extras["mcp"] - {"publer-sync"} <= set(tests) - set(runs)
    assert named(groups["dev"]) <= set(tests) - set(runs)
    assert named(groups["audit"]) <= set(audit) - set(tests)


def test_pins_name_the_extras_that_packages_ask_for() -> None:
    """Without them pip 23 looks for a newer release of `coverage[toml]` than the pinned one, and then refuses it."""
    for name in ("requirements.txt", "requirements-base.txt", "requirements-dev.txt"):
        pinned = (ROOT / name).read_text(encoding="utf-8")
        asked = {
            f"{found[1].lower()}[{found[2]}]=="
            for package in pins(name)
            for line in requires_of(package)
            if (found := re.match(r"([\w.-]+)\[([\w,-]+)\](?!.*; .*extra)", line))
        }
        assert [pin for pin in sorted(asked) if pin not in pinned] == []
        assert ("coverage[toml]==" in asked) == (name == "requirements-dev.txt")


def requires_of(package: str) -> list[str]:
    try:
        return requires(package) or []
    except PackageNotFoundError:  # a package for another system
        return []


# --- tutorial and how-tos -------------------------------------------------------------------------------------------

GUIDES = [page for page in PAGES if page.name == "tutorial.md" or page.parent.name == "howto"]


@pytest.mark.slow
def test_the_tutorial_is_set_up_as_the_readme_says() -> None:
    """And no command in it asks, needs a key, or goes wrong unless the page wants it to."""
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    set_up, _, _ = command_after("try it").rpartition(" && ")
    assert f"<!-- set up -->\n```sh\n{set_up}\n```" in page
    refused = []
    with Story() as story:
        for found in BLOCK.finditer(page):
            for part in re.findall(r"^\$ .+\n", found[2], re.MULTILINE) or [found[2]]:
                story.tell(found[1], part)
                if found[1] == "console" and story.tell("console", "$ echo $?\n") != "$ echo $?\n0\n":
                    refused.append(part)
    assert refused == ["$ publer-sync validate\n"], "the one with the mistakes"


@each_of("page", GUIDES, ids=lambda page: page.stem)
def test_every_command_of_a_guide_is_run_and_every_option_in_its_sentences_exists(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = page.read_text(encoding="utf-8")
    assert "publer-sync " not in "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    names = sorted((name for name, _ in commands()), key=len, reverse=True)
    for said in re.findall(r"`publer-sync ([^`]+)`", text):
        name = next(name for name in names if said == name or said.startswith(f"{name} "))
        words = [word for word in shlex.split(said.removeprefix(name)) if word.startswith("-")]
        with pytest.raises(SystemExit):
            main([*name.split(), "--help"])
        known = re.findall(r"(?:^|\s)(--?[a-z-]+)", capsys.readouterr().out)
        assert set(words) <= set(known), said


# --- examples -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("yaml"))
def test_every_example_is_a_calendar_without_problems(
    block: str, calendar: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = re.search("^posts:", block, re.MULTILINE) is None
    if named := re.match(r"# (\S+)\n", block):
        block = block[named.end() :]
    if named and named[1].endswith("agency.yaml"):
        (calendar.parent / "agency.yaml").write_text(block, encoding="utf-8")
        block = f"extends: ../agency.yaml\n{SETTINGS}"
    if re.search("^- use: tip-battery$", block, re.MULTILINE):  # the store is in the block before it
        shutil.copy(ROOT / "examples" / "evergreen" / "tips.yaml", calendar)
    (calendar / ("publer.yaml" if settings else "page.yaml")).write_text(block, encoding="utf-8")
    found = validate(calendar, capsys)["problems"]
    assert [problem for problem in found if problem["code"] not in TOLERATED] == []


@pytest.mark.parametrize("block", blocks("markdown"))
def test_every_markdown_example_is_a_post_without_problems(
    block: str, calendar: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (calendar / "post.md").write_text(block, encoding="utf-8")
    found = validate(calendar, capsys)
    wrong = [problem for problem in found["problems"] if problem["code"] not in TOLERATED]
    assert (wrong, found["posts"]) == ([], 1)


@pytest.mark.parametrize("network", list(NETWORKS.values()), ids=lambda network: network.key)
def test_a_networks_examples_are_of_the_types_they_say(network: Any, calendar: Path) -> None:
    text = write_docs.example(network)
    (calendar / "page.yaml").write_text(text, encoding="utf-8")
    posts = read(calendar).desired.posts
    assert [post.content.type for post in posts] == re.findall(r"# (\w+)$", text, re.MULTILINE)
    assert {post.content.type for post in posts} == set(network.all_types)


@pytest.mark.slow
def test_publer_takes_every_networks_examples(calendar: Path, cli: Cli) -> None:
    """Sent to the sandbox, every post is listed, and then nothing is left to do."""
    for network in NETWORKS.values():
        (calendar / f"{network.key}.yaml").write_text(write_docs.example(network), encoding="utf-8")
    now = ("--sandbox", "--now", "2027-02-20", "--format", "json")
    applied = json.loads(cli("apply", calendar, "--yes", *now).stdout)
    assert [result for result in applied["results"] if result["outcome"] != "applied"] == []
    assert json.loads(cli("plan", calendar, *now).stdout)["changes"] == []


def keys_of(schema: dict[str, Any]) -> Iterator[str]:
    """Every key a schema knows, but those below `networks`, which have a page of their own."""
    for name, value in schema.get("properties", {}).items():
        yield name
        yield from keys_of(value)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from keys_of(schema[word])


def test_the_page_of_the_format_shows_every_key() -> None:
    page = (ROOT / "docs" / "calendar.md").read_text(encoding="utf-8")
    shown = set(
        re.findall(r"[\w-]+(?=:(?: |$))", "\n".join(found[2] for found in BLOCK.finditer(page)), re.MULTILINE)
    )
    posts = json.loads((ROOT / "schema" / "calendar.schema.json").read_text(encoding="utf-8"))
    settings = json.loads((ROOT / "schema" / "settings.schema.json").read_text(encoding="utf-8"))
    parts = [posts, settings, *settings["$defs"].values()]
    parts += [part for name, part in posts["$defs"].items() if not name.startswith(("own_", "network"))]
    parts.remove(posts["$defs"]["account"])  # its own keys are those of networks, on the page of networks
    assert {key for part in parts for key in keys_of(part)} - shown == set()

"""The schemas as editors and the tool read them, and the two ways of judging that must agree."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from datetime import UTC, date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from publer_sync.calendar import files as documents
from publer_sync.calendar.shape import schema as validation
from publer_sync.calendar.shape.compiling import compile_schema
from publer_sync.calendar.when.named_dates import NamedDate, NamedDates
from publer_sync.calendar.when.sums import read_sum
from publer_sync.calendar.when.wall_clock import WallClock
from publer_sync.calendar.when.zones import TimeError
from publer_sync.calendar.yaml.nodes import Map, Mark
from publer_sync.machine.packaged import packaged
from publer_sync.networks.table import NETWORKS
from publer_sync.values.problems import Help
from tests.calendar.calendars import POST, both, write
from tests.conftest import run_here
from tests.system.mistakes import all_mistakes
from tests.tables import each_of
from tests.write_schema import taken, with_networks, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.calendar.document import FileKind

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "schema"


@pytest.mark.parametrize("name", [validation.CALENDAR, validation.SETTINGS])
def test_each_schema_is_one_and_formatted(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    assert text == written(schema)


def test_the_schema_says_of_each_network_what_the_table_says() -> None:
    """Where this fails, `python -m tests.write_schema` writes it anew."""
    schema = validation.schema(validation.CALENDAR)
    assert schema == with_networks(schema)


def walk(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from walk(inner)


def test_every_key_of_the_calendar_is_described_for_editors() -> None:
    for part in walk(json.loads((FOLDER / validation.CALENDAR).read_text(encoding="utf-8"))):
        for key, value in part.get("properties", {}).items() if "title" in part else ():
            target = value
            if "$ref" in value:
                target = validation.schema(validation.CALENDAR)["$defs"][value["$ref"].rpartition("/")[2]]
            assert "description" in target or "anyOf" in target, key
    for network in NETWORKS.values():
        for part in walk([taken(network, field) for field in network.fields]):
            assert all("description" in value for value in part.get("properties", {}).values()), network.key


@each_of("network", list(NETWORKS))
def test_every_network_takes_the_keys_of_a_post_and_its_own(network: str) -> None:
    keys = validation.schema(validation.CALENDAR)["$defs"][f"network_{network}"]["properties"].keys()
    assert {"text", "at", "labels", "media"} <= keys
    assert {field.name for field in NETWORKS[network].fields} <= keys


@pytest.mark.slow
@pytest.mark.parametrize(
    ("schema", "files"), [(validation.CALENDAR, "2*.yaml"), (validation.SETTINGS, "publer.yaml")]
)
def test_other_tools_can_read_the_schema_from_wherever_they_run(
    schema: str, files: str, tmp_path: Path
) -> None:
    examples = sorted((ROOT / "examples" / "calendar").glob(files))
    assert examples
    ran = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", FOLDER / schema, *examples],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


# --- two ways of judging ----------------------------------------------------------------------------------------------


def reference(name: str) -> Draft202012Validator:
    """jsonschema on the files as they are, as an editor reads them, but for the patterns that are for editors alone."""
    parts = [
        (
            each,
            json.loads((FOLDER / each).read_text(encoding="utf-8"), object_hook=validation._without_hints),
        )
        for each in (validation.CALENDAR, validation.SETTINGS)
    ]
    registry: Registry[Any] = Registry().with_resources(
        [(each, DRAFT202012.create_resource(part)) for each, part in parts]
    )
    return Draft202012Validator({"$ref": name}, registry=registry)


ODD: list[Any] = [
    None, True, 0, -1, 1.5, 2000, "", "x", "https://example.com", "3d", "2w", "mon", [], [""], [1], {}, {"a": 1},
]  # fmt: skip
GOOD: dict[str, Any] = {
    "accounts": ["x", {"account": "facebook", "labels": ["a"]}],
    "timezone": "Europe/Oslo",
    "time": "09:00",
    "defaults": {"labels": ["a"], "networks": {"x": {"reply_settings": "following"}}},
    "posts": [
        {
            "id": "a",
            "at": "2027-03-01 09:00",
            "accounts": "x",
            "text": "hi",
            "type": "photo",
            "link": {"url": "https://example.com", "call_to_action": "SHOP_NOW"},
            "media": [{"file": "a.png", "alt": "A", "thumbnail": {"url": "https://example.com/t.png"}}],
            "poll": {"options": ["a", "b"], "duration": "3d"},
            "thread": [{"text": "b"}],
            "comments": [{"text": "c", "after": "10m"}],
            "share": {"accounts": ["x"], "after": "1h"},
            "auto_delete": {"after": "2w", "hide": True},
            "labels": ["a"],
            "draft": True,
            "repeat": {"every": "2w", "days": ["mon"], "times": 3, "except": ["2027-04-05"]},
            "ignore": {"media.no-alt": "why"},
            "networks": {
                "x": {"text": "short", "community": {"id": "1"}},
                "tiktok": {"privacy": "SELF_ONLY"},
            },
        }
    ],
}
SETTINGS: dict[str, Any] = {
    "name": "a",
    "workspace": "b",
    "accounts": {"x": "Me", "shop": {"name": "Us", "provider": "x"}},
    "groups": {"g": ["x"]},
    "limits": {"delete": 1, "freeze_minutes": 2},
    "prune": "none",
    "defaults": {"accounts": "all", "labels": ["a"]},
}


def slots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(node, dict | list):
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from slots(inner, (*path, key))


@given(data=st.data(), which=st.sampled_from([(validation.CALENDAR, GOOD), (validation.SETTINGS, SETTINGS)]))
def test_the_quick_yes_or_no_is_that_of_jsonschema(
    data: st.DataObject, which: tuple[str, dict[str, Any]]
) -> None:
    """A good file with some values replaced, taken away or added gets the same verdict both ways."""
    name, good = which
    document = copy.deepcopy(good)
    for _ in range(data.draw(st.integers(0, 3))):
        path = data.draw(st.sampled_from(list(slots(document))))
        holder: Any = document
        for step in path[:-1]:
            holder = holder[step]
        match data.draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                holder[path[-1]] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
            case "remove":
                del holder[path[-1]]
            case _ if isinstance(holder, dict):
                holder[data.draw(st.sampled_from(["odd", "text", "file", "url", "at"]))] = "x"
            case _:
                holder.append("x")
        if not document:
            break
    assert validation._fits(name)(document) is reference(name).is_valid(document)


def test_the_quick_yes_or_no_knows_every_keyword_wherever_it_stands() -> None:
    """It builds a key's part once a value has the key, and would refuse an unknown keyword only then."""

    def parts(part: Any) -> Iterator[dict[str, Any]]:
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        if isinstance(part, dict) and isinstance(part.get("properties"), dict):
            yield from part["properties"].values()
        for each in inner:
            yield from parts(each)

    found = [
        each
        for name in (validation.CALENDAR, validation.SETTINGS, validation.SHARED)
        for each in parts(validation._whole(name))
        if isinstance(each, dict)
    ]
    assert len(found) > 500
    for part in found:
        compile_schema(part, validation._resolve)
    with pytest.raises(ValueError, match="unknown keyword multipleOf"):
        compile_schema({"multipleOf": 2}, validation._resolve)


@each_of(
    "schema",
    [
        *({"type": name} for name in ("string", "object", "array", "boolean", "null", "integer", "number")),
        *({"type": names} for names in (["integer", "null"], ["boolean", "integer"], ["string", "boolean"], ["array", "object"])),
        {"enum": ["a", "ab", None]}, {"enum": ["a", 5]}, {"enum": [5]}, {"type": "string", "pattern": "^a"}, {"pattern": "b$"},
        {"minLength": 2}, {"maxLength": 2}, {"minItems": 2}, {"maxItems": 2}, {"minLength": 1, "maxItems": 2},
        {"type": "integer", "minimum": 2}, {"type": "number", "maximum": 2}, {"type": "number", "minimum": 2, "maximum": 2},
        {"required": ["a"]}, {"propertyNames": {"pattern": "^a"}}, {"items": {"type": "integer"}},
        {"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": "integer"}}, "additionalProperties": False},
        {"additionalProperties": {"type": "integer"}}, {"additionalProperties": False}, {"additionalProperties": True}, {},
        {"anyOf": [{"type": "string"}, {"maxLength": 2}, {"type": "null"}]}, {"oneOf": [{"type": "string"}, {"maxLength": 2}]},
        {"type": "array", "items": {"$ref": "#"}}, {"properties": {"a": {"$ref": "#"}, "b": {"type": "null"}}, "additionalProperties": {"$ref": "#"}},
    ],
)  # fmt: skip
def test_each_keyword_is_judged_as_jsonschema_judges_it(schema: dict[str, Any]) -> None:
    values: list[Any] = [
        None, True, False, 1, 2, 3, 5, 1.5, 2.5, "", "a", "ab", "abc", "b", [], [1], [1, 2], [1, 2, 3], ["a"], [[]], [[[]], []], [[1]],
        {}, {"a": 1}, {"a": "b"}, {"b": 1}, {"b": None}, {"a": 1, "b": 2}, {"ab": 1}, {"a": {"b": None}}, {"a": {"b": 1}}, {"c": {"b": 1}},
    ]  # fmt: skip
    fits, judge = compile_schema(schema, lambda _: schema), Draft202012Validator(schema)
    assert [each for each in values if fits(each)] == [each for each in values if judge.is_valid(each)]


def test_the_reader_knows_each_key_and_which_of_them_hold_lists_keys_or_texts() -> None:
    known = validation.vocabulary.__wrapped__()
    assert {
        "posts",
        "labels",
        "media",
        "networks",
        "x",
        "groups",
        "poll",
        "options",
        "thread",
        "days",
    } <= known.containers
    assert not {"at", "id", "text", "note", "draft", "type", "url", "time", "every"} & known.containers
    assert known.containers | known.items | known.heads | {"alt", "every", "url", "provider"} <= known.keys
    assert not {"properties", "type_of_post", "nobody"} & known.keys
    assert known.texts == {
        "alt", "append", "caption", "comments", "description", "excerpt", "labels", "note", "options", "question",
        "spoiler_text", "text", "thread", "title",
    }  # fmt: skip


def test_the_good_files_of_this_test_are_good() -> None:
    assert reference(validation.CALENDAR).is_valid(GOOD)
    assert reference(validation.SETTINGS).is_valid(SETTINGS)


def test_a_file_without_mistakes_does_not_load_jsonschema() -> None:
    code = (
        "import sys; from pathlib import Path; from publer_sync.calendar.load import read\n"
        "calendar = read(Path(sys.argv[1])); assert not calendar.problems; calendar.desired\n"
        "late = {'jsonschema', 'referencing', 'requests', 'deepdiff', 'filelock', 'tomllib', 'subprocess', 'tempfile', 'socket'}\n"
        "sys.exit(' '.join(late & sys.modules.keys()) or 0)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "examples" / "calendar")],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert (run.returncode, run.stderr) == (0, b"")


# --- words ------------------------------------------------------------------------------------------------------------


def problems(text: str, kind: FileKind = "posts") -> list[tuple[str, str]]:
    document = documents.parse(text, "a.yaml", path=Path("a.yaml"), kind=kind)
    return [(each.code, each.message) for each in (*document.problems, *validation.check(document))]


def test_no_message_holds_more_than_a_glimpse_of_the_file() -> None:
    long = "word " * 10_000
    found = problems(
        f"posts:\n- at: [{long}]\n  type: '{long}'\n  labels: '{long}'\n  {'k' * 900}: 1\n  link: '{long}'\n"
    )
    assert len(found) == 5
    assert all(len(message) < 300 for _, message in found)


def test_escapes_in_a_file_do_not_reach_the_message() -> None:
    found = problems('posts:\n- "\\e[31mkey": 1\n  type: "\\e[2J"\n  id: "\\e]0;x\\a"\n')
    assert len(found) == 3
    assert all(message.isprintable() for _, message in found)


def test_a_broken_key_is_noted_so_that_nobody_builds_on_it() -> None:
    text = "posts:\n- at: x\n  labels: 7\n  media:\n  - fil: a\n  text: hi\n"
    document = documents.parse(text, "a.yaml", path=Path("a.yaml"), kind="posts")
    validation.check(document)
    assert isinstance(document.data, Map)
    assert document.data["posts"][0].broken == {"labels", "media"}


def test_a_mistake_in_the_head_of_a_file_hides_none_in_its_posts() -> None:
    assert [code for code, _ in problems("times: 9\nposts:\n- at: 7\n- tags: x\n")] == [
        "key.unknown",
        "time.form",
        "key.unknown",
    ]


def test_a_post_that_is_one_line_without_a_space_is_said_to_be_that() -> None:
    message = "a space is missing after the colon of `at`"
    assert problems("posts:\n- at:2027-03-03 12:30\n") == [("yaml.space", message)]


def fixes(line: str, kind: FileKind = "posts") -> list[tuple[str, str, str | None]]:
    head = "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: hi\n  "
    document = documents.parse(head + line + "\n", "a.yaml", path=Path("a.yaml"), kind=kind)
    found = validation.check(document)
    return [
        (each.help.say, each.help.paste, each.fix.text if each.fix else None)
        for each in found
        if isinstance(each.help, Help)
    ]


@each_of(
    "line",
    [
        "status: draft", "message: hello", "tags: [a]", "link: our shop", "link: https://example.com/a b",
        "repeat: week", "auto_delete: 6", "auto_delete: {hide: maybe}", "poll: {options: [one]}", "type: foto",
        "alt: A lamp", "labels: ['']", "id: two words", "ignore: {Media.No: x}",
    ],
)  # fmt: skip
def test_what_a_writer_did_not_write_is_an_example_and_nothing_to_paste(line: str) -> None:
    (found,) = fixes(line)
    assert found[0]
    assert found[1:] == ("", None)


@each_of(
    ("line", "fixed"),
    [
        ("lables: [a]", "  labels: [a]"),
        ("labels: a", "  labels: [a]"),
        ("draft: yes", "  draft: true"),
        ("title: 2027", '  title: "2027"'),
        ("type: Photo", "  type: photo"),
        ("auto_delete: {after: 1.5h}", "  auto_delete: {after: 90m}"),
        ("repeat: {every: daily, times: 2}", "  repeat: {every: day, times: 2}"),
        ("thread: more", "  thread:\n  - text: |\n      more"),
        ("media: a.png", "  media:\n  - file: a.png"),
        ("share: facebook", "  share:\n    accounts: [facebook]"),
    ],
)
def test_what_can_mean_one_thing_only_has_a_fix(line: str, fixed: str) -> None:
    ((_, paste, fix),) = fixes(line)
    assert (paste, fix) == (fixed, fixed)


def test_a_misspelt_key_is_not_renamed_where_its_value_would_not_do() -> None:
    assert fixes("medai: a.png")[0][2] is None
    assert fixes("lables: 7")[0][2] is None


def test_the_words_depend_on_rule_and_path_and_not_on_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    def untitled(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                key: "a thing" if key == "title" and isinstance(value, str) else untitled(value)
                for key, value in part.items()
            }
        return [untitled(item) for item in part] if isinstance(part, list) else part

    lines = ["alt: A lamp", "album: a", "accounts: [{account: x, id: a}]", "networks: {x: {repeat: {}}}"]
    codes = [[code for code, _ in problems(f"posts:\n- {line}\n  at: x\n")] for line in lines]
    whole = validation._whole
    caches = (validation._fits, validation._validator)
    monkeypatch.setattr(validation, "_whole", lambda name: untitled(whole(name)))
    for cache in caches:
        cache.cache_clear()
    try:
        assert [[code for code, _ in problems(f"posts:\n- {line}\n  at: x\n")] for line in lines] == codes
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()


def test_a_time_and_hosts_on_a_post_are_sent_to_their_place(top: Path) -> None:
    write(top, a=f"{POST}  text: hi\n  time: 18:00\n  utm_hosts: [example.com]\n")
    assert [(each.code, str(each.help or "").split("\n")[0]) for each in both(top)[2]] == [
        ("key.place", "Move it into `at`"),
        ("key.place", "Move it into publer.yaml"),
    ]


@each_of("name", ["calendar", "settings", "shared-settings"])
def test_every_key_has_a_sentence_for_editors(name: str) -> None:
    """It is what they show beside a key; a `$ref` may bring it."""
    schema = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text("utf-8"))
    defs = json.loads((ROOT / "schema" / "calendar.schema.json").read_text("utf-8"))["$defs"]
    defs |= schema.get("$defs", {})

    def silent(part: Any, path: str) -> Iterator[str]:
        if not isinstance(part, dict):
            return
        for key, value in part.get("properties", {}).items():
            referred = defs.get(value.get("$ref", "").rpartition("/")[2], {})
            if not (value.get("description") or referred.get("description")):
                yield f"{path}/{key}"
            yield from silent(value, f"{path}/{key}")
        for key in ("items", "additionalProperties"):
            yield from silent(part.get(key), f"{path}/{key}")
        for choice in (*part.get("anyOf", ()), *part.get("oneOf", ())):
            yield from silent(choice, path)

    assert [*silent(schema, ""), *(found for key, part in defs.items() for found in silent(part, key))] == []


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("collaborators: [someone]", "collaborators"),
        ("networks:\n    instagram:\n      user_tags: [someone]", "tagged people"),
        (
            "media:\n  - url: https://example.com/a.jpg\n    alt: A lamp\n    product_tags: [x]",
            "tagged products",
        ),
        ("networks: {instagram: {link_in_bio: https://example.com}}", "a link in bio"),
    ],
)
def test_what_no_document_shows_how_to_send_is_refused_with_the_reason(
    tmp_path: Path, more: str, what: str
) -> None:
    """From the command line; nothing of the kind is ever sent in a form that somebody guessed."""
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {instagram: Me}\n")
    (tmp_path / "may.yaml").write_text(
        f"posts:\n- at: 2027-05-02 09:00\n  accounts: instagram\n  text: |\n    Look\n  {more}\n"
    )
    ran = run_here(["validate", tmp_path, "--format", "concise"], {})
    assert ran.code == 3
    said = next(line for line in ran.stdout.splitlines() if "[key.unknown]" in line)
    assert f"can't be sent: nothing that Publer has published shows how its API takes {what}" in said
    assert "add it in Publer once the post is there" in said


# --- what an editor underlines ------------------------------------------------------------------------------------------

EDITORS = {
    "at": re.compile(json.loads(packaged("schema", "calendar.schema.json"))["$defs"]["when"]["pattern"]),
    "until": re.compile(
        json.loads(packaged("schema", "calendar.schema.json"))["$defs"]["repeat"]["properties"]["until"][
            "pattern"
        ]
    ),
}
NAMED = [
    NamedDate(name, date(2027, 4, 6), Mark("a.yaml", 1, 1, 1, 1, 1, 1, ""))
    for name in ("launch", "påske", "復活祭", "conf_2027", "x")
]
CLOCK = WallClock(UTC, time(9), dates=NamedDates({each.name: each for each in NAMED}))
SUMS = st.sampled_from([each.name for each in NAMED]).flatmap(
    lambda name: st.from_regex(
        rf"[ \t]?((first[ ])?(Mon|tue|WED|thursday)[ \t]+(before|after)[ \t]+)?{name}([ \t]+[+-][ ][1-9][0-9]?[ ]?(m|h|d|days?|w|weeks))?([ ]{{1,2}}[012]?[0-9]:[0-5][0-9](:00)?(Z|[+-]0[0-9]:?[03]0)?)?",
        fullmatch=True,
    )
)
TIMES = st.from_regex(
    r"[ ]?((Tue|tuesday|Mon)[.]?,?[ ])?(2027-0?[1-9]-[0-3]?[0-9])?([Tt ][ ]?)?([012]?[0-9]:[0-5][0-9](:00([.]0)?)?([ ]?(Z|[+-][01][0-9]:?[03]0|[+-]0[0-9]))?)?[ ]?",
    fullmatch=True,
)


@pytest.mark.slow
@given(SUMS | TIMES | st.sampled_from(["next", "Next", " next "]))
def test_an_editor_underlines_no_time_that_is_read(written: str) -> None:
    try:
        CLOCK.read(written)
    except TimeError:
        return
    assert EDITORS["at"].search(written)


@given(SUMS | TIMES)
def test_an_editor_underlines_no_day_that_is_read(written: str) -> None:
    try:
        CLOCK.read_day(written, "until")
    except TimeError:
        return
    assert EDITORS["until"].search(written)


def test_an_editor_underlines_the_times_that_are_refused_for_their_form() -> None:
    forms = {
        line.partition("at:")[2].strip()
        for mistake in all_mistakes()
        if mistake.code == "time.form" and mistake.line
        for line in [mistake.written.split("\n")[mistake.line - 1]]
        if re.match(r"\s*(?:- )?at: [^\"'#]", line)
    }
    valid = {each for each in forms if EDITORS["at"].search(each)}
    assert len(forms) > 120
    known = re.compile(r"[0-9: -]+(?:[-+][0-9:]+)?")  # a day or hour that does not exist
    assert {each for each in valid if not known.fullmatch(each) and read_sum(each) is None} == set()
    for each in ("01.04.2027", "9am", "kl. 9", "2027-04-01 9am", "tomorrow at 9", "2027年4月1日"):
        assert not EDITORS["at"].search(each)

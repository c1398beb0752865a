"""The examples of the schemas, which editors show beside a key and messages show where a value has another form."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from publer_sync.calendar import files
from publer_sync.calendar.shape import examples
from publer_sync.commands.schema import whole
from publer_sync.networks.table import NETWORKS
from tests import write_docs, write_schema
from tests.calendar.calendars import POST, both, write
from tests.system.worlds import git
from tests.tables import each_of
from tests.test_docs import MEDIA, TOLERATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Cli

SCHEMAS = {name: json.loads(whole(name)) for name in ("calendar", "settings", "shared-settings")}
UNKNOWN = {"position", "reply_to"}
"""Keys whose form no document tells: an example would be a guess."""


class Part(NamedTuple):
    """What a schema says of one key, or of the values of a map whose keys are the user's."""

    schema: str
    path: str
    key: str
    value: dict[str, Any]

    @property
    def explains_itself(self) -> bool:
        """Editors list the choices of an enum and offer true and false."""
        return all(
            "enum" in each or "boolean" in each["type"] for each in self.value.get("anyOf", [self.value])
        )


def parts() -> Iterator[Part]:
    for name, schema in SCHEMAS.items():
        defs = schema.get("$defs", {})

        def below(part: Any, path: str, name: str = name, defs: dict[str, Any] = defs) -> Iterator[Part]:
            named = {**part.get("properties", {})}
            if isinstance(more := part.get("additionalProperties"), dict):
                named["name"] = more
            for key, value in named.items():
                referred = defs[value["$ref"].rpartition("/")[2]] if "$ref" in value else value
                yield Part(name, f"{path}/{key}", key, referred)
                yield from below(value, f"{path}/{key}")
            for choice in (*part.get("anyOf", ()), *([part["items"]] if "items" in part else [])):
                yield from below(choice, path)

        yield from below(schema, name)
        for key, value in defs.items():
            yield from below(value, f"{name}/{key}")


PARTS = [*parts()]


def test_every_key_has_an_example() -> None:
    lacking = {part.path for part in PARTS if not part.explains_itself and not part.value.get("examples")}
    assert {path for path in lacking if path.rpartition("/")[2] not in UNKNOWN} == set()
    assert {path.rpartition("/")[2] for path in lacking} == UNKNOWN


def test_no_example_gets_into_a_file_by_itself() -> None:
    """Editors write the only example of a key behind it when they complete the key; of two they write none."""
    alone = {
        part.path
        for part in PARTS
        if len(shown := part.value.get("examples", ())) == 1
        and not isinstance(shown[0], list)
        and not (isinstance(shown[0], dict) and "properties" in part.value)
    }
    assert alone == set()


def test_every_example_is_one() -> None:
    shown = [(part, example) for part in PARTS for example in part.value.get("examples", ())]
    assert len(shown) > 100
    for part, example in shown:
        root = {**part.value, "$defs": SCHEMAS[part.schema].get("$defs", {})}
        assert Draft202012Validator(root).is_valid(example), part.path


def read(text: str) -> Any:
    document = files.parse(text, "a.yaml", path=Path("a.yaml"), kind="settings")
    assert document.problems == (), text
    return document.data


def test_the_lines_of_an_example_are_read_as_it_is() -> None:
    for part in PARTS:
        for example in part.value.get("examples", ()):
            assert read(f"{examples.lines(part.key, example)}\n") == {part.key: example}


# --- in a whole calendar ----------------------------------------------------------------------------------------------

ACCOUNTS = "\n".join(f"  {'x' if key == 'twitter' else key}: Fjordlight" for key in NETWORKS)
SETTINGS = (
    "timezone: Europe/Oslo\ntime: 09:00\ndates: {launch: 2027-03-02}\nhashtags: {core: [lamp]}\n"
    f"accounts:\n{ACCOUNTS}\n"
)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A calendar in a repository, with the files that the examples name."""
    git(tmp_path, "init", "-q")
    (tmp_path / "calendar" / "media").mkdir(parents=True)
    (tmp_path / "shared-media").mkdir()
    for name in ("shared", "agency"):
        write(tmp_path, **{name: "prune: owned\n"})
    pictures = dict.fromkeys(("launch.png", "card.png"), MEDIA["lamp.png"])
    for name, content in (MEDIA | pictures).items():
        (tmp_path / "calendar" / "media" / name).write_bytes(content)
    (tmp_path / "calendar" / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path / "calendar"


def problems(cli: Cli, top: Path) -> list[Any]:
    found = json.loads(cli("validate", top, "--format", "json").stdout)["problems"]
    return [each for each in found if each["code"] not in TOLERATED]


def test_every_example_of_the_settings_stands_in_a_calendar_without_problems(cli: Cli, top: Path) -> None:
    properties = SCHEMAS["settings"]["properties"]
    for key, value in properties.items():
        defined = SCHEMAS["settings"]["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
        for example in defined.get("examples", value.get("enum", ())):
            more = f"{SETTINGS}people: {{kari: Kari, legal: Legal}}\n"
            others = re.sub(rf"^{key}:.*\n(?:  .*\n)*", "", more, flags=re.MULTILINE)
            (top / "publer.yaml").write_text(f"{others}{examples.lines(key, example)}\n", encoding="utf-8")
            assert [(key, each["message"]) for each in problems(cli, top)] == []


def test_every_example_of_a_post_stands_in_one_without_problems(cli: Cli, top: Path) -> None:
    """On X, or on a network that has such a key."""
    others = {
        "title": "linkedin",
        "link": "linkedin",
        "share": "linkedin",
        "append": "instagram",
        "auto_delete": "facebook",
        "when_live": "linkedin",
    }
    accounts = "".join(f"  {name}: Fjordlight\n" for name in ("facebook", "instagram", "linkedin", "x"))
    (top / "publer.yaml").write_text(SETTINGS.partition("  ")[0] + accounts, encoding="utf-8")
    base = {"id": "a", "at": "Thu 2027-03-04 09:00", "accounts": "x", "text": "Words"}
    picture = {"media": [{"file": "media/lamp.png", "alt": "A lamp"}]}
    document = {"media": [{"file": "media/lamp.pdf"}]}
    beside: dict[str, dict[str, Any]] = {
        "title": document,
        "append": picture,
        "accounts": picture,
        "when_live": {"link": "https://example.com/launch"},
    }
    for key, value in SCHEMAS["calendar"]["$defs"]["post"]["properties"].items():
        for example in SCHEMAS["calendar"]["$defs"][value["$ref"].rpartition("/")[2]].get("examples", ()):
            post: dict[str, Any] = {**base, "accounts": others.get(key, "x")}
            post |= beside.get(key, {})
            post |= {"networks": {"x": {"at": example}}} if example == "10:30" else {key: example}
            posts = [post]
            if key in ("evergreen", "variants"):
                posts = [{**post, "evergreen": post.get("evergreen", {"every": "8w"})}]
                del posts[0]["at"]
            if key in ("use", "variant"):
                name = example if key == "use" else "tip-3"
                kept = {"id": name, "evergreen": {"every": "8w"}, "accounts": "x"}
                kept["variants"] = [{"text": f"Words {number}"} for number in range(1, 4)]
                posts = [
                    kept,
                    {"use": name, "at": base["at"], **({key: example} if key == "variant" else {})},
                ]
            written = examples.lines("posts", posts)
            (top / "a.yaml").write_text(f"{written}\n", encoding="utf-8")
            assert [(written, each["message"]) for each in problems(cli, top)] == []


@pytest.mark.parametrize("network", list(NETWORKS.values()), ids=lambda network: network.key)
def test_every_example_of_a_networks_keys_stands_in_a_post_of_it(cli: Cli, top: Path, network: Any) -> None:
    name = "x" if network.key == "twitter" else network.key
    posts = dict(zip(network.all_types, read(write_docs.example(network))["posts"], strict=True))
    for field in network.fields:
        post = posts[(*field.types, network.all_types[0])[0]]
        schema = write_schema.taken(network, field)
        for example in schema.get("examples", schema.get("enum", ())):
            own = {**post.get("networks", {}).get(name, {}), field.name: example}
            written = examples.lines("posts", [{**post, "accounts": name, "networks": {name: own}}])
            (top / "a.yaml").write_text(f"{written}\n", encoding="utf-8")
            assert [(written, each["message"]) for each in problems(cli, top)] == []


# --- in messages ------------------------------------------------------------------------------------------------------


@each_of("value", ["5", "{odd: 1}", "[[]]", "a b", '""', "true", "null"])
@each_of("network", list(NETWORKS))
def test_whatever_is_wrong_with_a_key_of_a_network_the_message_says_what_to_do(
    top: Path, network: str, value: str
) -> None:
    name = "x" if network == "twitter" else network
    lines = "".join(f"      {field.name}: {value}\n" for field in NETWORKS[network].fields)
    write(top, a=f"{POST}  text: hi\n  networks:\n    {name}:\n{lines}")
    assert [each.message for each in both(top)[2] if not str(each.help or "")] == []


def told(top: Path, lines: str) -> list[tuple[str, str]]:
    write(top, a=f"{POST}  text: hi\n  {lines}\n")
    return [(each.message, str(each.help or "")) for each in both(top)[2]]


def test_a_value_of_another_form_has_an_example_in_as_many_lines_as_it_takes(top: Path) -> None:
    message = "`community` must be keys with values"
    example = 'For example:\ncommunity:\n  id: "1493446837214187523"\n  name: Lamps'
    assert told(top, "networks: {x: {community: 5}}") == [(message, f"Write it in this form\n{example}")]


def test_a_value_that_is_no_choice_is_told_once(top: Path) -> None:
    choices = "Choose one of: everyone, mentionedUsers, following"
    lines = "networks: {{x: {{reply_settings: {}}}}}"
    assert told(top, lines.format("5")) == [('`reply_settings` cannot be "5"', choices)]
    assert told(top, lines.format("false")) == [('`reply_settings` cannot be "false"', choices)]
    ((message, _),) = told(top, "networks:\n    x:\n      reply_settings:\n        a: b")
    assert message == "`reply_settings` must be text, not keys with values"


def test_no_message_lists_more_choices_than_anyone_reads(top: Path) -> None:
    write(
        top, a=f"{POST.replace('x', 'facebook')}  text: hi\n  networks: {{facebook: {{background: blue}}}}\n"
    )
    help_ = "Choose one of the 74 that publer-sync schema calendar lists, such as 106018623298955"
    assert [str(each.help) for each in both(top)[2]] == [help_]


@each_of(
    ("line", "message", "example"),
    [
        ("media: 5", "`media` must be a list", "media: [../shared-media]"),
        ("hashtags: 5", "`hashtags` must be keys with values", "hashtags:\n  core: [fjordlight, lamp]"),
        ("hashtags: {core: ['a b']}", '`core` cannot be "a b": a hashtag has letters', "core: [fjordlight]"),
        ("time: 9", '"9" is not a time of day publer-sync can read', "time: 09:00"),
        ("cadence: {x: 5}", '`x` cannot be "5": write posts per week', "x: 3/week"),
        ("cadence: {x: {min: 3}}", '`x` cannot be "{min: 3}": write posts', "x: 3/week"),
        ("cadence:\n  x: [3, 4] # at most", '`x` cannot be "[3, 4]": write posts per week', "x: 3/week"),
        ("hold: {}", "the hold needs `reason`", "reason: Accident in town"),
        ("hold: {reason: ''}", '`reason` cannot be "": a hold has a reason', "reason: Accident in town"),
        ("accounts: 5", "`accounts` must be keys with values", "accounts:\n  facebook: My Facebook Page"),
        ("accounts: {x: {}}", "an account has a `name` or an `id`, not both", "x: My Facebook Page"),
        ("accounts: {x: {id: a, name: b}}", "an account has a `name` or an `id`", "x: My Facebook Page"),
    ],
)
def test_a_value_of_another_form_in_the_settings_is_told_once_with_an_example(
    top: Path, line: str, message: str, example: str
) -> None:
    key = line.partition(":")[0]
    others = re.sub(rf"^{key}:.*\n(?:  .*\n)*", "", SETTINGS, flags=re.MULTILINE)
    (top / "publer.yaml").write_text(f"{others}{line}\n", encoding="utf-8")
    (found,) = both(top)[2]
    assert found.message.startswith(message)
    assert str(found.help).endswith(f"For example:\n{example}")


def test_a_misspelt_key_of_an_account_is_told_once(top: Path) -> None:
    (top / "publer.yaml").write_text(
        "timezone: Europe/Oslo\naccounts:\n  x:\n    nam: Me\n", encoding="utf-8"
    )
    assert [each.message for each in both(top)[2]] == ["an account has no key `nam`"]


def test_a_number_that_quotes_would_not_help_is_not_put_in_quotes(top: Path) -> None:
    ((message, help_),) = told(top, "link: 5")
    assert message == '`link` cannot be "5": a URL starts with https:// and has no spaces'
    assert "quotes" not in help_

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from publer_sync.networks.limits import Cap
from publer_sync.networks.table import NETWORKS, POST_TYPES, Network, network_of
from publer_sync.sandbox.seed import NETWORK_NAMES
from publer_sync.sandbox.tables import DAILY, TYPES
from publer_sync.values.post_keys import POST_KEYS
from tests.tables import each_of
from tests.write_schema import taken

if TYPE_CHECKING:
    from collections.abc import Iterator

NETWORK = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS.keys())

CALENDAR_KEYS = {*POST_KEYS, "defaults"}


def test_the_networks_are_those_that_publers_documents_name() -> None:
    """The sandbox has them from the documents alone. A new network has its row here and there."""
    assert set(NETWORKS) == set(TYPES) == set(DAILY) == set(NETWORK_NAMES)


@each_of(
    ("word", "provider"),
    [
        ("x", "twitter"), ("X", "twitter"), ("Twitter", "twitter"), (" bluesky ", "bluesky"), ("bsky", "bluesky"),
        ("blue_sky", "bluesky"), ("fb", None), ("LinkedIn", "linkedin"), ("wordpress_oauth", "wordpress"),
        ("myspace", None), ("", None), ("insta_de", None),
    ],
)  # fmt: skip
def test_a_word_names_a_network_or_none(word: str, provider: str | None) -> None:
    assert network_of(word) == provider


@NETWORK
def test_a_field_of_a_network_never_hides_a_key_of_every_post(network: Network) -> None:
    names = [field.name for field in network.fields]
    assert not CALENDAR_KEYS & {*names}
    assert len(names) == len(set(names))


def test_pictures_of_a_story_or_a_short_film_have_no_alt_texts() -> None:
    takes = {
        kind: NETWORKS["instagram"].takes_alt(kind) for kind in ("photo", "carousel", "story", "reel", "")
    }
    assert takes == {"photo": True, "carousel": True, "story": False, "reel": False, "": True}
    assert not NETWORKS["google"].takes_alt("photo"), "nobody sees one there"


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for inner in schema.values():
            yield from parts_of(inner)


@NETWORK
def test_what_a_part_of_a_field_is_for_is_said_in_words_and_an_address_with_examples(
    network: Network,
) -> None:
    parts = [part for field in network.fields for part in parts_of(taken(network, field)) if "type" in part]
    for part in parts:
        assert isinstance(part.get("description", "words"), str), part
        assert part.get("examples", ["one"]), part
        if "description" in part and "http" in str(part.get("pattern")):
            assert len(part["examples"]) > 1, part


@NETWORK
def test_every_field_has_a_sound_schema_and_a_place_on_the_wire(network: Network) -> None:
    for field in network.fields:
        schema = taken(network, field)
        Draft202012Validator.check_schema(schema)
        assert schema["description"], field.name
        assert field.wire[0] in ("network", "account"), field.name
        assert field.source, field.name
        assert set(field.types) <= set(POST_TYPES), field.name


@NETWORK
def test_a_switch_says_what_it_is_when_it_is_on_and_when_it_is_off(network: Network) -> None:
    """In `says`, the same on every network that has it: plan, comment, preview and explain show these words."""
    for field in network.fields:
        assert (field.says is not None) == (taken(network, field)["type"] == "boolean"), field.name
        others = [other.field(field.name) for other in NETWORKS.values()]
        assert {other.says for other in others if other} == {field.says}, field.name


@NETWORK
def test_types_and_limits_agree(network: Network) -> None:
    assert network.all_types
    assert set(network.all_types) <= set(POST_TYPES)
    assert (network.poll is not None) == ("poll" in network.types)
    assert (network.video is not None) == bool({"video", "short", "reel"} & set(network.types))
    assert network.text_alone == ("status" in network.types or network.key == "wordpress")
    assert network.label
    assert network.caps[0].types == ()


@each_of(
    ("provider", "type", "limit"),
    [
        ("facebook", "photo", 36), ("facebook", "story", 36), ("instagram", "reel", 25), ("threads", "status", 250),
        ("tiktok", "video", 25), ("twitter", "status", 100), ("linkedin", "status", 14), ("pinterest", "photo", 36),
        ("google", "status", 15), ("youtube", "short", 15), ("wordpress", "article", 24), ("telegram", "status", 15),
        ("mastodon", "status", 100), ("bluesky", "status", 100),
    ],
)  # fmt: skip
def test_daily_caps_are_those_of_the_business_plan(provider: str, type: str, limit: int) -> None:
    assert NETWORKS[provider].cap_for(type).limit == limit


def test_stories_and_posts_have_caps_of_their_own() -> None:
    facebook = NETWORKS["facebook"]
    assert facebook.cap_for("story") is not facebook.cap_for("status")
    assert facebook.cap_for("reel") is facebook.cap_for("status")


def test_a_field_is_found_by_its_name() -> None:
    privacy = NETWORKS["tiktok"].field("privacy")
    assert privacy is not None
    assert privacy.wire == ("network", "details", "privacy")
    assert NETWORKS["tiktok"].field("album") is None


def test_a_schema_rejects_a_value_the_network_does_not_know() -> None:
    youtube = NETWORKS["youtube"]
    field = youtube.field("privacy")
    assert field is not None
    schema = taken(youtube, field)
    assert Draft202012Validator(schema).is_valid("unlisted")
    assert not Draft202012Validator(schema).is_valid("friends")


def test_rules_of_x_are_named_x() -> None:
    assert {network.code for network in NETWORKS.values()} == set(NETWORKS) - {"twitter"} | {"x"}


def test_reading_the_table_costs_no_third_party_library() -> None:
    code = "import sys, publer_sync.networks.table; print(*sorted({m.split('.')[0] for m in sys.modules} & {'regex','yaml','jsonschema','requests','deepdiff','click'}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""


def test_a_name_that_publer_has_to_be_asked_for_is_told_from_an_id() -> None:
    [board] = [field for field in NETWORKS["pinterest"].fields if field.name == "board"]
    assert board.is_name("Ideas")
    assert not board.is_name("63c675e94e299e9cf2b667ec")
    assert not board.is_name(7)
    privacy = NETWORKS["tiktok"].field("privacy")
    assert privacy is not None
    assert not privacy.is_name("SELF_ONLY"), "Publer has no list of these"
    assert taken(NETWORKS["pinterest"], board)["examples"], "editors offer it"


@NETWORK
def test_a_title_is_taken_where_its_type_has_one(network: Network) -> None:
    if network.title is None:
        assert not network.takes_title("")
        return
    assert network.takes_title("")
    for kind in network.all_types:
        assert network.takes_title(kind) is (not network.title.types or kind in network.title.types)


def test_the_lower_figure_of_a_limit_counts_where_there_are_two() -> None:
    assert [cap.lowest for cap in (Cap(5), Cap(5, anti_spam=3), Cap(5, anti_spam=9))] == [5, 3, 5]

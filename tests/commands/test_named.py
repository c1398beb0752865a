"""Boards, albums, signatures and places by name: looked up where a post is sent, and never to compare."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.sandbox import lookups
from publer_sync.sandbox.exchange import Response
from tests.system.worlds import ACCOUNTS, DAY, T, Want, World

if TYPE_CHECKING:
    from tests.conftest import Cli

pytestmark = pytest.mark.story

WORKSPACE = "/workspaces/5f000000000000000000beef"
NAMES = """networks:
  facebook:
    album: Events
    signature: footer
    location: Oslo"""


def post(more: str = NAMES, text: str = "A lamp", day: int = 0) -> Want:
    return Want(f"lamp{day}", "facebook", T + day * DAY, text, picture="lamp.png", more=more)


def lookups_of(world: World) -> list[str]:
    """What was asked of Publer about names since the log was last reset."""
    asked = [request.path.removeprefix(WORKSPACE) for request in world.sandbox.requests]
    return [path for path in asked if path.startswith(("/signatures", "/media_options", "/locations"))]


def refusal(world: World) -> tuple[list[tuple[Any, ...]], str]:
    """The problems that keep an apply from starting, and all of their help."""
    world.sandbox.reset_log()
    ran = world.run("apply", world.top, "--yes", "--format", "json")
    problems = json.loads(ran.stdout)["problems"]
    assert (ran.code, world.writes()) == (3, [])
    assert world.run("plan", world.top).code == 3
    return [(one["code"], one["line"], one["message"]) for one in problems], str(problems)


def test_names_are_sent_as_ids_and_looked_up_once(empty_world: World) -> None:
    world = empty_world
    world.write(post(), post(text="A box", day=1), Want("plain", "x", T, "No names here"))
    assert world.run("validate", world.top).code == 0
    world.sandbox.reset_log()
    assert world.apply().code == 0
    assert sorted(lookups_of(world)) == ["/locations/facebook", "/media_options", "/signatures"]
    sent = world.find("A lamp")["sent"]["account"]
    events, footer, oslo = (
        lookups._id("Events", {"id": ACCOUNTS["facebook"]}),
        lookups._id("signature", {"id": ACCOUNTS["facebook"]}),
        lookups._id("Oslo", {"id": "facebook"}),
    )
    assert (sent["album_id"], sent["signature"], sent["location"]) == (
        events,
        footer,
        {"id": oslo, "name": "Oslo"},
    )
    posts = json.loads(world.ledger.read_text("utf-8"))["posts"]
    copy = next(one for one in posts if one["id"] == "lamp0")["copies"][0]
    assert (copy["sent"]["album"], copy["ids"]["album"]) == ("Events", events)


def test_what_publer_has_keeps_its_id_whatever_becomes_of_the_name(empty_world: World) -> None:
    empty_world.apply_first(post())
    with mock.patch.dict(lookups.ALBUMS, facebook=("Parties",)):
        assert empty_world.changes() == []
        assert empty_world.apply().code == 0
    assert lookups_of(empty_world) == []


def test_ids_and_posts_without_names_are_not_looked_up(empty_world: World) -> None:
    album = "networks: {facebook: {album: '1122334455', signature: 63c675e94e299e9cf2b66701, location: '106039436102339'}}"
    empty_world.write(post(album))
    assert empty_world.apply().code == 0
    assert lookups_of(empty_world) == []
    sent = empty_world.find("A lamp")["sent"]["account"]
    assert (sent["album_id"], sent["location"]) == ("1122334455", {"id": "106039436102339"})


def test_an_unknown_name_stops_everything_and_tells_those_there_are(empty_world: World) -> None:
    more = "networks:\n  facebook:\n    album: Event\n    location: Atlantis"
    empty_world.write(Want("fine", "x", T, "Fine"), post(more))
    problems, all_help = refusal(empty_world)
    assert problems == [
        ("name.unknown", 15, '"My Facebook Page" has no album called "Event"'),
        ("name.unknown", 16, 'Publer\'s search has no location called "Atlantis"'),
    ]
    assert 'Did you mean "Events"?' in all_help
    assert "album: Timeline photos" in all_help


def test_a_name_of_several_is_not_guessed(empty_world: World) -> None:
    """The error has the line with the id of each, and that line works."""
    empty_world.write(post("networks: {facebook: {album: LAMPS}}"))
    with mock.patch.dict(lookups.ALBUMS, facebook=("Lamps", "lamps", "Events")):
        problems, all_help = refusal(empty_world)
        assert problems == [("name.ambiguous", 9, '"My Facebook Page" has 2 albums called "LAMPS"')]
        lamps = lookups._id("Lamps", {"id": ACCOUNTS["facebook"]})
        assert f'album: "{lamps}"  # Lamps' in all_help
        assert "Events" not in all_help
        empty_world.write(post(f'networks: {{facebook: {{album: "{lamps}"}}}}'))
        assert empty_world.apply().code == 0


def test_the_exact_name_wins_over_one_with_other_capitals(empty_world: World) -> None:
    with mock.patch.dict(lookups.ALBUMS, facebook=("Lamps", "lamps")):
        empty_world.apply_first(post("networks: {facebook: {album: lamps}}"))
    sent = empty_world.find("A lamp")["sent"]["account"]
    assert sent["album_id"] == lookups._id("lamps", {"id": ACCOUNTS["facebook"]})


def test_an_old_post_is_put_back_with_the_id_that_it_was_sent_with(empty_world: World) -> None:
    """The name may lead nowhere by then."""
    world = empty_world
    world.apply_first(post())
    before = world.find("A lamp")["sent"]["account"]
    refused: list[str] = []
    real = world.sandbox.handle

    def handle(request: Any) -> Any:
        """Refuse the new post, and not the old one after it."""
        if request.method == "POST" and request.path.endswith("/schedule"):
            refused.append(request.path)
            world.sandbox.faults.refuse = {ACCOUNTS["facebook"]: "No such album"} if len(refused) == 1 else {}
        return real(request)

    world.sandbox.handle = handle  # type: ignore[method-assign]  # a fault that the sandbox has no switch for
    with mock.patch.dict(lookups.ALBUMS, facebook=("Parties",)):
        world.write(post(NAMES.replace("Events", "Parties") + "\nlabels: [spring]"))
        done = world.apply()
    assert (done.code, len(refused)) == (6, 2)
    assert world.find("A lamp")["sent"]["account"]["album_id"] == before["album_id"]


@pytest.mark.parametrize("more", [(), ("--location", "lis")])
def test_details_list_what_can_be_pasted_into_a_post(cli: Cli, more: tuple[str, ...]) -> None:
    text = cli("accounts", "--details", *more).stdout
    block = text[text.index("# what posts on facebook can name") :].split("\n\n")[0].splitlines()[1:]
    assert block == [
        "signature: Footer  # #yourbrand",
        *(["location: Lisbon"] if more else []),
        "album: Timeline photos",
        "album: Events",
    ]
    (workspace,) = json.loads(cli("accounts", "--details", *more, "--format", "json").stdout)["workspaces"]
    facebook, _, linkedin = (account["details"] for account in workspace["accounts"])
    assert [(one["name"], len(one["id"])) for one in facebook["album"]] == [
        ("Timeline photos", 24),
        ("Events", 24),
    ]
    assert [one["name"] for one in facebook["location"]] == (["Lisbon"] if more else [])
    assert linkedin["signature"][0]["about"] == "#yourbrand"
    assert (
        "details"
        not in json.loads(cli("accounts", "--format", "json").stdout)["workspaces"][0]["accounts"][0]
    )


ANSWERS = {
    "an object": (200, b'{"footers": ["one"]}', 'no list of signatures): {"footers": ["one"]}'),
    "a list of words": (200, b'["one"]', 'a list of signatures with something else in it): ["one"]'),
    "a page": (200, b"<html><title>Sign in</title></html>", 'a web page ("Sign in")): <html><title>Sign in'),
    "nothing": (200, b"", "an empty answer): nothing"),
    "a refusal": (404, b'{"errors": ["Not found"]}', 'Publer refused to list signatures (404): "Not found"'),
}


@pytest.fixture(params=ANSWERS)
def odd(request: pytest.FixtureRequest, empty_world: World) -> tuple[World, str]:
    """A Publer that answers something else where it should list signatures, and what has to be said of it."""
    status, body, said = ANSWERS[request.param]
    real = empty_world.sandbox.handle

    def handle(asked: Any) -> Any:
        answer = real(asked)
        return Response(status, body) if asked.path.endswith("/signatures") else answer

    empty_world.sandbox.handle = handle  # type: ignore[method-assign, assignment]  # a fault that the sandbox has no switch for
    return empty_world, said


def test_an_answer_that_is_not_understood_costs_the_posts_that_need_it_and_is_asked_for_once(
    odd: tuple[World, str],
) -> None:
    world, said = odd
    album = post("networks: {facebook: {album: Events}}", text="An album", day=1)
    world.write(post("networks: {facebook: {signature: Footer}}"), album, Want("plain", "x", T, "Plain"))
    world.sandbox.reset_log()
    done = world.apply()
    assert (done.code, done.outcomes) == (
        6,
        [("blocked", "lamp0", "not_tried"), ("create", "lamp1", "applied"), ("create", "plain", "applied")],
    )
    assert lookups_of(world).count("/signatures") == 1
    (blocked,) = (change for change in world.plan()["changes"] if change["action"] == "blocked")
    assert (blocked["code"], blocked["would"]) == ("name", "create")
    assert 'its signature "Footer" can\'t be looked up: ' in blocked["reason"]
    assert said in blocked["reason"]
    shown = " ".join(world.run("plan", world.top).stdout.split())
    assert "Fix: write the id in posts.yaml:2 instead of the name, or run it again later." in shown
    by_id = lookups._id("signature", {"id": ACCOUNTS["facebook"]})
    world.write(
        post(f"networks: {{facebook: {{signature: '{by_id}'}}}}"), album, Want("plain", "x", T, "Plain")
    )
    assert world.apply().code == 0


def test_details_leave_out_a_list_that_is_not_understood(odd: tuple[World, str]) -> None:
    world, said = odd
    ran = world.run("accounts", "--details", "--location", "lis")
    assert ran.code == 0
    assert "album: Events" in ran.stdout
    assert "location: Lisbon" in ran.stdout
    assert "signature:" not in ran.stdout
    (line,) = ran.stderr.splitlines()
    assert line.startswith("`signature` is left out: ")
    assert said in line


def test_signatures_of_another_form_are_read_too(empty_world: World) -> None:
    """No client is known to have asked for them: Publer's page may lag behind."""
    real = empty_world.sandbox.handle
    listed = [
        {"id": ACCOUNTS["facebook"], "signatures": [{"id": "5f0000000000000000000001", "name": "Footer"}]}
    ]

    def handle(asked: Any) -> Any:
        answer = real(asked)
        return Response(200, json.dumps(listed).encode()) if asked.path.endswith("/signatures") else answer

    empty_world.sandbox.handle = handle  # type: ignore[method-assign, assignment]  # a fault that the sandbox has no switch for
    empty_world.apply_first(post("networks: {facebook: {signature: Footer}}"))
    sent = empty_world.find("A lamp")["sent"]["account"]
    assert sent["signature"] == "5f0000000000000000000001"


@pytest.mark.parametrize(
    ("path", "key", "name"),
    [("/media_options", "album", "Events"), ("/locations/facebook", "location", "Oslo")],
)
def test_every_other_list_of_names_costs_only_the_posts_that_need_it(
    empty_world: World, path: str, key: str, name: str
) -> None:
    world, real = empty_world, empty_world.sandbox.handle

    def handle(asked: Any) -> Any:
        answer = real(asked)
        return Response(200, b'{"nothing": true}') if asked.path.endswith(path) else answer

    world.sandbox.handle = handle  # type: ignore[method-assign, assignment]  # a fault that the sandbox has no switch for
    world.write(post(f"networks: {{facebook: {{{key}: {name}}}}}"), Want("plain", "x", T, "Plain"))
    world.sandbox.reset_log()
    done = world.apply()
    assert done.outcomes == [("blocked", "lamp0", "not_tried"), ("create", "plain", "applied")]
    assert lookups_of(world) == [path]

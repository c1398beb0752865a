"""`hold` of some posts: by account, network, label and day, and words that name none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.commands.holds import POSTS, hold, in_place, texts
from tests.system.worlds import ACCOUNTS, DAY, T, Want, World


@pytest.fixture
def world(empty_world: World) -> World:
    return in_place(empty_world)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("--account", "facebook"), {"soon"}),
        (("--label", "sale"), {"two", "soon"}),
        (("--account", "x", "--label", "sale"), {"one", "two", "soon"}),
        (("--from", f"{T + DAY:%Y-%m-%d}"), {"one", "soon"}),
        (("--to", f"{T:%Y-%m-%d}"), {"two"}),
        (("--account", "facebook", "--account", "x"), set()),
    ],
)
def test_a_scope_takes_out_no_more(world: World, words: tuple[str, ...], left: set[str]) -> None:
    hold(world, *words)
    assert texts(world) == left | {"a draft"}
    assert world.plan()["summary"]["held"] == 3 - len(left)


@pytest.mark.story
@pytest.mark.parametrize(
    ("words", "left"),
    [
        ((), set()),
        (("--network", "x"), {"three"}),
        (("--network", "x", "--label", "sale"), {"two", "three"}),
        (("--account", "facebook"), {"one", "two"}),
    ],
)
def test_one_hold_takes_out_what_it_names_also_where_the_files_moved_it(
    empty_world: World, words: tuple[str, ...], left: set[str]
) -> None:
    one, two, three = (
        Want("one", "x", T, "one"),
        Want("two", "x", T + DAY, "two"),
        Want("three", "facebook", T, "three"),
    )
    empty_world.apply_first(one, two, three)
    empty_world.write(replace(one, at=T + 2 * DAY, labels=("sale",)), two, three)
    hold(empty_world, *words)
    assert texts(empty_world) == left


def test_a_label_is_the_same_in_capitals(world: World) -> None:
    """A post whose label was written otherwise was published in spite of the hold, which ended with 0."""
    world.write(replace(POSTS[0], labels=("Sale",)), replace(POSTS[1], labels=("sale",)), *POSTS[2:])
    assert world.apply().code == 0
    assert hold(world, "--label", "SALE").outcomes == {"one": "removed", "two": "removed"}
    assert not {"one", "two"} & texts(world)


def test_a_group_of_accounts_can_be_held(world: World) -> None:
    world.settings(groups={"loud": ["x", "facebook"]})
    hold(world, "--account", "loud")
    assert texts(world) == {"a draft"}


@pytest.mark.parametrize(
    ("option", "slip", "meant", "left", "told"),
    [
        (
            "--label",
            "slae",
            "sale",
            {"two", "soon"},
            'No post has the label "slae" (did you mean "sale"?); there are: sale',
        ),
        ("--account", "facebok", "facebook", {"soon"}, 'There is no account "facebok" (did you mean'),
        (
            "--network",
            "facebok",
            "Facebook",
            {"soon"},
            'No account is on "facebok" (did you mean "facebook"?); there are',
        ),
        ("--network", "tiktok", "x", {"one", "two"}, 'No account is on "tiktok"; there are: facebook, x,'),
    ],
)
def test_a_word_that_nothing_has_is_told_with_what_there_is(
    world: World, option: str, slip: str, meant: str, left: set[str], told: str
) -> None:
    """It may be a slip of the pen, and the hold would look like a success."""
    before = texts(world)
    held = hold(world, option, slip, code=6)
    assert (held.outcomes, texts(world)) == ({}, before)
    (unknown,) = held.document["unknown"]
    assert (unknown["kind"], unknown["word"]) == (option.removeprefix("--"), slip)
    assert told in unknown["message"][0].upper() + unknown["message"][1:]
    text = world.run("hold", world.top, "--reason", "Why", "--yes", option, slip)
    assert told in " ".join(text.stdout.split())
    both = hold(world, option, slip, option, meant, code=6)
    assert [each["word"] for each in both.document["unknown"]] == [slip]
    assert texts(world) == left | {"a draft"}


def test_a_slip_in_the_only_account_holds_nothing_at_all(world: World) -> None:
    """A hold without its account would be one of everything."""
    held = hold(world, "--account", "facebok", code=6)
    assert (held.document["hold"], held.document["written"]) == (None, False)
    assert world.plan()["holds"] == []
    assert hold(world, "--account", "facebook", "--network", "x", code=0).document["hold"] is None


def test_a_label_that_only_the_file_has_yet_is_one(world: World) -> None:
    """Whoever writes it into the file and holds it need not apply first."""
    world.write(POSTS[0], replace(POSTS[1], labels=("calm",)), *POSTS[2:])
    assert hold(world, "--label", "calm").outcomes == {"two": "removed"}


def test_an_account_that_left_publer_keeps_no_other_of_those_that_are_named(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"], "x": "nobody"})
    held = hold(world, "--account", "x", "--account", "facebook", code=6)
    assert [each["message"] for each in held.document["unknown"]] == [
        "Publer has no account x, so none of its posts can be stopped here"
    ]
    assert texts(world) == {"soon", "a draft"}


def test_an_adopted_post_whose_labels_nobody_knows_is_named_and_stays(world: World) -> None:
    """Publer's lists have no labels here, and the calendar gives this one none."""
    by_hand = Want("by-hand", "linkedin", T, "made in Publer", labels=())
    world.alike(by_hand)
    world.write(*POSTS, by_hand)
    assert world.apply().code == 0
    held = hold(world, "--label", "sale", code=6)
    assert held.outcomes == {"one": "removed"}
    assert [post["id"] for post in held.document["unlabelled"]] == ["by-hand"]
    assert held.document["summary"]["unlabelled"] == 1
    assert "made in Publer" in texts(world)
    told = world.run("hold", world.top, "--reason", "Why", "--yes", "--label", "sale").stdout
    assert "Labels not known, not on hold: 1 post" in told
    assert hold(world).document["unlabelled"] == []


def test_days_in_the_wrong_order_are_refused(world: World) -> None:
    ran = world.run(
        "hold", world.top, "--yes", "--reason", "Why", "--from", "2031-05-02", "--to", "2031-05-01"
    )
    assert ran.code == 64
    assert world.plan()["holds"] == []

"""Every fix that plan prints, taken: a scene for each code that blocks a post, and the next apply arrives by each step."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.planning.plan import Block
from publer_sync.render.post.fixes import FixStep
from tests.render.fix_scenes import duplicates, edits, in_publer, slots, times
from tests.render.fix_scenes.stage import AT, BOTH, NAMELESS, POST, Scene, Stage
from tests.system.worlds import ACCOUNTS, DAY, HOUR, T, clocks, world_in

if TYPE_CHECKING:
    from pathlib import Path

SCENES = [
    each
    for module in (in_publer, times, slots, edits, duplicates)
    for each in vars(module).values()
    if isinstance(each, Scene)
]


def steps_in(says: str) -> set[FixStep]:
    """The steps that a sentence names."""
    found = set()
    for step in FixStep:
        for words in step.value:
            pattern = re.escape(words).replace(r"\{place\}", r"\S+").replace(r"\{accounts\}", r"\w+")
            pattern = pattern.replace(r"\{except\}", "[^)]+")
            pattern = pattern.replace(r"\{calendar\}", r"\w+").replace(
                r"\{approve\}", "publer-sync approve .+"
            )
            for form in {pattern, re.sub(r"\\ (in|from)\\ \\S\+", "", pattern)}:
                if re.search(rf"(?:: |, |or ){form}(?=[.,;:](?:\s|$)|$)", says):
                    found.add(step)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("played", SCENES, ids=lambda played: played.play.__name__)
def test_each_step_that_a_fix_names_is_a_way_out(played: Scene, tmp_path: Path) -> None:
    number, steps = 0, list[FixStep | str](["the first"])
    while number < len(steps):
        with world_in(tmp_path / str(number)) as world, clocks(world) as to:
            stage = Stage(world, to)
            taken = played.play(stage)
            steps = [*taken]
            tops = [world.top, *([stage.beside] if played.together else [])]
            if number == 0:
                shown = world.run("plan", *tops).stdout
                flat = " ".join(shown.split()).replace(f" {world.top}", "")
                codes = world.run("plan", world.top, *tops[1:], "--format", "json").stdout
                assert f'"{played.code}"' in codes or f" {played.code} " in flat, shown
                assert re.search(rf"{re.escape(played.says)}(?=[ .,]|$)", flat), shown
                assert {step for step in steps if isinstance(step, FixStep)} == steps_in(played.says), steps
                assert all(step in played.says for step in map(str, steps) if step.startswith("--"))
            step = steps[number]
            taken[step]()
            # As it is printed: with the post's name, where it has one.
            flags = re.findall(rf"{step}\S*", played.says) if str(step).startswith("--") else []
            done = world.run("apply", *tops, "--yes", "--allow-deletes", "9", *flags)
            assert done.code == 0, (step, done)
            world.sandbox.settle()
            left = world.run("plan", *tops, "--detailed-exitcode")
            assert left.code == 0, (step, left.stdout)
        number += 1


def test_every_code_and_every_step_has_a_scene() -> None:
    """A code that is added to Block, and a step that is added to FixStep, needs one: a way out that was taken."""
    assert {played.code for played in SCENES} >= set(Block)
    assert {step for played in SCENES for step in steps_in(played.says)} == set(FixStep)


def test_what_someone_published_early_asks_for_nothing_and_is_past(tmp_path: Path) -> None:
    """Under its id or a new one, with an id in the calendar or without, as a draft, and in other words."""
    with world_in(tmp_path) as world, clocks(world) as to:
        stage = Stage(world, to)
        wants = [
            POST,
            replace(NAMELESS, account="facebook"),
            replace(POST, id="renamed", account="linkedin", text="Published under another id"),
            replace(POST, id="drafted", account="mastodon", draft=True),
            replace(POST, id="reworded", account="bluesky"),
        ]
        stage.applied(*wants)
        to(T - 2 * DAY)
        early = T - 2 * DAY - HOUR
        ids = {account: stage.live(replace(POST, account=account)) for account in ACCOUNTS}
        for account in ("x", "facebook", "mastodon"):
            world.sandbox.edit(ids[account], state="published", at=early)
        world.sandbox.edit(ids["bluesky"], state="published", at=early, text="Published in other words")
        world.sandbox.remove(ids["linkedin"])
        world.stranger("linkedin", early, "Published under another id", state="published")
        for moment in (T - 2 * DAY, T + DAY):
            to(moment)
            assert (world.plan()["changes"], world.apply().code) == ([], 0)


def test_a_filter_and_a_report_name_the_account_too(tmp_path: Path) -> None:
    """Whatever of the post is left out of the plan: removed from the file, it would be removed on the other accounts."""
    said = f"Fix: choose another time for x in {AT}, or move the other post in Publer."
    with world_in(tmp_path) as world:
        world.stranger("x", T, "A colleague's")
        world.write(BOTH)
        shown = [world.run("plan", world.top, *more).stdout for more in ((), ("--account", "x"))]
        shown += [
            world.run(*words).stdout for words in (("apply", world.top, "--yes"), ("status", world.top))
        ]
        assert [said in " ".join(each.split()) for each in shown] == [True] * 4, shown


@pytest.mark.parametrize(
    ("change", "fixes"),
    [
        ({"state": "scheduled_locked"}, ["Fix: correct it in Publer, or remove it from posts.yaml:6."]),
        ({"at": T + 2 * DAY}, ["To keep the edit: run publer-sync pull --prefer publer, or copy it into posts.yaml:6."]),
    ],
    ids=["locked", "edited"],
)  # fmt: skip
def test_what_waits_for_another_post_is_told_no_fix_that_is_for_that_one(
    tmp_path: Path, change: dict[str, object], fixes: list[str]
) -> None:
    """Whoever removed it from the file, as it said, removed a post that nothing is wrong with; nor has it an edit to keep."""
    second = replace(POST, id="second", at=T + DAY, text="Second")
    with world_in(tmp_path) as world:
        world.apply_first(POST, second)
        world.sandbox.edit(str(world.find("Second")["id"]), **change)
        world.write(replace(POST, text="Second"), replace(second, text=POST.text))
        shown = " ".join(world.run("plan", world.top).stdout.split())

    told = re.findall(r"(?:Fix|To keep the edit): .*?posts\.yaml:\d\.", shown)
    assert told == ["Fix: do what lets that one change, or write other words in posts.yaml:2.", *fixes]


SECOND = replace(POST, id="second", at=T + HOUR, text="Second")


RESTORE, ANYWAY = "To restore the calendar's version", "To apply it anyway"


@pytest.mark.parametrize(
    ("edit", "launch", "second", "options"),
    [
        ({"at": T + DAY}, {"text": "Third"}, {"text": POST.text}, [RESTORE]),
        ({"at": T + DAY}, {"text": SECOND.text}, {"text": POST.text}, [RESTORE]),
        ({"text": "Edited"}, {"at": SECOND.at}, {"at": POST.at}, [ANYWAY, RESTORE]),
    ],
    ids=["waits for words", "swaps words", "swaps times"],
)
def test_what_waits_for_an_edited_post_is_not_said_to_be_edited(
    tmp_path: Path, edit: dict[str, Any], launch: dict[str, Any], second: dict[str, Any], options: list[str]
) -> None:
    with world_in(tmp_path) as world, clocks(world) as to:
        world.sandbox.edit(Stage(world, to).applied(POST, SECOND), **edit)
        world.write(replace(POST, **launch), replace(SECOND, **second))
        plan = " ".join(world.run("plan", world.top).stdout.split())
        assert plan.count("To keep the edit:") == 1, plan
        assert re.findall(f"({RESTORE}|{ANYWAY}): publer-sync apply", plan) == options
        if ANYWAY in options:
            assert world.apply("--overwrite-edits=launch").code == 0


def test_posts_that_swap_words_are_said_to_swap_them(tmp_path: Path) -> None:
    """Publer could edit each of them in place, were it not for the other."""
    with world_in(tmp_path) as world, clocks(world) as to:
        Stage(world, to).applied(POST, SECOND)
        world.write(replace(POST, text=SECOND.text), replace(SECOND, text=POST.text))
        plan = " ".join(world.run("plan", world.top).stdout.split())
        how = "It swaps words with another post: the old post is removed first, and put back if Publer refuses the new one."
        assert (plan.count(how), "in place" in plan) == (2, False), plan
        assert {change["reason"] for change in world.plan()["changes"]} == {
            "text changed in the calendar; it swaps words with other posts, so it is replaced"
        }

"""What I changed, against plan: after each of many random changes, both say the same of every post."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.edit import studio_of
from publer_sync.ledger.copies import Copy, Seen
from publer_sync.planning.plan import Blocked, Change, Create, Delete, Recreate, Unchanged
from publer_sync.studio.since import words_by_file
from publer_sync.values.model import Account, Family, LivePost, Post
from tests.builders import ledger, planned
from tests.conftest import EVERY
from tests.studio.desk import NOW
from tests.studio.rich import rich
from tests.studio.test_simulation import do_something

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.studio.studio import Studio


def changes_of(was: Sequence[Post], now: Sequence[Post]) -> Sequence[Change]:
    """What plan would do, had the one been applied."""
    accounts: dict[str, Account] = {post.account.id: post.account for post in (*was, *now)}
    copies, live = [], []
    for key, post in enumerate(was, 1):
        seen = Seen(post.at, post.text, draft=post.draft)
        copies.append(
            Copy(
                key,
                post.account.id,
                post.at,
                post.content,
                id=post.id,
                post_id=f"p{key}",
                seen=seen,
                verified_at=NOW,
            )
        )
        family = Family.DRAFT if post.draft else Family.SCHEDULED
        live.append(LivePost(f"p{key}", post.account.id, family, post.at, post.text))
    plan = planned(now, live, ledger(*copies), now=NOW, accounts=accounts.values())
    return [
        change.would if isinstance(change, Blocked) else change
        for change in plan.changes
        if not isinstance(change, Unchanged)
    ]


def told(studio: Studio) -> list[tuple[str, str, tuple[str, int] | None]]:
    """What the panel says: the first word, the key of the post now, and where it was."""
    opened = studio.opened[0]
    found = words_by_file(opened, studio.git.commits[0].differing())
    return [
        (each["say"].split()[0], each["key"] or "", (each["was"][0], each["was"][1]) if each["was"] else None)
        for words in found.values()
        for each in words
    ]


def name_of(post: Post | None) -> str:
    """The id of the post, or of its series."""
    return ((post.id if post is not None else "") or "").partition("@")[0]


def compare(studio: Studio, was: Sequence[Post]) -> None:
    opened = studio.opened[0]
    now = opened.calendar.desired.posts
    panel = told(studio)
    place_of = {(post.account.id, post.at): post.location for post in was}
    kinds: dict[str, list[Change]] = defaultdict(list)
    gone: set[tuple[str, int]] = set()
    by_copy = dict(enumerate(was, 1))
    for change in changes_of(was, now):
        if change.post is not None:
            kinds[opened.keys.by_place[change.post.location]].append(change)
        else:
            assert isinstance(change, Delete), change
            assert change.copy is not None
            where = by_copy[change.copy.key].location
            gone.add((where.file, where.line))
    assert place_of
    mentioned = {key for _, key, _ in panel if key}
    places = {place for _, _, place in panel if place is not None}
    counts: dict[str, int] = defaultdict(int)
    for post in now:
        counts[opened.keys.by_place[post.location]] += 1
    # With its id, but on other accounts alone or all on other days of a series, a post is made anew, and is one post still.
    names = {(post.location.file, post.location.line): name_of(post) for post in was}
    came = {key: names[place] for word, key, place in panel if word != "new" and place in names}
    made = {
        key
        for key, found in kinds.items()
        if len(found) == counts[key]
        and all(isinstance(each, Create | Recreate) for each in found)
        and not (came.get(key) and came[key] == name_of(found[0].post))
    }
    assert {key for word, key, _ in panel if word == "new"} == made, panel
    assert kinds.keys() <= mentioned, (kinds.keys() - mentioned, panel)
    assert gone <= places, (gone - places, panel)
    stays = {(each.location.file, each.location.line) for each in was} - gone
    removed = {place for word, _, place in panel if word == "removed"}
    assert not removed & stays, (removed & stays, panel)


def start(top: Path) -> tuple[Studio, Sequence[Post]]:
    studio = studio_of([rich(top)], read_only=False, now=lambda: NOW)
    files = {each.file: each.raw for each in studio.opened[0].calendar.documents}
    studio.git.commits[0].found = files
    return studio, studio.opened[0].calendar.desired.posts


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8 if EVERY else 1))
def test_the_panel_and_plan_say_the_same_of_250_random_changes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    studio, was = start(tmp_path / "calendar")
    done = 0
    for number in range(250):
        if number % 60 == 59:  # from the start again: after many changes everything differs
            while studio.history.done:
                assert studio.undo().status == 200
        done += do_something(chance, studio) == 200
        compare(studio, was)
    assert done > 80


def test_a_post_that_moved_is_not_told_as_new_where_another_of_its_file_goes(tmp_path: Path) -> None:
    """Without ids, they were told apart by their order."""
    studio, was = start(tmp_path / "calendar")
    opened = studio.opened[0]
    file = opened.top / "2027-03.yaml"
    text = file.read_text()
    gone = text[text.index("- at: Fri 2027-03-05") : text.index("- at: Sat 2027-03-06")]
    text = text.replace(gone, "").replace("Sat 2027-03-06 09:00", "Sun 2027-03-07 09:00")
    first = text[text.index("- id: asked") : text.index("- id: told")]
    file.write_text(text.replace(first, ""))
    studio.follow()
    compare(studio, was)
    assert sorted(
        each["say"] for each in words_by_file(opened, studio.git.commits[0].differing())["2027-03.yaml"]
    ) == [
        'moved "Nor this one": Sat 6 Mar → Sun 7 Mar, 09:00',
        'removed "No id at all"',
        "removed asked",
    ]

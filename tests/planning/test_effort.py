"""What an apply takes, told before: against what applies to the sandbox took, and in time at Publer's limit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.planning.effort import (
    Effort,
    Stretch,
    _in_a_row,
    effort,
    effort_of_requests,
    minutes,
    stretches,
    timed,
    upload_time,
)
from publer_sync.planning.inventory import Inventory
from publer_sync.planning.plan import Action, Held
from publer_sync.publer.pacing import Quota, RequestBudget
from publer_sync.values.model import MediaSource
from tests.builders import (
    LAST,
    LATER,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    X,
    change,
    copy_of,
    picture,
    shown,
    wanted,
)
from tests.system.worlds import ACCOUNTS, HOUR, MINUTE, T, Want, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    from publer_sync.planning.plan import Change

pytestmark = pytest.mark.usefixtures("every_kind_seen")

WITHIN = 1.5
"""The guess is at most this many times what it took, and the other way round."""
ALIASES = list(ACCOUNTS)


def posts(number: int, text: str = "Post", *, later: timedelta = 0 * HOUR, **more: object) -> list[Want]:
    """Every eleven hours one on each account."""
    return [
        Want(f"p{i}", ALIASES[i % 5], T + i // 5 * 11 * HOUR + later, f"{text} {i}", **more)  # type: ignore[arg-type]  # fields of several types
        for i in range(number)
    ]


def pictures(number: int, **key: str) -> list[Want]:
    """Every minute one, each with a picture of its own."""
    (name, form), *_ = key.items()
    return [
        Want(f"p{i}", "x", T + i * MINUTE, f"Picture {i}", **{name: form.format(i)})  # type: ignore[arg-type]  # fields of several types
        for i in range(number)
    ]


CHAIN = [Want(f"c{i}", "x", T + i * HOUR, f"Link {i}") for i in range(6)]


SLOW = pytest.mark.slow


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([], posts(120), id="new", marks=SLOW),
        pytest.param(posts(60), posts(60, "Other words"), id="edits", marks=SLOW),
        pytest.param(posts(40), posts(40, labels=("news",)), id="replaces in their minutes", marks=SLOW),
        pytest.param(
            posts(100), posts(100, later=11 * HOUR), id="moves of one to the next's minute", marks=SLOW
        ),
        pytest.param(
            CHAIN, [Want(f"c{i}", "x", T + (i + 1) * HOUR, f"Link {i}") for i in range(6)], id="a chain"
        ),
        pytest.param(
            CHAIN,
            [Want(f"c{i}", "x", T + (i ^ 1) * HOUR, f"Link {i}") for i in range(6)],
            id="swaps",
        ),
        pytest.param(posts(70), posts(20), id="deletes", marks=SLOW),
        pytest.param([], pictures(40, picture="{}.png"), id="uploads"),
        pytest.param([], pictures(8, address="https://example.com/{}.png"), id="imports"),
        pytest.param(
            posts(60),
            [*posts(20), *posts(40, "Other words")[20:], *posts(55, later=HOUR)[40:], *posts(90)[60:]],
            id="of everything",
        ),
    ],
)
def test_the_guess_is_close_to_what_an_apply_takes(
    before: list[Want], after: list[Want], tmp_path: Path
) -> None:
    with world_in(tmp_path / "world", poll_seconds=0.1, rate_limit=100_000) as world:
        world.settings(limits={"delete": 1000})
        if before:
            world.apply_first(*before)
        world.write(*after)
        guess = world.plan()["requests"]
        took = world.apply().document["requests"]
    assert took / WITHIN <= guess <= took * WITHIN


@pytest.mark.story
@pytest.mark.parametrize(
    "faults",
    [
        pytest.param({"per_page": 10}, marks=SLOW),
        pytest.param({"per_page": 10, "total": False}, marks=SLOW),
        {"paging": "ignored"},
    ],
    ids=["ten posts on a page", "and no total", "all at once"],
)
def test_the_guess_knows_the_pages_of_the_listing(faults: dict[str, Any], tmp_path: Path) -> None:
    with world_in(tmp_path / "world", poll_seconds=0.1, rate_limit=100_000, **faults) as world:
        world.apply_first(*posts(80))
        world.write(*posts(70), *posts(80, later=HOUR)[70:])
        guess = world.plan()["requests"]
        took = world.apply().document["requests"]
    assert took / WITHIN <= guess <= took * 2  # a slow machine asks less often, and each time for all pages


@each_of(
    ("requests", "told"),
    [
        (8, "about 8 requests, under a minute"),
        (50, "about 50 requests, under a minute"),
        (60, "under a minute: 60 requests at Publer's limit"),
        (100, "about 2 minutes: 100 requests at Publer's limit"),
        (430, "about 9 minutes: 430 requests at Publer's limit"),
        (9000, "about 3 hours: 9,000 requests at Publer's limit"),
    ],
)
def test_the_time_at_publers_limit_in_words(requests: int, told: str) -> None:
    assert str(effort_of_requests(requests)) == told


def test_the_time_of_requests_in_a_row_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A progress line asks anew for each calendar."""
    recorded: list[float] = []
    record = RequestBudget.record

    def counted(budget: RequestBudget, now: float, quota: Quota | None) -> None:
        recorded.append(now)
        record(budget, now, quota)

    monkeypatch.setattr(RequestBudget, "record", counted)
    expected = [at for _, at in timed([Stretch(1)] * 300, answer=0.3)]
    recorded.clear()
    _in_a_row.cache_clear()
    for requests in (300, 7, 120, 300):
        assert effort_of_requests(requests) == Effort(requests, expected[requests - 1])
    assert len(recorded) == 300


def test_a_minute_is_one_and_two_hours_are_told_in_minutes() -> None:
    assert [minutes(seconds) for seconds in (59.9, 60, 7200, 7201)] == [
        "under a minute",
        "about 1 minute",
        "about 120 minutes",
        "about 2 hours",
    ]


def requests_for(*changes: Change) -> int:
    return effort(changes, NOW, Inventory()).requests


def test_a_post_on_hold_that_is_not_in_publer_takes_no_request() -> None:
    held = Held(post=wanted(SOON), account=X, reason="a storm")
    assert requests_for(held) == requests_for()


NEW = [change(Action.CREATE, wanted(SOON + n * HOUR, f"New {n}")) for n in range(3)]


def new(*pieces: MediaSource, at: datetime = SOON, **content: Any) -> Any:
    if pieces:
        content["media"] = [{"url" if each.url else "file": each.url or each.digest} for each in pieces]
    return change(Action.CREATE, replace(wanted(at, "New", **content), media=pieces))


def moves(old: datetime, at: datetime, id: str = "p-1", **more: Any) -> Any:
    live = shown(old, id=id, state=more.pop("state", "scheduled"))
    return change(Action.REPLACE, wanted(at, **more.pop("content", {})), live=live, **more)


HALF = copy_of(wanted(LATER), 2, post_id="p-2")
PICTURE, FILM = picture("a"), MediaSource(digest="", url="https://a.example/film.mp4")


@each_of(
    ("changes", "requests"),
    [
        ([], 0),
        ([change(Action.UPDATE, wanted(SOON))] * 2, 2 + 1),
        ([change(Action.DELETE, None)] * 20, 1 + 1),
        ([change(Action.DELETE, None)] * 21, 2 + 1),
        ([Held(account=X, post=None, live=shown(SOON), reason="a storm")] * 50, 1 + 1),
        ([Held(account=X, post=None, live=shown(SOON), reason="a storm")] * 51, 2 + 1),
        (NEW[:1], 3 + 2),
        (NEW, 3 + 2),
        ([new(draft=True)], 3 + 2),
        ([*NEW, new(draft=True, at=LATER)], 2 * 3 + 2),
        ([new(PICTURE)], 1 + 3 + 2),
        ([new(FILM)], 3 + 3 + 2),
        ([new(PICTURE), new(PICTURE, at=SOON + MINUTE)], 1 + 3 + 2),
        ([new(PICTURE), new(PICTURE, at=TOMORROW)], 1 + 2 * (3 + 2)),
        ([*NEW, new(PICTURE)], 1 + 2 * (3 + 2)),
        ([moves(SOON, LATER)], 3 + 2 + 1 + 1),
        ([moves(SOON, LATER, successor=HALF)], 1 + 1),
        ([moves(SOON, LATER), moves(LATER, LAST, "p-2")], 2 * (3 + 2 + 1) + 1),
        ([moves(SOON, LATER), moves(LATER + MINUTE, LAST, "p-2")], 3 + 2 + 1 + 1),
        ([moves(SOON, LATER), moves(LATER + 59 * SECOND, LAST, "p-2")], 2 * (3 + 2 + 1) + 1),
        ([moves(SOON, LATER, content={"draft": True}), moves(LATER, LAST, "p-2")], 2 * 3 + 2 + 1 + 1),
        ([moves(SOON, LATER), moves(LATER, LAST, "p-2", state="draft")], 3 + 2 + 1 + 1),
        ([moves(SOON, SOON)], 3 + 2 + 1 + 1),
        ([moves(SOON, LATER), moves(LATER, SOON, "p-2")], 3 * (3 + 2) + 1 + 1),
        ([change(Action.BLOCKED, wanted(SOON))], 3 + 2),
        ([change(Action.UNCHANGED, wanted(SOON))], 0),
    ],
)
def test_each_change_takes_its_requests_and_what_goes_together_takes_them_once(
    changes: list[Change], requests: int
) -> None:
    assert requests_for(*changes) - requests_for() == requests


@each_of(
    ("known", "requests"),
    [((), 3 + 3 + 2), ((FILM.url,), 1 + 3 + 2), (("sha256:b",), 3 + 3 + 2)],
)
def test_what_publer_has_already_is_asked_for_and_not_uploaded(known: tuple[str, ...], requests: int) -> None:
    inventory = Inventory(media=frozenset(known))
    assert effort([new(FILM)], NOW, inventory).requests - effort([], NOW, inventory).requests == requests


@pytest.mark.slow
def test_plan_and_apply_tell_what_needs_more_than_fifty_requests(tmp_path: Path) -> None:
    told = "Applying this takes under a minute: 54 requests at Publer's limit."
    with world_in(tmp_path / "world") as world:
        world.apply_first(*posts(51))
        world.write(*posts(50, "Other words"), posts(51)[50])
        assert told in world.run("plan", world.top).stdout
        assert told in world.run("plan", world.top, "--format", "markdown").stdout
        assert world.run("apply", world.top, "--yes", "--format", "json").stderr.startswith(told)
        assert "Applying this" not in world.run("plan", world.top).stdout


def test_each_question_about_a_job_and_each_list_after_it_has_its_wait() -> None:
    empty, new_post = effort([], NOW, Inventory()), effort(NEW[:1], NOW, Inventory())
    assert new_post.seconds - empty.seconds == pytest.approx(4 * 10 + 5 * 0.3)


def test_a_list_has_a_page_more_once_there_are_so_many_posts() -> None:
    def more(*changes: Any) -> int:
        full = Inventory(posts=100, page=100)
        return effort(changes, NOW, full).requests - effort([], NOW, full).requests

    assert Inventory(posts=100, page=50).pages() == 2
    assert more(*NEW[:1]) == 3 + 1 + 2
    assert more(new(PICTURE), *NEW[:1]) == 1 + 2 * 3 + 1 + 2 + 2 + 2
    assert more(new(PICTURE), moves(LATER, LAST)) == 2 * 3 + 1 + 1 + 2 * (1 + 2) + 1, "a move adds none"


def test_each_is_done_once_after_the_one_whose_minute_it_takes_and_soon_ones_together() -> None:
    """Together goes what is due within twice the time until the first one."""
    second, first = moves(SOON, LATER), moves(LATER, LAST, "p-2")
    uploads = [new(PICTURE, at=at) for at in (SOON, NOW + 6 * HOUR, TOMORROW)]
    for changes, order in (([second, first], [first, second]), (uploads, uploads)):
        parts = stretches(changes, NOW, Inventory())
        assert [change for part in parts for change in part.done] == order


def test_a_file_takes_time_by_its_size_and_an_address_a_minute() -> None:
    assert upload_time(replace(PICTURE, size=2_000_000)) == 7 * SECOND
    assert upload_time(FILM) == 60 * SECOND
    assert upload_time(replace(PICTURE, id="m-1")) == 0 * SECOND

"""New posts, batch by batch: what is due soon never waits for what is due later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.making import _intend, _last_moment, _remember
from publer_sync.applying.run import TOO_LATE
from publer_sync.applying.tasks import Creation, Old
from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Action
from publer_sync.publer.gateway import Publer
from publer_sync.values.content import Content, Medium
from publer_sync.values.model import LiveMedium
from tests.applying.runs import FREEZE, run_at
from tests.builders import LATER, NOW, change, copy_of, ledger, shown, wanted
from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, clocks
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost
    from tests.system.worlds import World

SOON = datetime.now(UTC).replace(second=0, microsecond=0) + HOUR


def sends(world: World) -> list[str]:
    """The uploads, and the texts of each bulk, in the order of the requests."""
    found = []
    for request in world.sandbox.requests:
        if request.path == "/media" and request.method == "POST":
            found.append("upload")
        elif request.path == "/media/from-url":
            found.append("import")
        elif request.path == "/posts/schedule":
            items = request.body["bulk"]["posts"]
            found.append(" ".join(sorted(next(iter(item["networks"].values()))["text"] for item in items)))
    return found


@pytest.mark.parametrize("more", [{"picture": "film.png"}, {"address": "https://example.com/film.png"}])
def test_a_post_due_in_an_hour_never_waits_for_next_months_uploads(
    world: World, more: dict[str, str]
) -> None:
    world.write(
        Want("later", "x", T, "later", **more),  # type: ignore[arg-type]  # fields of several types
        Want("soon", "facebook", SOON, "soon"),
        Want("text", "linkedin", T, "text"),
    )
    assert world.apply().code == 0
    assert sends(world) == ["soon text", "import" if "address" in more else "upload", "later"]
    assert not world.settled_amiss()


def test_uploads_come_soonest_first_with_their_posts_close_behind(world: World) -> None:
    world.write(
        *(Want(f"t{n}", "x", T + n * DAY, f"t{n}", picture=f"t{n}.png") for n in range(3)),
        Want("second", "facebook", SOON + 30 * MINUTE, "second", picture="second.png"),
        Want("soon", "facebook", SOON, "soon", picture="soon.png"),
    )
    assert world.apply().code == 0
    assert sends(world) == ["upload", "upload", "second soon", "upload", "upload", "upload", "t0 t1 t2"]
    assert not world.settled_amiss()


def test_a_post_due_in_minutes_goes_before_a_slow_upload_of_another_starts(world: World) -> None:
    """Publer takes eight minutes to fetch the film of the post that is due later."""
    now = datetime.now(UTC).replace(second=0, microsecond=0) + MINUTE
    world.write(
        Want("text", "linkedin", now + 8 * MINUTE, "text"),
        Want("soon", "facebook", now + 8 * MINUTE, "soon", picture="soon.png"),
        Want("later", "x", now + 16 * MINUTE, "later", address="https://example.com/film.mp4"),
    )
    fetch = Publer.import_url

    def slowly(publer: Publer, url: str, **more: Any) -> str:
        turn(datetime.now(UTC) + 8 * MINUTE)
        return fetch(publer, url, **more)

    with clocks(world) as turn, mock.patch.object(Publer, "import_url", slowly):
        assert {outcome for _, _, outcome in world.apply().outcomes} == {"applied"}
    assert sends(world) == ["text", "upload", "soon", "import", "later"]


def test_a_post_that_is_about_to_be_frozen_goes_before_a_slow_upload_of_another_starts(world: World) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0) + MINUTE
    world.apply_first(Want("moved", "facebook", now + 20 * MINUTE, "moved"))
    world.write(
        Want("moved", "facebook", T, "moved", picture="moved.png"),
        Want("later", "x", now + 30 * MINUTE, "later", address="https://example.com/film.mp4"),
    )
    assert world.apply().code == 0
    assert sends(world) == ["upload", "moved", "import", "later"]


def test_posts_that_can_wait_for_each_others_uploads_go_together(world: World) -> None:
    world.write(
        Want("soon", "facebook", SOON, "soon", picture="soon.png"),
        Want("later", "x", SOON + HOUR / 2, "later", address="https://example.com/film.mp4"),
    )
    assert world.apply().code == 0
    assert sends(world) == ["upload", "import", "later soon"]


def test_a_post_takes_along_what_has_to_move_before_it_can_come(world: World) -> None:
    """The picture of the post that holds the minute is uploaded for the post that is due in an hour."""
    world.apply_first(
        Want("a", "facebook", T, "a", picture="a.png"), Want("b", "facebook", SOON, "b", picture="b.png")
    )
    world.write(
        Want("a", "facebook", SOON, "a", picture="a2.png"),
        Want("b", "facebook", T + HOUR, "b", picture="b2.png"),
    )
    assert world.apply().code == 0
    assert sends(world) == ["upload", "upload", "b", "a"]
    assert not world.settled_amiss()


# --- the intent ---------------------------------------------------------------------------------------------------------


OLD_COPY = copy_of(wanted(LATER, "Old", id="one"), 3, spared=NOW)


@each_of(
    ("action", "entry", "spared"),
    [(Action.CREATE, 4, None), (Action.RECREATE, 3, None), (Action.REPLACE, 3, NOW)],
)
def test_the_intent_of_a_new_post_belongs_to_the_entry_of_the_one_before(
    action: Action, entry: int, spared: datetime | None
) -> None:
    """What a hold spared stays spared where it is replaced, and nowhere else."""
    want = wanted(LATER, "New", id="one")
    known: dict[str, Any] = {} if action is Action.CREATE else {"copy": OLD_COPY}
    new = change(action, want, live=shown(LATER, "Old"), **known)
    run = run_at(state=ledger(OLD_COPY), changes=[new])
    copy = _intend(run, Creation(0, new))
    assert (copy.key, copy.entry, copy.spared, copy.requested_at) == (4, entry, spared, NOW)
    assert (copy.place, copy.sent, copy.id, copy.post_id) == (want.slot, want.content, "one", None)
    assert run.state.copies[4] == copy


@each_of(
    ("seen", "live", "back"),
    [
        ("Old", shown(LATER + MINUTE / 2, "Old"), (LATER, "Old", "")),
        ("Old", shown(None, "Old", state="draft"), (LATER, "Old", "")),
        ("Old, as Publer has it", shown(LATER, "Old, as Publer has it"), (LATER, "Old", "")),
        (None, shown(LATER, "Old"), (LATER, "Old", "")),
        (None, shown(LATER, "Edited"), (LATER, "Edited", "")),
        ("Old", shown(LATER + HOUR, "Edited", title="A title"), (LATER + HOUR, "Edited", "A title")),
    ],
)
def test_what_it_takes_to_put_an_old_post_back_is_kept_as_someone_made_it(
    seen: str | None, live: LivePost, back: tuple[datetime, str, str]
) -> None:
    """What Publer itself makes of the words is not, nor are its seconds."""
    old = replace(OLD_COPY, seen=Seen(LATER, seen) if seen else None)
    run = run_at(state=ledger(old))
    _remember(run, Old(3, live), wanted(LATER, "New"))
    copy = run.state.copies[3]
    assert (copy.slot, copy.sent.text, copy.sent.title) == back
    assert replace(copy, slot=old.slot, sent=old.sent) == old


@each_of(
    ("pieces", "album", "known", "ids"),
    [
        (
            ["p-1", "p-2"],
            "Events",
            {"one": {"id": "p-1"}, "two": {"id": "p-2"}},
            {"album": "7", "location": "9"},
        ),
        (["", "p-2"], "Parties", {"two": {"id": "p-2"}}, {"location": "9"}),
        (["p-1"], "Events", {}, {"album": "7", "location": "9"}),
    ],
)
def test_an_adopted_post_is_put_back_with_what_publer_shows_and_the_new_one_has_too(
    pieces: list[str], album: str, known: Any, ids: Any
) -> None:
    media = (Medium(file="one"), Medium(file="two"))
    old = replace(OLD_COPY, sent=Content(text="Old", media=media, network={"album": "Events"}))
    old = replace(old, ids={"location": "9"})
    new = replace(
        wanted(LATER), content=Content(network={"album": album}), ids={"album": "7", "location": "8"}
    )
    run = run_at(state=ledger(old))
    shows = replace(shown(LATER, "Old"), pieces=tuple(map(LiveMedium, pieces)))
    _remember(run, Old(3, shows), new)
    assert (run.uploads.shown, run.state.copies[3].ids) == (known, ids)


@each_of(
    ("old", "moment"),
    [
        (None, LATER - TOO_LATE),
        (shown(LATER - HOUR), LATER - HOUR - FREEZE),
        (shown(LATER + HOUR), LATER - TOO_LATE),
        (shown(LATER - HOUR, state="draft"), LATER - TOO_LATE),
    ],
)
def test_a_new_post_is_sent_before_its_old_one_freezes(old: Any, moment: datetime) -> None:
    new = change(Action.REPLACE, wanted(LATER), live=old or shown(LATER), copy=OLD_COPY)
    assert _last_moment(run_at(), Creation(0, new, old=Old(3, old) if old else None)) == moment


# --- rounds -------------------------------------------------------------------------------------------------------------


def test_a_long_chain_of_moves_takes_three_rounds(world: World) -> None:
    """Each wants the minute of the next: what is left after two rounds goes out at once, and then comes back."""
    chain = [Want(f"c{n}", "x", T + n * HOUR, f"c{n}") for n in range(6)]
    world.apply_first(*chain)
    world.write(*(replace(each, at=each.at + HOUR) for each in chain))
    assert world.apply().code == 0
    assert sends(world) == ["c5", "c4", "c0 c1 c2 c3"]
    assert not world.settled_amiss()

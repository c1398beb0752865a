"""What apply asks before it writes."""

from __future__ import annotations

from publer_sync.planning.plan import Action
from publer_sync.render.layout.terminal import Screen
from publer_sync.render.text import question
from tests.builders import (
    blocked,
    change,
    everything,
    plan,
    post,
)


def test_the_question_names_what_is_published_and_what_is_skipped() -> None:
    assert question([everything()]) == (
        "This changes what is published: 2 new posts, 1 to edit, 1 to move, 1 to replace, 1 to remove (on 3 accounts). "
        "1 post already in Publer will be managed here. Skipped: 1 missing post, 9 blocked.\n"
        "About 30 requests, about 3 minutes."
    )
    assert "\x1b[31m1 to remove\x1b[0m (on" in question([everything()], screen=Screen(color=True))


def test_the_question_before_adopting_alone() -> None:
    adopts = plan([change(Action.ADOPT, post("12-01 09:00", "Hi"))])
    assert question([adopts]) == (
        "Nothing is sent: 1 post already in Publer will be managed here.\nAbout 3 requests, under a minute."
    )


def test_the_question_where_everything_is_blocked() -> None:
    assert question([plan(blocked()[:2])]).startswith("Nothing can be done now. Skipped: 2 blocked posts.\n")

"""What forget stops managing: which posts it lists, and how many it only counts."""

from __future__ import annotations

from publer_sync.render.forget import ForgottenPosts, LeftCalendar, text, text_of_all
from tests.builders import DAY, NOW, SOON, X, copy_of, wanted
from tests.tables import each_of


def posts(number: int) -> ForgottenPosts:
    copies = tuple(copy_of(wanted(SOON + day * DAY, f"Post {day}"), day) for day in range(number))
    return ForgottenPosts(copies, "UTC", NOW, lambda _: X)


def test_a_post_without_an_id_is_known_by_its_words() -> None:
    assert text(posts(1)).endswith('\n  Tue 24 Nov 16:20  x  "Post 0"')


@each_of(("number", "more"), [(20, ""), (21, "  … and 1 more"), (22, "  … and 2 more")])
def test_the_first_posts_of_a_calendar_are_listed(number: int, more: str) -> None:
    last = text_of_all(LeftCalendar("acme", "git:state", posts(number))).splitlines()[-1]
    assert last == (more or '  Sun 13 Dec 16:20  x  "Post 19"')


@each_of(("number", "told"), [(1, "1 post on hold stays out of"), (2, "2 posts on hold stay out of")])
def test_what_is_on_hold_stays_out_of_publer(number: int, told: str) -> None:
    left = LeftCalendar("acme", "git:state", posts(1), posts(number).copies)
    assert f"\n\n{told} Publer." in text_of_all(left)

"""A post on a page of Markdown: what its card shows, and what can be opened from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.plan import Action
from publer_sync.render import markdown
from publer_sync.render.layout.venue import Venue
from publer_sync.values.model import Written
from tests.builders import change, differs, live, picture, plan, post
from tests.planning.test_account_changes import comes, leaves
from tests.render.test_markdown import bare
from tests.tables import each_of

HI = post("12-01 09:00", "Hi")
FILM = post("12-01 09:00", "Hi", media=(picture("film.mp4"),))


def new(text: str = "Hi", **content: Any) -> Any:
    return change(Action.CREATE, post("12-01 09:00", text, **content))


def other(*diff: Any, text: str = "Hi", **content: Any) -> Any:
    return change(
        Action.REPLACE, post("12-01 09:00", text, **content), live=live("12-01 10:00", text), diff=diff
    )


def page(*changes: Any, **more: Any) -> str:
    return bare(markdown.plan(plan(changes), **more))


MOVED = differs("scheduled_at", "then", "now")
THREAD = differs("thread", [{"text": "One"}], [{"text": "Two"}])
TITLE = differs("title", "One", "Two")


@each_of(
    ("one", "told"),
    [
        (new("One\nTwo\n\nThree"), "\n\nOne\\\nTwo\n\nThree\n\n"),
        (change(Action.CREATE, replace(HI, note="One\nTwo")), "\n\n📝 One\\\nTwo\n\n"),
        (change(Action.CREATE, replace(HI, zone="America/New_York")), "**09:00** (03:00 New York) · 🟢"),
        (change(Action.DELETE, None, live=live("12-01 09:00")), "<td>\n\n(no text)\n\n</td>"),
        (other(), "🟣 **replace**"),
        (other(MOVED, labels=["a"]), "<summary>The rest of the post: labels</summary>"),
        (other(THREAD, thread=[{"text": "Two"}], link={"url": "https://a.b"}), "🔗 link: https://a.b\n"),
        (
            change(
                Action.REPLACE,
                replace(HI, written=Written("Hi", "", (("hashtags", "#tips"),), {})),
                live=live("12-01 09:00", "Hi"),
                diff=(TITLE,),
            ),
            "<summary>The rest of the post</summary>\n\nadded: #tips\n",
        ),
    ],
)
def test_a_card_shows_a_post_as_the_public_sees_it(one: Any, told: str) -> None:
    assert told in page(one)


def test_a_post_that_changes_account_and_time_shows_the_rest_of_it_behind_a_fold() -> None:
    left, come = (
        of(when, "Hi", labels=["a"]) for of, when in ((leaves, "12-01 09:00"), (comes, "12-02 09:00"))
    )
    assert "<summary>The rest of the post: labels</summary>" in page(left, come)


@each_of(
    ("url", "told"),
    [
        ("https://a.b", "link: https://a.b ([open](https://a.b))"),
        ("javascript:alert(1)", "link: javascript:alert(1)\n"),
    ],
)
def test_only_an_address_of_the_web_can_be_opened(url: str, told: str) -> None:
    assert told in page(new(link={"url": url}))


def test_what_a_file_replaces_can_be_opened_though_nobody_knows_its_name() -> None:
    item = differs("media", [{"file": "sha256:old"}], FILM.content.to_json()["media"])
    one = change(Action.REPLACE, FILM, live=live("12-01 09:00", "Hi"), diff=(item,))
    venue = Venue(old_file=lambda digest, _name, _path: f"https://a.b/{digest}")
    assert "[🎬 open the old file](https://a.b/sha256:old)" in page(one, venue=venue)


def test_what_a_card_refers_to_is_told_only_where_the_page_has_the_card() -> None:
    words = "the new post is created and verified"
    one = other(MOVED, text="Some words " * 300)
    assert [words in page(one, limit=room) for room in (9000, 3000)] == [True, False]

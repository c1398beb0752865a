"""What a post shows, piece by piece: what each is called, what kind it is, and what it replaces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.planning.plan import Action
from publer_sync.render import markdown
from publer_sync.render.layout.venue import Venue
from publer_sync.render.post.names import Names
from publer_sync.render.post.pieces import old_order, pieces_of, with_old
from publer_sync.values.content import Content
from tests.builders import change, differs, picture, plan, post

if TYPE_CHECKING:
    from publer_sync.values.content import Json

FILES = {"sha256:f": Path("media/tour.mp4"), "sha256:a": Path("media/lamp.png")}


def test_a_piece_has_the_name_and_the_kind_of_its_file_or_its_address() -> None:
    content = Content.from_json(
        {
            "media": [{"file": "sha256:f", "thumbnail": "sha256:a"}, {"url": "https://a.b/c/d.gif?e=1"}],
            "thread": [{"text": "More", "media": [{"file": "sha256:nobody", "alt": "It"}]}],
            "link": {"url": "https://a.b", "image": "sha256:a"},
        }
    )
    made = pieces_of(content, FILES, Names(None))
    assert [(each.name, each.kind, each.part, each.alt, each.url) for each in made] == [
        ("tour.mp4", "video", "", "", ""),
        ("lamp.png", "photo", "", "", ""),
        ("d.gif", "gif", "", "", "https://a.b/c/d.gif?e=1"),
        ("", "photo", "part 2", "It", ""),
        ("lamp.png", "photo", "", "", ""),
    ]


def test_a_new_file_has_the_one_that_it_replaces_and_one_that_stays_none() -> None:
    before: list[Json] = [{"file": "sha256:f"}, {"file": "sha256:old"}]
    after: list[Json] = [{"file": "sha256:f"}, {"file": "sha256:a"}]
    diff = [differs("media", before, after)]
    pieces = pieces_of(Content.from_json({"media": after}), FILES, Names(None))
    assert [each.old for each in with_old(pieces, diff)] == ["", "sha256:old"]
    assert old_order(pieces, diff) == ()
    turned = [differs("media", after[::-1], after)]
    assert [each.name for each in old_order(pieces, turned)] == ["lamp.png", "tour.mp4"]
    assert [each.old for each in with_old(pieces, turned)] == ["", ""]
    assert old_order(pieces, [differs("labels", ["a"], ["b"])]) == ()
    assert len(old_order(pieces, [differs("labels", ["a"], ["b"]), *turned])) == 2
    assert old_order(pieces, [differs("media", after, [{"file": "sha256:f", "alt": "It"}, after[1]])]) == ()
    again: list[Json] = [{"text": "More", "media": after}]
    both = pieces_of(Content.from_json({"media": after, "thread": again}), FILES, Names(None))
    assert {each.part for each in old_order(both, turned)} == {""}


def test_a_picture_of_the_web_replaces_no_file_and_a_cover_of_the_web_does() -> None:
    before: list[Json] = [{"file": "sha256:old"}, {"file": "sha256:older"}]
    after: list[Json] = [{"url": "https://a.b/c.gif"}, {"file": "sha256:a"}]
    pieces = pieces_of(Content.from_json({"media": after}), FILES, Names(None))
    assert [each.old for each in with_old(pieces, [differs("media", before, after)])] == ["", "sha256:old"]
    covers: list[Json] = [
        {"file": "sha256:f", "thumbnail": each} for each in ("sha256:a", "https://a.b/c.jpg")
    ]
    pieces = pieces_of(Content.from_json({"media": [covers[1]]}), FILES, Names(None))
    diff = [differs("media", [covers[0]], [covers[1]])]
    assert [each.old for each in with_old(pieces, diff)] == ["", "sha256:a"]


def test_a_video_is_told_by_its_figures_with_a_link_where_it_can_be_opened() -> None:
    one = change(Action.CREATE, post("12-01 09:00", "Hi", media=(picture("tour.mp4"),)))
    venue = Venue(figures=lambda _: "0:12")
    assert "🎬 tour.mp4 (0:12)" in markdown.plan(plan([one]), venue=venue)
    venue = replace(venue, file=lambda _: "https://a.b/c")
    assert "[🎬 open tour.mp4](https://a.b/c) (0:12)" in markdown.plan(plan([one]), venue=venue)


def test_behind_a_fold_a_post_is_named_by_its_id_its_words_or_that_it_has_none() -> None:
    posts = [post(f"12-{day:02} 09:00", f"Words {day}", id=f"id-{day}") for day in range(1, 20)]
    last = [post("12-28 09:00", "", id="bare"), post("12-28 10:00", ""), post("12-28 11:00", "Said")]
    told = markdown.plan(plan([change(Action.CREATE, each) for each in (*posts, *last)]))
    assert "<code>bare</code>, “(no text)”, “Said”" in told

"""What a post shows, piece by piece: what each is called, what kind it is, and what it replaces."""

from __future__ import annotations

from pathlib import Path

from publer_sync.render.post.names import Names
from publer_sync.render.post.pieces import old_order, pieces_of, with_old
from publer_sync.values.content import Content
from tests.builders import differs

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
    before, after = ([{"file": "sha256:f"}, {"file": f"sha256:{name}"}] for name in ("old", "a"))
    diff = [differs("media", before, after)]
    pieces = pieces_of(Content.from_json({"media": after}), FILES, Names(None))
    assert [each.old for each in with_old(pieces, diff)] == ["", "sha256:old"]
    assert old_order(pieces, diff) == ()
    turned = [differs("media", after[::-1], after)]
    assert [each.name for each in old_order(pieces, turned)] == ["lamp.png", "tour.mp4"]
    assert [each.old for each in with_old(pieces, turned)] == ["", ""]
    assert old_order(pieces, [differs("labels", ["a"], ["b"])]) == ()

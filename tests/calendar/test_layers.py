"""A key whose values are labels in Publer is found wherever labels are read. Here `title` plays one: no key is one yet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.calendar import layers
from publer_sync.calendar.layers import labelled
from publer_sync.calendar.yaml.nodes import Map, Seq
from tests.calendar.calendars import SETTINGS, both, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = """\
defaults:
  title: spring
  labels: [lamp]
posts:
- {id: default, at: 2027-03-01 09:00, accounts: x, text: One}
- {id: own, at: 2027-03-02 09:00, accounts: x, text: Two, title: autumn}
- {id: none, at: 2027-03-03 09:00, accounts: x, text: Three, title: null}
- {id: alone, at: 2027-03-04 09:00, accounts: x, text: Four, labels: null}
"""


@pytest.fixture(autouse=True)
def _title_is_a_label() -> Iterator[None]:
    with mock.patch.object(layers, "_OTHER_LABELS", ("title",)):
        yield


def test_it_is_a_label_of_the_post_and_the_nearest_layer_wins(top: Path) -> None:
    write(top, posts=POSTS)
    posts = both(top)[1].posts
    assert {post.id: post.content.labels for post in posts} == {
        "default": ("lamp", "spring"),
        "own": ("autumn", "lamp"),
        "none": ("lamp",),
        "alone": ("spring",),
    }
    places = {post.id: post.place("labels") for post in posts}
    assert [places[name].line for name in ("default", "none", "alone")] == [3, 3, 2]


def test_the_settings_give_it_to_every_post(top: Path) -> None:
    write(top, publer=f"{SETTINGS}defaults: {{title: spring, labels: [lamp]}}\n", posts=POSTS)
    assert [*both(top)[0].labels_of_all()] == ["lamp", "spring"]
    for defaults in ("", "defaults: {text: A}\n", "defaults: {labels: null}\n"):
        write(top, publer=SETTINGS + defaults)
        assert [*both(top)[0].labels_of_all()] == []


def test_one_that_cannot_be_read_is_none(top: Path) -> None:
    write(top, posts=POSTS.replace("title: autumn", "title: [autumn]"))
    assert [post.id for post in both(top)[1].posts] == ["default", "none", "alone"]
    data = Map(layers.TOP)
    data.put("title", "autumn", layers.TOP)
    data.broken = frozenset({"title"})
    assert labelled(data) is data


def test_a_list_gives_several_and_what_was_merged_stays_as_it_is() -> None:
    data, words = Map(layers.TOP), Seq(layers.TOP)
    for word in ("spring", "sale"):
        words.put(word, layers.TOP)
    data.put("title", words, layers.TOP)
    assert labelled(data)["labels"] == ["spring", "sale"]
    assert "labels" not in data

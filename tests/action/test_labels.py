"""What a label means, and whose counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.action import labels
from publer_sync.planning.allow import Allow
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub
    from tests.github.hub import Hub


@each_of(
    ("label", "means"),
    [
        ("allow-deletes-18", Allow(deletes=18)),
        ("allow-changes-40", Allow(changes=40)),
        ("allow-recreate", Allow(recreate=True)),
        ("allow-frozen", Allow(frozen=True)),
        ("allow-twins", Allow(twins=True)),
        ("overwrite-edits", Allow(edits=True)),
        ("allow-older", Allow(older=True)),
        ("allow-deletes", None),
        ("allow-deletes-１８", None),
        ("Allow-Frozen", None),
        ("bug", None),
    ],
)
def test_what_a_label_means(label: str, means: Allow | None) -> None:
    assert labels.meaning(label) == means


def test_options_and_labels_say_the_same() -> None:
    options = ("--overwrite-edits", "--allow-recreate", "--allow-frozen", "--allow-twins", "--allow-older")
    named = [labels.meaning(option.removeprefix("--")) or Allow() for option in options]
    assert [means.options for means in named] == [{option} for option in options]


@pytest.mark.parametrize(
    ("permission", "counts"),
    [("admin", True), ("write", True), ("read", False), ("none", False), (None, False)],
)
def test_only_who_may_write_sets_a_label_that_counts(
    hub: Hub, github: GitHub, permission: str | None, counts: bool
) -> None:
    hub.permissions = {"anna": permission} if permission else {}
    hub.label("allow-frozen", "anna")
    hub.label("bug", "ben")
    assert labels.allowed(labels.read(github, 7)) == Allow(frozen=counts)
    assert not any("/ben/" in path for _, path in hub.log), "what he may do does not matter"


def test_the_last_one_who_set_a_label_counts(hub: Hub, github: GitHub) -> None:
    """A label that was taken off, and put on again by somebody without write access, is theirs."""
    hub.permissions = {"anna": "write", "tess": "read"}
    hub.label("allow-frozen", "anna")
    hub.label("allow-frozen", "tess")
    hub.labels = ["a", "b", "allow-frozen"]
    hub.events.append({"event": "closed", "actor": None})
    hub.events.append({"event": "unlabeled", "label": {"name": "allow-frozen"}, "actor": {"login": "anna"}})
    [label] = labels.read(github, 7)
    assert (label.by, label.counts) == ("tess", False)


def test_who_set_labels_is_asked_only_where_one_allows_something(hub: Hub, github: GitHub) -> None:
    hub.labels = ["bug"]
    assert labels.read(github, 7) == ()
    assert [path for _, path in hub.log] == ["/repos/o/r/issues/7/labels"]


def test_a_label_that_nobody_is_known_to_have_set(hub: Hub, github: GitHub) -> None:
    hub.labels = ["allow-frozen"]
    hub.events = [{"event": "labeled", "label": {"name": "allow-frozen"}, "actor": None}]
    assert labels.allowed(labels.read(github, 7)) == Allow()


def test_several_deletes_labels_allow_the_most() -> None:
    assert Allow(deletes=3) | Allow(deletes=18) | Allow() == Allow(deletes=18)

"""Rules about the calendars of one command, where they are of several clients: what was meant for one and stands at another.

Only what is certain is told. Words that two brands of one company share are meant, so two calendars are of two clients
where they have workspaces, or hosts in `hosts`, of their own; and where many words are shared, all of them are meant.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from publer_sync.rules.rulebook import problem
from publer_sync.rules.uses import day_name, local_day
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post, Settings
    from publer_sync.values.problems import Location

_ID: Final = late_pattern("[0-9a-f]{24}")
TEXT, LABEL = "client.text", "client.label"
_WORDS: Final = 6
"""Fewer are a greeting that many have."""
_STRAY: Final = 2
"""More posts than that are no slip."""
_SHARED: Final = 3
"""What more calendars have is meant for all of them."""
_SURE: Final = 3
"""Posts that have to show what a label means."""


@dataclass(frozen=True, slots=True)
class Client:
    """A calendar of the command, as far as these rules look at it."""

    order: int
    settings: Settings
    labels: frozenset[str]
    """Those that every post gets from the settings, folded."""
    words: Mapping[str, Post]
    """A post ahead by what it says, folded."""
    labelled: Mapping[str, Sequence[Post]]
    """The posts ahead with a label, folded: one for each place in the files."""

    @property
    def name(self) -> str:
        return one_line(self.settings.name)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What another calendar may have in common with it."""
        some = self.labelled.keys() - self.labels
        return [
            *(("words", text) for text in self.words),
            *(("all", label) for label in self.labels),
            *(("some", label) for label in some),
        ]

    @property
    def met_by(self) -> list[tuple[str, str]]:
        """The marks of others that concern it."""
        other = {"words": "words", "all": "some", "some": "all"}
        return [(other[kind], word) for kind, word in self.marks]

    def is_another(self, other: Client) -> bool:
        """Whether both are surely not of one company."""
        one, two = ((each.settings.workspace or "").casefold() for each in (self, other))
        if one and two and one != two and bool(_ID.fullmatch(one)) == bool(_ID.fullmatch(two)):
            return True  # a name and an id may be of one workspace
        hosts = [{*each.settings.hosts.names} if each.settings.hosts else set() for each in (self, other)]
        return all(hosts) and not hosts[0] & hosts[1]


class Clients:
    """The calendars of one command, each noted as it is judged. Of two, the later one in `order` is told."""

    def __init__(self, order: Sequence[str]) -> None:
        self._order = {key: number for number, key in enumerate(order)}
        self._known: dict[str, Client] = {}
        self._having: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        """The calendars that have words, a label of all their posts, or one of some: most have none in common with another."""

    def check(
        self, key: str, posts: Sequence[Post], settings: Settings, labels: Iterable[str], now: datetime
    ) -> Iterator[tuple[Post, PostProblem] | Problem]:
        ahead = [post for post in posts if post.at > now and not post.draft]
        for mark in self._known[key].marks if key in self._known else ():
            del self._having[mark][key]
        own = self._known[key] = _client(self._order.get(key, 0), ahead, settings, labels)
        met = (self._having.get(mark, {}) for mark in own.met_by)
        near = dict.fromkeys(name for names in met if len(names) <= _SHARED for name in names)
        for mark in own.marks:
            self._having[mark][key] = None
        for other in map(self._known.__getitem__, near):
            if other.order < own.order:
                if own.is_another(other):
                    yield from _same_words(own, other)
                yield from _stray_labels(own, other)


def _client(order: int, posts: Sequence[Post], settings: Settings, labels: Iterable[str]) -> Client:
    words: dict[str, Post] = {}
    labelled: dict[str, dict[Location, Post]] = defaultdict(dict)
    for post in posts:
        text = " ".join(post.as_written.text.casefold().split())
        if text.count(" ") >= _WORDS - 1 and TEXT not in post.ignore:
            words.setdefault(text, post)
        for label in post.content.labels:
            labelled[label.casefold()].setdefault(post.location, post)
    every = frozenset(label.casefold() for label in labels)
    return Client(order, settings, every, words, {key: [*found.values()] for key, found in labelled.items()})


def _same_words(own: Client, other: Client) -> Iterator[tuple[Post, PostProblem]]:
    shared = [(post, other.words[text]) for text, post in own.words.items() if text in other.words]
    if len(shared) > _STRAY:
        return
    for post, theirs in shared:
        message = f"{other.name} has the same words, on {day_name(local_day(theirs))} ({theirs.location})"
        say = "Write what this client says, or silence this under `ignore` with a reason"
        yield post, problem(TEXT, "text", message, say)


def _stray_labels(own: Client, other: Client) -> Iterator[tuple[Post, PostProblem] | Problem]:
    """A label that one calendar's settings give to every post, on a post of the other, whose settings give others."""
    if not own.labels or not other.labels:
        return
    for label in sorted(other.labels - own.labels):
        for post in _few(own.labelled.get(label, ())):
            message = f"the label {_written(post, label)} is that of all posts of {other.name}"
            say = "Remove it, move the post to that calendar, or silence this under `ignore` with a reason"
            yield post, problem(LABEL, "labels", message, say)
    for label in sorted(own.labels - other.labels):
        for post in _few(other.labelled.get(label, ())):
            if LABEL not in post.ignore:
                message = (
                    f"the label {_written(post, label)}, which all posts here have, is on a post of {other.name}, "
                    f"on {day_name(local_day(post))} ({post.location})"
                )
                yield Problem("warning", LABEL, message, help=Help("Remove it there, or move that post here"))


def _few(posts: Sequence[Post]) -> Sequence[Post]:
    return posts if len(posts) <= _STRAY else ()


def check_labels_of_groups(
    posts: Sequence[Post], groups: Mapping[str, Collection[str]], now: datetime
) -> Iterator[tuple[Post, PostProblem]]:
    """In one calendar: a label named like a group of accounts, on a post that is on another such group's accounts alone.

    Both labels show by other posts that they stand for their groups.
    """
    places: dict[Location, Post] = {}
    for post in posts:
        if post.at > now:
            places.setdefault(post.location, post)
    members = {name.casefold(): frozenset(those) for name, those in groups.items()}
    labelled = {
        name: [post for post in places.values() if name in _labels(post)] for name in members if members[name]
    }
    clients = {
        name: strays
        for name, those in labelled.items()
        if len(strays := [post for post in those if not members[name] & {*post.aliases}]) <= _STRAY
        and len(those) - len(strays) >= _SURE
        and all(
            members[name] >= {*post.aliases} for post in those if not any(post is stray for stray in strays)
        )
    }
    for name, strays in clients.items():
        for post in strays:
            whose = next((each for each in clients if members[each] >= {*post.aliases}), None)
            if whose is None or members[whose] & members[name] or whose in _labels(post):
                continue
            message = f"the label {_written(post, name)} is that of other accounts: this post is on those of `{whose}`"
            say = "Correct the label or the accounts, or silence this under `ignore` with a reason"
            yield post, problem(LABEL, "labels", message, say)


def _labels(post: Post) -> set[str]:
    return {label.casefold() for label in post.content.labels}


def _written(post: Post, label: str) -> str:
    found = next((each for each in post.content.labels if each.casefold() == label), label)
    return f"`{one_line(found)}`"

"""The words that stand for accounts: aliases, groups of them, and `all`."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any, TypeVar

from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.places import problem_at, replacement
from publer_sync.calendar.shape.spelling import is_slip
from publer_sync.calendar.yaml.nodes import Seq
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.networks.table import NETWORKS, network_of, provider_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_modules import late_module
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publer_sync.calendar.yaml.nodes import Map, Mark
    from publer_sync.values.model import AccountRef
    from publer_sync.values.problems import Problem
else:
    difflib = late_module("difflib")

_Value = TypeVar("_Value")

ALL = "all"
_BETWEEN = late_pattern(r"\s*[,;+&|/\u3001\uff0c\u060c]\s*|\s+(?:and|und|et|og|och|y|e)\s+")
"""What people write between account names."""


_SPELT = late_pattern(r"[@#\"'\u2018-\u201f\u2039\u203a\xab\xbb]*\w")
"""How the name of an account may begin: a dash or an exclamation mark before it leaves it out."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What each word means. `complete` is false if part of publer.yaml could not be read."""

    aliases: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    complete: bool = True

    def members(self, word: str) -> tuple[str, ...] | None:
        """The aliases that `word` means; None if it is unknown. `x` and `twitter` are the same word."""
        if word in self.aliases:
            return (word,)
        if word in self.groups:
            return self.groups[word]
        if word == ALL:
            return self.aliases
        if provider_of(word) == "twitter":
            return next(((alias,) for alias in ("x", "twitter") if alias in self.aliases), None)
        return None

    def alias(self, word: str) -> str:
        """The one alias that `word` means; `word` itself where it means none or several."""
        members = self.members(word) or ()
        return members[0] if len(members) == 1 else word

    def unknown(self, word: str, mark: Mark, lines: Sequence[str]) -> Problem:
        """The problem of an unknown word."""
        if (several := self._several(word, mark, lines)) is not None:
            return several
        known = [*self.aliases, *self.groups]
        say = f"{SETTINGS} has: {', '.join(known)}" if known else f"Add it to {SETTINGS}"
        meant, near = [], []
        if all(_SPELT.match(part) for part in word.split()):  # else most likely accounts to leave out
            meant, near = self.near(word), self.like(word)
        certain = len(meant) == 1 and (
            _letters(meant[0]) == _letters(word) or provider_of(meant[0]) in NETWORKS
        )
        # Another name with one letter more may be another brand; nothing but the network is called "linkdin".
        fix = replacement(mark, lines, meant[0]) if certain else None
        say = f'Did you mean "{near[0]}"? {say}' if near else say
        return problem_at(mark, "account.unknown", f"there is no account {snippet(word)}", say, fix=fix)

    def unknown_words(
        self, words: Iterable[tuple[str, Mark]], lines: Mapping[str, Sequence[str]], *, own: str
    ) -> Iterator[Problem]:
        """The problems of unknown words of lists in settings.

        Files other than the `own` settings of the calendar may name accounts that it lacks.
        """
        for word, mark in words if self.complete else ():
            bare = left_out_by(word) or word
            if mark.file == own or self.near(bare):
                yield self.unknown(bare, *bare_place(word, mark, lines))

    def select(self, words: Iterable[tuple[Any, Mark]]) -> tuple[tuple[str, ...], list[tuple[str, Mark]]]:
        """The aliases that a list means, without those that it leaves out, and its unknown words."""
        members: dict[str, None] = {}
        left_out: set[str] = set()
        unknown: list[tuple[str, Mark]] = []
        for word, mark in words:
            if not isinstance(word, str):
                continue
            bare = left_out_by(word) or word
            if (found := self.members(bare)) is None:
                unknown.append((word, mark))
            elif bare is word:
                members.update(dict.fromkeys(found))
            else:
                left_out.update(found)
        return tuple(alias for alias in members if alias not in left_out), unknown

    def like(self, word: str) -> list[str]:
        """The known words that may be meant."""
        return self.near(word) or difflib.get_close_matches(
            word[:60], [*self.aliases, *self.groups, ALL], 1, 0.6
        )

    def meant(self, word: str) -> str:
        """A question after the known word that may be meant, with a blank behind it; "" where none is near."""
        near = self.like(word)
        return f'Did you mean "{near[0]}"? ' if near else ""

    def near(self, word: str) -> list[str]:
        """The known words of which `word` can only be a misspelling."""
        known = [*self.aliases, *self.groups, ALL]
        same = [each for each in known if _letters(each) == _letters(word)]
        return same or [each for each in known[:-1] if is_slip(word, each)]

    def _several(self, word: str, mark: Mark, lines: Sequence[str]) -> Problem | None:
        """The problem of several accounts in one word, such as `x, linkedin` without brackets."""
        parts = [each.strip() for each in _BETWEEN.split(word) if each.strip()]
        names = parts if len(parts) > 1 else word.split()
        if (
            len(names) < 2
            or any(self.members(left_out_by(each) or each) is None for each in names)
            or mark.line > len(lines)
        ):
            return None
        before = lines[mark.line - 1][: mark.column - 1]
        if before.endswith("-"):  # that of the first one, which is left out
            mark, before, word = mark._replace(column=mark.column - 1), before[:-1], f"-{word}"
            names[0] = f"-{names[0]}"
        message = f"{snippet(word)} is read as the name of one account"
        if names[0].startswith("-") and not all(map(left_out_by, names)):
            say = "Put a comma between them, and a - in front of each account to leave out"
            return problem_at(mark, "account.unknown", message, say)
        if before.rstrip().endswith("account:"):
            entries = Help("Write an entry for each", "\n".join(f"- account: {each}" for each in names))
            return problem_at(mark, "account.unknown", message, entries)
        written = ", ".join(names)
        if (mark.line, mark.column) != (mark.key_line, mark.key_column):
            written = f"[{written}]"
        elif before.strip() == "-":
            written = f"\n{before}".join(names)
        fix = replacement(mark, lines, written)
        paste = "\n".join(line.strip() for line in fix.text.split("\n")) if fix else ""
        return problem_at(mark, "account.unknown", message, Help("Write them as a list", paste), fix=fix)


@dataclass(frozen=True, slots=True)
class AccountWords:
    """Reads the words with which settings name accounts, and adds what is wrong with them to `problems`.

    `own` is the calendar's own settings file; others, which calendars share, may name accounts that it lacks.
    """

    groups: Groups
    refs: Sequence[AccountRef]
    problems: list[Problem]
    lines: Mapping[str, Sequence[str]]
    own: str

    def by_alias(self, values: Iterable[tuple[str, Mark, _Value]]) -> dict[str, _Value]:
        """The value of each account, of those of keys, by the nearest word for it: its alias, the first group with it, its network, all."""
        found: dict[str, tuple[int, _Value]] = {}
        for word, mark, value in values:
            rank, aliases = self._meaning(word)
            if aliases is None:
                self.unknown_key(word, mark)
            for alias in aliases or ():
                if alias not in found or rank < found[alias][0]:
                    found[alias] = rank, value
        return {alias: value for alias, (_, value) in found.items()}

    def _meaning(self, word: str) -> tuple[int, Sequence[str] | None]:
        """How far a word is from an alias, and the aliases that it means; None for an unknown word."""
        groups = self.groups
        if (members := groups.members(word)) is not None:
            return (2 if word == ALL else 1 if word in groups.groups else 0), members
        network = network_of(word)
        on_it = [ref.alias for ref in self.refs if ref.provider == network] if network else []
        return 1, on_it or None

    def unknown_key(self, word: str, mark: Mark) -> None:
        if self.groups.complete and (mark.file == self.own or self.groups.near(word)):
            self.problems.append(self.groups.unknown(word, mark.of_key(word), self.lines.get(mark.file, ())))

    def accounts_in(self, rule: Map, what: str = "") -> tuple[str, ...] | None:
        """The aliases under `accounts` of a rule, none if it is for all; None if it names no account of this calendar.

        That is a problem where it is called `what`.
        """
        if not rule.get("accounts"):
            return ()
        mark = rule.marks["accounts"]
        aliases, unknown = self.groups.select(items_of(rule["accounts"], mark))
        self.problems.extend(self.groups.unknown_words(unknown, self.lines, own=self.own))
        if what and not aliases and not unknown and mark.file == self.own:
            message = f"the `accounts` of {what} include no account of this calendar"
            say = "Name an account, or remove `accounts`"
            self.problems.append(problem_at(mark, "account.none", message, say))
        return aliases or None


def _letters(word: str) -> str:
    return re.sub(r"[\W_]", "", word).lower()


def items_of(value: Any, mark: Mark) -> Iterator[tuple[Any, Mark]]:
    """Each item of a list with its place; anything else counts as one item."""
    if isinstance(value, Seq):
        yield from zip(value, value.marks, strict=True)
    else:
        yield value, mark


def left_out_by(word: Any) -> str | None:
    """The word that `-word` in a list leaves out; None for any other item."""
    return word[1:] if isinstance(word, str) and len(word) > 1 and word.startswith("-") else None


def groups_of(
    data: Map | None,
    aliases: tuple[str, ...],
    problems: list[Problem],
    lines: Mapping[str, Sequence[str]],
    *,
    own: str,
    complete: bool,
) -> Groups:
    """The groups of the settings. `own` is the calendar's own settings file; others may name accounts that it lacks."""
    if data is None:
        return Groups(aliases, {}, complete)
    for name in data:
        if name == ALL or name in aliases:
            what = "every account" if name == ALL else "an account"
            message = f"{snippet(name)} already means {what}, so no group can have this name"
            problems.append(
                problem_at(data.marks[name], "account.name", message, "Rename the group", key=name)
            )
    known = Groups(aliases, dict.fromkeys(data, ()), complete)
    groups: dict[str, tuple[str, ...]] = {}
    for name in _inner_first(data, aliases, problems):
        so_far = Groups(aliases, groups, complete)
        groups[name], unknown = so_far.select(items_of(data[name], data.marks[name]))
        nowhere = ((word, mark) for word, mark in unknown if known.members(left_out_by(word) or word) is None)
        problems += known.unknown_words(nowhere, lines, own=own)
    return Groups(aliases, {name: groups[name] for name in data}, complete)


def _inner_first(data: Map, aliases: Sequence[str], problems: list[Problem]) -> list[str]:
    """The groups, each after those in it. A group that contains itself is a problem, and is left out of itself."""
    inside = {
        name: [
            bare
            for word, _ in items_of(value, data.marks[name])
            if isinstance(word, str)
            and (bare := left_out_by(word) or word) in data
            and bare not in (ALL, *aliases)
        ]
        for name, value in data.items()
    }
    while True:
        try:
            return list(TopologicalSorter(inside).static_order())
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
            holder, inner = circle[0], circle[1]
            mark = next(
                mark
                for word, mark in items_of(data[holder], data.marks[holder])
                if isinstance(word, str) and (left_out_by(word) or word) == inner
            )
            way = " contains ".join(f"`{name}`" for name in circle)
            message = f"a group cannot contain itself: {way}"
            problems.append(problem_at(mark, "account.circle", message, "Remove one of these from the other"))
            inside[holder] = [name for name in inside[holder] if name != inner]


def bare_place(word: str, mark: Mark, lines: Mapping[str, Sequence[str]]) -> tuple[Mark, Sequence[str]]:
    """Where the word after a `-` is, and the lines in which it can be replaced."""
    if left_out_by(word) is None:
        return mark, lines.get(mark.file, ())
    return mark._replace(column=mark.column + 1), () if mark.style else lines.get(mark.file, ())

"""`words` in the settings: the words that a team never uses, says otherwise, or must have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.places import problem_at
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.values.policies import ReplacedWords, WordEntry, WordRule
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.calendar.publer_yaml.groups import AccountWords
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Problem

WHAT: Final = ("never", "say", "must")


def words_of(
    layers: Sequence[Map], accounts: AccountWords
) -> tuple[tuple[WordRule, ...], ReplacedWords | None]:
    """The rules that can be read, of all layers, outermost first; what is wrong with others is a problem.

    Those of shared settings stay, unless a layer says `replace: true`: then it is told how many these were.
    """
    found: list[WordRule] = []
    replaced = None
    for data in layers:
        rules, takes_place = _rules_in(data)
        if takes_place:
            replaced = ReplacedWords(data.marks["words"].key_location, len(found)) if found else None
            found = []
        found += [
            rule
            for each in rules
            if isinstance(each, Map) and not each.broken and (rule := _rule(each, accounts))
        ]
    return tuple(found), replaced


def _rules_in(data: Map) -> tuple[Sequence[object], bool]:
    """The rules of one file, and whether they take the place of those of others."""
    words = data.get("words") if "words" not in data.broken else None
    if not isinstance(words, Map):
        return (words if isinstance(words, Seq) else ()), False
    rules = words.get("rules")
    takes_place = words.get("replace") is True and not words.broken
    return (rules if isinstance(rules, Seq) and "rules" not in words.broken else ()), takes_place


def _rule(data: Map, accounts: AccountWords) -> WordRule | None:
    found = {key: [*_entries(data, key, accounts.problems)] for key in WHAT}
    say: Map | None = data["say"] if isinstance(data.get("say"), Map) else None
    if (aliases := accounts.accounts_in(data)) is None:
        return None
    return WordRule(
        data.mark.location,
        tuple(found["never"]),
        tuple((entry, str(say[entry.written])) for entry in found["say"]) if say is not None else (),
        tuple(found["must"]),
        aliases,
        tuple(str(label).strip() for label in data.get("labels") or ()),
        "error" if data.get("severity") == "error" else "warning",
        one_line(data.get("why") or ""),
    )


def _entries(data: Map, key: str, problems: list[Problem]) -> Iterator[WordEntry]:
    """The entries of one key that can be searched for."""
    value = data.get(key)
    if isinstance(value, Map):
        marks = [(word, mark, word) for word, mark in value.marks.items() if word in value]
    elif isinstance(value, Seq):
        marks = [(str(word), mark, "") for word, mark in zip(value, value.marks, strict=True)]
    else:
        return
    for word, mark, name in marks:
        entry = WordEntry(word, mark.key_location if name else mark.location)
        if (expression := entry.expression) is not None and (why := _wrong(expression)) is not None:
            problems.append(_unreadable(word, why, mark, name))
        else:
            yield entry


def _wrong(expression: str) -> str | None:
    """Why a regular expression cannot be read; None if it can."""
    import regex

    try:
        regex.compile(expression)
    except regex.error as error:
        return str(error)
    return None


def _unreadable(word: str, why: str, mark: Mark, key: str) -> Problem:
    message = f"{snippet(word, 60)} is not a regular expression: {why}"
    say = "Correct it, or write the words themselves, without the slashes"
    return problem_at(mark, "words.form", message, Help(say), key=key)

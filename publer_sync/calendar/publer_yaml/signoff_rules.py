"""`signoff` and `people` in the settings: whose yes a post needs before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.places import problem_at
from publer_sync.calendar.publer_yaml.groups import items_of
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.scalars import scalar, snippet
from publer_sync.starting.late_modules import late_module
from publer_sync.values.policies import SignoffRule
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.calendar.publer_yaml.groups import AccountWords
    from publer_sync.values.model import AccountRef

else:
    difflib = late_module("difflib")


def people_of(data: Map) -> dict[str, str]:
    people = data.get("people")
    if not isinstance(people, Map) or "people" in data.broken:
        return {}
    return {key: one_line(name) for key, name in people.items() if isinstance(name, str)}


def signoff_of(
    layers: Sequence[Map], people: Mapping[str, str], accounts: AccountWords
) -> tuple[SignoffRule, ...]:
    """The rules of all layers, outermost first: no calendar takes away what shared settings ask."""
    found: list[SignoffRule] = []
    for data in layers:
        rules = data.get("signoff") if "signoff" not in data.broken else None
        for each in rules if isinstance(rules, Seq) else ():
            if isinstance(each, Map) and not each.broken and each.get("by"):
                rule = _rule(each, people, accounts)
                found += [rule] if rule is not None else []
    if found:
        accounts.problems.extend(_without_network(found, accounts.refs))
    return tuple(found)


def _rule(data: Map, people: Mapping[str, str], accounts: AccountWords) -> SignoffRule | None:
    by = []
    for word, mark in items_of(data["by"], data.marks["by"]):
        if (person := str(word)) in people:
            by.append(person)
            continue
        near = difflib.get_close_matches(person, people, 1, 0.6)
        say = f"Did you mean {near[0]}?" if near else "Add them to `people`"
        example = f"people:\n  {scalar(person.lower())}: Kari, Acme AS"
        message = f"nobody under `people` is called {snippet(person)}"
        help_ = Help(say, example="" if near else example)
        accounts.problems.append(problem_at(mark, "signoff.person", message, help_))
    aliases = accounts.accounts_in(data, "this rule")
    if aliases is None or not by:
        return None
    return SignoffRule(
        tuple(dict.fromkeys(by)),
        data.mark.location,
        aliases,
        tuple(str(label).strip() for label in data.get("labels") or ()),
        all=data.get("all") is True,
        day=data.get("time") is not False,
    )


def _without_network(rules: Sequence[SignoffRule], refs: Sequence[AccountRef]) -> Iterator[Problem]:
    """Without Publer nobody knows what such an account is sent, and a yes is given without Publer."""
    for ref in refs:
        if ref.provider is None and any(not rule.accounts or ref.alias in rule.accounts for rule in rules):
            message = f"posts on `{ref.alias}` need a sign-off, and its network is not named"
            line = f"{ref.alias}: {scalar(f'facebook/{ref.name}')}"
            help_ = Help("Name the network, so that it is known what is signed off", example=line)
            yield Problem("error", "signoff.network", message, ref.location, help_, len(ref.alias))

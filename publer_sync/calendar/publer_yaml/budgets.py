"""`budget` in the settings: how many posts, or posts with an address, a network or an account may have in a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.places import problem_at
from publer_sync.calendar.yaml.nodes import Map
from publer_sync.networks.table import network_of
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.policies import Period, PostBudget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.calendar.publer_yaml.groups import AccountWords

_PERIODS: Final[Mapping[str, Period]] = {"day": "day", "week": "week", "month": "month"}
_RATE: Final = late_pattern(r"([0-9]+)/(day|week|month)")


def budgets_of(data: Map, accounts: AccountWords) -> tuple[PostBudget, ...]:
    """A network's name means its accounts together, whatever an alias is called."""
    budget = data.get("budget")
    if not isinstance(budget, Map) or "budget" in data.broken:
        return ()
    found = []
    for word, rates in budget.items():
        if not isinstance(rates, Map) or word in budget.broken:
            continue
        mark = budget.marks[word]
        network = network_of(word)
        ref = next((ref for ref in accounts.refs if ref.alias == word), None)
        if network is None and ref is None:
            if word in accounts.groups.groups:
                message = f"`{word}` is a group, and a budget is for a network or an account"
                say = "Give each of its accounts or networks a budget"
                accounts.problems.append(problem_at(mark, "account.network", message, say, key=word))
            else:
                accounts.unknown_key(word, mark)
            continue
        for kind, written in rates.items():
            match = _RATE.fullmatch(written.strip()) if isinstance(written, str) else None
            if match is not None:
                found.append(
                    PostBudget(
                        word,
                        network,
                        None if network or ref is None else (ref.provider or "", ref.name),
                        "links" if kind == "links" else "posts",
                        int(match[1]),
                        _PERIODS[match[2]],
                        rates.marks[kind].location,
                    )
                )
    return tuple(found)

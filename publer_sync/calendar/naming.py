"""Resolves the words with which posts name accounts and networks, and reports those that name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.layers import inner_map
from publer_sync.calendar.places import problem_at
from publer_sync.calendar.publer_yaml.groups import ALL, bare_place, items_of, left_out_by
from publer_sync.calendar.publer_yaml.settings import NETWORK_NAMES, no_network
from publer_sync.calendar.shape import keys
from publer_sync.calendar.shape.spelling import is_slip
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.networks.table import code_of, network_of
from publer_sync.values.problems import Fix, Help

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.calendar.publer_yaml.groups import Groups
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.model import Account
    from publer_sync.values.problems import Problem


class Naming:
    """Resolves words for accounts and networks; adds what is wrong to `problems`."""

    def __init__(
        self,
        groups: Groups,
        accounts: Mapping[str, Account],
        lines: Mapping[str, Sequence[str]],
        problems: list[Problem],
    ) -> None:
        self.groups, self.accounts, self.lines, self.problems = groups, accounts, lines, problems

    def check_networks(self, data: Map | None) -> None:
        """Report keys of `networks` that name no network, or one twice."""
        networks = inner_map(data, "networks")
        if networks is None:
            return
        seen: dict[str, Mark] = {}
        for word, mark in networks.marks.items():
            provider = network_of(word)
            if provider is None or word not in NETWORK_NAMES:
                self.problems.append(self._no_network(word, mark, provider))
            elif provider in seen:
                first = seen[provider]
                message = f"`{word}` is the same network as the one on line {first.key_line}"
                related = ((first.key_location, "the first one"),)
                say = "Write all of it under one of the two"
                self.problems.append(problem_at(mark, "yaml.twice", message, say, key=word, related=related))
            else:
                seen[provider] = mark

    def _no_network(self, word: str, mark: Mark, provider: str | None) -> Problem:
        account = self.accounts.get(word)
        named = (
            account is not None or word in self.groups.groups
        )  # else it may be another word of an account's network
        if self.groups.members(word) is not None and (named or provider is None):
            what = "a group of accounts" if word in self.groups.groups else "an account"
            network = f" ({account.provider})" if account and account.provider else ""
            message = f"{snippet(word)} is {what}; `networks` takes networks{network}"
            example = f"accounts:\n- account: {word}\n  text: |\n    Words for {word}"
            advice = Help("Write what differs there under accounts", example=example)
            return problem_at(mark, "account.network", message, advice, key=word)
        near = code_of(provider) if provider else keys.nearest(word, NETWORK_NAMES)
        text = self.lines[mark.file][mark.key_line - 1]
        certain = near is not None and (provider or is_slip(word.lower(), near)) and text.count(word) == 1
        fix = Fix(mark.key_line, mark.key_line, text.replace(word, near)) if near and certain else None
        return no_network(word, mark, near, key=word, fix=fix)

    def accounts_of(self, data: Map | None) -> dict[str, list[Map]] | None:
        """The aliases under `accounts`, each with its entries; None if there is no `accounts`."""
        value = data.get("accounts") if data is not None else None
        if data is None or not isinstance(value, str | Seq):
            return None
        if isinstance(value, str) and (alone := self.groups.members(value)) is not None:
            return {alias: [] for alias in alone}
        found: dict[str, list[Map]] = {}
        named: list[object] = []
        left_out: list[tuple[str, Mark]] = []
        for item, mark in items_of(value, data.marks["accounts"]):
            word, at = item, mark
            if (bare := left_out_by(item)) is not None:
                left_out.append((bare, mark))
                continue
            if isinstance(item, Map):
                word, at = item.get("account"), item.marks.get("account", mark)
            named.append(word)
            members = self.members(word, at) if isinstance(word, str) else ()
            if members is None:
                data.broken |= {"accounts"}
            for alias in members or ():
                entries = found.setdefault(alias, [])
                if isinstance(item, Map):
                    entries.append(item)
        for bare, mark in left_out:
            complete = "accounts" not in data.broken
            if not self._leave_out(bare, mark, found, named, complete=complete):
                data.broken |= {"accounts"}
        return found

    def _leave_out(
        self, bare: str, mark: Mark, found: dict[str, list[Map]], named: Sequence[object], *, complete: bool
    ) -> bool:
        """Remove the accounts of `-bare` from those `found`; False if that is a problem. `complete`: all are known."""
        word = f"-{bare}"
        members = self.groups.members(bare)
        if not named:
            message = f"`{word}` leaves out an account, but there is nothing to leave it out of"
            help_ = Help("Name the accounts to leave it out of", f"accounts: [all, {word}]")
            self.problems.append(problem_at(mark, "account.left-out", message, help_))
            return False
        if bare in named:
            message = f"`{bare}` is both in the list and left out of it"
            self.problems.append(problem_at(mark, "account.left-out", message, "Remove one of the two"))
            return False
        if members is None:
            if self.groups.complete:
                self.problems.append(self.groups.unknown(bare, *bare_place(word, mark, self.lines)))
            return False
        alone = (each for each in named if isinstance(each, str) and self._alias(each) in members)
        if (both := next(alone, None)) is not None:
            message = f"`{both}` is in the list, and `{word}` leaves it out"
            self.problems.append(problem_at(mark, "account.left-out", message, "Remove one of the two"))
            return False
        if complete and not found.keys() & set(members):
            message = f"`{word}` leaves nothing out: the list does not have `{bare}`"
            problem = problem_at(mark, "account.unused", message, "Remove it", severity="warning")
            self.problems.append(problem)
        for alias in members:
            found.pop(alias, None)
        return True

    def _alias(self, word: str) -> str | None:
        """The account that a word alone means; None for one that means several, or a group."""
        return self.groups.alias(word) if word not in (ALL, *self.groups.groups) else None

    def members(self, word: str, mark: Mark) -> tuple[str, ...] | None:
        """The aliases that a word means; None for an unknown one, which is a problem."""
        members = self.groups.members(word)
        if members is None and self.groups.complete:
            self.problems.append(self.groups.unknown(word, mark, self.lines.get(mark.file, ())))
        return members

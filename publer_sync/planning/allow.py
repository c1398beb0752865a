"""The options of apply that let something through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any, TypeAlias

from publer_sync.planning.older import OLDER
from publer_sync.planning.plan import Block, Blocked, Doable, Held, Recreate, blocked, intent
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.signoff import alias_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.planning.notes import Refusal
    from publer_sync.planning.plan import Change, Tried


Lets: TypeAlias = bool | frozenset[str]
"""Every post, none, or those with these names."""


@dataclass(frozen=True, slots=True)
class Allow:
    """The options of apply that let something through. They decide what is tried, never what is planned.

    `deletes` is how many posts may be removed past the safety limit, `changes` how many edited or replaced.
    """

    deletes: int | None = None
    changes: int | None = None
    recreate: Lets = False
    frozen: Lets = False
    twins: Lets = False
    edits: Lets = False
    older: Lets = False
    rewritten: bool = False

    def __or__(self, other: Allow) -> Allow:
        flags: dict[str, Any] = {
            name: _either(getattr(self, name), getattr(other, name)) for name in FLAGS.values()
        }
        return Allow(_most(self.deletes, other.deletes), _most(self.changes, other.changes), **flags)

    def covers(self, refusal: Refusal) -> bool:
        """Whether a safety limit is lifted far enough."""
        if refusal.code in OLDER:
            return self.older is True
        number = {"changes": self.changes, "deletes": self.deletes, "empty": self.deletes}.get(refusal.code)
        return number is not None and number >= refusal.count

    @property
    def options(self) -> frozenset[str]:
        """The flags that are set for every post, as options of apply."""
        return frozenset(option for option, name in FLAGS.items() if getattr(self, name) is True)

    @property
    def names(self) -> dict[str, frozenset[str]]:
        """The names of the posts that an option is limited to, by the option."""
        given = {option: getattr(self, name) for option, name in FLAGS.items()}
        return {option: names for option, names in given.items() if isinstance(names, frozenset)}

    @property
    def given(self) -> tuple[str, ...]:
        """All that it allows, as options of apply."""
        numbers = {"--allow-deletes": self.deletes, "--allow-changes": self.changes}
        given = (f"{name} {number}" for name, number in numbers.items() if number is not None)
        some = (f"{option}={','.join(sorted(names))}" for option, names in self.names.items())
        return (*given, *sorted((*self.options, *some)))

    def lets(self, names: Lets, change: Change) -> bool:
        """Whether an option that is given for `names` covers the post of this change."""
        return _has(names, names_of(change))

    def passes(self, change: Change) -> bool:
        return self.attempt(change) is not None

    def passes_blocks(self, change: Change) -> bool:
        """Whether the options lift all that blocks it.

        What waits for a blocked post has the blocks of that one as well, and goes where that one does.
        """
        passable = {
            Block.HANDED_ON: len(change.blocks) > 1,
            Block.FREEZE: self.frozen,
            Block.TWIN: self.twins,
            Block.UNSEEN: self.twins,
            Block.EDITED: self.edits,
            Block.OLDER: self.older,
        }
        lent, owners = (change.lent, change.owners) if isinstance(change, Blocked) else ((), ())
        return all(
            block in passable if block in lent else self.lets(passable.get(block, False), change)
            for block in change.blocks
        ) and all(_has(passable[block], names) for block, names in owners)

    def attempt(self, change: Change) -> Tried | None:
        """What apply tries of this change: of a blocked one what it would be, where the options let it through."""
        if isinstance(change, Held):
            return change if change.live is not None else None
        if not self.passes_blocks(change):
            return None
        wanted = intent(change)
        if not isinstance(wanted, Doable):
            return None
        if isinstance(wanted, Recreate) and not self.lets(self.recreate, change):
            return None
        return wanted


def _has(names: Lets, called: Iterable[str]) -> bool:
    return names if isinstance(names, bool) else not names.isdisjoint(called)


def names_of(change: Change) -> Iterator[str]:
    """What people may call the post of a change: its id, that of its series, or ALIAS@TIME."""
    if change.id:
        yield change.id
        yield change.id.partition("@")[0]
    if change.post is not None:
        yield alias_at(change.post)
    else:
        yield f"{change.account.alias or change.account.name}@{change.at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def called(change: Change) -> tuple[str, ...]:
    """The same, and first what calls no other post: its id, or ALIAS@TIME where it has none that can be written in an option."""
    names = [*names_of(change)]
    own = change.id
    return tuple(names if own and own == own.strip() and "," not in own else reversed(names))


def waiting(change: Doable | Blocked, others: Sequence[Change], reason: str) -> Blocked:
    """The change blocked by what blocks the `others`, for which it waits: an option lets it through once it names those."""
    own = {*change.blocks} - change.lent if isinstance(change, Blocked) else set[Block]()
    told = blocked(change, [block for other in others for block in other.blocks], reason)
    lent = frozenset(told.blocks) - own - {Block.HANDED_ON}
    return replace(told, lent=lent, owners=told.owners.union(*map(_owners, others)))


def _owners(change: Change) -> frozenset[tuple[Block, tuple[str, ...]]]:
    if not isinstance(change, Blocked):
        return frozenset()
    own = {(block, called(change)) for block in change.blocks if block.option and block not in change.lent}
    return change.owners | own


FLAGS = {
    "--allow-recreate": "recreate",
    "--allow-frozen": "frozen",
    "--allow-twins": "twins",
    "--overwrite-edits": "edits",
    "--allow-older": "older",
    "--allow-rewritten": "rewritten",
}
"""The options of apply that are either set or not, each with its field of Allow."""


def _either(one: Lets, other: Lets) -> Lets:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one | other
    return True if True in (one, other) else one or other


def _most(*numbers: int | None) -> int | None:
    return max((number for number in numbers if number is not None), default=None)

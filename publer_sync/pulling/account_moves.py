"""A post that someone moved to another account in Publer: its `accounts` change, or it leaves the post of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.edits import Append, Put
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.editing.writing import item_lines, plain_value
from publer_sync.networks.table import code_of, network_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from publer_sync.editing.entry_edits import EntryEdits
    from publer_sync.editing.writing import Writable
    from publer_sync.values.model import Account


def split_off(
    task: EntryEdits, apart: EntryEdits, moved: Mapping[str, Account], taken: Collection[str]
) -> None:
    """Have some accounts of a post, by their old aliases, leave it for posts of their own, each with an id that is not `taken`. Raises Unsafe.

    Of these, `apart` has all that they are to say.
    """
    if task.entry.stored is not None:
        raise Unsafe("a use moves to another account with all its accounts: write another use for that one")
    posts = [_post_of(apart, old, new, taken) for old, new in moved.items()]
    if task.document.kind == "markdown":
        lines = "\n".join(line for post in posts for line in item_lines(post))
        raise Unsafe("its file is one post, and it needs one of its own", lines)
    _leave(task, set(moved))
    task.do(Append(("posts",), posts))


def rename(task: EntryEdits, to: Mapping[str, Account]) -> None:
    """Have a post on other accounts alone: new ones by the old aliases."""
    moved = {old: new.alias or "" for old, new in to.items()}
    accounts, path = task.data.get("accounts"), (*task.base, "accounts")
    named = {alias: n for alias, n in _named(accounts).items() if not task.is_in_group(alias)}
    if isinstance(accounts, Seq) and set(moved) <= named.keys():
        for old, new in moved.items():
            number = named[old]
            inner = ("account",) if isinstance(accounts[number], Map) else ()
            task.do(Put((*path, number, *inner), new))
        return
    task.do(Put(path, _one_or_all([*moved.values()])))


def _leave(task: EntryEdits, aliases: set[str]) -> None:
    grouped = any(map(task.is_in_group, aliases))
    if aliases <= _named(task.data.get("accounts")).keys() and not grouped:
        task.remove(aliases)
    else:
        rest = [alias for alias in task.placed if alias not in aliases]
        task.do(Put((*task.base, "accounts"), _one_or_all(rest)))


def _one_or_all(aliases: list[str]) -> Writable:
    return aliases[0] if len(aliases) == 1 else aliases


def _named(accounts: object) -> dict[str, int]:
    """Where a list names each account itself, not by a group."""
    items = accounts if isinstance(accounts, Seq) else []
    return {str(item.get("account") if isinstance(item, Map) else item): n for n, item in enumerate(items)}


def _post_of(task: EntryEdits, old: str, account: Account, taken: Collection[str]) -> Mapping[str, Writable]:
    """The post of one account, with what its file says for it: for the network that it is on now, where it is another one."""
    new = account.alias or ""
    provider = task.placed[old].account.provider
    said: dict[str, Writable] = {
        key: plain_value(value)
        for key, value in task.data.items()
        if key not in ("id", "accounts", "networks")
    }
    networks = {
        word if account.provider == provider else code_of(account.provider): plain_value(layer)
        for word, layer in (task.data.get("networks") or {}).items()
        if network_of(word) == provider
    }
    layer: dict[str, Writable] = {}
    for item in task.data.get("accounts") or ():
        if isinstance(item, Map) and item.get("account") == old:
            layer |= {key: plain_value(value) for key, value in item.items()}
    named: Writable = [{**layer, "account": new}] if layer else new
    first: dict[str, Writable] = {"id": _id(f"{task.entry.id}-{new}", taken)} if task.entry.id else {}
    first |= {"at": said["at"]} if "at" in said else {}
    return {**first, "accounts": named, **said, **({"networks": networks} if networks else {})}


def _id(name: str, taken: Collection[str]) -> str:
    return next(
        new for n in range(1, len(taken) + 2) if (new := name if n == 1 else f"{name}-{n}") not in taken
    )

"""Whether a calendar without a part in the ledger is one that had another name: then the whole part becomes its own."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import repository_of
from publer_sync.commands.reaching.gone import gone_of, home_is_gone
from publer_sync.commands.reaching.identity import home_of
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.values.errors import PublerSyncError, StateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.checkouts import Checkouts
    from publer_sync.commands.reaching.neighbours import Surroundings
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import CalendarHome, State
    from publer_sync.values.model import Account, Post


def old_name(
    calendar: Calendar,
    accounts: Mapping[str, Account],
    store: Store,
    neighbours: Surroundings,
    checkouts: Checkouts,
    own: str,
) -> str | None:
    """The name before of the calendar that is called `own` here. Asked where there is no part of that name.

    It is that of a calendar that is gone and whose posts this one wants; None where several want them: then each post moves
    by itself. In a checkout from before the calendar was renamed, it is the name that it has got since: its files are
    older ones of the same calendar, and not those of a new one.
    """
    top = calendar.top
    if repository_of(top) is None:
        return _came_along(calendar, accounts, store)
    with suppress(StateError):
        names = store.names_beside()
        missing = checkouts.missing(top, names, exactly=True) if names else []
        states = store.beside(missing).states if missing else {}
        posts = _posts_of(calendar, accounts)
        wanted = {name: state for name, state in states.items() if _wants(posts, name, state)}
        home = home_of(top, store)
        here = [name for name, state in wanted.items() if home is not None and state.home == home]
        if len(here) == 1:
            return here[0]  # the folder is the same, and only its name changed
        gone = gone_of(top, wanted, store, renamed=True) if wanted else ()
        if len(gone) == 1 and not _is_split(neighbours, gone[0].name, wanted[gone[0].name]):
            return gone[0].name
        for name, state in states.items():
            known = state.is_used and own in state.was and _is_of_repository(state, home)
            if known and not gone_of(top, {name: state}, store, renamed=True):
                return name
    return None


def _is_of_repository(state: State, home: CalendarHome | None) -> bool:
    """Whether a part may be of a calendar of the same git repository, as far as that is known."""
    return home is None or state.home is None or state.home.repository == home.repository


def _came_along(calendar: Calendar, accounts: Mapping[str, Account], store: Store) -> str | None:
    """The same outside of git, where the ledger is in the folder itself: it came along when that was renamed."""
    if not isinstance(store, FolderStore) or store.root.resolve().parent != calendar.top.resolve():
        return None
    with suppress(StateError):
        posts = _posts_of(calendar, accounts)
        found = [
            name
            for name, state in store.managed_elsewhere().states.items()
            if state.home is not None and home_is_gone(state.home) and _wants(posts, name, state)
        ]
        return found[0] if len(found) == 1 else None
    return None


def _posts_of(calendar: Calendar, accounts: Mapping[str, Account]) -> Sequence[Post]:
    try:
        return calendar.bind(dict(accounts)).posts
    except PublerSyncError:
        return ()


def _wants(posts: Sequence[Post], name: str, state: State) -> bool:
    known = Elsewhere.of({name: state})
    return any(known.may_have(post) for post in posts)


def _is_split(neighbours: Surroundings, name: str, state: State) -> bool:
    """Whether another calendar without a part wants some of its posts, too."""
    for each in (*neighbours.of_command(LedgerPart(state).accounts), *neighbours.of_checkout()):
        if each.beside and each.reading.part() is None and _wants(each.posts()[0], name, state):
            return True
    return False

"""What a plan is made of: what the calendar wants, what Publer has, and what other calendars have to do with it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.planning.older import NONE_OLDER
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.ledger.elsewhere import Elsewhere
    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move
    from publer_sync.planning.older import Older
    from publer_sync.values.model import Account, Listing, Post, Settings, Workspace
    from publer_sync.values.signoff import SignedPosts


@dataclass(frozen=True, slots=True)
class CalendarSide:
    """What a calendar wants. `posts` have a time, `waiting` have none yet and are not sent."""

    posts: Sequence[Post]
    settings: Settings
    workspace: Workspace
    in_files: int
    """How many posts the files have, each counted once for all its accounts."""
    waiting: Sequence[Post] = ()
    older: Older = NONE_OLDER
    """The runs whose files these do not have."""
    signed: SignedPosts | None = None
    """What is signed off, where that is asked for."""
    gone: bool = False
    """That nothing is wanted is meant."""
    folder: str = ""
    """The calendar, as commands have to name it."""


@dataclass(frozen=True, slots=True)
class PublerSide:
    """What Publer shows, and what the ledger has of it.

    `live` has all states, at least from two days ago to as far ahead as Publer schedules; if a verified managed post is
    not in it, also from the day it was last seen. `state` has been attributed to that same listing; None means that
    there never was one. `accounts` are the managed ones, by Publer's id.
    """

    live: Listing
    state: State | None
    accounts: Mapping[str, Account]
    poll_seconds: float = 2.0
    """The first wait between two polls, by which requests settle."""


@dataclass(frozen=True, slots=True)
class OtherCalendars:
    """What the other calendars of the workspace manage, and what moves between them and this one."""

    elsewhere: Elsewhere
    giving: Sequence[Move] = ()
    coming: Sequence[Move] = ()
    """The state has what nothing keeps from coming."""
    waiting: Mapping[str, Sequence[Post]] = field(default_factory=dict)
    """Their posts without a time, by their names: what waits there may have been cut from here."""

"""What hold does in one calendar: it announces the hold, writes it, and takes the posts out."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.recording import line_of_result
from publer_sync.applying.report import ApplyReport
from publer_sync.applying.run import Means
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.holding.hold_places import everywhere
from publer_sync.commands.holding.hold_scope import labelled, labels_here, scope_of
from publer_sync.commands.running.shared import say
from publer_sync.commands.running.who import in_ci
from publer_sync.holding.holder import Holder
from publer_sync.holding.report import Asked, HoldReport
from publer_sync.holding.scope import about_to_remove, in_scope, with_hold
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.runs import finished, with_run
from publer_sync.ledger.signing import VARIABLE
from publer_sync.ledger.state import State
from publer_sync.ledger.store import GIT
from publer_sync.planning.case import LIVE
from publer_sync.planning.plan import Plan
from publer_sync.planning.survey import listing
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.wording import count
from publer_sync.render.post.entries import alias_of
from publer_sync.values.errors import (
    CalendarError,
    Interrupted,
    NoHoldError,
    PublerSyncError,
    RejectedStateError,
    StateError,
    UntrustedStateError,
    WaitingHoldError,
)
from publer_sync.values.model import Account
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.running.choice import Choice, HoldRequest
    from publer_sync.commands.running.progress import ProgressLine
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.plan import Held
    from publer_sync.publer.gateway import UrgentPubler
    from publer_sync.values.model import LivePost

NOTHING_ASKED = Asked()
LOCK_SECONDS = 3.0
"""A running apply ends within a moment. One that hangs is not waited for: its posts are taken out past its lock."""
RACE_SECONDS = 15.0
"""How long to repeat a push that another run got ahead of, even if --timeout is shorter."""


def hold_posts(
    access: Access[UrgentPubler],
    here: Choice,
    request: HoldRequest,
    stack: ExitStack,
    progress: ProgressLine,
) -> HoldReport:
    """Put posts on hold, and report. Raises StateError where nothing is managed here. `stack` takes the lock of the state."""
    now = access.clock.now()
    hold, asked = scope_of(access.calendar, here, request, access.accounts, now)
    if hold is not None:
        first, *others = [
            replace(
                hold_in(each, hold, request, stack, progress, asked),
                place=each.store.place if each.store.place != access.store.place else None,
                name_here=access.name if each.name != access.name else None,
            )
            for each in everywhere(access)
        ]
        return first.with_places(others)
    requests, timezone = access.publer.requests - access.requests_before, access.calendar.settings.timezone
    return HoldReport(
        _plan(access, now), ApplyReport((), 0, requests, 0.0, timezone), written=False, asked=asked
    )


def going_in(access: Access[UrgentPubler], hold: Hold) -> list[Held]:
    """What would be taken out, as far as the state knows. Raises StateError where nothing is managed here."""
    going: list[Held] = []
    for each in everywhere(access, quiet=True):
        state = _state(each)
        hold = each.held_again(hold, state)
        wanted = labelled(access.calendar, state, access.accounts) if hold.labels else {}
        going += in_scope(state, hold, _managed(each, state), wanted)
    return going


def hold_in(
    access: Access[UrgentPubler],
    hold: Hold,
    request: HoldRequest,
    stack: ExitStack,
    progress: ProgressLine,
    asked: Asked = NOTHING_ASKED,
) -> HoldReport:
    """Put posts on hold once connected. `asked` is how the command narrows the hold."""
    state = _state(access)
    ids = _managed(access, state)
    wanted = labelled(access.calendar, state, access.accounts) if hold.labels else {}
    hold = replace(access.held_again(hold, state), since=access.clock.now())
    state = with_hold(state, hold)
    holder = Holder(
        Means(access.publer, access.store.write, access.clock, access.poll_seconds, progress=progress),
        _plan(access, hold.since, (hold,), in_scope(state, hold, ids, wanted, access.account)),
        state,
        ids,
        wanted=wanted,
        account=access.account,
        elsewhere=lambda: _elsewhere(access, state),
        shared=access.store.place.startswith(GIT),
    )
    report = holder.survey() if request.diff else _stop(holder, access, stack, request.timeout)
    return replace(
        report,
        accounts=aliases(access),
        names=names_of_accounts(access, holder.state),
        done=replace(report.done, requests=report.done.requests - access.requests_before),
        asked=replace(asked, has_labels=labels_here(holder.state, holder.live, access.calendar))
        if hold.labels
        else asked,
        theirs=_theirs(access, state, report.unmanaged),
        protects_edits=access.calendar.settings.edits == "ask",
    )


def _plan(
    access: Access[UrgentPubler],
    now: datetime,
    holds: tuple[Hold, ...] = (),
    changes: tuple[Held, ...] = (),
) -> Plan:
    """A hold is a plan with one kind of change."""
    return Plan(access.name, access.workspace, now, access.calendar.settings.timezone, changes, holds=holds)


def _stop(holder: Holder, access: Access[UrgentPubler], stack: ExitStack, timeout: float) -> HoldReport:
    """Announce the hold to a running apply, then write the state, then take out the posts."""
    store, hold = access.store, holder.hold

    def going(state: State) -> State:
        return about_to_remove(state, hold, holder.account_ids, holder.wanted)

    record = access.record("hold", reason=hold.reason, of_files=False)

    def noted(held: Callable[[State], State]) -> Callable[[State], State]:
        """With this run in the state."""

        def write(state: State) -> State:
            state = held(state)
            if record is not None:
                state.runs = with_run(state.runs, finished(record, map(line_of_result, holder.results)))
            return state

        return write

    signed_by_others, since = not _is_trusted(access), store.offline
    beside = signed_by_others or since is not None
    announce = store.hold_beside if beside else store.announce
    refused: RejectedStateError | None = None

    def wait_here(no: RejectedStateError) -> None:
        """Nobody has to be able to write the ledger to take posts out: the hold waits on this machine."""
        nonlocal refused, beside, since, announce
        refused, beside = no, True
        since = store.offline = access.clock.now()
        announce = store.hold_beside
        announce(hold)

    try:
        announce(hold)
    except RejectedStateError as no:
        wait_here(no)
    locked = not beside and _locked(stack, access, LOCK_SECONDS)

    def keep(_: object) -> None:
        """What someone edited, or what only a listing found, is in the state before it leaves Publer."""
        with suppress(StateError):  # the posts go anyway
            _write(access, noted(holder.conclude), timeout, going)

    def begin(held: Callable[[State], State]) -> None:
        holder.state = _write(access, noted(held), timeout, going)
        holder.noting = keep
        removing = (copy for copy in going(holder.state).copies.values() if copy.removing_at is not None)
        holder.noted |= {copy.post_id: copy.shown for copy in removing if copy.post_id}

    try:
        if locked:
            begin(lambda state: with_hold(state, hold))
    except RejectedStateError as no:
        locked = False
        wait_here(no)
    if not locked:
        holder.noting = lambda removing: announce(hold, removing)
    error: PublerSyncError | None = None
    try:
        holder.stop_soonest()
        holder.stop_all()
        if not locked and not beside:
            _lock_at_last(stack, access, timeout)
            locked = True
            begin(holder.conclude)
            holder.stop_all()
        holder.stop_under_way(timeout)
        holder.note_left_alone()
    except PublerSyncError as stopped:
        error = stopped
    except KeyboardInterrupt:
        error = Interrupted(
            "stopped, as asked: some posts may still be scheduled",
            hint="Run hold again: it goes on where this one ended.",
        )
    if since is not None:
        waits = _waits(access, hold, since, refused, out=error is None and holder.is_done)
        if error is None:
            error = waits
        elif isinstance(waits, NoHoldError):
            waits.message += f"; and {error.message}"
            error = waits
    elif beside:
        say(f"The hold is written beside the state, which {VARIABLE} signs: ending it needs the key.")
    if locked:
        try:
            store.write(noted(State.clone)(holder.state))
        except StateError as unsaved:
            error = error or _saved_later(access, noted(holder.conclude), unsaved, timeout)
    return holder.report(error)


def _locked(stack: ExitStack, access: Access[UrgentPubler], seconds: float) -> bool:
    try:
        stack.enter_context(access.store.lock(seconds))
    except StateError as error:
        if error.code != "state.other":
            raise
        return False
    return True


def _lock_at_last(stack: ExitStack, access: Access[UrgentPubler], seconds: float) -> None:
    """Wait until the apply has ended that was told of the hold; one that sits at its question does not notice."""
    try:
        stack.enter_context(access.store.lock(seconds))
    except StateError as error:
        if error.code == "state.other":
            error.message += (
                "; it ends before its next write to Publer, as the hold is written beside its state"
            )
            error.hint = "Once it has ended, run hold again: it takes out what that apply had sent before."
        raise


def _write(
    access: Access[UrgentPubler],
    held: Callable[[State], State],
    timeout: float,
    noted: Callable[[State], State] = lambda state: state,
) -> State:
    """Write the state with the hold, and what is to be `noted` with it; if another run pushes first, write again.

    Returns the state without that note.
    """
    give_up = access.clock.monotonic() + max(timeout, RACE_SECONDS)
    while True:
        state = held(_state(access))
        try:
            access.store.write(noted(state))
        except StateError as error:
            if not _raced(error) or access.clock.monotonic() > give_up:
                raise
        else:
            return state


def _saved_later(
    access: Access[UrgentPubler], concluded: Callable[[State], State], error: StateError, timeout: float
) -> StateError | None:
    """What keeps the state from being saved, if a race with another run is not all there is to it."""
    if not _raced(error):
        return error
    try:
        _write(access, concluded, timeout)
    except StateError as again:
        return again
    return None


def _raced(error: StateError) -> bool:
    return error.code in ("state.raced", "state.busy")


def _waits(
    access: Access[UrgentPubler],
    hold: Hold,
    since: datetime,
    refused: RejectedStateError | None,
    *,
    out: bool,
) -> StateError:
    """Says that no apply elsewhere sees the hold; that its posts are `out` only where they are."""
    if refused is not None and in_ci(os.environ):
        return NoHoldError(
            f"{refused.message}: {'the posts are out of Publer, but ' if out else ''}no hold is in force, since this machine is gone "
            "after the job",
            hint="An apply will schedule new posts in its scope. Let this job push to the branch, and run hold again. Or write "
            f"{_setting(access, hold)} into publer.yaml, and merge it.",
        )
    if refused is not None:
        return WaitingHoldError(
            f"{refused.message}: the hold waits on this machine",
            hint=f"{'Its posts are out. ' if out else ''}Once the branch can be pushed to, push the hold: {access.holding(hold)}",
        )
    when = Dates.around(access.calendar.settings.timezone, access.clock.now()).both(since)
    return WaitingHoldError(
        f"{access.store.place} could not be reached: hold went on from what was last read of it here, {when}, and the hold waits on "
        "this machine",
        hint="What others scheduled since is not out. Once it can be reached, push the hold: "
        f"{access.holding(hold)}",
    )


def _setting(access: Access[UrgentPubler], hold: Hold) -> str:
    """The hold as publer.yaml has it, which knows no days."""
    names = {account.id: alias for alias, account in access.accounts.items()}
    parts = [f"reason: {scalar(hold.reason)}"]
    scope = {"accounts": [names.get(each, each) for each in hold.accounts], "labels": hold.labels}
    parts += [f"{key}: [{', '.join(map(scalar, each))}]" for key, each in scope.items() if each]
    return f"`hold: {{{', '.join(parts)}}}`"


def _say_what_is_scheduled(access: Access[UrgentPubler]) -> None:
    """What there is to stop by hand: without the ledger nobody knows which of these are managed here."""
    now, names = access.clock.now(), aliases(access)
    found = listing(access.publer, None, account_ids=access.account_ids, now=now)
    live = sorted(
        (post for post in found if post.at is not None and post.at > now and post.family in LIVE),
        key=lambda post: post.at or now,
    )
    dates = Dates.around(access.calendar.settings.timezone, now)
    say(
        f"No state was ever read here. Publer has {count(len(live), 'scheduled post')} on the accounts of publer.yaml:"
    )
    for post in live:
        say(
            f"  {dates.both(post.at or now)}  {names.get(post.account_id, post.account_id)}  {quoted(post.text, 50)}"
        )
    say("Stop what must not be published in Publer.")


def _is_trusted(access: Access[UrgentPubler]) -> bool:
    """Whether the state is signed with the key that is known here; who has none can hold, too."""
    try:
        access.state()  # also where it still has the calendar's old name
    except UntrustedStateError:
        return False
    return True


def _state(access: Access[UrgentPubler]) -> State:
    try:
        state = access.state(trusting=not _is_trusted(access))
    except StateError as error:
        if error.code == "state.git":
            _say_what_is_scheduled(access)
        raise
    if state is not None:
        return state
    if wrong := tuple(each for each in access.calendar.problems if each.severity == "error"):
        raise CalendarError(wrong)
    if (there := access.places.at_remote()) is not None:
        raise there
    raise StateError(
        f"nothing is managed here: no state in {access.store.place}, so nothing was put on hold",
        code="state.none",
        hint="If the calendar was never applied, its posts in Publer can only be stopped there; put `hold` into publer.yaml to keep "
        "the first apply from scheduling more. If it was, the state is somewhere else: see --state.",
    )


def _managed(access: Access[UrgentPubler], state: State) -> tuple[str, ...]:
    """The accounts of the settings and all those of the state: one that left the settings, or was reconnected, publishes too."""
    known = (account for copy in state.copies.values() for account in (copy.account, copy.on))
    return tuple(dict.fromkeys((*access.account_ids, *known)))


def _elsewhere(access: Access[UrgentPubler], state: State) -> Elsewhere:
    """What other calendars manage. Nothing if that can't be read: no hold fails for that."""
    try:
        return access.elsewhere(state)
    except StateError:
        return Elsewhere()


def _theirs(access: Access[UrgentPubler], state: State, unmanaged: Sequence[LivePost]) -> dict[str, str]:
    """Which of these another calendar manages, as far as is known."""
    elsewhere = _elsewhere(access, state) if unmanaged else Elsewhere()
    return {post.id: one_line(name) for post in unmanaged if (name := elsewhere.calendar_of(post))}


def aliases(access: Access[UrgentPubler]) -> dict[str, str]:
    """Their aliases, by id."""
    return {account.id: one_line(alias) for alias, account in access.accounts.items()}


def names_of_accounts(access: Access[UrgentPubler], state: State | None = None) -> dict[str, str]:
    """What people call each account, by id: its alias, else its name in Publer, or the one that the ledger has where Publer lists it no more."""
    kept = state.accounts.items() if state is not None else ()
    known = (*(Account(key, each.name, each.provider) for key, each in kept), *access.listed)
    return {account.id: alias_of(account) for account in known} | aliases(access)

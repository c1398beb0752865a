"""`publer-sync hold`: takes managed posts out of Publer at once, and keeps them out. The calendar need not be valid."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from publer_sync.commands import several
from publer_sync.commands.access import Connections, open_access
from publer_sync.commands.command_lines import release_command
from publer_sync.commands.hold_first import HoldOfSeveral
from publer_sync.commands.hold_scope import labelled, labels_here, scope_of
from publer_sync.commands.hold_several import hold_together
from publer_sync.commands.problems import explained
from publer_sync.commands.progress import ProgressLine
from publer_sync.commands.shared import confirm, load, need_answer, say, screen
from publer_sync.errors import CalendarError, Interrupted, PublerSyncError, StateError, UsageError
from publer_sync.holding.holder import Holder
from publer_sync.holding.report import Asked, HoldReport
from publer_sync.holding.scope import about_to_remove, in_scope, with_hold
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.printable import one_line
from publer_sync.publer.gateway import UrgentPubler
from publer_sync.render import hold as hold_page
from publer_sync.render import hold_data
from publer_sync.render.several import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Access
    from publer_sync.commands.choice import Choice, HoldRequest
    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.state import State
    from publer_sync.model import LivePost

NOTHING_ASKED = Asked()
LOCK_SECONDS = 3.0
"""A running apply ends within a moment. One that hangs is not waited for: its posts are taken out past its lock."""
ANSWER_SECONDS = 30.0
RACE_SECONDS = 15.0
"""How long to repeat a push that another run got ahead of, even if --timeout is shorter."""


def run(calendars: Sequence[Path], choice: Choice, request: HoldRequest, *, style: str) -> int:
    if not request.reason.strip():
        raise UsageError("--reason: a hold has a reason", hint='For example: --reason "Accident in town"')
    need_answer(yes=request.yes, diff=request.diff)
    chosen = several.choose(calendars)
    several.check(chosen, choice)
    with ProgressLine() as progress:
        if not chosen.several:
            (top,) = chosen.tops
            calendar, here = load(top), replace(choice, calendar=top)
            with explained(calendar, style=style):
                report = make(calendar, here, request, connect(progress), progress)
            return several.show(end(report.beside([report]), here, style=style))
        read = cache(load)
        request = replace(request, alone=len(chosen.tops) < 2)
        accounts = several.accounts_of(chosen.tops, read, choice.accounts, strict=False)

        def choice_of(top: Path | None) -> Choice:
            names = accounts.get(top, choice.accounts)
            return replace(choice, calendar=top, accounts=names, together=several.together(chosen))

        ended = hold_together(of_several([*accounts], read, choice_of, progress, style), request)
        progress.close()
        return several.conclude(ended, style=style)


def of_several(
    tops: Sequence[Path | None],
    read: Callable[[Path | None], Calendar],
    choice_of: Callable[[Path | None], Choice],
    progress: ProgressLine,
    style: str,
) -> HoldOfSeveral:
    return HoldOfSeveral(
        tops, read, choice_of, make, partial(end, style=style), connect(progress), progress, style
    )


def connect(progress: ProgressLine) -> Connections[UrgentPubler]:
    return Connections(UrgentPubler, say=progress.wait, patience=ANSWER_SECONDS)


def end(report: HoldReport, choice: Choice, *, style: str) -> Ending:
    line = hold_page.line(report)
    if style == "json":
        return Ending(report.exit_code, line, document=hold_data.document(report))
    text = hold_page.text(report, screen=screen(), release=release_command(choice))
    return Ending(report.exit_code, line, text)


def make(
    calendar: Calendar,
    choice: Choice,
    request: HoldRequest,
    connections: Connections[UrgentPubler],
    progress: ProgressLine,
) -> HoldReport:
    """Put posts on hold, and report. Raises StateError where nothing is managed here."""
    with ExitStack() as stack:
        access = open_access(calendar, choice, stack, connections, lenient=True)
        now = access.clock.now()
        hold, asked = scope_of(calendar, choice, request, access.accounts, now)
        if hold is None:
            requests, reason = access.publer.requests - access.requests_before, one_line(request.reason)
            report = HoldReport(Hold(reason, now), (), (), requests, written=False, nothing=True, asked=asked)
            return replace(report, calendar=access.name, workspace=access.workspace)
        reports = []
        for each in _everywhere(access):
            reports.append(hold_in(each, hold, request, stack, progress, asked))
            request = replace(request, yes=True)
        first, *others = reports
        return first.with_places(others)


def _everywhere(access: Access[UrgentPubler]) -> Iterator[Access[UrgentPubler]]:
    """The calendar with its state in each place that has one. Which is the right one is no question for a crisis."""
    here, wrong = False, False
    try:
        here = access.state() is not None
    except StateError as error:
        wrong = error.code != "state.moved"
    if here:
        yield access
    found = access.places.near()
    if not here and not found:
        with suppress(StateError):
            found = access.places.left()
    for left in found:
        say(f"The calendar has a state in {left.place}{' too' if here else ''}: its posts are put on hold.")
        before = access.publer.requests
        yield replace(access, store=left.store, name=left.state.calendar, requests_before=before)
    if wrong or not (here or found):
        yield access  # it tells what is wrong


def hold_in(
    access: Access[UrgentPubler],
    hold: Hold,
    request: HoldRequest,
    stack: ExitStack,
    progress: ProgressLine,
    asked: Asked = NOTHING_ASKED,
) -> HoldReport:
    """`make` once connected; `stack` takes the lock of the state. `asked` is how the command narrows the hold."""
    state, timezone = _state(access), access.calendar.settings.timezone
    ids = _managed(access, state)
    wanted = labelled(access.calendar, state, access.accounts) if hold.labels else {}
    if not (request.yes or request.diff):
        going = in_scope(state, hold, ids, wanted)
        confirm(hold_page.question(going, _accounts(access), access.clock.now(), timezone))
    hold = replace(hold, since=access.clock.now())
    holder = Holder(
        access.publer,
        hold,
        with_hold(state, hold),
        ids,
        access.clock,
        access.poll_seconds,
        progress,
        wanted=wanted,
        elsewhere=lambda: _elsewhere(access),
    )
    report = holder.survey() if request.diff else _stop(holder, access, stack, request.timeout)
    return replace(
        report,
        calendar=access.name,
        workspace=access.workspace,
        accounts=_accounts(access),
        timezone=timezone,
        requests=report.requests - access.requests_before,
        asked=replace(asked, has_labels=labels_here(holder.state, holder.live, access.calendar))
        if hold.labels
        else asked,
        theirs=_theirs(access, report.unmanaged) if request.alone else {},
        protects_edits=access.calendar.settings.edits == "ask",
    )


def _stop(holder: Holder, access: Access[UrgentPubler], stack: ExitStack, timeout: float) -> HoldReport:
    """Announce the hold to a running apply, then write the state, then take out the posts."""
    store, hold = access.store, holder.hold

    def going(state: State) -> State:
        return about_to_remove(state, hold, holder.account_ids, holder.wanted)

    store.announce(hold)
    locked = _locked(stack, access, LOCK_SECONDS)

    def keep(removing: Mapping[str, Seen | None]) -> None:
        """What someone edited is in the state before it leaves Publer: nothing else has it then."""
        edited = {post_id for post_id, shown in removing.items() if shown is not None}
        if edited - kept:
            kept.update(edited)
            with suppress(StateError):  # the posts go all the same
                _write(access, holder.conclude, timeout, going)

    kept: set[str] = set()
    if locked:
        holder.state = _write(access, lambda state: with_hold(state, hold), timeout, going)
        holder.noting = keep
    else:
        holder.noting = lambda removing: store.announce(hold, removing)
    error: PublerSyncError | None = None
    try:
        holder.stop_soonest()
        holder.stop_all()
        if not locked:
            stack.enter_context(store.lock(timeout))
            locked, holder.noting = True, keep
            holder.state = _write(access, holder.conclude, timeout, going)
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
    if locked:
        try:
            store.write(holder.state)
        except StateError as unsaved:
            error = error or _saved_later(access, holder, unsaved, timeout)
    return holder.report(error)


def _locked(stack: ExitStack, access: Access[UrgentPubler], seconds: float) -> bool:
    try:
        stack.enter_context(access.store.lock(seconds))
    except StateError as error:
        if error.code != "state.other":
            raise
        return False
    return True


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
    access: Access[UrgentPubler], holder: Holder, error: StateError, timeout: float
) -> StateError | None:
    """What keeps the state from being saved, if a race with another run is not all there is to it."""
    if not _raced(error):
        return error
    try:
        _write(access, holder.conclude, timeout)
    except StateError as again:
        return again
    return None


def _raced(error: StateError) -> bool:
    return error.code in ("state.raced", "state.busy")


# --- what is meant --------------------------------------------------------------------------------------------------


def _state(access: Access[UrgentPubler]) -> State:
    state = access.state()
    if state is not None:
        return state
    if wrong := tuple(each for each in access.calendar.problems if each.severity == "error"):
        raise CalendarError(wrong)
    raise StateError(
        f"nothing is managed here: no state in {access.store.place}, so nothing was put on hold",
        code="state.none",
        hint="If the calendar was never applied, its posts in Publer can only be stopped there; put `hold` into publer.yaml to keep "
        "the first apply from scheduling more. If it was, the state is somewhere else: see --state.",
    )


def _managed(access: Access[UrgentPubler], state: State) -> tuple[str, ...]:
    """The accounts of the settings and, if the settings or Publer lack one, all those of the state."""
    whole = len(access.accounts) == len(access.calendar.settings.accounts)
    broken = any(each.location and each.location.file == "publer.yaml" for each in access.calendar.problems)
    known = () if whole and not broken else (copy.account for copy in state.copies.values())
    return tuple(dict.fromkeys((*access.account_ids, *known)))


def _elsewhere(access: Access[UrgentPubler]) -> Elsewhere:
    """What other calendars manage. Nothing if that can't be read: no hold fails for that."""
    try:
        return access.elsewhere()
    except StateError:
        return Elsewhere()


def _theirs(access: Access[UrgentPubler], unmanaged: Sequence[LivePost]) -> dict[str, str]:
    """Which of these another calendar manages, as far as is known."""
    elsewhere = _elsewhere(access) if unmanaged else Elsewhere()
    return {post.id: one_line(name) for post in unmanaged if (name := elsewhere.calendar_of(post))}


def _accounts(access: Access[UrgentPubler]) -> dict[str, str]:
    """Their aliases, by id."""
    return {account.id: one_line(alias) for alias, account in access.accounts.items()}

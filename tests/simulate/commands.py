"""The commands of a simulated world: the product's own code from below its connections on, and what each told of which post."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.report import DONE, ApplyReport, Outcome
from publer_sync.commands.forget import forget, forgettable
from publer_sync.commands.holding import hold_first
from publer_sync.commands.holding.hold_one import hold_in
from publer_sync.commands.reaching.moving import exchange
from publer_sync.commands.reaching.session import NOT_YET
from publer_sync.commands.release import carry_out_in, check_limits, plan_in
from publer_sync.commands.running import carrying_out
from publer_sync.commands.running.choice import HoldRequest
from publer_sync.commands.running.plan_file import check_same
from publer_sync.ledger.hold import Hold
from publer_sync.planning.allow import FLAGS, Allow
from publer_sync.planning.plan import Adopt, Block, Create, Recreate, intent
from publer_sync.render import data
from tests.simulate.running import UNDELETABLE, Quiet, Running
from tests.simulate.wants import ALIASES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.session import PlannedCalendar
    from publer_sync.planning.plan import Change, Plan
    from tests.simulate.world import Book, World


def apply(world: World, running: Running) -> None:
    """One calendar."""
    with world.running(running):
        session = world.session(running)
        at, allow = session.access, allowed(running)
        with at.store.lock(300):
            planned = carrying_out.prepare(session, at.own_state(), world.control)
            running.plan = planned.plan
            carrying_out.check_limits(session, planned.plan, allow, "apply")
            running.wait_for_yes()
            if planned.plan.moves:
                exchange(planned, timeout=300)
                session = replace(session, stay=NOT_YET)
                planned = carrying_out.prepare(session, at.state(), world.control)
                running.plan = planned.plan
            report = carrying_out.carry_out(planned, allow, world.control, lambda _plan, _done: None)
        reported(running, at, planned.plan, report)


def apply_all(world: World, runnings: Sequence[Running]) -> None:
    """Several calendars in one command: all are planned, then each is applied as after a plan file."""
    planned: list[tuple[Running, PlannedCalendar[Any]]] = []
    for running in runnings:
        planning = Running(world, running.book, "plan", running.wants, running.options, together=True)
        with world.running(planning), ExitStack() as stack:
            session = world.session(planning)
            stack.enter_context(session.access.store.lock(300))
            state = session.access.own_state()
            planned.append((running, carrying_out.prepare(session, state, world.control)))
            planning.code = 0
        if planning.killed:
            return
    for running, was in planned:
        with world.running(running):
            session = world.session(running)
            at, allow = session.access, allowed(running)
            with at.store.lock(300):
                exchange(replace(was, session=session), timeout=300)
                session = replace(session, stay=NOT_YET)
                now = carrying_out.prepare(session, at.state(), world.control)
                check_same(now.plan, data.changes(was.plan))
                running.plan = now.plan
                report = carrying_out.carry_out(now, allow, world.control, lambda _plan, _done: None)
            reported(running, at, now.plan, report)
        if running.killed:
            return


def allowed(running: Running) -> Allow:
    flags = {name: option in running.options for option, name in FLAGS.items()}
    return Allow(deletes=99, changes=99, **flags)


def hold(
    world: World, running: Running, reason: str, labels: tuple[str, ...], accounts: tuple[str, ...]
) -> None:
    with world.running(running), ExitStack() as stack:
        if world.clocks:
            _write_first(world, running, labels, accounts, reason)
        session = world.session(running, urgent=True)
        held = Hold(
            reason, running.clock.now(), tuple(world.accounts[alias].id for alias in accounts), labels
        )
        request = HoldRequest(reason, labels, timeout=300, yes=True)
        report = hold_in(session.access, held, request, stack, Quiet())
        running.code, running.error = report.exit_code, report.done.error
        if running.code == 0:
            world.watch.held(running.book, report.plan.holds[0])


def _write_first(
    world: World, running: Running, labels: tuple[str, ...], accounts: tuple[str, ...], reason: str
) -> None:
    """The hold is written before anything is asked of Publer: by this machine's clock."""
    book = running.book
    store = book.place.store(running.saving, running.clock)
    state = store.read()
    if state is not None:
        ids = tuple(world.accounts[alias].id for alias in accounts)
        held = Hold(reason, running.clock.now(), ids, labels)
        calendar = world.calendar(running)
        hold_first.write_first([hold_first.First(calendar, store, state, held, dict(world.accounts))])


def release(world: World, running: Running) -> None:
    with world.running(running):
        session = world.session(running)
        with session.access.store.lock(300):
            world.watch.released(running.book)
            planned = plan_in(session, world.control)
            check_limits(planned)
            done = carry_out_in(planned, world.control)
        running.code = 0
        if done.report is not None and done.plan is not None:
            reported(running, session.access, done.plan, done.report)


def forget_post(world: World, running: Running, name: str) -> None:
    with world.running(running), ExitStack() as stack:
        session = world.session(running)
        stack.enter_context(session.access.store.lock(300))
        state, entries = forgettable(session, [name])
        ids = {copy.post_id for entry in entries for copy in entry.copies}
        forget(session.access, state, entries)
        running.code = 0
        for trace in world.service.traces:
            if trace.stored.id in ids and trace.entry is not None and not trace.gone:
                world.entry(trace.entry).let_through = True
                trace.entry = None


def reported(running: Running, access: Access[Any], plan: Plan, report: ApplyReport) -> None:
    """Note how a run ended and which entries it told of, then what the state keeps of that."""
    running.code, running.error = report.exit_code, report.error
    for result in report.results:
        if result.outcome not in DONE or result.leaves:
            running.told |= entries_of(running, result.change)
        if UNDELETABLE in (result.why.publer_said or ""):
            running.given_up.append(_ids_of(running, result.change))
        if result.outcome is Outcome.FAILED and result.why.publer_said and isinstance(result.change, Create):
            running.refused |= {(number, result.change.at) for number in entries_of(running, result.change)}
    for warn in plan.warnings:
        if warn.location is not None and warn.location.line in running.by_line:
            running.told.add(running.by_line[warn.location.line].number)
    blind = {warn.location for warn in plan.warnings if warn.code == "adopted_blind"}
    for change in plan.changes:
        # of what the calendar does not mention either, there is nothing to tell
        unmentioned = isinstance(change, Adopt) and not (
            change.post.content.labels or change.post.content.comments
        )
        if isinstance(change, Adopt) and (unmentioned or change.post.location in blind):
            for trace in running.world.named([change.live.id]):
                trace.blind = True
        if isinstance(change, Recreate) and "--allow-recreate" in running.options:
            gone = {number for number in entries_of(running, change) if not running.world.entry(number).out}
            running.let_through |= gone
        if Block.TWIN in change.blocks and "--allow-twins" in running.options:
            running.let_through |= entries_of(running, change)
    carrying_out.note_told(access, report)


def entries_of(running: Running, change: Change) -> set[int]:
    """The entries that a change is about."""
    post, ids = intent(change).post, _ids_of(running, change)
    traces = running.world.service.traces
    copied = {trace.entry for trace in traces if trace.entry and trace.stored.id in ids}
    if post is not None and post.location.line in running.by_line:
        return {running.by_line[post.location.line].number, *copied}
    return copied | {
        entry.number
        for entry in running.book.entries
        if entry.want.account == ALIASES.get(change.account.id)
        and (
            (change.id and change.id == entry.id)
            or _near(entry.slots, change.at)
            or _copy_at(running, entry.number, change.at)
        )
    }


def _ids_of(running: Running, change: Change) -> set[str]:
    """Publer's ids of all copies that a change is about."""
    copy, state = intent(change).copy, running.book.state
    entry = getattr(copy, "entry", None)
    others = state.copies.values() if state and entry else ()
    ids = {each.post_id for each in others if getattr(each, "entry", None) == entry}
    return {each for each in (*ids, change.live and change.live.id, copy and copy.post_id) if each}


def _near(slots: set[tuple[str, datetime]], at: datetime) -> bool:
    return any(each == at for _, each in slots)


def _copy_at(running: Running, entry: int, at: datetime) -> bool:
    return any(trace.entry == entry and trace.at == at for trace in running.world.service.traces)


def managed(world: World, book: Book) -> list[str]:
    """The posts of the state that the calendar does not have any more, as `forget` takes them."""
    state = book.state
    if state is None:
        return []
    wanted = {(want.account, want.at) for want in book.wants}
    ids = {want.id for want in book.wants}
    return [
        f"{ALIASES[copy.account]}@{copy.slot:%Y-%m-%dT%H:%MZ}"
        for copy in state.copies.values()
        if copy.post_id and (ALIASES[copy.account], copy.slot) not in wanted and copy.id not in ids
    ]

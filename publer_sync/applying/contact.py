"""First contact in an apply: what the ledger knows of it, what an earlier run left open, and what someone allows.

Without `begin`, every kind of write counts as verified.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import Cause, Outcome, Result
from publer_sync.applying.run_contact import RunContact
from publer_sync.ledger.contact import Kind, kind_of, seen_of
from publer_sync.planning.contact import (
    LISTED,
    Doubt,
    KnownContact,
    not_kept,
    remedy,
    what_differs,
)
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Unchanged

if TYPE_CHECKING:
    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy


def begin(run: Run) -> None:
    """Learn what the ledger knows, and settle what an earlier run left open."""
    if not run.tasks and not run.state.contact.doubts and not _judged_late(run):
        return
    _judge_late(run)
    known = KnownContact.of(run.state, run.means.parts(), run.page.posts, run.accounts)
    run.contact = RunContact(known, set(known.verified), allowed={*known.allowed})
    for doubt in known.doubts:
        run.contact.doubts.setdefault(doubt.kind, []).append(doubt)
    if run.order.allow.rewritten:
        for doubt in known.doubts:
            allow(run, doubt)
    _drop_settled(run)
    _wait_for_unlisted(run)
    _tell_of_doubts(run)
    if run.tasks:
        noted = seen_of(run.state.contact, run.state.copies.values()) - {*run.contact.doubts}
        run.state.contact = run.state.contact.verifying(*noted)


def _judged_late(run: Run) -> list[Copy]:
    """First posts of a run that ended before it judged them, or that Publer listed only later."""
    doubted = {*run.state.contact.doubts.values()}
    return [
        copy for copy in run.state.copies.values() if copy.alone and copy.post_id and copy.key not in doubted
    ]


def _judge_late(run: Run) -> None:
    for copy in _judged_late(run):
        live, account = run.page.posts.get(copy.post_id or ""), run.accounts.get(copy.account)
        if copy.end is not None:
            run.state.put(replace(copy, alone=False))
        elif live is not None and account is not None:
            kind = kind_of(copy)
            if not_kept(account, copy, live):
                run.state.contact = run.state.contact.doubting(kind, copy.key)
            else:
                run.state.contact = run.state.contact.verifying(kind)
                run.state.put(replace(copy, alone=False))


def allow(run: Run, doubt: Doubt) -> None:
    """Go on although Publer did not keep it as sent: from now on, that is accepted on this network."""
    run.contact.allowed.update(doubt.fields)
    run.contact.verified.add(doubt.kind)
    left = [each for each in run.contact.doubts.get(doubt.kind, ()) if each is not doubt]
    if left:
        run.contact.doubts[doubt.kind] = left
    else:
        run.contact.doubts.pop(doubt.kind, None)
    contact = run.state.contact.allowing(doubt.fields).verifying(doubt.kind)
    if not doubt.calendar:
        contact = contact.without_doubt(doubt.kind)
        if (copy := run.state.copies.get(doubt.copy.key)) is not None:
            run.state.put(replace(copy, alone=False))
    run.state.contact = contact
    fields = " and ".join(item.field for item in doubt.differs)
    if fields == LISTED and doubt.kind is not Kind.DELETE:
        what = f"does not list the first {doubt.kind.noun} on {doubt.network}"
    else:
        what = f"the {fields} of posts" if fields != LISTED else "removals"
        what = f"shows {what} on {doubt.network} otherwise than sent"
    warning = Warn("rewritten", f"Publer {what}; allowed from now on")
    if warning not in run.contact.warnings:
        run.contact.warnings.append(warning)


def _drop_settled(run: Run) -> None:
    """Forget doubts about posts that Publer kept after all, or that have left Publer."""
    open_ = {
        doubt.kind: doubt for doubts in run.contact.doubts.values() for doubt in doubts if not doubt.calendar
    }
    for kind, key in dict(run.state.contact.doubts).items():
        if kind in open_:
            continue
        run.state.contact = run.state.contact.without_doubt(kind)
        if (copy := run.state.copies.get(key)) is not None and copy.alone:
            run.state.put(replace(copy, alone=False))


def _wait_for_unlisted(run: Run) -> None:
    """A first post that Publer accepted and does not list ends its kind until it is listed."""
    for copy in run.state.copies.values():
        kind = kind_of(copy)
        if not copy.alone or kind in run.contact.verified or copy.end is not None or copy.post_id:
            continue
        if copy.unseen_draft:
            if run.order.allow.rewritten:
                _accept_unlisted_drafts(run, copy)
                continue
            hint = (
                "Look at the drafts in Publer. If it is there, its lists do not show drafts: run apply with --allow-rewritten. "
                "If it is not, --allow-twins sends it once more"
            )
        elif copy.awaiting:
            hint = "The next apply checks again"
        else:
            continue
        run.contact.exempt.add(copy.entry)
        run.contact.ended[kind] = Cause(
            f"Publer accepted the first {kind.noun} through this key and does not list it, so no other is sent",
            hint=hint,
        )


def _accept_unlisted_drafts(run: Run, copy: Copy) -> None:
    run.contact.verified.add(Kind.DRAFT)
    run.state.put(replace(copy, alone=False))
    known = run.accounts.get(copy.account) or run.state.accounts.get(copy.account)
    network = known.provider if known is not None else ""
    run.state.contact = run.state.contact.verifying(Kind.DRAFT).allowing([f"{LISTED}/{network}"])


def _tell_of_doubts(run: Run) -> None:
    """Report in each apply the posts that Publer did not keep as sent."""
    own = {
        doubt.copy.key: doubt
        for doubts in run.contact.doubts.values()
        for doubt in doubts
        if not doubt.calendar and doubt.kind is not Kind.DELETE
    }
    for index, change in enumerate(run.order.plan.changes):
        if isinstance(change, Unchanged) and change.copy.key in own and index not in run.results:
            doubt = own[change.copy.key]
            why = Cause(what_differs(doubt), hint=remedy([doubt], run.order.command).replace("\n", ". "))
            run.results[index] = Result(change, Outcome.NOT_TRIED, why, post_id=change.copy.post_id)


def forget_removed(run: Run) -> None:
    """Let each kind of write go on whose doubtful post this run removed."""
    for kind, doubts in [*run.contact.doubts.items()]:
        left = [each for each in doubts if each.calendar or each.copy.key not in run.removed]
        if left:
            run.contact.doubts[kind] = left
        else:
            del run.contact.doubts[kind]
    _drop_settled(run)


def verified(run: Run, kind: Kind) -> None:
    run.contact.verified.add(kind)
    run.state.contact = run.state.contact.verifying(kind)

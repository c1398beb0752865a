"""The first post, draft and edit: sent alone, followed to its end, compared field by field, before anything else of its kind is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying import contact
from publer_sync.applying.report import DONE, ENDED, Cause, Outcome
from publer_sync.applying.restoring import put_back
from publer_sync.applying.rounds import Round, Slots
from publer_sync.applying.tasks import Creation, Old
from publer_sync.ledger.contact import Kind, kind_of
from publer_sync.ledger.rewriting import same_words
from publer_sync.planning.contact import (
    LISTED,
    Doubt,
    both_sides,
    not_kept,
    what_differs,
)
from publer_sync.planning.differences import changed_by_publer
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import FieldChange, Replace
from publer_sync.values.errors import Refused, ServiceError
from publer_sync.values.model import Family, LivePost, same_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import EditTask
    from publer_sync.ledger.copies import Copy


def admitted(run: Run, tasks: Sequence[Creation]) -> list[Creation]:
    """Those whose kind may be tried; the others get their result. Raises FirstContactError.

    A post that replaces another one is not sent where the old one may not be removed: both would be published.
    """
    for kind in (Kind.CREATE, Kind.DRAFT):
        if any(_kind(task) is kind for task in tasks):
            run.contact.check(kind, run.order.command)
    able = []
    for task in tasks:
        why = run.contact.ended.get(_kind(task))
        copy = task.change.copy
        if copy is not None and copy.entry in run.contact.exempt:
            why = None
        if task.old is not None:
            why = why or run.contact.why_not(Kind.DELETE, run.order.command)
        if why is None:
            able.append(task)
        else:
            run.end(task, Outcome.NOT_TRIED, why)
    return able


def first_round(run: Run, chosen: Round) -> Round | None:
    """The part of a round that goes first, each kind alone; None where nothing is the first of its kind."""
    verified = run.contact.verified
    rewriting = {
        network
        for name in run.contact.allowed
        for field, _, network in [name.partition("/")]
        if field != LISTED
    }
    for task in chosen.go:  # on these networks only its minute tells which post it is
        task.alone = task.change.account.provider in rewriting
    if len(verified) == len(Kind):
        return None
    slots = Slots(run.page.posts.values())
    free = [task for task in chosen.go if not slots.in_the_way_of(task)]
    able = free or list(chosen.go)
    first = [
        max(of_kind, key=lambda task: _precedence(run, task))
        for kind in (Kind.CREATE, Kind.DRAFT)
        if kind not in verified and (of_kind := [task for task in able if _kind(task) is kind])
    ]
    alone = {id(task) for task in first}
    for task in first:
        task.alone = True
    if not first and Kind.DELETE not in verified:
        replacing = [task for task in able if task.old is not None]
        first = [max(replacing, key=lambda task: task.at)] if replacing and len(chosen.go) > 1 else []
    if not first:
        return None
    if alone:
        nouns = " and ".join(f"first {_kind(task).noun}" for task in first)
        run.means.progress(
            "first", f"{nouns} through this key: sending one to see that Publer keeps it as sent"
        )
    return Round(() if free else chosen.first_out, tuple(first), ())


def _precedence(run: Run, task: Creation) -> tuple[bool, object]:
    """Prefers a post that was never sent, then the one furthest ahead."""
    copy = task.change.copy
    tried = copy is not None and any(
        each.entry == copy.entry and each.given_up for each in run.state.copies.values()
    )
    return (not tried, task.at)


def _kind(task: Creation) -> Kind:
    return Kind.DRAFT if task.draft else Kind.CREATE


def judge_new(run: Run, task: Creation, made: Copy, live: LivePost) -> bool:
    """Whether Publer kept the first new post of its kind as sent, or changed it only as is allowed. If not, the task gets its result."""
    account, kind = run.accounts[made.account], kind_of(made)
    differs = tuple(
        item
        for item in not_kept(account, made, live)
        if f"{item.field}/{account.provider}" not in run.contact.allowed
    )
    if differs and run.order.allow.rewritten:
        doubt = Doubt(kind, made, account.provider, differs)
        contact.allow(run, doubt)
        return True
    if not differs:
        contact.verified(run, kind)
        made = run.state.copies[made.key]
        run.state.put(replace(made, alone=False))
        if rewritten := changed_by_publer(made, live):
            names = ", ".join(rewritten)
            run.contact.warnings.append(
                Warn(
                    "rewritten",
                    f"Publer shows the {names} of the first {kind.noun} otherwise than sent; nothing to do",
                )
            )
        return True
    doubt = Doubt(kind, made, account.provider, differs)
    run.state.contact = run.state.contact.doubting(kind, made.key)
    run.contact.stop(doubt, run.order.command)
    run.end(
        task, Outcome.FAILED, Cause(f"{what_differs(doubt)}: {'; '.join(both_sides(doubt))}"), post_id=live.id
    )
    return False


def doubt_scheduled_draft(run: Run, made: Copy, live: LivePost) -> None:
    """The first draft came as a scheduled post, and is removed again: nothing else of the kind is sent in this run."""
    provider = run.accounts[made.account].provider
    doubt = Doubt(Kind.DRAFT, made, provider, (FieldChange("state", "draft", live.state),))
    run.contact.stop(doubt, run.order.command)


def conclude(run: Run, tasks: Iterable[Creation]) -> None:
    """After the first ones have ended: what that means for others of their kinds. Raises FirstContactError."""
    if run.contact.error is not None:
        _let_back(run)
    run.contact.raise_error()
    for task in tasks:
        alone, task.alone = task.alone, False
        if not alone or run.open(task) or _kind(task) in run.contact.verified:
            continue
        kind, result = _kind(task), run.results[task.index]
        if result.outcome is Outcome.UNVERIFIED:
            run.contact.end_kind(
                kind, f"Publer accepted the first {kind.noun} through this key and does not list it yet"
            )
        elif result.outcome is Outcome.FAILED:
            run.contact.count_refusal(kind)


def _let_back(run: Run) -> None:
    """Nothing more is sent, so what was taken out of Publer to make room goes back. If that is stopped, the tasks of what is still out stay open."""
    back = [task for task in run.creations if task.out is not None and run.open(task)]
    for task in back:
        run.end(task, Outcome.NOT_TRIED, ENDED)
    try:
        put_back(run)
    finally:
        for task in back:
            if task.out is not None:
                del run.results[task.index]


def judge_edit(run: Run, task: EditTask, echo: LivePost | ServiceError | None) -> None:
    """Compare the first edit with what Publer shows. If Publer did not keep it, the post is replaced, as are all later edits on that network."""
    if run.open(task):
        return
    result, change = run.results[task.index], task.change
    copy = run.state.copies[change.copy.key]
    live = run.page.posts.get(copy.post_id or "")
    if result.outcome is Outcome.UNVERIFIED:
        run.contact.end_kind(
            Kind.UPDATE, "Publer did not answer the first edit through this key, and does not show it"
        )
    elif result.outcome is Outcome.NOT_TRIED:
        return
    elif result.outcome is Outcome.FAILED and isinstance(echo, Refused):
        run.contact.count_refusal(Kind.UPDATE)
    elif live is None:
        run.contact.end_kind(
            Kind.UPDATE, "Publer no longer lists the first post that was edited through this key"
        )
    elif live.family is Family.PUBLISHED:
        if change.live.at is not None and change.live.at > run.means.clock.now():
            run.contact.end_kind(
                Kind.UPDATE, "Publer published the first post that was edited through this key"
            )
    elif result.outcome in DONE and _edit_stands(run, task, live):
        contact.verified(run, Kind.UPDATE)
    elif _publer_did_it(task, echo, live):
        _replace_instead(run, task, live)


def _publer_did_it(task: EditTask, echo: LivePost | ServiceError | None, live: LivePost) -> bool:
    """Whether Publer left the post as it was, or shows what its answer had: otherwise someone else edited it, and that is left alone."""
    before = task.change.live
    untouched = (before.at, before.family) == (live.at, live.family) and same_text(before.text, live.text)
    answered = isinstance(echo, LivePost) and (echo.text, echo.at, echo.family) == (
        live.text,
        live.at,
        live.family,
    )
    return untouched or answered


def _edit_stands(run: Run, task: EditTask, live: LivePost) -> bool:
    account = task.change.post.account
    allowed = f"text/{account.provider}" in run.contact.allowed
    return (
        allowed or same_words(task.change.post.text, live.text)
    ) and live.family is task.change.live.family


def _replace_instead(run: Run, task: EditTask, live: LivePost) -> None:
    """Replace the post instead, and those of the other edits on its network."""
    network = task.change.account.provider
    run.state.contact = run.state.contact.replacing(network)
    run.contact.warnings.append(
        Warn(
            "rewritten",
            f"Publer did not keep the first edit on {network} as sent, so posts there are replaced instead of edited",
        )
    )
    run.results.pop(task.index, None)
    others = [each for each in run.edits if run.open(each) and each.change.account.provider == network]
    for each in others:
        change, copy = each.change, run.state.copies[each.change.copy.key]
        # The others as the plan saw them: what someone edited since is left alone.
        shown = live if each is task else change.live
        new = Replace(post=change.post, copy=copy, live=shown, diff=change.diff, reason=change.reason)
        run.edits.remove(each)
        run.creations.append(Creation(each.index, new, behind=each.behind, old=Old(copy.key, shown)))

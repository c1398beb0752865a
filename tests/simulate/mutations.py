"""Rules taken out one at a time, to see that histories find it: `python -m tests.simulate.mutations`.

A mutation is found by the first seed whose history ends badly with it, and well without it. Each names the rule that it
takes out by where the rule is, so that one which has moved is told as such.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.ledger.copies import End
from publer_sync.values.content import Content
from tests.simulate.generation import history_of
from tests.simulate.history import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulate.history import History


@dataclass(frozen=True, slots=True)
class Mutation:
    """`rule` is what is taken out, in words; `where` it is, and what `instead` makes of it. `names` are all of its numbers."""

    name: str
    rule: str
    where: str
    instead: Callable[[Any], Any]
    tempers: tuple[str, ...] = ()
    """How Publer answers in the histories that find it."""
    kind: str = "mixed"
    """Of those histories."""
    quick: str = ""
    """The tests that find it, where no history does."""

    def history(self, seed: int) -> History:
        return history_of(seed, kind=self.kind, tempers=self.tempers)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Raises AttributeError where the rule is not there any more."""
        owner, name = _owner(self.where)
        original = vars(owner)[name] if isinstance(owner, type) else getattr(owner, name)
        replacement = self.instead(original)
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(owner, name, replacement))
            for module in [*sys.modules.values()]:
                own = getattr(module, "__name__", "").startswith(("publer_sync.", "tests."))
                if own and not isinstance(owner, type):
                    for known in [each for each, value in vars(module).items() if value is original]:
                        if callable(original) or known == name:  # a number may be another one's, too
                            stack.enter_context(mock.patch.object(module, known, replacement))
            yield

    @property
    def lines(self) -> tuple[str, int, int]:
        """The file that has the rule, from the top of the repository, and its first and last line there; 0 for a constant."""
        owner, name = _owner(self.where)
        found = vars(owner)[name] if isinstance(owner, type) else getattr(owner, name)
        found = found.fget if isinstance(found, property) else found
        found = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        path = (sys.modules[owner.__module__] if isinstance(owner, type) else owner).__file__ or ""
        short = path[path.rindex("publer_sync/") :]
        if not callable(found):
            return short, 0, 0
        lines, first = inspect.getsourcelines(found)
        return short, first, first + len(lines) - 1


def _owner(where: str) -> tuple[Any, str]:
    """The module or class that has what `where` names, and its name there."""
    path, _, name = where.rpartition(".")
    try:
        owner = importlib.import_module(path)
    except ModuleNotFoundError:
        path, _, inner = path.rpartition(".")
        owner = getattr(importlib.import_module(path), inner)
    if not hasattr(owner, name):
        raise AttributeError(where)
    return owner, name


def constant(value: Any) -> Callable[[Any], Any]:
    return lambda _original: value


def always(value: Any) -> Callable[[Any], Any]:
    """A function that gives this."""
    return lambda _original: lambda *_args, **_options: value


# --- what takes a little more -----------------------------------------------------------------------------------------


def _but(skipped: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """A question about a copy that is answered with no for some."""
    return lambda ask: lambda copy, **options: not skipped(copy) and ask(copy, **options)


def _vanished_claim(attribute: Any) -> Any:
    """A copy that is not listed any more claims what has its words in its slot."""

    def attributed(state: Any, live: Any, **options: Any) -> Any:
        state, ids = state.clone(), {post.id for post in live}
        for copy in [*state.copies.values()]:
            if copy.post_id and copy.post_id not in ids and copy.end is None and copy.removing_at is None:
                state.put(replace(copy, post_id=None, lapsed=True))
        return attribute(state, live, **options)

    return attributed


def _put_back_alone(sent_again: Any) -> Any:
    """What is put back is a post of its own, not a copy of the one that it was."""

    def alone(running: Any) -> Any:
        for task, old, copy in sent_again(running):
            own = replace(copy, entry=copy.key)
            running.state.put(own)
            yield task, old, own

    return alone


def _not_under_prune_none(leftovers: Any) -> Any:
    return lambda case, *args: iter(()) if case.settings.prune == "none" else leftovers(case, *args)


def _not_once_published(leftovers: Any) -> Any:
    return lambda case, post, entry, change: (
        iter(()) if entry.published else leftovers(case, post, entry, change)
    )


def _undivided(ask: Any) -> Any:
    """A request that Publer refuses as a whole is given up as a whole."""

    def asked(delete: Any, ids: Any, answers: Any) -> None:
        answers.row.refusals = 99 if len(ids) > 1 and answers.refused else 0
        with mock.patch("publer_sync.applying.deleting.DIVISIBLE", frozenset()):
            ask(delete, ids, answers)

    return asked


def _posts_undivided(refused: Any) -> Any:
    """The same of a request for new posts."""

    def told(*given: Any, **more: Any) -> Any:
        with mock.patch("publer_sync.applying.sending.DIVISIBLE", frozenset()):
            return refused(*given, **more)

    return told


def _words_stay(listed: Any) -> Any:
    """An edit that never came stays in the ledger."""

    def shown(copy: Any, post: Any, *args: Any) -> Any:
        after = listed(copy, post, *args)
        came = after.revising is None and after.sent != copy.sent
        return after if came or copy.revising is None else replace(after, revising=copy.revising)

    return shown


def _failures_at_once(settle: Any) -> Any:
    """Each line of a job's failures counts as a refused post, before the posts are settled."""
    return lambda state, jobs, *, now, poll_seconds: settle(
        state, jobs, now=now.replace(year=now.year + 1), poll_seconds=poll_seconds
    )


def _only_listed_failures(why_missed: Any) -> Any:
    """A failure that an earlier list showed, and this one does not, is told by nobody."""

    def why(case: Any, post: Any, copy: Any, live: Any) -> Any:
        known = copy is not None and live is None and copy.end is End.FAILED
        return None if known else why_missed(case, post, copy, live)

    return why


def _alone(_moves: Any) -> Any:
    """Each calendar judges as if there were no other."""

    def none(session: Any, _sides: Any) -> Any:
        return ()

    return none


def _forgets_by_slot(tidy: Any) -> Any:
    """What was sent and seen is forgotten thirty days after its slot, wherever the post is by then."""

    def tidied(state: Any, *, now: Any) -> None:
        tidy(state, now=now)
        for copy in [*state.copies.values()]:
            if copy.slot < now - timedelta(days=30) and not copy.under_way:
                state.put(replace(copy, sent=Content(), seen=None))

    return tidied


def _refused_at_once(note: Any) -> Any:
    """What Publer refused claims nothing any more."""

    def noted(state: Any, jobs: Any, *, now: Any, poll_seconds: float) -> Any:
        refused = note(state, jobs, now=now, poll_seconds=poll_seconds)
        for key in refused:
            state.put(state.copies[key].ending(End.REFUSED, now))
        return refused

    return noted


def _all_deleted(delete: Any) -> Any:
    """Whatever a DELETE asks for is taken for deleted."""

    def deleted(publer: Any, post_ids: Any) -> frozenset[str]:
        delete(publer, post_ids)
        return frozenset(post_ids)

    return deleted


NOT_FOUND = "not found"
LEDGER, PLANNING, APPLYING = "publer_sync.ledger", "publer_sync.planning", "publer_sync.applying"
MUTATIONS = (
    Mutation(
        "1 removals",
        "a copy that was being removed is searched for among what was published",
        f"{LEDGER}.accounting.needs_search",
        _but(lambda copy: copy.removing_at is not None),
    ),
    Mutation(
        "2 replaces",
        "the copies of a post that was published are removed",
        f"{PLANNING}.leftovers.leftovers",
        _not_once_published,
    ),
    Mutation(
        "3 claims",
        "a copy that was listed once and vanished claims nothing",
        f"{LEDGER}.attribution.attribute",
        _vanished_claim,
    ),
    Mutation(
        "4 put back",
        "what is put back stays a copy of its post",
        f"{APPLYING}.restoring._sent_again",
        _put_back_alone,
    ),
    Mutation(
        "5 prune none",
        "other copies are removed whatever prune says",
        f"{PLANNING}.leftovers.leftovers",
        _not_under_prune_none,
    ),
    Mutation(
        "6 unseen",
        "a copy that was never listed is searched for once its minute has passed",
        f"{LEDGER}.accounting.needs_search",
        _but(lambda copy: copy.post_id is None),
    ),
    Mutation(
        "7 judged once more",
        "each write is judged once more by the latest page",
        f"{APPLYING}.permission.may_change",
        always(None),
    ),
    Mutation(
        "8 leaving",
        "settling counts from the last moment at which a request may leave",
        f"{LEDGER}.copies.LEAVING_POLLS",
        constant(0),
    ),
    Mutation(
        "9 deletes in doubt",
        "a DELETE without an answer is unsettled until the clock",
        f"{LEDGER}.copies.Copy.removal_in_doubt",
        lambda _original: property(lambda _copy: False),
    ),
    Mutation(
        "10 divided",
        "a DELETE that is refused as a whole is divided",
        f"{APPLYING}.deleting.ask_to_remove",
        _undivided,
    ),
    Mutation(
        "11 pictures",
        "pictures that were published may be a post without words",
        f"{LEDGER}.accounting._has_media",
        always(False),
    ),
    Mutation(
        "12 failures",
        "a failure that names no post refuses none before the posts are settled",
        f"{PLANNING}.survey.note_refused",
        _failures_at_once,
    ),
    Mutation(
        "13 adopted blind",
        "what Publer does not show of an adopted post is reported",
        f"{PLANNING}.differences.unseen",
        always(()),
    ),
    Mutation(
        "14 edits", "an edit that never came leaves the ledger", f"{LEDGER}.attribution._listed", _words_stay
    ),
    Mutation(
        "15 moves",
        "a post that another calendar wants, or manages, is neither removed nor adopted",
        "publer_sync.commands.reaching.session.Session._moves",
        _alone,
    ),
    Mutation(
        "18 told",
        "a post that Publer could not publish is reported from its entry, however far back a list reaches",
        f"{PLANNING}.judge._why_missed",
        _only_listed_failures,
    ),
    Mutation(
        "19 tidy",
        "what may still be in Publer is never forgotten, however old its slot is",
        f"{LEDGER}.attribution.tidy",
        _forgets_by_slot,
        kind="days",
    ),
    Mutation(
        "20 words stay",
        "words stay with their post when posts without ids are moved",
        f"{PLANNING}.match._saying_the_same",
        always(()),
    ),
    Mutation(
        "21 too late",
        "a post that was published before it was moved is not created again",
        f"{PLANNING}.saying.block_too_late",
        lambda _original: lambda _case, _entries, changes: changes,
    ),
    Mutation(
        "22 handed on",
        "nothing gets the words of a post that keeps them",
        f"{PLANNING}.saying.hand_on",
        lambda _original: lambda changes, *_: [*changes],
    ),
    Mutation(
        "23 evidence",
        "what was published is given first to what Publer once listed",
        f"{LEDGER}.accounting._doubt",
        always(0),
    ),
    Mutation(
        "24 refusals",
        "a refusal is a claim, which settles by the clock",
        f"{PLANNING}.survey.note_refused",
        _refused_at_once,
        ("refused-but-made",),
    ),
    Mutation(
        "25 moments",
        "no moment of the state lies in the future",
        f"{LEDGER}.moments.believed",
        lambda _original: lambda state, _now: state,
        quick="tests/ledger/test_moments.py",
    ),
    Mutation(
        "26 drafts",
        "a draft that was never listed is not sent again",
        f"{PLANNING}.judge._made_before",
        always(""),
        ("drafts-scheduled",),
    ),
    Mutation(
        "27 pages",
        "a listed page decides for a minute what may be written, not for an hour",
        f"{APPLYING}.run.PAGE_LASTS",
        constant(timedelta(hours=1)),
    ),
    Mutation(
        "28 accounts",
        "published posts are looked for on the account on which a post was, not on that to which it was sent",
        f"{LEDGER}.copies.Copy.on",
        lambda _original: property(lambda copy: copy.account),
        kind="reconnected",
    ),
    Mutation(
        "29 pushes",
        "a rejected push is repeated only if the parts that it writes are as they were last read",
        f"{LEDGER}.git_store.GitStore._after_handing_over",
        lambda _original: lambda _store, files, _before, found, _states: (files, found),
        kind="at-once",
    ),
    Mutation(
        "30 older files",
        "files that lack what was applied last are refused",
        f"{PLANNING}.older.Older.refusals",
        always(()),
        kind="commits",
    ),
    Mutation(
        "31 clocks",
        "every decision is by Publer's clock",
        "publer_sync.machine.clock.Clock.heard",
        always(None),
        kind="clocks",
    ),
    Mutation(
        "32 unknown states",
        "a post that left the calendar and is in a state that no document names is reported",
        f"{PLANNING}.leftovers._is_unknown",
        always(False),
        ("unknown-states",),
        kind="plain",
    ),
    Mutation(
        "33 come up",
        "a refused post that Publer lists only while an apply runs is removed or reported",
        f"{APPLYING}.removing.settle_what_turned_up",
        always(None),
        ("refused-but-made",),
        kind="plain",
    ),
    Mutation(
        "34 reconnected",
        "nothing is created on an account that may be a reconnected one",
        f"{PLANNING}.lost.LostAccounts.waits",
        always(""),
        quick="tests/commands/test_reconnected.py",
    ),
    Mutation(
        "35 hold by id",
        "hold takes out what is on accounts that the settings no longer name",
        "publer_sync.commands.holding.hold_one._managed",
        lambda _original: lambda access, _state: access.account_ids,
        quick="tests/commands/test_hold_anywhere.py",
    ),
    Mutation(
        "36 lost",
        "a ledger that is missing where one was is not started again",
        f"{LEDGER}.git_store.GitStore.lost",
        always(None),
        quick="tests/commands/test_lost_branch.py",
    ),
    Mutation(
        "37 published there",
        "a post that was published before its account was reconnected is not created there",
        f"{PLANNING}.lost._same_posts",
        always({}),
        kind="reconnected",
    ),
    Mutation(
        "38 held there",
        "a hold of an account also holds it after it was reconnected",
        "publer_sync.commands.reaching.access.Access.held_again",
        lambda _original: lambda _access, hold, _state: hold,
        quick="tests/commands/test_reconnected.py",
    ),
    Mutation(
        "39 unfinished",
        "posts that an apply has not finished do not move to another id",
        "publer_sync.commands.reconnect._has_unfinished",
        always(False),
        quick="tests/commands/test_reconnected.py",
    ),
    Mutation(
        "40 copies",
        "a copied folder changes nothing under the name of the first one",
        "publer_sync.commands.reaching.identity.error_of",
        always(None),
        kind="copied",
    ),
    Mutation(
        "41 moved away",
        "a part that moved to another place is not used in the old one",
        f"{LEDGER}.store.check",
        always(None),
        kind="places",
    ),
    Mutation(
        "42 unread",
        "a post that the calendar no longer wants and that may be an unreadable row is reported",
        f"{PLANNING}.leftovers.may_be_there",
        always(()),
        ("unreadable-rows",),
        kind="plain",
    ),
    Mutation(
        "43 dropped",
        "what Publer accepts twice and never lists is not sent a third time until someone says so",
        f"{PLANNING}.judge.MOST_UNSEEN",
        constant(99),
        quick="tests/planning/test_planner_changes.py",
    ),
    Mutation(
        "44 renamed since",
        "files from before a calendar was renamed are not those of a new calendar",
        "publer_sync.commands.reaching.renaming._is_of_repository",
        always(False),
        quick="tests/commands/test_older_files.py",
    ),
    Mutation(
        "45 short lists",
        "a list that has fewer posts than its own total tells nothing of those that it lacks",
        "publer_sync.publer.paging.ReadPages.short",
        lambda _original: property(lambda _pages: 0),
        kind="rough",
    ),
    Mutation(
        "46 named",
        "a post that the answer to a DELETE does not name is not counted as removed",
        "publer_sync.publer.gateway.Publer.delete",
        _all_deleted,
        kind="rough",
    ),
    Mutation(
        "47 posts divided",
        "a request for new posts that is refused as a whole is divided",
        f"{APPLYING}.sending._refused",
        _posts_undivided,
        quick="tests/applying/test_sending.py",
    ),
    Mutation(
        "48 gone astray",
        "a post that is not on its day any more, once a question has waited, is looked for wherever a plan would",
        f"{APPLYING}.run.Run._astray",
        always(frozenset()),
        kind="questions",
    ),
    Mutation(
        "49 swapped",
        "posts that swap words are replaced: none of them can be edited before the others",
        f"{PLANNING}.planner.swapping_edits",
        always({}),
        kind="words",
    ),
    Mutation(
        "50 lent",
        "an option for a post lets through only what waits for it, and not what is held up itself",
        f"{PLANNING}.allow.Allow.passes_blocks",
        lambda _original: _lets_all,
        kind="words",
    ),
    Mutation(
        "51 published first",
        "what was removed just at its time, and may have been published first, is not created again",
        f"{LEDGER}.accounting._came_first",
        always(False),
        quick="tests/commands/test_hold_not_stopped.py",
    ),
    Mutation(
        "52 renumbered",
        "what an edit made under another id is still its post, also for a hold that comes before any apply",
        f"{LEDGER}.attribution.under_another_id",
        always(None),
        quick="tests/commands/test_hold_not_stopped.py",
    ),
    Mutation(
        "intents",
        "an intent is saved before its request leaves",
        f"{APPLYING}.run.Run.note",
        lambda _original: _unsaved,
    ),
    Mutation(
        "settling",
        "what was sent is settled by the clock, not by the first listing",
        f"{LEDGER}.attribution.lapse",
        lambda lapse: (
            lambda state, **options: lapse(state, now=options["now"].replace(year=9999), poll_seconds=2.0)
        ),
    ),
)


def _unsaved(running: Any) -> None:
    running.noting.noted = True


def _lets_all(allow: Any, change: Any) -> bool:
    return not change.blocks or (bool(change.owners) and any((allow.frozen, allow.edits)))


# --- looking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The seed that found it, how it ended, and how many seeds were tried until then."""

    seed: int
    code: str
    tried: int


def found(mutation: Mutation, *, first: int, most: int) -> Found | None:
    for tried, seed in enumerate(range(first, first + most), 1):
        history = mutation.history(seed)
        with mutation.applied():
            ended = run(history)
        finding = ended.finding
        if finding is None or finding.code == "crash":  # what takes a rule out may itself be broken
            continue
        if run(history).finding is None:
            return Found(seed, finding.code, tried)
    return None


def _how(mutation: Mutation, first: int, most: int) -> str:
    if mutation.quick:
        return mutation.quick if fails(mutation) else NOT_FOUND
    told = found(mutation, first=first, most=most)
    return f"seed {told.seed} ({told.code}), after {told.tried}" if told else NOT_FOUND


def fails(mutation: Mutation) -> bool:
    """Whether one of its quick tests does with it, in this process, where the rule is taken out."""
    with mutation.applied():
        words = ["-q", "-x", "-n0", "-p", "no:cacheprovider", "--no-header", "--no-summary", mutation.quick]
        return pytest.main(words) == pytest.ExitCode.TESTS_FAILED


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulate.mutations", description=__doc__)
    parser.add_argument("names", nargs="*", help="how those begin that are tried; all where none is named")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first seed")
    parser.add_argument("--most", type=int, default=4000, help="how many seeds to try for each")
    given = parser.parse_args(words)
    missed = 0
    for mutation in MUTATIONS:
        if given.names and not any(mutation.name.startswith(name) for name in given.names):
            continue
        started = time.perf_counter()
        try:
            how = _how(mutation, given.first, given.most)
            missed += how == NOT_FOUND
        except AttributeError as gone:
            how, missed = f"not there: {gone}", missed + 1
        seconds = time.perf_counter() - started
        sys.stdout.write(f"{mutation.name:<20} {how:<36} {seconds:5.0f} s  {mutation.rule}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

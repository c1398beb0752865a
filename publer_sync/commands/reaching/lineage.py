"""Whether the files here have what was applied last, asked of git: before a plan, and for the record of a run."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import dependencies
from publer_sync.commands.running.who import in_ci, proposed_to, url_of, who_of
from publer_sync.ledger.runs import RunRecord, of_files
from publer_sync.planning.notes import Warn
from publer_sync.planning.older import Older
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.checkout import Checkout
    from publer_sync.ledger.history import History
    from publer_sync.ledger.repositories import Repositories, WorkTree


@dataclass
class Lineage:
    """The files of a calendar, and what git knows of them. `asks` is False for a rehearsal, which nobody else shares."""

    calendar: Calendar
    repositories: Repositories
    asks: bool = True
    reads: bool = False
    """Whether the command changes nothing: what is proposed to the branch that is applied is planned as if it were there."""
    told: tuple[tuple[RunRecord, ...], Older] | None = None

    @cached_property
    def checkout(self) -> Checkout | None:
        top, tree = self.calendar.top, self.tree
        return tree.checkout((top, *dependencies(top))) if tree is not None and self.asks else None

    @property
    def tree(self) -> WorkTree | None:
        return self.repositories.of(self.calendar.top)

    @property
    def history(self) -> History | None:
        return self.tree.history if self.tree is not None and self.checkout is not None else None

    @property
    def who(self) -> str:
        if not self.asks or not self.calendar.settings.names_who:
            return ""
        return who_of(self.tree, os.environ)

    def of(self, calendar: Calendar) -> Lineage:
        """The same for another calendar."""
        return Lineage(calendar, self.repositories, self.asks, self.reads)

    def record(
        self,
        command: str,
        now: datetime,
        *,
        options: tuple[str, ...] = (),
        reason: str = "",
        lacks: bool = False,
        of_files: bool = True,
    ) -> RunRecord:
        """What the state keeps of a run that begins now; a hold waits for no question about files."""
        files = self.checkout if of_files else None
        commit = files.commit if files else None
        if not of_files and self.asks and self.tree is not None:
            commit = self.tree.head
        return RunRecord(
            now,
            command,
            self.who,
            commit,
            dict(files.trees) if files else {},
            differs=files.differs if files else False,
            url=url_of(os.environ) if self.asks else "",
            reason=reason,
            options=options,
            lacks=lacks,
            of=self.repositories.command,
            work_tree=self.tree.identify() if files and self.tree and not in_ci(os.environ) else "",
        )

    def older(self, runs: tuple[RunRecord, ...]) -> Older:
        """What these files lack of what these runs brought to Publer."""
        if self.told is None or self.told[0] != runs:
            try:
                found = self._older(runs)
            except StateError as error:
                told = error.message.rstrip(".")  # git ends its sentences
                why = f"it is not known whether these files have what was applied last: {told}"
                found = Older(error=why)
            self.told = runs, found
        return self.told[1]

    def _older(self, runs: tuple[RunRecord, ...]) -> Older:
        if self.history is None or self.checkout is None:
            return Older()
        newer, unknown = [], []
        for run in of_files(runs):
            if self._has_files_of(run):
                if not run.lacks:
                    break
                continue  # it left what these files lack, too
            if self._is_of_this_work_tree(run):
                continue
            match self._descends_from(run):
                case True if not run.lacks:
                    break
                case True:
                    pass
                case False:
                    newer.append(run)
                case None:
                    unknown.append(run)
        lacks = bool(newer or unknown)
        tip = lacks and not self.checkout.differs and self.history.is_tip()
        proposed = lacks and not tip and self._is_proposed(newer)
        first = self.history.branch_with(newer[0].commit or "") if newer and not (tip or proposed) else ""
        return Older(
            tuple(newer),
            tuple(unknown),
            tip=tip or proposed,
            proposed=proposed,
            merge=first,
            warnings=self._unpushed(),
        )

    def _is_of_this_work_tree(self, run: RunRecord) -> bool:
        """Whether the run had its files from here: whoever goes back to others undoes nobody else's work."""
        return (
            self.tree is not None
            and run.work_tree != ""
            and run.work_tree == self.tree.id
            and not in_ci(os.environ)
        )

    def _is_proposed(self, newer: Sequence[RunRecord]) -> bool:
        """Whether these files are a pull or merge request for the branch that is applied, and have all that was applied of it."""
        branch = proposed_to(os.environ) if self.reads else None
        history, checkout = self.history, self.checkout
        if branch is None or history is None or checkout is None or checkout.differs:
            return False
        return history.is_default(branch) and not any(
            run.commit and history.is_on_default(run.commit) for run in newer
        )

    def _has_files_of(self, run: RunRecord) -> bool:
        """Whether these files have those of the run, as far as that is known here."""
        files, history = self.checkout, self.history
        if files is None or history is None or run.commit is None:
            return False
        trees = dict(run.trees)
        if trees and trees in (dict(files.trees), dict(files.committed)):
            return True
        return not run.differs and history.leads_here(run.commit)

    def _descends_from(self, run: RunRecord) -> bool | None:
        """Whether these files have those of the run, asked of the remote; None where that is not known."""
        history, trees = self.history, dict(run.trees)
        if history is None or run.commit is None:
            return None
        if (
            not run.differs
            and not history.complete
            and history.knows(run.commit)
            and history.contains(run.commit)
        ):
            return True
        if trees and history.knows(run.commit) and history.has_trees(run.commit, trees):
            return True
        return None if run.differs or not history.knows(run.commit) else False

    def _unpushed(self) -> tuple[Warn, ...]:
        files, history = self.checkout, self.history
        if files is None or history is None or not history.has_remote:
            return ()
        if files.differs:
            return (
                Warn(
                    "unpushed",
                    "these files differ from what is committed: nobody else has them until they are pushed",
                ),
            )
        if history.is_pushed(files.paths) is False:
            return (
                Warn(
                    "unpushed", f"{files.commit[:7]} is not pushed: nobody else has these files until it is"
                ),
            )
        return ()

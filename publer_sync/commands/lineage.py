"""Whether the files here have what was applied last, asked of git: before a plan, and for the record of a run."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import dependencies
from publer_sync.commands.who import url_of, who_of
from publer_sync.errors import StateError
from publer_sync.late_dataclasses import dataclass
from publer_sync.ledger.runs import RunRecord, of_files
from publer_sync.planning.notes import Warn
from publer_sync.planning.older import Older

if TYPE_CHECKING:
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
        return Lineage(calendar, self.repositories, self.asks)

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
        )

    def older(self, runs: tuple[RunRecord, ...]) -> Older:
        """What these files lack of what these runs brought to Publer."""
        if self.told is None or self.told[0] != runs:
            try:
                found = self._older(runs)
            except StateError as error:
                why = f"it is not known whether these files have what was applied last: {error.message}"
                found = Older(error=why)
            self.told = runs, found
        return self.told[1]

    def _older(self, runs: tuple[RunRecord, ...]) -> Older:
        if self.history is None or self.checkout is None:
            return Older()
        newer, unknown = [], []
        for run in of_files(runs):
            match self._descends_from(run):
                case True if not run.lacks:
                    break
                case True:
                    pass  # it left what these files lack, too
                case False:
                    newer.append(run)
                case None:
                    unknown.append(run)
        lacks = bool(newer or unknown)
        tip = lacks and not self.checkout.differs and self.history.is_tip()
        return Older(tuple(newer), tuple(unknown), tip=tip, warnings=self._unpushed())

    def _descends_from(self, run: RunRecord) -> bool | None:
        """Whether these files have those of the run; None where that is not known."""
        files, history = self.checkout, self.history
        if files is None or history is None or run.commit is None:
            return None
        trees = dict(run.trees)
        if trees and trees in (dict(files.trees), dict(files.committed)):
            return True
        if not run.differs and history.leads_here(run.commit):
            return True
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

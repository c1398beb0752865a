"""What commands that write files of a calendar have in common on the course: one question for all, each file written as a whole."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol, TypeVar

from publer_sync.commands.running.course import Work
from publer_sync.commands.running.saving import question
from publer_sync.commands.running.shared import confirm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.editing.saving import Saving
    from publer_sync.render.several import Ending


class WritesFiles(Protocol):
    """What such a command knows of a calendar from its plan on."""

    @property
    def folder(self) -> Path | None:
        """The workshop in which files are made; None where it is only shown what would be written."""

    @property
    def saving(self) -> Saving:
        """What would be written; without files, nothing."""


P = TypeVar("P", bound=WritesFiles)


class FileWork(Work[P, P]):
    """A command's part of the course where all it does is to write files."""

    @property
    def shows(self) -> bool:
        return True

    @abstractmethod
    def text(self, planned: P) -> str:
        """Everything but the question, for people."""

    @abstractmethod
    def ending(self, planned: P, text: str, *, written: bool) -> Ending:
        """How it ended, with this text for people."""

    def proposal(self, planned: P) -> Ending:
        return self.ending(planned, self.text(planned), written=False)

    def question(self, planned: Sequence[P]) -> str:
        return question(sum(len(each.saving.files) for each in planned))

    def begin(self, planned: Sequence[P]) -> None:
        if not self.request.yes and any(each.saving.files for each in planned):
            confirm(self.question(planned))

    def carry_out(self, planned: P) -> P:
        """Raises OutputError and Interrupted as `Saving.save` does."""
        if planned.saving.files and planned.folder is not None:
            planned.saving.save(planned.folder)
        return planned

    def end(self, planned: P, result: P) -> Ending:
        del result
        return self.ending(planned, "", written=bool(planned.saving.files))

"""What every command on calendars does around its own work: choose them, load each, explain what is wrong, and end.

One calendar and many take the same way; of a single one only its result is shown.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from publer_sync.commands.running import several
from publer_sync.commands.running.problems import explained
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.shared import load, loading, screen
from publer_sync.render import several as endings
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.several import Chosen
    from publer_sync.commands.running.views import View, Views
    from publer_sync.render.several import Ending
    from publer_sync.values.model import Post


@dataclass(frozen=True)
class Frame:
    """The calendars of a command, and what was chosen of them. A calendar is named by its folder as given."""

    chosen: Chosen
    choice: Choice
    accounts: Mapping[Path | None, tuple[str, ...]]
    """Those of the choice that each calendar has."""
    style: str
    adapt: Callable[[Choice, Calendar], Choice] = lambda choice, _: choice
    """The choice for a calendar, where it depends on what the calendar says."""
    views: Views = field(default_factory=dict)
    """Those of the command; none where it writes, and has text and JSON alone."""
    known: dict[Path | None, tuple[Post, ...]] = field(default_factory=dict, compare=False, repr=False)
    """The posts of calendars that were read for the budgets of others."""
    read: Callable[[Path | None], Calendar] = load
    """Reads one of them."""
    folders: tuple[Path, ...] = ()
    """As given."""
    gone: Mapping[Path | None, tuple[Calendar, Choice]] = field(default_factory=dict)
    """Calendars without a folder, by what stands for it, and what was chosen of each."""

    @classmethod
    def of(
        cls,
        folders: Sequence[Path],
        choice: Choice,
        *,
        style: str,
        views: Views | None = None,
        changed_since: str | None = None,
        unfinished: Callable[[Path], bool] = lambda _: False,
        plan_file: Path | None = None,
        offline: bool = False,
        strict: bool = True,
    ) -> Frame:
        """Choose as `several.choose` does. Raises what would stop every calendar, before anything is asked of Publer."""
        chosen = several.choose(folders, changed_since, unfinished=unfinished)
        if not offline:
            several.check(chosen, choice, plan_file, names=strict)
        chosen, accounts = several.with_accounts(chosen, choice.accounts, strict=strict)
        return cls(
            chosen,
            choice,
            accounts,
            style,
            views=views or {},
            read=loading(chosen.tops),
            folders=tuple(folders),
        )

    @classmethod
    def alone(cls, choice: Choice, *, style: str, views: Views | None = None) -> Frame:
        """The one calendar that `choice` names."""
        top = choice.calendar
        return cls(
            several.Chosen((top,), several=False), choice, {top: choice.accounts}, style, views=views or {}
        )

    @property
    def view(self) -> View:
        """What shows each calendar, or all of them."""
        return self.views[self.style]

    @property
    def tops(self) -> tuple[Path | None, ...]:
        return self.chosen.tops

    def here(self, top: Path | None) -> Choice:
        """What was chosen of one calendar."""
        return replace(self.choice, calendar=top, accounts=self.accounts[top], together=self.together)

    @cached_property
    def together(self) -> tuple[Path, ...]:
        """The calendars with a folder, of a command that has several."""
        return tuple(each for each in several.together(self.chosen) if each not in self.gone)

    def load(self, top: Path | None) -> Calendar:
        """A calendar, with the posts of the others where its budgets count them."""
        calendar = self.read(top)
        if not calendar.settings.budgets:
            return calendar
        others = [post for each in self.tops if each != top for post in self.posts_of(each)]
        return replace(calendar, beside=tuple(others))

    def posts_of(self, top: Path | None) -> tuple[Post, ...]:
        """The posts of one of the calendars; none where it cannot be read. Read once for all that count them."""
        if top not in self.known:
            self.known[top] = ()
            with suppress(PublerSyncError):  # its own turn tells what is wrong
                self.known[top] = load(top).desired.posts
        return self.known[top]

    @contextmanager
    def calendar(self, top: Path | None) -> Iterator[tuple[Calendar, Choice]]:
        """A calendar, loaded, and what was chosen of it. Its errors, also those that come out of this, show their lines."""
        calendar, here = self.gone[top] if top in self.gone else (self.load(top), None)
        with explained(calendar, style=self.style):
            yield calendar, here or self.adapt(self.here(top), calendar)

    def and_gone(self, gone: Mapping[Path | None, tuple[Calendar, Choice]]) -> Frame:
        """With calendars that have left the repository beside those that are there."""
        if not gone:
            return self
        chosen = several.Chosen((*self.tops, *gone), several=True)
        return replace(self, chosen=chosen, accounts={**self.accounts, **dict.fromkeys(gone, ())}, gone=gone)

    def each(
        self,
        one: Callable[[Path | None], Ending],
        *,
        doing: str,
        progress: ProgressLine,
        connections: Connections[Any] | None = None,
        tops: Sequence[Path | None] | None = None,
    ) -> list[tuple[str, Ending]]:
        """How it ends for each, by its name. One that fails does not stop the others; a single one raises."""
        tops = self.tops if tops is None else tops
        if not self.chosen.several:
            return [(several.name_of(top), one(top)) for top in tops]
        return list(several.each(tops, one, doing=doing, progress=progress, connections=connections))

    def run(
        self,
        one: Callable[[Path | None], Ending],
        *,
        doing: str,
        connections: Connections[Any] | None = None,
        **offered: Any,
    ) -> int:
        """Do something with each calendar, print how it ended, and return the exit code.

        `doing` names it in the progress line, which also says how long Publer's limit makes the rest of what goes over
        `connections`. What else is `offered` is for a view of all calendars.
        """
        with ProgressLine() as progress:
            ended = self.each(one, doing=doing, progress=progress, connections=connections)
        return self.end(ended, **offered)

    def refused(self, shown: Ending, error: PublerSyncError) -> Ending:
        """Where a plan may not be carried out: the plan comes first, then why. Raises the error for a single calendar."""
        if not self.chosen.several:
            if self.style != "json":
                several.show(shown)
            raise error
        ending = several.failed(error)
        return replace(ending, text=f"{shown.text}\n{ending.text}")

    def text(self, ended: Sequence[tuple[str, Ending]]) -> str:
        """How it ended, as it is shown before a question."""
        return endings.text(ended, screen=screen()) if self.chosen.several else ended[0][1].text

    def end(self, ended: Sequence[tuple[str, Ending]], **offered: Any) -> int:
        """Print how it ended, and return the exit code: of several, that of the worst."""
        if self.views and self.view.together:
            found = [each.found for _, each in ended if each.found is not None]
            return several.show_together(ended, self.view, found, **offered)
        if not self.chosen.several:
            return several.show(ended[0][1])
        if self.tops:
            return several.conclude(ended, style=self.style)
        # Where it is asked alone: it reads states.
        from publer_sync.commands.reaching.gone import below, sentence_of

        gone = below(self.folders, self.choice)  # no calendar tells of them
        notes = [sentence_of(each, self.choice) for each in gone]
        return several.conclude(ended, style=self.style, gone=gone, notes=notes)

"""Chooses the calendars of a run: those that its input names, or only those of them that have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.action.git import fetch
from publer_sync.action.github import GitHubError
from publer_sync.calendar.folder import find_calendars
from publer_sync.commands.beside.changed import changed, differing
from publer_sync.render.layout.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from publer_sync.action.inputs import Event, Inputs

AUTO = "auto"


def calendars_of(inputs: Inputs) -> tuple[Path, ...]:
    """The calendars in the folders of the input and below. A folder without any is kept, so that its error is shown."""
    folders = [each for each in inputs.calendars if not find_calendars([each])]
    return (*folders, *find_calendars(inputs.calendars))


def with_changes(
    calendars: Sequence[Path], inputs: Inputs, event: Event, *, also: Callable[[Path], bool]
) -> tuple[Path, ...]:
    """The calendars that differ from `changed-since`, and those for which `also` says so.

    All of them if nothing says since when. Raises UsageError for a commit that git does not know.
    """
    if inputs.changed_since is None:
        return tuple(calendars)
    if inputs.changed_since != AUTO:
        differ = set(changed(calendars, inputs.changed_since))
    elif not (base := event.pull.base if event.pull is not None else event.before):
        return tuple(calendars)
    else:
        try:
            fetch(base)
        except GitHubError as error:
            workflow.annotate(
                "warning", f"{error.message}, so all calendars are taken, not only those with changes"
            )
            return tuple(calendars)
        differ = set(differing(calendars, base))
    kept = tuple(top for top in calendars if top in differ or also(top))
    workflow.tell(f"publer-sync: {count(len(kept), 'calendar')} of {len(calendars):,} to look at")
    return kept

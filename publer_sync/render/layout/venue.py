"""Where a page of Markdown is read, and what its readers can do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.phrases import for_all
from publer_sync.render.post.marks import NO_OPTIONS
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from publer_sync.planning.allow import Allow


@dataclass(frozen=True, slots=True)
class Venue:
    """By default a terminal. All texts are Markdown. `calendar` names it on the pages that no plan names.

    `line` gives the address of a line of a file, `picture` that of a picture to be shown, and `file` that of a file to be
    opened. `old_picture` and `old_file` do the same for a file that was replaced or removed, by its digest, its name, and
    the file that replaces it. `figures` and `old_figures` say what there is to know of a video or document without opening it:
    length or pages, shape and size. `apply` says how to apply with options; `whole` is where all of a page
    can be read, and `preview` the address of the page that shows the posts; `merged`: the change has been merged; `notes` go
    below the counts.
    """

    calendar: str = "calendar"
    line: Callable[[str, int], str] | None = None
    picture: Callable[[Path], str | None] = lambda _path: None
    file: Callable[[Path], str | None] = lambda _path: None
    old_picture: Callable[[str, str, Path | None], str | None] = lambda _digest, _name, _path: None
    old_file: Callable[[str, str, Path | None], str | None] = lambda _digest, _name, _path: None
    figures: Callable[[Path], str] = lambda _path: ""
    old_figures: Callable[[str, str, Path | None], str] = lambda _digest, _name, _path: ""
    publer: str = "https://app.publer.com/#/calendar"
    """Publer's documents name no address of a single post."""
    apply: Callable[[Sequence[str]], str] | None = None
    command: str = "publer-sync apply"
    whole: str = "<code>publer-sync plan -v</code>"
    preview: str = ""
    merged: bool = False
    refused: bool = False
    """A safety limit has refused to apply this plan."""
    allow: Allow = NO_OPTIONS
    """The options that apply already has."""
    notes: tuple[str, ...] = ()
    marker: bool = True
    """A hidden first line, by which a comment is found again."""

    def apply_with(self, options: Sequence[str]) -> str:
        if self.apply is not None:
            return self.apply(for_all(options))
        return f"<code>{escaped_line(' '.join([self.command, *options]))}</code>"

"""Reports calendars that have left the repository, in a run whose own calendars would not report them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.commands.reaching.gone import below, sentence_of
from publer_sync.commands.running.choice import Choice
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.wording import before_command

if TYPE_CHECKING:
    from publer_sync.action.inputs import Event, Inputs


def tell_of_gone(inputs: Inputs, event: Event) -> None:
    """In the summary and as a warning."""
    choice = Choice(state=inputs.state)
    for each in below(inputs.calendars, choice):
        told = before_command(sentence_of(each, choice))
        workflow.annotate("warning", told)
        workflow.add_summary(event.summary, f"{escaped_line(told)}\n")

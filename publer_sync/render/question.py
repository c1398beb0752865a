"""What apply asks before it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.effort import effort_of
from publer_sync.planning.plan import Action
from publer_sync.render import marks
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.wording import count, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Allow
    from publer_sync.planning.plan import Plan


def question(plans: Sequence[Plan], *, screen: Screen = PLAIN, allow: Allow = marks.NO_OPTIONS) -> str:
    """The answer is `yes` in full. `allow` are the options that apply has."""
    listed = [change for plan in plans for change in plan.listed]
    adopted = [change for change in listed if change.action is Action.ADOPT]
    public = [change for change in listed if allow.passes(change)]
    shown = [marks.mark_of(change, allow) for change in listed]
    skipped = [mark for mark in shown if mark.stuck]
    totals = ", ".join(
        screen.paint(words, "red" if mark is marks.REMOVE else "")
        for mark, words in marks.totals(marks.mark_of(change, allow) for change in public)
    )
    managed = f"{count(len(adopted), 'post')} already in Publer will be managed here."
    parts = []
    if public:
        parts.append(f"This changes what is published: {totals}.")
    elif not adopted:
        parts.append("Nothing can be done now.")
    if adopted:
        parts.append(managed if public else f"Nothing is sent: {managed}")
    if skipped:
        parts.append(f"Skipped: {', '.join(words for _, words in marks.totals(skipped))}.")
    return f"{' '.join(parts)}\n{sentence(str(effort_of(plans, allow.passes)))}\nType yes to continue: "

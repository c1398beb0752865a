"""What apply asks before it writes."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import TYPE_CHECKING

from publer_sync.planning.plan import Action, intent
from publer_sync.render import marks
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Allow
    from publer_sync.planning.plan import Change, Plan


_MADE = (Action.CREATE, Action.RECREATE, Action.REPLACE)


def question(plan: Plan, *, screen: Screen = PLAIN, allow: Allow = marks.NO_OPTIONS) -> str:
    """The answer is `yes` in full. `allow` are the options that apply has."""
    adopted = [change for change in plan.listed if change.action is Action.ADOPT]
    public = [change for change in plan.listed if allow.passes(change)]
    shown = [marks.mark_of(change, allow) for change in plan.listed]
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
    requests = _requests(public)
    cost = f"About {count(requests, 'request')}, {_time_for(public, requests)}."
    return f"{' '.join(parts)}\n{cost}\nType yes to continue: "


def _requests(changes: Sequence[Change]) -> int:
    """A guess: uploads, edits, jobs and the polls for them, deletes, and listings before and after."""
    kinds = Counter(intent(change).action for change in changes)
    made = [change.post for change in changes if intent(change).action in _MADE and change.post]
    media = {source.digest for post in made for source in post.media if not source.id}
    gone = kinds[Action.DELETE] + kinds[Action.REPLACE]
    return 4 + 2 * len(media) + kinds[Action.UPDATE] + 6 * ceil(len(made) / 500) + ceil(gone / 50)


def _time_for(changes: Sequence[Change], requests: int) -> str:
    """Publer lets 100 requests through in 2 minutes, and lists a new post after up to a minute."""
    made = any(intent(change).action in _MADE for change in changes)
    minutes = (1 if made else 0) + 2 * (requests // 100) + (requests % 100) / 120
    return "under a minute" if minutes < 1 else f"about {count(ceil(minutes), 'minute')}"

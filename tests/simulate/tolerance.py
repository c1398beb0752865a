"""What no client can help where Publer has a temper of its own: each with its reason, so that a judgement is not too strict.

All of it is told: the apply in question ends with 6, and names the post.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.sandbox.dialects import readable
from tests.simulate.findings import differs
from tests.simulate.service import COLLEAGUES

if TYPE_CHECKING:
    from tests.simulate.entries import Entry
    from tests.simulate.running import Running
    from tests.simulate.service import Trace
    from tests.simulate.wants import Want
    from tests.simulate.world import World

UNTRUE = frozenset({"refused-but-made", "job-twice"})
"""Publer says that it refused what it made."""


COMES_UP = 120.0
"""Seconds within which a post that was made shows in a list."""


def refuses_untruly(world: World) -> bool:
    return not UNTRUE.isdisjoint(world.start.tempers)


def is_scheduled_draft(world: World, entry: Entry) -> bool:
    """Publer schedules drafts: each is removed at once, freeze or not, and what cannot be removed is told as failed."""
    return "drafts-scheduled" in world.start.tempers and entry.want.draft


def is_another_draft(world: World, entry: Entry, want: Want) -> bool:
    """Nothing keeps two drafts of one minute apart, nor tells which is which, or that one is there: they are not published."""
    said = {want.text, *(text for text, _ in entry.said)}
    same = (
        trace.maker == COLLEAGUES and trace.account == want.account and trace.text in said
        for trace in world.service.traces
    )
    return want.draft and (refuses_untruly(world) or "unreadable-rows" in world.start.tempers or any(same))


def is_never_listed(world: World, trace: Trace) -> bool:
    """No list tells that a post was made whose row can't be read, or a draft: what Publer says of a refusal is all there is."""
    hidden = hides_drafts(world) and trace.stored.family == "draft"
    return hidden or not readable(trace.stored, world.faults)


def is_hidden_and_refused(world: World, trace: Trace) -> bool:
    """Publer says that it refused what it made, and no list tells otherwise before it is published."""
    return refuses_untruly(world) and is_never_listed(world, trace)


def is_as_shown(world: World, trace: Trace, want: Want) -> bool:
    """Whether the calendar has the words that a post is shown with: pull can read no others."""
    shown = world.faults.shown_text
    pulled = shown is not None and shown(trace.text) == want.text
    return pulled and not differs(trace, replace(want, text=trace.text))


def lost_its_id(world: World, trace: Trace) -> bool:
    """An edit gave it another id, and a colleague moved it before a list had shown it: nothing tells which post it is."""
    return "edit-renumbers" in world.start.tempers and "move" in trace.hands


def came_unseen(world: World, run: Running, trace: Trace) -> bool:
    """Nobody waits for what Publer refused: it may come up once the next apply has listed, or while that goes on."""
    just_made = run.started - trace.made < COMES_UP
    return refuses_untruly(world) and (trace.number not in run.listed or just_made)


def hides_drafts(world: World) -> bool:
    """No list shows a draft with its time: after the first one no other is sent before someone has looked."""
    return not {"drafts-undated", "drafts-hidden"}.isdisjoint(world.start.tempers)


def wants_a_look(world: World) -> bool:
    """The first draft may never be listed as one, and the next ones wait until someone has looked."""
    return hides_drafts(world) or "unreadable-rows" in world.start.tempers


def never_rests(world: World) -> bool:
    """Each create is refused, so that a circle of posts is put back at every apply, and each apply says so."""
    return refuses_untruly(world)

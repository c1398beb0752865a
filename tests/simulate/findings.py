"""What a history may find, and how posts are compared and called.

A finding has a code, which names the class of the invariant that is broken, and a sentence for the story:

twice       a post was published twice
silent      a post that should have been published was not, and nobody was told
missing     an apply said that all is well, and a wanted post is not in Publer
two         an apply said that all is well, and a post is in Publer twice
different   an apply said that all is well, and a post in Publer is not as the calendar says
lost        an apply removed the only copy of a wanted post, and sent nothing in its place
refused     an apply said that Publer refused a post that Publer made
given up    an apply did not remove a post, since Publer refused to delete another one
orphan      an apply said that all is well, and a post that left the calendar is still going to be published
foreign     a post of a colleague, or of another calendar, was edited or removed
claimed     the state has a post of a colleague that the calendar does not want
edited      a post was overwritten or removed although a list had shown a colleague's edit
freeze      a post was changed within the freeze
held        a hold, or an apply under one of the settings, ended with 0, and a post in its scope is still going to be published
older       an apply from files that lack what was applied last was carried out
copied      a command of a copied folder with the name of the first one changed something
copies      one post in Publer is in two copies
bytes       the state does not read back as it was written
crash       a bug
restless    applies that nothing disturbs never come to rest
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulate.service import COLLEAGUES
from tests.simulate.wants import Want, face_of, when

if TYPE_CHECKING:
    from datetime import timedelta

    from publer_sync.ledger.state import State
    from tests.simulate.service import Trace


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    sentence: str


def ids_in_state(state: State) -> list[str]:
    """Publer's ids of all copies."""
    return [copy.post_id for copy in state.copies.values() if copy.post_id]


def differs(trace: Trace, want: Want, *, blind: bool = False) -> bool:
    """Whether it is not as wanted, as far as anybody can know: labels and comments of what a colleague made are not shown.

    No more are those of a post that a colleague changed before any state had it, nor those of an adopted post, which apply tells.
    """
    face, wanted = face_of(trace.stored), want.face
    if "schedule" in trace.hands and want.draft:
        face = face._replace(draft=True)
    if blind:  # nobody knows of labels and comments that the calendar does not mention
        face = face._replace(
            labels=face.labels if wanted.labels else (), comments=face.comments if wanted.comments else ()
        )
    if trace.blind or trace.maker == COLLEAGUES or trace.was not in {None, trace.entry}:
        face, wanted = (each._replace(labels=(), comments=()) for each in (face, wanted))
    return face != wanted


def name_of(trace: Trace) -> str:
    """As a story calls a post in Publer."""
    what = f'"{trace.text}"' if trace.text else "the pictures"
    at = f" of {when(trace.at)}" if trace.at else ""
    face = face_of(trace.stored)
    more = [
        *face.labels,
        *(f'with the comment "{each}"' for each in face.comments),
        *(["a draft"] if face.draft else []),
    ]
    return f"{what}{at}" + (f" ({', '.join(more)})" if more else "")


def minutes(left: timedelta) -> str:
    return f"{left.total_seconds() / 60:.0f} minutes"

"""`apply --trust-state`: accepts a state with a wrong signature, once it is shown what that state would manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.commands.running.shared import confirm, say
from publer_sync.planning.case import LIVE
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.wording import count
from publer_sync.render.post.entries import alias_of
from publer_sync.values.errors import StateError, UntrustedStateError
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.running.choice import Consent
    from publer_sync.ledger.state import State
    from publer_sync.publer.gateway import Publer

SHOWN = 20


def state_of(at: Access[Publer], consent: Consent, *, verbose: bool) -> State | None:
    """The state. Raises UntrustedStateError if it may not be trusted, Interrupted if someone says no."""
    at.places.check_lasts()
    try:
        state = at.own_state()
    except StateError as error:
        if not (consent.trust and isinstance(error, UntrustedStateError)):
            at.check_waiting()  # what it names works all the same
            raise
        reason = error.message
    else:
        at.check_waiting()  # only now: it may wait under the name that the calendar had
        return state
    at.store.hear_waiting()  # hold would ask for a trusted state first
    state = at.own_state(trusting=True)
    if state is not None:
        say(f"{reason[0].upper()}{reason[1:]}.\n{_managed(at, state, None if verbose else SHOWN)}")
        for hold in state.holds:
            say(f"It has posts on hold, which apply takes out of Publer: {one_line(hold.reason)}")
        if not consent.yes:
            confirm("Trust this state?")
    return state


def _managed(at: Access[Publer], state: State, most: int | None) -> str:
    """What Publer has of it: the texts in the state may be anyone's."""
    seen = at.survey(state)
    copies = seen.state.copies.values() if seen.state else ()
    managed = {copy.post_id for copy in copies}
    posts = sorted(
        (post for post in seen.live if post.id in managed and post.family in LIVE),
        key=lambda post: (post.at is None, post.at, post.id),
    )
    if not posts:
        return "It would manage no posts that Publer has ahead."
    dates = Dates.around(at.calendar.settings.timezone, at.clock.now())
    lines = [
        f"It would manage {count(len(posts), 'post')} in Publer, which apply may then edit or remove:",
        "",
    ]
    for post in posts[:most]:
        when = dates.both(post.at) if post.at else "no date"
        alias = alias_of(at.account(post.account_id))
        lines.append(f"  {when}  {alias}  {quoted(post.text)}")
    if most is not None and len(posts) > most:
        lines.append(f"  and {len(posts) - most} more; -v lists them all")
    return "\n".join([*lines, ""])

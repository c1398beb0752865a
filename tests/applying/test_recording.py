"""What the log says of each post."""

from __future__ import annotations

import pytest

from publer_sync.applying.recording import line_of
from publer_sync.ledger.runs import Version
from publer_sync.planning.plan import Action
from tests.builders import LATER, SOON, change, copy_of, shown, wanted

POST = wanted(SOON, id="hello")
OURS = copy_of(POST, 3, entry=2)
WAS = Version(SOON, POST.content.digest)


@pytest.mark.parametrize(
    ("action", "post", "at", "before"),
    [
        (Action.DELETE, None, SOON, WAS),
        (Action.REPLACE, wanted(LATER, id="hello"), LATER, WAS),
        (Action.UPDATE, POST, SOON, WAS),
        (Action.RECREATE, POST, SOON, None),
    ],
)
def test_a_removed_post_is_logged_at_its_time_in_the_calendar(
    action: Action, post: object, at: object, before: object
) -> None:
    """Wherever someone had moved it in Publer."""
    line = line_of(change(action, post, live=shown(LATER), copy=OURS))  # type: ignore[arg-type]  # parametrised values
    assert (line.action, line.at, line.entry, line.before) == (str(action), at, 2, before)

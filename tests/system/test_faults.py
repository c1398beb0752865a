"""Something goes wrong at one request of an apply, wherever it is; then one clean apply puts it right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Trip
from tests.system.worlds import tripped

if TYPE_CHECKING:
    from tests.system.worlds import Sweep, World

pytestmark = pytest.mark.slow


FAULTS: dict[str, dict[str, Any]] = {
    "dropped before": {"kind": "drop_before"},
    "dropped after": {"kind": "drop_after"},
    "500 before": {"kind": "error_before"},
    "502 after": {"kind": "error_after"},
    "garbage": {"kind": "garbage"},
    "a web page": {"kind": "html"},
    "an empty answer": {"kind": "empty"},
    "429": {"kind": "limited"},
    "slow": {"kind": "slow", "seconds": 0.03},
    "Cloudflare": {"kind": "blocked"},
    "422": {"kind": "error_before", "status": 422},
    "403": {"kind": "error_before", "status": 403},
    "408 after": {"kind": "error_after", "status": 408},
    "a redirect": {"kind": "redirect"},
    "rows left out": {"kind": "rows_left_out"},
    "an empty page": {"kind": "empty_page"},
    "rows left out from here on": {"kind": "rows_left_out", "times": 10**6},
    "the plan lost its API": {"kind": "upgrade"},
    "the plan lost its API from here on": {"kind": "upgrade", "times": 10**6},
    "down from here on": {"kind": "drop_before", "times": 10**6},
    "answers lost from here on": {"kind": "drop_after", "times": 10**6},
    "500 from here on": {"kind": "error_before", "times": 10**6},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_at_any_request(name: str, sweep: Sweep) -> None:
    def case(world: World, nth: int) -> list[str] | None:
        trip = Trip(**FAULTS[name], nth=nth)
        applied = tripped(world, [trip])
        if trip.seen < nth:
            return None
        amiss = applied.amiss()
        if applied.code == 0:
            world.sandbox.settle()
            amiss += [f"exit 0, yet {what}" for what in world.amiss()]
        amiss += world.settled_amiss()
        request = world.sandbox.requests[nth - 1]
        return [f"{request.method} {request.path}: {what}" for what in amiss]

    sweep(case, of=24)

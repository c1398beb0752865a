"""The clock of a run."""

from __future__ import annotations

import math
from itertools import islice

from publer_sync.clock import growing_waits


def test_waits_grow_up_to_five_times_the_first() -> None:
    assert list(islice(growing_waits(2), 7)) == [2, 3, 4.5, 6.75, 10, 10, 10]


def test_they_may_double_and_need_no_end() -> None:
    assert list(islice(growing_waits(1, growth=2, most=math.inf), 5)) == [1, 2, 4, 8, 16]

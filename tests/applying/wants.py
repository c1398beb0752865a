"""Three posts that most of these tests want, and the ids of their accounts."""

from __future__ import annotations

from tests.conftest import THREE
from tests.system.worlds import HOUR, T, Want

FB, X, LI = (account.id for account in THREE.accounts)
ONE = Want("one", "facebook", T, "First words")
TWO = Want("two", "x", T + HOUR, "Other words")
THIRD = Want("three", "linkedin", T + 2 * HOUR, "A draft", draft=True)

"""A folder with settings, for rules that come from them."""

from tests.calendar.conftest import top  # noqa: F401 — a fixture

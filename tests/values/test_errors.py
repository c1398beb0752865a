"""What an error says of itself: its code, the way out, and what Publer said."""

from __future__ import annotations

from publer_sync.values.errors import CalendarError, PublerSyncError, ServiceError, StateError


def test_an_error_has_a_code_of_its_own_or_that_of_its_kind() -> None:
    assert PublerSyncError("no").code == "error"
    assert StateError("no", code="state.lost").code == "state.lost"
    assert StateError("no").code == StateError.default_code
    assert (str(StateError("no", hint="Yes")), StateError("no", hint="Yes").hint) == ("no", "Yes")


def test_an_error_of_the_calendar_is_printed_by_its_message() -> None:
    assert str(CalendarError(())) == CalendarError(()).message == "the calendar has errors"


def test_what_publer_said_stands_behind_ours() -> None:
    assert str(ServiceError("Refused", publer_said="Too long")) == 'Refused: "Too long"'
    assert str(ServiceError("Refused")) == "Refused"

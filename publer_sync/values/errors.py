"""What stops a run, and the exit code it gives.

    PublerSyncError            1
    ├── CalendarError          3   the calendar has errors; carries every Problem
    ├── SettingsError          1   the key, the environment or the settings are wrong
    ├── StateError             1   the state cannot be read, written or trusted
    │   ├── BusyStateError         others keep writing to the same place
    │   ├── RejectedStateError     the branch that keeps it takes no push from this login
    │   ├── NoHoldError            the same, and a hold is nowhere for that reason
    │   └── UntrustedStateError    its signature is missing or wrong, or there is no key to verify it
    ├── ServiceError           1   a request to Publer failed
    │   ├── Unreachable            no answer, and nothing was done
    │   │   └── TooLate                none in time, each time it was asked
    │   ├── Refused                Publer said no; nothing was done
    │   ├── Unclear                no usable answer; it may or may not have been done
    │   ├── Unexpected             a whole answer in another form than Publer documents
    │   └── UnrequestedDelete      Publer deleted posts that the request did not name
    ├── FirstContactError      1   Publer did not keep the first write of a kind as it was sent
    ├── PlanRefused            1   the Publer plan allows no requests, for any post
    ├── SafetyLimitError       4   a safety limit refuses the plan
    ├── StalePlanError         5   the plan file is out of date
    ├── InputError             1   a file that is to be imported cannot be read
    ├── OutputError            1   the result cannot be written
    ├── UsageError            64   the command line makes no sense
    ├── Interrupted            1   someone asked to stop
    │   └── HoldBegan              someone put posts on hold
    └── Bug                   70   publer-sync itself is wrong

`code` is the error's name in `--format json`; codes never change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from publer_sync.values.problems import Problem


class PublerSyncError(Exception):
    """`message` says what happened and why, `hint` how to fix it. Neither ever contains the API key."""

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "error"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.hint = hint


class CalendarError(PublerSyncError):
    exit_code = 3
    default_code = "calendar"

    def __init__(self, problems: tuple[Problem, ...], message: str = "the calendar has errors") -> None:
        super().__init__(message)
        self.problems = problems
        self.shown: str | None = None
        """The problems rendered with their source lines, if the files were at hand."""


class SettingsError(PublerSyncError):
    default_code = "settings"


class TwiceNamedError(PublerSyncError):
    exit_code = 3
    default_code = "name.twice"


class StateError(PublerSyncError):
    default_code = "state"


class BusyStateError(StateError):
    default_code = "state.busy"


class RacedStateError(StateError):
    """Another run saved its state since this one last read or saved it."""

    default_code = "state.raced"


class RejectedStateError(StateError):
    default_code = "state.git"


class WaitingHoldError(StateError):
    """The branch of the state could not be reached: the hold is in force as far as it was known, and waits on this machine."""

    default_code = "hold.waits"
    exit_code = 6


class NoHoldError(StateError):
    """The posts are out of Publer, and the hold is nowhere: the branch of the state takes no push, and this disk is gone after the job."""

    default_code = "hold.none"


class UntrustedStateError(StateError):
    default_code = "state.unsigned"


class ServiceError(PublerSyncError):
    """What Publer did, in two sentences that are never mixed; `message` joins them.

    `summary` is ours. `publer_said` is Publer's own, on one line, "" if it said nothing. `status` is the HTTP status.
    """

    default_code = "service"

    def __init__(
        self,
        summary: str,
        *,
        publer_said: str = "",
        code: str | None = None,
        hint: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(f'{summary}: "{publer_said}"' if publer_said else summary, code=code, hint=hint)
        self.summary = summary
        self.publer_said = publer_said
        self.status = status


class Unreachable(ServiceError):
    default_code = "unreachable"


class TooLate(Unreachable):
    """No answer came in time, each time it was asked."""


class Refused(ServiceError):
    default_code = "refused"


class Unclear(ServiceError):
    default_code = "unclear"


class Unexpected(ServiceError):
    default_code = "unexpected"


class UnrequestedDelete(ServiceError):
    default_code = "foreign_delete"


class FirstContactError(PublerSyncError):
    default_code = "first_contact"


class PlanRefused(PublerSyncError):
    """Not a ServiceError, as it is not about one request: every other would be refused as well."""

    default_code = "publer.plan"


class SafetyLimitError(PublerSyncError):
    exit_code = 4
    default_code = "refused_by_rail"


class StalePlanError(PublerSyncError):
    exit_code = 5
    default_code = "plan_old"


class InputError(PublerSyncError):
    default_code = "input"


class OutputError(PublerSyncError):
    default_code = "output"


class UsageError(PublerSyncError):
    exit_code = 64
    default_code = "usage"


class Interrupted(PublerSyncError):
    default_code = "interrupted"


class HoldBegan(Interrupted):
    default_code = "hold"


class Bug(PublerSyncError):
    exit_code = 70
    default_code = "bug"

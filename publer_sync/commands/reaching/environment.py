"""What the environment says: the keys, the service, how long to wait. A key goes only to where it is used."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING

from publer_sync.ledger.signing import UNSIGNED, VARIABLE, Keys
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import SettingsError
from publer_sync.values.service import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_HINT = (
    "Create one in Publer under Settings, Access & Login, API Keys (Business plan or higher), with the scopes "
    "workspaces, accounts, posts and media, then: export PUBLER_API_KEY=…\n"
    "To try without one: --sandbox"
)


@dataclass(frozen=True, slots=True)
class Environment:
    """`poll_seconds` is the first wait between polls and between verifying lists."""

    key: str | None = field(default=None, repr=False)
    workspace: str | None = None
    base_url: str = BASE_URL
    state: str | None = None
    state_keys: Keys = UNSIGNED
    poll_seconds: float = 2.0
    polls_as_asked: bool = False
    """Whether someone set these seconds."""
    user_agent: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Environment:
        """Empty means unset. Raises SettingsError for a number that is not one."""
        return cls(
            key=environ.get("PUBLER_API_KEY", "").strip() or None,
            workspace=environ.get("PUBLER_WORKSPACE_ID", "").strip() or None,
            base_url=environ.get("PUBLER_BASE_URL", "").strip() or BASE_URL,
            state=environ.get("PUBLER_SYNC_STATE", "").strip() or None,
            state_keys=Keys.of(environ.get(VARIABLE, "")),
            poll_seconds=_seconds(environ.get("PUBLER_SYNC_POLL_SECONDS", "")),
            polls_as_asked=bool(environ.get("PUBLER_SYNC_POLL_SECONDS", "").strip()),
            user_agent=environ.get("PUBLER_SYNC_USER_AGENT", "").strip() or None,
        )

    def need_key(self) -> str:
        """The API key. Raises SettingsError where it is not set."""
        if self.key is None:
            raise SettingsError("PUBLER_API_KEY is not set", code="key.none", hint=KEY_HINT)
        return self.key


def _seconds(word: str) -> float:
    if not word.strip():
        return 2.0
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not 0 < value <= 3600:
        raise SettingsError(
            "PUBLER_SYNC_POLL_SECONDS is not a number of seconds above 0",
            hint="For example: PUBLER_SYNC_POLL_SECONDS=2",
        )
    return value

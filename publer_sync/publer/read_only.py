"""Makes the whole process read-only: from then on nothing but GET leaves for Publer, whatever code asks for more."""

from __future__ import annotations

import threading

_closed = threading.Event()


def forbid_writes() -> None:
    """From now until the process ends; there is no way back."""
    _closed.set()


def writes_forbidden() -> bool:
    return _closed.is_set()

"""How far a sandbox's clock had come when it stopped, read from its file before a sandbox runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def reached(file: Path) -> datetime | None:
    """How far the clock of the sandbox in this file has come; None where the file does not tell."""
    if not file.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (at,) = db.execute("SELECT MAX(at) FROM reached").fetchone()
    except sqlite3.Error:
        return None
    return None if at is None else datetime.fromtimestamp(at, UTC)

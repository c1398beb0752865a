"""An import as data for `--format json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.dates import utc
from publer_sync.render.documents import FORMAT_VERSION
from publer_sync.render.file_diff import file_diff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.content import Json
    from publer_sync.importing.importer import ImportResult
    from publer_sync.importing.rows import NewPost, RowReason


def imported(found: ImportResult, *, calendar: str, source: str, written: bool) -> dict[str, Json]:
    """`source` is the CSV file; `written` says whether the new file was saved."""
    rows = [
        *(_row(each.row, "new", found, each) for each in found.new),
        *(_row(each.row, "refused", found, reasons=each.reasons) for each in found.refused),
        *(_row(each.row, each.reason, found) for each in found.skipped),
    ]
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "source": source,
        "dialect": found.dialect or None,
        "file": found.file,
        "written": written,
        "summary": {
            "rows": found.rows,
            "new": len(found.new),
            "refused": len(found.refused),
            "skipped": len(found.skipped),
        },
        "rows": [row for _, row in sorted(rows, key=lambda pair: pair[0])],
        "unused": [{"column": name, "rows": number} for name, number in found.unused],
        "diff": file_diff(found.file, None, found.raw) if found.raw is not None else "",
    }


def _row(
    number: int,
    outcome: str,
    found: ImportResult,
    post: NewPost | None = None,
    *,
    reasons: Iterable[RowReason] = (),
) -> tuple[int, dict[str, Json]]:
    skipped = outcome in ("undated", "past")
    return number, {
        "row": number,
        "action": "skipped" if skipped else outcome,
        "id": found.ids.get(number) if post else None,
        "accounts": [*post.accounts] if post else [],
        "scheduled_at": utc(post.at) if post else None,
        "reasons": [{"message": outcome, "help": ""}] if skipped else _reasons(reasons),
        "warnings": _reasons(found.warnings.get(number, ()) if post else ()),
    }


def _reasons(reasons: Iterable[RowReason]) -> list[Json]:
    return [{"message": each.message, "help": each.fix} for each in reasons]

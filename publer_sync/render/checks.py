"""The findings of doctor as text and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.wording import counts
from publer_sync.values.printable import printable, without_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.checking.check import Finding
    from publer_sync.render.layout.terminal import Screen
    from publer_sync.values.documented import Also, Version

_STYLES = {"ok": "green", "warning": "yellow", "failure": "red bold", "skipped": "dim"}
_COLUMNS = 21


def text(findings: Mapping[str, Finding], screen: Screen) -> str:
    lines: list[str] = []
    for name, found in findings.items():
        mark = screen.paint(f"{found.status:<9}", _STYLES[found.status])
        first, *rest = screen.lay_out((Span(found.message),), indent=_COLUMNS)
        lines += [f"{mark}{name:<{_COLUMNS - 9}}{first[_COLUMNS:]}", *rest]
        for line in printable(found.fix or "").splitlines():
            lines += screen.lay_out((Span(line),), indent=_COLUMNS)
    found_of = Counter(found.status for found in findings.values())
    told = counts((found_of["failure"], "failure", "failures"), (found_of["warning"], "warning", "warnings"))
    end = f"{' and '.join(told)}." if told else "Everything works."
    return without_commands("\n".join([*lines, "", end])) + "\n"


class CheckData(TypedDict):
    """One check."""

    name: Annotated[
        str,
        Also(
            '{"enum": ["versions", "disk", "key", "service", "plan", "workspace", "accounts", "clock", "requests", '
            '"state", "calendar", "workflows"]}'
        ),
        "`versions`, `disk`, `key`, `service` (whether Publer itself answers), `plan` (whether it accepts the key, and the key's "
        "scopes), `workspace`, `accounts`, `clock`, `requests`, `state`, `calendar`, `workflows`",
    ]
    status: Annotated[
        Literal["ok", "warning", "failure", "skipped"],
        "`ok`, `warning`, `failure`, or `skipped` where a check that it needs failed",
    ]
    message: str
    fix: str | None


class ChecksDocument(TypedDict):
    """What publer-sync doctor --format json prints."""

    format_version: Version
    ok: Annotated[bool, "false if a check fails"]
    checks: Annotated[list[CheckData], "in the order in which they are made"]


def data(findings: Mapping[str, Finding]) -> ChecksDocument:
    return {
        "format_version": 1,
        "ok": not any(found.status == "failure" for found in findings.values()),
        "checks": [
            {"name": name, "status": found.status, "message": printable(found.message), "fix": found.fix}
            for name, found in findings.items()
        ],
    }

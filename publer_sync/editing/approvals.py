"""Writes `approvals.yaml`: a line for each yes, in order of posts, so that two people's lines rarely meet; every other byte stays."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.approvals import read_approvals
from publer_sync.calendar.folder import APPROVALS
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.errors import OutputError
from publer_sync.values.model import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from publer_sync.values.approval import Approval
    from publer_sync.values.content import Json
    from publer_sync.values.problems import Problem

HEAD: Final = (
    "# Who signed off what, one line for each yes. Written by publer-sync approve; docs: howto/signoff.\n"
)
_SIMPLE: Final = late_pattern(r"[A-Za-z][A-Za-z0-9_.-]*")
_WORDS: Final = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_ITEM: Final = late_pattern(r"(?m)^approvals[ \t]*:.*\n?")
_INDENT: Final = late_pattern(r"[ \t]*")


def with_approvals(
    raw: bytes, known: Sequence[Approval], new: Iterable[Approval], gone: Iterable[Approval], top: Path
) -> bytes:
    """The file with these lines added and those that are `gone` removed. `known` is what it holds.

    Raises OutputError where it would not read back as meant: the file is not as this writes it.
    """
    new, gone = sorted(new, key=lambda each: each.rank), [*gone]
    text = raw.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    places = {each.location.line: each for each in known if each.location is not None}
    if not places:
        kept = _ITEM.sub("", text) or HEAD.replace("\n", end)
        made = [kept if kept.endswith("\n") else kept + end, f"approvals:{end}"]
        made += [line_of(each) + end for each in new]
    else:
        made = [*_merged(lines, places, new, gone, end)]
    written = "".join(made).encode()
    _prove(top, written, [*(each for each in known if each not in gone), *new])
    return written


def _merged(
    lines: Sequence[str],
    places: dict[int, Approval],
    new: Sequence[Approval],
    gone: Sequence[Approval],
    end: str,
) -> Iterable[str]:
    left = [*new]
    first = lines[min(places) - 1]
    indent = (_INDENT.match(first) or [""])[0]
    for number, line in enumerate(lines, 1):
        here = places.get(number)
        while here is not None and left and left[0].rank < here.rank:
            yield f"{indent}{line_of(left.pop(0))}{end}"
        if here not in gone:
            yield line if line.endswith("\n") else line + end
    for each in left:
        yield f"{indent}{line_of(each)}{end}"


def _prove(top: Path, written: bytes, meant: Sequence[Approval]) -> None:
    problems: list[Problem] = []
    _, found = read_approvals(top, {APPROVALS: written}, problems)
    if problems or sorted(found, key=_whole) != sorted(meant, key=_whole):
        raise OutputError(
            f"{APPROVALS} cannot be changed safely: not every yes has a line of its own",
            code="approvals.form",
            hint="Write each yes on one line below approvals:, as publer-sync approve does, and run it again.",
        )


def _whole(approval: Approval) -> str:
    return f"{approval.rank} {approval.content}"


def line_of(approval: Approval) -> str:
    """A yes as its line in the file."""
    statement = approval.statement
    values = {
        "post": _text(approval.post),
        "account": _text(approval.account),
        "by": _text(approval.by),
        "at": iso(approval.at),
        **({"day": statement.day} if statement.day else {}),
        "content": approval.content,
        **({"labels": _json([*approval.labels])} if approval.labels else {}),
        "on": _text(statement.on),
        "says": _json({**statement.says}),
    }
    return f"- {{{', '.join(f'{key}: {value}' for key, value in values.items())}}}"


def _text(text: str) -> str:
    simple = _SIMPLE.fullmatch(text) and text.lower() not in _WORDS
    return text if simple else _json(text)


def _json(value: Json) -> str:
    """JSON that YAML reads as the same: what no editor shows is written as its number."""
    written = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[^\x20-\x7e]", _escaped, written)


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    if sign.isprintable():
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"

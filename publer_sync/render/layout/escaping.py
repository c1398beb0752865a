"""Text as Markdown that shows it and does nothing else."""

from __future__ import annotations

import re

from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.printable import WORD_JOINER, one_line, printable, printable_inline

_SPECIAL = late_pattern(r"[\\`*_\[\]~|$]")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_PING = late_pattern(r"[@#]|:(?=[\w+-]+:)|(?i:\bgh-)(?=\d)")
_AUTOLINK = late_pattern(r"(?i:(?:\b|_)(?:https?|ftp|mailto|xmpp):|www(?=\.))")
_LINE_START = late_pattern(r"^(?:([-+=]+)|(\d+)([.)]))", re.MULTILINE)
_INDENT = late_pattern(r"^[ ]+", re.MULTILINE)


def escaped(text: str) -> str:
    """`text` as Markdown that shows it and nothing else: no format, link, ping, table cell or HTML of its own.

    An invisible word joiner follows `@`, `#` and what would start a link; line breaks stay line breaks.
    """
    text = "\n".join(line.rstrip() for line in printable(text).split("\n"))
    text = _PING.sub(rf"\g<0>{WORD_JOINER}", text)
    text = _AUTOLINK.sub(rf"\g<0>{WORD_JOINER}", text)
    text = _INDENT.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), text)
    text = _SPECIAL.sub(r"\\\g<0>", text.translate(_HTML))
    return _LINE_START.sub(_escaped_start, text)


def escaped_line(text: str) -> str:
    """`escaped` on one line, for a table cell, a heading or a list item."""
    return escaped(one_line(text))


def escaped_inline(text: str) -> str:
    """`escaped_line` for a piece of a sentence: white space at its ends stays."""
    text = printable_inline(text)
    inner = text.strip()
    left, _, right = text.partition(inner) if inner else (" " if text else "", "", "")
    return f"{left and ' '}{escaped(inner)}{right and ' '}"


def _escaped_start(found: re.Match[str]) -> str:
    if found[1]:
        return "".join(f"\\{sign}" for sign in found[1])
    return f"{found[2]}\\{found[3]}"

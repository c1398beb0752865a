"""Text from outside, made safe to print: in a terminal, in a workflow's log and as UTF-8."""

from __future__ import annotations

import re
import unicodedata

from publer_sync.starting.late_patterns import late_pattern

WORD_JOINER = "\u2060"
_JOINERS = "\u200c\u200d"
"""Format characters too, but they hold emoji and some scripts together."""
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LINE_END = late_pattern("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = late_pattern(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # what drives a terminal, in its 7-bit and 8-bit form
    "\u202a-\u202e\u2066-\u2069"  # what turns the reading direction of the rest of the line
    "\ud800-\udfff]"  # halves of characters: they cannot be written as UTF-8
)
_LOG_COMMAND = late_pattern(r"^([^\S\n]*)(?=::)", re.MULTILINE)


def printable_line(text: str, limit: int = 400) -> str:
    """`text` on one line of at most `limit` characters; what could control a terminal becomes a space."""
    kept = "".join(char if _is_printable(char) else " " for char in text[: 4 * limit])
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _is_printable(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _UNPRINTABLE


def printable(text: str) -> str:
    r"""`text` without anything that could control a terminal or a workflow log; `\n` is the only control character left.

    What joins emoji and letters (U+200D, U+200C, variation selectors) stays.
    """
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    return _UNSEEN.sub(_stand_in, text).replace("##[", f"##{WORD_JOINER}[")


def printable_inline(text: str) -> str:
    """`printable`, with a mark in place of each line break."""
    return marked_breaks(printable(text))


def one_line(text: str) -> str:
    """`printable_inline` without outer white space."""
    return printable_inline(printable(text).strip())


def without_commands(text: str) -> str:
    """Finished text, no line of which a workflow runner, which ignores indentation, can read as a command.

    GitHub docs, "Workflow commands for GitHub Actions".
    """
    return _LOG_COMMAND.sub(rf"\1{WORD_JOINER}", text)


def _stand_in(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"


def marked_breaks(text: str) -> str:
    """`text` on one line: ¶ stands for line breaks and the white space around them."""
    return re.sub(r"\s*\n\s*", " ¶ ", text)

"""A text with everything that a service may change, and what became of each part."""

from __future__ import annotations

import html
import unicodedata

from publer_sync.checking.check import counted
from publer_sync.ledger.rewriting import same_link
from publer_sync.model import normal_text

_PARTS = {
    "nfc": "caf\u00e9",
    "nfd": "cafe\u0301",
    "emoji": "\U0001f469\u200d\U0001f4bb \U0001f1f3\U0001f1f4",
    "entities": "&amp; <b> &lt;",
    "spaces": "two  spaces",
    "url": "https://example.com/probe?a=1&b=2",
}
"""The content of each line, by its first word."""
_OUTER = "  "


def text(word: str, edition: str) -> str:
    """The text with `word` in it, with Windows' line ends and white space around it."""
    lines = [
        f"publer-sync probe {word} {edition}",
        *(f"{name} {part}" for name, part in _PARTS.items()),
        "end",
    ]
    return _OUTER + "\r\n".join(lines) + _OUTER


def kept(live: str) -> dict[str, str]:
    """What became of each part, without any of the text; `added` counts lines that were not sent."""
    lines = [line.strip() for line in normal_text(live).split("\n")]
    parts = dict(line.partition(" ")[::2] for line in lines if line.partition(" ")[0] in _PARTS)
    others = [line for line in lines[1:] if line and line.partition(" ")[0] not in {*_PARTS, "end"}]
    return {
        "line_ends": next(
            (name for end, name in (("\r\n", "crlf"), ("\r", "cr"), ("\n", "lf")) if end in live), "lost"
        ),
        "outer_spaces": _outer(live),
        **{name: _became(part, parts.get(name)) for name, part in _PARTS.items()},
        "added": counted(len(others), "line") if others else "nothing",
    }


def _outer(live: str) -> str:
    if live.startswith(_OUTER) and live.endswith(_OUTER):
        return "kept"
    return "trimmed" if live == live.strip() else "changed"


def _became(sent: str, live: str | None) -> str:
    if live is None:
        return "lost"
    forms = {
        unicodedata.normalize("NFC", sent): "composed",
        unicodedata.normalize("NFD", sent): "decomposed",
        html.unescape(sent): "unescaped",
        html.escape(sent, quote=False): "escaped",
        " ".join(sent.split()): "spaces joined",
        sent: "kept",  # last, as some of the others may be the same
    }
    if live not in forms and "://" in sent and same_link(sent, live):
        return "rewritten"
    return forms.get(live, "changed")

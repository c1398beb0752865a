"""Tempers of the service: for each question that no document answers, the answers that a client least expects, by name.

A temper is a few switches of `faults` that belong together. None was seen by us; some were met by others.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from publer_sync.sandbox.tables import GAP_TEXT, SIGNATURE
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.sandbox.faults import Faults

SPAN = 400
"""Days that a list may cover where spans are limited."""
_LABELS_SHOWN = frozenset({"link"})


@dataclass(frozen=True, slots=True)
class Temper:
    """`says` completes "Publer …"."""

    says: str
    switches: Mapping[str, Any]


def _marked_up(text: str) -> str:
    lines = html.escape(text, quote=False).split("\n\n")
    return "".join(f"<p>{line.replace(chr(10), '<br>')}</p>" for line in lines)


def _signed(text: str) -> str:
    return f"{text}\n\n{SIGNATURE}"


def _squeezed(text: str) -> str:
    """Without blank lines, and with one blank between two words."""
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines() if line.strip())


TEMPERS: dict[str, Temper] = {
    "refused-but-made": Temper("makes posts and says that it refused them", {"untrue_refusal": GAP_TEXT}),
    "job-twice": Temper(
        "runs each job twice, and tells of the second time, in which the minutes are taken", {"job_runs": 2}
    ),
    "taken-silent": Temper(
        "says nothing of a post that it does not make, as its minute is taken", {"gap_silent": True}
    ),
    "words-once": Temper("refuses on X what another post there says", {"words_once": True}),
    "drafts-undated": Temper("takes the time from drafts", {"drafts": "undated"}),
    "drafts-scheduled": Temper("schedules drafts", {"drafts": "scheduled"}),
    "drafts-hidden": Temper("lists no drafts", {"drafts": "hidden"}),
    "span-refused": Temper(
        f"refuses lists of more than {SPAN} days", {"longest_span": SPAN, "beyond_span": "refused"}
    ),
    "span-timeout": Temper(
        f"answers lists of more than {SPAN} days with 504", {"longest_span": SPAN, "beyond_span": "timeout"}
    ),
    "span-silent": Temper(
        f"does not answer lists of more than {SPAN} days", {"longest_span": SPAN, "beyond_span": "silence"}
    ),
    "span-cut": Temper(
        f"lists the first {SPAN} days, whatever was asked for", {"longest_span": SPAN, "beyond_span": "cut"}
    ),
    "total-of-page": Temper("counts in `total` what is on the page", {"total_of": "page", "per_page": 3}),
    "pages-from-1": Temper("counts pages from 1", {"first_page": 1, "per_page": 3}),
    "labels-dropped": Temper("lists no labels", {"labels": "dropped", "omit": _LABELS_SHOWN}),
    "labels-lower": Temper("lists labels in lower case", {"labels": "lower", "omit": _LABELS_SHOWN}),
    "texts-entities": Temper("shows `&amp;` for &", {"shown_text": html.escape}),
    "texts-html": Temper("shows texts as HTML", {"shown_text": _marked_up}),
    "texts-signed": Temper("shows texts with the account's signature", {"shown_text": _signed}),
    "texts-squeezed": Temper("shows texts without blank lines", {"shown_text": _squeezed}),
    "null-rows": Temper("lists a row that is null", {"null_rows": True}),
    "unreadable-rows": Temper("lists some posts with a time that is none", {"unreadable_some": True}),
    "edit-renumbers": Temper("gives a post that is edited another id", {"put_renumbers": True}),
    "unknown-states": Temper(
        "has words for states that no document names",
        {"state_words": {"scheduled": "queued", "draft": "idea"}},
    ),
    "odd-account": Temper("lists an account without a provider", {"odd_account": True}),
}


def set_tempers(faults: Faults, names: Iterable[str]) -> None:
    """Raises KeyError for a name that is none."""
    for name in names:
        for switch, value in TEMPERS[name].switches.items():
            setattr(faults, switch, value)

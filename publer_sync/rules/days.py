"""Words that contradict the day of their post: a weekday beside another date, `tomorrow` beside today's. Certain cases alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.rules.keyboards import fold
from publer_sync.rules.rulebook import problem
from publer_sync.rules.text import excerpt
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.date_words import MONTHS, MORNING, TODAY, TOMORROW, WEEKDAYS
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post

_NO_WEEKDAYS: Final = frozenset(("segunda", "terça", "quarta", "quinta", "sexta"))
"""Weekdays, but mostly ordinals; with `-feira` they are certain."""
_LATIN: Final = 0x250


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_BESIDE: Final = late_pattern(
    r"[ \t]*(?:[,(（、:][ \t]*)?(?:(?:the|den|der|le|el|il|o|a|de)[ \t]+)?", re.IGNORECASE
)
"""What may stand between two words that name one day."""
_NAMES: Final = _any(
    word for word in WEEKDAYS if len(word) > 4 and ord(word[0]) < _LATIN and word not in _NO_WEEKDAYS
)
_WEEKDAY: Final = late_pattern(rf"(?:{_NAMES})(?![\w-])", re.IGNORECASE)
_MONTH: Final = _any(word for word in MONTHS if len(word) > 2)
_DATE: Final = late_pattern(
    rf"(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th|er|[.º°])?(?: +(?:of|de|di))? +(?P<m1>{_MONTH})\b\.?(?:,? +(?:de +)?(?P<y1>20[0-9]{{2}})\b)?"
    rf"|(?P<m2>{_MONTH})\b\.? +(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?![:.][0-9])(?:,? +(?P<y2>20[0-9]{{2}})\b)?"
    r"|(?P<d3>[0-9]{1,2})\. ?(?P<m3>[0-9]{1,2})\.(?: ?(?P<y3>20[0-9]{2})\b)?(?![0-9])"
    r"|(?:(?P<y4>20[0-9]{2}) ?[年년] ?)?(?P<m4>[0-9]{1,2}) ?[月월] ?(?P<d4>[0-9]{1,2}) ?[日号號일](?: ?[(（](?P<w4>[月火水木金土日월화수목금토일])(?:曜日?|요일)?[)）])?",
    re.IGNORECASE,
)
_STARTS: Final = late_pattern(
    rf"(?<![\w-])(?:(?P<relative>{_any((*TODAY, *TOMORROW))})(?![a-zà-ÿ-])|(?=(?:{_NAMES})(?![\w-])))|(?<![0-9])(?=(?:20[0-9]{{2}} ?[年년] ?)?[0-9]{{1,2}} ?[月월] ?[0-9]{{1,2}} ?[日号號일] ?[(（])",
    re.IGNORECASE,
)
_SIGNS: Final = tuple(
    dict.fromkeys(
        ["day", "dag", "tag", "onight", "edi", "ardi", "undi", "eudi", "月", "월"]
        + [
            word
            for word in (*_NAMES.replace("\\", "").split("|"), *TODAY, *TOMORROW)
            if not re.search(r"day|dag|tag|onight|edi|ardi|undi|eudi|月|월", word)
        ]
    )
)
"""One of these is in every text that names a day: far quicker to look for than the names."""
_SENTENCE: Final = late_pattern(r"(?:\A|[.!?:\n…])[^\w]*\Z")
"""Before a word that begins a sentence."""
_VERBS: Final = frozenset(("may", "march", "mar"))
"""Months that are other words in small letters."""


class DayClaim(NamedTuple):
    """What words say of one day, and where they are. `ahead` is 0 for today, 1 for tomorrow; `month` 0 without a date."""

    words: str
    at: int
    ahead: int | None
    weekday: int | None
    day: int = 0
    month: int = 0
    year: int = 0


def check_days(post: Post) -> Iterator[PostProblem]:
    """The first contradiction in each text of a post that has a time, and a time zone of its own."""
    if not post.zone or not post.at.timestamp():  # the start of 1970: it waits for a slot, or is in store
        return
    here = post.at.astimezone(time_zone(post.zone)).date()
    texts = [
        ("text", post.text),
        *((f"thread/{n}/text", part.text) for n, part in enumerate(post.content.thread)),
    ]
    for path, text in texts:
        for claim in claims(text):
            if (wrong := _contradiction(claim, here)) is not None:
                message = f'"{excerpt(claim.words)}": {wrong}'
                say = "Correct the words, or the time of the post"
                yield problem("text.day", path, message, say, offset=claim.at)
                break


@lru_cache(maxsize=4096)
def claims(text: str) -> tuple[DayClaim, ...]:
    """What a text says of days, where two parts of it can contradict each other or the day of its post."""
    folded = fold(text)
    small = folded.text.lower()
    for sign in _SIGNS:
        if sign in small:
            break
    else:
        return ()
    found = []
    for start in _STARTS.finditer(folded.text):
        relative = (start["relative"] or "").lower()
        if relative in MORNING and not _SENTENCE.search(folded.text, 0, start.start()):
            continue
        at = _after(folded.text, start.end()) if relative else start.start()
        weekday = _WEEKDAY.match(folded.text, at)
        when = _DATE.match(folded.text, _after(folded.text, weekday.end()) if weekday else at)
        if when is not None and _is_verb(when):
            when = None
        last = when or weekday
        if last is None or (when is None and not relative):
            continue
        parts = _parts(when) if when is not None else (0, 0, 0)
        number = WEEKDAYS[weekday[0].lower()] if weekday else None
        if when is not None and when["w4"]:
            number = WEEKDAYS[when["w4"]]
        if number is None and not relative:
            continue
        begin, end = folded.span(start.start(), last.end())
        ahead = None if not relative else int(relative in TOMORROW)
        found.append(DayClaim(text[begin:end].strip(), begin, ahead, number, *parts))
    return tuple(found)


def _after(text: str, at: int) -> int:
    found = _BESIDE.match(text, at)
    return found.end() if found is not None else at


def _is_verb(when: re.Match[str]) -> bool:
    month = when["m1"] or when["m2"] or ""
    return month in _VERBS and not (when["y1"] or when["y2"])


def _parts(when: re.Match[str]) -> tuple[int, int, int]:
    """Day, month and year; 0 for a year that is not written."""
    number = next(n for n in "1234" if when[f"d{n}"])
    month = when[f"m{number}"]
    return int(when[f"d{number}"]), MONTHS.get(month.lower()) or int(month), int(when[f"y{number}"] or 0)


def _contradiction(claim: DayClaim, here: date) -> str | None:
    """What is wrong with a claim in a post of the day `here`; None if nothing certainly is."""
    there = _date_of(claim, here)
    if claim.month and there is None:
        return None
    if there is not None and claim.weekday not in (None, there.weekday()):
        return f"{there.day} {there:%B %Y} is a {there:%A}"
    if claim.ahead is None:
        return None
    meant = here + timedelta(days=claim.ahead)
    word = "tomorrow" if claim.ahead else "today"
    if there not in (None, meant) or claim.weekday not in (None, meant.weekday()):
        return f"the post is published on {here:%a} {here.day} {here:%b}, so {word} is {meant:%A} {meant.day} {meant:%B}"
    return None


def _date_of(claim: DayClaim, here: date) -> date | None:
    """The date; without a year, the one that is nearest to the post."""
    found = []
    for year in [claim.year] if claim.year else (here.year - 1, here.year, here.year + 1):
        try:
            found.append(date(year, claim.month, claim.day))
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - here)) if found else None

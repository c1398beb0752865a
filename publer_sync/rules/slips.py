"""What its own words say is wrong: parts that count themselves and leave one out, and words that say not to publish them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from publer_sync.rules.rulebook import problem
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post

_FEW: Final = 3
"""Parts that count themselves, without which it may be a fraction."""
_COUNTED: Final = late_pattern(
    r"\A\s*[(\[]?(\d{1,2})\s?/\s?(\d{1,2})(?=[)\].:–—-]|\s*\n|\s+[^\W\d_a-z]|\s*\Z)|(?<![\d/.,])(\d{1,2})/(\d{1,2})[)\]]?\s*\Z"
)
"""`2/5` at the start, before a new sentence, or at the end: not `1/2 cup`, nor a date or a score within the words."""
_INTERNAL: Final = late_pattern(
    r"(?im)^\W*(?:please\s+)?(?:(?:do\s+not|don['’]?t)\s+(?:publish|post)(?:\s+(?:this|it|yet|comment|post))*(?:\s+(?:before|until|till)\b[^.!\n]*)?"
    r"|not\s+for\s+publication|(?:for\s+)?internal(?:\s+use)?\s+only|nicht\s+ver[öo]ffentlichen|bitte\s+nicht\s+posten|ikke\s+publiser(?:es)?)\W*$"
)
"""A whole line: `Do not post your PIN online` is meant for the public."""


def check_slips(post: Post) -> Iterator[PostProblem]:
    content = post.content
    texts = [("text", content.text)]
    texts += [(f"thread/{number}/text", part.text) for number, part in enumerate(content.thread)]
    yield from _miscounted(texts, "thread", "part")
    yield from _miscounted(
        [(f"media/{n}/alt", one.alt) for n, one in enumerate(content.media)], "media", "picture"
    )
    texts += [(f"comments/{number}/text", part.text) for number, part in enumerate(content.comments)]
    for path, text in texts:
        if found := _INTERNAL.search(text):
            words = " ".join(found[0].split())
            message = f'"{words}" is published as it is written'
            say = "Remove the line, or write it as the post's `note`, which stays in the files; `draft: true` keeps the post back"
            yield problem("text.internal", path, message, say, offset=found.start())


def _miscounted(texts: Sequence[tuple[str, str]], key: str, what: str) -> Iterator[PostProblem]:
    """Where all parts count themselves out of one number, and not one after the other."""
    counted = [
        (path, int(found[1] or found[3]), int(found[2] or found[4]))
        for path, text in texts
        if (found := _COUNTED.search(text))
    ]
    if len(counted) < _FEW or len(counted) < len(texts) - 1:
        return
    totals = {total for _, _, total in counted}
    numbers = [number for _, number, _ in counted]
    if len(totals) > 1 or any(number > total or number == 0 for _, number, total in counted):
        return
    for (_, before, total), (path, number, _) in pairwise(counted):
        if number != before + 1:
            message = f"the {what}s count themselves {', '.join(f'{each}/{total}' for each in numbers)}: {number}/{total} follows {before}/{total}"
            yield problem(
                f"{key}.counted",
                path,
                message,
                f"Number the {what}s one after the other, or add the one that is missing",
            )
            return
    if numbers[0] == 1 and len(counted) == len(texts) and numbers[-1] != counted[-1][2]:
        total = counted[-1][2]
        message = f"the last {what} says {numbers[-1]}/{total}, and there are {len(texts)}"
        yield problem(
            f"{key}.counted", counted[-1][0], message, f"Add what is missing, or count to {len(texts)}"
        )

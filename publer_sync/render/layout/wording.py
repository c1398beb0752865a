"""Sentences, numbers and spans of time as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.values.content import Duration
    from publer_sync.values.problems import Help


def before_command(words: str) -> str:
    """The words as a sentence that ends with a command: a full stop would be pasted with it."""
    words = printable(words).strip()
    return words[:1].upper() + words[1:]


def sentence(text: str) -> str:
    """The message with a capital letter and a full stop."""
    text = printable(text).strip()
    first = text.partition(" ")[0].removesuffix(",")
    # A file, a network and an alias keep their small letter.
    if first.isalpha() and first.islower() and first != "x":
        text = text[0].upper() + text[1:]
    return text if not text or text[-1] in ".!?…" else text + "."


def post_count(posts: int, accounts: int) -> str:
    """`5 posts (on 4 accounts)`: a post counts once for all accounts on which it is alike."""
    return f"{count(posts, 'post')}{on_accounts(accounts)}"


def managed_count(posts: Sequence[frozenset[str]]) -> str:
    """`5 posts on 4 accounts`, to stand in brackets; of each post its accounts."""
    accounts = len(frozenset().union(*posts))
    return f"{count(len(posts), 'post')}{f' on {accounts:,} accounts' if accounts > 1 else ''}"


def on_accounts(number: int) -> str:
    return f" (on {number:,} accounts)" if number > 1 else ""


def listing(parts: Sequence[str]) -> str:
    """`50 unchanged, 31 past.`; "" where there are no parts."""
    return f"{', '.join(parts)}." if parts else ""


def fix_parts(help_: Help | None) -> list[tuple[str, str]]:
    """The parts of a fix: each an instruction or an introduction, and the lines below it, if there are any."""
    if help_ is None:
        return []
    say = sentence(help_.say.rstrip(":"))
    if help_.paste and say:
        say = f"{say.rstrip(':.')}:"
    return [part for part in ((say, help_.paste), *help_.blocks) if any(part)]


def count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def counts(*parts: tuple[int, str, str]) -> list[str]:
    """`2 new posts`, `1 conflict`: each part whose number is not 0, with its words for one and for several."""
    return [count(number, one, many) for number, one, many in parts if number > 0]


def seconds(value: float) -> str:
    """`under a second`, `41 s`, `5 min 52 s` or `1 h 20 min`."""
    if value < 1:
        return "under a second"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def duration(value: Duration | None) -> str:
    """`3 days`; "" where there is none."""
    return count(value.duration, value.unit.lower()) if value else ""

"""A pull for a terminal: what it writes, what it leaves and why, and the lines that change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.printable import one_line, printable
from publer_sync.render.file_diff import diff_lines
from publer_sync.render.measure import first_words
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.wording import count, listing, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from publer_sync.model import Account, LivePost, Post
    from publer_sync.pulling.findings import Left, Pair
    from publer_sync.pulling.puller import PullResult
    from publer_sync.render.dates import Dates

_MOST = 20
"""Posts of a kind that are listed one by one."""
_COUNTED = {
    "pending": "waiting for approval",
    "reauth": "waiting for an account to be reconnected",
    "past": "past their time",
    "elsewhere": "of another calendar",
}


def pull(
    pulled: PullResult, *, dates: Dates, before: Mapping[str, bytes], prefix: str, screen: Screen = PLAIN
) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    lines: list[str] = []
    page = _Page(dates, prefix, screen)
    lines += page.group("New", (page.added(each.id, each.at, [*each.lives]) for each in pulled.added))
    lines += page.group("Edited in Publer", map(page.pair, pulled.edited))
    lines += page.group("Removed in Publer, and from the files", map(page.post, pulled.removed))
    lines += page.group(
        "Removed in Publer, still in the files (--removed takes them out)", map(page.post, pulled.kept)
    )
    lines += page.group(
        "Conflicts", (line for pair in pulled.conflicts for line in page.conflict(pair)), most=None
    )
    lines += page.group("Left alone", (line for each in pulled.left for line in page.left(each)), most=None)
    lines += page.group("Downloaded", (f"  {page.file(file)}" for file in sorted(pulled.media)))
    for file, after in sorted(pulled.files.items()):
        lines += [*diff_lines(f"{prefix}/{file}".lstrip("/"), before.get(file), after, screen), ""]
    return "\n".join([*lines, *_closing(pulled)]) + "\n"


def _closing(pulled: PullResult) -> list[str]:
    across = sum(len(each.lives) for each in pulled.added)
    more = f" ({across:,} across all accounts)" if across > len(pulled.added) else ""
    parts = [
        (len(pulled.added), f"new post{more}", f"new posts{more}"),
        (len(pulled.edited), "edited", "edited"),
        (len(pulled.removed) + len(pulled.kept), "removed in Publer", "removed in Publer"),
        (len(pulled.conflicts), "conflict", "conflicts"),
        (len(pulled.left), "left alone", "left alone"),
    ]
    said = listing([count(number, one, many) for number, one, many in parts if number])
    counted = [f"{number} {_COUNTED.get(key, key)}" for key, number in pulled.counted.items()]
    also = f"Not for a calendar: {', '.join(counted)}." if counted else ""
    nothing = "Nothing to pull: Publer has nothing that is new here." if not said else ""
    return [line for line in (nothing, said, also) if line]


class _Page:
    def __init__(self, dates: Dates, prefix: str, screen: Screen) -> None:
        self.dates, self.prefix, self.screen = dates, prefix, screen

    def group(self, title: str, lines: Iterable[str], *, most: int | None = _MOST) -> list[str]:
        found = [*lines]
        if not found:
            return []
        cut = found[:most] if most is not None else found
        more = [f"  … and {count(len(found) - len(cut), 'more', 'more')}"] if len(cut) < len(found) else []
        return [self.screen.paint(title, "bold"), *cut, *more, ""]

    def added(self, id: str, at: datetime, lives: list[tuple[Account, LivePost]]) -> str:
        aliases = ", ".join(_alias(account) for account, _ in lives)
        return self._row(at, aliases, lives[0][1].text, id)

    def pair(self, pair: Pair) -> str:
        post = pair.post
        where = f"{', '.join(sorted(pair.fields))} ({self._place(post)})"
        return self._row(post.at, _alias(post.account), post.text, where)

    def conflict(self, pair: Pair) -> list[str]:
        post, live = pair.post, pair.live
        lines = [self._row(post.at, _alias(post.account), post.text, self._place(post))]
        lines.append(f"    {sentence(pair.conflict)}")
        lines.append(f"    calendar: {self.dates.both(post.at)} {first_words(one_line(post.text), 60)}")
        when = f"{self.dates.both(live.at)} " if live.at else ""
        return [*lines, f"    Publer:   {when}{first_words(one_line(live.text), 60)}"]

    def left(self, left: Left) -> list[str]:
        text = left.live.text if left.live is not None else left.post.text if left.post is not None else ""
        where = self._place(left.post) if left.post is not None else ""
        lines = [self._row(left.at, _alias(left.account), text, where), f"    {sentence(left.reason)}"]
        return [*lines, *(f"      {line}" for line in printable(left.paste).splitlines())]

    def post(self, post: Post) -> str:
        return self._row(post.at, _alias(post.account), post.text, self._place(post))

    def _row(self, at: datetime, accounts: str, text: str, tail: str) -> str:
        words = first_words(one_line(text), 40)
        return f"  {self.dates.both(at)}  {one_line(accounts)}  {words}  {one_line(tail)}".rstrip()

    def _place(self, post: Post) -> str:
        return f"{self.file(post.location.file)}:{post.location.line}"

    def file(self, file: str) -> str:
        return f"{self.prefix}/{file}" if self.prefix else file


def _alias(account: Account) -> str:
    return account.alias or account.name

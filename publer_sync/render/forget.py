"""What `forget` stops managing, as text and as JSON: some posts, or a whole calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NotRequired, TypedDict

from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.wording import count, on_accounts
from publer_sync.render.post.names import called
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line, printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.documented import Count, Moment, Version
    from publer_sync.values.model import Account

_MOST = 20
"""Posts of a whole calendar that are listed one by one."""


class ForgottenAccountData(TypedDict):
    """An account."""

    id: str
    alias: Annotated[str, "its alias; for one that is not in the settings, its network and its name"]


class ForgottenData(TypedDict):
    """A post that is no longer managed."""

    id: Annotated[str | None, "the post's id in the calendar"]
    account: ForgottenAccountData
    scheduled_at: Moment
    post_id: Annotated[str | None, "Publer's id"]


class ForgetDocument(TypedDict):
    """What publer-sync forget --format json prints."""

    format_version: Version
    forgotten: Annotated[list[ForgottenData], "with `--all` those ahead"]
    written: Annotated[bool, "whether the state was written; false with `--diff`"]
    calendar: NotRequired[Annotated[str, "with `--all`: what the state calls the calendar"]]
    state: NotRequired[Annotated[str, "with `--all`: where the state was"]]
    on_hold: NotRequired[Annotated[Count, "with `--all`: how many posts on hold stay out of Publer"]]
    backup: NotRequired[
        Annotated[str | None, "with `--all`: the file with the old state; null with `--diff`"]
    ]


@dataclass(frozen=True, slots=True)
class ForgottenPosts:
    """A copy for each post and account, as the state has it, in order of time."""

    copies: tuple[Copy, ...]
    timezone: str
    now: datetime
    account: Callable[[str], Account]
    """The account with an id."""

    @property
    def posts(self) -> list[list[Copy]]:
        """What is alike on several accounts is one post."""
        return posts_of(self.copies)

    @property
    def counted(self) -> str:
        one = "draft" if self.are_drafts else "post"
        return f"{count(len(self.posts), one)}{on_accounts(len({copy.account for copy in self.copies}))}"

    @property
    def are_drafts(self) -> bool:
        return bool(self.copies) and not any(copy.publishes_itself for copy in self.copies)

    def alias(self, account: str) -> str:
        return one_line(called(self.account(account)))

    def rows(self, posts: Iterable[Sequence[Copy]]) -> list[str]:
        dates = Dates.around(self.timezone, self.now)
        return [self._row(post, dates) for post in posts]

    def _row(self, post: Sequence[Copy], dates: Dates) -> str:
        first = post[0]
        accounts = ", ".join(dict.fromkeys(self.alias(copy.account) for copy in post))
        draft = "" if first.publishes_itself else "draft"
        parts = [dates.both(first.slot), accounts, one_line(first.id or ""), quoted(first.text), draft]
        return f"  {'  '.join(filter(None, parts))}"

    def data(self) -> list[ForgottenData]:
        return [
            {
                "id": copy.id,
                "account": {"id": copy.account, "alias": self.alias(copy.account)},
                "scheduled_at": utc(copy.slot),
                "post_id": copy.post_id,
            }
            for copy in self.copies
        ]


@dataclass(frozen=True, slots=True)
class LeftCalendar:
    """A calendar whose state ends: what Publer has of it ahead, and what else the state knows."""

    name: str
    """What the state calls it."""
    place: str
    """Where the state is."""
    ahead: ForgottenPosts
    on_hold: tuple[Copy, ...] = ()
    """What a hold keeps out of Publer, and would be published later."""
    in_two_versions: tuple[Copy, ...] = ()
    """Of what Publer has in an old and a new version, the newest."""
    moved_to: str | None = None
    """Where `state mv` moved the state: what ends is the marker that says so."""


def posts_of(copies: Iterable[Copy]) -> list[list[Copy]]:
    """The copies of the same post on several accounts, together."""
    found: dict[object, list[Copy]] = {}
    for copy in copies:
        found.setdefault((copy.slot, copy.id, copy.text), []).append(copy)
    return [*found.values()]


def is_in_publer(copy: Copy) -> bool:
    """Whether Publer may have it ahead, as the state knows: what a hold took out is not there."""
    return copy.end is None


def text(forgotten: ForgottenPosts) -> str:
    heads = {
        True: "Publer keeps these as they are, and publer-sync no longer manages them:",
        False: "These are not in Publer: a hold took them out, or their time has passed. publer-sync no longer keeps a record of them:",
    }
    lines: list[str] = []
    for there, head in heads.items():
        if found := posts_of(copy for copy in forgotten.copies if is_in_publer(copy) is there):
            lines += [*([""] if lines else []), head, "", *forgotten.rows(found)]
    return "\n".join(lines)


def text_of_all(left: LeftCalendar) -> str:
    name = printable_line(left.name)
    if left.moved_to is not None:
        return f"The marker of {name} in {left.place} is removed: its state was moved to {printable_line(left.moved_to)}."
    lines = [f"The state of {name} in {left.place} ends: publer-sync no longer manages its posts."]
    posts = left.ahead.posts
    if posts:
        they = "it is" if len(posts) == 1 else "they are"
        lines += [f"Publer keeps {left.ahead.counted} as {they}{_published(left.ahead)}:", ""]
        lines += left.ahead.rows(posts[:_MOST])
        more = len(posts) - _MOST
        lines += [f"  … and {more:,} more"] if more > 0 else []
    else:
        lines.append("Publer has none of its posts ahead.")
    if held := len(posts_of(left.on_hold)):
        lines += ["", f"{count(held, 'post')} on hold {'stays' if held == 1 else 'stay'} out of Publer."]
    if twice := len(posts_of(left.in_two_versions)):
        both = "1 post is" if twice == 1 else f"{twice:,} posts are"
        lines += ["", f"{both} in Publer in an old and a new version: delete one of the two there."]
    return "\n".join(lines)


def _published(ahead: ForgottenPosts) -> str:
    """Which of these Publer publishes, for the end of a sentence; it calls them drafts where none is published."""
    if ahead.are_drafts:
        return ""
    if any(not copy.publishes_itself for copy in ahead.copies):
        return ", and publishes those that are not drafts"
    return f", and publishes {'it' if len(ahead.posts) == 1 else 'them'}"


def document(forgotten: ForgottenPosts, *, written: bool) -> ForgetDocument:
    return {"format_version": FORMAT_VERSION, "forgotten": forgotten.data(), "written": written}


def document_of_all(left: LeftCalendar, backup: str | None) -> ForgetDocument:
    """`backup` is the file with the old state; None where nothing was written."""
    return {
        "format_version": FORMAT_VERSION,
        "calendar": left.name,
        "state": left.place,
        "forgotten": left.ahead.data(),
        "on_hold": len(left.on_hold),
        "backup": backup,
        "written": backup is not None,
    }

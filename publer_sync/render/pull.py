"""What a pull writes and what it leaves, for a terminal and as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, NotRequired, TypeAlias, TypedDict

from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.documents import FORMAT_VERSION, account_data, workspace_data
from publer_sync.render.layout.file_diff import diffs, diffs_data
from publer_sync.render.layout.measure import first_words
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.layout.wording import counts, listing, on_accounts, sentence
from publer_sync.render.post.entries import alias_of
from publer_sync.values.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.pulling.findings import Left, Pair
    from publer_sync.pulling.puller import PullResult
    from publer_sync.render.layout.documents import AccountData, DiffData, WorkspaceData
    from publer_sync.values.documented import Also, Moment, Version
    from publer_sync.values.model import Account, LivePost, Post, Workspace

_MOST = 20
"""Posts of a kind that are listed one by one."""
_COUNTED = {
    "pending": "waiting for approval",
    "reauth": "waiting for an account to be reconnected",
    "past": "past their time",
    "elsewhere": "of another calendar",
}


def text(
    pulled: PullResult, *, dates: Dates, before: Mapping[str, bytes], prefix: str, screen: Screen = PLAIN
) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    rows = _Rows(dates, prefix)
    added = (
        rows.row(each.at, [account for account, _ in each.lives], each.lives[0][1].text, each.id)
        for each in pulled.added
    )
    groups: list[tuple[str, Iterable[str], int | None]] = [
        ("New", added, _MOST),
        ("Edited in Publer", map(rows.edited, pulled.edited), _MOST),
        ("To change a stored post instead, and with it all its uses", rows.stored(pulled.edited), _MOST),
        ("Removed in Publer, and from the files", map(rows.post, pulled.removed), _MOST),
        (
            "Removed in Publer, still in the files (--removed takes them out)",
            map(rows.post, pulled.kept),
            _MOST,
        ),
        ("Conflicts", (line for pair in pulled.conflicts for line in rows.conflict(pair)), None),
        ("Left alone", rows.left(pulled.left), None),
        ("Downloaded", (f"  {rows.file(file)}" for file in sorted(pulled.media)), _MOST),
    ]
    lines: list[str] = []
    for title, told, most in groups:
        if found := [*told]:
            more = len(found) - most if most is not None else 0
            lines += [screen.paint(title, "bold"), *found[:most]]
            lines += [f"  … and {more:,} more", ""] if more > 0 else [""]
    lines += diffs(pulled.files, before, prefix=prefix, screen=screen)
    return "\n".join([*lines, *_closing(pulled)]) + "\n"


def _closing(pulled: PullResult) -> list[str]:
    more = on_accounts(len({account.id for each in pulled.added for account, _ in each.lives}))
    found = counts(
        (len(pulled.added), f"new post{more}", f"new posts{more}"),
        (len(pulled.edited), "edited", "edited"),
        (len(pulled.removed) + len(pulled.kept), "removed in Publer", "removed in Publer"),
        (len(pulled.conflicts), "conflict", "conflicts"),
        (len(pulled.left), "left alone", "left alone"),
    )
    lines = [listing(found) or "Nothing to pull: Publer has nothing new for this calendar."]
    if pulled.counted:
        counted = [
            f"{number} {_COUNTED.get(key, key)}{_on(pulled.over.get(key, {}))}"
            for key, number in pulled.counted.items()
        ]
        lines.append(f"Not for a calendar: {', '.join(counted)}.")
    return lines


def _on(numbers: Mapping[str, int]) -> str:
    return (
        f" ({', '.join(f'{number} on {one_line(name)}' for name, number in numbers.items())})"
        if numbers
        else ""
    )


class _Rows(NamedTuple):
    dates: Dates
    prefix: str

    def edited(self, pair: Pair) -> str:
        post = pair.post
        where = f"{', '.join(sorted(pair.fields))} ({self._place(post)})"
        return self.row(post.at, [post.account], post.text, where)

    def stored(self, edited: Iterable[Pair]) -> list[str]:
        """Where the words are that a use says differently now."""
        lines: dict[str, None] = {}
        for pair in edited:
            use, fields = pair.post.use, sorted(pair.fields - {"time"})
            if use is not None and fields:
                there = f"{self.file(use.place.file)}:{use.place.line}"
                keys = " and ".join(f"`{field}`" for field in fields)
                told = f"{pair.post.id}: move {keys} from {self._place(pair.post)} to {use.stored}, {there}"
                lines[f"  {one_line(told)}"] = None
        return [*lines]

    def conflict(self, pair: Pair) -> list[str]:
        post, live = pair.post, pair.live
        when = f"{self.dates.both(live.at)} " if live.at else ""
        return [
            self.post(post),
            f"    {sentence(pair.conflict)}",
            f"    calendar: {self.dates.both(post.at)} {first_words(post.text, 60)}",
            f"    Publer:   {when}{first_words(live.text, 60)}",
        ]

    def left(self, left: Iterable[Left]) -> list[str]:
        """In order of time, and the accounts of a post together: its lines are to be pasted once."""
        alike: dict[tuple[datetime, str, str, str, str], list[Account]] = defaultdict(list)
        for each in sorted(left, key=lambda each: each.at):
            text = (
                each.live.text if each.live is not None else each.post.text if each.post is not None else ""
            )
            where = self._place(each.post) if each.post is not None else ""
            alike[each.at, text, where, each.reason, each.paste].append(each.account)
        lines: list[str] = []
        for (at, text, where, reason, paste), accounts in alike.items():
            lines += [self.row(at, accounts, text, where), f"    {sentence(reason)}"]
            lines += [f"      {line}" for line in printable(paste).splitlines()]
        return lines

    def post(self, post: Post) -> str:
        return self.row(post.at, [post.account], post.text, self._place(post))

    def row(self, at: datetime, accounts: Iterable[Account], text: str, tail: str) -> str:
        aliases = ", ".join(map(alias_of, accounts))
        return f"  {self.dates.both(at)}  {aliases}  {first_words(text, 40) or '(no text)'}  {one_line(tail)}".rstrip()

    def _place(self, post: Post) -> str:
        return f"{self.file(post.location.file)}:{post.location.line}"

    def file(self, file: str) -> str:
        return f"{self.prefix}/{file}" if self.prefix else file


# --- JSON -----------------------------------------------------------------------------------------------------------


class PlaceData(TypedDict):
    """Where a post is in the files."""

    file: str
    line: Annotated[int | None, "null for a new post"]


PullAction: TypeAlias = Literal["new", "edited", "removed", "to_remove", "conflict", "left"]


class PulledData(TypedDict):
    """What a pull does with a post."""

    action: PullAction
    id: Annotated[str | None, "the post's id in the calendar"]
    accounts: list[AccountData]
    scheduled_at: Moment
    post_ids: Annotated[list[str], "Publer's ids, one for each account"]
    source: Annotated[PlaceData | None, "where it is in the files; a new post has no line yet"]
    fields: Annotated[
        list[
            Annotated[str, Also('{"enum": ["time", "text", "title", "link", "draft", "accounts", "media"]}')]
        ],
        "what differs from Publer",
    ]
    reason: Annotated[str, "why a post is a conflict, or left"]
    paste: Annotated[str, "the lines to write by hand for a post that is left"]
    stored: NotRequired[
        Annotated[
            PlaceData,
            "of an edited use: where its stored post is, which can be changed instead, and with it all its uses",
        ]
    ]


class PullCountData(TypedDict):
    """How many posts."""

    new: Annotated[int, "a post on several accounts counts once"]
    edited: int
    removed: Annotated[int, "from the files"]
    to_remove: Annotated[int, "with `--removed`"]
    conflicts: int
    left: int


class PullDocument(TypedDict):
    """What publer-sync pull --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    workspace: WorkspaceData
    written: Annotated[bool, "whether files were written; false with `--diff`, and where nothing changes"]
    summary: Annotated[PullCountData, "how many posts"]
    counted: Annotated[
        dict[str, int],
        "posts that are not for a calendar, by kind: `undated`, `recurring`, `recycling`, `published`, `pending`, `declined`, "
        "`elsewhere` (another calendar's state on the same branch manages them) and others",
    ]
    over: Annotated[
        dict[str, dict[str, int]],
        "of those that were published or failed: how many on each account, by its alias",
    ]
    posts: Annotated[
        list[PulledData], "each with an `action`: `new`, `edited`, `removed`, `to_remove`, `conflict`, `left`"
    ]
    media: Annotated[list[str], "files that `--media` downloads, from the calendar's top"]
    files: Annotated[list[DiffData], "the files that change"]
    unsigned: NotRequired[
        Annotated[
            list[str],
            "only if a sign-off is lost: the posts that said something else when they were signed off",
        ]
    ]


def document(
    pulled: PullResult,
    *,
    calendar: str,
    workspace: Workspace,
    before: Mapping[str, bytes],
    written: bool,
    unsigned: Iterable[str] = (),
) -> PullDocument:
    """`before` are the bytes of the files as they were; `written` says whether they were saved, `unsigned` whose sign-off is lost."""
    added: list[PulledData] = [
        {
            **_entry(
                "new", each.at, [account for account, _ in each.lives], [post for _, post in each.lives]
            ),
            "id": each.id,
            "source": {"file": each.file, "line": None},
        }
        for each in pulled.added
    ]
    told: PullDocument = {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "workspace": workspace_data(workspace),
        "written": written,
        "summary": {
            "new": len(pulled.added),
            "edited": len(pulled.edited),
            "removed": len(pulled.removed),
            "to_remove": len(pulled.kept),
            "conflicts": len(pulled.conflicts),
            "left": len(pulled.left),
        },
        "counted": {**pulled.counted},
        "over": {key: {**numbers} for key, numbers in pulled.over.items()},
        "posts": [
            *added,
            *(_pair("edited", each) for each in pulled.edited),
            *(_entry("removed", post.at, [post.account], post=post) for post in pulled.removed),
            *(_entry("to_remove", post.at, [post.account], post=post) for post in pulled.kept),
            *(_pair("conflict", each) for each in pulled.conflicts),
            *(
                _entry(
                    "left",
                    each.at,
                    [each.account],
                    [each.live] if each.live else [],
                    each.post,
                    reason=each.reason,
                    paste=each.paste,
                )
                for each in pulled.left
            ),
        ],
        "media": [*sorted(pulled.media)],
        "files": diffs_data(pulled.files, before),
    }
    if names := [*unsigned]:
        told["unsigned"] = names
    return told


def _pair(action: PullAction, pair: Pair) -> PulledData:
    entry = _entry(action, pair.post.at, [pair.post.account], [pair.live], pair.post)
    told: PulledData = {**entry, "fields": [*sorted(pair.fields)], "reason": pair.conflict}
    if action == "edited" and pair.post.use is not None and pair.fields - {"time"}:
        told["stored"] = {"file": pair.post.use.place.file, "line": pair.post.use.place.line}
    return told


def _entry(
    action: PullAction,
    at: datetime,
    accounts: Iterable[Account],
    lives: Sequence[LivePost] = (),
    post: Post | None = None,
    *,
    reason: str = "",
    paste: str = "",
) -> PulledData:
    return {
        "action": action,
        "id": post.id if post else None,
        "accounts": [account_data(account) for account in accounts],
        "scheduled_at": utc(at),
        "post_ids": [live.id for live in lives],
        "source": {"file": post.location.file, "line": post.location.line} if post else None,
        "fields": [],
        "reason": reason,
        "paste": paste,
    }

"""What the columns of each tool's CSV mean, as a table of their names, and which of them a file has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from publer_sync.importing.dates import like_date
from publer_sync.importing.table import decode, tables
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.importing.table import TableRow

Meaning = Literal[
    "text", "at", "date", "time", "link", "media", "alt", "captions", "title", "labels", "comments", "accounts",
    "draft", "type", "board", "button", "reminder", "on",
]  # fmt: skip
"""What a column holds. `board` is the Pinterest board, the Facebook album or the category of a Google photo, `captions` is a text with those of its pictures after `||`, `on` whether the post is for a network."""
FOR_USERS: Final[tuple[Meaning, ...]] = tuple(
    each for each in get_args(Meaning) if each not in ("captions", "on")
)
"""What --columns can name."""


@dataclass(frozen=True, slots=True)
class Column:
    """`network` is the only one that it counts for. Columns with a `number` hold one value of several."""

    meaning: Meaning
    network: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """One tool's columns, by their names in small letters. A file is the tool's if it has one name of each of `signs`.

    `exact` means that it has no other columns.
    """

    name: str
    columns: Mapping[str, Column]
    signs: tuple[frozenset[str], ...]
    exact: bool = False


def _any(*names: str) -> frozenset[str]:
    return frozenset(names)


_NETWORKS: Final = {
    "facebook": "facebook",
    "twitter/x": "twitter",
    "twitter": "twitter",
    "x": "twitter",
    "linkedin": "linkedin",
    "gbp": "google",
    "instagram": "instagram",
    "pinterest": "pinterest",
    "tiktok": "tiktok",
    "youtube": "youtube",
    "threads": "threads",
    "bluesky": "bluesky",
}
"""Metricool's columns that say on which network a post is published."""
_OF_NETWORKS: Final[Mapping[str, Column]] = {
    "instagram post type": Column("type", "instagram"),
    "facebook post type": Column("type", "facebook"),
    "youtube video type": Column("type", "youtube"),
    "twitter/x type": Column("type", "twitter"),
    "linkedin type": Column("type", "linkedin"),
    "threads post type": Column("type", "threads"),
    "facebook title": Column("title", "facebook"),
    "youtube video title": Column("title", "youtube"),
    "pinterest pin title": Column("title", "pinterest"),
    "tiktok title": Column("title", "tiktok"),
    "document title": Column("title", "linkedin"),
    "pinterest pin link": Column("link", "pinterest"),
}
HOOTSUITE: Final = CsvDialect(
    "hootsuite",
    {"date": Column("at"), "message": Column("text"), "link": Column("link")},
    (_any("date"), _any("message")),
    exact=True,
)
DIALECTS: Final = (
    # Publer help, "What CSV template should I use?": the twelve columns of 2025, without the explanations after " - "
    CsvDialect(
        "publer",
        {
            "date": Column("at"),
            "text": Column("text"),
            "link(s)": Column("link"),
            "media url(s)": Column("media"),
            "title": Column("title"),
            "label(s)": Column("labels"),
            "alt text(s)": Column("alt"),
            "comment(s)": Column("comments"),
            **dict.fromkeys(("pin board, fb album, or google category", "board/album"), Column("board")),
            "post subtype": Column("type"),
            "cta": Column("button"),
            "reminder": Column("reminder"),
        },
        (_any("date"), _any("text"), _any("link(s)", "media url(s)")),
    ),
    # the same page before 2025: six columns, the captions of pictures in the message
    CsvDialect(
        "publer",
        {
            "date": Column("at"),
            "message": Column("captions"),
            **dict.fromkeys(("link", "link(s)"), Column("link")),
            **dict.fromkeys(("media", "media url", "media url(s)", "media urls"), Column("media")),
            "title": Column("title"),
            **dict.fromkeys(("label", "labels", "label(s)"), Column("labels")),
        },
        (_any("date"), _any("message"), _any("media", "media url", "media url(s)", "media urls", "labels")),
    ),
    # Buffer help, "Bulk upload posts"
    CsvDialect(
        "buffer",
        {
            "text": Column("text"),
            "image url": Column("media"),
            "tags": Column("labels"),
            "posting time": Column("at"),
        },
        (_any("text"), _any("posting time")),
    ),
    # Metricool help, "Import posts with a CSV": the columns of the template that say the same in a calendar
    CsvDialect(
        "metricool",
        {
            "text": Column("text"),
            "date": Column("date"),
            "time": Column("time"),
            "draft": Column("draft"),
            "first comment text": Column("comments"),
            **{name: Column("on", network) for name, network in _NETWORKS.items()},
            **{f"picture url {number}": Column("media", number=number) for number in range(1, 11)},
            **{f"alt text picture {number}": Column("alt", number=number) for number in range(1, 11)},
            **_OF_NETWORKS,
        },
        (_any("text"), _any("date"), _any("time"), _any(*_NETWORKS)),
    ),
    HOOTSUITE,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's rows of posts, and what its columns mean. `names` are those of its header, "" without one."""

    dialect: str
    names: tuple[str, ...]
    columns: Mapping[int, Column]
    rows: tuple[TableRow, ...]


def layout_of(raw: bytes, name: str, chosen: Mapping[Meaning, tuple[str, ...]]) -> Layout:
    """`chosen` are the columns that --columns names. Raises InputError, and UsageError where a column is missing."""
    found = {
        delimiter: [row for row in rows if not row.is_empty]
        for delimiter, rows in tables(decode(raw, name), name).items()
    }
    if not any(found.values()):
        raise InputError(f"{name} has no rows")
    widest = sorted(found.values(), key=lambda rows: -len(rows[0].cells))
    known = [layout for rows in widest if (layout := _recognized(rows)) is not None]
    layout = known[0] if known else _unknown(widest[0])
    if chosen:
        options = [*known, *map(_unknown, widest)]
        layout = next((each for each in options if _has(each, chosen)), layout)
        layout = _with_chosen(layout, chosen)
    _check(layout, name, asked=bool(chosen))
    return layout


def _recognized(rows: Sequence[TableRow]) -> Layout | None:
    if like_date(rows[0].cells[0]) and len(rows[0].cells) >= 2 and all(len(row.cells) <= 3 for row in rows):
        columns = dict(enumerate(HOOTSUITE.columns.values()))
        return Layout(HOOTSUITE.name, ("", "", ""), columns, tuple(rows))
    for dialect in DIALECTS:
        names = tuple(_known_as(cell, rows[0].cells, dialect) for cell in rows[0].cells)
        other = {name for name in names if name} - dialect.columns.keys()
        if all(sign & set(names) for sign in dialect.signs) and not (dialect.exact and other):
            columns = {n: dialect.columns[each] for n, each in enumerate(names) if each in dialect.columns}
            return Layout(dialect.name, rows[0].cells, columns, tuple(rows[1:]))
    return None


def _known_as(cell: str, header: Sequence[str], dialect: CsvDialect) -> str:
    """The tool's name of a column; Publer explains most of its own: `Media URL(s) - Separated by comma`."""
    name = _name(cell)
    heading = name.partition(" - ")[0]
    explained = heading in dialect.columns and heading not in map(_name, header)
    return heading if explained else name


def _unknown(rows: Sequence[TableRow]) -> Layout:
    return Layout("", rows[0].cells, {}, tuple(rows[1:]))


def _name(cell: str) -> str:
    return " ".join(cell.split()).lower()


def _has(layout: Layout, chosen: Mapping[Meaning, tuple[str, ...]]) -> bool:
    return {_name(each) for names in chosen.values() for each in names} <= set(map(_name, layout.names))


def _with_chosen(layout: Layout, chosen: Mapping[Meaning, tuple[str, ...]]) -> Layout:
    names = [_name(each) for each in layout.names]
    columns = {
        number: each
        for number, each in layout.columns.items()
        if each.meaning not in chosen and not (each.meaning == "captions" and "text" in chosen)
    }
    taken: set[int] = set()
    for meaning, name in ((meaning, name) for meaning, several in chosen.items() for name in several):
        if _name(name) not in names:
            has = ", ".join(each for each in layout.names if each)
            raise UsageError(f'--columns: there is no column "{name}"', hint=f"The file has: {has}")
        if (number := names.index(_name(name))) in taken:
            raise UsageError(f'--columns: two keys name the column "{name}"', hint="Name each column once.")
        taken.add(number)
        columns[number] = Column(meaning)
    return Layout(layout.dialect, layout.names, columns, layout.rows)


def _check(layout: Layout, name: str, *, asked: bool) -> None:
    """Raise UsageError if a column that posts need is missing, or if one is there twice."""
    meanings = {each.meaning for each in layout.columns.values()}
    hint = f"Its first row is: {', '.join(layout.names)}\nName the columns. For example: --columns text=Message,at=Date"
    if not layout.columns:
        raise UsageError(f"{name} is not a CSV of a tool that publer-sync knows", hint=hint)
    if not meanings & {"text", "captions", "media"} or not meanings & {"at", "date"}:
        what = "text" if meanings & {"at", "date"} else "time"
        raise UsageError(f"no column of {name} has the {what} of the posts", hint=hint)
    names = [_name(each) for each in layout.names]
    used = [(names[number], column) for number, column in layout.columns.items() if names[number]]
    headings = [(each.partition(" - ")[0], column) for each, column in used]
    twice = sorted({each for each, _ in used if names.count(each) > 1})
    twice += sorted({each for each, column in headings if headings.count((each, column)) > 1})
    if twice:
        raise UsageError(
            f'{name} has two columns "{twice[0]}"', hint="Rename one of them" if asked else "Remove one."
        )

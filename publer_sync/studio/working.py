"""The files of a calendar as a change would leave them, in memory: every edit of the change, and what it is meant to come to."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from publer_sync.editing.editor import Unwritable, comparable, edited
from publer_sync.editing.edits import Drop, Put
from publer_sync.editing.entry_edits import EntryEdits, Unsafe
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.expand import Placed
    from publer_sync.calendar.posts import Entry
    from publer_sync.editing.edits import Edit
    from publer_sync.studio.open_calendar import Snapshot

Said = dict[str, Any]
"""What a post says on one account, key by key; under `at` are its moments."""


def said_of(placed: Placed) -> Said:
    """What the merged layers of a post say on one account, for comparison."""
    said: Said = {
        key: comparable(value) for key, value in placed.merged.items() if not _says_nothing(key, value)
    }
    return {**said, "at": tuple(moment.at for moment in placed.moments)}


def _says_nothing(key: str, value: Any) -> bool:
    """Whether a value is the same as none, whether it is the post's own or of what it shares with others."""
    return value is None or value in ("", [], {}) or (key == "draft" and value is False)


class ByHand(Unsafe):
    """A change that the lines of a post cannot say as they are: a person edits them."""


@dataclass
class Expected:
    """What a post is meant to say on each account, by alias, once the file is read again.

    `aliases` are all that it is meant to be on, where it is not known what it says on some.
    """

    said: dict[str, Said]
    aliases: frozenset[str] | None = None
    whole: bool = True
    """Whether it is meant to say nothing else; defaults add to what a new post says."""

    def set(self, alias: str, key: str, value: Any) -> None:
        if _says_nothing(key, value):
            self.said[alias].pop(key, None)
        else:
            self.said[alias][key] = comparable(value)


@dataclass
class WorkingFiles:
    """`documents` are those that change, by file; None for one that goes. `new_files` are bytes of files that are not there yet."""

    snapshot: Snapshot
    documents: dict[str, Document] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    new_files: dict[str, bytes] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)
    """By the key of a post that stays."""
    gone: set[str] = field(default_factory=set)
    """The keys of posts that are meant to leave."""
    added: list[Expected] = field(default_factory=list)
    """The posts that are meant to come."""
    used_ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.used_ids |= {entry.id for entry in self.snapshot.calendar.entries if entry.id}

    def edits_of(self, entry: Entry) -> EntryEdits:
        """What edits a post of a file. Raises Unsafe for one that is never written to, or that is on no account."""
        if entry.document.page is not None:
            raise Unsafe("it is in a page of the website, which is not written to")
        placed = {each.alias: each for each in self.snapshot.placed.get(entry.place, ())}
        if not placed:
            raise Unsafe("it is on no account of this calendar")
        document = self.document(entry.document.file) or entry.document
        return EntryEdits(self.snapshot.calendar, document, placed, firm=False)

    def document(self, file: str) -> Document | None:
        """A file with the edits so far. In that of an `Entry`, only the post's own lines are sure to be current."""
        return self.documents.get(file) or self.snapshot.document(file)

    def keep(self, edits: EntryEdits) -> None:
        self.documents[edits.document.file] = edits.document

    def remove_entry(self, entry: Entry) -> None:
        """Remove a post that is on no account. Raises Unsafe."""
        document = self.document(entry.document.file) or entry.document
        posts = document.data["posts"] if document.data is not None else ()
        number = next(n for n, item in enumerate(posts) if item is entry.lines)
        edit: Edit = Put(("posts",), []) if len(posts) == 1 else Drop(("posts", number))
        try:
            self.documents[document.file] = edited(document, [edit])
        except Unwritable as refused:
            raise Unsafe(str(refused), refused.paste) from None

    def expected_of(self, entry: Entry) -> Expected:
        """What a post says now, to be changed to what it is meant to say."""
        return Expected({each.alias: said_of(each) for each in self.snapshot.placed.get(entry.place, ())})

    def free_id(self, wanted: str) -> str:
        """The id, or where another post has it, one with a number."""
        found = next(
            new
            for n in range(1, len(self.used_ids) + 2)
            if (new := wanted if n == 1 else f"{wanted}-{n}") not in self.used_ids
        )
        self.used_ids.add(found)
        return found

    @property
    def files(self) -> Mapping[str, bytes | None]:
        """The new bytes of each file that differs, None for one that goes."""
        old = self.snapshot.calendar.file_bytes
        found: dict[str, bytes | None] = dict(self.new_files)
        found |= {
            file: document.raw for file, document in self.documents.items() if document.raw != old.get(file)
        }
        return {**found, **dict.fromkeys(self.removed)}

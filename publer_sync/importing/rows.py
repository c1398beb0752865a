"""One row of a CSV file as a post of the calendar, or every reason why it cannot be one."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.calendar.when.zones import TimeError, moment, zone
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.importing import dates
from publer_sync.importing.cells import oddity
from publer_sync.networks.table import NETWORKS, POST_TYPES, code_of, network_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values import date_words
from publer_sync.values.model import normal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime, time

    from publer_sync.calendar.publer_yaml.groups import Groups
    from publer_sync.editing.writing import Writable
    from publer_sync.importing.dates import Order
    from publer_sync.importing.dialects import Column, Layout, Meaning
    from publer_sync.importing.table import TableRow
    from publer_sync.values.model import AccountRef

YES: Final = date_words.YES | frozenset(
    ("true", "y", "x", "1", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "waar", "sann", "sand", "sant")
)
NO: Final = date_words.NO | frozenset(
    ("", "false", "n", "0", "falsch", "faux", "falso", "onwaar", "falskt", "falsk", "usann")
)
"""As spreadsheets write them in several languages."""
_TYPES: Final = {
    **dict.fromkeys(("", "post", "feed", "publication"), ""),
    "reels": "reel",
    "shorts": "short",
    "pdf": "document",
}
"""Words for a type that the calendar calls otherwise, or infers."""
_BOARDS: Final = {"pinterest": "board", "facebook": "album", "google": "gallery"}
_BUTTONS: Final = ("facebook", "google")
_URL: Final = re.compile(r"https?://", re.IGNORECASE)
_BEFORE_URL: Final = re.compile(r"[\s,;|]+(?=https?://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RowReason:
    """Why a row is refused or skipped, and how to fix it."""

    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A row that is a post. `value` is what the file will say of it, without its id and its time."""

    row: int
    at: datetime
    accounts: tuple[str, ...]
    text: str
    value: Mapping[str, Writable]
    warnings: tuple[RowReason, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    row: int
    reasons: tuple[RowReason, ...]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    row: int
    reason: Literal["undated", "past"]


JudgedRow = NewPost | RefusedRow | SkippedRow


@dataclass(frozen=True, slots=True)
class RowRules:
    """What the rows are judged by: the calendar's accounts and zone, and what the options say."""

    groups: Groups
    refs: tuple[AccountRef, ...]
    timezone: str
    default_time: time | None
    now: datetime
    order: Order | None = None
    accounts: tuple[str, ...] = ()
    """The aliases that --account means."""
    drafts: bool = False
    """Whether posts are drafts by default."""
    skip_undated: bool = False
    skip_past: bool = False
    as_typed: bool = False
    """Whether lines such as `draft: true` are meant as words."""
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The names of the accounts by their aliases, in small letters, as far as the settings tell them."""


def judge_row(row: TableRow, layout: Layout, rules: RowRules) -> JudgedRow:
    """The post that a row becomes, or every reason why it becomes none."""
    return _Row(row, layout, rules).judged()


@dataclass(slots=True)
class _Row:
    row: TableRow
    layout: Layout
    rules: RowRules
    reasons: list[RowReason] = field(default_factory=list)
    warnings: list[RowReason] = field(default_factory=list)

    def judged(self) -> JudgedRow:
        cells, names = len(self.row.cells), len(self.layout.names)
        if cells > names:  # even if they are empty: a comma in a text has moved everything after it
            self._refuse(
                f"it has {cells} cells, but the file has {names} columns",
                "Put each text that contains the delimiter in quotation marks",
            )
            return RefusedRow(self.row.number, tuple(self.reasons))
        if any([*map(self._odd, self.layout.columns)]):
            return RefusedRow(self.row.number, tuple(self.reasons))
        written = self._cell("at")
        if day := self._cell("date"):
            written = f"{day} {self._cell('time')}".strip()
        if not written and self.rules.skip_undated:
            return SkippedRow(self.row.number, "undated")
        at = self._at(written)
        if at is not None and at <= self.rules.now:
            if self.rules.skip_past:
                return SkippedRow(self.row.number, "past")
            self._refuse(f"its time has passed: {written}", "Correct it, or add --past skip")
        accounts = self._accounts()
        value = self._value(accounts)
        if at is None or self.reasons:
            return RefusedRow(self.row.number, tuple(self.reasons))
        text = value.get("text")
        warnings = tuple(self.warnings)
        return NewPost(self.row.number, at, accounts, text if isinstance(text, str) else "", value, warnings)

    def _refuse(self, message: str, fix: str = "") -> None:
        self.reasons.append(RowReason(message, fix))

    # --- cells

    def _odd(self, number: int) -> bool:
        """Whether a spreadsheet could not show in this column what was meant."""
        cell = self.row.cells[number] if number < len(self.row.cells) else ""
        if (found := oddity(cell)) is None:
            return False
        what, fix = found
        name = self.layout.names[number].strip()
        self._refuse(
            f"{f'the column {snippet(name)}' if name else f'column {number + 1}'} {what}: {snippet(cell, 60)}",
            fix,
        )
        return True

    def _cells(self, meaning: Meaning) -> Iterator[tuple[Column, str]]:
        """The cells with content in columns of this meaning."""
        for number, column in self.layout.columns.items():
            cell = self.row.cells[number] if number < len(self.row.cells) else ""
            if column.meaning == meaning and cell.strip():
                yield column, normal_text(cell)

    def _cell(self, meaning: Meaning) -> str:
        return next((cell for column, cell in self._cells(meaning) if not column.network), "")

    # --- when

    def _at(self, written: str) -> datetime | None:
        if not written:
            self._refuse("it has no date", "Add one, or add --undated skip")
            return None
        try:
            when = dates.read(written, self.rules.order)
            at = when.time or self.rules.default_time
            if at is None:
                self._refuse(f"{snippet(written, 60)} has no time of day", "Add one, as in 2027-03-02 09:00")
                return None
            return moment(when.day, at, when.offset or zone(self.rules.timezone))
        except dates.Unreadable as why:
            self._refuse(why.message, why.fix)
        except TimeError as error:
            self._refuse(error.message, error.help.say)
        return None

    # --- where

    def _accounts(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        off: set[str] = set()
        before = len(self.reasons)
        for column, cell in self._cells("on"):
            if self._yes(cell):
                found.update(dict.fromkeys(self._on(column.network)))
            else:
                off.add(column.network)
        cell = self._cell("accounts")
        words = [cell] if self._called(cell) else re.split(r"\s*[,;|\n]+\s*", cell)  # a name may have a comma
        for word in words:
            if word:
                found.update(dict.fromkeys(self._named(word)))
        if not found and len(self.reasons) == before:
            refs = {ref.alias: ref for ref in self.rules.refs}
            open_to = [alias for alias in self.rules.accounts if not self._is_off(refs[alias], off)]
            if self.rules.accounts and not open_to:
                self._refuse(
                    "it is on no network of this calendar", "Write TRUE for one of them, or remove the row"
                )
            found.update(dict.fromkeys(open_to))
        if not found and len(self.reasons) == before:
            self._refuse("it names no account", "Add --account ALIAS")
        return tuple(found)

    @staticmethod
    def _is_off(ref: AccountRef, off: Collection[str]) -> bool:
        """Whether the row says no to an account; to one whose network is not known, where it says no to any."""
        return ref.provider in off if ref.provider else bool(off)

    def _on(self, network: str) -> tuple[str, ...]:
        """The account on a network: the only one of the calendar, or the one that --account chooses."""
        here = [ref.alias for ref in self.rules.refs if ref.provider == network]
        chosen = [alias for alias in here if alias in self.rules.accounts] or here
        label = NETWORKS[network].label
        if not chosen:
            self._refuse(
                f"no account of the calendar is on {label}", "Add one to publer.yaml, with its network"
            )
        elif len(chosen) > 1 and not set(chosen) <= set(self.rules.accounts):
            names = " or ".join(f"--account {alias}" for alias in chosen)
            self._refuse(f"the calendar has {len(chosen)} accounts on {label}", f"Add {names}")
        return tuple(chosen)

    def _named(self, word: str) -> tuple[str, ...]:
        if (members := self.rules.groups.members(word)) is not None:
            return members
        same = self._called(word)
        if len(same) == 1:
            return (same[0],)
        if same:
            aliases = ", ".join(same)
            self._refuse(
                f"{len(same)} accounts are called {snippet(word, 60)}",
                f"Write one of {aliases}, or the network",
            )
            return ()
        if (network := network_of(word)) is not None:
            return self._on(network)
        known, meant = ", ".join(self.rules.groups.aliases), self.rules.groups.meant(word)
        self._refuse(f"there is no account {snippet(word, 60)}", f"{meant}publer.yaml has: {known}")
        return ()

    def _called(self, word: str) -> list[str]:
        """The aliases of the accounts with this name, after its network or without."""
        before, slash, after = word.partition("/")
        network = network_of(before) if slash else None
        name = (after if network else word).strip().lower()
        return [
            ref.alias
            for ref in self.rules.refs
            if network in (None, ref.provider)
            and name in {ref.alias.lower(), ref.name.lower(), *self.rules.names.get(ref.alias, ())}
        ]

    # --- what

    def _value(self, accounts: tuple[str, ...]) -> dict[str, Writable]:
        text, captions = self._text()
        draft = self._cell("draft")
        keep = {"draft"} if draft and self.rules.drafts else set()
        value: dict[str, Writable] = {
            "accounts": accounts[0] if len(accounts) == 1 else [*accounts],
            "text": text,
            "title": self._cell("title"),
            "type": self._type(self._cell("type")),
            "link": self._link(self._cell("link")),
            "media": self._media(captions),
            "labels": [*filter(None, re.split(r"\s*[,;\n]\s*", self._cell("labels")))],
            "comments": [{"text": each} for each in _parts(self._cell("comments"))],
            "draft": bool(draft) and self._yes(draft),
            "networks": self._networks(accounts),
            "note": self._note(accounts),
        }
        if not text and not value["media"]:
            self._refuse("it has neither text nor media")
        return {key: item for key, item in value.items() if item or key in keep}

    def _text(self) -> tuple[str, list[str]]:
        """The text, and the captions that follow it after `||` in Publer's older template."""
        if (text := self._cell("text")) or not (cell := self._cell("captions")):
            return text, []
        text, *captions = (normal_text(part) for part in cell.split("||"))
        return text, captions

    def _type(self, cell: str) -> str:
        word = cell.strip().lower()
        word = _TYPES.get(word, word)
        if word and word not in POST_TYPES:
            self._refuse(
                f"{snippet(cell, 60)} is not a type of post", f"The types are {', '.join(POST_TYPES)}"
            )
        return word

    def _link(self, cell: str) -> str:
        links = _BEFORE_URL.split(cell)
        if len(links) > 1:
            self._refuse("it has several links, a carousel of links on Facebook, which is not imported")
        return links[0].strip()

    def _media(self, captions: list[str]) -> list[Writable]:
        pieces: list[dict[str, Writable]] = []
        alts = {column.number: cell for column, cell in self._cells("alt")}
        several = _parts(alts.pop(0), keep=True) if 0 in alts else []
        for column, cell in self._cells("media"):
            for address in [cell] if column.number else _addresses(cell):
                piece: dict[str, Writable] = {"url" if _URL.match(address) else "file": address}
                if alt := alts.pop(column.number, ""):
                    piece["alt"] = alt
                pieces.append(piece)
        for key, texts in (("alt", several), ("caption", captions)):
            if len(texts) > len(pieces) or alts:
                self._refuse(f"it has more {key} texts than media")
                break
            for piece, text in zip(pieces, texts, strict=False):
                piece.update({key: text} if text else {})
        return [*pieces]

    def _networks(self, accounts: tuple[str, ...]) -> dict[str, Writable]:
        """The columns for one network, for the networks that the post is on."""
        on = {ref.provider for ref in self.rules.refs if ref.alias in accounts and ref.provider}
        own: dict[str, dict[str, Writable]] = {}
        readers: dict[Meaning, Callable[[str], Writable]] = {
            "type": self._type,
            "title": str,
            "link": self._link,
        }
        for meaning, read in readers.items():
            for column, cell in self._cells(meaning):
                if column.network in on and (value := read(cell)):
                    own.setdefault(code_of(column.network), {})[meaning] = value
        nameless = [ref.alias for ref in self.rules.refs if ref.alias in accounts and not ref.provider]
        for network, key, item in (*self._board(on), *self._button(on), *self._reminder(on, nameless)):
            own.setdefault(code_of(network), {})[key] = item
        return {**own}

    def _board(self, on: Collection[str]) -> Iterator[tuple[str, str, Writable]]:
        """Boards, albums and categories of Google photos share a column."""
        if not (name := self._cell("board")):
            return
        if not set(_BOARDS) & set(on):
            self._refuse(
                f"{snippet(name, 60)} is for an account on Pinterest, Facebook or Google Business",
                "Remove it, or name such an account",
            )
        for network, key in _BOARDS.items():
            if network not in on:
                continue
            if network != "google":
                yield network, key, name
            elif self._cell("media"):
                message = f"the picture goes into the photo gallery on Google, without its category {snippet(name, 60)}"
                self.warnings.append(RowReason(message, "Choose the category in Publer: its API takes none"))
                yield network, key, True
            else:
                self._refuse("a Google category is for a picture, and it has none", "Remove the category")

    def _note(self, accounts: Collection[str]) -> str:
        on_google = any(ref.provider == "google" for ref in self.rules.refs if ref.alias in accounts)
        name = self._cell("board") if on_google else ""
        return f"Google category: {name}" if name else ""

    def _button(self, on: Collection[str]) -> Iterator[tuple[str, str, Writable]]:
        if not (cell := self._cell("button")):
            return
        word, link = re.sub(r"[\s-]+", "_", cell.strip()).upper(), self._link(self._cell("link"))
        there = [network for network in _BUTTONS if network in on]
        if not there:
            self._refuse("a button is for an account on Facebook or Google Business", "Remove it")
        elif not link:
            self._refuse("a button needs a link", "Add the link, or remove the button")
        for network in there:
            if word not in (buttons := NETWORKS[network].buttons):
                label = NETWORKS[network].label
                self._refuse(
                    f"{label} has no button {snippet(cell, 60)}", f"The buttons are {', '.join(buttons)}"
                )
            else:
                yield network, "link", {"url": link, "call_to_action": word}

    def _reminder(
        self, on: Collection[str], nameless: Collection[str]
    ) -> Iterator[tuple[str, str, Writable]]:
        """Without it, a post that someone wants to publish by hand would be published. `nameless` are the accounts of no known network."""
        if not (cell := self._cell("reminder")) or not self._yes(cell):
            return
        if nameless:
            names = ", ".join(nameless)
            self._refuse(
                f"whether {names} takes a reminder is not known: publer.yaml does not name its network",
                f"Name the network of {names} in publer.yaml, or remove the reminder to have it published",
            )
        for network in on:
            if NETWORKS[network].field("reminder") is None:
                self._refuse(
                    f"a reminder on {NETWORKS[network].label} can't be scheduled over Publer's API",
                    "Schedule it in Publer, or remove the reminder to have it published",
                )
            else:
                yield network, "reminder", True

    def _yes(self, cell: str) -> bool:
        word = cell.strip().lower()
        if word not in YES | NO:
            self._refuse(f"{snippet(cell, 60)} is neither TRUE nor FALSE")
        return word in YES


def _parts(cell: str, *, keep: bool = False) -> list[str]:
    """The parts between `||`; with `keep`, also the empty ones, since the position counts."""
    parts = [normal_text(part) for part in cell.split("||")] if cell else []
    return parts if keep else [part for part in parts if part]


def _addresses(cell: str) -> list[str]:
    """The URLs of a cell, which may contain commas, or the names of files."""
    found = _BEFORE_URL.split(cell) if _URL.match(cell) else re.split(r"\s*[,;|\n]+\s*", cell)
    return [each.strip(" ,;|\n") for each in found if each.strip(" ,;|\n")]

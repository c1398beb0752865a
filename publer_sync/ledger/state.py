"""The ledger as a value: what publer-sync has sent and seen, and what is under way. `store` says where it is kept.

`copies` has its parts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.contact import NO_CONTACT, Contact
from publer_sync.ledger.copies import NO_FACTS, Copy, EntryFacts, LedgerEntry
from publer_sync.ledger.entries import before_entries, entry_in, entry_out
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunRecord
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.decoding import decode, encode, moment
from publer_sync.values.errors import StateError
from publer_sync.values.model import iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.ledger.signing import Keys
    from publer_sync.values.content import Json

FORMAT_VERSION = 5
"""The first that is one part of a ledger. Formats 1, 2 and 3 are read, and rewritten by the next write: 2 knew holds, 3 entries of
several copies."""
MARKER_VERSION = 4
"""Of a marker: versions that know none would take it for an empty state, and schedule everything again."""
FORGET_CONTENT_AFTER = timedelta(days=35)
"""How long an entry keeps what was sent and seen once its last copy has ended. The rest of it stays, as a line for `results` and `log`."""
FORGET_AFTER = timedelta(days=400)
"""How long that line is kept of a post that left the calendar."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a state went: its name there, and the place, a whole path or `git:BRANCH`."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class CalendarHome:
    """The folder of a calendar, by which a copy of it is told from the calendar itself.

    A path in its git repository, otherwise a whole path.
    `repository` is git's common directory, which all work trees share; "" outside of git, and where the ledger is on a branch.
    """

    folder: str
    repository: str = ""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """What Publer said of an account when it was last used: once reconnected, it has another id."""

    provider: str
    name: str
    type: str = ""
    social_id: str = ""
    managed: bool = True
    """Whether the settings named it then."""
    shared: bool = False
    """Whether they said that another calendar manages it as well."""


@dataclass(slots=True)
class State:
    """The whole document. Copies are frozen, so a copy of the mappings is a copy of the state."""

    service: str
    workspace_id: str
    calendar: str
    workspace_name: str = ""
    copies: dict[int, Copy] = field(default_factory=dict)
    """By their keys, in the order in which they were sent."""
    facts: dict[int, EntryFacts] = field(default_factory=dict)
    """By the keys of entries."""
    media: dict[str, dict[str, Json]] = field(default_factory=dict)
    """What Publer answered to an upload, by content digest."""
    excused: set[str] = field(default_factory=set)
    """Missed posts that have been reported, by their `past_keys`."""
    last_apply: datetime | None = None
    """When an apply last ended, whatever became of its posts."""
    last_good_apply: datetime | None = None
    """When one last left nothing of the whole calendar undone."""
    files: str | None = None
    """The name of the files that the last apply of the whole calendar was of; None where it did not do everything."""
    span: tuple[int, datetime] | None = None
    """The most days that Publer listed at once, and when that was found; None where it lists as many as are asked for."""
    signoff: tuple[str, ...] = ()
    """The rules of sign-off at the last apply of the whole calendar, each as JSON."""
    contact: Contact = NO_CONTACT
    next_key: int = 1
    holds: tuple[Hold, ...] = ()
    runs: tuple[RunRecord, ...] = ()
    """Those that wrote, the oldest first."""
    home: CalendarHome | None = None
    """None in states of earlier versions."""
    accounts: dict[str, KnownAccount] = field(default_factory=dict)
    """By Publer's id: all that it ever managed posts of."""
    lost: frozenset[str] = field(default=frozenset(), compare=False)
    """Its accounts that Publer does not list now. Never written."""
    joined: frozenset[str] = field(default=frozenset(), compare=False)
    """The calendar's accounts that it did not have when this was last written. Never written."""
    was: tuple[str, ...] = ()
    """The names that the calendar had before: a checkout from before it was renamed is not another calendar."""
    moved: Moved | None = None
    """Where `state mv` moved it: this is a marker, and nobody's state."""
    ended: datetime | None = None
    """When `forget --all` ended it: only its runs are left, for `log`, and it is nobody's state."""
    _lines: dict[int, tuple[LedgerEntry, str]] = field(default_factory=dict, repr=False, compare=False)
    """Entries as they were written last: a run writes its state often, and changes little of it each time."""

    @property
    def is_used(self) -> bool:
        """Whether it says anything of posts that may be in Publer, or are kept out of it."""
        return bool(self.copies or self.holds)

    def renamed(self, name: str) -> State:
        """It, once the calendar has another name."""
        names = dict.fromkeys((*self.was, self.calendar))
        return replace(self.clone(), calendar=name, was=tuple(each for each in names if each != name))

    def after_its_end(self, now: datetime) -> State:
        """What is left of it for `log`."""
        return State(
            self.service,
            self.workspace_id,
            self.calendar,
            self.workspace_name,
            runs=self.runs,
            accounts=self.accounts,
            ended=now,
        )

    @property
    def posts(self) -> list[frozenset[str]]:
        """The accounts of each post that it manages; a post on several accounts is one."""
        found: dict[object, set[str]] = defaultdict(set)
        for entry in self.entries().values():
            newest = entry.newest
            if not newest.given_up and (newest.end is None or (newest.held and not entry.published)):
                found[newest.slot, newest.id or newest.text].add(entry.account)
        return [frozenset(accounts) for accounts in found.values()]

    def clone(self) -> State:
        return replace(
            self,
            copies=dict(self.copies),
            facts=dict(self.facts),
            media=dict(self.media),
            excused=set(self.excused),
            accounts=dict(self.accounts),
        )

    def new_key(self) -> int:
        key, self.next_key = self.next_key, self.next_key + 1
        return key

    def put(self, copy: Copy) -> None:
        self.copies[copy.key] = copy

    def drop(self, copy: Copy) -> None:
        """Forget a copy that was never sent."""
        self.copies.pop(copy.key, None)

    def entries(self) -> dict[int, LedgerEntry]:
        """All entries by their keys, as they are now."""
        grouped: dict[int, list[Copy]] = defaultdict(list)
        for copy in self.copies.values():
            grouped[copy.entry].append(copy)
        return {
            key: LedgerEntry(
                key, tuple(sorted(copies, key=lambda copy: copy.key)), self.facts.get(key, NO_FACTS)
            )
            for key, copies in grouped.items()
        }

    def identify(self, copy: Copy, id: str | None) -> None:
        """Let the copy's entry have the id that its post has in the calendar now."""
        if copy.id == id:
            return  # so have the others
        for each in [each for each in self.copies.values() if each.entry == copy.entry]:
            self.put(replace(each, id=id))

    def note(self, entry: int, **facts: Any) -> None:
        """Note facts of an entry; those that say nothing are not kept."""
        if known := replace(self.facts.get(entry, NO_FACTS), **facts):
            self.facts[entry] = known
        else:
            self.facts.pop(entry, None)

    def forget(self, entry: int) -> None:
        """Drop an entry with all its copies."""
        self.facts.pop(entry, None)
        for copy in [copy for copy in self.copies.values() if copy.entry == entry]:
            del self.copies[copy.key]

    def lines(self) -> Iterator[str]:
        """Each entry as its line in the document."""
        for entry in self.entries().values():
            known = self._lines.get(entry.key)
            if known is None or not known[0].is_made_of(entry):  # equal is not enough: 1 == True
                known = entry, _compact(entry_out(entry))
                self._lines[entry.key] = known
            yield known[1]

    @property
    def post_ids(self) -> set[str]:
        """Publer's ids of all copies, ended ones too."""
        return {copy.post_id for copy in self.copies.values() if copy.post_id}


def doubt_key(account: str, slot: datetime) -> str:
    """The name under which it is remembered that people were told of a post of which nobody knows yet whether it went out."""
    return f"{account}?{iso(slot)}"


def past_keys(account: str, slot: datetime, id: str | None) -> tuple[str, ...]:
    """The names under which a missed post is remembered."""
    by_slot = f"{account}@{iso(slot)}"
    return (by_slot, f"{account}#{id}") if id else (by_slot,)


# --- the document ---------------------------------------------------------------------------------------------------


def dumps(state: State, keys: Keys | None = None) -> str:
    """One entry a line, so that git shows what an apply changed. Signed where there are `keys`."""
    head: dict[str, Json] = {
        "format_version": MARKER_VERSION if state.moved else FORMAT_VERSION,
        "service": state.service,
        "workspace": {"id": state.workspace_id, "name": state.workspace_name},
        "calendar": state.calendar,
        "last_apply": iso(state.last_apply) if state.last_apply else None,
        "last_good_apply": iso(state.last_good_apply) if state.last_good_apply else None,
        **({"files": state.files} if state.files else {}),
        **({"span": [state.span[0], iso(state.span[1])]} if state.span else {}),
        **({"signoff": [*state.signoff]} if state.signoff else {}),
        **({"contact": encode(state.contact)} if state.contact != NO_CONTACT else {}),
        "next_key": state.next_key,
        **({"holds": [hold.to_json() for hold in state.holds]} if state.holds else {}),
        **({"was": [*state.was]} if state.was else {}),
        **({"moved": encode(state.moved)} if state.moved else {}),
        **({"ended": iso(state.ended)} if state.ended else {}),
        **({"home": encode(state.home)} if state.home else {}),
        **(
            {"accounts": {key: encode(each) for key, each in state.accounts.items()}}
            if state.accounts
            else {}
        ),
    }
    lines = [_compact(head)[:-1]]
    posts = ",\n  ".join(state.lines())
    lines.append(f'"posts": [\n  {posts}\n]')
    media = ",\n  ".join(
        f"{json.dumps(digest)}: {_compact(answer)}" for digest, answer in sorted(state.media.items())
    )
    lines.append(f'"media": {{\n  {media}\n}}')
    lines.append(f'"excused": {_compact(sorted(state.excused))}')
    if state.runs:
        runs = ",\n  ".join(_compact(encode(run)) for run in state.runs)
        lines.append(f'"runs": [\n  {runs}\n]')
    body = ",\n".join(lines)
    # Half of a surrogate pair, which JSON may carry as an escape, cannot be written as UTF-8.
    body = _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", body)
    body = keys.signed(body) if keys else body
    return body + _end(body)


def loads(document: str | bytes, place: str, keys: Keys | None = None) -> State:
    """Raises StateError where the document is damaged or was written by a newer version; `place` names it.

    With `keys`, raises UntrustedStateError where its signature is not right; without, none is checked.
    """
    try:
        text = document if isinstance(document, str) else document.decode()
        data = json.loads(text)
        version = data["format_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(place) from error
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise StateError(
            f"the state in {place} was written by a newer publer-sync (format {version}; this one knows {FORMAT_VERSION})",
            code="state.newer",
            hint="Update publer-sync and run the command again. Nothing was changed.",
        )
    text = text.replace("\r\n", "\n")  # git may check a file out with the line ends of Windows
    body, mark, rest = text.rpartition(_MARK)
    if mark + rest != _end(body):
        raise _damaged(place)
    if keys is not None:
        keys.verify(body, place)
    try:
        last_apply = moment(data["last_apply"]) if data["last_apply"] is not None else None
        if version < 3:
            copies, facts = before_entries(data["posts"], last_apply), {}
        else:
            loaded = (copy for item in data["posts"] for copy in entry_in(item))
            copies = {copy.key: copy for copy in sorted(loaded, key=lambda copy: copy.key)}
            facts = {
                item["key"]: known
                for item in data["posts"]
                if not _FACTS.isdisjoint(item) and (known := decode(EntryFacts, item, newer=True))
            }
        return State(
            service=data["service"],
            workspace_id=data["workspace"]["id"],
            workspace_name=data["workspace"]["name"],
            calendar=data["calendar"],
            copies=copies,
            facts=facts,
            media=data["media"],
            excused=set(data["excused"]),
            holds=tuple(Hold.from_json(item) for item in data.get("holds", ())),
            runs=tuple(decode(RunRecord, item, newer=True) for item in data.get("runs", ())),
            was=tuple(map(str, data.get("was", ()))),
            moved=decode(Moved, data["moved"], newer=True) if "moved" in data else None,
            ended=moment(data["ended"]) if "ended" in data else None,
            home=decode(CalendarHome, data["home"], newer=True) if "home" in data else None,
            accounts={
                key: decode(KnownAccount, item, newer=True) for key, item in data.get("accounts", {}).items()
            },
            last_apply=last_apply,
            last_good_apply=_good(data, last_apply),
            files=data.get("files"),
            span=(int(data["span"][0]), moment(data["span"][1])) if "span" in data else None,
            signoff=tuple(map(str, data.get("signoff", ()))),
            contact=decode(Contact, data["contact"], newer=True) if "contact" in data else NO_CONTACT,
            next_key=data["next_key"],
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(place) from error


def _good(data: Mapping[str, Any], last_apply: datetime | None) -> datetime | None:
    """Older versions kept whether the last apply did everything, and not when one last did."""
    if "last_good_apply" in data:
        return moment(data["last_good_apply"]) if data["last_good_apply"] is not None else None
    return last_apply if data.get("files") else None


def _damaged(place: str) -> StateError:
    return StateError(
        f"the state in {place} is damaged: it is not what publer-sync wrote",
        code="state.damaged",
        hint="Restore the last good version (git log, a backup). Without one, move the file away: the next apply "
        "adopts the posts that match the calendar and removes none. Nothing was changed.",
    )


_MARK = ',\n"checksum": '
_FACTS = frozenset(field.name for field in fields(EntryFacts))
"""Most entries have none of them."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_compact = json.JSONEncoder(ensure_ascii=False).encode
"""JSON on one line. `json.dumps` makes an encoder for each call."""


def _end(body: str) -> str:
    """The last lines of a document: the digest of all the others."""
    digest = hashlib.sha256(body.encode(errors="replace")).hexdigest()[:32]
    return f'{_MARK}"{digest}"\n}}\n'

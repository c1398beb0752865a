"""The fields of the page's form, each as edits of the lines that say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.calendar.layers import inner_map, network_layer
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.differing import edits_between
from publer_sync.editing.editor import comparable
from publer_sync.editing.edits import Append, Drop, Put
from publer_sync.editing.entry_edits import Unsafe, Wanted
from publer_sync.editing.writing import plain_value
from publer_sync.networks.table import network_of
from publer_sync.studio.posts import base_of, path_of
from publer_sync.values.model import normal_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.expand import Placed
    from publer_sync.editing.entry_edits import EntryEdits
    from publer_sync.editing.writing import Writable
    from publer_sync.studio.orders import MediumFields, PartFields, PostFields
    from publer_sync.studio.working import Expected

UNCHANGED = object()


class FieldEdits:
    """Writes what the form says of one post. `expected` learns what the post is meant to say then."""

    def __init__(self, edits: EntryEdits, expected: Expected, fields: PostFields) -> None:
        self.edits, self.expected, self.fields = edits, expected, fields
        base = base_of([*edits.placed.values()])
        if base is None:
            raise Unsafe("it is on no account of this calendar")
        self.base: Placed = base

    def write(self) -> None:
        """Raises Unsafe."""
        given = self.fields.given
        if given & {"text", "texts"}:
            self._texts()
        for key in ("title", "link", "draft", "poll", "media"):
            if key in given:
                self._common(key, getattr(self, f"_{key}")())
        if "thread" in given:
            self._common("thread", _parts(self._old("thread"), self.fields.thread or ()))
        if "comment" in given:
            self._common("comments", self._comments())
        if "labels" in given:
            self._labels(self.fields.labels or ())
        if "note" in given:
            self._note(normal_text(self.fields.note or ""))

    def _old(self, key: str) -> Any:
        return self.base.merged.get(key)

    # --- texts

    def _texts(self) -> None:
        edits, texts = self.edits, self.fields.texts
        now = {alias: _normal_or_empty(placed.merged.get("text")) for alias, placed in edits.placed.items()}
        old = now[self.base.alias]
        new = normal_text(self.fields.text or "") if "text" in self.fields.given else old
        own = {alias for alias in edits.placed if edits.layer(alias, "text") in ("network", "account")}
        goals: dict[str, str] = {}
        for alias in edits.placed:
            said = texts.get(alias, UNCHANGED)
            follows = alias not in own or alias == self.base.alias
            if isinstance(said, str):
                goals[alias] = normal_text(said)
            elif said is None or follows:
                goals[alias] = new
            else:
                goals[alias] = now[alias]
        unset = {alias for alias in own if alias in texts and texts[alias] is None}
        edits.unset("text", unset)
        own -= unset
        groups = [
            [alias for alias in goals if alias not in own and goals[alias] == new],
            [alias for alias in goals if alias in own or goals[alias] != new],
        ]
        for group in groups:
            wanted = {
                alias: Wanted(goals[alias] or None) for alias in group if not self._says(alias, goals[alias])
            }
            edits.write("text", wanted)
        for alias, goal in goals.items():
            self.expected.set(alias, "text", goal)

    def _says(self, alias: str, text: str) -> bool:
        """Whether the post says this text on an account already, after the edits so far."""
        layers = self.edits.layers(alias, "text")
        return bool(layers) and _normal_or_empty(layers[-1][1].get("text")) == text

    # --- one value for all accounts that share it

    def _common(self, key: str, value: Writable) -> None:
        edits, before = self.edits, comparable(self._old(key))
        shared = [
            alias for alias, placed in edits.placed.items() if comparable(placed.merged.get(key)) == before
        ]
        if comparable(value) == before or (not value and not before):
            return
        outer = edits.outer_value(self.base.alias, key)
        layer = edits.layer(self.base.alias, key)
        if layer in ("post", "none", "outer") and comparable(value or None) == comparable(outer or None):
            if key in edits.data:
                edits.do(Drop((*edits.base, key)))
        elif not value and layer in ("post", "outer"):
            edits.do(Put((*edits.base, key), False if key == "draft" else None))
        else:
            edits.write(key, {alias: Wanted(value or None) for alias in shared})
        for alias in shared:
            self.expected.set(alias, key, self._merged_as(key, alias, value))

    def _merged_as(self, key: str, alias: str, value: Writable) -> Any:
        """How a value reads once it is merged: a link keeps its title and picture."""
        old = self.edits.placed[alias].merged.get(key)
        if isinstance(old, Map) and isinstance(value, str):
            return {**old, "url": value}
        return value

    def _title(self) -> Writable:
        return normal_text(self.fields.title or "")

    def _link(self) -> Writable:
        return (self.fields.link or "").strip() or None

    def _draft(self) -> Writable:
        return bool(self.fields.draft)

    def _poll(self) -> Writable:
        poll = self.fields.poll
        if poll is None:
            return None
        value: dict[str, Writable] = {
            key: plain_value(each) for key, each in (self._old("poll") or {}).items()
        }
        value |= {"options": [option.strip() for option in poll.options]}
        for key in ("question", "duration"):
            if said := (getattr(poll, key) or "").strip():
                value[key] = said
            elif key in poll.given:
                value.pop(key, None)
        return value

    def _media(self) -> Writable:
        media = self.fields.media
        return media_value(self._old("media"), media or (), self.edits.document.file)

    def _comments(self) -> Writable:
        old = self._old("comments")
        items: list[Writable] = [plain_value(each) for each in old or ()]
        comment = self.fields.comment
        if comment is None:
            return items[1:]
        first = dict(items[0]) if items and isinstance(items[0], dict) else {}
        if after := (comment.after or "").strip():
            first["after"] = after
        elif "after" in comment.given:
            first.pop("after", None)
        first["text"] = normal_text(comment.text)
        return [first, *items[1:]]

    # --- labels and notes

    def _labels(self, labels: Sequence[str]) -> None:
        """Those of the post itself; defaults and accounts have theirs, which add up."""
        edits, wanted = self.edits, [label.strip() for label in labels if label.strip()]
        written = edits.data.get("labels")
        own = [*written] if isinstance(written, Seq) else []
        outer = self._outer_labels(self.base.alias)
        merged = [*(self._old("labels") or [])]
        fixed = [label for label in merged if label not in own or label in outer]
        new: list[Writable] = [label for label in dict.fromkeys(wanted) if label not in fixed]
        path = (*edits.base, "labels")
        if not new and own:
            edits.do(Drop(path))
        elif own:
            for edit in edits_between(path, written, new):
                edits.do(edit)
        elif new:
            edits.do(Put(path, new))
        for alias, placed in edits.placed.items():
            merged = [*(placed.merged.get("labels") or [])]
            start = len(self._outer_labels(alias))
            self.expected.set(alias, "labels", [*merged[:start], *new, *merged[start + len(own) :]])

    def _outer_labels(self, alias: str) -> list[str]:
        outer = self.edits.before_own(alias).get("labels")
        return [*outer] if isinstance(outer, Seq) else []

    def _note(self, note: str) -> None:
        edits = self.edits
        if note:
            if normal_text(str(edits.data.get("note") or "")) != note:
                edits.do(Put((*edits.base, "note"), note))
        elif "note" in edits.data:
            edits.do(Drop((*edits.base, "note")))
        for alias in edits.placed:
            self.expected.set(alias, "note", note)


def media_value(old: Any, media: Sequence[MediumFields], file: str) -> Writable:
    """The media of a post in a file; those that are known keep what else is said of them."""
    known = {path_of(item): {key: plain_value(each) for key, each in item.items()} for item in old or ()}
    items: list[Writable] = []
    for medium in media:
        item = dict(known.get(medium.path) or _new_medium(medium.path, file))
        if alt := normal_text(medium.alt):
            item["alt"] = alt
        elif "alt" in medium.given:
            item.pop("alt", None)
        items.append(item)
    return items


def _new_medium(path: str, file: str) -> dict[str, Any]:
    if path.startswith(("https://", "http://")):
        return {"url": path}
    inner = path.lstrip("/")
    return {"file": inner if "/" not in file else f"/{inner}"}


def _parts(old: Any, parts: Sequence[PartFields]) -> Writable:
    """The parts of a thread with these texts; each keeps its pictures."""
    before = [plain_value(each) for each in old or ()]
    found: list[Writable] = []
    for part in parts:
        known = before[part.was] if part.was is not None and 0 <= part.was < len(before) else {}
        found.append({**(known if isinstance(known, dict) else {}), "text": normal_text(part.text)})
    return found


def _normal_or_empty(value: Any) -> str:
    return normal_text(value) if isinstance(value, str) else ""


def set_accounts(edits: EntryEdits, wanted: Sequence[str]) -> None:
    """Have a post on these accounts alone. Raises Unsafe."""
    calendar, now = edits.calendar, [*edits.placed]
    known = {ref.alias for ref in calendar.settings.accounts}
    if unknown := [alias for alias in wanted if alias not in known]:
        raise Unsafe(f"there is no account `{unknown[0]}`")
    if not wanted:
        raise Unsafe("a post needs an account: remove the post instead")
    gone, added = (
        [alias for alias in now if alias not in wanted],
        [each for each in wanted if each not in now],
    )
    path, whole = (*edits.base, "accounts"), wanted[0] if len(wanted) == 1 else [*wanted]
    if edits.data.get("accounts") is None:
        if edits.entry.stored is None and any(placed.entries for placed in edits.placed.values()):
            raise Unsafe("its accounts are named for the whole file, with words of their own")
        edits.do(Put(path, whole))
    elif len(gone) == len(now) and not isinstance(edits.data["accounts"], Seq):
        edits.do(Put(path, whole))
    else:
        stays = len(gone) < len(now)  # otherwise the others come first: a list is never empty
        for alias in () if stays else added:
            _join(edits, alias)
        for alias in gone:
            _leave(edits, alias)
        for alias in added if stays else ():
            _join(edits, alias)
    providers = {placed.account.provider for alias, placed in edits.placed.items() if alias not in gone}
    providers |= {ref.provider or "" for ref in calendar.settings.accounts if ref.alias in added}
    for provider in {edits.placed[alias].account.provider for alias in gone} - providers:
        _drop_network(edits, provider)


def _leave(edits: EntryEdits, alias: str) -> None:
    path, accounts = (*edits.base, "accounts"), edits.data["accounts"]
    if not isinstance(accounts, Seq):
        edits.do(Put(path, [str(accounts), f"-{alias}"]))
        return
    for number in reversed(range(len(accounts))):
        item = accounts[number]
        word = item.get("account") if isinstance(item, Map) else item
        if isinstance(word, str) and calendar_members(edits, word) == (alias,):
            edits.do(Drop((*path, number)))
    accounts = edits.data["accounts"]
    words = [item.get("account") if isinstance(item, Map) else item for item in accounts]
    if any(isinstance(word, str) and alias in calendar_members(edits, word) for word in words):
        edits.do(Append(path, [f"-{alias}"]))


def _join(edits: EntryEdits, alias: str) -> None:
    path, accounts = (*edits.base, "accounts"), edits.data["accounts"]
    if not isinstance(accounts, Seq):
        edits.do(Put(path, [str(accounts), alias]))
        return
    for number, item in enumerate(accounts):
        if isinstance(item, str) and item.startswith("-") and calendar_members(edits, item[1:]) == (alias,):
            edits.do(Drop((*path, number)))
            left = edits.data["accounts"]
            if len(left) == 1 and isinstance(left[0], str):
                edits.do(Put(path, left[0]))
            return
    edits.do(Append(path, [alias]))


def calendar_members(edits: EntryEdits, word: str) -> tuple[str, ...]:
    return edits.calendar.groups.members(word) or ()


def _drop_network(edits: EntryEdits, provider: str) -> None:
    """What the post says for a network on which it no longer is would have no effect."""
    networks = inner_map(edits.data, "networks")
    if networks is None or network_layer(edits.data, provider) is None:
        return
    word = next(word for word in networks if network_of(word) == provider)
    edits.do(Drop((*edits.base, "networks", *(() if len(networks) == 1 else (word,)))))

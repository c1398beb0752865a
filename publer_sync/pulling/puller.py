"""Pulls in memory: writes what was found, reads the calendar as it would be, and keeps only what proves right.

A post that `validate` would refuse, or that the new plan would still change, is left out, and the rest is written and read
again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from publer_sync.calendar.document import Document
from publer_sync.calendar.posts import zone_of
from publer_sync.calendar.publer_yaml.extends import drafts_by_default
from publer_sync.calendar.when.zones import zone
from publer_sync.editing.editor import Unwritable
from publer_sync.editing.new_posts import AS_WORDS, new_file
from publer_sync.editing.writing import item_lines
from publer_sync.planning.differences import compare
from publer_sync.planning.plan import Adopt, Replace, Unchanged, Update, intent
from publer_sync.pulling.additions import Addition, FilesBy, additions, value_of
from publer_sync.pulling.findings import Left, Pair
from publer_sync.pulling.rewrites import Rewriter
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import normal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.editing.entry_edits import Unsafe
    from publer_sync.editing.writing import Writable
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.pulling.downloads import Downloads
    from publer_sync.pulling.findings import Findings
    from publer_sync.values.model import Account, LivePost, Post
    from publer_sync.values.problems import Location, Problem

T = TypeVar("T")
Prefer = Literal["publer", "calendar"]
UNEQUAL = "in the files, it would differ from what Publer has"
OTHERS = "its lines can't be changed without changing other posts too"


@dataclass(frozen=True, slots=True)
class Options:
    by: FilesBy = "month"
    removed: bool = False
    prefer: Prefer | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar as it would be: its errors, its posts on Publer's accounts, and the plan that follows."""

    calendar: Calendar
    errors: tuple[Problem, ...]
    posts: tuple[Post, ...]
    plan: Plan | None


@dataclass(slots=True)
class PullResult:
    """What a pull writes, and what it does not. `files` are the new bytes by file."""

    added: list[Addition] = field(default_factory=list)
    edited: list[Pair] = field(default_factory=list)
    removed: list[Post] = field(default_factory=list)
    kept: list[Post] = field(default_factory=list)
    """Removed in Publer, and still in the files."""
    conflicts: list[Pair] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    counted: Mapping[str, int] = field(default_factory=dict)
    over: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Of those that were published or failed: how many on each account, by its alias."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    media: Mapping[str, Path] = field(default_factory=dict)
    """Fetched files, and where they are until they are written."""


def pull(
    calendar: Calendar,
    found: Findings,
    accounts: Mapping[str, Account],
    taken: Iterable[str],
    options: Options,
    read: Callable[[Mapping[str, bytes]], Reading],
    media: Downloads,
) -> PullResult:
    """`taken` are ids that the ledger knows; `read` reads the calendar with some files changed."""
    ids = {*taken, *(entry.id for entry in calendar.entries if entry.id)}
    new = additions(found.new, accounts, ids, by=options.by, timezone=calendar.settings.timezone)
    conflicts = [pair for pair in found.pairs if pair.conflict and options.prefer != "publer"]
    stuck = [pair for pair in found.pairs if pair not in conflicts and not pair.undone]
    left = [
        *found.left,
        *(Left(pair.post.account, pair.post.at, pair.conflict, pair.post, pair.live) for pair in stuck),
    ]
    edited = [pair for pair in found.pairs if pair not in conflicts and pair not in stuck]
    out = PullResult(new, edited, found.removed if options.removed else [], conflicts=conflicts, left=left)
    out.kept = [] if options.removed else found.removed
    out.counted = {key: number for key, number in sorted(found.counted.items()) if number}
    out.over = {key: dict(sorted(numbers.items())) for key, numbers in sorted(found.over.items())}
    _Puller(calendar, out, ids, options.prefer, read, media).settle()
    used = {piece.id for each in out.added for _, post in each.lives for piece in post.pieces}
    names = {media.names[each] for each in used if each in media.names}
    out.media = {name: path for name, path in media.fetched.items() if name in names}
    return out


@dataclass(slots=True)
class _Puller:
    calendar: Calendar
    out: PullResult
    taken: Collection[str]
    """Ids that posts have or had."""
    prefer: Prefer | None
    read: Callable[[Mapping[str, bytes]], Reading]
    media: Downloads
    silenced: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """The codes that each new post silences, by its id, with the reason."""

    def settle(self) -> None:
        before = self.read({})
        while True:
            self.out.files = self._written()
            if not self.out.files:
                return
            after = self.read(self.out.files)
            if self._silence(after):
                continue
            failed = self._errors(after) or self._strays(before, after) or self._unequal(after)
            if not failed:
                return
            for key, reason in failed.items():
                self._leave(key, reason)

    # --- writing

    def _written(self) -> dict[str, bytes]:
        """The files with everything that was not left out so far. What can't be written is left out too."""
        writer = Rewriter(self.calendar, {*self.taken, *(each.id for each in self.out.added)})
        edited = _by_entry(self.out.edited, lambda pair: pair.post)
        for pairs, why in [*writer.rewrite_all(edited)]:
            self._leave_all(pairs, why)
        removed = _by_entry(self.out.removed, lambda post: post)
        for posts, why in [*writer.remove_all(removed)]:
            self._leave_all(posts, why)
        files: dict[str, list[Addition]] = defaultdict(list)
        for addition in self.out.added:
            files[addition.file].append(addition)
        for file, new in files.items():
            self._add(writer, file, new)
        return {file: document.raw for file, document in writer.documents.items()}

    def _add(self, writer: Rewriter, file: str, new: Sequence[Addition]) -> None:
        stem = file.removesuffix(".yaml")
        known = {each.file: each for each in self.calendar.documents}
        for name in (file, *(f"{stem}-{number}.yaml" for number in range(2, 100))):
            document = known.get(name)
            if document is None:
                values = [self._value(each, None) for each in new]
                top = self.calendar.top
                raw, _ = new_file(values, top=top, file=name)
                writer.documents[name] = Document(name, top / name, "posts", (), None, (), raw=raw)
                return
            if document.data is None or "accounts" in document.data.broken:
                continue
            try:
                writer.append(document, [self._value(each, document) for each in new])
            except Unwritable:
                continue
            return

    def _value(self, new: Addition, document: Document | None) -> Mapping[str, Writable]:
        """The post as it is written in a file, or in a new one."""
        settings, file = self.calendar.settings, document.data if document is not None else None
        where = zone_of(file, document, settings, []) if document and file else zone(settings.timezone)
        drafts = drafts_by_default(self.calendar.settings_layers, document)
        removed: set[str] = set()
        for account, live in new.lives:
            extras = self.calendar.extras_in(document, account, new.id)
            extras = extras.on(new.at.astimezone(where).date())
            removed.update(extras.in_the_way(normal_text(live.text), live.link or ""))
        value = value_of(new, where, drafts=drafts, files=self.media.names, removed=sorted(removed))
        return {**value, "ignore": silenced} if (silenced := self.silenced.get(new.id)) else value

    # --- proof

    def _silence(self, after: Reading) -> bool:
        """Silence rules that only ask whether words are meant: they are in Publer. Whether there were any."""
        found = False
        for problem in after.errors:
            if problem.code not in AS_WORDS or problem.location is None:
                continue
            for each in self._written_at(problem.location, after.calendar):
                if isinstance(each, Addition) and problem.code not in self.silenced[each.id]:
                    self.silenced[each.id][problem.code] = "as it is in Publer"
                    found = True
        return found

    def _errors(self, after: Reading) -> dict[object, str]:
        """What caused each error of the new calendar."""
        failed: dict[object, str] = {}
        for problem in after.errors:
            places = [place for place in (problem.location, *(near for near, _ in problem.related)) if place]
            blamed = [each for place in places for each in self._written_at(place, after.calendar)]
            for each in blamed or self._all():
                failed.setdefault(_key(each), problem.message)
                if isinstance(each, Pair) and problem.code == "slot.twice" and self.prefer is None:
                    self._set_aside(each, "another post of the calendar has the minute that it has in Publer")
        return failed

    def _set_aside(self, pair: Pair, reason: str) -> None:
        if pair in self.out.edited:
            self.out.edited.remove(pair)
            self.out.conflicts.append(replace(pair, conflict=reason))

    def _written_at(self, place: Location, calendar: Calendar) -> list[Addition | Pair | Post]:
        """What was written into the post that has this line."""
        here = [entry for entry in calendar.entries if entry.document.file == place.file]
        above = [number for number, entry in enumerate(here) if entry.place <= place]
        if not above:
            return []
        entry, number = here[above[-1]], above[-1]
        before = [each for each in self.calendar.entries if each.document.file == place.file]
        old = next((each.place for each in before if entry.id is not None and each.id == entry.id), None)
        if old is None and len(before) == len(here):
            old = before[number].place
        touched = [
            each
            for each in self._touched()
            if _post(each).location.file == place.file and old in (None, _post(each).location)
        ]
        return [*(each for each in self.out.added if each.id == entry.id), *touched]

    def _strays(self, before: Reading, after: Reading) -> dict[object, str]:
        """Edits that changed other posts as well."""
        old, new = Counter(map(_sign, before.posts)), Counter(map(_sign, after.posts))
        meant_old = {_sign(_post(each)) for each in self._touched()}
        slots = {(pair.live.account_id, pair.live.slot.at) for pair in self.out.edited if pair.live.slot}
        slots |= {(account.id, each.at) for each in self.out.added for account, _ in each.lives}
        gone = [sign for sign in old - new if sign not in meant_old]
        come = [sign for sign in new - old if sign[:2] not in slots]
        if not gone and not come:
            return {}
        stray = {sign[0] for sign in (*gone, *come)}
        entries = {post.location for post in before.posts if _sign(post) in set(gone)}
        blamed = [each for each in self._touched() if _post(each).location in entries]
        blamed = blamed or [each for each in self._touched() if _post(each).account.id in stray]
        return {_key(each): OTHERS for each in (*blamed, *([] if blamed else self._all()))}

    def _unequal(self, after: Reading) -> dict[object, str]:
        """What the new plan would still change."""
        changes = after.plan.changes if after.plan is not None else ()
        settled = {
            change.live.id
            for change in changes
            if isinstance(intent(change), Adopt | Unchanged) and change.live is not None
        }
        settled |= {kept.id for change in changes if (kept := _as_kept(change)) is not None}
        failed: dict[object, str] = {}
        for each in self.out.added:
            if not all(post.id in settled for _, post in each.lives):
                failed[_key(each)] = UNEQUAL
        for pair in self.out.edited:
            if pair.live.id not in settled and not self._differs_by_its_place(pair, changes):
                failed[_key(pair)] = UNEQUAL
        return failed

    def _differs_by_its_place(self, pair: Pair, changes: Sequence[Change]) -> bool:
        """Whether a post that was moved would change in what settings add alone, such as its day or network, as with any move."""
        change = next(
            (each for each in changes if each.live is not None and each.live.id == pair.live.id), None
        )
        here = [each for each in self.calendar.placed if each.entry.place == pair.post.location]
        placed = next((each for each in here if each.alias == pair.post.account.alias), None)
        moved = not pair.fields.isdisjoint(("time", "accounts"))
        if not moved or placed is None or change is None or change.post is None:
            return False
        extras, written = placed.extras_at(pair.post.at), change.post.as_written
        before = {
            "text": (extras.text(written.text), normal_text(pair.live.text)),
            "link.url": (extras.url(written.url), pair.live.link or ""),
        }
        # One that would be blocked as edited, with the words that were pulled, nothing could let through.
        return isinstance(change, Update | Replace) and all(
            each.field in before and before[each.field][0] == before[each.field][1] for each in change.diff
        )

    def _touched(self) -> list[Pair | Post]:
        return [*self.out.edited, *self.out.removed]

    def _all(self) -> list[Addition | Pair | Post]:
        return [*self.out.added, *self._touched()]

    # --- what is left

    def _leave_all(self, items: Sequence[Pair] | Sequence[Post], why: Unsafe) -> None:
        for item in items:
            self._leave(_key(item), why.reason, why.paste)

    def _leave(self, key: object, reason: str, paste: str = "") -> None:
        out = self.out
        for addition in [each for each in out.added if _key(each) == key]:
            if self.media.drop(piece for _, post in addition.lives for piece in post.pieces):
                continue  # a file may break a rule that an id can't
            out.added.remove(addition)
            lines = "\n".join(item_lines(self._value(addition, None)))
            out.left += [
                Left(account, addition.at, reason, live=post, paste=lines) for account, post in addition.lives
            ]
        for pair in [each for each in out.edited if _key(each) == key]:
            out.edited.remove(pair)
            out.left.append(Left(pair.post.account, pair.post.at, reason, pair.post, pair.live, paste))
        for post in [each for each in out.removed if _key(each) == key]:
            out.removed.remove(post)
            out.left.append(Left(post.account, post.at, reason, post, paste=paste))


def _as_kept(change: Change) -> LivePost | None:
    """What someone made of a post before a hold took it out, where the calendar says that now."""
    post, copy = change.post, change.copy
    if post is None or copy is None or copy.kept is None or compare(post, copy, copy.kept).edited:
        return None
    return copy.kept


def _by_entry(items: Iterable[T], post_of: Callable[[T], Post]) -> list[list[T]]:
    groups: dict[Location, list[T]] = defaultdict(list)
    for item in items:
        groups[post_of(item).location].append(item)
    return [groups[place] for place in sorted(groups)]


def _post(item: Pair | Post) -> Post:
    return item.post if isinstance(item, Pair) else item


def _key(item: Addition | Pair | Post) -> object:
    match item:
        case Addition():
            return ("added", item.id)
        case Pair():
            return ("edited", item.live.id)
        case _:
            return ("removed", item.account.id, item.at, item.location)


def _sign(post: Post) -> tuple[object, ...]:
    """What makes two desired posts the same, wherever they are in the files."""
    media = tuple(source.digest for source in post.media)
    return (post.account.id, post.at, post.content.digest, post.id or "", media)

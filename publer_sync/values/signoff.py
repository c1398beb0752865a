"""Sign-off: what a yes stands for, whose is missing, and what has changed since. Pure.

What a post says to the public is put into words here, and nowhere else: `statement` is what is sent, without what only
the team sees, and `digest` names it. A yes keeps its statement beside the digest, so that every later version can tell
whether it still holds, and what has changed.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import folded_labels
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.model import UNASKED, UNREAD
from publer_sync.values.post_keys import CONTENT
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from publer_sync.values.content import Content, Json
    from publer_sync.values.model import AccountRef, MediaSource, Post, Settings
    from publer_sync.values.policies import SignoffRule

_PRIVATE: Final = frozenset(key.name for key in CONTENT if key.reach == "team")
"""What only the team sees in Publer."""
NO_ALIASES: Final[Mapping[str, str]] = MappingProxyType({})
_WITHOUT_ID: Final = re.compile(r"[^@]+@\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class SignoffNeed:
    """Whose yes a post needs. One of each of `missing` is enough; `given` are those that hold, `before` is the last one to something else."""

    post: str
    statement: Statement
    missing: tuple[tuple[str, ...], ...]
    given: tuple[Approval, ...] = ()
    before: Approval | None = None
    everybody: frozenset[str] = frozenset()
    """All who are asked, whether they said yes or not."""
    any_day: frozenset[str] = frozenset()
    """Those of them whose yes is not for the post's day."""
    labels: tuple[str, ...] = ()
    """Those of its labels for which they are asked."""
    was_asked: bool = False
    """Whether some are only asked for the account or label that it had before."""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whose yes would help."""
        return tuple(dict.fromkeys(person for each in self.missing for person in each))

    def statement_for(self, person: str) -> Statement:
        """What their yes stands for."""
        if person in self.any_day:
            return Statement(self.statement.on, self.statement.says)
        return self.statement


@dataclass(frozen=True, slots=True)
class Signoff:
    """What the settings of a calendar ask, and every yes that is recorded."""

    rules: tuple[SignoffRule, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    approvals: tuple[Approval, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    """What `on` is, by alias."""

    def __bool__(self) -> bool:
        return bool(self.rules)

    @classmethod
    def of(cls, settings: Settings, approvals: Iterable[Approval] = ()) -> Signoff:
        accounts = {ref.alias: named_account(ref) for ref in settings.accounts}
        return cls(settings.signoff, settings.people, tuple(approvals), accounts)

    def name(self, person: str) -> str:
        return self.people.get(person) or person

    def called(self, word: str) -> str | None:
        """The person of that name, whether it is what the rules call them or how others know them."""
        meant = word.strip().casefold()
        found = [
            person
            for person in self.asked_people
            if meant in (person.casefold(), self.name(person).casefold())
        ]
        return found[0] if len(found) == 1 else None

    @property
    def asked_people(self) -> tuple[str, ...]:
        """All whom some rule asks."""
        return tuple(dict.fromkeys(person for rule in self.rules for person in rule.by))


def named_account(ref: AccountRef) -> str:
    """An account as the settings name it: another one behind the same alias is another account."""
    return f"{ref.provider or ''}/{ref.name}"


def name_of(post: Post) -> str:
    """What a yes calls a post."""
    if post.series or post.id:
        return post.series or post.id or ""
    return alias_at(post)


def alias_at(post: Post) -> str:
    """ALIAS@TIME, in the zone of its file."""
    return f"{post.account.alias or post.account.name}@{post.at.astimezone(_zone(post)):%Y-%m-%dT%H:%M}"


def day_of(post: Post) -> str:
    """The day that the public sees it on, in the zone of its file."""
    return f"{post.at.astimezone(_zone(post)):%Y-%m-%d}"


def _zone(post: Post) -> tzinfo:
    return time_zone(post.zone or "UTC")


class SignedPosts:
    """Which posts are signed off, of all posts of a calendar: a yes whose post is gone may be that of one that was renamed.

    `accounts` are the aliases of accounts by their ids.
    """

    def __init__(
        self, signoff: Signoff, posts: Sequence[Post], accounts: Mapping[str, str] = NO_ALIASES
    ) -> None:
        self.signoff, self._posts, self._aliases = signoff, posts, accounts
        self._of_post: dict[tuple[str, str], list[Approval]] = {}
        for each in signoff.approvals:
            self._of_post.setdefault((each.post, each.statement.on), []).append(each)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """The posts, each with what was said yes to."""
        asked = ((post, self.asked(post)) for post in self._posts)
        return tuple(replace(post, signed_off=each.given) if each else post for post, each in asked)

    def asked(
        self, post: Post, *, labels: Iterable[str] = (), accounts: Iterable[str] = ()
    ) -> SignoffNeed | None:
        """Whose yes it needs; None if none is asked for. `labels` and `accounts` are those that it had when it was last sent, too."""
        known = self._history(post)
        left = self._left(post)
        on = {post.account.alias or "", *accounts, *(each.account for each in left)}
        was = {label for each in _newest([*known, *left]) for label in each.labels}
        rules = self._rules(on, {*post.content.labels, *labels, *was})
        if not rules:
            return None
        statement = self.statement(post)
        given = tuple(each for each in known if _counts(each, statement, rules, post))
        here = self._rules({post.account.alias or ""}, {*post.content.labels})
        return SignoffNeed(
            name_of(post),
            statement,
            tuple(dict.fromkeys(each for rule in rules for each in _missing(rule, given, post))),
            given,
            max((each for each in (*known, *left) if each not in given), key=_when, default=None),
            frozenset(person for rule in rules for person in rule.by),
            frozenset(person for rule in rules for person in rule.by)
            - {person for rule in rules if rule.day for person in rule.by},
            tuple(
                dict.fromkeys(
                    label
                    for rule in rules
                    for label in rule.labels
                    if folded_labels([label]) <= folded_labels(post.content.labels)
                )
            ),
            was_asked=len(here) < len(rules),
        )

    def yes_of(self, post: Post, person: str) -> list[Approval]:
        """Each yes of theirs that counts, whatever label or account they were asked for: the post may not have it any more."""
        statement = self.statement(post)
        return [
            each
            for each in self._history(post)
            if each.by == person and _counts(each, statement, self.signoff.rules, post)
        ]

    def statement(self, post: Post) -> Statement:
        says = _by_bytes(self.says(post.content), post.media)
        return Statement(self._on(post), says, "" if post.series else day_of(post))

    def says(self, content: Content) -> dict[str, Json]:
        """What a content says to the public; accounts that share it by their names."""
        data = {key: value for key, value in content.to_json().items() if key not in _PRIVATE}
        if isinstance(share := data.get("share"), dict) and isinstance(ids := share.get("accounts"), list):
            names = sorted(self._named(str(each)) for each in ids)
            data["share"] = {**share, "accounts": [*names]}
        return data

    def waiting(self, now: datetime) -> Iterator[tuple[Post, SignoffNeed]]:
        """The posts ahead, drafts aside, that need a yes, by the files alone."""
        for post in self._posts:
            if not post.draft and post.at > now and (asked := self.asked(post)) is not None and asked.missing:
                yield post, asked

    def _named(self, account: str) -> str:
        alias = self._aliases.get(account, account.removeprefix(UNASKED))
        return self.signoff.accounts.get(alias, account)

    def _on(self, post: Post) -> str:
        return self.signoff.accounts.get(post.account.alias or "", post.account.name)

    def _rules(self, accounts: Collection[str], labels: Iterable[str]) -> list[SignoffRule]:
        folded = folded_labels(labels)
        return [
            rule
            for rule in self.signoff.rules
            if (not rule.accounts or any(each in accounts for each in rule.accounts))
            if not rule.labels or not folded.isdisjoint(folded_labels(rule.labels))
        ]

    # --- which yes is whose

    @cached_property
    def _there(self) -> frozenset[tuple[str, str]]:
        """The names of the calendar's posts, with their accounts."""
        return frozenset((name_of(post), self._on(post)) for post in self._posts)

    @cached_property
    def _gone(self) -> Mapping[str, list[Approval]]:
        """By name, each yes on an account on which no post has the name any more."""
        found: dict[str, list[Approval]] = {}
        for (name, on), given in self._of_post.items():
            if (name, on) not in self._there:
                found.setdefault(name, []).extend(given)
        return found

    def _left(self, post: Post) -> list[Approval]:
        """Each yes to it on the accounts that it left, for a post that has none where it is now."""
        if not post.id or (name_of(post), self._on(post)) in self._of_post:
            return []
        return self._gone.get(name_of(post), [])

    def _history(self, post: Post) -> list[Approval]:
        """Every yes to it on its account, whatever it said then."""
        own = self._of_post.get((name_of(post), self._on(post)), []) if post.id else []
        return own or self._loose.get(_key(post), [])

    @cached_property
    def _loose(self) -> Mapping[object, list[Approval]]:
        """What is given to posts without an id, or to one that has another id since: each to one post that says the same."""
        left: dict[str, list[list[Approval]]] = {}
        for (name, on), group in self._of_post.items():
            if _WITHOUT_ID.fullmatch(name) or (name, on) not in self._there:
                left.setdefault(on, []).append(group)
        given: dict[object, list[Approval]] = {}
        steps = (_same_minute_and_words, _same_day_and_words, _same_words, _same_minute)
        for step in steps if left else ():
            for post in self._posts:
                groups, key = left.get(self._on(post)), _key(post)
                if not groups or key in given or post.series:
                    continue
                if post.id and (name_of(post), self._on(post)) in self._of_post:
                    continue
                statement = self.statement(post)
                if (
                    found := next((each for each in groups if step(each, statement, post)), None)
                ) is not None:
                    given[key] = found
                    groups.remove(found)
        return given


def _by_bytes(says: dict[str, Json], media: Iterable[MediaSource]) -> dict[str, Json]:
    """With files by what is in them, where nobody has read them yet. One that is gone or unreadable is like no other."""
    names = {
        source.digest: _digest_of(source.path)
        for source in media
        if source.path is not None and source.digest.startswith(UNREAD)
    }
    named = _renamed(says, names) if names else says
    return named if isinstance(named, dict) else says


def _digest_of(path: Path) -> str:
    try:
        found = path.stat()
        return _digest_of_file(path, found.st_mtime_ns, found.st_size)
    except OSError:
        return ""


@lru_cache(maxsize=4096)
def _digest_of_file(path: Path, _changed: int, _size: int) -> str:
    import hashlib

    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def _key(post: Post) -> object:
    return post.account.id, post.at, post.id


def _same_words(group: Sequence[Approval], statement: Statement, post: Post) -> bool:
    """A post that has another id since has to have kept its day as well: its words alone may be those of another post."""
    return not post.id and any(_holds(each, statement) for each in group)


def _same_day_and_words(group: Sequence[Approval], statement: Statement, _: Post) -> bool:
    return any(_holds(each, statement) and each.statement.day == statement.day for each in group)


def _same_minute(group: Sequence[Approval], _: Statement, post: Post) -> bool:
    return not post.id and group[0].post == name_of(post)


def _same_minute_and_words(group: Sequence[Approval], statement: Statement, post: Post) -> bool:
    return _same_minute(group, statement, post) and _same_words(group, statement, post)


def _when(approval: Approval) -> datetime:
    return approval.at


def _newest(approvals: Iterable[Approval]) -> Iterable[Approval]:
    """The last one of each person."""
    return {each.by: each for each in sorted(approvals, key=_when)}.values()


def _holds(approval: Approval, statement: Statement) -> bool:
    """Whether it is to these words on this account, on whatever day."""
    return Statement(statement.on, statement.says, approval.statement.day).digest == approval.content


def _counts_for(approval: Approval, rule: SignoffRule, post: Post) -> bool:
    """Whether a yes that holds is enough for a rule. One to a series has no day: it is for all days, and one to a post for its own."""
    day = approval.statement.day
    fits = not rule.day or day == day_of(post) or (bool(post.series) and not day)
    return approval.by in rule.by and fits


def _counts(approval: Approval, statement: Statement, rules: Iterable[SignoffRule], post: Post) -> bool:
    return _holds(approval, statement) and any(_counts_for(approval, rule, post) for rule in rules)


def _missing(rule: SignoffRule, given: Iterable[Approval], post: Post) -> list[tuple[str, ...]]:
    yes = {each.by for each in given if _counts_for(each, rule, post)}
    if rule.all:
        return [(person,) for person in rule.by if person not in yes]
    return [] if yes else [rule.by]

"""Judges desired posts offline: what a network, Publer or good sense says against them, as Problems.

The same finding for the same lines is said once, however many accounts and repetitions it concerns. The rules: `rulebook`.
"""

from __future__ import annotations

import difflib
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publer_sync.networks.table import NETWORKS, Network
from publer_sync.problems import Location, Problem
from publer_sync.publer.payload import type_of
from publer_sync.rules.across import judge_calendar
from publer_sync.rules.media import judge_media, judge_piece
from publer_sync.rules.oddities import judge_words
from publer_sync.rules.pieces import look, pieces_of
from publer_sync.rules.posts import judge_post
from publer_sync.rules.rulebook import RULES, Case, Finding, Piece
from publer_sync.rules.words import judge_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from publer_sync.model import Post
    from publer_sync.rules.pieces import Infos

HORIZON: Final = timedelta(days=5 * 365)
"""How far ahead Publer schedules on the Business plan (Publer docs, "Scheduling")."""
SOON: Final = timedelta(minutes=5)
"""Ahead of its time by less, a post may come too late; Publer wants a minute (Publer docs, "Manual Scheduling")."""


def judge(posts: Sequence[Post], *, infos: Infos = look, now: datetime | None = None) -> list[Problem]:
    """Everything that speaks against these posts, in the order of their lines.

    A post whose network is unknown is judged only by what holds everywhere; without `now` no post is too far ahead.
    """
    heap = _Heap()
    far, soon = (now + HORIZON, now + SOON) if now is not None else (None, None)
    for post in posts:
        network = NETWORKS.get(post.account.provider)
        if far is not None and post.at > far:
            heap.add(post, network, _FAR)
        if now is not None and soon is not None and now < post.at < soon:
            heap.add(post, network, _SOON)
        for finding in _findings(post, network, infos):
            heap.add(post, network, finding)
    for post, finding in _ignores(posts):
        heap.add(post, None, finding)
    for across in judge_calendar(posts):
        heap.add(across.post, NETWORKS[across.post.account.provider], across.finding)
    return heap.problems()


def judge_texts(posts: Sequence[Post]) -> list[Problem]:
    """What speaks against the texts of posts of which something else could not be read."""
    heap = _Heap()
    for post in posts:
        network = NETWORKS.get(post.account.provider)
        findings = list(judge_words(post))
        if network is not None:
            findings += judge_text(Case(post, network, type_of(network, post.content, ()), ()))
        for finding in findings:
            if finding.path == "text":
                heap.add(post, network, finding)
    return heap.problems()


_FAR: Final = Finding(
    RULES["time.far"],
    "at",
    "more than five years ahead; Publer may not take it",
    "Put it into the calendar later",
)
_SOON: Final = Finding(
    RULES["time.soon"],
    "at",
    "less than 5 minutes ahead; by the time it is applied it may be too late",
    "Give it a later time, or apply at once",
)


def _findings(post: Post, network: Network | None, infos: Infos) -> Iterator[Finding]:
    yield from judge_words(post)
    own: list[Piece] = []
    parts: list[Piece] = []
    content = post.content
    if content.media or content.thread or content.comments or content.link:
        for piece in pieces_of(post, infos):
            if isinstance(piece, Finding):
                yield piece
                continue
            yield from judge_piece(piece)
            if not piece.beside:
                (own if piece.path.startswith("media/") else parts).append(piece)
    if network is None:
        return
    kinds = [piece.kind for piece in own]
    case = Case(post, network, type_of(network, post.content, kinds), tuple(own), tuple(parts))
    yield from judge_post(case)
    if own:
        yield from judge_media(case)


# --- what is silenced -----------------------------------------------------------------------------------------------


def _ignores(posts: Sequence[Post]) -> Iterator[tuple[Post, Finding]]:
    """Codes under `ignore` that silence nothing, each once where it stands."""
    seen: set[tuple[str, Location]] = set()
    for post in posts:
        for code in sorted(post.ignore.keys() - _codes()[0]):
            place = code, post.place(f"ignore/{code}")
            if place not in seen:
                seen.add(place)
                yield post, _silences_nothing(code)


@lru_cache(maxsize=1)
def _codes() -> tuple[frozenset[str], frozenset[str]]:
    """The codes that can be silenced, and those that cannot."""
    silent, firm = (
        frozenset(
            code
            for rule in RULES.values()
            if rule.firm is hard
            for network in NETWORKS.values()
            for code in rule.codes(network)
        )
        for hard in (False, True)
    )
    return silent, firm


def _silences_nothing(code: str) -> Finding:
    rule, path = RULES["ignore.unknown"], f"ignore/{code}"
    silent, firm = _codes()
    if code in firm:
        return Finding(
            rule, path, f"{code} cannot be silenced", "Take the line out, and mend what it is about"
        )
    near = difflib.get_close_matches(code[:60], sorted(silent), 1, 0.75)
    if near:
        return Finding(
            rule, path, f"{code} silences nothing; is {near[0]} meant?", f"Write {near[0]} in its place"
        )
    way = "Take the line out; docs/rules.md lists what can be silenced"
    return Finding(rule, path, f"{code} silences nothing", way)


# --- each finding once ----------------------------------------------------------------------------------------------


class _Heap:
    """Problems by what they say and where, with the accounts they concern."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Location, str], tuple[Finding, int, list[str]]] = {}

    def add(self, post: Post, network: Network | None, finding: Finding) -> None:
        codes = finding.codes(network)
        if not finding.rule.firm and any(code in post.ignore for code in codes):
            return
        key = codes[0], post.place(finding.path), finding.message
        if key not in self._found:
            self._found[key] = (finding, _length(post, finding.path), [])
        accounts = self._found[key][2]
        account = post.account.alias or post.account.name
        if account not in accounts:
            accounts.append(account)

    def problems(self) -> list[Problem]:
        found = [
            Problem(
                finding.severity,
                code,
                f"{message} ({', '.join(accounts)})" if len(accounts) > 1 else message,
                location,
                finding.help,
                length,
                finding.related,
            )
            for (code, location, message), (finding, length, accounts) in self._found.items()
        ]
        return sorted(found, key=lambda problem: (problem.location or Location("", 0), problem.code))


def _length(post: Post, path: str) -> int:
    """What is to be underlined: the key that holds the part, where it has one of its own."""
    key = path.rpartition("/")[2]
    return len(key) if path in post.places and not key.isdigit() else 1

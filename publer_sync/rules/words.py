"""The team's own words: those that it never uses, says otherwise, or must have. Addresses do not count."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from publer_sync.networks.links import find_addresses
from publer_sync.rules.keyboards import FoldedText, fold
from publer_sync.rules.rulebook import problem
from publer_sync.rules.text import excerpt
from publer_sync.rules.wording import name_of, texts_in
from publer_sync.values.alike import folded_labels
from publer_sync.values.content import to_json
from publer_sync.values.post_keys import PROSE, PUBLIC
from publer_sync.values.problems import Help, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post
    from publer_sync.values.policies import WordEntry, WordRule

SECONDS: Final = 5.0
"""How long all expressions together may take with all texts of a calendar."""
_OWN: Final = ("audio", "coupon", "excerpt", "spoiler_text", "sublinks", "tags")
"""The keys of single networks whose words the public reads."""
_WORDS: Final = PROSE | {"options", *_OWN}
"""The keys, also inside of others, that hold words."""


class Words:
    """Checks posts by the rules of the settings; `slow` tells whether the expressions took too long."""

    def __init__(self, rules: Sequence[WordRule]) -> None:
        self._rules = rules
        self._searches: dict[str, _Search] = {}
        self._time = _Time()

    def check(self, post: Post) -> Iterator[PostProblem]:
        rules = [rule for rule in self._rules if _concerns(rule, post)]
        texts = [(path, text, _readings(text)) for path, text in public_texts(post)] if rules else []
        for rule in rules:
            for entry in rule.never:
                yield from self._unwanted("words.never", rule, entry, "", texts)
            for entry, other in rule.say:
                yield from self._unwanted("words.say", rule, entry, other, texts)
            if rule.must:
                yield from self._missing(rule, post)

    def _unwanted(
        self,
        code: str,
        rule: WordRule,
        entry: WordEntry,
        other: str,
        texts: Sequence[tuple[str, str, _Readings]],
    ) -> Iterator[PostProblem]:
        """The first place of a post with such a word."""
        for path, text, readings in texts:
            match = self._search(entry).first(readings, right=other)
            if match is None:
                continue
            start, end = match
            said, where = excerpt(text[start:end].strip()), name_of(path)
            why = f"; {rule.why}" if rule.why else ""
            message = f'"{said}" in {where}: this team never writes it{why}'
            fix = "Leave it out, or say it in other words"
            if code == "words.say":
                other = other[:1].upper() + other[1:] if text[start : start + 1].isupper() else other
                message = f'"{said}" in {where}: this team writes "{excerpt(other)}"{why}'
                fix = f'Write "{excerpt(other)}"'
            related = ((entry.location, "the rule"),)
            yield problem(
                code, path, message, fix, offset=start, related=related, hard=rule.severity == "error"
            )
            return

    def _missing(self, rule: WordRule, post: Post) -> Iterator[PostProblem]:
        """A post whose text has none of the words that one of must be in it."""
        readings = _readings(post.text)
        for entry in rule.must:
            search = self._search(entry)
            if search.unknown or search.first(readings) is not None:
                return
        listed = " or ".join(f'"{excerpt(entry.written)}"' for entry in rule.must)
        why = f"; {rule.why}" if rule.why else ""
        related = ((rule.must[0].location, "the rule"),)
        hard = rule.severity == "error"
        yield problem(
            "words.must",
            "text",
            f"the text needs {listed}{why}",
            f"Add {listed} to the text",
            related=related,
            hard=hard,
        )

    def _search(self, entry: WordEntry) -> _Search:
        if entry.written not in self._searches:
            self._searches[entry.written] = _Search(entry, self._time)
        return self._searches[entry.written]

    def slow(self) -> Iterator[Problem]:
        """The expression that took most of the time, once that is over: what it and others forbid is not known then."""
        if self._time.over:
            search = max(self._searches.values(), key=lambda each: each.took)
            message = f'"{excerpt(search.entry.written)}" takes most of the {SECONDS:.0f} seconds that all expressions have together'
            say = "Write it without repetitions inside of repetitions, such as (a+)+, or as plain words"
            yield Problem("error", "words.slow", message, search.entry.location, Help(say))


class _Time:
    """What is left of it for all expressions. However many there are, a check ends."""

    def __init__(self) -> None:
        self.left = SECONDS

    @property
    def over(self) -> bool:
        return self.left <= 0


class _Search:
    """One entry as an expression. Those that the settings write share their time; plain words take none to speak of."""

    def __init__(self, entry: WordEntry, shared: _Time) -> None:
        self.entry, self.took = entry, 0.0
        self._time = shared if entry.expression is not None else None
        self._expression = _compiled(entry)

    @property
    def unknown(self) -> bool:
        """Whether there is no time to ask any more."""
        return self._time is not None and self._time.over

    def first(self, readings: _Readings, *, right: str = "") -> tuple[int, int] | None:
        """Where it is first found in the text as written, other than as the `right` words."""
        if self.unknown:
            return None
        folded = readings.folded if _is_folded(self.entry) else readings.written
        if self._time is None:
            return self._found(folded, readings, right, None)
        started = time.thread_time()
        try:
            return self._found(folded, readings, right, self._time.left)
        except TimeoutError:
            self._time.left = 0.0
            return None
        finally:
            seconds = time.thread_time() - started
            self.took += seconds
            self._time.left -= seconds

    def _found(
        self, folded: FoldedText, readings: _Readings, right: str, seconds: float | None
    ) -> tuple[int, int] | None:
        """Raises TimeoutError."""
        found = self._expression.finditer(folded.text, timeout=seconds)
        spans = (folded.span(*match.span()) for match in found if match.end() > match.start())
        return next((at for at in spans if not right or readings.written.text[at[0] : at[1]] != right), None)


def _is_folded(entry: WordEntry) -> bool:
    """Whether quotes and hyphens are those of any keyboard: not in an expression, nor in an entry that is about such a sign."""
    return entry.expression is None and any(letter.isalnum() for letter in entry.written)


@lru_cache(maxsize=512)
def _compiled(entry: WordEntry) -> Any:
    import regex

    if (expression := entry.expression) is not None:
        return regex.compile(expression)
    words = fold(entry.written).text.strip() if _is_folded(entry) else entry.written.strip()
    parts = r"\s+".join(regex.escape(word) for word in words.split())
    before = f"(?<!{_IN_WORDS})" if _has_edge(words[:1]) else ""
    after = f"(?!{_IN_WORDS})" if _has_edge(words[-1:]) else ""
    return regex.compile(f"{before}{parts}{after}", regex.IGNORECASE | regex.VERSION1)


_WITHOUT_BLANKS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3005-\u3007\u3031-\u3035\u303b\u30fc\uff70"
"""The scripts in which a word may follow another, or an ending, without a blank."""
_IN_WORDS: Final = rf"[[\w\p{{M}}]--[{_WITHOUT_BLANKS}]]"


def _has_edge(letter: str) -> bool:
    """Whether a word that ends with this letter has to end there."""
    import regex

    return letter.isalnum() and regex.match(f"[{_WITHOUT_BLANKS}]", letter, regex.VERSION1) is None


def public_texts(post: Post) -> Iterator[tuple[str, str]]:
    """Every text of a post that the public reads, with its path."""
    content = post.content
    values = [(key, getattr(content, key)) for key in PUBLIC]
    values += [(key, content.network.get(key)) for key in _OWN]
    for key, value in values:
        if value:
            for path, text in texts_in(key, to_json(value)):
                if next(step for step in reversed(path.split("/")) if not step.isdigit()) in _WORDS:
                    yield path, text


def _concerns(rule: WordRule, post: Post) -> bool:
    on_account = not rule.accounts or post.account.alias in rule.accounts
    return on_account and (
        not rule.labels or not folded_labels(rule.labels).isdisjoint(folded_labels(post.content.labels))
    )


class _Readings(NamedTuple):
    """A text as it was written and folded, both without its addresses."""

    written: FoldedText
    folded: FoldedText


@lru_cache(maxsize=256)
def _readings(text: str) -> _Readings:
    """Cached, as most texts go to several accounts."""
    text = _without_addresses(text)
    return _Readings(FoldedText(text), fold(text))


def _without_addresses(text: str) -> str:
    """The text with a mark in place of each character of an address, so that places stay."""
    if "." not in text:
        return text
    parts, at = [], 0
    for link in find_addresses(text):
        parts += [text[at : link.start], "\0" * (link.end - link.start)]
        at = link.end
    return "".join((*parts, text[at:]))

"""From what is written to what is sent: what `append`, `hashtags` and `utm` add to the text and the link of a post.

Composing what is sent changes nothing more: what is there is never added again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote_plus

from publer_sync.calendar.places import problem_at
from publer_sync.calendar.publer_yaml.groups import ALL
from publer_sync.calendar.shape.spelling import is_slip
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.networks.hashtags import LETTER
from publer_sync.networks.links import find_addresses
from publer_sync.networks.table import NETWORKS, code_of, network_of
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.addresses import host_of, is_below, one_spelling
from publer_sync.values.model import Written, normal_text
from publer_sync.values.post_keys import POST_KEYS
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from publer_sync.calendar.publer_yaml.groups import Groups
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.content import Content
    from publer_sync.values.model import Account
    from publer_sync.values.problems import Location, Problem

KEYS: Final = frozenset(key.name for key in POST_KEYS.values() if key.joins == "text")
PARAMETERS: Final = ("source", "medium", "campaign", "content", "term", "id")
_PLACEHOLDER: Final = late_pattern(r"\{(network|alias|id|date)\}")
_HASHTAG: Final = late_pattern(rf"(?<![\w/&?=#])#({LETTER}+)")
_AFTER_URL: Final = late_pattern(r"""\Z|[\s<>()\[\]{}.,;:!?*_"'»«“”‘’„…。、，！？：；）」』】]""")
"""Where a URL in a text surely ends; a letter or an emoji right behind it may be part of it."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What is added to one post on one account. `question`: the network keeps a poll's question apart from the text.

    `marked`: its texts have markup, so the URLs in them stay as they are. `lines` are those of files and settings,
    outside of posts, that say what is added.
    """

    append: str = ""
    hashtags: tuple[str, ...] = ()
    utm: tuple[tuple[str, str], ...] = ()
    hosts: frozenset[str] = frozenset()
    question: bool = False
    marked: bool = False
    lines: Mapping[str, Location] = field(default_factory=dict)

    def on(self, day: date | None) -> Extras:
        """With `{date}` filled in."""
        if not any("{date}" in value for _, value in self.utm):
            return self
        return replace(
            self, utm=tuple((name, value.replace("{date}", str(day or ""))) for name, value in self.utm)
        )

    def compose(self, content: Content) -> tuple[Content, Written | None]:
        """What is sent, and what it was made of; None if nothing was added."""
        text = self.text(content.text)
        link = content.link and replace(content.link, url=self.url(content.link.url))
        if text == content.text and link == content.link:
            return content, None
        poll = content.poll
        if poll and self.question and not poll.question and text != content.text:
            poll = replace(poll, question=content.text)
        written = Written(content.text, content.url, tuple(self._added(content)), self.lines)
        return replace(content, text=text, link=link, poll=poll), written

    def _added(self, content: Content) -> Iterator[tuple[str, str]]:
        append, hashtags = self._ending(content.text)
        yield from [("append", append)] * bool(append)
        yield from [("hashtags", hashtags)] * bool(hashtags)
        urls = [content.url, *(url for _, _, url in self._our_links(content.text))]
        for each in dict.fromkeys(parameter for url in urls if url for parameter in self._missing(url)):
            yield "utm", each

    # --- the text

    def text(self, written: str) -> str:
        """The text as it is sent; a post without one stays without."""
        return "\n\n".join(filter(None, (self._tagged(written), *self._ending(written))))

    def _ending(self, text: str) -> tuple[str, str]:
        """What comes behind a text, each part after an empty line."""
        if not text:
            return "", ""
        append = self._tagged(self.append)
        if any(f"\n{each}\n" in f"\n{text}\n" for each in (append, self.append)):
            append = ""
        there = {_tag(tag) for tag in _HASHTAG.findall(f"{text}\n{append}")}
        return append, " ".join(f"#{tag}" for tag in self.hashtags if _tag(tag) not in there)

    def _tagged(self, text: str) -> str:
        """A text with the parameters in its URLs."""
        parts, at = [], 0
        for start, end, url in self._our_links(text):
            parts += [text[at:start], self.url(url)]
            at = end
        return "".join((*parts, text[at:]))

    def _our_links(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The URLs of a text whose host is in `utm_hosts`."""
        if self.marked or not self.utm or not self.hosts or "://" not in text:
            return
        for link in find_addresses(text):
            if "://" in link.url and self._is_ours(link.url) and _AFTER_URL.match(text, link.end):
                yield link.start, link.end, link.url

    def _is_ours(self, url: str) -> bool:
        """Whether its host, or a domain above it, is in `utm_hosts`."""
        return is_below(host_of(url), self.hosts)

    # --- a URL

    def url(self, written: str) -> str:
        """The URL with the parameters that it lacks, before its fragment."""
        if not written or not (missing := self._missing(written)):
            return written
        head, sign, fragment = written.partition("#")
        address, _, query = head.partition("?")
        address += "" if "/" in address.partition("://")[2] else "/"
        query = "&".join(filter(None, (query.rstrip("&"), *missing)))
        return f"{address}?{query}{sign}{fragment}"

    def _missing(self, url: str) -> list[str]:
        if not self.utm:
            return []
        query = url.partition("#")[0].partition("?")[2]
        there = {unquote_plus(each.partition("=")[0]).casefold() for each in re.split("[&;]", query)}
        return [
            f"utm_{name}={quote(value, safe='')}" for name, value in self.utm if f"utm_{name}" not in there
        ]

    def in_the_way(self, text: str, url: str) -> list[str]:
        """The keys to set to null so that a text and a link are sent as they are."""
        append, hashtags = self._ending(text)
        urls = [url, *(each for _, _, each in self._our_links(text))]
        needed = {"append": append, "hashtags": hashtags, "utm": any(self.url(each) != each for each in urls)}
        return [key for key, needs in needed.items() if needs]

    # --- back again

    def written_text(self, live: str, before: str) -> str | None:
        """What to write so that `live` is sent: without what is added, where that is certain. `before` was written so far.

        None if what is written could not become `live`.
        """
        live = normal_text(live)
        tail = "".join(f"\n\n{part}" for part in self._ending(before) if part)
        body, known = live.removesuffix(tail), defaultdict(list)
        for _, _, url in self._our_links(before):
            known[self.url(url)].append(url)
        parts, at = [], 0
        for start, end, url in self._our_links(body):
            parts += [body[at:start], known[url].pop(0) if known[url] else self._bare(url)]
            at = end
        bare = "".join((*parts, body[at:]))
        return next((text for text in (bare, live) if self.text(text) == live), None)

    def written_url(self, live: str, before: str) -> str | None:
        """The same for a link."""
        choices = (before, self._bare(live), live)
        return next((url for url in choices if self.url(url) == live), None)

    def _bare(self, url: str) -> str:
        """The URL without our parameters, where they end its query."""
        head, sign, fragment = url.partition("#")
        address, _, query = head.partition("?")
        ours = self._missing(address)
        items = query.split("&")
        if items[-len(ours) :] != ours:
            return url
        rest = "&".join(items[: -len(ours)])
        return f"{address}{'?' if rest else ''}{rest}{sign}{fragment}"


class Composer:
    """Knows what settings, files and posts add. Collects `problems`, one for each post that has it."""

    def __init__(self, main: Map | None, groups: Groups, problems: list[Problem]) -> None:
        self._groups, self._problems = groups, problems
        sets = main.get("hashtags") if main is not None else None
        self._sets: Map | None = sets if isinstance(sets, Map) else None
        broken = main.broken if main is not None else frozenset()
        hosts = main.get("utm_hosts") if main is not None and "utm_hosts" not in broken else None
        self._hosts = frozenset(one_spelling(host).removeprefix("www.") for host in hosts or ())
        self.hosts_named = main is None or hosts is not None or bool(broken & {"utm_hosts", "?"})
        self._complete = main is not None and not broken & {"hashtags", "?"}

    def extras(self, merged: Map, outer: Map, account: Account, name: str | None) -> Extras | None:
        """What is added to a post; `outer` are the layers above it, `name` is its id. None for nothing."""
        if not merged.keys() & KEYS:
            return None
        append, hashtags, utm = (
            None if key in merged.broken else merged.get(key) for key in ("append", "hashtags", "utm")
        )
        provider = account.provider
        filled = {"network": code_of(provider) if provider else "", "alias": account.alias, "id": name}
        of_sets, tags = self._tags(hashtags) if isinstance(hashtags, Seq) else (None, ())
        marks = {key: mark for key in KEYS if (mark := outer.marks.get(key)) is not None}
        lines = {key: mark.key_location for key, mark in marks.items() if merged.marks.get(key) is mark}
        if of_sets is not None:
            lines.setdefault("hashtags", of_sets.key_location)
        network = NETWORKS.get(provider)
        return Extras(
            self._append(append, account) if isinstance(append, Map | str) else "",
            () if provider == "wordpress" else tags,
            tuple(_parameters(utm, filled)) if isinstance(utm, Map) else (),
            self._hosts,
            question=bool(network and network.poll and network.poll.question),
            marked="parse_mode" in merged,
            lines=lines,
        )

    def _append(self, texts: Map | str, account: Account) -> str:
        """The text for an account: its own, else its network's, else that for all."""
        if isinstance(texts, str):
            return normal_text(texts)
        found: dict[int, Any] = {}
        for word, text in texts.items():
            if word == account.alias:
                found[0] = text
            elif (network := network_of(word)) is not None:
                if network == account.provider:
                    found[1] = text
            elif word == ALL:
                found[2] = text
            elif self._is_unknown(word, texts.marks[word]):
                self._unknown(word, texts.marks[word], (*self._groups.aliases, *map(code_of, NETWORKS)))
        return normal_text(found[min(found)] or "") if found else ""

    def _is_unknown(self, word: str, mark: Mark) -> bool:
        """Settings outside of the calendar may name accounts of other calendars."""
        known = word in self._groups.aliases or mark.file.startswith("../")
        return not known and self._groups.complete

    def _unknown(self, word: str, mark: Mark, known: Collection[str]) -> None:
        near = next((f"Did you mean {each}? " for each in known if is_slip(word, each)), "")
        say = f"{near}Name an alias, a network or all"
        message = f"{snippet(word)} is neither an account nor a network"
        self._problems.append(problem_at(mark, "account.unknown", message, say, key=word))

    def _tags(self, names: Seq) -> tuple[Mark | None, tuple[str, ...]]:
        """The hashtags of the sets that are named, each once, and where the first set is."""
        tags: dict[str, str] = {}
        place: Mark | None = None
        for name, mark in zip(names, names.marks, strict=True):
            own = self._sets.get(name) if self._sets is not None else None
            if self._sets is not None and isinstance(own, Seq) and name not in self._sets.broken:
                place = place or self._sets.marks[name]
                for tag in own:
                    tags.setdefault(_tag(tag.lstrip("#")), tag.lstrip("#"))
            elif self._complete and (self._sets is None or name not in self._sets.broken):
                self._no_set(name, mark)
        return place, tuple(tags.values())

    def _no_set(self, name: str, mark: Mark) -> None:
        sets = [*self._sets] if self._sets is not None else []
        near = next((f"Did you mean {each}? " for each in sets if is_slip(name, each)), "")
        message = f"no set of hashtags is called {snippet(name)}"
        say = f"{near}Name one of {', '.join(sets)}" if sets else "Add it to publer.yaml"
        example = "" if sets else "hashtags:\n  core: [fjordlight, lamp]"
        advice = Help(f"{say}; write a hashtag of this post alone into its text", example=example)
        self._problems.append(problem_at(mark, "hashtags.unknown", message, advice))


def _parameters(utm: Map, filled: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    """The parameters in one order; one whose placeholder has no value is left out."""
    for name in PARAMETERS:
        value = utm.get(name)
        if not isinstance(value, str):
            continue
        needed = [each for each in _PLACEHOLDER.findall(value) if each != "date"]
        if all(filled[each] for each in needed) and (words := value.strip()):
            yield name, _filled(words, needed, filled)


def _filled(value: str, needed: Iterable[str], filled: Mapping[str, str | None]) -> str:
    for each in needed:
        value = value.replace(f"{{{each}}}", filled[each] or "")
    return value


def _tag(word: str) -> str:
    """A hashtag as networks compare them."""
    return unicodedata.normalize("NFKC", word).casefold()

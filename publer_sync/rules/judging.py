"""Checks posts offline against the rules of networks and of Publer, and reports Problems.

The same problem at the same lines is reported once, however many accounts and repetitions it concerns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from publer_sync.networks.inference import type_of
from publer_sync.networks.table import NETWORKS, Network
from publer_sync.rules.across import check_together
from publer_sync.rules.budget import Spending
from publer_sync.rules.cadence import Rhythm
from publer_sync.rules.clients import check_labels_of_groups
from publer_sync.rules.days import check_days
from publer_sync.rules.hosts import check_hosts
from publer_sync.rules.links import addresses_of, dead_link
from publer_sync.rules.media import check_media, check_upload
from publer_sync.rules.pages import check_page
from publer_sync.rules.posts import check_post
from publer_sync.rules.rulebook import RULES, PostProblem, problem
from publer_sync.rules.slips import check_slips
from publer_sync.rules.target import Attachment, Target, attachments, inspect_medium
from publer_sync.rules.text import check_text
from publer_sync.rules.titles import check_titles
from publer_sync.rules.uses import check_uses
from publer_sync.rules.wording import check_wording
from publer_sync.rules.words import Words
from publer_sync.starting.late_modules import late_module
from publer_sync.values.content import to_json
from publer_sync.values.problems import Location, Problem
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    import difflib
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.rules.clients import Clients
    from publer_sync.rules.links import PostLink
    from publer_sync.rules.target import Inspector
    from publer_sync.values.content import Content
    from publer_sync.values.model import Post, Settings
else:
    difflib = late_module("difflib")

HORIZON: Final = timedelta(days=5 * 365)
"""How far ahead Publer schedules on the Business plan (Publer docs, "Scheduling")."""
_LENGTHS: Final = ("{network}.text.length", "{network}.text.bytes")
SOON: Final = timedelta(minutes=5)
"""A post that is due sooner may be applied too late; Publer requires a minute (Publer docs, "Manual Scheduling")."""


def judge(
    posts: Sequence[Post],
    *,
    inspector: Inspector = inspect_medium,
    now: datetime | None = None,
    settings: Settings | None = None,
    beside: Sequence[Post] = (),
    sound: dict[Hashable, Content] | None = None,
) -> list[Problem]:
    """All problems with these posts, in the order of their lines.

    On an unknown network only the rules that hold everywhere are checked; without `now`, no post is too far ahead, no word
    is the team's, since those concern posts ahead, and none is past, of which networks' rules only warn; without `settings`, no
    account has a cadence or a budget either.
    `beside` are the posts of other calendars, which budgets count too. `sound` keeps which posts have no problem of
    their own, for the next time that they are judged.
    """
    collector, words = _Collector(), Words(settings.words if settings is not None else ())
    far, soon = (now + HORIZON, now + SOON) if now is not None else (None, None)
    for post in posts:
        if far is not None and post.at > far:
            collector.add(post, _FAR)
        if now is not None and soon is not None and now < post.at < soon:
            collector.add(post, _SOON)
        for each in _own_problems(post, inspector, sound):
            collector.add(post, _of_its_time(post, each, now))
        if now is not None and post.at > now:
            hosts = settings.hosts if settings else None
            collector.take((post, each) for each in (*words.check(post), *check_hosts(post, hosts)))
    for check in (_useless_ignores, check_together, check_titles, check_uses):
        collector.take(check(posts))
    if settings is None:
        return collector.problems()
    zone = time_zone(settings.timezone)
    collector.take(Spending(posts, beside, settings.budgets, zone).check())
    rhythm = Rhythm(posts, settings.cadence, zone)
    collector.take(rhythm.check_posts())
    return [*collector.problems(), *words.slow(), *rhythm.check_weeks(now)]


def judge_one(post: Post, now: datetime, settings: Settings) -> Iterator[tuple[str, PostProblem]]:
    """The problems that a post has by itself, those of the team's words too, each with its code. Silenced ones are left out."""
    found = [_of_its_time(post, each, now) for each in _post_problems(post, inspect_medium)]
    if post.at > now:
        found += [*Words(settings.words).check(post), *check_hosts(post, settings.hosts)]
    for each in found:
        codes = each.codes(NETWORKS.get(post.account.provider))
        if each.rule.firm or not any(code in post.ignore for code in codes):
            yield codes[0], each


def judge_words(posts: Sequence[Post], settings: Settings) -> list[Problem]:
    """The problems of the team's own words, of posts that have no time yet."""
    collector, words = _Collector(), Words(settings.words)
    for post in posts:
        collector.take((post, each) for each in (*words.check(post), *check_hosts(post, settings.hosts)))
    return [*collector.problems(), *words.slow()]


def judge_clients(
    posts: Sequence[Post],
    settings: Settings,
    *,
    now: datetime,
    labels: Iterable[str],
    groups: Mapping[str, Collection[str]],
    clients: Clients | None,
    key: str,
) -> list[Problem]:
    """What was meant for another client. `labels` are those that settings give to every post, `groups` the accounts that names stand for."""
    collector, others = _Collector(), list[Problem]()
    found = [*check_labels_of_groups(posts, groups, now)] if len(groups) > 1 else []
    for each in clients.check(key, posts, settings, labels, now) if clients is not None else ():
        if isinstance(each, Problem):
            others.append(each)
        else:
            found.append(each)
    collector.take(found)
    return [*collector.problems(), *others]


def judge_texts(posts: Sequence[Post]) -> list[Problem]:
    """The problems with the texts of posts of which something else could not be read."""
    collector = _Collector()
    for post in posts:
        network = NETWORKS.get(post.account.provider)
        found = list(check_wording(post))
        if network is not None:
            found += check_text(Target(post, network, type_of(network, post.content, ())))
        for each in (_for_drafts(post, each) for each in found):
            if each.path == "text":
                collector.add(post, each)
    return collector.problems()


def judge_links(posts: Sequence[Post], dead: Mapping[str, tuple[str, str]]) -> list[Problem]:
    """A warning wherever one of the addresses stands; `dead` has what is wrong with each, and the fix."""
    collector = _Collector()
    for post in posts:
        for link in addresses_of(post):
            if link.url not in dead:
                continue
            found, place = dead_link(post, link, *dead[link.url]), post
            written = post.written
            if written and "append" in written.lines and _is_appended(post, link):
                found = replace(found, path="append", offset=None)
                place = replace(post, places={**post.places, "append": written.lines["append"]})
            collector.add(place, found)
    return collector.problems()


def _is_appended(post: Post, link: PostLink) -> bool:
    """Whether an address is in what settings add to the text."""
    added = dict(post.written.added).get("append", "") if post.written else ""
    return link.path == "text" and bool(added) and link.offset >= post.text.rfind(added)


_FAR: Final = problem(
    "time.far", "at", "more than five years ahead; Publer may not accept it", "Add it to the calendar later"
)
_SOON: Final = problem(
    "time.soon",
    "at",
    "less than 5 minutes ahead; it may be too late once it is applied",
    "Give it a later time, or run apply now",
)


def _own_problems(
    post: Post, inspector: Inspector, sound: dict[Hashable, Content] | None
) -> Sequence[PostProblem]:
    """The problems of a post by itself. One as written, without media, that had none on the same terms is not judged again."""
    content = post.content
    attached = post.media or content.media or content.thread or content.comments or content.link
    if sound is None or attached or post.written is not None:
        return [*_post_problems(post, inspector)]
    account = post.account.provider, post.account.max_characters
    terms = id(content), *account, post.at, post.zone, post.note, post.when_live
    if sound.get(terms) is content:
        return ()
    if not (found := [*_post_problems(post, inspector)]):
        sound[terms] = content
    return found


def _post_problems(post: Post, inspector: Inspector) -> Iterator[PostProblem]:
    network = NETWORKS.get(post.account.provider)
    return (_for_drafts(post, each) for each in _found_problems(post, network, inspector))


def _for_drafts(post: Post, found: PostProblem) -> PostProblem:
    """Words that are still worked on may be too long: no network has to take them yet."""
    return replace(found, soft=True) if post.draft and found.rule.code in _LENGTHS else found


def _of_its_time(post: Post, found: PostProblem, now: datetime | None) -> PostProblem:
    """What is past is never sent: an account that was added, or a network's rule that became stricter, stops nothing.

    What says that the file may mean something else is an error still: it may have hidden a post that is ahead.
    """
    past = now is not None and post.at <= now and "{network}" in found.rule.code
    return replace(found, past=True) if past else found


def _found_problems(post: Post, network: Network | None, inspector: Inspector) -> Iterator[PostProblem]:
    yield from check_wording(post)
    yield from check_slips(post)
    yield from check_page(post)
    yield from check_days(post)
    media: list[Attachment] = []
    later_media: list[Attachment] = []
    content = post.content
    if content.media or content.thread or content.comments or content.link:
        for each in attachments(post, inspector):
            if isinstance(each, PostProblem):
                yield each
                continue
            yield from check_upload(each, network)
            if not each.supporting:
                (media if each.path.startswith("media/") else later_media).append(each)
    if network is None:
        return
    kind = type_of(network, content, [each.kind for each in media])
    target = Target(post, network, kind, tuple(media), tuple(later_media))
    yield from check_post(target)
    if media:
        yield from check_media(target)


# --- what is silenced -----------------------------------------------------------------------------------------------


def _useless_ignores(posts: Sequence[Post]) -> Iterator[tuple[Post, PostProblem]]:
    """Codes under `ignore` that silence nothing, each once at its line."""
    seen: set[tuple[str, Location]] = set()
    for post in (each for each in posts if each.ignore):
        for code in sorted(post.ignore.keys() - _codes()[0]):
            place = code, post.place(f"ignore/{code}")
            if place not in seen:
                seen.add(place)
                yield post, _silences_nothing(code)


@lru_cache(maxsize=1)
def _codes() -> tuple[frozenset[str], frozenset[str]]:
    """The codes that can be silenced, and those that cannot."""
    soft, firm = (
        frozenset(
            code
            for rule in RULES.values()
            if rule.firm is hard
            for network in NETWORKS.values()
            for code in rule.codes(network)
        )
        for hard in (False, True)
    )
    return soft, firm


def _silences_nothing(code: str) -> PostProblem:
    silenced, firm = _codes()
    near = difflib.get_close_matches(code[:60], sorted(silenced), 1, 0.75)
    message = f"{code} silences nothing"
    if code in firm:
        message, fix = f"{code} cannot be silenced", "Remove this line, and fix the problem"
    elif near:
        message, fix = f"{message}; did you mean {near[0]}?", f"Write {near[0]} instead"
    else:
        fix = "Remove this line; docs/rules.md lists what can be silenced"
    return problem("ignore.unknown", f"ignore/{code}", message, fix)


# --- each problem once ----------------------------------------------------------------------------------------------


class _Collector:
    """Problems by code, place and message, with the accounts they concern."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Location, str], tuple[PostProblem, int, list[str], set[str]]] = {}

    def take(self, found: Iterable[tuple[Post, PostProblem]]) -> None:
        for post, each in found:
            self.add(post, each)

    def add(self, post: Post, found: PostProblem) -> None:
        codes = found.codes(NETWORKS.get(post.account.provider))
        if not found.rule.firm and any(code in post.ignore for code in codes):
            return
        key = codes[0], _place(post, found), found.message
        if key not in self._found:
            self._found[key] = (found, _length(post, found), [], set())
        first, length, accounts, all_of_them = self._found[key]
        if first.past and not found.past:  # of a series, what is ahead counts
            self._found[key] = (found, length, accounts, all_of_them)
        all_of_them.update(post.aliases)
        account = post.account.alias or post.account.name
        if account not in accounts:
            accounts.append(account)

    def problems(self) -> list[Problem]:
        problems = [
            Problem(
                found.severity,
                code,
                f"{message} ({', '.join(accounts)})"
                if len(accounts) > 1 or _of_some(code, aliases)
                else message,
                location,
                replace(found.help, silence=code) if _can_be_silenced(found) else found.help,
                length,
                found.related,
            )
            for (code, location, message), (found, length, accounts, aliases) in self._found.items()
        ]
        return sorted(problems, key=lambda each: (each.location or Location("", 0), each.code))


def _of_some(code: str, aliases: set[str]) -> bool:
    """Whether it is told of one account of a post on several, which its words do not tell."""
    return code.startswith(("words.", "use.")) and len(aliases) > 1


def _can_be_silenced(found: PostProblem) -> bool:
    """Whether it is an error that does not keep the post from being sent."""
    return found.severity == "error" and not found.rule.firm


def _place(post: Post, found: PostProblem) -> Location:
    """Where it is in the file. The text of a Markdown file has lines of its own, and each is as it was written."""
    place = post.place(found.path)
    if (there := _place_in_words(post, found)) is not None:
        return there
    if found.offset is None or found.path != "text" or not place.file.lower().endswith(".md"):
        return place
    if any(other.file == place.file and other.line > place.line for other in post.places.values()):
        return place  # the text is one of the keys at the top
    before, written = post.text[: found.offset], post.as_written.text.split("\n")
    line, column = before.count("\n"), found.offset - before.rfind("\n")
    if line >= len(written):  # in what is added
        line, column = len(written) - 1, 1
    return Location(place.file, place.line + line, min(column, len(written[line]) + 1))


def _place_in_words(post: Post, found: PostProblem) -> Location | None:
    """Where it is among the lines of a text under `|`, or of what is added to the text; None elsewhere."""
    if found.offset is None or (text := _text_at(post, found.path)) is None:
        return None
    path, offset, written = found.path, found.offset, post.written
    # A text that is too long is shortened itself.
    is_word = path == "text" and found.rule.code.startswith(("text.", "words.", "link."))
    added = dict(written.added).get("append", "") if is_word and written else ""
    if written and added and offset >= (start := text.rfind(added)):
        path, text, offset = "append", added, offset - start
        if "append" not in post.places:
            return written.lines.get("append")
    elif path == "text" and offset > len(post.as_written.text):
        return None
    words = post.places.get(f"{path}:words")
    if words is None and found.rule.code.startswith(("words.", "link.host")):
        words = post.places.get(f"{path}:value")
    if words is None:
        return post.places.get(path) if path != found.path else None
    before = text[:offset]
    line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    return Location(words.file, words.line + line, words.column + column)


def _text_at(post: Post, path: str) -> str | None:
    """The text at the path of a problem, where it may have several lines."""
    if path in ("text", "note"):
        return post.text if path == "text" else post.note
    key, *rest = path.split("/")
    value = post.content.network.get(key) if key in post.content.network else getattr(post.content, key, None)
    value = to_json(value) if rest or isinstance(value, str) else None
    for step in rest:
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _length(post: Post, found: PostProblem) -> int:
    """How much to underline: the key that holds the part, if it has one of its own."""
    path, key = found.path, found.path.rpartition("/")[2]
    if _place_in_words(post, found) is not None:
        return 1
    return len(key) if path in post.places and not key.isdigit() else 1

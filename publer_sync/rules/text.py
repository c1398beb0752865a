"""Rules about the text of a post, what follows it, and its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.networks.counting import (
    LINK_COST,
    clusters,
    count,
    count_warning,
    fits_surely,
    limit_of,
    with_short_links,
)
from publer_sync.networks.hashtags import LETTER
from publer_sync.networks.links import find_links
from publer_sync.rules.rulebook import problem
from publer_sync.rules.target import over_limit
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.rules.target import Target


def check_text(target: Target) -> Iterator[PostProblem]:
    """The network's rules about the text and the title."""
    yield from _text(target)
    yield from _title(target)
    if target.network.forbidden:
        yield from _forbidden(target, "title", target.content.title)
        yield from _forbidden(target, "text", target.content.text)


def _forbidden(target: Target, path: str, text: str) -> Iterator[PostProblem]:
    at = next((at for at, letter in enumerate(text) if letter in target.network.forbidden), None)
    if at is not None:
        signs = " or ".join(f'"{sign}"' for sign in target.network.forbidden)
        yield problem(
            "{network}.brackets",
            path,
            f'{target.label} does not allow {signs} in the {path}: "{excerpt(text[: at + 1], tail=True)}"',
            "Remove it, or use ‹ and › instead",
            offset=at,
        )


def _text(target: Target) -> Iterator[PostProblem]:
    text, network = target.post.text, target.network
    limit = limit_of(target.post.account, target.content)
    if not text:
        if "spoiler_text" in target.content.network:
            yield from check_length(target, "text", "", limit)
            yield from _with_link(target, "", limit)
        return
    surely = fits_surely(text, network.key, min(limit, network.text.soft_limit or limit))
    if not surely or "spoiler_text" in target.content.network:
        yield from check_length(target, "text", text, limit)
    if network.text.unit in ("weighted", "mastodon"):
        yield from _with_link(target, text, limit)
    if network.key == "twitter":
        yield from _cashtags(text)
    elif network.key == "linkedin" and limit < 2 * len(text):
        yield from _reserved(text, limit)
    if network.soft_hashtags and "#" in text:
        yield from over_limit(
            target,
            "{network}.hashtags",
            "text",
            len(_HASHTAG.findall(text)),
            network.hashtags,
            soft_limit=network.soft_hashtags,
            end=" hashtags",
            say=f"{_added(target, 'append', 'hashtags')}Remove some of them",
        )
    if network.mentions and text.count("@") > network.mentions:
        yield from over_limit(
            target,
            "{network}.mentions",
            "text",
            len(_MENTION.findall(text)),
            None,
            soft_limit=network.mentions,
            end=" mentions",
            say="Remove some of them",
        )
    if network.links:
        yield from check_links(target, "text", text, target.content.url if target.type == "link" else "")
    if network.key == "tiktok" and "." in text and find_links(text):
        yield problem(
            "tiktok.text.link",
            "text",
            "the caption contains a link; TikTok may refuse the post",
            'Write "link in bio" instead',
        )
    if network.key == "instagram" and (match := _ADDRESS.search(text)):
        yield problem(
            "instagram.text.link",
            "text",
            f"nobody can open {excerpt(match[0])} in a caption on Instagram",
            'Write "link in bio" there, under `networks`, and put the link into the profile',
            example="networks:\n  instagram:\n    text: |\n      … Link in bio.",
            offset=match.start(),
        )
    if network.key == "google" and (match := _PHONE.search(text)):
        yield problem(
            "google.text.phone",
            "text",
            f"{excerpt(match[0])} looks like a phone number; Google may refuse the post",
            "Remove it: the profile shows the number, and a link can have the button CALL",
            offset=match.start(),
        )


def _with_link(target: Target, text: str, limit: int) -> Iterator[PostProblem]:
    """Publer's documents do not say whether it adds the link to the text, nor how it joins the two. Mastodon has no other place for it."""
    url, network, spoiler, room = target.content.url, target.network, _spoiler(target), limit - LINK_COST - 1
    if not url or url in text or (not spoiler and fits_surely(text, network.key, room)):
        return
    used = count(text, network.key, limit=limit, spoiler=spoiler).used
    if room < used <= limit:
        path, what = ("text", "the text") if text else ("spoiler_text", "the content warning")
        yield problem(
            "{network}.text.length",
            path,
            f"{target.label} may count {used + 1 + LINK_COST} of {limit} characters: Publer may add the link to the text",
            f"Shorten {what}{' and its content warning' * bool(text and spoiler)} to {room} characters. "
            f"A link counts {LINK_COST}, and the space before it 1",
            soft=True,
        )


def _spoiler(target: Target) -> str:
    """A content warning, which counts along with the text."""
    warning = target.content.network.get("spoiler_text")
    return warning if isinstance(warning, str) else ""


def _cashtags(text: str) -> Iterator[PostProblem]:
    if text.count("$") > 1 and len(set(_CASHTAG.findall(text))) > 1:
        yield problem(
            "x.cashtags",
            "text",
            "more than one cashtag; X may refuse the post",
            "Keep one, and write the others without the $",
        )


def _reserved(text: str, limit: int) -> Iterator[PostProblem]:
    size = len(text) + len(_RESERVED.findall(text))
    if size > limit >= len(text):
        yield problem(
            "linkedin.text.reserved",
            "text",
            f"LinkedIn may count {size:,} of {limit:,} characters in this text",
            "Shorten the text a little. Each of \\ | { } @ [ ] ( ) < > # * _ ~ may count 2",
        )


def check_links(target: Target, path: str, text: str, attached: str = "") -> Iterator[PostProblem]:
    """How many different links a text has; `attached` is the one that the post shows as a card."""
    most = target.network.links
    if not most or text.count(".") + bool(attached) <= most:
        return
    urls = [link.url for link in find_links(text)] + [attached] * bool(attached)
    yield from over_limit(
        target,
        "{network}.links",
        path,
        len({(url if "://" in url else f"https://{url}").rstrip("/") for url in urls}),
        most,
        end=" different links",
        say=f"Move some of them to {'a comment' if path == 'text' else 'another one'}",
    )


_ADDRESS: Final = late_pattern(r"https?://\S+|(?<!\S)www\.\w\S*", re.IGNORECASE)
_RESERVED: Final = late_pattern(r"[\\|{}@\[\]()<>#*_~]")
_CASHTAG: Final = late_pattern(r"(?<!\w)\$[A-Za-z]{1,6}\b")
_MENTION: Final = late_pattern(r"(?<![\w@.])@\w[\w.]*")
_PHONE: Final = late_pattern(
    r"""
    (?<! [\w.,:/=\#-] ) (?:
        \+ [1-9] (?: [ ()/.-]{0,2} \d ){8,14} (?! [ ]?(?: views | users | \d{3}\b ) )   # +47 22 33 44 55
      | 00 [1-9] (?: [ ()/.-]{0,2} \d ){8,13}
      | \(? 0 \d{2,5} \)? [ /-]{1,3} \d (?: [ -]? \d ){4,9}  # 020 7946 0958, (030) 123456
      | 0 \d (?: [ .] \d\d ){4}                           # 01 23 45 67 89
      | \( \d{3} \) [ .-]? \d{3} [ .-] \d{4}             # (555) 123-4567
      | \d{3} ([.-]) \d{3} \1 \d{4}                      # 555-123-4567
    ) (?! [\w] )
    """,
    re.VERBOSE,
)
"""A number as people write it for others to call, unlike dates, prices and times."""
_HASHTAG: Final = late_pattern(rf"(?<!\w)#(?![\d_]+(?!{LETTER})){LETTER}+")


def check_length(target: Target, path: str, text: str, limit: int) -> Iterator[PostProblem]:
    network = target.network
    spoiler = _spoiler(target) if path == "text" else ""
    size = count(text, network.key, limit=limit, spoiler=spoiler)
    soft = network.text.soft_limit
    only_soft = bool(soft and not size.over and limit > soft)
    if only_soft:
        size = count(text, network.key, limit=soft)
    if not size.over:
        return
    own_text, stops_at = "", size.stops_at
    if spoiler and not stops_at:  # nothing of the text has room beside it
        stops_at = count_warning(spoiler, size.limit).stops_at
        path, stop, fix = "spoiler_text", spoiler[:stops_at], "Shorten the content warning"
    elif path == "text":
        stop, fix = text[: size.stops_at], f"Shorten it, or give {target.label} a text of its own"
        own_text = f"networks:\n  {network.code}:\n    text: A shorter text"
    else:
        stop, fix = text[: size.stops_at], "Shorten it, or split it in two"
    if network.text.shortens:
        short = count(with_short_links(text), network.key, limit=limit)
        if not short.over:
            message = f"{size.used:,} of {size.limit:,} {size.unit} on {target.label}, or {short.used:,} if Publer shortens the links"
            say = f"{target.label}'s own app shortens the links that it shows. Publer may not, and then the post is refused. "
            say += f"{_added(target) if path == 'text' else ''}{fix}"
            code, at = "{network}.text.length", size.stops_at
            yield problem(code, path, message, say, example=own_text, soft=True, offset=at)
            return
    unit = size.unit[:-1] if size.over == 1 else size.unit
    hints = "".join(f"{driver[0].upper()}{driver[1:]}. " for driver in size.drivers)
    hints += _added(target) if path == "text" else ""
    if network.text.settable and target.post.account.max_characters is None:
        hints += "If its server allows more, set `max_characters` beside the account's name in publer.yaml. "
    yield problem(
        "{network}.text.bytes" if size.unit == "bytes" else "{network}.text.length",
        path,
        f"{size.over:,} {unit} too long for {target.label}: {size.used:,} of {size.limit:,}",
        f'{target.label} stops after "{excerpt(stop, tail=True)}". {hints}{fix}',
        example=own_text,
        soft=only_soft,
        offset=stops_at,
    )


def _added(target: Target, *keys: str) -> str:
    """What counts beside what is written; a link that is shortened anyway counts the same with more parameters."""
    written, short = target.post.written, target.network.text.unit in ("weighted", "mastodon")
    keys = keys or (("append", "hashtags") if short else ("append", "hashtags", "utm"))
    parts = [excerpt(words) for key, words in (written.added if written else ()) if key in keys]
    return f"That counts what is added: {', '.join(parts)}. " if parts else ""


def _title(target: Target) -> Iterator[PostProblem]:
    limit, title = target.network.title, target.content.title
    if limit is None:
        return
    if not title:
        if target.type in limit.required_for:
            yield problem(
                "{network}.title.none",
                "",
                f"{with_article(target.label)} {target.type} needs a title",
                "Add a title",
                example=f"networks:\n  {target.network.code}:\n    title: A few words",
            )
        return
    if limit.length and len(title) > limit.length and target.network.takes_title(target.type):
        over = len(title) - limit.length
        yield problem(
            "{network}.title.length",
            "title",
            f"{over:,} character{'s' * (over > 1)} too long for {target.label}: {len(title):,} of {limit.length:,}",
            f"Shorten the title, or give {target.label} its own under `networks`",
        )


def with_article(word: str) -> str:
    return f"{'an' if word[:1].lower() in 'aeiox' else 'a'} {word}"


def excerpt(text: str, *, tail: bool = False) -> str:
    """The start or the end of a text, on one line and without anything that could drive a terminal."""
    line = "".join(letter if letter.isprintable() or letter in _JOINERS else " " for letter in text)
    if len(line) <= 40:
        return line
    seen = clusters(line[-80:] if tail else line[:80])
    while sum(map(len, seen)) > 39:
        del seen[0 if tail else -1]
    return "…" + "".join(seen) if tail else "".join(seen) + "…"


_JOINERS: Final = "\u200c\u200d"
"""They hold together the emoji of a family and the letters of some scripts."""

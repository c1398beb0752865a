"""What a network says against the text of a post and its title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.networks.counting import count, fits_surely, limit_of
from publer_sync.networks.links import find_links
from publer_sync.rules.rulebook import RULES, Case, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator


def judge_text(case: Case) -> Iterator[Finding]:
    """What the network says against the text and the title."""
    yield from _text(case)
    yield from _title(case)
    if case.network.forbidden:
        yield from _forbidden(case, "title", case.content.title)
        yield from _forbidden(case, "text", case.content.text)


def _forbidden(case: Case, path: str, words: str) -> Iterator[Finding]:
    at = next((at for at, letter in enumerate(words) if letter in case.network.forbidden), None)
    if at is not None:
        where = f'"{shown(words[: at + 1], tail=True)}"'
        yield Finding(
            RULES["{network}.brackets"],
            path,
            f"{case.label} takes no {' and no '.join(case.network.forbidden)} in the {path}: {where}",
            "Write it without, or with ‹ and › in their place",
        )


def _text(case: Case) -> Iterator[Finding]:
    text, network = case.post.text, case.network
    limit = limit_of(case.post.account, case.content)
    if not text:
        if "spoiler_text" in case.content.network:
            yield from judge_length(case, "text", "", limit)
        return
    surely = fits_surely(text, network.key, min(limit, network.text.soft_limit or limit))
    if not surely or "spoiler_text" in case.content.network:
        yield from judge_length(case, "text", text, limit)
    if (
        network.key == "linkedin"
        and limit < 2 * len(text)
        and (size := len(text) + len(_RESERVED.findall(text))) > limit >= len(text)
    ):
        yield Finding(
            RULES["linkedin.text.reserved"],
            "text",
            f"LinkedIn may count this text as {size} of {limit} characters",
            "Each of \\ | { } @ [ ] ( ) < > # * _ ~ may count 2. Shorten the text a little",
        )
    if "#" in text and network.soft_hashtags:
        yield from _hashtags(case, text)
    if network.mentions and text.count("@") > network.mentions:
        yield from _mentions(case, text)
    if network.links:
        yield from judge_links(case, "text", text, case.content.url if case.type == "link" else "")
    if network.key == "twitter" and text.count("$") > 1 and len(set(_CASHTAG.findall(text))) > 1:
        yield Finding(
            RULES["x.cashtags"],
            "text",
            "more than one cashtag; X may refuse the post",
            "Keep one, and write the others without the $",
        )
    if network.key == "tiktok" and "." in text and find_links(text):
        yield Finding(
            RULES["tiktok.text.link"],
            "text",
            "a link in the caption; TikTok may refuse the post",
            'Write "link in bio"',
        )
    if network.key == "google" and (match := _PHONE.search(text)):
        yield Finding(
            RULES["google.text.phone"],
            "text",
            f"{shown(match[0])} looks like a phone number; Google may refuse the post",
            "Take it out: the profile shows the number, and a link may have the button CALL",
        )


def judge_links(case: Case, path: str, text: str, attached: str = "") -> Iterator[Finding]:
    """How many different links a post has, or what follows it; the one it shows as a card counts as well."""
    most = case.network.links
    if not most or text.count(".") + bool(attached) <= most:
        return
    urls = [link.url for link in find_links(text)] + [attached] * bool(attached)
    links = len({(url if "://" in url else f"https://{url}").rstrip("/") for url in urls})
    if links > most:
        yield Finding(
            RULES["{network}.links"],
            path,
            f"{links} different links; {case.label} takes {most}",
            f"Put some of them into {'a comment' if path == 'text' else 'another one'}",
        )


_RESERVED: Final = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_CASHTAG: Final = re.compile(r"(?<!\w)\$[A-Za-z]{1,6}\b")
_MENTION: Final = re.compile(r"(?<![\w@.])@\w[\w.]*")
_PHONE: Final = re.compile(
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
"""A number as people write it for others to call. Dates, prices and times are none."""
_HASHTAG: Final = re.compile(r"(?<!\w)#\w*[^\W\d_]\w*")


def judge_length(case: Case, path: str, text: str, limit: int) -> Iterator[Finding]:
    network = case.network
    said = case.content.network.get("spoiler_text")
    spoiler = said if isinstance(said, str) and path == "text" else ""
    found = count(text, network.key, limit=limit, spoiler=spoiler)
    soft = network.text.soft_limit
    if soft and not found.over and limit > soft:
        found = count(text, network.key, limit=soft)
        limit = 0
    if not found.over:
        return
    if spoiler and len(spoiler) > found.limit:
        path, stop, way = "spoiler_text", spoiler[: found.limit], "Shorten the warning"
    else:
        stop, way = text[: found.stops_at], _shorter(case, path)
    rule = RULES["{network}.text.bytes" if found.unit == "bytes" else "{network}.text.length"]
    unit = found.unit[:-1] if found.over == 1 else found.unit
    hints = "".join(f"{driver[0].upper()}{driver[1:]}. " for driver in found.drivers)
    if network.text.settable and case.post.account.max_characters is None:
        hints += (
            "If its server takes more, say so in publer.yaml: `max_characters` beside the account's name. "
        )
    yield Finding(
        rule,
        path,
        f"{found.over} {unit} too long for {case.label}: {found.used} of {found.limit}",
        f'{case.label} stops after "{shown(stop, tail=True)}". {hints}{way}',
        soft=limit == 0,
    )


def _shorter(case: Case, path: str) -> str:
    if path != "text":
        return "Shorten it, or make two of it"
    return (
        f"Shorten it, or give {case.label} its own words:\n"
        f"  networks:\n    {case.network.code}:\n      text: |\n        …"
    )


def _hashtags(case: Case, text: str) -> Iterator[Finding]:
    tags, most, few = len(_HASHTAG.findall(text)), case.network.hashtags, case.network.soft_hashtags
    if most and tags > most:
        yield Finding(
            RULES["{network}.hashtags"],
            "text",
            f"{tags} hashtags; {case.label} takes {most}",
            "Take some of them out",
        )
    elif few and tags > few:
        yield Finding(
            RULES["{network}.hashtags"],
            "text",
            f"{tags} hashtags; {case.label} is about to take only {few}",
            "Keep the best ones",
            soft=True,
        )


def _mentions(case: Case, text: str) -> Iterator[Finding]:
    number, most = len(_MENTION.findall(text)), case.network.mentions
    if most and number > most:
        yield Finding(
            RULES["{network}.mentions"],
            "text",
            f"{number} mentions; {case.label} may take only {most}",
            "Take some of them out",
        )


def _title(case: Case) -> Iterator[Finding]:
    rule = case.network.title
    if rule is None:
        return
    title = case.content.title
    if not title:
        if case.type in rule.required_for:
            yield Finding(
                RULES["{network}.title.none"],
                "",
                f"{_a(case)} needs a title",
                f"networks:\n  {case.network.code}:\n    title: A few words",
            )
        return
    shown = not rule.types or case.type in rule.types
    if shown and rule.length and len(title) > rule.length:
        yield Finding(
            RULES["{network}.title.length"],
            "title",
            f"{len(title) - rule.length} characters too long for {case.label}: {len(title)} of {rule.length}",
            f"Shorten the title, or give {case.label} its own under `networks`",
        )


def _a(case: Case) -> str:
    return f"{article(case.label)} {case.label} {case.type}"


def article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiox" else "a"


def shown(text: str, *, tail: bool = False) -> str:
    """A few words of a text, on one line and without anything that could drive a terminal."""
    line = "".join(letter if letter.isprintable() or letter in _JOINERS else " " for letter in text)
    if len(line) <= 40:
        return line
    return "…" + line[-39:] if tail else line[:39] + "…"


_JOINERS: Final = "\u200c\u200d"
"""Between the emoji of a family and the letters of some scripts; without them these fall apart."""

"""What no reader should see in the words of a post, on any network: placeholders, marks that nobody reads, unseen letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.rules.rulebook import RULES, Finding
from publer_sync.rules.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.model import Json, Post


def judge_words(post: Post) -> Iterator[Finding]:
    """What is wrong on every network with the words that go out, wherever the post has them."""
    marked = post.account.provider == "wordpress" or post.content.get("parse_mode") == "Markdown"
    for key, value in post.content.items():
        if key not in _UNSEEN and _odd(value):
            yield from _findings(key, value, marked=marked)


_UNSEEN: Final = frozenset(("type", "labels", "draft", "auto_delete"))
"""Keys whose words stay in Publer."""


def _odd(value: Json) -> bool:
    """Whether there is anything to find, for in most words there is not."""
    if isinstance(value, str):
        return bool(_oddities(value))
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for item in value:
            if _odd(item):
                return True
    return False


def _findings(path: str, value: Json, *, marked: bool) -> Iterator[Finding]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _findings(f"{path}/{number}", item, marked=marked)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _findings(f"{path}/{key}", item, marked=marked)
    elif isinstance(value, str):
        for odd in _oddities(value):
            if odd.code == "text.placeholder":
                yield _placeholder(path, odd.part)
            elif odd.code == "text.invisible":
                yield _invisible(path, odd.part, value)
            elif path.endswith("text") and not marked:
                yield _markdown(path, odd.part)


def _placeholder(path: str, part: str) -> Finding:
    said = f'"{shown(part)}" is still in {_what(path)}'
    return Finding(RULES["text.placeholder"], path, said, "Put the real words there")


def _markdown(path: str, part: str) -> Finding:
    what = "its address in brackets" if part.startswith("[") else "its marks"
    said = f"`{shown(part)}` goes out with {what}; no network reads Markdown"
    return Finding(RULES["text.markdown"], path, said, "Write it without")


def _invisible(path: str, letter: str, words: str) -> Finding:
    before, turns = words[: words.index(letter)], bool(_TURNING.match(letter))
    where = f'after "{shown(before, tail=True)}"' if before.strip() else "at its start"
    name = unicodedata.name(letter, "a control character" if ord(letter) < 0xA0 else "no character").lower()
    return Finding(
        RULES["text.invisible"],
        path,
        f"U+{ord(letter):04X} ({name}) is in {_what(path)}, {where}; "
        + (
            "it turns the letters behind it unseen" if turns else "nobody sees it, and networks may refuse it"
        ),
        "Write the words there anew: it came along when they were copied from elsewhere",
        soft=turns,
    )


def _what(path: str) -> str:
    """A part of a post as a person calls it."""
    steps = [step for step in path.split("/") if not step.isdigit()]
    return _CALLED.get(steps[-1], f"`{steps[-1]}`")


_CALLED: Final = {
    "text": "the text",
    "title": "the title",
    "alt": "the description",
    "caption": "the caption",
    "url": "the address",
    "description": "the description",
    "question": "the question",
    "options": "an answer",
}


class _Odd(NamedTuple):
    code: str
    part: str


@lru_cache(maxsize=8192)
def _oddities(text: str) -> tuple[_Odd, ...]:
    """The rules that some words break, and which part of them does. Once a text: it goes to several accounts."""
    found = []
    if _holds(text, _PLACEHOLDER_SIGNS) and (match := _PLACEHOLDER.search(text)):
        found.append(_Odd("text.placeholder", match[0]))
    if _holds(text, _MARKDOWN_SIGNS) and (match := _MARKDOWN.search(text)):
        found.append(_Odd("text.markdown", match[0]))
    plain = text.replace("\n", "").isprintable()
    if not plain and (match := _INVISIBLE.search(text) or _TURNING.search(text)):
        found.append(_Odd("text.invisible", match[0]))
    return tuple(found)


def _holds(text: str, signs: tuple[str, ...]) -> bool:
    for sign in signs:  # noqa: SIM110 — any() takes twice as long, and this is asked of every text
        if sign in text:
            return True
    return False


_PLACEHOLDER_SIGNS: Final = ("TODO", "FIXME", "TBD", "XXX", "[", "{", "<%", "orem ipsum")
_PLACEHOLDER: Final = re.compile(
    r"""
    \b (?<![A-Z]\ ) (?: TODO | FIXME | TBD | XXXX+ ) \b (?! \ [A-Z]{2} )
  | (?: (?<= [:=€$£\#] ) | (?<= [:=€$£\#]\ ) ) XXX \b | \b XXX (?= \ ?(?: [€$£%] | (?:EUR|USD|GBP|NOK|SEK|DKK|CHF) \b ) )
  | \[ (?! SAVE\ THE ) (?: [A-Z][A-Z _-]* \b (?: URL | LINK | NAME | DATE | TEXT | IMAGE )
         | (?i: (?: url | link | name | date | insert | (?: insert | your )\ [^\]\n]{1,60} ) ) | INSERT[^\]\n]{0,60} ) \] (?! \( )
  | \{\{ [^{}\n]{1,80} \}\} | <% [^%\n]{1,80} %> | \$\{ [A-Za-z_][\w.]{0,60} \}
  | \b [Ll]orem\ ipsum \b
    """,
    re.VERBOSE,
)
"""Three X alone may be a number (Super Bowl XXX) or kisses; `[Link](…)` is Markdown, and `[SAVE THE DATE]` is meant."""
_MARKDOWN_SIGNS: Final = ("**", "__", "](", "# ", "```")
"""Without one of these there is nothing to look for, which is so in most texts."""
_MARKDOWN: Final = re.compile(
    r"""
    \*\* (?=\S) [^*\n]{1,80} (?<=\S) \*\*
  | (?<!\w) __ (?=\S) [^_\n]{1,80} (?<=\S) __ (?!\w)
  | \[ [^\]\n]{1,80} \] \( https?:// [^)\s]{1,500} \)
  | ^ \#{1,6} \ [^\n]{1,80}
  | ^ ``` [^\n]{0,20}
    """,
    re.VERBOSE | re.MULTILINE,
)
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
"""Controls, the mark of byte order, and what is no character. Joiners, variants and U+200E and F belong to languages."""
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")

"""What no reader should see in the words of a post, on any network: placeholders, marks that nobody reads, unseen letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.content import to_json
from publer_sync.rules.rulebook import RULES, Finding
from publer_sync.rules.words import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.content import Json, Value
    from publer_sync.model import Post


def judge_words(post: Post) -> Iterator[Finding]:
    """What is wrong on every network with the words that go out, wherever the post has them."""
    marked = post.account.provider == "wordpress" or post.content.network.get("parse_mode") == "Markdown"
    for key, value in post.content.values.items():
        if key not in _UNSEEN and _odd(value):
            yield from _findings(key, to_json(value), marked=marked)


_UNSEEN: Final = frozenset(("type", "labels", "draft", "auto_delete"))
"""Keys whose words stay in Publer."""


def _odd(value: Value) -> bool:
    """Whether there is anything to find, for in most words there is not."""
    if isinstance(value, str):
        return bool(_oddities(value))
    found = to_json(value)
    inner = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return any(map(_odd, inner))


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
            elif odd.code == "text.key":
                if path == "text":
                    yield _key(odd.part)
            elif odd.code == "text.invisible":
                yield _invisible(path, odd.part, value)
            elif path.endswith("text") and not marked:
                yield _markdown(path, odd.part)


def _placeholder(path: str, part: str) -> Finding:
    said = f'"{shown(part)}" is still in {_what(path)}'
    return Finding(RULES["text.placeholder"], path, said, "Put the real words there")


def _key(part: str) -> Finding:
    said = f'"{shown(part.strip())}" stands so far in that it is part of the text'
    way = "If a key of the post is meant, write it as far in as `text`; if not: ignore, with the reason"
    return Finding(RULES["text.key"], "text", said, way)


def _markdown(path: str, part: str) -> Finding:
    what = "its address in brackets" if part.startswith("[") else "its marks"
    said = f"`{shown(part)}` goes out with {what}; of the networks only WordPress reads Markdown"
    return Finding(RULES["text.markdown"], path, said, "Write it without, or give the others their own words")


def _invisible(path: str, letter: str, words: str) -> Finding:
    before, turns = words[: words.index(letter)], bool(_TURNING.match(letter))
    where = f'after "{shown(before, tail=True)}"' if before.strip() else "at its start"
    name = unicodedata.name(letter, "a control character" if ord(letter) < 0xA0 else "no character").lower()
    return Finding(
        RULES["text.invisible"],
        path,
        f"U+{ord(letter):04X} ({name}) is in {_what(path)}, {where}; "
        + (
            "it turns the letters behind it unseen"
            if turns
            else "it stands for a letter that was lost"
            if letter == "\ufffd"
            else "nobody sees it, and networks may refuse it"
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
    if _holds(text, _KEY_SIGNS) and (match := _KEY.search(text)):
        found.append(_Odd("text.key", match[0]))
    if _holds(text, _MARKDOWN_SIGNS) and (match := _MARKDOWN.search(text)):
        found.append(_Odd("text.markdown", match[0]))
    plain = text.replace("\n", "").isprintable() and "\ufffd" not in text
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
    \b (?: FIXME | XXXX+ ) \b
  | \b TODO \b (?= \s*(?: [:\])] | \Z ) | [ ]*\n | \ (?i: add | write | insert | fix | check | update | replace | link | text ) \b )
  | \b TBD \b (?= \s* [:\])] ) | \A \s* TBD \s* \Z
  | (?: (?<= [:=€$£\#] ) | (?<= [:=€$£\#]\ ) ) XXX \b | \b XXX (?= \ ?(?: [€$£%] | (?:EUR|USD|GBP|NOK|SEK|DKK|CHF) \b ) )
  | \[ (?: (?: INSERT | YOUR )\ [A-Z][A-Z _-]{0,60} | (?i: url | link | name | date )
         | (?i: (?: insert | your | add )\ (?: [\w-]+\ ){0,4} (?: url | link | name | date | text | image | city | title | handle | here ) ) ) \] (?! \( )
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
    (?<![\w*]) \*\* (?=[^\s*]) [^*\n]{1,80} (?<=\S) \*\* (?![\w*])
  | (?<!\w) __ (?=\S) [^_\n]{1,80} (?<=\S) __ (?!\w)
  | \[ [^\]\n]{1,80} \] \( https?:// [^)\s]{1,500} \)
  | ^ \#{1,6} \ (?![a-z]) [^\n]{1,80}
  | ^ ``` [^\n]{0,20}
    """,
    re.VERBOSE | re.MULTILINE,
)
_KEY_SIGNS: Final = (":\n", "draft: ", "link: h", "labels: [", "- at: ", "- file: ", "- url: ")
_KEY: Final = re.compile(
    r"""
    ^ [ ]* (?: (?: media | comments | thread | labels | accounts ): [ ]* \n [ ]* -\ \S
             | (?: poll | share | networks | auto_delete | repeat | ignore ): [ ]* \n [ ]+ \w+:
             | link: [ ] https?:// | labels: [ ] \[ | draft: [ ] (?: true | false ) $
             | -\ at: [ ] [A-Za-z]{0,3} [ ]? \d{4}-\d | -\ (?: file | url ): [ ] \S+ $ ) [^\n]*
    """,
    re.VERBOSE | re.MULTILINE,
)
"""Lines that look just like a key of a post with its value."""
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff]"
)
"""Controls, the mark of byte order, and what is no character. Joiners, variants and U+200E and F belong to languages."""
_TURNING: Final = re.compile("[\u202a-\u202e]")
"""Unlike the isolates U+2066 to 2069, which Hebrew and Arabic are written with, these turn what follows till they end."""

"""What people leave in a text by accident: for each rule, the first match in a text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.rules.swallowed import swallowed
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator


class Oddity(NamedTuple):
    """`part` is the part of the text that breaks the rule `code`, `at` where it is. `soft`: it may be intended."""

    code: str
    part: str
    at: int
    soft: bool = False


@lru_cache(maxsize=8192)
def oddities(text: str) -> tuple[Oddity, ...]:
    """At most one for each rule. Cached, as most texts go to several accounts."""
    found = []
    if _contains(text, _PLACEHOLDER_SIGNS):
        if match := _PLACEHOLDER.search(text) or _OTHER_PLACEHOLDER.search(text):
            found.append(Oddity("text.placeholder", match[0], match.start()))
        elif match := _PERHAPS_PLACEHOLDER.search(text) or _NAME.search(text):
            found.append(Oddity("text.placeholder", match[0], match.start(), soft=True))
    if "\\n" in text and (match := next(_typed_newlines(text), None)):
        found.append(Oddity("text.newline", match[0], match.start()))
    if ":" in text and (line := swallowed(text)) is not None:
        found.append(Oddity("text.key", line.line, line.at, soft=not line.sure))
    if text.startswith(_FENCES) and (match := _FENCE.match(text)):
        found.append(Oddity("text.fence", match["fence"], 0))
    elif _contains(text, _MARKDOWN_SIGNS) and (match := _MARKDOWN.search(text)):
        found.append(Oddity("text.markdown", match[0], match.start()))
    if "<!--" in text and (match := _COMMENT.search(text)):
        found.append(Oddity("text.comment", match[0], match.start()))
    if _contains(text, _HTML_SIGNS) and (match := _HTML.search(text)):
        found.append(Oddity("text.html", match[0], match.start()))
    if "://" in text or "www." in text:
        found += _unusual_addresses(text)
    if not text.isascii():
        known = {each.at + len(each.part) - 1 for each in found if each.code == "link.invisible"}
        found += [each for each in _unusual_letters(text) if each.at not in known]
    elif not text.replace("\n", "").isprintable() and (match := _INVISIBLE.search(text)):
        found.append(Oddity("text.invisible", match[0], match.start()))
    return tuple(found)


def _typed_newlines(text: str) -> Iterator[re.Match[str]]:
    """A backslash and an n, but not in a Windows path, such as that of a folder of news."""
    for match in _NEWLINE.finditer(text):
        if not _PATH.match(
            text, max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
        ):
            yield match


def _unusual_addresses(text: str) -> Iterator[Oddity]:
    if match := _LOCAL.search(text):
        yield Oddity("link.local", match[0], match.start())
    if match := _TWICE.search(text):
        yield Oddity("link.twice", match[0], match.start())
    if not text.isascii() and (match := _HIDDEN.search(text)):
        yield Oddity("link.invisible", match[0], match.start())


def _unusual_letters(text: str) -> list[Oddity]:
    found = []
    if _contains(text, _MOJIBAKE_SIGNS) and (match := _MOJIBAKE.search(text)):
        found.append(Oddity("text.mojibake", match[0], match.start()))
    if text.replace("\n", "").isprintable() and "\ufffd" not in text and "\ufffc" not in text:
        return found
    if match := _INVISIBLE.search(text):
        found.append(Oddity("text.invisible", match[0], match.start()))
    elif match := TURNING.search(text) or _SPLITTING.search(text) or _PRIVATE.search(text):
        found.append(Oddity("text.invisible", match[0], match.start(), soft=True))
    return found


def _contains(text: str, signs: tuple[str, ...]) -> bool:
    for sign in signs:  # noqa: SIM110 — any() takes twice as long, and this is asked of every text
        if sign in text:
            return True
    return False


_PLACEHOLDER_SIGNS: Final = (
    "TODO",
    "FIXME",
    "TBD",
    "XXX",
    "[",
    "［",
    "【",
    "{",
    "<",
    "%7",
    "orem ipsum",
    "tbd",
    "todo:",
)
_PLACEHOLDER: Final = late_pattern(
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
"""Three X alone may be a number (Super Bowl XXX) or kisses; `[Link](…)` is Markdown, and `[SAVE THE DATE]` is intended."""
_LINK_WORDS: Final = (
    "lenke|lenk|länk|lien|enlace|liga[cç][aã]o|koppeling|navn|namn|naam|nom|nombre|nome|dato|datum|fecha|adresse|adres|sted|ort|plass|pris|preis|prix|precio|prezzo"
    "|リンク|日付|名前|会社名|価格|链接|日期|姓名|링크|날짜|이름"
)
_FILL_IN: Final = (
    "sett inn|legg inn|skriv inn|fyll inn|legg til|indsæt|tilføj|udfyld|infoga|lägg in|fyll i|einfügen|einsetzen|ergänzen|invoegen|vul in|ins[eé]rer|ajouter|insertar|añadir|inserir|inserire|inserisci|aggiungi"
    "|ここに|挿入|插入|填写|입력|삽입"
)
_OTHER_PLACEHOLDER: Final = late_pattern(
    rf"[\[［【] [ ]* (?: {_LINK_WORDS} | (?:{_FILL_IN.replace(' ', '[ ]')}) (?:[ ][^\]\n]{{1,40}}|[^\]\n]{{0,20}}) | [^\]\n]{{1,40}}[ ](?:einfügen|einsetzen|ergänzen|invoegen|invullen) | [^\]\n]{{1,20}}(?:を入れる|を挿入|を記入|입력|삽입) ) [ ]* [\]］】] (?! \( )",
    re.VERBOSE | re.IGNORECASE,
)
"""The same in other languages. `[Ort]` is no place, and `【新作】` is a heading."""
_PERHAPS_PLACEHOLDER: Final = late_pattern(
    r"""
    \b (?: TBD | tbd ) \b | ^ [ ]* todo : (?= \s | $ )
  | < (?: url | link | name | date | (?: insert | your ) \ [\w -]{1,40} ) >
    """,
    re.VERBOSE | re.MULTILINE,
)
"""TBD may announce a venue that is still open."""
_NEWLINE: Final = late_pattern(r"(?<!\\)(?:\\r)?\\n")
_PATH: Final = late_pattern(r"[A-Za-z]:\\|\\\\")
_MARKDOWN_SIGNS: Final = ("**", "__", "](", "# ", "```")
_MARKDOWN: Final = late_pattern(
    r"""
    (?<![\w*]) \*\* (?=[^\s*]) [^*\n]{1,80} (?<=\S) \*\* (?![\w*])
  | (?<!\w) __ (?=\S) [^_\n]{1,80} (?<=\S) __ (?!\w)
  | \[ [^\]\n]{1,80} \] \( https?:// [^)\s]{1,500} \)
  | ^ \#{1,6} \ (?![a-z]) [^\n]{1,80}
  | ^ ``` [^\n]{0,20}
    """,
    re.VERBOSE | re.MULTILINE,
)
_FENCES: Final = ('"""', "'''", "```", "~~~")
_FENCE: Final = late_pattern(
    r"(?P<fence>\"{3}|'{3}|`{3}|~{3})(?:(?<=[`~])[a-z]*)?[ \t]*\n(?:.*\n)?[ \t]*(?P=fence)\s*\Z", re.DOTALL
)
"""All of a text between two lines that other tools take away."""
_COMMENT: Final = late_pattern(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HTML_SIGNS: Final = ("&", "<")
_HTML: Final = late_pattern(
    r"""
    & (?: amp | nbsp | quot | apos | lt | gt | euro | copy | reg | trade | hellip | bull | laquo | raquo | szlig | shy
        | [mn]dash | [lr][sd]quo | [aeiouyAEIOUY] (?: uml | acute | grave | circ | tilde | ring )
        | ccedil | ntilde | oslash | aelig | \#\d{2,6} | \#x[0-9a-fA-F]{2,5} ) ;
  | </ (?: p | b | i | u | em | strong | a | ul | ol | li | div | span | h[1-6] | blockquote ) >
  | <br [ ]* /? > | <img [ ] [^<>\n]{1,200} >
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""An opening tag alone may be words between angle brackets; a closing tag is HTML."""
_LOCAL: Final = late_pattern(
    r"""
    https?:// (?: localhost | 127(?:\.\d{1,3}){3} | 10(?:\.\d{1,3}){3} | 192\.168(?:\.\d{1,3}){2}
                | 172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2} | 0\.0\.0\.0 | \[::1\]
                | [\w-]+ (?: \.[\w-]+ )* \.(?: local | localhost | internal ) )
    (?! [\w.-]*\w ) (?: : \d{1,5} )?
    """,
    re.VERBOSE,
)
_TWICE: Final = late_pattern(r"https?:// ?https?(?:[:/?#]\S*|(?=\s|\Z))", re.IGNORECASE)
"""An address whose host is `http` or `https`, as one that was pasted behind the beginning of another has."""
_UNSEEN: Final = "\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_HIDDEN: Final = late_pattern(
    rf"(?:https?://|\bwww\.)[!-~]*(?:[{_UNSEEN}]|[\u200c\u200d](?![^\W\d_]))", re.IGNORECASE
)
"""Joiners belong to addresses in Persian and Indian scripts, inside of a word."""
_NAME: Final = late_pattern(
    r"(?<![{$%]) \{ (?:title|url|slug|network|alias|id|date) \} (?! \} )"
    r" | (?i: %7B (?:title|url|slug|network|alias|id|date) %7D )",
    re.VERBOSE,
)
"""A name in braces that another key, or the posts of pages, would fill in; in an address it is escaped."""
_BYTE: Final = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
"""What windows-1252 makes of the second byte and later ones of a letter in UTF-8."""
_MOJIBAKE_SIGNS: Final = ("Ã", "â€", "Â", "ðŸ", "Ð", "Ñ")
_MOJIBAKE: Final = late_pattern(
    rf"(?: (?<= [a-zà-ÿ] ) Ã {_BYTE} | Ã (?! \xa0 ) {_BYTE} (?= [a-zß] )"
    rf"  | â€ . | Â [£¥§©®±²³·½¼¾¿¡«°] | ðŸ . | (?: [ÐÑ] {_BYTE} ){{2,}} )",
    re.VERBOSE,
)
"""Portuguese and French write Ã and Â as well: at the end of capitals, before quotation marks and spaces."""
_INVISIBLE: Final = late_pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffc-\uffff]"
)
"""Controls, the byte order mark, and what is not a character. Joiners, variants, U+200E and U+200F belong to languages."""
TURNING: Final = late_pattern("[\u202a-\u202e]")
"""Unlike the isolates U+2066 to 2069, which Hebrew and Arabic are written with, these reverse all text until they end."""
_PRIVATE: Final = late_pattern("[\ue000-\uf8fe\U000f0000-\U0010fffd]")
"""Signs of one font alone, such as the bullets of Word (U+F0B7), which others show as boxes. U+F8FF is an apple."""
_OTHER: Final = "[^\\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]"
_SPLITTING: Final = late_pattern(f"[\u2060-\u2064]|(?<={_OTHER})\u200b(?={_OTHER})")
"""Zero-width characters inside a word. Thai, Lao, Burmese, Khmer and Japanese mark words with U+200B, and captions
keep an empty line with one."""

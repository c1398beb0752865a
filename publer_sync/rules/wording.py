"""Rules about text that hold on every network: placeholders, markup, garbled and invisible characters, local links."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from publer_sync.rules.patterns import TURNING, oddities
from publer_sync.rules.rulebook import problem
from publer_sync.rules.swallowed import swallowed
from publer_sync.rules.text import excerpt
from publer_sync.values.content import to_json
from publer_sync.values.post_keys import PROSE, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.rules.patterns import Oddity
    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.content import Json
    from publer_sync.values.model import Post


def check_wording(post: Post) -> Iterator[PostProblem]:
    """Every text of the post that is published, wherever it is."""
    content = post.content
    for key in PUBLIC:
        value = getattr(content, key)
        if value and (not isinstance(value, str) or oddities(value)):
            yield from _check(post, key, to_json(value))
    for key, value in content.network.items():
        yield from _check(post, key, value)
    if "\n" in post.note and (line := swallowed(post.note)) is not None and line.sure:
        yield replace(_swallowed("note", line.line), offset=line.at)  # say, `draft: true`


def _check(post: Post, key: str, value: Json) -> Iterator[PostProblem]:
    for path, text in texts_in(key, value):
        for oddity in oddities(text):
            for found in _problem(post, path, text, oddity):
                yield replace(found, offset=oddity.at)


def texts_in(path: str, value: Json) -> Iterator[tuple[str, str]]:
    """Every text in a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts_in(f"{path}/{number}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_in(f"{path}/{key}", item)


def _problem(post: Post, path: str, text: str, oddity: Oddity) -> Iterator[PostProblem]:
    code, part, at, soft = oddity
    quoted, where = excerpt(part.strip()), name_of(path)
    if code == "text.placeholder":
        yield problem(
            code, path, f'placeholder "{quoted}" in {where}', "Replace it with the real words", soft=soft
        )
    elif code == "link.twice":
        message = f"{quoted} in {where} begins twice, so its host is called http or https"
        yield problem(code, path, message, "Remove the first beginning")
    elif code == "link.invisible":
        name = f"U+{ord(part[-1]):04X} ({unicodedata.name(part[-1], 'invisible').lower()})"
        message = f"the address {excerpt(part[:-1])} in {where} is followed by an invisible character, {name}, and may lead to another page"
        say = "Delete the end of the address and what follows it, and type both again"
        yield problem(code, path, message, say)
    elif code == "text.invisible":
        yield _invisible(path, part, text[:at], soft=soft)
    elif code == "text.mojibake":
        yield _mojibake(path, part, text[:at], text[at + len(part) :])
    elif code == "link.local":
        yield problem(code, path, f"{quoted} only works on your own network", "Use the public URL")
    elif code == "text.newline":
        yield _newline(path, part, text, at)
    elif code == "text.key":
        if path.rpartition("/")[2] in PROSE:
            yield _swallowed(path, part, soft=soft)
    elif code == "text.fence":
        if not (post.account.provider == "wordpress" and part == "```"):
            message = f"the lines {part} around {where} are published as they are written"
            yield problem(code, path, message, "Remove both, and leave the words between them")
    elif code == "text.comment":
        if post.account.provider != "wordpress":
            message = (
                f'"{quoted}" in {where} is published as it is written: only web pages hide such comments'
            )
            yield problem(code, path, message, "Move it to the post's `note`, which stays in the files")
    elif code == "text.html":
        if post.account.provider != "wordpress" and post.content.network.get("parse_mode") != "HTML":
            message = f'"{quoted}" in {where} is HTML, which is published as it is written'
            yield problem(code, path, message, "Write the character itself, and remove tags")
    elif (
        path.endswith("text")
        and post.account.provider != "wordpress"
        and post.content.network.get("parse_mode") != "Markdown"
    ):
        message = (
            f"`{excerpt(part)}` is published as it is written; of the networks, only WordPress reads Markdown"
        )
        yield problem(
            code, path, message, "Remove the Markdown, or give the other networks a text of their own"
        )


def _swallowed(path: str, line: str, *, soft: bool = False) -> PostProblem:
    message = f'"{excerpt(line.strip())}" is indented so far that it is part of {name_of(path)}'
    fix = "If it is a key of the post, indent it like the other keys"
    return problem("text.key", path, message, fix, soft=soft)


def _newline(path: str, part: str, text: str, at: int) -> PostProblem:
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    ways: tuple[tuple[str, str], ...] = ()
    if len(line) <= _SHORT:
        ways = (("To start a new line there", line.replace(part, "\n")), ("It is published as", line))
    message = f'"{part}" in {name_of(path)} is published as it is written, and starts no new line'
    say = "Write the words under |, and press Enter where a line ends"
    return problem("text.newline", path, message, say, ways=ways)


def _mojibake(path: str, part: str, before: str, after: str) -> PostProblem:
    head = before.rsplit(maxsplit=1)[-1] if before[-1:].strip() else ""
    tail = after.split(maxsplit=1)[0] if after[:1].strip() else ""
    word = f"{head}{part}{tail}"
    try:
        fix = f'Write "{excerpt(word.encode("cp1252").decode())}", and check the rest of the text'
    except UnicodeError:
        fix = "Write the text again, or copy it from a source that is not garbled"
    return problem("text.mojibake", path, f'"{excerpt(word)}" in {name_of(path)} looks garbled', fix)


def _invisible(path: str, letter: str, before: str, *, soft: bool) -> PostProblem:
    where = f'after "{excerpt(before, tail=True)}"' if before.strip() else "at the start"
    name = unicodedata.name(letter, "control character" if ord(letter) < 0xA0 else "not a character").lower()
    if unicodedata.category(letter) == "Co":
        message = f"the character U+{ord(letter):04X} in {name_of(path)}, {where}, is a sign of one font alone; others see a box"
        return problem(
            "text.invisible", path, message, "Write a sign that every font has, such as • or –", soft=True
        )
    if TURNING.match(letter):
        effect = "it reverses the text after it"
    elif letter == "\ufffc":
        effect = "a picture or another object was here, and was not copied"
    elif letter == "\ufffd":
        effect = "it replaces a character that was lost"
    elif soft:
        effect = "it may split a word, a link or a hashtag"
    else:
        effect = "networks may refuse it"
    message = f"invisible character U+{ord(letter):04X} ({name}) in {name_of(path)}, {where}; {effect}"
    return problem(
        "text.invisible", path, message, "Type the words again; it was copied from elsewhere", soft=soft
    )


def name_of(path: str) -> str:
    """What people call a part of a post."""
    key = [step for step in path.split("/") if not step.isdigit()][-1]
    return _NAMES.get(key, f"`{key}`")


_SHORT: Final = 200
_NAMES: Final = {
    "text": "the text",
    "note": "the note",
    "title": "the title",
    "alt": "the alt text",
    "caption": "the caption",
    "url": "the URL",
    "description": "the description",
    "question": "the question",
    "options": "an answer",
}

"""What is wrong where libyaml stops, as a Problem with the corrected lines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml import comments, strays, traps
from publer_sync.calendar.yaml.lines import note_in, spaces
from publer_sync.calendar.yaml.scalars import quoted, scalar
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Fix, Help

if TYPE_CHECKING:
    from publer_sync.calendar.yaml.lines import Line, Lines
    from publer_sync.calendar.yaml.reader import UnreadableError
    from publer_sync.values.problems import Problem

_SIGNS: Final = "@`%*&!-?[]{}>|'\",#:"
_CLOSING: Final = {"[": "]", "{": "}"}
_FITS_NOWHERE: Final = "fits nowhere"
_REASONS: Final = {
    "found unexpected end of stream": "a quote or a bracket is never closed",
    _FITS_NOWHERE: "it fits neither the line above nor the one below",
}
"""Of libyaml's reasons those that mean something to a writer."""
_CLOSED: Final = late_pattern(r"\[[^\[\]]*\]|\{[^{}]*\}")
_SIMPLE_LIST: Final = late_pattern(r"\[[^\[\]{}'\"#:]*[^\[\]{}'\"#:,\s]")
_PAIR: Final = late_pattern(r"(?<!\\)(?:\\\\)*\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def explain(lines: Lines, error: UnreadableError, first: int = 1) -> Problem:
    """A libyaml error in words for writers; it is about nothing above the `first` line that was read."""
    unclosed = ("could not find expected", "unexpected end of stream", "expected ','")
    number, column = error.start if any(words in error.words for words in unclosed) else error.at
    line, above, owner = lines[number], lines.key_above(number), lines.owner(number)
    above, owner = (each if each is not None and each >= first else None for each in (above, owner))
    if "escape" in error.words or "hexdecimal" in error.words:  # as libyaml spells it
        if (pair := _PAIR.search(lines.texts[number - 1])) is not None:
            return _surrogates(lines, number, pair)
        message = "a backslash inside double quotes starts a code, and this one does not exist"
        say = (
            'Write \\\\ for a backslash, "\\U0001F600" for a character by its code, or put the words under |'
        )
        return lines.problem("yaml.escape", message, (number, column), say)
    at_key = bool(line.key) and column <= len(line.lead + line.key) + 1
    if at_key and (item := _plain_item_above(lines, number)) is not None:
        return _keys_of_a_word(lines, item, number)
    if at_key and above is not None and line.depth != lines[above].depth:
        return _misplaced(lines, number, above)
    if owner is None:
        return _unknown(lines, (number, column), error.words)
    return _wrong_value(lines, error.words, (number, column), owner)


def _surrogates(lines: Lines, number: int, first: re.Match[str]) -> Problem:
    """Characters beyond U+FFFF as JSON escapes them, in two halves that YAML does not join."""
    text = _PAIR.sub(lambda found: _character(found[1], found[2]), lines.texts[number - 1])
    message = f"YAML does not join the two halves of a character, {first[0]}, as JSON does"
    say = "Write the character itself, or its code after \\U"
    at = (number, first.start() + 1)
    return lines.problem("yaml.escape", message, at, say, Fix(number, number, text), length=len(first[0]))


def _character(high: str, low: str) -> str:
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)


def _plain_item_above(lines: Lines, number: int) -> int | None:
    """The item that is only a word, and to which the key on the line belongs by its indentation."""
    above = next((n for n in range(number - 1, 0, -1) if not traps.is_gap(lines, n)), number)
    item = lines[above]
    if item.key or not item.is_item or not item.value or " #" in item.value or lines[number].is_item:
        return None
    belongs = lines[number].indent >= item.depth and lines.list_of(above) in lines.vocabulary.item_words
    return above if belongs else None


def _keys_of_a_word(lines: Lines, item: int, number: int) -> Problem:
    """An item such as `- linkedin`, with keys of its own below it."""
    line, below, holder = lines[item], lines[number], lines.list_of(item)
    word, key = line.value, lines.vocabulary.item_words[holder]
    shown = key if key != "file" or not word.startswith(("https://", "http://")) else "url"
    written = f"{line.lead}{shown}: {scalar(word)}"
    if shown == "text":
        written = f"{line.lead}text: |\n{' ' * (line.depth + 2)}{word}"
    message = f"this item has keys of its own, so it is written as `{shown}: …`"
    at = (item, line.depth + 1)
    if holder != "accounts":
        say = f"Write `{shown}: ` in front of it" if shown != "text" else "Put the words under `text: |`"
        return lines.problem("yaml.form", message, at, say, Fix(item, item, written), length=len(word))
    post = lines.key_above(item) or item  # the list's own key is one of the post
    outside = " " * lines[post].depth + below.text.strip()
    ways = (
        (f"If `{below.key}` is for {word} alone", f"{written}\n{' ' * line.depth}{below.text.strip()}"),
        ("If it is for the whole post", outside),
    )
    return replace(
        lines.problem("yaml.form", message, at, "", length=len(word)),
        help=Help(f"Write `account: ` in front of {word}, or indent `{below.key}` less", ways=ways),
    )


def _wrong_value(lines: Lines, words: str, at: tuple[int, int], owner: int) -> Problem:
    """What is wrong with the value of the key or item on line `owner`."""
    line, last, vocabulary = lines[owner], lines.end_of(owner), lines.vocabulary
    key, value, first = line.key, line.value, line.value[:1]
    place = (owner, line.start + 1)
    if line.opens_block:
        inside = (n for n in range(owner + 1, at[0] + 1) if lines.texts[n - 1].strip())
        return _misplaced(lines, next((n for n in inside if lines[n].indent <= line.depth), at[0]), owner)
    if "mapping values" in words:
        message = 'YAML cannot read this line as one text: it has a second ": "'
        return lines.words_problem("yaml.colon", message, at, (owner, last))
    if first in _CLOSING and (comment := comments.hash_in_list(lines, owner, last, ended=False)) is not None:
        return comment
    if at[0] > owner and _CLOSED.fullmatch(value):
        message = "this line is neither a key with its colon nor part of a text"
        say = "Put a colon and a space after the key, or indent the words like the text they belong to"
        return lines.problem("yaml.form", message, (at[0], lines[at[0]].indent + 1), say)
    if first in _CLOSING and key in vocabulary.containers:
        return _unclosed(lines, words, at, owner)
    if value.startswith("- ") and key in vocabulary.containers | vocabulary.values:
        return _list_beside(lines, place, line)
    if key in vocabulary.values and first and first in "'\"@`%":
        return _sign_of_value(lines, place, line)
    if first and first in _SIGNS and key not in vocabulary.values:
        message, say = f'text without quotes cannot start with "{first}"', ""
        if first in "'\"":
            message = f"the text goes on after its closing {first}"
            if value.find(first, 1) < 0:
                message, say = f"this {first} is never closed", f"Close it with {first}"
        return lines.words_problem("yaml.start", message, place, (owner, last), say=say)
    if " #" in value and at[0] > owner:
        spot = line.start + value.find(" #") + 1
        lost = line.text[spot:].rstrip()
        message = comments.comment_message(value.partition(" #")[0], lost)
        return lines.words_problem("yaml.hash", message, (owner, spot + 1), (owner, last), length=len(lost))
    if at[0] != owner or "expected" in words:
        return _misplaced(lines, at[0], owner)
    return _unknown(lines, at, words)


def _unclosed(lines: Lines, words: str, at: tuple[int, int], owner: int) -> Problem:
    """A list or map in brackets that does not end as it should."""
    line, last = lines[owner], lines.end_of(owner)
    if "cannot start any token" in words:
        word = re.split(r"[,\[\]{}]", lines.texts[at[0] - 1][at[1] - 1 :])[0].rstrip()
        say, fix = f"Write it without {word[:1]}", None
        if line.key not in lines.vocabulary.values:
            say = "Put it in quotes"
            fix = lines.replaced(*at, at[1] + len(word), quoted(word))
        message = f'a word without quotes cannot start with "{word[:1]}"'
        return lines.problem("yaml.start", message, at, say, fix, length=len(word))
    sign, closing = line.value[0], _CLOSING[line.value[0]]
    message, fix = f'this "{sign}" is never closed', None
    say = "put quotes around words with a comma, a colon or a bracket"
    if any(closing in text for text in lines.texts[owner - 1 : last]):
        message, say = f'YAML cannot read what is between "{sign}" and "{closing}"', f"P{say[1:]}"
    elif last == owner and _SIMPLE_LIST.fullmatch(line.value):
        say, fix = "Close the [ at the end of the line", Fix(owner, owner, f"{line.text.rstrip()}]")
    else:
        say = f"Close it with {closing}, and {say}"
    return lines.problem("yaml.bracket", message, (owner, line.start + 1), say, fix)


def _sign_of_value(lines: Lines, place: tuple[int, int], line: Line) -> Problem:
    """A value that is not prose and starts with an unmatched quote or a sign that YAML reserves."""
    value = line.value.partition(" #")[0].rstrip()
    sign = value[0]
    if sign not in "'\"":
        message, say = f'a value cannot start with "{sign}"', f"Write it without {sign}"
        return lines.problem("yaml.start", message, place, say, length=len(value))
    message = f"this {sign} is never closed"
    if value.find(sign, 1) > 0:
        message = f"the value goes on after its closing {sign}"
    fix = lines.replaced(*place, place[1] + len(value), scalar(value.replace(sign, "")))
    return lines.problem("yaml.start", message, place, "Remove the quotes", fix, length=len(value))


def _list_beside(lines: Lines, place: tuple[int, int], line: Line) -> Problem:
    """A list whose first item is on the line of its key."""
    owner, depth = place[0], line.depth
    below, inside = lines[owner + 1], depth + 2
    if below.is_item and below.indent >= depth:
        inside = below.indent
    elif below.text.strip() and below.indent >= depth + 2:
        inside = below.indent - 2
    message = "the items of a list start below its key, not beside it"
    fix = Fix(owner, owner, f"{line.lead}{line.key}:\n{' ' * inside}{line.value}")
    return lines.problem("yaml.start", message, place, "Put it on the next line", fix)


def _misplaced(lines: Lines, number: int, owner: int) -> Problem:
    """A line that is indented too far or too little, next to the key at `owner` or among its words."""
    while not lines.texts[number - 1].strip():
        number -= 1
    if (poem := _first_deeper(lines, number, owner)) is not None:
        return poem
    if not lines[number].is_item and (stray := strays.words_outside(lines, number)) is not None:
        return stray
    line, above = lines[number], lines[owner]
    wanted, at, in_list = above.depth, (number, line.indent + 1), False
    if (indent := _item_indent(lines, number)) is not None:
        in_list = _begins_item(lines, number, above, indent)
        if in_list:
            wanted = indent
        elif not line.lead and line.key in lines.vocabulary.items:
            wanted = indent + 2
    length = max(1, len(line.text.strip()))
    fix, ends = None, False
    if not line.key:
        if not above.value:
            message, last = "these words belong to neither a key nor a text", max(number, lines.end_of(owner))
            if above.key in lines.vocabulary.prose and line.indent <= above.depth:
                doubt = strays.key_or_words_below(lines, owner, last)
                if doubt is not None:
                    return doubt
            return lines.words_problem("yaml.indent", message, at, (owner, last), length=length)
        words = [lines[n].indent for n in range(owner + 1, number) if lines.texts[n - 1].strip()]
        wanted = min(words, default=wanted + 2)
        ends = bool(words) and _next_indent(lines, number) < wanted
    if line.indent == wanted:
        return _unknown(lines, at, _FITS_NOWHERE)
    if line.key and _may_be_words(lines, number, owner):
        return _key_or_words(lines, number, owner)
    if not wanted and not in_list and line.key in lines.vocabulary.only_items:
        number, line, wanted = owner, above, line.indent  # it is the key above that left the item
        at, length = (number, 1), len(line.text.strip())
    message = f"indented {spaces(line.indent)}; expected {wanted}"
    # Below a key without a value it may be an item that lacks its dash, or that key itself may be indented too far.
    inside = not above.value
    children = line.indent <= _next_indent(lines, number) < wanted
    is_words = line.value.split(" ")[0] not in lines.vocabulary.keys
    # A key that both the item and what is inside it may have, between the two.
    of_both = indent is not None and indent + 2 < line.indent < wanted and line.key in lines.vocabulary.items
    # Below the last words of a text it may be a note whose # is missing.
    is_note = ends or (not line.key and note_in(line.text.strip()) is not None)
    takes_note = not line.key and lines.note_follows(number, wanted)
    alone = not (inside or children or line.is_item or of_both or is_note or takes_note)
    # Words on the line below a value such as a time do not continue that value.
    if not line.key and above.key in lines.vocabulary.keys - lines.vocabulary.prose:
        alone = False
    if ((line.key or is_words) and alone) or in_list:
        fix = (
            _moved(lines, number, wanted)
            if in_list
            else Fix(number, number, " " * wanted + line.text.strip())
        )
    say = f"Indent it {spaces(wanted)}" if wanted else "Remove the spaces before it"
    if ends:
        say += ', like the text; if it is a note, start it with "# "'
    elif takes_note:
        say += "; if a line below it has a note, move that to a line above the text"
    return lines.problem("yaml.indent", message, at, say, fix, length=length)


def _may_be_words(lines: Lines, number: int, owner: int) -> bool:
    """Whether a line with a key may be words of the text at `owner`: `Note: it rains`."""
    line, above = lines[number], lines[owner]
    several = " " in above.value and above.value[0] not in "[{" and above.key in lines.vocabulary.texts
    prose = (above.key in lines.vocabulary.prose and above.value) or several
    if not prose or line.is_item:
        return False
    if line.indent <= above.depth:
        return line.key not in lines.vocabulary.keys
    return not lines.is_key(number)


def _key_or_words(lines: Lines, number: int, owner: int) -> Problem:
    """A line below a text that may be more of its words, or a key: moved to either place, the other would be lost."""
    line, above = lines[number], lines[owner]
    text = line.text.strip()
    message = f"this may be part of `{above.key}`, or a key of its own"
    say = f"Write a text of several lines after `{above.key}: |`, all of them indented alike, or move the key to the depth of `{above.key}`"
    whole = None
    if not above.opens_block:
        whole = lines.under_bar(owner, max(number, lines.end_of(owner)))
    deeper = " " * (above.depth + 2)
    ways = (
        (f"If it is part of `{above.key}`", whole.text if whole is not None else f"{deeper}{text}"),
        ("If it is a key", f"{' ' * above.depth}{text}"),
    )
    problem = lines.problem("yaml.indent", message, (number, line.indent + 1), say, length=len(text))
    return replace(problem, help=Help(say, ways=ways))


def _moved(lines: Lines, number: int, wanted: int) -> Fix:
    """An item with its dash at `wanted`, moved with the lines that align with its first key."""
    line, last = lines[number], number
    while last < len(lines) and (lines[last + 1].indent > line.indent or not lines.texts[last].strip()):
        last += 1
    inside = [n for n in range(number + 1, last + 1) if lines.texts[n - 1].strip()]
    last = inside[-1] if inside and min(lines[n].indent for n in inside) == line.depth else number
    by = wanted - line.indent
    texts = lines.texts[number - 1 : last]
    return Fix(
        number, last, "\n".join(" " * by + text if by > 0 and text else text[max(0, -by) :] for text in texts)
    )


def _item_indent(lines: Lines, number: int) -> int | None:
    """The indentation of the main list's items, if there are any above the line."""
    main = lines.vocabulary.main
    start = next((n for n in range(1, number) if lines[n].key == main and not lines[n].lead), None)
    item = next((n for n in range(start + 1, number) if lines[n].is_item), None) if start else None
    return lines[item].indent if item else None


def _begins_item(lines: Lines, number: int, above: Line, indent: int) -> bool:
    """Whether the line seems to begin an item of the main list, after the key `above`."""
    line = lines[number]
    if not line.is_item or not line.key:
        return False
    follows = bool(above.value) and above.depth == indent + 2 and line.key in lines.vocabulary.items
    items = (lines[n] for n in range(1, len(lines) + 1) if lines[n].is_item and lines[n].indent == indent)
    return follows or any(item.key == line.key for item in items)


def _next_indent(lines: Lines, number: int) -> int:
    below = range(number + 1, len(lines) + 1)
    return next((lines[n].indent for n in below if lines.texts[n - 1].strip()), -1)


def _first_deeper(lines: Lines, number: int, owner: int) -> Problem | None:
    """A text under `|` whose first line is indented further than the one at `number`, which is not a key."""
    head, vocabulary = lines[owner], lines.vocabulary
    if (
        not head.opens_block
        or lines[number].key in vocabulary.values | vocabulary.prose | vocabulary.containers
    ):
        return None
    last = lines.end_of(owner)
    inner = [lines[n].indent for n in range(owner + 1, last + 1) if lines.texts[n - 1].strip()]
    sign = re.search(r"(?<=\s)[|>](?=[-+]?(?:\s|\Z))", head.text)
    if not inner or number > last or lines[number].indent >= inner[0] or sign is None:
        return None
    outside = head.depth if head.key else head.indent
    if inner[0] <= outside + 2:
        return None  # the first line is where it should be
    least = min(inner) - outside
    if not 1 <= least <= 9:
        return None
    message = "the first line of this text is indented further than the others, and YAML measures them by it"
    fix: Fix | None = lines.replaced(owner, sign.end() + 1, sign.end() + 1, str(least))
    say = f'Put the number of spaces that indent the text, {least}, after the "{sign[0]}"'
    if any(note_in(text) is not None for text in lines.texts[owner:last]):
        fix = None
        say = f"Indent its first line like the others; a comment goes on a line above `{head.key or '-'}`"
    return lines.problem("yaml.indent", message, (owner, sign.start() + 1), say, fix)


def _unknown(lines: Lines, at: tuple[int, int], words: str) -> Problem:
    reason = f": {_REASONS[words]}" if words in _REASONS else ""
    say = "Put the words under |, and indent each level by two spaces"
    return lines.problem("yaml.form", f"YAML cannot read this line{reason}", at, say)

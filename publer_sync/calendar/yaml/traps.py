"""What YAML silently turns words into: an anchor, a key, a joined line. `comments` has the comments."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml.lines import literal, spaces
from publer_sync.calendar.yaml.scalars import quoted, snippet
from publer_sync.values.problems import Fix, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.calendar.yaml.lines import Lines
    from publer_sync.calendar.yaml.nodes import Mark

_CODE: Final = re.compile(r"(?<!\w)[A-Za-z]:\\[abefrtv]")
"""A path of Windows; programs write these codes too, but not behind a drive."""
_OURS, _BASE, _THEIRS, _MERGED = (re.compile(sign + r"{7}(?: .*)?") for sign in ("<", r"\|", "=", ">"))


# --- line breaks ------------------------------------------------------------------------------------------------------


def folding(lines: Lines, mark: Mark, key: str, text: str) -> Problem | None:
    """Without `|`, lines are joined, and empty ones are lost; `text` is what YAML makes of them.

    An editor may have wrapped the lines, so both ways are shown, and none is chosen.
    """
    if key in lines.vocabulary.values | lines.vocabulary.unpublished or "." in key:
        return None  # a code under `ignore` has a dot
    folded = mark.style == ">"
    end = lines.end_of(mark.key_line) if folded else mark.end_line
    written = [*lines.texts[mark.line - 1 : end - 1], lines.texts[end - 1][: mark.end_column - 1]]
    if folded:
        written = lines.texts[mark.line : end]
    elif any(line.rstrip().endswith("\\") for line in written[:-1]):
        return None  # it says itself how its lines are joined
    words = _kept(mark, written)
    if words is not None and _stripped(words) == _stripped(text):
        return None
    empty = next((n for n, line in enumerate(written, mark.line + folded) if not line.strip()), None)
    code, at = "yaml.folded", (mark.line, mark.column)
    message = ('">"' if folded else 'without "|", YAML') + " joins the lines of this text"
    if empty is not None and not folded:
        code, at = "yaml.paragraph", (empty, 1)
        message = 'without "|", YAML drops the empty line in this text'
    elif empty is not None:
        message += ", and drops its empty lines"
    span = (mark.key_line, end)
    ways = [("To keep the line breaks", words), ("To publish it as YAML reads it", text)]
    return lines.either(code, message, at, span, [(name, each) for name, each in ways if each])


def _stripped(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def _kept(mark: Mark, written: list[str]) -> str | None:
    """The words of a text with the line breaks of its lines; None if that is not clear."""
    if mark.style == ">":
        return dedent("\n".join(written)).strip()
    words = literal(written[0][mark.column - 1 :], written[1:])
    return words.strip() if words is not None else None


def code(lines: Lines, mark: Mark, key: str, written: str) -> Problem | None:
    """A path of Windows in double quotes, where a backslash makes another character of the letter behind it.

    `written` is the value with its quotes.
    """
    match = _CODE.search(written)
    if match is None or key in lines.vocabulary.values:
        return None
    number = mark.line + written.count("\n", 0, match.start())
    column = lines.texts[number - 1].find(match[0]) + 1
    message = f"inside double quotes, {match[0][-2:]} is the code of another character"
    say = "Write \\\\ for a backslash, or put the words under |"
    return lines.problem("yaml.escape", message, (number, max(1, column)), say, length=len(match[0]))


# --- signs ------------------------------------------------------------------------------------------------------------


def anchor(lines: Lines, mark: Mark, name: str, text: str) -> Problem:
    message = f"YAML reads &{name} as a name for this place and leaves it out: the text would be only {snippet(text)}"
    at, span = (mark.line, mark.column), (mark.key_line, mark.end_line)
    return lines.words_problem("yaml.anchor", message, at, span, length=len(name) + 1)


def alias(lines: Lines, mark: Mark, name: str) -> Problem:
    message = f"YAML reads *{name} as what another place is called, and none is called &{name}"
    at, length = (mark.line, mark.column), len(name) + 1
    if lines[mark.key_line].key in lines.vocabulary.prose:
        return lines.words_problem("yaml.start", message, at, (mark.key_line, mark.line), length=length)
    say = f"Write &{name} at the place that is meant, or put *{name} in quotes if it is a word"
    return lines.problem("yaml.start", message, at, say, length=length)


def tag(lines: Lines, mark: Mark, name: str) -> Problem:
    message = f"YAML reads {snippet(name)} as the name of a type"
    return lines.words_problem(
        "yaml.start", message, (mark.line, mark.column), (mark.key_line, mark.end_line)
    )


def comma(lines: Lines, before: tuple[str, Mark] | None, lost: Sequence[tuple[str, Mark]]) -> Problem:
    """Words after commas inside braces, which YAML takes for keys. `before` is the value they were cut off from."""
    (words, mark), (last, end) = lost[0], lost[-1]
    text = lines.texts[mark.key_line - 1]
    lead = text[: mark.key_column - 1]
    begin = len(lead.rstrip("{ \t"))
    closing = rf"(?:[ \t]*\}}){{{lead.count('{', begin)}}}"  # as many as are opened, none of those around it
    closed = re.compile(closing).match(text, len(lead) + len(words))
    if "{" in lead[begin:] and closed is not None:
        begin = lead.index("{", begin)
        at, stop = (mark.key_line, begin + 1), closed.end() + 1
        alone = text[begin : closed.end()]
        message = f'text without quotes cannot start with "{{": {alone}'
        inside = lines.replaced(*at, stop, quoted(alone))
        return lines.problem("yaml.start", message, at, "Put it in quotes", inside, length=len(alone))
    message = f"YAML reads {snippet(words)} as a key of its own: inside {{ }} a comma ends a value"
    fix = None
    if before is not None and before[1].line == end.key_line and before[1].style == "":
        line, column, stop = before[1].line, before[1].column, end.key_column + len(last)
        whole = lines.texts[line - 1][column - 1 : stop - 1]
        fix = lines.replaced(line, column, stop, quoted(whole))
    at = (mark.key_line, mark.key_column)
    return lines.problem("yaml.comma", message, at, "Put the whole value in quotes", fix, length=len(words))


# --- keys and items ---------------------------------------------------------------------------------------------------


def twice(lines: Lines, key: str, first: Mark, second: Mark) -> Problem:
    name = snippet(key)[1:-1]
    message = f"`{name}` appears twice, on lines {first.key_line} and {second.key_line}"
    at, related = (second.key_line, second.key_column), ((first.key_location, "the first one"),)
    return lines.problem("yaml.twice", message, at, "Remove one of the two", length=len(key), related=related)


def dash_missing(lines: Lines, first: int, last: int, dash: int) -> Problem:
    """An item of the main list, on lines `first` to `last`, has no dash; the dashes of others are `dash` spaces in."""
    line, item = lines[first], lines.vocabulary.item
    message = f'"- " is missing here: a {item} starts in this line'
    inside = min(
        (lines[n].indent for n in range(first + 1, last + 1) if lines.texts[n - 1].strip()), default=0
    )
    fix = None
    if line.key and (line.indent == dash + 2 or (line.indent, inside) == (dash, dash + 2)):
        fix = Fix(first, first, " " * dash + "- " + line.text.lstrip())
    say = f'Put "- " in front of the {item}'
    if inside < dash + 2:
        say += f", and indent its other lines {spaces(dash + 2)}"
    return lines.problem("yaml.dash", message, (first, line.indent + 1), say, fix, length=len(line.key) or 1)


def next_dash_missing(lines: Lines, first: Mark, keys: Iterable[Mark], key: str, second: Mark) -> Problem:
    """The keys of an item repeat: a second item, whose dash is missing. `keys` are those of the first."""
    line = lines[second.key_line]
    vocabulary = lines.vocabulary
    item = vocabulary.item if lines.list_of(first.key_line) == vocabulary.main else "item"
    message = f'"- " is missing here: a second {item} starts with `{key}`'
    fix: Fix | None = Fix(second.key_line, second.key_line, lines[first.key_line].lead + line.text.lstrip())
    gaps = [mark for mark in (*keys, second) if mark is not first and is_gap(lines, mark.key_line - 1)]
    if gaps and gaps[-1] is not second:  # it may start there, with a key that the first one lacks
        fix = None
    at, related = (second.key_line, second.key_column), ((first.key_location, "the first one"),)
    say = f'Put "- " in front of the second {item}'
    return lines.problem("yaml.dash", message, at, say, fix, length=len(key), related=related)


def is_gap(lines: Lines, number: int) -> bool:
    """Whether a line is empty or only a comment."""
    text = lines.texts[number - 1].strip()
    return not text or text.startswith("#")


def bracket(lines: Lines, mark: Mark, sign: str) -> Problem:
    """A list or map in brackets where a text is expected."""
    message = f'text without quotes cannot start with "{sign}"'
    if (mark.line, mark.column) != (mark.key_line, mark.key_column):
        span = (mark.key_line, lines.end_of(mark.key_line))
        return lines.words_problem("yaml.start", message, (mark.line, mark.column), span)
    text = lines.texts[mark.line - 1]  # an item inside brackets
    words = re.split(r"[,\[\]{}\"']", text[mark.column - 1 :])[0].rstrip()
    if ": " not in words:
        return lines.problem("yaml.start", message, (mark.line, mark.column), "Put the words in quotes")
    message = '": " makes a key and a value of these words; they should be one text'
    at = (mark.line, mark.column)
    fix = lines.replaced(*at, mark.column + len(words), quoted(words))
    return lines.problem("yaml.colon", message, at, "Put the words in quotes", fix, length=len(words))


def item(lines: Lines, mark: Mark, last: int, key: str) -> Problem:
    """An item such as `- Note: it rains`, which YAML reads as a map; it ends on the line `last`."""
    message = f'": " makes a key and a value of this item of `{key}`; it should be one text'
    line = lines[mark.line]
    words, fix = line.text[line.depth :].rstrip(), None
    if line.is_item and last == mark.line:
        fix = Fix(mark.line, mark.line, line.lead + quoted(words))
    return lines.problem("yaml.colon", message, (mark.line, mark.column), "Put the words in quotes", fix)


# --- merges -----------------------------------------------------------------------------------------------------------


def merge_markers(lines: Lines) -> list[Problem]:
    """The markers that git leaves where it could not merge. All but the first version is blanked in place."""
    found: list[Problem] = []
    texts, number = lines.texts, 1
    while number <= len(lines):
        rest = range(number + 1, len(lines) + 1)
        if _OURS.fullmatch(texts[number - 1]):
            end = next((n for n in rest if _MERGED.fullmatch(texts[n - 1])), None)
            middle = (n for n in rest if _BASE.fullmatch(texts[n - 1]) or _THEIRS.fullmatch(texts[n - 1]))
            other = min(next(middle, end or number), end or number)
            where = f" here, up to line {end}" if end else " here"
        elif _MERGED.fullmatch(texts[number - 1]) and texts[number - 1] != ">>>>>>>":
            other, end, where = number, None, " that ended here"
        else:
            number += 1
            continue
        say = "Keep one version; delete the other, and the lines that start with <<<<<<<, ======= and >>>>>>>"
        length = len(texts[number - 1])
        message = f"git left a merge conflict{where}"
        found.append(lines.problem("yaml.conflict", message, (number, 1), say, length=length))
        texts[number - 1] = ""
        if end is not None:
            texts[other - 1 : end] = [""] * (end - other + 1)
        number = (end or number) + 1
    return found

"""What YAML makes of a text that was not meant so: each way as a Problem with the lines as they should stand.

Works on the lines of a file and places in them; parses nothing itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.model import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.reading.nodes import Mark

KEYWORDS = frozenset(
    [
        "at",
        "time",
        "timezone",
        "id",
        "account",
        "accounts",
        "type",
        "draft",
        "after",
        "duration",
        "every",
        "until",
        "times",
        "days",
        "file",
        "url",
        "thumbnail",
        "hide",
        "language",
        "prune",
        "edits",
        "state",
        "provider",
        "delete",
        "freeze_minutes",
        "except",
        "workspace",
    ]
)
"""Keys whose values are no prose: a comment behind them is a comment, and a line break means nothing."""
PROSE = frozenset(["text", "title", "alt", "caption", "question", "description", "excerpt", "spoiler_text"])
"""Keys whose values are words for people: they belong under `|`."""
_TEXTS = PROSE | {"comments", "labels", "options", "thread"}
"""Those, and keys whose items are such words."""
_BRACKETED = frozenset(
    [
        "accounts",
        "labels",
        "days",
        "except",
        "options",
        "groups",
        "thread",
        "comments",
        "media",
        "defaults",
        "limits",
    ]
)

_KEY = re.compile(
    r"(?P<lead>\s*(?:- +)*)(?P<key>[A-Za-z_][\w.-]*)(?P<colon> *:)(?:[ \t]+(?P<value>\S.*?))?[ \t]*"
)
_ITEM = re.compile(r"(?P<lead>\s*- +)(?P<value>\S.*?)[ \t]*")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", re.DOTALL)
"""One text in quotes, from its first character to its last."""
_BLOCK = re.compile(r"[|>][-+0-9]{0,2}(?:[ \t]+#.*)?")
_HASH = re.compile(r"[ \t]*#[^\s#]\S*.*")
_HASH_NUMBER = re.compile(r"[ \t]*#[ \t]+[0-9].*")
_HASH_WORDS = re.compile(r"[ \t]*#[ \t]+\w.*")
_HASHTAGS = re.compile(r"\s*(?:#\w[^\s#:]*\s*)+")
_HASH_ITEM = re.compile(r"(?:(?<=[\[,])|(?<=[\[,] ))#[^\s#,\]\[{}\"'][^,\]\[{}\"']*")
_HASH_IN_ITEM = re.compile(
    r"""(?:(?<=[\[,])|(?<=[\[,] ))[^\s#,\]\[{}"'][^#,\]\[{}"']* #[^,\]\[{}"']*(?=[,\]])"""
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}\s*\Z")
_ODD_VALUE = re.compile(r"[\[\]{},]|: | #|:\Z|\A[ @`%*&!?|>'\"#-]| \Z")
_STARTS = "@`%*&!-?[]{}>|'\",#:"


def shown(text: str, limit: int = 40) -> str:
    """A word of the user's in quotes, short, and with nothing in it that could steer a terminal."""
    line = " ".join(text.split())
    line = "".join(c if c.isprintable() else "\ufffd" for c in line)
    return f'"{line[: limit - 1]}…"' if len(line) > limit else f'"{line}"'


def block(
    lines: Sequence[str], key_line: int, end_line: int, words: str | None = None
) -> tuple[Fix, str] | None:
    """The lines of a prose key written anew with its words under `|`: as a Fix, and as text to paste.

    `words` are the text meant; without them they are read off the lines. None where the line has no such key.
    """
    match = _KEY.fullmatch(lines[key_line - 1])
    if match is None or match["key"] not in PROSE:
        return None
    text = words if words is not None else _words(match["value"] or "", lines[key_line:end_line])
    stripped = [line.strip() for line in text.split("\n")]
    deeper = " " * (len(match["lead"]) + 2)
    written = "\n".join(
        [f"{match['lead']}{match['key']}: |", *(deeper + line if line else "" for line in stripped)]
    )
    shorter = [line if len(line) <= 200 else line[:199] + "…" for line in stripped[:12]] + ["…"] * (
        len(stripped) > 12
    )
    cured = "\n".join([f"{match['key']}: |", *("  " + line if line else "" for line in shorter)])
    way = f'put the words on the next line, after "{match["key"]}: |":\n{_indent(cured)}'
    return Fix(key_line, end_line, written), way


def _words(first: str, more: Sequence[str]) -> str:
    text = "\n".join([first, *(line.strip() for line in more)]).strip()
    if _QUOTED.fullmatch(text):
        return text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1].replace('\\"', '"')
    return re.sub(r"\A[>|][-+0-9]*\s+", "", text)


def _indent(text: str) -> str:
    return "\n".join("  " + line if line else "" for line in text.split("\n"))


def _problem(
    lines: Sequence[str],
    code: str,
    message: str,
    at: Location,
    span: tuple[int, int],
    *,
    length: int = 1,
    words: str | None = None,
    severity: str = "error",
) -> Problem:
    """A problem whose cure is the block form of lines `span`, or quotes where the words are an item of a list."""
    cure = block(lines, *span, words) or _quoted(lines, *span, words)
    fix, way = cure or (None, "put the words in quotes")
    return Problem("error" if severity == "error" else "warning", code, message, at, way, length, fix=fix)


def _quoted(lines: Sequence[str], line: int, end_line: int, words: str | None) -> tuple[Fix, str] | None:
    """The words of an item or a key in quotes, where they take one line and no bracket is about."""
    text = lines[line - 1]
    match = _ITEM.fullmatch(text)
    key = _KEY.fullmatch(text)
    if key is not None and match is not None and _item_of(lines, line) in ("labels", "options"):
        key = None  # words of the item: a text holds no keys
    if key is not None and key["value"] and key["key"] not in _BRACKETED:
        match = key
    value = words if words is not None else match["value"] if match else ""
    if (
        match is None
        or end_line != line
        or not value
        or value[0] in "[{"
        or (match is not key and key and words is None)
    ):
        return None
    lead = match["lead"] if match is not key else text[: key.start("value")] if key else ""
    written = f"{lead}{quote(value)}"
    return Fix(line, line, written), f"put the words in quotes:\n  {written.strip()}"


def _item_of(lines: Sequence[str], line: int) -> str:
    """The key in whose list the item at `line` stands."""
    inside = _inside(lines[line - 1])
    for number in range(line - 1, max(0, line - 200), -1):
        text = lines[number - 1]
        found = _KEY.fullmatch(text)
        if found and (_inside(text) < inside or (len(found["lead"]) <= inside and "-" not in found["lead"])):
            return found["key"]
    return ""


def quote(text: str) -> str:
    """The text in double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def block_depth(line: str) -> int | None:
    """How far in the key or the dash stands whose words follow below `|` or `>`; None where none does."""
    match, item = _KEY.fullmatch(line), _ITEM.fullmatch(line)
    if match and _BLOCK.fullmatch(match["value"] or ""):
        return len(match["lead"])
    return line.find("-") if item and _BLOCK.fullmatch(item["value"]) else None


def key_depth(line: str) -> int | None:
    """How far in the key of a line stands; None without one, or where quotes open that may hold lines of any depth."""
    match = _KEY.fullmatch(line)
    return len(match["lead"]) if match and not (match["value"] or "").startswith(("'", '"')) else None


def opens_list(line: str) -> bool:
    """Whether a line is a key without a value, whose list follows below."""
    match = _KEY.fullmatch(line)
    return match is not None and match["key"] in _BRACKETED and not match["value"]


def as_value(text: str) -> str:
    """A short text as it can stand behind a key, in quotes only where it must."""
    return quote(text) if _ODD_VALUE.search(text) else text


# --- what libyaml takes without a word ------------------------------------------------------------------------------


def check_hash(problems: list[Problem], lines: Sequence[str], mark: Mark, key: str, text: str) -> None:
    """A ` #` behind an unquoted text makes a comment of the rest, be it a hashtag, a number or all of the words."""
    rest = lines[mark.end_line - 1][mark.end_column - 1 :]
    if (
        (key not in KEYWORDS and _HASH.fullmatch(rest))
        or (key in _TEXTS and _HASH_NUMBER.fullmatch(rest))
        or (key in PROSE and not text and _HASH_WORDS.fullmatch(rest))
    ):
        problems.append(_hash(lines, mark, text, rest))


def check_hashtags(problems: list[Problem], lines: Sequence[str], mark: Mark) -> None:
    """A line of hashtags below a text under `|`, and less far in: a comment to YAML, though it was meant to go out."""
    first = mark.end_line
    if first > len(lines) or not _HASHTAGS.fullmatch(text := lines[first - 1]):
        return
    words = [line for line in lines[mark.line : first - 1] if line.strip()]
    depth = min(map(_inside, words), default=_depth(lines, mark.key_line) + 2)
    if _inside(text) >= depth:
        return
    last = first
    while last < len(lines) and _inside(lines[last]) < depth and _HASHTAGS.fullmatch(lines[last]):
        last += 1
    lost = text.strip()
    message = (
        f"this line is a comment to YAML, as it is not as far in as the text: {shown(lost)} would be lost"
    )
    written = "\n".join(" " * depth + line.strip() for line in lines[first - 1 : last])
    way = f"write it {depth} {'space' if depth == 1 else 'spaces'} in, like the text:\n{written}"
    at, fix = Location(mark.file, first, _inside(text) + 1), Fix(first, last, written)
    problems.append(Problem("error", "yaml.hash", message, at, way, len(lost), fix=fix))


def hash_behind(lines: Sequence[str], mark: Mark, name: str) -> Problem | None:
    """A ` #` in the name of a file: what stands behind it ends as names of files do, and what is left does not."""
    rest = lines[mark.end_line - 1][mark.end_column - 1 :] if mark.end_line <= len(lines) else ""
    if mark.style or _EXTENSION.search(name) or not (_HASH.fullmatch(rest) and _EXTENSION.search(rest)):
        return None
    return _hash(lines, mark, name, rest)


def _hash(lines: Sequence[str], mark: Mark, text: str, rest: str) -> Problem:
    lost = rest.strip()
    if text:
        message = f'everything after " #" is a comment to YAML: the text would end at {shown(text[-30:])} and lose {shown(lost)}'
    else:
        message = (
            f'everything after " #" is a comment to YAML: the text would be empty and lose {shown(lost)}'
        )
    column = mark.end_column + len(rest) - len(rest.lstrip())
    at = Location(mark.file, mark.end_line, column)
    return _problem(lines, "yaml.hash", message, at, (mark.key_line, mark.end_line), length=len(lost))


def hash_in_list(
    lines: Sequence[str], file: str, first: int, last: int, *, ended: bool = True
) -> Problem | None:
    """A ` #` among the items in brackets: a hashtag that makes a comment of all that follows in its line.

    Where the list has not `ended`, it may stand within an item and have taken the bracket along.
    """
    for number in range(first, min(last, len(lines)) + 1):
        text = lines[number - 1]
        pattern = _HASH_ITEM
        match = pattern.search(text)
        if match is None and not ended:
            pattern = _HASH_IN_ITEM
            match = pattern.search(text)
        if match is None:
            continue
        column = text.index("#", match.start())
        lost = text[column:].strip()
        message = f"everything after # is a comment to YAML: the list would lose {shown(lost)}"
        written = pattern.sub(lambda item: quote(item[0].rstrip()), text)
        if number < last and not written.rstrip().endswith((",", "]", "[")):
            written += ","
        fix = Fix(number, number, written)
        way = f"put it in quotes:\n  {written.strip()}"
        at = Location(file, number, column + 1)
        return Problem("error", "yaml.hash", message, at, way, len(lost), fix=fix)
    return None


def check_folding(problems: list[Problem], lines: Sequence[str], mark: Mark, key: str) -> None:
    """Lines without `|` are joined; empty ones among them are lost."""
    if key in KEYWORDS:
        return
    end = _end(lines, mark.key_line) if mark.style == ">" else mark.end_line
    inner = lines[mark.line : end]
    if mark.style == ">":
        if len(inner) > 1:
            words = "\n".join(line.strip() for line in inner)
            message = "> joins the lines of this text into one; | keeps them"
            at = Location(mark.file, mark.line, mark.column)
            found = _problem(
                lines, "yaml.folded", message, at, (mark.key_line, end), words=words, severity="warning"
            )
            problems.append(found)
        return
    empty = next((n for n, line in enumerate(inner, mark.line + 1) if not line.strip()), None)
    if empty is not None:
        message = "an empty line inside a text without | is lost"
        span, at = (mark.key_line, end), Location(mark.file, empty)
        # In quotes it may be meant: a program writes an empty line for each line break it keeps.
        severity = "warning" if mark.style else "error"
        problems.append(_problem(lines, "yaml.paragraph", message, at, span, severity=severity))
    elif not any(line.rstrip().endswith("\\") for line in lines[mark.line - 1 : end - 1]):
        message = "without | the lines of this text become one"
        at = Location(mark.file, mark.line, mark.column)
        span = (mark.key_line, end)
        words = _words_at(lines, mark)
        problems.append(_problem(lines, "yaml.folded", message, at, span, words=words, severity="warning"))


def _words_at(lines: Sequence[str], mark: Mark) -> str:
    """The words of a value as they were written, one line each, without quotes around them or a comment behind."""
    written = [*lines[mark.line - 1 : mark.end_line - 1], lines[mark.end_line - 1][: mark.end_column - 1]]
    written[0] = written[0][mark.column - 1 :]
    return _words(written[0], written[1:])


def anchor(lines: Sequence[str], mark: Mark, name: str, text: str) -> Problem:
    message = f"&{name} is read as a name tag for YAML, and the text would be only {shown(text)}"
    at = Location(mark.file, mark.line, mark.column)
    return _problem(lines, "yaml.anchor", message, at, (mark.key_line, mark.end_line), length=len(name) + 1)


def alias(lines: Sequence[str], mark: Mark, name: str) -> Problem:
    message = f"a text cannot start with * here: YAML looks for something called &{name}"
    at = Location(mark.file, mark.line, mark.column)
    return _problem(lines, "yaml.start", message, at, (mark.key_line, mark.line), length=len(name) + 1)


def tag(lines: Sequence[str], mark: Mark, name: str) -> Problem:
    message = f"a text cannot start with ! here: YAML reads {shown(name)} as the name of a type"
    at = Location(mark.file, mark.line, mark.column)
    return _problem(lines, "yaml.start", message, at, (mark.key_line, mark.end_line))


def twice(key: str, first: Mark, second: Mark) -> Problem:
    message = f"`{shown(key)[1:-1]}` is here twice (lines {first.key_line} and {second.key_line}); the second would win"
    related = ((first.key_location, "the first one"),)
    return Problem("error", "yaml.twice", message, second.key_location, "keep one of them", len(key), related)


def comma(lines: Sequence[str], before: tuple[str, Mark] | None, lost: Sequence[tuple[str, Mark]]) -> Problem:
    """Words behind commas inside braces, which YAML takes for keys of their own. `before` is the value they were cut off."""
    words, mark = lost[0]
    message = f"{shown(words)} is read as a key of its own: a comma ends a value inside {{ }}"
    last = lost[-1]
    end_column = last[1].key_column + len(last[0])
    fix, way = None, "write the words on a line of their own, or put quotes around them"
    if before is not None and before[1].line == last[1].key_line and before[1].style == "":
        key, value = before
        text = lines[value.line - 1]
        whole = text[value.column - 1 : end_column - 1]
        way = f"write it on a line of its own, or put quotes around the words:\n  {key}: {quote(whole)}"
        written = text[: value.column - 1] + quote(whole) + text[end_column - 1 :]
        fix = Fix(value.line, value.line, written)
    return Problem("error", "yaml.comma", message, mark.key_location, way, len(words), fix=fix)


_OURS, _BASE, _THEIRS, _MERGED = (re.compile(sign + r"{7}(?: .*)?") for sign in ("<", r"\|", "=", ">"))


def merge_marks(file: str, lines: list[str], first: int, last: int) -> list[Problem]:
    """The marks that git leaves where it could not merge; the lines are blanked in place but for the first version."""
    found: list[Problem] = []
    number = first
    while number <= last:
        if not _OURS.fullmatch(lines[number - 1]):
            number += 1
            continue
        rest = range(number + 1, last + 1)
        end = next((n for n in rest if _MERGED.fullmatch(lines[n - 1])), None)
        middle = next(
            (n for n in rest if _BASE.fullmatch(lines[n - 1]) or _THEIRS.fullmatch(lines[n - 1])), None
        )
        if end is None or middle is None or middle > end:
            number += 1
            continue
        message = f"git left two versions of these lines here, up to line {end}: they could not be merged"
        way = "keep one of the two, and delete the other and the lines that start with <<<<<<<, ======= and >>>>>>>"
        length = len(lines[number - 1])
        found.append(Problem("error", "yaml.conflict", message, Location(file, number), way, length))
        lines[number - 1] = ""
        lines[middle - 1 : end] = [""] * (end - middle + 1)
        number = end + 1
    return found


# --- what stops libyaml -------------------------------------------------------------------------------------------


def explain(
    file: str, lines: Sequence[str], words: str, at: tuple[int, int], start: tuple[int, int]
) -> Problem:
    """A libyaml error in words for writers. `at` is where it gave up, `start` where the value began, from 1."""
    since_start = "could not find expected" in words or words == "found unexpected end of stream"
    line, column = start if since_start else at
    line = min(line, len(lines)) or 1
    text = lines[line - 1]
    here = Location(file, line, column)
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent or text[column - 1 : column] == "\t":
        return _tab(file, lines, line)
    if "escape" in words or "Unicode" in words:
        message = "a backslash inside double quotes starts a code, and this one does not exist"
        way = (
            'write \\\\ for a backslash, "\\U0001F600" for a character by its code, or put the words under |'
        )
        return Problem("error", "yaml.escape", message, here, way)
    own, above = _KEY.fullmatch(text), _key_above(lines, line)
    is_key = own is not None and column - 1 <= len(own["lead"] + own["key"])  # and not in its value
    if is_key and above is not None and own is not None and len(own["lead"]) != _depth(lines, above):
        return _misplaced(file, lines, line, above)
    owner = line if own or _ITEM.fullmatch(text) else above
    if owner is None:
        return _form(here, words)
    return _explain_value(lines, words, here, owner)


def _explain_value(lines: Sequence[str], words: str, here: Location, owner: int) -> Problem:
    """What is wrong with the value of the key, or the item, in line `owner`."""
    match, item = _KEY.fullmatch(lines[owner - 1]), _ITEM.fullmatch(lines[owner - 1])
    value = (match["value"] if match else item["value"] if item else "") or ""
    key = match["key"] if match else ""
    place = Location(here.file, owner, lines[owner - 1].find(value) + 1 if value else 1)
    span = (owner, _end(lines, owner))
    first = value[:1]
    if "mapping values" in words:
        message = 'this line has a second ": ", so YAML cannot read it as one text'
        return _problem(lines, "yaml.colon", message, here, span)
    if _BLOCK.fullmatch(value):
        depth = _depth(lines, owner)
        outside = (
            n
            for n in range(owner + 1, here.line + 1)
            if lines[n - 1].strip() and _inside(lines[n - 1]) <= depth
        )
        return _misplaced(here.file, lines, next(outside, here.line), owner)
    if first and first in "[{" and key in _BRACKETED:
        if (hashed := hash_in_list(lines, here.file, owner, _end(lines, owner), ended=False)) is not None:
            return hashed
        if "cannot start any token" in words:
            return _sign_in_list(lines, here)
        closing = "]" if first == "[" else "}"
        message = f"a {first} opens here, and what follows is no list up to a closing {closing}"
        way = f"close it with {closing}, put quotes around words with a comma, a colon or a bracket, or write one line each"
        return Problem("error", "yaml.bracket", message, place, way)
    if match is not None and value.startswith("- ") and key in _BRACKETED | KEYWORDS:
        return _list_beside(lines, place, owner, match)
    if match is not None and key in KEYWORDS and first and first in "'\"@`%":
        return _short_value(lines, place, match)
    if first and first in _STARTS and key not in KEYWORDS:
        message = f"a text cannot start with {first} here"
        if first in "'\"":
            message = f"a text that starts with {first} ends at the next {first}; more words follow, or there is none"
        return _problem(lines, "yaml.start", message, place, span)
    if " #" in value and here.line > owner:
        spot = Location(here.file, owner, lines[owner - 1].find(" #") + 2)
        lost = value[value.find(" #") + 1 :]
        message = (
            f'everything after " #" is a comment to YAML: the text would end there and lose {shown(lost)}'
        )
        return _problem(lines, "yaml.hash", message, spot, span, length=len(lost))
    if here.line != owner or "expected" in words:
        return _misplaced(here.file, lines, here.line, owner)
    return _form(here, words)


def _sign_in_list(lines: Sequence[str], here: Location) -> Problem:
    """An item in brackets that starts with a sign that YAML keeps for itself."""
    text, start = lines[here.line - 1], (here.column or 1) - 1
    word = re.split(r"[,\[\]{}]", text[start:])[0].rstrip()
    written = text[:start] + quote(word) + text[start + len(word) :]
    message = f"a word cannot start with {text[start : start + 1]} here"
    way = f"put it in quotes:\n  {written.strip()}"
    fix = Fix(here.line, here.line, written)
    return Problem("error", "yaml.start", message, here, way, len(word), fix=fix)


def _short_value(lines: Sequence[str], place: Location, match: re.Match[str]) -> Problem:
    """A value that is no prose, and starts with a quote that does not end it or a sign that YAML keeps for itself."""
    value, gap, comment = match["value"].partition(" #")
    first, value = value[0], value.rstrip()
    if first in "'\"":
        message = f"a value that starts with {first} ends at the next {first}; more follows, or there is none"
        written = as_value(value.replace(first, ""))
    else:
        message = f"a value cannot start with {first} here"
        named = first == "@" and match["key"] in ("account", "accounts") and "," not in value
        written = as_value(value[1:]) if named and value[1:] else quote(value)
    line = lines[place.line - 1][: match.start("value")] + written + (f" {gap}{comment}" if gap else "")
    fix = Fix(place.line, place.line, line)
    way = f"write it so:\n  {line.strip()}"
    return Problem("error", "yaml.start", message, place, way, len(value), fix=fix)


def _list_beside(lines: Sequence[str], place: Location, owner: int, match: re.Match[str]) -> Problem:
    """A list in lines whose first item stands beside its key."""
    depth = len(match["lead"])
    below = lines[owner] if owner < len(lines) else ""
    inside = depth + 2
    if _ITEM.fullmatch(below) and _inside(below) >= depth:
        inside = _inside(below)
    elif below.strip() and _inside(below) >= depth + 2:
        inside = _inside(below) - 2
    message = "a list in lines starts below its key, not beside it"
    head = f"{match['lead']}{match['key']}:"
    first = " " * inside + match["value"]
    way = f"write it on the next line:\n  {head[_inside(head) :]}\n  {first[_inside(head) :]}"
    return Problem("error", "yaml.start", message, place, way, fix=Fix(owner, owner, f"{head}\n{first}"))


def _inside(text: str) -> int:
    """Spaces before the first character."""
    return len(text) - len(text.lstrip())


def _depth(lines: Sequence[str], line: int) -> int:
    """How far in the key of a line stands, behind its dash where it has one."""
    match = _KEY.fullmatch(lines[line - 1])
    return len(match["lead"]) if match else _inside(lines[line - 1])


def _key_above(lines: Sequence[str], line: int) -> int | None:
    """The nearest line above with a key."""
    return next((n for n in range(line - 1, max(0, line - 200), -1) if _KEY.fullmatch(lines[n - 1])), None)


def _end(lines: Sequence[str], owner: int) -> int:
    """The last line of the value of the key at `owner`: those further in, empty ones at the end left out."""
    depth, end = _depth(lines, owner), owner
    for number in range(owner + 1, len(lines) + 1):
        text = lines[number - 1]
        if text.strip():
            if _inside(text) <= depth:
                break
            end = number
    return end


def _misplaced(file: str, lines: Sequence[str], line: int, owner: int) -> Problem:
    """A line that stands too far in or out, beside the key at `owner`, or among its words."""
    while line > owner + 1 and not lines[line - 1].strip():
        line -= 1
    if (poem := _first_deeper(file, lines, line, owner)) is not None:
        return poem
    text = lines[line - 1]
    inside, wanted = _inside(text), _depth(lines, owner)
    at = Location(file, line, inside + 1)
    length = max(1, len(text.strip()))
    if not _KEY.fullmatch(text):
        wanted += 2
        match = _KEY.fullmatch(lines[owner - 1])
        if match and not match["value"]:
            message = "these words are no key and no part of a text"
            cure = block(lines, owner, max(line, _end(lines, owner)))
            fix, way = cure or (None, "put them two spaces further in than their key, below |")
            return Problem("error", "yaml.indent", message, at, way, length, fix=fix)
    if inside == wanted:
        return _form(at, "it fits neither the line above nor the one below")
    message = (
        f"this line is {inside} {'space' if inside == 1 else 'spaces'} in, the one it belongs to {wanted}"
    )
    written = " " * wanted + text.strip()
    way = f"write it {wanted} spaces in:\n{lines[owner - 1]}\n{written}"
    return Problem("error", "yaml.indent", message, at, way, length, fix=Fix(line, line, written))


def _first_deeper(file: str, lines: Sequence[str], line: int, owner: int) -> Problem | None:
    """A text under `|` whose first line is further in than the one at `line`, which is no key."""
    depth, head = block_depth(lines[owner - 1]), lines[owner - 1]
    key = _KEY.fullmatch(lines[line - 1])
    if depth is None or (key is not None and key["key"] in KEYWORDS | PROSE | _BRACKETED):
        return None
    inner = [_inside(text) for text in lines[owner : _end(lines, owner)] if text.strip()]
    if not inner or line > _end(lines, owner) or _inside(lines[line - 1]) >= inner[0]:
        return None
    least = min(inner) - depth
    sign = re.search(r"(?<=\s)[|>](?=[-+]?(?:\s|\Z))", head)
    if sign is None or not 1 <= least <= 9:
        return None
    message = "the first line of this text is further in than the others, and YAML measures them by it"
    written = f"{head[: sign.end()]}{least}{head[sign.end() :]}"
    way = f"say how far in the text stands:\n  {written.strip()}"
    at = Location(file, owner, sign.start() + 1)
    return Problem("error", "yaml.indent", message, at, way, fix=Fix(owner, owner, written))


def _tab(file: str, lines: Sequence[str], line: int) -> Problem:
    text = lines[line - 1]
    column = text.find("\t") + 1
    written = text.replace("\t", "  ")
    message = "a tab indents this line; YAML wants spaces"
    way = f"replace it with 2 spaces:\n{written}"
    return Problem(
        "error", "yaml.tab", message, Location(file, line, column), way, fix=Fix(line, line, written)
    )


def _form(at: Location, words: str) -> Problem:
    said = {"found unexpected end of stream": "a quote or a bracket is opened and not closed"}.get(
        words, words
    )
    message = f"YAML cannot read this line: {said}"
    return Problem(
        "error", "yaml.form", message, at, "put the words under |, and two spaces in for each level"
    )


def blanked(lines: Sequence[str], problem: Problem) -> dict[int, str] | None:
    """The lines of a problem without the words that YAML cannot read, for what follows; None where it has no cure."""
    if (fix := problem.fix) is None:
        return None
    text = lines[fix.start_line - 1]
    match = _KEY.fullmatch(text) or _ITEM.fullmatch(text)
    if match is None or not match["value"]:
        return None
    if match["value"].startswith("- ") and match.groupdict().get("key") in _BRACKETED | KEYWORDS:
        return {fix.start_line: text[: match.start("value")]}  # more items may stand below
    last = fix.end_line if block_depth(text) is None else max(fix.end_line, _end(lines, fix.start_line))
    empty = dict.fromkeys(range(fix.start_line + 1, last + 1), "")
    return {**empty, fix.start_line: text[: match.start("value")] + "''"}


# --- what is a map or a list where a text was meant -------------------------------------------------------------------


def bracket(lines: Sequence[str], mark: Mark, opening: str) -> Problem:
    message = f"a text cannot start with {opening} here"
    span = (mark.key_line, _end(lines, mark.key_line))
    if (mark.line, mark.column) == (
        mark.key_line,
        mark.key_column,
    ):  # an item among brackets, and no key's value
        text = lines[mark.line - 1]
        words = re.split(r"[,\[\]{}\"']", text[mark.column - 1 :])[0].rstrip()
        if ": " not in words:
            return Problem("error", "yaml.start", message, mark.location, "put the words in quotes")
        message = '": " makes a key and a value of these words, and they should be one text'
        written = text[: mark.column - 1] + quote(words) + text[mark.column - 1 + len(words) :]
        way = f"put the words in quotes:\n  {written.strip()}"
        fix = Fix(mark.line, mark.line, written)
        return Problem("error", "yaml.colon", message, mark.location, way, len(words), fix=fix)
    return _problem(lines, "yaml.start", message, mark.location, span)


def item(lines: Sequence[str], mark: Mark, key: str) -> Problem:
    """An item such as `- Note: it rains`, which is a mapping to YAML."""
    message = f'": " makes a key and a value of this item of `{key}`, and it should be one text'
    match = _ITEM.fullmatch(lines[mark.line - 1])
    fix, way = None, "put the words in quotes"
    if match is not None:
        written = quote(match["value"])
        fix, way = (
            Fix(mark.line, mark.line, match["lead"] + written),
            f"put the words in quotes:\n  - {written}",
        )
    return Problem("error", "yaml.colon", message, mark.location, way, fix=fix)

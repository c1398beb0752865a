"""What YAML makes of a text that was not meant so, without a word: each way as a Problem with the lines as they should stand.

Works on the lines of a file and places in them; parses nothing itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.yaml.nodes import Mark

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
BRACKETED = frozenset(
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

KEY = re.compile(
    r"(?P<lead>\s*(?:- +)*)(?P<key>[A-Za-z_][\w.-]*)(?P<colon> *:)(?:[ \t]+(?P<value>\S.*?))?[ \t]*"
)
ITEM = re.compile(r"(?P<lead>\s*- +)(?P<value>\S.*?)[ \t]*")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""", re.DOTALL)
"""One text in quotes, from its first character to its last."""
BLOCK = re.compile(r"[|>][-+0-9]{0,2}(?:[ \t]+#.*)?")
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
    match = KEY.fullmatch(lines[key_line - 1])
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


def problem_at(
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
    match = ITEM.fullmatch(text)
    key = KEY.fullmatch(text)
    if key is not None and match is not None and _item_of(lines, line) in ("labels", "options"):
        key = None  # words of the item: a text holds no keys
    if key is not None and key["value"] and key["key"] not in BRACKETED:
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
    inside = spaces_before(lines[line - 1])
    for number in range(line - 1, max(0, line - 200), -1):
        text = lines[number - 1]
        found = KEY.fullmatch(text)
        if found and (
            spaces_before(text) < inside or (len(found["lead"]) <= inside and "-" not in found["lead"])
        ):
            return found["key"]
    return ""


def quote(text: str) -> str:
    """The text in double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def block_depth(line: str) -> int | None:
    """How far in the key or the dash stands whose words follow below `|` or `>`; None where none does."""
    match, item = KEY.fullmatch(line), ITEM.fullmatch(line)
    if match and BLOCK.fullmatch(match["value"] or ""):
        return len(match["lead"])
    return line.find("-") if item and BLOCK.fullmatch(item["value"]) else None


def key_depth(line: str) -> int | None:
    """How far in the key of a line stands; None without one, or where quotes open that may hold lines of any depth."""
    match = KEY.fullmatch(line)
    return len(match["lead"]) if match and not (match["value"] or "").startswith(("'", '"')) else None


def opens_list(line: str) -> bool:
    """Whether a line is a key without a value, whose list follows below."""
    match = KEY.fullmatch(line)
    return match is not None and match["key"] in BRACKETED and not match["value"]


def spaces_before(text: str) -> int:
    """Spaces before the first character."""
    return len(text) - len(text.lstrip())


def depth_of(lines: Sequence[str], line: int) -> int:
    """How far in the key of a line stands, behind its dash where it has one."""
    match = KEY.fullmatch(lines[line - 1])
    return len(match["lead"]) if match else spaces_before(lines[line - 1])


def end_of(lines: Sequence[str], owner: int) -> int:
    """The last line of the value of the key at `owner`: those further in, empty ones at the end left out."""
    depth, end = depth_of(lines, owner), owner
    for number in range(owner + 1, len(lines) + 1):
        text = lines[number - 1]
        if text.strip():
            if spaces_before(text) <= depth:
                break
            end = number
    return end


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
    depth = min(map(spaces_before, words), default=depth_of(lines, mark.key_line) + 2)
    if spaces_before(text) >= depth:
        return
    last = first
    while last < len(lines) and spaces_before(lines[last]) < depth and _HASHTAGS.fullmatch(lines[last]):
        last += 1
    lost = text.strip()
    message = (
        f"this line is a comment to YAML, as it is not as far in as the text: {shown(lost)} would be lost"
    )
    written = "\n".join(" " * depth + line.strip() for line in lines[first - 1 : last])
    way = f"write it {depth} {'space' if depth == 1 else 'spaces'} in, like the text:\n{written}"
    at, fix = Location(mark.file, first, spaces_before(text) + 1), Fix(first, last, written)
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
    return problem_at(lines, "yaml.hash", message, at, (mark.key_line, mark.end_line), length=len(lost))


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
    end = end_of(lines, mark.key_line) if mark.style == ">" else mark.end_line
    inner = lines[mark.line : end]
    if mark.style == ">":
        if len(inner) > 1:
            words = "\n".join(line.strip() for line in inner)
            message = "> joins the lines of this text into one; | keeps them"
            at = Location(mark.file, mark.line, mark.column)
            found = problem_at(
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
        problems.append(problem_at(lines, "yaml.paragraph", message, at, span, severity=severity))
    elif not any(line.rstrip().endswith("\\") for line in lines[mark.line - 1 : end - 1]):
        message = "without | the lines of this text become one"
        at = Location(mark.file, mark.line, mark.column)
        span = (mark.key_line, end)
        words = _words_at(lines, mark)
        problems.append(problem_at(lines, "yaml.folded", message, at, span, words=words, severity="warning"))


def _words_at(lines: Sequence[str], mark: Mark) -> str:
    """The words of a value as they were written, one line each, without quotes around them or a comment behind."""
    written = [*lines[mark.line - 1 : mark.end_line - 1], lines[mark.end_line - 1][: mark.end_column - 1]]
    written[0] = written[0][mark.column - 1 :]
    return _words(written[0], written[1:])


def anchor(lines: Sequence[str], mark: Mark, name: str, text: str) -> Problem:
    message = f"&{name} is read as a name tag for YAML, and the text would be only {shown(text)}"
    at = Location(mark.file, mark.line, mark.column)
    return problem_at(lines, "yaml.anchor", message, at, (mark.key_line, mark.end_line), length=len(name) + 1)


def alias(lines: Sequence[str], mark: Mark, name: str) -> Problem:
    message = f"a text cannot start with * here: YAML looks for something called &{name}"
    at = Location(mark.file, mark.line, mark.column)
    return problem_at(lines, "yaml.start", message, at, (mark.key_line, mark.line), length=len(name) + 1)


def tag(lines: Sequence[str], mark: Mark, name: str) -> Problem:
    message = f"a text cannot start with ! here: YAML reads {shown(name)} as the name of a type"
    at = Location(mark.file, mark.line, mark.column)
    return problem_at(lines, "yaml.start", message, at, (mark.key_line, mark.end_line))


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


# --- what is a map or a list where a text was meant -------------------------------------------------------------------


def bracket(lines: Sequence[str], mark: Mark, opening: str) -> Problem:
    message = f"a text cannot start with {opening} here"
    span = (mark.key_line, end_of(lines, mark.key_line))
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
    return problem_at(lines, "yaml.start", message, mark.location, span)


def item(lines: Sequence[str], mark: Mark, key: str) -> Problem:
    """An item such as `- Note: it rains`, which is a mapping to YAML."""
    message = f'": " makes a key and a value of this item of `{key}`, and it should be one text'
    match = ITEM.fullmatch(lines[mark.line - 1])
    fix, way = None, "put the words in quotes"
    if match is not None:
        written = quote(match["value"])
        fix, way = (
            Fix(mark.line, mark.line, match["lead"] + written),
            f"put the words in quotes:\n  - {written}",
        )
    return Problem("error", "yaml.colon", message, mark.location, way, fix=fix)

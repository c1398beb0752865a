"""What calendars tell: of the mistakes of tests/mistakes those that come to a message or take a way through the code that no other does, and of those in `scenes` all posts and problems.

    python -m tests.calendar.told                # chooses the mistakes anew, and writes what is told of them

`test_told` compares them with those of `stored/`; `python -m tests.stored calendar` writes what is told of those that are chosen.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.explanation import explain
from publer_sync.calendar.load import Calendar, read
from publer_sync.values.model import Settings
from publer_sync.values.problems import Location
from tests.calendar.broken import FILES
from tests.calendar.calendars import CASES, judged
from tests.calendar.scenes import BASE, EACH_SETTINGS, SCENES, SETTINGS, posts
from tests.calendar.small import SMALL
from tests.system.mistakes import all_mistakes
from tests.system.test_mistakes import load, made

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import FrameType

    from publer_sync.calendar.posts import Entry
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Problem

KEPT: Final = Path(__file__).parent / "stored"
MEANT: Final = KEPT / "calendars"
POST: Final = posts("at: 2027-03-02 09:00")
_PATH: Final = re.compile("path:[0-9a-f]{64}")
"""Another one in each folder."""
MISTAKES: Final = {each.name: each for each in all_mistakes()}


def told_of(problems: Sequence[Problem]) -> str:
    """Each problem in a line, its help and its fix below it."""
    return "".join(f"{line}\n" for each in problems for line in _lines(each))


def _lines(problem: Problem) -> Iterator[str]:
    where = problem.location
    place = f"{where.file}:{where.line}:{where.column}" if where is not None else "-"
    length = f"+{problem.length}" if problem.length else ""
    yield f"{place}{length} {problem.severity} {problem.code}: {problem.message}"
    yield from (f"  ? {line}" for line in str(problem.help or "").splitlines())
    yield from (f"  see {other.file}:{other.line}: {said}" for other, said in problem.related)
    if problem.fix is not None:
        yield f"  fix {problem.fix.start_line} to {problem.fix.end_line}"
        yield from (f"  | {line}" for line in problem.fix.text.split("\n"))


def told_by(name: str, folder: Path) -> str:
    mistake = MISTAKES[name]
    return told_of(judged(load(folder, mistake, mistake.written)))


def meant_by(name: str, folder: Path) -> str:
    """What the posts of a scene are, and what is wrong with it."""
    calendar = read(laid_out(name, folder))
    return "".join(f"{line}\n" for line in _meaning(calendar)) + told_of(judged(calendar))


def laid_out(name: str, folder: Path) -> Path:
    """The calendar of a scene, in its files."""
    files = SCENES[name]
    top = folder / "calendar" if "calendar/publer.yaml" in files else folder
    for file, text in {"publer.yaml": SETTINGS, **files}.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(text.encode())
    shutil.copy(CASES / "pixel.png", top / "pixel.png")
    if top != folder:  # git tracks pages
        for words in (("init", "--quiet", "--template="), ("add", "--all")):
            subprocess.run(["git", *words], cwd=folder, check=True)
    return top


def small_meant(folder: Path) -> str:
    """What each of the small calendars means, and what is wrong with it."""
    parts = []
    for name, files in SMALL.items():
        calendar = read(folder, instead={file: text.encode() for file, text in files.items()})
        lines = "".join(f"{line}\n" for line in _meaning(calendar))
        parts.append(f"== {name}\n{calendar.posts} posts\n{lines}{told_of(judged(calendar))}")
    return "\n".join(parts)


def settings_told(folder: Path) -> str:
    """What is wrong with each of the settings, beside a post."""
    parts = []
    usual = read(folder, instead={"publer.yaml": BASE.encode()}).settings
    for text in EACH_SETTINGS:
        calendar = read(folder, instead={"publer.yaml": text.encode(), "a.yaml": POST.encode()})
        lines = [
            f"== {text.strip()}",
            *(f"{name} {value}" for name, value in _differing(calendar.settings, usual)),
        ]
        lines += [f"posts {number}"] if (number := len(calendar.desired.posts)) != 1 else []
        parts.append("".join(f"{each}\n" for each in lines) + told_of(judged(calendar)))
    return "\n".join(parts)


def broken_told(folder: Path) -> str:
    """What each of the broken files means, and what is wrong with it: a line each, with the first line of the help, and the fix."""
    parts = []
    for name, text in FILES.items():
        calendar = read(folder, instead={"a.yaml": text.encode()})
        posts = calendar.desired.posts
        ids = "".join(f" {post.id or '-'}" for post in posts)
        parts.append(f"== {json.dumps(name, ensure_ascii=False)}{ids}\n")
        for post in posts:
            said = post.content.to_json()
            if len(said) > 2 or len(post.text) > 5:  # more than a type and a word
                parts.append(
                    f"{post.account.alias} {_PATH.sub('path', json.dumps(said, ensure_ascii=False))}\n"
                )
        for line in told_of(judged(calendar)).splitlines(keepends=True):
            parts += [line] if line[0] != " " or line[2] != "?" or parts[-1][0] != " " else []
    return "".join(parts)


def _differing(settings: Settings, usual: Settings) -> Iterator[tuple[str, str]]:
    """What settings say that others don't, by field."""
    for name in Settings.__dataclass_fields__:
        if (value := getattr(settings, name)) != getattr(usual, name):
            yield name, json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """As JSON has it; a place is its line and column."""
    if isinstance(value, Location):
        return f"{value.line}:{value.column}"
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(_plain, value), key=str)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Path):
        return value.name
    return value if isinstance(value, str | int | None) else str(value)


def _origins(entry: Entry, post: Post) -> str:
    """Where each value of a post comes from, as `explain` has it."""
    (account,) = explain(entry, [post], (), what="").accounts
    return "; ".join(
        f"{each.key} {' + '.join(f'{origin} {place.file}:{place.line}' for origin, place in each.origins) or each.origin}"
        for each in account.values
    )


def _meaning(calendar: Calendar) -> Iterator[str]:
    """Each post that is wanted: where and when it is, what it says, where that is from, and what else is said of it."""
    desired = calendar.desired
    entries = {each.place: each for each in calendar.entries}
    for post in sorted(desired.posts, key=lambda each: (each.location, each.account.alias or "", each.at)):
        where = post.location
        yield f"{where.file}:{where.line} {post.account.alias} {post.at:%Y-%m-%d %H:%M:%S} {post.id or '-'}"
        said = {key: each for key, each in post.content.to_json().items() if each not in (None, "", [], {})}
        yield f"  {_PATH.sub('path', json.dumps(said, ensure_ascii=False, sort_keys=True))}"
        yield f"  from {_origins(entries[where], post)}"
        more = {"note": post.note, "when_live": post.when_live, "ignore": dict(post.ignore)}
        if any(more.values()):
            yield f"  {json.dumps({key: each for key, each in more.items() if each}, ensure_ascii=False)}"
    others = {
        "has no time": desired.unplaced,
        "waits for a slot": desired.waiting,
        "can be checked in part": desired.partial,
        "is in store": desired.stored,
    }
    for what, some in others.items():
        for post in some:
            text = json.dumps(post.text, ensure_ascii=False)
            use = f" as {post.use.stored} {post.use.version}" if post.use is not None else ""
            name = f"{post.account.alias} {post.id or '-'}"
            yield f"{post.location.file}:{post.location.line} {name} {what}{use}: {text}"
            if post.use is not None and post.use.evergreen is not None:
                yield f"  {json.dumps(_plain(post.use.evergreen))}"


def chosen(text: str) -> list[str]:
    """The mistakes of which a file has what is told."""
    return [line.removeprefix("== ") for line in text.splitlines() if line.startswith("== ")]


def told_of_all(names: Iterable[str], folder: Path) -> str:
    """What is told of several mistakes, each below its name."""
    return "\n".join(f"== {name}\n{told_by(name, folder)}" for name in names)


@contextmanager
def _ways() -> Iterator[set[tuple[object, ...]]]:
    """Which line of the room came after which, meanwhile."""
    found: set[tuple[object, ...]] = set()

    def enter(frame: FrameType, event: str, arg: Any) -> Any:
        file = frame.f_code.co_filename
        if "/publer_sync/calendar/" not in file:
            return None
        before = 0

        def note(frame: FrameType, event: str, arg: Any) -> Any:
            nonlocal before
            if event == "line":
                found.add((file, before, frame.f_lineno))
                before = frame.f_lineno
            return note

        return note

    sys.settrace(enter)
    try:
        yield found
    finally:
        sys.settrace(None)


def _shape(problem: Problem) -> tuple[str, ...]:
    """What two problems have in common that are told by the same lines of code."""
    said = (problem.code, problem.message, str(problem.help))
    fix = problem.fix
    way = "" if fix is None else f"{fix.end_line - fix.start_line} {len(fix.text.splitlines())}"
    return (*(re.sub(r"\"[^\"]*\"|`[^`]*`|\d+|\S*[^\w\s,.;:!?'()-]\S*", "_", each) for each in said), way)


def main() -> None:
    seen: set[tuple[object, ...]] = set()
    found: dict[str, list[str]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        top = made(Path(folder))
        read(top / "posts")
        for name, mistake in MISTAKES.items():
            with _ways() as ways:
                problems = judged(load(top, mistake, mistake.written))
            if new := {*map(_shape, problems), *ways} - seen:
                seen |= new
                file = name.partition(":")[0]
                found[file].append(f"== {name}\n{told_of(problems)}")
    KEPT.mkdir(exist_ok=True)
    for path in KEPT.glob("*.txt"):
        path.unlink()
    for file, parts in found.items():
        (KEPT / f"{file}.txt").write_text("\n".join(parts), encoding="utf-8")
    sys.stdout.write(f"Written: {sum(map(len, found.values()))} mistakes.\n")


if __name__ == "__main__":
    main()

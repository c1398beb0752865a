"""Calendars in a folder for tests, and what is read from them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import Calendar, read
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.values.model import Account
from publer_sync.values.post_keys import POST_KEYS
from publer_sync.values.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.calendar.expand import Desired
    from publer_sync.values.model import Post

CASES = Path(__file__).resolve().parent / "cases"
INVALID = sorted((CASES / "invalid").glob("*.yaml"))
VALID = sorted((CASES / "valid").glob("*.yaml"))
SETTINGS = """\
timezone: Europe/Oslo
accounts:
  facebook: Page
  x: Me
  linkedin: Us
groups: {words: [x, linkedin]}
"""
ACCOUNTS = {
    "facebook": Account("1" * 24, "Page", "facebook", "facebook"),
    "x": Account("2" * 24, "Me", "twitter", "x"),
    "linkedin": Account("3" * 24, "Us", "linkedin", "linkedin"),
}
POST = "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n"


def one(accounts: str, lines: str = "text: hi") -> str:
    """A file of one post."""
    return f"posts:\n- at: 2027-03-01 09:00\n  accounts: {accounts}\n  {lines}\n"


def write(top: Path, **files: str) -> None:
    for name, text in files.items():
        (top / f"{name}.yaml").write_text(text, encoding="utf-8")


def both(top: Path) -> tuple[Calendar, Desired, list[Problem]]:
    calendar = read(top)
    desired = calendar.desired
    problems = sorted(calendar.problems + desired.problems, key=lambda each: each.location or Location("", 0))
    return calendar, desired, problems


def codes(top: Path) -> list[str]:
    return [problem.code for problem in both(top)[2]]


def concise(problems: Sequence[Problem]) -> str:
    """Each in a line, its help below it."""
    return "".join(
        f"{each.location.line}:{each.location.column}: {each.severity}: {each.message} [{each.code}]\n"
        + "".join(f"    {line}\n" for line in str(each.help or "").splitlines())
        for each in problems
        if each.location
    )


def offers(problems: Sequence[Problem], codes: str) -> dict[str, str | list[str]]:
    """Of the problems whose codes begin so: what the fix writes, or else what may be pasted, by line and column."""
    return {
        f"{each.location.line}:{each.location.column}": each.fix.text
        if each.fix is not None
        else [pasted for _, pasted in each.help.ways]
        for each in problems
        if each.code.startswith(codes) and each.location is not None and each.help is not None
    }


_KEYS = re.compile(r"\{keys(?: on (?P<network>\w+))?(?: but (?P<left_out>\w+))?\}")


def expected(case: Path) -> str:
    """What is beside a case. There `{keys}` stands for every key of a post, `{keys on x}` for those that may differ there, and those of X."""
    return _KEYS.sub(_keys, case.with_suffix(".txt").read_text(encoding="utf-8"))


def _keys(said: re.Match[str]) -> str:
    network = NETWORKS.get(network_of(said["network"] or "") or "")
    levels = ("any",) if network else ("any", "post")
    names = [key.name for key in POST_KEYS.values() if key.level in levels]
    names += [field.name for field in network.fields] if network else []
    return ", ".join(name for name in names if name != said["left_out"])


def meaning(posts: Sequence[Post]) -> list[tuple[Any, ...]]:
    """What a calendar wants, without its places in the files."""
    return [(post.account.id, post.at, post.id, post.content.digest, dict(post.ignore)) for post in posts]


def top_without_posts(tmp_path: Path) -> Path:
    top = tmp_path / "calendar"
    top.mkdir(exist_ok=True)
    for name in ("publer.yaml", "pixel.png"):
        shutil.copy(CASES / name, top / name)
    return top


def case_top(tmp_path: Path, case: Path) -> Path:
    top = top_without_posts(tmp_path)
    shutil.copy(case, top / case.name)
    return top


def contents(top: Path) -> list[dict[str, Any]]:
    _, desired, problems = both(top)
    assert problems == []
    return [post.content.to_json() for post in desired.posts]


def places(value: Any) -> object:
    """Data with the place of each value, for comparison."""
    match value:
        case Map():
            inner = [(key, places(each), value.marks[key]) for key, each in value.items()]
            return value.mark, value.broken, inner
        case Seq():
            return value.mark, value.marks, [*map(places, value)]
    return value


def judged(calendar: Calendar) -> tuple[Problem, ...]:
    """What is wrong with it on any day."""
    return calendar.judge(calendar.desired)

"""Counts the steps that commands take of little and of much work: nothing may grow faster than its work.

python -m bench growth [--sizes 500 2000] [STEP…]

A step is the call of a function or a line that runs, one turn of a loop therefore: the same on every machine, however
busy. What C code does within one call is not counted.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import _lru_cache_wrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, Self

from bench.data import Post, post, workspace, write_calendar
from bench.measure import QUIET, ROOT
from publer_sync.cli.main import main as command_line
from publer_sync.ledger.git_command import Git
from publer_sync.sandbox import Faults, Sandbox, Seed, SeedAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType, FrameType

MOST: Final = 1.2
"""So many times as fast as its work a function may grow."""
ACCOUNTS: Final = len(workspace().accounts)
CALENDAR: Final = 10
"""So many posts has each of many calendars."""
LOOK: Final = 20
"""So many steps a function may take for each calendar that looks over the parts of all others, which it has to do after its own
listing: another apply may have written them meanwhile. One that asks more of each than whether it is near takes more."""
OURS: Final = str(ROOT / "publer_sync")


class Grown(NamedTuple):
    """A function that took this many steps of the smaller and of the larger work."""

    where: str
    few: int
    many: int


@dataclass(slots=True)
class _Code:
    code: CodeType
    steps: int = 0

    def line(self, _frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            self.steps += 1
        return self.line


@dataclass(slots=True)
class Steps:
    """The steps of this thread in the program's own functions, by where each is."""

    _codes: dict[int, _Code] = field(default_factory=dict)

    def __enter__(self) -> Self:
        for each in _caches():
            each.cache_clear()  # what an earlier command has found out
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, _event: str, _argument: object) -> Any:
        code = frame.f_code
        if not code.co_filename.startswith(OURS):
            return None
        known = self._codes.get(id(code))
        if known is None:
            known = self._codes[id(code)] = _Code(code)
        known.steps += 1
        return known.line

    def by_function(self) -> dict[str, int]:
        steps: dict[str, int] = {}
        for each in self._codes.values():
            file = each.code.co_filename.removeprefix(str(ROOT) + os.sep)
            name = f"{file}:{each.code.co_firstlineno} {each.code.co_qualname}"
            steps[name] = steps.get(name, 0) + each.steps
        return steps


def _caches() -> Iterator[_lru_cache_wrapper[Any]]:
    """Those of modules, of their classes and of their tables. Tests freeze what is loaded: gc does not list it."""
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith("publer_sync")]
    inside = [each for space in modules for each in space.values()]
    inside += [one for each in inside if isinstance(each, type) for one in vars(each).values()]
    inside += [one for each in inside if isinstance(each, dict) for one in each.values()]
    for each in inside:
        found = getattr(each, "__func__", each)  # of a class or static method
        if isinstance(found, _lru_cache_wrapper):
            yield found


def grown(few: dict[str, int], many: dict[str, int], times: float, work: int) -> list[Grown]:
    """What grew faster than its work, which is `times` as much and now `work` pieces: the worst first.

    Of what a function takes beyond its due, less than a step for each piece is noise: pages and batches that began. Where
    a piece looks over all, these are pairs.
    """
    found = [Grown(where, few.get(where, 0), steps) for where, steps in many.items()]
    found = [each for each in found if each.many - MOST * times * each.few > work]
    return sorted(found, key=lambda each: each.few - each.many)


class Growing:
    """A calendar of so many posts beside a local Publer, and the command line in this process."""

    def __init__(self, top: Path, sandbox: Sandbox, posts: int) -> None:
        self.top, self.sandbox, self.posts = top, sandbox, posts
        self.environment = {
            **QUIET,
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_API_KEY": sandbox.key,
            "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
        }
        write_calendar(top / "calendar", workspace(), posts, changed=False)

    @property
    def calendar(self) -> Path:
        return self.top / "calendar"

    def run(self, *arguments: str) -> None:
        """Run a command. Raises RuntimeError, with what it printed, unless it ends with 0."""
        printed = io.StringIO()
        before = dict(os.environ)
        os.environ.clear()
        os.environ.update(self.environment)
        try:
            with chdir(self.top), redirect_stdout(printed), redirect_stderr(printed):
                command_line(list(arguments))
        except SystemExit as end:
            if end.code:
                tail = printed.getvalue()[-2000:]
                raise RuntimeError(f"{' '.join(arguments)} ended with {end.code}:\n{tail}") from None
        finally:
            os.environ.clear()
            os.environ.update(before)

    def apply(self) -> None:
        many = str(10 * self.posts)
        self.run("apply", "--yes", "--allow-deletes", many, "--allow-changes", many)

    def fill(self) -> list[str]:
        """Put every post into Publer, as the calendar has it."""
        return [
            self.sandbox.add(account_id=each.account, at=each.at, text=each.text)
            for each in map(self.post, range(self.posts))
        ]

    @staticmethod
    def post(number: int) -> Post:
        return post(workspace(), number)

    def rewrite(self, change: Callable[[str], str]) -> None:
        for file in self.calendar.glob("posts-*.yaml"):
            file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")

    def one_file(self) -> None:
        """All posts in one file."""
        files = sorted(self.calendar.glob("posts-*.yaml"))
        words = [file.read_text(encoding="utf-8").removeprefix("posts:\n") for file in files]
        for file in files:
            file.unlink()
        (self.calendar / "posts-0.yaml").write_text("posts:\n" + "".join(words), encoding="utf-8")

    def many_files(self) -> None:
        """Each post in a file of its own."""
        self.one_file()
        (file,) = self.calendar.glob("posts-*.yaml")
        posts = file.read_text(encoding="utf-8").removeprefix("posts:\n- ").split("\n- ")
        file.unlink()
        for number, words in enumerate(posts):
            name = self.calendar / f"posts-{number:05}.yaml"
            name.write_text("posts:\n- " + words.rstrip("\n") + "\n", encoding="utf-8")


@contextmanager
def world(posts: int) -> Iterator[Growing]:
    # Jobs end and posts are listed at once: how often a machine asks is not a matter of how quick it is.
    faults = Faults(rate_limit=1_000_000, daily_limits=False, job_delay=0, list_delay=0)
    with TemporaryDirectory() as folder, Sandbox(workspace(), poll_seconds=0.02, faults=faults) as sandbox:
        yield Growing(Path(folder).resolve(), sandbox, posts)


# --- what is counted: each prepares its world, and returns what to do in it -------------------------------------------


def validate(here: Growing) -> Callable[[], None]:
    return lambda: here.run("validate")


def validate_files(here: Growing) -> Callable[[], None]:
    here.many_files()
    return lambda: here.run("validate")


def validate_one_file(here: Growing) -> Callable[[], None]:
    here.one_file()
    return lambda: here.run("validate")


def validate_calendars(here: Growing) -> Callable[[], None]:
    _in_calendars(here)
    return lambda: here.run("validate", "clients")


def apply_calendars(here: Growing) -> Callable[[], None]:
    """In a git repository, whose calendars have one ledger."""
    _in_calendars(here)
    Git.of(here.top).output("init", "--quiet")
    return lambda: here.run("apply", "clients", "--yes")


def apply_apart(here: Growing) -> Callable[[], None]:
    """Outside of git, where each calendar has a ledger of its own and looks at those of all others."""
    _in_calendars(here)
    return lambda: here.run("apply", "clients", "--yes")


def _in_calendars(here: Growing) -> None:
    """A calendar for each ten posts, with an account of its own, all in one workspace and in Publer already; every second one has a name."""
    names = [f"client_{number:04}" for number in range(here.posts // CALENDAR)]
    accounts = [SeedAccount(f"acc{number:021x}", "facebook", name) for number, name in enumerate(names)]
    agency = Seed(f"{1:024x}", "Agency", tuple(accounts))
    here.sandbox.add_workspace(agency)
    for account in accounts:
        alone = replace(agency, accounts=(account,))
        top = here.top / "clients" / account.name
        write_calendar(top, alone, CALENDAR, changed=False)
        if int(account.name[-4:]) % 2:
            settings = top / "publer.yaml"
            settings.write_text(
                f"name: of {account.name}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8"
            )
        for each in (post(alone, number) for number in range(CALENDAR)):
            here.sandbox.add(account_id=each.account, at=each.at, text=each.text)


def plan_new(here: Growing) -> Callable[[], None]:
    return lambda: here.run("plan")


def plan_known(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    return lambda: here.run("plan")


def plan_rotated(here: Growing) -> Callable[[], None]:
    """Each post gets the words of the next one of its account, the last those of the first, which someone moved in Publer."""
    known = here.fill()
    here.apply()
    for number in range(ACCOUNTS):
        here.sandbox.edit(known[number], at=here.post(number).at + timedelta(minutes=30))

    def of_next(found: re.Match[str]) -> str:
        following = int(found[1]) + ACCOUNTS
        return f"News {following if following < here.posts else following % ACCOUNTS} from"

    here.rewrite(lambda words: re.sub(r"News (\d+) from", of_next, words))
    return lambda: here.run("plan")


def apply_adopt(here: Growing) -> Callable[[], None]:
    here.fill()
    return here.apply


def apply_create(here: Growing) -> Callable[[], None]:
    return here.apply


def apply_nothing(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    return here.apply


def apply_texts(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    here.rewrite(lambda words: words.replace("oiled", "sanded"))
    return here.apply


def apply_moves(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    here.rewrite(lambda words: words.replace(":00\n", ":30\n"))
    return here.apply


def apply_swaps(here: Growing) -> Callable[[], None]:
    """Each post takes the minute of another one of its account, which takes its minute."""
    here.fill()
    here.apply()

    def swapped(words: str) -> str:
        for number in range(here.posts):
            at, then = here.post(number).at, here.post(number - 6 if number // 6 % 2 else number + 6).at
            words = words.replace(
                f"- id: news-{number}\n  at: {at:%Y-%m-%d %H:%M}\n",
                f"- id: news-{number}\n  at: {then:%Y-%m-%d %H:%M}\n",
            )
        return words

    here.rewrite(swapped)
    return here.apply


def apply_removes(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    here.rewrite(
        lambda words: "posts:\n" + "\n- ".join(words.removeprefix("posts:\n").split("\n- ")[::10]) + "\n"
    )
    return here.apply


def apply_hold(here: Growing) -> Callable[[], None]:
    """The settings put every post on hold."""
    here.fill()
    here.apply()
    settings = here.calendar / "publer.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "hold:\n  reason: storm\n", encoding="utf-8")
    return here.apply


def hold(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    return lambda: here.run("hold", "--reason", "storm", "--yes")


def release(here: Growing) -> Callable[[], None]:
    hold(here)()
    return lambda: here.run("release", "--yes")


def pull_new(here: Growing) -> Callable[[], None]:
    here.fill()
    for file in here.calendar.glob("posts-*.yaml"):
        file.unlink()
    return lambda: here.run("pull", "--yes")


def pull_edits(here: Growing) -> Callable[[], None]:
    here.one_file()
    known = here.fill()
    here.apply()
    for number, each in enumerate(known):
        here.sandbox.edit(each, text=here.post(number).text.replace("oiled", "waxed"))
    return lambda: here.run("pull", "--yes")


def pull_times(here: Growing) -> Callable[[], None]:
    here.one_file()
    known = here.fill()
    here.apply()
    for number, each in enumerate(known):
        here.sandbox.edit(each, at=here.post(number).at + timedelta(minutes=30))
    return lambda: here.run("pull", "--yes")


def pull_removes(here: Growing) -> Callable[[], None]:
    here.one_file()
    known = here.fill()
    here.apply()
    for each in known[here.posts // 10 :]:
        here.sandbox.remove(each)
    return lambda: here.run("pull", "--removed", "--yes")


def status(here: Growing) -> Callable[[], None]:
    here.fill()
    here.apply()
    return lambda: here.run("status")


def log(here: Growing) -> Callable[[], None]:
    here.apply()
    return lambda: here.run("log")


def preview(here: Growing) -> Callable[[], None]:
    return lambda: here.run("preview")


def export(here: Growing) -> Callable[[], None]:
    return lambda: here.run("export")


STEPS: Final = (
    *(validate, validate_files, validate_one_file, validate_calendars, preview, export, plan_new, plan_known),
    *(apply_adopt, apply_create, apply_nothing, apply_texts, apply_moves, apply_swaps, apply_removes),
    *(plan_rotated, apply_calendars, apply_apart, apply_hold, hold, release),
    *(pull_new, pull_edits, pull_times, pull_removes, status, log),
)


def counted(step: Callable[[Growing], Callable[[], None]], posts: int) -> dict[str, int]:
    with world(posts) as here:
        work = step(here)
        with Steps() as steps:
            work()
    return steps.by_function()


def growth_of(
    step: Callable[[Growing], Callable[[], None]], few: int, many: int
) -> tuple[float, list[Grown]]:
    """How much faster than its work the whole grew, and what in it grew too fast."""
    counted(step, few)  # what is loaded and compiled once does not count
    less, more = counted(step, few), counted(step, many)
    ratio = sum(more.values()) / sum(less.values()) / (many / few)
    looks = LOOK * (many // CALENDAR) ** 2 if step in (apply_calendars, apply_apart) else 0
    return ratio, grown(less, more, many / few, many + looks)


def main(arguments: Sequence[str]) -> NoReturn:
    parser = argparse.ArgumentParser(prog="python -m bench growth", description=__doc__)
    parser.add_argument("steps", nargs="*", metavar="STEP", help="default: all")
    parser.add_argument("--sizes", nargs=2, type=int, default=(500, 2_000), metavar="POSTS")
    options = parser.parse_args(arguments)
    few, many = options.sizes
    failed = False
    for step in STEPS:
        if options.steps and step.__name__ not in options.steps:
            continue
        ratio, found = growth_of(step, few, many)
        bad = ratio > MOST or found
        failed = failed or bool(bad)
        sys.stdout.write(f"{ratio:5.2f} {step.__name__}{'  FAILED' if bad else ''}\n")
        for each in found:
            sys.stdout.write(f"      {each.where}: {each.few:,} steps, then {each.many:,}\n")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)

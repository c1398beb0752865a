"""Measures publer-sync beside check-jsonschema and octoDNS: see docs/benchmark.md.

python -m bench [--quick] [--no-peers] [--against CHECKOUT]
python -m bench growth
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from bench import growth
from bench.data import workspace, write_calendar, write_zone
from bench.measure import ROOT, Series, Server, alternately, cost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PEERS = ("octodns==1.22.0", "check-jsonschema==0.39.0")
PER_REQUEST = 0.004
"""Seconds of the processor that a request may take beside the comparison: octoDNS sends none here."""
PYTHON_ALONE = "Python, click and yaml"
BEFORE = "before"
FROM_CHECKOUT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from publer_sync.cli.main import main; main()"
)
"""Runs the command line of a checkout that need not be installed."""
NEW_POSTS = 500
CLIENT_POSTS = 3


class Sizes(NamedTuple):
    posts: int
    """Of the calendar that is measured beside the peers."""
    growth: tuple[int, int, int]
    clients: int
    runs: int


FULL = Sizes(10_000, (1_000, 10_000, 100_000), 500, 5)
QUICK = Sizes(1_000, (100, 1_000, 10_000), 20, 2)
SMOKE = Sizes(200, (100, 200, 300), 3, 0)


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["growth"]:
        growth.main(arguments[1:])
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure publer-sync beside its peers."
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the posts, two runs of each")
    parser.add_argument("--smoke", action="store_true", help="only show that all of it runs")
    parser.add_argument(
        "--no-peers", action="store_true", help="install nothing, measure this checkout alone"
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="CHECKOUT",
        help="measure another checkout too, in turn with this one: what was before a change",
    )
    options = parser.parse_args(arguments)
    sizes = SMOKE if options.smoke else QUICK if options.quick else FULL
    with TemporaryDirectory() as folder:
        home = Path(folder)
        commands = Path(sys.executable).parent if options.no_peers else install(home)
        before = options.against.resolve() if options.against else None
        bench = Bench(home, sizes, commands, peers=not options.no_peers, before=before)
        machine()
        bench.help_page()
        bench.example()
        bench.validate()
        bench.plan()
        bench.growth()
        bench.new_posts()
        bench.clients()
        if bench.missed and sizes is not SMOKE:  # which is too small to measure
            sys.exit(1)


def install(home: Path) -> Path:
    """Install publer-sync as its users do, and the peers beside it; returns the folder of their commands."""
    shutil.copytree(ROOT, home / "source", ignore=shutil.ignore_patterns(".*", "build", "*.egg-info"))
    commands = home / "venv" / "bin"
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    pip = [str(commands / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(home / "source"), *PEERS], check=True)
    return commands


def machine() -> None:
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} × {cpu} · {platform.platform()}")
    say(
        f"Python {platform.python_version()} · PyYAML {version('pyyaml')} · {' · '.join(PEERS)} · load {load}"
    )
    say("Ratios are of processor time (user and system), each the least of its runs.")


@dataclass(frozen=True, slots=True)
class Bench:
    """The measurements. `commands` is the folder of the commands; `peers` whether they are there too.

    `before` is the checkout to compare with. Then neither is run as it is installed, so that they differ in nothing else.
    """

    home: Path
    sizes: Sizes
    commands: Path
    peers: bool
    before: Path | None = None
    missed: list[float] = field(default_factory=list)
    """What was more than its goal."""

    def ours(self, *arguments: str | Path) -> list[str]:
        if self.before is not None:
            return self._of(ROOT, arguments)
        return [str(self.commands / "publer-sync"), *map(str, arguments)]

    def former(self, *arguments: str | Path) -> dict[str, list[str]]:
        """The command of the checkout before, by its name; none without one."""
        return {BEFORE: self._of(self.before, arguments)} if self.before is not None else {}

    def _of(self, checkout: Path, arguments: Sequence[str | Path]) -> list[str]:
        return [str(self.commands / "python"), "-c", FROM_CHECKOUT, str(checkout), *map(str, arguments)]

    def theirs(self, name: str, *arguments: str | Path) -> dict[str, list[str]]:
        """A command of a peer by its name; none without the peers."""
        return {name: [str(self.commands / name), *map(str, arguments)]} if self.peers else {}

    def help_page(self) -> None:
        say("\n--help")
        theirs = self.theirs("octodns-sync", "--help")
        commands = {"publer-sync": self.ours("--help"), **self.former("--help"), **theirs}
        series = alternately(commands, 2 * self.sizes.runs)
        table(series)
        self.ratios(series, {"octodns-sync": 0.4})

    def example(self) -> None:
        """A calendar of a few posts: mostly what every command takes to start, beside what nobody can take from it."""
        say("\nvalidate, the calendar in examples")
        calendar = ROOT / "examples" / "calendar"
        commands = {
            "publer-sync": self.ours("validate", calendar),
            **self.former("validate", calendar),
            PYTHON_ALONE: [str(self.commands / "python"), "-c", "import click, yaml"],
        }
        series = alternately(commands, 2 * self.sizes.runs)
        table(series)
        self.ratios(series, {PYTHON_ALONE: None})

    def validate(self) -> None:
        say(f"\nvalidate, {self.sizes.posts:,} posts")
        calendar = self.home / "validate"
        write_calendar(calendar, workspace(), self.sizes.posts)
        files = sorted(calendar.glob("posts-*.yaml"))
        schema = ROOT / "schema" / "calendar.schema.json"
        commands = {
            "publer-sync": self.ours("validate", calendar),
            **self.former("validate", calendar),
            **self.theirs("check-jsonschema", "--schemafile", schema, *files),
        }
        series = alternately(commands, self.sizes.runs)
        table(series)
        self.ratios(series, {"check-jsonschema": 0.18})

    def plan(self) -> None:
        count, runs = self.sizes.posts, self.sizes.runs
        say(f"\nplan, {count:,} posts or copies, 1 in 100 changed")
        calendar = self.home / "plan"
        config = write_zone(self.home / "zone", count)
        commands = {
            "publer-sync": self.ours("plan", calendar),
            **self.former("plan", calendar),
            **self.theirs("octodns-sync", "--config-file", config),
        }
        with Server.of(count) as server:
            self._adopt(calendar, count, server)
            series = alternately(commands, runs, server.environment)
            plans = (runs + 1) * (1 + (self.before is not None))
            requests = server.requests() // plans
            cost(self.ours("apply", calendar, "--yes"), server.environment)
            applied = server.requests()
        table(series)
        self.ratios(series, {"octodns-sync": 0.5}, beside=requests * PER_REQUEST)
        say(f"  requests: {requests} of plan, {applied} of the apply that edits {count // 100} posts")

    def _adopt(self, calendar: Path, posts: int, server: Server) -> None:
        """Let the calendar's state know what is there already; after that, change one post in 100."""
        write_calendar(calendar, workspace(), posts, changed=False)
        cost(self.ours("apply", calendar, "--yes"), server.environment)
        write_calendar(calendar, workspace(), posts)
        server.requests()

    def growth(self) -> None:
        """What each further post costs between the first two sizes, and between the last two."""
        sizes = self.sizes.growth
        say(f"\ngrowth, {' to '.join(f'{size:,}' for size in sizes)} posts")
        measured: dict[str, list[Series]] = {"validate": [], "plan": []}
        rows: dict[str, Series] = {}
        for size in sizes:
            calendar = self.home / f"growth-{size}"
            with Server.of(size) as server:
                self._adopt(calendar, size, server)
                commands = {f"{name} {size:,}": self.ours(name, calendar) for name in measured}
                series = alternately(commands, min(2, self.sizes.runs), server.environment)
            rows |= series
            for name, each in zip(measured, series.values(), strict=True):
                measured[name].append(each)
        table(rows)
        for name, (first, second, third) in measured.items():
            for what, unit in (("cpu", "s"), ("peak", "MB")):
                low, middle, high = (getattr(each, what) for each in (first, second, third))
                before = (middle - low) / (sizes[1] - sizes[0]) * 1000
                after = (high - middle) / (sizes[2] - sizes[1]) * 1000
                ratio = after / before if before > 0 else 1.0
                say(
                    f"  {ratio:.2f} growth of {name}: {before:.3f}, then {after:.3f} {unit} "
                    f"for each 1,000 posts more {self.met(ratio, 1.15)}"
                )

    def new_posts(self) -> None:
        calendar = self.home / "new"
        write_calendar(calendar, workspace(), NEW_POSTS)
        with Server.of(0) as server:
            cost(self.ours("plan", calendar), server.environment)
            planned = server.requests()
            cost(self.ours("apply", calendar, "--yes"), server.environment)
            applied = server.requests()
        say(f"\n{NEW_POSTS} new posts\n  requests: {planned} of plan, {applied} of apply")

    def clients(self) -> None:
        count, top = self.sizes.clients, self.home / "clients"
        for number in range(count):
            write_calendar(top / f"client-{number:03}", workspace(number), CLIENT_POSTS, changed=False)
        with Server.of(CLIENT_POSTS, count) as server:
            cost(self.ours("apply", top, "--yes"), server.environment)
            server.requests()
            used = cost(self.ours("plan", top), server.environment)
            requests = server.requests()
        say(f"\n{count} unchanged calendars in {count} workspaces")
        say(f"  plan: {used.cpu:.2f} s of the processor, {used.peak:.0f} MB")
        limit = 2 + 2 * count  # what a page holds is learnt once a run, by one more page
        say(
            f"  requests: {requests}: the list of workspaces, 1 page more, and 2 for each calendar {self.met(requests, limit)}"
        )

    def ratios(
        self, series: Mapping[str, Series], most: Mapping[str, float | None], *, beside: float = 0.0
    ) -> None:
        """Print how the first of the series compares with the others; `beside` are seconds that do not count."""
        first = next(iter(series.values()))
        if BEFORE in series:
            say(f"  {(first.cpu - beside) / (series[BEFORE].cpu - beside):.2f} of {BEFORE}")
        for name, limit in most.items():
            if name in series:
                ratio = (first.cpu - beside) / series[name].cpu
                without = f", without {beside:.2f} s for requests" if beside else ""
                goal = f" {self.met(ratio, limit)}" if limit is not None else ""
                say(f"  {ratio:.2f} of {name}{without}{goal}")

    def met(self, value: float, limit: float) -> str:
        self.missed.extend([value] if value > limit else [])
        return f"(goal: at most {limit:,g}; {'met' if value <= limit else 'missed'})"


def table(series: Mapping[str, Series]) -> None:
    say(f"  {'':<24}{'processor':>10}{'median':>9}{'clock':>9}{'memory':>9}")
    for name, each in series.items():
        say(f"  {name:<24}{each.cpu:>8.3f} s{each.median:>7.3f} s{each.wall:>7.2f} s{each.peak:>6.0f} MB")


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).is_file() else []


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

"""`status --format prometheus`: the format, what it counts, and the alert that fires when nothing good happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from publer_sync.commands import status
from tests import ready
from tests.conftest import ROOT
from tests.system.worlds import DAY, T, Want

if TYPE_CHECKING:
    from publer_sync.calendar.load import Calendar
    from publer_sync.planning.standing import Standing
    from tests.system.worlds import World

LABEL = r'[a-z_]+="(?:[^"\\\n]|\\\\|\\"|\\n)*"'
SAMPLE = re.compile(rf"(publer_sync_[a-z_]+)\{{({LABEL}(?:,{LABEL})*)\}} (\d+)")


def parsed(text: str) -> dict[str, dict[str, int]]:
    """Each metric's series by their labels; every line is one of the format's, and a metric's lines stand together."""
    found: dict[str, dict[str, int]] = {}
    current = ""
    for line in text.splitlines():
        if line.startswith("# "):
            _, kind, name, _ = line.split(" ", 3)
            assert kind in ("HELP", "TYPE")
            assert (name in found) is (kind == "TYPE")
            found.setdefault(name, {})
            current = name
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample is not None, line
        assert sample[1] == current
        assert sample[2] not in found[current]
        found[current][sample[2]] = int(sample[3])
    return found


@pytest.mark.slow
def test_what_is_ahead_and_what_needs_someone_as_metrics(empty_world: World) -> None:
    world = empty_world
    world.apply_first(Want("a", "x", T, "A"), Want("b", "x", T + DAY, "B"), Want("c", "facebook", T, "C"))
    world.sandbox.edit(world.find("B")["id"], state="scheduled_declined")
    world.sandbox.remove(world.find("C")["id"])
    ran = world.run("status", world.top, "--format", "prometheus")
    assert ran.code == 6
    found = parsed(ran.stdout)
    own = 'calendar="calendar",workspace="My Primary Workspace"'
    assert found["publer_sync_posts_ahead"][f'{own},account="x",network="twitter"'] == 1
    assert found["publer_sync_posts_ahead"][f'{own},account="facebook",network="facebook"'] == 0
    next_post = found["publer_sync_next_post_timestamp_seconds"]
    assert next_post == {f'{own},account="x",network="twitter"': int(T.timestamp())}
    assert found["publer_sync_posts_blocked"] == {own: 1}
    assert found["publer_sync_posts_deleted"] == {own: 1}
    assert found["publer_sync_up"] == {'calendar="calendar"': 1}
    assert found["publer_sync_requests_left"][own] > 0
    now = found["publer_sync_checked_timestamp_seconds"][own]
    assert abs(now - found["publer_sync_last_good_apply_timestamp_seconds"][own]) < 600


@pytest.mark.slow
def test_the_alert_fires_where_every_apply_fails_for_a_day(empty_world: World) -> None:
    rules = yaml.safe_load((ROOT / "examples/prometheus/alerts.yml").read_text(encoding="utf-8"))
    rule = rules["groups"][0]["rules"][0]
    assert rule["alert"] == "PublerSyncNoGoodApply"
    expression = re.fullmatch(r"time\(\) - (\w+) > (\d+)", rule["expr"])
    assert expression is not None

    def fires(now: float) -> bool:
        ran = world.run("status", world.top, "--format", "prometheus")
        [at] = parsed(ran.stdout)[expression[1]].values()
        return now - at > int(expression[2])

    world = empty_world
    world.write(Want("a", "x", T, "A"))
    assert fires(time.time()), "nothing was ever applied"
    assert world.apply().code == 0
    assert not fires(time.time())
    world.sandbox.faults.job_fails = "No"
    world.write(Want("a", "x", T, "A"), Want("b", "x", T + DAY, "B"))
    time.sleep(1)
    assert world.apply().code == 6
    [good] = parsed(world.run("status", world.top, "--format", "prometheus").stdout)[expression[1]].values()
    assert not fires(good + 86_000)
    assert fires(good + 86_401), "though an apply ended since"
    used = {
        name for each in rules["groups"][0]["rules"] for name in re.findall(r"publer_sync_\w+", each["expr"])
    }
    known = set(
        re.findall(r'^    "([a-z_]+)": "', (ROOT / "publer_sync/render/metrics.py").read_text(), re.MULTILINE)
    )
    assert used <= {f"publer_sync_{name}" for name in known}


def test_of_several_calendars_the_series_stand_together_and_one_that_fails_is_down(
    empty_world: World,
) -> None:
    world = empty_world
    world.write(Want("a", "x", T, "A"))
    for name in ("good", 'b"ad'):
        (world.home / "many" / name).mkdir(parents=True)
    good = (world.top / "publer.yaml").read_text(encoding="utf-8")
    (world.home / "many/good/publer.yaml").write_text(good, encoding="utf-8")
    (world.home / 'many/b"ad/publer.yaml').write_text("accounts: [", encoding="utf-8")
    ran = world.run("status", world.home / "many", "--format", "prometheus")
    assert ran.code == 3
    up = parsed(ran.stdout)["publer_sync_up"]
    assert sorted(up.values()) == [0, 1]
    assert next(labels for labels, value in up.items() if value == 0).endswith('b\\"ad"')


@pytest.mark.slow
def test_the_script_on_the_page_puts_the_file_in_place_unless_nothing_was_printed(empty_world: World) -> None:
    world = empty_world
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8").partition("\n## Metrics\n")[2]
    script = page.partition("```text\n")[2].partition("```")[0]
    there = "/var/lib/node_exporter"
    assert there in script
    ready.program(world.home / "bin")
    good, bad = (world.home / "calendars" / name for name in ("good", "bad"))
    good.mkdir(parents=True)
    shutil.copy(world.top / "publer.yaml", good)
    file = world.home / "publer-sync.prom"

    def up() -> list[int]:
        subprocess.run(
            ["sh", "-c", script.replace(there, str(world.home))],
            cwd=world.home,
            env={**world.environment, "PATH": f"{world.home / 'bin'}:{os.environ['PATH']}"},
            check=False,
            capture_output=True,
        )
        return sorted(parsed(file.read_text(encoding="utf-8"))["publer_sync_up"].values())

    assert up() == [1]
    bad.mkdir()
    (bad / "publer.yaml").write_text("accounts: [", encoding="utf-8")
    assert up() == [0, 1], "the exit code is 3, and the output whole"
    for gone in (good, bad):
        shutil.rmtree(gone)
    assert up() == [0, 1], "there is no calendar, and nothing was printed"


def test_a_calendar_whose_turn_is_interrupted_is_down_too(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, make = empty_world, status.make
    world.write(Want("a", "x", T, "A"))
    for name in ("good", "odd"):
        (world.home / "many" / name).mkdir(parents=True)
    shutil.copy(world.top / "publer.yaml", world.home / "many/good")
    (world.home / "many/odd/publer.yaml").write_text(
        "timezone: UTC\naccounts: {x: Another}\n", encoding="utf-8"
    )

    def fail(calendar: Calendar, *rest: Any) -> Standing:
        if calendar.top.name == "odd":
            raise KeyboardInterrupt
        return make(calendar, *rest)

    monkeypatch.setattr(status, "make", fail)
    ran = world.run("status", world.home / "many", "--format", "prometheus")
    assert ran.code == 1
    up = parsed(ran.stdout)["publer_sync_up"]
    assert [value for labels, value in up.items() if labels.endswith('odd"')] == [0]
    assert sorted(up.values()) == [0, 1], ran

"""What is measured on, the same on every run: calendars, and a DNS zone that asks the same of octoDNS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.sandbox import Seed, SeedAccount

if TYPE_CHECKING:
    from pathlib import Path

PER_FILE = 100
CHANGED = 100
"""One in so many posts, and one in so many copies, differs from what is there."""
START = datetime((datetime.now(UTC) + timedelta(days=7)).year + 1, 1, 1, tzinfo=UTC)
"""Of a year that does not begin while something is measured."""
STEP = timedelta(hours=2)
"""Between two posts of an account: 12 a day, which no network refuses; 100,000 posts take four of Publer's five years."""
NETWORKS = ("facebook", "twitter", "linkedin")


class Post(NamedTuple):
    alias: str
    account: str
    at: datetime
    text: str


def workspace(number: int = 0) -> Seed:
    """A workspace with six accounts, two on each of the networks."""
    names = [f"{network}_{each}" for each in ("one", "two") for network in NETWORKS]
    accounts = (
        SeedAccount(f"acc{number:018x}{index:03x}", name.partition("_")[0], name)
        for index, name in enumerate(names)
    )
    return Seed(f"{number:024x}", f"Workspace {number}", tuple(accounts))


def post(seed: Seed, number: int) -> Post:
    """The post of this number: each is on one account, the accounts take turns."""
    account = seed.accounts[number % len(seed.accounts)]
    text = (
        f"News {number} from the workshop: the benches are oiled, the lathe turns again, and on Friday the doors "
        "are open to everyone who wants to see how a chair is made.\n\n#woodwork #openday"
    )
    return Post(account.name, account.id, START + STEP * (number // len(seed.accounts)), text)


def write_calendar(top: Path, seed: Seed, count: int, *, changed: bool = True) -> None:
    """A calendar of so many posts, 100 in a file; with `changed`, one in 100 is worded otherwise than in Publer."""
    top.mkdir(parents=True, exist_ok=True)
    settings = [f"workspace: {seed.workspace_name}", "timezone: UTC", "accounts:"]
    settings += [f"  {each.name}: {{name: {each.id}, provider: {each.provider}}}" for each in seed.accounts]
    (top / "publer.yaml").write_text("\n".join(settings) + "\n", encoding="utf-8")
    for first in range(0, count, PER_FILE):
        lines = ["posts:"]
        for number in range(first, min(first + PER_FILE, count)):
            each = post(seed, number)
            text = each.text.replace("oiled", "sanded") if changed and number % CHANGED == 0 else each.text
            lines += [
                f"- id: news-{number}",
                f"  at: {each.at:%Y-%m-%d %H:%M}",
                f"  accounts: {each.alias}",
            ]
            lines += ["  text: |-", *(f"    {line}".rstrip() for line in text.splitlines())]
        (top / f"posts-{first // PER_FILE:04}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_zone(top: Path, count: int) -> Path:
    """A zone of so many copies in one file, and what is there in another; returns octoDNS's configuration."""
    for name in ("wanted", "there"):
        (top / name).mkdir(parents=True)
        lines = ["---"]
        for number in range(count):
            value = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            ttl = 600 if name == "wanted" and number % CHANGED == 0 else 300
            lines += [f"host-{number:06}:", f"  ttl: {ttl}", "  type: A", f"  value: {value}"]
        (top / name / "example.com.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = top / "config.yaml"
    config.write_text(
        "providers:\n"
        f"  wanted: {{class: octodns.provider.yaml.YamlProvider, directory: {top / 'wanted'}}}\n"
        f"  there: {{class: octodns.provider.yaml.YamlProvider, directory: {top / 'there'}}}\n"
        "zones:\n"
        "  example.com.: {sources: [wanted], targets: [there]}\n",
        encoding="utf-8",
    )
    return config

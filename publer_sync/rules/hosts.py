"""The hosts that posts link to: where the settings name them, any other is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.rules.links import links_of
from publer_sync.rules.rulebook import problem
from publer_sync.starting.late_modules import late_module
from publer_sync.values.addresses import host_of, is_below

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterator

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post
    from publer_sync.values.policies import OwnHosts
else:
    difflib = late_module("difflib")


def check_hosts(post: Post, hosts: OwnHosts | None) -> Iterator[PostProblem]:
    """One problem for each host in each text of a post."""
    if hosts is None:
        return
    seen: set[tuple[str, str]] = set()
    for link in links_of(post):
        host = host_of(link.url)
        if (
            host in ("http", "https")
            or link.path.startswith("media")
            or link.path.endswith("/image")
            or is_below(host, hosts.names)
        ):
            continue
        if (link.path, host) in seen:
            continue
        seen.add((link.path, host))
        near = difflib.get_close_matches(host, hosts.names, 1, 0.8)
        say = f"Did you mean {near[0]}? Otherwise add" if near else "Correct it, or add"
        yield problem(
            "link.host",
            link.path,
            f"{host} is none of this calendar's `hosts`",
            f"{say} {host} to `hosts` in publer.yaml",
            offset=link.offset,
            related=((hosts.location, "the hosts"),),
            hard=hosts.severity == "error",
        )

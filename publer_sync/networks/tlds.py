"""The Internet's top-level domains, by which X tells `example.com` from the end of a sentence.

`tlds.txt` has IANA's list, which `python -m tests.renew_tlds` renews, and the domains that have left it since X published
its own in 2021. An address without https:// whose domain is missing here counts by its letters.
"""

from __future__ import annotations

from functools import cache


@cache
def top_level_domains() -> frozenset[str]:
    """In lower case and in their own scripts. Read once, when a text first needs it."""
    from importlib.resources import files

    lines = files("publer_sync.networks").joinpath("tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))

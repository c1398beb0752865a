"""Adds to `publer_sync/networks/tlds.txt` the domains that IANA lists: `python -m tests.renew_tlds [FILE OR URL]`.

None is taken out: X published its list in 2021, and may go on linking what IANA has dropped since.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.request import urlopen

from publer_sync.networks import tlds

IANA = "https://data.iana.org/TLD/tlds-alpha-by-domain.txt"
LIST = Path(tlds.__file__).with_name("tlds.txt")
HEADING = (
    "# Top-level domains that IANA lists, or has listed since 2021. To renew: python -m tests.renew_tlds"
)


def renewed(old: str, published: str) -> str:
    """The list with the domains of IANA's file, and that file's first line, which names its version."""
    version, *published_names = published.splitlines()
    if not version.startswith("# Version") or not published_names:
        raise SystemExit(f"This is not IANA's list; it starts with: {version}")
    kept = {line for line in old.splitlines() if not line.startswith("#")}
    return (
        "\n".join([HEADING, version, *sorted(kept | {_in_own_script(name) for name in published_names})])
        + "\n"
    )


def _in_own_script(name: str) -> str:
    return name.strip().lower().encode("ascii").decode("idna")


def _text(place: str) -> str:
    if "://" not in place:
        return Path(place).read_text(encoding="ascii")
    with urlopen(place, timeout=30) as answer:
        return str(answer.read().decode("ascii"))


if __name__ == "__main__":
    text = _text(sys.argv[1] if len(sys.argv) > 1 else IANA)
    LIST.write_text(renewed(LIST.read_text(encoding="utf-8"), text), encoding="utf-8")

"""The list of top-level domains: how it is renewed, and what is in it."""

from __future__ import annotations

import pytest

from publer_sync.networks.tlds import top_level_domains
from tests import renew_tlds

OLD = "# Top-level domains\ncom\ngone\n한국\n"
PUBLISHED = "# Version 2027010100, Last Updated Fri Jan  1 07:07:01 2027 UTC\nCOM\nNEW\nXN--3E0B707E\nXN--VERMGENSBERATER-CTB\n"


def test_renewing_adds_what_is_new_and_keeps_the_rest() -> None:
    lines = renew_tlds.renewed(OLD, PUBLISHED).splitlines()
    assert lines[1] == PUBLISHED.splitlines()[0]
    assert lines[2:] == ["com", "gone", "new", "vermögensberater", "한국"]
    assert renew_tlds.renewed("\n".join(lines), PUBLISHED).splitlines() == lines


@pytest.mark.parametrize("text", ["<html>", "# Version 1\n"])
def test_nothing_is_renewed_from_another_file(text: str) -> None:
    with pytest.raises(SystemExit, match="not IANA's list"):
        renew_tlds.renewed(OLD, text)


def test_the_list_is_sorted_and_in_lower_case() -> None:
    text = renew_tlds.LIST.read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if not line.startswith("#")]
    assert names == sorted(name.lower() for name in names)
    assert top_level_domains() == set(names) >= {"com", "museum", "한국", "рф"}

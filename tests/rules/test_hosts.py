"""The hosts that posts may link to, as the settings name them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.calendar.calendars import write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "timezone: Europe/Oslo\naccounts: {x: Me, linkedin: Us}\n"


def told(top: Path, hosts: str, post: str) -> list[tuple[str, str, str, str]]:
    """What is said of the hosts of a post of 2 March 2027."""
    write(
        top,
        publer=f"{HEAD}hosts: {hosts}\n",
        a=f"posts:\n- at: 2027-03-02 09:00\n  accounts: [x, linkedin]\n{post}",
    )
    calendar = read(top)
    problems = calendar.judge(calendar.desired, now=datetime(2027, 1, 1, tzinfo=UTC))
    return [
        (
            each.severity,
            f"{each.location.line}:{each.location.column}",
            each.message,
            each.help.say if each.help else "",
        )
        for each in problems
        if each.code == "link.host" and each.location
    ]


@each_of(
    ("post", "places"),
    [
        ("  text: |\n    See https://other.example/a.\n", ["5:9"]),
        (
            "  text: |\n    See https://lamp.example/a, https://www.lamp.example, LAMP.example and shop.lamp.example\n",
            [],
        ),
        ("  text: |\n    See other.com or https://notlamp.example\n", ["5:9", "5:22"]),
        ("  text: See\n  link: https://lamp.example.evil.example/\n", ["5:3"]),
        ("  text: See\n  link: https://lamp.example@evil.example/\n", ["5:3"]),
        ("  text: See\n  link: https://bücher.example/\n", []),
        ("  text: See\n  comments:\n  - text: |\n      https://other.example\n", ["7:7"]),
        ("  text: See\n  media: [{url: https://cdn.example/a.png, alt: A lamp}]\n", []),
        ("  text: See\n  link: {url: https://lamp.example, image: https://cdn.example/a.png}\n", []),
        ("  text: See https://https://lamp.example/\n", []),  # that is another slip
        ("  text: |\n    See other.com, other.com/b and\n    other.com\n", ["5:9"]),
    ],
)
def test_an_address_on_another_host_is_told_at_its_place(
    tmp_path: Path, post: str, places: list[str]
) -> None:
    found = told(tmp_path, "[lamp.example, xn--bcher-kva.example]", post)
    assert [place for _, place, *_ in found] == places
    assert {severity for severity, *_ in found} <= {"warning"}


def test_it_may_be_an_error_and_names_the_host_that_is_near(tmp_path: Path) -> None:
    post = "  text: |\n    https://fjordlihgt.example/a\n"
    ((severity, _, message, say),) = told(tmp_path, "{own: [fjordlight.example], severity: error}", post)
    assert (severity, message) == (
        "error",
        "fjordlihgt.example is none of this calendar's `hosts` (linkedin, x)",
    )
    assert say.startswith("Did you mean fjordlight.example?")
    assert told(tmp_path, "[fjordlihgt.example]", post) == []
    assert told(tmp_path, "", post) == []

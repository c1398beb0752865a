"""What the studio counts and filters its cards by, before any of them is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.commands.running.shared import load
from publer_sync.previewing.marking import Marking
from publer_sync.previewing.outline import networks_with_several, outline_of
from publer_sync.previewing.previewed import preview_of
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.values.model import Account
from tests.builders import LINKEDIN, NOW, SOON, X, wanted
from tests.showcase.world import read_broken
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

SETTINGS = "timezone: UTC\naccounts: {x: Me, linkedin: Us}\n"
SPLIT = """\
posts:
- at: 2026-12-01 09:00
  accounts: [x, linkedin]
  text: Hi
  networks: {x: {text: "Buy $AAA and $BBB and $CCC"}}
"""


def agrees(calendar: Calendar) -> list[str]:
    """The severities of the cards of an outline that says what the page of the same posts does."""
    problems = [*calendar.judge(calendar.desired, now=NOW)]
    keys = {entry.place: f"key-{number}" for number, entry in enumerate(calendar.entries)}
    outline = outline_of(calendar, problems, keys=keys, marking=Marking())
    page = preview_of(
        calendar, calendar.desired.posts, problems, Thumbnails(), now=NOW, keys=keys, filtered=False
    )
    outlined = [(key, *card) for key, cards in outline.cards.items() for card in cards]
    shown = [
        (
            card.key,
            f"{card.at:%Y-%m-%dT%H:%M}" if card.at else "",
            card.accounts,
            card.kinds,
            "",
            min((each.severity for each in card.problems), default=""),
            card.subjects,
            (),
            card.labels,
        )
        for card in page.cards
    ]
    assert sorted(outlined, key=repr) == sorted(shown, key=repr)
    assert len(outline.elsewhere) == len(page.problems)
    return sorted(card[5] for card in outlined)


def test_an_outline_of_a_calendar_with_errors_has_what_its_page_shows(tmp_path: Path) -> None:
    assert set(agrees(read_broken(tmp_path / "broken"))) == {"", "error"}


def test_each_post_can_be_shown_alone_whatever_is_wrong_with_it(tmp_path: Path) -> None:
    calendar = read_broken(tmp_path / "broken")
    problems = [*calendar.judge(calendar.desired, now=NOW)]
    keys = {entry.place: f"key-{number}" for number, entry in enumerate(calendar.entries)}
    whole = preview_of(calendar, calendar.desired.posts, problems, Thumbnails(), now=NOW, keys=keys)
    for place, key in keys.items():
        posts = [post for post in calendar.desired.posts if post.location == place]
        alone = preview_of(
            calendar, posts, problems, Thumbnails(), now=NOW, keys=keys, only=frozenset((place,))
        )
        assert [card for card in whole.cards if card.key == key] == [*alone.cards]
        assert alone.cards


def test_a_problem_of_one_network_is_on_no_card_of_another(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "posts.yaml").write_text(SPLIT, encoding="utf-8")
    assert agrees(load(tmp_path)) == ["", "warning"]


OTHER = Account("a-9", "Nordbrew", "twitter", alias="beer")


@each_of(
    "accounts, networks",
    [((X, LINKEDIN), ()), ((X, X), ()), ((X, OTHER, LINKEDIN), ("x",)), ((), ())],
)
def test_networks_with_several_accounts_are_named(
    accounts: tuple[Account, ...], networks: tuple[str, ...]
) -> None:
    assert networks_with_several([wanted(SOON, account=each) for each in accounts]) == networks

"""The page of several calendars, and the parts of it that come later: of each post, what its calendar says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.previewing.cards import Gone
from publer_sync.previewing.html import render
from publer_sync.previewing.marking import Marking
from publer_sync.previewing.page import AccountChip, Card, CardMark
from publer_sync.studio import showing
from publer_sync.studio.showing import Showing
from publer_sync.values.content import Content
from publer_sync.values.model import Account
from tests.studio.snapshots import NOW, opened, post, whole
from tests.studio.test_large import Cards
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ID = "65a0000000000000000000a1"
LEFT = Gone(
    (Account(ID, "Me", "twitter", "x"),), NOW, None, "It left", Content(), CardMark("remove", "removed")
)
FOREIGN = Card(NOW, (AccountChip("linkedin", "Us", "linkedin", "LinkedIn"),), "By hand", ())


def two_calendars(top: Path, x: str = "Me", linkedin: str = "Us") -> Showing:
    """Each with a post on both accounts and one on the last, one that left, and one that is not managed here."""
    files = {
        "publer.yaml": f"timezone: UTC\naccounts: {{x: {x}, linkedin: {linkedin}}}\n",
        "posts.yaml": whole(post(on="[x, linkedin]") + post(on="linkedin", id="two")),
    }
    calendars = [opened(top / name, files, now=NOW, number=number) for number, name in enumerate("ab")]
    for each in calendars:
        each.marking = Marking(gone=(LEFT,), outside=(FOREIGN,), notes=(f"Of {each.top.name}",))
    return Showing(calendars, lambda: NOW)


def on(cards: Cards) -> list[tuple[str, str]]:
    return [(each.get("data-key") or "", each["data-accounts"]) for each in cards.cards]


@each_of("x, linkedin, large", [(ID, "Us", False), ("{name: Us, provider: twitter}", ID, True)])
def test_accounts_have_their_numbers_on_all_cards_whenever_these_come(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    x: str,
    linkedin: str,
    large: bool,
) -> None:
    """Also where Publer knows an account under another name than the settings."""
    monkeypatch.setattr(showing, "LARGE", 0 if large else 100)
    shown = two_calendars(tmp_path_factory.mktemp("shown"), x, linkedin)
    page = Cards(render(shown.page(1)))
    posts = [("0-1", "0 1"), ("0-2", "1"), ("1-1", "2 3"), ("1-2", "3")]
    others = [[("", "0"), ("", "1")], [("", "2"), ("", "3")]]
    assert sorted(on(page)) == sorted([*posts, *others[0], *others[1]])
    for calendar, those, beside in zip(shown.opened, (posts[:2], posts[2:]), others, strict=True):
        found = shown.cards(calendar, [key for key, _ in those], ())
        assert [(key, on(Cards("".join(html)))) for key, html in found.items()] == [
            (key, [(key, accounts)]) for key, accounts in those
        ]
        came = Cards("".join(shown.beside(calendar)))
        assert on(came) == beside
        assert ["It left" in came.cards[0]["text"], "By hand" in came.cards[1]["text"]] == [True, True]
    rows, about = shown.outline()
    assert [(key, " ".join(row[0][1])) for key, row in rows.items()] == posts
    assert ["Of a" in about, "Of b" in about] == [True, True]
    texts = shown.texts(["0-1", "1-2", "2-1"])
    assert [(key, each[0][1], "One" in each[0][2]) for key, each in texts.items()] == [
        ("0-1", "0 1", True),
        ("1-2", "3", True),
    ]
    assert shown.texts([]) == {}

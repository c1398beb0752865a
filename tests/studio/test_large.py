"""A large calendar: the page begins with the days that are seen, and what it is told of the rest is what their cards say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.studio import showing
from publer_sync.studio.part import date_of, days_around
from tests.studio.desk import NOW, Desk, desk_of
from tests.studio.rich import rich
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

MORE = """posts:
- id: broken
  at: Mon 2027-05-01 09:00          # it is a Saturday
  accounts: x
  text: Broken
- id: bare
  at: 2027-05-03 09:00
  accounts: x
  text: Its picture is not there
  media: [{{file: media/nothing.png, alt: Nothing}}]
- id: long
  at: 2027-05-04 09:00
  accounts: [x, facebook]
  labels: [only-in-may]
  draft: true
  text: {words}
- id: waiting
  at: next
  accounts: x
  text: It waits & <hopes>
- id: kept
  evergreen: {{every: 8w}}
  accounts: x
  text: In store
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A calendar with every key, and with errors, drafts, and posts without a time."""
    top = rich(tmp_path / "calendar")
    (top / "2027-05.yaml").write_text(MORE.format(words="word " * 70))
    return top


def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "LARGE", 0)


class Cards(HTMLParser):
    """What the cards of a page say of themselves, by key, and the words on them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cards: list[dict[str, Any]] = []
        self._inside = self._label = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "article":
            self.cards.append({**told, "labels": [], "text": ""})
            self._inside = True
        self._label = tag == "span" and (told.get("class") or "").startswith("label ")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "article"
        self._label = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cards[-1]["text"] += data
        if self._inside and self._label:
            self.cards[-1]["labels"].append(data)

    @property
    def keys(self) -> set[str]:
        return {each["data-key"] for each in self.cards}


def page_of(desk: Desk, where: str = "") -> str:
    ticket = desk.send("/studio/ticket", {}).body["ticket"]
    return desk.ask("GET", f"/?page={ticket}&{where}").raw.decode()


def test_the_outline_says_of_each_card_what_the_card_says(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk_of(top) as desk:
        cards = Cards(desk.page).cards
        assert any(each["labels"] == ["calendar", "only-in-may"] for each in cards)
    told = Counter(
        (
            card["data-key"],
            card["data-at"],
            card["data-accounts"],
            card["data-kinds"],
            card["data-mark"],
            card["data-problem"],
            card["data-subjects"],
            tuple(card["labels"]),
        )
        for card in cards
    )
    large(monkeypatch)
    with desk_of(top) as desk:
        rows = desk.get("/studio/outline")["rows"]
        texts = desk.get(f"/studio/texts?keys={','.join(rows)}")
    assert told == Counter(
        (key, at, " ".join(accounts), " ".join(kinds), mark, problem, " ".join(subjects), tuple(labels))
        for key, (_, _, those) in rows.items()
        for at, accounts, kinds, mark, problem, subjects, _, labels in those
    )
    assert {each["data-problem"] for each in cards} == {"error", "warning", ""}
    # The words too: what a search looks for in posts that are not on the page.
    words = {
        (each["data-key"], each["data-at"], each["data-accounts"]): each["text"].split() for each in cards
    }
    assert words == {
        (key, at, accounts): text.split() for key, those in texts.items() for at, accounts, text in those
    }


@pytest.mark.story
def test_it_begins_with_the_weeks_of_one_month_and_what_has_no_time(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_of(top) as desk:
        whole = page_of(desk)
        everything = Cards(whole)
    large(monkeypatch)
    with desk_of(top) as desk:
        html = page_of(desk, "view=week&date=2027-05-03")
        some = Cards(html)
        state, outline = desk.get("/studio/posts"), desk.get("/studio/outline")
        later = Cards(page_of(desk, "date=2027-04-15"))
    seen = {each["data-at"][:10] for each in some.cards}
    assert seen == {"", "2027-05-03", "2027-05-04"}
    assert sum(each["data-at"] == "" for each in some.cards) == 3
    assert {each["data-key"] for each in everything.cards if each["data-at"][:10] in seen} == some.keys
    assert any(each["data-at"][:10] == "2027-04-06" for each in later.cards), "of a series that began before"
    assert (state["large"], state["posts"], state["problems"]) == (True, [], [])
    assert [post["id"] for post in outline["posts"]] == ["broken", "bare"]  # which the list of errors names
    assert {each["key"] for each in outline["problems"] if each["severity"] == "error"} == {
        post["key"] for post in outline["posts"]
    }
    for part in ('id="figures">', 'name="label">', 'name="kind">'):  # what concerns all posts is whole
        assert between(html, part) == between(whole, part)
    assert "only-in-may" in between(html, 'name="label">')


def between(html: str, start: str) -> str:
    return html.partition(start)[2].partition("</s")[0]


@pytest.mark.slow
def test_it_grows_with_what_is_seen_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "LARGE", 300)
    sizes = []
    for name, months in (("few", 3), ("many", 12)):
        top = tmp_path / name
        top.mkdir()
        (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
        for month in range(months):
            posts = (
                f"- {{at: {2027 + month // 12}-{month % 12 + 1:02}-{n // 4 + 1:02} {9 + n % 4}:00, accounts: x, text: 'Post {month} {n}'}}\n"
                for n in range(100)
            )
            (top / f"{month:02}.yaml").write_text("posts:\n" + "".join(posts))
        with desk_of(top) as desk:
            sizes.append(len(page_of(desk, "date=2027-02-01")))
    assert sizes[0] < sizes[1] < sizes[0] + 2000
    assert sizes[0] < 500_000


@each_of(
    "day, start, until",
    [
        ("2027-02-01", "2027-02-01", "2027-03-01"),
        ("2027-03-31", "2027-03-01", "2027-04-05"),
        ("2027-05-02", "2027-04-26", "2027-06-07"),
        ("2026-12-31", "2026-11-30", "2027-01-04"),
    ],
)
def test_its_days_are_those_that_the_month_draws(day: str, start: str, until: str) -> None:
    assert days_around(date.fromisoformat(day)) == (date.fromisoformat(start), date.fromisoformat(until))


def test_what_is_no_day_is_none() -> None:
    assert [date_of(each) for each in ("", "soon", "2027-02-30", "0001-01-01", "9999-12-31")] == [None] * 5


@pytest.mark.parametrize("now", [NOW, datetime(2027, 3, 8, 12, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)])
def test_without_a_day_it_opens_where_posts_are_ahead(
    top: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(monkeypatch)
    with desk_of(top, now=now) as desk:
        first = page_of(desk).partition('data-first="')[2][:10]
        week = page_of(desk, "view=week").partition('data-first="')[2][:10]
    assert first == {2: "2027-03-02", 3: "2027-03-08", 1: "2027-05-04"}[now.month]
    assert week == {2: "2027-03-02", 3: "2027-03-08", 1: "2027-05-04"}[now.month]

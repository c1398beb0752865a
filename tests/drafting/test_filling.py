"""Which slot a post that waits gets, in memory: the next one that is free and that everything allows, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.drafting import fill_page
from publer_sync.drafting.filling import IN_PAGE, IN_PUBLER, FillRules, fill, free_slots
from publer_sync.drafting.stored import Uses, find_uses
from publer_sync.render.layout.dates import Dates
from publer_sync.values.problems import Location
from tests.ledger.git_world import git
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.drafting.filling import FillResult

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
"""A Monday."""
SETTINGS = """\
timezone: UTC
accounts: {linkedin: Us, x: Me, facebook: Page}
slots: {linkedin: [mon 09:00, thu 09:00]}
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def filled(top: Path, *posts: str, head: str = "", **rules: Any) -> FillResult:
    """Posts by their lines; each waits for a slot."""
    lines = "".join(f"- {{at: next, {post}}}\n" for post in posts)
    (top / "posts.yaml").write_text(f"{head}posts:\n{lines}", encoding="utf-8")
    return fill(read(top), FillRules(NOW, **{"first": NOW, **rules}))


def slots(found: FillResult) -> list[str]:
    return [f"{each.post.id} {each.at:%d %H:%M}" for each in found.filled]


def reasons(found: FillResult) -> list[str]:
    return [each.reason for each in found.left]


@each_of(
    ("more", "first", "at"),
    [
        ("", NOW, "one 01 09:00"),
        ("", NOW + timedelta(hours=1), "one 01 09:00"),
        ("", NOW + timedelta(hours=2), "one 04 09:00"),
        (", not_before: 2027-03-04 09:00", NOW, "one 04 09:00"),
        (", not_before: 2027-03-04 09:01", NOW, "one 08 09:00"),
    ],
)
def test_a_post_gets_the_next_slot_that_it_may_have(top: Path, more: str, first: datetime, at: str) -> None:
    assert slots(filled(top, f"id: one, accounts: linkedin, text: A{more}", first=first)) == [at]


def test_what_cannot_be_read_of_a_post_is_not_what_a_default_says(top: Path) -> None:
    post, head = "id: one, accounts: linkedin, text: A", "defaults: {not_before: 2027-03-08}\n"
    assert slots(filled(top, post, head=head)) == ["one 08 09:00"]
    assert slots(filled(top, f"{post}, not_before: [A]", head=head)) == ["one 01 09:00"]


def test_two_posts_get_two_slots_and_a_taken_one_stays_free(top: Path) -> None:
    posts = [f"id: {name}, accounts: linkedin, text: {name}" for name in ("one", "two")]
    assert slots(filled(top, *posts)) == ["one 01 09:00", "two 04 09:00"]
    taken = [("linkedin", datetime(2027, 3, 4, 9, tzinfo=UTC))]
    assert slots(filled(top, *posts, taken=taken)) == ["one 01 09:00", "two 08 09:00"]


def test_no_account_of_a_post_comes_before_the_first_slot(top: Path) -> None:
    """X has a time of day of its own, which is over on that day."""
    post = "id: one, accounts: [linkedin, x], text: A, networks: {x: {at: '07:30'}}"
    assert slots(filled(top, post)) == ["one 04 09:00"]
    for clock in ("08:00", "08:30"):
        assert slots(filled(top, post.replace("07:30", clock))) == ["one 01 09:00"]


@each_of(
    ("post", "rules", "why"),
    [
        ("accounts: x, text: A", {}, "x has no slots in publer.yaml"),
        (
            "accounts: linkedin, text: A, not_before: 2027-03-20 09:00",
            {"until": NOW.date()},
            "no slot of linkedin is free until 2027-03-01 that its `not_before` would allow",
        ),
        (
            "accounts: linkedin, text: A, not_before: 2029-03-20 09:00",
            {},
            "no slot of linkedin is free in the year ahead that its `not_before` would allow",
        ),
    ],
)
def test_a_post_that_gets_no_slot_says_why(top: Path, post: str, rules: dict[str, Any], why: str) -> None:
    assert reasons(filled(top, post, **rules)) == [why]


def test_what_was_filled_and_what_the_store_gives_is_told(top: Path) -> None:
    store = (
        "accounts: linkedin\nposts:\n- {id: tip, evergreen: {every: 1w}, variants: [{text: A}, {text: B}]}\n"
    )
    (top / "store.yaml").write_text(store, encoding="utf-8")
    rules = FillRules(NOW, NOW, (NOW + timedelta(days=14)).date())
    uses = find_uses(read(top), rules)
    told = fill_page.text(fill(read(top), rules), uses, {}, Dates("UTC", 2027), before={}, prefix="")
    assert [f"{each.at:%d} {each.version}" for each in uses.filled] == ["01 1", "08 2", "15 1"]
    assert ("tip, variant 2" in told, told.count("variant")) == (True, 1)
    assert "2 slots stay free on linkedin, the first on Thu 4 Mar: nothing in store may be used then" in told
    rules = FillRules(NOW, NOW, (NOW + timedelta(days=6)).date())
    uses = find_uses(read(top), rules)
    told = fill_page.text(fill(read(top), rules), uses, {}, Dates("UTC", 2027), before={}, prefix="")
    assert "1 slot stays free on linkedin, Thu 4 Mar" in told


def test_a_post_that_is_in_publer_already_or_may_be_gets_no_other_time(top: Path) -> None:
    posts = [f"id: {name}, accounts: linkedin, text: {name}" for name in ("one", "two", "three")]
    one, two = Location("posts.yaml", 2, 3), Location("posts.yaml", 3, 3)
    found = filled(top, *posts, in_publer=[one], unknown={two: "nobody knows"})
    assert slots(found) == ["three 01 09:00"]
    assert [(each.reason, each.silent) for each in found.left] == [(IN_PUBLER, True), ("nobody knows", False)]
    told = fill_page.text(
        filled(top, *posts, unknown={two: "nobody knows"}), None, {}, Dates("UTC"), before={}, prefix=""
    )
    assert "2 posts filled, 1 post still waiting" in told


def test_only_posts_of_the_accounts_that_are_chosen_are_filled(top: Path) -> None:
    post = "id: one, accounts: linkedin, text: A"
    assert slots(filled(top, post, accounts=frozenset({"linkedin"}))) == ["one 01 09:00"]
    found = filled(top, post, accounts=frozenset({"x"}))
    assert (found.filled, found.left) == ([], [])
    left = filled(top, post, until=NOW.date() - timedelta(days=1))
    told = fill_page.text(left, None, {}, Dates("UTC"), before={}, prefix="")
    assert told.endswith("\n1 post still waiting.\n")
    told = fill_page.text(left, Uses(), {}, Dates("UTC"), before={}, prefix="")
    assert told.endswith("\n1 post still waiting, 0 uses of stored posts.\n")


def test_free_slots_are_those_ahead_that_nothing_has(top: Path) -> None:
    (top / "posts.yaml").write_text("posts:\n- {at: 2027-03-04 09:00, accounts: linkedin, text: A}\n")
    found = free_slots(read(top), ["linkedin"], NOW + timedelta(hours=2), (NOW + timedelta(days=7)).date())
    assert [f"{at:%m-%d}" for at in found] == ["03-08"]
    assert [*free_slots(read(top), [], NOW)] == []
    assert next(free_slots(read(top), ["linkedin"], NOW + timedelta(hours=2), taken=())).day == 4


def test_holidays_and_quiet_days_have_no_slots(top: Path) -> None:
    cadence = "cadence: {quiet: [mon], holidays: [2027-03-04]}\n"
    (top / "publer.yaml").write_text(SETTINGS + cadence, encoding="utf-8")
    assert slots(filled(top, "id: one, accounts: linkedin, text: A")) == ["one 11 09:00"]


def test_a_slot_is_written_in_the_zone_of_the_posts_file(top: Path) -> None:
    (top / "a.yaml").write_text("posts: []\n", encoding="utf-8")
    found = filled(top, "id: one, accounts: linkedin, text: A", head="timezone: America/New_York\n")
    assert b"at: Mon 2027-03-01 04:00" in found.files["posts.yaml"]
    (top / "posts.yaml").unlink()
    lines = "posts:\n- only words\n- {at: next, accounts: linkedin, text: A}\n"
    (top / "a.yaml").write_text(lines, encoding="utf-8")
    assert b"at: Mon 2027-03-01 09:00" in fill(read(top), FillRules(NOW, NOW)).files["a.yaml"]


def test_a_post_in_a_page_of_the_website_is_told_the_slot_to_write_there(top: Path) -> None:
    pages = "pages: [{files: 'blog/*.md', url: 'https://example.com/{slug}/'}]\n"
    (top / "publer.yaml").write_text(SETTINGS + pages, encoding="utf-8")
    (top / "blog").mkdir()
    page = (
        "---\ntitle: T\nsocial:\n- {id: page, at: next, accounts: linkedin, text: A, when_live: false}\n---\n"
    )
    (top / "blog" / "t.md").write_text(page, encoding="utf-8")
    git(top, "init", "-q")
    git(top, "add", "-A")
    found = filled(top, "id: one, accounts: linkedin, text: B")
    assert slots(found) == ["one 01 09:00"]
    assert reasons(found) == [f"{IN_PAGE}: write at: Thu 2027-03-04 09:00 there"]
    told = fill_page.document(found, None, {}, calendar="acme", before={}, written=False)
    assert [each["scheduled_at"] for each in told["waiting"]] == ["2027-03-04T09:00:00Z"]


# --- what does not read back ------------------------------------------------------------------------------------------

TWO = ("id: one, accounts: linkedin, text: A", "id: two, accounts: linkedin, text: B")


def spoiled(monkeypatch: pytest.MonkeyPatch, *, where: str, by: str, to: str) -> None:
    """An editor that spoils a file as it writes the time of a post."""
    from publer_sync.editing.editor import edited

    def spoil(document: Any, edits: Any) -> Any:
        made = edited(document, edits)
        lines = made.raw.decode().split("\n")
        spoils = [line.replace(by, to) if where in line and "next" not in line else line for line in lines]
        return replace(made, raw="\n".join(spoils).encode())

    monkeypatch.setattr("publer_sync.drafting.filling.edited", spoil)


@each_of(
    "where, by, to, waits",
    [
        ("id: one", "2027-03-01", "2027-03-08", {"one": "its new time could not be read back"}),
        ("id: one", "linkedin", "nobody", {"one": 'there is no account "nobody"'}),
        ("id: two", "linkedin", "nobody", {"two": 'there is no account "nobody"'}),
        ("id: own", ": x", ": nobody", {"two": 'there is no account "nobody"'}),
    ],
)
def test_what_does_not_read_back_as_it_is_meant_still_waits_and_says_why(
    tmp_path_factory: pytest.TempPathFactory, where: str, by: str, to: str, waits: dict[str, str]
) -> None:
    """The rest is filled; an error of a post that did not wait counts as that of the last one that did."""
    top = tmp_path_factory.mktemp("top")
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        spoiled(patched, where=where, by=by, to=to)
        own = "- {id: own, at: 2027-03-02 09:00, accounts: x, text: Own}\n"
        for name, post, more in zip(("one", "two"), TWO, ("", own), strict=True):
            (top / f"{name}.yaml").write_text(f"posts:\n- {{at: next, {post}}}\n{more}", encoding="utf-8")
        found = fill(read(top), FillRules(NOW, NOW))
    assert {each.post.id: each.reason for each in found.left} == waits
    assert slots(found) == ["two 01 09:00" if "one" in waits else "one 01 09:00"]
    assert [*found.files] == [f"{name}.yaml" for name in ("one", "two") if name not in waits]


@each_of("above", [True, False])
def test_an_error_of_another_post_of_the_file_is_not_that_of_the_one_beside_it(
    tmp_path_factory: pytest.TempPathFactory, above: bool
) -> None:
    top = tmp_path_factory.mktemp("top")
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    own = "- {id: own, at: 2027-03-02 09:00, accounts: x, text: Own}\n"
    for name, post in zip(("one", "two"), TWO, strict=True):
        lines = [f"- {{at: next, {post}}}\n", own if name == "one" else ""]
        text = "".join(lines[::-1] if above else lines)
        (top / f"{name}.yaml").write_text(f"posts:\n{text}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        spoiled(patched, where="id: own", by=": x", to=": nobody")
        assert [each.post.id for each in fill(read(top), FillRules(NOW, NOW)).left] == ["one", "two"]


def test_an_error_is_that_of_its_post_wherever_posts_of_other_files_begin(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled(monkeypatch, where="  accounts: linkedin", by="linkedin", to="nobody")
    one = "posts:\n- id: one\n  at: next\n  accounts: linkedin\n  text: A\n"
    (top / "one.yaml").write_text(one, encoding="utf-8")
    (top / "two.yaml").write_text(f"posts:\n# below\n- {{at: next, {TWO[1]}}}\n", encoding="utf-8")
    [left] = fill(read(top), FillRules(NOW, NOW)).left
    assert (left.post.id, left.reason) == ("one", 'there is no account "nobody"')


def test_a_value_that_an_anchor_shares_is_left_with_the_line_to_write(top: Path) -> None:
    shared = "posts:\n- {id: a, at: &when next, accounts: linkedin, text: A}\n- {id: b, at: *when, accounts: linkedin, text: B}\n"
    (top / "posts.yaml").write_text(
        shared + "- {id: c, at: next, accounts: linkedin, text: C}\n", encoding="utf-8"
    )
    found = fill(read(top), FillRules(NOW, NOW))
    assert reasons(found) == [
        "an anchor of YAML shares this value with another place; write at: Mon 2027-03-01 09:00",
        "an anchor of YAML shares this value with another place; write at: Thu 2027-03-04 09:00",
    ]
    assert slots(found) == ["c 01 09:00"]


def test_slots_are_looked_for_a_year_ahead_and_up_to_the_last_day(top: Path) -> None:
    days = ", ".join(f"{NOW + timedelta(days=day):%Y-%m-%d}" for day in range(367))
    (top / "publer.yaml").write_text(f"{SETTINGS}cadence: {{holidays: [{days}]}}\n", encoding="utf-8")
    assert reasons(filled(top, TWO[0])) == ["no slot of linkedin is free in the year ahead"]
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    assert slots(filled(top, *TWO, until=(NOW + timedelta(days=3)).date())) == [
        "one 01 09:00",
        "two 04 09:00",
    ]
    assert slots(filled(top, *TWO, until=(NOW + timedelta(days=2)).date())) == ["one 01 09:00"]


def test_a_post_whose_own_time_of_day_has_a_zone_of_its_own(top: Path) -> None:
    post = "id: one, accounts: [linkedin, x], text: A, networks: {x: {at: '12:00+02:00'}}"
    [one] = filled(top, post).filled
    assert {alias: f"{at:%d %H:%M}" for alias, at in one.minutes.items()} == {
        "linkedin": "01 09:00",
        "x": "01 10:00",
    }


@each_of("skipped, kept", [("02:30", ["one 04 09:00"]), ("03:30", ["one 28 09:00"])])
def test_a_slot_on_whose_day_the_clocks_skip_the_time_of_another_account_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, skipped: str, kept: list[str]
) -> None:
    top = tmp_path_factory.mktemp("top")
    settings = SETTINGS.replace("UTC", "Europe/Oslo").replace("mon 09:00, thu 09:00", "sun 11:00, sun 11:01")
    (top / "publer.yaml").write_text(settings, encoding="utf-8")
    post = f"id: one, accounts: [linkedin, x], text: A, networks: {{x: {{at: '{skipped}'}}}}"
    assert slots(filled(top, post, first=datetime(2027, 3, 27, tzinfo=UTC))) == kept

"""Which stored posts get which slots, in memory: each rule that a use keeps to, and what the ledger adds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.drafting.filling import FillRules
from publer_sync.drafting.stored import PastUse, find_uses, lasting, next_version
from publer_sync.drafting.using import use_stored
from publer_sync.values.errors import InputError
from tests.calendar.calendars import judged
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from publer_sync.drafting.stored import Uses

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
"""A Monday."""
SETTINGS = """\
timezone: UTC
accounts: {linkedin: Us, x: Me, facebook: Page}
slots: {linkedin: [mon 09:00, thu 09:00]}
"""
TWO = """\
accounts: linkedin
posts:
- {id: one, evergreen: {every: 1w}, text: One}
- {id: two, evergreen: {every: 1w}, text: Two}
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def uses(
    top: Path, store: str, days: int, *, more: str = "", settings: str = "", past: Collection[PastUse] = ()
) -> Uses:
    (top / "publer.yaml").write_text(SETTINGS + settings, encoding="utf-8")
    (top / "store.yaml").write_text(store, encoding="utf-8")
    (top / "more.yaml").write_text(f"posts:\n{more}" if more else "posts: []\n", encoding="utf-8")
    rules = FillRules(NOW, NOW, (NOW + timedelta(days=days)).date())
    found = use_stored(read(top), rules, past)
    assert [each.at for each in found.uses.filled] == [
        each.at for each in find_uses(read(top), rules, past).filled
    ]
    return found.uses


def given(found: Uses) -> list[str]:
    return [
        f"{each.at:%m-%d} {each.stored.id}{f'/{each.version}' if each.version > 1 else ''}"
        for each in found.filled
    ]


def on(*aliases: str, every: str = "8w", **more: str) -> str:
    keys = "".join(f"  {key}: {value}\n" for key, value in more.items())
    text = "" if "text" in more or "variants" in more else "  text: Words\n"
    return f"posts:\n- id: tip\n  accounts: [{', '.join(aliases)}]\n  evergreen: {{every: {every}}}\n{text}{keys}"


def test_the_one_used_longest_ago_comes_first_and_never_used_before_it(top: Path) -> None:
    assert given(uses(top, TWO, 10)) == ["03-01 one", "03-04 two"]
    used = "- {use: one, at: 2027-02-12 08:00}\n- {use: two, at: 2027-02-10 08:00}\n"
    assert given(uses(top, TWO, 3, more=used)) == ["03-01 two", "03-04 one"]
    three = TWO + "- {id: three, evergreen: {every: 1w}, text: Three}\n"
    assert given(uses(top, three, 3, more=used)) == ["03-01 three", "03-04 two"]


def test_a_use_rests_before_and_after_another_one_on_the_same_account(top: Path) -> None:
    assert given(uses(top, on("linkedin", every="3w"), 42)) == ["03-01 tip", "03-22 tip", "04-12 tip"]
    ahead = "- {use: tip, at: 2027-03-18 08:00}\n"
    assert given(uses(top, on("linkedin", every="2w"), 31, more=ahead)) == ["03-01 tip", "04-01 tip"]
    elsewhere = "- {use: tip, at: 2027-03-02 12:00, accounts: facebook}\n"
    both = on("linkedin", "facebook", every="2w")
    assert given(uses(top, both, 20, more=elsewhere)) == ["03-18 tip"]


def test_variants_take_turns(top: Path) -> None:
    store = on("linkedin", every="2w", text="A", variants="[{text: B}, {text: C}]")
    assert given(uses(top, store, 60)) == [
        "03-01 tip", "03-15 tip/2", "03-29 tip/3", "04-12 tip", "04-26 tip/2",
    ]  # fmt: skip
    entry = next(each for each in read(top).entries if each.is_stored)
    assert next_version(read(top), entry) == 1
    beside = "- {at: 2027-03-01 12:00, accounts: x, text: Own}\n- {use: other, at: 2027-03-02 15:00}\n"
    (top / "other.yaml").write_text(
        "posts:\n- {id: other, accounts: x, evergreen: {every: 1w}, text: Other}\n", encoding="utf-8"
    )
    for more, version in (("", 1), ("- {use: tip, at: 2027-03-02 12:00}\n", 2)):
        (top / "more.yaml").write_text(f"posts:\n{beside}{more}", encoding="utf-8")
        assert next_version(read(top), entry) == version


def test_times_count_on_each_account_and_x_gets_new_words_alone(top: Path) -> None:
    store = on("linkedin", "x", every="2w").replace("every: 2w", "every: 2w, times: 2")
    found = uses(top, store, 60)
    assert [each.aliases for each in found.filled] == [("linkedin", "x"), ("linkedin",)]
    assert [
        (each.stored.id, "2 times" in each.reason)
        for each in uses(
            top, store, 60, more="- {use: tip, at: 2027-02-01 12:00}\n- {use: tip, at: 2027-01-01 12:00}\n"
        ).spent
    ] == [("tip", True)]
    over = on("linkedin").replace("every: 8w", "every: 8w, until: 2027-02-20")
    assert [each.reason for each in uses(top, over, 9).spent] == ["its time was over on 2027-02-20"]


@pytest.mark.parametrize(
    ("settings", "more", "first"),
    [
        ("", "", "03-01 tip"),
        ("cadence: {quiet: [mon]}\n", "", "03-04 tip"),
        ("cadence: {holidays: [2027-03-01]}\n", "", "03-04 tip"),
        ("cadence: {linkedin: 0-1/week}\n", "- {at: 2027-03-05 12:00, accounts: linkedin, text: Own}\n", "03-08 tip"),
        ("budget: {linkedin: {posts: 1/week}}\n", "- {at: 2027-03-05 12:00, accounts: linkedin, text: Own}\n", "03-08 tip"),
        ("cadence: {linkedin: 1+/week}\n", "", "03-01 tip"),
        ("", "- {at: 2027-03-01 09:00, accounts: linkedin, text: Own}\n", "03-04 tip"),
        ("", "- {at: 2027-03-05 12:00, accounts: linkedin, text: words}\n", "03-22 tip"),
    ],
)  # fmt: skip
def test_a_use_takes_the_first_slot_that_everything_allows(
    top: Path, settings: str, more: str, first: str
) -> None:
    assert given(uses(top, on("linkedin"), 28, settings=settings, more=more))[:1] == [first]


def test_a_use_that_brings_a_warning_which_no_other_slot_would_spare_is_written(top: Path) -> None:
    """Publer may not take a post that far ahead."""
    (top / "store.yaml").write_text(on("linkedin"), encoding="utf-8")
    rules = FillRules(NOW, datetime(2032, 3, 2, tzinfo=UTC), date(2032, 3, 6))
    assert given(use_stored(read(top), rules).uses) == ["03-04 tip"]


def test_a_use_on_two_accounts_takes_a_slot_whose_minute_both_have_free(top: Path) -> None:
    own = "- {at: 2027-03-01 09:00, accounts: x, text: Own}\n"
    assert given(uses(top, on("linkedin", "x"), 4, more=own)) == ["03-04 tip"]
    skipped = on("linkedin", "x", networks="{x: {at: '02:30'}}")
    summer = SETTINGS.replace("UTC", "Europe/Oslo").replace("mon 09:00", "sun 11:00")
    (top / "publer.yaml").write_text(summer, encoding="utf-8")
    (top / "store.yaml").write_text(skipped, encoding="utf-8")
    (top / "more.yaml").unlink()
    rules = FillRules(NOW, datetime(2027, 3, 28, tzinfo=UTC), date(2027, 4, 2))
    assert given(find_uses(read(top), rules)) == ["04-01 tip"]


def test_a_version_that_one_account_cannot_take_or_that_x_has_had_is_not_used(top: Path) -> None:
    broken = "{text: B, networks: {x: {media: [{file: gone.png}]}}}"
    past = [PastUse("x", "tip", date(2027, 1, 4), NOW, "A")]
    store = on("linkedin", "x", every="1w", variants=f"\n  - text: A\n  - {broken}\n  - text: C")
    found = uses(top, store, 3, past=past)
    assert (given(found), found.filled[0].aliases) == (["03-01 tip/3"], ("linkedin", "x"))


def test_hours_not_before_and_the_days_of_the_stored_post_hold(top: Path) -> None:
    assert given(uses(top, on("linkedin"), 9, settings="cadence: {hours: 10:00-21:00}\n")) == []
    assert given(uses(top, on("linkedin", not_before="2027-03-02"), 9)) == ["03-04 tip"]
    late = on("linkedin").replace("every: 8w", "every: 8w, from: 2027-03-05")
    assert given(uses(top, late, 9)) == ["03-08 tip"]


def test_the_same_words_rest_for_two_weeks_though_the_cooldown_is_shorter(top: Path) -> None:
    store, days = on("linkedin", every="1w"), ["03-01 tip", "03-15 tip", "03-29 tip"]
    assert given(uses(top, store, 28)) == days
    assert given(uses(top, store, 28, settings="timezone: Europe/Oslo\n")) == days, (
        "clocks go forward on the 28th"
    )


def test_what_the_ledger_knows_was_published_counts(top: Path) -> None:
    past = [PastUse(alias, "tip", date(2027, 2, 22), NOW, "Words") for alias in ("linkedin", "x")]
    found = uses(top, on("linkedin", "x", every="2w"), 14, past=past)
    assert [(f"{each.at:%m-%d}", each.aliases) for each in found.filled] == [("03-08", ("linkedin",))]
    assert [at.day for at in found.free["linkedin"]] == [1, 4, 11, 15]


def test_how_long_the_store_lasts_counts_what_is_ahead_and_what_slots_can_still_take(top: Path) -> None:
    once = TWO.replace("every: 1w", "every: 1w, times: 2")
    ahead = "- {at: 2027-05-03 12:00, accounts: x, text: Own}\n- {use: one, at: 2027-03-01 08:00}\n- {use: one, at: 2027-04-20 12:00}\n"
    uses(top, once, 7, more=ahead)
    (found,) = lasting(read(top), FillRules(NOW, NOW))
    assert (found.name, found.uses, found.until, found.further) == ("store", 3, date(2027, 4, 20), False)
    uses(top, TWO, 7)
    assert [each.further for each in lasting(read(top), FillRules(NOW, NOW))] == [True]
    once += "- {id: bare, evergreen: {every: 1w}}\n"
    end = "- {use: one, at: 2028-02-01 12:00}\n- {use: bare, text: Own, at: 2028-02-02 12:00}\n"
    uses(top, once, 7, more=end)
    (found,) = lasting(read(top), FillRules(NOW, NOW))
    assert (found.until, found.further) == (date(2028, 2, 1), True)
    uses(top, "posts: []\n", 7)
    assert lasting(read(top), FillRules(NOW, NOW)) == []


def test_the_months_files_get_the_uses_and_keep_every_other_byte(top: Path) -> None:
    old = "# March\nposts:\n- {at: 2027-03-02 09:00, accounts: x, text: Own}   # as it was\n"
    (top / "2027-03.yaml").write_text(old, encoding="utf-8")
    (top / "store.yaml").write_text(on("linkedin", "x", every="5w"), encoding="utf-8")
    found = use_stored(read(top), FillRules(NOW, NOW, date(2027, 4, 5)))
    assert {name: raw.decode() for name, raw in found.files.items()} == {
        "2027-03.yaml": f"{old}- use: tip\n  at: Mon 2027-03-01 09:00\n",
        "2027-04.yaml": "posts:\n- use: tip\n  at: Mon 2027-04-05 09:00\n  accounts: [linkedin]\n",
    }


DATED = 'utm: {campaign: "{date}"}\nutm_hosts: [example.com]\n'


def test_words_are_the_same_though_their_links_name_another_day(top: Path) -> None:
    """What `utm` adds is no word: nobody reads it, and X looks at the rest."""
    store = on("linkedin", "x", every="2w", text="See https://example.com/lamp")
    found = uses(top, store, 30, settings=DATED)
    assert [each.aliases for each in found.filled] == [("linkedin", "x"), ("linkedin",), ("linkedin",)]
    past = [
        PastUse("x", "tip", date(2027, 1, 4), NOW, "See https://example.com/lamp?utm_campaign=2027-01-04")
    ]
    assert [each.aliases for each in uses(top, store, 1, settings=DATED, past=past).filled] == [("linkedin",)]
    beside = "- {at: 2027-03-02 09:00, accounts: linkedin, text: See https://example.com/lamp}\n"
    assert given(
        uses(top, on("linkedin", text="See https://example.com/lamp"), 20, more=beside, settings=DATED)
    ) == ["03-18 tip"], "the same words rest for two weeks"


def test_words_that_come_again_are_told_though_their_links_name_another_day(top: Path) -> None:
    (top / "publer.yaml").write_text(SETTINGS + DATED, encoding="utf-8")
    (top / "store.yaml").write_text(
        on("x", every="1w", text="See https://example.com/lamp"), encoding="utf-8"
    )
    lines = "- {use: tip, at: 2027-03-02 12:00}\n- {use: tip, at: 2027-03-30 12:00}\n"
    lines += "- {at: 2027-03-03 09:00, accounts: x, text: See https://example.com/lamp}\n"
    (top / "more.yaml").write_text(f"posts:\n{lines}", encoding="utf-8")
    assert sorted(each.code for each in judged(read(top))) == ["text.again", "use.words"]


def test_only_the_accounts_that_are_chosen_get_uses(top: Path) -> None:
    more = "slots: {linkedin: [mon 09:00, thu 09:00], x: [tue 09:00]}"
    (top / "publer.yaml").write_text(SETTINGS.replace("slots: {linkedin: [mon 09:00, thu 09:00]}", more))
    store = "".join(
        f"- {{id: {name}, accounts: {name}, evergreen: {{every: 1w}}, text: {name}}}\n"
        for name in ("linkedin", "x")
    )
    (top / "store.yaml").write_text(f"posts:\n{store}")
    until = (NOW + timedelta(days=6)).date()
    for chosen, found in ((frozenset({"x"}), ["x"]), (frozenset[str](), ["linkedin", "x"])):
        rules = FillRules(NOW, NOW, until, accounts=chosen)
        assert [each.stored.id for each in find_uses(read(top), rules).filled] == found


def test_a_use_is_written_in_the_zone_of_its_months_file(top: Path) -> None:
    (top / "store.yaml").write_text(TWO, encoding="utf-8")
    (top / "2027-03.yaml").write_text("timezone: America/New_York\nposts: []\n", encoding="utf-8")
    (top / "publer.yaml").write_text(SETTINGS.replace("thu 09:00", "thu 15:00"), encoding="utf-8")
    found = use_stored(read(top), FillRules(NOW, NOW, (NOW + timedelta(days=4)).date()), ())
    assert "at: Thu 2027-03-04 10:00" in found.files["2027-03.yaml"].decode()


def test_a_use_on_two_accounts_counts_once(top: Path) -> None:
    store = TWO.replace("accounts: linkedin", "accounts: [linkedin, x]").replace(
        "every: 1w", "every: 1w, times: 1"
    )
    (top / "store.yaml").write_text(store, encoding="utf-8")
    (top / "more.yaml").write_text("posts:\n- {use: one, at: 2027-04-20 12:00}\n", encoding="utf-8")
    (found,) = lasting(read(top), FillRules(NOW, NOW))
    assert found.uses == 2


def test_a_time_of_day_of_its_own_is_one_in_the_zone_of_the_file_that_gets_the_use(top: Path) -> None:
    (top / "2027-03.yaml").write_text("timezone: America/New_York\nposts: []\n", encoding="utf-8")
    found = uses(top, on("linkedin", "x", networks="{x: {at: '10:00'}}"), 4)
    assert [f"{each.minutes['x']:%H:%M}" for each in found.filled] == ["15:00"]


@each_of(("clock", "first"), [("07:30", "03-04 tip"), ("08:00", "03-01 tip")])
def test_no_account_of_a_use_comes_before_the_first_slot(
    tmp_path_factory: pytest.TempPathFactory, clock: str, first: str
) -> None:
    found = uses(tmp_path_factory.mktemp("top"), on("linkedin", "x", networks=f"{{x: {{at: '{clock}'}}}}"), 4)
    assert given(found)[:1] == [first]


def test_the_days_of_a_stored_post_are_those_of_the_file_that_gets_the_use(top: Path) -> None:
    (top / "2027-03.yaml").write_text("timezone: Pacific/Auckland\nposts: []\n", encoding="utf-8")
    store = on("linkedin").replace("every: 8w", "every: 8w, from: 2027-03-05")
    late = SETTINGS.replace("thu 09:00", "thu 15:00")
    (top / "publer.yaml").write_text(late, encoding="utf-8")
    (top / "store.yaml").write_text(store, encoding="utf-8")
    assert given(find_uses(read(top), FillRules(NOW, NOW, date(2027, 3, 9)))) == ["03-04 tip"]


def test_what_cannot_be_read_takes_no_slot_from_the_others(top: Path) -> None:
    (top / "2027-03.yaml").write_text("Words\n", encoding="utf-8")
    (top / "store.yaml").write_text(on("linkedin", "x", networks="{x: {at: never}}"), encoding="utf-8")
    assert given(find_uses(read(top), FillRules(NOW, NOW, date(2027, 3, 9)))) == ["03-01 tip"]


def test_the_hours_of_an_account_are_those_of_the_file_that_gets_the_use(top: Path) -> None:
    (top / "2027-03.yaml").write_text("timezone: America/New_York\nposts: []\n", encoding="utf-8")
    for hours, first in (("04:00-05:00", ["03-01 tip"]), ("09:00-10:00", [])):
        cadence = f"cadence: {{hours: '{hours}'}}\n"
        assert given(uses(top, on("linkedin"), 4, settings=cadence)) == first


def test_a_use_rests_from_its_day_by_the_clock_of_its_file(top: Path) -> None:
    """A Tuesday in Auckland, and still Monday in the calendar."""
    used = "timezone: Pacific/Auckland\nposts:\n- {use: tip, at: 2027-03-02 09:00}\n"
    (top / "used.yaml").write_text(used, encoding="utf-8")
    assert given(uses(top, on("linkedin", every="3w"), 25)) == ["03-25 tip"]


def test_what_other_networks_had_is_new_on_x(top: Path) -> None:
    only_x = SETTINGS.replace("linkedin: [mon 09:00, thu 09:00]", "x: [mon 09:00]")
    (top / "publer.yaml").write_text(only_x, encoding="utf-8")
    until = (NOW + timedelta(days=6)).date()
    for store, more in (
        (on("x"), "- {at: 2027-03-01 08:30, accounts: linkedin, text: Words}\n"),
        (on("x", "linkedin"), "- {use: tip, at: 2026-12-01 08:30, accounts: linkedin}\n"),
    ):
        (top / "store.yaml").write_text(store, encoding="utf-8")
        (top / "more.yaml").write_text(f"posts:\n{more}", encoding="utf-8")
        found = find_uses(read(top), FillRules(NOW, NOW, until))
        assert [each.aliases[0] for each in found.filled] == ["x"]


def test_words_rest_on_each_account_of_x_though_another_one_says_them(top: Path) -> None:
    settings = SETTINGS.replace("x: Me", "x: Me, two: twitter/Two").replace("linkedin: [mon", "two: [mon")
    (top / "publer.yaml").write_text(settings, encoding="utf-8")
    (top / "store.yaml").write_text(on("two"), encoding="utf-8")
    for day, first in (("28", "03-04 tip"), ("27", "03-01 tip")):
        (top / "more.yaml").write_text(f"posts:\n- {{at: 2027-02-{day} 09:00, accounts: x, text: Words}}\n")
        assert given(find_uses(read(top), FillRules(NOW, NOW, date(2027, 3, 6)))) == [first]


def test_a_picture_without_words_is_not_the_same_words_again(top: Path) -> None:
    only_x = SETTINGS.replace("linkedin: [mon 09:00, thu 09:00]", "x: [mon 09:00]")
    (top / "publer.yaml").write_text(only_x, encoding="utf-8")
    picture = "media: [{url: https://example.com/a.jpg, alt: A}]"
    (top / "store.yaml").write_text(
        f"posts:\n- {{id: pic, accounts: x, evergreen: {{every: 1w}}, {picture}}}\n"
    )
    assert given(find_uses(read(top), FillRules(NOW, NOW, date(2027, 3, 9)))) == ["03-01 pic", "03-08 pic"]


def test_a_stored_post_with_an_error_is_neither_used_nor_spent(top: Path) -> None:
    bad = "posts:\n- {id: bad, accounts: linkedin, evergreen: {every: 1w}, text: [A]}\n"
    (top / "store.yaml").write_text(bad, encoding="utf-8")
    found = find_uses(read(top), FillRules(NOW, NOW, date(2027, 3, 6)))
    assert (found.filled, found.spent) == ([], [])


def test_uses_count_for_the_budget(top: Path) -> None:
    budget = "budget: {linkedin: {posts: 1/week}}\n"
    assert given(uses(top, TWO, 10, settings=budget)) == ["03-01 one", "03-08 two"]


def test_a_stored_post_is_not_over_on_its_last_day(top: Path) -> None:
    last = on("linkedin").replace("every: 8w", "every: 8w, until: 2027-03-01")
    (top / "store.yaml").write_text(last, encoding="utf-8")
    assert find_uses(read(top), FillRules(NOW, NOW + timedelta(hours=2), date(2027, 3, 6))).spent == []
    (top / "store.yaml").write_text(f"timezone: Pacific/Auckland\n{last}", encoding="utf-8")
    now = NOW + timedelta(hours=4)
    [spent] = find_uses(read(top), FillRules(now, now, date(2027, 3, 1))).spent
    assert spent.reason == "its time was over on 2027-03-01"


def test_a_months_file_that_cannot_be_read_takes_no_use(top: Path) -> None:
    (top / "2027-03.yaml").write_text("Words\n", encoding="utf-8")
    (top / "store.yaml").write_text(on("linkedin"), encoding="utf-8")
    with pytest.raises(InputError, match=r"2027-03\.yaml can't take another post"):
        use_stored(read(top), FillRules(NOW, NOW, date(2027, 3, 6)))


def test_a_slot_in_which_a_use_is_published_already_takes_no_other(top: Path) -> None:
    slots = SETTINGS.replace("mon 09:00, thu 09:00]", "mon 09:00], x: [mon 09:00, thu 09:00]")
    (top / "publer.yaml").write_text(slots, encoding="utf-8")
    other = "- {id: other, accounts: x, evergreen: {every: 8w}, text: Other}\n"
    (top / "store.yaml").write_text(on("linkedin", "x") + other, encoding="utf-8")
    assert given(find_uses(read(top), FillRules(NOW, NOW, date(2027, 3, 6)))) == ["03-01 tip", "03-04 other"]


@each_of(("chosen", "reasons"), [("x", ["x has no slots in publer.yaml"]), ("facebook", [])])
def test_an_account_without_slots_is_told_where_it_is_among_those_chosen(
    tmp_path_factory: pytest.TempPathFactory, chosen: str, reasons: list[str]
) -> None:
    top = tmp_path_factory.mktemp("top")
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "store.yaml").write_text(on("x"), encoding="utf-8")
    rules = FillRules(NOW, NOW, date(2027, 3, 9), accounts=frozenset({chosen}))
    assert [each.reason for each in find_uses(read(top), rules).spent] == reasons


def test_a_stored_post_is_not_used_on_a_holiday(top: Path) -> None:
    found = uses(
        top, on("linkedin", every="1w"), 4, settings="cadence: {quiet: [mon], holidays: [2027-03-04]}\n"
    )
    assert given(found) == []


def test_words_that_x_has_just_had_are_new_on_other_networks(top: Path) -> None:
    on_x = "- {at: 2027-03-01 12:00, accounts: x, text: Words}\n"
    assert given(uses(top, on("linkedin"), 4, more=on_x)) == ["03-01 tip"]


def test_a_stored_post_whose_words_x_has_had_is_spent_however_often_it_may_be_used(top: Path) -> None:
    slots = SETTINGS.replace("linkedin: [mon 09:00, thu 09:00]", "x: [mon 09:00]")
    (top / "publer.yaml").write_text(slots, encoding="utf-8")
    (top / "store.yaml").write_text(on("x", every="1w"), encoding="utf-8")
    (top / "more.yaml").write_text("posts:\n- {use: tip, at: 2027-01-04 09:00}\n", encoding="utf-8")
    found = find_uses(read(top), FillRules(NOW, NOW, (NOW + timedelta(days=9)).date()))
    assert [each.reason for each in found.spent] == [
        "X has had all its words, and nothing else can take it: add a variant"
    ]


def spoiled(monkeypatch: pytest.MonkeyPatch, by: str, to: str) -> None:
    """Months' files that are written with something else in them."""
    from publer_sync.editing.new_posts import with_posts

    def spoil(*given: Any, **options: Any) -> bytes:
        return with_posts(*given, **options).replace(by.encode(), to.encode())

    monkeypatch.setattr("publer_sync.drafting.using.with_posts", spoil)


@pytest.mark.parametrize(
    ("by", "to", "days"),
    [
        ("at: Mon 2027-03-01 09:00", "at: Tue 2027-03-02 09:00", [4]),
        ("use: one", "use: two", []),
        ("09:00", "09:00\n  text: 'TODO: words'", []),
        ("at: Mon 2027-03-01 09:00", "at: Mon 2027-03-01 09:00\n  text: 'TODO: words'", [4]),
        ("at: Thu 2027-03-04 09:00", "at: Thu 2027-03-04 09:00\n  text: 'TODO: words'", [1]),
        ("posts:", "posts: [", []),
        ("posts:", "posts:\n- {at: soon, accounts: x, text: Bad}", []),
    ],
)
def test_a_use_that_does_not_read_back_as_it_is_meant_is_left_out(
    top: Path, monkeypatch: pytest.MonkeyPatch, by: str, to: str, days: list[int]
) -> None:
    """Rather one use too few than one that says something else."""
    spoiled(monkeypatch, by, to)
    (top / "store.yaml").write_text(TWO, encoding="utf-8")
    found = use_stored(read(top), FillRules(NOW, NOW, (NOW + timedelta(days=4)).date())).uses
    assert [each.at.day for each in found.filled] == days


def test_of_the_uses_in_several_files_the_one_with_the_error_is_left_out(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = "at: Mon 2027-03-22 09:00"
    spoiled(monkeypatch, at, f"{at}\n  text: 'TODO: words'")
    three = "- {id: three, evergreen: {every: 1w}, text: Three}\n"
    (top / "store.yaml").write_text(TWO + three, encoding="utf-8")
    found = use_stored(read(top), FillRules(NOW, NOW, date(2027, 4, 1))).uses
    assert given(found)[-4:] == ["03-18 two", "03-25 three", "03-29 one", "04-01 two"]

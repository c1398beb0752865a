"""Posts of files on accounts: which layer wins, which accounts and minutes, and what binding changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.expand import Expander
from publer_sync.calendar.load import read
from publer_sync.calendar.when.moments import written_moment
from publer_sync.values.content import Share
from publer_sync.values.model import Account
from publer_sync.values.problems import Help
from tests.calendar.calendars import ACCOUNTS, POST, SETTINGS, both, contents, one, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path


LAYERS = [
    ("settings", "defaults: {title: settings}", "", "x", ""),
    ("settings' network", "defaults: {title: no, networks: {x: {title: settings' network}}}", "", "x", ""),
    ("settings' account", "defaults: {title: no, networks: {x: {title: no}}, accounts: [{account: x, title: settings' account}]}", "", "", ""),
    ("file", "defaults: {networks: {x: {title: no}}}", "defaults: {title: file}", "x", ""),
    ("file", "defaults: {accounts: [{account: x, title: no}]}", "defaults: {title: file}", "", ""),
    ("file's network", "", "defaults: {title: no, networks: {x: {title: file's network}}}", "x", ""),
    ("file's account", "", "defaults: {networks: {x: {title: no}}}", "[{account: x, title: file's account}]", ""),
    ("post", "", "defaults: {networks: {x: {title: no}}}", "x", "  title: post"),
    ("post's network", "", "", "x", "  title: no\n  networks: {x: {title: post's network}}"),
    ("post's account", "", "", "x", "  networks: {x: {title: no}}\n  accounts: [{account: x, title: post's account}]"),
]  # fmt: skip
"""The title that wins, then the lines of settings and file, the accounts of the file, and the lines of the post."""


@pytest.mark.parametrize(("title", "of_settings", "of_file", "accounts", "of_post"), LAYERS)
def test_nearest_wins_from_settings_to_the_account_of_a_post(
    top: Path, title: str, of_settings: str, of_file: str, accounts: str, of_post: str
) -> None:
    named = f"accounts: {accounts}\n" if accounts else ""
    file = f"{of_file}\n{named}posts:\n- at: 2027-03-01 09:00\n  text: hi\n{of_post}\n"
    write(top, publer=f"{SETTINGS}{of_settings}\n", a=file)
    assert contents(top)[0]["title"] == title


def test_labels_add_up_and_null_removes(top: Path) -> None:
    write(
        top,
        publer=SETTINGS + "defaults: {labels: [all], title: T, link: https://example.com}\n",
        a="defaults: {labels: [file]}\n"
        + one("x", "text: hi\n  labels: [post]\n  title: null\n  link: null"),
        b=one("x", "text: hi\n  labels: null\n  link: {title: Card}").replace("-01", "-02"),
    )
    assert contents(top) == [
        {"type": "status", "text": "hi", "labels": ["all", "file", "post"]},
        {"type": "link", "text": "hi", "title": "T", "link": {"url": "https://example.com", "title": "Card"}},
    ]


def test_other_lists_replace(top: Path) -> None:
    write(top, a=POST + "  media: [{id: a}, {id: b}]\n  networks: {x: {media: [{id: c}]}}\n")
    assert contents(top) == [{"type": "photo", "media": [{"id": "c"}]}]


def test_a_place_is_another_one_as_a_whole(top: Path) -> None:
    there, here = (
        f"networks: {{facebook: {{location: {each}}}}}" for each in ("{id: a, name: Oslo}", "{id: b}")
    )
    write(top, a=f"defaults: {{{there}}}\n" + POST.replace("x", "facebook") + f"  text: hi\n  {here}\n")
    assert contents(top) == [{"type": "status", "text": "hi", "location": {"id": "b"}}]


def test_ignore_adds_up_and_null_removes(top: Path) -> None:
    write(top, publer=SETTINGS + "ignore: {a.b: one, c.d: two}\n")
    write(top, a="ignore: {e.f: three}\n" + POST + "  text: hi\n  ignore: {c.d: null, g.h: four}\n")
    assert dict(both(top)[1].posts[0].ignore) == {"a.b": "one", "e.f": "three", "g.h": "four"}


# --- accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accounts", "placed"),
    [
        ("x", [("x", 8)]),
        ("twitter", [("x", 8)]),
        ("words", [("linkedin", 8), ("x", 8)]),
        ("[all, {account: words, at: 10:30}]", [("facebook", 8), ("linkedin", 9), ("x", 9)]),
    ],
)
def test_a_post_is_on_every_account_it_names_in_the_order_of_time(
    top: Path, accounts: str, placed: list[tuple[str, int]]
) -> None:
    write(top, a=one(accounts))
    _, desired, problems = both(top)
    assert problems == []
    assert [(post.account.alias, post.at.hour) for post in desired.posts] == placed


def test_posts_come_by_time_then_account(top: Path) -> None:
    write(
        top, a="accounts: all\nposts:\n- at: 2027-03-02 09:00\n  text: b\n- at: 2027-03-01 09:00\n  text: a\n"
    )
    calendar = read(top)
    for desired in (calendar.desired, calendar.bind(ACCOUNTS)):  # whose ids are in another order
        assert [(post.text, post.account.alias) for post in desired.posts] == [
            ("a", "facebook"),
            ("a", "linkedin"),
            ("a", "x"),
            ("b", "facebook"),
            ("b", "linkedin"),
            ("b", "x"),
        ]


def test_publers_accounts_replace_those_of_the_settings(top: Path) -> None:
    write(
        top,
        a="posts:\n- at: 2027-03-01 09:00\n  text: hi\n  accounts: [x, facebook]\n  share: {accounts: [linkedin]}\n",
    )
    known = {
        alias: Account(f"{number:024x}", alias, alias, alias)
        for number, alias in enumerate(("x", "linkedin"))
    }
    posts = read(top).bind(known).posts
    assert [post.account for post in posts] == [known["x"]]
    assert posts[0].content.share == Share((known["linkedin"].id,))


@each_of(
    ("lines", "types"),
    [
        ("text: Words", "article status video status status"),
        ("text: Words, link: 'https://e.com'", "article status video link link"),
        ("media: [{url: 'https://e.com/a.mp4'}]", "article reel video video video"),
        ("media: [{url: 'https://e.com/a.mp4'}, {url: 'https://e.com/a.png'}]", "article carousel video video video"),
        ("media: [{url: 'https://e.com/a.gif'}]", "article photo photo gif gif"),
        ("media: [{url: 'https://e.com/a.gif'}, {url: 'https://e.com/a.png'}]", "article photo photo photo photo"),
        ("media: [{url: 'https://e.com/a.pdf'}]", "article document document document document"),
        ("text: Which, poll: {options: [A, B], duration: 1d}", "article poll poll poll poll"),
    ],
)  # fmt: skip
def test_what_type_a_post_is_depends_on_its_network_where_that_is_known(
    top: Path, lines: str, types: str
) -> None:
    names = (
        "blog: {name: B, provider: wordpress_basic}",
        "insta: instagram/I",
        "tube: youtube/Y",
        "x: X",
        "shop: S",
    )
    write(top, publer=f"timezone: UTC\naccounts: {{{', '.join(names)}}}\n")
    write(top, a=f"posts:\n- {{at: 2027-03-02 09:00, accounts: all, {lines}}}\n")
    found = {post.account.alias: post.content.type for post in both(top)[1].posts}
    assert [found[name.partition(":")[0]] for name in names] == types.split()


def test_places_lead_to_the_line_of_each_part(top: Path) -> None:
    write(top, publer=SETTINGS + "defaults:\n  labels: [all]\n  title: |\n    Us\n")
    write(
        top,
        a=POST
        + "  text: hi\n  networks:\n    x:\n      at: 10:30\n      media:\n      - id: a\n        alt: What\n",
    )
    post = both(top)[1].posts[0]
    assert [
        str(post.place(path)) for path in ("text", "media/0/alt", "at", "labels/0", "title", "link/url")
    ] == [
        "a.yaml:4",
        "a.yaml:10",
        "a.yaml:7",
        "publer.yaml:8",
        "publer.yaml:9",
        "a.yaml:2",
    ]


def test_what_is_no_content_or_was_taken_away_has_no_place(top: Path) -> None:
    write(top, publer=SETTINGS + "defaults: {title: T, link: {title: Card, url: https://example.com}}\n")
    keys = "id: a, text: hi, title: null, link: {title: null}, networks: {x: {at: 10:30}}, note: Why"
    write(top, a=f"posts:\n- {{at: 2027-03-01 09:00, accounts: [x], {keys}}}\n")
    (post,) = both(top)[1].posts
    assert {path for path in post.places if ":" not in path} == {"text", "note", "link", "link/url", "at"}


@each_of(
    ("written", "column"),
    [("hi", 9), ("'hi'", 10), ('"hi"', 10), ('"h\\u0069"', None), ("hi\n    there", None)],
)
def test_the_words_of_a_value_on_one_line_begin_behind_its_quote(
    top: Path, written: str, column: int | None
) -> None:
    write(top, a=one("x", f"text: {written}"))
    desired = both(top)[1]
    (post,) = (*desired.posts, *desired.unplaced)
    place = post.places.get("text:value")
    assert (place and (place.line, place.column)) == (column and (4, column))
    (top / "a.yaml").write_bytes((top / "a.yaml").read_bytes().rstrip())  # the last line without its end
    assert next(iter((*both(top)[1].posts, *desired.unplaced))).places.get("text:value") == place


def test_the_words_under_a_sign_begin_in_the_next_line_that_has_some(top: Path) -> None:
    for lines, end, place in (("hi", "\n", (5, 5)), ("hi", "", (5, 5)), ("\n     hi", "\n", (6, 6))):
        (top / "a.yaml").write_text(one("x", f"text: |\n    {lines}").rstrip() + end, encoding="utf-8")
        (post,) = both(top)[1].posts
        found = post.places["text:words"]
        assert (found.line, found.column) == place
    (top / "a.yaml").write_text(one("x", "text: hi\n  note: |").rstrip(), encoding="utf-8")
    (post,) = both(top)[1].posts
    assert "note:words" not in post.places


def test_the_words_of_an_item_begin_where_it_does(top: Path) -> None:
    write(top, a=POST + "  text: hi\n  poll:\n    duration: 1d\n    options:\n    - Rye\n    - 'Bun'\n")
    places = both(top)[1].posts[0].places
    found = [places[f"poll/options/{number}:value"] for number in range(2)]
    assert [(place.line, place.column) for place in found] == [(8, 7), (9, 8)]


def test_a_share_is_on_publers_accounts_once_they_are_known(top: Path) -> None:
    write(
        top,
        a="posts:\n- {at: 2027-03-01 09:00, accounts: facebook, text: hi, share: {accounts: [x, linkedin]}}\n",
    )
    (post,) = read(top).bind(ACCOUNTS).posts
    assert post.content.share is not None
    assert post.content.share.accounts == tuple(sorted(ACCOUNTS[each].id for each in ("x", "linkedin")))


# --- binding ----------------------------------------------------------------------------------------------------------


def test_binding_reports_the_same_problems(top: Path) -> None:
    write(top, a="posts:\n- at: 2027-03-01 09:00\n  accounts: [{account: x, board: b}]\n  text: hi\n")
    calendar = read(top)
    assert calendar.desired.problems == calendar.bind(ACCOUNTS).problems != ()


def test_binding_gives_what_expanding_with_those_accounts_would(top: Path) -> None:
    """Only posts of accounts whose network was unknown are expanded again; the others just change their account."""
    (top / "a.png").write_bytes(b"picture")
    write(top, publer="timezone: Europe/Oslo\naccounts: {facebook: Page, x: Me, linkedin: Us, shop: Shop}\n")
    write(
        top,
        a="""\
accounts: [all, {account: shop, title: T}]
posts:
- at: 2027-03-01 09:00
  text: hi
  networks: {instagram: {text: on instagram, at: 10:00}, x: {text: on x}}
- at: 2027-03-02 09:00
  text: hi
  media: [{file: a.png}]
  share: {accounts: [shop, x]}
- {at: 2027-03-03 09:00, id: tip, text: hi, repeat: {every: day, times: 3}}
""",
    )
    accounts = {**ACCOUNTS, "shop": Account("4" * 24, "Shop", "instagram", "shop")}
    calendar = read(top)
    placed = calendar.desired.posts
    bound = calendar.bind(accounts)
    anew = Expander(top, calendar.settings, calendar.groups, calendar.documents, accounts)
    assert bound == anew.expand(calendar.entries).desired()
    assert bound.problems == ()
    assert {post.account.id for post in bound.posts} == {account.id for account in accounts.values()}
    assert [post.at.hour for post in bound.posts if post.text.startswith("on ")] == [8, 9]
    assert calendar.desired.posts == placed


def test_two_posts_in_one_slot_are_found_once_the_network_is_known(top: Path) -> None:
    write(top, publer="timezone: Europe/Oslo\naccounts: {shop: Shop}\n")
    write(
        top,
        a="""\
accounts: shop
posts:
- {at: 2027-03-01 09:00, text: one}
- {at: 2027-03-01 10:00, text: two, networks: {instagram: {at: 09:00}}}
""",
    )
    calendar = read(top)
    assert calendar.desired.problems == ()
    shop = Account("4" * 24, "Shop", "instagram", "shop")
    assert [problem.code for problem in calendar.bind({"shop": shop}).problems] == ["slot.twice"]


# --- times ------------------------------------------------------------------------------------------------------------


def test_a_repeat_keeps_its_time_of_day_when_the_clocks_change(top: Path) -> None:
    lines = "  id: tip\n  text: hi\n  repeat: {every: week, until: 2027-04-05, except: [2027-03-15]}\n"
    write(top, a=POST.replace("2027-03-01", "2027-03-08") + lines)
    calendar, desired, problems = both(top)
    assert problems == []
    assert calendar.posts == 4
    assert [(post.id, post.at) for post in desired.posts] == [
        ("tip@2027-03-08", datetime(2027, 3, 8, 8, tzinfo=UTC)),
        ("tip@2027-03-22", datetime(2027, 3, 22, 8, tzinfo=UTC)),
        ("tip@2027-03-29", datetime(2027, 3, 29, 7, tzinfo=UTC)),
        ("tip@2027-04-05", datetime(2027, 4, 5, 7, tzinfo=UTC)),
    ]
    assert {post.series for post in desired.posts} == {"tip"}
    for lines in ("  id: tip\n", "  repeat: {every: week, times: 1}\n"):  # a series without an id has no name
        write(top, a=f"{POST}  text: hi\n{lines}")
        assert [post.series for post in both(top)[1].posts] == [""]


def test_a_day_that_is_left_out_does_not_hide_that_a_series_is_too_long(top: Path) -> None:
    """It had the first 1,000 days, and nobody was told that the rest was missing."""
    series = "  text: hi\n  id: tip\n  repeat: {every: day, until: 2030-12-31, except: [2027-03-15]}\n"
    write(top, a=POST + series)
    _, desired, problems = both(top)
    assert (desired.posts, [each.code for each in problems]) == ((), ["repeat.many"])
    write(top, a=POST + series.replace("2030-12-31", "2029-11-25"))
    _, desired, problems = both(top)
    assert (len(desired.posts), problems) == (1000, [])


def test_a_series_that_starts_on_another_day_than_at_says_so(top: Path) -> None:
    series = "  text: hi\n  id: tip\n  repeat: {every: week, days: [tue, fri], times: 2}\n"
    write(top, a=POST + series)
    _, desired, (problem,) = both(top)
    assert (problem.severity, problem.code) == ("warning", "repeat.start")
    assert problem.help == Help("Start it there, or add mon to `days`", "at: 2027-03-02 09:00")
    days = [post.at.date().isoformat() for post in desired.posts]
    assert days == ["2027-03-02", "2027-03-05"]
    for at, pasted in (("2027-03-01", "2027-03-02"), ("2027-03-01 09:00+02:00", "2027-03-02 09:00+02:00")):
        write(top, a=f"time: 09:00\n{POST.replace('2027-03-01 09:00', at)}{series}")
        assert both(top)[2][0].help == Help("Start it there, or add mon to `days`", f"at: {pasted}")
    write(top, a=POST.replace("2027-03-01", "2027-03-02") + series)
    _, same, problems = both(top)
    assert problems == []
    assert [post.at for post in same.posts] == [post.at for post in desired.posts]


def test_a_series_of_every_second_week_says_the_day_on_which_it_really_starts(top: Path) -> None:
    """The Monday two days later is in the first week's successor, which it leaves out."""
    series = "  text: hi\n  id: tip\n  repeat: {every: 2w, days: [mon], times: 2}\n"
    write(top, a=POST.replace("2027-03-01", "2027-03-06") + series)
    _, desired, (problem,) = both(top)
    days = [post.at.date().isoformat() for post in desired.posts]
    assert days == ["2027-03-15", "2027-03-29"]
    assert problem.message == "the series starts on Mon 2027-03-15: `days` leaves out Sat 2027-03-06"
    assert problem.help == Help("Start it there, or add sat to `days`", "at: 2027-03-15 09:00")


def test_a_weekly_series_that_starts_late_in_a_month_is_not_warned_of_short_ones(top: Path) -> None:
    series = "  text: hi\n  id: tip\n  repeat: {every: week, times: 3}\n"
    for day, every, codes in (
        ("03-31", "week", []),
        ("03-31", "month", ["repeat.short"]),
        ("03-28", "month", []),
    ):
        write(top, a=POST.replace("03-01", day) + series.replace("week", every))
        assert [each.code for each in both(top)[2]] == codes, (day, every)


def test_the_day_on_which_a_series_starts_has_a_post(top: Path) -> None:
    """The first day of the rule may be left out."""
    series = (
        "  text: hi\n  id: tip\n  repeat: {every: week, days: [mon, thu], times: 3, except: [2027-03-04]}\n"
    )
    write(top, a=POST.replace("2027-03-01", "2027-03-03") + series)
    _, desired, (problem,) = both(top)
    assert [post.at.date().isoformat() for post in desired.posts] == ["2027-03-08", "2027-03-11"]
    assert problem.message == "the series starts on Mon 2027-03-08: `days` leaves out Wed 2027-03-03"
    assert problem.help == Help("Name Thu 2027-03-04 in `at`, or add wed to `days`", "at: 2027-03-04 09:00")


@pytest.mark.parametrize(
    ("of_settings", "of_file", "at", "warned"),
    [
        ("", "", "2027-03-01 09:00", True),
        ("timezone: Europe/Oslo\n", "", "2027-03-01 09:00", False),
        ("timezone: Yurp\n", "", "2027-03-01 09:00", False),
        ("", "timezone: Europe/Oslo\n", "2027-03-01 09:00", False),
        ("", "", "2027-03-01 09:00+01:00", False),
        ("", "", "2027-03-01 09:00Z", False),
    ],
)
def test_a_missing_time_zone_is_reported_once(
    top: Path, of_settings: str, of_file: str, at: str, warned: bool
) -> None:
    posts = f"- at: {at}\n  text: hi\n- at: {at.replace('09:', '10:')}\n  text: hi\n"
    write(top, publer=f"{of_settings}accounts: {{x: Me}}\n", a=f"{of_file}accounts: x\nposts:\n{posts}")
    found = [problem for problem in both(top)[2] if "UTC" in problem.message]
    assert [(problem.severity, str(problem.location)) for problem in found] == (
        [("warning", "a.yaml:3")] if warned else []
    )


def test_a_group_without_an_account_is_named(top: Path) -> None:
    settings = "timezone: Europe/Oslo\naccounts: {x: Me}\ngroups: {nobody: [all, -x]}\n"
    post = "posts:\n- {at: 2027-03-02 09:00, text: a}\n"
    for own, files in (
        ("", post.replace("text", "accounts: nobody, text")),
        ("", f"accounts: nobody\n{post}"),
        ("defaults: {accounts: [nobody]}\n", post),
    ):
        write(top, publer=settings + own, a=files)
        (problem,) = [each for each in both(top)[2] if each.code == "account.none"]
        assert "the group `nobody` has no account of this calendar" in problem.message


@each_of(
    "account, post, found, codes",
    [
        ("x", "", ["x a", "x b"], ["account.unused", "slot.twice", "account.none"]),
        ("linkedin", "", ["linkedin a"], ["account.unused", "text.none", "account.none"]),
        ("", "b", ["x b"], ["account.none"]),
        (
            "",
            "",
            ["linkedin a", "x a", "x b"],
            ["account.unused", "slot.twice", "text.none", "account.none"],
        ),
        ("facebook", "", [], ["account.none"]),  # also of posts that are on no account
    ],
)
def test_some_of_the_posts_are_those_and_what_is_wrong_with_them(
    top: Path, account: str, post: str, found: list[str], codes: list[str]
) -> None:
    write(
        top,
        a="posts:\n"
        "- {id: a, accounts: [x, linkedin], at: 2027-03-01 09:00, text: One, networks: {facebook: {text: Two}}}\n"
        "- {id: b, accounts: x, at: 2027-03-01 09:00, text: Two}\n"
        "- {id: c, accounts: linkedin, at: 2027-03-02 09:00}\n"
        "- {id: d, at: 2027-03-02 09:00, text: Nowhere}\n",
    )
    some = read(top).some(lambda each: account in ("", each.alias) and post in ("", each.entry.id))
    assert [f"{each.account.alias} {each.id}" for each in some.posts] == found
    assert [problem.code for problem in some.problems] == codes


@pytest.mark.parametrize(
    ("at", "moment"),
    [
        ("2027-03-01 09:00", "2027-03-01 08:00"),
        ("2027-03-01 09:00-05:00", "2027-03-01 14:00"),
        ("2027-03-01", "2027-03-01 07:30"),
        ("fair - 1d 10:00", "2027-04-30 08:00"),
        ("lost - 1d 10:00", None),
        ("2027-03-28 02:30", None),  # the clocks skip it
        ("2027-02-29 09:00", None),
        ("10:00", None),
        ("next", None),
        ("null", None),
        ("[a]", None),
    ],
)
def test_what_a_post_says_of_its_time_is_known_whatever_else_is_wrong(
    top: Path, at: str, moment: str | None
) -> None:
    write(
        top,
        publer=f"{SETTINGS}dates: {{fair: 2027-05-01, lost: soon}}\n",
        a=f"time: 8:30\nposts:\n- {{at: {at}}}\n",
    )
    (entry,) = read(top).entries
    found = written_moment(entry)
    assert (None if found is None else f"{found.astimezone(UTC):%Y-%m-%d %H:%M}") == moment


def test_a_day_without_a_time_or_a_zone_is_no_moment(top: Path) -> None:
    for head, at in (
        ("", "at: 2027-03-01"),
        ("timezone: Nowhere\n", "at: 2027-03-01 09:00"),
        ("", "at: 2027-03-01 09:00, at: 2027-03-02 09:00"),
        ("", "title: No time"),
    ):
        write(top, a=f"{head}posts:\n- {{{at}, accounts: x, text: hi}}\n")
        (entry,) = read(top).entries
        assert written_moment(entry) is None, at

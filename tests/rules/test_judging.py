"""What is checked, in which order, what is silenced, and what holds across posts."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.networks.media import MediaInfo
from publer_sync.networks.table import NETWORKS
from publer_sync.rules.across import check_together
from publer_sync.rules.judging import judge, judge_links, judge_one, judge_texts, judge_words
from publer_sync.rules.rulebook import RULES
from publer_sync.values.model import MINUTE, MediaSource, Use
from publer_sync.values.policies import OwnHosts, WordEntry, WordRule
from publer_sync.values.problems import Help, Location
from tests.builders import SETTINGS
from tests.calendar.calendars import write as write_files
from tests.rules.builders import AT, MB, PHOTO, found, hours, media, poll, post, says, told, write
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from publer_sync.values.content import Content, Json


def test_a_post_on_an_unknown_network_is_checked_by_the_general_rules() -> None:
    assert told(post("", text="TODO: " + "a" * 70_000, poll=poll("a"))) == ["error text.placeholder"]


def test_a_problem_names_every_account_once() -> None:
    posts = [post("twitter", text="a" * 281, alias=alias) for alias in ("x", "x_de")]
    posts.append(post("twitter", hours(24 * 9), text="a" * 281))
    says("error x.text.length", "1 character too long for X: 281 of 280 (x, x_de)", *posts)


def test_of_a_post_whose_time_has_passed_rules_only_warn() -> None:
    """It is never sent. An account that joins a group stops no calendar for last year's posts."""
    long = post("twitter", text="a" * 281)
    for now, severity in ((None, "error"), (AT - MINUTE, "error"), (AT, "warning"), (AT + MINUTE, "warning")):
        of_it = [each.severity for each in judge([long], now=now) if each.code == "x.text.length"]
        assert of_it == [severity], now
    slip = post("twitter", text="TODO: find words")
    assert [each.severity for each in judge([slip], now=AT + MINUTE)] == ["error"], "it may mean another day"


def test_of_a_series_what_is_ahead_counts() -> None:
    """Its posts have one place, where each problem is told once."""
    over, ahead = (post("twitter", hours(at), text="a" * 281) for at in (-300, 300))
    for series, severity in (
        ([over, ahead], "error"),
        ([ahead, over], "error"),
        ([over, replace(over, at=hours(-600))], "warning"),
        ([ahead, replace(ahead, at=hours(600))], "error"),
    ):
        [problem] = judge(series, now=AT)
        assert (problem.code, problem.severity) == ("x.text.length", severity)


def test_accounts_are_named_where_their_words_tell_or_several_have_it() -> None:
    long, page = (post(provider, text="a" * 3001) for provider in ("linkedin", "facebook"))
    page = replace(page, account=replace(page.account, alias=None, name="Our page"))
    both = [replace(each, aliases=("linkedin", "Our page")) for each in (long, page)]
    [problem] = judge(both)
    assert problem.message.endswith("LinkedIn: 3,001 of 3,000"), "one has it, and the words say which"
    todo = [replace(each, content=replace(each.content, text="TODO: words")) for each in both]
    assert [each.message for each in judge(todo)] == ['placeholder "TODO" in the text (linkedin, Our page)']


def test_the_words_and_hosts_of_the_team_are_for_posts_ahead() -> None:
    rule = WordRule(Location("publer.yaml", 1), never=(WordEntry("cheap", Location("publer.yaml", 1)),))
    hosts = OwnHosts(("lamp.example",), Location("publer.yaml", 2))
    settings = replace(SETTINGS, words=(rule,), hosts=hosts)
    one = post("linkedin", text="TODO: so cheap, on https://e.com")
    own, team = ["text.placeholder"], ["link.host", "text.placeholder", "words.never"]
    for now, codes in ((AT, own), (AT - MINUTE, team), (AT + MINUTE, own)):
        assert [
            each.code for each in judge([one], now=now, settings=settings) if each.code != "time.soon"
        ] == codes
        assert sorted(code for code, _ in judge_one(one, now, settings)) == codes
    assert [each.code for each in judge_words([one], settings)] == ["link.host", "words.never"]


def test_what_a_post_silences_is_not_told_of_it_alone_either() -> None:
    content: dict[str, Json] = {"text": " ".join(f"#tag{n}" for n in range(6)), "media": media()}
    for code, left in (
        ("instagram.hashtags.soft", ["media.empty"]),
        ("instagram.hashtags", ["media.empty"]),
        ("media.empty", ["instagram.hashtags.soft", "media.empty"]),
    ):
        one = write("instagram", content, ignore={code: "agreed"})
        empty = MediaSource("sha256:0", path=Path(__file__).with_name("__init__.py"))
        found = [code for code, _ in judge_one(replace(one, media=(empty,)), AT, SETTINGS)]
        assert sorted(found) == left


def test_problems_come_in_the_order_of_their_lines() -> None:
    posts = [post("twitter", hours(line), line=line, text=f"TODO: {line}") for line in (30, 4, 17)]
    assert [problem.location and problem.location.line for problem in judge(posts)] == [4, 17, 30]


def test_the_code_of_a_rule_that_each_network_has_begins_with_the_network() -> None:
    assert RULES["{network}.text.length"].code_for(NETWORKS["twitter"]) == "x.text.length"
    assert RULES["text.key"].codes(None) == ("text.key", "text.key.soft")
    assert RULES["text.html"].codes(None) == ("text.html",)
    assert RULES["link.{network}"].code_for(NETWORKS["instagram"]) == "link.instagram"


def test_a_post_that_had_no_problem_is_judged_again_where_anything_about_it_is_different() -> None:
    """`plan` judges a calendar's posts twice: with the accounts as the settings name them, then with Publer's."""
    sound: dict[Hashable, Content] = {}
    good = replace(post("mastodon", text="Today, Tuesday: " + "a" * 384), zone="UTC")
    assert judge([good], sound=sound) == []
    assert [*sound.values()] == [good.content]
    small = replace(good.account, max_characters=300)
    content = replace(good.content, text="TODO: find words")
    others = {
        "on an account with a limit of its own": replace(good, account=small),
        "on another network": replace(good, account=replace(good.account, provider="bluesky")),
        "with other words": replace(good, content=content),
        "with another note": replace(good, note="Ask Ann\ndraft: true"),
        "with a page to wait for": replace(good, when_live=""),
        "where it is another day": replace(good, zone="Pacific/Honolulu"),
    }
    for what, other in others.items():
        assert judge([other], sound=sound) == judge([other]) != [], what
    assert judge([replace(good, account=replace(good.account, id="real"))], sound=sound) == []
    assert judge([replace(good, content=content)], sound=sound) != [], "what has a problem has it each time"
    attached: dict[str, tuple[str, Json]] = {
        "media": ("mastodon", media()),
        "thread": ("twitter", [{"text": "b", "media": media(alt="")}]),
        "comments": ("facebook", [{"text": "b", "media": media(alt="")}]),
        "link": ("facebook", {"url": "https://e.com", "image": "sha256:0"}),
    }
    for key, (provider, value) in attached.items():
        shown = write(provider, {"text": "a", key: value})
        assert judge([shown], inspector=lambda *_: None) == []
        for file, codes in ((None, []), (replace(PHOTO, size=201 * MB), ["media.large"])):
            judged = judge([shown], sound=sound, inspector=lambda *_, file=file: file)
            assert [each.code for each in judged if each.code == "media.large"] == codes, "another file"
    start, end = "2027-03-02T07:00:00+00:00", "2027-03-02T09:00:00+00:00"
    event = write("google", {"text": "Come", "type": "event", "title": "Party", "start": start, "end": end})
    later = replace(event, at=AT + timedelta(hours=2))
    assert judge([event], sound=sound) == judge([event])
    assert "google.event.over" in [each.code for each in judge([later], sound=sound)]


@pytest.mark.slow
def test_ten_thousand_posts_are_judged_in_no_time() -> None:
    text = "Post number {}: a sentence — or two, with some words and a 🎉. {}https://example.com/a"
    providers = ("twitter", "bluesky", "linkedin", "mastodon", "threads")
    posts = [
        post(providers[index % 5], AT + timedelta(minutes=97 * index), line=index, labels=["a"],
             text=text.format(index, "And more of them. " * 6))
        for index in range(10_000)
    ]  # fmt: skip
    start = time.process_time()
    judge(posts)
    assert time.process_time() - start < 2


# --- silencing


def test_a_reason_silences_a_rule_for_its_post_alone() -> None:
    silent = write("twitter", {"text": "a" * 281}, ignore={"x.text.length": "the account has Premium"})
    assert found(silent) == {}
    assert "x.text.length" in found(silent, post("twitter", hours(24 * 9), line=40, text="a" * 281))
    assert found(write("twitter", {"text": "TODO"}, ignore={"x.text.length": "other"}))


@each_of(
    ("number", "silenced", "left"),
    [
        (6, "instagram.hashtags.soft", []),
        (6, "instagram.hashtags", []),
        (31, "instagram.hashtags.soft", ["error instagram.hashtags"]),
        (31, "instagram.hashtags", []),
        (6, "instagram.text.length", ["warning instagram.hashtags.soft"]),
    ],
)
def test_a_warning_is_silenced_without_the_error_it_may_become(
    number: int, silenced: str, left: list[str]
) -> None:
    text = " ".join(f"#tag{index}" for index in range(number))
    one = write("instagram", {"text": text, "media": media()}, ignore={silenced: "agreed"})
    assert told(one, infos=(PHOTO,)) == left


def test_what_may_be_a_placeholder_can_be_silenced_alone() -> None:
    ignore = {"text.placeholder.soft": "the venue is open"}
    assert found(write("bluesky", {"text": "Venue: TBD"}, ignore=ignore)) == {}


@each_of(
    ("code", "content"),
    [
        ("thread.media", {"text": "a", "thread": [{"text": "b", "media": media(2)}]}),
        ("comments.media", {"text": "a", "comments": [{"text": "b", "media": media(2)}]}),
        ("media.large", {"media": media()}),
    ],
)
def test_what_cannot_be_sent_cannot_be_silenced(code: str, content: dict[str, Json]) -> None:
    large = MediaInfo("video/mp4", "video", 201 * MB)
    assert code in found(write("twitter", content, ignore={code: "please"}), infos=(large,))


@each_of(
    ("code", "message", "help"),
    [
        ("media.no-alts", "silences nothing; did you mean media.no-alt?", "Write media.no-alt instead"),
        ("text.agian", "silences nothing; did you mean text.again?", "Write text.again instead"),
        ("media.empty", "cannot be silenced", "Remove this line, and fix the problem"),
        ("text.html.soft", "silences nothing; did you mean text.html?", "Write text.html instead"),
        ("yaml.hash", "silences nothing", "Remove this line; docs/rules.md lists what can be silenced"),
    ],
)
def test_a_code_that_silences_nothing_is_a_warning(code: str, message: str, help: str) -> None:
    posts = [write("twitter", {"text": "a"}, ignore={code: "agreed"}) for _ in range(3)]
    posts.append(write("bluesky", {"text": "a"}, ignore={code: "agreed"}))
    (problem,) = (each for each in judge(posts) if each.code != "text.again")
    assert (problem.severity, problem.code) == ("warning", "ignore.unknown")
    assert (problem.message, problem.help) == (f"{code} {message}", Help(help))


def test_every_code_that_can_be_silenced_may_be_written() -> None:
    codes = {code for rule in RULES.values() if not rule.firm for code in rule.codes(NETWORKS["instagram"])}
    assert {"instagram.hashtags", "instagram.hashtags.soft"} <= codes
    assert not found(write("telegram", {"text": "a"}, ignore=dict.fromkeys(codes, "agreed")))


# --- times


def test_a_post_far_ahead_is_a_warning_where_the_day_is_known() -> None:
    far = post("twitter", AT + timedelta(days=5 * 365, minutes=1), text="a")
    assert judge([replace(far, at=far.at - MINUTE)], now=AT) == []
    assert [problem.code for problem in judge([far], now=AT)] == ["time.far"]
    assert judge([far]) == []


@each_of(("ahead", "codes"), [(4, ["time.soon"]), (5, []), (0, []), (-60, [])])
def test_a_post_due_within_5_minutes_is_a_warning_and_a_past_one_is_not(ahead: int, codes: list[str]) -> None:
    near = post("twitter", AT, text="a")
    assert [problem.code for problem in judge([near], now=AT - timedelta(minutes=ahead))] == codes


# --- across posts


def test_the_cap_of_tiktok_includes_pictures() -> None:
    posts = [post("tiktok", hours(index / 2), title="T", media=media(), line=index) for index in range(26)]
    says("warning day.cap", "26 posts on tiktok in 24 hours; Publer allows 25", *posts, infos=(PHOTO,))


def test_the_fifteenth_post_of_a_day_on_linkedin_is_too_much() -> None:
    posts = [post("linkedin", hours(index), line=index + 1, text=f"{index}") for index in range(15)]
    message = "15 posts on linkedin in 24 hours; Publer allows 14 (24 on a page)"
    problem = says("warning day.cap", message, *posts)
    assert problem.location == Location("may.yaml", 15)
    assert str(problem.help) == "Move these to another day: Tue 02 Mar 22:00 UTC (may.yaml:15)"
    assert not found(*posts[:14])


@each_of(("over", "end"), [(5, "(may.yaml:19)"), (6, "(may.yaml:19) and 1 more")])
def test_five_of_the_posts_over_a_limit_are_listed(over: int, end: str) -> None:
    posts = [post("linkedin", hours(index), line=index + 1, text=f"{index}") for index in range(14 + over)]
    assert str(found(*posts)["day.cap"].help).endswith(end)


def test_a_dead_link_is_to_be_put_online_where_the_post_waits_for_it() -> None:
    waiting = replace(
        post("linkedin", text="See https://e.com/page and https://e.com/other"),
        when_live="https://e.com/page",
    )
    for address, fix in (("page", "Put the page online"), ("other", "Correct it")):
        (problem,) = judge_links([waiting], {f"https://e.com/{address}": ("is not found", "Correct it")})
        assert str(problem.help).startswith(fix)
        assert problem.message == f"https://e.com/{address} is not found"


@each_of(
    ("network", "content", "most", "said"),
    [
        (
            "threads",
            {"text": "a"},
            25,
            "posts on threads in 24 hours; Publer allows 25 (250 by the page of its API, 25",
        ),
        (
            "pinterest",
            {"media": media()},
            36,
            "posts on pinterest in 24 hours; Publer allows 36 (36 by the page of its API, 100",
        ),
        (
            "youtube",
            {"title": "T", "media": media()},
            15,
            "videos and shorts on youtube in 24 hours; Publer allows 15 (15 by the page of its API, 30",
        ),
    ],
)
def test_of_two_documented_caps_the_lower_one_warns_and_both_are_named(
    network: str, content: dict[str, Json], most: int, said: str
) -> None:
    posts = [
        write(network, {**content, "text": f"a{index}"}, at=hours(index / 3), line=index + 1)
        for index in range(most + 1)
    ]
    assert "day.cap" not in found(*posts[:most], infos=(PHOTO,))
    problem = found(*posts, infos=(PHOTO,))["day.cap"]
    assert (problem.severity, problem.message) == ("warning", f"{most + 1} {said} by its article on spam)")


def test_a_linkedin_page_may_post_more() -> None:
    posts = [post("linkedin", hours(index / 2), kind="in_page", text=f"{index}") for index in range(25)]
    assert not found(*posts[:24])
    says("warning day.cap", "25 posts on linkedin in 24 hours; Publer allows 24", *posts)


def test_a_cap_counts_any_24_hours() -> None:
    assert not found(*(post("linkedin", hours(index * 2), text=f"{index}") for index in range(60)))
    late = [post("linkedin", hours(12 + index / 10), text=f"{index}") for index in range(14)]
    early = post("linkedin", hours(-10.5), text="early")
    assert not found(early, *late[:10])
    assert "day.cap" in found(early, *late)
    assert not found(post("linkedin", hours(-12), text="a day before"), *late)
    at_once = [post("linkedin", hours(0), text=f"{index}") for index in range(14)]
    assert not found(*at_once, post("linkedin", hours(24), text="a day later"))
    assert "day.cap" in found(*at_once, post("linkedin", hours(23.9), text="not quite"))


def test_drafts_stories_other_accounts_and_silenced_posts_do_not_count() -> None:
    posts = [post("instagram", hours(index / 2), media=media()) for index in range(25)]
    more = [
        post("instagram", hours(13), draft=True, media=media()),
        post("instagram", hours(13), type="story", media=media()),
        post("instagram", hours(13), alias="other", media=media()),
        write("instagram", {"media": media()}, at=hours(13), ignore={"day.cap": "agreed"}),
    ]
    assert not found(*posts, *more, infos=(PHOTO,))
    assert "day.cap" in found(*posts, post("instagram", hours(13), media=media()), infos=(PHOTO,))
    agreed = write("instagram", {"media": media()}, at=hours(-1), ignore={"day.cap": "agreed"})
    assert not found(agreed, *posts, infos=(PHOTO,))


def test_posts_count_in_order_of_time_whatever_the_order_of_files() -> None:
    posts = [post("linkedin", hours(20 - index), line=index + 1, text=f"{index}") for index in range(15)]
    assert found(*posts)["day.cap"].location == Location("may.yaml", 1)
    days = [post("linkedin", hours(n), line=9 - n // 24, text="a") for n in (48, 24, 0)]
    assert [of.at for of, _ in check_together(days)] == [hours(24), hours(48)]


def test_each_day_that_is_too_full_is_named() -> None:
    posts = [
        post("google", hours(24 * day + index / 2), line=100 * day + index, text="a")
        for day in (1, 5)
        for index in range(17)
    ]
    problems = [problem for problem in judge(posts) if problem.code == "day.cap"]
    assert [problem.location and problem.location.line for problem in problems] == [115, 515]
    assert problems[0].related == ((Location("may.yaml", 116), "also over the limit"),)
    full = [post("linkedin", hours(24 * (n // 15)), line=n, text=f"{n}") for n in range(45)]
    assert [of.at for of, _ in check_together(full)] == [hours(0), hours(24), hours(48)]


def test_the_same_words_on_x_again_are_a_warning() -> None:
    first = post("twitter", hours(0), line=3, text="Hello  there")
    again = post("twitter", hours(47), line=9, text="hello there")
    message = "the same text is published on x {} (may.yaml:3); X may refuse it"
    assert says("warning text.again", message.format("1 day before"), first, again).location == Location(
        "may.yaml", 9
    )
    other = post("twitter", hours(1), alias="x_de", line=9, text="Hello there")
    says("warning text.again", message.format("less than a day before"), first, other)


def test_on_x_two_weeks_count_on_one_account_and_two_days_on_all() -> None:
    first = post("twitter", hours(0), line=3, text="Hello there")
    later = post("twitter", hours(24 * 13), line=9, text="Hello there")
    says("warning text.again", "the same text is published on x 13 days before (may.yaml:3)", first, later)
    other = post("twitter", hours(24 * 12), alias="x_de", line=6, text="Hello there")
    assert not found(first, other)
    message = "the same text is published on x_de 1 day before (may.yaml:6); X may refuse it"
    says("warning text.again", message, first, other, later)


CHANGE, MOVE = "Change a word", "Move it, use another `variant`"


@each_of(
    ("provider", "later", "alias", "places", "use", "told"),
    [
        ("x", 1, "x", (None, None), False, ("text", "less than a day before (may.yaml:3)", f"{CHANGE}, or")),
        (
            "x",
            1,
            "x_de",
            (None, None),
            False,
            ("text", "less than a day before (may.yaml:3)", f"{CHANGE}, or"),
        ),
        ("x", 60, "x", (None, None), False, ("text", "2 days before (may.yaml:3)", f"{CHANGE}. If")),
        ("linkedin", 1, "linkedin", (None, None), False, ("text", "before (may.yaml:3)", f"{CHANGE}. If")),
        ("linkedin", 1, "linkedin", (7, 8), False, ("text", "before (store.yaml:7)", f"{CHANGE}. If")),
        ("linkedin", 1, "linkedin", (7, 7), False, ("text", "before (store.yaml:7)", f"{CHANGE}. If")),
        ("linkedin", 1, "linkedin", (7, 8), True, ("text", "before (store.yaml:7)", f"{CHANGE}. If")),
        ("linkedin", 1, "linkedin", (7, 7), True, ("", "before (may.yaml:3)", MOVE)),
        ("x", 1, "x", (7, 7), True, ("", "before (may.yaml:3); X may refuse it", MOVE)),
    ],
)
def test_where_the_same_words_are_told_and_what_to_do(
    provider: str,
    later: int,
    alias: str,
    places: tuple[int | None, int | None],
    use: bool,
    told: tuple[str, str, str],
) -> None:
    """The words of two uses of one stored post stand in one place: another word there changes both."""
    provider = "twitter" if provider == "x" else provider
    first, again = (
        replace(
            post(provider, hours(at), line=line, alias=name, text="Hello"),
            places={"text": Location("store.yaml", place)} if place else {},
            use=Use("tip", 1, Location("store.yaml", 6)) if use else None,
        )
        for at, line, name, place in ((0, 3, None, places[0]), (later, 9, alias, places[1]))
    )
    [(of, problem)] = check_together([again, first])
    path, message, fix = told
    assert (of, problem.path) == (again, path)
    assert message in problem.message
    assert ("X may refuse it" in problem.message) == (provider == "twitter" and later < 48)
    assert str(problem.help).startswith(fix)
    assert [(str(place), words) for place, words in problem.related] == [
        (message.partition("(")[2].partition(")")[0], "the first time")
    ]


def test_pictures_without_words_are_not_the_same_words() -> None:
    posts = [post("instagram", hours(at), line=at + 1, media=media()) for at in (0, 5)]
    assert not found(*posts, infos=(PHOTO,))


def test_of_two_earlier_posts_the_one_just_before_is_told() -> None:
    """On X both the account's own and that of any other one count."""
    own, other, again = (
        post("twitter", hours(at), alias=alias, line=line, text="Hello")
        for at, alias, line in ((0, "x", 1), (20, "x_de", 2), (30, "x", 3))
    )
    assert "on x_de less than a day before (may.yaml:2)" in found(own, other, again)["text.again"].message
    moved = replace(other, at=hours(-20))
    told = [problem.message for _, problem in check_together([moved, own, again])]
    assert [message.partition("published ")[2].partition(";")[0] for message in told] == [
        "on x_de less than a day before (may.yaml:2)",
        "on x 1 day before (may.yaml:1)",
    ]
    at_once = replace(other, at=own.at)
    [*_, (_, last)] = check_together([own, at_once, again])
    assert "on x 1 day before (may.yaml:1)" in last.message, "its own account's, where both are as old"
    for alias, shown in ((None, "Our page"), ("ours", "ours")):
        named = replace(own.account, alias=alias, name="Our page")
        [(_, last)] = check_together([replace(own, account=named), replace(again, account=named)])
        assert f"is published on {shown} 1 day before" in last.message


@each_of(
    ("provider", "later", "draft"),
    [("twitter", 14 * 24, False), ("bluesky", 14 * 24, False), ("twitter", 1, True), ("bluesky", 1, True)],
)
def test_the_same_words_later_or_in_a_draft_are_not(provider: str, later: int, draft: bool) -> None:
    assert not found(post(provider, text="a"), post(provider, hours(later), line=9, text="a", draft=draft))


@each_of(
    ("provider", "first", "later", "zone", "ago"),
    [
        ("linkedin", datetime(2027, 3, 18, 8, tzinfo=UTC), timedelta(days=14, hours=-1), "Europe/Oslo", None),
        ("linkedin", datetime(2027, 3, 18, 8, tzinfo=UTC), timedelta(days=14, hours=-1), "", "13 days"),
        (
            "linkedin",
            datetime(2027, 3, 18, 8, tzinfo=UTC),
            timedelta(days=14, hours=-1, minutes=-1),
            "Europe/Oslo",
            "13 days",
        ),
        (
            "linkedin",
            datetime(2027, 10, 21, 7, tzinfo=UTC),
            timedelta(days=14, minutes=30),
            "Europe/Oslo",
            "13 days",
        ),
        ("linkedin", datetime(2027, 10, 21, 7, tzinfo=UTC), timedelta(days=14, hours=1), "Europe/Oslo", None),
        ("twitter", datetime(2027, 10, 30, 7, tzinfo=UTC), timedelta(hours=48), "Europe/Oslo", "1 day"),
    ],
)
def test_two_weeks_are_two_weeks_by_the_clock_of_the_file(
    provider: str, first: datetime, later: timedelta, zone: str, ago: str | None
) -> None:
    """In Oslo clocks go forward on 28 March, and back on 31 October."""
    one, other = (
        replace(post(provider, first + after, line=line, text="We are open."), zone=zone)
        for after, line in ((timedelta(), 3), (later, 9))
    )
    told = found(one, other).get("text.again")
    assert (told and f"{ago} before" in told.message) == (None if ago is None else True)
    assert told is None or "X may" not in told.message, "where 48 hours are over"


@each_of("provider", ["bluesky", "facebook", "linkedin", "mastodon"])
@each_of(("later", "ago"), [(1, "less than a day"), (30, "1 day"), (13 * 24, "13 days")])
def test_the_same_words_on_one_account_within_two_weeks_are_a_warning(
    provider: str, later: int, ago: str
) -> None:
    first = post(provider, line=3, text="We are open.")
    again = post(provider, hours(later), line=9, text="We  are OPEN.")
    alias = first.account.alias
    says(
        "warning text.again", f"the same text is published on {alias} {ago} before (may.yaml:3)", first, again
    )
    other = post(provider, hours(later), line=9, alias="other", text="We are open.")
    changed = post(provider, hours(later), line=9, text="We are open again.")
    content, ignore = {"text": "We are open."}, {"text.again": "each week"}
    silenced = write(provider, content, at=hours(later), line=9, ignore=ignore)
    series = post(provider, hours(later), line=3, text="We are open.")
    assert not found(first, other, changed, silenced)
    assert not found(first, series)


def test_one_post_on_two_accounts_on_x_names_them_and_not_itself() -> None:
    first, second = (post("twitter", line=3, text="We are open.", alias=alias) for alias in ("x", "x_de"))
    problem = says(
        "warning text.again", "X may refuse the same text on two accounts: x and x_de", first, second
    )
    assert problem.related == ()
    other = post("twitter", line=3, text="Wir haben offen.", alias="x_de")
    assert not found(first, other)


def test_a_series_that_x_may_refuse_says_so() -> None:
    days = [post("twitter", hours(24 * day), line=3, text="A tip.") for day in range(3)]
    says(
        "warning text.again",
        "this post repeats within 48 hours, and X may refuse the same text again so soon",
        *days,
    )
    assert not found(*days[::2])


def test_what_is_wrong_in_a_text_of_several_lines_is_told_at_its_line(tmp_path: Path) -> None:
    """Also in a comment, and in what the settings add."""
    write_files(
        tmp_path,
        publer='timezone: UTC\naccounts: {linkedin: Us}\nappend: {linkedin: "#ad **now**"}\n',
        a="posts:\n- at: 2027-03-02 09:00\n  accounts: linkedin\n  text: Hello\n  comments:\n  - text: |\n"
        "      One line\n\n      and **bold** words\n",
    )
    calendar = read(tmp_path)
    found = calendar.judge(calendar.desired, now=AT - timedelta(days=9))
    assert [(each.code, str(each.location)) for each in found] == [
        ("text.markdown", "a.yaml:9"),
        ("text.markdown", "publer.yaml:3"),
    ]


def test_the_key_of_a_problem_is_underlined_where_it_has_a_line_of_its_own() -> None:
    """Else one character is: of an item of a list the number says nothing."""
    place = Location("may.yaml", 8, 3)
    long = post("twitter", text="a" * 281)
    assert found(long)["x.text.length"].length == 1
    assert found(replace(long, places={"text": place}))["x.text.length"].length == len("text")
    bare = post("twitter", text="Look", media=[{"url": "https://example.com/a.jpg"}])
    assert found(replace(bare, places={"media/0": place}))["media.no-alt"].length == 1


def test_of_a_post_that_could_be_read_in_part_its_text_is_judged_and_nothing_else() -> None:
    part = post("twitter", text="TODO: find words", comments=[{"text": "TODO"}], link={"url": "no address"})
    part = replace(part, places={"comments/0/text": Location("may.yaml", 9)})
    assert [(each.severity, each.code) for each in judge_texts([part])] == [("error", "text.placeholder")]
    long = post("twitter", text="TODO: " + "a" * 280)
    assert [each.code for each in judge_texts([long])] == ["text.placeholder", "x.text.length"]
    nowhere = replace(long, account=replace(long.account, provider=""))
    assert [each.code for each in judge_texts([nowhere])] == ["text.placeholder"]


def test_what_settings_add_is_told_at_their_line_from_its_first_letter_on(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        publer='timezone: UTC\naccounts: {linkedin: Us}\nappend: {linkedin: "**now**"}\n',
        a="posts:\n- at: 2027-03-02 09:00\n  accounts: linkedin\n  text: Hello\n",
    )
    calendar = read(tmp_path)
    [problem] = calendar.judge(calendar.desired, now=AT - timedelta(days=9))
    assert (problem.code, str(problem.location)) == ("text.markdown", "publer.yaml:3")

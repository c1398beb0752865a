"""What a Reader asks for, and how it reads a listing to its end."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import Refused, Unreachable
from publer_sync.values.model import Failure, JobStatus
from tests.publer.conftest import ACCOUNT, DAY, KEY, POST, post, posts
from tests.stand_in import Reply
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.content import Json
    from tests.publer.conftest import Service, StillClock


# --- a reader cannot write --------------------------------------------------------------------------------------------


def test_a_reader_has_no_way_to_send_anything_but_get(service: Service, clock: StillClock) -> None:
    reader = service.reader(clock)
    for name in ("schedule", "update", "delete", "upload", "import_url"):
        assert not hasattr(reader, name)
    for name in ("post", "put", "delete", "upload"):
        assert not hasattr(reader._connection, name)
    service.replies = [Reply({})]
    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        for url in (service.url, "https://127.0.0.1:9"):
            with pytest.raises(RuntimeError, match="GET only"):
                reader._connection._session.request(method, url, timeout=1)
    assert service.seen == []


def test_everything_a_reader_does_is_a_get(service: Service, clock: StillClock) -> None:
    reader = service.reader(clock)
    service.replies = [
        Reply([]),
        Reply([{"id": "1", "name": "n", "provider": "x"}]),
        *[posts(total=0)] * 4,
        Reply({"status": "complete"}),
    ]
    reader.workspaces(), reader.accounts(), reader.posts(since=DAY, until=DAY)
    reader.undated_drafts(), reader.job("j")
    assert {seen.method for seen in service.seen} == {"GET"}
    assert len(service.seen) == reader.requests == 7


# --- reading ----------------------------------------------------------------------------------------------------------


def test_no_accounts_at_all_is_suspicious(publer: Publer, service: Service) -> None:
    """Publer was seen to answer with an empty list where the workspace header is missing."""
    service.replies = [Reply([])]
    with pytest.raises(Refused, match="no accounts") as refused:
        publer.accounts()
    assert refused.value.code == "accounts.none"
    assert "PUBLER_WORKSPACE_ID" in (refused.value.hint or "")


def test_a_listing_names_both_ends_a_day_wider_and_every_account(publer: Publer, service: Service) -> None:
    service.replies = [posts()]
    publer.posts(since=DAY, until=date(2027, 3, 9), account_ids=[ACCOUNT, "b"])
    assert urlsplit(service.seen[0].path).path == "/api/v1/posts"
    assert service.seen[0].query == [
        ("state", "all"),
        ("from", "2027-03-01"),
        ("to", "2027-03-10"),
        ("account_ids[]", ACCOUNT),
        ("account_ids[]", "b"),
        ("page", "0"),
    ]


def test_several_states_are_repeated(publer: Publer, service: Service) -> None:
    service.replies = [posts()]
    publer.posts(since=DAY, until=DAY, states=("scheduled", "draft"))
    assert service.seen[0].query[:2] == [("state[]", "scheduled"), ("state[]", "draft")]


def test_what_is_listed_in_parts_is_put_together_and_how_long_they_are_is_learnt(
    publer: Publer, service: Service
) -> None:
    """For all workspaces: what Publer does not list at once in one, it lists at once in no other."""
    until = DAY + timedelta(days=99)
    service.replies = [Reply({"error": "no"}, 400), posts(1, total=1), posts(total=1), posts(2, total=1)]
    found = publer.posts(since=DAY, until=until)
    assert ([each.id for each in found], found.span, found.short, found.gaps) == (["1", "2"], 50, 0, ())
    for longest, parts in ((None, 2), (80, 2), (50, 2), (40, 3)):
        before = len(service.seen)
        found = publer.in_workspace("another").posts(since=DAY, until=until, longest=longest)
        assert len(service.seen) - before == parts
        assert found.span == min(longest or 50, 50)


@each_of(("days", "span"), [(1, None), (7, None), (8, 4)])
def test_a_short_list_that_is_late_is_asked_for_as_it_is(
    service: Service, clock: StillClock, days: int, span: int | None
) -> None:
    service.replies = [*[Reply(raw=b"", status=504)] * 2, posts(total=0)]
    found = service.publer(clock).posts(since=DAY, until=DAY + timedelta(days=days - 1))
    assert found.span == span


def test_the_first_page_has_posts_of_the_accounts_alone(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"posts": [post(1), post(2, "other")], "total": 9})]
    found = publer.first_page(since=DAY, until=DAY, account_ids=[ACCOUNT], states=("scheduled", "draft"))
    assert [each.id for each in found] == ["1"]
    assert [seen.query for seen in service.seen] == [
        [
            *(("state[]", "scheduled"), ("state[]", "draft")),
            *(("from", "2027-03-01"), ("to", "2027-03-03"), ("account_ids[]", ACCOUNT), ("page", "0")),
        ]
    ]


def test_a_page_is_asked_for_once_as_it_is(publer: Publer, service: Service) -> None:
    service.replies = [posts(1, total=9), posts(2), Reply({}, 500)]
    found = publer.page(3, states=("all",), days=(DAY, date(2027, 3, 9)))
    assert ([each.id for each in found.posts], found.total) == (["1"], 9)
    assert [each.id for each in publer.page(states=("scheduled", "draft")).posts] == ["2"]
    with pytest.raises(Unreachable, match="Asked Publer to list the posts"):
        publer.page(states=("all",))
    assert [seen.query for seen in service.seen] == [
        [("state", "all"), ("from", "2027-03-02"), ("to", "2027-03-09"), ("page", "3")],
        [("state[]", "scheduled"), ("state[]", "draft"), ("page", "0")],
        [("state", "all"), ("page", "0")],
    ]


@each_of(
    ("url", "ahead", "off"),
    [
        ("https://publer.example/api", None, 0),
        ("https://publer.example/api", 90.4, 90),
        ("https://publer.example/api", -3599.6, -3600),
        ("http://127.0.0.1:1/api", 90.4, 0),
        ("http://localhost:1/api", 90.4, 0),
    ],
)
def test_by_how_much_the_clock_is_off_is_judged_by_publer_alone(
    url: str, ahead: float | None, off: int, clock: StillClock
) -> None:
    reader = PublerReader(key=KEY, base_url=url, clock=clock)
    reader._sender.service_ahead = ahead
    assert (reader.clock_off, reader.service_ahead) == (timedelta(seconds=off), ahead)


def test_undated_drafts_are_asked_for_without_dates(publer: Publer, service: Service) -> None:
    service.replies = [posts(1, 2), posts(3), posts()]
    found = publer.undated_drafts()
    assert ([p.id for p in found], found.page) == (["1", "2", "3"], 2)
    assert [seen.query for seen in service.seen] == [
        [("state", "draft_undated"), ("page", str(number))] for number in range(4)
    ]


@pytest.mark.parametrize(
    ("replies", "ids", "asked"),
    [
        ([posts(total=0)], [], 2),
        ([posts()], [], 2),
        ([posts(1, 2), posts(3), posts(4), posts()], [1, 2, 3, 4], 5),
        ([posts(1), posts(), posts(2), posts()], [1, 2], 5),
        ([posts(1, 2), posts(), posts(1, 2), posts(3), posts()], [1, 2, 3], 6),
        ([posts(1, 2, total=4), posts(3, total=4), posts(4, total=4)], [1, 2, 3, 4], 3),
        ([posts(1, 2, total=2), posts(total=2)], [1, 2], 2),
        ([posts(1, 2)], [1, 2], 3),
        ([posts(1, 2, total=2)], [1, 2], 3),
        ([posts(1, 2), posts(2, 3), posts(2, 3)], [1, 2, 3], 4),
        ([posts(1, 2, total=0), posts()], [1, 2], 3),
        ([posts(1, 2, total=2), posts(3, 4, total=2), posts(5, total=1), posts(total=0)], [1, 2, 3, 4, 5], 5),
        ([posts(1, 2), posts(1, 2), posts(3, 4), posts(5), posts()], [1, 2, 3, 4, 5], 6),
        ([posts(1, 2, total=3), posts(1, 2, total=3), posts(3, total=3)], [1, 2, 3], 3),
        ([posts(total=2), posts(1, 2, total=2), posts(total=2)], [1, 2], 3),
        ([posts(1, 1, 2), posts()], [1, 2], 3),
        ([Reply([post(1)]), Reply([])], [1], 3),
    ],
    ids=[
        "empty",
        "empty, and no total says so",
        "short pages go on",
        "an empty page in the middle",
        "an empty page, and the first one again",
        "until the total",
        "one whole page",
        "page is ignored",
        "page is ignored, and a total says that this was all",
        "pages overlap",
        "a total that is too small",
        "a total of the page",
        "pages are counted from 1, and 0 is the first one too",
        "the same, with a total",
        "pages are counted from 1, and 0 is empty",
        "twice on one page",
        "bare list",
    ],
)
def test_paging_ends_where_nothing_new_can_come(
    publer: Publer, service: Service, replies: list[Reply], ids: list[int], asked: int
) -> None:
    service.replies = list(replies)
    assert [int(p.id) for p in publer.posts(since=DAY, until=DAY)] == ids
    assert [dict(seen.query)["page"] for seen in service.seen] == [str(number) for number in range(asked)]


@pytest.mark.parametrize(
    ("replies", "ids", "short", "asked"),
    [
        ([posts(1, total=3), posts(total=3), posts(2, 3, total=3), posts(total=3)], "1 2 3", 0, "0 1 2 3"),
        (
            [*[posts(1, total=2)], *[posts(total=2)] * 2, posts(1, 2, total=2), posts(total=2)],
            "1 2",
            0,
            "0 1 2 0 1",
        ),
        ([*[posts(1, 2, total=3)] * 3, posts(2, 3, total=3)], "1 2 3", 0, "0 1 2 0 1"),
        (
            [
                *(posts(1, 2, total=4), posts(4, total=3), posts(total=3), posts(total=3)),
                *(posts(2, 3, total=3), posts(4, total=3)),
            ],
            "2 3 4",
            0,
            "0 1 2 3 0 1",
        ),
        ([*[posts(1, total=2)] * 3, posts(2, total=1)], "2", 0, "0 1 2 0"),
        ([posts(1, 2, total=9)], "1 2", 7, "0 1 2 0 1 0 1"),
    ],
    ids=[
        "an empty page in the middle",
        "whole when asked again",
        "each time other rows left out",
        "one was removed between two pages",
        "one was removed between two times",
        "short however often it is asked",
    ],
)
def test_a_list_with_fewer_posts_than_its_total_is_asked_for_again_after_a_pause(
    publer: Publer,
    service: Service,
    clock: StillClock,
    replies: list[Reply],
    ids: str,
    short: int,
    asked: str,
) -> None:
    service.replies = list(replies)
    found = publer.posts(since=DAY, until=DAY)
    assert ([p.id for p in found], found.short) == (ids.split(), short)
    assert [dict(seen.query)["page"] for seen in service.seen] == asked.split()
    assert len(clock.slept) == asked.count("0") - 1


def test_what_a_page_holds_is_learnt_once(publer: Publer, service: Service) -> None:
    """After one list that was whole, no other one of as many posts takes a request more."""
    service.replies = [posts(1, 2, 3, total=3), posts(total=3), posts(1, 2, total=2)]
    assert publer.posts(since=DAY, until=DAY).page == 0, "one page may hold more than it shows"
    publer.in_workspace("another").posts(since=DAY, until=DAY)
    assert [dict(seen.query)["page"] for seen in service.seen] == ["0", "1", "0"]


@pytest.mark.parametrize(
    ("beyond", "numbers", "ids"),
    [
        pytest.param(2, "0 1 0", "3 1", id="a total that counted beyond its own page says that this is all"),
        pytest.param(0, "0 1 2 0 1 2 3", "3 1 2", id="a total that may count its own page alone does not"),
    ],
)
def test_a_list_as_long_as_the_longest_page_may_go_on(
    publer: Publer, service: Service, beyond: int, numbers: str, ids: str
) -> None:
    service.replies = [
        *(posts(1, 2, total=2), posts(total=beyond), *([] if beyond else [posts(total=0)])),
        *(posts(3, 1, total=2), posts(2, total=1), posts(total=0)),
    ]
    publer.posts(since=DAY, until=DAY)
    assert [post.id for post in publer.posts(since=DAY, until=DAY)] == ids.split()
    assert [dict(seen.query)["page"] for seen in service.seen] == numbers.split()


def test_a_row_that_cannot_be_read_counts_as_one_that_is_listed(publer: Publer, service: Service) -> None:
    rows: list[Json] = [None, {**post(1), "scheduled_at": "soon"}, post(2)]
    rows += [{**post(3), "id": None}]
    service.replies = [Reply({"posts": rows, "total": 4}), posts(total=4)]
    found = publer.posts(since=DAY, until=DAY, account_ids=[ACCOUNT])
    assert ([p.id for p in found], [p.id for p in found.unread]) == (["1", "2"], ["", "1", ""])
    assert (found.short, len(service.seen)) == (0, 3)


def test_a_list_whose_end_is_repeated_does_not_tell_that_pages_are_ignored(
    publer: Publer, service: Service
) -> None:
    """Otherwise the next list would end with its first page."""
    service.replies = [posts(1), *[posts(2)] * 3]
    publer.posts(since=DAY, until=DAY)
    service.replies = [posts(1, 2, total=2), posts(3, total=1), posts(total=0), posts(total=0)]
    assert [each.id for each in publer.posts(since=DAY, until=DAY)] == ["1", "2", "3"]


def test_an_idea_without_an_account_is_no_post_and_counts_in_the_total(
    publer: Publer, service: Service
) -> None:
    service.replies = [Reply({"posts": [post(1, ""), post(2)], "total": 2}), posts(total=2)]
    found = publer.posts(since=DAY, until=DAY)
    assert ([each.id for each in found], found.short) == (["2"], 0)


def test_a_list_without_end_is_given_up(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.publer.paging.MAX_PAGES", 3)
    service.replies = [posts(1), posts(2), posts(3)]
    with pytest.raises(Unreachable, match="does not end"):
        publer.posts(since=DAY, until=DAY)


def test_posts_of_other_accounts_are_left_out_whatever_the_service_does(
    publer: Publer, service: Service
) -> None:
    odd: list[Json] = [{**post(3, account), "text": {}} for account in ("other", "", ACCOUNT)]
    service.replies = [Reply({"posts": [post(1), post(2, "other"), *odd], "total": 5})]
    found = publer.posts(since=DAY, until=DAY, account_ids=[ACCOUNT])
    assert [(p.id, p.account_id) for p in found] == [("1", ACCOUNT), ("3", ""), ("3", ACCOUNT)]
    assert [p.account_id for p in found.unread] == ["", ACCOUNT]


def test_a_filter_too_long_for_an_address_is_applied_on_this_side(publer: Publer, service: Service) -> None:
    accounts = [f"{number:024x}" for number in range(200)]
    service.replies = [Reply({"posts": [post(1, accounts[7]), post(2, "other")], "total": 2})]
    assert [p.id for p in publer.posts(since=DAY, until=DAY, account_ids=accounts)] == ["1"]
    assert "account_ids" not in service.seen[0].path
    service.replies = [posts()]
    publer.posts(since=DAY, until=DAY, account_ids=accounts[:130])
    assert len(service.seen[-1].path) < 6200
    assert service.seen[-1].path.count("account_ids") == 130
    for last, filtered in (("f" * 48, True), ("f" * 49, False)):
        publer.posts(since=DAY, until=DAY, account_ids=[*accounts[:138], last])
        assert ("account_ids" in service.seen[-1].path) is filtered


def test_a_job_is_asked_for_by_its_id(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"data": {"status": "Completed", "payload": {"failures": ["no"]}}})]
    job = publer.job(POST)
    assert (job.status, job.failures) == (JobStatus.COMPLETE, (Failure("no"),))
    assert service.seen[0].path == f"/api/v1/job_status/{POST}"


@pytest.mark.parametrize("bad", ["", "..", "j/../1?x", "a b"])
def test_a_job_without_a_proper_id_is_unknown_and_not_asked_for(
    publer: Publer, service: Service, bad: str
) -> None:
    assert publer.job(bad).status is JobStatus.UNKNOWN
    assert service.seen == []


def test_a_job_that_publer_no_longer_knows_is_unknown(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["not found"]}, 404)]
    assert publer.job("j").status is JobStatus.UNKNOWN


def test_a_job_that_may_not_be_seen_is_a_refusal(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["no"]}, 403)]
    with pytest.raises(Refused):
        publer.job("j")


def test_media_are_looked_up_until_a_page_brings_nothing_new(publer: Publer, service: Service) -> None:
    """How many a page holds is not documented, so the rest is asked for again."""
    service.replies = [Reply({"media": [{"id": one} for one in ids]}) for ids in ("ab", "cz", "")]
    assert sorted(publer.media(["a", "b", "c", "d"])) == ["a", "b", "c"]
    asked = [[value for name, value in seen.query if name == "ids[]"] for seen in service.seen]
    assert asked == [["a", "b", "c", "d"], ["c", "d"], ["d"]]


def test_no_request_is_made_for_no_media(publer: Publer, service: Service) -> None:
    assert not publer.media([])
    assert service.seen == []


# --- start-up ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_http_library_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, publer_sync.publer.gateway; sys.exit('requests' in sys.modules or 'urllib3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(*numbers: int, total: int | None = None, **metrics: Json) -> Reply:
    data: dict[str, Json] = {
        "posts": [{**post(n), "post_link": f"l{n}", "analytics": metrics} for n in numbers]
    }
    return Reply({**data, "total": total} if total is not None else data)


@pytest.mark.parametrize(
    ("replies", "asked"),
    [
        ([figures(1, 2, total=3), figures(3, total=3)], 2),
        ([figures(1, 2), figures(3), figures()], 3),
        ([figures(1, 2, 3), figures(1, 2, 3)], 2),
    ],
)
def test_figures_are_read_to_their_end(
    publer: Publer, service: Service, replies: list[Reply], asked: int
) -> None:
    service.replies = [*replies]
    found = publer.insights(ACCOUNT, since=DAY, until=DAY)
    assert [one.post.id for one in found] == ["1", "2", "3"]
    assert len(service.seen) == asked
    assert urlsplit(service.seen[0].path).path.endswith(f"/analytics/{ACCOUNT}/post_insights")


def test_figures_come_as_objects_or_as_numbers(publer: Publer, service: Service) -> None:
    service.replies = [
        figures(1, total=1, likes={"name": "Likes", "value": 3, "tooltip": "…"}, link_clicks=4, reach=None)
    ]
    [one] = publer.insights(ACCOUNT, since=DAY, until=DAY)
    assert one.figures == (("likes", "Likes", 3), ("link_clicks", "Link clicks", 4), ("reach", "Reach", None))


def test_an_account_without_figures_has_none(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["Resource does not exist"]}, 404)]
    assert publer.insights(ACCOUNT, since=DAY, until=DAY) == ()


def test_a_key_without_the_scope_of_figures_is_told_which_it_lacks(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["Missing scope"]}, 403)]
    with pytest.raises(Refused, match="Missing scope") as refused:
        publer.insights(ACCOUNT, since=DAY, until=DAY)
    assert refused.value.code == "key.scope"
    assert "scope analytics" in (refused.value.hint or "")
    service.replies = [Reply({"errors": ["Bad dates"]}, 422)]
    with pytest.raises(Refused, match="Bad dates") as refused:
        publer.insights(ACCOUNT, since=DAY, until=DAY)
    assert refused.value.code != "key.scope"
    assert "analytics" not in (refused.value.hint or "")

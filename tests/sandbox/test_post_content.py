"""What the sandbox makes of each part of a post: its words, links, media and labels, its time and its state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults, Seed, SeedAccount
from publer_sync.sandbox.tables import HORIZON, WORDS_TEXT, not_modelled
from tests.sandbox.conftest import FACEBOOK, NOW, QUICK, WINDOW, Client, X, item, messages
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox

LATER = NOW + timedelta(hours=2)
OTHER_X = SeedAccount("acc000000000000000002702", "twitter", "Other X")
BACKDATED = "Posts cannot be backdated"
GAP = "There's another post at this time. A one minute gap is required between posts"


def tweet(hours: float = 1, text: str = "Hello", account: str = X, **more: Any) -> Any:
    return item(NOW + timedelta(hours=hours), text, account, "twitter", **more)


# --- words, links and labels ------------------------------------------------------------------------------------------


@pytest.mark.story
@each_of(
    "fields, kept",
    [
        ({}, {"text": "Hello", "title": None, "url": None, "link": None, "labels": [], "media": []}),
        ({"text": ""}, {"text": ""}),
        ({"text": None}, {"text": None}),
        ({"text": 5}, {"text": None}),
        ({"title": "T"}, {"title": "T"}),
        ({"link": {"url": "https://a.example", "title": "A"}}, {"url": "https://a.example"}),
        ({"link": "https://a.example"}, {"url": "https://a.example", "link": {"url": "https://a.example"}}),
        ({"link": 5, "url": "https://b.example"}, {"url": "https://b.example", "link": None}),
        ({"link": {"title": "A"}, "url": "https://b.example"}, {"url": "https://b.example"}),
        ({"link": {"url": "https://a.example"}, "url": "https://b.example"}, {"url": "https://a.example"}),
        ({"url": ""}, {"url": ""}),
        ({"media": []}, {"media": []}),
        ({"media": None}, {"media": []}),
        ({"entry": {"labels": "spring"}}, {"labels": []}),
        ({"entry": {"labels": None}}, {"labels": []}),
    ],
)
def test_what_is_kept_of_a_post(client: Client, fields: Any, kept: Any) -> None:
    client.sandbox.faults.omit = frozenset()
    assert client.create({**item(**{"text": "Hello", **fields})}) == []
    (post,) = client.listed()
    assert {key: post[key] for key in kept} == kept
    client.sandbox.remove(post["id"])


def test_a_label_is_the_same_one_wherever_it_is(client: Client) -> None:
    client.sandbox.faults.omit = frozenset()
    client.create(item(entry={"labels": ["a", 5]}), item(LATER, entry={"labels": ["a"]}))
    (a, five), (again,) = [post["labels"] for post in client.listed()]
    assert (a, a["name"], five["name"]) == (again, "a", "5")
    assert a["id"] != five["id"]


@each_of(
    "links, url",
    [("kept", "https://a.example/b"), ("tagged", "https://a.example/b?utm_source=publer&utm_medium=social")],
)
def test_the_rules_of_the_workspace_are_for_the_link_too(client: Client, links: Any, url: str) -> None:
    client.sandbox.faults.links = links
    client.create(item(kind="link", text=None, link={"url": "https://a.example/b"}))  # type: ignore[arg-type]  # without words
    (post,) = client.listed()
    assert post["url"] == url
    client.sandbox.remove(post["id"])


@each_of(
    "idea, text, kind",
    [
        ({"networks": {"default": {"text": "An idea", "type": "status"}}}, "An idea", "status"),
        ({"networks": {"default": "An idea"}}, None, None),
        ({"networks": {}}, None, None),
        ({"networks": "none"}, None, None),
        ({"networks": {"facebook": {"text": "An idea"}}, "accounts": "none"}, "An idea", None),
    ],
)
def test_an_idea_needs_neither_an_account_nor_a_type(client: Client, idea: Any, text: Any, kind: Any) -> None:
    assert client.create(idea, state="draft_private") == []
    (post,) = client.sandbox.posts()
    assert (post["text"], post["type"], post["account_id"]) == (text, kind, None)
    assert post["sent"]["account"] == {}
    client.sandbox.remove(post["id"])


def test_what_is_wrong_with_an_idea_names_no_account(client: Client) -> None:
    idea = {"networks": {"default": {"text": "An idea"}}, "media": []}
    assert client.create(idea, state="draft_public") == [
        {
            "account_id": None,
            "account_name": None,
            "provider": None,
            "message": "undefined method 'count' for nil",
        }
    ]


# --- types and media --------------------------------------------------------------------------------------------------


@each_of(
    "network, fields, outcome",
    [
        ("facebook", {"kind": "reel"}, "lost"),
        ("instagram", {"kind": "reel"}, "lost"),
        ("twitter", {"kind": "reel"}, "Post type is not valid"),
        ("facebook", {"kind": None}, "Post type is not valid"),
        ("facebook", {"kind": "video"}, ""),
        ("instagram", {"kind": "photo"}, ""),
        ("instagram", {"kind": "video", "details": "reel"}, "lost"),
        ("instagram", {"kind": "video", "details": {}}, ""),
        ("instagram", {"kind": "status"}, "Post type is not valid"),
        ("youtube", {"kind": "video", "media": ["photo"]}, "YouTube requires a video attached"),
        ("youtube", {"kind": "video", "media": ["photo", "video"]}, ""),
        ("youtube", {"kind": "short", "media": ["video"]}, ""),
        ("facebook", {"kind": "photo", "media": ["photo", "gone"]}, "lost"),
        ("facebook", {"kind": "photo", "media": ["photo", None]}, "lost"),
        ("facebook", {"kind": "photo", "media": ["photo", "bare"]}, "lost"),
    ],
)
def test_which_types_and_media_a_network_takes(
    make_sandbox: MakeSandbox, network: str, fields: Any, outcome: str
) -> None:
    account = SeedAccount("acc000000000000000000001", network, "One")
    client = Client(make_sandbox(Seed(accounts=(account,)), now=lambda: NOW, poll_seconds=QUICK))
    media = {
        "photo": {"id": client.sandbox.add_media("a.png"), "default_thumbnail": 2},
        "video": {"id": client.sandbox.add_media("a.mp4")},
        "gone": {"id": "5f0000000000000000000009"},
        "bare": client.sandbox.add_media("b.png"),
        None: {"id": None},
    }
    if "media" in fields:
        fields = {**fields, "media": [media[each] for each in fields["media"]]}
    failures = client.create(item(account=account.id, network=network, **fields))
    assert messages(failures) == ([] if outcome in ("", "lost") else [outcome])
    posts = client.sandbox.posts()
    assert bool(posts) is not bool(outcome)
    if posts and "media" in fields:
        assert [one["id"] for one in posts[0]["media"]] == [one["id"] for one in fields["media"]]
        assert posts[0]["media"][0]["default_thumbnail"] == fields["media"][0].get("default_thumbnail", 0)


# --- times ------------------------------------------------------------------------------------------------------------


@each_of(
    "seconds, runs, fits",
    [
        (60, 0, True),
        (59.9, 0, False),
        (60, 60, False),
        (61, 60, True),
        (HORIZON.total_seconds(), 0, True),
        (HORIZON.total_seconds() + 1, 0, False),
        (HORIZON.total_seconds() + 1, 60, True),
    ],
)
def test_a_minute_ahead_when_it_is_asked_for_and_ahead_when_the_job_runs(
    make_sandbox: MakeSandbox, seconds: float, runs: float, fits: bool
) -> None:
    sandbox = make_sandbox(
        now=lambda: NOW, poll_seconds=runs or QUICK, faults=Faults(job_delay=float(runs > 0))
    )
    Client(sandbox).queue(item(NOW + timedelta(seconds=seconds)))
    with sandbox._database.transaction():
        (job,) = sandbox._database.waiting_jobs()
        assert len(sandbox._service.jobs._run(job)["failures"]) == (0 if fits else 1)


@each_of(
    "at, valid",
    [
        ("1970-01-01T00:00Z", True),
        ("1969-12-31T23:00Z", False),
        ("2999-12-31T00:00Z", True),
        ("3000-01-01T00:00Z", False),
        ("2027-02-30T00:00Z", False),
        (5, False),
    ],
)
def test_a_draft_may_be_of_any_time_that_is_one(client: Client, at: Any, valid: bool) -> None:
    failures = client.create(item(at, entry={"scheduled_at": at}), state="draft")
    assert messages(failures) == ([] if valid else [not_modelled("Scheduled time is not valid")])


def test_the_morning_that_an_account_has_taken_is_passed_over(client: Client) -> None:
    client.create(item("2027-03-02T09:00:30+02:00"), item(at=None))
    assert [post["scheduled_at"][:16] for post in client.listed()] == ["2027-03-02T09:00", "2027-03-03T09:00"]


def test_drafts_may_hold_their_minutes(faulty: Callable[..., Client]) -> None:
    client = faulty(drafts_hold_minutes=True)
    assert messages(client.create(item(), item(), item(LATER), item(None), state="draft")) == [GAP]
    assert messages(client.create(item(), item(NOW + timedelta(hours=3)))) == [GAP]
    assert messages(client.create(item(NOW + timedelta(hours=3)), state="draft")) == [GAP]
    assert client.create(item(account=X, network="twitter"), state="draft") == []


@each_of(
    "kind, state, rule, listed, at",
    [
        ("recycling", "draft", {"gap": 1}, "draft", NOW + timedelta(hours=1)),
        ("recurring", "draft", {"start_date": LATER.isoformat()}, "draft", NOW + timedelta(hours=1)),
        ("recurring", "recurring", {"start_date": LATER.isoformat()}, "recurring", NOW + timedelta(hours=1)),
        ("recycling", "scheduled", None, "scheduled", NOW + timedelta(hours=1)),
        ("recycling", "scheduled", {"start_date": LATER.isoformat()}, "recycling", None),
    ],
)
def test_a_rule_makes_no_draft_repeat_and_a_time_of_its_own_comes_first(
    client: Client, kind: str, state: str, rule: Any, listed: str, at: Any
) -> None:
    asked = item(None if at is None else NOW + timedelta(hours=1))
    assert client.create({**asked, kind: rule}, state=state) == []
    (post,) = client.sandbox.posts()
    assert (post["state"], post["at"]) == (listed, at)
    client.sandbox.remove(post["id"])


# --- drafts, approval, and words on X ---------------------------------------------------------------------------------


@each_of(
    "drafts, asked, state, shown",
    [
        ("dated", item(), "draft", ("draft", NOW + timedelta(hours=1))),
        ("undated", item(), "draft", ("draft", None)),
        ("undated", item(), "scheduled", ("scheduled", NOW + timedelta(hours=1))),
        ("scheduled", item(), "draft_public", ("scheduled", NOW + timedelta(hours=1))),
        ("scheduled", item(None), "draft", ("draft", None)),
    ],
)
def test_what_becomes_of_a_draft_with_a_time(
    client: Client, drafts: Any, asked: Any, state: str, shown: Any
) -> None:
    client.sandbox.faults.drafts = drafts
    client.create(asked, state=state)
    (post,) = client.sandbox.posts()
    assert (post["state"], post["at"]) == shown
    client.sandbox.remove(post["id"])


def test_approval_comes_before_any_other_state(faulty: Callable[..., Client]) -> None:
    client = faulty(approval=frozenset({FACEBOOK}), new_state="scheduled_reauth")
    client.create(item(), tweet(), item(LATER))
    client.create(item(), state="draft")
    assert sorted(post["state"] for post in client.listed(f"{WINDOW}&state=all")) == [
        "draft",
        "scheduled_pending",
        "scheduled_pending",
        "scheduled_reauth",
    ]


@each_of(
    "before, after, refused",
    [
        ([tweet()], [tweet(2)], True),
        ([tweet()], [tweet(2, account=OTHER_X.id)], True),
        ([], [tweet(), tweet(2)], True),
        ([tweet()], [tweet(2, "Else")], False),
        ([tweet()], [item(LATER)], False),
        ([item(), item(LATER)], [tweet()], False),
        ([tweet()], [tweet(60)], True),
    ],
)
def test_x_takes_the_same_words_once(
    make_sandbox: MakeSandbox, before: Any, after: Any, refused: bool
) -> None:
    client = Client(
        make_sandbox(
            Seed(accounts=(SeedAccount(FACEBOOK, "facebook", "F"), SeedAccount(X, "twitter", "X"), OTHER_X)),
            now=lambda: NOW,
            poll_seconds=QUICK,
            faults=Faults(words_once=True),
        )
    )
    assert client.create(*before) == []
    assert messages(client.create(*after)) == ([WORDS_TEXT] if refused else [])


@each_of(
    "state, age, refused",
    [
        ("scheduled", -1, True),
        ("published", 47, True),
        ("published", 49, False),
        ("published_posted", 1, True),
        ("draft", -1, False),
        ("failed", 1, False),
    ],
)
def test_what_counts_as_said_on_x(client: Client, state: str, age: int, refused: bool) -> None:
    client.sandbox.faults.words_once = True
    client.sandbox.faults.published_ids = "kept"
    client.sandbox.add(account_id=X, at=NOW - timedelta(hours=age), text="Hello", state=state)
    assert messages(client.create(tweet(9))) == ([WORDS_TEXT] if refused else [])
    for post in client.sandbox.posts():
        client.sandbox.remove(post["id"])


def test_a_draft_may_say_what_another_tweet_says(client: Client) -> None:
    client.sandbox.faults.words_once = True
    assert client.create(tweet()) == client.create(tweet(2), state="draft") == []


def test_without_the_switch_words_may_be_said_twice(client: Client) -> None:
    assert client.create(tweet(), tweet(2)) == []


@pytest.mark.parametrize("text", ["", None])
def test_no_words_are_never_the_same_words(faulty: Callable[..., Client], text: Any) -> None:
    assert faulty(words_once=True).create(tweet(1, text), tweet(2, text)) == []

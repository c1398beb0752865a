"""What the sandbox makes of a create request: each rule, and each silent loss."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Sandbox, Seed, SeedAccount
from publer_sync.sandbox.jobs import Jobs
from publer_sync.sandbox.tables import not_modelled
from tests.conftest import THREE
from tests.sandbox.conftest import COMPOSER, FACEBOOK, LINKEDIN, NOW, QUICK, WINDOW, Client, X, item, messages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import MakeSandbox


# --- creating ---------------------------------------------------------------------------------------------------------


def test_a_post_comes_to_be_and_is_listed(client: Client) -> None:
    assert client.create(item()) == []
    (post,) = client.listed()
    assert {
        key: post[key] for key in ("text", "title", "url", "state", "type", "account_id", "post_link")
    } == {
        "text": "Hello",
        "title": None,
        "url": None,
        "state": "scheduled",
        "type": "status",
        "account_id": FACEBOOK,
        "post_link": None,
    }
    assert len(post["id"]) == 24


def test_the_answer_is_a_job_and_nothing_else(client: Client) -> None:
    reply = client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": [{"networks": {}}]}})
    assert reply.status == 200
    assert list(reply.data) == ["job_id"]


def test_a_job_takes_a_while_and_its_post_is_listed_later_still(
    make_sandbox: MakeSandbox, wall: list[float]
) -> None:
    client = Client(make_sandbox(now=lambda: NOW, poll_seconds=2))
    job = client.queue(item())
    wall[0] += 1.9
    states = [client("GET", f"/job_status/{job}").data["status"] for _ in range(2)]
    assert (states, client.sandbox.posts()) == (["working", None], [])
    wall[0] += 0.2
    assert client("GET", f"/job_status/{job}").data == {
        "status": "complete",
        "payload": {"failures": {}},
        "plan": {"rate": "business", "locked": False},
    }
    wall[0] += 3.8
    assert (client.listed(), [post["visible"] for post in client.sandbox.posts()]) == ([], [False])
    wall[0] += 0.2
    assert len(client.listed()) == 1


def test_each_account_of_an_item_gets_its_own_post(client: Client) -> None:
    both = item()
    both["networks"]["twitter"] = {"type": "status", "text": "Short"}
    both["accounts"].append({"id": X, "scheduled_at": (NOW + timedelta(hours=1)).isoformat()})
    assert client.create(both) == []
    assert {post["account_id"]: post["text"] for post in client.listed()} == {FACEBOOK: "Hello", X: "Short"}


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (item(network="twitter"), COMPOSER),
        (item(network="default"), COMPOSER),
        ({"networks": {"facebook": "text"}, "accounts": [{"id": FACEBOOK}]}, COMPOSER),
        ({"accounts": [{"id": FACEBOOK}]}, COMPOSER),
        (item(account="5f0000000000000000000009"), not_modelled("Account not found")),
        (item(kind="poll"), "Post type is not valid"),
        (item(at=NOW - timedelta(minutes=1)), "Posts cannot be backdated"),
        (item(at=NOW + timedelta(seconds=59)), "Posts cannot be backdated"),
        (
            item(at=NOW + timedelta(days=6 * 365)),
            not_modelled("Posts cannot be scheduled more than 5 years ahead"),
        ),
        (item(at="soon"), not_modelled("Scheduled time is not valid")),
        (item(at="9999-12-31T23:59:59-23:00"), not_modelled("Scheduled time is not valid")),
    ],
)
def test_what_is_wrong_with_a_post_is_said_by_the_job(client: Client, made: Any, message: str) -> None:
    (failure,) = client.create(made)
    assert failure["message"] == message
    assert list(failure) == ["account_id", "account_name", "provider", "message"]
    assert client.sandbox.posts() == []


def test_a_bad_post_does_not_stop_the_others(client: Client) -> None:
    failures = client.create(
        item(kind="poll"), item(text="good"), "nonsense", item(account=X, network="twitter", text="fine")
    )
    assert messages(failures) == ["Post type is not valid"]
    assert sorted(client.texts()) == ["fine", "good"]
    entries = ["nonsense", *item(NOW + timedelta(hours=2))["accounts"]]
    assert client.create("nonsense", {**item(text="draft"), "accounts": entries}, state="draft") == []
    assert client.texts() == ["good", "fine", "draft"]


@pytest.mark.parametrize(
    ("seconds", "fits"), [(0, False), (59, False), (60, True), (-59, False), (-60, True)]
)
def test_posts_of_an_account_are_a_minute_apart(client: Client, seconds: int, fits: bool) -> None:
    noon = NOW + timedelta(hours=4)
    failures = client.create(item(at=noon), item(at=noon + timedelta(seconds=seconds)))
    assert len(failures) == (0 if fits else 1)
    assert all("one minute gap" in message for message in messages(failures))


def test_the_minute_is_held_against_later_jobs_too_but_not_against_other_accounts(client: Client) -> None:
    client.create(item())
    assert len(client.create(item(text="again"))) == 1
    assert client.create(item(account=X, network="twitter")) == []


def test_drafts_hold_no_minute_and_may_be_of_any_time(client: Client) -> None:
    assert client.create(item(), item(), item(at=NOW - timedelta(days=1)), item(at=None), state="draft") == []
    assert client.create(item()) == []
    assert len(client.sandbox.posts()) == 5


def test_a_draft_needs_no_account(client: Client) -> None:
    client.create({"networks": {"default": {"text": "An idea"}}}, state="draft_public")
    (idea,) = client.listed("state=draft")
    assert (idea["text"], idea["account_id"], idea["scheduled_at"], idea["state"]) == (
        "An idea",
        None,
        None,
        "draft_public",
    )


def test_without_a_time_the_accounts_own_schedule_decides(client: Client) -> None:
    client.create(item(at=None), item(at=None))
    assert [post["scheduled_at"] for post in client.listed()] == [
        "2027-03-02T09:00:00.000+02:00",
        "2027-03-03T09:00:00.000+02:00",
    ]


def test_more_than_the_days_posts_fail(client: Client) -> None:
    hours = [item(at=NOW + timedelta(hours=1, minutes=20 * number)) for number in range(40)]
    failures = client.create(*hours, item(account=LINKEDIN, network="linkedin"))
    assert set(messages(failures)) == {not_modelled("Daily limit of 36 posts reached for this account")}
    assert len(failures) == 4
    assert client.create(item(at=NOW + timedelta(hours=26))) == []


DAYS = """facebook status 36, instagram photo 25, threads status 250, tiktok photo 25, twitter status 100,
mastodon status 100, bluesky status 100, linkedin status 24, pinterest photo 36, google status 15, youtube video 15,
wordpress article 24, telegram status 15"""


@pytest.mark.parametrize(("network", "kind", "cap"), [day.split() for day in DAYS.split(",")])
def test_what_each_network_takes_in_a_day(
    make_sandbox: MakeSandbox, network: str, kind: str, cap: str
) -> None:
    account = SeedAccount("acc000000000000000000001", network, "One")
    client = Client(make_sandbox(Seed(accounts=(account,)), now=lambda: NOW, poll_seconds=QUICK))
    media = {"media": [{"id": client.sandbox.add_media("clip.mp4")}]} if network == "youtube" else {}
    key = "wordpress_oauth" if network == "wordpress" else network
    posts = [
        item(NOW + timedelta(hours=1, minutes=number), "x", account.id, key, kind, **media)  # type: ignore[arg-type]  # none of its own names
        for number in range(int(cap) + 1)
    ]
    failures = client.create(*posts)
    assert messages(failures) == [not_modelled(f"Daily limit of {cap} posts reached for this account")]


@pytest.mark.parametrize("story", [{"kind": "story"}, {"kind": "video", "details": {"type": "story"}}])
def test_stories_have_a_day_of_their_own(client: Client, story: dict[str, Any]) -> None:
    posts = [item(at=NOW + timedelta(hours=1, minutes=2 * number)) for number in range(36)]
    stories = [item(at=NOW + timedelta(hours=5, minutes=2 * number), **story) for number in range(37)]
    assert len(client.create(*posts, *stories)) == 1
    assert len(client.create(item(at=NOW + timedelta(hours=8)))) == 1


def test_caps_can_be_off(faulty: Callable[..., Client]) -> None:
    hours = [item(at=NOW + timedelta(hours=1, minutes=number)) for number in range(60)]
    assert faulty(daily_limits=False).create(*hours) == []


@pytest.mark.parametrize("state", ["auto", "recycle", "published", None, ["draft"]])
def test_an_unknown_bulk_state_is_400(client: Client, state: Any) -> None:
    reply = client("POST", "/posts/schedule", {"bulk": {"state": state, "posts": []}})
    assert (reply.status, reply.data) == (400, {"errors": [f"Unknown state {state}"]})


@pytest.mark.parametrize(
    "body",
    [[], {}, {"bulk": []}, {"bulk": {"state": "scheduled"}}, {"bulk": {"state": "draft", "posts": {}}}],
)
def test_a_body_of_another_shape_is_500(client: Client, body: Any) -> None:
    assert client("POST", "/posts/schedule", body).status == 500


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_400(client: Client, body: bytes) -> None:
    assert client("POST", "/posts/schedule", body).status == 400


def test_more_than_500_posts_are_refused(client: Client) -> None:
    posts = [item(at=NOW + timedelta(days=number + 1)) for number in range(501)]
    assert client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": posts}}).status == 400
    assert client.create(*posts[:500]) == []
    assert len(client.sandbox.posts()) == 500


@pytest.mark.parametrize(
    ("kind", "state", "rule"),
    [
        ("recycling", "scheduled", {"gap": 2, "gap_freq": "Week", "expire_count": 3}),
        ("recurring", "recurring", {"start_date": None, "repeat": "weekly", "repeat_rate": 1}),
    ],
)
def test_a_post_that_recycles_or_recurs_is_listed_in_that_state_and_is_not_published(
    client: Client, kind: str, state: str, rule: Any
) -> None:
    """What refuses one is not known, and its repetitions are not modelled."""
    at = NOW + timedelta(days=2)
    if "start_date" in rule:
        rule = {**rule, "start_date": at.isoformat()}
    asked = item(at=at)
    if kind == "recurring":
        del asked["accounts"][0]["scheduled_at"]
    assert client.create({**asked, kind: rule}, state=state) == []
    (post,) = client.listed(f"state={kind}&{WINDOW}")
    assert (post["state"], datetime.fromisoformat(post["scheduled_at"])) == (kind, at)


def test_the_publish_path_publishes_drafts_too(client: Client) -> None:
    """A client must never come here; when it does, the sandbox shows what happens."""
    job = client.queue(item(), state="draft", path="/posts/schedule/publish")
    client.sandbox.settle()
    (post,) = client.sandbox.posts()
    assert post["state"] == "published"
    told = {key: post[key] for key in ("id", "account_id", "state", "post_link")}
    assert client("GET", f"/job_status/{job}").data["payload"] == [{"type": "job", "post": told}]


def test_what_lists_do_not_show_can_be_looked_up_in_the_sandbox(client: Client) -> None:
    client.create({**item(entry={"comments": [{"text": "First"}]}), "auto": False})
    sent = client.sandbox.posts()[0]["sent"]
    assert sent["account"]["comments"] == [{"text": "First"}]
    assert sent["item"] == {"auto": False}


@pytest.mark.parametrize("entry", [{}, {"id": None}, {"scheduled_at": "2027-03-02T10:00Z"}, {"id": ""}])
@pytest.mark.parametrize("state", ["scheduled", "draft"])
def test_an_account_without_an_id_fails_alone(client: Client, entry: Any, state: str) -> None:
    nobody = {"networks": {"facebook": {"type": "status", "text": "x"}}, "accounts": [entry]}
    assert messages(client.create(nobody, item(), state=state)) == [not_modelled("Account not found")]
    assert client.texts() == ["Hello"]


def test_a_job_that_raises_has_made_nothing_and_ends_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not run again, by the next request as little as by the next process."""
    options: dict[str, Any] = {"file": tmp_path / "sandbox.db", "now": lambda: NOW, "poll_seconds": QUICK}
    with Sandbox(THREE, **options) as first:
        client = Client(first)
        monkeypatch.setattr(Jobs, "_loses", lambda _: 1 / 0)
        jobs = [client.queue(item()), client.queue(item(at=NOW + timedelta(hours=2)))]
        first.settle()
        assert client("GET", f"/job_status/{jobs[0]}").data["status"] == "failed"
        assert [type(bug) for bug in first.bugs] == [ZeroDivisionError] * 2
        monkeypatch.undo()
        assert client.create(item(text="again")) == []
    with Sandbox(THREE, **options) as second:
        assert Client(second).texts() == ["again"]
        assert second.bugs == []


# --- silent losses ----------------------------------------------------------------------------------------------------


def test_media_beside_the_networks_fail_in_a_complete_job(client: Client) -> None:
    made = client.create({**item(), "media": [{"id": "x"}]}, item(at=NOW + timedelta(hours=2)))
    assert messages(made) == ["undefined method 'count' for nil"]
    assert client.texts() == ["Hello"]


@pytest.mark.parametrize(
    "lost",
    [
        item(kind="photo", media=[{"url": "https://example.com/a.png"}]),
        item(kind="photo", media=[{"id": "5f0000000000000000000009"}]),
        item(kind="photo", media="https://example.com/a.png"),
        item(kind="photo", media=5),
        item(kind="reel"),
        {"networks": {"facebook": {"type": "status", "text": "nobody's"}}},
    ],
    ids=["url for id", "unknown id", "no list", "number", "type reel", "no account"],
)
def test_a_post_can_be_lost_without_a_word(client: Client, lost: Any) -> None:
    assert client.create(lost) == []
    assert client.sandbox.posts() == []


def test_an_instagram_video_needs_details(make_sandbox: MakeSandbox) -> None:
    insta = SeedAccount("acc000000000000000001601", "instagram", "Insta")
    client = Client(make_sandbox(Seed(accounts=(insta,)), now=lambda: NOW))
    video: dict[str, Any] = {"media": [{"id": client.sandbox.add_media("clip.mp4")}]}
    client.create(item(account=insta.id, network="instagram", kind="video", **video))
    assert client.sandbox.posts() == []
    client.create(
        item(
            account=insta.id,
            network="instagram",
            kind="video",
            details={"type": "reel", "feed": True},
            **video,
        )
    )
    assert client.listed()[0]["details"] == {"type": "reel", "feed": True}


def test_the_nth_post_is_lost(faulty: Callable[..., Client]) -> None:
    client = faulty(lose=frozenset({2}))
    posts = [item(at=NOW + timedelta(hours=number), text=str(number)) for number in (1, 2, 3)]
    assert client.create(*posts) == []
    assert client.texts() == ["1", "3"]


def test_youtube_wants_a_video(make_sandbox: MakeSandbox) -> None:
    tube = SeedAccount("acc00000000000000000d701", "youtube", "Channel")
    client = Client(make_sandbox(Seed(accounts=(tube,)), now=lambda: NOW))
    assert messages(client.create(item(account=tube.id, network="youtube", kind="video"))) == [
        "YouTube requires a video attached"
    ]
    clip = client.sandbox.add_media("clip.mp4")
    assert client.create(item(account=tube.id, network="youtube", kind="video", media=[{"id": clip}])) == []


@pytest.mark.parametrize("key", ["wordpress_oauth", "wordpress_basic"])
def test_wordpress_has_other_keys_than_its_provider(make_sandbox: MakeSandbox, key: str) -> None:
    blog = SeedAccount("acc00000000000000000b106", "wordpress", "Blog")
    client = Client(make_sandbox(Seed(accounts=(blog,)), now=lambda: NOW))
    assert messages(client.create(item(account=blog.id, network="wordpress", kind="article"))) == [COMPOSER]
    assert client.create(item(account=blog.id, network=key, kind="article")) == []

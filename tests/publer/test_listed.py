"""Workspaces, accounts and posts in every shape that Publer's documents and its live service show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.publer.bodies import Nonsense
from publer_sync.publer.listed import Page, accounts, echo, insights, page, workspaces
from publer_sync.values.model import Family, Figure, LiveMedium, LivePost, Workspace
from tests.publer.conftest import ACCOUNT, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.values.content import Json
    from publer_sync.values.model import Account

    Wrap = Callable[[Json], Json]

LISTED: dict[str, Json] = {
    "id": POST,
    "text": "We launched! 🚀\n",
    "title": None,
    "url": None,
    "state": "scheduled",
    "type": "status",
    "account_id": ACCOUNT,
    "user": {"id": "1", "name": "Ada"},
    "scheduled_at": "2027-03-02T09:00:00.000+01:00",
    "post_link": None,
}


def listed(**changes: Json) -> LivePost:
    return page({"posts": [{**LISTED, **changes}]}).posts[0]


def without(key: str) -> LivePost:
    return page([{k: v for k, v in LISTED.items() if k != key}]).posts[0]


def account(**fields: Json) -> Account:
    (found,) = accounts([{"id": "1", "name": "n", "provider": "x", **fields}])
    return found


# --- workspaces and accounts ------------------------------------------------------------------------------------------


@each_of("wrap", [lambda x: x, lambda x: {"workspaces": x}, lambda x: {"data": x}])
def test_workspaces_come_bare_or_wrapped(wrap: Wrap) -> None:
    data = wrap([{"id": "w1", "name": "Acme", "role": "owner"}, {"id": 7, "name": None}])
    assert workspaces(data) == (Workspace("w1", "Acme", "owner"), Workspace("7", "7"))


@each_of(
    "wrap",
    [lambda x: x, lambda x: {"accounts": x}, lambda x: {"data": x}, lambda x: {"data": {"accounts": x}}],
)
def test_accounts_come_bare_or_wrapped(wrap: Wrap) -> None:
    (found,) = accounts(wrap([{"id": ACCOUNT, "provider": "facebook", "name": "Page", "type": "fb_page"}]))
    assert (found.id, found.name, found.provider, found.type) == (ACCOUNT, "Page", "facebook", "fb_page")
    assert found.alias is None
    assert (found.social_id, found.needs_approval) == (None, False)


@each_of(
    ("shown", "name", "social_id", "needs_approval"),
    [
        ({"name": None}, "1", None, False),
        ({"name": ""}, "1", None, False),
        ({"social_id": "42"}, "n", "42", False),
        ({"social_id": 42}, "n", "42", False),
        ({"social_id": ""}, "n", None, False),
        ({"permissions": {"approval_needed": True}}, "n", None, True),
        ({"permissions": {"approval_needed": "no"}}, "n", None, False),
        ({"permissions": {"approval_needed": False}}, "n", None, False),
    ],
)
def test_an_account_has_a_name_and_what_publer_says_of_it(
    shown: dict[str, Json], name: str, social_id: str | None, needs_approval: bool
) -> None:
    found = account(**shown)
    assert (found.name, found.social_id, found.needs_approval) == (name, social_id, needs_approval)


@each_of(
    ("given", "provider", "key"),
    [
        ("bsky", "bluesky", None),
        ("blue_sky", "bluesky", None),
        ("bluesky", "bluesky", None),
        ("x", "twitter", None),
        ("Twitter", "twitter", None),
        ("wordpress_oauth", "wordpress", "wordpress_oauth"),
        ("wordpress_basic", "wordpress", "wordpress_basic"),
        ("wordpress", "wordpress", None),
        ("google", "google", None),
    ],
)
def test_a_network_has_one_name_whatever_publer_calls_it(given: str, provider: str, key: str | None) -> None:
    """How a blog is connected is kept: where the provider alone tells it, nothing else does."""
    found = account(provider=given, type="kind")
    assert (found.provider, found.type, found.network_key) == (provider, "kind", key)


@each_of(
    ("health", "trouble"),
    [
        ({}, None),
        ({"status": "active"}, None),
        ({"status": "Active"}, None),
        ({"status": None}, None),
        ({"locked": False, "permissions": {"can_access": True}}, None),
        ({"permissions": {}}, None),
        ({"permissions": None}, None),
        ({"locked": True}, "locked"),
        ({"permissions": {"can_access": False}}, "lost access"),
        ({"status": "expired"}, '"expired"'),
        ({"status": "active", "locked": True}, "locked"),
        ({"status": "bad\x1b[0m"}, '"bad [0m"'),
    ],
)
def test_an_account_is_usable_where_nothing_speaks_against_it(
    health: dict[str, Json], trouble: str | None
) -> None:
    found = account(**health).trouble
    assert found is None if trouble is None else trouble in (found or "")


@each_of(
    "data",
    [
        *(None, "text", 3, {}, {"accounts": None}, {"accounts": "none"}, {"errors": ["no"]}, [1], [None]),
        [{"name": "without an id", "provider": "x"}],
        [{"id": "1", "name": "without a provider"}],
        [{"id": True, "provider": "x"}],
        [{"id": "", "provider": "x"}],
        [{"id": "1", "provider": {"name": "x"}}],
    ],
)
def test_a_list_that_was_not_understood_never_passes_for_an_empty_one(data: Json) -> None:
    with pytest.raises(Nonsense):
        accounts(data)


def test_an_account_that_cannot_be_read_hides_no_other() -> None:
    odd: list[Json] = [{"name": "N", "provider": "x"}, {"id": "", "provider": "x"}, {"id": "2", "name": "N"}]
    assert [found.id for found in accounts([*odd, {"id": "3", "provider": "x"}])] == ["3"]


def test_publers_sentence_in_place_of_a_list_stays_apart_from_ours() -> None:
    with pytest.raises(Nonsense) as nonsense:
        accounts({"errors": ["no"]})
    assert (str(nonsense.value), nonsense.value.publer_said) == ("no list of accounts", "no")


# --- posts ------------------------------------------------------------------------------------------------------------


def test_a_post_as_publer_documents_it() -> None:
    post = LivePost(
        id=POST,
        account_id=ACCOUNT,
        state="scheduled",
        at=datetime(2027, 3, 2, 8, tzinfo=UTC),
        text="We launched! 🚀\n",
        title="",
        link="",
        media=None,
        type="status",
    )
    assert page({"posts": [LISTED], "total": 1}) == Page((post,), frozenset({(POST, ACCOUNT)}), 1)


@each_of(
    ("given", "utc"),
    [
        ("2025-05-08T14:30:00.000+02:00", "2025-05-08T12:30:00+00:00"),
        ("2025-09-06T14:16+02:00", "2025-09-06T12:16:00+00:00"),
        ("2025-09-06T14:16:00Z", "2025-09-06T14:16:00+00:00"),
        ("2025-09-06T14:16:00.123456+00:00", "2025-09-06T14:16:00.123456+00:00"),
        ("2025-09-06T20:34:27.000-07:00", "2025-09-07T03:34:27+00:00"),
    ],
)
def test_times_are_instants_whatever_their_offset(given: str, utc: str) -> None:
    assert listed(scheduled_at=given).at == datetime.fromisoformat(utc)


def test_an_undated_draft_has_no_time() -> None:
    for post in (listed(scheduled_at=None), listed(scheduled_at=""), without("scheduled_at")):
        assert (post.at, post.unread, post.text) == (None, "", LISTED["text"])


@each_of("given", ["2025-05-08T14:30:00", "tomorrow", "0001-01-01T00:00:00+14:00", 12, [], {}])
def test_a_time_that_cannot_be_read_is_not_guessed(given: Json) -> None:
    odd = listed(scheduled_at=given)
    assert (odd.at, odd.state, odd.text) == (None, "", "")
    assert "time" in odd.unread


@pytest.mark.parametrize("given", [987654321, "987654321"])
def test_ids_are_text_also_where_publer_sends_numbers(given: Json) -> None:
    assert listed(id=given).id == "987654321"


def test_no_text_is_an_empty_text_and_any_other_is_taken_to_the_letter() -> None:
    assert listed(text=None).text == without("text").text == ""
    assert listed(text=" a\r\nb\x1b \u202e").text == " a\r\nb\x1b \u202e"


def test_what_is_not_shown_differs_from_what_is_empty() -> None:
    assert (without("title").title, listed(title=None).title, listed(title="T").title) == (None, "", "T")
    assert (without("url").link, listed(url=None).link, listed(url="").link) == (None, "", "")
    assert page([{**{k: v for k, v in LISTED.items() if k != "url"}, "link": None}]).posts[0].link == ""
    assert (listed().media, listed(media=None).media, listed(media=[]).media) == (None, 0, 0)


@each_of(
    ("shown", "link"),
    [
        ({"url": "https://a.example"}, "https://a.example"),
        ({"url": None, "link": {"url": "https://b.example"}}, "https://b.example"),
        ({"url": None, "link": "https://c.example"}, "https://c.example"),
        ({"url": "https://a.example", "link": {"url": "https://b.example"}}, "https://a.example"),
        ({"url": None, "link": {}}, ""),
        ({"url": None, "link": {"url": None}}, ""),
        ({"url": "", "link": "https://c.example"}, "https://c.example"),
        ({"url": 7, "link": "https://c.example"}, "https://c.example"),
    ],
)
def test_a_link_is_in_url_or_in_link(shown: dict[str, Json], link: str) -> None:
    assert listed(**shown).link == link


@each_of(
    ("media", "count"),
    [
        ([{"id": "1"}, {"id": "2"}], 2),
        ({"id": "1", "path": "p", "type": "photo"}, 1),
        ({"id": "1", "name": "a.png"}, 1),
        ({"path": "p", "name": "a.png"}, 1),
        ({"0": {"id": "1"}, "1": {"id": "2"}}, 2),
        ({}, 0),
    ],
)
def test_media_are_counted_as_a_list_or_an_object(media: Json, count: int) -> None:
    assert listed(media=media).media == count


def test_an_account_may_be_an_object() -> None:
    assert listed(account_id=None, account={"id": ACCOUNT, "type": "fb_page"}).account_id == ACCOUNT


def test_an_idea_without_an_account_is_counted_and_left_out() -> None:
    found = page({"posts": [{**LISTED, "account_id": None}, {**LISTED, "id": "2"}]})
    assert [post.id for post in found.posts] == ["2"]
    assert found.keys == {(POST, ""), ("2", ACCOUNT)}


def test_the_reason_of_a_failed_post_is_one_line() -> None:
    assert listed(state="failed", error="no\x1b way\nhome").error == "no way home"
    assert listed(error={"message": "no"}).error == "no"
    assert listed(error=None).error is None


@each_of(
    ("data", "total"),
    [
        ({"posts": [], "total": 7}, 7),
        ({"posts": [], "total": "7"}, 7),
        ({"posts": []}, None),
        ({"posts": [], "total": None}, None),
        ({"posts": [], "total": True}, None),
        ({"data": {"posts": [], "total": 7}}, 7),
        ({"total": 7, "data": []}, 7),
        ([], None),
    ],
)
def test_the_total_is_read_where_there_is_one(data: Json, total: int | None) -> None:
    assert page(data) == Page((), frozenset(), total)


@each_of(
    "data",
    [
        {"posts": None},
        {"posts": {}},
        {"success": False, "error": {"message": "no"}},
    ],
)
def test_a_page_that_was_not_understood_never_passes_for_an_empty_one(data: Json) -> None:
    with pytest.raises(Nonsense):
        page(data)


@each_of(
    ("odd", "post_id", "account_id", "why"),
    [
        ({**LISTED, "id": None}, "", LISTED["account_id"], "an entry without an id"),
        ({**LISTED, "text": {"content": "x"}}, LISTED["id"], LISTED["account_id"], "text is not text"),
        ({**LISTED, "text": {}, "account_id": None}, LISTED["id"], "", "text is not text"),
        ({**LISTED, "media": "x"}, LISTED["id"], LISTED["account_id"], "neither a list nor an object"),
        ("x", "", "", "not an object"),
        (None, "", "", "not an object"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(odd: Json, post_id: str, account_id: str, why: str) -> None:
    found = page({"posts": [odd, {**LISTED, "id": "other"}]})
    (unread,) = found.unread
    assert (unread.id, unread.account_id, unread.family) == (post_id, account_id, Family.OTHER)
    assert why in unread.unread
    assert [post.id for post in found.posts] == [*([post_id] if post_id else []), "other"]
    assert len(found.keys) == len(found.posts)


@each_of(
    ("word", "family"),
    [
        ("scheduled", Family.SCHEDULED),
        ("Scheduled_Pending", Family.SCHEDULED),
        ("draft_undated", Family.DRAFT),
        ("published_gladly", Family.PUBLISHED),
        ("recycling_active", Family.RECYCLING),
        ("scheduled_reviewing", Family.OTHER),
        ("queued", Family.OTHER),
        ("other", Family.OTHER),
        ("", Family.OTHER),
    ],
)
def test_states_are_known_by_the_words_of_the_documents(word: str, family: Family) -> None:
    assert listed(state=word).family is family


@each_of("wrap", [lambda x: x, lambda x: {"post": x}, lambda x: {"data": {"post": x}}])
def test_the_echo_of_an_edit_comes_bare_or_wrapped(wrap: Wrap) -> None:
    post = echo(wrap({"text": "new", "state": "scheduled"}), post_id=POST)
    assert (post.id, post.text, post.account_id, post.at) == (POST, "new", "", None)


def test_the_echo_of_an_edit_may_say_that_the_post_has_another_id() -> None:
    assert [echo({"id": own, "text": "new"}, post_id=POST).id for own in ("p-2", 7, None)] == [
        "p-2",
        "7",
        POST,
    ]


@each_of("data", [{}, {"success": True}, [], None, "ok"])
def test_an_echo_without_the_text_tells_nothing(data: Json) -> None:
    with pytest.raises(Nonsense):
        echo(data, post_id=POST)


PIECE: Json = {
    "id": "5f1",
    "path": "https://cdn.publer.example/lamp.png",
    "type": "photo",
    "alt_text": "A lamp",
    "name": "lamp.png",
}


@each_of("media", [[PIECE], PIECE, {"0": PIECE}, [PIECE, "x"]])
def test_the_details_of_media_are_kept_where_they_are_shown(media: Json) -> None:
    (piece,) = listed(media=media).pieces
    assert piece == LiveMedium("5f1", "lamp.png", "https://cdn.publer.example/lamp.png", "A lamp")


@each_of(
    ("media", "piece"),
    [({"id": "5f1"}, LiveMedium("5f1")), ({"path": "p", "id2": {}}, LiveMedium(path="p"))],
)
def test_one_object_is_one_medium_by_its_id_or_its_path(media: Json, piece: LiveMedium) -> None:
    assert listed(media=media).pieces == (piece,)


@each_of("media", [None, [], [{}], ["x"], [{"id": {}, "alt_text": []}]])
def test_media_without_details_are_no_trouble(media: Json) -> None:
    assert all(piece == LiveMedium() for piece in listed(media=media).pieces)


@each_of(
    ("labels", "names"),
    [
        (None, None),
        ([], ()),
        ([{"id": "1", "name": "spring", "color": "#fff"}], ("spring",)),
        (["a", 3], ("a",)),
    ],
)
def test_labels_are_known_by_name(labels: Json, names: tuple[str, ...] | None) -> None:
    assert listed(labels=labels).labels == names


@each_of(("details", "detail"), [(None, ""), ({"type": "reel"}, "reel"), ({"type": 3}, "")])
def test_the_kind_beside_the_type_is_kept(details: Json, detail: str) -> None:
    assert listed(details=details).detail == detail


@each_of(
    ("shown", "figures"),
    [
        (None, []),
        ("none", []),
        ({}, []),
        ({"likes": 3}, [("likes", "Likes", 3)]),
        ({"link_clicks": {"value": 0.5}}, [("link_clicks", "Link clicks", 0.5)]),
        ({"reach": {"name": "People reached", "value": 7}}, [("reach", "People reached", 7)]),
        ({"reach": {"name": 7, "value": "7"}}, [("reach", "Reach", None)]),
        ({"reach": True, "likes": {"value": False}}, [("reach", "Reach", None), ("likes", "Likes", None)]),
        ({"reach": [7], "likes": {}}, [("reach", "Reach", None), ("likes", "Likes", None)]),
    ],
)
def test_a_figure_is_a_number_or_not_known(shown: Json, figures: list[tuple[str, str, float | None]]) -> None:
    [one], total = insights({"posts": [{**LISTED, "analytics": shown}], "total": 5}, account_id="a-9")
    assert (one.post.id, one.post.account_id, total) == (POST, "a-9", 5)
    assert one.figures == tuple(Figure(*figure) for figure in figures)

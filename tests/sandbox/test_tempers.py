"""Tempers of the sandbox: what each makes of a post that is created, listed and edited."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from publer_sync.sandbox.tempers import TEMPERS, set_tempers
from tests.sandbox.conftest import FACEBOOK, NOW, QUICK, WINDOW, Client, item, messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox

GAP = "one minute gap"
LONG = "from=2027-01-01&to=2030-12-31"


@pytest.fixture
def of(make_sandbox: MakeSandbox) -> Callable[..., Client]:
    """A client of a sandbox with these tempers."""

    def make(*names: str) -> Client:
        faults = Faults()
        set_tempers(faults, names)
        return Client(make_sandbox(now=lambda: NOW, poll_seconds=QUICK, faults=faults))

    return make


def at(hours: float) -> Any:
    return NOW + timedelta(hours=hours)


def fill(client: Client, count: int) -> None:
    for number in range(count):
        client.sandbox.add(account_id=FACEBOOK, at=at(number + 1), text=f"post {number}")


@pytest.mark.parametrize("name", TEMPERS)
def test_each_temper_sets_switches_that_are_there_and_changes_them(name: str) -> None:
    faults, usual = Faults(), Faults()
    set_tempers(faults, [name])
    changed = {one for one in Faults.__dataclass_fields__ if getattr(faults, one) != getattr(usual, one)}
    assert changed
    assert {*TEMPERS[name].switches} - changed <= {"beyond_span"}  # one of them is its usual value


def test_a_name_that_is_no_temper() -> None:
    with pytest.raises(KeyError):
        set_tempers(Faults(), ["sunny"])


def test_refused_but_made(of: Callable[..., Client]) -> None:
    client = of("refused-but-made")
    failures = client.create(item(), item(at=at(2)))
    assert [failure["account_id"] for failure in failures] == [FACEBOOK, FACEBOOK]
    assert all(GAP in said for said in messages(failures))
    assert len(client.listed()) == 2


def test_a_job_that_ran_twice_tells_of_the_second_time(of: Callable[..., Client]) -> None:
    client = of("job-twice")
    assert all(GAP in said for said in messages(client.create(item(), item(at=at(2)))))
    assert len(client.listed()) == 2
    assert client.create(item(at=at(3)), state="draft") == []
    assert [post["state"] for post in client.listed()] == ["scheduled", "scheduled", "draft", "draft"]


def test_a_taken_minute_without_a_failure(of: Callable[..., Client]) -> None:
    client = of("taken-silent")
    assert client.create(item(text="first")) == []
    assert client.create(item(text="second")) == []
    assert client.texts() == ["first"]


def test_drafts_without_their_time(of: Callable[..., Client]) -> None:
    client = of("drafts-undated")
    client.create(item(), state="draft")
    assert client.listed() == []
    assert [post["scheduled_at"] for post in client.listed("state=draft_undated")] == [None]


def test_drafts_listed_as_scheduled_are_published(of: Callable[..., Client]) -> None:
    client = of("drafts-scheduled")
    client.create(item(), state="draft")
    assert [post["state"] for post in client.listed()] == ["scheduled"]


def test_drafts_that_no_list_shows(of: Callable[..., Client]) -> None:
    client = of("drafts-hidden")
    client.create(item(), state="draft")
    assert client.listed() == client.listed("state=draft") == client.listed("state=draft_undated") == []
    assert len(client.sandbox.posts()) == 1


@pytest.mark.parametrize(("name", "status"), [("span-refused", 400), ("span-timeout", 504)])
def test_a_long_span_is_refused(of: Callable[..., Client], name: str, status: int) -> None:
    client = of(name)
    assert client("GET", f"/posts?{LONG}").status == status
    assert client("GET", f"/posts?{WINDOW}").status == 200
    assert client("GET", "/posts").status == 200


def test_a_long_span_gets_no_answer(of: Callable[..., Client]) -> None:
    client = of("span-silent")
    with pytest.raises(ConnectionError):
        client("GET", f"/posts?{LONG}")
    assert client("GET", f"/posts?{WINDOW}").status == 200


def test_a_long_span_is_cut_short(of: Callable[..., Client]) -> None:
    client = of("span-cut")
    client.sandbox.add(account_id=FACEBOOK, at=at(1), text="soon")
    client.sandbox.add(account_id=FACEBOOK, at=at(24 * 500), text="late")
    reply = client("GET", f"/posts?{LONG}").data
    assert ([post["text"] for post in reply["posts"]], reply["total"]) == (["soon"], 1)
    assert client.texts("from=2028-01-01&to=2028-12-31") == ["late"]


def test_a_total_of_the_page(of: Callable[..., Client]) -> None:
    client = of("total-of-page")
    fill(client, 5)
    pages = [client("GET", f"/posts?{WINDOW}&page={number}").data for number in range(3)]
    assert [(len(page["posts"]), page["total"]) for page in pages] == [(3, 3), (2, 2), (0, 0)]


def test_pages_from_one(of: Callable[..., Client]) -> None:
    client = of("pages-from-1")
    fill(client, 5)
    pages = [client.texts(f"{WINDOW}&page={number}") for number in range(4)]
    assert pages[0] == pages[1]
    assert [len(page) for page in pages] == [3, 3, 2, 0]


@pytest.mark.parametrize(("name", "shown"), [("labels-dropped", []), ("labels-lower", ["launch"])])
def test_labels(of: Callable[..., Client], name: str, shown: list[str]) -> None:
    client = of(name)
    client.create(item(entry={"labels": ["Launch"]}))
    assert [label["name"] for label in client.listed()[0]["labels"]] == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("texts-entities", "R&amp;D  now\n\nand then"),
        ("texts-html", "<p>R&amp;D  now</p><p>and then</p>"),
        ("texts-signed", "R&D  now\n\nand then\n\n#yourbrand"),
        ("texts-squeezed", "R&D now\nand then"),
    ],
)
def test_texts_on_create_and_on_edit(of: Callable[..., Client], name: str, shown: str) -> None:
    client = of(name)
    client.create(item(text="R&D  now\n\nand then"))
    (post,) = client.listed()
    assert post["text"] == shown
    echo = client("PUT", f"/posts/{post['id']}", {"post": {"text": "R&D  now\n\nand then"}})
    assert echo.data["text"] == shown


def test_a_row_that_is_null(of: Callable[..., Client]) -> None:
    client = of("null-rows")
    client.create(item())
    assert [post and post["text"] for post in client.listed()] == [None, "Hello"]


def test_posts_whose_time_is_none(of: Callable[..., Client], faulty: Callable[..., Client]) -> None:
    client = of("unreadable-rows")
    fill(client, 60)
    soon = [post["scheduled_at"] == "soon" for post in client.listed()]
    assert 5 < sum(soon) < 40
    client = faulty()
    client.sandbox.faults.unreadable = frozenset(
        {client.sandbox.add(account_id=FACEBOOK, at=at(1), text="it")}
    )
    assert [post["scheduled_at"] for post in client.listed()] == ["soon"]


def test_an_id_that_changes_on_edit(of: Callable[..., Client]) -> None:
    client = of("edit-renumbers")
    client.create(item())
    before = client.listed()[0]["id"]
    echo = client("PUT", f"/posts/{before}", {"post": {"text": "new"}}).data
    (post,) = client.listed()
    assert post["id"] == echo["id"] != before
    assert post["text"] == "new"


def test_states_that_no_document_names(of: Callable[..., Client]) -> None:
    client = of("unknown-states")
    client.create(item())
    assert [post["state"] for post in client.listed()] == ["queued"]
    assert len(client.listed(f"{WINDOW}&state=scheduled")) == 1


def test_an_account_without_a_provider(of: Callable[..., Client]) -> None:
    accounts = of("odd-account")("GET", "/accounts").data
    assert [account["provider"] for account in accounts].count(None) == 1


def test_cloudflares_own_limit_is_a_page(client: Client) -> None:
    client.sandbox.faults.trip("cloudflare_limit")
    reply = client("GET", "/posts")
    assert reply.status == 429
    assert b"1015" in reply.data
    assert "X-RateLimit-Reset" not in reply.headers
    assert client("GET", "/posts").status == 200

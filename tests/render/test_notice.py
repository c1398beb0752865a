"""What a notice tells, once: by which a problem is known again, and what it leaves out where there is no room."""

from __future__ import annotations

from typing import Any

from publer_sync.render import notice
from publer_sync.render.layout import documents
from publer_sync.render.notice import Notice


def applied(*, id: str | None = "launch", day: str = "2026-12-01", account: str = "x") -> dict[str, Any]:
    """The document of an apply in which one post failed."""
    one = {
        "outcome": "failed",
        "message": "Publer refused it",
        "publer_said": "Too long",
        "hint": None,
        "id": id,
        "account": {"id": f"a-{account}", "alias": account, "name": account},
        "scheduled_at": f"{day}T09:00:00Z",
        "source": None,
    }
    return {"calendar": "acme", "results": [one], "requests": 3}


def key(document: dict[str, Any]) -> str:
    [trouble] = notice.notice(document, {}).troubles
    return trouble["key"]


def test_a_post_with_an_id_is_the_same_at_another_time_and_one_without_is_another() -> None:
    assert key(applied()) == key(applied(day="2026-12-02"))
    assert key(applied(id=None)) == key(applied(id=None))
    others = (applied(id="other"), applied(account="linkedin"), applied(id=None))
    assert len({key(applied()), key(applied(id=None, day="2026-12-02")), *map(key, others)}) == 5


def test_what_is_over_is_not_told_any_more_and_the_rest_still_is() -> None:
    found = Notice(told={"a": "Still", "b": "Over"}, over={"b": "Over"})
    assert found.now_told == {"a": "Still"}
    new = notice.notice(applied(), {})
    assert [*new.now_told.values()] == [notice.line_of(new.new[0])]


def test_as_many_problems_as_fit_are_kept_and_those_told_before_are_left_out_first() -> None:
    made = [applied(id=f"post-{number}") for number in range(4)]
    whole = {**made[0], "results": [each["results"][0] for each in made]}
    told = {key(made[0]): "Told before"}
    document = notice.document(notice.notice(whole, told))
    assert notice.limited(document, len(documents.dumps(document).encode())) == document
    for room in (len(documents.dumps(document).encode()) - 1, 1500):
        limited = notice.limited(document, room)
        assert len(documents.dumps(limited).encode()) <= room
        assert limited["still"] == []
        assert limited["new"] == document["new"][: len(limited["new"])] != []
        assert limited["left_out"] == 4 - len(limited["new"]) > 0

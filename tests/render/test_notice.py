"""What a notice tells, once: by which a problem is known again, and what it leaves out where there is no room."""

from __future__ import annotations

from typing import Any

import pytest

from publer_sync.render import notice
from publer_sync.render.layout import documents
from publer_sync.render.notice import Notice
from tests.tables import each_of


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


def first(document: dict[str, Any]) -> Any:
    return notice.notice(document, {}).troubles[0]


def planned(**more: Any) -> dict[str, Any]:
    return {"calendar": "acme", "changes": [], **more}


def stood(**more: Any) -> dict[str, Any]:
    return {"calendar": "acme", "urgent": [], "failed": [], "gone": [], **more}


def ended(*problems: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"error": {"code": "calendar", "message": "it has errors"}, "problems": [*problems], **more}


POST = applied()["results"][0]
REFUSED = {"refusals": [{"code": "deletes", "allow": "--allow-deletes 9"}]}
WRONG = {
    "severity": "error",
    "code": "c",
    "file": "a.yaml",
    "line": 3,
    "message": "no time",
    "help": "Add one",
}


@each_of(
    ("document", "code", "words"),
    [
        (applied(), "failed", 'acme: launch on x (2026-12-01 09:00 UTC): failed: Publer refused it. Publer said: "Too long".'),
        (applied() | {"results": [{**POST, "code": "slot", "outcome": "not_tried"}]}, "slot", 'Not done: Publer refused it. Publer said: "Too long".'),
        (applied() | {"results": [{**POST, "account": {**POST["account"], "alias": None, "name": "Me"}}]}, "failed", "launch on Me ("),
        (applied() | {"results": [{**POST, "publer_said": "", "hint": ""}]}, "failed", "Publer refused it."),
        (planned(**REFUSED), "deletes", "acme: Apply would refuse: deletes. --allow-deletes 9."),
        (planned(**REFUSED, warnings=[{"code": "other", "message": "Gone: publer-sync doctor"}]), "deletes", "--allow-deletes 9."),
        (planned(**REFUSED, warnings=[{"code": "deletes", "message": "Gone: publer-sync doctor"}]), "deletes", "Gone: `publer-sync doctor`."),
        (stood(stopped_by=[{"code": "lost", "message": "it is lost", "command": None}]), "lost", "ends with an error: it is lost."),
        (stood(stopped_by=[{"code": "lost", "message": "it is lost:", "command": "publer-sync doctor"}]), "lost", "it is lost. Run `publer-sync doctor`."),
        (stood(urgent=[{**POST, "code": "slot", "kind": "blocked", "reason": "it is taken"}]), "slot", "blocked: it is taken."),
        (stood(urgent=[{**POST, "code": None, "kind": "missed", "reason": "it passed"}]), "missed", "missed: it passed."),
        (stood(failed=[{**POST, "id": None, "scheduled_at": None, "post_id": "p-1", "publer_said": None}]), "failed", "acme: a post on x (no time): Failed."),
        (ended(WRONG, {**WRONG, "severity": "warning"}), "calendar", "The calendar has 1 error: a.yaml:3: no time. Add one."),
        (ended({**WRONG, "file": None, "help": None}), "calendar", "The calendar has 1 error: no time."),
        (ended({**WRONG, "severity": "warning"}), "calendar", "It has errors."),
    ],
)  # fmt: skip
def test_a_problem_is_told_on_a_line_and_has_the_code_of_what_is_wrong(
    document: dict[str, Any], code: str, words: str
) -> None:
    told = first(document)
    assert told["code"] == code
    assert words in notice.line_of(told)
    assert notice.line_of(told).endswith(words) is words.endswith(".")
    assert "" not in (told["publer_said"], told["hint"])


def test_a_post_that_failed_is_known_by_what_publer_calls_it() -> None:
    posts = [{**POST, "id": None, "scheduled_at": None, "post_id": name} for name in ("p-1", "p-2", None)]
    assert len({first(stood(failed=[each]))["key"] for each in posts}) == 3
    assert first(ended())["key"].startswith("error  ")


@each_of("document", [{}, {"results": []}, {"calendar": "acme"}, {"changes": 3}])
def test_what_is_no_document_of_ours_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(notice.NotInOurFormError):
        notice.notice(document, {})


def test_an_error_of_no_calendar_is_over_once_a_calendar_has_none() -> None:
    told = {"error  1": "It failed", "error acme 2": "It has errors", "plan other 3": "Blocked"}
    assert {*notice.notice(planned(), told).over} == {"error  1", "error acme 2"}
    assert notice.notice(ended(calendar="acme"), told).over == {}


@each_of(("number", "more"), [(20, False), (21, True)])
def test_a_text_lists_the_first_problems(number: int, more: bool) -> None:
    whole = {**applied(), "results": [{**POST, "id": f"post-{each}"} for each in range(number)]}
    assert ("\n- … and 1 more" in notice.text(notice.notice(whole, {}))) is more
    assert "… and 0 more" not in notice.text(notice.notice(whole, {}))


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

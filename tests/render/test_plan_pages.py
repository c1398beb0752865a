"""What pages show of a plan, for each change: who is asked, what differs, and what was said before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Block
from publer_sync.render.plan_pages import for_pages
from publer_sync.values.approval import Statement
from publer_sync.values.signoff import SignoffNeed
from tests.builders import X, change, differs, live, picture, plan, post
from tests.planning.test_account_changes import comes, leaves

PICTURE: dict[str, Any] = {"media": (picture("b.jpg"),)}
MEDIA = differs("media", [{"file": "sha256:a.jpg"}], [{"file": "sha256:b.jpg"}], blind=True)
REPLACED: dict[str, Any] = {
    "live": live("12-01 09:00", "Hi"),
    "diff": (MEDIA, differs("labels", ["a"], ["b"])),
}
WANTED = post("12-01 09:00", "Hi", **PICTURE)


def shown(*changes: Any) -> Any:
    (told,) = for_pages(plan(changes))["posts"]
    return told


def test_media_that_differ_are_told_as_they_were_and_are() -> None:
    told = shown(change(Action.REPLACE, WANTED, **REPLACED))
    assert [each["field"] for each in told["media"]] == ["media"]
    assert [span["kind"] for span in told["edits"][0]["told"][0]] == ["", "old", "new"]
    stuck = change(Action.BLOCKED, WANTED, would=Action.REPLACE, blocks=(Block.EDITED,), **REPLACED)
    assert shown(stuck)["media"] == []


def test_media_of_a_post_that_changes_account_are_compared_with_what_was_sent() -> None:
    told = shown(leaves("12-01 09:00", "Hi"), comes("12-01 09:00", "Hi", **PICTURE))
    assert [each["field"] for each in told["media"]] == ["media"]


def test_a_post_that_waits_for_a_sign_off_names_whose() -> None:
    asked = SignoffNeed("hi", Statement("x", {}), (("kari", "ben"),))
    waits = change(Action.BLOCKED, post("12-01 09:00", "Hi", id="hi"), blocks=(Block.APPROVAL,))
    told = shown(replace(waits, asked=asked))
    assert (told["mark"], told["people"]) == ("asked", ["kari", "ben"])
    assert (shown(change(Action.CREATE, WANTED))["people"]) == []


def test_an_alarm_names_what_brings_the_posts_back_where_something_does() -> None:
    lost = Refusal("account_lost", 1, 0, "--allow-twins", "An account is gone")
    for command, way in (
        ("publer-sync state mv --account a=b", "Bring it back: publer-sync state mv --account a=b"),
        ("", "If you mean it: publer-sync apply --allow-twins"),
    ):
        warnings = (Warn("account_lost", "gone", command=command),)
        [alarm] = for_pages(plan(refusals=(lost,), warnings=warnings))["alarms"]
        assert alarm.endswith(way)


def test_only_accounts_of_the_settings_are_listed() -> None:
    gone = replace(X, id="a-gone", alias=None)
    changes = [
        change(Action.CREATE, WANTED),
        change(Action.DELETE, None, account=gone, live=live("12-02 09:00", account=gone)),
    ]
    assert [each["id"] for each in for_pages(plan(changes))["accounts"]] == [X.id]

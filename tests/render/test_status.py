"""What status says of a calendar, line by line: how many, who, and what to run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action, Block
from publer_sync.planning.publication import Publication, Status
from publer_sync.planning.standing import AccountStanding
from publer_sync.render import status
from publer_sync.render.metrics import metrics
from publer_sync.values.approval import Statement
from publer_sync.values.model import Account
from publer_sync.values.signoff import SignoffNeed
from tests.builders import DAY, NOW, SOON, X, change, plan, shown, wanted
from tests.render.test_sentences import standing, status_of
from tests.tables import each_of

FAILED = shown(SOON, "One", state="failed")
GONE = change(Action.RECREATE, wanted(SOON, "Hi"), reason="someone deleted it in Publer")


def warned(code: str, *, command: str = "", times: int = 1) -> Any:
    return plan(warnings=(Warn(code, "something is to be known", command=command),) * times)


@each_of(
    ("of", "told"),
    [
        (warned("on_hold"), "Something is to be known.\n\n"),
        (
            warned("on_hold", command="publer-sync release"),
            "Something is to be known publer-sync release\n\n",
        ),
        (warned("lost"), "Something is to be known.\nRequests left"),
        (
            warned("lost", command="publer-sync doctor"),
            "Something is to be known publer-sync doctor\nRequests",
        ),
        (warned("state_elsewhere"), "Something is to be known.\nRequests left"),
        (warned("slot.next"), "1 post has no time yet (at: next), so it is not sent"),
        (warned("slot.next", times=2), "2 posts have no time yet (at: next), so they are not sent"),
    ],
)
def test_a_warning_of_the_plan_is_told_with_what_to_run(of: Any, told: str) -> None:
    assert told in status_of(of=of)


def test_a_program_is_told_of_no_command_where_there_is_none() -> None:
    for command in ("", "publer-sync doctor"):
        document = status.document(standing(warned("lost", command=command)))
        assert [each["command"] for each in document["stopped_by"]] == [command or None]


@each_of(
    ("places", "told"),
    [
        (("git:state",), "State: git:state.\n"),
        (("git:state", ".publer-sync"), "State: git:state. The calendar has one in .publer-sync too.\n"),
    ],
)
def test_a_state_in_another_place_is_named(places: tuple[str, ...], told: str) -> None:
    assert told in status_of(places=places)


@each_of(
    ("of", "told"),
    [
        (Publication(X, Status.FAILED, post=wanted(SOON, "One"), live=FAILED), "publish it in Publer, or add a post"),
        (Publication(X, Status.FAILED, live=FAILED), "schedule it again in Publer"),
    ],
)  # fmt: skip
def test_what_to_do_about_a_failed_post_depends_on_whether_the_calendar_has_it(
    of: Publication, told: str
) -> None:
    assert f"Fix the cause, then {told}" in " ".join(status_of(failed=(FAILED,), week=(of,)).split())


def test_whoever_is_to_sign_off_is_named_also_where_the_settings_have_no_name() -> None:
    asked = SignoffNeed("a post", Statement("x", {}), (("kari",), ("ben",)))
    one = change(Action.BLOCKED, wanted(SOON, "Hello there"), blocks=(Block.APPROVAL,))
    waits = replace(one, asked=asked, needed_by=NOW + DAY)
    of = plan([waits], people={"kari": "Kari, Acme"})
    page = status_of(of=of, urgent=(waits,))
    for name in ("Kari, Acme", "ben"):
        assert f"1 post to be signed off by {name}, before Wed 25 Nov 14:20\n" in page
    assert '  Tue 24 Nov 17:20  x  "Hello there"\n' in page
    told = status.document(standing(of, urgent=(waits,)))["sign_offs"]
    assert [each["name"] for each in told] == ["Kari, Acme", "ben"]


def test_metrics_of_calendars_that_cannot_be_read_say_that_alone() -> None:
    assert metrics([], ["acme"]).splitlines() == [
        "# HELP publer_sync_up Whether the calendar's status could be read: 1 or 0.",
        "# TYPE publer_sync_up gauge",
        'publer_sync_up{calendar="acme"} 0',
    ]


def test_a_line_names_few_accounts_and_counts_many() -> None:
    accounts = [Account(f"a-{name}", name, "x", name) for name in ("a", "b", "c", "d")]
    gaps = ((NOW, NOW + 30 * DAY),)
    for number, told in ((3, "a gap on a, b, c"), (4, "a gap on 4 accounts")):
        found = tuple(AccountStanding(each, (), gaps) for each in accounts[:number])
        assert told in status.line(standing(accounts=found)).split(", 0 ahead")


def test_what_needs_attention_is_counted_and_one_empty_line_follows_it() -> None:
    of = plan([GONE])
    above = status_of(of=of, urgent=(GONE,)).partition("Last 7 days")[0]
    assert len(above) - len(above.rstrip("\n")) == 2
    for failed, told in (((), "1 post needs"), ((FAILED,), "2 posts need")):
        assert f"{told} attention" in status.line(standing(of, urgent=(GONE,), failed=failed))

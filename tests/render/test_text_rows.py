"""What a terminal shows of each post of a plan: of some alone, without a next step, and where there is little room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action, Block, FieldChange
from publer_sync.render import text
from publer_sync.render.layout.terminal import Screen
from publer_sync.values.errors import ServiceError
from publer_sync.values.model import Account, Written
from tests.builders import LINKEDIN, X, change, copy_of, live, plan, post, report
from tests.render.test_text import body
from tests.tables import each_of

LONG = "a-post-with-a-name-that-is-so-long"


def new(words: str = "Hi", **more: Any) -> Any:
    return change(Action.CREATE, post("12-01 09:00", words, **more))


HI = post("12-01 09:00", "Hi")
ADDED = replace(HI, written=Written("Hi", "", (("append", "more " * 20),), {}))
EDITED = change(
    Action.BLOCKED,
    HI,
    would=Action.REPLACE,
    live=live("12-02 09:00", "Hi"),
    diff=(FieldChange("scheduled_at", "then", "now"),),
    blocks=(Block.EDITED,),
    reason="edited in Publer",
)
SPOILED = new(account=Account("a-m", "M", "mastodon", "m"), spoiler_text="A secret")


def utm(source: str) -> Written:
    return Written("Hi", "", (("utm", f"utm_source={source}"), ("utm", "utm_medium=social")), {})


def test_a_part_of_a_plan_lists_nothing_else() -> None:
    adopts = [change(Action.ADOPT, post("12-01 09:00", f"Post {number}")) for number in range(6)]
    page = text.plan(plan([*adopts, new("New")]), part=adopts[:1])
    assert ("Post 0" in page, "Post 1" in page, "New" in page, "already in Publer;" in page) == (
        True,
        False,
        False,
        False,
    )


@each_of("next_step", [True, False])
def test_the_next_step_is_named_where_there_is_one(next_step: bool) -> None:
    assert ("To apply it: publer-sync apply" in text.plan(plan([new()]), next_step=next_step)) is next_step


@each_of(
    ("room", "row", "below"),
    [
        (34, LONG, ""),
        (30, "a-post-with-a-name-that-is-so…", ""),
        (25, "a-post-with-a-name-that-…", ""),
        (24, "", LONG),
    ],
)
def test_a_name_is_cut_where_it_is_beside_its_account_and_whole_below(
    room: int, row: str, below: str
) -> None:
    lines = text.plan(plan([new(id=LONG)]), screen=Screen(width=30 + room)).splitlines()
    [number] = [number for number, line in enumerate(lines) if line.startswith("+ new")]
    assert lines[number] == f"+ new       09:00  x          {row}".rstrip()
    assert lines[number + 1].strip() == (below or "Hi")


def test_words_that_the_row_cuts_are_told_below_it() -> None:
    words = "Three lamps, one charger, and all that goes with them in one box."
    assert body(text.plan(plan([new(words)])), "+ new").startswith(words)


def test_an_error_with_which_apply_would_end_has_the_command_that_ends_it() -> None:
    warn = Warn("state_first", "there is a state elsewhere", command="publer-sync doctor")
    assert "apply would end with an error: there is a state elsewhere publer-sync doctor\n" in text.plan(
        plan([new()], warnings=(warn,))
    )


def test_warnings_without_a_place_stand_at_the_margin() -> None:
    warnings = (Warn("w", "look " * 25), Warn("v", "here"))
    lines = text.plan(plan([new()], warnings=warnings)).splitlines()
    first = lines.index("2 warnings") + 1
    assert [line.partition("look")[0] for line in lines[first : first + 2]] == ["  ", "  "]
    assert lines[first + 2] == "  here  v"


RELEASED = change(Action.CREATE, HI, copy=copy_of(HI), reason="it is put back")
ADOPTED = change(Action.ADOPT, HI, reason="it is on hold, and stays in Publer", on_hold=True)


@each_of(
    ("one", "told", "not_told"),
    [
        (RELEASED, "It is put back.", "new post is created"),
        (ADOPTED, "It is on hold, and stays in Publer.", "managed here from now on"),
        (change(Action.ADOPT, HI), "managed here from now on. Nothing is sent.", "on hold"),
        (EDITED, "Edited in Publer.", "Publer can't change this"),
        (EDITED, "Edited in Publer.", " → "),
        (new(link={"url": f"https://a.b/{'c' * 60}"}), f"link: https://a.b/{'c' * 60}", "c…"),
        (new(comments=[{"text": f"{number}"} for number in range(12)]), "comment 12: 11", "more"),
        (new("w" * 281), "w …", "of 280"),
        (change(Action.CREATE, ADDED), 'added: "' + "more " * 11 + 'more…"', "more " * 13),
        (SPOILED, "10 of 500 characters", "2 of 500"),
    ],
)
def test_what_happens_to_a_post_is_told_in_a_few_lines(one: Any, told: str, not_told: str) -> None:
    page = " ".join(text.plan(plan([one])).split())
    assert told in page
    assert not_told not in page


def test_all_that_is_added_is_told_by_what_it_is_and_for_whom() -> None:
    posts = [
        replace(post("12-01 09:00", "Hi", account=account), written=utm(account.alias or ""))
        for account in (X, LINKEDIN)
    ]
    page = text.plan(plan([change(Action.CREATE, each) for each in posts]))
    assert "added: utm_source=linkedin (linkedin), utm_source=x (x), utm_medium=social\n" in page
    both = replace(HI, written=Written("Hi", "", (("hashtags", "#tips"), ("append", "More")), {}))
    assert 'added: "More", #tips\n' in text.plan(plan([change(Action.CREATE, both)]))
    assert "more " * 19 in " ".join(text.plan(plan([change(Action.CREATE, ADDED)]), verbose=True).split())


def test_a_run_that_ended_before_anything_says_so() -> None:
    told = text.report(report([], error=ServiceError("Publer is silent")))
    assert "Ended early: 0 done. The rest was not tried.\n" in told

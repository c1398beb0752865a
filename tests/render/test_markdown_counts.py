"""What a comment names and what it only counts, up to the last one that it names, and what it leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.applying.report import Outcome
from publer_sync.planning.allow import Allow
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Block, Held
from publer_sync.render import markdown
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.venue import Venue
from publer_sync.values.approval import Statement
from publer_sync.values.problems import Help, Location, Problem
from publer_sync.values.signoff import SignoffNeed
from tests.builders import NOW, X, change, copy_of, live, plan, post, report, result
from tests.render.test_markdown import bare, link
from tests.tables import each_of

FROZEN: Any = change(Action.BLOCKED, post("12-01 09:00", "Hi"), would=Action.UPDATE, blocks=(Block.FREEZE,))


def new(number: int, **more: Any) -> Any:
    return change(Action.CREATE, post("12-01 09:00", f"Post {number}", place=("a.yaml", number), **more))


def warning(number: int, post_line: int | None = None) -> Warn:
    return Warn("w", f"warning {number}", post=Location("a.yaml", post_line) if post_line else None)


def page(*changes: Any, venue: Venue | None = None, **more: Any) -> str:
    return bare(markdown.plan(plan(changes, **more), venue=venue))


def unsigned(number: int, id: str | None) -> Any:
    wanted = post(f"12-{number + 1:02} 09:00", f"Post {number}", id=id, place=("a.yaml", number))
    one = change(Action.BLOCKED, wanted, blocks=(Block.APPROVAL,))
    return replace(one, asked=SignoffNeed("a post", Statement("x", {}), (("kari",),)), needed_by=NOW)


@each_of(
    ("number", "told"),
    [(1, "before Tue 24 Nov 14:20: post-0\n"), (10, "post-9\n"), (11, "post-9 and 1 more\n")],
)
def test_whose_yes_is_missing_is_told_with_the_first_posts(number: int, told: str) -> None:
    shown = page(*(unsigned(each, f"post-{each}") for each in range(number)), people={"kari": "Kari, Acme"})
    assert "✍️ **Not sent before it is signed off by:**\n\n- **Kari, Acme**: " in shown
    assert told in shown


def test_a_post_without_an_id_that_waits_for_a_yes_is_known_by_its_words() -> None:
    shown = page(unsigned(0, None), venue=Venue(preview="https://a.b"))
    assert "by:** A page for each is in [the plan's artifact](https://a.b).\n\n- **kari**: 1 post" in shown
    assert ': "Post 0"\n' in shown


@each_of(
    ("number", "told"),
    [(5, "(#user-content-publer-sync-calendar-5)\n"), (6, ", 1 more post\n"), (7, ", 2 more posts\n")],
)
def test_the_first_posts_with_warnings_are_named(number: int, told: str) -> None:
    changes = [new(each) for each in range(1, number + 1)]
    assert told in page(*changes, warnings=[warning(each, each) for each in range(1, number + 1)])


def test_so_many_warnings_stand_at_their_posts_and_the_others_at_the_end() -> None:
    shown = page(new(1), warnings=[warning(each, 1) for each in range(61)])
    assert "[1 at the end]" in shown
    assert "- Warning 60.\n" in shown


@each_of(("number", "more"), [(20, False), (21, True)])
def test_a_list_of_warnings_says_that_there_are_more(number: int, more: bool) -> None:
    assert ("… and 1 more" in page(new(1), warnings=[warning(each) for each in range(number)])) is more
    assert "… and 0 more" not in page(new(1), warnings=[warning(each) for each in range(number)])


@each_of(
    ("number", "told"), [(10, "“Post 9” (X · Fjordlight)\n"), (11, "“Post 9” (X · Fjordlight), and 1 more\n")]
)
def test_what_is_removed_is_named_up_to_ten(number: int, told: str) -> None:
    gone = [change(Action.DELETE, None, live=live("12-01 09:00", f"Post {each}")) for each in range(number)]
    assert told in page(*gone)


@each_of(("number", "more"), [(10, False), (11, True)])
def test_what_needs_someone_is_told_up_to_ten(number: int, more: bool) -> None:
    stuck = [change(Action.BLOCKED, post(f"12-{each:02} 09:00", f"{each}")) for each in range(1, number + 1)]
    assert ("… and" in page(*stuck).partition("<details")[0]) is more


@each_of(("number", "folded"), [(5, False), (6, True)])
def test_many_adopted_posts_are_one_fold(number: int, folded: bool) -> None:
    shown = page(*(change(Action.ADOPT, post("12-01 09:00", f"Post {each}")) for each in range(number)))
    assert ("posts already in Publer; managed here from now on" in shown) is folded


@each_of(("number", "told"), [(4, "“Post 16”</summary>"), (5, "“Post 16”, and 1 more</summary>")])
def test_a_fold_names_the_first_posts_and_marks_what_has_a_warning(number: int, told: str) -> None:
    first = [change(Action.CREATE, post(f"11-{each:02} 09:00", f"{each}")) for each in range(13, 26)]
    last = [new(13 + each) for each in range(number)]
    shown = page(*first, *last, warnings=[warning(1, 13)])
    assert f": ⚠️ “Post 13”, “Post 14”, “Post 15”, {told}" in shown


def test_posts_in_one_line_each_are_a_list_without_gaps() -> None:
    alike = [change(Action.CREATE, post(f"12-01 09:{each:02}", "Alike")) for each in range(3)]
    lines = page(*alike).partition("- **09:01**")[2].splitlines()
    assert lines[1].startswith("- **09:02**")
    done = markdown.report(report([result(each, Outcome.APPLIED) for each in alike]), venue=Venue(publer=""))
    lines = done.partition("- **09:00**")[2].splitlines()
    assert [line[:9] for line in lines[1:3]] == ["- **09:01", "- **09:02"]
    assert "[Publer's calendar]" not in done


def test_where_not_even_a_line_for_each_post_fits_there_are_no_cards() -> None:
    changes = [change(Action.CREATE, post(f"12-{each:02} 09:00", f"{each}")) for each in range(1, 28)]
    for room in (6000, 6200, 6400):
        shown = markdown.plan(plan(changes), limit=room)
        assert ("one line each.**" in shown, "<table>" in shown) == (True, False)


def test_a_plan_that_ends_with_an_error_does_not_speak_of_a_first_run() -> None:
    first = Warn("no_state", "no record of an earlier apply")
    assert "No record of an earlier apply." in page(new(1), warnings=[first])
    assert "No record" not in page(new(1), warnings=[first, Warn("state_first", "there is another state")])


def test_a_page_that_is_no_comment_has_no_marker() -> None:
    assert page(new(1), venue=Venue(marker=False)).startswith("### ")


def test_what_left_the_calendar_is_not_shown_to_be_released() -> None:
    held = Held(account=X, reason="Storm", copy=copy_of(post("12-01 09:00", "Hi")), live=live("12-01 09:00"))
    assert markdown.waiting_for_release(plan([held]), limit=9000) == ""
    waits = replace(held, post=post("12-01 09:00", "Now"))
    assert "](https://git.example/2026-12.yaml#L3)" in markdown.waiting_for_release(
        plan([waits]), limit=9000, venue=Venue(line=link)
    )


def test_a_refusal_names_the_command_that_ends_it() -> None:
    warnings = (Warn("account_lost", "gone", command="publer-sync state mv --account a=b"),)
    lost = Refusal("account_lost", 1, 0, "--allow-twins", "An account is gone")
    shown = page(new(1), refusals=(lost,), warnings=warnings)
    assert "Bring it back: <code>publer-sync state mv --account a=b</code>" in shown


@each_of(("allow", "told"), [(Allow(), True), (Allow(frozen=True), False)])
def test_a_report_names_the_options_that_it_did_not_have(allow: Allow, told: bool) -> None:
    shown = markdown.report(report([result(FROZEN, Outcome.NOT_TRIED)]), venue=Venue(allow=allow))
    assert ("To apply what was skipped too: <code>publer-sync apply --allow-frozen" in shown) is told


def test_a_fix_without_words_is_its_lines() -> None:
    one = Problem("error", "c", "m", help=Help("", "at: 2026-12-01"))
    assert "| M. | <code>at: 2026-12-01</code> |" in markdown.problems([one], figures="1 post")


def test_a_text_that_is_cut_keeps_as_many_lines_as_fit() -> None:
    for room, kept in ((38, "ab\ncd\n"), (37, "ab\n")):
        assert fitting("ab\ncd\n" + "x" * 50, room, "M") == f"{kept}\nM\n"
    assert fitting("</td>\n" + "x" * 50, 40, "M") == "</td>\n\nM\n"

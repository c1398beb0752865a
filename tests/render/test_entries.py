"""One entry per post, for all the accounts on which the same happens."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block, FieldChange
from publer_sync.render import data, markdown, text
from publer_sync.render.layout.terminal import Screen
from publer_sync.render.layout.venue import Venue
from tests.builders import INSTAGRAM, LINKEDIN, X, blocked, change, live, plan, post, report, result, vary
from tests.render.test_text import body
from tests.system.worlds import T, png
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

THREE = (X, LINKEDIN, INSTAGRAM)


def test_a_post_on_three_accounts_is_one_entry() -> None:
    wanted = [post("12-01 09:00", "Three lamps, one charger.", account=account) for account in THREE]
    shown = text.plan(plan(change(Action.CREATE, one) for one in wanted))
    assert '+ new       09:00  instagram, linkedin, x  "Three lamps, one charger."\n' in shown
    assert "25 of 280 characters on x\n" in shown
    assert "1 new post (on 3 accounts).\n" in shown


def test_a_long_list_of_accounts_has_lines_of_its_own() -> None:
    accounts = [replace(X, id=f"a-{n}", alias=f"an_account_{n}") for n in range(6)]
    wanted = [post("12-01 09:00", "Hi", account=account, id="lamp") for account in accounts]
    shown = text.plan(plan(change(Action.CREATE, one) for one in wanted), screen=Screen(width=80))
    assert (
        "+ new       09:00  an_account_0, an_account_1, an_account_2, an_account_3,\n"
        "                   an_account_4, an_account_5\n"
        "                   lamp\n"
    ) in shown


def test_accounts_that_differ_are_split() -> None:
    alike = [post("12-01 09:00", "Alike", account=account, id="lamp") for account in THREE[:2]]
    other = post("12-01 09:00", "Other words", account=INSTAGRAM, id="lamp")
    shown = text.plan(plan(change(Action.CREATE, one) for one in (*alike, other)))
    assert "09:00  instagram    lamp\n" in shown
    assert "09:00  linkedin, x  lamp\n" in shown
    assert shown.startswith("Fjordlight  2 posts (on 3 accounts)   times")
    assert "2 new posts (on 3 accounts).\n" in shown
    assert "**2 new posts (on 3 accounts)**\n" in markdown.plan(
        plan(change(Action.CREATE, one) for one in (*alike, other))
    )


@each_of("action", [Action.DELETE, Action.UPDATE, Action.BLOCKED])
def test_what_happens_alike_to_two_accounts_is_told_once(action: Action) -> None:
    changes = [
        change(
            action,
            None if action is Action.DELETE else post("12-01 09:00", "New words", account=account),
            account=account,
            live=live("12-01 09:00", "Old words", account=account),
            reason="a reason",
            **({"diff": (FieldChange("text", "Old words", "New words"),)} if action is Action.UPDATE else {}),
        )
        for account in THREE[:2]
    ]
    shown = text.plan(plan(changes))
    assert shown.count("linkedin, x") == 1
    assert shown.count("reason") + shown.count("[-Old-]") == 1


def test_results_that_are_alike_are_told_once() -> None:
    failed = [
        result(change(Action.CREATE, post("12-01 09:00", "Hi", account=account)), Outcome.FAILED, "no room")
        for account in THREE[:2]
    ]
    shown = text.report(report(failed))
    assert 'FAILED      new      09:00  x, linkedin  "Hi"\n' in shown
    assert shown.count("No room.") == 1
    assert "1 post failed" in shown


FROZEN = next(one for one in blocked() if one.blocks == (Block.FREEZE,))
GONE = change(Action.RECREATE, post("12-11 10:00", "Came and went"), reason="someone deleted it in Publer")
PASSED = Allow(frozen=True, recreate=True)


def test_what_an_option_lets_through_is_named_by_what_happens_to_it() -> None:
    one = plan([FROZEN, GONE])
    shown = text.plan(one, allow=PASSED)
    assert body(shown, "~ edit") == (
        "The post in Publer goes out within 15 minutes (limits.freeze_minutes).\n"
        "Allowed by --allow-frozen.\n"
        "First Saturday of [-the -]Advent."
    )
    assert body(shown, "& recreate") == "Someone deleted it in Publer.\n13 of 280 characters"
    assert "\n1 post to create again, 1 to edit.\n" in shown
    assert "blocked" not in shown
    assert "blocked" not in text.question([one], allow=PASSED)
    comment = markdown.plan(one, venue=Venue(allow=PASSED))
    assert "⛔" not in comment
    assert "CAUTION" not in comment


def test_without_the_option_it_is_blocked() -> None:
    shown = text.plan(plan([FROZEN, GONE]), allow=Allow(edits=True))
    assert "\n1 missing post, 1 blocked.\nNothing has been changed.\n" in shown
    two = vary(FROZEN, blocks=(Block.FREEZE, Block.EDITED))
    assert "1 blocked post." in text.plan(plan([two]), allow=PASSED)


def test_the_report_names_what_an_option_let_through_by_what_happened() -> None:
    done = report([result(FROZEN, Outcome.APPLIED), result(GONE, Outcome.APPLIED)])
    assert text.report(done).startswith("Done. 1 post created again, 1 edited; verified in Publer.")
    told = data.report(done)["results"]
    assert isinstance(told, list)
    assert [one["action"] for one in told if isinstance(one, dict)] == ["update", "recreate"]
    held = data.report(report([result(FROZEN, Outcome.NOT_TRIED)]))["results"]
    assert isinstance(held, list)
    assert isinstance(held[0], dict)
    assert held[0]["action"] == "blocked"


# --- from the command line ------------------------------------------------------------------------------------------

CALENDAR = f"""\
posts:
- id: winter
  at: {T:%Y-%m-%d} 09:00
  accounts: [facebook, x, linkedin]
  text: |
    Three lamps. All of it at https://example.com/a/rather/long/address/that/no/terminal/of/eighty/columns/holds?for=sure&really=yes and more words here.
  media:
  - file: lamp.png
    alt: A lamp in the snow
  networks:
    linkedin:
      comments:
      - text: The first comment
"""


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "publer.yaml").write_text(
        "workspace: My Primary Workspace\naccounts:\n  facebook: My Facebook Page\n  x: My X Account\n"
        "  linkedin: Company LinkedIn Page\n"
    )
    (folder / "posts.yaml").write_text(CALENDAR)
    (folder / "lamp.png").write_bytes(png(1))
    return folder


def test_the_next_step_names_the_plan_file(calendar: Path, cli: Cli) -> None:
    shown = cli("plan", "--out", "my plan.json").stdout
    assert shown.endswith("To apply it: publer-sync apply 'my plan.json'\n")
    assert cli("apply", "my plan.json", "--yes").code == 0
    assert cli("plan").stdout.startswith("Nothing to do.")


@pytest.mark.parametrize("columns", ["50", "80", "120"])
def test_the_width_of_the_terminal_is_kept_and_no_address_is_broken(
    calendar: Path, cli: Cli, columns: str
) -> None:
    shown = cli("plan", "-v", env={"COLUMNS": columns}).stdout
    too_wide = [line for line in shown.split("\n") if len(line) > int(columns)]
    assert [line for line in too_wide if not line.strip().startswith("https://")] == []
    address = "https://example.com/a/rather/long/address/that/no/terminal/of/eighty/columns/holds?for=sure&really=yes"
    assert shown.count(address) == 2
    assert "facebook, x" in shown
    assert "alt text of lamp.png: A lamp in the snow" in " ".join(shown.split())
    assert "comment 1: The first comment" in " ".join(shown.split())


@pytest.mark.story
def test_what_an_option_let_through_is_told_by_what_happened(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "publer.yaml").write_text(
        "workspace: W\ntimezone: Europe/Oslo\naccounts: {linkedin: Company}\n"
    )
    post = "posts:\n- id: a\n  at: 2027-03-02 09:00\n  accounts: linkedin\n  text: |\n    "

    def run(command: str, words: str, now: str, *options: str) -> str:
        (tmp_path / "posts.yaml").write_text(f"{post}{words}\n")
        return cli(command, ".", "--sandbox", "--now", now, *options, cwd=tmp_path).stdout

    run("apply", "Hello", "2027-02-20", "--yes")
    near = "2027-03-02T08:50"
    assert "! blocked   09:00  linkedin   a\n" in run("plan", "Hello all", near)
    assert "skipped     edit     09:00  linkedin   a\n" in run("apply", "Hello all", near, "--yes")
    assert run("apply", "Hello all", near, "--yes", "--allow-frozen").startswith(
        "Done. 1 post edited; verified"
    )
    told = run("apply", "Hello you", near, "--yes", "--allow-frozen", "--format", "json")
    (one,) = json.loads(told)["results"]
    assert (one["action"], one["outcome"]) == ("update", "applied")
    assert "1 post edited" in run("apply", "Hello", near, "--yes", "--allow-frozen", "--format", "markdown")


def test_blocked_posts_alone_have_no_next_step() -> None:
    assert text.plan(plan([FROZEN])).endswith("1 blocked post.\nNothing has been changed.\n")
    assert text.plan(replace(plan([FROZEN]), refusals=())).count("To apply it") == 0

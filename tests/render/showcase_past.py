"""What became of the calendar with everything in it: reports, results, where it stands, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from publer_sync.applying.report import Outcome, Remark
from publer_sync.ledger.runs import RunLine, RunRecord, Version
from publer_sync.planning.gone import GoneCalendar
from publer_sync.planning.log import CalendarLog, Log
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action, Past
from publer_sync.planning.standing import standing
from publer_sync.render import data, metrics, notice, several, status
from publer_sync.render.layout import documents
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.past import (
    log,
    log_approvals,
    release,
    results,
    results_csv,
    results_data,
    results_markdown,
)
from publer_sync.rules.budget import Spending
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.model import Account
from publer_sync.values.policies import LastingStore
from publer_sync.values.timezones import time_zone
from tests.builders import DAY, HOUR, NOW, everything, ledger, report, result
from tests.showcase.world import ACCOUNTS, LATER, Showcase, read_broken
from tests.stored import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.applying.report import ApplyReport
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.publication import Results
    from publer_sync.planning.standing import Standing

COLOURS: Final = Screen(color=True, width=72)
BY_ID: Final = {account.id: account for account in ACCOUNTS.values()}


@dataclass(frozen=True)
class PastShow:
    """`folder` is for the files."""

    folder: Path

    @cached_property
    def world(self) -> Showcase:
        return Showcase(self.folder / "calendar")

    def report(self) -> ApplyReport:
        """Every outcome in turn, over everything that a plan lists."""
        outcomes = cycle(Outcome)
        results = []
        for number, change in enumerate((*self.world.plan.listed, *everything().listed)):
            outcome = Outcome.NOT_TRIED if change.blocks else next(outcomes)
            why: dict[str, Any] = {}
            if outcome in (Outcome.FAILED, Outcome.UNVERIFIED):
                why = {
                    "message": f"reason {number}",
                    "publer_said": "One\nTwo" if number % 3 else "",
                    "hint": "Try again" if number % 2 else None,
                }
            made = result(change, outcome, **why)
            if outcome is Outcome.FAILED and number % 4 == 0:
                made = replace(made, payload={"text": "Hi"})
            results.append(replace(made, post_id=f"p-{number}" if outcome is Outcome.APPLIED else None))
        remarks = (
            Remark("Something of an account", Account("a-9", "Nameless", "x")),
            Remark("Something", ACCOUNTS["x"]),
            Remark("Something else"),
        )
        warned = (
            Warn("rewritten", "Publer changed a text"),
            Warn("clock", "the clock is off", command="date"),
            Warn("on_hold", "on hold"),
        )
        return report(
            results,
            next_out=(NOW + DAY, "x", "The next post"),
            remarks=remarks,
            warnings=warned,
            notes=warned[:1],
        )

    # --- what became of it

    def pasts(self) -> Mapping[str, str]:
        found = self.results()
        few = replace(found["results"], publications=found["results"].publications[::6])
        plan = self.world.plan
        ended = replace(
            plan, changes=tuple(_ended(plan)), warnings=(Warn("waits", "the post waits for a slot"),)
        )
        return {
            "results.txt": joined(
                **{name: results.text(each) for name, each in found.items()},
                coloured=results.text(found["results"], screen=COLOURS),
                lines="\n".join(map(results.line, found.values())),
            ),
            "results.md": joined(
                **{name: results_markdown.page(each) for name, each in found.items()},
                cut_off=results_markdown.page(found["results"], limit=3000),
            ),
            "results.csv": results_csv.table([few, replace(few, by="label")]),
            "results.json": documents.dumps(results_data.document(few)),
            "results-by-label.json": documents.dumps(results_data.document(replace(few, by="label"))),
            "release.txt": joined(
                despite=release.despite(ended, PLAIN),
                waiting=release.waiting(ended, PLAIN),
                none=release.despite(plan, PLAIN) + release.waiting(plan, PLAIN),
            ),
            "release.json": documents.dumps(dict(release.document(ended))),
        }

    def results(self) -> Mapping[str, Results]:
        world = self.world
        found = world.results()
        before = replace(world.results(since=NOW - DAY), publications=found.publications[-9:-4])
        few = replace(found, publications=found.publications[::5])
        return {
            "results": replace(found, before=before, unlisted=1),
            "by_label": world.results("label"),
            "by_account": replace(few, by="account", before=replace(before, publications=())),
            "by_network": replace(few, by="network", insights=False),
            "by_use": replace(few, by="use", publications=found.publications[-20:-8]),
            "nothing": replace(found, publications=(), unlisted=2),
        }

    # --- where it stands

    def statuses(self) -> Mapping[str, str]:
        full, calm = self.standing(), self.calm()
        return {
            "status.txt": joined(
                status=status.text(full, command="publer-sync apply", results="publer-sync results"),
                verbose=status.text(
                    full,
                    verbose=True,
                    screen=COLOURS,
                    command="publer-sync apply",
                    results="publer-sync results",
                ),
                calm=status.text(calm, command="publer-sync apply", results="publer-sync results"),
                lines=f"{status.line(full)}\n{status.line(calm)}",
            ),
            "status.json": documents.dumps(status.document(full)),
            "status-calm.json": documents.dumps(status.document(calm)),
            "status.prom": metrics.metrics([full, calm], ['unread "one"']),
        }

    def standing(self) -> Standing:
        world = self.world
        plan = replace(
            world.plan,
            people=world.calendar.settings.people,
            warnings=(
                *world.plan.warnings,
                Warn(
                    "state_ci", "the state is on a disk that ends with the job:", command="publer-sync doctor"
                ),
                Warn("slot.next", "no time yet"),
            ),
        )
        zone = time_zone(plan.timezone)
        gone = GoneCalendar("spring", ledger(), "git:state", leaving=False, ahead=2, on_hold=1)
        stores = (
            LastingStore("tips.yaml", 3, (NOW + 9 * DAY).date()),
            LastingStore("old.yaml", 0, None),
            LastingStore("more.yaml", 50, (NOW + 300 * DAY).date(), further=True),
        )
        return standing(
            plan,
            world.live,
            world.results().publications,
            world.state,
            [*ACCOUNTS.values()],
            cadence=world.calendar.settings.cadence,
            requests_left=90,
            places=("git:publer-sync-state", ".publer-sync"),
            budgets=Spending(world.posts, (), world.calendar.settings.budgets, zone).left(NOW),
            gone=[(gone, "Run publer-sync forget")],
            stores=stores,
        )

    def calm(self) -> Standing:
        """Where nothing needs anyone."""
        world = self.world
        fine = tuple(change for change in world.plan.changes if change.action is Action.UNCHANGED)[3:]
        plan = replace(
            world.plan, changes=fine, warnings=(), holds=(), last_apply=NOW - HOUR, last_good_apply=NOW - HOUR
        )
        accounts = [ACCOUNTS["x"], ACCOUNTS["pinterest"]]
        return standing(
            plan, [], [], None, accounts, cadence=world.calendar.settings.cadence, requests_left=100
        )

    # --- what was recorded

    def logs(self) -> Mapping[str, str]:
        found = Log.of([*_logs()], NOW, several=True)
        one = Log.of([*_logs()][:1], NOW, several=False)
        approved = log_approvals.ApprovalLog(
            "calendar", "Europe/Oslo", self.world.approvals, self.world.calendar.settings.people
        )
        says: dict[str, Any] = {
            "media": [
                {"file": "sha256:1", "alt": "A lamp"},
                {"url": "https://fjordlight.example/a.png"},
                {"id": "m-1"},
            ],
            "link": {"url": "https://fjordlight.example"},
            "title": "A lamp",
        }
        picture = Statement("instagram/fjordlight", says)
        wordless = Approval("lamp", "instagram", "ben", NOW, picture.digest, picture)
        other = log_approvals.ApprovalLog("other", "UTC", (*self.world.approvals[:1], wordless), {})
        failed = several.Ending(1, "no such folder", document={"error": {"code": "state", "message": "gone"}})
        ended = [
            ("calendar", several.Ending(0, "3 posts created", "Done.\n")),
            ("b", several.Ending(2, "2 changes", "Two.\n")),
            (
                "a-calendar-with-a-name-that-is-much-longer-than-forty-columns",
                several.Ending(1, "it failed " * 12, "Two.\n"),
            ),
            *(
                (f"c-{number}", several.Ending(0, "nothing to do", "Nothing.", brief=number > 6))
                for number in range(8)
            ),
        ]
        return {
            "log.txt": joined(
                log=log.text(found),
                verbose=log.text(found, verbose=True),
                one=log.text(one),
                none=log.text(Log("UTC", NOW, ())),
            ),
            "log.md": joined(
                log=log.markdown(found),
                verbose=log.markdown(found, verbose=True),
                none=log.markdown(Log("UTC", NOW, ())),
            ),
            "log.json": documents.dumps(log.document(found, {"broken": failed})),
            "approvals.txt": joined(
                one=log_approvals.text([approved], NOW),
                several=log_approvals.text([approved, other], LATER),
                none=log_approvals.text([], NOW),
                markdown=log_approvals.markdown([approved, other], NOW),
                no_markdown=log_approvals.markdown([], NOW),
            ),
            "approvals.csv": log_approvals.table([approved, other]),
            "approvals.json": documents.dumps(log_approvals.document([approved, other])),
            "several.txt": joined(
                several=several.text(ended),
                coloured=several.text(ended, screen=COLOURS),
                none=several.text([]),
                markdown=several.markdown(ended),
                no_markdown=several.markdown([]),
            ),
        }

    # --- what is told to a chat

    def notices(self) -> Mapping[str, str]:
        plan: dict[str, Any] = {**data.plan(everything(), version="1")}
        applied = data.report(self.report())
        standing_ = status.document(self.standing())
        broken = read_broken(self.folder / "broken-too")
        error = {
            **documents.error("calendar", "the calendar has errors", broken.judge(broken.desired, now=NOW))
        }
        both = {"calendars": [{"calendar": "a", "result": plan}, {"calendar": "b", "result": error}]}
        first = notice.notice(plan, {}, run_url="https://ci.example/1")
        later = notice.notice({**plan, "changes": plan["changes"][:12]}, first.now_told)
        found = {
            "plan": first,
            "later": later,
            "apply": notice.notice(applied, {}),
            "status": notice.notice(standing_, {"status calendar 123": "An old one"}),
            "error": notice.notice(error, {"error  1": "Another error"}),
            "both": notice.notice(both, {}),
            "nothing": notice.notice({**data.report(report([]))}, {}),
        }
        return {
            "notice.txt": joined(**{name: notice.text(each) for name, each in found.items()}),
            "notice.json": documents.dumps(notice.document(later)),
            "notice-short.json": documents.dumps(notice.limited(notice.document(found["both"]), 9000)),
        }


def _ended(plan: Plan) -> Iterator[Past]:
    """What was published, and what failed, before a hold took effect."""
    from publer_sync.ledger.copies import End

    for number, change in enumerate(each for each in plan.changes if isinstance(each, Past)):
        yield change
        if change.copy is not None:
            copy = replace(change.copy, end=End.FAILED, publer_said="The token has expired" if number else "")
            yield replace(change, copy=copy)


def _logs() -> Iterator[CalendarLog]:
    at, was = NOW - DAY, Version(NOW, "d")
    lines = (
        RunLine("create", "a-x", NOW, "launch", "applied", 1, signed=("kari 123", "ben 123")),
        RunLine("create", "a-li", NOW, "launch", "applied", 2, signed=("kari 123", "ben 123")),
        RunLine("replace", "a-x", NOW + HOUR, "moved", "applied", 3, before=was),
        RunLine("replace", "a-x", NOW, "replaced", "applied", 4, before=was),
        RunLine("update", "a-x", NOW, "edited", "failed", 5),
        RunLine("delete", "a-unknown", NOW, None, "", 6),
        RunLine("hand_over", "a-x", NOW, "given", "applied", 7, giver="calendar", receiver="other"),
        RunLine("hand_over", "a-x", NOW, "taken", "applied", 8),
    )
    runs = (
        RunRecord(
            at - DAY,
            "hold",
            "Kari",
            reason="Storm",
            lines=(RunLine("held", "a-x", NOW, "launch", "applied", 1),),
        ),
        RunRecord(
            at,
            "apply",
            "Ben",
            "0123456789abcdef",
            differs=True,
            url="https://ci.example/1",
            options=("--allow-deletes 20",),
            lines=lines,
            of="run",
        ),
        RunRecord(
            at + HOUR,
            "release",
            commit="fedcba9876543210",
            lines=(RunLine("create", "a-x", NOW, "launch", "applied", 1),),
        ),
        RunRecord(at + 2 * HOUR, "forget --all", "Kari"),
    )
    yield CalendarLog("calendar", "Europe/Oslo", runs, BY_ID)
    for name in ("other", "third", "fourth", "fifth"):
        line = RunLine("adopt", "a-fb", NOW, f"post-of-{name}", "unverified", 1)
        yield CalendarLog(
            name, "UTC", (RunRecord(at, "apply", "Ben", "0123456789abcdef", lines=(line,), of="run"),), BY_ID
        )

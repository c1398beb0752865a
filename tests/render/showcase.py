"""A calendar with everything in it, in every form that commands print: `python -m tests.stored render` writes them."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from publer_sync.applying.report import Outcome, Remark
from publer_sync.calendar.explanation import explain
from publer_sync.ledger.runs import RunLine, RunRecord, Version
from publer_sync.planning.allow import Allow
from publer_sync.planning.gone import GoneCalendar
from publer_sync.planning.log import CalendarLog, Log
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Past
from publer_sync.planning.standing import standing
from publer_sync.render import data, markdown, metrics, notice, plan_pages, problems, several, status, text
from publer_sync.render import explain as explain_page
from publer_sync.render.layout import documents
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.layout.venue import Venue
from publer_sync.render.past import (
    log,
    log_approvals,
    release,
    results,
    results_csv,
    results_data,
    results_markdown,
)
from publer_sync.render.post.subjects import figures
from publer_sync.rules.budget import Spending
from publer_sync.values.errors import FirstContactError, Interrupted, RejectedStateError, Unclear
from publer_sync.values.model import Account
from publer_sync.values.policies import LastingStore
from publer_sync.values.problems import Location, errors_in
from publer_sync.values.timezones import time_zone
from tests.builders import DAY, HOUR, NOW, everything, ledger, report, result
from tests.render import showcase_commands, showcase_fixes
from tests.showcase.world import ACCOUNTS, LATER, Showcase, read_broken
from tests.stored_files import with_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from publer_sync.applying.report import ApplyReport
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.publication import Results
    from publer_sync.planning.standing import Standing

COLOURS: Final = Screen(color=True, width=72)
BY_ID: Final = {account.id: account for account in ACCOUNTS.values()}


def texts(folder: Path) -> Mapping[str, str]:
    show = _Show(folder)
    made = {
        **show.plans(),
        **show.reports(),
        **show.pasts(),
        **show.statuses(),
        **show.explained(),
        **show.problems(),
        **show.logs(),
        **show.notices(),
        **showcase_commands.texts(show.world),
        **showcase_fixes.texts(),
    }
    return {name: with_numbers(_readable(words, show.world.top)) for name, words in made.items()}


def _readable(words: str, top: Path) -> str:
    return words.replace("\x1b", "␛").replace(str(top), "calendar").rstrip("\n") + "\n"


def _joined(**parts: str) -> str:
    """Several texts in one file, each with its name."""
    return "\n".join(f"=== {name.replace('_', ' ')}\n{words.rstrip()}\n" for name, words in parts.items())


class _Show:
    def __init__(self, folder: Path) -> None:
        self.world = Showcase(folder / "calendar")
        self.folder = folder

    # --- what will happen

    def plans(self) -> Iterator[tuple[str, str]] | Mapping[str, str]:
        world, every = self.world, everything()
        stopped = replace(
            every,
            warnings=(*every.warnings, Warn("state_ci", "the state is on a disk that ends with the job")),
            refusals=(
                Refusal("changes", 60, 50, "--allow-changes 60"),
                Refusal("older", 2, 0, "--allow-older", "The files are older."),
            ),
        )
        unknown = replace(every, warnings=(Warn("no_state", "no record of an earlier apply"),))
        nothing = replace(
            world.plan,
            changes=tuple(c for c in world.plan.changes if c.action is Action.UNCHANGED),
            warnings=(),
        )
        allow = Allow(deletes=20, recreate=True, twins=True, edits=True, frozen=True)
        venue = self.venue()
        return {
            "plan.txt": _joined(
                plan=text.plan(world.plan),
                verbose=text.plan(world.plan, verbose=True, screen=COLOURS),
                every_action=text.plan(every),
                without_a_state=text.plan(unknown),
                without_a_state_and_stopped=text.plan(
                    replace(stopped, warnings=(*stopped.warnings, *unknown.warnings))
                ),
                narrow=text.plan(world.plan, screen=Screen(width=54)),
                options=text.plan(every, allow=allow, command="publer-sync apply --yes"),
                stopped=text.plan(stopped),
                nothing=text.plan(nothing),
                nothing_verbose=text.plan(nothing, verbose=True, next_step=False),
                part=text.plan(every, part=every.changes[:4]),
                questions="\n\n".join(
                    text.question(plans, screen=screen, allow=given)
                    for plans, screen, given in (
                        ([world.plan], PLAIN, Allow()),
                        ([world.plan, every], COLOURS, allow),
                        ([nothing], PLAIN, Allow()),
                    )
                ),
            ),
            "plan.md": _joined(
                in_a_pull_request=markdown.plan(world.plan, venue=venue),
                every_action=markdown.plan(every),
                refused=markdown.plan(stopped, venue=replace(venue, refused=True, merged=True, allow=allow)),
                without_a_state=markdown.plan(replace(unknown, changes=every.changes[-3:])),
                nothing=markdown.plan(nothing, venue=venue),
                cut_off=markdown.plan(every, limit=6000, venue=venue),
                waiting_for_release=markdown.waiting_for_release(world.plan, limit=5000, venue=venue),
            ),
            "plan.json": documents.dumps(data.plan(world.plan, version="1.0")),
            "every-action.json": documents.dumps(data.plan(every, version="1.0")),
            "pages.json": documents.dumps(plan_pages.for_pages(replace(every, changes=every.changes[::3]))),
        }

    def venue(self) -> Venue:
        """A comment of a pull request."""
        return Venue(
            line=lambda file, line: f"https://git.example/{file}#L{line}",
            picture=lambda path: f"https://git.example/raw/{path.name}",
            file=lambda path: f"https://git.example/{path.name}",
            old_picture=lambda _digest, name, _path: f"https://git.example/old/{name}",
            old_file=lambda _digest, name, _path: f"https://git.example/old/{name}",
            figures=lambda path: f"figures of {path.name}",
            old_figures=lambda _digest, name, _path: f"figures of the old {name}",
            apply=lambda options: f"comment `/apply {' '.join(options)}`",
            preview="https://git.example/preview.html",
            notes=("A note of the workflow.",),
        )

    # --- what was done

    def reports(self) -> Mapping[str, str]:
        done = self.report()
        fine = report(
            [result(change, Outcome.APPLIED) for change in everything().listed[:6]],
            notes=(Warn("rewritten", "Publer changed a text"),),
        )
        waits = everything().listed[0]
        waiting = report(
            [
                replace(result(waits, Outcome.WAITING), page=True),
                replace(result(everything().listed[1], Outcome.WAITING), asks=True),
                replace(result(everything().listed[2], Outcome.WAITING), leaves=True),
                result(everything().listed[3], Outcome.WAITING),
            ]
        )
        ended = replace(
            done,
            error=Unclear("Publer gave no answer", publer_said="<html>", hint="Run apply again"),
            twice=(2, NOW + HOUR),
            backup="backup.json",
        )
        every = {
            "done": done,
            "fine": fine,
            "waiting": waiting,
            "ended": ended,
            "stopped": replace(done, error=Interrupted("stopped")),
            "first_contact": replace(
                fine, error=FirstContactError("Publer did not keep the first post", hint="Look in Publer")
            ),
            "not_pushed": replace(fine, error=RejectedStateError("the state was not pushed")),
            "nothing": report([]),
            "nothing_here": report([], unchanged=0),
        }
        venue = self.venue()
        return {
            "report.txt": _joined(
                **{name: text.report(each) for name, each in every.items()},
                coloured=text.report(done, screen=COLOURS),
            ),
            "report.md": _joined(
                **{name: markdown.report(each, venue=venue) for name, each in every.items()},
                cut_off=markdown.report(done, limit=2500, venue=venue),
                failure=markdown.failure(
                    FirstContactError("Publer did not keep the first post", hint="Look in Publer")
                ),
                rejected=markdown.failure(RejectedStateError("the state was not pushed"), calendar="acme"),
                no_plan=markdown.failure(None),
            ),
            "report.json": documents.dumps(data.report(ended)),
        }

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
            "results.txt": _joined(
                **{name: results.text(each) for name, each in found.items()},
                coloured=results.text(found["results"], screen=COLOURS),
                lines="\n".join(map(results.line, found.values())),
            ),
            "results.md": _joined(
                **{name: results_markdown.page(each) for name, each in found.items()},
                cut_off=results_markdown.page(found["results"], limit=3000),
            ),
            "results.csv": results_csv.table([few, replace(few, by="label")]),
            "results.json": documents.dumps(results_data.document(few)),
            "results-by-label.json": documents.dumps(results_data.document(replace(few, by="label"))),
            "release.txt": _joined(
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
            "status.txt": _joined(
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

    def explained(self) -> Mapping[str, str]:
        world, calendar = self.world, self.world.calendar
        found = calendar.judge(calendar.desired, now=NOW)
        by_place: dict[Location, list[Any]] = {}
        for post in world.signed.posts:
            by_place.setdefault(post.location, []).append(post)
        entries = [entry for entry in calendar.entries if entry.place in by_place or entry.is_stored]
        of_entry = {
            entry.id or "": explain(entry, by_place.get(entry.place, ()), found, what=entry.id or "")
            for entry in entries
        }
        changes = {
            (change.post.location, change.account.id, change.at): change
            for change in world.plan.changes
            if change.post
        }
        plan = replace(world.plan, changes=tuple(changes.values()))
        left = [change for change in world.plan.changes if change.post is None]
        some = [of_entry[name] for name in ("winter-set", "edited", "series", "counted", "ad-signed")]
        stored = [of_entry[name] for name in ("stored", "tips", "article")]
        more = [of_entry[name] for name in ("blocked", "replaced", "when-live", "own-zone", "")]
        explained = explain_page.Explained(_with_posts_of(some, plan), left, plan)
        other = explain_page.Explained(_with_posts_of(more, plan), (), plan)
        offline = explain_page.Explained(some[:1], (), None)
        many = explain_page.Explained([*of_entry.values()], (), None)
        zone = world.calendar.settings.timezone
        place = Location("2026-12.yaml", 9)
        uses = (
            explain_page.ExplainedUse("tips@2026-12-01", NOW, ("x", "linkedin"), 1, "published", place),
            explain_page.ExplainedUse("tips@2026-12-08", NOW + DAY, ("x",), 2, "new", place),
            explain_page.ExplainedUse("tips@2026-12-15", NOW + 7 * DAY, ("x",), None, "gone"),
        )
        in_store = explain_page.Explained(stored, (), None, {"tips": uses})
        return {
            "explain-store.json": documents.dumps(explain_page.document(in_store)),
            "explain.txt": _joined(
                with_a_plan=explain_page.text(explained, timezone=zone, command="publer-sync apply"),
                more=explain_page.text(other, timezone=zone, command="publer-sync apply", screen=COLOURS),
                offline=explain_page.text(offline, timezone=zone, command="publer-sync apply"),
                stored=explain_page.text(in_store, timezone=zone, command="publer-sync apply"),
                many=explain_page.text(many, timezone=zone, command="publer-sync apply"),
            ),
            "explain.json": documents.dumps(explain_page.document(explained)),
        }

    # --- what is wrong

    def problems(self) -> Mapping[str, str]:
        broken, calendar = read_broken(self.folder / "broken"), self.world.calendar
        wrong = broken.judge(broken.desired, now=NOW)
        warned = [each for each in calendar.judge(calendar.desired, now=NOW) if each.severity == "warning"]
        span = (NOW, NOW + 90 * DAY)
        shown: dict[str, Any] = {"prefix": "calendar", "files": 3, "timezone": "Europe/Oslo"}
        told = figures(calendar.desired.posts, 1)
        many = [
            replace(each, location=Location("posts.yaml", number))
            for number, each in enumerate(errors_in(wrong) * 3, 1)
        ]
        return {
            "problems.txt": _joined(
                errors=problems.text(wrong, broken.excerpt, figures=told, span=span, **shown),
                coloured=problems.text(
                    wrong, broken.excerpt, figures=told, span=None, **shown, screen=COLOURS
                ),
                many=problems.text(many, broken.excerpt, figures=told, span=None, **shown),
                warnings=problems.text(warned, calendar.excerpt, figures=told, span=span, **shown),
                none=problems.text([], calendar.excerpt, figures=told, span=(NOW, NOW), **shown),
                totals="\n".join(problems.totals_line(each, figures=told) for each in (wrong, warned, [])),
                concise=problems.concise([*wrong, *warned], prefix="calendar"),
                annotations=problems.github([*wrong, *warned], prefix="calendar"),
                fixed="\n".join(problems.fix_total(number, 1, would=number == 2) for number in (1, 2)),
            ),
            "problems.md": _joined(
                errors=markdown.problems(wrong, figures=told, venue=self.venue()),
                warnings=markdown.problems(warned, figures=told, unplanned="There is no key."),
                one_error=markdown.problems(errors_in(wrong)[:1], figures=told),
                cut_off=markdown.problems(many, figures=told, limit=2500),
                none=markdown.problems([], figures=told),
            ),
            "problems.json": documents.dumps(
                documents.problems([*wrong, *warned], posts=22, desired=56, stored=1)
            ),
        }

    # --- what was recorded

    def logs(self) -> Mapping[str, str]:
        found = Log.of([*_logs()], NOW, several=True)
        one = Log.of([*_logs()][:1], NOW, several=False)
        approved = log_approvals.ApprovalLog(
            "calendar", "Europe/Oslo", self.world.approvals, self.world.calendar.settings.people
        )
        other = log_approvals.ApprovalLog("other", "UTC", self.world.approvals[:1], {})
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
            "log.txt": _joined(
                log=log.text(found),
                verbose=log.text(found, verbose=True),
                one=log.text(one),
                none=log.text(Log("UTC", NOW, ())),
            ),
            "log.md": _joined(
                log=log.markdown(found),
                verbose=log.markdown(found, verbose=True),
                none=log.markdown(Log("UTC", NOW, ())),
            ),
            "log.json": documents.dumps(log.document(found, {"broken": failed})),
            "approvals.txt": _joined(
                one=log_approvals.text([approved], NOW),
                several=log_approvals.text([approved, other], LATER),
                none=log_approvals.text([], NOW),
                markdown=log_approvals.markdown([approved, other], NOW),
                no_markdown=log_approvals.markdown([], NOW),
            ),
            "approvals.csv": log_approvals.table([approved, other]),
            "approvals.json": documents.dumps(log_approvals.document([approved, other])),
            "several.txt": _joined(
                several=several.text(ended),
                coloured=several.text(ended, screen=COLOURS),
                none=several.text([]),
                markdown=several.markdown(ended),
                no_markdown=several.markdown([]),
            ),
        }

    # --- what is told to a chat

    def notices(self) -> Mapping[str, str]:
        plan, applied, standing_ = (
            {**data.plan(everything(), version="1")},
            {**data.report(self.report())},
            {**status.document(self.standing())},
        )
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
            "notice.txt": _joined(**{name: notice.text(each) for name, each in found.items()}),
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


def _with_posts_of(found: Any, plan: Plan) -> Any:
    """With the posts of the plan themselves, by which it knows its changes."""
    posts = {
        (change.post.location, change.post.account.id, change.at): change.post
        for change in plan.changes
        if change.post
    }
    return [
        replace(
            each,
            accounts=tuple(
                replace(on, post=posts[on.post.location, on.post.account.id, on.post.at])
                for on in each.accounts
            ),
        )
        for each in found
    ]


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

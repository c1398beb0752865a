"""A calendar with everything in it, in every form that commands print: `python -m tests.stored render` writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.report import Outcome
from publer_sync.calendar.explanation import explain
from publer_sync.planning.allow import Allow
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action
from publer_sync.render import data, markdown, plan_pages, problems, text
from publer_sync.render import explain as explain_page
from publer_sync.render.layout import documents
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.layout.venue import Venue
from publer_sync.render.post.subjects import figures
from publer_sync.values.errors import FirstContactError, Interrupted, RejectedStateError, Unclear
from publer_sync.values.problems import Location, errors_in
from tests.builders import DAY, HOUR, NOW, change, everything, report, result, wanted
from tests.render import showcase_commands, showcase_fixes
from tests.render.showcase_past import COLOURS, PastShow
from tests.showcase.world import read_broken
from tests.stored import joined, with_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.planning.plan import Plan


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


class _Show(PastShow):
    # --- what will happen

    def plans(self) -> Mapping[str, str]:
        world, every = self.world, everything()
        stopped = replace(
            every,
            warnings=(*every.warnings, Warn("state_ci", "the state is on a disk that ends with the job")),
            refusals=(
                Refusal("changes", 60, 50, "--allow-changes 60"),
                Refusal("older", 2, 0, "--allow-older", "The files are older."),
            ),
        )
        adopts = [
            change(
                Action.ADOPT,
                wanted(NOW + number * DAY, f"Number {number}", id=f"a-{number}"),
                reason="there already",
            )
            for number in range(1, 8)
        ]
        many = replace(every, changes=(*every.changes[:6], *adopts))
        unknown = replace(every, warnings=(Warn("no_state", "no record of an earlier apply"),))
        nothing = replace(
            world.plan,
            changes=tuple(c for c in world.plan.changes if c.action is Action.UNCHANGED),
            warnings=(),
        )
        allow = Allow(deletes=20, recreate=True, twins=True, edits=True, frozen=True)
        venue = self.venue()
        return {
            "plan.txt": joined(
                plan=text.plan(world.plan),
                verbose=text.plan(world.plan, verbose=True, screen=COLOURS),
                every_action=text.plan(every),
                without_a_state=text.plan(unknown),
                without_a_state_and_stopped=text.plan(
                    replace(stopped, warnings=(*stopped.warnings, *unknown.warnings))
                ),
                many_adopted=text.plan(many),
                many_adopted_verbose=text.plan(many, verbose=True),
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
            "plan.md": joined(
                in_a_pull_request=markdown.plan(world.plan, venue=venue),
                every_action=markdown.plan(every),
                refused=markdown.plan(stopped, venue=replace(venue, refused=True, merged=True, allow=allow)),
                without_a_state=markdown.plan(replace(unknown, changes=every.changes[-3:])),
                nothing=markdown.plan(nothing, venue=venue),
                many_adopted=markdown.plan(many, venue=venue),
                many_adopted_cut_off=markdown.plan(many, limit=3200),
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
            "waits_for_a_page": replace(waiting, results=waiting.results[:1]),
            "waits_for_a_yes": replace(waiting, results=waiting.results[1:2]),
            "waits_for_a_calendar": replace(waiting, results=waiting.results[2:3]),
            "waits_and_stopped": replace(waiting, results=waiting.results[:1], error=Interrupted("stopped")),
            "waits_for_a_yes_and_stopped": replace(
                waiting, results=waiting.results[1:2], error=Interrupted("stopped")
            ),
            "unverified": report([result(waits, Outcome.UNVERIFIED, "not listed")]),
            "skipped": report(
                [result(waits, Outcome.NOT_TRIED, "the run ended"), result(waits, Outcome.APPLIED)]
            ),
            "one_twice": replace(ended, twice=(1, NOW + HOUR), results=ended.results[:1]),
            "nothing": report([]),
            "nothing_here": report([], unchanged=0),
        }
        venue = self.venue()
        return {
            "report.txt": joined(
                **{name: text.report(each) for name, each in every.items()},
                coloured=text.report(done, screen=COLOURS),
            ),
            "report.md": joined(
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
        stored = [of_entry[name] for name in ("stored", "tips", "article", "single-day")]
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
            "explain.txt": joined(
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
            "problems.txt": joined(
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
            "problems.md": joined(
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

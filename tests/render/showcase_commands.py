"""What the commands that change one thing print: hold, forget, move, pull, export and doctor, out of the same calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from publer_sync.applying.report import Outcome
from publer_sync.checking.check import Finding
from publer_sync.holding.report import HoldReport, Unknown
from publer_sync.planning.plan import Held
from publer_sync.pulling.additions import Addition
from publer_sync.pulling.findings import Left, Pair
from publer_sync.pulling.puller import PullResult
from publer_sync.render import checks, export, forget, hold, hold_data, move, pull
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.values.errors import NoHoldError, Unclear
from publer_sync.values.model import LivePost
from tests.builders import DAY, HOUR, NOW, WORKSPACE, report, result
from tests.showcase.world import ACCOUNTS, live_of
from tests.stored import joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.applying.report import Result
    from publer_sync.ledger.copies import Copy
    from tests.showcase.world import Showcase

COLOURS: Final = Screen(color=True, width=72)
BY_ID: Final = {account.id: account for account in ACCOUNTS.values()}
NAMES: Final = {account.id: account.alias or account.name for account in ACCOUNTS.values()}
AT: Final = NOW + 3 * DAY


def texts(world: Showcase) -> Mapping[str, str]:
    return {
        **_holds(world),
        **_forgotten(world),
        **_moves(world),
        **_pulls(world),
        **_exports(world),
        **_checks(),
    }


# --- hold


def _results(world: Showcase, *names: str) -> list[Result]:
    """Posts that a hold takes out, with every outcome that one has."""
    found = []
    outcomes = (Outcome.APPLIED, Outcome.FAILED, Outcome.UNVERIFIED, Outcome.APPLIED)
    posts = [(number, post) for number, post in enumerate(world.applied) if post.id in names]
    for number, (index, wanted) in enumerate(posts):
        post = replace(wanted, id=None) if number == 4 else wanted
        live = live_of(index + 1, post)
        if number == 1:
            live = replace(live, state="recurring")
        copy = replace(world.state.copies[index + 1], id=post.id)
        if number in (0, 4):
            live = replace(
                live, text=f"{live.text} (edited)", title="Another title", link="https://other.example"
            )
        held = Held(
            account=post.account,
            post=post,
            copy=replace(copy, adopted=number in (3, 4)),
            live=live,
            reason="Storm",
        )
        outcome = outcomes[number % len(outcomes)]
        why: dict[str, Any] = (
            {"message": "Publer gave no answer", "publer_said": "<html>", "hint": "Look in Publer"}
            if outcome is Outcome.FAILED
            else {}
        )
        found.append(replace(result(held, outcome, **why), post_id=live.id))
    return found


def _holds(world: Showcase) -> Mapping[str, str]:
    results = tuple(_results(world, "link", "edited", "moved", "call", "held"))
    theirs = (
        LivePost("o-1", "a-x", "scheduled", AT, "A colleague's post"),
        LivePost("o-2", "a-li", "scheduled", AT, "A colleague's post"),
        LivePost("o-3", "a-fb", "recurring", None, "Every Monday"),
        LivePost("o-4", "a-gone", "scheduled_pending", AT + HOUR, "It waits for approval"),
        LivePost("o-5", "a-x", "scheduled", AT + HOUR, "Of another calendar"),
    )
    full = HoldReport(
        world.plan,
        report(results),
        theirs,
        unlabelled=results[3:5],
        accounts={account.id: account.alias or "" for account in ACCOUNTS.values()},
        names=NAMES,
        theirs={"o-5": "other"},
    )
    unknown = (
        Unknown("account", "facebok", ("facebook", "x")),
        Unknown("network", "tiktok", ()),
        Unknown("label", "storms", ("storm",)),
        Unknown("account", "old", (), left_publer=True),
    )
    untried = tuple(replace(each, outcome=Outcome.NOT_TRIED) for each in results)
    every = {
        "full": full,
        "would": replace(full, done=report(untried), written=False, unlabelled=(), unmanaged=theirs[:1]),
        "overwrites_edits": replace(full, protects_edits=False, unmanaged=(), unlabelled=()),
        "nothing_scheduled": replace(full, done=report([]), unmanaged=(), unlabelled=()),
        "one_removed": replace(
            full, done=report([replace(results[0], outcome=Outcome.APPLIED)]), unmanaged=(), unlabelled=()
        ),
        "no_such_account": replace(
            full,
            plan=replace(world.plan, holds=()),
            done=report([]),
            unknown=unknown,
            unmanaged=(),
            unlabelled=(),
        ),
        "not_here": replace(
            full, plan=replace(world.plan, holds=()), done=report([]), unmanaged=(), unlabelled=()
        ),
        "not_written": replace(
            full,
            done=report(results[:1], error=NoHoldError("the hold could not be written", hint="Hold again")),
            unmanaged=(),
            unlabelled=(),
        ),
        "cut_off": replace(
            full,
            done=report(results[1:2], error=Unclear("Publer gave no answer")),
            unmanaged=(),
            unlabelled=(),
            unknown=unknown[:1],
        ),
    }
    going = [each.change for each in results if isinstance(each.change, Held)]
    several = {
        "calendar": hold.Going("Europe/Oslo", going),
        "other": hold.Going("UTC", going[:1]),
        "none": hold.Going("UTC", []),
    }
    return {
        "hold.txt": joined(
            **{name: hold.text(each, release="publer-sync release") for name, each in every.items()},
            coloured=hold.text(full, release="publer-sync release", first="merge first: ", screen=COLOURS),
            lines="\n".join(map(hold.line, every.values())),
            questions="\n\n".join((
                hold.question(going, NAMES, NOW, "Europe/Oslo"),
                hold.question(going[:1], {}, NOW, "Europe/Oslo"),
                hold.question([], NAMES, NOW, "Europe/Oslo"),
                hold.question_of_several(3, several, NOW),
                hold.question_of_several(1, {}, NOW),
            )),
        ),
        "hold.json": documents.dumps(hold_data.document(full)),
        "hold-cut-off.json": documents.dumps(hold_data.document(every["cut_off"])),
        "hold-not-here.json": documents.dumps(hold_data.document(every["no_such_account"])),
    }  # fmt: skip


# --- forget, move, pull


def _forgotten(world: Showcase) -> Mapping[str, str]:
    copies = [*world.state.copies.values()]
    drafts = [replace(copy, seen=None, sent=replace(copy.sent, draft=True)) for copy in copies[2:5]]

    def posts(found: list[Copy]) -> forget.ForgottenPosts:
        return forget.ForgottenPosts(tuple(found), "Europe/Oslo", NOW, lambda id_: BY_ID[id_])

    some, all_ = posts([*copies[:6], drafts[2]]), posts(copies)
    lefts = {
        "all": forget.LeftCalendar("calendar", "git:state", all_, tuple(copies[:2]), tuple(copies[4:7])),
        "one": forget.LeftCalendar(
            "calendar", "git:state", posts(copies[2:3]), tuple(copies[2:3]), tuple(copies[2:3])
        ),
        "drafts": forget.LeftCalendar("calendar", "git:state", posts(drafts)),
        "mixed": forget.LeftCalendar("calendar", "git:state", posts([*drafts, *copies[5:7]])),
        "none": forget.LeftCalendar("calendar", ".publer-sync", posts([])),
        "moved": forget.LeftCalendar("calendar", ".publer-sync", posts([]), moved_to="git:state"),
    }
    return {
        "forget.txt": joined(
            some=forget.text(some),
            **{name: forget.text_of_all(each) for name, each in lefts.items()},
            counted="\n".join(each.counted for each in (some, all_, posts(drafts))),
        ),
        "forget.json": documents.dumps(dict(forget.document(some, written=True))),
        "forget-all.json": documents.dumps(dict(forget.document_of_all(lefts["one"], "backup.json"))),
    }


FILES: Final = {"2026-12.yaml": b"posts: []\n", "new.yaml": b"posts:\n- at: next\n"}
BEFORE: Final = {"2026-12.yaml": "".join(f"line {number}\n" for number in range(20)).encode()}


def _moves(world: Showcase) -> Mapping[str, str]:
    found = world.calendar.judge(world.calendar.desired, now=NOW)[:3]
    return {
        "move.txt": joined(
            move=move.text("Moved winter-set.", FILES, found, before=BEFORE, prefix="calendar"),
            coloured=move.text("Moved winter-set.", FILES, (), before=BEFORE, prefix="", screen=COLOURS),
            nothing=move.text("Moved winter-set.", {}, (), before=BEFORE, prefix="calendar"),
        ),
        "move.json": documents.dumps(dict(move.document("Moved.", FILES, found, calendar="calendar", before=BEFORE, written=True))),
    }  # fmt: skip


def _pulls(world: Showcase) -> Mapping[str, str]:
    posts = {(post.id, post.account.alias): post for post in world.posts}
    used, edited = posts["stored@2026-12-18", "x"], posts["edited", "linkedin"]
    live = LivePost("p-1", "a-x", "scheduled", AT, "Edited in Publer")
    untimed = replace(live, at=None)
    pulled = PullResult(
        added=[Addition("new", "2026-12.yaml", AT, ((ACCOUNTS["x"], live), (ACCOUNTS["facebook"], live)))],
        edited=[
            Pair(edited, live, frozenset(("time", "text"))),
            Pair(used, live, frozenset(("text", "title", "time"))),
            Pair(used, live, frozenset(("time",))),
        ],
        removed=[posts["moved", "x"]],
        kept=[posts["poll", "linkedin"]],
        conflicts=[
            Pair(edited, live, frozenset(("text",)), "both changed"),
            Pair(edited, untimed, frozenset(("text",)), "no time"),
        ],
        left=[
            Left(ACCOUNTS["x"], AT, "it repeats", live=live, paste="- at: next\n  text: Hi"),
            Left(ACCOUNTS["linkedin"], AT, "it repeats", live=live, paste="- at: next\n  text: Hi"),
            Left(ACCOUNTS["x"], AT - HOUR, "its words come from a default", edited),
            Left(ACCOUNTS["x"], AT - HOUR, "nobody knows"),
        ],
        counted={"pending": 2, "reauth": 1, "past": 1, "elsewhere": 3, "published": 4},
        over={"published": {"x": 3, "linkedin": 1}},
        files=FILES,
        media={"media/new.png": world.top, "media/b.png": world.top},
    )
    many = PullResult(kept=[*world.posts[:22]], counted={})
    just = PullResult(added=pulled.added, removed=pulled.removed)
    dates = Dates.around("Europe/Oslo", NOW)
    told: dict[str, Any] = {"dates": dates, "before": BEFORE, "prefix": "calendar"}
    return {
        "pull.txt": joined(
            full=pull.text(pulled, **told),
            coloured=pull.text(pulled, **{**told, "prefix": ""}, screen=COLOURS),
            many=pull.text(many, **told),
            just_new=pull.text(just, **told),
            nothing=pull.text(PullResult(), **told),
        ),
        "pull.json": documents.dumps(
            dict(pull.document(pulled, calendar="calendar", workspace=WORKSPACE, before=BEFORE, written=True, unsigned=["ad"]))
        ),
        "pull-new.json": documents.dumps(dict(pull.document(just, calendar="calendar", workspace=WORKSPACE, before=BEFORE, written=False))),
    }  # fmt: skip


# --- export, doctor


def _exports(world: Showcase) -> Mapping[str, str]:
    posts, settings = world.calendar.desired.posts, world.calendar.settings
    chosen = [post for post in posts if post.account.alias != "linkedin"]
    long = replace(posts[5], content=replace(posts[5].content, text="long words " * 500))
    own = replace(settings, name="spring")
    bare = replace(settings, workspace="63c675e94e299e9cf2b667ec")

    def address(place: Any) -> str | None:
        return f"https://git.example/{place.file}#L{place.line}" if place.line % 2 else None

    feeds = {
        "all": export.ics(chosen, posts=posts, settings=settings, address=address),
        "named": export.ics([*posts[:3], long], posts=posts, settings=own, address=address),
        "without_workspace": export.ics(posts[:1], posts=posts, settings=bare, address=address),
    }
    return {
        "export.ics": joined(**{name: feed.replace("\r\n", "\n") for name, feed in feeds.items()}),
        "export.json": documents.dumps(
            dict(export.data(chosen[:24], top=world.top, settings=settings, address=address))
        ),
    }


def _checks() -> Mapping[str, str]:
    found = {
        "versions": Finding("publer-sync 1.0"),
        "disk": Finding(
            "there is little room, and these words are long enough for a second line of the page",
            "warning",
            "Make room.\nThen run doctor again.",
        ),
        "key": Finding("the key is refused", "failure", "Make another."),
        "plan": Finding("needs key", "skipped"),
    }
    more = {**found, "clock": Finding("it is off", "failure"), "state": Finding("there is none", "warning")}
    return {
        "doctor.txt": joined(
            one_of_each=checks.text(found, PLAIN),
            two_of_each=checks.text(more, COLOURS),
            works=checks.text({"versions": found["versions"]}, PLAIN),
        ),
        "doctor.json": documents.dumps(dict(checks.data(more))),
        "doctor-works.json": documents.dumps(dict(checks.data({"versions": found["versions"]}))),
    }  # fmt: skip

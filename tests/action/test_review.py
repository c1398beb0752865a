"""The digests that a plan's comment carries, as values; then what becomes of a plan that changed since its review."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from publer_sync.action import review
from publer_sync.action.review import Review, Seal
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block
from publer_sync.values.errors import StalePlanError
from tests.builders import LINKEDIN, change, differs, plan, post, vary
from tests.github.repository import CALENDAR, SETTINGS, Repo, day, event, posts
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub

pytestmark = pytest.mark.usefixtures("every_kind_seen")

ONE = change(Action.CREATE, post("12-01 09:00", "One", id="one"))
TWO = change(Action.UPDATE, post("12-02 09:00", "Two", id="two"), diff=(differs("text", "2", "Two"),))

SEAL = Seal("o/r", 7, "calendar", "a1b2", "42")
KEYS = ("k" * 40,)


def reviewed(*plans: Plan, strict: bool = False) -> Review:
    """As their comments carry it."""
    digests = [
        review.read(f"<!-- publer-sync plan: a -->\n{review.line(each, SEAL)}\nwords\n", SEAL)
        for each in plans
    ]
    return Review(frozenset().union(*filter(None, digests)), strict, "hint")


def names(*changes: Change) -> list[str | None]:
    return [each.id for each in changes]


@each_of(
    "other",
    [
        vary(TWO, post=post("12-02 09:00", "Too", id="two"), diff=(differs("text", "2", "Too"),)),
        vary(TWO, post=post("12-02 10:00", "Two", id="two")),
        vary(TWO, diff=(differs("text", "edited in Publer", "Two"),)),
        vary(TWO, post=post("12-02 09:00", "Two", id="two", labels=["a"])),
        vary(TWO, post=post("12-02 09:00", "Two", id="two", account=LINKEDIN)),
        change(Action.CREATE, TWO.post),
        change(Action.BLOCKED, TWO.post, would=Action.UPDATE, blocks=(Block.EDITED,)),
    ],
)
def test_whatever_differs_of_a_change_is_told(other: Change) -> None:
    compared = reviewed(plan([ONE, TWO])).compare(plan([ONE, other]))
    assert names(*compared.changed) == ["two"]


def test_where_a_post_stands_and_how_it_is_worded_is_no_change() -> None:
    moved = replace(post("12-01 09:00", "One", id="one", place=("other.yaml", 99)))
    again = vary(change(Action.CREATE, moved), reason="other words")
    compared = reviewed(plan([ONE, TWO])).compare(plan([again, TWO]))
    assert (compared.changed, compared.gone, compared.text(Allow())) == ((), 0, "")


def test_two_pull_requests_are_reviewed_one_by_one() -> None:
    compared = reviewed(plan([ONE]), plan([TWO])).compare(plan([ONE, TWO]))
    assert (compared.changed, compared.gone) == ((), 0)


def test_what_is_not_needed_any_more_is_counted_once() -> None:
    """Two accounts of one post are two; a post that changed is among the changed ones alone."""
    other = vary(TWO, post=post("12-02 09:00", "Too", id="two"))
    more = change(Action.CREATE, post("12-03 09:00", "One", id="one", account=LINKEDIN))
    compared = reviewed(plan([ONE, TWO, more])).compare(plan([other]))
    assert (names(*compared.changed), compared.gone) == (["two"], 2)
    assert "2 reviewed changes are no longer needed or possible." in compared.text(Allow())
    signed = replace(reviewed(plan([ONE])), signed=True).compare(plan([ONE, TWO])).text(Allow())
    assert (signed.startswith("⚠️ **Changed since the review**"), "no longer" in signed) == (True, False)


@each_of("number, more", [(20, ""), (21, "\n- … and 1 more post.")])
def test_twenty_changes_since_the_review_are_named(number: int, more: str) -> None:
    new = [
        change(Action.CREATE, post(f"12-{day:02} 09:00", "New", id=f"p{day}")) for day in range(1, number + 1)
    ]
    told = reviewed(plan()).compare(plan(new)).text(Allow())
    assert (told.count("\n- **"), told.endswith(more), "more post" in told) == (20, True, bool(more))


def test_strict_stops_at_what_would_be_sent() -> None:
    blocked = change(Action.BLOCKED, TWO.post, would=Action.UPDATE, blocks=(Block.EDITED,))
    strict = reviewed(plan([ONE]), strict=True)
    strict.check(plan([ONE, blocked]), Allow())
    reviewed(plan([ONE])).check(plan([TWO]), Allow())
    with pytest.raises(StalePlanError):
        strict.check(plan([ONE, blocked]), Allow(edits=True))
    with pytest.raises(StalePlanError):
        strict.check(plan([ONE, TWO]), Allow())


def test_a_plan_of_thousands_is_compared_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "MOST", 30)
    many = [
        change(Action.CREATE, post("12-01 09:00", f"{number} <b>x</b>", id=f"p{number}"))
        for number in range(31)
    ]
    line = review.line(plan(many), SEAL)
    assert len(line) < 80
    same, other = (reviewed(plan(many)).compare(plan(some)) for some in (many, [*many, TWO]))
    assert (len(same.changed), len(other.changed)) == (0, 32)
    text = other.text(Allow())
    assert "- … and 12 more posts." in text
    assert "<b>x" not in text


@each_of(
    "run, again, known", [("42", False, True), ("43", False, True), ("42", True, True), ("43", True, False)]
)
def test_what_was_refused_counts_only_where_the_same_run_is_run_again(
    run: str, again: bool, known: bool
) -> None:
    line = review.line(plan([ONE]), SEAL, refusable=True)
    body = f"<!-- publer-sync applied: a -->\n{line}\nwords\n"
    assert (review.read(body, replace(SEAL, run=run), again=again) is not None) is known


@each_of("part", [" of: a1b2", " run: 42", " hmac-sha256:", ""])
def test_a_signed_line_of_which_a_part_is_gone_is_not_believed(part: str) -> None:
    seal = replace(SEAL, keys=KEYS)
    line = review.line(plan([ONE]), seal)
    assert part in line
    cut = (
        re.sub(r" hmac-sha256:[0-9a-f]+", "", line) if part == " hmac-sha256:" else line.replace(part, "", 1)
    )
    known = review.read(f"<!-- publer-sync plan: a -->\n{cut}\nwords\n", seal)
    assert (known is not None) is (part == "")


def test_a_post_without_an_id_is_known_by_its_time() -> None:
    bare = [change(Action.CREATE, post(f"12-0{day} 09:00", "One")) for day in (1, 2)]
    compared = reviewed(plan(bare)).compare(plan(bare[:1]))
    assert (compared.changed, compared.gone) == ((), 1)
    renamed = vary(ONE, post=post("12-05 09:00", "One", id="one"))
    assert reviewed(plan([ONE])).compare(plan([renamed])).gone == 0, "it is the same post at another time"


@each_of("number, digests", [(3, 3), (4, 1)])
def test_so_many_changes_have_a_digest_each_and_more_of_them_one(number: int, digests: int) -> None:
    many = [change(Action.CREATE, post("12-01 09:00", "One", id=f"p{each}")) for each in range(number)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(review, "MOST", 3)
        found = reviewed(plan(many)).digests
    assert found is not None
    assert len(found) == digests


def test_the_line_of_a_big_plan_leaves_room_in_the_comment() -> None:
    at = post("12-01 09:00", "x").at
    many = [
        change(Action.CREATE, replace(ONE.post, at=at + timedelta(minutes=number), id=str(number)))
        for number in range(review.MOST)
    ]
    assert len(review.line(plan(many), SEAL)) < 33_000


@each_of("body", ["words", "{} A -->\n", "{} -->\n", "words\n{} AAAA -->\n"])
def test_a_comment_that_carries_no_digests(body: str) -> None:
    """Also if a post's words look like them."""
    head = "<!-- publer-sync plan: a -->\n"
    assert review.read(head + body.format("<!-- publer-sync reviewed:"), SEAL) is None
    assert review.read(f"{head}<!-- publer-sync reviewed: AAAA -->\n", SEAL) is not None


@each_of(
    "other",
    [
        Seal("o/r", 8, "calendar", "a1b2", "42", KEYS),
        Seal("o/r", 7, "other", "a1b2", "42", KEYS),
        Seal("o/s", 7, "calendar", "a1b2", "42", KEYS),
        Seal("o/r", 7, "calendar", "b2c3", "42", KEYS),
        Seal("o/r", 7, "calendar", "a1b2", "42", ("x" * 40,)),
        SEAL,
    ],
)
def test_a_signature_is_good_for_one_calendar_of_one_pull_request_at_one_commit(other: Seal) -> None:
    head, seal = "<!-- publer-sync plan: a -->\n", replace(SEAL, keys=("n" * 40, *KEYS))
    signed = review.line(plan([ONE]), replace(SEAL, keys=KEYS))
    assert review.read(f"{head}{signed}\n", seal) is not None, "an old key verifies"
    assert review.read(f"{head}{signed}\n", SEAL) is not None, "without a key every comment is believed"
    assert review.read(f"{head}{review.line(plan([ONE]), other)}\n", seal) is None
    carried = re.search("reviewed: (\\S+)", signed)
    assert carried is not None
    for old, new in ((carried[1], "AAAA"), ("run: 42", "run: 43")):
        assert review.read(f"{head}{signed}\n".replace(old, new), seal) is None
    later = replace(seal, head="b2c3")
    assert review.read(f"{head}{signed}\n".replace("of: a1b2", "of: b2c3"), later) is None


# --- the step


def _merge_reviewed(step: Run, repo: Repo, hub: Hub, files: dict[str, str], **also: str) -> dict[str, Any]:
    """A pull request that is planned, then merged to where other files were pushed."""
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    repo.commit(files, branch="topic")
    step("plan", event=event(repo))
    repo.git("checkout", "-q", "main")
    repo.commit(also)
    hub.merge(7, repo.merge("topic"))
    return {"before": before}


@pytest.mark.parametrize("reviewed", ["warn", "strict"])
def test_what_was_reviewed_is_applied_without_a_word(step: Run, repo: Repo, hub: Hub, reviewed: str) -> None:
    push = _merge_reviewed(step, repo, hub, CALENDAR)
    hub.log.clear()
    done = step("apply", event=push, reviewed=reviewed)
    assert (done.code, done.outputs["applied"]) == (0, "2"), done.log
    assert "review" not in done.summary
    asked = hub.log.count(("GET", "/repos/o/r/issues/7/comments"))
    assert asked == 2, "once for what was reviewed, once for where the report goes"


def test_what_changed_since_the_review_is_listed(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A new post and other words are named; a post that left the calendar is counted."""
    push = _merge_reviewed(step, repo, hub, {"calendar/may.yaml": posts("One", "Two", "Three")})
    repo.commit({"calendar/may.yaml": posts("One", "Too"), "calendar/x.yaml": posts("Four", since=40)})
    done = step("apply", event=push)
    assert (done.code, len(sandbox.posts())) == (0, 3)
    [_, report] = hub.bodies(7)
    for page in (report, done.summary):
        _, _, since = page.partition("Changed since the review")
        assert "new: Too" in since
        assert "new: Four" in since
        assert "One" not in since
        assert "1 reviewed change is no longer needed or possible." in since


@pytest.mark.slow
def test_strict_refuses_what_nobody_reviewed_and_shows_it_for_review(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    push = _merge_reviewed(step, repo, hub, CALENDAR, **{"calendar/x.yaml": posts("Four", since=40)})
    done = step("apply", event=push, reviewed="strict")
    assert (done.code, done.outputs["exit-code"], sandbox.posts()) == (5, "5", [])
    assert "this is not the plan that was reviewed" in done.log
    [_, again] = hub.bodies(7)
    assert "refused, and nothing was done" in again
    changed, _, plan = again.partition("Changed since the review")[2].partition("counts as reviewed.")
    assert "new: Four" in changed
    assert "[run this again](https://github.com/o/r/actions/runs/42)" in changed
    assert "Two" in plan
    assert "Two" not in changed

    assert step("apply", event=push, reviewed="strict").code == 0, "the comment is what is reviewed now"
    assert len(sandbox.posts()) == 3
    assert "verified in Publer" in hub.bodies(7)[1]


@pytest.mark.slow
@pytest.mark.parametrize("key", [{}, {"state_key": KEYS[0]}], ids=["unsigned", "signed"])
def test_only_the_run_that_strict_refused_counts_as_its_approval(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox, key: dict[str, str]
) -> None:
    """A scheduled run, or that of another push, has read nothing. Its own refusal is what can be approved then."""
    push = _merge_reviewed(step, repo, hub, CALENDAR, **{"calendar/x.yaml": posts("Four", since=40)})
    later = {"GITHUB_RUN_ID": "43"}
    runs: list[tuple[dict[str, Any], int]] = [
        ({"event": push}, 5),
        ({"name": "schedule", "variables": later}, 5),
        ({"event": push}, 5),
        ({"event": push}, 0),
    ]
    for number, (run, code) in enumerate(runs):
        done = step("apply", reviewed="strict", **key, **run)
        assert (number, done.code, len(sandbox.posts())) == (number, code, 0 if code else 3), done.log


def test_strict_without_a_reviewed_plan(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A push without a pull request, and a pull request that was never planned; a person who runs it by hand may."""
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    sha = repo.commit(CALENDAR)
    done = step("apply", event={"before": before}, reviewed="strict")
    assert (done.code, sandbox.posts()) == (5, [])
    assert "Run the apply workflow by hand" in done.log
    hub.merge(7, sha)
    assert step("apply", event={"before": before}, reviewed="strict").code == 5
    assert "there was no plan to review" in hub.bodies(7)[0]
    assert step("apply", name="workflow_dispatch", reviewed="strict").code == 0
    assert len(sandbox.posts()) == 2


def test_strict_lets_pass_what_sends_nothing(step: Run, repo: Repo, hub: Hub, sandbox: Sandbox) -> None:
    """A post that is blocked since the review is named; the others go ahead."""
    push = _merge_reviewed(step, repo, hub, CALENDAR)
    nine = datetime.fromisoformat(f"{day(10)}T09:00").replace(tzinfo=ZoneInfo("Europe/Berlin"))
    sandbox.add(account_id="acc00000000000000000fb01", at=nine, text="In the way")
    done = step("apply", event=push, reviewed="strict")
    assert done.code == 6, done.log
    assert len(sandbox.posts()) == 2
    assert "blocked: One" in hub.bodies(7)[1].partition("Changed since the review")[2]


@pytest.mark.slow
def test_a_comment_that_someone_edited_counts_as_no_review_where_digests_are_signed(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """Whoever may write may edit it: here it gets the digests of a pull request that was planned too."""
    key = {"state_key": KEYS[0]}
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    repo.commit({"calendar/may.yaml": posts("Words that nobody read in 7")}, branch="other")
    step("plan", event=event(repo, number=8), **key)
    repo.git("checkout", "-q", "main")
    repo.commit(CALENDAR, branch="topic")
    step("plan", event=event(repo), **key)
    repo.git("checkout", "-q", "main")
    repo.merge("topic")
    sha = repo.commit({"calendar/may.yaml": posts("Words that nobody read in 7")})
    hub.merge(7, sha)
    [theirs], [ours] = ([item for item in hub.comments if item["pull"] == number] for number in (8, 7))
    ours["body"] = "\n".join([ours["body"].splitlines()[0], *theirs["body"].splitlines()[1:]])
    done = step("apply", event={"before": before}, reviewed="strict", **key)
    assert (done.code, sandbox.posts()) == (5, [])
    assert "there was no plan to review that is signed with PUBLER_SYNC_STATE_KEY" in hub.bodies(7)[1]
    assert step("apply", event={"before": before}, reviewed="strict", **key).code == 0, (
        "the new one is signed"
    )
    assert len(sandbox.posts()) == 1


@pytest.mark.slow
def test_an_older_signed_comment_that_someone_puts_back_counts_as_no_review(
    step: Run, repo: Repo, hub: Hub, sandbox: Sandbox
) -> None:
    """Words that were planned once, and replaced for the review, come back in a last push that nobody planned."""
    key = {"state_key": KEYS[0]}
    before = repo.commit({"calendar/publer.yaml": SETTINGS})
    repo.commit({"calendar/may.yaml": posts("Words for nobody")}, branch="topic")
    step("plan", event=event(repo), **key)
    [comment] = hub.comments
    old = comment["body"]
    repo.commit({"calendar/may.yaml": posts("Words that were reviewed")}, branch="topic")
    step("plan", event=event(repo), **key)
    assert "Words that were reviewed" in comment["body"]
    repo.commit({"calendar/may.yaml": posts("Words for nobody")}, branch="topic")
    comment["body"] = old
    hub.merge(7, repo.merge("topic"))
    done = step("apply", event={"before": before}, reviewed="strict", **key)
    assert (done.code, sandbox.posts()) == (5, [])
    assert (
        "no plan to review that is signed with PUBLER_SYNC_STATE_KEY for the commit that was merged"
        in done.summary
    )


def test_the_key_reaches_the_state_too(branch_step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit(CALENDAR)
    done = branch_step("apply", state_key=KEYS[0])
    assert done.code == 0, done.log
    assert f"::add-mask::{KEYS[0]}" in done.log
    assert "hmac-sha256:" in repo.git("-C", str(repo.remote), "grep", "signature", "publer-sync-state")
    without = branch_step("apply")
    assert (without.code, "is signed, and PUBLER_SYNC_STATE_KEY is not set" in without.log) == (1, True)

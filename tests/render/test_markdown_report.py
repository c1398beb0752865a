"""The report as Markdown, compared whole."""

from __future__ import annotations

from publer_sync.applying.report import Outcome
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.render import markdown
from publer_sync.render.layout.venue import Venue
from publer_sync.values.errors import Interrupted, ServiceError
from tests.builders import (
    INSTAGRAM,
    LINKEDIN,
    at,
    blocked,
    change,
    live,
    post,
    report,
    result,
    vary,
)
from tests.render.test_markdown import link
from tests.tables import each_of

CREATE = change(
    Action.CREATE, post("12-07 09:00", "When the power fails", account=LINKEDIN, place=("2026-12.yaml", 52))
)
MOVE = change(
    Action.REPLACE,
    post("12-08 18:00", "From sheet to lamp", account=INSTAGRAM, id="lamp"),
    live=live("12-08 12:00"),
    diff=(FieldChange("scheduled_at", "2026-12-08T11:00:00Z", "2026-12-08T17:00:00Z"),),
)


def test_a_report_where_all_went_well() -> None:
    done = report(
        [result(CREATE, Outcome.APPLIED), result(MOVE, Outcome.APPLIED)],
        next_out=(at("11-25 09:00"), "x", "Hi *"),
    )
    assert (
        markdown.report(done)
        == """\
### 📅 Social calendar: done

**1 post created · 1 moved (on 2 accounts)**, verified in Publer. 14 requests, 41 s.

Next post: **Wed 25 Nov 09:00 · x** Hi \\*

<details open>
<summary><b>Mon 7 Dec</b> · 🟢 1 created</summary>

- **09:00** · 🟢 created · LinkedIn · Fjordlight AS · “When the power fails”

</details>

<details open>
<summary><b>Tue 8 Dec</b> · 🔵 1 moved</summary>

- **18:00** · 🔵 moved · Instagram · fjordlight · <code>lamp</code> · “From sheet to lamp”

</details>

<sub>[Publer's calendar](https://app.publer.com/#/calendar)</sub>
"""
    )


def test_a_report_where_not_all_went_well() -> None:
    results = [
        result(
            CREATE,
            Outcome.FAILED,
            publer_said="It's missing the <b>params</b>.",
            hint="reconnect it in Publer",
        ),
        result(MOVE, Outcome.UNVERIFIED),
        result(blocked()[4], Outcome.NOT_TRIED),
    ]
    assert (
        markdown.report(report(results), venue=Venue(line=link))
        == """\
### 📅 Social calendar: 1 post failed

Nothing was changed in Publer. 14 requests, 41 s.

- **Mon 7 Dec 09:00** · ❌ **FAILED** (new) · LinkedIn · Fjordlight AS · [“When the power fails”](https://git.example/2026-12.yaml#L52): \
Publer says: "It's missing the &lt;b&gt;params&lt;/b&gt;." Reconnect it in Publer.
- **Tue 8 Dec 18:00** · ⏳ **unverified** (move) · Instagram · fjordlight · <code>lamp</code> · [“From sheet to lamp”](https://git.example/2026-12.yaml#L3): \
Publer may have the post but does not list it yet; the next apply checks before sending again.
- **Thu 24 Dec 10:00** · ⛔ **skipped** (new) · X · Fjordlight · [“First Saturday of Advent.”](https://git.example/2026-12-advent.yaml#L24): \
A post that stays in Publer has this minute: "Flash sale".

Fix it and run apply again; finished posts are not repeated.
"""
    )


@each_of(
    ("outcomes", "headline"),
    [
        ([Outcome.UNVERIFIED, Outcome.UNVERIFIED], "1 post not verified yet"),
        ([Outcome.NOT_TRIED, Outcome.APPLIED], "done, except for 1 post"),
        ([Outcome.WAITING], "done"),
        ([], "nothing changed"),
    ],
)
def test_the_headline_says_how_it_went(outcomes: list[Outcome], headline: str) -> None:
    shown = markdown.report(report(result(CREATE, outcome) for outcome in outcomes))
    assert shown.startswith(f"### 📅 Social calendar: {headline}\n")


def test_a_run_that_ended_early_says_why() -> None:
    shown = markdown.report(report([result(CREATE, Outcome.APPLIED)], error=ServiceError("Publer is silent")))
    assert shown.startswith("### 📅 Social calendar: ended early\n")
    assert "> [!CAUTION]\n> Publer is silent.\n> The next apply checks first, and finishes it.\n" in shown
    assert "ended early" in markdown.report(report([], error=Interrupted("stopped")))


def test_a_long_report_that_was_cut_says_so() -> None:
    shown = markdown.report(
        report(
            result(vary(CREATE, post=post("12-07 09:00", f"Post {n}")), Outcome.FAILED, "word " * 300)
            for n in range(100)
        )
    )
    assert len(shown) <= 60_000
    assert "**Too long for a comment: the first " in shown

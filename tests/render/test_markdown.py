"""Comments on a pull request, compared whole and read back with a Markdown parser."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from publer_sync.applying.report import Outcome
from publer_sync.model import Account
from publer_sync.planning.plan import Action, Block, FieldChange, Refusal, Warn
from publer_sync.problems import Help, Location, Problem
from publer_sync.render import markdown, markdown_problems, markdown_report
from publer_sync.render.venue import Venue
from tests.builders import (
    blocked,
    change,
    everything,
    live,
    picture,
    plan,
    post,
    record,
    report,
    result,
)

if TYPE_CHECKING:
    from publer_sync.planning.plan import Plan

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

EVERYTHING = """\
<!-- publer-sync plan: calendar -->

### 📅 Social calendar: this will be refused when it is merged

**2 new · 1 to edit · 1 to move · 1 to replace · 1 to remove · 1 to adopt** · ⛔ 11 need you · ⚠️ 2 warnings\\
Merge **before Tue 1 Dec, 08:58** (Oslo time), or winter-set misses its time.

> [!CAUTION]
> **apply would refuse all of this:** 18 posts would be removed; the safety limit is 10 (limits.delete). Did a file go missing? If you mean it: <code>publer-sync apply --allow-deletes 18</code>
>
> **11 posts will not be scheduled or changed.**
>
> - **Mon 23 Nov, 09:00** · x · “Merged too late”: Its time passed before it was ever scheduled. Fix: give it a new time in [2026-11.yaml, line 9](https://git.example/2026-11.yaml#L9), or remove it.
> - **Fri 11 Dec, 10:00** · x · “Came and went”: Somebody removed it in Publer. If it should stay deleted: remove it from [2026-12.yaml, line 80](https://git.example/2026-12.yaml#L80). To create it again: <code>publer-sync apply --allow-recreate</code>
> - **Sun 20 Dec, 10:00** · x · “First Saturday of Advent.”: Its account cannot be used now: it has to be reconnected. Fix: correct the account in Publer, then apply again.
> - **Mon 21 Dec, 10:00** · x · “First Saturday of Advent.”: Somebody turned it into a draft in Publer. Fix: correct it in Publer, or remove it from [2026-12-advent.yaml, line 21](https://git.example/2026-12-advent.yaml#L21).
> - **Tue 22 Dec, 10:00** · x · “First Saturday of Advent.”: The post called "advent" has gone out; a new post needs a new id. Fix: give it a new id in [2026-12-advent.yaml, line 22](https://git.example/2026-12-advent.yaml#L22), or remove it: it has been published.
> - **Wed 23 Dec, 10:00** · x · “First Saturday of Advent.”: Its new time has passed, and the old one is still ahead. Fix: choose a later time in [2026-12-advent.yaml, line 23](https://git.example/2026-12-advent.yaml#L23).
> - **Thu 24 Dec, 10:00** · x · “First Saturday of Advent.”: A post that stays in Publer has this minute: "Flash sale". Fix: choose another time in [2026-12-advent.yaml, line 24](https://git.example/2026-12-advent.yaml#L24), or move the other post in Publer.
> - **Fri 25 Dec, 10:00** · x · “First Saturday of Advent.”: Its time is less than 2 minutes ahead, too soon to be sure of it. Fix: choose a later time in [2026-12-advent.yaml, line 25](https://git.example/2026-12-advent.yaml#L25).
> - **Sat 26 Dec, 10:00** · x · “First Saturday of Advent.”: Edited in Publer since the last apply: the calendar says otherwise. In Publer now: First Saturday of <b>the </b>Advent. To keep the edit: copy it into [2026-12-advent.yaml, line 26](https://git.example/2026-12-advent.yaml#L26). To restore the calendar's version: <code>publer-sync apply --overwrite-edits</code>
> - **Sun 27 Dec, 10:00** · x · “First Saturday of Advent.”: A post that was made in Publer has the same text and stands at another time. That post is scheduled for Sat 5 Dec 10:00. If it is the same post: delete it in Publer, or remove this one from [2026-12-advent.yaml, line 27](https://git.example/2026-12-advent.yaml#L27). To create it anyway: <code>publer-sync apply --allow-twins</code>
> - … and 1 more, marked ⛔ in the table.

| When | Where | What happens | Post |
| :-- | :-- | :-- | :-- |
| **Mon 23 Nov** 09:00 | x | ⛔ missed | Merged too late |
| **Tue 1 Dec** 09:00 | x | 🟢 new | It gets dark at three now. Meet the winter set: three lamps, one charger. ¶ #fjordlight… 🖼️ |
| **Mon 7 Dec** 09:00 | linkedin | 🟢 new | What do you reach for when the power fails? 📊 🧵 💬 (draft) |
| **Tue 8 Dec** <del>Mon 7 Dec 12:00</del> **18:00** | instagram | 🔵 move | From sheet to lamp. |
| **Thu 10 Dec** 17:00 | x | 🔴 remove | Thursday tip 2: a glove over the lamp in the rucksack. Warm battery. ¶ #ThursdayTip |
| **Fri 11 Dec** 10:00 | x | ⛔ missing | Came and went |
| **Sat 12 Dec** 10:00 | x | ⚪ adopt | There already |
| **Mon 14 Dec** 08:30 | linkedin | 🟡 edit | We like solder and patience: repair engineer<del>,</del> <b> in</b> Bergen. …; title: <del>Hiring</del> <b>Now hiring</b> |
| **Tue 15 Dec** 09:00 | x | 🔵 replace | Kept words; link: <del>https://example.com/a</del> <b>https://example.com/b</b>; new picture: <b>b.jpg</b>; alt text of c.jpg: <b>A lamp</b>; and 8 more |
| **Sun 20 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Mon 21 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Tue 22 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Wed 23 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Thu 24 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Fri 25 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Sat 26 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Sun 27 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |
| **Mon 28 Dec** 10:00 | x | ⛔ blocked | First Saturday of Advent. |

⚠️ **Worth a look**

- winter-set.jpg has no description (alt text) ([2026-12.yaml, line 10](https://git.example/2026-12.yaml#L10)).
- "Old words" left the calendar and stays in Publer (prune: none).

<details>
<summary>Read every text in full (16)</summary>

#### Tue 1 Dec, 09:00 · x · new · <code>winter-set</code>

> It gets dark at three now. Meet the winter set: three lamps, one charger.
>
> #fjordlight #hygge

- picture: winter-set.jpg

93 of 280 characters · [2026-12.yaml, line 3](https://git.example/2026-12.yaml#L3)

#### Mon 7 Dec, 09:00 · linkedin · new

> What do you reach for when the power fails?

- as a draft
- title: Power
- link: https://example.com/power
- poll options: Candle, Phone torch
- poll open for: 3 days
- part 2: More
- comment 1: First
- comment 1, after: 10 minutes
- comment 2: Second
- shared by: another account
- shared after: 2 hours
- auto-delete: after 1 day
- labels: launch, poll

43 of 3,000 characters · [2026-12.yaml, line 52](https://git.example/2026-12.yaml#L52)

#### Tue 8 Dec, 18:00 · instagram · move

Publer can't change this in place: the new post is created and verified, then the old one is removed.

The whole post:

> From sheet to lamp.

19 of 2,200 characters · [2026-12.yaml, line 60](https://git.example/2026-12.yaml#L60)

#### Thu 10 Dec, 17:00 · x · remove

It is in Publer now, and no longer in the calendar:

> Thursday tip 2: a glove over the lamp in the rucksack. Warm battery.
>
> #ThursdayTip

#### Fri 11 Dec, 10:00 · x · missing

> Came and went

13 of 280 characters · [2026-12.yaml, line 80](https://git.example/2026-12.yaml#L80)

#### Mon 14 Dec, 08:30 · linkedin · edit · <code>hiring</code>

- We like solder and patience: repair engineer<del>,</del> <b> in</b> Bergen. Apply!
- title: <del>Hiring</del> <b>Now hiring</b>

The whole post:

> We like solder and patience: repair engineer in Bergen. Apply!

62 of 3,000 characters · [2026-12.yaml, line 3](https://git.example/2026-12.yaml#L3)

#### Tue 15 Dec, 09:00 · x · replace · <code>kept</code>

- link: <del>https://example.com/a</del> <b>https://example.com/b</b>
- new picture: <b>b.jpg</b>
- alt text of c.jpg: <b>A lamp</b> (these 2 are not shown by Publer; compared with what was last sent)
- labels: tips <del>old</del> <b>new</b>
- poll open for: <del>3 days</del> <b>1 week</b>
- part 2: Part <del>two</del> <b>2</b>
- part 3 added: <b>Part three</b>
- comment 1, after: <del>1 minute</del> <b>2 minutes</b> (not shown by Publer; compared with what was last sent)
- No longer a draft.
- album: <b>Lamps</b>
- location: <del>id 1</del>

Publer can't change this in place: the old post is removed first, and put back if Publer refuses the new one.

The whole post:

> Kept words

- pictures: b.jpg, c.jpg

10 of 280 characters · [2026-12.yaml, line 71](https://git.example/2026-12.yaml#L71)

#### Sun 20 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 20](https://git.example/2026-12-advent.yaml#L20)

#### Mon 21 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 21](https://git.example/2026-12-advent.yaml#L21)

#### Tue 22 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 22](https://git.example/2026-12-advent.yaml#L22)

#### Wed 23 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 23](https://git.example/2026-12-advent.yaml#L23)

#### Thu 24 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 24](https://git.example/2026-12-advent.yaml#L24)

#### Fri 25 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 25](https://git.example/2026-12-advent.yaml#L25)

#### Sat 26 Dec, 10:00 · x · blocked

- First Saturday of <del>the </del>Advent.

The whole post:

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 26](https://git.example/2026-12-advent.yaml#L26)

#### Sun 27 Dec, 10:00 · x · blocked

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 27](https://git.example/2026-12-advent.yaml#L27)

#### Mon 28 Dec, 10:00 · x · blocked

- First Saturday of <del>the </del>Advent.

The whole post:

> First Saturday of Advent.

25 of 280 characters · [2026-12-advent.yaml, line 28](https://git.example/2026-12-advent.yaml#L28)

</details>

<details>
<summary>The 6 weeks at a glance</summary>

| | Mon | Tue | Wed | Thu | Fri | Sat | Sun |
| :-- | :-: | :-: | :-: | :-: | :-: | :-: | :-: |
| **23 Nov** | ⛔ | 1 |  |  |  |  |  |
| **30 Nov** |  | 1 🟢 |  |  |  |  |  |
| **7 Dec** | 1 🟢 | 1 🔵 |  | 🔴 | ⛔ | 1 ⚪ | 1 |
| **14 Dec** | 1 🟡 | 1 🔵 |  |  |  |  | ⛔ |
| **21 Dec** | ⛔ | ⛔ | ⛔ | ⛔ | ⛔ | ⛔ | ⛔ |
| **28 Dec** | ⛔ |  |  |  |  |  |  |

Numbers are posts after this change.

</details>

<sub>1 waiting for approval in Publer, 1 pending, 1 past, 1 not managed here. Plan of Tue 24 Nov, 14:20; all times are Oslo time.</sub>
"""


def link(file: str, line: int) -> str:
    return f"https://git.example/{file}#L{line}"


def bare(shown: str) -> str:
    """Without the joiners that nobody sees."""
    return shown.replace("\u2060", "")


def many(number: int, words: str = "Some words to read") -> Plan:
    return plan(
        change(
            Action.CREATE,
            post(f"12-{1 + n // 600:02} {8 + n // 60 % 10:02}:{n % 60:02}", words, place=("a.yaml", n + 1)),
        )
        for n in range(number)
    )


def test_a_comment_with_every_action_block_and_field() -> None:
    assert bare(markdown.plan(everything(), venue=Venue(line=link))) == EVERYTHING


def test_hashes_and_names_in_texts_are_followed_by_a_joiner() -> None:
    assert "#\u2060fjordlight" in markdown.plan(everything())


def test_nothing_to_do_is_the_headline() -> None:
    quiet = plan([change(Action.UNCHANGED, post("12-01 09:00", "b"))], warnings=[Warn("other", "look here")])
    assert (
        markdown.plan(quiet)
        == """\
<!-- publer-sync plan: calendar -->

### 📅 Social calendar: nothing changes

Nothing to do. Publer matches the calendar: 1 post, Tue 1 Dec, 1 account.

⚠️ **Worth a look**

- Look here.

<sub>1 unchanged. Plan of Tue 24 Nov, 14:20; all times are Oslo time.</sub>
"""
    )


def test_one_blocked_post_among_others() -> None:
    one = next(item for item in blocked() if item.blocks == (Block.SLOT,))
    shown = markdown.plan(replace(plan([one]), calendar="clients/acme --> x"))
    assert shown.startswith("<!-- publer-sync plan: clients/acme _-_ x -->\n")
    assert (
        """
### 📅 Social calendar clients/acme --&gt; x: what happens when this is merged

⛔ 1 needs you

> [!CAUTION]
> **One post will not be scheduled or changed.**
>
> - **Thu 24 Dec, 10:00** · x · “First Saturday of Advent.”: A post that stays in Publer has this minute: "Flash sale". \
Fix: choose another time in 2026-12-advent.yaml, line 24, or move the other post in Publer.

| When"""
        in shown
    )


def test_a_first_run_says_what_it_will_not_do() -> None:
    first = plan(
        [change(Action.CREATE, post("12-01 09:00", "Hello"))],
        warnings=[Warn("no_state", "no record of an earlier apply")],
    )
    assert "\n\nNo record of an earlier apply.\n\n| When" in markdown.plan(first)
    assert "Worth a look" not in markdown.plan(first)


def test_a_calendar_that_lost_its_posts_is_refused_in_the_headline() -> None:
    gone = plan(
        [change(Action.DELETE, None, live=live("12-01 09:00", "Hi"))],
        refusals=[Refusal("empty", 1, 10, "--allow-deletes 1")],
    )
    shown = markdown.plan(gone)
    assert "### 📅 Social calendar: this will be refused when it is merged\n" in shown
    assert shown.count("[!CAUTION]") == 1


def test_many_adopted_posts_are_one_row() -> None:
    adopts = [change(Action.ADOPT, post("12-01 09:00", f"Post {n}", place=("a.yaml", n))) for n in range(6)]
    shown = markdown.plan(plan(adopts))
    assert "| | | ⚪ adopt | 6 posts that are in Publer already; nothing is sent |" in shown
    assert "Post 1" not in shown


def test_pictures_are_counted_in_the_table() -> None:
    wanted = post("12-01 09:00", "Hi", media=(picture("a.jpg"), picture("b.jpg")))
    assert "| 🟢 new | Hi 🖼️ × 2 |" in markdown.plan(plan([change(Action.CREATE, wanted)]))


@pytest.mark.parametrize(
    ("limit", "cut"), [(60_000, ""), (7_000, "can be read in full below"), (3_000, "and no text in full")]
)
def test_a_comment_that_was_cut_says_so_above_the_table(limit: int, cut: str) -> None:
    shown = markdown.plan(many(60), limit=limit)
    assert len(shown) <= limit
    assert ("Too long" in shown) is bool(cut)
    assert cut in shown.partition("| When")[0]
    assert "60 new" in shown
    assert "Plan of Tue 24 Nov" in shown


def test_a_plan_of_thousands_fits_a_comment() -> None:
    shown = markdown.plan(many(5000, "word " * 100))
    assert 50_000 < len(shown) <= 60_000
    assert "of 5,000 rows" in shown


def test_warnings_and_blocked_posts_are_never_all_of_a_comment() -> None:
    held = [replace(item, reason="because " * 200) for item in blocked() for _ in range(10)]
    warnings = [Warn("w", "word " * 500, Location("a.yaml", n)) for n in range(100)]
    shown = markdown.plan(plan(held, warnings=warnings))
    assert len(shown) <= 60_000
    assert "> - … and 80 more, marked ⛔ in the table." in shown
    assert "- … and 80 more: <code>publer-sync plan</code>" in shown


ANY_TEXT = st.text() | st.text(
    st.sampled_from("@#`*_~[]()<>!|\\\n\r -+=.:1a&$\x1b\u202e"), min_size=1, max_size=200
)
OURS = {
    "p",
    "h3",
    "h4",
    "strong",
    "br",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "li",
}
OURS |= {"code", "del", "b", "sub", "details", "summary", "a"}


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_is_written_a_comment_keeps_its_form(words: str, name: str, other: str) -> None:
    account = Account("a", name, "mastodon")
    wanted = post(
        "12-01 09:00",
        words,
        account=account,
        id=other or None,
        title=other,
        labels=[words],
        place=(other or "f", 3),
    )
    old = live("12-01 09:00", other, account=account)
    diff = (FieldChange("text", other, words), FieldChange("album", words, other))
    changes = [
        change(Action.CREATE, wanted),
        change(Action.UPDATE, wanted, live=old, diff=diff),
        change(Action.REPLACE, wanted, live=old, diff=diff[1:]),
        change(
            Action.BLOCKED,
            wanted,
            live=old,
            record=record(post("12-01 09:00", words)),
            blocks=(Block.EDITED,),
            reason=words,
        ),
        change(Action.DELETE, None, account=account, live=old),
    ]
    comment = markdown.plan(replace(plan(changes, warnings=[Warn("w", words)]), calendar=name))
    told = markdown_report.report(report([result(one, Outcome.FAILED, words, hint=other) for one in changes]))
    found = markdown_problems.problems(
        [Problem("error", "c", words, Location("f", 1), Help(other, words, other))], posts=1, desired=1
    )
    for shown, cells in ((comment, 4 * len(changes)), (told, 5 * len(changes)), (found, 3)):
        html = GFM.render(shown)
        assert set(re.findall(r"</?([a-z]\w*)", html)) <= OURS
        assert html.count("<td") == cells
        assert not re.search(r"[@#]\w", re.sub(r"<[^>]*>|&#\w+;", "", html))
        assert shown.count("<!--") == (shown is comment)

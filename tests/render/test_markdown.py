"""Comments on a pull request, compared whole and read back with a Markdown parser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from publer_sync.applying.report import Outcome
from publer_sync.planning.notes import APPLY_ENDS, Refusal, Warn
from publer_sync.planning.plan import Action, Block, FieldChange, Held
from publer_sync.render import markdown
from publer_sync.render.layout.markdown_page import fitting
from publer_sync.render.layout.venue import Venue
from publer_sync.render.post import marks
from publer_sync.values.content import Content, Json
from publer_sync.values.model import Account
from publer_sync.values.problems import Help, Location, Problem
from tests.builders import (
    LINKEDIN,
    X,
    blocked,
    change,
    copy_of,
    differs,
    everything,
    live,
    picture,
    plan,
    post,
    report,
    result,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import MediaSource, Post

OTHER = Account("a-team", "Team", "instagram", "team")
GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def link(file: str, line: int) -> str:
    return f"https://git.example/{file}#L{line}"


def bare(shown: str) -> str:
    """Without the joiners that nobody sees."""
    return shown.replace("\u2060", "")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (None, True),
        (post("12-02 09:00", "Words"), False),
        (post("12-02 10:00", "Words"), True),
        (post("12-02 09:00", "Other words"), True),
    ],
)
def test_a_review_shows_what_a_release_will_schedule_as_nobody_has_seen_it(
    sent: Post | None, told: bool
) -> None:
    now = post("12-02 09:00", "Words")
    held = Held(account=X, post=now, reason="Storm", copy=copy_of(sent) if sent else None)
    shown = markdown.waiting_for_release(plan([held]), limit=10_000)
    assert ("On hold: 1 post, new or changed since the hold" in shown, "Words" in shown) == (told, told)
    assert markdown.waiting_for_release(plan(), limit=10_000) == ""


def test_a_plan_whose_apply_would_end_with_an_error_says_so_and_no_other_does() -> None:
    code = next(iter(APPLY_ENDS))
    assert "pply would end with an error" in markdown.plan(plan(warnings=(Warn(code, "something is wrong"),)))
    assert "pply would end with an error" not in markdown.plan(plan())


def test_what_publer_does_not_show_is_a_footnote() -> None:
    one = post("12-02 09:00", "Words")
    shown = markdown.plan(
        plan([change(Action.UPDATE, one, diff=(differs("text", "Old", "Words", blind=True),))])
    )
    assert "Not shown by Publer" in shown.partition("Plan of")[2] + shown.partition("<sup>")[2]


def test_a_link_that_changes_can_be_opened_and_another_field_has_none() -> None:
    old: Json = {"url": "https://a.example/old"}
    new: Json = {"url": "https://a.example/new"}
    one = post("12-02 09:00", "Words", link=new)
    shown = markdown.plan(
        plan(
            [
                change(Action.UPDATE, one, diff=(differs("text", "Old", "Words"),)),
                change(
                    Action.REPLACE,
                    replace(one, at=one.at + timedelta(days=1)),
                    diff=(differs("link", old, new),),
                ),
            ]
        )
    )
    opened = [line for line in shown.splitlines() if "[open](" in line]
    assert opened
    assert all(line.startswith("🔗") for line in opened), opened


def many(number: int, words: str = "Some words to read") -> Plan:
    return plan(
        change(
            Action.CREATE,
            post(f"12-{1 + n // 600:02} {8 + n // 60 % 10:02}:{n % 60:02}", words, place=("a.yaml", n + 1)),
        )
        for n in range(number)
    )


def parts(shown: str, title: str) -> str:
    """What a page says below the fold with this title."""
    return shown.partition(f"<summary>{title}</summary>\n\n")[2].partition("\n\n</details>")[0]


SHOWN = bare(markdown.plan(everything(), venue=Venue(line=link)))


def test_the_top_of_a_comment_counts_and_names_what_needs_someone() -> None:
    assert SHOWN.startswith(
        """\
<!-- publer-sync plan: calendar -->

### 📅 Social calendar: this will be refused when it is merged

⏳ **Merge before Tue 1 Dec 08:58 (Oslo time), or winter-set misses its time.**

**2 new posts · 1 to edit · 1 to move · 1 to replace · 1 to remove · 1 to adopt (on 3 accounts)** · ✋ 11 posts need you · ⚠️ 2 warnings: [winter-set](#user-content-publer-sync-calendar-1), [1 at the end](#user-content-publer-sync-calendar-warnings)

🔴 **Removed:** “Thursday tip 2: a glove over the lamp…” (X · Fjordlight)

> [!CAUTION]
> **apply would refuse all of this:** 1 post would be removed, 18 counting each account; the safety limit is 10 (limits.delete). Did a file go missing? \
If you mean it: <code>publer-sync apply --allow-deletes 18</code>
>
> **11 posts will not be scheduled or changed.**
>
> - **Mon 23 Nov 09:00** · X · Fjordlight · “Merged too late”: Its time passed before it was ever scheduled. \
Fix: give it a new time in [2026-11.yaml, line 9](https://git.example/2026-11.yaml#L9), or remove it.
"""
    )
    assert SHOWN.count("[!CAUTION]") == 1
    assert (
        "In Publer now: First Saturday of <b>the </b>Advent. To keep the edit: run publer-sync pull, or copy it into "
        "[2026-12-advent.yaml, line 26](https://git.example/2026-12-advent.yaml#L26). "
        "To restore the calendar's version: <code>publer-sync apply --overwrite-edits</code>\n"
    ) in SHOWN
    assert "> - … and 1 more, below.\n" in SHOWN


def test_the_weeks_at_a_glance_are_not_folded() -> None:
    assert """
| | 23 Nov | 30 Nov | 7 Dec | 14 Dec |
| :-- | :-- | :-- | :-- | :-- |
| **Mo** | ⏰ |  | 1 🟢 | 1 🟡 |
| **Tu** | 1 | 1 🟢⚠️ | 1 🔵 | 1 🟣 |
| **We** |  |  |  |  |
| **Th** |  |  | 🔴 |  |
""" in SHOWN.partition("<details")[0]


@each_of(
    ("title", "card"),
    [
        (
            "<b>Tue 1 Dec</b> · 🟢 1 new",
            """\
<a name="publer-sync-calendar-1"></a>**09:00** · 🟢 **new** · X · Fjordlight · <sub><code>winter-set</code></sub>

⚠️ winter-set.jpg has no description (alt text).

<table><tr><td>

It gets dark at three now. Meet the winter set: three lamps, one charger.

#fjordlight #hygge

🖼️ picture: winter-set.jpg

</td></tr></table>

<sub>[2026-12.yaml, line 3](https://git.example/2026-12.yaml#L3) · 93 of 280 characters</sub>""",
        ),
        (
            "<b>Mon 7 Dec</b> · 🟢 1 new",
            """\
**09:00** · 🟢 **new** · LinkedIn · Fjordlight AS

<table><tr><td>

What do you reach for when the power fails?

draft: yes\\
title: Power\\
auto-delete: after 1 day

🔗 link: https://example.com/power ([open](https://example.com/power))

📊 poll options: Candle, Phone torch\\
poll open for: 3 days

🧵 part 2: More

💬 comment 1: First\\
comment 1, after: 10 minutes\\
comment 2: Second

🔁 shared by: X · Fjordlight\\
shared after: 2 hours

🏷️ labels: launch, poll

</td></tr></table>

<sub>[2026-12.yaml, line 52](https://git.example/2026-12.yaml#L52) · 43 of 3,000 characters</sub>""",
        ),
        (
            "<b>Tue 8 Dec</b> · 🔵 1 to move",
            """\
**Mon 7 Dec 12:00 → Tue 8 Dec 18:00** · 🔵 **move**<sup>1</sup> · Instagram · fjordlight

<table><tr><td>

From sheet to lamp.

</td></tr></table>

<sub>[2026-12.yaml, line 60](https://git.example/2026-12.yaml#L60) · 19 of 2,200 characters</sub>""",
        ),
        (
            "<b>Thu 10 Dec</b> · 🔴 1 to remove",
            """\
**17:00** · 🔴 **remove** · X · Fjordlight

No longer in the calendar.

<table><tr><td>

Thursday tip 2: a glove over the lamp in the rucksack. Warm battery.

#ThursdayTip

</td></tr></table>""",
        ),
        (
            "<b>Mon 14 Dec</b> · 🟡 1 to edit",
            """\
**08:30** · 🟡 **words, title** · LinkedIn · Fjordlight AS · <sub><code>hiring</code></sub>

<table><tr><td>

We like solder and patience: repair engineer<del>,</del> <b> in</b> Bergen. Apply!

title: <del>Hiring</del> <b>Now hiring</b>

</td></tr></table>

<sub>[2026-12.yaml, line 3](https://git.example/2026-12.yaml#L3) · 62 of 3,000 characters</sub>""",
        ),
    ],
)
def test_a_card_shows_what_the_public_will_see(title: str, card: str) -> None:
    assert parts(SHOWN, title) == card


def test_what_holds_for_several_posts_is_told_once_at_the_end() -> None:
    assert SHOWN.count("the new post is created and verified, then the old one is removed.") == 1
    assert SHOWN.count("<sup>1</sup>") >= 2
    assert SHOWN.count("https://app.publer.com") == 1
    assert "<sup>1</sup>" not in markdown.plan(plan([change(Action.CREATE, post("12-01 09:00", "New"))]))


def test_the_preview_is_the_line_below_the_heading() -> None:
    for shown in (
        markdown.plan(everything(), venue=Venue(preview="https://git.example/1", marker=False)),
        markdown.plan(plan([]), venue=Venue(preview="https://git.example/1", marker=False)),
        markdown.problems([], figures="1 post", venue=Venue(preview="https://git.example/1")),
    ):
        below = [part for part in shown.split("\n\n") if not part.startswith(("<!--", "⏳"))]
        assert below[1].endswith("](https://git.example/1)")
    assert "Preview" not in SHOWN


def test_the_card_of_a_replaced_post_tells_what_differs_and_folds_the_rest() -> None:
    card = SHOWN.partition("other picture, alt text")[2].partition("<table><tr><td>\n\n")[2]
    assert card.startswith(
        """\
Kept words

🔗 link: <del>https://example.com/a</del> <b>https://example.com/b</b>

🖼️ pictures: c.jpg <del>a picture</del> <b>b.jpg</b>\\
alt text of c.jpg: <b>A lamp</b><sup>4</sup>

🏷️ labels: <del>old</del> <b>new</b>, tips
"""
    )
    assert "\n<summary>The rest of the post: media</summary>\n\n🖼️ pictures: b.jpg, c.jpg\n" in card
    assert SHOWN.count("ot shown by Publer; compared with what was last sent") == 1


def test_hashes_and_names_in_texts_are_followed_by_a_joiner() -> None:
    assert "#\u2060fjordlight" in markdown.plan(everything())


def test_nothing_to_do_is_the_headline() -> None:
    quiet = plan([change(Action.UNCHANGED, post("12-01 09:00", "b"))], warnings=[Warn("other", "look here")])
    assert (
        markdown.plan(quiet)
        == """\
<!-- publer-sync plan: calendar -->

### 📅 Social calendar: nothing changes

Nothing to do. Publer matches the calendar: 1 post, Tue 1 Dec.

⚠️ **Worth a look**

- Look here.

<sub>1 unchanged. Plan of Tue 24 Nov 14:20; all times are Oslo time.</sub>
"""
    )


def test_one_blocked_post_among_others() -> None:
    one = next(item for item in blocked() if item.blocks == (Block.SLOT,))
    shown = markdown.plan(replace(plan([one]), calendar="clients/acme --> x"))
    assert shown.startswith("<!-- publer-sync plan: clients/acme _-_ x -->\n")
    assert (
        """
### 📅 Social calendar clients/acme --&gt; x: what happens when this is merged

✋ 1 post needs you

> [!CAUTION]
> **One post will not be scheduled or changed.**
>
> - **Thu 24 Dec 10:00** · X · Fjordlight · “First Saturday of Advent.”: A post that stays in Publer has this minute: "Flash sale". \
Fix: choose another time in 2026-12-advent.yaml, line 24, or move the other post in Publer.

<details open>"""
        in shown
    )


def test_a_first_run_says_what_it_will_not_do() -> None:
    first = plan(
        [change(Action.CREATE, post("12-01 09:00", "Hello"))],
        warnings=[Warn("no_state", "no record of an earlier apply")],
    )
    assert "\n\nNo record of an earlier apply.\n\n<details open>" in markdown.plan(first)
    assert "Worth a look" not in markdown.plan(first)


def test_a_calendar_that_lost_its_posts_is_refused_in_the_headline() -> None:
    gone = plan(
        [change(Action.DELETE, None, live=live("12-01 09:00", "Hi"))],
        refusals=[Refusal("empty", 1, 10, "--allow-deletes 1")],
    )
    shown = markdown.plan(gone)
    assert "### 📅 Social calendar: this will be refused when it is merged\n" in shown
    assert shown.count("[!CAUTION]") == 1


def test_many_adopted_posts_are_folded() -> None:
    adopts = [change(Action.ADOPT, post("12-01 09:00", f"Post {n}", place=("a.yaml", n))) for n in range(6)]
    shown = markdown.plan(plan(adopts))
    words = "⚪ 6 posts already in Publer; managed here from now on, and nothing is sent"
    assert parts(shown, words).startswith("- **Tue 1 Dec 09:00** · ⚪ adopt · X · Fjordlight · “Post 0”\n- ")
    assert f"\n{words}\n" in markdown.plan(plan(adopts), limit=500)


def test_pictures_in_the_repository_are_shown_before_and_after() -> None:
    old, new, film, cover = map(picture, ("old.jpg", "new.jpg", "film.mp4", "cover.jpg"))
    after: list[Json] = [
        {"file": new.digest, "alt": 'A "lamp"'},
        {"file": film.digest, "thumbnail": cover.digest},
    ]
    item = differs("media", [{"file": old.digest}, {"file": film.digest, "thumbnail": "sha256:x"}], after)
    wanted = post("12-01 09:00", "Hi", media=(new, film, cover))
    wanted = replace(wanted, content=Content.from_json({"text": "Hi", "media": after}))
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00"), diff=(item,))
    venue = Venue(
        picture=lambda path: f"https://git.example/{path}?raw=true",
        old_picture=lambda _, name, path: f"https://git.example/old/{path and path.with_name(name)}?raw=true",
    )
    names = {old.digest: "old.jpg", "sha256:x": "x.jpg"}
    shown = markdown.plan(plan([one], names=names), venue=venue)
    assert (
        '<img src="https://git.example/old/calendar/media/old.jpg?raw=true" width="140" alt="before"> → '
        '<img src="https://git.example/calendar/media/new.jpg?raw=true" width="140" alt="A &quot;lamp&quot;"> '
        '<img src="https://git.example/old/calendar/media/x.jpg?raw=true" width="140" alt="before"> → '
        '<img src="https://git.example/calendar/media/cover.jpg?raw=true" width="140" alt="cover.jpg">\n'
    ) in shown
    assert "<img" not in markdown.plan(plan([one]))


def test_a_post_on_three_accounts_is_one_card_with_its_networks() -> None:
    changes = [
        change(Action.CREATE, post("12-01 09:00", "Hi", account=account)) for account in (X, LINKEDIN, OTHER)
    ]
    shown = markdown.plan(plan(changes))
    assert "\n**1 new post (on 3 accounts)**\n" in shown
    assert "\n**09:00** · 🟢 **new** · LinkedIn · Fjordlight AS; Instagram · Team; X · Fjordlight\n" in shown
    assert shown.count("\n\nHi\n") == 1


def test_accounts_of_one_owner_share_its_name_and_equal_names_are_told_apart() -> None:
    page, group = (
        Account(f"5f{n}", "Nordlys AS", "facebook", alias) for n, alias in ((1, "page"), (2, "group"))
    )
    wide = [replace(each, name="Nordlys AS") for each in (X, LINKEDIN)]
    shown = markdown.plan(
        plan([change(Action.CREATE, post("12-01 09:00", "Hi", account=each)) for each in wide])
    )
    assert "· 🟢 **new** · LinkedIn, X · Nordlys AS\n" in shown
    shown = markdown.plan(
        plan([change(Action.CREATE, post("12-01 09:00", "Hi", account=each)) for each in (page, group)])
    )
    assert "· Facebook · Nordlys AS (group); Facebook · Nordlys AS (page)\n" in shown


def test_who_shares_a_post_is_named_as_its_own_account_is() -> None:
    sharing: dict[str, Json] = {"text": "Hi", "share": {"accounts": [LINKEDIN.id]}}
    wanted = replace(post("12-01 09:00", "Hi"), content=Content.from_json(sharing))
    other = change(Action.CREATE, post("12-02 09:00", "Else", account=LINKEDIN))
    shown = markdown.plan(plan([change(Action.CREATE, wanted), other], names={LINKEDIN.id: "li"}))
    assert "🔁 shared by: LinkedIn · Fjordlight AS" in shown


def test_no_two_marks_share_a_sign() -> None:
    for signs in (
        [mark.sign for mark in marks.SHOWN],
        [mark.emoji for mark in marks.SHOWN],
    ):
        assert len(set(signs)) == len(signs)


def test_what_is_removed_shows_all_that_it_said_and_its_pictures() -> None:
    sent: dict[str, Json] = {
        "type": "story",
        "media": [{"file": "sha256:x", "alt": "A lamp"}, {"file": "sha256:y"}],
    }
    before = replace(post("12-01 09:00", ""), content=Content.from_json(sent))
    gone = change(Action.DELETE, None, live=live("12-01 09:00"), copy=copy_of(before))
    venue = Venue(
        old_picture=lambda digest, name, path: f"https://git.example/old/{name}" if path is None else None,
        old_file=lambda digest, name, path: f"https://git.example/page/{name}" if path is None else None,
    )
    names = {"sha256:x": "lamp.jpg", "sha256:y": "lamp.mp4"}
    shown = markdown.plan(plan([gone], names=names), venue=venue)
    assert '<img src="https://git.example/old/lamp.jpg" width="140" alt="before">' in shown
    assert "[🎬 open lamp.mp4](https://git.example/page/lamp.mp4)" in shown
    for words in ("type: story", "media: lamp.jpg, lamp.mp4", "alt text of lamp.jpg: A lamp"):
        assert words in shown


def test_files_and_pictures_on_the_web_can_be_opened() -> None:
    film = picture("film.mp4")
    media: list[Json] = [{"file": film.digest}, {"url": "https://example.com/a.jpg"}]
    wanted = replace(
        post("12-01 09:00", "Hi", media=(film,)), content=Content.from_json({"text": "Hi", "media": media})
    )
    venue = Venue(file=lambda path: f"https://git.example/{path}")
    shown = markdown.plan(plan([change(Action.CREATE, wanted)]), venue=venue)
    assert "[🎬 open film.mp4](https://git.example/calendar/media/film.mp4)" in shown
    assert "[🖼️ open a.jpg](https://example.com/a.jpg)" in shown


def test_the_picture_of_a_part_stands_in_its_part_next_to_the_one_it_replaces() -> None:
    own, second, old = map(picture, ("own.jpg", "second.jpg", "old.jpg"))
    after: dict[str, Json] = {
        "text": "One",
        "media": [{"file": own.digest}],
        "thread": [{"text": "Two", "media": [{"file": second.digest, "alt": "It"}]}, {"text": "Three"}],
    }
    wanted = replace(post("12-01 09:00", "One", media=(own, second)), content=Content.from_json(after))
    venue = Venue(
        picture=lambda path: f"https://git.example/{path.name}",
        old_picture=lambda _, name, path: f"https://git.example/old/{name}",
    )
    second_image = '<img src="https://git.example/second.jpg" width="200" alt="It">'
    shown = markdown.plan(plan([change(Action.CREATE, wanted)]), venue=venue)
    assert f"part 2, alt text of second.jpg: It\\\n{second_image}\\\npart 3: Three" in shown
    assert shown.count('/own.jpg"') == shown.count('/second.jpg"') == 1
    before: list[Json] = [{"text": "Two", "media": [{"file": old.digest}]}, {"text": "Three"}]
    item = differs("thread", before, after["thread"])
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00"), diff=(item,))
    shown = markdown.plan(plan([one], names={old.digest: "old.jpg"}), venue=venue)
    old_image = '<img src="https://git.example/old/old.jpg" width="140" alt="before">'
    assert f"{old_image} → {second_image.replace('200', '140')}" in shown
    assert shown.count('/second.jpg"') == 1


def test_a_new_order_shows_both() -> None:
    one, two = map(picture, ("one.jpg", "two.jpg"))
    was: list[Json] = [{"file": one.digest}, {"file": two.digest}]
    now = was[::-1]
    wanted = post("12-01 09:00", "Hi", media=(one, two))
    wanted = replace(wanted, content=Content.from_json({"text": "Hi", "media": now}))
    changed = change(Action.REPLACE, wanted, live=live("12-01 09:00"), diff=(differs("media", was, now),))
    venue = Venue(picture=lambda path: f"https://git.example/{path.name}")
    first, second = (
        f'<img src="https://git.example/{name}" width="140" alt="{name}">' for name in ("one.jpg", "two.jpg")
    )
    shown = markdown.plan(plan([changed]), venue=venue)
    assert f"before: {first} {second}\\\nafter: {second} {first}\n" in shown


def test_posts_that_move_share_a_line_only_if_they_show_the_same_and_move_as_far() -> None:
    one, two = picture("one.jpg"), picture("two.jpg")

    def moved(id: str, day: int, words: str, source: MediaSource, was: str = "10:00") -> Change:
        wanted = post(f"12-{day:02} 09:00", words, id=id, media=(source,))
        old = live(f"12-{day:02} {was}", words)
        moved: Change = change(Action.REPLACE, wanted, live=old, diff=(differs("scheduled_at", "x", "y"),))
        return moved

    venue = Venue(picture=lambda path: f"https://git.example/{path.name}")
    shown = markdown.plan(
        plan(
            [
                moved("first", 1, "Sale", one),
                moved("words", 2, "Sale ends", one),
                moved("picture", 3, "Sale", two),
                moved("shift", 4, "Sale", one, was="11:00"),
                moved("again", 5, "Sale", one),
            ]
        ),
        venue=venue,
    )
    assert shown.count("same as") == 1
    assert (
        "- **Sat 5 Dec 10:00 → Sat 5 Dec 09:00** · 🔵 move · X · Fjordlight · <code>again</code> · “Sale” · same as Tue 1 Dec 09:00"
        in shown
    )
    assert (shown.count('one.jpg"'), shown.count('two.jpg"')) == (6, 2)
    assert "\n\nSale ends\n" in shown


def test_what_repeats_is_told_once() -> None:
    shown = markdown.plan(many(3))
    assert shown.count("\n\nSome words to read\n") == 1
    assert "- **08:02** · 🟢 new · X · Fjordlight · “Some words to read” · same as Tue 1 Dec 08:00\n" in shown


def test_the_first_days_are_unfolded() -> None:
    changes = [change(Action.CREATE, post(f"12-{n:02} 09:00", f"Post {n}")) for n in range(1, 16)]
    shown = markdown.plan(plan(changes))
    assert shown.count("<details open>") == 12
    # What waits behind a fold is named.
    assert parts(shown, "<b>Tue 15 Dec</b> · 🟢 1 new: “Post 15”").startswith(
        "**09:00** · 🟢 **new** · X · Fjordlight\n\n<table><tr><td>\n\nPost 15\n"
    )


def different(number: int, words: str = "Some words to read") -> Plan:
    wanted = (item.post for item in many(number).changes if item.post is not None)
    return plan(
        change(Action.CREATE, replace(one, content=Content(f"{n} {words}"))) for n, one in enumerate(wanted)
    )


@each_of(
    ("limit", "cut"),
    [(60_000, ""), (6_000, "of 60 posts in one line each"), (3_000, "of 60 posts, one line each")],
)
def test_a_comment_that_was_cut_says_so_above_the_first_post(limit: int, cut: str) -> None:
    shown = markdown.plan(different(60), limit=limit, venue=Venue(whole="[whole](https://git.example)"))
    assert len(shown) <= limit
    note = f"{cut}.** All of it: [whole](https://git.example)\n" if cut else ""
    assert ("Too long" in shown) is bool(cut)
    assert note in shown.partition("<details")[0]
    assert "60 new posts" in shown
    assert "Plan of Tue 24 Nov" in shown


def test_150_changes_are_all_in_a_comment() -> None:
    shown = markdown.plan(different(150, "word " * 40), venue=Venue(line=link))
    assert len(shown) <= 60_000
    assert all(f"“{n} word word" in shown or f"\n{n} word word" in shown for n in range(150))


@pytest.mark.slow
def test_one_giant_post_does_not_cost_the_others_their_cards() -> None:
    one = change(Action.CREATE, post("11-30 09:00", "word " * 20_000))
    shown = markdown.plan(plan([one, *different(20).changes]))
    assert "1 of 21 posts in one line each" in shown
    assert shown.count("<table>") == 20


@pytest.mark.slow
def test_a_year_of_every_kind_of_change_fits_a_comment() -> None:
    kinds = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.RECREATE, Action.BLOCKED)
    days = [datetime(2027, 1, 1, 9, tzinfo=UTC) + timedelta(days=day) for day in range(300)]
    changes = [
        change(kind, post(f"{day:%Y-%m-%d %H}:{minute:02}", f"{day} {kind} " * 9, place=("a.yaml", minute)))
        for day in days
        for minute, kind in enumerate(kinds)
    ]
    shown = markdown.plan(plan(changes))
    assert 45_000 < len(shown) <= 60_000
    assert shown.count("<details") == shown.count("</details>")


@pytest.mark.slow
def test_a_plan_of_thousands_fits_a_comment() -> None:
    shown = markdown.plan(many(5000, "word " * 100))
    assert 50_000 < len(shown) <= 60_000
    assert "of 5,000 posts" in shown


@pytest.mark.story
def test_warnings_and_blocked_posts_are_never_all_of_a_comment() -> None:
    held = [replace(item, reason=f"{n} because " * 200) for item in blocked() for n in range(10)]
    warnings = [Warn("w", "word " * 500, Location("a.yaml", n)) for n in range(100)]
    shown = markdown.plan(plan(held, warnings=warnings))
    assert len(shown) <= 60_000
    assert "> - … and 80 more, below." in shown
    assert "- … and 80 more: <code>publer-sync plan -v</code>" in shown


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
OURS |= {"code", "del", "b", "sub", "sup", "details", "summary", "a", "img"}


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
            copy=copy_of(post("12-01 09:00", words)),
            blocks=(Block.EDITED,),
            reason=words,
        ),
        change(Action.DELETE, None, account=account, live=old),
    ]
    comment = markdown.plan(replace(plan(changes, warnings=[Warn("w", words)]), calendar=name))
    told = markdown.report(report([result(one, Outcome.FAILED, words, hint=other) for one in changes]))
    found = markdown.problems(
        [Problem("error", "c", words, Location("f", 1), Help(other, words, other))], figures="1 post"
    )
    for shown, cells in ((comment, 0), (told, 0), (found, 3)):
        html = GFM.render(shown)
        assert set(re.findall(r"</?([a-z]\w*)", html)) <= OURS
        assert html.count("<td") == cells + shown.count("\n<table><tr><td>\n")
        assert not re.search(r"[@#]\w", re.sub(r"<[^>]*>|&#\w+;", "", html))
        assert shown.count("<!--") == (shown is comment)


def test_what_is_removed_is_named_once_with_how_often() -> None:
    """A series that ends earlier is one line, and hides nothing else."""
    gone = [
        change(
            Action.DELETE,
            None,
            account=X,
            live=live(f"12-0{day} 09:00", "Live music"),
            copy=copy_of(post(f"12-0{day} 09:00", "Live music")),
        )
        for day in range(1, 5)
    ]
    gone.append(
        change(
            Action.DELETE,
            None,
            account=X,
            live=live("12-06 09:00", "The recall"),
            copy=copy_of(post("12-06 09:00", "The recall")),
        )
    )
    assert "**Removed:** 4 × “Live music” (X · Fjordlight), “The recall” (X · Fjordlight)" in markdown.plan(
        plan(gone)
    )


def test_what_is_cut_at_a_line_leaves_nothing_open() -> None:
    page = "One\n\n<details><summary>Day</summary>\n<table><tr><td>\n\nWords\n\n</td></tr></table>\n\n</details>\n\nEnd\n"
    assert fitting(page, len(page), "More") == page
    assert fitting(page, 80, "More.") == "One\n\n<details><summary>Day</summary>\n</details>\n\nMore.\n"
    for room in range(60, len(page)):
        assert len(fitting(page, room, "More.")) <= room
    twice = page * 9
    for room in range(60, len(twice), 7):
        cut = fitting(twice, room, "More.", size=lambda text: len(text.encode()))
        for tag in ("details", "table", "tr", "td"):
            assert cut.count(f"<{tag}>") == cut.count(f"</{tag}>")

"""The plan for a terminal, compared whole."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.applying.report import Outcome
from publer_sync.ledger.copies import Seen
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import Action, Block, Blocked, FieldChange
from publer_sync.render import markdown, text
from publer_sync.render.layout.measure import width
from publer_sync.render.layout.terminal import Screen
from publer_sync.values.content import Content, Json
from publer_sync.values.model import Account, MediaSource
from publer_sync.values.problems import Location
from tests.builders import (
    LINKEDIN,
    NOW,
    X,
    at,
    blocked,
    change,
    copy_of,
    everything,
    live,
    picture,
    plan,
    post,
    report,
    result,
    vary,
)
from tests.tables import each_of

EVERYTHING = """\
Fjordlight  20 posts (on 3 accounts)   times: Europe/Oslo   now: Tue 24 Nov 2026 14:20

Mon 23 Nov
x missed    09:00  x          "Merged too late"
                   Its time passed before it was ever scheduled.
                   Fix: give it a new time in 2026-11.yaml:9, or remove it.

Tue 1 Dec
+ new       09:00  x          winter-set
                   It gets dark at three now. Meet the winter set: three lamps, one charger. ¶¶
                   #fjordlight #hygge
                   picture: winter-set.jpg · 93 of 280 characters

Mon 7 Dec
+ new       09:00  linkedin   "What do you reach for when the power fails?"
                   draft: yes · title: Power · link: https://example.com/power · poll options:
                   Candle, Phone torch · poll open for: 3 days · part 2: More · comment 1: First ·
                   comment 1, after: 10 minutes · comment 2: Second · shared by: another account ·
                   shared after: 2 hours · auto-delete: after 1 day · and 1 more · 43 of 3,000
                   characters

Tue 8 Dec
> move      18:00  instagram  "From sheet to lamp."
                   Mon 7 Dec 12:00 → Tue 8 Dec 18:00
                   Publer can't change this in place: the new post is created and verified, then the
                   old one is removed.

Thu 10 Dec
- remove    17:00  x          "Thursday tip 2: a glove over the lamp in the…"
                   No longer in the calendar.

Fri 11 Dec
? missing   10:00  x          "Came and went"
                   Somebody removed it in Publer.
                   If it should stay deleted: remove it from 2026-12.yaml:80.
                   To create it again: publer-sync apply --allow-recreate

Sat 12 Dec
= adopt     10:00  x          "There already"
                   Already in Publer; managed here from now on. Nothing is sent.

Mon 14 Dec
~ edit      08:30  linkedin   hiring
                   We like solder and patience: repair engineer[-,-]{+ in+} Bergen. …
                   title: [-Hiring-]{+Now hiring+}

Tue 15 Dec
* replace   09:00  x          kept
                   link: [-https://example.com/a-]{+https://example.com/b+}
                   pictures: c.jpg [-a picture-]{+b.jpg+}
                   alt text of c.jpg: {+A lamp+}  (these 2 are not shown by Publer; compared with
                   what was last sent)
                   labels: [-old-]{+new+}, tips
                   poll open for: [-3 days-]{+1 week+}
                   part 2: Part [-two-]{+2+}
                   part 3: {+Part three+}
                   comment 1, after: [-1 minute-]{+2 minutes+}  (not shown by Publer; compared with
                   what was last sent)
                   draft: [-yes-]{+no+}
                   album: {+Lamps+}
                   location: [-id 1-]
                   Publer can't change this in place: the old post is removed first, and put back if
                   Publer refuses the new one.

Sun 20 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Its account cannot be used now: it has to be reconnected.
                   Fix: correct the account in Publer, then apply again, or remove it from
                   2026-12-advent.yaml:20.

Mon 21 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Somebody turned it into a draft in Publer.
                   Fix: correct it in Publer, or remove it from 2026-12-advent.yaml:21.

Tue 22 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   The post called "advent" has gone out; a new post needs a new id.
                   Fix: give it a new id and a new time in 2026-12-advent.yaml:22, or remove it: it
                   has been published.

Wed 23 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Its new time has passed, and the old one is still ahead.
                   Fix: choose a later time in 2026-12-advent.yaml:23, or remove it.

Thu 24 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   A post that stays in Publer has this minute: "Flash sale".
                   Fix: choose another time in 2026-12-advent.yaml:24, or move the other post in
                   Publer.

Fri 25 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Its time is less than 2 minutes ahead, too soon to schedule it reliably.
                   Fix: choose a later time in 2026-12-advent.yaml:25.

Sat 26 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Edited in Publer since the last apply: the calendar says otherwise.
                   In Publer now: First Saturday of {+the +}Advent.
                   To keep the edit: run publer-sync pull, or copy it into 2026-12-advent.yaml:26.
                   To restore the calendar's version: publer-sync apply --overwrite-edits

Sun 27 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   A post that was made in Publer has the same text and stands at another time.
                   That post is scheduled for Sat 5 Dec 10:00.
                   If it is the same post: delete it in Publer, or remove this one from
                   2026-12-advent.yaml:27.
                   To create it anyway: publer-sync apply --allow-twins

Mon 28 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   The post in Publer goes out within 15 minutes (limits.freeze_minutes).
                   Wanted: edit.
                   First Saturday of [-the -]Advent.
                   To change it anyway: publer-sync apply --allow-frozen

apply would refuse this plan: 1 post would be removed, 18 counting each account; the safety limit is
10 (limits.delete).
  If you mean it: publer-sync apply --allow-deletes 18

2 warnings
  2026-12.yaml:10   winter-set.jpg has no description (alt text)  media.no-alt
                    "Old words" left the calendar and stays in Publer (prune: none)  left_calendar

2 new posts, 1 to edit, 1 to move, 1 to replace, 1 to remove, 1 missing, 1 to adopt, 9 blocked, 1
missed (on 3 accounts).  1 waiting for approval in Publer, 1 pending, 1 past, 1 not managed here.
Apply by Tue 1 Dec 08:58, or winter-set misses its time.
Nothing has been changed.
"""


def body(shown: str, row: str) -> str:
    """What stands below the first row that holds `row`, up to the next row, day or blank line."""
    lines = shown.split("\n")
    start = next(index for index, line in enumerate(lines) if row in line) + 1
    below = []
    for line in lines[start:]:
        if not line.startswith(" " * 19):
            break
        below.append(line.strip())
    return "\n".join(below)


def test_a_plan_with_every_action_block_and_field() -> None:
    assert text.plan(everything()) == EVERYTHING


def test_colour_adds_nothing_but_colour() -> None:
    painted = text.plan(everything(), screen=Screen(color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text.plan(everything())
    assert "\x1b[32m+ new\x1b[0m       09:00" in painted
    assert "\x1b[31m[-Hiring-]\x1b[0m\x1b[32m{+Now hiring+}\x1b[0m" in painted
    assert all(line.count("\x1b[") % 2 == 0 for line in painted.split("\n"))


def test_verbose_cuts_nothing_and_lists_what_stays() -> None:
    shown = text.plan(everything(), verbose=True)
    assert body(shown, "  unchanged") == "2026-12-13T09:00:00Z · 2026-12.yaml:90"
    assert "  pending   16:00  x" in shown
    assert body(shown, "- remove") == (
        "No longer in the calendar.\n"
        "Thursday tip 2: a glove over the lamp in the rucksack. Warm battery. ¶¶\n"
        "#ThursdayTip\n"
        "2026-12-10T16:00:00Z · Publer's id p-1"
    )


def test_nothing_to_do_comes_first() -> None:
    quiet = plan(
        [
            change(Action.PAST, post("11-20 09:00", "a", place=("a.yaml", 1))),
            change(Action.UNCHANGED, post("12-01 09:00", "b", place=("a.yaml", 2))),
            change(Action.UNCHANGED, post("12-31 09:00", "c", account=LINKEDIN, place=("a.yaml", 3))),
        ],
        unmanaged=2,
    )
    assert text.plan(quiet) == (
        "Nothing to do. Publer matches the calendar: 2 posts (on 2 accounts), Tue 1 Dec to Thu 31 Dec.\n"
        "1 past, 2 not managed here.\n"
    )


@each_of(
    ("changes", "said"),
    [
        ([], "Nothing to do. The calendar has no posts.\n"),
        (
            [change(Action.PAST, post("2025-12-01 09:00"))],
            "Nothing to do. Every post of the calendar is in the past: the last one was due Mon 1 Dec 2025 09:00.\n1 past.\n",
        ),
        (
            [change(Action.PENDING, post("12-01 09:00"))],
            "Nothing to do yet: Publer does not list what an earlier apply sent.\n1 pending.\n",
        ),
        (
            [
                change(
                    Action.PENDING,
                    None,
                    live=live("12-01 09:00"),
                    copy=copy_of(post("12-01 09:00"), removing_at=NOW),
                )
            ],
            "Nothing to do yet: it is not known whether Publer removed what an earlier apply asked it to.\n1 pending.\n",
        ),
        (
            [change(Action.UNCHANGED, post("12-01 09:00"))],
            "Nothing to do. Publer matches the calendar: 1 post, Tue 1 Dec.\n",
        ),
    ],
)
def test_nothing_to_do_for_other_reasons(changes: list[Any], said: str) -> None:
    assert text.plan(plan(changes)) == said


def test_a_calendar_of_which_nothing_is_ahead_is_not_called_empty() -> None:
    """Its posts wait for a slot, or are on other accounts than those that were chosen."""
    assert text.plan(plan([], posts=2)) == "Nothing to do. No post of the calendar is ahead here.\n"


def test_a_first_run_says_what_it_will_not_do() -> None:
    first = plan(
        [change(Action.CREATE, post("12-01 09:00", "Hello"))],
        warnings=[Warn("no_state", "no record of an earlier apply: nothing is removed")],
    )
    assert text.plan(first, command="").split("\n")[2:] == [
        "No record of an earlier apply: nothing is removed.",
        "",
        "Tue 1 Dec",
        '+ new       09:00  x          "Hello"',
        "                   5 of 280 characters",
        "",
        "1 new post.",
        "",
    ]


def test_many_adopted_posts_are_one_line_without_verbose() -> None:
    many = [
        change(Action.ADOPT, post("12-01 09:00", f"Post {n}", account=account, place=("a.yaml", n)))
        for n, account in enumerate([X, X, X, X, LINKEDIN, LINKEDIN])
    ]
    folded = text.plan(plan(many))
    assert (
        "= adopt     6 posts (on 2 accounts) already in Publer; nothing is sent. -v lists them.\n" in folded
    )
    assert "Post 1" not in folded
    assert text.plan(plan(many), verbose=True).count("= adopt  ") == 6
    assert text.plan(plan(many[:5])).count("= adopt  ") == 5


def test_the_calendar_is_named_where_its_name_says_more() -> None:
    one = plan([change(Action.CREATE, post("12-01 09:00", "Hello"))])
    assert text.plan(replace(one, calendar="clients/acme")).startswith(
        "Fjordlight · clients/acme  1 post   times: "
    )


def test_an_edit_made_in_publer_is_shown_with_both_fixes() -> None:
    (one,) = [item for item in blocked() if item.blocks == (Block.EDITED,)]
    assert one.live is not None
    elsewhere = vary(
        one, live=replace(one.live, at=at("12-26 11:30"), title="B", link="https://b.c", media=2)
    )
    seen = replace(
        copy_of(post("12-26 10:00", one.post.text if one.post else "")),
        seen=Seen(at("12-26 10:00"), "First Saturday of Advent.", "A", "", 1),
    )
    assert body(text.plan(plan([vary(elsewhere, copy=seen)]), command="go"), "! blocked") == (
        "Edited in Publer since the last apply: the calendar says otherwise.\n"
        "In Publer now: First Saturday of {+the +}Advent.\n"
        "In Publer now, time: Sat 26 Dec [-10:00-]{+11:30+}\n"
        "In Publer now, title: [-A-]{+B+}\n"
        "In Publer now, link: {+https://b.c+}\n"
        "In Publer now, number of media: [-1-]{+2+}\n"
        "To keep the edit: run publer-sync pull, or copy it into 2026-12-advent.yaml:26.\n"
        "To restore the calendar's version: go --overwrite-edits"
    )


def test_an_edit_of_one_of_a_series_is_not_copied_into_all_of_it() -> None:
    (one,) = [item for item in blocked() if item.blocks == (Block.EDITED,)]
    assert one.post is not None
    one = vary(one, post=replace(one.post, id="advent@2026-12-26"))
    assert (
        "To keep the edit: leave its day out of the series in 2026-12-advent.yaml:26 (except: [2026-12-26]) and add a post for it, as it is in Publer now.\n"
    ) in body(text.plan(plan([one]), screen=Screen(width=200)), "! blocked")


def test_every_option_that_is_needed_is_named_together() -> None:
    one = next(item for item in blocked() if item.blocks == (Block.TWIN,))
    both = vary(one, blocks=(Block.TWIN, Block.FREEZE), would=Action.RECREATE)
    assert "apply --allow-twins --allow-frozen --allow-recreate\n" in text.plan(plan([both]))
    assert one.post is not None
    for name, value in (
        ("advent", "advent"),
        ("tip@3", "tip@3"),
        ("our news", "'our news'"),
        ("a,b", None),
        (" a", None),
    ):
        named = vary(both, post=replace(one.post, id=name))
        wanted = " ".join(
            option if value is None else f"{option}={value}"
            for option in ("--allow-twins", "--allow-frozen", "--allow-recreate")
        )
        assert f": publer-sync apply {wanted}\n" in text.plan(plan([named]), screen=Screen(width=200))
        labels = text.plan(plan([named]), apply=" ".join, screen=Screen(width=200))
        assert ": --allow-twins --allow-frozen --allow-recreate\n" in labels, (
            "a label lets every post through"
        )
    hopeless = vary(one, blocks=(Block.ACCOUNT, Block.TWIN))
    assert "--allow-twins" not in text.plan(plan([hopeless]))


def test_a_frozen_post_that_left_the_calendar_says_that_it_would_be_removed() -> None:
    frozen = change(
        Action.BLOCKED,
        None,
        live=live("12-10 17:00", "Then"),
        copy=copy_of(post("12-10 17:00", "Then")),
        blocks=(Block.FREEZE,),
        would=Action.DELETE,
        reason="the post in Publer publishes within 15 minutes",
    )
    assert body(text.plan(plan([frozen])), "! blocked") == (
        "The post in Publer publishes within 15 minutes.\n"
        "Wanted: remove.\n"
        "To remove it anyway: publer-sync apply --allow-frozen"
    )


def test_a_post_that_left_the_calendar_has_no_line_to_point_at() -> None:
    edited = change(
        Action.BLOCKED,
        None,
        live=live("12-10 17:00", "Now"),
        copy=copy_of(post("12-10 17:00", "Then")),
        blocks=(Block.EDITED,),
        would=Action.DELETE,
        reason="no longer in the calendar, and edited in Publer since the last apply",
    )
    assert body(text.plan(plan([edited])), "! blocked") == (
        "No longer in the calendar, and edited in Publer since the last apply.\n"
        "In Publer now: [-Then-]{+Now+}\n"
        "To keep the edit: put the post back into the calendar, as it is in Publer now.\n"
        "To remove it anyway: publer-sync apply --overwrite-edits"
    )


def test_an_edit_without_an_earlier_listing_shows_its_reason() -> None:
    one = vary(next(item for item in blocked() if item.blocks == (Block.EDITED,)), copy=None)
    assert body(text.plan(plan([one])), "! blocked").split("\n")[:2] == [
        "Edited in Publer since the last apply: the calendar says otherwise.",
        "To keep the edit: run publer-sync pull, or copy it into 2026-12-advent.yaml:26.",
    ]


def test_empty_lines_of_a_text_are_one_mark() -> None:
    wanted = post("12-01 09:00", "One\n\n\n\nTwo", id="one")
    assert body(text.plan(plan([change(Action.CREATE, wanted)])), "+ new").startswith("One ¶¶\nTwo\n")


def test_a_slot_that_is_held_by_a_post_on_its_way() -> None:
    one = vary(next(item for item in blocked() if item.blocks == (Block.SLOT,)), obstacle=None)
    assert "Fix: choose another time in 2026-12-advent.yaml:24, or run it again later." in text.plan(
        plan([one])
    )


def test_a_long_text_takes_two_lines_and_says_that_there_is_more() -> None:
    long = change(
        Action.CREATE, post("12-01 09:00", "word " * 60, account=Account("a", "A", "none", "x"), id="long")
    )
    first, second = body(text.plan(plan([long])), "+ new").split("\n")
    assert first.endswith("word")
    assert second.endswith("word …")
    assert body(text.plan(plan([long]), verbose=True), "+ new").count("word") == 60


def test_a_replace_of_which_only_the_old_post_is_left() -> None:
    half = change(
        Action.REPLACE,
        post("12-01 09:00", "Hello"),
        live=live("12-01 08:00"),
        successor=copy_of(post("12-01 09:00")),
    )
    assert body(text.plan(plan([half])), "* replace") == (
        "The new post is in Publer already; only the old one is left to remove."
    )


@each_of(
    ("content", "media", "said"),
    [
        ({"type": "photo"}, ("a.jpg", "b.jpg"), "pictures: a.jpg, b.jpg"),
        ({}, ("a", "b", "c", "d", "e", "f"), "pictures: a, b, c, d, e, f"),
        ({"type": "reel"}, ("a.mp4",), "type: reel · video: a.mp4"),
        ({"type": "link"}, ("a.jpg",), "picture: a.jpg"),
        (
            {"poll": {"options": ["Yes", "No"], "question": "Well?"}},
            (),
            "poll options: Yes, No · poll question: Well?",
        ),
        (
            {"draft": True, "thread": [{"text": "word " * 20}]},
            (),
            f"draft: yes · part 2: {'word ' * 9}word…",
        ),
        (
            {"labels": ["a"], "comments": [{"text": str(n)} for n in range(15)]},
            (),
            " · ".join([*(f"comment {n + 1}: {n}" for n in range(12)), "and 4 more"]),
        ),
        (
            {"auto_delete": {"hide": True, "after": {"duration": 2, "unit": "Week"}}},
            (),
            "auto-delete: hidden after 2 weeks",
        ),
    ],
)
def test_what_a_post_holds_beside_its_text(
    content: dict[str, Any], media: tuple[str, ...], said: str
) -> None:
    wanted = post("12-01 09:00", id="one", media=tuple(map(picture, media)), **content)
    assert " ".join(body(text.plan(plan([change(Action.CREATE, wanted)])), "+ new").split()) == said


@pytest.mark.parametrize(
    ("kind", "piece", "said"),
    [
        (
            "video",
            {"file": "sha256:a.mp4", "thumbnail": "sha256:b.jpg"},
            "video: a.mp4 · cover of a.mp4: b.jpg",
        ),
        ("photo", {"id": "63c675e94e299e9cf2b667ec"}, "picture: one from Publer's library"),
    ],
)
def test_a_cover_is_named_after_its_video_and_the_library_has_no_names(
    kind: str, piece: dict[str, Json], said: str
) -> None:
    wanted = post("12-01 09:00", id="one", media=(picture("a.mp4"), picture("b.jpg")), type=kind)
    one = change(Action.CREATE, replace(wanted, content=Content.from_json({"type": kind, "media": [piece]})))
    assert body(text.plan(plan([one])), "+ new") == said


def test_a_post_without_words_and_id_is_known_by_what_it_shows() -> None:
    wanted = post("12-01 09:00", media=(MediaSource("d", url="https://example.com/a.jpg"),))
    assert "x          picture: https://example.com/a.jpg\n" in text.plan(
        plan([change(Action.CREATE, wanted)])
    )
    assert "x          (no text)\n" in text.plan(plan([change(Action.CREATE, post("12-01 09:00"))]))
    bare = change(Action.DELETE, None, live=live("12-01 09:00", "From Publer"))
    assert '"From Publer"' in text.plan(plan([bare]))


def test_a_draft_holds_no_minute_so_what_replaces_it_comes_first() -> None:
    wanted, draft = post("12-01 09:00", "Hi"), live("12-01 09:00", "Hi", state="draft")
    becomes = post("12-01 09:00", "Hi", draft=True)
    for of, shown_as in ((wanted, draft), (becomes, live("12-01 09:00", "Hi"))):
        shown = text.plan(plan([change(Action.REPLACE, of, live=shown_as)]), screen=Screen(width=200))
        assert "the new post is created and verified, then the old one is removed." in shown


@each_of(
    ("one", "said"),
    [
        (change(Action.CREATE, post("12-01 09:00", "Hi", id="hi")), "or hi misses its time"),
        (change(Action.RECREATE, post("12-01 09:00", "Hi", id="hi")), "or hi misses its time"),
        (
            change(Action.UPDATE, post("12-02 09:00", "Hi"), live=live("12-01 09:30")),
            'or "Hi" can no longer be changed',
        ),
        (change(Action.CREATE, post("11-30 09:00", "Hi")), "or not all of it can be done"),
    ],
)
def test_apply_by_names_the_post_that_cannot_wait(one: Any, said: str) -> None:
    shown = text.plan(plan([one], apply_by=at("12-01 08:58")))
    assert f"\nApply by Tue 1 Dec 08:58, {said}.\n" in shown


def test_a_deadline_hurries_nobody_into_a_removal() -> None:
    gone = change(Action.DELETE, None, live=live("12-01 09:30", "A recall"))
    by = plan([gone], apply_by=at("12-01 08:58"))
    assert (
        'Until Tue 1 Dec 08:58 "A recall" can still be removed; after that it is published.\n'
        in text.plan(by)
    )
    told = markdown.plan(by)
    assert (
        '⏳ **Until Tue 1 Dec 08:58 (Oslo time) "A recall" can still be removed; after that it is published.**'
        in told
    )
    assert "Merge before" not in told


def test_a_calendar_without_posts_is_refused_in_its_own_words() -> None:
    gone = change(Action.DELETE, None, live=live("12-01 09:00", "Hi"))
    shown = text.plan(plan([gone], refusals=[Refusal("empty", 1, 10, "--allow-deletes 1")]), command="")
    assert (
        "apply would refuse this plan: the calendar has no posts, so 1 post would be removed from Publer;\n"
        "publer-sync forget --all leaves it there, and ends the state.\n"
        "  If you mean it: publer-sync apply --allow-deletes 1\n"
    ) in shown


def test_warnings_of_one_kind_do_not_drown_the_others() -> None:
    warnings = [Warn("adopted_blind", f"post {n}", Location("a.yaml", n)) for n in range(30)]
    one = plan(
        [change(Action.CREATE, post("12-01 09:00", "Hi"))], warnings=[*warnings, Warn("other", "look here")]
    )
    shown = text.plan(one)
    assert shown.count("adopted_blind") == 10
    assert "look here  other\n  … and 20 more of the same kinds; -v lists them.\n" in shown
    assert text.plan(one, verbose=True).count("adopted_blind") == 30


def test_posts_of_an_account_that_left_the_settings_are_told_once_with_their_times() -> None:
    gone = Account("a-gone", "a-gone", "")
    left = [
        change(
            Action.UNCHANGED, None, account=gone, live=live(f"12-0{day} 09:00", account=gone, id=f"p-{day}")
        )
        for day in range(1, 6)
    ]
    warnings = [Warn("account_left", "its account is no longer in the settings") for _ in left]
    shown = " ".join(text.plan(plan(left, warnings=warnings)).split())
    assert shown.startswith(
        "1 warning 5 posts of an account no longer in the settings will still be published: Tue 1 Dec 09:00, "
        "Wed 2 Dec 09:00, Thu 3 Dec 09:00 and 2 more; to stop them, delete them in Publer, or put the account "
        "back into publer.yaml and remove its posts from the calendar account_left Nothing to do."
    )


def test_posts_that_swap_their_times_say_that_an_old_one_goes_first() -> None:
    def move(old: str, new: str, number: int) -> Any:
        item = FieldChange("scheduled_at", "then", "now")
        wanted = post(new, f"Post {number}", place=("a.yaml", number))
        return change(
            Action.REPLACE, wanted, live=live(old, f"Post {number}", id=f"p-{number}"), diff=(item,)
        )

    swap = [move("12-01 09:00", "12-02 09:00", 1), move("12-02 09:00", "12-01 09:00", 2)]
    shown = text.plan(plan([*swap, move("12-03 09:00", "12-01 12:00", 3)]))
    words = "the old post is removed before the new one is created"
    assert " ".join(shown.split()).count(words) == 2
    stuck = Blocked(would=swap[1], blocks=(Block.STATE,), reason="it was made a draft in Publer")
    assert words not in " ".join(text.plan(plan([swap[0], stuck])).split())


def test_blocked_posts_alone_are_nothing_to_apply() -> None:
    assert text.plan(plan(blocked()[:2])).endswith("\nNothing has been changed.\n")


def test_wide_letters_keep_the_columns() -> None:
    account = Account("a", "日本語アカウント", "twitter")
    shown = text.plan(plan([change(Action.CREATE, post("12-01 09:00", "語" * 60, account=account, id="id"))]))
    assert "+ new       09:00  日本語アカウント  id\n" in shown
    assert max(map(width, shown.split("\n"))) <= 100


ANY_TEXT = st.text() | st.text(st.sampled_from("\x1b[31m\u202e\x9b\n\r:# aé日"), min_size=1, max_size=300)


@pytest.mark.slow
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_is_written_the_terminal_is_not_driven(words: str, name: str, other: str) -> None:
    account = Account("a", name, "mastodon")
    wanted = post("12-01 09:00", words, account=account, id=other or None, title=other, labels=[words])
    old = live("12-01 09:00", other, account=account)
    changes = [
        change(Action.CREATE, wanted),
        change(
            Action.UPDATE,
            wanted,
            live=old,
            diff=(FieldChange("text", other, words), FieldChange("album", words, other)),
        ),
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
    shown = text.plan(plan(changes, warnings=[Warn("no_state", words), Warn("w", other)]))
    shown += text.report(
        report([result(one, Outcome.FAILED, words, hint=other, payload={"text": words}) for one in changes])
    )
    for line in shown.split("\n"):
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
        assert not line.strip().startswith("::")
    assert "\u202e" not in shown


def test_a_post_cannot_speak_to_a_workflow_runner() -> None:
    """The runner takes a line for a command however far it is indented."""
    wanted = post("12-01 09:00", "One\n::add-mask::Two\n::stop-commands::x", id="one")
    shown = text.plan(plan([change(Action.CREATE, wanted)]), verbose=True)
    assert "\n                   \u2060::add-mask::Two ¶\n" in shown
    assert not re.search(r"(?m)^\s*::", shown)


@each_of("columns", [60, 80, 120])
def test_a_plan_keeps_to_the_width_of_the_terminal(columns: int) -> None:
    """Only a command to copy is never broken."""
    shown = text.plan(everything(), screen=Screen(width=columns), verbose=True)
    assert [
        line for line in shown.split("\n") if width(line) > columns and "publer-sync apply" not in line
    ] == []

"""Plan and report for a terminal, compared whole."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publer_sync.applying.report import Outcome
from publer_sync.content import Content, Json
from publer_sync.errors import Interrupted, UnrequestedDelete
from publer_sync.ledger.state import Seen
from publer_sync.model import Account, MediaSource
from publer_sync.planning.plan import Action, Block, FieldChange, Refusal, Warn
from publer_sync.problems import Location
from publer_sync.render import text
from publer_sync.render.dates import Dates
from publer_sync.render.edits import edits
from publer_sync.render.measure import width
from tests.builders import (
    INSTAGRAM,
    LINKEDIN,
    X,
    at,
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
    from publer_sync.render.phrases import Span

EVERYTHING = """\
Fjordlight  22 posts   times: Europe/Oslo   now: Tue 24 Nov 2026 14:20

Mon 23 Nov
! missed    09:00  x          "Merged too late"
                   Its time passed before it was ever scheduled.
                   Way out: give it a new time in 2026-11.yaml:9, or take it out.

Tue 1 Dec
+ new       09:00  x          winter-set
                   It gets dark at three now. Meet the winter set: three lamps, one charger. ¶¶
                   #fjordlight #hygge
                   photo winter-set.jpg · 93 of 280 characters

Mon 7 Dec
+ new       09:00  linkedin   "What do you reach for when the power fails?"
                   as a draft · title "Power" · link https://example.com/power · poll, 3 days:
                   Candle / Phone torch · thread, 1 more part · 2 comments · shared by 1 account
                   after 2 hours · removed again after 1 day · labels launch, poll · 43 of 3,000
                   characters

Tue 8 Dec
> moved     18:00  instagram  "From sheet to lamp."
                   Was Mon 7 Dec 12:00.
                   Made anew and checked before the old one goes.

Thu 10 Dec
- removed   17:00  x          "Thursday tip 2: a glove over the lamp in the…"
                   No longer in the calendar.

Fri 11 Dec
? gone      10:00  x          "Came and went"
                   Somebody removed it in Publer.
                   To let it go: take it out of 2026-12.yaml:80.
                   To make it again: publer-sync apply --allow-recreate

Sat 12 Dec
= adopt     10:00  x          "There already"
                   In Publer already, and the calendar's from now on; nothing is sent.

Mon 14 Dec
~ edit      08:30  linkedin   hiring
                   We like solder and patience: repair engineer[-,-]{+ in+} Bergen. …
                   title: [-Hiring-]{+Now hiring+}

Tue 15 Dec
* remade    09:00  x          kept
                   link: [-https://example.com/a-]{+https://example.com/b+}
                   another picture: {+b.jpg+}
                   description of c.jpg: {+A lamp+}  (Publer does not show these 2; compared with
                   what was last sent)
                   labels: tips [-old-] {+new+}
                   poll, open for: [-3 days-]{+1 week+}
                   part 2: Part [-two-]{+2+}
                   part 3 added: {+Part three+}
                   comment 1, after: [-1 minute-]{+2 minutes+}  (Publer does not show this; compared
                   with what was last sent)
                   No longer a draft.
                   album: {+Lamps+}
                   location: [-id 1-]
                   Made anew in the same minute: the old one goes first, and comes back if Publer
                   refuses the new one.

Sun 20 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Its account cannot be used now: it has to be reconnected.
                   Way out: put the account right in Publer, then apply again.

Mon 21 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Somebody turned it into a draft in Publer.
                   Way out: put it right in Publer, or take it out of 2026-12-advent.yaml:21.

Tue 22 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   The post called "advent" has gone out; a new post needs a new id.
                   Way out: a new id in 2026-12-advent.yaml:22; or take the post out, it has had its
                   turn.

Wed 23 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Its new time has passed, and the old one is still ahead.
                   Way out: a later time in 2026-12-advent.yaml:23.

Thu 24 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   A post that stays in Publer has this minute: "Flash sale".
                   Way out: another time in 2026-12-advent.yaml:24, or move that post in Publer.

Fri 25 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Its time is less than 2 minutes ahead, too soon to be sure of it.
                   Way out: a later time in 2026-12-advent.yaml:25.

Sat 26 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   Edited in Publer since the last apply: the calendar says otherwise.
                   In Publer now: First Saturday of {+the +}Advent.
                   To keep the edit: write it into 2026-12-advent.yaml:26.
                   Back to the calendar: publer-sync apply --overwrite-edits

Sun 27 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   A post that was made in Publer has the same text and stands at another time.
                   That one is at Sat 5 Dec 10:00.
                   If it is the same post: remove that one in Publer, or take ours out of
                   2026-12-advent.yaml:27.
                   If both are meant: publer-sync apply --allow-twins

Mon 28 Dec
! blocked   10:00  x          "First Saturday of Advent."
                   The post in Publer goes out within 15 minutes (limits.freeze_minutes).
                   Wanted: edit.
                   First Saturday of [-the -]Advent.
                   If it must change now: publer-sync apply --allow-frozen

apply would refuse this plan: 18 posts would be removed, the limit is 10 (limits.delete).
  If that is meant: publer-sync apply --allow-deletes 18

2 warnings
  2026-12.yaml:10   winter-set.jpg has no description (alt text)  media.no-alt
                    "Old words" left the calendar and stays in Publer (prune: none)  left_calendar

2 new, 1 edit, 1 moved, 1 remade, 1 removed, 1 gone, 1 adopted, 9 blocked, 1 missed.
1 waits for approval in Publer, 1 under way, 1 past, 1 made in Publer and left alone.
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
    painted = text.plan(everything(), color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text.plan(everything())
    assert "\x1b[32m+ new\x1b[0m       09:00" in painted
    assert "\x1b[31m[-Hiring-]\x1b[0m\x1b[32m{+Now hiring+}\x1b[0m" in painted
    assert all(line.count("\x1b[") % 2 == 0 for line in painted.split("\n"))


def test_verbose_cuts_nothing_and_lists_what_stays() -> None:
    shown = text.plan(everything(), verbose=True)
    assert body(shown, "  unchanged") == "2026-12-13T09:00:00Z · 2026-12.yaml:90"
    assert "  under way 16:00  x" in shown
    assert body(shown, "- removed") == (
        "No longer in the calendar.\n"
        "Thursday tip 2: a glove over the lamp in the rucksack. Warm battery. ¶¶\n"
        "#ThursdayTip\n"
        "2026-12-10T16:00:00Z · Publer's id p-1"
    )


def test_nothing_to_do_is_said_at_once() -> None:
    quiet = plan(
        [
            change(Action.PAST, post("11-20 09:00", "a", place=("a.yaml", 1))),
            change(Action.UNCHANGED, post("12-01 09:00", "b", place=("a.yaml", 2))),
            change(Action.UNCHANGED, post("12-31 09:00", "c", account=LINKEDIN, place=("a.yaml", 3))),
        ],
        foreign=2,
    )
    assert text.plan(quiet) == (
        "Nothing to do. Publer has what the calendar says: 2 posts, Tue 1 Dec to Thu 31 Dec, 2 accounts.\n"
        "1 past, 2 made in Publer and left alone.\n"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "Nothing to do. The calendar has no posts ahead.\n"),
        (
            [change(Action.PENDING, post("12-01 09:00"))],
            "Nothing to do but wait: what an earlier apply sent is not seen in Publer yet.\n1 under way.\n",
        ),
        (
            [change(Action.UNCHANGED, post("12-01 09:00"))],
            "Nothing to do. Publer has what the calendar says: 1 post, Tue 1 Dec, 1 account.\n",
        ),
    ],
)
def test_nothing_to_do_for_other_reasons(changes: list[Any], said: str) -> None:
    assert text.plan(plan(changes)) == said


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
        "1 new.",
        "",
    ]


def test_many_adopted_posts_are_one_line_until_somebody_asks() -> None:
    many = [
        change(Action.ADOPT, post("12-01 09:00", f"Post {n}", account=account, place=("a.yaml", n)))
        for n, account in enumerate([X, X, X, X, LINKEDIN, LINKEDIN])
    ]
    folded = text.plan(plan(many))
    assert (
        "= adopt     6 posts already in Publer (2 on linkedin, 4 on x); nothing is sent. -v lists them.\n"
        in folded
    )
    assert "Post 1" not in folded
    assert text.plan(plan(many), verbose=True).count("= adopt  ") == 6
    assert text.plan(plan(many[:5])).count("= adopt  ") == 5


def test_the_calendar_is_named_where_its_name_says_more() -> None:
    one = plan([change(Action.CREATE, post("12-01 09:00", "Hello"))])
    assert text.plan(replace(one, calendar="clients/acme")).startswith(
        "Fjordlight · clients/acme  1 post   times: "
    )


def test_an_edit_made_in_publer_is_shown_with_both_ways_out() -> None:
    (one,) = [item for item in blocked() if item.blocks == (Block.EDITED,)]
    assert one.live is not None
    elsewhere = replace(
        one, live=replace(one.live, at=at("12-26 11:30"), title="B", link="https://b.c", media=2)
    )
    seen = replace(
        record(post("12-26 10:00", one.post.text if one.post else "")),
        seen=Seen(at("12-26 10:00"), "First Saturday of Advent.", "A", "", 1),
    )
    assert body(text.plan(plan([replace(elsewhere, record=seen)]), command="go"), "! blocked") == (
        "Edited in Publer since the last apply: the calendar says otherwise.\n"
        "In Publer now: First Saturday of {+the +}Advent.\n"
        "In Publer now, time: [-10:00-]{+11:30+}\n"
        "In Publer now, title: [-A-]{+B+}\n"
        "In Publer now, link: {+https://b.c+}\n"
        "In Publer now, number of media: [-1-]{+2+}\n"
        "To keep the edit: write it into 2026-12-advent.yaml:26.\n"
        "Back to the calendar: go --overwrite-edits"
    )


def test_every_option_that_is_needed_is_named_together() -> None:
    one = next(item for item in blocked() if item.blocks == (Block.TWIN,))
    both = replace(one, blocks=(Block.TWIN, Block.FREEZE), would=Action.RECREATE)
    assert "apply --allow-twins --allow-frozen --allow-recreate\n" in text.plan(plan([both]))
    hopeless = replace(one, blocks=(Block.ACCOUNT, Block.TWIN))
    assert "--allow-twins" not in text.plan(plan([hopeless]))


def test_a_post_that_left_the_calendar_has_no_line_to_point_at() -> None:
    edited = change(
        Action.BLOCKED,
        None,
        live=live("12-10 17:00", "Now"),
        record=record(post("12-10 17:00", "Then")),
        blocks=(Block.EDITED,),
        would=Action.DELETE,
        reason="no longer in the calendar, and edited in Publer since the last apply",
    )
    assert body(text.plan(plan([edited])), "! blocked") == (
        "No longer in the calendar, and edited in Publer since the last apply.\n"
        "In Publer now: [-Then-]{+Now+}\n"
        "To keep the edit: put the post back into the calendar, as it is in Publer now.\n"
        "Back to the calendar: publer-sync apply --overwrite-edits"
    )


def test_an_edit_of_which_nothing_was_seen_before_is_told_by_its_reason() -> None:
    one = replace(next(item for item in blocked() if item.blocks == (Block.EDITED,)), record=None)
    assert body(text.plan(plan([one])), "! blocked").split("\n")[:2] == [
        "Edited in Publer since the last apply: the calendar says otherwise.",
        "To keep the edit: write it into 2026-12-advent.yaml:26.",
    ]


def test_empty_lines_of_a_text_are_one_mark() -> None:
    wanted = post("12-01 09:00", "One\n\n\n\nTwo", id="one")
    assert body(text.plan(plan([change(Action.CREATE, wanted)])), "+ new").startswith("One ¶¶\nTwo\n")


def test_a_slot_that_is_held_by_a_post_on_its_way() -> None:
    one = replace(next(item for item in blocked() if item.blocks == (Block.SLOT,)), obstacle=None)
    assert "Way out: apply again later, or another time in 2026-12-advent.yaml:24." in text.plan(plan([one]))


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
        successor=record(post("12-01 09:00")),
    )
    assert body(text.plan(plan([half])), "* remade") == (
        "The new one is in Publer already; only the old one still has to go."
    )


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (FieldChange("text", None, "Words"), "{+Words+}"),
        (FieldChange("labels", None, ["a", "b"]), "labels: {+a, b+}"),
        (FieldChange("labels", ["a"], None), "labels: [-a-]"),
        (FieldChange("media", [1], [2]), "media changed"),
        (FieldChange("media", 2, 3), "media: [-2-]{+3+}"),
        (FieldChange("thread", None, [{"text": "Two"}]), "part 2 added: {+Two+}"),
        (
            FieldChange("comments", [{"text": "a"}, {"text": "b"}], [{"text": "a"}]),
            "comment 2 removed: [-b-]",
        ),
        (FieldChange("draft", None, True), "Now a draft."),
        (FieldChange("auto_delete", None, {"after": "1d"}), "automatic removal: {+after 1 day+}"),
        (FieldChange("link", {"url": "https://a.b"}, None), "link: [-https://a.b-]"),
        (FieldChange("tags", None, [{"user_id": 1}, {"user_id": 2}]), "tags: {+user id 1; user id 2+}"),
        (FieldChange("recycle_it", True, 2.5), "recycle it: [-yes-]{+2.5+}"),
        (FieldChange("tags", ["a", "b"], ["b", "a"]), "tags in another order: b, a"),
        (FieldChange("board", None, "63c675e94e299e9cf2b667ec"), "board: now set"),
        (
            FieldChange("watermark", None, {"id": "63c675e94e299e9cf2b667ec", "name": "Logo", "opacity": 40}),
            "watermark: {+Logo, opacity 40+}",
        ),
        (
            FieldChange("location.id", "63c675e94e299e9cf2b667ec", "63c675e94e299e9cf2b667ed"),
            "location: another one",
        ),
        (
            FieldChange("link", None, {"url": "https://a.b", "title": "T", "image": "sha256:b.jpg"}),
            'link: {+https://a.b, title "T", picture b.jpg+}',
        ),
        (
            FieldChange("link", {"url": "https://a.b", "description": "D", "image": "sha256:1"}, None),
            'link: [-https://a.b, description "D", a picture-]',
        ),
        (
            FieldChange("poll", None, {"options": ["A", "B"], "duration": {"duration": 3, "unit": "Day"}}),
            "poll: {+3 days: A / B+}",
        ),
        (FieldChange("share.accounts", ["a-x"], ["gone"]), "shared by: [-x-] {+another account+}"),
        (
            FieldChange(
                "comments",
                [{"text": "Same", "media": [{"file": "sha256:1"}]}],
                [{"text": "Same"}, {"media": [{"file": "sha256:b.jpg"}]}],
            ),
            "comment 1, one picture removed\ncomment 2 added: {+b.jpg+}",
        ),
        (
            FieldChange(
                "thread", None, [{"text": "Two", "media": [{"file": "sha256:b.jpg"}, {"file": "sha256:1"}]}]
            ),
            "part 2 added: {+Two+} (with b.jpg, a picture)",
        ),
        (
            FieldChange(
                "sublinks",
                [{"title": "A", "url": "https://a"}, {"title": "B", "url": "https://b"}],
                [{"title": "A", "url": "https://c"}, {"title": "C", "url": "https://b"}],
            ),
            "card 1, url: [-https://a-]{+https://c+}\ncard 2, title: [-B-]{+C+}",
        ),
        (FieldChange("comments", [1], [2]), "comments changed"),
        (FieldChange("scheduled_at", None, "2026-12-01T08:00:00Z"), "Had no time."),
    ],
)
def test_one_field_as_people_read_it(field: FieldChange, said: str) -> None:
    wanted = post("12-01 09:00", "Words", media=(picture("b.jpg"),))
    one = change(Action.UPDATE, wanted, live=live("12-01 09:00"), diff=(field,))
    assert body(text.plan(plan([one], names={"a-x": "x"})), "~ edit") == said


LIBRARY: tuple[dict[str, Json], ...] = (
    {"id": "63c675e94e299e9cf2b667ec"},
    {"id": "63c675e94e299e9cf2b667ed"},
)


def file(name: str, **more: Json) -> Json:
    return {"file": f"sha256:{name}", **more}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([file("old.jpg")], [file("b.jpg")], ["picture: [-old.jpg-]{+b.jpg+}"]),
        ([file("forgotten")], [file("b.jpg")], ["another picture: {+b.jpg+}"]),
        ([file("other/b.jpg")], [file("b.jpg")], ["picture: b.jpg has other content than when it was sent"]),
        ([LIBRARY[0]], [LIBRARY[1]], ["another picture: {+one from Publer's library+}"]),
        ([file("old.jpg")], [LIBRARY[1]], ["picture: [-old.jpg-]{+one from Publer's library+}"]),
        (
            [{"url": "https://a.example/old.jpg"}],
            [{"url": "https://a.example/new.mp4"}],
            ["video: [-https://a.example/old.jpg-]{+https://a.example/new.mp4+}"],
        ),
        ([], [file("b.jpg"), file("c.mp4")], ["media added: {+b.jpg, c.mp4+}"]),
        ([file("old.jpg"), file("b.jpg")], [file("b.jpg")], ["picture removed: [-old.jpg-]"]),
        ([file("1"), file("b.jpg")], [file("b.jpg")], ["one picture removed"]),
        ([file("1"), file("2")], [], ["2 pictures removed"]),
        (
            [file("b.jpg"), file("old.jpg"), file("1")],
            [file("1"), file("b.jpg"), file("old.jpg")],
            ["the pictures in another order"],
        ),
        (
            [file("1", alt="A lamp"), file("b.jpg", caption="One")],
            [file("1", alt="A red lamp"), file("b.jpg", caption="Two")],
            ["description of picture 1: A {+red +}lamp", "caption of b.jpg: [-One-]{+Two+}"],
        ),
        ([LIBRARY[0]], [{**LIBRARY[0], "alt": "A lamp"}], ["description of the picture: {+A lamp+}"]),
        (
            [file("b.jpg", alt="path: to the sea")],
            [file("b.jpg", alt="path: to the land")],
            ["description of b.jpg: path: to the [-sea-]{+land+}"],
        ),
        (
            [file("c.mp4", thumbnail="sha256:1")],
            [file("c.mp4", thumbnail="sha256:b.jpg")],
            ["another cover of c.mp4: {+b.jpg+}"],
        ),
        ([file("c.mp4", thumbnail="sha256:1")], [file("c.mp4")], ["cover of c.mp4: removed"]),
        (
            [file("c.mp4", thumbnail="sha256:other/b.jpg")],
            [file("c.mp4", thumbnail="sha256:b.jpg")],
            ["cover of c.mp4: b.jpg has other content than when it was sent"],
        ),
        (
            [file("old.jpg"), file("1"), file("b.jpg"), file("b.jpg")],
            [file("b.jpg"), file("b.jpg"), file("c.mp4", alt="A film")],
            ["video: [-old.jpg-]{+c.mp4+}", "one picture removed", "description of c.mp4: {+A film+}"],
        ),
    ],
)
def test_media_are_known_by_their_names(before: list[Json], after: list[Json], said: list[str]) -> None:
    names = {"sha256:old.jpg": "old.jpg", "sha256:other/b.jpg": "b.jpg"}
    wanted = post("12-01 09:00", "Words", media=(picture("b.jpg"), picture("c.mp4")))
    item = FieldChange("media", before, after, blind=len(before) == len(after))
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00"), diff=(item,))
    lines = edits(one, Dates("Europe/Oslo"), names)
    told = ["".join(_marked(span) for span in line if span.kind != "dim") for line in lines]
    assert told == said


def _marked(span: Span) -> str:
    return {"old": f"[-{span.text}-]", "new": f"{{+{span.text}+}}"}.get(span.kind, span.text)


def test_media_that_somebody_added_in_publer_are_counted() -> None:
    pieces: list[Json] = [file("b.jpg")]
    item = FieldChange("media", pieces, pieces)
    one = change(
        Action.REPLACE, post("12-01 09:00", "Words"), live=live("12-01 09:00", media=3), diff=(item,)
    )
    assert body(text.plan(plan([one])), "* remade").startswith("number of media: [-3-]{+1+}\n")


def test_changes_that_publer_does_not_show_are_noted_together() -> None:
    before, after = [file("1", alt="A"), file("2")], [file("2"), file("1", alt="B"), file("b.jpg")]
    item = FieldChange("media", before, after)
    wanted = post("12-01 09:00", "Words", media=(picture("b.jpg"),))
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00", media=2), diff=(item,))
    assert body(text.plan(plan([one])), "* remade").split("\n")[:4] == [
        "picture added: {+b.jpg+}",
        "the pictures in another order",
        "description of picture 2: [-A-]{+B+}  (Publer does not show these 2; compared",
        "with what was last sent)",
    ]


@pytest.mark.parametrize(
    ("content", "media", "said"),
    [
        ({"type": "photo"}, ("a.jpg", "b.jpg"), "2 photos: a.jpg, b.jpg"),
        ({}, ("a", "b", "c", "d", "e", "f"), "6 media: a, b, c, d, and 2 more"),
        ({"type": "reel"}, ("a.mp4",), "reel a.mp4"),
        ({"type": "link"}, ("a.jpg",), "media a.jpg"),
        ({"poll": {"options": ["Yes", "No"], "question": "Well?"}}, (), 'poll, "Well?": Yes / No'),
        ({"poll": {"options": []}, "comments": [{}]}, (), "poll · 1 comment"),
        (
            {"share": {}, "auto_delete": {"hide": True, "after": {"duration": 2, "unit": "Week"}}},
            (),
            "shared · hidden again after 2 weeks",
        ),
    ],
)
def test_what_a_post_holds_beside_its_text(
    content: dict[str, Any], media: tuple[str, ...], said: str
) -> None:
    wanted = post("12-01 09:00", id="one", media=tuple(map(picture, media)), **content)
    assert body(text.plan(plan([change(Action.CREATE, wanted)])), "+ new") == said


@pytest.mark.parametrize(
    ("kind", "piece", "said"),
    [
        ("video", {"file": "sha256:a.mp4", "thumbnail": "sha256:b.jpg"}, "video a.mp4"),
        ("photo", {"id": "63c675e94e299e9cf2b667ec"}, "photo from Publer's library"),
    ],
)
def test_a_cover_is_no_second_medium_and_the_library_has_no_names(
    kind: str, piece: dict[str, Json], said: str
) -> None:
    wanted = post("12-01 09:00", id="one", media=(picture("a.mp4"), picture("b.jpg")), type=kind)
    one = change(Action.CREATE, replace(wanted, content=Content.from_json({"type": kind, "media": [piece]})))
    assert body(text.plan(plan([one])), "+ new") == said


def test_a_post_without_words_and_id_is_known_by_what_it_shows() -> None:
    wanted = post("12-01 09:00", media=(MediaSource("d", url="https://example.com/a.jpg"),))
    assert "x          media https://example.com/a.jpg\n" in text.plan(plan([change(Action.CREATE, wanted)]))
    assert "x          (no text)\n" in text.plan(plan([change(Action.CREATE, post("12-01 09:00"))]))
    bare = change(Action.DELETE, None, record=record(post("12-01 09:00", "From the ledger")))
    assert '"From the ledger"' in text.plan(plan([bare]))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (change(Action.CREATE, post("12-01 09:00", "Hi", id="hi")), "or hi misses its time"),
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


def test_a_calendar_without_posts_is_refused_in_its_own_words() -> None:
    gone = change(Action.DELETE, None, live=live("12-01 09:00", "Hi"))
    shown = text.plan(plan([gone], refusals=[Refusal("empty", 1, 10, "--allow-deletes 1")]), command="")
    assert (
        "apply would refuse this plan: the calendar has no posts, so 1 post would be removed from Publer.\n"
        "  If that is meant: publer-sync apply --allow-deletes 1\n"
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


def test_wide_letters_keep_the_columns() -> None:
    account = Account("a", "日本語アカウント", "twitter")
    shown = text.plan(plan([change(Action.CREATE, post("12-01 09:00", "語" * 60, account=account, id="id"))]))
    assert "+ new       09:00  日本語アカウント  id\n" in shown
    assert max(map(width, shown.split("\n"))) <= 100


ANY_TEXT = st.text() | st.text(st.sampled_from("\x1b[31m\u202e\x9b\n\r:# aé日"), min_size=1, max_size=300)


@settings(max_examples=60)
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
            record=record(post("12-01 09:00", words)),
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


# --- before and after apply -----------------------------------------------------------------------------------------


def test_the_question_says_what_goes_out_and_what_does_not() -> None:
    assert text.question(everything()) == (
        "This changes what goes out in public: 2 new, 1 edit, 1 moved, 1 remade, 1 removed. "
        "1 post already in Publer will be the calendar's own. Skipped: 1 gone, 9 blocked.\n"
        "About 18 requests, about 2 minutes.\n"
        "Type yes to go on: "
    )
    assert "\x1b[31m1 removed\x1b[0m" in text.question(everything(), color=True)


def test_the_question_before_adopting_alone() -> None:
    adopts = plan([change(Action.ADOPT, post("12-01 09:00", "Hi"))])
    assert text.question(adopts) == (
        "Nothing is sent: 1 post already in Publer will be the calendar's own.\n"
        "About 4 requests, under a minute.\nType yes to go on: "
    )


def test_the_question_where_everything_is_blocked() -> None:
    assert text.question(plan(blocked()[:2])).startswith("Nothing can be done now. Skipped: 2 blocked.\n")


CREATE = change(
    Action.CREATE, post("12-07 09:00", "When the power fails", account=LINKEDIN, place=("2026-12.yaml", 52))
)
MOVE = change(
    Action.REPLACE,
    post("12-08 18:00", "From sheet to lamp", account=INSTAGRAM, id="lamp", place=("2026-12.yaml", 60)),
    live=live("12-08 12:00"),
    diff=(FieldChange("scheduled_at", "2026-12-08T11:00:00Z", "2026-12-08T17:00:00Z"),),
)


def test_a_report_where_all_went_well() -> None:
    done = report(
        [result(CREATE, Outcome.APPLIED), result(MOVE, Outcome.APPLIED)],
        next_out=(at("11-25 09:00"), "x", "Hi"),
    )
    assert text.report(done) == (
        'Done. 1 new, 1 moved; all seen in Publer. 14 requests, 41 s.\nNext out: Wed 25 Nov 09:00 x "Hi".\n'
    )


def test_a_report_where_something_waits_for_a_person() -> None:
    assert (
        text.report(report([result(CREATE, Outcome.WAITING)]))
        == """\
Mon 7 Dec
waiting   new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   It waits in Publer for somebody's approval.

Done. 1 post waits in Publer for somebody's approval. 14 requests, 41 s.
"""
    )


def test_a_report_where_not_all_went_well() -> None:
    held = [
        replace(item, at=at("12-05 10:00"))
        for item in blocked()
        if item.blocks[0] in (Block.SLOT, Block.STATE)
    ]
    missed = change(
        Action.PAST,
        post("11-23 09:00", "Late", place=("2026-11.yaml", 9)),
        missed=True,
        reason="its time passed before it was ever scheduled",
    )
    results = [
        result(missed, Outcome.NOT_TRIED),
        *(result(item, Outcome.NOT_TRIED) for item in held),
        result(
            CREATE,
            Outcome.FAILED,
            "The composer is in a bad state for this account as it's missing\nthe social network params.",
            hint="mostly this means that the account is no longer connected; reconnect it in Publer",
        ),
        result(MOVE, Outcome.UNVERIFIED, "Publer took it, but does not list it after 5 minutes"),
        result(everything().listed[0], Outcome.APPLIED),
        result(CREATE, Outcome.FAILED, "the old one went out meanwhile", payload={"text": "Hi"}),
        result(CREATE, Outcome.FAILED),
    ]
    assert (
        text.report(report(results, seconds=352))
        == """\
Mon 23 Nov
skipped   missed   09:00  x          "Late"
                   2026-11.yaml:9
                   Its time passed before it was ever scheduled.
                   Way out: give it a new time in 2026-11.yaml:9, or take it out.

Sat 5 Dec
skipped   blocked  10:00  x          "First Saturday of Advent."
                   2026-12-advent.yaml:21
                   Somebody turned it into a draft in Publer.
                   Way out: put it right in Publer, or take it out of 2026-12-advent.yaml:21.
skipped   new      10:00  x          "First Saturday of Advent."
                   2026-12-advent.yaml:24
                   A post that stays in Publer has this minute: "Flash sale".
                   Way out: another time in 2026-12-advent.yaml:24, or move that post in Publer.

Mon 7 Dec
FAILED    new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   Publer says: "The composer is in a bad state for this account as it's missing the
                   social network params."
                   Mostly this means that the account is no longer connected; reconnect it in
                   Publer.

Tue 8 Dec
UNSURE    moved    18:00  instagram  lamp
                   2026-12.yaml:60
                   Publer took it, but does not list it after 5 minutes.
                   The next apply looks before it sends.

Mon 7 Dec
FAILED    new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   The old one went out meanwhile.
                   What it said: {"text": "Hi"}
FAILED    new      09:00  linkedin   "When the power fails"
                   2026-12.yaml:52
                   Publer gave no reason.

1 done, 3 failed, 1 unsure, 3 skipped. 14 requests, 5 min 52 s.
Apply again when it is mended: what is done is not done twice.
"""
    )


def test_a_report_of_nothing() -> None:
    assert text.report(report([], requests=3)) == "Nothing to do. 50 posts unchanged. 3 requests, 41 s.\n"


def test_a_report_of_a_run_that_was_stopped() -> None:
    results = [
        result(CREATE, Outcome.APPLIED),
        result(MOVE, Outcome.NOT_TRIED),
        result(CREATE, Outcome.FAILED, "no"),
    ]
    stopped = report([*results, result(MOVE, Outcome.UNVERIFIED)], error=Interrupted("stopped"))
    assert text.report(stopped).split("\n")[-2] == (
        "Stopped: 1 done, 1 failed, 1 under way, 1 not tried. The next apply finishes it."
    )
    assert "skipped" not in text.report(stopped)


def test_a_report_of_a_run_that_ended_early() -> None:
    results = [result(CREATE, Outcome.APPLIED)]
    error = UnrequestedDelete(
        "Publer deleted a post that was not asked for", hint="look at the workspace first"
    )
    assert text.report(report(results, error=error)) == (
        "Publer deleted a post that was not asked for.\n"
        "Look at the workspace first.\n"
        "Ended early: 1 done. The rest was not tried.\n"
    )


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        (None, ["Publer took it, but does not list it yet.", "The next apply looks before it sends."]),
        (
            "Publer is not done with it; the next apply looks before it sends",
            ["Publer is not done with it; the next apply looks before it sends."],
        ),
        (
            "under way when the run ended; the next apply finishes it",
            ["Under way when the run ended; the next apply finishes it."],
        ),
    ],
)
def test_what_the_next_apply_does_is_said_once(message: str | None, lines: list[str]) -> None:
    assert text.said(result(CREATE, Outcome.UNVERIFIED, message)) == lines


def test_of_what_is_done_nothing_more_is_said() -> None:
    assert text.said(result(CREATE, Outcome.APPLIED)) == []
    assert text.ended(report([])) == []

"""A pull for a terminal: what is written, what is not and why, and the lines that change."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.pulling.additions import Addition
from publer_sync.pulling.findings import Left, Pair
from publer_sync.pulling.puller import PullResult
from publer_sync.render import pull
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.file_diff import file_diff
from publer_sync.values.model import Use
from publer_sync.values.problems import Location
from tests.builders import LATER, LINKEDIN, NOW, SOON, WORKSPACE, X, shown
from tests.planning.posts import POST

DATES = Dates.around("Europe/Oslo", NOW)


def text(pulled: PullResult) -> str:
    return pull.text(pulled, dates=DATES, before={"a.yaml": b"old\n"}, prefix="calendar")


def test_everything_is_told_with_its_place_and_the_lines_that_change() -> None:
    live = shown(LATER, "Hello there\x1b[31m")
    told = text(
        PullResult(
            added=[Addition("launch", "b.yaml", SOON, ((X, live), (LINKEDIN, live)))],
            edited=[Pair(POST, live, frozenset({"time", "text"}))],
            kept=[POST],
            conflicts=[
                Pair(POST, live, frozenset({"text"}), "edited in Publer, and the calendar's text changed too")
            ],
            left=[Left(X, SOON, "its `text` comes from a default", POST, live, "text: |\n  Hello there")],
            counted={"undated": 2},
            files={"a.yaml": b"new", "b.yaml": b"posts:\n"},
        )
    )
    assert (
        told
        == """\
New
  Tue 24 Nov 17:20  x, linkedin  Hello there␛[31m  launch

Edited in Publer
  Tue 24 Nov 17:20  x  Hello  text, time (calendar/2026-12.yaml:3)

Removed in Publer, still in the files (--removed takes them out)
  Tue 24 Nov 17:20  x  Hello  calendar/2026-12.yaml:3

Conflicts
  Tue 24 Nov 17:20  x  Hello  calendar/2026-12.yaml:3
    Edited in Publer, and the calendar's text changed too.
    calendar: Tue 24 Nov 17:20 Hello
    Publer:   Tue 24 Nov 19:20 Hello there␛[31m

Left alone
  Tue 24 Nov 17:20  x  Hello there␛[31m  calendar/2026-12.yaml:3
    Its `text` comes from a default.
      text: |
        Hello there

--- a/calendar/a.yaml
+++ b/calendar/a.yaml
@@ -1 +1 @@
-old
+new
\\ No newline at end of file

--- /dev/null
+++ b/calendar/b.yaml
@@ -0,0 +1 @@
+posts:

1 new post (on 2 accounts), 1 edited, 1 removed in Publer, 1 conflict, 1 left alone.
Not for a calendar: 2 undated.
"""
    )


def test_what_is_left_is_in_order_of_time_and_the_lines_for_two_accounts_are_told_once() -> None:
    early, late = shown(SOON, "Early"), shown(LATER, "Late")
    left = [
        Left(X, LATER, "it is a poll", live=late),
        Left(X, SOON, "too long", live=early, paste="- id: early"),
        Left(LINKEDIN, SOON, "too long", live=early, paste="- id: early"),
    ]
    assert text(PullResult(left=left)) == (
        "Left alone\n"
        "  Tue 24 Nov 17:20  x, linkedin  Early\n    Too long.\n      - id: early\n"
        "  Tue 24 Nov 19:20  x  Late\n    It is a poll.\n\n"
        "3 left alone.\n"
    )


def test_nothing_to_pull_is_a_sentence() -> None:
    assert text(PullResult()) == "Nothing to pull: Publer has nothing new for this calendar.\n"


def test_a_picture_without_words_is_told_from_an_empty_row() -> None:
    added = [Addition("post-2026-11-24", "b.yaml", SOON, ((X, shown(SOON, "")),))]
    assert "\n  Tue 24 Nov 17:20  x  (no text)  post-2026-11-24\n" in text(PullResult(added=added))


def test_many_new_posts_are_cut_short() -> None:
    added = [Addition(f"p-{number}", "b.yaml", SOON, ((X, shown(SOON)),)) for number in range(30)]
    assert "  … and 10 more\n" in text(PullResult(added=added))


def test_a_carriage_return_belongs_to_its_line() -> None:
    assert file_diff("a", b"one\r\ntwo\r\n", b"one\r\n2\r\n") == (
        "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n"
    )


def test_a_program_is_told_of_the_stored_post_where_its_words_are_written_for_a_use() -> None:
    use = replace(POST, use=Use("tip", 1, Location("tips.yaml", 2)))
    live, text, time = shown(LATER, "Hello there"), frozenset({"text"}), frozenset({"time"})
    pulled = PullResult(
        edited=[Pair(use, live, text), Pair(use, live, time), Pair(POST, live, text)],
        conflicts=[Pair(use, live, text, "both changed")],
    )
    told = pull.document(pulled, calendar="acme", workspace=WORKSPACE, before={}, written=True)
    assert ["stored" in each for each in told["posts"]] == [True, False, False, False]

"""What changes about a post is said in the public's words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.render import markdown
from publer_sync.render.layout.dates import Dates
from publer_sync.render.post.changed import changed_words
from publer_sync.render.post.names import Names
from publer_sync.render.post.reasons import since_words
from publer_sync.values.problems import Location
from tests.builders import LINKEDIN, X, change, differs, live, plan, post
from tests.render.test_markdown import bare
from tests.tables import each_of

NAMES = Names(None, {"sha256:a": "a.jpg", "sha256:b": "b.jpg", "sha256:f": "f.mp4", "sha256:g": "g.mp4"})


def media(*names: str, **more: str) -> Any:
    return [{"file": f"sha256:{name}", **more} for name in names]


@each_of(
    ("item", "words"),
    [
        (differs("media", None, media("a")), "new picture"),
        (differs("media", media("a"), media("b")), "other picture"),
        (differs("media", media("f"), media("g")), "other video"),
        (differs("media", media("a", "b"), media("a")), "picture removed"),
        (differs("media", media("a", "b"), media("b", "a")), "order of pictures"),
        (differs("media", media("a", alt="One"), media("a", alt="Two")), "alt text"),
        (differs("comments", [{"text": "One"}], [{"text": "Two"}]), "first comment"),
        (differs("comments", None, [{"text": "One"}]), "first comment"),
        (differs("comments", [{"text": "One"}, {"text": "Two"}], None), "comments"),
        (differs("comments", [{"text": "One"}], [{"text": "One"}, {"text": "Two"}]), "comments"),
        (differs("labels", ["a"], ["a", "b"]), "label"),
        (differs("labels", ["a"], ["b"]), "labels"),
        (differs("draft", None, True), "a draft now"),
        (differs("text", "One", "Two"), "words"),
        (differs("thread", None, [{"text": "Two"}]), "thread"),
        (differs("album", None, "Lamps"), "album"),
        (FieldChange("link.image", "sha256:a", "sha256:b"), "link picture"),
        (FieldChange("share.text", "One", "Two"), "sharing"),
    ],
)
def test_each_field_has_its_word(item: Any, words: str) -> None:
    assert changed_words([item], NAMES) == (words,)


def test_a_move_alone_has_none_and_words_come_first() -> None:
    moved, labels, text = (
        differs("scheduled_at", "x", "y"),
        differs("labels", ["a"], ["b"]),
        differs("text", "a", "b"),
    )
    assert changed_words([moved], NAMES) == ()
    assert changed_words([moved, labels, text], NAMES) == ("time", "words", "labels")


def test_the_first_words_of_a_text_that_changed_since_a_sign_off_are_quoted_where_that_is_asked() -> None:
    dates = Dates("Europe/Oslo")
    for before, words in (("Hi", '"Hi"'), (None, "(no text)")):
        since = [FieldChange("title", "One", "Two"), FieldChange("text", before, "Hello")]
        assert [*since_words(since, dates)] == [f'words ({words} → "Hello")', "title"]
        assert [*since_words(since, dates, quotes=False)] == ["words", "title"]


def test_the_comment_says_them_in_place_of_replace() -> None:
    wanted = post("12-01 09:00", "Hi", id="hi", labels=["b"])
    one = change(
        Action.REPLACE,
        wanted,
        live=live("12-01 09:00", "Hi"),
        diff=(differs("labels", ["a"], ["b"], blind=True),),
    )
    shown = markdown.plan(plan([one]))
    assert "**09:00** · 🟣 **labels**<sup>1</sup> · X · Fjordlight · <sub><code>hi</code></sub>\n" in shown
    assert "**replace**" not in shown


def test_warnings_stand_at_their_posts_and_the_top_leads_there() -> None:
    one = change(Action.CREATE, post("12-01 09:00", "Hi", id="hi", place=("a.yaml", 3)))
    two = change(Action.CREATE, post("12-02 09:00", "You", id="you", place=("a.yaml", 9)))
    stays = change(Action.UNCHANGED, post("12-03 09:00", "Else", place=("a.yaml", 20)))
    warnings = [
        Warn("w", "its link is long", Location("a.yaml", 11), post=Location("a.yaml", 9)),
        Warn("w", "not of a change", Location("a.yaml", 21), post=Location("a.yaml", 20)),
        Warn("w", "of no file"),
    ]
    shown = bare(markdown.plan(plan([one, two, stays], warnings=warnings)))
    assert (
        "⚠️ 3 warnings: [you](#user-content-publer-sync-calendar-1), [2 at the end](#user-content-publer-sync-calendar-warnings)"
        in shown
    )
    card = shown.partition('<a name="publer-sync-calendar-1"></a>')[2].partition("</details>")[0]
    assert "⚠️ Its link is long.\n" in card
    assert shown.count("Its link is long") == 1
    assert "| **We** | 1 🟢⚠️ |\n" in shown
    end = shown.partition('<a name="publer-sync-calendar-warnings"></a>')[2]
    assert "- Not of a change (a.yaml, line 21).\n- Of no file." in end


def test_what_goes_and_what_changes_account_is_named_above_everything() -> None:
    gone = change(Action.DELETE, None, live=live("12-02 09:00", "A recall"))
    old = post("12-01 09:00", "We open", account=LINKEDIN, id="open")
    left = change(
        Action.DELETE, None, account=LINKEDIN, live=live("12-01 09:00", "We open", account=LINKEDIN)
    )
    left = replace(left, copy=replace(left.copy, id="open", sent=old.content))
    come = change(Action.CREATE, post("12-01 09:00", "We open", id="open", account=X))
    top = markdown.plan(plan([gone, left, come])).partition("<details")[0]
    assert "🔴 **Removed:** “A recall” (X · Fjordlight)" in top
    assert "🟠 **Other account:** “We open” (LinkedIn · Fjordlight AS → **X · Fjordlight**)" in top


def test_the_weeks_fit_a_phone() -> None:
    """A cell of GitHub's takes 27 pixels beside its words, and a phone has 316: five columns fit, eight do not."""
    changes = [
        change(Action.CREATE, post(f"{1 + n // 4:02}-{1 + 7 * (n % 4):02} 09:00", f"Post {n}"))
        for n in range(24)
    ]
    shown = markdown.plan(plan(changes))
    tables = [line for line in shown.split("\n") if line.startswith("| |")]
    assert max(line.count("|") for line in tables) == 6
    assert shown.count("more weeks, to") == 1

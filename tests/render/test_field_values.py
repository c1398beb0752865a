"""What differs in a value that is long, gets parameters, or has an id, and what makes no difference."""

from __future__ import annotations

from dataclasses import replace

from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.render.layout.dates import Dates
from publer_sync.render.post.fields import edits, edits_in_publer, field_edits, without_utm
from publer_sync.render.post.names import Names
from publer_sync.values.model import Written
from tests.builders import change, copy_of, differs, live, post
from tests.tables import each_of


@each_of(
    ("before", "after", "told"),
    [
        ("See https://a.b?utm_source=x", "Now https://a.b?utm_source=x", "[-See-]{+Now+} https://a.b"),
        ("See https://a.b", "See https://a.b?utm_source=x", "See https://a.b{+?utm_source=x+}"),
        ("See https://a.b", "Now https://a.b?utm_source=x", "utm_source"),
        ("Nothing", "See https://a.b?utm_source=x", "[-Nothing-]{+See https://a.b+}"),
        ("See https://a.b?utm_source=x", "Nothing", "[-See https://a.b-]{+Nothing+}"),
        ("See a.b", "See a.b?utm_source=x", "See a.b{+?utm_source=x+}"),
        ("See https://a.b?more=1", "Now https://a.b?more=1", "[-See-]{+Now+} https://a.b?more=1"),
    ],
)
def test_what_is_added_to_addresses_is_shown_where_it_is_what_differs(
    before: str, after: str, told: str
) -> None:
    wanted = post("12-01 09:00", after)
    wanted = replace(wanted, written=Written("", "", (("append", "more=1"), ("utm", "utm_source=x")), {}))
    one = change(Action.UPDATE, wanted, live=live("12-01 09:00"), diff=(FieldChange("text", before, after),))
    [[phrase]] = edits(one, Names(wanted)).values()
    shown = "".join({"old": "[-{}-]", "new": "{{+{}+}}"}.get(s.kind, "{}").format(s.text) for s in phrase)
    assert told in shown
    assert ("utm" in shown) is ("utm" in told)


@each_of(
    ("item", "told"),
    [
        (
            differs("link", {"url": "https://a.b?utm_source=x"}, {"url": "https://c.d?utm_source=x"}),
            differs("link", {"url": "https://a.b"}, {"url": "https://c.d"}),
        ),
        (differs("labels", ["a"], ["b"]), differs("labels", ["a"], ["b"])),
    ],
)
def test_what_is_added_to_a_link_is_left_out_as_well(item: FieldChange, told: FieldChange) -> None:
    one = replace(post("12-01 09:00"), written=Written("", "", (("utm", "utm_source=x"),), {}))
    assert without_utm((item,), one) == (told,)


def test_a_question_mark_stays_where_nothing_is_added() -> None:
    item = FieldChange("text", "Well? See", "Well? Now")
    assert without_utm((item,), post("12-01 09:00")) == (item,)


@each_of(
    ("before", "after", "whole", "told"),
    [
        ("a" * 300, "b" * 300, False, ["title: ", "a" * 199 + "…", "b" * 199 + "…"]),
        ("a" * 300, "b" * 300, True, ["title: ", "a" * 300, "b" * 300]),
        ("One. " + "a " * 97 + "b", "One. " + "a " * 97 + "c", False, ["title: ", "One. " + "a " * 97, "b", "c"]),
        ("One. " + "a " * 98 + "b", "One. " + "a " * 98 + "c", False, ["title: ", "… " + "a " * 23, "b", "c"]),
        ("One. " + "a " * 98 + "b", "One. " + "a " * 98 + "c", True, ["title: ", "One. " + "a " * 98, "b", "c"]),
    ],
)  # fmt: skip
def test_a_long_value_is_cut_unless_the_whole_of_it_is_wanted(
    before: str, after: str, whole: bool, told: list[str]
) -> None:
    one = change(
        Action.UPDATE,
        post("12-01 09:00"),
        live=live("12-01 09:00"),
        diff=(FieldChange("title", before, after),),
    )
    [[phrase]] = edits(one, Names(None), whole=whole).values()
    assert [span.text for span in phrase] == told


def test_of_a_thing_with_a_name_the_id_is_left_out() -> None:
    fields = ("location.id", "location.name", "place_id", "place_name")
    diff = [FieldChange(field, "One", "Two") for field in fields]
    assert [*field_edits(diff, Names(None), moved=False, whole=False)] == [*fields[1:]]


def test_what_publer_does_not_show_any_more_is_no_edit() -> None:
    wanted = post("12-01 09:00", "Hi")
    known = copy_of(wanted, seen=Seen(wanted.at, "Hi", "Title"))
    assert edits_in_publer(known, live("12-01 09:00", "Hi", title=None), Dates("UTC")) == []


def test_a_post_that_publer_does_not_have_differs_in_nothing() -> None:
    wanted = post("12-01 09:00", "Words")
    assert edits(change(Action.CREATE, wanted), Names(wanted)) == {}
    assert without_utm((differs("labels", ["a"], ["b"]),), None) == (differs("labels", ["a"], ["b"]),)

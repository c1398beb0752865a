"""Each field that differs, and all that a new post says, as people read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from publer_sync.planning.plan import Action, FieldChange
from publer_sync.render import text
from publer_sync.render.post.fields import (
    edits,
    everything_said,
)
from publer_sync.render.post.names import Names
from tests.builders import change, differs, live, picture, plan, post
from tests.render.test_text import body
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.render.layout.phrases import Span
    from publer_sync.values.content import Json


def film(cover: str) -> list[Json]:
    """A thread's second part, which shows a film with a cover."""
    return [{"text": "a", "media": [{"file": "sha256:c.mp4", "thumbnail": cover}]}]


@each_of(
    ("field", "said"),
    [
        (FieldChange("text", None, "Words"), "{+Words+}"),
        (differs("labels", None, ["a", "b"]), "labels: {+a, b+}"),
        (differs("labels", ["a"], None), "labels: [-a-]"),
        (differs("thread", None, [{"text": "Two"}]), "part 2: {+Two+}"),
        (
            differs("comments", [{"text": "a"}, {"text": "b"}], [{"text": "a"}]),
            "comment 2: [-b-]",
        ),
        (FieldChange("draft", None, True), "draft: {+yes+}"),
        (
            differs("auto_delete", None, {"after": {"duration": 1, "unit": "Day"}, "hide": True}),
            "auto-delete: {+hidden after 1 day+}",
        ),
        (differs("link", {"url": "https://a.b"}, None), "link: [-https://a.b-]"),
        (FieldChange("tags", None, [{"user_id": 1}, {"user_id": 2}]), "tags: {+user id 1; user id 2+}"),
        (FieldChange("recycle_it", True, 2.5), "recycle it: [-yes-]{+2.5+}"),
        (FieldChange("tags", ["a", "b"], ["b", "a"]), "tags: [-a, b-]{+b, a+}"),
        (FieldChange("board", None, "63c675e94e299e9cf2b667ec"), "board: {+set+}"),
        (
            FieldChange("watermark", None, {"id": "63c675e94e299e9cf2b667ec", "name": "Logo", "opacity": 40}),
            "watermark: {+Logo, opacity 40+}",
        ),
        (
            FieldChange("location.id", "63c675e94e299e9cf2b667ec", "63c675e94e299e9cf2b667ed"),
            "location: a different one",
        ),
        (FieldChange("offer.place.hall.name", "A", "B"), "offer place hall: [-A-]{+B+}"),
        (FieldChange("offer.place.call_to_action", None, "Come"), "offer place call to action: {+Come+}"),
        (
            differs("link", None, {"url": "https://a.b", "title": "T", "image": "sha256:b.jpg"}),
            "link: {+https://a.b+}\nlink title: {+T+}\nlink picture: {+b.jpg+}",
        ),
        (
            differs("link", {"url": "https://a.b", "description": "D", "image": "sha256:1"}, None),
            "link: [-https://a.b-]\nlink description: [-D-]\nlink picture: [-a picture-]",
        ),
        (
            differs("poll", None, {"options": ["A", "B"], "duration": {"duration": 3, "unit": "Day"}}),
            "poll options: {+A, B+}\npoll open for: {+3 days+}",
        ),
        (FieldChange("share.accounts", ("a-x",), ("gone",)), "shared by: [-x-]{+another account+}"),
        (
            differs(
                "comments",
                [{"text": "Same", "media": [{"file": "sha256:1"}]}],
                [{"text": "Same"}, {"media": [{"file": "sha256:b.jpg"}]}],
            ),
            "comment 1, picture: [-a picture-]\ncomment 2: {+no text+}\ncomment 2, picture: {+b.jpg+}",
        ),
        (
            differs(
                "thread", None, [{"text": "Two", "media": [{"file": "sha256:b.jpg"}, {"file": "sha256:1"}]}]
            ),
            "part 2: {+Two+}\npart 2, pictures: {+b.jpg, a picture+}",
        ),
        (
            differs(
                "thread", [{"text": "a"}, {"text": "b"}], [{"text": "new"}, {"text": "a"}, {"text": "b"}]
            ),
            "part 2: {+new+}",
        ),
        (
            differs("thread", [{"text": "a"}, {"text": "b"}], [{"text": "b"}, {"text": "c"}]),
            "part 2: [-a-]\npart 3: {+c+}",
        ),
        (
            differs(
                "thread",
                [{"text": "a"}, {"text": "Two", "media": [{"file": "sha256:other/b.jpg"}]}],
                [{"text": "c"}, {"text": "Two", "media": [{"file": "sha256:b.jpg"}]}],
            ),
            "part 2: [-a-]{+c+}\npart 3, picture: [-b.jpg-]{+a new b.jpg+}",
        ),
        (
            differs("comments", [{"text": "a"}], [{"text": "a", "after": {"duration": 2, "unit": "Minute"}}]),
            "comment 1, after: [-1 minute-]{+2 minutes+}",
        ),
        (
            differs("comments", [{"text": "a", "after": {"duration": 2, "unit": "Hour"}}], [{"text": "a"}]),
            "comment 1, after: [-2 hours-]{+1 minute+}",
        ),
        (
            FieldChange(
                "sublinks",
                [{"title": "A", "url": "https://a"}, {"title": "B", "url": "https://b"}],
                [{"title": "A", "url": "https://c"}, {"title": "C", "url": "https://b"}],
            ),
            "card 1, url: [-https://a-]{+https://c+}\ncard 2: [-B-]{+C+}",
        ),
        (FieldChange("scheduled_at", None, "2026-12-01T08:00:00Z"), "It had no time."),
        (
            differs("thread", [{"text": name} for name in "abc"], [{"text": name} for name in "zab"]),
            "part 2: {+z+}\npart 4: [-c-]",
        ),
        (
            differs("thread", film("sha256:other/b.jpg"), film("sha256:b.jpg")),
            "part 2: another file of the same name",
        ),
        (
            FieldChange(
                "sublinks",
                [{"title": "A", "id": "63c675e94e299e9cf2b667ec"}],
                [{"title": "A", "id": "63c675e94e299e9cf2b667ed"}],
            ),
            "card 1: a different one",
        ),
        (FieldChange("album", "Hi", "Hi "), "album: Hi{+⟨space⟩+}"),
        (FieldChange("album", "Lamp\u00adshades for all", ""), "album: [-Lamp\u00adshades for all-]"),
        (
            FieldChange("album", "One is so. Two it is.", "One is so. Two."),
            "album: One is so. Two[- it is-].",
        ),
    ],
)
def test_one_field_as_people_read_it(field: FieldChange, said: str) -> None:
    wanted = post("12-01 09:00", "Words", media=(picture("b.jpg"),))
    one = change(Action.UPDATE, wanted, live=live("12-01 09:00"), diff=(field,))
    assert body(text.plan(plan([one], names={"a-x": "x", "sha256:other/b.jpg": "b.jpg"})), "~ edit") == said


LIBRARY: tuple[dict[str, Json], ...] = (
    {"id": "63c675e94e299e9cf2b667ec"},
    {"id": "63c675e94e299e9cf2b667ed"},
)


def file(name: str, **more: Json) -> Json:
    return {"file": f"sha256:{name}", **more}


@each_of(
    ("before", "after", "said"),
    [
        ([file("old.jpg")], [file("b.jpg")], ["picture: [-old.jpg-]{+b.jpg+}"]),
        ([file("forgotten")], [file("b.jpg")], ["picture: [-a picture-]{+b.jpg+}"]),
        ([file("other/b.jpg")], [file("b.jpg")], ["picture: [-b.jpg-]{+a new b.jpg+}"]),
        (
            [LIBRARY[0]],
            [LIBRARY[1]],
            ["picture: [-one from Publer's library-]{+a new one from Publer's library+}"],
        ),
        ([file("old.jpg")], [LIBRARY[1]], ["picture: [-old.jpg-]{+one from Publer's library+}"]),
        (
            [{"url": "https://a.example/old.jpg"}],
            [{"url": "https://a.example/new.mp4"}],
            ["video: [-https://a.example/old.jpg-]{+https://a.example/new.mp4+}"],
        ),
        ([], [file("b.jpg"), file("c.mp4")], ["media: {+b.jpg, c.mp4+}"]),
        ([file("old.jpg"), file("b.jpg")], [file("b.jpg")], ["picture: b.jpg [-old.jpg-]"]),
        ([file("1"), file("b.jpg")], [file("b.jpg")], ["picture: b.jpg [-a picture-]"]),
        ([file("1"), file("2")], [], ["pictures: [-a picture, a picture-]"]),
        (
            [file("b.jpg"), file("old.jpg"), file("1")],
            [file("1"), file("b.jpg"), file("old.jpg")],
            ["pictures reordered: [-b.jpg, old.jpg, a picture-]{+a picture, b.jpg, old.jpg+}"],
        ),
        (
            [file("1", alt="A lamp"), file("b.jpg", caption="One")],
            [file("1", alt="A red lamp"), file("b.jpg", caption="Two")],
            [
                "alt text of picture 1: A {+red +}lamp",
                "caption of b.jpg (may not be published): [-One-]{+Two+}",
            ],
        ),
        ([LIBRARY[0]], [{**LIBRARY[0], "alt": "A lamp"}], ["alt text of the picture: {+A lamp+}"]),
        (
            [file("b.jpg", alt="path: to the sea")],
            [file("b.jpg", alt="path: to the land")],
            ["alt text of b.jpg: path: to the [-sea-]{+land+}"],
        ),
        (
            [file("c.mp4", thumbnail="sha256:1")],
            [file("c.mp4", thumbnail="sha256:b.jpg")],
            ["cover of c.mp4: [-a picture-]{+b.jpg+}"],
        ),
        ([file("c.mp4", thumbnail="sha256:1")], [file("c.mp4")], ["cover of c.mp4: [-a picture-]"]),
        (
            [file("c.mp4", thumbnail="sha256:other/b.jpg")],
            [file("c.mp4", thumbnail="sha256:b.jpg")],
            ["media: another file of the same name"],
        ),
        (
            [file("old.jpg"), file("1"), file("b.jpg"), file("b.jpg")],
            [file("b.jpg"), file("b.jpg"), file("c.mp4", alt="A film")],
            ["media: b.jpg, b.jpg [-old.jpg, a picture-]{+c.mp4+}", "alt text of c.mp4: {+A film+}"],
        ),
    ],
)
def test_media_are_known_by_their_names(before: list[Json], after: list[Json], said: list[str]) -> None:
    names = {"sha256:old.jpg": "old.jpg", "sha256:other/b.jpg": "b.jpg"}
    wanted = post("12-01 09:00", "Words", media=(picture("b.jpg"), picture("c.mp4")))
    item = differs("media", before, after, blind=len(before) == len(after))
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00"), diff=(item,))
    (lines,) = edits(one, Names(wanted, names)).values()
    told = ["".join(_marked(span) for span in line if span.kind != "dim") for line in lines]
    assert told == said


def _marked(span: Span) -> str:
    return {"old": f"[-{span.text}-]", "new": f"{{+{span.text}+}}"}.get(span.kind, span.text)


def test_media_added_in_publer_are_counted() -> None:
    pieces: list[Json] = [file("b.jpg")]
    item = differs("media", pieces, pieces)
    one = change(
        Action.REPLACE, post("12-01 09:00", "Words"), live=live("12-01 09:00", media=3), diff=(item,)
    )
    assert body(text.plan(plan([one])), "* replace").startswith("number of media: [-3-]{+1+}\n")


def test_a_field_that_publer_does_not_show_has_one_note() -> None:
    item = differs("media", [file("1", alt="A")], [file("b.jpg", alt="B")], blind=True)
    wanted = post("12-01 09:00", "Words", media=(picture("b.jpg"),))
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00", media=3), diff=(item,))
    assert body(text.plan(plan([one])), "* replace").split("\n")[:4] == [
        "picture: [-a picture-]{+b.jpg+}",
        "alt text of the picture: [-A-]",
        "alt text of b.jpg: {+B+}  (these 3 are not shown by Publer; compared with what",
        "was last sent)",
    ]


TEXTS = st.text(st.sampled_from("ab \n\t\u00ad\u200b\u00a0é🎉"), min_size=1, max_size=12)
DURATIONS = st.builds(
    lambda n, unit: {"duration": n, "unit": unit}, st.integers(1, 9), st.sampled_from(["Hour", "Day"])
)
MEDIA = st.lists(
    st.fixed_dictionaries(
        {"file": st.sampled_from(["sha256:a", "sha256:b", "sha256:c"])},
        optional={"alt": TEXTS, "caption": TEXTS, "thumbnail": st.sampled_from(["sha256:d", "sha256:e"])},
    ),
    max_size=3,
)
PARTS = st.lists(st.fixed_dictionaries({"text": TEXTS}, optional={"media": MEDIA}), max_size=3)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "title": TEXTS,
    "type": st.sampled_from(["photo", "video"]),
    "link": st.fixed_dictionaries(
        {"url": TEXTS},
        optional={"title": TEXTS, "description": TEXTS, "image": TEXTS, "call_to_action": TEXTS},
    ),
    "media": MEDIA,
    "poll": st.fixed_dictionaries(
        {"options": st.lists(TEXTS, max_size=3)}, optional={"duration": DURATIONS, "question": TEXTS}
    ),
    "thread": PARTS,
    "comments": st.lists(
        st.fixed_dictionaries({"text": TEXTS, "after": DURATIONS}, optional={"language": TEXTS}), max_size=3
    ),
    "share": st.fixed_dictionaries(
        {"accounts": st.lists(TEXTS, max_size=2, unique=True)}, optional={"after": DURATIONS, "text": TEXTS}
    ),
    "auto_delete": st.fixed_dictionaries({"after": DURATIONS}, optional={"hide": st.booleans()}),
    "labels": st.lists(TEXTS, max_size=3, unique=True),
    "draft": st.booleans(),
    "album": TEXTS | st.none(),
    "location": st.fixed_dictionaries({"id": TEXTS}, optional={"name": TEXTS, "on": st.booleans()}),
    "sublinks": st.lists(st.fixed_dictionaries({"title": TEXTS, "url": TEXTS}), max_size=3),
}


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda key: st.tuples(st.just(key), VALUES[key], VALUES[key])))
def test_no_difference_goes_without_words(pair: tuple[str, Json, Json]) -> None:
    key, before, after = pair
    item = differs(key, before, after)
    if item.before == item.after:
        return
    wanted = post("12-01 09:00", "Words")
    one = change(Action.REPLACE, wanted, live=live("12-01 09:00"), diff=(item,))
    (shown,) = edits(one, Names(wanted)).values()
    assert shown
    for phrase in shown:
        marked = ["".join(span.text for span in phrase if span.kind in ("", kind)) for kind in ("old", "new")]
        told = re.search(r"different|another file|reordered", marked[0])
        assert marked[0] != marked[1] or told, phrase


def test_a_new_post_says_every_word_that_the_public_will_read() -> None:
    wanted = post(
        "12-01 09:00",
        "Text",
        media=(picture("b.jpg"),),
        title="Title",
        draft=True,
        link={"url": "https://a.b", "title": "Card", "description": "About"},
        poll={"options": ["Yes", "No"], "duration": {"duration": 3, "unit": "Day"}, "question": "Well?"},
        thread=[{"text": "Part two", "media": [{"file": "sha256:b.jpg", "alt": "A lamp"}]}],
        comments=[
            {"text": "First", "after": {"duration": 1, "unit": "Minute"}},
            {"text": "Then", "after": {"duration": 2, "unit": "Hour"}},
        ],
        share={"accounts": ["a-x"], "after": {"duration": 1, "unit": "Day"}, "text": "Look"},
        auto_delete={"after": {"duration": 1, "unit": "Week"}},
        labels=["a", "b"],
        album="Lamps",
    )
    by_key = everything_said(wanted.content, Names(wanted, {"a-x": "x"}))
    assert [*by_key][:3] == ["draft", "title", "link"]
    said = [phrase for phrases in by_key.values() for phrase in phrases]
    assert ["".join(span.text for span in phrase) for phrase in said] == [
        "draft: yes",
        "title (not published): Title",
        "link: https://a.b",
        "link title: Card",
        "link description: About",
        "picture: b.jpg",
        "poll options: Yes, No",
        "poll open for: 3 days",
        "poll question: Well?",
        "part 2: Part two",
        "part 2, picture: b.jpg",
        "part 2, alt text of b.jpg: A lamp",
        "comment 1: First",
        "comment 2: Then",
        "comment 2, after: 2 hours",
        "shared by: x",
        "shared after: 1 day",
        "shared with the text: Look",
        "auto-delete: after 1 week",
        "labels: a, b",
        "album: Lamps",
    ]
    assert {span.kind for phrase in said for span in phrase} == {""}

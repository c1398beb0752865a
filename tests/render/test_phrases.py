"""Two texts compared word by word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from publer_sync.render.layout.phrases import word_diff
from tests.tables import each_of


def told(before: str, after: str, *, whole: bool = False) -> str:
    marks = {"old": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks.get(s.kind, "{}").format(s.text) for s in word_diff(before, after, whole=whole))


@each_of(
    ("before", "after", "diff"),
    [
        ("only two of them ours", "only two of them our own", "only two of them [-ours-]{+our own+}"),
        ("a b c", "a x c", "a [-b-]{+x+} c"),
        ("Buy now!", "Buy a lamp now!", "Buy {+a lamp +}now!"),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("one\ntwo", "one\nthree", "one ¶ [-two-]{+three+}"),
        ("今日は雨です", "今日は雪です", "今日は[-雨-]{+雪+}です"),
        ("one\ntwo", "one\n\ntwo", "one[-⟨line break⟩-]{+⟨empty line⟩+}two"),
        ("one\n\ntwo", "one\n\n\n\ntwo", "one[-⟨empty line⟩-]{+⟨3 empty lines⟩+}two"),
        ("repair", "re\u00adpair", "[-repair-]{+re⟨soft hyphen⟩pair+}"),
        ("a b", "a\u200b b", "a{+⟨zero width space⟩+} b"),
        ("a b", "a  b", "a[-⟨space⟩-]{+⟨2 spaces⟩+}b"),
        ("a b", "a\tb", "a[-⟨space⟩-]{+⟨tab⟩+}b"),
        ("a b", "a\u00a0b", "a[-⟨space⟩-]{+⟨no-break space⟩+}b"),
        ("👩🚀", "👩\u200d🚀", "👩{+⟨zero width joiner⟩+}🚀"),
        ("\t", "", "[-⟨space⟩-]"),
        ("\t\u200d", "\n", "[- \u200d-]{+⟨line break⟩+}"),
        ("雨", "\n.", "[-雨-]{+ ¶ .+}"),
        (" ", " \na", "[-⟨space⟩-]{+ ¶ a+}"),
        (" .", " \n", "[- .-]{+⟨line break⟩+}"),
        (" a", "  aa", " [-a-]{+ aa+}"),
        ("a the b", "c the d", "[-a the b-]{+c the d+}"),
        ("a lamp b", "c lamp d", "[-a-]{+c+} lamp [-b-]{+d+}"),
        ("red blue green", "one two three", "[-red blue green-]{+one two three+}"),
    ],
)
def test_a_text_is_compared_by_words(before: str, after: str, diff: str) -> None:
    assert told(before, after) == diff


def test_only_the_sentences_around_a_change_are_shown() -> None:
    before = "First sentence stays. We like solder and patience here. The end is far. And it goes on."
    after = before.replace("solder", "copper")
    assert told(before, after) == "… We like [-solder-]{+copper+} and patience here. …"
    assert told(before, after, whole=True) == before.replace("solder", "[-solder-]{+copper+}")


@each_of(
    ("stays", "before", "after"),
    [
        ("ab " * 16, "ab " * 16, None),
        ("日" * 60, "… " + "日" * 48, None),
        (" Wait…", None, " Wait…"),
        (" " + "w" * 46 + "…", None, " " + "w" * 46 + "…"),
        (" word" * 20, None, " word" * 9 + " …"),
    ],
)
def test_what_stays_beside_a_change_is_shown_as_far_as_it_is_read_at_a_glance(
    stays: str, before: str | None, after: str | None
) -> None:
    if before is not None:
        assert told(f"{stays}雨", f"{stays}雪") == f"{before}[-雨-]{{+雪+}}"
    else:
        assert told(f"雨{stays}", f"雪{stays}") == f"[-雨-]{{+雪+}}{after}"


def test_the_middle_of_a_text_that_stays_is_left_out() -> None:
    middle = "This is so. That is so. It is all so, and it goes on being so for a long time. Fine then."
    assert told(f"a. {middle} b", f"c. {middle} d") == "[-a-]{+c+}. … Fine then. [-b-]{+d+}"


@given(
    st.text(st.sampled_from("ab. \n,日🎉"), max_size=30), st.text(st.sampled_from("ab. \n,日🎉"), max_size=30)
)
def test_a_comparison_holds_both_texts(before: str, after: str) -> None:
    spans = word_diff(before, after, whole=True)
    assert same("".join(s.text for s in spans if s.kind != "new"), before)
    assert same("".join(s.text for s in spans if s.kind != "old"), after)


def same(one: str, other: str) -> bool:
    return re.sub(r"⟨[^⟩]*⟩|[\s¶]", "", one) == re.sub(r"[\s¶]", "", other)


def test_two_long_texts_with_nothing_in_common_are_not_compared_word_by_word() -> None:
    before, after = ("".join(f"{word}{i} " for i in range(40_000)) for word in ("a", "b"))
    assert [len(span.text) for span in word_diff(before, after, whole=True)] == [
        len(before) - 1,
        len(after) - 1,
        1,
    ]


def test_white_space_of_the_same_name_is_told_letter_by_letter() -> None:
    spaces = "⟨line break⟩⟨space⟩", "⟨space⟩⟨line break⟩"
    old, new = (f"{each}b{each}" for each in spaces)
    assert told("a\n b\n c", "a \nb \nc") == f"a[-{old}-]{{+{new}+}}c"
    assert told("As it\nis", "As it \nis") == "As it[-⟨line break⟩-]{+⟨space⟩⟨line break⟩+}is"


def test_all_sentences_of_a_change_are_shown_up_to_what_can_be_read_at_a_glance() -> None:
    assert told("", "One. Two is so. Three!") == "{+One. Two is so. Three!+}"
    few, many = (" ".join(f"word{number}" for number in range(most)) for most in (30, 90))
    assert told("", few) == f"{{+{few}+}}"
    assert told("", many).endswith("…+}")
    assert len(told("", many)) < 410


def test_a_word_that_changes_far_in_a_long_sentence_is_shown_with_what_is_beside_it() -> None:
    """Beginning at a word, and not with all of the sentence."""
    long = " ".join(f"word{number}" for number in range(40))
    told = "".join(span.text for span in word_diff(f"{long} old", f"{long} new", whole=False))
    assert told.startswith("… word3")
    assert len(told) < 80
    whole = "".join(span.text for span in word_diff(f"{long} old", f"{long} new", whole=True))
    assert whole.startswith("word0 word1")

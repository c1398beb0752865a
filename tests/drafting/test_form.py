"""What someone wrote into the issue form, out of the issue that GitHub made of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.drafting.form import AS_DRAFT, Form, FormAnswers, FormError
from tests.tables import each_of

FORM = Form("calendar")
LABELS = (
    "What should it say?",
    "When should it be published?",
    "Where should it be published?",
    "Pictures",
    "What the pictures show",
    "A note for the team",
    "Draft",
)


def issue(*answers: str) -> str:
    return "\n\n".join(f"### {label}\n\n{answer}" for label, answer in zip(LABELS, answers, strict=False))


@each_of("end", ["\n", "\r\n", "\r"])
def test_everything_that_was_written_is_read(end: str) -> None:
    body = issue(
        "```text\nThe lamp.\n\n```\ncode\n```\n  #one\n```",
        "tomorrow 9",
        "- [X] facebook: A: page\n- [ ] x\n- [x] in.sta-2",
        'Here: <img src="https://github.com/user-attachments/assets/1" /> ![b](https://a.example/b?c=d) https://github.com/v',
        "1. A lamp\n\n2) Its box",
        "Ask @ben\nor Anna",
        f"- [X] {AS_DRAFT}",
    )
    assert FORM.read(body.replace("\n", end)) == FormAnswers(
        "The lamp.\n\n```\ncode\n```\n  #one",
        "tomorrow 9",
        ("facebook", "in.sta-2"),
        ("https://github.com/user-attachments/assets/1", "https://a.example/b?c=d", "https://github.com/v"),
        ("A lamp", "Its box"),
        "Ask @ben\nor Anna",
        draft=True,
    )


def test_what_was_left_empty_or_taken_out_of_the_form_is_nothing() -> None:
    body = issue(
        "```text\n_No response_\n```", "next", "- [ ] x", *["_No response_"] * 3, f"- [ ] {AS_DRAFT}"
    )
    assert FORM.read(body) == FormAnswers("", "next", ())
    short = body.partition("### Pictures")[0]
    assert FORM.read(short) == FormAnswers("", "next", ())
    assert FORM.read(short.replace("```text\n_No response_\n```", "Words, edited")).words == "Words, edited"


@each_of("numbers", ["1. A lamp\n3. A box", "2. A lamp\n1. A box", "1. A lamp\nA box"])
def test_numbers_that_do_not_count_the_pictures_are_words(numbers: str) -> None:
    body = issue("x", "next", "- [X] x", "", numbers)
    assert FORM.read(body).alts == tuple(numbers.split("\n"))


@given(
    words=st.text(st.characters(codec="utf-8", exclude_characters="\r\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e"))
)
def test_no_words_are_taken_for_another_part_of_the_form(words: str) -> None:
    read = FORM.read(issue(f"```text\n{words}\n```", "next", "- [X] x", "a", "b"))
    assert read.words.strip() == words.strip() or "_No response_" in words
    assert (read.when, read.aliases, read.alts) == ("next", ("x",), ("b",))


def test_half_a_character_is_marked() -> None:
    assert FORM.read(issue("a\ud800b", "next", "- [X] x")).words == "a?b"


@each_of("label", LABELS)
def test_a_label_among_the_words_is_told(label: str) -> None:
    with pytest.raises(FormError, match="is there 2 times") as error:
        FORM.read(issue(f"```text\nx\n### {label}  \ny\n```", "next", "- [X] x", *["x"] * 4))
    assert error.value.fix


def test_forms_of_two_calendars_are_told_apart() -> None:
    own, other = issue("x", "next", "- [X] x"), Form("clients/b")
    assert (FORM.is_in(own), other.is_in(own)) == (True, False)
    theirs = own.replace(LABELS[2], f"{LABELS[2]} (clients/b)")
    assert (FORM.is_in(theirs), other.is_in(theirs)) == (False, True)
    assert other.read(theirs).aliases == ("x",)
    assert {Form("").name, FORM.name, other.name} == {"", "-clients-b"}


@each_of(
    "body, told",
    [
        (issue("x", "next", "- [X] x") + "x" * 70_000, "this issue is too long"),
        (issue("x", "next", "- [X] x", "![Uploading lamp.png…]()"), "an upload was not finished"),
        (issue("x", "next", "- [X] x").replace(LABELS[1], "When?"), "of the form is gone"),
        (issue("x", "next", "- [X] x", "a", "b").replace("Pictures", "A").replace(LABELS[4], "Pictures"), ""),
        (
            issue("x", "next", "- [X] x", "a", "b")
            .replace("### Pictures", "### A")
            .replace(LABELS[4], "Pictures")
            .replace("### A\n", f"### {LABELS[4]}\n"),
            "in another order",
        ),
    ],
)
def test_a_form_that_is_not_as_it_was_is_not_guessed_at(body: str, told: str) -> None:
    if not told:
        assert FORM.read(body).pictures == ()
        return
    with pytest.raises(FormError) as refused:
        FORM.read(body)
    assert told in refused.value.message
    assert str(refused.value) == refused.value.message


def test_an_issue_may_be_as_long_as_a_form() -> None:
    body = issue("x", "next", "- [X] x")
    assert FORM.read(body + "\n" * (70_000 - len(body))).words == "x"
    with pytest.raises(FormError):
        FORM.read(body + "\n" * (70_001 - len(body)))


@each_of(
    "words, read",
    [("```", "```"), ("```\nx\n~~~", "```\nx\n~~~"), ("~~~ text\nx\n~~~", "x"), ("x\n```", "x\n```")],
)
def test_only_a_whole_block_of_code_is_taken_off(words: str, read: str) -> None:
    assert FORM.read(issue(words, "next", "- [X] x")).words == read


def test_lines_for_pictures_without_any_are_none() -> None:
    assert FORM.read(issue("x", "next", "- [X] x", "", "\n \n")).alts == ()

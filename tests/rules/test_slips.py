"""What a post's own words say is wrong, and what only resembles it."""

from __future__ import annotations

from tests.rules.builders import found, media, post
from tests.tables import each_of

CODES = {"thread.counted", "media.counted", "text.internal"}


def slips(**content: object) -> set[str]:
    problems = found(post("twitter", **content))  # type: ignore[arg-type]  # fields of several types
    return problems.keys() & CODES


def thread(*parts: str) -> set[str]:
    first, *rest = parts
    return slips(text=first, thread=[{"text": part} for part in rest])


@each_of(
    "parts",
    [
        ("1/5 One", "2/5 Two", "4/5 Four", "5/5 Five"),
        ("Why lamps flicker 1/4", "The socket 2/4", "The bulb 2/4", "The wire 4/4"),
        ("(1/3) One", "(3/3) Two", "(2/3) Three"),
        ("1/4 One", "2/4 Two", "3/4 Three"),
        ("A thread", "1/4 One", "2/4 Two", "4/4 Four"),
    ],
)
def test_parts_that_count_themselves_leave_none_out(parts: tuple[str, ...]) -> None:
    assert thread(*parts) == {"thread.counted"}


@each_of(
    "parts",
    [
        ("1/3 One", "2/3 Two", "3/3 Three"),
        ("A thread", "1/3 One", "2/3 Two", "3/3 Three"),
        ("1/2 cup of flour", "1/4 cup of milk", "1/2 cup of oil"),
        ("1/2 cup of flour", "1/2 cup of milk", "1/2 cup of oil"),
        ("24/7 Open", "24/7 Close", "24/7 Here"),
        ("0/3 One", "2/3 Two", "3/3 Three"),
        ("A bun", "1/4 Cup of milk", "2/4 Cups of rye", "4/4 Cups of flour", "Bake"),
        ("1/3 One", "2/4 Two", "4/5 Four"),
        ("2/5 Two", "3/5 Three", "4/5 Four"),
        ("A thread", "1/4 One", "2/4 Two", "3/4 Three"),
        ("We won 3/5", "They won 1/5"),
        ("One", "Two", "Three"),
    ],
)
def test_fractions_and_parts_that_count_well_are_silent(parts: tuple[str, ...]) -> None:
    assert thread(*parts) == set()


def test_a_carousel_counts_in_its_alt_texts() -> None:
    for numbers, codes in (((1, 2, 4), {"media.counted"}), ((1, 2, 3), set())):
        pictures = [media(1, alt=f"{n}/{numbers[-1]}: a lamp")[0] for n in numbers]
        problems = found(post("facebook", text="Lamps", media=pictures))
        assert problems.keys() & CODES == codes


@each_of(
    "line",
    [
        "Do not publish", "DON'T POST THIS YET!", "please do not publish before Friday 14:00", "Not for publication.",
        "Internal only", "Nicht veröffentlichen!",
    ],
)  # fmt: skip
def test_a_comment_that_says_not_to_publish_it_is_found(line: str) -> None:
    assert slips(text="A lamp", comments=[{"text": f"Link: https://e.com\n{line}"}]) == {"text.internal"}
    assert slips(text=f"{line}\nA lamp") == {"text.internal"}


@each_of(
    "line",
    [
        "Do not post your PIN online", "Don't publish without testing", "We do not publish prices", "Internal only lamps are sold out here",
        "Please do not post letters in this box", "Nicht veröffentlichen wir Preise",
    ],
)  # fmt: skip
def test_words_for_the_public_about_publishing_are_silent(line: str) -> None:
    assert slips(text=line) == set()

"""No word is lost behind a # in silence: it arrives in the export, or there is an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from publer_sync.calendar.load import read
from publer_sync.editing.fixing import fix
from publer_sync.render import export
from publer_sync.values.problems import errors_in
from tests.calendar.calendars import CASES, judged, offers, write
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

PIXEL = (CASES / "pixel.png").read_bytes()
PLACES = {
    "text": (2, "  text:{}"),
    "a thread": (4, "  text: One\n  thread:\n  - text:{}"),
    "a comment": (4, "  text: One\n  comments:\n  - after: 10m\n    text:{}"),
    "alt text": (4, "  text: One\n  media:\n  - file: /pixel.png\n    alt:{}\n  id: a"),
    "a network": (6, "  text: One\n  networks:\n    x:\n      text:{}"),
    "braces": (2, "  networks: {{x: {{text:{}}}}}"),
    "an answer": (2, "  text: One\n  poll:\n    options:\n    - Yes\n    -{}\n    duration: 1d"),
    "the end of a post": (2, "  text:{}\n  media:\n  - file: /pixel.png\n    alt: A lamp"),
}
WORDS = ("rye", "#bakery", "fresh", "#rye", "we", "open", "#bread2", "#påske", "today")
HEADS = ("", " |", " |-", " >", " >-", ' "', " '", " |2", " |4", " |+")


@st.composite
def written(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A post whose text is written in one way or another, and the words of the text."""
    depth, place = PLACES[draw(st.sampled_from(sorted(PLACES)))]
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True))
    value = head = draw(st.sampled_from(HEADS))
    for number, word in enumerate(words):
        breaks = [" ", " ", "\n", "\n\n"] if number or head.strip() in ("|", ">") else [" ", "\n"]
        gap = draw(st.sampled_from(breaks))
        inside = depth + draw(st.sampled_from([-depth, 0, 1, 2, 2, 2, 2, 2, 4]))
        value += (gap + " " * inside if "\n" in gap else gap) + word
        if head.strip() in ('"', "'") and draw(st.integers(0, len(words))) == 0:
            value, head = value + head.strip(), ""
    value += head.strip() if head.strip() in ('"', "'") else ""
    below = draw(st.sampled_from(["", "", "\n#late", "\n  #late", "\n\n    #late #later"]))
    words += [word for word in ("#late", "#later") if word in below.split()]
    return place.format(value) + below, words


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comments")
    write(folder, publer="timezone: Europe/Oslo\naccounts: {x: Me}\n")
    (folder / "pixel.png").write_bytes(PIXEL)
    return folder


def read_post(top: Path, lines: str) -> Calendar:
    return read(top, instead={"a.yaml": f"posts:\n- at: 2027-03-01 09:00\n  accounts: x\n{lines}\n".encode()})


@each_of("text", ["?  #x", "? #x", "- #x", "?  a\n? #x", "posts:\n- ?  #x", "a: #x"])
def test_a_file_that_ends_with_a_comment_for_a_value_is_wrong_at_its_place(top: Path, text: str) -> None:
    calendar = read(top, instead={"a.yaml": text.encode()})
    places = [problem.location for problem in errors_in(calendar.problems)]
    assert "a.yaml" in [place.file for place in places if place]


@given(post=written())
def test_each_word_of_a_text_arrives_in_the_export_or_there_is_an_error(
    top: Path, post: tuple[str, list[str]]
) -> None:
    lines, words = post
    calendar = read_post(top, lines)
    if not errors_in(judged(calendar)):
        data = export.data(
            calendar.desired.posts, top=calendar.top, settings=calendar.settings, address=lambda _: None
        )
        arrived = json.dumps(data["posts"], ensure_ascii=False).replace("\\n", " ").replace('"', " ").split()
        assert [word for word in words if word not in arrived] == [], lines


NOTES = ("# secret", "# secret, ask Anna", "#  secret", "# secret #later2", "# 5 secret")


MARKS = ("", "", ": ", "&b ", "@", "[", "- ")


@st.composite
def annotated(draw: st.DrawFn, marks: Sequence[str] = MARKS) -> str:
    """A post with a note to the team behind one of its lines, or on a line of its own."""
    lines, _ = draw(written())
    rows = lines.split("\n")
    number = draw(st.integers(0, len(rows) - 1))
    note = draw(st.sampled_from(NOTES))
    if draw(st.booleans()):
        rows[number] += f" {note}"
    else:
        rows.insert(number + 1, " " * draw(st.integers(0, 8)) + note)
    if draw(st.integers(0, 3)) == 0:
        rows.insert(draw(st.integers(1, len(rows))), " " * draw(st.integers(0, 8)))
    mark = draw(st.sampled_from(marks))
    return "\n".join(rows).replace("text: ", f"text: {mark}", 1)


def each_paste(calendar: Calendar) -> Iterator[bytes]:
    """The file with one of the fixes that are offered for it, as an editor applies them."""
    (document,) = (each for each in calendar.documents if each.file == "a.yaml")
    rows = document.raw.decode().split("\n")
    for offered in [each.fix for each in judged(calendar) if each.fix]:
        yield "\n".join([*rows[: offered.start_line - 1], offered.text, *rows[offered.end_line :]]).encode()


def assert_not_published(top: Path, calendar: Calendar, lines: str) -> None:
    """Neither by all fixes, nor by one that is offered, nor by another that is offered then."""
    found = fix(calendar, judged)
    assert "secret" not in repr([post.content for post in found.calendar.desired.posts]), lines
    for pasted in each_paste(calendar):
        after = read(top, instead={"a.yaml": pasted})
        assert "secret" not in repr([post.content for post in after.desired.posts]), lines
        for again in each_paste(after):
            last = read(top, instead={"a.yaml": again})
            assert "secret" not in repr([post.content for post in last.desired.posts]), lines


IN_COMMENT = "  text: One\n  comments:\n  - after: 10m\n    text:"


@given(lines=annotated())
@example(f"{IN_COMMENT} | #bakery\n      rye\n     #rye # secret")
@example(f"{IN_COMMENT} | #bakery\n      rye\n     # secret")
@example("  text: |4 #bakery\n        rye\n     # secret")
@example("  text: | #bakery\n        \n    # secret")
@example("  text: |4\n        rye\n   #bakery #rye\n     # secret")
@example("  text: |\n        rye\n     we\n    # secret")
@example("  text: |\n        rye\n    we\n        # secret")
@example("  text: |\n  rye\n  #bakery # secret")
@example("  text: |\n    rye\nwe\n    # secret")
@example("  text: |\n      #bakery\n   #rye #fresh\n    # secret")
def test_no_fix_publishes_a_note_or_loses_a_word(top: Path, lines: str) -> None:
    calendar = read_post(top, lines)
    (before,) = (each.data for each in calendar.documents if each.file == "a.yaml")
    found = fix(calendar, judged)
    if "secret" not in repr(before):
        assert_not_published(top, calendar, lines)
    if found.fixes and not found.errors:
        words = json.dumps(
            [post.content.to_json() for post in found.calendar.desired.posts], ensure_ascii=False
        )
        assert [word for word in WORDS if word in lines.split() and word not in words] == [], lines


@pytest.mark.story
@given(lines=annotated(marks=[""]))
@example("  text: |\n        rye\n     we\n    # secret")
@example("  text: |\n    rye\nwe\n    # secret")
@example("  text: |-\n   rye\n\n#rye\n\n   we open # secret")
@example("  text: rye\n    #bakery #fresh\n    we\n    # secret")
@example("  text: |\n    rye\n  #bakery #fresh\n    we\n    # secret")
@example(f"{IN_COMMENT}\nfresh\n      rye # secret")
@example(f"{IN_COMMENT}\n\nfresh\n      rye # secret")
def test_no_fix_publishes_a_note_below_the_line_where_yaml_stops(top: Path, lines: str) -> None:
    """What is read after such a line has fixes in it already, so it is no measure of what was in the text."""
    calendar = read_post(top, lines)
    (document,) = (each for each in calendar.documents if each.file == "a.yaml")
    if "secret" not in "\n".join(scalars(document.raw)):
        assert_not_published(top, calendar, lines)


def scalars(raw: bytes) -> Iterator[str]:
    """The values that YAML reads, up to where it stops."""
    try:
        for event in yaml.parse(raw, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.ScalarEvent):
                yield event.value
    except yaml.YAMLError:
        return


# --- where it is ------------------------------------------------------------------------------------------------------


@each_of(
    ("lines", "found"),
    [
        ("text: Hi\n    #lemon: fresh", {"5:5": ["  text: |\n    Hi\n    #lemon: fresh", "  # lemon: fresh"]}),
        ("text: Hi\n    #at: noon", {}),
        ("text: | #-----\n    Hi", {}),
        ("text: | #bakery\n    #rye", {"4:11": "  text: |\n    #bakery"}),
        ("text: Hi #bun\n  #rye", {"4:12": "  text: |\n    Hi #bun", "5:3": ["  text: |\n    Hi #bun\n    #rye", "  # rye"]}),
        ("not_before: #5pm\n    2027-02-01", {}),
        ("title: # note\n    Words", {}),
        ("title:\n    # note\n    Words", {"5:5": ["  title: |\n    # note\n    Words", "  # note\n  title: |\n    Words"]}),
        ("text: # 5 loaves\n    Words", {"4:9": ["  text: |\n    # 5 loaves\n    Words", "  # 5 loaves\n  text: |\n    Words"]}),
        ("text: # five loaves\n    Words", {}),
        ("text: #bun\n    'Words'", {"4:9": []}),
        ("text: #bun\n    Words\n    more", {"4:9": []}),
        ("text: #bun\n    Words # note", {"4:9": ["  text: |\n    #bun\n    Words # note", "  # bun\n  text: |\n    Words"]}),
        ("text: #bun\n    Words #rye", {"4:9": "  text: |\n    #bun\n    Words #rye", "5:11": ["  text: |\n    Words #rye", "  # rye\n  text: |\n    Words"]}),
        ("text: #bun\n    Words", {"4:9": "  text: |\n    #bun\n    Words"}),
        ("networks: {x: {text: Hi} #bun\n    }", {"4:28": []}),
        ("labels: [a, b] #c", {"4:18": []}),
        ("title: # Words", {"4:10": ["  title: |\n    # Words", "  # Words"]}),
        ("title: # !!!", {}),
        ("text: Some\n    words #bun", {"5:11": ["  text: |\n    Some words #bun", "  # bun\n  text: |\n    Some words"]}),
        ("thread: #bun\n  - text: Hi", {"4:11": []}),
        ("labels: #bun\n  - a", {"4:11": []}),
        ("labels:\n  - #bun\n    a", {"5:5": []}),
        ("thread:\n  - #bun\n    text: a", {"5:5": []}),
        ("poll:\n    duration: 1d\n    options: #bun\n    - a\n    - b", {"6:14": []}),
        ("labels: [a]\n  #bun", {"5:3": []}),
        ("media:\n  - file: /pixel.png\n    alt: A lamp\n      # Monday", {"7:7": ["    alt: |\n      A lamp\n      # Monday", "    # Monday"]}),
        ("media:\n  - file: /pixel.png\n    alt: A lamp\n    #rye", {"7:5": []}),
        ("text: Hi\n  # one\n  #bun", {"6:3": ["  # bun"]}),
        ("text: |\n    Hi\n   #bun #rye\n    # note", {"6:4": ["    #bun #rye", "  # bun #rye"], "7:5": ["    # note", "  # note"]}),
        ("text: |\n    Hi\n   #bun #rye", {"6:4": "    #bun #rye"}),
        ("text: 'Hi'\n    #bun", {"5:5": ["  # bun"]}),
        ("text: Hi\n      there\n    #bun", {"6:5": ["  # bun"]}),
        ("text: Hi # note\n    #bun", {"5:5": ["  # bun"]}),
        ("text: Hi\n    #bun\n    # Monday", {"5:5": ["  # bun"], "6:5": ["  # Monday"]}),
        ("text: Hi\n    # Monday\n    #bun", {"5:5": ["  text: |\n    Hi\n    # Monday\n    #bun", "  # Monday"]}),
        ("text: Hi\n    #bun\n    #----\n    #rye", {"5:5": ["  # bun"], "7:5": ["  # rye"]}),
        ("text: Hi\n    #bun\n    #rye", {"5:5": "  text: |\n    Hi\n    #bun\n    #rye"}),
        ("text: Hi\n\n    #bun", {"6:5": "  text: |\n    Hi\n\n    #bun"}),
        ("text: Hi\n  #bun", {"5:3": ["  text: |\n    Hi\n    #bun", "  # bun"]}),
        ("text: Hi\n  #bun #rye", {"5:3": "  text: |\n    Hi\n    #bun #rye"}),
        ("text: Hi\n#bun #rye", {"5:1": "  text: |\n    Hi\n    #bun #rye"}),
        ("media:\n  - file: a #1.png", {"5:13": '  - file: "a #1.png"'}),
        ("media:\n  - file: a.png #1.png", {}),
        ("media:\n  - file: 'a' #1.png", {}),
        ("media:\n  - file: a # 1.png", {}),
        ("media:\n  - file: a #1", {}),
        ("media:\n  - file: a\n      b #1.png", {"6:9": []}),
        ("labels: [a, #b,\n    c]", {"4:15": '  labels: [a, "#b",'}),
        ("labels: [a, #b\n    , c]", {"4:15": []}),
        ("labels: [a, #b\n    c]", {"4:15": '  labels: [a, "#b",'}),
        ("labels: [a #b, c]", {"4:14": '  labels: ["a #b", c]'}),
        ("labels: [a, #b c]", {"4:15": []}),
        ("labels: [a, # b\n    c]", {}),
        ("comments:\n  - text: Hi\n  #bun", {"6:3": []}),
        ("comments:\n  - text: Hi\n    #bun", {"6:5": ["  - text: |\n      Hi\n      #bun", "    # bun"]}),
        ("networks:\n    x:\n      text: Hi\n    #bun", {"7:5": []}),
        ("networks:\n    x:\n      text: Hi\n      #bun #rye", {"7:7": "      text: |\n        Hi\n        #bun #rye"}),
        ("text: 'words words words words words words words words words words '\n    #bun", {"5:5": ["  # bun"]}),
        ("text: words words words words words words words words words words \n    #bun", {"5:5": ["  text: |\n    words words words words words words words words words words\n    #bun", "  # bun"]}),
        ("poll:\n    duration: 1d\n    options:\n    - a\n    - b #bun", {"8:9": '    - "b #bun"'}),
        ("poll:\n    duration: 1d\n    options:\n    - a\n    - b\n      #bun", {"9:7": []}),
        ("id: a #bun", {}),
        ("note: Hi #bun", {"4:12": "  note: |\n    Hi #bun"}),
        ("note: Hi\n    #bun", {"5:5": "  note: |\n    Hi\n    #bun"}),
        ("text: |\n    Hi\n  # Monday", {}),
        ("text: |\n    Hi\n   # Monday", {"6:4": ["    # Monday", "  # Monday"]}),
        ("text: |\n    Hi\n# Monday #bun", {}),
        ("text: Hi #bun\n\n    # note", {"4:12": '  text: "Hi #bun"', "6:5": ["  text: |\n    Hi #bun\n\n    # note", "  # note"]}),
        (f"text: {'word ' * 9}123\n    #bun", {"5:5": [f"  text: |\n    {'word ' * 9}123\n    #bun", "  # bun"]}),
        (f"text: {'word ' * 9}12\n    #bun", {"5:5": f"  text: |\n    {'word ' * 9}12\n    #bun"}),
        ("title: # Words\n      after: 1h", {}),
        ("title: # \U0001f382", {}),
        ("labels: # later", {}),
        ("utm:\n    campaign: # 5\n      spring", {}),
        ("utm:\n    source: a\n      # Monday", {}),
        ("utm: {source: a}\n #rye # note", {}),
        ("utm:\n    source: a\n      #rye # note", {"6:7": []}),
        ("id: a\n    #bun rye", {}),
        ("id: a\n  #bun rye", {}),
        ("txt: #bun\n    Words # note", {"4:8": []}),
        ("labels:\n    - a\n  text: |\n    Hi\n#bun #rye", {"8:1": "    #bun #rye"}),
        ("text: |\n\n      Hi\n   #bun #rye", {"7:4": "      #bun #rye"}),
        ("text: |\n    Fresh rye\n  media:\n  #bakery #rye\n  - file: /pixel.png", {"7:3": []}),
        ("text: Hi\n    # Monday\n    # 5 loaves", {"5:5": ["  text: |\n    Hi\n    # Monday\n    # 5 loaves", "  # Monday"]}),
        ("labels: [a #b,\n    ]", {"4:14": ["  # b,"]}),
    ],
)  # fmt: skip
def test_words_behind_a_sign_are_told_at_their_place_with_what_can_be_written_there(
    top: Path, lines: str, found: dict[str, str | list[str]]
) -> None:
    """A fix, or what may be pasted; whatever is not told is a comment."""
    assert offers(judged(read_post(top, f"  {lines}")), "yaml.hash") == found


# --- both ways out ----------------------------------------------------------------------------------------------------


@each_of(
    ("lines", "at", "arrives"),
    [
        (["  text: Hi #bun # ask legal"], [0, 0], ["Hi #bun # ask legal", "Hi #bun"]),
        (["  text: Join the #bakery crowd"], [0, 0], ["Join the #bakery crowd", "Join the"]),
        (["  text: She says: hi # ask legal"], [0, 0], ["She says: hi # ask legal", "She says: hi"]),
        (["  text: Room # 5"], [0, 0], ["Room # 5", "Room"]),
        (['  text: "Fresh rye" #bakery'], [0, 0], ["Fresh rye #bakery", "Fresh rye"]),
        (["  text: |", "    Rye", "  #bakery is open"], [2, 2], ["Rye\n#bakery is open", "Rye"]),
        (["  text: #Monday we rest", "    Rye"], [0, 0], ["#Monday we rest\nRye", "Rye"]),
        (["  text:", "    # Monday", "    Rye"], [0, 0], ["# Monday\nRye", "Rye"]),
        (["  text: |", "    Rye", "#bakery"], [2, 2], ["Rye\n#bakery", "Rye"]),
        (["  text: |", "  Hello", "    World"], [1, 1], ["Hello\nWorld", "Hello\n  World"]),
    ],
)
def test_each_way_that_is_shown_arrives_at_what_it_says(
    top: Path, lines: list[str], at: list[int], arrives: list[str]
) -> None:
    """The lines of a way are pasted in place of the lines from `at` on."""
    (problem,) = errors_in(judged(read_post(top, "\n".join(lines))))
    assert problem.help is not None
    assert len(problem.help.ways) == len(arrives)
    for (_, pasted), start, text in zip(problem.help.ways, at, arrives, strict=True):
        calendar = read_post(top, "\n".join([*lines[:start], pasted]))
        assert errors_in(judged(calendar)) == []
        assert [post.text for post in calendar.desired.posts] == [text]


@each_of(
    ("lines", "ways"),
    [
        ("text: Hello\n   title: Rain", ["text: |\n    Hello\n    title: Rain", "title: Rain"]),
        ("text: |\n    Hello\n   title: Rain", ["  title: Rain", "title: Rain"]),
        ("text:\nHello\n  title: Rain", ["text: |\n    Hello\n      title: Rain", "text: |\n    Hello"]),
        (
            "text: |\n  Hello\n\n  title: Rain",
            ["text: |\n    Hello\n\n    title: Rain", "text: |\n    Hello"],
        ),
        ("text: >-\n  Hello\n  title: Rain", ["text: >-\n    Hello\n    title: Rain", "text: >-\n    Hello"]),
        ("text: >-\n  Some\n  Words", ["text: |\n    Some Words"]),
    ],
)
def test_a_line_that_may_be_words_or_a_key_is_shown_as_either(top: Path, lines: str, ways: list[str]) -> None:
    """And no way leaves all of the words out."""
    (problem, *_) = errors_in(judged(read_post(top, f"  {lines}")))
    assert problem.help is not None
    assert [pasted for _, pasted in problem.help.ways] == [f"  {way}" for way in ways]

"""What validate tells people who write posts by hand, and what --fix makes of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.conftest import run_here
from tests.tables import each_of
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
timezone: Europe/Oslo
time: 09:00
accounts:
  facebook: Page
  x: Me
  linkedin: Us
  instagram: Insta
"""
POST = "posts:\n- at: 2027-03-01 09:00\n"
MEDIA = "  media:\n  - file: a.png\n    alt: A lamp\n"


class Found(NamedTuple):
    """What validate says of a file, and of the file as --fix writes it."""

    problems: list[dict[str, Any]]
    left: list[dict[str, Any]]
    fixed: str

    @property
    def codes(self) -> list[str]:
        return [
            f"{each['severity']} {each['code']} {each['line']}:{each['column']}" for each in self.problems
        ]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "a.png").write_bytes(png())
    return folder


def problems(top: Path, *options: str) -> list[dict[str, Any]]:
    ran = run_here(["validate", top, *options, "--format", "json"], {})
    found: list[dict[str, Any]] = json.loads(ran.stdout)["problems"]
    assert (ran.code == 3) is any(each["severity"] == "error" for each in found)
    return found


def found(top: Path, text: str, name: str = "a.yaml") -> Found:
    file = top / name
    file.write_text(text, encoding="utf-8")
    return Found(problems(top), problems(top, "--fix", "--yes"), file.read_text(encoding="utf-8"))


def fails(found: Found, text: str) -> None:
    """Nothing is fixed, and the same problems are left."""
    assert found.fixed == text
    assert found.left == found.problems


# --- keys without words -----------------------------------------------------------------------------------------------


@each_of("sign", ["|", "|-", ">", "|\n", "|\n\n"])
@each_of("below", [MEDIA, f"  link: null\n{MEDIA}", f"  labels: [a]\n{MEDIA}"])
def test_a_text_left_empty_above_pictures_is_a_warning(top: Path, sign: str, below: str) -> None:
    text = f"{POST}  accounts: x\n  text: {sign}\n{below}"
    told = found(top, text)
    assert told.codes == ["warning key.empty 4:3"]
    assert "no words below it" in told.problems[0]["message"]
    fails(told, text)


@pytest.mark.parametrize("layer", ["  networks:\n    x:\n      {}", "  accounts:\n  - account: x\n    {}"])
@pytest.mark.parametrize("key", ["text", "title"])
def test_so_is_one_for_a_network_or_an_account(top: Path, layer: str, key: str) -> None:
    accounts = "" if "accounts" in layer else "  accounts: x\n"
    told = found(top, f"{POST}{accounts}  text: Hi\n{layer.format(f'{key}: |')}\n{MEDIA}")
    assert any(each.startswith("warning key.empty") for each in told.codes)


@pytest.mark.parametrize("text", ["", '  text: ""\n', "  text: null\n", "  text: |\n    Words\n"])
def test_no_text_on_purpose_is_fine(top: Path, text: str) -> None:
    assert found(top, f"{POST}  accounts: x\n{text}{MEDIA}").problems == []


# --- items that are only a word ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "below", ["    text: |\n      Others\n", "    at: 10:00\n", "    # here\n    labels: [a]\n    text: Hi\n"]
)
@pytest.mark.parametrize("before", ["", "  - facebook\n"])
def test_keys_below_an_account_are_its_own_or_those_of_the_post(top: Path, before: str, below: str) -> None:
    """Only the writer knows which, so nothing is fixed."""
    text = f"{POST}  accounts:\n{before}  - linkedin\n{below}  text: Hi\n"
    told = found(top, text)
    line = 5 if before else 4
    assert told.codes == [f"error yaml.form {line}:5"]
    assert "  - account: linkedin\n" in told.problems[0]["help"]
    assert "If it is for the whole post:\n  " in told.problems[0]["help"]
    fails(told, text)


def test_what_it_says_of_them_works(top: Path) -> None:
    told = found(top, f"{POST}  accounts:\n  - linkedin\n    at: 10:00\n  text: Hi\n")
    _, own, post = told.problems[0]["help"].split(":\n")
    assert found(top, f"{POST}  accounts:\n{own.rpartition(chr(10))[0]}\n  text: Hi\n").problems == []
    day = "posts:\n- accounts:\n  - linkedin\n"
    assert found(top, f"{day}{post.replace('10:00', '2027-03-01 10:00')}\n  text: Hi\n").problems == []


@pytest.mark.parametrize(
    "below", ["      text: |\n        Others\n", "    text: |\n      Others\n", "    at: 10:00\n", ""]
)
def test_an_account_as_a_key_is_written_as_account(top: Path, below: str) -> None:
    text = f"{POST}  accounts:\n  - linkedin:\n{below}  text: Hi\n"
    told = found(top, text)
    assert told.codes == ["error key.unknown 4:5"]
    assert "`account: linkedin`" in told.problems[0]["message"]
    fails(told, text)


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        ("  media:\n  - a.png\n    alt: A lamp\n", "  media:\n  - file: a.png\n    alt: A lamp\n"),
        (
            "  media:\n  - https://example.com/a.png\n    alt: A lamp\n",
            "  media:\n  - url: https://example.com/a.png\n    alt: A lamp\n",
        ),
        (
            "  comments:\n  - First!\n    after: 10m\n",
            "  comments:\n  - text: |\n      First!\n    after: 10m\n",
        ),
    ],
)
def test_keys_below_another_item_make_it_one_with_keys(top: Path, lines: str, fixed: str) -> None:
    told = found(top, f"{POST}  accounts: facebook\n  text: Hi\n{lines}")
    assert told.codes == ["error yaml.form 6:5"]
    assert (told.left, told.fixed) == ([], f"{POST}  accounts: facebook\n  text: Hi\n{fixed}")


# --- hashtags in braces -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "column", "fixed"),
    [
        ("hashtags: {core: [#bun, #rye]}", 19, 'hashtags: {core: ["#bun", "#rye"]}'),
        ("hashtags: {core: [bun, #rye]}", 24, 'hashtags: {core: [bun, "#rye"]}'),
        (
            "hashtags: {core: [#bun, #rye], more: [a]}",
            19,
            'hashtags: {core: ["#bun", "#rye"], more: [a]}',
        ),
        ("hashtags:\n  core: [#bun, #rye]", 10, 'hashtags:\n  core: ["#bun", "#rye"]'),
    ],
)
def test_a_hash_inside_braces_is_told_at_its_place(top: Path, line: str, column: int, fixed: str) -> None:
    settings = top / "publer.yaml"
    settings.write_text(f"{SETTINGS}{line}\n", encoding="utf-8")
    told = found(top, f"{POST}  accounts: x\n  text: Hi\n")
    assert told.codes == [f"error yaml.hash {8 + line.count(chr(10))}:{column}"]
    assert (told.left, settings.read_text(encoding="utf-8")) == ([], f"{SETTINGS}{fixed}\n")


# --- characters that come with copied text ----------------------------------------------------------------------------


@each_of("sign", ["\u2028", "\u2029", "\x0b", "\x0c", "\x85"])
@each_of("where", ["  text: |\n    One{}Two\n", "  text: One{}Two\n", "  text: Hi\n  note: One{}Two\n"])
def test_a_line_break_of_another_kind_is_not_to_be_deleted(top: Path, sign: str, where: str) -> None:
    text = f"{POST}  accounts: x\n{where.format(sign)}"
    told = found(top, text)
    assert [each["code"] for each in told.problems] == ["yaml.character"]
    assert "invisible line break" in told.problems[0]["message"]
    assert told.problems[0]["help"].startswith("Replace it with a line break or a space")
    assert told.fixed == text


def test_so_is_one_in_the_text_of_a_markdown_file(top: Path) -> None:
    told = found(top, "---\nat: 2027-03-01 09:00\naccounts: x\n---\n\nOne\u2028Two\n", "a.md")
    assert told.codes == ["error yaml.character 6:4"]


@pytest.mark.usefixtures("before_march")
@pytest.mark.parametrize(
    "where",
    ["  text: |\n    One\ufffcTwo\n", "  text: Hi\n  media:\n  - file: a.png\n    alt: \ufffc Lamp\n"],
)
def test_a_sign_for_an_object_that_was_not_copied_is_an_error(top: Path, where: str) -> None:
    told = found(top, f"{POST}  accounts: x\n{where}")
    assert [each["code"] for each in told.problems] == ["text.invisible"]
    assert "(object replacement character)" in told.problems[0]["message"]
    assert "was not copied" in told.problems[0]["message"]


@pytest.mark.usefixtures("before_march")
def test_an_account_that_joins_stops_nothing_for_what_is_past(top: Path) -> None:
    long = f"  accounts: x\n  text: {'word ' * 60}\n"
    two = f"posts:\n- at: 2027-02-19 09:00\n{long}- at: 2027-03-01 09:00\n{long.replace('word', 'fine')}"
    assert found(top, two).codes == ["warning x.text.length 4:3", "error x.text.length 7:3"]
    one = f"posts:\n- id: a\n  at: 2027-02-12 09:00\n  repeat: {{every: week, times: 3}}\n{long}"
    codes = found(top, one).codes
    assert "error x.text.length 6:3" in codes, "the last of them is ahead"


@pytest.mark.usefixtures("before_march")
def test_what_is_past_hides_nothing_that_is_ahead(top: Path) -> None:
    hidden = "  - id: launch\n    at: 2027-03-01 09:00\n    accounts: x\n    text: We launched\n"
    told = found(
        top,
        f"posts:\n- at: 2027-02-19 09:00\n  accounts: x\n  text: |\n    One\n{hidden.replace('  -', '    -')}",
    )
    assert [code.partition(" ")[0] for code in told.codes if "text.key" in code] == ["error"]


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.story
@each_of(
    ("written", "meant"),
    [
        ("www.example.com", "https://www.example.com"),
        ("example.com", "https://example.com"),
        ("example.com/launch?a=1", "https://example.com/launch?a=1"),
        ("http:/example.com", "http://example.com"),
        ("https//example.com", "https://example.com"),
        ("https:example.com", "https://example.com"),
        ("htps://example.com", "https://example.com"),
        ("HTTPS://example.com", "https://example.com"),
        ("//example.com/a", None),
        ("our shop", None),
        ("soon", None),
        ("https://exam ple.com", None),
        ("ask@example.com", None),
    ],
)
@each_of("key", ["  link: {}\n", "  link:\n    url: {}\n    title: Us\n"])
def test_an_address_without_its_scheme_is_shown_with_it(
    top: Path, written: str, meant: str | None, key: str
) -> None:
    text = f"{POST}  accounts: linkedin\n  text: Hi\n{key.format(written)}"
    told = found(top, text)
    assert [each["code"] for each in told.problems] == ["key.value"]
    name = "url" if "url" in key else "link"
    shown = told.problems[0]["help"] == f"Write the whole address\n{name}: {meant}"
    assert shown is (meant is not None)
    fails(told, text)
    if meant:
        assert found(top, text.replace(written, meant)).problems == []


# --- words beside their key -------------------------------------------------------------------------------------------

NEXT = "- at: 2027-03-02 09:00\n  accounts: x\n  text: Hi\n"
BESIDE = {
    "one line": "Words",
    "lines": "Words\n\nand more",
    "a list": "Words:\n- one\n- two",
    "a colon": "Come by: free buns\nNote: bring a friend",
    "a time": "10:30 we open",
    "hashtags": "Fresh rye\n\n#bun #rye",
    "a hash behind": "Fresh rye #bun",
    "quotes": '"Rye" & more, @baker',
}
POEM = "A poem\n  with a turn\nand back"
DOUBTFUL = {
    "a misspelled key": "Words\nlables: [a]",
    "a remark": "Words\n# ask Ann",
    "a remark behind": "Words # ask Ann",
    "a remark without its space": "Words\n#ask Ann first",
}


def indented(text: str, spaces: int) -> str:
    return "".join(f"{' ' * spaces}{line}\n" if line else "\n" for line in text.split("\n"))


@pytest.mark.slow
@each_of("spaces", [2, 1, 0])
@each_of("below", ["", "  labels: [a]\n", NEXT, f"\n{NEXT}"])
@each_of("words", BESIDE.values())
def test_words_as_deep_as_their_key_are_put_below_it(top: Path, words: str, below: str, spaces: int) -> None:
    if "\n- " in words and not spaces:
        return  # a post starts so
    told = found(top, f"{POST}  accounts: x\n  text: |\n{indented(words, spaces)}{below}")
    assert "yaml.indent" in [each["code"] for each in told.problems]
    assert (told.left, told.fixed) == ([], f"{POST}  accounts: x\n  text: |\n{indented(words, 4)}{below}")


@pytest.mark.slow
@each_of("below", ["", "  labels: [a]\n", NEXT, f"\n{NEXT}"])
def test_lines_of_unequal_depth_are_put_below_their_key_where_none_is_deeper_than_it(
    top: Path, below: str
) -> None:
    head = f"{POST}  accounts: x\n  text: |\n"
    told = found(top, f"{head}{indented(POEM, 0)}{below}")
    assert (told.left, told.fixed) == ([], f"{head}{indented(POEM, 4)}{below}")
    # The second line is where it should be: the others may have slipped, or all of them.
    for spaces in (2, 1):
        written = f"{head}{indented(POEM, spaces)}{below}"
        told = found(top, written)
        assert told.fixed == written
        (problem,) = told.left
        assert problem["code"] == "yaml.indent"
        alike, on_purpose = re.split("If .*:\n", problem["help"])[1:]
        for meant in (alike, on_purpose):
            mended = found(top, f"{head}{meant.rstrip()}\n{below}")
            assert mended.problems == []


@pytest.mark.parametrize(
    ("before", "spaces"),
    [("  thread:\n  - text: |\n", 4), ("  comments:\n  - text: |\n", 4), ("  note: |\n", 2)],
)
def test_so_are_those_in_a_thread_a_comment_and_a_note(top: Path, before: str, spaces: int) -> None:
    post = f"{POST}  accounts: {'facebook' if 'comments' in before else 'x'}\n  text: Hi\n{before}"
    told = found(top, f"{post}{indented('Words: two', spaces)}")
    assert told.left == []
    assert told.fixed == f"{post}{indented('Words: two', spaces + 2)}"


@pytest.mark.parametrize("words", DOUBTFUL.values(), ids=DOUBTFUL)
def test_where_a_line_may_be_something_else_nothing_is_fixed(top: Path, words: str) -> None:
    text = f"{POST}  accounts: x\n  text: |\n{indented(words, 2)}{NEXT}"
    told = found(top, text)
    assert any(each["severity"] == "error" for each in told.problems)
    assert told.fixed == text


def test_a_key_with_a_capital_beside_a_text_that_has_words_stays_a_key(top: Path) -> None:
    text = f"{POST}  accounts: x\n  text: |\n    Hi\n  Note: bring a friend\n"
    assert [each["code"] for each in found(top, text).problems] == ["key.unknown"]


# --- series, accounts and days ----------------------------------------------------------------------------------------

SERIES = "posts:\n- at: {} 09:00\n  id: a\n  accounts: x\n  text: Hi\n  repeat: {}\n"


@pytest.mark.parametrize(
    ("first", "repeat", "names"),
    [
        ("2027-01-31", "{every: month, times: 4}", "February, April and June have no 31st"),
        ("2027-01-31", "{every: month, until: 2028-01-31}", "February, April, June, September and November have no 31st"),
        ("2027-01-30", "{every: month, times: 4}", "February has no 30th"),
        ("2027-01-29", "{every: month, until: 2028-12-31}", "February has no 29th"),
        ("2027-01-31", "{every: 2 months, until: 2027-12-31}", "September and November have no 31st"),
    ],
)  # fmt: skip
def test_a_month_that_a_series_leaves_out_is_named(top: Path, first: str, repeat: str, names: str) -> None:
    text = SERIES.format(first, repeat)
    (told,) = found(top, text).problems
    assert (told["severity"], told["code"], told["line"]) == ("warning", "repeat.short", 2)
    assert told["message"].startswith(f"{names}: ")
    silence = told["help"].splitlines()[-1]
    assert problems_of(top, f"{text}  {silence}\n") == []


@pytest.mark.parametrize(
    ("first", "repeat"),
    [
        ("2027-01-28", "{every: month, times: 13}"),
        ("2028-01-29", "{every: month, times: 13}"),
        ("2027-01-31", "{every: 12 months, times: 2}"),
        ("2027-03-31", "{every: 2w, times: 3}"),
    ],
)
def test_a_series_that_leaves_out_no_month_is_fine(top: Path, first: str, repeat: str) -> None:
    assert problems_of(top, SERIES.format(first, repeat)) == []


def problems_of(top: Path, text: str) -> list[str]:
    return [each["code"] for each in found(top, text).problems]


def test_a_day_that_a_month_does_not_have_names_the_month(top: Path) -> None:
    (told,) = found(top, POST.replace("2027-03-01", "2027-04-31") + "  accounts: x\n  text: Hi\n").problems
    assert (told["code"], told["help"]) == ("time.form", "April 2027 has 30 days")


@pytest.mark.parametrize("word", ["ALL", "All", "aLL"])
@pytest.mark.parametrize(
    "accounts", ["  accounts: {}\n", "  accounts: [{}, -instagram]\n", "  accounts:\n  - {}\n"]
)
def test_all_in_capitals_is_meant(top: Path, word: str, accounts: str) -> None:
    text = f"{POST}{accounts.format(word)}  text: Hi\n  networks: {{instagram: {{media: [{{file: a.png, alt: A}}]}}}}\n"
    told = found(top, text)
    assert [each["code"] for each in told.problems] == ["account.unknown"]
    assert told.problems[0]["help"].startswith('Did you mean "all"?')
    assert told.fixed == text.replace(word, "all")
    assert [each for each in told.left if each["severity"] == "error"] == []


def test_rules_of_shared_settings_that_a_calendar_does_without_are_told_with_v(top: Path) -> None:
    (top.parent / "agency.yaml").write_text("words: [{never: [cheap]}, {never: [best]}]\n", encoding="utf-8")
    settings = f"extends: ../agency.yaml\n{SETTINGS}words: {{replace: true, rules: [{{never: [bespoke]}}]}}\n"
    (top / "publer.yaml").write_text(settings, encoding="utf-8")
    told = "publer.yaml:9: `replace: true` leaves out 2 rules of `words` in shared settings.\n"
    assert f"{top.as_posix()}/{told}" in run_here(["validate", top, "-v"], {}).stdout
    assert run_here(["validate", "-v"], {}, cwd=top).stdout.startswith(told)
    assert told not in run_here(["validate", top], {}).stdout
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    assert "leaves out" not in run_here(["validate", top, "-v"], {}).stdout


@pytest.mark.parametrize("more", [(), ("-v",)])
def test_of_several_calendars_only_those_of_which_more_is_to_be_told_have_more_than_a_line(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    (tmp_path / "agency.yaml").write_text("words: [{never: [cheap]}]\n", encoding="utf-8")
    freed = "extends: ../agency.yaml\nwords: {replace: true}\n"
    for name, settings in (("fine", ""), ("freed", freed), ("wrong", "prune: all\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "publer.yaml").write_text(settings + SETTINGS, encoding="utf-8")
    ran = run_here(["validate", "fine", "freed", "wrong", *more], {}, cwd=tmp_path)
    heads = re.findall("^── (.+?) ─", ran.stdout, re.MULTILINE)
    assert (ran.code, heads) == (3, ["freed", "wrong"] if more else ["wrong"]), ran
    assert ("\nfreed/publer.yaml:2: `replace: true` leaves out 1 rule of" in ran.stdout) is bool(more)

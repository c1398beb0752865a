"""The team's own words, as the settings have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import thread_time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar.load import read
from publer_sync.rules import words
from publer_sync.rules.keyboards import fold
from publer_sync.rules.words import Words
from publer_sync.values.policies import WordEntry, WordRule
from publer_sync.values.problems import Location
from tests.builders import NOW, TOMORROW, X, wanted
from tests.calendar.calendars import judged, write
from tests.conftest import run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.content import Json
    from publer_sync.values.problems import Problem

SETTINGS = """\
timezone: Europe/Oslo
accounts: {x: Me, linkedin: Us, bluesky: Them}
groups: {short: [x, bluesky]}
append: {linkedin: "#ad"}
"""
BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
ENTRY = Location("publer.yaml", 1)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return tmp_path


def found(top: Path, rules: str, post: str, *, now: datetime = BEFORE) -> list[Problem]:
    """The problems of the words of one post of 2 March 2027."""
    write(top, publer=f"{SETTINGS}words:\n{rules}", a=f"posts:\n- at: 2027-03-02 09:00\n{post}")
    calendar = read(top)
    return [each for each in calendar.judge(calendar.desired, now=now) if each.code.startswith("words")]


def told(top: Path, rules: str, post: str, **more: datetime) -> list[tuple[str, str, str]]:
    problems = found(top, rules, post, **more)
    return [
        (each.code, f"{each.location.line}:{each.location.column}", each.message)
        for each in problems
        if each.location
    ]


# --- what is found ------------------------------------------------------------------------------------------------------


@each_of(
    ("entry", "text", "at"),
    [
        ("delve", "We Delve deeper", 3),
        ("delve", "we delved", None),
        ("delve", "redelve", None),
        ("delve", "(delve)", 1),
        ("caf", "cafe\u0301 caf", 6),
        ("cafe", "cafe\u0301", None),
        ("—", "one—two", 3),
        ("#ad", "an#advert #ad", 10),
        ("going forward", "keep going\nforward", 5),
        ("c++", "learn C++ now", 6),
        ("/del(ve|ving)/", "we Delve and delving", 13),
        ("/(?i)del(ve|ving)/", "we Delve", 3),
        ("/x*/", "nothing", None),
        ("/", "either/or", 6),
        ("delve", "https://example.com/delve", None),
        ("delve", "example.com/delve or delve", 21),
        ("革命的", "これは革命的な製品です", 3),
        ("혁명", "이것은 혁명적인 제품", 4),
        ("ปฏิวัติ", "การปฏิวัติใหม่", 3),
        ("ပြောင်း", "အားလုံးပြောင်းလဲ", 7),
        ("បដិវត្តន៍", "នេះបដិវត្តន៍ថ្មី", 3),
        ("ປະຕິວັດ", "ນີ້ປະຕິວັດໃໝ່", 3),
        ("PR", "広告PR記事", 2),
        ("PR", "PRO", None),
        ("pr", "【ＰＲ】新作", 1),
        ("プレゼント", "プレセ\u3099ント", 0),
        ("don't", "We Don\u2019t", 3),
        ("don\u2019t", "we don't", 3),
        ("/don't/", "We Don\u2019t, don\u2019t", None),
        ("広告", "これはPR広告PRです", 5),
        ("e-mail", "an e\u2011mail", 3),
        ("kaffe-rabatt", "kaffe\u2010ra\u00adbatt nå", 0),
        ("rabatt", "ra\u00adbatt", 0),
        ("delve", "del\u200bve", 0),
        ("Bäckerei", "die Ba\u0308ckerei", 4),
        ("rabatt", "å ra\u00adbatt e\u0301 rabatt", 2),
        ("\u201c", 'a "straight" one', None),
        ("\u201c", "a \u201ccurly\u201d one", 2),
        ("–", "one-two – three", 8),
    ],
)
def test_a_word_is_found_whole_in_any_case_and_an_expression_as_it_is_written(
    entry: str, text: str, at: int | None
) -> None:
    """Addresses do not count."""
    rule = WordRule(ENTRY, never=(WordEntry(entry, ENTRY),))
    assert [each.offset for each in Words([rule]).check(wanted(TOMORROW, text))] == (
        [] if at is None else [at]
    )


EVERYWHERE = """\
  accounts: linkedin
  type: link
  text: |
    fine
  title: delve 1
  link: {url: https://example.com/delve, title: delve 2, description: delve 3}
  comments: [{text: delve 4}]
  share: {accounts: linkedin, after: 1h, text: delve 5}
"""


def test_every_public_word_counts_and_nothing_else(top: Path) -> None:
    rules = '- never: ["/delve \\\\d/"]\n'
    posts = [
        EVERYWHERE,
        "  accounts: x\n  poll: {options: [yes, delve 6], duration: 1d}\n  text: what\n",
        "  accounts: x\n  text: a\n  thread: [{text: delve 7}]\n",
        "  accounts: x\n  text: a\n  media: [{url: https://example.com/delve.png, alt: delve 8}]\n",
        "  accounts: x\n  text: a\n  note: delve 9\n  labels: [delve 9]\n",
    ]
    seen = [message.split('"')[1] for post in posts for _, _, message in told(top, rules, post)]
    assert seen == ["delve 1", "delve 6", "delve 7", "delve 8"]
    for number in range(2, 6):
        rules = f'- never: ["delve {number}"]\n'
        assert len(told(top, rules, EVERYWHERE)) == 1


def test_a_word_is_told_at_its_place_once_for_all_accounts(top: Path) -> None:
    rules = '- never: [delve, "—"]\n  why: our style guide\n'
    post = "  accounts: [x, linkedin]\n  text: |\n    First.\n    We delve — and delve.\n"
    assert told(top, rules, post) == [
        (
            "words.never",
            "6:8",
            '"delve" in the text: this team never writes it; our style guide (linkedin, x)',
        ),
        (
            "words.never",
            "6:14",
            '"—" in the text: this team never writes it; our style guide (linkedin, x)',
        ),
    ]
    (first, _) = found(top, rules, post)
    assert first.severity == "warning"
    assert [str(place) for place, _ in first.related] == ["publer.yaml:6"]


def test_say_names_the_words_to_use(top: Path) -> None:
    rules = "- say: {utilize: use, log in: sign in}\n"
    problems = found(top, rules, "  accounts: x\n  text: |\n    Utilize it, then log in.\n")
    assert [(each.code, each.message, each.help and each.help.say) for each in problems] == [
        ("words.say", '"Utilize" in the text: this team writes "Use"', 'Write "Use"'),
        ("words.say", '"log in" in the text: this team writes "sign in"', 'Write "sign in"'),
    ]


def test_what_is_said_right_is_no_other_words_for_itself(top: Path) -> None:
    rules = '- say: {"don\'t": "don’t"}\n'

    def told_of(words: str) -> list[str]:
        problems = found(top, rules, f"  accounts: x\n  text: |\n    {words}\n")
        return [each.help.say for each in problems if each.help]

    assert told_of("We don’t.") == []
    assert told_of("We don’t, don't.") == ['Write "don’t"']


@each_of("words", ["【PR】新作です", "新作です。PR", "PR記事です", "これは広告です", "＃ＰＲ 新作"])
def test_what_the_law_asks_for_is_there_in_japanese_too(top: Path, words: str) -> None:
    rules = "- must: [PR, 広告]\n  severity: error\n"
    assert told(top, rules, f"  accounts: x\n  text: |\n    {words}\n") == []
    assert len(told(top, rules, "  accounts: x\n  text: |\n    新作です、PROの味\n")) == 1


def test_rules_of_shared_settings_stay_unless_the_calendar_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "agency.yaml").write_text(
        "words:\n- never: [delve]\n- must: ['#ad']\n  severity: error\n", encoding="utf-8"
    )
    top = tmp_path / "calendar"
    top.mkdir()
    post = "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: We delve and utilize.\n"
    head = "extends: ../agency.yaml\ntimezone: Europe/Oslo\naccounts: {x: Me}\n"

    def codes(own: str) -> list[tuple[str, str]]:
        write(top, publer=head + own, a=post)
        calendar = read(top)
        assert calendar.settings is not None
        problems = calendar.judge(calendar.desired, now=BEFORE)
        return sorted((each.code, each.severity) for each in problems)

    shared = [("words.must", "error"), ("words.never", "warning")]
    assert codes("") == shared
    assert codes("words:\n") == shared
    assert codes("words:\n- never: [utilize]\n") == [*shared, ("words.never", "warning")]
    assert codes("words:\n  replace: true\n  rules:\n  - never: [utilize]\n") == [("words.never", "warning")]
    assert codes("words:\n  replace: false\n  rules:\n  - never: [utilize]\n") == [
        *shared,
        ("words.never", "warning"),
    ]
    write(top, publer=f"{head}words: {{replace: true, rules: [{{never: [utilize]}}]}}\n", a=post)
    line = "publer.yaml:4: `replace: true` leaves out 2 rules of `words` in shared settings."
    assert line in run_here(["validate", "-v", top], {}).stdout
    assert line not in run_here(["validate", top], {}).stdout


def test_must_is_one_of_them_in_the_text_as_it_is_sent(top: Path) -> None:
    """The settings add #ad on LinkedIn."""
    rules = '- must: ["#ad", "/#spon(sored)?/"]\n  labels: [paid]\n  severity: error\n'
    post = "  accounts: [x, linkedin]\n  labels: [paid]\n  text: |\n    Buy {}\n"
    assert told(top, rules, post.format("it")) == [
        ("words.must", "5:3", 'the text needs "#ad" or "/#spon(sored)?/" (x)'),
    ]
    assert told(top, rules, post.format("it #AD")) == []
    assert told(top, rules, post.format("it #spon")) == []
    assert told(top, rules, post.format("https://example.com/#ad")) != []
    assert told(top, rules, post.format("it").replace("[paid]", "[other]")) == []
    (problem,) = found(top, rules, post.format("it"))
    assert problem.severity == "error"
    assert "silence it in the post" in str(problem.help)


def test_a_rule_is_for_its_accounts_and_labels_and_ignore_silences_one(top: Path) -> None:
    rules = "- never: [delve]\n  accounts: [short, -bluesky]\n  labels: [a, b]\n"
    post = "  accounts: all\n  labels: [b]\n  text: delve\n"
    assert [message for *_, message in told(top, rules, post)] == [
        '"delve" in the text: this team never writes it (x)'
    ]
    assert told(top, rules, post.replace("all", "[bluesky, linkedin]")) == []
    assert len(told(top, rules, post.replace("[b]", "[B]"))) == 1
    assert told(top, rules, post.replace("[b]", "[c]")) == []
    assert told(top, rules, f"{post}  ignore: {{words.never: a quotation}}\n") == []


def test_what_was_published_is_not_judged(top: Path) -> None:
    """A new rule finds old posts, which stay in their files and which nobody can change."""
    post = "  accounts: x\n  text: delve\n"
    assert told(top, "- never: [delve]\n", post, now=BEFORE + timedelta(days=90)) == []


# --- what is wrong with a rule ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "code", "place", "say"),
    [
        ('- never: ["/a(b/"]\n', "words.form", "6:11", "without the slashes"),
        ("- say: {/a(b/: c}\n", "words.form", "6:9", "without the slashes"),
        ("- never: [delve]\n  accounts: linkdin\n", "account.unknown", "7:13", "linkedin"),
        ("- why: no reason\n", "key.value", "6:3", "never: [delve"),
        ("- never: []\n", "key.value", "6:10", "Write something"),
        ("- never: delve\n", "key.type", "6:10", ""),
        ("- never: [delve]\n  severity: fatal\n", "key.value", "7:13", "warning, error"),
        ("- nevr: [delve]\n", "key.unknown", "6:3", "never"),
        ("never: [delve]\n", "key.type", "6:3", ""),
    ],
)
def test_a_rule_that_cannot_be_is_told_at_its_place(
    top: Path, rules: str, code: str, place: str, say: str
) -> None:
    rules = rules if rules.startswith("-") else f"  {rules}"
    write(top, publer=f"{SETTINGS}words:\n{rules}", a="posts: []\n")
    problems = judged(read(top))
    assert [
        (each.code, f"{each.location.line}:{each.location.column}") for each in problems if each.location
    ] == [(code, place)]
    assert say in f"{problems[0].message} {problems[0].help}"


@each_of(
    ("key", "value", "path"),
    [
        ("spoiler_text", "we delve", "spoiler_text"),
        ("tags", ["light", "delve"], "tags/1"),
        ("excerpt", "Delve in", "excerpt"),
        ("title", "Delve", "title"),
    ],
)
def test_words_that_one_network_shows_beside_the_text_are_read_too(key: str, value: Any, path: str) -> None:
    rule = WordRule(ENTRY, never=(WordEntry("delve", ENTRY),))
    one = wanted(TOMORROW, "Fine", account=X, **{key: value})
    assert [(each.rule.code, each.path) for each in Words([rule]).check(one)] == [("words.never", path)]


def test_the_button_of_a_link_is_no_word_of_the_team() -> None:
    rule = WordRule(ENTRY, never=(WordEntry("LEARN_MORE", ENTRY), WordEntry("delve", ENTRY)))
    link: Json = {"url": "https://e.com/delve", "call_to_action": "LEARN_MORE", "title": "Why we delve"}
    one = wanted(TOMORROW, "Fine", link=link)
    assert [(each.rule.code, each.path) for each in Words([rule]).check(one)] == [
        ("words.never", "link/title")
    ]


def test_what_must_be_there_says_why() -> None:
    rule = WordRule(ENTRY, must=(WordEntry("#ad", ENTRY),), why="the law")
    [told_] = Words([rule]).check(wanted(TOMORROW, "Buy it"))
    assert told_.message == 'the text needs "#ad"; the law'


def test_an_expression_is_limited_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error, since what it forbids is not known; it is told once, and the others go on."""
    monkeypatch.setattr(words, "SECONDS", 0.05)
    slow, quick = WordEntry("/(a|aa)+$/", ENTRY), WordEntry("delve", ENTRY)
    checked = Words([WordRule(ENTRY, never=(slow, quick), must=(slow,))])
    started = thread_time()
    for number in range(20):
        post = wanted(TOMORROW, f"delve {'a' * (60 + number)}b")
        assert [each.rule.code for each in checked.check(post)] == ["words.never"]
    assert thread_time() - started < 2
    (problem,) = checked.slow()
    assert (problem.code, problem.severity, problem.location) == ("words.slow", "error", ENTRY)


def test_expressions_share_their_time_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that took most is named; none that was not asked any more counts as if the word were missing."""
    monkeypatch.setattr(words, "SECONDS", 0.2)
    many = tuple(WordEntry(f"/(a|aa)+{number}$/", ENTRY) for number in range(200))
    checked = Words([WordRule(ENTRY, never=(*many, WordEntry("delve", ENTRY)), must=many[:1])])
    started = thread_time()
    post = wanted(TOMORROW, f"delve {'a' * 60}b")
    assert [each.rule.code for each in checked.check(post)] == ["words.never"]
    assert thread_time() - started < 2
    (problem,) = checked.slow()
    assert problem.message == ('"/(a|aa)+0$/" takes most of the 0 seconds that all expressions have together')


@given(st.text("a (|)*+?[]\\b^$.{1}", max_size=12), st.text(max_size=30))
def test_whatever_words_are_forbidden_they_are_found_as_words_alone(entry: str, text: str) -> None:
    """No sign of an expression means anything without slashes."""
    if not entry.strip() or (len(entry) > 2 and entry[0] == entry[-1] == "/"):
        return
    rule = WordRule(ENTRY, never=(WordEntry(entry, ENTRY),))
    post = wanted(TOMORROW, f"{text} {entry.strip()} {text}", account=X)
    assert [*Words([rule]).check(post)] or "." in post.text
    assert NOW < TOMORROW


def test_a_label_that_no_post_has_is_told_where_it_is_nearly_one_of_theirs(top: Path) -> None:
    post = "  accounts: x\n  labels: [paid]\n  text: |\n    Words. #ad\n"
    rules = '- must: ["#ad"]\n  labels: [{}]\n'
    assert told(top, rules.format("payed"), post) == [
        ("words.label", "6:3", 'no post has the label "payed", so this rule checks nothing')
    ]
    assert told(top, rules.format("paid"), post) == []
    assert told(top, rules.format("health"), post) == []


def test_a_word_is_told_at_its_place_in_a_text_of_one_line_too(top: Path) -> None:
    rules = "- never: [delve]\n"
    plain = "  accounts: x\n  text: We delve.\n"
    assert [place for _, place, _ in told(top, rules, plain)] == ["4:12"]
    quoted = "  accounts: x\n  text: 'We delve: here'\n"
    assert [place for _, place, _ in told(top, rules, quoted)] == ["4:13"]
    answers = "  accounts: x\n  text: What\n  poll: {options: [yes, we delve], duration: 1d}\n"
    assert [place for _, place, _ in told(top, rules, answers)] == ["5:28"]
    escaped = '  accounts: x\n  text: "We\\tdelve"\n'
    assert [place for _, place, _ in told(top, rules, escaped)] == ["4:3"]


def test_a_word_that_some_accounts_lack_names_them(top: Path) -> None:
    rules = "- must: ['#ad']\n"
    post = "  accounts: [x, linkedin]\n  text: |\n    Words\n"
    assert [message for _, _, message in told(top, rules, post)] == ['the text needs "#ad" (x)'], (
        "linkedin gets it appended"
    )
    assert [message for _, _, message in told(top, rules, "  accounts: x\n  text: |\n    Words\n")] == [
        'the text needs "#ad"'
    ]


def test_where_a_part_of_a_folded_text_was_is_known_behind_what_was_folded_away() -> None:
    folded = fold("a\u00adb \u2018c\u2019")
    assert folded.text == "ab 'c'"
    assert folded.span(3, 6) == (4, 7)
    assert fold("ab \u2018c\u2019").span(3, 6) == (3, 6)

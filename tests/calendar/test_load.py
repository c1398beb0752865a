"""Calendars from the files up: cases beside their messages, and what may not change what they mean."""

from __future__ import annotations

import gc
import shutil
import subprocess
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from publer_sync.calendar.composing import Extras
from publer_sync.calendar.load import read
from publer_sync.calendar.publer_yaml.settings import missing
from publer_sync.values.errors import SettingsError
from publer_sync.values.problems import Help, Location
from tests.builders import NOW
from tests.calendar.calendars import (
    ACCOUNTS,
    INVALID,
    POST,
    SETTINGS,
    VALID,
    both,
    case_top,
    codes,
    concise,
    expected,
    judged,
    meaning,
    one,
    write,
)

if TYPE_CHECKING:
    from tests.conftest import Cli

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "calendar"


@pytest.mark.parametrize("case", INVALID, ids=lambda path: path.stem)
def test_every_problem_of_a_file_is_reported_in_its_place(tmp_path: Path, case: Path) -> None:
    """Each message stands alone, in our own words, and has help."""
    problems = both(case_top(tmp_path, case))[2]
    assert concise(problems) == expected(case)
    theirs = ("illegal", "invalid", "unexpected token", "you ", "\n")
    for problem in problems:
        assert problem.location is not None
        assert problem.help
        assert not problem.message.endswith(".")
        assert not [word for word in theirs if word in problem.message.lower()]


@pytest.mark.parametrize("case", VALID, ids=lambda path: path.stem)
def test_a_good_file_has_no_problems(tmp_path: Path, case: Path) -> None:
    assert concise(both(case_top(tmp_path, case))[2]) == ""


def test_the_example_calendar_is_fine() -> None:
    calendar, desired, problems = both(EXAMPLE)
    assert problems == []
    assert calendar.posts == 23
    assert {post.account.provider for post in desired.posts} == {"facebook", "twitter", "linkedin", "bluesky"}


# --- one mistake hides no other ---------------------------------------------------------------------------------------


def test_a_post_with_every_kind_of_problem_has_all_of_them_reported(top: Path) -> None:
    lines = "  text: a: b\n  lables: [x]\n  labels: 7\n  media: [{file: no.png}]\n  networks: {mars: {}}\n"
    write(top, a="posts:\n- at: Mon 2027-03-02 09:00\n  accounts: [x, nobody]\n" + lines)
    assert set(codes(top)) == {
        "yaml.colon",
        "key.unknown",
        "key.type",
        "media.missing",
        "account.network",
        "account.unknown",
        "time.weekday",
    }


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"publer": "accounts: {x: Me\n", "a": one("x")}, ["yaml.bracket"]),
        ({"publer": "- [\n", "a": one("x", "text: hi\n  hashtags: [core]")}, ["key.type", "yaml.form"]),
        ({"a": one("x", "text: a: b"), "b": one("x")}, ["yaml.colon", "slot.twice"]),
        (
            {"a": "posts:\n- at: 2027-03-01 09:00\n  draft: maybe\n- alt: *stars*\n    b]"},
            ["key.type", "yaml.start"],
        ),
        ({"a": one("x").replace("at: 2027-03-01 09:00", "date: 2027-03-02")}, ["key.unknown"]),
        ({"a": one("x").replace("accounts", "acounts")}, ["key.unknown"]),
        ({"a": one("x", "message: hi")}, ["key.unknown"]),
        ({"a": one("x", "media: [{url: 'https://[example.com/a.mp4?b.png#c'}]")}, []),
    ],
)
def test_a_mistake_hides_no_other_and_is_told_once(
    top: Path, files: dict[str, str], found: list[str]
) -> None:
    write(top, **files)
    assert set(found) <= set(codes(top))
    assert "yaml.start" in found or codes(top) == found


@pytest.mark.parametrize(
    "wrong", ["media: [{file: no.png}]", "type: foto", "auto_delete: {after: soon}", "draft: maybe"]
)
def test_a_text_is_checked_beside_other_problems(top: Path, wrong: str) -> None:
    write(top, a=POST + f"  text: {'a' * 281}\n  {wrong}\n")
    calendar, desired, _ = both(top)
    assert desired.posts == ()
    codes = [problem.code for problem in calendar.judge(desired)]
    assert len(codes) == 2
    assert "x.text.length" in codes


@pytest.mark.parametrize("wrong", ["networks: {x: {text: [a]}}", "text: [a]"])
def test_a_text_that_may_be_a_different_one_is_not_checked(top: Path, wrong: str) -> None:
    write(top, a=POST + f"  {wrong}\n" + (f"  text: {'a' * 281}\n" if "networks" in wrong else ""))
    calendar, desired, _ = both(top)
    assert "x.text.length" not in [problem.code for problem in calendar.judge(desired)]


def test_a_post_without_a_readable_time_can_still_be_checked(top: Path) -> None:
    write(top, a="posts:\n- at: tomorrow\n  accounts: x\n  text: hi\n")
    _, desired, problems = both(top)
    assert [problem.code for problem in problems] == ["time.form"]
    assert [post.text for post in desired.unplaced] == ["hi"]
    assert desired.posts == ()


@pytest.mark.slow
def test_a_thousand_mistakes_are_a_thousand_problems(top: Path) -> None:
    posts = "".join(
        f"- at: 2027-03-01 09:{n % 60:02}\n  accounts: x\n  text: n: {n}\n  id: a b\n" for n in range(1000)
    )
    write(top, a="posts:\n" + posts)
    found = codes(top)
    assert (found.count("yaml.colon"), found.count("key.value")) == (1000, 1000)


# --- folders ----------------------------------------------------------------------------------------------------------


def test_a_folder_without_settings_is_told_where_some_are(top: Path) -> None:
    (top / "inner").mkdir()
    (top / "inner" / "a.yaml").write_text(POST + "  text: hi\n", encoding="utf-8")
    problems = both(top / "inner")[2]
    assert [(problem.code, problem.help) for problem in problems] == [
        ("settings.none", Help("Is .. the calendar? It has a publer.yaml"))
    ]


@pytest.mark.parametrize("posts", [True, False])
def test_a_calendar_is_started_here_by_name_where_posts_are_there_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, posts: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    command = missing(Path(), posts=posts).help
    assert isinstance(command, Help)
    assert command.paste == ("publer-sync init ." if posts else "publer-sync init")
    named = missing(Path("acme"), posts=posts).help
    assert isinstance(named, Help)
    assert named.paste == "publer-sync init acme"


@pytest.mark.parametrize(
    ("names", "advice"),
    [
        (["acme"], "Is acme/ the calendar? It has a publer.yaml"),
        (["brewlab", "acme"], "Name one of the calendars in it: acme, brewlab"),
        (list("edcba"), "Name one of the calendars in it: a, b, c, d, e"),
        (list("gfedcba"), "Name one of the calendars in it: a, b, c, d, e and 2 more"),
    ],
)
def test_a_folder_of_calendars_names_them_and_nothing_else(
    tmp_path: Path, names: list[str], advice: str
) -> None:
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "publer.yaml").write_text("timezone: Europe/Oslo\n", encoding="utf-8")
    assert [(problem.code, problem.help) for problem in judged(read(tmp_path))] == [
        ("settings.none", Help(advice))
    ]


@pytest.mark.parametrize("name", ["publer.yml", "Publer.yaml", "PUBLER.YML"])
def test_settings_in_a_file_of_another_name_are_read_and_reported(top: Path, name: str) -> None:
    write(top, a=POST + "  text: hi\n")
    (top / "publer.yaml").rename(top / name)
    _, desired, (problem,) = both(top)
    assert (problem.code, problem.location) == ("settings.none", Location(name, 1))
    assert str(problem.help) == f"Rename the file\ngit mv {name} publer.yaml"
    assert len(desired.posts) == 1


def test_a_folder_of_other_files_is_one_error(top: Path, cli: Cli) -> None:
    (top / "publer.yaml").unlink()
    write(top, posts=POST + "  text: a: b\n", workflow="on: push\njobs:\n")
    assert codes(top) == ["settings.none"]
    for number in range(200):
        (top / f"page-{number}.md").write_text("# A page of documentation\n", encoding="utf-8")
    ran = cli("validate", top, "--format", "concise")
    assert (ran.code, len(ran.stdout.splitlines())) == (3, 1)
    assert ran.stdout.startswith(f"{top}/publer.yaml:1:1: error: no publer.yaml in social/")


def test_errors_in_posts_are_told_beside_missing_settings(top: Path) -> None:
    (top / "publer.yaml").unlink()
    write(top, posts=POST + "  text: a: b\n")
    assert codes(top) == ["yaml.colon", "settings.none"]


def test_a_missing_folder_is_not_a_calendar(top: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        read(top / "nowhere")
    with pytest.raises(SettingsError, match="is not a folder"):
        read(top / "publer.yaml")


@pytest.mark.slow
def test_what_is_garbage_by_the_time_a_calendar_is_read_is_still_collected(top: Path) -> None:
    """preview --serve and mcp read again and again in one process."""

    class Loop:
        itself: Loop

    loop = Loop()
    loop.itself = loop
    gone = weakref.ref(loop)
    del loop
    read(top)
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("running", [True, False])
def test_after_a_calendar_is_read_garbage_is_collected_where_it_was_before(top: Path, running: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        read(top)
        assert gc.isenabled() is running
    finally:
        (gc.enable if was else gc.disable)()


def test_words_are_judged_by_a_clock_also_in_posts_that_wait_and_once_in_one_that_is_stored(
    top: Path,
) -> None:
    write(top, publer=f"{SETTINGS}slots: {{x: [mon 09:00]}}\nwords: [{{never: [cheap]}}]\n")
    write(
        top,
        a="accounts: x\nposts:\n"
        "- {at: next, text: A cheap lamp}\n"
        "- {id: b, evergreen: {every: 4w}, text: Cheap lamps}\n"
        "- {use: b, at: 2027-04-01 09:00}\n"
        "- {at: 2027-04-03 09:00, text: Cheap and good}\n"
        "- {id: c, evergreen: {every: 4w}, text: Cheap chairs}\n",
    )
    calendar = read(top)
    for now, lines in ((NOW, [3, 4, 6, 7]), (None, [])):
        found = [each for each in calendar.judge(calendar.desired, now=now) if each.code == "words.never"]
        assert [each.location.line for each in found if each.location is not None] == lines


def test_the_lines_of_a_file_are_at_hand(top: Path) -> None:
    write(top, a=POST + "  text: a: b\n")
    calendar = read(top)
    assert calendar.excerpt("a.yaml")[3] == "  text: a: b"
    assert calendar.excerpt("../secret") == []


# --- properties -------------------------------------------------------------------------------------------------------


# Unescaped, U+0085, U+2028 and U+2029 are line breaks to YAML, and refused: such texts need double quotes.
ANY = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\n# :-'\"|>&*"), max_size=200)
SHOWN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff")
    | st.sampled_from("\n\n\t# :-'\"|>&*"),
    max_size=200,
)


class Styled(str):  # noqa: SLOT000 - it has an attribute of its own
    """A text that is dumped in one style, where it can be."""

    style = "|"


def styled(text: str, style: str) -> Styled:
    made = Styled(text)
    made.style = style
    return made


class Dumper(yaml.SafeDumper):
    pass


Dumper.add_representer(
    Styled, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=text.style)
)


def dumped(text: str) -> str:
    post = {"at": "2027-03-01 09:00", "accounts": "x", "title": "T", "media": [{"id": "a"}], "text": text}
    return yaml.dump({"posts": [post]}, Dumper=Dumper, allow_unicode=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.builds(styled, ANY, st.just('"')) | st.builds(styled, SHOWN, st.sampled_from(["|", "'"])))
@example(styled("A:\r", '"'))
@example(styled("\n\u00a0", "'"))
@example(styled("one\n\n\u00a0two", "'"))
def test_any_text_comes_back_as_it_was_written(top: Path, text: str) -> None:
    """In a block or in quotes of either kind: the same text, up to outer white space."""
    write(top, a=dumped(text))
    _, desired, problems = both(top)
    lost = {problem.code for problem in problems if problem.severity == "error"}
    # Told where the lines end otherwise than they are written, and where it looks like a path of Windows.
    assert lost <= {"yaml.folded", "yaml.paragraph", "yaml.escape"}
    meant = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert [post.text for post in desired.posts] == ([] if "yaml.escape" in lost else [meant])


ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "accounts": st.sampled_from(
                ["x", "all", "words", ["facebook", {"account": "x", "labels": ["l"]}]]
            ),
            "text": st.just("hi"),
        },
        optional={
            "labels": st.lists(st.sampled_from("abc"), max_size=3),
            "title": st.sampled_from(["A", "B"]),
            "networks": st.just({"x": {"text": "short"}}),
            "draft": st.booleans(),
        },
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES, data=st.data())
def test_moving_posts_between_files_and_turning_keys_around_changes_nothing(
    tmp_path: Path, entries: list[dict[str, Any]], data: st.DataObject
) -> None:
    posts = [{"at": f"2027-03-{day:02} 09:00", **entry} for day, entry in enumerate(entries, 1)]
    for number, entry in enumerate(posts):
        if data.draw(st.booleans()):
            entry["id"] = f"post-{number}"
    one, many = tmp_path / "one", tmp_path / "many"
    for folder in (one, many):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        write(folder, publer=SETTINGS)
    write(one, a=yaml.safe_dump({"posts": posts}))
    (many / "deep").mkdir()
    for number, entry in enumerate(data.draw(st.permutations(posts))):
        turned = dict(data.draw(st.permutations(list(entry.items()))))
        text = "# a comment\n" + yaml.safe_dump({"posts": [turned]}, sort_keys=False)
        (many / ("deep" if number % 2 else ".") / f"{number}.yml").write_text(text, encoding="utf-8")
    first, second = both(one)[1], both(many)[1]
    assert meaning(first.posts) == meaning(second.posts)
    assert len(first.posts) >= len(posts)


def test_a_calendar_is_read_as_it_would_be_with_other_files(top: Path) -> None:
    write(top, old=f"{POST}  text: old\n")
    new = f"{POST}  text: new\n".encode()
    calendar = read(top, instead={"old.yaml": new, "added.yaml": new.replace(b"09:00", b"10:00")})
    assert [(post.location.file, post.text) for post in calendar.desired.posts] == [
        ("old.yaml", "new"),
        ("added.yaml", "new"),
    ]
    assert (top / "old.yaml").read_text("utf-8").endswith("old\n")


def test_a_file_that_is_known_with_the_very_bytes_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, publer=SETTINGS, posts=one("x"))
    calendar = read(tmp_path)
    [document] = [each for each in calendar.documents if each.kind == "posts"]
    known = {document.file: document}
    again = calendar.with_files({document.file: document.raw}, known)
    assert any(each is document for each in again.documents)
    other = calendar.with_files({document.file: document.raw.replace(b"hi", b"else")}, known)
    assert [post.text for post in other.desired.posts] == ["else"]
    changed = {document.file: other.documents[1]}
    for before in (document.raw, b"posts: [", other.documents[1].raw):
        again = calendar.with_files({document.file: before}).with_files(
            {document.file: other.documents[1].raw}, changed
        )
        assert [post.text for post in again.desired.posts] == ["else"]
        assert judged(again) == judged(other)


def test_with_other_files_it_is_what_reading_all_of_it_would_give(top: Path) -> None:
    """A new file, one that is not read, and a page."""
    write(top, a=one("x"))
    for page in ("", "pages: [{files: 'news/*.md', url: 'https://e.com/{slug}'}]\n"):
        write(top, publer=SETTINGS + page)
        (top / "news").mkdir(exist_ok=True)
        (top / "news/b.md").write_text(
            "---\nat: 2027-03-02 09:00\naccounts: x\nsocial: [{at: 2027-03-03 09:00, accounts: x, text: B}]\n---\nWords\n"
        )
        if page:
            for words in (("init", "-q", "--template="), ("add", "-A")):
                subprocess.run(["git", *words], cwd=top, check=True)
        calendar = read(top)
        _ = calendar.desired
        new = one("linkedin").encode()
        for files in (
            {"b.yaml": new},
            {".drafts/b.yaml": new},
            {"a.yaml": None},
            {"b.txt": new},
            {"a.yaml": new},
            {"c.yaml": new, "0.yaml": new},
        ):
            again, now = calendar.with_files(files), read(top, instead=files)
            assert meaning(again.desired.posts) == meaning(now.desired.posts), files
            assert judged(again) == judged(now), files
            assert {file for file, raw in files.items() if raw is None}.isdisjoint(again.names)
        assert [post.text for post in calendar.desired.posts] == ["hi", "B" if page else "Words"]
        if not page:
            assert calendar.with_files({"c.yaml": new, "0.yaml": new}).names == (
                *calendar.names,
                "0.yaml",
                "c.yaml",
            )


def test_what_a_new_post_would_be_given_is_what_the_settings_say_of_it(top: Path) -> None:
    calendar = read(top)
    assert calendar.extras_in(None, ACCOUNTS["x"], "a") == Extras()
    write(
        top,
        publer=f"{SETTINGS}append: {{x: Follow us}}\nutm: {{source: '{{id}}'}}\n",
        a="append: null\nposts: []\n",
    )
    calendar = read(top)
    found = calendar.extras_in(None, ACCOUNTS["x"], "a")
    assert (found.append, found.utm) == ("Follow us", (("source", "a"),))
    assert calendar.extras_in(calendar.documents[1], ACCOUNTS["x"], "a").append == ""


def test_a_markdown_file_is_its_post_to_the_last_line(top: Path) -> None:
    write(top, a=f"{POST}  text: hi\n\n# a note\n")
    (top / "b.md").write_text("---\nat: 2027-03-02 09:00\naccounts: x\n---\nWords\n\nmore\n")
    assert {entry.document.file: entry.last_line for entry in read(top).entries} == {"a.yaml": 4, "b.md": 8}


def test_a_label_of_another_groups_posts_is_told_by_a_clock_alone(top: Path) -> None:
    """Which posts are past is not known without one."""
    write(top, publer=f"{SETTINGS.replace('groups:', '#')}groups: {{acme: [x], bolt: [linkedin]}}\n")
    labels = [("x", "acme")] * 3 + [("linkedin", "bolt")] * 3 + [("linkedin", "acme")]
    posts = (
        f"- {{at: 2027-03-0{day} 09:00, accounts: {account}, text: Post {day}, labels: [{label}]}}\n"
        for day, (account, label) in enumerate(labels, 1)
    )
    write(top, a=f"posts:\n{''.join(posts)}")
    calendar = read(top)
    for now, found in ((NOW, ["a.yaml:8"]), (None, [])):
        told = calendar.judge(calendar.desired, now=now)
        assert [str(each.location) for each in told if each.code == "client.label"] == found

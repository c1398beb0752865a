"""`new`: a post for someone who knows no YAML."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publer_sync.calendar.load import read
from publer_sync.commands import new
from publer_sync.commands.running import shared
from publer_sync.drafting.draft import Wish, make_draft
from publer_sync.drafting.spoken import SpokenTime
from publer_sync.machine.clock import Clock
from tests.calendar.calendars import judged
from tests.conftest import Ran, run_here
from tests.networks.test_media import SOUND, box, mp4, mvhd, tkhd
from tests.system.worlds import png
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = """\
timezone: Europe/Oslo
time: 08:00
accounts: {x: Me, facebook: Page, instagram: Pictures}
groups: {short: [x, facebook]}
dates: {launch: %s}
"""
NOW = datetime.now(UTC)
TOMORROW = (NOW.astimezone(ZoneInfo("Europe/Oslo")) + timedelta(days=1)).date()
LAUNCH = TOMORROW + timedelta(days=60)


@pytest.fixture(autouse=True)
def _today_stays_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Midnight may pass between what a test expects and what the command reads."""
    monkeypatch.setattr(Clock, "now", lambda _: NOW)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "publer.yaml").write_text(SETTINGS % LAUNCH, encoding="utf-8")
    return folder


@pytest.fixture
def asking() -> Iterator[None]:
    """Somebody sits at a terminal."""
    with (
        mock.patch.object(shared, "can_ask", return_value=True),
        mock.patch.object(new, "can_ask", return_value=True),
    ):
        yield


def make(top: Path, *words: str | Path, stdin: str = "", **env: str) -> Ran:
    return run_here(("new", top, *words), env, cwd=top.parent, stdin=stdin)


def written(top: Path, *words: str | Path, stdin: str = "", code: int = 0) -> Any:
    ran = make(top, *words, "--format", "json", stdin=stdin)
    assert ran.code == code, ran
    return json.loads(ran.stdout)


GIVEN = ("--at", "tomorrow 9:00", "--account", "short", "--yes")


def test_pictures_alone_need_no_words(top: Path, tmp_path: Path) -> None:
    (tmp_path / "lamp.png").write_bytes(png(1))
    given = ("--at", "tomorrow 9:00", "--account", "facebook", "--yes")
    assert written(top, *given, "--media", tmp_path / "lamp.png", "--alt", "A lamp")["media"]
    words = ("--at", "tomorrow 10:00", *given[2:], "--media", tmp_path / "lamp.png", "--edit")
    ran = make(top, *words, EDITOR=str(tmp_path / "none"))
    assert (ran.code, "characters" in ran.stderr) == (0, False), "nobody is there who could edit"


@pytest.mark.usefixtures("asking")
def test_what_is_given_is_not_asked_for(top: Path, tmp_path: Path) -> None:
    (tmp_path / "lamp.png").write_bytes(png(1))
    for number, words in enumerate(
        (("--text", "Hello"), ("--media", tmp_path / "lamp.png", "--alt", "A lamp"))
    ):
        ran = make(top, "--at", f"tomorrow {9 + number}:00", "--account", "facebook", "--yes", *words)
        asked = ("The words", "A picture or video", *(("characters",) if "--text" in words else ()))
        assert (ran.code, [each for each in asked if each in ran.stderr]) == (0, []), ran


def test_everything_may_be_given(top: Path, tmp_path: Path) -> None:
    """Pictures are copied; a name that another file has gets a number, and the same picture is copied once."""
    (top / "media").mkdir()
    (top / "media" / "lamp.png").write_bytes(png(1))
    picture, other = tmp_path / "lamp.png", tmp_path / "cup.png"
    picture.write_bytes(png(2))
    other.write_bytes(png(3))
    pairs = ("--media", picture, "--alt", "A lamp", "--media", other, "--alt", "A cup: blue # and white")
    more = ("--label", "spring", "--label", "lamps", "--draft")
    found = written(top, *GIVEN, "--text", "Look: #lamp", *pairs, *more)
    assert found["written"] is True
    assert found["media"] == ["media/lamp-2.png", "media/cup.png"]
    calendar = read(top)
    assert [each for each in judged(calendar) if each.severity == "error"] == []
    first, second = calendar.desired.posts
    assert [first.account.alias, second.account.alias] == ["facebook", "x"]
    assert first.text == "Look: #lamp"
    assert first.content.labels == ("lamps", "spring")
    assert first.draft
    assert [each.alt for each in first.content.media] == ["A lamp", "A cup: blue # and white"]
    assert (top / "media" / "lamp-2.png").read_bytes() == png(2)
    assert (found["id"], found["file"]) == ("look-lamp", f"{TOMORROW:%Y-%m}.yaml")
    again = written(top, *GIVEN[:1], "tomorrow 10:00", *GIVEN[2:], "--text", "More", *pairs)
    assert again["media"] == [], "they are there already"
    assert "  - file: /media/lamp-2.png" in again["lines"]
    assert len([*(top / "media").iterdir()]) == 3
    linked = ("--at", "tomorrow 11", "--account", "facebook", "--text", "A link", "--yes")
    assert (
        "  link: https://example.com/a" in written(top, *linked, "--link", "https://example.com/a")["lines"]
    )


def test_a_second_post_goes_to_the_same_file_and_leaves_every_other_byte(top: Path) -> None:
    written(top, *GIVEN, "--text", "One")
    file = top / f"{TOMORROW:%Y-%m}.yaml"
    before = file.read_text(encoding="utf-8") + "# the end\n"
    file.write_text(before, encoding="utf-8")
    found = written(
        top, "--at", "tomorrow 10:00", "--account", "x", "--text", "Two", "--yes", "--id", "second"
    )
    after = file.read_text(encoding="utf-8")
    at, number, lines = found["line"] - 1, len(found["lines"]), after.splitlines()
    assert lines[:at] + lines[at + number :] == before.splitlines()
    assert after.splitlines()[found["line"] - 1] == "- id: second"
    assert len(read(top).desired.posts) == 3


@pytest.mark.parametrize("where", ["publer.yaml", "march.yaml"])
def test_a_post_that_defaults_make_a_draft_is_named_as_one(top: Path, where: str) -> None:
    """What a team has drafted on purpose is not scheduled for want of an option."""
    with (top / where).open("a", encoding="utf-8") as file:
        file.write("defaults: {draft: true}\n" + "posts: []\n" * (where != "publer.yaml"))
    for number, more in enumerate([(), ("--draft",)]):
        words = ("--to", "march.yaml", "--text", f"Number {number}", "--at", f"tomorrow {9 + number}:00")
        ran = make(top, *words, "--account", "short", "--yes", *more)
        posts = [post for post in read(top).desired.posts if post.id == f"number-{number}"]
        assert [post.draft for post in posts] == [True, True]
        assert ("To schedule it, write: draft: false" in ran.stderr) is (not more)


def test_a_time_that_counts_from_a_date_is_written_as_the_sum(top: Path) -> None:
    found = written(
        top, "--at", "launch - 7d 12:00", "--account", "x", "--text", "-", "--yes", stdin="Soon\n"
    )
    assert {"- id: soon", "  at: launch - 7d 12:00", "    Soon"} <= {*found["lines"]}
    assert found["file"] == f"{LAUNCH - timedelta(days=7):%Y-%m}.yaml"
    (top / "there.yaml").write_text("timezone: America/New_York\nposts: []\n", encoding="utf-8")
    found = written(
        top, "--at", "launch 12:00", "--account", "x", "--text", "Now", "--yes", "--to", "there.yaml"
    )
    assert f"  at: {LAUNCH:%a %Y-%m-%d} 06:00" in found["lines"], (
        "in that file's zone the sum means another time"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--account", "x", "--text", "hi", "--yes"), "needs --at"),
        (("--at", "tomorrow 9", "--text", "hi", "--yes"), "needs --account"),
        (("--at", "tomorrow 9", "--account", "x", "--yes"), "needs --text or --media"),
        (("--at", "tomorrow 9", "--account", "x", "--text", "hi"), "nobody can answer here"),
        (("--at", "whenever", "--account", "x", "--text", "hi", "--yes"), "--at: "),
        (("--at", "tomorrow 9", "--account", "y", "--text", "hi", "--yes"), 'no account "y"'),
        ((*GIVEN, "--text", "hi", "--alt", "one"), "go in pairs"),
        ((*GIVEN, "--text", "hi", "--to", "../out.yaml"), "not in the calendar"),
        ((*GIVEN, "--text", "hi", "--to", "publer.yaml"), "can't hold posts"),
        ((*GIVEN, "--text", "hi", "--edit"), "cannot be combined"),
    ],
)
def test_what_is_missing_without_a_terminal_is_64_and_nothing_is_written(
    top: Path, words: tuple[str, ...], says: str
) -> None:
    ran = make(top, *words)
    assert (ran.code, says in ran.stderr) == (64, True), ran
    assert [path.name for path in top.iterdir()] == ["publer.yaml"]


def test_a_group_without_accounts_is_no_misspelt_name(top: Path) -> None:
    text = (top / "publer.yaml").read_text("utf-8")
    (top / "publer.yaml").write_text(text.replace("groups: {", "groups: {empty: [], "), "utf-8")
    ran = make(top, "--at", "tomorrow 9", "--account", "empty", "--text", "hi", "--yes")
    assert (ran.code, "Did you mean" in ran.stderr) == (64, False), ran
    assert 'this calendar has none of the accounts of "empty" here' in ran.stderr


@pytest.mark.parametrize("to", ["brand/april.yaml", "brand/more/april.yaml", "calendar/brand/april.yaml"])
def test_a_file_of_another_calendar_below_takes_no_post_of_this_one(top: Path, to: str) -> None:
    """It would be published on that one's accounts, or by nobody."""
    (top / "brand").mkdir()
    (top / "brand" / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Other}\n", encoding="utf-8")
    ran = make(top, *GIVEN, "--text", "hi", "--to", to)
    assert (ran.code, "belongs to another calendar, brand" in ran.stderr) == (64, True), ran
    assert [path.name for path in (top / "brand").iterdir()] == ["publer.yaml"]
    (top / "brand" / "publer.yaml").unlink()
    assert make(top, *GIVEN, "--text", "hi", "--to", to).code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--at", "2020-03-02 09:00", "--account", "x", "--text", "hi"), "time.past"),
        (("--at", "tomorrow 9", "--account", "x", "--text", "word " * 90), "x.text.length"),
        (("--at", "tomorrow 9", "--account", "instagram", "--text", "hi"), "text.none"),
        (("--at", "tomorrow 9", "--account", "x", "--text", "hi", "--id", "a b"), "key.value"),
        (("--at", "tomorrow 9", "--account", "x", "--text", "TODO"), "text.placeholder"),
    ],
)
def test_a_post_that_would_be_an_error_is_3_and_nothing_is_written(
    top: Path, words: tuple[str, ...], code: str
) -> None:
    found = written(top, *words, "--yes", code=3)
    assert found["written"] is False
    assert code in [each["code"] for each in found["problems"]]
    assert [path.name for path in top.iterdir()] == ["publer.yaml"]


def test_a_problem_is_told_in_sentences_with_its_place_where_that_is_another_post(top: Path) -> None:
    old = f"posts:\n- at: {TOMORROW} 09:00\n  accounts: facebook\n  text: Old\n"
    (top / "old.yaml").write_text(old, encoding="utf-8")
    taken = make(top, "--at", "tomorrow 9:00", "--account", "facebook", "--text", "New", "--yes")
    assert (taken.code, taken.stderr) == (3, "Nothing was written.\n")
    assert (
        f"  error: old.yaml:2: Facebook has two posts at {TOMORROW:%a} {TOMORROW.day} {TOMORROW:%b} 09:00: here and "
        in taken.stdout
    )
    assert f"{TOMORROW:%Y-%m}.yaml:3. Give one of them another time: " in taken.stdout
    long = make(top, "--at", "tomorrow 9:00", "--account", "x", "--text", "word " * 90, "--yes")
    assert "  error: 169 characters too long for X: 449 of 280. X stops after " in long.stdout


def test_the_file_is_named_as_it_can_be_opened(top: Path) -> None:
    """The calendar may be given as a whole path, from a folder that is elsewhere."""
    (top.parent / "home").mkdir()
    ran = run_here(("new", top, *GIVEN, "--text", "Hi"), {}, cwd=top.parent / "home")
    plan = f"publer-sync plan {top}"
    assert ran.stderr == f"Wrote hi to {top.as_posix()}/{TOMORROW:%Y-%m}.yaml:2. Next: {plan}\n"
    ran = run_here(("new", *GIVEN, "--at", "tomorrow 11:00", "--text", "Ho"), {}, cwd=top)
    assert f"Wrote ho to {TOMORROW:%Y-%m}.yaml:" in ran.stderr


def test_errors_that_the_calendar_had_before_do_not_stop_it(top: Path) -> None:
    (top / "old.yaml").write_text("posts:\n- {at: whenever, accounts: x, text: TODO}\n", encoding="utf-8")
    found = written(top, *GIVEN, "--text", "Fine")
    assert (found["written"], found["problems"]) == (True, [])
    found = written(top, "--at", "tomorrow 9:00", "--account", "x", "--text", "Same minute", "--yes", code=3)
    assert [each["code"] for each in found["problems"]] == ["slot.twice"]


def test_a_time_zone_that_cannot_be_read_stops_it(top: Path) -> None:
    """Nobody would know which hour is meant."""
    settings = (top / "publer.yaml").read_text(encoding="utf-8")
    (top / "publer.yaml").write_text(settings.replace("Europe/Oslo", "Mars/Base"), encoding="utf-8")
    (top / "old.yaml").write_text("posts:\n- {at: tomorrow, accounts: x, text: TODO}\n", encoding="utf-8")
    ran = make(top, *GIVEN, "--text", "Fine")
    assert (ran.code, "Mars/Base" in ran.stderr, "old.yaml" in ran.stderr) == (3, True, False), ran
    (top / "old.yaml").unlink()
    (top / "publer.yaml").write_text(settings, encoding="utf-8")
    file = top / "there.yaml"
    file.write_text("timezone: Mars/Base\nposts: []\n", encoding="utf-8")
    assert make(top, *GIVEN, "--text", "Fine", "--to", "there.yaml").code == 3
    file.write_text("timezone: [1]\nposts: []\n", encoding="utf-8")
    ran = make(top, *GIVEN, "--text", "Fine", "--to", "there.yaml")
    assert (ran.code, "would not read back" in ran.stderr) == (1, True), ran
    file.unlink()
    (top / "publer.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    ran = make(top, *GIVEN, "--text", "Fine")
    assert (ran.code, ran.stderr.startswith("error: publer.yaml names no accounts\n")) == (1, True), ran
    (top / "old.yaml").write_text("posts:\n- {at: whenever, accounts: x, text: TODO}\n", encoding="utf-8")
    ran = make(top, *GIVEN, "--text", "Fine")
    assert (ran.code, "old.yaml:2:" in ran.stderr) == (3, True), ran
    assert [path.name for path in top.glob("20*")] == []


def test_a_file_that_cannot_take_it_is_named_with_the_lines(top: Path) -> None:
    file = top / "odd.yaml"
    file.write_text("posts: {a: [}\n", encoding="utf-8")
    ran = make(top, *GIVEN, "--text", "Fine", "--to", "odd.yaml")
    assert ran.code == 1
    assert "odd.yaml can't take another post" in ran.stderr
    assert "- id: fine" in ran.stderr
    assert file.read_text(encoding="utf-8") == "posts: {a: [}\n"


def test_words_that_look_like_a_file_are_told_as_words_and_have_a_way_in(top: Path) -> None:
    words = ("--text", "Our menu:\ndraft: true\nC:\\new is fine, this\\nis not", *GIVEN)
    ran = make(top, *words)
    assert ran.code == 3
    assert (
        'error: "draft: true" looks like a key of the calendar\'s files. Write it in other words, or add --as-typed'
        in ran.stdout
    )
    assert "Start a new line where one is meant, or add --as-typed" in ran.stdout
    assert not any(word in ran.stdout for word in ("indent", "under |"))
    found = written(top, *words, "--as-typed")
    assert (found["written"], found["problems"]) == (True, [])
    assert "  ignore:" in found["lines"]
    after = read(top)
    assert after.desired.posts[0].text == words[1]
    assert [each for each in after.judge(after.desired, now=NOW) if each.severity == "error"] == []
    found = written(top, "--at", "tomorrow 12", "--account", "x", "--text", "Words", "--as-typed", "--yes")
    assert "  ignore:" not in found["lines"], "nothing is silenced that was not asked"
    bad = make(top, "--at", "tomorrow 13", "--account", "x", "--text", "TODO", "--as-typed", "--yes")
    assert bad.code == 3, "and no other error"


# --- asking -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asking")
def test_it_asks_for_all_that_is_missing_and_shows_lengths_and_lines(top: Path, tmp_path: Path) -> None:
    (tmp_path / "lamp.png").write_bytes(png(4))
    answers = [
        "whenever", "yesterday", "2020-01-01 09:00", "tomorrow 9",  # what cannot be is asked again
        "y", "1, facebook",
        "We are open.", "", "  #lamp", ".",
        str(tmp_path / "none.png"), str(tmp_path / "lamp.png"), "A lamp",
        "",
        "yes",
    ]  # fmt: skip
    ran = make(top, stdin="\n".join(answers) + "\n")
    assert ran.code == 0, ran
    assert ran.stderr.count("When (") == 4
    for told in (
        "That time has passed",
        f"{TOMORROW:%a} {TOMORROW.day} {TOMORROW:%b %Y} 09:00",
        "There is no account y.",
        "  groups: short\n",
        "x: 21 of 280 characters",
        "There is no file",
        "Type yes to continue",
    ):
        assert told in ran.stderr
    assert "so far" not in ran.stderr
    assert "+- id: we-are-open-lamp" in ran.stdout
    first, _ = read(top).desired.posts
    assert first.text == "We are open.\n\n  #lamp"
    assert first.content.media[0].alt == "A lamp"
    assert (top / "media" / "lamp.png").exists()


@pytest.mark.usefixtures("asking")
def test_what_is_wrong_is_asked_again_and_no_answer_but_yes_writes(top: Path) -> None:
    (top / "a.yaml").write_text(
        f"posts:\n- {{at: {TOMORROW} 09:00, accounts: x, text: First}}\n", encoding="utf-8"
    )
    long = "word " * 90
    answers = [long, ".", "", "", "Short", ".", "", "tomorrow 10", "no"]
    ran = make(top, "--at", "tomorrow 9:00", "--account", "x", stdin="\n".join(answers) + "\n")
    assert ran.code == 1
    assert "characters too long" in ran.stderr
    assert ran.stderr.count("What do you want to change") == 2
    assert "The words so far:\n  word word" in ran.stderr
    assert "[words]" in ran.stderr
    assert "[when]" in ran.stderr
    assert sorted(path.name for path in top.iterdir()) == ["a.yaml", "publer.yaml"]


@pytest.mark.usefixtures("asking")
@each_of(
    ("words", "guess"),
    [
        (("--at", "tomorrow 9:00", "--account", "instagram", "--text", "No picture"), "where"),
        (("--at", "tomorrow 9:00", "--account", "x", "--text", "word " * 90), "words"),
        (
            ("--at", "tomorrow 9:00", "--account", "instagram", "--media", "lamp.gif", "--alt", "A lamp"),
            "pictures",
        ),
        (
            ("--at", "tomorrow 9:00", "--account", "x", "--media", "lamp.mp4", "--alt", "A lamp"),
            "pictures",
        ),
        (("--at", "tomorrow 9:00", "--account", "x", "--text", ""), "words"),
    ],
)
def test_the_part_that_is_wrong_is_offered_first(top: Path, words: tuple[str, ...], guess: str) -> None:
    (top.parent / "lamp.gif").write_bytes(b"GIF89a")
    (top.parent / "lamp.mp4").write_bytes(mp4(mvhd(700), SOUND, box(b"trak", tkhd(1920, 1080))))
    assert f" [{guess}]: " in make(top, *words).stderr


@pytest.mark.usefixtures("asking")
def test_the_next_free_slot_is_the_time_where_there_are_slots(top: Path) -> None:
    given = ("--account", "x", "--text", "Hello", "--yes")
    ran = make(top, *given, "--at", "next")
    assert (ran.code, "--at next: x has no free slot" in ran.stderr) == (64, True), ran
    ran = make(top, *given, stdin="next\ntomorrow 9:00\n")
    assert (ran.code, "x has no free slot. Give a time.\n" in ran.stderr) == (0, True), ran
    (top / "publer.yaml").write_text(f"{SETTINGS % LAUNCH}slots: {{x: [mon 08:30]}}\n", encoding="utf-8")
    ran = make(top, *given[:-2], "Again", "--yes", stdin="next\n")
    assert (ran.code, " 08:30\n" in ran.stderr, "no free slot" in ran.stderr) == (0, True, False), ran


@pytest.mark.usefixtures("asking")
def test_what_is_not_understood_is_asked_again_in_any_language_and_words_are_never_lost(top: Path) -> None:
    typed = ["Åpent i morgen!", "draft: true", "."]
    when = ["i morgen kl. 9"]
    ran = make(
        top,
        stdin="\n".join([*when, "facebok", "Page", ",", "x", *typed, "", "dunno", "keep", "j", "ja"]) + "\n",
    )
    assert ran.code == 0, ran
    assert 'There is no account facebok. Did you mean "facebook"?' in ran.stderr
    assert 'There is no account Page. Did you mean "facebook"?' in ran.stderr
    assert ran.stderr.count("Name one or more.") == 1
    assert "Answer with when, where, words, pictures or keep." in ran.stderr
    assert "Type yes to continue, or no to stop" in ran.stderr
    (post,) = read(top).desired.posts
    assert (post.text, post.at.astimezone(ZoneInfo("Europe/Oslo")).date()) == (
        "Åpent i morgen!\ndraft: true",
        TOMORROW,
    )
    lost = "Your words, which were not written into any file:\nVi er her.\nTo linjer."
    for ends in (["."], [".", "", "nei"], [".", "", "nein"], [".", "", "いいえ"], []):
        ran = make(
            top,
            "--at",
            "tomorrow 12",
            "--account",
            "x",
            stdin="\n".join(["Vi er her.", "To linjer.", *ends]) + "\n",
        )
        assert (ran.code, lost in ran.stderr) == (1, True), ran
    assert len(read(top).desired.posts) == 1
    assert "Your words" not in make(top, "--at", "tomorrow 12", "--account", "x", stdin="").stderr


@pytest.mark.usefixtures("asking")
def test_the_words_may_be_written_in_an_editor(top: Path, tmp_path: Path) -> None:
    kept = make(top, *GIVEN, "--edit", stdin="\n", EDITOR="true", PATH="/usr/bin:/bin")
    assert (kept.code, "[words]" in kept.stderr) == (1, True), "nothing was saved"
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "From the editor\\n#lamp\\n" > "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    ran = make(top, *GIVEN, "--edit", stdin="\n", EDITOR=str(editor), PATH="/usr/bin:/bin")
    assert ran.code == 0, ran
    assert read(top).desired.posts[0].text == "From the editor\n#lamp"
    (tmp_path / "lamp.png").write_bytes(png(1))
    pictures = ("--media", tmp_path / "lamp.png", "--alt", "A lamp", "--edit")
    words = ("--at", "tomorrow 10", "--account", "facebook", *pictures, "--yes")
    ran = make(top, *words, EDITOR=str(editor), PATH="/usr/bin:/bin")
    assert (ran.code, "+  text: |" in ran.stdout) == (0, True), ran


@pytest.mark.usefixtures("asking")
def test_an_account_is_also_meant_by_its_network_and_one_alone_is_not_asked_for(top: Path) -> None:
    page = "{id: acc00000000000000000fb01, provider: facebook}"
    (top / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{shop: Me, page: {page}}}\n", "utf-8")
    given = ("--at", "tomorrow 9", "--text", "Hi", "--yes")
    ran = make(top, *given, stdin="Facebook\nzzz\n3\n2\n")
    assert ran.code == 0, ran
    assert 'There is no account Facebook. Did you mean "page"?\n' in ran.stderr
    assert "There is no account zzz.\n" in ran.stderr
    assert "There is no account 3.\n" in ran.stderr
    assert "groups:" not in ran.stderr
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {shop: Me}\n", "utf-8")
    ran = make(top, "--at", "tomorrow 10", *given[2:])
    assert (ran.code, "Where" in ran.stderr) == (0, False), ran


@pytest.mark.usefixtures("asking")
def test_words_that_are_not_typed_again_stay_a_picture_may_be_a_link_and_this_minute_is_over(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOW.replace(hour=12, minute=0, second=0, microsecond=0)  # no hour that clocks repeat
    monkeypatch.setattr(Clock, "now", lambda _: now)
    minute = f"{now.astimezone(ZoneInfo('Europe/Oslo')):%Y-%m-%d %H:%M}"
    typed = ["TODO", ".", "https://example.com/lamp.png", "A lamp", "", "words", ".", "words", "Open", "."]
    ran = make(top, "--account", "facebook", stdin="\n".join([minute, "tomorrow 9", *typed, "yes"]) + "\n")
    assert ran.code == 0, ran
    assert ran.stderr.count("That time has passed") == 1
    assert ran.stderr.count("The words so far:\n  TODO\n") == 2
    (post,) = read(top).desired.posts
    assert (post.text, [each.url for each in post.content.media]) == (
        "Open",
        ["https://example.com/lamp.png"],
    )


@pytest.mark.usefixtures("asking")
@each_of(("editor", "why"), [("/nowhere/ed", "No such file or directory"), ("false", "Editing failed")])
def test_an_editor_that_fails_says_what_else_to_do(top: Path, editor: str, why: str) -> None:
    ran = make(top, *GIVEN, "--edit", EDITOR=editor, PATH="/usr/bin:/bin")
    assert ran.code == 1
    assert why in ran.stderr
    assert "Name another editor in EDITOR, or leave --edit out" in ran.stderr


@pytest.mark.usefixtures("asking")
def test_a_post_without_words_and_pictures_is_asked_for_words(top: Path) -> None:
    ran = make(top, *GIVEN, stdin=".\n\n\nWords\n.\nyes\n")
    assert "pictures (Ctrl-C stops) [words]" in ran.stderr
    assert (ran.code, read(top).desired.posts[0].text) == (0, "Words"), ran


# --- whatever is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\n#:-'\"|>&*! "), max_size=60)
)
def test_whatever_is_typed_reads_back_as_it_is(top: Path, text: str) -> None:
    """Up to outer white space; or it is an error and nothing is written."""
    if not text.strip():
        return
    now = NOW
    at = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    wish = Wish(SpokenTime(at), ("x",), text)
    draft = make_draft(read(top), wish, now)
    if not any(each.severity == "error" for each in draft.problems):
        (post,) = draft.posts
        assert post.text.strip() == text.replace("\r", "\n").strip()
    assert io.BytesIO(draft.raw).read().startswith(b"posts:\n- id: ")

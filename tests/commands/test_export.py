"""`export`: the posts as a feed for calendar programs, and as JSON."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.types import Uri

from publer_sync.commands.export import run
from publer_sync.commands.running.choice import Choice
from tests.conftest import ROOT, Ran, run_here
from tests.schemas import conforms
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from ical.event import Event

SETTINGS = """\
workspace: Fjordlight
timezone: Europe/Berlin
accounts:
  facebook: Fjordlight
  linkedin: Fjordlight GmbH
  x: Fjordlight
"""
POSTS = """\
accounts: [facebook, x]
posts:
- id: launch
  at: 2027-03-02 09:00
  labels: [press, "early, late"]
  text: |
    We launched! 🚀 It's here; at last,
    after a year.

    Look: https://example.com/launch
  link: https://example.com/launch
- at: 2027-03-04 09:00
  accounts: linkedin
  text: Without an id
- id: tip
  at: 2027-03-09 17:00
  accounts: x
  text: A tip
  repeat: {every: week, times: 3}
- id: idea
  at: 2027-05-01 09:00
  accounts: linkedin
  text: Perhaps
  draft: true
- id: split
  at: 2027-03-05 09:00
  text: In the morning, for everyone
  networks:
    x: {at: "18:00", text: In the evening}
    facebook: {labels: [long]}
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "calendar"
    folder.mkdir(parents=True)
    (folder / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "posts.yaml").write_text(POSTS, encoding="utf-8")
    return folder


def export(top: Path, *words: str | Path, **env: str) -> Ran:
    """Without a key, and with nothing of the environment but what finds git."""
    return run_here(["export", top, *words], {"PATH": os.environ["PATH"], "HOME": str(top), **env})


def feed(top: Path, *words: str, **env: str) -> list[Event]:
    """Its events, read by another library than the one that wrote them, after a strict look at every line."""
    ran = export(top, *words, **env)
    assert (ran.code, ran.stderr) == (0, ""), ran
    lines = ran.stdout.split("\r\n")
    assert lines.pop() == ""
    for line in lines:
        assert len(line.encode()) <= 75
        assert line.isprintable()
    return IcsCalendarStream.calendar_from_ics(ran.stdout).events


def lines_of(ran: Ran) -> list[str]:
    """The feed's lines, unfolded."""
    return ran.stdout.replace("\r\n ", "").split("\r\n")


def uids(top: Path, *words: str) -> dict[str | None, str | None]:
    return {f"{event.summary} {event.start:%d %H}": event.uid for event in feed(top, *words)}


def clone(top: Path, origin: str) -> None:
    for words in (("init", "-q"), ("remote", "add", "origin", origin)):
        subprocess.run(["git", "-C", str(top.parent), *words], check=True)


# --- the feed -------------------------------------------------------------------------------------------------------


def test_a_post_is_one_event_with_its_words_accounts_labels_and_line(top: Path) -> None:
    clone(top, "git@github.com:o/r.git")
    [event] = [event for event in feed(top) if "launched" in str(event.summary)]
    line = "https://github.com/o/r/blob/HEAD/calendar/posts.yaml#L3"
    assert (
        event.summary
        == "facebook, x: We launched! 🚀 It's here; at last, after a year. Look: https://example.com/launch"
    )
    assert event.description == (
        "We launched! 🚀 It's here; at last,\nafter a year.\n\nLook: https://example.com/launch\n\n"
        f"link: https://example.com/launch\nlabels: early, late, press\n\nAccounts: facebook, x\n\n{line}"
    )
    assert r"CATEGORIES:early\, late,press" in lines_of(export(top))
    assert event.url == Uri(line)
    assert (event.status, event.transparency) == ("CONFIRMED", "TRANSPARENT")
    assert event.start == datetime(2027, 3, 2, 8, tzinfo=UTC)
    assert event.end == event.start + timedelta(minutes=15)


def test_an_event_is_called_as_its_card_on_the_preview(top: Path) -> None:
    """By the title of a video or a document, else the words, else the id, else the files."""
    (top / "publer.yaml").write_text(
        "timezone: UTC\naccounts: {facebook: A, linkedin: B}\n", encoding="utf-8"
    )
    (top / "posts.yaml").write_text(
        "posts:\n"
        "- {at: 2027-03-02 09:00, accounts: linkedin, type: document, title: The report, text: Read it, "
        "media: [{url: 'https://example.com/r.pdf'}]}\n"
        "- {at: 2027-03-03 09:00, accounts: facebook, media: [{url: 'https://example.com/lamp.jpg', alt: A}]}\n",
        encoding="utf-8",
    )
    names = {"The report", "lamp.jpg (example.com)"}
    assert {str(event.summary) for event in feed(top)} == {
        "linkedin: The report", "facebook: lamp.jpg (example.com)"
    }  # fmt: skip
    assert run_here(["preview", top, "--out", top / "page.html"], {"PATH": os.environ["PATH"]}).code == 0
    page = (top / "page.html").read_text(encoding="utf-8")
    assert set(re.findall(r'data-title="([^"]*)"', page)) == names


def test_the_feed_tells_calendar_programs_its_name_and_when_to_look_again(top: Path) -> None:
    named = {"METHOD:PUBLISH", "X-WR-CALNAME:Fjordlight"}
    assert named | {"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"} <= {
        *lines_of(export(top))
    }
    (top / "publer.yaml").write_text(f"name: spring\n{SETTINGS}", encoding="utf-8")
    assert "X-WR-CALNAME:Fjordlight: spring" in lines_of(export(top))


def test_each_of_a_series_stands_alone_at_its_local_time_when_the_clocks_change(top: Path) -> None:
    tips = [event for event in feed(top) if event.summary == "x: A tip"]
    assert [f"{event.start:%m-%d %H:%M %Z}" for event in tips] == [
        "03-09 16:00 UTC",
        "03-16 16:00 UTC",
        "03-23 16:00 UTC",
    ]
    (top / "posts.yaml").write_text(POSTS.replace("times: 3", "times: 4"), encoding="utf-8")
    last = [event for event in feed(top) if event.summary == "x: A tip"][-1]
    assert f"{last.start:%m-%d %H:%M %Z}" == "03-30 15:00 UTC"


def test_a_draft_says_so(top: Path) -> None:
    [draft] = [event for event in feed(top) if event.status == "TENTATIVE"]
    assert draft.summary == "linkedin (draft): Perhaps"


def test_a_post_is_split_where_its_times_differ_and_tells_words_apart_where_they_do(top: Path) -> None:
    (top / "posts.yaml").write_text(
        POSTS.replace("  text: In the morning", "  accounts: all\n  text: In the morning"), encoding="utf-8"
    )
    morning, evening = [event for event in feed(top) if ": In the" in str(event.summary)]
    assert evening.summary == "x: In the evening"
    assert morning.summary == "facebook, linkedin: In the morning, for everyone"
    assert morning.description == (
        "facebook:\nIn the morning, for everyone\n\nlabels: long\n\nlinkedin:\nIn the morning, for everyone"
    )


def test_accounts_that_differ_in_utm_parameters_share_their_words(top: Path) -> None:
    (top / "publer.yaml").write_text(f"utm_hosts: [example.com]\n{SETTINGS}", encoding="utf-8")
    tagged = POSTS.replace("- id: launch", '- id: launch\n  utm: {source: "{network}"}')
    (top / "posts.yaml").write_text(tagged, encoding="utf-8")
    [event] = [event for event in feed(top) if "launched" in str(event.summary)]
    assert str(event.description).count("after a year") == 1
    assert str(event.description).endswith("added: utm_source=facebook (facebook), utm_source=x (x)")


def test_an_event_without_labels_has_no_categories(top: Path) -> None:
    assert "CATEGORIES:" not in lines_of(export(top))


@pytest.mark.slow
def test_the_same_calendar_gives_the_same_bytes_wherever_it_is_read(top: Path) -> None:
    clone(top, "https://github.com/o/r")
    here = export(top).stdout
    stamps = ("DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE")
    assert {line for line in here.split("\r\n") if line.startswith(stamps)} == {"DTSTAMP:20000101T000000Z"}
    elsewhere = export(top, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7").stdout
    assert here == elsewhere
    again = subprocess.run(
        [sys.executable, "-m", "publer_sync", "export", "."],
        cwd=top,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )
    assert again.stdout == here.encode()


def test_a_post_keeps_its_uid_through_edits_of_everything_but_its_id(top: Path) -> None:
    before = uids(top)
    assert len({*before.values()}) == len(before) == 8
    edited = POSTS.replace("2027-03-02 09:00", "2027-04-02 11:00").replace("We launched", "Launched")
    (top / "posts.yaml").unlink()
    (top / "other.yaml").write_text("# moved\n" + edited, encoding="utf-8")
    after = uids(top)
    [old] = {*before} - {*after}
    [new] = {*after} - {*before}
    assert after.pop(new) == before.pop(old)
    assert after == before


def test_without_an_id_the_minute_and_the_first_account_name_it(top: Path) -> None:
    def uid() -> str | None:
        return next(event.uid for event in feed(top) if "Without" in str(event.summary))

    before = uid()
    (top / "posts.yaml").write_text(POSTS.replace("Without an id", "Without one"), encoding="utf-8")
    assert uid() == before
    (top / "posts.yaml").write_text(POSTS.replace("2027-03-04 09:00", "2027-03-04 09:01"), encoding="utf-8")
    assert uid() != before


def test_another_calendar_has_other_uids(top: Path) -> None:
    before = uids(top)
    (top / "publer.yaml").write_text(f"name: spring\n{SETTINGS}", encoding="utf-8")
    assert {*before.values()}.isdisjoint(uids(top).values())


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--account", "x"), 5),
        (("--account", "x", "--account", "linkedin"), 7),
        (("--account", "words"), 7),
        (("--from", "2027-03-05", "--to", "2027-03-09"), 3),
        (("--account", "facebook", "--to", "2027-03-04"), 1),
        (("--to", "2027-03-01"), 0),
    ],
)
def test_what_is_left_out_changes_nothing_of_the_rest(top: Path, words: tuple[str, ...], count: int) -> None:
    (top / "publer.yaml").write_text(f"{SETTINGS}groups: {{words: [x, linkedin]}}\n", encoding="utf-8")
    some = feed(top, *words)
    assert len(some) == count
    starts = {event.uid: event.start for event in feed(top)}
    assert all(starts[event.uid] == event.start for event in some)


NASTY = r"a\r\nEND:VEVENT\r\nBEGIN:VEVENT\u2028b\u0007\u001b[31m\u202ec\u0085d\\n;,:\"e\U0001F600"
"""As YAML writes it between quotes."""


def test_no_text_can_leave_its_place(top: Path) -> None:
    (top / "publer.yaml").write_text(SETTINGS.replace("Fjordlight", f'"{NASTY}"', 1), encoding="utf-8")
    (top / "posts.yaml").write_text(
        f'posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: "{NASTY}"\n  labels: ["{NASTY}"]\n'
        "  ignore: {text.invisible: here to try, text.newline: here to try}\n",
        encoding="utf-8",
    )
    [event] = feed(top)
    lines = ["a", "END:VEVENT", "BEGIN:VEVENT", "b␇␛[31m\ufffdc", 'd\\n;,:"e😀']
    assert str(event.description).split("\n")[: len(lines)] == lines
    label = " ¶ ".join(lines).replace("\\", r"\\").replace(";", r"\;").replace(",", r"\,")
    assert f"CATEGORIES:{label}" in lines_of(export(top))


def test_a_text_that_google_would_not_take_is_cut_before_its_line(top: Path) -> None:
    clone(top, "https://gitlab.com/a/b/c.git")
    (top / "posts.yaml").write_text(
        f"posts:\n- at: 2027-03-02 09:00\n  accounts: facebook\n  text: {'A word. ' * 1200}\n",
        encoding="utf-8",
    )
    [event] = feed(top)
    assert 7900 < len(str(event.description)) < 8192
    assert str(event.description).endswith(
        "A word.…\n\nhttps://gitlab.com/a/b/c/-/blob/HEAD/calendar/posts.yaml#L2"
    )


@pytest.mark.parametrize(
    ("origin", "env", "address"),
    [
        ("https://github.com/o/r.git", {}, "https://github.com/o/r/blob"),
        ("https://token:x-oauth@github.com/o/r", {}, "https://github.com/o/r/blob"),
        ("ssh://git@github.com:22/o/r.git", {}, "https://github.com/o/r/blob"),
        ("git@gitlab.com:group/sub/r.git", {}, "https://gitlab.com/group/sub/r/-/blob"),
        (
            "https://ghe.example:8443/o/r",
            {"GITHUB_SERVER_URL": "https://ghe.example:8443"},
            "https://ghe.example:8443/o/r/blob",
        ),
        ("git@git.example:o/r", {"CI_SERVER_URL": "https://git.example"}, "https://git.example/o/r/-/blob"),
        ("https://git.example/o/r", {}, None),
        ("/srv/github.com/r.git", {}, None),
        ("https://github.com/o/r\rx", {}, None),
    ],
)
def test_the_address_of_a_line_where_it_is_certain(
    top: Path, origin: str, env: dict[str, str], address: str | None
) -> None:
    clone(top, origin)
    urls = {str(event.url) if event.url else None for event in feed(top, "--to", "2027-03-02", **env)}
    assert urls == {f"{address}/HEAD/calendar/posts.yaml#L3" if address else None}


# --- JSON -----------------------------------------------------------------------------------------------------------


def document(top: Path, *words: str) -> Any:
    ran = export(top, "--format", "json", *words)
    assert ran.code == 0, ran
    found = json.loads(ran.stdout)
    conforms(found, "export")
    return found


def test_the_data_are_the_posts_that_plan_sees(top: Path) -> None:
    planned = json.loads(
        export_as("plan", top, "--format", "json", "--sandbox", "--now", "2027-02-20").stdout
    )
    keys = ("id", "scheduled_at", "source", "account")
    wanted = [{key: change[key] for key in keys} for change in planned["changes"]]
    for post in wanted:
        post["source"]["url"] = None
        del post["account"]["id"]
    posts = document(top)["posts"]
    assert [{key: post[key] for key in keys} for post in posts] == wanted
    assert posts[0]["post"] == {
        "text": "We launched! 🚀 It's here; at last,\nafter a year.\n\nLook: https://example.com/launch",
        "type": "link",
        "link": {"url": "https://example.com/launch"},
        "labels": ["early, late", "press"],
    }


def export_as(command: str, top: Path, *words: str) -> Ran:
    return run_here([command, top, *words], {"PATH": os.environ["PATH"], "HOME": str(top)})


def test_files_and_accounts_are_named_as_in_the_calendar(top: Path) -> None:
    (top / "media").mkdir()
    (top / "media" / "a.png").write_bytes((ROOT / "examples/calendar/media/table.png").read_bytes())
    (top / "posts.yaml").write_text(
        "posts:\n- at: 2027-03-02 09:00\n  accounts: facebook\n  text: One\n"
        "  media: [{file: media/a.png, alt: A table}]\n  share: {accounts: linkedin, after: 1h}\n",
        encoding="utf-8",
    )
    [post] = document(top)["posts"]
    assert post["post"]["media"] == [{"file": "media/a.png", "alt": "A table"}]
    assert post["post"]["share"]["accounts"] == ["linkedin"]


# --- where it goes, and where it does not -----------------------------------------------------------------------------


@pytest.mark.parametrize(("style", "count"), [("ics", "8 events"), ("json", "9 posts")])
def test_out_writes_the_file_and_says_so_on_stderr(top: Path, style: str, count: str) -> None:
    file = top.parent / "posts.out"
    ran = export(top, "--format", style, "--out", file)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", f"{count} written to {file}\n")
    assert file.read_bytes().decode() == export(top, "--format", style).stdout


def test_an_invalid_calendar_leaves_the_file_as_it_was(top: Path) -> None:
    file = top.parent / "posts.ics"
    file.write_bytes(b"before")
    (top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    ran = export(top, "--out", file)
    assert (ran.code, file.read_bytes()) == (3, b"before")
    assert "more.yaml:2" in ran.stderr
    assert json.loads(export(top, "--format", "json").stdout)["error"]["code"] == "calendar"


def test_a_file_that_cannot_be_written_is_1_and_a_strange_account_64(top: Path) -> None:
    ran = export(top, "--out", top / "nowhere" / "posts.ics")
    assert (ran.code, ran.stdout) == (1, "")
    assert "could not be written: No such file" in ran.stderr
    ran = export(top, "--account", "y")
    assert ran.code == 64
    assert "publer.yaml has: facebook, linkedin, x" in ran.stderr


@each_of(("style", "end"), [("ics", b"END:VCALENDAR\r\n"), ("json", b"\r\n}\r\n")])
def test_a_feed_is_utf_8_with_lines_of_its_own_on_any_system(top: Path, style: str, end: bytes) -> None:
    printed = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(printed, encoding="ascii", errors="replace", newline="\r\n")):
        assert run(Choice(calendar=top), style=style, file=None) == 0
        sys.stdout.flush()
        data = printed.getvalue()
    assert (data.endswith(end), b"\r\r\n" in data) == (True, False)
    assert ("🚀".encode() in data) is (style == "ics")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_out_writes_to_a_pipe_and_leaves_it_one(top: Path) -> None:
    pipe = top.parent / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert export(top, "--out", pipe).code == 0
    assert os.read(reader, 15) == b"BEGIN:VCALENDAR"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a right on Windows")
def test_out_writes_the_file_that_a_symbolic_link_leads_to(top: Path) -> None:
    (link := top.parent / "feed.ics").symlink_to("served.ics")
    assert export(top, "--out", link).code == 0
    assert (top.parent / "served.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert link.is_symlink()

"""Calendars from the files up: cases beside their messages, what posts hold, and what may not change them."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publer_sync.calendar.expand import Desired, Expander
from publer_sync.calendar.load import Calendar, read
from publer_sync.content import Medium, Share
from publer_sync.errors import SettingsError
from publer_sync.model import Account
from publer_sync.problems import Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.model import Post
    from tests.conftest import Cli

CASES = Path(__file__).resolve().parent / "cases"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "calendar"
SETTINGS = """\
timezone: Europe/Oslo
accounts:
  facebook: Page
  x: Me
  linkedin: Us
groups: {words: [x, linkedin]}
"""
ACCOUNTS = {
    "facebook": Account("1" * 24, "Page", "facebook", "facebook"),
    "x": Account("2" * 24, "Me", "twitter", "x"),
    "linkedin": Account("3" * 24, "Us", "linkedin", "linkedin"),
}
POST = "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "social"
    folder.mkdir()
    write(folder, publer=SETTINGS)
    return folder


def write(top: Path, **files: str) -> None:
    for name, text in files.items():
        (top / f"{name}.yaml").write_text(text, encoding="utf-8")


def both(top: Path) -> tuple[Calendar, Desired, list[Problem]]:
    calendar = read(top)
    desired = calendar.desired
    problems = sorted(calendar.problems + desired.problems, key=lambda each: each.location or Location("", 0))
    return calendar, desired, problems


def codes(top: Path) -> list[str]:
    return [problem.code for problem in both(top)[2]]


def concise(problems: Sequence[Problem]) -> str:
    """Each in a line, its help below it."""
    return "".join(
        f"{each.location.line}:{each.location.column}: {each.severity}: {each.message} [{each.code}]\n"
        + "".join(f"    {line}\n" for line in str(each.help or "").splitlines())
        for each in problems
        if each.location
    )


def meaning(posts: Sequence[Post]) -> list[tuple[Any, ...]]:
    """What a calendar wants, without its places in the files."""
    return [(post.account.id, post.at, post.id, post.content.digest, dict(post.ignore)) for post in posts]


def case_top(tmp_path: Path, case: Path) -> Path:
    top = tmp_path / "calendar"
    top.mkdir(exist_ok=True)
    for name in ("publer.yaml", "pixel.png"):
        shutil.copy(CASES / name, top / name)
    shutil.copy(case, top / case.name)
    return top


# --- cases as files ---------------------------------------------------------------------------------------------------

INVALID = sorted((CASES / "invalid").glob("*.yaml"))
VALID = sorted((CASES / "valid").glob("*.yaml"))


@pytest.mark.parametrize("case", INVALID, ids=lambda path: path.stem)
def test_every_problem_of_a_file_is_reported_in_its_place(tmp_path: Path, case: Path) -> None:
    _, _, problems = both(case_top(tmp_path, case))
    assert concise(problems) == case.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", INVALID, ids=lambda path: path.stem)
def test_every_message_stands_alone_and_has_help(tmp_path: Path, case: Path) -> None:
    for problem in both(case_top(tmp_path, case))[2]:
        assert problem.location is not None
        assert problem.help
        assert "\n" not in problem.message
        assert not problem.message.endswith(".")
        assert all(
            word not in problem.message.lower() for word in ("illegal", "invalid", "unexpected token", "you ")
        )


@pytest.mark.parametrize("case", INVALID, ids=lambda path: path.stem)
def test_each_fix_removes_its_problem_and_adds_none(tmp_path: Path, case: Path) -> None:
    top = case_top(tmp_path, case)
    before = both(top)[2]
    lines = case.read_text(encoding="utf-8").split("\n")
    for problem in before:
        if problem.fix is None:
            continue
        fixed = [*lines[: problem.fix.start_line - 1], problem.fix.text, *lines[problem.fix.end_line :]]
        (top / case.name).write_text("\n".join(fixed), encoding="utf-8")
        after = both(top)[2]
        same = [each for each in after if (each.code, each.message) == (problem.code, problem.message)]
        told = [each for each in before if (each.code, each.message) == (problem.code, problem.message)]
        assert len(same) < len(told), problem
        assert len(after) <= len(before), problem


@pytest.mark.parametrize("case", VALID, ids=lambda path: path.stem)
def test_a_good_file_has_no_problems(tmp_path: Path, case: Path) -> None:
    assert concise(both(case_top(tmp_path, case))[2]) == ""


def test_the_example_calendar_is_fine() -> None:
    calendar, desired, problems = both(EXAMPLE)
    assert problems == []
    assert calendar.posts == 23
    assert {post.account.provider for post in desired.posts} == {"facebook", "twitter", "linkedin", "bluesky"}


# --- what posts hold --------------------------------------------------------------------------------------------------


def contents(top: Path) -> list[dict[str, Any]]:
    _, desired, problems = both(top)
    assert problems == []
    return [post.content.to_json() for post in desired.posts]


@pytest.mark.parametrize(
    ("lines", "content"),
    [
        ("  text: |\n    hi\n", {"type": "status", "text": "hi"}),
        ("  text: |\n\n    a\n\n    b\n\n", {"type": "status", "text": "a\n\nb"}),
        (
            "  text: hi\n  link: https://example.com\n",
            {"type": "link", "text": "hi", "link": {"url": "https://example.com"}},
        ),
        ("  text: hi\n  labels: [b, a, b]\n", {"type": "status", "text": "hi", "labels": ["a", "b"]}),
        ("  text: hi\n  draft: false\n", {"type": "status", "text": "hi"}),
        ("  text: hi\n  draft: true\n", {"type": "status", "text": "hi", "draft": True}),
        (
            "  text: hi\n  poll: {options: [a, b], duration: 3d}\n",
            {
                "type": "poll",
                "text": "hi",
                "poll": {"options": ["a", "b"], "duration": {"duration": 3, "unit": "Day"}},
            },
        ),
        (
            "  text: hi\n  comments: [{text: more}]\n",
            {
                "type": "status",
                "text": "hi",
                "comments": [{"text": "more", "after": {"duration": 1, "unit": "Minute"}}],
            },
        ),
        (
            "  text: hi\n  share: {accounts: words, after: 60m}\n",
            {
                "type": "status",
                "text": "hi",
                "share": {
                    "accounts": ["alias:linkedin", "alias:x"],
                    "after": {"duration": 1, "unit": "Hour"},
                },
            },
        ),
        (
            "  text: hi\n  auto_delete: {after: 1w, hide: false}\n",
            {"type": "status", "text": "hi", "auto_delete": {"after": {"duration": 7, "unit": "Day"}}},
        ),
        (
            "  text: hi\n  networks: {twitter: {reply_settings: following}}\n",
            {"type": "status", "text": "hi", "reply_settings": "following"},
        ),
        (
            "  media: [{url: https://example.com/a.gif}]\n",
            {"type": "gif", "media": [{"url": "https://example.com/a.gif"}]},
        ),
        (
            "  media: [{url: https://example.com/a.mp4?b=1}]\n",
            {"type": "video", "media": [{"url": "https://example.com/a.mp4?b=1"}]},
        ),
        (
            "  media: [{id: abc, alt: ' what it shows '}]\n",
            {"type": "photo", "media": [{"id": "abc", "alt": "what it shows"}]},
        ),
        (
            "  text: hi\n  type: story\n  media: [{id: abc}]\n",
            {"type": "story", "text": "hi", "media": [{"id": "abc"}]},
        ),
    ],
)
def test_content_is_canonical(top: Path, lines: str, content: dict[str, Any]) -> None:
    write(top, a=POST + lines)
    assert contents(top) == [content]


def test_nearest_wins_from_settings_to_the_account_of_a_post(top: Path) -> None:
    """Each layer sets a title over the one before."""
    said = [
        ("settings", "defaults: {title: settings}\n", "", ""),
        ("settings' network", "defaults: {title: no, networks: {x: {title: settings' network}}}\n", "", ""),
        ("file", "defaults: {networks: {x: {title: no}}}\n", "defaults: {title: file}\n", ""),
        ("file's network", "", "defaults: {title: no, networks: {x: {title: file's network}}}\n", ""),
        (
            "file's account",
            "",
            "defaults: {networks: {x: {title: no}}}\naccounts: [{account: x, title: file's account}]\n",
            "",
        ),
        ("post", "", "defaults: {networks: {x: {title: no}}}\n", "  title: post\n"),
        ("post's network", "", "", "  title: no\n  networks: {x: {title: post's network}}\n"),
        (
            "post's account",
            "",
            "",
            "  networks: {x: {title: no}}\n  accounts: [{account: x, title: post's account}]\n",
        ),
    ]
    for title, of_settings, of_file, of_post in said:
        head = (
            of_file if "accounts" in of_file else of_file + ("" if "accounts" in of_post else "accounts: x\n")
        )
        write(
            top,
            publer=SETTINGS + of_settings,
            a=head + "posts:\n- at: 2027-03-01 09:00\n  text: hi\n" + of_post,
        )
        assert contents(top)[0]["title"] == title


def test_labels_add_up_and_null_removes(top: Path) -> None:
    write(top, publer=SETTINGS + "defaults: {labels: [all], title: T, link: https://example.com}\n")
    write(
        top,
        a="defaults: {labels: [file]}\n"
        + POST
        + "  text: hi\n  labels: [post]\n  title: null\n  link: null\n",
    )
    write(
        top,
        b="posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: hi\n  labels: null\n  link: {title: Card}\n",
    )
    first, second = contents(top)
    assert first == {"type": "status", "text": "hi", "labels": ["all", "file", "post"]}
    assert second == {
        "type": "link",
        "text": "hi",
        "title": "T",
        "link": {"url": "https://example.com", "title": "Card"},
    }


def test_other_lists_replace(top: Path) -> None:
    write(top, a=POST + "  media: [{id: a}, {id: b}]\n  networks: {x: {media: [{id: c}]}}\n")
    assert contents(top) == [{"type": "photo", "media": [{"id": "c"}]}]


def test_an_entry_for_a_group_counts_for_each_of_its_accounts(top: Path) -> None:
    write(
        top, a="posts:\n- at: 2027-03-01 09:00\n  text: hi\n  accounts: [all, {account: words, at: 10:30}]\n"
    )
    _, desired, problems = both(top)
    assert problems == []
    assert [(post.account.alias, post.at.hour) for post in desired.posts] == [
        ("facebook", 8),
        ("linkedin", 9),
        ("x", 9),
    ]


@pytest.mark.parametrize("word", ["x", "twitter"])
def test_x_and_twitter_are_the_same_account(top: Path, word: str) -> None:
    write(top, a=f"posts:\n- at: 2027-03-01 09:00\n  text: hi\n  accounts: {word}\n")
    assert [post.account.provider for post in both(top)[1].posts] == ["twitter"]


def test_publers_accounts_replace_those_of_the_settings(top: Path) -> None:
    write(
        top,
        a="posts:\n- at: 2027-03-01 09:00\n  text: hi\n  accounts: [x, facebook]\n  share: {accounts: [linkedin]}\n",
    )
    known = {
        alias: Account(f"{number:024x}", alias, alias, alias)
        for number, alias in enumerate(("x", "linkedin"))
    }
    posts = read(top).bind(known).posts
    assert [post.account for post in posts] == [known["x"]]
    assert posts[0].content.share == Share((known["linkedin"].id,))


def test_places_lead_to_the_line_of_each_part(top: Path) -> None:
    write(top, publer=SETTINGS + "defaults: {labels: [all]}\n")
    write(
        top,
        a=POST
        + "  text: hi\n  networks:\n    x:\n      at: 10:30\n      media:\n      - id: a\n        alt: What\n",
    )
    post = both(top)[1].posts[0]
    assert [str(post.place(path)) for path in ("text", "media/0/alt", "at", "labels/0", "link/url")] == [
        "a.yaml:4",
        "a.yaml:10",
        "a.yaml:7",
        "publer.yaml:7",
        "a.yaml:2",
    ]


def test_ignore_adds_up_and_null_removes(top: Path) -> None:
    write(top, publer=SETTINGS + "ignore: {a.b: one, c.d: two}\n")
    write(top, a="ignore: {e.f: three}\n" + POST + "  text: hi\n  ignore: {c.d: null, g.h: four}\n")
    assert dict(both(top)[1].posts[0].ignore) == {"a.b": "one", "e.f": "three", "g.h": "four"}


def test_posts_come_by_time_then_account(top: Path) -> None:
    write(
        top, a="accounts: all\nposts:\n- at: 2027-03-02 09:00\n  text: b\n- at: 2027-03-01 09:00\n  text: a\n"
    )
    assert [(post.text, post.account.alias) for post in both(top)[1].posts] == [
        ("a", "facebook"),
        ("a", "linkedin"),
        ("a", "x"),
        ("b", "facebook"),
        ("b", "linkedin"),
        ("b", "x"),
    ]


# --- media ------------------------------------------------------------------------------------------------------------


def test_a_file_is_known_by_its_bytes_and_found_from_its_own_folder_or_the_top(top: Path) -> None:
    (top / "media").mkdir()
    (top / "sub").mkdir()
    (top / "media" / "a.png").write_bytes(b"picture")
    (top / "sub" / "b.png").write_bytes(b"picture")
    text = "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  media: [{file: /media/a.png}, {file: b.png}]\n"
    (top / "sub" / "a.yaml").write_text(text, encoding="utf-8")
    post = read(top).bind({"x": Account("1", "Me", "twitter", "x")}).posts[0]
    digest = "sha256:" + hashlib.sha256(b"picture").hexdigest()
    assert post.content.media == (Medium(digest), Medium(digest))
    assert [(source.digest, source.path) for source in post.media] == [(digest, top / "media" / "a.png")]


def test_checking_a_calendar_reads_no_media(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "a.png").write_bytes(b"picture")
    write(top, a=POST + "  media: [{file: a.png}]\n")
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("read"))
    assert codes(top) == []


def test_a_link_that_leads_out_of_the_calendar_is_refused(top: Path) -> None:
    """A picture or a file of posts behind it could be anything on the machine."""
    (top.parent / "secret.png").write_bytes(b"x")
    (top.parent / "secret.yaml").write_text("password: hunter2\n", encoding="utf-8")
    (top / "a.png").symlink_to(top.parent / "secret.png")
    (top / "b.yaml").symlink_to(top.parent / "secret.yaml")
    write(top, a=POST + "  media: [{file: a.png}]\n")
    _, _, problems = both(top)
    assert [problem.code for problem in problems] == ["media.outside", "file.outside"]
    assert "hunter2" not in repr(problems)


# --- repeats ----------------------------------------------------------------------------------------------------------


def test_a_repeat_keeps_its_time_of_day_when_the_clocks_change(top: Path) -> None:
    lines = "  id: tip\n  text: hi\n  repeat: {every: week, until: 2027-04-05, except: [2027-03-15]}\n"
    write(top, a=POST.replace("2027-03-01", "2027-03-08") + lines)
    calendar, desired, problems = both(top)
    assert problems == []
    assert calendar.posts == 4
    assert [(post.id, post.at) for post in desired.posts] == [
        ("tip@2027-03-08", datetime(2027, 3, 8, 8, tzinfo=UTC)),
        ("tip@2027-03-22", datetime(2027, 3, 22, 8, tzinfo=UTC)),
        ("tip@2027-03-29", datetime(2027, 3, 29, 7, tzinfo=UTC)),
        ("tip@2027-04-05", datetime(2027, 4, 5, 7, tzinfo=UTC)),
    ]


def media_problem(top: Path, written: str, *files: str) -> Problem:
    """The problem of a post whose media is `written`, beside these files."""
    for name in files:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_bytes(b"picture")
    write(top, a=POST + f"  media:\n  - file: {written}\n")
    (problem,) = both(top)[2]
    return problem


MORE_FILES = ("media/logo-dark.png", "media/twin.png", "media/twin.gif")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("media/lmap.png", "media/lamp.png"),
        ("media/LAMP.PNG", "media/lamp.png"),
        ("media/lamp.jpg", "media/lamp.png"),
        ("meda/lamp.png", "media/lamp.png"),
        ("media\\lamp.png", "media/lamp.png"),
        ("C:\\Users\\me\\lamp.png", "media/lamp.png"),
        ("/lamp.png", "/media/lamp.png"),
        ("media/day #1.jpeg", '"media/day #1.jpg"'),
        ("media/nope.png", None),
        ("media/shelf-2.png", None),
        ("media/logo-dart.png", None),
        ("media/twin.jpg", None),
        ("other/day #1.jpg", '"media/day #1.jpg"'),
    ],
)
def test_a_missing_file_names_the_only_one_it_can_be(top: Path, written: str, near: str | None) -> None:
    quoted = f"'{written}'" if "#" in written else written
    problem = media_problem(
        top, quoted, "media/lamp.png", "media/shelf-1.png", "media/day #1.jpg", *MORE_FILES
    )
    assert problem.code == "media.missing"
    assert (problem.fix and problem.fix.text) == (f"  - file: {near}" if near else None)
    assert isinstance(problem.help, Help)
    assert problem.help.paste == (f"file: {near}" if near else "")


def test_a_hash_in_the_name_of_a_file_is_no_comment(top: Path) -> None:
    problem = media_problem(top, "lamp #1.png", "lamp #1.png", "lamp.png")
    assert problem.code == "yaml.hash"
    assert problem.fix is not None
    assert problem.fix.text == '  - file: "lamp #1.png"'


def test_a_comment_after_the_name_of_a_file_stays_a_comment(top: Path) -> None:
    (top / "lamp.png").write_bytes(b"picture")
    write(top, a=POST + "  media: \n  - file: lamp.png #see lamp.jpg\n")
    assert codes(top) == []
    assert media_problem(top, "lapm.png # see lamp.jpg").code == "media.missing"


def test_a_broken_link_is_called_one(top: Path) -> None:
    (top / "lamp.png").symlink_to(top / "gone.png")
    assert media_problem(top, "lamp.png").message == "lamp.png is a link to a file that is not there"
    assert media_problem(top, "lapm.png").message == "no file lapm.png"


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_file_is_found_however_its_umlauts_are_spelt(top: Path, forms: tuple[Any, Any]) -> None:
    name = "Lampe größe.png"
    (top / unicodedata.normalize(forms[0], name)).write_bytes(b"picture")
    write(top, a=POST + f"  media:\n  - file: {unicodedata.normalize(forms[1], name)}\n")
    _, desired, problems = both(top)
    assert problems == []
    (source,) = desired.posts[0].media
    assert source.path is not None
    assert source.path.read_bytes() == b"picture"


def test_a_series_that_starts_on_another_day_than_at_says_so(top: Path) -> None:
    series = "  text: hi\n  id: tip\n  repeat: {every: week, days: [tue, fri], times: 2}\n"
    write(top, a=POST + series)
    _, desired, (problem,) = both(top)
    assert (problem.severity, problem.code) == ("warning", "repeat.start")
    assert problem.help == Help("Start it there, or add mon to `days`", "at: 2027-03-02 09:00")
    days = [post.at.date().isoformat() for post in desired.posts]
    assert days == ["2027-03-02", "2027-03-05"]
    write(top, a=POST.replace("2027-03-01", "2027-03-02") + series)
    _, same, problems = both(top)
    assert problems == []
    assert [post.at for post in same.posts] == [post.at for post in desired.posts]


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


@pytest.mark.parametrize("name", ["publer.yml", "Publer.yaml", "PUBLER.YML"])
def test_settings_in_a_file_of_another_name_are_read_and_reported(top: Path, name: str) -> None:
    write(top, a=POST + "  text: hi\n")
    (top / "publer.yaml").rename(top / name)
    _, desired, (problem,) = both(top)
    assert (problem.code, problem.location) == ("settings.none", Location(name, 1))
    assert str(problem.help) == f"Rename the file\ngit mv {name} publer.yaml"
    assert len(desired.posts) == 1


def test_a_lost_bracket_in_an_address_is_no_crash(top: Path) -> None:
    write(top, a=POST + "  media: [{url: 'https://[example.com/a.mp4?b.png#c'}]\n")
    assert both(top)[1].posts[0].content.type == "video"


def test_a_problem_that_spans_several_keys_hides_no_other(top: Path) -> None:
    write(top, a="posts:\n- at: 2027-03-01 09:00\n  draft: maybe\n- alt: *stars*\n    b]")
    assert {"yaml.start", "key.type"} <= set(codes(top))


def test_broken_settings_bring_no_second_message_about_aliases(top: Path) -> None:
    write(top, publer="accounts: {x: Me\n", a=POST + "  text: hi\n")
    assert codes(top) == ["yaml.bracket"]


def test_a_post_whose_text_is_broken_still_claims_its_slot(top: Path) -> None:
    write(top, a=POST + "  text: a: b\n", b=POST + "  text: hi\n")
    assert codes(top) == ["yaml.colon", "slot.twice"]


def test_a_post_without_a_readable_time_can_still_be_checked(top: Path) -> None:
    write(top, a="posts:\n- at: tomorrow\n  accounts: x\n  text: hi\n")
    _, desired, problems = both(top)
    assert [problem.code for problem in problems] == ["time.form"]
    assert [post.text for post in desired.unplaced] == ["hi"]
    assert desired.posts == ()


def test_binding_reports_the_same_problems(top: Path) -> None:
    write(top, a="posts:\n- at: 2027-03-01 09:00\n  accounts: [{account: x, board: b}]\n  text: hi\n")
    calendar = read(top)
    assert calendar.desired.problems == calendar.bind(ACCOUNTS).problems != ()


def test_binding_gives_what_expanding_with_those_accounts_would(top: Path) -> None:
    """Only posts of accounts whose network was unknown are expanded again; the others just change their account."""
    (top / "a.png").write_bytes(b"picture")
    write(top, publer="timezone: Europe/Oslo\naccounts: {facebook: Page, x: Me, linkedin: Us, shop: Shop}\n")
    write(
        top,
        a="""\
accounts: [all, {account: shop, title: T}]
posts:
- at: 2027-03-01 09:00
  text: hi
  networks: {instagram: {text: on instagram, at: 10:00}, x: {text: on x}}
- at: 2027-03-02 09:00
  text: hi
  media: [{file: a.png}]
  share: {accounts: [shop, x]}
- {at: 2027-03-03 09:00, id: tip, text: hi, repeat: {every: day, times: 3}}
""",
    )
    accounts = {**ACCOUNTS, "shop": Account("4" * 24, "Shop", "instagram", "shop")}
    calendar = read(top)
    placed = calendar.desired.posts
    bound = calendar.bind(accounts)
    anew = Expander(top, calendar.settings, calendar.groups, calendar.documents, accounts)
    assert bound == anew.expand(calendar.entries).desired()
    assert bound.problems == ()
    assert {post.account.id for post in bound.posts} == {account.id for account in accounts.values()}
    assert [post.at.hour for post in bound.posts if post.text.startswith("on ")] == [8, 9]
    assert calendar.desired.posts == placed


def test_two_posts_in_one_slot_are_found_once_the_network_is_known(top: Path) -> None:
    write(top, publer="timezone: Europe/Oslo\naccounts: {shop: Shop}\n")
    write(
        top,
        a="""\
accounts: shop
posts:
- {at: 2027-03-01 09:00, text: one}
- {at: 2027-03-01 10:00, text: two, networks: {instagram: {at: 09:00}}}
""",
    )
    calendar = read(top)
    assert calendar.desired.problems == ()
    shop = Account("4" * 24, "Shop", "instagram", "shop")
    assert [problem.code for problem in calendar.bind({"shop": shop}).problems] == ["slot.twice"]


def test_a_thousand_mistakes_are_a_thousand_problems(top: Path) -> None:
    posts = "".join(
        f"- at: 2027-03-01 09:{n % 60:02}\n  accounts: x\n  text: n: {n}\n  id: a b\n" for n in range(1000)
    )
    write(top, a="posts:\n" + posts)
    found = codes(top)
    assert (found.count("yaml.colon"), found.count("key.value")) == (1000, 1000)


# --- settings, names, files -------------------------------------------------------------------------------------------


def test_the_name_is_the_path_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "clients" / "acme"
    inner.mkdir(parents=True)
    for folder in (tmp_path, inner):
        (folder / "publer.yaml").write_text("accounts: {}\n", encoding="utf-8")
    assert read(inner).settings.name == "clients/acme"
    assert read(tmp_path).settings.name == "calendar"


def test_outside_a_repository_the_name_is_the_folders(top: Path) -> None:
    assert read(top).settings.name == "social"
    write(top, publer="name: Spring\n")
    assert read(top).settings.name == "Spring"


@pytest.mark.parametrize(
    ("said", "env", "workspace", "found"),
    [
        ("", "5f000000000000000000beef", "5f000000000000000000beef", []),
        ("workspace: Acme\n", None, "Acme", []),
        ("workspace: Acme\n", "5f000000000000000000beef", "Acme", []),
        ("workspace: 5f000000000000000000beef\n", "5f000000000000000000beef", "5f000000000000000000beef", []),
        (
            "workspace: 5f000000000000000000beef\n",
            "5f000000000000000000cafe",
            "5f000000000000000000beef",
            ["workspace.two"],
        ),
    ],
)
def test_the_environment_fills_in_a_workspace_and_never_overrules_one(
    top: Path, said: str, env: str | None, workspace: str, found: list[str]
) -> None:
    write(top, publer=SETTINGS + said)
    calendar = read(top, workspace_env=env)
    assert (calendar.settings.workspace, calendar.workspace_env) == (workspace, env)
    assert [problem.code for problem in calendar.problems] == found


@pytest.mark.parametrize(
    ("value", "name", "provider"),
    [
        ("facebook: My Page", "My Page", "facebook"),
        ("x: Me", "Me", "twitter"),
        ("shop: instagram/A / B", "A / B", "instagram"),
        ("shop: A / B", "A / B", None),
        ("shop: {name: Us, provider: x}", "Us", "twitter"),
        ("linkedin: {id: 63c675e94e299e9cf2b667ec}", "63c675e94e299e9cf2b667ec", "linkedin"),
        ("wordpress: Blog", "Blog", "wordpress"),
        ("wordpress_basic: Blog", "Blog", "wordpress"),
    ],
)
def test_an_account_is_named_with_its_network(top: Path, value: str, name: str, provider: str | None) -> None:
    write(top, publer=f"accounts:\n  {value}\n")
    calendar = read(top)
    assert calendar.problems == ()
    assert [(ref.name, ref.provider) for ref in calendar.settings.accounts] == [(name, provider)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("accounts: {a: x/Me, b: x/Me}\n", "account.twice"),
        ("accounts: {all: Me}\n", "account.name"),
        ("accounts: {x: Me}\ngroups: {x: [x]}\n", "account.name"),
        ("accounts: {x: Me}\ngroups: {g: [y]}\n", "account.unknown"),
        ("accounts: {a: {name: Me, provider: mars}}\n", "account.network"),
        ("accounts: {a: {provider: x}}\n", "key.value"),
        ("accounts: {a b: Me}\n", "key.value"),
        ("accounts: {x: {name: Me, max_characters: 1000}}\n", "key.place"),
        ("accounts: {mastodon: {name: Me, max_characters: none}}\n", "key.type"),
        ("accounts: {mastodon: {name: Me, max_characters: 0}}\n", "key.value"),
        ("timezone: Berlin\n", "time.zone"),
        ("time: noon\n", "time.form"),
        ("prune: all\n", "key.value"),
        ("limits: {delete: -1}\n", "key.value"),
        ("limits: {deletes: 1}\n", "key.unknown"),
        ("hold: true\n", "key.unknown"),
    ],
)
def test_a_problem_in_the_settings_is_reported(top: Path, text: str, code: str) -> None:
    write(top, publer=text)
    calendar = read(top)
    assert [problem.code for problem in calendar.problems] == [code]
    assert all(problem.location and problem.location.file == "publer.yaml" for problem in calendar.problems)


@pytest.mark.parametrize(
    ("of_settings", "of_file", "at", "warned"),
    [
        ("", "", "2027-03-01 09:00", True),
        ("timezone: Europe/Oslo\n", "", "2027-03-01 09:00", False),
        ("timezone: Yurp\n", "", "2027-03-01 09:00", False),
        ("", "timezone: Europe/Oslo\n", "2027-03-01 09:00", False),
        ("", "", "2027-03-01 09:00+01:00", False),
        ("", "", "2027-03-01 09:00Z", False),
    ],
)
def test_a_missing_time_zone_is_reported_once(
    top: Path, of_settings: str, of_file: str, at: str, warned: bool
) -> None:
    posts = f"- at: {at}\n  text: hi\n- at: {at.replace('09:', '10:')}\n  text: hi\n"
    write(top, publer=f"{of_settings}accounts: {{x: Me}}\n", a=f"{of_file}accounts: x\nposts:\n{posts}")
    found = [problem for problem in both(top)[2] if "UTC" in problem.message]
    assert [(problem.severity, str(problem.location)) for problem in found] == (
        [("warning", "a.yaml:3")] if warned else []
    )


def test_a_folder_without_settings_is_told_where_some_are(top: Path) -> None:
    (top / "inner").mkdir()
    (top / "inner" / "a.yaml").write_text(POST + "  text: hi\n", encoding="utf-8")
    problems = both(top / "inner")[2]
    assert [(problem.code, problem.help) for problem in problems] == [
        ("settings.none", Help("Is .. the calendar? It has a publer.yaml"))
    ]


def test_a_folder_of_other_files_is_one_error(top: Path, cli: Cli) -> None:
    (top / "publer.yaml").unlink()
    write(top, posts=POST + "  text: a: b\n", workflow="on: push\njobs:\n")
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


class Block(str):
    """A text that is dumped in a `|` block, where it can be."""

    __slots__ = ()
    style = "|"


class Quoted(Block):
    """A text that is dumped in double quotes."""

    __slots__ = ()
    style = '"'


class Single(Block):
    """A text that is dumped in single quotes, where it can be."""

    __slots__ = ()
    style = "'"


class Dumper(yaml.SafeDumper):
    pass


def styled(dumper: yaml.SafeDumper, text: Block) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=text.style)


Dumper.add_representer(Block, styled)
Dumper.add_representer(Quoted, styled)
Dumper.add_representer(Single, styled)


def dumped(text: str) -> str:
    post = {"at": "2027-03-01 09:00", "accounts": "x", "title": "T", "media": [{"id": "a"}], "text": text}
    return yaml.dump({"posts": [post]}, Dumper=Dumper, allow_unicode=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=ANY.map(Quoted) | SHOWN.map(Block) | SHOWN.map(Single))
def test_any_text_comes_back_as_it_was_written(top: Path, text: str) -> None:
    """In a block or in quotes of either kind: the same text, up to outer white space."""
    write(top, a=dumped(text))
    _, desired, problems = both(top)
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert desired.posts[0].text == text.replace("\r\n", "\n").replace("\r", "\n").strip()


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
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


@pytest.mark.parametrize(
    ("word", "fixed"),
    [
        ("linkdin", "linkedin"),
        ("LinkedIn", "linkedin"),
        ("linked-in", "linkedin"),
        ("linkedum", None),
        ("linkedin2", None),
        ("-linkedin", None),
        ("facebook_page", None),
    ],
)
def test_an_unknown_account_is_only_fixed_where_it_can_be_no_other(
    top: Path, word: str, fixed: str | None
) -> None:
    write(top, a=f"posts:\n- at: 2027-03-01 09:00\n  accounts: {word}\n  text: hi\n")
    [problem] = both(top)[2]
    assert problem.code == "account.unknown"
    assert (problem.fix and problem.fix.text) == (f"  accounts: {fixed}" if fixed else None)


@pytest.mark.parametrize("between", [",", " / ", " | ", " und ", " and ", "，"])
def test_several_accounts_in_one_word_lose_none(top: Path, between: str) -> None:
    write(top, a=f"posts:\n- at: 2027-03-01 09:00\n  accounts: x{between}linkedin\n  text: hi\n")
    [problem] = both(top)[2]
    assert problem.fix is not None
    assert problem.fix.text == "  accounts: [x, linkedin]"


def test_a_time_and_hashtags_on_a_post_are_sent_to_their_place(top: Path) -> None:
    write(top, a=f"{POST}  text: hi\n  time: 18:00\n  hashtags: [lamp]\n")
    assert [(each.code, str(each.help or "").split("\n")[0]) for each in both(top)[2]] == [
        ("key.place", "Move it into `at`"),
        ("key.place", "Move it into the text"),
    ]


@pytest.mark.parametrize("wrong", ["date: 2027-03-02", "acounts: x", "message: hi"])
def test_a_misspelt_key_is_not_missed_as_well(top: Path, wrong: str) -> None:
    keys = {"date": "at: 2027-03-01 09:00", "acounts": "accounts: x", "message": "text: hi"}
    keys[wrong.partition(":")[0]] = wrong
    write(top, a="posts:\n- " + "\n  ".join(keys.values()) + "\n")
    assert codes(top) == ["key.unknown"]

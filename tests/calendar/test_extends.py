"""Settings that calendars share: what they bring, what wins, and where their problems are."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar import files
from publer_sync.calendar.files import read_file
from publer_sync.calendar.load import read
from publer_sync.calendar.publer_yaml import extends
from publer_sync.calendar.publer_yaml.extends import combined, drafts_by_default
from publer_sync.calendar.shape.schema import SETTINGS, SHARED, schema
from publer_sync.values.model import Limits
from tests.calendar.calendars import both, concise, one, write
from tests.tables import each_of
from tests.write_schema import shared

if TYPE_CHECKING:
    from publer_sync.calendar.document import FileKind
    from publer_sync.calendar.load import Calendar
    from publer_sync.calendar.yaml.nodes import Map

AGENCY = """\
timezone: Europe/Oslo
time: 09:00
prune: none
edits: overwrite
limits: {delete: 3, change: 7}
groups:
  words: [x, linkedin, bluesky]
  pictures: [instagram]
ignore: {text.again: we repeat ourselves}
defaults:
  accounts: words
  labels: [agency]
  title: Ours
  networks:
    x: {reply_settings: following}
"""
ACME = """\
extends: ../agency.yaml
accounts: {x: Me, linkedin: Us}
"""
POST = "posts:\n- at: 2027-03-02\n  text: hi\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "agency.yaml").write_text(AGENCY, encoding="utf-8")
    write(folder, publer=ACME, posts=POST)
    return folder


def problems(calendar: Calendar) -> list[tuple[str, str]]:
    found = sorted((*calendar.problems, *calendar.desired.problems), key=lambda each: str(each.location))
    return [(each.code, f"{each.location}:{each.location.column}") for each in found if each.location]


def test_a_calendar_has_what_the_file_says_that_it_extends(top: Path) -> None:
    calendar, desired, found = both(top)
    assert found == []
    settings = calendar.settings
    assert (settings.timezone, settings.prune, settings.edits) == ("Europe/Oslo", "none", "overwrite")
    assert settings.limits == Limits(3, 15, 7)
    assert {post.account.alias: post.content.network for post in desired.posts} == {
        "x": {"reply_settings": "following"},
        "linkedin": {},
    }
    for post in desired.posts:
        assert (f"{post.at:%H:%M}", post.content.labels, post.content.title) == ("08:00", ("agency",), "Ours")
        assert post.ignore == {"text.again": "we repeat ourselves"}
        assert str(post.place("title")) == "../agency.yaml:13"


@pytest.mark.parametrize(
    ("shared", "own", "state"),
    [
        ("git:publer-sync-state", "", "git:publer-sync-state"),
        ("ledger", "", "../ledger"),
        ("/var/ledger", "", "/var/ledger"),
        ("git:publer-sync-state", "git:other", "git:other"),
        ("git:publer-sync-state", "mine", "mine"),
    ],
)
def test_all_calendars_can_have_their_ledger_in_the_place_that_one_file_names(
    top: Path, shared: str, own: str, state: str
) -> None:
    (top.parent / "agency.yaml").write_text(f"{AGENCY}state: {shared}\n", encoding="utf-8")
    write(top, publer=ACME + (f"state: {own}\n" if own else ""))
    calendar, _, found = both(top)
    assert (found, calendar.settings.state) == ([], state)


def test_the_calendars_own_value_wins_key_by_key(top: Path) -> None:
    own = """\
timezone: UTC
limits: {delete: 5, change: null}
groups: {words: x}
defaults: {labels: [acme], title: null, networks: {x: {reply_settings: mentionedUsers}}}
"""
    write(top, publer=ACME + own)
    calendar, desired, found = both(top)
    assert found == []
    assert calendar.settings.limits == Limits(5, 15, None)
    assert calendar.groups.groups == {"words": ("x",), "pictures": ()}
    (post,) = desired.posts
    assert (post.account.alias, f"{post.at:%H:%M}", post.content.title) == ("x", "09:00", "")
    assert (post.content.labels, post.content.network) == (
        ("acme", "agency"),
        {"reply_settings": "mentionedUsers"},
    )


def test_a_time_in_the_shared_file_is_in_the_zone_of_the_calendar_where_it_names_none(top: Path) -> None:
    shared = "dates: {dawn: 2027-05-01 06:00, dusk: 2027-05-03 20:00}\ncadence: {holidays: [dawn, dusk]}\n"
    (top.parent / "agency.yaml").write_text(shared, encoding="utf-8")
    write(top, publer=f"{ACME}timezone: Asia/Tokyo\n")
    assert read(top).settings.cadence.holidays == {date(2027, 5, 1), date(2027, 5, 3)}


def test_a_default_of_the_calendar_wins_over_a_networks_default_that_is_shared(top: Path) -> None:
    (top.parent / "agency.yaml").write_text(
        AGENCY.replace("reply_settings: following", "title: Shared, for X"), encoding="utf-8"
    )
    write(top, publer=f"{ACME}defaults: {{title: Own}}\n")
    assert {post.content.title for post in both(top)[1].posts} == {"Own"}


def test_an_account_that_this_calendar_lacks_leaves_the_group_and_a_slip_does_not(top: Path) -> None:
    assert read(top).groups.groups == {"words": ("x", "linkedin"), "pictures": ()}
    (top.parent / "agency.yaml").write_text("groups: {words: [x, linkedn, tiktok]}\n", encoding="utf-8")
    assert problems(read(top))[0] == ("account.unknown", "../agency.yaml:1:21")
    write(top, publer=f"{ACME}groups: {{words: [x, tiktok]}}\n")
    assert ("account.unknown", "publer.yaml:3:21") in problems(read(top))


def test_a_post_for_a_group_without_accounts_here_is_an_error(top: Path) -> None:
    write(top, posts=one("pictures"))
    assert problems(read(top)) == [("account.none", "posts.yaml:2:3")]


def test_problems_of_the_file_are_at_its_lines(top: Path) -> None:
    text = "workspace: Us\nextends: more.yaml\nlimits: {name: 3}\ntime: 25:00\ntimezone: Europe/Olso\n"
    (top.parent / "agency.yaml").write_text(text, encoding="utf-8")
    calendar = read(top)
    assert calendar.excerpt("../agency.yaml") == [*text.splitlines(), ""]
    found = [each for each in calendar.problems if each.location and each.location.file == "../agency.yaml"]
    assert concise(found).splitlines()[:5] == [
        "1:1: error: `workspace` belongs to one calendar, not to settings that calendars share [key.place]",
        "    Move it to the calendar's publer.yaml",
        "2:1: error: settings that calendars share cannot extend others [key.place]",
        "    Copy those settings into this file, and remove this line",
        "3:10: error: the limits have no key `name` [key.unknown]",
    ]
    assert [each.location.line for each in found if each.location] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../nothing.yaml", "extends.file"),
        ("posts.yaml", "extends.file"),
        ("../agency.txt", "extends.file"),
        ("../secret.yaml", "extends.file"),
        ("../..", "extends.outside"),
        ("../../outside.yaml", "extends.outside"),
        ("../link.yaml", "extends.outside"),
        ("~/agency.yaml", "extends.outside"),
        ("{absolute}", "extends.outside"),
    ],
)
def test_a_file_that_cannot_be_extended_is_one_error(top: Path, name: str, code: str) -> None:
    """A calendar may come from a stranger: nothing outside the repository is read, nor shown with its errors."""
    for each in (top.parent / "agency.txt", top.parent.parent / "outside.yaml"):
        each.write_text("secret: yes\n", encoding="utf-8")
    (top.parent / "link.yaml").symlink_to(top.parent.parent / "outside.yaml")
    (top.parent / "secret.yaml").symlink_to(top.parent / "agency.txt")
    name = name.format(absolute=top.parent / "agency.yaml")
    write(top, publer=f"extends: {name}\naccounts: {{x: Me}}\n", posts=one("words"))
    assert problems(read(top)) == [(code, "publer.yaml:1:10")]
    (top.parent.parent / "outside.yaml").unlink()


@pytest.mark.parametrize("content", ["- a\n- list\n", "words\n", "\x00"])
def test_a_file_that_cannot_be_read_is_all_there_is_to_say(top: Path, content: str) -> None:
    """What it would have brought is unknown: groups, a time, a time zone."""
    (top.parent / "agency.yaml").write_text(content, encoding="utf-8")
    write(top, posts="posts:\n- at: 2027-03-02\n  accounts: words\n  text: hi\n")
    calendar = read(top)
    found = [each for each in (*calendar.problems, *calendar.desired.problems) if each.location]
    assert found
    assert {each.location.file for each in found if each.location} == {"../agency.yaml"}


def test_calendars_that_extend_one_file_read_it_once(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = top.parent / "bolt"
    other.mkdir()
    write(other, publer=ACME, posts=POST)
    (top.parent / "agency.yaml").write_text(f"{AGENCY}limit: {{}}\n", encoding="utf-8")
    files: list[str] = []

    def counted(path: Path, file: str, *rest: Any, **options: Any) -> Any:
        files.append(file)
        return read_file(path, file, *rest, **options)

    monkeypatch.setattr(extends, "read_file", counted)
    first, second = read(top), read(other)
    assert files == ["../agency.yaml"]
    assert problems(first) == problems(second) == [("key.unknown", "../agency.yaml:16:1")]
    (top.parent / "agency.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    assert read(other).settings.timezone == "UTC"


def test_the_schema_is_that_of_the_settings_without_what_belongs_to_one_calendar() -> None:
    """Where this fails, `python -m tests.write_schema` writes it anew."""
    assert schema(SHARED) == shared(schema(SETTINGS))
    assert {"workspace", "accounts", "extends", "media"}.isdisjoint(schema(SHARED)["properties"])


def test_a_shared_hold_may_name_accounts_that_a_calendar_does_not_have(top: Path) -> None:
    hold = "hold: {reason: a storm, accounts: [pictures]}\n"
    for of_all, own, codes in ((hold, "", []), ("", hold, ["account.none"])):
        (top.parent / "agency.yaml").write_text(f"groups: {{pictures: [all, -x]}}\n{of_all}")
        write(top, publer=f"extends: ../agency.yaml\naccounts: {{x: Me}}\n{own}", posts="posts: []\n")
        calendar = read(top)
        assert [each.code for each in calendar.problems] == codes
        assert calendar.settings.hold is None


def test_shared_slots_may_be_those_of_accounts_that_a_calendar_does_not_have(top: Path) -> None:
    slots = "slots: {%s: [mon 09:00], linkedin: [tue 10:00]}\n"
    for of_all, own, told in (
        ("nobody", "", []),
        ("linkdin", "", ["../agency.yaml:16"]),
        ("", "nobody", ["publer.yaml:3"]),
    ):
        (top.parent / "agency.yaml").write_text(AGENCY + (slots % of_all if of_all else ""))
        write(top, publer=ACME + (slots % own if own else ""))
        calendar = read(top)
        assert [str(each.location) for each in calendar.problems] == told
        assert [*calendar.settings.slots] == ["linkedin"]


def test_what_cannot_be_read_in_the_shared_file_takes_nothing_from_what_a_calendar_says_itself(
    top: Path,
) -> None:
    (top.parent / "agency.yaml").write_text(
        """people: {ola: 5, per: Per}
budget: {linkedin: {posts: 1/day}, linkedin: {posts: 2/day}, x: {posts: 9/day}}
slots: {linkedin: [mon 25:00]}
hosts: {own: [a.example], severity: maybe}
hold: {reason: Shared, labels: 5}
words: [{never: [ours]}]
""",
        encoding="utf-8",
    )
    own = """people: {kari: Kari}
budget: {x: {links: 3/week}}
slots: {x: [tue 9:00]}
hosts: {own: [b.example]}
hold: {reason: Own}
words: {rules: [{never: [mine]}], replace: true}
"""
    write(top, publer=ACME + own)
    settings = read(top).settings
    assert settings.people == {"per": "Per", "kari": "Kari"}
    assert [(each.of, each.kind, each.most) for each in settings.budgets] == [("x", "links", 3)]
    assert settings.slots == {"x": ((1, time(9)),)}
    assert (settings.hosts, settings.hold) == (None, None), "what they would be with the rest is not known"
    assert [[entry.written for entry in rule.never] for rule in settings.words] == [["mine"]]
    assert settings.replaced_words is not None
    assert settings.replaced_words.number == 1


def test_an_account_in_the_shared_file_is_one_error_and_gets_no_name_that_nobody_gave_it(top: Path) -> None:
    """No schema reads it there."""
    (top.parent / "agency.yaml").write_text("accounts: {sky: {provider: bluesky}}\n", encoding="utf-8")
    calendar = read(top)
    assert [each.code for each in calendar.problems] == ["key.place"]
    assert "None" not in [each.name for each in calendar.settings.accounts]


def said(text: str, kind: FileKind = "posts") -> Map:
    data = files.parse(text, "a.yaml", path=Path("a.yaml"), kind=kind).data
    assert data is not None
    return data


@each_of(
    ("shared", "own", "whole"),
    [
        ("time: 09:00", "timezone: UTC", {"time": "09:00", "timezone": "UTC"}),
        ("time: 09:00\nprune: none", "time: null", {"prune": "none"}),
        ("time: null", "time: 10:00", {"time": "10:00"}),
        ("limits: {delete: 1, change: 2}", "limits: {change: null, create: 3}", {"limits": {"delete": 1, "create": 3}}),
        ("people: {kari: Kari}", "people: null", {}),
        ("hosts: {own: [a.example]}", "hosts: [b.example]", {"hosts": ["b.example"]}),
        ("hosts: [a.example]", "hosts: {own: [b.example]}", {"hosts": {"own": ["b.example"]}}),
        ("a: {b: {c: 1, d: 2}}", "a: {b: {c: 3}}", {"a": {"b": {"c": 3}}}),
        ("hashtags: {core: [a], more: [b]}", "hashtags: {core: [c]}", {"hashtags": {"core": ["c"], "more": ["b"]}}),
    ],
)  # fmt: skip
def test_the_nearest_value_wins_and_null_takes_away(shared: str, own: str, whole: dict[str, Any]) -> None:
    layers = said(f"{shared}\n", "shared"), said(f"{own}\n", "settings")
    found = combined(layers)
    assert (found, combined(layers[1:]), combined([])) == (whole, layers[1], None)
    assert found is not None
    assert found.marks.keys() == found.keys()


@each_of(
    ("own", "never", "left_out"),
    [
        ("", ["theirs"], None),
        ("words: [{never: [mine]}]", ["theirs", "mine"], None),
        ("words: {rules: [{never: [mine]}]}", ["theirs", "mine"], None),
        ("words: {replace: false, rules: [{never: [mine]}]}", ["theirs", "mine"], None),
        ("words: {replace: true, rules: [{never: [mine]}]}", ["mine"], 1),
        ("words: {replace: true}", [], 1),
        ("words: {replace: true, rules: [{never: [a]}], rules: [{never: [b]}]}", ["theirs"], None),
        ("words: [{never: [a], labels: [b], labels: [c]}, {never: [b]}]", ["theirs"], None),
    ],
)
def test_rules_of_words_are_added_to_those_that_calendars_share_or_take_their_place(
    top: Path, own: str, never: list[str], left_out: int | None
) -> None:
    """Rules with an error take the place of none."""
    (top.parent / "agency.yaml").write_text("words: [{never: [theirs]}]\n", encoding="utf-8")
    settings = read(top, instead={"publer.yaml": f"{ACME}{own}\n".encode()}).settings
    assert [entry.written for rule in settings.words for entry in rule.never] == never
    replaced = settings.replaced_words
    assert (replaced.number if replaced is not None else None) == left_out


def test_drafts_by_default_are_those_of_the_nearest_file_that_says_so() -> None:
    yes, no, odd = (said(f"defaults: {each}\n") for each in ("{draft: true}", "{draft: false}", "[a]"))
    lost = files.parse("words", "a.yaml", path=Path("a.yaml"), kind="posts")
    assert [drafts_by_default(each, lost) for each in ([], [yes], [yes, no], [yes, odd])] == [
        False,
        True,
        False,
        True,
    ]

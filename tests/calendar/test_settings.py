"""The settings: the calendar's name, its workspace, and its accounts and groups by the words for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from publer_sync.calendar import files
from publer_sync.calendar.load import read
from publer_sync.calendar.publer_yaml.extends import drafts_by_default
from publer_sync.calendar.publer_yaml.settings import named, settings_of, state_from_here
from tests.calendar.calendars import SETTINGS, both, one, write
from tests.tables import each_of


def test_a_place_is_seen_from_the_file_that_names_it() -> None:
    places = ("./ledger", "git:state", "/var/ledger", "~/ledger", "../ledger")
    assert [state_from_here(each, "publer.yaml") for each in places] == [*places]
    assert [state_from_here(each, "../shared/a.yaml") for each in places] == [
        "../shared/ledger",
        *places[1:4],
        "../ledger",
    ]


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
    assert settings_of((), Path("/"), [])[0].name == "calendar"


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


@each_of(
    ("text", "code"),
    [
        ("accounts: {a: x/Me, b: x/Me}\n", "account.twice"),
        ("accounts: {all: Me}\n", "account.name"),
        ("accounts: {x: Me}\ngroups: {x: [x]}\n", "account.name"),
        ("accounts: {x: Me}\ngroups: {g: [y]}\n", "account.unknown"),
        ("accounts: {x: Me}\ngroups: {g: [h], h: [all, -i], i: [g]}\n", "account.circle"),
        ("accounts: {x: Me}\ngroups: {g: [g]}\n", "account.circle"),
        ("accounts: {a: {name: Me, provider: mars}}\n", "account.network"),
        ("accounts: {a: {provider: x}}\n", "key.value"),
        ("accounts: {a b: Me}\n", "key.value"),
        ("accounts: {x: {name: Me, max_characters: 1000}}\n", "key.place"),
        ("accounts: {x: {name: Me, max_characters: 0}}\n", "key.value"),
        ("accounts: {mastodon: {name: Me, max_characters: none}}\n", "key.type"),
        ("accounts: {mastodon: {name: Me, max_characters: 0}}\n", "key.value"),
        ("timezone: Berlin\n", "time.zone"),
        ("time: noon\n", "time.form"),
        ("prune: all\n", "key.value"),
        ("limits: {delete: -1}\n", "key.value"),
        ("limits: {deletes: 1}\n", "key.unknown"),
        ("hold: true\n", "key.type"),
        ("hold: {accounts: all}\n", "key.missing"),
        ('hold: {reason: " "}\n', "key.value"),
        ("hold: {reason: Why, days: 3}\n", "key.unknown"),
        ("accounts: {x: Me}\nhold: {reason: Why, accounts: y}\n", "account.unknown"),
    ],
)
def test_a_problem_in_the_settings_is_reported(top: Path, text: str, code: str) -> None:
    write(top, publer=text)
    calendar = read(top)
    assert [problem.code for problem in calendar.problems] == [code]
    assert all(problem.location and problem.location.file == "publer.yaml" for problem in calendar.problems)


@pytest.mark.parametrize(
    ("word", "fixed"),
    [
        ("linkdin", "linkedin"),
        ("LinkedIn", "linkedin"),
        ("linked-in", "linkedin"),
        ("linkedum", None),
        ("linkedin2", None),
        ("facebook_page", None),
        *(
            (f"x{between}linkedin", "[x, linkedin]")
            for between in (",", " / ", " | ", " und ", " and ", "，")
        ),
    ],
)
def test_an_unknown_account_is_only_fixed_where_it_can_be_no_other(
    top: Path, word: str, fixed: str | None
) -> None:
    write(top, a=one(word))
    [problem] = both(top)[2]
    assert problem.code == "account.unknown"
    assert (problem.fix and problem.fix.text) == (f"  accounts: {fixed}" if fixed else None)


def test_groups_contain_groups_and_leave_accounts_out(top: Path) -> None:
    groups = "groups: {most: [all, -quiet], quiet: [words, -x], words: [x, linkedin], deep: [most, quiet]}\n"
    write(top, publer=SETTINGS.replace("groups: {words: [x, linkedin]}\n", groups))
    calendar = read(top)
    assert calendar.problems == ()
    assert calendar.groups.groups == {
        "most": ("facebook", "x"),
        "quiet": ("linkedin",),
        "words": ("x", "linkedin"),
        "deep": ("facebook", "x", "linkedin"),
    }


def test_a_group_in_itself_is_one_error_that_names_the_way(top: Path) -> None:
    write(top, publer="accounts: {x: Me}\ngroups:\n  a: [x, b]\n  b: [c]\n  c: [x, a]\n  d: [a]\n")
    (problem,) = read(top).problems
    assert problem.message == "a group cannot contain itself: `a` contains `b` contains `c` contains `a`"
    assert str(problem.location) == "publer.yaml:3"


@pytest.mark.parametrize(
    ("accounts", "aliases"),
    [
        ("[all, -linkedin]", ["facebook", "x"]),
        ("[-words, all]", ["facebook"]),
        ("[words, facebook, -twitter]", ["facebook", "linkedin"]),
        ("\n  - all\n  - -linkedin", ["facebook", "x"]),
        ("[{account: all, labels: [a]}, -x]", ["facebook", "linkedin"]),
    ],
)
def test_accounts_can_be_left_out(top: Path, accounts: str, aliases: list[str]) -> None:
    write(top, a=one(accounts))
    _, desired, problems = both(top)
    assert problems == []
    assert sorted(post.account.alias or "" for post in desired.posts) == aliases


@pytest.mark.parametrize(
    ("accounts", "found", "column"),
    [
        ("-linkedin", "account.left-out", 13),
        ("[-linkedin, -x]", "account.left-out", 14),
        ("[x, linkedin, -x]", "account.left-out", 27),
        ("[x, linkedin, -twitter]", "account.left-out", 27),
        ("[all, -words, linkedin]", "account.left-out", 19),
        ("[all, -words, {account: x, labels: [a]}]", "account.left-out", 19),
        ("[all, -linkdin]", "account.unknown", 20),
        ("[x, -linkedin]", "account.unused", 17),
        ("[words, -x, -linkedin]", "account.none", 3),
        ("[{account: -x}, linkedin]", "account.unknown", 24),
    ],
)
def test_what_cannot_be_left_out_is_told(top: Path, accounts: str, found: str, column: int) -> None:
    write(top, a=one(accounts))
    problem = both(top)[2][0]
    assert problem.location is not None
    assert (problem.code, problem.location.column) == (found, column)
    if problem.fix is not None:
        assert problem.fix.text == "  accounts: [all, -linkedin]"


def test_a_share_leaves_accounts_out_too(top: Path) -> None:
    write(top, a=one("facebook", "text: hi\n  share: {accounts: [all, -x, -facebook], after: 1h}"))
    _, desired, problems = both(top)
    assert problems == []
    share = desired.posts[0].content.share
    assert share is not None
    assert share.accounts == ("alias:linkedin",)


def test_a_hold_leaves_accounts_out_too(top: Path) -> None:
    write(top, publer=f"{SETTINGS}hold: {{reason: a storm, accounts: [all, -words]}}\n")
    hold = read(top).settings.hold
    assert hold is not None
    assert hold.accounts == ("facebook",)


@pytest.mark.parametrize("accounts", ["[x, -x]", "none", "[-x]"])
def test_a_hold_of_no_account_is_an_error_and_not_one_of_them_all(top: Path, accounts: str) -> None:
    groups = SETTINGS.replace("groups: {", "groups: {none: [x, -x], ")
    write(top, publer=f"{groups}hold: {{reason: a storm, accounts: {accounts}}}\n")
    calendar = read(top)
    assert calendar.settings.hold is None
    assert [(each.code, str(each.location)) for each in calendar.problems] == [
        ("account.none", "publer.yaml:7")
    ]


@each_of(
    "named, env, told",
    [
        ("63c675e94e299e9cf2b667ec", "63c675e94e299e9cf2b667ed", True),
        ("63c675e94e299e9cf2b667ec", "63c675e94e299e9cf2b667ec", False),
        ("Ours", "63c675e94e299e9cf2b667ed", False),
        ("63c675e94e299e9cf2b667ec", "Ours", False),
        ("Ours", "Theirs", False),
        ("63c675e94e299e9cf2b667ec", None, False),
        ("63c675e94e299e9cf2b667ec", "", False),
        (None, "63c675e94e299e9cf2b667ed", False),
    ],
)
def test_two_workspaces_are_told_where_both_are_ids(
    tmp_path: Path, named: str | None, env: str | None, told: bool
) -> None:
    """Whether a name and an id are the same is Publer's to say."""
    line = f"workspace: {named}\n" if named else ""
    write(tmp_path, publer=f"timezone: UTC\naccounts: {{x: Me}}\n{line}")
    found = [each.code for each in read(tmp_path, workspace_env=env).problems]
    assert ("workspace.two" in found) is told


@each_of(
    "outer, own, drafts",
    [
        ((), None, False),
        (("draft: true",), None, True),
        (("draft: true", "draft: false"), None, False),
        (("draft: false",), "draft: true", True),
        (("draft: true",), "draft: null", False),
        (("draft: true",), "labels: [a]", True),
    ],
)
def test_whether_a_new_post_is_a_draft_follows_from_the_nearest_defaults(
    tmp_path: Path, outer: tuple[str, ...], own: str | None, drafts: bool
) -> None:
    layers, document = [], None
    for number, line in enumerate(outer):
        parsed = files.parse(f"defaults: {{{line}}}\n", f"{number}.yaml", path=tmp_path, kind="settings")
        assert parsed.data is not None
        layers.append(parsed.data)
    if own is not None:
        document = files.parse(f"defaults: {{{own}}}\nposts: []\n", "a.yaml", path=tmp_path, kind="posts")
    assert drafts_by_default(layers, document) is drafts


@each_of(
    "raw, inner, name",
    [
        (b"name: Acme\n", "shop", "Acme"),
        (b"timezone: UTC\n", "shop", "shop"),
        (b"timezone: UTC\n", "", "calendar"),
        (b"name: Acme\nname: Other\n", "shop", None),
        (b"name: Acme\ngroups: [\n", "shop", None),
        (b"\xff\xfe", "shop", None),
        (b"", "shop", "shop"),
    ],
)
def test_settings_say_what_their_calendar_is_called(raw: bytes, inner: str, name: str | None) -> None:
    assert named(raw, inner) == name

"""Into which file a new post goes, before which post of it, and how a copy says its time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.adding import add_new, copy_post
from publer_sync.studio.moving import moment_of
from publer_sync.studio.orders import NewOrder
from publer_sync.studio.working import WorkingFiles
from tests.studio.repositories import committed
from tests.studio.snapshots import opened, write
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = "timezone: Europe/Oslo\naccounts: {x: X, linkedin: L, facebook: F}\ndates: {fair: 2027-03-20}\n"
HEAD = "posts:\n"
NINTH, TENTH, TWELFTH = (
    f"- {{id: {name}, at: 2027-03-{day} 09:00, accounts: x, text: Post}}\n"
    for name, day in (("ninth", "09"), ("tenth", 10), ("twelfth", 12))
)
WAITS = "- {id: waits, accounts: x, text: Waits}\n"
MARCH = "2027-03.yaml"


def work_on(top: Path, files: Mapping[str, str]) -> WorkingFiles:
    return WorkingFiles(opened(top, {"publer.yaml": SETTINGS, **files}).snapshot)


def order(**given: Any) -> NewOrder:
    new = {
        "calendar": "",
        "day": "2027-03-11",
        "time": "09:00",
        "accounts": ["x"],
        "text": "New",
        "id": "new",
    }
    return NewOrder.from_json(new | given)


@each_of(
    ("files", "given", "file", "before"),
    [
        # in the file of the month, or in another one that fits
        ({}, {}, MARCH, ""),
        ({"posts.yaml": HEAD + NINTH}, {}, MARCH, ""),
        ({"2027-03-launch.yaml": HEAD + NINTH}, {}, "2027-03-launch.yaml", ""),
        ({"2027-03-launch.yaml": HEAD + NINTH}, {"day": "2027-04-11"}, "2027-04.yaml", ""),
        ({"2027-03-launch.yaml": HEAD + NINTH, "2027-03-more.yaml": HEAD}, {}, MARCH, ""),
        ({"2027-03-launch.yaml": f"accounts: x\ndates: {{}}\n{HEAD}{NINTH}"}, {}, "2027-03-launch.yaml", ""),
        ({"2027-03-launch.yaml": f"time: 10:00\n{HEAD}{NINTH}"}, {}, MARCH, ""),
        ({"2027-03-launch.yaml": "accounts: x\n"}, {}, MARCH, ""),
        ({MARCH: f"time: 10:00\n{HEAD}{NINTH}"}, {}, MARCH, ""),
        ({MARCH: f"time: 10:00\n{HEAD}{NINTH}", "2027-03-launch.yaml": HEAD + TENTH}, {}, MARCH, ""),
        # never in what is no file of posts
        ({"2027-03-broken.yaml": "No posts\n"}, {}, MARCH, ""),
        ({"2027-03-page.md": f"---\n{HEAD}{NINTH}---\nPost\n"}, {}, MARCH, ""),
        ({"publer.yaml": f"{SETTINGS}extends: ../2027-03-all.yaml\n", "../2027-03-all.yaml": "posts: []\n"}, {}, MARCH, ""),
        ({"publer.yaml": f"{SETTINGS}pages: [{{files: blog/*.md, url: 'https://example.com/{{slug}}/'}}]\n", "blog/2027-03-news.md": f"---\ntitle: News\ndate: 2027-03-01\nsocial:\n{NINTH}---\nNews\n"}, {}, MARCH, ""),
        # where somebody chose
        ({}, {"file": "chosen.yaml"}, "chosen.yaml", ""),
        ({"chosen.yaml": ""}, {"file": "chosen.yaml"}, "chosen.yaml", ""),
        ({"chosen.yaml": "No posts\n"}, {"file": "chosen.yaml"}, None, "can't take another post"),
        ({"chosen.yaml": f"timezone: Nowhere\n{HEAD}"}, {"file": "chosen.yaml"}, "chosen.yaml", ""),
        # before the first one that is later, where they are in order
        ({MARCH: HEAD + NINTH + TENTH + TWELFTH}, {}, MARCH, "twelfth"),
        ({MARCH: HEAD + TENTH + TWELFTH}, {"day": "2027-03-10", "time": "08:59"}, MARCH, "tenth"),
        ({MARCH: HEAD + TENTH + TWELFTH}, {"day": "2027-03-10"}, MARCH, "twelfth"),
        ({MARCH: HEAD + NINTH + TENTH}, {}, MARCH, ""),
        ({MARCH: HEAD + TWELFTH + NINTH + TENTH}, {}, MARCH, ""),
        ({MARCH: HEAD + NINTH + TENTH + TWELFTH + WAITS}, {}, MARCH, ""),
    ],
)  # fmt: skip
def test_a_new_post_goes_where_it_belongs(
    tmp_path_factory: pytest.TempPathFactory,
    files: Mapping[str, str],
    given: dict[str, Any],
    file: str | None,
    before: str,
) -> None:
    top = tmp_path_factory.mktemp("adding") / "calendar"
    if any(name.startswith("blog/") for name in files):
        committed(write(top, files), "First")
    work = work_on(top, files)
    if file is None:
        with pytest.raises(Unsafe, match=before):
            add_new(work, order(**given))
        return
    add_new(work, order(**given))
    assert [*work.files] == [file]
    assert [each.said["x"]["text"] for each in work.added] == ["New"]
    after = work.snapshot.calendar.with_files(work.files)
    posts = [each for each in after.entries if each.document.file == file]
    ids = [each.id for each in posts]
    place = ids.index("new") + 1
    assert ids[place : place + 1] == ([before] if before else [])
    assert posts[place - 1].data["at"][4:] == f"{given.get('day', '2027-03-11')} {given.get('time', '09:00')}"


TIP = "posts:\n- {id: tip, evergreen: {every: 8w}, accounts: x, text: Tip}\n"
WEEKLY = "repeat: {every: week, until: 2027-04-01}"


def copy_later(work: WorkingFiles) -> None:
    """Copy the first post of March, three days later on each account."""
    entry = next(each for each in work.snapshot.calendar.entries if each.document.file == MARCH)
    wanted = {
        each.alias: at + timedelta(days=3)
        for each in work.snapshot.placed[entry.place]
        if (at := moment_of(each, None)) is not None
    }
    copy_post(work, entry, wanted, entry.id)


@each_of(
    ("head", "post", "copies"),
    [
        ("", "id: a, at: 2027-03-09 09:00, accounts: x", ["id: a-2|at: 2027-03-12 09:00|accounts: x", "id: a-3|at: 2027-03-12 09:00|accounts: x"]),
        ("", "id: a, at: Tue 2027-03-09 09:00, accounts: x", ["id: a-2|at: Fri 2027-03-12 09:00|accounts: x"]),
        ("", "at: 2027-03-09 09:00, accounts: x", ["at: 2027-03-12 09:00|accounts: x", "at: 2027-03-12 09:00|accounts: x"]),
        ("time: 09:00\n", "id: a, at: 2027-03-09, accounts: x", ["id: a-2|at: 2027-03-12|accounts: x"]),
        ("timezone: Asia/Tokyo\n", "id: a, at: 2027-03-09 09:00, accounts: x", ["id: a-2|at: 2027-03-12 09:00|accounts: x"]),
        # counted from a date where it can be named, and with its repetitions only where that is wanted
        ("", "id: a, at: fair 09:00, accounts: x", ["id: a-2|at: fair + 3d 09:00|accounts: x"]),
        ("", "at: fair 09:00, accounts: x", ["at: Tue 2027-03-23 09:00|accounts: x"]),
        ("", f"id: a, at: 2027-03-09 09:00, accounts: x, {WEEKLY}", ["id: a-2|at: 2027-03-12 09:00|accounts: x"]),
        # with the times of its accounts
        ("", "id: a, at: 2027-03-09 09:00, accounts: [{account: linkedin, at: 2027-03-10 10:00}, x]", ["id: a-2|at: 2027-03-12 09:00|accounts:|- account: linkedin|at: 2027-03-13 10:00|- x"]),
        ("", "id: a, accounts: [{account: linkedin, at: 2027-03-09 10:00}]", ["id: a-2|at: 2027-03-12 10:00|accounts:|- account: linkedin|at: 2027-03-12 10:00"]),
        # a use has no id
        ("", "use: tip, at: 2027-03-09 09:00", ["use: tip|at: 2027-03-12 09:00", "use: tip|at: 2027-03-12 09:00"]),
        ("", "use: tip, id: mine, at: 2027-03-09 09:00", ["use: tip|at: 2027-03-12 09:00"]),
    ],
)  # fmt: skip
def test_a_copy_says_its_time_as_the_post_does(
    tmp_path_factory: pytest.TempPathFactory, head: str, post: str, copies: list[str]
) -> None:
    start = f"{head}{HEAD}- {{{post}}}\n"
    work = work_on(tmp_path_factory.mktemp("copies"), {MARCH: start, "store.yaml": TIP})
    for _ in copies:
        copy_later(work)
    added = (work.files[MARCH] or b"").decode().removeprefix(start)
    lines = "|".join(
        line.strip().removeprefix("- ") if line.startswith("- ") else line.strip()
        for line in added.splitlines()
    )
    assert lines == "|".join(copies)


def test_a_copy_stands_where_the_time_of_most_of_its_accounts_is(tmp_path: Path) -> None:
    post = (
        "- {id: a, at: 2027-03-09 09:00, accounts: [{account: linkedin, at: 2027-03-15 10:00}, x], text: A}\n"
    )
    work = work_on(tmp_path, {MARCH: HEAD + post + TWELFTH.replace("-12", "-13")})
    copy_later(work)
    assert [each.id for each in work.snapshot.calendar.with_files(work.files).entries] == [
        "a",
        "a-2",
        "twelfth",
    ]

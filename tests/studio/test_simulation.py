"""Many random changes, undo, redo, and edits on the disk between them: the files always say what the studio says they do."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.edit import studio_of
from publer_sync.studio import studio as studios
from publer_sync.studio.orders import change_request
from tests.calendar.calendars import places
from tests.studio.desk import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.studio.studio import Studio

SETTINGS = """timezone: Europe/Berlin
time: 09:00
dates: {launch: 2027-03-20}
accounts: {x: Me, facebook: Us, linkedin: We, bluesky: me.example}
groups: {words: [x, bluesky]}
defaults: {labels: [calendar]}
"""
FILES = {
    "march.yaml": """# keep: the file of March
accounts: [facebook, linkedin]
posts:
# keep: the first post
- id: one
  at: Tue 2027-03-02 10:00   # keep: its time
  text: |
    One
  labels: [a, b]

- at: 2027-03-03
  accounts: words
  text: 'It''s in quotes'
  note: "keep: no comment"
- {id: flow, at: 2027-03-04 12:00, accounts: [x, facebook], text: "In braces"}
- id: many
  at: Fri 2027-03-05 10:30
  accounts:
  - x
  - account: linkedin   # keep: with words of its own
    text: |
      For LinkedIn
  - facebook
  networks:
    x:
      at: 11:00
  text: >
    Folded
    words
- id: counted
  at: launch - 7d 09:30
  accounts: bluesky
  text: Counted
""",
    "plain.yaml": """# keep: the file of April
accounts: [x, bluesky]
posts:
- id: first
  at: Fri 2027-03-12 10:00
  text: The first
# keep: the second
- at: Sat 2027-03-13 10:00
  text: |
    The second
    of two lines
- at: Sun 2027-03-14 10:00
  accounts: facebook
  text: The third
- id: fourth
  at: Mon 2027-03-15 10:00
  text: The fourth
""",
    "crlf.yaml": "posts:\r\n- id: crlf\r\n  at: 2027-03-10 08:00\r\n  accounts: all\r\n  text: |\r\n    Line ends\r\n    of another kind\r\n",
    "series.yaml": """posts:
- id: tip
  at: Tue 2027-03-09
  accounts: bluesky
  text: |
    A tip
  repeat:
    every: week   # keep: weekly
    until: 2027-04-06
    except: [2027-03-23]
""",
    "story.md": "---\nid: story\nat: 2027-03-25 08:30\naccounts: linkedin\n---\n\nA long story.\n",
}
TEXTS = (
    "Short",
    "Two\nlines",
    "A: b # c",
    "  outer  ",
    "'quoted' \"twice\"",
    "🔦 emoji",
    "- a list\n- of two",
    "# hash",
    "x" * 300,
)


def do_something(chance: random.Random, studio: Studio) -> int:
    """One random change; its status."""
    posts = studio.posts()["posts"]
    kind = chance.choice(
        [
            "move",
            "move",
            "edit",
            "edit",
            "edit",
            "accounts",
            "new",
            "remove",
            "duplicate",
            "swap",
            "undo",
            "redo",
        ]
    )
    if kind in ("undo", "redo"):
        return (studio.undo() if kind == "undo" else studio.redo()).status
    post = chance.choice(posts) if posts else None
    day = f"2027-03-{chance.randint(1, 31):02}"
    accounts = chance.sample(["x", "facebook", "linkedin", "bluesky"], chance.randint(1, 4))
    part = (
        chance.choice(post["series"]["parts"])["part"]
        if post and post["series"] and post["series"]["parts"]
        else None
    )
    more: dict[str, Any] = {"part": part, "series": chance.choice(["this", "all"])} if part else {}
    do: dict[str, Any] = {}
    match kind:
        case "move":
            do = {
                "move": {
                    "day": day,
                    **(
                        {"time": f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}"}
                        if chance.random() < 0.5
                        else {}
                    ),
                    **more,
                }
            }
            if post and not part and chance.random() < 0.3:
                do["move"]["accounts"] = chance.sample(post["accounts"], 1) if post["accounts"] else []
        case "edit":
            do = {
                "edit": chance.choice(
                    [
                        {"text": chance.choice(TEXTS)},
                        {"texts": {chance.choice(accounts): chance.choice([*TEXTS, None])}},
                        {"labels": ["calendar", *chance.sample("abcd", chance.randint(0, 3))]},
                        {"draft": chance.random() < 0.5},
                        {"note": chance.choice(["", "A note: with a colon", "Short"])},
                        {"link": chance.choice([None, "https://example.com/a"])},
                        {"title": chance.choice(["", "A title, with a comma"])},
                        {"comment": chance.choice([None, {"text": "First", "after": "1h"}])},
                        {
                            "thread": chance.choice(
                                [
                                    [],
                                    [{"text": "two"}, {"text": "three"}],
                                    [{"text": "three", "was": 1}, {"text": "two", "was": 0}],
                                ]
                            )
                        },
                        {"poll": chance.choice([None, {"options": ["Yes", "No"], "duration": "3d"}])},
                    ]
                )
            }
        case "accounts":
            do = {"edit": {"accounts": accounts}}
        case "new":
            do = {
                "new": {
                    "calendar": "",
                    "day": day,
                    "time": "15:00",
                    "accounts": accounts,
                    "text": chance.choice(TEXTS),
                }
            }
        case "remove":
            do = {"remove": more}
        case "duplicate":
            do = {"duplicate": {"day": day, **({"part": part} if part else {})}}
        case "swap":
            other = chance.choice(posts) if posts else None
            at: dict[str, Any] = {**other["at"]} if other else {}
            there = {"day": at["day"], "time": at["time"]} if at.get("day") else {"day": day}
            do = {"swap": {"with": other["key"], "move": there}} if other else {}
    request: dict[str, Any] = {"do": do}
    if kind != "new" and post is not None:
        request |= {"key": post["key"], "revision": post["revision"]}
    elif kind != "new":
        return 409
    return studio.change(change_request(request), do).status


def write_something(chance: random.Random, top: Path) -> None:
    """What somebody does meanwhile in an editor."""
    path = chance.choice(sorted(top.glob("*.yaml")))
    if path.name == "publer.yaml":
        return
    raw = path.read_bytes()
    match chance.randint(0, 2):
        case 0:
            path.write_bytes(raw + b"# keep: somebody's line\n" if raw.endswith(b"\n") else raw)
        case 1:
            path.write_bytes(raw.replace(b"text: |\n    ", b"text: |\n    Typed elsewhere: ", 1))
        case 2:
            path.write_bytes(b"# keep: above\n" + raw)


def contents(top: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in top.iterdir() if each.is_file()}


def meanings(posts: Any) -> list[tuple[Any, ...]]:
    return [(post.account.alias, post.at, post.content, post.id, post.location) for post in posts]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "many"), [(1, 1000), (2, 0), (3, 0)])
def test_the_files_say_what_the_studio_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, many: int
) -> None:
    """`many`: from how many posts on only what a change can affect is judged. The second half has nobody at the files."""
    monkeypatch.setattr(studios, "MANY", many)
    chance, top = random.Random(seed), tmp_path
    (top / "publer.yaml").write_text(SETTINGS)
    for name, text in FILES.items():
        (top / name).write_bytes(text.encode())
    studio = studio_of([top], read_only=False, now=lambda: NOW)
    done, alone = 0, set[str]()
    for number in range(60):
        if number == 30:  # from here on everything can be undone
            while studio.history.done:
                studio.history.done.pop()
            studio.history.undone.clear()
            first = contents(top)
        if number < 30 and chance.random() < 0.2:
            write_something(chance, top)
        before = contents(top)
        status = do_something(chance, studio)
        assert status in (200, 409, 422)
        done += status == 200
        if status != 200:
            assert contents(top) == before
        opened = studio.opened[0]
        fresh = read(top)
        assert meanings(opened.calendar.desired.posts) == meanings(fresh.desired.posts)
        judged = fresh.judge(fresh.desired, now=NOW)
        assert {*opened.snapshot.problems} == {*judged}
        assert [(each.raw, each.written, places(each.data)) for each in opened.calendar.documents] == [
            (each.raw, each.written, places(each.data)) for each in fresh.documents
        ]
        alone |= {each.file for each in opened.calendar.documents if each.base is not None}
        assert {entry.place for entry in opened.keys.entries.values()} == {
            entry.place for entry in fresh.entries
        }
        shelf = top / ".publer-sync" / "unfinished"
        assert not shelf.exists() or not any(shelf.iterdir())
    assert done > 20
    assert alone  # only the post that changed was read again
    last = contents(top)
    steps = len(studio.history.done)
    for _ in range(steps):
        assert studio.undo().status == 200
    assert contents(top) == first
    for _ in range(steps):
        assert studio.redo().status == 200
    assert contents(top) == last
    together = b"".join(last.values())
    assert b"# keep: the file of March" in together

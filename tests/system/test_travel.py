"""A key that travels: whatever the schema lets a calendar say arrives at Publer, is compared, and is shown everywhere.

The sweep writes two posts for every key and network, which differ in that key alone. Wherever they end up alike, but for
their names, days and lines, the key was lost on its way.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest import mock

import pytest

from publer_sync.calendar.load import read
from publer_sync.calendar.shape import schema
from publer_sync.ledger.folder_store import parts_in
from publer_sync.networks.table import NETWORKS
from publer_sync.render import explain, markdown
from publer_sync.sandbox import Seed, SeedAccount
from publer_sync.values.post_keys import POST_KEYS
from tests import travel
from tests.test_docs import MEDIA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli, MakeSandbox
    from tests.travel import Case

SEED: Final = Seed(
    accounts=tuple(SeedAccount(f"acc{number:021x}", key, "Fjordlight") for number, key in enumerate(NETWORKS))
)
ACCOUNTS: Final = {account.id: account.provider for account in SEED.accounts}
SETTINGS: Final = {
    "timezone": "UTC",
    "accounts": {
        network.code: {"name": "Fjordlight", "provider": network.code} for network in NETWORKS.values()
    },
    "hashtags": {"core": ["fjordlight"], "local": ["bergen"]},
    "utm_hosts": ["example.com"],
}
FILES: Final = {
    **MEDIA,
    "launch.png": MEDIA["lamp.png"],
    "card.png": MEDIA["box.png"],
    "still.jpg": MEDIA["lamp.png"],
    "film.mp4": MEDIA["lamp.mp4"] + b"\0\0\0\x08free",
}
SCENERY: Final = re.compile(r"\s*$|</?details>|<summary><b>|\w{3} \d+ \w{3}( \d{4})?$")
"""Lines between two posts, such as the heading of a day."""
MADE_UP: Final = re.compile(
    r"(?<=yaml:)\d+|(?<=line )\d+|(?<=Publer's id )\w+|(?<=\"id\": \")[0-9a-f]{10}(?=\")|(?<=data-subjects=\")\w+"
)
"""Numbers of lines, and ids that differ for every post."""
NAME: Final = re.compile(r"\bk\d+[ab]\b")


SAME: Final = "nothing"
NOTE: Final = travel.Case(
    NETWORKS["twitter"],
    "note",
    {"text": "Words of NAME", "note": "One"},
    {"text": "Words of NAME", "note": "Two"},
)
NEVER_SENT: Final = {"explain", "Publer", "comment on a change", "change"}
"""What says nothing of a note; `explain` shows it among the lines of the file."""
SHOWN: Final = {"text", "title", "type", "link", "media", "labels", "draft"}
"""The keys that Publer shows of a scheduled post, as far as a calendar can say them."""
LEFT: Final = {"document", "article", "event", "offer"}
"""Types of which Publer does not show everything that belongs to them, so that pull leaves them."""
HIDDEN: Final = {
    "link.title",
    "link.description",
    "link.image",
    "link.call_to_action",
    "link.phone_number",
}
"""Parts of them that it does not show."""
CONTROLS: Final = [
    travel.Case(network, SAME, base, base)
    for network in NETWORKS.values()
    for base in [travel.base_for(network, (SAME,))]
]
"""Posts that differ in nothing: what tells them apart would tell any apart, lost or not."""
WITHOUT_IDS: Final = {
    "plan",
    "comment",
    "explain",
    "preview",
    "plan of a change",
    "comment on a change",
}
"""Here an ID tells a reader nothing: they say that one is set, and of a change that it is another one."""
FIELDS: Final = {key.name: key.joins for key in POST_KEYS.values() if key.joins}
"""What differs in a plan, where that is not the key itself."""


class Travelling(NamedTuple):
    """One of the two posts of a case."""

    name: str
    case: Case
    at: datetime
    post: Mapping[str, Any]

    @property
    def entry(self) -> dict[str, Any]:
        """The post as a calendar has it."""
        post = json.loads(json.dumps(self.post).replace("NAME", self.name))
        return {
            "id": self.name,
            "at": f"{self.at:%Y-%m-%d %H:%M}",
            "accounts": self.case.network.code,
            **post,
        }

    @property
    def key(self) -> tuple[str, str]:
        return self.case.network.code, f"{self.at:%Y-%m-%dT%H:%M}:00Z"

    def alike(self, said: str) -> str:
        """What was said of it without its name, its day and its lines."""
        for words in (self.name, *_days(self.at.date()), f"{self.at:%H:%M}"):
            said = said.replace(words, "·")
        return MADE_UP.sub("·", said)


def _days(day: date) -> tuple[str, ...]:
    return (f"{day:%a} {day.day} {day:%b} {day.year}", f"{day:%a} {day.day} {day:%b}", day.isoformat())


class Scene:
    def __init__(self, top: Path, sandbox: Sandbox, cli: Cli, cases: Iterable[Case]) -> None:
        self.top, self.sandbox, self._cli = _calendar(top, SETTINGS), sandbox, cli
        library = {
            each: sandbox.add_media(each) for kinds in (travel.PICTURES, travel.FILMS) for each in kinds["id"]
        }
        first = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
        self.posts: list[Travelling] = []
        for number, case in enumerate(cases):
            for side, post in (("a", case.one), ("b", case.other)):
                text = json.dumps(post)
                for word, known in library.items():
                    text = text.replace(word, known)
                at = first + timedelta(days=len(self.posts) // 12, minutes=2 * (len(self.posts) % 12))
                self.posts.append(Travelling(f"k{number}{side}", case, at, json.loads(text)))

    def exported(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What the calendar says of each post, by its account and time."""
        posts = json.loads(self.run("export", ".", "--format", "json"))["posts"]
        return {(each["account"]["alias"], each["scheduled_at"]): each["post"] for each in posts}

    @property
    def pairs(self) -> list[tuple[Travelling, Travelling]]:
        """Without the last, after which pages have more to say."""
        return list(zip(self.posts[:-2:2], self.posts[1:-2:2], strict=True))

    def write(self, posts: Iterable[Travelling]) -> None:
        lines = ["posts:"]
        for each in posts:
            head, *rest = [f"{key}: {json.dumps(value)}" for key, value in each.entry.items()]
            lines += [f"- {head}", *(f"  {line}" for line in rest)]
        (self.top / "posts.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, *words: str | Path, codes: tuple[int, ...] = (0,)) -> str:
        env = {"PUBLER_BASE_URL": self.sandbox.url, "PUBLER_API_KEY": self.sandbox.key}
        ran = self._cli(*words, cwd=self.top, env=env)
        assert ran.code in codes, ran.stdout[:15000] + ran.stderr[:5000]
        return ran.stdout

    def explained(self) -> dict[str, str]:
        """Without the lines of the file, where every key is."""
        page = self.run("explain", "words of", "--offline")
        return self.apart("\n".join(line for line in page.splitlines() if not re.match(r" *\d+ \| ", line)))

    def previewed(self) -> dict[str, str]:
        file = self.top.parent / "page.html"
        self.run("preview", ".", "--out", file)
        _, *cards = file.read_text(encoding="utf-8").split("<article")
        return self.apart("\n".join(" ".join(card.partition("</article>")[0].split()) for card in cards))

    def sent(self) -> dict[str, str]:
        """What Publer was asked to schedule, by the posts' names."""
        done = json.loads(self.run("apply", ".", "--yes", "--format", "json", codes=(0, 6)))
        cases = {each.name: each.case for each in self.posts}
        failed = [
            f"{cases[each['id']]}: {each['message']} {each['publer_said']}"
            for each in done["results"]
            if each["outcome"] != "applied"
        ]
        assert failed == []
        by_slot = {
            (ACCOUNTS[post["account_id"]], post["at"]): [post["state"], post["sent"]]
            for post in self.sandbox.posts()
        }
        return {
            each.name: each.alike(json.dumps(by_slot[each.case.network.key, each.at], sort_keys=True))
            for each in self.posts
        }

    def unheld(self) -> list[str]:
        """The posts that have a label in Publer by which `hold` does not find them, whatever key it came from."""
        by_label: dict[str, set[tuple[str, datetime]]] = {}
        for post in self.sandbox.posts():
            for label in post["sent"]["account"].get("labels", ()):
                by_label.setdefault(label, set()).add((ACCOUNTS[post["account_id"]], post["at"]))
        assert by_label
        found = []
        for label, slots in by_label.items():
            asked = ("--reason", "Why", "--label", label, "--diff", "--format", "json")
            held = {each["id"] for each in json.loads(self.run("hold", ".", *asked, codes=(0, 6)))["posts"]}
            found += [
                f"{each.case}: hold --label {label}"
                for each in self.posts
                if (each.case.network.key, each.at) in slots and each.name not in held
            ]
        return found

    def apart(self, page: str, *, after: str = "") -> dict[str, str]:
        """What a page says of each post: from the line that names it first to the next one's."""
        found: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in page[page.index(after) :].splitlines() if after else page.splitlines():
            if SCENERY.match(line):
                continue
            if (named := NAME.search(line)) and named[0] not in found:
                lines = found[named[0]] = []
            lines.append(line)
        by_name = {each.name: each for each in self.posts}
        return {name: by_name[name].alike("\n".join(lines)) for name, lines in found.items()}


@pytest.fixture
def make_scene(tmp_path: Path, make_sandbox: MakeSandbox, cli: Cli) -> Callable[[Iterable[Case]], Scene]:
    return lambda cases: Scene(tmp_path / "social", make_sandbox(SEED), cli, cases)


@pytest.mark.slow
def test_every_key_travels_to_publer_and_is_shown_on_every_page(
    make_scene: Callable[[Iterable[Case]], Scene],
) -> None:
    lost = lost_on_the_way(make_scene([*travel.cases(), NOTE, *CONTROLS, CONTROLS[0]]))
    assert not lost, "\n".join(["lost on its way:", *lost])


def lost_on_the_way(scene: Scene) -> list[str]:
    """Each case with a page that does not tell its two posts apart, and what Publer has as a label and `hold` does not find."""
    with (
        mock.patch.dict(markdown.plan.__kwdefaults__ or {}, limit=10**9),
        mock.patch.object(explain, "MANY", len(scene.posts)),
    ):
        scene.write(scene.posts)
        pages = {
            "plan": scene.apart(scene.run("plan", ".", "--verbose")),
            "comment": scene.apart(scene.run("plan", ".", "--format", "markdown")),
            "explain": scene.explained(),
            "preview": scene.previewed(),
            "Publer": scene.sent(),
        }
        unheld = scene.unheld()
        scene.write(
            each._replace(post=other.post) for pair in scene.pairs for each, other in (pair, pair[::-1])
        )
        made = scene.top.parent / "plan.json"
        pages |= {
            "plan of a change": scene.apart(scene.run("plan", ".", "--verbose", "--out", made)),
            "comment on a change": scene.apart(scene.run("plan", ".", "--format", "markdown")),
            "change": {
                change["id"]: f"{change['action']} {[item['field'] for item in change['diff']]}"
                for change in json.loads(made.read_text(encoding="utf-8"))["changes"]
            },
        }
    lost = [
        f"{one.case}: {page}"
        for one, other in scene.pairs
        for page, said in pages.items()
        if not _told(page, said, one, other)
    ]
    return [*lost, *unheld]


def _told(page: str, said: Mapping[str, str], one: Travelling, other: Travelling) -> bool:
    """Whether the page tells the two posts of a case apart, or what differs is none of its business."""
    first, second, path = said.get(one.name, ""), said.get(other.name, ""), one.case.path
    if path == SAME or (path == "note" and page in NEVER_SENT):
        return first == second
    if page in WITHOUT_IDS and (path.endswith(".id") or path == "background"):
        return True
    if page == "change":
        return first == second and f"'{FIELDS.get(one.case.head, one.case.head)}" in first
    return bool(first and second) and first != second


def test_every_key_of_every_schema_is_tried_or_has_a_reason_not_to_be() -> None:
    tried = {case.head for case in travel.cases()}
    levels = ["post", "markdown", "defaults", "settings_defaults", "account"]
    keys = {key for level in levels for key in travel.part_of(level)["properties"]}
    keys |= schema.schema(schema.CALENDAR)["properties"].keys()
    assert keys - tried == travel.ELSEWHERE.keys()
    paths = {
        travel.named(path)
        for network in NETWORKS.values()
        for path, _ in travel.leaves(travel.keys_of(network))
        if path[0] in tried and travel.takes(network, path)
    }
    assert paths == {case.path for case in travel.cases()}


@pytest.mark.slow
def test_a_key_says_the_same_at_every_level(tmp_path: Path) -> None:
    """In the post, under a network or an account, in front matter, or as a default of its file or of the settings."""
    first = {case.path: case for case in reversed([*travel.cases()])}
    whole = _calendar(tmp_path / "whole", SETTINGS)
    expected: dict[str, Case] = {}
    for number, case in enumerate(first.values()):
        name, code = f"p{number}", case.network.code
        expected[name] = case
        post = json.loads(json.dumps(case.one).replace("NAME", name))
        networks = post.pop("networks", {})
        own, defaults = {**post, **networks.get(code, {})}, {**post, "networks": networks}
        head = {"at": "2100-01-01 09:00"}
        posts = [
            {"id": f"{name}.post", **head, "accounts": code, **defaults},
            {"id": f"{name}.network", **head, "accounts": code, "networks": {code: own}},
            {"id": f"{name}.account", **head, "accounts": [{"account": code, **own}]},
        ]
        (whole / f"{name}.yaml").write_text(json.dumps({"posts": posts}), encoding="utf-8")
        with_default = {"defaults": defaults, "posts": [{"id": f"{name}.file", **head, "accounts": code}]}
        (whole / f"{name}-defaults.yaml").write_text(json.dumps(with_default), encoding="utf-8")
        front = {"id": f"{name}.markdown", **head, "accounts": code, **defaults}
        text = front.pop("text")
        lines = [f"{key}: {json.dumps(value)}" for key, value in front.items()]
        (whole / f"{name}.md").write_text("\n".join(["---", *lines, "---", text]), encoding="utf-8")
    contents = {post.id: post.content for post in read(whole).desired.posts}
    apart = [
        f"{case}: {level}"
        for name, case in expected.items()
        for level in ("network", "account", "file", "markdown")
        if contents[f"{name}.{level}"] != contents[f"{name}.post"]
    ]
    for file in (*whole.glob("p*-defaults.yaml"), *whole.glob("p[0-9]*.*")):
        file.unlink(missing_ok=True)
    heads = {case.head: (name, case) for name, case in expected.items()}
    for name, case in heads.values():
        post = json.loads(json.dumps(case.one).replace("NAME", name))
        (whole / "publer.yaml").write_text(json.dumps({**SETTINGS, "defaults": post}), encoding="utf-8")
        alone = {"posts": [{"id": name, "at": "2100-01-01 09:00", "accounts": case.network.code}]}
        (whole / "posts.yaml").write_text(json.dumps(alone), encoding="utf-8")
        [found] = read(whole).desired.posts
        apart += [] if found.content == contents[f"{name}.post"] else [f"{case}: settings"]
    assert not apart, "\n".join(apart)


def test_every_setting_changes_the_posts_or_has_a_reason_not_to(tmp_path: Path) -> None:
    assert travel.OF_SETTINGS.keys().isdisjoint(travel.NO_FIELD)
    assert {*travel.OF_SETTINGS, *travel.NO_FIELD} == schema.schema(schema.SETTINGS)["properties"].keys()
    top = _calendar(tmp_path, SETTINGS)
    post = {"at": "2100-01-01", "accounts": "x", "text": "Words https://example.com/a", "hashtags": ["core"]}
    (top / "posts.yaml").write_text(json.dumps({"posts": [post]}), encoding="utf-8")
    beside = {**SETTINGS, "time": "09:00", "utm": {"source": "spring"}}
    for key, values in travel.OF_SETTINGS.items():
        said = []
        for value in values:
            (top / "publer.yaml").write_text(json.dumps({**beside, key: value}), encoding="utf-8")
            [found] = read(top).desired.posts
            said.append((found.at, found.content))
        assert said[0] != said[1], key


def _calendar(top: Path, settings: Mapping[str, Any]) -> Path:
    (top / "media").mkdir(parents=True)
    for name, content in FILES.items():
        (top / "media" / name).write_bytes(content)
    (top / "publer.yaml").write_text(json.dumps(settings), encoding="utf-8")
    return top


@pytest.mark.story
def test_what_publer_shows_of_a_key_comes_back(make_scene: Callable[[Iterable[Case]], Scene]) -> None:
    """Scheduled, forgotten, and pulled into an empty calendar."""
    kept = {
        (case.network.key, case.head): case
        for case in travel.cases()
        if case.head in SHOWN and case.path not in HIDDEN
    }
    scene = make_scene(kept.values())
    scene.sandbox.faults.omit = frozenset()
    scene.write(scene.posts)
    scene.sent()
    before = scene.exported()
    (scene.top / "posts.yaml").unlink()
    [(_, part)] = parts_in(scene.top / ".publer-sync")
    part.unlink()
    scene.run("pull", ".", "--yes", codes=(6,))
    after = scene.exported()
    left = {each.key for each in scene.posts if before[each.key]["type"] in LEFT}
    assert left == before.keys() - after.keys()
    lost = [
        f"{each.case}: {before[each.key]} {after[each.key]}"
        for each in scene.posts
        if each.key not in left and _shown(before[each.key], each) != _shown(after[each.key], each)
    ]
    assert not lost, "\n".join(lost)


def _shown(post: Mapping[str, Any], of: Travelling) -> Any:
    """What Publer shows of the key: of media their number, of a link its address."""
    value = post.get(of.case.head)
    if of.case.head == "type":
        # Several pictures are a carousel to Publer, whatever was asked for.
        return "photo" if value == "carousel" else value
    if of.case.head == "media":
        return len(value or ())
    return value["url"] if isinstance(value, dict) else value

"""Pages of websites whose front matter has posts, as four generators write them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from tests.calendar.calendars import judged
from tests.conftest import THREE
from tests.system.worlds import ACCOUNTS, World, git, png
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

DAY = (datetime.now(UTC) + timedelta(days=40)).date()
D = f"{DAY}"
NEXT = f"{DAY + timedelta(days=1)}"
PAGES = [
    {"files": "../content/**/*.md", "url": "https://example.com/blog/{slug}/"},
    {"files": "../_posts/**/*.md", "url": "https://example.com/{slug}.html"},
    {"files": "../_drafts/*.md", "url": "https://example.com/{slug}.html"},
    {"files": "../docs/**/*.mdx", "url": "https://docs.example.com/{lang}/{slug}"},
    {
        "files": "../src/**/*.md",
        "url": "https://a.example.com/{slug}",
        "key": "announce",
        "date_key": "pubDate",
    },
    {"files": "../content/*.md", "url": "https://second.example.com/{slug}/"},
]


@pytest.fixture
def world(empty_world: World) -> World:
    git(empty_world.home, "init", "-q", "-b", "main")
    settings(empty_world)
    return empty_world


def settings(world: World, **more: Any) -> None:
    accounts = {alias: {"id": number, "provider": alias} for alias, number in ACCOUNTS.items()}
    lines: dict[str, Any] = {
        "workspace": THREE.workspace_name,
        "timezone": "Europe/Oslo",
        "time": "09:00",
        "accounts": accounts,
    }
    lines |= {"defaults": {"accounts": "linkedin"}, "pages": PAGES, **more}
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
    (world.top / "publer.yaml").write_text(text, encoding="utf-8")


def page(world: World, file: str, text: str | bytes, *, tracked: bool = True) -> Path:
    path = world.home / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if tracked:
        git(world.home, "add", file)
    return path


def planned(world: World) -> dict[str, Any]:
    return {f"{change['id']}": change for change in world.plan()["changes"]}


def said(change: Any, field: str = "text") -> Any:
    return next((each["after"] for each in change["diff"] if each["field"] == field), None)


def problems(world: World, code: int = 3) -> list[tuple[str, str, int, str]]:
    ran = world.run("validate", world.top, "--format", "json")
    assert ran.code == code, ran
    found = json.loads(ran.stdout)["problems"]
    return [(each["code"], each["file"], each["line"], each["help"] or "") for each in found]


@each_of(
    ("slug", "name"),
    [
        ("größe", "grosse"),
        ("blåbær-på-brød", "blabaer-pa-brod"),
        ("Launch_2.0", "Launch_2.0"),
        ("what's new", "what-s-new"),
        ("_first", "first"),
        ("灯", "znx"),
        ("x" * 120, "x" * 100),
    ],
)
def test_the_only_post_of_a_page_is_named_by_its_slug_in_any_script(
    world: World, slug: str, name: str
) -> None:
    page(world, f"content/{slug}/index.md", f"---\ndate: {D}\nsocial:\n- {{at: date 09:00, text: a}}\n---\n")
    try:
        assert [*planned(world)] == [name]
    finally:
        git(world.home, "rm", "-rqf", "content")


def test_a_page_of_hugo_in_toml(world: World) -> None:
    page(
        world,
        "content/blog/launch.md",
        f'+++\ntitle = "The \\"Lamp\\" is {{here}}"\ndate = {D}T10:00:00+00:00\ntags = ["a"]\nat = "never"\n'
        '[params]\ntext = "not a post"\n'
        '[[social]]\nat = "date + 1d 09:00"\ntext = "{title}: {url} {{slug}}"\n+++\nBody\n',
    )
    found = planned(world)
    assert list(found) == ["launch"]
    change = found["launch"]
    assert said(change) == 'The "Lamp" is {here}: https://example.com/blog/launch/ {slug}'
    assert said(change, "link") == {"url": "https://example.com/blog/launch/"}
    assert change["when_live"] == "https://example.com/blog/launch/"
    assert change["scheduled_at"].startswith(NEXT)
    assert change["counted_from"]["date"] == f"{D}T10:00:00Z"
    assert change["counted_from"]["source"] == {"file": "../content/blog/launch.md", "line": 3}
    assert change["source"] == {"file": "../content/blog/launch.md", "line": 8}


def test_a_bundle_of_hugo_in_yaml_with_the_picture_of_its_card(world: World) -> None:
    page(world, "content/blog/2027-01-02-bundle/cover.png", png(5))
    page(
        world,
        "content/blog/2027-01-02-bundle/index.md",
        f'---\ntitle: "A bundle"\ndate: {D}\nimage: cover.png\nfoo: bar #hash\nlink: https://no.example\n'
        'social:\n- accounts: [facebook, x]\n  at: date 10:00\n  text: "{title} #new"\n---\n',
    )
    changes = {each["account"]["alias"]: each for each in world.plan()["changes"]}
    assert {each["id"] for each in changes.values()} == {"bundle"}
    assert said(changes["facebook"]) == "A bundle #new"
    assert "image" in said(changes["facebook"], "link")
    assert said(changes["x"], "link") == {"url": "https://example.com/blog/bundle/"}


def test_a_page_inside_the_calendar_is_never_written_whatever_a_fix_would_be(world: World) -> None:
    """Problems that are found late, such as those of media, would have a fix in a file of the calendar."""
    settings(world, pages=[{"files": "blog/*.md", "url": "https://example.com/{slug}/"}])
    page(world, "calendar/blog/lamp.png", png(5))
    text = f"---\ntitle: A\nsocial:\n- at: {D} 09:00\n  text: A\n  media: [{{file: Lamp.png, alt: A}}]\n---\n"
    file = page(world, "calendar/blog/a.md", text)
    (world.top / "blog" / "own.yaml").write_text(
        text.replace("title: A\nsocial", "posts").strip("-\n"), encoding="utf-8"
    )

    def fixable() -> dict[str, bool]:
        problems = judged(read(world.top))
        return {each.location.file: each.fix is not None for each in problems if each.location}

    assert fixable() == {"blog/own.yaml": True, "blog/a.md": False}
    world.run("validate", world.top, "--fix", "--yes")
    assert file.read_text(encoding="utf-8") == text
    assert fixable() == {"blog/a.md": False}


def test_a_picture_that_is_an_address_of_its_site_is_looked_up_where_that_is_certain(world: World) -> None:
    patterns = [
        {"files": f"../{name}/**/*.md", "url": "https://example.com/{slug}"}
        for name in ("hugo", "old", "docs", "astro", "jekyll", "none", "two")
    ]
    settings(world, pages=patterns, defaults={"accounts": "facebook"})
    sites = (
        ("hugo", "content/post/a.md", "hugo.toml", "static"),
        ("old", "content/b.md", "config.toml", "static"),
        ("docs", "blog/c.md", "docusaurus.config.js", "static"),
        ("astro", "src/content/blog/d.md", "astro.config.mjs", "public"),
        ("jekyll", "_posts/2027-01-01-e.md", "_config.yml", "."),
    )
    text = f"---\nimage: /img/lamp.png\nsocial:\n- at: {D} {{0}}:00\n  text: A {{0}}\n---\n"
    for number, (site, file, config, root) in enumerate(sites):
        page(world, f"{site}/{file}", text.format(10 + number))
        page(world, f"{site}/{config}", "")
        page(world, f"{site}/{root}/img/lamp.png", png(number))
    assert problems(world, 0) == []
    links = {name: said(change, "link") for name, change in planned(world).items()}
    assert sorted(name for name, link in links.items() if "image" in link) == ["a", "b", "c", "d", "e"]

    page(world, "none/f.md", text.format(15))
    page(world, "none/static/img/lamp.png", png(6))
    page(world, "two/g.md", text.format(16).replace("/img/lamp.png", "/../../../etc/passwd"))
    page(world, "two/hugo.toml", "")
    page(world, "hugo/content/h.md", text.format(17).replace("/img/lamp.png", "/img/gone.png"))
    page(
        world,
        "hugo/content/i.md",
        text.format(18).replace("A 18\n", "A 18\n  link: https://example.com\n").replace("/img/", "/no/"),
    )
    found = problems(world, 0)
    names = ("../hugo/content/h.md", "../none/f.md", "../two/g.md")
    assert [each[:3] for each in found] == [("page.image", name, 2) for name in names]
    named = '  link: {url: "{url}", image: img/lamp.png}'
    assert found[1][3].splitlines()[-1] == named.strip()
    settings(world, pages=patterns, defaults={"accounts": "facebook"}, media=["../none/static"])
    page(world, "none/f.md", text.format(15).replace("  text: A 15\n", f"  text: A 15\n{named}\n"))
    assert len(problems(world, 0)) == 2
    assert "image" in said(planned(world)["f"], "link")


def test_jekyll_has_the_date_in_the_name_and_drafts_have_no_posts(world: World) -> None:
    post = '---\nlayout: post\ntitle: Post\n{more}social:\n- at: date + 1d\n  text: "{{title}}, {{layout}}"\n---\n'
    page(world, f"_posts/{D}-first-post.md", post.format(more=""))
    page(world, f"_posts/{D}-off.md", post.format(more="published: false\n"))
    page(world, f"_posts/{D}-draft.md", post.format(more="draft: true\n"))
    page(world, "_drafts/later.md", post.format(more=""))
    page(world, f"_posts/{D}-untracked.md", post.format(more=""), tracked=False)
    (found,) = planned(world).values()
    assert (found["id"], said(found)) == ("first-post", "Post, post")
    assert found["scheduled_at"].startswith(NEXT)
    assert said(found, "link") == {"url": "https://example.com/first-post.html"}


def test_docusaurus_and_astro_have_their_own_keys(world: World) -> None:
    page(
        world,
        "docs/guide.mdx",
        f"---\nslug: /guides/first/\nlang: en\ndate: {D}\nsocial:\n"
        '- id: one\n  at: date 11:00\n  link: null\n  when_live: false\n  text: "{slug}"\n'
        f'- id: two\n  at: {NEXT} 10:00\n  media: [{{url: https://example.com/x.png, alt: X}}]\n  text: "{{url}}"\n---\n',
    )
    page(
        world,
        "src/post.md",
        f"---\ntitle: 'It''s'\npubDate: '{DAY:%b %d %Y}'\nannounce:\n- at: date\n  text: \"{{title}} {{pubDate}}\"\n---\n",
    )
    found = planned(world)
    assert sorted(found) == ["one", "post", "two"]
    assert said(found["one"]) == "guides/first"
    assert said(found["one"], "link") is None
    assert "when_live" not in found["one"]
    assert said(found["two"]) == "https://docs.example.com/en/guides/first"
    assert said(found["two"], "link") is None
    assert said(found["post"]) == f"It's {DAY:%b %d %Y}"


def test_a_page_in_the_calendars_folder_is_a_page_and_no_post(world: World) -> None:
    settings(world, pages=[{"files": "blog/*.md", "url": "https://example.com/{slug}/"}])
    page(
        world,
        "calendar/blog/one.md",
        f'---\ntitle: One\nsocial:\n- at: {D}\n  text: "{{title}}"\n---\nBody\n',
    )
    page(world, "calendar/blog/none.md", "---\ntitle: None\n---\nBody\n")
    assert list(planned(world)) == ["one"]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("social:\n- text: One\n  at: date\n- text: Two\n  at: date\n", ("page.id", 4, "id: p-1")),
        ('social:\n- text: "{titel}"\n  at: date\n', ("page.name", 4, "Did you mean title?")),
        ("social:\n- at: date\n  text: {title} is here\n", ("page.quotes", 5, '"{title} is here"')),
        ("social:\n- at: date\n  text: {title}\n", ("yaml.start", 5, '"{title}"')),
        ("social: Words\n", ("page.list", 3, "social:")),
        ("social:\n- at: date\n  txt: Words\n", ("key.unknown", 5, "text")),
        ('social:\n- at: date\n  text: "x\nfoo: [\n', ("page.front", None, "social")),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_fix(
    world: World, front: str, expected: tuple[str, int | None, str]
) -> None:
    """And only of the posts: the rest of the front matter is the website's."""
    page(world, f"content/{D}-p.md", f"---\ntitle: T\n{front}---\n")
    page(world, "content/other.md", "---\ntitle: [\n---\n")
    before = (world.home / f"content/{D}-p.md").read_bytes()
    found = problems(world)
    code, line, fix = expected
    mine = [each for each in found if each[0] == code]
    assert mine, found
    assert {each[1] for each in found} == {f"../content/{D}-p.md"}
    assert line is None or mine[0][2] == line
    assert fix in mine[0][3]
    world.run("validate", world.top, "--fix", "--yes")
    assert (world.home / f"content/{D}-p.md").read_bytes() == before


def test_a_page_without_a_date_and_an_address_without_a_key(world: World) -> None:
    page(world, "content/p.md", "---\ntitle: T\nsocial:\n- at: date + 1d 09:00\n  text: W\n---\n")
    assert [each[:3] for each in problems(world)] == [("page.date", "../content/p.md", 4)]
    page(world, "content/p.md", f"---\ntitle: T\nsocial:\n- at: {D}\n  text: W\n---\n")
    page(world, "docs/p.mdx", f"---\ntitle: T\nsocial:\n- {{id: q, at: {NEXT}, text: Something else}}\n---\n")
    assert [each[:2] for each in problems(world)] == [("page.name", "publer.yaml")]


@pytest.mark.parametrize("key", ["Social", "sosial", "socials"])
def test_posts_under_a_key_that_is_nearly_the_right_one_are_told(world: World, key: str) -> None:
    text = f"---\ntitle: A\n{key}:\n- at: {D} 09:00\n  text: A\n---\n"
    page(world, "content/blog/a.md", text)
    page(world, "content/blog/b.md", "---\nsocials:\n- {name: x, url: https://x.com/us}\n---\n")
    page(world, "content/blog/c.md", text.replace(f"{key}:", "changes:"))
    ((code, file, line, say),) = problems(world, 0)
    assert (code, file, line) == ("page.key", "../content/blog/a.md", 3)
    assert say.startswith("Write `social`")
    page(world, "content/blog/a.md", text.replace(key, "social"))
    assert problems(world, 0) == []
    assert list(planned(world)) == ["a"]


def test_a_page_that_git_does_not_track_yet_is_told_until_it_does(world: World) -> None:
    text = f"---\ntitle: A\nsocial:\n- at: {D} 09:00\n  text: A\n---\n"
    page(world, "content/blog/new.md", text, tracked=False)
    page(world, "content/blog/ignored.md", text, tracked=False)
    page(world, "content/blog/draft.md", text.replace("title", "draft: true\ntitle"), tracked=False)
    page(world, "content/blog/silent.md", "---\ntitle: A\n---\n", tracked=False)
    (world.home / ".gitignore").write_text("ignored.md\n", encoding="utf-8")
    ((code, file, line, say),) = problems(world, 0)
    assert (code, file, line) == ("page.untracked", "../content/blog/new.md", 3)
    assert planned(world) == {}
    git(world.home, *say.removeprefix("Run: git ").split()[:1], "content/blog/new.md")
    assert problems(world, 0) == []
    assert list(planned(world)) == ["new"]


def test_values_of_the_front_matter_are_filled_in_as_they_were_typed(world: World) -> None:
    keys = ("version", "count", "open", "price", "day")
    words = " ".join(f"{{{key}}}" for key in keys)
    page(
        world,
        "content/blog/yaml.md",
        f"---\nversion: 1.10\ncount: 007   # agents\nopen: True\nprice: 1e3\nday: 2027-03-01\nsocial:\n- at: {D} 09:00\n  text: '{words}'\n---\n",
    )
    page(
        world,
        "content/blog/toml.md",
        f"+++\nversion = 1.10\ncount = 1_000 # agents\nopen = true\nprice = 0x1F\nday = '2027-03-01'\n[[social]]\nat = '{D} 09:05'\ntext = '{words}'\n+++\n",
    )
    found = planned(world)
    assert said(found["yaml"]) == "1.10 007 True 1e3 2027-03-01"
    assert said(found["toml"]) == "1.10 1_000 true 0x1F 2027-03-01"


@each_of(
    ("written", "say"),
    [
        ("next spring", "Write the day as year-month-day"),
        ("01/02/2027", "Write the one you mean"),
        ("2027-04-01 09:00-11:00", "Write one time: 09:00 or 11:00"),
        ("2027-02-30", "February 2027 has 28 days"),
    ],
)
def test_a_date_that_cannot_be_read_is_told_at_its_own_line(world: World, written: str, say: str) -> None:
    text = f"---\ntitle: A\ndate: {written}\nsocial:\n- at: date + 1d 09:00\n  text: A\n---\n"
    page(world, "content/blog/a.md", text)
    ((code, _, line, help_),) = problems(world)
    assert (code, line) == ("page.date", 3)
    assert help_.startswith(say)
    page(world, "content/blog/a.md", text.replace("date + 1d", D))
    assert problems(world, 0) == []  # nothing counts from it


def test_pull_and_fill_leave_pages_alone(world: World) -> None:
    """And say so, with what is to be written there."""
    post = "  link: null\n  when_live: false\n"
    file = page(
        world,
        "content/p.md",
        f'---\ntitle: T\nsocial:\n- id: one\n  at: {D}\n{post}  text: "{{title}} words"\n'
        f"- id: two\n  at: next\n{post}  text: Waits\n---\n",
    )
    settings(world, slots={"linkedin": ["mon 09:00"]})
    before = file.read_bytes()
    assert world.apply().code == 0
    world.sandbox.settle()
    world.sandbox.edit(str(world.find("T words")["id"]), text="Other words")
    told = world.run("pull", world.top, "--yes")
    assert "in a page of the website" in told.stdout + told.stderr
    queue = "posts:\n- {id: queued, at: next, accounts: linkedin, text: Queued}\n"
    (world.top / "queue.yaml").write_text(queue, encoding="utf-8")
    told = world.run("fill", world.top, "--diff")
    assert told.code == 6
    found = json.loads(world.run("fill", world.top, "--diff", "--format", "json").stdout)
    ((filled,), (left,)) = found["filled"], found["waiting"]
    assert left["scheduled_at"] not in (None, filled["scheduled_at"]), "a slot of its own"
    at = f"{datetime.fromisoformat(left['scheduled_at']):%a %Y-%m-%d 09:00}"
    assert f"not written to: write at: {at} there" in " ".join(told.stdout.split())
    assert file.read_bytes() == before
    file.write_text(before.decode().replace("at: next", f"at: {at}"), encoding="utf-8")
    rest = json.loads(world.run("fill", world.top, "--yes", "--format", "json").stdout)
    assert [each["id"] for each in rest["filled"]] == ["queued"], "the step that it names"
    assert rest["waiting"] == []


def test_changed_since_counts_pages(world: World) -> None:
    page(world, ".gitignore", "publer.db*\n.publer-sync/\n")
    page(world, "content/p.md", f"---\ntitle: T\nsocial:\n- at: {D}\n  text: W\n---\n")
    git(world.home, "add", ".")
    git(world.home, "commit", "-q", "-m", "one")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(world.home)
        assert (
            json.loads(
                world.run("validate", world.top, "--changed-since", "HEAD", "--format", "json").stdout
            )["calendars"]
            == []
        )
        page(world, "content/p.md", f"---\ntitle: T\nsocial:\n- at: {NEXT}\n  text: W\n---\n")
        changed = world.run("validate", world.top, "--changed-since", "HEAD", "--format", "json")
        assert len(json.loads(changed.stdout)["calendars"]) == 1


def test_changed_since_counts_what_pages_show_wherever_it_is_and_nothing_else_beside_them(
    world: World,
) -> None:
    page(world, ".gitignore", "publer.db*\n.publer-sync/\n")
    page(world, "hugo.toml", "")
    page(world, "static/images/lamp.png", png(1))
    page(world, "static/images/cup.png", png(2))
    page(world, "content/own.png", png(3))
    page(world, "content/blog.css", "a {}")
    page(
        world, "content/p.md", f"---\ntitle: T\nimage: /images/lamp.png\nsocial:\n- at: {D}\n  text: W\n---\n"
    )
    page(
        world,
        "content/q.md",
        f"---\ntitle: Q\nimage: own.png\nsocial:\n- at: {NEXT}\n  text: Q\n---\n",
    )
    git(world.home, "add", ".")
    git(world.home, "commit", "-q", "-m", "one")

    def counts(files: dict[str, str | bytes | None]) -> bool:
        before = {name: (world.home / name).read_bytes() for name in files if (world.home / name).exists()}
        for name, text in files.items():
            page(world, name, text) if text is not None else (world.home / name).unlink()
        ran = world.run("validate", world.top, "--changed-since", "HEAD", "--format", "json")
        for name in files:
            page(world, name, before[name]) if name in before else (world.home / name).unlink()
        return bool(json.loads(ran.stdout)["calendars"])

    with pytest.MonkeyPatch.context() as here:
        here.chdir(world.home)
        lamp, own, cup, style = (
            "static/images/lamp.png",
            "content/own.png",
            "static/images/cup.png",
            "content/blog.css",
        )
        assert counts({lamp: png(4)}), "the picture of its card"
        assert counts({lamp: None})
        assert counts({own: png(4)}), "beside it"
        assert not counts({cup: png(4), style: "b {}", "content/new.css": "c {}", "content/notes.txt": "n"})
        assert counts({"content/new.md": "---\ntitle: N\n---\n"}), "a page, whatever it says"
        wrong = f"---\ntitle: R\nsocial:\n- at: {NEXT}\n  text: R\n  media: [{{file: cup.png}}]\n---\n"
        page(world, "content/r.md", wrong)
        git(world.home, "add", ".")
        git(world.home, "commit", "-q", "-m", "two")
        assert counts({cup: png(5)}), "a post with an error may show it"


def test_links_out_of_the_repository_are_not_read(world: World, tmp_path_factory: Any) -> None:
    away = tmp_path_factory.mktemp("away") / "secret.md"
    away.write_text(f"---\ntitle: T\nsocial:\n- at: {D}\n  text: W\n---\n", encoding="utf-8")
    (world.home / "content").mkdir()
    (world.home / "content" / "p.md").symlink_to(away)
    git(world.home, "add", ".")
    assert planned(world) == {}


def test_of_two_patterns_the_first_counts_and_several_calendars_may_share_them(world: World) -> None:
    """`pages` in settings that others extend count from there."""
    page(world, "content/p.md", f'---\ntitle: T\nsocial:\n- at: {D}\n  text: "{{url}}"\n---\n')
    assert said(planned(world)["p"]) == "https://example.com/blog/p/"
    (world.home / "shared").mkdir()
    shared = json.dumps([{"files": "../content/*.md", "url": "https://shared.example.com/{slug}"}])
    (world.home / "shared" / "agency.yaml").write_text(f"pages: {shared}\n", encoding="utf-8")
    settings(world, extends="../shared/agency.yaml", pages=None)
    lines = (world.top / "publer.yaml").read_text(encoding="utf-8").replace("pages: null\n", "")
    (world.top / "publer.yaml").write_text(lines, encoding="utf-8")
    assert said(planned(world)["p"]) == "https://shared.example.com/p"


def test_without_a_repository_pages_are_an_error_so_that_no_post_seems_to_have_left(
    empty_world: World,
) -> None:
    settings(empty_world)
    assert [each[0] for each in problems(empty_world)] == ["page.git"]


@pytest.mark.parametrize(
    "files", ["/etc/**", "/**", "../../../**", "~/**/*.md", "../blog/**/../../../x/*.md"]
)
def test_a_pattern_that_leads_out_of_the_repository_is_an_error(world: World, files: str) -> None:
    settings(world, pages=[{"files": files, "url": "https://example.com/{slug}"}])
    assert [(code, line) for code, _, line, _ in problems(world)] == [("page.outside", 6)]

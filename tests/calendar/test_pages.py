"""Pages of a website that have posts in their front matter: their names, their dates, and the link that a post gets."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.explanation import find
from publer_sync.calendar.when.sums import is_name
from tests.calendar.calendars import both, one, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
timezone: Europe/Oslo
accounts: {linkedin: Us}
defaults: {accounts: linkedin}
dates: {fair: 2027-05-01}
pages: [{files: ../blog/**/*.md, url: 'https://e.com/{slug}/'}]
"""
ONE = "- {at: 2027-04-07 09:00, text: Read it}"


def posts_of(top: Path, name: str, front: str, posts: str) -> tuple[list[Any], list[str]]:
    """The posts that a page brings, and the codes of what is wrong."""
    calendar = top / "calendar"
    calendar.mkdir(parents=True)
    write(calendar, publer=SETTINGS)
    page = top / "blog" / name
    page.parent.mkdir(parents=True)
    page.write_text(f"---\ntitle: A lamp\n{front}social:\n{posts}\n---\nWords\n", encoding="utf-8")
    for words in (("init", "-q", "--template="), ("add", "-A")):
        subprocess.run(["git", *words], cwd=top, check=True)
    _, desired, problems = both(calendar)
    return [*desired.posts], [problem.code for problem in problems if problem.severity == "error"]


@each_of(
    "name, front, slug",
    [
        ("lamp.md", "", "lamp"),
        ("2027-04-06-lamp.md", "", "lamp"),
        ("2027-04-06.md", "", "2027-04-06"),
        ("lamp/index.md", "", "lamp"),
        ("x.md", "slug: /lamp/\n", "lamp"),
    ],
)
def test_a_page_is_called_by_its_slug_or_its_file(tmp_path: Path, name: str, front: str, slug: str) -> None:
    [post], problems = posts_of(tmp_path / slug / name.replace("/", "-"), name, front, ONE)
    assert (post.id, post.content.url, problems) == (slug, f"https://e.com/{slug}/", [])


@each_of(
    "name, front, at, day",
    [
        ("a.md", "date: 2027-04-06\n", "date + 1d 09:00", "2027-04-07"),
        ("2027-04-08-a.md", "", "date + 1d 09:00", "2027-04-09"),
        ("b.md", "date: 2027-04-06\n", "fair - 1d 09:00", "2027-04-30"),
        ("c.md", "", "fair - 1d 09:00", "2027-04-30"),
    ],
)
def test_a_time_counts_from_the_date_of_the_page_or_from_another_one(
    tmp_path: Path, name: str, front: str, at: str, day: str
) -> None:
    top = tmp_path / name
    [post], problems = posts_of(top, name, front, f"- {{at: {at}, text: Read it}}")
    assert (f"{post.at:%Y-%m-%d}", problems) == (day, [])


@each_of(
    "own, page",
    [
        ("", "https://e.com/lamp/"),
        (", link: https://other.example", "https://other.example"),
        (", media: [{url: 'https://e.com/a.jpg', alt: A}]", ""),
    ],
)
def test_a_post_without_link_and_media_gets_the_page_as_its_link(tmp_path: Path, own: str, page: str) -> None:
    posts = f"- {{at: 2027-04-07 09:00, text: Read it{own}}}"
    [post], problems = posts_of(tmp_path / str(len(own)), "lamp.md", "", posts)
    assert (post.content.url or "", problems) == (page, [])


def test_what_a_post_takes_from_its_page_is_filled_in(tmp_path: Path) -> None:
    posts = "- {at: 2027-04-07 09:00, text: 'Meet {title} by {maker}: {url}', comments: [{text: '{title}!'}]}"
    [post], problems = posts_of(tmp_path, "lamp.md", "maker: Kari\n", posts)
    assert (post.content.text, problems) == ("Meet A lamp by Kari: https://e.com/lamp/", [])
    assert "A lamp!" in str(post.content.values["comments"])


@each_of(
    "lines, page",
    [
        ("link: https://e.com/a\n  when_live: true", "https://e.com/a"),
        ("link: https://e.com/a\n  when_live: https://e.com/b", "https://e.com/b"),
        ("link: https://e.com/a\n  when_live: false", None),
        ("link: https://e.com/a", None),
    ],
)
def test_a_post_waits_for_the_page_that_it_names(tmp_path: Path, lines: str, page: str | None) -> None:
    write(tmp_path, publer=SETTINGS, posts=one("linkedin", f"text: Hi\n  {lines}"))
    _, desired, _ = both(tmp_path)
    assert [post.when_live for post in desired.posts] == [page]


def test_a_post_waits_for_no_page_where_the_one_that_it_names_cannot_be_read(tmp_path: Path) -> None:
    always = SETTINGS.replace("{accounts: linkedin}", "{accounts: linkedin, when_live: true}")
    lines = "text: Hi\n  link: https://e.com/a\n  when_live: {}"
    for own, pages in (("null", [None]), ("[a]", [None])):
        write(tmp_path, publer=always, posts=one("linkedin", lines.format(own)))
        assert [post.when_live for post in both(tmp_path)[1].posts] == pages


def test_an_id_of_a_page_that_cannot_be_read_is_wrong_once(tmp_path: Path) -> None:
    for number, ids in enumerate((["[a]"], ["[a]", "b"])):
        posts = "\n".join(
            f"- {{at: 2027-04-0{day} 09:00, text: Hi, id: {name}}}" for day, name in enumerate(ids, 7)
        )
        assert posts_of(tmp_path / f"{number}", "lamp.md", "", posts)[1] == ["key.value"]


def test_a_date_with_an_offset_is_the_moment_that_it_says(tmp_path: Path) -> None:
    front = "date: 2027-04-06 23:30:00-05:00\n"
    [post], problems = posts_of(tmp_path, "lamp.md", front, "- {at: date + 2h, text: Read it}")
    assert (f"{post.at:%m-%d %H:%M}", problems) == ("04-07 06:30", [])


@each_of("line, ids", [(2, ["a"]), (4, ["a"]), (6, ["b"]), (1, [])])
def test_a_line_of_a_file_means_the_post_that_it_is_in(tmp_path: Path, line: int, ids: list[str]) -> None:
    post = "- at: 2027-03-0{} 09:00\n  id: {}\n  accounts: linkedin\n  text: Hi\n"
    write(tmp_path, publer=SETTINGS, posts=f"posts:\n{post.format(1, 'a')}{post.format(2, 'b')}")
    calendar, desired, _ = both(tmp_path)
    found = find(f"./posts.yaml:{line}", calendar.entries, desired.posts, lambda _: False)
    assert [entry.id for entry in found] == ids


@each_of(
    "word, right",
    [
        ("fair", True),
        ("ende", True),
        ("a b", False),
        ("Fair", False),
        ("monday", False),
        ("2", False),
        ("e\u0301te", False),
    ],
)
def test_a_date_has_a_name_that_no_time_has(word: str, right: bool) -> None:
    assert is_name(word) is right


def test_a_page_that_git_does_not_track_is_told_how_to_be_one(tmp_path: Path) -> None:
    posts_of(tmp_path, "lamp.md", "", ONE)
    front = f"---\nsocial:\n{ONE}\n---\n"
    for name, text in {"new.md": front, "none.md": "---\ntitle: A\n---\n", "draft.md": front}.items():
        (tmp_path / "blog" / name).write_text(text, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("draft.md\n", encoding="utf-8")
    (tmp_path / "blog/lamp.md").unlink()
    calendar, desired, _ = both(tmp_path / "calendar")
    assert desired.posts == ()
    (problem,) = calendar.problems
    assert (problem.severity, problem.code, str(problem.location)) == (
        "warning",
        "page.untracked",
        "../blog/new.md:2",
    )
    assert str(problem.help).startswith("Run: git add ")
    assert str(problem.help).endswith("blog/new.md")


def test_outside_of_a_repository_there_are_no_pages(tmp_path: Path) -> None:
    write(tmp_path, publer=SETTINGS)
    for _ in range(2):
        (problem,) = both(tmp_path)[0].problems
        assert (problem.code, str(problem.location)) == ("page.git", "publer.yaml:5")
        (tmp_path / ".git").mkdir(exist_ok=True)  # of which git knows nothing


def test_pages_that_settings_name_twice_or_wrongly_are_none(tmp_path: Path) -> None:
    posts_of(tmp_path, "lamp.md", "", ONE)
    line = SETTINGS.splitlines()[-1]
    for wrong, codes in (
        (f"{line}\n{line}", ["yaml.twice"]),
        (line.replace("files:", "files: ../a.md, files:"), ["yaml.twice"]),
        (line.replace("{files", "5, {files"), ["key.type"]),
        (line.replace("{files", "{url: 'https://e.com'}, {files"), ["key.missing"]),
    ):
        write(tmp_path / "calendar", publer=SETTINGS.replace(line, wrong))
        calendar, desired, problems = both(tmp_path / "calendar")
        assert ([each.code for each in problems], len(desired.posts)) == (
            codes,
            int(codes[0].startswith("key")),
        ), wrong
        assert calendar.settings.timezone == "Europe/Oslo"

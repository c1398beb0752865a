"""Why a post of a series is left, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.editing.excerpts import Excerpts
from publer_sync.pulling.findings import Pair
from publer_sync.pulling.rewrites import Rewriter
from tests.builders import DAY, LINKEDIN, X, shown
from tests.ledger.git_world import git

if TYPE_CHECKING:
    from pathlib import Path

SERIES = """\
posts:
- id: tips
  at: 2027-03-01 09:00
  accounts: [x, linkedin]
  text: A tip
  repeat: {every: day, times: 3, except: [2027-03-02]}
"""


@pytest.mark.parametrize(
    ("aliases", "also"),
    [({"x", "linkedin"}, ""), ({"x"}, ", and add a post for that day on its other accounts")],
)
def test_a_day_of_a_series_that_somebody_removed_is_left_out_by_hand(
    tmp_path: Path, aliases: set[str], also: str
) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, linkedin: Us}\n")
    (tmp_path / "posts.yaml").write_text(SERIES)
    calendar = read(tmp_path)
    posts = [
        post
        for post in calendar.bind({"x": X, "linkedin": LINKEDIN}).posts
        if post.id == "tips@2027-03-01" and post.account.alias in aliases
    ]
    assert len(posts) == len(aliases)
    writer = Rewriter(calendar)
    with pytest.raises(Unsafe) as raised:
        writer.remove(posts)
    assert raised.value.reason == f"it is one of a series (repeat): leave out its day{also}"
    assert raised.value.paste == "except: [2027-03-02, 2027-03-01]"
    assert not writer.documents


def test_a_day_of_a_series_that_counts_from_a_date_is_left_out_with_it(tmp_path: Path) -> None:
    """Else a later date would leave another post out."""
    (tmp_path / "publer.yaml").write_text("timezone: UTC\ndates: {fair: 2027-03-01}\naccounts: {x: Me}\n")
    counted = SERIES.replace("at: 2027-03-01", "at: fair").replace("[2027-03-02]", "[fair + 1d]")
    (tmp_path / "posts.yaml").write_text(counted)
    calendar = read(tmp_path)
    posts = [post for post in calendar.bind({"x": X}).posts if post.id == "tips@3"]
    with pytest.raises(Unsafe) as raised:
        Rewriter(calendar).remove(posts)
    assert raised.value.paste == "except: [fair + 1d, fair + 2d]"


THREE = """\
posts:
- {id: one, at: 2027-03-01 09:00, accounts: x, text: One}
- {id: two, at: 2027-03-02 09:00, accounts: x, text: Two}
- {id: three, at: 2027-03-03 09:00, accounts: x, text: Three}
"""


def test_a_post_is_found_in_its_file_whatever_was_edited_or_removed_above_it(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (tmp_path / "posts.yaml").write_text(THREE)
    calendar = read(tmp_path)
    posts = {post.id: post for post in calendar.bind({"x": X}).posts}

    def edit(name: str) -> Pair:
        return Pair(posts[name], shown(posts[name].at, f"{name}, edited"), frozenset({"text"}))

    edited = Rewriter(calendar)
    edited.rewrite([edit("one")])
    edited.rewrite([edit("two")])
    text = edited.documents["posts.yaml"].raw.decode()
    assert "id: one" in text
    assert (
        text.index("one, edited")
        < text.index("id: two")
        < text.index("two, edited")
        < text.index("id: three")
    )
    removed = Rewriter(calendar)
    removed.remove([posts["one"]])
    removed.rewrite([edit("two")])
    text = removed.documents["posts.yaml"].raw.decode()
    assert "id: one" not in text
    assert text.index("id: two") < text.index("two, edited") < text.index("id: three")
    together, by_halves = Rewriter(calendar), Rewriter(calendar)
    assert [*together.rewrite_all([[edit("one")], [edit("three")]])] == []
    with mock.patch.object(Excerpts, "joined", return_value=None):
        assert [*by_halves.rewrite_all([[edit("one")], [edit("three")]])] == []
    text = together.documents["posts.yaml"].raw.decode()
    assert by_halves.documents["posts.yaml"].raw.decode() == text
    assert (
        text.index("one, edited")
        < text.index("id: two")
        < text.index("id: three")
        < text.index("three, edited")
    )


def test_removed_posts_go_at_once_and_what_is_edited_then_is_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (tmp_path / "posts.yaml").write_text(THREE + THREE.partition("\n")[2].replace("2027-03", "2027-04"))
    calendar = read(tmp_path)
    posts = sorted(calendar.bind({"x": X}).posts, key=lambda each: each.at)
    writer = Rewriter(calendar)
    assert [*writer.remove_all([[posts[0]], [posts[1]], [posts[3]]])] == []
    writer.rewrite([Pair(posts[4], shown(posts[4].at, "Edited"), frozenset({"text"}))])
    written = writer.documents["posts.yaml"].raw.decode().splitlines()[1:]
    assert [line.split("at: ")[1][:10] for line in written] == ["2027-03-03", "2027-04-02", "2027-04-03"]
    assert "text: Edited" in written[1]


def test_of_several_edits_of_a_file_that_cannot_be_made_each_is_told_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    repeated = THREE.replace("}\n", ", repeat: {every: day, times: 1}}\n")
    (tmp_path / "posts.yaml").write_text(repeated)
    calendar = read(tmp_path)
    posts = calendar.bind({"x": X}).posts
    writer = Rewriter(calendar)
    edits = [[Pair(post, shown(post.at, "Edited"), frozenset({"text"}))] for post in posts]
    assert [group for group, _ in writer.rewrite_all(edits)] == edits
    assert writer.documents == {}


def test_a_title_that_publer_does_not_have_is_taken_out(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (tmp_path / "posts.yaml").write_text(THREE.replace("text: One", "text: One, title: News"))
    calendar = read(tmp_path)
    post = calendar.bind({"x": X}).posts[0]
    writer = Rewriter(calendar)
    writer.rewrite([Pair(post, shown(post.at, "One", title=""), frozenset({"title"}))])
    assert writer.documents["posts.yaml"].raw.decode() == THREE


def test_a_page_of_the_website_is_not_written_to(tmp_path: Path) -> None:
    pages = "pages: [{files: 'blog/*.md', url: 'https://example.com/{slug}/'}]\n"
    (tmp_path / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{x: Me}}\n{pages}")
    (tmp_path / "blog").mkdir()
    page = "---\ntitle: T\nsocial:\n- {id: one, at: 2027-03-01 09:00, accounts: x, text: One}\n---\n"
    (tmp_path / "blog" / "t.md").write_text(page)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    calendar = read(tmp_path)
    (post,) = calendar.bind({"x": X}).posts
    writer = Rewriter(calendar)
    with pytest.raises(Unsafe, match="in a page of the website"):
        writer.rewrite([Pair(post, shown(post.at, "One!"), frozenset({"text"}))])
    with pytest.raises(Unsafe, match="in a page of the website"):
        writer.remove([post])


def test_an_edit_that_cannot_be_made_beside_others_is_told_and_the_others_are_made(tmp_path: Path) -> None:
    shared = THREE.replace("text: One}", "text: &words One}").replace("text: Three", "text: *words")
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (tmp_path / "posts.yaml").write_text(shared)
    calendar = read(tmp_path)
    edits = [
        [Pair(post, shown(post.at, f"{post.id}, edited"), frozenset({"text"}))]
        for post in calendar.bind({"x": X}).posts
    ]
    writer = Rewriter(calendar)
    told = [pair.post.id for (pair,), _ in writer.rewrite_all(edits)]
    text = writer.documents["posts.yaml"].raw.decode()
    assert [each for each in ("one", "two", "three") if f"{each}, edited" in text] == ["two"]
    assert sorted(str(each) for each in told) == ["one", "three"]


@pytest.mark.parametrize(
    ("fields", "live", "after"),
    [
        ({"text"}, {"text": "New", "at": None, "state": "draft"}, "at: 2027-03-01 09:00, accounts: linkedin, text: New, link: https://a.example"),
        ({"link"}, {"link": ""}, "at: 2027-03-01 09:00, accounts: linkedin, text: One"),
    ],
)  # fmt: skip
def test_what_was_edited_is_written_and_what_is_gone_is_taken_out(
    tmp_path: Path, fields: set[str], live: dict[str, str | None], after: str
) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {linkedin: Us}\n")
    (tmp_path / "posts.yaml").write_text(
        "posts:\n- {id: one, at: 2027-03-01 09:00, accounts: linkedin, text: One, link: https://a.example}\n"
    )
    calendar = read(tmp_path)
    (post,) = calendar.bind({"linkedin": LINKEDIN}).posts
    shows = shown(
        None if "at" in live else post.at,
        live.get("text") or "One",
        account=LINKEDIN,
        link=live.get("link", "https://a.example"),
        state=live.get("state") or "scheduled",
    )
    writer = Rewriter(calendar)
    writer.rewrite([Pair(post, shows, frozenset(fields))])
    assert writer.documents["posts.yaml"].raw.decode() == f"posts:\n- {{id: one, {after}}}\n"


@pytest.mark.parametrize("day", ["2027-03-01", "2027-03-04"])
@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Now: https://a.example/x{}", "https://b.example/{}"),
        ("Now: https://a.example/x{}", ""),
        ("Now", "https://b.example/{}"),
        ("Now", ""),
    ],
)
def test_what_moved_is_written_without_the_day_that_it_had_or_has(
    tmp_path: Path, text: str, link: str, day: str
) -> None:
    utm = "utm: {content: '{date}'}\nutm_hosts: [a.example]\n"
    (tmp_path / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{linkedin: Us}}\n{utm}")
    own = "at: 2027-03-01 09:00\n  accounts: linkedin\n  text: Soon\n  link: https://a.example\n"
    (tmp_path / "posts.yaml").write_text(f"posts:\n- id: one\n  {own}")
    calendar = read(tmp_path)
    (post,) = calendar.bind({"linkedin": LINKEDIN}).posts
    added = f"?utm_content={day}"
    shows = shown(post.at + 3 * DAY, text.format(added), account=LINKEDIN, link=link.format(added))
    writer = Rewriter(calendar)
    writer.rewrite([Pair(post, shows, frozenset({"time", "text", "link"}))])
    now = writer.documents["posts.yaml"].raw.decode()
    assert "  at: 2027-03-04 09:00\n" in now
    assert text.format("") in now
    assert ("link: https://b.example/\n" in now, "link: " in now) == (bool(link), bool(link))
    assert "utm" not in now

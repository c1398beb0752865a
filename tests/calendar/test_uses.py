"""Stored posts, and their uses: what a use takes from its stored post, and where problems are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.calendar.uses import account_items
from tests.builders import NOW
from tests.calendar.calendars import SETTINGS, both, judged, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

STORE = """\
accounts: [linkedin, x]
defaults:
  labels: [tip]
posts:
- id: tip-1
  evergreen: {every: 8w, times: 2, from: 2027-03-01, until: 2027-12-31}
  labels: [lamp]
  text: The first tip
  link: {url: https://example.com/1, title: A lamp}
  networks:
    x: {text: In short, at: 10:30}
- id: tip-2
  evergreen: {every: 8w}
  variants:
  - text: One way to say it
  - text: Another way
    networks:
      x: {text: In other words}
"""


@pytest.fixture
def top(top: Path) -> Path:
    write(top, publer=SETTINGS, tips=STORE)
    return top


def uses(top: Path, *lines: str, head: str = "") -> None:
    posts = "".join(f"- {each}\n" for each in lines)
    write(top, march=f"{head}posts:\n{posts}")


def said(top: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """The time and the words of each post, by id and account; nothing is wrong with them."""
    _, desired, problems = both(top)
    assert problems == []
    return {
        (post.id or "", post.account.alias or ""): (f"{post.at:%m-%d %H:%M}", post.text)
        for post in desired.posts
    }


def wrong(top: Path) -> list[tuple[str, str]]:
    calendar = read(top)
    found = calendar.judge(calendar.desired, now=NOW)
    return [
        (each.code, str(each.location))
        for each in found
        if each.code not in ("account.unjudged", "link.details")
    ]


def test_a_stored_post_is_never_sent_and_a_use_says_what_it_says(top: Path) -> None:
    assert said(top) == {}
    assert read(top).posts == 0
    uses(top, "{use: tip-1, at: Tue 2027-03-09 09:00}", "{use: tip-2, at: 2027-03-11 09:00, variant: 2}")
    assert said(top) == {
        ("tip-1@2027-03-09", "linkedin"): ("03-09 08:00", "The first tip"),
        ("tip-1@2027-03-09", "x"): ("03-09 09:30", "In short"),
        ("tip-2@2027-03-11", "linkedin"): ("03-11 08:00", "Another way"),
        ("tip-2@2027-03-11", "x"): ("03-11 08:00", "In other words"),
    }


def test_a_stored_post_without_an_id_is_no_use(top: Path) -> None:
    write(top, tips="posts:\n- {evergreen: {every: 8w}, accounts: x, text: A}\n")
    assert [post.use for post in read(top).desired.stored] == [None]


def test_a_use_takes_accounts_and_defaults_of_the_stored_posts_file_and_times_of_its_own(top: Path) -> None:
    head = "accounts: facebook\ntimezone: UTC\ndefaults: {labels: [march], link: https://example.com/march}\n"
    uses(top, "{use: tip-1, at: 2027-03-09 09:00}", head=head)
    assert {key: at for key, (at, _) in said(top).items()} == {
        ("tip-1@2027-03-09", "linkedin"): "03-09 09:00",
        ("tip-1@2027-03-09", "x"): "03-09 10:30",
    }
    post = read(top).desired.posts[0]
    assert {"id", "evergreen"}.isdisjoint(post.places), "those are keys of the stored post alone"
    assert post.content.labels == ("lamp", "tip")
    assert post.content.link is not None
    assert post.content.link.url == "https://example.com/1"


def test_a_use_lays_its_own_keys_over_those_of_the_stored_post(top: Path) -> None:
    """Labels add up, maps and networks are merged key by key, null takes away, and `accounts` chooses."""
    own = "link: {url: https://example.com/9}, labels: [march], networks: {x: {link: null}}"
    uses(top, f"{{use: tip-1, at: 2027-03-09 09:00, {own}}}")
    assert said(top)["tip-1@2027-03-09", "x"] == ("03-09 09:30", "In short")
    on_linkedin, on_x = read(top).desired.posts
    assert on_linkedin.content.labels == ("lamp", "march", "tip")
    assert on_linkedin.content.link is not None
    assert (on_linkedin.content.link.url, on_linkedin.content.link.title) == (
        "https://example.com/9",
        "A lamp",
    )
    assert on_x.content.link is None
    uses(top, "{use: tip-1, at: 2027-03-09 09:00, accounts: [x, facebook], text: New}")
    assert said(top) == {
        ("tip-1@2027-03-09", "facebook"): ("03-09 08:00", "New"),
        ("tip-1@2027-03-09", "x"): ("03-09 09:30", "In short"),
    }


def test_what_is_null_in_a_stored_post_or_its_use_takes_away_what_is_further_out(top: Path) -> None:
    head = "accounts: [linkedin, x]\ndefaults: {title: T, link: https://example.com/d}\n"
    stored = "{id: tip, evergreen: {every: 8w}, text: A tip, title: null, link: null, networks: {x: {text: In short}}}"
    write(top, tips=f"{head}posts:\n- {stored}\n")
    url = "https://example.com/u"
    for own, links, on_x in (
        ("", ["", ""], "In short"),
        (f", link: {url}", [url, url], "In short"),
        (", networks: {x: null}", ["", ""], "A tip"),
        (f", networks: {{linkedin: {{link: {url}}}, twitter: {{labels: [a]}}}}", [url, ""], "In short"),
    ):
        uses(top, f"{{use: tip, at: 2027-03-09 09:00{own}}}")
        assert said(top)["tip@2027-03-09", "x"][1] == on_x, own
        posts = read(top).desired.posts
        assert [post.content.url or "" for post in posts] == links, own
        assert [post.content.title for post in posts] == ["", ""], own
        assert posts[1].content.labels == (("a",) if "labels" in own else ()), own


def test_what_accounts_of_the_stored_post_say_holds_for_a_use_that_chooses_among_them(top: Path) -> None:
    entries = "[linkedin, {account: x, text: For X, labels: [short]}]"
    write(top, tips=f"posts:\n- {{id: tip, evergreen: {{every: 8w}}, text: Words, accounts: {entries}}}\n")
    chosen = "[{account: x, labels: [more]}]"
    uses(top, f"{{use: tip, at: 2027-03-09 09:00, accounts: {chosen}}}")
    assert said(top) == {("tip@2027-03-09", "x"): ("03-09 08:00", "For X")}
    assert read(top).desired.posts[0].content.labels == ("more", "short")


def test_what_its_variants_have_in_common_is_no_version_and_what_has_all_their_keys_is_the_first(
    top: Path,
) -> None:
    write(
        top,
        tips="accounts: facebook\nposts:\n- id: tip\n  evergreen: {every: 8w}\n  text: First\n"
        "  variants:\n  - text: Second\n",
    )
    uses(top, "{use: tip, at: 2027-03-09 09:00}", "{use: tip, at: 2027-06-09 09:00, variant: 2}")
    assert [words for _, words in said(top).values()] == ["First", "Second"]


@pytest.mark.parametrize(
    ("more", "new"),
    [
        ("", "{text: Third, link: https://example.com/3}"),
        ("", "{text: Third, labels: [more]}"),
        (", link: https://example.com/2", "{text: Third}"),
    ],
)
def test_a_variant_that_is_added_changes_the_words_of_no_use(top: Path, more: str, new: str) -> None:
    """Also one that says more than the stored post: its own words were nobody's then, and every use had those of the next."""
    head = "accounts: facebook\nposts:\n- id: tip\n  evergreen: {every: 8w}\n  text: First\n  variants:\n"
    write(top, tips=f"{head}  - {{text: Second{more}}}\n")
    uses(top, "{use: tip, at: 2027-03-09 09:00}", "{use: tip, at: 2027-06-09 09:00, variant: 2}")
    before = said(top)
    assert [words for _, words in before.values()] == ["First", "Second"]
    write(top, tips=f"{head}  - {{text: Second{more}}}\n  - {new}\n")
    assert said(top) == before
    uses(top, "{use: tip, at: 2027-09-09 09:00, variant: 3}")
    assert [words for _, words in said(top).values()] == ["Third"]


@pytest.mark.parametrize(
    "new",
    ["{link: https://example.com/2}", "{text: Second, link: https://example.com/2}", "{labels: [more]}"],
)
def test_the_first_variant_that_a_stored_post_gets_changes_no_use_of_it(top: Path, new: str) -> None:
    """The use was scheduled with the words of the stored post alone."""
    head = "accounts: facebook\nposts:\n- id: tip\n  evergreen: {every: 8w}\n  text: First\n"
    write(top, tips=head)
    uses(top, "{use: tip, at: 2027-03-09 09:00}")
    before = [post.content for post in read(top).desired.posts]
    write(top, tips=f"{head}  variants:\n  - {new}\n")
    assert [post.content for post in read(top).desired.posts] == before


def pictures(*names: str) -> str:
    return f"media: [{', '.join(f'{{url: https://example.com/{name}.png}}' for name in names)}]"


@each_of(
    "own, variants, versions",
    [
        ("text: Words", [pictures("1"), pictures("2")], ["Words", "Words 1", "Words 2"]),
        (f"text: Words, {pictures('1')}", [pictures("2")], ["Words 1", "Words 2"]),
        (pictures("1"), ["text: First", "text: Second"], ["First 1", "Second 1"]),
        (pictures("1"), [pictures("2"), f"text: Third, {pictures('3')}"], [" 1", " 2", "Third 3"]),
        ("labels: [tip]", ["text: First", "text: Second"], ["First", "Second"]),
    ],
)
def test_a_stored_post_with_a_text_is_a_version_and_without_one_where_it_has_what_its_first_variant_changes(
    top: Path, own: str, variants: list[str], versions: list[str]
) -> None:
    each = ", ".join(f"{{{variant}}}" for variant in variants)
    write(
        top,
        tips=f"accounts: facebook\nposts:\n- {{id: tip, evergreen: {{every: 8w}}, {own}, variants: [{each}]}}\n",
    )
    uses(top, *(f"{{use: tip, at: 2027-0{n}-09 09:00, variant: {n}}}" for n in range(1, len(versions) + 1)))
    found = read(top)
    told = [
        " ".join([post.text, *(one.url[-5] for one in post.content.media)]) for post in found.desired.posts
    ]
    assert told == versions
    uses(top, f"{{use: tip, at: 2027-03-09 09:00, variant: {len(versions) + 1}}}")
    assert [problem.code for problem in read(top).problems] == ["use.variant"]


def test_an_edit_of_the_stored_post_reaches_its_uses_in_other_files(top: Path) -> None:
    """Also where only the file of the stored post is read again."""
    uses(top, "{use: tip-1, at: 2027-03-09 09:00}")
    calendar = read(top)
    assert calendar.desired.posts[0].text == "The first tip"
    new = STORE.replace("The first tip", "Better words").encode()
    after = calendar.with_files({"tips.yaml": new})
    assert [post.text for post in after.desired.posts] == ["Better words", "In short"]
    gone = after.with_files({"tips.yaml": STORE.replace("id: tip-1", "id: tip-9").encode()})
    assert [each.code for each in gone.problems] == ["use.unknown"]
    back = gone.with_files({"tips.yaml": new})
    assert (back.problems, [post.text for post in back.desired.posts]) == ((), ["Better words", "In short"])


def test_a_use_is_no_stored_post_also_where_another_file_is_read_again(top: Path) -> None:
    uses(top, "{use: tip-1, id: a, at: 2027-03-09 09:00}", "{use: a, at: 2027-03-10 09:00}")
    first = read(top)
    again = first.with_files({"more.yaml": b"posts: []\n"})
    assert [each.message for each in again.problems] == [each.message for each in first.problems]
    assert first.problems[1].message == "`a` is a use itself"


@each_of("own, name", [("id: a, id: b", "a"), ("id: 5", "5"), ("id: null", "None")])
def test_a_use_does_not_name_a_post_by_an_id_that_cannot_be_read(top: Path, own: str, name: str) -> None:
    uses(top, f"{{{own}, at: 2027-03-09 09:00, text: A}}", f"{{use: '{name}', at: 2027-03-10 09:00}}")
    said = [each.message for each in read(top).problems if each.code == "use.unknown"]
    assert said == [f'no stored post is called "{name}"']


def test_what_a_use_says_twice_takes_nothing_from_its_stored_post(top: Path) -> None:
    uses(top, "{use: tip-1, labels: null, labels: [own], at: 2027-03-09 09:00}")
    assert read(top).entries[0].data["labels"] == ["lamp"]


def test_the_id_of_a_use_that_counts_from_a_date_is_its_sum(top: Path) -> None:
    """So that a date that moves publishes nothing again."""
    uses(top, "{use: tip-1, at: launch + 2w 09:00}", head="dates: {launch: 2027-04-06}\n")
    first = [*said(top)]
    uses(top, "{use: tip-1, at: launch + 2w 09:00}", head="dates: {launch: 2027-04-13}\n")
    assert [*said(top)] == first == [("tip-1@launch+2w09:00", each) for each in ("linkedin", "x")]


def test_a_problem_of_the_words_of_a_stored_post_is_told_once_and_there(top: Path) -> None:
    long = STORE.replace("In short", "word " * 70).replace("One way to say it", "See {title}")
    write(top, tips=long)
    told = [
        ("text.placeholder.soft", "tips.yaml:15"),
        ("x.text.length", "tips.yaml:11"),
    ]
    assert sorted(wrong(top)) == told
    uses(
        top,
        "{use: tip-1, at: 2027-03-09 09:00}",
        "{use: tip-1, at: 2027-06-09 09:00}",
        "{use: tip-2, at: 2027-03-10 09:00}",
    )
    assert [each for each in sorted(wrong(top)) if each[1].startswith("tips")] == told


@pytest.mark.parametrize(
    ("line", "code", "there"),
    [
        ("{use: tip-3, at: 2027-03-09 09:00}", "use.unknown", "march.yaml:2"),
        ("{use: other, at: 2027-03-09 09:00}", "use.unknown", "march.yaml:2"),
        ("{use: tip-2, variant: 3, at: 2027-03-09 09:00}", "use.variant", "march.yaml:2"),
        ("{use: tip-2, variant: 1.0, at: 2027-03-09 09:00}", "use.variant", "march.yaml:2"),
        (
            "{id: a, evergreen: {every: 8w}, variants: 2, text: A, accounts: x}\n- {use: a, at: 2027-03-09 09:00}",
            "key.type",
            "march.yaml:2",
        ),
        ("{use: tip-1, id: mine, at: 2027-03-09 09:00}", "use.id", "march.yaml:2"),
        ("{use: tip-1, at: 2027-03-09 09:00, repeat: {every: week, times: 2}}", "use.repeat", "march.yaml:2"),
        ("{use: tip-1}", "time.none", "march.yaml:2"),
        ("{id: a, evergreen: {every: 8w}, at: 2027-03-09 09:00, text: A, accounts: x}", "evergreen.at", "march.yaml:2"),
        ("{evergreen: {every: 8w}, text: A, accounts: x}", "evergreen.id", "march.yaml:2"),
        ("{id: a, evergreen: {every: 8w}, use: tip-1, text: A, accounts: x}", "evergreen.use", "march.yaml:2"),
        ("{id: a, at: 2027-03-09 09:00, variants: [{text: B}], text: A, accounts: x}", "evergreen.variants", "march.yaml:2"),
        (
            "{id: a, evergreen: {every: 8w, from: 2027-05-01, until: 2027-04-01}, text: A, accounts: x}",
            "evergreen.until",
            "march.yaml:2",
        ),
        (
            "{id: a, evergreen: {every: 8w}, text: A, accounts: x, networks: {x: {at: 2027-03-09 10:00}}}",
            "evergreen.at",
            "march.yaml:2",
        ),
    ],
)  # fmt: skip
def test_what_a_use_or_a_stored_post_cannot_be_is_an_error_with_its_line_and_a_fix(
    top: Path, line: str, code: str, there: str
) -> None:
    write(top, other="posts:\n- {id: other, at: 2027-04-01 09:00, accounts: x, text: Words}\n")
    uses(top, line)
    found = [each for each in judged(read(top)) if each.severity == "error"]
    assert [(each.code, str(each.location)) for each in found] == [(code, there)]
    assert all(each.help is not None and each.help.say for each in found)


def test_two_uses_of_one_stored_post_on_a_day_are_an_error(top: Path) -> None:
    uses(top, "{use: tip-1, at: 2027-03-09 09:00}", "{use: tip-1, at: 2027-03-09 18:00}")
    assert ("use.twice", "march.yaml:3") in wrong(top)
    post = "{id: a, at: 2027-03-0%s 09:00, accounts: x, text: Words %s}"
    uses(top, "{use: tip-1, at: 2027-03-09 09:00}", *(post.replace("%s", day) for day in "12"))
    assert wrong(top) == [("id.twice", "march.yaml:4")]


def test_a_misspelt_use_names_the_stored_post_that_may_be_meant_and_is_never_put_right_by_itself(
    top: Path,
) -> None:
    """Another stored post says other words."""
    write(top, tips=STORE.replace("tip-2", "tip-dark-mode"))
    uses(top, "{use: tip-drak-mode, at: 2027-03-09 09:00}")
    (found,) = read(top).problems
    assert (found.fix, found.help and found.help.say) == (
        None,
        "Did you mean tip-dark-mode? The stored posts are: tip-1, tip-dark-mode",
    )


def test_uses_are_posts_again_once_the_mistake_of_their_stored_post_is_corrected(top: Path) -> None:
    wrong_one = "accounts: x\nposts:\n- {id: tip, evergreen: {every: soon}, text: A tip}\n"
    write(top, tips=wrong_one, march="posts:\n- {use: tip, at: 2027-03-09 09:00}\n")
    calendar = read(top)
    assert [each.code for each in judged(calendar)] == ["key.value"]
    again = calendar.with_files({"tips.yaml": wrong_one.replace("soon", "4w").encode()})
    assert ([post.id for post in again.desired.posts], judged(again)) == (["tip@2027-03-09"], ())


@each_of("number, more", [(8, ""), (9, " and 1 more"), (11, " and 3 more")])
def test_so_many_stored_posts_are_named(top: Path, number: int, more: str) -> None:
    stored = [f"{{id: s{each:02}, evergreen: {{every: 8w}}, text: T}}" for each in range(number)]
    uses(top, *stored, "{use: else, at: 2027-03-09 09:00}")
    (top / "tips.yaml").unlink(missing_ok=True)
    (problem,) = [each for each in read(top).problems if each.code == "use.unknown"]
    assert str(problem.help) == f"The stored posts are: {', '.join(f's{n:02}' for n in range(8))}{more}"


@each_of(
    ("at", "id"),
    [
        ("2027-03-09 09:00", "tip-1@2027-03-09"),
        ("2027-03-09", "tip-1@2027-03-09"),
        ("2027-03-09 23:30-05:00", "tip-1@2027-03-10"),
        ("fair - 1d 09:00", "tip-1@fair-1d09:00"),
        ("10:00", None),
        ("next", None),
        ("soon", None),
    ],
)
def test_a_use_is_called_after_its_day(top: Path, at: str, id: str | None) -> None:
    uses(top, f"{{use: tip-1, at: {at}}}", head="dates: {fair: 2027-05-01}\n")
    (entry,) = (each for each in read(top).entries if each.is_use)
    assert entry.id == id


@each_of(
    ("key", "help"),
    [("id: a", "Remove it"), ("repeat: {every: week, times: 2}", "Remove it, and write a use for each day")],
)
def test_a_use_has_no_id_and_repeats_by_another_one(top: Path, key: str, help: str) -> None:
    uses(top, f"{{use: tip-1, at: 2027-03-09 09:00, {key}}}")
    (problem,) = (each for each in both(top)[2] if each.code.startswith("use."))
    assert (problem.code, str(problem.help)) == (f"use.{key.partition(':')[0]}", help)


def test_what_accounts_say_of_a_use_is_that_of_its_stored_post_and_its_own(top: Path) -> None:
    """A single word says nothing more of an account."""
    write(top, tips=STORE.replace("- id: tip-1\n", "- id: tip-1\n  accounts: [{account: x, title: A}]\n"))
    uses(
        top,
        "{use: tip-1, at: 2027-03-09 09:00, accounts: [x, {account: x, title: B}]}",
        "{use: tip-1, at: 2027-03-10 09:00, accounts: x}",
    )
    found = [[*account_items(entry, entry.lines)] for entry in read(top).entries if entry.is_use]
    stored = {"account": "x", "title": "A"}
    assert found == [[stored, "x", {"account": "x", "title": "B"}], [stored]]
    tip = read(top).entries[-2]
    assert (tip.id, [*account_items(tip, tip.data)]) == ("tip-1", [stored])

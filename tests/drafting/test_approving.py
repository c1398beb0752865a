"""What somebody's answers become: a line for each yes to what a post says now, and the reason for every other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.approve import _person
from publer_sync.drafting import approve_page
from publer_sync.drafting.approving import Approving, Desk, GivenAnswer, HadBefore
from publer_sync.render.layout.dates import Dates
from publer_sync.values.content import Content
from publer_sync.values.errors import UsageError
from publer_sync.values.signoff import SignedPosts
from tests.builders import DAY, LINKEDIN, NOW, SOON
from tests.planning.posts import DRAFT, POST
from tests.tables import each_of
from tests.values.test_signoff import EITHER, HEALTH, KARI, ON_X, signoff, yes_to

if TYPE_CHECKING:
    from publer_sync.values.approval import Approval
    from publer_sync.values.model import Post
    from publer_sync.values.policies import SignoffRule

SEEN = SignedPosts(signoff(), [POST]).statement(POST)
OTHER = replace(POST, content=Content("Other words"))
ON_LINKEDIN = replace(POST, account=LINKEDIN)


def answered(
    *answers: GivenAnswer, post: Post = POST, yes: tuple[Approval, ...] = (), by: str = "kari"
) -> Approving:
    signed = SignedPosts(signoff(KARI, yes=yes), [post])
    return Desk(signed, [post], by, NOW).answer(answers)


def answer(
    post: str = "hello", account: str = "x", content: str = SEEN.digest, *, yes: bool = True
) -> GivenAnswer:
    return GivenAnswer(post, account, content, yes)


@each_of("digest", [SEEN.digest, replace(SEEN, day="").digest])
def test_a_yes_to_what_a_post_says_now_is_a_line(digest: str) -> None:
    """A page does not know whether the day counts; the rule does."""
    made = answered(answer(content=digest))
    assert made.clean
    assert [each.content for each, _ in made.new] == [SEEN.digest]


@each_of(
    ("given", "post"),
    [
        (answer(), OTHER),
        (answer(), replace(POST, at=POST.at + DAY)),
        (answer("gone"), POST),
        (answer(account="linkedin"), POST),
        (answer(content="1-0"), POST),
    ],
)
def test_a_yes_to_something_else_is_not_taken(given: GivenAnswer, post: Post) -> None:
    made = answered(given, post=post)
    assert (made.new, len(made.refused), made.clean) == ([], 1, False)


def test_a_no_writes_nothing_and_takes_back_ones_own_yes() -> None:
    own, others = yes_to(POST), yes_to(POST, "legal", rule=EITHER)
    made = answered(answer(yes=False), yes=(own, others))
    assert ([each for each, _ in made.gone], len(made.no), made.clean) == ([own], 1, False)
    assert answered(answer(content="1-0", yes=False), yes=(own,)).gone == [], "a no to other words"


def test_who_says_no_is_told_that_the_post_stays_where_it_is() -> None:
    def told(*given: GivenAnswer) -> list[str]:
        found = answered(*given)
        return approve_page.text(found, "Kari", {}, Dates("UTC"), before={}, prefix="").split("\n")

    assert approve_page.STAYS in told(answer(yes=False))
    assert approve_page.STAYS not in told(answer())


def test_a_no_takes_back_a_yes_that_was_asked_for_because_of_a_label_that_is_gone() -> None:
    other_day = yes_to(replace(POST, at=POST.at + DAY), "legal", rule=EITHER)
    yes = yes_to(POST, "legal", rule=EITHER)
    signed = SignedPosts(signoff(HEALTH, yes=(yes, other_day)), [POST])
    made = Desk(signed, [POST], "legal", NOW).answer([answer(yes=False)])
    assert [each for each, _ in made.gone] == [yes]


def test_what_nobody_asked_them_is_no_line() -> None:
    signed = SignedPosts(signoff(ON_X), [POST])
    made = Desk(signed, [POST], "legal", NOW).answer([answer()])
    assert (made.new, made.unasked, made.clean) == ([], [POST], True)


def test_a_post_for_which_nobody_is_asked_is_no_line_however_the_yes_is_given() -> None:
    signed = SignedPosts(signoff(HEALTH), [POST])
    for made in (
        Desk(signed, [POST], "legal", NOW).approve([POST]),
        Desk(signed, [POST], "legal", NOW).answer([answer()]),
    ):
        assert (made.new, made.unasked, made.free) == ([], [], [POST])


@each_of("rules", [(HEALTH,), (KARI, HEALTH)])
def test_a_yes_that_a_plan_asks_for_since_the_post_had_the_label_before_is_a_line(
    rules: tuple[SignoffRule, ...],
) -> None:
    signed = SignedPosts(signoff(*rules), [POST])
    made = Desk(signed, [POST], "legal", NOW, lambda _: HadBefore(labels=("health",))).approve([POST])
    assert [each.by for each, _ in made.new] == ["legal"]


def test_what_a_post_had_before_is_looked_up_only_where_the_files_do_not_ask_the_person() -> None:
    looked_up: list[Post] = []

    def past(post: Post) -> HadBefore:
        looked_up.append(post)
        return HadBefore(accounts=("x",))

    signed = SignedPosts(signoff(ON_X), [ON_LINKEDIN])
    made = Desk(signed, [ON_LINKEDIN], "kari", NOW, past).approve([ON_LINKEDIN])
    assert ([each.by for each, _ in made.new], looked_up) == (["kari"], [ON_LINKEDIN])
    made = Desk(SignedPosts(signoff(KARI), [POST]), [POST], "kari", NOW, past).approve([POST])
    assert ([each.by for each, _ in made.new], looked_up) == (["kari"], [ON_LINKEDIN])


def test_a_second_yes_where_one_of_two_people_is_enough_is_a_line_too() -> None:
    signed = SignedPosts(signoff(EITHER, yes=(yes_to(POST, "legal", rule=EITHER),)), [POST])
    made = Desk(signed, [POST], "kari", NOW).approve([POST])
    assert ([each.by for each, _ in made.new], made.known) == (["kari"], [])


@each_of(
    ("post", "labels", "new"),
    [
        (POST, ["health"], 1),
        (POST, [], 0),
        (DRAFT, ["health"], 0),
        (replace(POST, at=NOW), ["health"], 0),
    ],
)
def test_all_is_what_a_plan_asks_the_person_for(post: Post, labels: list[str], new: int) -> None:
    signed = SignedPosts(signoff(HEALTH), [post])
    made = Desk(signed, [post], "legal", NOW, lambda _: HadBefore(labels=tuple(labels))).approve_all()
    assert (len(made.new), made.unasked, made.free) == (new, [], [])


def test_a_series_is_one_line_and_a_second_yes_none() -> None:
    posts = [replace(POST, id=f"tip@{day}", at=SOON + day * DAY, series="tip") for day in range(3)]
    made = Desk(SignedPosts(signoff(), posts), posts, "kari", NOW).approve(posts)
    assert [each.post for each, _ in made.new] == ["tip"]
    again = Desk(SignedPosts(signoff(yes=(made.new[0][0],)), posts), posts, "kari", NOW).approve(posts)
    assert (again.new, len(again.known)) == ([], 3)


def test_a_no_to_one_day_of_a_series_is_told_with_what_that_day_says() -> None:
    days = [
        replace(each, id=f"tip@{day}", at=SOON + day * DAY, series="tip")
        for day, each in enumerate((OTHER, POST))
    ]
    signed = SignedPosts(signoff(), days)
    given = answer("tip", content=signed.statement(days[1]).digest, yes=False)
    [no] = Desk(signed, days, "kari", NOW).answer([given]).no
    assert no.post is days[1]


def test_nobody_says_yes_in_anothers_name() -> None:
    asked = signoff(EITHER)
    assert _person(asked, "kari", "Kari, Acme AS") == "kari"
    assert _person(asked, None, "LEGAL") == "legal"
    for given, written in (("legal", "kari"), ("ann", None), (None, "ann"), (None, None)):
        with pytest.raises(UsageError):
            _person(asked, given, written)


def test_a_yes_that_counts_for_one_of_two_rules_of_a_person_can_be_given_again_for_the_other() -> None:
    """One asks for any day, the other for the post's own, which is another one by now."""
    any_day = replace(KARI, day=False)
    before = yes_to(replace(POST, at=POST.at - DAY))
    signed = SignedPosts(signoff(KARI, any_day, yes=(before,)), [POST])
    made = Desk(signed, [POST], "kari", NOW).approve([POST])
    assert ([each.by for each, _ in made.new], made.known) == (["kari"], [])
    after = SignedPosts(signoff(KARI, any_day, yes=(before, made.new[0][0])), [POST])
    assert Desk(after, [POST], "kari", NOW).approve([POST]).known == [POST]


def test_each_answer_is_told_by_what_became_of_it() -> None:
    def told(found: Approving) -> list[str]:
        return approve_page.text(found, "Kari", {}, Dates("UTC"), before={}, prefix="").split("\n")

    assert "Signed off already: hello." in told(answered(answer(), yes=(yes_to(POST),)))
    gone = answered(answer(post="nobodys"))
    assert [line for line in told(gone) if line.startswith("Not taken: nobodys on x: ")]
    assert approve_page.line(gone) == "0 posts signed off, 1 answer not taken"
    assert approve_page.line(answered(answer())) == "1 post signed off"
    assert told(answered()) == ["Nothing waits for Kari.", ""]
    [no] = [line for line in told(answered(answer(yes=False))) if line.startswith("No from Kari: ")]
    assert no.endswith('hello  "Hello", without a remark')
    both = Approving("kari", new=[(yes_to(POST), POST), (yes_to(POST), POST)])
    assert approve_page.line(both) == "1 post (2 across all accounts) signed off"

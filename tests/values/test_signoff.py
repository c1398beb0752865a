"""What a yes stands for: what of a post changes it, and what does not; whose yes is missing; and whose post a yes is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.values.approval import Approval
from publer_sync.values.content import Content
from publer_sync.values.model import UNREAD, AccountRef, MediaSource
from publer_sync.values.policies import SignoffRule
from publer_sync.values.problems import Location
from publer_sync.values.signoff import SignedPosts, Signoff, name_of, named_account
from tests.builders import DAY, HOUR, LINKEDIN, NOW, SOON, TOMORROW, X, wanted
from tests.planning.posts import POST
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.approval import Statement
    from publer_sync.values.model import Post
    from publer_sync.values.signoff import SignoffNeed

HERE = Location("publer.yaml", 1)
ACCOUNTS = {"x": "twitter/Fjordlight", "linkedin": "linkedin/Fjordlight AS"}
PEOPLE = {"kari": "Kari, Acme AS", "legal": "Legal", "ann": "Ann"}
KARI = SignoffRule(("kari",), HERE)
EITHER = SignoffRule(("legal", "kari"), HERE)
BOTH = replace(EITHER, all=True)
ANY_DAY = replace(KARI, day=False)
ON_X = replace(KARI, accounts=("x",))
HEALTH = SignoffRule(("legal", "kari"), HERE, labels=("health",), all=True)


def signoff(*rules: SignoffRule, yes: tuple[Approval, ...] = ()) -> Signoff:
    return Signoff(rules or (KARI,), PEOPLE, yes, ACCOUNTS)


def yes_to(post: Post, by: str = "kari", *, rule: SignoffRule = KARI, days: int = 1) -> Approval:
    """A yes, as approve records it, so many days ago."""
    asked = SignedPosts(signoff(rule), [post]).asked(post)
    assert asked is not None
    said: Statement = asked.statement_for(by)
    return Approval(
        asked.post, post.account.alias or "", by, NOW - days * DAY, said.digest, said, asked.labels
    )


def asked(
    post: Post, *yes: Approval, rules: tuple[SignoffRule, ...] = (KARI,), posts: Any = None
) -> SignoffNeed:
    found = SignedPosts(signoff(*rules, yes=yes), posts or [post]).asked(post)
    assert found is not None
    return found


def revised(**parts: Any) -> Post:
    return replace(POST, content=replace(POST.content, **parts))


RICH = Content.from_json(
    {
        "text": "Hej 👩‍👩‍👧",
        "title": "Title",
        "type": "photo",
        "link": {"url": "https://example.com/?utm_source=x", "title": "Card"},
        "media": [{"file": "ab12", "alt": "A picture"}],
        "thread": [{"text": "More"}],
        "comments": [{"text": "First", "after": {"duration": 1, "unit": "Hour"}}],
        "share": {"accounts": ["a-li"], "after": {"duration": 2, "unit": "Hour"}},
        "labels": ["internal"],
        "draft": True,
        "board": "Ideas",
    }
)


def test_the_digest_is_the_same_in_every_version() -> None:
    """A yes of today counts for ever: whoever changes what is digested makes a version 2, and keeps this one."""
    post = replace(POST, content=RICH)
    signed = SignedPosts(signoff(), [post], {X.id: "x", LINKEDIN.id: "linkedin"})
    assert signed.statement(post).digest == "1-cbec2a188e5137c078348e9eb064dfff"
    series = SignedPosts(signoff(), [replace(POST, series="hello")]).statement(replace(POST, series="hello"))
    assert series.digest == "1-b42cd04ae37a5bc3ce927450fe60d038"
    assert signed.says(RICH)["share"]["accounts"] == ["linkedin/Fjordlight AS"], "not Publer's id"  # type: ignore[call-overload,index]  # JSON


@each_of(
    "other",
    [
        revised(text="Hello."),
        revised(title="A title"),
        revised(type="photo"),
        revised(link=Content.from_json({"link": {"url": "https://example.com"}}).link),
        revised(media=Content.from_json({"media": [{"file": "b" * 64}]}).media),
        revised(poll=Content.from_json({"poll": {"options": ["a", "b"]}}).poll),
        revised(thread=Content.from_json({"thread": [{"text": "more"}]}).thread),
        revised(comments=Content.from_json({"comments": [{"text": "more"}]}).comments),
        revised(network={"reply": "following"}),
        replace(POST, at=POST.at + DAY),
        replace(POST, account=LINKEDIN),
        replace(POST, account=replace(X, alias="linkedin")),
    ],
)
def test_what_the_public_sees_needs_a_new_yes_once_it_changes(other: Post) -> None:
    assert asked(other, yes_to(POST)).missing == (("kari",),)


@each_of(
    "other",
    [
        POST,
        revised(labels=("internal",)),
        revised(draft=True),
        replace(POST, note="for the team"),
        replace(POST, at=POST.at + HOUR),
        replace(POST, location=Location("moved.yaml", 9)),
        replace(POST, account=replace(X, id="a-reconnected", name="As Publer calls it")),
    ],
)
def test_what_only_the_team_sees_and_another_hour_of_the_day_keep_a_yes(other: Post) -> None:
    assert asked(other, yes_to(POST)).missing == ()


def test_the_day_is_that_of_the_posts_own_zone() -> None:
    late = replace(POST, at=NOW.replace(hour=22, minute=30), zone="Europe/Oslo")  # 23:30 there
    told = yes_to(late)
    assert asked(replace(late, at=late.at + timedelta(minutes=29)), told).missing == ()
    assert asked(replace(late, at=late.at + timedelta(minutes=30)), told).missing == (("kari",),)


def test_without_the_time_a_yes_is_for_any_day() -> None:
    told = yes_to(POST, rule=ANY_DAY)
    assert told.statement.day == ""
    assert asked(replace(POST, at=TOMORROW), told, rules=(ANY_DAY,)).missing == ()
    assert asked(replace(POST, at=TOMORROW), told).missing == (("kari",),), "but not where the day counts"
    assert asked(replace(POST, at=TOMORROW), yes_to(POST), rules=(ANY_DAY,)).missing == (), "the day is more"


@each_of(
    ("rules", "by", "missing"),
    [
        ((EITHER,), (), (("legal", "kari"),)),
        ((EITHER,), ("kari",), ()),
        ((EITHER,), ("ann",), (("legal", "kari"),)),
        ((BOTH,), (), (("legal",), ("kari",))),
        ((BOTH,), ("kari",), (("legal",),)),
        ((BOTH,), ("kari", "legal"), ()),
        ((KARI, BOTH), ("legal",), (("kari",),)),
        ((replace(BOTH, all=False, by=("legal",)), KARI), ("kari",), (("legal",),)),
    ],
)
def test_whose_yes_is_missing(
    rules: tuple[SignoffRule, ...], by: tuple[str, ...], missing: tuple[tuple[str, ...], ...]
) -> None:
    told = tuple(yes_to(POST, each) for each in by)
    assert asked(POST, *told, rules=rules).missing == missing


def test_only_what_a_rule_is_for_needs_a_yes() -> None:
    def is_asked(post: Post, rule: SignoffRule) -> bool:
        return SignedPosts(signoff(rule), [post]).asked(post) is not None

    assert is_asked(POST, ON_X)
    assert not is_asked(replace(POST, account=LINKEDIN), ON_X)
    assert is_asked(revised(labels=("health",)), HEALTH)
    assert is_asked(revised(labels=("Health",)), HEALTH), "whoever writes labels thinks of no capitals"
    assert not is_asked(POST, HEALTH)


def test_who_was_asked_before_is_told_from_who_is_asked_now() -> None:
    for rule in (KARI, ON_X):
        assert not asked(POST, rules=(rule,)).was_asked


def test_a_yes_of_somebody_whom_no_rule_asks_is_not_given() -> None:
    assert asked(POST, yes_to(POST, "ann"), rules=(EITHER,)).given == ()


def test_each_post_has_the_yes_that_was_given_to_it() -> None:
    told, other = yes_to(POST), revised(text="Other")
    signed = SignedPosts(signoff(ON_X, yes=(told,)), [POST, replace(other, id="o", account=LINKEDIN)])
    assert [post.signed_off for post in signed.posts] == [(told,), ()]


# --- no change leads out unseen -------------------------------------------------------------------------------------


def test_a_post_that_lost_its_label_is_asked_about_as_before() -> None:
    labelled = revised(labels=("health",))
    told = tuple(yes_to(labelled, each, rule=HEALTH) for each in ("kari", "legal"))
    assert told[0].labels == ("health",)
    both = replace(HEALTH, labels=("health", "press"))
    assert asked(labelled, rules=(both,)).labels == ("health",), "and no label that it does not have"
    assert asked(POST, *told, rules=(HEALTH,)).missing == (), "it says what they said yes to"
    changed = asked(revised(text="Other"), *told, rules=(HEALTH,))
    assert changed.missing == (("legal",), ("kari",))
    assert changed.was_asked
    sent = SignedPosts(signoff(HEALTH), [POST]).asked(POST, labels=["health"])
    assert sent is not None, "the label that it was sent with counts too"
    capital = revised(labels=("HEALTH",))
    assert asked(capital, rules=(HEALTH,)).labels == ("health",), "the yes has it as the rule does"


def test_a_post_that_changed_account_is_asked_about_as_before() -> None:
    moved = replace(POST, account=LINKEDIN)
    assert asked(moved, yes_to(POST, rule=ON_X), rules=(ON_X,)).missing == (("kari",),)
    beside = SignedPosts(signoff(ON_X, yes=(yes_to(POST, rule=ON_X),)), [POST, moved]).asked(moved)
    assert beside is None, "on an account that it was added to nobody was asked"


def test_a_yes_on_an_account_that_a_post_left_asks_nothing_of_one_that_has_its_own() -> None:
    on_linkedin = replace(KARI, accounts=("linkedin",))
    left = yes_to(replace(POST, account=LINKEDIN), rule=on_linkedin)
    assert SignedPosts(signoff(on_linkedin, yes=(left,)), [POST]).asked(POST) is not None
    both = (left, yes_to(POST))
    assert SignedPosts(signoff(on_linkedin, yes=both), [POST]).asked(POST) is None


def test_a_yes_is_to_what_is_in_the_files(tmp_path: Path) -> None:
    """Also where nobody has read them yet."""
    file = tmp_path / "lamp.png"
    source = MediaSource(f"{UNREAD}lamp.png", path=file)
    post = replace(
        POST,
        content=Content.from_json({"text": "Look", "media": [{"file": source.digest}]}),
        media=(source,),
    )
    file.write_bytes(b"a lamp")
    told = yes_to(post)
    assert asked(post, told).missing == ()
    file.write_bytes(b"another lamp")
    assert asked(post, told).missing == (("kari",),)


def test_another_rule_of_the_same_person_does_not_make_a_post_one_of_a_label() -> None:
    assert asked(POST, yes_to(POST), rules=(KARI, HEALTH)).missing == ()


# --- whose post a yes is --------------------------------------------------------------------------------------------


def test_a_yes_to_a_series_is_for_every_post_of_it_that_says_the_same() -> None:
    posts = [
        replace(POST, id=f"tip@2026-11-{24 + day}", at=SOON + day * DAY, series="tip") for day in range(3)
    ]
    told = yes_to(posts[0])
    assert (told.post, told.statement.day) == ("tip", "")
    assert [asked(post, told, posts=posts).missing for post in posts] == [(), (), ()]
    other = replace(posts[2], content=replace(POST.content, text="Other"))
    assert asked(other, told, posts=[*posts[:2], other]).missing == (("kari",),)


def test_a_yes_to_one_post_is_none_to_the_series_that_it_becomes() -> None:
    """It was to one day. A yes to the series has none."""
    series = [replace(POST, id=f"hello@{day}", at=SOON + day * DAY, series="hello") for day in range(3)]
    yes = replace(yes_to(POST), post="hello")
    given = SignedPosts(signoff(yes=(yes,)), series)
    assert [bool(asked and asked.missing) for asked in map(given.asked, series)] == [False, True, True]


def test_a_use_of_a_stored_post_is_a_post_of_its_own() -> None:
    uses = [replace(POST, id=f"tip@2026-11-{24 + day}", at=SOON + day * DAY) for day in range(2)]
    assert [asked(use, yes_to(uses[0]), posts=uses).missing for use in uses] == [(), (("kari",),)]


def test_a_post_without_an_id_keeps_its_yes_within_its_day_and_two_never_share_one() -> None:
    post = replace(POST, id=None)
    told = yes_to(post)
    assert told.post == name_of(post) == "x@2026-11-24T16:20"
    moved = replace(post, at=post.at + HOUR)
    assert asked(moved, told).missing == ()
    both = [moved, replace(post, at=post.at + 2 * HOUR)]
    assert [asked(each, told, posts=both).missing for each in both] == [(), (("kari",),)]
    assert asked(replace(moved, id="hello"), told).missing == (), "one that it gets later"
    changed = asked(replace(post, content=Content("Other")), told)
    assert (changed.missing, changed.before) == ((("kari",),), told)


def test_two_posts_without_ids_that_change_places_keep_each_its_own() -> None:
    one, other = replace(POST, id=None), replace(wanted(SOON + HOUR, "Other"), id=None)
    told = (yes_to(one), yes_to(other))
    swapped = [replace(other, at=one.at), replace(one, at=other.at)]
    assert [asked(each, *told, posts=swapped).missing for each in swapped] == [(), ()]


def test_posts_without_ids_that_say_the_same_keep_each_its_own() -> None:
    one = replace(POST, id=None)
    other = replace(one, at=TOMORROW)
    told = (yes_to(other), yes_to(one))
    assert [asked(each, *told, posts=[one, other]).missing for each in (one, other)] == [(), ()]


def test_a_yes_to_a_post_without_an_id_is_none_to_a_series_and_none_on_another_account() -> None:
    one = replace(POST, id=None)
    series = replace(POST, id="hello@2026-11-24", series="hello")
    assert asked(series, yes_to(one, rule=ANY_DAY), rules=(ANY_DAY,)).missing == (("kari",),)
    other = Signoff((KARI,), PEOPLE, (yes_to(one),), {"x": "twitter/Another"})
    found = SignedPosts(other, [one]).asked(one)
    assert found is not None
    assert (found.missing, found.before) == ((("kari",),), None)


def test_another_id_keeps_a_yes_to_the_same_words_on_the_same_day_once() -> None:
    renamed = replace(POST, id="hi")
    assert asked(renamed, yes_to(POST)).missing == ()
    assert asked(renamed, yes_to(POST), posts=[renamed, POST]).missing == (("kari",),), "its post is there"
    assert asked(replace(renamed, at=TOMORROW), yes_to(POST, rule=ANY_DAY), rules=(ANY_DAY,)).missing == (
        ("kari",),
    ), "whose words alone are the same may be another one"


def test_what_was_said_yes_to_before_is_the_last_of_it() -> None:
    older, newer = yes_to(revised(text="One"), days=3), yes_to(revised(text="Two"), days=2)
    assert asked(POST, newer, older).before == newer
    assert asked(POST, older, yes_to(POST)).given == (yes_to(POST),)
    assert asked(POST, older, yes_to(POST)).before == older, "and not one that holds"


def test_a_person_is_called_by_either_name_where_it_is_one_persons() -> None:
    asks = signoff(EITHER)
    assert [asks.called(word) for word in (" Kari, Acme AS", "KARI", "legal")] == ["kari", "kari", "legal"]
    assert asks.called("ann") is None, "whom no rule asks"
    two = replace(asks, people={"kari": "Legal", "legal": "Legal"})
    assert (two.called("Kari"), two.called("Legal")) == ("kari", None)


@pytest.mark.parametrize("draft", [True, False])
def test_drafts_and_what_is_past_wait_for_nobody(draft: bool) -> None:
    post = revised(draft=draft)
    signed = SignedPosts(signoff(), [post])
    assert [each for each, _ in signed.waiting(NOW)] == ([] if draft else [post])
    assert [*signed.waiting(post.at)] == []
    assert [*SignedPosts(signoff(yes=(yes_to(post),)), [post]).waiting(NOW)] == [], "and what has its yes"


def test_people_without_a_name_are_called_by_their_word() -> None:
    assert Signoff((KARI,), {"legal": ""}, (), {}).name("legal") == "legal"
    assert signoff().name("kari") == "Kari, Acme AS"
    assert signoff().name("stranger") == "stranger"


def test_an_account_is_the_one_that_the_settings_name_on_its_network() -> None:
    refs = [AccountRef("x", "Fjordlight", "twitter", HERE), AccountRef("odd", "Fjordlight", None, HERE)]
    assert [named_account(ref) for ref in refs] == ["twitter/Fjordlight", "/Fjordlight"]


def test_a_post_without_an_id_is_called_by_its_account_and_time() -> None:
    post = wanted(SOON)
    assert name_of(post).startswith("x@2026-11-24T")
    assert name_of(replace(post, account=replace(X, alias=None))).startswith("Fjordlight@")


def test_the_yes_of_each_person_that_counts_is_found() -> None:
    yes = (yes_to(POST), yes_to(POST, "legal", rule=EITHER), yes_to(revised(text="Other")))
    signed = SignedPosts(signoff(EITHER, yes=yes), [POST])
    assert [each.by for each in signed.yes_of(POST, "kari")] == ["kari"]
    assert [each.by for each in signed.yes_of(POST, "legal")] == ["legal"]
    assert signed.yes_of(POST, "ann") == []
    assert signed.yes_of(revised(text="Third"), "kari") == []


def test_a_post_with_a_yes_of_its_own_takes_none_that_another_one_left() -> None:
    """The yes of a post whose id is gone is free for one post, which has none of its own."""
    own, gone = wanted(SOON, id="own"), wanted(SOON + HOUR, id="gone")
    other = wanted(SOON + HOUR, id="other")
    yes = (yes_to(own), yes_to(gone))
    signed = SignedPosts(signoff(yes=yes), [own, other])
    needs = [signed.asked(post) for post in (own, other)]
    assert [each.missing if each else None for each in needs] == [(), ()]


def test_a_post_without_an_id_takes_one_yes_and_leaves_the_other_to_the_next_post() -> None:
    one, two = wanted(SOON), wanted(SOON + HOUR)
    yes = (yes_to(one), yes_to(wanted(SOON, id="gone")))
    signed = SignedPosts(signoff(yes=yes), [one, two])
    assert [need.missing if (need := signed.asked(post)) else None for post in (one, two)] == [(), ()]

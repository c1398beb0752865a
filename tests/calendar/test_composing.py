"""What is sent, composed of what is written and of what append, hashtags and utm add; and the way back."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar.composing import Extras
from publer_sync.calendar.load import read
from publer_sync.networks.links import find_links
from publer_sync.values.content import Content, Link, Poll
from publer_sync.values.model import normal_text
from tests.calendar.calendars import SETTINGS, both, concise, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.model import Post

UTM = 'utm: {source: "{network}", medium: social}\nutm_hosts: [fjordlight.no]\n'
AT = "at: 2027-03-01 09:00"


def sent(top: Path, settings: str, lines: str, accounts: str = "[facebook, x]") -> dict[str, Post]:
    """A post on its accounts, by alias."""
    body = "\n  ".join(lines.splitlines())
    write(top, publer=SETTINGS + settings, a=f"posts:\n- {AT}\n  accounts: {accounts}\n  {body}\n")
    _, desired, problems = both(top)
    assert not problems
    return {post.account.alias or "": post for post in desired.posts}


@each_of(
    "of_file, of_post, lines",
    [
        ("", "", {"append": "publer.yaml:7", "hashtags": "publer.yaml:8", "utm": "publer.yaml:9"}),
        (
            "",
            "hashtags: [core, two]\nappend: null",
            {"hashtags": "publer.yaml:11", "utm": "publer.yaml:9"},
        ),
        (
            "append: {x: Here}\n",
            "",
            {"append": "a.yaml:1", "hashtags": "publer.yaml:8", "utm": "publer.yaml:9"},
        ),
        ("", "append: Here\nutm: {source: a}", {"hashtags": "publer.yaml:8"}),
        ("", "hashtags: [core]\nutm: null", {"append": "publer.yaml:7", "hashtags": "publer.yaml:11"}),
    ],
)
def test_what_is_added_to_a_post_is_known_by_its_line_outside_of_it(
    top: Path, of_file: str, of_post: str, lines: dict[str, str]
) -> None:
    settings = (
        f"{SETTINGS}append: {{x: There}}\ndefaults: {{hashtags: [core]}}\nutm: {{source: b}}\n"
        "hashtags:\n  core: [lamp]\n  two: [light]\n"
    )
    body = "\n  ".join(["text: hi", "link: https://e.com", *of_post.splitlines()])
    write(top, publer=settings, a=f"{of_file}posts:\n- {AT}\n  accounts: x\n  {body}\n")
    (post,) = both(top)[1].posts
    assert post.written is not None
    assert {key: str(place) for key, place in post.written.lines.items()} == lines


def test_a_post_in_a_file_of_its_own_says_itself_what_is_added_to_it(top: Path) -> None:
    (top / "a.md").write_text(f"---\n{AT}\naccounts: x\nappend: Here\n---\nhi\n", encoding="utf-8")
    (post,) = both(top)[1].posts
    assert post.written is not None
    assert (post.text, post.written.lines) == ("hi\n\nHere", {})


# --- utm ------------------------------------------------------------------------------------------------------------

ADDED = "utm_source=x&utm_medium=social"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://fjordlight.no/lamp", f"https://fjordlight.no/lamp?{ADDED}"),
        ("https://fjordlight.no", f"https://fjordlight.no/?{ADDED}"),
        ("https://fjordlight.no/?", f"https://fjordlight.no/?{ADDED}"),
        ("https://fjordlight.no/l?b=2&a=1&", f"https://fjordlight.no/l?b=2&a=1&{ADDED}"),
        ("https://fjordlight.no/l?a=1#top?x", f"https://fjordlight.no/l?a=1&{ADDED}#top?x"),
        ("https://fjordlight.no/l?UTM_source=me", "https://fjordlight.no/l?UTM_source=me&utm_medium=social"),
        ("https://fjordlight.no/l?utm_source=&utm_medium=b", "https://fjordlight.no/l?utm_source=&utm_medium=b"),
        ("https://elsewhere.com/l", f"https://elsewhere.com/l?{ADDED}"),
    ],
)  # fmt: skip
def test_a_link_gets_the_parameters_it_lacks(top: Path, written: str, url: str) -> None:
    post = sent(top, UTM, f'text: hi\nlink: "{written}"', "x")["x"]
    assert (post.content.url, post.as_written.url) == (url, written)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("See https://fjordlight.no/lamp.", f"See https://fjordlight.no/lamp?{ADDED}."),
        ("(https://shop.FJORDLIGHT.no:8080/a)", f"(https://shop.FJORDLIGHT.no:8080/a?{ADDED})"),
        ("https://fjordlight.no/\nhttps://fjordlight.no/b", f"https://fjordlight.no/?{ADDED}\nhttps://fjordlight.no/b?{ADDED}"),
        ("https://notfjordlight.no and https://fjordlight.no.evil.com/", None),
        ("fjordlight.no/lamp is a name here", None),
        ("https://fjordlight.no/ and fjordlight.no/lamp", f"https://fjordlight.no/?{ADDED} and fjordlight.no/lamp"),
        ("https://fjordlight.no/lamp\U0001f526 has an emoji at its end", None),
        ("https://fjordlight.no/灯", None),
    ],
)  # fmt: skip
def test_urls_of_our_hosts_in_the_text_get_them(top: Path, written: str, text: str | None) -> None:
    post = sent(top, UTM, f'text: "{written}"'.replace("\n", "\\n"), "x")["x"]
    assert (post.text, post.as_written.text, post.written is None) == (text or written, written, text is None)


def test_a_host_in_other_letters_is_the_same_host(top: Path) -> None:
    settings = "utm: {id: a}\nutm_hosts: [blåbær.no]\n"
    post = sent(top, settings, 'text: "https://xn--blbr-roah.no/a https://www.blåbær.no/b"', "x")["x"]
    assert post.text == "https://xn--blbr-roah.no/a?utm_id=a https://www.blåbær.no/b?utm_id=a"


def test_a_host_that_x_makes_no_link_of_is_ours_all_the_same(top: Path) -> None:
    settings = "utm: {id: a}\nutm_hosts: [lamps.example]\n"
    written = "(https://lamps.example/a?b=1#c), https://shop.lamps.example:8443/x, https://lamps.invalid/x."
    post = sent(top, settings, f'text: "{written}"', "x")["x"]
    assert post.text == (
        "(https://lamps.example/a?b=1&utm_id=a#c), https://shop.lamps.example:8443/x?utm_id=a, https://lamps.invalid/x."
    )


def test_without_hosts_a_warning_tells_once_that_urls_in_texts_stay_as_they_are(top: Path) -> None:
    post = f"- {AT}\n  accounts: [x, facebook]\n  text: See https://a.no/b\n"
    write(top, publer=f"{SETTINGS}utm: {{source: a}}\n", a=f"posts:\n{post}{post.replace('09:00', '10:00')}")
    assert concise(both(top)[2]) == (
        "7:1: warning: URLs in texts get no UTM parameters, since no site is named as yours [utm.hosts]\n"
        "    Name your sites in publer.yaml; with utm_hosts: [], only links get them\n"
        "    For example:\n    utm_hosts: [example.com]\n"
    )
    for hosts in ("[]", "[www.a.no]"):
        write(top, publer=f"{SETTINGS}utm: {{source: a}}\nutm_hosts: {hosts}\n")
        _, desired, problems = both(top)
        assert not problems
        added = "?utm_source=a" if hosts != "[]" else ""
        assert desired.posts[0].text == f"See https://a.no/b{added}"


def test_placeholders_are_filled_in_and_one_without_a_value_leaves_its_parameter_out(top: Path) -> None:
    settings = 'utm: {source: "{network}/{alias}", campaign: Sommer & mer, content: "{id}", term: "{date}"}\n'
    post = sent(top, settings, "text: hi\nlink: https://a.no/", "x")["x"]
    assert post.content.url == (
        "https://a.no/?utm_source=x%2Fx&utm_campaign=Sommer%20%26%20mer&utm_term=2027-03-01"
    )
    settings += "defaults: {networks: {linkedin: {utm: {source: li, campaign: null}}}}\n"
    lines = "id: tip\nrepeat: {every: day, times: 2}\ntext: hi\nlink: https://a.no/"
    write(
        top,
        publer=SETTINGS + settings,
        a=f"posts:\n- {AT}\n  accounts: linkedin\n  " + "\n  ".join(lines.split("\n")) + "\n",
    )
    assert [post.content.url for post in both(top)[1].posts] == [
        f"https://a.no/?utm_source=li&utm_content=tip&utm_term=2027-03-0{day}" for day in (1, 2)
    ]


def test_a_date_alone_is_filled_in_too_and_is_nothing_where_a_post_has_none(top: Path) -> None:
    post = sent(top, 'utm: {term: "{date}"}\n', "text: hi\nlink: https://a.no/", "x")["x"]
    assert post.content.url == "https://a.no/?utm_term=2027-03-01"
    assert Extras(utm=(("term", "{date}"),)).on(None).utm == (("term", ""),)


def test_a_date_in_a_file_whose_time_zone_is_unknown_is_not_that_of_the_machine(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(top, publer=f'{SETTINGS}utm: {{term: "{{date}}"}}\n')
    write(
        top,
        a=f"timezone: Nowhere\nposts:\n- {{{AT[:-5]}23:30Z, accounts: x, text: hi, link: 'https://a.no/'}}\n",
    )
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        (post,) = both(top)[1].posts
    time.tzset()
    assert post.content.url == "https://a.no/?utm_term=2027-03-01"


def test_of_settings_that_cannot_be_read_nothing_is_said_to_be_missing(top: Path) -> None:
    lines = "text: See https://a.no/b\n  utm: {source: a}\n  hashtags: [core]"
    told = {"utm.hosts", "hashtags.unknown"}
    for settings, missing in (
        ("", told),
        ("utm_hosts: [https://a.no/]\n", {"hashtags.unknown"}),
        ("hashtags: [one]\n", {"utm.hosts"}),
        ("just words\n", set()),
        ("hashtags:\n  core: [two words]\n", {"utm.hosts"}),
        ("append: {nobody: A}\n", {*told, "account.unknown"}),
        ("append: {nobody: A}\naccounts: [x\n", {*told}),
    ):
        write(top, publer=SETTINGS + settings, a=f"posts:\n- {AT}\n  accounts: x\n  {lines}\n")
        assert {each.code for each in both(top)[2]} & {*told, "account.unknown"} == missing, settings


def test_the_network_of_an_account_that_says_none_is_no_value(top: Path) -> None:
    settings = 'accounts: {me: Me}\nutm: {source: "{network}", medium: "{alias}"}\n'
    write(top, publer=settings, a=f"posts:\n- {AT}\n  accounts: me\n  text: hi\n  link: https://a.no/\n")
    assert [post.content.url for post in read(top).desired.posts] == ["https://a.no/?utm_medium=me"]


def test_a_text_with_markup_keeps_its_urls(top: Path) -> None:
    write(top, publer=f"timezone: Europe/Oslo\naccounts: {{telegram: T}}\n{UTM}")
    write(
        top,
        a=f"posts:\n- {AT}\n  accounts: telegram\n  text: https://fjordlight.no/\n  networks: {{telegram: {{parse_mode: Markdown}}}}\n",
    )
    assert [post.text for post in read(top).desired.posts] == ["https://fjordlight.no/"]


# --- append and hashtags --------------------------------------------------------------------------------------------

FOOTER = "append: {facebook: Footer, x: null, all: Rest}\nhashtags: {core: [fjordlight, '#Lamp'], two: [LAMP, two]}\n"


@pytest.mark.parametrize(
    ("settings", "lines", "texts"),
    [
        (FOOTER, "text: hi", {"facebook": "hi\n\nFooter", "x": "hi", "linkedin": "hi\n\nRest"}),
        ("append: Same\n", "text: hi\nnetworks: {x: {append: null}}", {"facebook": "hi\n\nSame", "x": "hi"}),
        ("append: Same\n", "text: hi\nappend: {twitter: null}", {"facebook": "hi\n\nSame", "x": "hi"}),
        ("append: Same\n", "text: hi\nappend: {x: Own}", {"facebook": "hi\n\nSame", "x": "hi\n\nOwn"}),
        (FOOTER, "text: hi\nappend: null", {"facebook": "hi", "x": "hi", "linkedin": "hi"}),
        (FOOTER, 'text: "Footer\\n\\nmore"', {"facebook": "Footer\n\nmore"}),
        (FOOTER, "text: hi\nhashtags: [core]", {"x": "hi\n\n#fjordlight #Lamp", "facebook": "hi\n\nFooter\n\n#fjordlight #Lamp"}),
        (FOOTER, "text: hi\nhashtags: [two, core]", {"x": "hi\n\n#LAMP #two #fjordlight"}),
        (FOOTER, 'text: "hi #lamp, https://a.no/#fjordlight"\nhashtags: [core]', {"x": "hi #lamp, https://a.no/#fjordlight\n\n#fjordlight"}),
        (FOOTER, 'text: "hi #FJORDLIGHT #ｌａｍｐ"\nhashtags: [core]', {"x": "hi #FJORDLIGHT #ｌａｍｐ"}),
        (FOOTER, "text: hi\nhashtags: [core]\nnetworks: {x: {hashtags: null}, facebook: {hashtags: []}}", {"x": "hi", "facebook": "hi\n\nFooter"}),
        (FOOTER + "defaults: {hashtags: [two]}\n", "text: hi", {"x": "hi\n\n#LAMP #two"}),
        (FOOTER, "media: [{id: abc}]\nhashtags: [core]", {"facebook": ""}),
    ],
)  # fmt: skip
def test_what_is_added_to_a_text(top: Path, settings: str, lines: str, texts: dict[str, str]) -> None:
    accounts = f"[{', '.join(texts)}]"
    assert {alias: post.text for alias, post in sent(top, settings, lines, accounts).items()} == texts


def test_the_alias_wins_over_its_network(top: Path) -> None:
    accounts = "accounts: {facebook: A, fb_no: facebook/B, fb_de: facebook/C}\n"
    write(
        top, publer=f"timezone: UTC\n{accounts}append: {{facebook: all of them, fb_no: one, fb_de: null}}\n"
    )
    write(top, a=f"posts:\n- {AT}\n  accounts: all\n  text: hi\n")
    _, desired, problems = both(top)
    assert not problems
    assert {post.account.alias: post.text for post in desired.posts} == {
        "facebook": "hi\n\nall of them",
        "fb_no": "hi\n\none",
        "fb_de": "hi",
    }


def test_an_article_gets_no_hashtags_and_a_poll_keeps_its_question(top: Path) -> None:
    accounts = "accounts: {wordpress: W, linkedin: L, mastodon: M}\n"
    write(top, publer=f"timezone: UTC\n{accounts}hashtags: {{core: [a]}}\ndefaults: {{hashtags: [core]}}\n")
    poll = "text: Which?\n  poll: {options: [a, b], duration: 3d}"
    write(
        top,
        a=f"posts:\n- {AT}\n  accounts: [linkedin, mastodon]\n  {poll}\n- {AT}\n  accounts: wordpress\n  title: T\n  text: hi\n",
    )
    by_alias = {post.account.alias: post.content for post in read(top).desired.posts}
    assert by_alias["wordpress"].text == "hi"
    assert by_alias["mastodon"].poll == replace(by_alias["linkedin"].poll or Poll(), question="")
    assert (by_alias["linkedin"].text, by_alias["linkedin"].poll and by_alias["linkedin"].poll.question) == (
        "Which?\n\n#a",
        "Which?",
    )


def test_a_question_of_its_own_stays_and_so_does_a_text_that_gets_nothing() -> None:
    poll = Poll(("a", "b"))
    asked = Content("Which?", link=Link("https://a.no/"), poll=poll)
    tags, utm = Extras(hashtags=("a",), question=True), Extras(utm=(("id", "a"),), question=True)
    composed, written = replace(utm, append="End").compose(Content("hi"))
    assert (composed.text, written and written.added) == ("hi\n\nEnd", (("append", "End"),))
    for extras, content, question in (
        (tags, asked, "Which?"),
        (tags, replace(asked, poll=replace(poll, question="Own?")), "Own?"),
        (replace(tags, question=False), asked, ""),
        (utm, asked, ""),
    ):
        composed, written = extras.compose(content)
        assert written is not None
        assert composed.poll is not None
        assert composed.poll.question == question


def test_the_keys_that_change_a_text_or_a_link_are_known() -> None:
    extras = Extras("End", ("a",), (("id", "a"),), frozenset({"fjordlight.no"}))
    assert extras.in_the_way("hi", "") == ["append", "hashtags"]
    assert extras.in_the_way("", "https://fjordlight.no/") == ["utm"]
    assert extras.in_the_way("https://fjordlight.no/ #a\n\nEnd", "") == ["utm"]
    assert extras.in_the_way("#a\n\nEnd", "https://fjordlight.no/?utm_id=b") == []


def test_shared_settings_add_too_and_may_name_accounts_of_other_calendars(top: Path) -> None:
    (top.parent / ".git").mkdir()
    shared = (
        'utm: {source: "{network}", medium: social}\nappend: {x: Ours, insta_of_others: Theirs}\n'
        "hashtags: {core: [agency], two: [two]}\ndefaults: {hashtags: [core]}\n"
    )
    (top.parent / "agency.yaml").write_text(shared, encoding="utf-8")
    own = "extends: ../agency.yaml\nutm: {campaign: spring, medium: null}\nhashtags: {core: [client]}\n"
    posts = sent(top, own, "text: hi\nlink: https://a.no/")
    assert posts["x"].text == "hi\n\nOurs\n\n#client"
    assert posts["x"].content.url == "https://a.no/?utm_source=x&utm_campaign=spring"
    assert posts["facebook"].text == "hi\n\n#client"


SETS = "hashtags:\n  core: [one]\n"


@pytest.mark.parametrize(
    ("settings", "lines", "told"),
    [
        ("utm:\n  source: {network}\n", "", 'text without quotes cannot start with "{": {network} [yaml.start]\n    Put it in quotes\n      source: "{network}"'),
        ("utm:\n  source: { network }\n", "", 'text without quotes cannot start with "{": { network } [yaml.start]\n    Put it in quotes'),
        ('utm:\n  source: "{platform}"\n', "", '`source` cannot be "{platform}": the placeholders are {network}, {alias}, {id} and {date} [key.value]'),
        ("utm:\n  utm_source: x\n", "", "utm has no key `utm_source` [key.unknown]\n    Did you mean `source`?"),
        ("utm_hosts: [https://a.no/]\n", "", '`utm_hosts` cannot be "https://a.no/": a host is a name such as example.com, without https:// and path; its subdomains count too [key.value]'),
        ("", "utm: false", "`utm` adds nothing if it is null [key.type]\n    Write null\n      utm: null"),
        ("append:\n  faecbook: Footer\n", "", '"faecbook" is neither an account nor a network [account.unknown]\n    Did you mean facebook?'),
        ("append:\n  nobody: Footer\n", "", '"nobody" is neither an account nor a network [account.unknown]\n    Name an alias, a network or all\n'),
        ("append:\n  x: Read on #lamp\n", "", 'YAML reads everything after " #" as a comment: the text would end at "Read on" and lose "#lamp" [yaml.hash]'),
        ("hashtags:\n  core: [#one, #two]\n", "", 'YAML reads everything after "#" as a comment: the list would lose "#one, #two]" [yaml.hash]\n    Put it in quotes\n      core: ["#one", "#two"]'),
        ("hashtags:\n  core: [two words]\n", "", '`core` cannot be "two words": a hashtag has letters, digits and _, at least one letter, and no spaces [key.value]'),
        ("utm: {id: a}\nutm_hosts: [1, 2]\n", "", '`utm_hosts` cannot be "1": a host is a name such as example.com'),
        ("hashtags: {core: [1]}\ndefaults: {hashtags: [core]}\n", "", '`core` cannot be "1": a hashtag has letters, digits and _, at least one letter'),
        ("append: {x: 1}\n", "hashtags: [1]", "an item of `hashtags` must be text, but YAML reads 1 as a number [key.type]"),
        ("hashtags: [one]\n", "", "`hashtags` must be keys with values [key.type]\n    Write it in this form\n    For example:\n    hashtags:\n      core: [fjordlight, lamp]"),
        (SETS, "hashtags: [one, more]", 'no set of hashtags is called "one" [hashtags.unknown]\n    Name one of core; write a hashtag of this post alone into its text'),
        (SETS, "hashtags: [more]", 'no set of hashtags is called "more" [hashtags.unknown]\n    Name one of core; write a hashtag of this post alone into its text\n'),
        ("", "hashtags: [lamp]", 'no set of hashtags is called "lamp" [hashtags.unknown]\n    Add it to publer.yaml; write a hashtag of this post alone into its text\n    For example:\n    hashtags:\n      core: [fjordlight, lamp]\n'),
        (SETS, "hashtags: core", "`hashtags` must be a list [key.type]\n    Write it as a list\n      hashtags: [core]"),
    ],
)  # fmt: skip
def test_what_people_write_wrong_is_told_with_the_fix(
    top: Path, settings: str, lines: str, told: str
) -> None:
    write(top, publer=SETTINGS + settings, a=f"posts:\n- {AT}\n  accounts: x\n  text: hi\n  {lines}\n")
    found = concise(both(top)[2]).partition("error: ")[2]
    assert found == told if told.endswith("\n") else found.startswith(told)


# --- the way back ---------------------------------------------------------------------------------------------------

TAGS = st.sampled_from(["lamp", "Fjordlight", "two", "lys"])
LINES = st.sampled_from(
    ["", "Words", "#lamp now", "Link in bio", "https://fjordlight.no/a?b=1", "https://fjordlight.no",
     "https://other.no/x", "#two", "#LYS", "https://fjordlight.no/a?utm_source=me#there", "(https://fjordlight.no/)"]
)  # fmt: skip
TEXTS = st.lists(LINES, min_size=1, max_size=6).map("\n".join).map(normal_text).filter(bool)
EXTRAS = st.builds(
    Extras,
    st.sampled_from(["", "Link in bio", "More:\n\nhttps://fjordlight.no/more"]),
    st.lists(TAGS, unique=True).map(tuple),
    st.sampled_from([(), (("source", "x"),), (("source", "x"), ("medium", "a b"))]),
    st.just(frozenset(["fjordlight.no"])),
)


@given(EXTRAS, TEXTS, st.text(min_size=1).map(normal_text).filter(bool))
def test_what_is_sent_is_what_is_written_and_what_was_added_and_that_once(
    extras: Extras, lines: str, any_text: str
) -> None:
    for text in (lines, any_text):
        composed = extras.text(text)
        assert extras.text(composed) == composed
        assert extras.written_text(composed, text) == text
        assert not extras.in_the_way(composed, "")
        added = composed
        for link in find_links(text):
            added = added.replace(extras.url(link.url), link.url, 1)
        assert added.startswith(text)


@given(EXTRAS, TEXTS, TEXTS)
def test_an_edit_comes_back_exactly_or_not_at_all(extras: Extras, before: str, live: str) -> None:
    edit = extras.text(before).replace("Words", "Other words")
    for shown in (live, edit):
        written = extras.written_text(shown, before)
        assert written is None or extras.text(written) == shown
    if extras.append not in before:
        assert extras.written_text(edit, before) == before.replace("Words", "Other words")


@given(EXTRAS, st.sampled_from(["https://a.no", "https://a.no/?x=1#y", "https://a.no/?utm_source=x", ""]))
def test_a_link_comes_back(extras: Extras, url: str) -> None:
    composed = extras.url(url)
    assert (extras.url(composed), extras.written_url(composed, url)) == (composed, url)


@each_of(
    ("written", "edited", "back"),
    [
        ("https://a.no", "https://a.no/b", "https://a.no/b"),
        ("https://a.no", "https://a.no/b?x=1#y", "https://a.no/b?x=1#y"),
        ("https://a.no/?x=1", "https://a.no/?x=1", "https://a.no/?x=1"),
    ],
)
def test_a_link_that_was_edited_comes_back_without_what_is_added(
    written: str, edited: str, back: str
) -> None:
    extras = Extras(utm=(("source", "publer"), ("medium", "social")))
    assert extras.written_url(extras.url(edited), written) == back


def test_a_url_with_parameters_of_its_own_keeps_them_beside_one_that_gets_ours() -> None:
    extras = Extras(utm=(("source", "x"),), hosts=frozenset(["a.no"]))
    live = "https://a.no/one?utm_source=x https://a.no/two?utm_source=me"
    assert extras.written_text(live, "Words") == "https://a.no/one https://a.no/two?utm_source=me"

"""What `explain` tells of a post: its lines, what holds for it, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.explanation import Effective, OnAccount, explain
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.render.explain import LINES, MANY, Explained, document, text
from publer_sync.values.approval import Approval, Statement
from publer_sync.values.content import Content
from publer_sync.values.problems import Location
from tests.builders import LINKEDIN, NOW, SOON, X, change, copy_of, plan, shown, wanted
from tests.calendar.calendars import both, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.calendar.explanation import Explanation

POST = wanted(SOON, "Hello")


@pytest.fixture
def waiting(tmp_path: Path) -> Explanation:
    """Of a post without an id that waits for a slot, so that it is on no account yet."""
    write(tmp_path, publer="accounts: {x: Me}\n", posts="posts:\n- {at: next, accounts: x, text: Hi}\n")
    (entry,) = both(tmp_path)[0].entries
    return explain(entry, (), (), what="posts.yaml:2")


def told(*posts: Explanation, left: Any = (), of: Any = None) -> str:
    return text(Explained(posts, left, of), timezone="UTC", command="publer-sync apply")


def test_its_lines_are_shown_up_to_as_many_as_fit(waiting: Explanation) -> None:
    assert told(waiting).startswith(
        "(no text)  posts.yaml:2\n\n    2 | - {at: next, accounts: x, text: Hi}\n"
    )
    assert told(*[waiting] * (MANY + 1)).startswith("posts.yaml:2    (no text)\n")
    for number, more in ((LINES, ""), (LINES + 1, "1 more line")):
        page = told(replace(waiting, lines=tuple((line, "words") for line in range(number))))
        assert page.partition("… ")[2].strip() == more


def test_what_holds_on_an_account_stands_below_what_holds_for_the_post(waiting: Explanation) -> None:
    yes = Approval(
        "launch", "x", "kari", NOW, "digest", Statement("x", {}), location=Location("approvals.yaml", 7)
    )
    said = Content.from_json({"text": "Hello", "share": {"accounts": [LINKEDIN.id]}, "labels": ["a", "b"]})
    post = replace(POST, content=said, signed_off=(yes, replace(yes, by="ben", location=None)))
    file, own = Location("posts.yaml", 1), Location("posts.yaml", 2)
    labels = Effective("labels", said.labels, "post", own, (("file", file), ("post", own)))
    values = (Effective("share", said.values["share"], "post", own), labels)
    one = replace(waiting, silenced={"text.long": "It is meant"}, accounts=(OnAccount(post, values),))
    page = told(one, of=plan(names={LINKEDIN.id: "li"}))
    assert (
        "  silenced    text.long: It is meant\n\n"
        "x  Tue 24 Nov 2026 16:20\n"
        "  signed off  by kari on Tue 24 Nov 2026 13:20   approvals.yaml:7\n"
        "  signed off  by ben on Tue 24 Nov 2026 13:20\n"
        "  share       shared by: li   post, posts.yaml:2\n"
        "  labels      a, b   file, posts.yaml:1; post, posts.yaml:2\n"
    ) in page
    assert "share       shared by: another account" in told(one)


def test_what_left_the_calendar_without_an_id_is_known_by_its_words() -> None:
    gone = change(Action.DELETE, None, live=shown(SOON, "Hello there"))
    assert told(left=[gone], of=plan([gone])).startswith('"Hello there"\n  no longer in the calendar\n')


def test_a_program_is_told_where_each_value_comes_from(waiting: Explanation) -> None:
    file, own = Location("posts.yaml", 1), Location("posts.yaml", 2)
    labels = Effective("labels", ("a", "b"), "post", own, (("file", file), ("post", own)))
    long = replace(POST, content=Content.from_json({"text": "word " * 99}))
    one = replace(waiting, accounts=(OnAccount(long, (labels, replace(labels, origins=()))),))
    [told] = document(Explained([one], (), None))["posts"][0]["accounts"]
    assert told["length"] is None
    assert [[each["from"] for each in value["origins"]] for value in told["values"]] == [
        ["file", "post"],
        ["post"],
    ]


ADOPTED = change(Action.UPDATE, POST, live=shown(SOON), copy=copy_of(POST, adopted=True, verified_at=None))


@each_of(
    ("one", "words"),
    [
        (ADOPTED, "  sent        adopted, for Tue 24 Nov 2026 16:20, not verified\n"),
        (change(Action.RECREATE, POST), "  in Publer   not there\n"),
        (
            change(
                Action.UPDATE,
                POST,
                live=shown(SOON),
                diff=(FieldChange("share.accounts", (X.id,), (LINKEDIN.id,)),),
            ),
            "  plan        edit\n              shared by: [-another account-]{+li+}\n",
        ),
    ],
)
def test_what_publer_has_and_what_would_change(one: Any, words: str) -> None:
    assert words in told(left=[one], of=plan([one], names={LINKEDIN.id: "li"}))

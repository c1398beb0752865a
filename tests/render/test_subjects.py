"""Posts are counted as a list shows them, without spelling out those that say the same on each account."""

from __future__ import annotations

import random
from dataclasses import replace

from publer_sync.render.layout.wording import post_count
from publer_sync.render.post.subjects import figures, subject_of
from tests.rules.builders import AT, hours, post, write

PROVIDERS = ("twitter", "facebook", "linkedin", "pinterest", "youtube")


def test_they_are_as_many_as_their_subjects() -> None:
    rng = random.Random(26)
    for _ in range(200):
        posts = [
            replace(
                write(
                    rng.choice(PROVIDERS),
                    {"text": rng.choice(["One", "Two"]), "title": rng.choice(["", "", "A title"])},
                    at=rng.choice([AT, hours(1)]),
                    line=rng.choice([3, 9]),
                ),
                id=rng.choice([None, "launch"]),
                note=rng.choice(["", "", "A remark"]),
            )
            for _ in range(rng.randrange(8))
        ]
        subjects, accounts = set(map(subject_of, posts)), {each.account for each in posts}
        assert figures(posts) == post_count(len(subjects), len(accounts))


def test_one_post_on_three_accounts_is_one() -> None:
    assert figures(post(provider, text="One") for provider in PROVIDERS[:3]) == "1 post (on 3 accounts)"

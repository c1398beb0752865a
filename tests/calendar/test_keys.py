"""A key where it has no place: where it belongs, what it is called there, or which ones there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

POST = "- {at: 2027-03-01 09:00, accounts: x, text: hi"
PLACES = {
    "file": "KEYS\nposts:\n" + POST + "}\n",
    "post": "posts:\n" + POST + ", KEYS}\n",
    "defaults": "defaults: {KEYS}\nposts:\n" + POST + "}\n",
    "network": "posts:\n" + POST + ", networks: {x: {KEYS}}}\n",
    "account": "posts:\n- {at: 2027-03-01 09:00, accounts: [{account: x, KEYS}], text: hi}\n",
    "medium": "posts:\n" + POST + ", media: [{url: 'https://e.com/a.png', KEYS}]}\n",
    "comment": "posts:\n" + POST + ", comments: [{text: a, KEYS}]}\n",
    "poll": "posts:\n" + POST + ", poll: {options: [a, b], KEYS}}\n",
    "link": "posts:\n" + POST + ", link: {url: 'https://e.com', KEYS}}\n",
}


@each_of(
    ("place", "keys", "help"),
    [
        ("file", "options every labels id", "Use one of these keys: accounts, timezone,"),
        ("file", "board", "It is a key of Pinterest. Use one of these keys: accounts,"),
        ("file", "privacy", "It is a key of YouTube and TikTok. Use one of these keys: accounts,"),
        ("file", "hashtag", "Did you mean `hashtags`? The other keys are: accounts,"),
        ("post network account", "timezone", "Move it above `posts`, for every post of the file; or give `at` an offset"),
        ("post network account", "dates", "Move it above `posts`, or into publer.yaml"),
        ("post", "time", "Move it into `at`"),
        ("post defaults", "options", "Move it into `poll`"),
        ("post defaults", "every", "Move it into `repeat`"),
        ("post defaults", "alt", "Move it into an item of `media`"),
        ("post defaults", "call_to_action", "Move it into `link`"),
        ("post defaults", "hide", "Move it into `auto_delete`"),
        ("post defaults", "after", "Move it into a comment, `share` or `auto_delete`"),
        ("post defaults", "utm_hosts", "Move it into publer.yaml"),
        ("post defaults", "board reply_settings location", "Move it under `networks`"),
        ("post network account defaults", "first_comment", "Here it is called `comments`. The other keys are:"),
        ("post network account", "schedule", "Here it is called `at`. The other keys are:"),
        ("post network account defaults comment", "txet", "Did you mean `text`? The other keys are:"),
        ("defaults", "timezone id repeat", "Use one of these keys: text, title,"),
        ("network account", "id repeat networks", "Move it to the post"),
        ("network defaults", "time", "Did you mean `title`? The other keys are:"),
        ("network account", "every call_to_action hide msg", "Use one of these keys: a"),
        ("network", "board", "It is a key of Pinterest. Use one of these keys: at,"),
        ("medium", "timezone time every labels repeat", "Use one of these keys: file, url, id,"),
        ("comment", "timezone time options alt labels id", "Use one of these keys: text, after,"),
        ("poll", "timezone dates alt labels id", "Use one of these keys: options, duration, question"),
        ("link", "timezone dates options labels id", "Use one of these keys: url, title,"),
        ("medium comment poll link", "board", "It is a key of Pinterest. Use one of these keys:"),
        ("post network defaults medium", "collaborators user_tags", "Remove it, and add it in Publer once the post is there"),
    ],
)  # fmt: skip
def test_a_misplaced_key_is_told_where_it_belongs(top: Path, place: str, keys: str, help: str) -> None:
    for where in place.split():
        lines = ("\n" if where == "file" else ", ").join(f"{key}: 1" for key in keys.split())
        calendar = read(top, instead={"a.yaml": PLACES[where].replace("KEYS", lines).encode()})
        problems = (*calendar.problems, *calendar.desired.problems)
        for key in keys.split():
            (problem,) = (each for each in problems if f"`{key}`" in each.message)
            assert str(problem.help).startswith(help), (where, key)
            assert problem.fix is None


@each_of(
    ("accounts", "shown"),
    [("youtube", "youtube"), ("tiktok", "tiktok"), ("[x, tiktok]", "tiktok"), ("x", "youtube")],
)
def test_a_key_of_several_networks_is_shown_for_one_that_the_post_is_on(
    top: Path, accounts: str, shown: str
) -> None:
    text = f"posts:\n- {{at: 2027-03-01 09:00, accounts: {accounts}, text: hi, privacy: a}}\n"
    problems = read(top, instead={"a.yaml": text.encode()}).problems
    (found,) = (each.help for each in problems if each.code == "key.place")
    assert found is not None
    assert found.example == f"networks:\n  {shown}:\n    privacy: a"
